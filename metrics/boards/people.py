"""账号与安全: who may sign in, as what, for which unit, and how."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from metrics.boards.definition import board


@board(
    page="账号与安全",
    title="账号",
    asks="谁有账号，是什么角色、哪个单位，能不能登录",
    formula="每个账号一行；停用的账号保留，不删除。密码和动态口令只说有没有，不显示也不导出。",
)
def accounts(store: Store) -> pd.DataFrame:
    """Every account, no secrets.

    Shape:  one row per account.
    Unit:   moments in UTC.
    Empty:  ``recipient_name`` is missing for the prefecture; no rows before the first start.
    """
    return store.query("accounts")


@board(
    page="账号与安全",
    title="单位名单",
    asks="账号可以属于哪些单位",
    formula="首次启用时导入的单位，加上资金文件里出现过的单位，按名单次序。",
)
def units(store: Store) -> pd.DataFrame:
    """Every unit that an account may belong to.

    Shape:  one row per recipient, in printed order.
    Empty:  no rows before units were given or a notice was published.
    """
    return store.query("recipients")


@board(
    page="账号与安全",
    title="接口令牌",
    asks="发放过哪些接口令牌，代表谁、用于什么、何时到期、撤销没有",
    formula="每个令牌一行；到期和撤销的保留，不删除。令牌本身只在发放时显示一次，这里不显示也不导出。",
)
def tokens(store: Store) -> pd.DataFrame:
    """Every token ever issued, no secrets.

    Shape:  one row per token, the newest first.
    Unit:   moments in UTC.
    Empty:  ``revoked_at`` is missing where a token was never revoked; no rows before one is issued.
    """
    return store.query("api_tokens")


@board(
    page="账号与安全",
    title="登录失败",
    asks="哪些账号最近没有登录成功，连续几次",
    formula="登录成功、管理员重设密码或解除锁定后清零，一天后不再计。只列有账号的登录名。",
)
def failures(store: Store) -> pd.DataFrame:
    """Which accounts have failed sign-ins behind them.

    Shape:  one row per account that has any.
    Unit:   ``failed_at`` in UTC.
    Empty:  no rows where nobody failed.
    """
    return store.query("sign_in_failures")
