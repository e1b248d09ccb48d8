"""单位画像 as people read it: one headline, then part after part, each with the way to its own page."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.kept import kept
from dashboard.overview_tables import Figure, link, mark
from dashboard.region_tables import hundred
from metrics.inquiries import CONSEQUENCE_WORDS, JUDGEMENT_WORDS, LADDER_WORDS, STATE_WORDS
from metrics.score_states import MISSING_STATES
from metrics.thresholds import MICRO

# A bar ends here, so that one indicator far over its target does not shorten all others.
MOST_SHOWN = 1.25
COLUMN_HEIGHT = 1.5      # rem


def part(title: str, page: str, address: str, unit: str, words: str) -> str:
    """The head of a part with the way to the page that has it all."""
    return f'<h2 class="wx-part">{html.escape(title)}{link(page, address, html.escape(words) + " ›", unit=unit)}</h2>'


@kept
def headline(row: Mapping[Any, Any], worst: pd.DataFrame, *, is_own: bool) -> str:
    """How the unit stands: its state, money against the time gone, points, and what costs it most, in one sentence."""
    name = "本单位" if is_own else row["recipient_name"]
    state = labels.EFFECT_MARKS[row["effect_state"]].word
    if row["effect_state"] == "unknown":
        return f"{name}{state}：{'已评分值不足' if row['is_reported'] else '本轮还没有填报'}。"
    elapsed = labels.percent(row["elapsed_share"])
    rate = labels.shown_rate(row["execution_rate"], row["is_over_unexplained"])
    head = f"{name}{state}：执行率 {rate}，序时进度 {elapsed}"
    if row["grade"] in labels.GRADE_WORDS:
        head += f"；{hundred(row['points_micro'])} 分，等级{labels.GRADE_WORDS[row['grade']]}"
    if row["indicator_count"] > 0:
        head += f"；{int(row['indicator_count'])} 项指标达标 {int(row['met_count'])} 项"
    lost = worst[worst["lost_micro"].notna() & (worst["lost_micro"] > 0)]
    if len(lost):
        first = lost.iloc[0]
        head += f"，丢分最多的是{first['short_name']}（丢 {labels.points(first['lost_micro'])} 分）"
    return head + "。"


@kept
def figures(row: Mapping[Any, Any], allocated: Mapping[Any, Any], owed: pd.DataFrame) -> list[Figure]:
    """Five figures of the unit, each with its parts a page further."""
    points = hundred(row["points_micro"]) if row["grade"] in labels.GRADE_WORDS else "—"
    grade = labels.GRADE_WORDS.get(str(row["grade"]), "不评等级")
    late = owed[owed["is_counted"] & owed["duty_state"].isin(("overdue", "on_time_empty", "on_time_wrong", "late"))]
    given = labels.signed_wan(allocated["adjustment_yuan"])
    before = labels.wan(allocated["before_yuan"])
    # A notice may hand down money without a table of targets: then there is nothing to count.
    counts = (
        f"达标 {int(row['met_count'])}，偏差 {int(row['missed_count'])}，未报 {int(row['silent_count'])}"
        if row["indicator_count"] > 0 else "文件没有绩效指标"
    )
    return [
        Figure("调整后", labels.wan(allocated["after_yuan"]), "万元", f"调整前 {before}，{given}", "allocation"),
        Figure("已支付", labels.wan(row["paid_yuan"]), "万元",
               "本轮自报" if row["is_reported"] else "本轮未填报", "money"),
        Figure("执行率", labels.percent(row["execution_rate"]), "",
               f"{labels.wan(row['paid_yuan'])}÷{labels.wan(row['after_yuan'])}；"
               f"序时 {labels.percent(row['elapsed_share'])}{labels.held_back(row['is_over_unexplained'])}",
               "accountability"),
        Figure("得分", points, grade if points != "—" else "", counts, "deviation"),
        Figure("逾期事项", str(len(late)), f"／{int(owed['is_counted'].sum())} 项",
               f"还没有办结 {int(late['done_on'].isna().sum())} 项", "timeliness"),
    ]


@kept
def chain(sources: pd.DataFrame) -> pd.DataFrame:
    """What the unit got from which document, before and after, with the line of the paper."""
    return pd.DataFrame({
        "来源文件": sources["source_document"],
        "调整前（万元）": [labels.wan(yuan) for yuan in sources["before_yuan"]],
        "调整数（万元）": [labels.signed_wan(yuan) for yuan in sources["adjustment_yuan"]],
        "调整后（万元）": [labels.wan(yuan) for yuan in sources["after_yuan"]],
        "文件行号": sources["line_no"],
    })


@kept
def bullets(indicators: pd.DataFrame, course: pd.DataFrame, address: str, unit: str) -> str:
    """Each indicator as a bar against its target, with the rounds before beside it; the most points lost on top."""
    rounds = {no: rows.to_dict("records") for no, rows in course.groupby("indicator_no")}
    rows = "".join(
        _bullet(row, rounds.get(row["indicator_no"], []), address, unit) for row in indicators.to_dict("records")
    )
    heads = ("指标", "目标", "完成（竖线为目标）", "实际", "丢分", "历轮")
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<div class="wx-table wx-bullets"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _bullet(row: Mapping[Any, Any], rounds: list[dict[Any, Any]], address: str, unit: str) -> str:
    found = labels.SCORE_MARKS[row["state"]]
    is_missing = row["state"] in MISSING_STATES
    bar = "" if row["attainment_micro"] is None else (
        f'<span class="wx-bullet" style="--c:{found.colour}"><i style="width:{_width(row["attainment_micro"])}"></i>'
        f'<b style="left:{1 / MOST_SHOWN * 100:.1f}%"></b></span>'
    )
    lost = "—" if row["lost_micro"] is None else labels.points(row["lost_micro"])
    name = link(
        "deviation", address, f"{row['indicator_no']} {html.escape(row['short_name'])}",
        unit=unit, indicator=row["indicator_no"],
    )
    kind = "wx-muted" if row["state"] == "not_applicable" else ""
    return (
        f'<tr class="{kind}"><td>{name}</td><td>{html.escape(row["target_text"])}</td>'
        f"<td>{bar}</td><td>{mark(found)}"
        f"<small>{'' if is_missing and row['state'] == 'not_applicable' else html.escape(row['said'])}</small></td>"
        f'<td class="wx-n">{lost}<small>／{labels.points(row["weight_micro"])}</small></td>'
        f'<td class="wx-course">{"".join(map(_round, rounds))}</td></tr>'
    )


def _round(row: Mapping[Any, Any]) -> str:
    """One round as a small column, as high as what was reached of the target; a dash where there is nothing."""
    if row["attainment_micro"] is None:
        return '<span class="wx-none">–</span>'
    found = labels.SCORE_MARKS[row["state"]]
    return f'<span style="--c:{found.colour};height:{_share(row["attainment_micro"]) * COLUMN_HEIGHT:.2f}rem"></span>'


def _share(attainment_micro: Any) -> float:
    """Of the whole bar."""
    return min(max(int(attainment_micro) / float(MICRO), 0.0), MOST_SHOWN) / MOST_SHOWN


def _width(attainment_micro: Any) -> str:
    return f"{_share(attainment_micro) * 100:.1f}%"


@kept
def bullets_sentence(indicators: pd.DataFrame, course: pd.DataFrame) -> str:
    """What the bars show, in words, from the same rows."""
    lost = [int(micro) for micro in indicators["lost_micro"] if micro is not None]
    missing = int(indicators["state"].isin([state for state in MISSING_STATES if state != "not_applicable"]).sum())
    spared = int((indicators["state"] == "not_applicable").sum())
    rounds = course.drop_duplicates("round_id")["round_name"]
    parts = [f"丢分最多的在前，{sum(micro > 0 for micro in lost)} 项丢分，共 {labels.points(sum(lost))} 分"]
    if missing:
        parts.append(f"{missing} 项没有得分，不按 0 分计")
    if spared:
        parts.append(f"{spared} 项不适用")
    if len(rounds) > 1:
        parts.append(f"历轮依次为{'、'.join(rounds)}，柱高为完成率，顶格为 {int(MOST_SHOWN * 100)}% 以上")
    return "；".join(parts) + "。"


@kept
def absent(
    row: Mapping[Any, Any], indicators: pd.DataFrame, owed: pd.DataFrame, docked: Mapping[str, bool]
) -> list[str]:
    """What is not there to judge the unit by, each in a sentence; empty where everything is."""
    out = []
    if not row["is_reported"]:
        out.append("本轮还没有填报：成效无法判断，执行率和得分不列。")
    for state, words in (
        ("not_reported", "还没有填报"), ("no_baseline", "缺上年数"), ("needs_review", "等人判定"),
    ):
        names = list(indicators.loc[indicators["state"] == state, "short_name"])
        if names and (row["is_reported"] or state != "not_reported"):
            out.append(f"{len(names)} 项指标{words}：{'、'.join(names[:5])}{'等' if len(names) > 5 else ''}。")
    if len(owed[(owed["duty_state"] == "no_receipt") & owed["is_counted"]]):
        out.append("没有登记收文时间：导入时限无法计算。")
    lacking = [name for name, is_there in docked.items() if not is_there]
    if lacking:
        out.append(f"系统导出里没有本单位的{'、'.join(lacking)}：不能与自报数核对。")
    return out


@kept
def listed(sentences: list[str]) -> str:
    """Sentences one under the other."""
    return '<ul class="wx-plain">' + "".join(f"<li>{html.escape(each)}</li>" for each in sentences) + "</ul>"


@kept
def doubts(found: pd.DataFrame, address: str, unit: str) -> str:
    """How many doubts of each check, each with the way to its rows."""
    if found.empty:
        return '<p class="wx-fine">● 已经载入的导出里没有查到这个单位的疑点。</p>'
    items = []
    for code, rows in found.groupby("code", sort=False):
        row = rows.iloc[0]
        items.append(
            f"<li>{html.escape(row['title'])}：{len(rows)} 处，{html.escape(row['subject_text'])}，"
            f"{html.escape(row['stated_text'])}。{link('findings', address, '看这几行 ›', unit=unit, check=code)}</li>"
        )
    return f'<ul class="wx-plain">{"".join(items)}</ul>'


@kept
def evidence_sentences(claims: pd.DataFrame) -> list[str]:
    """Where what the unit reported differs from what payouts and payments prove; else that nothing does."""
    agreed = int((claims["claim_state"] == "agrees").sum())
    apart = list(claims.loc[(claims["claim_state"] != "agrees") & (claims["sentence"] != ""), "sentence"])
    return [*apart, f"{agreed} 项自报与佐证相符。" if agreed else "还没有与自报相符的佐证。"]


@kept
def inquiries(register: pd.DataFrame, address: str) -> str:
    """Every 问效单 of the unit: about what, how far it has come, until when, what to do if it is late."""
    if register.empty:
        return '<p class="wx-fine">● 没有问效单。</p>'
    heads = ("问效单", "问什么", "状态", "到期", "逾期", "认定")
    head = "".join(f"<th>{name}</th>" for name in heads)
    rows = "".join(_inquiry(row, address) for row in register.to_dict("records"))
    return f'<div class="wx-table wx-asked"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _inquiry(row: Mapping[Any, Any], address: str) -> str:
    label = link("inquiries", address, html.escape(row["inquiry_label"]), inquiry=row["inquiry_no"])
    about = f"{row['indicator_short_name'] or '全单位'}：{row['fact_text']}"
    late = "—"
    if row["is_overdue"]:
        days = "天数待放假安排公布" if pd.isna(row["late_days"]) else f"{int(row['late_days'])} 个工作日"
        rung = f"，该{LADDER_WORDS[row['ladder_step']]}" if row["ladder_step"] else ""
        late = f"{mark(labels.CLOCK_MARKS['overdue'], '逾期')} {days}{rung}"
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in (
        label, html.escape(about), STATE_WORDS[row["inquiry_state"]], labels.day(row["due_on"]), late,
        JUDGEMENT_WORDS.get(row["judgement"], "—"),
    )) + "</tr>"


@kept
def consequence_sentences(table: pd.DataFrame) -> list[str]:
    """What came of them for the unit's money, each in a sentence."""
    return [
        f"{labels.day(row['decided_at'])} {CONSEQUENCE_WORDS[row['consequence_kind']]}"
        + ("" if pd.isna(row["amount_yuan"]) else f" {labels.wan(row['amount_yuan'])} 万元")
        + f"（问效单第{row['inquiry_no']}号，{row['decided_by']}）"
        + (f"，{labels.day(row['lifted_at'])}解除" if pd.notna(row["lifted_at"]) else "") + "。"
        for row in table.to_dict("records")
    ]


@kept
def reconciled_sentence(summary: pd.DataFrame) -> str:
    """How many differences between the two systems are open, and how much money."""
    still = summary[summary["difference_state"] == "open"]
    if still.empty:
        return "到统计截止日没有待处理的差异。"
    return (
        f"{int(still['difference_count'].sum())} 处差异待处理，涉及 {labels.wan(still['stake_yuan'].sum())} 万元。"
    )
