"""Which reported rates stand far from the others: a question to the unit, never a score.

Source: modified z-score of B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers" (1993): 0.6745 × distance
        from the median ÷ median absolute deviation, outlying beyond 3.5. Where more than half of the values are
        equal that deviation is zero; then 1.253314 × the mean absolute deviation takes its place.
Limitations: it says that a figure is unlike the others, not that it is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

CUTOFF = Fraction("3.5")
MEDIAN_FACTOR = Fraction("0.6745")
MEAN_FACTOR = Fraction("1.253314")
# Fewer others say nothing about what is usual; a smaller distance is no question, however alike the others are.
LEAST_PEERS = 5
LEAST_ROUNDS = 4
LEAST_DISTANCE = Fraction(5)
# Of fewer than this a single case more or less is a distance by itself.
LEAST_CASES = 20


@dataclass(frozen=True)
class Outlier:
    """A value far from the others, in percent; ``distance`` is the modified z-score, None if the others are equal."""

    value: Fraction
    median: Fraction
    other_count: int
    distance: Fraction | None


def modified_z(value: Fraction, others: Sequence[Fraction]) -> Fraction | None:
    """How many usual distances a value lies from the median of the others, signed.

    Empty: None where all the others are equal and the value is another: no distance is usual.
    Raises: ValueError if there are no others.

    >>> [float(modified_z(Fraction(v), [Fraction(n) for n in (1, 2, 3, 4, 5)])) for v in (3, 4, -2)]
    [0.0, 0.6745, -3.3725]
    """
    if not others:
        raise ValueError("no others")
    middle = median(others)
    away = [abs(other - middle) for other in others]
    spread = median(away) / MEDIAN_FACTOR or MEAN_FACTOR * sum(away, Fraction(0)) / len(away)
    if not spread:
        return Fraction(0) if value == middle else None
    return (value - middle) / spread


def find_outlier(value: Fraction, others: Sequence[Fraction], least_count: int) -> Outlier | None:
    """The value as an outlier among the others; None where it is none, or where the others are too few.

    Unit:   percent.
    """
    if len(others) < least_count:
        return None
    middle = median(others)
    if abs(value - middle) < LEAST_DISTANCE:
        return None
    distance = modified_z(value, others)
    if distance is not None and abs(distance) <= CUTOFF:
        return None
    return Outlier(value, middle, len(others), distance)
