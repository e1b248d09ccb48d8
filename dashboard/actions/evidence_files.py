"""Evidence beside a unit's report: files of one indicator or of the report as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.actions.received_files import keep_file, require_plain_name
from dashboard.actions.report_events import newest_version, require_open
from dashboard.rights import require
from data.apart import apart
from data.audit import Actor, LogEntry, append, stamp
from data.errors import NotFoundError, RefusedError
from data.files import EVIDENCE_KINDS, checked_sha256
from data.intake.form import ReportForm, unit_key, unit_words
from data.store import Cursor, Store, sql_text

MAX_FILES = 20          # of one report
WHOLE_REPORT = 0


@dataclass(frozen=True)
class Attached:
    """What attaching did: ``outcome`` is attached or nothing_changed; only the first has a receipt."""

    evidence_no: int
    outcome: str
    receipt: LogEntry | None = None


def attach_evidence(
    store: Store, actor: Actor, at: datetime, form: ReportForm, indicator_no: int, content: bytes, file_name: str
) -> Attached:
    """Put a file beside an indicator of a unit's report, or beside the whole report (indicator_no 0).

    The same file beside the same indicator again changes nothing.

    Raises: FileError if the file is not what its name says, too large or of another kind; RefusedError if the
            report is accepted or locked, has its twenty files already, or does not ask for this indicator, or if
            the file's name is too long or holds a number of a person.
    """
    require(actor, "attach_evidence", form.recipient_id)
    if indicator_no not in {WHOLE_REPORT, *(row.indicator_no for row in form.rows)}:
        raise RefusedError(f"第{indicator_no}项不在本轮填报表里，请重新选择指标。")
    require_plain_name(file_name)
    sha256 = apart(file_name, checked_sha256, content, file_name, EVIDENCE_KINDS)
    with store.transaction() as cursor:
        require_open(newest_version(cursor, **unit_key(form)))
        at = stamp(cursor, at)
        held = [row for row in _held(cursor, form, at) if row["removed_at"] is None]
        for row in held:
            if (row["indicator_no"], row["file_sha256"]) == (indicator_no, sha256):
                return Attached(row["evidence_no"], "nothing_changed")
        if len(held) >= MAX_FILES:
            raise RefusedError(f"这份填报已有 {MAX_FILES} 个佐证材料，请先移除不再需要的，或合并成一个文件。")
        number = int(cursor.query("newest_evidence_no")["evidence_no"][0]) + 1
        keep_file(cursor, actor, at, file_name, content)
        cursor.insert("evidence_file", [{
            "evidence_no": number, **unit_key(form), "indicator_no": indicator_no, "file_name": file_name,
            "file_sha256": sha256, "added_at": at, "added_by": actor.name, "removed_at": None,
            "removed_by": "",
        }])
        receipt = append(cursor, actor, at, "attach_evidence", unit_words(form), {
            **_counted(len(held), len(held) + 1), "evidence_no": number, "indicator_no": indicator_no,
            "file": file_name, "sha256": sha256,
        })
    return Attached(number, "attached", receipt)


def remove_evidence(store: Store, actor: Actor, at: datetime, form: ReportForm, evidence_no: int) -> LogEntry:
    """Take a file away from a report; the record and the bytes stay.

    Raises: NotFoundError if it is not there; RefusedError if the report is accepted or locked.
    """
    require(actor, "remove_evidence", form.recipient_id)
    with store.transaction() as cursor:
        require_open(newest_version(cursor, **unit_key(form)))
        at = stamp(cursor, at)
        held = [row for row in _held(cursor, form, at) if row["removed_at"] is None]
        found = [row for row in held if row["evidence_no"] == evidence_no]
        if not found:
            raise NotFoundError("没有找到这个佐证材料，可能已经移除，请刷新页面。")
        cursor.run(sql_text("data", "writes/remove_evidence"), {
            "evidence_no": evidence_no, "removed_at": at, "removed_by": actor.name,
        })
        return append(cursor, actor, at, "remove_evidence", unit_words(form), {
            **_counted(len(held), len(held) - 1), "evidence_no": evidence_no,
            "indicator_no": found[0]["indicator_no"], "file": found[0]["file_name"],
            "sha256": found[0]["file_sha256"],
        })


def _counted(before: int, after: int) -> dict[str, Any]:
    """How many files stood beside the report, for the log."""
    return {"before": {"file_count": before}, "after": {"file_count": after}}


def _held(cursor: Cursor, form: ReportForm, at: datetime) -> list[dict[str, Any]]:
    return cursor.rows(sql_text("data", "queries/evidence_files"), {**unit_key(form), "as_of": at})

