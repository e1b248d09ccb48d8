"""州级汇总 as an officer uses it: reads the total, enters what only the prefecture can report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import streamlit as st
from builders import opened_store, rows, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.actions import region as action
from data.store import Store

APP = Path(session.__file__).parent / "app.py"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page of a round whose rate of children (4) and words (15) are the prefecture's own to report."""
    store = opened_store(tmp_path)
    with store.transaction() as cursor:
        cursor.run("UPDATE indicator SET rollup_method = 'prefecture' WHERE indicator_no IN (4, 15)")
        cursor.insert("workspace_setting", [
            {"setting_key": "region_code", "setting_value": "652800"},
            {"setting_key": "demonstration_today", "setting_value": "2021-12-28"},
        ])
    store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()
    sign_in(monkeypatch)
    yield AppTest.from_file(str(APP), default_timeout=60).switch_page("app_pages/region.py").run()
    st.cache_resource.clear()
    st.cache_data.clear()


def entries() -> list[dict]:
    store: Store = session.workspace().store
    return rows(store, "SELECT * FROM region_actual ORDER BY entry_no")


def submit(page: AppTest) -> AppTest:
    button = next(button for button in page.button if button.label == "登记")
    return button.click().run()


def test_a_rate_is_entered_and_counts_at_once(page):
    assert "全州暂时算不出得分" in page.markdown[0].value
    for key, text in {"numerator": "1,102", "denominator": "1250", "evidence": "统计表"}.items():
        page.text_input(key=f"region_{key}").set_value(text)

    submit(page)

    assert [error.value for error in page.error] == []
    assert [done.value for done in page.success] == [next(d.value for d in page.success if "已登记" in d.value)]
    (entry,) = entries()
    assert (entry["numerator"], entry["denominator"], entry["entered_by"]) == (1102, 1250, "阿依古丽")
    assert entry["entered_at"] >= datetime(2021, 12, 22)
    assert "未达标 1 项" in page.markdown[0].value


def test_faults_are_named_and_what_was_typed_stays(page):
    page.text_input(key="region_numerator").set_value("九百")
    assert ["不是数" in error.value for error in submit(page).error] == [True]

    page.text_input(key="region_numerator").set_value("9")
    (error,) = submit(page).error
    assert "没有填分母" in error.value and "没有写佐证" in error.value
    assert page.text_input(key="region_numerator").value == "9"
    assert entries() == []


def test_words_ask_for_a_band_and_a_share(page):
    page.selectbox(key="region_own").set_value(15).run()
    page.selectbox(key="region_band").set_value(2)
    for key, text in {"band_share": "75", "evidence": "评定表"}.items():
        page.text_input(key=f"region_{key}").set_value(text)

    assert [error.value for error in submit(page).error] == []
    assert (entries()[0]["band"], entries()[0]["band_share"]) == (2, 75)


def test_every_kind_of_entry_has_its_figures_named():
    named = {name for names in action.NEEDED.values() for name in names}

    assert named == set(action.FIGURE_NAMES)
