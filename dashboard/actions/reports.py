"""A unit's report: the form it fills in, a rehearsal of its scores, the submission."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from data.audit import Actor, append
from data.errors import NotFoundError, RefusedError
from data.intake.filled import FilledEntry, FilledReport, read_filled
from data.intake.form import EntryKind, FormRow, ReportForm
from data.store import Cursor, Store
from dashboard.actions.rights import require
from metrics.boards.reporting import score_rows
from metrics.refresh import refresh_scores
from metrics.thresholds import band_limits


@dataclass(frozen=True)
class Submitted:
    """What a submission did: ``outcome`` is submitted or nothing_changed."""

    report_id: str
    report_version: int
    outcome: str
    entry_count: int


def prepare_form(store: Store, document_number: str, round_id: str, recipient_id: str) -> ReportForm:
    """The form of one unit in one round, with last round's values and last year's value filled in.

    Raises: NotFoundError if the notice, the round or the unit is not there.
    """
    key = {"document_number": document_number, "round_id": round_id, "recipient_id": recipient_id}
    head = store.query("form_head", **key)
    if head.empty:
        raise NotFoundError("没有找到这个单位在这一轮次的填报任务，请从“数据填报”页面重新选择。")
    with store.reading() as cursor:
        exact = cursor.rows(_query("form_head"), key)[0]
        rows = cursor.rows(_query("form_rows"), key)
    return ReportForm(
        document_number=document_number,
        round_id=round_id,
        round_name=exact["round_name"],
        period_end_on=exact["period_end_on"],
        recipient_id=recipient_id,
        recipient_name=exact["recipient_name"],
        fund_name=exact["fund_name"] or "",
        after_yuan=exact["after_yuan"],
        rows=tuple(_form_row(row) for row in rows),
        band_limits=band_limits(),
    )
