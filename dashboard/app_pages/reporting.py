"""数据填报：本单位要报什么、何时到期；下载填报表或在页面上填，逐格查错，预览得分，报送。"""

from functools import partial

import streamlit as st

from dashboard import empty, fragments, inquiry_tables, labels, report_editor, report_tables, session, tables
from dashboard.actions import drafts, evidence_files, report_values, reports
from dashboard.calendar_file import FILE_NAME, MEDIA_TYPE, calendar_file
from dashboard.rights import read_board
from data.errors import IntakeError, WenxiaoError
from data.intake.cells import FILLED_BY, PAID, STATEMENT, changed_keys, to_json
from data.intake.filled import check_cells
from metrics.boards import checking, reporting
from metrics.boards.duties import calendar_entries
from metrics.boards.inquiries import my_inquiries
from metrics.score_states import MISSED_STATES

st.title("数据填报")

person, settings, store = session.actor(), session.settings(), session.workspace().store
is_typing = session.may("save_draft")
chosen = st.session_state.get("scope")
if person.recipient_id:
    recipient_id = person.recipient_id
    inquired = session.read(my_inquiries, settings.today(), recipient_id)
    asked = inquiry_tables.todo(inquired, is_own=True, may_act=session.may("answer_inquiry"))
    if asked:
        st.markdown(inquiry_tables.own_first_line(inquired))
        st.html(asked)
    mine = session.read(reporting.my_duties, settings.today(), recipient_id)
    st.markdown(report_tables.first_line(mine))
    if not mine.empty:
        st.html(report_tables.duty_list(
            mine, chosen.document_number if chosen else "", chosen.round_id if chosen else ""
        ))
    entries = session.read(calendar_entries, settings.today(), settings.region_code, recipient_id)
    st.download_button(
        f"下载日历文件（{len(entries)} 项未办结）", partial(calendar_file, entries, settings.now(), is_all=False),
        file_name=FILE_NAME, mime=MEDIA_TYPE, key="reporting_calendar", icon=":material/event:", disabled=entries.empty,
    )
    scope = empty.round_or_stop()
else:
    scope = empty.round_or_stop()
    duties = session.read(reporting.duties, scope)
    names = tables.only(duties, round_id=scope.round_id).set_index("recipient_id")["recipient_name"]
    session.first_choice("reporting_unit", st.query_params.get("unit"), list(names.index))
    recipient_id = st.selectbox("单位", list(names.index), format_func=names.get, key="reporting_unit")
    mine = session.read(reporting.my_duties, settings.today(), recipient_id)
st.query_params.update({"unit": recipient_id})

found = tables.only(mine, document_number=scope.document_number, round_id=scope.round_id)
if found.empty:
    st.info("本单位在这份文件的这一轮没有填报任务。请在上表中点“去填”，或在页面上方改选文件和轮次。")
    st.stop()
duty = found.to_dict("records")[0]
unit_name, round_name = fragments.literal(duty["recipient_name"]), fragments.literal(duty["round_name"])
st.markdown(
    f"**{unit_name} · {round_name}：{report_tables.duty_state(duty)}**，"
    f"数据截至 {labels.day(duty['period_end_on'])}，{labels.day(duty['due_on'])}前报送。"
    f"{report_tables.state_line(duty)}"
)
session.say_done("reporting")

asked_again = session.read(checking.returned_values, scope, recipient_id)
if not asked_again.empty:
    st.warning("州级退回，下列各处要改或说明：")
    st.html(fragments.html_table(report_tables.returned(asked_again)))

versions = session.read(reporting.versions, scope, recipient_id)
history = session.read(reporting.value_history, scope, recipient_id)
attached = session.read(reporting.evidence, scope, recipient_id)
with st.expander(f"以前的版本（{len(versions)}）、数值变更（{len(history)}）"):
    st.html(fragments.html_table(report_tables.versions(versions)) if len(versions) else "还没有报送过。")
    if len(history):
        st.html(fragments.html_table(report_tables.value_history(history), is_tall=True))

form = session.computed(reports.prepare_form, (scope.document_number, scope.round_id, recipient_id))
is_open = is_typing and duty["report_state"] not in report_tables.CLOSED

with st.expander(f"佐证材料（{int(attached['removed_at'].isna().sum())}）"):
    if len(attached):
        st.html(fragments.html_table(report_tables.evidence(attached)))
        files = {row["evidence_no"]: row for row in attached.to_dict("records")}
        words = report_tables.evidence_titles(attached)
        number = st.selectbox("选择文件", list(words), format_func=words.get, key="reporting_evidence")
        take, drop = st.columns(2)
        if take.button("取出原件", key="reporting_evidence_take"):
            take.download_button(
                f"下载 {fragments.literal(files[number]['file_name'])}",
                read_board(store, person, reporting.evidence_content, scope, recipient_id, number),
                file_name=files[number]["file_name"], key="reporting_evidence_download",
            )
        if is_open and drop.button("移除", key="reporting_evidence_remove"):
            try:
                receipt = evidence_files.remove_evidence(store, person, settings.now(), form, number)
                st.session_state["reporting_done"] = (
                    f"已移除，记录保留。{report_tables.looked_at_again(duty)}回执 {receipt}。"
                )
                st.rerun()
            except WenxiaoError as error:
                st.error(fragments.literal(error))
    else:
        st.caption("还没有佐证材料。")
    if is_open:
        titles = {0: "整份填报"} | {row.indicator_no: f"第{row.indicator_no}项 {row.short_name}" for row in form.rows}
        of = st.selectbox("材料属于", list(titles), format_func=titles.get, key="reporting_evidence_of")
        given = st.file_uploader(
            "添加材料（PDF、Word、Excel、图片、文本，每个不超过 20 MB）", key="reporting_evidence_file",
            type=["pdf", "docx", "xlsx", "png", "jpg", "jpeg", "txt"],
        )
        if given is not None and st.button("添加到填报", key="reporting_evidence_add"):
            try:
                done = evidence_files.attach_evidence(
                    store, person, settings.now(), form, of, given.getvalue(), given.name
                )
                st.session_state["reporting_done"] = (
                    f"已添加《{given.name}》。{report_tables.looked_at_again(duty)}回执 {done.receipt}。"
                    if done.receipt else "这个材料已经添加过，没有变化。"
                )
                st.rerun()
            except WenxiaoError as error:
                st.error(fragments.literal(error))

if not is_open:
    st.stop()

draft, start = drafts.open_draft(store, person, form), drafts.start_of(store, person, form)
mark = f"{scope.document_number}|{scope.round_id}|{recipient_id}"
held = st.session_state.get("reporting_held")
# The tables live as long as their widgets: after another page they begin anew from what is kept.
if held is None or held.mark != mark or f"reporting_paid_{held.turn}" not in st.session_state:
    # Never a number again: a field of an earlier turn would bring its old words into the new draft.
    turn = st.session_state["reporting_turn"] = st.session_state.get("reporting_turn", 0) + 1
    cells = draft.cells if draft else start.cells
    places = held.places if held and held.mark == mark else {}
    seen = (draft.draft_no, draft.base_report_id) if draft else (0, start.report_id)
    held = report_editor.Held(mark, turn, *seen, cells, cells, places)
    st.session_state["reporting_held"] = held
if draft and draft.draft_no == held.draft_no:
    minutes = int((settings.now() - draft.saved_at).total_seconds() // 60)
    st.info(fragments.literal(report_tables.told_of_draft(draft, person.name, minutes)))

left, right = st.columns(2)
with left:
    st.subheader("办法一：填报表", anchor=False)
    st.caption("只填浅黄色单元格；整行留空表示本轮没有数据（不等于 0）。上年数和上轮数已经填好。")
    st.download_button(
        f"下载 {unit_name} {round_name}填报表", session.template(form),
        file_name=reports.template_name(form), key="reporting_template", icon=":material/download:",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    st.download_button(
        "下载填好的示例", session.example(form), file_name=reports.example_name(form), key="reporting_example",
        icon=":material/lightbulb:", type="tertiary",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        help="同样的表，填了举例的数，格子上有批注说明为什么这样填。只供参照，不能报送。",
    )
    uploaded = st.file_uploader("把填好的 Excel 表拖到这里，或点击选择", type=["xlsx"], key=f"reporting_file_{mark}")
with right:
    st.subheader("办法二：在页面上填", anchor=False)
    st.caption("直接在下面各表里填，改一格就存一次草稿，关掉网页也不会丢。上传的表有错，也可以在下面改。")
    if draft and st.button("清除草稿，从头再填", key="reporting_discard"):
        try:
            drafts.discard_draft(store, person, settings.now(), form, seen_draft_no=held.draft_no)
            st.session_state.pop("reporting_held")
            st.rerun()
        except WenxiaoError as error:
            st.error(fragments.literal(error))

if uploaded is not None and st.session_state.get("reporting_taken") != (mark, uploaded.file_id):
    try:
        read, checked = reports.read_typed(form, uploaded.getvalue(), uploaded.name)
        read = read | {key: text for key, text in held.saved.items() if key == STATEMENT}
        differing = changed_keys(held.saved, read)
        # A workbook replaces one that the same person gave before; typed work only when the person says so.
        is_own = draft is None or (draft.file_sha256 != "" and draft.saved_by == person.name)
        if is_own or not differing or st.button(
            f"用《{fragments.literal(uploaded.name)}》替换草稿（{len(differing)} 格不同）", type="primary",
            key="reporting_replace",
        ):
            drafts.save_draft(
                store, person, settings.now(), form, read, seen_draft_no=held.draft_no,
                base_report_id=held.base_report_id, file=drafts.ReceivedFile(uploaded.name, uploaded.getvalue()),
            )
            held.places, held.mark = {issue.key: issue.place for issue in checked.issues if issue.key}, mark
            st.session_state["reporting_taken"] = (mark, uploaded.file_id)
            st.session_state.pop(f"reporting_paid_{held.turn}", None)
            st.rerun()
        st.warning(
            f"已有草稿，与《{fragments.literal(uploaded.name)}》有 {len(differing)} 格不同。"
            "点上面的按钮才会替换；不点则保留草稿。"
        )
    except IntakeError as error:
        st.error(
            f"《{fragments.literal(error.file_name)}》有 {len(error.issues)} 处要改，一条也没有写入。"
            "改好后重新上传即可。"
        )
        st.html(fragments.html_table(tables.issues(error.issues)))
    except WenxiaoError as error:
        st.error(fragments.literal(error))

first, second = st.columns(2)
now = report_editor.unseen(form, held.base)
now[PAID] = first.text_input(
    "全年执行数（万元）", held.base.get(PAID, ""), key=f"reporting_paid_{held.turn}",
    help="到截至日为止累计支付的钱，单位万元。没有掌握就留空，不要填 0；超过下达的钱要说明原因。",
)
now[FILLED_BY] = second.text_input(
    "填报人", held.base.get(FILLED_BY, ""), key=f"reporting_filler_{held.turn}", help="实际填表的人，方便核对时联系。",
)
for group in report_editor.groups(form):
    st.markdown(f"**{group.title}**（{len(group.rows)} 项）")
    edited = st.data_editor(
        report_editor.frame(group, held.base), column_config=report_editor.columns(group, form, held.base),
        hide_index=True, num_rows="fixed", height="content", placeholder=" ",
        key=f"reporting_{group.name}_{held.turn}",
    )
    now |= report_editor.typed(group, edited)
now[STATEMENT] = st.text_area(
    "已知局限（哪些数据不全、是估算或有待核实；确实没有的写“无”）", held.base.get(STATEMENT, ""),
    key=f"reporting_statement_{held.turn}", height=80,
)
now = {key: text for key, text in now.items() if text.strip()}

if changed_keys(held.saved, now):
    try:
        draft = drafts.save_draft(
            store, person, settings.now(), form, now, seen_draft_no=held.draft_no,
            base_report_id=held.base_report_id,
        )
        held.draft_no, held.saved = draft.draft_no, now
    except drafts.DraftConflictError as conflict:
        st.error(fragments.literal(conflict))
        theirs, both = st.columns(2)
        if theirs.button("载入对方的草稿（放弃我刚才的改动）", key="reporting_theirs"):
            st.session_state.pop("reporting_held")
            st.rerun()
        if conflict.draft and both.button("把我的改动加到对方的草稿上", key="reporting_both"):
            merged = dict(conflict.draft.cells)
            for key in changed_keys(held.saved, now):
                merged[key] = now.get(key, "")
            try:
                drafts.save_draft(
                    store, person, settings.now(), form, merged, seen_draft_no=conflict.draft.draft_no,
                    base_report_id=conflict.draft.base_report_id,
                )
                st.session_state.pop("reporting_held")
                st.rerun()
            except WenxiaoError as error:
                st.error(fragments.literal(error))
        st.stop()
    except WenxiaoError as error:
        st.error(fragments.literal(error))
        st.stop()
elif (draft.draft_no if draft else 0) != held.draft_no:
    st.warning(fragments.literal(report_tables.told_of_other_draft(draft)))
    if st.button("载入现在的内容", key="reporting_newer"):
        st.session_state.pop("reporting_held")
        st.rerun()
if (draft.draft_no if draft else 0) == held.draft_no and start.newest and start.report_id != held.base_report_id:
    st.warning(fragments.literal(report_tables.told_of_version(start, now)))
    going_on, anew = st.columns(2)
    try:
        if going_on.button("已看过这一版，接着用页面上的内容", key="reporting_go_on"):
            draft = drafts.save_draft(
                store, person, settings.now(), form, now, seen_draft_no=held.draft_no, base_report_id=start.report_id,
            )
            held.draft_no, held.base_report_id = draft.draft_no, start.report_id
            st.rerun()
        if anew.button("不用页面上的内容，从这一版改起", key="reporting_from_version"):
            if draft:
                drafts.discard_draft(store, person, settings.now(), form, seen_draft_no=held.draft_no)
            st.session_state.pop("reporting_held")
            st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))
if draft:
    st.caption(f"草稿已保存 {draft.saved_at:%H:%M}（{fragments.literal(draft.saved_by)}）")

checked = check_cells(now, form)
if checked.issues:
    source = f"《{fragments.literal(draft.file_name)}》" if draft and draft.file_name else "草稿"
    st.error(
        f"{source}有 {len(checked.issues)} 处要改，一条也没有写入正式数据。在上面的表里直接改，或改好填报表重新上传。"
    )
    st.html(fragments.html_table(report_tables.issue_places(checked.issues, now, held.places)))
    offered = {issue.key: issue.repair for issue in checked.issues if issue.key and issue.repair is not None}
    taken = {}
    if len(offered) > 1 and st.button(f"采用全部 {len(offered)} 处建议", key="reporting_repair_all"):
        taken = offered
    for issue in [each for each in checked.issues if each.key in offered][:report_tables.MAX_BUTTONS]:
        place = f"{issue.key[0]}_{issue.key[1]}"
        label = fragments.literal(report_tables.repair_button(issue))
        if st.button(label, key=f"reporting_repair_{held.turn}_{place}_{issue.code}"):
            taken = {issue.key: issue.repair}
    if taken:
        try:
            drafts.save_draft(
                store, person, settings.now(), form, {**now, **taken}, seen_draft_no=held.draft_no,
                base_report_id=held.base_report_id,
            )
            st.session_state.pop(f"reporting_paid_{held.turn}")
            st.rerun()
        except WenxiaoError as error:
            st.error(fragments.literal(error))

st.subheader("核对得分预览，报送", anchor=False)
try:
    preview = session.previewed(f"{mark}{to_json(now)}", reports.typed_upload(form, checked))
except WenxiaoError as error:
    st.error(fragments.literal(error))
    st.stop()
changes = report_values.row_changes(form, checked, report_values.newest_values(store, form))
blank = [
    row["short_name"] for row in preview
    if row["state"] in ("not_reported", "not_due") and row["entry_kind"] != "from_receipt"
    and row["indicator_no"] not in checked.rejected
]
if blank:
    st.warning(f"{len(blank)} 项没有填：{fragments.literal('、'.join(blank))}。报送后显示为“未填报”，不按 0 分计。")
short_names = {row.indicator_no: row.short_name for row in form.rows}
withdrawn = [short_names[change.indicator_no] for change in changes if change.outcome == "withdrawn"]
if withdrawn:
    st.warning(
        f"上一版报过、这一版留空的有 {len(withdrawn)} 项：{fragments.literal('、'.join(withdrawn))}。"
        "报送后这些数不再计分，请确认是有意撤回。"
    )
lacking = [issue for row in preview for issue in row["issues"]]
if lacking:
    st.error(
        f"有 {len(lacking)} 处必须写明而没有写，现在还不能报送。偏差超过界限的指标要写偏差原因和改进措施。"
    )
    st.html(fragments.html_table(tables.issues(lacking)))
unexplained = [
    row["short_name"] for row in preview
    if row["state"] in MISSED_STATES and not row["deviation_reason"] and not row["issues"]
    and row["entry_kind"] != "from_receipt"
]
if unexplained:
    st.warning(
        f"{len(unexplained)} 项没有达标而没有写偏差原因：{fragments.literal('、'.join(unexplained))}。"
        "建议补写后再报送。"
    )
st.markdown(f"与上一版相比：{fragments.literal(report_tables.counts_line(changes))}。")
st.html(fragments.html_table(report_tables.dry_run(changes, preview, checked.issues)))

statement = now.get(STATEMENT, "").strip()
if not statement:
    st.warning("还没有写已知局限：请在上面写明，没有的写“无”。")
is_complete = draft is not None and not (checked.issues or lacking) and statement != ""
if not session.may("submit_report"):
    if st.button(
        "交审核", type="primary", key="reporting_hand_over", disabled=not is_complete,
        help="填写完整、没有红字、写了已知局限，才能交。交了以后由本单位审核人核对报送。",
    ):
        st.success(f"草稿（第 {draft.draft_no} 号）已保存且完整，请本单位审核人登录后核对报送。")
    st.stop()
if st.button(f"报送 {unit_name} {round_name}数据", type="primary", key="reporting_submit",
             disabled=not is_complete, help="没有红字、写了已知局限，才能报送。有回执号才算报上。"):
    try:
        result = reports.submit_report(
            store, person, settings.now(), reports.draft_upload(store, person, form, draft), settings.region_code,
            statement=statement, seen_draft_no=held.draft_no,
        )
        st.session_state["reporting_done"] = (
            f"内容没有变化，没有产生新的版本，草稿已清除。{report_tables.unchanged_advice(duty)}"
            if result.receipt is None
            else f"已报送第 {result.report_version} 版，{result.entry_count} 项指标，得分已更新。"
            f"回执 {result.receipt}。"
        )
        st.session_state.pop("reporting_held")
        st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))
