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
    """One duty of importing through duty_clock.sql and timeliness.sql."""
    row = {
        "working_day_count": 3, "after_yuan": AFTER, "marker_text": MARKER, "counted_from_on": date(2021, 12, 22),
        "done_on": None, "attempted_on": None, "given_yuan": None, "given_marker": None,
        "as_of_on": date(2021, 12, 28), "calendar_day_count": None, "fixed_due_on": None, "is_empty": False, **facts,
    }
    if "attempted_on" not in facts:
        row["attempted_on"] = row["done_on"]
    types = {
        "working_day_count": "INTEGER", "calendar_day_count": "INTEGER", "after_yuan": "DECIMAL(18,2)",
        "given_yuan": "DECIMAL(18,2)", "is_empty": "BOOLEAN",
    }
    cells = ", ".join(
        f"CAST(${name} AS {types.get(name, 'DATE' if name.endswith('_on') else 'TEXT')}) AS {name}" for name in row
    )
    duty = with_relations(sql_text("metrics", "duty_clock"), {
        "duty_input": f"SELECT 'luntai' AS recipient_id, TRUE AS is_scored, {cells}",
        "working_day": sql_text("data", "queries/working_days"),
    })
    with counted_store(region).reading() as cursor:
        (found,) = cursor.rows(
            with_relations(sql_text("metrics", "timeliness"), {"duty": duty}), {**row, "region_code": region}
        )
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
        judged(region, counted_from_on=date(2025, 6, 5), as_of_on=date(2025, 6, 5))["due_on"] for region in (REGION, "")
    )

    assert (here, elsewhere) == (date(2025, 6, 13), date(2025, 6, 10))


@pytest.mark.parametrize(
    ("facts", "state", "late", "left"),
    [
        ({"counted_from_on": None}, "no_receipt", None, None),
        ({"counted_from_on": None, "done_on": date(2021, 12, 23)}, "no_receipt", None, None),
        ({"as_of_on": date(2021, 12, 22)}, "not_due", 0, 3),
        ({"as_of_on": date(2021, 12, 25)}, "not_due", 0, 1),
        ({"as_of_on": date(2021, 12, 27)}, "not_due", 0, 0),
        ({"as_of_on": date(2021, 12, 28)}, "overdue", 1, None),
        ({"as_of_on": date(2022, 1, 1)}, "overdue", 5, None),  # a rest day counts as the next working day, 01-04
        ({"done_on": date(2021, 12, 27)}, "on_time", 0, None),
        ({"done_on": date(2021, 12, 28)}, "late", 1, None),
        ({"done_on": date(2022, 1, 1), "as_of_on": date(2022, 1, 10)}, "late", 5, None),
        ({"attempted_on": date(2021, 12, 27), "is_empty": True}, "on_time_empty", 1, None),
        ({"attempted_on": date(2021, 12, 27), "given_yuan": 1}, "on_time_wrong", 1, None),
        ({"attempted_on": date(2021, 12, 28), "given_yuan": 1}, "overdue", 1, None),
        ({"attempted_on": date(2021, 12, 27), "given_yuan": 1, "as_of_on": date(2021, 12, 27)}, "not_due", 0, 0),
    ],
)
def test_each_state_at_and_around_its_limit(facts, state, late, left):
    row = judged(**facts)

    assert (row["clock_state"], row["late_days"], row["left_days"]) == (state, late, left)


def test_done_on_a_rest_day_counts_as_the_next_working_day():
    saturday, monday = (judged(done_on=date(2021, 12, day))["taken_days"] for day in (25, 27))

    assert saturday == monday == 3
    assert judged(done_on=date(2021, 12, 24))["taken_days"] == 2


def test_received_on_a_rest_day_counts_from_the_next_working_day():
    assert judged(counted_from_on=date(2021, 12, 25))["due_on"] == date(2021, 12, 29)
    assert judged(counted_from_on=date(2021, 12, 24))["due_on"] == date(2021, 12, 29)
