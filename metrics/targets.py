"""The target language: the printed words of a target (指标值) become a kind, a bound and a unit."""

from __future__ import annotations

import re
from typing import Any

from metrics.target_dates import read_due, read_limit
from metrics.target_direction import scored_kind
from metrics.target_kinds import Target, TargetKind, json_number
from metrics.target_numbers import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    Quantity,
    chinese_number,
    has_number,
    normalise,
    quantities,
    unit_with_period,
    without_years,
)

__all__ = ["Target", "TargetKind", "parse_target", "scored_kind", "target_as_json"]

_NOT = r"(?:不(?:得|应该?|应当|能够?|会|可以?|允?许|准|宜|再|曾|要|该)?|并?未(?:曾|有)?|没有?)"
_AT_LEAST_WORDS = (
    rf"≥|(?:大于|高于|多于)(?:或者?)?(?:等于|=)|{_NOT}(?:低于|少于|小于)|至少(?:达到?)?|最少|最低|"
    r"(?:提高|提升|增长|增加|上升|扩大)(?:到|至)|(?:力争|争取)?达(?:到|至)?(?:了)?"
)
_AT_MOST_WORDS = (
    rf"≤|(?:小于|低于|少于)(?:或者?)?(?:等于|=)|{_NOT}(?:高于|大于|多于|超过|超出|突破|超)|至多|最多|最高|上限为?|"
    r"(?:降低|下降|减少|压减|压缩|控制|缩短|降)(?:到|至)|控制在"
)
_OPERATORS = [
    (TargetKind.AT_LEAST, re.compile(rf"(?:{_AT_LEAST_WORDS})$")),
    (TargetKind.AT_MOST, re.compile(rf"(?:{_AT_MOST_WORDS})$")),
    (TargetKind.MORE_THAN, re.compile(r"(?:>|大于|高于|超过|多于|超)$")),
    (TargetKind.LESS_THAN, re.compile(r"(?:<|小于|低于|少于)$")),
    (TargetKind.EQUAL, re.compile(r"(?:=|(?<!约)等于)$")),
]
_SUFFIXES = [
    (TargetKind.AT_LEAST, re.compile(r"^(?:\(?含\)?|\(不含\))?(?:及|或|或者)?以上(?:\(含\))?")),
    (TargetKind.AT_MOST, re.compile(r"^(?:\(?含\)?|\(不含\))?(?:及|或|或者)?以下(?:\(含\))?|^(?:以|之)?内")),
    (TargetKind.AT_MOST, re.compile(r"^封顶|^为(?:上|最高)?限")),
]
_LEAVES_OUT = re.compile(r"\(不含")
_KEEPS_IN = re.compile(r"\(含")
# A bound that the words beside it turn round, blur or leave open.
_DENIED = re.compile(rf"(?:(?:{_NOT}|[无勿非≠])(?:是|等于|出现|发生|存在)?|禁止|严禁|避免|防止|杜绝|约|近)$")
_BLURRED = re.compile(r"^(?:[+~±-]|多|余|来|不等|以外|之外|开外|外|左右|上下|±|为?(?:底线|下限)|不足|不到|之?前|之?后)")
_FALLS = re.compile(r"(?:减少|下降|降低|降幅)(?:率|幅度)?$")
_IS_IN_A_FORMULA = re.compile(r"[A-Za-z][+\-*/]?$|[+*/~\-]$|每(?:[两二三四五六七八九十几]|隔)")
_NOT_BEFORE = re.compile(r"不[早先]于|(?<!不)(?:超过|晚于|迟于)\d|[日号天月周年底末度](?:之|以)?后$|起$|开始$")
_HALF_COVERED = re.compile(
    r"未(?!成年)|没有?|不(?:要求|能|必|一定|是|做)|无[法需]|难以|基本(?=实现|做到|达到|全|应)|\(除|除.*外|部分|尚"
)
_ANY_OPERATOR = re.compile(
    r"[≥≤<>=]|大于|小于|高于|低于|多于|少于|超过|至少|至多|最多|最少|以上|以下|以内|不足|不到|[未不]满|接近"
    r"|将近|≠"
)
_ABOUT = re.compile(r"约|左右|上下|预计|±|第$|前$|近$")

_CAPS_A_CHANGE = re.compile(
    rf"{_NOT}(?:高于|大于|多于|超)|[≤]|以内|之内|以下|至多|最多|不到|不足|控制在|(?:<|小于|低于|少于)\d"
)
_COUNTED_WORDS = (
    "平方公里|平方米|立方米|公里|公斤|小时|分钟|个月|个季度|课时|学时|人次|[个次场人户期批份名家座辆套台件条篇所项种只头株棵块张"
    "本册部间栋幢宗起例对组支队班位轮届亩元吨天年米]|日(?!常)"
)
_CHINESE_COUNT = re.compile(
    rf"(?P<sign>{_AT_LEAST_WORDS}|{_AT_MOST_WORDS}|[<>=]|大于|高于|超过|多于|超|小于|低于|少于|等于)?"
    rf"(?P<count>[一二两三四五六七八九十][零一二两三四五六七八九十百千万亿]*)"
    rf"(?=(?:{_COUNTED_WORDS})(?P<suffix>(?:及|或|\(含\))?以[上下内]|之内|封顶)?)"
)
_CHANGE_UNITS = frozenset({"%", "‰", "百分点", "个百分点"})
_REFUSES = re.compile(r"杜绝|避免|防止|不发生|未发生|无")

_LAST_YEAR = (
    r"(?:上一?年度?|去年度?|上年同期|去年同期|同期|(?:19|20)\d{2}年度?)(?:同期)?的?(?:水平|实际|数值|数|值|标准)?"
)
_NAMES_LAST_YEAR = re.compile(
    r"上一?年|去年|同期|同比|(?:比|较|同|与|于|超过?|≥|≤|>|<)(?:19|20)\d{2}年|(?:19|20)\d{2}年(?:同期|水平|基础上)"
)
_NOT_BELOW_WORDS = r"(?:≥|不(?:得|应)?(?:低于|少于|小于|差于)|(?:大于|高于)(?:或者?)?等于)"
_NOT_BELOW = re.compile(
    rf".*{_NOT_BELOW_WORDS}{_LAST_YEAR}|"
    rf".*(?:较|比|同比|与)(?:{_LAST_YEAR})?(?:相比)?[,]?不(?:下降|降低|减少)"
)
_NOT_ABOVE = re.compile(r"(?:≤|不(?:得|应)?(?:高于|超过|大于|多于|超))(?:上一?年|去年|同期|(?:19|20)\d{2}年)")
_UP = re.compile(r"提高|提升|增长|增加|上升|扩大|增强|改善|增收|优于|超过?|高于|大于|多于|>|好于|增")
_DOWN = re.compile(r"下降|减少|降低|缩短|压减|压缩|低于|小于|少于|<|降")
_MODERATE = re.compile(r"适[度当](?:地)?(?P<way>提高|提升|增加|增长|上升|扩大|降低|下降|减少|压减)")
_YEAR_BY_YEAR = re.compile(r"逐年(?:稳步|有所|持续)?(?P<way>提高|提升|增加|增长|上升|扩大|降低|下降|减少)")
_CHANGE = re.compile(
    r"(?:(?P<up>提高|提升|增长|增加|上升|增幅|(?<!新)增)|(?P<down>下降|减少|降低|降幅|降))(?:率|幅度)?"
    r"(?P<op>[≥>=]|不低于|不少于|超过|大于|达到?|至少)?$"
)

_FULL_COVERAGE = re.compile(
    r"应(?P<what>[一-鿿])(?:必|尽|全)(?P=what)|全(?:面|部|员|域|程)?覆盖|100%(?:的)?覆盖"
)
_BUDGET_BOUND = re.compile(
    r".{0,6}?(?:不(?:得|能)?(?:超过?|突破|高于|大于)|≤|<|小于等于|控制在)"
    r"(?:项目|年度|年初|总|批复|当年|财政|成本|部门)*(?:预算|概算)"
    r"(?:金额|数|总额|资金|成本|批复|安排|指标|范围|额度|控制数|标准)*(?:之内|以内|内)?|"
    r"(?:控制)?在?(?:项目|年度|批复|总)*(?:预算|概算)(?:金额|数|总额|范围|成本)*(?:之内|以内|内)"
)
_EMPTY = re.compile(r"(?:无|暂无|空|[-/\\*_.xX?、~]+|≥?\*+.*|.*\*\*.*|.*(?:[xX×]{2}).*)?")
_ONLY_A_MEASURE = re.compile(
    r"(?!提高|提升|降低|减少|增加|增强|完善(?!率)|确保|保证|保障|保持|加强|加大|扩大|有效|不断|显著|明显|持续|"
    r"进一步|较|高|合理|严控|控制(?!率)|稳定)"
    r"[^\d,、;]{0,12}(?:率|满意度|满意程度|认可度|知晓度|完成度|合格度|程度|比例|比重|数量|人数|次数|个数|金额|总额|指数)"
)
_PREDICATE = re.compile(
    r"提|增|升|降|减|完|达|保|确|无|不|有|良|优|好|强|改|健全|规范|合|可持|显著|明显|稳|符|按|严|"
    r"及时|长期|持续|扩|满意(?!度)|高|低|一定|进|力度|制度|适"
)
_MEASURABLE_TREND = re.compile(r"有(?:所)?(?:下降|减少|降低|增长|增加|上升)$")
_BETWEEN = re.compile(r"(?:-+|~|至|到)|[,、]?且?(?:≤|小于等于|不高于|不超过)|≤[a-zA-Z值]?≤")


def parse_target(text: str, indicator_name: str = "") -> Target:
    """Read a printed target; what cannot be told without guessing is ``other``.

    >>> parse_target("≥90%").kind, parse_target("应保尽保").kind
    (<TargetKind.AT_LEAST: 'at_least'>, <TargetKind.FULL_COVERAGE: 'full_coverage'>)
    """
    plain = normalise(text or "")
    if len(plain) > LONGEST_TEXT or _EMPTY.fullmatch(plain):
        return Target(text, TargetKind.OTHER)
    for reader in (_read_deadline, _read_change, _read_words_with_a_rule):
        found = reader(text, plain, indicator_name)
        if found is not None:
            return found
    return _read_number(text, plain) or _read_words(text, plain)


def target_as_json(target: Target) -> dict[str, Any]:
    """``{text, kind, value, unit}``, and ``upper`` for a range; a whole value is an int."""
    out: dict[str, Any] = {
        "text": target.text,
        "kind": target.kind.value,
        "value": json_number(target.bound),
        "unit": target.unit,
    }
    if target.upper is not None:
        out["upper"] = json_number(target.upper)
    return out


def _read_deadline(text: str, plain: str, indicator_name: str) -> Target | None:
    if _NOT_BEFORE.search(plain) and (read_due(plain, indicator_name) or read_limit(plain, indicator_name)):
        return Target(text, TargetKind.OTHER)
    due = read_due(plain, indicator_name)
    if due is not None and due.is_impossible:
        return Target(text, TargetKind.OTHER)
    if due is not None:
        return Target(
            text, TargetKind.DATE_DEADLINE, due_on=due.on, due_month=due.month, due_day=due.day,
            due_year_shift=due.year_shift,
        )
    limit = read_limit(plain, indicator_name)
    if limit is None:
        return None
    which, count, unit = limit
    kind = TargetKind.WORKING_DAY_DEADLINE if which == "working" else TargetKind.CALENDAR_DAY_DEADLINE
    return Target(text, kind, bound=count, unit=unit)


def _read_change(text: str, plain: str, _indicator_name: str) -> Target | None:
    """Targets that need last year's value."""
    if not _NAMES_LAST_YEAR.search(plain):
        match = _MODERATE.search(plain) or _YEAR_BY_YEAR.search(plain)
        if match is None or has_number(plain) or len(_clauses(plain)) > 1:
            return None
        return Target(text, _direction(match["way"]))
    if len(_clauses(plain)) > 1 and has_number(without_years(plain)):
        return Target(text, TargetKind.OTHER)
    rest = re.sub(r"(?:19|20)\d{2}年度?", "", plain)
    numbers = quantities(rest)
    if numbers is None or len(numbers) > 1:
        return Target(text, TargetKind.OTHER)
    if _NOT_ABOVE.search(plain) or (numbers and _CAPS_A_CHANGE.search(rest)):
        return Target(text, TargetKind.OTHER)
    if _NOT_BELOW.fullmatch(plain) and not numbers:
        return Target(text, TargetKind.NOT_BELOW_LAST_YEAR)
    # 「不低于上年的95%」 is a share of last year, not a rise over it.
    if re.search(_NOT_BELOW_WORDS + _LAST_YEAR, plain):
        return Target(text, TargetKind.OTHER)
    return _over_last_year(text, rest, numbers)


def _over_last_year(text: str, rest: str, numbers: list[Quantity]) -> Target:
    ups, downs = _UP.search(rest), _DOWN.search(rest)
    if bool(ups) == bool(downs) or re.search(r"不(?:提高|增|上升)|持平", rest):
        # 不低于 prints a 低于 that bounds the growth and is no fall.
        cleaned = re.sub(r"不(?:低于|少于|小于|高于|超过)", "", rest)
        ups, downs = _UP.search(cleaned), _DOWN.search(cleaned)
        if bool(ups) == bool(downs) or "持平" in rest:
            return Target(text, TargetKind.OTHER)
    kind = TargetKind.INCREASE_OVER_LAST_YEAR if ups else TargetKind.DECREASE_OVER_LAST_YEAR
    if not numbers:
        return Target(text, kind)
    return Target(text, kind, bound=numbers[0].number, unit=numbers[0].unit)


def _direction(word: str) -> TargetKind:
    falls = _DOWN.search(word) is not None
    return TargetKind.DECREASE_OVER_LAST_YEAR if falls else TargetKind.INCREASE_OVER_LAST_YEAR


def _read_words_with_a_rule(text: str, plain: str, _indicator_name: str) -> Target | None:
    if _BUDGET_BOUND.fullmatch(plain):
        return Target(text, TargetKind.AT_MOST)
    if _FULL_COVERAGE.search(plain):
        if _HALF_COVERED.search(plain) and not has_number(plain):
            return Target(text, TargetKind.OTHER)
        number = _read_number(text, plain)
        # 「应保尽保率≥90%」: a printed bound wins over the words; 100% says the same as they do.
        if number is not None and len(_clauses(plain)) == 1:
            if not number.is_bare:
                return number
            is_whole = number.bound == 100 and number.unit in {"%", ""}
            return Target(text, TargetKind.FULL_COVERAGE if is_whole else TargetKind.OTHER)
        rest = _FULL_COVERAGE.sub("", plain)
        if len(_clauses(plain)) == 1 or not has_number(rest):
            return Target(text, TargetKind.FULL_COVERAGE)
        return Target(text, TargetKind.OTHER)
    return None


def _read_number(text: str, plain: str) -> Target | None:
    """A target with one bound, or two that make a range; None if the text has no quantity."""
    counted = without_years(plain)
    if not has_number(counted):
        return _read_chinese_number(text, counted)
    found = quantities(counted)
    if found is None or any(abs(quantity.number) >= LARGEST_NUMBER for quantity in found):
        return Target(text, TargetKind.OTHER)
    if len(found) == 2:
        return _read_range(text, found)
    if len(found) != 1 or _is_compound(counted, found[0]):
        return Target(text, TargetKind.OTHER)
    return _read_single(text, found[0])


def _read_chinese_number(text: str, plain: str) -> Target | None:
    """「至少两次」「两次以上」; without a comparator a character like 一 is mostly no quantity."""

    def in_digits(match: re.Match[str]) -> str:
        number = chinese_number(match["count"]) if match["sign"] or match["suffix"] else None
        return match[0] if number is None else f"{match['sign'] or ''}{number}"

    if not any(match["sign"] or match["suffix"] for match in _CHINESE_COUNT.finditer(plain)):
        return None
    counted = _CHINESE_COUNT.sub(in_digits, plain)
    if counted == plain or _CHINESE_COUNT.search(counted):
        return Target(text, TargetKind.OTHER)
    return _read_number(text, counted)


def _read_single(text: str, found: Quantity) -> Target:
    if _IS_IN_A_FORMULA.search(found.before) or _BLURRED.search(found.after):
        return Target(text, TargetKind.OTHER)
    kind, head = _printed_operator(found.before)
    suffix = next((which for which, form in _SUFFIXES if form.search(found.after)), None)
    change = _CHANGE.search(found.before)
    if change and found.unit in _CHANGE_UNITS and "率" not in change[0]:
        if suffix is TargetKind.AT_MOST or re.search(r"[负零不未没无]$", found.before[: change.start()]):
            return Target(text, TargetKind.OTHER)
        way = TargetKind.INCREASE_OVER_LAST_YEAR if change["up"] else TargetKind.DECREASE_OVER_LAST_YEAR
        return Target(text, way, bound=found.number, unit=found.unit)
    is_capped_fall = kind in {TargetKind.AT_MOST, TargetKind.LESS_THAN} and _FALLS.search(head)
    if _DENIED.search(head) or is_capped_fall:
        return Target(text, TargetKind.OTHER)
    unit = unit_with_period(found)
    if kind is None:
        is_hedged = any(form.search(head) for form in (_REFUSES, _ANY_OPERATOR, _ABOUT))
        if change or is_hedged:
            return Target(text, TargetKind.OTHER)
        kind = _open_or_closed(suffix or TargetKind.EQUAL, found.after)
        if kind is TargetKind.OTHER:
            return Target(text, kind)
        return Target(text, kind, bound=found.number, unit=unit, is_bare=suffix is None)
    if suffix is not None and not _agree(kind, suffix):
        return Target(text, TargetKind.OTHER)
    kind = _open_or_closed(kind, found.after)
    if kind is TargetKind.OTHER:
        return Target(text, kind)
    return Target(text, kind, bound=found.number, unit=unit)


def _open_or_closed(kind: TargetKind, after: str) -> TargetKind:
    """「不超过90%(不含)」 leaves the bound itself out, 「超过90%(含)」 keeps it in."""
    open_ends = {TargetKind.AT_LEAST: TargetKind.MORE_THAN, TargetKind.AT_MOST: TargetKind.LESS_THAN}
    if _LEAVES_OUT.search(after):
        return open_ends.get(kind, kind if kind in open_ends.values() else TargetKind.OTHER)
    if _KEEPS_IN.search(after):
        return {opened: closed for closed, opened in open_ends.items()}.get(kind, kind)
    return kind


def _printed_operator(before: str) -> tuple[TargetKind | None, str]:
    """The comparator that stands right before a number, and what stands before it."""
    bare = re.sub(r"[(\[|:]$", "", before)
    for kind, form in _OPERATORS:
        match = form.search(bare)
        if match:
            return kind, bare[: match.start()]
    return None, before


def _agree(kind: TargetKind, suffix: TargetKind) -> bool:
    rising = {TargetKind.AT_LEAST, TargetKind.MORE_THAN}
    falling = {TargetKind.AT_MOST, TargetKind.LESS_THAN}
    return (kind in rising and suffix in rising) or (kind in falling and suffix in falling)


def _read_range(text: str, found: list[Quantity]) -> Target:
    low, high = found
    between = high.before[len(low.before):]
    between = re.sub(r"^[+-]?[\d,.]+", "", between)
    if low.unit:
        between = between.replace(low.unit, "", 1)
    units = {unit for unit in (low.unit, high.unit) if unit}
    is_pair = _BETWEEN.fullmatch(between)
    lower_sign, head = _printed_operator(low.before)
    # 「20-30」 prints the second number with the dash as its sign.
    top = abs(high.number) if between == "" and high.number < 0 else high.number
    dashed = between == "" and high.number < 0
    if not (is_pair or dashed) or len(units) > 1 or low.number > top:
        return Target(text, TargetKind.OTHER)
    if lower_sign not in {None, TargetKind.AT_LEAST} or len(head) > 12 or _DENIED.search(head):
        return Target(text, TargetKind.OTHER)
    # An open end, 「左右」 or a second direction is no range from one number to the other.
    if _IS_IN_A_FORMULA.search(head) or _BLURRED.search(high.after) or re.search(r"不含|以[上下]", high.after):
        return Target(text, TargetKind.OTHER)
    return Target(text, TargetKind.RANGE, bound=low.number, upper=top, unit=next(iter(units), ""))


def _read_words(text: str, plain: str) -> Target:
    """Words without a number: a person judges them, unless they name no target at all."""
    words = without_years(plain)
    if _ONLY_A_MEASURE.fullmatch(words) or re.search(r"[≥≤<>=≠]", words):
        return Target(text, TargetKind.OTHER)
    clauses = _clauses(words)
    trends = [bool(_MEASURABLE_TREND.search(clause)) for clause in clauses]
    if any(trends) and len(clauses) > 1:
        return Target(text, TargetKind.OTHER)
    return Target(text, TargetKind.QUALITATIVE if re.search(r"[一-鿿]", words) else TargetKind.OTHER)


def _clauses(plain: str) -> list[str]:
    """The parts between commas; not the comma of 44,561 and not the 、 inside 元/人、天."""
    parts = re.split(r"(?<!\d),|,(?!\d{3}(?!\d))|[;。]|(?<!/人)(?<!/个)、", plain)
    return [part for part in parts if part]


def _is_compound(plain: str, found: Quantity) -> bool:
    """More than one thing is asked for: words beside a bound, in a clause of their own."""
    clauses = _clauses(plain)
    if len(clauses) == 1:
        return False
    others = [clause for clause in clauses if not has_number(clause)]
    if re.search(r"[,;]", re.sub(r"(?<=\d),(?=\d{3})", "", plain)):
        return True
    return any(_PREDICATE.search(clause) for clause in others) or not has_number(clauses[-1])
