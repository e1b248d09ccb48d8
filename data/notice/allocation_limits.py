"""Amounts that are none: beyond what a budget can hold, read as blank and said, wherever they stand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from data.model import AllocationTable, Finding, FundNotice, Severity, TargetSheet
from data.notice.allocation_doubts import TOO_LARGE_YUAN


def within_limits(notice: FundNotice) -> FundNotice:
    """The notice without amounts of a hundred million million 元 and more; each leaves a fatal finding."""
    found: list[Finding] = []
    amount = notice.amount_yuan
    if amount is not None and _is_beyond(amount.value):
        found.append(_finding(amount.line_no, "文件金额", amount.printed))
        amount = None
    tables = tuple(_table(table, found) for table in notice.allocation_tables)
    sheet = notice.target_sheet and _sheet(notice.target_sheet, found)
    if not found:
        return notice
    return replace(notice, amount_yuan=amount, allocation_tables=tables, target_sheet=sheet,
                   findings=(*notice.findings, *found))


def _is_beyond(amount: Decimal | None) -> bool:
    return amount is not None and abs(amount) >= TOO_LARGE_YUAN


def _table(table: AllocationTable, found: list[Finding]) -> AllocationTable:
    columns, rows = [], []
    for column in table.columns:
        if _is_beyond(column.stated_total_yuan):
            found.append(_finding(table.line_no, f"表头“{column.name}”", str(column.stated_total_yuan)))
            column = replace(column, stated_total_yuan=None)
        columns.append(column)
    for row in table.rows:
        beyond = [cell for cell in row.cells if _is_beyond(cell.yuan)]
        found += [_finding(cell.line_no, f"“{row.name}”", cell.printed) for cell in beyond]
        rows.append(replace(row, cells=tuple(
            replace(cell, number=None, yuan=None) if cell in beyond else cell for cell in row.cells)))
    return replace(table, columns=tuple(columns), rows=tuple(rows))


def _sheet(sheet: TargetSheet, found: list[Finding]) -> TargetSheet:
    names = ("annual_amount_yuan", "central_subsidy_yuan", "local_subsidy_yuan")
    beyond = [name for name in names if _is_beyond(getattr(sheet, name))]
    found += [_finding(sheet.annual_amount_line_no or sheet.line_no, "目标表的资金", str(getattr(sheet, name)))
              for name in beyond]
    blank: dict[str, None] = dict.fromkeys(beyond)
    return replace(sheet, **blank) if beyond else sheet  # type: ignore[arg-type]


def _finding(line_no: int, place: str, printed: str) -> Finding:
    return Finding(
        "amount-too-large", Severity.FATAL, line_no,
        f"第{line_no}行{place}印作“{printed}”，超过一百万亿元，不可能是一笔资金，已留空，请核对数字和单位。",
        printed=printed)
