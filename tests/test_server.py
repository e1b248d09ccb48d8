"""The server: our page, our headers, our health check, and a clean end."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
import streamlit
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard.auth.cookies import COOKIE
from dashboard.chrome import chinese_page, chrome_script, chrome_words
from dashboard.headers import CONTENT_POLICY, _is_foreign
from dashboard.server import PortError, listen, open_address
from data.store import Store
from tests.server_builders import OFFICER, browser, demonstration_store, secret_of, served, sign_in, stream

STREAMLIT_PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("served")
    demonstration_store(folder)
    with served(folder) as (_process, found):
        yield found


@cache
def cookie(port: int) -> str:
    """What a signed-in browser sends."""
    with browser(port) as client:
        sign_in(client, OFFICER)
        return f"{COOKIE}={secret_of(client)}"


def get(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", quote(path, safe="/?=&%."), headers={"Cookie": cookie(port), **named})
        response = connection.getresponse()
        return response, response.read()


def scripts(page: str) -> list[str]:
    return re.findall(r'<script[^>]* src="([^"]+)"', page)


@pytest.mark.parametrize("path", ["/", "/deviation", "/notices?notice=巴财社〔2021〕96号", "/index.html"])
def test_every_page_is_the_chinese_one(port, path):
    response, body = get(port, path, Accept_Encoding="gzip")
    page = body.decode()

    assert response.status == 200
    assert '<html lang="zh-CN">' in page
    assert "<title>问效</title>" in page
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["ETag"] is None


def test_the_page_loads_only_from_here(port):
    _, body = get(port, "/")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', body.decode())

    assert addresses
    assert all(address.startswith(("/wenxiao/", "./static/")) for address in addresses)
    for address in addresses:
        response, _ = get(port, address.removeprefix("."))
        assert response.status == 200, address
        assert "text/html" not in response.headers["Content-Type"], address


def test_our_script_comes_before_streamlits_and_none_is_inline(port):
    page = get(port, "/")[1].decode()

    assert scripts(page)[0].startswith("/wenxiao/chrome.")
    assert len(re.findall("<script", page)) == len(scripts(page))


def test_the_script_carries_the_words(port):
    address = scripts(get(port, "/")[1].decode())[0]
    response, body = get(port, address)

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert '"Choose an option": "请选择"' in body.decode()
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/js/none.js", "/_stcore/health"])
def test_every_answer_carries_the_security_headers(port, path):
    response, _ = get(port, path)

    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Content-Security-Policy"] == CONTENT_POLICY


def test_the_content_policy_names_no_host():
    sources = {word for rule in CONTENT_POLICY.split(";") for word in rule.split()[1:]}

    unsafe = {"'unsafe-eval'", "'wasm-unsafe-eval'", "'unsafe-inline'"}
    assert sources == {"'self'", "'none'", "data:", "blob:"} | unsafe
    assert "script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval';" in CONTENT_POLICY


def test_health_is_answered_by_the_store(port):
    response, body = get(port, "/healthz")

    assert response.status == 200
    assert json.loads(body)["status"] == "ok"


def test_scripts_are_compressed_once_and_whole(port):
    path = scripts(get(port, "/")[1].decode())[1].removeprefix(".")
    plain, whole = get(port, path)
    packed, small = get(port, path, Accept_Encoding="gzip")

    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(small) == whole
    assert len(small) < len(whole) / 2


@pytest.mark.parametrize("path", ["/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/index.html"])
def test_no_file_outside_the_static_folder(port, path):
    response, body = get(port, path, Accept_Encoding="gzip")

    assert response.headers["Content-Encoding"] != "gzip"
    assert b"root:" not in body


def test_another_sites_page_is_refused(port):
    assert get(port, "/_stcore/health", Origin="http://evil.example")[0].status == 403
    assert get(port, "/_stcore/health", Origin=f"http://127.0.0.1:{port}")[0].status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost.evil.example", ""])
def test_another_name_that_leads_here_is_refused(port, host):
    """A foreign site that points its name to this machine sends an origin that agrees with its host."""
    host = host.format(port=port)

    assert get(port, "/_stcore/health", Host=host, Origin=f"http://{host}")[0].status == 403
    assert get(port, "/_stcore/health", Host=f"localhost:{port}")[0].status == 200


def test_the_names_of_a_bureau_are_let_in():
    scope = {"headers": [(b"host", b"Wenxiao.example.gov.cn")]}

    assert _is_foreign(scope, frozenset())
    assert not _is_foreign(scope, frozenset({"wenxiao.example.gov.cn"}))
    assert not _is_foreign({"headers": [(b"host", b"[::1]:8501")]}, frozenset())


def test_streamlits_counters_are_closed(port):
    assert get(port, "/_stcore/metrics")[0].status == 404


def test_another_sites_websocket_is_refused(port):
    address = f"ws://127.0.0.1:{port}/_stcore/stream"

    with pytest.raises(InvalidStatus) as refused:
        connect(address, origin="http://evil.example")  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403
    held = {"Cookie": cookie(port)}
    own = f"http://127.0.0.1:{port}"
    with connect(address, origin=own, subprotocols=["streamlit"], additional_headers=held):  # type: ignore[arg-type,list-item]
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(tmp_path, number):
    demonstration_store(tmp_path)
    with served(tmp_path) as (process, found), browser(found) as client:
        sign_in(client, OFFICER)
        with stream(found, secret_of(client)):
            started = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert out.strip() == "closed"
    assert "Traceback" not in err
    assert time.monotonic() - started < 10
    assert not (tmp_path / "wenxiao.duckdb.wal").exists()


def test_the_command_says_one_line_and_ends_without_another(tmp_path):
    command = [sys.executable, "-m", "dashboard", "serve", "--workspace", str(tmp_path / "空"), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    assert re.search(r"请用浏览器打开：http://127\.0\.0\.1:\d+$", line.strip())
    assert (process.returncode, out, err) == (0, "", "")


def test_a_workspace_in_use_is_a_sentence(tmp_path):
    with closing(Store(tmp_path / "wenxiao.duckdb")):
        done = subprocess.run(
            [sys.executable, "-m", "dashboard", "serve", "--workspace", str(tmp_path), "--port", "0"],
            capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip

    assert done.returncode == 2
    assert "正被另一个程序使用" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_busy_port_is_a_sentence():
    with listen("127.0.0.1", 0) as taken, pytest.raises(PortError, match=r"端口 \d+ 已被占用.*PORT="):
        listen("127.0.0.1", taken.getsockname()[1])


def test_a_wrong_host_is_a_sentence():
    with pytest.raises(PortError, match=r"不能在地址 203\.0\.113\.1"):
        listen("203.0.113.1", 0)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501"),
        ("0.0.0.0", "http://127.0.0.1:8501"),
        ("::", "http://[::1]:8501"),
        ("fd00::5", "http://[fd00::5]:8501"),
        ("czj.local", "http://czj.local:8501"),
    ],
)
def test_the_address_can_be_typed(host, address):
    assert open_address(host, 8501) == address


def test_a_busy_port_stops_the_command(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "dashboard", "serve", "--workspace", str(tmp_path / "空")]
        done = subprocess.run(
            [*command, "--port", str(taken.getsockname()[1])],
            capture_output=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip

    assert done.returncode == 2
    assert "已被占用" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "空").exists()


def test_a_changed_streamlit_page_is_noticed():
    page = STREAMLIT_PAGE.read_text(encoding="utf-8")

    with pytest.raises(ValueError, match="html lang"):
        chinese_page(page.replace('<html lang="en">', '<html lang="fr">'))


def test_words_of_the_table_are_still_streamlits():
    bundle = "".join(
        path.read_text(encoding="utf-8") for path in (STREAMLIT_PAGE.parent / "static" / "js").glob("*.js")
    )
    words = chrome_words()

    gone = {word for word in words["plotly"] | words["exact"] if word not in bundle}

    # These are put together in the browser; every other word has to stand in Streamlit's own scripts.
    put_together = {"Press Enter to apply", "Press Enter to submit form", "Press Enter to submit", "add icon"}
    assert gone == put_together


def test_every_word_has_its_chinese():
    words = chrome_words()

    translations = [*words["exact"].values(), *words["plotly"].values()]
    for chinese in [*translations, *(chinese for _, chinese in words["patterns"])]:
        assert re.search(r"[\u4e00-\u9fff]", chinese) or chinese == "wenxiao serve", chinese
    for pattern, _ in words["patterns"]:
        assert pattern.startswith("^") and pattern.endswith("$")
        re.compile(pattern)


def test_the_script_is_filled():
    assert "/*words*/" not in chrome_script()
