"""依据与口径: every rule with its source, every version of the rule book, every board with its definition."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

import metrics.boards
from data.store import Store
from metrics import law
from metrics.boards.definition import BOARDS, BoardDefinition, Scope, board
from metrics.law import ALL_SOURCES, citation, trust_label
from metrics.rule_changes import OWN_PROFILE, RuleBase, bases
from metrics.rulebook import RuleVersion, rules_of_round, version_named
from metrics.rulebook import versions as rule_versions
from metrics.thresholds import ALL_THRESHOLDS, Threshold
from metrics.what_if import rescore, restand


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
    title="本轮的口径",
    asks="这一轮是按哪一版口径计分的",
    formula="取开启轮次时定下的版本；以后起用新的口径也不变。",
)
def of_round(store: Store, scope: Scope) -> RuleVersion:
    """The version that a round is scored by, with its values.

    Raises: NotFoundError if there is no such round.
    """
    with store.reading() as cursor:
        return rules_of_round(cursor, scope.document_number, scope.round_id)


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


@dataclass(frozen=True)
class Consequence:
    """What another version would make of a round: every indicator and every unit, as kept and as it would be."""

    cells: pd.DataFrame
    units: pd.DataFrame


@board(
    page="依据与口径",
    title="如果本轮按这一版",
    asks="如果本轮按另一版口径，哪些指标、哪些单位的结果会不同",
    formula="用本轮记录在案的填报数和日期，换上另一版的分值与界限，按同一规则重新计算，与现在的结果逐项比较；"
    "复核定下的得分按原得分÷原分值折算；已支付金额和日期不变。只作比较，不写入任何结果。",
    sources=(law.SCORE_REACHED_SOURCE, law.SCORE_PROPORTION_SOURCE, law.WEIGHT_CHANGE_SOURCE),
)
def consequence(store: Store, scope: Scope, version: str) -> Consequence:
    """The figures of a round as they are and as another version would make them; nothing is written.

    Shape:  ``cells`` one row per recipient and indicator, ``units`` one per recipient, in printed order; each
            figure as ``old_`` and ``new_`` with ``is_<figure>_changed``; ``is_changed`` where any of them differs.
    Unit:   micro-points; ``points_micro`` out of 100 points.
    Empty:  points are missing in the missing states; no cells before the round was opened.
    Raises: NotFoundError if the store holds no such version.
    """
    rules = version_named(rule_versions(store), version)
    with store.reading() as cursor:
        rescored = rescore(cursor, scope, rules)
        standing = restand(cursor, scope, rules, rescored)
    units = store.query("allocation_units", document_number=scope.document_number)
    names = dict(zip(units["recipient_id"], units["recipient_name"], strict=True))
    by_unit = {row["recipient_id"]: row for row in standing}
    figures = ("effect_state", "points_micro", "grade")
    return Consequence(
        _compared(rescored, ("state", "final_micro", "weight_micro"), ("recipient_name", "indicator_no", "short_name")),
        _compared([{**by_unit[unit], "recipient_name": name} for unit, name in names.items()], figures,
                  ("recipient_name",)),
    )


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


def _compared(rows: Sequence[dict[str, Any]], figures: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    sides = [f"{side}_{figure}" for figure in figures for side in ("old", "new")]
    marks = [f"is_{figure}_changed" for figure in figures]
    # Compared row by row: in a column of objects what is missing twice would count as different.
    marked = [
        {**row, **{f"is_{figure}_changed": row[f"old_{figure}"] != row[f"new_{figure}"] for figure in figures}}
        for row in rows
    ]
    return pd.DataFrame(
        [{**row, "is_changed": any(row[mark] for mark in marks)} for row in marked],
        columns=["recipient_id", *names, *sides, *marks, "is_changed"], dtype=object,
    )


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
        "use_state": "not_yet" if not rule.is_in_use else "left_out" if value is None else "in_use",
    }
