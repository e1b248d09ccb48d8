"""问效：页面导航。每一页都先选文件、轮次和统计截止日。"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import fragments, menu, session
from dashboard.help.beside import show_page_help
from dashboard.live_pages import LIVE_PAGES
from dashboard.tour import show_tour
from data.errors import WenxiaoError

st.set_page_config(page_title="问效 · 绩效监控", layout="wide", initial_sidebar_state="auto")

STATIC = Path(__file__).parent / "static"

st.logo(STATIC / "logo.svg", size="large", icon_image=STATIC / "favicon.svg")

try:
    session.note_page()
    settings = session.settings()
    person = session.actor()
    session.forget_others(person)
except WenxiaoError as error:
    st.error(fragments.literal(error))
    st.stop()

first = menu.first_page(person.role)
# Made once for each open page: looking up twenty files costs more than many a page.
if st.session_state.get("menu_of") != person.role:
    st.session_state["menu_of"] = person.role
    st.session_state["menu"] = {
        part: [
            st.Page(
                f"app_pages/{entry.name}.py", title=entry.title, icon=f":material/{entry.icon}:", url_path=entry.name,
                default=entry.name == first,
            )
            for entry in entries
        ]
        for part, entries in menu.offered(person.role).items()
    }
page = st.navigation(st.session_state["menu"], expanded=True)

if settings.bureau_name:
    st.sidebar.caption(fragments.literal(settings.bureau_name))
st.sidebar.html(fragments.person_line(person.name, person.role))
st.html(STATIC / "pages.css")
if settings.is_demonstration:
    st.html(fragments.demonstration_line(settings.today()))
if following := session.follower():
    st.html(fragments.replica_line(following.copied_at, is_main_silent=following.is_main_silent))
name = page.url_path or first
show_tour(name)
with st.container(horizontal=True, vertical_alignment="center"):
    st.session_state["scope"] = session.scope_bar()
    show_page_help(name)
with LIVE_PAGES.looking():
    page.run()
