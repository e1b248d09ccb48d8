"""The amount that the body hands down, and whether its place was left blank."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from data.model import Reading
from data.notice.numbers import AMOUNT, yuan
from data.notice.wording import Wording

_AMOUNT = re.compile(rf"(?<![\d.\-—/A-Za-z]){AMOUNT}(?![/\d])")
_MONEY = (
    "资金|经费|补助金|补助|补贴|款项?|转移支付|预算|预算指标|指标|专款|救助金|生活费|奖补|奖金|贴息|"
    "收入|支出|费用|津贴|养老金"
)
_BRACKET = r"(?:\([^()]{0,60}\))"
# 资金476万元 · 资金(以下简称衔接资金)2000万元 · 资金:5000万元 · 资金共计24万元
_AFTER_FUND = re.compile(
    rf"(?:{_MONEY})(?:预算|指标|额度|总额)*{_BRACKET}*(?:为|:|共计?|合计|总计|总额|计|人民币|约)*$"
)
_AFTER_VERB = re.compile(
    r"(?:共计?|合计|总计|总额为?|计|下达|拨付|下拨|安排|投入|划拨|拨款|追加|追减|核减|核拨|补助|预拨|发放|分配|其中的|将|把|你[市县区州局院单位]+|人民币)(?:人民币)?:?$"
)
_TOTAL = re.compile(r"(?:共计|合计|总计|总额为?|共)(?:人民币)?:?$")
_NOT_OURS = re.compile(
    r"(?:不超过|不高于|不低于|不少于|超过|低于|最高|最多|最低|上限|每[人月年户亩个家村吨生头]|人均|户均|按照?|标准为?|已(?:提前|预)?(?:下达|拨付|预拨|安排)|"
    r"此前|前期|累计|上年|结转|自筹|配套|扣除|抵扣|扣减|原)[^,。;]{0,14}$"
)
_PART = re.compile(r"其中[:,]?[^。;]*$")
_IN_FIGURES = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆整]{3,}\((?:小写)?[:¥￥]{0,2}$")
_OUT_OF = re.compile(r"其中的?$")
_THIS_TIME = re.compile(r"(?:本次|此次|这次|本批|将其中的?)[^,。;]{0,40}$")
_NOW = re.compile(r"(?:本次|此次|现|这次|本批|实际|将其中的?|你[市县区州局院])[^,。;]{0,40}$")
_CAME_TO_US = re.compile(r"(?:下达|拨付|安排|分配|补助)(?:给)?我[省市县区州局][^。;,]*$")
_BESIDE = re.compile(rf"^(?:{_BRACKET})?[、;和及与]")
_BESIDE_BY_LEVEL = re.compile(
    rf"^{_BRACKET}?,(?:(?:19|20)\d\d年度?)?(?:中央|省|自治区|市|州|县|区)(?:级|本级)?[^,。;\n下拨安追]{{0,30}}$"
)
_ITEM = re.compile(r"^(?:\d{1,2}[.、)]|\(\d{1,2}\)|[①②③④⑤])")
_NEAR = 200  # characters: 本次下达 in a far paragraph speaks of another thing
_BLANK = re.compile(
    rf"(?:(?:{_MONEY})(?:预算|指标)?|(?:下达|拨付|安排|共计?|计))(?P<gap>[_＿×xX*□…\s]*)(?P<unit>万元)(?=[,。;(\n]|$)"
)
_SHEET_AMOUNT = re.compile(
    r"(?:本年度|年度|当年)[^|\n()]{0,16}(?:资金|金额|预算)[^|\n()]{0,4}\((?P<unit>亿元|万元|元)\)\|+(?P<figure>\d[\d,]*(?:\.\d+)?)(?=\||\n)"
)
_SHEET_TOTAL = re.compile(
    r"资金[^|\n()]{0,6}\((?P<unit>亿元|万元|元)\)\|+(?:年度)?(?:资金总额|金额|总金额):?\|+(?P<figure>\d[\d,]*(?:\.\d+)?)(?=\||\n)"
)
_SPACED_BLANK = re.compile(rf"(?:{_MONEY}|计|安排|下达|拨付)[\s\u00a0\u3000_＿×*□]+万?元")


@dataclass(frozen=True)
class BodyAmount:
    """The amount in the prose; ``blank`` is the place where a figure was left out, if one was."""

    amount: Reading[Decimal] | None = None
    blank: Reading[str] | None = None


@dataclass(frozen=True)
class _Candidate:
    amount: Decimal
    start: int
    end: int
    before: str  # the sentence up to the figure
    after: str  # what follows it in the sentence
    is_total: bool
    is_now: bool
    came_to_us: bool


def read_amount(wording: Wording) -> BodyAmount:
    """The one amount that the prose hands down.

    Unit:  元.
    Empty: two funds side by side without their total have no single amount; parts (其中), caps (最高不超过)
           and what came from above or earlier are not the amount; 如数 and 详见附件 state none.
    """
    candidates = _candidates(wording.plain_flow)
    blank = _blank(wording)
    if blank and not any(candidate.is_total or candidate.is_now for candidate in candidates):
        first = candidates[0].start if candidates else None
        if first is None or wording.line_no(first) >= blank.line_no:
            return BodyAmount(blank=blank)
    chosen = _chosen(candidates, wording.plain_flow)
    if chosen is None:
        return BodyAmount(_sheet_amount(wording) if not candidates and not blank else None, blank)
    return BodyAmount(wording.reading(chosen.amount, chosen.start, chosen.end))


def _sheet_amount(wording: Wording) -> Reading[Decimal] | None:
    """The year's amount of a target sheet that stands alone, without a notice round it."""
    if re.search(r"下达|拨付|下拨|如下|详见附", wording.plain_flow):
        return None
    match = _SHEET_AMOUNT.search(wording.plain_flow) or _SHEET_TOTAL.search(wording.plain_flow)
    if not match:
        return None
    return wording.reading(yuan(match["figure"], match["unit"]), match.start("figure"), match.end("figure"))


def _candidates(text: str) -> list[_Candidate]:
    found: list[_Candidate] = []
    for match in _AMOUNT.finditer(text):
        sentence = re.split(r"[。;\n|]", text[max(0, match.start() - 260) : match.start()])[-1]
        bare = re.sub(_BRACKET + "$", "", sentence)
        is_strong = bool(_AFTER_FUND.search(sentence) or _AFTER_VERB.search(bare))
        in_figures = _IN_FIGURES.search(sentence)  # 壹佰万元(1000000.00元)
        is_out = _NOT_OURS.search(sentence) or (_inside_bracket(sentence) and not in_figures)
        if not (is_strong or in_figures) or is_out:
            continue
        if _PART.search(sentence) and not _OUT_OF.search(sentence):
            continue
        after = re.split(r"[。;\n|]", text[match.end() : match.end() + 160])[0]
        if re.match(r"(?:以上|以下|以内|左右的|/)", after):
            continue
        found.append(
            _Candidate(
                yuan(match["figure"], match["unit"]),
                match.start(),
                match.end(),
                sentence,
                after,
                bool(_TOTAL.search(sentence)),
                bool(_NOW.search(sentence)),
                bool(_CAME_TO_US.search(sentence)),
            )
        )
    return found


def _inside_bracket(sentence: str) -> bool:
    return sentence.rfind("(") > sentence.rfind(")")


def _chosen(candidates: list[_Candidate], text: str) -> _Candidate | None:
    if not candidates:
        return None
    own = [candidate for candidate in candidates if not candidate.came_to_us]
    if own and candidates[0].came_to_us and any(candidate.is_now for candidate in own):
        candidates = own
    now = [candidate for candidate in candidates if candidate.is_now and not candidate.came_to_us]
    now = [candidate for candidate in now if _THIS_TIME.search(candidate.before)] or now
    first = now[0] if now and now[0].start - candidates[0].start < _NEAR else candidates[0]
    first = next(candidate for candidate in candidates if candidate.amount == first.amount)
    place = candidates.index(first)
    total = _total_of(candidates[place:])
    if total:
        return total
    if place + 1 < len(candidates) and _stand_side_by_side(first, candidates[place + 1], text):
        return None
    return first


def _stand_side_by_side(first: _Candidate, following: _Candidate, text: str) -> bool:
    """Two funds, each with its amount: in one sentence, or as items of a numbered list."""
    between = text[first.end : following.start]
    if _BESIDE.match(between) and "。" not in between and "\n" not in between:
        return True
    if _BESIDE_BY_LEVEL.match(between):
        return True
    line = text[text.rfind("\n", 0, first.start) + 1 : first.start]
    return bool(_ITEM.match(line) and re.match(r"^[^\n]{0,12}\n" + _ITEM.pattern[1:], between))


def _total_of(candidates: list[_Candidate]) -> _Candidate | None:
    """A stated total of the amounts before it (以上资金合计10549万元)."""
    sum_before = Decimal(0)
    for place, candidate in enumerate(candidates):
        if place > 1 and candidate.is_total and candidate.amount == sum_before:
            return candidate
        sum_before += candidate.amount
    return None


def _blank(wording: Wording) -> Reading[str] | None:
    for match in _BLANK.finditer(wording.plain_flow):
        printed = wording.printed(match.start(), match.end())
        is_gap = bool(match["gap"]) or bool(_SPACED_BLANK.search(printed))
        if is_gap and not re.search(r"单位[:(]?$", wording.plain_flow[: match.start()][-4:]):
            return wording.reading(printed, match.start(), match.end())
    return None
