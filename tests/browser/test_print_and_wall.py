"""On paper and on the wall: A4 pages without menu and buttons, and a screen that needs no scrolling."""

from __future__ import annotations

import io
import unicodedata

import pdfplumber
import pytest

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

LEADER = "juzhang"
A4 = (595, 842)     # points


def plain(words: str) -> str:
    """Words as they are typed: a font's own forms of 示 or 月 are the same sign."""
    return unicodedata.normalize("NFKC", words)


def printed(visit: Visit, path: str) -> list[str]:
    """The words of each page that the browser would print."""
    page = visit.open(path)
    with pdfplumber.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as pdf:
        assert {(round(sheet.width), round(sheet.height)) for sheet in pdf.pages} == {A4}
        right = max(word["x1"] for sheet in pdf.pages for word in sheet.extract_words())
        assert right < A4[0] - 20, "nothing is cut at the margin"
        return [plain(sheet.extract_text()) for sheet in pdf.pages]


@pytest.mark.parametrize(
    ("path", "title", "told"),
    [
        ("/?compare=2021-12-27", "总览", ["今天要办的事", "库尔勒", "未登记收文", "变了什么", "三处疑点"]),
        ("/unit?unit=hejing", "单位画像", ["和静县双滞后", "13 当日录入率", "文件行号", "填报和版本"]),
    ],
)
def test_a_page_is_printed_on_a4_without_what_is_to_be_pressed(open_tab, address, path, title, told):
    sheets = printed(open_tab(address, 1440, LEADER), path)
    words = "\n".join(sheets)

    assert 1 <= len(sheets) <= 5
    for part in (title, "演示：填报数据为模拟", "巴财社〔2021〕96号", "统计截止 2021-12-28", *told):
        assert plain(part) in words, part
    for part in ("资金流向", "看偏差跟踪", "去看", "本人账号", "与另一天相比（"):
        assert plain(part) not in words, part
    assert all(sheet.strip() for sheet in sheets), "no empty page"


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1366, 768)])
def test_the_wall_holds_everything_on_one_screen(open_tab, address, width, height):
    visit = open_tab(address, 1440, LEADER)
    visit.page.set_viewport_size({"width": width, "height": height})
    page = visit.open("/screen")

    seen = page.evaluate("""() => {
      const wall = document.querySelector(".wx-screen"), frame = wall.getBoundingClientRect();
      const inside = (part) => { const box = part.getBoundingClientRect();
        return box.left >= 0 && box.top >= 0 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1; };
      const shown = (part) => part && getComputedStyle(part).display !== "none";
      return { frame: [frame.width, frame.height], rows: wall.querySelectorAll("tbody tr").length,
        cut: [...wall.querySelectorAll("td, li, header, footer, p")].filter((part) => !inside(part)).length,
        over: [...wall.querySelectorAll("section")].filter((part) => part.scrollHeight > part.clientHeight + 2).length,
        size: parseFloat(getComputedStyle(wall.querySelector("td")).fontSize) / innerWidth,
        menu: shown(document.querySelector("[data-testid=stSidebar]")),
        head: shown(document.querySelector("[data-testid=stHeader]")) };
    }""")

    assert seen["frame"] == [width, height]
    assert (seen["rows"], seen["cut"], seen["over"]) == (12, 0, 0)
    assert seen["size"] > 0.01, "read from across the room"
    assert not seen["menu"] and not seen["head"]
    assert page.locator(".wx-screen header a").get_attribute("href").startswith("/?notice=")


def test_the_wall_draws_itself_again_and_that_is_nobodys_doing(open_tab, address):
    visit = open_tab(address, 1440, LEADER)
    page = visit.open("/screen")
    before = page.locator(".wx-screen footer b").inner_text()

    page.wait_for_function(
        "then => document.querySelector('.wx-screen footer b').innerText !== then", arg=before, timeout=40_000
    )

    assert visit.error_boxes() == []
