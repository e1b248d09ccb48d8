"""办理记录：谁在什么时候办了什么，改前改后各是什么，记录有没有被动过。"""

from datetime import date

import streamlit as st

from dashboard import fragments, log_tables, session, tables
from dashboard.actions.log_export import log_file_name
from dashboard.rights import action_title
from metrics.boards import log, people
from metrics.boards.log import LogSearch

st.title("办理记录")

settings = session.settings()
# The whole log is proved once when the page opens, and again with each new entry or when somebody asks for it.
newest = session.read_now(log.entries, LogSearch(), 1)[["entry_no", "entry_hash"]].to_dict("records")
mark = tuple(each["entry_hash"] for each in newest)
place = st.container()
if st.button("重新核对", key="log_again", icon=":material/refresh:") or st.session_state.get("log_newest") != newest:
    st.session_state["log_state"], st.session_state["log_newest"] = session.read_now(log.chain), newest
state = st.session_state["log_state"]
if state.broken:
    place.error(fragments.literal(log_tables.chain_sentence(state)))
else:
    place.success(fragments.literal(log_tables.chain_sentence(state)))
st.caption("请定期把最后一条校验码抄录或导出后另存：记录末尾若被截去，只有与另存的校验码比较才能发现。")

recipients = session.read(people.units)
units = tables.names(recipients, "recipient_id", "recipient_name")
titles = {name: action_title(name) for name in session.read_at(mark, log.actions)["action_name"]}
session.first_choice("log_unit", st.query_params.get("unit"), ["", *units])
session.first_choice("log_action", st.query_params.get("action"), ["", *titles])
first, second, third = st.columns(3)
person = first.text_input("人员（姓名或登录名的一部分）", key="log_person")
action_name = second.selectbox(
    "事项", ["", *titles], format_func={"": "全部事项", **titles}.get, key="log_action"
)
recipient_id = third.selectbox("单位", ["", *units], format_func={"": "全部单位", **units}.get, key="log_unit")
subject = first.text_input("对象（文号、轮次、账号等的一部分）", key="log_subject")
from_on = second.date_input("从哪一天", value=None, format="YYYY-MM-DD", key="log_from")
to_on = third.date_input("到哪一天", value=None, format="YYYY-MM-DD", key="log_to")
search = LogSearch(
    person.strip(), action_name, recipient_id, subject.strip(), from_on or date.min, to_on or date.max
)

found = session.read_at(mark, log.entries, search)
if found.empty:
    st.info("没有符合条件的记录，请放宽条件。")
    st.stop()
told = log_tables.found_sentence(int(found["found_count"].iloc[0]), len(found), search)
st.markdown(f"**{fragments.literal(told)}**")
if session.may("export_log"):
    for column, kind, name in zip(st.columns([1, 1, 3]), ("xlsx", "csv"), ("Excel", "CSV"), strict=False):
        column.download_button(
            f"导出 {name}", session.log_maker(search, kind), key=f"log_export_{kind}", icon=":material/download:",
            file_name=log_file_name(settings.now(), search, kind),
        )
st.html(log_tables.entries(found, units))
