"""Who asks: each request shows a token before a byte of its body is read; no token, no answer but the refusal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote

from fastapi import Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.actions.tokens import SCOPES, TokenError, find_holder
from dashboard.api.faults import refusal
from dashboard.auth.lockout import LockedError, count_attempt, token_subject
from dashboard.auth.policy import read_policy
from dashboard.auth.sessions import now
from dashboard.gauges import ROUTE
from dashboard.rights import NotAllowedError
from dashboard.workspace import Workspace
from data.audit import Actor
from data.docking.export_file import MAX_EXPORT_BYTES
from data.errors import WenxiaoError

_LOG = logging.getLogger("wenxiao")

MEGABYTE = 1024 * 1024
BODY_LIMIT, BULK_LIMIT = 20 * MEGABYTE, 64 * MEGABYTE
# The loader itself says that an export is too large; around it stands a form.
LIMITS = {"actuals": BULK_LIMIT, "exports": MAX_EXPORT_BYTES + MEGABYTE}
LOCAL = "local"     # the use of the token in server.json: the machine's owner at the command line
LOCAL_PATHS = "/local/"
USER_HEADER = "wenxiao-user"
MAX_TOKEN_LENGTH = 200


@dataclass(frozen=True)
class Caller:
    """Who asks, in which workspace, and for what the token is good."""

    workspace: Workspace
    actor: Actor
    scopes: frozenset[str]

    def need(self, scope: str) -> None:
        """Let the request go on only if the token is good for this.

        Raises: NotAllowedError naming what the token lacks.
        """
        if scope not in self.scopes:
            words = SCOPES.get(scope, "命令行")
            raise NotAllowedError(f"这个令牌没有“{words}”（{scope}）的用途：请系统管理员另发一个有此用途的令牌。")


def caller_for(scope: str) -> Any:
    """A FastAPI dependency: the caller, whose token is good for this."""

    def caller(request: Request) -> Caller:
        found: Caller = request.state.caller
        found.need(scope)
        return found

    return Depends(caller)


class Authenticated:
    """ASGI middleware: finds the caller of every request, refuses strangers, bounds the body."""

    def __init__(
        self, app: ASGIApp, workspace: Callable[[], Workspace], local_token: str = "", scope: str = ""
    ) -> None:
        """Keep the application inside; with a ``scope`` the token must be good for that, whatever is asked."""
        self._app = app
        self._workspace = workspace
        self._local_token = local_token
        self._scope = scope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle HTTP; a websocket is closed, the lifespan passes untouched."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4404})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        address = scope["client"][0] if scope.get("client") else ""
        try:
            caller = await run_in_threadpool(self._find, headers, address, scope["path"])
        except WenxiaoError as error:
            if not isinstance(error, LockedError):     # who guesses on must not fill the log
                _LOG.warning("接口拒绝：从 %r，%s", address, type(error).__name__)
            await refusal(error)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        limit = LIMITS.get(scope["path"].rpartition("/")[2], BODY_LIMIT)
        try:
            await self._app(scope, bounded(receive, limit), send)
        finally:
            if route := scope.get("route"):
                scope["state"][ROUTE] = scope.get("root_path", "") + str(route.path)

    def _find(self, headers: dict[str, str], address: str, path: str) -> Caller:
        workspace = self._workspace()
        kind, _, secret = headers.get("authorization", "").partition(" ")
        secret = secret.strip()
        if kind.lower() != "bearer" or not secret:
            raise TokenError("没有接口令牌：请在请求头写 Authorization: Bearer 令牌；令牌由系统管理员发放。")
        # Compared as bytes: a header may hold any letters, which compare_digest takes for text only in ASCII.
        if self._local_token and compare_digest(secret.encode(), self._local_token.encode()):
            if LOCAL_PATHS not in path:
                raise NotAllowedError("命令行的令牌只能用于命令行。")
            # The commands themselves say as what the machine's owner acts.
            name = unquote(headers.get(USER_HEADER, ""))[:40].strip() or "本机用户"
            return Caller(workspace, Actor(name, "", origin="命令行"), frozenset({LOCAL}))
        try:
            holder = find_holder(workspace.store, secret[:MAX_TOKEN_LENGTH])
        except TokenError:
            count_attempt(workspace.store, (token_subject(address),), read_policy(workspace.store), now())
            raise
        caller = Caller(workspace, holder.actor(address), holder.scopes)
        if self._scope:
            caller.need(self._scope)
        return caller


def bounded(receive: Receive, limit: int) -> Receive:
    """The body of a request, refused as soon as it is longer than allowed."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, headers={"Connection": "close"})
        return message

    return counted
