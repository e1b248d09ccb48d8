"""Tables and sentences of the page 问效单: what is to be done, the register, one inquiry whole."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from dashboard import look
from dashboard.kept import kept
from dashboard.labels import Mark, day, full_day, marked, moment
from dashboard.rights import ROLE_NAMES
from metrics.inquiries import (
    ANSWERED,
    AWAITING_ANSWER,
    CIRCULATE,
    CLOSED,
    JUDGEMENT_WORDS,
    LADDER_WORDS,
    RECHECKING,
    RECTIFYING,
    REFERRED,
    STATE_WORDS,
    STEPS,
    TALK,
    WHOLE_UNIT,
)
from metrics.law import ALL_SOURCES, citation

Row = Mapping[str, Any]

STATE_MARKS = {
    AWAITING_ANSWER: Mark(STATE_WORDS[AWAITING_ANSWER], "○", "circle-open", look.CAUTION),
    ANSWERED: Mark(STATE_WORDS[ANSWERED], "◇", "diamond-open", look.ACCENT),
    RECTIFYING: Mark(STATE_WORDS[RECTIFYING], "▲", "triangle-up", look.CAUTION),
    RECHECKING: Mark(STATE_WORDS[RECHECKING], "◈", "diamond-x", look.ACCENT),
    REFERRED: Mark(STATE_WORDS[REFERRED], "■", "square", look.BAD),
    CLOSED: Mark(STATE_WORDS[CLOSED], "●", "circle", look.GOOD),
}
PARTS = {"register": "问效单", "proposals": "提议", "rates": "答复率", "rules": "规则", "money": "对资金的处理"}


# What was done, in the words that stand before the receipt.
DONE_WORDS = {
    "open": "已开出。", "dismiss": "已决定不开。", "step": "已办理。", "money": "已决定。", "lift": "已解除。",
    "rule": "已决定。",
}


@kept
def offered_parts(table: pd.DataFrame, proposals: pd.DataFrame | None, own: str) -> dict[str, str]:
    """The parts of the page that a person sees, with how much stands in them."""
    counts = {
        "register": len(table),
        "proposals": 0 if proposals is None else int((proposals["open_inquiry_no"] == 0).sum()),
    }
    seen = [part for part in PARTS if not own or part not in ("proposals", "rules")]
    if proposals is None:
        seen = [part for part in seen if part not in ("proposals", "rules")]
    return {part: PARTS[part] + (f"（{counts[part]}）" if part in counts else "") for part in seen}


@kept
def filtered(table: pd.DataFrame, state: str, recipient_id: str) -> pd.DataFrame:
    """The inquiries of a unit in a state; open stands for every state but the last, audit for the tag."""
    if recipient_id:
        table = table[table["recipient_id"] == recipient_id]
    if state == "open":
        return table[table["inquiry_state"] != CLOSED]
    if state == "audit":
        return table[table["is_audit_rectification"].astype(bool)]
    return table[table["inquiry_state"] == state] if state else table


@kept
def first_line(table: pd.DataFrame, proposals: pd.DataFrame | None) -> str:
    """What there is to do for the prefecture, in one sentence; ``proposals`` is None where none may be seen."""
    parts = []
    for state, words in (
        (ANSWERED, "份答复等认定"), (RECHECKING, "份整改等复核"), (REFERRED, "份等登记问责结果"),
    ):
        count = int((table["inquiry_state"] == state).sum())
        parts += [f"{count} {words}"] if count else []
    late = int(table["is_overdue"].sum())
    parts += [f"{late} 份逾期"] if late else []
    if proposals is not None and len(proposals):
        waiting = proposals[proposals["open_inquiry_no"] == 0]
        parts += [f"{waiting['recipient_id'].nunique()} 个单位有 {len(waiting)} 条提议等决定"] if len(waiting) else []
    open_count = int((table["inquiry_state"] != CLOSED).sum())
    tail = f"在办 {open_count} 份，已销号 {len(table) - open_count} 份。"
    return f"**{'，'.join(parts) or '没有等着办的问效单'}。** {tail}"


@kept
def own_first_line(mine: pd.DataFrame) -> str:
    """What a unit has to answer or to put right, in one sentence."""
    owed = mine[mine["due_on"].notna()]
    if owed.empty:
        waiting = f"{len(mine)} 份等州级办理。" if len(mine) else ""
        return f"**本单位没有要答复或整改的问效单。** {waiting}"
    late = int(owed["is_overdue"].sum())
    first = owed.iloc[0]
    words = f"，其中 {late} 份已逾期" if late else ""
    return (
        f"**{len(owed)} 份问效单要办{words}：{first['inquiry_label']}"
        f"{day(first['due_on'])}前{'答复' if first['inquiry_state'] == AWAITING_ANSWER else '报送整改结果'}。**"
    )


@kept
def todo(table: pd.DataFrame, *, is_own: bool, may_act: bool = True) -> str:
    """What waits for the person, the most pressing first, each with a link to it; '' where nothing does.

    Who may not act is led to it all the same, to look.
    """
    rows = [row for row in table.to_dict("records") if _waits(row, is_own)]
    rows.sort(key=lambda row: (-(0 if pd.isna(row["late_days"]) else int(row["late_days"])), str(row["due_on"])))
    items = "".join(
        f'<li><span class="wx-no">{place}</span>{html.escape(_todo_sentence(row))} '
        f'<a href="{_link(row)}" target="_self">{_todo_link(row, is_own) if may_act else "去看"} ›</a></li>'
        for place, row in enumerate(rows, start=1)
    )
    return f'<ol class="wx-list">{items}</ol>' if items else ""


def _waits(row: Row, is_own: bool) -> bool:
    if is_own:
        return bool(row["inquiry_state"] in (AWAITING_ANSWER, RECTIFYING))
    return bool(row["inquiry_state"] in (ANSWERED, RECHECKING, REFERRED) or row["is_overdue"])


def _todo_link(row: Row, is_own: bool) -> str:
    if row["inquiry_state"] == AWAITING_ANSWER:
        return "去答复" if is_own else "去催办"
    if row["inquiry_state"] == RECTIFYING:
        return "去报送整改结果" if is_own else "去催办"
    return {ANSWERED: "去认定", RECHECKING: "去复核", REFERRED: "去登记结果"}[row["inquiry_state"]]


def _todo_sentence(row: Row) -> str:
    head = f"{row['inquiry_label']}　{row['recipient_name']}　{what(row)}："
    state = row["inquiry_state"]
    if state == ANSWERED:
        return f"{head}{moment(row['changed_at'])}已答复，等认定。"
    if state == RECHECKING:
        return f"{head}{moment(row['changed_at'])}已报整改结果，等复核。"
    if state == REFERRED:
        return f"{head}已提请问责，等登记处理结果。"
    verb = "答复" if state == AWAITING_ANSWER else "整改"
    return f"{head}应在 {day(row['due_on'])}前{verb}{late_words(row)}。"


def late_words(row: Row) -> str:
    """By how much something is late and what is due on the ladder: 「，逾期 3 个工作日，该通报（还没有登记）」."""
    if not row["is_overdue"]:
        return ""
    days = "天数待放假安排公布" if pd.isna(row["late_days"]) else f"{int(row['late_days'])} 个工作日"
    step = row["ladder_step"]
    if not step:
        return f"，逾期 {days}"
    done = {CIRCULATE: row["is_circulated"], TALK: row["is_talked"]}.get(step)
    noted = "" if done is None else "（已登记）" if done else "（还没有登记）"
    return f"，逾期 {days}，该{LADDER_WORDS[step]}{noted}"


def what(row: Row) -> str:
    """What an inquiry or a proposal is about: the rule, and the indicator where it is one."""
    if int(row["indicator_no"]) == WHOLE_UNIT:
        return str(row["rule_name"])
    return f"{row['rule_name']}（第{row['indicator_no']}项 {row['indicator_short_name']}）"


def _link(row: Row) -> str:
    query = {"notice": row["document_number"], "round": row["round_id"], "inquiry": row["inquiry_no"]}
    return "inquiries?" + html.escape(urlencode(query))


@kept
def register(table: pd.DataFrame) -> str:
    """The register as people read it, each line with a link to the whole."""
    rows = []
    for row in table.to_dict("records"):
        due = day(row["due_on"])
        audit = "<small>审计整改</small>" if row["is_audit_rectification"] else ""
        judged = JUDGEMENT_WORDS.get(row["judgement"], "")
        mark = STATE_MARKS[row["inquiry_state"]]
        owner = f"<small>责任人 {html.escape(row['owner_name'])}</small>" if row["owner_name"] else ""
        rows.append(
            f'<tr><td><a href="{_link(row)}" target="_self">第{row["inquiry_no"]}号 ›</a>{audit}</td>'
            f"<td><b>{html.escape(row['recipient_name'])}</b><small>{html.escape(what(row))}</small></td>"
            f'<td class="wx-nowrap" data-name="状态"><span style="color:{mark.colour}">{mark.shape} {mark.word}</span>'
            f"<small>{judged}</small></td>"
            f'<td data-name="期限">{due}<small>{html.escape(late_words(row).lstrip("，"))}</small>{owner}</td>'
            f'<td class="wx-long"><small>{html.escape(row["fact_text"])}</small></td>'
            f'<td class="wx-nowrap" data-name="开出">{day(row["opened_at"])}'
            f"<small>{html.escape(row['opened_by'])}</small></td></tr>"
        )
    return _table(("编号", "单位和事由", "状态", "期限", "事实", "开出"), rows)


@kept
def counts_legend(table: pd.DataFrame) -> str:
    """How many inquiries are in each state, as shape, word and number."""
    counts = table["inquiry_state"].value_counts().to_dict()
    return '<div class="wx-legend">' + "".join(
        f'<span style="--c:{mark.colour}"><i>{mark.shape}</i>{mark.word} <b>{counts[state]}</b> 份</span>'
        for state, mark in STATE_MARKS.items() if counts.get(state)
    ) + "</div>"


@kept
def head(row: Row) -> str:
    """How one inquiry stands, above its steps."""
    mark = STATE_MARKS[row["inquiry_state"]]
    is_named = what(row).startswith("审计整改")
    audit = "　审计整改" if row["is_audit_rectification"] and not is_named else ""
    judged = f"　{JUDGEMENT_WORDS[row['judgement']]}" if row["judgement"] else ""
    owner = f"　责任人 {row['owner_name']}" if row["owner_name"] else ""
    due = f"　{day(row['due_on'])}到期{late_words(row)}" if not pd.isna(row["due_on"]) else ""
    line = f"{row['recipient_name']}　{what(row)}{audit}{judged}{owner}{due}"
    return (
        f'<div class="wx-inquiry"><p><b style="color:{mark.colour}">{mark.shape} {mark.word}</b>　'
        f"{html.escape(line)}</p>"
        f"<p><b>事实</b>　{html.escape(row['fact_text'])}</p>"
        f"<p><b>要问的事</b>　{html.escape(row['question_text'])}</p></div>"
    )


@kept
def steps(table: pd.DataFrame) -> str:
    """Every signed step of one inquiry, the oldest first."""
    items = []
    for place, row in enumerate(table.to_dict("records"), start=1):
        said = [
            ("", row["words_text"] if row["inquiry_step"] != "opened" else ""), ("措施", row["measure_text"]),
            ("责任人", row["owner_name"]), ("佐证", row["file_names"]), ("没有佐证，因为", row["gap_text"]),
            ("依据", bases_text(row["legal_keys"])), ("文书", _paper(row)),
            ("期限", "" if pd.isna(row["due_on"]) else full_day(row["due_on"])),
        ]
        told = "".join(
            f"<p>{f'<b>{name}</b>　' if name else ''}{html.escape(str(text))}</p>" for name, text in said if text
        )
        items.append(
            f'<li><span class="wx-no">{place}</span><b>{STEPS[row["inquiry_step"]].name}</b>　'
            f"{html.escape(row['done_by'])}（{ROLE_NAMES.get(row['done_role'], row['done_role'])}）　"
            f"{moment(row['happened_at'])}{told}</li>"
        )
    return f'<ol class="wx-list wx-inquiry">{"".join(items)}</ol>'


def bases_text(legal_keys: str) -> str:
    """Chosen bases in words, each with its trust mark."""
    return "；".join(citation(ALL_SOURCES[key]) for key in legal_keys.split(",") if key in ALL_SOURCES)


def _paper(row: Row) -> str:
    on = "" if pd.isna(row["paper_on"]) else full_day(row["paper_on"])
    return "　".join(text for text in (row["paper_text"], on) if text)


@kept
def audit_account(table: pd.DataFrame) -> str:
    """How the audit's rectification stands: how many are closed, and with what account; '' where there is none."""
    rows = table[table["is_audit_rectification"]].to_dict("records")
    if not rows:
        return ""
    closed = [row for row in rows if row["inquiry_state"] == CLOSED]
    told = "".join(
        f"{row['recipient_name']}（{row['inquiry_label']}）{STATE_WORDS[row['inquiry_state']]}"
        + (f"：{row['closing_text']}" if row["closing_text"] else "") + "。"
        for row in rows
    )
    return f"审计整改 {len(rows)} 份，已销号 {len(closed)} 份。{told}"


@kept
def options(table: pd.DataFrame) -> dict[int, str]:
    """The inquiries of a table as a selector offers them."""
    return {
        int(row["inquiry_no"]): f"第{row['inquiry_no']}号　{row['recipient_short_name']}　{what(row)}　"
        f"{marked(STATE_MARKS, row['inquiry_state'])}"
        for row in table.to_dict("records")
    }


def _table(heads: Sequence[str], rows: Sequence[str]) -> str:
    names = "".join(f"<th>{name}</th>" for name in heads)
    return (
        f'<div class="wx-table wx-differences wx-tall"><table><thead><tr>{names}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody></table></div>'
    )
