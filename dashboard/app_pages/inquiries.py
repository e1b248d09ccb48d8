"""问效单：谁该给个说法、到哪一步了；该你办的先办，再看台账、提议、答复率、规则和对资金的处理。"""

from functools import partial

import streamlit as st

from dashboard import empty, fragments, inquiry_forms, inquiry_records, inquiry_tables, session, tables
from dashboard.actions.inquiries import InquiryPlan, dismiss_proposal, open_inquiry
from dashboard.actions.inquiry_consequences import lift_consequence
from dashboard.actions.inquiry_rules import decide_inquiry_rule
from dashboard.rights import read_board
from data.errors import WenxiaoError
from metrics.boards import allocation, inquiries, limits, papers
from metrics.inquiries import DECISION_WORDS, STATE_WORDS

st.title("问效单")

scope = empty.scope_or_stop()
own = empty.own_unit_or_stop(scope)
person, settings, store = session.actor(), session.settings(), session.workspace().store
is_now = scope.as_of_on >= settings.today()
table = session.read(inquiries.register, scope)
proposals = None
if session.may_read(inquiries.proposals):
    with st.spinner("正在逐条规则核对……"):
        proposals = session.read(inquiries.proposals, scope, settings.region_code)
days = dict(zip(*(session.read(limits.limits, settings.today())[name] for name in ("key", "value")), strict=True))

if own:
    mine = session.read(inquiries.my_inquiries, settings.today(), own)
    st.markdown(inquiry_tables.own_first_line(mine))
    todo = inquiry_tables.todo(mine, is_own=True, may_act=session.may("answer_inquiry"))
else:
    st.markdown(inquiry_tables.first_line(table, proposals))
    todo = inquiry_tables.todo(table, is_own=False, may_act=session.may("judge_inquiry"))
if todo:
    st.html(todo)
session.say_done("inquiries")
if not is_now:
    st.info("这里显示的是过去某一天的情况。要办理，请先在页面上方把统计截止日改到今天。")

parts = inquiry_tables.offered_parts(table, proposals, own)
session.first_choice("inquiries_part", st.query_params.get("part"), list(parts))
part = st.segmented_control(
    "看什么", list(parts), format_func=parts.get, key="inquiries_part", label_visibility="collapsed",
    default=None if "inquiries_part" in st.session_state else next(iter(parts)),
) or next(iter(parts))
st.query_params.update({"part": part})
act = None

if part == "register":
    numbers = [int(number) for number in table["inquiry_no"]]
    asked = st.query_params.get("inquiry", "")
    if asked and asked not in map(str, numbers):
        st.warning(f"没有找到问效单第{fragments.literal(asked[:9])}号，请重新选择。")
    elif asked and "inquiries_inquiry" not in st.session_state:
        st.session_state["inquiries_inquiry"] = int(asked)
    names = {0: "选一份看全部经过"} | inquiry_tables.options(table)
    number = st.selectbox("看哪一份", list(names), format_func=names.get, key="inquiries_inquiry") if numbers else 0
    st.query_params.update({"inquiry": number or ""})
    if number:
        row = tables.only(table, inquiry_no=number).to_dict("records")[0]
        # What was judged is what stood on the page before this click, not what came with it.
        shown = st.session_state.get("inquiries_shown", {})
        st.session_state["inquiries_shown"] = {number: int(row["newest_step_no"])}
        seen_step_no = shown.get(number, int(row["newest_step_no"]))
        st.subheader(fragments.literal(row["inquiry_label"]), anchor=False)
        st.html(inquiry_tables.head(row))
        st.html(inquiry_tables.steps(session.read(inquiries.events, scope, number)))
        for file in session.read(inquiries.files, scope, number).to_dict("records"):
            title = fragments.literal(file["file_name"])
            if st.button(f"取出《{title}》", key=f"inquiries_file_{file['file_no']}"):
                st.download_button(
                    f"下载 {title}",
                    read_board(store, person, inquiries.file_content, row["recipient_id"], file["file_no"]),
                    file_name=file["file_name"], key=f"inquiries_download_{file['file_no']}",
                )
        wanted = inquiry_forms.ask(row, days, settings.today()) if is_now else None
        if wanted:
            act = ("step", partial(
                inquiry_forms.take, store, person, settings.now(), settings.region_code, number, *wanted, seen_step_no
            ))
        if is_now and session.may("decide_consequence") and row["has_ground"]:
            with st.expander("决定对资金的处理"):
                stake = session.read(inquiries.money_at_stake, scope).set_index("recipient_id")
                st.caption(fragments.literal(inquiry_records.stake_sentence(stake.loc[row["recipient_id"]])))
                wanted_money = inquiry_forms.ask_consequence(number)
                if wanted_money:
                    act = ("money", partial(inquiry_forms.decide, store, person, settings.now(), number, wanted_money))
    st.subheader("台账", anchor=False)
    states = {"": "全部状态", "open": "没有销号的", "audit": "审计整改", **STATE_WORDS}
    units = {"": "全部单位", **tables.names(table, "recipient_id", "recipient_name")}
    session.first_choice("inquiries_state", st.query_params.get("state"), list(states))
    first, second = st.columns(2)
    state, unit = first.selectbox("状态", list(states), format_func=states.get, key="inquiries_state"), ""
    if not own:
        session.first_choice("inquiries_unit", st.query_params.get("unit"), list(units))
        unit = second.selectbox("单位", list(units), format_func=units.get, key="inquiries_unit")
    st.query_params.update({"state": state, "unit": unit})
    fits = inquiry_tables.filtered(table, state, unit)
    if table.empty:
        st.info("这份文件还没有开出过问效单。" + ("" if own else "可以到“提议”里看按规则该问的事。"))
    elif fits.empty:
        st.info("没有符合所选条件的问效单。")
    else:
        st.html(inquiry_tables.counts_legend(fits))
        if inquiry_tables.audit_account(fits):
            st.caption(fragments.literal(inquiry_tables.audit_account(fits)))
        st.html(inquiry_tables.register(fits))

if part == "proposals" and proposals is not None:
    st.caption("程序按规则提议，由人决定开不开；不开的写明理由，计为不属实，依据的数变了才会重新提议。")
    if st.toggle("连同疑点核查里的严重疑点（要运行全部检查，数据多时要等一会儿）", key="inquiries_doubts"):
        with st.spinner("正在逐条核查……"):
            doubts = session.read(inquiries.doubt_proposals, scope, settings.region_code)
        proposals = inquiry_records.together(proposals, doubts)
    if proposals.empty:
        st.success("没有要决定的提议。")
    else:
        st.html(inquiry_records.proposal_list(proposals))
    if is_now and session.may("open_inquiry"):
        waiting = tables.only(proposals, open_inquiry_no=0).to_dict("records")
        marks = {inquiry_records.mark(each): each for each in waiting}
        names = {"": "自行开出，不按提议"} | {key: inquiry_records.proposal_title(each) for key, each in marks.items()}
        st.subheader("决定", anchor=False)
        # The next one comes up when one is decided.
        if st.session_state.get("inquiries_proposal") not in names:
            st.session_state["inquiries_proposal"] = next(iter(marks), "")
        chosen = st.selectbox("哪一条", list(names), format_func=names.get, key="inquiries_proposal")
        proposal = marks.get(chosen, {})
        with st.form(f"inquiries_open_{chosen}"):
            if proposal:
                st.markdown(f"**{fragments.literal(proposal['fact_text'])}**")
                st.caption(fragments.literal(f"依据：{proposal['source_text']}"))
                place, number, fact = proposal["recipient_id"], int(proposal["indicator_no"]), ""
                is_audit = bool(proposal["is_audit_rectification"])
            else:
                of_notice = session.read(allocation.units, scope.document_number)
                places = tables.names(of_notice, "recipient_id", "recipient_name")
                indicators = session.read(papers.indicators, scope.document_number)
                topics = {0: "单位整体"} | {
                    int(each["indicator_no"]): f"第{each['indicator_no']}项 {each['short_name']}"
                    for each in indicators.to_dict("records")
                }
                place = st.selectbox("单位", list(places), format_func=places.get, key="inquiries_place")
                number = st.selectbox("指标", list(topics), format_func=topics.get, key="inquiries_topic")
                fact = st.text_area("事实（一句话，写明数）", key="inquiries_fact")
                is_audit = st.checkbox("审计整改", key="inquiries_audit")
            question = st.text_area(
                "要问的事", proposal.get("question_text", ""), key=f"inquiries_question_{chosen}"
            )
            answer_days = int(st.number_input(
                "答复期限（工作日，开出当日不计）", 1, days["inquiry_most_days"], days["inquiry_answer_days"],
                key=f"inquiries_days_{chosen}",
            ))
            reason = st.text_input("不予开出的，写明理由", key=f"inquiries_reason_{chosen}") if proposal else ""
            opening, dismissing = st.columns(2)
            is_opening = opening.form_submit_button("开出问效单", type="primary", width="stretch")
            is_dismissing = dismissing.form_submit_button("不予开出", width="stretch", disabled=not proposal)
        inquiry_plan = InquiryPlan(
            scope.document_number, scope.round_id, place, number, question, answer_days, proposal.get("rule_key", ""),
            proposal.get("facts_key", ""), fact, is_audit,
        )
        if is_opening:
            act = ("open", partial(open_inquiry, store, person, settings.now(), inquiry_plan, settings.region_code))
        elif is_dismissing:
            act = ("dismiss", partial(
                dismiss_proposal, store, person, settings.now(), inquiry_plan, reason, settings.region_code
            ))
    turned_down = session.read(inquiries.dismissals, scope)
    if len(turned_down):
        with st.expander(f"不予开出的（{len(turned_down)}）"):
            st.html(fragments.html_table(inquiry_records.dismissals(turned_down)))

if part == "rates":
    asked_units = session.read(inquiries.response_rates, scope)
    if asked_units.empty:
        st.info("还没有单位被问过。" if not own else "本单位还没有被问过。")
    else:
        st.html(fragments.html_table(inquiry_records.rates(asked_units)))
    st.caption("答复率＝已答复÷（已答复＋到期未答复），按第一次答复计；期限未到又没有答复的不算。")

if part == "rules":
    records = session.read(inquiries.rule_records, scope)
    st.markdown(inquiry_records.rules_sentence(records))
    st.html(fragments.html_table(inquiry_records.rules(records)))
    st.caption("属实率＝认定属实÷（认定属实＋认定正常＋不予开出），各文件合计。下限和起算件数在“依据与口径”的监控界限里。")
    if is_now and session.may("decide_inquiry_rule"):
        with st.expander("决定规则的停用"), st.form("inquiries_rule_form"):
            rules = tables.names(records, "rule_key", "rule_name")
            rule = st.selectbox("规则", list(rules), format_func=rules.get, key="inquiries_rule")
            decision = st.radio(
                "决定", list(DECISION_WORDS), format_func=DECISION_WORDS.get, horizontal=True, key="inquiries_decision"
            )
            reason = st.text_area("理由", key="inquiries_rule_reason")
            if st.form_submit_button("决定", type="primary"):
                act = ("rule", partial(
                    decide_inquiry_rule, store, person, settings.now(), rule, decision, reason=reason
                ))

if part == "money":
    decided = session.read(inquiries.consequences, scope)
    st.markdown(inquiry_records.consequence_sentence(decided))
    if len(decided):
        st.html(fragments.html_table(inquiry_records.consequences(decided)))
    st.caption("处理从一份认定属实或逾期的问效单里决定；金额不超过单位未支付的钱。解除的保留记录。")
    held = decided[decided["lifted_at"].isna()]
    if is_now and len(held) and session.may("lift_consequence"):
        with st.expander("解除"), st.form("inquiries_lift_form"):
            titles = inquiry_records.consequence_titles(held)
            which = st.selectbox("哪一项", list(titles), format_func=titles.get, key="inquiries_lift")
            reason = st.text_area("解除的理由", key="inquiries_lift_reason")
            if st.form_submit_button("解除", type="primary"):
                act = ("lift", partial(lift_consequence, store, person, settings.now(), which, reason=reason))

if act:
    try:
        receipt = act[1]()
        st.session_state.pop("inquiries_shown", None)
        st.session_state["inquiries_done"] = f"{inquiry_tables.DONE_WORDS[act[0]]}回执 {receipt}。"
        st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))
