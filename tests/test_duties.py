"""Every duty with its own clock: states at their borders, steps done again, two clocks apart, rates, the calendar."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from builders import MARKER, NUMBER, OFFICER, PLAN, REGION, UNITS, clerk, opened_store, sign_in
from docking_builders import dock
from icalendar import Calendar
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import duty_charts, duty_tables, session
from dashboard.actions.receipt_files import import_receipts, receipt_template
from dashboard.actions.receipts import ReceiptEntry, confirm_docked_import, earlier_receipt, record_receipt
from dashboard.calendar_file import calendar_file
from dashboard.rights import PREFECTURE_OFFICER, NotAllowedError, read_board
from data.audit import Actor
from data.errors import FileError, IntakeError, RefusedError
from data.intake.receipt_table import HEADS
from data.store import Store, sql_text, with_relations
from metrics.boards import duties, overview
from metrics.boards.definition import Scope
from metrics.boards.timeliness import receipts
from metrics.counted_days import LAST_DAY, keep_calendar

ROOM = Path(dashboard.__file__).parent
AFTER = Decimal("29390000")     # 轮台县
AT = datetime(2021, 12, 30, 10)


@pytest.fixture(scope="module")
def counted() -> Store:
    """A store that has the days of the region."""
    store = Store(None)
    with store.transaction() as cursor:
        keep_calendar(cursor, REGION)
    return store


def judged(store: Store, **facts) -> dict:
    """One row of duty_input through duty_clock.sql: by default a limit of ten calendar days from 2021-12-10."""
    row = {
        "counted_from_on": date(2021, 12, 10), "working_day_count": None, "calendar_day_count": 10,
        "fixed_due_on": None, "attempted_on": facts.get("done_on"), "done_on": None, "is_empty": False,
        "as_of_on": date(2021, 12, 31), **facts,
    }
    types = {"working_day_count": "INTEGER", "calendar_day_count": "INTEGER", "is_empty": "BOOLEAN"}
    cells = ", ".join(f"CAST(${name} AS {types.get(name, 'DATE')}) AS {name}" for name in row)
    sql = with_relations(sql_text("metrics", "duty_clock"), {
        "duty_input": f"SELECT {cells}", "working_day": sql_text("data", "queries/working_days"),
    })
    with store.reading() as cursor:
        (found,) = cursor.rows(sql, {**row, "region_code": REGION})
    return found


BEYOND = LAST_DAY + timedelta(days=5)
WORKING = {"working_day_count": 5, "calendar_day_count": None}
FIXED = {"calendar_day_count": None, "counted_from_on": None, "fixed_due_on": date(2021, 12, 25)}     # a Saturday


@pytest.mark.parametrize(
    ("facts", "due", "state", "late", "left"),
    [
        ({"as_of_on": date(2021, 12, 20)}, date(2021, 12, 20), "not_due", 0, 0),
        ({"as_of_on": date(2021, 12, 21)}, date(2021, 12, 20), "overdue", 1, None),
        ({"as_of_on": date(2021, 12, 15)}, date(2021, 12, 20), "not_due", 0, 5),
        ({"done_on": date(2021, 12, 20)}, date(2021, 12, 20), "on_time", 0, None),
        ({"done_on": date(2021, 12, 22)}, date(2021, 12, 20), "late", 2, None),
        # Ten days from the 15th end on Saturday the 25th, and so on Monday the 27th.
        ({"counted_from_on": date(2021, 12, 15), "done_on": date(2021, 12, 27)},
         date(2021, 12, 27), "on_time", 0, None),
        ({"counted_from_on": date(2021, 12, 15), "done_on": date(2021, 12, 28)}, date(2021, 12, 27), "late", 1, None),
        ({"counted_from_on": None}, None, "no_receipt", None, None),
        ({"calendar_day_count": None}, None, "no_day", None, None),
        # A printed day stands, also where it is a rest day.
        ({**FIXED, "done_on": date(2021, 12, 25)}, date(2021, 12, 25), "on_time", 0, None),
        ({**FIXED, "as_of_on": date(2021, 12, 27)}, date(2021, 12, 25), "overdue", 2, None),
        ({**WORKING, "as_of_on": date(2021, 12, 17)}, date(2021, 12, 17), "not_due", 0, 0),
        ({**WORKING, "as_of_on": date(2021, 12, 20)}, date(2021, 12, 17), "overdue", 1, None),
        ({**WORKING, "done_on": date(2021, 12, 18)}, date(2021, 12, 17), "late", 1, None),
        ({**WORKING, "counted_from_on": date(2026, 12, 30)}, None, "not_published", None, None),
        ({**WORKING, "counted_from_on": None}, None, "no_receipt", None, None),
        # What ends beyond the published years is not guessed, also where it is counted in calendar days: nobody knows
        # yet whether the ninth of that January is a rest day.
        ({"counted_from_on": LAST_DAY - timedelta(days=11), "calendar_day_count": 20},
         None, "not_published", None, None),
        ({"counted_from_on": LAST_DAY - timedelta(days=11), "calendar_day_count": 20,
          "done_on": LAST_DAY - timedelta(days=10)}, None, "not_published", None, None),
        ({"counted_from_on": LAST_DAY - timedelta(days=11), "calendar_day_count": 11, "as_of_on": LAST_DAY},
         LAST_DAY, "not_due", 0, 0),
        # Overdue beyond the published years: how many working days cannot be said, calendar days can.
        ({**WORKING, "as_of_on": BEYOND}, date(2021, 12, 17), "overdue", None, None),
        ({**WORKING, "attempted_on": date(2021, 12, 17), "is_empty": True, "as_of_on": BEYOND},
         date(2021, 12, 17), "on_time_empty", None, None),
        ({**WORKING, "done_on": BEYOND, "as_of_on": BEYOND}, date(2021, 12, 17), "late", None, None),
        ({**WORKING, "done_on": date(2021, 12, 17), "as_of_on": BEYOND}, date(2021, 12, 17), "on_time", 0, None),
        ({"as_of_on": BEYOND}, date(2021, 12, 20), "overdue", (BEYOND - date(2021, 12, 20)).days, None),
        ({**WORKING, "attempted_on": date(2021, 12, 17), "is_empty": True},
         date(2021, 12, 17), "on_time_empty", 10, None),
        ({**WORKING, "attempted_on": date(2021, 12, 17)}, date(2021, 12, 17), "on_time_wrong", 10, None),
        ({**WORKING, "attempted_on": date(2021, 12, 20)}, date(2021, 12, 17), "overdue", 10, None),
    ],
)
def test_each_kind_of_limit_at_its_border(counted, facts, due, state, late, left):
    row = judged(counted, **facts)

    assert (row["due_on"], row["duty_state"], row["late_days"], row["left_days"]) == (due, state, late, left)


@pytest.mark.parametrize(
    ("words", "working_days", "step", "is_import"),
    [
        (["项目明细绩效目标报送省财政厅和省级主管部门备案"], [None], ["reported"], [False]),
        (["资金分配使用情况报市脱贫办备案"], [None], ["reported"], [False]),
        (["将资金分解下达"], [None], ["allocated"], [False]),
        (["拨付到位"], [None], ["paid"], [False]),
        (["整改到底"], [None], ["finished"], [False]),
        (["将调整指标信息全部导入监控系统"], [3], ["imported"], [True]),
        (["整改到底"], [3], ["imported"], [True]),        # the first limit in working days is the clock that scores
        (["全部导入", "标识登录", "上报", "再上报"], [3, 5, None, None],
         ["imported", "marked", "reported", "reported-2"], [True, False, False, False]),
    ],
)
def test_a_limit_s_step_is_read_from_its_words(words, working_days, step, is_import):
    limits = pd.DataFrame({
        "document_number": "甲", "deadline_no": range(1, len(words) + 1), "what_text": words,
        "working_day_count": pd.array(working_days, dtype="Int32"),
    })
    with Store(None).reading() as cursor:
        cursor.lend("given", limits)
        found = cursor.rows(with_relations(sql_text("metrics", "deadline_step"), {
            "printed_limit": "SELECT * FROM given",
        }))

    found.sort(key=lambda row: row["deadline_no"])
    assert [row["step"] for row in found] == step
    assert [row["is_import_limit"] for row in found] == is_import


# --- over a store ----------------------------------------------------------------------------------------------------

@pytest.fixture
def store(tmp_path):
    opened = opened_store(tmp_path)
    yield opened
    opened.close()


def scope(day: int) -> Scope:
    return Scope(NUMBER, "2021-12", date(2021, 12, day))


def record(store, step, day, unit="luntai", actor=OFFICER, recorded=AT, amount=None, marker=""):
    record_receipt(
        store, actor, recorded, NUMBER, unit, ReceiptEntry(step, datetime(2021, 12, day, 9), amount, marker), REGION
    )


def limits(store, day, unit="luntai"):
    table = duties.timeline(store, scope(day), REGION)
    return table[(table["recipient_id"] == unit) & (table["duty_kind"] == "import")].set_index("step")


def test_the_steps_on_the_way_share_the_day_of_the_import(store):
    record(store, "received", 22)
    record(store, "registered", 23)
    way = limits(store, 31)

    assert list(way.index) == ["registered", "marked", "imported"]
    assert set(way["due_on"].dt.date) == {date(2021, 12, 27)}
    assert set(way["duty_basis"]) == {"own_rule"}
    assert list(way["duty_state"]) == ["on_time", "overdue", "overdue"]
    assert list(way["is_counted"]) == [False, False, True]


def test_a_whole_import_shows_that_the_steps_before_it_were_done(store):
    record(store, "received", 22)
    record(store, "imported", 24, amount=AFTER, marker=MARKER)
    way = limits(store, 31)

    assert list(way["duty_state"]) == ["on_time"] * 3
    assert list(way["is_inferred"]) == [True, True, False]


@pytest.mark.parametrize(
    ("amount", "marker", "state", "short", "fault"),
    [
        (None, "", "on_time_empty", 29_390_000, "missing"),
        (Decimal(0), MARKER, "on_time_empty", 29_390_000, ""),
        (Decimal("29389999.99"), MARKER, "on_time_wrong", 0.01, ""),
        (AFTER + 1, MARKER, "on_time_wrong", -1, ""),
        (AFTER, "", "on_time_wrong", 0, "missing"),
        (AFTER, "03 省级直达资金", "on_time_wrong", 0, "different"),
    ],
)
def test_what_is_wrong_is_said(store, amount, marker, state, short, fault):
    record(store, "received", 22)
    record(store, "imported", 27, amount=amount, marker=marker)
    late = duties.late_table(store, scope(30), REGION)
    (row,) = late[late["duty_kind"] == "import"].to_dict("records")

    assert (row["duty_state"], row["marker_fault"]) == (state, fault)
    assert row["short_yuan"] == pytest.approx(short)


def test_done_again_is_counted_and_the_first_day_stays(store):
    record(store, "received", 22, recorded=datetime(2021, 12, 22, 18))
    record(store, "imported", 23, amount=Decimal(1), marker=MARKER, recorded=datetime(2021, 12, 23, 10))
    record(store, "imported", 28, amount=AFTER, marker=MARKER, recorded=datetime(2021, 12, 28, 10))

    then, now = limits(store, 27).loc["imported"], limits(store, 30).loc["imported"]
    assert (then["duty_state"], then["done_count"]) == ("not_due", 1)
    assert (now["duty_state"], now["late_days"], now["done_count"]) == ("late", 1, 2)
    assert (now["first_done_on"].date(), now["last_done_on"].date()) == (date(2021, 12, 23), date(2021, 12, 28))


def test_the_prefecture_s_clock_is_apart_from_the_units(store):
    record(store, "received", 20, unit="region")
    record(store, "received", 23)
    own = duties.region_timeline(store, scope(31), REGION)
    units = duties.timeline(store, scope(31), REGION)

    assert set(own["recipient_id"]) == {"region"} and "region" not in set(units["recipient_id"])
    assert set(own["due_on"].dt.date) == {date(2021, 12, 23)} and set(own["duty_basis"]) == {"notice"}
    assert limits(store, 31).loc["imported", "due_on"].date() == date(2021, 12, 28)


def test_a_round_is_due_on_its_day_and_not_before_it_is_opened(store):
    table = duties.timeline(store, scope(PLAN.due_on.day), REGION)
    rounds = table[table["duty_kind"] == "round"]
    assert len(rounds) == len(UNITS) and set(rounds["duty_state"]) == {"not_due"}

    late = duties.timeline(store, scope(PLAN.due_on.day + 1), REGION)
    assert set(late.loc[late["duty_kind"] == "round", "late_days"]) == {1}
    before = duties.timeline(store, scope(21), REGION)
    assert before[before["duty_kind"] == "round"].empty


def test_rates_have_both_sides_and_what_is_left_out(store):
    record(store, "received", 22)
    record(store, "imported", 27, amount=AFTER, marker=MARKER)
    record(store, "received", 22, unit="bohu")
    table = duties.on_time_rates(store, date(2021, 12, 30), REGION)
    counts = ["on_time_count", "due_count", "late_count", "open_count", "not_due_count", "unknown_count"]
    # Twelve rounds overdue; 轮台县 imported in time, 博湖县 not at all, ten units without a receipt.
    of_all = table[table["group_kind"] == "all"].iloc[0]
    assert list(of_all[counts]) == [1, 14, 0, 13, 0, 10]
    units = table[table["group_kind"] == "unit"].set_index("recipient_id")
    assert list(units.loc["luntai", counts]) == [1, 2, 0, 1, 0, 0]
    quarters = table[(table["group_kind"] == "quarter") & (table["recipient_id"] == "")].set_index("group_key")
    assert list(quarters.loc["2021-4", counts]) == [1, 14, 0, 13, 0, 0]
    assert list(quarters.loc["", counts]) == [0, 0, 0, 0, 0, 10]
    notices = table[(table["group_kind"] == "notice") & (table["recipient_id"] == "")].set_index("group_key")
    assert list(notices.loc[NUMBER, counts]) == list(of_all[counts])


def test_a_unit_s_people_see_their_own_duties_only(store):
    person = clerk("luntai")
    for board, given in (
        (duties.timeline, (scope(30), REGION)), (duties.late_table, (scope(30), REGION)),
        (duties.on_time_rates, (date(2021, 12, 30), REGION)), (duties.duty_history, (date(2021, 12, 30), REGION)),
        (duties.calendar_entries, (date(2021, 12, 30), REGION, "luntai")),
    ):
        assert set(read_board(store, person, board, *given)["recipient_id"]) == {"luntai"}
    with pytest.raises(NotAllowedError):
        read_board(store, person, duties.calendar_entries, date(2021, 12, 30), REGION, "bohu")
    with pytest.raises(NotAllowedError):
        read_board(store, person, duties.region_timeline, scope(30), REGION)


def test_the_calendar_has_an_event_for_each_open_duty_with_an_alarm_a_working_day_before(store):
    record(store, "received", 24)       # Friday; due Wednesday the 29th
    entries = duties.calendar_entries(store, date(2021, 12, 27), REGION, "luntai")
    content = calendar_file(entries, datetime(2021, 12, 27, 9), is_all=False)
    events = list(Calendar.from_ical(content).walk("VEVENT"))

    assert [event["dtstart"].dt.strftime("%Y-%m-%d %z") for event in events] == ["2021-12-27 +0800"]
    record(store, "imported", 24, amount=Decimal(1), marker=MARKER)
    again = duties.calendar_entries(store, date(2021, 12, 31), REGION, "luntai")
    events = {
        str(event["summary"]): event
        for event in Calendar.from_ical(calendar_file(again, AT, is_all=False)).walk("VEVENT")
    }
    imported = events["【到期】导入监控系统"]
    (alarm,) = imported.walk("VALARM")
    assert imported["dtstart"].dt.date() == date(2021, 12, 29) and alarm["trigger"].dt == timedelta(days=-1)
    reported = events["【到期】报送2021年12月数据"]
    (alarm,) = reported.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(days=-3)         # Monday's working day before is Friday
    (first,) = Calendar.from_ical(content).walk("VEVENT")
    assert first["uid"] == reported["uid"] and first["uid"] != imported["uid"]


def test_no_mark_of_a_unit_hides_another_of_the_same_day(store):
    record(store, "received", 27)
    for step in ("registered", "marked"):
        record(store, step, 27)
    record(store, "imported", 27, amount=AFTER, marker=MARKER)
    table = duties.timeline(store, scope(31), REGION)
    reported = (table["recipient_id"] == "luntai") & (table["duty_kind"] == "round")
    table.loc[reported, ["done_on", "last_done_on"]] = pd.Timestamp(2021, 12, 27)
    figure = duty_charts.timeline(table)

    units = list(table["recipient_id"].unique())
    own = [
        (trace.name, pd.Timestamp(day), level)
        for trace in figure.data if trace.mode == "markers" and trace.name != "到期日"
        for day, level in zip(trace.x, trace.y, strict=True) if round(level) == units.index("luntai")
    ]
    assert {name for name, *_ in own} == {"收到文件", "登录指标", "标识登录", "导入监控系统", "报送"}
    assert {day for _, day, _ in own} == {pd.Timestamp(2021, 12, 27)}
    levels = sorted(level for *_, level in own)
    row_height = (figure.layout.height - 130) / len(units)      # 130 pixels are the axis and the legend
    assert min(high - low for low, high in pairwise(levels)) * row_height > 9, "a mark is 12 pixels wide"


@pytest.fixture
def opened_page(tmp_path, monkeypatch):
    """The page on a day beyond the published years, as a person of a role: 轮台县 received and imported nothing."""
    opened = opened_store(tmp_path)
    record(opened, "received", 22)
    with opened.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": "region_code", "setting_value": REGION},
            {"setting_key": "demonstration_today", "setting_value": str(BEYOND)},
        ])
    opened.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()

    def run(person) -> AppTest:
        sign_in(monkeypatch, person.role, person.recipient_id)
        app = AppTest.from_file(str(ROOM / "app_pages" / "timeliness.py"), default_timeout=60)
        app.session_state["scope"] = Scope(NUMBER, "2021-12", BEYOND)
        app.run()
        assert not app.exception
        return app

    yield run
    session.workspace().store.close()
    st.cache_resource.clear()


def words_of(app: AppTest) -> str:
    return "\n".join([*(each.value for each in app.markdown), *(each.proto.body for each in app.get("html"))])


def test_the_page_offers_what_the_export_shows_and_records_it_with_one_click(opened_page):
    dock(session.workspace().store, "allotment", {}, system="monitoring", at=datetime(2021, 12, 28, 8))
    app = opened_page(clerk("luntai"))
    assert "监控系统导出显示 12月24日已全部导入，标识一致，请登记确认（《allotment.csv》第 2 行）" in words_of(app)

    app.button(key="timeliness_confirm").click().run()
    assert not app.exception
    assert "已登记：轮台：12月24日导入 2,939 万元。" in app.success[0].value
    now = duties.timeline(session.workspace().store, Scope(NUMBER, "2021-12", BEYOND), REGION)
    own = now[(now["recipient_id"] == "luntai") & (now["duty_kind"] == "import")]
    assert list(own["duty_state"]) == ["on_time"] * 3
    with pytest.raises(KeyError):
        app.button(key="timeliness_confirm")


def test_the_page_records_a_receipt_whose_deadline_cannot_be_counted(opened_page):
    app = opened_page(clerk("bohu"))
    app.date_input(key="timeliness_on").set_value(BEYOND - timedelta(days=1))
    next(each for each in app.button if each.label == "登记").click().run()

    assert not app.exception
    assert f"已登记：博湖县收到文件；{BEYOND.year}年的放假安排尚未公布，截止日暂不能计算" in app.success[0].value


def test_what_is_overdue_in_an_unpublished_year_is_told_without_a_number(opened_page):
    prefecture = words_of(opened_page(OFFICER))
    assert "另有 1 项逾期，天数待放假安排公布" in prefecture
    assert "■ 逾期未办，天数待放假安排公布" in prefecture
    assert "导入监控系统，逾期，天数待放假安排公布，今天催办" in words_of(opened_page(clerk("luntai")))
    found = overview.attention(session.workspace().store, Scope(NUMBER, "2021-12", BEYOND), REGION)
    told = "轮台县指标导入监控系统已逾期，涉及 2,939 万元，天数待放假安排公布，请今天催办。"
    assert told in [each.sentence for each in found]


# --- what the monitoring system's export shows -----------------------------------------------------------------------

SHORT = Decimal("29000000")
REST = AFTER - SHORT


def monitored(*rows: dict) -> list[dict]:
    return [{"marker_text": MARKER, "registered_on": date(2021, 12, 24), **row} for row in rows]


@pytest.mark.parametrize(
    ("export", "state", "said"),
    [
        ([{}], "whole", "监控系统导出显示 12月24日已全部导入，标识一致，请登记确认（《allotment.csv》第 2 行）"),
        # Whole on the day when the last part came; what is moved to and fro later changes nothing.
        ([{"amount_yuan": SHORT, "registered_on": date(2021, 12, 23)}, {"amount_yuan": REST},
          {"amount_yuan": 5, "registered_on": date(2021, 12, 28)},
          {"amount_yuan": -5, "registered_on": date(2021, 12, 28)}],
         "whole", "监控系统导出显示 12月24日已全部导入，标识一致，请登记确认（《allotment.csv》第 2 行等 4 行）"),
        ([{"amount_yuan": SHORT}], "amount",
         "监控系统导出合计 2,900 万元，应为 2,939 万元，不能据此登记（《allotment.csv》第 2 行）"),
        ([{}, {"amount_yuan": 5}], "amount",
         "监控系统导出合计 2,939.0005 万元，应为 2,939 万元，不能据此登记（《allotment.csv》第 2 行等 2 行）"),
        ([{"marker_text": "03 省级直达资金"}], "marker",
         f"监控系统导出的标识是“03 省级直达资金”，应为“{MARKER}”，不能据此登记（《allotment.csv》第 2 行）"),
        ([{"amount_yuan": SHORT}, {"amount_yuan": REST, "marker_text": ""}], "marker",
         f"监控系统导出的标识没有填，应为“{MARKER}”，不能据此登记（《allotment.csv》第 2 行等 2 行）"),
        ([{"registered_on": None}], "no_day",
         "监控系统导出里金额和标识一致，但看不出哪一天全部导入，不能据此登记（《allotment.csv》第 2 行）"),
        ([{"registered_on": date(2021, 12, 21)}], "early",
         "监控系统导出显示 12月21日已全部导入，早于登记的收文日，请先核对收文日（《allotment.csv》第 2 行）"),
        ([], "nothing", "监控系统导出里没有这笔资金，不能据此登记（《allotment.csv》）"),
    ],
)
def test_the_export_is_offered_as_evidence_only_where_it_shows_all_of_it(store, export, state, said):
    record(store, "received", 22)
    dock(store, "allotment", *monitored(*export), system="monitoring", at=datetime(2021, 12, 28, 8))
    table = duties.docked_imports(store, scope(30), REGION)
    (row,) = table[table["recipient_id"] == "luntai"].to_dict("records")

    assert (row["evidence_state"], duty_tables.evidence(row)) == (state, said)
    assert ("luntai" in duty_tables.confirmable(table)) == (state == "whole")
    late = duty_tables.late_ones(duties.late_table(store, scope(30), REGION), table, is_own=False)
    assert said in set(late["监控系统导出"])
    steps = duty_tables.steps_and_evidence(duties.timeline(store, scope(30), REGION), table)
    assert said in set(steps["监控系统导出"])
    # The record alone counts, whatever the export shows.
    assert limits(store, 30).loc["imported", "duty_state"] == "overdue"


def test_without_a_receipt_the_export_asks_for_it_first(store):
    dock(store, "allotment", *monitored({}), system="monitoring", at=datetime(2021, 12, 28, 8))
    table = duties.docked_imports(store, scope(30), REGION).set_index("recipient_id")

    assert table.loc["luntai", "evidence_state"] == "no_receipt"
    with pytest.raises(RefusedError, match="不能据此登记"):
        confirm_docked_import(store, OFFICER, AT, NUMBER, "luntai", REGION)


def test_without_an_export_of_the_monitoring_system_nothing_is_shown(store):
    record(store, "received", 22)
    dock(store, "allotment", {}, at=datetime(2021, 12, 28, 8))
    table = duties.docked_imports(store, scope(30), REGION)

    assert table.empty
    assert "监控系统导出" not in duty_tables.late_ones(duties.late_table(store, scope(30), REGION), table, is_own=False)


@pytest.mark.parametrize(("actor", "party"), [(OFFICER, "prefecture"), (clerk("luntai"), "unit")])
def test_confirming_the_export_records_one_receipt_and_the_clock_turns_on_time(store, actor, party):
    record(store, "received", 22)
    dock(store, "allotment", *monitored({}), system="monitoring", at=datetime(2021, 12, 28, 8))
    confirm_docked_import(store, actor, AT, NUMBER, "luntai", REGION)

    assert list(limits(store, 30)["duty_state"]) == ["on_time"] * 3
    made = receipts(store, scope(30))
    (row,) = made[made["receipt_step"] == "imported"].to_dict("records")
    assert (row["happened_at"], row["amount_yuan"], row["marker_text"]) == (datetime(2021, 12, 24), AFTER, MARKER)
    assert (row["recorded_by"], row["confirmed_by"]) == (actor.name, party)
    assert row["evidence_text"] == "据监控系统导出确认：《allotment.csv》第 2 行"
    assert "luntai" not in set(duties.docked_imports(store, scope(30), REGION)["recipient_id"])
    with pytest.raises(RefusedError, match="已登记全部导入"):
        confirm_docked_import(store, actor, AT, NUMBER, "luntai", REGION)
    with pytest.raises(RefusedError, match="只能办理本单位"):
        confirm_docked_import(store, clerk("bohu"), AT, NUMBER, "luntai", REGION)


def test_an_import_on_record_that_is_wrong_can_be_put_right_from_the_export(store):
    record(store, "received", 22)
    record(store, "imported", 27, amount=SHORT, marker=MARKER)
    dock(store, "allotment", *monitored({}), system="monitoring", at=datetime(2021, 12, 28, 8))
    confirm_docked_import(store, OFFICER, AT, NUMBER, "luntai", REGION)

    assert limits(store, 30).loc["imported", "duty_state"] == "on_time"


def test_an_export_that_does_not_show_all_of_it_records_nothing(store):
    record(store, "received", 22)
    dock(store, "allotment", *monitored({"amount_yuan": SHORT}), system="monitoring", at=datetime(2021, 12, 28, 8))
    with pytest.raises(RefusedError, match="不能据此登记"):
        confirm_docked_import(store, OFFICER, AT, NUMBER, "luntai", REGION)

    assert len(receipts(store, scope(30))) == 1


# --- receipts by file ------------------------------------------------------------------------------------------------

def sheet(*rows: tuple) -> bytes:
    book = Workbook()
    book.active.title = "办理登记"
    for row in (tuple(HEADS.values()), *rows):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


GOOD = (
    (NUMBER, "轮台县", "收到文件", datetime(2021, 12, 22, 9, 30), None, None, "签收单"),
    (NUMBER, "轮台", "导入", "2021-12-27 16:30", 2939, MARKER, "回执"),
    (NUMBER, "州本级", "收文", "2021年12月20日", None, None, None),
)


def test_a_file_is_recorded_whole_and_the_second_time_changes_nothing(store):
    made = import_receipts(store, OFFICER, AT, sheet(*GOOD), "登记.xlsx", REGION)
    version = store.data_version
    again = import_receipts(store, OFFICER, AT, sheet(*GOOD), "登记.xlsx", REGION)

    assert (made.counts, made.entry is not None) == ({"new": 3, "changed": 0, "unchanged": 0}, True)
    assert (again.counts, again.entry, store.data_version) == ({"new": 0, "changed": 0, "unchanged": 3}, None, version)
    assert limits(store, 30).loc["imported", "duty_state"] == "on_time"
    assert set(receipts(store, scope(30))["confirmed_by"]) == {"prefecture"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_in_either_encoding_says_the_same(store, encoding):
    text = ",".join(HEADS.values()) + f"\n{NUMBER},轮台县,收到文件,2021-12-22 09:30,,,签收单\n"
    made = import_receipts(store, clerk("luntai"), AT, text.encode(encoding), "登记.csv", REGION)

    assert made.recorded_count == 1
    assert list(receipts(store, scope(30))["confirmed_by"]) == ["unit"]


def test_who_confirmed_a_step_is_on_its_own_record(store):
    # The same step of the same unit at the same moment, under one name: only the record itself tells them apart.
    for actor, evidence in ((clerk("luntai"), "自己"), (Actor("luntai审核人", PREFECTURE_OFFICER), "州里")):
        record_receipt(
            store, actor, AT, NUMBER, "luntai", ReceiptEntry("received", datetime(2021, 12, 22, 9), None, "", evidence),
            REGION,
        )
    table = receipts(store, scope(30)).set_index("evidence_text")

    assert table["confirmed_by"].to_dict() == {"州里": "prefecture", "自己": "unit"}
    assert list(table.index) == ["州里", "自己"], "the newest first"


def test_what_a_correction_replaces_is_the_newest_record_of_the_same_step(store):
    for day, unit, step in ((24, "luntai", "registered"), (23, "bohu", "received"), (23, "luntai", "received"),
                            (22, "luntai", "received")):
        record(store, step, day, unit=unit)
    with store.reading() as cursor:
        assert earlier_receipt(cursor, NUMBER, "luntai", "received", AT)["happened_at"] == datetime(2021, 12, 22, 9)
        assert earlier_receipt(cursor, NUMBER, "bohu", "received", AT)["happened_at"] == datetime(2021, 12, 23, 9)
        assert earlier_receipt(cursor, NUMBER, "luntai", "received", AT - timedelta(minutes=1)) is None
        assert earlier_receipt(cursor, NUMBER, "luntai", "imported", AT) is None


def test_every_fault_of_a_file_is_told_at_once_and_nothing_is_written(store):
    faulty = (
        ("巴财社〔2021〕97号", "轮台县", "收到文件", "2021-12-22", None, None, None),
        (NUMBER, "乌有县", "收到文件", "2021-12-22", None, None, None),
        (NUMBER, "博湖县", "办了", "2021-12-22", None, None, None),
        (NUMBER, "尉犁县", "收到文件", "2021-12-22", None, None, None),
        (NUMBER, "尉犁县", "收文", "2021-12-23", None, None, None),
    )
    with pytest.raises(IntakeError) as refused:
        import_receipts(store, OFFICER, AT, sheet(*faulty), "登记.xlsx", REGION)

    assert [(issue.code, issue.place) for issue in refused.value.issues] == [
        ("unknown-notice", "「办理登记」!A2"), ("unknown-recipient", "「办理登记」!B3"),
        ("unknown-step", "「办理登记」!C4"), ("duplicate-row", "「办理登记」!C6"),
    ]
    assert receipts(store, scope(30)).empty


def test_cells_that_cannot_be_read_are_told_with_their_place(store):
    faulty = (
        (NUMBER, "轮台县", "收到文件", "前天", None, None, None),
        (NUMBER, "", "导入", "2021-12-27", "二千", None, None),
        (NUMBER, "轮台县", "导入", "2021-12-27", "1.0000001", None, None),
    )
    with pytest.raises(IntakeError) as refused:
        import_receipts(store, OFFICER, AT, sheet(*faulty), "登记.xlsx", REGION)

    assert [issue.place for issue in refused.value.issues] == [
        "「办理登记」!D2", "「办理登记」!B3", "「办理登记」!E3", "「办理登记」!E4",
    ]


def test_faults_of_cells_of_names_and_of_rules_come_in_one_list(store):
    faulty = (
        (NUMBER, "轮台县", "收到文件", "前天", "二千", None, None),
        ("巴财社〔2021〕97号", "乌有县", "收到文件", "昨天", None, None, None),
        (NUMBER, "博湖县", "办了", None, None, None, None),
        (NUMBER, "尉犁县", "收到文件", "2021-12-21", None, None, None),
        (NUMBER, "和硕县", "收到文件", "2021-12-22", None, None, None),
        (NUMBER, "和硕县", "收文", "今天", None, None, None),
    )
    with pytest.raises(IntakeError) as refused:
        import_receipts(store, OFFICER, AT, sheet(*faulty), "登记.xlsx", REGION)

    assert [(issue.code, issue.place[-2:]) for issue in refused.value.issues] == [
        ("not-a-moment", "D2"), ("text-in-number-cell", "E2"),
        ("not-a-moment", "D3"), ("unknown-notice", "A3"), ("unknown-recipient", "B3"),
        ("cell-missing", "D4"), ("unknown-step", "C4"),
        ("not-a-moment", "D7"), ("duplicate-row", "C7"),
        ("receipt-refused", "D5"),
    ]
    assert receipts(store, scope(30)).empty


@pytest.mark.parametrize(
    "number", ["巴财社(2021)96号", "巴财社（2021）96号", "巴财社[2021]96号", "巴财社【2021】 96 号"],
)
def test_a_document_number_in_a_file_is_read_as_in_exports(store, number):
    made = import_receipts(store, OFFICER, AT, sheet((number, *GOOD[0][1:])), "登记.xlsx", REGION)

    assert made.recorded_count == 1
    assert import_receipts(store, OFFICER, AT, sheet(GOOD[0]), "登记.xlsx", REGION).counts["unchanged"] == 1


def test_a_file_says_what_is_to_be_known_of_its_rows(store):
    made = import_receipts(store, OFFICER, datetime(LAST_DAY.year, 12, 31, 9), sheet(
        (NUMBER, "轮台县", "收到文件", f"{LAST_DAY.year}-12-30", None, None, None),
        (NUMBER, "博湖县", "收到文件", f"{LAST_DAY.year}-12-30", None, None, None),
        (NUMBER, "博湖县", "标识登录", f"{LAST_DAY.year}-12-30", None, "03省级直达资金", None),
        (NUMBER, "尉犁县", "收到文件", "2021-12-22", None, None, None),
    ), "登记.xlsx", REGION)

    words = duty_tables.imported(made)
    assert f"其中 2 行：{LAST_DAY.year + 1}年的放假安排尚未公布，截止日暂不能计算" in words
    assert f"其中 1 行：标识“03 省级直达资金”与文件不同，应为“{MARKER}”。" in words


def test_what_the_rules_refuse_is_told_with_its_line(store):
    rows = (GOOD[0], (NUMBER, "博湖县", "收到文件", "2021-12-21", None, None, None),
            (NUMBER, "博湖县", "导入", "2022-01-04", None, None, None))
    with pytest.raises(IntakeError) as refused:
        import_receipts(store, OFFICER, AT, sheet(*rows), "登记.xlsx", REGION)

    assert [issue.place for issue in refused.value.issues] == ["「办理登记」!D3", "「办理登记」!D4"]
    assert receipts(store, scope(30)).empty


def test_a_unit_records_by_file_for_itself_alone(store):
    with pytest.raises(IntakeError, match="只能登记本单位"):
        import_receipts(store, clerk("bohu"), AT, sheet(GOOD[0]), "登记.xlsx", REGION)
    with pytest.raises(IntakeError, match="州本级"):
        import_receipts(store, clerk("luntai"), AT, sheet(GOOD[2]), "登记.xlsx", REGION)
    with pytest.raises(RefusedError):
        import_receipts(store, OFFICER.__class__("审计员", "auditor"), AT, sheet(*GOOD), "登记.xlsx", REGION)


def test_the_template_is_empty_until_it_is_filled_in(store):
    assert len(receipt_template(store, NUMBER)) > 1000
    with pytest.raises(IntakeError) as refused:
        import_receipts(store, OFFICER, AT, receipt_template(store, NUMBER, "luntai"), "模板.xlsx", REGION)
    assert [issue.code for issue in refused.value.issues] == ["cell-missing", "cell-missing"]
    with pytest.raises(FileError, match="只有表头"):
        import_receipts(store, OFFICER, AT, sheet(), "登记.xlsx", REGION)
    with pytest.raises(IntakeError, match="不是登记表的列"):
        import_receipts(store, OFFICER, AT, "文号,单位,环节,时间,备注\n".encode(), "登记.csv", REGION)
