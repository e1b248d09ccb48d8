"""The log as people read it: who, as what, from where, what, and what it was before and after, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.actions.receipts import STEP_NAMES
from dashboard.rights import ROLE_NAMES, action_title
from data.reference import glossary
from metrics.boards.log import ChainState, LogSearch
from metrics.thresholds import ALL_THRESHOLDS

# What the log calls a thing, where the glossary has no word or a longer one.
NAMES = {
    "after": "改后", "amount_yuan": "金额", "approval": "批准依据", "base": "改自", "before": "改前",
    "changed": "改动", "changes": "改动数", "claimed_micro": "自评得分", "corrected": "更正为", "entries": "项数",
    "evidence": "佐证", "field": "栏目", "file": "文件", "line": "行号", "marker": "标识", "outcome": "结果",
    "printed": "所印", "reason": "理由", "recomputed_micro": "复算得分", "report_id": "填报", "rounds": "轮次",
    "search": "查找条件", "sha256": "文件校验码", "state": "状态", "step": "环节", "units": "单位数",
    "indicators": "指标数", "values_sha256": "数据校验码", "version": "版本", "kind": "格式", "row_count": "行数",
}
STATES = {
    "submitted": "已报送", "returned": "已退回", "accepted": "已通过", "locked": "已锁定", "reopened": "已重新开放",
    "confirmed": "属实", "questioned": "存疑", "published": "发布", "replaced": "替换", "nothing_changed": "没有变化",
}
NONE = "无"


def entries(table: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """The entries as a table; ``units`` are the units' names."""
    return pd.DataFrame([
        {
            "编号": f"第 {row['entry_no']} 号",
            "时间": f"{row['happened_at']:%Y-%m-%d %H:%M:%S}",
            **words(row, units),
            "校验码": row["entry_hash"][:8],
        }
        for row in table.to_dict("records")
    ])


def words(row: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, str]:
    """One entry in words."""
    account = f"（{row['account_id']}）" if row["account_id"] else ""
    return {
        "姓名": f"{row['actor_name']}{account}",
        "角色": ROLE_NAMES.get(row["actor_role"], row["actor_role"]),
        "单位": units.get(row["actor_recipient_id"], row["actor_recipient_id"]) or "州本级",
        "来自": row["origin_text"] or "—",
        "办理事项": action_title(row["action_name"]),
        "对象": subject_words(row["subject_text"], units),
        "内容": detail_words(row["detail_json"], units),
    }


def subject_words(text: str, units: Mapping[str, str]) -> str:
    """What an action was about, units by their names."""
    named = {**units, "region": "州本级"}
    return " ".join(named.get(part, part) for part in text.split(" "))


def detail_words(detail_json: str, units: Mapping[str, str]) -> str:
    """What was before and after, and what else was noted: 角色：县市填报 → 县市审核；理由：轮岗。"""
    detail = json.loads(detail_json)
    before, after = detail.pop("before", None), detail.pop("after", None)
    parts = _difference(before, after, units)
    for key, pair in (detail.pop("changed", None) or {}).items():
        parts.append(f"{_name(key, units)}：{_value(key, pair[0], units)} → {_value(key, pair[1], units)}")
    if "before_micro" in detail:
        old, new = (_value("points_micro", detail.pop(key), units) for key in ("before_micro", "reviewed_micro"))
        parts.append(f"复核得分：{old} → {new}")
    parts += [f"{_name(key, units)}：{_value(key, value, units)}" for key, value in detail.items()]
    return "；".join(parts) or "—"


def _difference(before: Any, after: Any, units: Mapping[str, str]) -> list[str]:
    """Each thing that is not as it was; of what is new or gone, all of it."""
    if not isinstance(before, dict) and not isinstance(after, dict):
        return [] if before is None and after is None else [
            f"{_value('', before, units)} → {_value('', after, units)}"
        ]
    old, new = (side if isinstance(side, dict) else {} for side in (before, after))
    keys = [key for key in dict.fromkeys([*new, *old]) if key not in old or key not in new or old[key] != new[key]]
    if not old:
        return [f"{_name(key, units)}：{_value(key, new[key], units)}" for key in keys]
    return [
        f"{_name(key, units)}：{_value(key, old.get(key), units)} → {_value(key, new.get(key), units)}" for key in keys
    ]


def chain_sentence(state: ChainState) -> str:
    """Whether the log holds, and the hash to keep elsewhere."""
    if state.broken:
        return f"记录接不上：{state.broken}。请立即停止使用，保留现场，与另存的导出文件逐条比对。"
    if not state.entry_count:
        return "还没有办理记录。"
    return f"共 {state.entry_count:,} 条，首尾相接，没有改动；最后一条校验码 {state.last_hash}。"


def found_sentence(found: int, shown: int, search: LogSearch) -> str:
    """How many entries fit, and how many of them are on the screen."""
    what = "全部记录" if search.is_whole else "符合条件的记录"
    tail = f"，屏幕上只列最新的 {shown} 条；全部内容请导出" if shown < found else ""
    return f"{what} {found:,} 条{tail}。"


def search_words(search: LogSearch, units: Mapping[str, str]) -> str:
    """A search as the log notes it of an export."""
    parts = {
        "人员": search.person, "事项": action_title(search.action_name) if search.action_name else "",
        "单位": units.get(search.recipient_id, search.recipient_id), "对象": search.subject,
        "从": "" if search.from_on == LogSearch().from_on else str(search.from_on),
        "到": "" if search.to_on == LogSearch().to_on else str(search.to_on),
    }
    return "，".join(f"{name} {value}" for name, value in parts.items() if value) or "全部"


@cache
def _glossary() -> dict[str, str]:
    return {entry.identifier: entry.chinese for entry in glossary()}


def _name(key: str, units: Mapping[str, str]) -> str:
    if key in ALL_THRESHOLDS:
        return ALL_THRESHOLDS[key].name
    if key in NAMES:
        return NAMES[key]
    # 「12 luntai」: an indicator's number and a unit.
    return _glossary().get(key, subject_words(key, units))


def _value(key: str, value: Any, units: Mapping[str, str]) -> str:
    if value is None or value in ("", [], {}):
        return NONE
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "，".join(f"{_name(name, units)} {_value(name, each, units)}" for name, each in value.items())
    if isinstance(value, list):
        return "、".join(_value(key, each, units) for each in value)
    if key.endswith("_micro"):
        return f"{labels.points(value)} 分"
    if key.endswith("_yuan"):
        return f"{labels.wan(value)} 万元"
    if key.endswith("sha256"):
        return str(value)[:8]
    if key == "role":
        return ROLE_NAMES.get(value, str(value))
    if key == "step":
        return STEP_NAMES.get(value, str(value))
    text = str(value)
    return STATES.get(text, subject_words(text.replace("|", " "), units))
