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
    """One open page of one person: opened, clicked in, read to the end of what the server sends."""

    socket: ClientConnection
    query: str = ""
    page_hash: str = ""
    pages: dict[str, str] = field(default_factory=dict)                 # hash by path
    selects: dict[str, tuple[str, list[str]]] = field(default_factory=dict)     # id and options by key
    chosen: dict[str, str] = field(default_factory=dict)                # option by id
    kept: set[str] = field(default_factory=set)                         # hashes of what is kept, as Chromium keeps it
    texts: list[str] = field(default_factory=list)                      # what the last run showed
    received: int = 0

    @classmethod
    async def connected(cls, server: Server, secret: str) -> Self:
        """A tab whose websocket is open; nothing is shown yet."""
        return cls(await connect(
            f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"],     # type: ignore[list-item]
            additional_headers={"Cookie": f"{COOKIE}={secret}"}, max_size=None, compression=None,
        ))

    async def close(self) -> None:
        """Close the tab."""
        await self.socket.close()

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
        self.texts = []
        asked = ClientState(query_string=self.query, cached_message_hashes=sorted(self.kept), **state)
        asked.widget_states.widgets.extend(WidgetState(id=key, string_value=text) for key, text in self.chosen.items())
        await self.socket.send(BackMsg(rerun_script=asked).SerializeToString())
        await self.whole()
        return time.perf_counter() - begun

    async def whole(self) -> None:
        """Read until the server says that the page is whole.

        Raises: AssertionError for a page that shows a fault; TimeoutError for one that never ends.
        """
        async with asyncio.timeout(PATIENCE):
            while not self._take(ForwardMsg.FromString(await self.socket.recv(decode=False))):
                pass

    def _take(self, message: ForwardMsg) -> bool:
        """Note what a message says; whether the page is whole with it."""
        self.received += message.ByteSize()
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash
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
