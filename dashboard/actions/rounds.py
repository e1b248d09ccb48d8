"""Open a reporting round of a notice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Cursor, Store, sql_text
from metrics.indicators import round_weights
from metrics.refresh import refresh_scores
from metrics.rulebook import rules_of_round, version_in_force


@dataclass(frozen=True)
class RoundPlan:
    """A round as the prefecture sets it up."""

    round_id: str
    round_name: str
    period_end_on: date
    opens_on: date
    due_on: date


def open_round(
    store: Store, actor: Actor, at: datetime, document_number: str, plan: RoundPlan, region_code: str
) -> LogEntry:
    """Open a round: every unit of the notice then owes a report by the due date.

    Raises: RefusedError if the notice is not published, the round exists, or its dates do not fit.
    """
    require(actor, "open_round")
    if plan.due_on < plan.opens_on:
        raise RefusedError("填报截止日早于开始日，请改正后再开启。")
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}", plan.round_id):
        raise RefusedError("轮次代码应为 1 至 20 位字母、数字或 . _ -，例如 2021-12。")
    if not plan.round_name.strip() or not plan.round_name.isprintable():
        raise RefusedError("轮次名称不能为空，也不能有换行、控制符等看不见的字符，例如 2021年12月。")
    if len(plan.round_name) > 30:
        raise RefusedError("轮次名称最多 30 个字，请写短一些，例如 2021年12月。")
    with store.transaction() as cursor:
        if cursor.query("notice_publication", document_number=document_number).empty:
            raise RefusedError(f"{document_number} 还没有发布，请先在“资金文件”中发布。")
        header = cursor.query("notice_header", document_number=document_number)
        first = header["fiscal_year"].fillna(header["dated_on"].dt.year)[0]
        if not first <= plan.period_end_on.year <= at.year + 1:
            raise RefusedError(
                f"数据截至日 {plan.period_end_on:%Y-%m-%d} 不在这笔资金的年度内（{first:.0f}年起），请核对年份。"
            )
        rounds = cursor.query("rounds", document_number=document_number)
        if plan.round_id in set(rounds["round_id"]):
            raise RefusedError(f"轮次 {plan.round_id} 已经开启，不需要重复开启。")
        at = stamp(cursor, at)
        cursor.insert("round", [{
            "document_number": document_number,
            "round_id": plan.round_id,
            "round_name": plan.round_name,
            "period_end_on": plan.period_end_on,
            "opens_on": plan.opens_on,
            "due_on": plan.due_on,
            "opened_at": at,
            "opened_by": actor.name,
            "rule_version": version_in_force(cursor, plan.period_end_on).version,
        }])
        fix_weights(cursor, document_number, plan.round_id)
        refresh_scores(cursor, document_number, plan.round_id, at, region_code)
        return append(cursor, actor, at, "open_round", f"{document_number} {plan.round_id}", {
            "before": None, "after": {
                "round_name": plan.round_name, "period_end_on": plan.period_end_on, "opens_on": plan.opens_on,
                "due_on": plan.due_on,
            },
        })


def fix_weights(cursor: Cursor, document_number: str, round_id: str) -> None:
    """Fix the weights of a round's indicators, by the notice and by the round's version of the rule book."""
    key = {"document_number": document_number, "round_id": round_id}
    rules = rules_of_round(cursor, document_number, round_id)
    weights = round_weights(
        cursor.rows(sql_text("data", "queries/indicators"), {"document_number": document_number}), rules.values
    )
    cursor.run(sql_text("data", "writes/drop_round_weights"), key)
    cursor.insert("round_weight", [
        {**key, "indicator_no": number, "weight_micro": weight} for number, weight in weights.items()
    ])
