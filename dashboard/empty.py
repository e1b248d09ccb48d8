"""What a page shows before there is anything to show: what to do, in one sentence."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from metrics.boards.definition import Scope
from metrics.boards.reporting import rounds


def scope_or_stop() -> Scope:
    """The scope chosen above the page; where there is none yet, say what to do and end the page."""
    scope: Scope | None = st.session_state.get("scope")
    if scope is None:
        st.info("还没有资金文件。请到“资金文件”上传通知（Word、PDF、Excel 或文本），核对后发布。")
        st.page_link("app_pages/notices.py", label="去上传资金文件", icon=":material/upload_file:")
        st.stop()
    return scope


def round_or_stop() -> Scope:
    """As ``scope_or_stop``, for pages that need a round: without one by that day, say what to do."""
    scope = scope_or_stop()
    if not scope.round_id:
        st.info("这份文件还没有开启填报轮次。请到“资金文件”的“开启填报轮次”填写截至日和截止日。")
        st.page_link("app_pages/notices.py", label="去开启填报轮次", icon=":material/event:")
        st.stop()
    opened_at = session.read(rounds, scope.document_number).set_index("round_id").loc[scope.round_id, "opened_at"]
    if opened_at > scope.as_of:
        st.info(
            f"截至 {scope.as_of_on:%Y-%m-%d}，这一轮次还没有开启（{opened_at:%Y-%m-%d} 开启）。"
            "请在页面上方把统计截止日改到这一天或以后。"
        )
        st.stop()
    return scope
