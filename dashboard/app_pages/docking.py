"""系统对接：两个系统的导出载入了哪些、缺哪些，哪些行没有载入，导出的列和用词怎样对照。"""

from datetime import date

import streamlit as st

from dashboard import docking_tables, empty, fragments, mapping_tables, session, tables
from dashboard.actions.docking import ExportPlan, load_export, withdraw_export
from dashboard.actions.mappings import adopt_mapping
from data.docking.mapping import export_title
from data.docking.person_key import read_or_make_key
from data.errors import IntakeError, WenxiaoError
from metrics.boards import docking

st.title("系统对接")

settings, store = session.settings(), session.workspace().store
own = session.actor().recipient_id
now = session.read(docking.loaded_now)
titles = docking_tables.titles()

for sentence in docking_tables.missing(now, own):
    st.warning(fragments.literal(sentence))
st.markdown(f"**{fragments.literal(docking_tables.first_sentence(now))}**")
if now["export_no"].isna().all() and not session.may("load_export"):
    empty.tell_no_exports()
session.say_done("docking")
if own:
    st.caption("这里只列出本单位自己载入的导出；州级载入的全部单位的导出不在其中。")
st.html(fragments.html_table(docking_tables.matrix(now)))

mappings = {
    key: mapping_tables.as_mapping(
        session.read(docking.mapping, *key.split("-")), session.read(docking.words, *key.split("-"))
    )
    for key in titles
}
if session.may("load_export"):
    st.subheader("载入一份导出", anchor=False)
    st.caption(
        "从系统导出后原样上传，先试读，确认后才写入。同样或更大范围的新导出替换旧的，旧的仍可按以前的统计截止日查看。"
        "姓名、证件号码、账号只留下加密后的代号，文件本身不保存；文件名会留下，其中的长数字以※代替，"
        "请不要用姓名作文件名。更大的文件请服务器的主人用命令载入。"
    )
    turn = st.session_state.setdefault("docking_turn", 0)
    uploaded = st.file_uploader(
        "把导出的文件拖到这里，或点击选择（逗号分隔文本、列式文件或只有一张表的工作簿）",
        type=["csv", "parquet", "xlsx"], max_upload_size=200, key=f"docking_file_{turn}",
    )
    try:
        if uploaded is not None:
            known = st.session_state.get("docking_guessed", ("", None))
            if known[0] != uploaded.file_id:
                known = (uploaded.file_id, docking_tables.guessed(
                    list(mappings.values()), uploaded.getvalue(), uploaded.name
                ))
                st.session_state["docking_guessed"] = known
            guessed, sentence = known[1]
            st.info(fragments.literal(sentence))
            units = docking_tables.unit_choices(session.read(docking.units), own)
            with st.form(f"docking_plan_{turn}_{uploaded.file_id}"):
                left, right = st.columns(2)
                key = left.selectbox(
                    "哪个系统的哪种数据", list(titles), format_func=titles.get, placeholder="请选择",
                    index=list(titles).index(guessed) if guessed else None, key=f"docking_key_{turn}",
                )
                unit = right.selectbox("哪些单位的", list(units), format_func=units.get, key=f"docking_unit_{turn}")
                left, right = st.columns(2)
                from_on = left.date_input(
                    "期间起", date(settings.today().year, 1, 1), format="YYYY-MM-DD", key=f"docking_from_{turn}",
                    help="和在系统里导出时选的起止日期一样。这段期间的旧数会被替换。",
                )
                to_on = right.date_input(
                    "期间止", settings.today(), format="YYYY-MM-DD", key=f"docking_to_{turn}",
                    help="导出算到的最后一天。没有导出到的日子不当作零。",
                )
                is_asked = st.form_submit_button("先试读，不写入", key="docking_try")
            if is_asked and not key:
                st.error("请先选择是哪个系统的哪种数据。")
            if is_asked and key:
                plan = ExportPlan(*key.split("-"), from_on, to_on, unit or "")
                with st.status("正在逐行试读……", expanded=False):
                    tried = load_export(
                        store, session.actor(), settings.now(), read_or_make_key(session.workspace().folder),
                        uploaded.getvalue(), uploaded.name, plan, dry_run=True,
                    )
                st.session_state["docking_tried"] = (uploaded.file_id, store.data_version, plan, tried)
            file_id, seen, plan, tried = st.session_state.get("docking_tried", ("", 0, None, None))
            if (file_id, seen) == (uploaded.file_id, store.data_version):
                said = f"{export_title(plan.system_name, plan.record_kind)}（{units[plan.recipient_id]}，" \
                       f"{plan.period_from_on:%Y-%m-%d} 至 {plan.period_to_on:%Y-%m-%d}）"
                st.markdown(f"**{fragments.literal(said)}**")
                if tried.read.rejected_count:
                    st.warning(fragments.literal(docking_tables.outcome_sentence(tried)))
                    st.caption(
                        f"不能载入的行，最多列出 {docking_tables.SHOWN_REJECTS} 行。其余的行照常载入；"
                        "可以先在系统里更正、重新导出，再来载入。"
                    )
                    st.html(fragments.html_table(docking_tables.reject_table(tried.rejects), is_tall=True))
                else:
                    st.info(fragments.literal(docking_tables.outcome_sentence(tried)))
                if tried.ignored_heads:
                    st.caption(fragments.literal(docking_tables.ignored_sentence(tried.ignored_heads)))
                if st.button(f"载入 {tried.read.row_count:,} 行", type="primary", key="docking_load"):
                    with st.status("正在载入，并重新对账……", expanded=False):
                        loaded = load_export(
                            store, session.actor(), settings.now(), read_or_make_key(session.workspace().folder),
                            uploaded.getvalue(), uploaded.name, plan,
                        )
                    number = f"回执：办理记录{loaded.entry}。" if loaded.entry else ""
                    st.session_state["docking_done"] = f"{said}{docking_tables.outcome_sentence(loaded)}{number}"
                    st.session_state["docking_turn"] = turn + 1
                    st.rerun()
    except IntakeError as error:
        st.error(fragments.literal(f"《{error.file_name}》有 {error.count:,} 处要更正，什么也没有写入。"))
        st.html(fragments.html_table(tables.issues(error.issues)))
    except WenxiaoError as error:
        st.error(fragments.literal(error))

loaded_before = session.read(docking.exports)
if not loaded_before.empty:
    st.subheader("载入经过", anchor=False)
    st.html(fragments.html_table(docking_tables.history(loaded_before), is_tall=True))
    faulty = docking_tables.choices(loaded_before[loaded_before["rejected_count"] > 0])
    if faulty:
        st.subheader("没有载入的行", anchor=False)
        number = st.selectbox("哪一次导出", list(faulty), format_func=faulty.get, key="docking_rejects")
        rejects = session.read(docking.rejects, number)
        st.html(fragments.html_table(docking_tables.reject_table(rejects), is_tall=True))
        st.download_button(
            "下载没有载入的行", docking_tables.rejects_csv(rejects), mime="text/csv",
            file_name=f"没有载入的行_第{number}次.csv", key="docking_rejects_file", icon=":material/download:",
        )
    current = docking_tables.choices(tables.only(loaded_before, export_state="current"))
    if current and session.may("withdraw_export"):
        with st.expander("撤回一次导出"), st.form("docking_withdraw"):
            st.caption("只在载错了文件时撤回；撤回以后这份数据不再计入。有更新的导出时直接载入，旧的自动被替换。")
            number = st.selectbox("撤回哪一次", list(current), format_func=current.get, key="docking_withdraw_number")
            reason = st.text_input("撤回的理由", key="docking_withdraw_reason")
            if st.form_submit_button("撤回", key="docking_withdraw_submit"):
                try:
                    entry = withdraw_export(store, session.actor(), settings.now(), number, reason)
                    st.session_state["docking_done"] = f"已撤回第 {number} 次导出。回执：办理记录{entry}。"
                    st.rerun()
                except WenxiaoError as error:
                    st.error(fragments.literal(error))

st.subheader("对照表", anchor=False)
st.caption(
    "导出的哪一列是什么、系统里的用词是什么意思。列名不同的，在这里补上表头即可；改动另成一版，以前载入的仍按当时的版本。"
)
key = st.selectbox("哪种导出", list(titles), format_func=titles.get, key="docking_mapping")
mapping = mappings[key]
fields, words = mapping_tables.field_table(mapping), mapping_tables.word_table(mapping)
st.markdown(f"**{fragments.literal(titles[key])}，现行第 {mapping.version} 版**")
if session.may("adopt_mapping"):
    edition = f"{key}_{mapping.version}"
    # A form: the page is not drawn anew between two cells, which would drop what is being typed.
    with st.form(f"docking_mapping_{edition}", border=False):
        typed_fields = st.data_editor(
            fields, hide_index=True, height="content", key=f"docking_fields_{edition}",
            disabled=[mapping_tables.FIELD_HEAD, mapping_tables.REQUIRED_HEAD],
            column_config={mapping_tables.UNIT_HEAD: st.column_config.SelectboxColumn(
                options=[mapping_tables.NO_UNIT, "元", "万元"]
            )},
        )
        typed_words = words if words.empty else st.data_editor(
            words, hide_index=True, height="content", key=f"docking_words_{edition}",
            disabled=[mapping_tables.FIELD_HEAD, mapping_tables.VALUE_HEAD],
        )
        reason = st.text_input("为什么改", key=f"docking_mapping_reason_{edition}")
        is_adopted = st.form_submit_button("采用新版本", key="docking_adopt")
    if is_adopted:
        try:
            entry = adopt_mapping(
                store, session.actor(), settings.now(), mapping.system_name, mapping.record_kind,
                mapping_tables.typed_heads(mapping, typed_fields), mapping_tables.typed_words(mapping, typed_words),
                reason,
            )
            st.session_state["docking_done"] = f"{titles[key]}的对照表已采用新版本。回执：办理记录{entry}。"
            st.rerun()
        except WenxiaoError as error:
            st.error(fragments.literal(error))
else:
    st.html(fragments.html_table(fields))
    if not words.empty:
        st.html(fragments.html_table(words))
with st.expander("对照表的版本"):
    st.html(fragments.html_table(mapping_tables.version_table(
        session.read(docking.versions, mapping.system_name, mapping.record_kind)
    )))
