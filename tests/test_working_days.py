"""The calendar against a second library and against counts done by hand."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import CalendarError
from data.reference import RegionalDay, regional_days
from metrics.working_days import (
    FIRST_YEAR,
    LAST_YEAR,
    WorkingCalendar,
    calendar_for,
    deadline_as_json,
    print_count,
    region_holds,
    unpublished_sentence,
)

NATIONAL = WorkingCalendar()


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=step) for step in range((date(year + 1, 1, 1) - first).days)]


def regional(day, is_working=False, code="650000", name="古尔邦节"):
    return RegionalDay(code, date.fromisoformat(day), is_working, name, "测试", "S")


@pytest.mark.parametrize("year", range(2018, 2027))
def test_two_libraries_agree_on_every_day(year):
    other = holidays.country_holidays("CN", years=year)

    differing = [day for day in days_of(year) if NATIONAL.is_working_day(day) != other.is_working_day(day)]

    assert differing == []


@pytest.mark.parametrize(
    ("year", "expected"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_working_days_of_a_year(year, expected):
    assert sum(map(NATIONAL.is_working_day, days_of(year))) == expected


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2021-12-22", "2021-12-27"),
        ("2021-12-23", "2021-12-28"),
        ("2021-12-24", "2021-12-29"),
        ("2021-12-25", "2021-12-29"),  # received on a Saturday: day 0 all the same
        ("2021-12-28", "2021-12-31"),
        ("2021-12-29", "2022-01-04"),
        ("2021-12-30", "2022-01-05"),
        ("2021-12-31", "2022-01-06"),
        ("2022-01-28", "2022-02-07"),  # Saturday and Sunday before 春节 are worked
        ("2022-12-30", "2023-01-05"),  # the next year's notice made 12-31 a rest day
    ],
)
def test_third_working_day_after_receipt(received, due):
    assert NATIONAL.count(date.fromisoformat(received), 3).due_on == date.fromisoformat(due)


def test_count_shows_every_day_and_why_it_was_passed_over():
    due = NATIONAL.count(date(2021, 12, 31), 2)

    assert print_count(due) == "01-04 ①、01-05 ②"
    assert [(item.day.day, item.why) for item in due.skipped] == [
        (1, "元旦放假"), (2, "元旦放假"), (3, "元旦放假"),
    ]


def test_count_says_why_a_weekend_day_counts():
    due = NATIONAL.count(date(2022, 1, 28), 2)

    assert [item.note for item in due.counted] == ["周六，春节调休上班", "周日，春节调休上班"]


def test_founding_notice_count_prints_circled_numbers():
    assert print_count(NATIONAL.count(date(2021, 12, 22), 3)) == "12-23 ①、12-24 ②、12-27 ③"


def test_print_count_goes_beyond_fifty():
    printed = print_count(NATIONAL.count(date(2021, 1, 4), 51)).split("、")
    marks = [part.split()[1] for part in printed]

    assert [marks[index] for index in (19, 20, 34, 35, 49, 50)] == ["⑳", "㉑", "㉟", "㊱", "㊿", "(51)"]


def test_corban_2025_moves_the_due_date_in_xinjiang_only():
    received = date(2025, 6, 5)

    assert calendar_for("").count(received, 3).due_on == date(2025, 6, 10)
    assert calendar_for("652800").count(received, 3).due_on == date(2025, 6, 13)
    assert calendar_for("652822").count(received, 3).due_on == date(2025, 6, 13)
    assert calendar_for("440000").count(received, 3).due_on == date(2025, 6, 10)


def test_regional_make_up_day_is_worked_and_rest_day_is_not():
    calendar = WorkingCalendar([regional("2021-07-17", True), regional("2021-07-20")])

    due = calendar.count(date(2021, 7, 16), 3)

    assert [(item.day.day, item.note) for item in due.counted] == [
        (17, "周六，古尔邦节（地区）调休上班"), (19, ""), (21, ""),
    ]
    assert [(item.day.day, item.why) for item in due.skipped] == [(18, "周日"), (20, "古尔邦节（地区）放假")]


@pytest.mark.parametrize(
    ("row_code", "region_code", "expected"),
    [
        ("650000", "650000", True),
        ("650000", "652800", True),
        ("650000", "652822", True),
        ("650000", "652822000", True),
        ("652800", "652822", True),
        ("652800", "650000", False),
        ("652800", "652900", False),
        ("652822", "652800", False),
        ("650000", "640000", False),
    ],
)
def test_a_row_holds_downwards_only(row_code, region_code, expected):
    assert region_holds(row_code, region_code) is expected


@pytest.mark.parametrize("order", [1, -1])
def test_the_nearer_level_overrides(order):
    rows = [regional("2021-07-20"), regional("2021-07-20", True, "652800")][::order]

    assert WorkingCalendar(rows, "652800").is_working_day(date(2021, 7, 20))
    assert not WorkingCalendar(rows, "653100").is_working_day(date(2021, 7, 20))


def test_year_without_arrangement_is_refused_only_when_the_count_reaches_it():
    last = NATIONAL.count(date(LAST_YEAR, 12, 20), 3)

    assert last.due_on.year == LAST_YEAR
    with pytest.raises(CalendarError, match=rf"{LAST_YEAR + 1}年的放假安排尚未公布.*请"):
        NATIONAL.count(date(LAST_YEAR, 12, 31), 1)
    with pytest.raises(CalendarError, match=f"{LAST_YEAR + 1}年"):
        NATIONAL.working_days_between(date(LAST_YEAR, 12, 30), date(LAST_YEAR + 1, 1, 8))
    with pytest.raises(CalendarError, match=f"{FIRST_YEAR - 1}年"):
        NATIONAL.is_working_day(date(FIRST_YEAR - 1, 6, 2))


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, FIRST_YEAR, LAST_YEAR, LAST_YEAR + 1])
def test_a_year_is_refused_in_the_words_that_its_sentence_has(year):
    sentence = unpublished_sentence(year)
    if not sentence:
        assert FIRST_YEAR <= year <= LAST_YEAR
        NATIONAL.is_working_day(date(year, 6, 2))
    else:
        with pytest.raises(CalendarError) as refused:
            NATIONAL.is_working_day(date(year, 6, 2))
        assert str(refused.value) == sentence


def test_a_due_date_at_the_edge_of_the_published_years_says_so():
    assert "元旦" in NATIONAL.count(date(LAST_YEAR, 12, 25), 2).note
    assert "元旦" not in NATIONAL.count(date(2021, 12, 22), 3).note


def test_note_says_when_regional_days_are_not_on_file():
    assert NATIONAL.count(date(2025, 6, 5), 3).note.startswith("只按国务院办公厅的全国放假安排计算")
    assert calendar_for("652800").count(date(2025, 6, 5), 3).note == ""
    assert calendar_for("652800").count(date(2024, 6, 5), 3).note.startswith("2024年的地区民族节日")


@pytest.mark.parametrize(
    ("region", "is_working"), [(None, False), ("", True), ("652800", False), ("110000", True)]
)
def test_only_no_code_at_all_takes_every_given_row(region, is_working):
    calendar = WorkingCalendar([regional("2021-07-20")], region)

    assert calendar.is_working_day(date(2021, 7, 20)) is is_working


@pytest.mark.parametrize("working_days", [0, -3])
def test_limit_below_one_day_is_refused(working_days):
    with pytest.raises(CalendarError, match="不小于1"):
        NATIONAL.count(date(2021, 12, 22), working_days)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2021-12-27", "2021-12-27", 0),
        ("2021-12-27", "2021-12-28", 1),
        ("2021-12-31", "2022-01-03", 0),
        ("2021-12-31", "2022-01-04", 1),
        ("2021-12-27", "2021-12-20", 0),
    ],
)
def test_working_days_between_counts_the_end_and_not_the_start(start, end, expected):
    assert NATIONAL.working_days_between(date.fromisoformat(start), date.fromisoformat(end)) == expected


def test_deadline_as_json_is_the_whole_count():
    assert deadline_as_json(date(2021, 12, 24), 2) == {
        "received": "2021-12-24",
        "working_days": 2,
        "region": None,
        "due": "2021-12-28",
        "counted": [{"date": "2021-12-27", "ordinal": 1}, {"date": "2021-12-28", "ordinal": 2}],
        "skipped": [{"date": "2021-12-25", "reason": "周六"}, {"date": "2021-12-26", "reason": "周日"}],
        "note": "只按国务院办公厅的全国放假安排计算，未计地区民族节日。",
    }


@pytest.mark.parametrize("region", ["新疆", "6528", "65280000"])
def test_deadline_refuses_a_region_that_is_no_code(region):
    with pytest.raises(CalendarError, match=region):
        deadline_as_json(date(2021, 12, 24), 2, region)


received_days = st.dates(date(2018, 1, 1), date(2025, 12, 31))


@given(received_days, st.integers(1, 60), st.sampled_from(["", "652800"]))
def test_count_is_whole_and_grows(received, working_days, region):
    calendar = calendar_for(region)

    due = calendar.count(received, working_days)
    passed = sorted([item.day for item in due.counted] + [item.day for item in due.skipped])

    assert calendar.is_working_day(due.due_on)
    assert calendar.count(received, working_days + 1).due_on > due.due_on
    assert [item.ordinal for item in due.counted] == list(range(1, working_days + 1))
    assert passed == [received + timedelta(days=step + 1) for step in range((due.due_on - received).days)]
    assert calendar.working_days_between(received, due.due_on) == working_days


def test_regional_rows_change_something_or_name_a_weekend():
    # A row that repeats the national arrangement on a weekday would be a wrong date copied in.
    for row in regional_days():
        is_national = chinese_calendar.is_workday(row.day)
        assert row.is_working != is_national or row.day.weekday() >= 5, row
