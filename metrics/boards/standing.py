"""How each unit stands: money, effect, clock, and the five states. Several pages read these boards."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.clocks import clocks
from metrics.kept_scores import scores_sql
from metrics.rollup import shown_effect_sql
from metrics.thresholds import DUAL_GAP_LIMIT, MICRO


@board(
    page="偏差跟踪",
    title="指标得分",
    asks="每个单位的每项指标，截至这一天是什么状态、得多少分",
    formula="每类目标化为“完成量”与“应完成量”两个数：完成量≥应完成量为达标，得满分；"
    "否则得分＝分值×完成率，完成率＝完成量÷应完成量。未填报、未到期、缺上年数、待人工判定、不适用单列，不按0计。",
    sources=(law.SCORE_REACHED_SOURCE, law.SCORE_PROPORTION_SOURCE, law.QUALITATIVE_BAND_SOURCE),
)
def scores(store: Store, scope: Scope) -> pd.DataFrame:
    """How every unit stands on every indicator.

    Shape:  one row per recipient and indicator, in printed order.
    Unit:   micro-points; ``attainment_micro`` millionths of the target, floored.
    Empty:  score, attainment and deviation are empty in the missing states.
    """
    with store.reading() as cursor:
        return cursor.frame(scores_sql(), scope.key)


@board(
    page="花钱必问效",
    title="五种状态",
    asks="钱动了没有，效果到了没有",
    formula="执行率（累计支付÷调整后金额）不低于序时进度减容许差为“钱到位”；"
    "得分率（已评指标得分÷已评指标分值）不低于有效下限为“有效果”；两者组合为五种状态，"
    "未填报或已评分值占比不足的为“无法判断”。"
    "执行率超过100%而没有说明原因的，或者超过说明到的金额的，不列执行率，状态照判。得分率与执行率相差超过界限的提示差距过大；"
    "口径版本启用了执行率预警线的，按已过完的最近一个预警月份，执行率低于该月下限的提示落后。",
    sources=(
        law.DUAL_MONITORING_SOURCE, law.EXECUTION_RATE_SOURCE, law.OWN_SETTING_SOURCE, law.SICHUAN_GAP_SOURCE,
        law.SICHUAN_MILESTONE_SOURCE,
    ),
)
def unit_effects(store: Store, scope: Scope) -> pd.DataFrame:
    """Money against effect of every unit, and the state that follows.

    Shape:  one row per recipient, in printed order.
    Unit:   元; micro-points. Rates are for showing only; the state was judged on both sides exactly.
            ``gap_micro`` is the effect rate less the execution rate in millionths, cut off towards zero, away from
            it where the gap is wide; ``is_shipped_gap_limit`` if its limit is the one that its source gives.
    Empty:  rates are empty where nothing was reported or scored, never 0; the execution rate also where more was
            paid than handed down and nobody has said why of that much: ``is_over_unexplained``.
    """
    with store.reading() as cursor:
        effects = cursor.frame(shown_effect_sql(), scope.key)
    effects["is_shipped_gap_limit"] = effects["dual_gap_limit_micro"] == DUAL_GAP_LIMIT.value * MICRO
    units = store.query("allocation_units", document_number=scope.document_number)
    units = units[["recipient_id", "recipient_name", "recipient_short_name", "line_no"]]
    table = units.merge(effects, on="recipient_id", how="left")
    table["is_over_unexplained"] = table["is_over_unexplained"].fillna(False).astype(bool)
    shown = table["after_yuan"].where((table["after_yuan"] > 0) & ~table["is_over_unexplained"])
    table["execution_rate"] = table["paid_yuan"] / shown
    table["elapsed_share"] = table["elapsed_days"] / table["year_days"]
    scored = table["scored_weight_micro"].where(table["scored_weight_micro"] > 0)
    table["effect_rate"] = table["score_micro"] / scored
    return table


@board(
    page="时效跟踪",
    title="导入时钟",
    asks="每个单位收文后几个工作日内把指标和直达资金标识全部导入监控系统",
    formula="收文当日不计，从次一工作日起数；最后一日计入。金额与通知一致且标识相同才算导入完成；"
    "按期但为空、按期但有误单列。县市自己的时钟是本单位的管理要求。",
    sources=(
        law.COUNTY_IMPORT_SOURCE, law.THREE_WORKING_DAYS_SOURCE, law.DAY_COUNT_SOURCE, law.WORKING_DAY_SOURCE,
    ),
)
def unit_clocks(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """The import clock of every unit.

    Shape:  one row per recipient, in printed order; no row if the notice sets no working-day limit.
    Unit:   working days.
    Empty:  due and late are empty where no receipt is recorded: 无法计算, not on time.
    """
    with store.reading() as cursor:
        table = clocks(cursor, scope.document_number, scope.as_of, region_code)
    units = store.query("allocation_units", document_number=scope.document_number)
    return units[["recipient_id", "recipient_name", "recipient_short_name"]].merge(
        table, on="recipient_id", how="inner"
    )
