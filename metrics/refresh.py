"""Scores are refreshed in the transaction that changes what they rest on.

A score is kept with the span of time in which it held. What time alone will change (a deadline passes)
is known beforehand, so those later scores are written now, with the moment from which they hold; a
page that asks for a day picks the score that held then, and never judges by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.store import Cursor, sql_text, with_relations
from metrics.clocks import clock_sql
from metrics.counted_days import have_calendar


def refresh_scores(
    cursor: Cursor,
    document_number: str,
    round_id: str,
    at: datetime,
    region_code: str,
    recipient_id: str = "",
) -> None:
    """Score a unit's indicators anew from ``at`` on (every unit's where ``recipient_id`` is empty).

    Scores that held before ``at`` stay readable; nothing is written where nothing changed.
    """
    have_calendar(cursor, region_code)
    scope: dict[str, Any] = {
        "document_number": document_number, "round_id": round_id, "recipient_id": recipient_id, "at": at,
    }
    cursor.run(sql_text("data", "writes/begin_fresh_scores"), scope)
    cursor.run(f"INSERT INTO fresh_score BY NAME {_fresh_scores_sql()}", {**scope, "region_code": region_code})
    cursor.run(sql_text("data", "writes/drop_open_scores"), scope)
    cursor.run(
        sql_text("data", "writes/keep_fresh_scores"),
        {"document_number": document_number, "round_id": round_id},
    )


def _fresh_scores_sql() -> str:
    """One SELECT that scores every indicator of the scope for each span of time from $at on."""
    return with_relations(
        sql_text("data", "queries/fresh_scores"),
        {
            "clock": clock_sql("$at"),
            "moment": sql_text("data", "queries/moment"),
            "score_input": sql_text("data", "queries/score_input"),
            "rule": sql_text("data", "queries/rule"),
            "scored": sql_text("metrics", "score"),
        },
    )
