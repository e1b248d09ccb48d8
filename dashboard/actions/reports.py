"""A unit's report: the form it fills in, a rehearsal of its scores, the submission."""

from __future__ import annotations

import hashlib
import io
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.actions.report_events import add_event
from dashboard.rights import require
from data.audit import Actor, append, digest, stamp
from data.errors import CellIssue, IntakeError, NotFoundError, RefusedError
from data.intake.columns import COLUMNS
from data.intake.filled import read_filled
from data.intake.form import BAND_LABELS, EntryKind, FilledEntry, FilledReport, FormRow, ReportForm
from data.intake.points import MICRO
from data.intake.template import write_template
from data.store import Cursor, Store, sql_text
from metrics.boards.definition import Scope
from metrics.explain import explain, show_number
from metrics.kept_scores import exact_scores
from metrics.reasons import MissingWords, missing_words
from metrics.refresh import refresh_scores
from metrics.rulebook import rules_of_round
from metrics.thresholds import band_limits


@dataclass(frozen=True)
class Upload:
    """A filled form as received: its words, its bytes and its name."""

    report: FilledReport
    content: bytes
    file_name: str

    @property
    def sha256(self) -> str:
        """The fingerprint of the bytes, by which the same file is known again."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Submitted:
    """What a submission did: ``outcome`` is submitted or nothing_changed."""

    report_version: int
    outcome: str
    entry_count: int


def prepare_form(store: Store, document_number: str, round_id: str, recipient_id: str) -> ReportForm:
    """The form of one unit in one round, with last round's values and last year's value filled in.

    Raises: NotFoundError if the notice, the round or the unit is not there.
    """
    with store.reading() as cursor:
        forms = read_forms(cursor, document_number, round_id, recipient_id)
    if recipient_id not in forms:
        raise NotFoundError("没有找到这个单位在这一轮次的填报任务，请在“数据填报”页面重新选择单位和轮次。")
    return forms[recipient_id]


def read_forms(cursor: Cursor, document_number: str, round_id: str, recipient_id: str = "") -> dict[str, ReportForm]:
    """The forms of a round by unit (every unit's where ``recipient_id`` is empty); none without the round."""
    key = {"document_number": document_number, "round_id": round_id, "recipient_id": recipient_id}
    heads = cursor.rows(sql_text("data", "queries/form_head"), key)
    if not heads:
        return {}
    limits = band_limits(rules_of_round(cursor, document_number, round_id).values)
    rows: dict[str, list[FormRow]] = {}
    for row in cursor.rows(sql_text("data", "queries/form_rows"), key):
        rows.setdefault(row["recipient_id"], []).append(_form_row(row))
    return {
        head["recipient_id"]: ReportForm(
            document_number=document_number,
            round_id=round_id,
            round_name=head["round_name"],
            period_end_on=head["period_end_on"],
            recipient_id=head["recipient_id"],
            recipient_name=head["recipient_name"],
            fund_name=head["fund_name"] or "",
            after_yuan=head["after_yuan"],
            rows=tuple(rows.get(head["recipient_id"], ())),
            band_limits=limits,
        )
        for head in heads
    }


def template_workbook(form: ReportForm) -> bytes:
    """The form as a workbook to fill in."""
    buffer = io.BytesIO()
    write_template(buffer, form)
    return buffer.getvalue()


def template_name(form: ReportForm) -> str:
    """The file name of the form: unit, round and number, so that a folder of them sorts well."""
    return f"{form.recipient_name}_{form.round_id}_{form.document_number}_填报表.xlsx"


def read_upload(form: ReportForm, content: bytes, file_name: str) -> Upload:
    """Read a filled form.

    Raises: FileError if it cannot be read at all; IntakeError with every fault of every cell.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"filled{Path(file_name).suffix.lower()}"
        path.write_bytes(content)
        return Upload(read_filled(path, form, file_name), content, file_name)


def rehearse(store: Store, actor: Actor, at: datetime, upload: Upload, region_code: str) -> list[dict[str, Any]]:
    """What the upload would score, indicator by indicator, without keeping anything.

    The very submission is made and dropped again, so that the preview cannot differ from it. ``issues`` of a
    row are the words that it still lacks: with any of them ``submit_report`` refuses.
    """
    report = upload.report
    require(actor, "submit_report", report.recipient_id, needs_name=False)
    with store.rehearsal() as cursor:
        at = stamp(cursor, at)
        scope = Scope(report.document_number, report.round_id, at.date())
        before = exact_scores(cursor, scope, report.recipient_id)
        _write_report(cursor, actor, at, upload, region_code)
        rows = exact_scores(cursor, scope, report.recipient_id)
        lacking = _lacking_words(cursor, scope, report)
    reported = {row["indicator_no"] for row in before if row["report_id"]}
    for row in rows:
        row["sentence"] = explain(row)
        row["is_withdrawn"] = row["indicator_no"] in reported and row["report_id"] is None
        row["issues"] = lacking.get(row["indicator_no"], [])
    return rows


def submit_report(store: Store, actor: Actor, at: datetime, upload: Upload, region_code: str) -> Submitted:
    """Keep a unit's report as its newest version and refresh its scores, in one transaction.

    The same file again changes nothing; earlier versions stay readable.

    Raises: RefusedError if the round is not open yet or the actor may not report for the unit; IntakeError with
            every cell in which the round's rules ask for a reason or a measure and find none.
    """
    report = upload.report
    require(actor, "submit_report", report.recipient_id)
    if report.paid_yuan is None and all(entry.is_blank for entry in report.entries):
        raise RefusedError("填报表里一项也没有填，没有可以报送的数据。请填写后重新上传。")
    with store.transaction() as cursor:
        newest = cursor.query(
            "report_versions", document_number=report.document_number, round_id=report.round_id,
            recipient_id=report.recipient_id, as_of=datetime.max,
        )
        if len(newest) and newest["file_sha256"][0] == upload.sha256:
            return Submitted(int(newest["report_version"][0]), "nothing_changed", 0)
        at = stamp(cursor, at)
        version, count = _write_report(cursor, actor, at, upload, region_code)
        scope = Scope(report.document_number, report.round_id, at.date())
        lacking = _lacking_words(cursor, scope, report)
        if lacking:
            raise IntakeError(upload.file_name, [issue for issues in lacking.values() for issue in issues])
        subject = f"{report.document_number} {report.round_id} {report.recipient_id}"
        append(cursor, actor, at, "submit_report", subject, {
            "version": version, "file": upload.file_name, "sha256": upload.sha256, "entries": count,
            **reported_digest(cursor, _report_id(report, version)),
        })
    return Submitted(version, "submitted", count)


def _write_report(
    cursor: Cursor, actor: Actor, at: datetime, upload: Upload, region_code: str
) -> tuple[int, int]:
    report = upload.report
    key = {
        "document_number": report.document_number, "round_id": report.round_id,
        "recipient_id": report.recipient_id,
    }
    rounds = cursor.query("rounds", document_number=report.document_number).set_index("round_id")
    if report.round_id not in rounds.index:
        raise RefusedError("这一轮次还没有开启，请联系州财政局开启后再报送。")
    if at.date() < rounds.loc[report.round_id, "opens_on"].date():
        raise RefusedError(f"本轮从 {rounds.loc[report.round_id, 'opens_on']:%Y年%m月%d日} 起填报，还没有开始。")
    versions = cursor.query("report_versions", **key, as_of=datetime.max)
    version = int(versions["report_version"].max()) + 1 if len(versions) else 1
    report_id = _report_id(report, version)
    cursor.insert("report", [{
        "report_id": report_id, **key, "report_version": version,
        "paid_yuan": report.paid_yuan, "file_name": upload.file_name, "file_sha256": upload.sha256,
        "filled_by": report.filled_by, "submitted_at": at, "submitted_by": actor.name,
    }])
    add_event(cursor, actor, at, report_id, "submitted")
    filled = [entry for entry in report.entries if not entry.is_blank]
    # Words beside an empty row score nothing, but they were sent and are kept.
    kept = [e for e in report.entries
            if not e.is_blank or e.evidence_text or e.deviation_reason or e.improvement_measure]
    cursor.insert("actual", [
        {"report_id": report_id, "indicator_no": e.indicator_no, **_values(e),
         "deviation_reason": e.deviation_reason, "improvement_measure": e.improvement_measure,
         "claimed_micro": None if e.claimed_points is None else int(e.claimed_points * MICRO),
         "place_text": "、".join(
             place for field, place in e.places.items() if getattr(e, field) not in (None, "")
         )}
        for e in kept
    ])
    cursor.run(sql_text("data", "writes/drop_current_actuals"), key)
    cursor.insert("actual_current", [
        {**key, "indicator_no": e.indicator_no, "report_id": report_id, **_values(e)} for e in filled
    ])
    if cursor.query("received_file_name", file_sha256=upload.sha256).empty:
        cursor.insert("received_file", [{
            "file_sha256": upload.sha256, "file_name": upload.file_name, "content": upload.content,
            "received_at": at, "received_by": actor.name,
        }])
    refresh_scores(cursor, report.document_number, report.round_id, at, region_code, report.recipient_id)
    return version, len(filled)


def _lacking_words(cursor: Cursor, scope: Scope, report: FilledReport) -> dict[int, list[CellIssue]]:
    """The cells of a written report in which a reason or a measure must stand, by indicator; empty if none."""
    entries = {entry.indicator_no: entry for entry in report.entries}
    return {
        words.indicator_no: [_lacking_cell(words, field, entries[words.indicator_no]) for field in words.fields]
        for words in missing_words(cursor, scope, report.recipient_id)
    }


def _lacking_cell(words: MissingWords, field: str, entry: FilledEntry) -> CellIssue:
    column = COLUMNS[field][1]
    name = f"第{words.indicator_no}项“{words.short_name}”的{column}"
    place = entry.places.get(field, "")
    return CellIssue(f"{field.replace('_', '-')}-missing", place or name, f"{place} {name}未填：{words.why}。".strip())


def _report_id(report: FilledReport, version: int) -> str:
    return f"{report.document_number}|{report.round_id}|{report.recipient_id}|{version}"


def reported_digest(cursor: Cursor, report_id: str) -> dict[str, str]:
    """What the log keeps of a report's values: its key, and one digest of all that was filled in."""
    rows = cursor.rows(sql_text("data", "queries/reported_values"), {"report_id": report_id})
    return {"report_id": report_id, "values_sha256": digest(rows)}


def _values(entry: FilledEntry) -> dict[str, Any]:
    return {
        "numerator": entry.numerator, "denominator": entry.denominator, "actual_value": entry.value,
        "prior_value": entry.prior_value, "band": entry.band, "band_share": entry.band_share,
        "is_not_applicable": entry.is_not_applicable, "evidence_text": entry.evidence_text,
    }


def _form_row(row: dict[str, Any]) -> FormRow:
    return FormRow(
        indicator_no=row["indicator_no"],
        dimension=row["dimension"],
        measure=row["measure"],
        name=row["indicator_name"],
        short_name=row["short_name"],
        target_text=row["target_text"],
        unit=row["unit_text"],
        entry=EntryKind(row["entry_kind"]),
        weight_micro=row["weight_micro"],
        numerator_label=row["numerator_label"],
        denominator_label=row["denominator_label"],
        prior_value=row["prior_value"],
        prior_round_text=_reported(row),
    )


def _reported(row: dict[str, Any]) -> str:
    """What was reported in the round before, as the form shows it; empty if nothing was."""
    if row["denominator"] is not None:
        return f"{show_number(row['numerator'])}／{show_number(row['denominator'])}"
    if row["band"] is not None:
        return f"{BAND_LABELS[row['band']]} {show_number(row['band_share'])}%"
    return "" if row["actual_value"] is None else show_number(row["actual_value"])
