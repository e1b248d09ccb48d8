"""花钱必问效：钱动了没有，效果到了没有，谁从哪里走到了哪里，谁还欠一个说法。"""

import streamlit as st

from dashboard import (
    charts,
    cost_charts,
    cost_tables,
    effect_charts,
    effect_tables,
    empty,
    fragments,
    region_tables,
    session,
    tables,
)
from metrics.boards import accountability, region, standing

st.title("花钱必问效、无效必问责")

scope = empty.round_or_stop()
own = empty.own_unit_or_stop(scope)
empty.tell_no_reports(scope)
paths = session.read(accountability.effect_paths, scope)
now = effect_tables.of_round(paths, scope.round_id)
rounds = tables.names(paths, "round_id", "round_name")
round_no = int(now["round_no"].iloc[0])

if own:
    st.markdown(f"**{fragments.literal(effect_tables.own_sentence(now.iloc[0]))}**")
else:
    st.html(effect_tables.answer_list(effect_tables.answer(now)))

st.subheader("钱与效", anchor=False)
slider, chooser = st.columns([2, 1])
with slider:
    session.replay_rounds(rounds)
unit = own
if not own:
    choices = {"": "不突出", **tables.names(now, "recipient_id", "recipient_name")}
    session.first_choice("accountability_unit", st.query_params.get("unit"), list(choices))
    unit = chooser.selectbox("突出哪个单位走过的路", list(choices), format_func=choices.get, key="accountability_unit")
    st.query_params["unit"] = unit
absent = effect_tables.not_drawn(now)
if absent:
    st.markdown(f"**{fragments.literal(absent)}**")
charts.show(effect_charts.effect_map(paths, round_no, unit))
way = tables.only(paths, recipient_id=unit) if unit else paths
for sentence in (
    "" if own else effect_tables.map_sentence(now), effect_tables.path_sentence(way, round_no) if unit else "",
):
    if sentence:
        st.markdown(fragments.literal(sentence))
st.caption(fragments.literal(f"{effect_tables.map_caption(paths, round_no)}{effect_tables.limit_caption(now)}"))
with st.expander("图上各轮的数"):
    st.html(fragments.html_table(effect_tables.paths(tables.up_to(way, "round_no", round_no)), is_tall=True))

st.subheader("谁从哪里到了哪里", anchor=False)
moves = session.read(accountability.movements, scope)
st.markdown(fragments.literal(effect_tables.movement_sentence(moves, paths)))
if not moves.empty:
    st.html(fragments.html_table(effect_tables.movements(moves)))
    st.caption("变差的在前。“钱到效未到”与“效先于钱”之间不分高下。各轮按本轮的口径版本和序时进度判定；括号里是差多少个百分点。")

st.subheader("谁该给个说法", anchor=False)
owed = session.read(accountability.owed_answers, scope)
if owed.empty:
    st.success("本单位没有欠填报或欠说明。" if own else "没有单位欠填报或欠说明。")
else:
    st.markdown(
        f"**{'本单位' if own else f'{len(owed)} 个单位'}要答复：未填报的补报，未达标的写明偏差原因和改进措施，"
        "缺上年数的补上年数，被退回的更正后重新报送。**"
    )
    st.html(fragments.html_table(tables.owed(owed)))
    st.page_link("app_pages/deviation.py", label="看每一项偏差", icon=":material/grid_on:")

effects = session.read(standing.unit_effects, scope)
st.subheader("钱与效的差距", anchor=False)
for sentence in (region_tables.wide_gap_sentence(effects), region_tables.milestone_sentence(effects)):
    if sentence:
        st.warning(fragments.literal(sentence))
st.html(fragments.html_table(region_tables.money_against_effect(effects)))
st.caption(fragments.literal(region_tables.gap_caption(effects)))

st.subheader("每人每月花了多少钱", anchor=False)
costs = session.read(accountability.cost_per_head, scope)
kinds = cost_tables.kinds(costs)
if kinds:
    session.first_choice("accountability_aid", st.query_params.get("aid"), list(kinds))
    aid = st.radio("看哪一类救助", list(kinds), format_func=kinds.get, horizontal=True, key="accountability_aid")
    st.query_params["aid"] = aid
    of_kind = tables.only(costs, aid_kind=aid)
    charts.show(cost_charts.cost_dots(of_kind))
    st.caption(fragments.literal(cost_tables.cost_sentence(of_kind)))
    st.html(fragments.html_table(cost_tables.costs(of_kind), is_tall=True))
    st.caption(fragments.literal(cost_tables.cost_caption(of_kind)))
else:
    st.info("没有能算的发放明细：载入一体化系统的发放信息以后，这里才有内容。支付信息不分用在什么人身上，不能拿来平均。")

st.subheader("每分花了多少钱", anchor=False)
if not own:
    whole = session.read(region.region_total, scope, session.settings().region_code)
    st.markdown(fragments.literal(cost_tables.whole_point_sentence(whole)))
st.html(fragments.html_table(cost_tables.points_costs(session.read(accountability.cost_per_point, scope))))
st.caption(
    "每分用钱＝累计支付÷已评得分。得分说的是目标完成得怎样，不是办了多少事：钱多的单位每分自然用得多，"
    "单位之间不能拿来排名。支付是全年累计的，各轮自然增加；得分不增而每分用钱增加的，值得问一问。"
)
