"""Messages before they leave: the bureau's file, the hours, what a digest holds, and nothing outside its scope."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from builders import (
    NUMBER,
    OFFICER,
    ROUND,
    UNITS,
    demo_folder,
    demo_store,
    entry,
    import_all,
    is_whole_log,
    receive,
    rows,
    sign_in,
    submit,
    upload,
)
from message_builders import (
    ADDRESS,
    KEEPER,
    MAIL,
    MORNING,
    mail_server,
    office,
    post,
    reach,
    returned,
)
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import session
from dashboard.actions.calendar import change_office_hours
from dashboard.actions.messages import queue_test, resend_message, set_address, set_own_address
from dashboard.actions.rounds import RoundPlan, open_round
from dashboard.cli import run
from dashboard.messages.channels import FILE_NAME, Channel, Post, address_fault, read_post
from dashboard.messages.digest import PARTS, compose
from dashboard.messages.forms import plain
from dashboard.messages.hours import Hours, hours_of
from dashboard.messages.immediate import compose_at_once
from dashboard.messages.letters import Letter
from dashboard.messages.own import own_addresses, own_messages
from dashboard.messages.sender import plan_messages, reading_at, send_messages
from dashboard.rights import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    PREFECTURE_OFFICER,
    REVIEWER,
    NotAllowedError,
    board_name,
)
from dashboard.workspace import STORE_NAME, Workspace
from data.audit import Actor
from data.errors import RefusedError, WenxiaoError
from data.store import Store

REGION = "652800"
HOURS = Hours(time(9, 30), time(19), {})
GOOD = """
address = "https://wenxiao.example.cn/"
digest_at = "10:00"

[mail]
kind = "email"
host = "smtp.example.cn"
user = "wenxiao"
password = "hidden-1"
sender = "wenxiao@example.cn"
domains = ["example.cn"]

[group]
kind = "dingtalk"
name = "和静群"
webhook = "https://oapi.dingtalk.com/robot/send?access_token=hidden-2"
secret = "hidden-3"
unit = "和静县"
"""
HIDDEN = ("hidden-1", "hidden-2", "hidden-3")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    held = office(tmp_path)
    yield held
    held.store.close()


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / FILE_NAME
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return folder


# --- the file --------------------------------------------------------------------------------------------------


def test_the_file_says_where_messages_go(tmp_path):
    assert read_post(tmp_path) is None

    bureau = read_post(written(tmp_path, GOOD))

    assert bureau is not None
    assert (bureau.address, bureau.digest_at, bureau.opens_at, bureau.closes_at, bureau.sent_by) == (
        "https://wenxiao.example.cn", time(10), time(9, 30), None, "server",
    )
    mail, group = bureau.channels["mail"], bureau.channels["group"]
    assert (mail.port, mail.security, mail.domains, mail.is_group) == (587, "starttls", ("example.cn",), False)
    assert (group.title, group.unit, group.is_group) == ("和静群", "和静县", True)
    told = f"{bureau!r} {mail!r} {group!r} {mail.way} {group.way}"
    assert [secret for secret in HIDDEN if secret in told] == []
    assert (mail.way, group.way) == ("smtp.example.cn:587，先加密再登录", "oapi.dingtalk.com")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(tmp_path, mode):
    with pytest.raises(WenxiaoError, match="chmod 600"):
        read_post(written(tmp_path, GOOD, mode))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('address = "https://wenxiao.example.cn/"', 'address = "wenxiao"'), "address 应为"),
        (('address = "https://wenxiao.example.cn/"', "adress = 1"), "不认识 adress"),
        (('digest_at = "10:00"', 'digest_at = "25:00"'), "digest_at 应为带引号的时刻"),
        (('digest_at = "10:00"', 'digest_at = "08:00"'), "digest_at 应在 opens_at 与 closes_at 之间"),
        (('digest_at = "10:00"', 'digest_at = "19:30"'), "没有写 closes_at 的，按 19:00"),
        (('digest_at = "10:00"', 'sent_by = "cron"'), "sent_by 应为 server 或 command"),
        (('kind = "email"', 'kind = "fax"'), "[mail] 的 kind 应为 email、wecom"),
        (('host = "smtp.example.cn"', ""), "[mail] 缺少 host"),
        (('host = "smtp.example.cn"', 'host = "smtp.example.cn"\nport = "25"'), "[mail] 的 port 应为"),
        (('user = "wenxiao"', ""), "user 和 password 要么都写"),
        (('password = "hidden-1"', 'password = "密hidden-1"'), "只能用英文字母"),
        (('sender = "wenxiao@example.cn"', 'sender = "wenxiao"'), "sender 不是邮箱地址"),
        (('domains = ["example.cn"]', 'domains = "example.cn"'), "domains 应为一列域名"),
        (('domains = ["example.cn"]', 'ca_file = "none.pem"'), "找不到 ca_file none.pem"),
        (('domains = ["example.cn"]', 'security = "tls"'), "security 应为"),
        (('secret = "hidden-3"', "secret = 3"), "[group] 的 secret 应为带引号的文字"),
        (('unit = "和静县"', 'host = "a"'), "[group] 不认识 host"),
        (("https://oapi", "http://oapi"), "[group] 的 webhook 应为以 https:// 开头"),
        (("[group]", "[群]"), "写得不对"),
        (("[group]", "[Group]"), "渠道名 [Group] 应为小写字母"),
        (('kind = "dingtalk"', 'kind = "apprise"\nurl = "mailto://hidden-2"'), "请改用 kind = email"),
        (('password = "hidden-1"', "password = hidden-1"), "第 9 行写得不对"),
        (('kind = "email"', 'kind = ["email"]'), "[mail] 的 kind 应为"),
        (('address = "https://wenxiao.example.cn/"', 'address = "http://["'), "address 应为"),
        (('host = "smtp.example.cn"', f'host = "{"a" * 64}.cn"'), "[mail] 的 host 不是"),
        (("https://oapi.dingtalk.com", f"https://{'a' * 64}.cn"), "[group] 的 webhook 应为"),
        (('domains = ["example.cn"]', f"port = {'9' * 5000}"), "过长的数"),
        (('domains = ["example.cn"]', f"domains = {'[' * 5000}"), "套得过深"),
        (('domains = ["example.cn"]', f'ca_file = "{"a" * 5000}"'), "[mail] 的 ca_file"),
        (('domains = ["example.cn"]', 'ca_file = "channels.toml"'), "不是证书文件"),
    ],
)
def test_a_fault_of_the_file_is_said_without_its_secrets(tmp_path, change, said):
    assert change[0] in GOOD

    with pytest.raises(WenxiaoError) as refused:
        read_post(written(tmp_path, GOOD.replace(*change)))

    assert said in str(refused.value)
    assert [secret for secret in HIDDEN if secret in str(refused.value)] == []


def test_the_mark_of_an_editor_before_the_file_is_no_fault(tmp_path):
    assert read_post(written(tmp_path, "\ufeff" + GOOD)).address == "https://wenxiao.example.cn"


def test_all_faults_are_said_at_once(tmp_path):
    with pytest.raises(WenxiaoError, match=r"有 3 处不对.*；.*；"):
        read_post(written(tmp_path, 'address = ""\ncolour = 1\nsent_by = "x"\n[mail]\nkind = "email"\nhost = "a"\n'
                                    'sender = "a@b.cn"\n'))


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("zhang.san@example.cn", True), ("zhang@EXAMPLE.CN", True), ("zhang@other.cn", False), ("zhang", False),
        ("a@example.cn, b@example.cn", False), ("a@example.cn\nBcc: b@other.cn", False), ("张三@example.cn", False),
        ("a..b@example.cn", False), ("a" * 250 + "@example.cn", False), ("<a@example.cn>", False),
    ],
)
def test_an_address_is_one_mailbox_of_the_bureau(address, is_good):
    assert (address_fault(Channel("mail", "email", domains=("example.cn",)), address) == "") == is_good


# --- the hours -------------------------------------------------------------------------------------------------


def test_the_hours_are_the_offices_on_the_regions_working_days(workspace):
    hours = hours_of(workspace.store, post(), REGION, MORNING.date())

    assert (hours.opens_at, hours.closes_at) == (time(9, 30), time(19))
    assert not hours.is_open(datetime(2022, 1, 3, 11))                  # 元旦
    assert hours.is_open(datetime(2022, 1, 29, 11))                     # a Saturday that is worked
    assert hours.next_open(datetime(2021, 12, 31, 19)) == datetime(2022, 1, 4, 9, 30)
    assert hours.next_open(datetime(2022, 1, 4, 3)) == datetime(2022, 1, 4, 9, 30)
    assert hours.is_working(date(2099, 1, 1)) and not hours.is_working(date(2099, 1, 3))     # not published yet

    change_office_hours(workspace.store, KEEPER, MORNING, "18:30", MORNING.date(), "作息通知", REGION)
    assert hours_of(workspace.store, post(), REGION, MORNING.date()).closes_at == time(18, 30)
    own = post(closes_at=time(20))
    assert hours_of(workspace.store, own, REGION, MORNING.date()).closes_at == time(20)


# --- what a digest holds ---------------------------------------------------------------------------------------


def digest(
    store: Store, role: str, unit: str = "", at: datetime = MORNING, told: Collection[str] = ()
) -> Letter | None:
    return compose(reading_at(store, at, REGION, HOURS), Actor("某人", role, unit), told, unit)


def said(letter: Letter | None) -> list[tuple[str, str]]:
    return [(line.mark, line.text) for line in letter.lines] if letter else []


def test_a_unit_is_told_what_is_late_due_and_waiting(workspace):
    store = workspace.store
    receive(store)                                   # 12-22, so the import is due on 12-27
    due_day = datetime(2021, 12, 27, 10)

    assert said(digest(store, COUNTY_REPORTER, "luntai", due_day)) == [
        ("today", f"导入监控系统（{NUMBER}），12月27日截止，今天到期"),
        ("today", f"报送2021年12月数据（{NUMBER}），12月27日截止，今天到期"),
    ]
    friday = datetime(2021, 12, 24, 10)
    assert [mark for mark, _ in said(digest(store, COUNTY_REPORTER, "luntai", friday))] == ["soon", "soon"]
    late = digest(store, COUNTY_REPORTER, "luntai")
    assert [(mark, text.rpartition("，")[2]) for mark, text in said(late)] == [
        ("overdue", "逾期 1 个工作日"), ("overdue", "逾期 1 天"),
    ]
    assert late is not None and late.subject == "问效·luntai 12月28日（周二）：逾期 2 件"
    assert all(line.path.startswith(("/timeliness?notice=", "/reporting?notice=")) for line in late.lines)
    assert late.lines[1].path.endswith("&round=2021-12")
    assert said(digest(store, COUNTY_REPORTER, "bohu"))[-1] == (
        "waiting", f"登记{NUMBER}的收文时间：没有登记，办理时限无法计算",
    )


def test_what_is_done_is_not_said_and_a_day_without_matters_has_no_digest(workspace):
    store = workspace.store
    receive(store)
    import_all(store, datetime(2021, 12, 24, 10))
    submit(store, upload(entry(4, numerator=9, denominator=10), paid_wan="1"))

    assert digest(store, COUNTY_REPORTER, "luntai") is None
    assert digest(store, AUDITOR) is None and AUDITOR not in PARTS
    assert digest(store, ADMINISTRATOR) is None
    assert digest(store, LEADER) is not None


def test_what_is_far_away_is_said_once_when_it_is_new(workspace):
    store = workspace.store
    receive(store)
    later = RoundPlan("2022-03", "2022年3月", date(2022, 3, 31), date(2021, 12, 22), date(2022, 4, 8))
    open_round(store, OFFICER, datetime(2021, 12, 22, 17), NUMBER, later, REGION)

    first = digest(store, COUNTY_REPORTER, "luntai", datetime(2021, 12, 23, 10))
    assert ("new", f"报送2022年3月数据（{NUMBER}），4月8日截止，还剩 106 天") in said(first)
    assert first is not None
    again = digest(store, COUNTY_REPORTER, "luntai", datetime(2021, 12, 24, 10), told=first.keys)
    assert "2022年3月" not in str(said(again)) and again is not None
    assert set(again.keys) == set(first.keys)        # so that it is not new the day after
    urgent = digest(store, COUNTY_REPORTER, "luntai", datetime(2022, 4, 7, 10), told=first.keys)
    assert ("soon", f"报送2022年3月数据（{NUMBER}），4月8日截止，还剩 1 天") in said(urgent)


def test_what_came_back_waits_every_day(workspace):
    returned(workspace.store, MORNING)

    for day in (0, 1):
        letter = digest(workspace.store, COUNTY_APPROVER, "luntai", MORNING + timedelta(days=day), {"x"})
        assert any(mark == "waiting" and text.startswith("答复退回的2021年12月填报") for mark, text in said(letter))


def test_a_reviewer_is_told_what_waits_in_one_line_a_round(workspace):
    for unit in ("luntai", "bohu"):
        submit(workspace.store, upload(entry(4, numerator=9, denominator=10), recipient_id=unit, paid_wan="1"))

    assert said(digest(workspace.store, REVIEWER)) == [
        ("waiting", f"审核轮台县、博湖县的填报，共 2 份（{NUMBER} 2021-12），最久的已等 2 天"),
    ]


def test_a_round_of_long_ago_is_not_looked_at_every_morning(workspace):
    assert said(digest(workspace.store, LEADER, at=datetime(2022, 2, 25, 10)))
    assert digest(workspace.store, LEADER, at=datetime(2022, 2, 26, 10)) is None


def test_an_officer_and_the_leadership_are_asked_what_the_overview_asks(workspace):
    for role in (PREFECTURE_OFFICER, LEADER):
        lines = [text for mark, text in said(digest(workspace.store, role)) if mark == "attention"]
        assert any("到期仍未填报，成效无法判断" in text for text in lines)


# --- nothing outside the scope ---------------------------------------------------------------------------------


def test_each_board_is_computed_once_for_all_receivers(workspace):
    computed: list[str] = []

    def compute(board: Any, arguments: tuple[Any, ...]) -> Any:
        computed.append(f"{board_name(board)}{arguments}")
        return board(workspace.store, *arguments)

    reading = reading_at(workspace.store, MORNING, REGION, HOURS, compute)
    compose(reading, Actor("某人", COUNTY_APPROVER, "luntai"))
    first = len(computed)
    for unit in ("bohu", "hejing"):
        assert compose(reading, Actor("某人", COUNTY_APPROVER, unit))
        compose(reading, Actor("某人", COUNTY_REPORTER, unit))

    assert first and len(computed) == first


def strangers(unit: str) -> list[str]:
    """How other units are called; the two institutions' short names are words of any sentence."""
    units = demo_store().query("recipients")
    others = units[units["recipient_id"] != unit]
    counties = others[~others["recipient_id"].str.startswith("zhou-")]
    own = units.set_index("recipient_id").loc[unit, "recipient_name"]
    return [
        name for name in (*others["recipient_id"], *others["recipient_name"], *counties["short_name"])
        if name not in (own, unit) and name not in own and not unit.startswith(name)
    ]


@pytest.fixture(scope="module")
def reading() -> Any:
    return reading_at(demo_store(), MORNING, REGION, HOURS)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("role", [COUNTY_REPORTER, COUNTY_APPROVER])
def test_no_other_units_name_stands_in_a_unit_persons_digest(reading, unit, role):
    letter = compose(reading, Actor("某人", role, unit))
    told = f"{letter.subject} {plain(letter, ADDRESS)} {letter.keys}" if letter else ""

    assert [name for name in strangers(unit) if name in told] == []


def test_there_is_something_of_others_to_hide(reading):
    whole = plain(compose(reading, Actor("局长", LEADER)), ADDRESS)

    assert "和静县" in whole and "若羌县" in whole
    assert sum(compose(reading, Actor("某人", COUNTY_REPORTER, unit)) is not None for unit in UNITS) > 3


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demonstration as it would be had 焉耆 alone ever done anything."""
    store = Store(Path(shutil.copy(demo_folder() / STORE_NAME, tmp_path_factory.mktemp("alone") / STORE_NAME)))
    with store.transaction() as cursor:
        reports = "SELECT report_id FROM report WHERE recipient_id <> 'yanqi'"
        for table in ("report_event", "value_check", "actual"):
            cursor.run(f"DELETE FROM {table} WHERE report_id IN ({reports})")
        for table in ("report", "actual_current", "score", "receipt", "evidence_file", "report_draft", "review"):
            cursor.run(f"DELETE FROM {table} WHERE recipient_id <> 'yanqi'")
    yield store
    store.close()


@pytest.mark.parametrize("role", [COUNTY_REPORTER, COUNTY_APPROVER])
def test_no_other_units_figures_or_deeds_change_a_units_digest(reading, alone, role):
    """The letter is the same, word for word and key for key, where no other unit has done anything."""
    person = Actor("某人", role, "yanqi")

    letter = compose(reading, person)

    assert letter is not None
    assert compose(reading_at(alone, MORNING, REGION, HOURS), person) == letter
    assert compose(reading_at(alone, MORNING, REGION, HOURS), Actor("局长", LEADER)) != compose(
        reading, Actor("局长", LEADER)
    )


def test_what_is_told_at_once_is_told_to_the_own_unit_only(workspace):
    report_id = returned(workspace.store, MORNING)
    at = MORNING + timedelta(hours=1)
    held = reading_at(workspace.store, at, REGION, HOURS)
    cause = {"message_kind": "returned", "cause_key": report_id}

    letter = compose_at_once(held, Actor("某人", COUNTY_REPORTER, "luntai"), "轮台县", cause)
    assert letter is not None and letter.subject == "问效·轮台县：2021年12月填报被退回"
    assert compose_at_once(held, Actor("某人", COUNTY_REPORTER, "bohu"), "博湖县", cause) is None
    with pytest.raises(NotAllowedError):
        compose_at_once(held, Actor("某人", ADMINISTRATOR), "", cause)


# --- where people are reached ----------------------------------------------------------------------------------

PERSON = Actor("轮台填报", COUNTY_REPORTER, "luntai", "luntai-1", "网页 127.0.0.1")


def test_a_person_sets_the_own_address_and_an_administrator_everybodys(workspace):
    store = workspace.store
    set_own_address(store, PERSON, MORNING, MAIL, " luntai@example.cn ", is_digest_on=False)
    set_address(store, KEEPER, MORNING, "bohu-1", MAIL, "bohu@example.cn")

    (held,) = own_addresses(store, PERSON).values()
    assert (held["mail_address"], held["is_digest_on"]) == ("luntai@example.cn", False)
    assert is_whole_log(store)
    lines = rows(store, "SELECT action_name, subject_text FROM audit_log ORDER BY entry_no DESC LIMIT 2")
    assert lines == [{"action_name": "set_address", "subject_text": "bohu-1"},
                     {"action_name": "set_own_address", "subject_text": "luntai-1"}]
    with pytest.raises(RefusedError, match="没有变化"):
        set_own_address(store, PERSON, MORNING, MAIL, "luntai@example.cn", is_digest_on=False)
    with pytest.raises(RefusedError, match="不是邮箱地址"):
        set_own_address(store, PERSON, MORNING, MAIL, "luntai")
    with pytest.raises(RefusedError, match="是群"):
        set_own_address(store, PERSON, MORNING, Channel("g", "wecom", "群"), "a@example.cn")
    with pytest.raises(NotAllowedError):
        set_address(store, PERSON, MORNING, "bohu-1", MAIL, "x@example.cn")
    set_own_address(store, PERSON, MORNING, MAIL, "")
    assert own_addresses(store, PERSON) == {}


def test_a_test_needs_an_address_and_a_minute(workspace):
    with pytest.raises(RefusedError, match="还没有在“电子邮件”登记接收地址"):
        queue_test(workspace.store, PERSON, MORNING, MAIL)
    reach(workspace.store, "luntai-1")
    queue_test(workspace.store, PERSON, MORNING, MAIL)
    with pytest.raises(RefusedError, match="一分钟内"):
        queue_test(workspace.store, PERSON, MORNING + timedelta(seconds=20), MAIL)
    with pytest.raises(RefusedError, match="不是没有送达的"):
        resend_message(workspace.store, KEEPER, MORNING, 1)


def test_a_person_sees_the_own_messages_and_nobody_elses(workspace, monkeypatch):
    monkeypatch.setattr("dashboard.messages.sender.deliver", lambda *_: None)
    reach(workspace.store, "luntai-1", "bohu-1")
    send_messages(workspace, post(), MORNING)

    (mine,) = own_messages(workspace.store, PERSON)
    assert (mine["message_state"], mine["sent_to_text"]) == ("sent", "luntai-1@example.cn")


# --- the command -----------------------------------------------------------------------------------------------


def test_the_command_says_what_would_be_sent_and_writes_nothing(workspace):
    reach(workspace.store, "luntai-1")

    planned = plan_messages(workspace, post(), MORNING)

    assert [(each.receiver.key, each.message_kind) for each in planned] == [("luntai-1", "digest")]
    assert rows(workspace.store, "SELECT * FROM message") == rows(workspace.store, "SELECT * FROM message_day") == []
    assert plan_messages(workspace, post(), datetime(2022, 1, 3, 11)) == []      # a rest day


def test_the_command_tries_a_channel_and_sends(tmp_path, capsys):
    office(tmp_path).store.close()
    folder = ["--workspace", str(tmp_path)]
    assert run(["messages", "send", *folder]) == 2
    assert "没有可用的渠道" in capsys.readouterr().err
    with mail_server() as box:
        written(tmp_path, f'address = "{ADDRESS}"\n[mail]\nkind = "email"\nhost = "127.0.0.1"\nport = {box.port}\n'
                          'security = "none"\nsender = "wenxiao@example.cn"\n')
        assert run(["messages", "test", *folder, "--channel", "mail", "--to", "a@example.cn"]) == 0
        assert "测试消息已由 mail" in capsys.readouterr().out
        assert box.mails[0]["Subject"] == "问效：测试消息"
        assert run(["messages", "test", *folder, "--channel", "mail"]) == 2
        assert run(["messages", "test", *folder, "--channel", "fax"]) == 2
        assert "没有渠道“fax”" in capsys.readouterr().err
        assert run(["messages", "send", *folder]) == 0
        assert "发出 0 条" in capsys.readouterr().out
        assert run(["messages", "send", *folder, "--dry-run"]) == 0
        assert "现在会放进发件箱 0 条" in capsys.readouterr().out


# --- the page --------------------------------------------------------------------------------------------------


@pytest.fixture
def page(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    workspace.store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(workspace.folder))
    st.cache_resource.clear()
    st.cache_data.clear()
    script = str(Path(dashboard.__file__).parent / "app.py")

    def show(role: str, unit: str = "") -> AppTest:
        sign_in(monkeypatch, role, unit)
        return AppTest.from_file(script, default_timeout=60).switch_page("app_pages/messages.py").run()

    yield show
    session.workspace().store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


def words_on(test: AppTest) -> str:
    # Joiners keep Markdown from making links of addresses; nobody sees them.
    return " ".join(str(element.value).replace("\u2060", "") for element in (
        *test.markdown, *test.caption, *test.error, *test.success, *test.info, *test.warning
    )) + " ".join(element.proto.body for element in test.main if element.type == "html")


def test_a_person_sets_the_address_on_the_page_and_tries_it(page, workspace):
    assert "还没有设置消息渠道" in words_on(page(COUNTY_REPORTER, "luntai"))
    with mail_server() as box:
        written(workspace.folder, f'address = "{ADDRESS}"\n[mail]\nkind = "email"\nhost = "127.0.0.1"\n'
                                  f'port = {box.port}\nsecurity = "none"\nsender = "wenxiao@example.cn"\n')
        test = page(COUNTY_REPORTER, "luntai")
        assert "还没有登记接收地址" in words_on(test)
        test.text_input[0].set_value("not an address")
        next(button for button in test.button if button.label == "保存接收方式").click().run()
        assert "不是邮箱地址" in words_on(test)
        test.text_input[0].set_value("luntai@example.cn")
        next(button for button in test.button if button.label == "保存接收方式").click().run()
        assert "已保存接收方式" in words_on(test) and "luntai@example.cn" in words_on(test)
        next(button for button in test.button if button.label == "发一条测试消息").click().run()
        assert "测试消息已发到 luntai@example.cn" in words_on(test)
        assert box.receivers == ["luntai@example.cn"]
    assert [error.value for error in test.exception] == []


def test_an_administrator_sees_channels_and_failures_but_no_secret(page, workspace):
    written(workspace.folder, GOOD)
    store = session.workspace().store
    reach(store, "luntai-1")
    with store.transaction() as cursor:
        cursor.insert("message", [{
            "message_no": 1, "message_kind": "returned", "receiver_key": "luntai-1", "channel_key": "mail",
            "cause_key": "1", "role": COUNTY_REPORTER, "recipient_id": "luntai", "title_text": "问效",
            "lines_json": "[]", "closing_text": "", "keys_json": "[]", "made_at": MORNING, "send_after": MORNING,
            "message_state": "given_up", "attempt_count": 6, "tried_at": MORNING, "sent_at": None,
            "sent_to_text": "", "fault_text": "邮件服务器 smtp.example.cn 没有接受用户名和密码（535）",
        }])
    test = page(ADMINISTRATOR)
    shown = words_on(test)
    for words in ("smtp.example.cn:587", "和静群", "和静县（群）", "没有接受用户名和密码（535）",
                  "处理 1 条没有送达的消息", "luntai-1@example.cn"):
        assert words in shown, words
    assert [secret for secret in HIDDEN if secret in shown] == []
    next(button for button in test.button if button.label == "重新发送").click().run()
    assert "将重新发送" in words_on(test)
    assert "和静群" not in words_on(page(COUNTY_REPORTER, "luntai"))

    written(workspace.folder, GOOD.replace('kind = "email"', 'kind = "fax"'))
    assert "[mail] 的 kind 应为" in words_on(page(ADMINISTRATOR)).replace("\\", "")
    assert "kind" not in words_on(page(COUNTY_REPORTER, "luntai"))


def test_the_shipped_hours_hold_where_no_file_says_otherwise():
    assert Post("", {}).digest_at == Post("", {}).opens_at == time(9, 30)
    assert ROUND == "2021-12"
