"""A report's whole life in a real browser: from a bureau's empty store to a locked report that an auditor reads."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, TimeoutError

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.auth.passwords import hash_password
from dashboard.rights import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    PREFECTURE_OFFICER,
    REVIEWER,
)
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.intake.columns import FILLED_BY_CELL, FIRST_ROW, PAID_CELL, SHEET_NAME, cell
from data.store import Store
from tests.browser.conftest import Visit, running

pytestmark = pytest.mark.browser

NOTICE = resources.files("data").joinpath("notices", "巴财社〔2021〕96号.txt").read_bytes()
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSWORD = "Bazhou-Caizheng-2021"
PEOPLE = (
    NewAccount("wangfang", "王芳", PREFECTURE_OFFICER),
    NewAccount("guli", "古丽", REVIEWER),
    NewAccount("juzhang", "局长", LEADER),
    NewAccount("shenji", "审计", AUDITOR),
    NewAccount("liqiang", "李强", COUNTY_REPORTER, "luntai"),
    NewAccount("zhaomin", "赵敏", COUNTY_APPROVER, "luntai"),
    NewAccount("sunli", "孙丽", COUNTY_REPORTER, "yuli"),
)


@pytest.fixture(scope="module")
def own_store(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on a bureau's own workspace, founded by its command, with its people and no data."""
    folder = tmp_path_factory.mktemp("bureau") / "workspace"
    init = [
        sys.executable, "-m", "dashboard", "init", str(folder), "--bureau", "巴州财政局", "--region", "652800",
        "--admin", "admin", "--admin-name", "管理员", "--password-stdin",
    ]  # fmt: skip
    subprocess.run(init, input=PASSWORD, encoding="utf-8", check=True, capture_output=True, timeout=120)
    store = Store(folder / STORE_NAME)
    password_hash = hash_password(PASSWORD)
    for new in PEOPLE:
        chosen = NewAccount(**{**new.__dict__, "password_hash": password_hash, "must_change_password": False})
        add_account(store, Actor("管理员", ADMINISTRATOR, account_id="admin"), datetime.now(), chosen)
    store.close()
    with running([sys.executable, "-m", "dashboard", "serve", "--workspace", str(folder), "--port", "0"]) as found:
        yield found


def type_into(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it, as a person does."""
    field = page.get_by_label(label, exact=True)
    field.click()
    field.fill(text)
    field.press("Tab")


def upload(visit: Visit, name: str, content: bytes, kind: str = "text/plain", place: int = 0) -> None:
    """Give a file to one of the page's uploads."""
    chooser = visit.page.locator("[data-testid=stFileUploader] input[type=file]").nth(place)
    chooser.set_input_files({"name": name, "mimeType": kind, "buffer": content})
    visit.page.wait_for_timeout(800)
    visit.wait()


def says(visit: Visit, words: str) -> None:
    """Wait until the page says something; a page that does not is quoted."""
    try:
        visit.page.get_by_text(words, exact=False).first.wait_for(timeout=20_000)
    except TimeoutError:
        pytest.fail(f"页面没有说“{words}”，而说：{main(visit)[:2000]}")


def press(visit: Visit, name: str) -> None:
    """Press a button and wait for what it does."""
    visit.page.get_by_role("button", name=name).first.click()
    visit.wait()


def main(visit: Visit) -> str:
    return visit.page.locator("[data-testid=stMain]").inner_text()


def filled(content: bytes, **cells: object) -> bytes:
    """A form with some cells filled in, as a clerk saves it; the first indicator stands in FIRST_ROW."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        workbook[SHEET_NAME][address] = value
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


COVERED, DUE = cell("numerator", FIRST_ROW), cell("denominator", FIRST_ROW)
RATE, OF_ALL = cell("numerator", FIRST_ROW + 3), cell("denominator", FIRST_ROW + 3)
BAND, SHARE = cell("band", FIRST_ROW + 14), cell("band_share", FIRST_ROW + 14)
RIGHT = {PAID_CELL: 2800, FILLED_BY_CELL: "李强", COVERED: 9009, DUE: 9100, RATE: 95, OF_ALL: 100}


def test_the_whole_life_of_a_report(open_tab, own_store):
    def tab(account: str) -> Visit:
        return open_tab(own_store, account=account, password=PASSWORD)

    # The officer publishes a notice and opens a round.
    officer = tab("wangfang")
    officer.open("/")
    says(officer, "还没有资金文件")
    assert "演示" not in main(officer)
    officer.open("/notices")
    upload(officer, "假的.xlsx", b"MZ\x90\x00" + b"\x00" * 400)
    says(officer, "假的.xlsx")
    upload(officer, "通知.txt", NOTICE)
    says(officer, "所印合计 91 处，相符 91 处")
    press(officer, "发布这份文件")
    says(officer, "已发布 巴财社〔2021〕96号：12 个单位、20 项指标")
    type_into(officer.page, "轮次名称", "试报")
    officer.page.get_by_role("button", name="开启", exact=True).click()
    says(officer, "轮次已开启")

    # The county's clerk meets the own duty first, uploads three faults, mends them and hands over.
    reporter = tab("liqiang")
    page = reporter.open("/")
    says(reporter, "1 个轮次要办")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 轮台县 试报填报表").click()
    form = Path(download.value.path()).read_bytes()
    faulty = filled(form, **{**RIGHT, COVERED: "很多", RATE: 120, BAND: "达成预期"})
    upload(reporter, "轮台县.xlsx", faulty, SHEET_TYPE, place=-1)
    says(reporter, f"「填报表」!{COVERED}")
    says(reporter, f"「填报表」!{RATE}")
    says(reporter, f"「填报表」!{SHARE}")
    assert not page.get_by_role("button", name="交审核").is_enabled()
    upload(reporter, "轮台县.xlsx", filled(form, **RIGHT), SHEET_TYPE, place=-1)
    says(reporter, "实际 9,009/9,100＝99%")
    page.get_by_label("已知局限（哪些数据不全、是估算或有待核实；确实没有的写“无”）").fill("分母取自年初台账")
    page.keyboard.press("Control+Enter")
    reporter.wait()
    press(reporter, "交审核")
    says(reporter, "请本单位审核人登录后核对报送")

    # Closing the browser loses nothing; the approver submits.
    approver = tab("zhaomin")
    approver.open("/")
    says(approver, "实际 9,009/9,100＝99%")
    press(approver, "报送 轮台县 试报数据")
    says(approver, "已报送第 1 版，2 项指标，得分已更新。回执 第")

    # The reviewer questions one value and returns the report.
    reviewer = tab("guli")
    page = reviewer.open("/checking?unit=luntai")
    says(reviewer, "分母取自年初台账")
    page.get_by_label("核对哪一项").click()
    page.keyboard.type("低保应保尽保")
    page.keyboard.press("Enter")
    type_into(page, "意见", "应保人数与台账不一致，请核对")
    press(reviewer, "保存这一项")
    press(reviewer, "退回单位更正（1 项存疑）")
    says(reviewer, "轮台县的填报已退回")

    # The clerk sees what is asked, corrects it; the approver submits the second version.
    page = reporter.open("/")
    says(reporter, "应保人数与台账不一致，请核对")
    upload(reporter, "轮台县.xlsx", filled(form, **{**RIGHT, COVERED: 9050, DUE: 9050}), SHEET_TYPE, place=-1)
    says(reporter, "实际 9,050/9,050＝100%")
    approver.open("/")
    page = approver.page
    if not page.get_by_label("已知局限", exact=False).first.input_value():
        page.get_by_label("已知局限", exact=False).first.fill("无")
        page.keyboard.press("Control+Enter")
        approver.wait()
    press(approver, "报送 轮台县 试报数据")
    says(approver, "已报送第 2 版")

    # Accepted by the reviewer, locked by the officer.
    reviewer.open("/checking?unit=luntai")
    press(reviewer, "其余全部属实")
    press(reviewer, "审核通过，看下一个单位")
    says(reviewer, "轮台县的填报已审核通过")
    officer.open("/checking?unit=luntai")
    press(officer, "锁定这一份")
    says(officer, "轮台县的填报已锁定")
    reporter.open("/")
    says(reporter, "已锁定")
    assert reporter.page.get_by_role("button", name="下载 轮台县 试报填报表").count() == 0

    # The leader sees the state and the figure; another county nothing of it; the auditor all of it.
    leader = tab("juzhang")
    leader.open("/checking?unit=luntai")
    says(leader, "已锁定")
    leader.open("/deviation?unit=luntai&indicator=1")
    says(leader, "实际 9,050/9,050＝100%")
    other = tab("sunli")
    for path in ("/", "/reporting?unit=luntai", "/deviation?unit=luntai&indicator=1", "/timeliness", "/accountability",
                 "/checking?unit=luntai", "/log"):
        other.open(path)
        assert "9,050" not in main(other)
        assert "9,009" not in main(other)
        assert "轮台" not in main(other)
    auditor = tab("shenji")
    auditor.open("/log")
    for words in ("锁定填报", "审核通过", "退回填报", "报送数据", "发布资金文件", "赵敏", "李强"):
        says(auditor, words)
    says(auditor, "首尾相接，没有改动")

    for visit in (officer, reporter, approver, reviewer, leader, other, auditor):
        assert visit.error_boxes() == []
        # The log shows sign-in names and hashes.
        assert visit is auditor or visit.english() == []


def test_a_link_opens_the_same_place_for_another_person(open_tab, address):
    first, second = open_tab(address), open_tab(address)
    page = first.open("/deviation?round=2021-09&as_of=2021-12-27&unit=hejing&indicator=12")
    told = page.locator("[data-testid=stMain]").inner_text()

    again = second.open("/" + page.url.partition(f"{address}/")[2]).locator("[data-testid=stMain]").inner_text()

    assert "统计截止 2021-12-27" in told
    assert "和静县" in told
    assert again == told
