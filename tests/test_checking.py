"""Reports under review: each step in each state, what a person looked at, how long a confirmation lasts, the log."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from builders import (
    NUMBER,
    OFFICER,
    REVIEWING,
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

from dashboard import checking_tables, labels, session, tables
from dashboard.actions.checking import (
    ValueCheck,
    accept_report,
    check_value,
    check_values,
    confirm_rest,
    lock_report,
    lock_reports,
    reopen_report,
    return_report,
)
from dashboard.actions.evidence_files import attach_evidence, remove_evidence
from dashboard.actions.report_events import NEXT_STEPS
from dashboard.actions.reviews import review_score
from dashboard.rights import AUDITOR, LEADER, read_board
from data.audit import Actor
from data.errors import RefusedError
from metrics.boards import accountability, checking, reporting
from metrics.boards.definition import BOARDS, Scope
from metrics.reported import show_previous, show_reported

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
AT = SUBMITTED_AT + timedelta(hours=2)
FIRST = f"{NUMBER}|{ROUND}|luntai|1"
SECOND = f"{NUMBER}|{ROUND}|luntai|2"
RATE = {"numerator": 90, "denominator": 100}
KEY = (NUMBER, ROUND, "luntai")
WHY = "按实有人数核对后重报"


def reported(tmp_path, *entries, **more):
    """轮台县 has reported 按时发放率 and 救助满意度 and the money paid."""
    store = opened_store(tmp_path)
    submit(store, upload(*(entries or (entry(12, **RATE), entry(20, numerator=9, denominator=10))),
                         **{"paid_wan": 2000, **more}))
    return store


def confirm(store, seen=FIRST, at=AT):
    return confirm_rest(store, REVIEWING, at, *KEY, seen_report_id=seen)


def accept(store, seen=FIRST, at=AT):
    return accept_report(store, REVIEWING, at, *KEY, seen_report_id=seen)


def send_back(store, seen=FIRST, at=AT, reason=WHY):
    return return_report(store, REVIEWING, at, *KEY, reason, seen_report_id=seen)


def seen_of(store, no=12):
    """What the page shows of a value beside its figures: the word that stands and the files."""
    found = [row for row in checking.values(store, SCOPE, "luntai").to_dict("records") if row["indicator_no"] == no]
    return {name: row[column] for row in found
            for name, column in (("seen_check_no", "check_no"), ("seen_evidence", "evidence_nos_text"))}


def ask(store, seen=FIRST, at=AT, no=12, reason="发放名册只有 81 户", **more):
    looked_at = {**seen_of(store, no), **more}
    return check_value(store, REVIEWING, at, *KEY, no, "questioned", reason, seen_report_id=seen, **looked_at)


def lock(store, seen=FIRST, at=AT):
    return lock_report(store, OFFICER, at, *KEY, seen_report_id=seen)


def reopen(store, seen=FIRST, at=AT, reason=WHY):
    return reopen_report(store, OFFICER, at, *KEY, reason, seen_report_id=seen)


def send_again(store, *entries, at=AT, **more):
    submit(store, upload(*entries, **{"paid_wan": 2000, **more}), at=at)


def brought_to(store, state):
    """A report brought to a state by the steps that lead there."""
    if state == "returned":
        send_back(store)
    elif state != "submitted":
        confirm(store)
        accept(store)
        if state == "locked":
            lock(store)
        if state == "reopened":
            reopen(store)
    return store


def state_of(store, scope=SCOPE, unit="luntai"):
    return checking.inbox(store, scope).set_index("recipient_id").loc[unit]


def verdicts(store, scope=SCOPE):
    table = checking.values(store, scope, "luntai")
    return dict(zip(table["indicator_no"], table["verdict"], strict=True))


STEPS = {
    "check": ask, "confirm_rest": confirm, "accept": accept, "return": send_back, "lock": lock,
    "reopen": reopen,
    "submit": lambda store: send_again(store, entry(12, numerator=91, denominator=100)),
    "review": lambda store: review_score(store, REVIEWING, AT, *KEY, 12, Decimal(3), "已核对"),
}
ALLOWED = {
    "submitted": {"check", "confirm_rest", "accept", "return", "submit", "review"},
    "reopened": {"check", "accept", "return", "submit", "review"},     # all are confirmed already
    "returned": {"submit", "review"},
    "accepted": {"lock", "reopen", "review"},
    "locked": {"reopen"},
}
BECOMES = {"accept": "accepted", "return": "returned", "lock": "locked", "reopen": "reopened", "submit": "submitted"}


@pytest.fixture(scope="module", params=ALLOWED)
def in_state(request, tmp_path_factory):
    """A store with a report in each state."""
    return request.param, brought_to(reported(tmp_path_factory.mktemp("state")), request.param)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_open_in_its_states_and_refused_with_the_state_in_the_others(in_state, step, tmp_path):
    state, store = in_state
    copy = brought_to(reported(tmp_path), state) if step in ALLOWED[state] else store
    if step == "accept" and state == "submitted":
        confirm(copy)
    before = contents(copy)

    if step in ALLOWED[state]:
        STEPS[step](copy)
        assert state_of(copy)["report_state"] == BECOMES.get(step, state)
        assert is_whole_log(copy)
    else:
        with pytest.raises(RefusedError) as refused:
            STEPS[step](copy)
        assert contents(copy) == before
        if step not in ("submit", "review", "confirm_rest"):
            assert str(refused.value).endswith(f"这份填报{NEXT_STEPS[state]}。")


def test_a_locked_report_keeps_its_scores_and_says_who_can_open_it(tmp_path):
    store = brought_to(reported(tmp_path), "locked")

    with pytest.raises(RefusedError, match="已锁定，得分不再改动。确需复核的，请州级经办先重新开放。"):
        STEPS["review"](store)
    with pytest.raises(RefusedError, match="已锁定，不能再改"):
        STEPS["submit"](store)


@pytest.mark.parametrize("step", ["check", "confirm_rest", "accept", "return", "lock", "reopen"])
def test_nothing_can_be_done_before_the_first_report(tmp_path, step):
    with pytest.raises(RefusedError, match=r"这个单位本轮还没有报送，不能.*请先催报"):
        STEPS[step](opened_store(tmp_path))


@pytest.mark.parametrize("step", ["check", "confirm_rest", "accept", "return"])
def test_who_looked_at_an_older_version_is_told(tmp_path, step):
    store = reported(tmp_path)
    send_again(store, entry(12, numerator=91, denominator=100), at=AT)
    before = contents(store)

    with pytest.raises(RefusedError, match="刚刚报送了第 2 版，您看的不是最新一版。请刷新页面"):
        STEPS[step](store)
    assert contents(store) == before


def test_accepting_names_every_value_that_stands_in_the_way(tmp_path):
    store = reported(tmp_path)
    ask(store)

    with pytest.raises(RefusedError) as refused:
        accept(store)

    assert str(refused.value) == (
        "还不能通过：有 1 项存疑：按时发放率。请退回单位更正，或核实后改为属实；"
        "还有 2 项没有核对：累计支付、救助满意度。请逐项核对，或点“其余全部属实”。"
    )
    confirm(store)
    assert verdicts(store) == {0: "confirmed", 12: "questioned", 20: "confirmed"}
    with pytest.raises(RefusedError, match="还不能通过：有 1 项存疑：按时发放率。请退回单位更正，或核实后改为属实。"):
        accept(store)
    check_value(store, REVIEWING, AT, *KEY, 12, "confirmed", seen_report_id=FIRST, **seen_of(store))
    accept(store)
    assert state_of(store)["report_state"] == "accepted"


OTHER = Actor("艾山", REVIEWING.role)


def test_who_judges_meanwhile_is_not_overwritten_unseen(tmp_path):
    store = reported(tmp_path)
    unseen = seen_of(store)
    ask(store)
    before = contents(store)

    for verdict in ("confirmed", "questioned"):
        with pytest.raises(RefusedError, match="“按时发放率”已由古丽娜在 12月26日 12:00 记为存疑（发放名册只有 81"):
            check_value(store, OTHER, AT, *KEY, 12, verdict, "另有疑问", seen_report_id=FIRST, **unseen)
    assert contents(store) == before
    check_value(store, OTHER, AT, *KEY, 12, "confirmed", seen_report_id=FIRST, **seen_of(store))
    assert verdicts(store)[12] == "confirmed"
    with pytest.raises(RefusedError, match=r"已由艾山在 .* 记为属实，请刷新"):
        ask(store, **unseen)


LUNTAI = clerk("luntai")


def attach(store, indicator_no, content=b"a", at=AT):
    name = f"{content.decode()}.txt"
    done = attach_evidence(store, LUNTAI, at, form(store), indicator_no, content, name)
    return done.evidence_no


@pytest.mark.parametrize(("indicator_no", "left"), [(12, {12}), (0, {0, 12, 20}), (19, set())])
@pytest.mark.parametrize("is_removed", [False, True])
def test_a_confirmation_ends_when_evidence_comes_or_goes(tmp_path, indicator_no, left, is_removed):
    store = reported(tmp_path)
    number = attach(store, indicator_no) if is_removed else 0
    seen = checking.values(store, SCOPE, "luntai").set_index("indicator_no")["evidence_nos_text"].to_dict()
    confirm_rest(store, REVIEWING, AT, *KEY, seen_report_id=FIRST, seen_evidence=seen)
    assert set(verdicts(store).values()) == {"confirmed"}

    if is_removed:
        remove_evidence(store, LUNTAI, AT, form(store), number)
    else:
        attach(store, indicator_no)

    assert {no for no, verdict in verdicts(store).items() if not verdict} == left
    table = checking.values(store, SCOPE, "luntai")
    assert set(table.query("is_evidence_changed")["indicator_no"]) == left
    assert state_of(store)["confirmed_count"] == 3 - len(left)
    told = dict(zip(table["indicator_no"], checking_tables.values(table)["审核意见"], strict=True))
    assert {no for no, words in told.items() if "核对以后佐证材料有增减" in words} == left
    if left:
        with pytest.raises(RefusedError, match=f"还有 {len(left)} 项没有核对：.*（核对以后佐证材料有增减）"):
            accept(store)
    else:
        accept(store)


def test_a_confirmation_is_not_carried_to_a_version_with_other_evidence(tmp_path):
    store = reported(tmp_path)
    confirm(store)
    reopened = brought_to_reopened(store)
    attach(reopened, 12)
    send_again(reopened, *with_words("二"))

    assert verdicts(reopened) == {0: "confirmed", 12: "", 20: "confirmed"}
    with pytest.raises(RefusedError, match="“按时发放率”的佐证材料刚刚有增减，请刷新页面，看过材料后再核对"):
        confirm(reopened, SECOND)
    confirm_rest(reopened, REVIEWING, AT, *KEY, seen_report_id=SECOND, seen_evidence={12: "1"})
    accept(reopened, SECOND)


def brought_to_reopened(store):
    accept(store)
    reopen(store)
    return store


def test_a_file_that_came_while_the_reviewer_looked_is_looked_at_first(tmp_path):
    store = reported(tmp_path)
    unseen = seen_of(store)
    attach(store, 12)

    with pytest.raises(RefusedError, match="“按时发放率”的佐证材料刚刚有增减"):
        ask(store, **unseen)
    ask(store)
    remove_evidence(store, LUNTAI, AT, form(store), 1)
    assert verdicts(store)[12] == "questioned", "a question stays asked, whatever the unit adds"


def test_all_faults_of_checks_are_told_at_once(tmp_path):
    store = reported(tmp_path)
    checks = [
        ValueCheck(12, "questioned", "  "), ValueCheck(20, "perhaps"), ValueCheck(3, "confirmed"),
        ValueCheck(0, "questioned", "长" * 501),
    ]

    with pytest.raises(RefusedError) as refused:
        check_values(store, REVIEWING, AT, *KEY, checks, seen_report_id=FIRST)

    said = str(refused.value).split("；")
    assert said[0].startswith("“按时发放率”记为存疑，请写明疑问是什么")
    assert said[1].startswith("“救助满意度”的核对结论不对")
    assert said[2].startswith("第 3 项在这一版里没有填报")
    assert "“累计支付”的意见有 501 字，超过 500 字上限" in said[3]
    assert rows(store, "FROM value_check") == []


def test_the_same_word_again_is_no_change(tmp_path):
    store = reported(tmp_path)
    ask(store)

    with pytest.raises(RefusedError, match="没有改动"):
        ask(store)
    ask(store, reason="另一个疑问")
    confirm(store)
    with pytest.raises(RefusedError, match="各项都已经核对过"):
        confirm(store)


@pytest.mark.parametrize(("reason", "is_asked", "is_returned"), [
    ("", False, False), ("不对", False, False), ("数不对。", False, True), ("", True, True), ("不对", True, True),
])
def test_a_report_goes_back_with_a_question_or_a_reason(tmp_path, reason, is_asked, is_returned):
    store = reported(tmp_path)
    if is_asked:
        ask(store)

    if not is_returned:
        with pytest.raises(RefusedError, match="不少于 4 个字"):
            send_back(store, reason=reason)
        return
    send_back(store, reason=reason)
    assert state_of(store)["report_state"] == "returned"


@pytest.mark.parametrize("reason", ["", "错了 ", "长" * 501])
def test_a_report_is_opened_again_only_with_a_reason(tmp_path, reason):
    store = brought_to(reported(tmp_path), "accepted")

    with pytest.raises(RefusedError, match=r"不少于 4 个字|超过 500 字上限"):
        reopen(store, reason=reason)
    assert state_of(store)["report_state"] == "accepted"


def test_the_unit_reads_what_to_correct_and_why_until_it_sends_again(tmp_path):
    store = reported(tmp_path)
    ask(store)
    assert checking.returned_values(store, SCOPE, "luntai").empty, "a question not yet sent is the reviewer's own"

    send_back(store)

    asked = read_board(store, clerk("luntai"), checking.returned_values, SCOPE, "luntai")
    assert list(asked["short_name"]) == ["整份填报", "按时发放率"]
    assert list(asked["check_reason"]) == [WHY, "发放名册只有 81 户"]
    assert pd.isna(asked["indicator_no"][0]) and asked["indicator_no"][1] == 12
    assert asked["reported_text"][1] == "90/100" and asked["checked_by"][1] == REVIEWING.name
    before = Scope(NUMBER, ROUND, SUBMITTED_AT.date() - timedelta(days=1))
    assert checking.returned_values(store, before, "luntai").empty
    send_again(store, entry(12, numerator=81, denominator=100))
    assert checking.returned_values(store, SCOPE, "luntai").empty


def test_a_returned_report_owes_a_correction(tmp_path):
    store = reported(tmp_path)
    scope = Scope(NUMBER, ROUND, AT.date())
    assert accountability.owed_answers(store, scope).query("recipient_id == 'luntai'")["returned_count"].sum() == 0

    send_back(store)

    (owed,) = accountability.owed_answers(store, scope).query("recipient_id == 'luntai'").to_dict("records")
    parts = ("silent_count", "unexplained_count", "baseline_count")
    assert (owed["returned_count"], owed["owed_count"] - sum(owed[part] for part in parts)) == (1, 1)
    shown = tables.owed(accountability.owed_answers(store, scope)).set_index("单位")
    assert shown.loc["轮台县", "退回待更正"] == "▲ 是"


def test_returning_changes_no_score(tmp_path):
    store = reported(tmp_path)
    before = rows(store, "FROM score ORDER BY ALL")

    ask(store)
    send_back(store)

    assert rows(store, "FROM score ORDER BY ALL") == before
    assert "退回不改变得分：原数照常计分" in BOARDS["checking.inbox"].formula


SAME = (entry(12, **RATE), entry(20, numerator=9, denominator=10))


def with_words(words):
    """The same figures with other words beside them: a version of its own."""
    return SAME[0], entry(20, numerator=9, denominator=10, deviation_reason=words)




@pytest.mark.parametrize(("entries", "more", "kept"), [
    (with_words("说明"), {}, {0, 12, 20}),
    ((entry(12, numerator="90.0000", denominator=100), with_words("说明")[1]), {}, {0, 12, 20}),
    ((entry(12, numerator="90.0001", denominator=100), SAME[1]), {}, {0, 20}),
    ((entry(12, **RATE, evidence_text="换了材料"), SAME[1]), {}, {0, 20}),
    (SAME, {"paid_wan": "2000.01"}, {12, 20}),
    ((entry(12, is_not_applicable=True, evidence_text="没有这项业务"), SAME[1]), {}, {0, 20}),
    ((SAME[1],), {}, {0, 20}),
    ((*SAME, entry(19, numerator=1, denominator=2)), {}, {0, 12, 20}),
])
def test_a_value_keeps_its_confirmation_only_while_its_figures_stay_the_same(tmp_path, entries, more, kept):
    store = reported(tmp_path)
    confirm(store)

    send_again(store, *entries, **more)

    assert state_of(store)["report_version"] == 2
    assert {no for no, verdict in verdicts(store).items() if verdict == "confirmed"} == kept
    assert state_of(store)["confirmed_count"] == len(kept)
    changed = checking.values(store, SCOPE, "luntai").query("is_changed")["indicator_no"]
    assert set(changed) == {0, 12, 19, 20} - kept - ({19} if 19 not in verdicts(store) else set())


def test_a_confirmation_lasts_over_versions_and_ends_with_the_change(tmp_path):
    store = reported(tmp_path)
    confirm(store)
    send_again(store, *with_words("二"))
    send_again(store, *with_words("三"))
    assert set(verdicts(store).values()) == {"confirmed"}

    send_again(store, entry(12, numerator=80, denominator=100), SAME[1])
    assert verdicts(store)[12] == ""
    send_again(store, *with_words("五"))
    assert verdicts(store)[12] == "", "it was another figure in between: it has to be looked at again"


def test_a_question_has_to_be_looked_at_again_when_the_value_is_sent_again(tmp_path):
    store = reported(tmp_path)
    confirm(store)
    ask(store)
    send_back(store)

    send_again(store, *with_words("再报"))

    first = checking.values(store, SCOPE, "luntai").iloc[0]
    assert (first["indicator_no"], first["verdict"], first["is_changed"]) == (12, "", False)
    assert first["previous_question"] == "发放名册只有 81 户"
    shown = checking_tables.values(checking.values(store, SCOPE, "luntai"))
    assert shown["审核意见"][0] == "上一版问过：发放名册只有 81 户"
    with pytest.raises(RefusedError, match="还有 1 项没有核对：按时发放率"):
        accept(store, SECOND)
    confirm(store, SECOND)
    accept(store, SECOND)


def test_what_changed_stands_first_with_old_and_new(tmp_path):
    store = reported(tmp_path, *SAME, entry(8, value=1000, prior_value=900))
    send_again(store, SAME[0], entry(19, numerator=1, denominator=2), entry(8, value=1001, prior_value=900))

    table = checking.values(store, SCOPE, "luntai")
    shown = checking_tables.values(table).set_index("指标")["上一版 → 这一版"]

    assert list(table["indicator_no"]) == [8, 19, 20, 0, 12]
    assert shown.loc["临时救助水平"] == "1,000元/人次，上年 900 → 1,001元/人次，上年 900"
    assert shown.loc["政策知晓率"] == "上一版没有 → 1/2"
    assert shown.loc["救助满意度"] == "9/10 → 这一版撤回"
    assert (shown.loc["按时发放率"], shown.loc["累计支付"]) == ("90/100", "2,000万元")
    row = table.set_index("indicator_no").loc[20]
    assert row["is_withdrawn"] and pd.isna(row["score_micro"]) and row["sentence"] == ""
    inbox = state_of(store)
    assert (inbox["value_count"], inbox["changed_count"], inbox["report_version"]) == (4, 3, 2)


@pytest.mark.parametrize(("row", "words"), [
    ({"band": 1, "band_share": 92}, "达成 92%"), ({"is_not_applicable": True}, "不适用"), ({}, ""),
    ({"numerator": 1}, "1/未填"), ({"value": 0, "unit_text": "人"}, "0人"), ({"prior_value": 5}, ""),
])
def test_figures_in_words(row, words):
    assert show_reported(row) == words
    assert show_previous({}) == ""


def test_a_day_knows_nothing_of_the_days_after(tmp_path):
    store = reported(tmp_path)
    day = timedelta(days=1)
    ask(store, at=AT + day)
    send_back(store, at=AT + day)
    send_again(store, entry(12, numerator=81, denominator=100), SAME[1], at=AT + 2 * day)
    confirm(store, SECOND, at=AT + 2 * day)
    accept(store, SECOND, at=AT + 2 * day)
    lock(store, SECOND, at=AT + 3 * day)

    def known(days):
        scope = Scope(NUMBER, ROUND, (AT + days * day).date())
        row = state_of(store, scope)
        duty = reporting.duties(store, scope).set_index("recipient_id").loc["luntai"]
        assert (duty["report_state"], duty["event_reason"]) == (row["report_state"], row["event_reason"])
        return row["report_state"], row["event_reason"], row["questioned_count"], row["confirmed_count"]

    assert [known(days) for days in (-1, 0, 1, 2, 3)] == [
        ("", "", 0, 0), ("submitted", "", 0, 0), ("returned", WHY, 1, 0), ("accepted", "", 0, 3), ("locked", "", 0, 3),
    ]
    events = checking.event_log(store, Scope(NUMBER, ROUND, (AT + day).date()), "luntai")
    assert list(events["report_state"]) == ["returned", "submitted"]
    later = checking.event_log(store, Scope(NUMBER, ROUND, (AT + 3 * day).date()), "luntai")
    assert list(later["report_version"]) == [2, 2, 2, 1, 1]


def test_every_step_leaves_one_line_with_the_state_before_and_after(tmp_path):
    store = reported(tmp_path)
    lines = len(rows(store, "FROM audit_log"))

    receipts = [ask(store), confirm(store), send_back(store)]
    send_again(store, entry(12, numerator=81, denominator=100), SAME[1])
    receipts += [confirm(store, SECOND), accept(store, SECOND), lock(store, SECOND), reopen(store, SECOND)]

    log = rows(store, "FROM audit_log ORDER BY entry_no")[lines:]
    names = ["check_value", "check_value", "return_report", "submit_report", "check_value", "accept_report",
             "lock_report", "reopen_report"]
    assert [line["action_name"] for line in log] == names
    assert [receipt.entry_hash for receipt in receipts] == [
        line["entry_hash"] for line in log if line["action_name"] != "submit_report"
    ]
    assert {line["subject_text"] for line in log} == {f"{NUMBER} {ROUND} luntai"}
    details = [json.loads(line["detail_json"]) for line in log]
    assert details[0] == {
        "report_id": FIRST, "before": {"12": ""}, "after": {"12": "questioned"},
        "reasons": {"12": "发放名册只有 81 户"},
    }
    assert details[1]["after"] == {"0": "confirmed", "20": "confirmed"}
    assert details[2] == {
        "report_id": FIRST, "before": {"report_state": "submitted"}, "after": {"report_state": "returned"},
        "reason": WHY, "questions": {"12": "发放名册只有 81 户"},
    }
    assert [(each["before"]["report_state"], each["after"]["report_state"]) for each in details[5:]] == [
        ("submitted", "accepted"), ("accepted", "locked"), ("locked", "reopened"),
    ]
    assert is_whole_log(store)


def test_a_round_is_locked_whole_or_not_at_all(tmp_path):
    store = brought_to(reported(tmp_path), "accepted")
    submit(store, upload(entry(12, **RATE), recipient_id="yuli"), at=AT)
    of_yuli = f"{NUMBER}|{ROUND}|yuli|1"
    both = {"luntai": FIRST, "yuli": of_yuli}

    with pytest.raises(RefusedError, match="现在不能锁定：这份填报已报送、待审核"):
        lock_reports(store, OFFICER, AT, NUMBER, ROUND, both)
    assert state_of(store)["report_state"] == "accepted"
    with pytest.raises(RefusedError, match="没有选中"):
        lock_reports(store, OFFICER, AT, NUMBER, ROUND, {})

    yuli = (NUMBER, ROUND, "yuli")
    confirm_rest(store, REVIEWING, AT, *yuli, seen_report_id=of_yuli)
    accept_report(store, REVIEWING, AT, *yuli, seen_report_id=of_yuli)
    assert len(lock_reports(store, OFFICER, AT, NUMBER, ROUND, both)) == 2
    assert (state_of(store)["report_state"], state_of(store, unit="yuli")["report_state"]) == ("locked", "locked")


@pytest.mark.parametrize(("actor", "allowed"), [
    (REVIEWING, {"check", "confirm_rest", "return"}), (OFFICER, set()), (clerk("luntai"), set()),
    (Actor("审计", AUDITOR), set()), (Actor("局长", LEADER), set()), (Actor("", REVIEWING.role), set()),
])
def test_only_a_reviewer_reviews(tmp_path, actor, allowed):
    steps = {
        "check": lambda: check_value(store, actor, AT, *KEY, 12, "questioned", "为什么", seen_report_id=FIRST),
        "confirm_rest": lambda: confirm_rest(store, actor, AT, *KEY, seen_report_id=FIRST),
        "return": lambda: return_report(store, actor, AT, *KEY, seen_report_id=FIRST),
    }
    store = reported(tmp_path)
    done = set()
    for name, step in steps.items():
        try:
            step()
            done.add(name)
        except RefusedError as refused:
            assert "不能办理" in str(refused)
    assert done == allowed


@pytest.mark.parametrize("actor", [REVIEWING, clerk("luntai"), Actor("局长", LEADER)])
def test_only_the_officer_locks_and_opens_again(tmp_path, actor):
    store = brought_to(reported(tmp_path), "accepted")

    with pytest.raises(RefusedError, match="不能办理"):
        lock_report(store, actor, AT, *KEY, seen_report_id=FIRST)
    with pytest.raises(RefusedError, match="不能办理"):
        reopen_report(store, actor, AT, *KEY, WHY, seen_report_id=FIRST)
    assert state_of(store)["report_state"] == "accepted"


def test_a_unit_reads_its_own_report_only_and_no_inbox(tmp_path):
    store = reported(tmp_path)

    assert len(read_board(store, clerk("luntai"), checking.values, SCOPE, "luntai")) == 3
    for board in (checking.values, checking.returned_values, checking.event_log):
        with pytest.raises(RefusedError, match="只能查看本单位"):
            read_board(store, clerk("luntai"), board, SCOPE, "yuli")
    with pytest.raises(RefusedError, match="看不到"):
        read_board(store, clerk("luntai"), checking.inbox, SCOPE)


def test_the_inbox_begins_with_what_has_waited_longest(tmp_path):
    store = opened_store(tmp_path)
    for hours, unit in enumerate(("yuli", "luntai", "bohu", "qiemo", "heshuo", "hejing")):
        submit(store, upload(entry(12, **RATE), recipient_id=unit), at=datetime(2021, 12, 26, 9 + hours))
    at = datetime(2021, 12, 27, 10)

    def place(unit):
        return (store, REVIEWING, at, NUMBER, ROUND, unit)

    seen = {unit: f"{NUMBER}|{ROUND}|{unit}|1" for unit in ("bohu", "qiemo", "heshuo", "hejing")}
    return_report(*place("bohu"), WHY, seen_report_id=seen["bohu"])
    for unit in ("qiemo", "heshuo", "hejing"):
        confirm_rest(*place(unit), seen_report_id=seen[unit])
        accept_report(*place(unit), seen_report_id=seen[unit])
    lock_report(store, OFFICER, at, NUMBER, ROUND, "heshuo", seen_report_id=seen["heshuo"])
    reopen_report(store, OFFICER, at, NUMBER, ROUND, "hejing", WHY, seen_report_id=seen["hejing"])

    table = checking.inbox(store, SCOPE)

    assert list(table["recipient_id"])[:4] == ["yuli", "luntai", "hejing", "bohu"]
    assert list(table["recipient_id"])[-2:] == ["qiemo", "heshuo"]
    assert list(table["waiting_days"].head(2)) == [2, 2] and table["waiting_days"].isna().sum() == 10
    assert checking_tables.first_line(table) == (
        "**2 份等待审核，最早的是尉犁县，12月26日 09:00报送，已等 2 天；"
        "重新开放 1 份，已退回 1 份，未填报 6 个单位，已通过 1 份，已锁定 1 份。**"
    )
    assert checking_tables.next_unit(table, "yuli") == "luntai"
    shown = checking_tables.inbox(table)
    assert list(shown["状态"].head(4)) == ["◇ 待审核", "◇ 待审核", "◈ 重新开放", "▲ 已退回"]
    assert set(table["report_state"]) == set(labels.REPORT_MARKS)


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The page 审核填报 of a workspace in which two units have reported."""
    store = reported(tmp_path)
    submit(store, upload(entry(12, **RATE), recipient_id="yuli"), at=AT)
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": "bureau_name", "setting_value": "巴州财政局"},
            {"setting_key": "region_code", "setting_value": "652800"},
            {"setting_key": "demonstration_today", "setting_value": "2021-12-26"},
        ])
    store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))

    def opened(role=REVIEWING.role, **address):
        sign_in(monkeypatch, role)
        test = AppTest.from_file(str(Path(session.__file__).parent / "app.py"), default_timeout=60)
        for name, value in address.items():
            test.query_params[name] = value
        return test.switch_page("app_pages/checking.py").run()

    for cached in (st.cache_resource, st.cache_data):
        cached.clear()
    yield opened
    for cached in (st.cache_resource, st.cache_data):
        cached.clear()


def clicked(test, label):
    """Click the button whose words begin so; nothing may fail."""
    next(button for button in test.button if button.label.startswith(label)).click().run()
    assert [each.value for each in [*test.exception, *test.error]] == []
    return test


def labels_of(test):
    return [button.label.partition("（")[0] for button in test.button if not str(button.key).startswith("tour_")]


def test_a_report_is_accepted_in_two_clicks_and_the_next_one_comes_up(page):
    test = page()
    assert test.markdown[0].value.startswith("**2 份等待审核，最早的是轮台县，12月26日 10:00报送，今天刚到")
    assert test.selectbox(key="checking_unit").value == "luntai"

    clicked(test, "其余全部属实（3 项）")
    assert test.success[0].value.startswith("轮台县其余各项都已记为属实。回执 第 ")
    clicked(test, "审核通过")

    assert test.success[0].value.startswith("轮台县的填报已审核通过。回执 第 ")
    assert test.selectbox(key="checking_unit").value == "yuli"
    assert test.markdown[0].value.startswith("**1 份等待审核，最早的是尉犁县")


def test_a_value_is_questioned_and_the_report_goes_back(page):
    test = page(unit="luntai")
    form = next(box for box in test.selectbox if box.label == "核对哪一项")

    form.set_value(12)
    next(box for box in test.text_input if box.label == "意见").set_value("发放名册只有 81 户")
    clicked(test, "保存这一项")
    assert "存疑 1" in test.markdown[1].value
    clicked(test, "退回单位更正（1 项存疑）")

    assert test.success[0].value.startswith("轮台县的填报已退回")
    asked = checking.returned_values(session.workspace().store, Scope(NUMBER, ROUND, date(2021, 12, 26)), "luntai")
    assert list(asked["check_reason"]) == ["发放名册只有 81 户"]


def test_what_came_while_the_page_was_open_is_not_accepted_unseen(page):
    test = page(unit="luntai")
    clicked(test, "其余全部属实")
    store = session.workspace().store
    send_again(store, *with_words("再报"))

    next(button for button in test.button if button.label.startswith("审核通过")).click().run()

    assert len(test.error) == 1 and "刚刚报送了第 2 版" in test.error[0].value
    assert state_of(store)["report_state"] == "submitted"
    # The page now shows the new version: what is done next is done to that.
    clicked(test, "审核通过")
    assert state_of(store)["report_state"] == "accepted"


def test_what_another_reviewer_or_the_unit_did_meanwhile_is_seen_before_it_is_judged(page):
    test = page(unit="luntai")
    store = session.workspace().store
    now = session.settings().now()
    check_value(store, OTHER, now, *KEY, 12, "questioned", "名册不全", seen_report_id=FIRST)
    attach(store, 20, at=now)

    next(box for box in test.selectbox if box.label == "核对哪一项").set_value(12)
    next(box for box in test.radio if box.label == "结论").set_value("confirmed")
    next(button for button in test.button if button.label == "保存这一项").click().run()
    assert "已由艾山在" in test.error[0].value and verdicts(store)[12] == "questioned"

    test = page(unit="luntai")
    attach(store, 20, b"b", at=now)
    next(button for button in test.button if button.label.startswith("其余全部属实")).click().run()
    assert "“救助满意度”的佐证材料刚刚有增减" in test.error[0].value and verdicts(store)[20] == ""
    clicked(test, "其余全部属实")
    assert verdicts(store) == {0: "confirmed", 12: "questioned", 20: "confirmed"}


def test_the_officer_is_offered_to_lock_and_to_open_again_but_not_to_review(page):
    assert labels_of(page(OFFICER.role, unit="luntai")) == []
    store = session.workspace().store
    confirm(store)
    accept(store)

    test = page(OFFICER.role, unit="luntai")
    assert labels_of(test) == ["锁定这一份", "重新开放"]
    clicked(test, "锁定这一份")
    assert labels_of(test) == ["重新开放"]
    next(box for box in test.text_input if box.label == "重新开放的理由").set_value(WHY)
    clicked(test, "重新开放")
    assert state_of(store)["report_state"] == "reopened"
    assert labels_of(page(unit="luntai")) == ["其余全部属实", "审核通过，看下一个单位", "保存这一项", "退回单位更正"]


def test_an_earlier_day_is_only_looked_at(page):
    test = page(as_of="2021-12-25")

    assert [error.value for error in [*test.exception, *test.error]] == []
    assert labels_of(test) == []


def test_a_unit_that_did_not_report_is_said_to_have_not(page):
    test = page(unit="bohu")

    assert test.markdown[1].value.startswith("**博湖县：✕ 未填报**")
    assert labels_of(test) == []
