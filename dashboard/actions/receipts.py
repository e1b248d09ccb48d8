"""Record when a unit received a notice and when it imported it; the prefecture, when it received the one above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.docking.lookups import read_marker
from data.errors import CalendarError, CellIssue, IntakeError, RefusedError, WenxiaoError
from data.store import Cursor, Store, sql_text
from metrics.counted_days import clock_day, have_calendar
from metrics.duties import STEP_WORDS, docked_imports, limit_sql, limit_steps, step_name
from metrics.indicators import REGION_ID
from metrics.refresh import refresh_scores
from metrics.scope import end_of_day
from metrics.working_days import FIRST_YEAR, LAST_YEAR, unpublished_sentence

# The way of every notice; what its other limits ask for comes beside it.
STEP_NAMES = {step: STEP_WORDS[step] for step in ("received", "registered", "marked", "imported")}


@dataclass(frozen=True)
class ReceiptEntry:
    """One step of a unit's way with a notice: of ``STEP_NAMES``, or one that another limit of the notice asks for.

    Amount and marker belong to the steps registered and imported: what the unit says it put in.
    """

    step: str
    happened_at: datetime
    amount_yuan: Decimal | None = None
    marker_text: str = ""
    evidence_text: str = ""


# Document number, recipient, and what is recorded of them.
Step = tuple[str, str, ReceiptEntry]


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

    A step is a fact, also where nobody can count its deadline yet: ``receipt_remarks`` says so.

    Raises: RefusedError if a step lies in the future or before the notice, or the unit has no money in it;
    CalendarError if it lies before all calendars; IntakeError with every step that is refused where there are several.
    """
    for recipient_id in recipient_ids:
        require(actor, "record_receipt", recipient_id)
    steps = [
        (document_number, recipient_id, entry) for recipient_id, entry in zip(recipient_ids, entries, strict=True)
    ]
    with store.transaction() as cursor:
        made, faults = keep_receipts(cursor, actor, at, steps, region_code)
        if faults:
            raise faults[0] if len(entries) == 1 else IntakeError(f"{document_number}办理环节", [
                CellIssue("receipt-refused", f"receipts[{place}]", str(error)) for place, error in faults.items()
            ])
    return made


def confirm_docked_import(
    store: Store, actor: Actor, at: datetime, document_number: str, recipient_id: str, region_code: str
) -> LogEntry:
    """Record a unit's import as the monitoring system's export shows it: its day, amount, marker and place.

    Raises: RefusedError if the export does not show all of the money under the marker, or it is on record already.
    """
    require(actor, "record_receipt", recipient_id)
    with store.transaction() as cursor:
        known_at = stamp(cursor, at)
        shown = docked_imports(cursor, document_number, known_at).get(recipient_id, {})
        if shown.get("evidence_state") != "whole":
            raise RefusedError("监控系统的导出没有显示该单位已全部导入、标识一致，不能据此登记，请核对后再办。")
        before = earlier_receipt(cursor, document_number, recipient_id, "imported", known_at)
        if before and (before["amount_yuan"], before["marker"]) == (shown["after_yuan"], shown["marker_text"]):
            raise RefusedError("该单位已登记全部导入，不必再登记；登记有误的，请重新登记更正。")
        entry = ReceiptEntry(
            "imported", datetime.combine(shown["imported_on"], time()), shown["monitoring_yuan"],
            shown["marker_text"], f"据监控系统导出确认：{shown['place_text']}",
        )
        made, faults = keep_receipts(cursor, actor, at, [(document_number, recipient_id, entry)], region_code)
        if faults:
            raise faults[0]
    return made[0]


def receipt_remarks(store: Store, at: datetime, steps: Sequence[Step], region_code: str) -> list[list[str]]:
    """What whoever recorded each step should know of it, as clauses; often none.

    That its deadline cannot be counted yet; that its marker is not the paper's.
    """
    remarks: list[list[str]] = []
    known: dict[str, tuple[str, set[str]]] = {}
    with store.reading() as cursor:
        for document_number, recipient_id, entry in steps:
            if document_number not in known:
                known[document_number] = _known_of(cursor, document_number, at, region_code)
            printed, uncounted = known[document_number]
            told = []
            marker = as_exports_read(entry.marker_text)
            if printed and marker not in ("", printed):
                told.append(f"标识“{marker[:40]}”与文件不同，应为“{printed}”")
            if entry.step == "received" and recipient_id in uncounted:
                year = max(entry.happened_at.year, LAST_YEAR + 1)
                told.append(f"{year}年的放假安排尚未公布，截止日暂不能计算，公布以后更新程序即自动算出")
            remarks.append(told)
    return remarks


def _known_of(cursor: Cursor, document_number: str, at: datetime, region_code: str) -> tuple[str, set[str]]:
    """A notice's marker, and the units with a deadline in it that cannot be counted yet."""
    header = cursor.query("notice_header", document_number=document_number)
    duties = cursor.frame(limit_sql(), {
        "document_number": document_number, "recipient_id": "", "region_code": region_code,
        "as_of": end_of_day(at.date()),
    })
    uncounted = duties.loc[duties["duty_state"] == "not_published", "recipient_id"]
    return str(header["direct_fund_marker"].fillna("")[0]), set(uncounted)


def as_exports_read(marker: str) -> str:
    """A marker as the loader of exports writes it, so that both are compared alike; else as it was typed."""
    return read_marker(marker) or marker.strip()


def keep_receipts(
    cursor: Cursor, actor: Actor, at: datetime, steps: Sequence[Step], region_code: str
) -> tuple[list[LogEntry], dict[int, WenxiaoError]]:
    """Record steps inside the caller's transaction, and score what rests on them unless one is refused.

    Gives each one's line in the log, or why it is refused, by its place; with any refused, the caller drops all.
    """
    made: list[LogEntry] = []
    faults: dict[int, WenxiaoError] = {}
    for place, (document_number, recipient_id, entry) in enumerate(steps):
        try:
            made.append(_record(cursor, actor, at, document_number, recipient_id, entry, region_code))
        except WenxiaoError as error:
            faults[place] = error
    if faults:
        return made, faults
    at = stamp(cursor, at)
    # The prefecture's own figures are rolled up when they are read; only units have scores that are kept.
    for document_number, recipient_id in dict.fromkeys(step[:2] for step in steps if step[1] != REGION_ID):
        for round_id in cursor.query("rounds", document_number=document_number)["round_id"]:
            refresh_scores(cursor, document_number, round_id, at, region_code, recipient_id)
    return made, faults


def steps_of(cursor: Cursor, document_number: str) -> dict[str, str]:
    """What can be recorded of a notice: the steps of its import, and those that its other limits ask for."""
    return STEP_NAMES | {step: step_name(step) for step in limit_steps(cursor, document_number)["step"]}


def _record(
    cursor: Cursor, actor: Actor, at: datetime, document_number: str, recipient_id: str, entry: ReceiptEntry,
    region_code: str,
) -> LogEntry:
    """One step inside the transaction; everything is checked before anything is written."""
    is_own = recipient_id == REGION_ID
    names = STEP_NAMES if is_own else steps_of(cursor, document_number)
    if entry.step not in names:
        raise RefusedError("没有这个环节，请从列表中选择。")
    if entry.happened_at > at:
        raise RefusedError(f"{names[entry.step]}的时间晚于现在，请核对后填写实际时间。")
    have_calendar(cursor, region_code)
    # Calendars of years to come will be published; one before all of them never is: the year is mistyped.
    if entry.happened_at.year < FIRST_YEAR:
        raise CalendarError(unpublished_sentence(entry.happened_at.year))
    held = cursor.query("notice_header", document_number=document_number)
    if held.empty:
        raise RefusedError(f"{document_number} 还没有发布，请先在“资金文件”中发布。")
    dated_on = held["dated_on"][0]
    if not is_own and pd.notna(dated_on) and entry.happened_at.date() < dated_on.date():
        raise RefusedError(f"时间早于文件成文日期 {dated_on:%Y-%m-%d}，请核对。")
    units = cursor.query("allocation_units", document_number=document_number)
    if not is_own and recipient_id not in set(units["recipient_id"]):
        raise RefusedError(f"这个单位不在这份文件的分配名单里：{document_number} 没有给它资金，请重新选择单位。")
    entry = replace(entry, marker_text=as_exports_read(entry.marker_text))
    at = stamp(cursor, at)
    _check_order(cursor, document_number, recipient_id, entry, at)
    before = earlier_receipt(cursor, document_number, recipient_id, entry.step, at)
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
        "actor_recipient_id": actor.recipient_id,
    }])
    return append(cursor, actor, at, "record_receipt", f"{document_number} {recipient_id}", {
        "step": entry.step, "before": before, "after": {
            "happened_at": entry.happened_at, "amount_yuan": entry.amount_yuan, "marker": entry.marker_text,
            "evidence": entry.evidence_text,
        },
    })


def earlier_receipt(
    cursor: Cursor, document_number: str, recipient_id: str, step: str, at: datetime
) -> dict[str, Any] | None:
    """What was on record of the same step before; None if nothing was."""
    found = cursor.rows(sql_text("data", "queries/earlier_receipt"), {
        "document_number": document_number, "recipient_id": recipient_id, "receipt_step": step, "as_of": at,
    })
    return found[0] if found else None


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
