"""Every page in a real browser, on a desk screen and on a telephone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

PAGES = {
    "总览": "/",
    "资金分配": "/allocation",
    "偏差跟踪": "/deviation",
    "州级汇总": "/region",
    "时效跟踪": "/timeliness",
    "花钱必问效": "/accountability",
    "数据填报": "/reporting",
    "目标分解": "/targets",
    "复核评分": "/reviews",
    "资金文件": "/notices",
    "依据与口径": "/basis",
}


@pytest.mark.parametrize(("title", "path"), PAGES.items(), ids=PAGES)
def test_page(visit, title, path):
    page = visit.open(path)
    name = path.strip("/") or "overview"
    visit.photograph(name)

    assert visit.error_boxes() == []
    assert title in page.locator("h1").first.inner_text()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert visit.english() == []
    assert visit.outside_requests() == []
    assert visit.complaints == []
    assert visit.wider_than_the_screen() == []


def test_every_page_is_in_the_menu(open_tab, address):
    visit = open_tab(address)
    page = visit.open("/")

    entries = page.locator("[data-testid=stSidebarNavLink], [data-testid=stTopNavLink]").all_inner_texts()

    assert {title for title in PAGES if any(title in entry for entry in entries)} == set(PAGES)
