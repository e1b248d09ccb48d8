"""The head of an allocation table: names of columns out of one to three head rows, and what each column holds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from data.document_number import find_all
from data.model import AllocationColumn, ColumnRole
from data.notice.allocation_sums import SUM_WORDS, Figures, Path, holds, sums_of
from data.notice.figures import bracketed_unit, is_like_figure, narrow, parse_number, squeeze, to_yuan

_SERIAL = re.compile(r"^(序号|编号|栏次|行次|序|(单位|预算单位|区划|行政区划|机构|部门|项目|地区)?(编码|代码))$")
_NOTE = re.compile(r"备注|说明|用途|功能分类|科目|文号|依据|内容|联系|账号|账户|开户|时间|日期")
_COUNT = re.compile(
    r"(人|户|次|天|童|个|项目|任务|对象|机构|床位|学生|村|校|点)数|人次|人口|数量|标准|序号|面积|名额|比例|系数|占比|比重|得分"
    r"|权重|分值|排名|里程|床位|[(](人|户|个|名|张|亩|公里|%|次|头|只|辆|套|所|人次|平方米|元/.*)[)]|%"
)
_MONEY = re.compile(r"金额|资金|补助|经费|补贴|调整数|小计数|合计|款|万元|指标")
_REGION = re.compile(
    r"地区|县|市|区|州|单位|镇|乡|街道|学校|名称|医院|机构|院|部门|省|盟|旗|受助|公司|企业|主体|村|项目|收款|户名|地方"
)
_BEFORE = re.compile(r"调整前|调前|原下达|原分配|原安排|调整以前")
_AFTER = re.compile(r"调整后|调后")
_ADJUSTMENT = re.compile(r"调整数|调整额|调整金额|调增|增减|调整情况|本次调整|变动")
_STATED_TOTAL = re.compile(r"(?<=[号)\s])\s*(\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|元)\s*$")
_THIS_TIME = re.compile(r"^(本次|此次|本批|现)(下达|拨付|安排|分配|补助)")
_MOST_CANDIDATES = 20_000


@dataclass(frozen=True)
class Head:
    """The heads of the figure columns: the words from the top row down to the column's own."""

    paths: tuple[Path, ...]
    line_no: int
    is_guessed: bool = False   # the head's rows had run together and were sorted out by the sums


def is_serial(text: str) -> bool:
    """Whether a head stands over running numbers: 序号."""
    return bool(_SERIAL.match(squeeze(narrow(text))))


def is_note(text: str) -> bool:
    """Whether a head stands over words: 备注, 用途, 功能分类."""
    words = squeeze(narrow(text))
    return bool(_NOTE.search(words)) and not _MONEY.search(words)


def is_money_head(text: str) -> bool:
    """Whether a head stands over figures: money, a sum, a count."""
    words = squeeze(narrow(text))
    return bool(_MONEY.search(words) or _COUNT.search(words) or SUM_WORDS.match(words)) and not words.endswith("项目")


def is_region_head(text: str) -> bool:
    """Whether a head stands over the names of units: 县区, 学校, 名称."""
    words = squeeze(narrow(text))
    return len(words) <= 12 and bool(_REGION.search(words)) and not _MONEY.search(words) \
        and not _COUNT.search(words)


def aligned_paths(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> tuple[Path, ...]:
    """Paths where every head stands over its columns; an empty cell goes on with the head at its left.

    >>> aligned_paths([["县", "甲", "", "乙"], ["", "前", "后", ""]], [1, 2, 3])
    (('甲', '前'), ('甲', '后'), ('乙',))
    """
    return tuple(_aligned_path(rows, column) for column in columns)


def _aligned_path(rows: Sequence[Sequence[str]], column: int) -> Path:
    path: list[str] = []
    for depth, row in enumerate(rows):
        words = row[column]
        has_child = any(lower[column] for lower in rows[depth + 1:])
        if not words and has_child:
            left = next((at for at in range(column - 1, -1, -1) if row[at]), None)
            if left is not None and any(lower[left] for lower in rows[depth + 1:]):
                words = row[left]
        if words and (not path or path[-1] != words):
            path.append(words)
    return tuple(path)


def flat_paths(
    levels: Sequence[Sequence[str]], width: int, rows: Sequence[Figures]
) -> tuple[tuple[Path, ...], bool] | None:
    """Paths where the head's cells came one after the other and spans are lost; the sums decide.

    Reads:  ``levels`` the head's words, one list if not even its rows are known; ``rows`` figures of whole rows.
    Empty:  None if no arrangement gives ``width`` columns.

    >>> heads = ["合计", "一般预算", "彩票公益金", "小计", "常规"]
    >>> flat_paths([heads], 4, [[Decimal(9), Decimal(5), Decimal(5), Decimal(4)]])[0][1]
    ('一般预算', '小计')
    """
    words = [word for level in levels for word in level]
    words = _with_continued(words)
    choices = [words, [word for word in words if not is_note(word)]]
    for flat in choices:
        if len(flat) == width:
            return tuple((word,) for word in flat), False
    known = [list(level) for level in levels] if len(levels) > 1 else None
    for flat in choices:
        best = _best(flat, width, rows, known) if len(flat) > width else None
        if best is not None:
            return best, True
    return None


def _with_continued(words: Sequence[str]) -> list[str]:
    """A head on two lines, 「乡镇」「(街道)」, is one head."""
    joined: list[str] = []
    for word in words:
        if joined and re.match(r"^\(.*\)$", narrow(word)):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _best(
    flat: list[str], width: int, rows: Sequence[Figures], known: list[list[str]] | None
) -> tuple[Path, ...] | None:
    best: tuple[float, tuple[Path, ...]] | None = None
    for paths in itertools.islice(_arrangements(flat, width, known), _MOST_CANDIDATES):
        score = _score(paths, rows)
        if best is None or score > best[0]:
            best = (score, paths)
    return best[1] if best else None


def _arrangements(flat: list[str], width: int, known: list[list[str]] | None) -> Iterator[tuple[Path, ...]]:
    if known is not None:
        yield from _forests([level for level in known if level], width)
    for first in range(1, len(flat)):
        yield from _forests([flat[:first], flat[first:]], width)
    for first, second in itertools.combinations(range(1, len(flat)), 2):
        yield from _forests([flat[:first], flat[first:second], flat[second:]], width)


def _forests(levels: list[list[str]], width: int) -> Iterator[tuple[Path, ...]]:
    """Every way to hang each level under some heads of the level above, ``width`` columns in all."""
    if len(levels) == 1:
        if len(levels[0]) == width:
            yield tuple((word,) for word in levels[0])
        return
    above = levels[0]
    below_width = sum(len(level) for level in levels[1:])
    for count in range(1, len(above) + 1):
        for groups in itertools.combinations(range(len(above)), count):
            if any(SUM_WORDS.match(above[at]) for at in groups):
                continue
            leaves = len(above) - count
            for below in _forests(levels[1:], width - leaves) if below_width >= width - leaves > 0 else ():
                for parts in _parts(below, count):
                    yield _hung(above, groups, parts)


def _parts(below: tuple[Path, ...], count: int) -> Iterator[list[tuple[Path, ...]]]:
    for cuts in itertools.combinations(range(1, len(below)), count - 1):
        edges = [0, *cuts, len(below)]
        if all(below[edge - 1][0] != below[edge][0] or len(below[edge]) == 1 for edge in cuts):
            yield [below[start:end] for start, end in itertools.pairwise(edges)]


def _hung(above: list[str], groups: tuple[int, ...], parts: list[tuple[Path, ...]]) -> tuple[Path, ...]:
    paths: list[Path] = []
    for at, word in enumerate(above):
        if at in groups:
            paths += [(word, *path) for path in parts[groups.index(at)]]
        else:
            paths.append((word,))
    return tuple(paths)


def _score(paths: tuple[Path, ...], rows: Sequence[Figures]) -> float:
    score = 0.0
    for identity in sums_of(paths):
        tested = [row for row in rows if row[identity.column_no - 1] is not None]
        holding = sum(1 for row in tested if holds(identity, row))
        score += 4 * holding / len(tested) - 2 if tested else 0
    tops = [path[0] for path in paths if len(path) > 1]
    for top in set(tops):
        children = [path[1] for path in paths if len(path) > 1 and path[0] == top]
        score += 0.4 if len(children) > 1 else -1
        score += 0.3 if SUM_WORDS.match(children[0]) else 0
        score += 0.3 if top.endswith(("明细", ":", "其中")) else 0
    return score - 0.1 * max(len(path) for path in paths)


def column_names(paths: Sequence[Path]) -> list[str]:
    """The name of each column: its own head behind the head right above it.

    Of a head in three rows the top one is left out where it spans everything and tells nothing apart.

    >>> column_names([("补助", "合计"), ("补助", "预算", "小计"), ("补助", "公益金")])
    ['补助/合计', '预算/小计', '公益金']
    """
    deepest = max((len(path) for path in paths), default=1)
    names = []
    for path in paths:
        clean = [_without_total(word) for word in path]
        kept = clean[-2:]
        if deepest > 2 and len(path) == 2 and not SUM_WORDS.match(clean[1]):
            kept = clean[1:]
        names.append(("" if kept[0].endswith(":") else "/").join(kept))
    return names


def _without_total(head: str) -> str:
    return squeeze(_STATED_TOTAL.sub("", narrow(head)) if _STATED_TOTAL.search(narrow(head)) else head)


def columns_of(head: Head, table_unit: str, samples: Sequence[Sequence[str]]) -> tuple[AllocationColumn, ...]:
    """The columns with their roles, source documents, stated totals and units.

    Reads:  ``samples`` the printed cells of each column, to tell words from figures.
    """
    columns = []
    for number, (path, name) in enumerate(zip(head.paths, column_names(head.paths), strict=True), start=1):
        unit = next((u for u in (bracketed_unit(word) for word in reversed(path)) if u), table_unit)
        role = _plain_role(path, samples[number - 1])
        column = AllocationColumn(number, name, role, _source_document(path), _stated_total(path, unit), unit)
        columns.append(column if role not in (ColumnRole.COUNT, ColumnRole.NOTE) else replace(column, unit=""))
    return _with_adjustment_roles(columns, head.paths)


def _plain_role(path: Path, cells: Sequence[str]) -> ColumnRole:
    words = squeeze(narrow(path[-1]))
    filled = [cell for cell in cells if squeeze(cell)]
    figures = sum(1 for cell in filled if is_like_figure(cell))
    if is_note(words) or 2 * figures < len(filled):
        return ColumnRole.NOTE
    if _COUNT.search(words) and not re.search(r"[((,]万?元[)),]|金额|资金", words):
        return ColumnRole.COUNT
    if SUM_WORDS.match(words):
        return ColumnRole.SUBTOTAL
    return ColumnRole.PART


def _source_document(path: Path) -> str:
    for word in path:
        found = find_all(word)
        if found:
            return found[0].value
    return ""


def _stated_total(path: Path, unit: str) -> Decimal | None:
    for word in path:
        found = _STATED_TOTAL.search(narrow(word))
        if found:
            return to_yuan(parse_number(found.group(1)), found.group(2) or unit)
    return None


def _adjustment_role(words: str) -> ColumnRole | None:
    for pattern, role in ((_BEFORE, ColumnRole.BEFORE), (_AFTER, ColumnRole.AFTER),
                          (_ADJUSTMENT, ColumnRole.ADJUSTMENT)):
        if pattern.search(words):
            return role
    return None


def _with_adjustment_roles(
    columns: Sequence[AllocationColumn], paths: Sequence[Path]
) -> tuple[AllocationColumn, ...]:
    """Where heads say 调整前, 调整数, 调整后: those roles, and the totals over several source documents."""
    roles = [_adjustment_role(squeeze(path[-1])) if len(path) > 1 or SUM_WORDS.match(path[-1]) is None else None
             for path in paths]
    if not {ColumnRole.BEFORE, ColumnRole.AFTER} <= set(roles):
        return tuple(columns)
    groups = {path[:-1] for path, role in zip(paths, roles, strict=True) if role and len(path) > 1}
    out = []
    for column, path, role in zip(columns, paths, roles, strict=True):
        if column.role in (ColumnRole.COUNT, ColumnRole.NOTE):
            out.append(column)
        elif role is not None and (path[:-1] in groups or not groups):
            out.append(replace(column, role=role))
        else:
            out.append(replace(column, role=_total_role(squeeze(path[-1]), role) or column.role))
    return tuple(out)


def _total_role(words: str, role: ColumnRole | None) -> ColumnRole | None:
    if role is not None:
        return {ColumnRole.BEFORE: ColumnRole.TOTAL_BEFORE, ColumnRole.AFTER: ColumnRole.TOTAL_AFTER,
                ColumnRole.ADJUSTMENT: ColumnRole.TOTAL_ADJUSTMENT}[role]
    if re.search(r"调整.*合计|合计|总计|实际安排", words):
        return ColumnRole.TOTAL_AFTER
    if re.search(r"调整.*小计|调整", words):
        return ColumnRole.TOTAL_ADJUSTMENT
    if re.search(r"小计|下达|安排", words):
        return ColumnRole.TOTAL_BEFORE
    return None


def amount_column(columns: Sequence[AllocationColumn], rows: Sequence[Figures]) -> int | None:
    """The column that is the money handed down: 调整合计, 本次下达, the sum, or the only one.

    Reads:  ``rows`` the figures; a column that is empty in most rows is not the money of every unit.
    Empty:  None where several columns of money stand side by side and none is their sum: 中央, 自治区.
    """
    money = [c for c in columns if c.role not in (ColumnRole.COUNT, ColumnRole.NOTE)]
    for role in (ColumnRole.TOTAL_AFTER, ColumnRole.AFTER):
        found = [c for c in money if c.role is role]
        if found:
            return found[-1].column_no
    paid = [row for row in rows if any(row[c.column_no - 1] is not None for c in money)]
    full = [c for c in money if all(row[c.column_no - 1] is not None for row in paid)] or money
    this_time = [c for c in full if _THIS_TIME.match(c.name)]
    sums = [c for c in money if c.role is ColumnRole.SUBTOTAL]
    whole = [c for c in sums if "/" not in c.name] or sums
    for choice in ([c for c in this_time if c in sums], this_time if len(this_time) == 1 else [], whole):
        if choice:
            return choice[0].column_no
    for choice in (money, [c for c in full if re.search(r"金额|分配额|分配数|下达数", c.name)],
                   [c for c in money if not c.name.startswith("其中")], _sums_of_the_others(money, paid),
                   _alone_of_money(money)):
        if len(choice) == 1:
            return choice[0].column_no
    return None


def _sums_of_the_others(money: Sequence[AllocationColumn], rows: Sequence[Figures]) -> list[AllocationColumn]:
    """The columns that are the sum of all others in every row, whatever their heads say."""
    def is_sum(column: AllocationColumn, row: Figures) -> bool:
        others = [row[c.column_no - 1] for c in money if c is not column]
        return row[column.column_no - 1] == sum((figure for figure in others if figure is not None), Decimal(0))

    return [c for c in money if len(money) > 2 and len(rows) > 1 and all(is_sum(c, row) for row in rows)]


def _alone_of_money(money: Sequence[AllocationColumn]) -> list[AllocationColumn]:
    """The columns whose heads say money, where no other head names a source or a year of money."""
    named = [c for c in money if re.search(r"资金|补助|经费|补贴|分配|下达|款$", c.name)]
    others = [c for c in money if c not in named]
    return [] if any(re.search(r"中央|[省州市县区]|年|批|配套|自筹", c.name) for c in others) else named
