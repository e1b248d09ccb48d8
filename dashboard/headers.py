"""What every answer carries and who may ask: security headers, and no requests from other sites."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing may come from another host. Streamlit writes its styles inline, compiles small functions for
# charts (unsafe-eval) and runs workers from blobs; no inline script is needed.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": CONTENT_POLICY,
}
# Only said over https, where a gateway stands in front: over plain http it would mean nothing.
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
# What nobody said anything else about is kept nowhere: figures, files that are handed out, refusals.
KEPT_NOWHERE = "no-store"


# Streamlit's own counters tell how many people are at work; nobody outside needs them. Nor does anybody need the door
# by which programs would drive its pages: ours is /api/v1.
CLOSED_PATHS = ("/_stcore/metrics", "/_stcore/agent")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_foreign(scope: Scope, names: frozenset[str]) -> bool:
    """Whether another site's page asks, or a name that is not ours leads here.

    A foreign site may let its own name point to this machine (DNS rebinding); then its page and its
    requests agree, and only the name gives it away. Addresses cannot be given away like that.
    """
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    origin = headers.get(b"origin")
    try:
        name = (urlsplit(f"//{host}").hostname or "").lower()
        is_other_site = origin is not None and urlsplit(origin).netloc != host
    except ValueError:      # no address at all, such as 「[」
        return True
    return is_other_site or not (name in names or _is_address(name))


class SecurityHeaders:
    """ASGI middleware: refuses requests that another site's page sends, adds the headers to the rest."""

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        """Keep the application inside; ``names`` are the host names it is reached by besides localhost."""
        self._app = app
        self._names = frozenset({"localhost", *(name.lower() for name in names)})
        said = {**SECURITY_HEADERS, "cache-control": KEPT_NOWHERE}
        self._headers = [(name.encode(), value.encode()) for name, value in said.items()]
        self._secure = [*self._headers, (b"strict-transport-security", STRICT_TRANSPORT.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle HTTP and websockets; the lifespan passes untouched."""
        if scope["type"] == "websocket" and _is_foreign(scope, self._names):
            # Streamlit would look up this machine's address on the internet to judge the origin.
            await send({"type": "websocket.close", "code": 4403})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        headers = self._secure if scope.get("scheme") == "https" else self._headers

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [pair for pair in headers if pair[0] not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        if _is_foreign(scope, self._names):
            refusal = PlainTextResponse("只接受从问效页面发出的请求。", status_code=403)
            await refusal(scope, receive, with_headers)
            return
        if scope["path"].startswith(CLOSED_PATHS):
            await PlainTextResponse("没有这个页面。", status_code=404)(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)     # what nobody catches, dashboard.request_log answers
