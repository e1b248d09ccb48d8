"""Weights of indicators where the notice prints none: 默认均分, exact to the micro-point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from metrics.target_numbers import normalise
from metrics.thresholds import MICRO, OUTCOME_WEIGHT, OUTPUT_WEIGHT, SATISFACTION_WEIGHT, SHIPPED_VALUES

# The words that name a dimension, in the order in which they are looked for, and the rule that gives its points.
_DIMENSIONS = (("满意", SATISFACTION_WEIGHT), ("产出", OUTPUT_WEIGHT), ("成本", None), ("效", OUTCOME_WEIGHT))


def split_weights(
    indicators: Mapping[int, tuple[str, str]], values: Mapping[str, Decimal] = SHIPPED_VALUES
) -> dict[int, int]:
    """The weight of each indicator in micro-points, by one version of the rule book.

    Shape:  indicator number → (一级指标, 分值 as printed) in; indicator number → weight out.
    Unit:   micro-points. Without printed weights they sum to 90 points exactly (执行率 has the other 10):
            产出 50, 效益 30, 满意度 10, evenly inside a dimension by largest remainder. A dimension
            without indicators gives its points to the others in proportion; one that is unknown, and
            成本 on level one, shares 产出's points.
    Empty:  no indicators, no weights. A printed weight wins and takes its points from its dimension;
            what is left, if anything, is shared by the indicators that print none.
    Source: metrics.thresholds.OUTPUT_WEIGHT, OUTCOME_WEIGHT, SATISFACTION_WEIGHT.

    >>> split_weights({1: ("产出指标", ""), 2: ("效益指标", ""), 3: ("满意度指标", "")})
    {1: 50000000, 2: 30000000, 3: 10000000}
    """
    groups: dict[str, list[int]] = {}
    for number, (dimension, _) in indicators.items():
        groups.setdefault(_group(dimension), []).append(number)
    weights: dict[int, int] = {}
    for group, points in _group_points(list(groups), values).items():
        printed = {number: printed_weight_micro(indicators[number][1]) for number in groups[group]}
        given = {number: weight for number, weight in printed.items() if weight is not None}
        silent = [number for number in groups[group] if number not in given]
        left = max(0, points - sum(given.values()))
        weights.update(given)
        weights.update(zip(silent, largest_remainder(left, [1] * len(silent)), strict=True))
    return {number: weights[number] for number in indicators}


def printed_weight_micro(text: str) -> int | None:
    """A printed 分值 in micro-points; None where there is none or it is no number.

    >>> printed_weight_micro("12.5分"), printed_weight_micro("")
    (12500000, None)
    """
    plain = normalise(text or "").removesuffix("分").removesuffix("%")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if not number.is_finite() or number < 0:
        return None
    return int((number * MICRO).to_integral_value(ROUND_HALF_UP))


def largest_remainder(total: int, shares: Sequence[int]) -> list[int]:
    """Whole numbers in the proportion of ``shares`` that sum to ``total`` exactly.

    Equal remainders go to the first in order, so that the same input always gives the same weights.

    >>> largest_remainder(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole = sum(shares)
    if whole == 0:
        return [0] * len(shares)
    exact = [Fraction(total * share, whole) for share in shares]
    out = [int(part) for part in exact]
    by_remainder = sorted(range(len(shares)), key=lambda place: (out[place] - exact[place], place))
    for place in by_remainder[: total - sum(out)]:
        out[place] += 1
    return out


def _group(dimension: str) -> str:
    for word, rule in _DIMENSIONS:
        if word in dimension:
            return word if rule else "产出"
    return "产出"


def _group_points(groups: Sequence[str], values: Mapping[str, Decimal]) -> dict[str, int]:
    points = {word: int(values[rule.key] * MICRO) for word, rule in _DIMENSIONS if rule}
    split = largest_remainder(sum(points.values()), [points[group] for group in groups])
    return dict(zip(groups, split, strict=True))
