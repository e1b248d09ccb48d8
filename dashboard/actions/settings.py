"""The bureau's rules of sign-in, changed by an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dashboard.actions.accounts import require_standing
from dashboard.auth.policy import policy_as_texts, policy_of, read_policy
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Store, sql_text


def change_settings(store: Store, actor: Actor, at: datetime, wanted: Mapping[str, str]) -> LogEntry:
    """Keep new rules of sign-in, as typed; a rule that is not named stays.

    Raises: RefusedError with every value out of bounds at once, or if nothing changes.
    """
    require(actor, "change_settings")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        before = policy_as_texts(read_policy(store))
        after = policy_as_texts(policy_of({**before, **wanted}))
        changed = [key for key in before if before[key] != after[key]]
        if not changed:
            raise RefusedError("安全设置没有变化，不需要保存。")
        for key in changed:
            cursor.run(sql_text("data", "writes/keep_setting"), {"setting_key": key, "setting_value": after[key]})
        return append(cursor, actor, stamp(cursor, at), "change_settings", "安全设置", {
            "before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed},
        })
