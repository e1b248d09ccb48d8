"""When messages may leave: in office hours on working days; what comes at night waits until the next morning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dashboard.messages.channels import CLOSES_AT, Post
from data.store import Store
from metrics.counted_days import hours_on


@dataclass(frozen=True)
class Hours:
    """The hours of sending. ``working`` says of each counted day whether it is a working day.

    A day whose arrangement is not published yet is taken by the week alone: no deadline hangs on when a message
    leaves, and silence would be worse.
    """

    opens_at: time
    closes_at: time
    working: Mapping[date, bool]

    def is_working(self, day: date) -> bool:
        """Whether messages go out on a day."""
        return self.working.get(day, day.weekday() < 5)

    def is_open(self, moment: datetime) -> bool:
        """Whether a message may leave now.

        >>> hours = Hours(time(9, 30), time(19), {})
        >>> hours.is_open(datetime(2021, 12, 27, 9, 30)), hours.is_open(datetime(2021, 12, 27, 19))
        (True, False)
        """
        return self.is_working(moment.date()) and self.opens_at <= moment.time() < self.closes_at

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself, or the next morning of a working day.

        >>> Hours(time(9, 30), time(19), {}).next_open(datetime(2021, 12, 24, 20))
        datetime.datetime(2021, 12, 27, 9, 30)
        """
        if self.is_open(moment):
            return moment
        day = moment.date()
        if moment.time() >= self.opens_at:
            day += timedelta(days=1)
        while not self.is_working(day):
            day += timedelta(days=1)
        return datetime.combine(day, self.opens_at)


def hours_of(store: Store, post: Post | None, region_code: str, today: date) -> Hours:
    """The hours that hold on a day: the file's, or those of the page 日历与时限; without a file the shipped ones."""
    days = store.query("working_days", region_code=region_code)
    working = {
        moment.date(): bool(is_working)
        for moment, is_working in zip(days["calendar_day"], days["is_working"], strict=True)
    }
    kept = hours_on(store.query("office_hours"), today)
    office = time.fromisoformat(str(kept["closes_at"])) if kept and kept["closes_at"] else None
    post = post or Post("", {})
    closes_at = post.closes_at or (office if office and office > post.digest_at else CLOSES_AT)
    return Hours(post.opens_at, closes_at, working)
