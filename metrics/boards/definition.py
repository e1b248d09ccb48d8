"""What a board is: one table or chart of a page, said once in words and once in code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from metrics.law import LegalSource
from metrics.scope import Scope

__all__ = ["BOARDS", "BoardDefinition", "Scope", "board"]

Function = TypeVar("Function", bound=Callable[..., Any])


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
