"""A form that was filled in on the page, as the file that stays on record: one CSV, the same for the same cells."""

from __future__ import annotations

import csv
import io
import re

from data.csv_rows import FORMULA_HEADS
from data.intake.cells import FILLED_BY, HEAD_NAMES, PAID, STATEMENT, Cells, typed_fields
from data.intake.columns import ACTUAL_FIELDS, COLUMNS, TEXT_FIELDS
from data.intake.form import ReportForm

FIELDS = (*ACTUAL_FIELDS, *TEXT_FIELDS, "not_applicable", "claimed_points")


def form_csv(form: ReportForm, cells: Cells) -> bytes:
    """Every typed cell of a form under its head, in UTF-8 that spreadsheet programs recognise.

    A text that such a program would take for a formula stands behind an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["文号", _inert(form.document_number), "填报单位", _inert(form.recipient_name), "填报轮次",
                     _inert(form.round_name), "截至日期", form.period_end_on.isoformat()])
    for key in (PAID, FILLED_BY, STATEMENT):
        writer.writerow([HEAD_NAMES[key], _inert(cells.get(key, ""))])
    writer.writerow(["序号", "三级指标", "指标值（目标）", "计量单位", *(COLUMNS[field][1] for field in FIELDS)])
    for row in form.rows:
        offered = typed_fields(row.entry)
        texts = [_inert(cells.get((field, row.indicator_no), "")) if field in offered else "" for field in FIELDS]
        writer.writerow([row.indicator_no, *map(_inert, (row.name, row.target_text, row.unit)), *texts])
    return buffer.getvalue().encode("utf-8-sig")


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_HEADS) and not re.fullmatch(r"[-+][\d.,]+", text) else text
