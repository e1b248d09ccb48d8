"""One result that is kept: what it says, what it was made from, and how long it stands."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from data.store import Store

UNKNOWN_BYTES = 16 * 1024     # what cannot be weighed
MORE_BYTES = 2 * 1024         # what is held around a result: its key, its arguments, the entry itself

Reads = dict[str, int]        # by table, the state in which it was read, or an earlier one


@dataclass
class Entry:
    """A result in the memory.

    ``made_of`` are the identities of what is kept among the arguments, ``owned`` those of the result and its parts;
    ``digest`` tells whether another result says the same, None where that cannot be told.
    """

    value: Any
    make: Callable[[], Any] | None
    reads: Reads
    arguments: tuple[Any, ...]     # held, so that their identities stay theirs
    made_of: tuple[int, ...]
    owned: tuple[int, ...]
    size: int
    digest: bytes | None
    changed_in: int = 0            # the turn since which it says this
    asked_at: float = 0.0
    is_behind: bool = False        # pages show a state in which it may say something else

    def stands_in(self, store: Store, version: int) -> bool:
        """Whether the result is right for a state of the store or for a later one."""
        return all(at >= version or store.last_change((table,)) <= at for table, at in self.reads.items())


def entry_of_board(value: Any, make: Callable[[], Any] | None, reads: Reads) -> Entry:
    """What was read from a store."""
    size, digest = _weighed(value)
    return Entry(value, make, reads, (), (), _owned_by(value), size, digest)


def entry_made_of(value: Any, arguments: tuple[Any, ...], made_of: tuple[int, ...]) -> Entry:
    """What was made of what is kept."""
    size, digest = _weighed(value)
    return Entry(value, None, {}, arguments, made_of, _owned_by(value), size, digest)


def key_of(
    function: Callable[..., Any], values: tuple[Any, ...], names: tuple[str, ...], made_of: tuple[int, ...]
) -> Hashable | None:
    """A function with what it is given: kept objects by identity, plain ones by value.

    Empty: None where nothing is kept among it, or something can be found again neither way.
    """
    parts: list[Hashable] = [function, names]
    for value in values:
        if id(value) in made_of:
            parts.append(("kept", id(value)))
            continue
        try:
            hash(value)
        except TypeError:
            return None
        parts.append((type(value), value))
    return tuple(parts) if made_of else None


def _owned_by(value: Any) -> tuple[int, ...]:
    """The identities that stand for a result: its own, and those of its parts; none for what is plain."""
    parts = [getattr(value, field.name) for field in fields(value)] if is_dataclass(value) else []
    return tuple({id(each) for each in (value, *parts) if not _is_plain(each)})


def _is_plain(value: Any) -> bool:
    """Whether a value is one that may stand in many places at once, so that its identity says nothing."""
    return value is None or isinstance(value, (str, bytes, int, float)) or (isinstance(value, tuple) and not value)


def _weighed(value: Any) -> tuple[int, bytes | None]:
    """How many bytes a result takes, and what tells it from another."""
    try:
        said = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except Exception:
        return UNKNOWN_BYTES, None
    return len(said) + MORE_BYTES, hashlib.blake2b(said).digest()
