"""Amounts and dates as notices print them: 3亿元, 1,402万, 二○○六年二月八日, 2022622."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from data.notice.figures import YUAN_PER_UNIT

# Sentences also say 万 and 亿 without 元, and count in 百元 and 千万元.
_YUAN_PER_WORD = YUAN_PER_UNIT | {
    "百元": Decimal(100), "万": Decimal(10_000), "千万元": Decimal(10_000_000), "亿": Decimal(100_000_000),
}

AMOUNT = (
    r"(?P<figure>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)"
    r"(?P<unit>亿元|千万元|百万元|万元|千元|百元|亿|万|元)"
)

_ZEROS = "零〇○ＯOo0◯Ο０"
_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"壹": 1, "贰": 2, "叁": 3, "肆": 4}
_DIGITS |= dict(zip("伍陆柒捌玖", range(5, 10), strict=True)) | dict.fromkeys(_ZEROS, 0) | {"元": 1, "两": 2}
_NUMERAL = rf"[一二三四五六七八九十廿卅两{_ZEROS}]"

# A date with 年 and 月; 日 may be missing (2018年1月17印发).
CHINESE_DATE = (
    r"(?P<year>(?:19|20)\d\d)年度?(?P<month>1[0-2]|0?[1-9])月(?P<day>3[01]|[12]\d|0?[1-9])(?:日|号|(?!\d))"
)
NUMERAL_DATE = (
    rf"(?P<year_text>[一二]{_NUMERAL}{{3}})年"
    rf"(?P<month_text>{_NUMERAL}{{1,3}})月(?P<day_text>{_NUMERAL}{{1,3}})日?"
)
PLAIN_DATE = r"(?P<y>(?:19|20)\d\d)[-./](?P<m>1[0-2]|0?[1-9])[-./](?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
RUN_TOGETHER_DATE = r"(?<!\d)(?P<run>(?:19|20)\d{5,6})(?:日|(?!\d))"

_DATE_SHAPES = tuple(re.compile(shape) for shape in (CHINESE_DATE, NUMERAL_DATE, PLAIN_DATE))
_RUN_TOGETHER = re.compile(RUN_TOGETHER_DATE)


def yuan(figure: str, unit: str) -> Decimal:
    """A printed figure in 元.

    >>> yuan("1,402", "万元")
    Decimal('14020000')
    """
    return Decimal(figure.replace(",", "")) * _YUAN_PER_WORD[unit]


def find_date(text: str, *, may_run_together: bool = False) -> tuple[date, int, int] | None:
    """The first date in a text without spaces, with its place; None if there is none.

    ``may_run_together`` also takes 2022622 (年, 月 and 日 lost): only where nothing but a date stands.

    >>> find_date("二○○六年二月八日")
    (datetime.date(2006, 2, 8), 0, 9)
    >>> find_date("2022622", may_run_together=True)[0]
    datetime.date(2022, 6, 22)
    """
    found = [_date_of(match) for shape in _DATE_SHAPES for match in shape.finditer(text)]
    if may_run_together:
        found += [_run_together(match) for match in _RUN_TOGETHER.finditer(text)]
    real = [place for place in found if place]
    return min(real, key=lambda place: place[1]) if real else None


def chinese_number(text: str) -> int | None:
    """A Chinese or Arabic number below a hundred (三, 十五, 二十, 廿一, 30); None if it is none.

    >>> chinese_number("二十三"), chinese_number("三十"), chinese_number("12")
    (23, 30, 12)
    """
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        head = _DIGITS.get(tens, None) if tens else 1
        tail = _DIGITS.get(ones, None) if ones else 0
        return None if head is None or tail is None else head * 10 + tail
    digits = [_DIGITS.get(character) for character in text]
    if not digits or any(digit is None for digit in digits):
        return None
    return int("".join(str(digit) for digit in digits))


def _date_of(match: re.Match[str]) -> tuple[date, int, int] | None:
    groups = match.groupdict()
    if groups.get("year_text"):
        parts = [chinese_number(groups[name]) for name in ("year_text", "month_text", "day_text")]
    else:
        parts = [int(value) for value in groups.values() if value]
    return _placed(parts, match)


def _run_together(match: re.Match[str]) -> tuple[date, int, int] | None:
    run = match["run"]
    if len(run) == 8:
        return _placed([int(run[:4]), int(run[4:6]), int(run[6:])], match)
    one_digit_month = _placed([int(run[:4]), int(run[4]), int(run[5:])], match)
    return one_digit_month or _placed([int(run[:4]), int(run[4:6]), int(run[6])], match)


def _placed(parts: list[int | None] | list[int], match: re.Match[str]) -> tuple[date, int, int] | None:
    year, month, day = parts
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day), match.start(), match.end()
    except ValueError:
        return None
