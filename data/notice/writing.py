"""Lines and grids as they are collected while a file is read, numbered in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.files import CheckedFile
from data.model import Line
from data.notice.document import Document, Grid, GridCell

CellText = str | None   # None where a merged cell goes on


class DocumentWriter:
    """Collects what a file says, in reading order, and keeps lines and grids in step."""

    def __init__(self, file: CheckedFile) -> None:
        """Start an empty document of this file."""
        self._file = file
        self._lines: list[Line] = []
        self._grids: list[Grid] = []
        self._remarks: list[str] = []

    def add_line(self, text: str, place: str) -> int:
        """One line of words; its number, counted from 1."""
        line_no = len(self._lines) + 1
        self._lines.append(Line(line_no, text, place))
        return line_no

    def add_row(self, cells: Sequence[CellText], place: str) -> tuple[GridCell, ...]:
        """A table row: a line with its cells joined by tabs, and the cells that carry its number."""
        line_no = self.add_line("\t".join(_one_line(cell or "") for cell in cells).rstrip("\t"), place)
        return tuple(GridCell(cell or "", line_no, is_continued=cell is None) for cell in cells)

    def add_grid(self, rows: Sequence[tuple[GridCell, ...]], caption: str = "") -> None:
        """A table of rows that stand among the lines already; shorter rows are filled up with empty cells."""
        width = max((len(row) for row in rows), default=0)
        if width == 0:
            return
        line_no = next(row[0].line_no for row in rows if row)
        full = tuple(row + (GridCell("", row[0].line_no),) * (width - len(row)) for row in rows if row)
        self._grids.append(Grid(line_no, full, caption))

    def add_remark(self, sentence: str) -> None:
        """A sentence about what whoever opens the file does not see."""
        self._remarks.append(sentence)

    def document(self) -> Document:
        """Everything collected so far."""
        return Document(
            self._file.file_name, self._file.sha256, tuple(self._lines), tuple(self._grids), tuple(self._remarks)
        )


def _one_line(text: str) -> str:
    """A cell's paragraphs on one line: Chinese words need no space between them, other words do."""
    return re.sub(r"(?<=[ -~])\s*\n\s*(?=[ -~])", " ", text).replace("\n", "").replace("\t", " ")


def joined(lines: Sequence[str]) -> str:
    """Visual lines of one paragraph put together again, with a space only between Latin words."""
    whole = ""
    for line in lines:
        words = line.strip()
        is_latin = bool(whole and words and whole[-1].isascii() and whole[-1].isalpha()
                        and words[0].isascii() and words[0].isalpha())
        whole += (" " if is_latin else "") + words
    return whole
