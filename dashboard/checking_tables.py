"""Tables and sentences of the page 审核填报: what waits, and each value beside the version before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.fragments import literal
from dashboard.kept import kept

SUBMITTED = "submitted"
VERDICT_WORDS = {verdict: mark.word for verdict, mark in labels.VERDICT_MARKS.items()}


@kept
def first_line(table: pd.DataFrame) -> str:
    """How many reports wait for a reviewer and since when; else how all of them stand."""
    waiting = table[table["report_state"] == SUBMITTED]
    counts = table["report_state"].value_counts()
    rest = "，".join(
        f"{mark.word} {counts[state]} 份" if state else f"{mark.word} {counts[state]} 个单位"
        for state, mark in labels.REPORT_MARKS.items() if state != SUBMITTED and counts.get(state)
    )
    tail = f"；{rest}" if rest else ""
    if waiting.empty:
        return f"**没有等待审核的填报{tail}。**"
    oldest = waiting.iloc[0]
    days = int(oldest["waiting_days"])
    since = f"最早的是{literal(oldest['recipient_name'])}，{labels.moment(oldest['submitted_at'])}报送，"
    return f"**{len(waiting)} 份等待审核，{since}{'今天刚到' if days == 0 else f'已等 {days} 天'}{tail}。**"


@kept
def unit_words(row: Any) -> str:
    """A unit with the state of its report, as the selector shows it."""
    return f"{row['recipient_name']}　{labels.marked(labels.REPORT_MARKS, row['report_state'])}"


@kept
def next_unit(table: pd.DataFrame, recipient_id: str = "") -> str:
    """The unit that has waited the longest, other than the one named; that one where no other waits."""
    waiting = [unit for unit in table.loc[table["report_state"] == SUBMITTED, "recipient_id"] if unit != recipient_id]
    return str(waiting[0]) if waiting else recipient_id or str(table["recipient_id"].iloc[0])


@kept
def inbox(table: pd.DataFrame) -> pd.DataFrame:
    """Every unit's report with how far its review has come."""
    is_reported = table["report_state"] != ""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "状态": [labels.marked(labels.REPORT_MARKS, state) for state in table["report_state"]],
        "等待天数": [_count(days) for days in table["waiting_days"]],
        "版本": [f"第 {version} 版" if pd.notna(version) else "—" for version in table["report_version"]],
        "报送": [
            f"{labels.moment(at)} {by}" if pd.notna(at) else "—"
            for at, by in zip(table["submitted_at"], table["submitted_by"], strict=True)
        ],
        **{
            head: [_count(count) if has else "—" for count, has in zip(table[name], is_reported, strict=True)]
            for head, name in (
                ("填报项数", "value_count"), ("属实", "confirmed_count"), ("存疑", "questioned_count"),
                ("比上一版变化", "changed_count"),
            )
        },
        "最近办理": [
            f"{labels.moment(at)} {by}" + (f"：{reason}" if reason else "") if pd.notna(at) else "—"
            for at, by, reason in zip(table["happened_at"], table["done_by"], table["event_reason"], strict=True)
        ],
    })


@kept
def head(row: Any) -> str:
    """Which report is looked at, in one line."""
    if not row["report_state"]:
        return f"**{literal(row['recipient_name'])}：✕ 未填报**，应于 {labels.day(row['due_on'])}前报送。"
    return (
        f"**{literal(row['recipient_name'])}：{labels.marked(labels.REPORT_MARKS, row['report_state'])}**，"
        f"第 {row['report_version']} 版，填报人 {literal(row['filled_by'] or '未写')}，"
        f"{labels.moment(row['submitted_at'])}由 {literal(row['submitted_by'])} 报送；"
        f"{row['value_count']} 项，属实 {row['confirmed_count']}，存疑 {row['questioned_count']}，"
        f"未核对 {left_count(row)}。"
    )


@kept
def left_count(row: Any) -> int:
    """How many values nobody has checked as they stand."""
    return int(row["value_count"] - row["confirmed_count"] - row["questioned_count"])


@kept
def value_words(row: Any) -> str:
    """A value as the selector shows it: what it is and what was reported, so that no judgement changes its name."""
    number = f"{row['indicator_no']} " if row["indicator_no"] else ""
    return f"{number}{row['short_name']}：{row['reported_text']}"


@kept
def values(table: pd.DataFrame, proved: Mapping[int, str] | None = None) -> pd.DataFrame:
    """Every value beside the version before, with what the reviewer has to see of it.

    ``proved`` is what payouts and payments prove, by the number of the indicator; without any the column is left away.
    """
    rows = table.to_dict("records")
    shown = pd.DataFrame({
        "序号": [str(row["indicator_no"] or "") for row in rows],
        "指标": table["short_name"],
        "核对": [labels.marked(labels.VERDICT_MARKS, row["verdict"]) for row in rows],
        "上一版 → 这一版": [_course(row) for row in rows],
        "状态": [labels.marked(labels.SCORE_MARKS, row["state"]) for row in rows],
        "自评": [labels.points(row["claimed_micro"], row["weight_micro"]) for row in rows],
        "复算": [labels.points(row["score_micro"], row["weight_micro"]) for row in rows],
        "得分说明": table["sentence"],
        "单位的说明": [_said(row) for row in rows],
        "审核意见": [_checked(row) for row in rows],
    })
    if proved:
        shown.insert(4, "佐证算得", [proved.get(int(row["indicator_no"]), "—") for row in rows])
    return shown


@kept
def events(table: pd.DataFrame) -> pd.DataFrame:
    """What happened to every version, the newest first."""
    return pd.DataFrame({
        "时间": [labels.moment(at) for at in table["happened_at"]],
        "版本": [f"第 {version} 版" for version in table["report_version"]],
        "办理": [_event_words(state) for state in table["report_state"]],
        "办理人": table["done_by"],
        "理由": table["event_reason"],
    })


def _event_words(state: str) -> str:
    return "◇ 报送" if state == SUBMITTED else labels.marked(labels.REPORT_MARKS, state)


def _course(row: Any) -> str:
    """Old → new where the value changed; the value alone where it did not."""
    if row["is_withdrawn"]:
        return f"{row['previous_text']} → 这一版撤回"
    if not row["is_changed"]:
        return str(row["reported_text"])
    if row["previous_text"] == row["reported_text"]:
        return f"{row['reported_text']}（数据没变，佐证说明有变）"
    return f"{row['previous_text'] or '上一版没有'} → {row['reported_text']}"


def _said(row: Any) -> str:
    """The unit's own words and how many files it added."""
    parts = [
        f"{name}：{row[field]}" for name, field in (
            ("佐证", "evidence_text"), ("原因", "deviation_reason"), ("措施", "improvement_measure"),
        ) if row[field]
    ]
    if row["evidence_count"]:
        parts.append(f"佐证材料 {row['evidence_count']} 份")
    return "；".join(parts)


def _checked(row: Any) -> str:
    """The reviewer's words on this version, and what was asked of the version before."""
    parts = []
    if row["verdict"]:
        reason = f"：{row['check_reason']}" if row["check_reason"] else ""
        parts.append(f"{row['checked_by']} {labels.day(row['checked_at'])}{reason}")
    if row["is_evidence_changed"]:
        parts.append("核对以后佐证材料有增减，要再看")
    if row["previous_question"]:
        parts.append(f"上一版问过：{row['previous_question']}")
    return "；".join(parts)


def _count(value: Any) -> str:
    return "—" if pd.isna(value) else f"{int(value):,}"
