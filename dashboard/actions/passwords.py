"""What people change about their own way in: the password and the second factor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard.actions.sign_in import Clock, WrongError, account_row
from dashboard.auth.lockout import account_subject, count_attempt, take_back
from dashboard.auth.passwords import hash_password, is_password, password_faults
from dashboard.auth.policy import read_policy
from dashboard.auth.sessions import now
from dashboard.auth.totp import step_of
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Store, sql_text

MEANWHILE = "密码或动态口令刚刚被管理员重设，或在别处改过，没有更改。请用现在的密码重新登录后再办理。"


def change_own_password(
    store: Store, actor: Actor, at: datetime, present: str, new: str, again: str, clock: Clock = now
) -> LogEntry:
    """Replace the actor's own password; the caller ends the account's other sessions.

    Raises: LockedError, WrongError about the present password; RefusedError with every fault of the new one.
    """
    require(actor, "change_own_password")
    kept_hash = str(_prove(store, actor.account_id, present, clock)["password_hash"])
    policy = read_policy(store)
    with store.reading() as cursor:
        former = cursor.rows(sql_text("data", "queries/former_passwords"), {
            "account_id": actor.account_id, "count": policy.password_history,
        })
    faults = password_faults(
        new, (actor.account_id, actor.name), [kept_hash, *(row["password_hash"] for row in former)], policy
    )
    if new != again:
        faults.append("两次输入的新密码不同")
    if faults:
        raise RefusedError("新密码没有保存：" + "；".join(faults) + "。")
    new_hash = hash_password(new)
    with store.transaction() as cursor:
        changed = cursor.run(sql_text("data", "writes/keep_password"), {
            "account_id": actor.account_id, "old_hash": kept_hash, "new_hash": new_hash,
            "password_changed_at": clock(), "must_change_password": False,
        })
        if changed != 1:
            raise RefusedError(MEANWHILE)
        cursor.insert("former_password", [{
            "account_id": actor.account_id, "password_hash": kept_hash, "replaced_at": clock(),
        }])
        return append(cursor, actor, stamp(cursor, at), "change_own_password", actor.account_id, {})


def enrol_totp(
    store: Store, actor: Actor, at: datetime, password: str, secret: str, code: str, clock: Clock = now
) -> LogEntry:
    """Give the actor's own account a second factor, proved by its first code and the password.

    Raises: LockedError, WrongError about the password; RefusedError if the code does not fit the secret.
    """
    require(actor, "enrol_totp")
    row = _prove(store, actor.account_id, password, clock)
    step = step_of(code, secret, clock())
    if step is None:
        raise RefusedError("动态口令没有登记：六位数字与二维码对不上。请核对手机的时间，重新扫描后输入新的一组数字。")
    with store.transaction() as cursor:
        changed = cursor.run(sql_text("data", "writes/keep_totp"), {
            "account_id": actor.account_id, "password_hash": row["password_hash"], "old_secret": row["totp_secret"],
            "new_secret": secret, "step": step,
        })
        if changed != 1:
            raise RefusedError(MEANWHILE)
        return append(cursor, actor, stamp(cursor, at), "enrol_totp", actor.account_id, {
            "before": {"has_totp": bool(row["totp_secret"])}, "after": {"has_totp": True},
        })


def _prove(store: Store, account_id: str, password: str, clock: Clock) -> dict[str, Any]:
    """The account whose present password was typed rightly; failures count towards the lock-out.

    Nothing holds it still afterwards: what is written then must be for this password and no other.
    """
    row = account_row(store, account_id)
    if row is None or not row["password_hash"]:
        raise RefusedError("这个账号没有密码，不在这里登录和更改。")
    subjects = (account_subject(account_id),)
    count_attempt(store, subjects, read_policy(store), clock())
    if not is_password(row["password_hash"], password):
        raise WrongError("现在的密码不对，没有更改。请重新输入。")
    take_back(store, subjects, clock(), is_success=False)
    return row
