"""The store: transactions whole or not at all, rehearsals without a trace, a second process told in words."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from data.errors import BusyStoreError, WenxiaoError
from data.store import Store, with_relations


def rows_of(store: Store) -> int:
    with store.reading() as cursor:
        return int(cursor.rows("SELECT COUNT(*) AS n FROM workspace_setting")[0]["n"])


def setting(number: int) -> dict[str, str]:
    return {"setting_key": f"k{number}", "setting_value": "v"}


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")
    before = store.data_version

    with pytest.raises(RuntimeError), store.transaction() as cursor:
        cursor.insert("workspace_setting", [setting(1)])
        raise RuntimeError

    assert rows_of(store) == 0
    assert store.data_version == before


def test_a_rehearsal_sees_its_own_work_and_leaves_none(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")
    before = store.data_version

    with store.rehearsal() as cursor:
        cursor.insert("workspace_setting", [setting(1)])
        assert cursor.rows("SELECT COUNT(*) AS n FROM workspace_setting")[0]["n"] == 1

    assert rows_of(store) == 0
    assert store.data_version == before


def test_what_was_committed_is_there_after_reopening(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [setting(1)])
    store.close()

    assert rows_of(Store(tmp_path / "s.duckdb")) == 1


def test_writers_queue_and_none_is_lost(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")

    def write(number: int) -> None:
        with store.transaction() as cursor:
            cursor.insert("workspace_setting", [setting(number)])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert rows_of(store) == 20


def test_a_second_process_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    store = Store(path)
    program = (
        "from pathlib import Path; from data.errors import BusyStoreError; from data.store import Store\n"
        f"try: Store(Path({str(path)!r}))\n"
        "except BusyStoreError as error: print(error)"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert "正被另一个程序使用" in said
    assert issubclass(BusyStoreError, WenxiaoError)
    store.close()


def test_a_file_that_is_no_store_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    path.write_bytes(b"this is no database" * 500)

    with pytest.raises(WenxiaoError, match="不是问效数据库或已损坏"):
        Store(path)


@pytest.mark.parametrize("name", ["workspace_setting; DROP TABLE notice", "Workspace", ""])
def test_only_identifiers_are_table_names(name: str) -> None:
    with Store(None).transaction() as cursor, pytest.raises(ValueError, match="^" + name[:9] + ("" if name else "$")):
        cursor.insert(name, [setting(1)])


def test_rows_of_unequal_shape_are_refused() -> None:
    with Store(None).transaction() as cursor, pytest.raises(ValueError, match="columns"):
        cursor.insert("workspace_setting", [setting(1), {"setting_key": "k2"}])


def test_relations_are_put_before_the_rule() -> None:
    sql = with_relations("SELECT a + 1 AS b FROM t;", {"t": "SELECT 1 AS a;"})

    with Store(None).reading() as cursor:
        assert cursor.rows(sql) == [{"b": 2}]


def test_a_commit_that_fails_tells_its_own_fault(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.duckdb")

    with pytest.raises(duckdb.TransactionException, match="first"), store.transaction() as cursor:
        cursor.run("ROLLBACK")   # as a failed COMMIT does: there is no transaction any more
        raise duckdb.TransactionException("first")

    assert rows_of(store) == 0
