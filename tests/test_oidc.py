"""Sign-in through the bureau's identity provider, against a real small provider, walked by a real HTTP client."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx
import oidc_provider_mock
import pytest
import uvicorn
import werkzeug.serving
from builders import rows
from oidc_provider_mock import User
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.actions.accounts import NewAccount, add_account, change_account, state_of
from dashboard.actions.oidc_sign_in import account_of
from dashboard.auth.desk import Desk
from dashboard.auth.gate import Gate
from dashboard.auth.oidc import button, oidc_routes, ways
from dashboard.auth.oidc_exchange import Proved
from dashboard.auth.oidc_settings import FILE_NAME, read_provider, warn_of_readable_secret
from dashboard.auth.sessions import Sessions
from dashboard.auth.sign_in_pages import SignInPages
from dashboard.headers import SecurityHeaders
from dashboard.rights import ADMINISTRATOR, LEADER
from dashboard.server import listen
from data.audit import Actor
from data.errors import RefusedError, WenxiaoError
from data.store import Store

AT = datetime(2026, 3, 2, 9, 30)
INSTALLER = Actor("安装人员", ADMINISTRATOR, origin="命令行")
SECRET = "very-secret-of-the-client"
USERS = (
    User(sub="sub-juzhang", claims={"preferred_username": "gh-001", "email": "ju@example.cn", "email_verified": True}),
    User(sub="sub-unverified", claims={"email": "ju@example.cn", "email_verified": False}),
    User(sub="sub-unsaid", claims={"email": "ju@example.cn"}),
    User(sub="sub-stranger", claims={"preferred_username": "gh-999"}),
)


class Twisted:
    """The provider behind a door that can be made to say another name to some of its paths."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app
        self.lies: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        for path, name in self.lies.items():
            if environ["PATH_INFO"].startswith(path):
                environ["HTTP_HOST"] = name
        return self.app(environ, start)


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[str, Twisted]]:
    app = oidc_provider_mock.app(user_claims=USERS)
    app.debug = False
    twisted = Twisted(app)
    server = werkzeug.serving.make_server("127.0.0.1", 0, twisted, threaded=True)
    thread = threading.Thread(target=lambda: server.serve_forever(0.05))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", twisted
    server.shutdown()
    thread.join()
    server.server_close()


class Bureau:
    """Our server: sign-in page, gate and the routes of this file, over a store of its own."""

    def __init__(self, folder: Path, issuer: str) -> None:
        self.folder = folder
        self.store = Store(folder / "wenxiao.duckdb")
        self.sessions = Sessions(self.store)
        self.address = ""
        self.configure(issuer)

    def configure(self, issuer: str, **more: str) -> None:
        words = {
            "issuer": issuer, "client_id": "wenxiao", "client_secret": SECRET, "button": "统一身份登录", **more
        }
        text = "".join(f'{name} = "{value}"\n' for name, value in words.items())
        (self.folder / FILE_NAME).write_text(text, encoding="utf-8")

    @contextmanager
    def serving(self) -> Iterator[Bureau]:
        desk = Desk(lambda: self.store, lambda: self.sessions, lambda: ways(self.folder))

        async def home(_request: object) -> PlainTextResponse:
            return PlainTextResponse("里面")

        routes = [
            *SignInPages(desk).routes(), *oidc_routes(desk, self.folder), Route("/", home), Route("/deviation", home)
        ]
        gate = Middleware(Gate, sessions=lambda: self.sessions, routes=routes)
        app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders), gate])
        with listen("127.0.0.1", 0) as listening:
            self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                yield self
            finally:
                server.should_exit = True
                thread.join()
                self.store.close()


@pytest.fixture
def bureau(tmp_path: Path, provider: tuple[str, Twisted]) -> Iterator[Bureau]:
    issuer, twisted = provider
    twisted.lies.clear()
    made = Bureau(tmp_path, issuer)
    add_account(made.store, INSTALLER, AT, NewAccount("juzhang", "局长", LEADER, oidc_subject="sub-juzhang"))
    with made.serving():
        yield made


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=20) as client:
        yield client


def begin(bureau: Bureau, browser: httpx.Client, query: str = "") -> str:
    """From our button to the provider's page: its address."""
    answer = browser.get(f"{bureau.address}/oidc/start{query}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def consent(browser: httpx.Client, address: str, subject: str = "sub-juzhang") -> str:
    """Sign in at the provider: where it sends the browser."""
    assert browser.get(address).status_code == 200
    answer = browser.post(address, data={"sub": subject})
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["location"]


def with_query(address: str, **changes: str) -> str:
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return urlunsplit(parts._replace(query=urlencode({name: value for name, value in query.items() if value})))


def secrets_of(browser: httpx.Client) -> list[str]:
    return [cookie.value for cookie in browser.cookies.jar if cookie.name.endswith("wenxiao_session")]


def actions(bureau: Bureau) -> list[str]:
    return [row["action_name"] for row in rows(bureau.store, "SELECT action_name FROM audit_log ORDER BY entry_no")]


def refused(bureau: Bureau, browser: httpx.Client, address: str, words: str) -> None:
    """A way back that leads nowhere: a page with a sentence, no session in the browser or the store."""
    answer = browser.get(address)
    assert answer.status_code == 403
    assert words in answer.text
    assert secrets_of(browser) == []
    assert rows(bureau.store, "SELECT * FROM web_session") == []


def test_a_person_signs_in_and_gets_the_same_session(bureau, browser):
    assert "统一身份登录" in browser.get(f"{bureau.address}/login").text
    leading = begin(bureau, browser, "?next=/deviation")
    asked = parse_qs(urlsplit(leading).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert SECRET not in leading

    answer = browser.get(consent(browser, leading))

    assert (answer.status_code, answer.headers["location"]) == (303, "/deviation")
    (secret,) = secrets_of(browser)
    assert bureau.sessions.find(secret).account_id == "juzhang"
    assert browser.get(f"{bureau.address}/deviation").text == "里面"
    (entry,) = rows(bureau.store, "SELECT * FROM audit_log WHERE action_name = 'sign_in'")
    assert (entry["account_id"], entry["origin_text"], entry["detail_json"]) == (
        "juzhang", "网页 127.0.0.1", '{"how": "oidc"}'
    )
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("wenxiao_session="))
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    assert SECRET not in str(rows(bureau.store, "SELECT * FROM audit_log"))


def test_the_claim_an_administrator_registered_is_bound_to_the_person_at_once(bureau, browser, provider):
    add_account(bureau.store, INSTALLER, AT, NewAccount("xin", "新人", LEADER, oidc_subject="gh-999"))

    browser.get(consent(browser, begin(bureau, browser), "sub-stranger"))

    (row,) = rows(bureau.store, "SELECT oidc_subject FROM account WHERE account_id = 'xin'")
    assert row["oidc_subject"] == f"{provider[0]}|sub-stranger"
    assert bureau.sessions.find(secrets_of(browser)[0]).account_id == "xin"
    assert actions(bureau)[-2:] == ["bind_subject", "sign_in"]


def test_another_claim_names_the_account_where_the_file_says_so(bureau, browser, provider):
    bureau.configure(provider[0], account_claim="email")
    with bureau.store.transaction() as cursor:
        cursor.run("UPDATE account SET oidc_subject = 'ju@example.cn'")

    browser.get(consent(browser, begin(bureau, browser)))

    assert bureau.sessions.find(secrets_of(browser)[0]).account_id == "juzhang"


@pytest.mark.parametrize("subject", ["sub-unverified", "sub-unsaid"])
def test_an_address_that_nobody_verified_names_no_account(bureau, browser, provider, subject):
    bureau.configure(provider[0], account_claim="email")
    with bureau.store.transaction() as cursor:
        cursor.run("UPDATE account SET oidc_subject = 'ju@example.cn'")

    refused(bureau, browser, consent(browser, begin(bureau, browser), subject), "没有登记您的账号")


@pytest.mark.parametrize("is_first", [False, True])
def test_a_claim_that_equals_what_another_is_bound_to_takes_no_account(bureau, provider, is_first):
    """Of the key alone or of all that the account holds: the person may choose the claim."""
    if not is_first:
        assert account_of(bureau.store, AT, Proved(provider[0], "sub-juzhang", ""), "") == "juzhang"
    for claim in ("sub-juzhang", f"{provider[0]}|sub-juzhang")[is_first:]:
        with pytest.raises(RefusedError, match="没有登记您的账号"):
            account_of(bureau.store, AT, Proved(provider[0], "sub-thief", claim), "10.6.6.6")

    assert account_of(bureau.store, AT, Proved(provider[0], "sub-juzhang", "else"), "") == "juzhang"


def test_a_key_of_another_provider_is_another_persons(bureau, provider):
    account_of(bureau.store, AT, Proved(provider[0], "sub-juzhang", ""), "")

    with pytest.raises(RefusedError, match="没有登记您的账号"):
        account_of(bureau.store, AT, Proved("https://other.example", "sub-juzhang", ""), "")


def test_who_is_bound_signs_in_without_dropping_the_boards(bureau, provider):
    person = Proved(provider[0], "sub-juzhang", "")
    account_of(bureau.store, AT, person, "")
    before = bureau.store.data_version

    account_of(bureau.store, AT, person, "")
    with pytest.raises(RefusedError):
        account_of(bureau.store, AT, Proved(provider[0], "sub-stranger", ""), "")

    assert bureau.store.data_version == before


def test_who_has_no_account_is_told_what_to_give_the_administrator(bureau, browser):
    refused(bureau, browser, consent(browser, begin(bureau, browser), "sub-stranger"), "标识“gh-999”告诉系统管理员")
    assert actions(bureau)[-1] == "sign_in_failed"


def test_a_sign_in_name_alone_opens_no_account(bureau, browser, provider):
    """The provider's claim equals a login name, but nobody registered it there."""
    add_account(bureau.store, INSTALLER, AT, NewAccount("gh-999", "同名", LEADER))

    refused(bureau, browser, consent(browser, begin(bureau, browser), "sub-stranger"), "没有登记您的账号")


def test_a_closed_account_stays_closed(bureau, browser):
    add_account(bureau.store, INSTALLER, AT, NewAccount("xinxi", "信息科", ADMINISTRATOR))
    (row,) = rows(bureau.store, "SELECT * FROM account WHERE account_id = 'juzhang'")
    wanted = state_of({**row, "is_disabled": True})
    change_account(bureau.store, INSTALLER, AT, "juzhang", wanted, bureau.sessions.end_all_of)

    refused(bureau, browser, consent(browser, begin(bureau, browser)), "您的账号已停用")
    assert actions(bureau)[-1] == "sign_in_failed"


def test_a_forged_state_is_nothing(bureau, browser):
    back = consent(browser, begin(bureau, browser))

    refused(bureau, browser, with_query(back, state="forged"), "不是从本页面开始的")
    refused(bureau, browser, with_query(back, state=""), "不是从本页面开始的")


def test_a_way_back_in_another_browser_is_nothing(bureau, browser):
    """Else a person could be led into somebody else's account."""
    back = consent(browser, begin(bureau, browser))

    with httpx.Client(trust_env=False) as other:
        refused(bureau, other, back, "不是从本页面开始的")
        begin(bureau, other)
        refused(bureau, other, back, "不是从本页面开始的")


def test_a_state_works_once(bureau, browser):
    back = consent(browser, begin(bureau, browser))
    kept = dict(browser.cookies)
    assert browser.get(back).status_code == 303

    with httpx.Client(trust_env=False, cookies=kept) as again:
        assert again.get(back).status_code == 403
        assert secrets_of(again) == []


def test_a_code_works_once(bureau, browser):
    first = consent(browser, begin(bureau, browser))
    code = parse_qs(urlsplit(first).query)["code"][0]
    assert browser.get(first).status_code == 303
    bureau.sessions.end_all_of("juzhang")

    with httpx.Client(trust_env=False) as other:
        second = consent(other, begin(bureau, other))
        refused(bureau, other, with_query(second, code=code), "没有通过核验")


def test_a_nonce_of_another_sign_in_is_refused(bureau, browser):
    leading = begin(bureau, browser)

    refused(bureau, browser, consent(browser, with_query(leading, nonce="another")), "没有通过核验")


def test_an_answer_without_a_nonce_is_refused(bureau, browser):
    leading = begin(bureau, browser)

    refused(bureau, browser, consent(browser, with_query(leading, nonce="")), "没有通过核验")


def test_a_token_of_another_issuer_is_refused(bureau, browser, provider):
    back = consent(browser, begin(bureau, browser))
    provider[1].lies["/oauth2/token"] = "other.example"

    refused(bureau, browser, back, "没有通过核验")


def test_an_answer_in_another_issuers_name_is_refused(bureau, browser):
    back = consent(browser, begin(bureau, browser))

    refused(bureau, browser, with_query(back, iss="https://other.example"), "没有通过核验")


def test_a_provider_that_calls_itself_otherwise_is_not_trusted(bureau, browser, provider):
    provider[1].lies["/.well-known"] = "localhost:9"

    answer = browser.get(f"{bureau.address}/oidc/start")

    assert answer.status_code == 403
    assert "统一身份认证暂时用不了" in answer.text


def test_a_token_for_another_client_is_refused(bureau, browser, provider):
    back = consent(browser, with_query(begin(bureau, browser), client_id="another"))

    refused(bureau, browser, back, "没有通过核验")


def test_who_declines_at_the_provider_is_told(bureau, browser):
    leading = begin(bureau, browser)
    answer = browser.post(leading, data={"action": "deny"})
    back = answer.headers["location"]

    refused(bureau, browser, with_query(
        back, state=parse_qs(urlsplit(leading).query)["state"][0]), "您取消了登录")


def test_a_provider_that_is_down_is_said(bureau, browser):
    bureau.configure("http://127.0.0.1:9")

    answer = browser.get(f"{bureau.address}/oidc/start")

    assert answer.status_code == 403
    assert "暂时用不了" in answer.text and "Traceback" not in answer.text
    assert "统一身份登录" in browser.get(f"{bureau.address}/login").text


def test_without_configuration_there_is_no_button_and_no_way(bureau, browser):
    (bureau.folder / FILE_NAME).unlink()

    assert "/oidc/" not in browser.get(f"{bureau.address}/login").text
    assert "没有设置统一身份认证" in browser.get(f"{bureau.address}/oidc/start").text


# --- the file ------------------------------------------------------------------------------------------------


def test_every_fault_of_the_file_is_told(tmp_path, caplog):
    (tmp_path / FILE_NAME).write_text(
        'issuer = "http://sso.example.cn"\nclient_secert = "x"\nbutton = 3\nscope = "email"\nca_file = "no.pem"\n',
        encoding="utf-8",
    )

    with pytest.raises(WenxiaoError) as told:
        read_provider(tmp_path)

    for word in ("不认识 client_secert", "缺少 client_id", "button 应为带引号的文字", "issuer 应为以 https:// 开头",
                 "scope 里要有 openid", "找不到 ca_file no.pem"):
        assert word in str(told.value)
    assert button(tmp_path) is None
    assert ways(tmp_path) == []


@pytest.mark.parametrize("text", ["issuer = ", "\x00"])
def test_a_file_that_is_no_configuration_is_told(tmp_path, text):
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")

    with pytest.raises(WenxiaoError, match="读不懂"):
        read_provider(tmp_path)


def test_no_file_is_no_provider(tmp_path):
    assert read_provider(tmp_path) is None


def test_a_secret_that_others_can_read_is_warned_of(tmp_path, caplog):
    path = tmp_path / FILE_NAME
    path.write_text('issuer = "https://a.example"\nclient_id = "w"\n', encoding="utf-8")
    path.chmod(0o600)
    warn_of_readable_secret(tmp_path)
    assert caplog.text == ""

    path.chmod(0o644)
    warn_of_readable_secret(tmp_path)

    assert "chmod 600" in caplog.text


def test_what_is_printed_of_the_configuration_holds_no_secret(bureau):
    assert SECRET not in repr(read_provider(bureau.folder))
