"""The rule book as people read and change it: its versions, its limits, what differs, what it would change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import labels
from data.errors import RefusedError
from metrics.boards.definition import BoardDefinition
from metrics.rule_changes import RuleBase
from metrics.thresholds import ALL_THRESHOLDS, Threshold, rule_words

USE_WORDS = {"in_use": "使用中", "left_out": "未启用", "not_yet": "尚未启用"}
TYPED = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")


def version_title(table: pd.DataFrame) -> dict[str, str]:
    """The versions as a selector offers them: 2021-1　程序自带（2021-01-01 起）."""
    return {
        version: f"{version}　{name}（{labels.full_day(day)} 起）"
        for version, name, day in zip(
            table["rule_version"], table["profile_name"], table["effective_on"], strict=True
        )
    }


def versions(table: pd.DataFrame) -> pd.DataFrame:
    """Every version with who adopted it and why."""
    return pd.DataFrame({
        "版本": table["rule_version"],
        "名称": table["profile_name"],
        "生效": [labels.full_day(value) for value in table["effective_on"]],
        "理由": table["change_reason"],
        "起用人": table["adopted_by"],
        "起用时间": [labels.full_day(value) for value in table["adopted_at"]],
        "使用的轮次": [f"{count} 个" for count in table["round_count"]],
    })


def limits(table: pd.DataFrame) -> pd.DataFrame:
    """The rules of one version with their sources."""
    return pd.DataFrame({
        "名称": table["name"],
        "数值": _words(table, "value"),
        "生效": [labels.full_day(value) for value in table["effective_on"]],
        "启用": table["use_state"].map(USE_WORDS),
        "可信程度": table["trust"],
        "层级": table["is_national"].map({True: "全国规定", False: "设定或地方做法"}),
        "依据": table["citation"],
        "说明": table["note"],
    })


def difference(table: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """What differs between two versions, rule by rule."""
    return pd.DataFrame({
        "名称": table["name"],
        f"{old} 版": _words(table, "old_value"),
        f"{new} 版": _words(table, "new_value"),
        "依据": table["citation"],
    })


def definitions(found: Sequence[BoardDefinition]) -> pd.DataFrame:
    """Every board's definition, page by page."""
    return pd.DataFrame({
        "页面": [item.page for item in found],
        "表或图": [item.title for item in found],
        "回答什么": [item.asks for item in found],
        "怎样算": [item.formula for item in found],
        "依据": ["；".join(dict.fromkeys(source.title for source in item.sources)) or "—" for item in found],
    })


def base_titles(starting_points: Mapping[str, RuleBase]) -> dict[str, str]:
    """What a new version may start from, as a selector offers it."""
    return {
        name: f"{name} 版（{base.profile_name}）" if re.fullmatch(r"\d{4}-\d+", name) else f"方案：{base.profile_name}"
        for name, base in starting_points.items()
    }


def editable() -> dict[str, Threshold]:
    """The rules that a bureau may set, in the order of the rule book."""
    return {key: rule for key, rule in ALL_THRESHOLDS.items() if rule.is_editable}


def field_label(rule: Threshold) -> str:
    """What stands over the field of a rule: its name and how to write the value."""
    return f"{rule.name}（{'%' if rule.unit == '比例' else rule.unit}）"


def field_text(rule: Threshold, base: RuleBase) -> str:
    """What a rule's field begins with: the base's value without its unit; empty where it is left out."""
    value = base.values.get(rule.key)
    if value is None:
        return ""
    return rule_words(value, rule.unit).removesuffix("%").removesuffix(rule.unit).strip()


def typed_changes(texts: Mapping[str, str], base: RuleBase) -> dict[str, Decimal | None]:
    """The rules whose fields say something else than the base, as values; None where a field was emptied.

    Raises: RefusedError with one sentence for each field that holds no number.
    """
    typed: dict[str, Decimal | None] = {}
    faults = []
    for key, text in texts.items():
        rule = ALL_THRESHOLDS[key]
        plain = text.strip().removesuffix("%").removesuffix("％").removesuffix(rule.unit).strip()
        if not plain:
            typed[key] = None
        elif not TYPED.fullmatch(plain):
            faults.append(f"“{rule.name}”填的“{text[:20]}”不是数，请填数字，例如 {rule_words(rule.value, rule.unit)}。")
        else:
            typed[key] = Decimal(plain) / 100 if rule.unit == "比例" else Decimal(plain)
    if faults:
        raise RefusedError("\n\n".join(faults))
    return {key: value for key, value in typed.items() if value != base.values.get(key)}


def _words(table: pd.DataFrame, column: str) -> list[Any]:
    return [
        None if value is None else rule_words(value, unit)
        for value, unit in zip(table[column], table["unit"], strict=True)
    ]
