"""问效单 in messages: the unit is told at once and until it has answered, the prefecture what it has to decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import NUMBER, OFFICER, REGION, REVIEWING, clerk, receive, rows
from inquiry_builders import answer, ask, newest_step, order, outcome, rectify, refer
from message_builders import ADDRESS, MORNING, mail_server, office, post, reach

from dashboard.actions.inquiry_steps import record_ladder_act, return_answer, return_rectification
from dashboard.messages.digest import compose
from dashboard.messages.forms import plain
from dashboard.messages.hours import hours_of
from dashboard.messages.letters import Line
from dashboard.messages.sender import reading_at, send_messages
from dashboard.rights import COUNTY_APPROVER, COUNTY_REPORTER, LEADER, PREFECTURE_OFFICER, REVIEWER
from dashboard.workspace import Workspace
from data.audit import Actor
from data.store import Store

UNIT = "luntai"
QUESTION, FACT = "马某某家为什么没有发？", "执行率 66.0%"
APPROVER = clerk(UNIT)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    held = office(tmp_path)
    yield held
    held.store.close()


def asked(store: Store, at: datetime = MORNING) -> None:
    ask(store, at, recipient_id=UNIT, question_text=QUESTION, fact_text=FACT)


def lines(store: Store, role: str, unit: str = "", at: datetime = MORNING, told: object = ()) -> list[tuple[str, str]]:
    """What a digest says of inquiries."""
    reading = reading_at(store, at, REGION, hours_of(store, post(), REGION, at.date()))
    letter = compose(reading, Actor("某人", role, unit), told)     # type: ignore[arg-type]
    words = ("问效单", "整改", "问责", "提议", "规则")
    return [(line.mark, line.text) for line in letter.lines if any(word in line.text for word in words)] \
        if letter else []


def test_an_opened_inquiry_is_told_at_once_to_its_unit_only(workspace):
    reach(workspace.store, "luntai-1", "luntai-2", "bohu-1", "shebaoke", is_digest_on=False)
    receive(workspace.store)
    asked(workspace.store)
    with mail_server() as box:
        for minute in (0, 1):
            send_messages(workspace, post(box.channel()), MORNING + timedelta(minutes=minute))

        assert sorted(box.receivers) == ["luntai-1@example.cn", "luntai-2@example.cn"]
        assert {mail["Subject"] for mail in box.mails} == {"问效·轮台县：收到问效单第1号"}
        words = box.mails[0].get_body(("plain",)).get_content()
    assert f"答复问效单第1号（{NUMBER}），" in words and f"{ADDRESS}/inquiries?notice=" in words
    assert "inquiry=1" in words
    assert QUESTION not in words and FACT not in words


def test_what_is_answered_before_the_morning_is_not_told(workspace):
    reach(workspace.store, "luntai-1", is_digest_on=False)
    asked(workspace.store)
    answer(workspace.store, MORNING, actor=APPROVER)
    with mail_server() as box:
        send_messages(workspace, post(box.channel()), MORNING)
        assert box.mails == []
    assert rows(workspace.store, "SELECT * FROM message_cause WHERE told_at IS NULL") == []


def test_what_is_sent_back_is_told_at_once_each_time_until_it_is_answered(workspace):
    store = workspace.store
    reach(store, "luntai-1", "bohu-1", is_digest_on=False)
    receive(store)
    asked(store)

    def send_back(act) -> None:
        act(store, REVIEWING, MORNING, 1, REGION, reason="还不清楚", seen_step_no=newest_step(store))

    with mail_server() as box:
        def subjects() -> list[str]:
            send_messages(workspace, post(box.channel()), MORNING)
            found = [mail["Subject"] for mail in box.mails]
            box.mails.clear()
            return found

        assert subjects() == ["问效·轮台县：收到问效单第1号"]
        for _ in range(2):
            answer(store, MORNING, actor=APPROVER)
            send_back(return_answer)
            assert subjects() == ["问效·轮台县：问效单第1号的答复被退回"]
        answer(store, MORNING, actor=APPROVER)
        send_back(return_answer)
        answer(store, MORNING, actor=APPROVER)
        assert subjects() == []     # answered before it was told
        order(store, MORNING)
        assert subjects() == []     # stands in the next digest
        rectify(store, MORNING, actor=APPROVER)
        send_back(return_rectification)
        assert subjects() == ["问效·轮台县：问效单第1号的整改结果被退回"]


def test_a_unit_is_told_until_it_has_answered_and_the_officer_who_is_late(workspace):
    store = workspace.store
    asked(store)
    due_on = rows(store, "SELECT due_on FROM inquiry_event")[0]["due_on"]
    morning = datetime.combine(due_on, MORNING.time())

    told = f"答复问效单第1号（{NUMBER}），{due_on.month}月{due_on.day}日截止"
    assert lines(store, COUNTY_REPORTER, UNIT) == [("waiting", told)]
    assert lines(store, COUNTY_APPROVER, UNIT, morning) == [("today", told)]
    ((mark, late),) = lines(store, COUNTY_APPROVER, UNIT, morning + timedelta(days=7))
    assert mark == "overdue" and late.startswith(f"{told}，逾期 ") and late.endswith("个工作日")
    assert lines(store, COUNTY_REPORTER, "bohu", morning + timedelta(days=7)) == []
    rungs = [text for mark, text in lines(store, PREFECTURE_OFFICER, at=morning + timedelta(days=7))
             if mark == "attention"]
    assert any("轮台县：问效单第1号" in text and "，逾期 " in text for text in rungs)


def test_an_officer_is_told_of_an_overdue_inquiry_once_and_the_link_leads_to_it(workspace):
    store = workspace.store
    asked(store)
    at = datetime.combine(rows(store, "SELECT due_on FROM inquiry_event")[0]["due_on"], MORNING.time())
    at += timedelta(days=20)
    reading = reading_at(store, at, REGION, hours_of(store, post(), REGION, at.date()))

    def overdue(role: str) -> list[Line]:
        letter = compose(reading, Actor("某人", role, ""))
        return [line for line in letter.lines if "问效单第1号" in line.text and line.mark == "attention"]

    for role in (PREFECTURE_OFFICER, LEADER):
        (line,) = overdue(role)
        assert "/inquiries?" in line.path and "inquiry=1" in line.path
    record_ladder_act(
        store, OFFICER, at, 1, "talk", words="州局约谈", paper_on=at.date(), seen_step_no=newest_step(store)
    )
    reading = reading_at(store, at, REGION, hours_of(store, post(), REGION, at.date()))
    (line,) = overdue(PREFECTURE_OFFICER)
    assert line.text.startswith("已") and "，仍未办：轮台县：问效单第1号" in line.text


def test_the_prefecture_is_told_what_it_has_to_decide(workspace):
    store = workspace.store
    asked(store)

    def waiting(role: str) -> list[str]:
        return [text for mark, text in lines(store, role) if mark == "waiting" and "提议" not in text]

    assert waiting(REVIEWER) == []
    answer(store, MORNING, actor=APPROVER)
    told = f"认定单位对问效单的答复：轮台县，共 1 份（{NUMBER}）"
    assert waiting(REVIEWER) == waiting(PREFECTURE_OFFICER) == [told]
    assert lines(store, COUNTY_APPROVER, UNIT) == []
    order(store, MORNING)
    assert waiting(REVIEWER) == []
    assert [text[:15] for _, text in lines(store, COUNTY_APPROVER, UNIT)] == ["整改并报送结果：问效单第1号（"]
    rectify(store, MORNING, actor=APPROVER)
    assert waiting(REVIEWER) == [f"复核单位报送的整改结果：轮台县，共 1 份（{NUMBER}）"]
    refer(store, MORNING)
    assert waiting(PREFECTURE_OFFICER) == [f"登记 1 份提请问责的处理结果（{NUMBER}）"]
    outcome(store, MORNING)
    assert waiting(REVIEWER) == waiting(PREFECTURE_OFFICER) == []


def test_an_officer_is_told_what_the_rules_propose(workspace):
    proposed = [text for _, text in lines(workspace.store, PREFECTURE_OFFICER) if "提议" in text]

    assert len(proposed) == 1 and proposed[0].startswith("决定 ") and NUMBER in proposed[0]


def test_a_rule_that_is_up_for_decision_is_said_once(workspace):
    store = workspace.store
    with store.transaction() as cursor:
        cursor.insert("inquiry_dismissal", [
            {"dismissal_no": number, "document_number": NUMBER, "round_id": "2021-12", "recipient_id": UNIT,
             "indicator_no": 0, "rule_key": "off", "facts_key": str(number), "fact_text": "x",
             "dismissal_reason": "正常", "dismissed_at": MORNING, "dismissed_by": "社保科"}
            for number in range(1, 31)
        ])
    reading = reading_at(store, MORNING, REGION, hours_of(store, post(), REGION, MORNING.date()))
    officer = Actor("社保科", PREFECTURE_OFFICER)

    first = compose(reading, officer)
    assert first is not None
    (note,) = [line for line in first.lines if line.mark == "note"]
    assert note.text == "规则“指标明显偏差”提请停用：已认定 30 份，属实 0 份，请决定停用还是继续使用"
    again = compose(reading, officer, first.keys)
    assert again is not None and "提请停用" not in plain(again, ADDRESS)
    assert note.key in again.keys
