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
    scope = {"document_number": document_number, "round_id": round_id, "recipient_id": recipient_id, "at": at}
    _make_fresh(cursor, scope, region_code)
    cursor.run(sql_text("data", "writes/drop_open_scores"), scope)
    cursor.run(
        f"INSERT INTO score BY NAME {sql_text('data', 'queries/merged_scores')}",
        {"document_number": document_number, "round_id": round_id},
    )


def stale_scores(cursor: Cursor, document_number: str, round_id: str, at: datetime, region_code: str) -> list[str]:
    """Which of a round's scores from ``at`` on are not those that the rule gives now, by unit and indicator.

    Nothing but a work table of the cursor is written. Empty: all are as a fresh recomputation gives them.
    """
    scope = {"document_number": document_number, "round_id": round_id, "recipient_id": "", "at": at}
    _make_fresh(cursor, scope, region_code)
    sql = with_relations(
        sql_text("data", "queries/stale_scores"), {"merged_scores": sql_text("data", "queries/merged_scores")}
    )
    key = {name: scope[name] for name in ("document_number", "round_id", "at")}
    return [row["place_text"] for row in cursor.rows(sql, key)]


def _make_fresh(cursor: Cursor, scope: dict[str, Any], region_code: str) -> None:
    """Fill the work table ``fresh_score`` with the scores of a scope from ``at`` on, and what of them held before."""
    cursor.run(sql_text("data", "writes/begin_fresh_scores"), scope)
    cursor.run(f"INSERT INTO fresh_score BY NAME {_fresh_scores_sql()}", {**scope, "region_code": region_code})


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
