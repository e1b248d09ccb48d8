"""From a target sheet's printed rows to indicators that can be reported, scored and rolled up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from data.model import FundNotice, TargetRow
from data.reference import IndicatorEntry, find_indicator_entry
from metrics.targets import Target, TargetKind, parse_target, scored_kind
from metrics.weights import split_weights

Row = dict[str, Any]

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


def plan_targets(
    indicators: Iterable[Row], recipient_ids: Iterable[str], valid_from: date, approved_by: str
) -> Iterator[Row]:
    """The regional target handed to every unit as it stands, until somebody decomposes it."""
    recipients = list(recipient_ids)
    for indicator in indicators:
        target = parse_target(indicator["target_text"], indicator["indicator_name"])
        kind, reason = scored_kind(target, indicator["indicator_name"], indicator["measure"])
        for recipient_id in recipients:
            yield {
                "indicator_no": indicator["indicator_no"],
                "recipient_id": recipient_id,
                "target_version": 1,
                "target_kind": target.kind.value,
                "scored_kind": _judged(kind).value,
                "kind_reason": reason,
                "bound": target.bound,
                "upper_bound": target.upper,
                # Two counts against last year's rate: the rate is read in percent.
                "scale": 100 if indicator["entry_kind"] == "ratio_versus_prior" else target.scale,
                "target_unit": target.unit,
                "target_due_on": None,
                "valid_from_on": valid_from,
                "approved_by": approved_by,
            }


def _judged(kind: TargetKind) -> TargetKind:
    return TargetKind.OTHER if kind in JUDGED - {TargetKind.QUALITATIVE} else kind


def _weights(rows: Iterable[TargetRow]) -> dict[int, int]:
    return split_weights({row.indicator_no: (row.dimension, row.weight_text) for row in rows})
