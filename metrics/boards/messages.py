"""消息提醒: where people are reached, what was sent to them, and what could not be delivered."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from metrics.boards.definition import board


@board(
    page="消息提醒",
    title="发件箱",
    asks="哪些消息等着发、发出了、没有送达，为什么",
    formula="每个接收人、渠道、事由各一条，同一事由不发第二次；没有送达的在前，最近的在前，只列最近 500 条。",
)
def outbox(store: Store) -> pd.DataFrame:
    """Every message with what became of it; what could not be delivered comes first.

    Shape:  one row per message; the last 500.
    Empty:  ``sent_at`` is empty until it left; ``person_name`` for a group.
    """
    return store.query("message_outbox")


@board(
    page="消息提醒",
    title="接收地址",
    asks="每个人在哪里接收消息，摘要开着没有",
    formula="每个账号、渠道各一行；没有登记地址的人不收消息，不在其中。停用的账号保留地址，但不发。",
)
def addresses(store: Store) -> pd.DataFrame:
    """Where each person is reached.

    Shape:  one row per account and address.
    Empty:  no rows before somebody has an address; ``unit_short_name`` is empty for the prefecture.
    """
    return store.query("message_addresses")
