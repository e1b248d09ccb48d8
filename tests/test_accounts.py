"""Accounts: added, changed, closed, given a password again; the log says what, never a secret."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from builders import clerk, contents, is_whole_log, rows

from dashboard.actions import credentials
from dashboard.actions.accounts import AccountState, NewAccount, add_account, change_account, state_of
from dashboard.actions.credentials import enrol, reset_password, reset_totp, unlock_account
from dashboard.actions.settings import change_settings
from dashboard.auth.passwords import is_password, password_faults
from dashboard.auth.policy import Policy, read_policy
from dashboard.auth.sessions import Sessions, digest
from dashboard.rights import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    PREFECTURE_OFFICER,
    read_board,
)
from data.audit import Actor
from data.errors import RefusedError
from data.store import Store
from metrics.boards import people

AT = datetime(2026, 3, 2, 9, 30)
INSTALLER = Actor("安装人员", ADMINISTRATOR, origin="命令行")
XINXI = Actor("信息科", ADMINISTRATOR, account_id="xinxi", origin="网页 10.1.2.3")
BEIFEN = Actor("备份员", ADMINISTRATOR, account_id="beifen", origin="网页 10.1.2.4")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "a.duckdb")
    with opened.transaction() as cursor:
        cursor.insert("recipient", [
            {"recipient_id": key, "recipient_name": name, "short_name": name, "recipient_kind": "county",
             "division_code": None, "display_no": number}
            for number, (key, name) in enumerate((("luntai", "轮台县"), ("yuli", "尉犁县")))
        ])
    add_account(opened, INSTALLER, AT, NewAccount("xinxi", "信息科", ADMINISTRATOR))
    add_account(opened, INSTALLER, AT, NewAccount("lt", "买买提", COUNTY_REPORTER, "luntai"))
    yield opened
    opened.close()


@pytest.fixture
def sessions(store: Store) -> Sessions:
    return Sessions(store)


def state(store: Store, account_id: str) -> AccountState:
    (row,) = rows(store, "SELECT * FROM account WHERE account_id = $id", id=account_id)
    return state_of(row)


def change(store: Store, account_id: str, actor: Actor = XINXI, ended: list[str] | None = None, **wanted):
    before = state(store, account_id)
    end = (ended if ended is not None else []).append
    return change_account(store, actor, AT, account_id, replace(before, **wanted), end)


def last_entry(store: Store) -> dict:
    return rows(store, "SELECT * FROM audit_log ORDER BY entry_no DESC LIMIT 1")[0]


# --- a new account -------------------------------------------------------------------------------------------


def test_a_new_account_gets_a_password_that_is_told_once_and_must_be_changed(store):
    initial = enrol(store, XINXI, AT, NewAccount("yl", " 古丽 ", COUNTY_APPROVER, "yuli"))

    (row,) = rows(store, "SELECT * FROM account WHERE account_id = 'yl'")
    assert is_password(row["password_hash"], initial.password)
    assert row["must_change_password"]
    assert row["person_name"] == "古丽"
    assert initial.password not in str(contents(store)) + repr(initial)
    assert str(initial.entry) in repr(initial)


def test_who_can_sign_in_through_the_provider_stands_in_the_log(store):
    add_account(store, XINXI, AT, NewAccount("a1", "甲", LEADER, oidc_subject=" gh-001 "))
    assert json.loads(last_entry(store)["detail_json"])["after"]["oidc_subject"] == "gh-001"

    enrol(store, XINXI, AT, NewAccount("a2", "乙", LEADER, oidc_subject="gh-002"))
    assert json.loads(last_entry(store)["detail_json"])["after"]["oidc_subject"] == "gh-002"


def test_all_faults_of_a_new_account_are_said_at_once(store):
    with pytest.raises(RefusedError) as refused:
        enrol(store, XINXI, AT, NewAccount("A B", " ", COUNTY_REPORTER, "nowhere", oidc_subject="x" * 401))

    for word in ("登录名应为", "姓名应为", "要选择所在单位", "统一身份标识最多"):
        assert word in str(refused.value)


def test_a_name_and_a_subject_belong_to_one_account(store):
    add_account(store, XINXI, AT, NewAccount("a1", "甲", LEADER, oidc_subject="sub-1"))

    with pytest.raises(RefusedError, match="已经有人使用") as refused:
        add_account(store, XINXI, AT, NewAccount("a1", "乙", LEADER, oidc_subject="sub-1"))
    with pytest.raises(RefusedError, match="已经登记在账号 a1 上"):
        change(store, "lt", oidc_subject="sub-1")
    with pytest.raises(RefusedError, match="已经登记在账号 a1 上"):
        add_account(store, XINXI, AT, NewAccount("a2", "乙", LEADER, oidc_subject=" sub-1 "))

    assert "登录名 a1" in str(refused.value)


@pytest.mark.parametrize("minimum", [8, 10, 25, 64])
def test_initial_passwords_obey_the_bureaus_rules_and_differ(minimum):
    policy = Policy(password_min_length=minimum)

    made = [credentials.initial_password(policy) for _ in range(20)]

    assert all(password_faults(each, (), (), policy) == [] for each in made)
    assert len(set(made)) == 20
    assert not set("".join(made)) & set("0O1lIio")


# --- a changed one -------------------------------------------------------------------------------------------


def test_a_change_is_kept_with_before_and_after(store):
    ended: list[str] = []

    change(store, "lt", ended=ended, person_name="买买提江")

    entry = last_entry(store)
    assert state(store, "lt").person_name == "买买提江"
    assert (entry["action_name"], entry["subject_text"]) == ("change_account", "lt")
    assert entry["detail_json"] == '{"after": {"person_name": "买买提江"}, "before": {"person_name": "买买提"}}'
    assert ended == []


@pytest.mark.parametrize("wanted", [
    {"role": COUNTY_APPROVER}, {"recipient_id": "yuli"}, {"is_disabled": True},
    {"role": PREFECTURE_OFFICER, "recipient_id": ""},
])
def test_sessions_end_when_role_unit_or_state_change(store, sessions, wanted):
    secret = sessions.start("lt", "10.0.0.9")
    mine = sessions.start("xinxi", "10.0.0.8")

    change_account(store, XINXI, AT, "lt", replace(state(store, "lt"), **wanted), sessions.end_all_of)

    assert sessions.find(secret) is None
    assert sessions.find(mine) is not None
    assert rows(store, "SELECT * FROM web_session WHERE account_id = 'lt'") == []


def test_an_account_is_opened_again(store):
    change(store, "lt", is_disabled=True)
    change(store, "lt", is_disabled=False)

    assert not state(store, "lt").is_disabled


def test_all_faults_of_a_change_are_said_at_once_and_nothing_is_kept(store):
    before = contents(store)
    ended: list[str] = []

    with pytest.raises(RefusedError) as refused:
        change(store, "xinxi", ended=ended, person_name="长" * 31, role="emperor")

    for word in ("姓名应为", "请选择角色", "本人的角色"):
        assert word in str(refused.value)
    assert contents(store) == before
    assert ended == []


@pytest.mark.parametrize("wanted", [{"role": AUDITOR}, {"is_disabled": True}])
def test_nobody_changes_their_own_rights(store, wanted):
    add_account(store, INSTALLER, AT, NewAccount("beifen", "备份员", ADMINISTRATOR))

    with pytest.raises(RefusedError, match="另一名管理员"):
        change(store, "xinxi", **wanted)
    change(store, "xinxi", person_name="信息科小王")


@pytest.mark.parametrize("wanted", [{"role": AUDITOR}, {"is_disabled": True}])
def test_the_last_administrator_stays(store, wanted):
    with pytest.raises(RefusedError, match="最后一个可用的管理员"):
        change(store, "xinxi", actor=INSTALLER, **wanted)


def test_a_closed_administrator_is_none(store):
    add_account(store, INSTALLER, AT, NewAccount("beifen", "备份员", ADMINISTRATOR))
    change(store, "beifen", is_disabled=True)

    with pytest.raises(RefusedError, match="最后一个可用的管理员"):
        change(store, "xinxi", actor=INSTALLER, is_disabled=True)
    change(store, "beifen", person_name="备份员二")


def test_two_administrators_who_close_each_other_leave_one(store):
    """Both pages were drawn while both were administrators; whoever comes second is refused."""
    add_account(store, INSTALLER, AT, NewAccount("beifen", "备份员", ADMINISTRATOR))
    both = threading.Barrier(2)
    refused: list[str] = []

    def close(actor: Actor, other: str) -> None:
        wanted = replace(state(store, other), is_disabled=True)
        both.wait()
        try:
            change_account(store, actor, AT, other, wanted, lambda _: None)
        except RefusedError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=close, args=pair) for pair in ((XINXI, "beifen"), (BEIFEN, "xinxi"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    left = rows(store, "SELECT account_id FROM account WHERE role = 'administrator' AND NOT is_disabled")
    assert len(left) == 1
    assert len(refused) == 1 and "刚刚被停用" in refused[0]


def test_who_was_demoted_can_do_nothing_more_with_an_old_page(store):
    add_account(store, INSTALLER, AT, NewAccount("beifen", "备份员", ADMINISTRATOR))
    change(store, "beifen", role=AUDITOR)
    before = contents(store)

    for attempt in (
        lambda: add_account(store, BEIFEN, AT, NewAccount("mine", "后门", ADMINISTRATOR)),
        lambda: enrol(store, BEIFEN, AT, NewAccount("mine", "后门", ADMINISTRATOR)),
        lambda: change(store, "lt", actor=BEIFEN, is_disabled=True),
        lambda: reset_password(store, BEIFEN, AT, "xinxi", lambda _: None),
        lambda: reset_totp(store, BEIFEN, AT, "xinxi", lambda _: None),
        lambda: unlock_account(store, BEIFEN, AT, "lt"),
        lambda: change_settings(store, BEIFEN, AT, {"idle_minutes": "60"}),
    ):
        with pytest.raises(RefusedError, match="刚刚被停用或更改"):
            attempt()

    assert contents(store) == before


def test_a_change_over_somebody_elses_is_told(store):
    seen = state(store, "lt")
    change(store, "lt", person_name="买买提江")

    with pytest.raises(RefusedError, match="刚刚被别人改过"):
        change_account(store, XINXI, AT, "lt", replace(seen, recipient_id="yuli"), lambda _: None, seen)


def test_what_is_not_there_or_changes_nothing_is_refused(store):
    with pytest.raises(RefusedError, match="没有变化"):
        change(store, "lt", person_name=" 买买提 ")
    with pytest.raises(RefusedError, match="没有登录名为 nobody 的账号"):
        change_account(store, XINXI, AT, "nobody", state(store, "lt"), lambda _: None)


@pytest.mark.parametrize("actor", [clerk("luntai"), Actor("审计", AUDITOR), Actor("经办", PREFECTURE_OFFICER)])
def test_only_administrators_touch_accounts(store, actor):
    before = contents(store)

    for attempt in (
        lambda: enrol(store, actor, AT, NewAccount("new", "新人", LEADER)),
        lambda: change(store, "lt", actor=actor, is_disabled=True),
        lambda: reset_password(store, actor, AT, "lt", lambda _: None),
        lambda: reset_totp(store, actor, AT, "lt", lambda _: None),
        lambda: unlock_account(store, actor, AT, "lt"),
        lambda: change_settings(store, actor, AT, {"idle_minutes": "60"}),
    ):
        with pytest.raises(RefusedError, match="不能办理这一步"):
            attempt()

    assert contents(store) == before


# --- ways in -------------------------------------------------------------------------------------------------


def test_a_reset_password_works_ends_sessions_and_remembers_the_old_one(store, sessions):
    first = enrol(store, XINXI, AT, NewAccount("yl", "古丽", COUNTY_APPROVER, "yuli"))
    (was,) = rows(store, "SELECT password_hash FROM account WHERE account_id = 'yl'")
    secret = sessions.start("yl", "10.0.0.9")

    second = reset_password(store, XINXI, AT, "yl", sessions.end_all_of)

    (row,) = rows(store, "SELECT * FROM account WHERE account_id = 'yl'")
    assert is_password(row["password_hash"], second.password)
    assert not is_password(row["password_hash"], first.password)
    assert row["must_change_password"]
    assert rows(store, "SELECT password_hash FROM former_password WHERE account_id = 'yl'") == [was]
    assert sessions.find(secret) is None


def test_a_second_factor_is_forgotten_and_sessions_end(store, sessions):
    with store.transaction() as cursor:
        cursor.run("UPDATE account SET totp_secret = 'JBSWY3DP', totp_last_step = 7 WHERE account_id = 'lt'")
    secret = sessions.start("lt", "10.0.0.9")

    reset_totp(store, XINXI, AT, "lt", sessions.end_all_of)

    (row,) = rows(store, "SELECT totp_secret, totp_last_step FROM account WHERE account_id = 'lt'")
    assert row == {"totp_secret": "", "totp_last_step": 0}
    assert sessions.find(secret) is None
    assert "JBSWY3DP" not in str(rows(store, "SELECT * FROM audit_log"))
    with pytest.raises(RefusedError, match="没有登记动态口令"):
        reset_totp(store, XINXI, AT, "lt", sessions.end_all_of)


def test_ways_in_are_not_given_to_oneself_or_to_closed_accounts(store):
    for give in (reset_password, reset_totp):
        with pytest.raises(RefusedError, match="本人"):
            give(store, XINXI, AT, "xinxi", lambda _: None)
    change(store, "lt", is_disabled=True)
    for give in (reset_password, reset_totp):
        with pytest.raises(RefusedError, match="已停用"):
            give(store, XINXI, AT, "lt", lambda _: None)


def test_neither_log_nor_board_holds_a_secret(store, sessions):
    initial = enrol(store, XINXI, AT, NewAccount("yl", "古丽", COUNTY_APPROVER, "yuli"))
    again = reset_password(store, XINXI, AT, "yl", sessions.end_all_of)
    secret = sessions.start("yl", "10.0.0.9")
    hashes = [row["password_hash"] for row in rows(store, "SELECT password_hash FROM account")]

    told = str(rows(store, "SELECT * FROM audit_log")) + read_board(store, XINXI, people.accounts).to_csv()

    for kept in (initial.password, again.password, secret, digest(secret), "argon2", *filter(None, hashes)):
        assert kept not in told
    assert is_whole_log(store)


# --- settings ------------------------------------------------------------------------------------------------


def test_rules_of_sign_in_are_kept_with_before_and_after(store):
    change_settings(store, XINXI, AT, {"idle_minutes": "60", "totp_roles": "administrator", "lock_after": "5"})

    assert read_policy(store) == replace(Policy(), idle_minutes=60, totp_roles=("administrator",))
    assert last_entry(store)["detail_json"] == (
        '{"after": {"idle_minutes": "60", "totp_roles": "administrator"}, '
        '"before": {"idle_minutes": "30", "totp_roles": ""}}'
    )
    change_settings(store, XINXI, AT, {"idle_minutes": "30"})
    assert read_policy(store).idle_minutes == 30


def test_every_rule_out_of_bounds_is_said_and_none_is_kept(store):
    before = contents(store)

    with pytest.raises(RefusedError) as refused:
        change_settings(store, XINXI, AT, {"idle_minutes": "0", "password_min_length": "abc", "totp_roles": "king"})

    for word in ("多久不操作即退出", "密码最短长度", "必须使用动态口令的角色"):
        assert word in str(refused.value)
    assert contents(store) == before
    with pytest.raises(RefusedError, match="没有变化"):
        change_settings(store, XINXI, AT, {"idle_minutes": "30"})
