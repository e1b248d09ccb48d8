"""总览：钱到了没有，效果到了没有，谁按期，今天要办哪几件事；与另一天相比变了什么。"""

from dataclasses import replace

import streamlit as st

from dashboard import (
    charts,
    comparison_tables,
    empty,
    finding_tables,
    fragments,
    labels,
    overview_charts,
    overview_tables,
    region_tables,
    session,
)
from metrics import finding_summary
from metrics.boards import comparison, findings, overview
from metrics.boards import region as whole

st.title("总览")

scope = empty.round_or_stop()
region = session.settings().region_code
address = session.address()
money = session.read(overview.money, scope)
units = session.read(overview.units, scope, region)
prefecture = session.read(whole.region_total, scope, region)
found = session.read(overview.attention, scope, region)
cells = session.read(overview.effect_counts, scope)
clock = session.read(overview.clock_counts, scope, region)

st.html(overview_tables.head(scope, overview_tables.headline(money, prefecture, units)))
if prefecture is not None:
    st.caption(fragments.literal(region_tables.missing_words(prefecture)))
st.html(overview_tables.first_screen(
    overview_tables.attention(found, units, address),
    overview_tables.figure_row(overview_tables.figures(money, cells, clock), address),
    overview_tables.unit_table(units, address),
    overview_tables.units_sentence(units),
))

st.subheader(f"{money.unit_count} 个单位共 {sum(cells.values())} 项指标的状态", anchor=False)
st.html(overview_tables.state_strip(cells))
st.html(fragments.state_legend(cells))

compared_on = comparison_tables.choose_day("overview", scope.as_of_on)
if compared_on:
    earlier = replace(scope, as_of_on=compared_on)
    sides = session.read(comparison.units, scope, region, compared_on)
    then, now = labels.day(compared_on), labels.day(scope.as_of_on)
    st.subheader(f"{then}到{now}变了什么", anchor=False)
    paid = comparison_tables.money_sentence(session.read(overview.money, earlier), money, then)
    st.markdown(f"**{fragments.literal(paid)}**")
    st.markdown(fragments.literal(
        comparison_tables.points_sentence(session.read(whole.region_total, earlier, region), prefecture)
        + comparison_tables.states_sentence(sides, session.read(comparison.states, scope, compared_on))
        + comparison_tables.events_sentence(session.read(comparison.events, scope, compared_on))
    ))
    for column, measure in zip(st.columns(2), overview_charts.MEASURES, strict=True):
        charts.show(overview_charts.before_after(sides, measure, then, now), column)
        column.caption(fragments.literal(overview_charts.before_after_sentence(sides, measure)))
    st.html(comparison_tables.unit_table(sides, address))
    st.caption(f"箭头前是 {then}，箭头后是 {now}。{fragments.literal(comparison_tables.rest_sentence(sides))}")

st.subheader("两系统数据里最要紧的三处疑点", anchor=False)
with st.spinner("正在逐条核查……"):
    matters = session.made(finding_summary.three_that_matter, session.read(findings.judged, scope))
if matters:
    st.html(finding_tables.matters(matters, address))
else:
    st.caption("已经载入的导出里没有查到疑点；哪些还没有核查，见“疑点核查”。")
