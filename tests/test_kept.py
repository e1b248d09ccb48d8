"""What is kept of boards and of what was made from them: once for a state, apart for each scope, bounded."""

from __future__ import annotations

import pickle
import threading
from dataclasses import dataclass

import pandas as pd
import pytest

from dashboard import kept as module
from dashboard.kept import Memory

FRAME = pd.DataFrame({"recipient_id": ["luntai", "yuli"], "points": [1.0, 2.0]})


class Held:
    """Stands where a store would."""


@dataclass(frozen=True)
class Judged:
    found: pd.DataFrame
    unit: str


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    fresh = Memory()
    monkeypatch.setattr(module, "MEMORY", fresh)
    return fresh


@pytest.fixture
def sums(memory: Memory) -> list[pd.DataFrame]:
    """What the kept function ``total`` was called with."""
    return []


def total_of(sums: list[pd.DataFrame]):
    @module.kept
    def total(table: pd.DataFrame, times: int = 1) -> float:
        sums.append(table)
        return float(table["points"].sum()) * times

    return total


def test_a_board_is_made_once_for_a_state(memory):
    store = Held()
    first = memory.board(store, 1, "units", FRAME.copy)

    assert memory.board(store, 1, "units", FRAME.copy) is first
    assert memory.board(store, 2, "units", FRAME.copy) is not first
    assert memory.board(Held(), 2, "units", FRAME.copy) is not first


def test_a_run_that_began_before_the_change_keeps_nothing(memory):
    """Its page asks for a state that is over: it gets the board, nobody else does."""
    store = Held()
    memory.board(store, 2, "units", FRAME.copy)

    assert memory.board(store, 1, "older", FRAME.copy) is not memory.board(store, 1, "older", FRAME.copy)


def test_what_is_made_of_a_board_is_made_once(memory, sums):
    total = total_of(sums)
    board = memory.board(Held(), 1, "units", FRAME.copy)

    assert (total(board), total(board), total(board, times=2)) == (3.0, 3.0, 6.0)
    assert len(sums) == 2


def test_another_scopes_board_is_another_thing_also_where_it_looks_the_same(memory, sums):
    total, store = total_of(sums), Held()
    whole, own = memory.board(store, 1, "whole", FRAME.copy), memory.board(store, 1, ("of unit", "yuli"), FRAME.copy)

    total(whole)
    total(own)

    assert [table is shown for table, shown in zip(sums, (whole, own), strict=True)] == [True, True]


@pytest.mark.parametrize("given", [(FRAME,), (FRAME, 2)])
def test_what_comes_from_no_board_is_made_each_time(memory, sums, given):
    total = total_of(sums)

    assert total(*given) == total(*given)
    assert len(sums) == 2 and memory.values() == []


def test_parts_of_a_board_are_known_too(memory, sums):
    total = total_of(sums)
    board = memory.board(Held(), 1, "judged", lambda: Judged(FRAME.copy(), "luntai"))

    total(board.found)
    total(board.found)

    assert len(sums) == 1


def test_everything_goes_with_the_next_state(memory, sums):
    total, store = total_of(sums), Held()
    board = memory.board(store, 1, "units", FRAME.copy)
    total(board)
    memory.board(store, 2, "other", FRAME.copy)

    total(board)

    assert len(sums) == 2 and len(memory.values()) == 1


def test_it_never_holds_more_than_it_may():
    size = len(pickle.dumps(b"x" * 1000, pickle.HIGHEST_PROTOCOL))
    memory, store = Memory(most_bytes=3 * size), Held()
    for number in range(5):
        memory.board(store, 1, number, lambda: b"x" * 1000)

    assert len(memory.values()) == 3 and memory.size == 3 * size
    assert memory.board(store, 1, "large", lambda: b"x" * 10_000) and len(memory.values()) == 3


def test_who_asks_while_it_is_made_waits_for_it(memory):
    store, begun, go, made = Held(), threading.Event(), threading.Event(), []

    def slowly() -> pd.DataFrame:
        made.append(1)
        begun.set()
        go.wait(5)
        return FRAME.copy()

    found: list[object] = []
    asking = [
        threading.Thread(target=lambda: found.append(memory.board(store, 1, "slow", slowly))) for _ in range(3)
    ]
    for each in asking:
        each.start()
    begun.wait(5)
    go.set()
    for each in asking:
        each.join(5)

    assert len(made) == 1 and len({id(each) for each in found}) == 1 and len(found) == 3


def test_a_fault_is_kept_by_nobody(memory):
    store, made = Held(), []

    def faulty() -> int:
        made.append(1)
        if len(made) == 1:
            raise ValueError("no")
        return 7

    with pytest.raises(ValueError, match="no"):
        memory.board(store, 1, "faulty", faulty)
    assert memory.board(store, 1, "faulty", faulty) == 7
