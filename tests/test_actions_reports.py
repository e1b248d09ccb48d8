"""Reporting: the form, the rehearsal, the submission and its versions."""

from __future__ import annotations

import io
import itertools
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import openpyxl
import pandas as pd
import pytest
from builders import (
    NUMBER,
    OFFICER,
    OPENED_AT,
    REGION,
    ROUND,
    STATEMENT,
    SUBMITTED_AT,
    clerk,
    contents,
    entry,
    form,
    is_whole_log,
    opened_store,
    plan,
    receive,
    rows,
    score_of,
    submit,
    upload,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import demo
from dashboard.actions.drafts import save_draft
from dashboard.actions.report_events import add_event
from dashboard.actions.reports import (
    Upload,
    prepare_form,
    read_upload,
    rehearse,
    submit_report,
    template_name,
    template_workbook,
)
from dashboard.actions.rounds import open_round
from dashboard.demo_figures import Proved, SimulatedReport, report_of
from dashboard.rights import COUNTY_REPORTER
from data.audit import Actor
from data.errors import FileError, IntakeError, NotFoundError, RefusedError
from data.intake.columns import FILLED_BY_CELL, FIRST_ROW, PAID_CELL, cell
from metrics.boards import reporting, standing
from metrics.boards.definition import Scope
from metrics.scoring import score_rows

SCORED = ("state", "achieved", "required", "score_micro", "weight_micro", "attainment_micro", "deviation_micro",
          "gap_points_micro")
AS_OF = datetime(2021, 12, 26, 23, 59, 59)
LATER = SUBMITTED_AT + timedelta(hours=3)
send = partial(submit_report, statement=STATEMENT)


def typed(store, cells, change=None, recipient_id="luntai") -> bytes:
    """The unit's own template with cells typed into it."""
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(form(store, recipient_id))))
    for address, value in cells.items():
        book["填报表"][address] = value
    if change:
        change(book["填报表"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def at(indicator_no: int, field: str) -> str:
    return cell(field, FIRST_ROW + indicator_no - 1)


def test_the_whole_way_from_the_template_to_the_score(tmp_path):
    store = opened_store(tmp_path)
    asked = form(store)
    proved = Proved(8954, 9430, Decimal(19_742_376), Decimal(19_742_376), 623, 1184)
    simulated = report_of("luntai", ROUND, asked.after_yuan / 10_000, proved)
    content = demo.fill(template_workbook(asked), asked, simulated)
    given_form = read_upload(asked, content, template_name(asked))
    before = contents(store)

    preview = rehearse(store, clerk("luntai"), SUBMITTED_AT, given_form, REGION)
    assert contents(store) == before, "a rehearsal left a trace"

    done = submit(store, given_form)
    kept = {
        row["indicator_no"]: row
        for row in rows(store, "SELECT * FROM score WHERE recipient_id = 'luntai' AND valid_to > $at", at=AS_OF)
        if row["valid_from"] <= AS_OF
    }
    assert (done.report_version, done.outcome, done.entry_count) == (1, "submitted", 19)
    assert len(preview) == len(kept) == 20
    for row in preview:
        assert {name: row[name] for name in SCORED} == {
            name: kept[row["indicator_no"]][name] for name in SCORED
        }, row["indicator_no"]
        assert row["sentence"].endswith("。")
    assert (kept[13]["state"], kept[13]["required"]) == ("slightly_off", Decimal(95 * 46))
    (report,) = rows(store, "SELECT * FROM report")
    assert (report["paid_yuan"], report["file_name"]) == (Decimal("28214400.00"), template_name(asked))
    assert rows(store, "SELECT content FROM received_file WHERE file_sha256 = $sha", sha=given_form.sha256) == [
        {"content": content}
    ]
    assert rows(store, "SELECT action_name, actor_name FROM audit_log ORDER BY entry_no DESC LIMIT 1") == [
        {"action_name": "submit_report", "actor_name": "luntai审核人"}
    ]
    assert is_whole_log(store)


def test_a_form_names_its_unit_its_money_and_what_is_asked(tmp_path):
    asked = form(opened_store(tmp_path))

    assert (asked.recipient_name, asked.after_yuan, asked.period_end_on) == (
        "轮台县", Decimal("29390000.00"), date(2021, 12, 25)
    )
    assert len(asked.rows) == 20
    assert template_name(asked) == "轮台县_2021-12_巴财社〔2021〕96号_填报表.xlsx"


@pytest.mark.parametrize(
    ("document_number", "round_id", "recipient_id"),
    [("巴财社〔2021〕97号", ROUND, "luntai"), (NUMBER, "2022-03", "luntai"), (NUMBER, ROUND, "wulumuqi")],
)
def test_a_form_that_nobody_owes_is_not_found(tmp_path, document_number, round_id, recipient_id):
    with pytest.raises(NotFoundError, match=r"没有找到.*重新选择"):
        prepare_form(opened_store(tmp_path), document_number, round_id, recipient_id)


def test_the_next_form_shows_what_was_reported_before(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(
        entry(4, numerator=94, denominator=100), entry(6, value=600, prior_value=560),
        entry(15, band=2, band_share=70, evidence_text="回访"),
    ))
    later = plan(round_id="2021-13", round_name="年终", period_end_on=date(2021, 12, 31))
    open_round(store, OFFICER, LATER, NUMBER, later, REGION)

    asked = {row.indicator_no: row for row in form(store, round_id="2021-13").rows}

    assert asked[4].prior_round_text == "94／100"
    assert asked[6].prior_value == 560
    assert asked[15].prior_round_text == "部分达成 70%"
    assert asked[5].prior_round_text == ""
    assert {row.prior_value for row in form(store).rows} == {None}, "a round does not show itself"


def test_the_same_file_twice_changes_nothing(tmp_path):
    store = opened_store(tmp_path)
    given_form = upload(entry(4, numerator=94, denominator=100))
    submit(store, given_form)
    before = contents(store)

    again = submit(store, given_form, at=LATER)

    assert (again.outcome, again.report_version, again.entry_count) == ("nothing_changed", 1, 0)
    assert contents(store) == before


def test_another_file_is_the_second_version_and_the_first_stays(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=85, denominator=100), entry(5, numerator=9, denominator=10)))
    second = submit(store, upload(entry(4, numerator=94, denominator=100), paid_wan=2000), at=LATER)

    assert second.report_version == 2
    versions = reporting.versions(store, Scope(NUMBER, ROUND, date(2021, 12, 26)), "luntai")
    assert list(versions["report_version"]) == [2, 1]
    old = rows(store, "SELECT a.* FROM actual AS a JOIN report AS r USING (report_id) WHERE report_version = 1")
    assert {row["indicator_no"]: row["numerator"] for row in old} == {4: Decimal(85), 5: Decimal(9)}
    current = rows(store, "SELECT * FROM actual_current")
    assert [(row["indicator_no"], row["numerator"]) for row in current] == [(4, Decimal(94))]
    spans = rows(
        store, "SELECT state, valid_from, valid_to FROM score WHERE recipient_id = 'luntai' AND indicator_no = 4 "
        "ORDER BY valid_from",
    )
    assert [(row["state"], row["valid_from"]) for row in spans] == [
        ("not_due", OPENED_AT), ("slightly_off", SUBMITTED_AT), ("met", LATER),
    ]
    assert [row["valid_to"] for row in spans[:2]] == [SUBMITTED_AT, LATER]
    # What the second version leaves out is not reported any more.
    assert score_of(store, 5, SUBMITTED_AT)["state"] == "met"
    assert score_of(store, 5, LATER)["state"] == "not_due"
    assert is_whole_log(store)


def test_a_first_file_again_after_a_second_is_the_third_version(tmp_path):
    store = opened_store(tmp_path)
    first = upload(entry(4, numerator=85, denominator=100))
    submit(store, first)
    submit(store, upload(entry(4, numerator=94, denominator=100)), at=LATER)

    assert submit(store, first, at=LATER + timedelta(hours=1)).report_version == 3
    assert len(rows(store, "SELECT * FROM received_file")) == 3  # the notice and two forms


def test_a_day_before_the_submission_shows_the_state_before(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100), paid_wan=2000), at=datetime(2021, 12, 28, 9))

    def seen(day: int):
        scope = Scope(NUMBER, ROUND, date(2021, 12, day))
        score = standing.scores(store, scope).query("recipient_id == 'luntai' and indicator_no == 4").iloc[0]
        duty = reporting.duties(store, scope).set_index("recipient_id").loc["luntai"]
        effect = standing.unit_effects(store, scope).set_index("recipient_id").loc["luntai"]
        return score["state"], duty["duty_state"], bool(effect["is_reported"])

    assert seen(26) == ("not_due", "not_due", False)
    assert seen(27) == ("not_due", "not_due", False)
    assert seen(28) == ("met", "late", True)


def test_a_correction_sent_late_does_not_make_a_timely_report_late(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    submit(store, upload(entry(4, numerator=95, denominator=100)), at=datetime(2021, 12, 29, 9))

    duties = reporting.duties(store, Scope(NUMBER, ROUND, date(2021, 12, 30))).set_index("recipient_id")

    assert duties.loc["luntai", "duty_state"] == "on_time"
    assert duties.loc["luntai", "report_version"] == 2
    assert duties.loc["bohu", "duty_state"] == "overdue"


def test_blank_rows_are_not_reported_and_never_zero(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4), entry(5, numerator=0, denominator=10)))
    after_due = datetime(2021, 12, 28)

    assert (score_of(store, 4, after_due)["state"], score_of(store, 4, after_due)["score_micro"]) == (
        "not_reported", None
    )
    assert (score_of(store, 5, after_due)["state"], score_of(store, 5, after_due)["score_micro"]) == ("off", 0)
    assert [row["indicator_no"] for row in rows(store, "SELECT * FROM actual")] == [5]


# --- reasons --------------------------------------------------------------------------------------------------------

# Target of 4: ≥90%. 720/1000 is exactly 80% of it, 719/1000 is 79.89%, 899/1000 is 99.88%.
AT_LIMIT, BELOW, SLIGHT = ({"numerator": n, "denominator": 1000} for n in (720, 719, 899))
WORDS = {"deviation_reason": "系统停用", "improvement_measure": "12月补录"}


def lacking(store, *entries) -> list[tuple[str, int]]:
    """The words that the preview misses; a submission must be refused with the same ones, or be taken."""
    given_form = upload(*entries)
    before = contents(store)
    preview = rehearse(store, clerk("luntai"), SUBMITTED_AT, given_form, REGION)
    issues = [issue for row in preview for issue in row["issues"]]
    if issues:
        with pytest.raises(IntakeError) as refused:
            submit(store, given_form, explains=False)
        assert refused.value.issues == tuple(issues)
        assert contents(store) == before
    else:
        assert submit(store, given_form, explains=False).outcome == "submitted"
    return [(issue.code, row["indicator_no"]) for row in preview for issue in row["issues"]]


@pytest.mark.parametrize(
    ("given_entry", "missing"),
    [
        (entry(4, **BELOW), ["deviation-reason-missing", "improvement-measure-missing"]),
        (entry(4, **BELOW, deviation_reason="系统停用"), ["improvement-measure-missing"]),
        (entry(4, **BELOW, improvement_measure="12月补录"), ["deviation-reason-missing"]),
        (entry(4, **BELOW, deviation_reason=" ", improvement_measure="\u3000"),
         ["deviation-reason-missing", "improvement-measure-missing"]),
        (entry(4, **BELOW, **WORDS), []),
        (entry(4, **AT_LIMIT), []),           # the limit itself is not below it
        (entry(4, **SLIGHT), []),             # slightly off: a warning, no more
        (entry(4, numerator=0, denominator=0), []),      # nothing to do, nothing to explain
        (entry(15, band=3, band_share=59, evidence_text="回访"),
         ["deviation-reason-missing", "improvement-measure-missing"]),
        (entry(15, band=2, band_share=60, evidence_text="回访"), []),
        # A rise without a size: more than last year's 100 is asked, 1.3 × 100.0001 is 130.00013.
        (entry(2, value="130.0001", prior_value=100), []),
        (entry(2, value="130.0002", prior_value=100), ["deviation-reason-missing"]),
        (entry(2, value="130.0002", prior_value=100, deviation_reason="受灾"), []),
        (entry(6, value=700), []),            # no last year's value: no baseline, no deviation
    ],
)
def test_what_lies_beyond_the_band_needs_its_words(tmp_path, given_entry, missing):
    found = lacking(opened_store(tmp_path), given_entry)

    assert [code for code, _ in found] == missing
    assert {number for _, number in found} <= {given_entry.indicator_no}


def test_every_missing_word_is_named_with_its_cell_at_once(tmp_path):
    store = opened_store(tmp_path)
    asked = form(store)
    content = typed(store, {
        at(4, "numerator"): 719, at(4, "denominator"): 1000,
        at(5, "numerator"): 1, at(5, "denominator"): 2, at(5, "deviation_reason"): "牧户转场",
        at(12, "numerator"): 85, at(12, "denominator"): 100,
    })
    before = contents(store)

    with pytest.raises(IntakeError, match="3 处需要更正，一条也没有写入") as refused:
        submit(store, read_upload(asked, content, "轮台县.xlsx"), explains=False)
    assert [issue.place for issue in refused.value.issues] == ["「填报表」!P11", "「填报表」!Q11", "「填报表」!Q12"]
    assert refused.value.issues[0].sentence == (
        "「填报表」!P11 第4项“儿童保障覆盖率”的偏差原因未填：完成 79.89%，低于 80%，要写明偏差原因和改进措施。"
    )
    assert contents(store) == before


def test_the_limit_is_that_of_the_rounds_own_rules(tmp_path):
    store = opened_store(tmp_path)
    with store.transaction() as cursor:
        cursor.run("UPDATE rule_value SET value_micro = 999000 WHERE rule_key = 'reason-required-below'")
    assert [number for _, number in lacking(store, entry(4, **SLIGHT))] == [4, 4]

    with store.transaction() as cursor:
        cursor.run("DELETE FROM rule_value WHERE rule_key = 'reason-required-below'")
    assert lacking(store, entry(4, numerator=0, denominator=10)) == []


def test_a_late_import_is_not_asked_for_words_that_the_form_cannot_take(tmp_path):
    store = opened_store(tmp_path)
    receive(store, happened_at=datetime(2021, 12, 22, 9))
    given_form = upload(entry(4, numerator=9, denominator=10))

    assert submit(store, given_form, at=datetime(2021, 12, 29, 9), explains=False).outcome == "submitted"
    assert score_of(store, 11, datetime(2021, 12, 29, 10))["state"] == "off"


def test_an_untouched_form_is_no_report(tmp_path):
    store = opened_store(tmp_path)
    asked = form(store)

    with pytest.raises(RefusedError, match="一项也没有填"):
        submit(store, read_upload(asked, template_workbook(asked), "轮台县.xlsx"))

    assert rows(store, "SELECT * FROM report") == []


def test_a_preview_names_what_a_new_version_would_withdraw(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(1, numerator=9, denominator=10), entry(4, numerator=9, denominator=10)))

    preview = rehearse(store, clerk("luntai"), LATER, upload(entry(1, numerator=10, denominator=10)), "652800")

    assert [row["indicator_no"] for row in preview if row["is_withdrawn"]] == [4]


def test_not_applicable_is_a_state_of_its_own(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(3, is_not_applicable=True, evidence_text="本单位无此项业务")))

    row = score_of(store, 3, AS_OF)
    assert (row["state"], row["score_micro"]) == ("not_applicable", None)


def test_not_applicable_without_a_reason_is_refused_with_its_cell(tmp_path):
    store = opened_store(tmp_path)
    content = typed(store, {at(3, "not_applicable"): "不适用"})
    before = contents(store)

    with pytest.raises(IntakeError) as refused:
        read_upload(form(store), content, "轮台县.xlsx")
    assert [(issue.code, issue.place) for issue in refused.value.issues] == [("evidence-missing", "「填报表」!O10")]
    assert "写明理由" in str(refused.value)
    assert contents(store) == before


@pytest.mark.parametrize(
    ("actor", "sentence"),
    [
        (clerk("bohu"), "只能办理本单位的事项"),
        (Actor(" ", "county_reporter", "luntai"), "没有办事人姓名"),
        (Actor("张三", "visitor"), "当前身份不能办理"),
    ],
)
def test_who_may_not_report_for_the_unit_is_refused(tmp_path, actor, sentence):
    store = opened_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError, match=sentence):
        submit(store, upload(entry(4, numerator=94, denominator=100)), actor=actor)
    assert contents(store) == before


def test_the_prefecture_and_a_reporter_do_not_submit_for_a_unit(tmp_path):
    store = opened_store(tmp_path)

    for actor in (OFFICER, Actor("李强", COUNTY_REPORTER, "luntai")):
        with pytest.raises(RefusedError, match="不能办理这一步"):
            submit(store, upload(entry(4, numerator=1, denominator=1)), actor=actor)


def test_the_same_values_in_another_file_change_nothing(tmp_path):
    store = opened_store(tmp_path)
    given = upload(entry(4, numerator=Decimal("94.00"), denominator=100), paid_wan=10)
    first = submit(store, given)
    before = contents(store)

    again = submit(store, upload(entry(4, numerator=94, denominator=100), paid_wan=10, content=b"another"), at=LATER)

    assert first.receipt is not None and str(first.receipt).startswith("第 ")
    assert (again.outcome, again.report_version, again.receipt) == ("nothing_changed", 1, None)
    assert contents(store) == before
    assert submit(store, upload(entry(4, numerator=95, denominator=100), paid_wan=10), at=LATER).report_version == 2


@pytest.mark.parametrize("state", ["accepted", "locked"])
def test_a_closed_report_takes_no_version(tmp_path, state):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    (report,) = rows(store, "SELECT report_id FROM report")
    with store.transaction() as cursor:
        add_event(cursor, OFFICER, LATER, report["report_id"], state)

    for act in (send, rehearse):
        with pytest.raises(RefusedError, match="不能再改"):
            act(store, clerk("luntai"), LATER, upload(entry(4, numerator=95, denominator=100)), REGION)


@pytest.mark.parametrize(
    ("statement", "sentence"), [("", "没有写已知局限"), (" \n", "没有写已知局限"), ("长" * 2001, "2001 字")]
)
def test_every_submission_states_its_known_limits(tmp_path, statement, sentence):
    store = opened_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError, match=sentence):
        submit_report(store, clerk("luntai"), LATER, upload(entry(6, value=7)), REGION, statement=statement)
    assert contents(store) == before


def test_the_line_of_a_submission_says_which_version_stood_before_and_in_what_state(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    with store.transaction() as cursor:
        add_event(cursor, OFFICER, LATER, f"{NUMBER}|{ROUND}|luntai|1", "returned", "分母偏小")
    submit(store, upload(entry(4, numerator=95, denominator=100)), at=LATER)

    lines = rows(store, "SELECT detail_json FROM audit_log WHERE action_name = 'submit_report' ORDER BY entry_no")
    details = [json.loads(line["detail_json"]) for line in lines]
    assert [(detail["before"], detail["after"]) for detail in details] == [
        (None, {"report_version": 1, "report_state": "submitted"}),
        ({"report_version": 1, "report_state": "returned"}, {"report_version": 2, "report_state": "submitted"}),
    ]


def test_a_returned_report_may_be_confirmed_with_a_statement(tmp_path):
    store = opened_store(tmp_path)
    given = upload(entry(4, numerator=94, denominator=100))
    submit(store, given)
    (report,) = rows(store, "SELECT report_id FROM report")
    with store.transaction() as cursor:
        add_event(cursor, OFFICER, LATER, report["report_id"], "returned", "分母偏小")

    assert send(store, clerk("luntai"), LATER, given, REGION).outcome == "nothing_changed"
    done = submit_report(store, clerk("luntai"), LATER, given, REGION, statement="分母已核对无误")

    assert (done.outcome, done.report_version) == ("submitted", 2)
    assert [row["statement_text"] for row in rows(store, "SELECT * FROM report ORDER BY report_version")] == [
        STATEMENT, "分母已核对无误",
    ]


@pytest.mark.parametrize("act", [send, rehearse])
@pytest.mark.parametrize(
    ("round_id", "moment", "sentence"),
    [
        (ROUND, datetime(2021, 12, 24, 23, 59), "本轮从 2021年12月25日 起填报，还没有开始"),
        ("2022-03", SUBMITTED_AT, "这一轮次还没有开启"),
    ],
)
def test_a_round_that_is_not_open_takes_no_report(tmp_path, act, round_id, moment, sentence):
    store = opened_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError, match=sentence):
        act(store, clerk("luntai"), moment, upload(entry(4, numerator=1, denominator=1), round_id=round_id), REGION)
    assert contents(store) == before


def no_column(sheet) -> None:
    sheet.delete_cols(9)     # 分子


def doubled_row(sheet) -> None:
    for column in range(1, 19):
        target, source = sheet.cell(FIRST_ROW + 2, column), sheet.cell(FIRST_ROW + 1, column)
        if type(target).__name__ != "MergedCell":
            target.value = source.value


@pytest.mark.parametrize(
    ("cells", "change", "place", "words"),
    [
        ({at(4, "numerator"): "九十四"}, None, "「填报表」!I11", "第4项"),
        ({at(4, "numerator"): 94}, None, "「填报表」!J11", "分母未填"),
        ({at(4, "numerator"): 101, at(4, "denominator"): 100}, None, "「填报表」!I11", "大于分母"),
        ({at(6, "value"): -1}, None, "「填报表」!K13", "第6项"),
        ({PAID_CELL: "很多"}, None, "「填报表」!K4", "全年执行数"),
        ({}, no_column, "「填报表」!I7", "表头应为“分子”"),
        ({}, doubled_row, "「填报表」!A10", "与第9行重复"),
    ],
    ids=["text for a number", "one count", "more than all", "negative", "money in words", "column gone", "row twice"],
)
def test_a_fault_is_named_with_its_cell_and_nothing_is_written(tmp_path, cells, change, place, words):
    store = opened_store(tmp_path)
    content = typed(store, cells, change)
    before = contents(store)

    with pytest.raises(IntakeError, match="一条也没有写入") as refused:
        read_upload(form(store), content, "轮台县.xlsx")
    first = refused.value.issues[0]
    assert place in first.place
    assert words in first.sentence
    assert first.sentence.endswith("。")
    assert contents(store) == before


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ" + b"\0" * 5000, "轮台县.xlsx", "可执行程序"),
        (b"", "轮台县.xlsx", "空"),
        (b"PK\x03\x04" + b"0" * (21 * 1024 * 1024), "轮台县.xlsx", "20"),
        (b"PK\x03\x04 broken", "轮台县.xlsx", "轮台县.xlsx"),
        (b"a,b\n1,2\n", "轮台县.csv", "轮台县.csv"),
    ],
    ids=["program", "empty", "too large", "damaged", "other kind"],
)
def test_a_file_that_is_no_form_is_one_clear_sentence(tmp_path, content, name, words):
    store = opened_store(tmp_path)

    with pytest.raises(FileError) as refused:
        read_upload(form(store), content, name)
    said = str(refused.value)
    assert words in said
    assert said.count("。") == 1
    assert said.endswith("。")


def test_another_units_form_is_refused(tmp_path):
    store = opened_store(tmp_path)
    theirs = template_workbook(form(store, "bohu"))

    with pytest.raises(IntakeError, match="博湖县"):
        read_upload(form(store, "luntai"), theirs, "轮台县.xlsx")


def test_who_filled_it_in_and_what_was_paid_come_from_the_form(tmp_path):
    store = opened_store(tmp_path)
    asked = form(store)
    content = demo.fill(template_workbook(asked), asked, SimulatedReport(Decimal("1709.5"), {}))

    read = read_upload(asked, content, "轮台县.xlsx").report

    assert (read.paid_yuan, read.filled_by) == (Decimal(17_095_000), "演示填报人")
    assert FILLED_BY_CELL == "O4"


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One store for all examples of the property: each example is a further version."""
    return opened_store(tmp_path_factory.mktemp("shared")), itertools.count(1)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    counts=st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)).map(lambda pair: (min(pair), max(pair))),
        min_size=5, max_size=5,
    ),
    now=st.decimals(0, 10**6, places=4), prior=st.decimals(0, 10**6, places=4),
)
def test_what_is_stored_is_what_the_rule_says(shared, counts, now, prior):
    store, numbers = shared
    moment = SUBMITTED_AT + timedelta(seconds=next(numbers))
    ratios = dict(zip((3, 4, 9, 12, 20), counts, strict=True))
    submit(store, upload(
        *(entry(no, numerator=n, denominator=d) for no, (n, d) in ratios.items()),
        entry(6, value=now, prior_value=prior), content=str(moment).encode(),
    ), at=moment)

    targets = {row["indicator_no"]: row for row in rows(store, "SELECT * FROM target WHERE recipient_id = 'luntai'")}
    weights = {row["indicator_no"]: row["weight_micro"] for row in rows(store, "SELECT * FROM indicator")}
    given_rows = [
        {
            "recipient_id": "luntai", "indicator_no": no, "round_id": ROUND, "weight_micro": weights[no],
            "scored_kind": targets[no]["scored_kind"], "scale": targets[no]["scale"], "bound": targets[no]["bound"],
            "as_of_on": moment.date(), "due_on": date(2021, 12, 27), "is_reported": True, **values,
        }
        for no, values in [
            *((no, {"numerator": Decimal(n), "denominator": Decimal(d)}) for no, (n, d) in ratios.items()),
            (6, {"value": now, "prior_value": prior}),
        ]
    ]
    for expected in score_rows(given_rows):
        stored = score_of(store, expected["indicator_no"], moment)
        assert {name: stored[name] for name in SCORED} == {name: expected[name] for name in SCORED}


def test_the_fingerprint_is_of_the_bytes_alone():
    assert upload(content=b"a").sha256 == Upload(upload().report, b"a", "other.xlsx").sha256
    assert upload(content=b"a").sha256 != upload(content=b"b").sha256


def test_the_history_of_a_value_says_who_when_from_what_to_what_and_why(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100), entry(6, value=5, prior_value=5), paid_wan=10))
    with store.transaction() as cursor:
        add_event(cursor, OFFICER, LATER, f"{NUMBER}|{ROUND}|luntai|1", "returned", "分子与台账不符")
    submit(store, upload(
        entry(4, numerator=95, denominator=100, deviation_reason="漏计一人"), paid_wan=11
    ), at=LATER)

    found = reporting.value_history(store, Scope(NUMBER, ROUND, LATER.date()), "luntai")

    assert [
        (row["indicator_no"], row["field_name"], row["old_text"], row["new_text"])
        for row in found.astype(object).where(found.notna(), None).to_dict("records")
    ] == [
        (0, "paid", "100000.00", "110000.00"), (4, "deviation_reason", None, "漏计一人"),
        (4, "numerator", "94.0000", "95.0000"), (6, "prior_value", "5.0000", None), (6, "value", "5.0000", None),
    ]
    assert set(found["event_reason"]) == {"分子与台账不符"}
    assert set(found["submitted_by"]) == {"luntai审核人"}
    assert found.loc[found["field_name"] == "numerator", "deviation_reason"].tolist() == ["漏计一人"]


def test_duties_are_of_every_round_with_the_days_left_and_a_draft(tmp_path):
    store = opened_store(tmp_path)
    open_round(store, OFFICER, OPENED_AT, NUMBER, plan(
        round_id="2021-13", round_name="年终", period_end_on=date(2021, 12, 31), due_on=date(2022, 1, 10),
    ), REGION)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    save_draft(store, clerk("luntai"), LATER, form(store, round_id="2021-13"), {("numerator", 4): "1"},
               seen_draft_no=0, base_report_id="")

    found = reporting.my_duties(store, date(2021, 12, 28), "luntai").set_index("round_id")

    assert found["days_left"].to_dict() == {"2021-13": 13, ROUND: -1}
    assert found["duty_state"].to_dict()[ROUND] == "on_time"
    assert found["has_draft"].to_dict() == {"2021-13": True, ROUND: False}
    assert (found.loc[ROUND, "report_state"], found.loc[ROUND, "report_version"]) == ("submitted", 1)
    assert reporting.my_duties(store, date(2021, 12, 28), "wulumuqi").empty
    everybody = reporting.my_duties(store, date(2021, 12, 28))
    own = everybody[everybody["recipient_id"] == "luntai"].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, reporting.my_duties(store, date(2021, 12, 28), "luntai"))
    assert set(everybody["recipient_id"]) > {"luntai", "bohu"}
    assert not everybody.duplicated(["document_number", "round_id", "recipient_id"]).any()
