"""Working days: the State Council's yearly arrangement, the region's own holidays, and the legal count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import chinese_calendar

from data.errors import CalendarError
from data.reference import RegionalDay, regional_days

WEEKDAYS = "一二三四五六日"
FIRST_YEAR = min(day.year for day in chinese_calendar.holidays)
LAST_YEAR = max(day.year for day in chinese_calendar.holidays)

_HOLIDAY_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
# ①–⑳, ㉑–㉟, ㊱–㊿ stand in three places of Unicode.
_CIRCLED = "".join(
    chr(first + step) for first, count in ((0x2460, 20), (0x3251, 15), (0x32B1, 15)) for step in range(count)
)


@dataclass(frozen=True)
class CountedDay:
    """A working day of a count; ``note`` says why a weekend day counts (国庆节调休上班), else empty."""

    day: date
    ordinal: int
    note: str


@dataclass(frozen=True)
class SkippedDay:
    """A day that a count passes over, and why (周六, 元旦放假, 古尔邦节（地区）放假)."""

    day: date
    why: str


@dataclass(frozen=True)
class DueDate:
    """A limit in working days, with every day of its count; ``note`` is what to know about the calendar."""

    received_on: date
    working_days: int
    due_on: date
    counted: tuple[CountedDay, ...]
    skipped: tuple[SkippedDay, ...]
    note: str


def region_holds(row_code: str, region_code: str) -> bool:
    """Whether what is arranged for one division holds in another: a row for 650000 holds in 652800.

    >>> region_holds("650000", "652822"), region_holds("652800", "650000")
    (True, False)
    """
    return region_code[:6].startswith(_significant(row_code))


def _significant(code: str) -> str:
    code = code[:6]
    while code.endswith("00"):
        code = code[:-2]
    return code


class WorkingCalendar:
    """Which days are working days in one place.

    Reads:  those of the ``regional`` rows that hold in ``region_code``; the nearer level overrides.
    Empty:  no code (None): every given row holds; an empty code or no row: the national arrangement alone.
    Raises: CalendarError for a year whose arrangement is not published; never a guess.
    Source: metrics.law.WORKING_DAY_SOURCE, metrics.law.REGIONAL_HOLIDAY_SOURCE.

    >>> WorkingCalendar().is_working_day(date(2021, 12, 27))
    True
    """

    def __init__(self, regional: Iterable[RegionalDay] = (), region_code: str | None = None) -> None:
        """Keep the rows that hold in the region; a county's row overrides its prefecture's."""
        rows = [
            row for row in regional if region_code is None or region_holds(row.region_code, region_code)
        ]
        rows.sort(key=lambda row: len(_significant(row.region_code)))
        self._regional = {row.day: row for row in rows}
        self._covered_years = {row.day.year for row in rows}

    def is_working_day(self, day: date) -> bool:
        """Whether state organs work on that day in this place.

        Raises: CalendarError if the year's arrangement is not published.
        """
        return not self._rest_reason(day)

    def kind_of_day(self, day: date) -> tuple[bool, str]:
        """Whether a day is a working day, and why a weekday is free or a weekend day is worked; else no words.

        Raises: CalendarError if the year's arrangement is not published.

        >>> WorkingCalendar().kind_of_day(date(2022, 1, 29))
        (True, '周六，春节调休上班')
        """
        why = self._rest_reason(day)
        return not why, why or self._work_note(day)

    def count(self, received_on: date, working_days: int) -> DueDate:
        """The last day of a limit of N working days after receipt.

        The day of receipt is day 0, whatever day it is; the last day counts.

        Raises: CalendarError if N is below 1 or the count runs into an unpublished year.
        Source: metrics.law.DAY_COUNT_SOURCE, by analogy.

        >>> WorkingCalendar().count(date(2021, 12, 22), 3).due_on
        datetime.date(2021, 12, 27)
        """
        if working_days < 1:
            raise CalendarError(f"工作日数应当是不小于1的整数，现在是{working_days}：请更正后再算。")
        counted: list[CountedDay] = []
        skipped: list[SkippedDay] = []
        day = received_on
        while len(counted) < working_days:
            day = _next(day)
            why = self._rest_reason(day)
            if why:
                skipped.append(SkippedDay(day, why))
            else:
                counted.append(CountedDay(day, len(counted) + 1, self._work_note(day)))
        return DueDate(
            received_on=received_on,
            working_days=working_days,
            due_on=day,
            counted=tuple(counted),
            skipped=tuple(skipped),
            note=self._calendar_note(received_on, day),
        )

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; 0 if end is not later.

        With the due date and the day it was done: by how many working days it is late.

        Raises: CalendarError if the days run into an unpublished year.

        >>> WorkingCalendar().working_days_between(date(2021, 12, 27), date(2022, 1, 4))
        5
        """
        days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def _rest_reason(self, day: date) -> str:
        """Why nobody works on that day; empty for a working day."""
        _check_published(day)
        regional = self._regional.get(day)
        if regional is not None:
            return "" if regional.is_working else f"{regional.name}（地区）放假"
        is_rest, holiday = chinese_calendar.get_holiday_detail(day)
        if not is_rest:
            return ""
        return f"{_HOLIDAY_NAMES[holiday]}放假" if holiday else _weekday(day)

    def _work_note(self, day: date) -> str:
        if day.weekday() < 5:
            return ""
        regional = self._regional.get(day)
        if regional is not None:
            return f"{_weekday(day)}，{regional.name}（地区）调休上班"
        _, holiday = chinese_calendar.get_holiday_detail(day)
        return f"{_weekday(day)}，{_HOLIDAY_NAMES[holiday]}调休上班" if holiday else _weekday(day)

    def _calendar_note(self, received_on: date, due_on: date) -> str:
        """What a reader must know about the days used: national only, a year without regional rows."""
        notes = []
        if not self._regional:
            notes.append("只按国务院办公厅的全国放假安排计算，未计地区民族节日。")
        else:
            missing = sorted(set(range(received_on.year, due_on.year + 1)) - self._covered_years)
            if missing:
                years = "、".join(f"{year}年" for year in missing)
                notes.append(f"{years}的地区民族节日放假安排尚未收录，按全国放假安排计算。")
        if due_on.year == LAST_YEAR and (due_on.month, due_on.day) >= (12, 25):
            notes.append(f"{LAST_YEAR + 1}年元旦的放假安排尚未公布，12月末的调休可能改变这一结果。")
        return "".join(notes)


def calendar_for(region_code: str | None = None) -> WorkingCalendar:
    """The calendar of a region with the rows on file; the national one without a code.

    >>> calendar_for("652800").count(date(2025, 6, 5), 3).due_on
    datetime.date(2025, 6, 13)
    """
    return WorkingCalendar(regional_days(), region_code or "")


def unpublished_sentence(year: int) -> str:
    """Why nothing can be counted in a year, and what to do; empty for a year whose arrangement is on file.

    >>> unpublished_sentence(2021)
    ''
    """
    if year > LAST_YEAR:
        return (
            f"{year}年的放假安排尚未公布或尚未收录，不能推算工作日：国务院办公厅一般在上一年的10月底到11月公布，"
            "请在公布以后更新程序（节假日数据 chinesecalendar）再算。"
        )
    return "" if year >= FIRST_YEAR else (
        f"{year}年的放假安排没有收录（只有{FIRST_YEAR}–{LAST_YEAR}年）：请核对收文日期的年份。"
    )


def print_count(due: DueDate) -> str:
    """The count as a person would write it down.

    >>> print_count(WorkingCalendar().count(date(2021, 12, 22), 3))
    '12-23 ①、12-24 ②、12-27 ③'
    """
    return "、".join(f"{counted.day:%m-%d} {_circled(counted.ordinal)}" for counted in due.counted)


def deadline_as_json(received_on: date, working_days: int, region_code: str | None = None) -> dict[str, Any]:
    """A working-day limit with its count, ready for JSON; ``region`` is null for the national calendar.

    Raises: CalendarError as ``WorkingCalendar.count``, or if the region code is not 6 (or 9) digits.
    """
    if region_code and not re.fullmatch(r"\d{6}(\d{3})?", region_code):
        raise CalendarError(f"地区代码“{region_code}”不是6位或9位数字：请填区划代码，例如巴州652800。")
    due = calendar_for(region_code).count(received_on, working_days)
    return {
        "received": received_on.isoformat(),
        "working_days": working_days,
        "region": region_code or None,
        "due": due.due_on.isoformat(),
        "counted": [{"date": item.day.isoformat(), "ordinal": item.ordinal} for item in due.counted],
        "skipped": [{"date": item.day.isoformat(), "reason": item.why} for item in due.skipped],
        "note": due.note,
    }


def _next(day: date) -> date:
    try:
        return day + timedelta(days=1)
    except OverflowError:
        raise CalendarError(f"{day.year}年之后没有日历：请更正收文日期。") from None


def _check_published(day: date) -> None:
    sentence = unpublished_sentence(day.year)
    if sentence:
        raise CalendarError(sentence)


def _weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


def _circled(ordinal: int) -> str:
    return _CIRCLED[ordinal - 1] if ordinal <= len(_CIRCLED) else f"({ordinal})"
