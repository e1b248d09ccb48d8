"""The founding notice written as Word and Excel, the way a bureau would: merged heads, merged groups.

``founding_blocks`` takes the words from tests/notices/founding/notice.txt; the merged cells of the target
sheet are put where the paper has them. Every builder returns the bytes of a file.
tests/notices/founding.pdf is the Word file printed to PDF once by LibreOffice Writer; its second table goes
on over a page.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import docx
import xlsxwriter
import xlwt

FOUNDING = Path(__file__).parent / "notices" / "founding" / "notice.txt"


@dataclass
class Table:
    """Rows of equal length and the rectangles that are merged: top, left, bottom, right."""

    name: str
    rows: list[list[str]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


Block = str | Table


def founding_blocks() -> list[Block]:
    """The notice as paragraphs and its two tables."""
    lines = FOUNDING.read_text(encoding="utf-8").splitlines()
    blocks: list[Block] = []
    run: list[list[str]] = []
    for line in [*lines, ""]:
        if "\t" in line or (run and line.strip() and not line.startswith("中央对地方")):
            run.append(line.split("\t"))
            continue
        if run:
            head = run[0][0]
            if head == "地(州、市)":
                blocks.append(_allocation(run))
            else:
                blocks.append(_targets(run))
            run = []
        if line.strip() and line.strip() != "---":
            blocks.append(line.strip())
    return blocks


def _allocation(rows: list[list[str]]) -> Table:
    """The printed head holds three cells under each of two source documents."""
    first = rows[0]
    head = [first[0], first[1], first[2], first[3], "", "", first[6], "", "", *first[9:11]]
    under = ["", "", "", *rows[1][3:9], "", ""]
    body = [(row + [""] * 11)[:11] for row in rows[2:]]
    merges = [(0, 3, 0, 5), (0, 6, 0, 8), *((0, column, 1, column) for column in (0, 1, 2, 9, 10))]
    merges.append((2, 0, 1 + len(body), 0))
    return Table("分配表", [head, under, *body], merges)


def _targets(rows: list[list[str]]) -> Table:
    """Cells that slipped to the left in the text go back under their own head."""
    body: list[list[str]] = []
    for row in rows:
        cells = (row + [""] * 5)[:5]
        if (body and cells[0] in ("项目名称", "中央主管部门", "年度总体目标", "绩效指标")) or not body:
            body.append(cells)
            continue
        words = [cell for cell in row if cell]
        if any(cell[0] == "绩效指标" for cell in body):
            name, target = words[-2:]
            groups = words[:-2]
            dimension = next((word for word in groups if word in DIMENSIONS), "")
            measure = next((word for word in groups if word not in DIMENSIONS), "")
            cells = ["", dimension, measure, name, target]
        body.append(cells)
    start = next(no for no, row in enumerate(body) if row[0] == "绩效指标")
    objectives = next(no for no, row in enumerate(body) if row[0] == "年度总体目标")
    body[objectives] = ["年度总体目标", body[objectives][2].replace("<p>", "").replace("</p>", "\n").strip(),
                        "", "", ""]
    body[objectives][1] = "\n".join(line.strip() for line in body[objectives][1].split("\n"))
    merges = [(objectives, 1, objectives, 4), (start, 0, len(body) - 1, 0)]
    for column in (1, 2):
        starts = [no for no in range(start + 1, len(body)) if body[no][column]] + [len(body)]
        merges += [
            (top, column, bottom - 1, column)
            for top, bottom in pairwise(starts) if bottom - 1 > top
        ]
    return Table("绩效目标表", body, merges)


DIMENSIONS = ("产出指标", "效益指标", "满意度指标")


def as_docx(blocks: list[Block]) -> bytes:
    """A Word file."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
        for top, left, bottom, right in block.merges:
            table.cell(top, left).merge(table.cell(bottom, right))
        hidden = _hidden(block)
        for row_no, row in enumerate(block.rows):
            for column_no, text in enumerate(row):
                if (row_no, column_no) not in hidden:
                    table.cell(row_no, column_no).text = text
    return _saved(document.save)


def as_xlsx(blocks: list[Block]) -> bytes:
    """An Excel file: the body on its own sheet, each table on a sheet with its title above."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        for name, paragraphs, table in _sheets(blocks):
            sheet = workbook.add_worksheet(name)
            for row_no, text in enumerate(paragraphs):
                sheet.write_string(row_no, 0, text)
            if table is None:
                continue
            first = len(paragraphs)
            hidden = _hidden(table)
            for row_no, row in enumerate(table.rows):
                for column_no, text in enumerate(row):
                    if (row_no, column_no) not in hidden:
                        sheet.write(first + row_no, column_no, _typed(text))
            for top, left, bottom, right in table.merges:
                sheet.merge_range(first + top, left, first + bottom, right, _typed(table.rows[top][left]))
    return buffer.getvalue()


def as_xls(blocks: list[Block]) -> bytes:
    """An old Excel file."""
    workbook = xlwt.Workbook(encoding="utf-8")
    for name, paragraphs, table in _sheets(blocks):
        sheet = workbook.add_sheet(name)
        for row_no, text in enumerate(paragraphs):
            sheet.write(row_no, 0, text)
        if table is None:
            continue
        first = len(paragraphs)
        hidden = _hidden(table)
        starts = {(top, left): (bottom, right) for top, left, bottom, right in table.merges}
        for row_no, row in enumerate(table.rows):
            for column_no, text in enumerate(row):
                if (row_no, column_no) in starts:
                    bottom, right = starts[row_no, column_no]
                    sheet.write_merge(
                        first + row_no, first + bottom, column_no, right, _typed(text)
                    )
                elif (row_no, column_no) not in hidden:
                    sheet.write(first + row_no, column_no, _typed(text))
    return _saved(workbook.save)


def _sheets(blocks: list[Block]) -> list[tuple[str, list[str], Table | None]]:
    """Sheets of the workbook: the words before the first table's title, then each table under its words."""
    words = [no for no, block in enumerate(blocks) if isinstance(block, Table)]
    title = next(
        no for no, block in enumerate(blocks) if isinstance(block, str) and block.startswith("附件1")
    )
    sheets: list[tuple[str, list[str], Table | None]] = [
        ("通知", [block for block in blocks[:title] if isinstance(block, str)], None)
    ]
    begin = title
    for no in words:
        table = blocks[no]
        assert isinstance(table, Table)
        sheets.append((table.name, [block for block in blocks[begin:no] if isinstance(block, str)], table))
        begin = no + 1
    return sheets


def _hidden(table: Table) -> set[tuple[int, int]]:
    """Cells that lie under a merged one."""
    return {
        (row_no, column_no)
        for top, left, bottom, right in table.merges
        for row_no in range(top, bottom + 1)
        for column_no in range(left, right + 1)
        if (row_no, column_no) != (top, left)
    }


def _typed(text: str) -> str | int:
    """Numbers stand in a workbook as numbers."""
    return int(text) if text.lstrip("-").isdecimal() else text


def _saved(save) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()
