"""What happens to a version of a report: submitted, returned, accepted, locked, reopened; each on record."""

from __future__ import annotations

from datetime import datetime

from data.audit import Actor
from data.store import Cursor


def add_event(
    cursor: Cursor, actor: Actor, at: datetime, report_id: str, report_state: str, event_reason: str = ""
) -> None:
    """Keep one event of a report inside the caller's transaction; the newest is the report's state."""
    cursor.insert("report_event", [{
        "event_no": int(cursor.query("newest_event_no")["event_no"][0]) + 1,
        "report_id": report_id,
        "report_state": report_state,
        "event_reason": event_reason,
        "happened_at": at,
        "done_by": actor.name,
    }])
