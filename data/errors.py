"""What can go wrong, said to a person: what, where, what to do now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class WenxiaoError(Exception):
    """A fault that a user is told about in one Chinese sentence; never a traceback."""


class FileError(WenxiaoError):
    """A file cannot be read at all: wrong kind, empty, too large, damaged, encrypted."""


class NotFoundError(WenxiaoError):
    """Something that was asked for by name is not in the store."""


class BusyStoreError(WenxiaoError):
    """Another process holds the store."""


class TornStoreError(WenxiaoError):
    """What was written ahead of the store's file is damaged from a byte on; nothing before it is."""

    def __init__(self, sentence: str, position: int) -> None:
        """Keep where the damage begins."""
        self.position = position
        super().__init__(sentence)


class UnwrittenError(WenxiaoError):
    """The disk took nothing more: what was to be kept is not, and what was kept before is."""


class CalendarError(WenxiaoError):
    """A working day was asked for in a year whose arrangement is not published."""


@dataclass(frozen=True)
class CellIssue:
    """One fault in one cell of a file that a person filled in.

    ``place`` reads as the person sees it: 「填报表」!F12. ``code`` is stable and kebab-case. ``repair`` is what
    the cell obviously should hold, where there is such a thing; empty would clear the cell. ``key`` is the
    field and the indicator of a report's cell.
    """

    code: str
    place: str
    sentence: str
    repair: str | None = None
    key: tuple[str, int] | None = None


class IntakeError(WenxiaoError):
    """A filled file has faults; all of them are listed, none is loaded."""

    def __init__(self, file_name: str, issues: Iterable[CellIssue], more: int = 0) -> None:
        """Keep every issue, and how many more are not listed; the message is the first and the count."""
        self.file_name = file_name
        self.issues = tuple(issues)
        self.more = more
        self.count = len(self.issues) + more
        if more:
            self.issues += (CellIssue("more-faults", "其余", f"另有 {more:,} 处没有列出。"),)
        super().__init__(
            f"《{file_name}》有 {self.count} 处需要更正，一条也没有写入。"
            + (self.issues[0].sentence if self.issues else "")
        )

    def __reduce__(self) -> tuple[type[IntakeError], tuple[str, tuple[CellIssue, ...], int]]:
        """Let it come back from another process with all that it lists."""
        return type(self), (self.file_name, self.issues[:-1] if self.more else self.issues, self.more)


class ForwardedError(WenxiaoError):
    """What another process answered in its place: ``payload`` is its fault as JSON, with code and sentence."""

    def __init__(self, payload: dict[str, Any]) -> None:
        """Keep the whole fault; the message is its sentence."""
        self.payload = payload
        super().__init__(payload["error"]["sentence"])


class RefusedError(WenxiaoError):
    """An action is refused by a rule: not the person's right, not the time, sums that do not hold."""
