"""发放佐证：单位自报的，与发放明细、支付信息对得上吗；哪些发放需要核对。"""

import streamlit as st

from dashboard import charts, empty, fragments, payout_charts, payout_tables, session, tables
from metrics.boards import payout

st.title("发放佐证")

scope = empty.round_or_stop()
own = empty.own_unit_or_stop(scope)
docked = session.read(payout.docked, scope)
claims = session.read(payout.beside_claims, scope)
rates = session.read(payout.rates, scope)
found = session.read(payout.found, scope)

absent = payout_tables.missing(docked)
if absent:
    st.warning("\n\n".join(fragments.literal(sentence) for sentence in absent))
if docked["payout_until_on"].isna().all() and not docked["has_payments"].any():
    empty.tell_no_exports()
    st.stop()

st.markdown(f"**{fragments.literal(payout_tables.first_sentence(claims))}**")
st.caption("佐证胜于自报：差额在这里和“审核填报”里显示，得分不自动改变，由审核人退回更正或者复核。")

st.subheader("自报与佐证", anchor=False)
measures = tables.names(claims, "measure_key", "short_name")
drawn = claims[claims["claimed_rate"].notna() & claims["computed_rate"].notna()]
offered = [key for key in measures if key in set(drawn["measure_key"])]
if offered:
    words = {key: fragments.literal(name) for key, name in measures.items()}
    chosen = st.radio("看哪一项", offered, format_func=words.get, horizontal=True, key="payout_measure")
    chosen_rows = tables.only(claims, measure_key=chosen)
    charts.show(payout_charts.rate_dots(chosen_rows))
    st.caption(f"圆圈是自报，实心是佐证算得，越往上差得越多。{fragments.literal(chosen_rows['sentence'].iloc[0])}")
st.html(fragments.html_table(payout_tables.claims(claims), is_tall=True))
st.caption("算到本轮截至日；人数取最近一个已到发放截止日的月份。")

st.subheader("三项比率", anchor=False)
st.markdown(fragments.literal(payout_tables.rate_sentence(rates)))
st.html(fragments.html_table(payout_tables.rates(rates), is_tall=True))
st.caption("算到统计截止日。发放截止日是本单位设定的，条例只说按月发给，出处待核；通过银行发放指“一卡通”等银行代发。")

st.subheader("需要核对的发放", anchor=False)
st.html(fragments.figures(payout_tables.cards(found)))
st.caption("都是提示，由人核实。人员只有代号，同一页里同一代号是同一个人；姓名、证件号码、账号没有保存，请按文件和行号到原系统查。")
held = [key for key in payout_tables.LIST_WORDS if key in set(found["list_key"])]
if held:
    key = st.radio(
        "看哪一类", held, format_func=payout_tables.LIST_WORDS.get, horizontal=True, key="payout_list"
    )
    lines = session.read(payout.found_lines, scope)
    if not own:
        st.html(fragments.html_table(payout_tables.found(found, key)))
    shared = payout_tables.across(lines)
    if key == "duplicate" and not own and len(shared):
        st.markdown(f"**{len(shared)} 处是不同单位发给同一个人的：**")
        st.html(fragments.html_table(shared, is_tall=True))
    st.html(fragments.html_table(payout_tables.lines(lines, key), is_tall=True))
    st.caption(fragments.literal(payout_tables.more_sentence(found, lines, key)))

heads = session.read(payout.heads, scope)
if not heads.empty:
    st.subheader("各类各月人数", anchor=False)
    names = {"": "全部单位", **tables.names(heads, "recipient_id", "recipient_name")}
    unit = own or st.selectbox("看哪个单位", list(names), format_func=names.get, key="payout_unit")
    shown = tables.only(heads, recipient_id=unit) if unit else heads
    if shown.empty:
        st.info("本单位没有发放。")
        st.stop()
    charts.show(payout_charts.head_bars(shown))
    st.caption(f"发放成功的人数，每类各用自己的尺度。{fragments.literal(payout_tables.head_sentence(shown))}")
