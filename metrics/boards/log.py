"""办理记录: who did what, as what, from where, and whether the log is as it was written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from data.audit import find_break, logged
from data.store import Store
from metrics.boards.definition import board

MOST_SHOWN = 500


@dataclass(frozen=True)
class LogSearch:
    """What to look for; empty words find everything.

    ``person`` is a part of a name or of an account, ``subject`` a part of what it was about; ``recipient_id`` is the
    unit that acted or that it was about.
    """

    person: str = ""
    action_name: str = ""
    recipient_id: str = ""
    subject: str = ""
    from_on: date = date.min
    to_on: date = date.max

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self == LogSearch()


@dataclass(frozen=True)
class ChainState:
    """Whether the log's entries follow one another as they were written; ``broken`` is '' if they do."""

    entry_count: int
    last_hash: str
    broken: str


@board(
    page="办理记录",
    title="办理记录",
    asks="谁在什么时候、以什么身份、从哪里，对什么办了什么，办之前和之后各是什么",
    formula="每办一步记一行，不能修改和删除；最新的在前，屏幕上最多五百行，导出时不限。",
)
def entries(store: Store, search: LogSearch, most: int = MOST_SHOWN) -> pd.DataFrame:
    """The entries that fit a search.

    Shape:  one row per entry, the newest first; ``found_count`` is how many there are in all.
    Empty:  ``recipient_name`` is missing for the prefecture; account and origin are '' before people signed in.
    """
    return store.query("log_entries", **asdict(search), most=most)


@board(
    page="办理记录",
    title="办过的事项",
    asks="记录里有哪些事项",
    formula="记录中出现过的事项，各有几条。",
)
def actions(store: Store) -> pd.DataFrame:
    """Every kind of action that is in the log.

    Shape:  one row per action.
    """
    return store.query("log_actions")


@board(
    page="办理记录",
    title="首尾相接",
    asks="记录有没有被改动、删去或调换过",
    formula="每条记录带有前一条的校验码；逐条重新计算，有一处不符就指出是第几条。"
    "末尾被截去的，要与另存的最后一条校验码比较才能发现。",
)
def chain(store: Store) -> ChainState:
    """Whether the whole log holds, computed anew from its words."""
    with store.reading() as cursor:
        rows = logged(cursor)
    broken = find_break(rows)
    return ChainState(len(rows), rows[-1]["entry_hash"] if rows else "", "" if broken is None else str(broken))
