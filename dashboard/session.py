"""What a running page needs: the workspace, the cached boards, and the scope that its address names."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.actions.reports import template_workbook
from dashboard.actions.rights import COUNTY_REPORTER, PREFECTURE_OFFICER
from dashboard.workspace import Settings, Workspace, open_workspace
from data.audit import Actor
from data.errors import WenxiaoError
from data.intake.form import ReportForm
from metrics.boards import papers
from metrics.boards.definition import Scope
from metrics.boards.reporting import rounds

WORKSPACE_VARIABLE = "WENXIAO_WORKSPACE"


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """The workspace that this process serves, opened once."""
    folder = os.environ.get(WORKSPACE_VARIABLE)
    if not folder:
        raise WenxiaoError("没有指定数据目录：请用 wenxiao serve --workspace 目录 启动。")
    return open_workspace(Path(folder))


@st.cache_data(show_spinner=False, max_entries=2000)
def _cached(name: str, data_version: int, arguments: tuple[Any, ...], _function: Callable[..., Any]) -> Any:
    return _function(workspace().store, *arguments)


def read(function: Callable[..., Any], *arguments: Any) -> Any:
    """A board's result, computed once per state of the store."""
    name = f"{function.__module__}.{function.__qualname__}"
    return _cached(name, workspace().store.data_version, arguments, function)


def settings() -> Settings:
    """The workspace's settings, read once per state of the store."""
    return _settings(workspace().store.data_version)


@st.cache_data(show_spinner=False, max_entries=8)
def _settings(data_version: int) -> Settings:
    return workspace().settings


def _choice(name: str, options: list[str]) -> str:
    """The option that the address names, or the one chosen before, or the first."""
    for wanted in (st.query_params.get(name), st.session_state.get(f"scope_{name}")):
        if wanted in options:
            return str(wanted)
    return options[0]


def scope_bar() -> Scope | None:
    """Let the person choose notice, round and 统计截止日 on top of every page; None before any notice.

    The choice stands in the address, so that a link opens the same page for another person.
    """
    notices = read(papers.notices)
    if notices.empty:
        return None
    today = settings().today()
    columns = st.columns([5, 3, 3], vertical_alignment="bottom")
    numbers = list(notices["document_number"])
    titles = dict(zip(numbers, notices["fund_name"].fillna(""), strict=True))
    _prepare("scope_notice", _choice("notice", numbers))
    number = columns[0].selectbox(
        "资金文件", numbers, key="scope_notice", format_func=lambda n: f"{n} {titles[n]}".strip()
    )
    table = read(rounds, number)
    names = dict(zip(table["round_id"], table["round_name"], strict=True))
    ids = list(names) or [""]
    _prepare("scope_round", _choice("round", ids))
    round_id = columns[1].selectbox(
        "填报轮次", ids, key="scope_round", format_func=lambda r: names.get(r, "尚未开启轮次")
    )
    _prepare("scope_as_of", _day(st.query_params.get("as_of")) or today)
    as_of = columns[2].date_input("统计截止日", key="scope_as_of", max_value=today, format="YYYY-MM-DD")
    if not isinstance(as_of, date):
        as_of = today
    st.query_params.update({"notice": number, "round": round_id, "as_of": as_of.isoformat()})
    return Scope(number, round_id, as_of)


def _prepare(key: str, value: Any) -> None:
    """Give a keyed widget its first value; later the person's own choice stays."""
    if key not in st.session_state:
        st.session_state[key] = value


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def address() -> str:
    """The scope as the query of a link to another page."""
    return urlencode({name: st.query_params.get(name, "") for name in ("notice", "round", "as_of")})


def follow_click(event: Any, page: str) -> None:
    """Put the unit and indicator of a chosen point, or those of the address, into the page's selectors."""
    points = event.selection.points if event else []
    last = st.session_state.get(f"{page}_clicked")
    if points and points != last:
        recipient_id, indicator_no = points[0]["customdata"][:2]
        st.session_state[f"{page}_unit"] = str(recipient_id)
        st.session_state[f"{page}_indicator"] = int(indicator_no)
    elif f"{page}_unit" not in st.session_state:
        unit, indicator = st.query_params.get("unit"), st.query_params.get("indicator", "")
        if unit:
            st.session_state[f"{page}_unit"] = unit
        if indicator.isdigit():
            st.session_state[f"{page}_indicator"] = int(indicator)
    st.session_state[f"{page}_clicked"] = points


def officer(name: str) -> Actor:
    """A prefecture officer who acts under the name given on the page."""
    return Actor(name.strip(), PREFECTURE_OFFICER)


def reporter(name: str, recipient_id: str) -> Actor:
    """A unit's reporter who acts under the name given on the page."""
    return Actor(name.strip(), COUNTY_REPORTER, recipient_id)


def yuan(amount_wan: float | None) -> Decimal | None:
    """An amount typed in 万元 with two decimals, as 元; None where nothing was typed."""
    return None if amount_wan is None else Decimal(f"{amount_wan:.2f}") * 10_000


def say_done(page: str) -> None:
    """Show what the last action of this page did, once, after the page has drawn itself anew."""
    done = st.session_state.pop(f"{page}_done", None)
    if done:
        st.success(done)


def first_choice(key: str, wanted: str | None, options: list[str]) -> None:
    """Let the address choose the first value of a selector; later the person's own choice stays."""
    if key not in st.session_state and wanted in options:
        st.session_state[key] = wanted


def template(form: ReportForm) -> bytes:
    """The form as a workbook, made once per form and state of the store."""
    return _template(workspace().store.data_version, form.document_number, form.round_id, form.recipient_id, form)


@st.cache_data(show_spinner=False, max_entries=64)
def _template(data_version: int, document_number: str, round_id: str, recipient_id: str, _form: ReportForm) -> bytes:
    return template_workbook(_form)
