"""What happens to a version of a report: submitted, returned, accepted, locked, reopened; each on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.audit import Actor
from data.errors import RefusedError
from data.store import Cursor, sql_text

SUBMITTED, RETURNED, ACCEPTED, LOCKED, REOPENED = "submitted", "returned", "accepted", "locked", "reopened"
OPEN_TO_REVIEW = (SUBMITTED, REOPENED)
CLOSED_STATES = {ACCEPTED: "已审核通过", LOCKED: "已锁定"}
# What a state is called, and what can be done in it: the answer to who tries something else.
NEXT_STEPS = {
    SUBMITTED: "已报送、待审核，可以逐项核对，然后通过或退回",
    RETURNED: "已退回，请等单位更正后重新报送",
    ACCEPTED: "已审核通过，可以锁定；要改的，由州级经办重新开放",
    LOCKED: "已锁定；要改的，由州级经办重新开放",
    REOPENED: "已重新开放，单位可以更正后重新报送，也可以按现在的数据核对、通过或退回",
}


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


def require_state(
    cursor: Cursor, document_number: str, round_id: str, recipient_id: str, step: str, states: tuple[str, ...]
) -> dict[str, Any]:
    """The newest version of a report that is in one of some states.

    Raises: RefusedError with the state that it is in and what can be done in it; or if nothing was reported.
    """
    newest = newest_version(cursor, document_number, round_id, recipient_id)
    if newest is None:
        raise RefusedError(f"这个单位本轮还没有报送，不能{step}。请先催报。")
    if newest["report_state"] not in states:
        raise RefusedError(f"现在不能{step}：这份填报{NEXT_STEPS[newest['report_state']]}。")
    return newest


def require_unlocked(newest: dict[str, Any] | None) -> None:
    """Let a reviewer decide points only while the report is not locked.

    Raises: RefusedError if it is, with what to do.
    """
    if newest and newest["report_state"] == LOCKED:
        raise RefusedError("这份填报已锁定，得分不再改动。确需复核的，请州级经办先重新开放。")
