"""The limits of monitoring as people read and change them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.kept import kept

SHIPPED = "程序自带"
CHANGE_NOTE = (
    "按统计截止日取当天已经生效的设定：生效日以前的结果不变；生效日早于今天的，那天以后各统计截止日的结果随之改变。"
    "只影响提示和核查，不影响得分。"
)


@kept
def first_sentence(table: pd.DataFrame) -> str:
    """How many limits there are, and which are not as shipped."""
    changed = [row["name"] for row in table.to_dict("records") if row["value"] != row["shipped_value"]]
    if not changed:
        return f"{len(table)} 个监控界限都是程序自带的数。"
    return f"{len(table)} 个监控界限，本单位改过 {len(changed)} 个：{'、'.join(changed)}。"


@kept
def limits(table: pd.DataFrame) -> pd.DataFrame:
    """Every limit with its bounds, its source, and since when it is what it is."""
    rows = table.to_dict("records")
    return pd.DataFrame({
        "名称": table["name"],
        "数值": [_value(row) for row in rows],
        "可改范围": [_bounds(row) for row in rows],
        "起始和办理人": [_since(row) for row in rows],
        "可信程度": table["trust"],
        "依据": table["citation"],
        "说明": table["note"],
    })


@kept
def changes(table: pd.DataFrame) -> pd.DataFrame:
    """Every setting of a limit with who made it and why."""
    return pd.DataFrame({
        "名称": table["name"],
        "数值": [f"{value} {unit}" for value, unit in zip(table["set_value"], table["unit"], strict=True)],
        "生效": [labels.full_day(value) for value in table["effective_on"]],
        "理由": table["change_reason"],
        "办理人": table["entered_by"],
        "办理时间": [labels.full_day(value) for value in table["entered_at"]],
    })


@kept
def editable(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The limits that a bureau may set, by key: what the law fixes is not among them."""
    return {row["key"]: row for row in table.to_dict("records") if not row["is_fixed"]}


@kept
def option(row: dict[str, Any]) -> str:
    """A limit as a selector offers it: 资金闲置天数（现为 60 天）."""
    return f"{row['name']}（现为 {_value(row)}）"


def _value(row: dict[str, Any]) -> str:
    return f"{row['value']} {row['unit']}"


def _bounds(row: dict[str, Any]) -> str:
    return "不能更改" if row["is_fixed"] else f"{row['least']} 至 {row['most']} {row['unit']}"


def _since(row: dict[str, Any]) -> str:
    if row["effective_on"] is None:
        return SHIPPED
    shipped = f"{row['shipped_value']} {row['unit']}"
    return f"{labels.full_day(row['effective_on'])} 起，{row['entered_by']}：{row['change_reason']}（原为 {shipped}）"
