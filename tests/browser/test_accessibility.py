"""The keyboard and the sign-in page; each page of the menu is asked for the rest where test_pages.py opens it."""

from __future__ import annotations

import pytest

from tests.browser.accessibility import figures, grave_findings, tab_stops

pytestmark = pytest.mark.browser

# Widgets that Tab never reaches: each must have one place in it from which keys do the rest, such as the arrows that
# open a list, count up and down, or go from tab to tab.
_OUT_OF_REACH = """() => [...document.querySelectorAll("[data-testid=stMain] [data-testid=stElementContainer]")]
  .map((widget) => [...widget.querySelectorAll("button, input, select, textarea, a[href], summary, [role=tab]")]
    .filter((control) => control.getBoundingClientRect().height > 0 && !control.disabled
      && getComputedStyle(control).visibility !== "hidden"))
  .filter((controls) => controls.length && controls.every((control) => control.tabIndex < 0))
  .map((controls) => controls[0].outerHTML.slice(0, 160))"""


@pytest.mark.parametrize(("path", "account"), [
    ("/deviation", "shebaoke"), ("/timeliness", "shebaoke"), ("/reporting", "hejing-1"), ("/people", "xinxike"),
])
def test_the_keyboard_reaches_every_control_and_shows_where_it_is(open_tab, address, path, account):
    visit = open_tab(address, account=account)
    page = visit.open(path)

    assert page.evaluate(_OUT_OF_REACH) == []
    stops = tab_stops(page, 70)
    assert stops[0]["name"] == "跳到正文"
    assert {stop["part"] for stop in stops} >= {"menu", "main"}
    assert [stop for stop in stops if not stop["shows"] and stop["has_size"]] == []


def test_the_first_link_leads_past_the_menu(open_tab, address):
    page = open_tab(address).open("/deviation")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("!!document.activeElement.closest('[data-testid=stMain]')")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_a_figure_is_heard_as_the_sentence_under_it(open_tab, address):
    page = open_tab(address).open("/allocation")

    money, adjusted = figures(page)
    assert money["words"].startswith("合计 20,251 万元；和静县最多")
    assert adjusted["words"] == "9 个单位调增，共 535 万元；1 个单位调减，共 530 万元；2 个单位不变。"
    assert page.locator(".wx-table").count() > 0, "the same figures as a table"


@pytest.mark.parametrize("width", [1440, 390])
def test_the_sign_in_page(open_tab, address, width):
    visit = open_tab(address, width, account=None)
    visit.page.goto(f"{address}/login")

    assert grave_findings(visit.page) == []
    stops = tab_stops(visit.page, 12)
    assert len(stops) == 12
    assert [stop for stop in stops if not stop["shows"]] == []
