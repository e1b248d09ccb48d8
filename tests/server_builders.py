"""A real server on loopback for tests that open real connections, and what a browser would do with it."""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from pathlib import Path

import httpx
from websockets.sync.client import ClientConnection, connect

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.auth.cookies import COOKIE
from dashboard.rights import ADMINISTRATOR, PREFECTURE_OFFICER
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.store import Store

OFFICER = "shebaoke"
INSTALLER = Actor("安装人员", ADMINISTRATOR)
ENROLLED_AT = datetime(2021, 12, 22, 16)

SERVE = """
import sys
from pathlib import Path
from dashboard import server
from data.store import Store

store = Store(Path(sys.argv[1]) / "wenxiao.duckdb")
with server.listen("127.0.0.1", 0) as listening:
    app = server.build_app(Path(sys.argv[1]) / "app.py", lambda: store)
    status = server.run_app(app, listening, "127.0.0.1")
store.close()
print("closed", flush=True)
sys.exit(status)
"""


def demonstration_store(folder: Path) -> None:
    """A store that is a demonstration's, with one officer to enter as."""
    store = Store(folder / STORE_NAME)
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [{"setting_key": "demonstration_today", "setting_value": "2021-12-28"}])
    add_account(store, INSTALLER, ENROLLED_AT, NewAccount(OFFICER, "演示·社保科", PREFECTURE_OFFICER))
    store.close()


# The workspace's own server as the command starts it, or its replica: to be formatted with the function's name.
SERVE_WORKSPACE = (
    "import sys; from pathlib import Path; from dashboard.server import {0}; "
    "sys.exit({0}(Path(sys.argv[1]), '127.0.0.1', 0))"
)


@contextmanager
def served(folder: Path, script: str = SERVE) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server of a one-line page, in a folder that is not the project's; the process and its port."""
    (folder / "app.py").write_text("import streamlit as st\nst.title('总览')\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout and process.stderr
        # A server says each refusal on stderr, and waits where nobody reads it: a test of many needs more room.
        fcntl.fcntl(process.stderr, fcntl.F_SETPIPE_SZ, 1024 * 1024)
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)$", line.strip())
        assert found, (line, process.stderr and process.stderr.read())
        yield process, int(found[1])
    finally:
        process.kill()
        process.wait()


def browser(port: int, address: str = "127.0.0.1") -> httpx.Client:
    """A client that keeps cookies as a browser does, from an address of loopback; it follows nothing by itself."""
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"Accept": "text/html"}, timeout=20,
        transport=httpx.HTTPTransport(local_address=address),
    )


def form_number(page: str, action: str) -> str:
    """The number of the form on a page that is sent to an address."""
    found = re.search(rf'action="{action}(?:\?[^"]*)?".*?name="form" value="([^"]+)"', page, re.S)
    assert found, action
    return found[1]


def box(answer: httpx.Response) -> str:
    """The sentence that a page of sign-in says."""
    found = re.search(r'class="box [a-z]+"[^>]*>([^<]*)<', answer.text)
    return unescape(found[1]) if found else ""


def sign_in(client: httpx.Client, account: str, password: str = "", leads_to: str = "") -> httpx.Response:
    """Fill in the sign-in page: with a password, or as one of the demonstration's people."""
    path = "/login" if password else "/login/demonstration"
    page = client.get("/login", params={"next": leads_to} if leads_to else None).text
    found = re.search(rf'action="({path}(?:\?[^"]*)?)"', page)
    assert found, page
    sent = {"form": form_number(page, path), "account": account, "password": password}
    return client.post(found[1], data=sent)


def secret_of(client: httpx.Client) -> str:
    """The session's secret that the client holds."""
    return str(client.cookies[COOKIE])


def stream(port: int, secret: str | None, path: str = "/_stcore/stream") -> ClientConnection:
    """A page's websocket, with the cookie that a browser would send."""
    cookies = {"Cookie": f"{COOKIE}={secret}"} if secret else {}
    return connect(f"ws://127.0.0.1:{port}{path}", additional_headers=cookies, subprotocols=["streamlit"])  # type: ignore[list-item]
