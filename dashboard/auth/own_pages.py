"""The own account: who I am, change the password, second factor, sign out here or everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.actions.passwords import change_own_password, enrol_totp
from dashboard.actions.sign_in import account_row, sign_out
from dashboard.auth.cookies import safe_next, secret_of, take_cookie
from dashboard.auth.desk import CrowdedError, Desk, address_of
from dashboard.auth.html import field, hidden, page, sent, told
from dashboard.auth.sessions import Person, digest
from dashboard.auth.sign_in_pages import CROWDED, STALE
from dashboard.auth.totp import new_secret, picture
from dashboard.rights import ROLE_NAMES
from data.audit import Actor
from data.errors import WenxiaoError

NEW_PASSWORD, SECOND_FACTOR, OUT, TOLD = "new_password", "second_factor", "out", "told"


@dataclass(frozen=True)
class _Here:
    """Who asks, with which secret, and where they wanted to go."""

    person: Person
    secret: str
    leads_to: str
    address: str

    @property
    def holder(self) -> str:
        return digest(self.secret)

    @property
    def actor(self) -> Actor:
        return self.person.actor(f"网页 {self.address}")

    @property
    def query(self) -> str:
        return f"?next={quote(self.leads_to, safe='/')}" if self.leads_to != "/" else ""


class OwnPages:
    """The pages at /me and what their forms do."""

    def __init__(self, desk: Desk) -> None:
        """Keep what the pages work with."""
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where the pages answer; the gate lets only signed-in people here."""
        return [
            Route("/me", self.show, methods=["GET"]),
            Route("/me/password", self.change_password, methods=["POST"]),
            Route("/me/totp", self.show_totp, methods=["GET"]),
            Route("/me/totp", self.enrol, methods=["POST"]),
            Route("/me/sign-out", self.leave, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The whole page."""
        here = await self._here(request)
        if here is None:
            return RedirectResponse("/login", 303)
        kept = self._desk.forms.take(request.query_params.get("told", ""), TOLD, here.holder)
        return await self._page(here, told(kept["sentence"], "done") if kept else "")

    async def change_password(self, request: Request) -> Response:
        """Replace the password; every other session of the account ends."""
        here, fields = await self._here(request), await sent(request)
        if here is None:
            return RedirectResponse("/login", 303)
        if self._desk.forms.take(fields.get("form", ""), NEW_PASSWORD, here.holder) is None:
            return await self._page(here, told(STALE.replace("没有登录", "没有更改")), 400)
        try:
            receipt = await self._desk.run(
                change_own_password, self._desk.store(), here.actor, self._desk.now(), fields.get("present", ""),
                fields.get("new", ""), fields.get("again", ""),
            )
        except (WenxiaoError, CrowdedError) as error:
            return await self._page(here, told(_sentence(error)), 403)
        await run_in_threadpool(self._desk.sessions().end_all_of, here.person.account_id, here.secret)
        return self._tell(here, f"密码已更改，其他地方的登录都已退出。办理记录{receipt}。")

    async def show_totp(self, request: Request) -> Response:
        """The picture to scan, with a fresh secret."""
        here = await self._here(request)
        if here is None:
            return RedirectResponse("/login", 303)
        return self._totp_page(here, new_secret())

    async def enrol(self, request: Request) -> Response:
        """Give the account a second factor; every other session of the account ends."""
        here, fields = await self._here(request), await sent(request)
        if here is None:
            return RedirectResponse("/login", 303)
        held = self._desk.forms.take(fields.get("form", ""), SECOND_FACTOR, here.holder)
        if held is None:
            return self._totp_page(here, new_secret(), told(STALE.replace("没有登录", "没有登记")), 400)
        try:
            receipt = await self._desk.run(
                enrol_totp, self._desk.store(), here.actor, self._desk.now(), fields.get("password", ""),
                held["secret"], fields.get("code", "")[:20],
            )
        except (WenxiaoError, CrowdedError) as error:
            return self._totp_page(here, held["secret"], told(_sentence(error)), 403)
        await run_in_threadpool(self._desk.sessions().end_all_of, here.person.account_id, here.secret)
        return self._tell(here, f"动态口令已登记，下次登录时要输入手机上的六位数字。办理记录{receipt}。")

    async def leave(self, request: Request) -> Response:
        """Sign out here, or everywhere."""
        here, fields = await self._here(request), await sent(request)
        if here is None:
            return RedirectResponse("/login", 303)
        if self._desk.forms.take(fields.get("form", ""), OUT, here.holder) is None:
            return await self._page(here, told("这一页已经过期，没有退出。请再按一次。"), 400)
        await self._desk.run(
            sign_out, self._desk.store(), self._desk.sessions(), self._desk.now(), here.secret,
            everywhere=fields.get("where") == "everywhere",
        )
        response = RedirectResponse("/login?out=1", 303)
        take_cookie(response, request.scope)
        return response

    async def _here(self, request: Request) -> _Here | None:
        secret = secret_of(request.scope)
        person = await run_in_threadpool(self._desk.sessions().find, secret)
        if person is None or secret is None:
            return None
        return _Here(person, secret, safe_next(request.query_params.get("next")), address_of(request))

    def _tell(self, here: _Here, sentence: str) -> Response:
        number = self._desk.forms.give(TOLD, here.holder, sentence=sentence)
        return RedirectResponse(f"/me?told={number}&next={quote(here.leads_to, safe='/')}", 303)

    async def _page(self, here: _Here, message: str, status: int = 200) -> Response:
        row = await run_in_threadpool(account_row, self._desk.store(), here.person.account_id) or {}
        unit = await run_in_threadpool(self._unit, here.person.recipient_id)
        person = here.person
        first = ""
        if person.must_change_password:
            first = told("首次登录或密码已到期：请先更改密码，然后才能进入系统。", "note")
        elif person.must_enrol_totp:
            first = told(f"{ROLE_NAMES[person.role]}要用动态口令登录：请先登记，然后才能进入系统。", "note")
        go_on = "" if person.is_held else f'<a class="button" href="{escape(here.leads_to)}">进入系统</a>'
        number = self._desk.forms.give(OUT, here.holder)
        count = self._desk.sessions().count_of(person.account_id)
        everywhere = (
            f'<button name="where" value="everywhere" class="second">退出全部 {count} 处登录</button>'
            if count > 1 else ""
        )
        body = f"""<h1>本人账号</h1>
{first}{message}
<section>
<dl>
<dt>姓名</dt><dd>{escape(person.person_name)}</dd>
<dt>角色</dt><dd>{escape(ROLE_NAMES.get(person.role, person.role))}</dd>
<dt>单位</dt><dd>{escape(unit)}</dd>
<dt>登录名</dt><dd translate="no">{escape(person.account_id)}</dd>
</dl>
<form method="post" action="/me/sign-out" class="row">
{hidden(number)}
{go_on}
<button name="where" value="here" class="second">退出登录</button>
{everywhere}
</form>
</section>
{self._password_part(here, row)}
{"" if person.must_change_password else self._totp_part(here, row)}"""
        return page("本人账号", body, status)

    def _unit(self, recipient_id: str) -> str:
        if not recipient_id:
            return self._desk.settings().bureau_name or "州级"
        units = self._desk.store().query("recipients").set_index("recipient_id")["recipient_name"]
        return str(units.get(recipient_id, recipient_id))

    def _password_part(self, here: _Here, row: dict[str, Any]) -> str:
        if not row.get("password_hash"):
            return '<section><h2>密码</h2><p class="note">这个账号不用密码登录。</p></section>'
        policy = self._desk.sessions().policy
        rule = f"至少 {policy.password_min_length} 位，大写字母、小写字母、数字、其他字符四类中至少三类"
        if policy.password_history:
            rule += f"，不与最近 {policy.password_history} 次用过的相同"
        changed_at, days = row["password_changed_at"], policy.password_max_age_days
        until = ""
        if changed_at and days and not here.person.must_change_password:
            until = f"现在的密码有效至 {changed_at + timedelta(days=days):%Y-%m-%d}。"
        return f"""<section>
<h2>更改密码</h2>
<p class="note">{until}{rule}。更改后，其他地方的登录都会退出。</p>
<form method="post" action="/me/password{escape(here.query)}">
{hidden(self._desk.forms.give(NEW_PASSWORD, here.holder))}
<input type="hidden" name="account" autocomplete="username" value="{escape(here.person.account_id)}">
{field("现在的密码", "present", "password", "current-password", 'maxlength="128"')}
{field("新密码", "new", "password", "new-password", 'maxlength="128"')}
{field("再输入一次新密码", "again", "password", "new-password", 'maxlength="128"')}
<button>更改密码</button>
</form>
</section>"""

    def _totp_part(self, here: _Here, row: dict[str, Any]) -> str:
        if not row.get("password_hash"):
            return ""
        stands = "已登记。换手机时可以重新登记；手机丢失请联系系统管理员重设。" if row["totp_secret"] else (
            "还没有登记。登记后，登录时除密码外还要输入手机上的六位数字。")
        title = "重新登记" if row["totp_secret"] else "登记动态口令"
        return f"""<section>
<h2>动态口令</h2>
<p class="note">{stands}</p>
<a class="button second" href="/me/totp{escape(here.query)}">{title}</a>
</section>"""

    def _totp_page(self, here: _Here, secret: str, message: str = "", status: int = 200) -> Response:
        number = self._desk.forms.give(SECOND_FACTOR, here.holder, secret=secret)
        source = picture(secret, here.person.account_id)
        grouped = " ".join(secret[start:start + 4] for start in range(0, len(secret), 4))
        digits = 'inputmode="numeric" pattern="[0-9 ]{6,7}" maxlength="7"'
        return page("登记动态口令", f"""<h1>登记动态口令</h1>
{message}
<p class="note">一、用手机上的验证器扫描二维码；不能扫描时，手工输入下面的密钥。密钥只在这一页显示。</p>
<p class="picture"><img src="{source}" alt="动态口令的二维码" width="220" height="220"></p>
<p class="secret" translate="no">{grouped}</p>
<p class="note">二、输入验证器上的六位数字和您的密码。</p>
<form method="post" action="/me/totp{escape(here.query)}">
{hidden(number)}
{field("六位数字", "code", "text", "one-time-code", digits)}
{field("密码", "password", "password", "current-password", 'maxlength="128"')}
<button>登记</button>
</form>
<p><a href="/me{escape(here.query)}">返回本人账号</a></p>""", status)


def _sentence(error: Exception) -> str:
    return CROWDED if isinstance(error, CrowdedError) else str(error)
