"""Allocation tables: who gets how much, every cell with its line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from data.model import (
    AllocationCell,
    AllocationColumn,
    AllocationRow,
    AllocationTable,
    ColumnRole,
    Finding,
    RowKind,
)
from data.notice.allocation_body import Body, BodyRow, read_body
from data.notice.allocation_doubts import doubts_of, is_too_large
from data.notice.allocation_head import amount_column, columns_of
from data.notice.allocation_placing import placed
from data.notice.allocation_prose import read_prose_lists
from data.notice.allocation_sums import identities_of, sums_of
from data.notice.allocation_unread import looks_like_allocation, rows_below, unread_amounts, unread_block
from data.notice.document import Document, GridCell
from data.notice.figures import amount_unit, bracketed_unit, cell_unit, parse_number, squeeze, to_yuan
from data.notice.grids import Block, find_blocks
from data.notice.target_sheet import is_target_block
from data.notice.unit_names import is_total_word
from data.notice.wording import simplified_lines
from data.reference import resolve_recipient

_ITEM_HEAD = re.compile(
    r"^(名称|项目名称|项目单位|项目|补助项目|机构名称|建设单位|实施单位|承担单位|学校名称|医院名称|机构"
    r"|(建设|项目|支持|补助)?内容)$"
)
_MONEY_WORDS = re.compile(r"元|金额|资金|补助|经费|补贴|分配|调整|合计|小计|总额|下达|拨款")
_PREFECTURE = re.compile(r"(州|市|地区|盟|自治州|兵团|本级以下)$|^全")


@dataclass(frozen=True)
class Allocation:
    """The tables of a notice and what a person must know about them."""

    tables: tuple[AllocationTable, ...]
    findings: tuple[Finding, ...]


def read_allocation(document: Document) -> Allocation:
    """Every allocation table of a document; lists in sentences where it has no table.

    Empty: no tables where the text has neither.
    """
    tables: list[AllocationTable] = []
    findings: list[Finding] = []
    blocks = find_blocks(document)
    for block in blocks:
        if is_target_block(block):
            continue
        table, seen = _read_table(block, len(tables) + 1, document)
        if table is not None:
            tables.append(table)
            findings += [*seen, *rows_below(block, blocks, document)]
        elif looks_like_allocation(block):
            findings.append(unread_block(block))
    if not tables:
        tables = list(read_prose_lists(document))
        findings += [] if tables or findings else unread_amounts(document)
    return Allocation(tuple(tables), tuple(findings))


def _read_table(
    block: Block, table_no: int, document: Document
) -> tuple[AllocationTable | None, list[Finding]]:
    body = read_body(block)
    if body is None or not _is_allocation(block, body):
        return None, []
    unit = _unit(block, body, document)
    total_at = next((at for at, row in enumerate(body.rows) if _is_total_name(row)), None)
    body = placed(body, sums_of(body.head.paths), total_at)
    samples = [[("" if row.values[at] is None else str(_text(row.values[at]))) for row in body.rows]
               for at in range(len(body.head.paths))]
    columns = columns_of(body.head, unit, samples)
    figures = [row.figures for row in body.rows if row.is_complete]
    identities = identities_of(columns, body.head.paths, figures)
    amount_no = amount_column(columns, [row.figures for row in body.rows])
    if not any(column.role not in (ColumnRole.COUNT, ColumnRole.NOTE) for column in columns):
        return None, []
    rows = _rows(body, columns, amount_no)
    table = AllocationTable(
        table_no, block.title, block.title_line_no, unit, columns, rows,
        identities, amount_no, is_cut_off=body.has_half_row,
    )
    return table, doubts_of(table, body, block, is_unit_stated=bool(_stated_unit(block, body)))


def _text(cell: GridCell | None) -> str:
    return cell.text if cell is not None else ""


def _is_total_name(row: BodyRow) -> bool:
    return any(is_total_word(cell.text) for cell in row.names)


def _is_allocation(block: Block, body: Body) -> bool:
    """Money by unit: a head, a title or a unit says money, and the names are names."""
    heads = squeeze("".join(word for path in body.head.paths for word in path) + block.title)
    names = [squeeze(cell.text) for row in body.rows for cell in row.names if squeeze(cell.text)]
    is_money = bool(block.unit or _MONEY_WORDS.search(heads))
    is_named = bool(names) and max(len(name) for name in names) <= 40
    return is_money and is_named and not re.search(r"索引号|公开日期|发布日期", "".join(names) + heads)


def _unit(block: Block, body: Body, document: Document) -> str:
    """The unit above the table, in its title, in its heads, or else the one of the notice's own amounts."""
    return _stated_unit(block, body) or _unit_of_text(document, block)


def _stated_unit(block: Block, body: Body) -> str:
    heads = [word for path in body.head.paths for word in path]
    in_heads = next((unit for unit in map(bracketed_unit, heads) if unit), "") \
        or next((unit for unit in map(amount_unit, heads) if unit), "")
    in_cells = next((unit for unit in (cell_unit(_text(cell)) for row in body.rows for cell in row.values) if unit), "")
    return block.unit or bracketed_unit(block.title) or in_heads or in_cells


def _unit_of_text(document: Document, block: Block) -> str:
    for line in simplified_lines(document.lines):
        if line.line_no > block.grid.line_no:
            break
        unit = amount_unit(line.text)
        if unit:
            return unit
    return ""


# -- rows -------------------------------------------------------------------------------------------------


def _rows(body: Body, columns: Sequence[AllocationColumn], amount_no: int | None) -> tuple[AllocationRow, ...]:
    named = _named(body)
    kinds = _kinds(body, named, amount_no)
    return tuple(
        AllocationRow(at, row.line_no, kind, name, printed, _cells(row, columns), parent, item)
        for at, (row, (parent, name, item, printed), kind)
        in enumerate(zip(body.rows, named, kinds, strict=True), start=1)
    )


UNNAMED = "（未写名称）"
Named = tuple[str, str, str, str]   # parent, name, item, printed


def _named(body: Body) -> list[Named]:
    """Name, group and item of each row; the name of a merged cell goes on below it."""
    is_item = any(_ITEM_HEAD.match(head) for head in body.name_heads[1:])
    out: list[Named] = []
    above = ""
    for row in body.rows:
        words = [squeeze(cell.text) for cell in row.names]
        printed = " ".join(cell.text.strip() for cell in row.names if cell.text.strip())
        width = max(1, len(body.name_heads))
        if row.is_unnamed:
            out.append(("", UNNAMED, "", ""))
            continue
        if len(words) < width and not is_total_word(words[-1] if words else ""):
            blank = [""] * (width - len(words))
            words = [*words, *blank] if is_item else [*blank, *words]
        above = words[0] if words and words[0] and not is_total_word(words[0]) else above
        if is_total_word(words[0] if words else "") or len(words) < 2:
            name = (words[0] if words else "") or above
            out.append(("", name, "", printed or name))
        elif is_item:
            out.append(("", words[0] or above, " ".join(word for word in words[1:] if word), printed))
        else:
            name = words[-1] or words[0] or above
            out.append((words[0] or above if words[-1] else "", name, "", printed))
    return out


def _kinds(body: Body, named: Sequence[Named], amount_no: int | None) -> list[RowKind]:
    sums = [at for at, (_, name, _, _) in enumerate(named) if is_total_word(name)]
    kinds = [RowKind.RECIPIENT] * len(named)
    plain_total = [at for at in sums if "小计" not in named[at][1]]
    for at in sums:
        kinds[at] = RowKind.SUBTOTAL
    if len(plain_total) == 1:
        kinds[plain_total[0]] = RowKind.TOTAL
    elif plain_total and _stand_at_the_ends(plain_total, len(named)):
        for at in plain_total:
            kinds[at] = RowKind.TOTAL
    elif plain_total:
        edge = plain_total[0] if plain_total[0] == 0 else plain_total[-1]
        kinds[edge] = RowKind.TOTAL
    elif len(sums) == 1 and sums[0] in (0, len(named) - 1):
        kinds[sums[0]] = RowKind.TOTAL
    by_sum = _total_by_sum(body, named, amount_no, has_total=RowKind.TOTAL in kinds)
    if by_sum is not None:
        kinds[by_sum] = RowKind.TOTAL
    return kinds


def _stand_at_the_ends(totals: Sequence[int], count: int) -> bool:
    """Whether only the first and last rows are totals, so that each sums up all the rows between them."""
    rest = [at for at in range(count) if at not in totals]
    return bool(rest) and rest == list(range(rest[0], rest[-1] + 1))


def _total_by_sum(body: Body, named: Sequence[Named], amount_no: int | None, *, has_total: bool) -> int | None:
    """A first or last row, unnamed or under the prefecture's own name, that sums the others up."""
    if amount_no is None:
        return None
    figures = [row.figures[amount_no - 1] for row in body.rows]
    plain = [at for at, (_, name, _, _) in enumerate(named) if not is_total_word(name)]
    if len(plain) < 3:
        return None
    for at in (plain[0], plain[-1]):
        others = sum((f for no in plain if no != at and (f := figures[no]) is not None), Decimal(0))
        is_above = not any(_is_prefecture(named[no][1]) for no in plain if no != at)
        is_sum_row = body.rows[at].is_unnamed or (not has_total and is_above and _is_prefecture(named[at][1]))
        if is_sum_row and others and figures[at] == others:
            return at
    return None


def _is_prefecture(name: str) -> bool:
    return bool(_PREFECTURE.search(name)) and resolve_recipient(name) is None


def _cells(row: BodyRow, columns: Sequence[AllocationColumn]) -> tuple[AllocationCell, ...]:
    cells = []
    for column, cell in zip(columns, row.values, strict=True):
        if cell is None:
            cells.append(AllocationCell(column.column_no, "", None, None, row.line_no))
            continue
        number = parse_number(cell.text)
        is_money = column.role not in (ColumnRole.COUNT, ColumnRole.NOTE)
        unit = cell_unit(cell.text) or column.unit
        if number is not None and is_too_large(number, unit):
            number = None
        yuan = to_yuan(number, unit) if is_money else None
        cells.append(AllocationCell(column.column_no, cell.text.strip(), number, yuan, cell.line_no))
    return tuple(cells)


def with_unit(table: AllocationTable, unit: str) -> AllocationTable:
    """The same table with its money read in another unit, where it states none itself."""
    words = (ColumnRole.COUNT, ColumnRole.NOTE)
    columns = tuple(column if column.unit or column.role in words else replace(column, unit=unit)
                    for column in table.columns)
    money = {column.column_no: column.unit for column in columns if column.unit}
    rows = tuple(replace(row, cells=tuple(
        replace(cell, yuan=to_yuan(cell.number, money[cell.column_no]))
        if cell.yuan is None and cell.column_no in money else cell for cell in row.cells)) for row in table.rows)
    return replace(table, unit=table.unit or unit, columns=columns, rows=rows)
