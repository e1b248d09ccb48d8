"""单位画像: everything about one unit's indicators — what was asked, what was reached, how it went over the rounds."""

from __future__ import annotations

import pandas as pd

from data.store import Store, sql_text
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.explain import explain, shortfall, why_missing
from metrics.kept_scores import exact_scores
from metrics.score_states import MISSING_STATES

_COLUMNS = [
    "recipient_id", "indicator_no", "short_name", "dimension", "state", "target_text", "said", "sentence",
    "attainment_micro", "lost_micro", "final_micro", "weight_micro", "entry_kind", "file_name", "place_text",
]
_COURSE_COLUMNS = [
    "recipient_id", "indicator_no", "round_id", "round_name", "period_end_on", "is_this_round", "state",
    "attainment_micro",
]


@board(
    page="单位画像",
    title="各项指标",
    asks="这个单位每项指标的目标是多少、做到多少、丢了几分",
    formula="按所丢分值（分值－得分，有复核的按复核得分）从多到少排列；完成率的算法见“指标得分”。没有得分的指标排在最后，不按0计。",
    sources=(law.SCORE_REACHED_SOURCE, law.SCORE_PROPORTION_SOURCE),
)
def indicators(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """The unit's indicators, the most points lost first.

    Shape:  one row per indicator; ``said`` is what was reached in a few words, or why there is no score.
    Unit:   micro-points; attainment in millionths of the target.
    Empty:  points and attainment in the missing states.
    """
    with store.reading() as cursor:
        rows = exact_scores(cursor, scope, recipient_id)
    for row in rows:
        is_missing = row["state"] in MISSING_STATES
        row["said"] = why_missing(row) if is_missing else shortfall(row)
        row["sentence"] = explain(row)
        row["lost_micro"] = None if row["final_micro"] is None else row["weight_micro"] - row["final_micro"]
    rows.sort(key=lambda row: (row["lost_micro"] is None, -(row["lost_micro"] or 0), row["indicator_no"]))
    return pd.DataFrame([{name: row[name] for name in _COLUMNS} for row in rows], columns=_COLUMNS, dtype=object)


@board(
    page="单位画像",
    title="历轮走势",
    asks="这个单位每项指标在各轮的完成率怎样变化",
    formula="本轮和截至日更早的各轮，按统计截止日所知的完成率＝完成量÷应完成量；没有得分的轮次为空。",
)
def course(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """How each indicator of the unit went over the rounds up to this one.

    Shape:  one row per indicator and round, the earliest round first.
    Unit:   attainment in millionths of the target.
    Empty:  attainment in the missing states.
    """
    with store.reading() as cursor:
        rows = cursor.rows(sql_text("data", "queries/indicator_values"), scope.key)
    mine = [{name: row[name] for name in _COURSE_COLUMNS} for row in rows if row["recipient_id"] == recipient_id]
    return pd.DataFrame(mine, columns=_COURSE_COLUMNS, dtype=object)
