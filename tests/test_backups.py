"""A backup is whole, made while others write, proved before it comes back; nothing is lost by taking one back."""

from __future__ import annotations

import json
import lzma
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import SUBMITTED_AT, contents, entry, is_whole_log, opened_store, rows, submit, upload
from server_builders import SERVE_WORKSPACE, demonstration_store, served

from dashboard.actions.backups import make_backup, restore_workspace
from dashboard.remote import command
from dashboard.rights import ADMINISTRATOR
from dashboard.workspace import STORE_NAME, open_workspace
from data.audit import Actor
from data.backups import FOLDER_NAME, backups, drop_old, prove_backup, write_backup
from data.errors import FileError, NotFoundError, RefusedError, WenxiaoError
from data.store import Store

OWNER = Actor("root", ADMINISTRATOR, origin="命令行")
AT = datetime(2021, 12, 28, 9)
STORES = Path(__file__).parent / "stores"


def report(store: Store, number: int, unit: str = "luntai") -> None:
    """One more version of a unit's report."""
    at = SUBMITTED_AT + timedelta(seconds=number)
    submit(store, upload(entry(4, numerator=number, denominator=1000), recipient_id=unit, paid_wan=number), at=at)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace's folder with one report in its store."""
    store = opened_store(tmp_path)
    report(store, 1)
    store.close()
    open_workspace(tmp_path).store.close()      # which writes the mappings that come with the program
    return tmp_path


def without_log(store: Store) -> dict[str, list[object]]:
    return {name: held for name, held in contents(store).items() if name != "audit_log"}


def test_a_drill_brings_back_what_was_and_keeps_what_came_after(folder: Path) -> None:
    store = Store(folder / STORE_NAME)
    as_it_was = contents(store)
    made = make_backup(store, OWNER, AT, folder / FOLDER_NAME, keep=30)
    report(store, 2)
    came_after = contents(store)
    store.close()

    done = restore_workspace(made.backup.path, OWNER, folder)

    restored = Store(folder / STORE_NAME)
    assert without_log(restored) == {name: held for name, held in as_it_was.items() if name != "audit_log"}
    lines = rows(restored, "SELECT action_name FROM audit_log ORDER BY entry_no")
    assert len(lines) == len(as_it_was["audit_log"]) + 1 and lines[-1]["action_name"] == "restore_backup"
    assert is_whole_log(restored)
    restored.close()
    assert done.former is not None
    former = Store(done.former)
    assert contents(former) == came_after
    former.close()


def test_a_backup_stands_for_one_moment_while_others_write(folder: Path) -> None:
    store = Store(folder / STORE_NAME)
    stopped = threading.Event()

    def work() -> None:
        number = 2
        while not stopped.is_set():
            report(store, number)
            number += 1

    writer = threading.Thread(target=work)
    writer.start()
    try:
        made = [write_backup(store, folder / FOLDER_NAME, AT + timedelta(seconds=n)) for n in range(3)]
    finally:
        stopped.set()
        writer.join()
    store.close()

    for backup in made:
        assert prove_backup(backup.path) == backup
        held = Store(backup.path, is_copy=True)
        (told,) = rows(held, (
            "SELECT (SELECT COUNT(*) FROM report) AS reports, (SELECT COUNT(*) FROM audit_log WHERE action_name = "
            "'submit_report') AS lines, (SELECT COUNT(DISTINCT report_id) FROM actual) AS with_values"
        ))
        held.close()
        assert told["reports"] == told["lines"] == told["with_values"] > 0


def test_the_command_backs_up_a_running_server_and_restores_only_a_stopped_one(folder: Path) -> None:
    demonstration_store(folder)
    wenxiao = [sys.executable, "-m", "dashboard"]
    with served(folder, SERVE_WORKSPACE.format("serve")) as (_process, _port):
        made = subprocess.run(
            [*wenxiao, "backup", "--workspace", str(folder), "--json"], capture_output=True, encoding="utf-8",
            check=False,
        )
        assert made.returncode == 0, made.stdout
        told = json.loads(made.stdout)
        refused = subprocess.run(
            [*wenxiao, "restore", told["backup"], "--workspace", str(folder)], capture_output=True, encoding="utf-8",
            check=False,
        )
    assert refused.returncode == 2 and "先停止服务" in refused.stderr
    checked = subprocess.run(
        [*wenxiao, "restore", told["backup"], "--check"], capture_output=True, encoding="utf-8", check=True
    )
    assert "备份完好，没有恢复" in checked.stdout and "办理记录首尾相接" in checked.stdout
    done = subprocess.run(
        [*wenxiao, "restore", told["backup"], "--workspace", str(folder)], capture_output=True, encoding="utf-8",
        check=True,
    )
    assert f"已恢复到 {folder}" in done.stdout
    assert command(folder, "audit-verify").payload["last_hash"]


def test_what_is_damaged_or_unfinished_does_not_come_back(folder: Path) -> None:
    store = Store(folder / STORE_NAME)
    made = write_backup(store, folder / FOLDER_NAME, AT)
    store.close()
    before = (folder / STORE_NAME).read_bytes()
    content = made.path.read_bytes()

    def refused(reason: str, kind: type[WenxiaoError]) -> None:
        with pytest.raises(kind, match=reason):
            restore_workspace(made.path, OWNER, folder)
        assert (folder / STORE_NAME).read_bytes() == before

    middle = len(content) // 2
    made.path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:])
    refused("损坏或被改动过", FileError)
    made.path.write_bytes(content[:middle])
    refused("损坏或被改动过", FileError)
    made.path.write_bytes(content)
    note = made.path.with_suffix(".json")
    told = note.read_text(encoding="utf-8")
    note.write_text(told.replace('"report": 1', '"report": 2'), encoding="utf-8")
    refused("与说明文件不符", FileError)
    note.write_text("{", encoding="utf-8")
    refused("不是一份做完的备份", NotFoundError)
    note.unlink()
    refused("不是一份做完的备份", NotFoundError)
    made.path.unlink()
    refused("没有找到备份", NotFoundError)


def test_a_backup_comes_back_where_the_store_is_damaged_or_gone(folder: Path, tmp_path_factory) -> None:
    store = Store(folder / STORE_NAME)
    made = write_backup(store, folder / FOLDER_NAME, AT)
    held = without_log(store)
    store.close()
    damaged = (folder / STORE_NAME).read_bytes()[:5000]
    (folder / STORE_NAME).write_bytes(damaged)
    elsewhere = tmp_path_factory.mktemp("new machine") / "workspace"

    former = restore_workspace(made.path, OWNER, folder).former
    assert restore_workspace(made.path, OWNER, elsewhere).former is None

    assert former is not None and former.read_bytes() == damaged
    for place in (folder, elsewhere):
        restored = Store(place / STORE_NAME)
        assert without_log(restored) == held
        restored.close()


def test_only_so_many_are_kept_and_nothing_else_is_taken_away(folder: Path, tmp_path_factory) -> None:
    store = Store(folder / STORE_NAME)
    place = folder / FOLDER_NAME
    made = [write_backup(store, place, AT + timedelta(seconds=second)) for second in range(4)]
    (place / "wenxiao-mine.txt").write_text("备忘", encoding="utf-8")
    other = Store(tmp_path_factory.mktemp("other") / STORE_NAME)
    of_another = write_backup(other, place, AT - timedelta(days=1))
    other.close()

    dropped = drop_old(made[-1], 2)

    assert dropped == [made[1].path, made[0].path] and not any(path.exists() for path in dropped)
    assert backups(place) == [made[3], made[2], of_another]
    assert (place / "wenxiao-mine.txt").exists()
    with pytest.raises(RefusedError, match="至少要保留 1 份"):
        make_backup(store, OWNER, AT, place, keep=0)
    with pytest.raises(WenxiaoError, match="同一秒内"):
        write_backup(store, place, made[3].made_at)
    store.close()


@pytest.mark.parametrize("seconds", [0.05, 0.15, 0.3, 0.6])
def test_one_that_is_killed_leaves_no_half_backup(folder: Path, seconds: float) -> None:
    script = (
        "import sys; from datetime import datetime, timedelta; from pathlib import Path; "
        "from data.backups import write_backup; from data.store import Store; store = Store(Path(sys.argv[1])); "
        "print('open', flush=True); "
        "[write_backup(store, Path(sys.argv[2]), datetime(2021, 12, 28) + timedelta(seconds=n)) for n in range(999)]"
    )
    place = folder / FOLDER_NAME
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder / STORE_NAME), str(place)], stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    assert process.stdout is not None and process.stdout.readline() == b"open\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()

    for backup in backups(place):
        assert prove_backup(backup.path) == backup
    store = Store(folder / STORE_NAME)
    newest = write_backup(store, place, AT)
    store.close()
    assert prove_backup(newest.path).row_counts["report"] == 1


def test_a_full_disk_is_said_and_leaves_nothing(folder: Path) -> None:
    script = (
        "import resource, signal, sys; from datetime import datetime; from pathlib import Path; "
        "from data.backups import write_backup; from data.errors import WenxiaoError; from data.store import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "try:\n    write_backup(store, Path(sys.argv[2]), datetime(2021, 12, 28))\n"
        "except WenxiaoError as error:\n    print(error)\n"
    )
    place = folder / FOLDER_NAME
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder / STORE_NAME), str(place)], capture_output=True, encoding="utf-8",
        cwd=Path(__file__).parent.parent, check=False,
    )

    assert done.stdout.startswith("没有备份成") and "磁盘已满" in done.stdout, done.stderr
    assert list(place.iterdir()) == []
    store = Store(folder / STORE_NAME)
    assert rows(store, "SELECT COUNT(*) AS n FROM report")[0]["n"] == 1
    store.close()


@pytest.mark.parametrize("step", sorted(path.name.removesuffix("_demo.duckdb.xz") for path in STORES.glob("*.xz")))
def test_an_upgrade_backs_up_first_and_without_a_backup_there_is_none(tmp_path: Path, step: str) -> None:
    path = tmp_path / STORE_NAME
    former = lzma.decompress((STORES / f"{step}_demo.duckdb.xz").read_bytes())
    path.write_bytes(former)
    (tmp_path / FOLDER_NAME).write_text("在这里不能建目录", encoding="utf-8")
    with pytest.raises(WenxiaoError, match="没有备份成"):
        open_workspace(tmp_path)
    read_only = Store(path, is_copy=True)
    held = {row["step_name"] for row in rows(read_only, "SELECT step_name FROM schema_step")}
    read_only.close()
    (tmp_path / FOLDER_NAME).unlink()

    upgraded = open_workspace(tmp_path).store

    (made,) = backups(tmp_path / FOLDER_NAME)
    assert prove_backup(made.path).schema_step == max(held) < rows(
        upgraded, "SELECT MAX(step_name) AS name FROM schema_step"
    )[0]["name"]
    assert made.row_counts["score"] == rows(upgraded, "SELECT COUNT(*) AS n FROM score")[0]["n"]
    upgraded.close()
    open_workspace(tmp_path).store.close()
    assert len(backups(tmp_path / FOLDER_NAME)) == 1, "only an upgrade backs up"


def test_a_store_of_a_later_release_is_left_alone(folder: Path) -> None:
    store = Store(folder / STORE_NAME)
    with store.transaction() as cursor:
        cursor.run("INSERT INTO schema_step VALUES ('999_later', TIMESTAMP '2030-01-01')")
    store.close()

    with pytest.raises(WenxiaoError, match="更新的版本"):
        Store(folder / STORE_NAME)


def test_a_broken_log_is_backed_up_all_the_more(folder: Path) -> None:
    store = Store(folder / STORE_NAME)
    with store.transaction() as cursor:
        cursor.run("UPDATE audit_log SET actor_name = '另一个人' WHERE entry_no = 2")

    made = write_backup(store, folder / FOLDER_NAME, AT)

    assert made.log_fault == "第 2 条被改动过" and prove_backup(made.path) == made
    store.close()


def test_a_store_that_somebody_has_open_is_not_replaced(folder: Path) -> None:
    store = Store(folder / STORE_NAME)
    made = write_backup(store, folder / FOLDER_NAME, AT)
    script = (
        "import sys; from pathlib import Path; from dashboard.actions.backups import restore_workspace\n"
        "from data.audit import Actor; from data.errors import BusyStoreError\n"
        "try:\n    restore_workspace(Path(sys.argv[1]), Actor('root', 'administrator'), Path(sys.argv[2]))\n"
        "except BusyStoreError as error:\n    print(error)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(made.path), str(folder)], capture_output=True, encoding="utf-8",
        cwd=Path(__file__).parent.parent, check=False,
    )

    assert "先停止服务" in done.stdout, done.stderr
    assert rows(store, "SELECT COUNT(*) AS n FROM report")[0]["n"] == 1
    store.close()
