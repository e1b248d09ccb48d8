"""The calendar in the store: counted days, office hours, the editor of regional days, and its page."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import chinese_calendar
import holidays
import pytest
import streamlit as st
from builders import (
    MARKER,
    NUMBER,
    REGION,
    contents,
    is_whole_log,
    opened_store,
    receive,
    rows,
    score_of,
    sign_in,
)
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import calendar_tables, session
from dashboard.actions.calendar import (
    add_regional_days,
    change_office_hours,
    rehearse_office_hours,
    rehearse_regional_days,
    rehearse_removal,
    remove_regional_day,
)
from dashboard.rights import ADMINISTRATOR, PREFECTURE_OFFICER, NotAllowedError
from dashboard.workspace import open_workspace
from data.audit import Actor
from data.errors import RefusedError
from data.reference import RegionalDay, regional_days
from data.store import Store, sql_text, with_relations
from metrics.boards import calendar
from metrics.boards.definition import Scope
from metrics.boards.standing import unit_clocks
from metrics.counted_days import LAST_DAY, clock_day, keep_calendar, recount, store_calendar
from metrics.docking import docked_rows
from metrics.moved_duties import all_duties
from metrics.regional_plan import RegionalSpan, levels
from metrics.working_days import LAST_YEAR, WorkingCalendar, unpublished_sentence

ROOM = Path(dashboard.__file__).parent
KEEPER = Actor("信息员", ADMINISTRATOR)
AT = datetime(2021, 12, 28, 9)
TIMELINESS = 11     # the indicator that the clock scores
SOURCE = "新政办〔2021〕1号"


def span(day: str = "2021-12-24", last: str = "", **changes) -> RegionalSpan:
    """One free day in the middle of the founding notice's count, unless said otherwise."""
    given = {"region_code": REGION, "is_working": False, "holiday_name": "测试节", "source_text": SOURCE, "trust": "M"}
    return RegionalSpan(
        from_on=date.fromisoformat(day), to_on=date.fromisoformat(last or day), **{**given, **changes}
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The founding notice with its December round open; 轮台县 received it on 2021-12-22 at 18:00."""
    opened = opened_store(tmp_path)
    receive(opened)
    return opened


def clock(store: Store, as_of_on: date = date(2021, 12, 28)) -> dict:
    table = unit_clocks(store, Scope(NUMBER, "2021-12", as_of_on), REGION)
    return table[table["recipient_id"] == "luntai"].iloc[0].to_dict()


def due(store: Store) -> date:
    return clock(store)["due_on"].date()


# The table of counted days.

@cache
def counted_store() -> Store:
    """A store that has the days of the nation and the region, for reading only."""
    made = Store(None)
    with made.transaction() as cursor:
        keep_calendar(cursor, REGION)
    return made


def counted(region_code: str, received: list[date], limits: list[int]) -> dict[tuple[date, int], date | None]:
    """The last day of each limit after each receipt, by one join."""
    sql = with_relations(
        "SELECT r.received_on, l.days, due.calendar_day AS due_on FROM given_day AS r CROSS JOIN given_limit AS l "
        "JOIN working_day AS d ON d.calendar_day = r.received_on "
        "LEFT JOIN working_day AS due ON due.is_working AND due.ordinal = d.ordinal + l.days",
        {
            "given_day": "SELECT CAST(UNNEST($received) AS DATE) AS received_on",
            "given_limit": "SELECT UNNEST($limits) AS days",
            "working_day": sql_text("data", "queries/working_days"),
        },
    )
    with counted_store().reading() as cursor:
        found = cursor.rows(sql, {"received": received, "limits": limits, "region_code": region_code})
    return {(row["received_on"], row["days"]): row["due_on"] for row in found}


@pytest.mark.parametrize("region_code", ["", REGION])
def test_every_due_date_of_seven_years_is_the_calendar_s(region_code):
    first, last = date(2020, 1, 1), LAST_DAY
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    found = counted(region_code, days, list(range(1, 21)))
    calendar_here = WorkingCalendar(regional_days(), region_code)
    working = [day for day in days if calendar_here.is_working_day(day)]
    place = 0
    for day in days:
        place += day in working[place:place + 1]
        for limit in range(1, 21):
            expected = working[place + limit - 1] if place + limit <= len(working) else None
            assert found[day, limit] == expected, (day, limit)
    # The list of working days above counts as the calendar itself does.
    for day in days[::97]:
        if found[day, 20]:
            assert calendar_here.count(day, 20).due_on == found[day, 20]


@pytest.mark.parametrize(
    ("received", "national", "xinjiang"),
    [
        ("2025-06-05", "2025-06-10", "2025-06-13"),     # the eve of 古尔邦节
        ("2021-12-25", "2021-12-29", "2021-12-29"),     # a Saturday
        ("2022-01-30", "2022-02-09", "2022-02-09"),     # a make-up Sunday before 春节
        ("2021-12-30", "2022-01-05", "2022-01-05"),     # 元旦 of the next year's arrangement
        ("2022-12-30", "2023-01-05", "2023-01-05"),     # 元旦 that began on 12-31
    ],
)
def test_the_third_working_day_counted_by_hand(received, national, xinjiang):
    day = date.fromisoformat(received)

    assert counted("", [day], [3])[day, 3] == date.fromisoformat(national)
    assert counted(REGION, [day], [3])[day, 3] == date.fromisoformat(xinjiang)


def test_two_libraries_agree_on_every_day_that_both_know():
    years = [year for year in range(2002, LAST_YEAR + 1) if holidays.country_holidays("CN", years=year)]
    common = [year for year in years if year >= 2018]
    assert common[-1] == LAST_YEAR, "一个库还没有最近一年的安排"
    for year in common:
        other = holidays.country_holidays("CN", years=year)
        day = date(year, 1, 1)
        while day.year == year:
            assert chinese_calendar.is_workday(day) == other.is_working_day(day), day
            day += timedelta(days=1)


def test_a_store_is_counted_once_and_again_only_where_something_changed():
    made = Store(None)
    with made.transaction() as cursor:
        keep_calendar(cursor, REGION)
    first = contents_of_days(made)
    with made.transaction() as cursor:
        keep_calendar(cursor, REGION)
    assert contents_of_days(made) == first

    # As if the newest year had been published since: its days come in when the store is next opened.
    with made.transaction() as cursor:
        cursor.run(f"DELETE FROM working_day WHERE YEAR(calendar_day) = {LAST_YEAR}")
        keep_calendar(cursor, REGION)
    assert contents_of_days(made) == first


def contents_of_days(store: Store) -> list:
    return rows(store, "SELECT * FROM working_day ORDER BY region_code, calendar_day")


def test_a_shipped_day_that_a_person_removed_does_not_come_back(tmp_path):
    opened = open_workspace(tmp_path)
    day, code = date(2025, 6, 6), "650000"
    with opened.store.transaction() as cursor:
        keep_calendar(cursor, REGION)
    remove_regional_day(opened.store, KEEPER, AT, code, day, "没有见到原文", REGION)
    opened.store.close()

    again = open_workspace(tmp_path)
    with again.store.transaction() as cursor:
        keep_calendar(cursor, REGION)
        assert store_calendar(cursor, REGION).is_working_day(day)
    assert rows(again.store, "SELECT COUNT(*) AS n FROM regional_day WHERE calendar_day = $day", day=day) == [{"n": 1}]


def test_a_due_date_beyond_the_published_years_is_told_and_is_no_overdue(store):
    with store.transaction() as cursor:
        cursor.run("DELETE FROM working_day WHERE calendar_day > DATE '2021-12-25'")
    found = clock(store)

    assert found["clock_state"] == "not_published"
    assert found["late_days"] is None or found["late_days"] != found["late_days"]


# Office hours.

def hours(number: int, closes_from: str, closes_at: str) -> dict:
    return {"hours_no": number, "closes_from_on": date.fromisoformat(closes_from), "closes_at": closes_at,
            "source_text": SOURCE, "added_at": AT, "added_by": "信息员"}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2021-04-30 23:59:59", "2021-04-30"),     # before any setting a day ends at 24:00
        ("2021-05-01 19:30:00", "2021-05-01"),     # exactly at closing, on the first day of the setting
        ("2021-05-01 19:31:00", "2021-05-02"),
        ("2021-05-02 00:00:00", "2021-05-02"),
        ("2021-09-30 19:31:00", "2021-10-01"),     # the setting of the day, not the newest
        ("2021-10-01 19:01:00", "2021-10-02"),
        ("2021-10-31 19:01:00", "2021-11-01"),
        ("2021-11-01 19:31:00", "2021-11-01"),     # of two entries for one day the newer holds
        ("2021-12-01 23:59:00", "2021-12-01"),     # 24:00 again
    ],
)
def test_what_comes_after_closing_counts_as_the_next_day_by_the_setting_of_its_own_day(moment, day):
    made = Store(None)
    with made.transaction() as cursor:
        assert clock_day(cursor, datetime.fromisoformat(moment)) == date.fromisoformat(moment[:10])
        cursor.insert("office_hours", [
            hours(1, "2021-10-01", "19:00"), hours(2, "2021-11-01", "18:00"), hours(3, "2021-11-01", "20:00"),
            hours(4, "2021-12-01", ""), hours(5, "2021-05-01", "19:30"),       # entered last, holds first
        ])
        assert clock_day(cursor, datetime.fromisoformat(moment)) == date.fromisoformat(day)


def test_another_closing_time_moves_receipt_due_date_and_score_at_once(store):
    receive(store, happened_at=datetime(2021, 12, 28, 8), step="imported", amount_yuan=Decimal(29_390_000),
            marker_text=MARKER)
    late = score_of(store, TIMELINESS, AT)
    assert (due(store), clock(store)["late_days"]) == (date(2021, 12, 27), 1)

    setting = ("17:30", date(2021, 12, 22), SOURCE)     # the day of receipt
    said = rehearse_office_hours(store, KEEPER, AT, *setting, REGION)
    assert said.unit_count == 1
    assert due(store) == date(2021, 12, 27), "a rehearsal changes nothing"
    change_office_hours(store, KEEPER, AT, *setting, REGION)

    assert (due(store), clock(store)["clock_state"]) == (date(2021, 12, 28), "on_time")
    assert score_of(store, TIMELINESS, AT)["score_micro"] > late["score_micro"]
    (held,) = calendar.office_hours(store).to_dict("records")
    assert (held["closes_at"], held["closes_from_on"].date(), held["source_text"], held["added_by"]) == (
        *setting, "信息员"
    )
    assert is_whole_log(store)


def test_a_closing_time_moves_nothing_of_before_its_day(store):
    receive(store, happened_at=datetime(2021, 12, 27, 20), step="imported", amount_yuan=Decimal(29_390_000),
            marker_text=MARKER)
    scores = rows(store, "SELECT * FROM score ORDER BY ALL")
    assert clock(store)["clock_state"] == "on_time"

    setting = ("17:30", date(2021, 12, 28), SOURCE)
    said = rehearse_office_hours(store, KEEPER, AT, *setting, REGION)
    change_office_hours(store, KEEPER, AT, *setting, REGION)

    assert (said.moved, said.unit_count) == ((), 0)
    assert (due(store), clock(store)["clock_state"]) == (date(2021, 12, 27), "on_time")
    assert rows(store, "SELECT * FROM score ORDER BY ALL") == scores
    # A day earlier, and the import of eight in the evening would have been late.
    (moved,) = [
        duty for duty in rehearse_office_hours(store, KEEPER, AT, "17:30", date(2021, 12, 27), SOURCE, REGION).moved
        if duty.is_scored
    ]
    assert (moved.recipient_id, moved.old_state, moved.new_state) == ("luntai", "on_time", "late")


def test_a_setting_is_corrected_by_a_newer_one_for_its_day_and_both_stay(store):
    change_office_hours(store, KEEPER, AT, "19:30", date(2021, 12, 28), SOURCE, REGION)
    change_office_hours(store, KEEPER, AT, "19:00", date(2021, 12, 28), SOURCE, REGION)
    with pytest.raises(RefusedError, match="没有变化，2021-12-30 已经是这样设定的"):
        change_office_hours(store, KEEPER, AT, "19:00", date(2021, 12, 30), SOURCE, REGION)
    change_office_hours(store, KEEPER, AT, "", date(2022, 1, 1), "", REGION)

    table = calendar.office_hours(store)
    assert list(table["closes_at"]) == ["", "19:00", "19:30"]
    assert list(calendar_tables.office_history(table)["是否有效"]) == ["有效", "有效", "已被更正"]
    said = calendar_tables.office_sentence(table, date(2021, 12, 28))
    assert said.startswith("自 2021-12-28 起，一天到 19:00 为止")
    assert said.endswith("自 2022-01-01 起改为到 24:00 为止。")
    assert calendar_tables.office_sentence(table, date(2021, 12, 27)).startswith("一天到 24:00 为止：没有设定")
    lines = rows(store, "FROM audit_log WHERE action_name = 'change_office_hours' ORDER BY entry_no")
    logged = [json.loads(row["detail_json"]) for row in lines]
    assert [line["before"]["office_close"] for line in logged] == ["", "19:30", "19:00"]
    assert [line["after"]["office_close_from"] for line in logged] == [
        "2021-12-28", "2021-12-28", "2022-01-01"
    ]


@pytest.mark.parametrize("closes_at", ["7:30", "07:30", "24:00", "25:10", "晚上", "19:3"])
def test_a_closing_time_that_is_none_is_refused_with_every_fault(store, closes_at):
    before = contents(store)
    with pytest.raises(RefusedError, match=r"下班时间.*不对.*没有写出处"):
        change_office_hours(store, KEEPER, AT, closes_at, AT.date(), " ", REGION)
    with pytest.raises(RefusedError, match="没有变化"):
        change_office_hours(store, KEEPER, AT, "", AT.date(), "", REGION)
    assert contents(store) == before


@pytest.mark.parametrize(("closes_at", "received"), [("", 20), ("18:30", 20), ("18:30", 18), ("19:30", 23)])
@pytest.mark.parametrize(("day", "region_code"), [(22, REGION), (25, REGION), (24, "")])
def test_the_checks_of_docked_rows_count_as_the_clock_of_the_duty(store, closes_at, received, day, region_code):
    receive(store, happened_at=datetime(2021, 12, day, received), at=AT)
    with store.transaction() as cursor:
        # A day off here alone, so that the region matters.
        add_day_off(cursor, date(2021, 12, 28))
        if region_code:
            cursor.insert("workspace_setting", [{"setting_key": "region_code", "setting_value": region_code}])
        if closes_at:
            cursor.insert("office_hours", [hours(1, "2021-12-01", closes_at)])
        (receipt,) = docked_rows(cursor, "SELECT * FROM unit_receipt", NUMBER, AT)
        (duty,) = [
            row for row in all_duties(cursor, AT, region_code)
            if (row["recipient_id"], row["step"]) == ("luntai", "registered")
        ]

    assert (receipt["received_on"], receipt["due_on"]) == (duty["counted_from_on"], duty["due_on"])
    assert receipt["due_on"] is not None


def add_day_off(cursor, day: date) -> None:
    cursor.insert("regional_day", [{
        "region_code": REGION, "calendar_day": day, "is_working": False, "holiday_name": "节", "source_text": SOURCE,
        "trust": "M", "added_at": AT, "added_by": "信息员", "removed_at": None, "removed_by": "", "removal_reason": "",
    }])
    keep_calendar(cursor, REGION)
    recount(cursor)


# The editor.

def test_a_day_entered_moves_due_date_and_score_and_its_removal_restores_them(store):
    receive(store, happened_at=datetime(2021, 12, 28, 8), step="imported", amount_yuan=Decimal(29_390_000),
            marker_text=MARKER)
    late = score_of(store, TIMELINESS, AT)
    lines = rows(store, "SELECT COUNT(*) AS n FROM audit_log")[0]["n"]

    said = rehearse_regional_days(store, KEEPER, AT, span(), REGION)
    assert (said.days, said.unit_count) == ((date(2021, 12, 24),), 1)
    assert {(duty.old_due_on, duty.new_due_on) for duty in said.moved if duty.is_scored} == {
        (date(2021, 12, 27), date(2021, 12, 28))
    }
    assert due(store) == date(2021, 12, 27), "a rehearsal changes nothing"
    add_regional_days(store, KEEPER, AT, span(), REGION)
    in_time = score_of(store, TIMELINESS, AT)
    assert (due(store), in_time["due_on"]) == (date(2021, 12, 28), date(2021, 12, 28))
    assert in_time["score_micro"] > late["score_micro"]

    later = AT + timedelta(minutes=1)
    assert rehearse_removal(store, KEEPER, later, REGION, date(2021, 12, 24), "登记错了", REGION).unit_count == 1
    remove_regional_day(store, KEEPER, later, REGION, date(2021, 12, 24), "登记错了", REGION)
    assert due(store) == date(2021, 12, 27)
    assert score_of(store, TIMELINESS, later)["score_micro"] == late["score_micro"]
    # What was counted meanwhile stays readable, and so does the removed day.
    assert score_of(store, TIMELINESS, AT)["score_micro"] == in_time["score_micro"]
    table = calendar.regional_year(store, REGION, 2021)
    assert table[["added_by", "removed_by", "removal_reason"]].to_numpy().tolist() == [["信息员", "信息员", "登记错了"]]
    assert rows(store, "SELECT COUNT(*) AS n FROM audit_log")[0]["n"] == lines + 2
    assert is_whole_log(store)


def test_only_days_that_change_something_are_entered(store):
    add_regional_days(store, KEEPER, AT, span("2021-12-24", "2021-12-27"), REGION)

    entered = rows(store, "SELECT calendar_day FROM regional_day WHERE added_by = '信息员' ORDER BY 1")
    assert [row["calendar_day"].day for row in entered] == [24, 27]


def test_a_weekend_day_may_be_worked(store):
    add_regional_days(store, KEEPER, AT, span("2021-12-25", is_working=True), REGION)

    assert due(store) == date(2021, 12, 25)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"holiday_name": " ", "source_text": ""}, "没有写节日名称.*；没有写出处"),
        ({"trust": "Q", "region_code": "110000"}, "可信程度；地区代码“110000”不是本地区或上级地区"),
        ({"region_code": "652822"}, "不是本地区或上级地区"),
        ({"day": f"{LAST_YEAR + 1}-01-05"}, f"{LAST_YEAR + 1}年的全国放假安排尚未公布"),
        ({"day": "2021-12-25"}, "这一天本来就是休息日"),
        ({"day": "2021-12-27", "is_working": True}, "这一天本来就是上班日"),
        ({"day": "2021-12-25", "last": "2021-12-26"}, "这几天本来就是休息日"),
        ({"day": "2021-11-01", "last": "2021-12-02"}, "共 32 天，一次最多 31 天"),
        ({"day": "2021-12-24", "last": "2021-12-23"}, "最后一日 2021-12-23 早于第一日"),
        ({"day": "2025-06-06", "region_code": "650000"}, "2025-06-06 已经登记过"),
    ],
)
def test_a_wrong_span_is_refused_with_every_fault_at_once(store, changes, said):
    before = contents(store)
    with pytest.raises(RefusedError, match=said):
        add_regional_days(store, KEEPER, AT, span(**changes), REGION)
    assert contents(store) == before


@pytest.mark.parametrize("code", ["110000", "652822"])
def test_of_another_region_s_day_nothing_is_said_but_its_code(store, code):
    # A Tuesday and a working day: for another region it changes nothing here, and yet it is no rest day.
    with pytest.raises(RefusedError) as refused:
        add_regional_days(store, KEEPER, AT, span("2021-07-27", region_code=code), REGION)
    assert str(refused.value) == (
        f"不能登记：地区代码“{code}”不是本地区或上级地区，可选 652800、650000。请改正后再登记。"
    )


def test_a_span_as_long_as_may_be_is_taken(store):
    add_regional_days(store, KEEPER, AT, span("2021-11-01", "2021-12-01"), REGION)

    assert len(rows(store, "SELECT 1 FROM regional_day WHERE added_by = '信息员'")) == 23


def test_a_removal_wants_a_day_that_is_there_and_a_reason(store):
    with pytest.raises(RefusedError, match=r"没有登记过.*没有写理由"):
        remove_regional_day(store, KEEPER, AT, REGION, date(2021, 12, 24), " ", REGION)


def test_only_an_administrator_edits_the_calendar(store):
    officer = Actor("阿依古丽", PREFECTURE_OFFICER)
    for act, given in (
        (add_regional_days, (span(),)), (rehearse_regional_days, (span(),)),
        (remove_regional_day, ("650000", date(2025, 6, 6), "试")), (change_office_hours, ("19:30", AT.date(), SOURCE)),
    ):
        with pytest.raises(NotAllowedError):
            act(store, officer, AT, *given, REGION)


def test_a_fault_in_the_middle_leaves_nothing(store, monkeypatch):
    before = contents(store)

    def broken(*_):
        raise OSError("full")

    monkeypatch.setattr("dashboard.actions.calendar.append", broken)
    with pytest.raises(OSError, match="full"):
        add_regional_days(store, KEEPER, AT, span(), REGION)
    assert contents(store) == before


def test_a_region_s_levels_are_its_own_and_those_above():
    assert levels("652822") == ("652822", "652800", "650000")
    assert levels("650000") == ("650000",)
    assert levels("") == ()


def test_the_nearer_level_s_entry_is_counted(store):
    with store.transaction() as cursor:
        cursor.insert("regional_day", [
            {"region_code": code, "calendar_day": date(2021, 12, 24), "is_working": works, "holiday_name": "节",
             "source_text": SOURCE, "trust": "M", "added_at": AT, "added_by": "信息员", "removed_at": None,
             "removed_by": "", "removal_reason": ""}
            for code, works in (("650000", False), (REGION, True))
        ])
        recount(cursor)
        assert store_calendar(cursor, REGION).is_working_day(date(2021, 12, 24))
        assert RegionalDay("650000", date(2021, 12, 24), False, "节", SOURCE, "M") not in regional_days()
    assert due(store) == date(2021, 12, 27)


# The boards and the page.

def test_the_years_say_how_many_days_the_region_rests_more():
    table = calendar.years(counted_store(), REGION).set_index("year")

    assert table.loc[2025].to_dict() == {"national_count": 248, "region_count": 244, "entered_count": 8}
    assert table.loc[2024, "entered_count"] == 0
    assert table.index[0] == LAST_YEAR


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Run the page on a workspace of one notice, as a person of a role."""
    store = opened_store(tmp_path)
    receive(store)
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": "region_code", "setting_value": REGION},
            {"setting_key": "demonstration_today", "setting_value": "2021-12-28"},
        ])
    store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()

    def run(role: str, **query: str) -> AppTest:
        sign_in(monkeypatch, role)
        app = AppTest.from_file(str(ROOM / "app_pages" / "calendar.py"), default_timeout=60)
        app.query_params.update(query)
        app.run()
        assert not app.exception
        return app

    yield run
    session.workspace().store.close()
    st.cache_resource.clear()


def test_everybody_reads_the_page_and_only_the_administrator_gets_the_forms(page):
    app = page(PREFECTURE_OFFICER, year="2025")

    assert any("全国 248 个工作日，本地区 244 个" in each.value for each in app.markdown)
    assert not app.tabs


def test_the_page_says_what_is_missing(page):
    assert "地区民族节日放假安排尚未收录" in page(PREFECTURE_OFFICER).warning[0].value
    coming = page(PREFECTURE_OFFICER, year=str(LAST_YEAR + 1)).warning[0].value
    assert coming == unpublished_sentence(LAST_YEAR + 1)


def test_the_administrator_sets_a_closing_time_from_today_on(page):
    app = page(ADMINISTRATOR)
    assert app.date_input(key="calendar_closes_from_1").value == date(2021, 12, 28)
    app.text_input(key="calendar_closes_1").set_value("17:30")
    app.text_input(key="calendar_hours_source_1").set_value(SOURCE)
    app.button[2].click().run()
    assert any("这会改变 0 个单位的截止日" in each.value for each in app.markdown)

    app.button(key="calendar_save").click().run()
    assert not app.exception
    assert any("自 2021-12-28 起，一天到 17:30 为止" in each.value for each in app.markdown)
    assert any("历次设定：1 次" in each.label for each in app.expander)
    assert due(session.workspace().store) == date(2021, 12, 27)


def test_the_administrator_sees_what_a_day_moves_and_saves_it(page):
    app = page(ADMINISTRATOR)
    for key in ("calendar_from_1", "calendar_to_1"):
        app.date_input(key=key).set_value(date(2021, 12, 24))
    app.text_input(key="calendar_name_1").set_value("测试节")
    app.text_input(key="calendar_source_1").set_value(SOURCE)
    app.button[0].click().run()
    assert any("2021-12-24共 1 天改变。这会改变 1 个单位的截止日" in each.value for each in app.markdown)

    app.button(key="calendar_save").click().run()
    assert not app.exception
    assert "已登记地区安排，1 个单位的截止日改变" in app.success[0].value
    assert due(session.workspace().store) == date(2021, 12, 28)
