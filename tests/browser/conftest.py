"""A browser on a demonstration workspace: opens pages as a person does and lists what is wrong with them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from dashboard.demo import PEOPLE
from data.docking.mapping import shipped_mappings
from data.reference import recipients
from tests.builders import demo_folder

ROOT = Path(__file__).parent.parent.parent
SCREENSHOTS = ROOT / "build" / "screenshots"
CHROMIUM = Path(os.environ.get("WENXIAO_CHROMIUM", "/usr/bin/chromium"))
REQUIRED = os.environ.get("WENXIAO_REQUIRE_BROWSER") == "1"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    # As in a closed network: no other host has an address.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip
HEIGHTS = {1440: 900, 390: 844}
FAILED = pytest.StashKey[bool]()
OFFICER = "shebaoke"     # the demonstration's officer, as whom tabs are signed in
# Names that have no Chinese: file kinds and the tools that the basis page names.
ALLOWED_WORDS = frozenset({
    "csv", "xlsx", "xls", "pdf", "docx", "doc", "txt", "json", "sql", "esc", "png", "jpg", "jpeg", "parquet",
    "excel", "word", "duckdb", "chinesecalendar",
    "yyyy",     # an empty date in an English browser; a Chinese one shows 年
})  # fmt: skip
# The standard's element names and the systems' own words, which stand as they are in the mappings of exports.
ELEMENT_NAMES = frozenset(
    word for mapping in shipped_mappings().values()
    for words in ((head for field in mapping.fields for head in field.heads), *mapping.words.values())
    for word in words if word.isascii()
)

# What the log calls people by.
SIGN_IN_NAMES = frozenset(
    {account.account_id for account in PEOPLE} | {f"{unit.recipient_id}-{n}" for unit in recipients() for n in (1, 2)}
)

_SERVE_SCRIPT = """
import sys
from datetime import datetime
from pathlib import Path
from dashboard import server
from dashboard.actions.accounts import NewAccount, add_account
from data.audit import Actor
from data.store import Store

store = Store(None)
# Made a demonstration, so that the tab can be signed in as anywhere else.
officer = NewAccount("shebaoke", "演示·社保科", "prefecture_officer")
add_account(store, Actor("安装人员", "administrator"), datetime(2021, 12, 22), officer)
with store.transaction() as cursor:
    cursor.insert("workspace_setting", [{"setting_key": "demonstration_today", "setting_value": "2021-12-28"}])
with server.listen("127.0.0.1", 0) as listening:
    server.run_app(server.build_app(Path(sys.argv[1]), lambda: store), listening, "127.0.0.1")
"""

# Every text and every label of the page that a person or a screen reader meets.
_WORDS = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      const skipped = "script, style, noscript, [data-testid=stIconMaterial], [translate=no]";
      if (!node.parentElement.closest(skipped)) found.add(node.nodeValue);
    } else {
      for (const name of ["aria-label", "title", "placeholder", "data-title", "alt"]) {
        if (node.getAttribute(name)) found.add(node.getAttribute(name));
      }
    }
  }
  return [document.title, ...found];
}"""
# Done, and for a while: a rerun that a widget asked for starts a moment later.
SETTLED_MILLISECONDS = 300
_DONE = """(settled) => {
  const app = document.querySelector("[data-testid=stApp]");
  const isDone = app
    && app.dataset.testScriptState === "notRunning"
    && app.dataset.testConnectionState === "CONNECTED"
    && document.querySelector("[data-testid=stMain] [data-testid=stMarkdown], [data-testid=stMain] h1")
    && !document.querySelector("[data-testid=stSkeleton], [data-testid=stAppSkeleton], [data-stale=true]");
  if (!isDone) window.wxDoneSince = undefined;
  else window.wxDoneSince ??= performance.now();
  return isDone && performance.now() - window.wxDoneSince >= settled;
}"""
_WIDER_THAN_THE_SCREEN = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const over = Math.max(
    document.documentElement.scrollWidth - window.innerWidth, main ? main.scrollWidth - main.clientWidth : 0);
  if (over <= 1) return [];
  const names = [...document.querySelectorAll("[data-testid=stMain] *")]
    .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
    .map((element) => `${element.tagName} ${element.dataset.testid || element.className}`.slice(0, 80));
  return [`${over}px`, ...names.slice(0, 8)];
}"""


class Visit:
    """One tab: what it asked for, what it complained of, what stands on it."""

    def __init__(self, page: Page, address: str, settled: int = SETTLED_MILLISECONDS) -> None:
        self.page = page
        self.address = address
        self._settled = settled
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        page.on("requestfailed", self._missed)

    def _heard(self, message: ConsoleMessage) -> None:
        # Of a name without an address, or of what the policy does not allow.
        if message.type == "error" and ("Content Security Policy" in message.text or "ERR_NAME" in message.text):
            self.complaints.append(message.text)

    def _missed(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.complaints.append(f"{request.url} {request.failure}")

    def open(self, path: str) -> Page:
        """Open a path of the application and wait until everything on it is drawn."""
        self.page.goto(self.address + quote(path, safe="/?=&%"))
        self.wait()
        return self.page

    def wait(self) -> None:
        """Wait until the script has ended and no part of the page is stale, and has stayed so."""
        self.page.evaluate("window.wxDoneSince = undefined")
        self.page.wait_for_function(_DONE, arg=self._settled, timeout=60_000, polling=50)

    def outside_requests(self) -> list[str]:
        """What was asked of any other host."""
        host = self.address.removeprefix("http://")
        own = (f"http://{host}/", f"ws://{host}/", "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]

    def error_boxes(self) -> list[str]:
        """Texts of boxes that show a fault of the program."""
        boxes = self.page.locator("[data-testid=stException], [data-testid=stErrorElement]").all_inner_texts()
        return [*boxes, *(text for text in self.texts() if "Traceback" in text)]

    def texts(self) -> list[str]:
        """Every text and label on the page."""
        found: list[str] = self.page.evaluate(_WORDS)
        return found

    def english(self) -> list[str]:
        """Texts with a Latin word of three letters or more that is not allowed; no hash or sign-in name is one."""
        def has_english(text: str) -> bool:
            without_names = re.sub(
                r"号（[0-9a-f]{8}）|人员 [0-9a-f]{4,}|校验码[： ]*[0-9a-f]{8,64}|（[a-z0-9-]+）", "", text
            )
            plain = " ".join(set(re.findall(r"[A-Za-z0-9_]+", without_names)) - ELEMENT_NAMES)
            words = re.findall(r"[A-Za-z]{3,}", plain)
            return text not in SIGN_IN_NAMES and any(word.lower() not in ALLOWED_WORDS for word in words)

        return [text for text in self.texts() if has_english(text)]

    def wider_than_the_screen(self) -> list[str]:
        """By how much the page scrolls sideways, and what sticks out; empty if it does not."""
        found: list[str] = self.page.evaluate(_WIDER_THAN_THE_SCREEN)
        return found

    def photograph(self, name: str) -> Path:
        """The whole page as a picture in build/screenshots; every test that fails leaves one."""
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        main = "document.querySelector('[data-testid=stMain]')"
        whole = int(self.page.evaluate(f"{main} ? {main}.scrollHeight : 0"))
        height = max(HEIGHTS.get(width, 900), min(whole, 8000))
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_timeout(300)
        path = SCREENSHOTS / f"{name}-{width}.png"
        self.page.screenshot(path=path)
        self.page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
        return path


@contextmanager
def running(command: list[str]) -> Iterator[str]:
    """A server process; the address that it prints once it answers."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    complaints: list[str] = []
    reader = threading.Thread(target=lambda: complaints.extend(process.stderr or ()), daemon=True)
    reader.start()
    try:
        found = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
        if not found:
            process.wait(10)
            reader.join(5)
            pytest.fail("服务没有启动：" + "".join(complaints))
        yield found[0]
    finally:
        process.terminate()
        process.wait(20)
        reader.join(5)
    assert not [line for line in complaints if "Traceback" in line], "".join(complaints)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let the tabs of a test know that it failed, so that they leave a picture."""
    outcome = yield
    if outcome.get_result().failed:     # type: ignore[attr-defined]
        item.stash[FAILED] = True


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration workspace of this worker's own."""
    return Path(shutil.copytree(demo_folder(), tmp_path_factory.mktemp("demonstration") / "workspace"))


@pytest.fixture(scope="session")
def address(chromium: Path, demonstration: Path) -> Iterator[str]:
    """The address of a server on the demonstration workspace."""
    serve = [sys.executable, "-m", "dashboard", "serve", "--workspace", str(demonstration), "--port", "0"]
    with running(serve) as found:
        yield found


@pytest.fixture(scope="session")
def serve_script(
    chromium: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], AbstractContextManager[str]]:
    """Serves a page made for a test, with our middleware around it; gives its address."""

    def serve(text: str) -> AbstractContextManager[str]:
        script = tmp_path_factory.mktemp("script") / "app.py"
        script.write_text(text, encoding="utf-8")
        return running([sys.executable, "-c", _SERVE_SCRIPT, str(script)])

    return serve


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium; without it the test is skipped, or fails where the browser is required."""
    if CHROMIUM.is_file():
        return CHROMIUM
    reason = f"没有 {CHROMIUM}，浏览器测试没有运行：请安装 chromium 与 fonts-noto-cjk。"
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


# Not for the session: Playwright's loop would still run in the tests that follow.
@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """One browser for a file of tests."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(params=sorted(HEIGHTS, reverse=True), ids=lambda width: f"{width}px")
def width(request: pytest.FixtureRequest) -> int:
    """The width of a desk screen, then of a telephone."""
    found: int = request.param
    return found


def sign_in(context: BrowserContext, address: str, account: str = OFFICER, password: str = "") -> None:
    """Let a profile be signed in: in a demonstration as one of its people, elsewhere with a password."""
    path = "/login" if password else "/login/demonstration"
    page = context.request.get(f"{address}/login").text()
    found = re.search(rf'action="{path}(?:\?[^"]*)?".*?name="form" value="([^"]+)"', page, re.S)
    assert found, "登录页上没有这种登录方式"
    sent = {"form": found[1], "account": account, "password": password}
    answer = context.request.post(f"{address}{path}", form=sent, headers={"Origin": address}, max_redirects=0)
    assert answer.status == 303, answer.text()


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Callable[..., BrowserContext]:
    """A profile for each width, server and person; an English browser, so that our Chinese owes it nothing."""
    made: dict[tuple[int, str, str | None], BrowserContext] = {}

    def of(width: int, address: str, account: str | None = OFFICER, password: str = "") -> BrowserContext:
        key = (width, address, account)
        if key not in made:
            size = {"width": width, "height": HEIGHTS[width]}
            made[key] = browser.new_context(viewport=size, locale="en-US", has_touch=width < 600)  # type: ignore[arg-type]
            if account:
                sign_in(made[key], address, account, password)
        return made[key]

    return of


@pytest.fixture
def open_tab(profile: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """Makes tabs, and closes them when the test ends; of a test that failed each leaves a picture.

    A tab is signed in as the demonstration's officer; ``account`` names another person, None nobody, and
    ``password`` goes with an account of a bureau's own.
    """
    visits: list[Visit] = []

    def make(address: str, width: int = 1440, account: str | None = OFFICER, password: str = "") -> Visit:
        visits.append(Visit(profile(width, address, account, password).new_page(), address))
        return visits[-1]

    yield make
    for number, visit in enumerate(visits, start=1):
        if request.node.stash.get(FAILED, False):
            visit.photograph(f"{re.sub(r'[^A-Za-z0-9_-]+', '-', request.node.name)}-{number}")
        visit.page.close()


@pytest.fixture
def visit(open_tab: Callable[..., Visit], address: str, width: int) -> Visit:
    """A tab on the demonstration, at each width."""
    return open_tab(address, width)
