"""The whole notice put together: head and body, allocation tables, target sheet, corrections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

from data.model import (
    AllocationTable,
    Deadline,
    Finding,
    FundNotice,
    Reading,
    RowKind,
    Severity,
    TargetRow,
    TargetSheet,
)
from data.notice.allocation import read_allocation, with_unit
from data.notice.corrections import read_corrections, with_corrections
from data.notice.document import Document
from data.notice.figures import squeeze
from data.notice.files import open_document
from data.notice.header import Header, read_header
from data.notice.target_sheet import deadlines_of, read_target_sheet

_TASK = re.compile(
    r"(?:用于|完成|下达)([一-龥]{2,12}任务)(\d[\d,]*(?:\.\d+)?(?:亩|公顷|公里|户|人|个|套|座|处|平方米))"
)


def read_notice(path: Path, file_name: str | None = None) -> FundNotice:
    """Read a notice file of any format.

    ``file_name`` is the name that the person gave, where ``path`` is only a temporary copy.

    Raises: FileError if it cannot be read at all.
    """
    return assemble(open_document(path, file_name))


def assemble(document: Document) -> FundNotice:
    """Everything that a document says, as one notice.

    Empty: what the text does not say is None or an empty tuple; nothing is added up to fill a gap.
    """
    header = read_header(document)
    allocation = read_allocation(document)
    reading = read_target_sheet(document)
    sheet = reading.sheet or _tasks_in_prose(document)
    tables = tuple(_with_unit_of(header, table) for table in allocation.tables)
    facts = {item.name: getattr(header, item.name) for item in fields(Header) if item.name != "findings"}
    notice = FundNotice(document.file_name, document.file_sha256, document.lines, **facts)
    amount = header.amount_yuan or _amount_of(tables, header, sheet)
    limits = deadlines_of(sheet) if sheet else ()
    is_cut_off = header.is_cut_off or any(table.is_cut_off for table in tables) or bool(
        sheet and sheet.is_cut_off)
    notice = replace(
        notice, amount_yuan=amount, unit=header.unit or _unit_of(tables), allocation_tables=tables,
        target_sheet=sheet, deadlines=_once([*header.deadlines, *limits], sheet), is_cut_off=is_cut_off,
        findings=_in_order([*header.findings, *allocation.findings, *reading.findings,
                            *_unread(document, tables)]),
    )
    number = notice.document_number.value if notice.document_number else ""
    notice = with_corrections(notice, read_corrections(number))
    return _with_named_deadlines(replace(notice, findings=_in_order(notice.findings)))


def _with_unit_of(header: Header, table: AllocationTable) -> AllocationTable:
    return with_unit(table, header.unit.value) if not table.unit and header.unit else table


def _unit_of(tables: Sequence[AllocationTable]) -> Reading[str] | None:
    for table in tables:
        if table.unit:
            return Reading(table.unit, table.unit, table.line_no)
    return None


def _amount_of(tables: Sequence[AllocationTable], header: Header, sheet: TargetSheet | None
               ) -> Reading[Decimal] | None:
    """The money where the body leaves it blank: the table's own total row, or the target sheet's amount.

    A total over all receivers of a paper that leaves out the amount on purpose (详见附件) is not taken for it.
    """
    if not header.is_body_amount_blank:
        return None
    if len(tables) == 1:
        table = tables[0]
        totals = [row for row in table.rows if row.kind is RowKind.TOTAL]
        if totals and table.amount_column_no is not None:
            cell = totals[0].cells[table.amount_column_no - 1]
            if cell.yuan is not None:
                return Reading(cell.yuan, cell.printed, cell.line_no)
    if sheet and sheet.annual_amount_yuan is not None and sheet.annual_amount_line_no is not None:
        return Reading(sheet.annual_amount_yuan, str(sheet.annual_amount_yuan), sheet.annual_amount_line_no)
    return None


def _once(deadlines: Sequence[Deadline], sheet: TargetSheet | None) -> tuple[Deadline, ...]:
    """Each limit once: a line of the target sheet is read by the sheet's own reader."""
    own = {row.line_no for row in sheet.rows} if sheet else set()
    of_sheet = {(d.line_no, d.printed) for d in deadlines if d.line_no in own}
    kept: dict[tuple[int, str], Deadline] = {}
    for deadline in deadlines:
        key = (deadline.line_no, deadline.printed)
        if key in of_sheet and key in kept:
            kept[key] = deadline
        else:
            kept.setdefault(key, deadline)
    return tuple(sorted(kept.values(), key=lambda deadline: deadline.line_no))


def _with_named_deadlines(notice: FundNotice) -> FundNotice:
    """Deadlines out of the sheet carry the indicator's repaired name."""
    names = {row.line_no: row for row in notice.target_sheet.rows} if notice.target_sheet else {}
    return replace(notice, deadlines=tuple(
        replace(deadline, what=names[deadline.line_no].name)
        if deadline.line_no in names and deadline.what == names[deadline.line_no].printed_name else deadline
        for deadline in notice.deadlines))


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line_no or 0))


def _unread(document: Document, tables: Sequence[AllocationTable]) -> list[Finding]:
    """A table that is announced with its title but has no rows in the text."""
    if tables:
        return []
    for line in document.lines:
        words = squeeze(line.text).strip("|")
        rest = "".join(squeeze(other.text) for other in document.lines if other.line_no > line.line_no)
        if re.search(r"^(?!附件).{4,60}分配(明细)?表$", words) and len(rest) < 40:
            return [Finding(
                "text-cut-off", Severity.WARNING, line.line_no,
                f"表“{words}”只有标题，没有内容：文本在此处被截断，请补充完整文件。", printed=words)]
    return []


def _tasks_in_prose(document: Document) -> TargetSheet | None:
    """A task set in a sentence where there is no sheet: 「用于补助造林任务1000亩」."""
    rows: list[TargetRow] = []
    for line in document.lines:
        for found in _TASK.finditer(squeeze(line.text)):
            name, target = found.groups()
            rows.append(TargetRow(len(rows) + 1, line.line_no, "", "", name, name, target))
    return TargetSheet("", rows[0].line_no, tuple(rows)) if rows else None

