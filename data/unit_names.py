"""What a unit is called in a file or by a program: by its name, its short name, an alias or its code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from data.reference import plain_name, resolve_recipient
from data.store import Cursor, sql_text


def unit_finder(cursor: Cursor) -> Callable[[str], str]:
    """What finds the unit of the workspace that some words mean; "" for none."""
    units: dict[str, str] = {}
    for row in cursor.rows(sql_text("data", "queries/recipients")):
        for name in ("recipient_id", "recipient_name", "short_name"):
            units[plain_name(row[name])] = row["recipient_id"]
    units.pop("", None)
    known = set(units.values())

    @cache
    def find(words: str) -> str:
        name = plain_name(words)
        if name in units:
            return units[name]
        unit = resolve_recipient(name)
        return unit.recipient_id if unit and unit.recipient_id in known else ""

    return find
