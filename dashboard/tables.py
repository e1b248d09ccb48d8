"""Tables as people read them: which columns, in which words, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import labels
from dashboard.kept import kept
from data.checks import Identity, identity_sentence
from data.errors import CellIssue


def wan(column: pd.Series) -> pd.Series:
    """元 as 万元, for a number column."""
    return column / 10_000


MONEY = st.column_config.NumberColumn(format="localized")


@kept
def only(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """The rows that have these values in these columns."""
    for column, value in values.items():
        table = table[table[column] == value]
    return table


@kept
def without(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """The rows that do not have these values in these columns."""
    for column, value in values.items():
        table = table[table[column] != value]
    return table


@kept
def up_to(table: pd.DataFrame, column: str, most: object) -> pd.DataFrame:
    """The rows whose value in a column is not beyond one."""
    return table[table[column] <= most]


@kept
def first(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """The first rows of a table, so many at most."""
    return table.head(most)


@kept
def by_key(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """The table by a key, which stays a column too; of rows with the same key the first."""
    return table.drop_duplicates(key).set_index(key, drop=False)


@kept
def but(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """The table without a column that says the same in every row."""
    return table.drop(columns=column)


@kept
def names(table: pd.DataFrame, key: str, name: str) -> dict[Any, Any]:
    """One column by another, in the order of the table; of a key that stands there twice the last."""
    return dict(zip(table[key], table[name], strict=True))


@kept
def allocation(units: pd.DataFrame) -> pd.DataFrame:
    """Who got how much, in 万元."""
    return pd.DataFrame({
        "单位": units["recipient_name"],
        "类别": units["recipient_kind"].map(labels.KIND_OF_UNIT_WORDS),
        "调整前（万元）": wan(units["before_yuan"]),
        "调整数（万元）": wan(units["adjustment_yuan"]),
        "调整后（万元）": wan(units["after_yuan"]),
        "文件行号": units["line_no"],
    }).dropna(axis="columns", how="all")


@kept
def money_sentence(units: pd.DataFrame) -> str:
    """What the bars of money show: the whole, the most and the least, in words from the same rows."""
    table = units.sort_values("after_yuan", ascending=False, kind="stable")
    total = table["after_yuan"].sum()
    if not total:
        return "没有资金。"
    first, last = table.iloc[0], table.iloc[-1]
    share = labels.percent(first["after_yuan"] / total)
    words = f"合计 {labels.wan(total)} 万元；{_told(first, '最多')}，占 {share}"
    return words + (f"；{_told(last, '最少')}。" if len(table) > 1 else "。")


def _told(row: Any, rank: str) -> str:
    return f"{row['recipient_name']}{rank}，{labels.wan(row['after_yuan'])} 万元"


@kept
def adjustment_sentence(units: pd.DataFrame) -> str:
    """What the bars of adjustments show: how many got and gave how much, in words from the same rows."""
    amounts = units["adjustment_yuan"].dropna()
    up, down = amounts[amounts > 0], amounts[amounts < 0]
    told = [
        f"{len(side)} 个单位{word}，共 {labels.wan(abs(side.sum()))} 万元"
        for side, word in ((up, "调增"), (down, "调减"))
    ]
    return "；".join([*told, f"{int((amounts == 0).sum())} 个单位不变"]) + "。"


@kept
def sources(lines: pd.DataFrame) -> pd.DataFrame:
    """Who got how much from which document, in 万元."""
    return pd.DataFrame({
        "单位": lines["recipient_name"],
        "来源文件": lines["source_document"],
        "调整前（万元）": wan(lines["before_yuan"]),
        "调整数（万元）": wan(lines["adjustment_yuan"]),
        "调整后（万元）": wan(lines["after_yuan"]),
    }).dropna(axis="columns", how="all")


@kept
def proof(identities: Sequence[Identity]) -> pd.DataFrame:
    """Every sum of the paper beside its parts, in 万元; what does not hold comes first."""
    ordered = sorted(identities, key=lambda identity: identity.holds)
    return pd.DataFrame({
        "核对": [f"{i.check.code} {i.check.title}" for i in ordered],
        "内容": [i.subject for i in ordered],
        "行号": [i.line_no for i in ordered],
        "所印（万元）": [None if i.stated_yuan is None else float(i.stated_yuan) / 10_000 for i in ordered],
        "计算（万元）": [None if i.computed_yuan is None else float(i.computed_yuan) / 10_000 for i in ordered],
        "结果": ["● 相符" if i.holds else "■ 不符" for i in ordered],
    })


@kept
def failing(identities: Sequence[Identity]) -> list[str]:
    """The sums that do not hold, one sentence each."""
    return [identity_sentence(identity) for identity in identities if not identity.holds]


@kept
def clocks(table: pd.DataFrame) -> pd.DataFrame:
    """Each unit's clock, in words."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "状态": [labels.marked(labels.CLOCK_MARKS, state) for state in table["clock_state"]],
        "收到文件": [labels.day(value) for value in table["received_on"]],
        "数日": table["counted"].replace("", "—"),
        "到期日": [labels.day(value) for value in table["due_on"]],
        "导入完成": [labels.day(value) for value in table["done_on"]],
        "逾期（工作日）": table["late_days"].astype("Int64"),
        "已导入／应导入（万元）": [
            f"{labels.wan(imported)}／{labels.wan(due)}"
            for imported, due in zip(table["imported_yuan"], table["after_yuan"], strict=True)
        ],
        "标识": table["imported_marker"].fillna("").replace("", "—"),
    })


@kept
def own_clock(row: Any) -> str:
    """A unit's own clock, in one sentence."""
    state = labels.marked(labels.CLOCK_MARKS, row["clock_state"])
    if pd.isna(row["received_on"]):
        return f"本单位 {state}：还算不出截止日。"
    if pd.isna(row["due_on"]):
        return f"本单位 {state}：{labels.day(row['received_on'])}收到文件。"
    due = f"{labels.day(row['received_on'])}收到文件，{labels.day(row['due_on'])}到期"
    late = f"，逾期 {int(row['late_days'])} 个工作日" if pd.notna(row["late_days"]) and row["late_days"] > 0 else ""
    return f"本单位 {state}：{due}{late}。"


def receipts(table: pd.DataFrame, step_names: dict[str, str]) -> pd.DataFrame:
    """Every recorded step."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "环节": table["receipt_step"].map(step_names),
        "办理时间": [labels.moment(value) for value in table["happened_at"]],
        "金额（万元）": wan(table["amount_yuan"]),
        "标识": table["marker_text"].replace("", "—"),
        "说明": table["evidence_text"].replace("", "—"),
        "登记人": table["recorded_by"],
        "登记时间": [labels.moment(value) for value in table["recorded_at"]],
    })


def effects(table: pd.DataFrame) -> pd.DataFrame:
    """Money against effect, unit by unit, each rate with both its sides."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "状态": [labels.marked(labels.EFFECT_MARKS, state) for state in table["effect_state"]],
        "累计支付（万元）": wan(table["paid_yuan"]),
        "调整后（万元）": wan(table["after_yuan"]),
        "执行率": [
            labels.shown_rate(rate, is_over)
            for rate, is_over in zip(table["execution_rate"], table["is_over_unexplained"], strict=True)
        ],
        "已评得分": [labels.points(v) for v in table["score_micro"]],
        "已评分值": [labels.points(v) for v in table["scored_weight_micro"]],
        "得分率": [labels.percent(rate) for rate in table["effect_rate"]],
        "执行率得分": [labels.points(v) for v in table["execution_score_micro"]],
    })


@kept
def owed(table: pd.DataFrame) -> pd.DataFrame:
    """What each unit still has to answer for."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "未填报指标": table["silent_count"].astype(int),
        "未达标": table["missed_count"].astype(int),
        "未说明原因": table["unexplained_count"].astype(int),
        "缺上年数": table["baseline_count"].astype(int),
        "退回待更正": table["returned_count"].map({1: "▲ 是", 0: "—"}),
    })


def duties(table: pd.DataFrame) -> pd.DataFrame:
    """Which unit reported in which round: units down, rounds across."""
    shown = table.assign(state=[
        labels.marked(labels.DUTY_MARKS, state) + (f" {labels.day(at)}" if pd.notna(at) else "")
        for state, at in zip(table["duty_state"], table["submitted_at"], strict=True)
    ])
    wide = shown.pivot(index=["display_no", "recipient_name"], columns="round_id", values="state")
    names = dict(zip(table["round_id"], table["round_name"], strict=True))
    wide = wide.sort_index().rename(columns=names).reset_index(level="display_no", drop=True)
    return wide.rename_axis(index="单位", columns=None).reset_index()


@kept
def indicators(table: pd.DataFrame) -> pd.DataFrame:
    """The indicators of a notice as they are scored."""
    return pd.DataFrame({
        "序号": table["indicator_no"],
        "一级指标": table["dimension"],
        "二级指标": table["measure"],
        "三级指标": table["indicator_name"],
        "指标值": table["target_text"],
        "类别": table["target_kind"].map(labels.KIND_WORDS),
        "分值": table["weight_micro"] / 1e6,
        "分值来源": table["is_default_weight"].map({True: "默认均分", False: "文件所印"}),
        "怎样填报": table["entry_kind"].map(labels.ENTRY_WORDS),
        "怎样汇总": table["rollup_method"].map(labels.ROLLUP_WORDS),
        "行号": table["line_no"],
    })


@kept
def changes(table: pd.DataFrame) -> pd.DataFrame:
    """What an earlier notice handed down beside what this one says it did, in 万元."""
    return pd.DataFrame({
        "来源文件": table["source_document"],
        "单位": table["recipient_name"],
        "前一文件已发布（万元）": wan(table["published_yuan"]),
        "本文件调整前（万元）": wan(table["before_yuan"]),
        "调整数（万元）": wan(table["adjustment_yuan"]),
        "调整后（万元）": wan(table["after_yuan"]),
        "差额（万元）": wan(table["difference_yuan"]),
    })


@kept
def issues(found: Sequence[CellIssue]) -> pd.DataFrame:
    """The faults of a filled form, each with its cell."""
    return pd.DataFrame({
        "位置": [issue.place for issue in found],
        "问题与办法": [issue.sentence.removeprefix(issue.place).strip() for issue in found],
    })


def preview(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """What a filled form would score."""
    return pd.DataFrame({
        "序号": [row["indicator_no"] for row in rows],
        "指标": [row["short_name"] for row in rows],
        "状态": [labels.marked(labels.SCORE_MARKS, row["state"]) for row in rows],
        "自评": [labels.points(row["claimed_micro"], row["weight_micro"]) for row in rows],
        "复算": [labels.points(row["score_micro"], row["weight_micro"]) for row in rows],
        "分值": [labels.points(row["weight_micro"]) for row in rows],
        "说明": [row["sentence"] for row in rows],
    })
