"""What a page shows before there is anything to show: what to do, in one sentence."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from metrics.boards import allocation
from metrics.boards.definition import Scope
from metrics.boards.reporting import rounds


def scope_or_stop() -> Scope:
    """The scope chosen above the page; where there is none yet, say what to do and end the page."""
    scope: Scope | None = st.session_state.get("scope")
    if scope is None:
        if session.may("publish_notice"):
            st.info("还没有资金文件。请到“资金文件”上传通知（Word、PDF、Excel 或文本），核对后发布。")
            st.page_link("app_pages/notices.py", label="去上传资金文件", icon=":material/upload_file:")
        else:
            st.info("还没有资金文件。州财政局上传并发布通知以后，这里才有内容；请稍后再来。")
        st.stop()
    return scope


def round_or_stop() -> Scope:
    """As ``scope_or_stop``, for pages that need a round: without one by that day, say what to do."""
    scope = scope_or_stop()
    if not scope.round_id:
        if session.may("open_round"):
            st.info("这份文件还没有开启填报轮次。请到“资金文件”的“开启填报轮次”填写截至日和截止日。")
            st.page_link("app_pages/notices.py", label="去开启填报轮次", icon=":material/event:")
        else:
            st.info("这份文件还没有开启填报轮次。州财政局开启填报轮次以后，这里才有内容；请稍后再来。")
        st.stop()
    opened_at = session.read(rounds, scope.document_number).set_index("round_id").loc[scope.round_id, "opened_at"]
    if opened_at > scope.as_of:
        st.info(
            f"截至 {scope.as_of_on:%Y-%m-%d}，这一轮次还没有开启（{opened_at:%Y-%m-%d} 开启）。"
            "请在页面上方把统计截止日改到这一天或以后。"
        )
        st.stop()
    return scope


def own_unit_or_stop(scope: Scope) -> str:
    """The unit of who is signed in, '' for the prefecture; a unit that has no money in the notice is told so."""
    own = session.actor().recipient_id
    units = session.read(allocation.units, scope.document_number)
    if own and own not in set(units["recipient_id"]):
        st.info(f"{scope.document_number} 没有给本单位资金，这一页没有本单位的内容。请在页面上方选择别的文件。")
        st.stop()
    return own
