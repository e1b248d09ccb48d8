"""Open a 问效单, of a rule's proposal or freely; or turn a proposal down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from dashboard.actions.differences import require_no_numbers
from dashboard.actions.messages import INQUIRY, queue_immediate
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, digest, stamp
from data.errors import NotFoundError, RefusedError
from data.intake.columns import MAX_TEXT_LENGTH
from data.store import Cursor, Store, sql_text
from metrics.counted_days import clock_day, store_calendar
from metrics.inquiries import AWAITING_ANSWER, OPENED, RULES, WHOLE_UNIT, inquiry_label, rule_name
from metrics.inquiry_proposals import Proposal, find_proposal, is_handled, open_inquiry_no
from metrics.limits import limit_values
from metrics.scope import Scope

_TRIES = 3      # of judging a proposal while others write
_Judged = TypeVar("_Judged")
CHANGED_FACTS = "这条提议依据的数已经变了，或者已经不成立，请刷新页面后重新看。"


@dataclass(frozen=True)
class InquiryPlan:
    """What is asked of whom.

    ``indicator_no`` is 0 for the unit as a whole; ``answer_days`` in working days, by the limit where None.
    Of a rule's proposal ``rule_key`` and ``facts_key`` are given as they were seen, and the fact is the rule's own;
    without a rule ``fact_text`` is the person's.
    """

    document_number: str
    round_id: str
    recipient_id: str
    indicator_no: int
    question_text: str
    answer_days: int | None = None
    rule_key: str = ""
    facts_key: str = ""
    fact_text: str = ""
    is_audit_rectification: bool = False


@dataclass(frozen=True)
class OpenedInquiry:
    """What opening did: the number, by when to answer, and the line in the log."""

    inquiry_no: int
    due_on: date
    entry: LogEntry

    def __str__(self) -> str:
        """The receipt as a page prints it."""
        return str(self.entry)


def open_inquiry(
    store: Store, actor: Actor, at: datetime, plan: InquiryPlan, region_code: str
) -> OpenedInquiry:
    """Open a 问效单; the unit's clock starts on this day, which is day 0.

    Raises: RefusedError with everything that is wrong at once; if one is open about the same indicator of the unit;
            or if the proposal was decided meanwhile or its facts are others now. CalendarError where the due day
            cannot be counted.
    """
    require(actor, "open_inquiry")
    scope = Scope(plan.document_number, plan.round_id, at.date())
    question, fact = plan.question_text.strip(), plan.fact_text.strip()
    faults = word_faults({"要问的事": question} | ({} if plan.rule_key else {"事实": fact}))
    if faults := faults + _place_faults(store, plan):
        raise RefusedError("问效单没有开出：" + "；".join(faults) + "。")

    def judge() -> Proposal | None:
        return _seen_proposal(store, scope, plan, region_code) if plan.rule_key else None

    with _still_so(store, judge) as (cursor, proposal):
        fact = proposal.fact_text if proposal else fact
        at = stamp(cursor, at)
        _require_free(cursor, scope, plan, proposal)
        due_on = due_day(cursor, region_code, at, plan.answer_days, "inquiry_answer_days")
        numbers = newest_numbers(cursor)
        number = numbers["inquiry_no"] + 1
        is_audit = plan.is_audit_rectification or plan.rule_key == "audit_rectification"
        cursor.insert("inquiry", [{
            "inquiry_no": number, "document_number": plan.document_number, "round_id": plan.round_id,
            "recipient_id": plan.recipient_id, "indicator_no": plan.indicator_no, "rule_key": plan.rule_key,
            "facts_key": proposal.facts_key if proposal else "", "is_audit_rectification": is_audit,
            "question_text": question, "fact_text": fact, "opened_at": at, "opened_by": actor.name,
        }])
        step_no = add_step(
            cursor, actor, at, number, OPENED, AWAITING_ANSWER, {"words_text": question, "due_on": due_on}
        )
        # The unit's clock runs from today: it is told at once, whatever becomes of the message.
        queue_immediate(cursor, INQUIRY, plan.recipient_id, str(number), at)
        entry = append(cursor, actor, at, "open_inquiry", f"{plan.document_number} {plan.recipient_id}", {
            "inquiry_no": number, "indicator_no": plan.indicator_no, "proposing_rule": plan.rule_key,
            "is_audit_rectification": is_audit, "fact_text": fact, "question_text": question,
            "before": None, "after": {"inquiry_state": AWAITING_ANSWER, "due_on": due_on},
            **step_digest(cursor, step_no),
        })
    return OpenedInquiry(number, due_on, entry)


def dismiss_proposal(
    store: Store, actor: Actor, at: datetime, plan: InquiryPlan, reason: str, region_code: str
) -> LogEntry:
    """Turn a rule's proposal down: it counts as raised and not upheld, and comes back only on other facts.

    Raises: RefusedError without a reason, or if the proposal was decided meanwhile or its facts are others now.
    """
    require(actor, "dismiss_proposal")
    reason = reason.strip()
    if faults := word_faults({"理由": reason}) + _place_faults(store, plan):
        raise RefusedError("没有办成：" + "；".join(faults) + "。")
    scope = Scope(plan.document_number, plan.round_id, at.date())
    with _still_so(store, lambda: _seen_proposal(store, scope, plan, region_code)) as (cursor, proposal):
        at = stamp(cursor, at)
        if is_handled(cursor, scope, proposal):
            raise RefusedError("这条提议刚刚已经有人决定，请刷新页面。")
        number = newest_numbers(cursor)["dismissal_no"] + 1
        cursor.insert("inquiry_dismissal", [{
            "dismissal_no": number, "document_number": plan.document_number, "round_id": plan.round_id,
            "recipient_id": plan.recipient_id, "indicator_no": plan.indicator_no, "rule_key": plan.rule_key,
            "facts_key": proposal.facts_key, "fact_text": proposal.fact_text, "dismissal_reason": reason,
            "dismissed_at": at, "dismissed_by": actor.name,
        }])
        return append(cursor, actor, at, "dismiss_proposal", f"{plan.document_number} {plan.recipient_id}", {
            "dismissal_no": number, "indicator_no": plan.indicator_no, "proposing_rule": plan.rule_key,
            "fact_text": proposal.fact_text, "reason": reason, "before": None, "after": None,
        })


class _MovedError(Exception):
    """Somebody wrote between judging and the transaction."""


@contextmanager
def _still_so(store: Store, judge: Callable[[], _Judged]) -> Iterator[tuple[Cursor, _Judged]]:
    """A transaction on what was judged, and that: judged anew where somebody wrote in between.

    Raises: as ``judge``; RefusedError if others keep writing.
    """
    for _ in range(_TRIES):
        version = store.data_version
        judged = judge()
        with suppress(_MovedError), store.transaction() as cursor:
            if judged is not None and store.data_version != version:
                raise _MovedError
            yield cursor, judged
            return
    raise RefusedError("数据正在更新，请稍候再办。")


def _place_faults(store: Store, plan: InquiryPlan) -> list[str]:
    """What is wrong with the notice, the round, the unit and the indicator that are named."""
    key = {"document_number": plan.document_number}
    if plan.document_number not in set(store.query("notices")["document_number"]):
        return [f"没有发布过文件“{plan.document_number[:40]}”"]
    faults = []
    if plan.round_id and plan.round_id not in set(store.query("rounds", **key)["round_id"]):
        faults.append(f"这份文件没有轮次“{plan.round_id[:20]}”")
    if plan.recipient_id not in set(store.query("allocation_units", **key)["recipient_id"]):
        faults.append(f"这份文件没有分给单位“{plan.recipient_id[:40]}”")
    if plan.indicator_no not in {WHOLE_UNIT, *store.query("indicators", **key)["indicator_no"]}:
        faults.append(f"这份文件没有第 {plan.indicator_no} 项指标")
    return faults


def _seen_proposal(store: Store, scope: Scope, plan: InquiryPlan, region_code: str) -> Proposal:
    """The rule's proposal as it stands, which must be the one that the person saw.

    Raises: NotFoundError if there is no such rule; RefusedError if it proposes nothing there, or on other facts.
    """
    if plan.rule_key not in RULES:
        raise NotFoundError(f"没有名为“{plan.rule_key[:40]}”的提议规则，请刷新页面后重新选择。")
    found = find_proposal(store, scope, region_code, plan.rule_key, plan.recipient_id, plan.indicator_no)
    if found is None or found.facts_key != plan.facts_key:
        raise RefusedError(f"{rule_name(plan.rule_key)}：{CHANGED_FACTS}")
    return found


def _require_free(cursor: Cursor, scope: Scope, plan: InquiryPlan, proposal: Proposal | None) -> None:
    """Let one be opened only where none is open, and each proposal be decided once."""
    held = open_inquiry_no(cursor, scope, plan.recipient_id, plan.indicator_no)
    if held is not None:
        what = "这个单位" if plan.indicator_no == WHOLE_UNIT else f"这个单位第 {plan.indicator_no} 项指标"
        raise RefusedError(f"{what}在这份文件里已有没销号的{inquiry_label(held)}，等它销号再开，或者在那一份里问。")
    if proposal and is_handled(cursor, scope, proposal):
        raise RefusedError("这条提议刚刚已经有人决定，请刷新页面。")


def word_faults(words: Mapping[str, str]) -> list[str]:
    """What is wrong with texts that must be there, by what they are called.

    Raises: RefusedError if one holds the number of a person.
    """
    # Signs that nobody can see are no words.
    faults = [f"没有写{name}" for name, text in words.items() if not any(map(str.isalnum, text))]
    faults += [
        f"{name}有 {len(text)} 字，超过 {MAX_TEXT_LENGTH} 字上限，请精简"
        for name, text in words.items() if len(text) > MAX_TEXT_LENGTH
    ]
    require_no_numbers(*words.values())
    return faults


def due_day(
    cursor: Cursor, region_code: str, at: datetime, days: int | None, limit_key: str, after_on: date | None = None
) -> date:
    """The last day of a limit in working days from the day of a moment, or from a later day; both are day 0.

    Raises: RefusedError if the number of days is out of bounds; CalendarError where it cannot be counted.
    """
    start_on = clock_day(cursor, at)
    limits = limit_values(cursor, at.date())
    days, most = limits[limit_key] if days is None else days, limits["inquiry_most_days"]
    if not 1 <= days <= most:
        raise RefusedError(f"期限不能是 {days} 个工作日：应在 1 至 {most} 个工作日之间。")
    if after_on is not None and after_on > start_on:
        start_on = after_on
    return store_calendar(cursor, region_code).count(start_on, days).due_on


def newest_numbers(cursor: Cursor) -> dict[str, int]:
    """The newest number of each kind of row, inside the transaction that adds the next one."""
    return cursor.rows(sql_text("data", "queries/newest_inquiry_numbers"))[0]


def add_step(
    cursor: Cursor, actor: Actor, at: datetime, inquiry_no: int, step: str, state: str, fields: Mapping[str, Any],
    files: Sequence[tuple[str, str]] = (), recipient_id: str = "",
) -> int:
    """Keep one signed step inside the caller's transaction, with the files (name, sha256) that stand beside it."""
    numbers = newest_numbers(cursor)
    step_no = numbers["step_no"] + 1
    given = {
        "words_text": "", "measure_text": "", "gap_text": "", "owner_name": "", "due_on": None, "judgement": "",
        "legal_keys": "", "paper_text": "", "paper_on": None, **fields,
    }
    cursor.insert("inquiry_event", [{
        "step_no": step_no, "inquiry_no": inquiry_no, "inquiry_step": step, "inquiry_state": state, **given,
        "happened_at": at, "done_by": actor.name, "done_role": actor.role,
    }])
    cursor.insert("inquiry_file", [
        {"file_no": numbers["file_no"] + place, "step_no": step_no, "inquiry_no": inquiry_no,
         "recipient_id": recipient_id, "file_name": name, "file_sha256": sha256}
        for place, (name, sha256) in enumerate(files, start=1)
    ])
    return step_no


def step_digest(cursor: Cursor, step_no: int) -> dict[str, Any]:
    """What the log keeps of a step: its number, and one digest of all that it says and of its files."""
    rows = cursor.rows(sql_text("data", "queries/inquiry_step"), {"step_no": step_no})
    return {"step_no": step_no, "values_sha256": digest(rows)}
