"""The decomposition sheet as a workbook: targets are open and coloured, the rest is locked."""

from __future__ import annotations

from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from data.intake.decomposition import (
    CODE_ROW,
    FIRST_ROW,
    FIRST_UNIT_COLUMN,
    FORMAT_MARK,
    HEAD_ROW,
    HEADS,
    SHEET_NAME,
    DecompositionForm,
)
from data.sheets import PLAIN_WORKBOOK

GUIDE = (
    ("怎么填", "只改浅黄色单元格。改了哪一格，就只有那一格成为新的目标；空白表示不改。"),
    ("总量目标", "“各单位相加”的指标，各单位的数加起来要正好等于区域目标；每个单位都要填，"
             "没有这项任务的单位填“不承担”。"),
    ("比率和标准", "单位的目标不得宽于区域目标，可以更严：区域≥90%，单位可以是≥90%或≥95%，不能是≥85%。"),
    ("文字目标", "一般保留区域目标原文；措辞不同的由人判断是否更严，系统只提示。"),
    ("数字写法", "可以只写数（120），方向和计量单位按区域目标补全；也可以写全（≥120人次）。不用公式。"),
    ("不要改动", "序号、三级指标、怎样汇总和单位名称不能改；不增删行列。时限类指标按收文自动计算，不在表中。"),
    ("上传以后", "先看改了什么、能不能证明；有一处错误就一格也不写入，全部错误一次列出。"),
)

_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_RULED = {**_FONT, "border": 1, "border_color": "#9AA5B1", "font_color": "#1F2D3D"}
_A4_PAPER = 9


def write_decomposition(buffer: BinaryIO, form: DecompositionForm) -> None:
    """Write the sheet of one notice, with every target as it stands."""
    with xlsxwriter.Workbook(buffer, PLAIN_WORKBOOK) as workbook:
        workbook.set_properties({"title": f"{form.document_number} 目标分解表"})
        _write_targets(workbook, form)
        _write_guide(workbook)


def _write_targets(workbook: Any, form: DecompositionForm) -> None:
    sheet = workbook.add_worksheet(SHEET_NAME)
    add = workbook.add_format
    head = add({**_RULED, "bg_color": "#E8EDF3", "align": "center", "bold": True})
    words, centre = add({**_RULED, "align": "left"}), add({**_RULED, "align": "center"})
    # As text: a typed 90% then stays 90% and is not turned into 0.9.
    opened = add({**_RULED, "align": "center", "bg_color": "#FFF8DC", "locked": False, "num_format": "@"})
    title = add({**_FONT, "font_name": "黑体", "font_size": 16, "align": "left", "text_wrap": False})
    note = add({**_FONT, "font_size": 9, "font_color": "#52606D", "align": "left", "text_wrap": False})

    for column, code in enumerate((FORMAT_MARK, form.document_number)):
        sheet.write_string(CODE_ROW - 1, column, code)
    sheet.set_row(CODE_ROW - 1, None, None, {"hidden": True})
    sheet.write_string("A2", f"{form.fund_name}区域绩效目标分解表", title)
    sheet.write_string("A3", f"{form.document_number}。只改浅黄色单元格，空白表示不改；填法见「填写说明」。", note)
    sheet.set_row(1, 28)
    for column, text in enumerate((*HEADS, *form.units.values())):
        sheet.write_string(HEAD_ROW - 1, column, text, head)
    sheet.set_row(HEAD_ROW - 1, 32)
    for row_no, row in enumerate(form.rows, start=FIRST_ROW - 1):
        sheet.write_number(row_no, 0, row.indicator_no, centre)
        sheet.write_string(row_no, 1, row.name, words)
        sheet.write_string(row_no, 3, row.rollup_words, centre)
        places = {form.region_id: 2} | {key: FIRST_UNIT_COLUMN - 1 + no for no, key in enumerate(form.units)}
        for recipient_id, column in places.items():
            text = row.texts[recipient_id]
            if text:
                sheet.write_string(row_no, column, text, opened)
            else:
                sheet.write_blank(row_no, column, None, opened)
        sheet.set_row(row_no, 32)
    for columns, width in (("A:A", 5), ("B:B", 34), ("C:C", 13), ("D:D", 16)):
        sheet.set_column(columns, width)
    last = FIRST_UNIT_COLUMN + len(form.units) - 2
    sheet.set_column(f"{xl_col_to_name(FIRST_UNIT_COLUMN - 1)}:{xl_col_to_name(max(last, FIRST_UNIT_COLUMN - 1))}", 12)
    sheet.protect("", {"format_rows": True, "format_columns": True, "select_locked_cells": True})
    sheet.freeze_panes(HEAD_ROW, FIRST_UNIT_COLUMN - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4_PAPER)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW - 1)
    sheet.hide_gridlines(2)


def _write_guide(workbook: Any) -> None:
    sheet = workbook.add_worksheet("填写说明")
    head = workbook.add_format({**_RULED, "bold": True, "bg_color": "#E8EDF3"})
    words = workbook.add_format({**_RULED, "valign": "top"})
    sheet.write_row("A1", ["事项", "怎么填"], head)
    for row_no, (what, how) in enumerate(GUIDE, start=1):
        sheet.write_string(row_no, 0, what, words)
        sheet.write_string(row_no, 1, how, words)
        sheet.set_row(row_no, 32)
    sheet.set_column("A:A", 14)
    sheet.set_column("B:B", 96)
    sheet.protect("")
    sheet.hide_gridlines(2)
