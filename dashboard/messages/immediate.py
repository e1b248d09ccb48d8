"""What a unit is told at once: a report or an answer came back, an inquiry was opened. At most these; everything else
waits for the morning's digest.

The action keeps only the cause (``dashboard.actions.messages.queue_immediate``); the letter is made of the receiver's
own boards when it is put into the outbox, so that it says what holds then and nothing of another unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from dashboard import labels
from dashboard.messages.inquiry_lines import came_back, opened
from dashboard.messages.letters import Letter, Line, page_path
from dashboard.messages.reading import Reading
from data.audit import Actor
from metrics.boards import checking, duties, reporting
from metrics.boards.definition import Scope

RETURNED, INQUIRY, INQUIRY_RETURNED = "returned", "inquiry", "inquiry_returned"
# Without channels causes stay behind; what is older than this is no news any more.
STALE = timedelta(days=7)
CLOSING = "理由和意见请登录后查看。"


def compose_at_once(reading: Reading, actor: Actor, name: str, cause: Mapping[str, Any]) -> Letter | None:
    """What a receiver is told of a cause; None if it does not hold any more."""
    return LETTERS[cause["message_kind"]](reading, actor, name, str(cause["cause_key"]))


def _returned(reading: Reading, actor: Actor, name: str, report_id: str) -> Letter | None:
    places = reading.store.query("report_place", report_id=report_id).to_dict("records")
    if not places:
        return None
    place = places[0]
    number, round_id = place["document_number"], place["round_id"]
    scope = Scope(number, round_id, reading.today)
    newest = reading.read(actor, reporting.duties, scope)
    newest = newest[(newest["round_id"] == round_id) & (newest["recipient_id"] == actor.recipient_id)]
    if newest.empty or newest["report_id"].iloc[0] != report_id or newest["report_state"].iloc[0] != "returned":
        return None
    asked = reading.read(actor, checking.returned_values, scope, actor.recipient_id)
    count = int(asked["indicator_no"].notna().sum())
    owed = reading.read_own(actor, duties.calendar_entries, reading.today, reading.region_code)
    owed = owed[
        (owed["document_number"] == number) & (owed["duty_key"] == f"return-{round_id}-{place['report_version']}")
    ]
    until = f"，{labels.day(owed['due_on'].iloc[0])}截止（本系统设定）" if len(owed) else ""
    text = (
        f"更正并重新报送{place['round_name']}填报（{number} 第 {place['report_version']} 版）"
        + (f"，{count} 项存疑" if count else "") + until
    )
    line = Line(f"{number}|{actor.recipient_id}|{report_id}", "waiting", text,
                page_path("reporting", notice=number, round=round_id))
    return Letter(f"问效·{name}：{place['round_name']}填报被退回", (line,), CLOSING)


LETTERS: dict[str, Callable[[Reading, Actor, str, str], Letter | None]] = {
    RETURNED: _returned, INQUIRY: opened, INQUIRY_RETURNED: came_back,
}


def is_stale(cause: Mapping[str, Any], at: datetime) -> bool:
    """Whether a cause is too old to be told at once."""
    return bool(at - cause["caused_at"] > STALE)
