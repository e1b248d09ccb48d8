"""Who may do and see what: every cell of rights.csv holds for every action, every board and every page."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from builders import (
    NUMBER,
    REGION,
    ROUND,
    SUBMITTED_AT,
    UNITS,
    clerk,
    demo_folder,
    demo_store,
    opened_store,
    sign_in,
)
from google.protobuf.text_format import MessageToString
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import menu, session
from dashboard.actions.imports import import_actuals
from dashboard.rights import (
    ADMINISTRATOR,
    ALL,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    NOTHING,
    OWN,
    ROLE_NAMES,
    UNIT_ROLES,
    NotAllowedError,
    asked_unit,
    board_name,
    of_actor,
    reach,
    read_board,
    require,
    require_board,
    rights,
)
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.errors import RefusedError
from data.store import Store
from metrics.boards.basis import board_definitions
from metrics.boards.definition import BOARDS, Scope
from metrics.boards.log import LogSearch

ROOM = Path(dashboard.__file__).parent
OTHER = "bohu"
REGION_UNIT = "region"
SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))


def actor(role: str, recipient_id: str = "") -> Actor:
    """Somebody of a role; ``recipient_id`` is the unit spoken for."""
    return Actor("某人", role, recipient_id, "somebody", "网页 127.0.0.1")


def rows_of(kind: str) -> list[str]:
    return [name for found, name in rights() if found == kind]


# The table itself.

def test_the_table_names_only_what_is_there():
    titles = [right.title for (kind, _), right in rights().items() if kind == "action"]

    assert {cell for right in rights().values() for cell in right.reach.values()} == {ALL, OWN, NOTHING}
    assert all(titles) and len(set(titles)) == len(titles)
    board_definitions()     # all boards are loaded
    assert sorted(rows_of("board")) == sorted(BOARDS)
    # 「我的账号」 is served by the gate beside the pages, to everybody.
    pages = sorted(set(rows_of("page")) - {"me"})
    assert pages == sorted(entry.name for entry in menu.ENTRIES)
    assert pages == sorted(path.stem for path in (ROOM / "app_pages").glob("*.py"))


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_only_a_unit_s_people_have_something_of_their_own(role):
    assert (OWN in {right.reach[role] for right in rights().values()}) == (role in UNIT_ROLES)


def test_no_action_on_figures_is_an_administrators_and_an_auditor_changes_nothing():
    """Who gives out accounts has no action that writes a figure, and who verifies cannot write at all.

    An administrator can still give out an account or a token that writes figures: test_tokens holds that no
    token of an administrator's own does, and that each use of one stands in the log with the token.
    """
    own_access = {
        "sign_in", "sign_out", "bind_subject", "change_own_password", "enrol_totp", "close_tour", "restart_tour",
        "set_own_address", "send_test_message",
    }
    done = {role: {name for name in rows_of("action") if reach(role, "action", name)} for role in ROLE_NAMES}

    figures = {"submit_report", "import_actuals", "review_score", "decompose_targets", "publish_notice", "adopt_rules"}
    assert not done[ADMINISTRATOR] & figures
    # A paper handed out is a way of reading: it says what the boards say, and changes none of them.
    reading = {name for name in rows_of("action") if name.startswith("issue_") and name != "issue_token"}
    assert done["auditor"] - own_access - reading == {"export_archive", "export_log"}
    assert done["leader"] - reading == own_access
    assert not done[ADMINISTRATOR] & reading


def test_what_the_table_does_not_name_nobody_may_do():
    for role in ROLE_NAMES:
        with pytest.raises(NotAllowedError):
            require(actor(role), "print_money")
        assert reach(role, "board", "standing.print_money") == NOTHING
    with pytest.raises(NotAllowedError):
        require(actor("nobody"), "change_own_password")
    with pytest.raises(RefusedError, match="没有办事人姓名"):
        require(Actor(" ", ADMINISTRATOR), "add_account")


# Actions: the right is asked for first, with the unit that the action is about.

# Noted by the program itself: no person does it.
NOBODYS = {"sign_in_failed"}
# Before there is anybody to ask, or where the session says who it is: everybody who gets this far may.
WITHOUT_ACTOR = {"foundation.found_workspace", "oidc_sign_in.bind_subject", "sign_in.enter", "sign_in.sign_out"}
# These find in the rows whose unit it is; the tests of each action walk that.
BY_ROW = {
    "differences.explain_difference", "docking.withdraw_export", "imports.import_actuals",
    "inquiry_steps.answer_inquiry", "inquiry_steps.report_rectification", "receipt_files.import_receipts",
}


class PassedError(Exception):
    """The right was there."""


class Untouched:
    """A store that nothing may be read from before the right is known."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"store.{name} before the right")


class Anything:
    """Any argument of an action about one unit."""

    def __init__(self, recipient_id: str) -> None:
        self.recipient_id = recipient_id

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *_: Any) -> Any:
        return self

    def __iter__(self) -> Iterator[str]:
        return iter([self.recipient_id])

    def __len__(self) -> int:
        return 1


def required_names(function: ast.FunctionDef) -> list[str]:
    """The actions that a function asks the right for."""
    return [
        node.args[1].value
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "require"
        and isinstance(node.args[1], ast.Constant)
    ]


@cache
def doors() -> dict[str, str]:
    """Every public function that asks for a right, as module.function, with the action's name."""
    found = {}
    for path in sorted((ROOM / "actions").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                for name in required_names(node):
                    found[f"{path.stem}.{node.name}"] = name
    return found


def test_every_action_has_its_row_and_every_row_its_action():
    assert sorted(set(doors().values()) | NOBODYS) == sorted(rows_of("action"))


def test_whoever_writes_asks_for_the_right_first():
    """A public function that takes a store, an actor and a moment is a door, or does nothing but go through one."""
    inside = {door.partition(".")[2] for door in doors()}
    for path in sorted((ROOM / "actions").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if [argument.arg for argument in node.args.args][:3] == ["store", "actor", "at"]:
                called = {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
                writes = "store.transaction" in called
                assert f"{path.stem}.{node.name}" in doors() or (called & inside and not writes), node.name


def outcome(monkeypatch: pytest.MonkeyPatch, door: str, who: Actor, unit: str) -> str:
    """What an action does with somebody and a unit: passed, or the words of the refusal."""
    module = importlib.import_module(f"dashboard.actions.{door.partition('.')[0]}")

    def asked(*arguments: Any, **named: Any) -> None:
        require(*arguments, **named)
        raise PassedError

    monkeypatch.setattr(module, "require", asked)
    function = getattr(module, door.partition(".")[2])
    given = {"store": Untouched(), "actor": who, "recipient_id": unit, "recipient_ids": (unit,)}
    arguments = {
        name: given.get(name, Anything(unit))
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty or name in given
    }
    try:
        function(**arguments)
    except PassedError:
        return "passed"
    except NotAllowedError as error:
        return str(error)
    raise AssertionError(f"{door} 没有问权限")


@pytest.mark.parametrize("door", sorted(set(doors()) - WITHOUT_ACTOR))
def test_each_action_lets_go_on_whom_the_table_lets(monkeypatch, door):
    module, _, function = door.partition(".")
    names_unit = door not in BY_ROW and any(
        len(node.args) > 2 for node in ast.walk(ast.parse(inspect.getsource(
            getattr(importlib.import_module(f"dashboard.actions.{module}"), function)
        ))) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "require"
    )
    for role in ROLE_NAMES:
        allowed = reach(role, "action", doors()[door])
        for spoken_for, unit in (("luntai", "luntai"), ("luntai", OTHER), ("", OTHER), ("", ""), ("luntai", "")):
            said = outcome(monkeypatch, door, actor(role, spoken_for), unit)
            if allowed == NOTHING:
                assert said == f"{ROLE_NAMES[role]}不能办理这一步，请由有权限的人员办理。"
            elif allowed == ALL:
                assert said == "passed"
            elif names_unit:
                assert said == ("passed" if spoken_for == unit != "" else "只能办理本单位的事项。")
            else:
                assert said == ("passed" if spoken_for else "只能办理本单位的事项。")


# Boards: all is the whole result, own the unit's own rows and nobody else's name, empty is refused.

GIVEN = {
    "scope": SCOPE, "document_number": NUMBER, "region_code": REGION, "version": "2021-1", "version_a": "2021-1",
    "compared_on": date(2021, 12, 26),
    "version_b": "2021-1", "indicator_no": 12, "search": LogSearch(),
    "today": date(2021, 12, 28), "as_of_on": date(2021, 12, 28), "entry_no": 1, "export_no": 1,
    "system_name": "integrated", "record_kind": "payment", "year": 2025, "difference_no": 1, "inquiry_no": 1,
}


@pytest.fixture(scope="module")
def results() -> dict[tuple[str, str], Any]:
    """What boards came to, by board and unit asked about: each is computed once."""
    return {}


def board_of(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(f"metrics.boards.{module}"), function)


EVIDENCE_OF = {"luntai": 1, OTHER: 2}
INQUIRY_FILE_OF = {"luntai": 901, OTHER: 902}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demonstration with a piece of evidence of two units: it has none of its own."""
    store = Store(Path(shutil.copy(demo_folder() / STORE_NAME, tmp_path_factory.mktemp("rights") / STORE_NAME)))
    with store.transaction() as cursor:
        sha256 = cursor.rows("SELECT file_sha256 FROM received_file LIMIT 1")[0]["file_sha256"]
        for unit, number in EVIDENCE_OF.items():
            cursor.insert("evidence_file", [{
                "evidence_no": number, "document_number": NUMBER, "round_id": ROUND, "recipient_id": unit,
                "indicator_no": 0, "file_name": "a.pdf", "file_sha256": sha256, "added_at": SUBMITTED_AT,
                "added_by": "某人", "removed_at": None, "removed_by": "",
            }])
            cursor.insert("inquiry_file", [{
                "file_no": INQUIRY_FILE_OF[unit], "step_no": 1, "inquiry_no": 1, "recipient_id": unit,
                "file_name": "a.pdf", "file_sha256": sha256,
            }])
    yield store
    store.close()


def arguments_of(board: Callable[..., Any], unit: str) -> tuple[Any, ...]:
    """What a board is asked with; about a unit where it is a board of one unit."""
    given = {**GIVEN, "recipient_id": unit, "evidence_no": EVIDENCE_OF[unit], "file_no": INQUIRY_FILE_OF[unit]}
    names = list(inspect.signature(board).parameters.values())[1:]
    return tuple(
        given[parameter.name] for parameter in names
        if parameter.default is inspect.Parameter.empty or parameter.name == "recipient_id"
    )


@cache
def strangers() -> tuple[str, ...]:
    """How other units than 轮台县 are called: by id, by name, by short name."""
    units = demo_store().query("recipients")
    others = units[units["recipient_id"].isin(set(UNITS) - {"luntai"})]
    # The two institutions' short names are words of any sentence: 救助站, 福利院.
    counties = others[~others["recipient_id"].str.startswith("zhou-")]
    return (*others["recipient_id"], *others["recipient_name"], *counties["short_name"])


def text_of(result: Any) -> str:
    """Everything that is written in a result, column names and nested rows too."""
    if isinstance(result, pd.DataFrame):
        return f"{list(result.columns)} {result.to_dict('records')}"
    if is_dataclass(result) and not isinstance(result, type):
        return " ".join(text_of(getattr(result, field.name)) for field in fields(result))
    return repr(result)


@pytest.mark.parametrize("name", rows_of("board"))
def test_each_board_shows_to_whom_what_the_table_says(results, held, name):
    board = board_of(name)
    assert board_name(board) == name

    def look(who: Actor, unit: str) -> Any:
        """As ``read_board`` and the pages do it, with one computation for all who look."""
        arguments = arguments_of(board, unit)
        require_board(who, board, *arguments)
        if (name, unit) not in results:
            results[name, unit] = board(held, *arguments)
        return of_actor(who, board, arguments, results[name, unit])

    is_about_a_unit = asked_unit(board, arguments_of(board, "luntai")) == "luntai"
    for role in ROLE_NAMES:
        allowed = reach(role, "board", name)
        for spoken_for, unit in (("luntai", "luntai"), ("luntai", OTHER), ("", OTHER)):
            who = actor(role, spoken_for)
            if allowed == NOTHING:
                with pytest.raises(NotAllowedError, match="看不到这部分内容"):
                    look(who, unit)
            elif allowed == OWN and (not spoken_for or (is_about_a_unit and spoken_for != unit)):
                with pytest.raises(NotAllowedError, match="只能查看本单位的数据"):
                    look(who, unit)
            elif allowed == ALL:
                assert look(who, unit) is results[name, unit]
            else:
                seen = look(who, unit)
                assert [found for found in strangers() if found in text_of(seen)] == []
                whole = results[name, unit]
                if isinstance(whole, pd.DataFrame) and not is_about_a_unit:
                    kept = whole[whole["recipient_id"] == "luntai"].reset_index(drop=True)
                    pd.testing.assert_frame_equal(seen, kept)


def test_a_board_is_read_by_the_same_rule_everywhere():
    board = board_of("standing.scores")

    assert set(read_board(demo_store(), actor(COUNTY_APPROVER, "luntai"), board, SCOPE)["recipient_id"]) == {"luntai"}
    assert len(set(read_board(demo_store(), actor("leader"), board, SCOPE)["recipient_id"])) == len(UNITS)
    for name in ("leader", COUNTY_APPROVER):
        with pytest.raises(NotAllowedError):
            read_board(demo_store(), actor(name), board_of("log.entries"), LogSearch())


def test_a_receipt_of_an_import_is_whole_for_who_imported_it(tmp_path):
    """Three rows told are three rows kept, also where a row names another unit or none that there is."""
    store = opened_store(tmp_path)
    lines = [f"{NUMBER},{ROUND},{unit},4,99,100" for unit in ("轮台县", "博湖县", "某县")]
    content = "\n".join(["文号,轮次,单位,序号,分子,分母", *lines]).encode()
    made = import_actuals(store, clerk("luntai"), SUBMITTED_AT, content, "数据.csv", REGION)

    board = board_of("imports.import_rows")
    kept = read_board(store, clerk("luntai"), board, made.entry.entry_no)
    assert len(kept) == made.row_count == 3
    assert list(kept["row_outcome"]).count("rejected") == made.counts["rejected"] == 2
    assert read_board(store, clerk(OTHER), board, made.entry.entry_no).empty
    assert len(read_board(store, actor("auditor"), board, made.entry.entry_no)) == 3


def test_a_result_that_cannot_be_cut_is_seen_by_nobody():
    counts = board_of("accountability.state_counts")
    with pytest.raises(NotAllowedError):
        read_board(demo_store(), actor(COUNTY_REPORTER, "luntai"), counts, SCOPE)

    ranking = board_of("deviation.ranking")
    with pytest.raises(TypeError):
        of_actor(actor(COUNTY_REPORTER, "luntai"), ranking, (SCOPE,), {"bohu": 1})


# Pages: each role's menu, what opens, and what does not.

@pytest.fixture(scope="module")
def pages() -> Iterator[Callable[[str, str], AppTest]]:
    """Open a page of the demonstration as somebody of a role; the process serves one workspace at a time."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(demo_folder()))
        st.cache_resource.clear()
        st.cache_data.clear()

        def run(role: str, page: str = "") -> AppTest:
            sign_in(monkeypatch, role, "luntai" if role in UNIT_ROLES else "")
            test = AppTest.from_file(str(ROOM / "app.py"), default_timeout=60)
            return (test.switch_page(f"app_pages/{page}.py") if page else test).run()

        yield run
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.mark.parametrize(
    ("role", "page"), [(role, entry.name) for role in ROLE_NAMES for entry in menu.ENTRIES],
)
def test_each_role_opens_its_pages_and_no_other(pages, role, page):
    test = pages(role, page)

    assert [error.value for error in test.exception] == []
    assert [error.value for error in test.error] == []
    title = next(entry.title for entry in menu.ENTRIES if entry.name == page)
    offered = [entry.name for entries in menu.offered(role).values() for entry in entries]
    assert (page in offered) == (reach(role, "page", page) != NOTHING)
    assert (test.title[0].value.startswith(title)) == (page in offered)


@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
def test_a_unit_s_people_read_of_no_other_unit_but_in_the_paper(pages, role):
    """资金分配 is the paper's own table, which every unit was sent; the rules are everybody's."""
    for entries in menu.offered(role).values():
        for entry in entries:
            if entry.name in ("allocation", "basis"):
                continue
            said = everything_on(pages(role, entry.name))
            unnamed = ("me", "imports", "calendar", "docking", "messages", "help")
            assert "轮台县" in said or entry.name in unnamed, entry.name
            assert [name for name in strangers() if name in said] == [], entry.name


def everything_on(test: AppTest) -> str:
    """All that a page sends to the browser, charts and options too."""
    sent = " ".join(MessageToString(element.proto, as_utf8=True) for element in test.main if element.proto)
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), sent)


def test_what_a_page_sends_is_looked_through_whole(pages):
    assert [name for name in strangers() if name not in everything_on(pages("leader", "deviation"))] == []


@pytest.mark.parametrize(
    ("role", "title"),
    [("leader", "总览"), (COUNTY_REPORTER, "数据填报"), (COUNTY_APPROVER, "数据填报"), ("prefecture_officer", "总览"),
     ("reviewer", "总览"), (ADMINISTRATOR, "账号与安全"), ("auditor", "总览")],
)
def test_each_role_is_shown_its_own_page_first(pages, role, title):
    assert pages(role).title[0].value == title


# What a page offers in buttons: only who may do it is offered it.
OFFERS = {
    ("timeliness", "登记"): "record_receipt",
    ("notices", "开启"): "open_round",
    ("basis", "起用"): "adopt_rules",
    ("targets", "核对改动"): "decompose_targets",
    ("reviews", "保存复核得分"): "review_score",
}


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_nothing_is_offered_that_the_person_may_not_do(pages, role):
    for (page, label), action_name in OFFERS.items():
        if reach(role, "page", page) == NOTHING:
            continue
        labels = [button.label for button in pages(role, page).button]
        assert (label in labels) == (reach(role, "action", action_name) != NOTHING), (page, label)
