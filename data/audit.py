"""The log of what people did: each entry carries the hash of the one before.

A changed, removed or inserted entry before the last one shows; that the last ones are all there can only be
proved against a copy kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    newest = cursor.rows("SELECT MAX(happened_at) AS newest FROM audit_log")[0]["newest"]
    return at if newest is None else max(at, newest)


def append(
    cursor: Cursor, actor: Actor, at: datetime, action_name: str, subject: str, detail: Mapping[str, Any]
) -> LogEntry:
    """Write one entry inside the caller's transaction, chained to the last one."""
    last = cursor.rows("SELECT entry_no, entry_hash FROM audit_log ORDER BY entry_no DESC LIMIT 1")
    entry_no = last[0]["entry_no"] + 1 if last else 1
    previous = last[0]["entry_hash"] if last else FIRST_HASH
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
    later = [str(entry[name]) for name in ("account_id", "actor_recipient_id", "origin_text")]
    fields = [str(entry[name]) for name in (
        "entry_no", "happened_at", "actor_name", "actor_role", "action_name", "subject_text", "detail_json",
    )]
    return [*fields, *(later if any(later) else ()), previous]


def first_break(cursor: Cursor) -> int | None:
    """The number of the first entry that does not fit the chain; None if the whole log holds."""
    expected_no, previous = 1, FIRST_HASH
    for row in cursor.rows("SELECT * FROM audit_log ORDER BY entry_no"):
        stands = row["entry_no"] == expected_no and row["previous_hash"] == previous
        if not stands or row["entry_hash"] != entry_hash(_chained(row, previous)):
            return int(row["entry_no"])
        expected_no, previous = expected_no + 1, row["entry_hash"]
    return None
