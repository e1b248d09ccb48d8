"""Pages full of hostile words in Chromium: nothing of them runs, leads away or is loaded."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, running
from tests.security.payloads import EVIL
from tests.security.planted import plant

pytestmark = pytest.mark.browser

# The pages that show most of what people and files say.
WORST = (
    ("/", "shebaoke"), ("/inquiries?inquiry=1", "shebaoke"), ("/deviation", "shebaoke"), ("/checking", "jixiaoke"),
    ("/notices", "shebaoke"), ("/accountability", "shebaoke"), ("/people", "xinxike"), ("/log", "xinxike"),
    ("/reporting", "luntai-1"),
)
# What stands on a page that must not: made by a word, not by the program.
_FOREIGN = """(evil) => {
  const found = [];
  for (const link of document.querySelectorAll("a[href], area[href], form[action]")) {
    const target = link.href || link.action;
    if (target.includes(evil) || /^(javascript|data|mailto):/i.test(target)) found.push(target);
  }
  for (const element of document.querySelectorAll("[src], [data], link[href], base, object, iframe, embed")) {
    const target = element.src || element.data || element.href || "";
    if (target.includes(evil)) found.push(`${element.tagName} ${target}`);
  }
  const main = document.querySelector("[data-testid=stMain]");
  for (const element of main ? main.querySelectorAll("*") : []) {
    for (const name of element.getAttributeNames()) {
      if (/^on/i.test(name)) found.push(`${element.tagName} ${name}`);
    }
    if (/^(SCRIPT|IFRAME|OBJECT|EMBED|MATH|META|BASE)$/i.test(element.tagName)) found.push(element.tagName);
    const isOfWords = /^(IMG|DEL|EM|CODE|TABLE|HR|BLOCKQUOTE)$/.test(element.tagName)
      && element.closest("[data-testid=stMarkdownContainer]");
    if (isOfWords && !element.closest("[data-testid=stHtml], .wx-table")) found.push(`${element.tagName} in words`);
  }
  return found;
}"""
_STORED = """async () => {
  const names = indexedDB.databases ? (await indexedDB.databases()).map((found) => found.name) : [];
  return JSON.stringify([{...localStorage}, {...sessionStorage}, names, document.cookie]);
}"""


@pytest.fixture(scope="module")
def hostile(chromium: Path, demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on the planted demonstration."""
    folder = Path(shutil.copytree(demonstration, tmp_path_factory.mktemp("hostile") / "workspace"))
    plant(folder)
    with running([sys.executable, "-m", "dashboard", "serve", "--workspace", str(folder), "--port", "0"]) as found:
        yield found


@pytest.mark.parametrize(("path", "account"), WORST, ids=[path for path, _ in WORST])
def test_planted_words_are_words(open_tab, hostile, path, account):
    visit: Visit = open_tab(hostile, 1440, account)
    dialogs: list[str] = []
    visit.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = visit.open(path)
    page.keyboard.press("Tab")      # what waits for the focus would take it now

    assert EVIL in page.inner_text("body") or "alert(1)" in page.inner_text("body")     # they did arrive
    assert dialogs == []
    assert page.evaluate(_FOREIGN, EVIL) == []
    assert visit.outside_requests() == []
    assert visit.complaints == []
    assert page.url.startswith(hostile)
    stored = page.evaluate(_STORED)
    assert not [word for word in ("轮台", "博湖", "alert(1)", "session") if word in stored], stored
