"""日历与时限：哪些日子是工作日，本地区改了哪几天，出处在哪里，一天到几点为止。"""

import streamlit as st

from dashboard import calendar_tables, fragments, session, tables
from dashboard.actions import calendar as actions
from data.errors import WenxiaoError
from metrics.boards import calendar, people
from metrics.counted_days import hours_on
from metrics.regional_plan import RegionalSpan
from metrics.working_days import unpublished_sentence

st.title("日历与时限")

settings = session.settings()
region_code = settings.region_code
years = session.read(calendar.years, region_code)
choices = calendar_tables.year_choices(years["year"])
session.first_choice("calendar_year", st.query_params.get("year", str(settings.today().year)), [*map(str, choices)])
year = int(st.selectbox("年份", [*map(str, choices)], key="calendar_year"))
st.query_params["year"] = str(year)
session.say_done("calendar")

unpublished = unpublished_sentence(year)
table = session.read(calendar.regional_year, region_code, year) if not unpublished else None
if unpublished:
    st.warning(fragments.literal(unpublished))
elif not region_code:
    st.warning("本单位没有设定地区代码，只按国务院办公厅的全国放假安排计算，未计地区民族节日。")
elif table["removed_at"].notna().all():
    st.warning(f"{year}年的地区民族节日放假安排尚未收录，按全国放假安排计算。")

if table is not None:
    st.markdown(f"**{fragments.literal(calendar_tables.year_sentence(year, years, table, region_code))}**")
    if table["removed_at"].isna().any():
        st.subheader("本地区的安排", anchor=False)
        st.html(fragments.html_table(calendar_tables.regional(table)))
    st.subheader("每月工作日", anchor=False)
    st.html(fragments.html_table(calendar_tables.months(session.read(calendar.year_days, region_code, year))))
    if table["removed_at"].notna().any():
        with st.expander(f"移除的地区安排：{int(table['removed_at'].notna().sum())} 天，保留记录"):
            st.html(fragments.html_table(calendar_tables.removed(table)))
with st.expander(f"已有全国安排的年份：{years['year'].min()}–{years['year'].max()}年"):
    st.html(fragments.html_table(calendar_tables.years(years), is_tall=True))

st.subheader("下班时间", anchor=False)
hours = session.read(calendar.office_hours)
st.markdown(f"**{fragments.literal(calendar_tables.office_sentence(hours, settings.today()))}**")
st.caption(calendar_tables.office_basis())
if len(hours):
    with st.expander(f"历次设定：{len(hours)} 次，逐次保留"):
        st.html(fragments.html_table(calendar_tables.office_history(hours)))

if not session.may("add_regional_days"):
    st.stop()
st.subheader("改动日历", anchor=False)
st.caption("先看会改变什么，再确认保存。保存以后，截止日改变的单位从那一刻起重新计分，以前的得分留存不变。")
turn = st.session_state.get("calendar_turn", 1)
add, remove, close = st.tabs(["登记地区安排", "移除一天", "更改下班时间"])
places = calendar_tables.place_names(region_code)
with add, st.form(f"calendar_add_{turn}", border=False):
    left, right = st.columns(2)
    from_on = left.date_input("第一日", value=settings.today(), format="YYYY-MM-DD", key=f"calendar_from_{turn}")
    to_on = right.date_input("最后一日", value=settings.today(), format="YYYY-MM-DD", key=f"calendar_to_{turn}")
    left, right = st.columns(2)
    is_working = left.selectbox(
        "安排", [False, True], format_func=calendar_tables.KINDS.get, key=f"calendar_kind_{turn}"
    )
    name = right.text_input("节日名称", max_chars=40, placeholder="例如：古尔邦节", key=f"calendar_name_{turn}")
    source = st.text_input(
        "出处（发文单位、文号或网址）", max_chars=actions.MOST_LETTERS, key=f"calendar_source_{turn}"
    )
    left, right = st.columns(2)
    trust = left.selectbox(
        "可信程度", list(calendar_tables.OFFERED_TRUST), format_func=calendar_tables.OFFERED_TRUST.get,
        key=f"calendar_trust_{turn}",
    )
    place = right.selectbox("适用地区", list(places), format_func=places.get, key=f"calendar_place_{turn}")
    if st.form_submit_button("看会改变什么"):
        st.session_state["calendar_pending"] = ("add", (
            RegionalSpan(place or "", from_on, to_on, is_working, name, source, trust),
        ))
with remove, st.form(f"calendar_remove_{turn}", border=False):
    removable = {} if table is None else calendar_tables.removable(table)
    if removable:
        chosen = st.selectbox("哪一天", list(removable), format_func=removable.get, key=f"calendar_day_{turn}_{year}")
        reason = st.text_input("理由", max_chars=actions.MOST_LETTERS, key=f"calendar_reason_{turn}")
    else:
        st.caption(f"{year}年没有登记过地区安排；移除别的年份的，请在上方换一个年份。")
    if st.form_submit_button("看会改变什么", disabled=not removable):
        st.session_state["calendar_pending"] = ("remove", (*chosen, reason))
with close, st.form(f"calendar_close_{turn}", border=False):
    held = hours_on(hours, settings.today()) or {"closes_at": "", "source_text": ""}
    left, right = st.columns(2)
    closes_at = left.text_input(
        "下班时间（留空表示到24:00为止）", value=held["closes_at"], max_chars=5, placeholder="例如：19:30",
        key=f"calendar_closes_{turn}",
    )
    closes_from_on = right.date_input(
        "生效日（以前的时刻不变）", value=settings.today(), format="YYYY-MM-DD", key=f"calendar_closes_from_{turn}"
    )
    hours_source = st.text_input(
        "作息时间的出处", value=held["source_text"], max_chars=actions.MOST_LETTERS, key=f"calendar_hours_source_{turn}"
    )
    if st.form_submit_button("看会改变什么"):
        st.session_state["calendar_pending"] = ("close", (closes_at, closes_from_on, hours_source))

kind, given = st.session_state.get("calendar_pending", ("", ()))
rehearse, act, done = {
    "": (None, None, ""),
    "add": (actions.rehearse_regional_days, actions.add_regional_days, "已登记地区安排"),
    "remove": (actions.rehearse_removal, actions.remove_regional_day, "已移除这一天"),
    "close": (actions.rehearse_office_hours, actions.change_office_hours, "已更改下班时间"),
}[kind]
if not kind:
    st.stop()
store = session.workspace().store
try:
    with st.container(border=True):
        change = rehearse(store, session.actor(), settings.now(), *given, region_code)
        st.markdown(f"**{fragments.literal(calendar_tables.change_sentence(change))}**")
        if change.moved:
            units = session.read(people.units)
            names = tables.names(units, "recipient_id", "recipient_name")
            st.html(fragments.html_table(calendar_tables.moved(change, names), is_tall=True))
        save, drop, _ = st.columns([1, 1, 3])
        is_saved = save.button("确认保存", type="primary", key="calendar_save")
        is_dropped = drop.button("不改了", key="calendar_drop")
    if is_saved:
        entry = act(store, session.actor(), settings.now(), *given, region_code)
        st.session_state["calendar_done"] = f"{done}，{change.unit_count} 个单位的截止日改变。办理记录{entry}。"
    if is_saved or is_dropped:
        del st.session_state["calendar_pending"]
        st.session_state["calendar_turn"] = turn + 1
        st.rerun()
except WenxiaoError as error:
    del st.session_state["calendar_pending"]
    st.error(fragments.literal(error))
