"""Filled examples of the report form and of the bulk table: the form's own rows with invented figures and notes.

Each is marked 示例 on every sheet, the form also in its hidden code, by which the readers know and refuse them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from data.intake.bulk_table import HEADS
from data.intake.bulk_template import write_bulk_template
from data.intake.columns import (
    CODE_ROW,
    EXAMPLE_MARK,
    EXAMPLE_SUFFIX,
    FILLED_BY_CELL,
    FIRST_ROW,
    MONEY_ROW,
    PAID_CELL,
    WAN,
    cell,
)
from data.intake.form import BAND_LABELS, EntryKind, FormRow, ReportForm
from data.intake.template import write_template

WARNING = "示例：数都是举例，不能报送。请看着它填空白的填报表。"
_RED = "B3261E"
_NOTE_WIDTH, _NOTE_HEIGHT = 260, 110      # points; four lines of Chinese
# A rate that most targets of the field accept, and one that none does.
_GOOD, _POOR, _OF = 196, 150, 200
Figures = dict[str, Any]


def write_example(form: ReportForm) -> bytes:
    """The form of one unit and round, filled in with invented figures that a unit might report.

    Unit:   money stands on the sheet in 万元, as its labels say.
    """
    blank = io.BytesIO()
    write_template(blank, form)
    workbook = openpyxl.load_workbook(blank)
    sheet, guide = workbook.worksheets
    sheet.cell(CODE_ROW, 1).value = EXAMPLE_MARK
    _mark(sheet, "A2")
    _mark(guide, "A1")
    notice = sheet.cell(MONEY_ROW + 1, 1)
    notice.value, notice.font = WARNING, Font(name="宋体", size=10, bold=True, color=_RED)

    _fill(sheet, PAID_CELL, float(_paid(form) / WAN), "填累计支出，单位万元，到截至日为止。没有掌握就留空，不要填 0。")
    _fill(sheet, FILLED_BY_CELL, "张三", "填实际填表的人，方便核对时联系。")
    for row_no, row in enumerate(form.rows, start=FIRST_ROW):
        figures, notes = example_figures(row, form, is_missed=row == _missed(form))
        for field, value in figures.items():
            _fill(sheet, cell(field, row_no), value, notes.get(field, ""))
    filled = io.BytesIO()
    workbook.save(filled)
    return filled.getvalue()


def write_bulk_example(form: ReportForm) -> bytes:
    """The rows of one unit in the table of a bulk import, filled in with the same figures.

    Unit:   money stands in the table in 万元, as its head says.
    """
    workbook = openpyxl.load_workbook(io.BytesIO(write_bulk_template([form])))
    (sheet,) = workbook.worksheets
    sheet.title += EXAMPLE_SUFFIX
    sheet.sheet_properties.tabColor = _RED
    rows = {row.indicator_no: row for row in form.rows}
    columns = {field: column for column, field in enumerate(HEADS, start=1)}
    for line in range(2, sheet.max_row + 1):
        unit = sheet.cell(line, columns["recipient"])
        unit.value = f"（示例）{unit.value}"      # no unit is called so: renaming the sheet imports nothing
        number = sheet.cell(line, columns["indicator_no"]).value
        figures, notes = _paid_line(form) if number == 0 else example_figures(
            rows[number], form, is_missed=rows[number] == _missed(form)
        )
        for field, value in figures.items():
            _fill(sheet, sheet.cell(line, columns[field]).coordinate, value, notes.get(field, ""))
    filled = io.BytesIO()
    workbook.save(filled)
    return filled.getvalue()


def _paid_line(form: ReportForm) -> tuple[Figures, Mapping[str, str]]:
    return {"paid": float(_paid(form) / WAN)}, {
        "paid": "全年执行数单独一行，序号是 0，只填这一格。没有掌握就删去这一行。",
    }


def _mark(sheet: Any, title: str) -> None:
    sheet[title] = f"【示例】{sheet[title].value}"
    sheet[title].font = Font(name="黑体", size=16, color=_RED)
    sheet.oddHeader.center.text = "示例"
    sheet.sheet_properties.tabColor = _RED
    sheet.title += EXAMPLE_SUFFIX


def _fill(sheet: Any, address: str, value: Any, note: str) -> None:
    sheet[address] = value
    if note:
        sheet[address].comment = Comment(note, "示例", width=_NOTE_WIDTH, height=_NOTE_HEIGHT)


def _paid(form: ReportForm) -> Decimal:
    """Nine tenths of the unit's money, to the whole 万元 where it has that much."""
    paid = form.after_yuan * 9 / 10
    return paid // WAN * WAN if paid >= WAN else paid


def _missed(form: ReportForm) -> FormRow | None:
    """The rate that the example shows as missed, with its reason; none where no rate can be."""
    return next((row for row in form.rows if row.entry is EntryKind.RATIO), None)


def example_figures(row: FormRow, form: ReportForm, *, is_missed: bool) -> tuple[Figures, Mapping[str, str]]:
    """What stands in the cells of one indicator, by field, and the notes that say why."""
    match row.entry:
        case EntryKind.RATIO if is_missed:
            return {
                "numerator": _POOR, "denominator": _OF, "evidence_text": "见台账第3页",
                "deviation_reason": "两个乡镇的名册还没有核对完",
                "improvement_measure": "下月底前逐户核完，由民政办负责",
            }, {
                "numerator": f"这一项故意填成没有达到：{_POOR}÷{_OF}＝75%，目标是{row.target_text}。",
                "deviation_reason": "没有达到的要写为什么；差得多的不写就不能报送。",
                "improvement_measure": "写清谁办、办什么、什么时候办完。",
            }
        case EntryKind.RATIO:
            return {"numerator": _GOOD, "denominator": _OF}, {
                "numerator": f"{row.numerator_label or '分子'}的实际数。不填百分比，比率由程序算。",
            }
        case EntryKind.COVERAGE:
            return {"numerator": 1250, "denominator": 1250}, {
                "denominator": "应保（应救）的人都要算进来。两个数相等才算达到。",
            }
        case EntryKind.VALUE:
            return {"value": _bound(row.target_text)}, {"value": "填本年的实际数，单位看“计量单位”一栏。"}
        case EntryKind.VERSUS_PRIOR:
            prior = Decimal(600) if row.prior_value is None else row.prior_value
            return {"value": float(prior + max(prior // 20, Decimal(1))), "prior_value": float(prior)}, {
                "prior_value": "去年的实际数。已经填好的请核对；没有的可以留空，会标成“缺上年数”，不当作没有达到。",
            }
        case EntryKind.RATIO_VERSUS_PRIOR:
            prior = Decimal(96) if row.prior_value is None else row.prior_value
            return {"numerator": _OF, "denominator": _OF, "prior_value": float(prior)}, {
                "prior_value": "这里填去年的比率，例如 96 就是 96%。",
            }
        case EntryKind.QUALITATIVE:
            low, high = form.band_limits[1]
            return {
                "band": BAND_LABELS[1], "band_share": float((low + high) / 2),
                "evidence_text": "入户回访记录32份，2021年12月",
            }, {
                "band": "先选档，再在右边填这一档里的比例。",
                "band_share": f"“{BAND_LABELS[1]}”的比例在 {form.band_span(1)}。",
                "evidence_text": "选了档就要写依据：什么材料、多少份、什么时候的。",
            }
        case EntryKind.FROM_RECEIPT:
            return {}, {}


def _bound(target_text: str) -> float:
    """The number that a target names; a hundred where it names none."""
    found = re.search(r"\d+(?:\.\d+)?", target_text)
    return float(found[0]) if found else 100.0
