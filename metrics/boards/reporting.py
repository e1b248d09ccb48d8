"""数据填报: who owes which report, and what a report would score."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.errors import NotFoundError
from data.store import Store, sql_text
from metrics.boards.definition import Scope, board
from metrics.duties import round_sql
from metrics.scope import end_of_day


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
    with store.reading() as cursor:
        return cursor.frame(
            round_sql(sql_text("data", "queries/duties")), {**scope.key, "round_id": "", "recipient_id": ""}
        )


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


@board(
    page="数据填报",
    title="我的填报任务",
    asks="本单位在所有文件、所有轮次里要报什么，何时到期，到了哪一步",
    formula="每个已开启的轮次一行；剩余天数按日历日数到截止日，当日为 0，已过为负。",
)
def my_duties(store: Store, today: date, recipient_id: str = "") -> pd.DataFrame:
    """What one unit owes in every open round of every notice and fund, by the end of a day; of all where none is named.

    Shape:  one row per unit, notice of the unit and open round.
    Empty:  ``report_version`` and ``report_state`` are empty where nothing was submitted.
    """
    with store.reading() as cursor:
        return cursor.frame(round_sql(sql_text("data", "queries/my_duties")), {
            "document_number": "", "recipient_id": recipient_id, "as_of": end_of_day(today),
        })


@board(
    page="数据填报",
    title="数值变更历史",
    asks="每个填报数是谁在什么时候从多少改成多少，为什么改",
    formula="逐版比较同一指标同一栏的值；原因取退回或重新开放的理由，另附本版写的偏差原因。",
)
def value_history(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """Every change of a reported value between two versions of a unit's report, the newest first.

    Empty:  ``old_text`` or ``new_text`` is empty where a version leaves the value out.
    """
    return store.query("value_history", **scope.key, recipient_id=recipient_id)


@board(
    page="数据填报",
    title="佐证材料",
    asks="这个单位这一轮附了哪些佐证材料",
    formula="每个文件一行；移除的保留记录，标明谁在什么时候移除。",
)
def evidence(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """The files beside one unit's report, the newest first; ``removed_at`` is empty for those that stand."""
    return store.query("evidence_files", **scope.key, recipient_id=recipient_id)


@board(
    page="数据填报",
    title="佐证材料原件",
    asks="一个佐证材料的原件",
    formula="按收到时的字节原样给出。",
)
def evidence_content(store: Store, scope: Scope, recipient_id: str, evidence_no: int) -> bytes:
    """The bytes of one piece of evidence of one unit.

    Raises: NotFoundError if the unit's report of this round has no such file.
    """
    with store.reading() as cursor:
        found = cursor.rows(sql_text("data", "queries/evidence_content"), {
            "document_number": scope.document_number, "round_id": scope.round_id, "recipient_id": recipient_id,
            "evidence_no": int(evidence_no),
        })
    if not found:
        raise NotFoundError("没有找到这个佐证材料，请刷新页面。")
    return bytes(found[0]["content"])

