"""What follows from the cells of a notice: derived again whenever a person amends one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from data.model import AllocationTable, Deadline, FundNotice, Reading, RowKind, TargetSheet
from data.notice.target_sheet import deadlines_of


def with_derived(notice: FundNotice) -> FundNotice:
    """The notice with amount, unit and time limits as its tables and target sheet now read.

    Empty: what neither the body nor the tables state stays None; nothing is added up to fill a gap.
    """
    tables, sheet = notice.allocation_tables, notice.target_sheet
    amount = notice.amount_yuan
    if notice.is_body_amount_blank:
        amount = _amount_of(tables, sheet)
    return replace(
        notice, amount_yuan=amount, unit=notice.unit or _unit_of(tables), deadlines=_deadlines(notice)
    )


def _unit_of(tables: Sequence[AllocationTable]) -> Reading[str] | None:
    for table in tables:
        if table.unit:
            return Reading(table.unit, table.unit, table.line_no)
    return None


def _amount_of(tables: Sequence[AllocationTable], sheet: TargetSheet | None) -> Reading[Decimal] | None:
    """The money where the body leaves it blank: the table's own total row, or the target sheet's amount."""
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


def _deadlines(notice: FundNotice) -> tuple[Deadline, ...]:
    """Each limit once: a row of the target sheet is read by the sheet's own reader, under its repaired name."""
    sheet = notice.target_sheet
    if sheet is None:
        return notice.deadlines
    rows = {row.line_no: row for row in sheet.rows}
    own = deadlines_of(sheet)
    read = {deadline.line_no for deadline in own}
    kept = [
        deadline for deadline in notice.deadlines
        if deadline.line_no not in rows
        or (deadline.line_no not in read and deadline.printed in rows[deadline.line_no].target_text)
    ]
    return tuple(sorted([*kept, *own], key=lambda deadline: deadline.line_no))
