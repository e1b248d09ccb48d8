"""公文报表: what papers say that no other page shows, and which papers were handed out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.store import Store
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.explain import explain
from metrics.kept_scores import exact_scores
from metrics.reported import actual_words

_COLUMNS = (
    "recipient_id", "recipient_name", "display_no", "indicator_no", "dimension", "measure", "indicator_name",
    "short_name", "entry_kind", "target_text", "actual_text", "state", "weight_micro", "claimed_micro", "score_micro",
    "final_micro", "sentence", "deviation_reason", "improvement_measure",
)
_MICRO_COLUMNS = [name for name in _COLUMNS if name.endswith("_micro")]


@board(
    page="公文报表",
    title="自评表各行",
    asks="每个单位每项指标的指标值、实际完成值、分值、得分各是多少",
    formula="实际完成值按所填数据写出，比率同时写分子、分母；得分有复核的用复核得分，没有的用系统复算得分；"
    "未填报、未到期、缺上年数、待人工判定、不适用的没有得分，不按0计。",
    sources=(law.SELF_ASSESSMENT_FORM_SOURCE, law.SCORE_PROPORTION_SOURCE),
)
def assessed(store: Store, scope: Scope) -> pd.DataFrame:
    """Every indicator of every unit as a self-assessment table prints it.

    Shape:  one row per recipient and indicator, in printed order.
    Unit:   micro-points.
    Empty:  scores are <NA> in the missing states; ``actual_text`` is '' where nothing was reported.
    """
    with store.reading() as cursor:
        rows = exact_scores(cursor, scope)
    table = pd.DataFrame([_with_words(row) for row in rows], columns=list(_COLUMNS))
    return table.astype(dict.fromkeys(_MICRO_COLUMNS, "Int64"))


def _with_words(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "actual_text": actual_words(row), "sentence": explain(row)}


@board(
    page="公文报表",
    title="区域绩效目标表表头",
    asks="文件的绩效目标表写了多少年度金额、什么年度总体目标",
    formula="按文件所印；没有写的为空。",
    sources=(law.REGIONAL_TARGET_SHEET_SOURCE,),
)
def target_sheet(store: Store, document_number: str) -> pd.DataFrame:
    """The head of a notice's target sheet; no row where it has none.

    Unit:   元.
    """
    return store.query("target_sheet", document_number=document_number)


@board(
    page="公文报表",
    title="分配表各格",
    asks="文件的资金分配表每一格印了什么",
    formula="按文件所印的表头、行和金额逐格列出。",
)
def allocation_cells(store: Store, document_number: str) -> pd.DataFrame:
    """The money cells of a notice's allocation tables, under the heads that they stand below.

    Shape:  one row per table, row and column of money.
    Unit:   元.
    """
    return store.query("allocation_cells", document_number=document_number)


@board(
    page="公文报表",
    title="已出具的公文报表",
    asks="谁在什么时候出具过哪些公文和报表，文件的校验码是什么",
    formula="每次出具各一行，取自办理记录；同样的数据、同样的截止日再次出具，文件逐字节相同，校验码也相同。",
)
def made(store: Store) -> pd.DataFrame:
    """Every paper that was handed out, the newest first.

    Shape:  one row per paper or batch; ``recipient_id`` is the unit that it is about, empty for the prefecture's.
    """
    return store.query("issued_papers")
