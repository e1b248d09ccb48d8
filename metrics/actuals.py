"""What a unit typed as its actual value: 21980人, 583元/人*月, ≥266米, 达成预期指标, 44561, nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from metrics.target_dates import Due, due_in_year, read_due
from metrics.target_numbers import LONGEST_TEXT, chinese_number, normalise, quantities, unit_with_period
from metrics.typed_days import names_a_day, without_time


class ActualKind(StrEnum):
    """What stands in the cell."""

    EMPTY = "empty"
    NUMBER = "number"
    COUNTS = "counts"
    DATE = "date"
    CLAIM = "claim"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Actual:
    """An actual value as read; ``note`` says in words what was taken for granted."""

    text: str
    kind: ActualKind
    number: Decimal | None = None
    unit: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    done: Due | None = None
    note: str = ""
    sign: str = ""

    def done_on_in(self, year: int) -> date | None:
        """The day it was done, in the year of the round where none is typed."""
        return due_in_year(self.done, year) if self.done else None


_EMPTY = re.compile(r"(?:[-/\\—_]*|无|未填|未填报|暂无|空|nan|None)")
_SIGN = re.compile(r"(?:[≥≤<>=]|大于等于|小于等于|大于|小于|不低于|不少于|不超过|达到?|等于)$")
_PLAIN_LEAD = re.compile(
    r"(?:(?:每人)?每个?(?:季度|季|月|半年|年|周|星期|天|日|学期)|共计?|合计|实际|完成|已完成"
    r"|实现|累计|全年)*"
)
_COUNTS = re.compile(r"(?P<n>\d[\d,]*(?:\.\d+)?)[/÷](?P<d>\d[\d,]*(?:\.\d+)?)(?:=[\d.]+%?)?")
_NOT_DONE_YET = re.compile(r"未|没|不|无|拟|将|预计|计划|预期|争取|力争|待|尚|推迟|延期|延后|延至|取消|撤销|终止|难|拒")
# Whole phrases only: a word like 完成 inside 「难以完成」 or 「完成一半」 claims nothing.
_CLAIM = re.compile(
    r"(?:已经?|均已?|全部|全面|都|按期|按时|如期|及时|圆满|顺利|足额)*"
    r"(?:完成|达成|达到|达标|实现|落实|公开|公示|到位|办结|发放|拨付)(?:到位|完毕)?了?"
    r"(?:(?:全部|全年|年度|年初|预期|既定|预定|设定|绩效|的)*(?:目标值?|指标值?|任务|要求|标准|效果|工作|预期))?"
    r"|(?:效果|成效|作用|效益)?(?:较为|非常|十分|很)?(?:明显|显著|良好|优秀|优良|优|好)"
    r"|(?:效果|成效|作用|效益)?(?:得到)?(?:有效|显著|明显|持续|不断|稳步|大幅)+"
    r"(?:提高|提升|增强|改善|增加|扩大|巩固|完善|保障|规范|健全|加强|好转|优化)"
    r"|是|有效|合格|合规|(?:均|全部)?符合(?:要求|规定|标准|预期)?|规范|健全|完善|完整|可持续|满意|及时|稳定|有序|安全"
)

# Units that mean the same, by the word that stands for them.
_SAME_UNIT = {
    "人数": "人", "名": "人", "平方米": "㎡", "m²": "㎡", "m2": "㎡", "千米": "公里",
    "km": "公里", "KM": "公里",
    "m": "米", "M": "米", "kg": "公斤", "KG": "公斤", "千克": "公斤", "t": "吨",
    "百分点": "%", "个百分点": "%",
    "个月": "月", "个工作日": "工作日", "万": "万元", "亿": "亿元",
}
_MULTIPLES = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_KEPT_WHOLE = {"千瓦", "千瓦时", "百分比"}


def parse_actual(text: str, is_for_date: bool = False) -> Actual:
    """Read a typed actual value; what is not plainly one number, date or claim is ``unclear``.

    >>> parse_actual("≥266米").number, parse_actual("达成预期指标").kind
    (Decimal('266'), <ActualKind.CLAIM: 'claim'>)
    """
    plain = normalise(text or "")
    if _EMPTY.fullmatch(plain):
        return Actual(text, ActualKind.EMPTY)
    if len(plain) > LONGEST_TEXT:
        return Actual(text, ActualKind.UNCLEAR, note=f"实际值写了 {len(plain)} 个字，看不出是多少")
    due = read_due(normalise(without_time(text)), "完成时间" if is_for_date else "")
    if due is not None and due.month is not None:
        if _NOT_DONE_YET.search(plain):
            return Actual(text, ActualKind.UNCLEAR, note=f"“{text}”说的不是已经完成")
        if not names_a_day(due, plain) or due.is_impossible:
            return Actual(text, ActualKind.UNCLEAR, note=f"“{text}”不是一个完成日期")
        return Actual(text, ActualKind.DATE, done=due)
    counts = _COUNTS.fullmatch(plain)
    if counts:
        return Actual(
            text, ActualKind.COUNTS,
            numerator=chinese_number(counts["n"]), denominator=chinese_number(counts["d"]),
        )
    if re.search(r"\d", plain):
        return _read_number(text, plain)
    if is_plain_claim(plain):
        return Actual(text, ActualKind.CLAIM)
    return Actual(text, ActualKind.UNCLEAR, note=f"“{text}”没有写清是否达成")


def is_plain_claim(plain: str) -> bool:
    """Whether every clause of a normalised text is one of the phrases that claim a target as reached.

    >>> is_plain_claim("已全部完成"), is_plain_claim("完成一半"), is_plain_claim("难以完成")
    (True, False, False)
    """
    clauses = [clause for clause in re.split(r"[,;。、!]", plain) if clause]
    return bool(clauses) and all(_CLAIM.fullmatch(clause) for clause in clauses)


@dataclass(frozen=True)
class Pair:
    """A bound and a value in one unit; ``note`` says in words what was taken for granted."""

    bound: Decimal
    value: Decimal
    unit: str
    note: str = ""


def in_one_unit(bound: Decimal, bound_unit: str, value: Decimal, value_unit: str) -> Pair | None:
    """A bound and a value in the smaller of their units.

    Empty:  None where the units cannot be compared: 人 against 户, a plain number against a percentage.

    >>> pair = in_one_unit(Decimal(10), "万元", Decimal(95000), "元")
    >>> int(pair.bound), int(pair.value), pair.unit
    (100000, 95000, '元')
    """
    if not value_unit and bound_unit:
        if bound_unit in {"%", "‰"} and 0 < value <= 1 and bound > 1:
            return None  # 0.95 may be 95% and may be 0.95%
        return Pair(bound, value, bound_unit, f"实际值没有写单位，按“{bound_unit}”理解")
    if value_unit and not bound_unit:
        if value_unit in {"%", "‰"}:
            return None
        return Pair(bound, value, value_unit, f"目标没有写单位，按“{value_unit}”理解")
    bound_word, bound_times = _base_unit(bound_unit)
    value_word, value_times = _base_unit(value_unit)
    if bound_word != value_word:
        return None
    common = min(bound_times, value_times)
    unit = value_unit if value_times <= bound_times else bound_unit
    return Pair(bound * (bound_times // common), value * (value_times // common), unit)


def _read_number(text: str, plain: str) -> Actual:
    found = quantities(plain)
    if found is None or len(found) != 1:
        return Actual(text, ActualKind.UNCLEAR, note=f"“{text}”读不出唯一的一个数")
    only = found[0]
    sign = _SIGN.search(only.before)
    lead = only.before[: sign.start()] if sign else only.before
    if not _PLAIN_LEAD.fullmatch(lead) or only.after:
        return Actual(text, ActualKind.UNCLEAR, note=f"“{text}”里还有别的文字，不能只取其中的数")
    note = f"实际值照抄了目标的“{sign[0]}”，按 {only.number} 计" if sign and sign[0] in "≥≤<>=" else ""
    return Actual(
        text, ActualKind.NUMBER, number=only.number, unit=unit_with_period(only), note=note,
        sign=sign[0] if sign else "",
    )


def _base_unit(unit: str) -> tuple[str, int]:
    """A unit without its multiple: 万平方米 is ten thousand ㎡."""
    word = re.sub(r"[*·.、]|每", "/", unit)
    head, slash, rest = word.partition("/")
    head = _SAME_UNIT.get(head, head)
    times = 1
    if head not in _KEPT_WHOLE:
        for prefix in sorted(_MULTIPLES, key=len, reverse=True):
            if head.startswith(prefix) and len(head) > len(prefix):
                times, head = _MULTIPLES[prefix], head[len(prefix):]
                break
    return _SAME_UNIT.get(head, head) + slash + rest, times
