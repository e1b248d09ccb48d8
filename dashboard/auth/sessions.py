"""Sessions on the server: the browser holds a secret, the store its hash; who is signed in is asked here.

Moments here are the clock's own in UTC: a demonstration's fixed day must not keep a session alive.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from data.audit import Actor
from data.store import Store, sql_text

COOKIE = "wenxiao_session"
TOUCH_EVERY = timedelta(minutes=1)     # how stale the kept moment of the last activity may be


@dataclass(frozen=True)
class Person:
    """Whom an account stands for; ``recipient_id`` is empty for the prefecture."""

    account_id: str
    person_name: str
    role: str
    recipient_id: str
    must_change_password: bool

    def actor(self, origin: str) -> Actor:
        """This person as actions see them; ``origin`` says from where: 网页 10.1.2.3."""
        return Actor(self.person_name, self.role, self.recipient_id, self.account_id, origin)


@dataclass(frozen=True)
class Limits:
    """How long a session lives: without activity, and at all."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=10)


@dataclass
class _Live:
    """A session that this process has seen: its last activity, and who waits for its end."""

    started_at: datetime
    active_at: datetime
    kept_at: datetime
    account_id: str
    address: str
    waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)


def now() -> datetime:
    """The clock's moment in UTC, without a zone, as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def digest(secret: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Sessions:
    """All sessions of a workspace; one object a process, safe to ask from any thread."""

    def __init__(
        self, store: Store, limits: Callable[[], Limits] = Limits, clock: Callable[[], datetime] = now
    ) -> None:
        """Take up the sessions that the store holds: a restart of the server ends none."""
        self._store = store
        self._limits = limits
        self._clock = clock
        self._guard = threading.RLock()
        self._live: dict[str, _Live] = {}
        for row in store.query("web_sessions").to_dict("records"):
            self._live[row["session_sha256"]] = _Live(
                row["started_at"].to_pydatetime(), row["active_at"].to_pydatetime(),
                row["active_at"].to_pydatetime(), row["account_id"], row["address_text"],
            )

    def start(self, account_id: str, address: str) -> str:
        """Begin a session; the secret for the cookie, which is kept nowhere here."""
        secret, at = secrets.token_urlsafe(32), self._clock()
        with self._guard:
            with self._store.transaction(is_shown=False) as cursor:
                cursor.insert("web_session", [{
                    "session_sha256": digest(secret), "account_id": account_id, "started_at": at, "active_at": at,
                    "address_text": address,
                }])
            self._live[digest(secret)] = _Live(at, at, at, account_id, address)
        return secret

    def find(self, secret: str | None) -> Person | None:
        """Who a secret belongs to; None if it was never given, has run out or was ended, or the account is closed."""
        with self._guard:
            live = self._live.get(digest(secret)) if secret else None
            if live is None or secret is None:
                return None
            limits, at = self._limits(), self._clock()
            if at - live.active_at >= limits.idle or at - live.started_at >= limits.absolute:
                self.end(secret)
                return None
        found = self._store.query("account", account_id=live.account_id).to_dict("records")
        if not found or found[0]["is_disabled"]:
            self.end(secret)
            return None
        row = found[0]
        return Person(
            row["account_id"], row["person_name"], row["role"], row["recipient_id"], bool(row["must_change_password"])
        )

    def address(self, secret: str) -> str:
        """The address that a session was begun from; empty for none."""
        live = self._live.get(digest(secret))
        return live.address if live else ""

    def ends_at(self, secret: str) -> datetime | None:
        """When a session will run out if nothing more happens in it; None if there is none."""
        live, limits = self._live.get(digest(secret)), self._limits()
        return min(live.active_at + limits.idle, live.started_at + limits.absolute) if live else None

    def touch(self, secret: str) -> None:
        """Note that the person did something; written out once in a while only."""
        with self._guard:
            live = self._live.get(digest(secret))
            if live is None:
                return
            live.active_at = self._clock()
            if live.active_at - live.kept_at < TOUCH_EVERY:
                return
            live.kept_at = live.active_at
            with self._store.transaction(is_shown=False) as cursor:
                cursor.run(sql_text("data", "writes/touch_session"), {
                    "session_sha256": digest(secret), "active_at": live.active_at,
                })

    def end(self, secret: str) -> None:
        """End one session: its cookie is worth nothing, its open pages are closed."""
        self._end({digest(secret)})

    def end_all_of(self, account_id: str, but: str | None = None) -> None:
        """End every session of an account, except the one that asks for it."""
        kept = digest(but) if but else ""
        with self._guard:
            self._end({
                key for key, live in self._live.items() if live.account_id == account_id and key != kept
            })

    def watch(self, secret: str) -> asyncio.Event:
        """An event of the running loop that is set when the session ends; set already if there is none."""
        event, loop = asyncio.Event(), asyncio.get_running_loop()
        with self._guard:
            live = self._live.get(digest(secret))
            if live is None:
                event.set()
            else:
                live.waiting.append((loop, event))
        return event

    def unwatch(self, secret: str, event: asyncio.Event) -> None:
        """Forget an event that nobody waits for any more."""
        with self._guard:
            live = self._live.get(digest(secret))
            if live is not None:
                live.waiting = [pair for pair in live.waiting if pair[1] is not event]

    def _end(self, keys: set[str]) -> None:
        with self._guard:
            ended = [live for key in keys if (live := self._live.pop(key, None))]
            if not ended:
                return
            with self._store.transaction(is_shown=False) as cursor:
                for key in keys:
                    cursor.delete("web_session", "session_sha256", key)
        for live in ended:
            for loop, event in live.waiting:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)
