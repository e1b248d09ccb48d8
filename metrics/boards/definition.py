"""What a board is: one table or chart of a page, said once in words and once in code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from metrics.law import LegalSource

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Scope:
    """Which notice, which round, as known at the end of which day."""

    document_number: str
    round_id: str
    as_of_on: date

    @property
    def as_of(self) -> datetime:
        """The last moment that the 统计截止日 takes in."""
        return datetime.combine(self.as_of_on, time(23, 59, 59))

    @property
    def key(self) -> dict[str, Any]:
        """The parameters of a query over one round."""
        return {"document_number": self.document_number, "round_id": self.round_id, "as_of": self.as_of}


@dataclass(frozen=True)
class BoardDefinition:
    """A board as the page 依据与口径 explains it."""

    name: str
    page: str
    title: str
    asks: str
    formula: str
    sources: tuple[LegalSource, ...]


BOARDS: dict[str, BoardDefinition] = {}


def board(
    *, page: str, title: str, asks: str, formula: str, sources: tuple[LegalSource, ...] = ()
) -> Callable[[Function], Function]:
    """Register a board's definition beside its function; 依据与口径 lists every one."""

    def register(function: Function) -> Function:
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        BOARDS[name] = BoardDefinition(name, page, title, asks, formula, sources)
        return function

    return register
