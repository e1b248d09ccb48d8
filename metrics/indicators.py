"""From a target sheet's printed rows to indicators that can be reported, scored and rolled up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from data.model import FundNotice, TargetRow
from data.reference import IndicatorEntry, find_indicator_entry
from metrics.targets import Target, TargetKind, parse_target, scored_kind
from metrics.thresholds import MICRO
from metrics.weights import split_weights

Row = dict[str, Any]

# The key that stands for the prefecture as a whole where a table is kept by recipient.
REGION_ID = "region"

VERSUS_PRIOR = frozenset({
    TargetKind.NOT_BELOW_LAST_YEAR, TargetKind.INCREASE_OVER_LAST_YEAR, TargetKind.DECREASE_OVER_LAST_YEAR,
})
# Words, dates of another matter than the import, and what the program cannot read: a person decides.
JUDGED = frozenset({
    TargetKind.QUALITATIVE, TargetKind.DATE_DEADLINE, TargetKind.CALENDAR_DAY_DEADLINE, TargetKind.OTHER,
})


def entry_of(target: Target) -> IndicatorEntry:
    """How an indicator that no reference table knows is reported: its target's kind decides.

    Rates are reported as two counts, never as a typed percentage alone.
    """
    def entry(kind: str, numerator: str, denominator: str, unit: str, rollup: str) -> IndicatorEntry:
        return IndicatorEntry("", 0, "", "", kind, numerator, denominator, unit, rollup)

    if target.kind is TargetKind.FULL_COVERAGE:
        return entry("coverage", "实际数", "应达数", "", "ratio")
    if target.kind in VERSUS_PRIOR:
        return entry("versus_prior", "本年值", "上年值", target.unit, "all_hold")
    if target.kind is TargetKind.WORKING_DAY_DEADLINE:
        return entry("from_receipt", "", "", "工作日", "prefecture")
    if target.kind in JUDGED:
        return entry("qualitative", "", "", "", "weighted_mean")
    if target.scale > 1:
        return entry("ratio", "完成数", "应完成数", "", "ratio")
    return entry("value", "实际完成值", "", target.unit, "sum")


def plan_indicators(notice: FundNotice) -> Iterator[Row]:
    """One row of the store's ``indicator`` table for each printed indicator (without the notice's key).

    Unit:   weights in micro-points; evenly split within a dimension unless the sheet prints them.
    Empty:  no row where the notice has no target sheet.
    """
    rows = notice.target_sheet.rows if notice.target_sheet else ()
    fund = notice.fund_name.value if notice.fund_name else ""
    weights = _weights(rows)
    for row in rows:
        target = parse_target(row.target_text, row.name)
        by_kind = entry_of(target)
        known = find_indicator_entry(fund, row.name)
        # The target decides how it is reported: the same name with 「≥1000人次」 needs no last year.
        entry = known if known and known.entry_kind.endswith(by_kind.entry_kind) else by_kind
        yield {
            "indicator_no": row.indicator_no,
            "line_no": row.line_no,
            "dimension": row.dimension,
            "measure": row.measure,
            "indicator_name": row.name,
            "printed_name": row.printed_name,
            "short_name": known.short_name if known else row.name[:8],
            "target_text": row.target_text,
            "entry_kind": entry.entry_kind,
            "numerator_label": entry.numerator_label,
            "denominator_label": entry.denominator_label,
            "unit_text": entry.unit,
            "rollup_method": entry.rollup_method,
            "weight_micro": weights[row.indicator_no],
            "is_default_weight": not row.weight_text,
        }


def round_weights(indicators: Iterable[Mapping[str, Any]], values: Mapping[str, Decimal]) -> dict[int, int]:
    """Each indicator's weight in a round, by the round's version of the rule book.

    Reads: ``indicator_no, dimension, is_default_weight, weight_micro`` of the stored indicators.
    Unit:  micro-points. What the notice prints stays; the rest is split anew.
    """
    return split_weights({
        int(row["indicator_no"]): (
            row["dimension"], "" if row["is_default_weight"] else str(Decimal(int(row["weight_micro"])) / MICRO)
        )
        for row in indicators
    }, values)


def target_row(indicator: Mapping[str, Any], text: str) -> Row:
    """How a target's words are scored for an indicator: kind, bound, unit — the row of ``target`` without its keys.

    Empty: bounds are None where the words set none.
    """
    target = parse_target(text, indicator["indicator_name"])
    kind, reason = scored_kind(target, indicator["indicator_name"], indicator["measure"])
    return {
        "target_text": text,
        "target_kind": target.kind.value,
        "scored_kind": _judged(kind).value,
        "kind_reason": reason,
        "bound": target.bound,
        "upper_bound": target.upper,
        # Two counts against last year's rate: the rate is read in percent.
        "scale": 100 if indicator["entry_kind"] == "ratio_versus_prior" else target.scale,
        "target_unit": target.unit,
        "target_due_on": None,
    }


def is_to_be_decomposed(indicator: Mapping[str, Any]) -> bool:
    """Whether the region's target is a total of which each unit answers for its own part only."""
    return bool(indicator["rollup_method"] == "sum" and indicator["entry_kind"] == "value")


def plan_targets(
    indicators: Iterable[Row], recipient_ids: Iterable[str], at: datetime, changed_by: str, approval: str
) -> Iterator[Row]:
    """The first version of every target: the region's, and for each unit the same until somebody decomposes it.

    A total of the region is no unit's own target: until it is decomposed no unit is judged by it.
    """
    recipients = list(recipient_ids)
    for indicator in indicators:
        row = target_row(indicator, indicator["target_text"])
        unit_row = row
        if is_to_be_decomposed(indicator) and row["scored_kind"] != TargetKind.OTHER:
            unit_row = {**row, "scored_kind": TargetKind.OTHER.value, "kind_reason": "区域总量目标还没有分解到本单位"}
        for recipient_id in (REGION_ID, *recipients):
            yield {
                "indicator_no": indicator["indicator_no"],
                "recipient_id": recipient_id,
                "target_version": 1,
                **(row if recipient_id == REGION_ID else unit_row),
                "valid_from_on": at.date(),
                "changed_at": at,
                "changed_by": changed_by,
                "change_reason": "下达文件所印",
                "approval_text": approval,
            }


def _judged(kind: TargetKind) -> TargetKind:
    return TargetKind.OTHER if kind in JUDGED - {TargetKind.QUALITATIVE} else kind


def _weights(rows: Iterable[TargetRow]) -> dict[int, int]:
    return split_weights({row.indicator_no: (row.dimension, row.weight_text) for row in rows})
