"""What a unit has to explain before its report is taken: why it is so far off, and what it does about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from data.store import Cursor, sql_text, with_relations
from metrics.scope import Scope


@dataclass(frozen=True)
class MissingWords:
    """An indicator whose report lacks words that the round's rules ask for.

    ``fields`` are the fields of the form that are empty: ``deviation_reason``, ``improvement_measure``.
    ``why`` says what makes them necessary.
    """

    indicator_no: int
    short_name: str
    fields: tuple[str, ...]
    why: str


def missing_words(cursor: Cursor, scope: Scope, recipient_id: str) -> list[MissingWords]:
    """What a unit's report of a round still has to say, in printed order; judged by the round's rule version.

    Takes a cursor, so that a submission is judged before it is kept.
    """
    return missing_words_by_unit(cursor, scope, recipient_id).get(recipient_id, [])


def missing_words_by_unit(cursor: Cursor, scope: Scope, recipient_id: str = "") -> dict[str, list[MissingWords]]:
    """As ``missing_words``, of every unit that lacks any (of one where one is named)."""
    sql = with_relations(
        sql_text("metrics", "needs_reason"),
        {"score_of_round": sql_text("data", "queries/explained_score"), "rule": sql_text("data", "queries/rule")},
    )
    found: dict[str, list[MissingWords]] = {}
    for row in cursor.rows(sql, {**scope.key, "recipient_id": recipient_id}):
        found.setdefault(row["recipient_id"], []).append(MissingWords(
            row["indicator_no"],
            row["short_name"],
            tuple(
                field for field, lacks in (
                    ("deviation_reason", row["lacks_reason"]), ("improvement_measure", row["lacks_measure"]),
                ) if lacks
            ),
            _why(row["scored_kind"], row["state"], row["attainment_micro"], row["limit_micro"]),
        ))
    return found


def _why(scored_kind: str, state: str, attainment_micro: int, limit_micro: int) -> str:
    if scored_kind == "qualitative":
        return "评定为未达成，要写明偏差原因和改进措施"
    # Rounded as the sentence of the score is, and floored only where it would otherwise read as the limit.
    exact = Decimal(attainment_micro) / 10_000
    reached = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if exact < Decimal(limit_micro) / 10_000 <= reached:
        reached = exact.quantize(Decimal("0.01"), ROUND_FLOOR)
    limit = f"{(Decimal(limit_micro) / 10_000).normalize():f}%"
    if state == "over":
        return f"完成 {reached}%，达到 {limit} 的超额界限，要写明为什么超出这样多"
    return f"完成 {reached}%，低于 {limit}，要写明偏差原因和改进措施"
