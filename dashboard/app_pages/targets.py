"""目标分解：区域目标怎样分到各单位，加起来对不对，谁在什么时候改过什么。"""

from functools import partial

import streamlit as st

from dashboard import empty, fragments, labels, session, tables, target_tables
from dashboard.actions import targets
from data.errors import IntakeError, WenxiaoError
from metrics import law
from metrics.boards import targets as boards

st.title("目标分解")

scope = empty.scope_or_stop()
settings = session.settings()
store = session.workspace().store
current = session.read(boards.matrix, scope)
if current.empty:
    st.info(
        f"截至 {scope.as_of_on:%Y-%m-%d}，{fragments.literal(scope.document_number)} 没有可分解的绩效指标。"
        "文件发布以后、带有绩效目标表的才能分解；请核对页面上方的文件和统计截止日。"
    )
    st.stop()

proof = session.read(boards.proof, scope)
session.say_done("targets")
st.markdown(f"**{fragments.literal(target_tables.proof_sentence(proof))}**")
waiting = tables.only(proof, proof_state="not_decomposed")
broken = tables.only(proof, proof_state="broken")
if not broken.empty:
    st.error(f"{fragments.literal('、'.join(broken['short_name']))} 的各单位目标与区域目标不符，请重新分解。")

now_tab, proof_tab, history_tab = st.tabs(["现行目标", "分解证明", "变更记录"])
with now_tab:
    st.html(fragments.html_table(target_tables.matrix(current), is_tall=True))
    coming = session.read(boards.coming, scope)
    if not coming.empty:
        st.markdown(f"**已经定了、还没有到生效日的 {len(coming)} 个目标**")
        st.html(fragments.html_table(target_tables.coming(coming), is_tall=True))
    st.caption("区域目标在前，各单位在后。时限类指标按收文自动计算，不分解；总量没有分到单位之前，单位不按它计分。")
with proof_tab:
    st.html(fragments.html_table(target_tables.proof(proof), is_tall=True))
    st.caption("总量要正好相加；比率和标准列出各单位中最宽的一个，不宽于区域目标即为已证明；文字目标由人比较。")
with history_tab:
    history = session.read(boards.history, scope)
    if history.empty:
        st.caption("没有改过：各单位的目标都是下达文件所印的区域目标。")
    else:
        st.html(fragments.html_table(target_tables.history(history), is_tall=True))

if not session.may("decompose_targets"):
    st.stop()
st.subheader("分解或调整目标", anchor=False)
st.caption(f"目标一经下达一般不予调整，确需调整的按原程序报批：{law.citation(law.TARGET_CHANGE_SOURCE)}")
first, second = st.columns(2)
valid_from = second.date_input(
    "从哪一天起生效", format="YYYY-MM-DD", key="targets_from",
    value=session.computed(targets.suggested_start, (scope.document_number, settings.today())),
)
reason = first.text_input("理由", key="targets_reason", placeholder="例如：按上年救助人次分解区域总量")
approval = second.text_input("批准依据", key="targets_approval", placeholder="例如：分管领导批准，会议纪要〔2021〕8号")
st.caption("数据截至日在生效日或以后的填报轮次按新目标重新计分，更早的轮次和改动之前的得分不变。")
if scope.as_of_on < settings.today():
    st.caption(f"上面是截至 {scope.as_of_on:%Y-%m-%d} 的目标；下面改的是最新定下的目标。")

form = session.computed(targets.prepare_sheet, (scope.document_number,))
by_sheet, by_hand = st.tabs(["用表格分解（全部指标）", "在网页上改一项指标"])
file = None
with by_sheet:
    st.download_button(
        "下载目标分解表", partial(targets.sheet_workbook, form), file_name=targets.sheet_name(form),
        key="targets_sheet", icon=":material/download:",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    uploaded = st.file_uploader(
        "把改好的分解表拖到这里，或点击选择", type=["xlsx"], key=f"targets_file_{scope.document_number}"
    )
with by_hand:
    numbered = {row.indicator_no: f"{row.indicator_no} {row.name}" for row in form.rows}
    first_waiting = list(numbered).index(int(waiting["indicator_no"].iloc[0])) if len(waiting) else 0
    indicator_no = st.selectbox(
        "指标", list(numbered), index=first_waiting, format_func=numbered.get, key="targets_indicator"
    )
    before = target_tables.editor(form, indicator_no)
    # A form: the page is not drawn anew between two cells, which would drop what is being typed.
    with st.form("targets_form", border=False):
        after = st.data_editor(
            before, hide_index=True, width="stretch", height="content",
            disabled=[target_tables.UNIT_HEAD] if uploaded is None else True,
            # New targets make a new editor: what was typed before is then laid down.
            key="_".join(
                ["targets_editor", scope.document_number, str(indicator_no), *before[target_tables.TARGET_HEAD]]
            ),
        )
        st.form_submit_button("核对改动", key="targets_check", disabled=uploaded is not None)
    st.caption(
        "已上传分解表，先处理表格；移去表格后可以在这里改。" if uploaded
        else "只改要改的格；可以只写数，方向和计量单位按区域目标补全。总量中没有任务的单位填“不承担”。"
    )

try:
    if uploaded is not None:
        file = targets.read_sheet(form, uploaded.getvalue(), uploaded.name)
        texts = dict(file.filled.texts)
    else:
        texts = target_tables.edited_texts(indicator_no, before, after)
    if not texts and file is None:
        st.stop()
    plan = targets.TargetPlan(scope.document_number, texts, valid_from, reason, approval, file)
    rehearsed = targets.rehearse_decomposition(store, session.actor(), settings.now(), plan)
except IntakeError as error:
    st.error(
        f"《{fragments.literal(error.file_name)}》有 {len(error.issues)} 处要改，一格也没有写入。改好后重新上传即可。"
    )
    st.html(fragments.html_table(tables.issues(error.issues)))
    st.stop()
except WenxiaoError as error:
    st.error(fragments.literal(error))
    st.stop()

st.subheader("核对改动，确认分解", anchor=False)
if not rehearsed.changes:
    st.info("与现行目标相同，没有要改的。")
    st.stop()
reached = fragments.literal(
    f"将按新目标重新计分的轮次：{'、'.join(rehearsed.rounds)}" if rehearsed.rounds else "没有轮次需要重新计分"
)
st.markdown(f"**改 {len(rehearsed.changes)} 个目标，从 {labels.full_day(valid_from)} 起生效；{reached}。**")
for sentence in rehearsed.refusals:
    st.error(fragments.literal(sentence))
for sentence in rehearsed.proved:
    st.success(f"相符。{fragments.literal(sentence)}")
for sentence in rehearsed.remarks:
    st.warning(fragments.literal(sentence))
st.html(fragments.html_table(target_tables.changes(rehearsed.changes), is_tall=True))
if st.button("确认分解", type="primary", key="targets_submit", disabled=bool(rehearsed.refusals)):
    try:
        result = targets.decompose_targets(
            store, session.actor(), settings.now(), plan, settings.region_code
        )
        st.session_state["targets_done"] = (
            "与现行目标相同，没有变化。" if result.outcome == "nothing_changed"
            else f"已改 {result.change_count} 个目标"
            + (f"，{'、'.join(result.rounds)}的得分已更新。" if result.rounds else "，没有轮次需要重新计分。")
        )
        st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))
