"""Open pages follow the store by themselves, and never get in the way of who is at work."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Collection, Hashable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState

from dashboard.live_pages import MOST_AT_ONCE, LivePages, _Shown
from dashboard.remote import command
from tests.bench.serving import Server
from tests.bench.tabs import PATIENCE, Tab
from tests.builders import demo_folder
from tests.server_builders import served

SERVE = "import sys; from pathlib import Path; from dashboard.server import serve; " \
        "sys.exit(serve(Path(sys.argv[1]), '127.0.0.1', 0))"
ROWS = "文号,轮次,单位,序号,全年执行数（万元）\n巴财社〔2021〕96号,2021-12,若羌县,0,300\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = Path(shutil.copytree(demo_folder(), tmp_path / "workspace"))
    with served(folder, SERVE) as (process, port):
        yield Server(process.pid, port, folder)


def test_an_open_page_shows_what_somebody_else_did_without_being_asked(server):
    async def see() -> None:
        tab = await Tab.connected(server, server.sign_in("shebaoke"))
        await tab.open("deviation", {"unit": "yuli", "indicator": "3"})
        await tab.choose("deviation_unit", 4)
        chosen = tab.query
        pushed = tab.coming()      # nothing is sent
        await asyncio.to_thread(command, server.folder, "import-actuals", ROWS.encode(), file_name="a.csv", dry_run="")
        await asyncio.wait_for(pushed, PATIENCE)
        assert tab.query == chosen and "unit=" in chosen
        await tab.close()

    asyncio.run(see())


class Page:
    """One open page, as Streamlit keeps it."""

    def __init__(
        self, name: str, state: AppSessionState = AppSessionState.APP_NOT_RUNNING, runner: object | None = None
    ) -> None:
        self.id, self._state, self._scriptrunner = name, state, runner
        self._client_state = ClientState(query_string="unit=luntai", page_script_hash="abc")
        self.asked: list[ClientState] = []

    def request_rerun(self, asked: ClientState) -> None:
        self.asked.append(asked)
        self._state = AppSessionState.APP_IS_RUNNING


def runtime(*pages: Page) -> SimpleNamespace:
    sessions = [SimpleNamespace(session=page) for page in pages]
    return SimpleNamespace(_session_mgr=SimpleNamespace(list_active_sessions=lambda: sessions))


class Held:
    """Stands where a store and its memory would: state 2 and turn 2, and what changed with them."""

    turn = 2

    def __init__(self, tables: Collection[str] = (), keys: Collection[str] = ()) -> None:
        self._tables, self._keys = set(tables), set(keys)

    def shown(self, store: object) -> int:
        return 2

    def tables(self, said: Collection[str]) -> frozenset[str]:
        return frozenset(said)

    def last_change(self, tables: Collection[str]) -> int:
        return 2 if self._tables & set(tables) else 1

    def has_changed(self, keys: Collection[Hashable], turn: int) -> bool:
        return bool(self._keys & set(keys))


def seen(*pages: Page, keys: Collection[str] = ("units",), said: Collection[str] = ()) -> LivePages:
    """Pages that show the state before."""
    live = LivePages()
    live._shown = {page.id: _Shown(1, 1, set(keys), set(said)) for page in pages}
    return live


def brought_up(live: LivePages, *pages: Page, held: Held | None = None) -> bool:
    held = held or Held(keys=["units"])
    return live.bring_up(runtime(*pages), held, held)


def test_only_pages_are_brought_up_that_would_say_something_else():
    pages = {"board": Page("board"), "own statement": Page("own statement"), "neither": Page("neither")}
    live = seen(*pages.values(), Page("gone"), keys=(), said=())
    live._shown["board"].keys = {"units"}
    live._shown["own statement"].said = {"report"}
    held = Held(tables=["report"], keys=["units"])

    brought_up(live, *pages.values(), Page("unknown"), held=held)
    assert not brought_up(live, *pages.values(), held=held)
    assert {name: len(page.asked) for name, page in pages.items()} == {"board": 1, "own statement": 1, "neither": 0}
    assert "gone" not in live._shown


def test_a_page_at_work_is_left_alone_until_it_is_done():
    """A rerun would stop its run, and with it what its person has just clicked."""
    working = Page("working", AppSessionState.APP_IS_RUNNING)
    live = seen(working)

    assert brought_up(live, working) and not working.asked
    working._state = AppSessionState.APP_NOT_RUNNING
    brought_up(live, working)

    assert len(working.asked) == 1


def test_a_click_that_has_only_just_come_is_not_taken_back():
    """Its run has a thread, but has not yet said that it began; nor has the page taken over what was clicked."""
    clicked = Page("clicked", runner=object())
    live = seen(clicked)

    assert brought_up(live, clicked) and not clicked.asked
    clicked._scriptrunner = None
    brought_up(live, clicked)

    assert len(clicked.asked) == 1


def test_a_page_is_asked_where_it_stands_and_as_by_the_clock():
    page = Page("page")
    brought_up(seen(page), page)
    (asked,) = page.asked

    assert (asked.query_string, asked.page_script_hash, asked.is_auto_rerun) == ("unit=luntai", "abc", True)
    assert not page._client_state.is_auto_rerun


def test_few_at_a_time_and_in_the_end_all():
    pages = [Page(str(number)) for number in range(9)]
    live = seen(*pages)

    assert brought_up(live, *pages)
    assert sum(bool(page.asked) for page in pages) == MOST_AT_ONCE
    for _ in pages:
        for page in pages:
            page._state = AppSessionState.APP_NOT_RUNNING
        brought_up(live, *pages)

    assert [len(page.asked) for page in pages] == [1] * 9


def test_streamlit_still_has_the_names_that_are_used():
    from streamlit.runtime.runtime import Runtime

    assert {"_session_mgr"} <= set(Runtime.__init__.__code__.co_names)
    assert {"_state", "_client_state", "_scriptrunner"} <= set(AppSession.__init__.__code__.co_names)
