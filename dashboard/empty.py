"""What a page shows before there is anything to show: what is missing, what to do next, and who does it."""

from __future__ import annotations

import streamlit as st

from dashboard import fragments, session, tables
from dashboard.rights import doers
from metrics.boards import allocation
from metrics.boards.definition import Scope
from metrics.boards.reporting import duties, rounds


def tell(missing: str, to_do: str, action_name: str, page: str, label: str) -> None:
    """Say what is missing and what to do next: to whoever may, with the way there; to others, whose step it is.

    ``to_do`` goes on behind 「请」 or 「请州级经办」: 「到“资金文件”上传通知」.
    """
    is_own_step = session.may(action_name)
    st.info(f"{missing}请{'' if is_own_step else doers(action_name)}{to_do}。")
    if is_own_step:
        st.page_link(f"app_pages/{page}.py", label=label, icon=":material/arrow_forward:")


def scope_or_stop() -> Scope:
    """The scope chosen above the page; where there is none yet, say what to do and end the page."""
    scope: Scope | None = st.session_state.get("scope")
    if scope is None:
        tell(
            "还没有资金文件。", "到“资金文件”上传通知（Word、PDF、Excel 或文本），核对后发布",
            "publish_notice", "notices", "去上传资金文件",
        )
        st.stop()
    return scope


def round_or_stop() -> Scope:
    """As ``scope_or_stop``, for pages that need a round: without one by that day, say what to do."""
    scope = scope_or_stop()
    if not scope.round_id:
        tell(
            "这份文件还没有开启填报轮次。", "到“资金文件”的“开启填报轮次”填写截至日和截止日",
            "open_round", "notices", "去开启填报轮次",
        )
        st.stop()
    opened_at = tables.names(session.read(rounds, scope.document_number), "round_id", "opened_at")[scope.round_id]
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
        st.info(
            f"{fragments.literal(scope.document_number)} 没有给本单位资金，这一页没有本单位的内容。"
            "请在页面上方选择别的文件。"
        )
        st.stop()
    return own


def tell_no_exports(missing: str = "这里的内容来自两个系统的导出，现在还没有载入。") -> None:
    """What the two systems know is not loaded, or not all of it: who loads it, and where."""
    tell(missing, "到“系统对接”载入缺少的导出", "load_export", "docking", "去载入导出")


def tell_no_reports(scope: Scope) -> bool:
    """Where no unit has reported in the round yet, say who reports and where; whether that is so."""
    table = session.read(duties, scope)
    table = tables.only(table, round_id=scope.round_id)
    if table["submitted_at"].notna().any():
        return False
    whose = "本单位" if session.actor().recipient_id else "各单位"
    tell(f"这一轮{whose}还没有报送过。", "到“数据填报”填好报送", "save_draft", "reporting", "去填报")
    return True
