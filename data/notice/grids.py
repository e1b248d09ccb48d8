"""Tables in the lines of a notice: where they stand, whatever separates their cells.

Files that mark their tables (Word, Excel) bring grids along; a text file does not, and each web page that a
notice passed through has left its own separators: tabs, pipes, one cell a line, spaces, or nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from data.model import Line
from data.notice.document import Document, Grid, GridCell
from data.notice.figures import is_unreadable, narrow, parse_number, squeeze, stated_unit
from data.notice.grid_cells import GLUED, cells_between_pipes, spaced_cells, stream_of_pipes, words_between_spaces
from data.notice.unit_names import is_total_word, is_unit_name
from data.notice.wording import simplified_lines


class Layout(StrEnum):
    """How much of a table's shape has come through."""

    GRID = "grid"        # rows and columns stand as they were drawn
    ROWS = "rows"        # rows are known, cells may have slid together
    STREAM = "stream"    # one cell after the other; where rows end must be worked out


@dataclass(frozen=True)
class Block:
    """A table as found, before anyone knows what it means.

    A STREAM has a single row with every cell; ``has_blanks`` tells whether its empty cells have come through.
    """

    title: str
    title_line_no: int
    unit: str
    grid: Grid
    layout: Layout
    has_blanks: bool
    last_line_no: int
    reaches_end: bool

    @property
    def cells(self) -> tuple[GridCell, ...]:
        """Every cell in reading order."""
        return tuple(cell for row in self.grid.rows for cell in row)


_TITLE_END = re.compile(r"(表|分配情况|安排情况|分配方案|分配明细)(\(.{0,20}\))?$")
_ANNEX_LIST = re.compile(r"^(附件|附表|附)\d*[:、.]|^\d{1,2}[.、]\D|^\d{1,2}\.20\d\d")
_ANNEX_HEAD = re.compile(r"^附[件表]?\d*:?$|^附件[一二三四五六]:?$")
_SENTENCE = re.compile(r"[。;]|^[一二三四五六七八九十]{1,3}、|^\([一二三四五六]\)|https?://|^\d{4}年\d{1,2}月\d{1,2}日|^\(?此件|^抄送|^附件?[::]?\d")
_TARGET_TITLE = re.compile(r"目标.{0,8}表|绩效.{0,10}表")
_FIRST_HEAD = re.compile(
    r"^(序号|县区|区县|县市区|县\(市?[、,]?区\)|县\(市、区\)|市县|市州|地区|单位|单位名称|乡镇|镇街|街镇"
    r"|乡镇\(街道\)|学校)$"
)
_NUMBERED = re.compile(
    r"^\s*(?:\d{1,3}|[一-龥]\s+[一-龥])\s+\S*[一-龥\d]\S*(?:\s+\S+){0,8}\s+\d[\d,.]*(?:\s+\S+){0,8}\s*$"
)
_SPACED = re.compile(r"^\s*\S*[一-龥]\S*(?:\s+\S+)*(?:\s+-?\d[\d,]*(?:\.\d+)?)+\s*$")
_BARE_NAME = re.compile(r"^[一-龥]{2,8}\s*$")
_PIPES_ONLY = re.compile(r"^[\s|]*\|[\s|]*$")
_RULE = re.compile(r"^[\s|:+-]*-{3,}[\s|:+-]*$")
_LONGEST_CELL = 60
_PAGE_MARK = re.compile(
    r"^(?:[-—－–―~·]*\d{1,3}[-—－–―~·]+|[-—－–―~·]+\d{1,3}|第?\d{1,3}页(?:[,/]?共\d{1,3}页)?|\(?续(?:上页|表)?\d*\)?|.{0,40}表\(?续(?:表)?\d*\)?|\(?接上页\)?)$"
)


def find_blocks(document: Document) -> tuple[Block, ...]:
    """Every table of a document, in reading order.

    Reads:  the grids that the format marks; then the lines that are in none of them.
    Empty:  an empty tuple; a page's frame of pipes without a figure in it is no table.
    """
    covered = {cell.line_no for grid in document.grids for row in grid.rows for cell in row}
    blocks = [_block_of_grid(grid, document) for grid in document.grids]
    scanner = _Scanner(simplified_lines(document.lines), covered)
    blocks += scanner.blocks()
    found = sorted((block for block in blocks if _has_figures(block)), key=lambda b: b.grid.line_no)
    joined: list[Block] = []
    for block in found:
        if joined and _goes_on_in(joined[-1], block, document.lines):
            joined[-1] = _joined(joined[-1], block)
        else:
            joined.append(block)
    return tuple(joined)


def _goes_on_in(block: Block, after: Block, lines: Sequence[Line]) -> bool:
    """Whether a table goes on behind a page break, under its own head once more."""
    if block.layout is not after.layout or block.layout is Layout.STREAM:
        return False
    if _texts(block.grid.rows[0]) != _texts(after.grid.rows[0]) or any(
            parse_number(cell.text) is not None for cell in block.grid.rows[0]):
        return False
    between = [squeeze(narrow(line.text)).strip("|") for line in lines
               if block.last_line_no < line.line_no < after.grid.line_no]
    title = squeeze(narrow(block.title))
    return all(not words or words == title
               or _PAGE_MARK.match(words) or (block.unit and stated_unit(words) == block.unit)
               for words in between)


def _texts(row: Sequence[GridCell]) -> list[str]:
    return [squeeze(cell.text) for cell in row]


def _joined(block: Block, after: Block) -> Block:
    heads = [_texts(row) for row in block.grid.rows]
    again = 0
    while again < min(len(after.grid.rows), len(heads)) and _texts(after.grid.rows[again]) == heads[again]:
        again += 1
    grid = replace(block.grid, rows=(*block.grid.rows, *after.grid.rows[again:]))
    return replace(block, grid=grid, last_line_no=after.last_line_no, reaches_end=after.reaches_end,
                   has_blanks=block.has_blanks and after.has_blanks)


def _has_figures(block: Block) -> bool:
    texts = [squeeze(cell.text) for cell in block.cells]
    is_target = any("三级指标" in text for text in texts) or bool(_TARGET_TITLE.search(block.title))
    return is_target or any(parse_number(text) is not None or is_unreadable(text) for text in texts)


def is_title(text: str) -> bool:
    """Whether a line names a table: 「…分配表」, not an entry of the list of annexes.

    >>> is_title("2021年补助资金分配表"), is_title("附件:1.2021年补助资金分配表")
    (True, False)
    """
    words = squeeze(narrow(text)).strip("|")
    return 4 <= len(words) <= 70 and bool(_TITLE_END.search(words)) and not _ANNEX_LIST.match(words) \
        and "。" not in words


def title_of(lines: Sequence[Line], before: int) -> tuple[str, int, str]:
    """The title and the unit that stand in the lines just above a table, with the title's line."""
    title, title_line_no, unit = "", 0, ""
    seen = 0
    for line in reversed(lines[: before - 1]):
        words = squeeze(line.text).strip("|")
        if not words:
            continue
        seen += 1
        if seen > 5 or "。" in words:
            break
        unit = unit or stated_unit(words)
        listed = re.sub(r"^附件\d*:(?:\d{1,2}[.、](?=\D|20\d\d))?", "", narrow(words))
        if is_title(words) or (seen == 1 and listed != narrow(words) and is_title(listed)):
            return (words if is_title(words) else listed), line.line_no, unit
    return title, title_line_no, unit


def _block_of_grid(grid: Grid, document: Document) -> Block:
    rows = list(grid.rows)
    title, title_line_no, unit = title_of(document.lines, grid.line_no)
    while len(rows) > 1:
        filled = [cell for cell in rows[0] if squeeze(cell.text)]
        words = "".join(squeeze(cell.text) for cell in filled)
        if len(filled) > 1 or not (not filled or stated_unit(words) or is_title(words) or _ANNEX_HEAD.match(words)
                                   or re.fullmatch(r"\(?20\d\d年度?.{0,12}\)?", narrow(words))):
            break
        unit = stated_unit(words) or unit
        if filled and is_title(words):
            title, title_line_no = words, filled[0].line_no
        rows.pop(0)
    last = max((cell.line_no for cell in rows[-1]), default=grid.line_no)
    kept = Grid(rows[0][0].line_no, tuple(rows), grid.caption)
    return Block(title or grid.caption, title_line_no or grid.line_no, unit, kept, Layout.GRID, True, last,
                 _is_end(document.lines, last))


def _is_end(lines: Sequence[Line], line_no: int) -> bool:
    return not any(line.text.strip(" |\t") for line in lines if line.line_no > line_no)


class _Scanner:
    """Walks over the lines once and cuts the tables out."""

    def __init__(self, lines: Sequence[Line], covered: set[int]) -> None:
        self._lines = lines
        self._covered = covered
        self._taken = 0   # lines above stand in a table already: no head of another one

    def blocks(self) -> list[Block]:
        found: list[Block] = []
        position = 0
        while position < len(self._lines):
            stop = position + 1
            if self._lines[position].line_no not in self._covered:
                for find in (self._tabs, self._pipes, self._one_line, self._glued, self._cells):
                    block, end = find(position)
                    if block is not None:
                        found.append(block)
                        self._taken = end
                    if end > position:
                        stop = end
                        break
            position = stop
        return found

    def _text(self, position: int) -> str:
        return self._lines[position].text if position < len(self._lines) else ""

    def _next_filled(self, position: int) -> int:
        while position < len(self._lines) and not self._text(position).strip():
            position += 1
        return position

    def _last_filled(self, position: int) -> int:
        while position >= 0 and not self._text(position).strip():
            position -= 1
        return position

    def _block(self, first: int, end: int, rows: Sequence[Sequence[GridCell]], layout: Layout,
               has_blanks: bool = True) -> Block:
        title, title_line_no, unit = title_of(self._lines, self._lines[first].line_no)
        last = self._lines[end - 1].line_no
        grid = Grid(self._lines[first].line_no, tuple(tuple(row) for row in rows))
        return Block(title, title_line_no or grid.line_no, unit, grid, layout, has_blanks, last,
                     _is_end(self._lines, last))

    # -- tabs ---------------------------------------------------------------------------------------

    def _tabs(self, start: int) -> tuple[Block | None, int]:
        end = start
        while end < len(self._lines) and (len(self._text(end).rstrip("\t ").split("\t")) > 1
                                          or (end > start and self._is_blank_row(end))):
            end += 1
            after = self._next_filled(end)
            if after < len(self._lines) and after - end <= 1 and "\t" in self._text(after).rstrip("\t "):
                end = after
            else:
                end = self._over_page_break(start, end)
        if end - start < 2:
            return None, start
        rows = [[GridCell(text.strip(), line.line_no) for text in line.text.split("\t")]
                for line in self._lines[start:end] if line.text.strip() and not self._is_repeated(start, line)]
        width = max(len(row) for row in rows)
        full = [row + [GridCell("", row[0].line_no)] * (width - len(row)) for row in rows]
        return self._block(start, end, full, Layout.GRID), end

    def _is_blank_row(self, position: int) -> bool:
        """A row whose last cells are blank: its name is left, the tab behind it perhaps."""
        text = self._text(position)
        words = text.strip()
        if not words or "\t" in words or not (is_unit_name(words) or is_total_word(words)):
            return False
        after = self._text(self._next_filled(position + 1))
        return "\t" in text or "\t" in after.strip() or self._is_blank_row(position + 1)

    def _over_page_break(self, start: int, end: int) -> int:
        """Where the table goes on behind a page number, 续表 or its own head once more; else ``end``."""
        position, has_mark = end, False
        while position < len(self._lines) and position < end + 8:
            text = self._text(position)
            words = squeeze(narrow(text))
            if "\t" in text.strip():
                is_same = self._is_head_again(start, text) or (
                    has_mark and len(text.split("\t")) == len(self._text(start).split("\t")))
                return position if is_same else end
            if stated_unit(words) and stated_unit(words) != title_of(self._lines, self._lines[start].line_no)[2]:
                return end   # money in another unit is another table
            is_title_again = is_title(text) and words == self._title_above(start)
            if not (not words or _PAGE_MARK.match(words) or stated_unit(words) or is_title_again):
                return end
            has_mark = has_mark or bool(_PAGE_MARK.match(words))
            position += 1
        return end

    def _title_above(self, start: int) -> str:
        return squeeze(narrow(title_of(self._lines, self._lines[start].line_no)[0]))

    def _is_head_again(self, start: int, text: str) -> bool:
        return squeeze(text) == squeeze(self._text(start)) and "\t" in text

    def _is_repeated(self, start: int, line: Line) -> bool:
        """A line inside a table that is no row of it: a page number, 续表, the unit, the head once more."""
        words = squeeze(narrow(line.text))
        if line.line_no == self._lines[start].line_no:
            return False
        if "\t" not in line.text.strip():
            return bool(_PAGE_MARK.match(words) or stated_unit(words)) or is_title(line.text)
        return self._is_head_again(start, line.text)

    # -- pipes --------------------------------------------------------------------------------------

    def _pipes(self, start: int) -> tuple[Block | None, int]:
        if not self._is_piped(start) or not self._text(start).strip():
            return None, start
        end = start
        while end < len(self._lines):
            after = self._next_filled(end)
            if after >= len(self._lines) or not self._is_piped(after):
                break
            end = after + 1
        kept = [line for line in self._lines[start:end] if line.text.strip() and not _RULE.match(line.text)]
        rows = [cells_between_pipes(line) for line in kept]
        data = [row for row in rows if any(parse_number(cell.text) is not None for cell in row)]
        in_rows = [row for row in data if sum(1 for cell in row if cell.text) > 1]
        if not data:
            return self._target_or_none(start, end, rows), end
        longest = max(data, key=len)
        if len(longest) > 20 and len(data) == 1:
            return self._cut_titles(start, end, _unheaded(longest)), end
        if 2 * len(in_rows) > len(data):
            return self._piped_rows(start, end, rows), end
        stream = list(stream_of_pipes(kept))
        return self._cut_titles(start, end, stream), end

    def _target_or_none(self, start: int, end: int, rows: list[list[GridCell]]) -> Block | None:
        if any("三级指标" in squeeze(cell.text) for row in rows for cell in row):
            return self._block(start, end, rows, Layout.ROWS)
        return None

    def _is_piped(self, position: int) -> bool:
        text = self._text(position)
        if "|" in text:
            return True
        after, before = self._next_filled(position + 1), self._last_filled(position - 1)
        if not text.strip() or not _PIPES_ONLY.match(self._text(after)):
            return False
        is_between = before >= 0 and bool(_PIPES_ONLY.match(self._text(before)))
        is_short = len(text.strip()) <= 40 and not _SENTENCE.search(narrow(text).strip())
        return (is_between or is_short) and not stated_unit(text)

    def _piped_rows(self, start: int, end: int, rows: list[list[GridCell]]) -> Block:
        title, title_line_no, unit = "", 0, ""
        while len(rows) > 1:
            filled = [cell for cell in rows[0] if cell.text]
            words = squeeze("".join(cell.text for cell in filled))
            if len(filled) > 1 and not _is_meta(words):
                break
            if is_title(words):
                title, title_line_no = words, rows[0][0].line_no
            elif filled and not stated_unit(words) and not _is_meta(words) and not _ANNEX_HEAD.match(narrow(words)) \
                    and not re.fullmatch(r"\(?20\d\d年度?.{0,12}\)?", squeeze(narrow(words))):
                break
            unit = stated_unit(words) or unit
            rows.pop(0)
        block = self._block(start, end, [row for row in rows if any(c.text for c in row)], Layout.ROWS)
        return _renamed(block, title, title_line_no, unit)

    # -- one cell a line ----------------------------------------------------------------------------

    def _cells(self, start: int) -> tuple[Block | None, int]:
        is_head = bool(_FIRST_HEAD.match(squeeze(narrow(self._text(start)))))
        if not is_head and not is_title(self._text(start)) and not stated_unit(self._text(start)):
            return None, start
        is_target = bool(_TARGET_TITLE.search(squeeze(self._text(start))))
        position = start if is_head else self._next_filled(start + 1)
        first = position
        cells: list[GridCell] = []
        unit = stated_unit(self._text(start))
        while position < len(self._lines) and self._goes_on(position, is_target):
            line = self._lines[position]
            if not stated_unit(line.text):
                cells.append(GridCell(line.text.strip(), line.line_no))
            unit = stated_unit(line.text) or unit
            position = self._next_filled(position + 1)
        figures = [at for at, cell in enumerate(cells) if parse_number(cell.text) is not None]
        if is_target and any("三级指标" in squeeze(cell.text) for cell in cells):
            return _renamed(self._block(first, position, [cells], Layout.STREAM, False), "", 0, unit), position
        if not figures or len(cells) < 4:
            return None, start
        at_end = position >= len(self._lines)
        tail = cells[figures[-1] + 1:]
        if not at_end or any(_is_signature(cell.text) for cell in tail):
            cells = cells[: figures[-1] + 1]
        end = next(at for at in range(start, len(self._lines)) if self._lines[at].line_no == cells[-1].line_no) + 1
        return _renamed(self._block(first, end, [cells], Layout.STREAM, False), "", 0, unit), end

    def _goes_on(self, position: int, is_target: bool) -> bool:
        text = self._text(position)
        words = squeeze(narrow(text))
        if "|" in text or "\t" in text.strip() or _ANNEX_HEAD.match(words) or is_title(text) \
                or self._lines[position].line_no in self._covered:
            return False
        if is_target:
            return True
        return len(text.strip()) <= _LONGEST_CELL and not _SENTENCE.search(narrow(text).strip()) \
            and not GLUED.match(text)

    # -- everything on one line ---------------------------------------------------------------------

    def _one_line(self, start: int) -> tuple[Block | None, int]:
        line = self._lines[start]
        words = words_between_spaces(line.text)
        figures = [word for word in words if parse_number(word) is not None]
        named = [word for word in words if parse_number(word) is None]
        if len(figures) < 3 or len(named) < 4 or max(len(word) for word in words) > _LONGEST_CELL:
            return None, start
        if any(_SENTENCE.search(narrow(word)) for word in words[1:]):
            return None, start
        stream = [GridCell(word, line.line_no) for word in words]
        return self._cut_titles(start, start + 1, stream, has_blanks=False), start + 1

    def _cut_titles(self, start: int, end: int, stream: list[GridCell], has_blanks: bool = True) -> Block:
        title, title_line_no, unit = "", 0, ""
        first = 0
        for at, cell in enumerate(stream):
            if parse_number(cell.text) is not None:
                break
            if is_title(cell.text) or _ANNEX_HEAD.match(squeeze(narrow(cell.text))):
                title, title_line_no, first = cell.text, cell.line_no, at + 1
            elif stated_unit(cell.text):
                unit, first = stated_unit(cell.text), at + 1
        block = self._block(start, end, [stream[first:]], Layout.STREAM, has_blanks)
        return _renamed(block, title, title_line_no, unit)

    # -- names glued to their first figure, figures between spaces ------------------------------------

    def _glued(self, start: int) -> tuple[Block | None, int]:
        if not self._is_spaced(start):
            return None, start
        end = start
        while end < len(self._lines):
            text = self._text(end)
            if not (self._is_spaced(end) or _BARE_NAME.match(text)) or self._lines[end].line_no in self._covered:
                break
            end += 1
        kept = self._lines[start:end]
        are_glued = 2 * sum(1 for line in kept if GLUED.match(line.text)) > len(kept)
        rows = [spaced_cells(line, are_glued) for line in kept]
        if sum(1 for row in rows if len(row) > 1) < 2:
            return None, start
        width = max(len(row) for line, row in zip(kept, rows, strict=True)
                    if GLUED.match(line.text) or not are_glued)
        rows = [[row[0], *row[2:]] if len(row) > width and not row[1].text else row for row in rows]
        head_start = self._head_above(start)
        if head_start == start:
            return None, start
        head = [[GridCell(word, line.line_no) for word in words_between_spaces(line.text)]
                for line in self._lines[head_start:start] if line.text.strip()]
        return self._block(head_start, end, head + rows, Layout.ROWS), end

    def _is_spaced(self, position: int) -> bool:
        text = self._text(position)
        return any(shape.match(text) for shape in (GLUED, _SPACED, _NUMBERED)) and "。" not in text

    def _head_above(self, start: int) -> int:
        first = start
        for position in range(start - 1, max(self._taken - 1, start - 6), -1):
            text = self._text(position)
            if not text.strip():
                continue
            if is_title(text) or stated_unit(text):
                return first
            first = position
        return start


def _unheaded(row: Sequence[GridCell]) -> list[GridCell]:
    """A whole table on one line: the prose and the title before its first head are taken apart."""
    words = row[0].text.split()
    title_at = next((at for at in range(len(words) - 1, -1, -1) if is_title(words[at])), None)
    first = words[title_at:] if title_at is not None else words[-1:]
    return [*(GridCell(word, row[0].line_no) for word in first), *row[1:]]


def _renamed(block: Block, title: str, title_line_no: int, unit: str) -> Block:
    return Block(title or block.title, title_line_no or block.title_line_no, unit or block.unit, block.grid,
                 block.layout, block.has_blanks, block.last_line_no, block.reaches_end)


def _is_meta(words: str) -> bool:
    return bool(re.match(r"(索引号|公开日期|公开形式|信息有效性|发布日期|主题词|发布机构|文号)", words))


def _is_signature(text: str) -> bool:
    return bool(re.search(r"(局|委员会|委|厅|办公室|人民政府)$|^联系|^抄送|印发$|关闭|打印|分享", text.strip()))
