"""目标分解: which target each unit has, whether the parts make the region's, who changed what and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from data.store import Store, sql_text
from data.target_checks import TargetProof, prove_targets, value_words
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.indicators import REGION_ID

_DOWNWARD = ("at_most", "less_than")


@board(
    page="目标分解",
    title="现行目标",
    asks="每个单位每项指标现在的目标是什么，和区域目标比怎样",
    formula="每项指标一行，区域目标在前，各单位在后，都是统计截止日当天已经生效的；总量还没有分到单位的标“尚未分解”。"
    "时限类指标按收文自动计算，不分解。",
    sources=(law.ASK_FOR_EFFECT_SOURCE, law.REGIONAL_TARGET_SHEET_SOURCE),
)
def matrix(store: Store, scope: Scope) -> pd.DataFrame:
    """The target of the region and of each unit in force on the day, as known then.

    Shape:  one row per indicator and recipient; 'region' first.
    Empty:  ``is_undecomposed`` marks a unit whose part of a total is not decided; its words are the region's.
    """
    return store.query("targets_of_notice", **_in_force(scope, scope.as_of_on))


@board(
    page="目标分解",
    title="将要生效的目标",
    asks="哪些目标已经定了，但还没有到生效日",
    formula="统计截止日以后才生效的目标，和现行目标并列；数据截至日在生效日或以后的轮次才按新目标计分。",
    sources=(law.TARGET_CHANGE_SOURCE,),
)
def coming(store: Store, scope: Scope) -> pd.DataFrame:
    """The targets that are laid down and do not hold yet on the day, each beside the one that does.

    Shape:  one row per indicator and recipient whose newest target is yet to begin, the earliest first.
    Empty:  no rows where none is; ``old_text`` is '' where a total has no part for the unit yet.
    """
    key = ["indicator_no", "recipient_id"]
    newest = store.query("targets_of_notice", **_in_force(scope, date.max))
    late = newest[(newest["target_version"] > 1) & (newest["valid_from_on"].dt.date > scope.as_of_on)]
    now = matrix(store, scope)
    now = now.assign(old_text=now["target_text"].mask(now["is_undecomposed"].astype(bool), ""))
    table: pd.DataFrame = late.merge(now[[*key, "old_text"]], on=key, how="left")
    return table.sort_values(["valid_from_on", "indicator_no", "display_no"], kind="stable").reset_index(drop=True)


@board(
    page="目标分解",
    title="分解证明",
    asks="各单位的目标合起来是不是区域目标",
    formula="只看当天已经生效的目标。总量：各单位相加正好等于区域目标；比率和标准：没有一个单位宽于区域目标；"
    "文字：与区域目标原文相同，措辞不同的由人判断是否更严。",
    sources=(law.ROLL_UP_SOURCE, law.OWN_SETTING_SOURCE),
)
def proof(store: Store, scope: Scope) -> pd.DataFrame:
    """Whether the units' targets make the region's, indicator by indicator.

    Shape:  one row per indicator that can be decomposed; ``proof_state`` is proved, broken,
            not_decomposed, same_words or other_words.
    Empty:  ``computed_words`` ('' there) has nothing to say where a total is not decomposed or words are compared.
    """
    with store.reading() as cursor:
        targets = cursor.rows(sql_text("data", "queries/targets_of_notice"), _in_force(scope, scope.as_of_on))
        proofs = prove_targets(cursor, scope.document_number, scope.as_of, scope.as_of_on)
    rows = [
        {
            "indicator_no": row["indicator_no"],
            "short_name": row["short_name"],
            "indicator_name": row["indicator_name"],
            "rollup_method": row["rollup_method"],
            "proof_method": row["proof_method"],
            "region_text": row["target_text"],
            **_verdict(row, [p for p in proofs if p.indicator_no == row["indicator_no"]]),
        }
        for row in targets if row["recipient_id"] == REGION_ID
    ]
    return pd.DataFrame(rows, columns=[
        "indicator_no", "short_name", "indicator_name", "rollup_method", "proof_method", "region_text",
        "computed_words", "proof_state", "unit_names",
    ])


@board(
    page="目标分解",
    title="目标变更记录",
    asks="谁在什么时候把哪个目标从什么改成什么，为什么，谁批准的",
    formula="下达文件所印的是第一版；以后每改一次各一行，最近的在前。",
    sources=(law.TARGET_CHANGE_SOURCE,),
)
def history(store: Store, scope: Scope) -> pd.DataFrame:
    """Every change of a target, as known on the day.

    Empty:  no rows where nothing was changed; ``old_text`` is '' where a total had no part for the unit.
    """
    return store.query("target_history", document_number=scope.document_number, as_of=scope.as_of)


def _in_force(scope: Scope, on: date) -> dict[str, Any]:
    """The targets that hold on a day, as known at the scope's moment."""
    return {"document_number": scope.document_number, "as_of": scope.as_of, "in_force_on": on}


def _verdict(region: dict[str, Any], proofs: list[TargetProof]) -> dict[str, str]:
    """What the checks say of one indicator: the figure that decides, the state, and the units that fail."""
    failing = [p for p in proofs if not p.holds]
    names = "、".join(filter(None, (p.missing_names or p.recipient_name for p in failing)))
    if region["proof_method"] == "words":
        return _said("other_words" if failing else "same_words", "", names)
    if not proofs:
        return _said("not_decomposed" if region["proof_method"] == "sum" else "proved", "", "")
    values = [value_words(value, region["target_unit"]) for value in _deciding(region, proofs)]
    return _said("broken" if failing else "proved", "—".join(values), names)


def _deciding(region: dict[str, Any], proofs: Iterable[TargetProof]) -> list[Decimal]:
    """The sums of a total, one per bound; of rates the laxest that any unit has."""
    values = [p.computed_value for p in proofs if p.computed_value is not None]
    if region["proof_method"] == "sum" or not values:
        return values
    return [max(values) if region["scored_kind"] in _DOWNWARD else min(values)]


def _said(state: str, words: str, names: str) -> dict[str, str]:
    return {"computed_words": words, "proof_state": state, "unit_names": names}
