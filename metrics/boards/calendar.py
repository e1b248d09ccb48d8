"""日历与时限: which days are working days here, what the region changes, when the office closes."""

from __future__ import annotations

import pandas as pd

from data.store import Store, sql_text
from metrics import law
from metrics.boards.definition import board
from metrics.counted_days import NATION, regional_rows
from metrics.working_days import FIRST_YEAR, LAST_YEAR, WorkingCalendar, region_holds

COLUMNS = [
    "region_code", "calendar_day", "is_working", "holiday_name", "source_text", "trust", "is_changing", "added_at",
    "added_by", "removed_at", "removed_by", "removal_reason",
]


@board(
    page="日历与时限",
    title="地区安排",
    asks="本地区哪些日子与全国安排不同，是休息还是上班，出处在哪里",
    formula="登记给本地区或上级地区的每一天一行；与全国安排相比不改变的日子（例如周末的节日）也列出并注明。"
    "移除的保留记录，写明谁在什么时候为什么移除。",
    sources=(law.REGIONAL_HOLIDAY_SOURCE, law.XINJIANG_2025_HOLIDAY_SOURCE),
)
def regional_year(store: Store, region_code: str, year: int) -> pd.DataFrame:
    """Every day of a year that was entered for the region or one above it, also those removed.

    Shape:  one row per entry, in the order of days; ``is_changing`` if the day is not as the nation arranges it.
    Empty:  ``removed_at`` is missing for a day that holds; no rows where nothing was entered.
    """
    table: pd.DataFrame = store.query("regional_days")
    national = WorkingCalendar()
    holds = table["region_code"].map(lambda code: bool(region_code) and region_holds(code, region_code))
    table = table[(table["calendar_day"].dt.year == year) & holds.astype(bool)].reset_index(drop=True)
    table["is_changing"] = [
        is_working != national.is_working_day(day.date())
        for day, is_working in zip(table["calendar_day"], table["is_working"], strict=True)
    ]
    return table.loc[:, COLUMNS]


@board(
    page="日历与时限",
    title="每月工作日",
    asks="这一年每个月有几个工作日，哪些日子放假，哪些周末上班",
    formula="不在国务院办公厅当年通知的休息日之内，并且是周一至周五或者通知的调休上班日，即为工作日；再按地区安排增减。",
    sources=(law.WORKING_DAY_SOURCE, law.YEARLY_ARRANGEMENT_SOURCE, law.REGIONAL_HOLIDAY_SOURCE),
)
def year_days(store: Store, region_code: str, year: int) -> pd.DataFrame:
    """Every day of a year: is it a working day, and why a weekday is free or a weekend day is worked.

    Shape:  one row a day; no rows for a year whose arrangement is not published.
    """
    with store.reading() as cursor:
        table = cursor.frame(sql_text("data", "queries/working_days"), {"region_code": region_code})
    found: pd.DataFrame = table[table["calendar_day"].dt.year == year]
    return found.sort_values("calendar_day").reset_index(drop=True)


@board(
    page="日历与时限",
    title="各年工作日",
    asks="哪些年份已经有全国安排，各有几个工作日，本地区多休几天，地区安排收录了没有",
    formula="逐年数工作日；地区工作日与全国工作日之差来自登记的地区安排。没有登记的年份只按全国安排计算。",
    sources=(law.YEARLY_ARRANGEMENT_SOURCE, law.REGIONAL_HOLIDAY_SOURCE),
)
def years(store: Store, region_code: str) -> pd.DataFrame:
    """The years whose arrangement is published, the newest first.

    Shape:  one row a year: ``year``, ``national_count``, ``region_count``, ``entered_count``.
    Unit:   days; ``entered_count`` are the days entered for the region or one above it that hold.
    """
    with store.reading() as cursor:
        held = [row for row in regional_rows(cursor) if region_code and region_holds(row.region_code, region_code)]
        counted = {
            code: cursor.frame(sql_text("data", "queries/working_days"), {"region_code": code})
            for code in dict.fromkeys((NATION, region_code))
        }
    per_year = {
        code: frame[frame["is_working"]].groupby(frame["calendar_day"].dt.year).size()
        for code, frame in counted.items()
    }
    return pd.DataFrame([
        {
            "year": year, "national_count": int(per_year[NATION].get(year, 0)),
            "region_count": int(per_year[region_code].get(year, 0)),
            "entered_count": len({row.day for row in held if row.day.year == year}),
        }
        for year in range(LAST_YEAR, FIRST_YEAR - 1, -1)
    ])


@board(
    page="日历与时限",
    title="下班时间",
    asks="一天到几点为止，从哪一天起，历次是怎样设定的",
    formula="没有设定的，一天到24:00为止；设定了下班时间的，自生效日起，此后收到、办完的都算作次日，恰在下班时间的算当日。"
    "生效日以前的时刻按当时的设定计算；同一生效日登记几次的，以最近一次为准。",
    sources=(law.OFFICE_HOURS_SOURCE, law.OWN_SETTING_SOURCE),
)
def office_hours(store: Store) -> pd.DataFrame:
    """Every closing time that was ever set, the one of the latest day first.

    Shape:  one row per entry: ``closes_from_on``, ``closes_at``, ``source_text``, ``added_at``, ``added_by``.
    Empty:  ``closes_at`` is empty where a day ends at 24:00; no rows where none was ever set.
    """
    return store.query("office_hours")
