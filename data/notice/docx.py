"""Word documents → paragraphs and tables in the order of the body, merged cells kept as merged."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx

from data.archives import damage_as_file_error
from data.errors import FileError
from data.files import CheckedFile
from data.notice.document import Document
from data.notice.writing import CellText, DocumentWriter

MAX_TABLE_ROWS = 20_000
MAX_TABLE_COLUMNS = 256

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = {_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml", _W + "smartTag", _W + "moveTo"}
_GONE = {_W + "del", _W + "moveFrom", _FALLBACK}   # struck out by a reviser, or said a second time
_BREAKS = {_W + "br", _W + "cr"}


def read_docx(file: CheckedFile) -> Document:
    """The paragraphs and tables of a Word document.

    Headers, footers, foot notes and automatic paragraph numbers are not read.

    Raises: FileError if it is damaged or holds no word.
    """
    with damage_as_file_error(file.file_name):
        body = docx.Document(io.BytesIO(file.content)).element.body
        writer = DocumentWriter(file)
        _read_body(body, writer, file.file_name)
        document = writer.document()
    if not any(line.text.strip() for line in document.lines):
        raise FileError(f"《{file.file_name}》里没有文字（可能是图片或扫描件），请上传文字版。")
    return document


def _read_body(body: Any, writer: DocumentWriter, file_name: str) -> None:
    paragraph_no = table_no = 0
    for block in _blocks(body):
        if block.tag == _W + "p":
            paragraph_no += 1
            for text in _paragraph_texts(block):
                for line in text.split("\n"):
                    writer.add_line(line, f"第{paragraph_no}段")
        else:
            table_no += 1
            place = f"第{table_no}个表格"
            rows = _table_rows(block)
            if len(rows) > MAX_TABLE_ROWS or any(len(row) > MAX_TABLE_COLUMNS for row in rows):
                raise FileError(
                    f"《{file_name}》{place}超过 {MAX_TABLE_ROWS} 行或 {MAX_TABLE_COLUMNS} 列，"
                    "请拆分后再上传。"
                )
            cells = [writer.add_row(row, f"{place}第{no}行") for no, row in enumerate(rows, start=1)]
            writer.add_grid(cells)


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those inside content controls and accepted insertions."""
    for child in parent:
        if child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _paragraph_texts(paragraph: Any) -> list[str]:
    """The paragraph's own words, after the words of text boxes anchored in it (a red head often is one)."""
    boxes: list[str] = []
    own = "".join(_words(paragraph, boxes))
    return [*boxes, own]


def _words(parent: Any, boxes: list[str]) -> Iterator[str]:
    for child in parent:
        tag = child.tag
        if tag in _GONE or not isinstance(tag, str):
            continue
        if tag == _W + "t":
            yield child.text or ""
        elif tag == _W + "tab":
            # <w:tab> inside <w:tabs> is a setting, not a character; it stands in pPr, left out below.
            yield "\t"
        elif tag in _BREAKS:
            yield "\n"
        elif tag == _W + "noBreakHyphen":
            yield "-"
        elif tag == _W + "txbxContent":
            for block in _blocks(child):
                boxes.extend(_paragraph_texts(block) if block.tag == _W + "p" else _box_table(block))
        elif tag not in (_W + "pPr", _W + "rPr"):
            yield from _words(child, boxes)


def _box_table(table: Any) -> list[str]:
    return ["\t".join(cell or "" for cell in row) for row in _table_rows(table)]


def _table_rows(table: Any) -> list[list[CellText]]:
    """The cells of a table on its grid: None where a cell is merged into the one before or above."""
    rows: list[list[CellText]] = []
    for row in _within(table, _W + "tr"):
        cells: list[CellText] = [""] * _setting(row, "trPr", "gridBefore", 0)
        for cell in _within(row, _W + "tc"):
            span = max(1, _setting(cell, "tcPr", "gridSpan", 1))
            cells.append(None if _is_merged_up(cell) else _cell_text(cell))
            cells.extend([None] * (min(span, MAX_TABLE_COLUMNS) - 1))
        rows.append(cells)
    return rows


def _within(parent: Any, tag: str) -> Iterator[Any]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _within(child, tag)


def _cell_text(cell: Any) -> str:
    texts: list[str] = []
    for block in _blocks(cell):
        texts.extend(_paragraph_texts(block) if block.tag == _W + "p" else _box_table(block))
    return "\n".join(text for text in texts if text.strip()).strip()


def _is_merged_up(cell: Any) -> bool:
    """Whether the cell goes on from the one above (vMerge) or, in old files, from the left (hMerge)."""
    for name in ("vMerge", "hMerge"):
        merge = cell.find(f"{_W}tcPr/{_W}{name}")
        if merge is not None and merge.get(_W + "val", "continue") == "continue":
            return True
    return False


def _setting(element: Any, properties: str, name: str, default: int) -> int:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    value = found.get(_W + "val", "") if found is not None else ""
    return min(int(value), MAX_TABLE_COLUMNS + 1) if value.isdecimal() else default
