"""数据填报：本单位要报什么、何时到期；下载填报表，上传，逐格查错，预览得分，报送。"""

import streamlit as st

from dashboard import empty, fragments, labels, session, tables
from dashboard.actions import reports
from data.errors import IntakeError, WenxiaoError
from metrics.boards import reporting

st.title("数据填报")

scope = empty.round_or_stop()
settings = session.settings()
store = session.workspace().store
duties = session.read(reporting.duties, scope)
this_round = duties[duties["round_id"] == scope.round_id].set_index("recipient_id")
names = this_round["recipient_name"]

left, right = st.columns(2)
session.first_choice("reporting_unit", st.query_params.get("unit"), list(names.index))
recipient_id = left.selectbox("我的单位", list(names.index), format_func=names.get, key="reporting_unit")
st.query_params.update({"unit": recipient_id})
duty = this_round.loc[recipient_id]

state = labels.marked(labels.DUTY_MARKS, duty["duty_state"])
done = f"，最近一次报送：{labels.moment(duty['submitted_at'])}，第 {duty['report_version']:.0f} 版" if (
    duty["submitted_at"] == duty["submitted_at"]
) else ""
st.markdown(
    f"**{names[recipient_id]} · {duty['round_name']}：{state}**，数据截至 {labels.day(duty['period_end_on'])}，"
    f"{labels.day(duty['due_on'])}前报送{done}。"
)
session.say_done("reporting")

form = reports.prepare_form(store, scope.document_number, scope.round_id, recipient_id)
st.subheader("① 下载填报表", anchor=False)
st.caption("只填浅黄色单元格；整行留空表示本轮没有数据（不等于 0）。上年数和上轮数已经填好。")
st.download_button(
    f"下载 {names[recipient_id]} {duty['round_name']}填报表", session.template(form),
    file_name=reports.template_name(form), key="reporting_template", icon=":material/download:",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)

st.subheader("② 上传填好的表", anchor=False)
uploaded = st.file_uploader(
    "把填好的 Excel 表拖到这里，或点击选择", type=["xlsx"], key=f"reporting_file_{recipient_id}_{scope.round_id}"
)
if uploaded is None:
    st.stop()

try:
    upload = reports.read_upload(form, uploaded.getvalue(), uploaded.name)
    preview = reports.rehearse(
        store, session.actor(), settings.now(), upload, settings.region_code
    )
except IntakeError as error:
    st.error(f"《{error.file_name}》有 {len(error.issues)} 处要改，一条也没有写入。改好后重新上传即可。")
    st.html(fragments.html_table(tables.issues(error.issues)))
    st.stop()
except WenxiaoError as error:
    st.error(str(error))
    st.stop()

st.subheader("③ 核对得分预览，报送", anchor=False)
blank = [
    row["short_name"] for row in preview
    if row["state"] in ("not_reported", "not_due") and row["entry_kind"] != "from_receipt"
]
if blank:
    st.warning(f"{len(blank)} 项没有填：{'、'.join(blank)}。报送后显示为“未填报”，不按 0 分计。")
withdrawn = [row["short_name"] for row in preview if row["is_withdrawn"]]
if withdrawn:
    st.warning(
        f"上一版报过、这一版留空的有 {len(withdrawn)} 项：{'、'.join(withdrawn)}。"
        "报送后这些数不再计分，请确认是有意撤回。"
    )
lacking = [issue for row in preview for issue in row["issues"]]
if lacking:
    st.error(
        f"《{uploaded.name}》有 {len(lacking)} 处必须写明而没有写，现在还不能报送。"
        "偏差超过界限的指标要写偏差原因和改进措施，写好后重新上传即可。"
    )
    st.html(fragments.html_table(tables.issues(lacking)))
unexplained = [
    row["short_name"] for row in preview
    if row["state"] in ("off", "slightly_off") and not row["deviation_reason"] and not row["issues"]
    and row["entry_kind"] != "from_receipt"
]
if unexplained:
    st.warning(f"{len(unexplained)} 项没有达标而没有写偏差原因：{'、'.join(unexplained)}。建议补写后再报送。")
st.html(fragments.html_table(tables.preview(preview)))
if st.button(f"报送 {names[recipient_id]} {duty['round_name']}数据", type="primary", key="reporting_submit",
             disabled=bool(lacking)):
    try:
        result = reports.submit_report(
            store, session.actor(), settings.now(), upload, settings.region_code
        )
        st.session_state["reporting_done"] = (
            "这份文件已经报送过，内容没有变化。" if result.outcome == "nothing_changed"
            else f"已报送第 {result.report_version} 版，{result.entry_count} 项指标，得分已更新。"
        )
        st.rerun()
    except WenxiaoError as error:
        st.error(str(error))
