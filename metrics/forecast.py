"""Where an indicator or the money will stand at the end of the year, from the rounds reported so far.

Method: the median of the slopes of all pairs of rounds (Theil 1950, Sen 1968), the line laid through the median of
        what remains, and followed to 31 December; the interval reaches from the lowest to the highest of the lines
        through two rounds. One wild round moves neither much.
Limitations: a line knows nothing of seasons or of measures just taken; it is a warning, not a plan figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from statistics import median
from typing import Any

from metrics.explain import show_number

Row = Mapping[str, Any]

HUNDRED = Fraction(100)
_UPWARD = ("at_least", "more_than", "not_below_last_year", "increase_over_last_year")
_DOWNWARD = ("at_most", "less_than", "decrease_over_last_year")
_VERSUS_PRIOR = ("not_below_last_year", "increase_over_last_year", "decrease_over_last_year")
_STRICT = ("more_than", "less_than")
_POINTS = {"%": "个百分点", "‰": "个千分点"}
_DEADLINE_REASON = "时限指标按日期判定"
NO_FORECAST = {
    "qualitative": "定性指标由人评定等次",
    "full_coverage": "应保尽保、全覆盖的要求每一轮都要做到",
    "equal": "目标要求等于一个数",
    "other": "目标由人判定",
    "not_assigned": "区域总量目标还没有分解到本单位",
    "working_day_deadline": _DEADLINE_REASON,
    "calendar_day_deadline": _DEADLINE_REASON,
    "date_deadline": _DEADLINE_REASON,
}


@dataclass(frozen=True)
class Projection:
    """A value at the end of the year; ``low`` and ``high`` are None with fewer than three rounds."""

    value: Fraction
    low: Fraction | None
    high: Fraction | None
    round_count: int


@dataclass(frozen=True)
class Goal:
    """What has to be reached: at least ``low``, at most ``high``; where ``is_strict``, the bound itself is a miss."""

    low: Fraction | None = None
    high: Fraction | None = None
    is_strict: bool = False

    def gap(self, value: Fraction) -> Fraction | None:
        """How far a value misses the goal, 0 where it stands on a strict bound; None where it reaches it."""
        if self.is_strict and value in (self.low, self.high):
            return Fraction(0)
        if self.low is not None and value < self.low:
            return self.low - value
        if self.high is not None and value > self.high:
            return value - self.high
        return None


def project(
    points: Sequence[tuple[int, Fraction]], day: int, lowest: Fraction | None = None, highest: Fraction | None = None
) -> Projection | None:
    """Follow the rounds to a day; values outside ``lowest`` and ``highest`` are taken back to them.

    Reads:  (day of the year, value) of each round, in any order; of several rounds on one day their median.
    Empty:  None with fewer than two days.

    >>> project([(100, Fraction(10)), (200, Fraction(20)), (300, Fraction(30))], 365).value
    Fraction(73, 2)
    """
    days: dict[int, list[Fraction]] = {}
    for at, value in points:
        days.setdefault(at, []).append(value)
    known = [(at, median(values)) for at, values in sorted(days.items())]
    if len(known) < 2:
        return None
    slopes = [
        ((later - earlier) / (then - at), at, earlier)
        for (at, earlier), (then, later) in combinations(known, 2)
    ]
    slope = median([each for each, _, _ in slopes])
    value = median([each - slope * at for at, each in known]) + slope * day
    ends = [start + each * (day - at) for each, at, start in slopes]
    has_interval = len(known) > 2
    return Projection(
        _limited(value, lowest, highest),
        _limited(min(ends), lowest, highest) if has_interval else None,
        _limited(max(ends), lowest, highest) if has_interval else None,
        len(known),
    )


def _limited(value: Fraction, lowest: Fraction | None, highest: Fraction | None) -> Fraction:
    if lowest is not None and value < lowest:
        return lowest
    return highest if highest is not None and value > highest else value


def is_rate(row: Row) -> bool:
    """Whether a row's value is a share: two counts, or a number that the target states in % or ‰."""
    if row["numerator"] is not None or row["denominator"] is not None:
        return True
    return row["scored_kind"] not in _VERSUS_PRIOR and int(row["scale"] or 1) > 1


def rate_scale(row: Row) -> int:
    """The whole of a rate in the unit of its target: 1000 for ‰, else 100."""
    scale = int(row["scale"] or 1)
    return scale if scale > 1 else 100


def measured(row: Row) -> Fraction | None:
    """What was reached, in the target's unit; None where nothing usable was reported."""
    numerator, denominator = row["numerator"], row["denominator"]
    if numerator is None and denominator is None:
        return None if row["value"] is None else Fraction(row["value"])
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return Fraction(numerator) * rate_scale(row) / Fraction(denominator)


def goal_of(row: Row, prior: Decimal | None) -> Goal | None:
    """What a row's target asks for at the end of the year; None where a number is missing."""
    kind = str(row["scored_kind"])
    bound = None if row["bound"] is None else Fraction(row["bound"])
    if kind in _VERSUS_PRIOR:
        if prior is None:
            return None
        base = Fraction(prior)
        if kind == "not_below_last_year":
            return Goal(low=base)
        # A share of nothing has no size: score.sql leaves it to a person, too.
        if bound is not None and base <= 0:
            return None
        if kind == "increase_over_last_year":
            return Goal(low=base, is_strict=True) if bound is None else Goal(low=base * (100 + bound) / 100)
        return Goal(high=base, is_strict=True) if bound is None else Goal(high=base * (100 - bound) / 100)
    if bound is None:
        return None
    if kind == "range":
        return None if row["upper"] is None else Goal(bound, Fraction(row["upper"]))
    if kind in _UPWARD:
        return Goal(low=bound, is_strict=kind in _STRICT)
    return Goal(high=bound, is_strict=kind in _STRICT) if kind in _DOWNWARD else None


def is_at_risk(projection: Projection, goal: Goal) -> bool:
    """Whether some of the interval misses the goal; false without an interval."""
    return any(goal.gap(end) is not None for end in (projection.low, projection.high) if end is not None)


def forecast_sentence(
    projection: Projection, goal: Goal, unit: str, reached: str = "预计达标", missed: str = "将{}目标"
) -> str:
    """What a projection says against its goal; ``unit`` is %, ‰ or the unit of a count.

    The value is rounded towards missing the goal, the interval outwards, the gap up: no miss reads as reached.

    >>> points = [(181, Fraction(92)), (273, Fraction(88)), (359, Fraction("81.3"))]
    >>> forecast_sentence(project(points, 365), Goal(low=Fraction(90)), "%")
    '按已有3轮数据推算，年底约 80.9%（80.8%—84.0%），将低于目标 9.1 个百分点'
    """
    towards_miss = ceil if goal.low is None else floor
    said = f"按已有{projection.round_count}轮数据推算，年底约 {_shown(projection.value, unit, towards_miss)}"
    if projection.low is None or projection.high is None:
        said += "（只有两轮，不给区间）"
    else:
        said += f"（{_shown(projection.low, unit, floor)}—{_shown(projection.high, unit, ceil)}）"
    gap = goal.gap(projection.value)
    if gap is None:
        return f"{said}，{reached}" + ("，但区间有一部分达不到目标" if is_at_risk(projection, goal) else "")
    if gap == 0:
        return f"{said}，将停在界限上，没有达到要求"
    side = "低于" if goal.low is not None and projection.value < goal.low else "高于"
    return f"{said}，{missed.format(side)} {_shown(gap, _POINTS.get(unit, unit), ceil)}"


def _shown(number: Fraction, unit: str, rounding: Any) -> str:
    tenths = Decimal(rounding(number * 10)) / 10
    if unit in ("%", "‰"):
        return f"{tenths:.1f}{unit}"
    return f"{show_number(tenths)} {unit}".rstrip()
