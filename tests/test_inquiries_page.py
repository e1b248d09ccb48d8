"""The page 问效单 and the duties of a unit: what each person sees first, and what they can do there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from builders import NUMBER, ROUND, demo_folder, rows, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import inquiry_forms, inquiry_records, inquiry_tables, session
from dashboard.rights import (
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    PREFECTURE_OFFICER,
    REVIEWER,
)
from metrics.boards import inquiries as boards
from metrics.inquiries import STEPS
from metrics.scope import Scope

APP = Path(session.__file__).parent / "app.py"
SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the demonstration that a test may write to."""
    folder = Path(shutil.copytree(demo_folder(), tmp_path / "workspace"))
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(folder))
    yield folder
    session.workspace().store.close()
    st.cache_data.clear()
    st.cache_resource.clear()


def open_page(name: str = "inquiries", **query: str) -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60)
    for key, value in {"notice": NUMBER, "round": ROUND, "as_of": "2021-12-28", **query}.items():
        page.query_params[key] = value
    page.run()
    page.switch_page(f"app_pages/{name}.py")
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def text_of(page: AppTest) -> str:
    parts: list[Any] = [*page.markdown, *page.caption, *page.info, *page.warning, *page.success, *page.error]
    return "\n".join([str(part.value) for part in parts] + [str(part.proto.body) for part in page.get("html")])


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    page.run()
    assert not page.exception, page.exception
    return page


def test_every_step_has_a_form():
    assert set(inquiry_forms.FORMS) == set(STEPS) - {"opened"}


def test_the_officer_meets_what_is_overdue_first(workspace, monkeypatch):
    sign_in(monkeypatch, PREFECTURE_OFFICER)
    told = text_of(open_page())

    assert "1 份答复等认定，1 份整改等复核，1 份逾期" in told
    first = told.index("和硕县　自行开出：应在 12月23日前答复，逾期 3 个工作日，该通报（还没有登记）")
    assert first < told.index("博湖县　导入为空（第11项 指标导入时限）")
    assert "审计整改 1 份，已销号 0 份" in told


def test_the_reviewer_judges_an_answer_on_the_page(workspace, monkeypatch):
    sign_in(monkeypatch, REVIEWER)
    page = open_page(inquiry="5")
    assert "入户核对进度慢" in text_of(page) and "没有佐证，因为" in text_of(page)

    page.text_input[0].set_value("县民政局王局长")
    page.text_area[0].set_value("积压件逐件审完")
    press(page, "认定属实，交办整改")

    assert "已办理。回执" in text_of(page) and "责任人 县民政局王局长" in text_of(page)
    (row,) = rows(session.workspace().store, "SELECT * FROM inquiry_event WHERE inquiry_step = 'rectification_ordered' "
                  "AND inquiry_no = 5")
    assert row["owner_name"] == "县民政局王局长"


def test_what_is_missing_is_said_and_nothing_is_written(workspace, monkeypatch):
    sign_in(monkeypatch, REVIEWER)
    page = press(open_page(inquiry="5"), "认定属实，交办整改")

    assert "没有写整改要求；没有写责任人" in text_of(page)


def test_the_approver_answers_and_the_reporter_only_sees(workspace, monkeypatch):
    sign_in(monkeypatch, COUNTY_REPORTER, "yanqi")
    page = open_page(inquiry="6")
    assert "1 份问效单要办：问效单第6号12月30日前答复" in text_of(page)
    assert not [button for button in page.button if button.label == "签发答复"]

    sign_in(monkeypatch, COUNTY_APPROVER, "yanqi")
    page = open_page(inquiry="6")
    page.text_area[0].set_value("部分项目12月才验收")
    page.text_area[1].set_value("1月底前补齐材料")
    page.text_input[0].set_value("验收单还在审签")
    press(page, "签发答复")
    assert "本单位没有要答复或整改的问效单" in text_of(page)


def test_a_county_sees_nothing_of_others(workspace, monkeypatch):
    sign_in(monkeypatch, COUNTY_APPROVER, "yuli")
    told = text_of(open_page(inquiry="6"))

    assert "没有找到问效单第6号" in told and "焉耆" not in told and "和静" not in told
    assert not open_page(part="proposals").exception


def test_a_proposal_is_opened_with_other_words_and_the_next_comes_up(workspace, monkeypatch):
    sign_in(monkeypatch, PREFECTURE_OFFICER)
    page = open_page(part="proposals")
    first = page.selectbox(key="inquiries_proposal").value
    page.text_area[0].set_value("标识为什么登成了省级？")
    press(page, "开出问效单")

    assert "已开出。回执" in text_of(page)
    assert page.selectbox(key="inquiries_proposal").value != first
    newest = boards.register(session.workspace().store, SCOPE).iloc[0]
    assert (newest["question_text"], newest["rule_key"]) == ("标识为什么登成了省级？", "import_wrong")


def test_a_proposal_is_dismissed_with_a_reason(workspace, monkeypatch):
    sign_in(monkeypatch, PREFECTURE_OFFICER)
    page = press(open_page(part="proposals"), "不予开出")
    assert "没有写理由" in text_of(page)
    page.text_input[0].set_value("系统代码表有误，已更正")
    press(page, "不予开出")

    assert "已决定不开。回执" in text_of(page)


@pytest.mark.parametrize(
    ("part", "said"),
    [("rates", "答复率"), ("rules", "没有规则要决定停用"), ("money", "暂缓拨款 1 项、50 万元")],
)
def test_the_leader_reads_every_part_and_changes_nothing(workspace, monkeypatch, part, said):
    sign_in(monkeypatch, LEADER)
    page = open_page(part=part)

    assert said in text_of(page)
    assert not page.text_area and not [button for button in page.button if button.label in ("决定", "解除")]


def test_an_earlier_day_is_shown_and_not_acted_on(workspace, monkeypatch):
    sign_in(monkeypatch, PREFECTURE_OFFICER)
    page = open_page(as_of="2021-12-24", inquiry="5")

    assert "过去某一天" in text_of(page) and not page.text_area


def test_a_unit_meets_its_inquiries_first_on_its_duties(workspace, monkeypatch):
    sign_in(monkeypatch, COUNTY_APPROVER, "yanqi")
    told = text_of(open_page("reporting"))

    assert told.index("问效单第6号12月30日前答复") < told.index("个轮次要办")
    assert "去答复" in told


def test_the_money_page_names_what_is_suspended(workspace, monkeypatch):
    sign_in(monkeypatch, LEADER)
    assert "问效的处理：和硕县：暂缓拨款 50 万元（问效单第2号）" in text_of(open_page("money"))


# Words.

def test_only_what_waits_for_a_decision_is_counted_as_proposed():
    proposals = pd.DataFrame({"open_inquiry_no": [0, 0, 3]})

    assert inquiry_tables.offered_parts(pd.DataFrame(), proposals, "")["proposals"] == "提议（2）"


def test_a_rate_shows_both_sides_and_no_rate_without_a_base():
    table = pd.DataFrame([
        {"recipient_name": "甲", "asked_count": 3, "due_count": 3, "answered_count": 2, "on_time_count": 1,
         "open_count": 1, "closed_count": 2},
        {"recipient_name": "乙", "asked_count": 1, "due_count": 0, "answered_count": 0, "on_time_count": 0,
         "open_count": 1, "closed_count": 0},
    ])

    assert list(inquiry_records.rates(table)["答复率"]) == ["66.6%（2/3）", "—（0 份到期）"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"is_overdue": True, "late_days": 1}, "，逾期 1 个工作日"),
        ({"is_overdue": True, "late_days": 1, "ladder_step": "remind"}, "，逾期 1 个工作日，该提醒"),
        ({"is_overdue": True, "late_days": 6, "ladder_step": "talk"}, "，逾期 6 个工作日，该约谈（还没有登记）"),
        ({"is_overdue": True, "late_days": 6, "ladder_step": "talk", "is_talked": True},
         "，逾期 6 个工作日，该约谈（已登记）"),
        ({"is_overdue": True, "late_days": pd.NA}, "，逾期 天数待放假安排公布"),
    ],
)
def test_how_late_in_words(changes, said):
    row = {"is_overdue": False, "late_days": pd.NA, "ladder_step": "", "is_circulated": False, "is_talked": False}

    assert inquiry_tables.late_words({**row, **changes}) == said


def test_what_people_typed_is_text_and_no_markup():
    table = pd.DataFrame([{
        "inquiry_step": "answered", "words_text": "<b>原因</b>", "measure_text": "<i>", "owner_name": "",
        "file_names": "", "gap_text": "", "legal_keys": "", "paper_text": "", "paper_on": pd.NaT, "due_on": pd.NaT,
        "done_by": "<script>",
        "done_role": "county_approver", "happened_at": pd.Timestamp("2021-12-24 09:00"),
    }])

    shown = inquiry_tables.steps(table)
    assert "&lt;b&gt;原因" in shown and "<script>" not in shown and "<i>" not in shown
