"""Typed cells by field and indicator: the same whether they stand in a workbook, on a page or in a draft."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from data.intake.columns import ACTUAL_FIELDS, COLUMNS, TEXT_FIELDS, asked_fields
from data.intake.form import EntryKind, FormRow, ReportForm
from data.intake.numbers import MAX_DIGITS, TypedCell

Key = tuple[str, int]      # field, indicator_no
Cells = Mapping[Key, str]  # what stands in each cell that is not empty, right or wrong

PAID, FILLED_BY, STATEMENT = ("paid", 0), ("filled_by", 0), ("statement", 0)
HEAD_NAMES = {PAID: "全年执行数（万元）", FILLED_BY: "填报人", STATEMENT: "已知局限"}
ERROR_WORDS = frozenset({
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!",
})
MAX_CELL_LENGTH = 32_767    # a workbook's cell holds no more


class CellSource(Protocol):
    """Anything that typed cells can be read from."""

    def holds(self, indicator_no: int) -> bool:
        """Whether the indicator has a row at all."""

    def cell(self, key: Key) -> TypedCell:
        """A cell as a person typed it."""

    def place(self, key: Key) -> str:
        """Where a person finds the cell."""


@dataclass(frozen=True)
class FormCells:
    """What was typed on the page or kept in a draft: every cell is text."""

    cells: Cells

    def holds(self, indicator_no: int) -> bool:
        """The page shows every indicator."""
        return True

    def cell(self, key: Key) -> TypedCell:
        """A cell as a person typed it; a formula is not computed on a page."""
        text = self.cells.get(key, "")
        if text.startswith("=") and len(text) > 1:
            return TypedCell(None, formula=text)
        return TypedCell(text or None, is_error=text.strip().upper() in ERROR_WORDS)

    def place(self, key: Key) -> str:
        """Where a person finds the cell on the page: 第12项·分子."""
        return form_place(key)


def form_place(key: Key) -> str:
    """A cell as a person reads it on the page: 第12项·分子."""
    field, indicator_no = key
    if key in HEAD_NAMES:
        return HEAD_NAMES[key].removesuffix("（万元）")
    return f"第{indicator_no}项·{COLUMNS[field][1].removesuffix('（%）')}"


def typed_fields(entry: EntryKind) -> tuple[str, ...]:
    """The fields that a page offers for an indicator, in the order of the sheet; none for a computed one."""
    if entry is EntryKind.FROM_RECEIPT:
        return ()
    asked = asked_fields(entry)
    return (
        *(field for field in ACTUAL_FIELDS if field in asked), *TEXT_FIELDS, "not_applicable", "claimed_points",
    )


def starting_cells(form: ReportForm) -> dict[Key, str]:
    """What stands in an untouched form: last year's values, where they are known."""
    return {
        ("prior_value", row.indicator_no): plain(row.prior_value)
        for row in form.rows if row.prior_value is not None and "prior_value" in asked_fields(row.entry)
    }


def cells_of(source: CellSource, form: ReportForm) -> dict[Key, str]:
    """Every typed cell of a source as text, right or wrong, so that it can be kept and mended."""
    keys = [PAID, FILLED_BY, *(key for row in form.rows if source.holds(row.indicator_no) for key in row_keys(row))]
    texts = {key: shown_text(source.cell(key)) for key in keys}
    return {key: text for key, text in texts.items() if text}


def row_keys(row: FormRow) -> list[Key]:
    """Every cell of an indicator's row that a person could have typed into, also those that nobody asked for."""
    if row.entry is EntryKind.FROM_RECEIPT:
        return []
    fields = (*ACTUAL_FIELDS, *TEXT_FIELDS, "not_applicable", "claimed_points")
    return [(field, row.indicator_no) for field in fields]


def shown_text(typed: TypedCell) -> str:
    """A cell as a person sees it: 1102, 88.16%, 2021-09-30; empty if nothing stands there."""
    value = typed.value
    if typed.is_empty:
        return ""
    if typed.formula and value is None:
        return typed.formula if typed.formula.startswith("=") else f"={typed.formula}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time | timedelta):
        return str(value)
    if isinstance(value, int | float):
        return _number_text(value, typed.is_percent)
    return str(value).replace("\r\n", "\n").strip()


def _number_text(value: int | float, is_percent: bool) -> str:
    if isinstance(value, float) and value - value != 0:
        return "#NUM!"
    number = Decimal(format(value, f".{MAX_DIGITS}g"))
    return f"{plain(number * 100)}%" if is_percent else plain(number)


def plain(number: Decimal) -> str:
    """A number without needless zeros and without an exponent: 640.5, 1200."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_json(cells: Cells) -> str:
    """Cells as they are kept: indicator → field → text, in a fixed order; 0 is the head of the form."""
    kept: dict[str, dict[str, str]] = {}
    for (field, indicator_no), text in sorted(cells.items(), key=lambda item: (item[0][1], item[0][0])):
        kept.setdefault(str(indicator_no), {})[field] = text
    return json.dumps(kept, ensure_ascii=False)


def from_json(text: str) -> dict[Key, str]:
    """The cells that ``to_json`` wrote."""
    return {
        (field, int(indicator_no)): words
        for indicator_no, fields in json.loads(text).items() for field, words in fields.items()
    }


def changed_keys(before: Cells, after: Cells) -> list[Key]:
    """The cells in which two states differ, in the order of the form."""
    order = [*COLUMNS]
    keys = {key for key in {*before, *after} if before.get(key, "") != after.get(key, "")}
    return sorted(keys, key=lambda key: (key[1], order.index(key[0]) if key[0] in order else -1, key[0]))
