"""What holds for every score, whatever the kind: better is never worse, units and versions do not matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from score_builders import AS_OF, STEP, facts, percent, scored_in_order

from data.store import Store, sql_text, with_relations
from metrics.score_states import MISSING_STATES
from metrics.scoring import SCORE_INPUT_COLUMNS, rule_relation
from metrics.thresholds import rule_row

Row = dict[str, Any]

RANKS = {"off": 0, "slightly_off": 1, "met": 2, "over": 3}
ROSE = ("at_least", "more_than", "not_below_last_year", "increase_over_last_year")
FELL = ("at_most", "less_than", "decrease_over_last_year")
INSIDE = ("equal", "range")
VERSUS_PRIOR = ("not_below_last_year", "increase_over_last_year", "decrease_over_last_year")
DAYS = ("working_day_deadline", "calendar_day_deadline")
KINDS = (*ROSE, *FELL, *INSIDE, *DAYS, "date_deadline", "full_coverage", "qualitative", "other")
NUMBERS_OUT = ("score_micro", "achieved", "required", "attainment_micro")

batched = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
money = st.decimals(0, 10**8, places=4, allow_nan=False)
signed = st.decimals(-(10**6), 10**8, places=4, allow_nan=False)
few_hundred = st.decimals(-10, 400, places=4, allow_nan=False)
counts = st.decimals(0, 10**6, places=2, allow_nan=False)
weights = st.integers(0, 100_000_000)


@st.composite
def ladders(draw: st.DrawFn) -> list[Row]:
    """One target with actual values from the worst to the best, some right beside the bound."""
    kind = draw(st.sampled_from([kind for kind in KINDS if kind != "other"]))
    weight = draw(weights)
    if kind in DAYS:
        allowed = draw(st.integers(0, 60))
        taken = sorted(draw(st.lists(st.integers(0, 200), min_size=2, max_size=6)), reverse=True)
        return [facts(kind, due_on=AS_OF, done_on=AS_OF, allowed_days=allowed, taken_days=days, weight_micro=weight)
                for days in taken]
    if kind == "date_deadline":
        done = sorted(draw(st.lists(st.integers(-5, 5), min_size=2, max_size=6)), reverse=True)
        return [facts(kind, due_on=AS_OF, done_on=AS_OF + timedelta(days=days), weight_micro=weight) for days in done]
    if kind == "qualitative":
        shares = sorted(draw(st.lists(st.decimals(0, 100, places=4), min_size=2, max_size=6)))
        return [facts(kind, band=1 if share >= 80 else 2 if share >= 60 else 3, band_share=share, is_evidenced=True,
                      weight_micro=weight) for share in shares]
    if kind == "full_coverage":
        whole = draw(counts)
        parts = sorted(min(part, whole) for part in draw(st.lists(counts, min_size=2, max_size=6)))
        return [percent(kind, part, whole, weight_micro=weight) for part in parts]
    return draw(numeric_ladders(kind, weight))


@st.composite
def numeric_ladders(draw: st.DrawFn, kind: str, weight: int) -> list[Row]:
    is_counted = draw(st.booleans())
    bound = draw(few_hundred | st.decimals(0, 10, places=0) if is_counted else signed)
    prior = draw(few_hundred if is_counted else signed)
    sized = draw(st.booleans()) and not is_counted
    target: Row = {"bound": bound, "upper": bound + draw(few_hundred.map(abs)), "weight_micro": weight}
    if kind in VERSUS_PRIOR:
        target = {"prior_value": prior, "weight_micro": weight,
                  "bound": draw(st.decimals(0, 100, places=2)) if sized else None}
    middle = prior if kind in VERSUS_PRIOR else bound
    values = draw(st.lists(signed | few_hundred, min_size=2, max_size=6))
    values += [middle, middle + STEP, middle - STEP, target.get("upper", middle) or middle]
    if is_counted:
        whole = draw(counts.filter(bool))
        near = (whole * middle / 100).quantize(STEP)
        parts = [abs(value) for value in values] + [max(Decimal(0), near + step) for step in (-STEP, 0, STEP)]
        rows = [percent(kind, part, whole, **target) for part in sorted(parts)]
    else:
        rows = [facts(kind, value=value, **target) for value in sorted(values)]
    if kind in INSIDE:
        top = target["upper"] if kind == "range" else bound
        return one_side(rows, is_counted, bound, top, draw(st.booleans()))
    return rows[::-1] if kind in FELL else rows


def one_side(rows: list[Row], is_counted: bool, bottom: Decimal, top: Decimal, from_below: bool) -> list[Row]:
    """The rows on one side of a range, from far to near, with the range itself."""
    def reached(row: Row) -> Fraction:
        if is_counted:
            return Fraction(row["numerator"]) * 100 / Fraction(row["denominator"])
        return Fraction(row["value"])

    if from_below:
        return [row for row in rows if reached(row) <= top]
    return [row for row in rows if reached(row) >= bottom][::-1]


@batched
@given(st.lists(ladders(), min_size=8, max_size=16))
def test_better_is_never_worse(steps: list[list[Row]]) -> None:
    rows = iter(scored_in_order(row for ladder in steps for row in ladder))
    compared = 0

    for ladder in steps:
        judged = [score for score in (next(rows) for _ in ladder) if score["state"] not in MISSING_STATES]
        for worse, better in pairwise(judged):
            compared += 1
            assert worse["score_micro"] <= better["score_micro"]
            assert worse["attainment_micro"] <= better["attainment_micro"]
            assert RANKS[worse["state"]] <= RANKS[better["state"]]
    assert compared, "a ladder without two steps proves nothing"


maybe = st.none() | st.decimals(-10**13, 10**13, places=4, allow_nan=False) | few_hundred
days = st.none() | st.dates(date(2021, 12, 25), date(2022, 1, 5))
any_rows = st.fixed_dictionaries({
    "scored_kind": st.sampled_from(KINDS), "scale": st.sampled_from([1, 100, 1000]), "bound": maybe, "upper": maybe,
    "numerator": maybe, "denominator": maybe, "value": maybe, "prior_value": maybe,
    "band": st.none() | st.integers(0, 4), "band_share": st.none() | st.decimals(0, 100, places=0),
    "is_evidenced": st.none() | st.booleans(), "allowed_days": st.none() | st.integers(-1, 9),
    "taken_days": st.none() | st.integers(-1, 9), "due_on": days, "done_on": days,
    "is_reported": st.sampled_from([True, True, True, False, None]),
    "is_applicable": st.sampled_from([True, True, True, False, None]), "weight_micro": weights,
}).map(lambda values: facts(**{"kind": values["scored_kind"], **values}))


@batched
@given(st.lists(any_rows, min_size=30, max_size=80))
def test_a_row_is_either_missing_or_scored_and_full_marks_mean_achieved(rows: list[Row]) -> None:
    for score in scored_in_order(rows):
        if score["state"] in MISSING_STATES:
            assert [score[name] for name in (*NUMBERS_OUT, "deviation_micro", "gap_points_micro")] == [None] * 6
            continue
        assert score["state"] in RANKS
        assert None not in [score[name] for name in NUMBERS_OUT]
        has_all = score["achieved"] >= score["required"]
        assert 0 <= score["score_micro"] <= score["weight_micro"]
        assert has_all == (score["score_micro"] == score["weight_micro"]) or score["weight_micro"] == 0
        assert has_all == (score["attainment_micro"] >= 1_000_000)
        if score["scored_kind"] != "qualitative":
            assert has_all == (RANKS[score["state"]] >= RANKS["met"])


@batched
@given(st.lists(any_rows, min_size=30, max_size=80))
def test_nothing_is_read_that_the_kind_does_not_ask_for(rows: list[Row]) -> None:
    """What stands in a column that a kind has no use for never moves its score."""
    unused: dict[str, tuple[str, ...]] = {
        **dict.fromkeys((*DAYS, "date_deadline"), (
            "bound", "upper", "numerator", "denominator", "value", "prior_value", "band", "band_share")),
        "qualitative": ("bound", "upper", "numerator", "denominator", "value", "prior_value", "taken_days", "done_on"),
        "full_coverage": ("bound", "upper", "scale", "value", "prior_value", "band", "band_share", "done_on"),
        **dict.fromkeys(("at_least", "more_than", "at_most", "less_than", "equal"), (
            "upper", "prior_value", "band", "band_share", "allowed_days", "taken_days", "done_on")),
        "range": ("prior_value", "band", "band_share", "allowed_days", "taken_days", "done_on"),
        **dict.fromkeys(VERSUS_PRIOR, ("upper", "band", "band_share", "allowed_days", "taken_days", "done_on")),
        "other": (),
    }
    # A full-coverage row with neither count says so whether or not a share was typed beside it.
    rows = [row for row in rows if row["scored_kind"] != "full_coverage" or row["numerator"] is not None]
    bare = [{name: value for name, value in row.items() if name not in unused[row["scored_kind"]]} for row in rows]

    assert scored_in_order(bare) == scored_in_order(rows)


def neighbours(bound: Decimal, rule: Row) -> list[tuple[Row, str]]:
    """Values on both sides of each border of a kind, one unit of the last decimal apart, with their states."""
    slightly, over = (Decimal(rule[name]) / 10**6 for name in ("slightly_off_from_micro", "over_from_micro"))
    least = (bound * slightly).quantize(STEP, ROUND_CEILING)
    most = (bound / slightly).quantize(STEP, ROUND_FLOOR)
    far = (bound * over).quantize(STEP, ROUND_CEILING)
    up = [(far, "over"), (far - STEP, "met"), (bound, "met"), (bound - STEP, "slightly_off"),
          (least, "slightly_off"), (least - STEP, "off")]
    down = [(bound - STEP, "met"), (bound, "met"), (bound + STEP, "slightly_off"), (most, "slightly_off"),
            (most + STEP, "off")]
    around = [*up[3:], (bound, "met"), *down[2:]]
    ceiling = bound * 3
    ceiling_most = (ceiling / slightly).quantize(STEP, ROUND_FLOOR)
    return [
        *((facts("at_least", bound=bound, value=value), state) for value, state in up),
        *((facts("not_below_last_year", prior_value=bound, value=value), state.replace("over", "met"))
          for value, state in up),
        *((facts("at_most", bound=bound, value=value), state) for value, state in down),
        *((facts("equal", bound=bound, value=value), state) for value, state in around),
        *((facts("range", bound=bound, upper=ceiling, value=value), state) for value, state in (
            *up[3:], (bound, "met"), (ceiling, "met"), (ceiling + STEP, "slightly_off"),
            (ceiling_most, "slightly_off"), (ceiling_most + STEP, "off"))),
        # The same borders in counts of ten thousand: one unit of a numerator is a hundredth of a millionth.
        *((percent("at_least", value, 100, bound=bound), state) for value, state in up),
        *((percent("at_most", value, 100, bound=bound), state) for value, state in down),
        *((percent("full_coverage", value, bound), state) for value, state in up[2:]),
    ]


@batched
@given(
    st.lists(st.decimals(10, 10**6, places=4, allow_nan=False), min_size=3, max_size=6),
    st.integers(2, 998), st.integers(1002, 9999),
)
def test_each_border_parts_two_states_by_one_unit_of_the_last_decimal(
    bounds: list[Decimal], slightly: int, over: int
) -> None:
    rule = {**rule_row(), "slightly_off_from_micro": slightly * 1000, "over_from_micro": over * 1000}
    cases = [case for bound in bounds for case in neighbours(bound, rule)]

    found = [score["state"] for score in scored_in_order((row for row, _ in cases), rule)]

    assert found == [state for _, state in cases]


@batched
@given(st.lists(st.integers(1, 9999), min_size=2, max_size=2, unique=True))
def test_each_band_begins_at_its_limit(limits: list[int]) -> None:
    """Whatever the rule's limits: a share at the limit belongs to the upper band, a hair below to the lower."""
    low, high = sorted(limits)
    partly, reached = Decimal(low) / 100, Decimal(high) / 100
    rule = {**rule_row(), "band_reached_from_micro": high * 100, "band_partly_from_micro": low * 100}
    shares = {Decimal(100): 1, reached: 1, reached - STEP: 2, partly: 2, partly - STEP: 3, Decimal(0): 3}
    rows = [
        facts("qualitative", band=band, band_share=share, is_evidenced=True) for share in shares for band in (1, 2, 3)
    ]

    states = [score["state"] for score in scored_in_order(rows, rule)]

    words = {1: "met", 2: "slightly_off", 3: "off"}
    assert states == [
        words[band] if band == right else "needs_review" for right in shares.values() for band in (1, 2, 3)
    ]


whole_yuan = st.integers(0, 10**11).map(Decimal)
UNIT_FREE = ("at_least", "at_most", "equal", "range", "not_below_last_year", "increase_over_last_year",
             "decrease_over_last_year")


@st.composite
def rows_in_yuan(draw: st.DrawFn) -> Row:
    kind = draw(st.sampled_from(UNIT_FREE))
    low = draw(whole_yuan)
    row = facts(kind, value=draw(whole_yuan), bound=low, upper=low + draw(whole_yuan), weight_micro=draw(weights))
    if kind in VERSUS_PRIOR:
        row |= {"prior_value": draw(whole_yuan), "bound": Decimal(draw(st.integers(0, 100)))}
    return row


def in_ten_thousands(row: Row) -> Row:
    """The row in 万元; the percentage of a rise or fall has no unit."""
    names = ["value", "prior_value"] if row["scored_kind"] in VERSUS_PRIOR else ["value", "bound", "upper"]
    return row | {name: row[name] / 10_000 for name in names if row.get(name) is not None}


def assert_same(one: list[Row], other: list[Row]) -> None:
    for mine, theirs in zip(one, other, strict=True):
        assert (mine["state"], mine["score_micro"]) == (theirs["state"], theirs["score_micro"])
        if mine["attainment_micro"] is None or mine["attainment_micro"] < 9_000_000:
            assert mine["attainment_micro"] == theirs["attainment_micro"]


@batched
@given(st.lists(rows_in_yuan(), min_size=30, max_size=80))
def test_money_in_yuan_scores_as_in_ten_thousands(rows: list[Row]) -> None:
    assert_same(scored_in_order(rows), scored_in_order(map(in_ten_thousands, rows)))


def test_exact_halves_are_the_same_in_every_unit() -> None:
    """2.5 points of 2,000 万元: 125 micro-points per thousand 元 and a half for every four."""
    rows = [facts("at_least", bound=20_000_000, value=4 * odd, weight_micro=2_500_000) for odd in range(1, 4001, 2)]

    found = scored_in_order(rows)

    assert [score["score_micro"] for score in found] == [(odd + 1) // 2 for odd in range(1, 4001, 2)]
    assert_same(found, scored_in_order(map(in_ten_thousands, rows)))


COUNTED = ("at_least", "at_most", "equal", "range", "full_coverage", "not_below_last_year")


@batched
@given(st.lists(
    st.tuples(st.sampled_from(COUNTED), st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 120),
              st.integers(0, 50), st.integers(2, 1000), weights),
    min_size=30, max_size=80,
))
def test_rates_do_not_depend_on_how_their_counts_are_written(cases: list[tuple[Any, ...]]) -> None:
    def rows(change: Callable[[Row, int], Row]) -> list[Row]:
        return [
            change(percent(kind, n, d, bound=bound, upper=bound + more, prior_value=bound, weight_micro=weight), times)
            for kind, n, d, bound, more, times, weight in cases
        ]

    plain = scored_in_order(rows(lambda row, _: row))

    assert_same(plain, scored_in_order(rows(lambda row, times: row | {
        name: row[name] * times for name in ("numerator", "denominator")})))
    assert_same(plain, scored_in_order(rows(lambda row, _: row | {
        "scale": 1000, **{name: row[name] * 10 for name in ("bound", "upper", "prior_value")}})))


@batched
@given(st.lists(any_rows, min_size=30, max_size=60), st.lists(weights, min_size=60, max_size=60))
def test_a_weight_changes_the_points_and_nothing_else(rows: list[Row], others: list[int]) -> None:
    changed = [row | {"weight_micro": weight} for row, weight in zip(rows, others, strict=False)]

    for before, after in zip(scored_in_order(rows), scored_in_order(changed), strict=True):
        for name in ("state", "achieved", "required", "attainment_micro", "deviation_micro", "gap_points_micro"):
            assert before[name] == after[name]


TYPES = {"indicator_no": "INTEGER", "scale": "INTEGER", "band": "INTEGER", "allowed_days": "INTEGER",
         "taken_days": "INTEGER", "weight_micro": "BIGINT", "valid_from": "TIMESTAMP",
         "band_share": "DECIMAL(7, 4)", "is_evidenced": "BOOLEAN", "is_reported": "BOOLEAN",
         "is_applicable": "BOOLEAN", "due_on": "DATE", "done_on": "DATE", "as_of_on": "DATE",
         **dict.fromkeys(("bound", "upper", "numerator", "denominator", "value", "prior_value"), "DECIMAL(18, 4)")}


def scored_by(versions: list[Row], rows: list[Row]) -> list[Row]:
    """Rows of several versions through the rule in one call."""
    cells = ", ".join(f"CAST({name} AS {TYPES.get(name, 'TEXT')}) AS {name}" for name in SCORE_INPUT_COLUMNS)
    frame = pd.DataFrame(
        {name: [None if row.get(name) is None else str(row[name]) for row in rows] for name in SCORE_INPUT_COLUMNS},
        dtype=object,
    )
    sql = with_relations(sql_text("metrics", "score"), {
        "score_input": f"SELECT {cells} FROM given_rows",
        "rule": " UNION ALL ".join(rule_relation(version) for version in versions),
    })
    with Store(None).reading() as cursor:
        cursor.lend("given_rows", frame)
        return cursor.rows(sql)


STRICT = {**rule_row("strict"), "slightly_off_from_micro": 950_000, "over_from_micro": 1_010_000,
          "band_reached_from_micro": 900_000, "band_partly_from_micro": 700_000}
MILD = {**rule_row("mild"), "slightly_off_from_micro": 500_000, "over_from_micro": 2_000_000,
        "band_reached_from_micro": 700_000, "band_partly_from_micro": 300_000}
BARE = {**rule_row("bare"), "slightly_off_from_micro": None, "over_from_micro": None}


def test_each_row_is_judged_by_its_own_version() -> None:
    given_rows = [
        facts("at_least", bound=100, value=90), facts("at_least", bound=100, value=150),
        facts("qualitative", band=2, band_share=75, is_evidenced=True),
    ]
    rows = [
        {**row, "indicator_no": number, "recipient_id": version, "rule_version": version}
        for number, row in enumerate(given_rows) for version in ("bare", "mild", "strict")
    ]

    found = scored_by([STRICT, MILD, BARE], rows)

    assert len(found) == len(rows), "a version is joined to its own rows and no others"
    assert {(row["rule_version"], row["indicator_no"]): row["state"] for row in found} == {
        ("strict", 0): "off", ("strict", 1): "over", ("strict", 2): "slightly_off",
        ("mild", 0): "slightly_off", ("mild", 1): "met", ("mild", 2): "needs_review",
        # What a version leaves out parts nothing: every miss is off, nothing is far over.
        ("bare", 0): "off", ("bare", 1): "met", ("bare", 2): "slightly_off",
    }
    assert {row["recipient_id"] == row["rule_version"] for row in found} == {True}
    assert {row["score_micro"] for row in found if row["indicator_no"] == 0} == {2_700_000}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(any_rows, st.sampled_from([STRICT, MILD])), min_size=20, max_size=50))
def test_versions_in_one_call_do_not_touch_each_other(pairs: list[tuple[Row, Row]]) -> None:
    rows = [{**row, "indicator_no": number, "rule_version": rule["rule_version"]}
            for number, (row, rule) in enumerate(pairs)]

    together = scored_by([MILD, STRICT], rows)

    alone = [score for rule in (STRICT, MILD)
             for score in scored_by([rule], [row for row in rows if row["rule_version"] == rule["rule_version"]])]
    assert together == sorted(alone, key=lambda score: score["indicator_no"])
