"""A demonstration with accounts and tokens, for tests that ask as programs do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.tokens import READING_ROLES, SCOPES, NewToken, issue_token, revoke_token
from dashboard.auth.sessions import now
from dashboard.rights import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    PREFECTURE_OFFICER,
    REVIEWER,
    UNIT_ROLES,
)
from dashboard.workspace import open_existing
from data.audit import Actor
from tests.builders import demo_folder, session_folder

INSTALLER = Actor("安装人员", ADMINISTRATOR)
UNIT = "bohu"
ROLES = (LEADER, COUNTY_REPORTER, COUNTY_APPROVER, PREFECTURE_OFFICER, REVIEWER, ADMINISTRATOR, AUDITOR)


@dataclass
class Prepared:
    """A workspace folder, and the secrets of its tokens by name: the role's, expired, revoked, disabled, a use's."""

    folder: Path
    secrets: dict[str, str] = field(default_factory=dict)


@cache
def _prepared() -> Prepared:
    made = Prepared(Path(shutil.copytree(demo_folder(), session_folder() / "api")))
    workspace = open_existing(made.folder)
    store, at = workspace.store, workspace.settings.now()

    def issue(name: str, account_id: str, scopes: Any) -> str:
        issued = issue_token(store, INSTALLER, at, NewToken(name, account_id, tuple(scopes), 30))
        made.secrets[name] = issued.secret
        return issued.token_id

    for role in ROLES:
        account_id = f"api.{role.replace('_', '-')}"
        # No token to write with is issued for a role that only reads; it may still get there by another role.
        issued_as = PREFECTURE_OFFICER if role in READING_ROLES else role
        add_account(store, INSTALLER, at, NewAccount(
            account_id, f"程序{role}", issued_as, UNIT if role in UNIT_ROLES else ""
        ))
        issue(role, account_id, SCOPES)
        with store.transaction() as cursor:
            cursor.run("UPDATE account SET role = $role WHERE account_id = $id", {"role": role, "id": account_id})
    officer = f"api.{PREFECTURE_OFFICER.replace('_', '-')}"
    for scope in SCOPES:
        issue(f"only {scope}", officer, [scope])
    expired = issue("expired", officer, SCOPES)
    revoke_token(store, INSTALLER, at, issue("revoked", officer, SCOPES))
    add_account(store, INSTALLER, at, NewAccount("api.gone", "离任", PREFECTURE_OFFICER))
    issue("disabled", "api.gone", SCOPES)
    with store.transaction() as cursor:
        cursor.run("UPDATE api_token SET expires_at = $at WHERE token_id = $id",
                   {"at": now() - timedelta(seconds=1), "id": expired})
        cursor.run("UPDATE account SET is_disabled = TRUE WHERE account_id = 'api.gone'")
    store.close()
    return made


def prepared(folder: Path) -> Prepared:
    """A fresh copy of the workspace."""
    return Prepared(Path(shutil.copytree(_prepared().folder, folder / "workspace")), _prepared().secrets)
