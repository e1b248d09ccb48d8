"""Each border of the scoring rule with the micro-points and the state that a person works out by hand.

The weight is three points (3,000,000 micro-points) where a row does not say otherwise.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from score_builders import AS_OF, WEIGHT, facts, percent, scored_in_order

REVIEW = ("needs_review", None)
FULL = ("met", WEIGHT)
NOTHING = ("off", 0)
HUGE = "99999999999999.9999"
TINY = "0.0001"
DUE = date(2021, 12, 27)
WORKING, CALENDAR, ON_A_DAY = "working_day_deadline", "calendar_day_deadline", "date_deadline"
RISE, FALL = "increase_over_last_year", "decrease_over_last_year"


def took(kind: str, allowed: int | None, taken: int | None) -> dict[str, Any]:
    return facts(kind, due_on=DUE, done_on=DUE, allowed_days=allowed, taken_days=taken)


def words(band: int | None, share: Any, **values: Any) -> dict[str, Any]:
    return facts("qualitative", **{"band": band, "band_share": share, "is_evidenced": True, **values})


def of_hundred(value: Any, **values: Any) -> dict[str, Any]:
    return facts("at_least", bound=100, value=value, **values)


CASES: dict[str, tuple[dict[str, Any], tuple[str, int | None]]] = {
    # Attainment of ≥100: 80 parts slightly off from off, 100 met, 130 over.
    "59.99%": (of_hundred("59.99"), ("off", 1_799_700)),
    "60%": (of_hundred(60), ("off", 1_800_000)),
    "79.99%": (of_hundred("79.99"), ("off", 2_399_700)),
    "79.9999%": (of_hundred("79.9999"), ("off", 2_399_997)),
    "80%": (of_hundred(80), ("slightly_off", 2_400_000)),
    "89.99%": (of_hundred("89.99"), ("slightly_off", 2_699_700)),
    "90%": (of_hundred(90), ("slightly_off", 2_700_000)),
    "99.9999%": (of_hundred("99.9999"), ("slightly_off", 2_999_997)),
    "100%": (of_hundred(100), FULL),
    "100.0001%": (of_hundred("100.0001"), FULL),
    "120%": (of_hundred(120), FULL),
    "129.99%": (of_hundred("129.99"), FULL),
    "129.9999%": (of_hundred("129.9999"), FULL),
    "130%": (of_hundred(130), ("over", WEIGHT)),
    # The score may round to that of the border, the state does not: 639,999.99 of 800,000.
    "a rate just under four fifths": (percent("at_least", "6399.9999", 10000, bound=80), ("off", 2_400_000)),
    "a rate at four fifths": (percent("at_least", 6400, 10000, bound=80), ("slightly_off", 2_400_000)),
    "a rate just under its target": (percent("at_least", "7999.9999", 10000, bound=80), ("slightly_off", 2_999_999)),
    "a rate just under 130%": (percent("at_least", "12999.9999", 10000, bound=100), FULL),
    "a rate at 130%": (percent("at_least", 13000, 10000, bound=100), ("over", WEIGHT)),
    "per mille": (facts("at_least", scale=1000, bound=8, numerator=6, denominator=1000), ("off", 2_250_000)),
    "a rate below zero": (percent("at_least", -1, 10, bound=80), REVIEW),
    "a rate of less than nothing": (percent("at_least", 1, -10, bound=80), REVIEW),
    # Targets of zero.
    "at most 0, hair above": (facts("at_most", bound=0, value=TINY), NOTHING),
    "equal 0, hair above": (facts("equal", bound=0, value=TINY), NOTHING),
    "equal 0, hair below": (facts("equal", bound=0, value="-0.0001"), NOTHING),
    "range 0 to 0, at": (facts("range", bound=0, upper=0, value=0), FULL),
    "range 0 to 0, above": (facts("range", bound=0, upper=0, value=TINY), NOTHING),
    "less than 0, below": (facts("less_than", bound=0, value="-0.0001"), FULL),
    "more than 0, hair above": (facts("more_than", bound=0, value=TINY), FULL),
    "a target of 0 is never far exceeded": (facts("at_least", bound=0, value=1000), FULL),
    "more than 0 is never far exceeded": (facts("more_than", bound=0, value=1000), FULL),
    # Actual values of zero.
    "more than 5, none": (facts("more_than", bound=5, value=0), NOTHING),
    "range, none": (facts("range", bound=18, upper=54, value=0), NOTHING),
    "equal, none": (facts("equal", bound=22, value=0), NOTHING),
    "at most 5, none": (facts("at_most", bound=5, value=0), FULL),
    "less than 5, none": (facts("less_than", bound=5, value=0), FULL),
    "last year kept, none": (facts("not_below_last_year", value=0, prior_value=700), NOTHING),
    "risen, none": (facts(RISE, value=0, prior_value=700), NOTHING),
    "fallen to none": (facts(FALL, value=0, prior_value=700), FULL),
    # Last year at zero: more than nothing is more, but no percentage of nothing exists.
    "kept above nothing": (facts("not_below_last_year", value=5, prior_value=0), FULL),
    "fell below nothing": (facts("not_below_last_year", value=-1, prior_value=0), NOTHING),
    "risen from nothing by a hair": (facts(RISE, value=TINY, prior_value=0), FULL),
    "risen by 10% from nothing": (facts(RISE, value=9, prior_value=0, bound=10), REVIEW),
    "not risen by 10% from nothing": (facts(RISE, value=0, prior_value=0, bound=10), REVIEW),
    "risen by 10% from a hair": (facts(RISE, value=TINY, prior_value=TINY, bound=10), ("slightly_off", 2_727_273)),
    "fallen by 10% from nothing": (facts(FALL, value=9, prior_value=0, bound=10), REVIEW),
    "not fallen from nothing": (facts(FALL, value=TINY, prior_value=0), NOTHING),
    "nothing cannot fall": (percent(FALL, 0, 10, prior_value=0), REVIEW),
    "a rate cannot fall below nothing": (percent(FALL, 1, 10, prior_value=0), NOTHING),
    # Last year below zero.
    "kept a loss": (facts("not_below_last_year", value=-5, prior_value=-5), FULL),
    "a greater loss": (facts("not_below_last_year", value="-5.0001", prior_value=-5), NOTHING),
    "a smaller loss": (facts(RISE, value="-4.9999", prior_value=-5), FULL),
    "the same loss has not risen": (facts(RISE, value=-5, prior_value=-5), NOTHING),
    "fallen further": (facts(FALL, value="-5.0001", prior_value=-5), FULL),
    "the same has not fallen": (facts(FALL, value=-5, prior_value=-5), NOTHING),
    "10% of a loss, up": (facts(RISE, value=9, prior_value=-5, bound=10), REVIEW),
    "10% of a loss, down": (facts(FALL, value=-9, prior_value=-5, bound=10), REVIEW),
    # Changes with a size: 700 + 10% = 770; 700 − 10% = 630.
    "10% more, a hair short": (facts(RISE, value="769.9999", prior_value=700, bound=10), ("slightly_off", 2_999_999)),
    "10% more": (facts(RISE, value=770, prior_value=700, bound=10), FULL),
    "10% more, four fifths": (facts(RISE, value=616, prior_value=700, bound=10), ("slightly_off", 2_400_000)),
    "10% more, less than four fifths": (facts(RISE, value="615.9999", prior_value=700, bound=10), ("off", 2_400_000)),
    "10% more, far over": (facts(RISE, value=1001, prior_value=700, bound=10), ("over", WEIGHT)),
    "10% more, not far over": (facts(RISE, value="1000.9999", prior_value=700, bound=10), FULL),
    "10% less": (facts(FALL, value=630, prior_value=700, bound=10), FULL),
    "10% less, a hair short": (facts(FALL, value="630.0001", prior_value=700, bound=10), ("slightly_off", 2_999_999)),
    "10% less, four fifths": (facts(FALL, value="787.5", prior_value=700, bound=10), ("slightly_off", 2_400_000)),
    "10% less, less than four fifths": (facts(FALL, value="787.5001", prior_value=700, bound=10), ("off", 2_400_000)),
    "100% less": (facts(FALL, value=0, prior_value=700, bound=100), FULL),
    "a negative rise": (facts(RISE, value=700, prior_value=700, bound=-1), REVIEW),
    # 7 of 700 × 10,001.
    "a million percent": (facts(RISE, value=7, prior_value=700, bound=1_000_000), ("off", 3)),
    "more than 100% less": (facts(FALL, value=0, prior_value=700, bound="100.0001"), REVIEW),
    "a rate risen by 2%, or by 2 points": (percent(RISE, 9, 10, prior_value=80, bound=2), REVIEW),
    "a rate against a rate": (percent("not_below_last_year", 95, 100, prior_value=95), FULL),
    "a rate a hair below last year's": (
        percent("not_below_last_year", "94.9999", 100, prior_value=95), ("slightly_off", 2_999_997)),
    "a rate as last year has not risen": (percent(RISE, 95, 100, prior_value=95), ("slightly_off", 2_999_999)),
    "a rate without last year's": (percent("not_below_last_year", 95, 100), ("no_baseline", None)),
    "last year's rate too large": (percent("not_below_last_year", 9, 10, prior_value=-100_000_000), REVIEW),
    # Targets to stay below: at once, one and a half times and twice the bound.
    "at most, 1 time": (facts("at_most", bound=100, value=100), FULL),
    "at most, a hair more": (facts("at_most", bound=100, value="100.0001"), ("slightly_off", 2_999_997)),
    "at most, 1.25 times": (facts("at_most", bound=100, value=125), ("slightly_off", 2_400_000)),
    "at most, over 1.25 times": (facts("at_most", bound=100, value="125.0001"), ("off", 2_399_998)),
    "at most, 1.5 times": (facts("at_most", bound=100, value=150), ("off", 2_000_000)),
    "at most, 2 times": (facts("at_most", bound=100, value=200), ("off", 1_500_000)),
    "at most, 10,000 times": (facts("at_most", bound=100, value=1_000_000), ("off", 300)),
    "at most, far below": (facts("at_most", bound=100, value=1), FULL),
    "at most 5%, 1 time": (percent("at_most", 50, 1000, bound=5), FULL),
    "at most 5%, 1.5 times": (percent("at_most", 75, 1000, bound=5), ("off", 2_000_000)),
    "at most 5%, 2 times": (percent("at_most", 100, 1000, bound=5), ("off", 1_500_000)),
    "less than, a hair less": (facts("less_than", bound=100, value="99.9999"), FULL),
    "less than, at": (facts("less_than", bound=100, value=100), ("slightly_off", 2_999_997)),
    "less than, 1.5 times": (facts("less_than", bound=100, value=150), ("off", 1_999_998)),
    # 99.9999 ÷ 200 of 3,000,000 is 1,499,998.5: a half goes up.
    "less than, 2 times": (facts("less_than", bound=100, value=200), ("off", 1_499_999)),
    "less than 5%, at": (percent("less_than", 50, 1000, bound=5), ("slightly_off", 2_999_999)),
    "less than 5%, a hair less": (percent("less_than", "49.9999", 1000, bound=5), FULL),
    "more than, at": (facts("more_than", bound=100, value=100), ("slightly_off", 2_999_997)),
    "more than, a hair more": (facts("more_than", bound=100, value="100.0001"), FULL),
    # 130% of what is required, 100.0001.
    "more than, not far over": (facts("more_than", bound=100, value="130.0001"), FULL),
    "more than, far over": (facts("more_than", bound=100, value="130.0002"), ("over", WEIGHT)),
    "more than 90%, at": (percent("more_than", 1125, 1250, bound=90), ("slightly_off", 2_999_999)),
    "more than 90%, a hair more": (percent("more_than", "1125.0001", 1250, bound=90), FULL),
    # 1 ÷ 3.0001 is more than 0.3333 by less than the fourth decimal shows.
    "more than 0.3333, by less than shows": (
        facts("more_than", bound="0.3333", numerator=1, denominator="3.0001"), FULL),
    # Equal and range, from both sides.
    "equal, a hair below": (facts("equal", bound=22, value="21.9999"), ("slightly_off", 2_999_986)),
    "equal, a hair above": (facts("equal", bound=22, value="22.0001"), ("slightly_off", 2_999_986)),
    "equal, four fifths": (facts("equal", bound=22, value="17.6"), ("slightly_off", 2_400_000)),
    "equal, less than four fifths": (facts("equal", bound=22, value="17.5999"), ("off", 2_399_986)),
    "equal, five fourths": (facts("equal", bound=22, value="27.5"), ("slightly_off", 2_400_000)),
    "equal, more than five fourths": (facts("equal", bound=22, value="27.5001"), ("off", 2_399_991)),
    "equal, far over is no praise": (facts("equal", bound=22, value=220), ("off", 300_000)),
    "range, a hair below": (facts("range", bound=18, upper=54, value="17.9999"), ("slightly_off", 2_999_983)),
    "range, lower end": (facts("range", bound=18, upper=54, value=18), FULL),
    "range, inside": (facts("range", bound=18, upper=54, value=36), FULL),
    "range, upper end": (facts("range", bound=18, upper=54, value=54), FULL),
    "range, a hair above": (facts("range", bound=18, upper=54, value="54.0001"), ("slightly_off", 2_999_994)),
    "range, four fifths": (facts("range", bound=18, upper=54, value="14.4"), ("slightly_off", 2_400_000)),
    "range, less than four fifths": (facts("range", bound=18, upper=54, value="14.3999"), ("off", 2_399_983)),
    "range, five fourths": (facts("range", bound=18, upper=54, value="67.5"), ("slightly_off", 2_400_000)),
    "range, more than five fourths": (facts("range", bound=18, upper=54, value="67.5001"), ("off", 2_399_996)),
    "range of one number": (facts("range", bound=5, upper=5, value=5), FULL),
    "range in percent, lower end": (percent("range", 800, 1000, bound=80, upper=90), FULL),
    "range in percent, upper end": (percent("range", 900, 1000, bound=80, upper=90), FULL),
    "range in percent, below": (percent("range", "799.9999", 1000, bound=80, upper=90), ("slightly_off", 2_999_999)),
    "range in percent, above": (percent("range", "900.0001", 1000, bound=80, upper=90), ("slightly_off", 2_999_999)),
    # Full coverage.
    "covered, nobody in need": (percent("full_coverage", 0, 0), ("not_applicable", None)),
    "covered, one of nobody": (percent("full_coverage", 1, 0), REVIEW),
    "covered, more than all": (percent("full_coverage", "100.0001", 100), REVIEW),
    "covered, all": (percent("full_coverage", 1, 1), FULL),
    "covered, all but a hair": (percent("full_coverage", "99.9999", 100), ("slightly_off", 2_999_997)),
    "covered, four fifths": (percent("full_coverage", 80, 100), ("slightly_off", 2_400_000)),
    "covered, less than four fifths": (percent("full_coverage", "79.9999", 100), ("off", 2_399_997)),
    "covered, a share typed alone": (facts("full_coverage", scale=100, value=100), REVIEW),
    "covered, not told": (percent("full_coverage", None, None), ("not_reported", None)),
    "covered, one count alone": (percent("full_coverage", 80, None), REVIEW),
    # Days.
    "3 of 3 days": (took(WORKING, 3, 3), FULL),
    "4 of 3 days": (took(WORKING, 3, 4), ("off", 2_250_000)),
    "5 of 4 days": (took(WORKING, 4, 5), ("slightly_off", 2_400_000)),
    "1 of 0 days": (took(WORKING, 0, 1), NOTHING),
    "3 of less than 0 days": (took(WORKING, -1, 3), REVIEW),
    "days not counted": (took(WORKING, None, 3), REVIEW),
    "31 of 30 days": (took(CALENDAR, 30, 31), ("slightly_off", 2_903_226)),
    "37 of 30 days": (took(CALENDAR, 30, 37), ("slightly_off", 2_432_432)),
    "38 of 30 days": (took(CALENDAR, 30, 38), ("off", 2_368_421)),
    "calendar days not counted": (took(CALENDAR, 30, None), REVIEW),
    "a far better time is no praise": (took(WORKING, 30, 1), FULL),
    **{
        f"{kind} {when}": (facts(kind, due_on=AS_OF + timedelta(days=days), allowed_days=3, **values), expected)
        for kind in (WORKING, CALENDAR, ON_A_DAY)
        for when, days, values, expected in (
            ("not done on the last day", 0, {}, ("not_due", None)),
            ("not done the day after", -1, {}, NOTHING),
            ("not reported the day after", -1, {"is_reported": False}, ("not_reported", None)),
            ("not reported on the last day", 0, {"is_reported": False}, ("not_due", None)),
        )
    },
    "a date, the day before": (facts(ON_A_DAY, due_on=DUE, done_on=DUE - timedelta(days=1)), FULL),
    "a date, the day itself": (facts(ON_A_DAY, due_on=DUE, done_on=DUE), FULL),
    "a date, the day after": (facts(ON_A_DAY, due_on=DUE, done_on=DUE + timedelta(days=1)), NOTHING),
    "a date without a date": (facts(ON_A_DAY), REVIEW),
    "done, and no date to be done by": (facts(ON_A_DAY, done_on=DUE), REVIEW),
    "not reported on the last day": (of_hundred(100, is_reported=False, due_on=AS_OF), ("not_due", None)),
    "not reported the day after": (
        of_hundred(100, is_reported=False, due_on=AS_OF - timedelta(days=1)), ("not_reported", None)),
    # Words: 80 and 60 belong to the upper band; a share outside its band is asked about.
    "words 100": (words(1, 100), FULL),
    "words 99.9999": (words(1, "99.9999"), ("met", 2_999_997)),
    "words 80, reached": (words(1, 80), ("met", 2_400_000)),
    "words 80, partly": (words(2, 80), REVIEW),
    "words 79.9999, partly": (words(2, "79.9999"), ("slightly_off", 2_399_997)),
    "words 79.99, partly": (words(2, "79.99"), ("slightly_off", 2_399_700)),
    "words 79.99, reached": (words(1, "79.99"), REVIEW),
    "words 79.99, not reached": (words(3, "79.99"), REVIEW),
    "words 60, partly": (words(2, 60), ("slightly_off", 1_800_000)),
    "words 60, not reached": (words(3, 60), REVIEW),
    "words 59.99, not reached": (words(3, "59.99"), ("off", 1_799_700)),
    "words 59.99, partly": (words(2, "59.99"), REVIEW),
    "words 0": (words(3, 0), NOTHING),
    "words 0, reached": (words(1, 0), REVIEW),
    "words above 100": (words(1, "100.0001"), REVIEW),
    "words below 0": (words(3, "-0.0001"), REVIEW),
    "words in no band": (words(0, 0), REVIEW),
    "words without a band": (words(None, 80), REVIEW),
    "words without a share": (words(1, None), REVIEW),
    "words without evidence": (words(1, 100, is_evidenced=False), REVIEW),
    "words, evidence not said": (words(1, 100, is_evidenced=None), REVIEW),
    # Nothing given.
    "nothing but a kind": (facts("at_least"), ("not_reported", None)),
    "no kind": (facts("at_least", bound=1, value=1) | {"scored_kind": None}, REVIEW),
    "no actual value": (facts("equal", bound=22), ("not_reported", None)),
    "a value and no target": (facts("equal", value=22), REVIEW),
    "words and nothing else": (facts("qualitative"), REVIEW),
    "not said whether reported": (of_hundred(100, is_reported=None), ("not_reported", None)),
    "not said whether it applies": (of_hundred(100, is_applicable=None), FULL),
    "does not apply, though reported": (of_hundred(100, is_applicable=False), ("not_applicable", None)),
    "does not apply, though done": (took(WORKING, 3, 3) | {"is_applicable": False}, ("not_applicable", None)),
    "a rate, numerator alone": (percent("at_least", 5, None, bound=90), REVIEW),
    "a rate, denominator alone": (percent("at_least", None, 5, bound=90), REVIEW),
    "a rate, no scale said": (percent("at_least", 9, 10, bound=1, scale=None), ("slightly_off", 2_700_000)),
    "a total that was not assigned": (
        facts("at_least", bound=5, value=1) | {"scored_kind": "not_assigned"}, ("not_applicable", None)),
    # Weights.
    "no weight, met": (of_hundred(100, weight_micro=0), ("met", 0)),
    "no weight, missed": (of_hundred(50, weight_micro=0), NOTHING),
    "a weight of one micro-point, met": (of_hundred(100, weight_micro=1), ("met", 1)),
    "a weight of one micro-point, missed": (of_hundred("99.9999", weight_micro=1), ("slightly_off", 0)),
    "a third of seven": (facts("at_least", bound=3, value=1, weight_micro=7), ("off", 2)),
    "two thirds of seven": (facts("at_least", bound=3, value=2, weight_micro=7), ("off", 5)),
    "half of an odd weight": (of_hundred(50, weight_micro=3_571_429), ("off", 1_785_715)),
    "a third of a default weight": (facts("at_least", bound=3, value=1, weight_micro=3_571_429), ("off", 1_190_476)),
    "a third of a hundred points": (facts("at_least", bound=3, value=1, weight_micro=10**8), ("off", 33_333_333)),
    # 7,321,260 of 20,000,000 of 2.5 points is 915,157.5 micro-points, in 元 as in 万元.
    "an exact half in 元": (
        facts("at_least", bound=20_000_000, value=7_321_260, weight_micro=2_500_000), ("off", 915_158)),
    "an exact half in 万元": (
        facts("at_least", bound=2000, value="732.126", weight_micro=2_500_000), ("off", 915_158)),
    # 6.5 of 7 goes up to 7, which a miss may not have; the double says 6.49….
    "half a micro-point short of all": (
        facts("at_least", bound="0.0014", value="0.0013", weight_micro=7), ("slightly_off", 6)),
    # 16,666,666,666,666.6666 is less than a sixth of it: less than half of a micro-point of three.
    "a hair under a half": (facts("at_least", bound=HUGE, value="16666666666666.6666", weight_micro=3), NOTHING),
    # The ends of DECIMAL(18, 4).
    "huge, met": (facts("at_least", bound=HUGE, value=HUGE), FULL),
    "huge, a hair short": (facts("at_least", bound=HUGE, value="99999999999999.9998"), ("slightly_off", 2_999_999)),
    "huge, more than": (facts("more_than", bound=HUGE, value=HUGE), ("slightly_off", 2_999_999)),
    "tiny, met": (facts("at_least", bound=TINY, value=TINY), FULL),
    "tiny, half": (facts("at_least", bound="0.0002", value=TINY), ("off", 1_500_000)),
    "tiny target, huge value": (facts("at_least", bound=TINY, value=HUGE), ("over", WEIGHT)),
    "huge target, tiny value": (facts("at_least", bound=HUGE, value=TINY), NOTHING),
    "tiny ceiling, huge value": (facts("at_most", bound=TINY, value=HUGE), NOTHING),
    "tiny ceiling, twice": (facts("at_most", bound=TINY, value="0.0002"), ("off", 1_500_000)),
    "huge counts": (percent("at_least", HUGE, HUGE, bound=90), FULL),
    "tiny counts": (percent("at_least", TINY, "0.0002", bound=90), ("off", 1_666_667)),
    "a rate's bound of nine digits": (percent("at_least", 1, 1, bound=100_000_000), REVIEW),
    "a rate's bound of eight digits": (percent("at_least", 1, 1, bound=99_999_999), ("off", 3)),
    "below the least": (facts("at_least", bound=f"-{HUGE}", value=f"-{HUGE}"), FULL),
}


# Attainment and deviation in millionths, and points of a rate in millionths of a point.
MEASURES: dict[str, tuple[dict[str, Any], tuple[int | None, int | None, int | None]]] = {
    "a day late": (took(WORKING, 3, 4), (750_000, -333_333, None)),
    "far ahead of time": (took(WORKING, 30, 1), (1_000_000, 966_667, None)),
    "far below a ceiling": (facts("at_most", bound=100, value=1), (1_000_000, 990_000, None)),
    "above a ceiling": (facts("at_most", bound=100, value=150), (666_666, -500_000, None)),
    "above equal": (facts("equal", bound=22, value=44), (500_000, -1_000_000, None)),
    "below equal": (facts("equal", bound=22, value=11), (500_000, -500_000, None)),
    "inside a range": (facts("range", bound=18, upper=54, value=36), (1_000_000, 0, None)),
    "above a range": (facts("range", bound=18, upper=54, value=108), (500_000, -1_000_000, None)),
    "below a range": (facts("range", bound=18, upper=54, value=9), (500_000, -500_000, None)),
    "nothing of nothing": (facts("at_least", bound=0, value=0), (1_000_000, None, None)),
    "a rate": (percent("at_least", 1102, 1250, bound=90), (979_555, -20_444, -1_840_000)),
    "per mille": (facts("at_least", scale=1000, bound=8, numerator=6, denominator=1000),
                  (750_000, -250_000, -2_000_000)),
    "covered": (percent("full_coverage", 80, 100), (800_000, -200_000, -20_000_000)),
    # Attainment is floored, deviation rounded.
    "two of three": (facts("at_least", bound=3, value=2), (666_666, -333_333, None)),
    # As doubles these are 512499.99… and 1000000 millionths.
    "41 of 80": (facts("at_least", bound=80, value=41), (512_500, -487_500, None)),
    "a hair short of all": (facts("at_least", bound=HUGE, value="99999999999999.9998"), (999_999, 0, None)),
    "more than any number shows": (facts("at_least", bound=TINY, value=HUGE), (999_999_999_999, 999_999_999_999, None)),
}


@cache
def scores() -> dict[str, dict[str, Any]]:
    """All cases through the rule in one call."""
    return dict(zip(CASES, scored_in_order(row for row, _ in CASES.values()), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_border(name: str) -> None:
    row = scores()[name]

    assert (row["state"], row["score_micro"]) == CASES[name][1]


@pytest.mark.parametrize("name", MEASURES)
def test_attainment_and_deviation(name: str) -> None:
    (row,) = scored_in_order([MEASURES[name][0]])

    assert (row["attainment_micro"], row["deviation_micro"], row["gap_points_micro"]) == MEASURES[name][1]
