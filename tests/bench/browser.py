"""What a person sees in Chromium: choosing another round, opening a page again, for the first time, news by itself.

Each is measured from the click, or from the address, until the page is drawn and stays so; a first visit is a browser
profile of its own with nothing kept.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, sync_playwright

from dashboard.remote import command
from tests.bench.figures import hand_over, note
from tests.bench.serving import Server, served
from tests.browser.conftest import CHROMIUM, FLAGS, sign_in

PAGE = "/deviation"
SIZE = {"width": 1440, "height": 900}
# Drawn: the script has ended, nothing is stale, no skeleton, every chart has its picture; looked at every frame.
DRAWN = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const charts = [...document.querySelectorAll("[data-testid=stPlotlyChart]")].filter((each) => each.offsetParent);
  return app && app.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED"
    && document.querySelector("[data-testid=stMain] h1")
    && !document.querySelector("[data-testid=stSkeleton], [data-testid=stAppSkeleton], [data-stale=true]")
    && charts.length && charts.every((each) => each.querySelector(".main-svg"));
}"""
# When the first word of the page is another one.
WATCH = """() => {
  window.wxNews = null;
  new MutationObserver(() => { window.wxNews ??= Date.now(); }).observe(
    document.querySelector("[data-testid=stMain]"), { subtree: true, childList: true, characterData: true });
}"""


def drawn(page: Page) -> None:
    """Wait until a page is whole."""
    page.wait_for_function(DRAWN, polling="raf", timeout=60_000)


def milliseconds(task: Callable[[], None]) -> float:
    """How long something takes."""
    begun = time.perf_counter()
    task()
    return (time.perf_counter() - begun) * 1000


def first_visits(server: Server, times: int) -> tuple[list[float], list[float], float]:
    """A new profile each time: from the address to the drawn page, then once more; and the KiB of a first load."""
    cold, warm, loaded = [], [], []
    with sync_playwright() as playwright:
        for _ in range(times):
            with tempfile.TemporaryDirectory() as profile:
                context = playwright.chromium.launch_persistent_context(
                    profile, executable_path=CHROMIUM, args=list(FLAGS), viewport=SIZE, locale="zh-CN",     # type: ignore[arg-type]
                )
                sign_in(context, server.address)
                page = context.pages[0]
                cold.append(milliseconds(lambda page=page: opened(page, server)))     # type: ignore[misc]
                loaded.append(float(page.evaluate(
                    "performance.getEntriesByType('resource').reduce((sum, each) => sum + each.transferSize, 0) / 1024"
                )))
                for _ in range(2):
                    warm.append(milliseconds(lambda page=page: opened(page, server)))     # type: ignore[misc]
                context.close()
    return cold, warm, statistics.median(loaded)


def opened(page: Page, server: Server) -> None:
    """Open the page that is measured, to the end."""
    page.goto(server.address + PAGE)
    drawn(page)


def filtered(context: BrowserContext, server: Server, times: int) -> list[float]:
    """From the click on another round until everything is drawn with it."""
    page = context.new_page()
    opened(page, server)
    page.locator("[data-testid=stPopover] button").first.click()
    taken = []
    for number in range(times + 3):
        page.locator("[data-testid=stPopoverBody] [data-testid=stSelectbox]").nth(1).locator("input").click()
        option = page.get_by_role("option").nth(number % 3)
        option.wait_for()

        def chosen(option=option) -> None:     # type: ignore[no-untyped-def]
            option.click()
            page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState !== "
                                   "'notRunning'", polling="raf", timeout=2_000)
            drawn(page)

        try:
            seconds = milliseconds(chosen)
        except Exception as error:
            note(f"这一次没有量到：{str(error)[:80]}")
            continue
        if number >= 3:     # each round once before: its boards are kept then
            taken.append(seconds)
    page.close()
    return taken


def pushed(context: BrowserContext, server: Server, times: int) -> list[float]:
    """From the answer to somebody's report until an open page shows it, untouched."""
    page = context.new_page()
    page.goto(f"{server.address}/overview")
    page.wait_for_function(DRAWN.replace("&& charts.length", ""), polling="raf", timeout=60_000)
    taken = []
    for number in range(times):
        page.evaluate(WATCH)
        rows = f"文号,轮次,单位,序号,全年执行数（万元）\n巴财社〔2021〕96号,2021-12,尉犁县,0,{1000 + number}\n"
        command(server.folder, "import-actuals", rows.encode(), file_name="news.csv", dry_run="")
        done = time.time()
        page.wait_for_function("window.wxNews !== null", polling=50, timeout=60_000)
        taken.append(page.evaluate("window.wxNews") - done * 1000)
        page.wait_for_timeout(2_000)
        page.wait_for_function(DRAWN.replace("&& charts.length", ""), polling="raf", timeout=60_000)
    page.close()
    return taken


def main() -> None:
    """Measure, several times each, and hand over the medians."""
    times = 3 if "--small" in sys.argv else 7
    with served() as server:
        cold, warm, loaded = first_visits(server, times)
        note(f"首次 {cold}，再开 {warm}，{loaded:.0f} KiB")
        with sync_playwright() as playwright:
            launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            context = launched.new_context(viewport=SIZE, locale="zh-CN")     # type: ignore[arg-type]
            sign_in(context, server.address)
            filters = filtered(context, server, times)
            note(f"换轮次 {filters}")
            news = pushed(context, server, times)
            note(f"新数 {news}")
            launched.close()
    hand_over(
        {
            "cold_ms": round(statistics.median(cold)), "warm_ms": round(statistics.median(warm)),
            "filter_ms": round(statistics.median(filters)), "pushed_ms": round(max(news)),
        },
        {"cold": cold, "warm": warm, "filter": filters, "pushed": news, "kib": round(loaded)},
    )


if __name__ == "__main__":
    main()
