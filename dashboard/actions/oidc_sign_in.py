"""Whose account a person has whom the bureau's identity provider vouches for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard.rights import require
from data.audit import Actor, append, stamp
from data.errors import RefusedError
from data.store import Cursor, Store, sql_text


def account_of(store: Store, at: datetime, subject: str, claim: str, address: str) -> str:
    """The account that a provider's key of a person is registered with.

    An administrator may register the claim instead (a work number, an e-mail address): at the first sign-in the
    account is bound to the provider's key, so that the claim cannot pass to another person later.

    Raises: RefusedError if no account has it, or the account is closed; both stand in the log.
    """
    with store.transaction() as cursor:
        row = _row(cursor, subject)
        is_first = row is None and bool(claim)
        if row is None and claim:
            row = _row(cursor, claim)
        if row is None or row["is_disabled"]:
            known = row or {"person_name": "未登录", "role": "", "recipient_id": "", "account_id": ""}
            nobody = Actor(
                known["person_name"], known["role"], known["recipient_id"], known["account_id"], f"网页 {address}"
            )
            append(cursor, nobody, stamp(cursor, at), "sign_in_failed", known["account_id"] or "没有登记统一身份", {
                "wrong": "disabled" if row else "oidc",
            })
        elif is_first:
            actor = Actor(
                row["person_name"], row["role"], row["recipient_id"], row["account_id"], f"网页 {address}"
            )
            require(actor, "bind_subject")
            cursor.run(sql_text("data", "writes/bind_subject"), {
                "account_id": row["account_id"], "oidc_subject": subject,
            })
            append(cursor, actor, stamp(cursor, at), "bind_subject", row["account_id"], {
                "before": {"oidc_subject": claim}, "after": {"oidc_subject": subject},
            })
    if row is None:
        raise RefusedError(
            f"统一身份认证已通过，但这里没有登记您的账号。请把标识“{(claim or subject)[:200]}”告诉系统管理员，"
            "由其填入您账号的“统一身份标识”。"
        )
    if row["is_disabled"]:
        raise RefusedError("您的账号已停用，不能登录。需要恢复使用请联系系统管理员。")
    return str(row["account_id"])


def _row(cursor: Cursor, subject: str) -> dict[str, Any] | None:
    found = cursor.rows(sql_text("data", "queries/account_of_subject"), {"oidc_subject": subject})
    return found[0] if len(found) == 1 else None
