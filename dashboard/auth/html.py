"""The frame of the pages that are served without Streamlit: plain HTML, one style sheet, no script."""

from __future__ import annotations

import hashlib
from html import escape
from importlib import resources

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

MOST_BYTES = 64 * 1024     # of a form that is sent


def _static(name: str) -> str:
    return resources.files("dashboard").joinpath("static", name).read_text(encoding="utf-8")


def _address(name: str) -> str:
    stem, suffix = name.rsplit(".", 1)
    return f"/wenxiao/{stem}.{hashlib.sha256(_static(name).encode()).hexdigest()[:12]}.{suffix}"


STYLE = _address("sign_in.css")
ICON = _address("favicon.svg")
ASSETS = (STYLE, ICON)


def style_route() -> Route:
    """The route of the style sheet; its address changes with its content."""

    async def answer(_request: Request) -> Response:
        return Response(
            _static("sign_in.css"), media_type="text/css",
            headers={"Cache-Control": "public, immutable, max-age=31536000"},
        )

    return Route(STYLE, answer)


def page(title: str, body: str, status: int = 200, *, kind: str = "card") -> HTMLResponse:
    """A whole page around ``body``, which is HTML; ``kind`` is card (narrow) or sheet (wide)."""
    return HTMLResponse(
        f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · 问效</title>
<link rel="icon" href="{ICON}">
<link rel="stylesheet" href="{STYLE}">
</head>
<body class="{kind}">
<header>{_static("logo.svg")}</header>
<main>
{body}
</main>
</body>
</html>
""",
        status,
        {"Cache-Control": "no-store"},
    )


def told(sentence: str, kind: str = "fault") -> str:
    """A box with a sentence: fault, done or note; nothing without a sentence."""
    role = "alert" if kind == "fault" else "status"
    return f'<p class="box {kind}" role="{role}">{escape(sentence)}</p>' if sentence else ""


def field(label: str, name: str, kind: str, autocomplete: str, extra: str = "") -> str:
    """A labelled input that must be filled in."""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{autocomplete}" required {extra}>'
    )


def hidden(number: str) -> str:
    """The number of a form."""
    return f'<input type="hidden" name="form" value="{escape(number)}">'


async def sent(request: Request) -> dict[str, str]:
    """The fields of a form that was sent; empty for what is no form of ours."""
    length = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded" or not length.isdigit() or int(length) > MOST_BYTES:
        return {}
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
