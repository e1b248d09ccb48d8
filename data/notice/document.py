"""A file as lines and grids with positions: what every notice format becomes before anything is understood."""

from __future__ import annotations

from dataclasses import dataclass

from data.model import Line


@dataclass(frozen=True)
class GridCell:
    """A cell of a table as the file has it.

    ``is_continued`` is true where a merged cell goes on: its text is then empty here and stands
    in the cell where the merge begins.
    """

    text: str
    line_no: int
    is_continued: bool = False


@dataclass(frozen=True)
class Grid:
    """A table as the file has it: rows of equal length, before anyone knows what it means."""

    line_no: int                              # of its first row
    rows: tuple[tuple[GridCell, ...], ...]
    caption: str = ""                         # a sheet's name, or the line above, where the file says so


@dataclass(frozen=True)
class Document:
    """A file as lines (every word of it, in reading order) and the tables that the format itself marks.

    A grid's rows stand among the lines too, cells joined by tabs, so that every cell has a line to show.
    Plain text has no grids: ``data.notice.grids`` finds them in the lines.
    """

    file_name: str
    file_sha256: str
    lines: tuple[Line, ...]
    grids: tuple[Grid, ...] = ()
    remarks: tuple[str, ...] = ()      # sentences about what whoever opens the file does not see
