"""What pages show, made once for a state of the store: boards by what was asked, the rest by what it was made from.

A board's result is kept by ``session``; a table, a chart or a sentence made of it is kept beside it by ``kept``,
found again by the very objects that it was made from. So whoever sees the same is given the same, whoever sees less
has other objects, and with the next state of the store everything goes. What is kept is shared: nobody changes it.
"""

from __future__ import annotations

import pickle
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MOST_BYTES = 256 * 1024 * 1024
UNKNOWN_BYTES = 16 * 1024     # what cannot be weighed


@dataclass(frozen=True)
class _Entry:
    value: Any
    arguments: tuple[Any, ...]     # held, so that their identities stay theirs
    owned: tuple[int, ...]
    size: int


class Memory:
    """Results of one state of one store, up to a number of bytes; what was not asked for longest goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """An empty memory."""
        self._most_bytes = most_bytes
        self._guard = threading.RLock()
        self._store: Callable[[], object | None] = lambda: None
        self._version = -1
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._bytes = 0
        self._owned: dict[int, int] = {}                    # how many entries own the object of an id
        self._making: dict[Hashable, threading.Lock] = {}

    def board(self, store: object, version: int, key: Hashable, make: Callable[[], Any]) -> Any:
        """A result that stands for a state of the store; a new state ends what was kept of the one before."""
        with self._guard:
            if self._store() is not store or version > self._version:
                self.clear()
                self._store, self._version = weakref.ref(store), version
            is_current = version == self._version
        return self._result((version, key), make, ()) if is_current else make()

    def made(self, function: Callable[..., R], arguments: tuple[Any, ...], named: dict[str, Any]) -> R:
        """What a function makes of what it is given; kept where something of that is kept, else made anew."""
        key = self._key(function, (*arguments, *named.values()), tuple(named))
        if key is None:
            return function(*arguments, **named)
        result: R = self._result(key, lambda: function(*arguments, **named), (*arguments, *named.values()))
        return result

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._entries.clear()
            self._owned.clear()
            self._bytes, self._version = 0, -1

    def values(self) -> list[Any]:
        """Everything that is kept now."""
        with self._guard:
            return [entry.value for entry in self._entries.values()]

    @property
    def size(self) -> int:
        """The bytes of everything that is kept now, as they were weighed."""
        return self._bytes

    def _key(self, function: Callable[..., Any], values: tuple[Any, ...], names: tuple[str, ...]) -> Hashable | None:
        """A function with what it is given: kept objects by identity, plain ones by value; None for any others."""
        parts: list[Hashable] = [function, names]
        has_kept = False
        for value in values:
            if id(value) in self._owned:
                has_kept = True
                parts.append(("kept", id(value)))
                continue
            try:
                hash(value)
            except TypeError:
                return None
            parts.append((type(value), value))
        return tuple(parts) if has_kept else None

    def _result(self, key: Hashable, make: Callable[[], Any], arguments: tuple[Any, ...]) -> Any:
        with self._guard:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
                return entry.value
            making = self._making.setdefault(key, threading.Lock())
        with making:      # whoever asks meanwhile waits for the one who makes it
            with self._guard:
                entry = self._entries.get(key)
                state = (self._store, self._version)
            if entry is not None:
                return entry.value
            try:
                value = make()
                self._keep(key, _Entry(value, arguments, _owned_by(value), _weight(value)), state)
            finally:
                with self._guard:
                    self._making.pop(key, None)
            return value

    def _keep(self, key: Hashable, entry: _Entry, state: tuple[object, int]) -> None:
        with self._guard:
            if state != (self._store, self._version) or entry.size > self._most_bytes:
                return
            self._entries[key] = entry
            self._bytes += entry.size
            for number in entry.owned:
                self._owned[number] = self._owned.get(number, 0) + 1
            while self._bytes > self._most_bytes:
                _, oldest = self._entries.popitem(last=False)
                self._bytes -= oldest.size
                for number in oldest.owned:
                    self._owned[number] -= 1
                    if not self._owned[number]:
                        del self._owned[number]


def _owned_by(value: Any) -> tuple[int, ...]:
    """The identities that stand for a result: its own, and those of its parts; none for what is plain."""
    parts = [getattr(value, field.name) for field in fields(value)] if is_dataclass(value) else []
    return tuple({id(each) for each in (value, *parts) if not _is_plain(each)})


def _is_plain(value: Any) -> bool:
    """Whether a value is one that may stand in many places at once, so that its identity says nothing."""
    return value is None or isinstance(value, (str, bytes, int, float)) or (isinstance(value, tuple) and not value)


def _weight(value: Any) -> int:
    try:
        return len(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    except Exception:
        return UNKNOWN_BYTES


MEMORY = Memory()


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """Make a pure function's result once for what it is given, where that comes from a kept board.

    Anywhere else, as in a test or a paper, the function is the same as before.
    """
    @wraps(function)
    def once(*arguments: P.args, **named: P.kwargs) -> R:
        return MEMORY.made(function, arguments, named)

    return once
