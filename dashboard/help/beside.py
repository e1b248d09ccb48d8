"""Help beside the thing: what this page answers and its words, opened on the page itself."""

from __future__ import annotations

import streamlit as st

from dashboard import fragments
from dashboard.help.entries import page_help, terms_of


def show_page_help(page: str) -> None:
    """A button that opens the help of a page; its words are sent only when somebody opens it."""
    entry = page_help(page)
    if entry is None:
        return
    opened = st.popover("这一页怎么用", icon=":material/help:", type="tertiary", key=f"help_{page}", on_change="rerun")
    if opened.open:
        with opened:
            st.html(fragments.page_help(entry))
            if terms_of(page):
                st.html(fragments.term_list(terms_of(page)))
            st.page_link("app_pages/help.py", label="全部帮助", icon=":material/arrow_forward:")
