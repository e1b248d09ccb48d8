"""The calendar that deadlines run by: days that the region arranges otherwise, and when the office closes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.actions.accounts import require_standing
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.reference import RegionalDay
from data.store import Cursor, Store, sql_text
from metrics.counted_days import have_calendar, hours_on, recount, regional_rows
from metrics.moved_duties import MovedDuty, all_duties, moved_duties, refresh_moved, units_with_other_days
from metrics.regional_plan import RegionalSpan, changing_days, span_faults

MOST_LETTERS = 300
EARLIEST_CLOSE = "12:00"


@dataclass(frozen=True)
class CalendarChange:
    """What a change of the calendar comes to: the days that change, and the duties that are moved by them."""

    days: tuple[date, ...]
    moved: tuple[MovedDuty, ...]

    @property
    def unit_count(self) -> int:
        """How many units have another last day."""
        return len(units_with_other_days(self.moved))


def rehearse_regional_days(
    store: Store, actor: Actor, at: datetime, span: RegionalSpan, region_code: str
) -> CalendarChange:
    """What entering a span would change, without entering it.

    Raises: as ``add_regional_days``.
    """
    require(actor, "add_regional_days", needs_name=False)
    with store.rehearsal() as cursor:
        return _enter(cursor, actor, stamp(cursor, at), span, region_code)


def add_regional_days(store: Store, actor: Actor, at: datetime, span: RegionalSpan, region_code: str) -> LogEntry:
    """Enter the days of a span that the region arranges otherwise; count and score anew what they move.

    Days of the span that are as it says already are left out. Scores from before stay readable.

    Raises: RefusedError with everything that is wrong at once: no name or source, another region's code, more than
    31 days, a year without an arrangement, a day that is entered already, or nothing that changes.
    """
    require(actor, "add_regional_days")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        at = stamp(cursor, at)
        change = _enter(cursor, actor, at, span, region_code)
        refresh_moved(cursor, change.moved, at, region_code)
        return append(cursor, actor, at, "add_regional_days", f"{span.region_code} {change.days[0]}", {
            "before": {"is_working": not span.is_working},
            "after": {"is_working": span.is_working, "calendar_day": change.days, **_said(span.rows[0])},
            "moved_unit_count": change.unit_count,
        })


def rehearse_removal(
    store: Store, actor: Actor, at: datetime, entered_for: str, day: date, reason: str, region_code: str
) -> CalendarChange:
    """What removing a day would change, without removing it.

    Raises: as ``remove_regional_day``.
    """
    require(actor, "remove_regional_day", needs_name=False)
    with store.rehearsal() as cursor:
        return _remove(cursor, actor, stamp(cursor, at), entered_for, day, reason, region_code)[1]


def remove_regional_day(
    store: Store, actor: Actor, at: datetime, entered_for: str, day: date, reason: str, region_code: str
) -> LogEntry:
    """Let a day hold no longer, with a reason; the entry stays readable. Count and score anew what that moves.

    ``entered_for`` is the region's code that the day was entered for.

    Raises: RefusedError if no such day is entered, or no reason is given.
    """
    require(actor, "remove_regional_day")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        at = stamp(cursor, at)
        row, change = _remove(cursor, actor, at, entered_for, day, reason, region_code)
        refresh_moved(cursor, change.moved, at, region_code)
        return append(cursor, actor, at, "remove_regional_day", f"{entered_for} {day}", {
            "before": {"is_working": row.is_working, "calendar_day": day, **_said(row)}, "after": None,
            "reason": reason.strip(), "moved_unit_count": change.unit_count,
        })


def rehearse_office_hours(
    store: Store, actor: Actor, at: datetime, closes_at: str, closes_from_on: date, source_text: str, region_code: str
) -> CalendarChange:
    """What another closing time would change, without setting it.

    Raises: as ``change_office_hours``.
    """
    require(actor, "change_office_hours", needs_name=False)
    with store.rehearsal() as cursor:
        return _close(cursor, actor, stamp(cursor, at), closes_at, closes_from_on, source_text, region_code)[1]


def change_office_hours(
    store: Store, actor: Actor, at: datetime, closes_at: str, closes_from_on: date, source_text: str, region_code: str
) -> LogEntry:
    """Set when the office closes from a day on (19:30; empty for 24:00): what comes later counts as the next day.

    Moments before that day count as before, and so every duty that rests on them stands as it did.

    Raises: RefusedError if the words are no time of the afternoon, a time has no source, or nothing changes.
    """
    require(actor, "change_office_hours")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        at = stamp(cursor, at)
        before, change = _close(cursor, actor, at, closes_at, closes_from_on, source_text, region_code)
        refresh_moved(cursor, change.moved, at, region_code)
        return append(cursor, actor, at, "change_office_hours", "下班时间", {
            "before": before,
            "after": _hours(closes_at, closes_from_on, source_text),
            "moved_unit_count": change.unit_count,
        })


def _enter(cursor: Cursor, actor: Actor, at: datetime, span: RegionalSpan, region_code: str) -> CalendarChange:
    have_calendar(cursor, region_code)
    held = regional_rows(cursor)
    faults = span_faults(held, span, region_code)
    if faults:
        raise RefusedError("不能登记：" + "；".join(faults) + "。请改正后再登记。")
    days = changing_days(held, span, region_code)
    before = all_duties(cursor, at, region_code)
    cursor.insert("regional_day", [
        {
            "region_code": row.region_code, "calendar_day": row.day, "is_working": row.is_working,
            "holiday_name": row.name, "source_text": row.source, "trust": row.trust, "added_at": at,
            "added_by": actor.name, "removed_at": None, "removed_by": "", "removal_reason": "",
        }
        for row in span.rows if row.day in days
    ])
    recount(cursor)
    return CalendarChange(days, moved_duties(before, all_duties(cursor, at, region_code)))


def _remove(
    cursor: Cursor, actor: Actor, at: datetime, entered_for: str, day: date, reason: str, region_code: str
) -> tuple[RegionalDay, CalendarChange]:
    have_calendar(cursor, region_code)
    found = [row for row in regional_rows(cursor) if (row.region_code, row.day) == (entered_for, day)]
    faults = [] if found else [f"{entered_for} 的 {day} 没有登记过，或已经移除"]
    if not reason.strip():
        faults.append("没有写理由")
    if len(reason) > MOST_LETTERS:
        faults.append(f"理由不超过 {MOST_LETTERS} 个字")
    if faults:
        raise RefusedError("不能移除：" + "；".join(faults) + "。")
    before = all_duties(cursor, at, region_code)
    cursor.run(sql_text("data", "writes/remove_regional_day"), {
        "region_code": entered_for, "calendar_day": day, "removed_at": at, "removed_by": actor.name,
        "removal_reason": reason.strip(),
    })
    recount(cursor)
    return found[0], CalendarChange((day,), moved_duties(before, all_duties(cursor, at, region_code)))


def _close(
    cursor: Cursor, actor: Actor, at: datetime, closes_at: str, closes_from_on: date, source_text: str,
    region_code: str,
) -> tuple[Mapping[str, Any], CalendarChange]:
    """What held on the day from which the new setting holds, and what the new one moves."""
    have_calendar(cursor, region_code)
    wanted = _hours(closes_at, closes_from_on, source_text)
    entered = cursor.query("office_hours")
    held = hours_on(entered, closes_from_on)
    kept = _hours("", None, "")
    if held is not None:
        kept = _hours(held["closes_at"], held["closes_from_on"].date(), held["source_text"])
    faults = []
    is_time = re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", wanted["office_close"])
    if wanted["office_close"] and not (is_time and wanted["office_close"] >= EARLIEST_CLOSE):
        faults.append(
            f"下班时间“{closes_at[:20]}”不对：请写 {EARLIEST_CLOSE} 至 23:59 之间的时间，例如 19:30；不设定请留空"
        )
    if wanted["office_close"] and not wanted["office_close_source"]:
        faults.append("没有写出处，请写明作息时间是哪份文件定的")
    if len(source_text) > MOST_LETTERS:
        faults.append(f"出处不超过 {MOST_LETTERS} 个字")
    if wanted == {**kept, "office_close_from": closes_from_on}:
        faults.append(f"没有变化，{closes_from_on} 已经是这样设定的，不需要保存")
    if faults:
        raise RefusedError("不能保存：" + "；".join(faults) + "。")
    before = all_duties(cursor, at, region_code)
    cursor.insert("office_hours", [{
        "hours_no": int(entered["hours_no"].max()) + 1 if len(entered) else 1, "closes_from_on": closes_from_on,
        "closes_at": wanted["office_close"], "source_text": wanted["office_close_source"], "added_at": at,
        "added_by": actor.name,
    }])
    return kept, CalendarChange((), moved_duties(before, all_duties(cursor, at, region_code)))


def _hours(closes_at: str, closes_from_on: date | None, source_text: str) -> dict[str, Any]:
    """A closing time as the log has it."""
    return {
        "office_close": closes_at.strip(), "office_close_from": closes_from_on,
        "office_close_source": source_text.strip(),
    }


def _said(row: RegionalDay) -> dict[str, Any]:
    return {"region_code": row.region_code, "holiday_name": row.name, "source_text": row.source, "trust": row.trust}
