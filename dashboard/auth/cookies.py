"""The cookie that carries a session's secret, and the place that a sign-in may lead to."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

COOKIE = "wenxiao_session"
# A browser keeps a cookie of this name only from https, for this host and all its paths.
SECURE_COOKIE = "__Host-wenxiao_session"


def secret_in(cookies: Mapping[str, str]) -> str | None:
    """The session's secret among the cookies of a request; None without one."""
    for name in (SECURE_COOKIE, COOKIE):
        found = cookies.get(name)
        if isinstance(found, str) and found:
            return found
    return None


def secret_of(scope: Scope) -> str | None:
    """The session's secret that a request or websocket carries, read as Streamlit reads its cookies."""
    return secret_in(HTTPConnection(scope).cookies)


def is_secure(scope: Scope) -> bool:
    """Whether the browser asked over https."""
    return scope.get("scheme") in ("https", "wss")


def give_cookie(response: Response, scope: Scope, secret: str) -> None:
    """Let the browser hold a session's secret until it is closed; no script can read it."""
    secure = is_secure(scope)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE, secret, path="/", secure=secure, httponly=True, samesite="lax"
    )


def take_cookie(response: Response, scope: Scope) -> None:
    """Let the browser forget the secret."""
    secure = is_secure(scope)
    response.delete_cookie(
        SECURE_COOKIE if secure else COOKIE, path="/", secure=secure, httponly=True, samesite="lax"
    )


def safe_next(asked: str | None) -> str:
    """Where a sign-in leads: the path asked for if it is one of ours, else the first page.

    Browsers read 「//host」, 「/\\host」 and tabs within as another site's address.

    >>> [safe_next(text) for text in ("/deviation?notice=巴财社", "//evil.example", "/\\\\evil.example", "https://a.b/")]
    ['/deviation?notice=巴财社', '/', '/', '/']
    >>> safe_next("/%09/evil.example"), safe_next("/\\t/evil.example"), safe_next("/login?next=/"), safe_next(None)
    ('/%09/evil.example', '/', '/', '/')
    """
    text = asked or "/"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    is_path = text.startswith("/") and not text.startswith("//") and not parts.scheme and not parts.netloc
    is_plain = "\\" not in text and all(letter > " " and letter != "\x7f" for letter in text)
    is_page = parts.path.split("/")[1:2] not in (["login"], ["setup"], ["oidc"], ["me"])
    return text if is_path and is_plain and is_page and len(text) <= 2000 else "/"
