"""系统对接 as people use it: what is missing first, a dry run that writes nothing, then the export and its receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from builders import NUMBER, opened_store, rows, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.rights import COUNTY_APPROVER, PREFECTURE_OFFICER

APP = Path(session.__file__).parent / "app.py"
HEAD = "支付明细主键,本级指标文号,单位名称,支付日期,实际支付金额,收款人名称"
GOOD = f"甲1,{NUMBER},轮台县,2021-12-24,1000,张三"
FAULTY = f"甲2,{NUMBER},某县,2021-12-24,1000,李四"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    store = opened_store(tmp_path)
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [{"setting_key": "demonstration_today", "setting_value": "2021-12-28"}])
    store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()

    def run(role: str = PREFECTURE_OFFICER, unit: str = "") -> AppTest:
        sign_in(monkeypatch, role, unit)
        return AppTest.from_file(str(APP), default_timeout=60).switch_page("app_pages/docking.py").run()

    yield run
    st.cache_resource.clear()
    st.cache_data.clear()


def said(elements: object) -> str:
    return "".join(element.value for element in elements)  # type: ignore[attr-defined]


def tried(page: AppTest, *lines: str) -> AppTest:
    content = "\n".join([HEAD, *lines]).encode()
    page.file_uploader(key="docking_file_0").set_value(("支付.csv", content, "text/csv")).run()
    page.selectbox(key="docking_key_0").set_value("integrated-payment")
    return page.button(key="docking_try").click().run()


def held() -> list[dict]:
    return rows(session.workspace().store, "SELECT recipient_id, row_count, rejected_count FROM docked_export")


def test_an_empty_store_says_what_is_missing(opened):
    page = opened()

    assert not page.exception
    assert "一体化系统没有载入：预算指标信息、支付信息、发放信息、救助标准、停发名单" in said(page.warning)
    assert "还没有载入任何导出" in said(page.markdown)


def test_a_file_is_tried_then_loaded_and_its_fault_is_kept(opened):
    page = tried(opened(), GOOD, FAULTY)

    assert "可以载入 1 行，合计 0.1 万元；1 行有差错" in said(page.warning)
    assert held() == [], "a dry run wrote"
    page.button(key="docking_load").click().run()
    assert not page.exception
    assert held() == [{"recipient_id": "", "row_count": 1, "rejected_count": 1}]
    assert "回执：办理记录第 " in said(page.success)
    shown = "".join(element.proto.body for element in page.get("html"))
    assert "第3行" in shown and "李四" not in shown


def test_a_unit_s_people_load_their_own_rows_only(opened):
    page = tried(opened(COUNTY_APPROVER, "luntai"), GOOD, f"甲3,{NUMBER},博湖县,2021-12-24,1,王五")

    assert "1 行有差错" in said(page.warning)
    page.button(key="docking_load").click().run()
    assert held() == [{"recipient_id": "luntai", "row_count": 1, "rejected_count": 1}]
