"""Execution, gap, totals and grades at just under, at and just over each limit; the prefecture by the same rules."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path
from typing import Any

import pytest
from builders import (
    NUMBER,
    OPENED_AT,
    REGION,
    ROUND,
    demo_folder,
    demo_store,
    entry,
    opened_store,
    rows,
    submit,
    upload,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import region_tables
from dashboard.workspace import STORE_NAME
from data.store import Store, sql_text, with_relations
from metrics import rollup
from metrics.boards import overview, region, standing
from metrics.boards.definition import Scope
from metrics.scoring import rule_relation
from metrics.thresholds import EXECUTION_MILESTONES, MICRO, SHIPPED_VALUES, rule_row

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
AFTER = Decimal(10_000_000)
WEIGHT = 90 * MICRO
MILESTONES = {rule.key: rule.value for rule in EXECUTION_MILESTONES.values()}
TYPES = {"document_number": "TEXT", "round_id": "TEXT", "recipient_id": "TEXT", "rule_version": "TEXT",
         "is_reported": "BOOLEAN", "after_yuan": "DECIMAL(18,2)", "paid_yuan": "DECIMAL(18,2)"}


@cache
def engine() -> Store:
    return Store(None)


def planted(function=rollup.total_sql, values: dict[str, Decimal] | None = None, **changes: Any) -> dict[str, Any]:
    """One planted unit through the rules; ``values`` change the rule book, None takes a rule out."""
    unit = {
        "document_number": NUMBER, "round_id": ROUND, "recipient_id": "luntai", "rule_version": "2021-1",
        "period_month": 12, "passed_month": 11, "is_reported": True, "after_yuan": AFTER, "paid_yuan": AFTER,
        "elapsed_days": 359, "year_days": 365, "score_micro": WEIGHT, "scored_weight_micro": WEIGHT,
        "weight_micro": WEIGHT, **changes,
    }
    cells = ", ".join(f"CAST(${name} AS {TYPES.get(name, 'BIGINT')}) AS {name}" for name in unit)
    held = {key: value for key, value in {**SHIPPED_VALUES, **(values or {})}.items() if value is not None}
    with engine().reading() as cursor:
        (row,) = cursor.rows(function(f"SELECT {cells}", rule_relation(rule_row(values=held))), unit)
    return row


# --- execution -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "micro"),
    [("49.99", 4_999_000), ("50", 5_000_000), ("50.01", 5_001_000), ("99.99", 9_999_000), ("99.999999", 9_999_999),
     ("99.99999999", 9_999_999), ("100", 10_000_000), ("100.01", 10_000_000), ("0", 0), (None, None)],
)
def test_the_execution_score_has_the_share_paid_and_is_capped(share, micro):
    paid = None if share is None else 10**10 * Decimal(share) / 100

    assert planted(after_yuan=10**10, paid_yuan=paid)["execution_score_micro"] == micro


@pytest.mark.parametrize(
    ("cap", "share", "micro"),
    [("0.90", "89.99", 8_999_000), ("0.90", "89.99999999", 8_999_999), ("0.90", "90", 9_000_000),
     ("0.90", "97", 9_000_000), (None, "120", 12_000_000)],
)
def test_the_cap_is_the_rule_book_s(cap, share, micro):
    values = {"execution-cap": cap if cap is None else Decimal(cap)}

    found = planted(values=values, after_yuan=10**10, paid_yuan=10**10 * Decimal(share) / 100)

    assert found["execution_score_micro"] == micro


@pytest.mark.parametrize(
    ("after", "paid", "micro"),
    [
        (20_000_000, "443465", 221_733),         # 221732.5 exactly: half up, though the double lies under it
        (20_000_000, "443464.99", 221_732),
        (20_000_000, "443465.01", 221_733),
        (3, "0.01", 33_333), (8, "0.01", 12_500),
    ],
)
def test_an_exact_half_of_a_micro_point_is_rounded_up(after, paid, micro):
    assert planted(after_yuan=after, paid_yuan=Decimal(paid))["execution_score_micro"] == micro


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4000), st.integers(1, 10**6), st.sampled_from([2, 20, 2_000_000, 20_000_000]))
def test_the_execution_score_is_the_fraction_half_up(thousands, paid, step):
    after = thousands * step
    found = planted(after_yuan=after, paid_yuan=min(paid, after - 1))["execution_score_micro"]

    exact = Fraction(min(paid, after - 1), after) * 10 * MICRO
    assert found == min(floor(exact + Fraction(1, 2)), 10 * MICRO - 1)


@pytest.mark.parametrize("changes", [{"after_yuan": 0}, {"after_yuan": None}, {"after_yuan": -1}])
def test_without_money_to_spend_there_is_no_execution_and_nothing_is_owed_for_it(changes):
    row = planted(**changes)

    assert row["execution_score_micro"] is None
    assert (row["total_scored_weight_micro"], row["total_weight_micro"]) == (WEIGHT, WEIGHT)
    assert row["points_micro"] == 100 * MICRO


@pytest.mark.parametrize(
    ("passed_month", "share", "milestone", "is_behind"),
    [
        (3, "0", None, None),
        (4, "24.99999999", 250_000, True), (4, "25", 250_000, False), (5, "25.01", 250_000, False),
        (6, "39.99", 400_000, True), (7, "40", 400_000, False),
        (8, "59.99999999", 600_000, True), (9, "60", 600_000, False),
        (10, "79.99", 800_000, True), (12, "80", 800_000, False), (12, None, 800_000, None),
    ],
)
def test_a_milestone_is_that_of_the_last_month_that_has_passed(passed_month, share, milestone, is_behind):
    paid = None if share is None else 10**10 * Decimal(share) / 100

    row = planted(values=MILESTONES, passed_month=passed_month, after_yuan=10**10, paid_yuan=paid)

    assert (row["milestone_micro"], row["is_behind_milestone"]) == (milestone, is_behind)


def test_without_milestones_in_the_version_nobody_is_behind():
    row = planted(passed_month=12, paid_yuan=0)
    assert (row["milestone_micro"], row["is_behind_milestone"]) == (None, None)

    only_june = {"execution-milestone-06": Decimal("0.40")}
    assert planted(values=only_june, passed_month=12, paid_yuan=0)["milestone_micro"] == 400_000


# --- the gap between money and effect ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "paid", "gap", "is_wide"),
    [
        (WEIGHT, AFTER, 0, False),
        (WEIGHT, AFTER * 9 / 10, 100_000, False),                       # exactly ten points
        (WEIGHT, AFTER * 9 / 10 - Decimal("0.01"), 100_001, True),      # one fen more: never shown as the limit
        (WEIGHT * 8 // 10, AFTER * 9 / 10, -100_000, False),
        (WEIGHT * 8 // 10 - 1, AFTER * 9 / 10, -100_001, True),
        (WEIGHT * 8 // 10 + 1, AFTER * 9 / 10, -99_999, False),
        (0, AFTER, -1_000_000, True),
        (WEIGHT, 0, 1_000_000, True),
    ],
)
def test_the_gap_is_judged_exactly_on_both_sides(score, paid, gap, is_wide):
    row = planted(rollup.effect_sql, score_micro=score, paid_yuan=paid)

    assert (row["gap_micro"], row["is_gap_wide"]) == (gap, is_wide)


@pytest.mark.parametrize(
    "changes",
    [{"paid_yuan": None}, {"after_yuan": 0}, {"scored_weight_micro": 0, "score_micro": 0},
     {"scored_weight_micro": WEIGHT * 6 // 10 - 1, "score_micro": 0}],
)
def test_where_money_or_effect_is_unknown_there_is_no_gap(changes):
    row = planted(rollup.effect_sql, **changes)

    assert (row["gap_micro"], row["is_gap_wide"], row["effect_state"]) == (None, None, "unknown")


def test_a_version_without_the_limit_flags_nothing():
    row = planted(rollup.effect_sql, values={"dual-gap-limit": None}, score_micro=0)

    assert (row["gap_micro"], row["is_gap_wide"]) == (-1_000_000, None)


# --- total and grade -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "points", "grade"),
    [
        (90 * MICRO, 100 * MICRO, "excellent"),
        (80 * MICRO, 90 * MICRO, "excellent"),         # with the ten points of the execution exactly 90
        (80 * MICRO - 1, 89_999_999, "good"),
        (70 * MICRO, 80 * MICRO, "good"),
        (70 * MICRO - 1, 79_999_999, "fair"),
        (50 * MICRO, 60 * MICRO, "fair"),
        (50 * MICRO - 1, 59_999_999, "poor"),
        (0, 10 * MICRO, "poor"),
    ],
)
def test_a_grade_begins_at_its_limit(score, points, grade):
    row = planted(score_micro=score)

    assert (row["points_micro"], row["grade"]) == (points, grade)


def test_points_are_of_what_could_be_scored_and_floored():
    # 60 of 70 with execution 10 of 10: 70/80 = 87.5; 53.333334 of 60 and 10 of 10 is a hair under 90.5.
    assert planted(score_micro=60 * MICRO, scored_weight_micro=70 * MICRO)["points_micro"] == 87_500_000
    row = planted(score_micro=53_333_333, scored_weight_micro=60 * MICRO)
    assert row["points_micro"] == floor(Fraction(63_333_333 * 100 * MICRO, 70 * MICRO)) == 90_476_190


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        # 50 of 90 and the execution are 60 of 100: enough; one micro-point less is not.
        ({"scored_weight_micro": 50 * MICRO, "score_micro": 50 * MICRO}, "excellent"),
        ({"scored_weight_micro": 50 * MICRO - 1, "score_micro": 50 * MICRO - 1}, None),
        ({"scored_weight_micro": 60 * MICRO - 1, "score_micro": 0, "paid_yuan": None}, None),
        ({"scored_weight_micro": 60 * MICRO, "score_micro": 0, "paid_yuan": None}, "poor"),
        ({"scored_weight_micro": 0, "score_micro": 0, "paid_yuan": None}, None),
    ],
)
def test_too_little_scored_gives_no_grade(changes, grade):
    row = planted(**changes)

    assert row["grade"] == grade
    assert (row["points_micro"] is None) == (row["total_scored_weight_micro"] == 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 90 * MICRO), st.integers(0, 90 * MICRO), st.integers(0, 10**9))
def test_points_and_grade_agree_with_fractions(weight, score, paid):
    score = min(score, weight)
    row = planted(scored_weight_micro=weight, score_micro=score, weight_micro=weight, paid_yuan=Decimal(paid) / 100)
    share = Fraction(row["total_score_micro"], row["total_scored_weight_micro"]) * 100

    assert row["points_micro"] == floor(share * MICRO)
    limits = {"excellent": 90, "good": 80, "fair": 60, "poor": 0}
    assert row["grade"] == next(grade for grade, limit in limits.items() if share >= limit)


# --- the demonstration, and the prefecture ---------------------------------------------------------------------------


def test_units_are_ordered_by_points_and_the_silent_one_has_no_grade():
    table = region.unit_totals(demo_store(), SCOPE)

    graded = table[table["grade"].notna()]
    assert list(graded["points_micro"]) == sorted(graded["points_micro"], reverse=True)
    assert list(table["recipient_name"])[-1] == "若羌县"
    assert table["grade"].iloc[-1] is None
    for row in graded.to_dict("records"):
        assert row["total_score_micro"] == row["score_micro"] + row["execution_score_micro"]
        paid, after = Fraction(row["paid_yuan"]), Fraction(row["after_yuan"])
        assert row["execution_score_micro"] == floor(min(paid / after, 1) * 10 * MICRO + Fraction(1, 2))


def test_the_prefecture_has_a_total_by_the_same_rules():
    store = demo_store()
    total = region.region_total(store, SCOPE, REGION)
    scores = region.region_scores(store, SCOPE, REGION).to_dict("records")
    money = overview.money(store, SCOPE)

    judged = [row for row in scores if row["score_micro"] is not None]
    execution = floor(Fraction(money.paid_yuan) / Fraction(money.base_yuan) * 10 * MICRO + Fraction(1, 2))
    points = sum(row["score_micro"] for row in judged) + execution
    weight = sum(row["weight_micro"] for row in judged) + 10 * MICRO
    assert (total.paid_yuan, total.base_yuan) == (money.paid_yuan, money.base_yuan)
    assert total.execution_score_micro == execution
    assert (total.score_micro, total.scored_weight_micro) == (points, weight)
    assert total.points_micro == floor(Fraction(points, weight) * 100 * MICRO)
    assert total.met_count + total.missed_count + total.unknown_count + total.spared_count == len(scores) == 20
    assert total.unknown_names == ("指标导入时限",)
    assert total.silent_names == ("若羌县",)


def test_before_the_round_is_open_there_is_no_total_at_all(tmp_path):
    store = opened_store(tmp_path)
    the_day_before = Scope(NUMBER, ROUND, OPENED_AT.date() - timedelta(days=1))

    assert region.region_total(store, the_day_before, REGION) is None
    assert region.region_scores(store, the_day_before, REGION).empty
    assert region.unit_totals(store, the_day_before).empty
    assert len(region.unit_totals(store, Scope(NUMBER, ROUND, OPENED_AT.date()))) == 12
    # The money was released all the same.
    assert overview.money(store, the_day_before).released_yuan == overview.money(store, SCOPE).released_yuan


def test_the_prefecture_is_weighed_as_its_units_were_at_that_moment(tmp_path):
    store = opened_store(tmp_path)
    before = region.region_scores(store, SCOPE, REGION).set_index("indicator_no")["weight_micro"]
    with store.transaction() as cursor:
        cursor.run("UPDATE round_weight SET weight_micro = 2 * weight_micro WHERE indicator_no = 4")

    after = region.region_scores(store, SCOPE, REGION).set_index("indicator_no")["weight_micro"]
    assert after.to_dict() == before.to_dict()


def test_before_anybody_reported_the_prefecture_has_no_score_and_no_grade(tmp_path):
    total = region.region_total(opened_store(tmp_path), SCOPE, REGION)

    assert (total.points_micro, total.grade, total.execution_score_micro) == (None, None, None)
    assert (total.met_count, total.missed_count, total.unknown_count) == (0, 0, 20)
    assert len(total.silent_names) == 12
    assert total.weight_micro == 100 * MICRO


def test_one_unit_of_twelve_that_reported_everything_gives_points_but_no_grade(tmp_path):
    """All other units fall silent; what is left of the demonstration is one whole report."""
    store = Store(Path(shutil.copy(demo_folder() / STORE_NAME, tmp_path)))
    with store.transaction() as cursor:
        cursor.run("UPDATE score SET state = 'not_reported', score_micro = NULL, report_id = NULL, achieved = NULL "
                   "WHERE recipient_id <> 'kuerle'")
        cursor.run("DELETE FROM report WHERE recipient_id <> 'kuerle'")

    total = region.region_total(store, SCOPE, REGION)

    assert total.points_micro is not None and total.scored_weight_micro > 90 * MICRO
    assert (total.grade, total.is_covered) == (None, False)
    assert 0 < total.coverage_micro < 150_000 < 600_000 == total.coverage_from_micro
    assert len(total.silent_names) == 11
    words = region_tables.headline(total) + region_tables.missing_words(total)
    assert "不评等级" in words and "没有报支付数的单位：" in words
    assert region_tables.cards(total)[1][1] == "—"


def test_eleven_units_of_twelve_keep_their_grade():
    total = region.region_total(demo_store(), SCOPE, REGION)

    assert (total.grade, total.is_covered) == ("excellent", True)
    # The scored 86.43 points by 9, 10 or 11 units of those to which they apply, the money of eleven of twelve.
    assert 850_000 < total.coverage_micro < 900_000
    assert total.execution_rate == total.paid_yuan / total.base_yuan
    assert total.scored_share == Decimal(total.scored_weight_micro) / total.weight_micro


Count = tuple[int, int, int]      # points of weight, counted units, units to which it applies


def covered(counts: list[Count], base: Any = 0, silent: Any = 100, **changes: Any) -> dict[str, Any]:
    """The prefecture's total of planted indicators, all in full; ``base`` 元 reported as spent, ``silent`` 元 not."""
    key = f"'{NUMBER}' AS document_number, '{ROUND}' AS round_id"
    score = " UNION ALL ".join(
        f"SELECT {key}, {no} AS indicator_no, {weight * MICRO if applies and counted else 'NULL'} AS score_micro, "
        f"'{'met' if counted else 'not_reported' if applies else 'not_applicable'}' AS state, "
        f"{weight * MICRO} AS weight_micro"
        for no, (weight, counted, applies) in enumerate(counts)
    )
    part = " UNION ALL ".join(
        f"SELECT {key}, {no} AS indicator_no, place < {counted} AS is_counted, "
        f"CASE WHEN place < {applies} THEN 'met' ELSE 'not_applicable' END AS state FROM range(13) AS r (place)"
        for no, (_, counted, applies) in enumerate(counts)
    )
    standing = " UNION ALL ".join(
        f"SELECT {key}, '{unit}' AS recipient_id, '2021-1' AS rule_version, 12 AS period_month, 12 AS passed_month, "
        f"365 AS elapsed_days, 365 AS year_days, CAST({after} AS DECIMAL(18, 2)) AS after_yuan, "
        f"CAST({paid} AS DECIMAL(18, 2)) AS paid_yuan"
        for unit, after, paid in (("kuerle", base, base if base else "NULL"), ("luntai", silent, "NULL"))
    )
    rule = rule_relation(rule_row(values={**SHIPPED_VALUES, **changes}))
    coverage = with_relations(sql_text("metrics", "region_coverage"), {
        "region_score": score, "rollup_part": part, "unit_standing": standing})
    total = rollup.total_sql(rollup.region_standing_sql(score, standing), rule)
    with engine().reading() as cursor:
        (row,) = cursor.rows(with_relations(
            sql_text("metrics", "region_total"), {"total": total, "region_coverage": coverage, "rule": rule}))
    return row


@pytest.mark.parametrize(
    ("counts", "base", "silent", "coverage", "grade"),
    [
        # 90 points of indicators and 10 of execution; 60 of 100 have to be covered.
        ([(30, 12, 12), (30, 12, 12), (30, 12, 12)], 100, 0, 1_000_000, "excellent"),
        ([(30, 2, 3), (30, 2, 3), (30, 2, 3)], 0, 100, 600_000, "excellent"),         # two thirds of 90, exactly
        ([(30, 7, 12), (30, 8, 12), (30, 9, 12)], 0, 100, 600_000, "excellent"),
        ([(30, 7, 12), (30, 8, 12), (30, 8, 12)], 0, 100, 575_000, None),
        ([(30, 11, 11), (11, 10, 11), (49, 4, 10)], 10, 25, 624_571, "excellent"),     # 30 + 10 + 19.6 + 2.857142…
        # 30 + 25 = 55 points of indicators: half of the money brings the other five, a fen less does not.
        ([(30, 12, 12), (30, 10, 12), (30, 0, 12)], 100, 100, 600_000, "excellent"),
        ([(30, 12, 12), (30, 10, 12), (30, 0, 12)], 100, "100.01", 599_997, None),
        ([(30, 1, 12), (30, 1, 12), (30, 1, 12)], 100, 1100, 83_333, None),           # one unit of twelve
        # To whom it does not apply it is not missing: 60 of 70.
        ([(30, 12, 12), (30, 12, 12), (30, 0, 0)], 0, 100, 857_142, "excellent"),
    ],
)
def test_the_prefecture_is_graded_from_the_coverage_on(counts, base, silent, coverage, grade):
    row = covered(counts, base, silent)

    assert (row["coverage_micro"], row["grade"]) == (coverage, grade)
    assert row["is_covered"] == (grade is not None)
    assert row["points_micro"] == 100 * MICRO


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(1, 12), st.integers(0, 12)), min_size=1, max_size=4),
    st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 1000),
)
def test_coverage_agrees_with_fractions(drawn, base, silent, asked):
    counts = [(weight, min(counted, applies), applies) for weight, counted, applies in drawn]
    row = covered(counts, base, silent, **{"coverage-from": Decimal(asked) / 1000})

    parts = sum(Fraction(weight * counted, applies) for weight, counted, applies in counts if applies)
    whole = sum(weight for weight, _, applies in counts if applies) + 10
    share = (parts + Fraction(10 * base, base + silent)) / whole
    assert row["is_covered"] == (share >= Fraction(asked, 1000))
    assert row["coverage_micro"] == floor(share * MICRO)


def test_one_report_alone_gives_figures_but_no_grade(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=9, denominator=10), paid_wan=1000))

    total = region.region_total(store, SCOPE, REGION)

    assert total.met_count == 1
    assert (total.paid_yuan, total.base_yuan) == (Decimal(10_000_000), Decimal(29_390_000))
    assert total.grade is None
    assert total.points_micro is not None


def test_what_was_not_known_yet_is_not_in_the_figures():
    store = demo_store()
    early = Scope(NUMBER, ROUND, date(2021, 12, 26))

    assert region.region_total(store, early, REGION).points_micro is None
    states = set(region.region_scores(store, early, REGION)["state"]) - {"needs_review"}
    assert states == {"not_due"}


def test_the_gap_of_the_demonstration_flags_money_and_effect_that_do_not_fit():
    effects = standing.unit_effects(demo_store(), SCOPE).set_index("recipient_id")

    wide = set(effects.index[effects["is_gap_wide"].fillna(False).astype(bool)])
    by_hand = {
        key for key, row in effects.iterrows()
        if row["effect_state"] != "unknown" and abs(row["effect_rate"] - row["execution_rate"]) > 0.1
    }
    assert wide == by_hand >= {"heshuo", "yanqi"}
    assert effects["milestone_micro"].isna().all()


def test_the_prefecture_is_no_unit_anywhere():
    store = demo_store()

    assert "region" not in set(region.unit_totals(store, SCOPE)["recipient_id"])
    assert "region" not in set(standing.unit_clocks(store, SCOPE, REGION)["recipient_id"])
    assert rows(store, "SELECT COUNT(*) AS n FROM score WHERE recipient_id = 'region'")[0]["n"] == 0


def test_the_sentence_of_a_total_says_what_it_is_compared_with(tmp_path):
    store = opened_store(tmp_path)
    with store.transaction() as cursor:
        cursor.run("UPDATE indicator SET entry_kind = 'value', rollup_method = 'sum' WHERE indicator_no = 2")
        cursor.run("UPDATE target SET scored_kind = 'at_most', scale = 1, upper_bound = NULL, target_text = '≤5000', "
                   "bound = CASE recipient_id WHEN 'region' THEN 5000 WHEN 'luntai' THEN 480 ELSE 400 END "
                   "WHERE indicator_no = 2")
    submit(store, upload(entry(2, value=530)))

    def found() -> dict[str, Any]:
        table = region.region_scores(store, SCOPE, REGION)
        return table[table["indicator_no"] == 2].iloc[0].to_dict()

    # 480 ÷ 530 = 90.57%: the one part that was reported is missed, whatever the eleven others will say.
    assert (found()["state"], found()["value"]) == ("slightly_off", 530)
    assert found()["sentence"].startswith(
        "目标≤5000（没有计入的单位两边都去掉，已计入单位的目标合计 480），实际 530人次，完成 90.57%")

    with store.transaction() as cursor:
        cursor.run("UPDATE target SET scored_kind = 'other', bound = NULL "
                   "WHERE indicator_no = 2 AND recipient_id <> 'region'")
    submit(store, upload(entry(2, value=531)), at=datetime(2021, 12, 26, 11))
    assert (found()["state"], found()["score_micro"], found()["value"]) == ("not_reported", None, None)
    assert found()["sentence"].startswith("目标≤5000，1 个单位有数，还有 11 个单位没有计入；")


def test_a_limit_is_shown_as_it_is_and_sichuan_is_named_only_for_its_own():
    effects = standing.unit_effects(demo_store(), SCOPE)
    assert "超过 10 个百分点为差距过大，参照四川2025年" in region_tables.gap_caption(effects)

    own = effects.assign(dual_gap_limit_micro=125_000, is_shipped_gap_limit=False)
    assert "超过 12.5 个百分点为差距过大，这是本轮的口径版本自行规定的界限" in region_tables.gap_caption(own)
    assert "四川" not in region_tables.gap_caption(own)


def test_what_applies_to_no_unit_is_not_owed_by_the_prefecture():
    september = Scope(NUMBER, "2021-09", SCOPE.as_of_on)     # ended before the notice: its clock says nothing yet
    total = region.region_total(demo_store(), september, REGION)
    scores = region.region_scores(demo_store(), september, REGION)

    spared = scores[scores["state"] == "not_applicable"]
    assert list(spared["indicator_no"]) == [11]
    assert total.weight_micro == sum(scores["weight_micro"]) - sum(spared["weight_micro"]) + 10 * MICRO
