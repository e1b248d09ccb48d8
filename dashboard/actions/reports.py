"""A unit's report: the form it fills in, a rehearsal of its scores, the submission."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.actions.drafts import Draft, drop_draft, require_current
from dashboard.actions.received_files import keep_file
from dashboard.actions.report_events import SUBMITTED, add_event, newest_version, require_open
from dashboard.actions.report_values import all_values, kept_values, same_values, says_something, scored_values
from dashboard.rights import require
from data.apart import apart
from data.audit import Actor, LogEntry, append, digest, stamp
from data.errors import CellIssue, IntakeError, NotFoundError, RefusedError
from data.intake.cells import Key
from data.intake.columns import COLUMNS, MAX_TEXT_LENGTH
from data.intake.filled import Checked, check_cells, read_cells, read_filled_bytes
from data.intake.form import BAND_LABELS, EntryKind, FilledEntry, FilledReport, FormRow, ReportForm, unit_key
from data.intake.form_file import form_csv
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
    """What a submission did: ``outcome`` is submitted or nothing_changed; only the first has a receipt."""

    report_version: int
    outcome: str
    entry_count: int
    receipt: LogEntry | None = None


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
            explained_yuan=head["explained_yuan"],
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


def example_name(form: ReportForm) -> str:
    """The file name of the filled example, which says that it is one."""
    return f"示例_{form.round_id}_{form.document_number}_填报表.xlsx"


def read_upload(form: ReportForm, content: bytes, file_name: str) -> Upload:
    """Read a filled form.

    Raises: FileError if it cannot be read at all; IntakeError with every fault of every cell.
    """
    return Upload(apart(file_name, read_filled_bytes, content, form, file_name), content, file_name)


def read_typed(form: ReportForm, content: bytes, file_name: str) -> tuple[dict[Key, str], Checked]:
    """Every typed cell of a filled form, right or wrong, to go on with on the page, and what the cells say.

    Raises: FileError if it cannot be read at all; IntakeError if it is not this form.
    """
    return apart(file_name, read_cells, content, form, file_name)


def draft_upload(store: Store, actor: Actor, form: ReportForm, draft: Draft) -> Upload:
    """A draft as the file that goes on record: the workbook that it still equals, else a CSV of all its cells.

    Raises: IntakeError with every fault of every cell.
    """
    require(actor, "submit_report", form.recipient_id)
    checked = check_cells(draft.cells, form)
    if checked.issues:
        raise IntakeError(f"{form.recipient_name}{form.round_name}草稿", checked.issues)
    if draft.file_sha256:
        with store.reading() as cursor:
            held = cursor.rows(sql_text("data", "queries/received_content"), {"file_sha256": draft.file_sha256})
        return Upload(checked.report, held[0]["content"], draft.file_name)
    return Upload(checked.report, form_csv(form, draft.cells), _csv_name(form))


def typed_upload(form: ReportForm, checked: Checked) -> Upload:
    """What can be read of typed cells, for a rehearsal only: rows with a fault count as blank."""
    entries = tuple(
        FilledEntry(entry.indicator_no, places=entry.places) if entry.indicator_no in checked.rejected else entry
        for entry in checked.report.entries
    )
    return Upload(replace(checked.report, entries=entries), b"", _csv_name(form))


def _csv_name(form: ReportForm) -> str:
    return template_name(form).removesuffix(".xlsx") + ".csv"


def rehearse(store: Store, actor: Actor, at: datetime, upload: Upload, region_code: str) -> list[dict[str, Any]]:
    """What the upload would score, indicator by indicator, without keeping anything.

    The very submission is made and dropped again, so that the preview cannot differ from it. ``issues`` of a
    row are the words that it still lacks: with any of them ``submit_report`` refuses.
    """
    report = upload.report
    require(actor, "rehearse_report", report.recipient_id, needs_name=False)
    with store.rehearsal() as cursor:
        at = stamp(cursor, at)
        scope = Scope(report.document_number, report.round_id, at.date())
        before = exact_scores(cursor, scope, report.recipient_id)
        _write_report(cursor, actor, at, upload, region_code, newest_version(cursor, **unit_key(report)))
        rows = exact_scores(cursor, scope, report.recipient_id)
        lacking = _lacking_words(cursor, scope, report)
    reported = {row["indicator_no"] for row in before if row["report_id"]}
    for row in rows:
        row["sentence"] = explain(row)
        row["is_withdrawn"] = row["indicator_no"] in reported and row["report_id"] is None
        row["issues"] = lacking.get(row["indicator_no"], [])
    return rows


def submit_report(
    store: Store, actor: Actor, at: datetime, upload: Upload, region_code: str, *, statement: str,
    seen_draft_no: int | None = None,
) -> Submitted:
    """Keep a unit's report as its newest version and refresh its scores, in one transaction.

    The same file or the same values with the same statement change nothing; earlier versions stay readable.
    ``statement`` says which figures are incomplete or estimated. ``seen_draft_no`` is the draft that the upload was
    made of, as the person saw it: it ends here, also if nothing changed.

    Raises: RefusedError if the round is not open yet, if the report is accepted or locked, if the actor may not
            report for the unit, if there is no statement, or if a version came that the draft does not go on from;
            DraftConflictError if somebody saved the draft in between; IntakeError with every cell in which the
            round's rules ask for a reason or a measure and find none.
    """
    report = upload.report
    require(actor, "submit_report", report.recipient_id)
    statement = statement.strip()
    if report.paid_yuan is None and all(entry.is_blank for entry in report.entries):
        raise RefusedError("填报表里一项也没有填，没有可以报送的数据。请填写后重新上传。")
    if not statement:
        raise RefusedError("没有写已知局限（statement）：请写明哪些数据不全、是估算或有待核实；确实没有的，请写“无”。")
    if len(statement) > MAX_TEXT_LENGTH:
        raise RefusedError(f"已知局限有 {len(statement)} 字，超过 {MAX_TEXT_LENGTH} 字上限，请精简。")
    with store.transaction() as cursor:
        newest = newest_version(cursor, report.document_number, report.round_id, report.recipient_id)
        require_open(newest)
        at = stamp(cursor, at)
        draft = None if seen_draft_no is None else require_current(cursor, report, seen_draft_no, newest)
        if newest and _is_repeated(cursor, upload, newest, statement):
            if draft:
                drop_draft(cursor, actor, at, report, draft)
            return Submitted(newest["report_version"], "nothing_changed", 0)
        if draft:
            cursor.run(sql_text("data", "writes/drop_draft"), unit_key(report))
        version, count = _write_report(cursor, actor, at, upload, region_code, newest, statement)
        scope = Scope(report.document_number, report.round_id, at.date())
        lacking = _lacking_words(cursor, scope, report)
        if lacking:
            raise IntakeError(upload.file_name, [issue for issues in lacking.values() for issue in issues])
        subject = f"{report.document_number} {report.round_id} {report.recipient_id}"
        receipt = append(cursor, actor, at, "submit_report", subject, {
            "before": {name: newest[name] for name in ("report_version", "report_state")} if newest else None,
            "after": {"report_version": version, "report_state": SUBMITTED},
            "file": upload.file_name, "sha256": upload.sha256, "entries": count, "statement": statement,
            **reported_digest(cursor, _report_id(report, version)),
        })
    return Submitted(version, "submitted", count, receipt)


def _is_repeated(cursor: Cursor, upload: Upload, newest: dict[str, Any], statement: str) -> bool:
    """Whether the newest version says it all already."""
    if statement != newest["statement_text"]:
        return False
    return newest["file_sha256"] == upload.sha256 or same_values(
        upload.report, newest, kept_values(cursor, newest["report_id"])
    )


def _write_report(
    cursor: Cursor, actor: Actor, at: datetime, upload: Upload, region_code: str, newest: dict[str, Any] | None,
    statement: str = "",
) -> tuple[int, int]:
    report = upload.report
    key = unit_key(report)
    rounds = cursor.query("rounds", document_number=report.document_number).set_index("round_id")
    if report.round_id not in rounds.index:
        raise RefusedError("这一轮次还没有开启，请联系州财政局开启后再报送。")
    if at.date() < rounds.loc[report.round_id, "opens_on"].date():
        raise RefusedError(f"本轮从 {rounds.loc[report.round_id, 'opens_on']:%Y年%m月%d日} 起填报，还没有开始。")
    require_open(newest)
    version = newest["report_version"] + 1 if newest else 1
    report_id = _report_id(report, version)
    cursor.insert("report", [{
        "report_id": report_id, **key, "report_version": version,
        "paid_yuan": report.paid_yuan, "file_name": upload.file_name, "file_sha256": upload.sha256,
        "filled_by": report.filled_by, "submitted_at": at, "submitted_by": actor.name,
        "statement_text": statement,
    }])
    add_event(cursor, actor, at, report_id, SUBMITTED)
    filled = [entry for entry in report.entries if not entry.is_blank]
    kept = [entry for entry in report.entries if says_something(entry)]
    cursor.insert("actual", [
        {"report_id": report_id, "indicator_no": e.indicator_no, **all_values(e),
         "place_text": "、".join(
             place for field, place in e.places.items() if getattr(e, field) not in (None, "")
         )}
        for e in kept
    ])
    cursor.run(sql_text("data", "writes/drop_current_actuals"), key)
    cursor.insert("actual_current", [
        {**key, "indicator_no": e.indicator_no, "report_id": report_id, **scored_values(e)} for e in filled
    ])
    keep_file(cursor, actor, at, upload.file_name, upload.content)
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
