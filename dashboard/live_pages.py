"""New data in every open page: when the store changes, the pages that show its state before are computed again.

The server starts these reruns itself, so open pages ask for nothing and cost nothing while nothing changes, and nobody
counts as present for it. A page keeps what was chosen and typed in it, as at any rerun; one that is at work just then
is left alone: its person's click comes first, and shows the new state with it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.store import Store

LOOK_EVERY = 0.2        # seconds between looks at the store, a number in memory
MOST_AT_ONCE = 2        # pages computed at the same time: who clicks meanwhile must not wait for all the others
WHILE_BEHIND = 0.01     # seconds between looks while pages are behind

_LOG = logging.getLogger("wenxiao")


class LivePages:
    """Which state of the store each open page shows."""

    def __init__(self) -> None:
        """Begin without pages."""
        self._shown: dict[str, int] = {}

    def note(self, data_version: int) -> None:
        """Say, at the start of a page's run, which state it will show at least."""
        context = get_script_run_ctx()
        if context is not None:
            self._shown[context.session_id] = data_version

    def bring_up(self, runtime: Runtime, data_version: int) -> bool:
        """Start the next pages that are behind; whether any still are."""
        # Streamlit has no public way to another page's session; tests/test_live_pages.py holds the names.
        open_pages = {info.session.id: info.session for info in runtime._session_mgr.list_active_sessions()}
        for gone in self._shown.keys() - open_pages.keys():
            self._shown.pop(gone, None)
        behind = [open_pages[page] for page, version in list(self._shown.items()) if version < data_version]
        idle = [page for page in behind if _is_idle(page)]
        busy = sum(not _is_idle(page) for page in open_pages.values())
        for page in idle[:max(0, MOST_AT_ONCE - busy)]:
            self._shown[page.id] = data_version
            _rerun(page)
        return bool(behind)


def _is_idle(page: AppSession) -> bool:
    """Whether everything that was asked of a page is done, and the page knows what it was.

    Its state alone says so too early and too late: a rerun as of before would take back a click that has only just
    come, and one whose run has only just ended.
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
    """Bring open pages up for as long as the application runs."""

    async def watch() -> None:
        shown = -1
        while True:
            version, is_behind = store().data_version, False
            if version != shown and exists():
                try:
                    is_behind = LIVE_PAGES.bring_up(get_instance(), version)
                except Exception:
                    _LOG.exception("没有能把新数据推送到打开的页面")
                if not is_behind:
                    shown = version
            await asyncio.sleep(WHILE_BEHIND if is_behind else LOOK_EVERY)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
