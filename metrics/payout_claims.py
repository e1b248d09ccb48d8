"""What a unit claims beside what its payouts prove: the difference, and one sentence on it.

Evidence beats claim: the difference is shown, the score stays as the unit's figures give it until a person acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from data.reference import PayoutMeasure, find_payout_measure
from metrics.explain import show_number

# In the order in which a reader has to see them.
MORE, LESS, OTHER_COUNTS, NO_CLAIM, NO_BASE, NOT_DOCKED, AGREES = (
    "claimed_more", "claimed_less", "other_counts", "no_claim", "no_base", "not_docked", "agrees",
)
DIFFERENT = (MORE, LESS, OTHER_COUNTS)
UNEXPLAINED = "未说明"
# Reports give money in 万元 to two decimals: what is lost in that is no difference.
MONEY_ROUNDING_YUAN = Decimal(50)
_YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
_COUNT_WORDS = {"on_time": "人次", "bank_persons": "人", "heads": "人", "persons": "人", "times": "人次"}
_RATES = ("on_time", "bank_persons", "bank_money", "execution")

Row = Mapping[str, Any]


def compare(claims: Iterable[Row], computed: Iterable[Row]) -> list[dict[str, Any]]:
    """Every claim that payouts or payments prove, beside what they prove: rates first, the largest difference first.

    Reads: rows of ``payout_claims.sql`` and of ``payout_measure.sql``.
    Unit:  元 for money, else persons, person-months or payouts; ``gap_points`` in percentage points.
    Empty: what was not claimed or cannot be computed is None, and so is what would follow from it.
    """
    proved = {(row["recipient_id"], row["measure_key"]): row for row in computed}
    found = []
    for claim in claims:
        measure = find_payout_measure(claim["indicator_name"], claim["unit_text"])
        row = proved.get((claim["recipient_id"], measure.measure_key)) if measure else None
        if measure is not None and row is not None and not claim["is_not_applicable"]:
            found.append(_judged(measure, claim, row))
    return sorted(found, key=lambda row: (
        row["claim_state"] not in DIFFERENT, not row["gap_points"], -row["size_points"], row["display_no"],
        row["indicator_no"],
    ))


def _judged(measure: PayoutMeasure, claim: Row, row: Row) -> dict[str, Any]:
    numerator, denominator, rate = _claimed(measure, claim, row)
    shown = {
        "recipient_id": claim["recipient_id"], "recipient_name": claim["recipient_name"],
        "recipient_short_name": claim["recipient_short_name"], "display_no": claim["display_no"],
        "indicator_no": claim["indicator_no"], "short_name": claim["short_name"], "measure_key": measure.measure_key,
        "measure_title": measure.title, "figure": measure.figure, "count_word": _COUNT_WORDS.get(measure.figure, "元"),
        "claimed_numerator": numerator, "claimed_denominator": denominator, "claimed_rate": rate,
        "computed_numerator": row["numerator"], "computed_denominator": row["denominator"],
        "computed_rate": _rate(row["numerator"], row["denominator"]), "head_month": row["head_month"],
        "late_count": int(row["late_count"]), "failed_count": int(row["failed_count"]),
        "pending_count": int(row["pending_count"]), "not_due_count": int(row["not_due_count"]),
        "unknown_count": int(row["unknown_count"]), "no_person_count": int(row["no_person_count"]),
        "reason_text": claim["deviation_reason"].strip() or UNEXPLAINED, "report_version": claim["report_version"],
    }
    shown["numerator_gap"] = _gap(numerator, row["numerator"])
    shown["denominator_gap"] = _gap(denominator, row["denominator"])
    points = _gap(rate, shown["computed_rate"])
    shown["gap_points"] = None if points is None else points * 100
    shown["claim_state"] = _state(shown, bool(row["is_docked"]))
    shown["size_points"] = _size(shown)
    shown["sentence"] = sentence(shown)
    return shown


def _claimed(
    measure: PayoutMeasure, claim: Row, row: Row
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """What the unit typed, in 元 where it is money: numerator, denominator, rate."""
    unit, value = claim["unit_text"], claim["value"]
    if unit == "%":
        rate = _rate(claim["numerator"], claim["denominator"])
        return None, None, rate if rate is not None or value is None else value / 100
    times = _YUAN.get(unit, Decimal(1))
    numerator = claim["numerator"] if claim["numerator"] is not None else value
    numerator = None if numerator is None else numerator * times
    denominator = claim["denominator"]
    if measure.figure == "execution" and denominator is None:
        denominator, times = row["denominator"], Decimal(1)     # the money paid is reported without what was given
    if measure.figure not in _RATES or numerator is None or denominator is None:
        return numerator, None, None
    return numerator, denominator * times, _rate(numerator, denominator * times)


def _rate(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    return Decimal(numerator) / Decimal(denominator) if numerator is not None and denominator else None


def _gap(claimed: Decimal | None, computed: Decimal | None) -> Decimal | None:
    return None if claimed is None or computed is None else Decimal(claimed) - Decimal(computed)


def _state(row: Row, is_docked: bool) -> str:
    if not is_docked:
        return NOT_DOCKED
    if row["claimed_numerator"] is None and row["claimed_rate"] is None:
        return NO_CLAIM
    if row["computed_numerator"] is None:
        return NO_BASE
    counts = [gap for gap in (row["numerator_gap"], row["denominator_gap"]) if gap is not None]
    if row["count_word"] == "元" and counts and all(abs(gap) <= MONEY_ROUNDING_YUAN for gap in counts):
        return AGREES
    gap = row["gap_points"] if row["gap_points"] is not None else row["numerator_gap"]
    if gap:
        return MORE if gap > 0 else LESS
    return OTHER_COUNTS if any(counts) else AGREES


def _size(row: Row) -> Decimal:
    """How far apart, in percentage points; of counts, in percent of the larger."""
    if row["claim_state"] not in DIFFERENT:
        return Decimal(0)
    if row["gap_points"]:
        return abs(Decimal(row["gap_points"]))
    most = max(abs(Decimal(row["claimed_numerator"] or 0)), abs(Decimal(row["computed_numerator"] or 0)))
    return abs(Decimal(row["numerator_gap"] or 0)) * 100 / most if most else Decimal(0)


def sentence(row: Row) -> str:
    """One claim beside its evidence, in words."""
    head = f"{row['recipient_name']}{row['short_name']}"
    source = "支付信息" if row["figure"] == "execution" else "发放明细"
    state = row["claim_state"]
    if state == NOT_DOCKED:
        return f"{head}：没有载入{source}，不能佐证。"
    if state == NO_CLAIM:
        proved = "算不出" if row["computed_numerator"] is None else show_side(row, "computed")
        return f"{head}：没有填报；{source}算得 {proved}。"
    claimed = f"{head}：自报 {show_side(row, 'claimed')}"
    if state == NO_BASE:
        return f"{claimed}，{source}里没有到期的，算不出。"
    month = f"（{row['head_month']:%Y}年{row['head_month'].month}月）" if row["head_month"] is not None else ""
    proved = f"{claimed}，{source}{month}算得 {show_side(row, 'computed')}"
    if state == AGREES:
        return f"{proved}，相符。"
    word = {MORE: "自报高出", LESS: "自报低了", OTHER_COUNTS: "比率相同，相差"}[state]
    explained = "没有说明原因" if row["reason_text"] == UNEXPLAINED else f"单位说明：{row['reason_text'].rstrip('。')}"
    return f"{proved}，{word} {show_gap(row)}；{explained}。"


def show_side(row: Row, side: str) -> str:
    """One side: 98%（980/1,000）, 1,250 人, 12.5 万元. A rate over 100% waits for its reason on 资金流向."""
    numerator, denominator, rate = (row[f"{side}_{name}"] for name in ("numerator", "denominator", "rate"))
    if numerator is None and rate is None:
        return "—"
    if numerator is None:
        return f"{_percent(rate)}"
    if rate is None:
        return _amount(numerator, row["count_word"])
    is_money = row["count_word"] == "元"
    counts = f"{_bare(numerator, is_money)}/{_bare(denominator, is_money)}{'万元' if is_money else ''}"
    return f"超过100%（{counts}）" if rate > 1 else f"{_percent(rate)}（{counts}）"


def show_gap(row: Row) -> str:
    """How much the two differ, without a sign: 8 个百分点、80 人次."""
    parts = []
    is_over = any(rate is not None and rate > 1 for rate in (row["claimed_rate"], row["computed_rate"]))
    if row["gap_points"] and not is_over:
        points = abs(Decimal(row["gap_points"]))
        parts.append("不足0.01 个百分点" if points < Decimal("0.01") else f"{_two(points)} 个百分点")
    gap, below = row["numerator_gap"], row["denominator_gap"]
    if gap:
        parts.append(_amount(abs(Decimal(gap)), row["count_word"]))
    if below:
        word = "分母多报" if below > 0 else "分母少报"
        parts.append(f"{word} {_amount(abs(Decimal(below)), row['count_word'])}")
    return "、".join(parts)


def _amount(number: Decimal, word: str) -> str:
    return f"{_bare(number, True)} 万元" if word == "元" else f"{_bare(number, False)} {word}"


def _bare(number: Decimal, is_money: bool) -> str:
    return show_number(Decimal(number) / 10_000 if is_money else Decimal(number))


def _percent(rate: Decimal) -> str:
    """To two decimals, cut off: 89.999% must not read 90%."""
    return f"{_two(rate * 100)}%"


def _two(number: Decimal) -> str:
    return show_number(Decimal(int(number * 100)) / 100)
