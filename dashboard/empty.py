"""What a page shows before there is anything to show: what to do, in one sentence."""

from __future__ import annotations

import streamlit as st

from metrics.boards.definition import Scope


def scope_or_stop() -> Scope:
    """The scope chosen above the page; where there is none yet, say what to do and end the page."""
    scope: Scope | None = st.session_state.get("scope")
    if scope is None:
        st.info("还没有资金文件。请到“资金文件”上传通知（Word、PDF、Excel 或文本），核对后发布。")
        st.page_link("app_pages/notices.py", label="去上传资金文件", icon=":material/upload_file:")
        st.stop()
    return scope


def round_or_stop() -> Scope:
    """As ``scope_or_stop``, for pages that need a round: without one, say how to open it."""
    scope = scope_or_stop()
    if not scope.round_id:
        st.info("这份文件还没有开启填报轮次。请到“资金文件”的“开启填报轮次”填写截至日和截止日。")
        st.page_link("app_pages/notices.py", label="去开启填报轮次", icon=":material/event:")
        st.stop()
    return scope
