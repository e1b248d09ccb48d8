"""Read a fund notice, correct it by hand, publish it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.actions.received_files import keep_file
from dashboard.actions.rounds import fix_weights
from dashboard.rights import require
from data.apart import apart
from data.audit import Actor, LogEntry, append, stamp
from data.checks import Identity, identity_sentence, prove_notice, write_body_amount
from data.errors import RefusedError
from data.model import FundNotice, Severity
from data.notice.amend import HandCorrection, amend
from data.notice.reader import read_notice_bytes
from data.notice.rows import recipient_names, write_paper
from data.reference import plain_name, recipients, resolve_recipient
from data.store import Cursor, Store
from metrics.indicators import plan_indicators, plan_targets
from metrics.reconciliation import refresh_differences
from metrics.refresh import refresh_scores

PAPER_TABLES = (
    "notice", "notice_line", "notice_field", "notice_cite", "notice_deadline", "notice_finding",
    "allocation_table", "allocation_column", "allocation_identity", "allocation_row", "allocation_cell",
    "allocation_line", "target_sheet", "indicator", "target",
)


@dataclass(frozen=True)
class ReadNotice:
    """A notice as read from a received file, with everything its arithmetic says."""

    notice: FundNotice
    identities: tuple[Identity, ...]
    content: bytes
    corrections: tuple[HandCorrection, ...] = ()

    @property
    def failing(self) -> tuple[Identity, ...]:
        """The identities that do not hold."""
        return tuple(identity for identity in self.identities if not identity.holds)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why this notice cannot be published, one sentence each; empty if it can."""
        sentences = [identity_sentence(i) for i in self.failing if i.check.severity == "fatal"]
        sentences += [f.sentence for f in self.notice.findings if f.severity is Severity.FATAL]
        if self.notice.document_number is None:
            sentences.append("没有读到本文件的文号：请在下方补录文号后再发布。")
        if not self.notice.allocation_tables:
            sentences.append("没有读到资金分配表：请上传带分配表附件的文件。")
        return tuple(sentences)


@dataclass(frozen=True)
class Published:
    """What publishing did: ``outcome`` is published, replaced or nothing_changed; no entry if nothing changed."""

    document_number: str
    outcome: str
    unit_count: int
    indicator_count: int
    entry: LogEntry | None = None


def read_received(store: Store, content: bytes, file_name: str) -> ReadNotice:
    """Read a file as received, with the hand corrections that belong to exactly this file.

    Raises: FileError if it cannot be read at all.
    """
    name = Path(file_name).name
    notice = apart(name, read_notice_bytes, content, name)
    with store.reading() as cursor:
        corrections = _corrections(cursor, notice.file_sha256)
    notice = amend(notice, corrections)
    return ReadNotice(notice, tuple(prove_notice(notice)), content, corrections)


def _corrections(cursor: Cursor, file_sha256: str) -> tuple[HandCorrection, ...]:
    rows = cursor.query("corrections_of_file", file_sha256=file_sha256)
    return tuple(HandCorrection(**row) for row in rows.to_dict("records"))


def correct_cell(
    store: Store, actor: Actor, at: datetime, read: ReadNotice, correction: HandCorrection
) -> LogEntry:
    """Keep a correction that a person made to one printed cell, with the reason and the name.

    Raises: RefusedError without a reason, without a change, or where the words do not fit the cell.
    """
    require(actor, "correct_cell")
    amend(read.notice, [correction])
    if not correction.correction_reason.strip():
        raise RefusedError("请写明更正理由，例如“附件扫描缺字，已与纸质文件核对”。")
    if correction.corrected_text.strip() == correction.printed_text.strip():
        raise RefusedError("更正后的内容与文件所印相同，没有需要保存的更正。")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        cursor.insert("correction", [{
            "correction_no": int(cursor.query("newest_correction_no")["correction_no"][0]) + 1,
            "file_sha256": read.notice.file_sha256,
            "line_no": correction.line_no,
            "field_name": correction.field_name,
            "printed_text": correction.printed_text,
            "corrected_text": correction.corrected_text.strip(),
            "correction_reason": correction.correction_reason.strip(),
            "corrected_at": at,
            "corrected_by": actor.name,
        }])
        return append(cursor, actor, at, "correct_cell", correction.field_name, {
            "before": correction.printed_text, "after": correction.corrected_text,
            "reason": correction.correction_reason,
        })


def publish_notice(store: Store, actor: Actor, at: datetime, read: ReadNotice) -> Published:
    """Publish a notice: its paper, its units, its indicators and targets, in one transaction.

    The same file again changes nothing. Another file under the same number replaces the paper as long
    as nobody reported on it.

    Raises: RefusedError if a sum does not hold, the number is missing, or units already reported on it.
    """
    require(actor, "publish_notice")
    if read.refusals:
        raise RefusedError("不能发布：" + "".join(read.refusals))
    notice = read.notice
    assert notice.document_number is not None
    number = notice.document_number.value
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        if _corrections(cursor, notice.file_sha256) != read.corrections:
            raise RefusedError("这份文件刚刚有新的更正，请重新上传，核对后再发布。")
        outcome = _outcome(cursor, notice, number)
        units = _enrol_recipients(cursor, recipient_names(notice))
        indicators = list(plan_indicators(notice))
        published = Published(number, outcome, len(units), len(indicators))
        if outcome == "nothing_changed":
            return published
        held = cursor.query("notice_publication", document_number=number)
        before = None if held.empty else {"sha256": held["file_sha256"][0]}
        for table in PAPER_TABLES:
            cursor.delete(table, "document_number", number)
        write_paper(cursor, notice, number, units)
        write_body_amount(cursor, notice, number)
        cursor.insert("notice", [_notice_row(notice, number, actor, at)])
        key = {"document_number": number}
        cursor.insert("indicator", [{**key, **row} for row in indicators])
        targets = plan_targets(indicators, units.values(), at, actor.name, number)
        cursor.insert("target", [{**key, **row} for row in targets])
        keep_file(cursor, actor, at, notice.file_name, read.content)
        if outcome == "replaced":
            _rescore_rounds(cursor, number, at)
        refresh_differences(cursor, at)
        entry = append(cursor, actor, at, "publish_notice", number, {
            "before": before, "after": {"sha256": notice.file_sha256, "file": notice.file_name},
            "sha256": notice.file_sha256, "outcome": outcome,
        })
    return replace(published, entry=entry)


def _outcome(cursor: Cursor, notice: FundNotice, number: str) -> str:
    held = cursor.query("notice_publication", document_number=number)
    if held.empty:
        return "published"
    if held["file_sha256"][0] == notice.file_sha256 and not held["pending_count"][0]:
        return "nothing_changed"
    if held["report_count"][0]:
        raise RefusedError(
            f"{number} 已有单位填报，不能再整份替换。若资金或目标有调整，请上传新文号的调整文件。"
        )
    if held["target_change_count"][0]:
        raise RefusedError(
            f"{number} 的目标已经分解或调整过，整份替换会丢掉这些记录，不能替换。"
            "若资金或目标有调整，请上传新文号的调整文件。"
        )
    return "replaced"


def _rescore_rounds(cursor: Cursor, number: str, at: datetime) -> None:
    """Score the rounds that are already open by the indicators and targets of the new paper."""
    settings = cursor.query("workspace_settings").set_index("setting_key")["setting_value"]
    for round_id in cursor.query("rounds", document_number=number)["round_id"]:
        fix_weights(cursor, number, round_id)
        refresh_scores(cursor, number, round_id, at, settings.get("region_code", ""))


def _enrol_recipients(cursor: Cursor, names: Sequence[str]) -> dict[str, str]:
    """The key of each unit by its printed name; units that no reference table knows are added."""
    known = {row["recipient_id"] for row in cursor.query("recipients").to_dict("records")}
    keys: dict[str, str] = {}
    fresh: dict[str, dict[str, Any]] = {}
    for name in names:
        unit = resolve_recipient(name)
        key = unit.recipient_id if unit else plain_name(name)
        keys[name] = key
        if key not in known and key not in fresh:
            fresh[key] = {
                "recipient_id": key,
                "recipient_name": unit.name if unit else plain_name(name),
                "short_name": unit.short_name if unit else plain_name(name)[:6],
                "recipient_kind": unit.kind if unit else _kind_of(name),
                "division_code": (unit.division_code or None) if unit else None,
                "display_no": unit.display_no if unit else len(recipients()) + len(known) + len(fresh) + 1,
            }
    cursor.insert("recipient", list(fresh.values()))
    return keys


def _kind_of(name: str) -> str:
    if plain_name(name).endswith(("开发区", "高新区", "新区", "经开区", "示范区")):
        return "development_zone"
    return "county" if plain_name(name).endswith(("县", "市", "区", "旗", "州")) else "institution"


def _notice_row(notice: FundNotice, number: str, actor: Actor, at: datetime) -> dict[str, Any]:
    def value(name: str) -> Any:
        reading = getattr(notice, name)
        return reading.value if reading else None

    return {
        "document_number": number,
        "title": value("title"),
        "issuer": value("issuer"),
        "dated_on": value("dated_on"),
        "printed_on": value("printed_on"),
        "fund_name": value("fund_name"),
        "fiscal_year": notice.fiscal_year,
        "amount_yuan": value("amount_yuan"),
        "direct_fund_marker": value("direct_fund_marker"),
        "file_name": notice.file_name,
        "file_sha256": notice.file_sha256,
        "published_at": at,
        "published_by": actor.name,
    }
