"""What a person must know about an allocation table before its money is taken over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from data.model import AllocationColumn, AllocationRow, AllocationTable, ColumnRole, Finding, RowKind, Severity
from data.notice.allocation_body import Body, BodyRow
from data.notice.document import GridCell
from data.notice.figures import (
    bracketed_unit,
    cell_unit,
    is_marked,
    is_negative_by_sign,
    is_no_figure,
    parse_number,
    to_yuan,
)
from data.notice.grids import Block
from data.notice.unit_names import is_total_word, is_unit_name

# A hundred million million: beyond any budget, and beyond what an amount can hold.
TOO_LARGE_YUAN = Decimal(10) ** 14
_WORDS = (ColumnRole.COUNT, ColumnRole.NOTE)
_LINES = (ColumnRole.BEFORE, ColumnRole.ADJUSTMENT, ColumnRole.AFTER)


def is_too_large(number: Decimal, unit: str) -> bool:
    """Whether an amount is no amount any more; a number without a unit counts as 元."""
    return abs(to_yuan(number, unit) or number) >= TOO_LARGE_YUAN


def doubts_of(table: AllocationTable, body: Body, block: Block, *, is_unit_stated: bool) -> list[Finding]:
    """Every doubt about a table, fatal where money could be lost or go to the wrong unit.

    Reads:  ``is_unit_stated`` is false where the table's unit is only that of the amounts in the text.
    """
    found = [*_of_shape(table, body, block), *_of_unit(table, block, is_unit_stated)]
    for row, read in zip(body.rows, table.rows, strict=True):
        found += _of_row(table, row, read)
        for column, cell in zip(table.columns, row.values, strict=True):
            if cell is not None and column.role not in _WORDS:
                found += _of_cell(table, column, cell, _name(row, read))
    return [*found, *_of_names(table)]


def _name(row: BodyRow, read: AllocationRow) -> str:
    return " ".join(cell.text for cell in row.names if cell.text.strip()) or read.name


# -- cells ------------------------------------------------------------------------------------------------


def _of_cell(table: AllocationTable, column: AllocationColumn, cell: GridCell, name: str) -> Iterator[Finding]:
    number, printed = parse_number(cell.text), cell.text.strip()
    place = f"第{cell.line_no}行“{name}”的“{column.name}”"
    if number is None:
        if not is_no_figure(cell.text):
            is_money = column.column_no == table.amount_column_no or column.role in _LINES
            yield Finding(
                "cell-unreadable", Severity.FATAL if is_money else Severity.WARNING, cell.line_no,
                f"{place}印作“{printed}”，读不成数字，已留空，请对照原件更正。",
                field_name=column.name, printed=printed)
        return
    if is_too_large(number, cell_unit(cell.text) or column.unit):
        yield Finding(
            "amount-too-large", Severity.FATAL, cell.line_no,
            f"{place}印作“{printed}”{column.unit}，超过一百万亿元，不可能是一笔资金，已留空，请核对数字和单位。",
            field_name=column.name, printed=printed)
    if is_marked(cell.text):
        yield Finding(
            "footnote-stripped", Severity.NOTE, cell.line_no,
            f"{place}印作“{printed}”，带有注号，按 {number} 读取，请看表下的注。",
            field_name=column.name, printed=printed, read_as=str(number))
    if is_negative_by_sign(cell.text):
        yield Finding(
            "negative-sign", Severity.NOTE, cell.line_no,
            f"{place}印作“{printed}”，按负数 {number} 读取，请核对。",
            field_name=column.name, printed=printed, read_as=str(number))


# -- rows -------------------------------------------------------------------------------------------------


def _of_row(table: AllocationTable, row: BodyRow, read: AllocationRow) -> Iterator[Finding]:
    name = _name(row, read)
    if row.is_placed:
        blank = "、".join(column.name for column, cell in zip(table.columns, row.values, strict=True)
                         if cell is None)
        yield Finding(
            "cell-dropped", Severity.REPAIRED, row.line_no,
            f"“{name}”一行少一个单元格：只有“{blank}”为空时各项合计才成立，已按空白处理，请核对原件。",
            field_name=blank, read_as="空白")
    elif not row.is_complete:
        yield Finding(
            "cell-unplaced", Severity.WARNING, row.line_no,
            f"“{name}”一行的数字少于列数，无法判断哪一格为空，有疑问的格已留空，请对照原件补录。",
            printed=" ".join(cell.text for cell in row.values if cell is not None))
    if read.kind is RowKind.TOTAL and not is_total_word(read.name):
        yield Finding(
            "total-by-sum", Severity.NOTE, row.line_no,
            f"第{row.line_no}行“{name}”的金额等于其余各行之和，按合计行读取，不作为分配单位。", read_as="合计")
    elif row.is_unnamed:
        figures = " ".join(cell.text for cell in row.values if cell is not None)
        yield Finding(
            "row-unnamed", Severity.FATAL, row.line_no,
            f"第{row.line_no}行有数字“{figures}”而没有单位名称，不知道是哪个单位的资金，请补写名称后重新导入。",
            printed=figures)
    yield from _of_blank_amount(table, row, read)
    # Where the name goes on as well, the amount is one unit's, and only its items are parted.
    is_own = any(cell.text.strip() for cell in row.names[:1]) or _has_other_money(table, row)
    if is_own and row.shared & _money_of_units(table) and read.kind is RowKind.RECIPIENT:
        yield Finding(
            "amount-shared", Severity.FATAL, row.line_no,
            f"第{row.line_no}行“{name}”与上一行合用一个金额单元格，文中没有写明各得多少，请拆开后重新导入。")


def _of_blank_amount(table: AllocationTable, row: BodyRow, read: AllocationRow) -> Iterator[Finding]:
    at = table.amount_column_no
    if at is None or read.kind is not RowKind.RECIPIENT or not row.is_complete or row.shared:
        return
    if row.values[at - 1] is None:
        yield Finding(
            "amount-blank", Severity.FATAL if _has_other_money(table, row) else Severity.WARNING, row.line_no,
            f"第{row.line_no}行“{read.name}”的“{table.columns[at - 1].name}”为空白，没有按零处理，请对照原件补填。",
            field_name=table.columns[at - 1].name)


def _has_other_money(table: AllocationTable, row: BodyRow) -> bool:
    """Whether a row has money, but not in the column that is handed down."""
    return any(cell is not None and parse_number(cell.text) is not None
               for column, cell in zip(table.columns, row.values, strict=True)
               if column.role not in _WORDS and column.column_no != table.amount_column_no)


def _money_of_units(table: AllocationTable) -> set[int]:
    money = {column.column_no for column in table.columns if column.role not in _WORDS}
    return {table.amount_column_no} if table.amount_column_no else money


def _of_names(table: AllocationTable) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str], AllocationRow] = {}
    for row in table.rows:
        if row.kind is not RowKind.RECIPIENT or row.name.startswith("（"):
            continue
        first = seen.setdefault((row.parent, row.name, row.item), row)
        # Rows of one line share a name that was merged downwards: a paper does that on purpose.
        if first is not row and not row.item and first.line_no != row.line_no:
            yield Finding(
                "unit-twice", Severity.WARNING, row.line_no,
                f"“{row.name}”在第{first.line_no}行和第{row.line_no}行各有一笔金额，请核对是两笔资金，"
                "还是重复或写错了单位。", printed=row.printed_name)
        if re.match(r"其中|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]", row.name):
            yield Finding(
                "row-maybe-sum", Severity.FATAL, row.line_no,
                f"第{row.line_no}行“{row.name}”像是一组的小计或上一行的其中数，与其他行相加会重复，"
                "请写明“小计”或删去这一行后重新导入。", printed=row.printed_name)
    yield from _of_prefecture(table)


def _of_prefecture(table: AllocationTable) -> Iterator[Finding]:
    """A first row like 巴州 that is no unit on file and does not sum the others up: perhaps a wrong total."""
    if len(table.rows) < 3 or any(row.kind is not RowKind.RECIPIENT for row in table.rows):
        return
    like_it = [row for row in table.rows if re.search(r"(?:州|地区|盟)$", row.name)]
    if len(like_it) == 1 and like_it[0] in (table.rows[0], table.rows[-1]):
        row = like_it[0]
        yield Finding(
            "row-maybe-total", Severity.FATAL, row.line_no,
            f"第{row.line_no}行“{row.name}”像是合计行，但金额不等于其余各行之和，请核对各行金额。",
            printed=row.printed_name)


# -- the whole table --------------------------------------------------------------------------------------


def _of_shape(table: AllocationTable, body: Body, block: Block) -> Iterator[Finding]:
    heads = "、".join(column.name for column in table.columns)
    if body.has_half_row:
        yield _cut_off(table, body, block)
    if body.head.is_guessed:
        yield Finding(
            "head-flattened", Severity.NOTE, body.head.line_no,
            f"表“{table.title}”的多层表头在文本中连成一串，已按合计关系还原为：{heads}。", read_as=heads)
    words = [*body.name_heads, *(word for path in body.head.paths for word in path)]
    swallowed = [word for word in words if is_unit_name(word)]
    if swallowed:
        yield Finding(
            "head-holds-units", Severity.FATAL, body.head.line_no,
            f"表“{table.title}”的表头里有单位名称“{'、'.join(swallowed)}”：可能有分配行被当作表头，"
            "请对照原件，把表改成一个单位一行后重新导入。", printed="、".join(swallowed))
    if table.amount_column_no is None:
        yield Finding(
            "amount-column-unclear", Severity.FATAL, body.head.line_no,
            f"表“{table.title}”有几栏金额（{heads}），没有合计栏，不知道哪一栏是分配给单位的金额，"
            "请在表中补一栏“合计”后重新导入。", printed=heads)


def _cut_off(table: AllocationTable, body: Body, block: Block) -> Finding:
    count = sum(1 for row in table.rows if row.kind is RowKind.RECIPIENT)
    is_whole = _is_complete_by_its_total(table)
    tail = "已读各行之和等于表中合计，单位没有遗漏" if is_whole else "此后的单位都没有读到，入库会漏掉这些单位的资金"
    return Finding(
        "text-cut-off", Severity.WARNING if is_whole else Severity.FATAL, block.last_line_no,
        f"表“{table.title}”在文本末尾被截断：只读到{count}个单位，最后不完整的一行“{body.half_row}”未读入，"
        f"{tail}，请补充完整文件。", printed=body.half_row)


def _is_complete_by_its_total(table: AllocationTable) -> bool:
    if table.amount_column_no is None:
        return False
    at = table.amount_column_no - 1
    totals = [row.cells[at].number for row in table.rows if row.kind is RowKind.TOTAL]
    parts = [row.cells[at].number for row in table.rows if row.kind is RowKind.RECIPIENT]
    return bool(totals) and all(total == sum((part or Decimal(0) for part in parts), Decimal(0)) for total in totals)


def _of_unit(table: AllocationTable, block: Block, is_unit_stated: bool) -> Iterator[Finding]:
    if not table.unit:
        yield Finding(
            "unit-missing", Severity.FATAL, table.line_no,
            f"表“{table.title}”没有写明金额单位，金额未换算为元，请补填单位后再入库。")
        return
    if not is_unit_stated:
        yield unit_assumed(table)
    above = block.unit or bracketed_unit(block.title)
    others = [column for column in table.columns if column.role not in _WORDS and column.unit != above]
    if above and others:
        named = "、".join(f"“{column.name}”" for column in others)
        yield Finding(
            "unit-differs", Severity.WARNING, table.line_no,
            f"表“{table.title}”上方写“单位：{above}”，{named}一栏却写{others[0].unit}，已按栏内的{others[0].unit}读取，"
            "请对照原件核对。", printed=above, read_as=others[0].unit)


def unit_assumed(table: AllocationTable) -> Finding:
    """The finding on a table that states no unit itself and is read in that of the text."""
    return Finding(
        "unit-assumed", Severity.WARNING, table.line_no,
        f"表“{table.title}”没有写明金额单位，按正文的{table.unit}读取，请对照原件核对。", read_as=table.unit)
