"""Limits of monitoring: who may set them to what, from which day a value holds, and where it is shown and read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import streamlit as st
from builders import NUMBER, OFFICER, clerk, is_whole_log, opened_store, rows, sign_in
from docking_builders import dock
from streamlit.testing.v1 import AppTest

from dashboard import limit_tables, log_tables, session
from dashboard.actions.limits import change_limit
from dashboard.log_words import subject_words
from dashboard.rights import NotAllowedError
from dashboard.workspace import STORE_NAME
from data.errors import NotFoundError, RefusedError
from data.intake.columns import MAX_TEXT_LENGTH
from data.store import Store
from metrics.boards import limits as boards
from metrics.boards.findings import judged
from metrics.boards.money import idle
from metrics.findings import every_check, limits_of
from metrics.law import Trust
from metrics.limits import INQUIRY_LIMITS, LIMITS, limit_values
from metrics.scope import Scope
from metrics.thresholds import ALL_THRESHOLDS

APP = Path(session.__file__).parent / "app.py"
AT = datetime(2021, 12, 28, 9)
FROM = date(2022, 2, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = opened_store(tmp_path)
    yield opened
    opened.close()


def set_limit(
    store: Store, value: int, on: date = FROM, *, key: str = "idle_days", reason: str = "按巴财社〔2022〕1号",
    at: datetime = AT,
) -> None:
    change_limit(store, OFFICER, at, key, value, reason, on)


def held(store: Store, day: date, key: str = "idle_days") -> int:
    with store.reading() as cursor:
        return limit_values(cursor, day)[key]


# The catalogue.

@pytest.mark.parametrize("limit", LIMITS.values(), ids=list(LIMITS))
def test_a_limit_is_within_its_bounds_and_says_what_it_is(limit):
    assert limit.least <= limit.value <= limit.most
    assert limit.name and limit.note.endswith("。") and limit.unit in {"天", "工作日", "日", "年", "人", "件", "%"}


def test_every_limit_is_read_by_a_check_or_by_the_life_of_inquiries():
    assert {limit.key for check in every_check() for limit in limits_of(check)} == set(LIMITS) - set(INQUIRY_LIMITS)


def test_what_the_law_fixes_was_read_in_a_statute():
    fixed = [limit for limit in LIMITS.values() if limit.is_fixed]

    assert [limit.key for limit in fixed] == ["carryover_years"]
    assert all(limit.source.trust is Trust.OFFICIAL and limit.source.checked_on for limit in fixed)


def test_no_limit_stands_in_the_rule_book_too():
    assert {key.replace("_", "-") for key in LIMITS} & set(ALL_THRESHOLDS) == set()


def test_only_what_a_source_states_has_its_mark():
    marks = {key: limit.mark(limit.value) for key, limit in LIMITS.items()}

    assert marks["carryover_years"] == marks["release_days"] == "已见原文"
    assert (marks["idle_days"], marks["hook_day"], marks["payout_day"]) == ("二手来源", "系统惯例", "出处待核")
    assert {marks[key] for key in (
        "register_days", "payout_gap_days", "refund_days", "account_persons", "allocate_days", "append_days"
    )} == {"本单位设定"}
    assert LIMITS["idle_days"].mark(45) == LIMITS["payout_day"].mark(15) == "本单位设定"


# Which value holds on a day.

def test_the_shipped_value_holds_before_the_bureau_s_own(store):
    set_limit(store, 45)

    assert (held(store, date(2022, 1, 31)), held(store, FROM), held(store, date(2023, 1, 1))) == (60, 45, 45)
    assert held(store, FROM, "refund_days") == 30


def test_the_newest_value_that_is_effective_by_the_day_holds(store):
    set_limit(store, 45, date(2022, 3, 1))
    set_limit(store, 50, date(2022, 2, 1))
    set_limit(store, 55, date(2022, 3, 1))

    days = (date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 1))
    assert [held(store, day) for day in days] == [60, 50, 55]


# The door.

def test_a_change_stands_in_the_store_and_in_the_log_together(store):
    set_limit(store, 45)

    assert rows(store, "SELECT * FROM limit_value") == [{
        "limit_no": 1, "limit_key": "idle_days", "set_value": 45, "effective_on": FROM,
        "change_reason": "按巴财社〔2022〕1号", "entered_at": AT, "entered_by": OFFICER.name,
    }]
    line = rows(store, "SELECT * FROM audit_log ORDER BY entry_no DESC LIMIT 1")[0]
    assert (line["action_name"], line["subject_text"]) == ("change_limit", "idle_days")
    assert json.loads(line["detail_json"]) == {
        "before": {"set_value": "60 天"}, "after": {"set_value": "45 天"}, "effective_on": "2022-02-01",
        "reason": "按巴财社〔2022〕1号",
    }
    assert subject_words(line["subject_text"], {}) == "资金闲置天数"
    said = log_tables.detail_words(line["detail_json"], {})
    assert "监控界限的数：60 天 → 45 天" in said and "生效日：2022-02-01" in said
    assert is_whole_log(store)


@pytest.mark.parametrize(
    ("key", "value", "reason", "words"),
    [
        ("idle_days", 0, "理由", ["0 天超出范围，应在 1 至 3660 天之间"]),
        ("payout_day", 29, "理由", ["29 日超出范围，应在 1 至 28 日之间"]),
        ("idle_days", 60, "理由", ["没有改动，2022-02-01 起本来就是 60 天"]),
        ("idle_days", 45, " ", ["没有写理由"]),
        ("idle_days", 3661, "", ["3661 天超出范围", "没有写理由"]),
        ("idle_days", 45, "长" * (MAX_TEXT_LENGTH + 1), [f"超过 {MAX_TEXT_LENGTH} 字上限"]),
        ("inquiry_answer_days", 61, "", ["超出范围", "没有写理由", "超过“问效单期限的上限”的 30 工作日"]),
        ("carryover_years", 3, "理由", ["2 年由法律规定"]),
    ],
)
def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(store, key, value, reason, words):
    lines = rows(store, "SELECT COUNT(*) AS n FROM audit_log")
    with pytest.raises(RefusedError) as refused:
        set_limit(store, value, key=key, reason=reason)

    assert all(part in str(refused.value) for part in words)
    assert rows(store, "SELECT * FROM limit_value") == []
    assert rows(store, "SELECT COUNT(*) AS n FROM audit_log") == lines


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("inquiry_answer_days", 31, "“问效单的答复期限”会是 31 工作日，超过“问效单期限的上限”的 30 工作日"),
        ("inquiry_rectify_days", 31, "“问效单的整改期限”会是 31 工作日，超过“问效单期限的上限”的 30 工作日"),
        ("inquiry_most_days", 9, "“问效单的整改期限”会是 10 工作日，超过“问效单期限的上限”的 9 工作日"),
        ("inquiry_remind_days", 9, "“问效单逾期提醒”会是 9 工作日，超过“问效单逾期催办”的 2 工作日"),
        ("inquiry_talk_days", 2, "“问效单逾期通报”会是 3 工作日，超过“问效单逾期约谈”的 2 工作日"),
    ],
)
def test_limits_that_stand_in_an_order_keep_it(store, key, value, said):
    with pytest.raises(RefusedError, match=f"2022-02-01 起{said}"):
        set_limit(store, value, key=key)

    assert rows(store, "SELECT * FROM limit_value") == []


def test_the_order_is_kept_on_every_day_that_a_value_holds(store):
    set_limit(store, 8, key="inquiry_talk_days")
    set_limit(store, 4, date(2022, 4, 1), key="inquiry_talk_days")
    with pytest.raises(RefusedError, match="2022-04-01 起“问效单逾期通报”会是 6 工作日"):
        set_limit(store, 6, key="inquiry_circulate_days")

    set_limit(store, 4, date(2022, 4, 1), key="inquiry_circulate_days")
    set_limit(store, 6, key="inquiry_circulate_days")

    assert [held(store, day, "inquiry_circulate_days") for day in (FROM, date(2022, 4, 1))] == [6, 4]


@pytest.mark.parametrize(("key", "value"), [("payout_day", 1), ("payout_day", 28), ("idle_days", 3660)])
def test_the_bounds_themselves_may_be_set_with_the_longest_reason(store, key, value):
    set_limit(store, value, key=key, reason="长" * MAX_TEXT_LENGTH)

    assert held(store, FROM, key) == value


def test_no_such_limit_and_no_right_are_refused(store):
    with pytest.raises(NotFoundError, match="没有名为“print_money”的监控界限"):
        set_limit(store, 45, key="print_money")
    with pytest.raises(NotAllowedError):
        change_limit(store, clerk("luntai"), AT, "idle_days", 45, "理由", FROM)


def test_a_reason_names_no_person(store):
    with pytest.raises(RefusedError, match="不能写证件号码或手机号码"):
        set_limit(store, 45, reason="联系 13999012345")


# Where it is read.

def test_what_lay_still_is_judged_by_the_limit_of_the_day_asked_about(store):
    late = datetime(2022, 2, 10, 9)
    dock(store, "allotment", {}, at=late)
    dock(store, "payment", {}, at=late)
    set_limit(store, 45, at=late)

    asked = {day: Scope(NUMBER, "", day) for day in (date(2022, 2, 10), date(2022, 2, 12))}
    # Paid last on 2021-12-24: 48 days before the tenth of February.
    found = judged(store, asked[date(2022, 2, 10)])
    (line,) = found.found.loc[found.found["code"] == "R14"].to_dict("records")
    assert (line["recipient_id"], line["expected_text"]) == ("luntai", "不超过 45 天")
    words = found.checked.loc[found.checked["code"] == "R14", "source_text"].iloc[0]
    assert "资金闲置天数 45 天（本单位设定，可以修改）" in words
    assert set(idle(store, asked[date(2022, 2, 12)])["limit_days"]) == {45}


def test_an_earlier_day_shows_what_it_showed(store):
    at = datetime(2022, 1, 20, 9)
    dock(store, "allotment", {}, at=at)
    dock(store, "payment", {}, at=at)
    scope = Scope(NUMBER, "", date(2022, 1, 31))
    before = judged(store, scope), idle(store, scope)
    set_limit(store, 10)

    after = judged(store, scope), idle(store, scope)
    assert before[0].found.equals(after[0].found) and before[0].checked.equals(after[0].checked)
    assert before[1].equals(after[1]) and set(after[1]["limit_days"]) == {60}


def test_what_the_law_fixes_is_not_called_the_bureau_s_own(store):
    checked = judged(store, Scope(NUMBER, "", date(2021, 12, 28))).checked

    words = checked.loc[checked["code"] == "R13", "source_text"].iloc[0]
    assert words.endswith("结转转为结余的年数 2 年（全国规定）")


# Where it is shown.

def test_the_board_lists_every_limit_with_who_set_it(store):
    set_limit(store, 45)
    before = boards.limits(store, date(2022, 1, 31)).set_index("key")
    after = boards.limits(store, FROM).set_index("key")

    assert list(before.index) == list(LIMITS)
    assert before.loc["idle_days", ["value", "effective_on", "entered_by", "trust"]].tolist() == [
        60, None, "", "二手来源"
    ]
    assert after.loc["idle_days", [
        "value", "shipped_value", "unit", "least", "most", "effective_on", "entered_by", "change_reason", "trust",
    ]].tolist() == [45, 60, "天", 1, 3660, FROM, OFFICER.name, "按巴财社〔2022〕1号", "本单位设定"]
    assert after.drop("idle_days").equals(before.drop("idle_days"))
    shown = limit_tables.limits(after.reset_index()).set_index("名称")
    assert shown.loc["资金闲置天数", "起始和办理人"] == (
        f"2022-02-01 起，{OFFICER.name}：按巴财社〔2022〕1号（原为 60 天）"
    )
    assert shown.loc["结转转为结余的年数", "可改范围"] == "不能更改"
    assert shown.loc["每月发放截止日", ["数值", "可改范围", "起始和办理人"]].tolist() == [
        "10 日", "1 至 28 日", "程序自带"
    ]


def test_every_change_stays_readable(store):
    set_limit(store, 45)
    set_limit(store, 15, key="payout_day")

    shown = limit_tables.changes(boards.changes(store))
    assert shown["名称"].tolist() == ["每月发放截止日", "资金闲置天数"]
    assert shown["数值"].tolist() == ["15 日", "45 天"]


def test_what_the_law_fixes_has_no_field(store):
    offered = limit_tables.editable(boards.limits(store, FROM))

    assert set(LIMITS) - set(offered) == {"carryover_years"}
    assert limit_tables.option(offered["idle_days"]) == "资金闲置天数（现为 60 天）"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    (tmp_path / "made").mkdir()
    opened_store(tmp_path / "made").close()
    shutil.copytree(tmp_path / "made", tmp_path / "workspace")
    assert (tmp_path / "workspace" / STORE_NAME).exists()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path / "workspace"))
    st.cache_resource.clear()
    st.cache_data.clear()
    sign_in(monkeypatch)
    test = AppTest.from_file(str(APP), default_timeout=60)
    yield test.switch_page("app_pages/basis.py").run()
    st.cache_resource.clear()
    st.cache_data.clear()


def test_an_officer_changes_a_limit_on_the_page(page):
    assert any("个监控界限都是程序自带的数" in text.value for text in page.markdown)
    page.selectbox(key="basis_limit").set_value("payout_day").run()
    page.number_input(key="basis_limit_payout_day").set_value(15)
    page.text_input(key="basis_limit_reason").set_value("按州里安排")
    next(button for button in page.button if button.label == "更改界限").click().run()

    assert [error.value for error in page.exception] == [] == [error.value for error in page.error]
    (done,) = [success.value for success in page.success]
    assert "每月发放截止日" in done and "15 日" in done
    assert any("本单位改过 1 个：每月发放截止日" in text.value for text in page.markdown)


def test_the_page_says_why_a_change_is_refused(page):
    next(button for button in page.button if button.label == "更改界限").click().run()

    (error,) = [error.value for error in page.error]
    assert "没有改动" in error and "没有写理由" in error
