"""Kills, full disks, read-only folders, torn files, clocks that go back: nothing acknowledged is lost, all is told."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import httpx
import pytest
from builders import SUBMITTED_AT, demo_folder, entry, is_whole_log, rows, submit, upload
from server_builders import SERVE_WORKSPACE, box, browser, served, sign_in

from dashboard.cli import run
from dashboard.workspace import STORE_NAME, open_existing, open_workspace
from data.errors import BusyStoreError, TornStoreError, UnwrittenError, WenxiaoError
from data.store import Store
from tests.faults.disks import remount, small_disk
from tests.faults.killing import entry_count, kill_again_and_again, killed, new_store, prove, working
from tests.faults.loading import Crowd, load


def test_twenty_kills_lose_nothing_and_leave_nothing_half(tmp_path):
    figures = kill_again_and_again(tmp_path, kills=20, seed=7, longest=1.0)

    assert figures.kills == 20
    assert figures.acknowledged["submits"] > 0
    assert figures.replayed > 0      # else no kill came between a commit and its place in the file


def test_the_proof_sees_what_is_lost_and_what_is_half(tmp_path):
    """The harness itself can fail: an acknowledgement that is not there, an export without a row, a changed score."""
    path = new_store(tmp_path / "store")
    before = entry_count(path)
    said = killed(path, seed=3, seconds=2.0)
    entries = prove(path, said, before)

    with pytest.raises(AssertionError, match="acknowledged and not there"):
        prove(path, [{"said": "submits", "entry_no": entries + 1, "entry_hash": "0"}], entries)
    with pytest.raises(AssertionError, match="acknowledged"):
        prove(path, [], -30)
    store = Store(path)
    with store.transaction() as cursor:
        cursor.run("UPDATE score SET score_micro = score_micro + 1 WHERE indicator_no = 3")
    store.close()
    with pytest.raises(AssertionError, match="现在的得分与重新计算的相同"):
        prove(path, [], entries)


def disk_or_skip(disk: Path | None) -> Path:
    if disk is None:
        pytest.skip("不能挂载 tmpfs：没有 root 权限")
    return disk


def test_on_a_full_disk_each_action_is_whole_or_refused_and_work_goes_on_afterwards(tmp_path):
    made = new_store(tmp_path / "made")
    megabytes = made.stat().st_size // 1024**2 + 8
    with small_disk(tmp_path / "disk", megabytes) as mounted:
        path = Path(shutil.copy(made, disk_or_skip(mounted) / STORE_NAME))
        before = entry_count(path)
        ballast = path.with_name("ballast")
        ballast.write_bytes(bytes(max(0, shutil.disk_usage(path.parent).free - 60_000)))
        process = working(path, 5, "6")
        out, errors = process.communicate(timeout=120)
        said = [json.loads(line) for line in out.splitlines()]

        assert (process.returncode, errors) == (0, b"")
        assert {"said": "full"} in said
        ballast.unlink()
        entries = prove(path, said, before, people=0)     # nobody was killed: what was refused is not there
        store = Store(path)
        submit(store, upload(entry(4, numerator=1, denominator=3)), at=SUBMITTED_AT + timedelta(days=1))
        assert is_whole_log(store)
        store.close()
        assert entry_count(path) == entries + 1


def test_a_store_that_may_not_be_written_to_says_so(tmp_path):
    made = new_store(tmp_path / "made")
    with small_disk(tmp_path / "disk", 60) as mounted:
        path = Path(shutil.copy(made, disk_or_skip(mounted) / STORE_NAME))
        remount(path.parent, "ro")
        with pytest.raises(WenxiaoError, match=r"不能写入|没有写入的权限|打不开数据库") as told:
            open_existing(path.parent)
        remount(path.parent, "rw")

    assert str(path) in str(told.value)


def test_a_server_on_a_full_disk_shows_its_pages_and_refuses_to_write_in_a_sentence(tmp_path):
    size = (demo_folder() / STORE_NAME).stat().st_size // 1024**2
    with small_disk(tmp_path / "disk", size + 20) as mounted:
        folder = disk_or_skip(mounted) / "workspace"
        shutil.copytree(demo_folder(), folder)
        with served(folder, SERVE_WORKSPACE.format("serve")) as (process, port), browser(port) as early:
            assert sign_in(early, "shebaoke").status_code == 303
            ballast = folder / "ballast"
            with ballast.open("wb") as file:
                while True:
                    try:
                        file.write(bytes(65536))
                        file.flush()
                    except OSError:
                        break
            with browser(port) as late:
                told = sign_in(late, "juzhang")
            seen = early.get("/")
            assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
            ballast.unlink()
            with browser(port) as later:
                assert sign_in(later, "juzhang").status_code == 303
            process.terminate()
            _, errors = process.communicate(timeout=30)

    assert seen.status_code == 200
    assert told.status_code == 303 or "磁盘已满" in box(told)
    assert "Traceback" not in seen.text + told.text
    assert "Traceback" not in errors


@pytest.fixture(scope="module")
def killed_store(tmp_path_factory):
    """A store whose newest entries still stand in its write-ahead file, and that file's bytes."""
    folder = tmp_path_factory.mktemp("torn") / "store"
    path = new_store(folder)
    killed(path, seed=11, seconds=3.0)
    ahead = path.with_name(f"{path.name}.wal")
    assert ahead.stat().st_size > 10_000
    return path, ahead.read_bytes()


def with_ahead(killed_store, folder: Path, content: bytes) -> Path:
    path = Path(shutil.copy(killed_store[0], folder / STORE_NAME))
    path.with_name(f"{STORE_NAME}.wal").write_bytes(content)
    return path


def last_entry(path: Path) -> int:
    store = Store(path)
    assert is_whole_log(store)
    (row,) = rows(store, "SELECT MAX(entry_no) AS n FROM audit_log")
    store.close()
    return int(row["n"])


def test_a_write_ahead_file_that_was_cut_off_opens_with_every_whole_entry(killed_store, tmp_path):
    content, chance, seen = killed_store[1], random.Random(2), []
    for number in range(8):
        folder = tmp_path / str(number)
        folder.mkdir()
        length = sorted(chance.sample(range(len(content)), 8))[number]
        path = with_ahead(killed_store, folder, content[:length])
        seen.append(last_entry(path))
        prove(path, [], seen[-1], people=0)

    assert seen[-1] > seen[0]


def test_a_torn_last_page_is_told_with_what_is_lost_and_both_ways_out(killed_store, tmp_path):
    content = killed_store[1]
    path = with_ahead(killed_store, tmp_path, content[:-4096] + bytes(4096))

    with pytest.raises(TornStoreError) as told:
        open_existing(tmp_path)

    sentence = str(told.value)
    assert f"末尾 {len(content) - told.value.position:,} 字节" in sentence
    assert "wenxiao salvage" in sentence and "wenxiao restore" in sentence
    assert "里没有备份" in sentence
    assert path.with_name(f"{STORE_NAME}.wal").read_bytes() == content[:-4096] + bytes(4096)


def test_the_newest_backup_is_named(killed_store, tmp_path, capsys):
    path = with_ahead(killed_store, tmp_path, killed_store[1])
    assert run(["backup", "--workspace", str(tmp_path)]) == 0
    name = next((tmp_path / "backups").glob("*.duckdb")).name
    capsys.readouterr()
    content = killed_store[1]
    with_ahead(killed_store, tmp_path, content[:-4096] + os.urandom(4096))

    assert run(["doctor", "--workspace", str(path.parent)]) == 2
    assert name in capsys.readouterr().err


def test_salvage_keeps_all_that_is_whole_and_says_where_it_ends(killed_store, tmp_path, capsys):
    content = killed_store[1]
    whole, torn, cut = tmp_path / "whole", tmp_path / "torn", tmp_path / "cut"
    for folder in (whole, torn, cut):
        folder.mkdir()
    entries = last_entry(with_ahead(killed_store, whole, content))
    damaged = content[:-4096] + bytes(4096)
    with_ahead(killed_store, torn, damaged)

    assert run(["salvage", "--workspace", str(torn), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert 0 < told["last_entry_no"] <= entries
    assert told["cut_byte_count"] >= 4096 - 8
    assert last_entry(torn / STORE_NAME) == told["last_entry_no"] + 1     # and the salvage itself
    assert run(["doctor", "--workspace", str(torn)]) == 0
    former = Path(told["former"])
    assert former.with_name(f"{former.name}.wal").read_bytes() == damaged
    assert former.read_bytes() == killed_store[0].read_bytes()


def test_salvage_touches_nothing_that_is_whole_or_in_use(killed_store, tmp_path, capsys):
    path = with_ahead(killed_store, tmp_path, killed_store[1])
    assert run(["salvage", "--workspace", str(tmp_path)]) == 2
    assert "没有损坏" in capsys.readouterr().err
    assert run(["salvage", "--workspace", str(tmp_path / "nowhere")]) == 2
    store = Store(path)
    # A file that this process holds looks free to itself: another one asks.
    asked = subprocess.run(
        [sys.executable, "-m", "dashboard", "salvage", "--workspace", str(tmp_path)], capture_output=True, text=True,
        check=False, cwd=Path(__file__).parent.parent.parent,
    )
    store.close()

    assert asked.returncode == 2
    assert "正被另一个程序使用" in asked.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == [STORE_NAME]


def test_a_clock_that_was_set_back_moves_no_record_before_another(tmp_path):
    path = new_store(tmp_path / "store")
    store = Store(path)
    later = SUBMITTED_AT + timedelta(hours=3)
    submit(store, upload(entry(4, numerator=94, denominator=100), recipient_id="bohu"), at=later)

    submit(store, upload(entry(4, numerator=50, denominator=100), recipient_id="luntai"), at=SUBMITTED_AT)

    moments = [row["submitted_at"] for row in rows(store, "SELECT submitted_at FROM report ORDER BY submitted_at")]
    entries = rows(store, "SELECT happened_at FROM audit_log ORDER BY entry_no")
    store.close()
    assert moments == [later, later]
    assert [row["happened_at"] for row in entries] == sorted(row["happened_at"] for row in entries)
    prove(path, [], len(entries), people=0)


def test_what_the_disk_refuses_is_told_in_one_sentence_and_nothing_is_kept(tmp_path, monkeypatch):
    store = Store(new_store(tmp_path / "store"))
    with pytest.raises(UnwrittenError, match="磁盘已满或不能写入") as told, store.transaction() as cursor:
        cursor.insert("workspace_setting", [{"setting_key": "x", "setting_value": "1"}])
        full_disk(cursor, monkeypatch)

    assert "以前保存的都在" in str(told.value)
    assert rows(store, "SELECT * FROM workspace_setting WHERE setting_key = 'x'") == []
    store.close()


def full_disk(cursor, monkeypatch):
    """Let the next COMMIT fail as the engine fails where a disk takes no more."""
    whole = cursor.run

    def run_but_commit(sql, parameters=None):
        if sql == "COMMIT":
            raise duckdb.TransactionException(
                'Failed to commit: Could not write file "x.wal": No space left on device'
            )
        return whole(sql, parameters)

    monkeypatch.setattr(cursor, "run", run_but_commit)


def test_while_many_read_and_some_write_nothing_fails_and_nothing_is_lost():
    found = load(demo_folder(), Crowd(readers=6, writers=6, seconds=15, read_every=3, write_every=3))

    assert found["errors"] == []
    assert found["lost"] == found["refused"] == 0
    assert found["clicks"] > 6 and found["writes"] > 0


def test_a_new_workspace_is_its_owners_only(tmp_path):
    open_workspace(tmp_path / "new").store.close()

    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_busy_store_is_no_torn_one(killed_store, tmp_path):
    path = with_ahead(killed_store, tmp_path, killed_store[1])
    holder = working(path, 1)
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        with pytest.raises(BusyStoreError):
            open_existing(tmp_path)
    finally:
        holder.kill()
        holder.communicate()
