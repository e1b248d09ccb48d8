"""What pages show, made once: boards by what was asked, the rest by what it was made from.

A board's result is kept by ``session`` until a table changes that it was read from; a table, a chart or a sentence made
of it is kept beside it by ``kept``, found again by the very objects that it was made from. So whoever sees the same is
given the same, and whoever sees less has other objects. A board that is made anew and says the same as before stays the
very object that it was, and with it all that was made of it. What is kept is shared: nobody changes it.

In the server nobody waits for that after a change: the boards that open pages show are made ready first (``renew``),
while pages that people ask for go before, then the new state is shown, everywhere at once. Only who changed something
is given it before.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from dashboard.kept_entry import Entry, Reads, entry_made_of, entry_of_board, key_of
from data.changes import naming
from data.store import Store

_LOG = logging.getLogger("wenxiao")

P = ParamSpec("P")
R = TypeVar("R")

MOST_BYTES = 256 * 1024 * 1024
FORGOTTEN_SECONDS = 3600.0
STILL_ASKED_SECONDS = 120.0     # what was asked for so lately is made ready too, though no open page shows it just now
MOST_PATIENCE = 0.1             # seconds that one thing waits to be made ready while pages are computed
REST = 1.0                      # after making ready, nothing is made ready for so many times the seconds that it took

# What boards were read from that are asked for in the making of another.
_INNER: ContextVar[Reads | None] = ContextVar("inner", default=None)
# The state that is being made ready by the running thread.
_READYING: ContextVar[int | None] = ContextVar("readying", default=None)


class Memory:
    """Results of one store, up to a number of bytes; what was not asked for longest goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        """An empty memory."""
        self._most_bytes = most_bytes
        self._clock = clock
        self._guard = threading.RLock()
        self._store: Callable[[], Store | None] = lambda: None
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._coming: dict[Hashable, Entry] = {}            # of a newer state than the one that is shown
        self._bytes = 0                                     # of the entries, without those that come
        self._owned: dict[int, int] = {}                    # how many entries own the object of an id
        self._made_of: dict[int, set[Hashable]] = {}        # what was made of the object of an id
        self._making: dict[Hashable, threading.Lock] = {}
        self._shown = -1
        self.turn = 0                                       # how often what is shown has changed
        self._renewers = 0
        self._calm = threading.Condition()
        self._asking = 0                                    # how many pages are being computed
        self._rests_until = 0.0

    def shown(self, store: Store) -> int:
        """The state that pages show at least: the newest, or where somebody makes states ready, the one made ready."""
        with self._guard:
            self._take(store)
            if store.data_version > self._shown and (not self._renewers or self._shown < 0):
                self._show(store, store.data_version)
            return self._shown

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """Promise to call ``renew`` again and again until the block ends."""
        with self._guard:
            self._renewers += 1
        try:
            yield
        finally:
            with self._guard:
                self._renewers -= 1

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Say that a page is being computed until the block ends: what is made ready gives way to it."""
        with self._calm:
            self._asking += 1
        try:
            yield
        finally:
            with self._calm:
                self._asking -= 1
                self._calm.notify_all()

    def renew(self, store: Store, on_pages: Callable[[], Collection[Hashable]]) -> bool:
        """Make the newest state ready and show it: first what is on open pages, then what was asked for lately.

        Whether there was one. After that it takes a rest, so that boards never take all the time there is however
        fast changes come.
        """
        with self._guard:
            self._take(store)
            version, begun = store.data_version, self._clock()
            if version <= self._shown or begun < self._rests_until:
                return False
            wanted = set(on_pages())
            old = {
                key: entry.make for key, entry in self._entries.items()
                if entry.make and not entry.stands_in(store, version)
                and (key in wanted or begun - entry.asked_at < STILL_ASKED_SECONDS)
            }
        later = old.keys() - wanted
        token = _READYING.set(version)
        try:
            for key in old.keys() & wanted:
                self._renew(store, key, old[key])
            self._show(store, version, later)
            for key in later:
                self._renew(store, key, old[key])
            if later:
                self._show(store, version)
            self._forget(wanted)
        finally:
            _READYING.reset(token)
        now = self._clock()
        self._rests_until = now + REST * (now - begun)
        return True

    def _forget(self, wanted: Collection[Hashable]) -> None:
        """Drop what no page shows and nobody has asked for in a long time, and what is made again by a page alone."""
        with self._guard:
            long_ago = self._clock() - FORGOTTEN_SECONDS
            for key, entry in list(self._entries.items()):
                if not entry.made_of and key not in wanted and (
                    entry.asked_at < long_ago or (entry.is_behind and not entry.make)
                ):
                    self._drop(key)

    def _renew(self, store: Store, key: Hashable, make: Callable[[], Any]) -> None:
        if not self._renewers:      # the server stops
            return
        with self._calm:      # who waits for a page comes first; made ready it is in the end, however many they are
            self._calm.wait_for(lambda: not self._asking, MOST_PATIENCE)
        try:
            self.board(store, key, make, is_renewable=True)
        except Exception:
            _LOG.exception("没有能准备好要显示的内容")     # whoever asks for it is told what is wrong

    def has_changed(self, keys: Collection[Hashable], turn: int) -> bool:
        """Whether any of some results may say something else now than after an earlier turn."""
        with self._guard:
            found = [self._entries.get(key) for key in keys]
            return any(entry is None or entry.is_behind or entry.changed_in > turn for entry in found)

    def board(
        self, store: Store, key: Hashable, make: Callable[[], Any], *, own: int = 0, is_renewable: bool = False
    ) -> Any:
        """A result that stands until a table changes that it was read from; of the state that is shown.

        ``own`` is the state that who asks made last: what somebody has just done is seen at once. ``is_renewable`` says
        that it may be made ready by anybody, without a person's page around it.
        """
        readying = _READYING.get()
        if readying is None:
            self.shown(store)

        def found() -> Entry | None:
            for entry in (self._entries.get(key), self._coming.get(key)):
                if entry is None:
                    continue
                if readying is not None and entry.stands_in(store, readying):
                    return entry
                if readying is None and not entry.is_behind and entry.stands_in(store, own):
                    entry.asked_at = self._clock()
                    return entry
            return None

        def made() -> Entry:
            version = store.data_version
            with naming() as said, _inner() as reads:
                value = make()
            _add_reads(reads, dict.fromkeys(store.tables(said), version))
            entry = entry_of_board(value, make if is_renewable else None, reads)
            entry.asked_at = 0.0 if readying is not None else self._clock()
            return entry

        entry = self._result(key, found, made)
        inner = _INNER.get()
        if inner is not None:
            _add_reads(inner, entry.reads)
        return entry.value

    def made(self, function: Callable[..., R], arguments: tuple[Any, ...], named: dict[str, Any]) -> R:
        """What a function makes of what it is given; kept where something of that is kept, else made anew."""
        values = (*arguments, *named.values())
        made_of = tuple(id(value) for value in values if id(value) in self._owned)
        key = key_of(function, values, tuple(named), made_of)
        if key is None:
            return function(*arguments, **named)
        entry = self._result(
            key, lambda: self._entries.get(key),
            lambda: entry_made_of(function(*arguments, **named), values, made_of),
        )
        result: R = entry.value
        return result

    @staticmethod
    def is_renewing() -> bool:
        """Whether the running thread makes a new state ready: no page is around it."""
        return _READYING.get() is not None

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            for kept_things in (self._entries, self._coming, self._owned, self._made_of):
                kept_things.clear()
            self._bytes, self._shown, self._rests_until = 0, -1, 0.0

    def values(self) -> list[Any]:
        """Everything that is kept now."""
        with self._guard:
            return [entry.value for entry in self._entries.values()]

    @property
    def size(self) -> int:
        """The bytes of everything that is kept now, as they were weighed."""
        return self._bytes

    def _take(self, store: Store) -> None:
        """Forget what is of another store."""
        if self._store() is not store:
            self.clear()
            self._store = weakref.ref(store)

    def _show(self, store: Store, version: int, later: Collection[Hashable] = ()) -> None:
        """Let what has been made ready take the place of what was before; what is made ``later`` stands so long."""
        with self._guard:
            if store is not self._store():
                return
            self._shown = version
            self.turn += 1
            coming, self._coming = self._coming, {}
            for key, entry in coming.items():
                self._keep(key, entry)
            for key, entry in self._entries.items():
                if key not in later:
                    entry.is_behind = entry.is_behind or not entry.stands_in(store, version)

    def _result(self, key: Hashable, found: Callable[[], Entry | None], made: Callable[[], Entry]) -> Entry:
        with self._guard:
            entry = found()
            if entry is not None:
                if key in self._entries:
                    self._entries.move_to_end(key)
                return entry
            making = self._making.setdefault(key, threading.Lock())
        with making:      # whoever asks meanwhile waits for the one who makes it
            with self._guard:
                entry, store = found(), self._store()
            if entry is not None:
                return entry
            try:
                entry = made()
                with self._guard:
                    if store is None or store is not self._store():
                        return entry
                    former = self._entries.get(key)
                    if former is None or former.is_behind:
                        return self._keep(key, entry)
                    self._coming[key] = entry
                    return entry
            finally:
                with self._guard:
                    self._making.pop(key, None)

    def _keep(self, key: Hashable, entry: Entry) -> Entry:
        """Keep an entry in the place of the former one; the former stays where it says the same."""
        former = self._entries.get(key)
        if former and former.digest and former.digest == entry.digest:
            former.make, former.reads, former.is_behind = entry.make, entry.reads, False
            former.asked_at = max(former.asked_at, entry.asked_at)
            return former
        entry.changed_in = self.turn
        if former:
            entry.asked_at = max(former.asked_at, entry.asked_at)
        self._drop(key)
        # What was made of something that is kept no more, nobody will find again.
        if entry.size <= self._most_bytes and all(number in self._owned for number in entry.made_of):
            self._add(key, entry)
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))
        return entry

    def _add(self, key: Hashable, entry: Entry) -> None:
        self._entries[key] = entry
        self._bytes += entry.size
        for number in entry.owned:
            self._owned[number] = self._owned.get(number, 0) + 1
        for number in entry.made_of:
            self._made_of.setdefault(number, set()).add(key)

    def _drop(self, key: Hashable) -> None:
        """Forget an entry, and with the last that owns an object all that was made of that."""
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self._bytes -= entry.size
        for number in entry.made_of:
            self._made_of.get(number, set()).discard(key)
        for number in entry.owned:
            self._owned[number] -= 1
            if not self._owned[number]:
                del self._owned[number]
                for made in self._made_of.pop(number, ()):
                    self._drop(made)


def _add_reads(reads: Reads, more: Reads) -> None:
    for table, version in more.items():
        reads[table] = min(version, reads.get(table, version))


@contextmanager
def _inner() -> Iterator[Reads]:
    reads: Reads = {}
    token = _INNER.set(reads)
    try:
        yield reads
    finally:
        _INNER.reset(token)


MEMORY = Memory()


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """Make a pure function's result once for what it is given, where that comes from a kept board.

    Anywhere else, as in a test or a paper, the function is the same as before.
    """
    @wraps(function)
    def once(*arguments: P.args, **named: P.kwargs) -> R:
        return MEMORY.made(function, arguments, named)

    return once
