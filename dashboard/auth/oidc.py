"""Signing in through the bureau's identity provider: another way to the same session on the server.

Code flow with PKCE, state and nonce. What belongs to one sign-in is kept here under its state, which works once
and only in the browser that began it.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.actions.oidc_sign_in import account_of
from dashboard.actions.sign_in import enter
from dashboard.auth.cookies import give_cookie, is_secure, safe_next, secret_of
from dashboard.auth.desk import CrowdedError, Desk, address_of
from dashboard.auth.forms import VALID_SECONDS
from dashboard.auth.html import page, told
from dashboard.auth.oidc_exchange import ERROR_CODES, Exchange, Proved, ProviderError
from dashboard.auth.oidc_settings import button, read_provider, warn_of_readable_secret
from dashboard.auth.sessions import digest
from data.errors import NotFoundError, WenxiaoError

START, CALLBACK = "/oidc/start", "/oidc/callback"
PURPOSE = "oidc"
BROWSER_COOKIE = "wenxiao_oidc"     # ties a sign-in to the browser that began it
AT_ONCE = 4                         # a provider that hangs must not hold up those who have a password
STALE = "这次统一身份认证已经过期、已经用过，或不是从本页面开始的，没有登录。请重新登录。"
DENIED = "统一身份认证没有通过，没有登录：您取消了登录，或没有使用本系统的权限。"

T = TypeVar("T")
_LOG = logging.getLogger("wenxiao")

__all__ = ["button", "oidc_routes", "warn_of_readable_secret", "ways"]


def ways(folder: Path) -> list[tuple[str, str]]:
    """The further way in that the sign-in page offers; none where nothing is configured."""
    words = button(folder)
    return [(words, START)] if words else []


def oidc_routes(desk: Desk, folder: Path) -> list[Route]:
    """Where a sign-in through the provider begins and comes back."""
    pages = _OidcPages(desk, folder)
    return [Route(START, pages.start, methods=["GET"]), Route(CALLBACK, pages.come_back, methods=["GET"])]


class _OidcPages:
    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder
        self._guard = threading.Lock()
        self._exchange: tuple[object, Exchange, str] | None = None
        self._limiter: anyio.CapacityLimiter | None = None

    async def start(self, request: Request) -> Response:
        """Send the browser to the provider."""
        browser, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        try:
            exchange, callback = await self._aside(lambda: self._provider(request))
            state = self._desk.forms.give(
                PURPOSE, digest(browser), nonce=nonce, verifier=verifier, callback=callback,
                next=safe_next(request.query_params.get("next")),
            )
            address = await self._aside(lambda: exchange.leading_address(callback, state, nonce, verifier))
        except (WenxiaoError, CrowdedError) as error:
            return _refused(error)
        response = RedirectResponse(address, 303, {"cache-control": "no-store"})
        response.set_cookie(
            BROWSER_COOKIE, browser, max_age=VALID_SECONDS, path="/oidc/", secure=is_secure(request.scope),
            httponly=True, samesite="lax",
        )
        return response

    async def come_back(self, request: Request) -> Response:
        """Believe the provider, or say why not; then begin the same session as with a password."""
        asked = request.query_params
        browser = request.cookies.get(BROWSER_COOKIE, "")
        held = self._desk.forms.take(asked.get("state", ""), PURPOSE, digest(browser)) if browser else None
        if held is None:
            return _refused(ProviderError(STALE, "state"))
        if "error" in asked or not asked.get("code"):
            # Anybody may write the address, so only the words of the standard are kept.
            code = asked.get("error", "no code")
            return _refused(ProviderError(DENIED, code if code in ERROR_CODES else "error"))
        address, at = address_of(request), self._desk.now()
        try:
            exchange, _ = await self._aside(lambda: self._provider(request))
            self._require_issuer(asked.get("iss"))
            proved: Proved = await self._aside(
                lambda: exchange.prove(held["callback"], asked["code"], held["nonce"], held["verifier"])
            )
            account_id = await self._desk.run(
                account_of, self._desk.store(), at, proved, address
            )
            secret = await self._desk.run(
                enter, self._desk.store(), self._desk.sessions(), at, account_id, address, "oidc",
                secret_of(request.scope),
            )
        except (WenxiaoError, CrowdedError) as error:
            return _refused(error)
        response = RedirectResponse(held["next"], 303, {"cache-control": "no-store"})
        response.delete_cookie(BROWSER_COOKIE, path="/oidc/")
        give_cookie(response, request.scope, secret)
        return response

    def _require_issuer(self, told_issuer: str | None) -> None:
        """An answer that names its provider must name ours (RFC 9207)."""
        provider = read_provider(self._folder)
        if told_issuer is not None and (provider is None or told_issuer != provider.issuer):
            raise ProviderError("统一身份认证没有通过核验，没有登录。请重新登录，仍不行请联系系统管理员。", "iss")

    def _provider(self, request: Request) -> tuple[Exchange, str]:
        """The exchange with the provider as configured now, and where it is to send the browser back to."""
        provider = read_provider(self._folder)
        if provider is None:
            raise NotFoundError("本单位没有设置统一身份认证，请用登录名和密码登录。")
        with self._guard:
            if self._exchange is None or self._exchange[0] != provider:
                self._exchange = (provider, Exchange(provider), provider.address.rstrip("/"))
            _, exchange, address = self._exchange
        return exchange, (address or str(request.base_url).rstrip("/")) + CALLBACK

    async def _aside(self, work: Callable[[], T]) -> T:
        """Wait for the provider in a thread of its own kind.

        Raises: CrowdedError if too many wait already.
        """
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(AT_ONCE)
        if self._limiter.statistics().tasks_waiting >= 10 * AT_ONCE:
            raise CrowdedError
        return await to_thread.run_sync(work, limiter=self._limiter)


def _refused(error: Exception) -> Response:
    if isinstance(error, ProviderError):
        _LOG.warning("统一身份认证没有成功：%s", error.why)
    sentence = "正在登录的人太多，请过几秒再试。" if isinstance(error, CrowdedError) else str(error)
    body = f'<h1>登录</h1>{told(sentence)}<a class="button second" href="/login">返回登录页</a>'
    return page("登录", body, 503 if isinstance(error, CrowdedError) else 403)
