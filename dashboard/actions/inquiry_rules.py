"""Decide about a rule that proposes 问效单: retire it, keep it although it is below its bar, or restore it."""

from __future__ import annotations

from datetime import datetime

from dashboard.actions.inquiries import newest_numbers, word_faults
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import NotFoundError, RefusedError
from data.store import Store
from metrics.inquiries import DECISION_WORDS, KEEP, RESTORE, RETIRE, RULES, rule_records
from metrics.scope import Scope


def decide_inquiry_rule(
    store: Store, actor: Actor, at: datetime, rule_key: str, decision: str, *, reason: str
) -> LogEntry:
    """Keep a decision about a rule with its reason; earlier ones stay readable.

    Raises: NotFoundError if there is no such rule; RefusedError if the decision changes nothing, or without a reason.
    """
    require(actor, "decide_inquiry_rule")
    if rule_key not in RULES:
        raise NotFoundError(f"没有名为“{rule_key[:40]}”的提议规则，请刷新页面后重新选择。")
    reason = reason.strip()
    faults = word_faults({"理由": reason})
    if decision not in DECISION_WORDS:
        faults.append(f"只能{'、'.join(DECISION_WORDS.values())}")
    if faults:
        raise RefusedError("没有办成：" + "；".join(faults) + "。")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        records = {row["rule_key"]: row for row in rule_records(cursor, Scope("", "", at.date()))}
        record, name = records[rule_key], RULES[rule_key].name
        if decision == RESTORE and record["is_active"]:
            raise RefusedError(f"规则“{name}”正在使用，不需要恢复。")
        if decision == RETIRE and not record["is_active"]:
            raise RefusedError(f"规则“{name}”已经停用。")
        if decision == KEEP and not record["is_up_for_decision"]:
            raise RefusedError(f"规则“{name}”没有提请停用，不需要决定继续使用。")
        cursor.insert("inquiry_rule_change", [{
            "rule_change_no": newest_numbers(cursor)["rule_change_no"] + 1, "rule_key": rule_key,
            "rule_decision": decision, "judged_count": record["judged_count"], "change_reason": reason,
            "changed_at": at, "changed_by": actor.name,
        }])
        return append(cursor, actor, at, "decide_inquiry_rule", rule_key, {
            "rule_decision": decision, "reason": reason, "judged_count": record["judged_count"],
            "upheld_count": record["upheld_count"],
            "before": {"is_active": record["is_active"]}, "after": {"is_active": decision != RETIRE},
        })
