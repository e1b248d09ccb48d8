"""A read replica: a further process on the same machine that shows the pages from a copy of the store.

It asks the main server every second who is signed in and whether anything has changed, takes a new copy when it has,
and sends everybody who wants to sign in to the main server. Nobody writes here: the copy refuses it.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from dashboard.auth.sessions import Held, Sessions, digest
from dashboard.remote import CONNECT_SECONDS, RunningServer, running_server
from dashboard.workspace import Workspace, clock
from data.errors import WenxiaoError
from data.store import Store

LOOK_EVERY = 1.0          # seconds between questions to the main server
COPY_SHARE = 4            # of the time, at most one part in so many goes into copying
STATE_SECONDS, COPY_SECONDS = 10.0, 900.0
# Where the main server is asked instead: who is who is decided there alone.
ELSEWHERE = ("/login", "/login/{rest:path}", "/me", "/me/{rest:path}", "/setup/{rest:path}", "/oidc/{rest:path}")


class BorrowedSessions(Sessions):
    """The main server's sessions as it last told of them: the same people, the same ends."""

    def __init__(self, store: Store, follower: Follower) -> None:
        """Begin with none; the follower brings them."""
        super().__init__(store)
        self._live.clear()     # of the copy: the main server knows better
        self._follower = follower

    def find(self, secret: str | None) -> Any:
        """As ``Sessions.find``; the main server is asked at once about a secret that it has not told of yet."""
        if secret and digest(secret) not in self._live:
            self._follower.look_again()
        return super().find(secret)

    def take(self, told: list[Held]) -> None:
        """Take over what the main server told: new sessions, later activity, ends."""
        with self._guard:
            for held in told:
                live = self._live.get(held.key)
                if live is None:
                    self._begin(held)
                else:
                    live.active_at = max(live.active_at, held.active_at)
            gone = set(self._live) - {held.key for held in told}
        self._drop(gone)

    def _keep_touch(self, key: str, active_at: datetime) -> None:
        self._follower.touch(key)

    def _keep_end(self, keys: set[str]) -> None:
        """Nothing: the main server ends its sessions itself."""


class Follower:
    """What keeps a replica up to date; ``copied_at`` is Beijing time.

    Raises: WenxiaoError if no main server runs on the workspace, or it does not answer.
    """

    def __init__(self, folder: Path) -> None:
        """Take the first copy."""
        self._folder = folder
        self._place = Path(tempfile.mkdtemp(prefix="wenxiao-replica-"))
        self._client = httpx.Client(timeout=httpx.Timeout(STATE_SECONDS, connect=CONNECT_SECONDS), trust_env=False)
        self._looking = threading.Lock()
        self._looked_at = 0.0
        self._copy_no = 0
        self._copied_version, self.copied_at = -1, datetime.min
        self._copied_clock = self._copy_took = 0.0
        self.is_main_silent = False
        state = self._ask("state")
        self.workspace = Workspace(folder, Store(self._take_copy(), is_copy=True))
        self.sessions = BorrowedSessions(self.workspace.store, self)
        self.sessions.take(_told(state))

    def address(self) -> str:
        """Where the main server listens now; empty if it does not run."""
        server = running_server(self._folder)
        return server.address if server else ""

    def look_again(self) -> None:
        """Ask who is signed in now; one question answers all who wait for it."""
        since = time.monotonic()
        with suppress(WenxiaoError), self._looking:
            if self._looked_at < since:
                self._look()

    def touch(self, key: str) -> None:
        """Tell the main server that somebody did something here; if it is silent, its own limits end the session."""
        with suppress(WenxiaoError):
            self._ask("touch", key=key)

    @contextmanager
    def following(self) -> Iterator[None]:
        """Keep up with the main server while the block runs."""
        stopped = threading.Event()
        thread = threading.Thread(target=self._follow, args=(stopped,), name="replica", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join(5)
            self.workspace.store.close()
            self._client.close()
            shutil.rmtree(self._place, ignore_errors=True)

    def _follow(self, stopped: threading.Event) -> None:
        while not stopped.wait(LOOK_EVERY):
            try:
                with self._looking:
                    version = self._look()
                idle = time.monotonic() - self._copied_clock
                if version != self._copied_version and idle >= COPY_SHARE * self._copy_took:
                    self.workspace.store.show(self._take_copy())
                self.is_main_silent = False
            except WenxiaoError:
                self.is_main_silent = True

    def _look(self) -> int:
        self._looked_at = time.monotonic()
        state = self._ask("state")
        self.sessions.take(_told(state))
        return int(state["data_version"])

    def _take_copy(self) -> Path:
        """Have a copy written; the one before the last is taken away."""
        begun = time.monotonic()
        self._copy_no += 1
        path = self._place / f"{self._copy_no}.duckdb"
        at = clock()
        told = self._ask("copy", COPY_SECONDS, path=str(path))
        self._copied_version, self.copied_at = int(told["data_version"]), at
        self._copied_clock = time.monotonic()
        self._copy_took = self._copied_clock - begun
        (self._place / f"{self._copy_no - 2}.duckdb").unlink(missing_ok=True)
        return path

    def _ask(self, what: str, seconds: float = STATE_SECONDS, **parameters: str) -> Any:
        server = running_server(self._folder)
        if server is None:
            raise WenxiaoError(f"{self._folder} 的主服务没有运行：请先用 wenxiao serve 启动它，再启动只读副本。")
        try:
            return self._asked(server, what, seconds, parameters)
        except (httpx.HTTPError, ValueError) as error:
            raise WenxiaoError(f"{self._folder} 的主服务（{server.address}）没有应答：请看它的日志。") from error

    def _asked(self, server: RunningServer, what: str, seconds: float, parameters: dict[str, str]) -> Any:
        found = self._client.post(
            f"{server.address}/api/v1/local/replica/{what}", params=parameters,
            headers={"Authorization": f"Bearer {server.token}"},
            timeout=httpx.Timeout(seconds, connect=CONNECT_SECONDS),
        )
        found.raise_for_status()
        return found.json()


def _told(state: dict[str, Any]) -> list[Held]:
    return [
        Held(**{**row, "started_at": datetime.fromisoformat(row["started_at"]),
                "active_at": datetime.fromisoformat(row["active_at"])})
        for row in state["sessions"]
    ]


def elsewhere_routes(follower: Follower) -> list[Route]:
    """Routes that lead to the main server, under the name that the person reached this one by."""

    async def lead(request: Request) -> RedirectResponse:
        port = urlsplit(follower.address()).port
        url = request.url.replace(port=port) if port else request.url
        return RedirectResponse(str(url), 303, {"cache-control": "no-store"})

    return [Route(path, lead, methods=["GET", "POST"]) for path in ELSEWHERE]
