"""Whether a decomposition adds up: the T checks in ``data/sql/checks`` over the targets as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from data.checks import Check, all_checks
from data.store import Cursor, sql_text, with_relations


@dataclass(frozen=True)
class TargetProof:
    """One statement about an indicator's targets, and whether it holds.

    Unit:   values in the target's own unit; ``difference_value`` is computed less stated.
    Empty:  ``recipient_id`` where the statement is about all units; values where words are compared.
            ``missing_names`` are the units that a total was not decomposed to.
    """

    check: Check
    indicator_no: int
    short_name: str
    recipient_id: str
    recipient_name: str
    scored_kind: str
    target_unit: str
    region_text: str
    unit_text: str
    stated_value: Decimal | None
    computed_value: Decimal | None
    difference_value: Decimal | None
    missing_names: str
    holds: bool


def prove_targets(
    cursor: Cursor, document_number: str, as_of: datetime, in_force_on: date = date.max
) -> list[TargetProof]:
    """Every statement about a notice's targets in force on a day, as known at a moment, whether it holds or not.

    Without a day: about the newest ones, those that are yet to begin included.

    Empty: nothing is stated about a total that nobody decomposed yet.
    """
    current = {"current_target": sql_text("data", "queries/targets_of_notice")}
    return [
        TargetProof(check, **row)
        for check in all_checks("T")
        for row in cursor.rows(
            with_relations(sql_text("data", f"checks/{check.name}"), current),
            {"document_number": document_number, "as_of": as_of, "in_force_on": in_force_on, "with_passing": True},
        )
    ]


def proof_sentence(proof: TargetProof) -> str:
    """What a statement says, in one sentence with both figures and the difference."""
    head = f"第{proof.indicator_no}项“{proof.short_name}”："
    if proof.check.code == "T03":
        if proof.holds:
            return f"{head}{proof.recipient_name}与区域目标“{proof.region_text}”原文相同。"
        return (
            f"{head}{proof.recipient_name}的“{proof.unit_text}”与区域目标“{proof.region_text}”措辞不同，"
            "是否更严由人判断。"
        )
    if proof.check.code == "T01":
        return head + _sum_words(proof)
    if proof.holds:
        return f"{head}{proof.recipient_name}目标 {proof.unit_text}，不宽于区域目标 {proof.region_text}。"
    return (
        f"{head}{proof.recipient_name}目标 {proof.unit_text}，宽于区域目标 {proof.region_text}"
        f"{_gap_words(proof)}，请改为不宽于区域目标。"
    )


def value_words(value: Decimal | None, unit: str) -> str:
    """A value with separators and its unit: 4,980 人次, 90%; '' where there is none."""
    if value is None:
        return ""
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{text}{unit}" if unit in ("", "%", "‰") else f"{text} {unit}"


def _sum_words(proof: TargetProof) -> str:
    unit = proof.target_unit
    words = f"各单位合计 {value_words(proof.computed_value, unit)}，区域目标 {proof.region_text}"
    difference = proof.difference_value or Decimal(0)
    if difference:
        words += f"，{'多' if difference > 0 else '少'} {value_words(abs(difference), unit)}"
    if proof.missing_names:
        words += f"；还没有分解到 {proof.missing_names}，没有这项任务的请填“不承担”"
    return words + "。"


def _gap_words(proof: TargetProof) -> str:
    difference = proof.difference_value
    if not difference:
        return ""
    point = {"%": "个百分点", "‰": "个千分点"}.get(proof.target_unit)
    amount = f"{value_words(abs(difference), '')} {point}" if point else value_words(
        abs(difference), proof.target_unit)
    return f"，{'高' if difference > 0 else '低'} {amount}"
