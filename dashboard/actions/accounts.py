"""People's accounts: who may sign in, as what, for which unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from dashboard.auth.sessions import now
from dashboard.rights import ROLE_NAMES, UNIT_ROLES, require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Cursor, Store

MAX_NAME_LENGTH = 30


@dataclass(frozen=True)
class NewAccount:
    """An account to be; ``recipient_id`` only for the roles of a unit; ``password_hash`` empty for none."""

    account_id: str
    person_name: str
    role: str
    recipient_id: str = ""
    password_hash: str = ""
    oidc_subject: str = ""
    must_change_password: bool = True


def add_account(store: Store, actor: Actor, at: datetime, new: NewAccount) -> LogEntry:
    """Keep a new account.

    Raises: RefusedError with every fault at once: a name that is taken or no name, no such role or unit.
    """
    require(actor, "add_account")
    with store.transaction() as cursor:
        return write_account(cursor, actor, stamp(cursor, at), new)


def write_account(cursor: Cursor, actor: Actor, at: datetime, new: NewAccount) -> LogEntry:
    """Keep a new account and its line in the log, inside the caller's transaction; rights are the caller's."""
    faults = _faults(cursor, new)
    if faults:
        raise RefusedError("不能新建账号：" + "；".join(faults) + "。")
    cursor.insert("account", [{
        "account_id": new.account_id,
        "person_name": new.person_name,
        "role": new.role,
        "recipient_id": new.recipient_id,
        "is_disabled": False,
        "password_hash": new.password_hash,
        "password_changed_at": now() if new.password_hash else None,
        "must_change_password": bool(new.password_hash) and new.must_change_password,
        "totp_secret": "",
        "totp_last_step": 0,
        "oidc_subject": new.oidc_subject,
        "created_at": now(),
        "created_by": actor.name,
    }])
    return append(cursor, actor, at, "add_account", new.account_id, {
        "before": None,
        "after": {"person_name": new.person_name, "role": new.role, "recipient_id": new.recipient_id},
    })


def _faults(cursor: Cursor, new: NewAccount) -> list[str]:
    faults = []
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{1,39}", new.account_id):
        faults.append("登录名应为 2 至 40 位小写字母、数字或 . _ @ -")
    elif not cursor.query("account", account_id=new.account_id).empty:
        faults.append(f"登录名 {new.account_id} 已经有人使用")
    if not new.person_name.strip() or len(new.person_name) > MAX_NAME_LENGTH:
        faults.append(f"姓名应为 1 至 {MAX_NAME_LENGTH} 个字")
    if new.role not in ROLE_NAMES:
        faults.append("请选择角色")
    elif new.role in UNIT_ROLES and new.recipient_id not in set(cursor.query("recipients")["recipient_id"]):
        faults.append(f"{ROLE_NAMES[new.role]}要选择所在单位")
    elif new.role not in UNIT_ROLES and new.recipient_id:
        faults.append(f"{ROLE_NAMES[new.role]}不属于某一个单位，请不要选择单位")
    return faults
