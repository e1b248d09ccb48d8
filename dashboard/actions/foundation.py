"""The first start of a bureau's own workspace: its name, its region, its units and its first administrator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.actions.accounts import NewAccount, keep_account, new_faults
from dashboard.auth.passwords import hash_password, password_faults
from dashboard.auth.policy import read_policy
from dashboard.rights import ADMINISTRATOR, require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.intake.units import ListedUnit
from data.reference import recipients
from data.store import Cursor, Store, sql_text
from metrics.counted_days import keep_calendar

MAX_BUREAU_LENGTH = 30
HAS_ACCOUNTS = (
    "这个数据目录已经有账号，不能再作首次启用。请在网页登录；没有人能登录的，用 wenxiao account reset 重设密码。"
)


@dataclass(frozen=True, repr=False)
class Foundation:
    """What a bureau says of itself at the first start; never printed, for it holds a password."""

    bureau_name: str
    region_code: str
    account_id: str
    person_name: str
    password: str
    units: tuple[ListedUnit, ...] = ()


def has_accounts(store: Store) -> bool:
    """Whether anybody has an account: then there is no first start any more."""
    return not store.query("accounts").empty


def found_workspace(store: Store, at: datetime, origin: str, wanted: Foundation) -> LogEntry:
    """Write name, region, units and the first administrator, who acts here, all together.

    Raises: RefusedError with every fault at once, or if there are accounts already.
    """
    actor = Actor(wanted.person_name.strip(), ADMINISTRATOR, account_id=wanted.account_id, origin=origin)
    if has_accounts(store):
        raise RefusedError(HAS_ACCOUNTS)
    faults = _faults(store, wanted)
    if faults:
        raise RefusedError("还没有启用：" + "；".join(faults) + "。")
    require(actor, "found_workspace")
    password_hash = hash_password(wanted.password)
    units = wanted.units or reference_units(wanted.region_code)
    with store.transaction() as cursor:
        # Asked again where nobody else can write: two people may have opened the page of the first start.
        if not cursor.query("accounts").empty:
            raise RefusedError(HAS_ACCOUNTS)
        for key, value in (("bureau_name", wanted.bureau_name.strip()), ("region_code", wanted.region_code)):
            cursor.run(sql_text("data", "writes/keep_setting"), {"setting_key": key, "setting_value": value})
        keep_calendar(cursor, wanted.region_code)
        _keep_units(cursor, units)
        keep_account(cursor, actor.name, _administrator(wanted, password_hash))
        cursor.run(sql_text("data", "writes/drop_setup_links"))
        return append(cursor, actor, stamp(cursor, at), "found_workspace", wanted.bureau_name.strip(), {
            "before": None,
            "after": {
                "bureau_name": wanted.bureau_name.strip(), "region_code": wanted.region_code,
                "account_id": wanted.account_id, "unit_count": len(units),
            },
        })


def reference_units(region_code: str) -> tuple[ListedUnit, ...]:
    """The units of a region that the program knows; none for other regions."""
    return tuple(
        ListedUnit(unit.recipient_id, unit.name, unit.short_name, unit.kind, unit.division_code, unit.display_no)
        for unit in recipients() if unit.parent_division_code == region_code
    )


def _administrator(wanted: Foundation, password_hash: str = "") -> NewAccount:
    return NewAccount(
        wanted.account_id, wanted.person_name, ADMINISTRATOR, password_hash=password_hash, must_change_password=False
    )


def _faults(store: Store, wanted: Foundation) -> list[str]:
    faults = []
    if not 1 <= len(wanted.bureau_name.strip()) <= MAX_BUREAU_LENGTH:
        faults.append(f"单位名称应为 1 至 {MAX_BUREAU_LENGTH} 个字，例如 巴州财政局")
    if not re.fullmatch(r"[0-9]{6}", wanted.region_code):
        faults.append(f"区划代码“{wanted.region_code[:20]}”不对：应为 6 位数字，例如 652800")
    with store.reading() as cursor:
        faults += new_faults(cursor, _administrator(wanted))
    names = (wanted.account_id, wanted.person_name)
    faults += [f"密码{fault}" for fault in password_faults(wanted.password, names, (), read_policy(store))]
    return faults


def _keep_units(cursor: Cursor, units: tuple[ListedUnit, ...]) -> None:
    held: set[Any] = set(cursor.query("recipients")["recipient_id"])
    cursor.insert("recipient", [
        {"recipient_id": unit.recipient_id, "recipient_name": unit.name, "short_name": unit.short_name,
         "recipient_kind": unit.kind, "division_code": unit.division_code or None, "display_no": unit.display_no}
        for unit in units if unit.recipient_id not in held
    ])
