"""依据与口径：每条规则出自哪里，每个数是怎样算的。"""

import streamlit as st

from dashboard import fragments, tables
from metrics.boards import basis
from metrics.thresholds import RULE_VERSION

st.title("依据与口径")
st.markdown(
    f"口径版本 **{RULE_VERSION}**。标“出处待核”的规则还没有人对照过原文，使用前请核对；"
    "标“本单位设定”的界限可以调整，不是全国规定。"
)

limits, sources, boards = st.tabs(["分值与界限", "依据", "每个数怎样算"])
with limits:
    st.html(fragments.html_table(tables.limits(basis.limits())))
with sources:
    for source in basis.sources().to_dict("records"):
        with st.container(border=True):
            st.markdown(f"**{source['citation']}**　`{source['trust']}`")
            if source["quote"]:
                st.html(fragments.quote(source["quote"]))
            if source["note"]:
                st.caption(source["note"])
with boards:
    st.html(fragments.html_table(tables.definitions(basis.board_definitions())))
