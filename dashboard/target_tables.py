"""Tables of the page 目标分解, as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import labels, look
from dashboard.kept import kept
from dashboard.labels import Mark
from data.intake.decomposition import DecompositionForm
from metrics.indicators import REGION_ID

UNDECOMPOSED = "☆ 尚未分解"
REGION_ROW = "区域目标"
UNIT_HEAD, TARGET_HEAD = "单位", "目标"

PROOF_MARKS = {
    "proved": Mark("已证明", "●", "circle", look.GOOD),
    "broken": Mark("不符", "■", "square", look.BAD),
    "not_decomposed": Mark("尚未分解", "☆", "star-open", look.OPEN),
    "same_words": Mark("与原文相同", "○", "circle-open", look.QUIET),
    "other_words": Mark("措辞不同，由人判断", "▲", "triangle-up", look.CAUTION),
}

_METHOD_WORDS = {
    "sum": "各单位相加＝区域目标", "bound": "各单位不宽于区域目标", "words": "与区域目标措辞相同",
}


@kept
def matrix(targets: pd.DataFrame) -> pd.DataFrame:
    """Indicators down, the region and the units across; a total without its parts is marked."""
    shown = targets.assign(
        shown=targets["target_text"].mask(targets["is_undecomposed"], UNDECOMPOSED),
        who=targets["recipient_short_name"].mask(targets["recipient_id"] == REGION_ID, REGION_ROW),
    )
    order = shown.drop_duplicates("recipient_id").sort_values("display_no")["who"]
    wide = shown.pivot(index=["indicator_no", "short_name"], columns="who", values="shown")[list(order)]
    wide = wide.sort_index().rename_axis(index=["序号", "指标"], columns=None)
    return wide.reset_index().astype({"序号": str})


@kept
def coming(table: pd.DataFrame) -> pd.DataFrame:
    """The targets that are yet to begin, with the day and what holds until then."""
    return pd.DataFrame({
        "指标": [f"{no} {name}" for no, name in zip(table["indicator_no"], table["short_name"], strict=True)],
        "单位": table["recipient_name"].replace("", REGION_ROW),
        "现行目标": table["old_text"].replace("", "尚未分解"),
        "新目标": table["target_text"],
        "生效": [f"将于 {labels.full_day(day)} 起生效" for day in table["valid_from_on"]],
    })


@kept
def proof(table: pd.DataFrame) -> pd.DataFrame:
    """One row per indicator: how it is proved, the region's target, what the units' make, the result."""
    return pd.DataFrame({
        "序号": table["indicator_no"].astype(str),
        "指标": table["short_name"],
        "怎样汇总": table["rollup_method"].map(labels.ROLLUP_WORDS),
        "怎样证明": table["proof_method"].map(_METHOD_WORDS),
        "区域目标": table["region_text"],
        "各单位合计或最宽": table["computed_words"].replace("", "—"),
        "结果": [
            labels.marked(PROOF_MARKS, state) + (f"：{names}" if names else "")
            for state, names in zip(table["proof_state"], table["unit_names"], strict=True)
        ],
    })


@kept
def proof_sentence(table: pd.DataFrame) -> str:
    """How many indicators are proved, how many are not, and which totals have no parts yet."""
    counts = table["proof_state"].value_counts()
    waiting = list(table.loc[table["proof_state"] == "not_decomposed", "short_name"])
    parts = [f"{len(table)} 项可分解的指标：{int(counts.get('proved', 0))} 项已由数字证明"]
    if counts.get("broken"):
        parts.append(f"{int(counts['broken'])} 项不符")
    if counts.get("same_words"):
        parts.append(f"{int(counts['same_words'])} 项是文字目标，与区域目标原文相同")
    if counts.get("other_words"):
        parts.append(f"{int(counts['other_words'])} 项文字目标措辞不同，由人判断")
    parts.append(f"{len(waiting)} 项总量尚未分解：{'、'.join(waiting)}" if waiting else "没有尚未分解的总量")
    return "；".join(parts) + "。"


@kept
def history(table: pd.DataFrame) -> pd.DataFrame:
    """Who changed which target when, from what to what, why and by whose approval."""
    return pd.DataFrame({
        "时间": [f"{labels.full_day(at)} {at:%H:%M}" for at in table["changed_at"]],
        "经办人": table["changed_by"],
        "指标": [f"{no} {name}" for no, name in zip(table["indicator_no"], table["short_name"], strict=True)],
        "单位": table["recipient_name"].replace("", REGION_ROW),
        "原目标": table["old_text"].replace("", "尚未分解"),
        "新目标": table["target_text"],
        "生效日": [labels.full_day(day) for day in table["valid_from_on"]],
        "理由": table["change_reason"],
        "批准依据": table["approval_text"],
    })


@kept
def changes(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """What a plan would change."""
    return pd.DataFrame({
        "指标": [f"{row['indicator_no']} {row['short_name']}" for row in rows],
        "单位": [row["recipient_name"] for row in rows],
        "原目标": [row["old_text"] or "尚未分解" for row in rows],
        "新目标": [row["new_text"] for row in rows],
        "怎样计分": [row["kind_reason"] for row in rows],
    })


@kept
def editor(form: DecompositionForm, indicator_no: int) -> pd.DataFrame:
    """One indicator to edit: the region and each unit with its words; the index is the recipient."""
    (row,) = [row for row in form.rows if row.indicator_no == indicator_no]
    names = {form.region_id: REGION_ROW, **form.units}
    return pd.DataFrame(
        {UNIT_HEAD: list(names.values()), TARGET_HEAD: [row.texts[key] for key in names]}, index=list(names)
    )


@kept
def edited_texts(indicator_no: int, before: pd.DataFrame, after: pd.DataFrame) -> dict[tuple[int, str], str]:
    """The targets that a person typed anew in the editor; emptied cells stay as they are."""
    typed = after[TARGET_HEAD].fillna("").astype(str).str.strip()
    return {
        (indicator_no, str(key)): words
        for key, words in typed.items() if words and words != before.loc[key, TARGET_HEAD]
    }
