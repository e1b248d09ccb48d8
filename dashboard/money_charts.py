"""Figures of the money's way: from handing down to paying out, and each unit's course over the months."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard import look, statistical_charts
from dashboard.kept import kept
from dashboard.labels import percent
from dashboard.money_tables import exact_sum, wan_exact

# The steps in order, and of each what is left of the step before it when the money goes on.
STEPS = ("allocated", "registered", "paid", "at_institution", "paid_out")
LEFT_BEHIND = {
    "allocated": (), "registered": ("unregistered", "unknown_registered"), "paid": ("unpaid", "unknown_paid"),
    "at_institution": (), "paid_out": ("not_paid_out", "unknown_paid_out"),
}
# node → words, colour.
NODES = {
    "allocated": ("分配", look.ACCENT),
    "registered": ("登记", look.ACCENT),
    "paid": ("支付", look.ACCENT),
    "at_institution": ("付到机构", look.GOOD),
    "paid_out": ("发放", look.GOOD),
    "unregistered": ("未登记", look.BAD),
    "unpaid": ("未支付", look.CAUTION),
    "not_paid_out": ("已付未发", look.CAUTION),
    "unknown_registered": ("登记未对接", look.QUIET),
    "unknown_paid": ("支付未对接", look.QUIET),
    "unknown_paid_out": ("发放未对接", look.QUIET),
}
ELSEWHERE, ELSEWHERE_WORDS = "elsewhere", "前一步之外"


def flow_steps(flow: pd.DataFrame) -> pd.DataFrame:
    """Where each part of the money lies on one scale: what goes on from the left, what stays behind at its right end.

    Shape:  one row per node that has money, in the order of the way; ``name``, ``start_yuan``, ``amount_yuan``,
            ``colour``. What a step has from outside the one before stands at its end, in a row before it.
    """
    lines = flow.groupby(["source_node", "target_node"], sort=False)["amount_yuan"].agg(exact_sum)
    into, out_of = (lines.groupby(level=level, sort=False).agg(exact_sum) for level in (1, 0))
    rows = []
    start = exact_sum(())           # where the step's money begins: beside what else was paid in the same step
    for step in STEPS:
        amount = max(into.get(step, exact_sum(())), out_of.get(step, exact_sum(())))
        end = start + amount
        outside = lines.get((ELSEWHERE, step), exact_sum(()))
        end_of_left = end - outside
        for node in LEFT_BEHIND[step]:
            if into.get(node):
                rows.append((NODES[node][0], end_of_left, into[node], NODES[node][1]))
                end_of_left += into[node]
        if outside:
            rows.append((ELSEWHERE_WORDS, end - outside, outside, look.QUIET))
        if amount:
            rows.append((NODES[step][0], start, amount, NODES[step][1]))
        start = end if step == "at_institution" else exact_sum(())
    return pd.DataFrame(rows, columns=["name", "start_yuan", "amount_yuan", "colour"])


@kept
def flow_diagram(flow: pd.DataFrame) -> go.Figure:
    """The money from step to step, and what stays behind at each, of all rows given together.

    One row a step, on one scale from zero; what stays behind hangs at the right end of the step before it.
    """
    steps = flow_steps(flow)
    figure = go.Figure(go.Bar(
        y=list(steps.index), x=steps["amount_yuan"].astype(float) / 10_000,
        base=steps["start_yuan"].astype(float) / 10_000, orientation="h", marker_color=list(steps["colour"]),
        customdata=[list(told) for told in zip(steps["name"], steps["amount_yuan"].map(wan_exact), strict=True)],
        hovertemplate="%{customdata[0]}：%{customdata[1]} 万元<extra></extra>", width=0.6,
    ))
    statistical_charts.named_rows(figure, steps.assign(words=[wan_exact(amount) for amount in steps["amount_yuan"]]))
    figure.update_xaxes(showgrid=False, showticklabels=False, zeroline=True, zerolinecolor=look.INK, rangemode="tozero")
    return figure


@kept
def month_lines(months: pd.DataFrame) -> go.Figure:
    """One small figure a unit: what it has paid of its money month by month, against the share of the year gone."""
    table = months.sort_values(["display_no", "month_on"])
    last = table[table["cumulative_share"].notna()].groupby("recipient_id")["cumulative_share"].last()
    return statistical_charts.small_multiples(pd.DataFrame({
        "name": table["recipient_short_name"], "at": table["month_on"], "value": table["cumulative_share"],
        "reference": table["elapsed_share"],
        "words": [
            f"{month:%Y-%m} 累计 {wan_exact(cumulative)} 万元，占 {percent(share)}"
            for month, cumulative, share in zip(
                table["month_on"], table["cumulative_yuan"], table["cumulative_share"], strict=True)
        ],
        "end_words": [percent(last.get(unit)) for unit in table["recipient_id"]],
    }))
