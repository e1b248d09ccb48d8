"""A calendar file of open duties: one event on the day each is due, with an alarm one working day before."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
from icalendar import Alarm, Calendar, Event

from dashboard import labels
from dashboard.duty_tables import basis_words, duty_name, lateness

ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = time(9)
LASTS = timedelta(minutes=30)
MEDIA_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "办理时限.ics"


def calendar_file(entries: pd.DataFrame, at: datetime, *, is_all: bool) -> bytes:
    """The rows of ``calendar_entries`` as an .ics file; ``is_all`` names the unit of each.

    The same duty keeps its UID in every file, so that a calendar replaces what it took before.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//问效//办理时限//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "问效办理时限")
    calendar.add("x-wr-timezone", str(ZONE))
    for row in entries.to_dict("records"):
        calendar.add_component(_event(row, at, is_all))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(row: dict[str, object], at: datetime, is_all: bool) -> Event:
    event = Event()
    key = f"{row['document_number']}|{row['recipient_id']}|{row['duty_key']}"
    due_on = pd.Timestamp(str(row["due_on"])).date()
    begins = datetime.combine(due_on, BEGINS, ZONE)
    who = f"{row['recipient_name']}　" if is_all else ""
    state = labels.marked(labels.OWED_MARKS, row["duty_state"])
    event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@wenxiao")
    event.add("dtstamp", at.replace(tzinfo=ZONE))
    event.add("dtstart", begins)
    event.add("dtend", begins + LASTS)
    event.add("summary", f"【到期】{who}{duty_name(row)}")
    event.add("description", "\n".join(part for part in (
        f"文件：{row['document_number']}", f"单位：{row['recipient_name']}", f"事项：{duty_name(row)}",
        f"状态：{state}{lateness(row)}", f"时限性质：{basis_words(row)}",
    )))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"下一个工作日到期：{who}{duty_name(row)}")
    alarm.add("trigger", _trigger(row, begins))
    event.add_component(alarm)
    return event


def _trigger(row: dict[str, object], begins: datetime) -> timedelta:
    """How long before the event the alarm rings: the same hour of the working day before, else of the day before."""
    if pd.isna(row["remind_on"]):
        return timedelta(days=-1)
    return datetime.combine(pd.Timestamp(str(row["remind_on"])).date(), BEGINS, ZONE) - begins
