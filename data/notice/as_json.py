"""A notice as plain values for ``wenxiao notice read --json``: money in 万元 or as printed, never as a rough float."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from data.model import (
    AllocationRow,
    AllocationTable,
    ColumnRole,
    Deadline,
    Finding,
    FundNotice,
    Reading,
    RowKind,
    TargetRow,
)
from data.notice.figures import YUAN_PER_UNIT

Json = dict[str, Any]
_YUAN_PER_WAN = YUAN_PER_UNIT["万元"]


def number(value: Decimal | None) -> int | float | None:
    """A whole number as int, another as the float with the same digits; None stays None.

    >>> number(Decimal("20251.00")), number(Decimal("76.6725")), number(None)
    (20251, 76.6725, None)
    """
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def wan(yuan: Decimal | None) -> int | float | None:
    """元 as 万元.

    >>> wan(Decimal("766725"))
    76.6725
    """
    return None if yuan is None else number(yuan / _YUAN_PER_WAN)


def notice_as_json(notice: FundNotice, findings: Iterable[Finding] = ()) -> Json:
    """Everything that was read, with what a person must know about it.

    Reads:  ``findings`` of the checks, appended to the notice's own.
    Unit:   ``amount_wan`` 万元; ``allocations[].columns``, ``total_row`` and ``allocation_total`` in the unit
            that the table prints, ``allocation_total_wan`` in 万元.
    Empty:  null for what the text does not say; allocations and targets are null where there are none.
    """
    own = [reading.value for reading in (notice.document_number, *notice.other_own_numbers) if reading]
    body_amount = None if notice.is_body_amount_blank else _value(notice.amount_yuan)
    return {
        "document_number": _value(notice.document_number),
        "document_numbers": own,
        # A title broken over lines is one title; the spaces inside a line are the paper's.
        "title": notice.title.printed.replace("\n", "") if notice.title else None,
        "title_normalised": _value(notice.title),
        "issuer": _value(notice.issuer),
        "issuer_header": _value(notice.issuer_header),
        "issue_date": _day(_value(notice.dated_on)),
        "print_date": _day(_value(notice.printed_on)),
        "publish_date": _day(_value(notice.published_on)),
        "addressee": _value(notice.addressees),
        "copied_to": list(notice.copied_to),
        "fund_name": _value(notice.fund_name),
        "fiscal_year": notice.fiscal_year,
        "amount_wan": wan(_value(notice.amount_yuan)),
        "amount_in_body_wan": wan(body_amount),
        "unit_of_table": _value(notice.unit),
        "income_account": _value(notice.income_account),
        "expenditure_account": _value(notice.expenditure_account),
        "direct_fund_marker": _value(notice.direct_fund_marker),
        "project_code": _value(notice.project_code),
        "deadlines": [_deadline(deadline) for deadline in notice.deadlines],
        "attachments": list(notice.annexes),
        **_allocations(notice.allocation_tables),
        **_targets(notice),
        "cites": [cited.value for cited in notice.cites],
        "is_cut_off": notice.is_cut_off,
        "findings": [finding_as_json(finding) for finding in (*notice.findings, *findings)],
    }


def _value(reading: Reading[Any] | None) -> Any:
    return reading.value if reading else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _deadline(deadline: Deadline) -> Json:
    out: Json = {"what": deadline.what, "raw": deadline.printed, "line": deadline.line_no}
    if deadline.working_days is not None:
        out["working_days"] = deadline.working_days
    if deadline.calendar_days is not None:
        out["days"] = deadline.calendar_days
    if deadline.due_on is not None:
        out["date"] = deadline.due_on.isoformat()
    if deadline.counted_from:
        out["from"] = deadline.counted_from
    return out


# -- allocations ------------------------------------------------------------------------------------------


def _allocations(tables: tuple[AllocationTable, ...]) -> Json:
    if not tables:
        return {"allocation_table": None, "allocations": None, "amount_column": None, "total_row": None,
                "allocation_total": None, "allocation_total_wan": None}
    first = tables[0]
    rows = [_row(row, table, len(tables) > 1) for table in tables for row in table.rows
            if row.kind is RowKind.RECIPIENT]
    totals = [(row, table) for table in tables for row in table.rows if row.kind is RowKind.TOTAL]
    total, total_yuan = _total(totals, len(tables))
    out: Json = {
        "allocation_table": _table(first),
        "allocations": rows,
        "amount_column": _amount_name(first),
        "total_row": _total_row(*totals[0]) if totals else None,
        "allocation_total": number(total),
        "allocation_total_wan": wan(total_yuan),
        "subtotals": [_row(row, table, len(tables) > 1) for table in tables for row in table.rows
                      if row.kind is RowKind.SUBTOTAL],
    }
    if len(tables) > 1:
        out["table_totals"] = [
            {"table": table.table_no, "title": table.title, "total": number(_amount_cell(row, table)[0])}
            for row, table in totals]
    return out


def _total(totals: list[tuple[AllocationRow, AllocationTable]], table_count: int
           ) -> tuple[Decimal | None, Decimal | None]:
    if table_count > 1 or not totals:
        return None, None
    return _amount_cell(*totals[0])


def _amount_cell(row: AllocationRow, table: AllocationTable) -> tuple[Decimal | None, Decimal | None]:
    if table.amount_column_no is None:
        return None, None
    cell = row.cells[table.amount_column_no - 1]
    return cell.number, cell.yuan


def _amount_name(table: AllocationTable) -> str | None:
    return None if table.amount_column_no is None else table.columns[table.amount_column_no - 1].name


def _columns(row: AllocationRow, table: AllocationTable) -> Json:
    return {column.name: number(cell.number)
            for column, cell in zip(table.columns, row.cells, strict=True) if column.role is not ColumnRole.NOTE}


def _row(row: AllocationRow, table: AllocationTable, has_more_tables: bool) -> Json:
    out: Json = {"region": row.name}
    if row.parent:
        out["parent"] = row.parent
    out |= {"columns": _columns(row, table), "amount_wan": wan(_amount_cell(row, table)[1]), "line": row.line_no}
    if row.item:
        out["item"] = row.item
    if has_more_tables:
        out["table"] = table.table_no
    return out


def _total_row(row: AllocationRow, table: AllocationTable) -> Json:
    return {
        "region": row.parent or None,
        "label": None if table.is_prose else row.name,
        "position": "first" if row.row_no == 1 else "last",
        "columns": _columns(row, table),
        "line": row.line_no,
    }


def _table(table: AllocationTable) -> Json:
    groups: dict[str, Decimal | None] = {}
    for column in table.columns:
        if column.source_document:
            groups.setdefault(column.source_document, column.stated_total_yuan)
    per_unit = YUAN_PER_UNIT.get(table.unit)
    return {
        "title": table.title or None,
        "line": table.line_no,
        "unit": table.unit or None,
        "columns": [column.name for column in table.columns if column.role is not ColumnRole.NOTE],
        "roles": {column.name: column.role.value for column in table.columns},
        "amount_column": _amount_name(table),
        "groups": [
            {"document": document,
             "stated_total": None if total is None or per_unit is None else number(total / per_unit)}
            for document, total in groups.items()],
        "is_cut_off": table.is_cut_off,
        "is_prose": table.is_prose,
    }


# -- targets ----------------------------------------------------------------------------------------------


def _targets(notice: FundNotice) -> Json:
    sheet = notice.target_sheet
    if sheet is None:
        return {"target_table": None, "targets": None}
    head = dict(sheet.head)
    table = {
        "title": sheet.title or None, "line": sheet.line_no, "year": sheet.year, "region": sheet.region or None,
        "project": sheet.project or None,
        "central_department": head.get("中央主管部门"),
        "provincial_finance": head.get("省级财政部门"), "provincial_department": head.get("省级主管部门"),
        "local_finance": head.get("各地财政部门"), "local_department": head.get("各地主管部门"),
        "annual_amount_wan": wan(sheet.annual_amount_yuan), "central_subsidy_wan": wan(sheet.central_subsidy_yuan),
        "local_subsidy_wan": wan(sheet.local_subsidy_yuan), "overall_goals": len(sheet.objectives),
        "objectives": list(sheet.objectives), "is_cut_off": sheet.is_cut_off,
    }
    return {"target_table": table, "targets": [_target(row) for row in sheet.rows]}


def _target(row: TargetRow) -> Json:
    out: Json = {
        "no": row.indicator_no, "line": row.line_no, "level1": row.dimension or None, "level2": row.measure or None,
        "indicator": row.printed_name, "name": row.name, "target_text": row.target_text,
        "level1_printed": row.printed_dimension, "level2_printed": row.printed_measure,
    }
    if row.medium_term_target_text:
        out["target_text_medium_term"] = row.medium_term_target_text
    if row.weight_text:
        out["weight_text"] = row.weight_text
    return out


def finding_as_json(finding: Finding) -> Json:
    """A finding with its code, weight, line and sentence; the difference in 万元."""
    return {
        "code": finding.code, "severity": finding.severity.value, "line": finding.line_no,
        "sentence": finding.sentence, "field": finding.field_name or None, "printed": finding.printed or None,
        "read_as": finding.read_as or None, "difference_wan": wan(finding.difference_yuan),
    }
