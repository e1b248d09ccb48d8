"""系统对接: what was loaded of the two systems' exports, what was not taken, and how exports are read."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from metrics import law
from metrics.boards.definition import board

STATES = ("current", "replaced", "withdrawn")


@board(
    page="系统对接",
    title="现有的导出",
    asks="两个系统的每种导出现在用的是哪一份，哪一种从来没有载入",
    formula="没有被替换、没有被撤回的每份导出各一行；一份也没有的种类也列一行，行数为空，不是零。",
    sources=(law.SAME_DATA_SOURCE,),
)
def loaded_now(store: Store) -> pd.DataFrame:
    """The exports that hold now, with the kinds that none holds of.

    Shape:  one row per system, kind and export; ``recipient_id`` is empty for an export of all units.
    Empty:  ``export_no`` and all that follows where no export of the kind holds.
    """
    return store.query("exports_now")


@board(
    page="系统对接",
    title="载入经过",
    asks="载入过哪些导出，哪些还有效，哪些被替换或撤回、为什么",
    formula="每次载入各一行；同样或更大范围的新导出替换旧的，撤回的写明理由。被替换、撤回的行仍可按以前的统计截止日查看。",
)
def exports(store: Store) -> pd.DataFrame:
    """Every loading, the newest first; ``export_state`` is one of ``STATES``."""
    return store.query("docked_exports")


@board(
    page="系统对接",
    title="没有载入的行",
    asks="一份导出的哪些行没有载入，各是什么原因",
    formula="读不出、对不上单位或重复的行各一行，最多保存前 10,000 行；只写位置和原因，不写格里的内容。",
)
def rejects(store: Store, export_no: int) -> pd.DataFrame:
    """The rows of one export that were not taken, in the order of the file.

    Empty:  no rows for an export that is not there or was taken whole.
    """
    return store.query("kept_rejects", export_no=export_no)


@board(
    page="系统对接",
    title="对照表",
    asks="一种导出的每个数据项写在哪一列、用什么单位",
    formula="现行版本的每个数据项和表头各一行；同一数据项有几个表头的，排在前面的优先。",
)
def mapping(store: Store, system_name: str, record_kind: str) -> pd.DataFrame:
    """Under which heads the fields of an export stand, by the version in force.

    Empty:  no rows for a kind that the system does not export.
    """
    return store.query("docking_fields", mapping_key=f"{system_name}-{record_kind}")


@board(
    page="系统对接",
    title="用词对照",
    asks="一种导出里的用词各是什么意思",
    formula="现行版本的每个用词各一行；对照表里没有的用词，所在的行不载入。",
)
def words(store: Store, system_name: str, record_kind: str) -> pd.DataFrame:
    """What the words of an export are called here, by the version in force."""
    return store.query("docking_words", mapping_key=f"{system_name}-{record_kind}")


@board(
    page="系统对接",
    title="对照表的版本",
    asks="一种导出的对照表改过几次，谁改的、为什么",
    formula="每个版本各一行，最新的在前；版本采用以后不再改动，以前载入的导出仍按当时的版本。",
)
def versions(store: Store, system_name: str, record_kind: str) -> pd.DataFrame:
    """The versions of how an export is read, the newest first."""
    found = store.query("docking_versions")
    return found[found["mapping_key"] == f"{system_name}-{record_kind}"].reset_index(drop=True)


@board(
    page="系统对接",
    title="可选的单位",
    asks="一份导出可以是哪个单位的",
    formula="单位名单里的每个单位各一行，按名单次序。",
)
def units(store: Store) -> pd.DataFrame:
    """The units that an export may be about, in printed order."""
    return store.query("recipients")
