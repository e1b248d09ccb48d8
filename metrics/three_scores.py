"""Three scores of one value — claimed 自评, recomputed 复算, reviewed 复核 — and their difference in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from data.intake.points import MICRO, show_exact
from data.store import Cursor
from metrics.explain import (
    BAND_WORDS,
    DEADLINES,
    explain,
    review_reason,
    show_number,
    show_points,
    show_share,
    why_missing,
)
from metrics.kept_scores import exact_scores, review_log_sql
from metrics.scope import Scope
from metrics.score_states import JUDGED_STATES, REACHED_STATES

# What a person is asked for, the most pressing first.
NEEDS = ("undecided", "lapsed", "over", "different", "qualitative")
# Of these a person has to decide; a difference stands by itself: the recomputed points count.
WAITING = ("undecided", "lapsed", "over", "qualitative")

Row = Mapping[str, Any]


def explain_difference(row: Row) -> str:
    """The three scores of a value in one sentence, each with what makes it differ from the one before.

    Reads:  a row of the query ``scores``; ``has_lapsed_review`` where it is known.
    Unit:   points to two decimals; where these would not add up, or read as no difference, all decimals.
    Empty:  a score that is missing is said to be missing, with the reason.

    >>> from decimal import Decimal
    >>> explain_difference({"state": "slightly_off", "scored_kind": "at_least", "attainment_micro": 952400,
    ...     "claimed_micro": 3570000, "score_micro": 3400000, "reviewed_micro": None, "weight_micro": 3570000})
    '自评 3.57 分，复算 3.40 分，少 0.17 分：完成率 95.24% 未达标，按比例计分。'
    """
    words = _words(row)
    said = _claimed_and_recomputed(row, words)
    if row.get("reviewed_micro") is not None:
        return f"{said}；{_reviewed(row, words)}。"
    if row.get("has_lapsed_review"):
        again = "" if why_not_reviewable(row) else "，请重新复核"
        return f"{said}；原复核已失效{again}。"
    return f"{said}。"


def review_rows(cursor: Cursor, scope: Scope, recipient_id: str = "") -> list[dict[str, Any]]:
    """Every value of a round with its three scores and their differences, exact, in printed order.

    Takes a cursor, as ``exact_scores`` does.
    """
    log = cursor.frame(review_log_sql(), scope.key)
    lapsed = log[log["is_newest"].astype(bool) & (log["review_state"] == "lapsed")]
    lapsed_keys = set(zip(lapsed["recipient_id"], lapsed["indicator_no"], strict=True))
    rows = exact_scores(cursor, scope, recipient_id)
    for row in rows:
        row["has_lapsed_review"] = (row["recipient_id"], row["indicator_no"]) in lapsed_keys
        row["claim_difference_micro"] = claim_difference(row)
        row["review_difference_micro"] = review_difference(row)
        row["need"] = need_of(row)
        row["sentence"] = explain_difference(row)
        row["explanation"] = explain(row)
        row["refusal"] = why_not_reviewable(row)
    return rows


def why_not_reviewable(row: Row) -> str:
    """Why a person cannot decide the points of this value, and what to do instead; empty where they can.

    Only a reported value that the rule judged, or left to a person, can be reviewed.
    """
    if row.get("entry_kind") == "from_receipt":
        return "这项指标由收文和导入时间计算，不作复核；时间有误的，请到“时效跟踪”更正登记"
    if row["state"] in JUDGED_STATES or (row["state"] == "needs_review" and row.get("report_id")):
        return "" if row.get("report_id") else "这项指标没有填报的数据，不能复核"
    return f"这项指标没有可以复核的数据：{why_missing(row)}"


def need_of(row: Row) -> str:
    """What a person is asked to do about a value: one of ``NEEDS``; empty where nothing waits."""
    if row.get("reviewed_micro") is not None or why_not_reviewable(row):
        return ""
    if row["state"] == "needs_review":
        return "undecided"
    if row.get("has_lapsed_review"):
        return "lapsed"
    if row["state"] == "over":
        return "over"
    if row["scored_kind"] == "qualitative":
        return "qualitative"
    return "different" if claim_difference(row) else ""


def claim_difference(row: Row) -> int | None:
    """Recomputed less claimed, in micro-points; None where one of the two is missing."""
    return _difference(row.get("score_micro"), row.get("claimed_micro"))


def review_difference(row: Row) -> int | None:
    """Reviewed less recomputed, in micro-points; None where one of the two is missing."""
    return _difference(row.get("reviewed_micro"), row.get("score_micro"))


def show_difference(micro: int) -> str:
    """The size of a difference to two decimals; one that would read as nothing has all its decimals.

    >>> show_difference(-170_000), show_difference(1_429), show_difference(0)
    ('0.17', '0.001429', '0.00')
    """
    shown = (Decimal(abs(micro)) / MICRO).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return show_exact(abs(micro)) if shown == 0 and micro else f"{shown}"


def _difference(new: int | None, old: int | None) -> int | None:
    return None if new is None or old is None else int(new) - int(old)


@dataclass(frozen=True)
class _Words:
    """How one sentence shows points: to two decimals, or exactly where two would not add up."""

    weight_micro: int
    is_exact: bool

    def points(self, micro: int) -> str:
        return show_exact(micro) if self.is_exact else show_points(micro, self.weight_micro)

    def change(self, micro: int) -> str:
        size = show_exact(abs(micro)) if self.is_exact else show_difference(micro)
        return f"{'多' if micro > 0 else '少'} {size} 分"


def _words(row: Row) -> _Words:
    weight, score = int(row["weight_micro"]), row.get("score_micro")
    beside = [] if score is None else [row.get("claimed_micro"), row.get("reviewed_micro")]
    is_exact = any(
        abs(Decimal(show_points(int(score), weight)) - Decimal(show_points(int(other), weight)))
        != Decimal(show_difference(int(score) - int(other)))
        for other in beside if score is not None and other is not None
    )
    return _Words(weight, is_exact)


def _claimed_and_recomputed(row: Row, words: _Words) -> str:
    claimed, score = row.get("claimed_micro"), row.get("score_micro")
    own = None if claimed is None else f"自评 {words.points(int(claimed))} 分"
    if score is None:
        said = f"{own}，没有复算得分" if own else "没有复算得分"
        return f"{said}：{_why_not_computed(row)}"
    recomputed = f"复算 {words.points(int(score))} 分"
    if own is None:
        head = "时限指标不填自评" if row.get("entry_kind") == "from_receipt" else "没有填自评得分"
        return f"{head}，{recomputed}：{_ground(row)}"
    difference = claim_difference(row)
    if not difference:
        return f"自评与复算一致，都是 {words.points(int(score))} 分"
    return f"{own}，{recomputed}，{words.change(difference)}：{_ground(row)}"


def _reviewed(row: Row, words: _Words) -> str:
    parts = [f"复核 {words.points(int(row['reviewed_micro']))} 分"]
    changed, before = review_difference(row), claim_difference(row)
    if changed == 0:
        parts.append("与复算一致")
    elif changed is not None:
        is_further = before is not None and before * changed > 0
        parts.append(("再" if is_further else "") + words.change(changed))
    at = row["reviewed_at"]
    reason = " ".join(str(row["review_reason"]).split()).rstrip("。；，.;,")
    return f"{'，'.join(parts)}：理由“{reason}”（{row['reviewed_by']}，{at.month}月{at.day}日）"


def _why_not_computed(row: Row) -> str:
    if row["state"] == "needs_review":
        return f"{review_reason(row)}，须由人判定"
    return why_missing(row)


def _ground(row: Row) -> str:
    """What the recomputed score rests on, in the terms of the kind."""
    kind = str(row["scored_kind"])
    if kind in DEADLINES:
        return _ground_of_time(row, kind)
    if kind == "qualitative":
        share = show_number(Decimal(row["band_share"]).quantize(Decimal("0.01"), ROUND_FLOOR))
        return f"评定为“{BAND_WORDS.get(int(row['band']), '')}”，比例 {share}%，按比例计分"
    rate = f"完成率 {show_share(Decimal(row['attainment_micro']) / 10_000)}%"
    if row["state"] == "met":
        return f"{rate} 已达标，得满分"
    return f"{rate} 远超目标，得满分" if row["state"] == "over" else f"{rate} 未达标，按比例计分"


def _ground_of_time(row: Row, kind: str) -> str:
    if row.get("done_on") is None:
        return "已过截止日，尚无完成记录，不得分"
    if row["state"] in REACHED_STATES:
        return "按期完成，得满分"
    if kind == "date_deadline":
        return "逾期完成，不得分"
    word = "个工作日" if kind == "working_day_deadline" else "天"
    return f"用了 {row['taken_days']} {word}，超过时限 {row['allowed_days']} {word}，按比例计分"
