"""批量导入: what became of each file, and of each of its rows."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from metrics.boards.definition import board


@board(
    page="批量导入",
    title="以前的导入",
    asks="谁在什么时候导入过哪些数，多少行没有导入",
    formula="每次写入了数据的导入各一行，回执号就是办理记录的序号；什么都没有写入的不在其中。",
)
def made(store: Store) -> pd.DataFrame:
    """Every import that wrote anything, the newest first.

    Shape:  one row per import; ``recipient_id`` is the unit that imported it, empty for the prefecture.
    """
    return store.query("imports")


@board(
    page="批量导入",
    title="逐行回执",
    asks="一次导入的每一行后来怎样了，没有导入的是为什么",
    formula="文件的每一行各一行：新增、更改、撤回、未变、未导入；当时怎样告知就怎样保存。",
)
def import_rows(store: Store, entry_no: int) -> pd.DataFrame:
    """What became of each row of one import, in the order of the file; no rows for another entry of the log.

    Shape:  one row per row of the file; ``recipient_id`` is the unit that the row names, which may be nobody's,
            ``actor_recipient_id`` the unit that imported it: to that one the whole receipt belongs.
    """
    return store.query("import_rows", entry_no=entry_no)
