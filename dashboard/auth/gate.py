"""The gate in front of everything: without a session no byte, over HTTP as over a websocket.

Pure ASGI: other kinds of middleware never see a websocket.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import quote

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.auth.cookies import secret_of
from dashboard.auth.page_owners import PageOwners, page_id_of
from dashboard.auth.sessions import Person, Sessions
from dashboard.menu import first_page

# What may be asked without a session. Only our own routes answer there, never Streamlit.
OPEN_PATHS = ("/login", "/healthz", "/metrics")
OPEN_FOLDERS = ("/login/", "/setup/", "/oidc/", "/api/v1/")
# The own account: all that a person reaches who must change the password or enrol a second factor first.
OWN_PATHS = ("/me",)
OWN_FOLDERS = ("/me/",)

SESSION_ENDED, FORBIDDEN = 4401, 4403
LOOK_EVERY = 1.0     # seconds between looks at the clock while a websocket is open

_LOG = logging.getLogger("wenxiao")


class Gate:
    """ASGI middleware that lets through who has a session, and ends what they have open when it ends."""

    def __init__(
        self, app: ASGIApp, sessions: Callable[[], Sessions], routes: Sequence[BaseRoute] = (),
        assets: Sequence[str] = (),
    ) -> None:
        """Guard the application inside; ``routes`` are ours, ``assets`` the sign-in page's own files."""
        self._app = app
        self._sessions = sessions
        self._routes = routes
        self._assets = frozenset(assets)
        self._pages = PageOwners()
        self._open: dict[asyncio.Event, str] = {}     # the secret of each websocket's session, by what ends it
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle HTTP and websockets; the lifespan passes untouched."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"]
        is_named = path in self._assets or path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)
        return is_named and self._is_ours(scope)

    def _is_own(self, scope: Scope) -> bool:
        path = scope["path"]
        return (path in OWN_PATHS or path.startswith(OWN_FOLDERS)) and self._is_ours(scope)

    def _is_ours(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self._routes)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_open(scope):
            await self._app(scope, receive, send)
            return
        secret = secret_of(scope)
        person = await run_in_threadpool(self._sessions().find, secret)
        if person is None or secret is None:
            await _refusal(scope, f"/login?next={_asked(scope)}", 401)(scope, receive, send)
            return
        if person.is_held and not self._is_own(scope):
            await _refusal(scope, f"/me?next={_asked(scope)}", 403)(scope, receive, send)
            return
        if self._pages.is_others_upload(scope, person.account_id):
            await _refusal(scope, "/", 403)(scope, receive, send)
            return
        if scope["path"] == f"/{first_page(person.role)}" and _is_navigation(scope):
            # Streamlit knows a person's first page by no other path than the root.
            await RedirectResponse(f"/{_query(scope)}", 303)(scope, receive, send)
            return
        if _is_navigation(scope) or scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            await run_in_threadpool(self._sessions().touch, secret)
        await self._app(scope, receive, _unkept(send))

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        secret = secret_of(scope)
        person = await run_in_threadpool(self._sessions().find, secret)
        if person is None or secret is None:
            await send({"type": "websocket.close", "code": SESSION_ENDED})
        elif person.is_held:
            await send({"type": "websocket.close", "code": FORBIDDEN})
        else:
            own = self._pages.own_only(scope, person.account_id)
            await self._while_it_lasts(secret, person.account_id, own, receive, send)

    async def _while_it_lasts(
        self, secret: str, account_id: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Serve a websocket until it ends or its session does."""
        sessions = self._sessions()
        is_closed = is_noted = False

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                if not _may_stay(await run_in_threadpool(sessions.find, secret)):
                    over.set()
                    return {"type": "websocket.disconnect", "code": SESSION_ENDED}
                if is_by_hand(message.get("bytes") or b""):
                    await run_in_threadpool(sessions.touch, secret)
            return message

        async def said(message: Message) -> None:
            nonlocal is_closed, is_noted
            if not is_noted and message["type"] == "websocket.send":
                page_id = page_id_of(message.get("bytes") or b"")
                if page_id:
                    self._pages.note(page_id, account_id)
                    is_noted = True
            if not is_closed:
                is_closed = message["type"] == "websocket.close"
                await send(message)

        over = sessions.watch(secret)
        serving = asyncio.ensure_future(self._app(scope, heard, said))
        watching = asyncio.ensure_future(over.wait())
        self._look_after(secret, over)
        try:
            await asyncio.wait({serving, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done() or over.is_set():
                # The browser may have gone in this very moment.
                with suppress(RuntimeError, OSError):
                    await said({"type": "websocket.close", "code": SESSION_ENDED})
                await asyncio.wait({serving}, timeout=5)
        finally:
            sessions.unwatch(secret, over)
            self._open.pop(over, None)
            for task in (serving, watching):
                task.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        if serving.done() and not serving.cancelled():
            serving.result()

    def _look_after(self, secret: str, over: asyncio.Event) -> None:
        """Have the event set when a limit passes for the session, too."""
        self._open[over] = secret
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        """Look at the clock for all that is open until nothing is: one look for all, as there may be hundreds."""
        while self._open:
            await asyncio.sleep(LOOK_EVERY)
            try:
                passed = await run_in_threadpool(self._passed, dict(self._open))
            except Exception:
                _LOG.exception("没有能查看登录是否到期")
                passed = list(self._open)     # rather nobody stays than somebody too long
            for over in passed:
                over.set()

    def _passed(self, held: dict[asyncio.Event, str]) -> list[asyncio.Event]:
        """What is open of those who may not stay.

        Their sessions end when they are next asked for: that may wait for the store, and this must not.
        """
        sessions = self._sessions()
        return [over for over, secret in held.items() if not _may_stay(sessions.look(secret))]


def is_by_hand(message: bytes) -> bool:
    """Whether a person did what a page sends: not a rerun by the clock, not a sign of life."""
    parsed = BackMsg()
    try:
        parsed.ParseFromString(message)
    except DecodeError:
        return False
    kind = parsed.WhichOneof("type")
    return kind not in (None, "app_heartbeat") and not (
        kind == "rerun_script" and parsed.rerun_script.is_auto_rerun
    )


def _may_stay(person: Person | None) -> bool:
    return person is not None and not person.is_held


def _is_navigation(scope: Scope) -> bool:
    """Whether a person opens a page, rather than a page one of its parts."""
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def _query(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"?{query}" if query else ""


def _asked(scope: Scope) -> str:
    return quote(scope["path"] + _query(scope), safe="/")


def _refusal(scope: Scope, leads_to: str, status: int) -> Response:
    """What a request gets instead: the way to the sign-in page, or nothing at all."""
    kept = {"cache-control": "no-store"}
    return RedirectResponse(leads_to, 303, kept) if _is_navigation(scope) else Response(None, status, kept)


def _unkept(send: Send) -> Send:
    """Keep pages out of the browser's store: after signing out, 「back」 must not show them."""

    async def unkept(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, value) for name, value in message["headers"]]
            if any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                headers = [pair for pair in headers if pair[0].lower() != b"cache-control"]
                message = {**message, "headers": [*headers, (b"cache-control", b"no-store")]}
        await send(message)

    return unkept
