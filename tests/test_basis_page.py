"""依据与口径 as a person uses it: which version this round is scored by, a version adopted on the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from builders import opened_store, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.workspace import STORE_NAME

APP = Path(session.__file__).parent / "app.py"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page over the opened December round."""
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


def press(test: AppTest, label: str) -> None:
    next(button for button in test.button if button.label == label).click().run()


def said(test: AppTest) -> str:
    assert [error.value for error in test.exception] == []
    return "\n".join(markdown.value for markdown in test.markdown)


def test_the_first_line_says_which_version_scores_this_round(page):
    assert page.markdown[0].value.startswith(
        "**本轮（2021年12月）按 2021-1 版（程序自带，2021-01-01 起）计分**"
    )


def test_a_profile_is_adopted_and_the_round_stays_with_its_version(page):
    page.selectbox(key="basis_base").set_value("sichuan-2025").run()
    assert page.text_input(key="basis_sichuan-2025_execution-milestone-04").value == "25"
    page.text_input(key="basis_sichuan-2025_grade-good-from").set_value("82.5")
    page.text_input(key="basis_reason").set_value("参照四川")
    press(page, "起用")

    (done,) = [success.value for success in page.success]
    assert done.startswith("已起用 ")
    assert [error.value for error in page.error] == []
    words = said(page)
    assert "按 2021-1 版（程序自带，2021-01-01 起）计分" in words
    assert "5 个数不同" in words         # four milestones and the grade


def test_faults_of_the_form_are_said_and_nothing_is_adopted(page):
    page.text_input(key="basis_2021-1_weight-output").set_value("很多")
    press(page, "起用")
    assert [error.value for error in page.error] == ["“产出指标分值”填的“很多”不是数，请填数字，例如 50 分。"]

    page.text_input(key="basis_2021-1_weight-output").set_value("40")
    press(page, "起用")
    (error,) = [error.value for error in page.error]
    assert "合计应为 100 分" in error and "请写明修改理由" in error
    assert "还只有程序自带的一版口径" in "\n".join(info.value for info in page.info)
