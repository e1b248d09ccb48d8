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
from typing import Any

from dashboard.auth.policy import Policy, read_policy
from data.audit import Actor
from data.store import Store, sql_text

TOUCH_EVERY = timedelta(minutes=1)     # how stale the kept moment of the last activity may be


@dataclass(frozen=True)
class Person:
    """Whom an account stands for, and what is to be done first; ``recipient_id`` is empty for the prefecture."""

    account_id: str
    person_name: str
    role: str
    recipient_id: str
    must_change_password: bool
    must_enrol_totp: bool = False

    @property
    def is_held(self) -> bool:
        """Whether nothing but the person's own account can be opened yet."""
        return self.must_change_password or self.must_enrol_totp

    def actor(self, origin: str) -> Actor:
        """This person as actions see them; ``origin`` says from where: 网页 10.1.2.3."""
        return Actor(self.person_name, self.role, self.recipient_id, self.account_id, origin)


@dataclass(frozen=True)
class Held:
    """A session as another process is told of it; ``key`` is the hash of its secret."""

    key: str
    account_id: str
    address: str
    started_at: datetime
    active_at: datetime


@dataclass
class _Live:
    """A session that this process has seen: its last activity, and who waits for its end."""

    started_at: datetime
    active_at: datetime
    kept_at: datetime
    account_id: str
    address: str
    waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    def ends_at(self, policy: Policy) -> datetime:
        """When it runs out if nothing more happens in it."""
        return min(self.active_at + policy.idle, self.started_at + policy.absolute)


@dataclass
class _Read:
    """What was read of the store in one of its states: the rules, and the accounts that were asked for."""

    data_version: int
    policy: Policy
    accounts: dict[str, dict[str, Any] | None] = field(default_factory=dict)


def now() -> datetime:
    """The clock's moment in UTC, without a zone, as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def digest(secret: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Sessions:
    """All sessions of a workspace; one object a process, safe to ask from any thread.

    The store is never written to under the guard: a long action of somebody else must not keep the gate
    from looking up who is there.
    """

    def __init__(
        self, store: Store, policy: Callable[[Store], Policy] = read_policy, clock: Callable[[], datetime] = now
    ) -> None:
        """Take up the sessions that the store holds: a restart of the server ends none."""
        self._store = store
        self._read_policy = policy
        self._clock = clock
        self._guard = threading.RLock()
        self._read: _Read | None = None
        self._live: dict[str, _Live] = {}
        for row in store.query("web_sessions").to_dict("records"):
            self._begin(Held(
                row["session_sha256"], row["account_id"], row["address_text"], row["started_at"].to_pydatetime(),
                row["active_at"].to_pydatetime(),
            ))

    @property
    def policy(self) -> Policy:
        """The rules in force now."""
        return self._current().policy

    def start(self, account_id: str, address: str) -> str:
        """Begin a session; the secret for the cookie, which is kept nowhere here."""
        secret, at = secrets.token_urlsafe(32), self._clock()
        with self._store.transaction(is_shown=False) as cursor:
            cursor.insert("web_session", [{
                "session_sha256": digest(secret), "account_id": account_id, "started_at": at, "active_at": at,
                "address_text": address,
            }])
        with self._guard:
            self._live[digest(secret)] = _Live(at, at, at, account_id, address)
        self._end_old()
        return secret

    def find(self, secret: str | None) -> Person | None:
        """Who a secret belongs to, as ``look``; a session that has run out is ended."""
        person = self.look(secret) if secret else None
        if secret and person is None:
            self.end(secret)
        return person

    def look(self, secret: str) -> Person | None:
        """Who a secret belongs to; None if it was never given, has run out or was ended, or the account is closed."""
        live = self._live.get(digest(secret))
        if live is None:
            return None
        known, at = self._current(), self._clock()
        row = self._account(known, live.account_id)
        if at >= live.ends_at(known.policy) or row is None or row["is_disabled"]:
            return None
        return person_of(row, known.policy, at)

    def address(self, secret: str) -> str:
        """The address that a session was begun from; empty for none."""
        live = self._live.get(digest(secret))
        return live.address if live else ""

    def ends_at(self, secret: str) -> datetime | None:
        """When a session will run out if nothing more happens in it; None if there is none."""
        live = self._live.get(digest(secret))
        return live.ends_at(self.policy) if live else None

    def count_of(self, account_id: str) -> int:
        """How many sessions an account has."""
        with self._guard:
            return sum(live.account_id == account_id for live in self._live.values())

    def held(self) -> list[Held]:
        """All sessions as they are now, for a replica that lets the same people in."""
        with self._guard:
            return [
                Held(key, live.account_id, live.address, live.started_at, live.active_at)
                for key, live in self._live.items()
            ]

    def touch(self, secret: str) -> None:
        """Note that the person did something; written out once in a while only."""
        self.touch_key(digest(secret))

    def touch_key(self, key: str) -> None:
        """``touch`` for who knows only the hash of the secret."""
        with self._guard:
            live = self._live.get(key)
            if live is None:
                return
            live.active_at = self._clock()
            if live.active_at - live.kept_at < TOUCH_EVERY:
                return
            live.kept_at = live.active_at
        self._keep_touch(key, live.active_at)

    def end(self, secret: str) -> None:
        """End one session: its cookie is worth nothing, its open pages are closed."""
        self._end({digest(secret)})

    def end_all_of(self, account_id: str, but: str | None = None) -> None:
        """End every session of an account, except the one that asks for it."""
        kept = digest(but) if but else ""
        with self._guard:
            keys = {key for key, live in self._live.items() if live.account_id == account_id and key != kept}
        self._end(keys)

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

    def _begin(self, held: Held) -> None:
        self._live[held.key] = _Live(
            held.started_at, held.active_at, held.active_at, held.account_id, held.address
        )

    def _current(self) -> _Read:
        """What is known of the store as it stands; read anew when it has changed."""
        version, read = self._store.data_version, self._read
        if read is None or read.data_version != version:
            self._read = read = _Read(version, self._read_policy(self._store))
        return read

    def _account(self, known: _Read, account_id: str) -> dict[str, Any] | None:
        if account_id not in known.accounts:
            with self._store.reading() as cursor:
                found = cursor.rows(sql_text("data", "queries/account"), {"account_id": account_id})
            known.accounts[account_id] = found[0] if found else None
        return known.accounts[account_id]

    def _end_old(self) -> None:
        """End the sessions that ran out while nobody asked for them."""
        at, policy = self._clock(), self.policy
        with self._guard:
            keys = {key for key, live in self._live.items() if at >= live.ends_at(policy)}
        self._end(keys)

    def _end(self, keys: set[str]) -> None:
        if self._drop(keys):
            self._keep_end(keys)

    def _drop(self, keys: set[str]) -> bool:
        """Close what is open in these sessions; whether there was any."""
        with self._guard:
            ended = [live for key in keys if (live := self._live.pop(key, None))]
        for live in ended:
            for loop, event in live.waiting:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)
        return bool(ended)

    def _keep_touch(self, key: str, active_at: datetime) -> None:
        with self._store.transaction(is_shown=False) as cursor:
            cursor.run(sql_text("data", "writes/touch_session"), {"session_sha256": key, "active_at": active_at})

    def _keep_end(self, keys: set[str]) -> None:
        with self._store.transaction(is_shown=False) as cursor:
            for key in keys:
                cursor.delete("web_session", "session_sha256", key)


def person_of(account: dict[str, Any], policy: Policy, at: datetime) -> Person:
    """The person of an account, with what the rules ask for first; without a password neither is asked for."""
    has_password = bool(account["password_hash"])
    changed_at, days = account["password_changed_at"], policy.password_max_age_days
    is_expired = bool(days) and (changed_at is None or at - changed_at >= timedelta(days=days))
    return Person(
        account["account_id"], account["person_name"], account["role"], account["recipient_id"],
        must_change_password=has_password and (account["must_change_password"] or is_expired),
        must_enrol_totp=has_password and account["role"] in policy.totp_roles and not account["totp_secret"],
    )
