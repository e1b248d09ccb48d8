"""A bureau's first day in a real browser: from an empty store to a unit's scored report."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page

from data.intake.columns import FILLED_BY_CELL, FIRST_ROW, PAID_CELL, SHEET_NAME, cell
from tests.browser.conftest import Visit, running

pytestmark = pytest.mark.browser

NOTICE = resources.files("data").joinpath("notices", "巴财社〔2021〕96号.txt").read_bytes()
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def own_store(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on a bureau's own, empty store."""
    folder = tmp_path_factory.mktemp("bureau")
    serve = [sys.executable, "-m", "dashboard", "serve", "--workspace", str(folder), "--port", "0"]
    with running(serve) as found:
        yield found


def type_into(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it, as a person does."""
    field = page.get_by_label(label, exact=True)
    field.click()
    field.fill(text)
    field.press("Tab")


def upload(visit: Visit, name: str, content: bytes, kind: str = "text/plain") -> None:
    """Give a file to the page's upload."""
    chooser = visit.page.locator("[data-testid=stFileUploader] input[type=file]")
    chooser.set_input_files({"name": name, "mimeType": kind, "buffer": content})
    visit.page.wait_for_timeout(800)
    visit.wait()


def says(visit: Visit, words: str) -> None:
    """Wait until the page says something."""
    visit.page.get_by_text(words, exact=False).first.wait_for(timeout=20_000)


def test_the_first_day_of_a_bureau(open_tab, own_store):
    visit = open_tab(own_store)
    page = visit.open("/")
    says(visit, "还没有资金文件")
    assert "演示" not in page.locator("[data-testid=stMain]").inner_text()

    visit.open("/notices")
    type_into(page, "经办人姓名", "王芳")
    upload(visit, "假的.xlsx", b"MZ\x90\x00" + b"\x00" * 400)
    says(visit, "假的.xlsx")
    assert "Traceback" not in page.locator("body").inner_text()
    upload(visit, "通知.txt", NOTICE)
    says(visit, "所印合计 91 处，相符 91 处")
    page.get_by_role("button", name="发布这份文件").click()
    says(visit, "已发布 巴财社〔2021〕96号：12 个单位、20 项指标")
    type_into(page, "轮次名称", "试报")
    page.get_by_role("button", name="开启", exact=True).click()
    says(visit, "轮次已开启")

    visit.open("/timeliness?unit=luntai")
    says(visit, "12 个单位没有登记收文时间")
    type_into(page, "登记人姓名", "王芳")
    page.get_by_label("办理日期", exact=True).get_by_role("spinbutton").first.click()
    page.keyboard.type("20211222")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="登记", exact=True).click()
    says(visit, "已登记")
    says(visit, "12-23 ①、12-24 ②、12-27 ③")

    visit.open("/reporting?unit=luntai")
    says(visit, "轮台县 · 试报")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 轮台县 试报填报表").click()
    workbook = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    sheet = workbook[SHEET_NAME]
    sheet[PAID_CELL], sheet[FILLED_BY_CELL] = 2800, "李强"
    sheet[cell("numerator", FIRST_ROW)], sheet[cell("denominator", FIRST_ROW)] = "很多", 9100

    upload(visit, "轮台县.xlsx", saved(workbook), SHEET_TYPE)
    says(visit, "有 1 处要改，一条也没有写入")
    says(visit, f"「填报表」!{cell('numerator', FIRST_ROW)}")
    visit.photograph("reporting-faults")

    sheet[cell("numerator", FIRST_ROW)] = 9009
    upload(visit, "轮台县.xlsx", saved(workbook), SHEET_TYPE)
    says(visit, "实际 9,009/9,100＝99%")
    says(visit, "1 项没有达标而没有写偏差原因")
    visit.photograph("reporting-preview")
    type_into(page, "填报人姓名", "李强")
    page.get_by_role("button", name="报送 轮台县 试报数据").click()
    says(visit, "已报送第 1 版，1 项指标，得分已更新")
    page.get_by_role("button", name="报送 轮台县 试报数据").click()
    says(visit, "这份文件已经报送过，内容没有变化")

    visit.open("/deviation?unit=luntai&indicator=1")
    says(visit, "目标应保尽保，实际 9,009/9,100＝99%，完成 99%")
    visit.open("/")
    says(visit, "2,800÷2,939 万元")
    assert visit.error_boxes() == []
    assert visit.english() == []


def test_a_link_opens_the_same_place_for_another_person(open_tab, address):
    first, second = open_tab(address), open_tab(address)
    page = first.open("/deviation?round=2021-09&as_of=2021-12-27&unit=hejing&indicator=12")
    told = page.locator("[data-testid=stMain]").inner_text()

    again = second.open("/" + page.url.partition(f"{address}/")[2]).locator("[data-testid=stMain]").inner_text()

    assert "统计截止 2021-12-27" in told
    assert "和静县" in told
    assert again == told


def test_another_persons_work_shows_without_a_restart(open_tab, own_store):
    """Runs after the first day: two people on one server see one store."""
    visit = open_tab(own_store)

    visit.open("/notices")

    says(visit, "巴财社〔2021〕96号")


def saved(workbook: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook as a clerk would save it."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
