"""What is kept of boards and of what was made from them: right for the state that is shown, apart for each scope,
bounded; and how a new state is made ready before it is shown.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pytest

from dashboard import kept as module
from dashboard.kept import FORGOTTEN_SECONDS, REST, STILL_ASKED_SECONDS, Memory
from dashboard.kept_entry import MORE_BYTES
from data.changes import Changes, named

FRAME = pd.DataFrame({"recipient_id": ["luntai", "yuli"], "points": [1.0, 2.0]})


class Held:
    """Stands where a store would: its states, and which of its two tables changed in each."""

    def __init__(self) -> None:
        self.data_version, self._changes = 1, Changes()
        self._changes.know(["unit", "score"], [])

    def write(self, *tables: str) -> int:
        self._changes.note(self.data_version + 1, tables)
        self.data_version += 1
        return self.data_version

    def tables(self, said):
        return self._changes.tables(said)

    def last_change(self, tables):
        return self._changes.last(tables)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True)
class Judged:
    found: pd.DataFrame
    unit: str


@pytest.fixture
def store() -> Held:
    return Held()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Memory:
    fresh = Memory(clock=clock)
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


def reading(*tables: str, says: Callable[[], object] = FRAME.copy, made: list[str] | None = None):
    """What makes a board by reading tables; ``made`` counts how often."""
    def make() -> object:
        if made is not None:
            made.append("made")
        named(tables)
        return says()

    return make


def test_a_board_stands_until_a_table_changes_that_it_was_read_from(memory, store):
    made: list[str] = []
    first = memory.board(store, "units", reading("unit", made=made))

    store.write("score")
    assert memory.board(store, "units", reading("unit", made=made)) is first and len(made) == 1
    store.write("unit")
    memory.board(store, "units", reading("unit", made=made))
    assert len(made) == 2
    memory.board(Held(), "units", reading("unit", made=made))
    assert len(made) == 3


def test_a_board_stands_no_longer_than_one_that_it_was_made_with(memory, store):
    def outer() -> float:
        named({"unit"})
        return memory.board(store, "inner", reading("score", says=lambda: float(store.data_version)))

    assert memory.board(store, "outer", outer) == 1.0
    assert memory.board(store, "outer", outer) == 1.0
    store.write("score")
    assert memory.board(store, "outer", outer) == 2.0


def test_what_changes_while_a_board_is_made_makes_it_old_at_once(memory, store):
    def meanwhile() -> int:
        named({"unit"})
        return store.write("unit")

    memory.board(store, "units", meanwhile)

    assert memory.board(store, "units", reading("unit", says=lambda: "anew")) == "anew"


def test_a_board_that_says_the_same_stays_what_it_is_and_all_that_was_made_of_it(memory, store, sums):
    total = total_of(sums)
    first = memory.board(store, "units", reading("unit"))
    total(first)
    memory.shown(store)
    turn = memory.turn

    store.write("unit")
    again = memory.board(store, "units", reading("unit"))

    assert again is first and total(again) == 3.0 and len(sums) == 1
    assert not memory.has_changed(["units"], turn)


def test_a_board_that_says_something_else_is_told_of_as_changed_and_what_was_made_of_it_goes(memory, store, sums):
    total = total_of(sums)
    total(memory.board(store, "units", reading("unit")))
    memory.board(store, "others", reading("score"))
    memory.shown(store)
    turn = memory.turn

    store.write("unit")
    memory.board(store, "units", reading("unit", says=lambda: FRAME.head(1).copy()))

    assert memory.has_changed(["units"], turn) and not memory.has_changed(["others"], turn)
    assert memory.has_changed(["never asked for"], turn)
    assert len(memory.values()) == 2


def test_a_new_state_is_shown_when_it_is_made_ready_and_nobody_waits_for_it(memory, store):
    says = {"now": "old"}
    make = reading("unit", says=lambda: says["now"])
    with memory.renewing():
        assert memory.board(store, "units", make, is_renewable=True) == "old"
        says["now"] = "new"
        store.write("unit")

        assert memory.board(store, "units", make, is_renewable=True) == "old"
        assert memory.renew(store, lambda: {"units"})
        assert memory.board(store, "units", make, is_renewable=True) == "new"
        assert memory.shown(store) == 2 and not memory.renew(store, lambda: {"units"})


def test_who_changed_something_sees_it_before_the_others(memory, store):
    says = {"now": "old"}
    made: list[str] = []
    make = reading("unit", says=lambda: says["now"], made=made)
    with memory.renewing():
        memory.board(store, "units", make, is_renewable=True)
        says["now"] = "new"
        own = store.write("unit")

        assert memory.board(store, "units", make, own=own, is_renewable=True) == "new"
        assert memory.board(store, "units", make, is_renewable=True) == "old"
        memory.renew(store, lambda: {"units"})
        assert memory.board(store, "units", make, is_renewable=True) == "new" and len(made) == 2


def test_who_changed_something_never_loses_sight_of_it_while_the_rest_is_made_ready(memory, store):
    """What no open page shows stands a little longer for the others, but not for who made it old."""
    says, seen = {"now": "old"}, []

    def other() -> str:
        named({"unit"})
        if says["now"] == "new":
            seen.append(memory.shown(store))
            # As a page in another thread would ask in this very moment.
            asking = threading.Thread(target=lambda: seen.extend(
                memory.board(store, "units", make, own=who, is_renewable=True) for who in (0, store.data_version)
            ))
            asking.start()
            asking.join(5)
        return "other"

    make = reading("unit", says=lambda: says["now"])
    with memory.renewing():
        memory.board(store, "other", other, is_renewable=True)
        memory.board(store, "units", make, is_renewable=True)
        says["now"] = "new"
        store.write("unit")
        memory.renew(store, lambda: set())

    assert seen[:1] == [2] and seen[1:] in (["old", "new"], ["new", "new"])


def test_what_nobody_wants_any_more_is_forgotten(memory, store, clock):
    with memory.renewing():
        for key in ("on a page", "asked for", "neither"):
            memory.board(store, key, reading("unit"), is_renewable=True)
        memory.board(store, "of a page alone", reading("unit"))
        memory.board(store, "that still stands", reading("score"))
        clock.seconds = FORGOTTEN_SECONDS + 1
        memory.board(store, "asked for", reading("unit"), is_renewable=True)
        memory.board(store, "that still stands", reading("score"))
        memory.board(store, "of a page alone", reading("unit"))
        store.write("unit")
        memory.renew(store, lambda: {"on a page"})

        assert list(memory._entries) == ["on a page", "asked for", "that still stands"]


def test_first_what_open_pages_show_then_what_was_asked_for_lately(memory, store, clock):
    shown_meanwhile: list[object] = []

    def later() -> object:
        named({"unit"})
        if store.data_version > 1:
            shown_meanwhile.append(memory.shown(store))
        return "later"

    with memory.renewing():
        memory.board(store, "wanted", reading("unit"), is_renewable=True)
        memory.board(store, "asked lately", later, is_renewable=True)
        store.write("unit")
        memory.renew(store, lambda: {"wanted"})

    assert shown_meanwhile == [2]


def test_what_nobody_asked_for_lately_is_made_when_somebody_asks(memory, store, clock):
    made: list[str] = []
    with memory.renewing():
        memory.board(store, "units", reading("unit", made=made), is_renewable=True)
        clock.seconds = STILL_ASKED_SECONDS
        store.write("unit")
        memory.renew(store, lambda: set())

        assert len(made) == 1
        memory.board(store, "units", reading("unit", made=made), is_renewable=True)
        assert len(made) == 2


def test_making_ready_takes_a_rest(memory, store, clock):
    def slowly() -> object:
        named({"unit"})
        clock.seconds += 10
        return "slow"

    with memory.renewing():
        memory.board(store, "slow", slowly, is_renewable=True)
        store.write("unit")
        assert memory.renew(store, lambda: {"slow"})
        store.write("unit")

        clock.seconds += 10 * REST - 1
        assert not memory.renew(store, lambda: {"slow"})
        clock.seconds += 1
        assert memory.renew(store, lambda: {"slow"})


@pytest.mark.parametrize(("patience", "waits"), [(60.0, True), (0.01, False)])
def test_making_ready_gives_way_to_pages_but_not_for_ever(memory, store, monkeypatch, patience, waits):
    monkeypatch.setattr(module, "MOST_PATIENCE", patience)
    made: list[str] = []
    memory.shown(store)
    memory.board(store, "units", reading("unit", made=made), is_renewable=True)
    with memory.renewing():
        store.write("unit")
        readying = threading.Thread(target=memory.renew, args=(store, lambda: {"units"}))
        with memory.asking():
            readying.start()
            readying.join(0.5)
            assert readying.is_alive() is waits and len(made) == (1 if waits else 2)
        readying.join(5)

    assert len(made) == 2 and not readying.is_alive()


def test_what_cannot_be_made_ready_stops_nothing_and_who_asks_is_told(memory, store, caplog):
    says = {"now": "well"}

    def perhaps() -> str:
        named({"unit"})
        if says["now"] != "well":
            raise ValueError(says["now"])
        return "well"

    with memory.renewing():
        memory.board(store, "perhaps", perhaps, is_renewable=True)
        memory.board(store, "units", reading("unit"), is_renewable=True)
        says["now"] = "broken"
        store.write("unit")

        assert memory.renew(store, lambda: {"perhaps", "units"}) and "没有能准备好" in caplog.text
        with pytest.raises(ValueError, match="broken"):
            memory.board(store, "perhaps", perhaps, is_renewable=True)


def test_what_is_made_of_a_board_is_made_once(memory, store, sums):
    total = total_of(sums)
    board = memory.board(store, "units", FRAME.copy)

    assert (total(board), total(board), total(board, times=2)) == (3.0, 3.0, 6.0)
    assert len(sums) == 2


def test_another_scopes_board_is_another_thing_also_where_it_looks_the_same(memory, store, sums):
    total = total_of(sums)
    whole, own = memory.board(store, "whole", FRAME.copy), memory.board(store, ("of unit", "yuli"), FRAME.copy)

    total(whole)
    total(own)

    assert [table is shown for table, shown in zip(sums, (whole, own), strict=True)] == [True, True]


@pytest.mark.parametrize("given", [(FRAME,), (FRAME, 2)])
def test_what_comes_from_no_board_is_made_each_time(memory, sums, given):
    total = total_of(sums)

    assert total(*given) == total(*given)
    assert len(sums) == 2 and memory.values() == []


def test_parts_of_a_board_are_known_too(memory, store, sums):
    total = total_of(sums)
    board = memory.board(store, "judged", lambda: Judged(FRAME.copy(), "luntai"))

    total(board.found)
    total(board.found)

    assert len(sums) == 1


def test_it_never_holds_more_than_it_may(store):
    size = len(pickle.dumps(b"x" * 1000, pickle.HIGHEST_PROTOCOL)) + MORE_BYTES
    memory = Memory(most_bytes=3 * size)
    for number in range(5):
        memory.board(store, number, lambda: b"x" * 1000)

    assert len(memory.values()) == 3 and memory.size == 3 * size
    assert memory.board(store, "large", lambda: b"x" * 10_000) and len(memory.values()) == 3


def test_who_asks_while_it_is_made_waits_for_it(memory, store):
    begun, go, made = threading.Event(), threading.Event(), []

    def slowly() -> pd.DataFrame:
        made.append(1)
        begun.set()
        go.wait(5)
        return FRAME.copy()

    found: list[object] = []
    asking = [
        threading.Thread(target=lambda: found.append(memory.board(store, "slow", slowly))) for _ in range(3)
    ]
    for each in asking:
        each.start()
    begun.wait(5)
    go.set()
    for each in asking:
        each.join(5)

    assert len(made) == 1 and len({id(each) for each in found}) == 1 and len(found) == 3


def test_a_fault_is_kept_by_nobody(memory, store):
    made = []

    def faulty() -> int:
        made.append(1)
        if len(made) == 1:
            raise ValueError("no")
        return 7

    with pytest.raises(ValueError, match="no"):
        memory.board(store, "faulty", faulty)
    assert memory.board(store, "faulty", faulty) == 7
