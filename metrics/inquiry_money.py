"""The money of a unit that a consequence may be about: what is neither paid nor already suspended or recovered."""

from __future__ import annotations

from typing import Any

from data.store import Cursor, sql_text
from metrics.docking import docked_rows
from metrics.money import money_relations
from metrics.scope import Scope


def money_left(cursor: Cursor, scope: Scope) -> list[dict[str, Any]]:
    """The rows of ``inquiry_money.sql`` for one notice by the end of a day, exact, in printed order."""
    return docked_rows(cursor, sql_text("metrics", "inquiry_money"), scope.document_number, scope.as_of, {
        **money_relations(), "consequence_now": sql_text("data", "queries/inquiry_consequences"),
    })
