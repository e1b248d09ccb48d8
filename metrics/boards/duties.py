"""时效跟踪: every duty of every unit — its clock, who is late, how often in time, the whole history, the calendar."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from data.store import Store, sql_text, with_relations
from metrics import duties as duty_rules
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.docking import docked_frame
from metrics.duties import ANSWER_SOURCE, STEP_WORDS, duty_sql
from metrics.indicators import REGION_ID
from metrics.scope import end_of_day

REGION_NAME = "州本级"

_COLUMNS = (
    "document_number", "recipient_id", "recipient_name", "recipient_short_name", "display_no", "duty_key", "duty_kind",
    "step", "duty_basis", "is_counted", "what_text", "printed_text", "line_no", "counted_from_on",
    "working_day_count", "calendar_day_count", "opened_on", "due_on", "first_done_on", "last_done_on", "done_on",
    "done_count", "is_inferred", "duty_state", "late_days", "left_days", "given_yuan", "given_marker", "after_yuan",
    "marker_text", "as_of_on",
)


@board(
    page="时效跟踪",
    title="办理时间线",
    asks="每个单位从收文到登录、标识、导入、报送、答复，每一步何时开始、何时到期、何时办结、重办过没有",
    formula="文件的每个时限、每个填报轮次、每次退回各是一项事项，各有自己的时钟。按工作日计的：起算当日不计，从次一工作日起数，"
    "最后一日计入；按日历日计的：起算当日不计，最后一日是休息日的顺延到下一工作日；文件印明的日期和轮次截止日不顺延。"
    "登录指标、标识登录与导入同日到期，是途中的步骤，不单独计数；已全部导入而没有登记这两步的，按导入日视为已办。"
    "填报以首次报送日为准；退回后的答复限期是本系统设定，不是法律规定。"
    "其他时限的环节按文件用语推定，推定不出的为“办结”，以登记该环节为准。",
    sources=(
        law.COUNTY_IMPORT_SOURCE, law.THREE_WORKING_DAYS_SOURCE, law.DAY_COUNT_SOURCE, law.WORKING_DAY_SOURCE,
        ANSWER_SOURCE,
    ),
)
def timeline(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """Every duty of every unit in one notice, with its clock.

    Shape:  one row per recipient and duty, in the order of the units and of the days.
    Unit:   元; working days for limits in working days, else calendar days.
    Empty:  ``due_on`` is empty where it cannot be counted, ``done_on`` where it is not done.
    """
    table = _judged(store, scope.as_of, region_code, document_number=scope.document_number)
    return table[table["recipient_id"] != REGION_ID].reset_index(drop=True)


@board(
    page="时效跟踪",
    title="州本级办理时间线",
    asks="州本级自己收到上级文件以后，每一步何时到期、何时办结",
    formula="按“办理时间线”的口径，从州本级收到上级文件起算；文件印明的时限只约束州本级，与各单位的时钟分开。",
    sources=(law.THREE_WORKING_DAYS_SOURCE, law.DAY_COUNT_SOURCE, law.WORKING_DAY_SOURCE),
)
def region_timeline(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """The prefecture's own duties in one notice; shape and units as ``timeline``."""
    return _judged(store, scope.as_of, region_code, document_number=scope.document_number, recipient_id=REGION_ID)


@board(
    page="时效跟踪",
    title="逾期和有误",
    asks="谁逾期、逾期几天，谁按期但为空、按期但有误，错在哪里",
    formula="逾期未办、按期但为空、按期但有误、逾期办结的事项，依次按逾期天数排列；"
    "差额＝应导入金额－已导入金额；标识与文件不同或没有标识的单列。",
    sources=(law.COUNTY_IMPORT_SOURCE, law.SAME_DATA_SOURCE, law.DIRECT_FUND_MARKER_SOURCE, law.DAY_COUNT_SOURCE),
)
def late_table(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """The duties of one notice that are late, or were late, or were done empty or wrong; the gravest first.

    Shape:  one row per recipient and duty, with ``short_yuan`` and ``marker_fault`` (missing, different, or empty).
    Unit:   元; days as in ``timeline``.
    Empty:  no rows where everything is in time.
    """
    table = _judged(
        store, scope.as_of, region_code, sql_text("metrics", "late_duty"), ("short_yuan", "marker_fault", "late_rank"),
        document_number=scope.document_number,
    )
    table = table[table["recipient_id"] != REGION_ID]
    return table.sort_values(
        ["late_rank", "late_days", "display_no"], ascending=[True, False, True], kind="stable"
    ).reset_index(drop=True)


@board(
    page="时效跟踪",
    title="监控系统导出里的导入",
    asks="没有登记导入的单位，监控系统的导出显示何时已全部导入、标识是否一致；不能据此登记的，为什么",
    formula="监控系统导出中这份文件的资金，合计等于应导入金额、每行标识与文件一致、每行有日期的，以合计达到应导入金额的第一天为导入日，"
    "可以据此登记；早于收文的不算。导出只是凭据，登记以后才计入时钟和得分。已登记全部导入的不列。",
    sources=(law.COUNTY_IMPORT_SOURCE, law.SAME_DATA_SOURCE, law.DIRECT_FUND_MARKER_SOURCE),
)
def docked_imports(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """What the monitoring system's export says of the units whose import is not on record whole, in their order.

    Shape:  one row per unit: ``evidence_state`` (whole, or why not), ``imported_on``, ``place_text``.
    Unit:   元.
    Empty:  no rows where no export speaks of the units, or the notice has no limit for the import.
    """
    table = timeline(store, scope, region_code)
    owed = table[(table["duty_kind"] == "import") & (table["step"] == "imported") & table["done_on"].isna()]
    with store.reading() as cursor:
        docked = docked_frame(cursor, sql_text("metrics", "docked_import"), scope.document_number, scope.as_of)
    names = ["recipient_id", "recipient_name", "recipient_short_name", "display_no", "due_on"]
    owed = owed[names].drop_duplicates("recipient_id")
    return owed.merge(docked, on="recipient_id").sort_values("display_no", ignore_index=True)


@board(
    page="时效跟踪",
    title="按时率",
    asks="到期的事项中按时办结的占多少：每个单位、每份文件、每个季度",
    formula="按时率＝按时办结的事项÷已办结或已到期的事项；未到期的、无法计算的（没有登记收文、放假安排尚未公布、截止日不明）"
    "不进分子分母，另列数目。季度按到期日划分；登录指标、标识登录不单独计数；州本级不在内。",
    sources=(law.DAY_COUNT_SOURCE, law.OWN_SETTING_SOURCE),
)
def on_time_rates(store: Store, today: date, region_code: str) -> pd.DataFrame:
    """Both sides of the on-time rates over all notices, as known at the end of a day.

    Shape:  one row per ``group_kind`` (all, unit, notice, quarter), ``group_key`` and ``recipient_id``; the latter is
            empty where all units are meant.
    Unit:   counts of duties; the rate is ``on_time_count`` ÷ ``due_count``.
    Empty:  a ``due_count`` of 0 gives no rate.
    """
    sql = with_relations(sql_text("metrics", "on_time_rate"), {"duty": duty_sql()})
    with store.reading() as cursor:
        table = cursor.frame(sql, {
            "document_number": "", "recipient_id": "", "region_code": region_code, "as_of": end_of_day(today),
        })
    return _named(store, table).sort_values(["group_kind", "group_key", "display_no"], kind="stable", ignore_index=True)


@board(
    page="时效跟踪",
    title="办理窗口与历史",
    asks="每个单位在所有文件里有过哪些事项：何时开始、何时到期、何时首次办结、重办几次",
    formula="每个事项一行；首次办结取第一次登记或报送的日期，重办次数＝登记或报送次数－1；计算口径同“办理时间线”。",
    sources=(law.DAY_COUNT_SOURCE,),
)
def duty_history(store: Store, today: date, region_code: str) -> pd.DataFrame:
    """Every duty of every unit over all notices, as known at the end of a day; the newest window first."""
    table = _judged(store, end_of_day(today), region_code)
    table = table[table["recipient_id"] != REGION_ID]
    return table.sort_values(
        ["opened_on", "document_number", "display_no"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


@board(
    page="时效跟踪",
    title="日历事项",
    asks="一个单位（或全部单位）在所有文件里还有哪些事项没有办结，何时到期，提前一个工作日是哪一天",
    formula="没有办结而截止日算得出的事项；提醒日是截止日前一个工作日。",
    sources=(law.DAY_COUNT_SOURCE, law.WORKING_DAY_SOURCE),
)
def calendar_entries(store: Store, today: date, region_code: str, recipient_id: str = "") -> pd.DataFrame:
    """The open duties of one unit over all notices, the next first; of every unit where none is named.

    Empty:  ``remind_on`` is empty where the working days around the due day are not published.
    """
    sql = with_relations(
        sql_text("metrics", "duty_calendar"), {"working_day": sql_text("data", "queries/working_days")}
    )
    table = _judged(store, end_of_day(today), region_code, sql, ("remind_on",), recipient_id=recipient_id)
    return table.sort_values(["due_on", "document_number", "display_no"], kind="stable", ignore_index=True)


@board(
    page="时效跟踪",
    title="其他时限的环节",
    asks="文件除导入以外还印了哪些时限，各要登记哪个环节",
    formula="环节按时限的用语推定：报送、上报、备案、反馈为报送，拨付、发放、支付为拨付，下达、分配、分解为分解下达，"
    "公示、公开为公开，答复、回复为答复，都不是的为办结；同一环节有几个时限的依次编号。",
)
def limit_steps(store: Store, document_number: str) -> pd.DataFrame:
    """The steps that can be recorded for a notice besides the way of its import; often none."""
    with store.reading() as cursor:
        return duty_rules.limit_steps(cursor, document_number)


def _judged(
    store: Store, as_of: datetime, region_code: str, sql: str = "SELECT * FROM duty", more: tuple[str, ...] = (), *,
    document_number: str = "", recipient_id: str = "",
) -> pd.DataFrame:
    """A SELECT over the relation ``duty``, with the names of the units."""
    with store.reading() as cursor:
        table = cursor.frame(with_relations(sql, {"duty": duty_sql()}), {
            "document_number": document_number, "recipient_id": recipient_id, "region_code": region_code,
            "as_of": as_of,
        })
    named = _named(store, table)
    named["way"] = named["step"].str.split("-").str[0].map({step: place for place, step in enumerate(STEP_WORDS)})
    named = named.sort_values(["display_no", "due_on", "way", "duty_key"], kind="stable", ignore_index=True)
    return named[[*_COLUMNS, *more]]


def _named(store: Store, table: pd.DataFrame) -> pd.DataFrame:
    """The rows with the names of their units; the prefecture comes first."""
    units = store.query("recipients").rename(columns={"short_name": "recipient_short_name"})
    table = table.merge(
        units[["recipient_id", "recipient_name", "recipient_short_name", "display_no"]], on="recipient_id", how="left"
    )
    is_region = table["recipient_id"] == REGION_ID
    for column in ("recipient_name", "recipient_short_name"):
        table[column] = table[column].mask(is_region, REGION_NAME).fillna("")
    table["display_no"] = table["display_no"].fillna(0).astype("int64")
    return table
