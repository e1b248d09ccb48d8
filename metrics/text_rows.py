"""Rows of printed texts (target, actual, weight) turned into what the scoring rule reads."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from data.errors import CalendarError
from metrics.actuals import Actual, ActualKind, in_one_unit, parse_actual
from metrics.target_numbers import FINEST_STEP, LARGEST_NUMBER, chinese_number, normalise
from metrics.targets import Target, TargetKind, parse_target, scored_kind
from metrics.thresholds import BAND_PARTLY_FROM, BAND_REACHED_FROM, MICRO
from metrics.typed_days import UnreadableDayError, first_possible_day, typed_day
from metrics.working_days import WorkingCalendar

_NUMBERS = frozenset({"bound", "upper", "value", "prior_value", "numerator", "denominator", "band_share"})
_LONGEST_LIMIT = 3650
_DAYS_IN = {"周": 7, "个星期": 7, "星期": 7}
_VERSUS_PRIOR = (
    TargetKind.NOT_BELOW_LAST_YEAR, TargetKind.INCREASE_OVER_LAST_YEAR, TargetKind.DECREASE_OVER_LAST_YEAR,
)
_SIZED_CHANGES = _VERSUS_PRIOR[1:]
_DAY_LIMITS = (TargetKind.WORKING_DAY_DEADLINE, TargetKind.CALENDAR_DAY_DEADLINE)
_RISING = frozenset({
    TargetKind.AT_LEAST, TargetKind.MORE_THAN, TargetKind.NOT_BELOW_LAST_YEAR, TargetKind.INCREASE_OVER_LAST_YEAR,
})
_FALLING = frozenset({TargetKind.AT_MOST, TargetKind.LESS_THAN, TargetKind.DECREASE_OVER_LAST_YEAR})
_LESS_SIGNS = frozenset({"≤", "<", "小于", "小于等于", "不超过"})
_MORE_SIGNS = frozenset({"≥", ">", "大于", "大于等于", "不低于", "不少于"})
_WITH_YEAR = re.compile(r"(?:19|20)\d{2}|^\d{2},?\d{3}$")
_RISES = re.compile(r"提高|提升|增|上升|扩大")
_FALLS = re.compile(r"下降|降低|减少|缩小|压减|缩短")
# No published score sheet shares out more than a few thousand points.
_LARGEST_WEIGHT = 100_000

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
    """
    target = parse_target(_text(row, "target_text"), _text(row, "indicator"))
    kind, reason = scored_kind(target, _text(row, "indicator"), _text(row, "level2"))
    actual = parse_actual(_text(row, "actual_text"), target.kind is TargetKind.DATE_DEADLINE)
    weight, weight_fault = _typed_weight(_text(row, "weight"))
    given: Input = {
        "recipient_id": "", "indicator_no": number, "round_id": "", "scored_kind": kind.value,
        "as_of_on": as_of, "weight_micro": weight or 0, "is_reported": actual.kind is not ActualKind.EMPTY,
        "scale": target.scale if kind not in _SIZED_CHANGES else 1,
    }
    notes = [reason] if target.is_bare and kind is not TargetKind.OTHER else []
    refusal = "" if kind is not TargetKind.OTHER else reason.removesuffix("，由人判定。")
    if weight is None and not weight_fault:
        notes.append("分值没有写或读不出，没有计分。")
    unit = target.unit
    try:
        if weight_fault:
            raise RefusalError(weight_fault)
        notes += _fill(given, row, replace(target, kind=kind), actual, working)
        unit = given.pop("unit", unit)
    except (RefusalError, UnreadableDayError, CalendarError) as refused:
        given.pop("unit", None)
        given = {name: value for name, value in given.items() if name not in _NUMBERS}
        given.update(scored_kind=TargetKind.OTHER.value, is_reported=True)
        refusal = str(refused).rstrip("。")
    return TextRow(target, given, unit, tuple(notes), refusal, weight is not None)


def _fill(given: Input, row: Texts, target: Target, actual: Actual, working: WorkingCalendar) -> list[str]:
    if target.kind is TargetKind.OTHER:
        return []
    if target.kind in _DAY_LIMITS:
        return _fill_days(given, row, target, actual, working)
    if target.kind is TargetKind.DATE_DEADLINE:
        return _fill_date(given, row, target, actual)
    counts = _typed_counts(row, actual)
    if counts and target.kind is not TargetKind.QUALITATIVE:
        _check_counts(counts, target, actual, row)
    if counts:
        given.update(counts, is_reported=True)
    if not given["is_reported"]:
        return []
    if target.kind is TargetKind.QUALITATIVE:
        return _fill_words(given, target, actual)
    if counts:
        return _fill_bounds(given, target, row)
    _check_sign(target, actual)
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
        _check_base(given, target)
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
        _check_base(given, target)
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
    repeats = normalise(actual.text) == normalise(target.text)
    if not repeats and _FALLS.search(target.text) and _RISES.search(actual.text):
        raise RefusalError(f"目标是“{target.text}”，实际“{actual.text}”说的是相反的方向")
    if actual.kind is ActualKind.CLAIM or repeats:
        share = Decimal(100)
    elif actual.kind is ActualKind.NUMBER and actual.unit == "%" and actual.number is not None:
        _check_sign(target, actual)
        share = actual.number if 0 <= actual.number <= 100 else None
    if share is None:
        raise RefusalError(actual.note or f"目标是文字，实际“{actual.text}”看不出达成到什么程度")
    ratio = share / 100
    band = 1 if ratio >= BAND_REACHED_FROM.value else 2 if ratio >= BAND_PARTLY_FROM.value else 3
    given.update(band=band, band_share=share, is_evidenced=True)
    _fit(given, ("band_share",))
    return ["按填报单位自己的说法计，未见佐证。"]


def _fill_days(
    given: Input, row: Texts, target: Target, actual: Actual, working: WorkingCalendar
) -> list[str]:
    received = typed_day(row, "received", "收文日期", _year(row))
    done = typed_day(row, "done", "完成日期", received.year if received else _year(row))
    if done is None and actual.kind is ActualKind.DATE and actual.done and actual.done.day:
        done = actual.done_on_in(received.year) if received else actual.done.on
    elif done is None and given["is_reported"]:
        raise RefusalError(f"目标是时限，实际“{actual.text}”没有写完成日期")
    if received and done and done < received:
        raise RefusalError(f"完成日期 {done} 早于收文日期 {received}")
    given["is_reported"] = True
    given["done_on"] = done
    typed = _text(row, "done") or actual.text
    notes = [] if not done or re.search(_WITH_YEAR, typed) else [f"完成日期没有写年份，按 {done.year} 年计。"]
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
    return notes


def _fill_date(given: Input, row: Texts, target: Target, actual: Actual) -> list[str]:
    printed, said = (target.due_on.year if target.due_on else None), _year(row)
    year = printed or said or given["as_of_on"].year
    due = target.due_on_in(year)
    if due is None and target.due_month is not None:
        raise RefusalError(f"目标的日期在 {year} 年的日历上不存在")
    done = typed_day(row, "done", "完成日期", year)
    has_year = bool(re.search(_WITH_YEAR, _text(row, "done") or actual.text))
    first = done
    if not (printed or said or has_year) and (done or actual.done_on_in(year) or date.min) > given["as_of_on"]:
        # Both without a year lie in the same one, and what is done is not in the future.
        year -= 1
        due, done = target.due_on_in(year), typed_day(row, "done", "完成日期", year)
        first = done
    if done is None and actual.kind is ActualKind.DATE and actual.done:
        done = actual.done_on_in(year)
        first = first_possible_day(actual.done, done) if done else None
    if done is None and given["is_reported"]:
        raise RefusalError(actual.note or f"目标是日期，实际“{actual.text}”没有写完成日期")
    if done and has_year and not (printed or said):
        raise RefusalError("目标没有写年份，也没有 year 列，不知道是哪一年的期限")
    if due and done and first and first <= due < done:
        raise RefusalError(f"实际“{actual.text}”没有写到日，看不出是否在 {due} 之前")
    given.update(due_on=due, done_on=done)
    notes = [] if target.due_on else [f"目标没有写年份，按 {year} 年计。"]
    return notes + ([f"实际没有写年份，按 {year} 年计。"] if done and not has_year else [])


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


def _check_counts(counts: Input, target: Target, actual: Actual, row: Texts) -> None:
    """Counts that contradict the typed actual value, or a part larger than its whole, go to a person."""
    numerator, denominator = counts["numerator"], counts["denominator"]
    if numerator is None or denominator is None:
        return
    name = normalise(_text(row, "indicator"))
    is_share = re.search(r"率(?:\(.*\))?$", name) and not re.search(r"增长率|增幅率|周转率", name)
    if numerator > denominator and target.unit in {"%", "‰"} and is_share:
        raise RefusalError(f"实际数 {numerator} 大于应达数 {denominator}，“{name}”超过了全部")
    repeats = normalise(actual.text) == normalise(target.text)
    if repeats and (target.kind is not TargetKind.FULL_COVERAGE or numerator == denominator):
        return
    if actual.kind is ActualKind.UNCLEAR:
        raise RefusalError(f"实际“{actual.text}”和填的两个数对不上或看不懂")
    if actual.kind is ActualKind.COUNTS:
        agrees = (actual.numerator, actual.denominator) == (numerator, denominator)
    elif actual.kind is ActualKind.NUMBER and actual.number is not None:
        agrees = actual.number == numerator or _is_share_of(actual.number, actual.unit, numerator, denominator)
    else:
        return
    if not agrees:
        raise RefusalError(f"实际“{actual.text}”和填的 {numerator}/{denominator} 不一致")


def _is_share_of(number: Decimal, unit: str, numerator: Decimal, denominator: Decimal) -> bool:
    """Whether a typed share is the counts' own, within its last printed place."""
    if not denominator:
        return False
    exponent = number.as_tuple().exponent
    step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    scales = {"%": (100,), "‰": (1000,), "": (1, 100)}.get(unit, (1,))
    return any(abs(numerator * scale - number * denominator) < step * denominator for scale in scales)


def _check_sign(target: Target, actual: Actual) -> None:
    """「<95%」 says nothing about 「≥90%」: a comparator must point where the target points."""
    wrong = frozenset[str]()
    if target.kind in _RISING or target.kind in {TargetKind.FULL_COVERAGE, TargetKind.QUALITATIVE}:
        wrong = _LESS_SIGNS
    elif target.kind in _FALLING:
        wrong = _MORE_SIGNS
    elif target.kind in {TargetKind.EQUAL, TargetKind.RANGE}:
        wrong = _LESS_SIGNS | _MORE_SIGNS
    if actual.sign in wrong:
        raise RefusalError(f"实际“{actual.text}”写的是一个范围，看不出是否达到目标")


def _check_base(given: Input, target: Target) -> None:
    if target.kind in _SIZED_CHANGES and target.bound is not None and given.get("prior_value") == 0:
        raise RefusalError("上年数是 0，算不出增减百分之几")


def _typed_weight(text: str) -> tuple[int | None, str]:
    """A weight in micro-points, and what is wrong with it where something is typed that is none."""
    plain = normalise(text)
    if not plain or re.fullmatch(r"[-/\\]+|无|空", plain):
        return None, ""
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,20})(\.\d{1,20})?(?:分|%)?", plain)
    if match is None:
        return None, f"分值“{text[:20]}”看不懂"
    number = Decimal(match[1].replace(",", "") + (match[2] or ""))
    if number > _LARGEST_WEIGHT:
        return None, f"分值“{text[:20]}”看不懂：大于 {_LARGEST_WEIGHT:,}"
    if number * MICRO != int(number * MICRO):
        return None, f"分值“{text[:20]}”看不懂：小数超过六位"
    return int(number * MICRO), ""


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
    text = _text(row, name)
    plain = normalise(text)
    if not plain or re.fullmatch(r"[-/\\]+|无|空", plain):
        return None
    number = chinese_number(plain) if re.fullmatch(r"[+-]?[\d,]*\.?\d+", plain) else None
    if number is None:
        raise RefusalError(f"{'实际数' if name == 'numerator' else '应达数'}“{text[:20]}”不是一个数")
    return number


def _year(row: Texts) -> int | None:
    text = normalise(_text(row, "year")).removesuffix("度").removesuffix("年")
    return int(text) if re.fullmatch(r"(?:19|20)\d{2}", text) else None


def _text(row: Texts, name: str) -> str:
    return str(row.get(name) or "")
