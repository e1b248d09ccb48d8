"""Of what every board is asked: one notice, one round, as known at the end of one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any


def end_of_day(day: date) -> datetime:
    """The last moment that a day takes in."""
    return datetime.combine(day, time(23, 59, 59))


@dataclass(frozen=True)
class Scope:
    """Which notice, which round, as known at the end of which day."""

    document_number: str
    round_id: str
    as_of_on: date

    @property
    def as_of(self) -> datetime:
        """The last moment that the 统计截止日 takes in."""
        return end_of_day(self.as_of_on)

    @property
    def key(self) -> dict[str, Any]:
        """The parameters of a query over one round."""
        return {"document_number": self.document_number, "round_id": self.round_id, "as_of": self.as_of}
