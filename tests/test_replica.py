"""A read replica: the same people by the same sessions, the same figures a moment later, and nobody writes there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dashboard.actions.tokens import SCOPES, NewToken, issue_token
from dashboard.replica import Follower
from dashboard.workspace import STORE_NAME
from data.errors import RefusedError, WenxiaoError
from data.store import Store
from tests.builders import NUMBER, OFFICER, opened_store, publish, rows
from tests.server_builders import (
    INSTALLER,
    SERVE_WORKSPACE,
    browser,
    demonstration_store,
    form_number,
    secret_of,
    served,
    sign_in,
    stream,
)
from tests.server_builders import OFFICER as ACCOUNT

PATIENCE = 15     # seconds, on a busy machine; a replica looks every second


def becomes(holds: Callable[[], object]) -> bool:
    """Whether something comes to hold."""
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a notice, an open round and one officer who may enter without a password."""
    found = tmp_path_factory.mktemp("replica") / "workspace"
    found.mkdir()
    opened_store(found).close()
    demonstration_store(found)
    store = Store(found / STORE_NAME)
    token = issue_token(store, INSTALLER, datetime.now(), NewToken("一体化", ACCOUNT, SCOPES, 30))
    store.close()
    (found / "token").write_text(token.secret)
    return found


@pytest.fixture(scope="module")
def main_port(folder: Path) -> Iterator[int]:
    """The main server's port."""
    with served(folder, SERVE_WORKSPACE.format("serve")) as (_process, port):
        yield port


@pytest.fixture(scope="module")
def replica_port(folder: Path, main_port: int) -> Iterator[int]:
    """The port of a replica beside it."""
    with served(folder, SERVE_WORKSPACE.format("serve_replica")) as (_process, port):
        yield port


def test_nobody_gets_a_byte_of_a_replica_without_a_session(main_port, replica_port):
    with browser(replica_port) as client:
        refused = client.get("/deviation")
        led = client.get(refused.headers["location"])
        posted = client.post("/login", data={"account": ACCOUNT})

    assert (refused.status_code, refused.headers["location"]) == (303, "/login?next=/deviation")
    assert led.headers["location"] == f"http://127.0.0.1:{main_port}/login?next=/deviation"
    assert posted.headers["location"] == f"http://127.0.0.1:{main_port}/login"
    with pytest.raises(InvalidStatus):
        stream(replica_port, None)


def test_who_signs_in_at_the_main_server_is_known_at_once_and_forgotten_when_they_leave(main_port, replica_port):
    with browser(main_port) as client, browser(replica_port) as looking:
        sign_in(client, ACCOUNT)
        looking.cookies.update(client.cookies)
        assert looking.get("/deviation").status_code == 200
        with stream(replica_port, secret_of(client)) as page:
            client.post("/me/sign-out", data={"form": form_number(client.get("/me").text, "/me/sign-out")})

            with pytest.raises(ConnectionClosed):
                page.recv(timeout=PATIENCE)
        assert looking.get("/deviation").status_code == 303


def test_a_replica_shows_what_the_main_server_has_written(folder, main_port, tmp_path):
    def received() -> list[dict[str, Any]]:
        return rows(follower.workspace.store, "SELECT recipient_id, receipt_step FROM receipt")

    follower = Follower(folder)
    with follower.following():
        assert received() == []
        version = follower.workspace.store.data_version
        receipt = {"recipient_id": "luntai", "step": "received", "happened_at": "2021-12-22T10:00:00"}
        with browser(main_port) as program:
            done = program.post(
                "/api/v1/receipts", json={"document_number": NUMBER, "receipts": [receipt]},
                headers={"Authorization": f"Bearer {(folder / 'token').read_text()}"},
            )
        assert done.is_success, done.text

        assert becomes(lambda: received() == [{"recipient_id": "luntai", "receipt_step": "received"}])
        assert follower.workspace.store.data_version > version
        assert not follower.is_main_silent
        with pytest.raises(RefusedError, match="只读副本"):
            publish(follower.workspace.store, actor=OFFICER)


def test_a_replica_goes_on_showing_when_the_main_server_is_gone_and_says_so(folder, tmp_path):
    own = Path(shutil.copytree(folder, tmp_path / "workspace"))
    (own / "server.json").unlink(missing_ok=True)
    with served(own, SERVE_WORKSPACE.format("serve")) as (process, _port):
        follower = Follower(own)
        with follower.following():
            process.kill()

            assert becomes(lambda: follower.is_main_silent)
            assert len(rows(follower.workspace.store, "FROM notice")) == 1


def test_without_a_main_server_a_replica_does_not_start(tmp_path):
    with pytest.raises(WenxiaoError, match="先用 wenxiao serve 启动"):
        Follower(tmp_path)


def test_a_copy_is_of_one_moment_and_is_only_read(tmp_path):
    store = opened_store(tmp_path)
    with store.transaction() as cursor:
        store.copy_to(tmp_path / "copy.duckdb")
        cursor.insert("workspace_setting", [{"setting_key": "later", "setting_value": "1"}])
    with pytest.raises(FileExistsError):
        store.copy_to(tmp_path / "copy.duckdb")
    store.copy_to(tmp_path / "newer.duckdb")
    copy = Store(tmp_path / "copy.duckdb", is_copy=True)

    settings = "SELECT * FROM workspace_setting WHERE setting_key = 'later'"
    assert rows(copy, settings) == []
    assert rows(copy, "SELECT * FROM score ORDER BY ALL") == rows(store, "SELECT * FROM score ORDER BY ALL")
    for refused in (copy.transaction, copy.rehearsal):
        with pytest.raises(RefusedError, match="只读副本"), refused():
            pytest.fail("written")
    with copy.reading() as reading:
        copy.show(tmp_path / "newer.duckdb")
        copy.show(tmp_path / "newer.duckdb")
        assert reading.rows(settings) == []     # what is being read ends on the old one
    assert len(rows(copy, settings)) == 1
    copy.close()
    store.close()
