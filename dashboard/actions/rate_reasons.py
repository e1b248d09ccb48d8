"""Say why a unit paid more than it was handed down: before somebody says so, such a rate is not shown."""

from __future__ import annotations

from datetime import datetime

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import NotFoundError, RefusedError
from data.intake.columns import MAX_TEXT_LENGTH
from data.store import Store, sql_text
from metrics.docking import docked_rows
from metrics.money import money_relations


def explain_rate(
    store: Store, actor: Actor, at: datetime, document_number: str, recipient_id: str, reason: str
) -> LogEntry:
    """Keep the reason of a rate over 100 %; earlier reasons stay readable, the newest counts.

    Where payments are not docked a unit may say it beforehand: its report is refused without.

    Raises: RefusedError if the reason is empty, too long or unchanged, or if the docked payments are not more than
            what was handed down; NotFoundError if the notice gives the unit nothing.
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
        if reason == standing["reason_text"]:
            raise RefusedError("原因没有变化，没有需要保存的内容。")
        newest = cursor.rows(sql_text("data", "queries/newest_reason_no"))[0]["newest_reason_no"]
        cursor.insert("rate_reason", [{
            "reason_no": newest + 1, "document_number": document_number, "recipient_id": recipient_id,
            "reason_text": reason, "entered_at": at, "entered_by": actor.name,
        }])
        return append(cursor, actor, at, "explain_rate", f"{document_number} {recipient_id}", {
            "before": standing["reason_text"], "after": reason,
            "paid_yuan": standing["paid_yuan"], "after_yuan": standing["allocated_yuan"],
        })
