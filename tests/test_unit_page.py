"""单位画像: everything about one unit, each part from its board and with the way to its own page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from builders import NUMBER, REGION, ROUND, demo_folder, demo_store, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import session, unit_tables
from dashboard.rights import COUNTY_REPORTER, LEADER, NotAllowedError, read_board
from data.audit import Actor
from data.store import Store
from metrics.boards import deviation, overview, standing, unit
from metrics.boards.definition import Scope
from metrics.score_states import MISSING_STATES

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
APP = Path(session.__file__).parent / "app.py"
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def demo() -> Store:
    return demo_store()


# --- boards ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipient_id", ["hejing", "ruoqiang", "zhou-fuliyuan"])
def test_the_indicators_are_the_scores_the_most_points_lost_first(demo, recipient_id):
    table = unit.indicators(demo, SCOPE, recipient_id)
    scores = standing.scores(demo, SCOPE)
    mine = scores[scores["recipient_id"] == recipient_id].set_index("indicator_no")

    assert sorted(table["indicator_no"]) == sorted(mine.index)
    assert list(table["state"]) == list(mine.loc[list(table["indicator_no"]), "state"])
    lost = [micro for micro in table["lost_micro"] if micro is not None]
    assert lost == sorted(lost, reverse=True)
    assert all((row["lost_micro"] is None) == (row["state"] in MISSING_STATES) for row in table.to_dict("records"))
    # What has no score stands last and never counts as nothing reached.
    assert all(micro is None for micro in table["lost_micro"].iloc[len(lost):])


def test_the_points_lost_are_those_of_the_ranking(demo):
    ranked = deviation.ranking(demo, SCOPE)
    ranked = ranked[ranked["recipient_id"] == "hejing"].set_index("indicator_no")["lost_micro"]
    table = unit.indicators(demo, SCOPE, "hejing").set_index("indicator_no")

    assert {no: int(lost) for no, lost in ranked.items()} == {no: table.loc[no, "lost_micro"] for no in ranked.index}
    assert table.loc[15, "lost_micro"] == 4_500_000      # with the review


def test_what_was_reached_is_said_in_a_few_words_with_its_cell(demo):
    table = unit.indicators(demo, SCOPE, "qiemo").set_index("indicator_no")

    assert table.loc[12, "said"] == "6,777/8,335＝81.3%，低于目标 8.7 个百分点"
    assert table.loc[12, "place_text"].startswith("「填报表」!I")
    silent = unit.indicators(demo, SCOPE, "ruoqiang").set_index("indicator_no")
    assert silent.loc[12, "said"].startswith("尚未填报，暂不计分，也不按零处理")


def test_the_course_is_the_history_of_every_indicator(demo):
    course = unit.course(demo, SCOPE, "qiemo")

    assert set(course["recipient_id"]) == {"qiemo"}
    told = course[course["indicator_no"] == 12]
    history = deviation.cell(demo, SCOPE, "qiemo", 12).history
    assert list(told["round_id"]) == list(history["round_id"]) == ["2021-06", "2021-09", "2021-12"]
    assert [int(micro) for micro in told["attainment_micro"]] == [int(each) for each in history["attainment_micro"]]
    early = unit.course(demo, Scope(NUMBER, "2021-09", SCOPE.as_of_on), "qiemo")
    assert set(early["round_id"]) == {"2021-06", "2021-09"}, "a later round is no history"


def test_no_county_asks_about_another(demo):
    person = Actor("填报人", COUNTY_REPORTER, "qiemo")

    for board in (unit.indicators, unit.course):
        assert set(read_board(demo, person, board, SCOPE, "qiemo")["recipient_id"]) == {"qiemo"}
        with pytest.raises(NotAllowedError):
            read_board(demo, person, board, SCOPE, "hejing")


# --- in words --------------------------------------------------------------------------------------------------------


def row_of(demo: Store, recipient_id: str) -> dict[Any, Any]:
    return overview.units(demo, SCOPE, REGION).set_index("recipient_id", drop=False).loc[recipient_id]


@pytest.mark.parametrize(
    ("recipient_id", "is_own", "said"),
    [
        ("hejing", False, "和静县双滞后：执行率 66.0%，序时进度 98.3%；72.77 分，等级中；20 项指标达标 5 项，"
         "丢分最多的是生活水平情况（丢 4.50 分）。"),
        ("hejing", True, "本单位双滞后：执行率 66.0%，序时进度 98.3%；72.77 分，等级中；20 项指标达标 5 项，"
         "丢分最多的是生活水平情况（丢 4.50 分）。"),
        ("ruoqiang", False, "若羌县无法判断：本轮还没有填报。"),
    ],
)
def test_the_headline(demo, recipient_id, is_own, said):
    table = unit.indicators(demo, SCOPE, recipient_id)

    assert unit_tables.headline(row_of(demo, recipient_id), table, is_own=is_own) == said


def bullet(**changes: Any) -> str:
    row = {"indicator_no": 4, "short_name": "甲<b>", "target_text": "≥90%", "state": "met", "said": "95%",
           "attainment_micro": 1_000_000, "lost_micro": 0, "weight_micro": 3_000_000, **changes}
    course = pd.DataFrame({"indicator_no": [4, 4], "round_id": ["a", "b"], "state": ["off", row["state"]],
                           "attainment_micro": [500_000, row["attainment_micro"]]}, dtype=object)
    return unit_tables.bullets(pd.DataFrame([row], dtype=object), course, "round=r", "hejing")


@pytest.mark.parametrize(
    ("attainment", "width"), [(0, "0.0%"), (1_000_000, "80.0%"), (1_250_000, "100.0%"), (9_000_000, "100.0%")],
)
def test_a_bar_is_as_long_as_what_was_reached_and_ends_at_the_frame(attainment, width):
    shown = bullet(attainment_micro=attainment)

    assert f'<i style="width:{width}"></i><b style="left:80.0%">' in shown
    assert "甲&lt;b&gt;" in shown


def test_what_is_missing_has_no_bar_and_no_nought():
    shown = bullet(state="not_reported", attainment_micro=None, lost_micro=None, said="尚未填报")

    assert "wx-bullet\"" not in shown and "✕" in shown
    assert '<td class="wx-n">—<small>' in shown
    assert '<span class="wx-none">–</span>' in shown


def test_the_sentence_under_the_bars(demo):
    said = unit_tables.bullets_sentence(unit.indicators(demo, SCOPE, "yuli"), unit.course(demo, SCOPE, "yuli"))

    assert said == (
        "丢分最多的在前，4 项丢分，共 1.88 分；1 项没有得分，不按 0 分计；"
        "历轮依次为2021年6月（补报）、2021年9月（补报）、2021年12月，柱高为完成率，顶格为 125% 以上。"
    )


@pytest.mark.parametrize(
    ("recipient_id", "docked", "said"),
    [
        ("hejing", {"支付": True}, []),
        ("yuli", {"支付": True}, ["1 项指标缺上年数：临时救助水平。"]),
        ("hejing", {"支付": False, "发放明细": False}, ["系统导出里没有本单位的支付、发放明细：不能与自报数核对。"]),
        ("ruoqiang", {}, ["本轮还没有填报：成效无法判断，执行率和得分不列。"]),
    ],
)
def test_what_is_missing_is_said_first(demo, recipient_id, docked, said):
    table = unit.indicators(demo, SCOPE, recipient_id)
    none = pd.DataFrame({"duty_state": [], "is_counted": []})

    assert unit_tables.absent(row_of(demo, recipient_id), table, none, docked) == said


INQUIRY = {
    "inquiry_no": 3, "inquiry_label": "问效单第3号", "indicator_short_name": "按时发放率", "fact_text": "81.3%<b>",
    "inquiry_state": "awaiting_answer", "due_on": pd.Timestamp(2021, 12, 31), "is_overdue": False, "late_days": None,
    "ladder_step": "", "judgement": "",
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ["inquiry=3", "按时发放率：81.3%&lt;b&gt;", "待答复", "12月31日", "<td>—</td><td>—</td>"]),
        ({"indicator_short_name": "", "inquiry_state": "closed", "due_on": pd.NaT, "judgement": "upheld"},
         ["全单位：", "销号", "认定属实", "<td>—</td><td>—</td>"]),
        ({"is_overdue": True, "late_days": 4, "ladder_step": "urge"}, ["逾期</span> 4 个工作日，该催办"]),
        ({"is_overdue": True, "late_days": pd.NA}, ["逾期</span> 天数待放假安排公布<"]),
    ],
)
def test_an_inquiry_tells_its_state_its_day_and_its_rung(changes, told):
    shown = unit_tables.inquiries(pd.DataFrame([{**INQUIRY, **changes}], dtype=object), "round=r")

    for part in told:
        assert part in shown


def test_no_inquiry_is_said():
    assert "没有问效单" in unit_tables.inquiries(pd.DataFrame(), "round=r")


def test_what_came_of_it_for_the_money():
    rows = [
        {"consequence_kind": "suspend", "amount_yuan": 1_500_000.0, "decided_at": datetime(2021, 12, 28),
         "decided_by": "甲", "inquiry_no": 3, "lifted_at": datetime(2021, 12, 30)},
        {"consequence_kind": "next_year", "amount_yuan": None, "decided_at": datetime(2021, 12, 29),
         "decided_by": "乙", "inquiry_no": 4, "lifted_at": None},
    ]

    assert unit_tables.consequence_sentences(pd.DataFrame(rows)) == [
        "12月28日 暂缓拨款 150 万元（问效单第3号，甲），12月30日解除。",
        "12月29日 下年因素（问效单第4号，乙）。",
    ]


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    def run(role: str, recipient_id: str = "", **address: str) -> AppTest:
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(demo_folder()))
        st.cache_resource.clear()
        sign_in(monkeypatch, role, recipient_id)
        test = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in {"notice": NUMBER, "round": ROUND, "as_of": "2021-12-28", **address}.items():
            test.query_params[name] = value
        return test.switch_page("app_pages/unit.py").run()

    yield run
    st.cache_resource.clear()
    st.cache_data.clear()


def words(test: AppTest) -> str:
    assert [each.value for each in test.exception] == []
    assert [each.value for each in test.error] == []
    return "\n".join(str(getattr(each, "value", "")) + str(getattr(each.proto, "body", "")) for each in test.main)


def test_a_leader_sees_the_unit_of_the_address_and_compares_two_days(open_page):
    test = open_page(LEADER, unit="hejing", compare="2021-12-27")
    said = words(test)

    assert "和静县双滞后：" in said
    for part in ("问效单和处理", "各项指标", "资金", "时限和事项", "填报和版本", "发放佐证", "两系统对账", "疑点"):
        assert f'wx-part">{part}<' in said
    assert "无法判断→双滞后" in said and "报送 1 份（和静县）" in said
    assert "生活水平情况" in said and "R07" in said
    assert test.query_params["compare"] == "2021-12-27"
    test.selectbox(key="unit_unit").set_value("qiemo").run()
    assert "且末县有效：" in words(test) and test.query_params["unit"] == "qiemo"


def test_a_county_sees_itself_only(open_page):
    test = open_page(COUNTY_REPORTER, "qiemo", unit="hejing")
    said = words(test)

    assert "本单位有效：" in said
    assert "unit_unit" not in {each.key for each in test.selectbox}
    assert test.query_params["unit"] == "qiemo"
    assert not re.search("和静|焉耆|博湖", said)
    assert "自报高出 7.25 个百分点" in said


def test_a_day_that_is_none_is_told(open_page):
    test = open_page(LEADER, unit="hejing", compare="昨天")

    assert "对比日期不对" in test.warning[0].value
    assert "变了什么" not in words(test)
