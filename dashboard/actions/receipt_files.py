"""Receipts by file: many units' steps of many notices at once, all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.actions.receipts import (
    STEP_NAMES,
    ReceiptEntry,
    Step,
    as_exports_read,
    earlier_receipt,
    keep_receipts,
    receipt_remarks,
    steps_of,
)
from dashboard.actions.received_files import keep_file
from dashboard.rights import ALL, OWN, reach, require
from data.apart import apart
from data.audit import Actor, LogEntry, append, stamp
from data.document_number import normalise
from data.errors import CellIssue, IntakeError
from data.intake.receipt_table import ReceiptRow, read_receipt_table, write_receipt_template
from data.store import Cursor, Store
from data.unit_names import unit_finder
from metrics.indicators import REGION_ID

# What people write for the steps of an import, beside their names.
STEP_ALIASES = {
    "收文": "received", "收到": "received", "签收": "received", "登录": "registered", "指标登录": "registered",
    "标识": "marked", "导入": "imported", **{name: step for step, name in STEP_NAMES.items()},
    **{step: step for step in STEP_NAMES},
}
REGION_WORDS = frozenset({"州本级", REGION_ID})


@dataclass(frozen=True)
class ImportedReceipts:
    """What became of a file: rows that are new, that correct an earlier record, and that are on record already.

    ``entry`` is the line in the log; None where nothing was written: a dry run, or every row is on record.
    ``remarks`` are what to know of rows that were written, each with how many rows it is about.
    """

    file_name: str
    counts: Mapping[str, int]
    entry: LogEntry | None
    remarks: Mapping[str, int]

    @property
    def recorded_count(self) -> int:
        """How many rows are to be written, or were."""
        return self.counts["new"] + self.counts["changed"]


class _OnlyTriedError(Exception):
    """Ends the transaction of a dry run."""


def receipt_template(store: Store, document_number: str, recipient_id: str = "") -> bytes:
    """The table to fill in, begun for the units of a notice, or for one of them."""
    units = store.query("allocation_units", document_number=document_number)
    if recipient_id:
        units = units[units["recipient_id"] == recipient_id]
    return write_receipt_template([(document_number, name) for name in units["recipient_name"]])


def import_receipts(
    store: Store, actor: Actor, at: datetime, content: bytes, file_name: str, region_code: str, *,
    dry_run: bool = False,
) -> ImportedReceipts:
    """Record the steps of a file through ``record_receipts``' own rules, in one transaction, in the file's order.

    A row that says what is on record already is passed over, so that the same file twice changes nothing.

    Raises: RefusedError if the actor may not; FileError or IntakeError with every fault, each with its line or cell.
    """
    require(actor, "import_receipts", actor.recipient_id, needs_name=not dry_run)
    rows = apart(file_name, read_receipt_table, content, file_name)
    counts: Counter[str] = Counter()
    entry = None
    remarks: Counter[str] = Counter()
    try:
        with store.transaction() as cursor:
            placed, issues = _placed(cursor, actor, rows)
            known_at = stamp(cursor, at)
            written: list[tuple[ReceiptRow, Step]] = []
            for row, step in placed:
                outcome = _outcome(cursor, step, known_at)
                counts[outcome] += 1
                if outcome != "unchanged":
                    written.append((row, step))
            _, faults = keep_receipts(cursor, actor, at, [step for _, step in written], region_code)
            for place, error in faults.items():
                where = written[place][0].place("happened_at")
                issues.append(CellIssue("receipt-refused", where, f"{where} {error}"))
            if issues:
                raise IntakeError(file_name, issues)
            if dry_run or not written:
                raise _OnlyTriedError
            at = stamp(cursor, at)
            sha256 = keep_file(cursor, actor, at, file_name, content)
            subject = "、".join(dict.fromkeys(step[0] for _, step in written))
            entry = append(cursor, actor, at, "import_receipts", subject, {
                "file": file_name, "sha256": sha256, "rows": dict(counts),
            })
        for told in receipt_remarks(store, at, [step for _, step in written], region_code):
            remarks.update(told)
    except _OnlyTriedError:
        pass
    return ImportedReceipts(
        file_name, {name: counts[name] for name in ("new", "changed", "unchanged")}, entry, remarks
    )


def _outcome(cursor: Cursor, step: Step, at: datetime) -> str:
    """Whether a row is new, corrects what is on record, or says the same."""
    document_number, recipient_id, entry = step
    before = earlier_receipt(cursor, document_number, recipient_id, entry.step, at)
    if before is None:
        return "new"
    said = (entry.happened_at, entry.amount_yuan, entry.marker_text, entry.evidence_text)
    held = (before["happened_at"], before["amount_yuan"], before["marker"], before["evidence"])
    return "unchanged" if said == held else "changed"


def _placed(
    cursor: Cursor, actor: Actor, rows: Sequence[ReceiptRow]
) -> tuple[list[tuple[ReceiptRow, Step]], list[CellIssue]]:
    """Each sound row's notice, unit and step, and every fault of the others: of their cells and of what they name."""
    find = unit_finder(cursor)
    document_numbers = set(cursor.query("notices")["document_number"])
    reached = reach(actor.role, "action", "import_receipts")
    aliases: dict[str, dict[str, str]] = {}
    issues: list[CellIssue] = []
    first_line: dict[tuple[str, str, str], int] = {}
    placed: list[tuple[ReceiptRow, Step]] = []
    for row in rows:
        found = list(row.faults)

        def fault(code: str, name: str, words: str, row: ReceiptRow = row, found: list[CellIssue] = found) -> None:
            where = row.place(name)
            found.append(CellIssue(code, where, f"{where} {words}。"))

        number = _document_number(row.document_number)
        is_region = row.recipient in REGION_WORDS and reached == ALL
        recipient_id = REGION_ID if is_region else find(row.recipient)
        if number and number not in document_numbers:
            fault("unknown-notice", "document_number", f"的文号“{row.document_number[:40]}”没有发布过，请核对文号")
            number = ""
        if row.recipient and not recipient_id:
            fault("unknown-recipient", "recipient", f"的单位“{row.recipient[:40]}”不在单位名单里，请核对名称或代码")
        elif row.recipient and reached == OWN and recipient_id != actor.recipient_id:
            fault("other-recipient", "recipient", f"的单位是“{row.recipient[:40]}”，只能登记本单位的环节，请删去该行")
        if number and number not in aliases:
            named = steps_of(cursor, number)
            aliases[number] = STEP_ALIASES | {name: step for step, name in named.items()} | {s: s for s in named}
        step = aliases.get(number, STEP_ALIASES).get(row.step, "")
        if row.step and not step and number:
            listed = "、".join(dict.fromkeys(steps_of(cursor, number).values()))
            fault("unknown-step", "step", f"的环节“{row.step[:20]}”看不懂，请写{listed}之一")
        key = (number, recipient_id, step)
        if all(key) and key in first_line:
            fault("duplicate-row", "step", f"与第{first_line[key]}行是同一单位的同一环节，请只保留一行")
        if all(key):
            first_line.setdefault(key, row.line_no)
        issues += found
        if row.happened_at and not found:
            placed.append((row, (number, recipient_id, ReceiptEntry(
                step, row.happened_at, row.amount_yuan, as_exports_read(row.marker_text), row.evidence_text
            ))))
    return placed, issues


def _document_number(words: str) -> str:
    """A document number as the loader of exports reads it, whatever its brackets; what is none stays as it is."""
    try:
        return normalise(words)
    except ValueError:
        return words
