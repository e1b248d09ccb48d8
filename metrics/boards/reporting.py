"""数据填报: who owes which report, and what a report would score."""

from __future__ import annotations

import pandas as pd

from data.store import Store, sql_text, with_relations
from metrics.boards.definition import Scope, board


@board(
    page="数据填报",
    title="填报轮次",
    asks="这份文件开启了哪些填报轮次",
    formula="每轮一行：截至日、开始日、截止日；最近的在前。",
)
def rounds(store: Store, document_number: str) -> pd.DataFrame:
    """The reporting rounds of a notice, the newest period first; no rows before one is opened."""
    return store.query("rounds", document_number=document_number)


@board(
    page="数据填报",
    title="填报情况",
    asks="每个单位每一轮报了没有，报得是否按时",
    formula="首次提交的日期不晚于轮次截止日为按时，以后更正不改变；截止日已过没有提交为逾期未报。",
)
def duties(store: Store, scope: Scope) -> pd.DataFrame:
    """Each unit's report of each round, as known on the day.

    Shape:  one row per recipient and open round.
    Empty:  ``submitted_at`` is empty where nothing was submitted.
    """
    sql = with_relations(sql_text("metrics", "duty"), {"duties": sql_text("data", "queries/duties")})
    with store.reading() as cursor:
        return cursor.frame(sql, {**scope.key, "round_id": ""})


@board(
    page="数据填报",
    title="填报版本",
    asks="这个单位这一轮报过几次，每次是谁在什么时候报的",
    formula="每次提交各一行；最新一版计分，以前的版本保留。",
)
def versions(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """Every version of one unit's report in one round, the newest first."""
    return store.query(
        "report_versions", document_number=scope.document_number, round_id=scope.round_id,
        recipient_id=recipient_id, as_of=scope.as_of,
    )
