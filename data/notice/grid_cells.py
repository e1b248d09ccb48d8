"""Cells out of the lines of a table: between pipes, between spaces, behind a name that a figure is glued to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from data.model import Line
from data.notice.document import GridCell

GLUED = re.compile(
    r"^\s*([^\d\s|:。,;()]{2,16}?)(-?\d[\d,]*(?:\.\d+)?)((?: +-?\d[\d,]*(?:\.\d+)?)*)\s*$"
)


def cells_between_pipes(line: Line) -> list[GridCell]:
    """The cells of one row; a pipe at either end is the frame."""
    text = line.text.strip()
    inner = text.removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") else inner
    return [GridCell(part.strip(), line.line_no) for part in inner.split("|")]


def stream_of_pipes(lines: Sequence[Line]) -> Iterator[GridCell]:
    """Cells between pipes with the lines joined; a run of pipes on one line is a merged cell's filler."""
    pending: GridCell | None = None
    for line in lines:
        text = line.text.strip()
        if re.fullmatch(r"\|{2,}", text):
            continue
        parts = text.split("|")
        for at, part in enumerate(parts):
            words = part.strip()
            if words:
                if pending is not None:
                    yield pending
                pending = GridCell(words, line.line_no)
            if at < len(parts) - 1:
                if pending is not None:
                    yield pending
                    pending = None
                elif not (at == 0 and text != "|"):
                    yield GridCell("", line.line_no)
    if pending is not None:
        yield pending


def spaced_cells(line: Line, are_glued: bool) -> list[GridCell]:
    """「河北33.86 33.39  2.16」: each further space than one between figures is an empty cell."""
    glued = re.match(r"^\s*([^\d\s|]+?)(-?\d[\d, .-]*|\s+-?\d.*)?\s*$", line.text) if are_glued else None
    if glued:
        figures = (glued.group(2) or "").split(" ")
        return [GridCell(glued.group(1), line.line_no), *(GridCell(part, line.line_no) for part in figures)]
    return [GridCell(part, line.line_no) for part in words_between_spaces(line.text)]


def words_between_spaces(text: str) -> list[str]:
    """The words of a line; single characters set wide apart are one word.

    >>> words_between_spaces("合  计 300 睢 县 20")
    ['合计', '300', '睢县', '20']
    """
    return re.sub(r"(?<!\S)([一-龥])\s+([一-龥])(?!\S)", r"\1\2", text).split()
