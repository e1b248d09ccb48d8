"""The roll-up from units to the prefecture: each method by hand, who is left out, and the founding figures again."""

from __future__ import annotations

import random
import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from builders import NUMBER, REGION, ROUND, demo_store, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store import Store
from metrics import rollup
from metrics.boards import region
from metrics.boards.definition import Scope
from metrics.scoring import SCORE_INPUT_COLUMNS, rule_relation

ROOT = Path(__file__).parent.parent
WEIGHT = 3_000_000
DUE = date(2021, 12, 27)
AFTER = date(2021, 12, 28)
NUMBERS = ("numerator", "denominator", "value", "prior_value")
MET, OFF = "met", "off"
TYPES = {
    "document_number": pa.string(), "round_id": pa.string(), "indicator_no": pa.int32(), "recipient_id": pa.string(),
    "valid_from": pa.timestamp("us"), "as_of_on": pa.date32(), "rule_version": pa.string(),
    "rollup_method": pa.string(), "entry_kind": pa.string(), "state": pa.string(), "scored_kind": pa.string(),
    **dict.fromkeys(NUMBERS, pa.decimal128(18, 4)), "band": pa.int32(), "band_share": pa.decimal128(7, 4),
    "is_evidenced": pa.bool_(), "allowed_days": pa.int32(), "taken_days": pa.int32(), "due_on": pa.date32(),
    "done_on": pa.date32(), "after_yuan": pa.decimal128(38, 2), "region_target_version": pa.int32(),
    "region_scored_kind": pa.string(), "region_scale": pa.int32(), "region_bound": pa.decimal128(18, 4),
    "region_upper": pa.decimal128(18, 4), "own_bound": pa.decimal128(18, 4), "own_upper": pa.decimal128(18, 4),
    "is_period_covered": pa.bool_(), "round_due_on": pa.date32(),
    "period_end_on": pa.date32(), "weight_micro": pa.int64(),
}
RATE = {"rollup_method": "ratio", "entry_kind": "ratio", "region_scored_kind": "at_least", "region_scale": 100,
        "region_bound": 90}
RISE = {"rollup_method": "sum", "entry_kind": "versus_prior", "region_scored_kind": "not_below_last_year"}
WORDS = {"rollup_method": "weighted_mean", "entry_kind": "qualitative", "region_scored_kind": "qualitative"}
HOLD = {"rollup_method": "all_hold", "entry_kind": "versus_prior", "region_scored_kind": "not_below_last_year"}
SHARE = {"rollup_method": "unit_share", "entry_kind": "ratio", "region_scored_kind": "at_least", "region_scale": 100,
         "region_bound": 92}


@cache
def engine() -> Store:
    """A store that only lends its engine."""
    return Store(None)


def unit(state: str = MET, **values: Any) -> dict[str, Any]:
    """One unit's row as rollup_input has it, without its target."""
    return {"state": state, "scored_kind": "at_least", "is_evidenced": False, "after_yuan": 1_000_000, **values}


def rolled(indicator: dict[str, Any], *units: dict[str, Any], as_of: date = AFTER) -> tuple[dict, dict, list[dict]]:
    """The prefecture's row of score_input, its score, and what each unit counts with."""
    head = {
        "document_number": NUMBER, "round_id": ROUND, "indicator_no": 1, "rule_version": "2021-1",
        "valid_from": datetime.combine(as_of, datetime.min.time()), "as_of_on": as_of, "region_scale": 1,
        "is_period_covered": True, "round_due_on": DUE, "period_end_on": date(2021, 12, 25), "weight_micro": WEIGHT,
        **indicator,
    }
    planted = [{"recipient_id": f"u{place}", **head, **values} for place, values in enumerate(units)]
    frame = pd.DataFrame({
        name: pd.Series(pa.array([_typed(row.get(name), kind) for row in planted], type=kind),
                        dtype=pd.ArrowDtype(kind))
        for name, kind in TYPES.items()
    })
    given = "SELECT * FROM planted"
    with engine().reading() as cursor:
        cursor.lend("planted", frame)
        (row,) = cursor.rows(rollup.region_input_sql(given, rule_relation()))
        (score,) = cursor.rows(rollup.region_score_sql(given, rule_relation()))
        parts = cursor.rows(rollup.parts_sql(given))
    return row, score, parts


def _typed(value: Any, kind: pa.DataType) -> Any:
    return Decimal(str(value)) if value is not None and pa.types.is_decimal(kind) else value


def figure(row: dict[str, Any]) -> tuple:
    return tuple(row[name] for name in NUMBERS)


# --- each method, by hand ----------------------------------------------------------------------------------------


def test_the_row_has_the_columns_of_the_scoring_rule_in_their_order():
    row, _, _ = rolled(RATE, unit(numerator=1, denominator=2))

    assert tuple(row) == SCORE_INPUT_COLUMNS
    assert row["recipient_id"] == "region"


@pytest.mark.parametrize(
    ("counts", "sides", "state", "micro"),
    [
        # 9/10 = 90% and 80/100 = 80%: the mean of the rates is 85%, the prefecture's rate 89/110 = 80.90…%.
        ([(9, 10), (80, 100)], (89, 110), "slightly_off", 2_696_970),     # 3 × 8900/9900
        ([(90, 100), (9, 10)], (99, 110), "met", WEIGHT),                  # exactly 90%
        ([(90, 100), (899, 1000)], (989, 1100), "slightly_off", 2_996_970),   # 98900/99000
        ([(0, 50), (0, 70)], (0, 120), "off", 0),                          # zero was reported: it is no gap
    ],
)
def test_a_rate_is_the_sum_of_numerators_over_the_sum_of_denominators(counts, sides, state, micro):
    row, score, _ = rolled(RATE, *(unit(numerator=n, denominator=d) for n, d in counts))

    assert figure(row) == (*sides, None, None)
    assert (score["state"], score["score_micro"]) == (state, micro)


def test_counts_add_and_last_year_only_where_both_are_there():
    row, score, parts = rolled(
        RISE, unit(value=10, prior_value=9), unit("no_baseline", value=500), unit(OFF, value=20, prior_value=22),
    )

    assert figure(row) == (None, None, 30, 31)
    assert score["state"] == "slightly_off"
    assert score["score_micro"] == 2_903_226          # 3 × 30/31, half up
    assert [part["left_out_state"] for part in parts] == [None, "no_baseline", None]


def test_a_total_that_is_not_decomposed_still_adds_up():
    total = {"rollup_method": "sum", "entry_kind": "value", "region_scored_kind": "at_least", "region_bound": 63}
    undecided = [unit("needs_review", scored_kind="other", value=value) for value in (30, 32)]

    row, score, _ = rolled(total, *undecided)
    assert (row["value"], score["state"]) == (62, "slightly_off")
    row, score, _ = rolled(total, *undecided, unit("needs_review", scored_kind="other", value=1))
    assert (row["value"], score["state"]) == (63, "met")
    # Whom it does not apply to adds nothing and owes nothing.
    row, score, _ = rolled(total, *undecided, unit("not_applicable", scored_kind="other"))
    assert (row["value"], row["bound"], score["state"]) == (62, 63, "slightly_off")
    # A doubtful figure is another thing than a missing target: it is left out, and so the total is not the whole.
    row, score, parts = rolled(total, *undecided, unit("needs_review", scored_kind="at_least", value=1))
    assert (row["value"], score["state"], score["score_micro"]) == (None, "not_reported", None)
    assert parts[2]["left_out_state"] == "needs_review"


TOTAL = {"rollup_method": "sum", "entry_kind": "value", "region_bound": 5000}


@pytest.mark.parametrize(
    ("kind", "units", "compared", "state"),
    [
        # At most 5,000, of which 480 and 520 were handed down to the two that reported.
        ("at_most", [(530, 480), (520, 520), None], (1050, 1000), "slightly_off"),
        ("at_most", [(480, 480), (520, 520), None], (1000, 1000), "met"),
        ("at_most", [(5000, 480), (0, 520)], (5000, 5000), "met"),           # everybody reported: the whole target
        ("at_most", [(5001, 480), (0, 520)], (5001, 5000), "slightly_off"),
        ("at_least", [(480, 480), None], (480, 480), "met"),
        ("at_least", [(479, 480), None], (479, 480), "slightly_off"),
        ("at_least", [(480, 480), (4000, 4520)], (4480, 5000), "slightly_off"),
        ("at_least", [(480, 480), (520, None), None], (None, 5000), "not_reported"),
        ("at_most", [(1, None), None], (None, 5000), "not_reported"),
    ],
)
def test_a_total_that_lacks_units_is_compared_with_the_targets_of_the_others(kind, units, compared, state):
    planted = [
        unit("not_reported", scored_kind=kind, own_bound=4000) if each is None
        else unit(scored_kind=kind, value=each[0], own_bound=each[1]) if each[1] is not None
        else unit("needs_review", scored_kind="other", value=each[0])
        for each in units
    ]
    row, score, _ = rolled({**TOTAL, "region_scored_kind": kind}, *planted)

    assert ((row["value"], row["bound"]), score["state"]) == (compared, state)
    assert (score["score_micro"] is None) == (state == "not_reported")


def test_a_range_needs_both_ends_and_a_part_of_another_kind_is_no_part():
    span = {**TOTAL, "region_scored_kind": "range", "region_bound": 10, "region_upper": 20}
    silent = unit("not_reported", scored_kind="range")

    row, score, _ = rolled(span, unit(scored_kind="range", value=5, own_bound=3, own_upper=6), silent)
    assert ((row["bound"], row["upper"]), score["state"]) == ((3, 6), "met")
    row, score, _ = rolled(span, unit(scored_kind="range", value=5, own_bound=3), silent)
    assert (row["value"], score["state"]) == (None, "not_reported")
    row, score, _ = rolled(span, unit(scored_kind="at_least", value=5, own_bound=3, own_upper=6), silent)
    assert (row["value"], score["state"]) == (None, "not_reported")


def test_before_its_due_date_a_total_that_lacks_units_is_not_due():
    units = [unit("needs_review", scored_kind="other", value=1), unit("not_due", scored_kind="other")]
    row, score, _ = rolled({**TOTAL, "region_scored_kind": "at_most"}, *units, as_of=DUE)

    assert (row["value"], score["state"]) == (None, "not_due")


@pytest.mark.parametrize(
    ("shares", "mean", "band", "state"),
    [
        ([("92", 1_000_000), ("60", 3_000_000)], "68.0000", 2, "slightly_off"),   # (92 + 180) ÷ 4
        ([("92", 3_000_000), ("60", 1_000_000)], "84.0000", 1, "met"),            # (276 + 60) ÷ 4
        ([("80", 1), ("80", 2)], "80.0000", 1, "met"),
        ([("80", 1), ("79.9999", 2)], "79.9999", 2, "slightly_off"),              # 79.99993…: never up to 80
        ([("80.0001", 1), ("79.9999", 1)], "80.0000", 1, "met"),
        ([("60", 1), ("59.9999", 2)], "59.9999", 3, "off"),
        ([("60", "0.01")], "60.0000", 2, "slightly_off"),
        ([("100", 10**12), ("0", 1)], "99.9999", 1, "met"),                       # nearly all is not all
        ([("50", 3_000_000), ("92", 0)], "50.0000", 3, "off"),                    # no money, no weight
    ],
)
def test_a_share_is_weighted_by_money_and_floored(shares, mean, band, state):
    row, score, _ = rolled(WORDS, *(
        unit(band=1, band_share=share, is_evidenced=True, after_yuan=money) for share, money in shares
    ))

    assert (row["band_share"], row["band"]) == (Decimal(mean), band)
    assert score["state"] == state


@pytest.mark.parametrize(
    ("kind", "bound", "upper", "values", "mean", "state"),
    [
        ("at_least", 90, None, [("90", 1), ("89.9999", 2)], "89.9999", "slightly_off"),   # 89.99993…, down
        ("at_most", 90, None, [("90", 2), ("90.0001", 1)], "90.0001", "slightly_off"),    # 90.00003…, up
        ("at_most", 90, None, [("89", 1), ("91", 1)], "90.0000", "met"),
        ("equal", 5, None, [("5", 2), ("5.0001", 1)], "5.0001", "slightly_off"),
        ("equal", 5, None, [("5", 2), ("4.9999", 1)], "4.9999", "slightly_off"),
        ("range", 1, 5, [("5", 2), ("5.0001", 1)], "5.0001", "slightly_off"),
        ("range", 1, 5, [("2", 1), ("3", 2)], "2.6666", "met"),
        ("at_least", -3, None, [("-2", 1), ("-5", 2)], "-4.0000", "off"),
    ],
)
def test_a_value_without_counts_is_weighted_by_money_and_never_reaches_a_border_it_misses(
    kind, bound, upper, values, mean, state
):
    indicator = {"rollup_method": "weighted_mean", "entry_kind": "value", "region_scored_kind": kind,
                 "region_bound": bound, "region_upper": upper}
    row, score, _ = rolled(indicator, *(unit(value=value, after_yuan=money) for value, money in values))

    assert (row["value"], score["state"]) == (Decimal(mean), state)


def test_a_rate_with_counts_is_never_weighted_by_money():
    row, _, _ = rolled({**RATE, "rollup_method": "weighted_mean"},
                       unit(numerator=9, denominator=10, after_yuan=1), unit(numerator=0, denominator=90, after_yuan=9))

    assert figure(row) == (9, 100, None, None)


@pytest.mark.parametrize(
    ("states", "sides", "state"),
    [
        (["met"] * 11 + ["off"], (11, 12), "slightly_off"),      # 91.67% of 92%
        (["met"] * 23 + ["slightly_off"] * 2, (23, 25), "met"),  # exactly 92%
        (["over", "met"], (2, 2), "met"),
        (["met", "not_reported", "needs_review"], (1, 1), "met"),
    ],
)
def test_the_share_of_units_counts_the_judged_ones(states, sides, state):
    row, score, _ = rolled(SHARE, *(unit(each, numerator=1, denominator=1) for each in states))

    assert figure(row) == (*sides, None, None)
    assert score["state"] == state


def test_a_number_of_units_that_is_asked_for_is_a_number():
    row, score, _ = rolled({**SHARE, "region_scale": 1, "region_bound": 3}, *(unit(each) for each in (MET, MET, OFF)))

    assert figure(row) == (None, None, 2, None)
    assert score["state"] == "off"


@pytest.mark.parametrize(
    ("states", "sides", "state"),
    [
        (["met", "over", "met"], (3, 3), "met"),
        (["met"] * 99 + ["slightly_off"], (99, 100), "slightly_off"),
        (["met", "off"], (1, 2), "off"),
        (["met", "no_baseline"], (1, 1), "met"),
    ],
)
def test_a_standard_must_hold_everywhere(states, sides, state):
    row, score, _ = rolled(HOLD, *(unit(each, value=600, prior_value=560) for each in states))

    assert row["scored_kind"] == "full_coverage"
    assert figure(row) == (*sides, None, None)
    assert score["state"] == state


def test_what_the_prefecture_reports_itself_is_taken_as_it_is_and_no_unit_counts():
    own = {**RATE, "rollup_method": "prefecture"}
    units = [unit(numerator=1, denominator=100), unit(numerator=2, denominator=100)]

    row, score, parts = rolled(own, *units, unit("given", recipient_id="region", numerator=95, denominator=100))
    assert figure(row) == (95, 100, None, None)
    assert score["state"] == "met"
    assert [part["recipient_id"] for part in parts] == ["region"]
    _, score, _ = rolled(own, *units, unit("not_reported", recipient_id="region"))
    assert (score["state"], score["score_micro"]) == ("not_reported", None)


@pytest.mark.parametrize(
    ("clock", "state"),
    [
        ({"allowed_days": 3, "taken_days": 3, "due_on": DUE, "done_on": DUE}, "met"),
        ({"allowed_days": 3, "taken_days": 4, "due_on": DUE, "done_on": AFTER}, "off"),
        ({"allowed_days": 3, "due_on": DUE}, "off"),
        ({"allowed_days": 3, "due_on": date(2021, 12, 30)}, "not_due"),
        ({"allowed_days": 3}, "needs_review"),     # no receipt: nothing to count from
    ],
)
def test_the_prefecture_has_a_clock_of_its_own(clock, state):
    indicator = {"rollup_method": "prefecture", "entry_kind": "from_receipt",
                 "region_scored_kind": "working_day_deadline", "region_bound": 3}

    _, score, _ = rolled(indicator, unit(recipient_id="region", **{"state": "given", **clock}))

    assert score["state"] in ({"off", "slightly_off"} if state == "off" else {state})
    assert (score["score_micro"] is None) == (state in ("not_due", "needs_review"))


# --- who is left out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", [RATE, RISE, WORDS, HOLD, SHARE], ids=lambda each: each["rollup_method"])
@pytest.mark.parametrize("state", ["not_reported", "not_due", "no_baseline", "needs_review", "not_applicable"])
def test_a_unit_that_cannot_be_judged_changes_neither_side_and_is_named(indicator, state):
    figures = {"numerator": 80, "denominator": 100, "value": 7, "prior_value": 8, "band": 2, "band_share": 70,
               "is_evidenced": True}
    silent = unit(state, **{**figures, "numerator": 1, "value": 1, "band_share": 1})

    alone, _, _ = rolled(indicator, unit(**figures))
    beside, _, parts = rolled(indicator, unit(**figures), silent)

    assert beside == alone
    assert [(part["is_counted"], part["left_out_state"]) for part in parts] == [(True, None), (False, state)]
    assert figure(parts[1]) == (None, None, None, None)


@pytest.mark.parametrize("indicator", [RATE, RISE, WORDS, HOLD, SHARE], ids=lambda each: each["rollup_method"])
@pytest.mark.parametrize(
    ("states", "as_of", "state"),
    [
        (["not_reported"] * 3, AFTER, "not_reported"),
        (["not_due"] * 3, DUE, "not_due"),
        (["not_applicable"] * 3, AFTER, "not_applicable"),
        (["not_applicable", "not_reported"], AFTER, "not_reported"),
        (["no_baseline", "needs_review"], AFTER, "not_reported"),
    ],
)
def test_where_no_unit_counts_there_is_no_figure_and_no_zero(indicator, states, as_of, state):
    row, score, _ = rolled(indicator, *(unit(each) for each in states), as_of=as_of)

    assert figure(row) == (None, None, None, None)
    assert (score["state"], score["score_micro"], score["attainment_micro"]) == (state, None, None)


def test_one_unit_alone_has_a_figure():
    """Whether it may stand for the prefecture is asked of the total (test_totals)."""
    _, score, _ = rolled(RATE, unit(OFF, numerator=1102, denominator=1250))

    assert (score["state"], score["score_micro"]) == ("slightly_off", 2_938_667)


def test_a_sum_that_no_column_can_hold_asks_for_a_person_instead_of_breaking():
    huge = Decimal("99999999999999.9999")
    row, score, _ = rolled(RISE, unit(value=huge, prior_value=1), unit(value=huge, prior_value=1))
    assert (row["value"], score["score_micro"]) == (None, None)
    row, score, _ = rolled(RATE, unit(numerator=huge, denominator=huge), unit(numerator=huge, denominator=huge))
    assert (row["numerator"], score["score_micro"]) == (None, None)
    indicator = {"rollup_method": "weighted_mean", "entry_kind": "value", "region_scored_kind": "at_least",
                 "region_bound": 1}
    _, score, parts = rolled(indicator, unit(value=huge, after_yuan=10**12))
    assert (score["score_micro"], parts[0]["left_out_state"]) == (None, "needs_review")


# --- what always holds -----------------------------------------------------------------------------------------------

UNITS = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**8),
              st.decimals("0", "100", places=4), st.sampled_from(["met", "off", "not_reported", "not_applicable"])),
    min_size=1, max_size=14,
)


@settings(max_examples=15, deadline=None)
@given(UNITS, st.randoms(use_true_random=False))
def test_the_order_of_units_never_matters_and_fractions_agree(drawn, chance: random.Random):
    units = [
        unit(state, recipient_id=f"u{place}", numerator=n, denominator=d, band=1, band_share=share, is_evidenced=True,
             after_yuan=money)
        for place, (n, d, money, share, state) in enumerate(drawn)
    ]
    shuffled = list(units)
    chance.shuffle(shuffled)

    for indicator in (RATE, WORDS, HOLD, SHARE):
        assert rolled(indicator, *units) == rolled(indicator, *shuffled)

    judged = [each for each in drawn if each[4] in ("met", "off")]
    row, _, _ = rolled(RATE, *units)
    assert row["numerator"] == (sum(each[0] for each in judged) if judged else None)
    money = sum(each[2] for each in judged)
    row, _, _ = rolled(WORDS, *units)
    if money:
        mean = sum(Fraction(each[3]) * each[2] for each in judged) / money
        assert row["band_share"] == Decimal(floor(mean * 10_000)) / 10_000
    else:
        assert row["band_share"] is None


@pytest.mark.parametrize("name", ["rollup", "rollup_part", "execution", "effect", "total", "region_standing",
                                  "region_coverage", "region_total", "unit_points", "what_if_standing"])
def test_the_rules_use_only_what_every_engine_knows(name):
    text = re.sub(r"--[^\n]*", "", (ROOT / "metrics" / "sql" / f"{name}.sql").read_text(encoding="utf-8")).upper()

    for word in ("QUALIFY", "FILTER", "GREATEST", "LEAST", "EXCLUDE", "::", "TRY_CAST", "LIST", "STRUCT", "HUGEINT"):
        assert not re.search(rf"(?<![A-Z_]){re.escape(word)}(?![A-Z_])", text), word


# --- the founding figures, again, with fractions ---------------------------------------------------------------------


def founding_actuals(store: Store, indicator_no: int) -> list[dict[str, Any]]:
    """What the units' newest reports of December say of one indicator, read past every query of the program."""
    return rows(
        store,
        """
        SELECT p.recipient_id, a.*, m.money
        FROM report AS p
        JOIN actual AS a ON a.report_id = p.report_id
        JOIN (SELECT recipient_id, SUM(after_yuan) AS money FROM allocation_line GROUP BY 1) AS m
            ON m.recipient_id = p.recipient_id
        WHERE p.round_id = $round AND a.indicator_no = $no AND NOT a.is_not_applicable
            AND p.report_version = (SELECT MAX(q.report_version) FROM report AS q
                                    WHERE q.round_id = p.round_id AND q.recipient_id = p.recipient_id)
        """,
        round=ROUND, no=indicator_no,
    )


def half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


@pytest.fixture(scope="module")
def founding_scores() -> dict[int, dict[str, Any]]:
    table = region.region_scores(demo_store(), Scope(NUMBER, ROUND, date(2021, 12, 28)), REGION)
    return {row["indicator_no"]: row for row in table.to_dict("records")}


@pytest.mark.parametrize(
    ("number", "bound"),
    [(1, 100), (3, 100), (4, 90), (5, 85), (12, 90), (13, 95), (14, 90), (17, 95), (19, 85), (20, 88)],
)
def test_founding_rates_again(founding_scores, number, bound):
    actuals = [a for a in founding_actuals(demo_store(), number) if a["denominator"]]
    upper, lower = (sum(Fraction(a[side]) for a in actuals) for side in ("numerator", "denominator"))
    reached = upper * 100 / (lower * bound)
    found = founding_scores[number]

    assert len(actuals) == found["counted_count"] >= 9
    assert (found["numerator"], found["denominator"]) == (upper, lower)
    assert found["score_micro"] == half_up(min(reached, Fraction(1)) * found["weight_micro"])
    assert (found["state"] in ("met", "over")) == (reached >= 1)


@pytest.mark.parametrize("number", [15, 16, 18])
def test_founding_shares_again(founding_scores, number):
    actuals = founding_actuals(demo_store(), number)
    mean = sum(Fraction(a["band_share"]) * Fraction(a["money"]) for a in actuals) / sum(
        Fraction(a["money"]) for a in actuals
    )
    found = founding_scores[number]

    assert found["band_share"] == Decimal(floor(mean * 10_000)) / 10_000
    assert found["score_micro"] == half_up(Fraction(found["band_share"]) / 100 * found["weight_micro"])


def test_founding_sum_and_standards_again(founding_scores):
    both = [a for a in founding_actuals(demo_store(), 2) if a["actual_value"] is not None and a["prior_value"]]
    assert founding_scores[2]["value"] == sum(a["actual_value"] for a in both)
    assert founding_scores[2]["prior_value"] == sum(a["prior_value"] for a in both)
    for number in (6, 7, 8):
        judged = [a for a in founding_actuals(demo_store(), number) if a["prior_value"] and a["actual_value"]]
        held = [a for a in judged if a["actual_value"] >= a["prior_value"]]
        found = founding_scores[number]
        assert (found["numerator"], found["denominator"]) == (len(held), len(judged))
        assert (found["state"] == "met") == (len(held) == len(judged))


def test_founding_names_who_is_left_out_and_why(founding_scores):
    assert founding_scores[8]["left_out"] == {"尉犁县": "no_baseline", "若羌县": "not_reported"}
    assert founding_scores[8]["spared"] == ["州救助站", "州儿童福利院"]
    assert founding_scores[20]["left_out"] == {"若羌县": "not_reported", "博湖县": "not_reported"}
    assert founding_scores[11]["sentence"].startswith("州本级收文时间未登记，算不出截止日")
    assert (founding_scores[11]["state"], founding_scores[11]["score_micro"]) == ("needs_review", None)


def test_a_mean_a_hair_below_a_border_stays_below_it():
    judged = {"rollup_method": "weighted_mean", "entry_kind": "qualitative", "region_scored_kind": "qualitative"}
    row, score, _ = rolled(
        judged,
        unit(band=1, band_share=Decimal("80"), after_yuan=Decimal("9000000000000000"), is_evidenced=True),
        unit("slightly_off", band=2, band_share=Decimal("79.9999"), after_yuan=Decimal("0.01"), is_evidenced=True),
    )

    # In double the mean is 80 to the last bit; on decimals it is less by one part in 10 to the 24th.
    assert (row["band_share"], row["band"], score["state"]) == (Decimal("79.9999"), 2, "slightly_off")


def test_a_unit_without_a_target_of_its_own_and_without_a_task_counts_nowhere():
    rate = {"rollup_method": "ratio", "entry_kind": "ratio", "region_scored_kind": "at_least",
            "region_bound": Decimal(90), "region_scale": 100}
    _, _, parts = rolled(
        rate,
        unit(numerator=Decimal(9), denominator=Decimal(10)),
        unit("needs_review", scored_kind="other", numerator=Decimal(0), denominator=Decimal(0)),
    )

    assert [part["is_counted"] for part in parts] == [True, False]
