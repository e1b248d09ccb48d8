"""Two days side by side, in words and as a table: what was then, what is now."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import labels
from dashboard.kept import kept
from dashboard.overview_tables import SHORT_CLOCKS, link, mark
from dashboard.region_tables import hundred
from metrics.boards.overview import Money, names
from metrics.boards.region import RegionTotal
from metrics.duties import step_name
from metrics.score_states import MISSED_STATES, REACHED_STATES

ARROW = "→"
KEY = "compare"


def choose_day(page: str, as_of_on: date) -> date | None:
    """Let the person choose an earlier day; the choice stands in the address, so that a link opens the same."""
    asked, key = st.query_params.get(KEY, ""), f"{page}_{KEY}"
    latest = as_of_on - timedelta(days=1)
    if key not in st.session_state:
        try:
            st.session_state[key] = min(date.fromisoformat(asked), latest) if asked else None
        except ValueError:
            st.warning("网址里的对比日期不对，写成 2021-12-24 这样；请在下方重新选择。")
    chosen = st.date_input(
        "与另一天相比（选一个更早的统计截止日，不选就不比）", key=key, value=None, max_value=latest,
        format="YYYY-MM-DD",
    )
    if isinstance(chosen, date):
        st.query_params[KEY] = chosen.isoformat()
        return chosen
    st.query_params.pop(KEY, None)
    return None


@kept
def money_sentence(then: Money, now: Money, day: str) -> str:
    """How the money went on between the two days."""
    if then.reported_count == 0:
        if now.reported_count == 0:
            return f"{day}和现在都没有单位填报支付数。"
        return (
            f"{day}还没有单位填报，现在 {now.reported_count} 个单位填报，支付 {labels.wan(now.paid_yuan)} 万元，"
            f"执行率 {labels.shown_rate(now.execution_rate, now.is_over_unexplained)}。"
        )
    if (then.paid_yuan, then.reported_count, then.released_yuan) == (
        now.paid_yuan, now.reported_count, now.released_yuan
    ):
        return f"支付没有变化，仍是 {labels.wan(now.paid_yuan)} 万元（{now.reported_count} 个单位填报）。"
    return (
        f"填报的单位 {then.reported_count} {ARROW} {now.reported_count} 个，"
        f"支付 {labels.wan(then.paid_yuan)} {ARROW} {labels.wan(now.paid_yuan)} 万元"
        f"（{labels.signed_wan(now.paid_yuan - then.paid_yuan)}），"
        f"执行率 {labels.shown_rate(then.execution_rate, then.is_over_unexplained)} {ARROW} "
        f"{labels.shown_rate(now.execution_rate, now.is_over_unexplained)}。"
    )


@kept
def points_sentence(then: RegionTotal | None, now: RegionTotal | None) -> str:
    """How the prefecture's points changed; without points on one day, that is said."""
    before = None if then is None else then.points_micro
    after = None if now is None else now.points_micro
    if before == after:
        return "全州得分没有变化。" if after is not None else "全州两天都算不出得分。"
    shown = [f"{hundred(micro)} 分" if micro is not None else "算不出" for micro in (before, after)]
    return f"全州 {shown[0]} {ARROW} {shown[1]}。"


@kept
def states_sentence(units: pd.DataFrame, states: pd.DataFrame, *, is_own: bool = False) -> str:
    """Which units and how many indicators changed their state."""
    moved = units[units["effect_state_then"] != units["effect_state_now"]]
    told = "、".join(
        ("" if is_own else row["recipient_name"])
        + f"{_word(row['effect_state_then'])}{ARROW}{_word(row['effect_state_now'])}"
        for row in moved.head(4).to_dict("records")
    )
    more = f"等 {len(moved)} 个单位" if len(moved) > 4 else ""
    head = "五种状态没有变化" if moved.empty else f"状态变化：{told}{more}"
    if states.empty:
        return f"{head}；指标状态没有变化。"
    now = states["state_now"]
    reached, missed = int(now.isin(REACHED_STATES).sum()), int(now.isin(MISSED_STATES).sum())
    return (
        f"{head}；{len(states)} 项指标状态变了，其中变为达标 {reached} 项、变为偏差 {missed} 项、"
        f"其他 {len(states) - reached - missed} 项。"
    )


@kept
def events_sentence(events: pd.DataFrame) -> str:
    """What was reported and recorded in between, by whom."""
    reports = events[events["event_kind"] == "report"]
    receipts = events[events["event_kind"] == "receipt"]
    parts = []
    if len(reports):
        parts.append(f"报送 {len(reports)} 份（{_whose(reports)}）")
    for step, group in receipts.groupby("step", sort=False):
        parts.append(f"登记{step_name(str(step))} {len(group)} 次（{_whose(group)}）")
    for kind, words in (("inquiry_opened", "开出问效单"), ("inquiry_closed", "问效单销号")):
        found = events[events["event_kind"] == kind]
        if len(found):
            parts.append(f"{words} {len(found)} 份（{_whose(found)}）")
    return f"其间{'，'.join(parts)}。" if parts else "其间没有新的报送、登记和问效单。"


def _whose(events: pd.DataFrame) -> str:
    return names(list(dict.fromkeys(events["recipient_name"])))


def _word(state: Any) -> str:
    mark_of = labels.EFFECT_MARKS.get(str(state))
    return mark_of.word if mark_of else "没有数"


def changed_units(units: pd.DataFrame) -> pd.DataFrame:
    """The units of which anything shown differs."""
    same = pd.Series(True, index=units.index)
    for name in ("effect_state", "paid_yuan", "points_micro", "clock_state"):
        then, now = units[f"{name}_then"], units[f"{name}_now"]
        same &= (then == now).fillna(False) | (then.isna() & now.isna())
    return units[~same]


@kept
def unit_table(units: pd.DataFrame, address: str) -> str:
    """What was then and what is now, of each unit that changed."""
    heads = ("单位", "状态", "支付（万元）", "执行率", "得分", "导入")
    head = "".join(f"<th>{name}</th>" for name in heads)
    rows = "".join(_row(row, address) for row in changed_units(units).to_dict("records"))
    return f'<div class="wx-table wx-pairs"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


@kept
def rest_sentence(units: pd.DataFrame) -> str:
    """The units that the table leaves out, by name."""
    same = units[~units["recipient_id"].isin(changed_units(units)["recipient_id"])]
    return f"没有变化、不列的：{'、'.join(same['recipient_name'])}。" if len(same) else "各单位都有变化。"


def _row(row: Mapping[Any, Any], address: str) -> str:
    cells = (
        link("unit", address, html.escape(row["recipient_short_name"]), style="wx-unit", unit=row["recipient_id"]),
        _pair(_effect(row["effect_state_then"]), _effect(row["effect_state_now"])),
        _pair(labels.wan(row["paid_yuan_then"]), labels.wan(row["paid_yuan_now"])),
        _pair(_rate(row, "then"), _rate(row, "now")),
        _pair(_points(row, "then"), _points(row, "now")),
        _pair(_clock(row["clock_state_then"]), _clock(row["clock_state_now"])),
    )
    numeric = (2, 3, 4)
    return "<tr>" + "".join(
        f'<td class="{"wx-n" if place in numeric else ""}">{cell}</td>' for place, cell in enumerate(cells)
    ) + "</tr>"


def _pair(then: str, now: str) -> str:
    return now if then == now else f'<span class="wx-then">{then}</span> {ARROW} {now}'


def _rate(row: Mapping[Any, Any], side: str) -> str:
    return labels.shown_rate(row[f"execution_rate_{side}"], row[f"is_over_unexplained_{side}"] is True)


def _points(row: Mapping[Any, Any], side: str) -> str:
    """Points that carry a grade; others rest on too little to compare."""
    return hundred(row[f"points_micro_{side}"]) if row[f"grade_{side}"] in labels.GRADE_WORDS else "—"


def _effect(state: Any) -> str:
    found = labels.EFFECT_MARKS.get(str(state))
    return mark(found) if found else "—"


def _clock(state: Any) -> str:
    found = labels.CLOCK_MARKS.get(str(state))
    return mark(found, SHORT_CLOCKS[str(state)]) if found else "—"
