"""The log's chain: whole after honest entries, broken by a change, a deletion or an insertion."""

from __future__ import annotations

from datetime import datetime

import pytest

from data.audit import Actor, append, first_break
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
    ("tampering", "broken_at"),
    [
        ("UPDATE audit_log SET detail_json = '{}' WHERE entry_no = 3", 3),
        ("UPDATE audit_log SET actor_name = '李四' WHERE entry_no = 1", 1),
        ("DELETE FROM audit_log WHERE entry_no = 2", 3),
        ("UPDATE audit_log SET happened_at = TIMESTAMP '2021-12-23 00:00:00' WHERE entry_no = 5", 5),
    ],
)
def test_tampering_shows_at_its_place(store: Store, tampering: str, broken_at: int) -> None:
    with store.transaction() as cursor:
        cursor.run(tampering)

    with store.reading() as cursor:
        assert first_break(cursor) == broken_at
