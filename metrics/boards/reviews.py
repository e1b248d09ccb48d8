"""复核评分: what each unit claims, what its figures make, what a reviewer decided."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.store import Store
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.kept_scores import review_log_sql
from metrics.three_scores import NEEDS, WAITING, review_rows

_COLUMNS = (
    "recipient_id", "recipient_name", "display_no", "indicator_no", "short_name", "indicator_name",
    "entry_kind", "target_text", "state", "weight_micro", "claimed_micro", "score_micro", "reviewed_micro",
    "final_micro", "claim_difference_micro", "review_difference_micro", "need", "sentence", "explanation",
    "refusal", "evidence_text", "deviation_reason", "improvement_measure", "report_id", "target_version",
)
_MICRO_COLUMNS = [name for name in _COLUMNS if name.endswith("_micro")]


@board(
    page="复核评分",
    title="三个得分",
    asks="每个单位的每项指标，自评多少分，复算多少分，复核多少分，差在哪里，哪些要人来看",
    formula="自评得分由单位填写，没有填的不按0分计；复算得分由系统按所填数据和本轮口径计算；"
    "复核得分由州级经办决定并写明理由，只对当时看到的填报、目标和分值有效，单位重新报送、目标或分值改动后失效。"
    "有复核的以复核为准，没有的以复算为准。待人看的排在前面：待人工判定、原复核失效、超额过多、自评与复算不一致、"
    "定性指标；同类按差额从大到小。超额过多的不自动扣分，由人决定。",
    sources=(
        law.SELF_ASSESSMENT_FORM_SOURCE, law.SCORE_PROPORTION_SOURCE, law.QUALITATIVE_BAND_SOURCE,
        law.OVER_FULFILMENT_SOURCE,
    ),
)
def three_scores(store: Store, scope: Scope) -> pd.DataFrame:
    """The three scores of every unit on every indicator, what waits for a person first.

    Shape:  one row per recipient and indicator.
    Unit:   micro-points, exact; ``need`` is one of ``metrics.three_scores.NEEDS`` or empty.
    Empty:  a score that is missing is <NA>, and so is a difference to it; never 0.
    """
    with store.reading() as cursor:
        rows = review_rows(cursor, scope)
    places = {need: place for place, need in enumerate((*NEEDS, ""))}
    rows.sort(key=lambda row: (places[row["need"]], -abs(row["claim_difference_micro"] or 0)))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype(dict.fromkeys(_MICRO_COLUMNS, "Int64"))


@board(
    page="复核评分",
    title="逐单位合计",
    asks="每个单位自评合计比复算合计多多少，复核改了多少，还有几项等人看",
    formula="自评合计与复算合计只加两个得分都有的指标，写明是几项；没有填自评的、没有复算得分的不算进去，单列项数。"
    "复核增减＝复核得分－复算得分，只加两个得分都有的指标；采用得分＝有复核的用复核，其余用复算，写明是几项。",
    sources=(law.SELF_ASSESSMENT_FORM_SOURCE,),
)
def unit_sums(store: Store, scope: Scope) -> pd.DataFrame:
    """Claimed against recomputed, unit by unit, over what is comparable.

    Shape:  one row per recipient, in printed order.
    Unit:   micro-points.
    Empty:  a sum over nothing is <NA>, never 0.
    """
    with store.reading() as cursor:
        rows = review_rows(cursor, scope)
    units: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        units.setdefault(row["recipient_id"], []).append(row)
    table = pd.DataFrame([_sums(of_unit) for of_unit in units.values()], columns=list(_SUM_COLUMNS))
    return table.astype(dict.fromkeys([name for name in _SUM_COLUMNS if name.endswith("_micro")], "Int64"))


_SUM_COLUMNS = (
    "recipient_id", "recipient_name", "comparable_count", "claimed_micro", "recomputed_micro",
    "claim_difference_micro", "different_count", "unclaimed_count", "unscored_claim_count", "reviewed_count",
    "review_difference_micro", "scored_count", "final_micro", "waiting_count",
)


def _sums(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The sums and counts of one unit."""
    comparable = [row for row in rows if row["claim_difference_micro"] is not None]
    reviewed = [row for row in rows if row["reviewed_micro"] is not None]
    asked = [row for row in rows if row["score_micro"] is not None and row["entry_kind"] != "from_receipt"]
    return {
        **{name: rows[0][name] for name in ("recipient_id", "recipient_name")},
        "comparable_count": len(comparable),
        "claimed_micro": _sum(comparable, "claimed_micro"),
        "recomputed_micro": _sum(comparable, "score_micro"),
        "claim_difference_micro": _sum(comparable, "claim_difference_micro"),
        "different_count": sum(row["claim_difference_micro"] != 0 for row in comparable),
        "unclaimed_count": sum(row["claimed_micro"] is None for row in asked),
        "unscored_claim_count": sum(row["claimed_micro"] is not None and row["score_micro"] is None for row in rows),
        "reviewed_count": len(reviewed),
        "review_difference_micro": _sum(reviewed, "review_difference_micro"),
        "scored_count": sum(row["final_micro"] is not None for row in rows),
        "final_micro": _sum(rows, "final_micro"),
        "waiting_count": sum(row["need"] in WAITING for row in rows),
    }


def _sum(rows: list[dict[str, Any]], name: str) -> int | None:
    """The sum of what is there; None where nothing is."""
    values = [row[name] for row in rows if row[name] is not None]
    return sum(values) if values else None


@board(
    page="复核评分",
    title="复核记录",
    asks="谁在什么时候把哪项改成了多少分，为什么，现在还算不算数",
    formula="每次复核各一行，不改不删：最新一次且填报、目标和分值都没有再变的为“有效”，被后一次代替的为“已被代替”，"
    "单位报了新版、目标或分值改过的为“已失效”。",
)
def review_log(store: Store, scope: Scope) -> pd.DataFrame:
    """Every review of a round, the newest first; ``review_state`` is counts, replaced or lapsed."""
    with store.reading() as cursor:
        return cursor.frame(review_log_sql(), scope.key)
