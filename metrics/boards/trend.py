"""偏差跟踪: where indicators and money will stand at the end of the year, if they go on as they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

import pandas as pd

from data.store import Cursor, Store, sql_text
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.forecast import (
    HUNDRED,
    NO_FORECAST,
    Goal,
    forecast_sentence,
    goal_of,
    is_at_risk,
    is_rate,
    measured,
    project,
    rate_scale,
)

Row = dict[str, Any]

FORECAST_COLUMNS = ["recipient_id", "recipient_name", "indicator_no", "short_name", "state", "will_miss", "is_at_risk",
                    "round_count", "gap_share", "sentence", "reason"]
MONEY_COLUMNS = ["recipient_id", "recipient_name", "after_yuan", "paid_yuan", "left_yuan", "will_miss", "round_count",
                 "sentence", "reason"]
_METHOD = (
    "用同一年度已填报各轮的数据，取任意两轮之间变化速度的中位数，推到12月31日；"
    "区间为任意两轮连线推算的最低至最高，不足三轮不给区间。"
)


@dataclass(frozen=True)
class YearEnd:
    """A forecast of the year's last day; ``is_over`` says that the round reaches it, and then the table is empty.

    ``left_out`` names the units that the total leaves out, for want of a figure in one of the rounds.
    """

    year_end_on: date
    is_over: bool
    table: pd.DataFrame
    left_out: tuple[str, ...] = ()


@board(
    page="偏差跟踪",
    title="年底预计",
    asks="照现在的走势，年底哪些指标达不到目标，差多少",
    formula=_METHOD + "比率限于零至百分之百，数量不低于零；要求高于目标的，等于界限不算达到。"
    "定性、时限、应保尽保和由人判定的指标不推算；预计不改变任何得分。",
    sources=(law.DUAL_MONITORING_SOURCE, law.OWN_SETTING_SOURCE),
)
def year_end(store: Store, scope: Scope) -> YearEnd:
    """Each unit's indicators at the end of the fiscal year: what will be missed first, the widest gap first.

    Shape:  one row per recipient and indicator of the round; ``reason`` says why there is no forecast.
    Unit:   ``gap_share`` is the gap as a share of the goal, for the order only.
    Empty:  no rows where the round's period ends on the last day of the year or later.
    """
    with store.reading() as cursor:
        year = _year(cursor, scope)
        rows = cursor.rows(sql_text("data", "queries/indicator_values"), scope.key)
    if year["is_over"]:
        return YearEnd(year["year_end_on"], True, pd.DataFrame(columns=FORECAST_COLUMNS))
    found = [
        _forecast(list(group), year)
        for _, group in groupby(rows, lambda row: (row["recipient_id"], row["indicator_no"]))
    ]
    # A unit that the notice reached after a round has no row in it; one that left has none in this round.
    table = pd.DataFrame([row for row in found if row], columns=FORECAST_COLUMNS)
    return YearEnd(year["year_end_on"], False, _worst_first(table))


@board(
    page="偏差跟踪",
    title="年底执行率预计",
    asks="照现在的支付进度，年底各单位的钱能不能用完",
    formula=_METHOD + "执行率＝累计支付÷调整后金额，限于零至百分之百；"
    "合计只含本年度每一轮都填了支付数的单位，其余单位点名列出。",
    sources=(law.EXECUTION_RATE_SOURCE, law.OWN_SETTING_SOURCE),
)
def year_end_money(store: Store, scope: Scope) -> YearEnd:
    """Each unit's money at the end of the fiscal year, and first of all the total.

    Shape:  one row per recipient and one with ``recipient_id`` '' for the total.
    Unit:   元; ``left_yuan`` is what will not be paid by then.
    Empty:  as ``year_end``.
    """
    with store.reading() as cursor:
        year = _year(cursor, scope)
        rows = cursor.rows(sql_text("data", "queries/paid_by_round"), scope.key)
    if year["is_over"]:
        return YearEnd(year["year_end_on"], True, pd.DataFrame(columns=MONEY_COLUMNS))
    units = [
        (name, [row for row in group if _is_of_year(row, year)])
        for (_, name), group in groupby(rows, lambda row: (row["recipient_id"], row["recipient_name"]))
    ]
    whole = [(name, rows) for name, rows in units if rows and all(row["paid_yuan"] is not None for row in rows)]
    table = pd.DataFrame(
        [_money("", f"合计（{len(whole)} 个单位）", _summed([rows for _, rows in whole]), year)]
        + [_money(rows[0]["recipient_id"], name, rows, year) for name, rows in units if rows],
        columns=MONEY_COLUMNS,
    )
    kept = {name for name, _ in whole}
    return YearEnd(year["year_end_on"], False, table, tuple(name for name, _ in units if name not in kept))


def _year(cursor: Cursor, scope: Scope) -> Row:
    rows = cursor.rows(
        sql_text("data", "queries/round_year"),
        {"document_number": scope.document_number, "round_id": scope.round_id},
    )
    return {**rows[0], "is_over": rows[0]["period_end_on"] >= rows[0]["year_end_on"]}


def _is_of_year(row: Row, year: Row) -> bool:
    return bool(row["period_end_on"].year == year["fiscal_year"])


def _forecast(rows: list[Row], year: Row) -> Row | None:
    """The forecast of one unit on one indicator from its rounds, the chosen round last."""
    this = rows[-1]
    if not this["is_this_round"]:
        return None
    known = [row for row in rows if _is_of_year(row, year) and row["state"] != "not_applicable"]
    points = [
        (row["period_end_on"].timetuple().tm_yday, value) for row in known if (value := measured(row)) is not None
    ]
    head = {name: this[name] for name in FORECAST_COLUMNS[:5]}
    prior = next((row["prior_value"] for row in reversed(known) if row["prior_value"] is not None), None)
    goal = goal_of(this, prior)
    # Two counts or a number: how the newest figure was reported says what the forecast is of.
    newest = next((row for row in reversed(known) if measured(row) is not None), this)
    reason = _no_forecast(this, goal, len({day for day, _ in points}))
    if reason or goal is None:
        return {**head, "round_count": len(points), "sentence": "", "reason": reason}
    is_share = is_rate(newest)
    projection = project(
        points, year["year_days"], Fraction(0), Fraction(rate_scale(newest)) if is_share else None
    )
    assert projection is not None      # two rounds at least, or there was a reason
    gap = goal.gap(projection.value)
    bound = goal.low if goal.low is not None else goal.high
    unit = ("‰" if rate_scale(newest) == 1000 else "%") if is_share else this["unit_text"] or this["target_unit"]
    return {
        **head,
        "will_miss": gap is not None,
        "is_at_risk": is_at_risk(projection, goal),
        "round_count": projection.round_count,
        "gap_share": 0.0 if not gap or not bound else float(gap / abs(bound)),
        "sentence": forecast_sentence(projection, goal, unit) + "。",
        "reason": "",
    }


def _no_forecast(row: Row, goal: Goal | None, day_count: int) -> str:
    if row["state"] == "not_applicable":
        return "本单位不适用"
    if row["rollup_method"] == "unit_share":
        return "每个单位只填有或没有"
    if row["scored_kind"] in NO_FORECAST:
        return NO_FORECAST[row["scored_kind"]]
    if day_count < 2:
        return "只有一轮数据，推不出走势" if day_count else "还没有填报数据"
    return "缺上年数或目标界限，或上年数为零、为负" if goal is None else ""


def _worst_first(table: pd.DataFrame) -> pd.DataFrame:
    order = table.assign(
        missing=table["will_miss"].map({True: 0, False: 2}).fillna(3) - table["is_at_risk"].eq(True)
    )
    order = order.sort_values(["missing", "gap_share"], ascending=[True, False], kind="stable")
    return table.loc[order.index].reset_index(drop=True)


def _summed(units: list[list[Row]]) -> list[Row]:
    """The money of all units, round by round."""
    def rounds() -> Iterator[tuple[Any, list[Row]]]:
        every = sorted((row for rows in units for row in rows), key=lambda row: (row["period_end_on"], row["round_id"]))
        for key, group in groupby(every, lambda row: (row["period_end_on"], row["round_id"])):
            yield key, list(group)

    return [
        {"period_end_on": ended_on, "after_yuan": sum(row["after_yuan"] for row in group),
         "paid_yuan": sum(row["paid_yuan"] for row in group)}
        for (ended_on, _), group in rounds()
    ]


def _money(recipient_id: str, name: str, rows: list[Row], year: Row) -> Row:
    paid = [row for row in rows if row["paid_yuan"] is not None]
    after = rows[-1]["after_yuan"] if rows else None
    head = {"recipient_id": recipient_id, "recipient_name": name, "after_yuan": None if after is None else float(after),
            "paid_yuan": float(paid[-1]["paid_yuan"]) if paid else None, "round_count": len(paid)}
    if not after or after <= 0:
        return {**head, "sentence": "", "reason": "没有可以支付的金额"}
    rates = [
        (row["period_end_on"].timetuple().tm_yday, Fraction(row["paid_yuan"]) * 100 / Fraction(after)) for row in paid
    ]
    projection = project(rates, year["year_days"], Fraction(0), HUNDRED)
    if projection is None:
        return {**head, "sentence": "", "reason": "只有一轮数据，推不出走势" if paid else "还没有填报支付数"}
    left = HUNDRED - projection.value
    words = forecast_sentence(projection, Goal(low=HUNDRED), "%", "预计全部支付", "离全部支付还差")
    return {
        **head,
        "left_yuan": float(left * Fraction(after) / 100),
        "will_miss": left > 0,
        "sentence": words + "。",
        "reason": "",
    }
