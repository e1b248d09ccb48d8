"""Figures of 总览: each unit before and after, on one line."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard import look
from dashboard.charts import ACCENT, FAINT, plain
from dashboard.kept import kept
from dashboard.labels import percent
from dashboard.region_tables import hundred

# What can be compared: its column, how a figure is shown, and how much of the number is one unit of the axis.
MEASURES = {
    "execution_rate": ("执行率", percent, 1.0),
    "points_micro": ("得分", hundred, 1e6),
}


def comparable(units: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The units with both sides as numbers of the axis, ``then`` and ``now``; a side without a figure is empty."""
    scale = MEASURES[measure][2]
    table = units[["recipient_short_name"]].copy()
    for side in ("then", "now"):
        values = pd.to_numeric(units[f"{measure}_{side}"], errors="coerce") / scale
        if measure == "points_micro":     # points without a grade rest on too little to be drawn
            values = values.where(units[f"grade_{side}"].notna())
        table[side] = values
    return table[table["then"].notna() | table["now"].notna()]


@kept
def before_after(units: pd.DataFrame, measure: str, then_name: str, now_name: str) -> go.Figure:
    """One line a unit from the hollow mark of the earlier day to the full one of the later; the worst on top."""
    _, shown, scale = MEASURES[measure]
    table = comparable(units, measure)
    figure = go.Figure()
    for row in table[table["then"].notna() & table["now"].notna()].to_dict("records"):
        figure.add_scatter(
            x=[row["then"], row["now"]], y=[row["recipient_short_name"]] * 2, mode="lines",
            line={"color": FAINT, "width": 4}, showlegend=False, hoverinfo="skip",
        )
    for side, name, symbol in (("then", then_name, "circle-open"), ("now", now_name, "circle")):
        points = table[table[side].notna()]
        figure.add_scatter(
            x=points[side], y=points["recipient_short_name"], mode="markers", name=name, cliponaxis=False,
            marker={"symbol": symbol, "size": 10, "color": ACCENT, "line": {"width": 2, "color": ACCENT}},
            hovertemplate="%{y}：%{x}<extra>" + name + "</extra>",
        )
    # The figure of now stands right of both marks, so that it covers neither.
    told = table[table["now"].notna()]
    figure.add_scatter(
        x=told[["then", "now"]].max(axis=1), y=told["recipient_short_name"], mode="text", showlegend=False,
        text=["  " + shown(value * scale) for value in told["now"]], textposition="middle right", cliponaxis=False,
        hoverinfo="skip",
    )
    plain(figure, 28 * max(len(table), 2) + 60, legend={"orientation": "h", "y": 1.12, "x": 0})
    values = pd.concat([table["then"], table["now"]]).dropna()
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    margin = max((high - low) * 0.08, high * 0.01)
    figure.update_xaxes(
        range=[low - margin, high + margin * 3.2], tickformat=".0%" if measure == "execution_rate" else "",
        gridcolor=look.GRID, zeroline=False, nticks=6,
    )
    figure.update_yaxes(
        autorange="reversed", showgrid=False, categoryorder="array",
        categoryarray=list(table["recipient_short_name"]),
    )
    return figure


@kept
def before_after_sentence(units: pd.DataFrame, measure: str) -> str:
    """What the chart shows, in words, from the same rows."""
    name, shown, scale = MEASURES[measure]
    table = comparable(units, measure)
    both = table.dropna(subset=["then", "now"])
    fresh = list(table.loc[table["then"].isna(), "recipient_short_name"])
    parts = []
    if len(both):
        change = both["now"] - both["then"]
        up, down = int((change > 0).sum()), int((change < 0).sum())
        parts.append(f"{name}：{up} 个单位上升，{down} 个下降，{len(both) - up - down} 个不变")
        if up or down:
            most = both.loc[change.abs().idxmax()]
            course = f"{shown(most['then'] * scale)}→{shown(most['now'] * scale)}"
            parts.append(f"变化最大的是{most['recipient_short_name']}，{course}")
    if fresh:
        parts.append(f"{'、'.join(fresh)}前一天还没有{name}，只画现在")
    return "；".join(parts) + "。" if parts else f"两天都没有{name}可比。"
