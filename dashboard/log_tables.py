"""The log as people read it: who, as what, from where, what, and what it was before and after, in words."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.kept import kept
from dashboard.log_words import name_of, subject_words, value_of
from dashboard.rights import ROLE_NAMES, action_title
from metrics.boards.log import ChainState, LogSearch


@kept
def entries(table: pd.DataFrame, units: Mapping[str, str]) -> str:
    """The entries as a table whose every cell holds what belongs together; ``units`` are the units' names."""
    heads = "".join(f"<th>{name}</th>" for name in ("编号与时间", "谁", "办了什么", "内容"))
    return (
        '<div class="wx-table wx-tall wx-log"><table>'
        f"<thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(_line(row, units) for row in table.to_dict('records'))}</tbody></table></div>"
    )


def _line(row: Mapping[str, Any], units: Mapping[str, str]) -> str:
    said = words(row, units)
    cells = (
        (f"第 {row['entry_no']} 号", f"{row['happened_at']:%Y-%m-%d %H:%M:%S}", f"校验码 {row['entry_hash'][:8]}"),
        (said["姓名"], "，".join(filter(None, (said["角色"], said["单位"]))), said["来自"]),
        (said["办理事项"], said["对象"]),
        (said["内容"],),
    )
    return "<tr>" + "".join(f"<td>{_cell(*cell)}</td>" for cell in cells) + "</tr>"


def _cell(first: str, *rest: str) -> str:
    """What matters most, and beneath it in small letters what belongs to it."""
    return f"<span>{html.escape(first)}</span>" + "".join(f"<small>{html.escape(text)}</small>" for text in rest)


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


def detail_words(detail_json: str, units: Mapping[str, str]) -> str:
    """What was before and after, and what else was noted: 角色：县市填报 → 县市审核；理由：轮岗。"""
    detail = json.loads(detail_json)
    before, after = detail.pop("before", None), detail.pop("after", None)
    parts = _difference(before, after, units)
    for key, pair in (detail.pop("changed", None) or {}).items():
        parts.append(f"{name_of(key, units)}：{value_of(key, pair[0], units)} → {value_of(key, pair[1], units)}")
    if "before_micro" in detail:
        old, new = (value_of("points_micro", detail.pop(key), units) for key in ("before_micro", "reviewed_micro"))
        parts.append(f"复核得分：{old} → {new}")
    parts += [f"{name_of(key, units)}：{value_of(key, value, units)}" for key, value in detail.items()]
    return "；".join(parts) or "—"


def _difference(before: Any, after: Any, units: Mapping[str, str]) -> list[str]:
    """Each thing that is not as it was; of what is new or gone, all of it."""
    if not isinstance(before, dict) and not isinstance(after, dict):
        return [] if before is None and after is None else [
            f"{value_of('', before, units)} → {value_of('', after, units)}"
        ]
    old, new = (side if isinstance(side, dict) else {} for side in (before, after))
    keys = [key for key in dict.fromkeys([*new, *old]) if key not in old or key not in new or old[key] != new[key]]
    if not old:
        return [f"{name_of(key, units)}：{value_of(key, new[key], units)}" for key in keys]
    return [
        f"{name_of(key, units)}：{value_of(key, old.get(key), units)} → {value_of(key, new.get(key), units)}"
        for key in keys
    ]


@kept
def chain_sentence(state: ChainState) -> str:
    """Whether the log holds, and the hash to keep elsewhere."""
    if state.broken:
        return f"记录接不上：{state.broken}。请立即停止使用，保留现场，与另存的导出文件逐条比对。"
    if not state.entry_count:
        return "还没有办理记录。"
    return f"共 {state.entry_count:,} 条，首尾相接，没有改动；最后一条校验码 {state.last_hash}。"


@kept
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
