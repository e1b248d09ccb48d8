"""复核评分：自评与复算差在哪里，哪些要人来定，定多少分、为什么。"""

import streamlit as st

from dashboard import empty, fragments, labels, review_tables, session, tables
from dashboard.actions import reviews as actions
from dashboard.actions.report_events import LOCKED
from data.errors import WenxiaoError
from metrics.boards import reporting, reviews

st.title("复核评分")

scope = empty.round_or_stop()
settings = session.settings()
table = session.read(reviews.three_scores, scope)
duties = session.read(reporting.duties, scope)
states = tables.names(tables.only(duties, round_id=scope.round_id), "recipient_id", "report_state")
log = session.read(reviews.review_log, scope)

st.markdown(review_tables.first_line(table))
if review_tables.unclaimed_line(table):
    st.caption(fragments.literal(review_tables.unclaimed_line(table)))

waiting = tables.without(table, need="")
if empty.tell_no_reports(scope):
    st.stop()
if waiting.empty:
    st.success("没有待办：不一致的和要人判定的，都已复核。")
else:
    st.html(fragments.html_table(review_tables.needs(waiting), is_tall=True))

st.subheader("看一项，定一项", anchor=False)
session.say_done("reviews")
session.follow_click(None, "reviews", table)
units, numbered = review_tables.units(table), review_tables.indicators(table)
names = {no: f"{no} {name}" for no, name in numbered.items()}
left, right = st.columns([1, 2])
recipient_id = left.selectbox("单位", list(units), format_func=units.get, key="reviews_unit")
indicator_no = right.selectbox("指标", list(names), format_func=names.get, key="reviews_indicator")
st.query_params.update({"unit": recipient_id, "indicator": str(indicator_no)})
row = tables.only(table, recipient_id=recipient_id, indicator_no=indicator_no).iloc[0]
# What the reviewer looked at is what was on the screen when the button was pressed, not what came in since.
shown = st.session_state.get("reviews_shown", {})
st.session_state["reviews_shown"] = review_tables.seen(table)
seen_report_id, seen_target_version = shown.get(
    (recipient_id, indicator_no), (row["report_id"], row["target_version"])
)
earlier = tables.only(log, recipient_id=recipient_id, indicator_no=indicator_no)

with st.container(border=True):
    mark = labels.marked(review_tables.NEED_MARKS, row["need"]) or labels.marked(labels.SCORE_MARKS, row["state"])
    st.markdown(f"**{mark}**　{fragments.literal(row['sentence'])}")
    facts, decide = st.columns([1, 1])
    facts.html(fragments.html_table(review_tables.facts(row, row["target_text"])))
    with decide:
        if row["refusal"]:
            st.info(f"{fragments.literal(row['refusal'])}。")
        elif not session.may("review_score"):
            st.caption("复核得分由州级复核人员填写。")
        elif states.get(recipient_id) == LOCKED:
            st.info("这个单位的填报已锁定，复核得分不再改动。要改的，请州级经办先在“审核填报”重新开放。")
        elif scope.as_of_on < settings.today():
            st.info("这里显示的是过去某一天的情况。要复核，请先在页面上方把统计截止日改到今天。")
        else:
            with st.form(f"reviews_form_{recipient_id}_{indicator_no}_{len(earlier)}", border=False):
                points = st.text_input(
                    f"复核得分（0 至 {actions.whole_weight(row)} 分）", value=actions.prefilled_points(row),
                    help="看过材料以后定的分，代替复算得分；单位重新报送以后要再复核。",
                )
                reason = st.text_area(
                    "复核理由", placeholder="看了什么材料，为什么给这个分", max_chars=actions.MAX_REASON_LENGTH
                )
                st.caption(
                    "复核只对现在这一版填报、目标和分值有效，单位重新报送或目标调整后要重新复核。"
                    "已填入现在采用的得分；改回复算得分，就是取消原来的复核。超额过多的不自动扣分，扣不扣、扣多少由复核人定。"
                )
                is_sent = st.form_submit_button("保存复核得分", type="primary")
            if is_sent:
                try:
                    result = actions.review_score(
                        store=session.workspace().store, actor=session.actor(), at=settings.now(),
                        document_number=scope.document_number, round_id=scope.round_id, recipient_id=recipient_id,
                        indicator_no=int(indicator_no), points=actions.read_points(points), reason=reason,
                        seen_report_id=seen_report_id, seen_target_version=int(seen_target_version),
                    )
                    st.session_state["reviews_done"] = (
                        f"没有变化：现在采用的就是这个得分。{result.sentence}" if result.outcome == "nothing_changed"
                        else f"已保存 {units[recipient_id]}“{row['short_name']}”的复核得分。{result.sentence}"
                        f"回执 {result.entry}。"
                    )
                    st.rerun()
                except WenxiaoError as error:
                    st.error(fragments.literal(error))
    if not earlier.empty:
        st.caption("这一项历次复核")
        st.html(fragments.html_table(review_tables.log(earlier)))

st.subheader("逐单位合计", anchor=False)
st.caption(
    "自评合计和复算合计只加两个得分都有的指标；采用得分有复核的用复核，其余用复算。"
    "差额按未四舍五入的得分计算，可能与所示两数相差 0.01。"
)
st.html(fragments.html_table(review_tables.sums(session.read(reviews.unit_sums, scope))))

if not log.empty:
    st.subheader("复核记录", anchor=False)
    st.html(fragments.html_table(review_tables.log(log)))
