"""What a person sees of their own messages: no board, for no role reaches another person's by it."""

from __future__ import annotations

from typing import Any

from data.audit import Actor
from data.store import Store, sql_text


def own_addresses(store: Store, actor: Actor) -> dict[str, dict[str, Any]]:
    """Where the person is reached, by channel."""
    with store.reading() as cursor:
        rows = cursor.rows(sql_text("data", "queries/addresses_of"), {"account_id": actor.account_id})
    return {row["channel_key"]: row for row in rows}


def own_messages(store: Store, actor: Actor) -> list[dict[str, Any]]:
    """What was put into the outbox for the person, the newest first."""
    with store.reading() as cursor:
        return cursor.rows(sql_text("data", "queries/messages_of"), {"receiver_key": actor.account_id})
