"""帮助：从哪里开始，每一页怎么用、空着时怎么办，每个词是什么意思。"""

import streamlit as st

from dashboard import fragments, menu, session, tour
from dashboard.actions.tour import restart_tour
from dashboard.help import entries

st.title("帮助")

person = session.actor()
titles = {entry.name: entry.title for offered in menu.offered(person.role).values() for entry in offered}

st.subheader("从哪里开始", anchor=False)
for number, step in enumerate(entries.tour(person.role), start=1):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{number}. {step.aim}**　{step.place}：{step.act}", width="content")
        st.page_link(tour.file_of(step.page), label=titles[step.page], icon=":material/arrow_forward:")
if session.may("restart_tour") and st.button("再看一遍首次使用的导览", key="help_tour", icon=":material/replay:"):
    restart_tour(session.workspace().store, person, session.settings().now())
    tour.begin_again()

st.subheader("每一页怎么用", anchor=False)
pages = [name for name in titles if entries.page_help(name)]
session.first_choice("help_page", st.query_params.get("page", menu.first_page(person.role)), pages)
page = st.selectbox("哪一页", pages, format_func=titles.get, key="help_page")
st.query_params["page"] = page
with st.container(border=True):
    st.html(fragments.page_help(entries.page_help(page)))
    if page != "help":
        st.page_link(tour.file_of(page), label=f"打开“{titles[page]}”", icon=":material/arrow_forward:")

st.subheader("名词解释", anchor=False)
search = st.text_input("查一个词（留空列出全部）", key="help_search", placeholder="例如：执行率、退回、标识")
found = entries.found_terms(search)
if not found:
    st.info(f"没有查到“{fragments.literal(search.strip())}”。换短一点的词再查；还查不到，请问本单位的经办人。")
else:
    st.caption(f"{len(found)} 个词。标“出处待核”的还没有人对照过原文，对外引用以前请先核对。")
    st.html(fragments.term_list(found))
