"""Rows for the scoring rule, each with overrides; numbers may be typed as int or text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from metrics.scoring import score_rows
from metrics.thresholds import RuleRow

WEIGHT = 3_000_000
AS_OF = date(2021, 12, 31)
DECIMALS = frozenset({"bound", "upper", "numerator", "denominator", "value", "prior_value", "band_share"})
STEP = Decimal("0.0001")


def facts(kind: str, **values: Any) -> dict[str, Any]:
    """One reported row of three points."""
    given = {"recipient_id": "luntai", "indicator_no": 1, "round_id": "2021-12", "scored_kind": kind, "scale": 1,
             "weight_micro": WEIGHT, "is_reported": True, "as_of_on": AS_OF}
    return given | {
        name: Decimal(str(value)) if name in DECIMALS and value is not None else value
        for name, value in values.items()
    }


def percent(kind: str, numerator: Any, denominator: Any, **values: Any) -> dict[str, Any]:
    """One reported row with two counts against a target in percent."""
    return facts(kind, **{"scale": 100, "numerator": numerator, "denominator": denominator, **values})


def scored_in_order(given: Iterable[dict[str, Any]], rule: RuleRow | None = None) -> list[dict[str, Any]]:
    """The scores in the order of the rows, all in one call."""
    return score_rows([{**row, "indicator_no": number} for number, row in enumerate(given)], rule)
