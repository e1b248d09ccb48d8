"""疑点核查：登录、支付、发放和填报里有哪些疑点，最要紧的是哪三处，每一处在哪一行，要办什么。"""

import streamlit as st

from dashboard import empty, finding_tables, fragments, session, tables
from metrics import finding_summary
from metrics.boards import findings

st.title("疑点核查")

scope = empty.scope_or_stop()
empty.own_unit_or_stop(scope)
with st.spinner("正在逐条核查……"):
    result = session.read(findings.judged, scope)
found, table = result.found, session.made(finding_summary.catalogue, result)

missing = finding_tables.not_loaded(result.checked)
if missing:
    st.warning(fragments.literal(missing))
    if finding_tables.lacks_exports(result.checked):
        empty.tell_no_exports("导出载入以后，这些检查才会核查。")
st.markdown(f"**{fragments.literal(finding_tables.first_sentence(found, table))}**")
st.caption(
    "程序只提出疑点，由人认定：核实后属实的整改，不属实的说明理由。同一笔钱可能出现在几条检查里，金额不能相加。"
)
if table.empty:
    st.stop()

if not found.empty:
    st.html(finding_tables.severity_legend(found))
    st.subheader("最要紧的三处", anchor=False)
    st.html(finding_tables.matters(session.made(finding_summary.three_that_matter, result), session.address()))

units = {"": "全部单位", **tables.names(result.checked, "recipient_id", "recipient_name")}
grades = {"": "全部轻重", **{name: mark.word for name, mark in finding_tables.SEVERITY_MARKS.items()}}
checks = {"": "全部检查", **finding_tables.check_titles(table)}
for name, options in (("unit", units), ("severity", grades), ("check", checks)):
    session.first_choice(f"findings_{name}", st.query_params.get(name), list(options))

st.subheader("逐处核实", anchor=False)
first, second, third = st.columns(3)
unit = first.selectbox("单位", list(units), format_func=units.get, key="findings_unit")
severity = second.selectbox("轻重", list(grades), format_func=grades.get, key="findings_severity")
check = third.selectbox("检查", list(checks), format_func=checks.get, key="findings_check")
st.query_params.update({"unit": unit, "severity": severity, "check": check})

fits = found
for column, chosen in (("recipient_id", unit), ("severity", severity), ("code", check)):
    if chosen:
        fits = tables.only(fits, **{column: chosen})
if fits.empty:
    st.info("没有符合所选条件的疑点。" if len(found) else "已核查的部分没有发现疑点。")
else:
    if len(fits) > finding_tables.MOST_ROWS:
        st.caption(f"共 {len(fits)} 处，列出最要紧的 {finding_tables.MOST_ROWS} 处；下载的表格有全部。")
    st.html(finding_tables.found_rows(tables.first(fits, finding_tables.MOST_ROWS)))
    st.download_button(
        "下载疑点清单", finding_tables.csv_bytes(fits), file_name=f"疑点清单_{scope.as_of_on:%Y-%m-%d}.csv",
        mime="text/csv", key="findings_csv", icon=":material/download:",
    )

st.subheader("检查目录", anchor=False)
st.caption("有疑点的在前，未核查的其次，通过的颜色较淡。标“出处待核”的规则还没有人对照过原文。")
st.html(finding_tables.catalogue(table))
