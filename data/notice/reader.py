"""The whole notice put together: head and body, allocation tables, target sheet, corrections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from data.files import check_bytes, file_content
from data.model import (
    AllocationTable,
    Finding,
    FundNotice,
    Severity,
    TargetRow,
    TargetSheet,
)
from data.notice.allocation import read_allocation, with_unit
from data.notice.allocation_doubts import unit_assumed
from data.notice.allocation_limits import within_limits
from data.notice.corrections import read_corrections, with_corrections
from data.notice.derived import with_derived
from data.notice.document import Document
from data.notice.figures import squeeze
from data.notice.files import parse_document
from data.notice.header import read_header
from data.notice.target_sheet import read_target_sheet

_TASK = re.compile(
    r"(?:用于|完成|下达)([一-龥]{2,12}任务)(\d[\d,]*(?:\.\d+)?(?:亩|公顷|公里|户|人|个|套|座|处|平方米))"
)


def read_notice(path: Path, file_name: str | None = None) -> FundNotice:
    """Read a notice file of any format.

    ``file_name`` is the name that the person gave, where ``path`` is only a temporary copy.

    Raises: FileError if it cannot be read at all.
    """
    name = file_name or path.name
    return read_notice_bytes(file_content(path, name), name)


def read_notice_bytes(content: bytes, file_name: str) -> FundNotice:
    """Read a notice that is already in memory, such as an upload.

    Raises: FileError if it cannot be read at all.
    """
    return assemble(parse_document(check_bytes(content, file_name)))


def assemble(document: Document) -> FundNotice:
    """Everything that a document says, as one notice.

    Empty: what the text does not say is None or an empty tuple; nothing is added up to fill a gap.
    """
    header = read_header(document)
    allocation = read_allocation(document)
    reading = read_target_sheet(document)
    sheet = reading.sheet or _tasks_in_prose(document)
    tables = tuple(_with_unit_of(header, table) for table in allocation.tables)
    is_cut_off = header.is_cut_off or any(table.is_cut_off for table in tables) or bool(
        sheet and sheet.is_cut_off)
    notice = replace(
        header, allocation_tables=tables, target_sheet=sheet, is_cut_off=is_cut_off,
        findings=(*header.findings, *_with_units_known(allocation.findings, tables), *reading.findings,
                  *_unread(document, tables, allocation.findings), *_unseen(document)),
    )
    number = notice.document_number.value if notice.document_number else ""
    notice = with_corrections(within_limits(notice), read_corrections(number))
    return with_derived(replace(notice, findings=_in_order(notice.findings)))


def _with_unit_of(header: FundNotice, table: AllocationTable) -> AllocationTable:
    return with_unit(table, header.unit.value) if not table.unit and header.unit else table


def _with_units_known(findings: Sequence[Finding], tables: Sequence[AllocationTable]) -> list[Finding]:
    """A table without a unit of its own that the head of the notice lends one is no longer without."""
    lent = {table.line_no: table for table in tables if table.unit}
    return [unit_assumed(lent[finding.line_no])
            if finding.code == "unit-missing" and finding.line_no in lent else finding for finding in findings]


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line_no or 0))


def _unseen(document: Document) -> list[Finding]:
    """What whoever opens the file does not see."""
    return [Finding("hidden-in-file", Severity.WARNING, None, remark) for remark in document.remarks]


def _unread(
    document: Document, tables: Sequence[AllocationTable], seen: Sequence[Finding]
) -> list[Finding]:
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
    named = next((line for line in document.lines if re.search(r"分配(明细|情况)?表", squeeze(line.text))), None)
    if named is None or any(finding.code == "allocation-unread" for finding in seen):
        return []
    return [Finding(
        "allocation-unread", Severity.WARNING, named.line_no,
        f"第{named.line_no}行提到分配表，但文件里没有读到分配表，各单位的金额没有入库、也没有核对，请补充附表。",
        printed=squeeze(named.text)[:60])]


def _tasks_in_prose(document: Document) -> TargetSheet | None:
    """A task set in a sentence where there is no sheet: 「用于补助造林任务1000亩」."""
    rows: list[TargetRow] = []
    for line in document.lines:
        for found in _TASK.finditer(squeeze(line.text)):
            name, target = found.groups()
            rows.append(TargetRow(len(rows) + 1, line.line_no, "", "", name, name, target))
    return TargetSheet("", rows[0].line_no, tuple(rows)) if rows else None

