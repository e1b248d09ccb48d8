"""Every page in a real browser, on a desk screen and on a telephone, with every other host out of reach."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error

from dashboard import menu
from dashboard.rights import ADMINISTRATOR, AUDITOR, NOTHING, PREFECTURE_OFFICER, reach
from tests.browser.accessibility import grave_findings, poor_figures

pytestmark = pytest.mark.browser

# The demonstration's people, by role; a page is opened by the first who may see it.
PEOPLE = {PREFECTURE_OFFICER: "shebaoke", ADMINISTRATOR: "xinxike", AUDITOR: "shenjiju"}
PAGES = {
    entry: next(account for role, account in PEOPLE.items() if reach(role, "page", entry.name) != NOTHING)
    for entry in menu.ENTRIES
}
# A county's person has other words on these pages than the prefecture has.
COUNTY = ("unit", "timeliness", "reporting", "docking", "findings", "money", "payout", "reconciliation")


def look_at(visit, entry):
    page = visit.open("/" if entry.name == "overview" else f"/{entry.name}")

    assert visit.error_boxes() == []
    assert entry.title in page.locator("h1").first.inner_text()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert visit.english() == []
    assert [text for text in visit.texts() if "**" in text] == []
    assert visit.outside_requests() == []
    assert visit.complaints == []
    assert visit.wider_than_the_screen() == []
    assert poor_figures(page) == []
    # Last: it scrolls.
    assert grave_findings(page) == []


@pytest.mark.parametrize(("entry", "account"), PAGES.items(), ids=[entry.name for entry in PAGES])
def test_page(open_tab, address, width, entry, account):
    look_at(open_tab(address, width, account), entry)


@pytest.mark.parametrize("name", COUNTY)
def test_page_of_a_county(open_tab, address, name):
    (entry,) = (entry for entry in menu.ENTRIES if entry.name == name)

    look_at(open_tab(address, 1440, "hejing-2"), entry)


def test_every_page_is_in_the_menu(open_tab, address):
    visit = open_tab(address)
    page = visit.open("/")

    entries = page.locator("[data-testid=stSidebarNavLink], [data-testid=stTopNavLink]").all_inner_texts()

    titles = {entry.title for entry, account in PAGES.items() if account == PEOPLE[PREFECTURE_OFFICER]}
    assert {title for title in titles if any(title in entry for entry in entries)} == titles


def test_another_host_is_out_of_reach(browser):
    """Else the pages above would show nothing of how they are in a closed network."""
    page = browser.new_page()
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.com/")
    page.close()
