"""The figure of duties: each unit's steps on two rails, marked by shape, word and colour, with their due days."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, labels, look
from dashboard.kept import kept
from metrics.duties import step_name

# Reports stand on a rail above the way of an import; what falls on one day of a rail is stacked, so that nothing hides.
REPORT_RAIL, WAY_RAIL = -0.3, 0.16
RAILS = {"reported": REPORT_RAIL, "answered": REPORT_RAIL}
ROW_HEIGHT, STACKED = 64, 0.2


@kept
def timeline(table: pd.DataFrame) -> go.Figure:
    """One row a unit: receipt, steps as marks of their own shape in the colour of their state, due days as ticks."""
    figure = go.Figure()
    units = table.drop_duplicates("recipient_id").sort_values("display_no")
    row_of = {unit: place for place, unit in enumerate(units["recipient_id"])}
    base = table["step"].str.split("-").str[0]
    table = table.assign(
        step_base=base, rail=table["recipient_id"].map(row_of) + base.map(RAILS).fillna(WAY_RAIL),
        at=table["done_on"].fillna(table["last_done_on"]),
    )
    for unit, spans in table.groupby("recipient_id", sort=False):
        known = pd.concat([spans["opened_on"], spans["due_on"], spans["at"]]).dropna()
        if len(known):
            figure.add_scatter(
                x=[known.min(), known.max()], y=[row_of[unit] + WAY_RAIL] * 2, mode="lines",
                line={"color": charts.FAINT, "width": 3}, showlegend=False, hoverinfo="skip",
            )
    due = table[table["due_on"].notna() & table["is_counted"]].drop_duplicates(["rail", "due_on"])
    figure.add_scatter(
        x=due["due_on"], y=due["rail"], mode="markers", name="到期日", hoverinfo="text",
        text=[f"{row['recipient_short_name']} 到期：{labels.day(row['due_on'])}" for row in due.to_dict("records")],
        marker={"symbol": "line-ns-open", "size": 20, "color": charts.INK, "line": {"width": 3}},
    )
    marks = _stacked(_marks(table))
    for name, rows in marks.groupby("name", sort=False):
        figure.add_scatter(
            x=rows["day"], y=rows["level"], mode="markers", name=name, text=rows["words"], hoverinfo="text",
            marker={
                "symbol": rows["symbol"].iloc[0], "size": rows["size"].iloc[0], "color": list(rows["colour"]),
                "line": {"width": 2, "color": list(rows["colour"])},
            },
        )
    charts.plain(figure, ROW_HEIGHT * len(units) + 130, legend={
        "orientation": "h", "y": -0.04, "yanchor": "top", "x": 0,
    })
    figure.update_yaxes(
        tickvals=list(row_of.values()), ticktext=list(units["recipient_short_name"]), gridcolor=look.GRID,
        range=[len(units) - 0.4, -0.6], zeroline=False,
    )
    days = pd.concat([table["opened_on"], table["due_on"], table["at"]]).dropna()
    reach = (days.max() - days.min()).days if len(days) else 0
    ticks = {"tickformat": "%m-%d", "nticks": 7} if reach <= 60 else {"tickformat": "%Y-%m-%d", "nticks": 5}
    figure.update_xaxes(gridcolor=look.GRID, side="top", **ticks)
    return figure


def _marks(table: pd.DataFrame) -> pd.DataFrame:
    """One row a mark, in the order of the legend: receipts, the steps that were done, what is overdue."""
    received = table[(table["duty_kind"] == "import") & table["opened_on"].notna()].drop_duplicates("recipient_id")
    found = [_marked(received, "opened_on", "收到文件", labels.STEP_MARKS["received"].symbol, charts.INK)]
    for step, mark in labels.STEP_MARKS.items():
        done = table[(table["step_base"] == step) & table["last_done_on"].notna()]
        found.append(_marked(done, "at", step_name(step), mark.symbol))
    missing = table[table["at"].isna() & table["is_counted"] & (table["duty_state"] == "overdue")]
    found.append(_marked(missing, "due_on", "逾期未办", "x-thin-open", size=15))
    return pd.concat(found, ignore_index=True)


def _marked(rows: pd.DataFrame, day: str, name: str, symbol: str, colour: str = "", size: int = 12) -> pd.DataFrame:
    """The marks of one kind, in the colour of their duties' states where they have none of their own."""
    told = rows.to_dict("records")
    return pd.DataFrame({
        "day": rows[day], "rail": rows["rail"], "name": name, "symbol": symbol, "size": size,
        "colour": [colour or labels.OWED_MARKS[row["duty_state"]].colour for row in told],
        "words": [
            f"{row['recipient_short_name']} {name}：{labels.day(row[day])}"
            + ("" if day == "opened_on" else f"，{labels.marked(labels.OWED_MARKS, row['duty_state'])}")
            for row in told
        ],
    })


def _stacked(marks: pd.DataFrame) -> pd.DataFrame:
    """Each mark's ``level``: on its rail, or above and below it where several of one unit fall on one day."""
    of_day = marks.groupby(["rail", "day"])["rail"]
    return marks.assign(level=marks["rail"] + (of_day.cumcount() - (of_day.transform("size") - 1) / 2) * STACKED)
