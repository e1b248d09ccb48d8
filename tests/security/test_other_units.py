"""A county's people and programs reach no other county: every route, board, paper and page, from the code."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from numbers import Number
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
import streamlit as st
from google.protobuf.text_format import MessageToString
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

import dashboard
from dashboard import menu, server, session
from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.issued_papers import require_order
from dashboard.actions.tokens import SCOPES, NewToken, issue_token
from dashboard.api.boards import ALIASES, board_function, board_parameters
from dashboard.papers.catalogue import EXCEL, KINDS, UNIT, WORD, Order
from dashboard.papers.catalogue import compose as compose_paper
from dashboard.papers.facts import Facts
from dashboard.rights import (
    ADMINISTRATOR,
    ALL,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    NOTHING,
    OWN,
    PREFECTURE_OFFICER,
    NotAllowedError,
    reach,
    read_board,
)
from dashboard.workspace import STORE_NAME, read_settings
from data.audit import Actor
from data.store import Store
from metrics.boards.basis import board_definitions
from metrics.boards.definition import Scope
from tests.builders import NUMBER, REGION, ROUND, contents, demo_folder, sign_in
from tests.server_builders import SERVE_WORKSPACE, browser, served
from tests.server_builders import sign_in as enter

ROOM = Path(dashboard.__file__).parent
OWN_UNIT, OTHER = "luntai", "bohu"
COUNTY_ROLES = (COUNTY_REPORTER, COUNTY_APPROVER)
SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
INSTALLER = Actor("安装人员", ADMINISTRATOR)
# What these boards say is the paper that every unit was sent, or the rules: everybody's.
BOARDS = [definition.name for definition in board_definitions()]
OF_UNITS = [name for name in BOARDS if reach(COUNTY_APPROVER, "board", name) == OWN]


# --- every route ------------------------------------------------------------------------------------------------

OPEN, ACCOUNT, TOKEN = "says nothing of units", "the own account only", "by token"
ROUTES = {
    "/login": OPEN, "/login/code": OPEN, "/login/demonstration": OPEN, "/healthz": OPEN, "/setup/{secret}": OPEN,
    "/oidc/start": OPEN, "/oidc/callback": OPEN, "/wenxiao/sign_in.css": OPEN, "/wenxiao/chrome.js": OPEN,
    "/wenxiao/favicon.svg": OPEN,
    "/me": ACCOUNT, "/me/password": ACCOUNT, "/me/totp": ACCOUNT, "/me/sign-out": ACCOUNT,
    "/metrics": TOKEN,
}


@dataclass(frozen=True)
class Probe:
    """A request for, or about, a unit; ``method`` and what goes with it."""

    method: str
    path: str
    more: Callable[[str], dict[str, Any]]


def _about(unit: str) -> dict[str, Any]:
    return {"params": {"document_number": NUMBER, "round_id": ROUND, "recipient_id": unit}}


def _of_notice(unit: str) -> dict[str, Any]:
    return {"params": {"document_number": NUMBER, "recipient_id": unit}}


# Each route of the door, asked about a unit: reading it, changing something of it.
API = {
    "/openapi.json": Probe("GET", "openapi.json", lambda unit: {}),
    "/boards": Probe("GET", "boards", lambda unit: {}),
    "/boards/{name}": Probe("GET", "boards/standing.scores", _about),
    **{f"/{alias}": Probe("GET", alias, {"notices": lambda unit: {}, "rounds": _of_notice}.get(alias, _about))
       for alias in ALIASES},
    "/duties.ics": Probe("GET", "duties.ics", lambda unit: {"params": {"recipient_id": unit}}),
    "/papers": Probe("GET", "papers", lambda unit: {}),
    "POST /papers": Probe("POST", "papers", lambda unit: {
        "json": {"paper": "unit-assessment", "document_number": NUMBER, "recipient_id": unit}}),
    "POST /notices": Probe("POST", "notices", lambda unit: {"files": {"file": ("n.txt", "没有".encode())}}),
    "POST /rounds": Probe("POST", "rounds", lambda unit: {"json": {
        "document_number": NUMBER, "round_id": "2022-09", "round_name": "九月", "period_end_on": "2022-09-25",
        "opens_on": "2022-09-25", "due_on": "2022-09-30"}}),
    "POST /receipts": Probe("POST", "receipts", lambda unit: {"json": {"document_number": NUMBER, "receipts": [
        {"recipient_id": unit or "region", "step": "marked", "happened_at": "2021-12-27T10:00:00"}]}}),
    "POST /receipts/file": Probe("POST", "receipts/file", lambda unit: {"files": {"file": ("登记.csv", (
        f"文号,单位,环节,时间,凭证\n{NUMBER},{unit or '州本级'},标识登录,2021-12-27 10:00,回执\n"
    ).encode())}}),
    "POST /targets": Probe("POST", "targets", lambda unit: {"json": {
        "document_number": NUMBER, "valid_from_on": "2021-01-01", "reason": "测算", "approval_text": "局务会",
        "targets": [{"indicator_no": 19, "recipient_id": unit or "region", "target_text": "≥1%"}]}}),
    "POST /reports": Probe("POST", "reports", lambda unit: {**_about(unit), "files": {"file": ("r.xlsx", b"PK")}}),
    "POST /actuals": Probe("POST", "actuals", lambda unit: {"json": {"rows": [
        {"document_number": NUMBER, "round_id": ROUND, "recipient": unit, "indicator_no": 1, "numerator": 1,
         "denominator": 9100, "deviation_reason": "核减", "improvement_measure": "补录"}]}}),
    "POST /exports": Probe("POST", "exports", lambda unit: {
        "files": {"file": ("支付.csv", (
            "支付明细主键,本级指标文号,单位名称,支付日期,实际支付金额,收款人名称\n"
            f"甲1,{NUMBER},博湖县,2021-12-24,1000,某公司\n"
        ).encode())}, "params": {"system": "integrated", "kind": "payment", "unit": unit}}),
    "POST /inquiries": Probe("POST", "inquiries", lambda unit: {"json": {
        "document_number": NUMBER, "round_id": ROUND, "recipient_id": unit or "region", "question_text": "为何",
        "fact_text": "执行率低"}}),
    "POST /inquiries/{inquiry_no}/answer": Probe("POST", "inquiries/{other}/answer", lambda unit: {
        "params": {"seen_step_no": 1}, "data": {"reason": "甲", "measure": "乙", "gap": "丙"}}),
    # The command line's own: never by an account's token.
    "POST /local/{name}": Probe("POST", "local/archive", lambda unit: {}),
    "POST /local/replica/state": Probe("POST", "local/replica/state", lambda unit: {}),
    "POST /local/replica/copy": Probe("POST", "local/replica/copy", lambda unit: {"params": {"path": "/tmp/x"}}),
    "POST /local/replica/touch": Probe("POST", "local/replica/touch", lambda unit: {"params": {"key": "x"}}),
}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every route that ``serve`` gives the application, by path without the hash of a file."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = Path(shutil.copytree(demo_folder(), tmp_path_factory.mktemp("routes") / "w"))
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(folder))
        st.cache_resource.clear()
        monkeypatch.setattr(server, "App", lambda _script, **given: given["routes"])
        found = {re.sub(r"\.[0-9a-f]{12}\.", ".", route.path): route for route in server.workspace_app("local")}
        session.workspace().store.close()
        st.cache_resource.clear()
    return found


def flat(routes: Iterable[Any]) -> Iterator[Any]:
    """Routes, those of included routers too; FastAPI keeps such a router whole."""
    for route in routes:
        inside = getattr(route, "original_router", None)
        yield from flat(inside.routes) if inside else (route,)


def test_every_route_of_the_application_has_its_case(routes):
    assert set(routes) - {"/api/v1"} == set(ROUTES)


def test_every_route_of_the_door_has_its_probe(routes):
    found = set()
    for route in flat(routes["/api/v1"].app._app.routes):
        methods = route.methods - {"HEAD", "OPTIONS"}
        found |= {route.path if method == "GET" else f"{method} {route.path}" for method in methods}

    assert found == set(API)


# --- by token over real connections -----------------------------------------------------------------------------


@dataclass
class Live:
    """A running server, tokens by holder, and how other units are called."""

    folder: Path
    port: int
    secrets: dict[str, str]
    strangers: tuple[str, ...]
    others_inquiry: int

    def ask(self, holder: str, probe: Probe, unit: str) -> httpx.Response:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api/v1", timeout=60) as client:
            return client.request(
                probe.method, probe.path.format(other=self.others_inquiry),
                headers={"Authorization": f"Bearer {self.secrets[holder]}"}, **probe.more(unit),
            )


def _strangers(store: Store) -> tuple[str, ...]:
    """Other units by id, name and short name; the two institutions' short names are words of any sentence."""
    units = store.query("recipients")
    others = units[(units["recipient_id"] != OWN_UNIT) & ~units["recipient_id"].str.startswith("zhou-")]
    return (*others["recipient_id"], *others["recipient_name"], *others["short_name"])


HOLDERS = {
    COUNTY_REPORTER: (COUNTY_REPORTER, OWN_UNIT), COUNTY_APPROVER: (COUNTY_APPROVER, OWN_UNIT),
    # An account of a county's role that lost its unit: it has nothing of its own, so it reaches nothing.
    "reporter without a unit": (COUNTY_REPORTER, ""), "approver without a unit": (COUNTY_APPROVER, ""),
    PREFECTURE_OFFICER: (PREFECTURE_OFFICER, ""),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = Path(shutil.copytree(demo_folder(), tmp_path_factory.mktemp("live") / "workspace"))
    store, secrets = Store(folder / STORE_NAME), {}
    for number, (holder, (role, unit)) in enumerate(HOLDERS.items()):
        account = NewAccount(f"api.{number}", f"程序{number}", role, unit or (OWN_UNIT if role in COUNTY_ROLES else ""))
        add_account(store, INSTALLER, datetime(2021, 12, 22), account)
        new = NewToken(holder[:30], account.account_id, tuple(SCOPES), 30)
        secrets[holder] = issue_token(store, INSTALLER, datetime(2021, 12, 22), new).secret
        with store.transaction() as cursor:
            cursor.run("UPDATE account SET recipient_id = $unit WHERE account_id = $id",
                       {"unit": unit, "id": account.account_id})
    store.close()
    return folder, secrets


@pytest.fixture(scope="module")
def live(prepared: tuple[Path, dict[str, str]]) -> Iterator[Live]:
    folder, secrets = prepared
    store = Store(folder / STORE_NAME)
    strangers = _strangers(store)
    with store.reading() as cursor:
        number = cursor.rows("SELECT MIN(inquiry_no) AS n FROM inquiry WHERE recipient_id <> $u", {"u": OWN_UNIT})
    store.close()
    with served(folder, SERVE_WORKSPACE.format("serve")) as (_, port):
        yield Live(folder, port, secrets, strangers, number[0]["n"])


OF_ONE = ("/scores", "/targets", "/receipts", "/duties", "/deadlines", "/boards/")
REFUSED = (401, 403, 404, 409, 422)


@pytest.mark.parametrize("holder", [holder for holder in HOLDERS if holder != PREFECTURE_OFFICER])
def test_no_route_of_the_door_gives_or_takes_anything_of_another_unit(live, holder):
    spoken_for = HOLDERS[holder][1]
    for path, probe in API.items():
        for unit in (OTHER, ""):
            answer = live.ask(holder, probe, unit)
            said = answer.text
            assert answer.status_code < 500, (path, said)
            if probe.method == "POST":
                is_own_paper = path == "POST /papers" and unit == "" and spoken_for and answer.status_code == 200
                nothing_done = answer.status_code in REFUSED or (
                    answer.status_code == 200 and not is_own_paper and answer.json().get("receipt") is None
                )
                assert is_own_paper or nothing_done, (path, unit, said[:300])
            elif path in ("/notices", "/rounds", "/openapi.json", "/boards", "/papers"):
                continue      # of the paper and the rules, which are everybody's
            else:
                told = [name for name in live.strangers if name in said]
                # A refusal may repeat what was asked for, and nothing else.
                repeated = {OTHER, "博湖县", "博湖"} if answer.status_code in REFUSED else set()
                assert set(told) <= repeated, (path, told)
            if unit == OTHER and path.startswith(OF_ONE):
                assert answer.status_code == (200 if path == "/duties.ics" and spoken_for else 403), path


def test_the_same_requests_reach_other_units_where_the_right_is_there(live):
    """The probes are good: an officer is answered by them."""
    for path in ("/scores", "/duties", "/deadlines", "/boards/{name}"):
        answer = live.ask(PREFECTURE_OFFICER, API[path], OTHER)
        assert answer.status_code == 200 and OTHER in answer.text, path


def _query(name: str, unit: str) -> dict[str, Any]:
    values = {
        "document_number": NUMBER, "round_id": ROUND, "indicator_no": 1, "compared_on": "2021-12-26",
        "version": "2021-1", "version_a": "2021-1", "version_b": "2021-1", "entry_no": 1, "evidence_no": 1,
        "difference_no": 1, "export_no": 1, "inquiry_no": 1, "file_no": 1, "year": 2021, "system_name": "integrated",
        "record_kind": "payment", "as_of_on": "2021-12-28",
    }
    asked = {word: values[word] for word in board_parameters(board_function(name)) if word in values}
    return {**asked, "recipient_id": unit}


@pytest.mark.parametrize("name", BOARDS)
def test_no_board_is_read_of_another_unit(live, name):
    for holder in HOLDERS:
        role = HOLDERS[holder][0]
        if holder == PREFECTURE_OFFICER or reach(role, "board", name) == ALL:
            continue
        answer = live.ask(holder, Probe("GET", f"boards/{name}", lambda asked: {"params": _query(name, asked)}), OTHER)
        assert answer.status_code in (403, 404), (holder, answer.text[:200])
        assert "rows" not in answer.json() and "value" not in answer.json()


def test_nothing_of_other_units_was_changed(live, prepared, tmp_path):
    """After all of the above; the server writes on, so its file is read as a backup would read it."""
    copied = Path(shutil.copytree(live.folder, tmp_path / "after"))
    after = Store(copied / STORE_NAME)
    before = Store(Path(shutil.copy(demo_folder() / STORE_NAME, tmp_path / "before.duckdb")))
    noted = {"audit_log", "account", "api_token", "api_answer", "sign_in_failure", "web_session", "schema_step",
             "setup_link", "workspace_setting", "message_day", "message"}
    held, found = contents(before), contents(after)
    before.close()
    after.close()

    assert {name for name in held if name not in noted and held[name] != found[name]} == set()


# --- in the browser: by session ---------------------------------------------------------------------------------


def test_a_county_account_sees_itself_at_its_own_account_only(live):
    with browser(live.port) as client:
        assert enter(client, "luntai-1").status_code == 303
        for path in ("/me", "/me/totp", "/me?account=bohu-1", "/me?next=/unit"):
            page = client.get(path)
            assert page.status_code == 200
            assert [name for name in live.strangers if name in page.text] == []
        # A session opens no door of programs, whatever it asks for.
        for probe in API.values():
            path = f"/api/v1/{probe.path.format(other=1)}"
            assert client.request(probe.method, path, headers={"Accept": "*/*"}).status_code == 401, path


@pytest.fixture(scope="module")
def open_page() -> Iterator[Callable[..., AppTest]]:
    """Open a page of the demonstration as a county's person."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(demo_folder()))
        st.cache_resource.clear()
        st.cache_data.clear()

        def run(role: str, page: str, **query: str) -> AppTest:
            sign_in(monkeypatch, role, OWN_UNIT)
            test = AppTest.from_file(str(ROOM / "app.py"), default_timeout=120)
            for name, value in query.items():
                test.query_params[name] = value
            return test.switch_page(f"app_pages/{page}.py").run()

        yield run
    st.cache_resource.clear()
    st.cache_data.clear()


def said_on(test: AppTest) -> str:
    """All that a page sends to the browser, but for the address that was asked for and is repeated."""
    elements = [element for part in (test.main, test.sidebar) for element in part if element.proto]
    sent = " ".join(MessageToString(element.proto, as_utf8=True) for element in elements)
    sent = re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), sent)
    return re.sub(rf"网址里的“{OTHER}”", "", sent)


# 资金分配 is the paper's own table; 依据与口径 names units in the examples of the rules.
PAGES = [entry.name for entry in menu.ENTRIES if reach(COUNTY_APPROVER, "page", entry.name) != NOTHING
         and entry.name not in ("allocation", "basis")]


@pytest.mark.parametrize("role", COUNTY_ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_the_unit_that_its_address_asks_for(open_page, live, role, page):
    if reach(role, "page", page) == NOTHING:
        return
    test = open_page(role, page, unit=OTHER, inquiry=str(live.others_inquiry), indicator="1")

    said = said_on(test)
    assert [error.value for error in test.exception] == []
    assert [name for name in live.strangers if name in said] == []


HONEST = Selectbox._widget_state.fget


@pytest.mark.parametrize("page", PAGES)
def test_no_page_believes_a_choice_that_it_did_not_offer(open_page, live, monkeypatch, page):
    """Streamlit takes any words for a choice: a forged one is no way to another unit."""
    test = open_page(COUNTY_APPROVER, page)
    for place, chosen in enumerate(test.selectbox):
        def forged(self: Selectbox, key: str = chosen.id) -> WidgetState:
            state = HONEST(self)
            if self.id == key:
                state.string_value = OTHER
            return state

        with monkeypatch.context() as patch:
            patch.setattr(Selectbox, "_widget_state", property(forged))
            done = open_page(COUNTY_APPROVER, page)
            done.run()
        said = said_on(done)     # a fault may repeat what was sent
        assert [name for name in live.strangers if name != OTHER and name in said] == [], (page, place, chosen.label)


# --- nothing of others flows into what a county reads -----------------------------------------------------------

# Anonymous medians over at least five other units, which their definitions state; everything else is the unit's own.
OF_ALL = {
    "hints.outliers": None,
    "accountability.cost_per_head": {"median_yuan", "median_unit_count", "median_share", "is_unlike", "distance"},
}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """The demonstration, and the same had no other unit ever done or received anything."""
    folder = tmp_path_factory.mktemp("alone")
    whole, alone = (Store(Path(shutil.copy(demo_folder() / STORE_NAME, folder / name))) for name in ("a.db", "b.db"))
    others = f"recipient_id <> '{OWN_UNIT}'"
    with alone.transaction() as cursor:
        for table in ("report_event", "value_check", "actual"):
            cursor.run(f"DELETE FROM {table} WHERE report_id IN (SELECT report_id FROM report WHERE {others})")
        for table in ("inquiry_event", "inquiry_file", "consequence"):
            cursor.run(f"DELETE FROM {table} WHERE inquiry_no IN (SELECT inquiry_no FROM inquiry WHERE {others})")
        for table in ("report", "actual_current", "score", "receipt", "evidence_file", "report_draft", "review",
                      "inquiry", "inquiry_dismissal", "allotment", "payment", "payout", "payout_stop",
                      "benefit_standard", "difference", "rate_reason"):
            cursor.run(f"DELETE FROM {table} WHERE {others}")
    yield whole, alone
    whole.close()
    alone.close()


GIVEN = {
    "scope": SCOPE, "document_number": NUMBER, "region_code": REGION, "compared_on": date(2021, 12, 26),
    "indicator_no": 12, "today": date(2021, 12, 28), "as_of_on": date(2021, 12, 28), "entry_no": 1, "export_no": 1,
    "difference_no": 1, "inquiry_no": 1, "recipient_id": OWN_UNIT, "evidence_no": 1, "file_no": 1,
    "system_name": "integrated", "record_kind": "payment",
}


def _value(value: Any) -> Any:
    if isinstance(value, list | dict | set | tuple) or not pd.isna(value):
        is_number = isinstance(value, Number) and not isinstance(value, bool)
        return float(value) if is_number else str(value)     # a column with gaps has its whole numbers as floats
    return None


def plain(result: Any, without: set[str]) -> Any:
    """A result as text, however its missing values are kept."""
    if isinstance(result, pd.DataFrame):
        kept = result.drop(columns=[name for name in without if name in result])
        return [{name: _value(value) for name, value in row.items()} for row in kept.to_dict("records")]
    if is_dataclass(result) and not isinstance(result, type):
        return {field.name: plain(getattr(result, field.name), without) for field in fields(result)}
    return json.loads(json.dumps(result, default=str))


@pytest.mark.parametrize("name", [name for name in OF_UNITS if OF_ALL.get(name, ()) is not None])
def test_what_a_county_reads_is_the_same_had_no_other_unit_done_anything(alone, name):
    module, _, function = name.partition(".")
    board = getattr(importlib.import_module(f"metrics.boards.{module}"), function)
    arguments = [
        GIVEN[parameter.name] for parameter in list(inspect.signature(board).parameters.values())[1:]
        if parameter.default is inspect.Parameter.empty or parameter.name == "recipient_id"
    ]
    person, found = Actor("某人", COUNTY_APPROVER, OWN_UNIT), []
    for store in alone:
        try:
            found.append(plain(read_board(store, person, board, *arguments), set(OF_ALL.get(name, ()))))
        except Exception as error:      # what is not there is not there in both
            found.append(str(error))

    assert found[0] == found[1]


@pytest.mark.parametrize(("paper", "form"), [
    (name, form) for name, kind in KINDS.items() if kind.about == UNIT
    for form in ((WORD, EXCEL) if kind.has_workbook else (WORD,))
])
def test_a_countys_paper_says_the_same_had_no_other_unit_done_anything(alone, paper, form):
    order = Order(paper, NUMBER, ROUND, SCOPE.as_of_on, OWN_UNIT, 0, form)
    person = Actor("某人", COUNTY_APPROVER, OWN_UNIT)

    whole, own = (compose_paper(Facts(store, SCOPE, read_settings(store), person), order) for store in alone)

    assert whole == own
    with pytest.raises(NotAllowedError):
        require_order(person, Order(paper, NUMBER, ROUND, SCOPE.as_of_on, OTHER, 0, form))
