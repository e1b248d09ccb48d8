"""Once only: a request with an idempotency key is done once, and asked again it gets the same answer for a day."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dashboard.api.faults import ConflictError, UsageError
from dashboard.auth.sessions import now
from data.errors import WenxiaoError
from data.store import Store, sql_text

KEPT_FOR = timedelta(hours=24)
MAX_KEY_LENGTH = 200
UNKNOWN = 0     # the status while an action runs, and for ever if the process died meanwhile

# Twins wait for each other here; different keys seldom share a lock.
_LOCKS = tuple(threading.Lock() for _ in range(64))


def request_digest(*parts: str | bytes) -> str:
    """What a request asks for, so that another one under the same key is noticed."""
    hashed = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        hashed.update(len(content).to_bytes(8, "big") + content)
    return hashed.hexdigest()


def once(
    store: Store, account_id: str, key: str, request_sha256: str, do: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """The answer of an action, and whether it was given before.

    What was refused was not done: the same request may be tried again. After any other fault nobody knows
    whether something was kept, so the key stays taken.

    Raises: UsageError for a key that is none; ConflictError if the key stands for another request, or for
    one whose end nobody knows because the server was killed or failed; whatever ``do`` raises.
    """
    if not key:
        return do(), False
    if len(key) > MAX_KEY_LENGTH or not (key.isascii() and key.isprintable()):
        raise UsageError(f"Idempotency-Key 应为 1 至 {MAX_KEY_LENGTH} 个英文字母、数字或符号，每办一件事换一个。")
    # Not hash(): it would do, but a reader should not wonder about its seed.
    with _LOCKS[int(request_digest(account_id, key)[:8], 16) % len(_LOCKS)]:
        held = store.query("api_answer", account_id=account_id, idempotency_key=key, since=now() - KEPT_FOR)
        if not held.empty:
            return _told_before(held.iloc[0], key, request_sha256), True
        _keep(store, account_id, key, request_sha256, UNKNOWN, "")
        try:
            answer = do()
        except WenxiaoError:     # an action refuses before it commits
            _forget(store, account_id, key)
            raise
        _keep(store, account_id, key, request_sha256, 200, json.dumps(answer, ensure_ascii=False))
        return answer, False


def _told_before(held: Any, key: str, request_sha256: str) -> dict[str, Any]:
    if held["request_sha256"] != request_sha256:
        raise ConflictError(f"Idempotency-Key “{key}”已经用于另一个请求，没有办理：请换一个新的。")
    if held["status_code"] == UNKNOWN:
        raise ConflictError(
            f"Idempotency-Key “{key}”的请求上次没有办完就中断了，不知道是否已办理：请先查询结果，需要重办时换一个新的。"
        )
    answer: dict[str, Any] = json.loads(held["answer_json"])
    return answer


def _keep(store: Store, account_id: str, key: str, request_sha256: str, status_code: int, answer: str) -> None:
    with store.transaction(is_shown=False) as cursor:
        cursor.run(sql_text("data", "writes/drop_api_answer"), {
            "account_id": account_id, "idempotency_key": key, "since": now() - KEPT_FOR,
        })
        cursor.insert("api_answer", [{
            "account_id": account_id, "idempotency_key": key, "request_sha256": request_sha256,
            "status_code": status_code, "answer_json": answer, "answered_at": now(),
        }])


def _forget(store: Store, account_id: str, key: str) -> None:
    with store.transaction(is_shown=False) as cursor:
        cursor.run(sql_text("data", "writes/drop_api_answer"), {
            "account_id": account_id, "idempotency_key": key, "since": now() - KEPT_FOR,
        })
