"""Drafts: kept right or wrong, by cell; two people never overwrite each other; gone with the submission."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
import streamlit as st
from builders import (
    NUMBER,
    OFFICER,
    REGION,
    ROUND,
    SUBMITTED_AT,
    clerk,
    contents,
    entry,
    form,
    is_whole_log,
    opened_store,
    rows,
    sign_in,
    submit,
    upload,
)
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.actions import drafts, reports
from dashboard.actions.drafts import DraftConflictError, ReceivedFile, open_draft, save_draft
from dashboard.actions.imports import import_actuals
from dashboard.actions.report_events import add_event
from dashboard.actions.report_values import kept_values, row_changes
from dashboard.rights import COUNTY_APPROVER, COUNTY_REPORTER
from data.audit import Actor
from data.errors import IntakeError, RefusedError
from data.intake.cells import PAID, STATEMENT
from data.intake.columns import FIRST_ROW, SHEET_NAME, cell
from data.intake.filled import check_cells, read_cells

APP = Path(session.__file__).with_name("app.py")
REPORTER = Actor("李强", COUNTY_REPORTER, "luntai")
APPROVER = clerk("luntai")
LATER = SUBMITTED_AT + timedelta(minutes=5)
RIGHT = {("numerator", 4): "94", ("denominator", 4): "100", PAID: "1709.5"}
WRONG = {("numerator", 4): "很多", ("denominator", 4): "100"}


@pytest.fixture
def store(tmp_path):
    return opened_store(tmp_path)


def save(store, cells, seen_draft_no=0, actor=REPORTER, at=SUBMITTED_AT, file=None, base=""):
    return save_draft(
        store, actor, at, form(store), cells, seen_draft_no=seen_draft_no, base_report_id=base, file=file
    )


def send(store, draft, statement="无", at=LATER):
    given = reports.draft_upload(store, APPROVER, form(store), draft)
    return reports.submit_report(
        store, APPROVER, at, given, REGION, statement=statement, seen_draft_no=draft.draft_no
    )


def drafted_lines(store):
    found = rows(store, "SELECT * FROM audit_log WHERE action_name LIKE '%draft' ORDER BY entry_no")
    return [json.loads(row["detail_json"]) for row in found]


def close(store, state):
    with store.transaction() as cursor:
        add_event(cursor, OFFICER, LATER, f"{NUMBER}|{ROUND}|luntai|1", state)


def test_what_is_wrong_is_kept_as_it_was_typed(store):
    kept = save(store, {**WRONG, ("value", 6): "  "})

    assert open_draft(store, APPROVER, form(store)) == kept
    assert kept.cells == WRONG
    assert (kept.saved_by, kept.saved_at) == ("李强", SUBMITTED_AT)
    assert rows(store, "SELECT * FROM report") == []


def test_the_log_holds_only_the_cells_that_changed(store):
    first = save(store, RIGHT)
    second = save(store, {**RIGHT, ("numerator", 4): "95"}, first.draft_no)
    same = save(store, {**RIGHT, ("numerator", 4): "95"}, second.draft_no)

    assert first.draft_no < second.draft_no == same.draft_no
    assert [line["changed"] for line in drafted_lines(store)] == [
        {"全年执行数": ["", "1709.5"], "第4项·分子": ["", "94"], "第4项·分母": ["", "100"]},
        {"第4项·分子": ["94", "95"]},
    ]
    assert len(rows(store, "SELECT * FROM report_draft")) == 1
    assert is_whole_log(store)


def test_a_save_shows_on_no_board_but_the_first(store):
    before = store.data_version
    first = save(store, RIGHT)
    begun = store.data_version
    save(store, WRONG, first.draft_no)

    assert (begun - before, store.data_version - begun) == (1, 0)


def test_the_second_person_is_told_and_nothing_is_overwritten(store):
    seen = save(store, RIGHT)
    theirs = save(store, {**RIGHT, ("numerator", 4): "95", ("value", 6): "7"}, seen.draft_no, actor=APPROVER)
    before = contents(store)

    with pytest.raises(DraftConflictError, match=r"luntai审核人在 12月26日 10:00.*第4项·分子、第6项·本年值") as told:
        save(store, {**RIGHT, ("numerator", 4): "96"}, seen.draft_no)

    assert told.value.draft == theirs
    assert contents(store) == before


def test_a_number_of_a_draft_never_returns(store):
    seen = save(store, RIGHT)
    drafts.discard_draft(store, REPORTER, LATER, form(store), seen_draft_no=seen.draft_no)
    with pytest.raises(DraftConflictError, match="已经报送或清除"):
        save(store, WRONG, seen.draft_no)
    again = save(store, RIGHT, 0)

    assert again.draft_no > seen.draft_no
    with pytest.raises(DraftConflictError, match="李强在"):
        save(store, WRONG, seen.draft_no)
    assert drafted_lines(store)[1]["changed"]["第4项·分子"] == ["94", ""]


@pytest.mark.parametrize(
    ("actor", "sentence"),
    [
        (Actor("张三", COUNTY_REPORTER, "kuerle"), "只能办理本单位的事项"), (OFFICER, "不能办理这一步"),
        (Actor("", COUNTY_REPORTER, "luntai"), "没有办事人姓名"),
    ],
)
def test_others_do_not_touch_a_units_draft(store, actor, sentence):
    kept = save(store, RIGHT)

    for act in (
        lambda: save(store, WRONG, kept.draft_no, actor=actor),
        lambda: drafts.discard_draft(store, actor, LATER, form(store), seen_draft_no=kept.draft_no),
    ):
        with pytest.raises(RefusedError, match=sentence):
            act()
    if actor.name:
        with pytest.raises(RefusedError, match=sentence):
            open_draft(store, actor, form(store))
    assert open_draft(store, REPORTER, form(store)) == kept


@pytest.mark.parametrize("state", ["accepted", "locked"])
def test_a_closed_report_takes_no_draft(store, state):
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    close(store, state)

    with pytest.raises(RefusedError, match="不能再改"):
        save(store, RIGHT, at=LATER)


def test_cells_of_another_form_are_refused(store):
    with pytest.raises(RefusedError, match="有 1 格不是本单位本轮填报表里的"):
        save(store, {("numerator", 99): "1"})


def test_a_form_goes_on_record_as_a_file_with_every_cell(store):
    kept = save(store, {**RIGHT, ("evidence_text", 4): "@台账", STATEMENT: "救助站数据为估算"})

    done = send(store, kept, "救助站数据为估算")

    (report,) = rows(store, "SELECT * FROM report")
    (file,) = rows(store, "SELECT * FROM received_file WHERE file_sha256 = $sha", sha=report["file_sha256"])
    table = list(csv.reader(io.StringIO(file["content"].decode("utf-8-sig"))))
    assert report["file_name"] == f"轮台县_{ROUND}_{NUMBER}_填报表.csv"
    assert report["statement_text"] == "救助站数据为估算"
    assert table[1:4] == [["全年执行数（万元）", "1709.5"], ["填报人", ""], ["已知局限", "救助站数据为估算"]]
    assert table[8][:7] == ["4", *table[8][1:4], "94", "100", ""] and "'@台账" in table[8]
    assert open_draft(store, REPORTER, form(store)) is None
    assert (done.outcome, done.entry_count) == ("submitted", 1)
    assert is_whole_log(store)


def test_a_draft_with_a_fault_or_without_a_statement_is_not_submitted(store):
    kept = save(store, WRONG)
    with pytest.raises(IntakeError) as refused:
        send(store, kept)
    assert [issue.place for issue in refused.value.issues] == ["第4项·分子"]

    kept = save(store, RIGHT, kept.draft_no)
    with pytest.raises(RefusedError, match="没有写已知局限"):
        send(store, kept, " ")
    assert rows(store, "SELECT * FROM report") == []


def test_a_submission_of_a_draft_that_changed_meanwhile_is_refused_whole(store):
    seen = save(store, RIGHT)
    newer = save(store, {**RIGHT, ("numerator", 4): "95"}, seen.draft_no)
    before = contents(store)

    with pytest.raises(DraftConflictError, match="李强刚才又保存了草稿"):
        send(store, seen)

    assert contents(store) == before
    assert send(store, newer).report_version == 1


def imported(store, numerator=90, at=SUBMITTED_AT):
    """The prefecture imports a version of the report."""
    content = (
        "document_number,round_id,recipient,indicator_no,numerator,denominator\n"
        f"{NUMBER},{ROUND},luntai,4,{numerator},100\n"
    ).encode()
    import_actuals(store, OFFICER, at, content, "数据.csv", REGION)
    return f"{NUMBER}|{ROUND}|luntai|1"


def test_a_version_that_the_draft_does_not_go_on_from_is_never_overwritten_unseen(store):
    kept = save(store, RIGHT)
    first = imported(store)
    before = contents(store)

    with pytest.raises(RefusedError, match="阿依古丽在 12月26日 10:00 报送了第 1 版，这份草稿是在那以前填的，没有"):
        send(store, kept)
    assert contents(store) == before

    assert save(store, RIGHT, kept.draft_no, base=first).draft_no > kept.draft_no
    seen = open_draft(store, APPROVER, form(store))
    assert (seen.base_report_id, seen.cells) == (first, RIGHT)
    assert drafted_lines(store)[-1] == {
        "changed": {}, "before": {"base_report_id": ""}, "after": {"base_report_id": first}
    }
    assert send(store, seen).report_version == 2


def test_a_draft_of_a_workbook_stays_that_workbook_when_it_goes_on_from_another_version(store):
    file = ReceivedFile("轮台县.xlsx", b"PK")
    kept = save(store, RIGHT, file=file)

    moved = save(store, RIGHT, kept.draft_no, base=imported(store))

    assert (moved.file_name, moved.file_sha256) == (file.file_name, file.sha256)


def test_a_submission_that_changes_nothing_ends_the_draft_and_the_log_says_what_it_held(store):
    send(store, save(store, RIGHT))
    start = drafts.start_of(store, REPORTER, form(store))
    again = save(store, {**start.cells, STATEMENT: "无"}, base=start.report_id)

    assert send(store, again).outcome == "nothing_changed"

    assert open_draft(store, REPORTER, form(store)) is None
    ended = drafted_lines(store)[-1]
    assert (ended["draft_no"], ended["changed"]["第4项·分子"]) == (again.draft_no, ["94", ""])
    assert is_whole_log(store)


def test_another_statement_alone_is_a_new_version(store):
    send(store, save(store, RIGHT))
    start = drafts.start_of(store, REPORTER, form(store))

    done = send(store, save(store, start.cells, base=start.report_id), "支付数为估算")

    assert (done.outcome, done.report_version) == ("submitted", 2)


@pytest.mark.parametrize("digits", ["1" * 15, "9" * 18, "1" * 19, "1" * 14 + ".00001"])
def test_a_figure_longer_than_the_store_keeps_is_refused_in_a_sentence(store, digits):
    kept = save(store, {("value", 6): digits, ("prior_value", 6): "1", PAID: digits})

    with pytest.raises(IntakeError) as refused:
        send(store, kept)

    issues = refused.value.issues
    assert [issue.place for issue in issues] == ["全年执行数", "第6项·本年值"]
    assert {issue.code for issue in issues} == {"number-too-long"}
    assert all(issue.sentence.endswith("请检查。") for issue in issues)
    assert rows(store, "FROM report") == []


def test_the_longest_figure_is_kept_exactly(store):
    longest = "9" * 14 + ".9999"

    send(store, save(store, {("value", 6): longest, ("prior_value", 6): "0.0001"}))

    (value,) = rows(store, "SELECT actual_value, prior_value FROM actual")
    assert (str(value["actual_value"]), str(value["prior_value"])) == (longest, "0.0001")


def test_a_death_in_between_leaves_the_draft_and_no_report(store, monkeypatch):
    kept = save(store, RIGHT)
    before = contents(store)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(reports, "refresh_scores", killed)
    with pytest.raises(KeyboardInterrupt):
        send(store, kept)

    assert contents(store) == before


def test_a_faulty_workbook_is_kept_as_a_draft_and_mended_on_the_page(store):
    asked = form(store)
    book = openpyxl.load_workbook(io.BytesIO(reports.template_workbook(asked)))
    book[SHEET_NAME][cell("numerator", FIRST_ROW + 3)] = "94名对象"
    book[SHEET_NAME][cell("denominator", FIRST_ROW + 3)] = 100
    buffer = io.BytesIO()
    book.save(buffer)
    cells, checked = read_cells(buffer.getvalue(), asked, "轮台县.xlsx")
    kept = save(store, cells, file=ReceivedFile("轮台县.xlsx", buffer.getvalue()))

    mended = save(store, {**kept.cells, ("numerator", 4): "94"}, kept.draft_no)

    assert [issue.place for issue in checked.issues] == [f"「填报表」!{cell('numerator', FIRST_ROW + 3)}"]
    assert (kept.file_name, mended.file_name) == ("轮台县.xlsx", "")
    send(store, mended)
    assert rows(store, "SELECT file_name FROM report")[0]["file_name"].endswith(".csv")


def test_an_unchanged_workbook_is_itself_on_record_and_again_changes_nothing(store):
    asked = form(store)
    book = openpyxl.load_workbook(io.BytesIO(reports.template_workbook(asked)))
    book[SHEET_NAME][cell("numerator", FIRST_ROW + 3)] = 94
    book[SHEET_NAME][cell("denominator", FIRST_ROW + 3)] = 100
    buffer = io.BytesIO()
    book.save(buffer)
    file = ReceivedFile("轮台县.xlsx", buffer.getvalue())
    cells, _ = read_cells(file.content, asked, file.file_name)

    send(store, save(store, cells, file=file))

    (report,) = rows(store, "SELECT * FROM report")
    assert (report["file_name"], report["file_sha256"]) == ("轮台县.xlsx", file.sha256)
    start = drafts.start_of(store, REPORTER, asked)
    again = save(store, start.cells, at=LATER, base=start.report_id)
    assert again.cells == cells
    assert send(store, again).outcome == "nothing_changed"


def test_every_row_says_what_a_submission_would_do(store):
    submit(store, upload(
        entry(4, numerator=94, denominator=100), entry(6, value=600, prior_value=560),
        entry(12, numerator=1, denominator=1), entry(13, numerator=1, denominator=1),
    ))
    asked = form(store)
    with store.reading() as cursor:
        kept = kept_values(cursor, f"{NUMBER}|{ROUND}|luntai|1")
    cells = dict(drafts.start_of(store, REPORTER, asked).cells)
    cells.update({("numerator", 4): "95", ("numerator", 13): "一", ("numerator", 1): "5", ("denominator", 1): "5"})
    cells.pop(("numerator", 12))
    cells.pop(("denominator", 12))

    found = {change.indicator_no: change for change in row_changes(asked, check_cells(cells, asked), kept)}

    assert {no: found[no].outcome for no in (1, 2, 4, 6, 12, 13)} == {
        1: "new", 2: "blank", 4: "changed", 6: "unchanged", 12: "withdrawn", 13: "rejected",
    }
    assert found[4].fields == ("numerator",)
    assert [change.outcome for change in found.values()].count("computed") == 1


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The page of 轮台县 as one of its people has it open."""
    opened_store(tmp_path).close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()

    def opened(role):
        sign_in(monkeypatch, role, "luntai")
        test = AppTest.from_file(str(APP), default_timeout=60)
        test.query_params["notice"], test.query_params["round"] = NUMBER, ROUND
        return test.run()

    yield opened
    st.cache_resource.clear()
    st.cache_data.clear()


def money(test):
    return next(field for field in test.text_input if field.key.startswith("reporting_paid"))


def button(test, words):
    return next(found for found in test.button if found.label.startswith(words))


def test_typed_work_survives_is_mended_by_a_click_and_submitted_by_the_approver(page):
    test = page(COUNTY_REPORTER)
    money(test).set_value("17095000元").run()
    assert "有 1 处要改" in test.error[0].value
    assert button(test, "交审核").disabled
    button(test, "全年执行数 改为 1709.5").click().run()
    test.text_area[0].set_value("无").run()
    assert not test.error and not button(test, "交审核").disabled
    assert not [found for found in test.button if found.label.startswith("报送")]

    again = page(COUNTY_APPROVER)
    assert money(again).value == "1709.5"
    button(again, "报送 轮台县").click().run()

    assert "已报送第 1 版" in again.success[0].value and "回执 第 " in again.success[0].value
    assert not again.exception
    assert any("已报送，待州级审核" in line.value for line in again.markdown)


def test_only_what_stood_on_the_approvers_screen_is_submitted(page):
    reporter = page(COUNTY_REPORTER)
    money(reporter).set_value("5").run()
    reporter.text_area[0].set_value("无").run()
    approver = page(COUNTY_APPROVER)
    store = session.workspace().store
    seen = open_draft(store, REPORTER, form(store))
    save(store, {**seen.cells, PAID: "1709.5"}, seen.draft_no, at=seen.saved_at)

    button(approver, "报送 轮台县").click().run()

    assert not approver.exception and rows(store, "FROM report") == []
    assert "李强刚才又保存了草稿，没有报送" in approver.error[0].value
    assert money(approver).value == "5" and "以前看到的内容" in approver.warning[0].value
    button(approver, "报送 轮台县").click().run()
    assert rows(store, "FROM report") == []
    button(approver, "载入现在的内容").click().run()
    assert money(approver).value == "1709.5" and not approver.error
    button(approver, "报送 轮台县").click().run()
    assert [row["paid_yuan"] for row in rows(store, "FROM report")] == [17_095_000]


def test_the_page_tells_of_a_version_that_came_meanwhile_and_goes_on_knowingly(page):
    test = page(COUNTY_APPROVER)
    money(test).set_value("5").run()
    test.text_area[0].set_value("无").run()
    store = session.workspace().store
    first = imported(store, at=open_draft(store, REPORTER, form(store)).saved_at)

    button(test, "报送 轮台县").click().run()
    assert "没有报送" in test.error[0].value and "第 1 版" in test.warning[0].value
    assert "不同之处：填报人、全年执行数、第4项·分子、第4项·分母。" in test.warning[0].value

    button(test, "已看过这一版").click().run()
    assert not test.error and not any("第 1 版，页面上" in line.value for line in test.warning)
    assert open_draft(store, REPORTER, form(store)).base_report_id == first
    button(test, "报送 轮台县").click().run()
    assert not test.exception and "已报送第 2 版" in test.success[0].value


def test_the_page_can_begin_anew_from_a_version_that_came_meanwhile(page):
    test = page(COUNTY_REPORTER)
    money(test).set_value("5").run()
    store = session.workspace().store
    imported(store, at=open_draft(store, REPORTER, form(store)).saved_at)

    test.run()
    button(test, "不用页面上的内容").click().run()

    assert not test.exception and not test.error and money(test).value == ""
    assert open_draft(store, REPORTER, form(store)) is None


def test_a_third_save_while_two_works_are_put_together_is_told(page, monkeypatch):
    test = page(COUNTY_REPORTER)
    money(test).set_value("5").run()
    store = session.workspace().store
    kept = open_draft(store, REPORTER, form(store))
    theirs = save(store, {**kept.cells, **WRONG}, kept.draft_no, actor=APPROVER, at=kept.saved_at)
    money(test).set_value("6").run()
    keep = drafts.save_draft

    def raced(*given, **more):
        if more["seen_draft_no"] == theirs.draft_no:
            monkeypatch.setattr(drafts, "save_draft", keep)
            save(store, {**theirs.cells, ("value", 6): "7"}, theirs.draft_no, actor=APPROVER, at=theirs.saved_at)
        return keep(*given, **more)

    monkeypatch.setattr(drafts, "save_draft", raced)
    button(test, "把我的改动加到对方的草稿上").click().run()

    assert not test.exception and "luntai审核人在" in test.error[-1].value
    button(test, "把我的改动加到对方的草稿上").click().run()
    assert open_draft(store, REPORTER, form(store)).cells == {**WRONG, ("value", 6): "7", PAID: "6"}


def test_the_second_person_on_the_page_chooses_what_becomes_of_both_works(page):
    test = page(COUNTY_REPORTER)
    money(test).set_value("5").run()
    store, asked = session.workspace().store, form(session.workspace().store)
    kept = open_draft(store, REPORTER, asked)
    cells = {**kept.cells, ("numerator", 4): "94", ("denominator", 4): "100"}
    save(store, cells, kept.draft_no, actor=APPROVER, at=kept.saved_at)

    money(test).set_value("6").run()
    assert "luntai审核人在" in test.error[0].value
    button(test, "把我的改动加到对方的草稿上").click().run()

    assert not test.exception and not test.error
    assert open_draft(store, REPORTER, asked).cells == {**cells, PAID: "6"}
