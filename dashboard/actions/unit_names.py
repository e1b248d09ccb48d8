"""What a unit is called in a file: by its name, its short name, an alias or its code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from data.reference import plain_name, resolve_recipient
from data.store import Cursor


def unit_finder(cursor: Cursor) -> Callable[[str], str]:
    """What finds the unit of the workspace that some words mean; "" for none."""
    units: dict[str, str] = {}
    for row in cursor.query("recipients").itertuples():
        units |= dict.fromkeys((row.recipient_id, row.recipient_name, row.short_name), row.recipient_id)
    known = set(units.values())

    @cache
    def find(words: str) -> str:
        if words in units:
            return units[words]
        unit = resolve_recipient(words)
        found = unit.recipient_id if unit else units.get(plain_name(words), "")
        return found if found in known else ""

    return find
