"""What a round would be under another version of the rule book: the same facts, other numbers, nothing written.

Limitations: units and their indicators only; what the prefecture's own figures would be is not made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from data.store import Cursor, sql_text, with_relations
from metrics.indicators import round_weights
from metrics.kept_scores import exact_scores
from metrics.rollup import effect_sql, total_sql, unit_points_sql, unit_standing_sql
from metrics.rulebook import RuleVersion
from metrics.scope import Scope
from metrics.scoring import rule_relation, score_rows
from metrics.thresholds import rule_row

Row = dict[str, Any]

_RESCORED_TYPES = {
    "document_number": pa.string(), "round_id": pa.string(), "recipient_id": pa.string(), "state": pa.string(),
    "score_micro": pa.int64(), "reviewed_micro": pa.int64(), "weight_micro": pa.int64(),
}


def rescore(cursor: Cursor, scope: Scope, rules: RuleVersion) -> list[Row]:
    """Every score of a round as kept and as another version would make it of the same facts.

    Shape: one row per recipient and indicator that has a score at the scope's moment: ``old_`` and ``new_``
           state, final_micro and weight_micro.
    Unit:  micro-points. What a reviewer decided keeps its share of the weight.
    """
    weights = round_weights(
        cursor.rows(sql_text("data", "queries/indicators"), {"document_number": scope.document_number}), rules.values
    )
    evidence = cursor.rows(
        sql_text("data", "queries/score_evidence"),
        {"document_number": scope.document_number, "round_id": scope.round_id},
    )
    made = score_rows(
        (
            {**row, "rule_version": rules.version, "weight_micro": weights[row["indicator_no"]]}
            for row in evidence if row["valid_from"] <= scope.as_of < row["valid_to"]
        ),
        rule_row(rules.version, rules.values),
    )
    new = {(row["recipient_id"], row["indicator_no"]): row for row in made}
    return [
        _beside(kept, new[kept["recipient_id"], kept["indicator_no"]]) for kept in exact_scores(cursor, scope)
    ]


def restand(cursor: Cursor, scope: Scope, rules: RuleVersion, rescored: Sequence[Row]) -> list[Row]:
    """Every unit's state, points of 100 and grade as kept and as another version would make them.

    Shape: one row per recipient of the notice: ``old_`` and ``new_`` effect_state, points_micro and grade.
    Empty: points and grade are None where too little could be scored.
    """
    kept, rule = unit_standing_sql(), sql_text("data", "queries/rule")
    other = rule_relation(rule_row(rules.version, rules.values))
    cursor.lend("rescored", _frame(scope, rescored))
    moved = with_relations(sql_text("metrics", "what_if_standing"), {
        "kept_standing": kept, "unit_points": unit_points_sql("SELECT * FROM rescored"), "rule": other,
    })
    old, new = _standings(cursor, scope, kept, rule), _standings(cursor, scope, moved, other)
    return [
        {"recipient_id": unit, **{f"old_{name}": value for name, value in old[unit].items()},
         **{f"new_{name}": value for name, value in new[unit].items()}}
        for unit in old
    ]


def _standings(cursor: Cursor, scope: Scope, standing: str, rule: str) -> dict[str, Row]:
    effects = {row["recipient_id"]: row for row in cursor.rows(effect_sql(standing, rule), scope.key)}
    totals = {row["recipient_id"]: row for row in cursor.rows(total_sql(standing, rule), scope.key)}
    return {
        unit: {"effect_state": row["effect_state"], "points_micro": totals[unit]["points_micro"],
               "grade": totals[unit]["grade"]}
        for unit, row in effects.items()
    }


def _beside(kept: Mapping[str, Any], made: Mapping[str, Any]) -> Row:
    reviewed, old_weight, new_weight = kept["reviewed_micro"], kept["weight_micro"], made["weight_micro"]
    if reviewed is None:
        final = made["score_micro"]
    elif old_weight == 0:
        final = 0
    else:
        # Half up, in whole numbers.
        final = (2 * reviewed * new_weight + old_weight) // (2 * old_weight)
    return {
        **{name: kept[name] for name in ("recipient_id", "recipient_name", "indicator_no", "short_name")},
        "old_state": kept["state"], "new_state": made["state"],
        "old_final_micro": kept["final_micro"], "new_final_micro": final,
        "old_weight_micro": old_weight, "new_weight_micro": new_weight,
    }


def _frame(scope: Scope, rescored: Sequence[Row]) -> pd.DataFrame:
    """``rescored`` in the columns of ``reviewed_score``: an empty one has them all the same."""
    cells = [
        {"document_number": scope.document_number, "round_id": scope.round_id, "recipient_id": row["recipient_id"],
         "state": row["new_state"], "score_micro": row["new_final_micro"], "weight_micro": row["new_weight_micro"]}
        for row in rescored
    ]
    return pd.DataFrame({
        name: pd.Series(pa.array([cell.get(name) for cell in cells], type=kind), dtype=pd.ArrowDtype(kind))
        for name, kind in _RESCORED_TYPES.items()
    })
