"""时效跟踪: each unit's clock, with the days it counted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.store import Store
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.boards.standing import unit_clocks
from metrics.counted_days import store_calendar
from metrics.duties import LATE_STATES
from metrics.working_days import print_count


@dataclass(frozen=True)
class ClockLimit:
    """The working-day limit that a notice sets, with its printed words."""

    what: str
    printed: str
    line_no: int
    working_days: int


@board(
    page="时效跟踪",
    title="各单位时钟",
    asks="谁按期、谁逾期、逾期几个工作日，每一天是怎样数的",
    formula="时钟状态按“导入时钟”的口径判定；数到的工作日逐日列出。",
    sources=(law.THREE_WORKING_DAYS_SOURCE, law.DAY_COUNT_SOURCE, law.YEARLY_ARRANGEMENT_SOURCE),
)
def clock_table(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """Every unit's clock with its count in words.

    Shape:  one row per recipient, the latest first, then those without a receipt.
    Unit:   working days.
    Empty:  ``counted`` is empty where no receipt is recorded, or the count runs into a year without an arrangement.
    """
    table = unit_clocks(store, scope, region_code)
    with store.reading() as cursor:
        calendar = store_calendar(cursor, region_code)

    table["counted"] = [
        "" if pd.isna(row["due_on"]) else print_count(
            calendar.count(row["received_on"].date(), int(row["allowed_days"]))
        )
        for row in table.to_dict("records")
    ]
    states = (*LATE_STATES, "no_receipt", "not_published", "not_due", "on_time")
    order = {state: place for place, state in enumerate(states)}
    table["order"] = table["clock_state"].map(order)
    return table.sort_values(["order", "late_days"], ascending=[True, False], kind="stable").drop(columns="order")


@board(
    page="时效跟踪",
    title="时限出处",
    asks="这个时限印在文件哪一行",
    formula="取自文件绩效目标表中的时效指标。",
    sources=(law.THREE_WORKING_DAYS_SOURCE,),
)
def limit(store: Store, document_number: str) -> ClockLimit | None:
    """The limit that the clocks run by; None if the notice sets none in working days."""
    table = store.query("notice_deadlines", document_number=document_number)
    table = table[table["working_day_count"].notna()]
    if table.empty:
        return None
    row = table.iloc[0]
    return ClockLimit(
        row["what_text"], row["printed_text"], int(row["line_no"]), int(row["working_day_count"])
    )


@board(
    page="时效跟踪",
    title="日历说明",
    asks="数日时有没有漏计本地区的民族节日",
    formula="收文年份的地区放假安排没有收录的，按全国安排计算并说明。",
    sources=(law.REGIONAL_HOLIDAY_SOURCE, law.YEARLY_ARRANGEMENT_SOURCE),
)
def calendar_note(store: Store, scope: Scope, region_code: str) -> str:
    """What a reader must know about the calendar that the clocks count by; empty if nothing."""
    table = unit_clocks(store, scope, region_code)
    with store.reading() as cursor:
        calendar = store_calendar(cursor, region_code)
    notes = dict.fromkeys(
        calendar.count(row["received_on"].date(), int(row["allowed_days"])).note
        for row in table.to_dict("records") if pd.notna(row["due_on"])
    )
    return "".join(note for note in notes if note)


@board(
    page="时效跟踪",
    title="办理记录",
    asks="每一步是谁在什么时候登记的",
    formula="收文、登录指标、标识登录、导入监控系统的每次登记各一行，不覆盖。",
)
def receipts(store: Store, scope: Scope) -> pd.DataFrame:
    """Every step that was recorded, the newest first.

    Unit:  元.
    Empty: no rows before anybody recorded a receipt.
    """
    return store.query("receipts", document_number=scope.document_number, as_of=scope.as_of)
