"""Signing in and out: each leaves one line in the log, and never what was typed.

``at`` is the workspace's moment for the log; limits and lock-outs go by the clock. No cached board shows what is
written here, and the log's page reads the log as it is: a morning's sign-ins must not drop everybody's boards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.actions.accounts import find_account
from dashboard.auth.lockout import (
    Subject,
    account_subject,
    address_subject,
    count_attempt,
    take_back,
    wait_after,
    wait_words,
)
from dashboard.auth.passwords import hash_password, is_outdated, is_password
from dashboard.auth.policy import read_policy
from dashboard.auth.sessions import Sessions, digest, now
from dashboard.auth.totp import step_of
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Store, sql_text

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class RightPassword:
    """Whose password of which moment was right, and whether a one-time code is still to be asked for."""

    account_id: str
    needs_code: bool
    changed_at: str


class WrongError(RefusedError):
    """The password or the code was wrong; the sentence says what happens at the next failure."""


def check_password(
    store: Store, at: datetime, name: str, password: str, address: str, clock: Clock = now
) -> RightPassword:
    """Judge a login name and a password; a name that nobody has takes the same time.

    Raises: LockedError while the account or the address has to wait; WrongError; RefusedError if the account is
    closed, which only its owner is told.
    """
    name = name.strip().lower()
    row = account_row(store, name)
    # A name that nobody has may be a password typed into the wrong field: it is kept as a hash only.
    subjects = (account_subject(name if row else digest(name)), address_subject(address))
    policy, moment = read_policy(store), clock()
    count = count_attempt(store, subjects, policy, moment)
    kept = row["password_hash"] if row else ""
    if not is_password(kept, password) or row is None:
        wait = wait_after(count, subjects[0], policy)
        _log_failure(store, at, row, address, "password", count, wait)
        raise WrongError("登录名或密码不对。" + _warning(count, policy.lock_after, wait))
    if row["is_disabled"]:
        _log_failure(store, at, row, address, "disabled", count, timedelta(0))
        raise RefusedError("这个账号已停用，不能登录。需要恢复使用请联系系统管理员。")
    needs_code = bool(row["totp_secret"])
    take_back(store, subjects, moment, is_success=not needs_code)
    if is_outdated(kept):
        with store.transaction(is_shown=False) as cursor:
            cursor.run(sql_text("data", "writes/keep_new_hash"), {
                "account_id": name, "old_hash": kept, "new_hash": hash_password(password),
            })
    return RightPassword(name, needs_code, str(row["password_changed_at"]))


def check_code(
    store: Store, at: datetime, account_id: str, code: str, address: str, clock: Clock = now, *, changed_at: str = ""
) -> None:
    """Judge a one-time code after the right password; each code is taken once.

    ``changed_at`` says of which password the first step was: one that was changed since opens nothing.

    Raises: LockedError, WrongError as ``check_password``; RefusedError if the account or its password changed.
    """
    row = account_row(store, account_id)
    if row is None or row["is_disabled"]:
        raise RefusedError("这个账号不能登录，请联系系统管理员。")
    if changed_at and changed_at != str(row["password_changed_at"]):
        raise RefusedError("密码刚刚改过，请回到登录页用新密码登录。")
    subjects: tuple[Subject, ...] = (account_subject(account_id), address_subject(address))
    policy, moment = read_policy(store), clock()
    count = count_attempt(store, subjects, policy, moment)
    step = step_of(code, row["totp_secret"], moment)
    if step is None or not _use_up(store, account_id, step):
        wait = wait_after(count, subjects[0], policy)
        _log_failure(store, at, row, address, "code", count, wait)
        raise WrongError("动态口令不对、已过时或已用过，请等手机上换了新的一组数字再输入。"
                         + _warning(count, policy.lock_after, wait))
    take_back(store, subjects, moment, is_success=True)


def enter(
    store: Store, sessions: Sessions, at: datetime, account_id: str, address: str, how: str,
    replaced: str | None = None,
) -> str:
    """Begin the session of a person who has proved to be who they are; the secret for the cookie.

    ``how`` is password, code, demonstration, oidc or setup; the session ``replaced`` of this browser ends.

    Raises: RefusedError if there is no such account or it is closed.
    """
    actor = _actor(store, account_id, address)
    require(actor, "sign_in")
    with store.transaction(is_shown=False) as cursor:
        append(cursor, actor, stamp(cursor, at), "sign_in", account_id, {"how": how})
    if replaced:
        sessions.end(replaced)
    return sessions.start(account_id, address)


def enter_demonstration(
    store: Store, sessions: Sessions, at: datetime, account_id: str, address: str, *, is_demonstration: bool,
    replaced: str | None = None,
) -> str:
    """Begin a session as one of the demonstration's people, without a password; the secret for the cookie.

    Raises: RefusedError in a bureau's own workspace, and for an account that has a password.
    """
    row = account_row(store, account_id)
    if not is_demonstration or row is None or row["password_hash"]:
        raise RefusedError("只有演示数据里的演示人员可以不用密码进入，请用登录名和密码登录。")
    return enter(store, sessions, at, account_id, address, "demonstration", replaced)


def sign_out(
    store: Store, sessions: Sessions, at: datetime, secret: str, *, everywhere: bool = False
) -> LogEntry | None:
    """End a session, or all of its person's; None if it had ended already."""
    person = sessions.find(secret)
    if person is None:
        return None
    actor = person.actor(f"网页 {sessions.address(secret)}")
    require(actor, "sign_out")
    if everywhere:
        sessions.end_all_of(person.account_id)
    else:
        sessions.end(secret)
    with store.transaction(is_shown=False) as cursor:
        return append(
            cursor, actor, stamp(cursor, at), "sign_out", person.account_id, {"everywhere": everywhere}
        )


def account_row(store: Store, account_id: str) -> dict[str, Any] | None:
    """Everything about an account, secrets included; None if there is none."""
    with store.reading() as cursor:
        return find_account(cursor, account_id)


def _actor(store: Store, account_id: str, address: str) -> Actor:
    row = account_row(store, account_id)
    if row is None or row["is_disabled"]:
        raise RefusedError("这个账号不能登录，请联系系统管理员。")
    return Actor(row["person_name"], row["role"], row["recipient_id"], account_id, f"网页 {address}")


def _use_up(store: Store, account_id: str, step: int) -> bool:
    """Whether a code's step is newer than the last one used; then it is used up."""
    with store.transaction(is_shown=False) as cursor:
        changed = cursor.run(sql_text("data", "writes/keep_totp_step"), {"account_id": account_id, "step": step})
    return changed == 1


def _log_failure(
    store: Store, at: datetime, row: dict[str, Any] | None, address: str, what: str, count: int, wait: timedelta
) -> None:
    known = row or {"person_name": "未登录", "role": "", "recipient_id": "", "account_id": ""}
    actor = Actor(known["person_name"], known["role"], known["recipient_id"], known["account_id"], f"网页 {address}")
    with store.transaction(is_shown=False) as cursor:
        append(cursor, actor, stamp(cursor, at), "sign_in_failed", known["account_id"] or "没有这个登录名", {
            "wrong": what, "failure_count": count, "locked_seconds": int(wait.total_seconds()),
        })


def _warning(count: int, lock_after: int, wait: timedelta) -> str:
    if wait:
        return f"已连续 {count} 次没有登录成功，请在 {wait_words(wait)}后再试。"
    return f"再错 {lock_after - count} 次将暂时锁定。"
