"""What a unit typed for one value, in words: to be read beside what it typed in the version before."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from metrics.explain import BAND_WORDS, measured_words, show_number

# What holds a figure of the version before, by the name that it has in this version.
PREVIOUS = {
    "numerator": "previous_numerator", "denominator": "previous_denominator", "value": "previous_value",
    "prior_value": "previous_prior_value", "band": "previous_band", "band_share": "previous_band_share",
    "is_not_applicable": "previous_is_not_applicable",
}

Row = Mapping[str, Any]


def show_reported(row: Row) -> str:
    """The figures of a value as they were typed, nothing computed from them; empty where nothing was typed.

    Reads: ``numerator``, ``denominator``, ``value``, ``prior_value``, ``band``, ``band_share``,
           ``is_not_applicable``, ``unit_text``, ``entry_kind`` (paid for the money paid).
    Unit:  as typed; the money paid in 万元, unrounded.

    >>> show_reported({"numerator": Decimal(88), "denominator": Decimal(100)})
    '88/100'
    >>> show_reported({"value": Decimal(29390000), "entry_kind": "paid"})
    '2,939万元'
    """
    if row.get("is_not_applicable"):
        return "不适用"
    parts = [*_own(row)]
    if parts and row.get("prior_value") is not None:
        parts.append(f"上年 {_plain(row['prior_value'])}")
    return "，".join(parts)


def actual_words(row: Row) -> str:
    """What was reached, as the score's sentence says it; what was typed where there is no score; '' for nothing."""
    if row.get("score_micro") is None:
        return show_reported(row)
    return measured_words(row).removeprefix("实际 ")


def show_previous(row: Row) -> str:
    """As ``show_reported``, of the version before."""
    return show_reported({**row, **{name: row.get(old) for name, old in PREVIOUS.items()}})


def _own(row: Row) -> list[str]:
    numerator, denominator, value = row.get("numerator"), row.get("denominator"), row.get("value")
    if numerator is not None or denominator is not None:
        return [f"{_plain(numerator)}/{_plain(denominator)}"]
    if value is not None:
        if row.get("entry_kind") == "paid":
            return [f"{(Decimal(value) / 10_000).normalize():,f}万元"]
        return [f"{_plain(value)}{row.get('unit_text') or ''}"]
    if row.get("band") is not None:
        share = row.get("band_share")
        return [f"{BAND_WORDS.get(int(row['band']), '无此档次')}" + ("" if share is None else f" {_plain(share)}%")]
    return []


def _plain(number: Any) -> str:
    """A number as it was typed, with separators; 「未填」 where a half is missing."""
    return "未填" if number is None else show_number(Decimal(number))
