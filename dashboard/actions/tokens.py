"""Tokens for programs: issued once, kept as a hash, each good for some routes of one account until a day.

Moments here are the clock's own in UTC: a demonstration's fixed day must not keep a token alive.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd

from dashboard.actions.accounts import require_standing
from dashboard.auth.sessions import digest, now
from dashboard.rights import ADMINISTRATOR, AUDITOR, LEADER, ROLE_NAMES, require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import NotFoundError, RefusedError
from data.store import Cursor, Store, sql_text

PREFIX = "wx_"
MAX_DAYS = 365
MAX_NAME_LENGTH = 30
SCOPES = {
    "read": "读取数据", "notices": "发布资金文件", "targets": "分解目标", "rounds": "开启轮次",
    "receipts": "登记收文、导入", "actuals": "批量导入数据", "exports": "载入系统导出",
    "reports": "报送填报表", "inquiries": "开出、答复问效单", "papers": "出具公文报表",
    "metrics": "读取运行指标",
}
READING = ("read", "metrics")
# Who writes no figures needs no token to write with; a later role must not find one waiting.
READING_ROLES = (LEADER, ADMINISTRATOR, AUDITOR)


@dataclass(frozen=True)
class NewToken:
    """A token to be: for which account, for what, for how many days."""

    token_name: str
    account_id: str
    scopes: Sequence[str]
    valid_days: int


@dataclass(frozen=True)
class IssuedToken:
    """What the administrator is shown once: the secret is kept nowhere."""

    token_id: str
    secret: str = field(repr=False)
    expires_at: datetime
    entry: LogEntry


@dataclass(frozen=True)
class TokenHolder:
    """Whom a valid token stands for, and what it is good for."""

    token_id: str
    token_name: str
    person_name: str
    role: str
    recipient_id: str
    account_id: str
    scopes: frozenset[str]

    def actor(self, address: str) -> Actor:
        """The account as actions see it, asked from an address with this token: the person's own hand it was not."""
        origin = f"接口 {address} 令牌 {self.token_id}（{self.token_name}）"
        return Actor(self.person_name, self.role, self.recipient_id, self.account_id, origin)


class TokenError(RefusedError):
    """A token is not, or no longer, good for anything."""


def issue_token(store: Store, actor: Actor, at: datetime, new: NewToken) -> IssuedToken:
    """Make a token with 256 random bits and keep its hash.

    Raises: RefusedError with every fault at once.
    """
    require(actor, "issue_token")
    secret, token_id = PREFIX + secrets.token_urlsafe(32), secrets.token_hex(4)
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        faults = _faults(cursor, new)
        if faults:
            raise RefusedError("不能发放令牌：" + "；".join(faults) + "。")
        created_at = now()
        expires_at = created_at + timedelta(days=new.valid_days)
        scopes = [scope for scope in SCOPES if scope in new.scopes]
        cursor.insert("api_token", [{
            "token_id": token_id,
            "token_sha256": digest(secret),
            "token_name": new.token_name.strip(),
            "account_id": new.account_id,
            "scopes_text": " ".join(scopes),
            "created_at": created_at,
            "created_by": actor.name,
            "expires_at": expires_at,
            "revoked_at": None,
        }])
        entry = append(cursor, actor, stamp(cursor, at), "issue_token", token_id, {
            "before": None,
            "after": {"token_name": new.token_name.strip(), "account_id": new.account_id, "scopes": scopes,
                      "expires_at": _utc_words(expires_at)},
        })
    return IssuedToken(token_id, secret, expires_at, entry)


def _utc_words(moment: datetime) -> str:
    """A moment as the log notes it: the log's own moments are the bureau's, so another zone is named."""
    return f"{moment:%Y-%m-%d %H:%M:%S}（世界时）"


def _faults(cursor: Cursor, new: NewToken) -> list[str]:
    faults = []
    name = new.token_name.strip()
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        faults.append(f"令牌名称应为 1 至 {MAX_NAME_LENGTH} 个字，写明给哪个系统用")
    accounts = cursor.query("account", account_id=new.account_id)
    if accounts.empty:
        faults.append("请选择令牌所代表的账号")
    elif accounts["is_disabled"][0]:
        faults.append(f"账号 {new.account_id} 已停用")
    elif accounts["role"][0] in READING_ROLES and set(new.scopes) & (set(SCOPES) - set(READING)):
        allowed = "、".join(SCOPES[scope] for scope in READING)
        faults.append(f"{ROLE_NAMES[accounts['role'][0]]}不办理业务，账号 {new.account_id} 的令牌只能用于{allowed}")
    if not new.scopes:
        faults.append("请至少选择一项用途")
    unknown = [scope for scope in new.scopes if scope not in SCOPES]
    if unknown:
        faults.append(f"没有“{'、'.join(unknown)}”这种用途")
    if not 1 <= new.valid_days <= MAX_DAYS:
        faults.append(f"有效期应为 1 至 {MAX_DAYS} 天")
    return faults


def revoke_token(store: Store, actor: Actor, at: datetime, token_id: str) -> LogEntry:
    """End a token at once and for good.

    Raises: NotFoundError if there is none; RefusedError if it is revoked already.
    """
    require(actor, "revoke_token")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        tokens = cursor.query("api_tokens")
        held = tokens[tokens["token_id"] == token_id]
        if held.empty:
            raise NotFoundError(f"没有编号为 {token_id} 的令牌，请刷新页面后重新选择。")
        if held["revoked_at"].notna().any():
            raise RefusedError(f"令牌 {token_id} 已经撤销，不需要重复撤销。")
        revoked_at = now()
        cursor.run(sql_text("data", "writes/revoke_token"), {"token_id": token_id, "revoked_at": revoked_at})
        return append(cursor, actor, stamp(cursor, at), "revoke_token", token_id, {
            "before": {"revoked_at": None}, "after": {"revoked_at": _utc_words(revoked_at)},
            "token_name": held["token_name"].iloc[0], "account_id": held["account_id"].iloc[0],
        })


def find_holder(store: Store, secret: str) -> TokenHolder:
    """Whom a token stands for now; its account may have changed role or unit since it was issued.

    Raises: TokenError if it was never issued, is revoked or has expired, or the account is disabled.
    """
    found = store.query("api_token", token_sha256=digest(secret)).to_dict("records")
    if not secret.startswith(PREFIX) or not found:
        raise TokenError("接口令牌不对：请核对令牌，或请系统管理员重新发放。")
    row = found[0]
    if pd.notna(row["revoked_at"]):
        raise TokenError("接口令牌已撤销：请系统管理员重新发放。")
    if row["expires_at"] <= now():
        raise TokenError(f"接口令牌已于 {row['expires_at']:%Y-%m-%d}（世界时）到期：请系统管理员重新发放。")
    if row["is_disabled"]:
        raise TokenError("令牌所代表的账号已停用：请联系系统管理员。")
    return TokenHolder(
        row["token_id"], row["token_name"], row["person_name"], row["role"], row["recipient_id"], row["account_id"],
        frozenset(row["scopes_text"].split()),
    )
