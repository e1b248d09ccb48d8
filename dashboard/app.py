"""问效：页面导航。每一页都先选文件、轮次和统计截止日。"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import fragments, session
from dashboard.rights import COUNTY_APPROVER, COUNTY_REPORTER, NOTHING, reach
from data.errors import WenxiaoError

st.set_page_config(page_title="问效 · 绩效监控", layout="wide", initial_sidebar_state="auto")

# The menu in its order; who sees which page stands in rights.csv. The first one that a person sees is opened.
MENU = {
    "看": [
        ("overview", "总览", "dashboard"),
        ("allocation", "资金分配", "account_balance"),
        ("deviation", "偏差跟踪", "grid_on"),
        ("region", "州级汇总", "functions"),
        ("timeliness", "时效跟踪", "schedule"),
        ("accountability", "花钱必问效", "fact_check"),
    ],
    "办": [
        ("reporting", "数据填报", "edit_note"),
        ("targets", "目标分解", "account_tree"),
        ("reviews", "复核评分", "rate_review"),
        ("notices", "资金文件", "description"),
    ],
    "查": [
        ("basis", "依据与口径", "menu_book"),
    ],
}
FIRST_PAGES = {COUNTY_REPORTER: "reporting", COUNTY_APPROVER: "reporting"}

STATIC = Path(__file__).parent / "static"

st.logo(STATIC / "logo.svg", size="large", icon_image=STATIC / "favicon.svg")

try:
    settings = session.settings()
    person = session.actor()
except WenxiaoError as error:
    st.error(str(error))
    st.stop()

offered = [name for pages in MENU.values() for name, _, _ in pages if reach(person.role, "page", name) != NOTHING]
first = FIRST_PAGES.get(person.role, offered[0])
page = st.navigation({
    part: [
        st.Page(f"app_pages/{name}.py", title=title, icon=f":material/{icon}:", url_path=name, default=name == first)
        for name, title, icon in pages if name in offered
    ]
    for part, pages in MENU.items() if any(name in offered for name, _, _ in pages)
})

if settings.bureau_name:
    st.sidebar.caption(settings.bureau_name)
st.html(STATIC / "pages.css")
if settings.is_demonstration:
    st.html(fragments.demonstration_line(settings.today()))
st.session_state["scope"] = session.scope_bar()
page.run()
