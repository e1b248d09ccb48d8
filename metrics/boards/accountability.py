"""花钱必问效: who owes an answer and for what, how each unit came to where it is, and what an effect costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from statistics import median
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from data.store import Cursor, Store, sql_text, with_relations
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.boards.standing import unit_effects
from metrics.kept_scores import scores_sql
from metrics.outliers import LEAST_CASES, LEAST_PEERS, find_outlier
from metrics.payouts import payout_rows
from metrics.rollup import shown_effect_sql
from metrics.rounds import opened_rounds
from metrics.thresholds import MICRO

Row = dict[str, Any]

EFFECT_STATES = ("effective", "money_without_effect", "effect_ahead_of_money", "both_behind", "unknown")
MOVE_KINDS = ("worse", "silenced", "still_unknown", "sideways", "same", "joined", "told", "better")
COST_STATES = ("counted", "few", "none", "not_docked")

_RATE_COLUMNS = ("execution_micro", "elapsed_micro", "lead_micro", "effect_micro")
_PATH_COLUMNS = (
    "recipient_id", "recipient_name", "recipient_short_name", "display_no", "round_id", "round_name", "round_no",
    "period_end_on", "rule_version", "effect_state", "is_reported", "paid_yuan", "after_yuan", "is_over_unexplained",
    "score_micro", "scored_weight_micro", "weight_micro", *_RATE_COLUMNS, "elapsed_tolerance_micro",
    "effect_from_micro", "before_state", "before_is_reported", "before_paid_yuan", "before_after_yuan",
    "before_score_micro", "before_scored_weight_micro", *(f"before_{name}" for name in _RATE_COLUMNS), "move_kind",
)
_POINT_COLUMNS = (
    "recipient_id", "recipient_name", "recipient_short_name", "display_no", "paid_yuan", "score_micro",
    "scored_weight_micro", "yuan_per_point", "before_round_name", "before_paid_yuan", "before_score_micro",
    "before_yuan_per_point",
)
_COST_COLUMNS = (
    "recipient_id", "recipient_name", "recipient_short_name", "display_no", "aid_kind", "aid_name", "is_monthly",
    "cost_state", "paid_yuan", "person_month_count", "per_head_yuan", "first_month", "last_month", "unnamed_count",
    "unnamed_yuan", "median_yuan", "median_unit_count", "median_share", "standard_yuan", "standard_count",
    "standard_share", "is_fixed", "is_unlike", "distance",
)


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


@board(
    page="花钱必问效",
    title="五种状态的来路",
    asks="每个单位每一轮在哪里，从上一轮的哪里来",
    formula="截至统计截止日已开启的各轮，按数据截至日排列，每一轮按本轮采用的口径版本和本轮的序时进度判定。"
    "执行率＝累计支付÷调整后金额；快慢＝执行率−序时进度，单位为百分点；得分率＝已评指标得分÷已评指标分值；都只舍不入。"
    "执行率超过100%而没有说明原因的，或者超过说明到的金额的，不列执行率。",
    sources=(law.DUAL_MONITORING_SOURCE, law.EXECUTION_RATE_SOURCE, law.OWN_SETTING_SOURCE),
)
def effect_paths(store: Store, scope: Scope) -> pd.DataFrame:
    """Where every unit stood in every round that was open by the day, and in the round before.

    Shape:  one row per recipient and round, by unit in printed order and round in the order of the periods.
    Unit:   元; micro-points; rates in millionths, floored: ``lead_micro`` is the execution rate less the elapsed
            share, ``elapsed_tolerance_micro`` and ``effect_from_micro`` the limits of the round's own rules.
    Empty:  rates where nothing was reported, scored or handed down, and the execution rate also where it is over
            the whole without a reason; never 0. ``before_`` in the first round.
    """
    with store.reading() as cursor:
        rows = _path_rows(cursor, scope)
    return _path_frame(sorted(rows, key=lambda row: (row["display_no"], row["recipient_id"], row["round_no"])))


@board(
    page="花钱必问效",
    title="谁从哪里到了哪里",
    asks="与上一轮相比，谁变差了，谁变好了，谁没有再报",
    formula="同一单位本轮与前一轮（按数据截至日）的状态相比。有效高于钱到效未到、效先于钱，这两种高于双滞后；"
    "钱到效未到与效先于钱之间不分高下，互换的列为“换了一头”。变差的在前，其次是本轮不能判断的，"
    "再次是仍没有到位的；变好的、仍然有效的在后。只报过其中一轮的不比较，点名列出。",
    sources=(law.DUAL_MONITORING_SOURCE, law.OWN_SETTING_SOURCE),
)
def movements(store: Store, scope: Scope) -> pd.DataFrame:
    """Where every unit went between the round before and this one, the worst move first.

    Shape:  one row per recipient; the columns of ``effect_paths``; ``move_kind`` is one of ``MOVE_KINDS``.
    Empty:  no rows in the first round.
    """
    with store.reading() as cursor:
        rows = _path_rows(cursor, scope)
    return _path_frame([row for row in rows if row["round_id"] == scope.round_id and row["move_kind"]])


def _path_rows(cursor: Cursor, scope: Scope) -> list[Row]:
    """The rows of ``effect_path.sql``, the worst move of each round first."""
    opened = opened_rounds(cursor, scope)
    if not opened:
        return []
    cursor.lend("lent_effect_of_round", pa.concat_tables([
        cursor.arrow(shown_effect_sql(), {**scope.key, "round_id": row["round_id"]}) for row in opened
    ]))
    cursor.lend("lent_effect_round", pa.Table.from_pylist([
        {"round_no": number, **{name: row[name] for name in ("round_id", "round_name", "period_end_on")}}
        for number, row in enumerate(opened, start=1)
    ]))
    return cursor.rows(with_relations(sql_text("metrics", "effect_path"), {
        "effect_of_round": "SELECT * FROM lent_effect_of_round",
        "effect_round": "SELECT * FROM lent_effect_round",
        "unit_money": sql_text("data", "queries/unit_money"),
        "rule": sql_text("data", "queries/rule"),
    }), {"document_number": scope.document_number})


def _path_frame(rows: list[Row]) -> pd.DataFrame:
    table = pd.DataFrame(
        [{**row, **_rates(row), **_rates(row, "before_")} for row in rows], columns=list(_PATH_COLUMNS)
    )
    whole = [name for name in _PATH_COLUMNS if name.endswith("_micro")]
    return table.astype(dict.fromkeys(whole, "Int64"))


def _rates(row: Mapping[str, Any], head: str = "") -> Row:
    """The rates of one row in millionths, floored; ``head`` is the head of the columns that they are made from."""
    paid, after = row[f"{head}paid_yuan"], row[f"{head}after_yuan"]
    days, year = row[f"{head}elapsed_days"], row[f"{head}year_days"]
    score, weight = row[f"{head}score_micro"], row[f"{head}scored_weight_micro"]
    is_known = paid is not None and after is not None and after > 0 and not row[f"{head}is_over_unexplained"]
    execution = Fraction(paid) / Fraction(after) if is_known else None
    elapsed = Fraction(days, year) if year else None
    return {
        f"{head}execution_micro": None if execution is None else execution * MICRO // 1,
        f"{head}elapsed_micro": None if elapsed is None else elapsed * MICRO // 1,
        f"{head}lead_micro": None if execution is None or elapsed is None else (execution - elapsed) * MICRO // 1,
        f"{head}effect_micro": Fraction(score, weight) * MICRO // 1 if weight else None,
    }


@board(
    page="花钱必问效",
    title="每分花了多少钱",
    asks="花出去的钱，平均每得一分用了多少",
    formula="累计支付÷已评指标得分。得分说的是目标完成得怎样，不是办了多少事：钱多的单位每分自然用得多，"
    "单位之间不能拿来排名；支付是全年累计的，各轮自然增加。没有填报支付数的、没有得分的不列。",
    sources=(law.OWN_SETTING_SOURCE,),
)
def cost_per_point(store: Store, scope: Scope) -> pd.DataFrame:
    """What a point of effect cost each unit in this round, and in the round before.

    Shape:  one row per recipient, in printed order.
    Unit:   元 a point; micro-points.
    Empty:  where no payment was reported or nothing was scored above 0.
    """
    with store.reading() as cursor:
        rows = _path_rows(cursor, scope)
    names = {row["round_no"]: row["round_name"] for row in rows}
    found = [
        {
            **row, "yuan_per_point": _per_point(row), "before_yuan_per_point": _per_point(row, "before_"),
            "before_round_name": names.get(row["round_no"] - 1, ""),
        }
        for row in sorted(rows, key=lambda row: (row["display_no"], row["recipient_id"]))
        if row["round_id"] == scope.round_id
    ]
    return pd.DataFrame(found, columns=list(_POINT_COLUMNS))


def _per_point(row: Mapping[str, Any], head: str = "") -> float | None:
    paid, score = row[f"{head}paid_yuan"], row[f"{head}score_micro"]
    return float(Fraction(paid) * MICRO / score) if paid is not None and score else None


@board(
    page="花钱必问效",
    title="每人每月花了多少钱",
    asks="同一类救助，每人每月各单位发了多少，与中位数、与标准比怎样",
    formula="一体化系统发放明细里，发放成功的金额÷发放成功的人月；人月按人、月份、类别去重，冲销以后仍有余额的才算，"
    "分子分母是同一些人月；没有证件号码的行两边都不算，另列。算到本轮数据截至日（晚于统计截止日的算到统计截止日）。"
    "中位数取人月不少于二十的单位，不足五个单位不取；与其余单位（至少五个）的中位数相差不少于百分之五，且修正的标准分数"
    "（零点六七四五乘以离差，除以离差绝对值的中位数）大于三点五的，请单位核实。标准为同一些人月当月登记的标准相加再平均；"
    "低保按差额补助，低于标准是正常的。",
    sources=(law.MONTHLY_PAYOUT_SOURCE, law.REAL_NAME_SOURCE, law.OWN_SETTING_SOURCE),
)
def cost_per_head(store: Store, scope: Scope) -> pd.DataFrame:
    """What a person and month of each kind of aid cost each unit, beside the other units and the standard.

    Shape:  one row per recipient and kind of aid that any unit paid: the kind with the most money first, then the
            dearest unit; those without a figure last.
    Unit:   元; ``person_month_count`` persons by month; shares are ratios. ``cost_state`` is one of ``COST_STATES``.
    Empty:  no rows where nothing is docked; figures where nobody was paid; the median where fewer than five
            units can be compared: of two it would tell each the other's figure.
    """
    with store.reading() as cursor:
        rounds = cursor.rows(sql_text("data", "queries/rounds"), {"document_number": scope.document_number})
        ends = [row["period_end_on"] for row in rounds if row["round_id"] == scope.round_id]
        until_on = min([*ends, scope.as_of_on])
        rows = payout_rows(cursor, sql_text("metrics", "cost_per_head"), scope, until_on)
    of_kind: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_kind[row["aid_kind"]].append(row)
    weight = {kind: sum(row["paid_yuan"] or 0 for row in units) for kind, units in of_kind.items()}
    kinds = sorted(of_kind, key=lambda kind: (-weight[kind], kind))
    return pd.DataFrame([row for kind in kinds for row in _compared(of_kind[kind])], columns=list(_COST_COLUMNS))


def _compared(units: list[Row]) -> list[Row]:
    """The units of one kind of aid, each beside the others, the dearest first."""
    heads = {
        row["recipient_id"]: Fraction(row["paid_yuan"]) / row["person_month_count"]
        for row in units if row["person_month_count"]
    }
    states = {row["recipient_id"]: _cost_state(row) for row in units}
    compared = {key: head for key, head in heads.items() if states[key] == "counted"}
    middle = median(compared.values()) if len(compared) >= LEAST_PEERS else None
    found = []
    for row in units:
        key = row["recipient_id"]
        head: Fraction | None = heads.get(key)
        # In percent of the median, so that the least distance of a hint means the same for every kind of aid.
        others = [other * 100 / middle for each, other in compared.items() if each != key] if middle else []
        unlike = find_outlier(compared[key] * 100 / middle, others, LEAST_PEERS) if middle and key in compared else None
        standard = Fraction(row["standard_sum_yuan"]) / row["standard_count"] if row["standard_count"] else None
        found.append({
            **row,
            "cost_state": states[key],
            "per_head_yuan": None if head is None else float(head),
            "median_yuan": None if middle is None else float(middle),
            "median_unit_count": len(compared),
            "median_share": None if head is None or middle is None else float(head / middle),
            "standard_yuan": None if standard is None else float(standard),
            "standard_share": float(Fraction(row["standard_paid_yuan"]) / Fraction(row["standard_sum_yuan"]))
            if row["standard_sum_yuan"] else None,
            "is_unlike": unlike is not None,
            "distance": float(unlike.distance) if unlike and unlike.distance is not None else None,
        })
    return sorted(found, key=lambda row: (-(row["per_head_yuan"] or 0), row["display_no"]))


def _cost_state(row: Row) -> str:
    if row["person_month_count"] >= LEAST_CASES:
        return "counted"
    if row["person_month_count"]:
        return "few"
    return "none" if row["is_docked"] else "not_docked"
