"""The report form as a workbook: what must be filled in is open and coloured, the rest is locked."""

from __future__ import annotations

import math
import unicodedata
from decimal import Decimal
from os import PathLike
from typing import Any, BinaryIO

import xlsxwriter

from data.intake.columns import (
    ACTUAL_FIELDS,
    ACTUAL_HEAD,
    CODE_ROW,
    COLUMNS,
    FACTS_ROW,
    FILLED_BY_CELL,
    FIRST_ROW,
    FORMAT_MARK,
    GUIDE_NAME,
    HEAD_ROW,
    LAST_LETTER,
    MAX_TEXT_LENGTH,
    MONEY_ROW,
    NOT_APPLICABLE,
    PAID_CELL,
    SHEET_NAME,
    TEXT_FIELDS,
    WAN,
    asked_fields,
    cell,
)
from data.intake.form import BAND_LABELS, EntryKind, FormRow, ReportForm
from data.intake.points import MICRO, show_exact
from data.sheets import PLAIN_WORKBOOK

RECEIPT_TEXT = "由收文和导入时间自动计算，无需填写"
A4_PAPER = 9
LINE_POINTS = 14.5      # height of one line of 10-point type

_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_INK, _RULE, _BAND, _OPEN, _SHUT = "#1F2D3D", "#9AA5B1", "#E8EDF3", "#FFF8DC", "#EDEFF1"


def write_template(path_or_buffer: str | PathLike[str] | BinaryIO, form: ReportForm) -> None:
    """Write the form of one unit and round to a file or buffer.

    Unit:   money stands on the sheet in 万元, as its labels say.
    """
    target: Any = str(path_or_buffer) if isinstance(path_or_buffer, str | PathLike) else path_or_buffer
    with xlsxwriter.Workbook(target, PLAIN_WORKBOOK) as workbook:
        workbook.set_properties({"title": f"{form.recipient_name} {form.round_name}绩效监控填报表"})
        _FormSheet(workbook, form).write()
        _write_guide(workbook, form)


class _FormSheet:
    """The sheet 填报表 while it is written."""

    def __init__(self, workbook: Any, form: ReportForm) -> None:
        self._form = form
        self._sheet = workbook.add_worksheet(SHEET_NAME)
        ruled = {**_FONT, "border": 1, "border_color": _RULE, "font_color": _INK}
        add = workbook.add_format
        self._title = add({**_FONT, "font_name": "黑体", "font_size": 16, "align": "center"})
        self._label = add({**ruled, "bg_color": _BAND, "align": "center", "bold": True})
        self._fact = add({**ruled, "align": "left", "indent": 1})
        self._money = add({**ruled, "align": "right", "num_format": "#,##0.00####", "indent": 1})
        self._money_open = add({**ruled, "align": "right", "bg_color": _OPEN, "locked": False, "indent": 1})
        self._note = add({**_FONT, "font_size": 9, "font_color": "#52606D", "align": "left"})
        self._centre = add({**ruled, "align": "center"})
        self._words = add({**ruled, "align": "left"})
        self._open_number = add({**ruled, "align": "right", "bg_color": _OPEN, "locked": False})
        self._open_words = add({**ruled, "align": "left", "bg_color": _OPEN, "locked": False})
        self._weight = add({**ruled, "bg_color": _SHUT, "align": "right", "num_format": "0.00####"})
        self._shut = add({**ruled, "bg_color": _SHUT, "font_color": "#7B8794", "align": "center"})

    def write(self) -> None:
        self._write_codes()
        self._write_facts()
        self._write_head()
        for row_no, row in enumerate(self._form.rows, start=FIRST_ROW):
            self._write_row(row_no, row)
        self._set_page()

    def _write_codes(self) -> None:
        form = self._form
        codes = (FORMAT_MARK, form.document_number, form.round_id, form.recipient_id)
        for column_no, code in enumerate(codes):
            self._sheet.write_string(CODE_ROW - 1, column_no, code)
        self._sheet.set_row(CODE_ROW - 1, None, None, {"hidden": True})

    def _write_facts(self) -> None:
        form, sheet = self._form, self._sheet
        sheet.merge_range(f"A2:{LAST_LETTER}2", f"{form.fund_name}绩效运行监控填报表（{form.round_name}）", self._title)
        sheet.set_row(1, 30)
        day = form.period_end_on
        after = f"{FACTS_ROW}"
        for label, value, cells in (
            ("文号", form.document_number, ("A", "B", "C", "D")),
            ("填报单位", form.recipient_name, ("E", "F", "G", "H")),
            ("填报轮次", form.round_name, ("I", "J", "K", "L")),
            ("截至日期", f"{day.year}年{day.month}月{day.day}日", ("M", "N", "O", LAST_LETTER)),
        ):
            sheet.merge_range(f"{cells[0]}{after}:{cells[1]}{after}", label, self._label)
            sheet.merge_range(f"{cells[2]}{after}:{cells[3]}{after}", value, self._fact)
        row = MONEY_ROW
        sheet.merge_range(f"A{row}:B{row}", "资金名称", self._label)
        sheet.merge_range(f"C{row}:D{row}", form.fund_name, self._fact)
        sheet.merge_range(f"E{row}:F{row}", "调整后金额（万元）", self._label)
        sheet.merge_range(f"G{row}:H{row}", float(form.after_yuan / WAN), self._money)
        sheet.merge_range(f"I{row}:J{row}", "全年执行数（万元）", self._label)
        sheet.merge_range(f"K{row}:L{row}", "", self._money_open)
        sheet.merge_range(f"M{row}:N{row}", "填报人", self._label)
        sheet.merge_range(f"O{row}:{LAST_LETTER}{row}", "", self._open_words)
        until = f"截至{day.year}年{day.month}月{day.day}日累计支出"
        sheet.data_validation(PAID_CELL, _number_rule(
            "全年执行数（万元）", f"{until}，单位为万元；未掌握请留空，不要填 0。"
        ))
        sheet.data_validation(FILLED_BY_CELL, {
            "validate": "length", "criteria": "<=", "value": 50,
            "error_title": "填报人", "error_message": "填报人最多 50 字。",
        })
        sheet.set_row(FACTS_ROW - 1, 24)
        sheet.set_row(MONEY_ROW - 1, 30)
        sheet.merge_range(
            f"A{MONEY_ROW + 1}:{LAST_LETTER}{MONEY_ROW + 1}",
            "只填浅黄色单元格，灰色单元格不填；整行留空表示本轮未填报（不等于 0）；"
            "分子、分母填实际数，不填百分比。填法见「填写说明」。请勿增删行列、改动表头。",
            self._note,
        )
        sheet.set_row(MONEY_ROW, 20)

    def _write_head(self) -> None:
        sheet, top = self._sheet, HEAD_ROW
        first, last = COLUMNS[ACTUAL_FIELDS[0]][0], COLUMNS[ACTUAL_FIELDS[-1]][0]
        sheet.merge_range(f"{first}{top}:{last}{top}", ACTUAL_HEAD, self._label)
        for field, (letter, head, width) in COLUMNS.items():
            sheet.set_column(f"{letter}:{letter}", width)
            if field in ACTUAL_FIELDS:
                sheet.write_string(f"{letter}{top + 1}", head, self._label)
            else:
                sheet.merge_range(f"{letter}{top}:{letter}{top + 1}", head, self._label)
        sheet.set_row(top - 1, 18)
        sheet.set_row(top, 32)

    def _write_row(self, row_no: int, row: FormRow) -> None:
        sheet = self._sheet
        sheet.write_number(cell("indicator_no", row_no), row.indicator_no, self._centre)
        for field in ("dimension", "measure", "target_text", "unit"):
            sheet.write_string(cell(field, row_no), getattr(row, field), self._centre)
        sheet.write_string(cell("name", row_no), row.name, self._words)
        sheet.write_string(cell("labels", row_no), _labels(row), self._words)
        sheet.write_string(cell("prior_round_text", row_no), row.prior_round_text or "—", self._centre)
        sheet.write_number(cell("weight", row_no), float(row.weight_micro / MICRO), self._weight)
        asked = asked_fields(row.entry)
        if row.entry is EntryKind.FROM_RECEIPT:
            first, last = cell(ACTUAL_FIELDS[0], row_no), cell(TEXT_FIELDS[-1], row_no)
            sheet.merge_range(f"{first}:{last}", RECEIPT_TEXT, self._shut)
            for field in ("not_applicable", "claimed_points"):
                sheet.write_blank(cell(field, row_no), None, self._shut)
        else:
            self._write_applicability(cell("not_applicable", row_no))
            for field in (*ACTUAL_FIELDS, *TEXT_FIELDS, "claimed_points"):
                self._write_entry(cell(field, row_no), field, row, field in asked)
        sheet.set_row(row_no - 1, _height(row))

    def _write_entry(self, address: str, field: str, row: FormRow, is_asked: bool) -> None:
        sheet = self._sheet
        if not is_asked:
            sheet.write_blank(address, None, self._shut)
            return
        is_text = field in TEXT_FIELDS or field == "band"
        style = self._open_words if is_text else self._open_number
        if field == "prior_value" and row.prior_value is not None:
            sheet.write_number(address, float(row.prior_value), style)
        else:
            sheet.write_blank(address, None, style)
        sheet.data_validation(address, self._rule(field, row))

    def _write_applicability(self, address: str) -> None:
        self._sheet.write_blank(address, None, self._open_words)
        self._sheet.data_validation(address, {
            "validate": "list", "source": [NOT_APPLICABLE], "input_title": NOT_APPLICABLE,
            "input_message": "本单位没有这项业务时选“不适用”，并在佐证说明中写明理由；有这项业务请留空。",
            "error_title": NOT_APPLICABLE, "error_message": "只能选“不适用”或留空。",
        })

    def _rule(self, field: str, row: FormRow) -> dict[str, Any]:
        head = COLUMNS[field][1]
        if field == "band":
            labels = [BAND_LABELS[band] for band in self._form.band_limits]
            return {
                "validate": "list", "source": labels, "input_title": head,
                "input_message": "从下拉表中选择。", "error_title": head,
                "error_message": f"请从下拉表中选择：{'、'.join(labels)}。",
            }
        if field == "band_share":
            spans = _spans(self._form)
            return {**_number_rule(head, f"填 0—100 的数，不带 %。{spans}。"),
                    "criteria": "between", "minimum": 0, "maximum": 100,
                    "error_message": "档内完成比例应为 0—100 的数，并落在所选等次的区间内。"}
        if field == "claimed_points":
            most = show_exact(row.weight_micro)
            return {**_number_rule(head, f"自己评的分，0 至 {most} 分；可以不填，不填不等于 0。"),
                    "criteria": "between", "minimum": 0, "maximum": math.ceil(row.weight_micro / 10_000) / 100,
                    "error_message": f"自评得分应为 0 至 {most} 分的数字，不带单位。"}
        if field in TEXT_FIELDS:
            return {
                "validate": "length", "criteria": "<=", "value": MAX_TEXT_LENGTH, "ignore_blank": True,
                "error_title": head, "error_message": f"{head}最多 {MAX_TEXT_LENGTH} 字。",
            }
        label = {"numerator": row.numerator_label, "denominator": row.denominator_label}.get(field, "")
        unit = "" if field in ("numerator", "denominator") else row.unit
        words = "".join([label or f"{head}", f"（{unit}）" if unit else ""])
        return _number_rule(head, f"{words}。填数字，不带单位；未掌握请留空。")

    def _set_page(self) -> None:
        sheet = self._sheet
        sheet.protect("", {"format_rows": True, "format_columns": True, "select_locked_cells": True})
        sheet.freeze_panes(FIRST_ROW - 1, 4)
        sheet.set_landscape()
        sheet.set_paper(A4_PAPER)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW - 1, FIRST_ROW - 2)
        sheet.print_area(0, 0, FIRST_ROW - 2 + len(self._form.rows), len(COLUMNS) - 1)
        sheet.set_footer("&L&9" + self._form.recipient_name + "&R&9第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)
        sheet.set_zoom(90)


def _number_rule(title: str, message: str) -> dict[str, Any]:
    return {
        "validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True,
        "input_title": title[:32], "input_message": message[:255],
        "error_title": title[:32], "error_message": "请填不小于 0 的数字，不带单位和百分号。",
    }


def _spans(form: ReportForm) -> str:
    return "；".join(f"{BAND_LABELS[band]} {form.band_span(band)}" for band in form.band_limits)


def _labels(row: FormRow) -> str:
    """What the cells of this indicator mean."""
    match row.entry:
        case EntryKind.RATIO | EntryKind.COVERAGE:
            return f"分子：{row.numerator_label or '实际数'}\n分母：{row.denominator_label or '应有数'}"
        case EntryKind.VALUE:
            return f"本年值（{row.unit}）" if row.unit else "本年值"
        case EntryKind.VERSUS_PRIOR:
            unit = f"（{row.unit}）" if row.unit else ""
            return f"本年值、上年值{unit}"
        case EntryKind.RATIO_VERSUS_PRIOR:
            counts = f"分子：{row.numerator_label or '实际数'}\n分母：{row.denominator_label or '应有数'}"
            return f"{counts}\n上年值：上年比率（%）"
        case EntryKind.QUALITATIVE:
            return "选等次，填档内完成比例，写佐证"
        case EntryKind.FROM_RECEIPT:
            return "无需填写"


def _height(row: FormRow) -> float:
    """Points for the tallest cell of a row; people then have room for three lines of their own words."""
    texts = {
        "dimension": row.dimension, "measure": row.measure, "name": row.name, "unit": row.unit,
        "target_text": row.target_text, "labels": _labels(row), "prior_round_text": row.prior_round_text,
    }
    lines = max(_lines(text, COLUMNS[field][2]) for field, text in texts.items())
    return LINE_POINTS * max(lines, 2) + 4


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; a Chinese character is two narrow ones wide."""
    usable = max(2, math.floor(width) - 1)
    return sum(max(1, math.ceil(_width(part) / usable)) for part in text.split("\n"))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _write_guide(workbook: Any, form: ReportForm) -> None:
    """The sheet 填写说明."""
    sheet = workbook.add_worksheet(GUIDE_NAME)
    head = workbook.add_format({**_FONT, "bold": True, "bg_color": _BAND, "border": 1, "border_color": _RULE})
    words = workbook.add_format({**_FONT, "border": 1, "border_color": _RULE, "valign": "top"})
    title = workbook.add_format({**_FONT, "font_name": "黑体", "font_size": 14, "text_wrap": False})
    sheet.write_string("A1", "填写说明", title)
    sheet.write_row("A2", ["事项", "怎么填"], head)
    for row_no, (what, how) in enumerate(_guide(form), start=3):
        sheet.write_string(f"A{row_no}", what, words)
        sheet.write_string(f"B{row_no}", how, words)
        sheet.set_row(row_no - 1, LINE_POINTS * max(_lines(how, 92), _lines(what, 22)) + 6)
    sheet.set_column("A:A", 22)
    sheet.set_column("B:B", 92)
    sheet.set_row(0, 26)
    sheet.protect("")
    sheet.set_landscape()
    sheet.set_paper(A4_PAPER)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def _guide(form: ReportForm) -> list[tuple[str, str]]:
    after: Decimal = form.after_yuan / WAN
    return [
        ("适用范围", f"{form.document_number}，{form.recipient_name}，{form.round_name}。"
                 "本表只用于该单位本轮填报，其他单位、其他轮次请重新下载。"),
        ("颜色", "浅黄色单元格由填报单位填写；灰色和白色单元格已锁定，不填。"),
        ("留空与 0", "整行留空表示本轮未填报；0 表示实际为零。两者含义不同，未掌握的数据请留空。"),
        ("全年执行数", f"截至{form.period_end_on.isoformat()}的累计支出数，单位为万元，最多六位小数；"
                  f"本单位调整后金额为 {after:,.2f} 万元。"),
        ("比率类指标", "分别填写分子和分母的实际数，系统计算比率；不直接填写百分比；分子不得大于分母。"),
        ("应保尽保、应救尽救类指标", "分子填实际保障（救助）数，分母填应保障（救助）数。"),
        ("数值类指标", "填写本年值，单位见“计量单位”栏。"),
        ("与上年比较的指标", "填写本年值和上年值；上年值已预填的请核对，有误可更正；"
                     "没有上年数可留空，系统标为“待补上年数”。"),
        ("比率与上年比较的指标", "填写本年的分子和分母，上年值填上年比率（%），例如 96.5。"),
        ("定性指标", f"先选等次，再填档内完成比例（0—100 的数），并写明佐证。区间：{_spans(form)}。"),
        ("不适用", "本单位没有这项业务时，在“不适用”列选择“不适用”，在佐证说明中写明理由，数值留空；不计入得分。"),
        ("时限类指标", RECEIPT_TEXT + "。"),
        ("自评得分", "可以不填。填本单位自己评的分，从 0 到“分值”栏的数，最多六位小数；系统按所填数据另行复算，"
                 "两个得分并列显示，差多少、为什么差都写明。没有填数据的指标不填自评得分。"),
        ("偏差原因、改进措施", f"未达到目标或偏差较大的指标应填写，每格最多 {MAX_TEXT_LENGTH} 字。"),
        ("数字写法", "1102、1,102、１１０２ 均可；可带与“计量单位”相同的单位；不接受其他文字、日期、错误值。"),
        ("个人信息", "佐证说明中不要填写姓名、身份证号、银行账号等个人信息。"),
        ("上传后", "系统逐格检查，一次列出全部有问题的单元格和原因；有一处错误即全部不写入，改正后重新上传。"),
    ]
