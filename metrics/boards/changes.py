"""偏差跟踪: when a state changed, from what to what, and what changed it."""

from __future__ import annotations

import pandas as pd

from data.store import Store, sql_text, with_relations
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.kept_scores import score_events_sql

CAUSES = ("value_changed", "target_changed", "rule_changed", "receipt_changed", "time_passed", "review")


@board(
    page="偏差跟踪",
    title="变化记录",
    asks="哪项指标什么时候从什么状态变成了什么状态，是什么引起的",
    formula="同一单位同一指标，按各轮数据截至日和发生时间排成一列，前后两个状态不同的记一行；"
    "前后两次有什么不同就列什么：填报数据、目标、口径或分值、收文或导入登记，不止一样不同的全部列出，不分主次；"
    "由复核引起的写复核，什么都没有变的为期限已过。"
    "开启轮次时的未到期等状态不算变化；复核改变得分而不改变状态的也记一行。",
    sources=(law.DUAL_MONITORING_SOURCE,),
)
def state_changes(store: Store, scope: Scope, recipient_id: str = "") -> pd.DataFrame:
    """Every change of a state in all rounds of the notice up to the day, the newest first; of one unit where named.

    Shape:  one row per change; ``causes`` is a tuple out of ``CAUSES``, of more than one where more than one
            thing differs.
    Unit:   micro-points.
    Empty:  points are empty in the missing states; ``old_round_name`` is '' where the change is within a round.
    """
    sql = with_relations(sql_text("metrics", "state_change"), {"score_event": score_events_sql()})
    with store.reading() as cursor:
        table = cursor.frame(sql, {"document_number": scope.document_number, "as_of": scope.as_of})
    table["causes"] = [tuple(text.split(",")) for text in table["causes"]]
    return table[table["recipient_id"] == recipient_id].reset_index(drop=True) if recipient_id else table
