"""What a running page needs: the workspace, the cached boards, and the scope that its address names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard import fragments
from dashboard.actions.archives import export_archive
from dashboard.actions.imports import bulk_template_workbook
from dashboard.actions.issued_papers import Desk, draft_paper, require_order
from dashboard.actions.log_export import export_log
from dashboard.actions.messages import queue_test
from dashboard.actions.reports import Upload, prepare_form, rehearse, template_workbook
from dashboard.auth.cookies import secret_in
from dashboard.auth.sessions import Sessions, digest
from dashboard.doctor import Doctor
from dashboard.kept import MEMORY
from dashboard.live_pages import LIVE_PAGES
from dashboard.messages.channels import Channel, Post, read_post
from dashboard.messages.digest import compose
from dashboard.messages.hours import hours_of
from dashboard.messages.letters import Letter
from dashboard.messages.receivers import name_of
from dashboard.messages.sender import reading_at, send_one
from dashboard.papers.catalogue import Order
from dashboard.papers.content import Paper
from dashboard.papers.head import head_template
from dashboard.replica import Follower
from dashboard.rights import NOTHING, board_name, of_actor, reach, read_board, require_board, sees_whole
from dashboard.workspace import Settings, Workspace, open_workspace
from data.audit import Actor
from data.errors import RefusedError, WenxiaoError
from data.intake.example import write_bulk_example, write_example
from data.intake.form import ReportForm
from data.store import Store
from metrics.boards import papers
from metrics.boards.definition import Scope
from metrics.boards.log import LogSearch
from metrics.boards.reporting import rounds

WORKSPACE_VARIABLE = "WENXIAO_WORKSPACE"
REPLICA_VARIABLE = "WENXIAO_REPLICA"     # set in a process that only shows a copy
TOAST_SECONDS = 8     # time enough to read two lines


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """The workspace that this process serves, opened once."""
    following = follower()
    return following.workspace if following else open_workspace(_folder())


@st.cache_resource(show_spinner=False)
def doctor() -> Doctor:
    """Who examines the data of the workspace that this process serves."""
    return Doctor(workspace)


@st.cache_resource(show_spinner=False)
def follower() -> Follower | None:
    """What keeps this process a read replica; None in the main server."""
    return Follower(_folder()) if os.environ.get(REPLICA_VARIABLE) else None


def _folder() -> Path:
    folder = os.environ.get(WORKSPACE_VARIABLE)
    if not folder:
        raise WenxiaoError("没有指定数据目录：请用 wenxiao serve --workspace 目录 启动。")
    return Path(folder)


def read(function: Callable[..., Any], *arguments: Any) -> Any:
    """A board's result as far as the person may see it, kept until something changes; it is shared: change nothing.

    What a unit sees of it is kept beside the whole, under the unit's name, so that tables of it can be kept too.
    """
    person = actor()
    require_board(person, function, *arguments)
    if sees_whole(person, function, arguments):
        return computed(function, arguments)
    return _kept(
        ("of unit", person.recipient_id, function, arguments),
        lambda: of_actor(person, function, arguments, computed(function, arguments)),
    )


def computed(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """A board's whole result, made once; who shows it has to cut it with ``of_actor``."""
    return _kept(("whole", function, arguments), lambda: function(workspace().store, *arguments))


def made(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a pure function of another room makes of a board, made once as ``dashboard.kept`` does for our own."""
    return MEMORY.made(function, arguments, {})


def shipped(function: Callable[[], Any]) -> Any:
    """What the program itself says, kept so that tables of it can be kept too."""
    return _kept(("shipped", function), function)


def previewed(content: str, upload: Upload) -> list[dict[str, Any]]:
    """What an upload would score; ``content`` names all that it says.

    An open page is not brought up for it: it hardly ever says something else because of what others did.
    """
    person, held = actor(), settings()
    key = ("preview", person.role, person.recipient_id, held.today(), content)
    rows: list[dict[str, Any]] = _remembered(
        key, lambda: rehearse(workspace().store, person, held.now(), upload, held.region_code), is_renewable=False
    )
    return rows


def _kept(key: tuple[Any, ...], make: Callable[[], Any], *, is_renewable: bool = True) -> Any:
    LIVE_PAGES.use(key)
    return _remembered(key, make, is_renewable=is_renewable)


def _remembered(key: tuple[Any, ...], make: Callable[[], Any], *, is_renewable: bool) -> Any:
    own = 0 if MEMORY.is_renewing() else _own_change()
    return MEMORY.board(workspace().store, key, make, own=own, is_renewable=is_renewable)


def note_page() -> None:
    """Say, at the start of a page's run, what it will show at least."""
    LIVE_PAGES.note(MEMORY.turn, MEMORY.shown(workspace().store))
    held = _OWN_CHANGES.get(digest(secret() or ""), 0)
    st.session_state["own_change"] = max(held, st.session_state.get("own_change", 0))


# The state that was made last in each sign-in, by the hash of its secret: another tab of the same person sees it too.
_OWN_CHANGES: dict[str, int] = {}


def _own_change() -> int:
    """The state that the page's person made last: what somebody has just done is seen at once."""
    own, known = workspace().store.changed_here, st.session_state.get("own_change", 0)
    if own <= known:
        return known     # type: ignore[no-any-return]
    st.session_state["own_change"] = own
    shown = MEMORY.shown(workspace().store)
    for key, state in list(_OWN_CHANGES.items()):
        if state < shown:
            _OWN_CHANGES.pop(key, None)     # everybody sees that by now
    _OWN_CHANGES[digest(secret() or "")] = own
    return own


def read_now(function: Callable[..., Any], *arguments: Any) -> Any:
    """As ``read``, but from the store as it is: for what changes without a new data version, such as the log."""
    return read_board(workspace().store, actor(), function, *arguments)


def read_at(mark: Hashable, function: Callable[..., Any], *arguments: Any) -> Any:
    """As ``read_now``, kept while ``mark`` stays the same: the newest entry, for boards that change with the log."""
    person = actor()
    require_board(person, function, *arguments)
    whose = "" if sees_whole(person, function, arguments) else person.recipient_id
    return _kept(
        ("at", mark, whose, function, arguments), lambda: read_board(workspace().store, person, function, *arguments),
        is_renewable=False,
    )


def may_read(function: Callable[..., Any]) -> bool:
    """Whether the person may see anything of a board."""
    return reach(actor().role, "board", board_name(function)) != NOTHING


def may(action_name: str) -> bool:
    """Whether the person may do something at all: what is not, the page does not offer."""
    return not workspace().store.is_copy and reach(actor().role, "action", action_name) != NOTHING


@st.cache_resource(show_spinner=False)
def sessions() -> Sessions:
    """The sessions of the workspace that this process serves."""
    following = follower()
    return following.sessions if following else Sessions(workspace().store)


def secret() -> str | None:
    """The secret that the browser of this page holds; None without one."""
    return secret_in(st.context.cookies)


def actor() -> Actor:
    """Who is signed in on this page; the page ends here for anybody else."""
    held = secret()
    person = sessions().find(held)
    if held is None or person is None or person.is_held:
        st.error("登录已失效，请重新登录。")
        st.html('<a href="/login" target="_self">去登录</a>')
        st.stop()
    return person.actor(f"网页 {sessions().address(held)}")


def forget_others(person: Actor) -> None:
    """Drop what this page's state holds of somebody else, or of an earlier sign-in, and end the page there.

    A page that was open while another person signed in takes up its old state with the new person's cookie; its
    browser would send again what the first one typed. Only a page opened anew holds nothing of it.
    """
    owner = (person.account_id, digest(secret() or ""))
    if st.session_state.get("owner", owner) == owner:
        st.session_state["owner"] = owner
        return
    for key in list(st.session_state):
        del st.session_state[key]
    st.session_state["owner"] = ("", "")     # nobody's: this page stays ended
    st.warning("这一页是以前一次登录时打开的，没有保存的内容已清空。请重新打开。")
    st.html('<a href="/" target="_self">重新打开</a>')
    st.stop()


def settings() -> Settings:
    """The workspace's settings."""
    return _kept(("settings",), lambda: workspace().settings)     # type: ignore[no-any-return]


def _choice(name: str, options: list[str]) -> str:
    """The option that the address names, or the one chosen before, or the first."""
    asked = st.query_params.get(name)
    if asked and asked not in options:
        st.warning(f"网址里的“{fragments.literal(asked[:40])}”没有找到，现在显示的是“{fragments.literal(options[0])}”。请核对网址，或在下方重新选择。")
    for wanted in (asked, st.session_state.get(f"scope_{name}")):
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
    funds = dict(zip(notices["document_number"], notices["fund_name"].fillna(""), strict=True))
    number = _prepare("scope_notice", _choice("notice", list(funds)), list(funds))
    table = read(rounds, number)
    names = dict(zip(table["round_id"], table["round_name"], strict=True)) or {"": "尚未开启轮次"}
    round_id = _prepare("scope_round", _choice("round", list(names)), list(names))
    as_of = _prepare("scope_as_of", min(_day(st.query_params.get("as_of")) or today, today))
    words = f"{number}　{names[round_id]}　统计截止 {as_of:%Y-%m-%d}"
    with st.popover(fragments.literal(words), icon=":material/tune:", help="更改资金文件、填报轮次、统计截止日"):
        st.selectbox("资金文件", list(funds), key="scope_notice", format_func=lambda n: f"{n} {funds[n]}")
        st.selectbox("填报轮次", list(names), key="scope_round", format_func=names.get)
        as_of = st.date_input(
            "统计截止日", key="scope_as_of", max_value=today, format="YYYY-MM-DD",
            help="页面上的数算到哪一天；改成以前的日子，看到的就是那一天的情况。",
        )
    if not isinstance(as_of, date):
        as_of = today
    st.query_params.update({"notice": number, "round": round_id, "as_of": as_of.isoformat()})
    return Scope(number, round_id, as_of)


def replay_rounds(rounds: dict[str, str]) -> None:
    """Let the person walk through the rounds of the notice, given by id and name in the order of the year.

    It is the round of the whole page that moves, and with it the address: there is no second round beside it.
    """
    if len(rounds) > 1:
        words = {round_id: fragments.literal(name) for round_id, name in rounds.items()}
        st.session_state["replay_round"] = st.session_state["scope_round"]
        st.select_slider(
            "回放：看哪一轮", list(words), key="replay_round", format_func=words.get, on_change=_take_round,
        )


def _take_round() -> None:
    st.session_state["scope_round"] = st.session_state["replay_round"]


def _prepare(key: str, value: Any, options: list[str] | None = None) -> Any:
    """The value of a keyed widget: the person's own choice while it is still offered, else the one given."""
    if key not in st.session_state or (options is not None and st.session_state[key] not in options):
        st.session_state[key] = value
    return st.session_state[key]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def address() -> str:
    """The scope as the query of a link to another page."""
    return urlencode({name: st.query_params.get(name, "") for name in ("notice", "round", "as_of")})


def follow_click(event: Any, page: str, ranking: pd.DataFrame) -> None:
    """Put unit and indicator into the page's selectors: of the chosen point, of the address, or the worst."""
    points = event.selection.points if event else []
    chosen: tuple[str, int] | None = None
    if points and points != st.session_state.get(f"{page}_clicked"):
        chosen = (str(points[0]["customdata"][0]), int(points[0]["customdata"][1]))
    elif f"{page}_unit" not in st.session_state:
        unit, indicator = st.query_params.get("unit"), st.query_params.get("indicator", "")
        if unit and indicator.isdecimal() and len(indicator) < 5:
            chosen = (unit, int(indicator))
        elif unit and not ranking[ranking["recipient_id"] == unit].empty:
            chosen = (unit, int(ranking.loc[ranking["recipient_id"] == unit, "indicator_no"].iloc[0]))
        elif not ranking.empty:
            chosen = (str(ranking["recipient_id"].iloc[0]), int(ranking["indicator_no"].iloc[0]))
    if chosen:
        st.session_state[f"{page}_unit"], st.session_state[f"{page}_indicator"] = chosen
    st.session_state[f"{page}_clicked"] = points


def yuan(amount_wan: str) -> Decimal | None:
    """An amount typed in 万元, to the fen, as 元; None where nothing was typed.

    Raises: RefusedError if the words are no amount.
    """
    text = amount_wan.replace(",", "").replace("，", "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,6})?", text):
        raise RefusedError(f"金额“{amount_wan}”不对：请填写数字，单位为万元，最多六位小数，例如 2939 或 0.6875。")
    return Decimal(text) * 10_000


def say_done(page: str) -> None:
    """Show what the last action of this page did, once, after the page has drawn itself anew.

    On a long page the sentence stands above what the person looks at; it also comes up where they are.
    """
    done = st.session_state.pop(f"{page}_done", None)
    if done:
        st.success(fragments.literal(done))
        st.toast(fragments.literal(done), icon=":material/check_circle:", duration=TOAST_SECONDS)


def first_choice(key: str, wanted: str | None, options: list[str]) -> None:
    """Let the address choose the first value of a selector; later the person's own choice stays."""
    if key not in st.session_state and wanted:
        if wanted in options:
            st.session_state[key] = wanted
        else:
            st.warning(f"网址里的“{fragments.literal(wanted[:40])}”没有找到，请在下方重新选择。")


def archive_maker() -> Callable[[], bytes]:
    """What hands out the archive for an auditor when the person asks for it, of all rounds as known now."""
    return partial(_archive, workspace().store, actor(), settings().now())


def _archive(store: Store, person: Actor, at: datetime) -> bytes:
    return export_archive(store, person, at).content


def log_maker(search: LogSearch, kind: str) -> Callable[[], bytes]:
    """What hands out the log, as far as it fits a search, when the person asks for it."""
    return partial(_log, workspace().store, actor(), settings().now(), search, kind)


def _log(store: Store, person: Actor, at: datetime, search: LogSearch, kind: str) -> bytes:
    return export_log(store, person, at, search, kind).content


def template(form: ReportForm) -> bytes:
    """The form as a workbook, made once for a kept form."""
    return made(template_workbook, form)


def example(form: ReportForm) -> bytes:
    """The filled example of the form, made once for a kept form."""
    return made(write_example, form)


def bulk_template(document_number: str, round_id: str, recipient_id: str) -> bytes:
    """The template of a bulk import, kept until something changes; of every unit where none is named."""
    return computed(bulk_template_workbook, (document_number, round_id, recipient_id))


def bulk_example(document_number: str, round_id: str, recipient_id: str) -> bytes:
    """The filled example of a bulk import for one unit."""
    return made(write_bulk_example, computed(prepare_form, (document_number, round_id, recipient_id)))


def post() -> tuple[Post | None, str]:
    """The bureau's channels as their file has them now, and what is wrong with it; None where nothing is sent."""
    try:
        return read_post(workspace().folder), ""
    except WenxiaoError as error:
        return None, str(error)


def own_digest() -> Letter | None:
    """What today's digest would say to the person, everything open taken as new; None if nothing."""
    person, region_code, at = actor(), settings().region_code, settings().now()
    bureau, _ = post()

    def composed() -> Letter | None:
        hours = hours_of(workspace().store, bureau, region_code, at.date())
        reading = reading_at(workspace().store, at, region_code, hours, computed)
        return compose(reading, person, name=name_of(workspace().store, person))

    times = (bureau.digest_at, bureau.opens_at, bureau.closes_at) if bureau else None     # what its file says of them
    key = ("digest", person.account_id, person.role, person.recipient_id, at.date(), times)
    return _kept(key, composed, is_renewable=False)     # type: ignore[no-any-return]


def send_test(channel: Channel) -> dict[str, Any]:
    """Send the person a test message; what became of it."""
    message_no = queue_test(workspace().store, actor(), settings().now(), channel)
    bureau, _ = post()
    return send_one(workspace(), bureau, message_no) if bureau else {}


def closes_at(bureau: Post) -> time:
    """Until when messages leave today."""
    return hours_of(workspace().store, bureau, settings().region_code, settings().today()).closes_at


def paper_desk() -> Desk:
    """What papers take from this workspace: its settings and the bureau's red head."""
    return Desk(settings(), head_template(workspace().folder))


def draft(order: Order) -> Paper:
    """What a paper would say, kept until something changes; only for who may have it."""
    person = actor()
    require_order(person, order)
    return _kept(     # type: ignore[no-any-return]
        ("draft", order, person.account_id, person.role, person.recipient_id, settings().today()),
        lambda: draft_paper(workspace().store, person, order, settings()), is_renewable=False,
    )
