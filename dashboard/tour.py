"""The first-use tour: a slim box above the first page, one step at a time, put away for good at any step.

It stands on the role's first page and on the page that its step is about, nowhere else; nothing waits for it.
"""

from __future__ import annotations

import streamlit as st

from dashboard import fragments, menu, session
from dashboard.actions.tour import close_tour, is_tour_open
from dashboard.help.entries import tour

TITLES = {entry.name: entry.title for entry in menu.ENTRIES}


def file_of(page: str) -> str:
    """A page's file as Streamlit names it."""
    return f"app_pages/{page}.py"


def show_tour(page: str) -> None:
    """Show the step that the person has come to, if it belongs on this page and the tour is not put away.

    A read replica has none: it could not be put away there.
    """
    person = session.actor()
    if not session.may("close_tour"):
        return
    if "tour_open" not in st.session_state:
        st.session_state["tour_open"] = is_tour_open(session.workspace().store, person.account_id)
    steps = tour(person.role)
    number = min(st.session_state.setdefault("tour_step", 0), len(steps) - 1)
    if not st.session_state["tour_open"] or page not in (menu.first_page(person.role), steps[number].page):
        return
    step, is_last = steps[number], number == len(steps) - 1
    with st.container(border=True, key="tour"):
        st.html(fragments.tour_step(number + 1, len(steps), step, "" if step.page == page else TITLES[step.page]))
        with st.container(horizontal=True, vertical_alignment="center"):
            is_there = step.page == page
            is_opened = not is_there and st.button(
                f"打开“{TITLES[step.page]}”", key="tour_open_page", type="primary", icon=":material/arrow_forward:",
            )
            following = "看完了" if is_last else "下一步"
            is_going_on = st.button(following, key="tour_next", type="primary" if is_there else "secondary")
            is_put_away = st.button("不再显示", key="tour_close", help="以后要看，到“帮助”里重新开始")
    if is_opened:
        st.switch_page(file_of(step.page))
    if is_put_away or (is_going_on and is_last):
        close_tour(session.workspace().store, person, session.settings().now())
        st.session_state["tour_open"] = False
        st.rerun()
    if is_going_on:
        st.session_state["tour_step"] = number + 1
        st.switch_page(file_of(steps[number + 1].page))


def begin_again() -> None:
    """Let the tour begin with its first step; the page then goes to where it is shown."""
    st.session_state["tour_open"], st.session_state["tour_step"] = True, 0
    st.switch_page(file_of(menu.first_page(session.actor().role)))
