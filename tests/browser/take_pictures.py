"""Take the pictures of README.md anew: every page of a fresh demonstration, and the first page on a telephone.

Run by ``make pictures``; needs Debian's Chromium and a Chinese font. Look at the pictures before you keep them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from conftest import CHROMIUM, FLAGS, OFFICER, ROOT, Visit, running, sign_in
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.actions.tour import close_tour
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.store import Store

FOLDER = ROOT / "dashboard" / "static" / "pictures"
NOTICE = ROOT / "data" / "notices" / "巴财社〔2021〕96号.txt"
LARGEST_BYTES = 250_000
COLOURS = (192, 128, 64, 32)


@dataclass(frozen=True)
class Picture:
    """One picture: where the browser goes and as whom, how much of the page it keeps, what it uploads first."""

    name: str
    path: str
    height: int = 1100
    width: int = 1440
    upload: Callable[[Path], Path] | None = None
    account: str = OFFICER


PICTURES = (
    Picture("overview", "/"),
    Picture("unit", "/unit?unit=hejing"),
    Picture("allocation", "/allocation"),
    Picture("deviation", "/deviation?unit=qiemo&indicator=12", height=1720),
    Picture("region", "/region"),
    Picture("targets", "/targets"),
    Picture("imports", "/imports"),
    Picture("checking", "/checking?unit=qiemo", account="jixiaoke"),
    Picture("reviews", "/reviews?unit=qiemo&indicator=12", account="jixiaoke"),
    Picture("timeliness", "/timeliness"),
    Picture("money", "/money", height=1420),
    Picture("reconciliation", "/reconciliation"),
    Picture("payout", "/payout", height=1300),
    Picture("findings", "/findings", height=1300),
    Picture("accountability", "/accountability?unit=hejing", height=1420),
    Picture("screen", "/screen", height=900),
    Picture("inquiries", "/inquiries?inquiry=1", height=1500),
    Picture("reporting", "/reporting", height=1300, account="yanqi-1"),
    Picture("docking", "/docking"),
    Picture("issued", "/issued"),
    Picture("notices", "/notices", upload=lambda workspace: NOTICE),
    Picture("basis", "/basis"),
    Picture("calendar", "/calendar?year=2025", account="xinxike"),
    Picture("messages", "/messages"),
    Picture("people", "/people", account="xinxike"),
    Picture("log", "/log", account="shenjiju"),
    Picture("status", "/status", account="xinxike"),
    Picture("help", "/help"),
    Picture("phone", "/", width=390, height=1300),
)


def shrink(path: Path) -> None:
    """Keep as many colours as fit into ``LARGEST_BYTES``."""
    picture = Image.open(path).convert("RGB")
    for colours in COLOURS:
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < LARGEST_BYTES:
            return
    raise SystemExit(f"{path.name} 压缩后仍超过 {LARGEST_BYTES} 字节：请把照的高度改小。")


def put_tours_away(workspace: Path) -> None:
    """Let nobody be shown the first-use tour: a page's picture shows the page."""
    store = Store(workspace / STORE_NAME)
    for row in store.query("accounts").to_dict("records"):
        person = Actor(row["person_name"], row["role"], row["recipient_id"], row["account_id"], "演示")
        close_tour(store, person, datetime(2021, 12, 28, 9))
    store.close()


def take(browser: Browser, address: str, workspace: Path, picture: Picture) -> None:
    """Open a page as a person does and keep its picture."""
    is_phone = picture.width < 600
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height}, locale="zh-CN",
        has_touch=is_phone, device_scale_factor=2 if is_phone else 1,
    )
    sign_in(context, address, picture.account)
    visit = Visit(context.new_page(), address)
    page = visit.open(picture.path)
    if picture.upload:
        upload(visit, page, picture.upload(workspace))
    path = FOLDER / f"{picture.name}.png"
    page.screenshot(path=path)
    context.close()
    shrink(path)
    sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB\n")


def upload(visit: Visit, page: Page, file: Path) -> None:
    """Give the page a file and wait until it has been read."""
    page.locator("input[type=file]").first.set_input_files(file)
    page.wait_for_timeout(1500)
    visit.wait()
    main = page.locator("[data-testid=stMain]")
    main.evaluate("main => main.scrollTo(0, 0)")


def main() -> None:
    """Build a demonstration, serve it, take every picture (or those named on the command line)."""
    wanted = sys.argv[1:] or [picture.name for picture in PICTURES]
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "dashboard"]
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary) / "workspace"
        subprocess.run([*command, "demo", str(workspace)], cwd=ROOT, check=True)
        put_tours_away(workspace)
        serve = [*command, "serve", "--workspace", str(workspace), "--port", "0"]
        with running(serve) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            for picture in PICTURES:
                if picture.name in wanted:
                    take(browser, address, workspace, picture)
            browser.close()


if __name__ == "__main__":
    main()
