"""Figures of what an effect costs."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts
from dashboard.cost_tables import COST_MARKS, cost_keys
from dashboard.effect_charts import GRID, LIMIT
from dashboard.kept import kept
from dashboard.labels import count, yuan


@kept
def cost_dots(costs: pd.DataFrame) -> go.Figure:
    """What a person and month cost, one dot a unit, the dearest on top, with the line of the median."""
    table = costs[costs["per_head_yuan"].notna()]
    keys, middle = cost_keys(table), table["median_yuan"].iloc[0]
    figure = go.Figure()
    for state, mark in COST_MARKS.items():
        rows = table[[key == state for key in keys]]
        if rows.empty:
            continue
        figure.add_scatter(
            x=rows["per_head_yuan"], y=rows["recipient_short_name"], mode="markers+text", name=mark.word,
            marker={"symbol": mark.symbol, "size": 12, "color": mark.colour,
                    "line": {"width": 1.5, "color": mark.colour}},
            text=[f" {count(round(value))} " for value in rows["per_head_yuan"]], cliponaxis=False,
            # Away from the line of the median, which would strike the figure through.
            textposition=["middle left" if value < (middle if pd.notna(middle) else 0) else "middle right"
                          for value in rows["per_head_yuan"]],
            hovertext=[f"{yuan(paid)}÷{count(heads)}" for paid, heads in zip(
                rows["paid_yuan"], rows["person_month_count"], strict=True)],
            hovertemplate="%{y}：%{hovertext}＝%{x:,.2f} 元<extra></extra>",
        )
    values = [*table["per_head_yuan"], *table["median_yuan"].dropna().head(1)]
    low, high = min(values), max(values)
    room = max((high - low) * 0.3, high * 0.02)
    charts.plain(figure, 26 * len(table) + 110, showlegend=True)
    figure.update_layout(
        margin={"t": 28, "b": 60},
        legend={"orientation": "h", "x": 0, "yref": "container", "y": 0, "yanchor": "bottom"},
    )
    if pd.notna(middle):
        # Under the dots; without lines of the grid beside it that would hide it.
        figure.add_vline(x=middle, line={"color": LIMIT, "width": 1.2, "dash": "dash"}, layer="below")
        figure.add_annotation(
            x=middle, y=1, yref="paper", text=f"中位数 {yuan(middle)} 元", showarrow=False, yanchor="bottom",
            xanchor="right" if middle > (low + high) / 2 else "left", font={"size": 11.5, "color": LIMIT},
        )
    figure.update_xaxes(range=[low - room, high + room], showgrid=False, zeroline=False, tickformat=",d",
                        nticks=5, ticksuffix=" 元")
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=list(table["recipient_short_name"]),
                        autorange="reversed", showgrid=True, gridcolor=GRID)
    return figure

