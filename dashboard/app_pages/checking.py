"""审核填报：哪些单位的填报等着审核；逐项核对，通过或退回，锁定，重新开放。"""

import streamlit as st

from dashboard import checking_tables, empty, fragments, labels, payout_tables, session, tables
from dashboard.actions import checking as actions
from dashboard.actions.report_events import ACCEPTED, CLOSED_STATES, OPEN_TO_REVIEW
from data.errors import WenxiaoError
from metrics.boards import checking, payout

st.title("审核填报")

scope = empty.round_or_stop()
settings = session.settings()
store = session.workspace().store
table = session.read(checking.inbox, scope)
units = {each["recipient_id"]: each for each in table.to_dict("records")}
words_of = {unit: checking_tables.unit_words(each) for unit, each in units.items()}

st.markdown(checking_tables.first_line(table))
session.say_done("checking")
empty.tell_no_reports(scope)
st.html(fragments.html_table(checking_tables.inbox(table), is_tall=True))

moved_to = st.session_state.pop("checking_next", None)
if moved_to in units:
    st.session_state["checking_unit"] = moved_to
session.first_choice("checking_unit", st.query_params.get("unit"), list(units))
if st.session_state.get("checking_unit") not in units:
    st.session_state["checking_unit"] = checking_tables.next_unit(table)
recipient_id = st.selectbox(
    "审核哪个单位", list(units), format_func=words_of.get, key="checking_unit"
)
st.query_params.update({"unit": recipient_id})
row = units[recipient_id]
state = row["report_state"]

st.subheader("逐项核对", anchor=False)
st.markdown(checking_tables.head(row))
if not state:
    st.stop()
if row["statement_text"]:
    st.info(f"单位说明的已知局限：{fragments.literal(row['statement_text'])}")
values = session.read(checking.values, scope, recipient_id)
proved = payout_tables.beside(session.read(payout.beside_claims, scope), recipient_id)
st.html(fragments.html_table(checking_tables.values(values, proved)))
st.caption(
    "退回不改变得分：原数照常计分，直到单位更正。数据、佐证说明和佐证材料都没有变的，原来的“属实”继续有效。"
    + ("佐证由发放、支付信息算得，与自报不符的请问明原因；得分不自动改变。" if proved else "")
)

shown = st.session_state.get("checking_shown", {})
st.session_state["checking_shown"] = tables.names(table, "recipient_id", "report_id")
seen_report_id = shown.get(recipient_id, row["report_id"])
accepted = {
    unit: shown.get(unit, each["report_id"]) for unit, each in units.items() if each["report_state"] == ACCEPTED
}
# What was judged is what stood on the page before this click, not what came with it.
seen_unit, seen = st.session_state.get("checking_seen", ("", values))
seen = (seen if seen_unit == recipient_id else values).set_index("indicator_no")
st.session_state["checking_seen"] = (recipient_id, values)
seen_evidence, seen_checks = seen["evidence_nos_text"].to_dict(), seen["check_no"].to_dict()
step, indicator_no, verdict, reason = "", 0, "", ""

if scope.as_of_on < settings.today():
    st.info("这里显示的是过去某一天的情况。要办理，请先在页面上方把统计截止日改到今天。")
elif state in OPEN_TO_REVIEW and session.may("check_value"):
    st.subheader(f"核对{fragments.literal(row['recipient_name'])}", anchor=False)
    left, questioned = checking_tables.left_count(row), int(row["questioned_count"])
    confirming, accepting = st.columns(2)
    if confirming.button(
        f"其余全部属实（{left} 项）", key=f"checking_confirm_{recipient_id}", disabled=not left, width="stretch",
        type="primary" if left else "secondary",
    ):
        step = "confirm"
    if accepting.button(
        "审核通过，看下一个单位", key=f"checking_accept_{recipient_id}", disabled=bool(left or questioned),
        width="stretch", type="primary", help="每一项都核对过、没有存疑的，才能通过；通过以后单位不能再改。",
    ):
        step = "accept"
    asking, returning = st.columns(2)
    offered = values[~values["is_withdrawn"].astype(bool)]
    words = {each["indicator_no"]: checking_tables.value_words(each) for each in offered.to_dict("records")}
    # Empty after each step of this person; what others do meanwhile leaves what is typed, and the click, as they are.
    turn = f"{recipient_id}_{st.session_state.setdefault('checking_turn', 0)}"
    with asking.form(f"checking_value_{turn}"):
        indicator_no = st.selectbox("核对哪一项", list(words), format_func=words.get, key=f"checking_no_{turn}")
        verdict = st.radio(
            "结论", [actions.QUESTIONED, actions.CONFIRMED], horizontal=True,
            format_func=checking_tables.VERDICT_WORDS.get, key=f"checking_verdict_{turn}",
            help="存疑：要单位改或说明；属实：核对过，没有问题。保存以后还要点“退回单位更正”，单位才看得到。",
        )
        reason = st.text_input(
            "意见", placeholder="存疑的写明要单位改什么", max_chars=actions.MAX_REASON_LENGTH,
            key=f"checking_reason_{turn}",
        )
        if st.form_submit_button("保存这一项"):
            step = "check"
    with returning.form(f"checking_return_{recipient_id}"):
        whole = st.text_area(
            "整份退回的理由", placeholder="有存疑项的可以不写；没有的，不少于四个字",
            max_chars=actions.MAX_REASON_LENGTH,
        )
        if st.form_submit_button(f"退回单位更正（{questioned} 项存疑）"):
            step, reason = "return", whole
elif state in CLOSED_STATES and session.may("reopen_report"):
    locking, opening = st.columns(2)
    if state == ACCEPTED and locking.button(
        "锁定这一份", key=f"checking_lock_{recipient_id}", type="primary",
        help="锁定以后谁也不能改；确需更正的，写明理由重新开放。",
    ):
        step = "lock"
    if len(accepted) > 1 and locking.button(f"锁定本轮已通过的 {len(accepted)} 份", key="checking_lock_round"):
        step = "lock_round"
    with opening.form(f"checking_reopen_{recipient_id}"):
        reason = st.text_input("重新开放的理由", placeholder="哪里要改，为什么", max_chars=actions.MAX_REASON_LENGTH)
        if st.form_submit_button("重新开放"):
            step = "reopen"

if step:
    place = (store, session.actor(), settings.now(), scope.document_number, scope.round_id)
    name = row["recipient_name"]
    try:
        if step == "confirm":
            entry = actions.confirm_rest(
                *place, recipient_id, seen_report_id=seen_report_id, seen_evidence=seen_evidence
            )
            done = f"{name}其余各项都已记为属实。"
        elif step == "check":
            entry = actions.check_value(
                *place, recipient_id, int(indicator_no), verdict, reason, seen_report_id=seen_report_id,
                seen_check_no=seen_checks.get(indicator_no, 0), seen_evidence=seen_evidence.get(indicator_no, ""),
            )
            done = f"{name}这一项已记为{labels.VERDICT_MARKS[verdict].word}。"
        elif step == "accept":
            entry = actions.accept_report(*place, recipient_id, seen_report_id=seen_report_id)
            done = f"{name}的填报已审核通过。"
        elif step == "return":
            entry = actions.return_report(*place, recipient_id, reason, seen_report_id=seen_report_id)
            done = f"{name}的填报已退回，存疑的各项和理由单位已能看到。"
        elif step == "lock":
            entry = actions.lock_report(*place, recipient_id, seen_report_id=seen_report_id)
            done = f"{name}的填报已锁定。"
        elif step == "lock_round":
            entry = actions.lock_reports(*place, accepted)[-1]
            done = f"本轮已通过的 {len(accepted)} 份填报都已锁定，每份一条记录，这里是最后一条。"
        else:
            entry = actions.reopen_report(*place, recipient_id, reason, seen_report_id=seen_report_id)
            done = f"{name}的填报已重新开放，单位可以更正。"
        if step in ("accept", "return"):
            st.session_state["checking_next"] = checking_tables.next_unit(table, recipient_id)
        st.session_state["checking_turn"] = st.session_state.get("checking_turn", 0) + 1
        st.session_state["checking_done"] = f"{done}回执 {entry}。"
        st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))

st.subheader("办理经过", anchor=False)
st.html(fragments.html_table(checking_tables.events(session.read(checking.event_log, scope, recipient_id))))
