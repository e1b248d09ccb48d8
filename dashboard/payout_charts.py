"""Figures of what payouts prove: claimed against computed unit by unit, heads by kind of aid and month."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import charts, look
from dashboard.labels import percent
from dashboard.payout_tables import CLAIM_MARKS

CLAIMED, COMPUTED = "自报", "佐证算得"


def rate_dots(claims: pd.DataFrame) -> go.Figure:
    """One line a unit from what payouts prove to what it claims; the largest difference on top.

    The rings are the claims, the filled marks the evidence, in the shape and colour of how the two compare.
    """
    table = claims[claims["claimed_rate"].notna() & claims["computed_rate"].notna()]
    figure = go.Figure()
    for row in table.to_dict("records"):
        figure.add_scatter(
            x=[float(row["computed_rate"]), float(row["claimed_rate"])], y=[row["recipient_short_name"]] * 2,
            mode="lines", line={"color": charts.FAINT, "width": 4}, showlegend=False, hoverinfo="skip",
        )
    figure.add_scatter(
        x=table["claimed_rate"].astype(float), y=table["recipient_short_name"], mode="markers", name=CLAIMED,
        marker={"symbol": "circle-open", "size": 13, "color": charts.INK, "line": {"width": 2}},
        text=[percent(rate) for rate in table["claimed_rate"]], hovertemplate="%{y} 自报 %{text}<extra></extra>",
    )
    for state, mark in CLAIM_MARKS.items():
        rows = table[table["claim_state"] == state]
        if rows.empty:
            continue
        figure.add_scatter(
            x=rows["computed_rate"].astype(float), y=rows["recipient_short_name"], mode="markers",
            name=f"{COMPUTED}：{mark.word}", marker={"symbol": mark.symbol, "size": 11, "color": mark.colour},
            text=[percent(rate) for rate in rows["computed_rate"]],
            hovertemplate="%{y} 佐证算得 %{text}<extra></extra>",
        )
    charts.plain(figure, 34 * len(table) + 130, legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0})
    # A rate over 100 % waits for its reason: the axis ends there.
    lowest = min([1.0, *table["claimed_rate"].astype(float), *table["computed_rate"].astype(float)])
    figure.update_xaxes(tickformat=".0%", range=[max(0.0, lowest - 0.05), 1.03], gridcolor=look.GRID, zeroline=False)
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=list(table["recipient_short_name"]),
                        autorange="reversed", showgrid=True, gridcolor=look.GRID)
    return figure


def head_bars(heads: pd.DataFrame) -> go.Figure:
    """How many persons were paid each month, one small figure a kind of aid, each on its own scale."""
    sums = heads.groupby(["aid_name", "pay_month"], as_index=False, sort=True)["person_count"].sum()
    kinds = list(dict.fromkeys(heads["aid_name"]))
    figure = make_subplots(
        rows=len(kinds), cols=1, shared_xaxes=True, vertical_spacing=0.3 / max(len(kinds), 3), subplot_titles=kinds
    )
    for place, kind in enumerate(kinds, start=1):
        rows = sums[sums["aid_name"] == kind]
        figure.add_trace(go.Bar(
            x=[f"{month:%Y-%m}" for month in rows["pay_month"]], y=rows["person_count"].astype(int),
            marker_color=charts.ACCENT, showlegend=False, text=[f"{int(n):,}" for n in rows["person_count"]],
            textposition="outside", cliponaxis=False, hovertemplate=f"{kind} %{{x}}：%{{text}} 人<extra></extra>",
        ), row=place, col=1)
        top = max([1, *rows["person_count"].astype(int)])
        figure.update_yaxes(range=[0, top * 1.35], row=place, col=1)
    charts.plain(figure, 130 * len(kinds) + 40)
    figure.update_layout(margin={"t": 32}, bargap=0.4)
    figure.update_xaxes(type="category", categoryorder="category ascending", showgrid=False)
    figure.update_yaxes(showticklabels=False, showgrid=False, zeroline=False)
    return figure
