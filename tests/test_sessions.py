"""Sessions, the rules they live by, forms that work once, and the cookie: without a server, with a clock of our own."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta

import pytest

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.auth.cookies import COOKIE, SECURE_COOKIE, secret_in, secret_of
from dashboard.auth.forms import VALID_SECONDS, Forms
from dashboard.auth.passwords import hash_password
from dashboard.auth.policy import Policy, policy_as_texts, policy_of, read_policy
from dashboard.auth.sessions import Sessions
from dashboard.rights import ADMINISTRATOR, LEADER
from data.audit import Actor
from data.errors import RefusedError
from data.store import Store
from tests.builders import rows

START = datetime(2024, 3, 1, 8)
KEPT = hash_password("Tarim-7-Poplar")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Store:
    made = Store(None)
    for name, kept in (("aygul", ""), ("keyed", KEPT)):
        new = NewAccount(name, name, LEADER, "", kept, must_change_password=False)
        add_account(made, Actor("安装人员", ADMINISTRATOR), START, new)
    return made


@pytest.fixture
def sessions(store, clock) -> Sessions:
    return Sessions(store, clock=clock)


def change(store: Store, assignment: str, account_id: str = "aygul") -> None:
    with store.transaction() as cursor:
        cursor.run(f"UPDATE account SET {assignment} WHERE account_id = '{account_id}'")


def settle(store: Store, **settings: str) -> None:
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": key, "setting_value": value} for key, value in settings.items()
        ])


def test_the_store_never_holds_the_secret(store, sessions):
    secret = sessions.start("aygul", "10.1.2.3")

    assert len(secret) >= 43
    assert secret not in str(rows(store, "SELECT * FROM web_session"))
    assert sessions.address(secret) == "10.1.2.3"


@pytest.mark.parametrize(
    ("active_after", "asked_after", "lives"),
    [
        ([], 29.9, True),
        ([], 30, False),
        ([29], 58.9, True),
        ([29], 59, False),
        (range(20, 600, 20), 599.9, True),
        (range(20, 600, 20), 600, False),      # active to the last, and yet over
    ],
)
def test_limits(sessions, clock, active_after, asked_after, lives):
    secret = sessions.start("aygul", "")
    for minutes in active_after:
        clock.at = START + timedelta(minutes=minutes)
        sessions.touch(secret)
    clock.at = START + timedelta(minutes=asked_after)

    assert (sessions.find(secret) is not None) is lives


def test_what_ran_out_does_not_come_back_with_the_clock(store, sessions, clock):
    secret = sessions.start("aygul", "")
    clock.at += timedelta(hours=1)
    assert sessions.find(secret) is None
    clock.at = START

    assert sessions.find(secret) is None
    assert rows(store, "SELECT * FROM web_session") == []


def test_the_limits_are_the_settings(store, sessions, clock):
    secret = sessions.start("aygul", "")
    clock.at += timedelta(minutes=6)
    assert sessions.find(secret)
    settle(store, idle_minutes="5")

    assert sessions.find(secret) is None


def test_a_restart_keeps_sessions_and_their_activity(store, sessions, clock):
    secret = sessions.start("aygul", "10.1.2.3")
    clock.at += timedelta(minutes=20)
    sessions.touch(secret)
    clock.at += timedelta(minutes=20)

    again = Sessions(store, clock=clock)

    assert again.find(secret)
    assert again.address(secret) == "10.1.2.3"


def test_activity_is_written_out_once_a_minute(store, sessions, clock):
    secret = sessions.start("aygul", "")
    for seconds in (59, 60, 90):
        clock.at = START + timedelta(seconds=seconds)
        sessions.touch(secret)

    assert rows(store, "SELECT active_at FROM web_session")[0]["active_at"] == START + timedelta(seconds=60)


def test_a_session_is_no_news_for_the_boards(store, sessions, clock):
    before = store.data_version
    secret = sessions.start("aygul", "")
    clock.at += timedelta(minutes=5)
    sessions.touch(secret)
    sessions.end(secret)

    assert store.data_version == before


def test_a_closed_account_is_out(store, sessions):
    secret = sessions.start("aygul", "")
    assert sessions.find(secret)
    change(store, "is_disabled = true")

    assert sessions.find(secret) is None
    assert sessions.count_of("aygul") == 0


def test_a_changed_role_counts_at_once(store, sessions):
    secret = sessions.start("aygul", "")
    sessions.find(secret)
    change(store, "role = 'auditor'")

    assert sessions.find(secret).role == "auditor"


def test_only_the_others_end(sessions):
    mine, other, stranger = sessions.start("aygul", ""), sessions.start("aygul", ""), sessions.start("keyed", "")
    sessions.end_all_of("aygul", mine)

    assert sessions.find(mine) and sessions.find(stranger)
    assert sessions.find(other) is None


def test_old_sessions_are_cleared_away(store, sessions, clock):
    sessions.start("aygul", "")
    clock.at += timedelta(hours=1)
    sessions.start("keyed", "")

    assert [row["account_id"] for row in rows(store, "SELECT * FROM web_session")] == ["keyed"]


def test_who_waits_for_the_end_hears_of_it(sessions):
    secret = sessions.start("aygul", "")

    async def waits() -> bool:
        event = sessions.watch(secret)
        threading.Timer(0.05, sessions.end, [secret]).start()
        return await asyncio.wait_for(event.wait(), 2)

    assert asyncio.run(waits())


def test_the_end_of_a_dead_session_is_heard_at_once(sessions):
    async def is_set() -> bool:
        return sessions.watch("nothing").is_set()

    assert asyncio.run(is_set())


def test_a_long_action_does_not_keep_the_gate_waiting(store, sessions):
    """The store has one writer at a time; looking up a session, and ending one, must not wait for it to begin."""
    secret, ending = sessions.start("aygul", ""), sessions.start("aygul", "")
    found = []
    with store.transaction():
        closer = threading.Thread(target=sessions.end, args=[ending])
        closer.start()
        asker = threading.Thread(target=lambda: found.append((sessions.find(secret), sessions.find(ending))))
        asker.start()
        asker.join(2)
        assert found and found[0][0]
        closer.join(0.1)
    closer.join(2)

    assert sessions.find(ending) is None


@pytest.mark.parametrize(
    ("account_id", "settings", "days", "held"),
    [
        ("keyed", {}, 89, (False, False)),
        ("keyed", {}, 91, (True, False)),
        ("keyed", {"password_max_age_days": "0"}, 91, (False, False)),
        ("aygul", {}, 91, (False, False)),                     # no password, none that gets old
        ("keyed", {"totp_roles": "leader"}, 1, (False, True)),
        ("keyed", {"totp_roles": "auditor"}, 1, (False, False)),
        ("aygul", {"totp_roles": "leader"}, 1, (False, False)),
    ],
)
def test_what_is_to_be_done_first(store, clock, account_id, settings, days, held):
    settle(store, **settings)
    change(store, f"password_changed_at = '{START}'", "keyed")
    clock.at += timedelta(days=days)
    sessions = Sessions(store, clock=clock)

    person = sessions.find(sessions.start(account_id, ""))

    assert (person.must_change_password, person.must_enrol_totp) == held
    assert person.is_held is any(held)


def test_who_has_a_second_factor_need_not_enrol(store, sessions):
    settle(store, totp_roles="leader")
    change(store, "totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', password_changed_at = '2024-03-01'", "keyed")

    assert not sessions.find(sessions.start("keyed", "")).is_held


def test_rules_are_read_as_they_were_written():
    policy = Policy(idle_minutes=15, totp_roles=("administrator", "auditor"))

    assert policy_of(policy_as_texts(policy)) == policy


def test_a_rule_that_is_no_number_is_the_default(store):
    settle(store, idle_minutes="many", lock_after="7")

    assert read_policy(store) == Policy(lock_after=7)


def test_all_faults_of_rules_at_once():
    with pytest.raises(RefusedError) as refused:
        policy_of({"idle_minutes": "0", "absolute_hours": "ten", "totp_roles": "king", "lock_after": "5"})

    assert str(refused.value).count("；") == 2


def test_a_form_comes_back_once():
    forms = Forms()
    number = forms.give("sign_in", next="/")

    assert forms.take(number, "sign_in") == {"next": "/"}
    assert forms.take(number, "sign_in") is None


@pytest.mark.parametrize(("purpose", "holder"), [("code", "a"), ("sign_in", "b"), ("sign_in", "")])
def test_a_form_is_for_its_purpose_and_its_holder(purpose, holder):
    forms = Forms()
    number = forms.give("sign_in", "a")

    assert forms.take(number, purpose, holder) is None
    assert forms.take(number, "sign_in", "a") is None      # spent by the attempt


@pytest.mark.parametrize(("after", "expected"), [(VALID_SECONDS - 1, {}), (VALID_SECONDS, None)])
def test_a_form_runs_out(after, expected):
    at = [0.0]
    forms = Forms(lambda: at[0])
    number = forms.give("sign_in")
    at[0] = after

    assert forms.take(number, "sign_in") == expected


def test_the_secure_cookie_goes_first():
    assert secret_in({COOKIE: "plain", SECURE_COOKIE: "secure"}) == "secure"
    assert secret_in({COOKIE: "plain"}) == "plain"
    assert secret_in({COOKIE: "", "other": "x"}) is None


def test_a_broken_cookie_beside_ours_does_no_harm():
    header = f'a"b=,; {COOKIE}=kept; ='.encode()

    assert secret_of({"type": "http", "headers": [(b"cookie", header)]}) == "kept"
