"""The forms of the page 问效单: one for each step that a person may take now, and what becomes of what they typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard import inquiry_records, session
from dashboard.actions import inquiry_steps as actions
from dashboard.actions.inquiry_consequences import decide_consequence
from data.audit import Actor, LogEntry
from data.store import Store
from metrics.inquiries import (
    ACCOUNTABILITY,
    CIRCULATE,
    CONSEQUENCE_BASES,
    CONSEQUENCE_WORDS,
    EXTENDED,
    NEXT_YEAR,
    RECTIFYING,
    STEPS,
    TALK,
)

EVIDENCE_TYPES = ["pdf", "docx", "xlsx", "png", "jpg", "jpeg", "txt"]
BASES_TITLE = "依据（由你选择，程序不作判断）"
Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StepForm:
    """What a step asks for: the right it needs, its texts, and whether it takes days, files, bases or a paper's day."""

    action_name: str
    function: Callable[..., LogEntry]
    texts: Texts
    days_limit: str = ""
    takes_files: bool = False
    takes_bases: bool = False
    takes_day: bool = False
    fixed: Mapping[str, str] | None = None


# In the order in which they are offered.
FORMS = {
    "answered": StepForm(
        "answer_inquiry", actions.answer_inquiry, (("reason", "原因"), ("measure", "措施和完成日期")), takes_files=True,
    ),
    "rectified": StepForm(
        "report_rectification", actions.report_rectification, (("words", "整改结果"),), takes_files=True,
    ),
    "rectification_ordered": StepForm(
        "judge_inquiry", actions.order_rectification, (("owner", "责任人"), ("words", "整改要求")),
        days_limit="inquiry_rectify_days",
    ),
    "found_normal": StepForm("judge_inquiry", actions.find_normal, (("words", "认定的理由"),)),
    "answer_returned": StepForm(
        "return_answer", actions.return_answer, (("reason", "退回的理由"),), days_limit="inquiry_answer_days",
    ),
    "rectification_accepted": StepForm("close_inquiry", actions.close_inquiry, (("words", "复核结论"),)),
    "rectification_returned": StepForm(
        "return_rectification", actions.return_rectification, (("reason", "退回的理由"),),
        days_limit="inquiry_rectify_days",
    ),
    "outcome_recorded": StepForm(
        "record_outcome", actions.record_outcome, (("words", "处理结果"), ("paper", "处理文书的文号")), takes_day=True,
    ),
    "extended": StepForm(
        "extend_inquiry", actions.extend_inquiry, (("reason", "延期的理由"),), days_limit="inquiry_answer_days",
    ),
    "circulated": StepForm(
        "record_ladder_act", actions.record_ladder_act, (("words", "通报的内容"), ("paper", "通报的文号")),
        takes_day=True, fixed={"rung": CIRCULATE},
    ),
    "talked": StepForm(
        "record_ladder_act", actions.record_ladder_act, (("words", "参加人员和约谈内容"),), takes_day=True,
        fixed={"rung": TALK},
    ),
    "referred": StepForm("refer_inquiry", actions.refer_inquiry, (("words", "提请问责的理由"),), takes_bases=True),
}
# What the button of a step says, where it is not the step's name.
BUTTONS = {
    "answered": "签发答复", "rectified": "签发整改结果", "outcome_recorded": "登记结果并销号",
    "rectification_accepted": "复核通过，销号", "found_normal": "认定正常，销号", "circulated": "登记通报",
    "talked": "登记约谈",
}


def offered(row: Mapping[str, Any]) -> dict[str, str]:
    """The steps that this person may take now, with their names; what is due on the ladder comes first."""
    due = {CIRCULATE: "circulated", TALK: "talked"}.get(row["ladder_step"], "")
    steps = [
        key for key, form in FORMS.items()
        if STEPS[key].is_open_to(row) and session.may(form.action_name)
    ]
    return {key: STEPS[key].name for key in sorted(steps, key=lambda key: key != due)}


def ask(row: Mapping[str, Any], limits: Mapping[str, int], today: date) -> tuple[str, dict[str, Any]] | None:
    """Draw the form of a step that the person chooses; the step and what was typed when it is sent, else None."""
    steps = offered(row)
    if not steps:
        return None
    number = row["inquiry_no"]
    mark = f"inquiries_{number}_{row['inquiry_state']}"
    step = next(iter(steps))
    if len(steps) > 1:
        step = st.radio("办哪一步", list(steps), format_func=steps.get, horizontal=True, key=f"{mark}_step")
    form = FORMS[step]
    with st.form(f"{mark}_{step}"):
        given: dict[str, Any] = {
            name: (st.text_input if name in ("owner", "paper") else st.text_area)(title, key=f"{mark}_{step}_{name}")
            for name, title in form.texts
        }
        if form.days_limit:
            is_of_answer = step != EXTENDED or row["inquiry_state"] != RECTIFYING
            limit = form.days_limit if is_of_answer else "inquiry_rectify_days"
            given["days"] = int(st.number_input(
                "期限（工作日，办理当日不计）" if step != EXTENDED else "再给几个工作日",
                1, limits["inquiry_most_days"], limits[limit], key=f"{mark}_{step}_days",
            ))
        if form.takes_files:
            given["files"] = st.file_uploader(
                "佐证材料（PDF、Word、Excel、图片、文本，每个不超过 20 MB）", type=EVIDENCE_TYPES,
                accept_multiple_files=True, key=f"{mark}_{step}_files",
            )
            given["gap"] = st.text_input("没有佐证的，写明原因", key=f"{mark}_{step}_gap")
        if form.takes_day:
            given["paper_on"] = st.date_input(
                "日期", today, max_value=today, key=f"{mark}_{step}_on", format="YYYY-MM-DD"
            )
        if form.takes_bases:
            titles = inquiry_records.base_titles(ACCOUNTABILITY)
            given["legal_keys"] = st.multiselect(
                BASES_TITLE, list(titles), format_func=titles.get, key=f"{mark}_{step}_bases",
                placeholder="选一条或几条",
            )
        is_sent = st.form_submit_button(BUTTONS.get(step, steps[step]), type="primary")
    return (step, given) if is_sent else None


@dataclass(frozen=True)
class WantedConsequence:
    """What was typed into the form of a consequence; the amount in 万元, as words."""

    kind: str
    amount_wan: str
    factor: str
    legal_keys: tuple[str, ...]
    reason: str


def ask_consequence(inquiry_no: int) -> WantedConsequence | None:
    """Draw the form of a consequence against the money; what was typed when it is sent, else None."""
    mark = f"inquiries_money_{inquiry_no}"
    kind = st.radio(
        "处理", list(CONSEQUENCE_WORDS), format_func=CONSEQUENCE_WORDS.get, horizontal=True, key=f"{mark}_kind"
    )
    with st.form(f"{mark}_{kind}"):
        amount, factor = "", ""
        if kind == NEXT_YEAR:
            factor = st.text_area("下年怎样考虑", key=f"{mark}_factor")
        else:
            amount = st.text_input("金额（万元）", key=f"{mark}_amount")
        titles = inquiry_records.base_titles(CONSEQUENCE_BASES)
        keys = st.multiselect(
            BASES_TITLE, list(titles), format_func=titles.get, key=f"{mark}_bases", placeholder="选一条或几条"
        )
        reason = st.text_area("理由", key=f"{mark}_reason")
        is_sent = st.form_submit_button("决定", type="primary")
    return WantedConsequence(kind, amount, factor, tuple(keys), reason) if is_sent else None


def decide(store: Store, person: Actor, at: datetime, inquiry_no: int, wanted: WantedConsequence) -> LogEntry:
    """Decide a consequence with what was typed.

    Raises: RefusedError if the amount is no number, and as the action.
    """
    return decide_consequence(
        store, person, at, inquiry_no, wanted.kind, amount_yuan=session.yuan(wanted.amount_wan), factor=wanted.factor,
        legal_keys=wanted.legal_keys, reason=wanted.reason,
    )


def take(
    store: Store, person: Actor, at: datetime, region_code: str, inquiry_no: int, step: str, given: Mapping[str, Any],
    seen_step_no: int,
) -> LogEntry:
    """Take a step with what was typed.

    Raises: WenxiaoError as the action.
    """
    form = FORMS[step]
    values = {**given, **(form.fixed or {})}
    if form.takes_files:
        values["files"] = [(file.name, file.getvalue()) for file in given["files"]]
    place = (region_code,) if form.days_limit else ()
    return form.function(store, person, at, inquiry_no, *place, **values, seen_step_no=seen_step_no)
