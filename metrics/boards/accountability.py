"""花钱必问效: who owes an answer, and for what."""

from __future__ import annotations

import pandas as pd

from data.store import Store, sql_text, with_relations
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.boards.standing import unit_effects
from metrics.kept_scores import scores_sql

EFFECT_STATES = ("effective", "money_without_effect", "effect_ahead_of_money", "both_behind", "unknown")


@board(
    page="花钱必问效",
    title="应答清单",
    asks="哪个单位还欠一个说法，欠的是什么",
    formula="截止日已过仍未填报的单位，欠一份填报；未达标而没有写明偏差原因的指标，每项欠一个原因；"
    "填报被退回还没有更正的，欠一次更正；"
    "导入时限由“时效跟踪”催办，不在此列。",
    sources=(law.ASK_FOR_EFFECT_SOURCE, law.SELF_ASSESSMENT_FORM_SOURCE),
)
def owed_answers(store: Store, scope: Scope) -> pd.DataFrame:
    """What each unit still has to answer for in this round.

    Shape:  one row per recipient that owes something, the most first.
    Empty:  no rows where nobody owes anything.
    """
    sql = with_relations(
        sql_text("metrics", "owed"),
        {"score_of_round": scores_sql(), "duties": sql_text("data", "queries/duties")},
    )
    with store.reading() as cursor:
        return cursor.frame(sql, scope.key)


@board(
    page="花钱必问效",
    title="状态计数",
    asks="五种状态各有几个单位",
    formula="按“五种状态”逐单位计数。",
)
def state_counts(store: Store, scope: Scope) -> dict[str, int]:
    """How many units are in each of the five states; every state is there, also with 0."""
    found = unit_effects(store, scope)["effect_state"].value_counts().to_dict()
    return {state: int(found.get(state, 0)) for state in EFFECT_STATES}
