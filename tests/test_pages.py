"""Every page as a person opens it, run by AppTest from the entry script: demonstration, empty, no round yet."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import openpyxl
import pytest
import streamlit as st
from builders import NUMBER, demo_folder, founding, published_store, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.actions.targets import prepare_sheet, sheet_workbook
from dashboard.rights import LEADER, PREFECTURE_OFFICER
from dashboard.workspace import STORE_NAME

APP = Path(session.__file__).parent / "app.py"
TITLES = {
    "overview": "总览", "allocation": "资金分配", "deviation": "偏差跟踪", "timeliness": "时效跟踪",
    "accountability": "花钱必问效、无效必问责", "reporting": "数据填报", "notices": "资金文件", "basis": "依据与口径",
    "targets": "目标分解", "region": "州级汇总",
}
PAGES = list(TITLES)
OF_A_ROUND = ["overview", "deviation", "accountability", "reporting", "region"]
Open = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a page of a workspace, with what its address says; the process serves one workspace at a time."""
    def clear() -> None:
        st.cache_resource.clear()
        st.cache_data.clear()

    def run(folder: Path, page: str, *, is_signed_in: bool = True, **address: str) -> AppTest:
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(folder))
        clear()
        if is_signed_in:
            sign_in(monkeypatch)
        test = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in address.items():
            test.query_params[name] = value
        return test.switch_page(f"app_pages/{page}.py").run()

    yield run
    clear()


@pytest.fixture(scope="module")
def demo() -> Path:
    return demo_folder()


@pytest.fixture(scope="module")
def without_round(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    published_store(folder).close()
    return folder


@pytest.mark.parametrize("who", ["another", "again"])
def test_nothing_of_the_person_before_is_left_in_an_open_page(open_page, demo, monkeypatch, who):
    """Another person signed in meanwhile: the tab takes up its state with the new cookie."""
    test = open_page(demo, "overview")
    test.session_state["overview_typed"] = "前一个人写的"
    test.run()
    assert test.session_state["overview_typed"] == "前一个人写的"

    sign_in(monkeypatch, LEADER if who == "another" else PREFECTURE_OFFICER)
    for _ in range(2):     # nor does it begin anew with what the browser sends again
        test.run()
        assert repr(test.session_state) == "{'owner': ('', '')}"
        assert [each.value for each in test.warning] == [
            "这一页是以前一次登录时打开的，没有保存的内容已清空。请重新打开。"
        ]
        assert not test.title and "总览" not in words(test)


def words(test: AppTest) -> str:
    """All words of a page, markup taken out."""
    parts: list[str] = []
    for element in test.main:
        for name in ("value", "body", "label"):
            text = getattr(element, name, None)
            if isinstance(text, str):
                parts.append(text)
        proto = getattr(element, "proto", None)
        parts.append(str(getattr(proto, "body", "")))
    return re.sub(r"<[^>]+>", " ", "\n".join(parts))


def sound(test: AppTest) -> str:
    """The words of a page that ran to its end without a fault."""
    assert [error.value for error in test.exception] == []
    assert [error.value for error in test.error] == []
    return words(test)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_runs_in_the_demonstration(demo, open_page, page):
    test = open_page(demo, page)

    said = sound(test)
    assert [title.value for title in test.title] == [TITLES[page]]
    assert "nan" not in said.lower().replace("finance", "")
    assert "NaT" not in said
    assert "None" not in said


@pytest.mark.parametrize("page", PAGES)
def test_each_page_says_what_to_do_in_an_empty_workspace(tmp_path, open_page, page):
    test = open_page(tmp_path / "new", page)

    sound(test)
    assert [title.value for title in test.title] == [TITLES[page]]
    if page != "basis":
        (info,) = test.info
        assert re.search("上传", info.value)
        assert info.value.endswith("。")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_runs_where_no_round_is_open(without_round, open_page, page):
    test = open_page(without_round, page)

    sound(test)
    said = [info.value for info in test.info]
    assert any("还没有开启填报轮次" in text and "开启填报轮次" in text for text in said) == (page in OF_A_ROUND)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "basis"])
@pytest.mark.parametrize("as_of", ["2021-12-01", "2021-12-22", "2021-12-26"])
def test_each_page_runs_on_an_earlier_day(demo, open_page, page, as_of):
    test = open_page(demo, page, notice=NUMBER, round="2021-12", as_of=as_of)

    sound(test)
    assert test.query_params["as_of"] == as_of


@pytest.mark.parametrize("page", OF_A_ROUND)
def test_a_day_before_the_round_was_opened_is_said(demo, open_page, page):
    test = open_page(demo, page, notice=NUMBER, round="2021-12", as_of="2021-12-21")

    sound(test)
    assert [info.value for info in test.info] == [
        "截至 2021-12-21，这一轮次还没有开启（2021-12-22 开启）。请在页面上方把统计截止日改到这一天或以后。"
    ]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("round_id", ["2021-06", "2021-09"])
def test_each_page_runs_in_each_round(demo, open_page, page, round_id):
    test = open_page(demo, page, notice=NUMBER, round=round_id, as_of="2021-12-28")

    sound(test)
    assert test.query_params["round"] == round_id


def test_a_deep_link_opens_the_unit_and_the_indicator(demo, open_page):
    test = open_page(
        demo, "deviation", notice=NUMBER, round="2021-09", as_of="2021-12-27", unit="qiemo", indicator="12"
    )

    said = sound(test)
    assert test.selectbox(key="deviation_unit").value == "qiemo"
    assert test.selectbox(key="deviation_indicator").value == 12
    assert test.date_input(key="scope_as_of").value == date(2021, 12, 27)
    assert test.selectbox(key="scope_round").value == "2021-09"
    assert "困难群众基本生活救助和孤儿基本生活费按时发放率" in said
    for name, value in {"unit": "qiemo", "indicator": "12", "round": "2021-09", "as_of": "2021-12-27"}.items():
        assert test.query_params[name] == value


def test_a_deep_link_opens_the_form_of_a_unit(demo, open_page):
    test = open_page(demo, "reporting", notice=NUMBER, round="2021-12", as_of="2021-12-28", unit="ruoqiang")

    said = sound(test)
    assert test.selectbox(key="reporting_unit").value == "ruoqiang"
    assert "逾期未报" in said


@pytest.mark.parametrize("page", ["overview", "deviation", "reporting"])
@pytest.mark.parametrize(
    "address",
    [
        {"notice": "没有这份文件", "round": "1999-01", "as_of": "不是日期"},
        {"unit": "wulumuqi", "indicator": "99"},
        {"unit": "", "indicator": "十二"},
        {"as_of": "2099-01-01"},
        {"as_of": "0001-01-01"},
        {"indicator": "-1"},
    ],
    ids=lambda address: ",".join(address.values()),
)
def test_an_address_that_leads_nowhere_opens_the_page_all_the_same(demo, open_page, page, address):
    sound(open_page(demo, page, **address))


def test_every_link_of_the_attention_list_opens(demo, open_page):
    said = open_page(demo, "overview")
    html = "".join(str(getattr(element.proto, "body", "")) for element in said.main)
    lists = re.findall(r'<[ou]l class="wx-list.*?</[ou]l>', html, re.S)
    links = set(re.findall(r'href="([a-z]+)\?([^"]+)"', "".join(lists)))

    assert len(re.findall("<li", "".join(lists))) == 9, "the five, what waits for review, and the three findings"
    assert len(links) >= 9
    for page, query in links:
        address = dict(parse_qsl(query.replace("&amp;", "&")))
        test = open_page(demo, page, **address)
        sound(test)
        if page == "deviation":
            assert test.selectbox(key="deviation_unit").value == address["unit"]
            assert test.selectbox(key="deviation_indicator").value == int(address["indicator"])


def test_a_demonstration_says_that_it_is_one(demo, without_round, open_page):
    assert "演示" in sound(open_page(demo, "allocation"))
    assert "演示" not in sound(open_page(without_round, "allocation"))


def test_the_overview_names_the_silent_unit_and_leaves_it_out_of_the_rate(demo, open_page):
    said = sound(open_page(demo, "overview", notice=NUMBER, round="2021-12", as_of="2021-12-28"))

    assert "若羌县" in said
    assert "19,912" in said          # 20,251 less the 339 of 若羌县
    assert "20,251" in said


def test_a_receipt_is_recorded_from_the_page(demo, open_page, tmp_path):
    folder = shutil.copytree(demo, tmp_path / "copy")
    test = open_page(folder, "timeliness", notice=NUMBER)
    test.selectbox(key="timeliness_unit").set_value("zhou-fuliyuan")
    test.date_input(key="timeliness_on").set_value(date(2021, 12, 24))
    submit(test, "登记")

    said = sound(test)
    (done,) = [done.value for done in test.success]
    assert re.fullmatch(r"已登记：州儿童福利院收到文件。回执：办理记录第 \d+ 号（[0-9a-f]{8}）。", done)
    assert "没有登记收文时间" not in said


def test_who_is_signed_out_meanwhile_records_nothing(demo, open_page, tmp_path, monkeypatch):
    folder = shutil.copytree(demo, tmp_path / "copy")
    test = open_page(folder, "timeliness", notice=NUMBER)
    before = len(session.workspace().store.query("receipts", document_number=NUMBER, as_of=datetime.max))
    monkeypatch.setattr(session, "secret", lambda: None)
    submit(test, "登记")

    assert [error.value for error in test.error] == ["登录已失效，请重新登录。"]
    assert not test.title
    assert len(session.workspace().store.query("receipts", document_number=NUMBER, as_of=datetime.max)) == before


def test_a_round_is_opened_from_the_page(tmp_path, open_page):
    published_store(tmp_path).close()
    test = open_page(tmp_path, "notices")
    submit(test, "开启")

    sound(test)
    assert [done.value for done in test.success] == ["轮次已开启，各单位可以下载填报表。"]
    sound(test.switch_page("app_pages/overview.py").run())


def test_a_notice_is_uploaded_read_and_published_from_the_page(tmp_path, open_page):
    test = open_page(tmp_path / "new", "notices")
    test.file_uploader(key="notices_file").set_value(("巴财社96号.txt", founding(), "text/plain")).run()
    assert "12 个单位" in sound(test)
    test.button(key="notices_publish").click().run()

    sound(test)
    assert any("已发布 巴财社〔2021〕96号：12 个单位、20 项指标" in done.value for done in test.success)


def test_targets_are_decomposed_by_sheet_from_the_page(tmp_path, open_page):
    store = published_store(tmp_path)
    workbook = openpyxl.load_workbook(io.BytesIO(sheet_workbook(prepare_sheet(store, NUMBER))))
    store.close()
    sheet = workbook["目标分解"]
    sheet["G8"] = "≥85%"
    lax, strict = io.BytesIO(), io.BytesIO()
    workbook.save(lax)
    sheet["G8"] = "95"
    workbook.save(strict)

    test = open_page(tmp_path, "targets")
    uploader = f"targets_file_{NUMBER}"
    test.file_uploader(key=uploader).set_value(("分解表.xlsx", lax.getvalue(), "")).run()
    assert ["宽于区域目标 ≥90%，低 5 个百分点" in error.value for error in test.error] == [True]
    assert test.button(key="targets_submit").disabled

    test.file_uploader(key=uploader).set_value(("分解表.xlsx", strict.getvalue(), "")).run()
    test.button(key="targets_submit").click().run()
    assert ["请写明分解或调整的理由" in error.value for error in test.error] == [True]
    for key in ("reason", "approval"):
        test.text_input(key=f"targets_{key}").set_value("张三")
    test.button(key="targets_submit").click().run()

    sound(test)
    assert [done.value for done in test.success] == ["已改 1 个目标，没有轮次需要重新计分。"]


def test_a_workspace_that_is_none_is_a_sentence(tmp_path, open_page):
    (tmp_path / STORE_NAME).write_bytes(b"no database" * 400)
    test = open_page(tmp_path, "overview", is_signed_in=False)

    assert [error.value for error in test.exception] == []
    (error,) = test.error
    assert error.value.endswith("。")


def submit(test: AppTest, label: str) -> Any:
    """Press the button with these words."""
    (button,) = [button for button in test.button if button.label == label]
    return button.click().run()


def test_the_day_of_the_demonstration_is_its_own(demo, open_page):
    test = open_page(demo, "overview")

    assert test.query_params["as_of"] == "2021-12-28"
    assert date(2021, 12, 28) == test.date_input(key="scope_as_of").value
