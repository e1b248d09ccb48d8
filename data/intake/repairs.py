"""What a mistyped cell obviously should hold; offered to the person, never taken without a click."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from data.intake.columns import NOT_APPLICABLE
from data.intake.numbers import TypedCell, read_number

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(万|亿)?([一-鿿%/]{0,6})")
_SCALE = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_OF_WAN = {"": Decimal(1), "万": Decimal(1), "万元": Decimal(1), "元": Decimal("0.0001"), "亿元": Decimal(10_000)}
_LETTERS = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "。": ".", "'": ",", "’": ","})
# Words that count the same thing; 户 for 人 would be another figure, not another word.
_SAME_WORDS = ({"人", "名", "个", "位"}, {"人次", "次"}, {"户", "家"}, {"件", "个"}, {"元", "块"})
_YES = {"是", "√", "不适用", "不涉及", "无此项", "无此业务", "NA", "N/A", "Y", "YES"}
_NO = {"否", "×", "适用", "无", "-", "N", "NO", "/"}


def repaired_number(text: str, units: frozenset[str], is_percentage: bool) -> str | None:
    """The number that a text obviously means; None where a person must decide.

    A per cent in a cell that asks for a count, a negative number, a date or a word such as 约 has none.

    >>> repaired_number("1102名", frozenset({"人"}), False), repaired_number("1.2万人", frozenset({"人"}), False)
    ('1102', '12000')
    >>> repaired_number("11O2", frozenset(), False), repaired_number("约1102", frozenset(), False)
    ('1102', None)
    """
    words = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).rstrip("。.,，;；")
    digits = words.translate(_LETTERS)
    if not any(character.isdecimal() for character in words):
        return None
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?\D*", digits):
        digits = digits.replace(",", "")
    found = _NUMBER.fullmatch(digits)
    if not found:
        return None
    number, scale, unit = Decimal(found[1]), found[2] or "", found[3]
    if "万元" in units:     # the cell itself counts in 万元
        factor = _OF_WAN.get(scale + unit)
        if factor is None:
            return None
        number *= factor
    else:
        known = {unicodedata.normalize("NFKC", each) for each in units} | {"", "%" if is_percentage else ""}
        known |= {word for same in _SAME_WORDS if same & known or not units for word in same}
        if unit not in known or (is_percentage and scale):
            return None
        number *= _SCALE[scale]
    repaired = f"{number:f}"
    repaired = repaired.rstrip("0").rstrip(".") if "." in repaired else repaired
    return repaired if isinstance(read_number(TypedCell(repaired), units, is_percentage), Decimal) else None


def repaired_band(text: str, labels: Iterable[str]) -> str | None:
    """The band that a text obviously names, by its first words; None where a person must decide.

    >>> repaired_band("部分达成预期指标并具有一定效果", ("达成预期", "部分达成", "未达成"))
    '部分达成'
    """
    words = _bare(text)
    found = [label for label in labels if words.startswith(label)]
    return found[0] if len(found) == 1 else None


def repaired_mark(text: str) -> str | None:
    """不适用, or empty, where a text obviously says so; None where a person must decide."""
    words = _bare(text).upper()
    if words in {_bare(word) for word in _YES}:
        return NOT_APPLICABLE
    return "" if words in {_bare(word) for word in _NO} or not words else None


def _bare(text: str) -> str:
    return re.sub(r"[\s,，.。;；:：“”\"()（）]", "", unicodedata.normalize("NFKC", text))
