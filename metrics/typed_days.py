"""The days of a row as typed: received, done, and the year that a day without one belongs to."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from metrics.target_dates import Due, due_in_year, read_due
from metrics.target_numbers import normalise

_TIME_OF_DAY = re.compile(
    r"(?<=[\d日号])(?:[\sT]+|(?=上午|下午|[早晚]))(?:上午|下午|早上|晚上)?\d{1,2}(?:[:：]\d{2}){1,2}(?:\.\d+)?Z?\s*$"
)
_WORDS_AROUND_A_DAY = re.compile(r"已|于|在|完成|办结|下达|拨付|发放|印发|送达|收到|[\d年月日号.,/\-]")
_PARTS_OF_A_YEAR = re.compile(r"月|季|底|末|终|\d[./\-]\d|^\d{2},?\d{3}$")


class UnreadableDayError(Exception):
    """A day was typed and cannot be told; the message is a clause for a person."""


def typed_day(row: Mapping[str, str | None], name: str, label: str, year: int | None = None) -> date | None:
    """The day in a column; a day without a year takes ``year``.

    Empty:  None where nothing is typed.
    Raises: UnreadableDayError where something is typed that is no day, or has no year and none is known.
    """
    text = str(row.get(name) or "").strip()
    plain = normalise(without_time(text))
    if not plain or re.fullmatch(r"[-/\\]+|无|空", plain):
        return None
    due = read_due(plain, "完成时间")
    if due is None or due.day is None or _WORDS_AROUND_A_DAY.sub("", plain):
        raise UnreadableDayError(f"{label}“{text[:20]}”看不懂，请写成 2021-12-27 的样子")
    if due.on is None and year is None:
        raise UnreadableDayError(f"{label}“{text[:20]}”没有写年份")
    day = due_in_year(due, year or 0) if year or due.on else None
    if day is None:
        raise UnreadableDayError(f"{label}“{text[:20]}”在日历上不存在")
    return day


def without_time(text: str) -> str:
    """A day as typed, without the time of day behind it.

    >>> without_time("2021-12-27 09:00")
    '2021-12-27'
    """
    return _TIME_OF_DAY.sub("", text.strip())


def names_a_day(due: Due, plain: str) -> bool:
    """Whether a date as typed says more than the year: 「2022年」 is no day on which a thing was done."""
    return due.day is not None or bool(_PARTS_OF_A_YEAR.search(plain))


def first_possible_day(due: Due, last: date) -> date:
    """The first day that a date as typed may mean: 「12月」 may be the 1st, 12月27日 is itself."""
    return last.replace(day=1) if due.day is None and last.day == monthrange(last.year, last.month)[1] else last
