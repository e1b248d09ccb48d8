"""总览 as people read it: the headline, what to do today, figures and units, every one of them a link to its parts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from dashboard import labels, region_tables
from dashboard.kept import kept
from metrics.boards.definition import Scope
from metrics.boards.overview import BEHIND_STATES, Attention, Money
from metrics.boards.region import RegionTotal
from metrics.duties import LATE_STATES

# The clocks that are late and still open.
OWED_CLOCKS = tuple(state for state in LATE_STATES if state != "late")
OVERDUE = labels.CLOCK_MARKS["overdue"]
# How a clock is shown in a narrow column; its mark and colour are those of every page.
SHORT_CLOCKS = {
    "overdue": "逾期", "on_time_empty": "为空", "on_time_wrong": "有误", "late": "逾期完成", "no_receipt": "未登记收文",
    "not_published": "待放假安排", "not_due": "未到期", "on_time": "按期",
}


# A narrower part of a strip has no room for its number; the legend has it.
LEAST_TOLD = 0.04


@dataclass(frozen=True)
class Figure:
    """One figure with its unit, what stands under it, and the page that shows its parts."""

    name: str
    value: str
    unit: str
    note: str
    page: str


def link(page: str, address: str, words: str, *, style: str = "", **more: Any) -> str:
    """Words that lead to a page of the same scope; ``more`` are further parts of its address. Words are HTML."""
    kind = f' class="{style}"' if style else ""
    return f'<a{kind} href="{html.escape(href(page, address, **more))}" target="_self">{words}</a>'


def href(page: str, address: str, **more: Any) -> str:
    """The address of a page of the same scope.

    >>> href("money", "round=2021-12", unit="hejing")
    'money?round=2021-12&unit=hejing'
    """
    asked = urlencode({name: value for name, value in more.items() if value})
    return f"{page}?{address}" + (f"&{asked}" if asked else "")


@kept
def headline(money: Money, total: RegionTotal | None, units: pd.DataFrame) -> str:
    """Where the money is, what the prefecture has come to, and how many units are behind, in one sentence."""
    paid = f"下达 {labels.wan(money.released_yuan)} 万元，"
    rate = labels.shown_rate(money.execution_rate, money.is_over_unexplained)
    is_silent = money.execution_rate is None and not money.is_over_unexplained
    paid += "没有单位填报支付" if is_silent else f"已支付 {labels.wan(money.paid_yuan)} 万元，执行率 {rate}"
    points = "暂时没有得分"
    if total is not None and total.points_micro is not None:
        points = f"{region_tables.hundred(total.points_micro)} 分，{_grade(total.grade)}"
    behind = int(units["effect_state"].isin(BEHIND_STATES).sum())
    unknown = int((units["effect_state"] == "unknown").sum())
    late = int(units["clock_state"].isin(OWED_CLOCKS).sum())
    counted = [f"{behind} 个滞后"] if behind else []
    counted += [f"{unknown} 个无法判断"] if unknown else []
    counted += [f"{late} 个导入逾期"] if late else []
    told = f" {'、'.join(counted)}" if counted else "没有滞后"
    return f"{paid}；全州 {points}；{len(units)} 个单位中{told}。"


def _grade(grade: str | None) -> str:
    return f"等级{region_tables.grade(grade)}" if grade else "不评等级"


@kept
def figures(money: Money, cells: Mapping[str, int], clock: Mapping[str, int]) -> list[Figure]:
    """The five figures of the first screen."""
    total = sum(cells.values())
    spared = cells.get("not_applicable", 0)
    reached = cells.get("met", 0) + cells.get("over", 0)
    missed = cells.get("off", 0) + cells.get("slightly_off", 0)
    silent = cells.get("not_reported", 0)
    late = sum(clock.get(state, 0) for state in LATE_STATES)
    without = f"，缺{'、'.join(money.silent_names[:2])}{'等' if len(money.silent_names) > 2 else ''}"
    return [
        Figure("下达资金", labels.wan(money.released_yuan), "万元", f"{money.unit_count} 个单位", "allocation"),
        Figure("已支付", labels.wan(money.paid_yuan), "万元",
               f"{money.reported_count} 个单位{without if money.silent_names else ''}", "money"),
        Figure("执行率", labels.percent(money.execution_rate), "",
               f"{labels.wan(money.paid_yuan)}÷{labels.wan(money.base_yuan)}{labels.held_back(money.is_over_unexplained)}",
               "accountability"),
        Figure("达标", str(reached), f"／{total - spared} 项",
               f"偏差 {missed}，未报 {silent}，待定 {total - spared - reached - missed - silent}", "deviation"),
        Figure("按期导入", f"{clock.get('on_time', 0)}", f"／{sum(clock.values())} 个",
               f"逾期 {late}，未到期 {clock.get('not_due', 0)}，待定 "
               f"{sum(clock.values()) - clock.get('on_time', 0) - late - clock.get('not_due', 0)}", "timeliness"),
    ]


@kept
def figure_row(cards: Iterable[Figure], address: str, unit: str = "") -> str:
    """Figures side by side, each a link to the page that shows its parts."""
    return '<div class="wx-figures wx-linked">' + "".join(
        link(card.page, address, (
            f'<span class="wx-name">{html.escape(card.name)}</span>'
            f'<span class="wx-value">{html.escape(card.value)} <span>{html.escape(card.unit)}</span></span>'
            f"<small>{html.escape(card.note)}</small>"
        ), style="wx-figure", unit=unit)
        for card in cards
    ) + "</div>"


@kept
def attention(found: Sequence[Attention], units: pd.DataFrame, address: str) -> str:
    """What to do today, numbered; every unit's name leads to its portrait, the end to the page that shows more."""
    if not found:
        return '<p class="wx-fine">● 截至统计截止日，没有需要过问的事项。</p>'
    items = "".join(
        f'<li><span class="wx-no">{number}</span>{_with_units(item.sentence, units, address)} '
        + link(item.page, address, "去看 ›", unit=item.recipient_id, indicator=item.indicator_no)
        + (" " + link("inquiries", address, "看问效单 ›", inquiry=item.inquiry_no) if item.inquiry_no else "") + "</li>"
        for number, item in enumerate(found, start=1)
    )
    return f'<ol class="wx-list">{items}</ol>'


def _with_units(sentence: str, units: pd.DataFrame, address: str) -> str:
    """A sentence whose units are links; the longest name first, so that none is taken for a part of another."""
    ids = {html.escape(name): key for name, key in zip(units["recipient_name"], units["recipient_id"], strict=True)}
    if not ids:
        return html.escape(sentence)
    pattern = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    return re.sub(
        pattern, lambda found: link("unit", address, found[0], style="wx-unit", unit=ids[found[0]]),
        html.escape(sentence),
    )


@kept
def unit_table(units: pd.DataFrame, address: str) -> str:
    """The units, the worst first: money against the time gone, points, indicators, clock; each cell a link."""
    heads = ("单位", "状态", "执行率", "得分", "达标", "导入", "问效单")
    rows = "".join(_unit_row(row, address) for row in units.to_dict("records"))
    head = "".join(f"<th>{name}</th>" for name in heads)
    return (
        f'<div class="wx-table wx-units"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _unit_row(row: Mapping[Any, Any], address: str) -> str:
    unit = row["recipient_id"]
    effect = labels.EFFECT_MARKS[row["effect_state"]]
    clock = labels.CLOCK_MARKS.get(str(row["clock_state"]))
    grade = f" {labels.GRADE_WORDS[row['grade']]}" if row["grade"] in labels.GRADE_WORDS else ""
    # Points that rest on too little for a grade would mislead beside the others.
    points = region_tables.hundred(row["points_micro"]) if grade else "—"
    bar = rate_bar(row["execution_rate"], row["elapsed_share"], is_over_unexplained=row["is_over_unexplained"])
    timed = mark(clock, SHORT_CLOCKS[row["clock_state"]]) if clock else "—"
    return "<tr>" + "".join((
        f"<td>{link('unit', address, html.escape(row['recipient_short_name']), style='wx-unit', unit=unit)}</td>",
        f"<td>{link('accountability', address, mark(effect), unit=unit)}</td>",
        f'<td class="wx-n">{link("money", address, bar, unit=unit)}</td>',
        f'<td class="wx-n">{link("unit", address, points + grade, unit=unit)}</td>',
        f'<td class="wx-n">{link("deviation", address, _reached(row), unit=unit)}</td>',
        f"<td>{link('timeliness', address, timed, unit=unit)}</td>",
        f'<td class="wx-n">{_inquiries(row, address)}</td>',
    )) + "</tr>"


def _inquiries(row: Mapping[Any, Any], address: str) -> str:
    """How many 问效单 of the unit are open, and how many of them overdue; leads to the one, or to all."""
    if not row["open_count"]:
        return "—"
    late = mark(OVERDUE, f"逾期{row['overdue_count']}") + "／" if row["overdue_count"] else ""
    unit = "" if row["inquiry_no"] else row["recipient_id"]
    return link("inquiries", address, f"{late}{row['open_count']}份", inquiry=row["inquiry_no"], unit=unit)


def _reached(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["indicator_count"]):
        return "—"
    return f"{int(row['met_count'])}／{int(row['indicator_count'])}"


def mark(found: labels.Mark, words: str = "") -> str:
    """A state as shape, word and colour."""
    return f'<span class="wx-mark" style="--c:{found.colour}"><i>{found.shape}</i>{words or found.word}</span>'


def rate_bar(rate: Any, elapsed: Any, *, is_over_unexplained: bool = False) -> str:
    """A rate as a bar with its figure; the upright line is the share of the year gone.

    A dash where there is none; words where it is held back.
    """
    if is_over_unexplained:
        return f'<span class="wx-over">{html.escape(labels.OVER_UNEXPLAINED)}</span>'
    if rate is None or pd.isna(rate):
        return "—"
    tick = "" if elapsed is None or pd.isna(elapsed) else f'<b style="left:{_width(elapsed)}"></b>'
    return (
        f'<span class="wx-bar"><i style="width:{_width(rate)}"></i>{tick}</span>'
        f'<span class="wx-rate">{labels.percent(rate)}</span>'
    )


def _width(share: Any) -> str:
    return f"{min(max(float(share), 0.0), 1.0) * 100:.1f}%"


@kept
def units_sentence(units: pd.DataFrame) -> str:
    """What the table of the units shows, in words, from the same rows."""
    elapsed = units["elapsed_share"].dropna()
    known = units[units["execution_rate"].notna()]
    parts = ["最要紧的在前"]
    if len(elapsed) and len(known):
        ahead = int((known["execution_rate"] >= float(elapsed.iloc[0])).sum())
        lowest = known.loc[known["execution_rate"].idxmin()]
        parts.append(
            f"竖线是序时进度 {labels.percent(elapsed.iloc[0])}，{ahead} 个单位达到，"
            f"最低的是{lowest['recipient_name']} {labels.percent(lowest['execution_rate'])}"
        )
    over = units["is_over_unexplained"].astype(bool)
    if over.any():
        parts.append(f"{'、'.join(units.loc[over, 'recipient_name'])}执行率{labels.OVER_UNEXPLAINED}，不列")
    silent = list(units.loc[units["execution_rate"].isna() & ~over, "recipient_name"])
    if silent:
        parts.append(f"{'、'.join(silent)}没有填报，不列执行率和得分")
    return "；".join(parts) + "。"


@kept
def state_strip(counts: Mapping[str, int]) -> str:
    """One bar cut into the states of all cells, in the order of the legend under it."""
    total = sum(counts.values())
    return '<div class="wx-strip">' + "".join(
        f'<span style="--c:{mark.colour};--n:{counts[state]}" title="{mark.word} {counts[state]} 项">'
        f"{counts[state] if counts[state] > total * LEAST_TOLD else ''}</span>"
        for state, mark in labels.SCORE_MARKS.items() if counts.get(state)
    ) + "</div>"


@kept
def head(scope: Scope, sentence: str) -> str:
    """The answer in one sentence; on paper with the notice, the round and the day above it."""
    printed = f"{scope.document_number}　{scope.round_id} 轮　统计截止 {scope.as_of_on:%Y-%m-%d}"
    return (
        f'<div class="wx-printed">{html.escape(printed)}</div>'
        f'<p class="wx-headline">{html.escape(sentence)}</p>'
    )


def first_screen(todo: str, cards: str, table: str, sentence: str) -> str:
    """The first screen: what to do on the left, figures and units on the right; one under the other on a telephone."""
    return (
        f'<div class="wx-board"><section class="wx-todo"><h2>今天要办的事</h2>{todo}</section>'
        f'<section class="wx-cards">{cards}</section>'
        f'<section class="wx-rows">{table}<p class="wx-note">{html.escape(sentence)}</p></section></div>'
    )
