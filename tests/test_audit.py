"""The log's chain: whole after honest entries, broken by a change, a deletion or an insertion."""

from __future__ import annotations

from datetime import datetime

import pytest

from data.audit import FIRST_HASH, Actor, append, entry_hash, find_break, first_break, place_of
from data.store import Store

CLERK = Actor("张三", "county_reporter", "luntai")


@pytest.fixture
def store() -> Store:
    store = Store(None)
    with store.transaction() as cursor:
        for number in range(1, 6):
            append(cursor, CLERK, datetime(2021, 12, 22, 10, number), "submit_report", f"第{number}件", {"n": number})
    return store


def test_an_honest_chain_holds(store: Store) -> None:
    with store.reading() as cursor:
        assert first_break(cursor) is None


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE audit_log SET detail_json = '{}' WHERE entry_no = 3", "第 3 条被改动过"),
        ("UPDATE audit_log SET actor_name = '李四' WHERE entry_no = 1", "第 1 条被改动过"),
        ("UPDATE audit_log SET account_id = 'lisi' WHERE entry_no = 2", "第 2 条被改动过"),
        ("UPDATE audit_log SET origin_text = '命令行' WHERE entry_no = 2", "第 2 条被改动过"),
        ("UPDATE audit_log SET previous_hash = 'f' WHERE entry_no = 4", "第 4 条被改动过"),
        ("UPDATE audit_log SET happened_at = TIMESTAMP '2021-12-23 00:00:00' WHERE entry_no = 5", "第 5 条被改动过"),
        ("DELETE FROM audit_log WHERE entry_no = 2", "缺第 2 条"),
        ("DELETE FROM audit_log WHERE entry_no = 1", "缺第 1 条"),
        ("DELETE FROM audit_log WHERE entry_no = 2; UPDATE audit_log SET entry_no = entry_no - 1 WHERE entry_no > 2",
         "缺第 2 条"),
        ("UPDATE audit_log SET entry_no = CASE entry_no WHEN 2 THEN 4 WHEN 4 THEN 2 ELSE entry_no END",
         "第 2 条的位置上是第 4 条，次序被调换过"),
    ],
)
def test_tampering_shows_at_its_place_and_says_what_was_done(store: Store, tampering: str, said: str) -> None:
    with store.transaction() as cursor:
        cursor.run("CREATE TABLE loose AS FROM audit_log; DROP TABLE audit_log; ALTER TABLE loose RENAME TO audit_log")
        cursor.run(tampering)

    with store.reading() as cursor:
        assert str(first_break(cursor)) == said


def test_an_entry_written_anew_with_its_hash_does_not_fit_the_next_one(store: Store) -> None:
    with store.reading() as cursor:
        rows = cursor.rows("SELECT * FROM audit_log ORDER BY entry_no")
    rows[1]["actor_name"] = "李四"
    fields = ("entry_no", "happened_at", "actor_name", "actor_role", "action_name", "subject_text", "detail_json")
    forged = [*(str(rows[1][name]) for name in fields), "", "luntai", "", rows[1]["previous_hash"]]
    rows[1]["entry_hash"] = entry_hash(forged)

    assert str(find_break(rows)) == "第 2 条被改动过"
    assert find_break(rows[:2]) is None, "only what follows, or a hash kept elsewhere, can tell"


def test_the_lines_of_a_file_are_held_in_the_order_they_stand_in(store: Store) -> None:
    with store.reading() as cursor:
        rows = cursor.rows("SELECT * FROM audit_log ORDER BY entry_no")

    assert str(find_break([rows[0], rows[2], rows[1], *rows[3:]])) == "第 2 条的位置上是第 3 条，次序被调换过"
    assert str(find_break(rows[1:])) == "缺第 1 条"
    assert find_break([]) is None


def test_a_hash_kept_elsewhere_tells_what_was_cut_off(store: Store) -> None:
    with store.reading() as cursor:
        rows = cursor.rows("SELECT * FROM audit_log ORDER BY entry_no")

    assert place_of(rows, rows[-1]["entry_hash"]) == 5
    assert place_of(rows, rows[2]["entry_hash"]) == 3
    assert place_of(rows[:-1], rows[-1]["entry_hash"]) is None
    assert place_of(rows, FIRST_HASH) is None
