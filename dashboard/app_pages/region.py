"""州级汇总：全州得多少分、是什么等级，每项指标由哪些单位凑成，谁没有算进去。"""

import streamlit as st

from dashboard import charts, empty, fragments, region_tables, session, tables
from dashboard.actions.region import FIGURE_NAMES, NEEDED, RegionValue, report_region_value, typed_number
from data.errors import WenxiaoError
from data.intake.form import BAND_LABELS
from metrics.boards import region

st.title("州级汇总")

scope = empty.round_or_stop()
settings = session.settings()
total = session.read(region.region_total, scope, settings.region_code)
if total is None:
    st.info("到统计截止日本轮还没有开启，或者这份文件没有绩效指标、没有单位，没有可以汇总的数。")
    st.stop()
scores = session.read(region.region_scores, scope, settings.region_code)
units = session.read(region.unit_totals, scope)

st.markdown(f"**{fragments.literal(region_tables.headline(total))}**")
missing = region_tables.missing_words(total)
if missing:
    st.warning(fragments.literal(missing))
empty.tell_no_reports(scope)
st.html(fragments.figures(region_tables.cards(total)))

st.subheader("州的每项指标", anchor=False)
st.caption("没有算进去的单位从分子分母中同时去掉，逐个列出；汇总后的数按与单位相同的规则、对照州的目标判定。")
st.html(fragments.html_table(region_tables.indicators(scores)))

st.subheader("这个数是哪些单位凑成的", anchor=False)
names = tables.names(scores, "indicator_no", "indicator_name")
numbered = {no: f"{no} {name}" for no, name in names.items()}
asked = st.query_params.get("indicator", "")
if "region_indicator" not in st.session_state and asked in map(str, numbered):
    st.session_state["region_indicator"] = int(asked)
indicator_no = st.selectbox("指标", list(numbered), format_func=numbered.get, key="region_indicator")
st.query_params.update({"indicator": str(indicator_no)})
row = tables.only(scores, indicator_no=indicator_no).iloc[0]
parts = session.read(region.contributions, scope, settings.region_code, indicator_no)
if parts.empty:
    st.info(fragments.literal(row["sentence"]))
    st.page_link("app_pages/timeliness.py", label="看州本级的收文与导入", icon=":material/schedule:")
else:
    st.markdown(fragments.literal(region_tables.contribution_sentence(parts, row)))
    st.html(fragments.html_table(region_tables.contributions(parts, row)))

st.subheader("各单位总分与等级", anchor=False)
charts.show(charts.total_bars(units))
st.caption(fragments.literal(region_tables.total_sentence(units)))
st.html(fragments.html_table(region_tables.totals(units)))

st.subheader("州本级自己填的指标", anchor=False)
own = session.read(region.own_indicators, scope)
session.say_done("region")
history = session.read(region.own_entries, scope)
if own.empty:
    st.caption("这份文件没有要州本级直接填数的指标。导入时限按州本级的收文和导入时间计算，在“时效跟踪”中登记。")
elif session.may("report_region_value"):
    choices = tables.names(own, "indicator_no", "indicator_name")
    number = st.selectbox("登记哪一项", list(choices), format_func=choices.get, key="region_own")
    kind = own.set_index("indicator_no").loc[number, "entry_kind"]
    with st.form("region_entry"):
        columns = st.columns(max(len(NEEDED[kind]), 2))
        typed = {
            name: column.text_input(FIGURE_NAMES[name], key=f"region_{name}")
            for name, column in zip(NEEDED[kind], columns, strict=False) if name != "band"
        }
        band = st.selectbox("等次", list(BAND_LABELS), format_func=BAND_LABELS.get, key="region_band") if (
            kind == "qualitative"
        ) else None
        evidence = st.text_input("佐证（文件名称、文号）", key="region_evidence")
        if st.form_submit_button("登记", type="primary"):
            try:
                done = report_region_value(
                    session.workspace().store, session.actor(), settings.now(),
                    scope.document_number, scope.round_id, int(number),
                    RegionValue(
                        **{name: typed_number(FIGURE_NAMES[name], text) for name, text in typed.items()},
                        band=band, evidence_text=evidence,
                    ),
                )
                st.session_state["region_done"] = f"已登记：{choices[number]}。回执：办理记录{done}。"
                st.rerun()
            except WenxiaoError as error:
                st.error(fragments.literal(error))
else:
    st.caption(f"由州本级填报：{fragments.literal('、'.join(own['indicator_name']))}。")
if not history.empty:
    with st.expander(f"登记记录：{len(history)} 条，逐次保留"):
        st.html(fragments.html_table(region_tables.entries(history), is_tall=True))
