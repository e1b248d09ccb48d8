"""资金文件: which notices are in, what was read from each, and from which line."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from metrics.boards.definition import board


@board(
    page="资金文件",
    title="已发布文件",
    asks="已经发布了哪些资金文件",
    formula="每个文号一行，最新的在前。",
)
def notices(store: Store) -> pd.DataFrame:
    """The published notices, the newest first.

    Shape: one row per notice.
    Unit:  元.
    Empty: no rows in a new workspace.
    """
    return store.query("notices")


@board(
    page="资金文件",
    title="文件原文",
    asks="文件逐行写了什么",
    formula="按收到的文件逐行保存，不作改动。",
)
def lines(store: Store, document_number: str) -> pd.DataFrame:
    """The words of a notice, line by line."""
    return store.query("notice_lines", document_number=document_number)


@board(
    page="资金文件",
    title="读出的内容",
    asks="文号、标题、日期、资金、科目、标识各读成了什么，印在第几行",
    formula="每个栏目一行：读出的值、所印原文、行号。文件没有写的不列。",
)
def fields(store: Store, document_number: str) -> pd.DataFrame:
    """Each header value beside its printed words and line."""
    return store.query("notice_fields", document_number=document_number)


@board(
    page="资金文件",
    title="修复与提示",
    asks="哪些地方修复过，哪些地方请人核对",
    formula="读文件时的每处修复、截断、移位、空白各一行；所印原文保留。",
)
def findings(store: Store, document_number: str) -> pd.DataFrame:
    """What was repaired or is worth a look."""
    return store.query("notice_findings", document_number=document_number)


@board(
    page="资金文件",
    title="绩效指标",
    asks="目标表的每项指标读成了什么",
    formula="每项指标一行：一级、二级、三级指标、指标值、目标类别、分值、填报方式、汇总方式。",
)
def indicators(store: Store, document_number: str) -> pd.DataFrame:
    """The indicators of a notice as they are reported, scored and rolled up."""
    return store.query("indicators", document_number=document_number)
