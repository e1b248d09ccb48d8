"""Adopt a new version of the rule book; rounds that are open already keep theirs."""

from __future__ import annotations

from datetime import datetime

from dashboard.rights import require
from data.audit import Actor, append, stamp
from data.store import Store
from metrics.rule_changes import RuleChange, bases, plan_version
from metrics.rulebook import held_versions, keep, keep_shipped


def adopt_rules(store: Store, actor: Actor, at: datetime, change: RuleChange) -> str:
    """Keep a new version of the rule book and return its name.

    It holds for rounds that are opened from now on and whose period ends on or after its first day; no
    score of an open round is made anew.

    Raises: RefusedError with one sentence for each fault of the change, all at once.
    """
    require(actor, "adopt_rules")
    with store.transaction() as cursor:
        keep_shipped(cursor)
        at = stamp(cursor, at)
        held = held_versions(cursor)
        rules = plan_version(held, change, at, actor.name)
        keep(cursor, rules)
        before = bases(held)[change.base].values
        append(cursor, actor, at, "adopt_rules", rules.version, {
            "base": change.base,
            "profile_name": rules.profile_name,
            "effective_on": rules.effective_on,
            "reason": rules.change_reason,
            "changed": {
                key: [before.get(key), rules.values.get(key)]
                for key in sorted({*before, *rules.values}) if before.get(key) != rules.values.get(key)
            },
        })
    return rules.version
