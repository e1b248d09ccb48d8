"""The template of a bulk import: one sheet, one row for each indicator of each unit, the keys written in."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter

from data.intake.bulk_table import HEADS
from data.intake.form import EntryKind, ReportForm
from data.sheets import PLAIN_WORKBOOK

SHEET_NAME = "批量数据"
_WIDTHS = {"document_number": 22, "recipient": 20, "name": 34, "evidence_text": 22, "paid": 18}


def write_bulk_template(forms: Iterable[ReportForm]) -> bytes:
    """The rows of some units' forms, to be filled in; what the clock computes has no row.

    Last year's value is written in where it is known.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN_WORKBOOK) as book:
        sheet = book.add_worksheet(SHEET_NAME)
        bold = book.add_format({"bold": True, "bg_color": "#E9EFF6"})
        text = book.add_format({"num_format": "@"})     # 2021-12 would become a day
        names = list(HEADS)
        for column, name in enumerate(names):
            sheet.set_column(column, column, _WIDTHS.get(name, 12))
            sheet.write(0, column, HEADS[name][0], bold)
        sheet.freeze_panes(1, names.index("name") + 1)
        line = 1
        for form in forms:
            keys = (form.document_number, form.round_id, form.recipient_name)
            asked = [row for row in form.rows if row.entry is not EntryKind.FROM_RECEIPT]
            for number, name, prior in (
                (0, "全年执行数（万元）", None), *((row.indicator_no, row.name, row.prior_value) for row in asked),
            ):
                for column, words in enumerate(keys):
                    sheet.write_string(line, column, words, text)
                sheet.write_number(line, names.index("indicator_no"), number)
                sheet.write_string(line, names.index("name"), name)
                if prior is not None:
                    sheet.write_number(line, names.index("prior_value"), prior)
                line += 1
    return buffer.getvalue()
