"""The form on the page: which cells are shown in which table, and what was typed into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.help.entries import explanation
from dashboard.kept import kept
from data.intake.cells import Key, typed_fields
from data.intake.columns import COLUMNS, NOT_APPLICABLE, TEXT_FIELDS
from data.intake.form import BAND_LABELS, EntryKind, FormRow, ReportForm

_GROUP_TITLES = {
    ("numerator", "denominator"): "填分子、分母",
    ("value",): "填本年值",
    ("value", "prior_value"): "填本年值、上年值",
    ("numerator", "denominator", "prior_value"): "填分子、分母、上年比率（%）",
    ("band", "band_share"): "选等次，填档内完成比例（%）",
}
_WIDTHS: dict[str, Any] = {"evidence_text": 220, "deviation_reason": 220, "improvement_measure": 220}


@dataclass
class Held:
    """What a browser tab holds of a draft: the cells its tables began with and those that were saved last.

    ``turn`` grows whenever the tables begin anew; ``mark`` names the form; ``base_report_id`` is the version that the
    person goes on from.
    """

    mark: str
    turn: int
    draft_no: int
    base_report_id: str
    base: Mapping[Key, str]
    saved: Mapping[Key, str]
    places: dict[Key, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Indicators that ask for the same figures, in one table."""

    name: str
    title: str
    fields: tuple[str, ...]
    rows: tuple[FormRow, ...]


@kept
def groups(form: ReportForm) -> list[Group]:
    """The tables of the form, in the order in which their first indicators stand on the sheet."""
    found: dict[tuple[str, ...], list[FormRow]] = {}
    for row in form.rows:
        if row.entry is not EntryKind.FROM_RECEIPT:
            found.setdefault(typed_fields(row.entry), []).append(row)
    return [
        Group("_".join(_figures(fields)), _GROUP_TITLES[_figures(fields)], fields, tuple(rows))
        for fields, rows in found.items()
    ]


def _figures(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in fields if name not in (*TEXT_FIELDS, "not_applicable", "claimed_points"))


@kept
def frame(group: Group, cells: Mapping[Key, str]) -> pd.DataFrame:
    """A table to type into: facts of each indicator, then its cells as text, so that whatever is typed is kept."""
    return pd.DataFrame({
        "序号": [row.indicator_no for row in group.rows],
        "指标": [row.short_name or row.name for row in group.rows],
        "目标": [row.target_text for row in group.rows],
        **{name: _column(name, group, cells) for name in _figures(group.fields)},
        "口径": [_labels(row) for row in group.rows],
        "上轮填报": [row.prior_round_text or "—" for row in group.rows],
        **{name: _column(name, group, cells) for name in group.fields if name not in _figures(group.fields)},
    })


def _column(name: str, group: Group, cells: Mapping[Key, str]) -> pd.Series:
    # A choice that is not made is missing; a text that is not typed is empty.
    empty = None if name in ("band", "not_applicable") else ""
    return pd.Series([cells.get((name, row.indicator_no), empty) for row in group.rows], dtype="string")


def columns(group: Group, form: ReportForm, cells: Mapping[Key, str]) -> dict[str, Any]:
    """How each column is shown: facts are locked, bands and 不适用 are chosen, everything else is text."""
    shown: dict[str, Any] = {
        "序号": st.column_config.NumberColumn(width=50, disabled=True, pinned=True),
        "指标": st.column_config.TextColumn(width=130, disabled=True, pinned=True),
        "目标": st.column_config.TextColumn(disabled=True, width=90),
        "口径": st.column_config.TextColumn(disabled=True, width=180),
        "上轮填报": st.column_config.TextColumn(disabled=True, width=110),
    }
    chosen = {"band": [BAND_LABELS[band] for band in form.band_limits], "not_applicable": [NOT_APPLICABLE]}
    for name in group.fields:
        head = COLUMNS[name][1]
        if name in chosen:
            # What was typed otherwise in a workbook must be seen to be mended.
            odd = {cells.get((name, row.indicator_no), "") for row in group.rows} - {*chosen[name], ""}
            shown[name] = st.column_config.SelectboxColumn(
                head, options=[*chosen[name], *sorted(odd)], width=100, help=explanation(head)
            )
        else:
            shown[name] = st.column_config.TextColumn(
                head, width=_WIDTHS.get(name, 90), help=explanation(head)
            )
    return shown


@kept
def typed(group: Group, edited: pd.DataFrame) -> dict[Key, str]:
    """The cells of an edited table that are not empty."""
    texts = {
        (name, int(number)): "" if pd.isna(value) else str(value)
        for name in group.fields for number, value in zip(edited["序号"], edited[name], strict=True)
    }
    return {key: text for key, text in texts.items() if text.strip()}


@kept
def unseen(form: ReportForm, cells: Mapping[Key, str]) -> dict[Key, str]:
    """Cells of a workbook that the tables do not show because nobody asked for them: kept until they are cleared."""
    offered = {row.indicator_no: typed_fields(row.entry) for row in form.rows}
    return {(name, number): text for (name, number), text in cells.items()
            if number and name not in offered.get(number, ())}


def _labels(row: FormRow) -> str:
    if row.entry in (EntryKind.RATIO, EntryKind.COVERAGE, EntryKind.RATIO_VERSUS_PRIOR):
        return f"{row.numerator_label or '实际数'}／{row.denominator_label or '应有数'}"
    return row.unit or "—"
