"""The store's own calendar: the days that regions change, and every day counted by them.

Limitations: the table holds the days as they are counted now. What a clock said before a day was entered or removed is
             in the scores kept from then.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pandas as pd

from data.reference import RegionalDay, regional_days
from data.store import Cursor, sql_text
from metrics.thresholds import RULE_EFFECTIVE_ON
from metrics.working_days import FIRST_YEAR, LAST_YEAR, WorkingCalendar

FIRST_DAY = date(FIRST_YEAR, 1, 1)
LAST_DAY = date(LAST_YEAR, 12, 31)
NATION = ""
SHIPPED = "程序自带"


def keep_calendar(cursor: Cursor, region_code: str) -> None:
    """Write the shipped regional days into a store that never had them, and count what is not counted as they say.

    A shipped day that a person removed stays removed. Years published since are counted when the store is next opened.
    """
    held = {(row["region_code"], row["calendar_day"]) for row in cursor.rows(sql_text("data", "queries/regional_days"))}
    cursor.insert("regional_day", [
        {
            "region_code": row.region_code, "calendar_day": row.day, "is_working": row.is_working,
            "holiday_name": row.name, "source_text": row.source, "trust": row.trust,
            "added_at": datetime.combine(RULE_EFFECTIVE_ON, time()), "added_by": SHIPPED,
            "removed_at": None, "removed_by": "", "removal_reason": "",
        }
        for row in regional_days() if (row.region_code, row.day) not in held
    ])
    for code in dict.fromkeys((NATION, region_code)):
        _count(cursor, code)


def have_calendar(cursor: Cursor, region_code: str) -> None:
    """``keep_calendar`` for a store in which the region is not counted to the last published day."""
    counted = {row["region_code"]: row["last_day"] for row in cursor.rows(sql_text("data", "queries/counted_regions"))}
    if counted.get(region_code) != LAST_DAY:
        keep_calendar(cursor, region_code)


def recount(cursor: Cursor) -> None:
    """Count every region anew whose days are in the store, after regional days were entered or removed."""
    for row in cursor.rows(sql_text("data", "queries/counted_regions")):
        _count(cursor, row["region_code"])


def regional_rows(cursor: Cursor) -> tuple[RegionalDay, ...]:
    """The regional days that hold now, as the store has them."""
    return tuple(
        RegionalDay(
            row["region_code"], row["calendar_day"], row["is_working"], row["holiday_name"], row["source_text"],
            row["trust"],
        )
        for row in cursor.rows(sql_text("data", "queries/regional_days")) if row["removed_at"] is None
    )


def store_calendar(cursor: Cursor, region_code: str) -> WorkingCalendar:
    """The calendar of a region by the store's own days, for a count with its words; the table counts the same days."""
    return WorkingCalendar(regional_rows(cursor), region_code)


def hours_on(hours: pd.DataFrame, day: date) -> dict[str, Any] | None:
    """The row of the query ``office_hours`` that holds on a day; None before the first.

    Source: metrics.law.OFFICE_HOURS_SOURCE.
    """
    held = hours[hours["closes_from_on"] <= pd.Timestamp(day)]
    return None if held.empty else {str(key): value for key, value in held.iloc[0].to_dict().items()}


def clock_day(cursor: Cursor, moment: datetime) -> date:
    """The day on which a moment counts for a clock: the next one after the office has closed.

    Source: metrics.law.OFFICE_HOURS_SOURCE; where no closing time holds on that day, it ends at 24:00.
    """
    day: date = cursor.rows(sql_text("data", "queries/clock_days"), {"moment": moment})[0]["clock_day"]
    return day


@cache
def counted_days(rows: tuple[RegionalDay, ...], region_code: str) -> pd.DataFrame:
    """Every day of the years whose arrangement is published, numbered by working days.

    Shape:  one row a day: ``calendar_day``, ``ordinal``, ``next_ordinal``, ``is_working``, ``day_note``.
    Unit:   ``ordinal`` counts the working days up to and including the day; ``next_ordinal`` is the
            ordinal of the first working day on or after it.
    Empty:  days of a year without a published arrangement are not there, so that nothing is guessed.
    Source: metrics.law.WORKING_DAY_SOURCE, metrics.law.REGIONAL_HOLIDAY_SOURCE.
    """
    calendar = WorkingCalendar(rows, region_code)
    found, ordinal = [], 0
    for step in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=step)
        is_working, note = calendar.kind_of_day(day)
        ordinal += is_working
        found.append((day, ordinal, ordinal if is_working else ordinal + 1, is_working, note))
    return pd.DataFrame(found, columns=["calendar_day", "ordinal", "next_ordinal", "is_working", "day_note"])


def _count(cursor: Cursor, region_code: str) -> None:
    """Keep the days of a region as they are counted now, where the store has them otherwise."""
    frame = counted_days(regional_rows(cursor), region_code)
    cursor.lend("counted_day", frame.assign(calendar_day=frame["calendar_day"].astype("date32[pyarrow]")))
    key = {"region_code": region_code}
    if cursor.rows(sql_text("data", "queries/miscounted_days"), key)[0]["day_count"]:
        cursor.delete("working_day", "region_code", region_code)
        cursor.run(sql_text("data", "writes/keep_working_days"), key)
