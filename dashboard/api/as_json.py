"""A board's result as JSON that loses nothing: whole numbers as numbers, all others as text, missing as null."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from numbers import Integral
from typing import Any

import pandas as pd

from data.audit import LogEntry

# Columns of whole numbers in which pandas made floats because one is missing.
_WHOLE_SUFFIXES = ("_micro", "_no", "_count", "_days", "_version", "_year", "_month")
_FEN = Decimal("0.01")


def as_json(value: Any, name: str = "") -> Any:
    """A value of a board, with the name of its column or field.

    A float with an integer's name is whole; one that is money has its fen. Other numbers with a fraction are
    text, so that no reader rounds them. A file's bytes are Base64.

    Raises: TypeError for what has no faithful form.

    >>> as_json(17700000.0, "after_yuan"), as_json(0.1, "bound"), as_json(float("nan")), as_json(3.0, "line_no")
    ('17700000.00', '0.1', None, 3)
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, Enum):
        return as_json(value.value, name)
    if isinstance(value, pd.DataFrame):
        return rows_as_json(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name), field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json(entry, str(key)) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(entry, name) for entry in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return _scalar(value, name)


def _scalar(value: Any, name: str) -> Any:
    if value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "item"):      # numpy's own numbers and truth values
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, float):
        return _float(value, name)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else None
    if isinstance(value, datetime):
        return _moment(value, name)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{name}: {type(value).__name__}")


def _float(value: float, name: str) -> Any:
    if not math.isfinite(value):
        return None
    if name.endswith(_WHOLE_SUFFIXES) and value.is_integer():
        return int(value)
    # The shortest text of a double is the decimal that it was made from, up to 15 digits.
    exact = Decimal(repr(value))
    return format(exact.quantize(_FEN) if name.endswith("_yuan") else exact.normalize(), "f")


def _moment(value: datetime, name: str) -> str:
    return value.date().isoformat() if name.endswith("_on") else value.isoformat()


def rows_as_json(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, in their order."""
    columns = [str(name) for name in table.columns]
    return [
        {name: as_json(value, name) for name, value in zip(columns, row, strict=True)}
        for row in zip(*(table[name].tolist() for name in table.columns), strict=True)
    ]


def receipt_as_json(entry: LogEntry | None) -> dict[str, Any] | None:
    """The receipt of an action as the page prints it, and its parts; None where nothing was written."""
    if entry is None:
        return None
    return {"entry_no": entry.entry_no, "entry_hash": entry.entry_hash, "text": str(entry)}
