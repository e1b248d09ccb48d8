"""州级汇总: what the units' reports come to for the prefecture as a whole, who is left out, and which grade it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from data.store import Cursor, Store, sql_text
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.clocks import clock_sql
from metrics.explain import explain, show_number
from metrics.indicators import REGION_ID
from metrics.reported import actual_words
from metrics.rollup import (
    money_totals_sql,
    parts_sql,
    region_input_sql,
    region_score_sql,
    region_total_sql,
    rollup_input_sql,
    total_sql,
    unit_standing_sql,
)
from metrics.score_states import MISSED_STATES, MISSING_STATES, REACHED_STATES

Row = dict[str, Any]

LENT = "SELECT * FROM lent_rollup_input"

NO_RECEIPT = "州本级收文时间未登记，算不出截止日，暂不计分；请在“时效跟踪”中登记州本级收到上级文件的时间。"
# What the sentence adds to a target that is judged over units.
ROLLED_WORDS = {
    "all_hold": "（每个单位都要达到）", "unit_share": "（按达标单位占比）",
    "weighted_share": "（各单位比例按金额加权）", "weighted_mean": "（各单位按金额加权）",
}
NOT_ENTERED = "这项指标由州本级填报，还没有填；请在本页下方填写。"


@dataclass(frozen=True)
class RegionTotal:
    """The prefecture's own score with all that it leaves out.

    Unit:   micro-points; ``points_micro`` out of 100 points of what could be scored. 元. ``coverage_micro`` in
            millionths: how much of the whole weight the counted units stand for.
    Empty:  points are None where nothing was scored, the grade also where too little was or too few units count; the
            execution rate where nobody reported, or over the whole without a reason.
    """

    points_micro: int | None
    grade: str | None
    coverage_micro: int | None
    coverage_from_micro: int | None
    is_covered: bool
    score_micro: int
    scored_weight_micro: int
    weight_micro: int
    scored_share: Decimal | None
    execution_score_micro: int | None
    execution_weight_micro: int | None
    paid_yuan: Any
    base_yuan: Any
    execution_rate: Decimal | None
    is_over_unexplained: bool
    is_behind_milestone: bool | None
    met_count: int
    missed_count: int
    unknown_count: int
    spared_count: int
    unknown_names: tuple[str, ...]
    silent_names: tuple[str, ...]


@board(
    page="州级汇总",
    title="州级各项指标",
    asks="全州每项指标完成多少、达没达到州的目标、哪些单位没有算进去",
    formula="计数相加；比率＝各单位分子之和÷分母之和；单位占比＝达标单位数÷可判定单位数；标准类要每个单位都达到；"
    "定性指标的比例按调整后金额加权平均，只舍不入；由州本级填报的取最新一次登记。"
    "没有填报、未到期、缺上年数、待人工判定、不适用的单位从分子分母中同时去掉并列出名单；"
    "总量缺单位时与已计入单位各自目标之和比较，它们没有各自的目标则不判定；"
    "汇总后的数按与单位相同的计分规则、对照州的目标判定；全部单位都没有数的为未填报，不按0计。",
    sources=(law.ROLL_UP_SOURCE, law.SCORE_REACHED_SOURCE, law.SCORE_PROPORTION_SOURCE),
)
def region_scores(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """How the prefecture stands on every indicator, with both sides of each figure.

    Shape:  one row per indicator, in printed order; ``counted_count`` units are in the figure, ``left_out`` maps
            the names of the others to their state, ``spared`` names those to which it does not apply.
    Unit:   micro-points; figures as reported, as Decimal.
    Empty:  no rows before a round is open; score is empty in the missing states.
    """
    with store.reading() as cursor:
        _lend_rollup_input(cursor, scope, region_code)
        rows = _region_rows(cursor, scope)
        parts = _parts(cursor, scope)
    for row in rows:
        mine = [part for part in parts if part["indicator_no"] == row["indicator_no"]]
        units = [part for part in mine if part["recipient_id"] != REGION_ID]
        left_out = [part for part in units if not part["is_counted"]]
        row["sentence"] = _sentence(row, mine)
        row["actual_text"] = actual_words(row)
        row["counted_count"] = len(units) - len(left_out)
        row["left_out"] = {
            part["recipient_name"]: part["left_out_state"]
            for part in left_out if part["left_out_state"] != "not_applicable"
        }
        row["spared"] = [
            part["recipient_name"] for part in left_out if part["left_out_state"] == "not_applicable"
        ]
    columns = [
        "indicator_no", "indicator_name", "short_name", "dimension", "measure", "entry_kind", "unit_text",
        "rollup_method", "numerator_label", "denominator_label",
        "target_text", "state", "numerator", "denominator", "value", "prior_value", "band_share", "score_micro",
        "weight_micro", "actual_text", "sentence", "counted_count", "left_out", "spared",
    ]
    return pd.DataFrame([{name: row[name] for name in columns} for row in rows], columns=columns, dtype=object)


@board(
    page="州级汇总",
    title="州级总分与等级",
    asks="全州得多少分、是什么等级、还有哪些指标和单位没有算进去",
    formula="总分＝各项指标得分与执行率得分之和；折合百分＝总分×100÷已评分值，舍去尾数；"
    "执行率＝已填报单位累计支付之和÷已填报单位调整后金额之和；"
    "覆盖面＝（各项指标分值×计入单位数÷适用单位数之和＋执行率分值×已填报单位资金÷全部资金）÷应评分值；"
    "等级按左闭右开的界限（如90分为优）；已评分值占比或覆盖面低于下限的不评等级，得分照样列出。",
    sources=(law.GRADE_SOURCE, law.EXECUTION_SCORE_SOURCE, law.ROLL_UP_SOURCE),
)
def region_total(store: Store, scope: Scope, region_code: str) -> RegionTotal | None:
    """The prefecture's score, its grade and what is missing; None before a round is open."""
    with store.reading() as cursor:
        _lend_rollup_input(cursor, scope, region_code)
        standing, rule = unit_standing_sql(), sql_text("data", "queries/rule")
        found = cursor.rows(region_total_sql(LENT, standing, rule), scope.key)
        states = [(row["short_name"], row["state"]) for row in _region_rows(cursor, scope)]
        units = cursor.rows(standing, scope.key)
        names = _unit_names(cursor, scope)
        is_over = cursor.rows(money_totals_sql(), scope.key)[0]["is_over_unexplained"]
    if not found or not states:
        return None
    row = found[0]
    silent = {unit["recipient_id"] for unit in units if unit["paid_yuan"] is None}
    unknown = tuple(name for name, state in states if state in MISSING_STATES and state != "not_applicable")
    return RegionTotal(
        points_micro=row["points_micro"],
        grade=row["grade"],
        coverage_micro=row["coverage_micro"],
        coverage_from_micro=row["coverage_from_micro"],
        is_covered=row["is_covered"],
        score_micro=row["total_score_micro"],
        scored_weight_micro=row["total_scored_weight_micro"],
        weight_micro=row["total_weight_micro"],
        scored_share=_share(row["total_scored_weight_micro"], row["total_weight_micro"]),
        execution_score_micro=row["execution_score_micro"],
        execution_weight_micro=row["execution_weight_micro"],
        paid_yuan=row["paid_yuan"],
        base_yuan=row["after_yuan"] if row["paid_yuan"] is not None else None,
        execution_rate=None if row["paid_yuan"] is None or is_over else _share(row["paid_yuan"], row["after_yuan"]),
        is_over_unexplained=is_over,
        is_behind_milestone=row["is_behind_milestone"],
        met_count=sum(state in REACHED_STATES for _, state in states),
        missed_count=sum(state in MISSED_STATES for _, state in states),
        unknown_count=len(unknown),
        spared_count=sum(state == "not_applicable" for _, state in states),
        unknown_names=unknown,
        silent_names=tuple(name for recipient_id, name in names.items() if recipient_id in silent),
    )


@board(
    page="州级汇总",
    title="各单位总分与等级",
    asks="每个单位连同执行率一共得多少分、是什么等级",
    formula="总分＝各项指标得分（有复核的取复核分）＋执行率得分；执行率得分＝分值×执行率，执行率＝累计支付÷调整后金额，不超过上限；"
    "折合百分＝总分×100÷已评分值，舍去尾数；等级按左闭右开的界限；已评分值占比低于下限的不评等级。",
    sources=(law.GRADE_SOURCE, law.EXECUTION_SCORE_SOURCE, law.EXECUTION_RATE_SOURCE),
)
def unit_totals(store: Store, scope: Scope) -> pd.DataFrame:
    """Every unit's total, execution and grade, the most points first.

    Shape:  one row per recipient; equal points in printed order, units without a grade last.
    Unit:   micro-points, 元; exact values as Decimal or int.
    Empty:  no rows before the round is open; points are empty where nothing was scored, execution where no payment
            was reported.
    """
    with store.reading() as cursor:
        names = _unit_names(cursor, scope) if _is_open(cursor, scope) else {}
        sql = total_sql(unit_standing_sql(), sql_text("data", "queries/rule"))
        rows = {row["recipient_id"]: row for row in cursor.rows(sql, scope.key)}
    found = [{"recipient_name": name, **rows[key]} for key, name in names.items() if key in rows]
    found.sort(key=lambda row: (row["grade"] is None, -(row["points_micro"] or 0)))
    columns = [
        "recipient_id", "recipient_name", "is_reported", "after_yuan", "paid_yuan", "score_micro",
        "scored_weight_micro", "weight_micro", "execution_score_micro", "execution_weight_micro",
        "total_score_micro", "total_scored_weight_micro", "total_weight_micro", "points_micro", "grade",
    ]
    return pd.DataFrame([{name: row[name] for name in columns} for row in found], columns=columns, dtype=object)


@board(
    page="州级汇总",
    title="一项指标的构成",
    asks="全州的这个数是哪些单位凑成的，各占多少",
    formula="逐单位列出算进汇总的分子、分母、数值或比例与权重；没有算进去的写明状态。",
    sources=(law.ROLL_UP_SOURCE,),
)
def contributions(store: Store, scope: Scope, region_code: str, indicator_no: int) -> pd.DataFrame:
    """What each unit adds to one figure of the prefecture.

    Shape:  one row per recipient, in printed order; of an indicator that the prefecture reports itself none.
    Unit:   as reported; ``after_yuan`` is the weight where the method weighs by money.
    """
    with store.reading() as cursor:
        _lend_rollup_input(cursor, scope, region_code)
        parts = [
            part for part in _parts(cursor, scope)
            if part["indicator_no"] == indicator_no and part["recipient_id"] != REGION_ID
        ]
    columns = [
        "recipient_id", "recipient_name", "rolled_as", "state", "is_counted", "left_out_state", "is_reached",
        "numerator", "denominator", "value", "prior_value", "band_share", "after_yuan",
    ]
    return pd.DataFrame([{name: part[name] for name in columns} for part in parts], columns=columns, dtype=object)


@board(
    page="州级汇总",
    title="州本级登记",
    asks="州本级自己填的指标，是谁在什么时候填的",
    formula="每次登记各一行，最新一次计分，以前的保留。",
)
def own_entries(store: Store, scope: Scope) -> pd.DataFrame:
    """What the prefecture entered itself, the newest first; no rows before anybody did."""
    return store.query("region_entries", **scope.key)


@board(
    page="州级汇总",
    title="州本级填报的指标",
    asks="哪些指标由州本级自己填报",
    formula="汇总方式为由州本级计算、又不由收文与导入时间自动得出的指标。",
)
def own_indicators(store: Store, scope: Scope) -> pd.DataFrame:
    """The indicators that only the prefecture can report, in printed order; often none."""
    table = store.query("region_targets", **scope.key)
    return table[(table["rollup_method"] == "prefecture") & (table["entry_kind"] != "from_receipt")]


@board(
    page="时效跟踪",
    title="州本级时钟",
    asks="州本级收到上级文件后几个工作日内把全部指标和标识导入监控系统",
    formula="按“导入时钟”的口径，从州本级收到上级文件的次一工作日起数，到全部金额和标识导入监控系统为止。",
    sources=(law.THREE_WORKING_DAYS_SOURCE, law.DAY_COUNT_SOURCE, law.WORKING_DAY_SOURCE),
)
def region_clock(store: Store, scope: Scope, region_code: str) -> Row | None:
    """The prefecture's own clock; None if the notice sets no working-day limit.

    Unit:  working days; days are dates.
    Empty: due and late are None where no receipt is recorded.
    """
    with store.reading() as cursor:
        rows = cursor.rows(clock_sql(), {
            "document_number": scope.document_number, "region_code": region_code, "as_of": scope.as_of,
        })
    return next((row for row in rows if row["recipient_id"] == REGION_ID), None)


def _lend_rollup_input(cursor: Cursor, scope: Scope, region_code: str) -> None:
    """Gather what the roll-up reads once, for every SELECT of a board that reads it as ``LENT``."""
    cursor.lend("lent_rollup_input", cursor.arrow(rollup_input_sql(), {**scope.key, "region_code": region_code}))


def _region_rows(cursor: Cursor, scope: Scope) -> list[Row]:
    """Target, figure and score of every indicator of the prefecture, as one row each."""
    rule = sql_text("data", "queries/rule")
    given = _by_indicator(cursor.rows(region_input_sql(LENT, rule)))
    scores = _by_indicator(cursor.rows(region_score_sql(LENT, rule)))
    targets = cursor.rows(sql_text("data", "queries/region_targets"), scope.key)
    return [
        {**target, **given[target["indicator_no"]], **scores[target["indicator_no"]]}
        for target in targets if target["indicator_no"] in scores
    ]


def _parts(cursor: Cursor, scope: Scope) -> list[Row]:
    names = _unit_names(cursor, scope)
    order = list(names)
    parts = cursor.rows(parts_sql(LENT))
    for part in parts:
        part["recipient_name"] = names.get(part["recipient_id"], part["recipient_id"])
    return sorted(parts, key=lambda part: (part["indicator_no"], *_place(order, part["recipient_id"])))


def _share(part: Decimal | int, whole: Decimal | int | None) -> Decimal | None:
    """For showing only; nothing is judged by it."""
    return Decimal(part) / Decimal(whole) if whole else None


def _is_open(cursor: Cursor, scope: Scope) -> bool:
    rounds = cursor.query("rounds", document_number=scope.document_number).set_index("round_id")["opened_at"]
    return scope.round_id in rounds.index and bool(rounds[scope.round_id] <= scope.as_of)


def _place(order: list[str], recipient_id: str) -> tuple[int, str]:
    return (order.index(recipient_id) if recipient_id in order else len(order), recipient_id)


def _unit_names(cursor: Cursor, scope: Scope) -> dict[str, str]:
    units = cursor.query("allocation_units", document_number=scope.document_number)
    return dict(zip(units["recipient_id"], units["recipient_name"], strict=True))


def _by_indicator(rows: list[Row]) -> dict[int, Row]:
    return {row["indicator_no"]: row for row in rows}


def _sentence(row: Row, parts: list[Row]) -> str:
    """The sentence of the score; where the prefecture owes the figure itself, or nobody has one, in its own words."""
    if row["entry_kind"] == "from_receipt" and row["state"] == "needs_review":
        return NO_RECEIPT
    if row["rollup_method"] == "prefecture" and row["state"] == "not_reported":
        return NOT_ENTERED
    heard = [part for part in parts if part["state"] not in ("not_reported", "not_applicable")]
    counted = [part for part in parts if part["is_counted"]]
    if row["state"] in ("not_reported", "not_due") and counted:
        missing = sum(not part["is_counted"] and part["state"] != "not_applicable" for part in parts)
        return (
            f"目标{row['target_text']}，{len(counted)} 个单位有数，还有 {missing} 个单位没有计入；"
            "有数的单位没有各自的目标，总量不完整，不能与州的目标比较，暂不计分，也不按零处理。"
        )
    if row["state"] == "not_reported" and heard:
        return f"目标{row['target_text']}，没有一个单位的数能算进汇总，暂不计分，也不按零处理；原因见各单位状态。"
    words = ROLLED_WORDS.get(parts[0]["rolled_as"], "") + _part_of_total(row, parts[0])
    return explain({**row, "target_text": row["target_text"] + words})


def _part_of_total(row: Row, part: Row) -> str:
    """What a total that lacks units is compared with; empty where it is the prefecture's own target."""
    bounds = row["bound"], row["upper"]
    if part["rolled_as"] != "sum" or bounds == (part["region_bound"], part["region_upper"]):
        return ""
    ends = "至".join(show_number(bound) for bound in bounds if bound is not None)
    return f"（没有计入的单位两边都去掉，已计入单位的目标合计 {ends}）"
