"""A FundNotice as rows of the store's tables: the one place that knows both shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from data.model import AllocationRow, AllocationTable, ColumnRole, FundNotice, Reading, RowKind
from data.store import Cursor

Row = dict[str, Any]

# Header fields that are kept beside their printed line, in the order a page shows them.
FIELD_NAMES = (
    "document_number", "title", "issuer", "dated_on", "printed_on", "addressees", "fund_name",
    "amount_yuan", "unit", "income_account", "expenditure_account", "direct_fund_marker", "project_code",
)


def money_columns(table: AllocationTable) -> list[int]:
    """The numbers of the columns that hold money."""
    return [c.column_no for c in table.columns if c.role not in (ColumnRole.COUNT, ColumnRole.NOTE)]


def field_rows(notice: FundNotice) -> Iterator[Row]:
    """Each header value beside its printed words and line; what the text does not say has no row."""
    for name in FIELD_NAMES:
        reading: Reading[Any] | None = getattr(notice, name)
        if reading is not None:
            yield {"field_name": name, "value_text": str(reading.value), "printed_text": reading.printed,
                   "line_no": reading.line_no}


def allocation_rows(
    table: AllocationTable, recipient_ids: Mapping[str, str]
) -> Iterator[tuple[str, Row]]:
    """The table, its heads, identities, rows and money cells, each with the name of its store table."""
    key = {"table_no": table.table_no}
    yield "allocation_table", {
        **key, "line_no": table.line_no, "table_title": table.title, "unit_text": table.unit,
        "amount_column_no": table.amount_column_no, "is_cut_off": table.is_cut_off,
        "is_prose": table.is_prose,
    }
    for column in table.columns:
        yield "allocation_column", {
            **key, "column_no": column.column_no, "column_name": column.name,
            "column_role": column.role.value, "source_document": column.source_document,
            "stated_total_yuan": column.stated_total_yuan, "head_line_no": table.line_no,
        }
    for number, identity in enumerate(table.identities, start=1):
        for term in identity.term_column_nos:
            yield "allocation_identity", {
                **key, "identity_no": number, "identity_kind": identity.kind,
                "column_no": identity.column_no, "term_column_no": term,
            }
    money = set(money_columns(table))
    for row in table.rows:
        place = {**key, "row_no": row.row_no}
        yield "allocation_row", {
            **place, "line_no": row.line_no, "row_kind": row.kind.value, "row_name": row.name,
            "printed_name": row.printed_name, "parent_name": row.parent,
            "recipient_id": recipient_ids.get(row.name) if row.kind is RowKind.RECIPIENT else None,
        }
        for cell in row.cells:
            if cell.column_no in money:
                yield "allocation_cell", {
                    **place, "column_no": cell.column_no, "line_no": cell.line_no,
                    "printed_text": cell.printed, "amount_yuan": cell.yuan,
                }


def _amounts(row: AllocationRow) -> dict[int, Decimal | None]:
    return {cell.column_no: cell.yuan for cell in row.cells}


def allocation_lines(
    notice: FundNotice, document_number: str, recipient_ids: Mapping[str, str]
) -> Iterator[Row]:
    """Who gets how much, per source document: before, adjustment, after.

    A table that names no source documents hands the money down itself: its own number is the source,
    the amount column is ``after_yuan``, and before and adjustment stay empty.
    """
    for table in notice.allocation_tables:
        by_source: dict[str, dict[ColumnRole, int]] = {}
        for column in table.columns:
            if column.source_document and column.role in (
                ColumnRole.BEFORE, ColumnRole.ADJUSTMENT, ColumnRole.AFTER
            ):
                by_source.setdefault(column.source_document, {})[column.role] = column.column_no
        for row in table.rows:
            if row.kind is not RowKind.RECIPIENT:
                continue
            amounts = _amounts(row)
            unit = {"recipient_id": recipient_ids[row.name], "line_no": row.line_no}
            for source, roles in by_source.items():
                before, adjustment, after = (
                    amounts.get(roles.get(role, -1))
                    for role in (ColumnRole.BEFORE, ColumnRole.ADJUSTMENT, ColumnRole.AFTER)
                )
                yield {"source_document": source, **unit, "before_yuan": before,
                       "adjustment_yuan": adjustment, "after_yuan": after}
            if not by_source and table.amount_column_no is not None:
                yield {"source_document": document_number, **unit, "before_yuan": None,
                       "adjustment_yuan": None, "after_yuan": amounts.get(table.amount_column_no)}


def target_sheet_row(notice: FundNotice) -> Row | None:
    """The head of the target sheet; None where the notice has none."""
    sheet = notice.target_sheet
    if sheet is None:
        return None
    return {
        "line_no": sheet.line_no, "annual_amount_yuan": sheet.annual_amount_yuan,
        "annual_amount_line_no": sheet.annual_amount_line_no,
        "central_subsidy_yuan": sheet.central_subsidy_yuan, "local_subsidy_yuan": sheet.local_subsidy_yuan,
        "annual_objective": "\n".join(sheet.objectives),
    }


def write_paper(
    cursor: Cursor, notice: FundNotice, document_number: str, recipient_ids: Mapping[str, str]
) -> None:
    """Write everything the paper itself says (not the publication, not the targets) in the caller's
    transaction.
    """
    key = {"document_number": document_number}
    tables: dict[str, list[Row]] = {
        "notice_line": [
            {**key, "line_no": line.line_no, "line_text": line.text, "place_text": line.place}
            for line in notice.lines
        ],
        "notice_field": [{**key, **row} for row in field_rows(notice)],
        "notice_cite": [
            {**key, "cited_number": cite.value, "line_no": cite.line_no} for cite in notice.cites
        ],
        "notice_deadline": [
            {**key, "deadline_no": number, "what_text": d.what, "counted_from_text": d.counted_from,
             "printed_text": d.printed, "line_no": d.line_no, "working_day_count": d.working_days,
             "calendar_day_count": d.calendar_days, "due_on": d.due_on}
            for number, d in enumerate(notice.deadlines, start=1)
        ],
        "notice_finding": [
            {**key, "finding_no": number, "finding_code": f.code, "severity": f.severity.value,
             "line_no": f.line_no, "sentence_text": f.sentence, "field_name": f.field_name,
             "printed_text": f.printed, "read_text": f.read_as}
            for number, f in enumerate(notice.findings, start=1)
        ],
        "allocation_line": [
            {**key, **row} for row in allocation_lines(notice, document_number, recipient_ids)
        ],
    }
    for table in notice.allocation_tables:
        for name, row in allocation_rows(table, recipient_ids):
            tables.setdefault(name, []).append({**key, **row})
    sheet = target_sheet_row(notice)
    if sheet:
        tables["target_sheet"] = [{**key, **sheet}]
    for name, rows in tables.items():
        cursor.insert(name, rows)


def recipient_names(notice: FundNotice) -> list[str]:
    """The names of the units that get money, in printed order, each once."""
    names = [
        row.name for table in notice.allocation_tables for row in table.rows if row.kind is RowKind.RECIPIENT
    ]
    return list(dict.fromkeys(names))
