"""The prefecture's side of a report: check its values, accept or return it, lock it, open it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard import labels
from dashboard.actions.messages import RETURNED as TELL_RETURNED
from dashboard.actions.messages import queue_immediate
from dashboard.actions.report_events import (
    ACCEPTED,
    LOCKED,
    OPEN_TO_REVIEW,
    REOPENED,
    RETURNED,
    add_event,
    require_state,
)
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Cursor, Store
from metrics.boards.definition import Scope
from metrics.checked_values import CONFIRMED, QUESTIONED, checked_values

MIN_RETURN_REASON_LENGTH = 4
MAX_REASON_LENGTH = 500


@dataclass(frozen=True)
class ValueCheck:
    """A reviewer's word on one value: ``verdict`` confirmed or questioned; ``indicator_no`` 0 is the money paid.

    ``seen_check_no`` is the word that the reviewer saw to stand (0 for none), ``seen_evidence`` the files beside the
    value, as the board 逐项核对 names them.
    """

    indicator_no: int
    verdict: str
    reason: str = ""
    seen_check_no: int = 0
    seen_evidence: str = ""


def check_value(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, recipient_id: str,
    indicator_no: int, verdict: str, reason: str = "", *, seen_report_id: str, seen_check_no: int = 0,
    seen_evidence: str = "",
) -> LogEntry:
    """As ``check_values``, for one value."""
    check = ValueCheck(indicator_no, verdict, reason, seen_check_no, seen_evidence)
    return check_values(
        store, actor, at, document_number, round_id, recipient_id, [check], seen_report_id=seen_report_id
    )


def check_values(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, recipient_id: str,
    checks: Sequence[ValueCheck], *, seen_report_id: str,
) -> LogEntry:
    """Keep a reviewer's word on some values of the version looked at; earlier words stay on record.

    Raises: RefusedError with every fault at once if a question has no reason, a value is not in the report, somebody
            else judged it or its files changed meanwhile, or nothing would change; or if the report is not open to
            review, or the unit has sent a newer version.
    """
    require(actor, "check_value", recipient_id)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        report = _report(cursor, document_number, round_id, recipient_id, seen_report_id, "核对", OPEN_TO_REVIEW)
        return _keep_checks(cursor, actor, at, report, [_tidy(check) for check in checks])


def confirm_rest(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, recipient_id: str,
    *, seen_report_id: str, seen_evidence: Mapping[int, str] | None = None,
) -> LogEntry:
    """Confirm every value that nobody has checked as it stands; questions stay open.

    ``seen_evidence`` are the files that the reviewer saw beside each value, none where it names none.

    Raises: RefusedError as ``check_values``, also if no value is left.
    """
    require(actor, "check_value", recipient_id)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        report = _report(cursor, document_number, round_id, recipient_id, seen_report_id, "核对", OPEN_TO_REVIEW)
        seen = seen_evidence or {}
        left = [
            ValueCheck(no, CONFIRMED, seen_evidence=seen.get(no, ""))
            for no in (row["indicator_no"] for row in report["values"] if not row["verdict"])
        ]
        if not left:
            raise RefusedError("各项都已经核对过，没有剩下的。存疑的请逐项改为属实，或退回单位更正。")
        return _keep_checks(cursor, actor, at, report, left)


def accept_report(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, recipient_id: str,
    *, seen_report_id: str,
) -> LogEntry:
    """Accept a report of which every value is confirmed; from then on the unit cannot change it.

    Raises: RefusedError if a value is questioned or not checked yet, the report is not open to review, or the
            unit has sent a newer version.
    """
    require(actor, "accept_report", recipient_id)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        report = _report(cursor, document_number, round_id, recipient_id, seen_report_id, "通过", OPEN_TO_REVIEW)
        _refuse_unconfirmed(report["values"])
        return _move(cursor, actor, at, report, "accept_report", ACCEPTED)


def return_report(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, recipient_id: str,
    reason: str = "", *, seen_report_id: str,
) -> LogEntry:
    """Send a report back to its unit, with the questions asked of its values and a reason for the whole.

    Scores stay as they are: the figures count until they are corrected.

    Raises: RefusedError if there is neither a questioned value nor a reason, the report is not open to review, or
            the unit has sent a newer version.
    """
    require(actor, "return_report", recipient_id)
    reason = _reason(reason, "退回理由")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        report = _report(cursor, document_number, round_id, recipient_id, seen_report_id, "退回", OPEN_TO_REVIEW)
        questions = {row["indicator_no"]: row["check_reason"] for row in report["values"] if _is_questioned(row)}
        if not questions and len(reason) < MIN_RETURN_REASON_LENGTH:
            raise RefusedError(
                f"退回要让单位知道改什么：请把有问题的项记为存疑并写明意见，或写明整份退回的理由"
                f"（不少于 {MIN_RETURN_REASON_LENGTH} 个字）。"
            )
        # The unit has working days to answer: it is told at once, whatever becomes of the message.
        queue_immediate(cursor, TELL_RETURNED, recipient_id, report["report_id"], at)
        return _move(cursor, actor, at, report, "return_report", RETURNED, reason, questions=questions)


def lock_report(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, recipient_id: str,
    *, seen_report_id: str,
) -> LogEntry:
    """Lock one accepted report: neither its figures nor its reviewed scores change any more.

    Raises: RefusedError if it is not accepted, or is not the version looked at.
    """
    (entry,) = lock_reports(store, actor, at, document_number, round_id, {recipient_id: seen_report_id})
    return entry


def lock_reports(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, seen_report_ids: Mapping[str, str],
) -> list[LogEntry]:
    """Lock several accepted reports of a round, or none: one line in the log each.

    ``seen_report_ids`` gives for each unit the version that the person looked at.

    Raises: RefusedError as ``lock_report``, also if no unit is named.
    """
    for recipient_id in seen_report_ids:
        require(actor, "lock_report", recipient_id)
    if not seen_report_ids:
        raise RefusedError("没有选中可以锁定的填报：只有已审核通过的才能锁定。")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        reports = [
            _report(cursor, document_number, round_id, recipient_id, report_id, "锁定", (ACCEPTED,))
            for recipient_id, report_id in seen_report_ids.items()
        ]
        return [_move(cursor, actor, at, report, "lock_report", LOCKED) for report in reports]


def reopen_report(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, recipient_id: str,
    reason: str, *, seen_report_id: str,
) -> LogEntry:
    """Open an accepted or locked report again, so that its unit can correct it; the reason stays on record.

    Raises: RefusedError without a reason, if the report is open anyway, or is not the version looked at.
    """
    require(actor, "reopen_report", recipient_id)
    reason = _reason(reason, "重新开放的理由")
    if len(reason) < MIN_RETURN_REASON_LENGTH:
        raise RefusedError(
            f"请写明为什么重新开放，不少于 {MIN_RETURN_REASON_LENGTH} 个字；理由会告诉单位，并留在记录里。"
        )
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        closed = (ACCEPTED, LOCKED)
        report = _report(cursor, document_number, round_id, recipient_id, seen_report_id, "重新开放", closed)
        return _move(cursor, actor, at, report, "reopen_report", REOPENED, reason)


def _report(
    cursor: Cursor, document_number: str, round_id: str, recipient_id: str, seen_report_id: str, step: str,
    states: tuple[str, ...],
) -> dict[str, Any]:
    """The version that the person looked at, if it is still the newest and in one of the states, with its values."""
    newest = require_state(cursor, document_number, round_id, recipient_id, step, states)
    if newest["report_id"] != seen_report_id:
        raise RefusedError(
            f"这个单位刚刚报送了第 {newest['report_version']} 版，您看的不是最新一版。请刷新页面，看过新数据后再办理。"
        )
    rows = checked_values(cursor, Scope(document_number, round_id, datetime.max.date()), recipient_id)
    return {
        **newest, "subject": f"{document_number} {round_id} {recipient_id}",
        "values": [row for row in rows if not row["is_withdrawn"]],
    }


def _keep_checks(
    cursor: Cursor, actor: Actor, at: datetime, report: dict[str, Any], checks: Sequence[ValueCheck]
) -> LogEntry:
    held = {row["indicator_no"]: row for row in report["values"]}
    faults = [fault for check in checks if (fault := _fault(check, held))]
    if faults:
        raise RefusedError("；".join(faults) + "。")
    new = [check for check in checks if _says_anew(check, held[check.indicator_no])]
    if not new:
        raise RefusedError("没有改动：各项的核对结论和意见与已保存的相同。")
    first_no = int(cursor.query("newest_check_no")["check_no"][0]) + 1
    cursor.insert("value_check", [
        {
            "check_no": first_no + place, "report_id": report["report_id"], "indicator_no": check.indicator_no,
            "verdict": check.verdict, "check_reason": check.reason,
            "evidence_nos_text": held[check.indicator_no]["evidence_nos_text"], "checked_at": at,
            "checked_by": actor.name,
        }
        for place, check in enumerate(new)
    ])
    return append(cursor, actor, at, "check_value", report["subject"], {
        "report_id": report["report_id"],
        "before": {str(check.indicator_no): held[check.indicator_no]["verdict"] for check in new},
        "after": {str(check.indicator_no): check.verdict for check in new},
        "reasons": {str(check.indicator_no): check.reason for check in new if check.reason},
    })


def _fault(check: ValueCheck, held: Mapping[int, dict[str, Any]]) -> str:
    """What is wrong with one check; empty if nothing is."""
    row = held.get(check.indicator_no)
    if row is None:
        return f"第 {check.indicator_no} 项在这一版里没有填报，不能核对，请刷新页面"
    if check.seen_evidence != row["evidence_nos_text"]:
        return f"“{row['short_name']}”的佐证材料刚刚有增减，请刷新页面，看过材料后再核对"
    if check.seen_check_no != row["check_no"]:
        return f"“{row['short_name']}”{_judged(row)}，请刷新页面，看过后再核对"
    if check.verdict not in (CONFIRMED, QUESTIONED):
        return f"“{row['short_name']}”的核对结论不对，请选属实或存疑"
    if check.verdict == QUESTIONED and not check.reason:
        return f"“{row['short_name']}”记为存疑，请写明疑问是什么、要单位改什么"
    if len(check.reason) > MAX_REASON_LENGTH:
        return f"“{row['short_name']}”的意见有 {len(check.reason)} 字，超过 {MAX_REASON_LENGTH} 字上限，请精简"
    return ""


def _judged(row: Mapping[str, Any]) -> str:
    """Who judged a value when and how: 已由古丽娜在 12月26日 12:00 记为存疑（分母偏小）."""
    if not row["check_no"]:
        return "原来的核对结论已经失效"
    reason = f"（{row['check_reason']}）" if row["check_reason"] else ""
    word = labels.VERDICT_MARKS[row["verdict"]].word
    return f"已由{row['checked_by']}在 {labels.moment(row['checked_at'])} 记为{word}{reason}"


def _says_anew(check: ValueCheck, row: dict[str, Any]) -> bool:
    return bool((check.verdict, check.reason) != (row["verdict"], row["check_reason"]))


def _tidy(check: ValueCheck) -> ValueCheck:
    return replace(check, indicator_no=int(check.indicator_no), reason=check.reason.strip())


def _is_questioned(row: dict[str, Any]) -> bool:
    return bool(row["verdict"] == QUESTIONED)


def _refuse_unconfirmed(rows: Sequence[dict[str, Any]]) -> None:
    questioned = [row["short_name"] for row in rows if _is_questioned(row)]
    left = [
        row["short_name"] + ("（核对以后佐证材料有增减）" if row["is_evidence_changed"] else "")
        for row in rows if not row["verdict"]
    ]
    faults = []
    if questioned:
        faults.append(f"有 {len(questioned)} 项存疑：{'、'.join(questioned)}。请退回单位更正，或核实后改为属实")
    if left:
        faults.append(f"还有 {len(left)} 项没有核对：{'、'.join(left)}。请逐项核对，或点“其余全部属实”")
    if faults:
        raise RefusedError(f"还不能通过：{'；'.join(faults)}。")


def _reason(text: str, name: str) -> str:
    reason = text.strip()
    if len(reason) > MAX_REASON_LENGTH:
        raise RefusedError(f"{name}有 {len(reason)} 字，超过 {MAX_REASON_LENGTH} 字上限，请精简。")
    return reason


def _move(
    cursor: Cursor, actor: Actor, at: datetime, report: dict[str, Any], action_name: str, state: str,
    reason: str = "", **more: Any,
) -> LogEntry:
    """Bring the report into another state, on record."""
    add_event(cursor, actor, at, report["report_id"], state, reason)
    return append(cursor, actor, at, action_name, report["subject"], {
        "report_id": report["report_id"], "before": {"report_state": report["report_state"]},
        "after": {"report_state": state}, "reason": reason, **more,
    })
