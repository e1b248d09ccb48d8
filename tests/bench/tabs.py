"""A browser's tab without the browser: it speaks Streamlit's protocol as the page in Chromium does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from dashboard.auth.cookies import COOKIE
from tests.bench.serving import Server

PATIENCE = 60.0     # seconds after which a page is taken for dead


@dataclass
class Tab:
    """One open page of one person: opened, clicked in, and read all the time: what the server starts comes too."""

    socket: ClientConnection
    query: str = ""
    page_hash: str = ""
    pages: dict[str, str] = field(default_factory=dict)                 # hash by path
    selects: dict[str, tuple[str, list[str]]] = field(default_factory=dict)     # id and options by key
    chosen: dict[str, str] = field(default_factory=dict)                # option by id
    kept: set[str] = field(default_factory=set)                         # hashes of what is kept, as Chromium keeps it
    texts: list[str] = field(default_factory=list)                      # what the last run showed
    received: int = 0
    _awaited: asyncio.Future[None] | None = None
    _has_begun: bool = False       # a run that began after the question
    _reading: asyncio.Task[None] | None = None
    _ended: Exception | None = None

    @classmethod
    async def connected(cls, server: Server, secret: str) -> Self:
        """A tab whose websocket is open; nothing is shown yet."""
        tab = cls(await connect(
            f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"],     # type: ignore[list-item]
            additional_headers={"Cookie": f"{COOKIE}={secret}"}, max_size=None, compression=None,
        ))
        tab._reading = asyncio.create_task(tab._read())
        return tab

    async def close(self) -> None:
        """Close the tab.

        Raises: what nobody was told yet: AssertionError for a page that came unasked and showed a fault.
        """
        await self.socket.close()
        if self._reading:
            await self._reading
        if self._ended and not isinstance(self._ended, ConnectionError):
            raise self._ended

    async def open(self, path: str = "", query: Mapping[str, str] | None = None) -> float:
        """Open a page by its path, the person's first page for an empty one; the seconds until it was whole."""
        self.query = urlencode(query or {})
        return await self._run(page_name=path)

    async def go(self, path: str) -> float:
        """Choose a page of the menu; the seconds until it was whole."""
        self.page_hash, self.chosen = self.pages.get(path) or self.pages[""], {}     # the first page has no path
        return await self._run(page_script_hash=self.page_hash)

    async def rerun(self) -> float:
        """Let the page be computed again as it stands; the seconds until it was whole."""
        return await self._run(page_script_hash=self.page_hash)

    async def choose(self, key: str, option: int) -> float:
        """Choose an option of a selector by its place; the seconds until the page was whole."""
        widget, options = self.selects[key]
        self.chosen[widget] = options[option]
        return await self._run(page_script_hash=self.page_hash)

    async def _run(self, **state: Any) -> float:
        begun = time.perf_counter()
        asked = ClientState(query_string=self.query, cached_message_hashes=sorted(self.kept), **state)
        asked.widget_states.widgets.extend(WidgetState(id=key, string_value=text) for key, text in self.chosen.items())
        coming = self.coming()
        await self.socket.send(BackMsg(rerun_script=asked).SerializeToString())
        async with asyncio.timeout(PATIENCE):
            await coming
        return time.perf_counter() - begun

    def coming(self) -> asyncio.Future[None]:
        """What is done as soon as a page that begins from now on is whole.

        Raises, when awaited: AssertionError for a page that shows a fault; ConnectionError for one that is closed.
        """
        self._has_begun, self._awaited = False, asyncio.get_running_loop().create_future()
        if self._ended:
            self._awaited.set_exception(self._ended)
        return self._awaited

    async def _read(self) -> None:
        closed = ConnectionError("the page is closed")
        ended: Exception = closed
        try:
            async for content in self.socket:
                is_whole = self._take(ForwardMsg.FromString(content))     # type: ignore[arg-type]
                if is_whole and self._has_begun and self._awaited and not self._awaited.done():
                    self._awaited.set_result(None)
        except Exception as fault:
            ended = fault
        if self._awaited and not self._awaited.done():
            self._awaited.set_exception(ended)
            ended = closed     # who asked has been told
        self._ended = ended

    def _take(self, message: ForwardMsg) -> bool:
        """Note what a message says; whether the page is whole with it."""
        self.received += message.ByteSize()
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash
            self._has_begun, self.texts = True, []
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message)
        return kind == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        )

    def _see(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        assert kind != "exception", element.exception.message
        if message.metadata.cacheable:
            self.kept.add(message.hash)
        if kind == "selectbox":
            key = element.selectbox.id.rpartition("-")[2]
            self.selects[key] = (element.selectbox.id, list(element.selectbox.options))
        elif kind in ("html", "markdown"):
            self.texts.append(getattr(element, kind).body)
        elif kind == "alert":
            self.texts.append(element.alert.body)
