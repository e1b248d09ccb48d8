"""Tables and sentences of duties: who is late and what to do now, how often in time, the whole history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import labels, tables
from dashboard.actions.receipt_files import ImportedReceipts
from dashboard.kept import kept
from metrics.boards.overview import names
from metrics.duties import LATE_STATES, UNKNOWN_STATES, step_name

Row = Mapping[str, Any]

BASIS_WORDS = {
    "notice": "文件规定", "own_rule": "管理要求", "setting": "本系统设定，不是法律规定",
}
MARKER_FAULTS = {"missing": "没有标识", "different": "标识与文件不同"}
# Overdue in working days on a day whose year has no published arrangement yet.
UNCOUNTED = "天数待放假安排公布"
TO_DO = {
    "overdue": {
        "import": "今天催办：全部导入后登记", "round": "今天催报：填好报送",
        "return": "今天催改：改好再报送", "deadline": "今天催办：办好后登记",
    },
    "on_time_empty": {"": "重新导入全部金额，再登记"},
    "on_time_wrong": {"": "改正后重新导入，再登记"},
    "late": {"": "已办结，写明逾期原因"},
}


def duty_name(row: Row) -> str:
    """A duty in words: its step, and what it is about."""
    step = step_name(str(row["step"]))
    if row["duty_kind"] == "round":
        return f"{step}{row['what_text']}数据"
    if row["duty_kind"] == "return":
        return f"{step}退回的{row['what_text']}填报"
    if row["duty_kind"] == "import":
        return step
    return f"{step}：{row['what_text']}"


def basis_words(row: Row) -> str:
    """Whether a limit binds by the paper, or is this bureau's or this product's own."""
    line = "" if pd.isna(row["line_no"]) else f"（文件第 {int(row['line_no'])} 行）"
    return BASIS_WORDS[str(row["duty_basis"])] + (line if row["duty_basis"] == "notice" else "")


def unit_of_days(row: Row) -> str:
    """In which days a duty is counted."""
    return "天" if pd.isna(row["working_day_count"]) else "个工作日"


def lateness(row: Row) -> str:
    """By how much a duty is late, or how much is left; empty where neither can be said."""
    if _is_uncounted(row):
        return f"，逾期，{UNCOUNTED}"
    if pd.notna(row["late_days"]) and row["late_days"] > 0:
        return f"，逾期 {int(row['late_days'])} {unit_of_days(row)}"
    if pd.notna(row["left_days"]):
        left = int(row["left_days"])
        return "，今天到期" if left == 0 else f"，还剩 {left} {unit_of_days(row)}"
    return ""


def _is_uncounted(row: Row) -> bool:
    return str(row["duty_state"]) in LATE_STATES and bool(pd.isna(row["late_days"]))


def _how_late(row: Row) -> str:
    state = labels.marked(labels.OWED_MARKS, row["duty_state"])
    return f"{state}，{UNCOUNTED}" if _is_uncounted(row) else f"{state} {int(row['late_days'])} {unit_of_days(row)}"


def what_is_wrong(row: Row) -> str:
    """What is missing in something that was done: money short, no marker, another one; a dash if nothing is."""
    parts = []
    if pd.notna(row["short_yuan"]) and row["short_yuan"] != 0:
        word = "少" if row["short_yuan"] > 0 else "多"
        parts.append(
            f"金额{word} {labels.wan(abs(row['short_yuan']))} 万元"
            f"（应 {labels.wan(row['after_yuan'])}，已 {labels.wan(row['given_yuan'])}）"
        )
    if row["marker_fault"]:
        given = f"：填的是“{row['given_marker']}”，应为“{row['marker_text']}”" if row["given_marker"] else ""
        parts.append(MARKER_FAULTS[row["marker_fault"]] + given)
    return "；".join(parts) or "—"


def to_do(row: Row) -> str:
    """What to do about a late duty now."""
    found = TO_DO[str(row["duty_state"])]
    return found.get(str(row["duty_kind"]), found.get("", ""))


def evidence(row: Row) -> str:
    """What the monitoring system's export says of a unit's import, and what can be done with it, in one sentence."""
    state, place = row["evidence_state"], f"（{row['place_text']}）"
    if state == "whole":
        return f"监控系统导出显示 {_month_day(row['imported_on'])}已全部导入，标识一致，请登记确认{place}"
    if state == "marker":
        given = f"是“{row['other_marker']}”" if row["other_marker"] else "没有填"
        return f"监控系统导出的标识{given}，应为“{row['marker_text']}”，不能据此登记{place}"
    return {
        "nothing": "监控系统导出里没有这笔资金，不能据此登记",
        "amount": f"监控系统导出合计 {row['monitoring_text']}，应为 {row['after_text'] or '（文件没有写明）'}，"
        "不能据此登记",
        "no_day": "监控系统导出里金额和标识一致，但看不出哪一天全部导入，不能据此登记",
        "no_receipt": "监控系统导出里金额和标识一致，但没有登记收文，请先登记收文",
        "early": f"监控系统导出显示 {_month_day(row['imported_on'])}已全部导入，早于登记的收文日，请先核对收文日",
    }[state] + place


@kept
def confirmable(docked: pd.DataFrame) -> dict[str, str]:
    """The units whose import can be recorded from the export, with what it shows."""
    return {
        row["recipient_id"]: f"{row['recipient_short_name']}：{_month_day(row['imported_on'])}导入 "
        f"{labels.wan(row['monitoring_yuan'])} 万元"
        for row in docked[docked["evidence_state"] == "whole"].to_dict("records")
    }


def _month_day(day: pd.Timestamp) -> str:
    return f"{day.month}月{day.day}日"


def _with_evidence(shown: pd.DataFrame, table: pd.DataFrame, docked: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table of duties with what the export says of each import, where it says anything."""
    told = {row["recipient_id"]: evidence(row) for row in docked.to_dict("records")}
    cells = [
        told.get(row["recipient_id"], "—") if (row["duty_kind"], row["step"]) == ("import", "imported") else "—"
        for row in table.to_dict("records")
    ]
    return shown.assign(**{"监控系统导出": cells}) if set(cells) - {"—"} else shown


@kept
def late_ones(table: pd.DataFrame, docked: pd.DataFrame, *, is_own: bool) -> pd.DataFrame:
    """Who is late, by how much, what is wrong and what to do now; what the monitoring system's export shows of it."""
    rows = table.to_dict("records")
    shown = pd.DataFrame({
        "单位": [row["recipient_short_name"] for row in rows],
        "状态": [_how_late(row) for row in rows],
        "事项": [duty_name(row) for row in rows],
        "现在要办": [to_do(row) for row in rows],
        "错在哪里": [what_is_wrong(row) for row in rows],
        "到期日": [labels.day(row["due_on"]) for row in rows],
    })
    shown = _with_evidence(shown, table, docked)
    return shown.drop(columns="单位") if is_own else shown


@kept
def headline(late: pd.DataFrame, timeline: pd.DataFrame, *, is_own: bool) -> str:
    """Who is late by how much and what to do now, in one or two sentences."""
    open_ones = late[late["done_on"].isna()]
    unknown = timeline[timeline["is_counted"] & timeline["duty_state"].isin(UNKNOWN_STATES)]
    tail = f"另有 {len(unknown)} 项无法计算截止日。" if len(unknown) else ""
    if open_ones.empty:
        return f"没有逾期未办的事项。{tail}"
    rows = open_ones.to_dict("records")
    if is_own:
        listed = "；".join(f"{duty_name(row)}{lateness(row)}，{to_do(row)}" for row in rows[:3])
        return f"本单位有 {len(rows)} 项逾期或有误：{listed}。{tail}"
    who = names(list(dict.fromkeys(open_ones["recipient_name"])))
    faulty = int(open_ones["duty_state"].isin(("on_time_empty", "on_time_wrong")).sum())
    wrong = f"其中 {faulty} 项按期登记但为空或有误；" if faulty else ""
    return f"{who}有 {len(rows)} 项没有办好，{_longest(rows)}；{wrong}请按下表催办。{tail}"


def _longest(rows: Sequence[Row]) -> str:
    """The longest lateness that can be counted, and how many cannot be."""
    counted = [row for row in rows if not _is_uncounted(row)]
    if not counted:
        return f"都已逾期，{UNCOUNTED}"
    worst = max(counted, key=lambda row: row["late_days"])
    others = f"，另有 {len(rows) - len(counted)} 项逾期，{UNCOUNTED}" if len(counted) < len(rows) else ""
    days = f"{int(worst['late_days'])} {unit_of_days(worst)}"
    return f"最长逾期 {days}（{worst['recipient_name']}{duty_name(worst)}）{others}"


@kept
def state_cards(timeline: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """How many duties are in each state, and whose, for the figures on top."""
    counted = timeline[timeline["is_counted"]]
    return [
        (
            labels.marked(labels.OWED_MARKS, state), str(len(rows)), "项",
            "、".join(dict.fromkeys(rows["recipient_short_name"])) if state in (*LATE_STATES, *UNKNOWN_STATES) else "",
        )
        for state in labels.OWED_MARKS if len(rows := counted[counted["duty_state"] == state])
    ]


@kept
def steps(timeline: pd.DataFrame) -> pd.DataFrame:
    """Every duty with its days: opened, due, done, done again."""
    rows = timeline.to_dict("records")
    return pd.DataFrame({
        "单位": [row["recipient_name"] for row in rows],
        "事项": [duty_name(row) for row in rows],
        "状态": [labels.marked(labels.OWED_MARKS, row["duty_state"]) + lateness(row) for row in rows],
        "开始": [labels.day(row["opened_on"]) for row in rows],
        "到期": [labels.day(row["due_on"]) for row in rows],
        "首次办结": [_first_done(row) for row in rows],
        "最近一次": [labels.day(row["last_done_on"]) for row in rows],
        "重办（次）": [max(int(row["done_count"]) - 1, 0) for row in rows],
        "时限性质": [basis_words(row) for row in rows],
    })


@kept
def steps_and_evidence(timeline: pd.DataFrame, docked: pd.DataFrame) -> pd.DataFrame:
    """``steps``, with what the monitoring system's export shows of imports that are not on record."""
    return _with_evidence(steps(timeline), timeline, docked)


@kept
def history(table: pd.DataFrame) -> pd.DataFrame:
    """Every duty of every notice."""
    return pd.concat([table[["document_number"]].rename(columns={"document_number": "文件"}), steps(table)], axis=1)


def _first_done(row: Row) -> str:
    if row["is_inferred"]:
        return f"{labels.day(row['done_on'])}（随导入）"
    return labels.day(row["first_done_on"])


@kept
def rates(table: pd.DataFrame, group_kind: str, head: str, own: str = "") -> pd.DataFrame:
    """On-time rates of one kind of group, each with both its sides and what is left out."""
    rows = table[table["group_kind"] == group_kind]
    if group_kind != "unit":
        rows = rows[rows["recipient_id"] == own]
    groups = rows["recipient_name"] if group_kind == "unit" else rows["group_key"].map(_group_name)
    return pd.DataFrame({
        head: list(groups),
        "按时率": [
            labels.percent(on_time / due if due else None)
            for on_time, due in zip(rows["on_time_count"], rows["due_count"], strict=True)
        ],
        "按时÷应办": [
            f"{on_time}÷{due}" for on_time, due in zip(rows["on_time_count"], rows["due_count"], strict=True)
        ],
        "逾期办结": list(rows["late_count"]),
        "逾期未办或有误": list(rows["open_count"]),
        "未到期": list(rows["not_due_count"]),
        "无法计算": list(rows["unknown_count"]),
    })


def _group_name(key: str) -> str:
    year, _, quarter = key.partition("-")
    if not key:
        return "截止日算不出"
    return f"{year}年第{quarter}季度" if quarter and len(year) == 4 else key


@kept
def rate_sentence(table: pd.DataFrame, own: str = "") -> str:
    """The rate over everything, in one sentence from the same rows."""
    kind = "unit" if own else "all"
    found = table[(table["group_kind"] == kind) & (table["recipient_id"] == own)]
    if found.empty or not int(found["due_count"].iloc[0]):
        return "还没有到期的事项，没有按时率。"
    row = found.iloc[0]
    return (
        f"已办结或已到期的 {row['due_count']} 项中按时 {row['on_time_count']} 项，"
        f"按时率 {labels.percent(row['on_time_count'] / row['due_count'])}；"
        f"未到期 {row['not_due_count']} 项、无法计算 {row['unknown_count']} 项不算在内。"
    )


@kept
def timeline_sentence(timeline: pd.DataFrame) -> str:
    """What the chart of steps shows, in words, from the same rows."""
    counted = timeline[timeline["is_counted"]]
    parts = [
        f"{mark.word} {count} 项" for state, mark in labels.OWED_MARKS.items()
        if (count := int((counted["duty_state"] == state).sum()))
    ]
    return f"{counted['recipient_id'].nunique()} 个单位 {len(counted)} 项：{'，'.join(parts)}。竖线是到期日。"


def who_confirmed(row: Row) -> str:
    """Who recorded a step: the unit itself, or the prefecture for it."""
    return "本单位" if row["confirmed_by"] == "unit" else "州级"


@kept
def records(table: pd.DataFrame) -> pd.DataFrame:
    """Every recorded step, with who confirmed it."""
    shown = tables.receipts(table, {step: step_name(step) for step in table["receipt_step"].unique()})
    shown.insert(len(shown.columns) - 2, "确认方", [who_confirmed(row) for row in table.to_dict("records")])
    return shown


@kept
def step_choices(limits: pd.DataFrame) -> dict[str, str]:
    """The steps that a notice's other limits ask for, with the limit's own words."""
    return {
        row["step"]: f"{step_name(row['step'])}：{row['what_text']}（{row['printed_text']}，第 {row['line_no']} 行）"
        for row in limits.to_dict("records")
    }


@kept
def imported(made: ImportedReceipts) -> str:
    """What became of a file of receipts, in one sentence."""
    counts = made.counts
    if made.entry is None:
        return f"《{made.file_name}》的 {counts['unchanged']} 行都已登记过，没有写入新的记录。"
    return (
        f"已按《{made.file_name}》登记 {made.recorded_count} 行：新增 {counts['new']} 行，更正 {counts['changed']} 行，"
        f"已登记过而跳过 {counts['unchanged']} 行。"
        + "".join(f"其中 {count} 行：{remark}。" for remark, count in made.remarks.items())
        + f"回执：办理记录{made.entry}。"
    )
