"""The command line beside a running server: it asks the server, or opens the file, and never tells of locks."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.cli import run
from dashboard.remote import FILE_NAME, RunningServer, announced, command, running_server
from dashboard.workspace import STORE_NAME
from dashboard.workspace_commands import COMMANDS, user_name
from data.errors import BusyStoreError, ForwardedError, WenxiaoError
from data.store import Store
from tests.builders import demo_folder, rows
from tests.server_builders import served

SERVE = "import sys; from pathlib import Path; from dashboard.server import serve; " \
        "sys.exit(serve(Path(sys.argv[1]), '127.0.0.1', 0))"
SERVER = RunningServer("http://127.0.0.1:9", "secret")
HOLD = "import sys, time; from pathlib import Path; from data.store import Store; " \
       "s = Store(Path(sys.argv[1]) / 'wenxiao.duckdb'); print('http://127.0.0.1:9', flush=True); time.sleep(120)"


@pytest.fixture(scope="module")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace that a real server holds."""
    folder = Path(shutil.copytree(demo_folder(), tmp_path_factory.mktemp("remote") / "workspace"))
    with served(folder, SERVE):
        yield folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace that nobody holds."""
    return Path(shutil.copytree(demo_folder(), tmp_path / "workspace"))


def wenxiao(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict]:
    """One command with ``--json``; DuckDB's own words must never come through."""
    status = run([*map(str, arguments), "--json"])
    said = capsys.readouterr()
    assert "lock" not in (said.out + said.err).lower() and "Traceback" not in said.err
    return status, json.loads(said.out)


def test_where_the_server_is_can_be_read_by_its_owner_only(tmp_path):
    with announced(tmp_path, SERVER):
        assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
        assert running_server(tmp_path) == SERVER
    assert list(tmp_path.iterdir()) == []


def test_a_stale_file_is_replaced_and_a_newer_one_left(tmp_path):
    (tmp_path / FILE_NAME).write_text("{")
    assert running_server(tmp_path) is None
    newer = RunningServer("http://127.0.0.1:10", "other")
    with announced(tmp_path, SERVER):
        (tmp_path / FILE_NAME).write_text(json.dumps({"address": newer.address, "token": newer.token}))
    assert running_server(tmp_path) == newer


def test_the_commands_go_through_the_server(served_folder, tmp_path, capsys):
    with pytest.raises(BusyStoreError):
        Store(served_folder / STORE_NAME)
    at = ("--workspace", served_folder)

    status, made = wenxiao(capsys, "archive", tmp_path / "a.zip", *at, "--round", "2021-12")
    assert status == 0 and made["results"]["各单位各项指标得分"] > 0
    assert zipfile.is_zipfile(tmp_path / "a.zip")
    assert wenxiao(capsys, "verify", tmp_path / "a.zip")[1]["verified"] is True

    status, exported = wenxiao(capsys, "audit", "export", tmp_path / "log.csv", *at)
    assert status == 0 and exported["entries"] > 50
    status, found = wenxiao(capsys, "audit", "verify", *at)
    assert status == 0 and found["entries"] == exported["entries"] + 1
    assert wenxiao(capsys, "audit", "verify", "--file", tmp_path / "log.csv")[1]["entries"] == exported["entries"]


def test_what_the_server_refuses_is_said_as_if_the_file_were_open(served_folder, folder, tmp_path, capsys):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    for arguments in (
        ("archive", tmp_path / "b.zip", "--round", "2031-01"), ("audit", "export", tmp_path / "log.txt"),
        ("import", "actuals", tmp_path / "x.csv"), ("audit", "verify", "--last-hash", "0" * 64),
    ):
        beside = wenxiao(capsys, *arguments, "--workspace", served_folder)
        alone = wenxiao(capsys, *arguments, "--workspace", folder)
        assert beside[0] == alone[0] == 2
        assert beside[1]["error"]["code"] == alone[1]["error"]["code"]
        if arguments[0] != "audit":
            assert beside == alone
    assert not (tmp_path / "b.zip").exists()


def test_without_a_server_the_file_is_opened_and_the_log_names_the_user(folder, tmp_path, capsys):
    status, made = wenxiao(capsys, "archive", tmp_path / "a.zip", "--workspace", folder)

    assert status == 0 and made["receipt"].startswith("第 ")
    with closing(Store(folder / STORE_NAME)) as store:
        (line,) = rows(store, "SELECT * FROM audit_log ORDER BY entry_no DESC LIMIT 1")
    assert (line["action_name"], line["actor_name"], line["origin_text"]) == ("export_archive", user_name(), "命令行")


def test_a_killed_servers_file_stands_in_nobodys_way(folder, capsys):
    (folder / FILE_NAME).write_text(json.dumps({"address": SERVER.address, "token": "old"}))

    assert wenxiao(capsys, "audit", "verify", "--workspace", folder)[0] == 0


def test_another_program_that_holds_the_file_is_named_no_server(folder, capsys):
    with served(folder, HOLD):
        status, said = wenxiao(capsys, "audit", "verify", "--workspace", folder)
        assert status == 2 and "不是问效服务" in said["error"]["sentence"]
        (folder / FILE_NAME).write_text(json.dumps({"address": SERVER.address, "token": "old"}))
        status, said = wenxiao(capsys, "audit", "verify", "--workspace", folder)
        assert status == 2 and "没有应答" in said["error"]["sentence"]


def test_a_wrong_local_token_is_told_in_one_sentence(served_folder):
    kept = (served_folder / FILE_NAME).read_text()
    try:
        (served_folder / FILE_NAME).write_text(json.dumps({**json.loads(kept), "token": "wrong"}))
        with pytest.raises(WenxiaoError, match="没有接受这条命令"):
            command(served_folder, "audit-verify")
    finally:
        (served_folder / FILE_NAME).write_text(kept)


def test_a_command_that_the_server_does_not_know_is_refused(served_folder):
    with pytest.raises(ForwardedError, match="不认识命令"):
        command(served_folder, "drop-everything")


def test_the_owner_may_do_the_commands_and_nothing_else():
    assert set(COMMANDS) == {
        "archive", "import-actuals", "import-export", "papers", "lake-push", "backup", "doctor",
        "audit-verify", "audit-export", "messages-send", "messages-test",
    }
