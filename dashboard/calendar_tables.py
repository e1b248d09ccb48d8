"""Tables and words of the page 日历与时限."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from dashboard import labels
from dashboard.actions.calendar import CalendarChange
from dashboard.kept import kept
from metrics.counted_days import hours_on
from metrics.duties import step_name
from metrics.law import OFFICE_HOURS_SOURCE, TRUST_LABELS, Trust, citation
from metrics.regional_plan import levels
from metrics.working_days import WEEKDAYS

TRUST_WORDS = {mark.value: words for mark, words in TRUST_LABELS.items()}
# What a person may say of the source of a day; what was computed is not read anywhere.
OFFERED_TRUST = {mark.value: TRUST_LABELS[mark] for mark in (Trust.UNVERIFIED, Trust.SECOND_HAND, Trust.OFFICIAL)}
MIDNIGHT = "24:00"
KINDS = {False: "放假", True: "上班"}


def place_names(region_code: str) -> dict[str, str]:
    """The codes that a day may be entered for, the region's own first."""
    return {
        code: f"{'上级地区' if place else '本地区'}（{code}）" for place, code in enumerate(levels(region_code))
    }


def day_words(day: pd.Timestamp | date) -> str:
    """A day with its weekday: 2025-06-06 周五."""
    return f"{day:%Y-%m-%d} 周{WEEKDAYS[day.weekday()]}"


@kept
def year_sentence(year: int, years: pd.DataFrame, table: pd.DataFrame, region_code: str) -> str:
    """How many working days a year has, in the nation and here, in one sentence."""
    row = years.set_index("year").loc[year]
    if not region_code:
        return f"{year}年全国 {row['national_count']} 个工作日。"
    standing = table[table["removed_at"].isna()]
    changing = int(standing["is_changing"].sum())
    entered = "没有登记地区安排"
    if len(standing):
        entered = f"登记了 {len(standing)} 天地区安排，其中 {changing} 天与全国不同"
    return f"{year}年全国 {row['national_count']} 个工作日，本地区 {row['region_count']} 个；{entered}。"


@kept
def regional(table: pd.DataFrame) -> pd.DataFrame:
    """The days that hold, as people read them."""
    rows = table[table["removed_at"].isna()].to_dict("records")
    return pd.DataFrame({
        "日期": [day_words(row["calendar_day"]) for row in rows],
        "安排": [KINDS[bool(row["is_working"])] for row in rows],
        "节日": [row["holiday_name"] for row in rows],
        "与全国相比": ["改变" if row["is_changing"] else "相同" for row in rows],
        "可信程度": [TRUST_WORDS[row["trust"]] for row in rows],
        "出处": [row["source_text"] for row in rows],
        "适用地区": [f"{row['region_code']}" for row in rows],
        "登记人": [row["added_by"] for row in rows],
    })


@kept
def removed(table: pd.DataFrame) -> pd.DataFrame:
    """The days that were removed, with who did it and why."""
    rows = table[table["removed_at"].notna()].to_dict("records")
    return pd.DataFrame({
        "日期": [day_words(row["calendar_day"]) for row in rows],
        "原安排": [f"{row['holiday_name']} {KINDS[bool(row['is_working'])]}" for row in rows],
        "理由": [row["removal_reason"] for row in rows],
        "移除人": [row["removed_by"] for row in rows],
        "移除时间": [labels.moment(row["removed_at"]) for row in rows],
        "原出处": [row["source_text"] for row in rows],
    })


@kept
def removable(table: pd.DataFrame) -> dict[tuple[str, date], str]:
    """The days that can be removed, with their names."""
    return {
        (row["region_code"], row["calendar_day"].date()):
            f"{day_words(row['calendar_day'])} {row['holiday_name']} {KINDS[bool(row['is_working'])]}"
        for row in table[table["removed_at"].isna()].to_dict("records")
    }


@kept
def months(days: pd.DataFrame) -> pd.DataFrame:
    """A year by months: working days, days off beside weekends, weekend days that are worked."""
    months_of = days.groupby(days["calendar_day"].dt.month)
    return pd.DataFrame([
        {
            "月份": f"{month}月",
            "工作日": int(found["is_working"].sum()),
            "放假": _spans(found[~found["is_working"] & ~found["day_note"].isin(["周六", "周日"])]),
            "周末上班": _spans(found[found["is_working"] & (found["day_note"] != "")]),
        }
        for month, found in months_of
    ])


@kept
def years(table: pd.DataFrame) -> pd.DataFrame:
    """The published years as people read them."""
    return pd.DataFrame({
        "年份": [f"{year}年" for year in table["year"]],
        "全国工作日": table["national_count"],
        "本地区工作日": table["region_count"],
        "登记的地区安排": [f"{count} 天" if count else "没有收录" for count in table["entered_count"]],
    })


@kept
def office_sentence(hours: pd.DataFrame, today: date) -> str:
    """When a day of a clock ends today, since when, and what comes next, in sentences."""
    coming = hours[hours["closes_from_on"] > pd.Timestamp(today)].drop_duplicates("closes_from_on")
    told = "".join(
        f"自 {row['closes_from_on']:%Y-%m-%d} 起改为到 {row['closes_at'] or MIDNIGHT} 为止。"
        for row in coming.iloc[::-1].to_dict("records")
    )
    row = hours_on(hours, today)
    if row is None:
        return f"一天到 {MIDNIGHT} 为止：没有设定下班时间，当天 {MIDNIGHT} 以前收到、办完的都算当天。{told}"
    since, closes_at = f"自 {row['closes_from_on']:%Y-%m-%d} 起", row["closes_at"]
    if not closes_at:
        return f"{since}，一天到 {MIDNIGHT} 为止；此前的时刻按当时的设定计算。{told}"
    return (
        f"{since}，一天到 {closes_at} 为止：{closes_at} 以后收到的文件、办完的事都算次日，恰在 {closes_at} 的算当天；"
        f"此前的时刻按当时的设定计算。出处：{row['source_text']}。{told}"
    )


@kept
def office_history(hours: pd.DataFrame) -> pd.DataFrame:
    """Every closing time that was set, with who set it; one that a later entry for its day corrected says so."""
    return pd.DataFrame({
        "生效日": [f"{day:%Y-%m-%d}" for day in hours["closes_from_on"]],
        "下班时间": hours["closes_at"].replace("", MIDNIGHT),
        "出处": hours["source_text"].replace("", "—"),
        "登记人": hours["added_by"],
        "登记时间": [labels.moment(at) for at in hours["added_at"]],
        "是否有效": hours["closes_from_on"].duplicated().map({False: "有效", True: "已被更正"}),
    })


def office_basis() -> str:
    """The rule that closing times rest on."""
    return f"依据：{citation(OFFICE_HOURS_SOURCE)}。{OFFICE_HOURS_SOURCE.note}"


@kept
def change_sentence(change: CalendarChange) -> str:
    """What a change would do, before anybody saves it."""
    days = f"{_day_list(change.days)}共 {len(change.days)} 天改变。" if change.days else ""
    late = sum(duty.old_state != duty.new_state for duty in change.moved)
    states = f"，{late} 项时限的状态改变" if late else ""
    return f"{days}这会改变 {change.unit_count} 个单位的截止日{states}。"


@kept
def moved(change: CalendarChange, names: dict[str, str]) -> pd.DataFrame:
    """The duties that would be moved, those with another last day first."""
    rows = sorted(change.moved, key=lambda duty: duty.old_due_on == duty.new_due_on)
    return pd.DataFrame({
        "文件": [duty.document_number for duty in rows],
        "单位": [names.get(duty.recipient_id, "州本级") for duty in rows],
        "环节": [step_name(duty.step) for duty in rows],
        "时限": [duty.what_text for duty in rows],
        "截止日": [_from_to(_day(duty.old_due_on), _day(duty.new_due_on)) for duty in rows],
        "状态": [_from_to(*(labels.marked(labels.CLOCK_MARKS, state) for state in (duty.old_state, duty.new_state)))
               for duty in rows],
    })


def _from_to(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"


def _day(day: date | None) -> str:
    return "无法计算" if day is None else day.isoformat()


def _day_list(days: Sequence[date]) -> str:
    return "、".join(f"{day:%Y-%m-%d}" for day in days)


def _spans(table: pd.DataFrame) -> str:
    """Days of one month with the same words as spans: 1–3日 元旦放假."""
    told: list[tuple[int, int, str]] = []
    for row in table.to_dict("records"):
        day = row["calendar_day"].day
        if told and told[-1][1] == day - 1 and told[-1][2] == row["day_note"]:
            told[-1] = (told[-1][0], day, row["day_note"])
        else:
            told.append((day, day, row["day_note"]))
    return "；".join(_span(first, last, note) for first, last, note in told) or "—"


def _span(first: int, last: int, note: str) -> str:
    return f"{first}日 {note}" if first == last else f"{first}–{last}日 {note}"


@kept
def year_choices(years_found: Iterable[int]) -> list[int]:
    """The years that the page shows: those on file, and the next one, of which it says that it is not published."""
    found = list(years_found)
    return [max(found) + 1, *found]
