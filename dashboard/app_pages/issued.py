"""公文报表：要哪份公文或报表，给谁的，里面写什么，哪里要人补写；出具以后可以下载，谁出具过也查得到。"""

import streamlit as st

from dashboard import empty, fragments, issued_tables, session, tables
from dashboard.actions.issued_papers import issue_batch, issue_paper
from dashboard.papers.catalogue import FORM_NAMES, INQUIRY, MEDIA_TYPES, REGION, UNIT, WORD, Order
from data.errors import WenxiaoError
from metrics.boards import allocation, inquiries, issued, reporting

st.title("公文报表")

scope = empty.scope_or_stop()
own = empty.own_unit_or_stop(scope)
person = session.actor()
units = session.read(allocation.units, scope.document_number)
opened = session.read(reporting.rounds, scope.document_number).set_index("round_id")["opened_at"]
has_round = bool(scope.round_id) and opened[scope.round_id] <= scope.as_of
kinds = issued_tables.offered(person.role, has_round)
if not has_round:
    st.info(fragments.literal(issued_tables.no_round_sentence(kinds)))

session.first_choice("issued_paper", st.query_params.get("paper"), list(kinds))
first, second, third = st.columns([2, 2, 1])
name = first.selectbox(
    "哪份公文报表", list(kinds), format_func={key: kind.title for key, kind in kinds.items()}.get, key="issued_paper",
)
kind = kinds[name]
recipient_id, inquiry_no = "", 0
if kind.about == UNIT:
    choices = issued_tables.unit_choices(units, own, has_batch=session.may("issue_batch"))
    session.first_choice("issued_unit", st.query_params.get("unit"), list(choices))
    recipient_id = second.selectbox("哪个单位", list(choices), format_func=choices.get, key="issued_unit")
elif kind.about == INQUIRY:
    choices = issued_tables.inquiry_choices(session.read(inquiries.register, scope))
    if not choices:
        st.info("这份文件还没有问效单。请先在“问效单”里开出。")
        st.stop()
    inquiry_no = second.selectbox("哪张问效单", list(choices), format_func=choices.get, key="issued_inquiry")
elif kind.about == REGION:
    second.selectbox("哪个单位", ["全部单位"], key="issued_region", disabled=True)
forms = list(FORM_NAMES) if kind.has_workbook else [WORD]
form = third.radio("格式", forms, format_func=FORM_NAMES.get, key=f"issued_form_{len(forms)}", horizontal=True)
st.query_params.update({"paper": name, "unit": recipient_id})
is_batch = recipient_id == issued_tables.EVERY
order = Order(
    name, scope.document_number, scope.round_id if has_round else "", scope.as_of_on,
    str(units["recipient_id"].iloc[0]) if is_batch else recipient_id, int(inquiry_no), form,
)

try:
    paper = session.draft(order)
    pressed = st.button(
        "出具全部单位的" + kind.title if is_batch else f"出具{kind.title}", type="primary", key="issued_make",
        icon=":material/print:",
    )
    st.caption("出具的是草稿：文号、成文日期、签发由人填写。出具一次在办理记录里记一条，连同文件的校验码。")
    if pressed:
        desk, store, at = session.paper_desk(), session.workspace().store, session.settings().now()
        if is_batch:
            bar = st.progress(0.0, "正在逐个单位出具……")
            st.session_state["issued_made"] = order, issue_batch(
                store, person, at, order, desk, issued_tables.telling(bar),
            )
            bar.empty()
        else:
            st.session_state["issued_made"] = order, issue_paper(store, person, at, order, desk)
    made_for, made = st.session_state.get("issued_made", (None, None))
    if made is not None and made_for == order:
        if made.failures:
            st.warning(fragments.literal(issued_tables.done_sentence(made)))
        else:
            st.success(fragments.literal(issued_tables.done_sentence(made)))
        st.download_button(
            "下载", made.content, file_name=made.file_name, key="issued_download", icon=":material/download:",
            mime=MEDIA_TYPES[made.file_name.rpartition(".")[2]],
        )
    if issued_tables.gap_sentence(paper):
        st.warning(fragments.literal(issued_tables.gap_sentence(paper)))
    example = fragments.literal(units["recipient_name"].iloc[0])
    st.subheader("里面写什么" + (f"（以{example}为例）" if is_batch else ""), anchor=False)
    st.html(issued_tables.preview(paper))
except WenxiaoError as error:
    st.error(fragments.literal(error))

before = session.read_now(issued.made)
if len(before):
    st.subheader("出具过的公文报表", anchor=False)
    names = tables.names(units, "recipient_id", "recipient_name")
    st.html(fragments.html_table(issued_tables.made(before, names), is_tall=True))
