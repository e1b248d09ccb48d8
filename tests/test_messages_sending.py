"""Messages on their way: over a real mail server and real webhooks on loopback, each once, never at night."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from builders import entry, receive, rows, submit, upload
from message_builders import (
    ADDRESS,
    KEEPER,
    MAIL,
    MORNING,
    Mailbox,
    mail_server,
    office,
    own_certificate,
    post,
    reach,
    returned,
    robot_server,
)

from dashboard.actions.accounts import AccountState, change_account
from dashboard.actions.messages import queue_test, resend_message, set_address
from dashboard.messages import delivery, outbox, sender
from dashboard.messages.channels import Channel
from dashboard.messages.delivery import NotDeliveredError, deliver
from dashboard.messages.forms import markdown, plain
from dashboard.messages.hours import hours_of
from dashboard.messages.letters import Letter, Line
from dashboard.messages.outbox import RETRY_AFTER
from dashboard.messages.receivers import receiver_of, receivers
from dashboard.messages.sender import plan_messages, posting, send_messages, send_one
from dashboard.rights import COUNTY_REPORTER
from dashboard.workspace import Workspace, open_existing
from data.audit import Actor
from data.errors import RefusedError

LETTER = Letter(
    "问效·轮台县 12月28日（周二）：逾期 1 件",
    (Line("a", "overdue", "报送2021年12月数据，12月27日截止，逾期 1 天", "/reporting?round=2021-12"),
     Line("b", "waiting", "登记收文时间", "/timeliness")),
    "没有事项的日子不发。",
)
HIDDEN = "0a1b2c3d-key"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    held = office(tmp_path)
    yield held
    held.store.close()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as held:
        yield held


def message_rows(workspace: Workspace) -> list[dict[str, Any]]:
    return rows(workspace.store, "SELECT * FROM message ORDER BY message_no")


# --- mail ------------------------------------------------------------------------------------------------------


def test_a_mail_arrives_whole_in_chinese(box):
    deliver(box.channel(), "a@example.cn", LETTER, ADDRESS, "wenxiao-1")

    (mail,) = box.mails
    assert mail["Subject"] == LETTER.subject
    assert str(mail["From"]) == "问效 <wenxiao@example.cn>"
    assert box.receivers == ["a@example.cn"]
    assert mail["Message-ID"] == "<wenxiao-1@example.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    words = mail.get_body(("plain",)).get_content()
    assert words.splitlines() == plain(LETTER, ADDRESS).splitlines()
    assert f"{ADDRESS}/reporting?round=2021-12" in words
    page = mail.get_body(("html",)).get_content()
    assert "报送2021年12月数据，12月27日截止，逾期 1 天" in page
    assert f'href="{ADDRESS}/reporting?round=2021-12"' in page


def test_it_signs_in_over_starttls_with_a_certificate_of_the_bureaus_own(tmp_path):
    context, certificate = own_certificate(tmp_path)
    secret = {"security": "starttls", "user": "wenxiao", "password": "pass-1"}
    with mail_server(context=context, asks_who=True) as box:
        deliver(box.channel(**secret, ca_file=str(certificate)), "a@example.cn", LETTER, ADDRESS, "wenxiao-1")
        assert (box.users, box.is_encrypted) == (["wenxiao"], [True])

        with pytest.raises(NotDeliveredError, match="证书不被信任"):
            deliver(box.channel(**secret), "a@example.cn", LETTER, ADDRESS, "wenxiao-2")
        wrong = box.channel(**{**secret, "password": HIDDEN}, ca_file=str(certificate))
        with pytest.raises(NotDeliveredError, match="没有接受用户名和密码") as refused:
            deliver(wrong, "a@example.cn", LETTER, ADDRESS, "wenxiao-3")
        assert HIDDEN not in str(refused.value) and HIDDEN not in repr(wrong)
        assert len(box.mails) == 1


def test_what_a_mail_server_refuses_is_said_in_words(box):
    box.unknown = ("gone@example.cn",)
    with pytest.raises(NotDeliveredError, match="不收这个地址的邮件（550）") as refused:
        deliver(box.channel(), "gone@example.cn", LETTER, ADDRESS, "wenxiao-1")
    assert refused.value.is_final

    box.refusals = 1
    with pytest.raises(NotDeliveredError, match="没有收下（451）") as refused:
        deliver(box.channel(), "a@example.cn", LETTER, ADDRESS, "wenxiao-1")
    assert not refused.value.is_final
    with pytest.raises(NotDeliveredError, match="不支持所设的加密"):
        deliver(box.channel(security="starttls"), "a@example.cn", LETTER, ADDRESS, "wenxiao-1")
    with pytest.raises(NotDeliveredError, match="连不上"):
        deliver(box.channel(port=1), "a@example.cn", LETTER, ADDRESS, "wenxiao-1")
    assert box.mails == []


# --- robots ----------------------------------------------------------------------------------------------------


def test_wecom_gets_markdown_and_its_refusal_is_no_delivery(caplog):
    caplog.set_level(logging.DEBUG)
    with robot_server() as robot:
        group = Channel("g", "wecom", "和静群", webhook=f"{robot.address}/cgi-bin/webhook/send?key={HIDDEN}")
        deliver(group, "", LETTER, ADDRESS, "wenxiao-1")
        (body,) = robot.bodies
        assert robot.paths == [f"/cgi-bin/webhook/send?key={HIDDEN}"]
        assert body["msgtype"] == "markdown"
        assert "**问效·轮台县 12月28日（周二）：逾期 1 件**" in body["markdown"]["content"]
        assert f"[去办理]({ADDRESS}/reporting?round=2021-12)" in body["markdown"]["content"]

        robot.answer = {"errcode": 93000, "errmsg": f"invalid webhook url {HIDDEN}"}
        with pytest.raises(NotDeliveredError, match=r"93000.*已被移出群") as refused:
            deliver(group, "", LETTER, ADDRESS, "wenxiao-1")
        assert HIDDEN not in str(refused.value)
        robot.status = 502
        with pytest.raises(NotDeliveredError, match="没有收下（502）"):
            deliver(group, "", LETTER, ADDRESS, "wenxiao-1")
        robot.status, robot.answer = 200, ["?"]
        with pytest.raises(NotDeliveredError, match="应答看不懂"):
            deliver(group, "", LETTER, ADDRESS, "wenxiao-1")
    with pytest.raises(NotDeliveredError, match="连不上") as refused:
        deliver(group, "", LETTER, ADDRESS, "wenxiao-1")
    assert HIDDEN not in str(refused.value)
    assert HIDDEN not in caplog.text and HIDDEN not in repr(group) and HIDDEN not in group.way


def test_dingtalk_gets_a_signature_that_holds():
    secret = "SECabc"
    with robot_server() as robot:
        group = Channel("d", "dingtalk", "州群", webhook=f"{robot.address}/robot/send?access_token=t", secret=secret)
        deliver(group, "", LETTER, ADDRESS, "wenxiao-1")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(robot.paths[0]).query).items()}
        made = hmac.new(secret.encode(), f"{asked['timestamp']}\n{secret}".encode(), hashlib.sha256).digest()
        assert asked["sign"] == base64.b64encode(made).decode()     # decoded once, as DingTalk does
        assert asked["access_token"] == "t"
        assert robot.bodies[0]["markdown"]["title"] == LETTER.subject
        robot.answer = {"errcode": 310000, "errmsg": "sign not match"}
        with pytest.raises(NotDeliveredError, match=r"310000.*安全设置"):
            deliver(group, "", LETTER, ADDRESS, "wenxiao-1")


def test_another_service_goes_through_apprise():
    with robot_server() as robot:
        service = Channel("j", "apprise", "平台", url=robot.address.replace("http://", "json://"))
        deliver(service, "", LETTER, ADDRESS, "wenxiao-1")
        assert robot.bodies[0]["title"] == LETTER.subject
        assert "报送2021年12月数据" in robot.bodies[0]["message"]
        robot.status = 500
        with pytest.raises(NotDeliveredError, match="没有收下"):
            deliver(service, "", LETTER, ADDRESS, "wenxiao-1")
    with pytest.raises(NotDeliveredError, match="写得不对") as refused:
        deliver(Channel("j", "apprise", "平台", url=f"nothing://{HIDDEN}"), "", LETTER, ADDRESS, "wenxiao-1")
    assert refused.value.is_final and HIDDEN not in str(refused.value)


def test_a_robots_message_fits_and_nothing_in_it_turns_into_a_mark():
    lines = tuple(Line(str(no), "overdue", f"第{no}件 [a](http://x) <b>**", "/p") for no in range(300))
    many = Letter("问效", lines, "完。")

    text = markdown(many, ADDRESS, 4096)

    assert len(text.encode()) <= 4096
    kept = text.count("\n> ")
    assert f"另有 {300 - kept} 件" in text and kept > 10
    assert "［a］(http://x) ＜b＞＊＊" in text


# --- once, and when --------------------------------------------------------------------------------------------


def test_one_digest_a_person_and_day(workspace, box):
    reach(workspace.store, "luntai-1", "luntai-2", "juzhang", "shenjiju")
    bureau = post(box.channel())

    assert send_messages(workspace, bureau, MORNING.replace(hour=9, minute=0)).sent_count == 0     # before its hour
    first = send_messages(workspace, bureau, MORNING)
    assert (first.queued_count, first.sent_count) == (3, 3)
    assert sorted(box.receivers) == ["juzhang@example.cn", "luntai-1@example.cn", "luntai-2@example.cn"]
    for hour in (11, 15, 18):
        assert send_messages(workspace, bureau, MORNING.replace(hour=hour)) == sender.Done()
    assert {row["message_state"] for row in message_rows(workspace)} == {"sent"}

    send_messages(workspace, bureau, MORNING + timedelta(days=1))
    assert len(box.mails) == 6
    assert len({mail["Message-ID"] for mail in box.mails}) == 6


def test_two_senders_at_once_send_once(workspace, box):
    reach(workspace.store, "luntai-1", "luntai-2", "juzhang")
    bureau = post(box.channel())

    threads = [threading.Thread(target=send_messages, args=(workspace, bureau, MORNING)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(box.receivers) == len(set(box.receivers)) == 3


def test_nothing_leaves_at_night_or_on_rest_days(workspace, box):
    reach(workspace.store, "luntai-1", "bohu-1")
    bureau = post(box.channel())
    friday_night = datetime(2021, 12, 31, 20)     # before New Year: three days off
    returned(workspace.store, friday_night)

    for at in (friday_night, datetime(2022, 1, 1, 11), datetime(2022, 1, 3, 11), datetime(2022, 1, 4, 9, 29)):
        assert send_messages(workspace, bureau, at).sent_count == 0
    assert [row["send_after"] for row in message_rows(workspace)] == [datetime(2022, 1, 4, 9, 30)]

    send_messages(workspace, bureau, datetime(2022, 1, 4, 9, 30))
    subjects = [mail["Subject"] for mail in box.mails]
    assert subjects[0] == "问效·轮台县：2021年12月填报被退回"     # what is told at once goes first
    assert box.receivers[0] == "luntai-1@example.cn" and len(subjects) == 3


def test_what_was_due_by_day_and_could_not_leave_waits_over_the_night(workspace, box):
    reach(workspace.store, "luntai-1", is_digest_on=False)
    returned(workspace.store, MORNING)
    box.refusals = 1
    bureau = post(box.channel())
    assert send_messages(workspace, bureau, MORNING).failed_count == 1     # tried again a minute later, were we there

    assert send_messages(workspace, bureau, MORNING.replace(hour=20)) == sender.Done()
    assert send_messages(workspace, bureau, MORNING.replace(day=29)).sent_count == 1


def test_a_returned_report_is_told_at_once_and_once(workspace, box):
    reach(workspace.store, "luntai-1", "bohu-1", "jixiaoke")
    reach(workspace.store, "luntai-2", is_digest_on=False)
    bureau = post(box.channel())
    send_messages(workspace, bureau, MORNING)
    box.mails.clear()
    box.receivers.clear()

    report_id = returned(workspace.store, MORNING.replace(hour=14), reason="马某某不符合条件，请更正")
    for minute in (1, 2):
        send_messages(workspace, bureau, MORNING.replace(hour=14, minute=minute))

    assert sorted(box.receivers) == ["luntai-1@example.cn", "luntai-2@example.cn"]     # also where the digest is off
    words = box.mails[0].get_body(("plain",)).get_content()
    assert "更正并重新报送2021年12月填报" in words and "1月5日截止（本系统设定）" in words
    assert "马某某" not in words
    causes = rows(workspace.store, "SELECT cause_key, told_at FROM message_cause")
    assert causes == [{"cause_key": report_id, "told_at": MORNING.replace(hour=14, minute=1)}]


def test_what_was_put_right_meanwhile_or_is_old_is_not_told(workspace, box):
    reach(workspace.store, "luntai-1")
    returned(workspace.store, MORNING)
    submit(workspace.store, upload(entry(4, numerator=10, denominator=10), paid_wan="2"), at=MORNING)
    returned(workspace.store, MORNING, "bohu")
    reach(workspace.store, "bohu-1")

    assert plan_messages(workspace, post(box.channel()), MORNING + timedelta(days=8, hours=12)) == []
    send_messages(workspace, post(box.channel()), MORNING.replace(hour=20))
    kinds = [(row["receiver_key"], row["message_kind"]) for row in message_rows(workspace)]
    assert kinds == [("bohu-1", "returned")]


def test_a_failing_server_is_tried_again_until_it_takes_the_message(workspace, box):
    reach(workspace.store, "luntai-1")
    box.refusals = 2
    bureau = post(box.channel())

    assert send_messages(workspace, bureau, MORNING).failed_count == 1
    (row,) = message_rows(workspace)
    assert (row["message_state"], row["attempt_count"]) == ("waiting", 1)
    assert "没有收下（451）" in row["fault_text"]
    assert send_messages(workspace, bureau, MORNING + timedelta(seconds=30)) == sender.Done()
    assert send_messages(workspace, bureau, MORNING + timedelta(minutes=2)).failed_count == 1
    assert send_messages(workspace, bureau, MORNING + timedelta(minutes=4)) == sender.Done()     # the next waits longer
    assert send_messages(workspace, bureau, MORNING + timedelta(minutes=8)).sent_count == 1

    (row,) = message_rows(workspace)
    assert (row["message_state"], row["attempt_count"], row["fault_text"]) == ("sent", 3, "")
    assert len(box.mails) == 1


def test_a_message_is_given_up_in_the_end_and_the_administrator_told(workspace, monkeypatch):
    def refuse(*_: Any) -> None:
        raise NotDeliveredError("邮件服务器连不上")

    monkeypatch.setattr(sender, "deliver", refuse)
    reach(workspace.store, "luntai-1", is_digest_on=False)
    returned(workspace.store, MORNING)
    at, bureau = MORNING, post()
    for wait in (timedelta(), *RETRY_AFTER):
        at = hours_of(workspace.store, bureau, "652800", at.date()).next_open(at + wait + timedelta(seconds=5))
        send_messages(workspace, bureau, at)
    (row,) = message_rows(workspace)
    assert (row["message_state"], row["attempt_count"]) == ("given_up", len(RETRY_AFTER) + 1)

    assert send_messages(workspace, bureau, at + timedelta(hours=1)) == sender.Done()
    reach(workspace.store, "xinxike")
    tomorrow = MORNING + timedelta(days=1)
    assert [each.letter.lines[0].text for each in plan_messages(workspace, bureau, tomorrow)] == [
        "处理 1 条没有送达的消息",
    ]
    resend_message(workspace.store, KEEPER, tomorrow, row["message_no"])
    monkeypatch.setattr(sender, "deliver", lambda *_: None)
    assert send_messages(workspace, bureau, tomorrow).sent_count == 1


def test_an_address_that_is_not_there_is_not_tried_again(workspace, box):
    reach(workspace.store, "luntai-1")
    box.unknown = ("luntai-1@example.cn",)

    send_messages(workspace, post(box.channel()), MORNING)

    (row,) = message_rows(workspace)
    assert (row["message_state"], row["attempt_count"]) == ("given_up", 1)


def test_what_never_arrived_is_still_new_the_next_day(workspace, box):
    """What is due on Monday is said on Wednesday because it is new; Thursday says it only if Wednesday did not."""
    receive(workspace.store)
    reach(workspace.store, "luntai-1", "luntai-2")
    bureau, evening = post(box.channel()), datetime(2021, 12, 22, 18, 59)
    box.refusals = 1
    send_messages(workspace, bureau, evening)
    assert box.receivers == ["luntai-2@example.cn"]

    send_messages(workspace, bureau, evening.replace(day=23, hour=10))
    assert box.receivers[1:] == ["luntai-1@example.cn"]
    assert box.mails[1]["Subject"] == "问效·轮台县 12月23日（周四）：新增 2 件"


def test_a_digest_of_yesterday_is_not_sent_today(workspace, box):
    reach(workspace.store, "luntai-1")
    box.refusals = 1
    bureau = post(box.channel())
    send_messages(workspace, bureau, MORNING.replace(hour=18, minute=59))     # tried again tomorrow morning

    send_messages(workspace, bureau, MORNING + timedelta(days=1))

    states = [(row["cause_key"], row["message_state"]) for row in message_rows(workspace)]
    assert states == [("2021-12-28", "dropped"), ("2021-12-29", "sent")]
    assert len(box.mails) == 1


# --- who may not have it any more --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"is_disabled": True}, "账号已停用"),
        ({"recipient_id": "bohu"}, "角色或单位已经改变"),
        ({"role": "county_approver"}, "角色或单位已经改变"),
    ],
)
def test_what_was_made_for_one_view_is_not_sent_to_another(workspace, box, change, why):
    reach(workspace.store, "luntai-1")
    box.refusals = 1
    bureau = post(box.channel())
    send_messages(workspace, bureau, MORNING)

    state = {"person_name": "轮台填报", "role": COUNTY_REPORTER, "recipient_id": "luntai", "oidc_subject": "",
             "is_disabled": False, **change}
    change_account(workspace.store, KEEPER, MORNING, "luntai-1", AccountState(**state), lambda _: None)
    send_messages(workspace, bureau, MORNING + timedelta(minutes=5))

    (row,) = message_rows(workspace)
    assert row["message_state"] == "dropped" and why in row["fault_text"]
    assert box.mails == []


def test_closed_accounts_get_nothing(workspace, box):
    reach(workspace.store, "luntai-1", "luntai-2")
    state = AccountState("轮台填报", COUNTY_REPORTER, "luntai", "", True)
    change_account(workspace.store, KEEPER, MORNING, "luntai-1", state, lambda _: None)
    returned(workspace.store, MORNING)

    send_messages(workspace, post(box.channel()), MORNING)

    assert set(box.receivers) == {"luntai-2@example.cn"}


def test_an_address_taken_off_gets_nothing_more(workspace, box):
    reach(workspace.store, "luntai-1")
    box.refusals = 1
    send_messages(workspace, post(box.channel()), MORNING)
    set_address(workspace.store, KEEPER, MORNING, "luntai-1", MAIL, "")

    send_messages(workspace, post(box.channel()), MORNING + timedelta(minutes=5))

    assert box.mails == [] and message_rows(workspace)[0]["message_state"] == "dropped"


def test_a_group_gets_its_units_digest_and_nobody_elses(workspace):
    with robot_server() as robot:
        groups = [Channel("luntai", "wecom", "轮台群", webhook=f"{robot.address}/l", unit="轮台县"),
                  Channel("bohu", "wecom", "博湖群", webhook=f"{robot.address}/b", unit="bohu"),
                  Channel("nobody", "wecom", "某群", webhook=f"{robot.address}/n", unit="某县"),
                  Channel("region", "dingtalk", "州群", webhook=f"{robot.address}/r")]
        returned(workspace.store, MORNING)
        send_messages(workspace, post(*groups), MORNING)
        said = dict(zip(robot.paths, map(str, robot.bodies), strict=True))
    assert robot.paths.count("/l") == 2 and robot.paths.count("/b") == 1 == robot.paths.count("/r")
    assert "/n" not in robot.paths
    assert "轮台县" not in said["/b"] and "博湖县" in said["/b"]


def test_the_one_receiver_of_a_message_is_who_it_is_among_all(workspace):
    store = workspace.store
    reach(store, "luntai-1", "bohu-1", "xinxike")
    bureau = post(MAIL, Channel("luntai", "wecom", "轮台群", webhook="http://127.0.0.1/l", unit="轮台县"))
    everybody = receivers(store, bureau)
    assert len(everybody) == 4

    for each in everybody:
        assert receiver_of(store, bureau, each.key, each.channel) in (each, replace(each, name=""))
        others = [channel for channel in bureau.channels.values() if channel != each.channel]
        assert [receiver_of(store, bureau, each.key, channel) for channel in others] == [None]
    assert receiver_of(store, bureau, "hejing-1", MAIL) is None


def test_a_digest_of_a_day_that_is_over_is_not_promised_again(workspace, box):
    reach(workspace.store, "luntai-1")
    box.refusals = 99
    bureau = post(box.channel())
    send_messages(workspace, bureau, MORNING)
    with workspace.store.transaction() as cursor:
        cursor.run("UPDATE message SET message_state = 'given_up'")
    (row,) = message_rows(workspace)

    with pytest.raises(RefusedError, match=f"^不能重新发送：{outbox.YESTERDAYS}。$"):
        resend_message(workspace.store, KEEPER, MORNING + timedelta(days=1), row["message_no"])
    assert message_rows(workspace)[0]["message_state"] == "given_up"
    resend_message(workspace.store, KEEPER, MORNING + timedelta(hours=1), row["message_no"])
    assert message_rows(workspace)[0]["message_state"] == "waiting"


# --- a killed process ------------------------------------------------------------------------------------------

KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from dashboard.messages import sender
from dashboard.messages.channels import Channel, Post
from dashboard.workspace import open_existing

port, real, left = int(sys.argv[2]), sender.deliver, [1]

def deliver(*given):
    if not left:
        os.kill(os.getpid(), 9)
    left.pop()
    real(*given)

sender.deliver = deliver
mail = Channel("mail", "email", host="127.0.0.1", port=port, security="none", sender="wenxiao@example.cn")
post = Post("https://wenxiao.example.cn", {"mail": mail})
sender.send_messages(open_existing(Path(sys.argv[1])), post, datetime(2021, 12, 28, 10))
"""


def test_a_killed_process_loses_and_doubles_nothing(tmp_path, box):
    workspace = office(tmp_path)
    reach(workspace.store, "luntai-1", "luntai-2", "juzhang")
    workspace.store.close()

    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(box.port)], check=False, timeout=60)
    assert ended.returncode == -9 and len(box.mails) == 1

    workspace = open_existing(tmp_path)
    states = sorted(row["message_state"] for row in message_rows(workspace))
    assert states == ["sending", "sent", "waiting"]
    send_messages(workspace, post(box.channel()), MORNING + timedelta(minutes=1))
    workspace.store.close()

    assert sorted(box.receivers) == ["juzhang@example.cn", "luntai-1@example.cn", "luntai-2@example.cn"]


def test_killed_between_taken_and_marked_it_comes_again_under_the_same_id(workspace, box, monkeypatch):
    """The one window that cannot be closed."""
    reach(workspace.store, "luntai-1")

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "mark_sent", killed)
        with pytest.raises(SystemExit):
            send_messages(workspace, post(box.channel()), MORNING)
    send_messages(workspace, post(box.channel()), MORNING + timedelta(minutes=1))

    first, second = (mail["Message-ID"] for mail in box.mails)
    assert first == second
    assert [row["message_state"] for row in message_rows(workspace)] == ["sent"]


def test_a_fault_of_the_program_stops_nobody_elses_message(workspace, box, monkeypatch):
    reach(workspace.store, "juzhang", "luntai-1")
    real = delivery.deliver

    def broken(channel: Channel, to: str, *more: Any) -> None:
        if to.startswith("juzhang"):
            raise ZeroDivisionError
        real(channel, to, *more)

    monkeypatch.setattr(sender, "deliver", broken)
    send_messages(workspace, post(box.channel()), MORNING)

    assert box.receivers == ["luntai-1@example.cn"]
    faults = {row["receiver_key"]: row["fault_text"] for row in message_rows(workspace)}
    assert faults["juzhang"] == "发送时程序出错，详见服务日志"


# --- tests, the worker, a demonstration ------------------------------------------------------------------------


def person(account_id: str = "luntai-1") -> Actor:
    return Actor("轮台填报", COUNTY_REPORTER, "luntai", account_id, "网页 127.0.0.1")


def test_a_test_message_leaves_at_any_hour_and_is_not_tried_again(workspace, box):
    reach(workspace.store, "luntai-1", channel=box.channel())
    night = MORNING.replace(hour=23)
    bureau = post(box.channel())

    row = send_one(workspace, bureau, queue_test(workspace.store, person(), night, box.channel()), night)
    assert (row["message_state"], row["sent_to_text"]) == ("sent", "luntai-1@example.cn")
    assert box.mails[0]["Subject"] == "问效：测试消息"

    box.refusals = 1
    later = night + timedelta(minutes=2)
    row = send_one(workspace, bureau, queue_test(workspace.store, person(), later, box.channel()), later)
    assert row["message_state"] == "dropped" and "451" in row["fault_text"]
    assert len(box.mails) == 1


def test_the_server_sends_by_itself_while_it_runs(workspace, box, monkeypatch):
    """A test message, for it leaves at any hour of the clock."""
    monkeypatch.setattr(sender, "EVERY_SECONDS", 0.02)
    path = workspace.folder / "channels.toml"
    path.write_text(
        f'address = "{ADDRESS}"\n[mail]\nkind = "email"\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
        'sender = "wenxiao@example.cn"\n', encoding="utf-8",
    )
    path.chmod(0o600)
    reach(workspace.store, "luntai-1")
    queue_test(workspace.store, person(), workspace.settings.now(), MAIL)
    arrived = threading.Event()
    real = outbox.mark_sent

    def marked(*given: Any) -> None:
        real(*given)
        arrived.set()

    monkeypatch.setattr(outbox, "mark_sent", marked)
    with posting(lambda: workspace):
        assert arrived.wait(20)
    # On a working day after the hour of the digests, one of these goes too.
    assert "问效：测试消息" in [mail["Subject"] for mail in box.mails]
    assert not any(thread.name == "messages" for thread in threading.enumerate())


def test_a_demonstration_sends_nothing(workspace, box):
    reach(workspace.store, "luntai-1")
    with workspace.store.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": "demonstration_today", "setting_value": date(2021, 12, 28).isoformat()},
        ])

    assert send_messages(workspace, post(box.channel()), MORNING) == sender.Done()
    number = queue_test(workspace.store, person(), MORNING, box.channel())
    assert send_one(workspace, post(box.channel()), number)["message_state"] == "waiting"
    assert box.mails == []
