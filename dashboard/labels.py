"""Words, shapes and numbers on screen: one place, so that a state looks alike on every page; colours: ``look``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import look
from metrics.explain import OVER_UNEXPLAINED, show_points


@dataclass(frozen=True)
class Mark:
    """How a state is shown: by word, by shape and by colour, so that any one of them is enough.

    ``symbol`` is Plotly's name of the same shape as ``shape``.
    """

    word: str
    shape: str
    symbol: str
    colour: str


# Within one family no two states share a shape: in grey and to the colour-blind the shape and the word say it.
SCORE_MARKS = {
    "met": Mark("达标", "●", "circle", look.GOOD),
    "over": Mark("超额过多", "◆", "diamond", look.ACCENT),
    "slightly_off": Mark("略有偏差", "▲", "triangle-up", look.CAUTION),
    "off": Mark("明显偏差", "■", "square", look.BAD),
    "not_reported": Mark("未填报", "✕", "x-thin-open", look.OPEN),
    "no_baseline": Mark("缺上年数", "◇", "diamond-open", look.OPEN),
    "needs_review": Mark("待人工判定", "☆", "star-open", look.OPEN),
    "not_due": Mark("未到期", "○", "circle-open", look.QUIET),
    "not_applicable": Mark("不适用", "－", "line-ew-open", look.QUIET),
}

CLOCK_MARKS = {
    "overdue": Mark("逾期未导入", "■", "square", look.BAD),
    "on_time_empty": Mark("按期但为空", "◧", "square-open", look.BAD),
    "on_time_wrong": Mark("按期但有误", "◩", "square-cross-open", look.BAD),
    "late": Mark("逾期完成", "▲", "triangle-up", look.CAUTION),
    "no_receipt": Mark("未登记收文", "☆", "star-open", look.OPEN),
    "not_published": Mark("放假安排尚未公布，无法计算", "◇", "diamond-open", look.OPEN),
    "not_due": Mark("未到期", "○", "circle-open", look.QUIET),
    "on_time": Mark("按期完成", "●", "circle", look.GOOD),
}

# How any duty stands, the gravest first.
OWED_MARKS = {
    **CLOCK_MARKS,
    "overdue": Mark("逾期未办", "■", "square", look.BAD),
    "late": Mark("逾期办结", "▲", "triangle-up", look.CAUTION),
    "no_day": Mark("截止日不明", "？", "octagon-open", look.OPEN),
    "on_time": Mark("按期办结", "●", "circle", look.GOOD),
}

# The steps of a duty: each has its own shape on a timeline, whose colour tells how it stands.
STEP_MARKS = {
    "received": Mark("收到文件", "○", "circle-open", look.INK),
    "registered": Mark("登录指标", "▷", "triangle-right", look.INK),
    "marked": Mark("标识登录", "⬟", "pentagon", look.INK),
    "imported": Mark("导入监控系统", "◆", "diamond", look.INK),
    "reported": Mark("报送", "■", "square", look.INK),
    "answered": Mark("答复", "★", "star", look.INK),
    "allocated": Mark("分解下达", "▽", "triangle-down-open", look.INK),
    "paid": Mark("拨付", "⬢", "hexagon", look.INK),
    "published": Mark("公开", "✚", "cross", look.INK),
    "finished": Mark("办结", "●", "circle", look.INK),
}

EFFECT_MARKS = {
    "effective": Mark("有效", "●", "circle", look.GOOD),
    "money_without_effect": Mark("钱到效未到", "▲", "triangle-up", look.CAUTION),
    "effect_ahead_of_money": Mark("效先于钱", "◆", "diamond", look.ACCENT),
    "both_behind": Mark("双滞后", "■", "square", look.BAD),
    "unknown": Mark("无法判断", "☆", "star-open", look.OPEN),
}

EFFECT_HINTS = {
    "effective": "钱按进度支出，成效达到要求",
    "money_without_effect": "钱花了，效果没跟上：问清用在哪里",
    "effect_ahead_of_money": "报了效果，钱还没花：核实成效",
    "both_behind": "钱没动，效果也没有：约见问明",
    "unknown": "未填报或已评分值不足，不能判断",
}

DUTY_MARKS = {
    "overdue": Mark("逾期未报", "■", "square", look.BAD),
    "late": Mark("逾期已报", "▲", "triangle-up", look.CAUTION),
    "on_time": Mark("按时已报", "●", "circle", look.GOOD),
    "not_due": Mark("待填报", "○", "circle-open", look.QUIET),
}

# What became of a report; in the order in which a reviewer meets them.
REPORT_MARKS = {
    "submitted": Mark("待审核", "◇", "diamond-open", look.ACCENT),
    "reopened": Mark("重新开放", "◈", "diamond-x", look.ACCENT),
    "returned": Mark("已退回", "▲", "triangle-up", look.CAUTION),
    "": Mark("未填报", "✕", "x-thin-open", look.OPEN),
    "accepted": Mark("已通过", "●", "circle", look.GOOD),
    "locked": Mark("已锁定", "▣", "square-dot", look.GOOD),
}

VERDICT_MARKS = {
    "confirmed": Mark("属实", "●", "circle", look.GOOD),
    "questioned": Mark("存疑", "▲", "triangle-up", look.CAUTION),
    "": Mark("未核对", "○", "circle-open", look.QUIET),
}

CAUSE_WORDS = {
    "value_changed": "填报数据变化", "target_changed": "目标调整", "rule_changed": "口径或分值调整",
    "receipt_changed": "收文或导入登记", "time_passed": "期限已过", "review": "复核",
}

GRADE_WORDS = {"excellent": "优", "good": "良", "fair": "中", "poor": "差"}

SEVERITY_WORDS = {"fatal": "不能发布", "warning": "请核对", "repaired": "已修复", "note": "提示"}

KIND_WORDS = {
    "at_least": "不低于", "at_most": "不高于", "equal": "等于", "more_than": "大于", "less_than": "小于",
    "range": "区间", "full_coverage": "应保尽保（全覆盖）", "not_below_last_year": "不低于上年",
    "increase_over_last_year": "比上年提高", "decrease_over_last_year": "比上年降低",
    "working_day_deadline": "工作日时限", "calendar_day_deadline": "日历日时限", "date_deadline": "日期时限",
    "qualitative": "定性", "not_assigned": "不承担", "other": "由人判定",
}

ENTRY_WORDS = {
    "ratio": "分子与分母", "coverage": "应保数与实保数", "value": "一个数值", "versus_prior": "本年值与上年值",
    "ratio_versus_prior": "分子、分母与上年比率",
    "qualitative": "等次、比例与佐证", "from_receipt": "按收文与导入时间自动计算",
}

ROLLUP_WORDS = {
    "sum": "各单位相加", "ratio": "分子之和÷分母之和", "weighted_mean": "按调整后金额加权平均",
    "unit_share": "达到要求的单位占比", "all_hold": "每个单位都要达到", "prefecture": "由州本级计算",
}

FIELD_WORDS = {
    "document_number": "文号", "title": "标题", "issuer": "发文单位", "dated_on": "成文日期",
    "printed_on": "印发日期", "addressees": "主送", "fund_name": "资金名称", "amount_yuan": "下达金额",
    "unit": "表格单位", "income_account": "收入科目", "expenditure_account": "支出科目",
    "direct_fund_marker": "直达资金标识", "project_code": "项目代码", "body_amount": "正文金额",
}

KIND_OF_UNIT_WORDS = {"county": "县市", "development_zone": "开发区", "institution": "州直单位"}


def marked(marks: dict[str, Mark], state: Any) -> str:
    """A state as shape and word: 「■ 明显偏差」; empty for an unknown one."""
    mark = marks.get(str(state))
    return f"{mark.shape} {mark.word}" if mark else ""


def own_effect(state: str) -> str:
    """How a unit itself stands: its state, and what that means."""
    return f"本单位 {marked(EFFECT_MARKS, state)}：{EFFECT_HINTS[state]}"


def wan(yuan: Any) -> str:
    """元 as 万元 with thousands separators, without needless zeros: 20,251 or 29.72; 「未填报」 if missing."""
    if yuan is None or pd.isna(yuan):
        return "—"
    amount = (Decimal(str(yuan)) / 10_000).quantize(Decimal("0.01"))
    text = f"{amount:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def signed_wan(yuan: Any) -> str:
    """As ``wan``, with the sign also where it is plus: +128, −530, 0."""
    text = wan(yuan)
    if text.startswith("-"):
        return "−" + text[1:]
    return text if text in ("0", "—") else "+" + text


def percent(rate: Any) -> str:
    """A ratio as a percentage with one decimal, floored: 0.8996 must not read 90%."""
    if rate is None or pd.isna(rate):
        return "—"
    tenths = int(Decimal(str(rate)) * 1000 // 1)
    return f"{tenths / 10:.1f}%"


def shown_rate(rate: Any, is_over_unexplained: bool) -> str:
    """An execution rate, or why a rate over the whole is held back."""
    return OVER_UNEXPLAINED if is_over_unexplained else percent(rate)


def held_back(is_over_unexplained: bool) -> str:
    """What is added to the two sides of a rate that is held back."""
    return f"；{OVER_UNEXPLAINED}" if is_over_unexplained else ""


def points(micro: Any, weight_micro: Any = None) -> str:
    """Micro-points as points, as sentences show them; a dash if there are none."""
    if micro is None or pd.isna(micro):
        return "—"
    return show_points(int(micro), int(micro if weight_micro is None else weight_micro))


def total_points(micro: Any) -> str:
    """Points beside their grade, to two decimals, floored: 89.999 must not read 90.00 and 良.

    >>> total_points(89_999_999)
    '89.99'
    """
    return f"{Decimal(int(micro) // 10_000) / 100:.2f}"


def count(number: Any) -> str:
    """How many, with thousands separators; a dash if it is not known."""
    return "—" if number is None or pd.isna(number) else f"{int(number):,}"


def yuan(amount: Any) -> str:
    """元 to the fen with thousands separators: 2,395.76; a dash if it is not known."""
    return "—" if amount is None or pd.isna(amount) else f"{Decimal(str(amount)):,.2f}".replace("-", "−")


def day(value: date | datetime | None) -> str:
    """A day as 12月27日; a dash if there is none."""
    return "—" if value is None or pd.isna(value) else f"{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """A moment as 12月27日 16:30; a dash if there is none."""
    return "—" if value is None or pd.isna(value) else f"{value.month}月{value.day}日 {value:%H:%M}"


def full_day(value: date | datetime | None) -> str:
    """A day with its year as 2021-12-27; a dash if there is none."""
    return "—" if value is None or pd.isna(value) else f"{value:%Y-%m-%d}"
