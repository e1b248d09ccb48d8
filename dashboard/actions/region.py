"""What only the prefecture itself can report: entered by an officer, kept every time, the newest counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.intake.columns import ACTUAL_FIELDS, asked_fields
from data.intake.form import EntryKind
from data.store import Store, sql_text
from metrics.rulebook import rules_of_round
from metrics.thresholds import band_limits, rule_words

# Which figures each kind of entry needs, as in the form of the units; the others stay empty.
NEEDED = {
    kind.value: tuple(name for name in asked_fields(kind) if name in ACTUAL_FIELDS)
    for kind in EntryKind if kind is not EntryKind.FROM_RECEIPT
}
FIGURE_NAMES = {
    "numerator": "分子（完成数）", "denominator": "分母（应完成数）", "value": "本年值", "prior_value": "上年值",
    "band": "等次", "band_share": "比例",
}
LARGEST = Decimal(10) ** 14


@dataclass(frozen=True)
class RegionValue:
    """One indicator of the prefecture as an officer enters it; what its kind does not need stays None.

    Unit: as the indicator is reported; ``band_share`` in percent, ``band`` 1 达成, 2 部分达成, 3 未达成.
    """

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    prior_value: Decimal | None = None
    band: int | None = None
    band_share: Decimal | None = None
    evidence_text: str = ""


def typed_number(name: str, text: str) -> Decimal | None:
    """A number as typed on the page; None where nothing was typed.

    Raises: RefusedError if the words are no number.
    """
    plain = text.replace(",", "").replace("，", "").strip()
    if not plain:
        return None
    if not re.fullmatch(r"-?[0-9]{1,14}(\.[0-9]{1,4})?", plain):
        raise RefusedError(f"{name}“{text[:20]}”不是数：请填写数字，最多四位小数，例如 1102 或 88.16。")
    return Decimal(plain)


def report_region_value(
    store: Store, actor: Actor, at: datetime, document_number: str, round_id: str, indicator_no: int,
    given: RegionValue,
) -> LogEntry:
    """Keep what the prefecture reports itself for one indicator of a round; earlier entries stay readable.

    No score is refreshed: the prefecture's figures are rolled up from what is recorded when they are read.

    Raises: RefusedError if the round is not open, the indicator is not the prefecture's own, or figures are missing
    or impossible; all faults are listed at once.
    """
    require(actor, "report_region_value")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        rounds = cursor.query("rounds", document_number=document_number).set_index("round_id")
        if round_id not in rounds.index:
            raise RefusedError(f"{document_number} 没有开启这一轮填报，请先在“数据填报”中开启轮次。")
        targets = cursor.query("region_targets", document_number=document_number, round_id=round_id, as_of=at)
        found = targets[targets["indicator_no"] == indicator_no].to_dict("records")
        if not found:
            raise RefusedError(f"{document_number} 没有第 {indicator_no} 项指标，请重新选择。")
        indicator = found[0]
        _check_own(indicator)
        limits = band_limits(rules_of_round(cursor, document_number, round_id).values)
        faults = _faults(indicator["entry_kind"], given, limits)
        if faults:
            raise RefusedError(f"{indicator['short_name']}不能登记：" + "；".join(faults) + "。请改正后再登记。")
        key = {"document_number": document_number, "round_id": round_id}
        earlier = cursor.rows(sql_text("data", "queries/region_entries"), {**key, "as_of": at})
        before = next((row for row in earlier if row["indicator_no"] == indicator_no), None)
        used = {name: getattr(given, name) for name in NEEDED[indicator["entry_kind"]]}
        cursor.insert("region_actual", [{
            "entry_no": int(cursor.query("region_newest_entry_no")["entry_no"][0]) + 1,
            **key,
            "indicator_no": indicator_no,
            "numerator": used.get("numerator"),
            "denominator": used.get("denominator"),
            "actual_value": used.get("value"),
            "prior_value": used.get("prior_value"),
            "band": used.get("band"),
            "band_share": used.get("band_share"),
            "evidence_text": given.evidence_text.strip(),
            "entered_at": at,
            "entered_by": actor.name,
        }])
        return append(cursor, actor, at, "report_region_value", f"{document_number} {round_id} {indicator_no}", {
            "before": before and {name: before[name] for name in (*used, "evidence_text")},
            "after": {**used, "evidence_text": given.evidence_text.strip()},
        })


def _check_own(indicator: Mapping[str, Any]) -> None:
    """Only what no unit reports can be entered here: two sources of one figure would never agree."""
    name = indicator["short_name"]
    if indicator["rollup_method"] != "prefecture":
        raise RefusedError(f"{name}由各单位填报后汇总，州本级不能直接填数；请督促单位填报。")
    if indicator["entry_kind"] == "from_receipt":
        raise RefusedError(f"{name}按收文和导入时间自动计算，请在“时效跟踪”中登记州本级的收文和导入时间。")


def _faults(
    entry_kind: str, given: RegionValue, limits: Mapping[int, tuple[Decimal, Decimal]]
) -> list[str]:
    """Everything that is wrong with an entry, in words."""
    # Last year's figure may not be there: the score then says so.
    missing = [name for name in NEEDED[entry_kind] if name != "prior_value" and getattr(given, name) is None]
    faults = [f"没有填{FIGURE_NAMES[name]}" for name in missing]
    for name in ("numerator", "denominator", "value", "prior_value"):
        number = getattr(given, name)
        if number is None or name not in NEEDED[entry_kind]:
            continue
        if abs(number) >= LARGEST or number != round(number, 4):
            faults.append(f"{FIGURE_NAMES[name]}超出范围（整数最多十四位、小数最多四位）")
        elif number < 0 and name in ("numerator", "denominator"):
            faults.append(f"{FIGURE_NAMES[name]}不能是负数")
    if "numerator" in NEEDED[entry_kind] and not missing:
        assert given.numerator is not None and given.denominator is not None
        if given.denominator == 0:
            faults.append("分母（应完成数）不能是零")
        elif entry_kind == "coverage" and given.numerator > given.denominator:
            faults.append("实际数不能多于应达数")
    if entry_kind == "qualitative" and not missing:
        faults += _band_faults(given, limits)
    if not given.evidence_text.strip():
        faults.append("没有写佐证，例如文件名称和文号")
    return faults


def _band_faults(given: RegionValue, limits: Mapping[int, tuple[Decimal, Decimal]]) -> list[str]:
    assert given.band is not None and given.band_share is not None
    if given.band not in limits:
        return ["等次不在列表中"]
    lower, upper = limits[given.band]
    is_below = given.band_share < upper or (given.band == 1 and given.band_share == upper)
    is_inside = lower <= given.band_share and is_below
    ends = " 至 ".join(rule_words(limit / 100, "比例") for limit in (lower, upper))
    return [] if is_inside else [f"比例 {given.band_share}% 不在所选等次的范围内（{ends}）"]
