"""Each border of execution, effect and grade with what a person works out by hand; all units judged in one call."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from data.store import Store
from metrics.rollup import effect_sql, execution_sql, total_sql
from metrics.scoring import rule_relation
from metrics.thresholds import RuleRow, rule_row

POINT = 1_000_000
MILESTONES = {f"execution_milestone_{month:02d}_micro": micro for month, micro in (
    (4, 250_000), (6, 400_000), (8, 600_000), (10, 800_000))}
RULES: dict[str, RuleRow] = {
    "shipped": rule_row("shipped"),
    "lined": {**rule_row("lined"), **MILESTONES},
    "june": {**rule_row("june"), "execution_milestone_06_micro": 400_000},
    "uncapped": {**rule_row("uncapped"), "execution_cap_micro": None},
    "wide": {**rule_row("wide"), "execution_cap_micro": 1_200_000},
    "narrow": {**rule_row("narrow"), "execution_cap_micro": 900_000},
    "bare": {**rule_row("bare"), "elapsed_tolerance_micro": None, "effect_from_micro": None,
             "dual_gap_limit_micro": None, "grade_fair_from_micro": None},
    "gapless": {**rule_row("gapless"), "dual_gap_limit_micro": None},
    "mild": {**rule_row("mild"), "grade_excellent_from_micro": 50 * POINT, "coverage_from_micro": 0},
}
TYPES = {"after_yuan": "DECIMAL(18, 2)", "paid_yuan": "DECIMAL(18, 2)", "is_reported": "BOOLEAN",
         **dict.fromkeys(("score_micro", "scored_weight_micro", "weight_micro"), "BIGINT"),
         **dict.fromkeys(("period_month", "passed_month", "elapsed_days", "year_days"), "INTEGER")}

Unit = dict[str, Any]


def unit(paid: Any = 1_000_000, after: Any = 1_000_000, rule: str = "shipped", **values: Any) -> Unit:
    """A unit with a million yuan, all of it spent, and 90 points of indicators, all of them scored."""
    given = {"document_number": "96", "round_id": "2021-12", "rule_version": rule, "is_reported": paid is not None,
             "period_month": 12, "passed_month": 12, "elapsed_days": 200, "year_days": 400,
             "score_micro": 90 * POINT, "scored_weight_micro": 90 * POINT, "weight_micro": 90 * POINT}
    return {**given, "paid_yuan": paid, "after_yuan": after, **values}


def judged(sql_of: Callable[[str, str], str], units: list[Unit]) -> list[dict[str, Any]]:
    """The units through one of the rules, in their order, each by its own version."""
    names = ["recipient_id", *units[0]]
    frame = pd.DataFrame([
        {"recipient_id": f"{place:04d}", **{name: None if value is None else str(value) for name, value in row.items()}}
        for place, row in enumerate(units)
    ], dtype=object)
    cells = ", ".join(f"CAST({name} AS {TYPES.get(name, 'TEXT')}) AS {name}" for name in names)
    rules = " UNION ALL ".join(map(rule_relation, RULES.values()))
    with Store(None).reading() as cursor:
        cursor.lend("planted", frame)
        found = cursor.rows(sql_of(f"SELECT {cells} FROM planted", rules))
    assert len(found) == len(units), "each unit is judged once, by its own version"
    return sorted(found, key=lambda row: row["recipient_id"])


def table(sql_of: Callable[[str, str], str], cases: dict[str, tuple[Unit, Any]]) -> dict[str, dict[str, Any]]:
    """The results of named cases."""
    return dict(zip(cases, judged(sql_of, [given for given, _ in cases.values()]), strict=True))


EXECUTION: dict[str, tuple[Unit, int | None]] = {
    "nothing": (unit(0), 0),
    "taken back": (unit(-1), 0),
    "49.99%": (unit(499_900), 4_999_000),
    "50%": (unit(500_000), 5_000_000),
    "89.99%": (unit(899_900), 8_999_000),
    "99.99%": (unit(999_900), 9_999_000),
    "a cent short": (unit("999999.99"), 9_999_999),
    "100%": (unit(), 10_000_000),
    "100.01%": (unit(1_000_100), 10_000_000),
    "twice": (unit(2_000_000), 10_000_000),
    "a third": (unit(1, 3), 3_333_333),
    "two thirds": (unit(2, 3), 6_666_667),
    "not reported": (unit(None), None),
    "no money": (unit(0, 0), None),
    "all taken away": (unit(0, -5), None),
    "no line": (unit(0, None), None),
    "100.01% without a cap": (unit(1_000_100, rule="uncapped"), 10_001_000),
    "a cent short without a cap": (unit("999999.99", rule="uncapped"), 9_999_999),
    "119.99% of a cap of 120%": (unit(1_199_900, rule="wide"), 11_999_000),
    "a cent short of a cap of 120%": (unit("1199999.99", rule="wide"), 11_999_999),
    "a cap of 120%": (unit(1_200_000, rule="wide"), 12_000_000),
    "above a cap of 120%": (unit(1_300_000, rule="wide"), 12_000_000),
    "a cent short of all below a cap of 120%": (unit("999999.99", rule="wide"), 9_999_999),
    "a cap of 90%": (unit(rule="narrow"), 9_000_000),
    "a cent short of a cap of 90%": (unit("899999.99", rule="narrow"), 8_999_999),
}


@pytest.mark.parametrize("name", EXECUTION)
def test_points_of_execution(name: str) -> None:
    row = table(execution_sql, EXECUTION)[name]

    assert (row["execution_score_micro"], row["execution_weight_micro"]) == (EXECUTION[name][1], 10_000_000)


def test_on_schedule_is_the_share_of_the_year_less_the_tolerance() -> None:
    """Half of the year has gone: 40% with a tolerance of 10 points, 50% without one."""
    found = judged(execution_sql, [
        unit(400_000), unit("399999.99"), unit(500_000, rule="bare"), unit("499999.99", rule="bare"),
        unit(0, elapsed_days=0), unit(None), unit(0, 0),
    ])

    assert [row["is_money_moving"] for row in found] == [True, False, True, False, True, None, None]


@pytest.mark.parametrize(
    ("passed", "rule", "line"),
    [(0, "lined", None), (3, "lined", None), (4, "lined", 25), (5, "lined", 25), (6, "lined", 40), (7, "lined", 40),
     (8, "lined", 60), (9, "lined", 60), (10, "lined", 80), (12, "lined", 80),
     (5, "june", None), (6, "june", 40), (12, "june", 40), (12, "shipped", None)],
)
def test_the_line_is_that_of_the_last_month_that_has_passed(passed: int, rule: str, line: int | None) -> None:
    cases = [unit(paid, rule=rule, passed_month=passed) for paid in (
        Decimal(line or 0) * 10_000, Decimal(line or 0) * 10_000 - Decimal("0.01"), None)]

    found = judged(execution_sql, cases)

    expected = [None, None, None] if line is None else [False, True, None]
    assert [row["is_behind_milestone"] for row in found] == expected
    assert {row["milestone_micro"] for row in found} == {None if line is None else line * 10_000}


# 10 points of execution beside the indicators' 90.
GRADES: dict[str, tuple[Unit, tuple[int | None, str | None]]] = {
    "all": (unit(), (100 * POINT, "excellent")),
    "90": (unit(score_micro=80 * POINT), (90 * POINT, "excellent")),
    "a hair under 90": (unit(score_micro=80 * POINT - 1), (90 * POINT - 1, "good")),
    "80": (unit(score_micro=70 * POINT), (80 * POINT, "good")),
    "a hair under 80": (unit(score_micro=70 * POINT - 1), (80 * POINT - 1, "fair")),
    "60": (unit(score_micro=50 * POINT), (60 * POINT, "fair")),
    "a hair under 60": (unit(score_micro=50 * POINT - 1), (60 * POINT - 1, "poor")),
    "nothing of all": (unit(0, score_micro=0), (0, "poor")),
    # 33 of 55 points is 60 of 100; a micro-point less is 59.99999818….
    "33 of 60": (unit(0, score_micro=33 * POINT, scored_weight_micro=50 * POINT), (55 * POINT, "poor")),
    "33 of 55": (
        unit(score_micro=23 * POINT, scored_weight_micro=45 * POINT, weight_micro=50 * POINT), (60 * POINT, "fair")),
    "a hair under 33 of 55": (
        unit(score_micro=23 * POINT - 1, scored_weight_micro=45 * POINT, weight_micro=50 * POINT),
        (60 * POINT - 2, "poor")),
    "a third": (
        unit(None, 0, score_micro=30 * POINT, scored_weight_micro=90 * POINT), (33_333_333, "poor")),
    # Of 100 points at least 60 have to be scored; execution counts among them.
    "enough scored": (unit(score_micro=50 * POINT, scored_weight_micro=50 * POINT), (100 * POINT, "excellent")),
    "a hair too little scored": (
        unit(score_micro=50 * POINT - 1, scored_weight_micro=50 * POINT - 1), (100 * POINT, None)),
    # Payments were not reported: their 10 points belong to the whole and cannot be scored.
    "enough scored without payments": (
        unit(None, score_micro=60 * POINT, scored_weight_micro=60 * POINT), (100 * POINT, "excellent")),
    "too little scored without payments": (
        unit(None, score_micro=60 * POINT - 1, scored_weight_micro=60 * POINT - 1), (100 * POINT, None)),
    # There is no money to spend: the whole is the indicators' 90 points.
    "enough scored without money": (
        unit(None, 0, score_micro=54 * POINT, scored_weight_micro=54 * POINT), (100 * POINT, "excellent")),
    "too little scored without money": (
        unit(None, 0, score_micro=54 * POINT - 1, scored_weight_micro=54 * POINT - 1), (100 * POINT, None)),
    "nothing scored": (unit(None, score_micro=0, scored_weight_micro=0), (None, None)),
    "execution alone": (unit(score_micro=0, scored_weight_micro=0), (100 * POINT, None)),
    "no grades": (unit(rule="bare"), (100 * POINT, None)),
    "another version's grades": (unit(0, rule="mild", score_micro=50 * POINT), (50 * POINT, "excellent")),
    "another version's coverage": (unit(score_micro=0, scored_weight_micro=0, rule="mild"), (100 * POINT, "excellent")),
}


@pytest.mark.parametrize("name", GRADES)
def test_points_of_a_hundred_and_their_grade(name: str) -> None:
    row = table(total_sql, GRADES)[name]

    assert (row["points_micro"], row["grade"]) == GRADES[name][1]


def scored(points: Any, of: Any = 90, **values: Any) -> Unit:
    """A unit with points of its scored weight, in points of 90."""
    points_micro, of_micro = (int(Decimal(number) * POINT) for number in (points, of))
    return unit(**{"score_micro": points_micro, "scored_weight_micro": of_micro, **values})


HAIR = Decimal("0.000001")
EFFECTS: dict[str, tuple[Unit, tuple[str, bool | None]]] = {
    "money and effect": (scored(72), ("effective", True)),
    "a hair too little effect": (scored(72 - HAIR), ("money_without_effect", False)),
    "effect ahead of money": (scored(72, paid="399999.99"), ("effect_ahead_of_money", True)),
    "neither": (scored(72 - HAIR, paid="399999.99"), ("both_behind", False)),
    "money just in time": (scored(72, paid=400_000), ("effective", True)),
    "enough scored": (scored(54, 54), ("effective", True)),
    "a hair too little scored": (scored(54 - HAIR, 54 - HAIR), ("unknown", None)),
    "nothing to score": (scored(0, 0, weight_micro=0), ("unknown", None)),
    "nothing scored, and no coverage asked for": (scored(0, 0, rule="mild"), ("unknown", None)),
    "payments not reported": (scored(90, paid=None), ("unknown", True)),
    "no money": (scored(90, paid=0, after=0), ("unknown", True)),
    "no limit of effect": (scored(90, rule="bare"), ("unknown", None)),
}


@pytest.mark.parametrize("name", EFFECTS)
def test_money_against_effect(name: str) -> None:
    row = table(effect_sql, EFFECTS)[name]

    assert (row["effect_state"], row["is_effective"]) == EFFECTS[name][1]


GAPS: dict[str, tuple[Unit, tuple[int | None, bool | None]]] = {
    "none": (scored(81, paid=900_000), (0, False)),
    # 90% of the points and 80% of the money: ten points apart are not more than ten.
    "effect ten points ahead": (scored(81, paid=800_000), (100_000, False)),
    "effect a cent more ahead": (scored(81, paid="799999.99"), (100_001, True)),
    "money ten points ahead": (scored(72, paid=900_000), (-100_000, False)),
    "money a cent more ahead": (scored(72, paid="900000.01"), (-100_001, True)),
    "money far ahead": (scored(45, paid=1_000_000), (-500_000, True)),
    "payments not reported": (scored(81, paid=None), (None, None)),
    "too little scored": (scored(45, 45), (None, None)),
    "a third, wide and so rounded away from zero": (scored(90, paid=2, after=3), (333_334, True)),
    "a thirtieth, within the limit and so cut off": (scored(90, paid=29, after=30), (33_333, False)),
    "no limit, so cut off": (scored(90, paid=2, after=3, rule="gapless"), (333_333, None)),
}


@pytest.mark.parametrize("name", GAPS)
def test_how_far_money_and_effect_lie_apart(name: str) -> None:
    row = table(effect_sql, GAPS)[name]

    assert (row["gap_micro"], row["is_gap_wide"]) == GAPS[name][1]


def test_a_version_without_a_limit_calls_no_gap_wide() -> None:
    (row,) = judged(effect_sql, [scored(45, rule="bare")])

    assert (row["is_gap_wide"], row["is_effective"], row["effect_state"]) == (None, None, "unknown")
