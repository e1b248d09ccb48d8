"""What a 问效单 comes to against the unit's money, decided by a person and lifted by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from dashboard.actions.inquiries import newest_numbers, word_faults
from dashboard.actions.inquiry_steps import chosen_bases, held_inquiry
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import NotFoundError, RefusedError
from data.store import Cursor, Store, sql_text
from metrics.explain import show_number
from metrics.inquiries import CONSEQUENCE_BASES, CONSEQUENCE_WORDS, NEXT_YEAR, inquiry_label
from metrics.inquiry_money import money_left
from metrics.scope import Scope

# More than any budget holds: beyond it an amount does not fit the store.
MOST_YUAN = Decimal(10) ** 14


def decide_consequence(
    store: Store, actor: Actor, at: datetime, inquiry_no: int, kind: str, *, amount_yuan: Decimal | None = None,
    factor: str = "", legal_keys: Sequence[str], reason: str,
) -> LogEntry:
    """Suspend or recover an amount, or note a factor for next year's allocation.

    Raises: RefusedError with everything that is wrong at once; if the matter was neither found to be so nor is
            overdue; if the amount is more than what the unit has left.
    """
    require(actor, "decide_consequence")
    if kind not in CONSEQUENCE_WORDS:
        raise RefusedError(f"处理只有{'、'.join(CONSEQUENCE_WORDS.values())}三种，请重新选择。")
    reason, factor = reason.strip(), factor.strip()
    faults = word_faults({"理由": reason, **({"下年怎样考虑": factor} if kind == NEXT_YEAR else {})})
    if kind == NEXT_YEAR:
        amount_yuan = None
    elif amount_yuan is None or not amount_yuan.is_finite() or not 0 < amount_yuan < MOST_YUAN:
        faults.append("没有写金额，或者金额不大于零、过大")
    elif amount_yuan != round(amount_yuan, 2):
        faults.append("金额不足一分的部分写不进账，请写到分")
    if faults:
        raise RefusedError(f"{CONSEQUENCE_WORDS[kind]}没有办成：" + "；".join(faults) + "。")
    chosen = chosen_bases(legal_keys, CONSEQUENCE_BASES)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        held = held_inquiry(cursor, actor, at, inquiry_no)
        if not held["has_ground"]:
            raise RefusedError(
                f"{inquiry_label(inquiry_no)}还没有认定属实，也没有逾期，不能决定{CONSEQUENCE_WORDS[kind]}。"
            )
        if amount_yuan is not None:
            _require_left(cursor, Scope(held["document_number"], "", at.date()), held["recipient_id"], amount_yuan)
        number = newest_numbers(cursor)["consequence_no"] + 1
        cursor.insert("consequence", [{
            "consequence_no": number, "inquiry_no": inquiry_no, "consequence_kind": kind, "amount_yuan": amount_yuan,
            "factor_text": factor if kind == NEXT_YEAR else "", "legal_keys": chosen, "consequence_reason": reason,
            "decided_at": at, "decided_by": actor.name,
        }])
        return append(
            cursor, actor, at, "decide_consequence", f"{held['document_number']} {held['recipient_id']}", {
                "inquiry_no": inquiry_no, "consequence_no": number, "legal_keys": chosen, "reason": reason,
                "before": None,
                "after": {"consequence_kind": kind, "amount_yuan": amount_yuan, "factor_text": factor},
            },
        )


def lift_consequence(store: Store, actor: Actor, at: datetime, consequence_no: int, *, reason: str) -> LogEntry:
    """Let a consequence hold no longer; the record stays.

    Raises: NotFoundError if there is none; RefusedError if it was lifted already, or without a reason.
    """
    require(actor, "lift_consequence")
    reason = reason.strip()
    if faults := word_faults({"解除的理由": reason}):
        raise RefusedError("没有解除：" + "；".join(faults) + "。")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        rows = cursor.rows(sql_text("data", "queries/inquiry_consequences"), {"document_number": "", "as_of": at})
        held = next((row for row in rows if row["consequence_no"] == consequence_no), None)
        if held is None:
            raise NotFoundError(f"没有第 {consequence_no} 项处理，请刷新页面后重新选择。")
        if held["lifted_at"] is not None:
            raise RefusedError(f"第 {consequence_no} 项处理已由{held['lifted_by']}解除，请刷新页面。")
        cursor.insert("consequence_lift", [{
            "consequence_no": consequence_no, "lift_reason": reason, "lifted_at": at, "lifted_by": actor.name,
        }])
        return append(
            cursor, actor, at, "lift_consequence", f"{held['document_number']} {held['recipient_id']}", {
                "inquiry_no": held["inquiry_no"], "consequence_no": consequence_no, "reason": reason,
                "before": {"consequence_kind": held["consequence_kind"], "amount_yuan": held["amount_yuan"]},
                "after": None,
            },
        )


def _require_left(cursor: Cursor, scope: Scope, recipient_id: str, amount_yuan: Decimal) -> None:
    left = next((row for row in money_left(cursor, scope) if row["recipient_id"] == recipient_id), None)
    free = Decimal(0) if left is None else Decimal(left["free_yuan"])
    if amount_yuan > free:
        raise RefusedError(
            f"金额 {show_number(amount_yuan / 10_000)} 万元超过了可以处理的 {show_number(free / 10_000)} 万元"
            "（调整后金额减去累计支付，再减去已暂缓、已收回的），请减少后再办。"
        )
