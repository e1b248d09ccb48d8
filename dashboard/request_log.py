"""A line in the log for every request: number, route, what came of it, how long. Never a query, a header, a body."""

from __future__ import annotations

import logging
import secrets
import time

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.gauges import route_of
from dashboard.headers import SECURITY_HEADERS
from dashboard.service_log import FIELDS, REQUEST_NUMBER

NUMBER_HEADER = "x-request-id"
GONE = 499                  # the browser left before it was answered
# A method is any word that a client sends.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_LOG = logging.getLogger("wenxiao.requests")


class RequestLog:
    """ASGI middleware, the outermost: numbers requests, tells the number, notes the end, answers for faults."""

    def __init__(self, app: ASGIApp) -> None:
        """Keep the application inside."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle HTTP and websockets; the lifespan passes untouched."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        number, began = secrets.token_hex(6), time.perf_counter()
        is_page = scope["type"] == "http"
        status, is_whole = 0, False

        async def noting(message: Message) -> None:
            nonlocal status, is_whole
            kind = message["type"]
            if kind == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (NUMBER_HEADER.encode(), number.encode())]}
            elif kind == "http.response.body":
                is_whole = not message.get("more_body", False)
            elif kind == "websocket.accept":
                status = 101
            elif kind == "websocket.close":
                status = 403 if not status else message.get("code", 1000)
            await send(message)

        scope.setdefault("state", {})
        token = REQUEST_NUMBER.set(number)
        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            _LOG.error("请求出错", exc_info=error)
            if is_page and not status:
                await _sorry(number)(scope, receive, noting)
            elif not is_whole:
                raise
        finally:
            _LOG.info("请求", extra={FIELDS: {
                "method": (scope["method"] if scope["method"] in _METHODS else "其他") if is_page else "WEBSOCKET",
                "route": route_of(scope),
                "status": status or GONE,
                "ms": round((time.perf_counter() - began) * 1000),
            }})
            REQUEST_NUMBER.reset(token)


def _sorry(number: str) -> PlainTextResponse:
    sentence = f"程序出错，没有办理：请刷新重试；仍不行时把编号 {number} 告诉维护人员，服务日志里有详情。"
    return PlainTextResponse(sentence, 500, {**SECURITY_HEADERS, "cache-control": "no-store"})
