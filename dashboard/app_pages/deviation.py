"""偏差跟踪：哪个单位哪项指标没有达到，差多少，为什么。"""

import streamlit as st

from dashboard import charts, empty, fragments, labels, session, tables
from metrics.boards import deviation, standing

st.title("偏差跟踪")

scope = empty.round_or_stop()
scores = session.read(standing.scores, scope)
ranking = session.read(deviation.ranking, scope)
over = session.read(deviation.over_fulfilled, scope)
counts = scores["state"].value_counts()

silent = sorted(set(scores.loc[scores["state"] == "not_reported", "recipient_name"]))
if silent:
    st.warning(
        f"{int(counts['not_reported'])} 项未填报，涉及 {'、'.join(silent)}；未填报不按 0 分计，单独列出。"
    )
st.markdown(
    f"**{len(ranking)} 项没有达到目标，{len(over)} 项超额过多；"
    f"{int(counts.get('needs_review', 0))} 项待人工判定，{int(counts.get('no_baseline', 0))} 项缺上年数。**"
)

st.subheader("单位 × 指标", anchor=False)
st.caption("点一格，看这个得分是怎样算出来的。")
event = st.plotly_chart(
    charts.state_matrix(scores), config=charts.CONFIG, theme=None, on_select="rerun",
    selection_mode="points", key="deviation_matrix",
)
session.follow_click(event, "deviation", ranking)

units = scores.drop_duplicates("recipient_id").set_index("recipient_id")["recipient_name"]
names = scores.drop_duplicates("indicator_no").set_index("indicator_no")["indicator_name"]
left, right = st.columns([1, 2])
recipient_id = left.selectbox(
    "单位", list(units.index), format_func=units.get, key="deviation_unit",
)
numbered = {no: f"{no} {name}" for no, name in names.items()}
indicator_no = right.selectbox("指标", list(numbered), format_func=numbered.get, key="deviation_indicator")
st.query_params.update({"unit": recipient_id, "indicator": str(indicator_no)})
cell = session.read(deviation.cell, scope, recipient_id, indicator_no)

with st.container(border=True):
    st.markdown(f"**{labels.marked(labels.SCORE_MARKS, cell.row['state'])}**　{cell.sentence}")
    inputs, trend = st.columns([1, 1])
    inputs.html(fragments.html_table(tables.cell_inputs(cell)))
    trend.caption("历次完成率（虚线为目标）")
    trend.plotly_chart(charts.history_line(cell.history), config=charts.CONFIG, theme=None)
    st.caption("文件原文")
    st.html(fragments.paper_line(cell.row["line_no"], cell.printed_line))

st.subheader("偏差排名：丢分最多的在前", anchor=False)
if ranking.empty:
    st.success("已评指标全部达标。")
else:
    st.html(fragments.html_table(tables.missed(ranking), is_tall=True))

if not over.empty:
    st.subheader("超额过多：目标是不是定低了", anchor=False)
    st.caption("完成率达到目标 130%（本单位设定，不是全国规定）的指标；只提示，不扣分。")
    st.html(fragments.html_table(tables.over(over)))
