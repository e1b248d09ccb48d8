"""What 问效单 ask of people: the unit's answers and rectifications, and what the prefecture has to decide.

Neither the question nor the answer stands in a message: persons wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.messages.letters import Letter, Line, page_path
from dashboard.messages.reading import Reading
from data.audit import Actor
from metrics.boards import inquiries, overview, papers
from metrics.boards.definition import Scope
from metrics.inquiries import (
    ANSWERED,
    AWAITING_ANSWER,
    CIRCULATE,
    LADDER_WORDS,
    RECHECKING,
    RECTIFYING,
    REFERRED,
    TALK,
)

CLOSING = "所问的事、依据和办理经过请登录后查看。"
_OWED = {AWAITING_ANSWER: "答复", RECTIFYING: "整改并报送结果："}
_TO_DECIDE = {ANSWERED: "认定单位对问效单的答复", RECHECKING: "复核单位报送的整改结果"}


def own_inquiries(reading: Reading, actor: Actor) -> list[Line]:
    """The open 问效单 that the unit has to answer or to rectify."""
    table = reading.read_own(actor, inquiries.my_inquiries, reading.today)
    return [_owed_line(reading, row) for row in table.to_dict("records") if row["inquiry_state"] in _OWED]


def inquiries_to_decide(reading: Reading, actor: Actor) -> list[Line]:
    """What units gave back and somebody has to judge, one line a notice and state."""
    return [
        Line(
            f"{number}|inquiry-{state}", "waiting",
            f"{words}：{overview.names(list(held['recipient_name'].unique()))}，共 {len(held)} 份（{number}）",
            page_path("inquiries", notice=number),
        )
        for number, table in _registers(reading, actor)
        for state, words in _TO_DECIDE.items()
        if len(held := table[table["inquiry_state"] == state])
    ]


def inquiries_to_drive(reading: Reading, actor: Actor) -> list[Line]:
    """The officer's side: who is late and on which rung, what was referred, what rules propose."""
    lines = []
    for number, table in _registers(reading, actor):
        lines += [_ladder_line(row) for row in table.to_dict("records") if row["is_overdue"]]
        referred = table[table["inquiry_state"] == REFERRED]
        if len(referred):
            lines.append(Line(
                f"{number}|inquiry-{REFERRED}", "waiting", f"登记 {len(referred)} 份提请问责的处理结果（{number}）",
                page_path("inquiries", notice=number),
            ))
    for scope in reading.scopes(actor):
        proposed = reading.read(actor, inquiries.proposals, scope, reading.region_code)
        waiting = proposed[proposed["open_inquiry_no"] == 0]
        if len(waiting):
            names = overview.names(list(waiting["recipient_name"].unique()))
            lines.append(Line(
                f"{scope.document_number}|{scope.round_id}|proposals", "waiting",
                f"决定 {len(waiting)} 条问效提议开不开：{names}（{scope.document_number}）",
                page_path("inquiries", notice=scope.document_number, round=scope.round_id),
            ))
    return lines


def rules_up_for_decision(reading: Reading, actor: Actor) -> list[Line]:
    """The rules that were wrong too often: said once, until somebody decided and they are up again."""
    records = reading.read(actor, inquiries.rule_records, Scope("", "", reading.today))
    return [
        Line(
            f"rule|{row['rule_key']}", "note",
            f"规则“{row['rule_name']}”提请停用：已认定 {row['upheld_count'] + row['not_upheld_count']} 份，"
            f"属实 {row['upheld_count']} 份，请决定停用还是继续使用",
            page_path("inquiries"),
        )
        for row in records[records["is_up_for_decision"].astype(bool)].to_dict("records")
    ]


def opened(reading: Reading, actor: Actor, name: str, cause_key: str) -> Letter | None:
    """What a unit is told of a 问效单 that was opened; None if it has answered meanwhile."""
    table = reading.read_own(actor, inquiries.my_inquiries, reading.today)
    held = table[(table["inquiry_no"] == int(cause_key)) & (table["inquiry_state"] == AWAITING_ANSWER)]
    if held.empty:
        return None
    row = held.to_dict("records")[0]
    return Letter(f"问效·{name}：收到{row['inquiry_label']}", (_owed_line(reading, row),), CLOSING)


def came_back(reading: Reading, actor: Actor, name: str, cause_key: str) -> Letter | None:
    """What a unit is told of an answer or a rectification that was sent back; ``cause_key`` is inquiry and step.

    None if it has answered again meanwhile, or something newer was decided.
    """
    inquiry_no, step_no = map(int, cause_key.split("-"))
    table = reading.read_own(actor, inquiries.my_inquiries, reading.today)
    held = table[(table["inquiry_no"] == inquiry_no) & (table["newest_step_no"] == step_no)]
    if held.empty:
        return None
    row = held.to_dict("records")[0]
    what = "答复" if row["inquiry_state"] == AWAITING_ANSWER else "整改结果"
    return Letter(f"问效·{name}：{row['inquiry_label']}的{what}被退回", (_owed_line(reading, row),), CLOSING)


def _registers(reading: Reading, actor: Actor) -> list[tuple[str, pd.DataFrame]]:
    """The register of each notice, however old: what was asked is followed until it is closed."""
    numbers = reading.read(actor, papers.notices)["document_number"]
    return [(number, reading.read(actor, inquiries.register, Scope(number, "", reading.today))) for number in numbers]


def _owed_line(reading: Reading, row: Mapping[str, Any]) -> Line:
    due_on = row["due_on"].date()
    if row["is_overdue"]:
        mark, late = "overdue", _late(row)
    else:
        mark = "today" if due_on == reading.today else "soon" if due_on <= reading.soon_on else "waiting"
        late = ""
    return Line(
        f"inquiry-{row['inquiry_no']}-{row['inquiry_state']}", mark,
        f"{_OWED[row['inquiry_state']]}{row['inquiry_label']}{_about(row)}，{labels.day(due_on)}截止{late}",
        page_path("inquiries", notice=row["document_number"], inquiry=row["inquiry_no"]),
    )


def _is_rung_due(row: Mapping[str, Any]) -> bool:
    done = {CIRCULATE: row["is_circulated"] or row["is_talked"], TALK: row["is_talked"]}
    return bool(row["ladder_step"]) and not done.get(row["ladder_step"], False)


def _ladder_line(row: Mapping[str, Any]) -> Line:
    """An overdue 问效单: what its rung asks for, or that this is done and it is still overdue."""
    words = LADDER_WORDS.get(row["ladder_step"], "")
    if not _is_rung_due(row):
        words = f"已{words}，仍未办：" if words else "逾期未办："
    return Line(
        f"inquiry-{row['inquiry_no']}-{row['ladder_step']}", "attention",
        f"{words}{row['recipient_name']}：{row['inquiry_label']}{_about(row)}{_late(row)}",
        page_path("inquiries", notice=row["document_number"], inquiry=row["inquiry_no"]),
    )


def _about(row: Mapping[str, Any]) -> str:
    return f"（{row['document_number']} {row['indicator_short_name']}".rstrip() + "）"


def _late(row: Mapping[str, Any]) -> str:
    days = row["late_days"]
    return "，逾期，天数待放假安排公布" if pd.isna(days) else f"，逾期 {int(days)} 个工作日"
