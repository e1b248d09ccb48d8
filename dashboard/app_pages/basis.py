"""依据与口径：本轮按哪一版口径计分，每个分值和界限是多少、出自哪里，改了会怎样，每个数是怎样算的。"""

import streamlit as st

from dashboard import fragments, limit_tables, rule_tables, session
from dashboard.actions.limits import change_limit
from dashboard.actions.rules import adopt_rules
from data.errors import WenxiaoError
from data.intake.columns import MAX_TEXT_LENGTH
from metrics.boards import basis, reporting
from metrics.boards import limits as limit_boards
from metrics.rule_changes import RuleChange

st.title("依据与口径")

scope = st.session_state["scope"]
settings = session.settings()
versions = session.read(basis.versions)
titles = rule_tables.version_title(versions)
newest = versions["rule_version"].iloc[0]
in_round = ""
if scope is not None and scope.round_id:
    rounds = session.read(reporting.rounds, scope.document_number).set_index("round_id")
    in_round = rounds.loc[scope.round_id, "rule_version"]
    round_name = fragments.literal(rounds.loc[scope.round_id, "round_name"])
    st.markdown(
        f"**本轮（{round_name}）按 {fragments.literal(titles[in_round])}计分**；"
        "开启轮次时定下，以后改口径也不变。"
    )
else:
    st.markdown(f"**还没有开启填报轮次；开启时取数据截至日当天有效的口径。最新一版：{fragments.literal(titles[newest])}**")
st.caption("标“出处待核”的规则还没有人对照过原文，使用前请核对；“本单位设定”的界限可以调整，不是全国规定。")
session.say_done("basis")

chosen = st.selectbox(
    "口径版本", list(titles), index=list(titles).index(in_round or newest), format_func=titles.get,
    key=f"basis_version_{in_round}_{len(titles)}", help="每一版是一整套分值和界限；只影响在它生效以后开启的轮次。",
)
heads = ["分值与界限", "监控界限", "各版比较", "依据", "每个数怎样算"]
if session.may_read(basis.consequence):
    heads.append("如果本轮按这一版")
limits, monitoring, compare, sources, boards, *effects = st.tabs(heads)
with limits:
    st.html(fragments.html_table(rule_tables.limits(session.read(basis.limits, chosen)), is_tall=True))
with monitoring:
    as_of_on = settings.today() if scope is None else scope.as_of_on
    standing = session.read(limit_boards.limits, as_of_on)
    st.markdown(f"**统计截止 {as_of_on:%Y-%m-%d}：{fragments.literal(limit_tables.first_sentence(standing))}**")
    st.html(fragments.html_table(limit_tables.limits(standing), is_tall=True))
    changed = session.read(limit_boards.changes)
    if len(changed):
        st.caption("历次更改，最近办理的在前。")
        st.html(fragments.html_table(limit_tables.changes(changed)))
with compare:
    st.html(fragments.html_table(rule_tables.versions(versions)))
    others = [version for version in titles if version != chosen]
    if others:
        other = st.selectbox("与哪一版比较", others, format_func=titles.get, key=f"basis_other_{chosen}")
        older, newer = sorted((other, chosen), key=list(titles).index, reverse=True)
        found = session.read(basis.difference, older, newer)
        st.markdown(f"**从 {fragments.literal(older)} 版到 {fragments.literal(newer)} 版，{len(found)} 个数不同。**")
        st.html(fragments.html_table(rule_tables.difference(found, older, newer)))
    else:
        st.info("还只有程序自带的一版口径。需要改动时，在下方“起用新的口径版本”填写。")
for tab in effects:
    with tab:
        if not in_round:
            st.info("还没有轮次可以比较。开启轮次、有了填报以后，这里显示换一版口径会改变哪些结果。")
            continue
        consequence = session.read(basis.consequence, scope, chosen)
        st.markdown(f"**{fragments.literal(rule_tables.consequence_sentence(consequence, chosen, in_round))}**")
        if chosen != in_round and len(consequence.cells):
            st.html(fragments.html_table(rule_tables.changed_units(consequence)))
        if consequence.cells["is_changed"].any():
            st.caption("逐项比较，只列不同的，状态不同的在前。")
            st.html(fragments.html_table(rule_tables.changed_cells(consequence), is_tall=True))
with sources:
    st.html(rule_tables.sources(session.read(basis.sources)))
with boards:
    st.html(fragments.html_table(rule_tables.definitions(session.shipped(basis.board_definitions))))

if in_round and session.may("export_archive"):
    with st.container(border=True):
        st.markdown("**给审计人员的可复算档案**：收到的原件、每个得分的输入、规则原文、全部登记和校验码；不需要本程序也能把每个得分重新算一遍。每次下载都记入办理记录。")
        st.download_button(
            "下载可复算档案", session.archive_maker(), file_name=f"可复算档案_{settings.today():%Y-%m-%d}.zip",
            mime="application/zip", key="basis_archive", icon=":material/archive:",
        )

if session.may("change_limit"):
    with st.expander("更改监控界限（从生效日起，不影响得分）"):
        options = limit_tables.editable(standing)
        names = {name: limit_tables.option(row) for name, row in options.items()}
        key = st.selectbox("哪个界限", list(options), format_func=names.get, key="basis_limit")
        limit = options[key]
        st.caption(limit_tables.CHANGE_NOTE)
        with st.form("basis_change_limit"):
            left, right = st.columns(2)
            value = left.number_input(
                f"改为（{limit['unit']}）", limit["least"], limit["most"], limit["value"], step=1,
                key=f"basis_limit_{key}",
            )
            from_on = right.date_input(
                "生效日", value=settings.today(), format="YYYY-MM-DD", key="basis_limit_effective"
            )
            why = st.text_input(
                "更改理由", max_chars=MAX_TEXT_LENGTH, key="basis_limit_reason", placeholder="例如：按某号文件调整"
            )
            if st.form_submit_button("更改界限", type="primary"):
                try:
                    change_limit(
                        session.workspace().store, session.actor(), settings.now(), key, value, why, from_on
                    )
                    st.session_state["basis_done"] = (
                        f"“{limit['name']}”从 {from_on} 起改为 {value} {limit['unit']}，已记入办理记录。"
                    )
                    st.rerun()
                except WenxiaoError as error:
                    st.error(fragments.literal(error))

if not session.may("adopt_rules"):
    st.stop()
with st.expander("起用新的口径版本（只用于以后开启的轮次，已开启的轮次不变）"):
    starting_points = session.read(basis.starting_points)
    bases = rule_tables.base_titles(starting_points)
    base_name = st.selectbox("从哪一版改起", list(bases), format_func=bases.get, key="basis_base")
    base = starting_points[base_name]
    st.caption("比例填百分数，例如 80 或 12.5；留空表示不启用（只有累计执行率下限可以留空）。")
    with st.form("basis_adopt"):
        columns = st.columns(3)
        texts = {}
        for position, (key, rule) in enumerate(rule_tables.editable().items()):
            texts[key] = columns[position % 3].text_input(
                fragments.literal(rule_tables.field_label(rule)), value=rule_tables.field_text(rule, base),
                key=f"basis_{base_name}_{key}",
            )
        effective_on = columns[0].date_input(
            "生效日", value=settings.today(), format="YYYY-MM-DD", key="basis_effective"
        )
        profile_name = columns[1].text_input("口径名称（可不填）", key="basis_profile", placeholder="例如：巴州2022")
        reason = st.text_input("修改理由", key="basis_reason", placeholder="例如：按某号文件调整")
        if st.form_submit_button("起用", type="primary"):
            try:
                change = RuleChange(
                    base_name, rule_tables.typed_changes(texts, base), effective_on, reason, profile_name
                )
                name = adopt_rules(
                    session.workspace().store, session.actor(), settings.now(), change
                )
                st.session_state["basis_done"] = (
                    f"已起用 {name} 版口径，{effective_on} 起生效；数据截至日在这一天或以后的新轮次按它计分。"
                )
                st.rerun()
            except WenxiaoError as error:
                st.error(fragments.literal(error))
