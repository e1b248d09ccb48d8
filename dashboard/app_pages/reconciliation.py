"""两系统对账：通知、一体化系统、监控系统哪里不一致，各在哪一行，谁作了说明。"""

import streamlit as st

from dashboard import empty, fragments, reconciliation_tables, session, tables
from dashboard.actions.differences import explain_difference
from data.errors import WenxiaoError
from metrics.boards import reconciliation

st.title("两系统对账")

scope = empty.scope_or_stop()
own = empty.own_unit_or_stop(scope)
found = session.read(reconciliation.differences, scope)
sides = session.read(reconciliation.sides, scope)

for sentence in [*reconciliation_tables.not_loaded(sides), *reconciliation_tables.other_days(sides)]:
    st.warning(fragments.literal(sentence))
if found.empty and sides[["integrated_yuan", "monitoring_yuan"]].isna().all(axis=None):
    empty.tell_no_exports()
    st.stop()
st.markdown(f"**{fragments.literal(reconciliation_tables.first_sentence(found))}**")
session.say_done("reconciliation")

kinds = {"": "全部种类", **reconciliation_tables.KIND_WORDS}
states = {"": "待处理和已说明", **{name: mark.word for name, mark in reconciliation_tables.STATE_MARKS.items()}}
units = {"": "全部单位", **tables.names(found, "recipient_id", "recipient_name")}
for name, options in (("kind", kinds), ("state", states), ("unit", units)):
    session.first_choice(f"reconciliation_{name}", st.query_params.get(name), list(options))
first, second, third = st.columns(3)
unit = first.selectbox("单位", list(units), format_func=units.get, key="reconciliation_unit")
kind = second.selectbox("种类", list(kinds), format_func=kinds.get, key="reconciliation_kind")
state = third.selectbox("状态", list(states), format_func=states.get, key="reconciliation_state")
st.query_params.update({"unit": unit, "kind": kind, "state": state})

fits = found
if unit:
    fits = tables.only(fits, recipient_id=unit)
if kind:
    fits = tables.only(fits, difference_kind=kind)
standing = tables.only(fits, difference_state=state) if state else tables.without(fits, difference_state="mended")

st.subheader("哪里不一致", anchor=False)
if standing.empty:
    st.info("没有符合所选条件的差异。")
else:
    if len(standing) > reconciliation_tables.MOST_ROWS:
        st.caption(fragments.literal(reconciliation_tables.shortened(len(standing))))
    st.html(reconciliation_tables.differences(tables.first(standing, reconciliation_tables.MOST_ROWS)))
    st.caption("差额是右边减左边。说明只对这一处差异有效：金额或内容一变，就是另一处差异，要重新说明。")
    st.download_button(
        "下载差异清单", reconciliation_tables.csv_bytes(standing), file_name=f"差异清单_{scope.as_of_on:%Y-%m-%d}.csv",
        mime="text/csv", key="reconciliation_csv", icon=":material/download:",
    )

open_to_words = tables.without(standing, difference_state="mended")
if session.may("explain_difference") and not open_to_words.empty:
    st.subheader("说明差异", anchor=False)
    words = {
        int(row["difference_no"]): f"第 {row['difference_no']} 处　{row['recipient_name']}　"
        f"{reconciliation_tables.about(row)}　{reconciliation_tables.what(row)}"
        for row in tables.first(open_to_words, reconciliation_tables.MOST_ROWS).to_dict("records")
    }
    with st.form("reconciliation_explain"):
        number = st.selectbox("哪一处", list(words), format_func=words.get, key="reconciliation_number")
        note = st.text_area("为什么两边不一致（收回说明时留空）", key="reconciliation_note")
        reason = st.text_input("收回的理由（只在收回说明时填写）", key="reconciliation_reason")
        if st.form_submit_button("保存说明", type="primary"):
            try:
                done = explain_difference(
                    session.workspace().store, session.actor(), session.settings().now(),
                    reconciliation_tables.chosen(number), note, reason,
                )
                st.session_state["reconciliation_done"] = f"已保存。回执：办理记录{done}。"
                st.rerun()
            except WenxiaoError as error:
                st.error(fragments.literal(error))

st.subheader("两个系统并排", anchor=False)
st.caption("没有载入的一方为“—”，不是零；一致的行颜色较淡。发放只计发放成功的。")
st.html(reconciliation_tables.sides(sides))

mended = tables.only(fits, difference_state="mended")
if not state and not mended.empty:
    with st.expander(f"已更正 {len(mended)} 处"):
        if len(mended) > reconciliation_tables.MOST_ROWS:
            st.caption(fragments.literal(reconciliation_tables.shortened(len(mended))))
        st.html(reconciliation_tables.differences(tables.first(mended, reconciliation_tables.MOST_ROWS)))
if not fits.empty:
    with st.expander("一处差异的经过"):
        numbers = [int(no) for no in fits["difference_no"].head(reconciliation_tables.MOST_ROWS)]
        looked_at = st.selectbox("第几处", numbers, key="reconciliation_history")
        st.html(fragments.html_table(reconciliation_tables.history(
            session.read(reconciliation.history, scope, looked_at)
        )))
