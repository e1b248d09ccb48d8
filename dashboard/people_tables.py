"""Tables and words of the page 账号与安全."""

from __future__ import annotations

import hashlib
import html
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from dashboard import labels, look
from dashboard.auth.lockout import account_subject, wait_after, wait_words
from dashboard.auth.policy import Policy
from dashboard.kept import kept
from dashboard.labels import Mark
from dashboard.rights import ADMINISTRATOR, ROLE_NAMES

STATE_MARKS = {
    "open": Mark("可以登录", "●", "circle", look.GOOD),
    "must_change": Mark("待首次改密", "◐", "circle-dot", look.CAUTION),
    "no_way_in": Mark("没有登录方式", "○", "circle-open", look.QUIET),
    "disabled": Mark("已停用", "✕", "x-thin-open", look.OPEN),
}
NO_UNIT = "州级，不属于某一个单位"


def state(row: Any, *, is_demonstration: bool = False) -> str:
    """Whether and how an account can be signed in to; in a demonstration nobody needs a password."""
    if row["is_disabled"]:
        return "disabled"
    if row["must_change_password"]:
        return "must_change"
    return "open" if row["has_password"] or row["oidc_subject"] or is_demonstration else "no_way_in"


@kept
def first_line(table: pd.DataFrame, *, is_demonstration: bool) -> str:
    """How many accounts there are, and how many of them cannot be signed in to, in one sentence."""
    counts = pd.Series(
        [state(row, is_demonstration=is_demonstration) for row in table.to_dict("records")], dtype=object
    ).value_counts()
    rest = "，".join(f"{mark.word} {counts[key]} 个" for key, mark in STATE_MARKS.items() if counts.get(key))
    return f"**共 {len(table)} 个账号：{rest}。**"


@kept
def lonely_administrator(table: pd.DataFrame) -> str:
    """What to do where one person alone administers; empty where there are two."""
    able = table[(table["role"] == ADMINISTRATOR) & ~table["is_disabled"].astype(bool)]
    if len(able) >= 2:
        return ""
    return "只有一名可用的系统管理员：其密码或动态口令丢失时，只能在服务器上用命令重设。请再新建一名系统管理员。"


@kept
def accounts(table: pd.DataFrame, *, is_demonstration: bool) -> pd.DataFrame:
    """Every account as people read it; no secrets."""
    rows = table.to_dict("records")
    return pd.DataFrame({
        "登录名": [row["account_id"] for row in rows],
        "姓名": [row["person_name"] for row in rows],
        "角色": [ROLE_NAMES.get(row["role"], row["role"]) for row in rows],
        "单位": [_unit(row) for row in rows],
        "状态": [labels.marked(STATE_MARKS, state(row, is_demonstration=is_demonstration)) for row in rows],
        "动态口令": ["已登记" if row["has_totp"] else "没有" for row in rows],
        "统一身份": ["已登记" if row["oidc_subject"] else "没有" for row in rows],
        "改密日期": [labels.full_day(local(row["password_changed_at"])) for row in rows],
        "建立": [f"{labels.full_day(local(row['created_at']))} {row['created_by']}" for row in rows],
    })


@kept
def choices(table: pd.DataFrame) -> dict[str, str]:
    """The accounts to choose from: 姓名（角色，单位）, with the login name where two would read the same."""
    rows = table.to_dict("records")
    words = {row["account_id"]: f"{row['person_name']}（{ROLE_NAMES.get(row['role'], row['role'])}，{_unit(row)}）"
             for row in rows}
    counts = Counter(words.values())
    return {key: f"{text}{key}" if counts[text] > 1 else text for key, text in words.items()}


@kept
def locked(failures: pd.DataFrame, policy: Policy, at: datetime) -> dict[str, str]:
    """The accounts that have to wait now, each with how long."""
    waiting = {}
    for row in failures.to_dict("records"):
        left = row["failed_at"] + wait_after(row["failure_count"], account_subject(row["account_id"]), policy) - at
        if left.total_seconds() > 0:
            waiting[row["account_id"]] = f"连续 {row['failure_count']} 次没有登录成功，还要等 {wait_words(left)}"
    return waiting


@kept
def seen_key(seen: object) -> str:
    """A short name for what a person has on the screen, for the key of the form that changes it."""
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


def initial_password(name: str, password: str) -> str:
    """An initial password to be copied or written down, shown this once."""
    return (
        f'<div class="wx-paper">{html.escape(name)} 的初始密码：'
        f'<b translate="no" style="font-size:1.25rem;user-select:all">{html.escape(password)}</b><br>'
        "只显示这一次，请当面或电话告知本人；首次登录必须改成自己的密码。</div>"
    )


def local(moment: Any) -> Any:
    """A moment of the store's clock (UTC) as the wall clock here shows it; what is missing stays missing."""
    if moment is None or pd.isna(moment):
        return None
    return pd.Timestamp(moment).to_pydatetime().replace(tzinfo=UTC).astimezone().replace(tzinfo=None)


def _unit(row: Any) -> str:
    return row["recipient_name"] if isinstance(row["recipient_name"], str) else "州级"
