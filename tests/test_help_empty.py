"""What is empty says what is missing, what to do next and who does it, with the way there for whoever may."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from builders import entry, opened_store, published_store, session_folder, sign_in, submit, upload
from streamlit.testing.v1 import AppTest

from dashboard import menu, session
from dashboard.rights import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    NOTHING,
    PREFECTURE_OFFICER,
    doers,
    reach,
)
from dashboard.workspace import open_workspace

APP = Path(session.__file__).parent / "app.py"
TITLES = {entry.name: entry.title for entry in menu.ENTRIES}

# What each page lacks in each store, by the step that is to be taken; a page that is not named has its content.
NOTICE, ROUND, EXPORT, REPORT = "publish_notice", "open_round", "load_export", "save_draft"
OF_A_ROUND = (
    "overview", "deviation", "region", "accountability", "reporting", "imports", "checking", "reviews", "payout",
)
OF_EXPORTS = ("money", "reconciliation", "findings", "docking")
LACKING = {
    "empty": {
        **dict.fromkeys((*OF_A_ROUND, *OF_EXPORTS, "allocation", "timeliness", "targets", "notices"), NOTICE),
        "docking": EXPORT,
    },
    "published": {**dict.fromkeys(OF_A_ROUND, ROUND), **dict.fromkeys(OF_EXPORTS, EXPORT)},
    "opened": {
        **dict.fromkeys(("deviation", "region", "accountability", "checking", "reviews"), REPORT),
        **dict.fromkeys((*OF_EXPORTS, "payout"), EXPORT),
    },
}
# Each step: what the page says is missing, what the way to it is called, the page where it is done.
SAID = {
    NOTICE: ("上传", "去上传资金文件", "notices"), ROUND: ("开启填报轮次", "去开启填报轮次", "notices"),
    EXPORT: ("导出", "去载入导出", "docking"), REPORT: ("还没有报送", "去填报", "reporting"),
}
# Who stands for whom: may publish, load and open; may nothing; reports; writes nothing at all.
PEOPLE = (PREFECTURE_OFFICER, LEADER, COUNTY_APPROVER, COUNTY_REPORTER, AUDITOR)
# Of these, what others are shown too is looked at on the pages where it differs.
FEW = {COUNTY_REPORTER: ("reporting", "deviation", "money"), AUDITOR: ("notices", "docking", "reviews")}


@cache
def workspace_of(kind: str) -> Path:
    """A workspace in one of the states that a bureau's first weeks go through, its day after the round's last."""
    folder = session_folder() / f"first-weeks-{kind}"
    folder.mkdir()
    if kind != "empty":
        {"published": published_store, "opened": opened_store}[kind](folder).close()
    workspace = open_workspace(folder)
    with workspace.store.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": "region_code", "setting_value": "652800"},
            {"setting_key": "demonstration_today", "setting_value": "2021-12-28"},
        ])
    workspace.store.close()
    return folder


@pytest.fixture(scope="module")
def patched() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield monkeypatch
    st.cache_resource.clear()
    st.cache_data.clear()


def begin(monkeypatch: pytest.MonkeyPatch, kind: str, role: str) -> None:
    """Serve a workspace to somebody of a role; the process serves one at a time."""
    folder = workspace_of(kind)
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(folder))
    st.cache_resource.clear()
    st.cache_data.clear()
    sign_in(monkeypatch, role, "luntai" if role.startswith("county") else "")


def open_page(page: str) -> AppTest:
    test = AppTest.from_file(str(APP), default_timeout=60).switch_page(f"app_pages/{page}.py").run()
    assert [error.value for error in (*test.exception, *test.error)] == [], page
    return test


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("kind", LACKING)
def test_each_page_says_what_is_missing_and_whose_step_it_is(patched, kind, role):
    if kind == "empty" and role.startswith("county"):
        pytest.skip("没有单位的时候没有县市的账号")
    begin(patched, kind, role)
    seen = [page for page in LACKING[kind] if reach(role, "page", page) != NOTHING]
    for page in [page for page in seen if page in FEW.get(role, seen)]:
        test = open_page(page)
        step = LACKING[kind][page]
        words, way, where = SAID[step]
        told = [info.value for info in test.info if words in info.value]
        ways = [link.proto.label for link in test.get("page_link")]
        may = reach(role, "action", step) != NOTHING

        if (page, step) == ("docking", EXPORT) and may:
            assert [each.label for each in test.get("file_uploader")], "做这一步的地方就在本页"
            continue
        assert told, (page, [info.value for info in test.info])
        assert told[0].endswith("。")
        assert may or doers(step) in told[0], (page, told)
        assert (way in ways) == (may and page != where), (page, ways)


def test_nothing_is_called_well_where_nothing_has_been_reported(patched):
    """A green box over an empty table would tell a leader that all is done."""
    begin(patched, "opened", LEADER)

    for page in ("deviation", "region", "reviews", "checking", "reconciliation", "findings"):
        assert [box.value for box in open_page(page).success] == [], page
    assert not [each for each in open_page("reconciliation").markdown if "没有待处理的差异" in each.value]


def test_an_administrator_is_told_who_brings_the_units(patched):
    begin(patched, "empty", ADMINISTRATOR)

    (told,) = [info.value for info in open_page("people").info if "单位" in info.value]
    assert "请州级经办先到“资金文件”发布通知" in told
    assert doers("publish_notice") == "州级经办"


def test_who_may_is_told_by_role():
    assert doers("load_export") == "县市审核、州级经办"
    assert doers("print_money") == ""


def test_a_first_report_takes_the_note_away(patched):
    """The note is about the round that is looked at, as known on the day that is looked at."""
    begin(patched, "opened", PREFECTURE_OFFICER)
    assert any("还没有报送过" in info.value for info in open_page("deviation").info)

    submit(session.workspace().store, upload(entry(4, numerator=95, denominator=100)))
    assert not any("还没有报送过" in info.value for info in open_page("deviation").info)
