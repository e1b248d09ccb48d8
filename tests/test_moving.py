"""A workspace moves to another folder or machine by the steps that README gives, and nothing is lost on the way."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from dashboard.actions.tokens import SCOPES, NewToken, issue_token
from dashboard.auth.oidc_settings import FILE_NAME as OIDC_FILE
from dashboard.cli import run
from dashboard.messages.channels import FILE_NAME as CHANNELS_FILE
from dashboard.papers.head import FILE_NAME as HEAD_FILE
from dashboard.papers.head import FOLDER as PAPERS_FOLDER
from dashboard.remote import FILE_NAME as SERVER_FILE
from dashboard.service_log import FOLDER_NAME as LOG_FOLDER
from dashboard.workspace import STORE_NAME, open_workspace
from data.backups import FOLDER_NAME as BACKUP_FOLDER
from data.docking.person_key import FILE_NAME as KEY_FILE
from data.docking.person_key import fingerprint, read_or_make_key
from data.store import Store
from tests.builders import contents
from tests.server_builders import INSTALLER, OFFICER, SERVE_WORKSPACE, browser, demonstration_store, served, sign_in

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PARAGRAPH = re.search(r"^\*\*搬家。\*\*.*?(?=^\*\*|^###)", README, re.M | re.S)[0]


def listed(head: str) -> list[str]:
    """The files that a line of the paragraph's table names."""
    found = re.search(rf"^\| {head} \| (.*?) \|", PARAGRAPH, re.M)
    assert found, head
    return re.findall(r"`([^`]+)`", found[1])


TRAVEL, STAY = listed("要带的"), listed("不带的")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A workspace with all that a bureau lays into it, and what a killed server leaves."""
    folder = tmp_path / "old"
    folder.mkdir()
    demonstration_store(folder)
    open_workspace(folder).store.close()      # which writes the calendar and the rules that come with the program
    with closing(Store(folder / STORE_NAME)) as store:
        issued = issue_token(store, INSTALLER, datetime.now(), NewToken("一体化", OFFICER, SCOPES, 30))
        key = fingerprint(read_or_make_key(folder))
        with store.transaction() as cursor:
            cursor.insert("workspace_setting", [{"setting_key": "person_key_fingerprint", "setting_value": key}])
    (tmp_path / "token").write_text(issued.secret)
    (folder / CHANNELS_FILE).write_text('address = "https://wenxiao.example.gov.cn"\n', encoding="utf-8")
    (folder / OIDC_FILE).write_text("", encoding="utf-8")
    for file in (folder / CHANNELS_FILE, folder / OIDC_FILE):
        file.chmod(0o600)
    (folder / PAPERS_FOLDER).mkdir()
    (folder / PAPERS_FOLDER / HEAD_FILE).write_bytes(b"head")
    (folder / LOG_FOLDER).mkdir()
    (folder / SERVER_FILE).write_text('{"address": "http://127.0.0.1:9", "token": "old"}')
    return folder


def test_the_table_names_all_that_lies_in_a_workspace():
    """A new kind of file in a workspace has to be decided: does it travel?"""
    assert sorted(TRAVEL) == sorted([KEY_FILE, CHANNELS_FILE, OIDC_FILE, f"{PAPERS_FOLDER}/{HEAD_FILE}"])
    assert sorted(STAY) == sorted([
        STORE_NAME, f"{STORE_NAME}.wal", SERVER_FILE, f"{LOG_FOLDER}/", f"{BACKUP_FOLDER}/",
    ])


def test_a_moved_workspace_is_the_old_one(old: Path, tmp_path: Path):
    carried, new = tmp_path / "carried", tmp_path / "elsewhere" / "new"
    with closing(Store(old / STORE_NAME)) as store:
        before = contents(store)
    assert run(["backup", "--workspace", str(old), "--to", str(carried)]) == 0
    backup = next(carried.glob("*.duckdb"))
    assert run(["restore", str(backup), "--check"]) == 0
    assert run(["restore", str(backup), "--workspace", str(new)]) == 0
    for name in TRAVEL:
        (new / name).parent.mkdir(exist_ok=True)
        shutil.copy2(old / name, new / name)
    shutil.rmtree(old)      # nothing may still lead there

    assert run(["audit", "verify", "--workspace", str(new)]) == 0
    with closing(Store(new / STORE_NAME)) as store:
        after = contents(store)
        settings = store.query("workspace_settings").set_index("setting_key")["setting_value"]
    assert {name for name in before if before[name] != after[name]} == {"audit_log"}     # which tells of the move
    assert len(after["audit_log"]) == len(before["audit_log"]) + 1
    assert settings["person_key_fingerprint"] == fingerprint(read_or_make_key(new))
    assert {(new / name).stat().st_mode & 0o077 for name in (CHANNELS_FILE, OIDC_FILE, KEY_FILE)} == {0}

    with served(new, SERVE_WORKSPACE.format("serve")) as (_, port), browser(port) as client:
        assert sign_in(client, OFFICER).status_code == 303
        assert client.get("/").status_code == 200
        token = (tmp_path / "token").read_text()
        assert client.get("/api/v1/boards", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        # Commands find the server that runs here, not the one whose note stayed behind.
        assert run(["audit", "verify", "--workspace", str(new)]) == 0
