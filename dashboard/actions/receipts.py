"""Record when a unit received a notice and when it imported it; the prefecture, when it received the one above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import CellIssue, IntakeError, RefusedError, WenxiaoError
from data.store import Cursor, Store, sql_text
from metrics.counted_days import clock_day, have_calendar, store_calendar
from metrics.indicators import REGION_ID
from metrics.refresh import refresh_scores

STEP_NAMES = {"received": "收到文件", "registered": "登录指标", "marked": "标识登录", "imported": "导入监控系统"}


@dataclass(frozen=True)
class ReceiptEntry:
    """One step of a unit's way with a notice.

    Amount and marker belong to the steps registered and imported: what the unit says it put in.
    """

    step: str
    happened_at: datetime
    amount_yuan: Decimal | None = None
    marker_text: str = ""
    evidence_text: str = ""


def record_receipt(
    store: Store, actor: Actor, at: datetime, document_number: str, recipient_id: str, entry: ReceiptEntry,
    region_code: str,
) -> LogEntry:
    """Record a step; a unit's newest statement about a step counts, earlier ones stay on record.

    Raises: as ``record_receipts``.
    """
    return record_receipts(store, actor, at, document_number, [recipient_id], [entry], region_code)[0]


def record_receipts(
    store: Store, actor: Actor, at: datetime, document_number: str, recipient_ids: Sequence[str],
    entries: Sequence[ReceiptEntry], region_code: str,
) -> list[LogEntry]:
    """Record steps in one transaction, in their order: all of them, or none; each has its line in the log.

    A recipient is a unit, or REGION_ID for the prefecture itself: what it receives is the document from above,
    which is older than the notice that it then writes, and what it imports is the whole amount.

    Raises: RefusedError if a step lies in the future or before the notice, or the unit has no money in it;
    CalendarError if the working days up to the deadline are not published; IntakeError with every step that is
    refused where there are several.
    """
    for recipient_id in recipient_ids:
        require(actor, "record_receipt", recipient_id)
    faults: list[tuple[int, WenxiaoError]] = []
    made = []
    with store.transaction() as cursor:
        for place, (recipient_id, entry) in enumerate(zip(recipient_ids, entries, strict=True)):
            try:
                made.append(_record(cursor, actor, at, document_number, recipient_id, entry, region_code))
            except WenxiaoError as error:
                faults.append((place, error))
        if faults:
            raise faults[0][1] if len(entries) == 1 else IntakeError(f"{document_number}办理环节", [
                CellIssue("receipt-refused", f"receipts[{place}]", str(error)) for place, error in faults
            ])
        # The prefecture's own figures are rolled up when they are read; only units have scores that are kept.
        units = list(dict.fromkeys(unit for unit in recipient_ids if unit != REGION_ID))
        rounds = cursor.query("rounds", document_number=document_number)["round_id"] if units else []
        at = stamp(cursor, at)
        for round_id in rounds:
            for recipient_id in units:
                refresh_scores(cursor, document_number, round_id, at, region_code, recipient_id)
    return made


def _record(
    cursor: Cursor, actor: Actor, at: datetime, document_number: str, recipient_id: str, entry: ReceiptEntry,
    region_code: str,
) -> LogEntry:
    """One step inside the transaction; everything is checked before anything is written."""
    if entry.step not in STEP_NAMES:
        raise RefusedError("没有这个环节，请从列表中选择。")
    if entry.happened_at > at:
        raise RefusedError(f"{STEP_NAMES[entry.step]}的时间晚于现在，请核对后填写实际时间。")
    # Refuse a year without a published calendar before anything is written.
    have_calendar(cursor, region_code)
    calendar = store_calendar(cursor, region_code)
    counts_on = clock_day(cursor, entry.happened_at)
    calendar.is_working_day(counts_on)
    held = cursor.query("notice_header", document_number=document_number)
    if held.empty:
        raise RefusedError(f"{document_number} 还没有发布，请先在“资金文件”中发布。")
    dated_on = held["dated_on"][0]
    is_own = recipient_id == REGION_ID
    if not is_own and pd.notna(dated_on) and entry.happened_at.date() < dated_on.date():
        raise RefusedError(f"时间早于文件成文日期 {dated_on:%Y-%m-%d}，请核对。")
    units = cursor.query("allocation_units", document_number=document_number)
    if not is_own and recipient_id not in set(units["recipient_id"]):
        raise RefusedError(f"这个单位不在这份文件的分配名单里：{document_number} 没有给它资金，请重新选择单位。")
    if entry.step == "received":
        limits = cursor.query("notice_deadlines", document_number=document_number)["working_day_count"]
        for working_days in limits.dropna():
            calendar.count(counts_on, int(working_days))
    at = stamp(cursor, at)
    _check_order(cursor, document_number, recipient_id, entry, at)
    before = _earlier(cursor, document_number, recipient_id, entry.step, at)
    cursor.insert("receipt", [{
        "receipt_no": int(cursor.query("newest_receipt_no")["receipt_no"][0]) + 1,
        "document_number": document_number,
        "recipient_id": recipient_id,
        "receipt_step": entry.step,
        "happened_at": entry.happened_at,
        "amount_yuan": entry.amount_yuan,
        "marker_text": entry.marker_text,
        "evidence_text": entry.evidence_text,
        "recorded_at": at,
        "recorded_by": actor.name,
    }])
    return append(cursor, actor, at, "record_receipt", f"{document_number} {recipient_id}", {
        "step": entry.step, "before": before, "after": {
            "happened_at": entry.happened_at, "amount_yuan": entry.amount_yuan, "marker": entry.marker_text,
            "evidence": entry.evidence_text,
        },
    })


def _earlier(
    cursor: Cursor, document_number: str, recipient_id: str, step: str, at: datetime
) -> dict[str, Any] | None:
    """What was on record of the same step before; None if nothing was."""
    recorded = cursor.rows(sql_text("data", "queries/receipts"), {"document_number": document_number, "as_of": at})
    for row in recorded:    # the newest first
        if (row["recipient_id"], row["receipt_step"]) == (recipient_id, step):
            return {
                "happened_at": row["happened_at"], "amount_yuan": row["amount_yuan"], "marker": row["marker_text"],
                "evidence": row["evidence_text"],
            }
    return None


def _check_order(
    cursor: Cursor, document_number: str, recipient_id: str, entry: ReceiptEntry, at: datetime
) -> None:
    """Nothing is imported before the paper is there: no clock could count that."""
    known = cursor.query(
        "receipt_days", document_number=document_number, recipient_id=recipient_id, as_of=at
    ).set_index("receipt_step")["happened_at"].to_dict()
    received = entry.happened_at if entry.step == "received" else known.get("received")
    imported = entry.happened_at if entry.step == "imported" else known.get("imported")
    if received is not None and imported is not None and clock_day(cursor, imported) < clock_day(cursor, received):
        raise RefusedError(
            f"导入时间（{imported:%Y-%m-%d}）早于收文时间（{received:%Y-%m-%d}），请核对；"
            "前一次登记有误的，请先更正那一次。"
        )
