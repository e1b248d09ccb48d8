"""One Chinese sentence per score: target, actual, points, and what to do where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from metrics.score_states import REACHED_STATES

_MICRO = Decimal(1_000_000)
# In place of an execution rate over the whole of which nobody has said why.
OVER_UNEXPLAINED = "超过 100%，没有说明原因"
BAND_WORDS = {1: "达成", 2: "部分达成并具有一定效果", 3: "未达成且效果较差"}
_DOWNWARD = ("at_most", "less_than", "decrease_over_last_year")
DEADLINES = ("working_day_deadline", "calendar_day_deadline", "date_deadline")
_VERSUS_PRIOR = ("not_below_last_year", "increase_over_last_year", "decrease_over_last_year")

Row = Mapping[str, Any]


def explain(row: Row) -> str:
    """What a score says, in one sentence.

    Reads:  a row of the score (``scored_kind``, ``state``, ``score_micro`` …) with what it was made of
            (``target_text``, ``numerator``, ``value``, ``bound`` …); what is absent is left out.
    Unit:   points; 万 and 亿 for large counts. Shares have two decimals and never reach a limit that the
            exact figure misses: 89.996% reads 89.99%.

    >>> from decimal import Decimal
    >>> explain({"target_text": "≥90%", "scored_kind": "at_least", "scale": 100, "bound": Decimal(90),
    ...          "numerator": Decimal(1102), "denominator": Decimal(1250), "state": "slightly_off",
    ...          "attainment_micro": 979555, "score_micro": 2938667, "weight_micro": 3000000,
    ...          "gap_points_micro": -1840000})
    '目标≥90%，实际 1,102/1,250＝88.16%，完成 97.96%，得 2.94/3.00 分；低于目标 1.84 个百分点。'
    """
    head = f"目标{row.get('target_text') or '没有写明'}"
    state = str(row["state"])
    if row.get("score_micro") is None:
        return f"{head}，{why_missing(row)}。"
    parts = [head, *_measured(row)]
    kind = str(row["scored_kind"])
    if kind not in DEADLINES and kind != "qualitative" and row.get("attainment_micro") is not None:
        parts.append(f"完成 {show_share(Decimal(row['attainment_micro']) / 10_000)}%")
    if row.get("weight_micro"):
        parts.append(f"得 {_points(row)} 分")
    tail = _tail(row, state)
    return "，".join(parts) + (f"；{tail}。" if tail else "。")


def shortfall(row: Row) -> str:
    """What was reached and how far from the target that is, in a few words, for a list of what to ask about.

    >>> from decimal import Decimal
    >>> shortfall({"target_text": "≥90%", "scored_kind": "at_least", "scale": 100, "numerator": Decimal(1102),
    ...            "denominator": Decimal(1250), "state": "slightly_off", "gap_points_micro": -1840000})
    '1,102/1,250＝88.16%，低于目标 1.84 个百分点'
    """
    measured = _measured(row)
    measured[0] = measured[0].removeprefix("实际 ")
    tail = _tail(row, str(row["state"]))
    return "，".join(measured if tail in {"由人评定", ""} else [*measured, tail])


def measured_words(row: Row) -> str:
    """What was reached, as the sentence of a score says it; only for a row with a score.

    >>> measured_words({"scored_kind": "at_least", "scale": 100, "numerator": Decimal(1102),
    ...                 "denominator": Decimal(1250)})
    '实际 1,102/1,250＝88.16%'
    """
    return "，".join(_measured(row))


def show_number(number: Decimal, rounding: str = ROUND_FLOOR) -> str:
    """A number with separators, at most four decimals; from a hundred million on in 亿.

    >>> show_number(Decimal("21980")), show_number(Decimal("202510000"))
    ('21,980', '2.0251亿')
    """
    number = Decimal(number)
    unit = ""
    if abs(number) >= 10**8:
        number, unit = number / 10**8, "亿"
    shown = number.quantize(Decimal("0.0001"), rounding)
    if shown == 0 and number != 0:
        return ("-" if number < 0 else "") + "不足0.0001" + unit
    text = f"{shown:,.4f}".rstrip("0").rstrip(".")
    return ("0" if text in {"-0", ""} else text) + unit


def show_points(score_micro: int, weight_micro: int) -> str:
    """Micro-points as points to two decimals; a score below its weight never reads as the whole weight.

    >>> show_points(3535714, 3571429), show_points(2999999, 3000000)
    ('3.54', '2.99')
    """
    score, weight = Decimal(score_micro) / _MICRO, Decimal(weight_micro) / _MICRO
    whole = _fixed(weight, ROUND_HALF_UP)
    shown = _fixed(score, ROUND_HALF_UP)
    if score < weight and shown >= whole:
        shown = _fixed(score, ROUND_FLOOR)
        shown = shown if shown < whole else whole - Decimal("0.01")
    return f"{max(shown, Decimal('0.00'))}"


def show_share(percent: Decimal) -> str:
    """A share to two decimals; it never reads as a whole percent that it does not reach.

    Limits are whole percents, and each version of the rule book may set others.

    >>> show_share(Decimal("97.9555")), show_share(Decimal("84.9999"))
    ('97.96', '84.99')
    """
    shown = _fixed(percent, ROUND_HALF_UP)
    if percent < shown == shown.to_integral_value():
        shown = _fixed(percent, ROUND_FLOOR)
    return show_number(shown)


def show_day(day: date) -> str:
    """A day as papers print it.

    >>> show_day(date(2021, 12, 27))
    '2021年12月27日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def _measured(row: Row) -> list[str]:
    """What was reached, in the terms of the kind."""
    kind = str(row["scored_kind"])
    if kind in DEADLINES:
        return _measured_time(row, kind)
    if kind == "qualitative":
        band = BAND_WORDS.get(int(row["band"]), "") if row.get("band") else ""
        return [f"评定为“{band}”", f"比例 {_two(Decimal(row['band_share']), ROUND_FLOOR)}%"]
    unit = _unit(row)
    value = _value(row, kind)
    if kind in _VERSUS_PRIOR:
        return [f"本年 {value}", f"上年 {show_number(row['prior_value'])}{_prior_unit(row, unit)}"]
    return [f"实际 {value}"]


def _measured_time(row: Row, kind: str) -> list[str]:
    done_on, due_on = row.get("done_on"), row.get("due_on")
    if done_on is None:
        return [f"截止日{show_day(due_on)}已过，尚无完成记录"] if due_on else ["已过截止日，尚无完成记录"]
    out = [f"{show_day(done_on)}完成"]
    if kind == "date_deadline":
        return [*out, f"截止日{show_day(due_on)}"] if due_on else out
    word = "个工作日" if kind == "working_day_deadline" else "天"
    return [*out, f"用了 {row['taken_days']} {word}（时限 {row['allowed_days']} {word}）"]


def _value(row: Row, kind: str) -> str:
    numerator, denominator = row.get("numerator"), row.get("denominator")
    rounding = ROUND_CEILING if kind in _DOWNWARD else ROUND_FLOOR
    if numerator is None or denominator is None:
        unit = _prior_unit(row, _unit(row)) if kind in _VERSUS_PRIOR else _unit(row)
        return f"{show_number(row['value'], rounding)}{unit}"
    scale = _scale(row, kind)
    counts = f"{show_number(numerator)}/{show_number(denominator)}"
    if not denominator:
        return counts
    sign = {100: "%", 1000: "‰"}.get(scale, "")
    return f"{counts}＝{_two(Decimal(numerator) * scale / Decimal(denominator), rounding)}{sign}"


def _tail(row: Row, state: str) -> str:
    """How far from the target, in words; the question after far too much."""
    kind = str(row["scored_kind"])
    if state == "over":
        return "已达标，完成远超目标，请核实目标是否定低"
    if kind == "qualitative":
        return "由人评定"
    if kind in DEADLINES:
        return "按期" if state == "met" else "逾期"
    gap = _gap(row, kind)
    if state == "met":
        return f"已达标{'，' + gap if gap else ''}"
    return gap or "未达标"


def _gap(row: Row, kind: str) -> str:
    points = row.get("gap_points_micro")
    if points is not None:
        return _gap_words(row, kind, Decimal(points) / _MICRO)
    deviation = row.get("deviation_micro")
    if not deviation:
        return "与上年持平，没有达到要求的变化" if kind in _VERSUS_PRIOR and row["state"] != "met" else ""
    word = "优于" if deviation > 0 else "差于"
    against = "上年要求" if kind in _VERSUS_PRIOR else "目标"
    return f"{word}{against} {_two(abs(Decimal(deviation)) / 10_000, ROUND_CEILING)}%"


def _gap_words(row: Row, kind: str, points: Decimal) -> str:
    if points == 0:
        return "与界限相等，没有达到要求" if row["state"] not in REACHED_STATES else ""
    is_lower = (points < 0) != (kind in _DOWNWARD)
    word = "低于目标" if is_lower else "高于目标"
    if kind in {"equal", "range"}:
        word = "偏离目标"
    unit = "个千分点" if _scale(row, kind) == 1000 else "个百分点"
    return f"{word} {_two(abs(points), ROUND_CEILING if points < 0 else ROUND_FLOOR)} {unit}"


def why_missing(row: Row) -> str:
    """Why a value has no score, and what to do; the second half of a sentence."""
    state, due_on = str(row["state"]), row.get("due_on")
    if state == "not_reported":
        return "尚未填报，暂不计分，也不按零处理；请填报单位补报"
    if state == "not_due":
        return f"截止日{show_day(due_on)}未到，暂不计分" if due_on else "未到期，暂不计分"
    if state == "no_baseline":
        return "缺上年数，无法比较，暂不计分；请补填上年数"
    if state == "not_applicable":
        if row.get("scored_kind") == "not_assigned":
            return "区域总量目标没有分给本单位，不计分"
        if row.get("numerator") == 0 and row.get("denominator") == 0:
            return "应完成数和完成数都是零，本单位没有这项任务，不计分"
        return "本单位本期不适用，不计分"
    return f"{review_reason(row)}，须由人判定，暂不计分"


def review_reason(row: Row) -> str:
    """What keeps the rule from judging a value in the state needs_review."""
    kind = str(row["scored_kind"])
    numerator, denominator = row.get("numerator"), row.get("denominator")
    if kind == "other":
        return str(row.get("kind_reason") or "程序读不成可计算的要求")
    if kind in DEADLINES:
        return "没有收文日期，算不出截止日" if row.get("due_on") is None else "完成所用的天数不全或有误"
    if kind == "qualitative":
        is_evidenced = row.get("is_evidenced") or row.get("evidence_text")
        if row.get("band") is not None and row.get("band_share") is not None and is_evidenced:
            band = BAND_WORDS.get(int(row["band"]), "无此档次")
            return f"所选档次“{band}”与比例 {show_number(row['band_share'])}% 按本轮口径对不上"
        return "档次或比例没有填全" if is_evidenced else "没有佐证材料"
    if (numerator is None) != (denominator is None):
        return "完成数和应完成数只填了一个"
    if numerator is not None and denominator is not None:
        if denominator == 0:
            return f"应完成数为零而完成数为 {show_number(numerator)}，两数对不上"
        if numerator < 0 or denominator < 0:
            return "完成数或应完成数是负数"
        if kind == "full_coverage" and numerator > denominator:
            return f"完成数 {show_number(numerator)} 多于应完成数 {show_number(denominator)}"
    if kind == "full_coverage":
        return "须填应完成数和完成数两个数"
    if kind in _VERSUS_PRIOR:
        return "上年数为零或为负，或增减幅度的算法不明确"
    return "目标的界限没有写全或不合理"


def _points(row: Row) -> str:
    score, weight = int(row["score_micro"]), int(row["weight_micro"])
    return f"{show_points(score, weight)}/{show_points(weight, weight)}"


def _two(number: Decimal, rounding: str) -> str:
    return show_number(_fixed(number, rounding))


def _fixed(number: Decimal, rounding: str) -> Decimal:
    return number.quantize(Decimal("0.01"), rounding)


def _scale(row: Row, kind: str) -> int:
    return 100 if kind == "full_coverage" else int(row.get("scale") or 1)


def _unit(row: Row) -> str:
    return str(row.get("target_unit") or row.get("unit") or row.get("unit_text") or "")


def _prior_unit(row: Row, unit: str) -> str:
    """The unit of last year's value; the % of 「增长5%」 is a rise, not the unit of what rises."""
    is_rise = row.get("bound") is not None and unit in {"%", "‰"}
    return "" if is_rise else unit
