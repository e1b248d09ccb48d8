"""The log of what people did: each entry carries the hash of the one before.

A changed, removed, inserted or re-ordered entry shows; that the last ones are all there, and that nobody wrote
the whole log anew, can only be proved against a hash kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.errors import WenxiaoError
from data.store import Cursor

FIRST_HASH = "0" * 64


@dataclass(frozen=True)
class Actor:
    """Who acts: a name, a role, the unit spoken for (empty for the prefecture), with which account, from where."""

    name: str
    role: str
    recipient_id: str = ""
    account_id: str = ""
    origin: str = ""     # 网页 10.1.2.3, 接口 10.1.2.3, 命令行


@dataclass(frozen=True)
class LogEntry:
    """What a person is given as proof of an action: the number and the hash of its line in the log."""

    entry_no: int
    entry_hash: str

    def __str__(self) -> str:
        """The receipt as a page prints it: 第 123 号（9f3a2b1c）."""
        return f"第 {self.entry_no} 号（{self.entry_hash[:8]}）"


def entry_hash(fields: Iterable[str]) -> str:
    """The SHA-256 of an entry's fields, in their order, as one JSON array."""
    return hashlib.sha256(json.dumps(list(fields), ensure_ascii=False).encode()).hexdigest()


def digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """The SHA-256 of rows with exact values, in their order: what a log entry can stand for without holding it."""
    return entry_hash(f"{name}={value}" for row in rows for name, value in sorted(row.items()))


def stamp(cursor: Cursor, at: datetime) -> datetime:
    """The moment that an action is recorded at: ``at``, but never before what is recorded already.

    A clock may go back and two people may act in the same second; what is known at a moment must not
    shrink, so no record may lie behind an older one. Call it inside the action's transaction.
    """
    # Not MAX: the engine finds the last rows of an order by their place, a greatest value by reading them all.
    newest = cursor.rows("SELECT happened_at FROM audit_log ORDER BY happened_at DESC LIMIT 1")
    return max(at, newest[0]["happened_at"]) if newest else at


def newest_entry(cursor: Cursor) -> dict[str, Any] | None:
    """Number, hash and moment of the last entry; None in a log without any."""
    found = cursor.rows("SELECT entry_no, entry_hash, happened_at FROM audit_log ORDER BY entry_no DESC LIMIT 1")
    return found[0] if found else None


def append(
    cursor: Cursor, actor: Actor, at: datetime, action_name: str, subject: str, detail: Mapping[str, Any]
) -> LogEntry:
    """Write one entry inside the caller's transaction, chained to the last one."""
    last = newest_entry(cursor)
    entry_no = last["entry_no"] + 1 if last else 1
    previous = last["entry_hash"] if last else FIRST_HASH
    entry = {
        "entry_no": entry_no,
        "happened_at": at,
        "actor_name": actor.name,
        "actor_role": actor.role,
        "action_name": action_name,
        "subject_text": subject,
        "detail_json": json.dumps(dict(detail), ensure_ascii=False, sort_keys=True, default=str),
        "account_id": actor.account_id,
        "actor_recipient_id": actor.recipient_id,
        "origin_text": actor.origin,
    }
    made = LogEntry(entry_no, entry_hash(_chained(entry, previous)))
    cursor.insert("audit_log", [{**entry, "previous_hash": previous, "entry_hash": made.entry_hash}])
    return made


def _chained(entry: Mapping[str, Any], previous: str) -> list[str]:
    """What the hash of an entry stands for; entries of before people signed in have no account, unit or origin."""
    later = [str(entry.get(name, "")) for name in ("account_id", "actor_recipient_id", "origin_text")]
    fields = [str(entry[name]) for name in (
        "entry_no", "happened_at", "actor_name", "actor_role", "action_name", "subject_text", "detail_json",
    )]
    return [*fields, *(later if any(later) else ()), previous]


@dataclass(frozen=True)
class Break:
    """The first place where a log does not hold, and what was done there: changed, missing or reordered.

    For ``missing`` it is the number that is absent; for the others, that of the entry as it stands.
    """

    entry_no: int
    kind: str
    moved_from: int = 0

    def __str__(self) -> str:
        """The break as one clause: 第 3 条被改动过."""
        return {
            "changed": f"第 {self.entry_no} 条被改动过",
            "missing": f"缺第 {self.entry_no} 条",
            "reordered": f"第 {self.entry_no} 条的位置上是第 {self.moved_from} 条，次序被调换过",
        }[self.kind]


def first_break(cursor: Cursor) -> Break | None:
    """The first entry of the store that does not fit the chain; None if the whole log holds."""
    return find_break(logged(cursor))


def logged(cursor: Cursor) -> list[dict[str, Any]]:
    """Every entry of the store, the oldest first."""
    return cursor.rows("SELECT * FROM audit_log ORDER BY entry_no")


def find_break(rows: Sequence[Mapping[str, Any]]) -> Break | None:
    """The first of a log's entries, in the order given, that does not fit the chain; None if all do.

    What was cut off at the end cannot be seen here: ``place_of`` compares with a hash kept elsewhere.
    """
    expected, previous = 1, FIRST_HASH
    for row in rows:
        if row["entry_no"] != expected or row["previous_hash"] != previous or not _is_whole(row, expected):
            return _what_broke(rows, row, expected)
        expected, previous = expected + 1, row["entry_hash"]
    return None


@dataclass(frozen=True)
class ProvedLog:
    """A log that holds: how many entries, the last hash, and the number of the entry whose hash was kept elsewhere."""

    entry_count: int
    last_hash: str
    kept_no: int | None


def prove_log(rows: Sequence[Mapping[str, Any]], kept_hash: str = "") -> ProvedLog:
    """Prove that a log is as it was written; ``kept_hash`` is one that was kept elsewhere, or ''.

    Raises: WenxiaoError with the first entry that does not fit, or if no entry has the kept hash any more.
    """
    if (broken := find_break(rows)) is not None:
        raise WenxiaoError(f"办理记录接不上：{broken}。请保留现场，与另存的导出文件逐条比对。")
    kept_no = place_of(rows, kept_hash)
    if kept_hash and kept_no is None:
        raise WenxiaoError(
            f"另存的校验码 {kept_hash[:16]} 不在这 {len(rows)} 条记录里：末尾被截去，或者全部重新写过。"
            "请核对另存的校验码是否抄全，并保留现场。"
        )
    return ProvedLog(len(rows), rows[-1]["entry_hash"] if rows else "", kept_no)


def place_of(rows: Sequence[Mapping[str, Any]], kept_hash: str) -> int | None:
    """The number of the entry with a hash that was kept elsewhere; None if no entry has it any more."""
    return next((int(row["entry_no"]) for row in rows if row["entry_hash"] == kept_hash), None)


def _is_whole(row: Mapping[str, Any], entry_no: int) -> bool:
    """Whether an entry's words are those that its hash was made of, were it the one of this number."""
    return bool(row["entry_hash"] == entry_hash(_chained({**row, "entry_no": entry_no}, row["previous_hash"])))


def _what_broke(rows: Sequence[Mapping[str, Any]], row: Mapping[str, Any], expected: int) -> Break:
    """What was done at the first entry that does not fit; a number typed anew does not hide where it was."""
    numbers = range(1, max(len(rows), *(int(each["entry_no"]) for each in rows)) + 2)
    written_as = next((number for number in (row["entry_no"], *numbers) if _is_whole(row, number)), None)
    if written_as is None:
        return Break(int(row["entry_no"]), "changed")
    if written_as == expected:      # whole, but the one before is no more what it was chained to
        return Break(max(expected - 1, 1), "changed")
    if any(_is_whole(each, expected) for each in rows):
        return Break(expected, "reordered", int(written_as))
    return Break(expected, "missing")
