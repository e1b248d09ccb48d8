"""Signing in and out, passwords, one-time codes and lock-out, as actions: who gets in, and what the log keeps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher

from dashboard.actions import passwords as own_actions
from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.credentials import reset_password, reset_totp
from dashboard.actions.passwords import change_own_password, enrol_totp
from dashboard.actions.sign_in import WrongError, check_code, check_password, enter, enter_demonstration, sign_out
from dashboard.auth import passwords
from dashboard.auth.lockout import LockedError, account_subject, address_subject, wait_after
from dashboard.auth.passwords import hash_password, is_common, is_password, password_faults
from dashboard.auth.policy import Policy
from dashboard.auth.sessions import Sessions
from dashboard.auth.totp import STEP_SECONDS, new_secret, picture, step_of
from dashboard.rights import ADMINISTRATOR, COUNTY_REPORTER, LEADER
from data.audit import Actor
from data.errors import RefusedError
from data.store import Store
from tests.builders import is_whole_log, rows

AT = datetime(2021, 12, 28, 9)
START = datetime(2024, 3, 1, 8)
PASSWORD = "Tarim-7-Poplar"
SLOW, QUICK = passwords._HASHER, PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
KEPT = QUICK.hash(PASSWORD)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AYGUL = Actor("阿依古丽", LEADER, "", "aygul", "网页 10.1.2.3")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def code(self, steps: int = 0) -> str:
        """What the telephone shows, some steps ago or ahead."""
        moment = self.at.replace(tzinfo=UTC) + timedelta(seconds=STEP_SECONDS * steps)
        return pyotp.TOTP(SECRET).at(moment)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried here is who gets in; how slow a guess is stands in one test below."""
    monkeypatch.setattr(passwords, "_HASHER", QUICK)
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Store:
    made = Store(None)
    people = (
        NewAccount("aygul", "阿依古丽", LEADER, "", KEPT, must_change_password=False),
        NewAccount("closed", "已离岗", LEADER, "", KEPT),
        NewAccount("shown", "演示·局长", LEADER),
    )
    for new in people:
        add_account(made, Actor("安装人员", ADMINISTRATOR), AT, new)
    with made.transaction() as cursor:
        cursor.run("UPDATE account SET is_disabled = true WHERE account_id = 'closed'")
    return made


@pytest.fixture
def two_steps(store) -> Store:
    with store.transaction() as cursor:
        cursor.run(f"UPDATE account SET totp_secret = '{SECRET}' WHERE account_id = 'aygul'")
    return store


def tried(store: Store, clock: Clock, password: str = "wrong", name: str = "aygul", address: str = "10.1.2.3") -> str:
    """What a person is told after an attempt; empty if it was right."""
    try:
        check_password(store, AT, name, password, address, clock)
    except RefusedError as error:
        return str(error)
    return ""


def log(store: Store) -> list[tuple[str, str, dict[str, object]]]:
    """Action, subject and detail of what happened after the accounts were made."""
    found = rows(store, "SELECT * FROM audit_log WHERE action_name <> 'add_account' ORDER BY entry_no")
    return [(row["action_name"], row["subject_text"], json.loads(row["detail_json"])) for row in found]


def test_a_sign_in_and_out_leave_one_line_each(store, clock):
    sessions = Sessions(store, clock=clock)
    right = check_password(store, AT, " Aygul ", PASSWORD, "10.1.2.3", clock)
    secret = enter(store, sessions, AT, right.account_id, "10.1.2.3", "password")
    assert sessions.find(secret).actor("") == Actor("阿依古丽", LEADER, "", "aygul")
    sign_out(store, sessions, AT, secret)

    assert not right.needs_code
    assert sessions.find(secret) is None
    assert log(store) == [
        ("sign_in", "aygul", {"how": "password"}), ("sign_out", "aygul", {"everywhere": False}),
    ]
    origins = rows(store, "SELECT DISTINCT origin_text FROM audit_log WHERE action_name LIKE 'sign%'")
    assert [row["origin_text"] for row in origins] == ["网页 10.1.2.3"]
    assert is_whole_log(store)


def test_no_sign_in_drops_the_boards_that_everybody_shares(two_steps, clock):
    sessions, before = Sessions(two_steps, clock=clock), two_steps.data_version
    tried(two_steps, clock)
    assert check_password(two_steps, AT, "aygul", PASSWORD, "", clock).needs_code
    with pytest.raises(WrongError):
        check_code(two_steps, AT, "aygul", clock.code(-9), "", clock)
    check_code(two_steps, AT, "aygul", clock.code(), "", clock)
    sign_out(two_steps, sessions, AT, enter(two_steps, sessions, AT, "aygul", "", "code"))

    assert [name for name, _, _ in log(two_steps)] == ["sign_in_failed", "sign_in_failed", "sign_in", "sign_out"]
    assert two_steps.data_version == before


def test_signing_out_twice_is_one_line(store, clock):
    sessions = Sessions(store, clock=clock)
    secret = enter(store, sessions, AT, "aygul", "", "password")
    sign_out(store, sessions, AT, secret)

    assert sign_out(store, sessions, AT, secret) is None
    assert len(log(store)) == 2


def test_a_failure_is_one_line_without_what_was_typed(store, clock):
    tried(store, clock, "secret-typed")
    tried(store, clock, "secret-typed", name="secret-name")

    assert log(store) == [
        ("sign_in_failed", "aygul", {"wrong": "password", "failure_count": 1, "locked_seconds": 0}),
        ("sign_in_failed", "没有这个登录名", {"wrong": "password", "failure_count": 1, "locked_seconds": 0}),
    ]
    assert "secret" not in str(rows(store, "SELECT * FROM audit_log"))
    assert "secret" not in str(rows(store, "SELECT * FROM sign_in_failure"))


def test_nobody_learns_which_names_there_are(store, clock):
    known = [tried(store, clock, address=f"10.0.0.{number}") for number in range(6)]
    unknown = [tried(store, clock, name="nobody", address=f"10.0.1.{number}") for number in range(6)]
    without = [tried(store, clock, name="shown", address=f"10.0.2.{number}") for number in range(6)]

    assert known == unknown == without


def test_an_account_without_a_password_lets_nobody_in(store, clock):
    assert tried(store, clock, "", name="shown").startswith("登录名或密码不对")


def test_a_closed_account_is_told_so_only_to_its_owner(store, clock):
    assert tried(store, clock, name="closed").startswith("登录名或密码不对")
    assert "已停用" in tried(store, clock, PASSWORD, name="closed")


def test_the_wait_doubles(store, clock):
    minutes = []
    for number in range(12):
        while "锁定：" in (said := tried(store, clock, address=f"10.0.0.{number}")):
            clock.at += timedelta(minutes=1)
        minutes.append(log(store)[-1][2]["locked_seconds"] / 60)
        assert ("请在" in said) is (number >= 4)

    assert minutes == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(("seconds", "is_locked"), [(59, True), (60, False)])
def test_the_right_password_waits_too(store, clock, seconds, is_locked):
    for number in range(5):
        tried(store, clock, address=f"10.0.0.{number}")
    clock.at += timedelta(seconds=seconds)

    assert ("锁定" in tried(store, clock, PASSWORD)) is is_locked


def test_a_refused_attempt_does_not_lengthen_the_wait(store, clock):
    for number in range(5):
        tried(store, clock, address=f"10.0.0.{number}")
    before = log(store)
    for _ in range(10):
        assert "锁定" in tried(store, clock)
    clock.at += timedelta(minutes=1)

    assert log(store) == before
    assert tried(store, clock, PASSWORD) == ""


def test_success_forgives_the_account(store, clock):
    for _ in range(3):
        for _ in range(4):
            tried(store, clock, address=f"10.0.{clock.at.minute}.1")
        clock.at += timedelta(minutes=1)
        assert tried(store, clock, PASSWORD, address="10.9.9.9") == ""

    assert rows(store, "SELECT * FROM sign_in_failure WHERE subject_text = 'aygul'") == []


def test_an_address_that_tries_many_names_is_locked(store, clock):
    for number in range(5):
        tried(store, clock, name=f"name-{number}", address="10.6.6.6")

    assert tried(store, clock, PASSWORD, address="10.6.6.6").startswith("您所在的网络地址")
    assert tried(store, clock, PASSWORD, address="10.6.6.7") == ""
    clock.at += timedelta(minutes=31)
    assert tried(store, clock, PASSWORD, address="10.6.6.6") == ""


def test_ones_own_success_does_not_forgive_the_address(store, clock):
    """Else somebody with an account could guess for ever, signing in now and then."""
    for number in range(5):
        tried(store, clock, name=f"name-{number}", address="10.6.6.6")
        tried(store, clock, PASSWORD, address="10.6.6.6")

    assert tried(store, clock, PASSWORD, address="10.6.6.6").startswith("您所在的网络地址")


@pytest.mark.parametrize(
    ("count", "account", "address"), [(4, 0, 0), (5, 1, 1), (8, 8, 8), (9, 16, 15), (40, 60, 15)]
)
def test_waits(count, account, address):
    policy = Policy()

    assert wait_after(count, account_subject("a"), policy) == timedelta(minutes=account)
    assert wait_after(count, address_subject("a"), policy) == timedelta(minutes=address)


def test_an_address_is_no_accounts_name():
    assert account_subject("127.0.0.1").key != address_subject("127.0.0.1").key


def test_an_outdated_hash_is_made_anew(store, clock):
    weak = PasswordHasher(time_cost=1, memory_cost=512, parallelism=1).hash(PASSWORD)
    with store.transaction() as cursor:
        cursor.run("UPDATE account SET password_hash = $weak WHERE account_id = 'aygul'", {"weak": weak})
    tried(store, clock, PASSWORD)

    (row,) = rows(store, "SELECT password_hash FROM account WHERE account_id = 'aygul'")
    assert row["password_hash"].startswith("$argon2id$v=19$m=1024,t=1,")
    assert is_password(row["password_hash"], PASSWORD)


def test_a_code_after_a_password_that_was_changed_since_opens_nothing(two_steps, clock):
    right = check_password(two_steps, AT, "aygul", PASSWORD, "", clock)
    with two_steps.transaction() as cursor:
        cursor.run("UPDATE account SET password_changed_at = TIMESTAMP '2026-11-25 12:00:00'")

    with pytest.raises(RefusedError, match="密码刚刚改过"):
        check_code(two_steps, AT, "aygul", clock.code(), "", clock, changed_at=right.changed_at)


def test_a_code_is_asked_for_and_taken_once(two_steps, clock):
    assert check_password(two_steps, AT, "aygul", PASSWORD, "", clock).needs_code
    check_code(two_steps, AT, "aygul", clock.code(), "", clock)

    with pytest.raises(WrongError, match="已用过"):
        check_code(two_steps, AT, "aygul", clock.code(), "", clock)
    with pytest.raises(WrongError):
        check_code(two_steps, AT, "aygul", clock.code(-1), "", clock)      # older than the one used
    check_code(two_steps, AT, "aygul", clock.code(1), "", clock)


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_differ_by_a_step(clock, steps, is_taken):
    assert (step_of(clock.code(steps), SECRET, clock.at) is not None) is is_taken


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345"])
def test_what_is_no_code(clock, code):
    assert step_of(code, SECRET, clock.at) is None


def test_a_code_may_be_typed_with_a_blank(clock):
    code = clock.code()

    assert step_of(f" {code[:3]} {code[3:]} ", SECRET, clock.at)


def test_wrong_codes_lock_although_the_password_is_right(two_steps, clock):
    for number in range(5):
        assert check_password(two_steps, AT, "aygul", PASSWORD, f"10.0.0.{number}", clock).needs_code
        with pytest.raises(WrongError):
            check_code(two_steps, AT, "aygul", clock.code(-9), f"10.0.0.{number}", clock)

    with pytest.raises(LockedError):
        check_code(two_steps, AT, "aygul", clock.code(), "10.0.1.1", clock)
    assert [detail["wrong"] for _, _, detail in log(two_steps)] == ["code"] * 5


def test_the_demonstrations_people_enter_only_there(store, clock):
    sessions = Sessions(store, clock=clock)
    secret = enter_demonstration(store, sessions, AT, "shown", "", is_demonstration=True)

    assert sessions.find(secret).person_name == "演示·局长"
    assert log(store) == [("sign_in", "shown", {"how": "demonstration"})]
    for account_id, is_demonstration in (("shown", False), ("aygul", True), ("nobody", True)):
        with pytest.raises(RefusedError, match="不用密码"):
            enter_demonstration(store, sessions, AT, account_id, "", is_demonstration=is_demonstration)


@pytest.mark.parametrize("account_id", ["closed", "nobody"])
def test_no_session_for_whom_there_is_no_account(store, clock, account_id):
    with pytest.raises(RefusedError):
        enter(store, Sessions(store, clock=clock), AT, account_id, "", "password")
    assert rows(store, "SELECT * FROM web_session") == []


def test_a_changed_password(store, clock):
    new = "Poplar-8-Tarim"
    change_own_password(store, AYGUL, AT, PASSWORD, new, new, clock)

    assert tried(store, clock, PASSWORD).startswith("登录名或密码不对")
    assert tried(store, clock, new) == ""
    assert log(store)[0] == ("change_own_password", "aygul", {})
    with pytest.raises(RefusedError, match="最近 5 次"):
        change_own_password(store, AYGUL, AT, new, PASSWORD, PASSWORD, clock)


@pytest.mark.parametrize("change", ["password", "totp"])
def test_what_an_administrator_resets_meanwhile_stays(two_steps, clock, monkeypatch, change):
    """The old password was proved, then the administrator gave a new one: the reset must not be undone."""
    proved, reset, admin = own_actions._prove, Actor("信息科", ADMINISTRATOR), []

    def proved_then_reset(*given):
        found = proved(*given)
        again = reset_password if change == "password" else reset_totp
        admin.append(again(two_steps, reset, AT, "aygul", lambda _: None))
        return found

    monkeypatch.setattr(own_actions, "_prove", proved_then_reset)
    new = "Poplar-8-Tarim"
    if change == "password":
        with pytest.raises(RefusedError, match="刚刚被管理员重设"):
            change_own_password(two_steps, AYGUL, AT, PASSWORD, new, new, clock)
    else:
        with pytest.raises(RefusedError, match="刚刚被管理员重设"):
            enrol_totp(two_steps, AYGUL, AT, PASSWORD, SECRET, clock.code(), clock)

    (row,) = rows(two_steps, "SELECT * FROM account WHERE account_id = 'aygul'")
    assert len(rows(two_steps, "SELECT * FROM former_password")) == (change == "password")
    assert [name for name, _, _ in log(two_steps)] == [f"reset_{change}"]
    if change == "password":
        assert is_password(row["password_hash"], admin[0].password) and row["must_change_password"]
    else:
        assert row["totp_secret"] == ""


def test_after_enough_others_a_password_may_come_back(store, clock):
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [{"setting_key": "password_history", "setting_value": "1"}])
    present = PASSWORD
    for new in ("Poplar-8-Tarim", "Kongque-9-River", PASSWORD):
        clock.at += timedelta(days=1)
        change_own_password(store, AYGUL, AT, present, new, new, clock)
        present = new

    assert tried(store, clock, PASSWORD) == ""


def test_all_faults_of_a_new_password_at_once(store, clock):
    with pytest.raises(RefusedError) as refused:
        change_own_password(store, AYGUL, AT, PASSWORD, "aygul", "else", clock)

    for words in ("10 至 128 位", "四类", "登录名或姓名", "两次输入"):
        assert words in str(refused.value)
    assert log(store) == []


def test_the_present_password_cannot_be_guessed_in_an_open_page(store, clock):
    for _ in range(5):
        with pytest.raises(WrongError):
            change_own_password(store, AYGUL, AT, "wrong", "Poplar-8-Tarim", "Poplar-8-Tarim", clock)
    with pytest.raises(LockedError):
        change_own_password(store, AYGUL, AT, PASSWORD, "Poplar-8-Tarim", "Poplar-8-Tarim", clock)


def test_a_second_factor_is_proved_by_its_first_code(store, clock):
    with pytest.raises(RefusedError, match="对不上"):
        enrol_totp(store, AYGUL, AT, PASSWORD, SECRET, "000000" if clock.code() != "000000" else "1", clock)
    with pytest.raises(WrongError):
        enrol_totp(store, AYGUL, AT, "wrong", SECRET, clock.code(), clock)
    enrol_totp(store, AYGUL, AT, PASSWORD, SECRET, clock.code(), clock)

    assert check_password(store, AT, "aygul", PASSWORD, "", clock).needs_code
    with pytest.raises(WrongError):
        check_code(store, AT, "aygul", clock.code(), "", clock)      # used up by the enrolment
    assert SECRET not in str(rows(store, "SELECT * FROM audit_log"))


def test_a_person_without_a_known_role_changes_nothing(store, clock):
    with pytest.raises(RefusedError):
        change_own_password(store, Actor("甲", "king", "", "aygul"), AT, PASSWORD, "Poplar-8-Tarim", "Poplar-8-Tarim")


def test_the_picture_of_a_secret_comes_from_nowhere_else():
    secret = new_secret()

    assert len(secret) == 32
    assert picture(secret, "aygul").startswith("data:image/svg+xml")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Tarim-7-Poplar", None), ("博斯腾湖Lake2021", None),
        ("Tar-7-Pop", "10 至 128 位"), ("Tarim-7-Po", None), ("T-7" + "r" * 40 + "aim" * 30, "10 至 128 位"),
        ("tarimriverpoplar", "四类"), ("tarim-river-poplar", "四类"), ("Tarim-river-poplar", None),
        ("Xx-AYGUL-2024", "登录名或姓名"), ("Xx-阿依古丽-2024", "登录名或姓名"),
        ("P@ssw0rd2021", "太常见"), ("Aa12345678", "太常见"), ("Wenxiao@2024", "太常见"), ("!QAZ2wsx#EDC", "太常见"),
    ],
)
def test_rules_of_passwords(password, fault):
    faults = password_faults(password, ("aygul", "阿依古丽"), (), Policy())

    assert (not faults) if fault is None else any(fault in words for words in faults)


def test_a_hash_is_salted_and_slow(monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", SLOW)
    kept = hash_password(PASSWORD)

    assert kept != hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,")
    assert is_password(kept, PASSWORD)
    assert not is_password(kept, PASSWORD + " ")
    assert not is_password("", PASSWORD)
    assert not is_common(PASSWORD)


def test_a_unit_reporter_may_change_the_own_password_only(store, clock):
    other = Actor("填报人", COUNTY_REPORTER, "luntai", "shown")

    with pytest.raises(RefusedError, match="没有密码"):
        change_own_password(store, other, AT, "", "Poplar-8-Tarim", "Poplar-8-Tarim", clock)
