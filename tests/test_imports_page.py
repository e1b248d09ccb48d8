"""批量导入 as an officer uses it: a dry run first, every fault with its place, then the import and its receipt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
import streamlit as st
from builders import NUMBER, ROUND, opened_store, rows, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.import_tables import ROW_HEADS, rows_csv

APP = Path(session.__file__).parent / "app.py"
HEAD = "文号,轮次,单位,序号,分子,分母,全年执行数"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    store = opened_store(tmp_path)
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": "region_code", "setting_value": "652800"},
            {"setting_key": "demonstration_today", "setting_value": "2021-12-28"},
        ])
    store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()
    sign_in(monkeypatch)
    yield AppTest.from_file(str(APP), default_timeout=60).switch_page("app_pages/imports.py").run()
    st.cache_resource.clear()
    st.cache_data.clear()


def upload(page: AppTest, *lines: str) -> AppTest:
    content = "\n".join([HEAD, *(f"{NUMBER},{ROUND},{line}" for line in lines)]).encode()
    return page.file_uploader(key="imports_file_0").set_value(("数据.csv", content, "text/csv")).run()


def said(elements: object) -> str:
    return "".join(element.value for element in elements)  # type: ignore[attr-defined]


def reports() -> list[dict]:
    return rows(session.workspace().store, "SELECT recipient_id, submitted_by FROM report")


def test_a_file_is_tried_then_imported_with_a_receipt(page):
    upload(page, "轮台县,4,99,100,", "轮台县,0,,,1000", "博湖县,4,101,100,")

    assert "1 个单位的填报有变化" in said(page.error)
    assert "1 个单位有差错、整份不导入（1 行）" in said(page.error)
    assert reports() == [], "a dry run wrote"
    tables = "".join(element.proto.body for element in page.get("html"))
    assert "第4行“分子”" in tables
    assert "大于分母" in tables

    page.button(key="imports_submit").click().run()

    assert not page.exception
    assert reports() == [{"recipient_id": "luntai", "submitted_by": "阿依古丽"}]
    assert "回执号：第 " in said(page.success)
    assert page.selectbox(key="imports_entry").value == rows(
        session.workspace().store, "SELECT max(entry_no) AS no FROM audit_log"
    )[0]["no"]


def test_a_head_line_with_faults_names_them_all(page):
    content = "文号,单位,序号,备注\n".encode()
    page.file_uploader(key="imports_file_0").set_value(("数据.csv", content, "text/csv")).run()

    assert "首行有 2 处要改" in said(page.error)
    assert not page.exception


def test_what_was_sent_is_no_formula_in_the_receipt():
    row = dict.fromkeys(ROW_HEADS, "") | {"row_outcome": "rejected", "document_number": "=1+1", "round_id": "-2"}

    said = rows_csv(pa.Table.from_pylist([row])).decode("utf-8-sig")

    assert "'=1+1" in said and "'-2" in said
