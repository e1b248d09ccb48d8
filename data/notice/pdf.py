"""PDF files with a text layer → paragraphs and ruled tables, page by page."""

from __future__ import annotations

import io
import logging
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfplumber.utils.text import extract_text

from data.archives import check_streams, damage_as_file_error, encrypted_sentence
from data.errors import FileError
from data.files import CheckedFile
from data.notice.document import Document, GridCell
from data.notice.writing import CellText, DocumentWriter, joined

MAX_PAGES = 200
MAX_PAGE_CHARACTERS = 100_000
SAME_EDGE = 3.0          # points; rules that are drawn twice lie this near to each other

_PAGE_NUMBER = re.compile(
    r"[-—–－─\s·]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/／共]\s*\d{1,3}\s*页?)?[-—–－─\s·]*"
)
_NEW_PARAGRAPH = re.compile(r"\d{1,2}\s*[.．、]|[（(]?[一二三四五六七八九十]{1,3}[)）、]|附件")
_SENTENCE_END = ("。", "；", ";", "：", ":", "！", "？")

logging.getLogger("pdfminer").setLevel(logging.ERROR)   # it warns about every odd font


@dataclass(frozen=True)
class _VisualLine:
    """A line of words as printed on a page."""

    text: str
    left: float
    right: float
    top: float
    size: float
    place: str


@dataclass(frozen=True)
class _Table:
    """A ruled table of one page."""

    rows: list[list[CellText]]
    edges: tuple[float, ...]     # of its columns
    top: float
    page_no: int


@dataclass
class _Open:
    """A table that may go on over the next page."""

    cells: list[tuple[GridCell, ...]] = field(default_factory=list)
    edges: tuple[float, ...] = ()
    head: list[CellText] = field(default_factory=list)
    row_no: int = 0


def read_pdf(file: CheckedFile) -> Document:
    """The paragraphs and ruled tables of a PDF.

    Lines that the page width broke are put together again; page numbers are left out; a table that
    goes on over a page is one grid.

    Raises: FileError if it is damaged, encrypted, too long, or only pictures of pages.
    """
    with damage_as_file_error(file.file_name):
        check_streams(file.content, file.file_name)
        if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", file.content) and not _opens(file.content):
            raise FileError(encrypted_sentence(file.file_name))
        with pdfplumber.open(io.BytesIO(file.content)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise FileError(
                    f"《{file.file_name}》有 {len(pdf.pages)} 页，超过 {MAX_PAGES} 页上限，请拆分后再上传。"
                )
            pages: list[list[_VisualLine | _Table]] = []
            for page_no, page in enumerate(pdf.pages, start=1):
                if len(page.chars) > MAX_PAGE_CHARACTERS:
                    raise FileError(f"《{file.file_name}》第{page_no}页文字过多，请拆分后再上传。")
                pages.append(_page_blocks(page, page_no))
                page.close()
        document = _written(file, pages)
    if not any(line.text.strip() for line in document.lines):
        raise FileError(
            f"《{file.file_name}》没有可读取的文字层（扫描件、图片或特殊字体），请上传文字版 PDF、Word 或 Excel。"
        )
    return document


def _opens(content: bytes) -> bool:
    """Whether an encrypted file opens without a password: many are only locked against printing."""
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages) > 0
    except Exception:
        return False


def _page_blocks(page: Any, page_no: int) -> list[_VisualLine | _Table]:
    """The tables of a page and the lines outside them, from top to bottom."""
    found = [table for table in page.find_tables() if len(table.cells) > 1]
    tables = [_read_table(page, table, page_no) for table in found]
    boxes = [table.bbox for table in found]
    outside = page.filter(lambda item: not any(_is_inside(item, box) for box in boxes))
    lines = [
        (line["text"], line) for line in outside.extract_text_lines(return_chars=True) if line["text"].strip()
    ]
    visual = [
        _VisualLine(
            text, line["x0"], line["x1"], line["top"],
            max(char["size"] for char in line["chars"]), f"第{page_no}页第{no}行",
        )
        for no, (text, line) in enumerate(lines, start=1)
    ]
    if visual and visual[-1].top > page.height * 0.85 and _PAGE_NUMBER.fullmatch(visual[-1].text):
        visual.pop()
    blocks: list[_VisualLine | _Table] = [*visual, *tables]
    return sorted(blocks, key=lambda block: block.top)


def _is_inside(item: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle_x, middle_y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= middle_x <= box[2] and box[1] <= middle_y <= box[3])


def _read_table(page: Any, table: Any, page_no: int) -> _Table:
    """A ruled table on its full grid of rules: a cell over several columns or rows begins at its top left."""
    columns = _edges(edge for cell in table.cells for edge in (cell[0], cell[2]))
    lines = _edges(edge for cell in table.cells for edge in (cell[1], cell[3]))
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for cell in table.cells:
        begin = (_slot(lines, cell[1]), _slot(columns, cell[0]))
        for row_no in range(begin[0], max(begin[0] + 1, _slot(lines, cell[3]))):
            for column_no in range(begin[1], max(begin[1] + 1, _slot(columns, cell[2]))):
                owner.setdefault((row_no, column_no), begin)
    words: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for char in page.chars:
        if _is_inside(char, table.bbox):
            slot = (
                bisect_right(lines, (char["top"] + char["bottom"]) / 2) - 1,
                bisect_right(columns, (char["x0"] + char["x1"]) / 2) - 1,
            )
            words.setdefault(owner.get(slot, slot), []).append(char)
    rows: list[list[CellText]] = [
        [
            _cell_text(words.get((row_no, column_no), []))
            if owner.get((row_no, column_no), (row_no, column_no)) == (row_no, column_no) else None
            for column_no in range(len(columns) - 1)
        ]
        for row_no in range(len(lines) - 1)
    ]
    return _Table(rows, tuple(columns), table.bbox[1], page_no)


def _edges(positions: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for position in sorted(positions):
        if not edges or position - edges[-1] > SAME_EDGE:
            edges.append(position)
    return edges


def _slot(edges: Sequence[float], position: float) -> int:
    """The number of the edge that a position lies on."""
    return bisect_right(edges, position + 0.01) - 1


def _cell_text(chars: list[dict[str, Any]]) -> str:
    """The words of a cell: broken lines joined, its numbered paragraphs kept apart."""
    if not chars:
        return ""
    paragraphs: list[list[str]] = []
    for line in str(extract_text(chars)).split("\n"):
        is_new = not paragraphs or (
            paragraphs[-1][-1].rstrip().endswith(_SENTENCE_END) and _NEW_PARAGRAPH.match(line.strip())
        )
        if is_new:
            paragraphs.append([])
        paragraphs[-1].append(line)
    return "\n".join(joined(paragraph) for paragraph in paragraphs)


def _written(file: CheckedFile, pages: list[list[_VisualLine | _Table]]) -> Document:
    writer = DocumentWriter(file)
    table: _Open | None = None
    paragraph: list[_VisualLine] = []
    lines = [block for page in pages for block in page if isinstance(block, _VisualLine)]
    left, right = _margins(lines)

    def end_paragraph() -> None:
        if paragraph:
            writer.add_line(joined([line.text for line in paragraph]), paragraph[0].place)
            paragraph.clear()

    for block in (block for page in pages for block in page):
        if isinstance(block, _VisualLine):
            if table:
                writer.add_grid(table.cells)
                table = None
            if paragraph and not _goes_on(paragraph[-1], block, left, right):
                end_paragraph()
            paragraph.append(block)
            continue
        end_paragraph()
        if table and not _is_same_table(table.edges, block.edges):
            writer.add_grid(table.cells)
            table = None
        table = _continued(table, block, writer)
    end_paragraph()
    if table:
        writer.add_grid(table.cells)
    return writer.document()


def _continued(table: _Open | None, block: _Table, writer: DocumentWriter) -> _Open:
    """A page's rows added to the table that began before; a head that is printed again is dropped."""
    is_first = table is None
    table = table or _Open(edges=block.edges, head=block.rows[0] if block.rows else [])
    for row_no, row in enumerate(block.rows, start=1):
        if not is_first and row_no == 1 and row == table.head and any(row):
            continue
        table.cells.append(writer.add_row(row, f"第{block.page_no}页表格第{row_no}行"))
    return table


def _is_same_table(edges: Sequence[float], others: Sequence[float]) -> bool:
    return len(edges) == len(others) and all(
        abs(edge - other) <= SAME_EDGE for edge, other in zip(edges, others, strict=True)
    )


def _margins(lines: Sequence[_VisualLine]) -> tuple[float, float]:
    """Where the lines of running text begin and end: the outermost places that several lines share."""
    lefts = sorted(line.left for line in lines)
    rights = sorted((line.right for line in lines), reverse=True)
    return _shared(lefts), _shared(rights)


def _shared(positions: Sequence[float]) -> float:
    for one, other in pairwise(positions):
        if abs(one - other) <= SAME_EDGE:
            return one
    return positions[0] if positions else 0.0


def _goes_on(before: _VisualLine, line: _VisualLine, left: float, right: float) -> bool:
    """Whether a line is the rest of the paragraph before: that one is full, this one is not indented."""
    is_full = before.right >= right - 1.5 * before.size
    is_flush = line.left <= left + 0.5 * line.size
    is_same_type = abs(before.size - line.size) < 1
    return is_full and is_flush and is_same_type and before.left <= left + 3 * before.size
