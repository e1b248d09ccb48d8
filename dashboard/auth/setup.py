"""The first start of a workspace without accounts: a link that works once leads to one page.

Who can read the window in which the server was started owns the machine; nobody else ever sees the link.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from html import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.actions.foundation import MAX_BUREAU_LENGTH, Foundation, found_workspace, has_accounts
from dashboard.actions.sign_in import enter
from dashboard.auth.cookies import give_cookie
from dashboard.auth.desk import CrowdedError, Desk, address_of
from dashboard.auth.html import field, hidden, page, sent, told
from dashboard.auth.passwords import MAX_LENGTH
from dashboard.auth.sessions import digest, now
from data.errors import WenxiaoError
from data.store import Store, sql_text

VALID = timedelta(hours=24)
PURPOSE = "setup"
STALE = "这一页已经过期或已经提交过，没有保存。请重新填写。"
DEAD = (
    "这个启用链接不能用：它已经用过，超过了 24 小时，或服务重新启动过。"
    "还没有账号的，请看启动窗口里最新的链接，或重新启动服务。"
)


def new_link(store: Store) -> str | None:
    """The secret of a new link, which makes all earlier ones worthless; None once there is an account."""
    secret = secrets.token_urlsafe(32)
    with store.transaction(is_shown=False) as cursor:
        cursor.run(sql_text("data", "writes/drop_setup_links"))
        if not cursor.query("accounts").empty:
            return None
        cursor.insert("setup_link", [{"link_sha256": digest(secret), "expires_at": now() + VALID}])
    return secret


def invitation(store: Store, address: str) -> str:
    """What the server prints when it starts without any account; empty where there is one."""
    secret = new_link(store)
    if secret is None:
        return ""
    return (
        f"还没有账号。请在 24 小时内打开下面的链接完成首次启用（只能用一次，不要转发）：\n{address}/setup/{secret}\n"
    )


def is_open(store: Store, secret: str) -> bool:
    """Whether a link leads to the first start now."""
    found = store.query("setup_link", link_sha256=digest(secret))
    return not found.empty and found["expires_at"].iloc[0] > now() and not has_accounts(store)


def setup_routes(desk: Desk) -> list[Route]:
    """Where the page of the first start answers."""
    pages = _SetupPages(desk)
    return [
        Route("/setup/{secret}", pages.show, methods=["GET"]),
        Route("/setup/{secret}", pages.found, methods=["POST"]),
    ]


class _SetupPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        secret = request.path_params["secret"]
        try:
            if not await self._desk.run(is_open, self._desk.store(), secret):
                return _dead()
        except CrowdedError:
            return _dead()
        return self._form(secret, {})

    async def found(self, request: Request) -> Response:
        secret, typed = request.path_params["secret"], await sent(request)
        # The link is judged in the same breath as the accounts: two people with one link make one start.
        try:
            if not await self._desk.run(is_open, self._desk.store(), secret):
                return _dead()
            if self._desk.forms.take(typed.get("form", ""), PURPOSE, digest(secret)) is None:
                return self._form(secret, typed, STALE, 400)
            if typed.get("password", "") != typed.get("again", ""):
                return self._form(secret, typed, "还没有启用：两次输入的密码不一样。", 400)
            address, at = address_of(request), self._desk.now()
            wanted = Foundation(
                typed.get("bureau", ""), typed.get("region", "").strip(), typed.get("account", "").strip(),
                typed.get("person", ""), typed.get("password", ""),
            )
            await self._desk.run(found_workspace, self._desk.store(), at, f"网页 {address}", wanted)
            session = await self._desk.run(
                enter, self._desk.store(), self._desk.sessions(), at, wanted.account_id, address, "setup"
            )
        except CrowdedError:
            return self._form(secret, typed, "服务正忙，没有保存，请过几秒再试。", 503)
        except WenxiaoError as error:
            return self._form(secret, typed, str(error), 400)
        response = RedirectResponse("/", 303, {"cache-control": "no-store"})
        give_cookie(response, request.scope, session)
        return response

    def _form(self, secret: str, typed: dict[str, str], message: str = "", status: int = 200) -> Response:
        def value(name: str) -> str:
            return f'value="{escape(typed.get(name, ""))}"'

        number = self._desk.forms.give(PURPOSE, digest(secret))
        longest = f'maxlength="{MAX_LENGTH}"'
        bureau = f'maxlength="{MAX_BUREAU_LENGTH}" {value("bureau")}'
        return _unreferred(page("首次启用", f"""<h1>首次启用</h1>
<p class="note">填写本单位和第一名系统管理员。保存后这个链接作废，其他人的账号由系统管理员在“账号与安全”里建立。</p>
{told(message)}
<form method="post" action="/setup/{escape(secret)}">
{hidden(number)}
{field("单位名称，例如 巴州财政局", "bureau", "text", "organization", bureau)}
{field("区划代码（6 位数字，例如 652800）", "region", "text", "off",
       f'inputmode="numeric" maxlength="6" {value("region")}')}
{field("管理员姓名", "person", "text", "name", f'maxlength="30" {value("person")}')}
{field("登录名（小写字母、数字或 . _ @ -）", "account", "text", "username", f'maxlength="40" {value("account")}')}
{field("密码（大小写字母、数字、其他字符至少三类）", "password", "password", "new-password", longest)}
{field("再输入一次密码", "again", "password", "new-password", longest)}
<button>保存并进入</button>
</form>""", status))


def _dead() -> Response:
    return _unreferred(page("首次启用", f'<h1>首次启用</h1>{told(DEAD)}<p><a href="/login">去登录</a></p>', 404))


def _unreferred(response: Response) -> Response:
    """The address holds the secret: it must not travel on as where a request came from.

    Not no-referrer: browsers then send a form with Origin: null, which is refused as another site's.
    """
    response.headers["referrer-policy"] = "same-origin"
    return response
