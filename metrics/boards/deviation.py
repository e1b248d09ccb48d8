"""偏差跟踪: which unit misses which target, by how much, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.store import Cursor, Store, sql_text, with_relations
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.explain import explain, shortfall, show_points
from metrics.kept_scores import exact_scores, scores_sql
from metrics.score_states import MISSED_STATES

COLUMNS = [
    "recipient_id", "recipient_name", "indicator_no", "short_name", "state", "sentence", "short_sentence", "lost_micro",
    "deviation_micro", "gap_points_micro", "scale", "attainment_micro", "change_micro", "elapsed_share",
    "is_behind_time", "deviation_reason", "improvement_measure", "entry_kind",
]


@dataclass(frozen=True)
class Cell:
    """One unit on one indicator: the row of its score, the sentence, and how it went over the rounds."""

    row: dict[str, Any]
    sentence: str
    history: pd.DataFrame
    printed_line: str


@board(
    page="偏差跟踪",
    title="偏差排名",
    asks="哪些指标没有达标，丢的分最多的是哪几项",
    formula="未达标的指标按所丢分值（分值－得分，有复核的按复核得分）从多到少排列；所丢相同的按偏差率。"
    "偏差率＝（实际－目标）÷目标，越低越好的反号，负数为没有达到；比率另列百分点。"
    "完成率的算法见“指标得分”；较上轮＝本轮完成率减上一轮完成率；"
    "要在年内达到的总量在年中另列序时进度，完成量÷应完成量不低于全年已过天数之比的不算落后，比较时不取整；不得超过的总量不列。",
    sources=(law.DEVIATION_SOURCE,),
)
def ranking(store: Store, scope: Scope) -> pd.DataFrame:
    """The missed indicators, the most points lost first, each with its sentence.

    Shape:  one row per recipient and missed indicator.
    Unit:   micro-points; millionths of a ratio (deviation, attainment and its change), of a percentage point (gap).
    Empty:  no rows where nothing is missed; ``change_micro`` is empty without an attainment in the round before,
            ``elapsed_share`` except for totals to be reached, before the end of the year.
    """
    return _judged(store, scope, MISSED_STATES).sort_values(
        ["lost_micro", "deviation_micro"], ascending=[False, True], kind="stable"
    )


@board(
    page="偏差跟踪",
    title="超额过多",
    asks="哪些指标完成得太多，目标是不是定低了",
    formula="完成率（算法见“指标得分”）达到超额下限（本单位设定）的指标；只提示，不自动扣分。",
    sources=(law.OVER_FULFILMENT_SOURCE,),
)
def over_fulfilled(store: Store, scope: Scope) -> pd.DataFrame:
    """The indicators far over their target: was the target set too low?

    Shape:  one row per recipient and indicator.
    Empty:  no rows where none is.
    """
    return _judged(store, scope, ("over",)).sort_values("attainment_micro", ascending=False, kind="stable")


@board(
    page="偏差跟踪",
    title="单项说明",
    asks="这个单位这项指标的得分是怎样算出来的，历次怎样，印在文件第几行",
    formula="一句话写明目标、实际、完成率（算法见“指标得分”）、得分；附所报数值、所在单元格和文件原文。",
    sources=(law.SCORE_REACHED_SOURCE, law.SCORE_PROPORTION_SOURCE),
)
def cell(store: Store, scope: Scope, recipient_id: str, indicator_no: int) -> Cell | None:
    """Everything about one unit on one indicator; None if the round has no such score."""
    with store.reading() as cursor:
        rows = [
            row for row in exact_scores(cursor, scope, recipient_id) if row["indicator_no"] == indicator_no
        ]
        _add_course(cursor, scope, rows)
    if not rows:
        return None
    row = rows[0]
    history = store.query(
        "state_history", document_number=scope.document_number, recipient_id=recipient_id,
        indicator_no=indicator_no, as_of=scope.as_of,
    )
    lines = store.query("notice_lines", document_number=scope.document_number)
    printed = lines.loc[lines["line_no"] == row["line_no"], "line_text"]
    return Cell(row, explain(row) + _reviewed(row), history, printed.iloc[0] if len(printed) else "")


def _judged(store: Store, scope: Scope, states: tuple[str, ...]) -> pd.DataFrame:
    """The scores in some states, each with its sentence and the points it lost as they count now."""
    with store.reading() as cursor:
        rows = [row for row in exact_scores(cursor, scope) if row["state"] in states]
        _add_course(cursor, scope, rows)
    for row in rows:
        row["sentence"] = explain(row) + _reviewed(row)
        row["short_sentence"] = shortfall(row)
        row["lost_micro"] = row["weight_micro"] - row["final_micro"]
    return pd.DataFrame(rows, columns=COLUMNS)


def _reviewed(row: dict[str, Any]) -> str:
    """What a reviewer made of the points; empty where nobody reviewed them."""
    if row["reviewed_micro"] is None:
        return ""
    return f"复核后按 {show_points(row['reviewed_micro'], row['weight_micro'])} 分计。"


def _add_course(cursor: Cursor, scope: Scope, rows: list[dict[str, Any]]) -> None:
    """Say of each row how its attainment changed since the round before, of totals how much of the year has gone."""
    sql = with_relations(
        sql_text("metrics", "time_progress"),
        {"score_of_round": scores_sql(), "round_year": sql_text("data", "queries/round_year")},
    )
    progress = {(timed["recipient_id"], timed["indicator_no"]): timed for timed in cursor.rows(sql, scope.key)}
    before: dict[tuple[str, int], Any] = {}
    for value in cursor.rows(sql_text("data", "queries/indicator_values"), scope.key):
        if not value["is_this_round"]:
            before[value["recipient_id"], value["indicator_no"]] = value["attainment_micro"]   # the newest comes last
    for row in rows:
        key = (row["recipient_id"], row["indicator_no"])
        earlier, now = before.get(key), row["attainment_micro"]
        row["change_micro"] = None if earlier is None or now is None else now - earlier
        timed = progress.get(key)
        row["elapsed_share"] = timed["elapsed_days"] / timed["year_days"] if timed else None
        row["is_behind_time"] = timed["is_behind_time"] if timed else None
