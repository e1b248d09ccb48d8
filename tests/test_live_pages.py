"""Open pages follow the store by themselves, and never get in the way of who is at work."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState

from dashboard.live_pages import MOST_AT_ONCE, LivePages
from dashboard.remote import command
from tests.bench.serving import Server
from tests.bench.tabs import PATIENCE, Tab
from tests.builders import demo_folder
from tests.server_builders import served

SERVE = "import sys; from pathlib import Path; from dashboard.server import serve; " \
        "sys.exit(serve(Path(sys.argv[1]), '127.0.0.1', 0))"
ROWS = "文号,轮次,单位,序号,全年执行数（万元）\n巴财社〔2021〕96号,2021-12,尉犁县,0,1234\n"


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


def seen(pages: dict[str, int]) -> LivePages:
    live = LivePages()
    live._shown = dict(pages)
    return live


def test_only_pages_that_are_behind_are_brought_up():
    behind, there, unknown = Page("behind"), Page("there"), Page("unknown")
    live = seen({"behind": 1, "there": 2, "gone": 1})

    assert live.bring_up(runtime(behind, there, unknown), 2)
    assert not live.bring_up(runtime(behind, there, unknown), 2)
    assert [len(page.asked) for page in (behind, there, unknown)] == [1, 0, 0]
    assert "gone" not in live._shown


def test_a_page_at_work_is_left_alone_until_it_is_done():
    """A rerun would stop its run, and with it what its person has just clicked."""
    working, live = Page("working", AppSessionState.APP_IS_RUNNING), seen({"working": 1})

    assert live.bring_up(runtime(working), 2) and not working.asked
    working._state = AppSessionState.APP_NOT_RUNNING
    live.bring_up(runtime(working), 2)

    assert len(working.asked) == 1


def test_a_click_that_has_only_just_come_is_not_taken_back():
    """Its run has a thread, but has not yet said that it began; nor has the page taken over what was clicked."""
    clicked, live = Page("clicked", runner=object()), seen({"clicked": 1})

    assert live.bring_up(runtime(clicked), 2) and not clicked.asked
    clicked._scriptrunner = None
    live.bring_up(runtime(clicked), 2)

    assert len(clicked.asked) == 1


def test_a_page_is_asked_where_it_stands_and_as_by_the_clock():
    page = Page("page")
    seen({"page": 1}).bring_up(runtime(page), 2)
    (asked,) = page.asked

    assert (asked.query_string, asked.page_script_hash, asked.is_auto_rerun) == ("unit=luntai", "abc", True)
    assert not page._client_state.is_auto_rerun


def test_few_at_a_time():
    pages = [Page(str(number)) for number in range(9)]
    live = seen({page.id: 1 for page in pages})
    live.bring_up(runtime(*pages), 2)

    assert sum(bool(page.asked) for page in pages) == MOST_AT_ONCE


def test_streamlit_still_has_the_names_that_are_used():
    from streamlit.runtime.runtime import Runtime

    assert {"_session_mgr"} <= set(Runtime.__init__.__code__.co_names)
    assert {"_state", "_client_state", "_scriptrunner"} <= set(AppSession.__init__.__code__.co_names)
