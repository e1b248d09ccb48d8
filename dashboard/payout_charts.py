"""Figures of what payouts prove: claimed against computed unit by unit, heads by kind of aid and month."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import charts, look, statistical_charts
from dashboard.kept import kept
from dashboard.labels import count, percent
from dashboard.payout_tables import CLAIM_MARKS


@kept
def rate_dots(claims: pd.DataFrame) -> go.Figure:
    """One line a unit from what payouts prove to what it claims; the largest difference on top.

    The rings are the claims, the filled marks the evidence, in the shape and colour of how the two compare.
    """
    table = claims[claims["claimed_rate"].notna() & claims["computed_rate"].notna()]
    return statistical_charts.dot_pairs(pd.DataFrame({
        "name": table["recipient_short_name"], "said": table["claimed_rate"], "found": table["computed_rate"],
        "state": table["claim_state"],
        "words": [f"自报 {percent(said)}，佐证 {percent(found)}"
                  for said, found in zip(table["claimed_rate"], table["computed_rate"], strict=True)],
    }), CLAIM_MARKS)


@kept
def head_bars(heads: pd.DataFrame) -> go.Figure:
    """How many persons were paid each month, one small figure a kind of aid, each on its own scale from zero.

    The first, the last, the most and the least are written, so that a phone has room for them.
    """
    sums = heads.groupby(["aid_name", "pay_month"], as_index=False, sort=True)["person_count"].sum()
    kinds = list(dict.fromkeys(heads["aid_name"]))
    months = sorted(f"{month:%Y-%m}" for month in sums["pay_month"].unique())
    figure = make_subplots(
        rows=len(kinds), cols=1, shared_xaxes=True, vertical_spacing=0.3 / max(len(kinds), 3), subplot_titles=kinds
    )
    for place, kind in enumerate(kinds, start=1):
        counts = sums[sums["aid_name"] == kind].set_index("pay_month")["person_count"].astype(int)
        told = {counts.index[0], counts.index[-1], counts.idxmax(), counts.idxmin()}
        figure.add_trace(go.Bar(
            x=[f"{month:%Y-%m}" for month in counts.index], y=list(counts), marker_color=look.ACCENT, showlegend=False,
            text=[count(number) if month in told else "" for month, number in counts.items()],
            customdata=[count(number) for number in counts], textposition="outside", cliponaxis=False, textangle=0,
            constraintext="none", hovertemplate=f"{kind} %{{x}}：%{{customdata}} 人<extra></extra>",
        ), row=place, col=1)
        figure.update_yaxes(range=[0, max([1, *counts]) * 1.35], row=place, col=1)
    charts.plain(figure, 130 * len(kinds) + 40)
    figure.update_layout(margin={"t": 32}, bargap=0.4)
    figure.update_annotations(font={"size": look.TEXT_SIZE, "color": look.INK})
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=months, showgrid=False, tickangle=0,
                        tickvals=sorted({months[0], months[len(months) // 2], months[-1]}))
    figure.update_yaxes(showticklabels=False, showgrid=False, zeroline=False)
    return figure
