"""The roll-up from units to the prefecture, the execution of both, and their totals, as SELECTs put together.

Each function takes the SELECTs that its figures come from (the store's queries here, Parquet files in an archive,
tables of a lake elsewhere), so that the same rules give the same micro-points wherever they run.
"""

from __future__ import annotations

from data.store import sql_text, with_relations
from metrics.clocks import clock_sql
from metrics.kept_scores import counting_reviews_sql


def unit_points_sql(reviewed_score: str) -> str:
    """``unit_points.sql``: each unit's points of its indicators; a reviewer's stand for those of the rule."""
    return with_relations(sql_text("metrics", "unit_points"), {"reviewed_score": reviewed_score})


def unit_standing_sql() -> str:
    """The store's ``unit_standing`` with every unit's points; wants $document_number, $round_id, $as_of."""
    reviewed = with_relations(
        sql_text("data", "queries/reviewed_score"), {"counting_review": counting_reviews_sql()}
    )
    return with_relations(
        sql_text("data", "queries/unit_standing"), {"unit_points": unit_points_sql(reviewed)}
    )


def rollup_input_sql() -> str:
    """The store's ``rollup_input``; wants $document_number, $round_id, $region_code and $as_of."""
    return with_relations(sql_text("data", "queries/rollup_input"), {"clock": clock_sql()})


def parts_sql(rollup_input: str) -> str:
    """``rollup_part.sql`` over a SELECT of ``rollup_input``: what each unit's figure counts with, or why not."""
    return with_relations(sql_text("metrics", "rollup_part"), {"rollup_input": rollup_input})


def region_input_sql(rollup_input: str, rule: str) -> str:
    """``rollup.sql``: one row of ``score_input`` per indicator for the prefecture as a whole."""
    return with_relations(
        sql_text("metrics", "rollup"),
        {"rollup_input": rollup_input, "rollup_part": sql_text("metrics", "rollup_part"), "rule": rule},
    )


def region_score_sql(rollup_input: str, rule: str) -> str:
    """``score.sql`` over ``rollup.sql``: the prefecture is judged by the same rule as its units; in order."""
    scores = with_relations(
        sql_text("metrics", "score"), {"score_input": region_input_sql(rollup_input, rule), "rule": rule}
    )
    return f"{scores}\nORDER BY document_number, round_id, indicator_no"


def execution_sql(unit_standing: str, rule: str) -> str:
    """``execution.sql`` over a SELECT of ``unit_standing``."""
    return with_relations(sql_text("metrics", "execution"), {"unit_standing": unit_standing, "rule": rule})


def effect_sql(unit_standing: str, rule: str) -> str:
    """``effect.sql`` over ``execution.sql``: one of five states for each unit, and the gap between the two rates."""
    return with_relations(
        sql_text("metrics", "effect"), {"execution": execution_sql(unit_standing, rule), "rule": rule}
    )


def rate_limit_sql() -> str:
    """The store's ``rate_limit``: up to how much a unit's rate may be shown; wants $document_number and $as_of."""
    return with_relations(sql_text("metrics", "rate_limit"), {
        "unit_money": sql_text("data", "queries/unit_money"),
        "newest_rate_reason": sql_text("data", "queries/newest_rate_reason"),
    })


def shown_effect_sql() -> str:
    """The store's effects, with whether each rate may be shown; wants $document_number, $round_id, $as_of."""
    effect = effect_sql(unit_standing_sql(), sql_text("data", "queries/rule"))
    return with_relations(sql_text("metrics", "effect_shown"), {"effect": effect, "rate_limit": rate_limit_sql()})


def money_totals_sql() -> str:
    """The store's ``money_totals``; wants $document_number, $round_id, $as_of."""
    return with_relations(
        sql_text("metrics", "money_totals"), {"unit_standing": unit_standing_sql(), "rate_limit": rate_limit_sql()}
    )


def total_sql(unit_standing: str, rule: str) -> str:
    """``total.sql`` over ``execution.sql``: points out of 100 and grade of each unit."""
    return with_relations(
        sql_text("metrics", "total"), {"execution": execution_sql(unit_standing, rule), "rule": rule}
    )


def region_standing_sql(region_score: str, unit_standing: str) -> str:
    """``region_standing.sql``: the prefecture in the columns of ``unit_standing``, so that ``total.sql`` takes it."""
    return with_relations(
        sql_text("metrics", "region_standing"), {"region_score": region_score, "unit_standing": unit_standing}
    )


def region_total_sql(rollup_input: str, unit_standing: str, rule: str) -> str:
    """``region_total.sql``: points of 100 of the prefecture, and its grade where enough units are behind it."""
    return region_total_of_score_sql(region_score_sql(rollup_input, rule), rollup_input, unit_standing, rule)


def region_total_of_score_sql(region_score: str, rollup_input: str, unit_standing: str, rule: str) -> str:
    """The same where the prefecture's scores lie ready."""
    coverage = with_relations(sql_text("metrics", "region_coverage"), {
        "region_score": region_score, "rollup_part": parts_sql(rollup_input), "unit_standing": unit_standing,
    })
    total = total_sql(region_standing_sql(region_score, unit_standing), rule)
    return with_relations(
        sql_text("metrics", "region_total"), {"total": total, "region_coverage": coverage, "rule": rule}
    )
