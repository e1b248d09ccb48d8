"""依据与口径: every rule with its source, every version of the rule book, every board with its definition."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

import pandas as pd

import metrics.boards
from data.store import Store
from metrics import law
from metrics.boards.definition import BOARDS, BoardDefinition, board
from metrics.law import ALL_SOURCES, citation, trust_label
from metrics.rule_changes import OWN_PROFILE, RuleBase, bases
from metrics.rulebook import RuleVersion, version_named
from metrics.rulebook import versions as rule_versions
from metrics.thresholds import ALL_THRESHOLDS, Threshold


@board(
    page="依据与口径",
    title="依据",
    asks="每条规则出自哪里，原文怎么说，核对过没有",
    formula="逐条列出文号、标题、条款、原文与可信程度；没有核对过原文的标“出处待核”。",
)
def sources(_: Store | None = None) -> pd.DataFrame:
    """Every legal source with its words and how far it can be trusted; the law book is the program's, not a store's."""
    return pd.DataFrame(
        [
            {"key": key, "citation": citation(source), "quote": source.quote,
             "trust": trust_label(source), "note": source.note, "url": source.url}
            for key, source in ALL_SOURCES.items()
        ]
    )


@board(
    page="依据与口径",
    title="口径版本",
    asks="有过哪些版本的口径，谁在什么时候为什么改的，每版有几个轮次在用",
    formula="每版一行，生效日最近的在前；开启轮次时，取数据截至日当天已经生效的最近一版，此后不再变。",
    sources=(law.OWN_SETTING_SOURCE,),
)
def versions(store: Store) -> pd.DataFrame:
    """Every version of the rule book, the newest first; no rows before the shipped one is kept."""
    return store.query("rule_versions")


@board(
    page="依据与口径",
    title="口径参数",
    asks="这一版的每个分值、界限是多少，从什么时候起用，依据是什么",
    formula="逐项列出数值、生效日、依据与可信程度；本单位设定的都写明不是全国规定。"
    "“未启用”是这一版没有采用，“尚未启用”是还没有数字用到它。",
)
def limits(store: Store, version: str) -> pd.DataFrame:
    """Every rule with its value in one version, its date and its source.

    Shape:  one row per rule, in the order of the rule book; ``use_state`` in_use, left_out or not_yet.
    Unit:   that of the rule (0.80 for 80%).
    Empty:  ``value`` is None where the version leaves the rule out.
    Raises: NotFoundError if the store holds no such version.
    """
    held = rule_versions(store)
    rules = version_named(held, version)
    older = held[held.index(rules):]
    return pd.DataFrame([_limit(rule, rules, older) for rule in ALL_THRESHOLDS.values()])


@board(
    page="依据与口径",
    title="两版口径的差别",
    asks="两版口径有哪些数不同",
    formula="逐项比较两版的数值，只列不同的。",
)
def difference(store: Store, version_a: str, version_b: str) -> pd.DataFrame:
    """The rules whose values differ between two versions, from the first to the second.

    Shape:  one row per rule that differs.
    Empty:  no rows where the versions are alike; a value is None where its version leaves the rule out.
    Raises: NotFoundError if the store holds no such version.
    """
    held = rule_versions(store)
    old, new = version_named(held, version_a), version_named(held, version_b)
    rows = [
        {"key": rule.key, "name": rule.name, "unit": rule.unit,
         "old_value": old.values.get(rule.key), "new_value": new.values.get(rule.key),
         "citation": new.sources.get(rule.key) or old.sources.get(rule.key, "")}
        for rule in ALL_THRESHOLDS.values() if old.values.get(rule.key) != new.values.get(rule.key)
    ]
    return pd.DataFrame(rows, columns=["key", "name", "unit", "old_value", "new_value", "citation"], dtype=object)


@board(
    page="依据与口径",
    title="可以从哪一版改起",
    asks="新版口径可以从哪些已有版本或现成方案改起",
    formula="已有各版在前，现成方案在后；现成方案是程序自带的口径换掉其中几个数。",
)
def starting_points(store: Store) -> Mapping[str, RuleBase]:
    """What a new version may start from, by name."""
    return bases(rule_versions(store))


def board_definitions() -> list[BoardDefinition]:
    """Every board's definition, page by page."""
    for module in pkgutil.iter_modules(metrics.boards.__path__):
        importlib.import_module(f"metrics.boards.{module.name}")
    return sorted(BOARDS.values(), key=lambda definition: (definition.page, definition.name))


def _limit(rule: Threshold, rules: RuleVersion, older: list[RuleVersion]) -> dict[str, Any]:
    """One row of ``limits``; ``older`` begins with the version itself."""
    value = rules.values.get(rule.key)
    first = rules
    for version in older:
        if version.values.get(rule.key) != value:
            break
        first = version
    # The shipped version took its values over on the day when each of them began to hold.
    since = rule.effective_on if first is older[-1] else first.effective_on
    is_as_cited = value is None or value == rule.value
    return {
        "key": rule.key,
        "name": rule.name,
        "value": value,
        "unit": rule.unit,
        "effective_on": since if value is not None else None,
        "citation": rules.sources.get(rule.key) or citation(rule.source),
        "trust": trust_label(rule.source) if is_as_cited else OWN_PROFILE,
        "note": rule.note,
        "is_national": rule.is_national,
        "use_state": "not_yet" if not rule.is_in_use else "left_out" if value is None else "in_use",
    }
