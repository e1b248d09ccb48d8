"""Ways in that an administrator gives again: an initial password, a fresh second factor, an end of a lock-out."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.actions.accounts import NewAccount, account_row, require_standing, write_account
from dashboard.auth.lockout import account_subject
from dashboard.auth.passwords import hash_password, password_faults
from dashboard.auth.policy import Policy, read_policy
from dashboard.auth.sessions import now
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Cursor, Store, sql_text

# Nothing that is read wrongly from a slip of paper: no 0 and O, no 1, l and I.
_LETTERS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789"
_GROUP = 4


@dataclass(frozen=True)
class Initial:
    """An initial password, to be told once and kept nowhere, and the action's line in the log."""

    password: str
    entry: LogEntry

    def __repr__(self) -> str:
        """Without the password: what is printed or logged by chance must not hold it."""
        return f"Initial({self.entry})"


def enrol(store: Store, actor: Actor, at: datetime, new: NewAccount) -> Initial:
    """Keep a new account with an initial password that its person must change at the first sign-in.

    Raises: RefusedError as ``add_account``.
    """
    require(actor, "add_account")
    password = initial_password(read_policy(store))
    kept = replace(new, password_hash=hash_password(password), must_change_password=True)
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        return Initial(password, write_account(cursor, actor, stamp(cursor, at), kept))


def reset_password(
    store: Store, actor: Actor, at: datetime, account_id: str, end_sessions: Callable[[str], None]
) -> Initial:
    """Give an account a new initial password; its sessions and its lock-out end.

    Raises: RefusedError if there is no such account, it is closed, or it is one's own.
    """
    require(actor, "reset_password")
    _require_another(actor, account_id, "本人的密码请到“我的账号”里更改。")
    password = initial_password(read_policy(store))
    kept = hash_password(password)
    with store.transaction() as cursor:
        row = _open_account(cursor, actor, account_id)
        if row["password_hash"]:
            cursor.insert("former_password", [{
                "account_id": account_id, "password_hash": row["password_hash"], "replaced_at": now(),
            }])
        cursor.run(sql_text("data", "writes/reset_password"), {
            "account_id": account_id, "password_hash": kept, "password_changed_at": now(),
        })
        forget_failures(cursor, account_id)
        entry = append(cursor, actor, stamp(cursor, at), "reset_password", account_id, {
            "before": {"has_password": bool(row["password_hash"])},
            "after": {"has_password": True, "must_change_password": True},
        })
    end_sessions(account_id)
    return Initial(password, entry)


def reset_totp(
    store: Store, actor: Actor, at: datetime, account_id: str, end_sessions: Callable[[str], None]
) -> LogEntry:
    """Forget an account's second factor, as after the loss of a telephone; its sessions end.

    Raises: RefusedError if there is no such account, it has no second factor, or it is one's own.
    """
    require(actor, "reset_totp")
    _require_another(actor, account_id, "本人的动态口令请由另一名管理员重设。")
    with store.transaction() as cursor:
        row = _open_account(cursor, actor, account_id)
        if not row["totp_secret"]:
            raise RefusedError(f"账号 {account_id} 没有登记动态口令，不需要重设。")
        cursor.run(sql_text("data", "writes/reset_totp"), {"account_id": account_id})
        entry = append(cursor, actor, stamp(cursor, at), "reset_totp", account_id, {
            "before": {"has_totp": True}, "after": {"has_totp": False},
        })
    end_sessions(account_id)
    return entry


def unlock_account(store: Store, actor: Actor, at: datetime, account_id: str) -> LogEntry:
    """Let an account try again at once that is locked after failed sign-ins.

    Raises: RefusedError if there is no such account, or no sign-in failed.
    """
    require(actor, "unlock_account")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        account_row(cursor, account_id)
        if not forget_failures(cursor, account_id):
            raise RefusedError(f"账号 {account_id} 没有登录失败的记录，不需要解除锁定。")
        return append(cursor, actor, stamp(cursor, at), "unlock_account", account_id, {
            "before": {"is_locked": True}, "after": {"is_locked": False},
        })


def forget_failures(cursor: Cursor, account_id: str) -> int:
    """Drop what is kept of an account's failed sign-ins; how many rows there were."""
    return cursor.delete("sign_in_failure", "subject_text", account_subject(account_id).key)


def initial_password(policy: Policy) -> str:
    """A random password that the bureau's rules allow: groups of letters and digits, easy to read out.

    At least 16 signs of 54 kinds: some 92 bits.
    """
    count = max(4, -(-(policy.password_min_length + 1) // (_GROUP + 1)))
    while True:
        groups = ["".join(secrets.choice("".join(_LETTERS)) for _ in range(_GROUP)) for _ in range(count)]
        password = "-".join(groups)
        if not password_faults(password, (), (), policy):
            return password


def _require_another(actor: Actor, account_id: str, sentence: str) -> None:
    if actor.account_id == account_id:
        raise RefusedError(sentence)


def _open_account(cursor: Cursor, actor: Actor, account_id: str) -> dict[str, object]:
    require_standing(cursor, actor)
    row = account_row(cursor, account_id)
    if row["is_disabled"]:
        raise RefusedError(f"账号 {account_id} 已停用，请先启用再办理。")
    return row
