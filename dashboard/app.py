"""问效：页面导航。每一页都先选文件、轮次和统计截止日。"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import fragments, session
from data.errors import WenxiaoError

st.set_page_config(page_title="问效 · 绩效监控", layout="wide", initial_sidebar_state="auto")

PAGES = {
    "看": [
        st.Page("app_pages/overview.py", title="总览", icon=":material/dashboard:", url_path="overview",
                default=True),
        st.Page("app_pages/allocation.py", title="资金分配", icon=":material/account_balance:",
                url_path="allocation"),
        st.Page("app_pages/deviation.py", title="偏差跟踪", icon=":material/grid_on:", url_path="deviation"),
        st.Page("app_pages/region.py", title="州级汇总", icon=":material/functions:", url_path="region"),
        st.Page("app_pages/timeliness.py", title="时效跟踪", icon=":material/schedule:",
                url_path="timeliness"),
        st.Page("app_pages/accountability.py", title="花钱必问效", icon=":material/fact_check:",
                url_path="accountability"),
    ],
    "办": [
        st.Page("app_pages/reporting.py", title="数据填报", icon=":material/edit_note:",
                url_path="reporting"),
        st.Page("app_pages/targets.py", title="目标分解", icon=":material/account_tree:", url_path="targets"),
        st.Page("app_pages/reviews.py", title="复核评分", icon=":material/rate_review:", url_path="reviews"),
        st.Page("app_pages/notices.py", title="资金文件", icon=":material/description:", url_path="notices"),
    ],
    "查": [
        st.Page("app_pages/basis.py", title="依据与口径", icon=":material/menu_book:", url_path="basis"),
    ],
}

STATIC = Path(__file__).parent / "static"

st.logo(STATIC / "logo.svg", size="large", icon_image=STATIC / "favicon.svg")
page = st.navigation(PAGES)

try:
    settings = session.settings()
except WenxiaoError as error:
    st.error(str(error))
    st.stop()

if settings.bureau_name:
    st.sidebar.caption(settings.bureau_name)
st.html(STATIC / "pages.css")
if settings.is_demonstration:
    st.html(fragments.demonstration_line(settings.today()))
st.session_state["scope"] = session.scope_bar()
page.run()
