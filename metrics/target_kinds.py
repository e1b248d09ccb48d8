"""The kinds of target, and a target as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from metrics.target_dates import Due, due_in_year


class TargetKind(StrEnum):
    """What a target asks for."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUAL = "equal"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    RANGE = "range"
    FULL_COVERAGE = "full_coverage"
    NOT_BELOW_LAST_YEAR = "not_below_last_year"
    INCREASE_OVER_LAST_YEAR = "increase_over_last_year"
    DECREASE_OVER_LAST_YEAR = "decrease_over_last_year"
    WORKING_DAY_DEADLINE = "working_day_deadline"
    CALENDAR_DAY_DEADLINE = "calendar_day_deadline"
    DATE_DEADLINE = "date_deadline"
    QUALITATIVE = "qualitative"
    # A unit that has no part of a total: never printed by a notice, said when it is decomposed.
    NOT_ASSIGNED = "not_assigned"
    OTHER = "other"


@dataclass(frozen=True)
class Target:
    """A target as read. ``bound`` is None where the text prints no number that binds.

    ``due_on`` is filled where the text prints the year; else ``due_month`` and ``due_day`` wait for the
    round's year (``due_on_in``). ``is_bare`` marks a number without a direction: 63人.
    """

    text: str
    kind: TargetKind
    bound: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    due_on: date | None = None
    due_month: int | None = None
    due_day: int | None = None
    due_year_shift: int = 0
    is_bare: bool = False

    @property
    def scale(self) -> int:
        """What a share is multiplied with to read in the target's unit: 100 for %, 1000 for ‰, else 1."""
        return {"%": 100, "‰": 1000}.get(self.unit, 1)

    def due_on_in(self, year: int) -> date | None:
        """The due date of a date target in the year of a round."""
        return due_in_year(Due(self.due_on, self.due_month, self.due_day, self.due_year_shift), year)


def json_number(number: Decimal | None) -> int | float | None:
    """A number for JSON: an int where it is whole, null where there is none."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
