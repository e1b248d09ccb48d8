"""Say why a unit paid more than it was handed down: before somebody says so, such a rate is not shown."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from dashboard.labels import wan
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import NotFoundError, RefusedError
from data.intake.columns import MAX_TEXT_LENGTH
from data.intake.filled import MIXED_UP_WORDS, is_mixed_up
from data.store import Store, sql_text
from metrics.docking import docked_rows
from metrics.money import money_relations


def explain_rate(
    store: Store, actor: Actor, at: datetime, document_number: str, recipient_id: str, reason: str,
    explained_yuan: Decimal | None,
) -> LogEntry:
    """Keep the reason of a rate over 100 %, and up to which sum paid it holds; the newest counts.

    Earlier reasons stay readable. Where payments are not docked a unit may say it beforehand: its report is refused
    without, and above that sum.

    Raises: RefusedError if the reason is empty, too long or unchanged, if the docked payments are not more than
            what was handed down, or if the sum is not more than that, less than what is docked, or looks like 元
            typed for 万元; NotFoundError if the notice gives the unit nothing.
    """
    require(actor, "explain_rate", recipient_id)
    reason = reason.strip()
    if not reason:
        raise RefusedError("没有写原因。请写明支付为什么大于分配，例如动用了哪一年的结转、收到了哪一笔追加。")
    if len(reason) > MAX_TEXT_LENGTH:
        raise RefusedError(f"原因有 {len(reason)} 字，超过 {MAX_TEXT_LENGTH} 字上限，请精简。")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        found = [
            row for row in docked_rows(
                cursor, sql_text("metrics", "money_execution"), document_number, at, money_relations()
            ) if row["recipient_id"] == recipient_id
        ]
        if not recipient_id or not found:
            raise NotFoundError("这份文件没有给这个单位资金，请核对文号和单位。")
        (standing,) = found
        if standing["paid_yuan"] is not None and standing["paid_yuan"] <= standing["allocated_yuan"]:
            raise RefusedError(
                f"{standing['recipient_name']}的累计支付没有超过分配，执行率不超过 100%，不需要说明原因。"
            )
        fault = _sum_fault(explained_yuan, standing["allocated_yuan"], standing["paid_yuan"])
        if explained_yuan is None or fault:
            raise RefusedError(fault)
        if (reason, explained_yuan) == (standing["reason_text"], standing["explained_yuan"]):
            raise RefusedError("原因和金额没有变化，没有需要保存的内容。")
        newest = cursor.rows(sql_text("data", "queries/newest_reason_no"))[0]["newest_reason_no"]
        cursor.insert("rate_reason", [{
            "reason_no": newest + 1, "document_number": document_number, "recipient_id": recipient_id,
            "reason_text": reason, "explained_yuan": explained_yuan, "entered_at": at, "entered_by": actor.name,
        }])
        return append(cursor, actor, at, "explain_rate", f"{document_number} {recipient_id}", {
            "before": standing["reason_text"], "after": reason,
            "explained_yuan": explained_yuan, "paid_yuan": standing["paid_yuan"],
            "after_yuan": standing["allocated_yuan"],
        })


def _sum_fault(explained_yuan: Decimal | None, allocated_yuan: Decimal, paid_yuan: Decimal | None) -> str:
    """What is wrong with the sum up to which a reason is to hold; '' where nothing is."""
    if explained_yuan is None:
        return "没有写金额。请写明这个原因管到累计支付多少万元，超过这个数要再说明。"
    words = f"说明到的金额 {wan(explained_yuan)} 万元"
    if is_mixed_up(explained_yuan, allocated_yuan):
        return f"{words}，{MIXED_UP_WORDS}。"
    if explained_yuan <= allocated_yuan:
        return f"{words}没有超过分配 {wan(allocated_yuan)} 万元，请填累计支付的金额，连同分配的部分。"
    if paid_yuan is not None and explained_yuan < paid_yuan:
        return f"{words}小于系统里的累计支付 {wan(paid_yuan)} 万元，请把多出的部分都说明。"
    return ""
