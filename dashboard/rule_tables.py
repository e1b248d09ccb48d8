"""The rule book as people read and change it: its versions, its limits, what differs, what it would change."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import fragments, labels
from dashboard.kept import kept
from data.errors import RefusedError
from metrics.boards.basis import Consequence
from metrics.boards.definition import BoardDefinition
from metrics.rule_changes import RuleBase
from metrics.thresholds import ALL_THRESHOLDS, Threshold, rule_words

USE_WORDS = {"in_use": "使用中", "left_out": "未启用", "not_yet": "尚未启用"}
TYPED = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")


@kept
def sources(table: pd.DataFrame) -> str:
    """Where the rules come from, in the papers' own words, each with how far it was compared with the paper."""
    return "".join(
        f'<div class="wx-source"><b>{html.escape(row["citation"])}</b>　<i>{html.escape(row["trust"])}</i>'
        + (fragments.quote(row["quote"]) if row["quote"] else "")
        + (f'<small>{html.escape(row["note"])}</small>' if row["note"] else "") + "</div>"
        for row in table.to_dict("records")
    )


@kept
def version_title(table: pd.DataFrame) -> dict[str, str]:
    """The versions as a selector offers them: 2021-1 版（程序自带，2021-01-01 起）."""
    return {
        version: f"{version} 版（{name}，{labels.full_day(day)} 起）"
        for version, name, day in zip(
            table["rule_version"], table["profile_name"], table["effective_on"], strict=True
        )
    }


@kept
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


@kept
def limits(table: pd.DataFrame) -> pd.DataFrame:
    """The rules of one version with their sources."""
    return pd.DataFrame({
        "名称": table["name"],
        "数值": _words(table, "value"),
        "生效": [labels.full_day(value) for value in table["effective_on"]],
        "启用": table["use_state"].map(USE_WORDS),
        "可信程度": table["trust"],
        "依据": [
            text.removesuffix(f"（{trust}）") for text, trust in zip(table["citation"], table["trust"], strict=True)
        ],
        "说明": table["note"],
    })


@kept
def difference(table: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """What differs between two versions, rule by rule."""
    return pd.DataFrame({
        "名称": table["name"],
        f"{old} 版": _words(table, "old_value"),
        f"{new} 版": _words(table, "new_value"),
        "依据": table["citation"],
    })


@kept
def consequence_sentence(found: Consequence, version: str, current: str) -> str:
    """What would be otherwise, counted."""
    cells = found.cells
    if cells.empty:
        return "本轮到统计截止日还没有得分，没有可以比较的结果。"
    if version == current:
        return f"本轮正是按 {version} 版计分的。要看改口径的影响，请在上方另选一版。"
    units = found.units
    moved = list(units.loc[units["is_effect_state_changed"].astype(bool), "recipient_name"])
    graded = list(units.loc[units["is_grade_changed"].astype(bool), "recipient_name"])
    return (
        f"如果本轮按 {version} 版口径：{len(cells)} 项里 {cells['is_changed'].sum()} 项的状态、得分或分值不同，"
        f"其中 {cells['is_state_changed'].sum()} 项状态不同；五种状态不同的单位：{_named(moved)}；"
        f"等级不同的单位：{_named(graded)}。这里只作比较，本轮结果不变。"
    )


@kept
def changed_units(found: Consequence) -> pd.DataFrame:
    """Every unit as it stands and as it would stand."""
    units = found.units
    return pd.DataFrame({
        "单位": units["recipient_name"],
        "状态": [labels.marked(labels.EFFECT_MARKS, state) for state in units["old_effect_state"]],
        "状态将为": [labels.marked(labels.EFFECT_MARKS, state) for state in units["new_effect_state"]],
        "总分": _graded_points(units, "old"),
        "总分将为": _graded_points(units, "new"),
        "等级": _grades(units, "old"),
        "等级将为": _grades(units, "new"),
        "不同": units["is_changed"].map({True: "不同", False: "—"}),
    })


@kept
def changed_cells(found: Consequence) -> pd.DataFrame:
    """The indicators that would come out otherwise, those in another state first."""
    cells = found.cells[found.cells["is_changed"].astype(bool)]
    cells = cells.sort_values("is_state_changed", ascending=False, kind="stable")
    return pd.DataFrame({
        "单位": cells["recipient_name"],
        "指标": cells["short_name"],
        "状态": [labels.marked(labels.SCORE_MARKS, state) for state in cells["old_state"]],
        "状态将为": [labels.marked(labels.SCORE_MARKS, state) for state in cells["new_state"]],
        "得分／分值": _points(cells, "old"),
        "得分／分值将为": _points(cells, "new"),
    })


@kept
def definitions(found: Sequence[BoardDefinition]) -> pd.DataFrame:
    """Every board's definition, page by page."""
    return pd.DataFrame({
        "页面": [item.page for item in found],
        "表或图": [item.title for item in found],
        "回答什么": [item.asks for item in found],
        "怎样算": [item.formula for item in found],
        "依据": ["；".join(dict.fromkeys(source.title for source in item.sources)) or "—" for item in found],
    })


@kept
def base_titles(starting_points: Mapping[str, RuleBase]) -> dict[str, str]:
    """What a new version may start from, as a selector offers it."""
    return {
        name: f"{name} 版（{base.profile_name}）" if re.fullmatch(r"\d{4}-\d+", name) else f"方案：{base.profile_name}"
        for name, base in starting_points.items()
    }


def editable() -> dict[str, Threshold]:
    """The rules that a bureau may set, in the order of the rule book."""
    return {key: rule for key, rule in ALL_THRESHOLDS.items() if rule.is_editable}


@kept
def field_label(rule: Threshold) -> str:
    """What stands over the field of a rule: its name and how to write the value."""
    return f"{rule.name}（{'%' if rule.unit == '比例' else rule.unit}）"


@kept
def field_text(rule: Threshold, base: RuleBase) -> str:
    """What a rule's field begins with: the base's value without its unit; empty where it is left out."""
    value = base.values.get(rule.key)
    if value is None:
        return ""
    return rule_words(value, rule.unit).removesuffix("%").removesuffix(rule.unit).strip()


@kept
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


def _named(units: Sequence[str]) -> str:
    return f"{len(units)} 个（{'、'.join(units)}）" if units else "没有"


def _points(cells: pd.DataFrame, side: str) -> list[str]:
    return [
        f"{labels.points(score, weight)}／{labels.points(weight)}"
        for score, weight in zip(cells[f"{side}_final_micro"], cells[f"{side}_weight_micro"], strict=True)
    ]


def _graded_points(units: pd.DataFrame, side: str) -> list[str]:
    """Points out of 100; a dash where too little was scored for a grade."""
    return [
        labels.points(None if grade is None else points)
        for points, grade in zip(units[f"{side}_points_micro"], units[f"{side}_grade"], strict=True)
    ]


def _grades(units: pd.DataFrame, side: str) -> list[str]:
    return [labels.GRADE_WORDS.get(grade, "—") for grade in units[f"{side}_grade"]]


def _words(table: pd.DataFrame, column: str) -> list[Any]:
    return [
        None if value is None else rule_words(value, unit)
        for value, unit in zip(table[column], table["unit"], strict=True)
    ]
