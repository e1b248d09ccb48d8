"""The tables of a paper as an Excel workbook: figures are numbers with a format, words are words and never formulas."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from datetime import datetime, time
from itertools import pairwise
from typing import Any

import xlsxwriter

from dashboard.look import GRID
from dashboard.papers.content import LANDSCAPE_MM, PORTRAIT_MM, Cell, Paper, Paragraph, Table, printable
from dashboard.papers.fixed_bytes import fixed_zip
from data.sheets import PLAIN_WORKBOOK

_FIGURE = re.compile(r"([+−-]?)(\d{1,3}(?:,\d{3})*|\d+)(\.\d+)?(%?)")
_MM_PER_WIDTH = 2.1      # one unit of a column's width
_LINE_PT, _LONGEST_SHEET_NAME = 15.0, 31
_BASE = {"font_name": "仿宋_GB2312", "font_size": 11, "valign": "vcenter", "text_wrap": True}


def write_workbook(paper: Paper) -> bytes:
    """One sheet for each of the paper's titled tables, an untitled one under the one before it.

    The same paper always gives the same bytes.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN_WORKBOOK) as book:
        book.set_properties({
            "title": printable(paper.title), "author": "问效", "created": datetime.combine(paper.as_of_on, time()),
        })
        writer = _Writer(book, paper)
        for group in _sheets(paper):
            writer.sheet(group)
    return fixed_zip(buffer.getvalue())


def _sheets(paper: Paper) -> list[list[Table | Paragraph]]:
    """The tables with the notes under them, those of one sheet together."""
    groups: list[list[Table | Paragraph]] = []
    for block in (*paper.blocks, *paper.annex_blocks):
        if isinstance(block, Table):
            if groups and (not block.is_titled) and isinstance(groups[-1][-1], Table):
                groups[-1].append(block)
            else:
                groups.append([block])
        elif isinstance(block, Paragraph) and block.style == "note" and groups:
            groups[-1].append(block)
    return groups


class _Writer:
    """Writes sheets of one workbook; a format is made once."""

    def __init__(self, book: Any, paper: Paper) -> None:
        self._book, self._paper = book, paper
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: defaultdict[str, int] = defaultdict(int)

    def _format(self, **more: Any) -> Any:
        key = tuple(sorted(more.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**_BASE, **more})
        return self._formats[key]

    def sheet(self, group: list[Table | Paragraph]) -> None:
        tables = [part for part in group if isinstance(part, Table)]
        first = tables[0]
        sheet = self._book.add_worksheet(self._name(first.name))
        edges, width = _edges(tables), sum(first.widths_mm)
        for place, (left, right) in enumerate(pairwise(edges)):
            sheet.set_column(place, place, (right - left) / _MM_PER_WIDTH)
        last = len(edges) - 2
        row_no = self._top(sheet, first, last)
        for part in group:
            if isinstance(part, Paragraph):
                sheet.merge_range(row_no, 0, row_no, last, "", self._format(align="left"))
                sheet.write_string(row_no, 0, printable(part.text), self._format(align="left"))
                sheet.set_row(row_no, _LINE_PT * _line_count(part.text, width))
                row_no += 1
            else:
                self._table(sheet, part, row_no, edges)
                if part.head_count and part is tables[-1]:
                    sheet.repeat_rows(row_no, row_no + part.head_count - 1)
                row_no += len(part.rows)
        sheet.set_paper(9)
        if width > PORTRAIT_MM + 10 or width > LANDSCAPE_MM:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C— &P —")
        if self._paper.header:
            sheet.set_header(f"&C{self._paper.header}")

    def _name(self, name: str) -> str:
        plain = re.sub(r"[\[\]:*?/\\']", "", name)[:_LONGEST_SHEET_NAME - 3] or "表"
        self._names[plain] += 1
        return plain if self._names[plain] == 1 else f"{plain}{self._names[plain]}"

    def _top(self, sheet: Any, table: Table, last: int) -> int:
        """The title, what every page says, and the unit, each on a row of its own."""
        lines = [
            (table.name if table.is_titled else self._paper.title, {"bold": True, "font_size": 16, "align": "center"}),
            ("" if table.is_titled else self._paper.subtitle, {"align": "center"}),
            (self._paper.header, {"align": "center", "bold": True}),
            (table.unit_words, {"align": "right"}),
        ]
        row_no = 0
        for words, look in lines:
            if words:
                sheet.merge_range(row_no, 0, row_no, last, "", self._format(**look))
                sheet.write_string(row_no, 0, printable(words), self._format(**look))
                sheet.set_row(row_no, 28 if look.get("font_size") else 18)
                row_no += 1
        return row_no

    def _table(self, sheet: Any, table: Table, top: int, edges: list[float]) -> None:
        starts = _starts(table)
        heights = [1.0] * len(table.rows)
        for row_no, column_no, cell in table.placed():
            first = edges.index(starts[column_no])
            last = edges.index(starts[column_no + cell.across]) - 1
            look = self._look(cell)
            if cell.down > 1 or last > first:
                sheet.merge_range(top + row_no, first, top + row_no + cell.down - 1, last, "", look)
            self._write(sheet, top + row_no, first, cell, look)
            width = starts[column_no + cell.across] - starts[column_no]
            heights[row_no] = max(heights[row_no], _line_count(cell.text, width) / cell.down)
        for row_no, lines in enumerate(heights):
            sheet.set_row(top + row_no, min(409.0, _LINE_PT * lines + 6))

    def _look(self, cell: Cell) -> Any:
        look: dict[str, Any] = {"border": 1, "align": "left" if cell.is_left else "center"}
        if cell.is_head:
            look |= {"bold": True, "bg_color": GRID}
        if cell.is_figure and (found := figure(cell.text)):
            look["num_format"] = found[1]
        return self._format(**look)

    def _write(self, sheet: Any, row_no: int, column_no: int, cell: Cell, look: Any) -> None:
        found = figure(cell.text) if cell.is_figure else None
        if found:
            sheet.write_number(row_no, column_no, found[0], look)
        else:
            sheet.write_string(row_no, column_no, printable(cell.text), look)


def figure(words: str) -> tuple[float, str] | None:
    """The number that a screen's words are and the format that shows it as those words; None for other words.

    >>> figure("20,251"), figure("−5.30"), figure("71.4%"), figure("+128"), figure("12/15")
    ((20251.0, '#,##0'), (-5.3, '#,##0.00'), (0.7140000000000001, '0.0%'), (128.0, '+#,##0;-#,##0;0'), None)
    """
    match = _FIGURE.fullmatch(words)
    if not match:
        return None
    sign, whole, decimals, percent = match.groups()
    number = float(whole.replace(",", "") + (decimals or ""))
    places = "." + "0" * (len(decimals) - 1) if decimals else ""
    if percent:
        return (-number if sign in ("−", "-") else number) / 100, f"0{places}%"
    shown = f"#,##0{places}"
    if sign == "+":
        return number, f"+{shown};-{shown};0"
    return -number if sign else number, shown


def _starts(table: Table) -> list[float]:
    """Where each column of a table begins, in mm, and where the last ends."""
    starts = [0.0]
    for width in table.widths_mm:
        starts.append(round(starts[-1] + width, 2))
    return starts


def _edges(tables: list[Table]) -> list[float]:
    """Where a column of any of these tables begins: the columns of their common sheet."""
    return sorted({edge for table in tables for edge in _starts(table)})


def _line_count(text: str, width_mm: float) -> float:
    """About how many lines words take in a column: a Chinese sign is 4.1 mm wide, another half of it."""
    signs = max(1.0, width_mm / 4.1)
    lines = 0
    for part in text.split("\n"):
        wide = sum(0.55 if sign.isascii() else 1.0 for sign in part)
        lines += max(1, -(-int(wide * 10) // int(signs * 10)))
    return float(lines)
