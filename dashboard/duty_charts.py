"""The figure of duties: each unit's steps on one row, marked by shape, word and colour, with the days they are due."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, labels
from metrics.duties import step_name

# Reports stand above a unit's line and the way of an import on it, so that marks of one day do not hide each other.
LIFT = {"reported": -0.26, "answered": -0.26}


def timeline(table: pd.DataFrame) -> go.Figure:
    """One row a unit: receipt, steps as marks of their own shape in the colour of their state, due days as ticks."""
    figure = go.Figure()
    units = table.drop_duplicates("recipient_id").sort_values("display_no")
    row_of = {unit: place for place, unit in enumerate(units["recipient_id"])}
    base = table["step"].str.split("-").str[0]
    table = table.assign(
        step_base=base, level=table["recipient_id"].map(row_of) + base.map(LIFT).fillna(0.0),
        at=table["done_on"].fillna(table["last_done_on"]),
    )
    for unit, spans in table.groupby("recipient_id", sort=False):
        known = pd.concat([spans["opened_on"], spans["due_on"], spans["at"]]).dropna()
        if len(known):
            figure.add_scatter(
                x=[known.min(), known.max()], y=[row_of[unit]] * 2, mode="lines",
                line={"color": charts.FAINT, "width": 3}, showlegend=False, hoverinfo="skip",
            )
    due = table[table["due_on"].notna() & table["is_counted"]].drop_duplicates(["level", "due_on"])
    figure.add_scatter(
        x=due["due_on"], y=due["level"], mode="markers", name="到期日", hoverinfo="text",
        text=[f"{row['recipient_short_name']} 到期：{labels.day(row['due_on'])}" for row in due.to_dict("records")],
        marker={"symbol": "line-ns-open", "size": 16, "color": charts.INK, "line": {"width": 3}},
    )
    received = table[(table["duty_kind"] == "import") & table["opened_on"].notna()].drop_duplicates("recipient_id")
    _marks(figure, received, "opened_on", "收到文件", labels.STEP_MARKS["received"].symbol, charts.INK)
    for step, mark in labels.STEP_MARKS.items():
        done = table[(table["step_base"] == step) & table["last_done_on"].notna()]
        if len(done):
            colours = [labels.OWED_MARKS[state].colour for state in done["duty_state"]]
            _marks(figure, done, "at", step_name(step), mark.symbol, colours)
    missing = table[table["at"].isna() & table["is_counted"] & (table["duty_state"] == "overdue")]
    if len(missing):
        _marks(figure, missing, "due_on", "逾期未办", "x-thin-open", labels.OWED_MARKS["overdue"].colour, size=15)
    charts.plain(figure, 44 * len(units) + 130, legend={"orientation": "h", "y": -0.04, "yanchor": "top", "x": 0})
    figure.update_yaxes(
        tickvals=list(row_of.values()), ticktext=list(units["recipient_short_name"]), gridcolor="#EEF2F7",
        range=[len(units) - 0.4, -0.6], zeroline=False,
    )
    days = pd.concat([table["opened_on"], table["due_on"], table["at"]]).dropna()
    reach = (days.max() - days.min()).days if len(days) else 0
    ticks = {"tickformat": "%m-%d", "nticks": 7} if reach <= 60 else {"tickformat": "%Y-%m-%d", "nticks": 5}
    figure.update_xaxes(gridcolor="#EEF2F7", side="top", **ticks)
    return figure


def _marks(
    figure: go.Figure, rows: pd.DataFrame, day: str, name: str, symbol: str, colour: object, size: int = 12
) -> None:
    words = [
        f"{row['recipient_short_name']} {name}：{labels.day(row[day])}"
        + ("" if day == "opened_on" else f"，{labels.marked(labels.OWED_MARKS, row['duty_state'])}")
        for row in rows.to_dict("records")
    ]
    figure.add_scatter(
        x=rows[day], y=rows["level"], mode="markers", name=name, text=words, hoverinfo="text",
        marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 2, "color": colour}},
    )
