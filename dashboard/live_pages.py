"""New data in every open page: when the store changes, the pages that would say something else are computed again.

What they show is made ready before (``Memory.renew``), in one thread of its own, so that nobody waits for it. The
server starts the reruns itself, so open pages ask for nothing and cost nothing while nothing changes for them, and
nobody counts as present for it. A page keeps what was chosen and typed in it, as at any rerun; one that is at work just
then is left alone: its person's click comes first, and shows the new state with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.kept import MEMORY, Memory
from data.changes import naming
from data.store import Store

LOOK_EVERY = 0.2        # seconds between looks at the store, a number in memory
MOST_AT_ONCE = 2        # pages computed at the same time: who clicks meanwhile must not wait for all the others
WHILE_BEHIND = 0.05     # seconds between looks while pages are behind

_LOG = logging.getLogger("wenxiao")


@dataclass
class _Shown:
    """What an open page shows: since which turn and state, what of it is kept, and the words of its own statements."""

    turn: int
    state: int
    keys: set[Hashable] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    is_behind: bool = False

    def has_changed(self, store: Store, memory: Memory) -> bool:
        is_other = store.last_change(store.tables(self.said)) > self.state
        return is_other or memory.has_changed(self.keys, self.turn)


class LivePages:
    """What each open page shows, and since when."""

    def __init__(self) -> None:
        """Begin without pages."""
        self._shown: dict[str, _Shown] = {}

    def note(self, turn: int, state: int) -> None:
        """Say, at the start of a page's run, what it will show at least: a turn of the memory, a state of the store."""
        context = get_script_run_ctx(suppress_warning=True)
        if context is not None:
            self._shown[context.session_id] = _Shown(turn, state)

    def use(self, key: Hashable) -> None:
        """Say that the page that runs shows something that is kept."""
        shown = self._running()
        if shown:
            shown.keys.add(key)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Take what the page that runs reads by itself until the block ends for something that it shows."""
        shown = self._running() or _Shown(0, 0)
        with MEMORY.asking(), naming() as said:
            shown.said = said
            yield

    def wanted(self) -> set[Hashable]:
        """What is kept and shown by any open page."""
        return set().union(*(shown.keys.copy() for shown in list(self._shown.values())))

    def bring_up(self, runtime: Runtime, store: Store, memory: Memory) -> bool:
        """Start the next pages that are behind; whether any may still be."""
        # Streamlit has no public way to another page's session; tests/test_live_pages.py holds the names.
        open_pages = {info.session.id: info.session for info in runtime._session_mgr.list_active_sessions()}
        for gone in self._shown.keys() - open_pages.keys():
            self._shown.pop(gone, None)
        state, turn, places = memory.shown(store), memory.turn, MOST_AT_ONCE
        places -= sum(not _is_idle(page) for page in open_pages.values())
        is_any_behind = False
        for name, shown in list(self._shown.items()):
            page = open_pages.get(name)
            if page is None or ((shown.turn, shown.state) == (turn, state) and not shown.is_behind):
                continue
            is_idle = _is_idle(page)
            if is_idle:
                shown.is_behind = shown.is_behind or shown.has_changed(store, memory)
                shown.turn, shown.state = turn, state
            if is_idle and shown.is_behind and places > 0:
                places -= 1
                shown.is_behind = False
                _rerun(page)
            is_any_behind = is_any_behind or shown.is_behind or not is_idle
        return is_any_behind

    def _running(self) -> _Shown | None:
        context = get_script_run_ctx(suppress_warning=True)
        return self._shown.get(context.session_id) if context is not None else None


def _is_idle(page: AppSession) -> bool:
    """Whether nothing is asked of a page that is not done and told of.

    Its state says so too early and too late: a click that has just come would be taken back by a rerun of what was
    before it, and so would one whose run has only just ended.
    """
    return page._scriptrunner is None and page._state is AppSessionState.APP_NOT_RUNNING


def _rerun(page: AppSession) -> None:
    """As the page's own browser would ask by the clock: where it stands, nothing clicked."""
    asked = ClientState()
    asked.CopyFrom(page._client_state)
    asked.is_auto_rerun = True
    page.request_rerun(asked)


LIVE_PAGES = LivePages()


@asynccontextmanager
async def keeping_up(store: Callable[[], Store]) -> AsyncIterator[None]:
    """Make new states ready and bring open pages up to them for as long as the application runs."""

    async def make_ready() -> None:
        while True:
            if exists() and store().data_version > MEMORY.shown(store()):
                try:
                    await asyncio.to_thread(MEMORY.renew, store(), LIVE_PAGES.wanted)
                except Exception:
                    _LOG.exception("没有能准备好新数据")
            await asyncio.sleep(LOOK_EVERY)

    async def bring_up() -> None:
        brought = (-1, -1)
        while True:
            now, is_behind = (MEMORY.turn, MEMORY.shown(store())), False
            if now != brought and exists():
                try:
                    is_behind = LIVE_PAGES.bring_up(get_instance(), store(), MEMORY)
                    if not is_behind:
                        brought = now
                except Exception:
                    _LOG.exception("没有能把新数据推送到打开的页面")     # tried again after the longer pause
            await asyncio.sleep(WHILE_BEHIND if is_behind else LOOK_EVERY)

    with MEMORY.renewing():
        working = [asyncio.create_task(make_ready()), asyncio.create_task(bring_up())]
        try:
            yield
        finally:
            for each in working:
                each.cancel()
            await asyncio.gather(*working, return_exceptions=True)
