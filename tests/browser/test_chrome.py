"""Streamlit's own words are Chinese in the browser: widgets opened, filled in, wrongly filled in."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit, sign_in

pytestmark = pytest.mark.browser

WIDGETS = """
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

st.set_page_config(page_title="问效", layout="wide")
st.title("控件")
st.file_uploader("上传报表", type=["csv", "xlsx"])
st.date_input("截止日", value="2021-12-31")
st.multiselect("单位", ["库尔勒市", "轮台县"])
st.selectbox("指标", ["甲", "乙"], index=None)
st.number_input("人数", min_value=0, max_value=10)
st.text_input("说明")
with st.form("表单"):
    st.text_input("原因")
    st.form_submit_button("提交")
st.dataframe(pd.DataFrame({"单位": ["库尔勒市", "轮台县"], "万元": [1, 2]}))
st.plotly_chart(go.Figure(go.Bar(x=pd.to_datetime(["2021-01-01", "2021-03-01"]), y=[1, 2])))
if st.button("出错"):
    raise ValueError("secret")
"""


@pytest.fixture(scope="module")
def widgets(serve_script):
    with serve_script(WIDGETS) as address:
        yield address


@pytest.fixture
def tab(open_tab, widgets):
    found = open_tab(widgets)
    found.open("/")
    return found


def test_at_rest(tab):
    tab.page.wait_for_selector(".js-plotly-plot .xtick")

    assert tab.english() == []
    assert tab.outside_requests() == []
    assert tab.complaints == []
    assert "单个文件不超过 20MB" in "".join(tab.texts())
    assert "1月" in "".join(tab.page.locator(".xtick").all_text_contents())


def test_calendar(tab):
    tab.page.locator("[data-testid=stDateInput] button").last.click()
    tab.page.wait_for_selector("[data-testid=stDateInputCalendar]")

    assert "十二月" in "".join(tab.texts())
    assert tab.english() == []


def test_choosing(tab):
    field = tab.page.locator("[data-testid=stMultiSelect] input")
    assert field.get_attribute("placeholder") == "请选择" or "请选择" in "".join(tab.texts())
    field.fill("没有这个")
    tab.page.wait_for_selector("text=没有相符的选项")

    assert tab.english() == []


def test_filling_in(tab):
    tab.page.locator("[data-testid=stTextInput] input").first.fill("三")
    tab.page.wait_for_selector("text=按回车确认")
    tab.page.locator("[data-testid=stTextInput] input").last.fill("三")
    tab.page.wait_for_selector("text=按回车提交")

    assert tab.english() == []


def test_a_wrong_file(tab):
    wrong = {"name": "表.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
    tab.page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(wrong)
    tab.page.wait_for_selector("[data-testid=stFileChip]")

    assert [text for text in tab.english() if "表.exe" not in text] == []


def test_table_and_chart_buttons(tab):
    tab.page.locator("[data-testid=stDataFrame]").hover()
    labels = tab.page.locator("[data-testid=stElementToolbarButton] button").evaluate_all(
        "buttons => buttons.map((button) => button.getAttribute('aria-label'))"
    )
    chart = tab.page.locator(".modebar-btn").evaluate_all(
        "buttons => buttons.map((button) => button.dataset.title)"
    )

    assert {"下载 CSV 表", "查找", "全屏"} <= set(labels)
    assert {"下载图片", "放大", "还原坐标轴"} <= set(chart)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_sign_in_page(open_tab, widgets, width):
    visit = open_tab(widgets, width, account=None)
    visit.page.goto(f"{widgets}/region")

    assert visit.page.url == f"{widgets}/login?next=/region"
    assert visit.page.locator("button").first.inner_text() == "演示·社保科\n州级经办"
    assert (visit.english(), visit.outside_requests(), visit.complaints) == ([], [], [])
    assert visit.wider_than_the_screen() == []


def test_signing_out_sends_the_other_tabs_to_the_sign_in(open_tab, browser, widgets):
    profile = browser.new_context(locale="en-US")
    sign_in(profile, widgets)
    one, other = (Visit(profile.new_page(), widgets) for _ in range(2))
    one.open("/")
    other.page.goto(f"{widgets}/me")
    assert other.english() == []
    other.page.get_by_role("button", name="退出登录").click()

    one.page.wait_for_url("**/login?next=/", timeout=5000)
    one.page.go_back()
    assert "控件" not in "".join(one.texts())
    profile.close()


def test_a_fault_of_the_program_tells_nothing_of_itself(serve_script, open_tab):
    text = "import streamlit as st\nst.title('总览')\nst.json(1 / 0)\n"

    # The fault stands in the log, which the end of the server's run complains of, …
    with pytest.raises(AssertionError, match="ZeroDivisionError"), serve_script(text) as address:
        visit = open_tab(address)
        visit.open("/").wait_for_selector("[data-testid=stException]")
        shown = "".join(visit.texts())
        assert visit.english() == []

    # … and not on the page.
    assert "页面出错" in shown
    assert "ZeroDivision" not in shown


def test_a_stopped_server_is_said_in_chinese(serve_script, open_tab):
    with serve_script("import streamlit as st\nst.title('总览')\n") as address:
        visit = open_tab(address)
        visit.open("/")
    visit.page.wait_for_selector("[data-testid=stDialog], [role=dialog], [data-testid=stConnectionStatus]")

    assert visit.english() == []
