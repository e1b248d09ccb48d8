"""What the server says and refuses over real connections, where no other test of it stood: see asvs.csv."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.tokens import NewToken, issue_token
from dashboard.auth.passwords import hash_password
from dashboard.headers import CONTENT_POLICY
from dashboard.rights import ADMINISTRATOR, COUNTY_APPROVER, LEADER
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.store import Store
from tests.builders import NUMBER, ROUND, demo_folder
from tests.server_builders import box, browser, form_number, served, sign_in

GATEWAY = "127.0.0.2"
PASSWORD = "Tarim-7-Poplar"
TYPED = "Nobody-3-Guesses"
INSTALLER = Actor("安装人员", ADMINISTRATOR)
# The bureau's own server as the command starts it, behind a gateway; one of its routes is broken.
SERVE = """
import sys
from pathlib import Path
from starlette.routing import Route
from dashboard import server

def broken(request):
    raise ValueError("secret-of-the-program")

real = server.setup_routes
server.setup_routes = lambda desk: [*real(desk), Route("/login/broken", broken)]
sys.exit(server.serve(Path(sys.argv[1]), "127.0.0.1", 0, trusted_proxies=["127.0.0.2"]))
"""


@dataclass
class Bureau:
    """A running server, what it printed, and a county's token."""

    folder: Path
    port: int
    token: str
    err: Path

    def raw(self, request: bytes, wait: float = 3) -> bytes:
        """What comes back for these bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(request)
            answer = b""
            try:
                while part := connection.recv(65536):
                    answer += part
            except TimeoutError:
                pass
        return answer


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    folder = Path(shutil.copytree(demo_folder(), tmp_path_factory.mktemp("bureau") / "w"))
    store, at = Store(folder / STORE_NAME), datetime(2021, 12, 22)
    for name, role, unit in (("aygul", LEADER, ""), ("rena", LEADER, ""), ("county", COUNTY_APPROVER, "luntai")):
        add_account(store, INSTALLER, at, NewAccount(name, f"{name}先生", role, unit, hash_password(PASSWORD),
                                                     must_change_password=False))
    token = issue_token(store, INSTALLER, at, NewToken("某系统", "county", ("read",), 30)).secret
    store.close()
    err = folder.parent / "stderr.txt"
    script = f"import os; os.dup2(os.open({str(err)!r}, os.O_WRONLY | os.O_CREAT), 2)\n{SERVE}"
    with served(folder, script) as (_process, port):
        yield Bureau(folder, port, token, err)


PATHS = ("/", "/login", "/login/broken", "/healthz", "/me", "/unit", "/api/v1/boards", "/api/v1/none", "/metrics",
         "/media/none.png", "/static/none.js", "/_stcore/health", "/setup/none", "/oidc/callback", "/.git/config")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["nobody", "aygul"])
def test_every_answer_carries_every_header(bureau, path, who):
    with browser(bureau.port) as client:
        if who != "nobody":
            assert sign_in(client, who, PASSWORD).status_code == 303
        answer = client.get(path)

    assert answer.headers["content-security-policy"] == CONTENT_POLICY
    assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'"} <= set(CONTENT_POLICY.split("; "))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    for name in ("cross-origin-resource-policy", "cross-origin-opener-policy"):
        assert answer.headers[name] == "same-origin"
    assert answer.headers["cache-control"] in ("no-store", "no-cache")
    assert "server" not in answer.headers and "x-powered-by" not in answer.headers
    if answer.content:
        kind = answer.headers["content-type"]
        assert kind.startswith(("application/json", "image/")) or "charset=utf-8" in kind
    # No file of the program or of its folder, and nothing of how it failed.
    assert not any(word in answer.text for word in ("[core]", "Traceback", "secret-of-the-program", "site-packages"))


def test_https_is_to_be_kept_where_a_gateway_says_so(bureau):
    with browser(bureau.port, GATEWAY) as client:
        client.headers.update({"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https"})
        over_https = client.get("/login").headers
    with browser(bureau.port) as client:
        client.headers.update({"X-Forwarded-Proto": "https"})
        claimed = client.get("/login").headers

    assert over_https["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "strict-transport-security" not in claimed


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example"])
@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/healthz"), ("POST", "/login"), ("POST", "/me/sign-out"), ("OPTIONS", "/api/v1/reports"),
    ("POST", "/api/v1/receipts"), ("PUT", "/_stcore/upload_file/a/b"), ("OPTIONS", "/_stcore/upload_file/a/b"),
])
def test_another_site_is_let_in_by_no_method(bureau, origin, method, path):
    with browser(bureau.port) as client:
        sign_in(client, "aygul", PASSWORD)
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST",
                     "Authorization": f"Bearer {bureau.token}"}
        answer = client.request(method, path, headers=preflight)

    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_nothing_is_done_by_a_form_that_was_not_given_out(bureau):
    """With the person's own cookie and no Origin, as an old browser would send it: the number is missing."""
    with browser(bureau.port) as client:
        sign_in(client, "aygul", PASSWORD)
        for path in ("/me/sign-out", "/me/password", "/me/totp"):
            assert client.post(path, data={"form": "made-up", "where": "everywhere"}).status_code == 400, path
        assert client.get("/me").status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_no_method_is_taken_that_nothing_asks_for(bureau, method):
    for path in ("/login", "/me", "/healthz", "/api/v1/boards", "/"):
        request = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Mark: told-back\r\nConnection: close\r\n\r\n"
        answer = bureau.raw(request.encode())
        status = int(answer.split(b" ", 2)[1]) if answer else 0
        assert status in (0, 400, 401, 403, 404, 405, 501), (path, answer[:200])
        assert b"told-back" not in answer


def test_two_lengths_make_no_second_request(bureau):
    """A gateway and the server must not disagree where a request ends."""
    hidden = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for first in (
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (len(hidden) + 5),
        b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden),
        b"Transfer-Encoding: xchunked\r\n\r\n",
    ):
        answer = bureau.raw(b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n" + first + hidden)
        # Refused, or ended at its own end: then what follows is a request of its own, and no part of the first.
        assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403")) or answer.count(b"HTTP/1.1 ") <= 2
        assert answer.count(b'{"status":"ok"}') <= 1


@pytest.mark.parametrize("path", ["/_stcore/agent/interact", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp"])
def test_streamlits_door_for_programs_is_closed(bureau, path):
    with browser(bureau.port) as client:
        sign_in(client, "aygul", PASSWORD)
        for method in ("GET", "POST"):
            answer = client.request(method, path)
            assert (answer.status_code, answer.text) == (404, "没有这个页面。")


def test_a_fault_of_the_program_is_told_by_its_number_and_never_by_its_words(bureau):
    with browser(bureau.port) as client:
        answer = client.get("/login/broken")

    number = answer.headers["x-request-id"]
    assert (answer.status_code, number in answer.text) == (500, True)
    told = bureau.err.read_text()
    assert f"ValueError，<string>:9 broken） 编号 {number}" in told
    assert "secret-of-the-program" not in answer.text + told
    with browser(bureau.port) as client:
        assert client.get("/login").status_code == 200      # and the server goes on


def test_a_name_that_nobody_has_takes_as_long(bureau):
    """The least of several: what the machine does beside can only make it longer."""
    taken: dict[str, list[float]] = {"aygul": [], "nobody": []}
    for number in range(4):
        for name, times in taken.items():
            with browser(bureau.port, f"127.0.1.{number + 1}") as client:
                number_of_form = form_number(client.get("/login").text, "/login")
                sent = {"form": number_of_form, "account": name, "password": TYPED}
                started = time.perf_counter()
                answer = client.post("/login", data=sent)
                times.append(time.perf_counter() - started)
                assert box(answer).startswith("登录名或密码不对")

    known, unknown = min(taken["aygul"]), min(taken["nobody"])
    assert 0.4 < known / unknown < 2.5
    assert min(known, unknown) > 0.05     # the password was compared, not only looked for


def test_what_was_refused_stands_in_the_log_in_one_line_and_no_secret_does(bureau):
    headers = {"Authorization": f"Bearer {bureau.token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{bureau.port}", timeout=30) as client:
        for unit in ("bohu", "bohu\n2026-01-01 wenxiao ERROR 伪造"):
            asked = {"document_number": NUMBER, "round_id": ROUND, "recipient_id": unit}
            assert client.get("/api/v1/boards/unit.indicators", params=asked, headers=headers).status_code == 403
        guessed = client.get("/api/v1/boards%0a伪造的一行", headers={"Authorization": "Bearer wx_a-secret-guess"})
        assert guessed.status_code == 401
    with browser(bureau.port, "127.0.2.1") as client:
        sign_in(client, "rena", TYPED)
        assert sign_in(client, "rena", PASSWORD).status_code == 303
        session = next(iter(client.cookies.values()))

    told = bureau.err.read_text()
    plain, forged = (line for line in told.splitlines() if "unit.indicators" in line)
    for line, unit in ((plain, "'bohu'"), (forged, "'？'")):
        assert "无权" in line and "'county'" in line and "'luntai'" in line and f"单位 {unit}" in line
    assert not [line for line in told.splitlines() if line.startswith(("伪造", "2026-01-01 wenxiao"))]
    assert "ERROR 伪造" not in told
    assert "TokenError" in told
    store = Store(Path(shutil.copytree(bureau.folder, bureau.folder.parent / "copied")) / STORE_NAME)
    with store.reading() as cursor:
        log = " ".join(str(tuple(row.values())) for row in cursor.rows("SELECT * FROM audit_log"))
    store.close()
    for secret in (PASSWORD, TYPED, bureau.token, "wx_a-secret-guess", session):
        assert secret not in told and secret not in log
    assert "sign_in_failed" in log
