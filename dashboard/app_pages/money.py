"""资金流向：钱从分配到登记、支付、发放走到哪里，停在哪里，闲了多少天，哪些支付要核对。"""

import streamlit as st

from dashboard import (
    charts,
    empty,
    fragments,
    inquiry_records,
    money_charts,
    money_sentences,
    money_tables,
    session,
    tables,
)
from dashboard.actions.rate_reasons import explain_rate
from data.errors import WenxiaoError
from metrics.boards import money
from metrics.boards.inquiries import consequences

st.title("资金流向")

scope = empty.scope_or_stop()
own = empty.own_unit_or_stop(scope)
chain = session.read(money.chain, scope)
execution = session.read(money.execution, scope)
names = tables.names(chain, "recipient_id", "recipient_name")

unit = own
if not own:
    choices = {"": "全部单位", **{key: name for key, name in names.items() if key}}
    session.first_choice("money_unit", st.query_params.get("unit"), list(choices))
    unit = st.selectbox("单位", list(choices), format_func=choices.get, key="money_unit")
    st.query_params["unit"] = unit
chain, execution = money_tables.of_unit(chain, unit), money_tables.of_unit(execution, unit)
idle = money_tables.of_unit(session.read(money.idle, scope), unit)
has_docked = money_tables.is_docked(chain)

decided = session.read(consequences, scope)
held = inquiry_records.of_unit(decided, unit) if unit else inquiry_records.units_sentence(decided)
if held:
    st.warning(f"问效的处理：{fragments.literal(held)}。")
for sentence in money_sentences.not_docked(chain):
    st.warning(fragments.literal(sentence))
if has_docked:
    st.markdown(f"**{fragments.literal(money_sentences.first_sentence(idle))}**")
    st.html(fragments.figures(money_tables.figures(chain, execution)))
session.say_done("money")

if has_docked:
    flow = money_tables.of_unit(session.read(money.flow, scope), unit)
    st.subheader("钱走到哪里", anchor=False)
    charts.show(money_charts.flow_diagram(flow))
    st.caption(f"单位为万元。{fragments.literal(money_sentences.flow_sentence(flow))}")
    st.html(fragments.html_table(money_tables.steps(chain)))

    st.subheader("执行进度", anchor=False)
    progress = money_tables.of_unit(session.read(money.progress, scope), unit)
    st.markdown(fragments.literal(money_sentences.progress_sentence(progress)))
    st.html(fragments.html_table(money_tables.progress(progress)))
    st.caption(
        "金额单位为万元。“—”是没有对接或者没有基数，不是零；合计只加有数的单位。"
        "短进度＝支出进度−应达进度，短支额＝短进度×下达，负数为短。"
    )
    st.html(fragments.html_table(money_tables.reported(execution)))
    st.caption("自报减系统：最近一轮自报的支付减去到该轮截至日系统里的净支付。评分仍用自报数。")

    st.subheader("发放明细挂接", anchor=False)
    st.markdown(fragments.literal(money_sentences.hook_sentence(progress)))
    st.html(fragments.html_table(money_tables.hooks(progress)))
    st.caption("金额单位为万元。应挂接是付给个人和代发银行的净额；已挂接是其中发放明细写明了是哪一笔支付的。“—”是没有应挂接的或者算不出来。")

if session.may("explain_rate"):
    asked = tables.without(execution, recipient_id="")
    with st.expander("说明执行率超过 100% 的原因"):
        about = st.selectbox(
            "哪个单位", list(asked["recipient_id"]), format_func=names.get, key=f"money_reason_unit_{unit}",
        )
        st.caption(fragments.literal(money_sentences.reason_hint(asked.set_index("recipient_id").loc[about])))
        with st.form("money_reason_form"):
            reason = st.text_area("原因：多出的钱是哪一年的结转、哪一笔追加", key="money_reason")
            amount = st.text_input("累计支付到多少万元（含分配的部分；超过这个数要再说明）", key="money_reason_amount")
            if st.form_submit_button("保存原因", type="primary"):
                try:
                    done = explain_rate(
                        session.workspace().store, session.actor(), session.settings().now(),
                        scope.document_number, about, reason, session.yuan(amount),
                    )
                    st.session_state["money_done"] = f"已保存。回执：办理记录{done}。"
                    st.rerun()
                except WenxiaoError as error:
                    st.error(fragments.literal(error))

if not has_docked:
    empty.tell_no_exports()
    st.stop()

st.subheader("闲置资金", anchor=False)
if (idle["balance_yuan"] > 0).any():
    st.html(fragments.html_table(money_tables.idle(idle), is_tall=True))
    st.caption("先登记的先用；天数从登记日和最近一次支付日（退款不算）中较晚的一日，数到支付信息的最后一天。界限是本单位的管理要求，不是全国规定。")
else:
    st.info("没有算得出的结余。")

carried = money_tables.of_unit(session.read(money.carryover, scope), unit)
if not carried.empty:
    st.subheader("结转结余", anchor=False)
    st.markdown(fragments.literal(money_sentences.carryover_sentence(carried)))
    st.html(fragments.html_table(money_tables.carryover(carried), is_tall=True))

st.subheader("疑似使用不当", anchor=False)
wrong = money_tables.of_unit(session.read(money.wrong_use, scope), unit)
if wrong.empty:
    st.info("已载入的支付里没有发现科目、用途、收款人可疑或者超付的。")
else:
    st.html(fragments.html_table(money_tables.wrong_use(wrong), is_tall=True))
    st.caption("只提示，由人核实；退回的已冲减。")

months = money_tables.of_unit(session.read(money.by_month, scope), unit)
if not months.empty:
    st.subheader("分月支付进度", anchor=False)
    charts.show(money_charts.month_lines(tables.without(months, recipient_id="")))
    st.caption(fragments.literal(money_sentences.months_sentence(months)))
    with st.expander("逐月的数"):
        st.html(fragments.html_table(money_tables.months(tables.only(months, recipient_id=unit)), is_tall=True))

st.subheader("按科目", anchor=False)
items = session.read(money.by_item, scope)
st.html(fragments.html_table(money_tables.items(tables.only(items, recipient_id=unit))))

if unit:
    st.subheader("逐行来源", anchor=False)
    rows = session.read(money.unit_rows, scope, unit)
    if len(rows) > 300:
        st.caption(f"共 {len(rows)} 行，列出最新的 300 行。")
    st.html(fragments.html_table(money_tables.unit_rows(tables.first(rows, 300)), is_tall=True))
else:
    st.caption("在页面上方选择一个单位，可以看它的数是从哪些行加出来的。")
