"""运行状况：服务、备份、磁盘和数据是不是都好，不好的怎么办。"""

import streamlit as st

from dashboard import fragments, service_state, session
from dashboard.doctor import MOST_SHOWN, WHAT_TO_DO
from metrics.boards import service

st.title("运行状况")

settings = session.settings()
doctor = session.doctor()
place = st.container()
st.subheader("数据核对", anchor=False)
st.caption("每次启动后核对一次：引用、合计、原件、得分、办理记录。在服务器上也可以用命令核对，写法见使用说明。")
if st.button("重新核对", key="status_again", icon=":material/refresh:"):
    with st.spinner("正在核对数据……"):
        doctor.examine()
examined = doctor.latest

holdings = session.read_now(service.holdings).iloc[0]
found = service_state.facts(
    session.workspace().store, holdings, examined, settings.today(), is_demonstration=settings.is_demonstration
)
with place:
    tell = st.error if any(fact.is_well is False for fact in found) else st.success if examined else st.info
    tell(service_state.headline(found, examined))
    st.html(fragments.html_table(service_state.fact_table(found)))

if examined is None:
    st.info("启动后的核对还没有做完，请几分钟后再看，或现在就点“重新核对”。")
    st.stop()
if examined.fault_count:
    st.error(WHAT_TO_DO)
    st.html(fragments.html_table(service_state.fault_table(examined, MOST_SHOWN)))
st.html(fragments.html_table(service_state.examined_table(examined)))
