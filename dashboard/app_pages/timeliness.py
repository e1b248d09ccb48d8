"""时效跟踪：谁逾期、逾期几天、现在要办什么；每个单位从收文到导入、报送、答复的每一步；按时率；登记和日历。"""

from datetime import datetime
from functools import partial

import streamlit as st

from dashboard import charts, duty_charts, duty_tables, empty, fragments, region_tables, session, tables
from dashboard.actions.receipt_files import import_receipts, receipt_template
from dashboard.actions.receipts import (
    STEP_NAMES,
    ReceiptEntry,
    confirm_docked_import,
    receipt_remarks,
    record_receipt,
)
from dashboard.calendar_file import FILE_NAME, MEDIA_TYPE, calendar_file
from dashboard.rights import doers
from data.errors import IntakeError, WenxiaoError
from metrics.boards import allocation, duties, region, timeliness
from metrics.indicators import REGION_ID

st.title("时效跟踪")

scope = empty.scope_or_stop()
own = empty.own_unit_or_stop(scope)
settings = session.settings()
limit = session.read(timeliness.limit, scope.document_number)
timeline = session.read(duties.timeline, scope, settings.region_code)
late = session.read(duties.late_table, scope, settings.region_code)
docked = session.read(duties.docked_imports, scope, settings.region_code)
clocks = session.read(timeliness.clock_table, scope, settings.region_code) if limit else None
entries = session.read(duties.calendar_entries, scope.as_of_on, settings.region_code, own)

silent = tables.only(timeline, duty_state="no_receipt", is_counted=True)
if own and len(silent):
    st.warning("本单位没有登记收文时间，无法计算时限，请在下方登记。")
elif len(silent):
    units = list(dict.fromkeys(silent["recipient_name"]))
    st.warning(
        f"{len(units)} 个单位没有登记收文时间，无法计算时限：{fragments.literal('、'.join(units))}。"
        f"请{doers('record_receipt')}在本页最下面登记。"
    )
if timeline.empty:
    st.info("这份文件没有规定时限，也没有开启填报轮次，没有要跟踪的事项。")

st.markdown(f"**{fragments.literal(duty_tables.headline(late, timeline, is_own=bool(own)))}**")
if len(late):
    st.html(fragments.html_table(duty_tables.late_ones(late, docked, is_own=bool(own)), is_tall=True))
if not own:
    st.html(fragments.figures(duty_tables.state_cards(timeline)))

if limit:
    if own:
        st.markdown(f"**{fragments.literal(tables.own_clock(clocks.iloc[0]))}**")
    st.caption(
        f"导入时限：{fragments.literal(limit.printed)}（文件第 {limit.line_no} 行）。"
        "收文当日不计，从次一工作日起数，最后一日计入。"
        "文件写的是州本级收到自治区文件后的时限；这里按各单位自己收文起算，是本单位的管理要求，不是文件或法律的规定。"
        "登录指标、标识登录与导入同日到期，是途中的步骤。"
        + fragments.literal(session.read(timeliness.calendar_note, scope, settings.region_code))
    )

st.subheader("本单位的每一步" if own else "每个单位的每一步", anchor=False)
if len(timeline):
    charts.show(duty_charts.timeline(timeline))
    st.caption(fragments.literal(duty_tables.timeline_sentence(timeline)))
    if own:
        st.html(fragments.html_table(tables.but(duty_tables.steps_and_evidence(timeline, docked), "单位")))
    else:
        with st.expander(f"逐项明细：{len(timeline)} 项"):
            st.html(fragments.html_table(duty_tables.steps_and_evidence(timeline, docked), is_tall=True))
if limit:
    st.markdown("**导入时钟的数日**")
    st.html(fragments.html_table(tables.clocks(clocks)))

if session.may_read(region.region_clock) and limit:
    st.subheader("州本级自己的时钟（文件规定）", anchor=False)
    prefecture = session.read(region.region_clock, scope, settings.region_code)
    st.markdown(f"**{fragments.literal(region_tables.own_clock_sentence(prefecture))}**")
    steps = session.read(duties.region_timeline, scope, settings.region_code)
    st.html(fragments.html_table(duty_tables.steps(steps)))

st.subheader("按时率", anchor=False)
rates = session.read(duties.on_time_rates, scope.as_of_on, settings.region_code)
st.markdown(fragments.literal(duty_tables.rate_sentence(rates, own)))
by_unit, by_notice, by_quarter = st.tabs(["按单位", "按文件", "按季度"])
by_unit.html(fragments.html_table(duty_tables.rates(rates, "unit", "单位", own)))
by_notice.html(fragments.html_table(duty_tables.rates(rates, "notice", "文件", own)))
by_quarter.html(fragments.html_table(duty_tables.rates(rates, "quarter", "到期季度", own)))

records = session.read(timeliness.receipts, scope)
if not records.empty:
    with st.expander(f"办理记录：{len(records)} 条，逐次保留"):
        st.html(fragments.html_table(duty_tables.records(records), is_tall=True))
history = session.read(duties.duty_history, scope.as_of_on, settings.region_code)
with st.expander(f"全部文件的办理窗口与历史：{len(history)} 项"):
    st.html(fragments.html_table(duty_tables.history(history), is_tall=True))
st.download_button(
    f"下载日历文件（{len(entries)} 项未办结，提前一个工作日提醒）",
    partial(calendar_file, entries, settings.now(), is_all=not own), file_name=FILE_NAME, mime=MEDIA_TYPE,
    key="timeliness_calendar", icon=":material/event:", disabled=entries.empty,
)

session.say_done("timeliness")
if not session.may("record_receipt"):
    st.stop()
st.subheader("登记收文、导入", anchor=False)
shown = duty_tables.confirmable(docked)
if shown:
    with st.container(border=True):
        st.markdown("**监控系统导出显示已全部导入、标识一致，还没有登记的**")
        confirmed = st.selectbox("单位和导入日", list(shown), format_func=shown.get, key="timeliness_docked")
        st.caption("确认后按导出的日期、金额和标识登记为“导入监控系统”，记录确认人和导出的位置；登记以后才计入时钟和得分。")
        if st.button("按导出登记", type="primary", key="timeliness_confirm"):
            try:
                done = confirm_docked_import(
                    session.workspace().store, session.actor(), settings.now(), scope.document_number, confirmed,
                    settings.region_code,
                )
                st.session_state["timeliness_done"] = f"已登记：{shown[confirmed]}。回执：办理记录{done}。"
                st.rerun()
            except WenxiaoError as error:
                st.error(fragments.literal(error))
more = session.read(duties.limit_steps, scope.document_number)
step_names = STEP_NAMES | duty_tables.step_choices(more)
with st.form("timeliness_receipt"):
    units = session.read(allocation.units, scope.document_number)
    names = tables.names(units, "recipient_id", "recipient_name")
    names = {own: names[own]} if own else names | {REGION_ID: "州本级（收到上级文件）"}
    session.first_choice("timeliness_unit", st.query_params.get("unit"), list(names))
    first, second, third = st.columns(3)
    recipient_id = first.selectbox("单位", list(names), format_func=names.get, key="timeliness_unit")
    step = second.selectbox(
        "环节", list(step_names), format_func=step_names.get, key="timeliness_step",
        help="先登记“收到文件”，时限从收到的次日起数；全部金额和标识都导入以后，再登记导入。",
    )
    on = first.date_input("办理日期", value=settings.today(), format="YYYY-MM-DD", key="timeliness_on")
    at = second.time_input("办理时间", value="09:00", step=300, key="timeliness_at")
    amount = third.text_input(
        "导入金额（万元，只在导入时填写）", key="timeliness_amount", help="监控系统里实际导入的合计，少了不算完成。",
    )
    marker = first.text_input("直达资金标识（只在导入时填写）", placeholder="01 中央直达资金",
                              key="timeliness_marker", help="照监控系统里登的填，要和文件上的一样。")
    evidence = second.text_input("说明或凭证", key="timeliness_evidence")
    if st.form_submit_button("登记", type="primary"):
        try:
            entry = ReceiptEntry(step, datetime.combine(on, at), session.yuan(amount), marker.strip(), evidence.strip())
            store, moment = session.workspace().store, settings.now()
            done = record_receipt(
                store, session.actor(), moment, scope.document_number, recipient_id, entry, settings.region_code
            )
            (remarks,) = receipt_remarks(
                store, moment, [(scope.document_number, recipient_id, entry)], settings.region_code
            )
            said = "；".join((f"{names[recipient_id]}{step_names[step]}", *remarks))
            st.session_state["timeliness_done"] = f"已登记：{said}。回执：办理记录{done}。"
            st.rerun()
        except WenxiaoError as error:
            st.error(fragments.literal(error))

with st.expander("按文件登记：一次登记多个单位、多个环节"):
    st.caption("有一行有误就一行也不登记，逐格指出；已经登记过的行跳过。时间写成 2021-12-27 16:30，金额单位万元。")
    st.download_button(
        "下载登记表模板", partial(receipt_template, session.workspace().store, scope.document_number, own),
        file_name=f"办理登记_{scope.document_number}.xlsx", key="timeliness_template", icon=":material/download:",
    )
    turn = st.session_state.setdefault("timeliness_turn", 0)
    given = st.file_uploader("上传登记表（工作簿或逗号分隔文本）", type=["xlsx", "csv"], key=f"timeliness_file_{turn}")
    if given is not None and st.button("登记表中各行", type="primary", key="timeliness_import"):
        try:
            made = import_receipts(
                session.workspace().store, session.actor(), settings.now(), given.getvalue(), given.name,
                settings.region_code,
            )
            st.session_state["timeliness_done"] = duty_tables.imported(made)
            st.session_state["timeliness_turn"] = turn + 1
            st.rerun()
        except IntakeError as error:
            st.error(f"《{fragments.literal(error.file_name)}》有 {len(error.issues)} 处要改，一行也没有登记。")
            st.html(fragments.html_table(tables.issues(error.issues)))
        except WenxiaoError as error:
            st.error(fragments.literal(error))
