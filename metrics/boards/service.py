"""运行状况: what the store itself says of how the service is kept."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from metrics.boards.definition import board


@board(
    page="运行状况",
    title="备份与消息",
    asks="最近一次备份是什么时候，有没有发不出去的消息",
    formula="备份时间取办理记录里最近一次“备份数据”；登录数是没有退出的登录，消息数按发件箱里的状态计。",
)
def holdings(store: Store) -> pd.DataFrame:
    """The last backup on record, the sessions, and the messages that wait or were given up.

    Shape:  one row.
    Empty:  ``last_backup_at`` is empty before the first backup.
    """
    return store.query("service_holdings")
