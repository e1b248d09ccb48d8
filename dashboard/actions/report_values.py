"""What a report says, value by value: as it is kept, as cells to go on from, and against the version before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from dashboard.actions.report_events import newest_version
from data.intake.cells import FILLED_BY, PAID, Key, plain
from data.intake.columns import NOT_APPLICABLE, WAN
from data.intake.filled import Checked
from data.intake.form import BAND_LABELS, EntryKind, FilledEntry, FilledReport, ReportForm
from data.intake.points import MICRO
from data.store import Cursor, Store, sql_text

# Column of a kept value → field of the form.
FIELDS = {
    "numerator": "numerator", "denominator": "denominator", "actual_value": "value", "prior_value": "prior_value",
    "band": "band", "band_share": "band_share", "is_not_applicable": "not_applicable",
    "evidence_text": "evidence_text", "deviation_reason": "deviation_reason",
    "improvement_measure": "improvement_measure", "claimed_micro": "claimed_points",
}
# Last year's value may have been written beforehand: alone it reports nothing.
_FIGURES = ("numerator", "denominator", "actual_value", "band", "is_not_applicable")
_KEPT = Decimal("0.0001")     # as exact as the store keeps a figure

Values = Mapping[str, Any]


@dataclass(frozen=True)
class RowChange:
    """What a submission would do to one indicator; ``fields`` are those that differ from the version before.

    ``outcome`` is new, changed, unchanged, rejected, withdrawn, blank or computed.
    """

    indicator_no: int
    outcome: str
    fields: tuple[str, ...] = ()


def scored_values(entry: FilledEntry) -> dict[str, Any]:
    """What of an entry is scored, as the store keeps it."""
    return {
        "numerator": entry.numerator, "denominator": entry.denominator, "actual_value": entry.value,
        "prior_value": entry.prior_value, "band": entry.band, "band_share": entry.band_share,
        "is_not_applicable": entry.is_not_applicable, "evidence_text": entry.evidence_text,
    }


def all_values(entry: FilledEntry) -> dict[str, Any]:
    """All that an entry says, as the store keeps it."""
    return {
        **scored_values(entry), "deviation_reason": entry.deviation_reason,
        "improvement_measure": entry.improvement_measure,
        "claimed_micro": None if entry.claimed_points is None else int(entry.claimed_points * MICRO),
    }


def says_something(entry: FilledEntry) -> bool:
    """Whether an entry is kept: words beside an empty row score nothing, but they were sent."""
    return not entry.is_blank or bool(entry.evidence_text or entry.deviation_reason or entry.improvement_measure)


def kept_values(cursor: Cursor, report_id: str) -> dict[int, dict[str, Any]]:
    """What one version says, by indicator."""
    rows = cursor.rows(sql_text("data", "queries/reported_values"), {"report_id": report_id})
    return {row["indicator_no"]: {name: row[name] for name in FIELDS} for row in rows if row["indicator_no"]}


def newest_values(store: Store, form: ReportForm) -> dict[int, dict[str, Any]]:
    """What the newest version of a unit's report says, by indicator; nothing before the first."""
    with store.reading() as cursor:
        newest = newest_version(cursor, form.document_number, form.round_id, form.recipient_id)
        return kept_values(cursor, newest["report_id"]) if newest else {}


def same_values(report: FilledReport, newest: Values, kept: Mapping[int, Values]) -> bool:
    """Whether a report says what the newest version says, figure by figure and word by word."""
    given = {entry.indicator_no: all_values(entry) for entry in report.entries if says_something(entry)}
    return (
        report.paid_yuan == newest["paid_yuan"] and report.filled_by == newest["filled_by"]
        and given.keys() == kept.keys()
        and not any(_differing(given[number], kept[number], FIELDS) for number in given)
    )


def version_cells(newest: Values, kept: Mapping[int, Values]) -> dict[Key, str]:
    """A submitted version as typed cells, to correct it without typing it again."""
    cells = {(FIELDS[name], number): _text(name, value)
             for number, values in kept.items() for name, value in values.items()}
    if newest["paid_yuan"] is not None:
        cells[PAID] = plain(newest["paid_yuan"] / WAN)
    cells[FILLED_BY] = newest["filled_by"] or ""
    return {key: text for key, text in cells.items() if text}


def row_changes(form: ReportForm, checked: Checked, kept: Mapping[int, Values]) -> list[RowChange]:
    """What a submission would do, indicator by indicator, against the newest version."""
    entries = {entry.indicator_no: entry for entry in checked.report.entries}
    return [
        RowChange(row.indicator_no, "computed") if row.entry is EntryKind.FROM_RECEIPT
        else _change(entries.get(row.indicator_no), row.indicator_no, checked, kept.get(row.indicator_no))
        for row in form.rows
    ]


def _change(entry: FilledEntry | None, number: int, checked: Checked, kept: Values | None) -> RowChange:
    was_reported = kept is not None and any(kept[name] not in (None, False) for name in _FIGURES)
    if number in checked.rejected:
        return RowChange(number, "rejected")
    if entry is None or entry.is_blank:
        return RowChange(number, "withdrawn" if was_reported else "blank")
    if kept is None or not was_reported:
        return RowChange(number, "new")
    fields = tuple(FIELDS[name] for name in _differing(all_values(entry), kept, FIELDS))
    return RowChange(number, "changed" if fields else "unchanged", fields)


def _differing(one: Values, other: Values, names: Iterable[str]) -> list[str]:
    return [name for name in names if _even(one[name]) != _even(other[name])]


def _even(value: Any) -> Any:
    return value.quantize(_KEPT, ROUND_HALF_UP) if isinstance(value, Decimal) else value


def _text(name: str, value: Any) -> str:
    if value is None or value is False or value == "":
        return ""
    if name == "band":
        return BAND_LABELS[value]
    if name == "is_not_applicable":
        return NOT_APPLICABLE
    if name == "claimed_micro":
        return plain(Decimal(value) / MICRO)
    return plain(value) if isinstance(value, Decimal) else str(value)
