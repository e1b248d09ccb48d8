"""运行状况: what is well, what is not, and what to do about it."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from builders import demo_folder, rows, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import service_state, session
from dashboard.actions.backups import make_backup
from dashboard.doctor import Examination, examine
from dashboard.rights import ADMINISTRATOR, AUDITOR, LEADER
from dashboard.service_state import BACKUP_EVERY, Fact, facts, headline
from dashboard.workspace import clock, open_existing
from data.audit import Actor
from data.soundness import Examined
from data.store import Store
from metrics.boards import service
from metrics.working_days import LAST_YEAR

KEEPER = Actor("信息员", ADMINISTRATOR, account_id="xinxike")
TODAY = date(2021, 12, 28)
SOUND = Examination(datetime(2021, 12, 28, 9), 2.0, (Examined("合计成立", 3),))


def told(store: Store, examined: Examination | None = SOUND, today: date = TODAY) -> dict[str, Fact]:
    held = service.holdings(store).iloc[0]
    return {fact.name: fact for fact in facts(store, held, examined, today, is_demonstration=False)}


@pytest.fixture
def workspace(tmp_path):
    opened = open_existing(Path(shutil.copytree(demo_folder(), tmp_path / "workspace")))
    yield opened
    opened.store.close()


def test_without_a_backup_the_page_says_how_to_make_one(workspace):
    found = told(workspace.store)

    assert not found["备份"].is_well
    assert "每天备份" in found["备份"].to_do


def test_a_backup_counts_until_the_next_one_is_due(workspace, tmp_path, monkeypatch):
    made_at = clock()
    make_backup(workspace.store, KEEPER, made_at, tmp_path / "backups", 3)
    fresh = told(workspace.store)["备份"]
    monkeypatch.setattr(service_state, "clock", lambda: made_at + BACKUP_EVERY + timedelta(minutes=1))
    stale = told(workspace.store)["备份"]

    assert (fresh.is_well, stale.is_well) == (True, False)
    assert "wenxiao-" in fresh.words


def test_faults_a_full_disk_and_a_missing_calendar_come_first(workspace, monkeypatch):
    monkeypatch.setattr(service_state.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 90, 10))
    broken = Examination(datetime(2021, 12, 28, 9), 2.0, (Examined("合计成立", 3, ("甲", "乙")),))
    held = service.holdings(workspace.store).iloc[0]

    found = facts(workspace.store, held, broken, date(LAST_YEAR + 1, 1, 1), is_demonstration=False)

    wrong = ["数据核对", "备份", "磁盘", "放假安排"]
    assert [fact.name for fact in found if fact.is_well is False] == wrong
    assert [fact.name for fact in found[:4]] == wrong
    assert headline(found, broken) == "有 4 项要处理：数据核对、备份、磁盘、放假安排。"
    assert all(fact.to_do for fact in found[:4])
    assert "2 处不成立" in found[0].words


def test_a_message_that_was_given_up_is_told(workspace):
    with workspace.store.transaction() as cursor:
        cursor.insert("message", [{
            "message_no": 1, "message_kind": "digest", "receiver_key": "juzhang", "channel_key": "post",
            "cause_key": "2021-12-28", "role": LEADER, "recipient_id": "", "title_text": "摘要", "lines_json": "[]",
            "closing_text": "", "keys_json": "[]", "made_at": datetime(2021, 12, 28, 9),
            "send_after": datetime(2021, 12, 28, 9), "message_state": "given_up", "attempt_count": 5,
            "tried_at": None, "sent_at": None, "sent_to_text": "", "fault_text": "550",
        }])

    assert not told(workspace.store)["消息"].is_well
    assert "没有送达 1 条" in told(workspace.store)["消息"].words


def test_while_the_data_are_examined_the_page_says_so(workspace):
    found = told(workspace.store, examined=None)

    assert found["数据核对"] == Fact("数据核对", "启动后的核对还没有做完，几分钟后再看", None)
    assert headline([found["磁盘"]], None) == "没有要处理的事项；数据还没有核对完。"
    assert headline([found["磁盘"]], SOUND) == "一切正常，没有要处理的事项。"


@pytest.mark.parametrize("role", [ADMINISTRATOR, AUDITOR])
def test_the_page_examines_when_it_is_asked(tmp_path, monkeypatch, role):
    folder = Path(shutil.copytree(demo_folder(), tmp_path / "workspace"))
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(folder))
    for cached in (st.cache_resource, st.cache_data):
        cached.clear()
    sign_in(monkeypatch, role)
    page = AppTest.from_file(str(Path(session.__file__).parent / "app.py"), default_timeout=60)
    page.switch_page("app_pages/status.py").run()
    assert any("还没有做完" in each.value for each in page.info)

    page.button(key="status_again").click().run()

    assert not page.exception
    assert not any("还没有做完" in each.value for each in page.info)
    assert "一切正常，没有要处理的事项。" in [each.value for each in page.success]
    session.workspace().store.close()
    for cached in (st.cache_resource, st.cache_data):
        cached.clear()


def test_the_holdings_are_one_row_even_of_an_empty_store():
    store = Store(None)
    assert rows(store, "SELECT COUNT(*) AS n FROM audit_log") == [{"n": 0}]
    (row,) = service.holdings(store).to_dict("records")
    store.close()

    assert (row["session_count"], row["given_up_count"], row["waiting_count"]) == (0, 0, 0)


def test_examining_the_demonstration_takes_all_of_it(workspace):
    assert sum(each.row_count for each in examine(workspace).examined) > 100_000
