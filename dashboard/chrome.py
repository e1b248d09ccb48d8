"""Streamlit's own words in Chinese: its page with our language, name, icon and translation script.

Streamlit has no Chinese chrome. One table, ``static/chrome_words.json``, holds the words; the script
``static/chrome.js`` puts them into the page; the page itself is Streamlit's, with a few lines changed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from importlib import resources
from pathlib import Path

import streamlit
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TESTED_STREAMLIT = "1.67.0"

_LOG = logging.getLogger("wenxiao")
_STREAMLIT_PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
# These paths never answer with Streamlit's page.
_NEVER_THE_PAGE = ("/_stcore", "/static/", "/media/", "/component/", "/api/", "/wenxiao/")
_PAGE_MARK = b'<div id="root"></div>'
_CHANGES = (
    (r'<html lang="en">', '<html lang="zh-CN">'),
    (r"<title>Streamlit</title>", "<title>问效</title>"),
    (r'<link rel="shortcut icon" href="\./favicon\.png" />', '<link rel="icon" href="{icon}" />'),
    # The font is never used: ours are the system's Chinese fonts.
    (r'<link\s+rel="preload"\s+href="[^"]+"\s+as="font"[^>]*/>', ""),
    (r"<!--\s*Machine-readable pointer.*?-->\s*<link rel=\"service-desc\"[^>]*/>", ""),
    # An inline script would need a hole in the content policy; the translation script does its work.
    (r"<script>\s*window\.prerenderReady = false\s*</script>", '<script src="{script}"></script>'),
    (
        r"<noscript>.*?</noscript>",
        "<noscript><p>本页需要浏览器启用 JavaScript：请在浏览器设置里启用后刷新。</p></noscript>",
    ),
)


def _static(name: str) -> str:
    return resources.files("dashboard").joinpath("static", name).read_text(encoding="utf-8")


def chrome_words() -> dict[str, object]:
    """The table of English words and their Chinese: exact, patterns, plotly."""
    words: dict[str, object] = json.loads(_static("chrome_words.json"))
    return words


def chrome_script() -> str:
    """The script that a page loads, with the table of words inside it."""
    return _static("chrome.js").replace("/*words*/ null", json.dumps(chrome_words(), ensure_ascii=False))


def _address(name: str, text: str) -> str:
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"/wenxiao/{stem}.{digest}.{suffix}"


def chinese_page(page: str) -> str:
    """Streamlit's index page with our language, title, icon and script.

    Raises: ValueError naming the line that this Streamlit release no longer has.
    """
    places = {
        "icon": _address("favicon.svg", _static("favicon.svg")),
        "script": _address("chrome.js", chrome_script()),
    }
    for pattern, replacement in _CHANGES:
        # Neither text holds a backslash, so that it can stand as the replacement itself.
        page, count = re.subn(pattern, replacement.format(**places), page, count=1, flags=re.S)
        if not count:
            raise ValueError(pattern)
    return page


def warn_of_untested_release() -> None:
    """Say in the log when Streamlit is not the release that the Chinese words were tried on."""
    if streamlit.__version__ != TESTED_STREAMLIT:
        _LOG.warning(
            "Streamlit 为 %s，中文界面只在 %s 上检验过：页面上可能露出英文，请按 requirements.lock 安装。",
            streamlit.__version__,
            TESTED_STREAMLIT,
        )


def chrome_routes() -> list[Route]:
    """Routes of the script and the icon; their addresses change with their content."""

    def route(name: str, text: str, media_type: str) -> Route:
        async def answer(_request: object) -> Response:
            return Response(
                text, media_type=media_type, headers={"Cache-Control": "public, immutable, max-age=31536000"}
            )

        return Route(_address(name, text), answer)

    return [
        route("chrome.js", chrome_script(), "text/javascript"),
        route("favicon.svg", _static("favicon.svg"), "image/svg+xml"),
    ]


class ChinesePage:
    """ASGI middleware that answers with the Chinese page wherever Streamlit would send its own."""

    def __init__(self, app: ASGIApp) -> None:
        """Prepare the page once."""
        self._app = app
        self._page = chinese_page(_STREAMLIT_PAGE.read_text(encoding="utf-8")).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; only a whole Streamlit page is exchanged."""
        path = scope.get("path", "")
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or path.startswith(_NEVER_THE_PAGE)
            or ("." in path.rsplit("/", 1)[-1] and not path.endswith(".html"))
        ):
            await self._app(scope, receive, send)
            return
        # Uncompressed and never 「not modified」: the page has to be seen to be exchanged.
        unwanted = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        headers = [pair for pair in scope["headers"] if pair[0] not in unwanted]
        await self._app({**scope, "headers": headers}, receive, self._exchange(send))

    def _exchange(self, send: Send) -> Send:
        start: Message = {}
        body = bytearray()

        async def exchanged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                start = message
                if message["status"] != 200 or not kind.startswith(b"text/html"):
                    start = {}
                    await send(message)
                return
            if not start:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            content = bytes(body)
            if _PAGE_MARK in content:
                content = self._page
                validators = (b"content-length", b"etag", b"last-modified")
                kept = [pair for pair in start["headers"] if pair[0] not in validators]
                kept.append((b"content-length", str(len(content)).encode()))
                start = {**start, "headers": kept}
            await send(start)
            await send({"type": "http.response.body", "body": content})

        return exchanged
