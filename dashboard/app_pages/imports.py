"""批量导入：下载模板，上传一张多单位的表，先试算，逐行看差错，再导入；每次导入有回执。"""

import streamlit as st

from dashboard import empty, fragments, import_tables, session, tables
from dashboard.actions.imports import import_actuals
from data.errors import IntakeError, WenxiaoError
from metrics.boards import allocation, imports

st.title("批量导入")

scope = empty.round_or_stop()
own = empty.own_unit_or_stop(scope)
settings = session.settings()
store = session.workspace().store
session.say_done("imports")

st.subheader("① 下载模板", anchor=False)
st.caption(
    "一行一个指标；全年执行数单独一行，序号填 0，单位万元。也可以用自己的系统导出同样列名的表。"
    "文件里没有的指标保留上一版的数；文件里有而整行留空的指标视为撤回，不需要的行请删去。"
)
st.download_button(
    "下载批量导入模板", session.bulk_template(scope.document_number, scope.round_id, own),
    file_name=f"批量导入_{scope.round_id}_{scope.document_number}.xlsx", key="imports_template",
    icon=":material/download:", mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
st.download_button(
    "下载填好的示例",
    session.bulk_example(
        scope.document_number, scope.round_id,
        own or session.read(allocation.units, scope.document_number)["recipient_id"].iloc[0],
    ),
    file_name=f"示例_批量导入_{scope.round_id}_{scope.document_number}.xlsx", key="imports_example", type="tertiary",
    icon=":material/lightbulb:", mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    help="同样的表，填了一个单位的举例的数，格子上有批注说明为什么这样填。只供参照，不能导入。",
)

st.subheader("② 上传", anchor=False)
turn = st.session_state.setdefault("imports_turn", 0)
uploaded = st.file_uploader(
    "把表拖到这里，或点击选择（逗号分隔文本、列式文件或工作簿，最多 99,999 行）", type=["csv", "parquet", "xlsx"],
    key=f"imports_file_{turn}",
)
if uploaded is not None:
    st.subheader("③ 核对，导入", anchor=False)
    known = (uploaded.file_id, store.data_version)
    try:
        if st.session_state.get("imports_known") != known:
            with st.status("正在读取、逐行核对并试算得分……", expanded=False) as progress:
                st.session_state["imports_tried"] = import_actuals(
                    store, session.actor(), settings.now(), uploaded.getvalue(), uploaded.name, settings.region_code,
                    dry_run=True,
                )
                st.session_state["imports_known"] = known
                progress.update(label="核对完毕，还没有写入。", state="complete")
        tried = st.session_state["imports_tried"]
        if tried.counts["rejected"]:
            st.error(fragments.literal(import_tables.outcome_sentence(tried)))
        else:
            st.info(fragments.literal(import_tables.outcome_sentence(tried)))
        if tried.counts["withdrawn"]:
            st.warning(f"有 {tried.counts['withdrawn']} 行整行留空，上一版报过的数会撤回、不再计分，请确认是有意撤回。")
        st.html(fragments.html_table(import_tables.counts(tried)))
        if tried.counts["rejected"]:
            st.markdown(f"**没有导入的行**（最多显示 {import_tables.SHOWN_FAULTS} 行，全部见逐行回执）")
            st.html(fragments.html_table(import_tables.rejected(tried), is_tall=True))
        st.download_button(
            "下载逐行核对结果", import_tables.rows_csv(tried.rows), file_name="逐行核对结果.csv", mime="text/csv",
            key="imports_tried_rows", icon=":material/download:",
        )
        units = tried.unit_counts["imported"]
        if not units:
            st.info("没有可以导入的新数据。")
        if st.button(f"导入 {units} 个单位的数据", type="primary", key="imports_submit", disabled=not units):
            with st.status("正在导入并重新计算得分……", expanded=False):
                receipt = import_actuals(
                    store, session.actor(), settings.now(), uploaded.getvalue(), uploaded.name, settings.region_code
                )
            number = f"回执号：{receipt.entry}。" if receipt.entry else "没有写入新的数据。"
            st.session_state["imports_done"] = f"{import_tables.outcome_sentence(receipt)}{number}"
            st.session_state["imports_turn"] = turn + 1
            st.rerun()
    except IntakeError as error:
        st.error(
            f"《{fragments.literal(error.file_name)}》的首行有 {len(error.issues)} 处要改，一条也没有写入。"
            "改好后重新上传即可。"
        )
        st.html(fragments.html_table(tables.issues(error.issues)))
    except WenxiaoError as error:
        st.error(fragments.literal(error))

before = session.read(imports.made)
if len(before):
    st.subheader("以前的导入", anchor=False)
    st.html(fragments.html_table(import_tables.made(before)))
    numbers = [int(number) for number in before["entry_no"]]
    chosen = st.selectbox("查看哪一次的逐行回执", numbers, format_func="第 {} 号".format, key="imports_entry")
    st.download_button(
        "下载逐行回执", import_tables.rows_csv(session.read(imports.import_rows, chosen)), mime="text/csv",
        file_name=f"逐行回执_{chosen}.csv", key="imports_entry_rows", icon=":material/download:",
    )
