"""A typed cell → a number, or a fault that says what was found; the ways people write numbers are accepted."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

MAX_DIGITS = 15    # a workbook keeps no more
MAX_NUMBER = Decimal(10**14)     # the store keeps fourteen digits before the point

_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_LABEL_UNIT = re.compile(r"[（(]([^（()）]{1,8})[)）]\s*$")


@dataclass(frozen=True)
class CellFault:
    """Why a cell is no number: a stable code and the second half of a sentence."""

    code: str
    words: str


@dataclass(frozen=True)
class TypedCell:
    """A cell as two readings of the same file have it: with formulas, and with the values last computed."""

    value: Any
    formula: str = ""
    is_error: bool = False
    is_percent: bool = False      # by its number format: the screen shows 88.16%

    @property
    def is_empty(self) -> bool:
        """Whether a person would see nothing here."""
        return not self.formula and (self.value is None or not str(self.value).strip())


def label_unit(label: str) -> str:
    """The unit that a label ends with: 人次 of 按时发放人次（人次）."""
    found = _LABEL_UNIT.search(label)
    return found[1] if found else ""


def read_number(cell: TypedCell, units: frozenset[str], is_percentage: bool) -> Decimal | CellFault | None:
    """The number in a cell; None if it is empty.

    ``units`` may stand behind the number; ``is_percentage`` says that the cell asks for so many per cent,
    so that a percent sign is one of them and a cell shown as 88.16% means 88.16.
    """
    if cell.is_empty:
        return None
    fault = _kind_fault(cell)
    if fault:
        return fault
    value = cell.value
    if isinstance(value, int | float):
        stored = Decimal(format(value, f".{MAX_DIGITS}g"))
        number: Decimal | CellFault = stored
        if cell.is_percent:
            number = stored * 100 if is_percentage else _percent_fault(f"{(stored * 100).normalize():f}%")
    else:
        number = _from_text(str(value), units | {"%"} if is_percentage else units)
    if isinstance(number, Decimal) and number < 0:
        return CellFault("negative-number", f"是负数“{number:f}”，应不小于 0")
    if isinstance(number, Decimal) and number >= MAX_NUMBER:
        return CellFault("number-too-long", f"的数字“{number:f}”过大，请检查")
    return number


def _kind_fault(cell: TypedCell) -> CellFault | None:
    value = cell.value
    if cell.is_error:
        return CellFault("error-value", f"是公式错误值“{value}”，请改为数字")
    if cell.formula and value is None:
        return CellFault("formula-without-value", "是没有计算结果的公式，请直接填数字，或用 Excel 打开保存后再上传")
    if isinstance(value, bool):
        return CellFault("text-in-number-cell", f"应填数字，现为“{'TRUE' if value else 'FALSE'}”")
    if isinstance(value, date | datetime | time | timedelta):
        shown = value.date() if isinstance(value, datetime) else value
        return CellFault("date-in-number-cell", f"应填数字，现为日期或时间“{shown}”，请把单元格格式改为常规后重填")
    if isinstance(value, float) and value - value != 0:
        return CellFault("error-value", "不是有效的数字，请改为数字")
    return None


def _from_text(text: str, units: frozenset[str]) -> Decimal | CellFault:
    # NFKC makes １１０２ and ，and ％ their narrow forms.
    words = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    for unit in sorted((unicodedata.normalize("NFKC", unit) for unit in units if unit), key=len, reverse=True):
        if words.endswith(unit):
            words = words.removesuffix(unit)
            break
    if _PLAIN.fullmatch(words) or _GROUPED.fullmatch(words):
        digits = words.replace(",", "").lstrip("+")
        if sum(character.isdecimal() for character in digits.lstrip("0")) <= MAX_DIGITS + 3:
            return Decimal(digits)
        return CellFault("number-too-long", f"的数字“{_short(text)}”位数过多，请检查")
    if words.endswith("%"):
        return _percent_fault(_short(text))
    return CellFault("text-in-number-cell", f"应填数字，现为“{_short(text)}”，请只填数字")


def _percent_fault(shown: str) -> CellFault:
    return CellFault("percent-in-count-cell", f"应填实际数，现为百分比“{shown}”，请填数字，不填百分比")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 20 else words[:20] + "…"
