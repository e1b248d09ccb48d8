"""Figures of the money's way: the diagram from handing down to paying out, and each unit's course over the months."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import charts, look
from dashboard.money_tables import exact_sum, wan_exact

# node → words, colour. The longest breaks, so that on a phone it stays beside its own node.
NODES = {
    "allocated": ("分配", look.ACCENT),
    "registered": ("登记", look.ACCENT),
    "paid": ("支付", look.ACCENT),
    "paid_out": ("发放", look.GOOD),
    "at_institution": ("付到供养、<br>救助机构", look.GOOD),
    "unregistered": ("未登记", look.BAD),
    "unpaid": ("未支付", look.CAUTION),
    "not_paid_out": ("已付未发", look.CAUTION),
    "elsewhere": ("前一步之外<br>（待核对）", look.QUIET),
    "unknown_registered": ("登记未对接", look.QUIET),
    "unknown_paid": ("支付未对接", look.QUIET),
    "unknown_paid_out": ("发放未对接", look.QUIET),
}
# Three across: on a phone each is still wide enough for its name.
ACROSS = 3


def flow_diagram(flow: pd.DataFrame) -> go.Figure:
    """The money from step to step, and what stays behind at each, of all rows given together."""
    lines = flow.groupby(["source_node", "target_node"], sort=False)["amount_yuan"].agg(exact_sum).reset_index()
    used = [node for node in NODES if node in {*lines["source_node"], *lines["target_node"]}]
    sums = {
        node: max(exact_sum(lines.loc[lines[side] == node, "amount_yuan"]) for side in ("source_node", "target_node"))
        for node in used
    }
    place = {node: number for number, node in enumerate(used)}
    figure = go.Figure(go.Sankey(
        arrangement="snap",
        node={
            "label": [f"{NODES[node][0]}<br>{wan_exact(sums[node])}" for node in used],
            "color": [NODES[node][1] for node in used],
            "pad": 34, "thickness": 14, "line": {"width": 0},
            "customdata": [wan_exact(sums[node]) for node in used],
            "hovertemplate": "%{customdata} 万元<extra></extra>",
        },
        link={
            "source": [place[node] for node in lines["source_node"]],
            "target": [place[node] for node in lines["target_node"]],
            "value": lines["amount_yuan"].astype(float) / 10_000,
            "color": [f"{NODES[node][1]}40" for node in lines["target_node"]],
            "customdata": [wan_exact(amount) for amount in lines["amount_yuan"]],
            "hovertemplate": "%{source.label} → %{target.label}：%{customdata} 万元<extra></extra>",
        },
    ))
    charts.plain(figure, 340)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 24, "b": 24})
    return figure


def month_lines(months: pd.DataFrame) -> go.Figure:
    """One small figure a unit: what it has paid of its money month by month, against the share of the year gone."""
    units = months.drop_duplicates("recipient_id").sort_values("display_no")
    rows = -(-len(units) // ACROSS)
    figure = make_subplots(
        rows=rows, cols=min(ACROSS, len(units)), shared_xaxes=True, shared_yaxes=True,
        subplot_titles=list(units["recipient_short_name"]), vertical_spacing=0.28 / max(rows, 1),
        horizontal_spacing=0.03,
    )
    for number, unit in enumerate(units["recipient_id"]):
        table = months[months["recipient_id"] == unit]
        at = {"row": number // ACROSS + 1, "col": number % ACROSS + 1}
        figure.add_scatter(
            x=table["month_on"], y=table["elapsed_share"], mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": charts.INK, "width": 1, "dash": "dot"}, **at,
        )
        words = [
            f"{month:%Y-%m} 累计 {wan_exact(cumulative)} 万元"
            for month, cumulative in zip(table["month_on"], table["cumulative_yuan"], strict=True)
        ]
        figure.add_scatter(
            x=table["month_on"], y=table["cumulative_share"], mode="lines+markers", showlegend=False,
            line={"color": charts.ACCENT, "width": 2}, marker={"size": 4}, text=words,
            hovertemplate="%{text}，占 %{y:.1%}<extra></extra>", **at,
        )
    charts.plain(figure, 150 * rows + 50)
    top = max(1.05, float(months["cumulative_share"].max()) * 1.05 if months["cumulative_share"].notna().any() else 0)
    low = min(0.0, float(months["cumulative_share"].min()) if months["cumulative_share"].notna().any() else 0)
    figure.update_yaxes(range=[low, top], tickformat=".0%", dtick=0.5, gridcolor=look.GRID, zeroline=False)
    # The lowest figure of each column tells the months, also where the last row is not full.
    figure.update_xaxes(tickformat="%-m月", nticks=4, showgrid=False, showticklabels=False)
    for number in range(max(0, len(units) - ACROSS), len(units)):
        figure.update_xaxes(showticklabels=True, row=number // ACROSS + 1, col=number % ACROSS + 1)
    figure.update_annotations(font={"size": 13, "color": charts.INK})
    figure.update_layout(margin={"l": 8, "r": 8, "t": 28, "b": 8})
    return figure
