"""The first-use tour: put away by an account for good, on every machine, and begun again when it is asked for."""

from __future__ import annotations

from datetime import datetime

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.store import Store


def is_tour_open(store: Store, account_id: str) -> bool:
    """Whether an account is still to be shown the tour."""
    return store.query("closed_tour", account_id=account_id).empty


def close_tour(store: Store, actor: Actor, at: datetime) -> LogEntry | None:
    """Show the actor's account the tour no more; None if it was put away before, in another tab."""
    require(actor, "close_tour")
    with store.transaction(is_shown=False) as cursor:
        if not cursor.query("closed_tour", account_id=actor.account_id).empty:
            return None
        at = stamp(cursor, at)
        cursor.insert("closed_tour", [{"account_id": actor.account_id, "tour_closed_at": at}])
        return append(cursor, actor, at, "close_tour", actor.account_id, {})


def restart_tour(store: Store, actor: Actor, at: datetime) -> LogEntry | None:
    """Show the actor's account the tour again; None if it is shown already."""
    require(actor, "restart_tour")
    with store.transaction(is_shown=False) as cursor:
        if not cursor.delete("closed_tour", "account_id", actor.account_id):
            return None
        return append(cursor, actor, stamp(cursor, at), "restart_tour", actor.account_id, {})
