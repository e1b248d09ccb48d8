"""A span of days that a region arranges otherwise, as a person enters it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.reference import TRUST_MARKS, RegionalDay
from metrics.working_days import FIRST_YEAR, LAST_YEAR, WorkingCalendar

MOST_DAYS = 31
MOST_LETTERS = 300


@dataclass(frozen=True)
class RegionalSpan:
    """Rest or work from one day to another, both included, with the holiday's name and where it is written."""

    region_code: str
    from_on: date
    to_on: date
    is_working: bool
    holiday_name: str
    source_text: str
    trust: str

    @property
    def day_count(self) -> int:
        """How many days there are, both ends included; 0 or less where it ends before it begins."""
        return (self.to_on - self.from_on).days + 1

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the span; none where it ends before it begins."""
        return tuple(self.from_on + timedelta(days=step) for step in range(self.day_count))

    @property
    def rows(self) -> tuple[RegionalDay, ...]:
        """The span as rows of the calendar."""
        return tuple(
            RegionalDay(
                self.region_code, day, self.is_working, self.holiday_name.strip(), self.source_text.strip(), self.trust
            )
            for day in self.days
        )


def levels(region_code: str) -> tuple[str, ...]:
    """The codes whose days hold in a region: its own, its prefecture's, its province's.

    >>> levels("652822")
    ('652822', '652800', '650000')
    """
    return tuple(dict.fromkeys(region_code[:end].ljust(6, "0") for end in (6, 4, 2))) if region_code else ()


def changing_days(held: Sequence[RegionalDay], span: RegionalSpan, region_code: str) -> tuple[date, ...]:
    """The days of a span on which the region would rest instead of work, or the reverse.

    Raises: CalendarError if a year's arrangement is not published.
    """
    before = WorkingCalendar(held, region_code)
    after = WorkingCalendar((*held, *span.rows), region_code)
    return tuple(day for day in span.days if before.is_working_day(day) != after.is_working_day(day))


def span_faults(held: Sequence[RegionalDay], span: RegionalSpan, region_code: str) -> list[str]:
    """Everything that is wrong with a span, one clause each; ``held`` are the rows that hold now."""
    faults = []
    if not span.holiday_name.strip():
        faults.append("没有写节日名称，例如 古尔邦节")
    if not span.source_text.strip():
        faults.append("没有写出处，请写明发文单位、文号或网址")
    if max(len(span.holiday_name), len(span.source_text)) > MOST_LETTERS:
        faults.append(f"名称和出处各不超过 {MOST_LETTERS} 个字")
    if span.trust not in TRUST_MARKS:
        faults.append("没有选出处可信程度")
    holds_here = span.region_code in levels(region_code)
    if not region_code:
        faults.append("本单位没有设定地区代码，只按全国安排计算，不能登记地区安排")
    elif not holds_here:
        faults.append(f"地区代码“{span.region_code[:20]}”不是本地区或上级地区，可选 {'、'.join(levels(region_code))}")
    return faults + _day_faults(held, span, region_code, holds_here)


def _day_faults(
    held: Sequence[RegionalDay], span: RegionalSpan, region_code: str, holds_here: bool
) -> list[str]:
    """What is wrong with the days; only of a span that holds here can be said that it changes nothing."""
    if span.day_count < 1:
        return [f"最后一日 {span.to_on} 早于第一日 {span.from_on}"]
    faults = []
    if span.day_count > MOST_DAYS:
        faults.append(f"从 {span.from_on} 到 {span.to_on} 共 {span.day_count} 天，一次最多 {MOST_DAYS} 天，请分次登记")
    years = sorted({day.year for day in (span.from_on, span.to_on) if not FIRST_YEAR <= day.year <= LAST_YEAR})
    if years:
        names = "、".join(f"{year}年" for year in years)
        faults.append(f"{names}的全国放假安排尚未公布或没有收录（有 {FIRST_YEAR}–{LAST_YEAR} 年），公布以后再登记")
    twice = [
        row.day for row in held if row.region_code == span.region_code and span.from_on <= row.day <= span.to_on
    ]
    if twice:
        names = "、".join(map(str, sorted(twice)[:MOST_DAYS]))
        faults.append(f"{names} 已经登记过，要改请先移除原来的一条")
    if not faults and holds_here and not changing_days(held, span, region_code):
        which, kind = "一天" if span.day_count == 1 else "几天", "上班日" if span.is_working else "休息日"
        faults.append(f"这{which}本来就是{kind}，登记后什么也不变")
    return faults
