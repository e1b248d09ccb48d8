"""两系统对账 as a person sees it: one wrong export does not flood the page, and the file has everything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import streamlit as st
from builders import NUMBER, OFFICER, opened_store, sign_in
from docking_builders import dock
from streamlit.testing.v1 import AppTest

from dashboard import reconciliation_tables, session
from dashboard.actions.differences import explain_difference
from metrics.boards import reconciliation
from metrics.boards.definition import Scope
from metrics.reconciliation import refresh_differences

APP = Path(session.__file__).parent / "app.py"
AT = datetime(2021, 12, 27, 10)
SCOPE = Scope(NUMBER, "", date(2021, 12, 28))
MANY = 1000


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """A thousand payments that the monitoring system lacks, as after one wrong export."""
    store = opened_store(tmp_path)
    dock(store, "payment", {"amount_yuan": Decimal(7)}, recipient_id="luntai")
    dock(store, "payment", recipient_id="luntai", system="monitoring")
    with store.transaction() as cursor:
        refresh_differences(cursor, AT)
        cursor.run(
            "INSERT INTO difference SELECT difference.* REPLACE (n AS difference_no, 100 * n AS left_yuan, "
            f"'=' || n AS left_place_text) FROM difference, RANGE(2, {MANY + 1}) AS r(n) WHERE difference_no = 1"
        )
    store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()
    sign_in(monkeypatch)
    test = AppTest.from_file(str(APP), default_timeout=60)
    yield test.switch_page("app_pages/reconciliation.py").run()
    st.cache_resource.clear()
    st.cache_data.clear()


def test_a_thousand_differences_are_the_dearest_two_hundred_and_a_sentence(page):
    assert [error.value for error in page.exception] == []
    table = next(html.proto.body for html in page.get("html") if "wx-differences" in html.proto.body)

    assert table.count("<tr>") - 1 == reconciliation_tables.MOST_ROWS
    assert table.index("第 1000 处") < table.index("第 999 处") and "第 1 处" not in table
    assert page.markdown[0].value.startswith("**有 1000 处差异待处理，涉及 5,004.99 万元：轮台县。**")
    assert "共 1000 处，列出涉及金额最多的 200 处；请按单位或种类缩小范围，下载的表格有全部。" in [
        caption.value for caption in page.caption
    ]
    assert len(page.selectbox(key="reconciliation_number").options) == reconciliation_tables.MOST_ROWS


def test_what_differs_and_the_state_stand_in_one_line(page):
    table = next(html.proto.body for html in page.get("html") if "wx-differences" in html.proto.body)

    for words in ("监控系统缺少", "■ 待处理"):
        assert table.count(f'<td class="wx-nowrap">{words}') == reconciliation_tables.MOST_ROWS


def test_the_file_has_every_difference_with_both_sides(tmp_path):
    store = opened_store(tmp_path)
    dock(store, "payout", {"payout_state": "pending"}, {}, {}, recipient_id="luntai", file_name="左.csv")
    dock(store, "payout", {}, {"amount_yuan": Decimal("500.01")}, recipient_id="luntai", system="monitoring")
    with store.transaction() as cursor:
        refresh_differences(cursor, AT)
    explain_difference(store, OFFICER, AT, 1, "=1+1")
    found = reconciliation.differences(store, SCOPE)
    text = reconciliation_tables.csv_bytes(found).decode("utf-8-sig")
    rows = {row["不一致"]: row for row in csv.DictReader(io.StringIO(text))}
    lacks, more = rows["监控系统缺少"], rows["监控系统多出"]

    assert len(rows) == len(found) == 3
    assert (lacks["一体化系统金额（元）"], lacks["监控系统金额（元）"]) == ("500.00", "")
    assert lacks["差额（元）"] == "-500.00"
    assert lacks["一体化系统位置"] == "《左.csv》第 4 行"
    assert (more["监控系统笔数或人次"], more["月份"], more["补助种类"]) == ("1", "2021-12", "农村低保")
    assert [row["说明"] for row in rows.values() if row["说明"]] == ["'=1+1"]
