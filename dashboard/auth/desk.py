"""What the pages of sign-in share: the store, the sessions, the forms given out, and how slow work is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import ParamSpec, TypeVar

import anyio
from anyio import to_thread
from starlette.requests import Request

from dashboard.auth.forms import Forms
from dashboard.auth.sessions import Sessions
from dashboard.workspace import Settings, read_settings
from data.store import Store

P = ParamSpec("P")
T = TypeVar("T")

# A flood of sign-ins must not take the threads that the gate looks up sessions with.
AT_ONCE = 2
MOST_WAITING = 40


class CrowdedError(Exception):
    """Too many people wait for their password to be compared."""


@dataclass
class Desk:
    """One a process. ``other_ways`` are further ways in, as pairs of what the button says and where it leads."""

    store: Callable[[], Store]
    sessions: Callable[[], Sessions]
    other_ways: Callable[[], Sequence[tuple[str, str]]] = tuple
    forms: Forms = field(default_factory=Forms)
    _limiter: anyio.CapacityLimiter | None = None

    def settings(self) -> Settings:
        """The workspace's settings now."""
        return read_settings(self.store())

    def now(self) -> datetime:
        """The moment for the log."""
        return self.settings().now()

    async def run(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do in a thread what compares passwords or writes to the store.

        Raises: CrowdedError if too many wait already.
        """
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(AT_ONCE)
        if self._limiter.statistics().tasks_waiting >= MOST_WAITING:
            raise CrowdedError
        return await to_thread.run_sync(partial(function, *arguments, **named), limiter=self._limiter)


def address_of(request: Request) -> str:
    """The address that a request came from, as the log keeps it."""
    return request.client.host if request.client else ""
