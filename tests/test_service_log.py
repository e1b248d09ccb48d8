"""The server's own log: what stands in it, that nobody's data does, and that it never stops the work."""

from __future__ import annotations

import ast
import json
import logging
import re
import stat
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from dashboard import service_log
from dashboard.auth.oidc_exchange import _why
from dashboard.service_log import LogFile, line_of
from tests.server_builders import (
    OFFICER,
    SERVE_WORKSPACE,
    browser,
    demonstration_store,
    form_number,
    secret_of,
    served,
    sign_in,
    stream,
)

NAME, CARD, ACCOUNT = "阿依古丽·买买提", "652801199003074321", "6217004567891234567"
PASSWORD, TOKEN, SECRET = "Hunter-2026-gulimire", "wx_Zq81-of-a-program", "ks7Q-held-by-a-browser"
PLANTED = (NAME, CARD, ACCOUNT, PASSWORD, TOKEN, SECRET)
ALL = "，".join(PLANTED)

# A server with its log, and beside it what goes wrong in ways that carry people's data in the message.
FAULTY = f"""
import logging, sys, threading, warnings
from pathlib import Path
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from dashboard import server
from data.errors import FileError
from data.store import Store

ALL = {ALL!r}

def parse(request):
    try:
        int(ALL)
    except ValueError as error:
        raise FileError(f"第 3 行“{{ALL}}”读不出") from error

def begin(request):
    def fall():
        raise KeyError(ALL)
    thread = threading.Thread(target=fall)
    thread.start()
    thread.join()
    logging.getLogger("another.library").error("no account %s for %s", 6217004567891234567, ALL)
    logging.getLogger("another.library").error(f"no account for {{ALL}}")
    logging.getLogger("streamlit.elements").warning(f"column {{ALL}} is not of one type")
    warnings.warn(ALL)
    return PlainTextResponse("ok")

folder = Path(sys.argv[1])
server._prepare(folder, "wenxiao.log")
store = Store(folder / "wenxiao.duckdb")
with server.listen("127.0.0.1", 0) as listening:
    routes = [Route("/login/parse", parse, methods=["GET", "POST"]), Route("/login/library", begin)]
    app = server.build_app(folder / "app.py", lambda: store, routes)
    status = server.run_app(app, listening, "127.0.0.1")
store.close()
"""


def lines(folder: Path, name: str = "wenxiao.log") -> list[dict]:
    text = (folder / "logs" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def requests(folder: Path) -> list[dict]:
    return [line for line in lines(folder) if line["logger"] == "wenxiao.requests" and line["event"] == "请求"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, httpx.Response], str]]:
    """The folder of a server after everything planted was sent to it, some answers, and all that it printed."""
    folder = tmp_path_factory.mktemp("planted")
    demonstration_store(folder)
    planted = {
        "User-Agent": TOKEN, "Referer": f"http://127.0.0.1/{CARD}", "X-Forwarded-For": CARD, "X-Request-Id": CARD,
        "Authorization": f"Bearer {TOKEN}", "Cookie": f"session={SECRET}",
    }
    query = {"name": NAME, "card": CARD, "account": ACCOUNT, "token": TOKEN}
    answers: dict[str, httpx.Response] = {}
    with served(folder, FAULTY) as (process, port), browser(port) as client:
        answers["health"] = client.get("/healthz", params=query)
        client.get(f"/{NAME}/{CARD}", params=query, headers=planted)
        client.get("/login", params={"next": f"/unit?name={NAME}&card={CARD}"}, headers=planted)
        client.request(ACCOUNT, "/login", headers=planted)
        page = client.get("/login").text
        for account in (NAME, CARD):
            form = {"form": form_number(page, "/login"), "account": account, "password": PASSWORD, "name": NAME}
            client.post("/login", data=form, headers={"Origin": f"http://127.0.0.1:{port}"})
        client.post("/login", content=f"{ALL}\x00%".encode(), headers={"Content-Type": "application/json"})
        client.get("/oidc/callback", params={"error": NAME, "state": TOKEN})
        answers["parse"] = client.post("/login/parse", params=query, headers=planted, data={"card": CARD})
        answers["library"] = client.get("/login/library", params=query)
        sign_in(client, OFFICER)
        (folder / "app.py").write_text(f"raise ValueError({ALL!r})\n", encoding="utf-8")
        client.get("/", params=query)
        with stream(port, secret_of(client)) as open_page:
            ask_for_a_page(open_page)
            wait_for(folder, lambda line: line.get("fault", {}).get("class") == "ValueError")
        process.terminate()
        out, err = process.communicate(timeout=30)
    yield folder, answers, out + err


def ask_for_a_page(open_page: object) -> None:
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    message.rerun_script.query_string = f"name={NAME}"
    open_page.send(message.SerializeToString())  # type: ignore[attr-defined]


def wait_for(folder: Path, found: object) -> None:
    until = time.monotonic() + 20
    while not any(found(line) for line in lines(folder)):  # type: ignore[operator]
        assert time.monotonic() < until, lines(folder)[-5:]
        time.sleep(0.1)


@pytest.mark.parametrize("planted", PLANTED)
def test_nothing_that_people_send_is_in_the_log_or_the_journal(asked, planted):
    folder, _, printed = asked
    kept = b"".join(file.read_bytes() for file in (folder / "logs").iterdir()).decode()

    assert planted not in kept and planted not in printed
    assert planted[:6] not in kept + printed      # not cut off either


def test_every_request_is_one_line_of_known_fields(asked):
    folder, answers, _ = asked
    found = requests(folder)

    assert {frozenset(line) for line in found} == {
        frozenset({"time", "level", "logger", "event", "request", "method", "route", "status", "ms"})
    }
    by_number = {line["request"]: line for line in found}
    assert len(by_number) == len(found)
    health = by_number[answers["health"].headers["X-Request-Id"]]
    assert (health["method"], health["route"], health["status"]) == ("GET", "/healthz", 200)
    assert isinstance(health["ms"], int) and re.fullmatch(r"[0-9a-f]{12}", health["request"])
    assert {line["method"] for line in found} == {"GET", "POST", "WEBSOCKET", "其他"}
    assert {line["route"] for line in found} <= {"/healthz", "page", "/login", "/oidc", "/_stcore"}


def test_the_time_is_beijings(asked):
    moment = datetime.fromisoformat(requests(asked[0])[0]["time"])

    assert str(moment.tzinfo) == "UTC+08:00"
    assert abs(moment.timestamp() - time.time()) < 600


def test_a_fault_has_its_class_its_causes_and_its_place(asked):
    folder, answers, printed = asked
    answer = answers["parse"]
    number = answer.headers["X-Request-Id"]
    fault = next(line for line in lines(folder) if line.get("request") == number and "fault" in line)["fault"]

    assert answer.status_code == 500 and number in answer.text and "告诉维护人员" in answer.text
    assert answer.headers["Content-Security-Policy"]
    assert (fault["class"], fault["causes"]) == ("FileError", ["ValueError"])
    assert re.fullmatch(r"<string>:\d+ parse", fault["places"][0])
    assert re.search(rf"ERROR wenxiao\.requests 请求出错 （FileError，<string>:\d+ parse） 编号 {number}\n", printed)


def test_pages_threads_and_libraries_say_where_and_no_more(asked):
    folder, _, printed = asked
    faults = [line for line in lines(folder) if "fault" in line]
    others = [line for line in lines(folder) if line["logger"] in ("another.library", "streamlit.elements")]

    assert {"ValueError", "KeyError", "FileError"} <= {line["fault"]["class"] for line in faults}
    assert any(line["event"] == "一个线程意外结束" for line in faults)
    page = next(line for line in faults if line["fault"]["class"] == "ValueError")
    assert page["logger"].startswith("streamlit") and page["fault"]["places"][0].endswith("app.py:1 <module>")
    assert len(others) == 3 and not any("event" in line for line in others)
    assert all(line["place"].startswith("<string>:") for line in others)
    assert "Traceback" not in printed


def test_the_files_are_their_owners_only(asked):
    folder = asked[0] / "logs"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_the_command_keeps_a_log_that_begins_and_ends(tmp_path):
    demonstration_store(tmp_path)
    with served(tmp_path, SERVE_WORKSPACE.format("serve")) as (process, port):
        process.terminate()
        _, err = process.communicate(timeout=30)
    found = lines(tmp_path)

    assert (found[0]["event"], found[0]["port"], found[-1]["event"]) == ("服务启动", port, "服务停止")
    assert {line["level"] for line in found} == {"INFO"} and err == ""


def test_a_folder_that_cannot_be_written_does_not_stop_the_server(tmp_path):
    demonstration_store(tmp_path)
    (tmp_path / "logs").write_text("no folder")     # the one obstacle that root feels too
    with served(tmp_path, SERVE_WORKSPACE.format("serve")) as (process, port), browser(port) as client:
        assert client.get("/healthz").status_code == client.get("/login").status_code == 200
        process.terminate()
        _, err = process.communicate(timeout=30)

    assert process.returncode == 0
    assert err.count("日志写不进") == len(err.splitlines()) == 1


def record(text: str = "服务启动", name: str = "wenxiao") -> logging.LogRecord:
    return logging.LogRecord(name, logging.INFO, __file__, 1, text, (), None)


def test_a_full_disk_is_said_once_and_lived_through(tmp_path, capsys):
    full = LogFile(tmp_path / "logs" / "wenxiao.log")
    full.baseFilename = "/dev/full"
    for _ in range(50):
        full.emit(record())
    said = capsys.readouterr().err
    full.baseFilename = str(tmp_path / "logs" / "wenxiao.log")
    full.emit(record("又有地方了"))
    full.close()

    assert said.count("\n") == 1 and "OSError" in said and "服务照常" in said
    assert (tmp_path / "logs" / "wenxiao.log").read_text(encoding="utf-8") == "又有地方了\n"    # nothing of the 50


def test_it_rotates_within_its_bounds(tmp_path):
    small = LogFile(tmp_path / "logs" / "wenxiao.log", file_bytes=1000, older_files=2)
    for number in range(300):
        small.emit(record(f"第 {number} 行 {'.' * 50}"))
    small.close()
    kept = {file.name: file.stat() for file in (tmp_path / "logs").iterdir()}

    assert set(kept) == {"wenxiao.log", "wenxiao.log.1", "wenxiao.log.2"}
    assert all(found.st_size < 1100 and stat.S_IMODE(found.st_mode) == 0o600 for found in kept.values())
    assert "第 299 行" in (tmp_path / "logs" / "wenxiao.log").read_text(encoding="utf-8")
    assert (service_log.FILE_BYTES, service_log.OLDER_FILES) == (10 * 1024 * 1024, 9)


def test_only_words_of_the_library_itself_are_kept():
    ours = "a sentence that stands in this very file"

    assert line_of(record(ours, "another.library"))["event"] == ours
    assert "event" not in line_of(record(f"{ours} {CARD[:4]}…", "another.library"))
    assert "event" not in line_of(record("name", "another.library"))      # short: there by chance


def test_our_own_lines_are_given_nothing_of_people():
    """Every word that the project itself logs, with what is put into it: read this list when it grows."""
    found = set()
    for path in sorted((Path(__file__).parent.parent / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_LOG."):
                assert isinstance(node.args[0], ast.Constant), f"{path}: {ast.unparse(node)}"
                found |= {(path.name, ast.unparse(argument)) for argument in node.args[1:]}

    assert found == {
        ("chrome.py", "TESTED_STREAMLIT"), ("chrome.py", "streamlit.__version__"),
        # Who tried what without the right, by the name of the account; who asked with a token that does not hold.
        *(("rights.py", word) for word in (
            "actor.account_id", "actor.role", "actor.recipient_id", "actor.origin", "what", "about",
        )),
        ("callers.py", "address"), ("callers.py", "type(error).__name__"),
        ("oidc.py", "error.why"),               # see _why
        ("oidc_settings.py", "error"), ("oidc_settings.py", "path"),    # the settings' own faults
        ("sender.py", "error"), ("sender.py", "claimed.row['message_no']"),
    }


def test_what_a_provider_says_of_people_stays_out():
    from authlib.integrations.base_client import OAuthError

    assert _why(OAuthError("invalid_grant", f"{NAME} has no such code")) == "OAuthError invalid_grant"
    assert _why(OAuthError(NAME)) == "OAuthError"
    assert _why(KeyError(CARD)) == "KeyError"
    assert _why(httpx.ConnectError("refused")) == "ConnectError: refused"
