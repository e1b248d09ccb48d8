"""The reporting rounds of a notice in their order, as opened by a moment."""

from __future__ import annotations

from typing import Any

from data.store import Cursor, sql_text
from metrics.scope import Scope


def opened_rounds(cursor: Cursor, scope: Scope) -> list[dict[str, Any]]:
    """The rounds of a notice that were opened by the day, in the order of their periods."""
    rounds = cursor.rows(sql_text("data", "queries/rounds"), {"document_number": scope.document_number})
    opened = [row for row in rounds if row["opened_at"] <= scope.as_of]
    return sorted(opened, key=lambda row: (row["period_end_on"], row["round_id"]))


def round_before(cursor: Cursor, scope: Scope) -> str:
    """The opened round that comes just before the one of the scope; '' where there is none."""
    names = [row["round_id"] for row in opened_rounds(cursor, scope)]
    place = names.index(scope.round_id) if scope.round_id in names else 0
    return names[place - 1] if place else ""
