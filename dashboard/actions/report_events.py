"""What happens to a version of a report: submitted, returned, accepted, locked, reopened; each on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.audit import Actor
from data.errors import RefusedError
from data.store import Cursor, sql_text

CLOSED_STATES = {"accepted": "已审核通过", "locked": "已锁定"}


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


def newest_version(cursor: Cursor, document_number: str, round_id: str, recipient_id: str) -> dict[str, Any] | None:
    """The newest version of a unit's report with its state and the event that made it; None before the first."""
    found = cursor.rows(sql_text("data", "queries/report_versions"), {
        "document_number": document_number, "round_id": round_id, "recipient_id": recipient_id,
        "as_of": datetime.max,
    })
    return found[0] if found else None


def require_open(newest: dict[str, Any] | None) -> None:
    """Let a unit change its report only while it is open.

    Raises: RefusedError if it is accepted or locked, with what to do.
    """
    if newest and newest["report_state"] in CLOSED_STATES:
        raise RefusedError(
            f"本轮填报{CLOSED_STATES[newest['report_state']]}，不能再改。确有错误的，请联系州财政局重新开放后再更正。"
        )
