"""Decompose a notice's targets to its units: the sheet that is handed out, a rehearsal, the decomposition itself."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dashboard.actions.received_files import keep_file
from dashboard.labels import ROLLUP_WORDS
from dashboard.rights import require
from data.apart import apart
from data.audit import Actor, LogEntry, append, stamp
from data.errors import CellIssue, IntakeError, NotFoundError, RefusedError
from data.intake.decomposition import (
    DecompositionForm,
    DecompositionRow,
    FilledDecomposition,
    read_decomposition_bytes,
)
from data.intake.decomposition_template import write_decomposition
from data.store import Cursor, Store, sql_text
from data.target_checks import TargetProof, proof_sentence, prove_targets
from metrics.decomposition import Key, TargetChange, TargetFault, plan_changes, stated_text
from metrics.indicators import REGION_ID
from metrics.refresh import refresh_scores

REGION_NAME = "区域目标"
MAX_WORDS = 200


@dataclass(frozen=True)
class TargetFile:
    """A filled decomposition sheet as received."""

    filled: FilledDecomposition
    content: bytes
    file_name: str

    @property
    def sha256(self) -> str:
        """The fingerprint of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class TargetPlan:
    """New target texts of a notice, and under what they are laid down.

    ``texts`` maps indicator and recipient ('region' for the region itself) to words; a target without
    words stays. ``file`` is the sheet they came from, if any.
    """

    document_number: str
    texts: Mapping[Key, str]
    valid_from_on: date
    reason: str = ""
    approval_text: str = ""
    file: TargetFile | None = None


@dataclass(frozen=True)
class Rehearsed:
    """What a plan would change and what its arithmetic says; ``refusals`` are empty if it can be laid down."""

    changes: tuple[dict[str, Any], ...] = ()
    refusals: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()
    rounds: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Decomposed:
    """What a decomposition did: ``outcome`` is decomposed or nothing_changed; no entry if nothing changed."""

    outcome: str
    change_count: int
    rounds: tuple[str, ...]
    entry: LogEntry | None = field(default=None, compare=False)


def prepare_sheet(store: Store, document_number: str) -> DecompositionForm:
    """The decomposition sheet of a notice with every target as it stands now.

    Raises: NotFoundError if the notice sets no indicator that can be decomposed.
    """
    with store.reading() as cursor:
        targets = _current(cursor, document_number)
        header = cursor.query("notice_header", document_number=document_number)
    if not targets:
        raise NotFoundError(f"{document_number} 没有可以分解的绩效指标，请先发布带绩效目标表的文件。")
    units = {row["recipient_id"]: row["recipient_name"] for row in targets if row["recipient_id"] != REGION_ID}
    rows: dict[int, DecompositionRow] = {}
    for row in targets:
        number = row["indicator_no"]
        held = rows.get(number)
        rows[number] = DecompositionRow(
            number, row["indicator_name"], ROLLUP_WORDS[row["rollup_method"]],
            {**(held.texts if held else {}), row["recipient_id"]: stated_text(row)},
        )
    fund_name = header["fund_name"].fillna("")[0] if len(header) else ""
    return DecompositionForm(document_number, str(fund_name), REGION_ID, units, tuple(rows.values()))


def suggested_start(store: Store, document_number: str, today: date) -> date:
    """From when new targets should hold: while a total is not decomposed, from the beginning of the money's year;
    then from today, but never after that year, where a change would reach none of its rounds."""
    with store.reading() as cursor:
        year = _fund_year(cursor, document_number)
        waits = any(row["is_undecomposed"] for row in _current(cursor, document_number))
    begins_on = date(year, 1, 1)
    return begins_on if waits else max(begins_on, min(today, date(year, 12, 31)))


def sheet_workbook(form: DecompositionForm) -> bytes:
    """The sheet as a workbook to fill in."""
    buffer = io.BytesIO()
    write_decomposition(buffer, form)
    return buffer.getvalue()


def sheet_name(form: DecompositionForm) -> str:
    """The file name of the sheet."""
    return f"{form.document_number}_目标分解表.xlsx"


def read_sheet(form: DecompositionForm, content: bytes, file_name: str) -> TargetFile:
    """Read a filled sheet; faults of single cells are told by the rehearsal, with those of their words.

    Raises: FileError if it cannot be read at all; IntakeError if it is not this notice's sheet.
    """
    return TargetFile(apart(file_name, read_decomposition_bytes, content, form, file_name), content, file_name)


def rehearse_decomposition(store: Store, actor: Actor, at: datetime, plan: TargetPlan) -> Rehearsed:
    """What the plan would change and prove, without keeping anything.

    Raises: IntakeError with every fault of the sheet, RefusedError with those of the form.
    """
    require(actor, "decompose_targets", needs_name=False)
    with store.rehearsal() as cursor:
        changes, names = _planned(cursor, plan)
        _check_start(cursor, at, plan, changes)
        _write_targets(cursor, actor, stamp(cursor, at), plan, changes)
        proofs = _proofs(cursor, plan.document_number, changes)
        rounds = _rounds(cursor, plan)
    return Rehearsed(
        changes=tuple(
            {"indicator_no": change.indicator_no, **names[change.key], "old_text": change.old_text,
             "new_text": change.row["target_text"], "kind_reason": change.row["kind_reason"]}
            for change in changes
        ),
        refusals=_refusals(proofs),
        remarks=tuple(proof_sentence(p) for p in proofs if not p.holds and p.check.severity != "fatal"),
        proved=tuple(proof_sentence(p) for p in proofs if p.holds and p.check.code == "T01"),
        rounds=tuple(rounds.values()),
    )


def decompose_targets(
    store: Store, actor: Actor, at: datetime, plan: TargetPlan, region_code: str
) -> Decomposed:
    """Lay down new targets: each changed one as a new version, with the scores of the rounds it reaches.

    Rounds whose period ended before ``valid_from_on`` keep their targets; so do scores as known before ``at``.
    Nothing changes where every text is already the target's own.

    Raises: RefusedError without reason or approval, or if the parts do not make the region's target;
            IntakeError with every fault of the sheet.
    """
    require(actor, "decompose_targets")
    _check_words(plan)
    with store.transaction() as cursor:
        changes, _ = _planned(cursor, plan)
        if not changes:
            return Decomposed("nothing_changed", 0, ())
        _check_start(cursor, at, plan, changes)
        at = stamp(cursor, at)
        _write_targets(cursor, actor, at, plan, changes)
        refusals = _refusals(_proofs(cursor, plan.document_number, changes))
        if refusals:
            raise RefusedError("分解没有通过核对，一格也没有写入：" + "".join(refusals))
        if plan.file:
            keep_file(cursor, actor, at, plan.file.file_name, plan.file.content)
        rounds = _rounds(cursor, plan)
        for round_id in rounds:
            refresh_scores(cursor, plan.document_number, round_id, at, region_code)
        entry = append(cursor, actor, at, "decompose_targets", plan.document_number, {
            "valid_from_on": plan.valid_from_on, "reason": plan.reason.strip(),
            "approval": plan.approval_text.strip(), "changes": len(changes), "rounds": list(rounds),
            "changed": {f"{c.indicator_no} {c.recipient_id}": [c.old_text, c.row["target_text"]] for c in changes},
            "file": plan.file.file_name if plan.file else "", "sha256": plan.file.sha256 if plan.file else "",
        })
    return Decomposed("decomposed", len(changes), tuple(rounds.values()), entry)


def _check_words(plan: TargetPlan) -> None:
    if not plan.reason.strip():
        raise RefusedError("请写明分解或调整的理由，例如“按上年救助人次分解区域总量”。")
    if not plan.approval_text.strip():
        raise RefusedError("请写明批准依据，例如批准人或会议纪要、批复文号：目标下达后调整须按原程序报批。")
    for name, words in (("理由", plan.reason), ("批准依据", plan.approval_text)):
        if len(words.strip()) > MAX_WORDS:
            raise RefusedError(f"{name}有 {len(words.strip())} 字，最多 {MAX_WORDS} 字，请精简。")


def _check_start(cursor: Cursor, at: datetime, plan: TargetPlan, changes: Sequence[TargetChange]) -> None:
    """A change may not reach back behind an earlier one: what was proved for a period would no longer be."""
    if not changes:
        return
    first = _fund_year(cursor, plan.document_number)
    if not first <= plan.valid_from_on.year <= at.year + 1:
        raise RefusedError(f"生效日 {plan.valid_from_on:%Y-%m-%d} 不在这笔资金的年度内（{first}年起），请核对年份。")
    touched = {change.indicator_no for change in changes}
    earlier = [
        row["valid_from_on"] for row in _current(cursor, plan.document_number)
        if row["indicator_no"] in touched and row["target_version"] > 1
    ]
    if earlier and plan.valid_from_on < max(earlier):
        raise RefusedError(
            f"生效日 {plan.valid_from_on:%Y-%m-%d} 早于这些指标上一次调整的生效日 {max(earlier):%Y-%m-%d}，"
            "请填这一天或以后的日期。"
        )


def _fund_year(cursor: Cursor, document_number: str) -> int:
    """The year that the money is for; the year of the notice where it does not say."""
    header = cursor.query("notice_header", document_number=document_number)
    return int(header["fiscal_year"].fillna(header["dated_on"].dt.year)[0])


def _current(cursor: Cursor, document_number: str) -> list[dict[str, Any]]:
    """The newest target of everything that can be decomposed, also one that is yet to begin."""
    return cursor.rows(
        sql_text("data", "queries/targets_of_notice"),
        {"document_number": document_number, "as_of": datetime.max, "in_force_on": date.max},
    )


def _planned(cursor: Cursor, plan: TargetPlan) -> tuple[list[TargetChange], dict[Key, dict[str, str]]]:
    """The plan's changes and the names of all targets.

    Raises: IntakeError or RefusedError with every fault.
    """
    current = _current(cursor, plan.document_number)
    names = {
        (row["indicator_no"], row["recipient_id"]): {
            "short_name": row["short_name"], "recipient_name": row["recipient_name"] or REGION_NAME,
        }
        for row in current
    }
    unknown = [key for key in plan.texts if key not in names]
    if unknown:
        raise NotFoundError("没有找到要分解的指标或单位，文件可能刚刚重新发布，请刷新页面后重试。")
    changes, faults = plan_changes(current, plan.texts)
    issues = [_issue(plan, fault, names[fault.key]) for fault in faults]
    if plan.file and (issues or plan.file.filled.issues):
        raise IntakeError(plan.file.file_name, [*plan.file.filled.issues, *issues])
    if issues:
        raise RefusedError("".join(issue.sentence for issue in issues))
    return changes, names


def _issue(plan: TargetPlan, fault: TargetFault, names: Mapping[str, str]) -> CellIssue:
    words = f"第{fault.indicator_no}项“{names['short_name']}”{names['recipient_name']}{fault.words}。"
    where = plan.file.filled.places.get(fault.key, "") if plan.file else ""
    return CellIssue(fault.code, where, f"{where} {words}" if where else words)


def _write_targets(
    cursor: Cursor, actor: Actor, at: datetime, plan: TargetPlan, changes: Sequence[TargetChange]
) -> None:
    cursor.insert("target", [
        {
            "document_number": plan.document_number,
            "indicator_no": change.indicator_no,
            "recipient_id": change.recipient_id,
            "target_version": change.target_version + 1,
            **{name: change.row[name] for name in (
                "target_text", "target_kind", "scored_kind", "kind_reason", "bound", "upper_bound", "scale",
                "target_unit",
            )},
            "target_due_on": None,
            "valid_from_on": plan.valid_from_on,
            "changed_at": at,
            "changed_by": actor.name,
            "change_reason": plan.reason.strip(),
            "approval_text": plan.approval_text.strip(),
        }
        for change in changes
    ])


def _proofs(cursor: Cursor, document_number: str, changes: Sequence[TargetChange]) -> list[TargetProof]:
    """What the checks say of the indicators that a plan touches."""
    touched = {change.indicator_no for change in changes}
    return [p for p in prove_targets(cursor, document_number, datetime.max) if p.indicator_no in touched]


def _refusals(proofs: Sequence[TargetProof]) -> tuple[str, ...]:
    return tuple(proof_sentence(p) for p in proofs if not p.holds and p.check.severity == "fatal")


def _rounds(cursor: Cursor, plan: TargetPlan) -> dict[str, str]:
    """The open rounds that the plan reaches, by name, the earliest first."""
    rounds = cursor.query("rounds", document_number=plan.document_number)
    reached = rounds[rounds["period_end_on"].dt.date >= plan.valid_from_on].sort_values("period_end_on")
    return dict(zip(reached["round_id"], reached["round_name"], strict=True))
