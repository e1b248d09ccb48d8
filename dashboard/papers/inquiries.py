"""整改通知书 and 督办单 for one 问效单: its facts and its signed steps, and gaps for what persons decide."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pandas as pd

from dashboard.papers.content import NOTHING, Block, Cell, Heading, Paper, Paragraph, Table, gap, safe_name, typed
from dashboard.papers.facts import Facts, Row, day_words
from data.errors import NotFoundError, RefusedError

_BOARDS = "metrics.boards.inquiries"
STATE_WORDS = {
    "awaiting_answer": "待答复", "answered": "已答复", "rectifying": "整改中", "rechecking": "待复核",
    "referred": "提请问责", "closed": "销号",
}
STEP_WORDS = {
    "opened": "开出", "answered": "答复", "answer_returned": "退回答复", "found_normal": "认定正常",
    "rectification_ordered": "认定属实，交办整改", "rectified": "报送整改结果", "rectification_returned": "退回整改",
    "rectification_accepted": "复核通过", "referred": "提请问责", "outcome_recorded": "登记处理结果",
    "extended": "延期", "circulated": "通报", "talked": "约谈",
}
LADDER_WORDS = {"remind": "提醒", "urge": "催办", "circulate": "通报", "talk": "约谈"}
_OPEN = ("awaiting_answer", "answered", "rectifying", "rechecking")
_TO_RECTIFY = ("rectifying", "rechecking")     # a person has found it so and ordered it
_WIDTHS = (26, 52, 26, 52)


def are_kept() -> bool:
    """Whether this store keeps 问效单 at all."""
    return find_spec(_BOARDS) is not None


def register(facts: Facts) -> pd.DataFrame:
    """The 问效单 of the notice, as the page shows them; no rows where none are kept."""
    if not are_kept():
        return pd.DataFrame(columns=["inquiry_no", "recipient_id", "recipient_name", "inquiry_state", "inquiry_label"])
    found: pd.DataFrame = import_module(_BOARDS).register(facts.store, facts.scope)
    return found


def unanswered(facts: Facts) -> dict[str, list[str]]:
    """Which units have not answered which 问效单 although they should have by now."""
    table, found = register(facts), dict[str, list[str]]()
    for row in table.to_dict("records"):
        if row["inquiry_state"] == "awaiting_answer" and _number(row.get("late_days")):
            late = f"（逾期 {_number(row['late_days'])} 个工作日）"
            found.setdefault(str(row["recipient_name"]), []).append(f"{row['inquiry_label']}{late}")
    return found


def find_inquiry(facts: Facts, inquiry_no: int) -> tuple[Row, pd.DataFrame]:
    """One 问效单 and its signed steps.

    Raises: NotFoundError if there is none of this number in the notice by that day.
    """
    table = register(facts)
    found = table[table["inquiry_no"] == inquiry_no]
    if found.empty:
        number = facts.scope.document_number
        raise NotFoundError(f"截至 {facts.scope.as_of_on:%Y-%m-%d}，{number} 没有问效单第{inquiry_no}号。")
    row = {str(name): value for name, value in found.iloc[0].to_dict().items()}
    events: pd.DataFrame = import_module(_BOARDS).events(facts.store, facts.scope, inquiry_no)
    return row, events


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
        Paragraph(f"所涉资金文件为{facts.basis}，填报轮次为{_round_words(facts, inquiry)}，涉及{_subject(inquiry)}。"),
        Paragraph(_closed(typed(inquiry["fact_text"]))),
        Paragraph(f"问询内容：{_closed(typed(inquiry['question_text']))}"),
        Heading("二、办理经过"),
        *(Paragraph(words) for words in _steps(events)),
        Heading("三、整改要求"),
        Paragraph(f"（一）请对照上述事项查明原因，提出并落实整改措施。{gap('具体整改要求')}"),
        Paragraph(f"（二）请于{_due(inquiry)}前完成整改，并书面报告整改结果，附佐证材料。"),
        Paragraph(f"（三）整改责任单位为{inquiry['recipient_name']}，责任人由你单位确定。"),
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
    late = _number(inquiry.get("late_days"))
    step = LADDER_WORDS.get(str(inquiry.get("ladder_step") or ""), "")
    rows = (
        (_head("督办事项"), Cell(f"{inquiry['inquiry_label']}：{_subject(inquiry)}", 3)),
        (_head("承办单位"), Cell(str(inquiry["recipient_name"])), _head("资金文件"), Cell(facts.scope.document_number)),
        (_head("发出日期"), Cell(day_words(inquiry["opened_at"])), _head("办理期限"), Cell(_due(inquiry))),
        (_head("目前状态"), Cell(_state(inquiry)), _head("逾期"),
         Cell(f"{late} 个工作日{f'，{step}' if step else ''}" if late else NOTHING)),
        (_head("有关情况"), Cell(_closed(typed(inquiry["fact_text"])), 3, is_left=True)),
        (_head("问询内容"), Cell(_closed(typed(inquiry["question_text"])), 3, is_left=True)),
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
    return STATE_WORDS.get(str(inquiry["inquiry_state"]), str(inquiry["inquiry_state"]))


def _head(text: str) -> Cell:
    return Cell(text, is_head=True)


def _subject(inquiry: Mapping[str, Any]) -> str:
    name = str(inquiry.get("indicator_short_name") or "")
    return f"“{name}”指标" if name else "本单位整体情况"


def _round_words(facts: Facts, inquiry: Mapping[str, Any]) -> str:
    return facts.period_words if inquiry.get("round_id") == facts.scope.round_id else str(inquiry.get("round_id") or "")


def _due(inquiry: Mapping[str, Any]) -> str:
    due = inquiry.get("due_on")
    return gap("办理期限") if due is None or pd.isna(due) else day_words(due)


def _steps(events: pd.DataFrame) -> list[str]:
    """The steps with their days and words, without who took them: papers name no person."""
    lines = []
    for row in events.to_dict("records"):
        step = STEP_WORDS.get(str(row["inquiry_step"]), str(row["inquiry_step"]))
        # The question stands above already.
        words = "" if row["inquiry_step"] == "opened" else typed(row["words_text"])
        measure = f"措施：{typed(row['measure_text'])}" if typed(row["measure_text"]) else ""
        due = "" if pd.isna(row["due_on"]) else f"期限为{day_words(row['due_on'])}"
        said = "；".join(part.rstrip("。") for part in (words, measure, due) if part)
        lines.append(f"{day_words(row['happened_at'])}，{step}{f'：{said}' if said else ''}。")
    return lines or [gap("办理经过")]


def _number(value: Any) -> int:
    return 0 if value is None or pd.isna(value) or value == "" else int(value)


def _closed(words: str) -> str:
    return words if words.endswith(("。", "）", "！", "？")) else f"{words}。"


