"""Tables and sentences of the page 问效单 beside the register: proposals, rates, rules, decisions about money."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pandas as pd

from dashboard import look
from dashboard.inquiry_tables import bases_text, what
from dashboard.kept import kept
from dashboard.labels import Mark, day, moment, wan
from metrics.inquiries import CONSEQUENCE_WORDS, WHOLE_UNIT, inquiry_label
from metrics.law import ALL_SOURCES, citation

Row = Mapping[str, Any]

SEVERITY_MARKS = {
    "fatal": Mark("要紧", "■", "square", look.BAD),
    "warning": Mark("一般", "▲", "triangle-up", look.CAUTION),
}
# Of a unit's proposals about single indicators, so many are shown at once; the others can be unfolded.
MOST_SHOWN = 2


@kept
def together(proposals: pd.DataFrame, doubts: pd.DataFrame) -> pd.DataFrame:
    """Two tables of proposals as one, the units in the order in which they come first."""
    found = pd.concat([proposals, doubts], ignore_index=True) if len(doubts) else proposals
    places = {unit: place for place, unit in enumerate(dict.fromkeys(found["recipient_id"]))}
    return found.sort_values("recipient_id", key=lambda column: column.map(places), kind="stable", ignore_index=True)


@kept
def mark(row: Row) -> str:
    """What names a proposal on the page, with the facts that it rests on."""
    return f"{row['rule_key']}|{row['recipient_id']}|{row['indicator_no']}|{row['facts_key']}"


@kept
def stake_sentence(row: Row) -> str:
    """How much of a unit's money a consequence may be about, in one sentence."""
    source = {"docked": "对接的支付信息", "reported": "最近一次填报", "unknown": "没有支付数据，按未支付计"}[
        row["paid_source"]
    ]
    return (
        f"调整后 {wan(row['allocated_yuan'])} 万元，已支付 {wan(row['paid_yuan'])} 万元（{source}），"
        f"已暂缓或收回 {wan(row['held_yuan'])} 万元，最多还能处理 {wan(row['free_yuan'])} 万元。"
    )


@kept
def consequence_titles(table: pd.DataFrame) -> dict[int, str]:
    """The consequences of a table as a selector offers them."""
    return {
        int(row["consequence_no"]): f"{row['recipient_short_name']}　{CONSEQUENCE_WORDS[row['consequence_kind']]}"
        + ("" if pd.isna(row["amount_yuan"]) else f" {wan(row['amount_yuan'])} 万元")
        + f"（{inquiry_label(row['inquiry_no'])}）"
        for row in table.to_dict("records")
    }


@kept
def proposal_list(table: pd.DataFrame) -> str:
    """What is proposed, by unit: the unit as a whole first, of single indicators the first few, the others unfold."""
    items = []
    for place, (_, rows) in enumerate(table.groupby("recipient_id", sort=False), start=1):
        whole = rows[rows["indicator_no"] == WHOLE_UNIT].to_dict("records")
        single = rows[rows["indicator_no"] != WHOLE_UNIT].to_dict("records")
        shown = single if len(single) <= MOST_SHOWN + 1 else single[:MOST_SHOWN]
        folded = single[len(shown):]
        more = (
            f"<details><summary>另有 {len(folded)} 项指标的提议</summary>{''.join(map(_proposal, folded))}</details>"
            if folded else ""
        )
        items.append(
            f'<li><span class="wx-no">{place}</span><b>{html.escape(rows["recipient_name"].iloc[0])}</b>　'
            f"{len(rows)} 条{''.join(map(_proposal, [*whole, *shown]))}{more}</li>"
        )
    return f'<ol class="wx-list wx-inquiry">{"".join(items)}</ol>'


def _proposal(row: Row) -> str:
    mark = SEVERITY_MARKS[row["severity"]]
    held = f"（已有没销号的{inquiry_label(row['open_inquiry_no'])}，等它销号）" if row["open_inquiry_no"] else ""
    return (
        f'<p><b style="color:{mark.colour}">{mark.shape} {html.escape(what(row))}</b>{held}　'
        f"{html.escape(row['fact_text'])}</p>"
    )


@kept
def proposal_title(row: Row) -> str:
    """A proposal as a selector offers it."""
    return f"{row['recipient_short_name']}　{what(row)}"


@kept
def rates(table: pd.DataFrame) -> pd.DataFrame:
    """Response rates with both sides of each."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "被问": table["asked_count"],
        "答复率": [_rate(row["answered_count"], row["due_count"]) for row in table.to_dict("records")],
        "按时答复率": [_rate(row["on_time_count"], row["due_count"]) for row in table.to_dict("records")],
        "在办": table["open_count"],
        "已销号": table["closed_count"],
    })


def _rate(part: int, whole: int) -> str:
    """A rate with both sides, cut off to whole tenths: 66.6%（2/3）; a dash where nothing is due."""
    if not whole:
        return "—（0 份到期）"
    share = (Decimal(int(part)) * 100 / Decimal(int(whole))).quantize(Decimal("0.1"), ROUND_FLOOR)
    return f"{share}%（{int(part)}/{int(whole)}）"


@kept
def rules(table: pd.DataFrame) -> pd.DataFrame:
    """How often each rule was right, and whether it is in use."""
    rows = table.to_dict("records")
    return pd.DataFrame({
        "规则": table["rule_name"],
        "提议": table["raised_count"],
        "属实率": [_hit_rate(row) for row in rows],
        "等认定": table["waiting_count"],
        "状态": [_rule_state(row) for row in rows],
        "依据和说明": [f"{row['source_text']}。{row['note']}" for row in rows],
    })


def _hit_rate(row: Row) -> str:
    return "—" if not row["judged_count"] else _rate(row["upheld_count"], row["judged_count"])


def _rule_state(row: Row) -> str:
    if not row["is_active"]:
        return f"✕ 停用（{row['decided_by']}：{row['decided_text']}）"
    if row["is_up_for_decision"]:
        return f"▲ 低于 {row['bar_percent']}%，请决定是否停用"
    return "▲ 低于下限，已决定继续使用" if row["is_below_bar"] else "● 在用"


@kept
def rules_sentence(table: pd.DataFrame) -> str:
    """Which rules were wrong so often that somebody has to decide; else how they are doing."""
    asked = list(table.loc[table["is_up_for_decision"], "rule_name"])
    if asked:
        return f"**{'、'.join(asked)}的属实率低于下限，请决定停用还是继续使用。**"
    retired = list(table.loc[~table["is_active"], "rule_name"])
    return f"没有规则要决定停用。{'已停用：' + '、'.join(retired) + '。' if retired else ''}"


@kept
def consequences(table: pd.DataFrame) -> pd.DataFrame:
    """What was decided against the money of units, and what of it was lifted."""
    rows = table.to_dict("records")
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "问效单": [f"第{number}号" for number in table["inquiry_no"]],
        "处理": table["consequence_kind"].map(CONSEQUENCE_WORDS),
        "金额（万元）": [wan(value) for value in table["amount_yuan"]],
        "理由": [
            row["consequence_reason"] + (f"；下年：{row['factor_text']}" if row["factor_text"] else "") for row in rows
        ],
        "依据": [bases_text(text) for text in table["legal_keys"]],
        "决定": [f"{row['decided_by']}　{day(row['decided_at'])}" for row in rows],
        "解除": [
            "" if pd.isna(row["lifted_at"]) else f"{row['lifted_by']}　{day(row['lifted_at'])}：{row['lift_reason']}"
            for row in rows
        ],
    })


@kept
def consequence_sentence(table: pd.DataFrame) -> str:
    """How much is suspended and recovered now, in one sentence."""
    held = table[table["lifted_at"].isna()]
    parts = []
    for kind, word in CONSEQUENCE_WORDS.items():
        of_kind = held[held["consequence_kind"] == kind]
        if of_kind.empty:
            continue
        amount = sum((Decimal(str(value)) for value in of_kind["amount_yuan"].dropna()), Decimal(0))
        parts.append(f"{word} {len(of_kind)} 项" + (f"、{wan(amount)} 万元" if amount else ""))
    return f"**现在有效：{'；'.join(parts)}。**" if parts else "没有现在有效的处理。"


@kept
def of_unit(table: pd.DataFrame, recipient_id: str) -> str:
    """What holds against the money of one unit, in one line for the pages about money; '' where nothing does."""
    held = table[table["lifted_at"].isna() & (table["recipient_id"] == recipient_id)]
    parts = [
        f"{CONSEQUENCE_WORDS[row['consequence_kind']]}"
        + ("" if pd.isna(row["amount_yuan"]) else f" {wan(row['amount_yuan'])} 万元")
        + f"（{inquiry_label(row['inquiry_no'])}）"
        for row in held.to_dict("records")
    ]
    return f"{held['recipient_name'].iloc[0]}：{'、'.join(parts)}" if parts else ""


@kept
def units_sentence(table: pd.DataFrame) -> str:
    """What holds against the money of all units, one part a unit; '' where nothing does."""
    told = [of_unit(table, unit) for unit in dict.fromkeys(table["recipient_id"])]
    return "；".join(line for line in told if line)


@kept
def dismissals(table: pd.DataFrame) -> pd.DataFrame:
    """What was proposed and turned down, with the reason."""
    rows = table.to_dict("records")
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "事实": table["fact_text"],
        "不予开出的理由": table["dismissal_reason"],
        "决定": [f"{row['dismissed_by']}　{moment(row['dismissed_at'])}" for row in rows],
    })


def base_titles(keys: Iterable[str]) -> dict[str, str]:
    """Legal bases as a selector offers them, each with its words and its trust mark."""
    return {key: citation(ALL_SOURCES[key]) for key in keys}
