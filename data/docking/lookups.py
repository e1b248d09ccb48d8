"""Words that few rows share (units, document numbers, accounts, states), each looked up once for the whole export."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from data.docking.export_file import StagedExport
from data.docking.export_workbook import LOST_DIGITS
from data.docking.mapping import UNIT_FIELDS, ExportMapping, PlacedFields, even
from data.docking.record_kinds import WORDED
from data.document_number import normalise
from data.errors import FileError
from data.reference import direct_fund_markers
from data.store import Cursor, sql_text
from data.unit_names import unit_finder

MAX_COMBINATIONS = 50_000      # of words that few rows share
# What a row's unit is called where its name and its division code tell of two.
TWO_UNITS = "#two-units"
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
            cell: None if cell == LOST_DIGITS else read(cell) for cell in _column(found, f"{field}_cell")
        })
    find = _unit_finder(cursor)
    pairs = dict.fromkeys(tuple(row[f"{name}_cell"] for name in units) for row in found)
    _lend_told(cursor, "unit", {
        "|".join(pair): find(dict(zip(units, pair, strict=True))) for pair in pairs
    })


def unit_fields(places: Iterable[str]) -> list[str]:
    """The fields of a file that say whose a row is; their cells joined by | are what ``told_unit`` is asked by."""
    return [name for name in UNIT_FIELDS if name in places]


def told_sql(field: str) -> str:
    """The relation of cell → told of a field, to be joined to the rows."""
    return f"(SELECT UNNEST(cells) AS cell, UNNEST(told) AS told FROM lent_{field})"


def _lend_told(cursor: Cursor, field: str, told: Mapping[str, str | None]) -> None:
    # One row of two lists: a table of many words would be taken for larger than the file, whose size is not known
    # beforehand, and then the whole file, persons and all, would be held in memory for the join.
    cursor.lend(f"lent_{field}", pa.table({
        "cells": pa.array([list(told)], pa.list_(pa.string())),
        "told": pa.array([list(told.values())], pa.list_(pa.string())),
    }))


def _column(rows: list[dict[str, Any]], name: str) -> dict[str, None]:
    return dict.fromkeys(row[name] for row in rows)


def _document_number(cell: str) -> str | None:
    """A document number as all are written here; what is none stays as it is, for a check to name."""
    try:
        return normalise(cell) if cell else ""
    except ValueError:
        return _harmless(cell)


def _budget_item(cell: str) -> str | None:
    code = unicodedata.normalize("NFKC", cell).removesuffix(".0")
    return code if re.fullmatch("[0-9]{0,12}", code) else None


@cache
def _printed_markers() -> dict[str, str]:
    return {
        even(word): marker.printed for marker in direct_fund_markers()
        for word in (marker.code, marker.code.lstrip("0"), marker.name, marker.printed)
    }


def read_marker(cell: str) -> str | None:
    """A marker as papers print it, however an export or a person joins its code and name; else as it stands.

    A spreadsheet drops the 0 of a code; what names another code than its name stays as it stands.

    >>> read_marker("０１　中央直达资金"), read_marker("1"), read_marker("02 中央直达资金")
    ('01 中央直达资金', '01 中央直达资金', '02 中央直达资金')
    """
    told = {_printed_markers().get(part, "") for part in re.findall(r"^[0-9]+|[^0-9\W].*$", even(cell))}
    return (told.pop() if len(told) == 1 else "") or _harmless(cell.strip())


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
        code = unicodedata.normalize("NFKC", cells.get("division_code", "")).removesuffix(".0")
        coded = by_code.get(code[:6]) if re.fullmatch("[0-9]{6}(000)?", code) else None
        named = by_name(cells.get("unit_name", ""))
        if named and coded not in (None, named) and named in by_code.values():
            return TWO_UNITS
        return named or coded

    return find
