"""问效单: every state, step and role; who is told what; nothing is lost, nothing happens twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from builders import (
    NUMBER,
    OFFICER,
    REGION,
    REVIEWING,
    clerk,
    contents,
    is_whole_log,
    opened_store,
    rows,
    session_folder,
)
from inquiry_builders import (
    APPROVER,
    AT,
    BASIS,
    PAPER,
    SCOPE,
    UNIT,
    WAYS,
    answer,
    ask,
    newest_step,
    order,
    outcome,
    rectify,
    refer,
    store_in,
)

from dashboard.actions.inquiry_consequences import decide_consequence, lift_consequence
from dashboard.actions.inquiry_steps import (
    close_inquiry,
    extend_inquiry,
    find_normal,
    record_ladder_act,
    return_answer,
    return_rectification,
)
from dashboard.actions.limits import change_limit
from dashboard.audit_archive import archive_content, verify_archive
from dashboard.rights import ROLE_NAMES, UNIT_ROLES, NotAllowedError
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.errors import CalendarError, FileError, NotFoundError, RefusedError
from data.hashed_zip import write_whole
from data.intake.columns import MAX_TEXT_LENGTH
from data.store import Store
from metrics.boards import inquiries as boards
from metrics.inquiries import (
    ANSWERED,
    AWAITING_ANSWER,
    CLOSED,
    NEXT_STEPS,
    RECHECKING,
    RECTIFYING,
    REFERRED,
    STATE_WORDS,
    STEPS,
)
from metrics.scope import Scope


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = opened_store(tmp_path)
    yield opened
    opened.close()


def state_of(store: Store, inquiry_no: int = 1, scope: Scope = SCOPE) -> dict[str, Any]:
    """One line of the register."""
    table = boards.register(store, scope)
    (row,) = table[table["inquiry_no"] == inquiry_no].to_dict("records")
    return row


def seen(store: Store) -> dict[str, int]:
    return {"seen_step_no": newest_step(store)}


# Who may take which step in which state.

Take = Callable[[Store, Actor], Any]
ACTS: dict[str, tuple[Take, set[str]]] = {
    "answered": (lambda s, who: answer(s, actor=who), {"county_approver"}),
    "answer_returned": (
        lambda s, who: return_answer(s, who, AT, 1, REGION, reason="没有写清", **seen(s)),
        {"prefecture_officer", "reviewer"},
    ),
    "found_normal": (
        lambda s, who: find_normal(s, who, AT, 1, words="账已对平", **seen(s)), {"prefecture_officer", "reviewer"},
    ),
    "rectification_ordered": (lambda s, who: order(s, actor=who), {"prefecture_officer", "reviewer"}),
    "rectified": (lambda s, who: rectify(s, actor=who), {"county_approver"}),
    "rectification_returned": (
        lambda s, who: return_rectification(s, who, AT, 1, REGION, reason="没有到人", **seen(s)),
        {"prefecture_officer", "reviewer"},
    ),
    "rectification_accepted": (
        lambda s, who: close_inquiry(s, who, AT, 1, words="已核对回单", **seen(s)), {"prefecture_officer", "reviewer"},
    ),
    "referred": (lambda s, who: refer(s, actor=who), {"prefecture_officer"}),
    "outcome_recorded": (lambda s, who: outcome(s, actor=who), {"prefecture_officer"}),
    "extended": (
        lambda s, who: extend_inquiry(s, who, AT, 1, REGION, days=2, reason="大雪封路", **seen(s)),
        {"prefecture_officer"},
    ),
    "circulated": (
        lambda s, who: record_ladder_act(
            s, who, AT, 1, "circulate", words="全州通报", paper="巴财社函〔2021〕7号", paper_on=AT.date(), **seen(s)
        ), {"prefecture_officer"},
    ),
    "talked": (
        lambda s, who: record_ladder_act(
            s, who, AT, 1, "talk", words="王局长、李科长到会", paper_on=AT.date(), **seen(s)
        ), {"prefecture_officer"},
    ),
}


@cache
def prepared(state: str) -> Path:
    folder = session_folder() / f"inquiry-{state}"
    folder.mkdir()
    store_in(folder, state).close()
    return folder / STORE_NAME


def written(store: Store) -> list[dict[str, Any]]:
    """How much stands in the log and beside the inquiry."""
    return rows(
        store,
        "SELECT (SELECT COUNT(*) FROM audit_log) AS lines, (SELECT COUNT(*) FROM inquiry_event) AS steps, "
        "(SELECT COUNT(*) FROM inquiry_file) AS files, (SELECT COUNT(*) FROM received_file) AS received",
    )


def test_every_step_but_opening_is_tried():
    assert set(ACTS) == set(STEPS) - {"opened"}
    assert set(WAYS) == set(STATE_WORDS) == set(NEXT_STEPS)


@pytest.mark.parametrize("state", STATE_WORDS)
@pytest.mark.parametrize("step", ACTS)
def test_a_step_is_taken_in_its_state_by_its_people_and_by_nobody_else(tmp_path, state, step):
    take, roles = ACTS[step]
    store = Store(Path(shutil.copy(prepared(state), tmp_path / STORE_NAME)))
    before = written(store)
    for role in set(ROLE_NAMES) - roles:
        with pytest.raises(NotAllowedError, match="不能办理这一步"):
            take(store, Actor("某人", role, UNIT if role in UNIT_ROLES else ""))
    if state not in STEPS[step].before:
        for role in roles:
            with pytest.raises(RefusedError, match=f"现在不能{STEPS[step].name}：问效单第1号{NEXT_STEPS[state]}。"):
                take(store, Actor("某人", role, UNIT if role in UNIT_ROLES else ""))
        assert written(store) == before
        store.close()
        return
    assert written(store) == before
    if (step, state) == ("referred", AWAITING_ANSWER):
        with pytest.raises(RefusedError, match="现在不能提请问责：问效单第1号的答复期限是 2021-12-30，还没有过。"):
            take(store, OFFICER)
        assert written(store) == before
        store.close()
        return
    store.close()
    for role in roles:
        store = Store(Path(shutil.copy(prepared(state), tmp_path / STORE_NAME)))
        who = Actor("某人", role, UNIT if role in UNIT_ROLES else "")
        take(store, who)

        newest = rows(store, "SELECT * FROM inquiry_event ORDER BY step_no DESC LIMIT 1")[0]
        assert (newest["inquiry_step"], newest["done_by"], newest["done_role"]) == (step, "某人", role)
        assert newest["inquiry_state"] == (STEPS[step].after or state) == state_of(store)["inquiry_state"]
        assert newest["judgement"] == STEPS[step].judgement and newest["words_text"]
        line = rows(store, "SELECT * FROM audit_log ORDER BY entry_no DESC LIMIT 1")[0]
        told = json.loads(line["detail_json"])
        assert line["subject_text"] == f"{NUMBER} {UNIT}" and told["inquiry_step"] == step
        assert told["before"]["inquiry_state"] == state and told["after"]["inquiry_state"] == newest["inquiry_state"]
        assert is_whole_log(store)
        store.close()


# The whole life.

def test_from_the_question_to_the_end(store):
    made = ask(store, answer_days=3)
    assert (made.inquiry_no, made.due_on) == (1, date(2021, 12, 28))
    answer(store, datetime(2021, 12, 24, 9))
    order(store, datetime(2021, 12, 24, 16), days=1)
    assert {name: state_of(store)[name] for name in ("inquiry_state", "owner_name", "judgement")} == {
        "inquiry_state": "rectifying", "owner_name": "王局长", "judgement": "upheld",
    }
    rectify(store, datetime(2021, 12, 27, 9))
    return_rectification(store, REVIEWING, datetime(2021, 12, 27, 10), 1, REGION, reason="没有名册", **seen(store))
    rectify(store, datetime(2021, 12, 28, 9), files=[PAPER, ("名册.txt", "名册".encode())], gap="")
    close_inquiry(store, REVIEWING, datetime(2021, 12, 28, 11), 1, words="补发到人，核对一致", **seen(store))

    row = state_of(store)
    assert (row["inquiry_state"], row["judgement"], row["closing_text"]) == ("closed", "upheld", "补发到人，核对一致")
    steps = boards.events(store, SCOPE, 1)
    assert list(steps["inquiry_step"]) == [
        "opened", "answered", "rectification_ordered", "rectified", "rectification_returned", "rectified",
        "rectification_accepted",
    ]
    assert list(steps["file_names"]) == ["", "佐证.txt", "", "", "", "佐证.txt、名册.txt", ""]
    assert list(steps["gap_text"]) == ["", "", "", "银行回单下周才有", "", "", ""]
    files = boards.files(store, SCOPE, 1)
    assert [boards.file_content(store, UNIT, number) for number in files["file_no"]][-1] == "名册".encode()
    with pytest.raises(NotFoundError, match="没有找到这个佐证材料"):
        boards.file_content(store, "luntai", 1)


def test_a_referral_ends_with_its_outcome(store):
    ask(store)
    answer(store)
    refer(store, legal_keys=["transfer-rule-breach", BASIS])
    outcome(store)

    row = state_of(store)
    assert (row["inquiry_state"], row["judgement"]) == ("closed", "upheld")
    told = boards.events(store, SCOPE, 1)
    # The order of the law book, whatever the order of choosing.
    assert told["legal_keys"].iloc[2] == "transfer-rule-breach,aid-duty"
    assert told["paper_text"].iloc[3] == "巴纪函〔2021〕1号"


def test_who_does_not_answer_by_the_day_is_referred_unheard(store):
    ask(store, answer_days=1)
    late = datetime(2021, 12, 27, 9)
    refer(store, late)
    assert counts_of(store) == {"due": 1, "answered": 0, "on_time": 0}
    given = {"factor": "因素调减", "legal_keys": ["evaluation-use"], "reason": "逾期不答"}
    decide_consequence(store, OFFICER, late, 1, "next_year", **given)
    outcome(store, late)

    row = state_of(store)
    assert (row["inquiry_state"], row["judgement"], row["has_ground"]) == ("closed", "", True)
    assert list(boards.events(store, SCOPE, 1)["judgement"]) == ["", "", ""]
    assert len(boards.consequences(store, SCOPE)) == 1


def test_as_known_on_an_earlier_day(store):
    ask(store)
    answer(store, datetime(2021, 12, 24, 9))
    find_normal(store, REVIEWING, datetime(2021, 12, 28, 9), 1, words="正常", **seen(store))

    def on(day: int) -> list[tuple[str, str]]:
        table = boards.register(store, Scope(NUMBER, SCOPE.round_id, date(2021, 12, day)))
        return list(zip(table["inquiry_state"], table["judgement"], strict=True))

    assert [on(day) for day in (22, 23, 24, 28)] == [
        [], [(AWAITING_ANSWER, "")], [(ANSWERED, "")], [(CLOSED, "not_upheld")],
    ]
    assert len(boards.events(store, Scope(NUMBER, "", date(2021, 12, 24)), 1)) == 2
    assert boards.files(store, Scope(NUMBER, "", date(2021, 12, 23)), 1).empty


# What is asked for before anything is written.

@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question_text": "  "}, "没有写要问的事"),
        ({"question_text": "问" * (MAX_TEXT_LENGTH + 1)}, f"超过 {MAX_TEXT_LENGTH} 字上限"),
        ({"fact_text": ""}, "没有写事实"),
        ({"question_text": "", "fact_text": ""}, "没有写要问的事；没有写事实"),
        ({"question_text": "查 652801199001011234"}, "不能写证件号码"),
        ({"document_number": "巴财社〔2021〕1号"}, "没有发布过文件"),
        ({"document_number": "巴财社〔2021〕1号", "rule_key": "off", "facts_key": "x"}, "没有发布过文件"),
        ({"round_id": "2022-01"}, "没有轮次“2022-01”"),
        ({"recipient_id": "nowhere"}, "没有分给单位“nowhere”"),
        ({"indicator_no": 99}, "没有第 99 项指标"),
        ({"answer_days": 0}, "期限不能是 0 个工作日：应在 1 至 30 个工作日之间"),
        ({"answer_days": 31}, "期限不能是 31 个工作日"),
        ({"rule_key": "no_such_rule"}, "没有名为“no_such_rule”的提议规则"),
    ],
)
def test_a_bad_question_is_refused_with_a_sentence(store, changes, said):
    before = contents(store)

    with pytest.raises((RefusedError, NotFoundError)) as refused:
        ask(store, **changes)

    assert said in str(refused.value) and str(refused.value).endswith("。")
    assert contents(store) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "没有写原因"),
        ({"reason": " ", "measure": "", "files": []}, "没有写原因；没有写措施；没有附佐证材料，也没有写明为什么没有"),
        ({"files": [], "gap": ""}, "也没有写明为什么没有"),
        ({"files": [], "gap": "字" * (MAX_TEXT_LENGTH + 1)}, "字上限"),
        ({"measure": "联系 13999012345"}, "不能写证件号码或手机号码"),
        ({"files": [PAPER] * 11}, "最多附 10 个文件，现在有 11 个"),
        ({"files": [("名" * 121 + ".txt", b"1")]}, "文件名有 125 字"),
        ({"files": [PAPER, ("张三652801195001018006.txt", b"1")]}, "文件名里不能有证件号码或手机号码"),
        ({"inquiry_no": 2, "seen_step_no": 1}, "没有找到问效单第2号"),
    ],
)
def test_a_bad_answer_is_refused_with_a_sentence(store, changes, said):
    ask(store)
    before = contents(store)

    with pytest.raises((RefusedError, NotFoundError)) as refused:
        answer(store, **changes)

    assert said in str(refused.value) and str(refused.value).endswith("。")
    assert contents(store) == before


def test_a_file_is_what_its_name_says(store):
    ask(store)

    with pytest.raises(FileError):
        answer(store, files=[("表.xlsx", b"no workbook")])


def test_the_same_file_twice_is_kept_once(store):
    ask(store)
    answer(store, files=[PAPER, ("又一份.txt", PAPER[1])])

    assert list(boards.files(store, SCOPE, 1)["file_name"]) == ["佐证.txt"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"legal_keys": []}, "没有选依据"),
        ({"legal_keys": ["working-day"]}, "“working-day”不在可选的依据里"),
        ({"words": ""}, "没有写提请问责的理由"),
    ],
)
def test_a_referral_rests_on_a_basis_that_a_person_chose(store, changes, said):
    ask(store)

    with pytest.raises(RefusedError, match=said):
        refer(store, **changes)


@pytest.mark.parametrize(
    ("rung", "changes", "said"),
    [
        ("remind", {}, "只有通报、约谈要由人登记"),
        ("circulate", {"paper": ""}, "没有写通报的文号"),
        ("talk", {"words": ""}, "没有写参加人员和约谈内容"),
        ("talk", {"paper": "652801195001018006"}, "不能写证件号码"),
        ("talk", {"paper": "号" * (MAX_TEXT_LENGTH + 1)}, "约谈的文号有 .* 字，超过"),
        ("talk", {"paper_on": None}, "没有写日期"),
        ("talk", {"paper_on": date(2021, 12, 24)}, "日期在今天以后"),
    ],
)
def test_a_circular_and_a_talk_have_their_words_and_day(store, rung, changes, said):
    ask(store)
    given = {"words": "到会", "paper": "1号", "paper_on": AT.date(), **changes}

    with pytest.raises(RefusedError, match=said):
        record_ladder_act(store, OFFICER, AT, 1, rung, **given, **seen(store))


def test_a_year_without_an_arrangement_is_not_guessed(store):
    with pytest.raises(CalendarError, match="放假安排"):
        ask(store, datetime(2026, 12, 30, 9))


# Two people at once.

def test_the_second_of_two_is_told_what_the_first_did(store):
    ask(store)
    answer(store)
    shown = newest_step(store)
    order(store, seen_step_no=shown)

    with pytest.raises(RefusedError, match="在你打开以后，古丽娜已经在问效单第1号办了“认定属实，交办整改”，请刷新页面"):
        find_normal(store, OFFICER, AT, 1, words="正常", seen_step_no=shown)
    assert state_of(store)["inquiry_state"] == RECTIFYING


def test_of_two_at_the_same_moment_one_is_done(store):
    ask(store)
    answer(store)
    shown = newest_step(store)

    def judge(place: int) -> str:
        try:
            if place % 2:
                order(store, seen_step_no=shown)
            else:
                find_normal(store, REVIEWING, AT, 1, words="正常", seen_step_no=shown)
        except RefusedError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(judge, range(4)))

    assert sorted(told)[0] == "done" and told.count("done") == 1
    assert newest_step(store) == shown + 1


def test_of_two_who_open_at_the_same_moment_one_does(store):
    def opening(_: int) -> str:
        try:
            ask(store)
        except RefusedError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(opening, range(3)))

    assert told.count("done") == 1
    assert {"已有没销号的问效单第1号" in words for words in told if words != "done"} == {True}
    assert rows(store, "SELECT COUNT(*) AS n FROM inquiry") == [{"n": 1}]


def test_one_is_open_for_a_unit_and_indicator_until_it_is_closed(store):
    ask(store)
    ask(store, indicator_no=12)
    ask(store, recipient_id="luntai")
    with pytest.raises(RefusedError, match="这个单位第 12 项指标在这份文件里已有没销号的问效单第2号"):
        ask(store, indicator_no=12)
    answer(store)
    find_normal(store, OFFICER, AT, 1, words="正常", **seen(store))

    assert ask(store).inquiry_no == 4


def test_another_county_sees_and_answers_nothing_of_it(store):
    ask(store)
    before = contents(store)

    with pytest.raises(NotFoundError, match="没有找到问效单第1号"):
        answer(store, actor=clerk("luntai"))

    assert contents(store) == before
    assert boards.my_inquiries(store, date(2021, 12, 28), "luntai").empty
    assert list(boards.my_inquiries(store, date(2021, 12, 28), UNIT)["inquiry_no"]) == [1]


# Days.

@pytest.mark.parametrize(
    ("day", "late_days", "rung"),
    [
        (24, None, ""), (26, 1, "remind"), (27, 1, "remind"), (28, 2, "urge"), (29, 3, "circulate"),
        (30, 4, "circulate"), (31, 5, "talk"),
    ],
)
def test_the_ladder_is_climbed_by_working_days(store, day, late_days, rung):
    ask(store, answer_days=1)     # due on Friday 12-24; the weekend counts as the next working day

    row = state_of(store, scope=Scope(NUMBER, "", date(2021, 12, day)))
    assert row["due_on"] == datetime(2021, 12, 24)
    assert (None if pd.isna(row["late_days"]) else int(row["late_days"]), row["ladder_step"]) == (late_days, rung)


def test_the_rungs_are_limits_of_the_bureau(store):
    ask(store, answer_days=1)
    for key in ("inquiry_circulate_days", "inquiry_talk_days"):
        change_limit(store, OFFICER, AT, key, 2, "按本局制度", date(2021, 12, 1))

    assert state_of(store)["ladder_step"] == "talk"


def test_what_was_done_on_a_rung_is_on_record_until_another_duty_begins(store):
    ask(store, answer_days=1)
    take = ACTS["talked"][0]
    take(store, OFFICER)
    assert (state_of(store)["is_talked"], state_of(store)["is_circulated"]) == (True, False)
    extend_inquiry(store, OFFICER, datetime(2021, 12, 28, 9), 1, REGION, days=1, reason="再给一天", **seen(store))

    row = state_of(store)
    # Overdue since 12-24, so the day more counts from today.
    assert (row["due_on"], row["ladder_step"], row["is_talked"]) == (datetime(2021, 12, 29), "", True)
    answer(store, datetime(2021, 12, 28, 10))
    return_answer(store, OFFICER, datetime(2021, 12, 28, 11), 1, REGION, reason="再说清", days=1, **seen(store))
    assert state_of(store)["is_talked"] is False


def test_an_extension_counts_from_the_due_day_where_that_lies_ahead(store):
    ask(store, answer_days=3)
    extend_inquiry(store, OFFICER, AT, 1, REGION, days=2, reason="大雪", **seen(store))

    assert state_of(store)["due_on"] == datetime(2021, 12, 30)


def test_response_rates_count_the_first_answer_and_what_is_due(store):
    ask(store, answer_days=1)                                  # answered in time, returned, answered again
    ask(store, indicator_no=1, answer_days=1)                  # answered late
    ask(store, indicator_no=2, answer_days=1)                  # overdue
    ask(store, indicator_no=3, answer_days=10)                 # not due
    answer(store, datetime(2021, 12, 24, 9))
    return_answer(store, OFFICER, datetime(2021, 12, 27, 9), 1, REGION, reason="再说清", days=1, **seen(store))
    answer(store, datetime(2021, 12, 28, 9))
    answer(store, datetime(2021, 12, 28, 9), inquiry_no=2)
    find_normal(store, OFFICER, datetime(2021, 12, 28, 10), 2, words="正常", seen_step_no=newest_step(store, 2))

    (row,) = boards.response_rates(store, SCOPE).to_dict("records")
    assert {name: row[name] for name in row if name.endswith("_count")} == {
        "asked_count": 4, "due_count": 3, "answered_count": 2, "on_time_count": 1, "open_count": 3, "closed_count": 1,
    }


def extend(store: Store, at: datetime, days: int) -> None:
    extend_inquiry(store, OFFICER, at, 1, REGION, days=days, reason="再给几天", **seen(store))


def counts_of(store: Store, day: date = SCOPE.as_of_on) -> dict[str, int]:
    """What the rates of the only unit that was asked are made of."""
    (row,) = boards.response_rates(store, Scope(NUMBER, "", day)).to_dict("records")
    return {name: row[f"{name}_count"] for name in ("due", "answered", "on_time")}


@pytest.mark.parametrize(
    ("extended", "answered_at", "on_time"),
    [
        ([], 24, 1), ([], 27, 0),
        ([24], 27, 1),              # given in time: the new day counts
        ([27], 27, 0),              # given when it was late already
        ([24, 27], 28, 1),          # both in time
        ([24, 28, 28], 28, 0),      # late against the first extension, and another one does not mend it
    ],
)
def test_more_time_that_is_given_too_late_does_not_undo_lateness(store, extended, answered_at, on_time):
    ask(store, answer_days=1)       # due on Friday 12-24, and extended by a day to Monday 12-27, ...
    for day in extended:
        extend(store, datetime(2021, 12, day, 9), 1)
    answer(store, datetime(2021, 12, answered_at, 10))

    assert counts_of(store) == {"due": 1, "answered": 1, "on_time": on_time}


def test_what_was_due_stays_due_when_more_time_is_given(store):
    ask(store, answer_days=1)
    assert counts_of(store, date(2021, 12, 24)) == {"due": 0, "answered": 0, "on_time": 0}
    extend(store, datetime(2021, 12, 28, 9), 10)

    assert counts_of(store) == {"due": 1, "answered": 0, "on_time": 0}
    assert not state_of(store)["is_overdue"]


def test_a_referral_before_the_day_leaves_nothing_to_become_due(store):
    ask(store)
    step = rows(store, "SELECT * FROM inquiry_event")[0]
    with store.transaction() as cursor:     # as an older program kept it
        cursor.insert("inquiry_event", [{
            **step, "step_no": 2, "inquiry_step": "referred", "inquiry_state": REFERRED, "due_on": None,
        }])

    assert counts_of(store, date(2022, 2, 28)) == {"due": 0, "answered": 0, "on_time": 0}


# Consequences.

def decide(store: Store, kind: str = "suspend", *, actor: Actor = OFFICER, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "amount_yuan": Decimal("1000000.00"), "legal_keys": ["suspension"], "reason": "整改期间暂缓", **changes,
    }
    return decide_consequence(store, actor, AT, 1, kind, **given)


def test_what_is_suspended_and_recovered_is_at_most_what_is_left(store):
    ask(store)
    answer(store)
    order(store)
    decide(store, amount_yuan=Decimal("41000000.00"))
    with pytest.raises(RefusedError, match="金额 100 万元超过了可以处理的 55 万元"):
        decide(store, "recover", amount_yuan=Decimal("1000000"))
    decide(store, "recover", amount_yuan=Decimal("550000.00"))
    lift_consequence(store, OFFICER, AT, 1, reason="已整改")

    left = boards.money_at_stake(store, SCOPE).set_index("recipient_id").loc[UNIT]
    assert (left["paid_source"], left["left_yuan"], left["held_yuan"], left["free_yuan"]) == (
        "unknown", Decimal("41550000.00"), Decimal("550000.00"), Decimal("41000000.00"),
    )
    table = boards.consequences(store, SCOPE)
    assert list(table["consequence_kind"]) == ["recover", "suspend"]
    assert list(table["lift_reason"]) == ["", "已整改"]
    with pytest.raises(RefusedError, match="第 1 项处理已由阿依古丽解除"):
        lift_consequence(store, OFFICER, AT, 1, reason="又解除")


def test_a_factor_for_next_year_has_words_and_no_amount(store):
    ask(store)
    answer(store)
    refer(store)
    decide(store, "next_year", factor="工作绩效因素调减", legal_keys=["evaluation-use"])

    (row,) = rows(store, "SELECT amount_yuan, factor_text, legal_keys FROM consequence")
    assert row == {"amount_yuan": None, "factor_text": "工作绩效因素调减", "legal_keys": "evaluation-use"}


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("fine", {}, "只有暂缓拨款、收回、下年因素三种"),
        ("suspend", {"amount_yuan": None}, "没有写金额"),
        ("suspend", {"amount_yuan": Decimal(0)}, "不大于零"),
        ("suspend", {"amount_yuan": Decimal("NaN")}, "没有写金额"),
        ("suspend", {"amount_yuan": Decimal("Infinity")}, "过大"),
        ("suspend", {"amount_yuan": Decimal(10) ** 40}, "过大"),
        ("suspend", {"amount_yuan": Decimal("0.001")}, "请写到分"),
        ("suspend", {"reason": ""}, "没有写理由"),
        ("suspend", {"reason": "\u200b\x00"}, "没有写理由"),
        ("next_year", {"factor": ""}, "没有写下年怎样考虑"),
        ("suspend", {"legal_keys": ["grade"]}, "不在可选的依据里"),
    ],
)
def test_a_consequence_is_whole_or_refused(store, kind, changes, said):
    ask(store)
    answer(store)
    refer(store)

    with pytest.raises(RefusedError, match=said):
        decide(store, kind, **changes)


def test_nothing_is_decided_before_the_matter_is_found_to_be_so_or_is_overdue(store):
    ask(store, answer_days=1)
    with pytest.raises(RefusedError, match="还没有认定属实，也没有逾期，不能决定暂缓拨款"):
        decide(store)

    given = {"amount_yuan": Decimal(1), "legal_keys": ["suspension"], "reason": "逾期不答"}
    decide_consequence(store, OFFICER, datetime(2021, 12, 28, 9), 1, "suspend", **given)

    assert len(boards.consequences(store, SCOPE)) == 1


@pytest.mark.parametrize("role", sorted(set(ROLE_NAMES) - {"prefecture_officer"}))
def test_only_an_officer_decides_about_money(store, role):
    with pytest.raises(NotAllowedError):
        decide(store, actor=Actor("某人", role, UNIT if role in UNIT_ROLES else ""))


# The archive.

def test_the_archive_holds_the_life_and_shows_what_was_changed(store, tmp_path):
    ask(store)
    answer(store)
    path = tmp_path / "archive.zip"
    write_whole(path, archive_content(store, datetime(2021, 12, 28, 16)))
    assert verify_archive(path)

    with store.transaction() as cursor:
        cursor.run("UPDATE inquiry_event SET words_text = '另一个原因' WHERE step_no = 2")
    write_whole(path, archive_content(store, datetime(2021, 12, 28, 16)))
    with pytest.raises(Exception, match="问效单的一步与办理记录第 4 条不同"):
        verify_archive(path)


def test_a_step_that_the_log_does_not_know_is_found(store, tmp_path):
    ask(store)
    with store.transaction() as cursor:
        cursor.run("INSERT INTO inquiry_event SELECT * REPLACE (9 AS step_no) FROM inquiry_event")
    path = tmp_path / "archive.zip"
    write_whole(path, archive_content(store, datetime(2021, 12, 28, 16)))

    with pytest.raises(Exception, match="问效单的第 9 步不在办理记录里"):
        verify_archive(path)


def test_who_answers_is_the_approver_of_the_unit(store):
    ask(store)
    answer(store)

    told = boards.events(store, SCOPE, 1).to_dict("records")
    assert [(row["done_by"], row["done_role"]) for row in told] == [
        ("阿依古丽", "prefecture_officer"), (APPROVER.name, "county_approver"),
    ]
    assert REFERRED not in {row["inquiry_state"] for row in told} and RECHECKING in STATE_WORDS
