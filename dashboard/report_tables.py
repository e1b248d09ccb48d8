"""Tables and sentences of the page 数据填报: duties, what a submission would do, faults, evidence, history."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from dashboard import labels
from dashboard.actions.drafts import Draft, Start, named_places, version_words
from dashboard.actions.report_values import RowChange
from dashboard.fragments import literal
from dashboard.kept import kept
from data.errors import CellIssue
from data.intake.cells import HEAD_NAMES, PAID, STATEMENT, Key, changed_keys, form_place, plain
from data.intake.columns import COLUMNS
from data.intake.form import BAND_LABELS
from data.intake.points import MICRO

CLOSED = ("accepted", "locked")
OUTCOME_WORDS = {
    "new": "＋ 新增", "changed": "△ 改动", "unchanged": "＝ 不变", "rejected": "✕ 有错", "withdrawn": "－ 撤回",
    "blank": "○ 留空", "computed": "· 自动计算",
}
MAX_BUTTONS = 12     # repairs that have a button of their own


@kept
def duty_list(table: pd.DataFrame, document_number: str, round_id: str) -> str:
    """A unit's duties as a table, what presses most first, each with a link to its form."""
    ordered = table.assign(rank=[_rank(row) for row in table.to_dict("records")])
    heads = ("轮次", "状态", "下一步", "截止", "还剩", "资金")
    body = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in _duty_cells(row, document_number, round_id))}</tr>"
        for row in ordered.sort_values(["rank", "due_on"]).to_dict("records")
    )
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<div class="wx-table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


@kept
def first_line(table: pd.DataFrame) -> str:
    """How much a unit owes now, in one sentence."""
    rows = table.to_dict("records")
    owed = [row for row in rows if _rank(row) < 2]
    if not owed:
        return f"**没有待填报的轮次**，共 {len(rows)} 个轮次，均已报送。" if rows else "**还没有开启填报轮次。**"
    late = [row for row in owed if row["days_left"] < 0]
    returned = [row for row in owed if row["report_state"] == "returned"]
    parts = [f"{len(owed)} 个轮次要办"]
    parts += [f"{len(late)} 个已过截止日"] if late else []
    parts += [f"{len(returned)} 个被退回要改"] if returned else []
    return f"**{'，'.join(parts)}。**"


def _rank(row: Mapping[str, Any]) -> int:
    """Returned and unreported first, then what waits for a reviewer, then what is done."""
    state = _state(row)
    return 0 if state in ("returned", "reopened") else 1 if not state else 3 if state in CLOSED else 2


def _state(row: Mapping[str, Any]) -> str:
    return "" if pd.isna(row["report_state"]) else str(row["report_state"])


def _duty_cells(row: Mapping[str, Any], document_number: str, round_id: str) -> tuple[str, ...]:
    words = html.escape(f"{row['fund_name'] or ''}　{row['document_number']}".strip())
    is_open = (row["document_number"], row["round_id"]) == (document_number, round_id)
    query = urlencode({"notice": row["document_number"], "round": row["round_id"]})
    step = next_step(row)
    link = f"{step}（正在本页）" if is_open else f'<a href="?{query}" target="_self">{step} ›</a>'
    return (
        html.escape(row["round_name"]), html.escape(duty_state(row)), link, labels.day(row["due_on"]), days_left(row),
        words,
    )


def days_left(row: Mapping[str, Any]) -> str:
    """Until the due day, in calendar days; nothing once it was reported and is not asked for again."""
    if _rank(row) > 1:
        return "—"
    days = int(row["days_left"])
    return f"{days} 天" if days > 0 else "今天到期" if days == 0 else f"已过 {-days} 天"


@kept
def duty_state(row: Mapping[str, Any]) -> str:
    """How a duty stands: was it reported in time, and what became of it."""
    in_time = {"on_time": "按时已报", "late": "逾期已报", "overdue": "逾期未报", "not_due": "待填报"}
    state = _state(row)
    draft = "，有草稿" if row["has_draft"] else ""
    if not state:
        word = "■ 逾期未报" if row["days_left"] < 0 else "○ 待填报"
        return word + draft
    tail = in_time[row["duty_state"]]
    return f"{labels.marked(labels.REPORT_MARKS, state)}（{tail}）{draft}"


def next_step(row: Mapping[str, Any]) -> str:
    """What the unit does next."""
    state = _state(row)
    if state in ("returned", "reopened"):
        return "去改"
    if not state:
        return "接着填" if row["has_draft"] else "去填"
    return "查看" if state in CLOSED else "查看或更正"


@kept
def state_line(row: Mapping[str, Any]) -> str:
    """What became of the newest version, in one sentence."""
    reason = f"：{literal(row['event_reason'])}" if row["event_reason"] and not pd.isna(row["event_reason"]) else ""
    version = f"第 {row['report_version']:.0f} 版（{labels.moment(row['submitted_at'])}报送）" if _state(row) else ""
    return {
        "": "还没有报送。", "submitted": f"{version}已报送，待州级审核。",
        "returned": f"{version}已退回{reason}。请改好后再报送。",
        "reopened": f"{version}已重新开放{reason}。可以更正后再报送。", "accepted": f"{version}已通过审核，不能再改。",
        "locked": f"{version}已锁定，不能再改。",
    }[_state(row)]


@kept
def returned(table: pd.DataFrame) -> pd.DataFrame:
    """What has to be corrected, with the reviewer's words."""
    return pd.DataFrame({
        "指标": [
            "整份填报" if pd.isna(row["indicator_no"]) else "全年执行数" if row["indicator_no"] == 0
            else f"第{row['indicator_no']}项 {row['short_name']}" for row in table.to_dict("records")
        ],
        "所报": [_words(text) for text in table["reported_text"]],
        "审核意见": [_words(text) for text in table["check_reason"]],
        "审核人": [_words(text) for text in table["checked_by"]],
    })


@kept
def told_of_draft(draft: Draft, actor_name: str, minutes: int) -> str:
    """Who saved the draft last, for whoever opens it after them."""
    ago = "刚刚" if minutes < 1 else f"{minutes} 分钟前" if minutes < 60 else f"在 {labels.moment(draft.saved_at)}"
    if draft.saved_by == actor_name:
        return f"这是您{ago}保存的草稿。"
    working = "，可能正在填写" if minutes < 15 else ""
    return f"{draft.saved_by}{ago}保存了这份草稿{working}。您改动以后对方会收到提示，不会互相覆盖。"


@kept
def told_of_other_draft(draft: Draft | None) -> str:
    """That what stands on the page is no more what is kept."""
    if draft is None:
        return "这份草稿已经报送或清除，页面上仍是以前的内容，不能报送。"
    return (
        f"{draft.saved_by}在 {labels.moment(draft.saved_at)} 又保存了这份草稿，页面上仍是您以前看到的内容，"
        "不能报送。请载入现在的内容，核对后再报送。"
    )


@kept
def told_of_version(start: Start, cells: Mapping[Key, str]) -> str:
    """That a version came which the cells on the page do not go on from, and in which cells the two differ."""
    assert start.newest is not None
    differing = [key for key in changed_keys(start.cells, cells) if key != STATEMENT]
    where = f"不同之处：{named_places(differing)}" if differing else "所填内容相同"
    return (
        f"{version_words(start.newest)}，页面上的内容是在那以前填的，{where}。请在“以前的版本”里核对那一版，"
        "再选接着用页面上的内容，还是从那一版改起；没有选以前不能报送。"
    )


@kept
def unchanged_advice(duty: Mapping[str, Any]) -> str:
    """What to do where a report was sent back and nothing of it was changed; empty elsewhere."""
    return "退回的数核对无误的，请在已知局限里写明，再报送。" if _state(duty) == "returned" else ""


@kept
def looked_at_again(duty: Mapping[str, Any]) -> str:
    """That changed evidence ends a reviewer's word on what it stands beside; empty before the first report."""
    return "州级已经核对为属实的，凡材料有增减的各项都要重新核对。" if _state(duty) else ""


@kept
def issue_places(issues: Sequence[CellIssue], cells: Mapping[Key, str], places: Mapping[Key, str]) -> pd.DataFrame:
    """The faults of a draft: where on the page and in the workbook, what is typed, what is wrong, what is offered."""
    return pd.DataFrame({
        "位置": [_place(issue, places) for issue in issues],
        "所填": [_short(cells.get(issue.key, "")) if issue.key else "—" for issue in issues],
        "问题与办法": [sentence(issue) for issue in issues],
        "建议": [repair_words(issue) for issue in issues],
    })


def sentence(issue: CellIssue) -> str:
    """What is wrong, without the place that stands beside it."""
    return issue.sentence.removeprefix(issue.place).strip()


def repair_words(issue: CellIssue) -> str:
    """What is offered: 改为 1102, 清空, or a dash."""
    return "—" if issue.repair is None else f"改为 {issue.repair}" if issue.repair else "清空"


@kept
def repair_button(issue: CellIssue) -> str:
    """What a click would do: 第1项·分子 改为 1102."""
    return f"{form_place(issue.key)} {repair_words(issue)}" if issue.key else repair_words(issue)


def _place(issue: CellIssue, places: Mapping[Key, str]) -> str:
    if issue.key is None:
        return issue.place
    in_book = places.get(issue.key, "")
    return f"{form_place(issue.key)} {in_book}".strip()


@kept
def dry_run(
    changes: Sequence[RowChange], preview: Sequence[Mapping[str, Any]], issues: Sequence[CellIssue]
) -> pd.DataFrame:
    """Row by row: what a submission would do against the version before, and what it would score."""
    scored = {row["indicator_no"]: row for row in preview}
    faults: dict[int, list[str]] = {}
    for issue in issues:
        if issue.key:
            faults.setdefault(issue.key[1], []).append(sentence(issue))
    rows = [(change, scored[change.indicator_no]) for change in changes if change.indicator_no in scored]
    return pd.DataFrame({
        "序号": [change.indicator_no for change, _ in rows],
        "指标": [row["short_name"] for _, row in rows],
        "与上一版比": [_outcome(change) for change, _ in rows],
        "状态": [
            "有错，未计" if change.outcome == "rejected" else labels.marked(labels.SCORE_MARKS, row["state"])
            for change, row in rows
        ],
        "自评": [labels.points(row["claimed_micro"], row["weight_micro"]) for _, row in rows],
        "复算": [labels.points(row["score_micro"], row["weight_micro"]) for _, row in rows],
        "分值": [labels.points(row["weight_micro"]) for _, row in rows],
        "说明": [
            "；".join(faults[change.indicator_no]) if change.indicator_no in faults else row["sentence"]
            for change, row in rows
        ],
    })


@kept
def counts_line(changes: Sequence[RowChange]) -> str:
    """How many rows are new, changed and so on, in one sentence."""
    names = {outcome: words.split(" ")[1] for outcome, words in OUTCOME_WORDS.items()}
    found = [change.outcome for change in changes]
    return "，".join(f"{names[outcome]} {found.count(outcome)} 项" for outcome in names if found.count(outcome))


def _outcome(change: RowChange) -> str:
    words = OUTCOME_WORDS[change.outcome]
    names = "、".join(COLUMNS[name][1].removesuffix("（%）") for name in change.fields)
    return f"{words}：{names}" if names else words


@kept
def evidence(table: pd.DataFrame) -> pd.DataFrame:
    """The files beside a report; those taken away say so."""
    return pd.DataFrame({
        "指标": [_indicator(row) for row in table.to_dict("records")],
        "文件": table["file_name"],
        "大小": [f"{max(1, round(size / 1024)):,} KB" for size in table["byte_count"]],
        "添加": [f"{labels.moment(at)} {by}" for at, by in zip(table["added_at"], table["added_by"], strict=True)],
        "移除": [
            "—" if pd.isna(at) else f"{labels.moment(at)} {by}"
            for at, by in zip(table["removed_at"], table["removed_by"], strict=True)
        ],
    })


def evidence_words(row: Mapping[str, Any]) -> str:
    """A file as a selector shows it."""
    return f"{_indicator(row)}　{row['file_name']}"


@kept
def evidence_titles(table: pd.DataFrame) -> dict[int, str]:
    """The files as a selector shows them, by number."""
    return {int(row["evidence_no"]): evidence_words(row) for row in table.to_dict("records")}


def _indicator(row: Mapping[str, Any]) -> str:
    return "整份填报" if row["indicator_no"] == 0 else f"第{row['indicator_no']}项 {_words(row['short_name'])}"


@kept
def versions(table: pd.DataFrame) -> pd.DataFrame:
    """Every version of a report, the newest first."""
    return pd.DataFrame({
        "版本": [f"第 {number} 版" for number in table["report_version"]],
        "报送": [
            f"{labels.moment(at)} {by}" for at, by in zip(table["submitted_at"], table["submitted_by"], strict=True)
        ],
        "状态": [labels.marked(labels.REPORT_MARKS, state) for state in table["report_state"]],
        "理由": [_words(text) for text in table["event_reason"]],
        "全年执行数（万元）": [labels.wan(yuan) for yuan in table["paid_yuan"]],
        "填报人": [_words(text) for text in table["filled_by"]],
        "已知局限": [_words(text) for text in table["statement_text"]],
        "文件": table["file_name"],
    })


@kept
def value_history(table: pd.DataFrame) -> pd.DataFrame:
    """Every change of a reported value: who, when, from what to what, why."""
    rows = table.to_dict("records")
    return pd.DataFrame({
        "时间": [labels.moment(row["submitted_at"]) for row in rows],
        "报送人": [row["submitted_by"] for row in rows],
        "版本": [f"第 {row['report_version']} 版" for row in rows],
        "指标": ["全年执行数" if row["indicator_no"] == 0 else _indicator(row) for row in rows],
        "栏": [HEAD_NAMES[PAID] if row["indicator_no"] == 0 else COLUMNS[row["field_name"]][1] for row in rows],
        "原值": [_value(row["field_name"], row["old_text"]) for row in rows],
        "现值": [_value(row["field_name"], row["new_text"]) for row in rows],
        "原因": ["；".join(filter(None, (row["event_reason"], row["deviation_reason"]))) or "—" for row in rows],
    })


def _value(field: str, text: Any) -> str:
    if text is None or pd.isna(text):
        return "（空）"
    if field == "band":
        return BAND_LABELS[int(text)]
    if field == "not_applicable":
        return COLUMNS[field][1]
    if field == "paid":
        return plain(Decimal(text) / 10_000)
    if field == "claimed_points":
        return plain(Decimal(text) / MICRO)
    return str(text) if field in ("evidence_text", "deviation_reason", "improvement_measure") else plain(Decimal(text))


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"


def _words(value: Any) -> str:
    return "—" if value is None or pd.isna(value) or not str(value) else str(value)
