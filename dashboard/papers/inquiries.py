"""整改通知书 and 督办单 for one 问效单: its facts and its signed steps, and gaps for what persons decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.papers.content import (
    NOTHING,
    Block,
    Cell,
    Heading,
    Paper,
    Paragraph,
    Table,
    closed,
    gap,
    safe_name,
    typed,
)
from dashboard.papers.facts import Facts, Row, day_words
from data.errors import NotFoundError, RefusedError
from metrics.inquiries import (
    ANSWERED,
    AWAITING_ANSWER,
    LADDER_WORDS,
    OPENED,
    RECHECKING,
    RECTIFYING,
    STATE_WORDS,
    STEPS,
    TALKED,
)

_OPEN = (AWAITING_ANSWER, ANSWERED, RECTIFYING, RECHECKING)
_TO_RECTIFY = (RECTIFYING, RECHECKING)     # a person has found it so and ordered it
# The question stands above already; of a talk the words say who took part, and papers name no person.
_UNPRINTED = (OPENED, TALKED)
_OWED = {AWAITING_ANSWER: "还没有答复", RECTIFYING: "还没有报送整改结果"}
_WIDTHS = (26, 52, 26, 52)


def overdue(facts: Facts) -> list[str]:
    """Who owes what on which 问效单 although it was due, one clause per unit and kind of debt, the oldest first."""
    table = facts.inquiries[facts.inquiries["is_overdue"]].sort_values("inquiry_no")
    found: dict[tuple[str, str], list[Row]] = {}
    for row in table.to_dict("records"):
        found.setdefault((str(row["recipient_id"]), str(row["inquiry_state"])), []).append(
            {str(name): value for name, value in row.items()}
        )
    return [
        f"{rows[0]['recipient_name']}{_OWED[state]}："
        + "、".join(f"{row['inquiry_label']}（逾期 {_late_days(row)}）" for row in rows)
        for (_, state), rows in found.items()
    ]


def find_inquiry(facts: Facts, inquiry_no: int) -> tuple[Row, pd.DataFrame]:
    """One 问效单 and its signed steps.

    Raises: NotFoundError if there is none of this number in the notice by that day.
    """
    table = facts.inquiries
    found = table[table["inquiry_no"] == inquiry_no]
    if found.empty:
        number = facts.scope.document_number
        raise NotFoundError(f"截至 {facts.scope.as_of_on:%Y-%m-%d}，{number} 没有问效单第{inquiry_no}号。")
    row = {str(name): value for name, value in found.iloc[0].to_dict().items()}
    return row, facts.inquiry_events(inquiry_no)


def rectification_notice(facts: Facts, inquiry: Mapping[str, Any], events: pd.DataFrame) -> Paper:
    """整改通知书: what was found, what has to be done, by when; the basis is chosen by a person.

    Raises: RefusedError unless somebody has found the matter so and ordered its rectification.
    """
    if str(inquiry["inquiry_state"]) not in _TO_RECTIFY:
        raise RefusedError(
            f"{inquiry['inquiry_label']}现在是“{_state(inquiry)}”：认定属实、交办整改以后才能出具整改通知书。"
        )
    blocks: list[Block] = [
        Paragraph(
            f"我局在跟踪监控{facts.fund_name}绩效目标完成情况时，就有关事项向你单位发出{inquiry['inquiry_label']}。"
            f"现将需要整改的事项通知如下："
        ),
        Heading("一、有关事项"),
        Paragraph(f"所涉资金文件为{facts.basis}，{_round_clause(facts, inquiry)}涉及{_subject(inquiry)}。"),
        Paragraph(closed(typed(inquiry["fact_text"]))),
        Paragraph(f"问询内容：{closed(typed(inquiry['question_text']))}"),
        Heading("二、办理经过"),
        *(Paragraph(words) for words in _steps(events)),
        Heading("三、整改要求"),
        Paragraph(f"（一）{closed(_ordered(events))}"),
        Paragraph(f"（二）请于{_rectify_by(events)}前完成整改，并书面报告整改结果，附佐证材料。"),
        Paragraph(f"（三）整改责任单位为{inquiry['recipient_name']}，责任人已在交办时明确。"),
        Heading("四、依据"),
        Paragraph(gap("整改所依据的文件名称、文号和条款，由人选定")),
    ]
    return Paper(
        title="整改通知书", blocks=tuple(blocks), is_official=True, addressees=str(inquiry["recipient_name"]),
        sender=facts.sender, copied_to=facts.copied_to or gap("抄送单位"), as_of_on=facts.scope.as_of_on,
        is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name("整改通知书", str(inquiry["inquiry_label"]), str(inquiry["recipient_name"])),
    )


def supervision_slip(facts: Facts, inquiry: Mapping[str, Any], events: pd.DataFrame) -> Paper:
    """督办单: one page on one 问效单, with room for what a leader writes.

    Raises: RefusedError for one that is closed or referred.
    """
    if str(inquiry["inquiry_state"]) not in _OPEN:
        raise RefusedError(f"{inquiry['inquiry_label']}已经“{_state(inquiry)}”，不再出具督办单。")
    rows = (
        (_head("督办事项"), Cell(f"{inquiry['inquiry_label']}：{_subject(inquiry)}", 3)),
        (_head("承办单位"), Cell(str(inquiry["recipient_name"])), _head("资金文件"), Cell(facts.scope.document_number)),
        (_head("发出日期"), Cell(day_words(inquiry["opened_at"])), _head("办理期限"), Cell(_due(inquiry))),
        (_head("目前状态"), Cell(_state(inquiry)), _head("逾期"), Cell(_late(inquiry))),
        (_head("有关情况"), Cell(closed(typed(inquiry["fact_text"])), 3, is_left=True)),
        (_head("问询内容"), Cell(closed(typed(inquiry["question_text"])), 3, is_left=True)),
        (_head("办理经过"), Cell("\n".join(_steps(events)), 3, is_left=True)),
        (_head("督办要求"), Cell(gap("督办要求和反馈期限"), 3, is_left=True)),
        (_head("领导批示"), Cell("\n\n\n", 3)),
        (_head("办理结果"), Cell("\n\n\n", 3)),
    )
    return Paper(
        title="督办单", subtitle=f"〔{facts.scope.as_of_on.year}〕　　号",
        blocks=(Table("督办单", _WIDTHS, rows, head_count=0, is_titled=False, points=14),
                Paragraph(f"发出单位（盖章）：{facts.sender}{'　' * 10}发出日期：　　年　　月　　日", style="note")),
        as_of_on=facts.scope.as_of_on, is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name("督办单", str(inquiry["inquiry_label"]), str(inquiry["recipient_name"])),
    )


def _state(inquiry: Mapping[str, Any]) -> str:
    return STATE_WORDS[str(inquiry["inquiry_state"])]


def _head(text: str) -> Cell:
    return Cell(text, is_head=True)


def _subject(inquiry: Mapping[str, Any]) -> str:
    name = str(inquiry["indicator_short_name"] or "")
    return f"“{name}”指标" if name else "本单位整体情况"


def _round_clause(facts: Facts, inquiry: Mapping[str, Any]) -> str:
    """The round that it was asked about, whichever the paper is of; nothing where it belongs to none."""
    round_id = str(inquiry["round_id"])
    return f"填报轮次为{facts.round_words(round_id)}，" if round_id else ""


def _due(inquiry: Mapping[str, Any]) -> str:
    """Until when the unit has to act; nothing where it is the bureau's turn."""
    return day_words(inquiry["due_on"])


def _late(inquiry: Mapping[str, Any]) -> str:
    if not inquiry["is_overdue"]:
        return NOTHING
    step = LADDER_WORDS.get(str(inquiry["ladder_step"]), "")
    return _late_days(inquiry) + (f"，{step}" if step else "")


def _late_days(inquiry: Mapping[str, Any]) -> str:
    days = inquiry["late_days"]
    return "天数待放假安排公布" if pd.isna(days) else f"{int(days)} 个工作日"


def _ordered(events: pd.DataFrame) -> str:
    """What was ordered, in the words of who ordered it; the newest order counts."""
    words = events.loc[events["inquiry_step"] == "rectification_ordered", "words_text"]
    return typed(words.iloc[-1])


def _rectify_by(events: pd.DataFrame) -> str:
    """The newest day that was set: while a report of rectification is being checked, the unit owes nothing."""
    return day_words(events["due_on"].dropna().iloc[-1])


def _steps(events: pd.DataFrame) -> list[str]:
    """The steps with their days and words, without who took them: papers name no person."""
    lines = []
    for row in events.to_dict("records"):
        step = STEPS[str(row["inquiry_step"])].name
        words = "" if row["inquiry_step"] in _UNPRINTED else typed(row["words_text"])
        measure = f"措施：{typed(row['measure_text'])}" if typed(row["measure_text"]) else ""
        due = "" if pd.isna(row["due_on"]) else f"期限为{day_words(row['due_on'])}"
        said = "；".join(part.rstrip("。") for part in (words, measure, due) if part)
        lines.append(f"{day_words(row['happened_at'])}，{step}{f'：{said}' if said else ''}。")
    return lines
