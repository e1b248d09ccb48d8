"""Which tables statements name and write to, and in which state of a store each table changed last.

What was made of a few tables thus stays right while only others are written to. Names are found as words of the text:
a table that a statement reads cannot be missed; at most a word of the same name is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

EVERYTHING = "*"     # stands for all tables, where it cannot be said which

_NOT_WORDS = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_TARGET = re.compile(r"\b(?:insert\s+(?:or\s+\w+\s+)?into|update|delete\s+from|merge\s+into)\s+([a-z_][a-z0-9_]*)")
_UNTOLD = re.compile(r"\b(?:alter|attach|copy|create(?!\s+(?:or\s+replace\s+)?temp\b)|drop|truncate)\b")


@lru_cache(maxsize=512)
def words(sql: str) -> frozenset[str]:
    """The words of a statement, without comments and strings.

    >>> sorted(words("SELECT x FROM score -- of a report"))
    ['from', 'score', 'select', 'x']
    """
    return frozenset(_WORD.findall(_NOT_WORDS.sub(" ", sql).lower()))


@lru_cache(maxsize=512)
def targets(sql: str) -> frozenset[str]:
    """The tables that statements write to, work tables among them; EVERYTHING if they do something else to tables.

    >>> targets("WITH a AS (SELECT 1 AS x) INSERT INTO score SELECT x FROM a"), targets("SELECT * FROM report")
    (frozenset({'score'}), frozenset())
    >>> targets("CREATE OR REPLACE TEMP TABLE t AS SELECT 1"), targets("DROP TABLE report")
    (frozenset(), frozenset({'*'}))
    """
    text = _NOT_WORDS.sub(" ", sql).lower()
    found = frozenset(_TARGET.findall(text))
    is_untold = _UNTOLD.search(text) or (not found and words(sql) & {"delete", "insert", "merge", "update"})
    return found | {EVERYTHING} if is_untold else found


_NAMED: ContextVar[set[str] | None] = ContextVar("named", default=None)


@contextmanager
def naming() -> Iterator[set[str]]:
    """The words of every statement that is run until the block ends; those in a block inside it are that one's."""
    said = set[str]()
    token = _NAMED.set(said)
    try:
        yield said
    finally:
        _NAMED.reset(token)


def named(found: Collection[str]) -> None:
    """Add words to those of the running block."""
    said = _NAMED.get()
    if said is not None:
        said.update(found)


class Changes:
    """In which state of a store each table changed last."""

    def __init__(self) -> None:
        """Nothing has changed yet, and no table is known."""
        self._tables: Mapping[str, frozenset[str]] = {}
        self._last: dict[str, int] = {}

    def know(self, tables: Collection[str], views: Collection[tuple[str, str]]) -> None:
        """Take the names of the tables, and of each view and macro its SQL; a macro may have several."""
        known = {name: frozenset({name}) for name in tables}
        while True:      # until nothing is found any more: one may read another
            before = dict(known)
            for name, sql in views:
                known[name] = known.get(name, frozenset()) | _tables(words(sql), known)
            if known == before:
                break
        self._tables = known

    def note(self, version: int, written: Collection[str]) -> None:
        """Say which tables were written to in the transaction that made a state; work tables are none."""
        for name in written:
            if name == EVERYTHING or name in self._tables:
                self._last[name] = version

    def tables(self, said: Collection[str]) -> frozenset[str]:
        """The tables that words stand for, those behind a view or a macro for it."""
        return _tables(said, self._tables)

    def last(self, tables: Collection[str]) -> int:
        """The newest state in which any of the tables changed; 0 if none ever did."""
        return max(self._last.get(name, 0) for name in (EVERYTHING, *tables))


def _tables(said: Collection[str], known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*(known[word] for word in said if word in known))
