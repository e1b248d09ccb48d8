"""The page 账号与安全: what an administrator does there happens, and a password is shown once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import streamlit as st
from builders import demo_folder, rows, sign_in
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import people_tables, session
from dashboard.actions.tokens import NewToken, issue_token
from dashboard.auth.lockout import account_subject
from dashboard.auth.passwords import is_password
from dashboard.auth.policy import Policy, read_policy
from dashboard.auth.sessions import now
from dashboard.rights import ADMINISTRATOR, AUDITOR, PREFECTURE_OFFICER
from dashboard.workspace import STORE_NAME

APP = Path(dashboard.__file__).parent / "app.py"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    shutil.copy(demo_folder() / STORE_NAME, tmp_path / STORE_NAME)
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    for clear in (st.cache_data.clear, st.cache_resource.clear):
        clear()
    yield tmp_path
    session.workspace().store.close()
    for clear in (st.cache_data.clear, st.cache_resource.clear):
        clear()


@pytest.fixture
def page(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    sign_in(monkeypatch, ADMINISTRATOR)
    test = AppTest.from_file(str(APP), default_timeout=60).run()
    return test.switch_page("app_pages/people.py").run()


def shown(test: AppTest) -> str:
    assert not test.exception, test.exception
    parts = [*test.markdown, *test.error, *test.success, *test.warning, *test.info, *test.caption]
    htmls = [each.proto.body for each in test.get("html")]
    return "\n".join([*(str(part.value) for part in parts), *htmls])


def labelled(elements, label: str):
    (found,) = [each for each in elements if each.label == label]
    return found


def press(test: AppTest, label: str) -> AppTest:
    labelled(test.button, label).click()
    return test.run()


def test_the_page_lists_everybody_and_no_secret(page):
    text = shown(page)

    assert "共 29 个账号" in text
    assert "只有一名可用的系统管理员" in text
    assert "argon2" not in text


def test_a_new_account_is_told_its_password_once(page):
    page.text_input(key="people_new_1_id").input("caikuai")
    page.text_input(key="people_new_1_name").input("阿孜古丽")
    page.selectbox(key="people_new_1_role").select(PREFECTURE_OFFICER)

    press(page, "新建账号")
    text = shown(page)

    password = re.search(r'translate="no"[^>]*>([^<]+)<', text)[1]
    (row,) = rows(session.workspace().store, "SELECT * FROM account WHERE account_id = 'caikuai'")
    assert is_password(row["password_hash"], password)
    assert "已新建账号 caikuai，办理记录第" in text
    assert page.text_input(key="people_new_2_id").value == ""
    assert password not in shown(page.run())


def test_faults_of_a_new_account_are_told_and_the_form_is_kept(page):
    page.text_input(key="people_new_1_id").input("大写")
    press(page, "新建账号")

    text = shown(page)
    assert "登录名应为" in text and "姓名应为" in text and "请选择角色" in text
    assert page.text_input(key="people_new_1_id").value == "大写"


def test_an_account_is_closed_and_its_sessions_end(page):
    secret = session.sessions().start("jixiaoke", "10.0.0.9")
    page.selectbox(key="people_account").select("jixiaoke").run()
    labelled(page.checkbox, "停用（不能再登录，办过的事都保留）").check()

    press(page, "保存更改")

    assert "已更改账号 jixiaoke" in shown(page)
    assert session.sessions().find(secret) is None
    assert "✕ 已停用" in shown(page)


def test_a_password_is_given_again(page):
    page.selectbox(key="people_account").select("luntai-1").run()

    page.button(key="people_password").click()
    page.run()

    password = re.search(r'translate="no"[^>]*>([^<]+)<', shown(page))[1]
    (row,) = rows(session.workspace().store, "SELECT * FROM account WHERE account_id = 'luntai-1'")
    assert is_password(row["password_hash"], password)
    assert row["must_change_password"]


def test_a_locked_account_is_named_and_let_in_again(page):
    store = session.workspace().store
    with store.transaction(is_shown=False) as cursor:
        cursor.insert("sign_in_failure", [
            {"subject_text": account_subject("luntai-1").key, "failure_count": 7, "failed_at": now()},
            {"subject_text": account_subject("nobody-knows").key, "failure_count": 9, "failed_at": now()},
        ])
    page.selectbox(key="people_account").select("luntai-1").run()
    text = shown(page)
    assert "连续 7 次没有登录成功，还要等 4 分钟" in text
    assert "nobody-knows" not in text

    page.button(key="people_unlock").click()
    page.run()

    assert "已解除" in shown(page)
    assert "连续 7 次" not in shown(page)
    assert page.button(key="people_unlock").disabled


def test_a_wait_that_is_over_locks_nobody(workspace):
    failures = session.workspace().store.query("sign_in_failures")
    assert failures.empty
    failures.loc[0] = ["luntai-1", 5, now() - timedelta(minutes=2)]

    assert people_tables.locked(failures, Policy(), now()) == {}
    assert people_tables.locked(failures, Policy(lock_minutes=3), now()) != {}


def test_rules_of_sign_in_are_kept(page):
    labelled(page.text_input, "多久不操作即退出（分钟），5 至 240").input("60")
    page.multiselect[0].select(ADMINISTRATOR)

    press(page, "保存安全设置")

    assert "已保存安全设置" in shown(page)
    assert read_policy(session.workspace().store).idle_minutes == 60
    assert read_policy(session.workspace().store).totp_roles == (ADMINISTRATOR,)


def test_what_is_typed_outlives_what_others_do_meanwhile(page):
    page.selectbox(key="people_account").select("jixiaoke").run()
    names = [each for each in page.text_input if each.label == "姓名"]
    names[-1].input("阿孜古丽")
    with session.workspace().store.transaction() as cursor:     # somebody reports something elsewhere
        cursor.insert("workspace_setting", [{"setting_key": "anything", "setting_value": "1"}])

    press(page, "保存更改")

    assert "已更改账号 jixiaoke" in shown(page)
    store = session.workspace().store
    assert rows(store, "SELECT person_name FROM account WHERE account_id = 'jixiaoke'")[0]["person_name"] == "阿孜古丽"

    labelled(page.text_input, "多久不操作即退出（分钟），5 至 240").input("60")
    with store.transaction() as cursor:
        cursor.run("DELETE FROM workspace_setting WHERE setting_key = 'anything'")
    press(page, "保存安全设置")

    assert read_policy(store).idle_minutes == 60


def test_an_auditor_sees_accounts_and_tokens_and_can_change_nothing(workspace, monkeypatch):
    sign_in(monkeypatch, ADMINISTRATOR)
    store = session.workspace().store
    issue_token(store, session.actor(), session.settings().now(), NewToken("统计平台", "jixiaoke", ("read",), 90))
    sign_in(monkeypatch, AUDITOR)
    test = AppTest.from_file(str(APP), default_timeout=60).run().switch_page("app_pages/people.py").run()

    text = shown(test)
    assert "共 29 个账号" in text and "统计平台" in text and "读取数据" in text
    assert "wx_" not in text
    assert not test.button and not test.text_input


def test_rules_out_of_bounds_are_told(page):
    labelled(page.text_input, "多久不操作即退出（分钟），5 至 240").input("9999")

    press(page, "保存安全设置")

    assert "安全设置没有保存：多久不操作即退出（分钟）应为 5 至 240 的整数" in shown(page)


def test_people_of_one_name_are_told_apart(workspace):
    table = session.workspace().store.query("accounts").head(3).copy()
    table["person_name"], table["role"], table["recipient_name"] = "古丽", ["leader", "leader", "auditor"], None

    words = people_tables.choices(table)

    first, second, third = table["account_id"]
    assert words == {
        first: f"古丽（领导，州级）{first}", second: f"古丽（领导，州级）{second}", third: "古丽（审计，州级）",
    }
