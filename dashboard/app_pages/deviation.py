"""偏差跟踪：哪个单位哪项指标没有达到，差多少，为什么，年底会怎样。"""

import streamlit as st

from dashboard import charts, deviation_tables, empty, fragments, labels, session, statistical_charts, tables
from metrics.boards import changes, deviation, hints, standing, trend

st.title("偏差跟踪")

scope = empty.round_or_stop()
own = empty.own_unit_or_stop(scope)
scores = session.read(standing.scores, scope)
ranking = session.read(deviation.ranking, scope)
over = session.read(deviation.over_fulfilled, scope)
outlook = session.read(trend.year_end, scope)
counts = scores["state"].value_counts()

silent = sorted(set(scores.loc[scores["state"] == "not_reported", "recipient_name"]))
if silent:
    whose = "" if own else f"，涉及 {'、'.join(silent)}"
    st.warning(f"{int(counts['not_reported'])} 项未填报{fragments.literal(whose)}；未填报不按 0 分计，单独列出。")
has_no_reports = empty.tell_no_reports(scope)
st.markdown(f"**{fragments.literal(deviation_tables.first_line(scores, ranking, over))}**")

st.subheader("本单位各项指标" if own else "单位 × 指标", anchor=False)
st.caption("点一格，看这个得分是怎样算出来的。")
event = charts.show(
    charts.state_matrix(scores), on_select="rerun", selection_mode="points", key="deviation_matrix",
)
st.caption(fragments.literal(deviation_tables.matrix_sentence(scores)))
session.follow_click(event, "deviation", ranking)

units = tables.names(scores, "recipient_id", "recipient_name")
short_names = tables.names(scores, "recipient_id", "recipient_short_name")
names = tables.names(scores, "indicator_no", "indicator_name")
left, right = st.columns([1, 2])
recipient_id = left.selectbox(
    "单位", list(units), format_func=units.get, key="deviation_unit",
)
numbered = {no: f"{no} {name}" for no, name in names.items()}
indicator_no = right.selectbox("指标", list(numbered), format_func=numbered.get, key="deviation_indicator")
st.query_params.update({"unit": recipient_id, "indicator": str(indicator_no)})
cell = session.read(deviation.cell, scope, recipient_id, indicator_no)

with st.container(border=True):
    st.markdown(f"**{labels.marked(labels.SCORE_MARKS, cell.row['state'])}**　{fragments.literal(cell.sentence)}")
    inputs, course = st.columns([1, 1])
    inputs.html(fragments.html_table(deviation_tables.cell_inputs(cell)))
    course.caption("历次完成率（虚线为目标）")
    charts.show(charts.history_line(cell.history), course)
    course.caption(fragments.literal(deviation_tables.history_sentence(cell.history)))
    course.caption(fragments.literal(deviation_tables.cell_forecast(outlook, recipient_id, indicator_no)))
    st.caption("文件原文")
    st.html(fragments.paper_line(cell.row["line_no"], cell.printed_line))

questions = session.read(hints.outliers, scope)
beside, ranked, ahead, changed, doubted, beyond = st.tabs([
    f"{fragments.literal(short_names[recipient_id])}：目标与实际",
    f"偏差排名（{len(ranking)}）", "年底预计", "变化记录", f"请核实（{len(questions)}）", f"超额过多（{len(over)}）",
])

with beside:
    rows = deviation_tables.target_rows(scores, recipient_id)
    if rows.empty:
        st.info("没有要这个单位完成的指标。")
    else:
        charts.show(statistical_charts.bullet_bars(rows))
        st.caption(fragments.literal(deviation_tables.target_sentence(rows)))

with ranked:
    if ranking.empty and has_no_reports:
        st.info("报送以后，没有达到目标的指标列在这里。")
    elif ranking.empty:
        st.success("已评指标全部达标。")
    else:
        st.caption("丢分最多的在前。偏差为负是没有达到目标；越低越好的指标已反号；较上轮是完成率比上一轮增减的百分点。")
        st.html(fragments.html_table(deviation_tables.missed(ranking), is_tall=True))

with ahead:
    money = session.read(trend.year_end_money, scope)
    told = tables.only(outlook.table, reason="")
    if outlook.is_over:
        st.info(f"这一轮的数据已到 {labels.full_day(outlook.year_end_on)}，年度已经结束，不再推算。")
    else:
        st.caption(
            "方法：取任意两轮之间变化速度的中位数，推到 12 月 31 日；括号里是任意两轮连线推算的最低和最高。"
            "只是提醒，不改变得分。"
        )
        st.markdown(f"**{fragments.literal(deviation_tables.forecast_sentence(outlook))}**")
        if not told.empty:
            st.html(fragments.html_table(deviation_tables.forecasts(told), is_tall=True))
        st.caption(fragments.literal(deviation_tables.no_forecast_sentence(outlook)))
        st.markdown("**资金：年底执行率**")
        if money.left_out:
            st.caption(f"合计不含 {fragments.literal('、'.join(money.left_out))}：有的轮次没有填报支付数。")
        st.html(fragments.html_table(deviation_tables.money_forecasts(money.table), is_tall=True))

with changed:
    chosen = own or st.selectbox(
        "只看一个单位", ["", *units], format_func={"": "全部单位", **units}.get, key="deviation_changes_unit",
    )
    log = session.read(changes.state_changes, scope, chosen)
    if log.empty:
        st.info("到统计截止日为止，没有指标的状态变化过。")
    else:
        st.caption("只列状态的变化和复核改变的得分，最近的在前；与上一轮相比的变化，前面写明是哪一轮。")
        st.html(fragments.html_table(deviation_tables.state_changes(log), is_tall=True))

with doubted:
    st.caption(
        "与其他单位同一轮、或与本单位以前各轮的中位数相差五个百分点以上而且明显离群的比率。"
        "只是请单位核对一遍，不影响得分，也不表示数据有误。"
    )
    if questions.empty and has_no_reports:
        st.info("报送以后，与众不同的比率列在这里。")
    elif questions.empty:
        st.success("没有发现与众不同的比率。")
    else:
        st.html(fragments.html_table(deviation_tables.hints(questions), is_tall=True))

with beyond:
    if over.empty and has_no_reports:
        st.info("报送以后，超额过多的指标列在这里。")
    elif over.empty:
        st.success("没有超额过多的指标。")
    else:
        st.caption("完成率达到超额下限（本单位设定，不是全国规定）的指标：目标是不是定低了？只提示，不扣分。")
        st.html(fragments.html_table(deviation_tables.over(over)))
