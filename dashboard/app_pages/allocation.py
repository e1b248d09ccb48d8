"""资金分配：谁得了多少，谁调出谁调入，合计是不是都对得上。"""

import streamlit as st

from dashboard import charts, empty, fragments, labels, session, tables
from metrics.boards import allocation, papers

st.title("资金分配")

scope = empty.scope_or_stop()
units = session.read(allocation.units, scope.document_number)
totals = session.read(allocation.totals, scope.document_number)
flow = session.read(allocation.flow, scope.document_number)
proof = session.read(allocation.proof, scope.document_number)
failing = tables.failing(proof)

if failing:
    st.error(f"{len(failing)} 处合计对不上：{fragments.literal(''.join(failing))}")

if flow.given:
    given = "、".join(f"{name}调减 {labels.wan(-amount)} 万元" for name, amount in flow.given)
    got = sum(amount for _, amount in flow.got)
    net = f"，加上上级净增 {labels.wan(flow.net_yuan)} 万元" if flow.net_yuan > 0 else ""
    st.markdown(
        f"**{fragments.literal(given)}{net}，共 {labels.wan(got)} 万元分给 {len(flow.got)} 个单位；"
        f"{len(flow.unchanged)} 个单位不变。**"
    )
st.html(fragments.figures([
    ("调整前", labels.wan(totals.before_yuan), "万元", f"{totals.unit_count} 个单位"),
    ("调整数", labels.signed_wan(totals.adjustment_yuan), "万元", "有增有减，相抵之后"),
    ("调整后", labels.wan(totals.after_yuan), "万元", "即本年实际安排"),
    ("合计核对", f"{len(proof) - len(failing)}", f"／{len(proof)} 处", "所印合计等于分项之和"),
]))

left, right = st.columns(2)
with left:
    st.subheader("调整后各单位资金（万元）", anchor=False)
    charts.show(charts.money_bars(units))
    st.caption(fragments.literal(tables.money_sentence(units)))
if flow.given or flow.got:
    with right:
        st.subheader("调整了多少（万元）", anchor=False)
        charts.show(charts.adjustment_bars(units))
        st.caption(fragments.literal(tables.adjustment_sentence(units)))

st.subheader("逐单位", anchor=False)
st.caption("点一行，看它印在文件的哪一行。")
shown = tables.allocation(units)
event = st.dataframe(
    shown, hide_index=True, on_select="rerun", selection_mode="single-row", key="allocation_units",
    column_config={name: tables.MONEY for name in shown.columns if "万元" in name},
    height="content", placeholder="—",
)
for row in event.selection.rows:
    line_no = int(units["line_no"].iloc[row])
    lines = session.read(papers.lines, scope.document_number).set_index("line_no")["line_text"]
    st.html(fragments.paper_line(line_no, lines.get(line_no, "")))

st.subheader("按来源文件", anchor=False)
by_source = tables.sources(session.read(allocation.sources, scope.document_number))
st.html(fragments.html_table(by_source, is_tall=True))

change = session.read(allocation.change_against_earlier, scope.document_number)
if not change.empty:
    wrong = change[change["difference_yuan"].fillna(0) != 0]
    st.subheader("与已发布的前一文件相比", anchor=False)
    st.markdown(
        f"{len(wrong)} 个单位的“调整前”与前一文件所发布的金额不同。" if len(wrong)
        else "各单位的“调整前”都与前一文件所发布的金额相同。"
    )
    st.html(fragments.html_table(tables.changes(change), is_tall=True))

with st.expander(f"合计核对：{len(proof)} 处逐一列出"):
    st.html(fragments.html_table(tables.proof(proof), is_tall=True))
