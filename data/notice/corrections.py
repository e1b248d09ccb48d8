"""Corrections of damaged cells: one row of a .csv per cell, used only while the paper still reads as expected."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from data.errors import FileError
from data.model import Finding, FundNotice, Severity, TargetRow, TargetSheet

CORRECTIONS = Path(__file__).resolve().parent.parent / "corrections"
FIELD_NAMES = {
    "name": ("printed_name", "name-cut", "指标名称"),
    "measure": ("printed_measure", "measure-damaged", "二级指标"),
    "dimension": ("printed_dimension", "dimension-damaged", "一级指标"),
    "target_text": ("target_text", "target-damaged", "指标值"),
}


@dataclass(frozen=True)
class Correction:
    """One damaged cell of a target sheet: what is printed, what it is read as, why, and who vouches for it."""

    document_number: str
    line_no: int
    field_name: str
    printed_text: str
    corrected_text: str
    reason: str
    provenance: str
    status: str


def read_corrections(document_number: str, folder: Path = CORRECTIONS) -> tuple[Correction, ...]:
    """The corrections kept for a notice.

    Reads:  ``<文号>.csv`` in ``folder``.
    Empty:  an empty tuple where there is no such file.
    Raises: FileError if a row lacks a column or names an unknown field.
    """
    path = folder / f"{document_number}.csv"
    if not document_number or "/" in document_number or not path.is_file():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(_correction(row, path.name) for row in csv.DictReader(file))


def _correction(row: dict[str, str], file_name: str) -> Correction:
    try:
        correction = Correction(
            row["document_number"], int(row["line_no"]), row["field_name"], row["printed_text"],
            row["corrected_text"], row["reason"], row["provenance"], row["status"])
    except (KeyError, TypeError, ValueError):
        raise FileError(f"更正表《{file_name}》有一行缺列或行号不是数字：请按表头补全后重试。") from None
    if correction.field_name not in FIELD_NAMES:
        raise FileError(f"更正表《{file_name}》的字段“{correction.field_name}”不认识：请改为"
                        f"{'、'.join(FIELD_NAMES)}之一。")
    return correction


def with_corrections(notice: FundNotice, corrections: Iterable[Correction]) -> FundNotice:
    """The notice with its damaged cells repaired; what is printed stays beside it.

    A correction applies where a cell of its field reads exactly as expected, in any format of the same paper;
    where none does, nothing is changed and a warning says so.
    """
    sheet = notice.target_sheet
    findings = list(notice.findings)
    for correction in corrections:
        at = _row_of(sheet, correction) if sheet else None
        if sheet is None or at is None:
            findings.append(_stale(correction, sheet))
            continue
        row = sheet.rows[at]
        repaired = _repaired(row, correction)
        sheet = replace(sheet, rows=(*sheet.rows[:at], repaired, *sheet.rows[at + 1:]))
        code = FIELD_NAMES[correction.field_name][1]
        findings = [finding for finding in findings if not (finding.code == code and finding.line_no == row.line_no)]
        findings.append(_applied(correction, row))
    return replace(notice, target_sheet=sheet, findings=tuple(findings))


def _repaired(row: TargetRow, correction: Correction) -> TargetRow:
    text = correction.corrected_text
    if correction.field_name == "name":
        return replace(row, name=text)
    if correction.field_name == "measure":
        return replace(row, measure=text)
    if correction.field_name == "dimension":
        return replace(row, dimension=text)
    return replace(row, target_text=text)


def _row_of(sheet: TargetSheet, correction: Correction) -> int | None:
    printed = FIELD_NAMES[correction.field_name][0]
    same = [at for at, row in enumerate(sheet.rows) if getattr(row, printed) == correction.printed_text]
    if len(same) > 1:
        same = [at for at in same if sheet.rows[at].line_no == correction.line_no]
    return same[0] if len(same) == 1 else None


def _applied(correction: Correction, row: TargetRow) -> Finding:
    label = FIELD_NAMES[correction.field_name][2]
    return Finding(
        FIELD_NAMES[correction.field_name][1], Severity.REPAIRED, row.line_no,
        f"第{row.indicator_no}项的{label}印作“{correction.printed_text}”，按更正表读作“{correction.corrected_text}”："
        f"{correction.reason}（{correction.provenance}；{correction.status}）",
        correction.field_name, correction.printed_text, correction.corrected_text)


def _stale(correction: Correction, sheet: TargetSheet | None) -> Finding:
    printed, _, label = FIELD_NAMES[correction.field_name]
    at_line = [getattr(row, printed) for row in sheet.rows if row.line_no == correction.line_no] if sheet else []
    found = f"“{at_line[0]}”" if at_line else "没有这一格"
    return Finding(
        "correction-unused", Severity.WARNING, correction.line_no,
        f"更正表要把{label}“{correction.printed_text}”改为“{correction.corrected_text}”，但本文件此处是{found}："
        "没有更正，请核对原件后修改更正表。",
        correction.field_name, at_line[0] if at_line else "", correction.corrected_text)
