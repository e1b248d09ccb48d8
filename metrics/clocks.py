"""The working-day clock of every unit of a notice, counted by ``timeliness.sql``."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import pandas as pd

from data.errors import CalendarError
from data.reference import regional_days
from data.store import Cursor, sql_text, with_relations
from metrics.working_days import FIRST_YEAR, WorkingCalendar

FIRST_DAY = date(FIRST_YEAR, 1, 1)


@cache
def working_day_frame(region_code: str) -> pd.DataFrame:
    """Every day of the years whose arrangement is published, numbered by working days.

    Shape:  one row a day: ``calendar_day``, ``ordinal``, ``next_ordinal``, ``is_working``.
    Unit:   ``ordinal`` counts the working days up to and including the day; ``next_ordinal`` is the
            ordinal of the first working day on or after it.
    Empty:  days of a year without a published arrangement are not there, so that nothing is guessed.
    Source: metrics.law, working-day definition.
    """
    calendar = WorkingCalendar(regional_days(), region_code)
    rows, ordinal, day = [], 0, FIRST_DAY
    while True:
        try:
            is_working = calendar.is_working_day(day)
        except CalendarError:
            break
        ordinal += is_working
        rows.append((day, ordinal, ordinal if is_working else ordinal + 1, is_working))
        day += timedelta(days=1)
    frame = pd.DataFrame(rows, columns=["calendar_day", "ordinal", "next_ordinal", "is_working"])
    frame["calendar_day"] = pd.to_datetime(frame["calendar_day"]).astype("datetime64[us]")
    return frame


def clock_sql(moment: str = "$as_of") -> str:
    """``timeliness.sql`` over the store's receipts; wants $document_number and the moment, reads working_day."""
    return with_relations(
        sql_text("metrics", "timeliness"),
        {
            "clock_input": sql_text("data", "queries/clock_input").replace("$as_of", moment),
            "working_day": "SELECT * REPLACE (CAST(calendar_day AS DATE) AS calendar_day) "
            "FROM working_day_frame",
        },
    )


def clocks(cursor: Cursor, document_number: str, as_of: datetime, region_code: str) -> pd.DataFrame:
    """The clock of every unit of a notice, as known at ``as_of``.

    Shape:  one row per recipient; no row if the notice sets no working-day limit.
    Unit:   working days.
    """
    cursor.lend("working_day_frame", working_day_frame(region_code))
    return cursor.frame(clock_sql(), {"document_number": document_number, "as_of": as_of})
