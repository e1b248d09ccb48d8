"""Money that a notice seems to share out but that was read as no table: said, never passed over."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.model import Finding, Severity
from data.notice.document import Document
from data.notice.figures import narrow, parse_number, squeeze
from data.notice.grids import Block
from data.notice.unit_names import is_total_word, is_unit_name

_AMOUNT = r"\d[\d,]*(?:\.\d+)?(?:亿元|万元|元)"
# A unit right before its amount, or at the head of a numbered line that has one.
_UNIT_AMOUNT = re.compile(
    r"([一-龥]{1,12}?(?:自治县|[县市区旗州镇乡局院站]|街道|中心|学校|医院))(?:本级)?"
    r"[:,(]?(?:资金|补助|安排|分配|金额)?[:,]?" + _AMOUNT
)
_LOOSE_ROW = re.compile(r"^((?:[一-龥]\s*){2,14}?)[\s:]*[-(]?\d[\d,.]*\)?(?:\s*(?:亿元|万元|元))?(?:\s+\S{1,12})*$")
_NUMBERED = re.compile(r"^(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十\d]{1,3}[、.)])")
_SHARED_OUT = re.compile(r"分配(?:表|如下|情况|方案|明细|给|到)|分别(?:为|安排|下达|分配)|资金安排(?:表|如下|情况)")


def looks_like_allocation(block: Block) -> bool:
    """Whether a table that could not be read holds the money of units all the same."""
    words = squeeze(narrow(block.title + "".join(cell.text for row in block.grid.rows[:2] for cell in row)))
    is_money = bool(block.unit or re.search(r"金额|资金|补助|经费|万元|分配", words))
    units = {squeeze(cell.text) for cell in block.cells if is_unit_name(cell.text)}
    return is_money and len(units) > 1 and any(parse_number(cell.text) is not None for cell in block.cells)


def unread_block(block: Block) -> Finding:
    """The finding on a table whose rows could not be told."""
    title = block.title or "（没有标题）"
    return Finding(
        "allocation-unread", Severity.WARNING, block.grid.line_no,
        f"第{block.grid.line_no}行起的表“{title}”列有单位和金额，但认不出哪一栏是单位、哪一栏是金额，没有读入，"
        "请改成“单位、金额”两栏后重新导入。", printed=title)


def rows_below(block: Block, others: Sequence[Block], document: Document) -> list[Finding]:
    """Lines right under a table that look like rows of it but stand outside its columns: 「合计500」."""
    covered = {cell.line_no for other in others for cell in other.cells}
    found: list[Finding] = []
    for line in document.lines:
        words = line.text.strip().strip("|").strip()
        if line.line_no <= block.last_line_no or not words:
            continue
        match = _LOOSE_ROW.match(narrow(words))
        name = squeeze(match.group(1)) if match else ""
        if line.line_no in covered or not (is_unit_name(name) or is_total_word(name)):
            break
        found.append(Finding(
            "row-unread", Severity.FATAL, line.line_no,
            f"第{line.line_no}行“{words}”紧接在表下，像是表中的一行，但没有按表格分栏，没有读入，"
            "请把它改成表中的一行后重新导入。", printed=words))
    return found


def unread_amounts(document: Document) -> list[Finding]:
    """The finding on sentences that share out money which was not read.

    Empty: no finding where fewer than two units stand before an amount and no line says who gets a share.
    """
    units: dict[str, int] = {}
    listed = [line.line_no for line in document.lines if (match := _LOOSE_ROW.match(narrow(line.text.strip())))
              and is_unit_name(squeeze(match.group(1)))]
    shared_at = amount_count = 0
    for line in document.lines:
        words = squeeze(narrow(line.text))
        named = [found.group(1) for found in _UNIT_AMOUNT.finditer(words)]
        for name in named:
            if is_unit_name(_NUMBERED.sub("", name)):
                units.setdefault(name, line.line_no)
        amount_count += len(re.findall(_AMOUNT, words))
        if not shared_at and _SHARED_OUT.search(words):
            shared_at = line.line_no
    if len(units) < 2 and len(listed) < 2 and not (shared_at and amount_count > 1):
        return []
    places = [*(units.values() if len(units) > 1 else ()), *(listed if len(listed) > 1 else ())]
    line_no = min(places, default=shared_at)
    return [Finding(
        "allocation-unread", Severity.WARNING, line_no,
        f"第{line_no}行起的文字写有分配给各单位的金额，但没有读到分配表，这些金额没有入库、也没有核对，"
        "请补充分配表或改成“单位、金额”两栏的表后重新导入。")]
