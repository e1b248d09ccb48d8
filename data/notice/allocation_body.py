"""The body of an allocation table: where rows begin, which cells are names, where a dropped cell belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from data.notice.allocation_head import (
    Head,
    aligned_paths,
    flat_paths,
    is_money_head,
    is_note,
    is_region_head,
    is_serial,
)
from data.notice.allocation_sums import Figures
from data.notice.document import GridCell
from data.notice.figures import is_like_figure, is_no_figure, is_unreadable, narrow, parse_number, squeeze
from data.notice.grids import Block, Layout
from data.notice.unit_names import is_total_word, is_unit_name

_SECOND_NAME = re.compile(
    r"^(单位名称|项目名称|项目单位|名称|学校名称|学校|项目|机构名称|承担单位|实施单位|建设单位|医院名称|单位"
    r"|县\(?市?[、,]?区\)?|县市区|县区|县\(市\)|县\(市、区\)|市县|乡镇|镇街|街道|村)$"
)
_GLUED_HEADS = re.compile(
    r"(?<=^地区)|(?<=^县区)|(?<=^单位)|(?<=^市县)|(?<=总额)(?=补助|资金|其中)|(?<=合计)(?=.)"
    r"|(?<=补助)(?=其他|其中|[一-龥]{2,}补助$)|(?=其中[:：])|(?<=已下达)|(?<=已经下达)|(?=[此本]次下达)|(?=已下达|已经下达)"
    r"|(?=中央)|(?<!各)(?<!自治区)(?=[省市县]级)|(?=自治区)|(?<=.)(?=合计|小计)"
)


@dataclass(frozen=True)
class BodyRow:
    """A row as cells: what names it, what it says in each figure column (None where nothing is printed)."""

    names: tuple[GridCell, ...]
    values: tuple[GridCell | None, ...]
    line_no: int
    is_complete: bool = True   # every value stands in a known column
    is_placed: bool = False    # a dropped cell was put back where the sums hold
    is_unnamed: bool = False   # figures behind a blank name
    shared: frozenset[int] = frozenset()   # the columns where a cell merged with the row above goes on

    @property
    def figures(self) -> Figures:
        """The numbers of the row."""
        return [None if cell is None else parse_number(cell.text) for cell in self.values]


@dataclass(frozen=True)
class Body:
    """A table with its head and its rows told apart."""

    head: Head
    name_heads: tuple[str, ...]
    rows: tuple[BodyRow, ...]
    half_row: str = ""   # the words of a last row that the text cuts through
    has_half_row: bool = field(default=False)


def read_body(block: Block) -> Body | None:
    """Tell head and rows of a block apart.

    Empty: None if it is no table of names and figures.
    """
    if block.layout is Layout.GRID:
        body = _read_grid(block)
    elif block.layout is Layout.ROWS:
        body = _read_rows(block)
    else:
        body = _read_stream(block)
    return _without_half_row(body, block) if body and body.rows else None


# -- rows and columns as drawn --------------------------------------------------------------------------


def _read_grid(block: Block) -> Body | None:
    rows = _without_drawn_panels([row for row in block.grid.rows if any(squeeze(cell.text) for cell in row)])
    first = next((at for at, row in enumerate(rows) if at > 0 and (
        _is_data(row) or _is_unit_row(row, rows[:at]))), None)
    if first is None:
        return None
    heads = [[squeeze(narrow(cell.text)) for cell in row] for row in rows[:first] if not _is_column_count(row)]
    body = [row for row in rows[first:] if not _is_column_count(row)]
    if not heads or not body:
        return None
    names, values = _kinds_of_columns(heads, body)
    serials = [at for at in range(len(heads[0])) if is_serial("".join(row[at] for row in heads))]
    if not names or not values:
        return None
    printed = [[cell.text.strip() for cell in row] for row in rows[:first] if not _is_column_count(row)]
    head = Head(aligned_paths(printed, values), rows[0][0].line_no)
    if any(not path for path in head.paths):
        named = zip(values, head.paths, strict=True)
        head = replace(head, paths=tuple(path or (f"第{at}列",) for at, path in named))
    name_heads = tuple("".join(row[at] for row in heads) for at in names)
    out = []
    for row in body:
        cells = tuple(row[at] for at in names)
        if not any(squeeze(cell.text) for cell in cells):
            # 合计 often stands in a cell merged over 序号 and the name.
            cells = tuple(row[at] for at in serials if is_total_word(row[at].text)) or cells
        if any(squeeze(cell.text) for cell in row):
            is_named = any(squeeze(cell.text) or cell.is_continued for cell in cells)
            shared = frozenset(no for no, at in enumerate(values, start=1) if row[at].is_continued)
            out.append(BodyRow(cells, tuple(row[at] if squeeze(row[at].text) else None for at in values),
                               row[0].line_no, is_unnamed=not is_named, shared=shared))
    return Body(head, name_heads, _footless(out))


def _without_drawn_panels(rows: list[tuple[GridCell, ...]]) -> list[tuple[GridCell, ...]]:
    """Panels side by side under the same heads, put one below the other."""
    heads = [squeeze(cell.text) for cell in rows[0]] if rows else []
    for width in range(2, len(heads) // 2 + 1):
        count = len(heads) // width
        if heads == heads[:width] * count and heads[0] and len(set(heads[:width])) == width:
            below = [row[at * width: (at + 1) * width] for at in range(count) for row in rows[1:]]
            totals = [row for row in below if any(is_total_word(cell.text) for cell in row)]
            plain = [row for row in below if row not in totals and any(squeeze(cell.text) for cell in row)]
            return [rows[0][:width], *plain, *totals]
    return rows


def _footless(rows: Sequence[BodyRow]) -> tuple[BodyRow, ...]:
    """Rows without the footnotes under a table (注:…), which have words and no figure."""
    kept = list(rows)
    while kept and not any(figure is not None for figure in kept[-1].figures) and len(kept) > 1:
        words = squeeze("".join(cell.text for cell in kept[-1].names))
        if not re.match(r"^(注|备注|说明|附注|填表|制表)", words) and len(words) <= 20:
            break
        kept.pop()
    return tuple(row for row in kept if any(squeeze(cell.text) for cell in row.names)
                 or any(figure is not None for figure in row.figures))


def _is_data(row: Sequence[GridCell]) -> bool:
    texts = [squeeze(cell.text) for cell in row]
    figures = [at for at, text in enumerate(texts) if parse_number(text) is not None]
    words = [at for at, text in enumerate(texts) if text and parse_number(text) is None]
    return bool(figures and words) and not _is_column_count(row) and min(words) < max(figures)


def _is_unit_row(row: Sequence[GridCell], above: Sequence[Sequence[GridCell]]) -> bool:
    """A row that names a unit is no head, even where its amount is blank or cannot be read."""
    if not any(sum(1 for cell in head if squeeze(cell.text)) > 1 for head in above):
        return False
    if any(is_unit_name(cell.text) for head in above[:1] for cell in head[1:]):
        return False   # units stand across the head: another kind of table
    lead = row[1:] if len(row) > 1 and parse_number(row[0].text) is not None else row
    if not lead or not squeeze(lead[0].text):
        return False
    rest = [cell for cell in lead[1:] if squeeze(cell.text)]
    if is_like_figure(lead[0].text):
        return False
    has_junk = bool(rest) and all(is_like_figure(cell.text) for cell in rest)
    return is_unit_name(lead[0].text) or has_junk


def _is_column_count(row: Sequence[GridCell]) -> bool:
    """The row under a head that counts its columns: 栏次 1 2 3."""
    figures = [parse_number(cell.text) for cell in row if parse_number(cell.text) is not None]
    words = [squeeze(cell.text) for cell in row if squeeze(cell.text) and parse_number(cell.text) is None]
    return len(figures) > 1 and figures == [Decimal(n) for n in range(1, len(figures) + 1)] \
        and all(is_serial(word) or word in {"甲", "乙", "丙"} for word in words)


def _kinds_of_columns(heads: Sequence[Sequence[str]], body: Sequence[Sequence[GridCell]]
                      ) -> tuple[list[int], list[int]]:
    names: list[int] = []
    values: list[int] = []
    for at in range(len(body[0])):
        head = "".join(row[at] for row in heads)
        texts = [squeeze(row[at].text) for row in body]
        filled = [text for text in texts if not is_no_figure(text)]
        figures = sum(1 for text in filled if parse_number(text) is not None or is_unreadable(text))
        if is_serial(head) or (not filled and not head):
            continue
        if not values and filled and 2 * figures < len(filled) and not is_note(head):
            names.append(at)
        else:
            values.append(at)
    return names, values


# -- rows known, cells slid together ----------------------------------------------------------------------


def _read_rows(block: Block) -> Body | None:
    rows = [list(row) for row in block.grid.rows]
    first = next((at for at, row in enumerate(rows) if at > 0 and (
        _is_data(row) or _is_unit_row(row, rows[:at]))), None)
    if first is None:
        return None
    levels = [[cell.text for cell in row if squeeze(cell.text)] for row in rows[:first]]
    has_serial = any(is_serial(word) for level in levels for word in level)
    body = [row[1:] if has_serial and parse_number(row[0].text) is not None else row for row in rows[first:]]
    name_count = max(1, _usual([_leading_names(row) for row in body]))
    counts = [_name_count(row, name_count) for row in body]
    value_rows = [row[count:] for row, count in zip(body, counts, strict=True)]
    width = max(len(_trimmed(values)) for values in value_rows)
    if sum(len(level) for level in levels) < name_count + width:
        levels = [[cell.text for cell in row if squeeze(cell.text)] for row in _split_glued(rows[:first])]
    head_words = [word for word in levels[0] if not is_serial(word)]
    levels[0] = head_words[name_count:]
    paths = _row_paths(levels, width, value_rows)
    if paths is None:
        return None
    out = [_body_row(row[:count], values, len(paths[0]))
           for row, count, values in zip(body, counts, value_rows, strict=True)
           if any(squeeze(cell.text) for cell in row)]
    out = [replace(row, is_unnamed=not any(squeeze(cell.text) for cell in row.names)) for row in out]
    head = Head(paths[0], rows[0][0].line_no, paths[1])
    return Body(head, tuple(squeeze(narrow(word)) for word in head_words[:name_count]), _footless(out))


def _row_paths(levels: Sequence[Sequence[str]], width: int, value_rows: Sequence[Sequence[GridCell]]
               ) -> tuple[tuple[tuple[str, ...], ...], bool] | None:
    if len([level for level in levels if level]) == 1 and len(levels[0]) >= width:
        return tuple((word,) for word in levels[0]), False
    figures = [[parse_number(cell.text) for cell in values[:width]] for values in value_rows]
    padded = [row + [None] * (width - len(row)) for row in figures]
    found = flat_paths(levels, width, padded)
    return found or (tuple((f"第{at + 1}列",) for at in range(width)), True)


def _split_glued(rows: Sequence[Sequence[GridCell]]) -> list[list[GridCell]]:
    """Head words that ran into each other, cut where a known word begins or ends: 地区总额…."""
    return [[GridCell(piece, cell.line_no) for cell in row for piece in _GLUED_HEADS.split(cell.text) if piece]
            for row in rows]


def _leading_names(row: Sequence[GridCell]) -> int:
    count = 0
    for cell in row:
        if is_like_figure(cell.text):
            break
        count += 1
    return count


def _name_count(row: Sequence[GridCell], usual: int) -> int:
    """How many cells of a row are names; a blank first cell is a name that is not printed."""
    if usual == 1 and len(row) > 1 and not squeeze(row[0].text):
        return 1
    return min(usual, _leading_names(row))


def _usual(counts: Sequence[int]) -> int:
    return max(set(counts), key=lambda count: (counts.count(count), count)) if counts else 0


def _trimmed(values: Sequence[GridCell]) -> list[GridCell]:
    kept = list(values)
    while kept and not squeeze(kept[-1].text):
        kept.pop()
    return kept


def _body_row(names: Sequence[GridCell], values: Sequence[GridCell], width: int) -> BodyRow:
    cells: list[GridCell | None] = [cell if squeeze(cell.text) else None for cell in values[:width]]
    cells += [None] * (width - len(cells))
    line_no = names[0].line_no if names else next((cell.line_no for cell in values), 0)
    return BodyRow(tuple(names), tuple(cells), line_no)


# -- one cell after the other -----------------------------------------------------------------------------


def _read_stream(block: Block) -> Body | None:
    cells = _without_panels(_with_continued_heads(list(block.cells)))
    first_figure = next((at for at, cell in enumerate(cells) if parse_number(cell.text) is not None), None)
    if first_figure is None:
        return None
    words = [cell for cell in cells[:first_figure] if squeeze(cell.text)]
    has_serial = any(is_serial(cell.text) for cell in words)
    plain = [cell for cell in words if not is_serial(cell.text)]
    name_count = max(_name_heads(plain), _words_in_rows(cells[first_figure:], plain))
    start = _first_row(cells, first_figure, has_serial, name_count)
    head_cells = [cell for cell in cells[:start] if squeeze(cell.text) and not is_serial(cell.text)]
    if len(head_cells) <= name_count:
        return None
    heads = [cell.text for cell in head_cells[name_count:]]
    chunks, tail = _chunks(_without_serials(cells[start:], has_serial), name_count)
    chunks = [part for chunk in chunks for part in _unmerged(chunk, len(heads), block.has_blanks)]
    width = max((len(_trimmed(values)) for _, values in chunks), default=0)
    if width == 0:
        return None
    whole = [[parse_number(cell.text) for cell in values[:width]] for _, values in chunks if len(values) >= width]
    found = flat_paths([heads], width, whole)
    if found is None:
        found = tuple((f"第{at + 1}列",) for at in range(width)), True
    paths, is_guessed = found
    rows = []
    for names, values in chunks:
        row = _body_row(names, values, len(paths))
        is_short = not block.has_blanks and len(_trimmed(values)) < len(paths)
        rows.append(replace(row, is_complete=not is_short))
    name_heads = tuple(squeeze(narrow(cell.text)) for cell in head_cells[:name_count])
    half = squeeze("".join(cell.text for cell in tail))
    return Body(Head(paths, cells[0].line_no, is_guessed), name_heads, tuple(rows), half, bool(half))


def _with_continued_heads(cells: list[GridCell]) -> list[GridCell]:
    out: list[GridCell] = []
    for cell in cells:
        if out and squeeze(out[-1].text) and re.match(r"^\([^\d]*\)$", narrow(squeeze(cell.text))):
            out[-1] = GridCell(out[-1].text + cell.text, out[-1].line_no)
        else:
            out.append(cell)
    return out


def _without_panels(cells: list[GridCell]) -> list[GridCell]:
    """A narrow table printed in panels side by side repeats its heads: one set of them is enough."""
    words = [squeeze(cell.text) for cell in cells]
    for width in range(2, 5):
        count = 1
        while words[count * width: (count + 1) * width] == words[:width] and is_region_head(words[0]):
            count += 1
        if count > 1:
            return cells[:width] + cells[count * width:]
    return cells


def _name_heads(heads: Sequence[GridCell]) -> int:
    if len(heads) > 2 and is_region_head(heads[0].text) and _SECOND_NAME.match(squeeze(narrow(heads[1].text))):
        return 2
    return 1


def _words_in_rows(cells: Sequence[GridCell], heads: Sequence[GridCell]) -> int:
    """How many words usually stand before a row's figures, as far as the heads are no money."""
    runs: list[int] = []
    run = 0
    for cell in cells:
        if not squeeze(cell.text) or _is_figure(cell.text):
            runs += [run] if run else []
            run = 0
        else:
            run += 1
    usual = max(runs, default=1) if runs and 2 * sum(1 for n in runs if n > 1) >= len(runs) else 1
    limit = next((at for at, head in enumerate(heads) if at and (
        is_money_head(head.text) or re.match(r"备注|说明", squeeze(head.text)))), len(heads) - 1)
    return max(1, min(usual, limit))


def _first_row(cells: Sequence[GridCell], first_figure: int, has_serial: bool, name_count: int) -> int:
    before = [at for at in range(first_figure) if squeeze(cells[at].text)]
    if not before:
        return first_figure
    if is_total_word(cells[before[-1]].text) and (not has_serial or parse_number(cells[first_figure].text) != 1):
        return before[-1]
    if has_serial:
        return first_figure
    return before[-name_count] if len(before) > name_count else before[-1]


def _without_serials(cells: Sequence[GridCell], has_serial: bool) -> list[GridCell]:
    if not has_serial:
        return list(cells)
    out = []
    expected = 1
    for at, cell in enumerate(cells):
        follower = cells[at + 1].text if at + 1 < len(cells) else ""
        if parse_number(cell.text) == expected and follower and parse_number(follower) is None:
            expected += 1
            continue
        out.append(cell)
    return out


Chunk = tuple[list[GridCell], list[GridCell]]


def _chunks(cells: Sequence[GridCell], name_count: int) -> tuple[list[Chunk], list[GridCell]]:
    """Names and the cells behind them; words that are too many for a name end the row before as its note."""
    chunks: list[Chunk] = []
    names: list[GridCell] = []
    for cell in cells:
        if not squeeze(cell.text) or _is_figure(cell.text):
            if names:
                while chunks and len(names) > name_count:
                    chunks[-1][1].append(names.pop(0))
                chunks.append((names, [cell]))
                names = []
            elif chunks:
                chunks[-1][1].append(cell)
        else:
            names.append(cell)
    return chunks, names


def _is_figure(text: str) -> bool:
    return parse_number(text) is not None or squeeze(text) in {"-", "—", "--", "/", "——"} or is_unreadable(text)


def _unmerged(chunk: Chunk, head_count: int, has_blanks: bool) -> Iterator[Chunk]:
    """Rows below a name that was merged downwards have no name of their own: the name goes on."""
    names, values = chunk
    if has_blanks and head_count > 1 and len(_trimmed(values)) > head_count:
        for at in range(0, len(values), head_count):
            part = values[at: at + head_count]
            if _trimmed(part):
                yield names, part
        return
    yield names, values


# -- a text that ends inside the table ----------------------------------------------------------------------


def _without_half_row(body: Body, block: Block) -> Body:
    """Drop a last row that the text cuts through; whole rows stay."""
    if not block.reaches_end:
        return replace(body, half_row="", has_half_row=False)
    if body.has_half_row or len(body.rows) < 2:
        return body
    last, others = body.rows[-1], body.rows[:-1]
    if any(is_total_word(cell.text) for cell in last.names):
        return body
    reach = max((at for at, cell in enumerate(last.values) if cell is not None), default=-1)
    reaches = [max((at for at, cell in enumerate(row.values) if cell is not None), default=-1) for row in others]
    filled = [other for other in reaches if other >= 0]
    if filled and reach < min(filled):
        words = squeeze("".join(cell.text for cell in (*last.names, *(c for c in last.values if c))))
        return replace(body, rows=others, half_row=words, has_half_row=True)
    return body
