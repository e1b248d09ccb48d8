"""The gate: without a session nothing comes out, over real connections; what ends a session ends its pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyotp
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.arguments import UsageError, parse_arguments
from dashboard.auth.cookies import COOKIE, SECURE_COOKIE
from dashboard.auth.gate import is_by_hand
from dashboard.auth.page_owners import page_id_of
from dashboard.auth.passwords import hash_password
from dashboard.rights import LEADER, PREFECTURE_OFFICER
from dashboard.workspace import STORE_NAME
from data.store import Store
from tests.builders import rows
from tests.server_builders import (
    ENROLLED_AT,
    INSTALLER,
    OFFICER,
    box,
    browser,
    demonstration_store,
    form_number,
    secret_of,
    served,
    sign_in,
    stream,
)

# The clock of the sessions runs ahead by what a file says; an account is closed by a request.
SERVE = """
import sys
from datetime import timedelta
from pathlib import Path
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from dashboard import server
from dashboard.auth.sessions import Sessions, now
from data.store import Store

folder = Path(sys.argv[1])
store = Store(folder / "wenxiao.duckdb")
sessions = Sessions(store, clock=lambda: now() + timedelta(minutes=float((folder / "clock").read_text())))

def close(request):
    with store.transaction() as cursor:
        cursor.run("UPDATE account SET is_disabled = true WHERE account_id = 'closed'")
    return PlainTextResponse("closed")

with server.listen("127.0.0.1", 0) as listening:
    routes = [Route("/api/v1/close", close, methods=["POST"]), Route("/inner", close)]
    app = server.build_app(folder / "app.py", lambda: store, routes=routes, sessions=lambda: sessions)
    status = server.run_app(app, listening, "127.0.0.1")
store.close()
sys.exit(status)
"""
PASSWORD = "Tarim-7-Poplar"
ACCOUNTS = ("aygul", "closed", "guesser", "changer", "forced", "careful")
CLOSED_PATHS = (
    "/", "/index.html", "/deviation", "/me", "/me/totp", "/inner", "/favicon.png", "/robots.txt",
    "/_stcore/health", "/_stcore/script-health-check", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/stream",
    "/_stcore/upload_file/session/file", "/_stcore/allowed-message-origins", "/media/anything.png",
    "/static/js/index.js", "/static/../static/js/index.js", "/component/any/index.html", "/app/static/any.csv",
    "/api/v1", "/api/v1/any", "/api/v2/close", "/setup/any", "/oidc/any", "/metrics", "/login/any", "/login/../inner",
    "/setup/../inner", "/loginx", "//login", "/healthz/", "/wenxiao/any.js",
)  # fmt: skip


@dataclass
class Gated:
    """A running server with password accounts, whose sessions' clock can be set forward."""

    folder: Path
    port: int

    @contextmanager
    def later(self, minutes: float) -> Iterator[None]:
        """For sessions it is later."""
        (self.folder / "clock").write_text(str(minutes))
        try:
            yield
        finally:
            (self.folder / "clock").write_text("0")

    @contextmanager
    def entered(self, account: str = OFFICER) -> Iterator[httpx.Client]:
        """A browser that has signed in."""
        with browser(self.port) as client:
            assert sign_in(client, account, "" if account == OFFICER else PASSWORD).status_code == 303
            yield client


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("gated")
    demonstration_store(made)
    store = Store(made / STORE_NAME)
    kept = hash_password(PASSWORD)
    for name in ACCOUNTS:
        new = NewAccount(name, f"{name}先生", LEADER, "", kept, must_change_password=name == "forced")
        add_account(store, INSTALLER, ENROLLED_AT, new)
    store.close()
    (made / "clock").write_text("0")
    return made


@pytest.fixture(scope="module")
def gated(folder: Path) -> Iterator[Gated]:
    with served(folder, SERVE) as (_process, port):
        yield Gated(folder, port)


def nothing(answer: httpx.Response) -> bool:
    """Whether an answer holds nothing of ours but the way to the sign-in page."""
    leads = answer.headers.get("location", "/login?next=")
    is_refused = answer.status_code in (303, 401, 404) and leads.startswith("/login?next=")
    return is_refused and (not answer.content or answer.text == "没有这个页面。")


def is_refused(gated: Gated, secret: str | None) -> bool:
    """Whether a websocket is turned away before it is accepted."""
    with pytest.raises(InvalidStatus) as refused:
        stream(gated.port, secret)
    return refused.value.response.status_code == 403


def end_of(socket: ClientConnection, timeout: float = 3) -> tuple[int, float]:
    """The code that a websocket is closed with, and how many seconds that took."""
    started = time.monotonic()
    with pytest.raises(ConnectionClosed):
        while True:
            socket.recv(timeout=timeout)
    assert socket.close_code is not None
    return socket.close_code, time.monotonic() - started


@pytest.mark.parametrize("kept", ["", "forged", "ended"])
@pytest.mark.parametrize("accepts", ["text/html", "*/*"])
def test_without_a_session_no_byte(gated, kept, accepts):
    secret = "A" * 43
    if kept == "ended":
        with gated.entered() as client:
            secret = secret_of(client)
            page = client.get("/me").text
            client.post("/me/sign-out", data={"form": form_number(page, "/me/sign-out"), "where": "here"})
    cookies = {"Cookie": f"{COOKIE}={secret}; {SECURE_COOKIE}={secret}"} if kept else {}

    with browser(gated.port) as client:
        for path in CLOSED_PATHS:
            # Sent as written: a client would tidy the dots away.
            url = httpx.URL(f"http://127.0.0.1:{gated.port}").copy_with(raw_path=path.encode())
            answer = client.get(url, headers={"Accept": accepts, **cookies})
            assert nothing(answer), (path, answer.status_code, answer.text[:200])
            for method in ("POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
                answer = client.request(method, url, headers={"Accept": accepts, **cookies}, content=b"x")
                assert nothing(answer), (method, path, answer.status_code)
    assert is_refused(gated, secret if kept else None)


def test_a_refusal_carries_the_security_headers(gated):
    with browser(gated.port) as client:
        answer = client.get("/_stcore/health", headers={"Accept": "*/*"})

    assert answer.status_code == 401
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_sign_in_page_comes_whole_without_a_session(gated):
    with browser(gated.port) as client:
        page = client.get("/login")
        addresses = [part.split('"')[0] for part in page.text.split('href="')[1:]]

        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert "<script" not in page.text
        assert len(addresses) == 2
        assert all(client.get(address).status_code == 200 for address in addresses)


def test_health_and_machines_are_not_asked_for_a_session(gated):
    with browser(gated.port) as client:
        assert client.get("/healthz").json()["status"] == "ok"
        assert client.get("/api/v1/close").status_code == 303      # not the method of the route


def test_a_session_opens_everything(gated):
    with gated.entered() as client:
        cookie = [word.strip().lower() for word in client.get("/").request.headers["cookie"].split(";")]
        assert len(cookie) == 1
        assert "问效" in client.get("/").text
        assert client.get("/_stcore/health").text == "ok"
        with stream(gated.port, secret_of(client)) as socket:
            socket.send(BackMsg(rerun_script={}).SerializeToString())
            assert socket.recv(timeout=10)


def test_the_cookie_is_for_no_script_and_no_other_site(gated):
    with browser(gated.port) as client:
        kept = sign_in(client, OFFICER).headers["set-cookie"].lower().split("; ")

    assert kept[0].startswith(COOKIE)
    assert set(kept[1:]) == {"httponly", "path=/", "samesite=lax"}


def test_a_deep_link_survives_the_sign_in(gated):
    with browser(gated.port) as client:
        asked = client.get("/deviation?notice=%E5%B7%B4%E8%B4%A2&round=2021-12")
        assert asked.status_code == 303
        page = client.get(asked.headers["location"]).text
        action = page.split('action="/login/demonstration')[1].split('"')[0]
        sent = {"form": form_number(page, "/login/demonstration"), "account": OFFICER}
        entered = client.post(f"/login/demonstration{action}", data=sent)

        assert entered.headers["location"] == "/deviation?notice=%E5%B7%B4%E8%B4%A2&round=2021-12"
        assert client.get("/login", params={"next": "/region"}).headers["location"] == "/region"


@pytest.mark.parametrize(
    "leads_to",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)",
     "/login?next=//evil.example", "http:evil.example", "evil.example", " //evil.example"],
)  # fmt: skip
def test_a_sign_in_never_leads_off_the_site(gated, leads_to):
    with browser(gated.port) as client:
        assert sign_in(client, OFFICER, leads_to=leads_to).headers["location"] == "/"


def test_a_form_works_once(gated):
    with browser(gated.port) as client:
        sent = {"form": form_number(client.get("/login").text, "/login"), "account": "aygul", "password": PASSWORD}
        assert client.post("/login", data=sent).status_code == 303
    with browser(gated.port) as client:
        replayed = client.post("/login", data=sent)
        assert replayed.status_code == 400
        assert "set-cookie" not in replayed.headers
        assert "已经提交过" in box(replayed)
        assert client.post("/login", data={**sent, "form": ""}).status_code == 400
        other = form_number(client.get("/login").text, "/login/demonstration")
        assert client.post("/login", data={**sent, "form": other}).status_code == 400


def test_a_sign_in_from_another_sites_page_is_refused(gated):
    with browser(gated.port) as client:
        sent = {"form": form_number(client.get("/login").text, "/login"), "account": "aygul", "password": PASSWORD}
        answer = client.post("/login", data=sent, headers={"Origin": "http://evil.example"})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("path", "account"), [("/login/demonstration", OFFICER), ("/login", "aygul")])
def test_each_sign_in_begins_with_a_new_secret(gated, path, account):
    """A secret that somebody else put into the browser, or knew before, is worth nothing afterwards."""
    with gated.entered(account) as client:
        before = secret_of(client)
        page = httpx.get(f"http://127.0.0.1:{gated.port}/login", trust_env=False).text
        sent = {"form": form_number(page, path), "account": account, "password": PASSWORD}
        assert client.post(path, data=sent).status_code == 303
        assert secret_of(client) != before

    assert is_refused(gated, before)


def test_a_password_is_never_asked_for_by_get(gated):
    with browser(gated.port) as client:
        page = client.get("/login", params={"account": "aygul", "password": PASSWORD})

    assert page.status_code == 200
    assert "aygul" not in page.text


def test_signing_out_closes_the_page_of_another_tab(gated):
    with gated.entered() as client, stream(gated.port, secret_of(client)) as socket:
        page = client.get("/me").text
        client.get("/me/sign-out")     # a link must not sign out
        assert client.get("/_stcore/health").text == "ok"
        left = client.post("/me/sign-out", data={"form": form_number(page, "/me/sign-out"), "where": "here"})

        assert left.headers["location"] == "/login?out=1"
        code, seconds = end_of(socket)
        assert code == 4401
        assert seconds < 1


def test_signing_out_needs_a_form_of_ones_own(gated):
    with gated.entered() as one, gated.entered() as other:
        form = form_number(one.get("/me").text, "/me/sign-out")
        assert other.post("/me/sign-out", data={"form": form, "where": "here"}).status_code == 400
        assert other.get("/_stcore/health").text == "ok"


def test_signing_out_everywhere(gated):
    with gated.entered("aygul") as one, gated.entered("aygul") as other, gated.entered() as bystander:
        page = one.get("/me").text
        one.post("/me/sign-out", data={"form": form_number(page, "/me/sign-out"), "where": "everywhere"})

        assert is_refused(gated, secret_of(other))
        assert bystander.get("/_stcore/health").text == "ok"


def test_a_changed_password_ends_the_others_but_not_mine(gated):
    with gated.entered("changer") as mine, gated.entered("changer") as other:
        with stream(gated.port, secret_of(other)) as theirs, stream(gated.port, secret_of(mine)) as own:
            new = {"present": PASSWORD, "new": "Poplar-8-Tarim", "again": "Poplar-8-Tarim"}
            form = form_number(mine.get("/me").text, "/me/password")
            changed = mine.post("/me/password", data={"form": form, **new})

            assert changed.status_code == 303
            assert "密码已更改" in box(mine.get(changed.headers["location"]))
            assert end_of(theirs)[0] == 4401
            own.send(BackMsg(rerun_script={}).SerializeToString())
            assert own.recv(timeout=5)
        assert mine.get("/_stcore/health").text == "ok"
    with browser(gated.port) as client:
        assert sign_in(client, "changer", "Poplar-8-Tarim").status_code == 303


def test_who_must_change_the_password_reaches_nothing_else(gated):
    with gated.entered("forced") as client:
        sent_on = client.get("/region?round=2021-12")
        assert sent_on.headers["location"] == "/me?next=/region%3Fround%3D2021-12"
        for path in ("/_stcore/health", "/static/js/index.js", "/media/x", "/inner", "/me/any", "/me/../inner"):
            answer = client.get(path, headers={"Accept": "*/*"})
            assert (answer.status_code, answer.content) == (403, b"")
        assert is_refused(gated, secret_of(client))

        page = client.get(sent_on.headers["location"])
        assert "请先更改密码" in box(page)
        form = form_number(page.text, "/me/password")
        new = {"present": PASSWORD, "new": "Poplar-8-Tarim", "again": "Poplar-8-Tarim"}
        changed = client.post("/me/password?next=/region%3Fround%3D2021-12", data={"form": form, **new})
        assert 'href="/region?round=2021-12">进入系统' in client.get(changed.headers["location"]).text
        assert "问效" in client.get("/region").text


def test_a_second_factor_from_its_picture_to_the_next_sign_in(gated):
    with gated.entered("careful") as client:
        page = client.get("/me/totp").text
        assert 'src="data:image/svg+xml' in page
        secret = page.split('class="secret" translate="no">')[1].split("<")[0].replace(" ", "")
        sent = {"form": form_number(page, "/me/totp"), "password": PASSWORD, "code": pyotp.TOTP(secret).now()}
        told = client.get(client.post("/me/totp", data=sent).headers["location"]).text
        assert "动态口令已登记" in told
        assert secret not in told.replace(" ", "")
    with browser(gated.port) as client:
        asked = sign_in(client, "careful", PASSWORD, leads_to="/region")
        assert "set-cookie" not in asked.headers
        form = form_number(asked.text, "/login/code")
        code = pyotp.TOTP(secret).at(int(time.time()) + 30)     # the present one was used to enrol
        entered = client.post("/login/code", data={"form": form, "code": code})
        assert entered.headers["location"] == "/region"
        assert client.post("/login/code", data={"form": form, "code": code}).status_code == 400
        assert client.get("/region").status_code == 200


def test_a_closed_account_is_out_at_once(gated):
    with gated.entered("closed") as client, stream(gated.port, secret_of(client)) as socket:
        assert client.post("/api/v1/close").text == "closed"

        assert nothing(client.get("/"))
        assert end_of(socket)[0] == 4401
    with browser(gated.port, "127.0.0.3") as client:
        assert "已停用" in box(sign_in(client, "closed", PASSWORD))


def test_a_session_without_activity_runs_out(gated):
    with gated.entered() as client, stream(gated.port, secret_of(client)) as socket:
        with gated.later(29):
            # Asked by the page, not by the person.
            assert client.get("/_stcore/health", headers={"Accept": "*/*"}).text == "ok"
        with gated.later(31):
            assert end_of(socket)[0] == 4401
            assert nothing(client.get("/_stcore/health"))
        assert nothing(client.get("/_stcore/health"))


def test_every_page_that_is_open_then_is_closed_those_of_later_too(gated):
    """One look is for all; it rests while nothing is open, and begins again."""
    with gated.entered() as client:
        with stream(gated.port, secret_of(client)):
            pass
        time.sleep(1.5)
        with (
            stream(gated.port, secret_of(client)) as one, stream(gated.port, secret_of(client)) as other,
            gated.later(31),
        ):
            assert [end_of(socket)[0] for socket in (one, other)] == [4401, 4401]


@pytest.mark.parametrize(("is_automatic", "stays"), [(False, True), (True, False)])
def test_only_what_a_person_does_keeps_a_session(gated, is_automatic, stays):
    with gated.entered() as client, stream(gated.port, secret_of(client)) as socket:
        with gated.later(20):
            socket.send(BackMsg(rerun_script={"is_auto_rerun": is_automatic}).SerializeToString())
            assert socket.recv(timeout=5)
        with gated.later(40):
            assert nothing(client.get("/_stcore/health")) is not stays


def test_opening_pages_keeps_a_session_until_the_absolute_limit(gated):
    with gated.entered() as client:
        for minutes in range(25, 600, 25):
            with gated.later(minutes):
                assert client.get("/").status_code == 200
        with gated.later(601):
            assert nothing(client.get("/"))


def test_wrong_passwords_lock_the_account_and_the_address(gated):
    with browser(gated.port, "127.0.0.4") as client:
        sentences = [box(sign_in(client, "guesser", f"wrong-{number}")) for number in range(4)]
        locked = sign_in(client, "guesser", "wrong-5")
        right = sign_in(client, "guesser", PASSWORD)

        assert sentences == [f"登录名或密码不对。再错 {left} 次将暂时锁定。" for left in (4, 3, 2, 1)]
        assert "请在 1 分钟后再试" in box(locked)
        assert (right.status_code, "暂时锁定" in box(right)) == (429, True)
        assert box(sign_in(client, "aygul", PASSWORD)).startswith("您所在的网络地址")
    with browser(gated.port, "127.0.0.5") as client:
        assert box(sign_in(client, "guesser", PASSWORD)).startswith("这个登录名")
        assert sign_in(client, "aygul", PASSWORD).status_code == 303


def test_what_was_typed_is_shown_as_text(gated):
    with browser(gated.port, "127.0.0.6") as client:
        page = sign_in(client, '"><script>alert(1)</script>', "x").text

    assert "<script" not in page
    assert "&quot;&gt;&lt;script&gt;" in page


def test_a_form_that_is_too_large_is_not_read(gated):
    with browser(gated.port) as client:
        assert client.post("/login", data={"form": "x" * 70_000}).status_code == 400


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (BackMsg(rerun_script={}), True),
        (BackMsg(rerun_script={"is_auto_rerun": True}), False),
        (BackMsg(app_heartbeat=True), False),
        (BackMsg(file_urls_request={}), True),
        (BackMsg(), False),
    ],
)
def test_by_hand(message, expected):
    assert is_by_hand(message.SerializeToString()) is expected


def test_what_is_no_message_is_not_by_hand():
    assert not is_by_hand(b"\xff\xff")


def test_a_restart_keeps_the_sessions(tmp_path):
    demonstration_store(tmp_path)
    store = Store(tmp_path / STORE_NAME)
    assert store.query("accounts")["role"].tolist() == [PREFECTURE_OFFICER]
    store.close()
    with served(tmp_path) as (process, port), browser(port) as client:
        sign_in(client, OFFICER)
        secret = secret_of(client)
        process.terminate()
        process.wait(20)
    with served(tmp_path) as (_process, port), stream(port, secret):
        pass


# --- behind a gateway ------------------------------------------------------------------------------------------

GATEWAY = "127.0.0.2"
BEHIND = """
import sys
from pathlib import Path
from dashboard import server
from data.store import Store

folder = Path(sys.argv[1])
store = Store(folder / "wenxiao.duckdb")
with server.listen("127.0.0.1", 0) as listening:
    app = server.build_app(folder / "app.py", lambda: store)
    server.run_app(app, listening, "127.0.0.1", trusted_proxies=["127.0.0.2"])
"""


def forwarded(address: str) -> dict[str, str]:
    """What a gateway says of whom it asks for."""
    return {"X-Forwarded-For": address, "X-Forwarded-Proto": "https"}


def test_a_gateway_is_believed_and_nobody_else(tmp_path):
    demonstration_store(tmp_path)
    with served(tmp_path, BEHIND) as (_process, port):
        with browser(port, GATEWAY) as client:
            client.headers.update(forwarded("1.2.3.4, 10.9.8.7"))     # the first is what the browser made up
            trusted = sign_in(client, OFFICER).headers["set-cookie"].lower()
            for number in range(5):
                sign_in(client, f"nobody-{number}", "wrong")
            assert box(sign_in(client, "nobody", "wrong")).startswith("您所在的网络地址")
            client.headers.update(forwarded("10.9.8.6"))
            assert box(sign_in(client, "nobody", "wrong")).startswith("登录名或密码不对")
        with browser(port) as client:
            client.headers.update(forwarded("10.6.6.6"))
            spoofed = sign_in(client, OFFICER).headers["set-cookie"].lower()
            client.cookies.clear()
            for number in range(5):
                client.headers.update(forwarded(f"10.6.6.{number}"))
                sign_in(client, f"nobody-{number}", "wrong")
            assert box(sign_in(client, "nobody", "wrong")).startswith("您所在的网络地址")

    assert trusted.startswith(SECURE_COOKIE.lower() + "=") and "; secure" in trusted
    assert spoofed.startswith(COOKIE + "=") and "secure" not in spoofed.split("; ")
    store = Store(tmp_path / STORE_NAME)
    said = {row["origin_text"] for row in rows(store, "SELECT origin_text FROM audit_log WHERE account_id <> ''")}
    store.close()
    assert said == {"网页 10.9.8.7", "网页 127.0.0.1"}


def test_by_default_no_gateway_is_believed(gated):
    with browser(gated.port, GATEWAY) as client:
        client.headers.update(forwarded("10.9.8.7"))

        assert sign_in(client, OFFICER).headers["set-cookie"].startswith(COOKIE + "=")


@pytest.mark.parametrize("text", ["*", "0.0.0.0/0", "::/0", "gateway.example", "10.1.2.3/24", ""])
def test_only_addresses_are_trusted_never_all(text):
    with pytest.raises(UsageError, match=r"IP 地址或网段|所有地址"):
        parse_arguments(["serve", "--workspace", ".", "--trusted-proxy", text])


def test_several_gateways_may_be_named():
    given = ["--trusted-proxy", "10.1.2.3", "--trusted-proxy", "10.2.0.0/16"]

    assert parse_arguments(["serve", "--workspace", ".", *given]).trusted_proxies == ["10.1.2.3", "10.2.0.0/16"]
    assert parse_arguments(["serve", "--workspace", "."]).trusted_proxies == []


def page_id(socket: ClientConnection) -> str:
    """The number of the page that a websocket has opened."""
    rerun = BackMsg()
    rerun.rerun_script.query_string = ""
    socket.send(rerun.SerializeToString())
    for _ in range(20):
        found = page_id_of(socket.recv(timeout=10))
        if found:
            return found
    raise AssertionError("没有收到页面编号")


def reopened(gated: Gated, client: httpx.Client, number: str) -> str:
    """The page that a browser gets when it asks for a page's number again."""
    asked = {"Cookie": f"{COOKIE}={secret_of(client)}"}
    with connect(
        f"ws://127.0.0.1:{gated.port}/_stcore/stream", additional_headers=asked, subprotocols=["streamlit", "x", number]
    ) as socket:
        return page_id(socket)


def test_a_page_opens_again_only_for_its_own_account(gated):
    with gated.entered() as own, gated.entered("aygul") as other:
        with stream(gated.port, secret_of(own)) as socket:
            number = page_id(socket)

        assert reopened(gated, other, number) != number
        upload = f"/_stcore/upload_file/{number}/file-1"
        # The gate's refusal is empty; past it, Streamlit asks for its own mark.
        refused = [other.put(upload, files={"file": ("a.txt", b"x")}), other.delete(upload)]
        assert [(answer.status_code, answer.text) for answer in refused] == [(403, ""), (403, "")]
        assert "XSRF" in own.delete(upload).text
        assert reopened(gated, own, number) == number


@pytest.mark.parametrize("headers", [{"Host": "["}, {"Origin": "http://["}])
def test_an_address_that_is_none_is_refused_in_words(gated, headers):
    with browser(gated.port) as client:
        answer = client.get("/login", headers=headers)

    assert (answer.status_code, answer.text) == (403, "只接受从问效页面发出的请求。")
