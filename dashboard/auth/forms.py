"""Forms that work once: each carries a number that the server gave out, and takes back a single time."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

VALID_SECONDS = 600
MOST = 20_000     # what is kept in memory at most; the oldest go first


@dataclass(frozen=True)
class _Form:
    purpose: str
    holder: str
    held: dict[str, str]
    until: float


class Forms:
    """The forms that this process gave out and has not got back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without any: after a restart people are asked to fill in again."""
        self._clock = clock
        self._guard = threading.Lock()
        self._given: OrderedDict[str, _Form] = OrderedDict()

    def give(self, purpose: str, holder: str = "", **held: str) -> str:
        """A number for a form; ``holder`` is the session it is for, ``held`` what the browser need not know."""
        number = secrets.token_urlsafe(18)
        with self._guard:
            at = self._clock()
            while self._given and (len(self._given) >= MOST or next(iter(self._given.values())).until <= at):
                self._given.popitem(last=False)
            self._given[number] = _Form(purpose, holder, held, at + VALID_SECONDS)
        return number

    def take(self, number: str, purpose: str, holder: str = "") -> dict[str, str] | None:
        """What was held for a form; None if it was never given, has run out, came back before or is another's."""
        with self._guard:
            form = self._given.pop(number, None)
            is_right = form and form.purpose == purpose and form.holder == holder and form.until > self._clock()
        return form.held if form and is_right else None
