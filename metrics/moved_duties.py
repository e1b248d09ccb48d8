"""Which duties a change of the calendar moves: their last day, the day they were done on, how they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.store import Cursor
from metrics.duties import duty_sql
from metrics.indicators import REGION_ID
from metrics.refresh import refresh_scores

Row = Mapping[str, Any]

# What a clock is judged by: a duty of which none of these changed stands as before.
COUNTED = ("counted_from_on", "due_on", "done_on", "taken_days", "late_days", "left_days", "duty_state")


@dataclass(frozen=True)
class MovedDuty:
    """A duty of a unit before and after; a day is None where it is not known or cannot be counted."""

    document_number: str
    recipient_id: str
    step: str
    what_text: str
    is_scored: bool
    old_due_on: date | None
    new_due_on: date | None
    old_state: str
    new_state: str


def all_duties(cursor: Cursor, at: datetime, region_code: str) -> list[dict[str, Any]]:
    """Every duty of every unit as known at a moment."""
    return cursor.rows(
        duty_sql(), {"document_number": "", "recipient_id": "", "region_code": region_code, "as_of": at}
    )


def moved_duties(before: Sequence[Row], after: Sequence[Row]) -> tuple[MovedDuty, ...]:
    """The duties that do not stand as before, in the order of notices and units."""
    old = {_key(row): row for row in before}
    return tuple(
        MovedDuty(
            row["document_number"], row["recipient_id"], row["step"], row["what_text"] or "", bool(row["is_scored"]),
            old[_key(row)]["due_on"], row["due_on"], old[_key(row)]["duty_state"], row["duty_state"],
        )
        for row in sorted(after, key=_key)
        if any(row[name] != old[_key(row)][name] for name in COUNTED)
    )


def units_with_other_days(moved: Sequence[MovedDuty]) -> tuple[str, ...]:
    """The units that have another last day for anything."""
    return tuple(dict.fromkeys(duty.recipient_id for duty in moved if duty.old_due_on != duty.new_due_on))


def refresh_moved(cursor: Cursor, moved: Sequence[MovedDuty], at: datetime, region_code: str) -> None:
    """Score anew, in every round of its notice, each unit whose scored duty was moved.

    The prefecture's own figures are rolled up when they are read; only units have scores that are kept.
    """
    scored = dict.fromkeys(
        (duty.document_number, duty.recipient_id) for duty in moved
        if duty.is_scored and duty.recipient_id != REGION_ID
    )
    for document_number, recipient_id in scored:
        for round_id in cursor.query("rounds", document_number=document_number)["round_id"]:
            refresh_scores(cursor, document_number, round_id, at, region_code, recipient_id)


def _key(row: Row) -> tuple[str, str, str]:
    return row["document_number"], row["recipient_id"], row["duty_key"]
