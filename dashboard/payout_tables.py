"""Tables and sentences of what payouts prove, as people read them. Persons only by 「人员 ab12」."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import look
from dashboard.kept import kept
from dashboard.labels import Mark, full_day, marked, percent
from dashboard.money_tables import wan_exact
from metrics.boards.overview import names
from metrics.payout_claims import DIFFERENT, UNEXPLAINED, show_gap, show_side

CLAIM_MARKS = {
    "claimed_more": Mark("自报偏高", "■", "square", look.BAD),
    "claimed_less": Mark("自报偏低", "▲", "triangle-up", look.CAUTION),
    "other_counts": Mark("比率相同、数不同", "◆", "diamond", look.ACCENT),
    "no_claim": Mark("没有填报", "✕", "x-thin-open", look.OPEN),
    "no_base": Mark("没有到期的", "○", "circle-open", look.QUIET),
    "not_docked": Mark("没有载入", "☆", "star-open", look.OPEN),
    "agrees": Mark("相符", "●", "circle", look.GOOD),
}
LIST_WORDS = {
    "duplicate": "重复发放", "refund": "退回未补", "standard": "标准不符", "stopped": "停发后发放",
    "no_person": "没有证件号码",
}
NOTE_WORDS = {
    "first": "首笔", "first_across": "首笔，另一单位也发了", "again": "再次发放",
    "again_across": "再次发放，涉及另一单位",
    "refunded": "银行退回", "failed": "发放失败", "fixed": "定额标准，应相等", "at_most": "不应超过标准",
    "death": "死亡", "stop": "停发", "no_number": "没有号码", "bad_number": "号码校验不过",
}
MOST_NAMES = 6
ACROSS = ("first_across", "again_across")


@kept
def missing(docked: pd.DataFrame) -> list[str]:
    """One sentence per kind of export that some units lack, and what is not judged without it."""
    sentences = []
    for words, absent, effect in (
        ("发放信息", docked["payout_until_on"].isna(), "按时发放率、社会化发放率、人数不能佐证"),
        ("支付信息", ~docked["has_payments"].astype(bool), "执行率不能佐证"),
        ("救助标准", ~docked["has_standards"].astype(bool), "发放金额没有核对"),
        ("停发名单", ~docked["has_stops"].astype(bool), "停发后的发放没有核对"),
    ):
        units = list(docked.loc[absent, "recipient_name"])
        if units:
            whose = "" if len(units) == len(docked) > 1 else f"{names(units, MOST_NAMES)}的"
            sentences.append(f"还没有载入{whose}{words}：{effect}。")
    unjudged = docked[docked["has_standards"].astype(bool) & (docked["unjudged_count"] > 0)]
    if len(unjudged):
        kinds = sorted(set(unjudged["unjudged_aid_name"]))
        sentences.append(
            f"{names(list(unjudged['recipient_name']), MOST_NAMES)}的{'、'.join(kinds)}等没有登记当月的救助标准，"
            f"{int(unjudged['unjudged_count'].sum()):,} 笔发放没有核对金额。"
        )
    return sentences



@kept
def first_sentence(claims: pd.DataFrame) -> str:
    """Whose claim differs from the evidence, and by how much; the largest difference first."""
    different = claims[claims["claim_state"].isin(DIFFERENT)]
    if different.empty:
        compared = int((claims["claim_state"] == "agrees").sum())
        return f"能比较的 {compared} 项自报与佐证都相符。" if compared else "还没有能与自报比较的佐证。"
    silent = int((different["reason_text"] == UNEXPLAINED).sum())
    tail = f"其中 {silent} 项没有说明原因" if silent else "都说明了原因"
    return (
        f"{different['recipient_id'].nunique()} 个单位 {len(different)} 项自报与佐证对不上，{tail}。"
        f"差得最多的：{different['sentence'].iloc[0]}"
    )


@kept
def claims(table: pd.DataFrame) -> pd.DataFrame:
    """Every claim beside its evidence, the largest difference first."""
    rows = table.to_dict("records")
    shown = pd.DataFrame({
        "单位": table["recipient_name"],
        "指标": [f"{row['indicator_no']} {row['short_name']}" if row["indicator_no"] else row["short_name"]
               for row in rows],
        "比较": [marked(CLAIM_MARKS, row["claim_state"]) for row in rows],
        "自报": [show_side(_exact(row), "claimed") for row in rows],
        "佐证算得": [show_side(_exact(row), "computed") for row in rows],
        "相差": [show_gap(_exact(row)) if row["claim_state"] in DIFFERENT else "—" for row in rows],
        "没有计入": [_left_out(row) for row in rows],
        "单位的说明": [row["reason_text"] if row["claim_state"] in DIFFERENT else "—" for row in rows],
    })
    return shown.drop(columns=["没有计入"]) if (shown["没有计入"] == "—").all() else shown


@kept
def beside(table: pd.DataFrame, recipient_id: str) -> dict[int, str]:
    """What payouts prove of one unit's values, by the number of the indicator; what they cannot say is not in it."""
    mine = table[(table["recipient_id"] == recipient_id) & ~table["claim_state"].isin(["not_docked", "no_base"])]
    return {
        int(row["indicator_no"]): f"{show_side(_exact(row), 'computed')} {marked(CLAIM_MARKS, row['claim_state'])}"
        for row in mine.to_dict("records")
    }


def _exact(row: dict[Any, Any]) -> dict[Any, Any]:
    """A row with None where pandas has put NaN."""
    return {name: None if not isinstance(value, str) and pd.isna(value) else value for name, value in row.items()}


def _left_out(row: dict[Any, Any]) -> str:
    parts = [
        f"{words} {int(row[name]):,}" for name, words in (
            ("no_person_count", "没有证件号码（行）"), ("not_due_count", "未到期"),
            ("unknown_count", "没有写日期或方式"),
        ) if row[name]
    ]
    return "，".join(parts) or "—"


@kept
def rates(table: pd.DataFrame) -> pd.DataFrame:
    """The rates with both their sides and what is left out; the prefecture first."""
    shown = pd.concat([table[table["recipient_id"] == ""], table[table["recipient_id"] != ""]])
    rows = shown.to_dict("records")
    return pd.DataFrame({
        "单位": shown["recipient_name"],
        "比率": shown["measure_title"],
        "算得": [_rate(row) for row in rows],
        "分子": [_side(row, "numerator") for row in rows],
        "分母": [_side(row, "denominator") for row in rows],
        "逾期": [_count(row, "late_count") for row in rows],
        "退回、失败": [_count(row, "failed_count") for row in rows],
        "待发放": [_count(row, "pending_count") for row in rows],
        "没有计入": [_left_out(row) for row in rows],
    })


def _is_money(row: dict[Any, Any]) -> bool:
    return row["measure_key"] in ("bank_money", "execution_rate")


def _rate(row: dict[Any, Any]) -> str:
    if not row["is_docked"]:
        return "没有载入"
    if pd.isna(row["denominator"]):
        return "没有到期的"
    return "超过 100%，见资金流向" if pd.isna(row["rate"]) else percent(row["rate"])


def _side(row: dict[Any, Any], name: str) -> str:
    if pd.isna(row[name]):
        return "—"
    return f"{wan_exact(row[name])} 万元" if _is_money(row) else f"{int(row[name]):,}"


def _count(row: dict[Any, Any], name: str) -> str:
    return f"{int(row[name]):,}" if row["measure_key"] == "on_time" and row["is_docked"] else "—"


@kept
def rate_sentence(table: pd.DataFrame) -> str:
    """The rates of one row each, in words: of the prefecture, or of the own unit."""
    rows = table[table["recipient_id"] == ""]
    rows = rows if len(rows) else table
    return "；".join(f"{row['measure_title']} {_rate(row)}" for row in rows.to_dict("records")) + "。"


@kept
def cards(found: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """The five lists by count, persons and money."""
    shown = []
    for key, words in LIST_WORDS.items():
        rows = found[found["list_key"] == key]
        units = len(rows[rows["found_count"] > 0])
        persons = "" if key == "no_person" else f"{int(rows['person_count'].sum()):,} 人，"
        shown.append((
            words, f"{int(rows['found_count'].sum()):,}", "笔",
            f"{units} 个单位，{persons}{wan_exact(_sum(rows['stake_yuan']))} 万元",
        ))
    return shown


def _sum(values: pd.Series) -> Decimal:
    return sum(values, Decimal(0))


@kept
def found(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """One list by unit, the most money first."""
    rows = table[table["list_key"] == key]
    return pd.DataFrame({
        "单位": rows["recipient_name"], "笔数": rows["found_count"].astype(int),
        "人数": rows["person_count"].astype(int), "金额（万元）": rows["stake_yuan"].map(wan_exact),
    })


@kept
def lines(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """The payouts of one list with the place of each; what the list does not have is left away."""
    rows = table[table["list_key"] == key]
    shown = pd.DataFrame({
        "单位": rows["recipient_name"],
        "人员": rows["person_label"],
        "救助类别": rows["aid_name"],
        "发放月份": [f"{month:%Y-%m}" for month in rows["pay_month"]],
        "发放日": rows["paid_on"].map(full_day),
        "金额（元）": [f"{amount:,.2f}" for amount in rows["amount_yuan"]],
        "标准（元）": ["—" if pd.isna(amount) else f"{amount:,.2f}" for amount in rows["standard_yuan"]],
        "停发日": rows["stopped_on"].map(full_day),
        "提示": rows["note_key"].map(NOTE_WORDS),
        "在哪里": rows["place_text"],
    })
    empty = [name for name in ("发放日", "标准（元）", "停发日") if (shown[name] == "—").all()]
    return shown.drop(columns=empty)


@kept
def across(table: pd.DataFrame) -> pd.DataFrame:
    """Who was paid for the same month by several units, and by which; only for who sees all units."""
    rows = table[table["note_key"].isin(ACROSS)]
    groups = rows.groupby(["person_label", "aid_name", "pay_month"], sort=False)
    return pd.DataFrame([
        {
            "人员": label, "救助类别": aid, "发放月份": f"{month:%Y-%m}",
            "单位": "、".join(dict.fromkeys(group["recipient_name"])), "笔数": len(group),
            "除首笔外（元）": f"{_sum(group['stake_yuan']):,.2f}", "在哪里": "；".join(group["place_text"]),
        }
        for (label, aid, month), group in groups
    ])


@kept
def more_sentence(found_table: pd.DataFrame, line_table: pd.DataFrame, key: str) -> str:
    """That a list is cut, where it is; empty where it is whole."""
    whole = int(found_table.loc[found_table["list_key"] == key, "found_count"].sum())
    rows = line_table[line_table["list_key"] == key]
    shown = int((~rows["note_key"].isin(["first", "first_across"])).sum())
    return f"共 {whole:,} 笔，每个单位最多列一百笔，这里列出 {shown:,} 笔。" if shown < whole else ""


@kept
def head_sentence(table: pd.DataFrame) -> str:
    """Who was paid in the newest month, kind by kind."""
    newest = table["pay_month"].max()
    rows = table[table["pay_month"] == newest].groupby("aid_name", sort=False)["person_count"].sum()
    told = "，".join(f"{name} {int(count):,} 人" for name, count in rows.items())
    return f"{newest:%Y}年{newest.month}月：{told}。"
