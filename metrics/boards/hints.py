"""偏差跟踪: which reported rates are so unlike the others that the unit should look at them again."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import inf
from typing import Any

import pandas as pd

from data.store import Store, sql_text
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.outliers import LEAST_CASES, LEAST_PEERS, LEAST_ROUNDS, Outlier, find_outlier

Row = dict[str, Any]

HINT_COLUMNS = ["recipient_id", "recipient_name", "indicator_no", "short_name", "against", "sentence", "distance"]


@board(
    page="偏差跟踪",
    title="请核实",
    asks="哪些数和别的单位、和自己以前相比差得太远，要请单位核对一下",
    formula="只看比率，应完成数不足二十的不比。与同一轮其他单位（至少五个）或本单位以前各轮（至少四轮）的中位数相差不少于五个百分点，"
    "且修正的标准分数（零点六七四五乘以离差，除以离差绝对值的中位数）大于三点五的，提示核实；"
    "离差中位数为零时改用平均离差。提示不影响任何得分。",
    sources=(law.OWN_SETTING_SOURCE,),
)
def outliers(store: Store, scope: Scope) -> pd.DataFrame:
    """The rates that stand far from those of the other units or of the unit's own earlier rounds, as questions.

    Shape:  one row per recipient, indicator and ``against`` (peers, own), the farthest first.
    Empty:  no rows where nothing stands out or too few reported.
    """
    with store.reading() as cursor:
        rows = cursor.rows(sql_text("data", "queries/indicator_values"), scope.key)
    this_round: dict[int, list[Row]] = defaultdict(list)
    earlier: dict[tuple[str, int], list[Fraction]] = defaultdict(list)
    for row in rows:
        rate = _rate(row)
        if rate is None:
            continue
        if row["is_this_round"]:
            this_round[row["indicator_no"]].append({**row, "rate": rate})
        else:
            earlier[row["recipient_id"], row["indicator_no"]].append(rate)
    found = []
    for peers in this_round.values():
        for place, row in enumerate(peers):
            others = [peer["rate"] for peer in peers[:place] + peers[place + 1:]]
            own = earlier[row["recipient_id"], row["indicator_no"]]
            found += [
                _hint(row, against, outlier)
                for against, outlier in (
                    ("peers", find_outlier(row["rate"], others, LEAST_PEERS)),
                    ("own", find_outlier(row["rate"], own, LEAST_ROUNDS)),
                ) if outlier
            ]
    table = pd.DataFrame(found, columns=HINT_COLUMNS)
    return table.sort_values("distance", ascending=False, kind="stable").reset_index(drop=True)


def _rate(row: Row) -> Fraction | None:
    """The reported share in percent; None where none was reported, or of too few cases to say anything."""
    if row["numerator"] is None or row["denominator"] is None or row["denominator"] < LEAST_CASES:
        return None
    return Fraction(row["numerator"]) * 100 / Fraction(row["denominator"])


def _hint(row: Row, against: str, outlier: Outlier) -> Row:
    others = f"其余 {outlier.other_count} 个单位" if against == "peers" else f"本单位此前 {outlier.other_count} 轮"
    return {
        **{name: row[name] for name in HINT_COLUMNS[:4]},
        "against": against,
        "sentence": f"{row['recipient_name']}{row['short_name']} {float(outlier.value):.1f}%，{others}中位数 "
                    f"{float(outlier.median):.1f}%，相差较大，请核实数据是否有误？",
        "distance": inf if outlier.distance is None else float(abs(outlier.distance)),
    }
