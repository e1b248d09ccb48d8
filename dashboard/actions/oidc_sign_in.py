"""Whose account a person has whom the bureau's identity provider vouches for.

An account holds either what an administrator registered (a work number, an e-mail address, the provider's key), or,
from the first sign-in on, the provider's address and its key of the person: ``https://sso.example.cn|8a6f``. What is
registered passes to no second person then, and nobody's claim can equal what another is bound to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard.auth.oidc_exchange import Proved
from dashboard.rights import require
from data.audit import Actor, append, stamp
from data.errors import RefusedError
from data.store import Cursor, Store, sql_text


def account_of(store: Store, at: datetime, proved: Proved, address: str) -> str:
    """The account that a person is bound to, or is bound to now because an administrator registered the person.

    Raises: RefusedError if no account is this person's, or the account is closed; both stand in the log.
    """
    with store.reading() as cursor:
        row = _row(cursor, bound_subject(proved))
    row = row or bind_subject(store, at, proved, address)
    if row is not None and not row["is_disabled"]:
        return str(row["account_id"])
    with store.transaction(is_shown=False) as cursor:
        subject = row["account_id"] if row else "没有登记统一身份"
        append(cursor, _actor(row, address), stamp(cursor, at), "sign_in_failed", subject, {
            "wrong": "disabled" if row else "oidc",
        })
    if row is None:
        raise RefusedError(
            f"统一身份认证已通过，但这里没有登记您的账号。请把标识“{(proved.claim or proved.subject)[:200]}”"
            "告诉系统管理员，由其填入您账号的“统一身份标识”。"
        )
    raise RefusedError("您的账号已停用，不能登录。需要恢复使用请联系系统管理员。")


def bound_subject(proved: Proved) -> str:
    """What an account holds that is bound to a person."""
    return f"{proved.issuer}|{proved.subject}"


def is_bound(oidc_subject: str) -> bool:
    """Whether an account's subject is a person's of some provider, rather than what an administrator registered."""
    return oidc_subject.startswith(("https://", "http://")) and "|" in oidc_subject


def bind_subject(store: Store, at: datetime, proved: Proved, address: str) -> dict[str, Any] | None:
    """The account that is registered for a person and not bound yet, bound from now on unless it is closed."""
    registered = [text for text in (proved.subject, proved.claim) if text and not is_bound(text)]
    with store.reading() as cursor:
        if not any(_row(cursor, text) for text in registered):
            return None
    with store.transaction() as cursor:
        found = next((row for text in registered if (row := _row(cursor, text))), None)
        if found is None or found["is_disabled"]:
            return found
        actor = _actor(found, address)
        require(actor, "bind_subject")
        cursor.run(sql_text("data", "writes/bind_subject"), {
            "account_id": found["account_id"], "oidc_subject": bound_subject(proved),
        })
        append(cursor, actor, stamp(cursor, at), "bind_subject", found["account_id"], {
            "before": {"oidc_subject": found["oidc_subject"]}, "after": {"oidc_subject": bound_subject(proved)},
        })
    return found


def _actor(row: dict[str, Any] | None, address: str) -> Actor:
    known = row or {"person_name": "未登录", "role": "", "recipient_id": "", "account_id": ""}
    return Actor(known["person_name"], known["role"], known["recipient_id"], known["account_id"], f"网页 {address}")


def _row(cursor: Cursor, subject: str) -> dict[str, Any] | None:
    found = cursor.rows(sql_text("data", "queries/account_of_subject"), {"oidc_subject": subject})
    return found[0] if len(found) == 1 else None
