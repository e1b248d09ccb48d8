"""The files of deploy/: nginx really in front of the server, units that systemd reads, the same words everywhere."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from gateway import DEPLOY, INSTALLED_AS, LOOKING_NAME, NAME, Gateway, free_port, gateway, lacking
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from dashboard.actions.tokens import SCOPES, NewToken, issue_token
from dashboard.arguments import parse_arguments
from dashboard.auth.cookies import COOKIE, SECURE_COOKIE
from dashboard.cli import run
from dashboard.headers import SECURITY_HEADERS
from dashboard.workspace import STORE_NAME
from data.store import Store
from tests.server_builders import INSTALLER, OFFICER, demonstration_store, served, sign_in
from tests.test_gate import page_id

REASON = lacking()
if REASON and os.environ.get("WENXIAO_REQUIRE_NGINX"):
    raise RuntimeError(REASON)
needs_nginx = [pytest.mark.nginx, pytest.mark.skipif(bool(REASON), reason=REASON), pytest.mark.timeout(180)]
MEGABYTE = 1 << 20

SERVE = f"""
import sys
from pathlib import Path
from dashboard.server import {{0}}
sys.exit({{0}}(Path(sys.argv[1]), "127.0.0.1", 0, ["{NAME}", "{LOOKING_NAME}"], ["127.0.0.1"]))
"""


@dataclass(frozen=True)
class Behind:
    """A gateway and what stands behind it."""

    gateway: Gateway
    workspace: Path
    token: str


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    workspace = tmp_path_factory.mktemp("workspace")
    demonstration_store(workspace)
    store = Store(workspace / STORE_NAME)
    token = issue_token(store, INSTALLER, datetime.now(), NewToken("一体化", OFFICER, SCOPES, 30))
    store.close()
    with (
        served(workspace, SERVE.format("serve")) as (_, main),
        served(workspace, SERVE.format("serve_replica")) as (_, replica),
        gateway(tmp_path_factory.mktemp("nginx"), main, replica) as found,
    ):
        yield Behind(found, workspace, token.secret)


@contextmanager
def entered(gateway: Gateway, name: str = NAME) -> Iterator[httpx.Client]:
    with gateway.browser(name) as client:
        assert sign_in(client, OFFICER).status_code == 303
        yield client


def page_socket(gateway: Gateway, secret: str, name: str = NAME) -> ClientConnection:
    reached = socket.create_connection(("127.0.0.1", gateway.https), timeout=20)
    return connect(
        f"wss://{gateway.host(name)}/_stcore/stream", sock=reached, ssl=gateway.trust(),
        additional_headers={"Cookie": f"{SECURE_COOKIE}={secret}"}, subprotocols=["streamlit"],  # type: ignore[list-item]
        origin=f"https://{gateway.host(name)}",  # type: ignore[arg-type]
    )


class TestGateway:
    pytestmark = needs_nginx

    def test_plain_http_leads_to_https(self, behind):
        answer = httpx.get(f"http://127.0.0.1:{behind.gateway.http}/unit?a=1", headers={"Host": NAME})

        assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{NAME}/unit?a=1")

    def test_one_signs_in_over_https_and_the_cookie_is_for_https_alone(self, behind):
        with behind.gateway.browser() as client:
            answer = sign_in(client, OFFICER)
            cookie = answer.headers["Set-Cookie"]

            assert answer.status_code == 303
            assert cookie.startswith(f"{SECURE_COOKIE}=") and "Secure" in cookie and "HttpOnly" in cookie
            assert COOKIE not in client.cookies
            assert client.get("/").status_code == 200

    def test_the_log_of_actions_has_the_persons_address(self, behind, tmp_path):
        """Nginx alone is believed, and a client's own claim is not passed on."""
        with behind.gateway.browser(address="127.0.0.33") as client:
            client.headers["X-Forwarded-For"] = "203.0.113.7"
            sign_in(client, OFFICER)
        exported = tmp_path / "log.csv"
        assert run(["audit", "export", str(exported), "--workspace", str(behind.workspace)]) == 0
        shown = exported.read_text(encoding="utf-8-sig")

        assert "127.0.0.33" in shown and "203.0.113.7" not in shown

    def test_every_header_comes_once(self, behind):
        with entered(behind.gateway) as client:
            for path in ("/", "/login", "/healthz", "/static/none.js"):
                answer = client.get(path)
                names = [name.lower() for name, _ in answer.headers.multi_items() if name.lower() != "set-cookie"]
                assert len(names) == len(set(names)), (path, names)
                assert set(SECURITY_HEADERS) <= set(names), path
                assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
                assert re.fullmatch(r"[0-9a-f]{12}", answer.headers["X-Request-Id"])

    def test_what_is_compressed_stays_so(self, behind):
        with entered(behind.gateway) as client:
            page = client.get("/")
            script = re.findall(r'<script[^>]* src="([^"]+)"', page.text)[1].removeprefix(".")
            answer = client.get(script)

        assert "Content-Encoding" not in page.headers
        assert answer.headers["Content-Encoding"] == "gzip" and "immutable" in answer.headers["Cache-Control"]

    def test_an_open_page_works_and_ends_with_its_session(self, behind):
        with entered(behind.gateway) as client:
            with page_socket(behind.gateway, client.cookies[SECURE_COOKIE]) as opened:
                assert page_id(opened)
            with pytest.raises(InvalidStatus) as refused:
                page_socket(behind.gateway, "forged")
            assert refused.value.response.status_code == 403

    def test_a_file_of_just_under_20_mb_goes_to_the_page(self, behind):
        with entered(behind.gateway) as client, page_socket(behind.gateway, client.cookies[SECURE_COOKIE]) as opened:
            client.get("/_stcore/health")
            mark = client.cookies.get("_streamlit_xsrf", "")
            content = b"x" * (20 * MEGABYTE - 2000)      # what is sent around it counts too
            answer = client.put(
                f"/_stcore/upload_file/{page_id(opened)}/file-1", files={"file": ("a.xlsx", content)},
                headers={"X-Xsrftoken": mark},
            )

        assert answer.status_code == 204, answer.text

    @pytest.mark.parametrize(
        ("size", "status", "sentence"),
        [
            (19 * MEGABYTE, 422, "内容却是无法识别的数据"),      # taken, and found to be no notice
            (21 * MEGABYTE, 413, "请求内容太大。"),              # refused by us
            (81 * MEGABYTE, 413, "文件太大，没有收下"),          # by nginx, in our words
        ],
    )  # fmt: skip
    def test_what_is_too_large_is_said_in_our_words(self, behind, size, status, sentence):
        answer = httpx.post(
            f"https://127.0.0.1:{behind.gateway.https}/api/v1/notices", verify=behind.gateway.trust(), timeout=60,
            headers={"Host": behind.gateway.host(), "Authorization": f"Bearer {behind.token}"},
            files={"file": ("通知.docx", b"\x00" * size)},
        )

        assert (answer.status_code, sentence in answer.text) == (status, True), answer.text[:300]

    def test_a_stopped_server_is_said_in_our_words(self, behind, tmp_path):
        with gateway(tmp_path, free_port()) as found, found.browser() as client:
            answer = client.get("/")

        assert answer.status_code == 502 and "正在启动，或已经停止" in answer.text
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"

    def test_nginx_notes_no_query(self, behind):
        with behind.gateway.browser() as client:
            number = client.get("/login", params={"next": "/unit?card=652801199003074321"}).headers["X-Request-Id"]
        time.sleep(0.2)
        kept = (behind.gateway.folder / "wenxiao.log").read_text(encoding="utf-8")

        assert "652801199003074321" not in kept
        assert re.search(rf'^127\.0\.0\.1 \[.*\] "GET /login" 200 .* {number}$', kept, re.M)

    def test_who_only_looks_comes_by_the_other_name(self, behind):
        """README's two hosts: signed in once by the main server, shown by the replica, and nothing is shared."""
        with entered(behind.gateway, LOOKING_NAME) as client:
            assert client.get("/").status_code == 200
            with page_socket(behind.gateway, client.cookies[SECURE_COOKIE], LOOKING_NAME) as opened:
                assert page_id(opened)
        log = next((behind.workspace / "logs").glob("replica-*.log"))
        line, give_up = '"method": "WEBSOCKET", "route": "/_stcore", "status": 101', time.monotonic() + 20
        # The line comes when the page is closed, which the server sees a moment later.
        while line not in (kept := log.read_text(encoding="utf-8")) and time.monotonic() < give_up:
            time.sleep(0.1)
        assert line in kept
        assert '"method": "POST"' not in kept      # the sign-in was the main server's

    def test_another_name_is_not_served(self, behind):
        with behind.gateway.browser("evil.example") as client:
            assert client.get("/login").status_code == 403


@pytest.mark.parametrize(("name", "placed"), INSTALLED_AS.items())
def test_the_files_say_where_they_go(name, placed):
    assert f"/etc/nginx/conf.d/{placed}" in (DEPLOY / name).read_text(encoding="utf-8")


def unit_lines(name: str) -> list[str]:
    return [line for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("name", ["wenxiao.service", "wenxiao-backup.service"])
def test_the_commands_of_the_units_are_written_rightly(name):
    command = next(line for line in unit_lines(name) if line.startswith("ExecStart=")).partition("=")[2].split()
    asked = parse_arguments(command[1:])

    assert command[0] == "/opt/wenxiao/.venv/bin/wenxiao"
    assert asked.workspace == Path("/srv/wenxiao")
    assert f"ReadWritePaths={asked.workspace}" in "\n".join(unit_lines(name))


def test_the_server_may_write_where_it_is_told_to_back_up():
    """A backup that is asked for while the server runs is written by the server."""
    folder = re.search(r"--to (\S+)", (DEPLOY / "wenxiao-backup.service").read_text(encoding="utf-8"))

    assert folder and f"ReadWritePaths=-{folder[1]}" in unit_lines("wenxiao.service")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="本机没有 systemd-analyze")
def test_systemd_reads_the_units(tmp_path):
    units = ["wenxiao.service", "wenxiao-backup.service", "wenxiao-backup.timer"]
    for name in units:
        text = (DEPLOY / name).read_text(encoding="utf-8").replace("/opt/wenxiao/.venv/bin/wenxiao", sys.executable)
        (tmp_path / name).write_text(text, encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in units)],
        capture_output=True, encoding="utf-8", check=False,
    )
    told = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", tmp_path / "wenxiao.service"],
        capture_output=True, encoding="utf-8", check=False,
    )

    assert (done.returncode, told) == (0, [])
    assert exposed.returncode == 0, exposed.stdout[-400:]       # at most 2.0 of 10
