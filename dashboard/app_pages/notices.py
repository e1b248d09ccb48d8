"""资金文件：上传通知，看读出了什么、修复了什么、哪里对不上；更正，发布，开启填报轮次。"""

from datetime import timedelta

import streamlit as st

from dashboard import fragments, paper_tables, session, tables
from dashboard.actions import notices
from dashboard.actions.rounds import RoundPlan, open_round
from dashboard.rights import doers
from data.errors import WenxiaoError
from data.notice.amend import HandCorrection
from metrics.boards import papers

st.title("资金文件")

settings = session.settings()
store = session.workspace().store
published = session.read(papers.notices)
session.say_done("notices")

uploaded = None
if session.may("publish_notice"):
    st.subheader("上传新的资金文件", anchor=False)
    st.caption("可以是 Word（docx）、有文字层的 PDF、Excel（xlsx、xls）或文本。上传后先看读得对不对，再发布。")
    uploaded = st.file_uploader(
        "把文件拖到这里，或点击选择", type=["txt", "md", "docx", "pdf", "xlsx", "xls"], key="notices_file"
    )

if uploaded is not None:
    try:
        read = notices.read_received(store, uploaded.getvalue(), uploaded.name)
    except WenxiaoError as error:
        st.error(fragments.literal(error))
        st.stop()

    for sentence in read.refusals:
        st.error(fragments.literal(sentence))
    for identity in read.failing:
        if identity.check.severity != "fatal":
            st.warning(fragments.literal(tables.failing([identity])[0]))
    holds = len(read.identities) - len(read.failing)
    st.markdown(
        f"**读到 {paper_tables.unit_count(read.notice)} 个单位、"
        f"{len(read.notice.target_sheet.rows) if read.notice.target_sheet else 0} 项指标；"
        f"所印合计 {len(read.identities)} 处，相符 {holds} 处；"
        f"修复或提示 {len(read.notice.findings)} 处。**"
    )
    head, money, targets, found, proof = st.tabs(["文件头", "资金分配", "绩效指标", "修复与提示", "合计核对"])
    with head:
        st.html(fragments.html_table(paper_tables.read_fields(read.notice), is_tall=True))
    with money:
        for table in read.notice.allocation_tables:
            title = fragments.literal(table.title or "资金分配表")
            st.markdown(f"**{title}**（{fragments.literal(table.unit or '单位未写明')}）")
            st.html(fragments.html_table(paper_tables.read_table(table), is_tall=True))
    with targets:
        st.html(fragments.html_table(paper_tables.read_targets(read.notice), is_tall=True))
    with found:
        st.html(fragments.html_table(paper_tables.read_findings(read.notice), is_tall=True))
    with proof:
        st.html(fragments.html_table(tables.proof(read.identities), is_tall=True))

    with st.expander("更正一处（所印原文保留，更正另存并记入办理记录）", expanded=bool(read.refusals)):
        options = paper_tables.correctable(read.notice)
        chosen = st.selectbox("更正哪一处", list(options), key="notices_field")
        line_no, field_name, printed = options[chosen]
        st.caption(f"文件所印：{fragments.literal(printed or '空白')}" + (f"（第 {line_no} 行）" if line_no else ""))
        corrected = st.text_input(
            "更正为", key="notices_corrected", help="照纸质文件填正确的内容；文件所印的原文会保留。",
        )
        reason = st.text_input("理由", key="notices_reason", placeholder="例如：扫描缺字，已与纸质文件核对")
        if st.button("保存更正", key="notices_correct"):
            try:
                correction = HandCorrection(line_no, field_name, printed, corrected, reason, session.actor().name)
                notices.correct_cell(store, session.actor(), settings.now(), read, correction)
                st.session_state["notices_done"] = f"已更正：{chosen}。"
                st.rerun()
            except WenxiaoError as error:
                st.error(fragments.literal(error))

    if st.button("发布这份文件", type="primary", key="notices_publish", disabled=bool(read.refusals)):
        try:
            result = notices.publish_notice(store, session.actor(), settings.now(), read)
            st.session_state["notices_done"] = {
                "published": f"已发布 {result.document_number}：{result.unit_count} 个单位、"
                             f"{result.indicator_count} 项指标。下一步：在下方开启填报轮次。",
                "replaced": f"已用新文件替换 {result.document_number}。",
                "nothing_changed": f"{result.document_number} 已经发布过，内容没有变化。",
            }[result.outcome]
            st.rerun()
        except WenxiaoError as error:
            st.error(fragments.literal(error))

st.subheader("已发布的文件", anchor=False)
if published.empty:
    st.info(
        "还没有发布过文件。上传一份资金下达或调整通知，核对后点“发布这份文件”。" if session.may("publish_notice")
        else f"还没有发布过文件。请{doers('publish_notice')}在这一页上传通知，核对后发布。"
    )
    st.stop()
st.html(fragments.html_table(paper_tables.published(published), is_tall=True))

scope = st.session_state["scope"]
st.subheader(f"{fragments.literal(scope.document_number)} 读成了什么", anchor=False)
fields, targets, findings, original = st.tabs(["文件头与所印原文", "绩效指标", "修复与提示", "逐行原文"])
number = scope.document_number
with fields:
    st.html(fragments.html_table(paper_tables.fields(session.read(papers.fields, number)), is_tall=True))
with targets:
    st.html(fragments.html_table(tables.indicators(session.read(papers.indicators, number)), is_tall=True))
with findings:
    st.html(fragments.html_table(paper_tables.findings(session.read(papers.findings, number)), is_tall=True))
with original:
    st.html(fragments.html_table(paper_tables.original(session.read(papers.lines, number)), is_tall=True))

if not session.may("open_round"):
    st.stop()
st.subheader("开启填报轮次", anchor=False)
with st.form("notices_round"):
    first, second = st.columns(2)
    period_end = first.date_input(
        "数据截至日", value=settings.today(), format="YYYY-MM-DD", key="notices_period", help="各单位的数算到这一天。",
    )
    round_name = second.text_input("轮次名称", placeholder="例如：2021年12月", key="notices_round_name")
    opens = first.date_input(
        "开始填报日", value=settings.today(), format="YYYY-MM-DD", key="notices_opens", help="从这一天起县市可以填报。",
    )
    due = second.date_input(
        "填报截止日", value=settings.today() + timedelta(days=10), format="YYYY-MM-DD", key="notices_due",
        help="最晚这一天报送，最后一天算在内；以后才报的是逾期。",
    )
    if st.form_submit_button("开启"):
        try:
            open_round(
                store, session.actor(), settings.now(), scope.document_number,
                RoundPlan(f"{period_end:%Y-%m}", round_name.strip() or f"{period_end.year}年{period_end.month}月",
                          period_end, opens, due),
                settings.region_code,
            )
            st.session_state["notices_done"] = "轮次已开启，各单位可以下载填报表。"
            st.rerun()
        except WenxiaoError as error:
            st.error(fragments.literal(error))
