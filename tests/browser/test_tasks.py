"""Five people who know nothing of the program do one task each, by what they read on the screen alone.

Each starts at the sign-in page and types no address. A picture of every step lies in build/screenshots/tasks.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page

from dashboard import menu
from data.intake.columns import FIRST_ROW, LAST_LETTER, MONEY_ROW, SHEET_NAME
from tests.browser.conftest import HEIGHTS, SCREENSHOTS, Visit, running

pytestmark = pytest.mark.browser

FOLDER = SCREENSHOTS / "tasks"
WIDTH = 1440
PATIENCE = 20_000     # for what takes the server a while, such as scoring anew


class Stranger:
    """Somebody before a browser: reads, clicks what is written, and keeps a picture of each step."""

    def __init__(self, page: Page, address: str, task: str) -> None:
        self.visit = Visit(page, address)
        self.page = page
        self._task = task
        self._count = 0
        page.set_default_timeout(PATIENCE)
        page.goto(address)     # the only address, which the bureau's notice gives
        self.looks("登录页")

    def looks(self, step: str) -> None:
        """Keep a picture of what is seen now, as much as the screen shows."""
        self._count += 1
        self.page.screenshot(path=FOLDER / f"{self._task}-{self._count}-{step}.png")

    def clicks(self, what: Locator, step: str = "") -> None:
        """Click something and wait until the page has answered."""
        what.click()
        self.page.wait_for_timeout(300)
        self.visit.wait()
        if step:
            self.looks(step)

    def enters_as(self, name: str, unit: str = "") -> None:
        """Choose a person of the demonstration by the words on the button."""
        place = self.page.get_by_role("listitem").filter(has_text=unit) if unit else self.page
        self.clicks(place.get_by_role("button", name=name), "进入")

    def follows(self, sentence: str, step: str) -> None:
        """Follow the link that stands behind a sentence of a list."""
        told = self.page.get_by_role("listitem").filter(has_text=sentence)
        self.clicks(told.get_by_role("link", name="去看").first, step)

    def reads(self, *words: str) -> None:
        """Find words on the page."""
        for each in words:
            self.page.get_by_text(each).first.wait_for()

    def row(self, *words: str) -> str:
        """The words of the first row of a table that holds these."""
        rows = self.page.get_by_role("row")
        for each in words:
            rows = rows.filter(has_text=each)
        return rows.first.inner_text()

    def types(self, label: str, words: str) -> None:
        """Type into a field and leave it."""
        field = self.page.get_by_label(label)
        field.fill(words)
        field.press("Tab")
        self.visit.wait()

    def chooses(self, label: str, option: str, step: str = "") -> None:
        """Open a list by its label, type what is wanted, take it."""
        self.page.get_by_label(label, exact=True).click()
        self.page.keyboard.type(option)
        self.clicks(self.page.get_by_role("option", name=option), step)

    def downloads(self, name: str, *, exact: bool = False) -> bytes:
        """What a button hands out."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=name, exact=exact).click()
        return Path(download.value.path()).read_bytes()


@pytest.fixture(scope="module")
def tasks_address(chromium: Path, demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a copy of the demonstration: what is done here disturbs no other test."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    own = Path(shutil.copytree(demonstration, tmp_path_factory.mktemp("tasks") / "workspace"))
    with running([sys.executable, "-m", "dashboard", "serve", "--workspace", str(own), "--port", "0"]) as found:
        yield found


@pytest.fixture
def stranger(browser: Browser, tasks_address: str) -> Iterator[Callable[[str], Stranger]]:
    """Puts somebody new before a browser that has never been here."""
    opened = []

    def make(task: str) -> Stranger:
        opened.append(browser.new_context(viewport={"width": WIDTH, "height": HEIGHTS[WIDTH]}, locale="zh-CN"))
        return Stranger(opened[-1].new_page(), tasks_address, task)

    yield make
    for context in opened:
        context.close()


def test_a_leader_finds_who_is_late(stranger):
    """谁逾期了？"""
    leader = stranger("1-谁逾期了")
    leader.enters_as("演示·局长")

    leader.follows("导入监控系统已逾期", "打开时效跟踪")

    for unit in ("且末县", "和静县"):
        leader.reads(unit)
    assert "逾期" in leader.row("且末", "逾期")


def copied(example: bytes, blank: bytes) -> bytes:
    """The blank form with what stands in the example's open cells, as somebody copies it who fills in own figures."""
    shown, form = (openpyxl.load_workbook(io.BytesIO(content)) for content in (example, blank))
    sheet, given = form[SHEET_NAME], shown.worksheets[0]
    for line in (MONEY_ROW, *range(FIRST_ROW, sheet.max_row + 1)):
        for cell in sheet[f"A{line}:{LAST_LETTER}{line}"][0]:
            if not cell.protection.locked and given[cell.coordinate].value is not None:
                cell.value = given[cell.coordinate].value
    buffer = io.BytesIO()
    form.save(buffer)
    return buffer.getvalue()


def test_a_county_reports_a_round(stranger):
    """若羌县还没有报12月的数，请报上去。"""
    county = stranger("2-县里报数")
    county.enters_as("审核", "若羌县")
    county.reads("1 个轮次要办")

    blank = county.downloads("下载 若羌县 2021年12月填报表")
    example = county.downloads("下载填好的示例")
    chooser = county.page.locator("[data-testid=stFileUploader] input[type=file]").last
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    chooser.set_input_files({"name": "示例.xlsx", "mimeType": kind, "buffer": example})
    county.reads("是填好的示例，里面的数都是举例，没有收下")
    county.looks("传错了示例")

    chooser.set_input_files({"name": "若羌县12月.xlsx", "mimeType": kind, "buffer": copied(example, blank)})
    county.reads("草稿已保存")
    county.visit.wait()
    county.looks("上传以后")
    county.types("已知局限", "满意度只问了两个乡镇")
    submit = county.page.get_by_role("button", name="报送 若羌县 2021年12月数据")
    submit.scroll_into_view_if_needed()
    county.looks("得分预览")
    county.clicks(submit)

    county.reads("已报送第 1 版")
    county.looks("有回执")
    assert "回执 第" in county.page.get_by_text("已报送第 1 版").first.inner_text()


def test_a_reviewer_returns_one_value(stranger):
    """博湖县报的一个数不对，退回去，写明为什么。"""
    reviewer = stranger("3-退回一个数")
    reviewer.enters_as("演示·绩效科")
    reviewer.follows("等着审核", "打开审核填报")

    reviewer.chooses("审核哪个单位", "博湖县", "选博湖县")
    reviewer.chooses("核对哪一项", "政策知晓率")
    reviewer.types("意见", "受访人数与回访记录不一致，请核对后更正")
    reviewer.looks("写明意见")
    reviewer.clicks(reviewer.page.get_by_role("button", name="保存这一项"), "保存以后")
    reviewer.clicks(reviewer.page.get_by_role("button", name="退回单位更正（1 项存疑）"), "退回以后")

    # Said where the reviewer is, below a long table, not only at the head of the page.
    assert "博湖县的填报已退回" in reviewer.page.get_by_test_id("stToast").inner_text()
    assert "已退回" in reviewer.row("博湖县", "已退回")


@pytest.mark.skipif(not any(entry.name == "issued" for entry in menu.ENTRIES), reason="菜单里还没有“公文报表”")
def test_an_officer_issues_the_circular(stranger):
    """出一份12月的通报。"""
    officer = stranger("4-出通报")
    officer.enters_as("演示·社保科")
    officer.clicks(officer.page.get_by_role("link", name="公文报表"), "打开公文报表")

    officer.chooses("哪份公文报表", "通报", "选通报")
    officer.clicks(officer.page.get_by_role("button", name="出具通报"), "出具以后")
    content = officer.downloads("下载", exact=True)

    paper = docx.Document(io.BytesIO(content))
    words = "".join(each.text for each in paper.paragraphs)
    assert "通报" in words and "若羌县" in words


def test_a_leader_finds_why_a_county_is_red(stranger):
    """和静县为什么是红的？"""
    leader = stranger("5-和静县为什么红")
    leader.enters_as("演示·局长")
    leader.follows("钱没花出去、效果也没达到", "打开和静县")

    # The county stands under 双滞后: neither money nor effect. Which indicators it is, is one link away.
    leader.reads("双滞后")
    leader.clicks(leader.page.get_by_role("link", name="看每一项偏差"), "打开偏差跟踪")
    leader.chooses("单位", "和静县", "选和静县")
    leader.reads("入户回访只做了一半")
    leader.clicks(leader.page.get_by_role("tab", name="偏差排名"), "打开偏差排名")
    assert "和静县" in leader.row("和静县", "明显偏差")
