"""People's accounts: who may sign in, as what, for which unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from dashboard.auth.sessions import now
from dashboard.rights import ADMINISTRATOR, ROLE_NAMES, UNIT_ROLES, require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Cursor, Store, sql_text

MAX_NAME_LENGTH = 30
MAX_SUBJECT_LENGTH = 400     # a bound one holds the provider's address and up to 255 letters of its own


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


@dataclass(frozen=True)
class AccountState:
    """What an administrator can change of an account."""

    person_name: str
    role: str
    recipient_id: str
    oidc_subject: str
    is_disabled: bool

    @property
    def reach(self) -> tuple[str, str, bool]:
        """What a person may do hangs on these: when one of them changes, open sessions end."""
        return self.role, self.recipient_id, self.is_disabled


def add_account(store: Store, actor: Actor, at: datetime, new: NewAccount) -> LogEntry:
    """Keep a new account.

    Raises: RefusedError with every fault at once: a name that is taken or no name, no such role or unit.
    """
    require(actor, "add_account")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        return write_account(cursor, actor, stamp(cursor, at), new)


def write_account(cursor: Cursor, actor: Actor, at: datetime, new: NewAccount) -> LogEntry:
    """Keep a new account and its line in the log, inside the caller's transaction; rights are the caller's."""
    faults = new_faults(cursor, new)
    if faults:
        raise RefusedError("不能新建账号：" + "；".join(faults) + "。")
    keep_account(cursor, actor.name, new)
    return append(cursor, actor, at, "add_account", new.account_id, {
        "before": None,
        "after": {
            "person_name": new.person_name.strip(), "role": new.role, "recipient_id": new.recipient_id,
            "oidc_subject": new.oidc_subject.strip(),
        },
    })


def keep_account(cursor: Cursor, made_by: str, new: NewAccount) -> None:
    """Write the row of an account that has no faults."""
    cursor.insert("account", [{
        "account_id": new.account_id,
        "person_name": new.person_name.strip(),
        "role": new.role,
        "recipient_id": new.recipient_id,
        "is_disabled": False,
        "password_hash": new.password_hash,
        "password_changed_at": now() if new.password_hash else None,
        "must_change_password": bool(new.password_hash) and new.must_change_password,
        "totp_secret": "",
        "totp_last_step": 0,
        "oidc_subject": new.oidc_subject.strip(),
        "created_at": now(),
        "created_by": made_by,
    }])


def change_account(
    store: Store, actor: Actor, at: datetime, account_id: str, wanted: AccountState,
    end_sessions: Callable[[str], None], seen: AccountState | None = None,
) -> LogEntry:
    """Give an account another name, role, unit or subject, close it or open it again.

    ``end_sessions`` ends all sessions of an account; it is called once everything is kept, when role, unit or
    closed state changed. ``seen`` is the state that the person had on screen.

    Raises: RefusedError with every fault at once; also if nobody could administer any more, for one's own
    rights, and if somebody else has changed the account meanwhile.
    """
    require(actor, "change_account")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        row = account_row(cursor, account_id)
        before = state_of(row)
        if seen is not None and seen != before:
            raise RefusedError(f"账号 {account_id} 刚刚被别人改过，没有保存。请看过现在的内容再改。")
        after = AccountState(
            wanted.person_name.strip(), wanted.role, wanted.recipient_id, wanted.oidc_subject.strip(),
            wanted.is_disabled,
        )
        if after == before:
            raise RefusedError(f"账号 {account_id} 没有变化，不需要保存。")
        faults = [
            *_state_faults(cursor, after, account_id),
            *_reach_faults(cursor, actor, account_id, before, after),
        ]
        if faults:
            raise RefusedError(f"账号 {account_id} 没有更改：" + "；".join(faults) + "。")
        cursor.run(sql_text("data", "writes/change_account"), {"account_id": account_id, **asdict(after)})
        entry = append(cursor, actor, stamp(cursor, at), "change_account", account_id, _difference(before, after))
    if after.reach != before.reach:
        end_sessions(account_id)
    return entry


def account_row(cursor: Cursor, account_id: str) -> dict[str, Any]:
    """Everything about one account.

    Raises: RefusedError if there is none of that name.
    """
    found = find_account(cursor, account_id)
    if found is None:
        raise RefusedError(f"没有登录名为 {account_id} 的账号，请核对登录名。")
    return found


def find_account(cursor: Cursor, account_id: str) -> dict[str, Any] | None:
    """Everything about an account, secrets included; None if there is none."""
    found = cursor.rows(sql_text("data", "queries/account"), {"account_id": account_id})
    return found[0] if found else None


def state_of(row: Any) -> AccountState:
    """What can be changed of an account, from its row in the store or in a board."""
    return AccountState(
        row["person_name"], row["role"], row["recipient_id"], row["oidc_subject"], bool(row["is_disabled"])
    )


def require_standing(cursor: Cursor, actor: Actor) -> None:
    """Refuse who was an administrator when the page was drawn and is one no more.

    Two administrators may change each other in the same second: the second one's right is looked at again
    where nobody else can write. The machine's owner has no account.
    """
    if not actor.account_id:
        return
    row = account_row(cursor, actor.account_id)
    if row["is_disabled"] or row["role"] != actor.role:
        raise RefusedError("您的账号刚刚被停用或更改，这一步没有办理，请重新登录。")


def new_faults(cursor: Cursor, new: NewAccount) -> list[str]:
    """Everything that speaks against a new account; empty if it may be kept."""
    faults = []
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{1,39}", new.account_id):
        faults.append("登录名应为 2 至 40 位小写字母、数字或 . _ @ -")
    elif not cursor.query("account", account_id=new.account_id).empty:
        faults.append(f"登录名 {new.account_id} 已经有人使用")
    state = AccountState(new.person_name, new.role, new.recipient_id, new.oidc_subject.strip(), False)
    return [*faults, *_state_faults(cursor, state, new.account_id)]


def _state_faults(cursor: Cursor, state: AccountState, account_id: str) -> list[str]:
    faults = []
    if not state.person_name.strip() or len(state.person_name.strip()) > MAX_NAME_LENGTH:
        faults.append(f"姓名应为 1 至 {MAX_NAME_LENGTH} 个字")
    if state.role not in ROLE_NAMES:
        faults.append("请选择角色")
    elif state.role in UNIT_ROLES and state.recipient_id not in set(cursor.query("recipients")["recipient_id"]):
        faults.append(f"{ROLE_NAMES[state.role]}要选择所在单位")
    elif state.role not in UNIT_ROLES and state.recipient_id:
        faults.append(f"{ROLE_NAMES[state.role]}不属于某一个单位，请不要选择单位")
    if len(state.oidc_subject) > MAX_SUBJECT_LENGTH:
        faults.append(f"统一身份标识最多 {MAX_SUBJECT_LENGTH} 个字")
    elif state.oidc_subject:
        held = cursor.query("accounts")
        others = held[(held["oidc_subject"] == state.oidc_subject) & (held["account_id"] != account_id)]
        faults += [f"统一身份标识已经登记在账号 {other} 上" for other in others["account_id"]]
    return faults


def _reach_faults(
    cursor: Cursor, actor: Actor, account_id: str, before: AccountState, after: AccountState
) -> list[str]:
    if after.reach == before.reach:
        return []
    if account_id == actor.account_id:
        return ["不能更改本人的角色、单位，也不能停用本人，请由另一名管理员办理"]
    was, stays = (state.role == ADMINISTRATOR and not state.is_disabled for state in (before, after))
    if was and not stays:
        held = cursor.query("accounts")
        others = held[
            (held["role"] == ADMINISTRATOR) & ~held["is_disabled"].astype(bool) & (held["account_id"] != account_id)
        ]
        if others.empty:
            return ["这是最后一个可用的管理员，停用或改作其他角色后就没有人能管理账号了，请先新建另一名管理员"]
    return []


def _difference(before: AccountState, after: AccountState) -> dict[str, Any]:
    """Only what changed, on both sides."""
    old, new = asdict(before), asdict(after)
    changed = [name for name in old if old[name] != new[name]]
    return {"before": {name: old[name] for name in changed}, "after": {name: new[name] for name in changed}}
