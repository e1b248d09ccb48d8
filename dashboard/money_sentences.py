"""Sentences of the money's way from handing down to paying out: what the figures say, and what cannot be said."""

from __future__ import annotations

import pandas as pd

from dashboard.kept import kept
from dashboard.labels import full_day, percent, wan
from dashboard.money_tables import STEPS, exact_sum, signed_points, wan_exact
from dashboard.reconciliation_tables import EXPORT_WORDS
from metrics.boards.overview import names

MOST_NAMES = 6

# What cannot be said of a unit without the export.
LACKING = {
    "allotment": "登记、未登记、闲置、结转算不出来", "payment": "支付、执行率、闲置、结转算不出来",
    "payout": "发放和已付未发算不出来",
}


@kept
def not_docked(chain: pd.DataFrame) -> list[str]:
    """One sentence per kind of export that some units lack."""
    units = chain[chain["recipient_id"] != ""]
    sentences = []
    for kind, step in STEPS.items():
        absent = list(units.loc[units[step].isna(), "recipient_name"])
        if absent:
            whose = "" if len(absent) == len(units) > 1 else f"{names(absent, MOST_NAMES)}的"
            sentences.append(f"还没有载入{whose}{EXPORT_WORDS[kind]}：{LACKING[kind]}，为空，不是零。")
    other = list(units.loc[units["payout_system"] == "monitoring", "recipient_name"])
    if other:
        sentences.append(f"一体化系统没有{names(other, MOST_NAMES)}的发放信息，发放取自监控系统。")
    return sentences


@kept
def first_sentence(idle: pd.DataFrame) -> str:
    """Whose money lies still, since how many days, how much; where none does, who has the most left."""
    known = idle[idle["balance_yuan"].notna()]
    if known.empty:
        return "预算指标和支付没有都载入，还说不出哪个单位的钱闲着。"
    limit, until = int(known["limit_days"].iloc[0]), _until(known["known_to_on"])
    still = known[known["idle_yuan"] > 0]
    if still.empty:
        left = known[known["balance_yuan"] > 0].sort_values("balance_yuan", ascending=False, kind="stable")
        words = f"没有{'单位的' if known['recipient_id'].nunique() > 1 else ''}钱闲置超过 {limit} 天"
        if left.empty:
            return f"{words}，登记的预算指标都已支付。"
        most = left.iloc[0]
        since = f"，已经 {int(most['idle_days'])} 天没有动" if pd.notna(most["idle_days"]) else ""
        return f"{words}；{most['recipient_name']}还有 {wan_exact(most['balance_yuan'])} 万元没有支付{since}。{until}"
    sums = still.groupby("recipient_name", sort=False).agg(yuan=("idle_yuan", exact_sum), days=("idle_days", "max"))
    sums = sums.sort_values("yuan", ascending=False, kind="stable")
    told = "；".join(
        f"{name}的 {wan_exact(row['yuan'])} 万元闲着，最长 {int(row['days'])} 天没有支付"
        for name, row in sums.head(3).iterrows()
    )
    total = f"一共 {len(sums)} 个单位 {wan_exact(sum(sums['yuan']))} 万元。" if len(sums) > 1 else ""
    return f"{told}。{total}界限为 {limit} 天，{until}"


def _until(days: pd.Series) -> str:
    """Up to which day it is known what was paid, where units differ the earliest."""
    first, last = full_day(days.min()), full_day(days.max())
    return f"支付数到 {first}。" if first == last else f"支付数到各单位载入的最后一天，最早 {first}。"


@kept
def flow_sentence(flow: pd.DataFrame) -> str:
    """What the diagram shows, in one sentence."""
    into, left = (flow.groupby(side)["amount_yuan"].agg(exact_sum) for side in ("target_node", "source_node"))
    parts = [f"分配 {wan_exact(left.get('allocated', 0))} 万元"]
    parts += [f"{words} {wan_exact(into.get(node, 0))} 万元" for node, words in
              (("registered", "登记"), ("paid", "支付"), ("at_institution", "付到供养、救助机构"), ("paid_out", "发放"))
              if node in into or node != "at_institution"]
    stays = [f"{words} {wan_exact(into[node])} 万元" for node, words in
             (("unregistered", "还没有登记"), ("unpaid", "登记了没有支付"), ("not_paid_out", "支付了没有发放"))
             if node in into]
    unknown = sorted(node for node in into.index if node.startswith("unknown_"))
    tail = "；后一步没有对接的画到“未对接”" if unknown else ""
    extra = f"；前一步之外（待核对）{wan_exact(left['elsewhere'])} 万元" if "elsewhere" in left else ""
    return "，".join(parts) + ("。其中" + "，".join(stays) if stays else "") + extra + tail + "。"


@kept
def progress_sentence(table: pd.DataFrame) -> str:
    """How far the money is allotted and paid, against what is due, and who is furthest short."""
    last = table.iloc[-1]
    parts = [
        "分配进度算不出来" if pd.isna(last["allotted_rate"]) else
        f"分配进度 {percent(last['allotted_rate'])}，未分配 {wan_exact(last['unregistered_yuan'])} 万元",
        "支出进度算不出来" if pd.isna(last["paid_rate"]) else
        f"支出进度 {percent(last['paid_rate'])}，应达 {percent(last['due_share'])}，{_short(last)}",
    ]
    units = table[(table["recipient_id"] != "") & (table["progress_state"] == "behind")]
    if len(table) > 1 and not units.empty:
        furthest = units.sort_values("short_share", kind="stable").iloc[0]
        parts.append(f"{len(units)} 个单位没有达到，{furthest['recipient_name']}{_short(furthest)}")
    return "；".join(parts) + "。"


def _short(row: pd.Series) -> str:
    if row["progress_state"] == "behind":
        return f"短 {signed_points(abs(row['short_share']))} 个百分点、{wan_exact(abs(row['short_yuan']))} 万元"
    return "已达到"


@kept
def hook_sentence(table: pd.DataFrame) -> str:
    """Of how much that was paid for persons a list of persons is there, and whose lists are missing."""
    last = table.iloc[-1]
    if pd.isna(last["hooked_rate"]):
        return "挂接比例算不出来：没有应挂接的支付，或者发放明细没有载入、没有写明是哪一笔支付。"
    units = table[(table["recipient_id"] != "") & (table["hooked_yuan"] < table["list_due_yuan"])]
    named = "、".join(
        f"{row['recipient_name']} {percent(row['hooked_rate'])}（差 "
        f"{wan_exact(exact_sum([row['list_due_yuan'], -row['hooked_yuan']]))} 万元）"
        for _, row in units.sort_values("hooked_rate", kind="stable").iterrows()
    )
    tail = f"；没有挂齐的：{named}" if named else "，全部挂齐"
    return (
        f"付给个人和代发银行的 {wan_exact(last['list_due_yuan'])} 万元里，"
        f"{wan_exact(last['hooked_yuan'])} 万元有发放明细，挂接比例 {percent(last['hooked_rate'])}{tail}。"
    )


@kept
def carryover_sentence(table: pd.DataFrame) -> str:
    """How much is of this year, carried over and a surplus by law."""
    units = table[table["recipient_id"] != ""]
    if units["balance_yuan"].isna().all():
        return "支付没有对接，剩下的钱有多少、是哪一年的还说不出来。"
    sums = units.groupby("age_state")["balance_yuan"].agg(exact_sum)
    years = int(units["limit_years"].iloc[0])
    surplus = units[(units["age_state"] == "surplus") & (units["balance_yuan"] > 0)]
    whose = f"（{names(list(dict.fromkeys(surplus['recipient_name'])), MOST_NAMES)}）" if len(surplus) else ""
    return (
        f"当年 {wan_exact(sums.get('this_year', 0))} 万元，结转 {wan_exact(sums.get('carried_over', 0))} 万元，"
        f"满 {years} 年应作结余资金 {wan_exact(sums.get('surplus', 0))} 万元{whose}。"
    )


@kept
def months_sentence(table: pd.DataFrame) -> str:
    """Where the payments stand at the end of the last month, and which units are behind."""
    units = table[table["recipient_id"] != ""]
    last = units[units["month_on"] == units["month_on"].max()]
    behind = last[last["cumulative_share"] < last["elapsed_share"]].sort_values("cumulative_share")
    over = list(last.loc[last["cumulative_share"].isna() & (last["allocated_yuan"] > 0), "recipient_name"])
    if len(last) == 1 and not over:
        row = last.iloc[0]
        state = "慢于" if len(behind) else "不慢于"
        told = f"累计支付 {percent(row['cumulative_share'])}，序时 {percent(row['elapsed_share'])}，{state}序时进度"
    elif behind.empty:
        told = "没有单位慢于序时进度"
    else:
        told = (
            f"{len(behind)} 个单位慢于序时进度，最慢的是{behind['recipient_name'].iloc[0]}，"
            f"累计支付 {percent(behind['cumulative_share'].iloc[0])}，序时 {percent(behind['elapsed_share'].iloc[0])}"
        )
    tail = f"；{names(over, MOST_NAMES)}超过 100% 而没有说明原因，不画" if over else ""
    return f"实线是累计支付÷分配，虚线是序时进度；到 {full_day(last['end_on'].max())}，{told}{tail}。"


def reason_hint(row: pd.Series) -> str:
    """What the form for a reason says of a unit's rate as it stands."""
    said = (
        f"现在的原因：{row['reason_text']}（{row['reason_by']}，到 {wan_exact(row['explained_yuan'])} 万元）。"
        if row["reason_text"] else ""
    )
    if row["execution_state"] == "not_docked":
        return f"支付没有对接，可以先说明原因和金额，再按实际数填报；填报超过说明的金额仍会被退回。{said}"
    if row["execution_state"] in ("over_unexplained", "over_explained"):
        return (
            f"累计支付 {wan(row['paid_yuan'])} 万元，大于分配 {wan(row['allocated_yuan'])} 万元，"
            f"请写明多出的钱从哪里来。{said}"
        )
    return f"执行率没有超过 100%，不需要说明原因。{said}"

