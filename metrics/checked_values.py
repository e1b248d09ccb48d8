"""The values of each unit's newest report, and what reviewers said of them."""

from __future__ import annotations

from typing import Any

from data.store import Cursor, sql_text
from metrics.scope import Scope

RETURNED = "returned"
CONFIRMED, QUESTIONED = "confirmed", "questioned"


def checked_values_sql() -> str:
    """One SELECT with a row per recipient and value of its newest version; its parameters are ``Scope.key``."""
    return sql_text("data", "queries/checked_values")


def checked_values(cursor: Cursor, scope: Scope, recipient_id: str) -> list[dict[str, Any]]:
    """The values of one unit's newest version with what reviewers said of them, exact, in printed order.

    Takes a cursor, so that an action judges what its own transaction sees.
    """
    return [row for row in cursor.rows(checked_values_sql(), scope.key) if row["recipient_id"] == recipient_id]


def newest_report(cursor: Cursor, scope: Scope, recipient_id: str) -> dict[str, Any] | None:
    """The newest version of one unit's report with its state; None before the first."""
    found = cursor.rows(sql_text("data", "queries/report_versions"), {**scope.key, "recipient_id": recipient_id})
    return found[0] if found else None
