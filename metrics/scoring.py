"""The one scoring rule, run on rows that come from anywhere: a frame, or texts as published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from data.store import engine, sql_text, with_relations
from metrics.explain import explain
from metrics.target_kinds import json_number
from metrics.text_rows import TextRow, read_text_row
from metrics.thresholds import MICRO, RuleRow, rule_row
from metrics.working_days import WorkingCalendar

_MONEYLIKE = pa.decimal128(18, 4)
INPUT_TYPES: dict[str, pa.DataType] = {
    "document_number": pa.string(),
    "recipient_id": pa.string(),
    "indicator_no": pa.int32(),
    "round_id": pa.string(),
    "valid_from": pa.timestamp("us"),
    "rule_version": pa.string(),
    "scored_kind": pa.string(),
    "scale": pa.int32(),
    "bound": _MONEYLIKE,
    "upper": _MONEYLIKE,
    "numerator": _MONEYLIKE,
    "denominator": _MONEYLIKE,
    "value": _MONEYLIKE,
    "prior_value": _MONEYLIKE,
    "band": pa.int32(),
    "band_share": pa.decimal128(7, 4),
    "is_evidenced": pa.bool_(),
    "allowed_days": pa.int32(),
    "taken_days": pa.int32(),
    "due_on": pa.date32(),
    "done_on": pa.date32(),
    "as_of_on": pa.date32(),
    "is_reported": pa.bool_(),
    "is_applicable": pa.bool_(),
    "weight_micro": pa.int64(),
}
SCORE_INPUT_COLUMNS = tuple(INPUT_TYPES)
# What a row of texts may carry beside its target, actual value and weight.
OPTIONAL_COLUMNS = (
    "indicator", "level2", "prior_text", "numerator", "denominator", "received", "done", "year",
)


def rule_relation(rule: RuleRow | None = None) -> str:
    """The relation ``rule`` that every judging SQL file reads, with one version: the shipped one, or one given."""
    return "SELECT " + ", ".join(
        f"{'NULL' if value is None else repr(value)} AS {name}" for name, value in (rule or rule_row()).items()
    )


def score_sql(rule: RuleRow | None = None) -> str:
    """The scoring rule as one SELECT over a relation ``score_input``; ``rule`` is the rule book's row."""
    return with_relations(sql_text("metrics", "score"), {"rule": rule_relation(rule)})


def score_rows(
    rows: Iterable[Mapping[str, Any]], rule: RuleRow | None = None
) -> list[dict[str, Any]]:
    """Score rows with exact values in and out.

    Shape:  one row in, one row out, ordered by notice, round, recipient and indicator.
    Reads:  ``SCORE_INPUT_COLUMNS``; a key that is absent is NULL. Numbers are Decimal, int or text.
    Unit:   see the head of metrics/sql/score.sql.
    Empty:  the missing states have no score; NULL is None.
    """
    rule = rule or rule_row()
    given = [{"rule_version": rule["rule_version"], **row} for row in rows]
    if not given:
        return []
    frame = pd.DataFrame({
        name: pd.Series(pa.array([row.get(name) for row in given], type=kind), dtype=pd.ArrowDtype(kind))
        for name, kind in INPUT_TYPES.items()
    })
    with engine().reading() as cursor:
        cursor.lend("score_input", frame)
        return cursor.rows(
            f"{score_sql(rule)}\nORDER BY document_number, round_id, recipient_id, indicator_no, valid_from, as_of_on"
        )


def score_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """``score_rows`` for a frame; decimals stay Decimal objects, missing is None.

    Raises: KeyError if a key column, ``scored_kind`` or ``weight_micro`` is missing.
    """
    for name in ("recipient_id", "indicator_no", "round_id", "scored_kind", "weight_micro"):
        if name not in frame.columns:
            raise KeyError(name)
    held = [name for name in SCORE_INPUT_COLUMNS if name in frame.columns]
    rows = [
        {name: _plain(value, INPUT_TYPES[name]) for name, value in zip(held, values, strict=True)}
        for values in frame[held].itertuples(index=False, name=None)
    ]
    return pd.DataFrame(score_rows(rows), dtype=object)


def _plain(value: Any, kind: pa.DataType) -> Any:
    """What a frame holds as the type of its column; every way to say missing is None."""
    if pd.isna(value):
        return None
    if pa.types.is_decimal(kind):
        return value if isinstance(value, Decimal) else Decimal(str(value))
    if pa.types.is_integer(kind):
        return int(value)
    if pa.types.is_boolean(kind):
        return bool(value)
    return value.date() if isinstance(value, datetime) else value


def score_texts(
    rows: Iterable[Mapping[str, str | None]],
    as_of: date | None = None,
    calendar: WorkingCalendar | None = None,
) -> list[dict[str, Any]]:
    """Score rows of printed texts, as a published table has them.

    Reads:  ``target_text, actual_text, weight``; where present ``indicator, level2, prior_text, numerator,
            denominator, received, done, year``.
    Unit:   points; ``attainment`` is a ratio, 0.9796 for 97.96%. For rates with counts ``achieved`` and
            ``required`` carry the denominator.
    Empty:  ``score`` is None in the missing states; ``why`` says what is missing and what to do.
    """
    read = [
        read_text_row(row, number, as_of or date.today(), calendar or WorkingCalendar())
        for number, row in enumerate(rows, start=1)
    ]
    scores = {score["indicator_no"]: score for score in score_rows(row.score_input for row in read)}
    return [_as_json(row, scores[row.score_input["indicator_no"]]) for row in read]


def _as_json(row: TextRow, score: dict[str, Any]) -> dict[str, Any]:
    if row.refusal:
        sentence = f"目标{row.target.text or '没有写明'}，{row.refusal}，须由人判定，暂不计分。"
    else:
        sentence = explain({**row.score_input, **score, "target_text": row.target.text, "unit": row.unit})
    micro, attainment = score["score_micro"], score["attainment_micro"]
    return {
        "target_text": row.target.text,
        "kind": row.target.kind.value,
        "scored_as": score["scored_kind"],
        "achieved": json_number(score["achieved"]),
        "required": json_number(score["required"]),
        "attainment": None if attainment is None else attainment / MICRO,
        "weight": row.score_input["weight_micro"] / MICRO if row.has_weight else None,
        "score": None if micro is None or not row.has_weight else micro / MICRO,
        "state": score["state"],
        "why": sentence + "".join(row.notes),
    }
