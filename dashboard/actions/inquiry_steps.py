"""The life of a 问效单 after it is opened: each function is one step, taken and signed by one person.

What the person saw (``seen_step_no``, the newest step then) is held against what is there: of two people who act at
once, the second is told and decides anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dashboard.actions.inquiries import add_step, due_day, step_digest, word_faults
from dashboard.actions.messages import INQUIRY_RETURNED, queue_immediate
from dashboard.actions.received_files import keep_file, require_plain_name
from dashboard.rights import require
from data.apart import apart
from data.audit import Actor, LogEntry, append, stamp
from data.errors import NotFoundError, RefusedError
from data.files import EVIDENCE_KINDS, checked_sha256
from data.store import Cursor, Store, sql_text
from metrics.inquiries import (
    ACCOUNTABILITY,
    CIRCULATED,
    EXTENDED,
    LADDER_STEPS,
    LADDER_WORDS,
    NEXT_STEPS,
    STEPS,
    Step,
    inquiries_key,
    inquiry_label,
    register_sql,
)

MAX_FILES = 10          # of one step
File = tuple[str, bytes]


def answer_inquiry(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, *, reason: str, measure: str, files: Sequence[File] = (),
    gap: str = "", seen_step_no: int,
) -> LogEntry:
    """Answer for the unit: the reason, the measure, and evidence or why there is none.

    Raises: RefusedError with everything that is missing, or if it is not the unit's turn; FileError for a file that is
            not what its name says; NotFoundError if the unit has no such 问效单.
    """
    require(actor, "answer_inquiry", actor.recipient_id)
    return _of_unit(store, actor, at, "answer_inquiry", "answered", inquiry_no, seen_step_no, files, gap, {
        "words_text": ("原因", reason), "measure_text": ("措施", measure),
    })


def report_rectification(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, *, words: str, files: Sequence[File] = (),
    gap: str = "", seen_step_no: int,
) -> LogEntry:
    """Report for the unit what was put right, with evidence or why there is none.

    Raises: as ``answer_inquiry``.
    """
    require(actor, "report_rectification", actor.recipient_id)
    return _of_unit(store, actor, at, "report_rectification", "rectified", inquiry_no, seen_step_no, files, gap, {
        "words_text": ("整改结果", words),
    })


def return_answer(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, region_code: str, *, reason: str,
    days: int | None = None, seen_step_no: int,
) -> LogEntry:
    """Send an answer back with a reason and a new day to answer by."""
    require(actor, "return_answer")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        return _step(
            cursor, actor, at, "return_answer", "answer_returned", inquiry_no, seen_step_no,
            _worded({"words_text": ("退回的理由", reason)}),
            due_on=due_day(cursor, region_code, at, days, "inquiry_answer_days"),
        )


def find_normal(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, *, words: str, seen_step_no: int
) -> LogEntry:
    """Judge that nothing is wrong, and close."""
    require(actor, "judge_inquiry")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        return _step(
            cursor, actor, at, "judge_inquiry", "found_normal", inquiry_no, seen_step_no,
            _worded({"words_text": ("认定的理由", words)}),
        )


def order_rectification(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, region_code: str, *, words: str, owner: str,
    days: int | None = None, seen_step_no: int,
) -> LogEntry:
    """Judge that the matter is so, and have it put right by somebody by a day."""
    require(actor, "judge_inquiry")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        return _step(
            cursor, actor, at, "judge_inquiry", "rectification_ordered", inquiry_no, seen_step_no,
            _worded({"words_text": ("整改要求", words), "owner_name": ("责任人", owner)}),
            due_on=due_day(cursor, region_code, at, days, "inquiry_rectify_days"),
        )


def return_rectification(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, region_code: str, *, reason: str,
    days: int | None = None, seen_step_no: int,
) -> LogEntry:
    """Send a rectification back with a reason and a new day to have it done by."""
    require(actor, "return_rectification")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        return _step(
            cursor, actor, at, "return_rectification", "rectification_returned", inquiry_no, seen_step_no,
            _worded({"words_text": ("退回的理由", reason)}),
            due_on=due_day(cursor, region_code, at, days, "inquiry_rectify_days"),
        )


def close_inquiry(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, *, words: str, seen_step_no: int
) -> LogEntry:
    """Accept what was put right, and close with an account of it."""
    require(actor, "close_inquiry")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        return _step(
            cursor, actor, at, "close_inquiry", "rectification_accepted", inquiry_no, seen_step_no,
            _worded({"words_text": ("复核结论", words)}),
        )


def refer_inquiry(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, *, words: str, legal_keys: Sequence[str],
    seen_step_no: int,
) -> LogEntry:
    """Hand a matter to whoever holds people to account, on a legal basis that the person chooses.

    Of a unit that has answered it is the person's judgement that the matter is so; one that has not answered by its
    day is referred unheard, which judges nothing.

    Raises: RefusedError without a basis out of ``metrics.inquiries.ACCOUNTABILITY``, or while the unit may
            still answer.
    """
    require(actor, "refer_inquiry")
    chosen = chosen_bases(legal_keys, ACCOUNTABILITY)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        return _step(
            cursor, actor, at, "refer_inquiry", "referred", inquiry_no, seen_step_no,
            {**_worded({"words_text": ("提请问责的理由", words)}), "legal_keys": chosen},
        )


def record_outcome(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, *, words: str, paper: str, paper_on: date | None,
    seen_step_no: int,
) -> LogEntry:
    """Record what came of a referral, by its document and day, and close."""
    require(actor, "record_outcome")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        return _step(
            cursor, actor, at, "record_outcome", "outcome_recorded", inquiry_no, seen_step_no,
            _papered(at, {"words_text": ("处理结果", words), "paper_text": ("处理文书的文号", paper)}, paper_on),
        )


def extend_inquiry(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, region_code: str, *, days: int, reason: str,
    seen_step_no: int,
) -> LogEntry:
    """Give some working days more, from the due day or, where it is over, from today."""
    require(actor, "extend_inquiry")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        held = held_inquiry(cursor, actor, at, inquiry_no)
        due_on = due_day(cursor, region_code, at, days, "inquiry_answer_days", after_on=held["due_on"])
        return _step(
            cursor, actor, at, "extend_inquiry", EXTENDED, inquiry_no, seen_step_no,
            _worded({"words_text": ("延期的理由", reason)}), due_on=due_on,
        )


def record_ladder_act(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, rung: str, *, words: str, paper: str = "",
    paper_on: date | None, seen_step_no: int,
) -> LogEntry:
    """Record that a unit was named in a circular (circulate, with its number) or called in (talk, with who was there;
    a number where there is one).

    Raises: RefusedError if it is neither, or without its words and its day.
    """
    require(actor, "record_ladder_act")
    if rung not in LADDER_STEPS:
        raise RefusedError(f"只有{'、'.join(LADDER_WORDS[name] for name in LADDER_STEPS)}要由人登记。")
    step = LADDER_STEPS[rung]
    asked = {"words_text": ("通报的内容" if step == CIRCULATED else "参加人员和约谈内容", words)}
    if step == CIRCULATED or paper.strip():
        asked["paper_text"] = (f"{STEPS[step].name}的文号", paper)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        return _step(
            cursor, actor, at, "record_ladder_act", step, inquiry_no, seen_step_no, _papered(at, asked, paper_on)
        )


def chosen_bases(legal_keys: Sequence[str], offered: Mapping[str, Any]) -> str:
    """Keys of the law book with commas between them, as they are kept.

    Raises: RefusedError if none is chosen, or one that is not offered.
    """
    if not legal_keys:
        raise RefusedError("没有选依据：请从所列条款中选一条或几条，由你决定适用哪一条。")
    if strange := [key for key in legal_keys if key not in offered]:
        raise RefusedError(f"“{strange[0][:40]}”不在可选的依据里，请从所列条款中选。")
    return ",".join(key for key in offered if key in set(legal_keys))


def held_inquiry(cursor: Cursor, actor: Actor, at: datetime, inquiry_no: int) -> dict[str, Any]:
    """An inquiry as it stands, for somebody whom it concerns.

    Raises: NotFoundError if there is none, or it is another unit's.
    """
    found = None
    if inquiry_no > 0:
        rows = cursor.rows(register_sql(), inquiries_key(at, recipient_id=actor.recipient_id, inquiry_no=inquiry_no))
        found = rows[0] if rows else None
    if found is None:
        raise NotFoundError(f"没有找到{inquiry_label(inquiry_no)}，请刷新页面后重新选择。")
    return found


def _of_unit(
    store: Store, actor: Actor, at: datetime, action_name: str, step_key: str, inquiry_no: int, seen_step_no: int,
    files: Sequence[File], gap: str, asked: Mapping[str, tuple[str, str]],
) -> LogEntry:
    """A step of the unit itself: its words, and evidence or why there is none."""
    gap = "" if files else gap.strip()
    told = word_faults({"没有佐证的原因": gap}) if gap else []
    fields = _worded(asked, told if files or gap else ["没有附佐证材料，也没有写明为什么没有"])
    checked = _checked(files)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        kept = [(name, keep_file(cursor, actor, at, name, content)) for name, content in checked]
        return _step(
            cursor, actor, at, action_name, step_key, inquiry_no, seen_step_no, {**fields, "gap_text": gap}, files=kept
        )


def _checked(files: Sequence[File]) -> list[File]:
    """The files that are what their names say, each once."""
    if len(files) > MAX_FILES:
        raise RefusedError(f"一次最多附 {MAX_FILES} 个文件，现在有 {len(files)} 个，请合并后再附。")
    found: dict[str, File] = {}
    for name, content in files:
        require_plain_name(name)
        found.setdefault(apart(name, checked_sha256, content, name, EVIDENCE_KINDS), (name, content))
    return list(found.values())


def _worded(asked: Mapping[str, tuple[str, str]], more: Sequence[str] = ()) -> dict[str, Any]:
    """Texts that must be there, by their columns; ``more`` are faults beside them.

    Raises: RefusedError with everything that is wrong at once.
    """
    words = {column: text.strip() for column, (_, text) in asked.items()}
    faults = word_faults({name: words[column] for column, (name, _) in asked.items()})
    if faults := [*faults, *more]:
        raise RefusedError("没有办成：" + "；".join(faults) + "。")
    return words


def _papered(at: datetime, asked: Mapping[str, tuple[str, str]], paper_on: date | None) -> dict[str, Any]:
    """As ``_worded``, with the day of the paper or the talk, which may not lie ahead."""
    more = ["没有写日期"] if paper_on is None else ["日期在今天以后"] if paper_on > at.date() else []
    return {**_worded(asked, more), "paper_on": paper_on}


def _step(
    cursor: Cursor, actor: Actor, at: datetime, action_name: str, step_key: str, inquiry_no: int, seen_step_no: int,
    fields: Mapping[str, Any], *, due_on: date | None = None, files: Sequence[tuple[str, str]] = (),
) -> LogEntry:
    """Take a step inside the caller's transaction, from the state that the person saw.

    Raises: RefusedError if somebody acted in between, or the state does not allow it.
    """
    step = STEPS[step_key]
    held = held_inquiry(cursor, actor, at, inquiry_no)
    _require_seen(cursor, at, held, seen_step_no)
    _require_state(held, step)
    after, judgement = step.after or held["inquiry_state"], step.judgement_from(held["inquiry_state"])
    dated = {"due_on": due_on} if due_on else {}
    step_no = add_step(
        cursor, actor, at, inquiry_no, step_key, after, {**fields, **dated, "judgement": judgement}, files,
        held["recipient_id"],
    )
    if step_key in ("answer_returned", "rectification_returned"):
        queue_immediate(cursor, INQUIRY_RETURNED, held["recipient_id"], f"{inquiry_no}-{step_no}", at)
    told = {name: value for name, value in fields.items() if value}
    return append(cursor, actor, at, action_name, f"{held['document_number']} {held['recipient_id']}", {
        "inquiry_no": inquiry_no, "inquiry_step": step_key,
        "before": {"inquiry_state": held["inquiry_state"], "due_on": held["due_on"]},
        "after": {"inquiry_state": after, "due_on": due_on or (held["due_on"] if not step.after else None)},
        **({"judgement": judgement} if judgement else {}), **told,
        **({"files": [name for name, _ in files]} if files else {}), **step_digest(cursor, step_no),
    })


def _require_seen(cursor: Cursor, at: datetime, held: Mapping[str, Any], seen_step_no: int) -> None:
    if held["newest_step_no"] == seen_step_no:
        return
    steps = cursor.rows(sql_text("data", "queries/inquiry_steps"), {"inquiry_no": held["inquiry_no"], "as_of": at})
    newest = steps[-1]
    raise RefusedError(
        f"在你打开以后，{newest['done_by']}已经在{inquiry_label(held['inquiry_no'])}办了"
        f"“{STEPS[newest['inquiry_step']].name}”，请刷新页面，看过再决定。"
    )


def _require_state(held: Mapping[str, Any], step: Step) -> None:
    if held["inquiry_state"] not in step.before:
        raise RefusedError(
            f"现在不能{step.name}：{inquiry_label(held['inquiry_no'])}{NEXT_STEPS[held['inquiry_state']]}。"
        )
    if not step.is_open_to(held):
        raise RefusedError(
            f"现在不能{step.name}：{inquiry_label(held['inquiry_no'])}的答复期限是 {held['due_on']}，还没有过。"
        )
