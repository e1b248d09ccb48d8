"""总览：钱到了没有，效果到了没有，谁按期，今天要办哪几件事。"""

import streamlit as st

from dashboard import charts, empty, finding_tables, fragments, labels, region_tables, session
from metrics import finding_summary
from metrics.boards import accountability, findings, overview, standing
from metrics.boards import region as whole

st.title("总览")

scope = empty.round_or_stop()
region = session.settings().region_code
money = session.read(overview.money, scope)
cells = session.read(overview.effect_counts, scope)
clock = session.read(overview.clock_counts, scope, region)
effects = session.read(standing.unit_effects, scope)
found = session.read(overview.attention, scope, region)
prefecture = session.read(whole.region_total, scope, region)

if prefecture is not None:
    st.markdown(f"**{region_tables.headline(prefecture)}**")
    st.caption(region_tables.missing_words(prefecture))
    st.page_link("app_pages/region.py", label="看州级汇总", icon=":material/functions:")

st.subheader("今天要办的事", anchor=False)
if found:
    st.html(fragments.attention_list(found, session.address()))
else:
    st.success("截至统计截止日，没有需要过问的事项。")

st.subheader("两系统数据里最要紧的三处疑点", anchor=False)
with st.spinner("正在逐条核查……"):
    matters = finding_summary.three_that_matter(session.read(findings.judged, scope))
if matters:
    st.html(finding_tables.matters(matters, session.address()))
else:
    st.caption("已经载入的导出里没有查到疑点；哪些还没有核查，见“疑点核查”。")

if money.silent_names:
    st.warning(
        f"{len(money.silent_names)} 个单位本轮没有填报支付数：{'、'.join(money.silent_names)}；"
        "已从执行率的分子分母中同时去掉。"
    )

total = sum(cells.values())
reached = cells.get("met", 0) + cells.get("over", 0)
missed = cells.get("off", 0) + cells.get("slightly_off", 0)
silent = cells.get("not_reported", 0)
spared = cells.get("not_applicable", 0)
late = sum(clock.get(state, 0) for state in ("overdue", "on_time_empty", "on_time_wrong", "late"))
st.html(fragments.figures([
    ("下达资金", labels.wan(money.released_yuan), "万元", f"{money.unit_count} 个单位"),
    ("已支付", labels.wan(money.paid_yuan), "万元", f"{money.reported_count} 个单位已填报"),
    ("执行率", labels.percent(money.execution_rate), "",
     f"{labels.wan(money.paid_yuan)}÷{labels.wan(money.base_yuan)} 万元"),
    ("达标", str(reached), f"／{total} 项",
     f"偏差 {missed} 项，未填报 {silent} 项，不适用 {spared} 项，待定 {total - reached - missed - silent - spared} 项"),
    ("按期导入", f"{clock.get('on_time', 0)}", f"／{sum(clock.values())} 个单位",
     f"逾期 {late} 个，未到期 {clock.get('not_due', 0)} 个，未登记收文 {clock.get('no_receipt', 0)} 个"),
]))

st.subheader("花钱必问效：五种状态", anchor=False)
st.html(fragments.effect_states(effects, session.read(accountability.state_counts, scope)))

st.subheader(f"{money.unit_count} 个单位共 {total} 项指标的状态", anchor=False)
st.plotly_chart(charts.state_strip(cells), config=charts.CONFIG, theme=None)
st.html(fragments.state_legend(cells))
