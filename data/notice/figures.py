"""Numbers and money units as notices print them: 1,200.50, －530, 3亿元."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

YUAN_PER_UNIT = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}

_UNIT_WORD = r"(百万元|亿元|万元|千元|元)"
_STATED_UNIT = re.compile(r"单位:?(?:人民币)?" + _UNIT_WORD)
_BRACKETED_UNIT = re.compile(r"[(,](?:单位:)?" + _UNIT_WORD + r"[),]?(?!/)")
_AMOUNT_UNIT = re.compile(r"\d\s*(百万元|亿元|万元|千元|元)(?!/)")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_NO_FIGURE = {"", "-", "--", "—", "——", "/", "\\", "无", "·"}


def narrow(text: str) -> str:
    """Turn full-width digits, signs and brackets into half-width ones; words stay as they are.

    >>> narrow("(2021)－3％")
    '(2021)-3%'
    """
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-")


def squeeze(text: str) -> str:
    """Take every space out of a cell, the wide and the non-breaking ones too.

    >>> squeeze("合    计")
    '合计'
    """
    return re.sub(r"[\s\u3000\u200b\ufeff]+", "", text)


def parse_number(text: str) -> Decimal | None:
    """Read a cell as a number.

    Unit:  the number as printed; a unit behind it is dropped, see ``cell_unit``.
    Empty: None for words, blanks and dashes; never 0.

    >>> parse_number("1,200.50"), parse_number("−530"), parse_number("—")
    (Decimal('1200.50'), Decimal('-530'), None)
    """
    words = squeeze(narrow(text))
    if words in _NO_FIGURE:
        return None
    words = words.removesuffix(cell_unit(words))
    if not _NUMBER.fullmatch(words):
        return None
    try:
        return Decimal(words.replace(",", ""))
    except InvalidOperation:
        return None


def cell_unit(text: str) -> str:
    """Name the money unit that a cell carries behind its number; empty if none."""
    words = squeeze(narrow(text))
    found = [unit for unit in YUAN_PER_UNIT if words.endswith(unit) and words[0] in "+-0123456789"]
    return max(found, key=len) if found else ""


def stated_unit(text: str) -> str:
    """Read 「单位:万元」 out of a line; empty if it states none."""
    found = _STATED_UNIT.search(squeeze(narrow(text)))
    return found.group(1) if found else ""


def bracketed_unit(text: str) -> str:
    """Read the unit in a column head, 「市级资金(万元)」; empty if it states none."""
    found = _BRACKETED_UNIT.search(squeeze(narrow(text)))
    return found.group(1) if found else ""


def amount_unit(text: str) -> str:
    """Read the unit behind the first amount of a sentence; empty if it has no amount."""
    found = _AMOUNT_UNIT.search(narrow(text))
    return found.group(1) if found else ""


def to_yuan(number: Decimal | None, unit: str) -> Decimal | None:
    """Turn a number in a money unit into 元; None where the number or its unit is unknown."""
    if number is None or unit not in YUAN_PER_UNIT:
        return None
    return number * YUAN_PER_UNIT[unit]
