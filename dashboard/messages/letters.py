"""A message before it has a form: a subject, and lines that each say what to do, until when, and where.

No line holds words that a person typed: a reason or a question may name a beneficiary, and is read after sign-in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlencode

from dashboard import labels
from metrics.working_days import WEEKDAYS

# Why a line stands in a message, the most urgent first.
MARK_WORDS = {
    "overdue": "逾期", "today": "今天到期", "soon": "下一个工作日到期", "waiting": "等您办理", "attention": "请您过问",
    "new": "新增", "note": "请知悉", "open": "未到期",
}
MOST_LINES = 20


@dataclass(frozen=True)
class Line:
    """One thing: ``key`` names it from day to day, ``mark`` why it is said, ``path`` the page where it is done."""

    key: str
    mark: str
    text: str
    path: str = ""

    @property
    def way(self) -> str:
        """What its link says: who only asks goes to look."""
        return "去看" if self.mark in ("attention", "note") else "去办理"


@dataclass(frozen=True)
class Letter:
    """What one receiver is told; ``keys`` name everything that is open for them, said or not."""

    subject: str
    lines: tuple[Line, ...]
    closing: str
    keys: tuple[str, ...] = ()

    def groups(self) -> list[tuple[str, list[Line]]]:
        """The lines under their words, in order: 「逾期」 and its lines, 「今天到期」 and its lines."""
        return [
            (words, held) for mark, words in MARK_WORDS.items()
            if (held := [line for line in self.lines if line.mark == mark])
        ]


def page_path(page: str, **query: object) -> str:
    """The path of a page with what it shows: reporting?notice=…&round=2021-12."""
    asked = {name: str(value) for name, value in query.items() if value not in ("", 0, None)}
    return f"/{page}" + (f"?{urlencode(asked)}" if asked else "")


def counted_subject(name: str, today: date, lines: Sequence[Line]) -> str:
    """What a digest is about, in one line that can be read without opening it.

    >>> counted_subject("和静县", date(2021, 12, 28), [Line("a", "overdue", "导入监控系统")])
    '问效·和静县 12月28日（周二）：逾期 1 件'
    """
    counts = "，".join(
        f"{words} {count} 件" for mark, words in MARK_WORDS.items()
        if (count := sum(line.mark == mark for line in lines))
    )
    return f"问效·{name} {labels.day(today)}（周{WEEKDAYS[today.weekday()]}）：{counts}"


def lines_as_json(lines: Sequence[Line]) -> str:
    """Lines as the outbox keeps them."""
    return json.dumps([asdict(line) for line in lines], ensure_ascii=False)


def lines_of_json(text: str) -> tuple[Line, ...]:
    """Lines as the outbox kept them."""
    return tuple(Line(**told) for told in json.loads(text))
