"""Tokens: shown once, kept as a hash, good for one account until a day or until revoked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dashboard import token_tables
from dashboard.actions import tokens as token_actions
from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.receipts import ReceiptEntry, record_receipt
from dashboard.actions.tokens import SCOPES, NewToken, TokenError, find_holder, issue_token, revoke_token
from dashboard.auth.sessions import now
from dashboard.rights import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    LEADER,
    PREFECTURE_OFFICER,
    ROLE_NAMES,
    NotAllowedError,
    read_board,
)
from data.audit import Actor
from data.errors import NotFoundError, RefusedError
from data.store import Store
from metrics.boards import people
from tests.builders import NUMBER, REGION, contents, is_whole_log, opened_store, rows

AT = datetime(2021, 12, 23, 9)
ADMIN = Actor("马丽", ADMINISTRATOR, "", "admin", "网页 10.0.0.1")


def new(**changes):
    return NewToken(**{
        "token_name": "预算一体化系统", "account_id": "officer", "scopes": ("read", "notices"), "valid_days": 90,
        **changes,
    })


@pytest.fixture
def store(tmp_path):
    opened = opened_store(tmp_path)
    add_account(opened, Actor("安装人员", ADMINISTRATOR), AT, NewAccount("admin", "马丽", ADMINISTRATOR))
    add_account(opened, ADMIN, AT, NewAccount("officer", "阿依古丽", PREFECTURE_OFFICER))
    add_account(opened, ADMIN, AT, NewAccount("luntai", "买买提", COUNTY_APPROVER, "luntai"))
    yield opened
    opened.close()


def set_account(store: Store, account_id: str, **values: object) -> None:
    with store.transaction() as cursor:
        for name, value in values.items():
            cursor.run(f"UPDATE account SET {name} = $value WHERE account_id = $id", {"value": value, "id": account_id})


def test_secret_is_shown_once_and_kept_as_hash(store):
    issued = issue_token(store, ADMIN, AT, new())

    assert issued.secret.startswith("wx_") and len(issued.secret) == 3 + 43
    assert issued.secret not in repr(issued)
    assert issued.secret[3:] not in str(contents(store))
    (kept,) = rows(store, "SELECT * FROM api_token")
    assert kept["token_sha256"] == token_actions.digest(issued.secret)
    assert kept["scopes_text"] == "read notices"
    assert timedelta(days=89) < kept["expires_at"] - now() <= timedelta(days=90)


def test_issuing_is_logged_with_its_receipt(store):
    issued = issue_token(store, ADMIN, AT, new())

    (line,) = rows(store, "SELECT * FROM audit_log WHERE action_name = 'issue_token'")
    assert (line["entry_no"], line["entry_hash"]) == (issued.entry.entry_no, issued.entry.entry_hash)
    assert (line["account_id"], line["origin_text"]) == ("admin", "网页 10.0.0.1")
    assert "officer" in line["detail_json"] and issued.secret not in line["detail_json"]
    assert is_whole_log(store)


def test_the_log_names_the_zone_of_a_tokens_moments(store):
    """The log's own moments are the bureau's clock."""
    issued = issue_token(store, ADMIN, AT, new())
    revoke_token(store, ADMIN, AT, issued.token_id)

    given, ended = rows(store, "SELECT * FROM audit_log WHERE action_name LIKE '%_token' ORDER BY entry_no")
    assert f"{issued.expires_at:%Y-%m-%d %H:%M:%S}（世界时）" in given["detail_json"]
    assert "（世界时）" in ended["detail_json"]


@pytest.mark.parametrize("role", [LEADER, ADMINISTRATOR, AUDITOR])
def test_no_token_to_write_with_for_who_only_reads(store, role):
    account_id = "admin" if role == ADMINISTRATOR else role
    if account_id == role:
        add_account(store, ADMIN, AT, NewAccount(role, "某人", role))
    before = contents(store)

    for scope in set(SCOPES) - {"read", "metrics"}:
        with pytest.raises(RefusedError, match="只能用于读取数据、读取运行指标"):
            issue_token(store, ADMIN, AT, new(account_id=account_id, scopes=("read", scope)))

    assert contents(store) == before
    issue_token(store, ADMIN, AT, new(account_id=account_id, scopes=("read", "metrics")))


def test_what_an_administrator_does_by_a_token_is_on_record_with_the_token(store):
    """An administrator can issue a token of somebody's account and use it: it must not look like that person."""
    issued = issue_token(store, ADMIN, AT, new(account_id="luntai", scopes=("receipts",)))
    by_token = find_holder(store, issued.secret).actor("10.1.2.3")

    entry = ReceiptEntry("received", datetime(2021, 12, 22, 18), evidence_text="签收")
    record_receipt(store, by_token, AT, NUMBER, "luntai", entry, REGION)

    (line,) = rows(store, "SELECT * FROM audit_log WHERE action_name = 'record_receipt'")
    assert line["account_id"] == "luntai"
    assert line["origin_text"] == f"接口 10.1.2.3 令牌 {issued.token_id}（预算一体化系统）"


@pytest.mark.parametrize("change", [{"is_disabled": True}, {"role": AUDITOR}])
def test_who_was_demoted_issues_and_revokes_nothing_from_an_old_page(store, change):
    issued = issue_token(store, ADMIN, AT, new())
    set_account(store, "admin", **change)
    before = contents(store)

    for attempt in (
        lambda: issue_token(store, ADMIN, AT, new()), lambda: revoke_token(store, ADMIN, AT, issued.token_id),
    ):
        with pytest.raises(RefusedError, match="刚刚被停用或更改"):
            attempt()
    assert contents(store) == before


def test_token_stands_for_its_account(store):
    issued = issue_token(store, ADMIN, AT, new(account_id="luntai", scopes=("read",)))

    holder = find_holder(store, issued.secret)

    origin = f"接口 10.1.2.3 令牌 {issued.token_id}（预算一体化系统）"
    assert holder.actor("10.1.2.3") == Actor("买买提", COUNTY_APPROVER, "luntai", "luntai", origin)
    assert holder.scopes == {"read"}


def test_account_that_must_change_its_password_keeps_its_tokens(store):
    issued = issue_token(store, ADMIN, AT, new())
    set_account(store, "officer", must_change_password=True)

    assert find_holder(store, issued.secret).account_id == "officer"


def test_token_follows_its_account(store):
    issued = issue_token(store, ADMIN, AT, new(account_id="luntai"))
    set_account(store, "luntai", recipient_id="yuli")

    assert find_holder(store, issued.secret).recipient_id == "yuli"


@pytest.mark.parametrize("role", [role for role in ROLE_NAMES if role != ADMINISTRATOR])
def test_only_administrators_issue_and_revoke(store, role):
    issued = issue_token(store, ADMIN, AT, new())
    before = contents(store)
    person = Actor("某人", role, "luntai")

    for refused in (
        lambda: issue_token(store, person, AT, new()), lambda: revoke_token(store, person, AT, issued.token_id),
    ):
        with pytest.raises(RefusedError, match="不能办理这一步"):
            refused()
    assert contents(store) == before


def test_all_faults_at_once(store):
    before = contents(store)

    with pytest.raises(RefusedError) as refused:
        issue_token(store, ADMIN, AT, NewToken(" ", "nobody", ("read", "root"), 366))

    for words in ("令牌名称应为", "请选择令牌所代表的账号", "没有“root”这种用途", "有效期应为 1 至 365 天"):
        assert words in str(refused.value)
    assert contents(store) == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"valid_days": 0}, "1 至 365 天"),
        ({"scopes": ()}, "至少选择一项用途"),
        ({"token_name": "长" * 31}, "1 至 30 个字"),
    ],
)
def test_refused_at_the_border(store, changes, sentence):
    with pytest.raises(RefusedError, match=sentence):
        issue_token(store, ADMIN, AT, new(**changes))


def test_no_token_for_a_disabled_account(store):
    set_account(store, "officer", is_disabled=True)

    with pytest.raises(RefusedError, match="已停用"):
        issue_token(store, ADMIN, AT, new())


@pytest.mark.parametrize("secret", ["", "wx_", "wx_nothing", "officer"])
def test_a_wrong_token_is_nobody(store, secret):
    issue_token(store, ADMIN, AT, new())

    with pytest.raises(TokenError, match="令牌不对"):
        find_holder(store, secret)


def test_the_kept_hash_is_no_token(store):
    issued = issue_token(store, ADMIN, AT, new())

    with pytest.raises(TokenError, match="令牌不对"):
        find_holder(store, token_actions.digest(issued.secret))


def test_revoked_token_is_worth_nothing(store):
    issued, other = issue_token(store, ADMIN, AT, new()), issue_token(store, ADMIN, AT, new())

    entry = revoke_token(store, ADMIN, AT, issued.token_id)

    with pytest.raises(TokenError, match="已撤销"):
        find_holder(store, issued.secret)
    assert find_holder(store, other.secret).token_id == other.token_id
    (line,) = rows(store, "SELECT * FROM audit_log WHERE action_name = 'revoke_token'")
    assert line["entry_no"] == entry.entry_no
    with pytest.raises(RefusedError, match="不需要重复撤销"):
        revoke_token(store, ADMIN, AT, issued.token_id)
    with pytest.raises(NotFoundError):
        revoke_token(store, ADMIN, AT, "none")


def states(store):
    return [token_tables.state(row) for row in read_board(store, ADMIN, people.tokens).to_dict("records")]


@pytest.mark.parametrize("role", [role for role in ROLE_NAMES if role not in (ADMINISTRATOR, AUDITOR)])
def test_nobody_else_sees_the_list(store, role):
    with pytest.raises(NotAllowedError, match="看不到这部分内容"):
        read_board(store, Actor("某人", role, "luntai"), people.tokens)


def test_token_ends_on_its_moment(store, monkeypatch):
    issued = issue_token(store, ADMIN, AT, new(valid_days=1))

    def at_moment(moment):
        for module in (token_actions, token_tables):
            monkeypatch.setattr(module, "now", lambda: moment)

    at_moment(issued.expires_at - timedelta(seconds=1))
    assert find_holder(store, issued.secret).account_id == "officer"
    assert states(store) == ["valid"]
    at_moment(issued.expires_at)
    with pytest.raises(TokenError, match="到期"):
        find_holder(store, issued.secret)
    assert states(store) == ["expired"]


def test_disabled_account_takes_its_tokens_with_it(store):
    issued = issue_token(store, ADMIN, AT, new())
    set_account(store, "officer", is_disabled=True)

    with pytest.raises(TokenError, match="账号已停用"):
        find_holder(store, issued.secret)


def test_list_tells_states_and_no_secret(store):
    issued = issue_token(store, ADMIN, AT, new())
    revoke_token(store, ADMIN, AT, issued.token_id)

    assert states(store) == ["revoked"]
    assert "token_sha256" not in read_board(store, ADMIN, people.tokens).columns
