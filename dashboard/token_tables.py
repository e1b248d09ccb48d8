"""Tokens as the page of accounts shows them."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.actions.tokens import SCOPES
from dashboard.auth.sessions import now
from dashboard.kept import kept
from dashboard.people_tables import local

_STATES = {"valid": "有效", "expired": "已到期", "revoked": "已撤销"}


def tokens(table: pd.DataFrame) -> pd.DataFrame:
    """Every token with its state, uses and end; never a secret."""
    return pd.DataFrame({
        "名称": table["token_name"],
        "编号": table["token_id"],
        "代表": table["person_name"],
        "用途": [uses(text) for text in table["scopes_text"]],
        "到期": [labels.moment(local(moment)) for moment in table["expires_at"]],
        "状态": [_STATES[state(row)] for row in table.to_dict("records")],
        "发放人": table["created_by"],
    })


def state(row: Any) -> str:
    """Whether a token is good for anything now: valid, expired or revoked."""
    if not pd.isna(row["revoked_at"]):
        return "revoked"
    return "expired" if row["expires_at"] <= now() else "valid"


def uses(scopes_text: str) -> str:
    """The uses of a token in words."""
    return "、".join(SCOPES[scope] for scope in scopes_text.split())


def valid(table: pd.DataFrame) -> dict[str, str]:
    """The tokens that can be revoked, by number."""
    return {
        row["token_id"]: f"{row['token_name']}（{row['person_name']}）"
        for row in table.to_dict("records") if state(row) == "valid"
    }


@kept
def secret(name: Any, text: str) -> str:
    """A fresh token to be copied, shown this once."""
    return (
        f'<div class="wx-paper">{html.escape(str(name))} 的接口令牌：'
        f'<b translate="no" style="user-select:all;overflow-wrap:anywhere">{html.escape(text)}</b><br>'
        "只显示这一次，请存入对方系统的密钥配置，不要写进邮件和聊天。</div>"
    )
