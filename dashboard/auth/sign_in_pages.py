"""The sign-in page: login name and password, then a one-time code; in a demonstration, people to choose from."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.actions.sign_in import check_code, check_password, enter, enter_demonstration
from dashboard.auth.cookies import give_cookie, safe_next, secret_of
from dashboard.auth.desk import CrowdedError, Desk, address_of
from dashboard.auth.html import field, hidden, page, sent, told
from dashboard.auth.lockout import LockedError
from dashboard.rights import COUNTY_REPORTER, ROLE_NAMES
from data.errors import RefusedError, WenxiaoError

PASSWORD, CODE, CHOICE = "sign_in", "code", "choice"
STALE = "这一页已经过期或已经提交过，没有登录。请重新填写。"
CROWDED = "正在登录的人太多，请过几秒再试。"


class SignInPages:
    """The pages at /login and what their forms do."""

    def __init__(self, desk: Desk) -> None:
        """Keep what the pages work with."""
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where the pages answer."""
        return [
            Route("/login", self.show, methods=["GET"]),
            Route("/login", self.judge_password, methods=["POST"]),
            Route("/login/code", self.judge_code, methods=["POST"]),
            Route("/login/demonstration", self.choose, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The form; who is signed in already goes on to where they wanted."""
        leads_to = safe_next(request.query_params.get("next"))
        if await run_in_threadpool(self._desk.sessions().find, secret_of(request.scope)):
            return RedirectResponse(leads_to, 303)
        note = "您已退出登录。" if "out" in request.query_params else ""
        return await self._form(leads_to, told(note, "done"))

    async def judge_password(self, request: Request) -> Response:
        """Take the first step; the second follows where the account has one."""
        fields = await sent(request)
        leads_to = safe_next(request.query_params.get("next"))
        if self._desk.forms.take(fields.get("form", ""), PASSWORD) is None:
            return await self._form(leads_to, told(STALE), 400)
        address = address_of(request)
        try:
            right = await self._desk.run(
                check_password, self._desk.store(), self._desk.now(), fields.get("account", "")[:200],
                fields.get("password", ""), address,
            )
            if right.needs_code:
                return self._code_form(right.account_id, right.changed_at, leads_to)
            secret = await self._desk.run(
                enter, self._desk.store(), self._desk.sessions(), self._desk.now(), right.account_id, address,
                "password", secret_of(request.scope),
            )
        except (WenxiaoError, CrowdedError) as error:
            return await self._form(leads_to, told(_sentence(error)), _status(error), fields.get("account", ""))
        return self._let_in(request, secret, leads_to)

    async def judge_code(self, request: Request) -> Response:
        """Take the second step."""
        fields = await sent(request)
        held = self._desk.forms.take(fields.get("form", ""), CODE)
        if held is None:
            return await self._form("/", told(STALE), 400)
        address = address_of(request)
        try:
            await self._desk.run(
                check_code, self._desk.store(), self._desk.now(), held["account_id"], fields.get("code", "")[:20],
                address, changed_at=held["changed_at"],
            )
            secret = await self._desk.run(
                enter, self._desk.store(), self._desk.sessions(), self._desk.now(), held["account_id"], address,
                "code", secret_of(request.scope),
            )
        except LockedError as error:
            return await self._form(held["next"], told(str(error)), 429)
        except (WenxiaoError, CrowdedError) as error:
            return self._code_form(
                held["account_id"], held["changed_at"], held["next"], told(_sentence(error)), _status(error)
            )
        return self._let_in(request, secret, held["next"])

    async def choose(self, request: Request) -> Response:
        """Enter as one of the demonstration's people."""
        fields = await sent(request)
        leads_to = safe_next(request.query_params.get("next"))
        if self._desk.forms.take(fields.get("form", ""), CHOICE) is None:
            return await self._form(leads_to, told(STALE), 400)
        settings = self._desk.settings()
        try:
            secret = await self._desk.run(
                enter_demonstration, self._desk.store(), self._desk.sessions(), settings.now(),
                fields.get("account", ""), address_of(request), is_demonstration=settings.is_demonstration,
                replaced=secret_of(request.scope),
            )
        except (WenxiaoError, CrowdedError) as error:
            return await self._form(leads_to, told(_sentence(error)), _status(error))
        return self._let_in(request, secret, leads_to)

    def _let_in(self, request: Request, secret: str, leads_to: str) -> Response:
        response = RedirectResponse(leads_to, 303, {"cache-control": "no-store"})
        give_cookie(response, request.scope, secret)
        return response

    async def _form(self, leads_to: str, message: str, status: int = 200, account: str = "") -> Response:
        settings = await run_in_threadpool(self._desk.settings)
        query = f"?next={quote(leads_to, safe='/')}" if leads_to != "/" else ""
        ways = "".join(
            f'<a class="button second" href="{escape(address)}{query}">{escape(title)}</a>'
            for title, address in self._desk.other_ways()
        )
        bureau = f'<p class="bureau">{escape(settings.bureau_name)}</p>' if settings.bureau_name else ""
        form = f"""<form method="post" action="/login{escape(query)}">
{hidden(self._desk.forms.give(PASSWORD))}
{field("登录名", "account", "text", "username", f'maxlength="40" value="{escape(account)}"')}
{field("密码", "password", "password", "current-password", 'maxlength="128"')}
<button>登录</button>
</form>
{ways}"""
        if not settings.is_demonstration:
            return page("登录", f"{bureau}<h1>登录</h1>{message}{form}", status)
        people = await run_in_threadpool(self._people, query)
        is_open = " open" if message and account else ""
        body = (
            f'<h1>选择一名演示人员进入 <span class="mark">演示数据</span></h1>{message}'
            '<p class="note">通知是真实的公开文件，人员和填报数据都是模拟的。'
            "不用密码，进入后可随时退出，换一名人员再看。</p>"
            f"{people}<details{is_open}><summary>用登录名和密码登录</summary>{form}</details>"
        )
        return page("登录", body, status, kind="sheet")

    def _people(self, query: str) -> str:
        """The demonstration's people: the prefecture's, then each unit's, as buttons of one form."""
        accounts = self._desk.store().query("accounts")
        rows = [row for row in accounts.to_dict("records") if not row["is_disabled"] and not row["has_password"]]
        prefecture = "".join(
            f'<button name="account" value="{escape(row["account_id"])}"><b>{escape(row["person_name"])}</b>'
            f'<small>{escape(ROLE_NAMES.get(row["role"], row["role"]))}</small></button>'
            for row in sorted(rows, key=lambda row: list(ROLE_NAMES).index(row["role"])) if not row["recipient_id"]
        )
        units = []
        for unit in self._desk.store().query("recipients").to_dict("records"):
            own = [row for row in rows if row["recipient_id"] == unit["recipient_id"]]
            buttons = "".join(
                f'<button name="account" value="{escape(row["account_id"])}" title="{escape(row["person_name"])}">'
                f'{"填报" if row["role"] == COUNTY_REPORTER else "审核"}</button>'
                for row in sorted(own, key=lambda row: row["role"] != COUNTY_REPORTER)
            )
            if buttons:
                units.append(f'<li><span>{escape(unit["recipient_name"])}</span><span>{buttons}</span></li>')
        return f"""<form method="post" action="/login/demonstration{escape(query)}" class="people">
{hidden(self._desk.forms.give(CHOICE))}
<h2>州级</h2>
<div class="prefecture">{prefecture}</div>
<h2>县市和单位</h2>
<ul>{"".join(units)}</ul>
</form>"""

    def _code_form(
        self, account_id: str, changed_at: str, leads_to: str, message: str = "", status: int = 200
    ) -> Response:
        number = self._desk.forms.give(CODE, account_id=account_id, changed_at=changed_at, next=leads_to)
        digits = 'inputmode="numeric" pattern="[0-9 ]{6,7}" maxlength="7" autofocus'
        return page("动态口令", f"""<h1>动态口令</h1>
<p class="note">请打开手机上的验证器，输入“问效”下面的六位数字。</p>
{message}
<form method="post" action="/login/code">
{hidden(number)}
{field("六位数字", "code", "text", "one-time-code", digits)}
<button>登录</button>
</form>
<p><a href="/login">换一个账号登录</a></p>""", status)


def _sentence(error: Exception) -> str:
    return CROWDED if isinstance(error, CrowdedError) else str(error)


def _status(error: Exception) -> int:
    if isinstance(error, CrowdedError):
        return 503
    if isinstance(error, LockedError):
        return 429
    return 403 if isinstance(error, RefusedError) else 500
