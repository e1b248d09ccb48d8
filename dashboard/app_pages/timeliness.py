"""时效跟踪：谁按期把指标全部导入监控系统，谁逾期，逾期几个工作日。"""

from datetime import datetime

import streamlit as st

from dashboard import charts, empty, fragments, labels, region_tables, session, tables
from dashboard.actions.receipts import STEP_NAMES, ReceiptEntry, record_receipt
from data.errors import WenxiaoError
from metrics.boards import region, timeliness
from metrics.indicators import REGION_ID

st.title("时效跟踪")

scope = empty.scope_or_stop()
own = empty.own_unit_or_stop(scope)
settings = session.settings()
limit = session.read(timeliness.limit, scope.document_number)
if limit is None:
    st.info("这份文件没有规定按工作日计算的时限，不需要跟踪导入时效。")
    st.stop()

clocks = session.read(timeliness.clock_table, scope, settings.region_code)
counts = clocks["clock_state"].value_counts()
unknown = list(clocks.loc[clocks["clock_state"] == "no_receipt", "recipient_name"])
if unknown and own:
    st.warning("本单位没有登记收文时间，无法计算时限，请在下方登记。")
elif unknown:
    st.warning(f"{len(unknown)} 个单位没有登记收文时间，无法计算时限：{'、'.join(unknown)}。")

if own:
    st.markdown(f"**{tables.own_clock(clocks.iloc[0])}**")
else:
    st.html(fragments.figures([
        (labels.marked(labels.CLOCK_MARKS, state), str(int(counts.get(state, 0))), "个单位",
         "、".join(clocks.loc[clocks["clock_state"] == state, "recipient_short_name"]) or "—")
        for state in labels.CLOCK_MARKS if counts.get(state, 0)
    ]))
st.caption(
    f"时限：{limit.printed}（文件第 {limit.line_no} 行）。收文当日不计，从次一工作日起数，最后一日计入。"
    "文件写的是州本级收到自治区文件后的时限；这里按各单位自己收文起算，是本单位的管理要求，不是文件或法律的规定。"
    + session.read(timeliness.calendar_note, scope, settings.region_code)
)

if session.may_read(region.region_clock):
    prefecture = session.read(region.region_clock, scope, settings.region_code)
    st.markdown(f"**{region_tables.own_clock_sentence(prefecture)}**")

if own:
    st.subheader("本单位的时钟", anchor=False)
else:
    st.subheader("每个单位的时钟", anchor=False)
    st.plotly_chart(charts.clock_lines(clocks), config=charts.CONFIG, theme=None)
    st.caption(tables.clock_sentence(clocks))
st.html(fragments.html_table(tables.clocks(clocks)))

history = session.read(timeliness.receipts, scope)
if not history.empty:
    with st.expander(f"办理记录：{len(history)} 条，逐次保留"):
        st.html(fragments.html_table(tables.receipts(history, STEP_NAMES), is_tall=True))

session.say_done("timeliness")
if not session.may("record_receipt"):
    st.stop()
st.subheader("登记收文、导入", anchor=False)
with st.form("timeliness_receipt"):
    names = dict(clocks.set_index("recipient_id")["recipient_name"])
    if not own:
        names[REGION_ID] = "州本级（收到上级文件）"
    session.first_choice("timeliness_unit", st.query_params.get("unit"), list(names))
    first, second, third = st.columns(3)
    recipient_id = first.selectbox("单位", list(names), format_func=names.get, key="timeliness_unit")
    step = second.selectbox("环节", list(STEP_NAMES), format_func=STEP_NAMES.get, key="timeliness_step")
    on = first.date_input("办理日期", value=settings.today(), format="YYYY-MM-DD", key="timeliness_on")
    at = second.time_input("办理时间", value="09:00", step=300, key="timeliness_at")
    amount = third.text_input("导入金额（万元，只在导入时填写）", key="timeliness_amount")
    marker = first.text_input("直达资金标识（只在导入时填写）", placeholder="01 中央直达资金",
                              key="timeliness_marker")
    evidence = second.text_input("说明或凭证", key="timeliness_evidence")
    if st.form_submit_button("登记", type="primary"):
        try:
            done = record_receipt(
                session.workspace().store, session.actor(), settings.now(),
                scope.document_number, recipient_id,
                ReceiptEntry(step, datetime.combine(on, at), session.yuan(amount), marker.strip(),
                             evidence.strip()),
                settings.region_code,
            )
            st.session_state["timeliness_done"] = (
                f"已登记：{names[recipient_id]}{STEP_NAMES[step]}。回执：办理记录{done}。"
            )
            st.rerun()
        except WenxiaoError as error:
            st.error(fragments.literal(error))
