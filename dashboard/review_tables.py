"""Tables of the page 复核评分: three scores side by side, and what reviewers decided."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import labels, look
from dashboard.kept import kept
from dashboard.labels import Mark
from dashboard.tables import names
from metrics.three_scores import show_difference

NEED_MARKS = {
    "undecided": Mark("待人工判定", "☆", "star-open", look.OPEN),
    "lapsed": Mark("原复核已失效", "◧", "square-open", look.BAD),
    "over": Mark("超额过多，待复核", "◆", "diamond", look.ACCENT),
    "qualitative": Mark("定性，待复核", "◇", "diamond-open", look.OPEN),
    "different": Mark("自评与复算不一致", "▲", "triangle-up", look.CAUTION),
}

LOG_MARKS = {
    "counts": Mark("有效", "●", "circle", look.GOOD),
    "replaced": Mark("已被代替", "○", "circle-open", look.QUIET),
    "lapsed": Mark("已失效", "✕", "x-thin-open", look.OPEN),
}


@kept
def units(table: pd.DataFrame) -> dict[str, str]:
    """The units by name, in the order of the paper."""
    return names(table.sort_values("display_no", kind="stable"), "recipient_id", "recipient_name")


@kept
def indicators(table: pd.DataFrame) -> dict[int, str]:
    """The indicators by name, in their order."""
    return names(table.sort_values("indicator_no", kind="stable"), "indicator_no", "indicator_name")


@kept
def seen(table: pd.DataFrame) -> dict[tuple[str, int], tuple[Any, Any]]:
    """Which report and which target stand behind each score that the page shows."""
    keys = zip(table["recipient_id"], table["indicator_no"], strict=True)
    return dict(zip(keys, zip(table["report_id"], table["target_version"], strict=True), strict=True))


@kept
def first_line(table: pd.DataFrame) -> str:
    """How many values differ and how many wait for a person, in one sentence."""
    compared = table["claim_difference_micro"].dropna()
    counts = table["need"].value_counts()
    waiting = {need: int(counts.get(need, 0)) for need in NEED_MARKS if need != "different"}
    parts = "，".join(
        f"{NEED_MARKS[need].word.partition('，')[0]} {count} 项" for need, count in waiting.items() if count
    )
    return (
        f"**{int((compared != 0).sum())} 项自评与复算不一致（两个得分都有的共 {len(compared)} 项）；"
        f"{sum(waiting.values())} 项待人判定或复核{'：' + parts if parts else ''}。**"
    )


@kept
def unclaimed_line(table: pd.DataFrame) -> str:
    """How many values have no claim to compare; empty where every one has."""
    asked = table[table["score_micro"].notna() & (table["entry_kind"] != "from_receipt")]
    absent = asked[asked["claimed_micro"].isna()]
    if absent.empty:
        return ""
    units = absent["recipient_id"].nunique()
    return f"另有 {len(absent)} 项有复算得分而没有填自评，涉及 {units} 个单位；不按 0 分比较。"


@kept
def needs(table: pd.DataFrame) -> pd.DataFrame:
    """What waits for a person or differs, the most pressing first."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "指标": table["short_name"],
        "要看什么": [labels.marked(NEED_MARKS, need) for need in table["need"]],
        "复算比自评": [signed(value) for value in table["claim_difference_micro"]],
        **_scores(table),
        "说明": table["sentence"],
    })


@kept
def facts(row: Any, target_text: str) -> pd.DataFrame:
    """What a reviewer has to look at, as two columns of words; what was not given is said."""
    shown = {
        "指标值": target_text,
        "状态": labels.marked(labels.SCORE_MARKS, row["state"]),
        "分值": labels.points(row["weight_micro"]),
        "自评得分": labels.points(row["claimed_micro"], row["weight_micro"]),
        "复算得分": labels.points(row["score_micro"], row["weight_micro"]),
        "复核得分": labels.points(row["reviewed_micro"], row["weight_micro"]),
        "采用得分": labels.points(row["final_micro"], row["weight_micro"]),
        "复算依据": row["explanation"],
        "佐证说明": row["evidence_text"] or "单位没有填写",
        "偏差原因": row["deviation_reason"] or "单位没有填写",
        "改进措施": row["improvement_measure"] or "单位没有填写",
    }
    return pd.DataFrame({"项目": list(shown), "内容": list(shown.values())})


@kept
def sums(table: pd.DataFrame) -> pd.DataFrame:
    """Claimed against recomputed, unit by unit, each sum with how many values it holds."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "自评合计": [labels.points(value) for value in table["claimed_micro"]],
        "复算合计": [labels.points(value) for value in table["recomputed_micro"]],
        "复算比自评": [signed(value) for value in table["claim_difference_micro"]],
        "可比项数": table["comparable_count"],
        "不一致": table["different_count"],
        "没有自评": table["unclaimed_count"],
        "有自评无复算": table["unscored_claim_count"],
        "复核增减": [signed(value) for value in table["review_difference_micro"]],
        "复核项数": table["reviewed_count"],
        "采用得分合计": [labels.points(value) for value in table["final_micro"]],
        "计分项数": table["scored_count"],
        "待判定或复核": table["waiting_count"],
    })


@kept
def log(table: pd.DataFrame) -> pd.DataFrame:
    """Every review, the newest first."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "指标": table["short_name"],
        "效力": [labels.marked(LOG_MARKS, state) for state in table["review_state"]],
        "复核得分": [
            labels.points(points, weight)
            for points, weight in zip(table["reviewed_micro"], table["weight_micro"], strict=True)
        ],
        "理由": table["review_reason"],
        "复核人": table["reviewed_by"],
        "时间": [labels.moment(at) for at in table["reviewed_at"]],
        "看的哪一版": [f"第 {version} 版" for version in table["report_version"]],
    })


def signed(micro: Any) -> str:
    """A difference in points with its sign: −0.17, +0.20, 0.00; a dash if there is none."""
    if micro is None or pd.isna(micro):
        return "—"
    sign = "−" if micro < 0 else "+" if micro > 0 else ""
    return sign + show_difference(int(micro))


def _scores(table: pd.DataFrame) -> dict[str, list[str]]:
    """The three scores and the weight as columns of points."""
    weights = table["weight_micro"]
    return {
        **{
            head: [labels.points(value, weight) for value, weight in zip(table[name], weights, strict=True)]
            for head, name in (
                ("自评得分", "claimed_micro"), ("复算得分", "score_micro"), ("复核得分", "reviewed_micro")
            )
        },
        "分值": [labels.points(value) for value in weights],
    }
