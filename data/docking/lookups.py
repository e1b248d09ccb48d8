"""Words that few rows share (units, document numbers, accounts, states), each looked up once for the whole export."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from data.docking.export_file import LOST_DIGITS, StagedExport
from data.docking.mapping import UNIT_FIELDS, ExportMapping, PlacedFields, even
from data.docking.record_kinds import WORDED
from data.document_number import normalise
from data.errors import FileError
from data.reference import direct_fund_markers
from data.store import Cursor, sql_text
from data.unit_names import unit_finder

MAX_COMBINATIONS = 50_000      # of words that few rows share
_LONG_NUMBER = re.compile(r"\d{11,}")


def lend_lookups(cursor: Cursor, file: StagedExport, mapping: ExportMapping, placed: PlacedFields) -> None:
    """Look each word that few rows share up, for ``told_sql`` to tell of: NULL if it is unknown.

    Raises: FileError if they are not few: then a column stands under a wrong head.
    """
    units = unit_fields(placed.places)
    readers: dict[str, Callable[[str], str | None]] = {
        "document_number": _document_number, "upper_document_number": _document_number,
        "budget_item_code": _budget_item, "marker_text": read_marker,
        **{field: _word(mapping.words.get(field, {})) for field in WORDED},
    }
    fields = [*units, *(field for field in readers if field in placed.places)]
    cells = ", ".join(f"{field}_cell" for field in fields)
    found = cursor.rows(f"SELECT DISTINCT {cells} FROM ({file.cells_sql(placed.places)}) LIMIT {MAX_COMBINATIONS + 1}")
    if len(found) > MAX_COMBINATIONS:
        raise FileError(
            f"《{file.file_name}》的单位、文号、科目、状态等列里不同的写法太多（超过 {MAX_COMBINATIONS:,} 种），"
            "像是列名与内容错位，请核对首行后重新导出。"
        )
    for field in fields[len(units):]:
        read = readers[field]
        _lend_told(cursor, field, {
            cell: None if cell == LOST_DIGITS else read(_plain(cell)) for cell in _column(found, f"{field}_cell")
        })
    find = _unit_finder(cursor)
    pairs = dict.fromkeys(tuple(row[f"{name}_cell"] for name in units) for row in found)
    _lend_told(cursor, "unit", {
        "|".join(pair): find(dict(zip(units, map(_plain, pair), strict=True))) for pair in pairs
    })


def unit_fields(places: Iterable[str]) -> list[str]:
    """The fields of a file that say whose a row is; their cells joined by | are what ``told_unit`` is asked by."""
    return [name for name in UNIT_FIELDS if name in places]


def told_sql(field: str) -> str:
    """The relation of cell → told of a field, to be joined to the rows."""
    return f"(SELECT UNNEST(cells) AS cell, UNNEST(told) AS told FROM lent_{field}) AS told_{field}"


def _lend_told(cursor: Cursor, field: str, told: Mapping[str, str | None]) -> None:
    # One row of two lists: a table of many words would be taken for larger than the file, whose size is not known
    # beforehand, and then the whole file, persons and all, would be held in memory for the join.
    cursor.lend(f"lent_{field}", pa.table({
        "cells": pa.array([list(told)], pa.list_(pa.string())),
        "told": pa.array([list(told.values())], pa.list_(pa.string())),
    }))


def _column(rows: list[dict[str, Any]], name: str) -> dict[str, None]:
    return dict.fromkeys(row[name] for row in rows)


def _plain(cell: str) -> str:
    return cell.strip(" \t\u00a0\u3000'")


def _document_number(cell: str) -> str | None:
    """A document number as all are written here; what is none stays as it is, for a check to name."""
    try:
        return normalise(cell) if cell else ""
    except ValueError:
        return _harmless(cell)


def _budget_item(cell: str) -> str | None:
    code = cell.removesuffix(".0")
    return code if re.fullmatch(r"\d{0,12}", code) else None


@cache
def _printed_markers() -> dict[str, str]:
    return {
        even(word): marker.printed for marker in direct_fund_markers()
        for word in (marker.code, marker.name, marker.printed)
    }


def read_marker(cell: str) -> str | None:
    """A marker as papers print it, however an export or a person spaces it, or by its code; else as it stands.

    >>> read_marker("０１　中央直达资金"), read_marker("1")
    ('01 中央直达资金', '1')
    """
    return _printed_markers().get(even(cell)) or _harmless(_plain(cell))


def _word(found: Mapping[str, str]) -> Callable[[str], str | None]:
    values = {even(word): value for word, value in found.items()}
    return lambda cell: values.get(even(cell)) if cell else ""


def _harmless(cell: str) -> str | None:
    """Words that may be kept: a column in the wrong place could hold people's numbers."""
    return None if _LONG_NUMBER.search(cell) or len(cell) > 40 else cell


def _unit_finder(cursor: Cursor) -> Callable[[Mapping[str, str]], str | None]:
    """Which unit a name or a division code means; a name goes before, for institutions share the prefecture's code."""
    by_name = unit_finder(cursor)
    by_code = {
        row["division_code"]: row["recipient_id"]
        for row in cursor.rows(sql_text("data", "queries/recipients")) if row["division_code"]
    }

    def find(cells: Mapping[str, str]) -> str | None:
        if unit := by_name(cells.get("unit_name", "")):
            return unit
        code = cells.get("division_code", "").removesuffix(".0")
        return by_code.get(code[:6]) if re.fullmatch(r"\d{6}(000)?", code) else None

    return find
