"""Allocations in sentences: 「其中:高新区3万元,织里镇3万元」, 「平安区、循化县各100万元」."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from data.model import (
    AllocationCell,
    AllocationColumn,
    AllocationRow,
    AllocationTable,
    ColumnRole,
    RowKind,
)
from data.notice.document import Document
from data.notice.figures import narrow, parse_number, to_yuan
from data.notice.wording import EvenLine, Wording

_HAN = r"[一-龥]"
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南"
    "|西藏|陕西|甘肃|青海|宁夏|新疆|兵团"
)
_RECIPIENT = (
    rf"(?:{_HAN}{{1,20}}?(?:自治[县州旗]|开发区|示范区|高新区|管委会|新区|[县市区镇乡旗州盟]|街道办事处|办事处|街道办?|地区|本级|医院|卫生院|卫生室|疾控"
    rf"|中心|学校|小学|中学|初中|高中|大学|学院|幼儿园|福利院|敬老院|养老院|救助站|服务站|管理站|保健院|血站|[局厅委办]|公司|合作社"
    rf"|林场|农场|牧场|马场|研究[所院]|协会|联合会|村|社区|园区|[所站馆场])|{_PROVINCES})"
)
_FIGURE = r"(\d[\d,]*(?:\.\d+)?)(亿元|万元|元|亿|万)(?!/)"
_ITEM = re.compile(
    rf"((?:{_RECIPIENT}[、和及])*{_RECIPIENT})(各|分别|均)?"
    rf"(?:为|安排|补助|分配|下达)?(?:资金|金额|补助)?[:(]?{_FIGURE}"
)
_AND = re.compile(r"(?<=[县区市镇乡旗州盟道院站局校园])(?:以及|和|及|与)(?![田静硕平政顺龙林布县])")
_FAR_ITEM = re.compile(
    rf"(?:下达|拨付|安排|分配|补助)(给)?(?P<name>{_HAN}{{1,12}}?(?:自治县|[县市区镇乡]|街道))(?P<purpose>{_HAN}{{2,30}}?){_FIGURE}"
)
_GENERIC = re.compile(
    r"^(每|各|全|该|本[市县区州]?$|所有|其他)|(贫困|重点|示范|脱贫|行政|试点)(村|县|镇|乡|区)$"
    r"|^(中心|村|社区|学校|医院|公司)$"
)
_BREAK = re.compile(r"[。!?\n]")
_CAP = re.compile(r"(最高|不超过|不高于|以内|不低于|不少于|每[人户个名年月]|上限|封顶|标准(?!:))[^,;。、]{0,8}$")
_LEAD = re.compile(
    r"^.*(?:其中|分别为|分别是|[::,;。()》]|资金|经费|补助|款项?|下达|拨付|安排|分配|划拨|拨给|给予|给|补贴|奖励)"
)
_SOURCE = re.compile(r"(中央|自治区|省级|省|市级|州级|地级|县级|区级)(?:财政)?(?:预算)?[^,;。:]{0,40}$")
_STATED = re.compile(_FIGURE)
_SUMMED_UP = re.compile(r"^[,;、)]?(?:以上)?(?:共计|合计|总计)" + _FIGURE)
_LONGEST_GAP = 70


@dataclass(frozen=True)
class _Item:
    name: str
    printed: str
    number: Decimal
    unit: str
    line_no: int
    start: int
    end: int


@dataclass(frozen=True)
class _List:
    items: tuple[_Item, ...]
    lead: str      # the words before it in its sentence
    tail: str      # the words behind it
    line_no: int
    start: int


def read_prose_lists(document: Document) -> tuple[AllocationTable, ...]:
    """The allocation lists in a notice's sentences, as one table: a row for each unit, a column for each list.

    Unit:  as printed behind each amount; the table's unit is that of its first amount.
    Empty: an empty tuple; a cap (最高不超过5万元) and a part of the money (直接费用20万) are no allocations.
    """
    lines = Wording(document.lines).lines
    found = [found for line in lines for found in _lists(line)] or [
        found for line in lines for found in _far_lists(line)]
    if not found:
        return ()
    if len(found) == 1 or not _same_units(found):
        return tuple(_table(no, [one], lines) for no, one in enumerate(found, start=1))
    return (_table(1, found, lines),)


def _same_units(found: Sequence[_List]) -> bool:
    first = {item.name for item in found[0].items}
    return all(len(first & {item.name for item in other.items}) * 2 >= len(first) for other in found[1:])


def _lists(line: EvenLine) -> Iterator[_List]:
    """Runs of two or more amounts behind names, in one line."""
    text = narrow(line.tight)
    run: list[_Item] = []
    lead = ""
    for match in _ITEM.finditer(text):
        items = _items(match, text, line.line_no)
        if not items:
            continue
        gap = text[run[-1].end: items[0].start] if run else ""
        if run and (_BREAK.search(gap) or len(gap) > _LONGEST_GAP or _STATED.search(gap)):
            yield from _whole(run, lead, text)
            run = []
        if not run:
            lead = _sentence_before(text, items[0].start)
        run += items
    yield from _whole(run, lead, text)


def _far_lists(line: EvenLine) -> Iterator[_List]:
    """「下达宣汉县普通省道3800万元;下达达川区公路桥梁36万元」: the purpose stands between name and amount."""
    text = narrow(line.tight)
    run = []
    for match in _FAR_ITEM.finditer(text):
        number = parse_number(match.group(4))
        if number is None or _GENERIC.search(match.group("name")) or _CAP.search(text[: match.start(4)]):
            continue
        unit = match.group(5) if match.group(5).endswith("元") else match.group(5) + "元"
        run.append(_Item(match.group("name"), match.group("name"), number, unit, line.line_no,
                         match.start("name"), match.end()))
    yield from _whole(run, _sentence_before(text, run[0].start) if run else "", text)


def _whole(run: Sequence[_Item], lead: str, text: str) -> Iterator[_List]:
    if len({item.name for item in run}) > 1:
        tail = _BREAK.split(text[run[-1].end:])[0]
        yield _List(tuple(run), lead, tail, run[0].line_no, run[0].start)


def _sentence_before(text: str, start: int) -> str:
    return _BREAK.split(text[:start])[-1]


def _items(match: re.Match[str], text: str, line_no: int) -> list[_Item]:
    words = match.group(1)
    is_each = match.group(2) is not None
    if _CAP.search(text[: match.start()] + words):
        return []
    if match.start() and text[match.start() - 1] in "元万)":
        words = re.sub(r"^(以及|和|及|与)(?![田静硕平政顺龙林布县])", "", words)
    names = [name for part in words.split("、") for name in _AND.split(part)]
    if len(names) > 1 and not is_each:
        return []   # one amount for several units: who gets what is not said
    number, unit = parse_number(match.group(3)), match.group(4)
    if number is None:
        return []
    unit = unit if unit.endswith("元") else unit + "元"
    kept = [(_name(name), name) for name in names]
    start = match.start(1) + len(match.group(1)) - (len(words) if is_each else len(kept[-1][0]))
    return [_Item(name, printed, number, unit, line_no, start, match.end()) for name, printed in kept
            if re.fullmatch(_RECIPIENT, name) and not _GENERIC.search(name)]


def _name(words: str) -> str:
    """The unit's own name: what stands before it in the sentence is taken off."""
    return _LEAD.sub("", words)


def _table(table_no: int, lists: Sequence[_List], lines: Sequence[EvenLine]) -> AllocationTable:
    unit = lists[0].items[0].unit
    names = list(dict.fromkeys(item.name for one in lists for item in one.items))
    heads = [_head(one, len(lists)) for one in lists]
    heads = [head if heads.count(head) == 1 else f"{head}{no}" for no, head in enumerate(heads, start=1)]
    columns = tuple(AllocationColumn(no, head, ColumnRole.PART, unit=unit) for no, head in enumerate(heads, start=1))
    rows = [_row(no, name, lists, unit) for no, name in enumerate(names, start=1)]
    total = _total_row(len(rows) + 1, lists, unit, lines)
    if total is not None:
        rows.append(total)
    return AllocationTable(table_no, "", lists[0].line_no, unit, columns, tuple(rows), (),
                           1 if len(lists) == 1 else None, is_prose=True)


def _head(one: _List, count: int) -> str:
    source = _SOURCE.search(one.lead.rstrip(":,("))
    return source.group(1) if count > 1 and source else "金额"


def _row(no: int, name: str, lists: Sequence[_List], unit: str) -> AllocationRow:
    cells = []
    line_no = 0
    printed = name
    for column_no, one in enumerate(lists, start=1):
        item = next((item for item in one.items if item.name == name), None)
        if item is None:
            cells.append(AllocationCell(column_no, "", None, None, one.line_no))
            continue
        line_no = line_no or item.line_no
        printed = item.printed
        number = item.number if item.unit == unit else _in_unit(item, unit)
        cells.append(AllocationCell(column_no, f"{item.number}{item.unit}", number,
                                    to_yuan(item.number, item.unit), item.line_no))
    return AllocationRow(no, line_no, RowKind.RECIPIENT, name, printed, tuple(cells))


def _in_unit(item: _Item, unit: str) -> Decimal | None:
    yuan, one = to_yuan(item.number, item.unit), to_yuan(Decimal(1), unit)
    return None if yuan is None or one is None else yuan / one


def _total_row(no: int, lists: Sequence[_List], unit: str, lines: Sequence[EvenLine]) -> AllocationRow | None:
    """The amount that the sentence states before its list, or an earlier one that equals the list's sum."""
    cells = []
    for column_no, one in enumerate(lists, start=1):
        stated = _stated(one, lines)
        cells.append(AllocationCell(column_no, "", None, None, one.line_no) if stated is None else AllocationCell(
            column_no, f"{stated.number}{stated.unit}", _in_unit(stated, unit),
            to_yuan(stated.number, stated.unit), stated.line_no))
    if all(cell.number is None for cell in cells):
        return None
    line_no = next(cell.line_no for cell in cells if cell.number is not None)
    return AllocationRow(no, line_no, RowKind.TOTAL, "合计", "", tuple(cells))


def _stated(one: _List, lines: Sequence[EvenLine]) -> _Item | None:
    total = sum((to_yuan(item.number, item.unit) or Decimal(0) for item in one.items), Decimal(0))
    near = re.search(_FIGURE + r"[^\d。]{0,30}其中:?$", one.lead) or _SUMMED_UP.match(one.tail)
    if near:
        return _stated_item(near, one.line_no)
    for line in reversed([line for line in lines if line.line_no <= one.line_no]):
        text = narrow(line.tight)
        for match in reversed(list(_STATED.finditer(text))):
            if line.line_no == one.line_no and match.start() >= one.start:
                continue
            item = _stated_item(match, line.line_no)
            if to_yuan(item.number, item.unit) == total:
                return item
    return None


def _stated_item(match: re.Match[str], line_no: int) -> _Item:
    unit = match.group(2) if match.group(2).endswith("元") else match.group(2) + "元"
    return _Item("", match.group(1), parse_number(match.group(1)) or Decimal(0), unit, line_no,
                 match.start(), match.end())
