"""单位画像：一个单位的钱、效、时限、填报、佐证、疑点、问效单，缺什么，都在这一页，每一部分都能点进去。"""

import streamlit as st

from dashboard import (
    comparison_tables,
    duty_tables,
    empty,
    fragments,
    labels,
    money_tables,
    overview_tables,
    report_tables,
    session,
    tables,
    unit_tables,
)
from metrics.boards import (
    allocation,
    comparison,
    duties,
    findings,
    inquiries,
    money,
    overview,
    payout,
    reconciliation,
    reporting,
)
from metrics.boards import unit as portrait

st.title("单位画像")

scope = empty.round_or_stop()
region = session.settings().region_code
units = tables.by_key(session.read(overview.units, scope, region), "recipient_id")
unit = empty.own_unit_or_stop(scope)
is_own = bool(unit)
if not unit:
    names = tables.names(units, "recipient_id", "recipient_name")
    session.first_choice("unit_unit", st.query_params.get("unit"), list(names))
    unit = st.selectbox("单位（最要紧的在前）", list(names), format_func=names.get, key="unit_unit")
st.query_params["unit"] = unit
address = session.address()
row = units.loc[unit]
indicators = session.read(portrait.indicators, scope, unit)
course = session.read(portrait.course, scope, unit)
owed = session.read(duties.timeline, scope, region)
owed = tables.only(owed, recipient_id=unit)
allocated = tables.by_key(session.read(allocation.units, scope.document_number), "recipient_id").loc[unit]
chain = money_tables.of_unit(session.read(money.chain, scope), unit)
claims = session.read(payout.beside_claims, scope)
claims = tables.only(claims, recipient_id=unit)

st.html(overview_tables.head(scope, unit_tables.headline(row, indicators, is_own=is_own)))
missing = unit_tables.absent(row, indicators, owed, {
    "预算指标": bool(chain["registered_yuan"].notna().any()), "支付": bool(chain["paid_yuan"].notna().any()),
    "发放明细": bool(chain["paid_out_yuan"].notna().any()),
})
if missing:
    st.html(unit_tables.listed(missing))
st.html(overview_tables.figure_row(unit_tables.figures(row, allocated, owed), address, unit=unit))

st.html(unit_tables.part("问效单和处理", "inquiries", address, unit, "看问效单"))
register = session.read(inquiries.register, scope)
st.html(unit_tables.inquiries(tables.only(register, recipient_id=unit), address))
consequences = session.read(inquiries.consequences, scope)
consequences = tables.only(consequences, recipient_id=unit)
if len(consequences):
    st.html(unit_tables.listed(unit_tables.consequence_sentences(consequences)))

st.html(unit_tables.part("各项指标", "deviation", address, unit, "看偏差跟踪"))
st.html(unit_tables.bullets(indicators, course, address, unit))
st.caption(fragments.literal(unit_tables.bullets_sentence(indicators, course)))

st.html(unit_tables.part("资金", "money", address, unit, "看资金流向和逐行来源"))
sources = session.read(allocation.sources, scope.document_number)
st.html(fragments.html_table(unit_tables.chain(tables.only(sources, recipient_id=unit))))
st.html(fragments.html_table(money_tables.steps(chain)))
progress = money_tables.of_unit(session.read(money.execution, scope), unit)
st.html(fragments.html_table(money_tables.reported(progress)))

st.html(unit_tables.part("时限和事项", "timeliness", address, unit, "看时效跟踪"))
st.html(fragments.html_table(tables.but(duty_tables.steps(owed), "单位")))

st.html(unit_tables.part("填报和版本", "reporting", address, unit, "看数据填报"))
versions = session.read(reporting.versions, scope, unit)
if versions.empty:
    st.caption("本轮还没有报送过。")
else:
    st.html(fragments.html_table(report_tables.versions(versions)))

st.html(unit_tables.part("发放佐证", "payout", address, unit, "看发放佐证"))
differences = session.read(reconciliation.summary, scope)
st.html(unit_tables.listed(unit_tables.evidence_sentences(claims)))
st.html(unit_tables.part("两系统对账", "reconciliation", address, unit, "看两系统对账"))
st.markdown(fragments.literal(unit_tables.reconciled_sentence(tables.only(differences, recipient_id=unit))))

compared_on = comparison_tables.choose_day("unit", scope.as_of_on)
if compared_on:
    sides = session.read(comparison.units, scope, region, compared_on)
    states = session.read(comparison.states, scope, compared_on)
    events = session.read(comparison.events, scope, compared_on)
    st.subheader(f"{labels.day(compared_on)}到{labels.day(scope.as_of_on)}变了什么", anchor=False)
    st.markdown(fragments.literal(
        comparison_tables.states_sentence(
            tables.only(sides, recipient_id=unit), tables.only(states, recipient_id=unit), is_own=True
        ) + comparison_tables.events_sentence(tables.only(events, recipient_id=unit))
    ))
    st.html(comparison_tables.unit_table(tables.only(sides, recipient_id=unit), address))
    st.caption(f"箭头前是 {labels.day(compared_on)}，箭头后是 {labels.day(scope.as_of_on)}。")

st.html(unit_tables.part("疑点", "findings", address, unit, "看疑点核查"))
with st.spinner("正在逐条核查……"):
    found = session.read(findings.judged, scope).found
st.html(unit_tables.doubts(tables.only(found, recipient_id=unit), address, unit))
