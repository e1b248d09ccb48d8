"""Decide the points of a reported value: the third score beside the claimed and the recomputed one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from dashboard.actions.report_events import newest_version, require_unlocked
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.intake.numbers import CellFault, TypedCell, read_number
from data.intake.points import show_exact, to_micro
from data.store import Cursor, Store
from metrics.boards.definition import Scope
from metrics.three_scores import explain_difference, review_rows

MAX_REASON_LENGTH = 500


@dataclass(frozen=True)
class Reviewed:
    """What a review did: ``outcome`` is reviewed or nothing_changed; ``sentence`` tells the three scores.

    No ``entry`` if nothing changed.
    """

    outcome: str
    sentence: str
    entry: LogEntry | None = None


def read_points(text: str) -> Decimal:
    """Points as a person types them.

    Raises: RefusedError if the words are no number.
    """
    number = read_number(TypedCell(text), frozenset({"分"}), False)
    if number is None:
        raise RefusedError("请填写复核得分；不想改动的，不必提交。")
    if isinstance(number, CellFault):
        raise RefusedError(f"复核得分{number.words}。")
    return number


def prefilled_points(row: Any) -> str:
    """What stands in the field beforehand: the points that count now, exactly; empty where there are none."""
    micro = row["final_micro"]
    return "" if pd.isna(micro) else show_exact(int(micro))


def whole_weight(row: Any) -> str:
    """The most that a value can get, exactly."""
    return show_exact(int(row["weight_micro"]))


def review_score(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, recipient_id: str,
    indicator_no: int, points: Decimal, reason: str, *, seen_report_id: str = "", seen_target_version: int = 0,
) -> Reviewed:
    """Keep the points that a reviewer gives a reported value, with the reason; earlier reviews stay readable.

    Points equal to the recomputed ones take a review back, or confirm a value that waits for a person.
    ``seen_report_id`` and ``seen_target_version`` are the report and the target that the reviewer looked at.

    Unit:   points, kept as micro-points without rounding.
    Raises: RefusedError if nothing was reported, the points do not fit the weight, a reason is missing, the
            report is locked, or the unit has sent a newer version or the target was changed meanwhile.
    """
    require(actor, "review_score")
    reason = reason.strip()
    if not reason:
        raise RefusedError("请写明复核理由：看了什么材料，为什么给这个分。")
    if len(reason) > MAX_REASON_LENGTH:
        raise RefusedError(f"复核理由有 {len(reason)} 字，超过 {MAX_REASON_LENGTH} 字上限，请精简。")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        scope = Scope(document_number, round_id, at.date())
        require_unlocked(newest_version(cursor, document_number, round_id, recipient_id))
        row = _reviewable(cursor, scope, recipient_id, indicator_no, seen_report_id, seen_target_version)
        micro = _micro(points, row["weight_micro"])
        if _changes_nothing(row, micro, reason):
            return Reviewed("nothing_changed", row["sentence"])
        key = {
            "document_number": document_number, "round_id": round_id, "recipient_id": recipient_id,
            "indicator_no": indicator_no, "report_id": row["report_id"],
        }
        cursor.insert("review", [{
            "review_no": int(cursor.query("review_newest_no")["review_no"][0]) + 1,
            **key,
            "target_version": row["target_version"],
            "weight_micro": row["weight_micro"],
            "reviewed_micro": micro,
            "review_reason": reason,
            "reviewed_at": at,
            "reviewed_by": actor.name,
        }])
        subject = f"{document_number} {round_id} {recipient_id} {indicator_no}"
        entry = append(cursor, actor, at, "review_score", subject, {
            "report_id": row["report_id"], "claimed_micro": row["claimed_micro"],
            "recomputed_micro": row["score_micro"], "before_micro": row["reviewed_micro"],
            "reviewed_micro": micro, "reason": reason,
        })
        done = {**row, "reviewed_micro": micro, "review_reason": reason, "reviewed_by": actor.name, "reviewed_at": at}
    return Reviewed("reviewed", explain_difference(done), entry)


def _reviewable(
    cursor: Cursor, scope: Scope, recipient_id: str, indicator_no: int, seen_report_id: str, seen_target_version: int
) -> dict[str, Any]:
    """The value as it stands now, if a person may decide its points."""
    found = [row for row in review_rows(cursor, scope, recipient_id) if row["indicator_no"] == indicator_no]
    if not found:
        raise RefusedError("没有找到这个单位的这项指标，请在页面上重新选择。")
    row = found[0]
    if row["refusal"]:
        raise RefusedError(f"{row['refusal']}。")
    if seen_report_id and seen_report_id != row["report_id"]:
        raise RefusedError("这个单位刚刚报送了新的一版，数据已经变了。请刷新页面，看过新数据后再复核。")
    if seen_target_version and seen_target_version != row["target_version"]:
        raise RefusedError("这项指标的目标刚刚调整过，复算得分可能已经变了。请刷新页面，看过新目标后再复核。")
    return row


def _micro(points: Decimal, weight_micro: int) -> int:
    try:
        micro = to_micro(points, weight_micro)
    except InvalidOperation:
        micro = CellFault("number-too-long", "位数过多")
    if isinstance(micro, CellFault):
        raise RefusedError(f"复核得分{micro.words}，请填 0 至 {show_exact(weight_micro)} 之间的数。")
    return micro


def _changes_nothing(row: dict[str, Any], micro: int, reason: str) -> bool:
    """Whether the points are those that count already; a value that waits for a person can still be confirmed."""
    if row["reviewed_micro"] is not None:
        return bool(micro == row["reviewed_micro"] and reason == row["review_reason"])
    return bool(micro == row["score_micro"] and row["need"] in ("", "different"))
