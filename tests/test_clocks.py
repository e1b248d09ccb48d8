"""The table of working days and the clock that counts by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import pandas as pd
import pytest

from data.reference import regional_days
from data.store import Store, sql_text, with_relations
from metrics.counted_days import counted_days, keep_calendar
from metrics.working_days import FIRST_YEAR, LAST_YEAR, calendar_for

REGION = "652800"
AFTER = Decimal(29_390_000)
MARKER = "01 中央直达资金"


@pytest.fixture(scope="module")
def days() -> pd.DataFrame:
    frame = counted_days(regional_days(), REGION)
    return frame.set_index(pd.to_datetime(frame["calendar_day"]))


@cache
def counted_store(region: str) -> Store:
    """A store that has the days of a region, for reading only."""
    store = Store(None)
    with store.transaction() as cursor:
        keep_calendar(cursor, region)
    return store


def judged(region: str = REGION, **facts) -> dict:
    """One row of clock_input through timeliness.sql."""
    row = {
        "allowed_days": 3, "after_yuan": AFTER, "marker_text": MARKER, "received_on": date(2021, 12, 22),
        "complete_on": None, "imported_on": None, "imported_yuan": None, "imported_marker": None,
        "as_of_on": date(2021, 12, 28), **facts,
    }
    types = {"allowed_days": "INTEGER", "after_yuan": "DECIMAL(18,2)", "imported_yuan": "DECIMAL(18,2)"}
    cells = ", ".join(
        f"CAST(${name} AS {types.get(name, 'DATE' if name.endswith('_on') else 'TEXT')}) AS {name}" for name in row
    )
    sql = with_relations(sql_text("metrics", "timeliness"), {
        "clock_input": f"SELECT 'luntai' AS recipient_id, {cells}",
        "working_day": sql_text("data", "queries/working_days"),
    })
    with counted_store(region).reading() as cursor:
        (found,) = cursor.rows(sql, {**row, "region_code": region})
    return found


def test_every_day_of_the_published_years_is_there_once(days):
    assert days.index.is_unique
    assert (days.index[0], days.index[-1]) == (pd.Timestamp(FIRST_YEAR, 1, 1), pd.Timestamp(LAST_YEAR, 12, 31))
    assert len(days) == (date(LAST_YEAR, 12, 31) - date(FIRST_YEAR, 1, 1)).days + 1


def test_ordinals_count_working_days(days):
    week = days.loc["2021-12-24":"2021-12-27"]

    assert list(week["is_working"]) == [True, False, False, True]
    assert list(week["ordinal"] - week["ordinal"].iloc[0]) == [0, 0, 0, 1]
    # A rest day stands for the next working day.
    assert list(week["next_ordinal"] - week["ordinal"].iloc[0]) == [0, 1, 1, 1]


def test_the_table_counts_as_the_calendar_does(days):
    calendar = calendar_for(REGION)
    for start in (date(2021, 12, 22), date(2021, 9, 30), date(2025, 6, 5), date(2024, 2, 9), date(2021, 12, 25)):
        due = calendar.count(start, 3).due_on
        ordinal = days.loc[pd.Timestamp(start), "ordinal"] + 3
        found = days[(days["ordinal"] == ordinal) & days["is_working"]]
        assert [day.date() for day in found.index] == [due], start


def test_a_regional_holiday_moves_the_deadline():
    here, elsewhere = (
        judged(region, received_on=date(2025, 6, 5), as_of_on=date(2025, 6, 5))["due_on"] for region in (REGION, "")
    )

    assert (here, elsewhere) == (date(2025, 6, 13), date(2025, 6, 10))


@pytest.mark.parametrize(
    ("facts", "state", "late", "left"),
    [
        ({"received_on": None}, "no_receipt", None, None),
        ({"received_on": None, "complete_on": date(2021, 12, 23)}, "no_receipt", None, None),
        ({"as_of_on": date(2021, 12, 22)}, "not_due", 0, 3),
        ({"as_of_on": date(2021, 12, 25)}, "not_due", 0, 1),
        ({"as_of_on": date(2021, 12, 27)}, "not_due", 0, 0),
        ({"as_of_on": date(2021, 12, 28)}, "overdue", 1, None),
        ({"as_of_on": date(2022, 1, 1)}, "overdue", 5, None),  # a rest day counts as the next working day, 01-04
        ({"complete_on": date(2021, 12, 27)}, "on_time", 0, None),
        ({"complete_on": date(2021, 12, 28)}, "late", 1, None),
        ({"complete_on": date(2022, 1, 1), "as_of_on": date(2022, 1, 10)}, "late", 5, None),
        ({"imported_on": date(2021, 12, 27), "imported_yuan": 0}, "on_time_empty", 1, None),
        ({"imported_on": date(2021, 12, 27), "imported_yuan": None}, "on_time_empty", 1, None),
        ({"imported_on": date(2021, 12, 27), "imported_yuan": 1}, "on_time_wrong", 1, None),
        ({"imported_on": date(2021, 12, 28), "imported_yuan": 1}, "overdue", 1, None),
        ({"imported_on": date(2021, 12, 27), "imported_yuan": 1, "as_of_on": date(2021, 12, 27)}, "not_due", 0, 0),
    ],
)
def test_each_state_at_and_around_its_limit(facts, state, late, left):
    row = judged(**facts)

    assert (row["clock_state"], row["late_days"], row["left_days"]) == (state, late, left)


def test_done_on_a_rest_day_counts_as_the_next_working_day():
    saturday, monday = (judged(complete_on=date(2021, 12, day))["taken_days"] for day in (25, 27))

    assert saturday == monday == 3
    assert judged(complete_on=date(2021, 12, 24))["taken_days"] == 2


def test_received_on_a_rest_day_counts_from_the_next_working_day():
    assert judged(received_on=date(2021, 12, 25))["due_on"] == date(2021, 12, 29)
    assert judged(received_on=date(2021, 12, 24))["due_on"] == date(2021, 12, 29)
