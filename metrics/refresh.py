"""Scores are refreshed in the transaction that changes what they rest on.

A score is kept with the span of time in which it held. What time alone will change (a deadline passes)
is known beforehand, so those later scores are written now, with the moment from which they hold; a
page that asks for a day picks the score that held then, and never judges by itself.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from data.store import Cursor, sql_text, with_relations
from metrics.clocks import clock_sql, working_day_frame
from metrics.scoring import score_sql

END_OF_TIME = datetime(9999, 12, 31)

SCORE_COLUMNS = (
    "scored_kind", "state", "achieved", "required", "score_micro", "weight_micro", "attainment_micro",
    "deviation_micro", "gap_points_micro", "allowed_days", "taken_days", "due_on", "done_on", "report_id",
    "target_version", "rule_version",
)


def _scored_inputs_sql() -> str:
    return with_relations(
        "SELECT s.*, i.allowed_days, i.taken_days, i.due_on, i.done_on, i.report_id, i.target_version\n"
        f"FROM (\n{score_sql()}\n) AS s\n"
        "JOIN score_input AS i\n"
        "    ON i.recipient_id = s.recipient_id AND i.indicator_no = s.indicator_no",
        {
            "clock": clock_sql().replace("$as_of", "$at"),
            "score_input": sql_text("data", "queries/score_input"),
        },
    )


def _turning_points(cursor: Cursor, document_number: str, round_id: str, at: datetime) -> list[datetime]:
    """The moments from ``at`` on when time alone changes a score: the day after each deadline."""
    days = cursor.rows(
        f"SELECT DISTINCT due_on FROM (\n{clock_sql().replace('$as_of', '$at')}\n) "
        "WHERE due_on IS NOT NULL UNION "
        "SELECT due_on FROM round WHERE document_number = $document_number AND round_id = $round_id",
        {"document_number": document_number, "round_id": round_id, "at": at},
    )
    after = {datetime.combine(row["due_on"] + timedelta(days=1), time.min) for row in days}
    return [at, *sorted(moment for moment in after if moment > at)]


def refresh_scores(
    cursor: Cursor, document_number: str, round_id: str, at: datetime, region_code: str, recipient_id: str = ""
) -> None:
    """Score a unit's indicators anew from ``at`` on (every unit's where ``recipient_id`` is empty).

    Scores that held before ``at`` stay readable; nothing is written where nothing changed.
    """
    cursor.lend("working_day_frame", working_day_frame(region_code))
    scope: dict[str, Any] = {
        "document_number": document_number, "round_id": round_id, "recipient_id": recipient_id,
    }
    moments = _turning_points(cursor, document_number, round_id, at)
    cursor.run(sql_text("data", "writes/begin_fresh_scores"), {**scope, "at": at})
    for start, end in zip(moments, [*moments[1:], END_OF_TIME], strict=True):
        cursor.run(
            f"INSERT INTO fresh_score SELECT recipient_id, indicator_no, $valid_from, $valid_to, "
            f"{', '.join(SCORE_COLUMNS)} FROM (\n{_scored_inputs_sql()}\n)",
            {**scope, "at": start, "valid_from": start, "valid_to": end},
        )
    cursor.run(sql_text("data", "writes/drop_open_scores"), {**scope, "at": at})
    cursor.run(
        sql_text("data", "writes/keep_fresh_scores"),
        {"document_number": document_number, "round_id": round_id},
    )
