"""Rows of printed texts (target, actual, weight) turned into what the scoring rule reads."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from metrics.actuals import Actual, ActualKind, in_one_unit, parse_actual
from metrics.target_dates import read_due
from metrics.target_numbers import FINEST_STEP, LARGEST_NUMBER, chinese_number, normalise
from metrics.targets import Target, TargetKind, parse_target, scored_kind
from metrics.thresholds import BAND_PARTLY_FROM, BAND_REACHED_FROM
from metrics.weights import printed_weight_micro
from metrics.working_days import WorkingCalendar

_NUMBERS = frozenset({"bound", "upper", "value", "prior_value", "numerator", "denominator", "band_share"})
_LONGEST_LIMIT = 3650
_DAYS_IN = {"周": 7, "个星期": 7, "星期": 7}
_VERSUS_PRIOR = (
    TargetKind.NOT_BELOW_LAST_YEAR, TargetKind.INCREASE_OVER_LAST_YEAR, TargetKind.DECREASE_OVER_LAST_YEAR,
)
_SIZED_CHANGES = _VERSUS_PRIOR[1:]
_DAY_LIMITS = (TargetKind.WORKING_DAY_DEADLINE, TargetKind.CALENDAR_DAY_DEADLINE)

Texts = Mapping[str, str | None]
Input = dict[str, Any]


@dataclass(frozen=True)
class TextRow:
    """A row as read: its target, the rule's input, and what was taken for granted on the way."""

    target: Target
    score_input: Input
    unit: str
    notes: tuple[str, ...]
    refusal: str = ""
    has_weight: bool = True


class RefusalError(Exception):
    """Target and actual cannot be held against each other; a person decides."""


def read_text_row(row: Texts, number: int, as_of: date, working: WorkingCalendar) -> TextRow:
    """One row of texts as the scoring rule's input; what cannot be compared becomes ``other``.

    Reads:  ``target_text, actual_text, weight``; where present ``indicator, level2, prior_text,
            numerator, denominator, received, done, year``.
    Raises: CalendarError where working days of a year without an arrangement are needed.
    """
    target = parse_target(_text(row, "target_text"), _text(row, "indicator"))
    kind, reason = scored_kind(target, _text(row, "indicator"), _text(row, "level2"))
    actual = parse_actual(_text(row, "actual_text"), target.kind is TargetKind.DATE_DEADLINE)
    weight = printed_weight_micro(_text(row, "weight"))
    given: Input = {
        "recipient_id": "", "indicator_no": number, "round_id": "", "scored_kind": kind.value,
        "as_of_on": as_of, "weight_micro": weight or 0, "is_reported": actual.kind is not ActualKind.EMPTY,
        "scale": target.scale if kind not in _SIZED_CHANGES else 1,
    }
    notes = [reason] if target.is_bare and kind is not TargetKind.OTHER else []
    refusal = "" if kind is not TargetKind.OTHER else reason.removesuffix("，由人判定。")
    if weight is None:
        notes.append("分值没有写或读不出，没有计分。")
    unit = target.unit
    try:
        notes += _fill(given, row, replace(target, kind=kind), actual, working)
        unit = given.pop("unit", unit)
    except RefusalError as refused:
        given = {name: value for name, value in given.items() if name not in _NUMBERS}
        given["scored_kind"] = TargetKind.OTHER.value
        refusal = str(refused)
    return TextRow(target, given, unit, tuple(notes), refusal, weight is not None)


def _fill(given: Input, row: Texts, target: Target, actual: Actual, working: WorkingCalendar) -> list[str]:
    if target.kind is TargetKind.OTHER:
        return []
    if target.kind in _DAY_LIMITS:
        return _fill_days(given, row, target, working)
    if target.kind is TargetKind.DATE_DEADLINE:
        return _fill_date(given, row, target, actual)
    counts = _typed_counts(row, actual)
    if counts:
        given.update(counts, is_reported=True)
    if not given["is_reported"]:
        return []
    if target.kind is TargetKind.QUALITATIVE:
        return _fill_words(given, target, actual)
    if counts:
        return _fill_bounds(given, target, row)
    if target.kind is TargetKind.FULL_COVERAGE:
        return _fill_coverage(given, actual)
    return _fill_value(given, target, actual, row)


def _fill_value(given: Input, target: Target, actual: Actual, row: Texts) -> list[str]:
    if actual.kind is not ActualKind.NUMBER or actual.number is None:
        raise RefusalError(actual.note or f"目标是数，实际“{actual.text}”不是一个数")
    notes = [actual.note + "。"] if actual.note else []
    if target.kind in _VERSUS_PRIOR:
        given["value"], given["bound"] = actual.number, target.bound
        notes += _fill_prior(given, actual, row)
    else:
        numbers = [number for number in (target.bound, target.upper) if number is not None]
        compared = [in_one_unit(number, target.unit, actual.number, actual.unit) for number in numbers]
        known = [pair for pair in compared if pair is not None]
        if not known or len(known) < len(compared):
            raise RefusalError(
                f"实际的单位“{actual.unit or '没有写'}”和目标的单位“{target.unit or '没有写'}”不能直接比较"
            )
        first = known[0]
        given["bound"], given["value"], given["unit"] = first.bound, first.value, first.unit
        given["upper"] = known[1].bound if len(known) > 1 else None
        notes += [first.note + "。"] if first.note else []
    _fit(given, ("bound", "upper", "value", "prior_value"))
    return notes


def _fill_prior(given: Input, actual: Actual, row: Texts) -> list[str]:
    prior = parse_actual(_text(row, "prior_text"))
    if prior.kind is ActualKind.EMPTY:
        return []
    if prior.number is None or actual.number is None:
        raise RefusalError(f"上年数“{prior.text}”不是一个数")
    pair = in_one_unit(prior.number, prior.unit, actual.number, actual.unit)
    if pair is None:
        raise RefusalError("本年数和上年数的单位不能直接比较")
    given["prior_value"], given["value"], given["unit"] = pair.bound, pair.value, pair.unit
    return []


def _fill_bounds(given: Input, target: Target, row: Texts) -> list[str]:
    """Counts were typed: the target's own unit says what their share is multiplied with."""
    given["bound"], given["upper"] = target.bound, target.upper
    if target.kind in _VERSUS_PRIOR:
        prior = parse_actual(_text(row, "prior_text"))
        given["prior_value"] = prior.number
        given["scale"] = {"%": 100, "‰": 1000}.get(prior.unit, 1)
    _fit(given, ("bound", "upper", "prior_value", "numerator", "denominator"))
    return []


def _fill_coverage(given: Input, actual: Actual) -> list[str]:
    if actual.kind is ActualKind.NUMBER and actual.unit == "%" and actual.number is not None:
        given["numerator"], given["denominator"] = actual.number, Decimal(100)
        _fit(given, ("numerator", "denominator"))
        return ["只填了百分比，没有应达数和实际数，按所填百分比计。"]
    raise RefusalError("全覆盖的目标须填应达数和实际数")


def _fill_words(given: Input, target: Target, actual: Actual) -> list[str]:
    """A claim in words counts as claimed: the reached band, whole."""
    share: Decimal | None = None
    if actual.kind is ActualKind.CLAIM or normalise(actual.text) == normalise(target.text):
        share = Decimal(100)
    elif actual.kind is ActualKind.NUMBER and actual.unit == "%" and actual.number is not None:
        share = actual.number if 0 <= actual.number <= 100 else None
    if share is None:
        raise RefusalError(actual.note or f"目标是文字，实际“{actual.text}”看不出达成到什么程度")
    ratio = share / 100
    band = 1 if ratio >= BAND_REACHED_FROM.value else 2 if ratio >= BAND_PARTLY_FROM.value else 3
    given.update(band=band, band_share=share, is_evidenced=True)
    _fit(given, ("band_share",))
    return ["按填报单位自己的说法计，未见佐证。"]


def _fill_days(given: Input, row: Texts, target: Target, working: WorkingCalendar) -> list[str]:
    received, done = _typed_day(row, "received"), _typed_day(row, "done")
    given["is_reported"] = True
    given["done_on"] = done
    if received is None or target.bound is None or target.bound != int(target.bound):
        return ["没有收文日期，算不出截止日。"]
    limit = int(target.bound)
    if limit > _LONGEST_LIMIT:
        raise RefusalError(f"时限 {limit} 太长，不像是一个期限")
    if target.kind is TargetKind.WORKING_DAY_DEADLINE:
        due = working.count(received, limit).due_on
        taken = _working_days_between(received, done, working) if done else None
    else:
        due = _calendar_due(received, limit, target.unit)
        limit = (due - received).days
        taken = (done - received).days if done else None
    given.update(due_on=due, allowed_days=limit, taken_days=taken)
    return []


def _fill_date(given: Input, row: Texts, target: Target, actual: Actual) -> list[str]:
    year = _year(row) or given["as_of_on"].year
    done = _typed_day(row, "done")
    if done is None and actual.kind is ActualKind.DATE:
        done = actual.done_on_in(year)
    if done is None and given["is_reported"]:
        raise RefusalError(f"目标是日期，实际“{actual.text}”没有写完成日期")
    given.update(due_on=target.due_on_in(year), done_on=done)
    return [] if target.due_on else [f"目标没有写年份，按 {year} 年计。"]


def _working_days_between(received: date, done: date, working: WorkingCalendar) -> int:
    """The day of receipt is day 0; done on a rest day counts as done on the next working day."""
    if done <= received:
        return (done - received).days
    days = [received + timedelta(days=step) for step in range(1, (done - received).days + 1)]
    return sum(working.is_working_day(day) for day in days) + (0 if working.is_working_day(done) else 1)


def _calendar_due(received: date, count: int, unit: str) -> date:
    months = {"个月": 1, "月": 1, "个季度": 3, "年": 12}.get(unit)
    if months is None:
        return received + timedelta(days=count * _DAYS_IN.get(unit, 1))
    index = received.year * 12 + received.month - 1 + count * months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(received.day, calendar.monthrange(year, month + 1)[1]))


def _typed_counts(row: Texts, actual: Actual) -> Input:
    numerator, denominator = (_typed_number(row, name) for name in ("numerator", "denominator"))
    if numerator is None and denominator is None and actual.kind is ActualKind.COUNTS:
        numerator, denominator = actual.numerator, actual.denominator
    if numerator is None and denominator is None:
        return {}
    return {"numerator": numerator, "denominator": denominator}


def _fit(given: Input, names: tuple[str, ...]) -> None:
    """The store keeps four decimals; what has more, or is too large, is refused and never rounded."""
    for name in names:
        number = given.get(name)
        if number is None:
            continue
        if abs(number) >= LARGEST_NUMBER:
            raise RefusalError("数太大，超出可以精确计算的范围")
        if number != number.quantize(FINEST_STEP):
            raise RefusalError(f"{number} 的小数超过四位，请改用更小的单位填写")


def _typed_number(row: Texts, name: str) -> Decimal | None:
    text = normalise(_text(row, name))
    return chinese_number(text) if re.fullmatch(r"[+-]?[\d,]*\.?\d+", text) else None


def _typed_day(row: Texts, name: str) -> date | None:
    due = read_due(normalise(_text(row, name)), "完成时间")
    return due.on if due and due.day else None


def _year(row: Texts) -> int | None:
    text = _text(row, "year").strip()
    return int(text) if re.fullmatch(r"(?:19|20)\d{2}", text) else None


def _text(row: Texts, name: str) -> str:
    return str(row.get(name) or "")
