"""Tables and sentences of what an effect costs, as people read them: a person and month, and a point."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import labels, look
from dashboard.kept import kept
from dashboard.labels import Mark, percent, wan
from metrics.boards.overview import names
from metrics.boards.region import RegionTotal
from metrics.thresholds import MICRO

COST_MARKS = {
    "unlike": Mark("请核实", "▲", "triangle-up", look.CAUTION),
    "counted": Mark("在通常范围", "●", "circle", look.ACCENT),
    "few": Mark("人月不足二十，不比较", "○", "circle-open", look.OPEN),
    "none": Mark("没有这一类发放", "－", "line-ew-open", look.OPEN),
    "not_docked": Mark("没有对接发放明细", "✕", "x-thin-open", look.OPEN),
}


@kept
def points_costs(table: pd.DataFrame) -> pd.DataFrame:
    """What a point cost each unit, now and in the round before, with both sides."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "累计支付（万元）": [wan(value) for value in table["paid_yuan"]],
        "已评得分": [labels.points(value) for value in table["score_micro"]],
        "已评分值": [labels.points(value) for value in table["scored_weight_micro"]],
        "每分用钱（万元）": [wan(value) for value in table["yuan_per_point"]],
        "上一轮每分用钱（万元）": [wan(value) for value in table["before_yuan_per_point"]],
    })


@kept
def whole_point_sentence(total: RegionTotal | None) -> str:
    """What a point cost the prefecture as a whole, both sides told, and who is not in the money."""
    if total is None or not total.paid_yuan or not total.score_micro:
        return "全州还没有支付数或得分，算不出每分用了多少钱。"
    left = f"没有报支付数的{'、'.join(total.silent_names)}不在其中。" if total.silent_names else ""
    return (
        f"全州累计支付 {wan(total.paid_yuan)} 万元，已评指标得 {labels.points(total.score_micro)} 分"
        f"（已评分值 {labels.points(total.scored_weight_micro)} 分），平均每分 "
        f"{wan(Decimal(str(total.paid_yuan)) * MICRO / total.score_micro)} 万元。{left}"
    )


@kept
def kinds(costs: pd.DataFrame) -> dict[str, str]:
    """The kinds of aid that somebody was paid, the most money first."""
    paid = costs[costs["per_head_yuan"].notna()]
    return dict(zip(paid["aid_kind"], paid["aid_name"], strict=True))


def cost_keys(costs: pd.DataFrame) -> list[str]:
    """How each row is marked: a key of ``COST_MARKS``."""
    return ["unlike" if row.is_unlike else str(row.cost_state) for row in costs.itertuples()]


def head_word(costs: pd.DataFrame) -> str:
    """By what the money is divided: months of a person, or times."""
    return "人月" if costs["is_monthly"].any() else "人次"


@kept
def costs(table: pd.DataFrame) -> pd.DataFrame:
    """What a person and month cost each unit of one kind of aid, with both sides, the others and the standard."""
    word = head_word(table)
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "核对": [f"{COST_MARKS[key].shape} {COST_MARKS[key].word}" for key in cost_keys(table)],
        "发放金额（元）": [_amount(value) for value in table["paid_yuan"]],
        word: [f"{int(value):,}" if value else "—" for value in table["person_month_count"]],
        f"每{word}（元）": [_amount(value) for value in table["per_head_yuan"]],
        "为中位数的": [percent(value) for value in table["median_share"]],
        "标准（元）": [
            "—" if pd.isna(value) else f"{_amount(value)}{'（定额）' if is_fixed else '（上限）'}"
            for value, is_fixed in zip(table["standard_yuan"], table["is_fixed"], strict=True)
        ],
        "为标准的": [percent(value) for value in table["standard_share"]],
        "没有证件号码的（笔）": [f"{int(value):,}" if value else "—" for value in table["unnamed_count"]],
    })


@kept
def cost_caption(table: pd.DataFrame) -> str:
    """What the figures count, and what they leave out."""
    word = head_word(table)
    months = [month for month in (*table["first_month"], *table["last_month"]) if not pd.isna(month)]
    span = f"{min(months):%Y-%m} 至 {max(months):%Y-%m} 的发放明细。" if months else ""
    standard = "这一类没有登记标准。"
    if table["standard_yuan"].notna().any():
        standard = "标准是同一些人月当月登记的标准平均，低保按差额补助，低于标准是正常的。"
    return (
        f"{span}每{word}＝发放成功的金额÷{word}；{word}按人、月份去重，没有证件号码的两边都不算。{standard}"
        "横轴不从零起。支付信息不分用在什么人身上，没有拿来平均。"
    )


def _amount(value: Any) -> str:
    return "—" if value is None or pd.isna(value) else f"{float(value):,.2f}"


@kept
def cost_sentence(table: pd.DataFrame) -> str:
    """What the dots show, in words, from the same rows; who has no figure is named."""
    word, name = head_word(table), table["aid_name"].iloc[0]
    known = table[table["per_head_yuan"].notna()]
    if known.empty:
        return f"{name}没有发放明细。"
    parts = []
    middle = known["median_yuan"].iloc[0]
    if pd.notna(middle):
        parts.append(f"{name}每{word}的中位数 {middle:,.2f} 元（{known['median_unit_count'].iloc[0]} 个单位）")
    top, bottom = known.iloc[0], known.iloc[-1]
    if len(known) > 1 and top["per_head_yuan"] > bottom["per_head_yuan"]:
        parts.append(f"最高{_each(top)}，最低{_each(bottom)}")
    elif len(known) > 1:
        parts.append("各单位相同")
    else:
        parts.append(_each(top))
    unlike = known[known["is_unlike"].astype(bool)].to_dict("records")
    if unlike:
        parts.append(
            f"{'、'.join(map(_each, unlike))}与其余单位的中位数相差较大，"
            "请核实对象、标准和月份有没有错（只是提问，不是认定）"
        )
    absent = table[table["per_head_yuan"].isna()]
    silent = [
        f"{names(list(absent.loc[absent['cost_state'] == state, 'recipient_name']), 12)}{COST_MARKS[state].word}"
        for state in ("none", "not_docked") if (absent["cost_state"] == state).any()
    ]
    return "；".join([*parts, *silent]) + "。"


def _each(row: Mapping[str, Any]) -> str:
    return (
        f"{row['recipient_name']} {row['per_head_yuan']:,.2f} 元"
        f"（{_amount(row['paid_yuan'])}÷{int(row['person_month_count']):,}）"
    )
