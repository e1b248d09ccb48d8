"""Versions of the rule book: kept in the store, fixed on a round when it is opened, never changed afterwards.

Limitations: a version is a set of numbers; what the numbers mean (``metrics/sql``) changes with the program
             and stands in CHANGELOG under 口径变化.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from data.errors import NotFoundError
from data.store import Cursor, Store
from metrics.law import citation
from metrics.thresholds import ALL_THRESHOLDS, MICRO, RULE_EFFECTIVE_ON, RULE_VERSION, SHIPPED_VALUES

SHIPPED_PROFILE = "程序自带"


@dataclass(frozen=True)
class RuleVersion:
    """One version of the rule book.

    ``values`` holds the rules that the version uses, by their keys in ``metrics.thresholds``; a rule that
    is absent is not used. Unit: that of the rule (0.80 for 80%). ``sources`` say where each value comes
    from; a rule without one has the source of the rule book.
    """

    version: str
    profile_name: str
    effective_on: date
    change_reason: str
    adopted_at: datetime
    adopted_by: str
    values: Mapping[str, Decimal]
    sources: Mapping[str, str] = field(default_factory=dict)


def keep_shipped(cursor: Cursor) -> None:
    """Write the shipped version into a store that has none."""
    if len(cursor.query("rule_versions")):
        return
    keep(cursor, RuleVersion(
        RULE_VERSION, SHIPPED_PROFILE, RULE_EFFECTIVE_ON, "程序自带的口径",
        datetime.combine(RULE_EFFECTIVE_ON, time()), SHIPPED_PROFILE, SHIPPED_VALUES,
    ))


def keep(cursor: Cursor, rules: RuleVersion) -> None:
    """Write a version; versions are only ever added."""
    cursor.insert("rule_version", [{
        "rule_version": rules.version,
        "profile_name": rules.profile_name,
        "effective_on": rules.effective_on,
        "change_reason": rules.change_reason,
        "adopted_at": rules.adopted_at,
        "adopted_by": rules.adopted_by,
    }])
    cursor.insert("rule_value", [
        {"rule_version": rules.version, "rule_key": key, "value_micro": int(value * MICRO),
         "source_text": rules.sources.get(key) or citation(ALL_THRESHOLDS[key].source)}
        for key, value in rules.values.items()
    ])


def versions(store: Store) -> list[RuleVersion]:
    """Every version that the store holds, the newest first; empty before the first round is opened."""
    with store.reading() as cursor:
        return held_versions(cursor)


def held_versions(cursor: Cursor) -> list[RuleVersion]:
    """``versions`` on a cursor, so that a transaction sees what it wrote.

    A rule that is none of the rule book any more, as an earlier release kept it, is left out.
    """
    values: dict[str, dict[str, Decimal]] = {}
    sources: dict[str, dict[str, str]] = {}
    for row in cursor.query("rule_values").to_dict("records"):
        if row["rule_key"] not in ALL_THRESHOLDS:
            continue
        values.setdefault(row["rule_version"], {})[row["rule_key"]] = Decimal(int(row["value_micro"])) / MICRO
        sources.setdefault(row["rule_version"], {})[row["rule_key"]] = row["source_text"]
    return [
        RuleVersion(
            row["rule_version"], row["profile_name"], row["effective_on"].date(), row["change_reason"],
            row["adopted_at"].to_pydatetime(), row["adopted_by"], values.get(row["rule_version"], {}),
            sources.get(row["rule_version"], {}),
        )
        for row in cursor.query("rule_versions").to_dict("records")
    ]


def version_in_force(cursor: Cursor, on: date) -> RuleVersion:
    """The version that a round is opened by whose period ends on a day: the newest that is effective by then.

    The shipped version is the first of all and holds for every earlier day, too.
    """
    keep_shipped(cursor)
    return in_force(held_versions(cursor), on)


def in_force(held: Sequence[RuleVersion], on: date) -> RuleVersion:
    """``version_in_force`` among versions at hand, the newest first."""
    return next((rules for rules in held if rules.effective_on <= on), held[-1])


def rules_of_round(cursor: Cursor, document_number: str, round_id: str) -> RuleVersion:
    """The version that a round was opened by.

    Raises: NotFoundError if there is no such round.
    """
    rounds = cursor.query("rounds", document_number=document_number).set_index("round_id")["rule_version"]
    if round_id not in rounds.index:
        raise NotFoundError(f"{document_number} 没有轮次 {round_id}，请重新选择轮次。")
    return version_named(held_versions(cursor), str(rounds[round_id]))


def version_named(held: Sequence[RuleVersion], name: str) -> RuleVersion:
    """The version with a name.

    Raises: NotFoundError if the store holds no such version.
    """
    for rules in held:
        if rules.version == name:
            return rules
    raise NotFoundError(f"没有口径版本“{name}”，请在“依据与口径”页面另选一个版本。")
