"""Tables and sentences of the prefecture's own figures, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import pandas as pd

from dashboard import labels, tables
from dashboard.kept import kept
from metrics.boards.overview import names
from metrics.boards.region import RegionTotal
from metrics.explain import show_number
from metrics.thresholds import MICRO, rule_words

# Beside the states of a score: the prefecture's own entry is there, or it is not.
GIVEN = "已登记"


def hundred(points_micro: Any) -> str:
    """Points out of 100 to two decimals, cut off: 89.999999 must not read 90; a dash if there are none."""
    if points_micro is None or pd.isna(points_micro):
        return "—"
    return f"{(Decimal(int(points_micro)) / 1_000_000).quantize(Decimal('0.01'), ROUND_FLOOR)}"


def grade(value: Any) -> str:
    """A grade in a word; where there is none, why."""
    return labels.GRADE_WORDS.get(str(value), "不评等级")


@kept
def headline(total: RegionTotal) -> str:
    """What the prefecture has come to, in one sentence."""
    if total.points_micro is None:
        head = "全州暂时算不出得分：没有一项指标能判定"
    else:
        head = f"全州 {hundred(total.points_micro)} 分，{_grade_words(total)}"
    counts = [f"达标 {total.met_count} 项", f"未达标 {total.missed_count} 项", f"算不出 {total.unknown_count} 项"]
    if total.spared_count:
        counts.append(f"不适用 {total.spared_count} 项")
    every = total.met_count + total.missed_count + total.unknown_count + total.spared_count
    return f"{head}；{every} 项指标中{'、'.join(counts)}。"


def _grade_words(total: RegionTotal) -> str:
    if total.grade:
        return f"等级{grade(total.grade)}"
    if total.is_covered or total.coverage_micro is None or total.coverage_from_micro is None:
        return "已评分值太少，不评等级"
    least = rule_words(Decimal(total.coverage_from_micro) / MICRO, "比例")
    return f"覆盖面 {_coverage(total)} 低于 {least}，不能代表全州，不评等级"


def _coverage(total: RegionTotal) -> str:
    """Cut off, so that it never reads as a limit that it does not reach."""
    if total.coverage_micro is None:
        return "—"
    return f"{(Decimal(total.coverage_micro) / 10_000).quantize(Decimal('0.1'), ROUND_FLOOR)}%"


@kept
def missing_words(total: RegionTotal) -> str:
    """What the prefecture's score leaves out; empty if nothing."""
    parts = []
    if total.unknown_names:
        parts.append(f"算不出的指标：{names(list(total.unknown_names), 4)}")
    if total.silent_names:
        parts.append(f"没有报支付数的单位：{names(list(total.silent_names), 4)}")
    if not parts:
        return ""
    share = f"{labels.points(total.scored_weight_micro)}／{labels.points(total.weight_micro)}"
    return (
        f"没有算进去的——{'；'.join(parts)}。已评分值 {share} 分，覆盖面 {_coverage(total)}；"
        "得分按已评分值折合百分，不按 0 分计。"
    )


@kept
def cards(total: RegionTotal) -> list[tuple[str, str, str, str]]:
    """The prefecture's figures side by side."""
    score = f"{labels.points(total.score_micro)}／{labels.points(total.scored_weight_micro)}"
    execution = labels.points(total.execution_score_micro, total.execution_weight_micro)
    return [
        ("全州总分", hundred(total.points_micro), "分", f"得分／已评分值 {score}"),
        ("等级", labels.GRADE_WORDS.get(str(total.grade), "—"), "",
         f"已评分值 {labels.percent(total.scored_share)}，覆盖面 {_coverage(total)}"),
        ("执行率", labels.percent(total.execution_rate), "",
         f"{labels.wan(total.paid_yuan)}÷{labels.wan(total.base_yuan)} 万元，得 {execution} 分"
         + labels.held_back(total.is_over_unexplained)),
        ("指标", str(total.met_count), "项达标", f"未达标 {total.missed_count} 项，算不出 {total.unknown_count} 项"),
    ]


@kept
def indicators(scores: pd.DataFrame) -> pd.DataFrame:
    """Every indicator of the prefecture with who is in its figure and who is not."""
    return pd.DataFrame({
        "指标": [f"{no} {name}" for no, name in zip(scores["indicator_no"], scores["short_name"], strict=True)],
        "状态": [labels.marked(labels.SCORE_MARKS, state) for state in scores["state"]],
        "得分／分值": [
            f"{labels.points(score, weight)}／{labels.points(weight)}"
            for score, weight in zip(scores["score_micro"], scores["weight_micro"], strict=True)
        ],
        "说明": scores["sentence"],
        "怎样汇总": scores["rollup_method"].map(labels.ROLLUP_WORDS),
        "计入单位": [
            "—" if method == "prefecture" else f"{count} 个"
            for method, count in zip(scores["rollup_method"], scores["counted_count"], strict=True)
        ],
        "没有计入": [
            _left_out({**left_out, **dict.fromkeys(spared, "not_applicable")})
            for left_out, spared in zip(scores["left_out"], scores["spared"], strict=True)
        ],
    })


def _left_out(found: Mapping[str, str]) -> str:
    """Names with why, those with the same reason together."""
    by_state: dict[str, list[str]] = {}
    for name, state in found.items():
        by_state.setdefault(state, []).append(name)
    return "；".join(f"{'、'.join(units)}（{_word(state)}）" for state, units in by_state.items())


def _word(state: str) -> str:
    mark = labels.SCORE_MARKS.get(state)
    return mark.word if mark else GIVEN


@kept
def contributions(parts: pd.DataFrame, indicator: Mapping[str, Any]) -> pd.DataFrame:
    """What each unit adds to one figure; columns that no unit fills are left away."""
    def numbers(column: str) -> list[str | None]:
        return [None if value is None else show_number(value) for value in parts[column]]

    shown = pd.DataFrame({
        "单位": parts["recipient_name"],
        "本单位状态": [labels.marked(labels.SCORE_MARKS, state) for state in parts["state"]],
        indicator["numerator_label"] or "分子": numbers("numerator"),
        indicator["denominator_label"] or "分母": numbers("denominator"),
        "数值": numbers("value"),
        "上年值": numbers("prior_value"),
        "比例（%）": numbers("band_share"),
        "权重：调整后金额（万元）": [None if value is None else labels.wan(value) for value in parts["after_yuan"]],
        "是否计入": [
            "计入" if counted else f"没有计入（{_word(str(state))}）"
            for counted, state in zip(parts["is_counted"], parts["left_out_state"], strict=True)
        ],
    })
    return shown.dropna(axis="columns", how="all").fillna("—")


@kept
def contribution_sentence(parts: pd.DataFrame, row: Mapping[str, Any]) -> str:
    """How the figure is put together, in words."""
    counted = parts[parts["is_counted"].astype(bool)]
    left = len(parts) - len(counted)
    tail = f"；{left} 个没有计入" if left else ""
    return f"{labels.ROLLUP_WORDS[row['rollup_method']]}：{len(counted)} 个单位计入{tail}。{row['sentence']}"


@kept
def totals(units: pd.DataFrame) -> pd.DataFrame:
    """Every unit's points out of 100 and grade, the most first."""
    return pd.DataFrame({
        "单位": units["recipient_name"],
        "折合百分": [hundred(value) if grade else "—" for value, grade in _graded(units)],
        "等级": [grade(value) for value in units["grade"]],
        "指标得分": [labels.points(value) for value in units["score_micro"]],
        "执行率得分": [labels.points(value, whole) for value, whole in zip(
            units["execution_score_micro"], units["execution_weight_micro"], strict=True)],
        "合计得分": [labels.points(value) for value in units["total_score_micro"]],
        "已评分值": [labels.points(value) for value in units["total_scored_weight_micro"]],
        "应评分值": [labels.points(value) for value in units["total_weight_micro"]],
        "累计支付（万元）": [labels.wan(value) for value in units["paid_yuan"]],
        "调整后（万元）": [labels.wan(value) for value in units["after_yuan"]],
    })


def _graded(units: pd.DataFrame) -> Iterable[tuple[Any, Any]]:
    return zip(units["points_micro"], units["grade"], strict=True)


@kept
def total_sentence(units: pd.DataFrame) -> str:
    """What the chart of totals shows, in words, from the same rows."""
    counts = units["grade"].value_counts()
    parts = [f"{word} {counts[key]} 个" for key, word in labels.GRADE_WORDS.items() if counts.get(key)]
    absent = list(units.loc[units["grade"].isna(), "recipient_name"])
    tail = f"图中没有 {'、'.join(absent)}：已评分值太少，不评等级。" if absent else ""
    return f"{len(units)} 个单位：{'，'.join(parts) or '都不评等级'}。{tail}"


@kept
def entries(table: pd.DataFrame) -> pd.DataFrame:
    """What the prefecture entered itself, each time."""
    shown = pd.DataFrame({
        "指标": [f"{no} {name}" for no, name in zip(table["indicator_no"], table["short_name"], strict=True)],
        "分子": table["numerator"], "分母": table["denominator"], "数值": table["value"],
        "上年值": table["prior_value"], "比例（%）": table["band_share"], "佐证": table["evidence_text"],
        "登记人": table["entered_by"],
        "登记时间": [labels.moment(value) for value in table["entered_at"]],
    })
    return shown.dropna(axis="columns", how="all")


@kept
def own_clock_sentence(clock: Mapping[str, Any]) -> str:
    """The prefecture's own clock, in one sentence."""
    if clock["clock_state"] == "no_receipt":
        return "州本级收文时间未登记，算不出截止日：通知上没有州本级收到上级文件的日期，请在下方登记。"
    state = labels.marked(labels.CLOCK_MARKS, clock["clock_state"])
    if clock["due_on"] is None:
        return f"州本级 {state}：{labels.day(clock['received_on'])}收到上级文件。"
    done = f"，{labels.day(clock['done_on'])}全部导入" if clock["done_on"] else ""
    return f"州本级 {state}：{labels.day(clock['received_on'])}收到上级文件，{labels.day(clock['due_on'])}到期{done}。"


@kept
def money_against_effect(effects: pd.DataFrame) -> pd.DataFrame:
    """Money against effect with the gap between the two; the milestone only where the rules have one."""
    shown = tables.effects(effects)
    shown["得分率比执行率（百分点）"] = [
        _gap(gap, is_wide) for gap, is_wide in zip(effects["gap_micro"], effects["is_gap_wide"], strict=True)
    ]
    shown["差距"] = effects["is_gap_wide"].map({True: "▲ 差距过大", False: "● 界限以内"}).fillna("—")
    if effects["milestone_micro"].notna().any():
        shown["执行率预警线"] = [
            "—" if pd.isna(limit) else rule_words(Decimal(int(limit)) / MICRO, "比例")
            for limit in effects["milestone_micro"]
        ]
        shown["预警"] = effects["is_behind_milestone"].map({True: "■ 低于预警线", False: "● 达到"}).fillna("—")
    return shown


def _gap(gap_micro: Any, is_wide: Any) -> str:
    """Percentage points with one decimal, rounded so that it never contradicts the flag beside it."""
    if pd.isna(gap_micro):
        return "—"
    gap = Decimal(int(gap_micro)) / 10_000
    size = abs(gap).quantize(Decimal("0.1"), ROUND_CEILING if is_wide is True else ROUND_FLOOR)
    sign = "" if size == 0 else "−" if gap < 0 else "+"
    return f"{sign}{size}"


@kept
def wide_gap_sentence(effects: pd.DataFrame) -> str:
    """Which units' money and effect lie too far apart; empty if none's do."""
    wide = list(effects.loc[effects["is_gap_wide"].fillna(False).astype(bool), "recipient_name"])
    return f"{names(wide, 6)}得分率与执行率差距过大，请核实钱用在哪里、效果是否属实。" if wide else ""


@kept
def gap_caption(effects: pd.DataFrame) -> str:
    """Which limits the gap and the milestone are judged by."""
    limit = effects["dual_gap_limit_micro"].dropna()
    words = "本轮的口径版本没有规定得分率与执行率的差距界限。" if limit.empty else (
        f"得分率与执行率相差超过 {_points_of_percent(limit.iloc[0])} 个百分点为差距过大，"
        + ("参照四川2025年的做法，不是新疆或全国规定。" if effects["is_shipped_gap_limit"].any() else
           "这是本轮的口径版本自行规定的界限，不是新疆或全国规定。")
    )
    return words if effects["milestone_micro"].notna().any() else words + "本轮没有启用执行率预警线。"


def _points_of_percent(limit_micro: Any) -> str:
    return rule_words(Decimal(int(limit_micro)) / MICRO, "比例").removesuffix("%")


@kept
def milestone_sentence(effects: pd.DataFrame) -> str:
    """Which units are behind the milestone of their round; empty where the rules have none or none is behind."""
    behind = list(effects.loc[effects["is_behind_milestone"].fillna(False).astype(bool), "recipient_name"])
    return f"{names(behind, 6)}执行率低于本轮预警线。" if behind else ""
