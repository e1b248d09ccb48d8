"""花钱必问效：钱动了没有，效果到了没有，谁还欠一个说法。"""

import streamlit as st

from dashboard import charts, empty, fragments, labels, region_tables, session, tables
from metrics.boards import accountability, basis, standing
from metrics.thresholds import EFFECT_FROM, ELAPSED_TOLERANCE, rule_words

st.title("花钱必问效、无效必问责")

scope = empty.round_or_stop()
own = empty.own_unit_or_stop(scope)
effects = session.read(standing.unit_effects, scope)
owed = session.read(accountability.owed_answers, scope)

silent = list(effects.loc[~effects["is_reported"].astype(bool), "recipient_name"])
if silent and own:
    st.warning("本单位本轮没有填报，无法判断。")
elif silent:
    st.warning(f"{len(silent)} 个单位本轮没有填报，无法判断：{'、'.join(silent)}。")
empty.tell_no_reports(scope)

if own:
    st.markdown(f"**{labels.own_effect(effects['effect_state'].iloc[0])}**")
else:
    st.html(fragments.effect_states(effects, session.read(accountability.state_counts, scope)))

st.subheader("谁该给个说法", anchor=False)
if owed.empty:
    st.success("本单位没有欠填报或欠说明。" if own else "没有单位欠填报或欠说明。")
else:
    st.markdown(
        f"**{'本单位' if own else f'{len(owed)} 个单位'}要答复：未填报的补报，未达标的写明偏差原因和改进措施，"
        "缺上年数的补上年数，被退回的更正后重新报送。**"
    )
    st.html(fragments.html_table(tables.owed(owed)))
    st.page_link("app_pages/deviation.py", label="看每一项偏差", icon=":material/grid_on:")

st.subheader("钱与效", anchor=False)
elapsed = float(effects["elapsed_share"].iloc[0])
rules = session.read(basis.of_round, scope)
tolerance, effect_from = rules.values[ELAPSED_TOLERANCE.key], rules.values[EFFECT_FROM.key]
if not own:
    figure = charts.limit_lines(charts.effect_quadrants(effects), elapsed - float(tolerance), float(effect_from))
    st.plotly_chart(figure, config=charts.CONFIG, theme=None)
    st.caption(tables.effect_sentence(effects))
st.caption(
    f"序时进度 {elapsed:.1%}，容许落后 {rule_words(tolerance, ELAPSED_TOLERANCE.unit)}；"
    f"有效下限 {rule_words(effect_from, EFFECT_FROM.unit)}（口径 {rules.version} 版）。"
    "两个界限都是本单位设定，不是全国规定，见“依据与口径”。"
)

if not own:
    st.subheader("逐单位", anchor=False)
for sentence in (region_tables.wide_gap_sentence(effects), region_tables.milestone_sentence(effects)):
    if sentence:
        st.warning(sentence)
st.html(fragments.html_table(region_tables.money_against_effect(effects)))
st.caption(region_tables.gap_caption(effects))
