"""两系统对账: what the notice, the integrated budget system and the monitoring system disagree in."""

from __future__ import annotations

import pandas as pd

from data.store import Store, sql_text
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.docking import docked_frame

KINDS = ("missing", "extra", "amount", "marker", "account", "date", "unstated")
STATES = ("open", "explained", "mended")


def _known() -> dict[str, str]:
    return {"known_difference": sql_text("data", "queries/known_difference")}


@board(
    page="两系统对账",
    title="差异清单",
    asks="通知、一体化系统、监控系统之间哪些不一致，各是哪一行，到统计截止日是什么状态",
    formula="按文号、单位、科目、标识比较预算指标、支付和发放，只比较两边的导出都涉及的日子；预算指标和支付先比合计，合计不同再逐笔找：同一主键、同一金额和日期先配对，"
    "剩下的为缺少、多出或金额不同；同一笔钱标识、科目或日期不同只记一处。发放按月份和补助种类比合计、人次和每人的金额、发放日期，有不同的逐人找：缺少、多出、金额多了、金额少了、日期不同的各记一处，写明人次和三行位置。一方的导出完全没有证件号码的，只比合计和人次。"
    "通知与登录的预算指标，在单位应登录的期限以后（还没有收文记录的，在成文日以后）的导出里比较；通知没有写金额的单列，不算多出。以后的导出不再有这处差异，即为已更正。"
    "合计涉及金额时，同一单位同一类记录在两系统之间、通知与各系统之间比的是同一笔钱，只计其中合计最大的一种比法；通知与某个系统的差额正好等于两系统之间的差额的，标明与哪一处同一原因。",
    sources=(law.SAME_DATA_SOURCE, law.DIRECT_FUND_MARKER_SOURCE),
)
def differences(store: Store, scope: Scope) -> pd.DataFrame:
    """Every difference known by the day: open ones first, then explained and mended, the most money first.

    Shape:  one row per difference; ``difference_state`` is one of ``STATES``. One that follows from another stands
            right after it and names it in ``cause_no``.
    Unit:   元; ``stake_yuan`` of each difference, of which only ``counted_yuan`` may be added up.
    Empty:  an amount is empty on the side that has no such line; ``cause_no`` of what follows from no other.
    """
    with store.reading() as cursor:
        return docked_frame(cursor, "SELECT * FROM known_difference", scope.document_number, scope.as_of, _known())


@board(
    page="两系统对账",
    title="差异合计",
    asks="每个单位各种差异有多少处、涉及多少钱",
    formula="差异清单按单位、类别、种类和状态计数、求和；金额不同的按差额计，其余按所涉金额计。同一单位同一类记录，两系统之间、通知与一体化系统、通知与监控系统三种比法中"
    "只加合计最大的一种，其余比法的差异计处数、不再计金额：同一笔钱不计两次。",
    sources=(law.SAME_DATA_SOURCE,),
)
def summary(store: Store, scope: Scope) -> pd.DataFrame:
    """Counts and money of the differences.

    Shape:  one row per recipient, kind of record, kind of difference and state that occurs.
    Unit:   元; money that several comparisons tell of is counted once.
    """
    sql = sql_text("data", "queries/difference_sum")
    with store.reading() as cursor:
        return docked_frame(cursor, sql, scope.document_number, scope.as_of, _known())


@board(
    page="两系统对账",
    title="两系统并排",
    asks="每个单位在通知、一体化系统和监控系统里各是多少",
    formula="预算指标、支付、发放（只计发放成功的）分别按单位求和；没有载入导出的一方为空，不是零。两边的导出期间不同时，合计是各自期间的，只比较共同的日子。",
    sources=(law.SAME_DATA_SOURCE,),
)
def sides(store: Store, scope: Scope) -> pd.DataFrame:
    """Both systems beside the notice.

    Shape:  one row per recipient and kind of record, in printed order.
    Unit:   元.
    Empty:  a system's sum is empty where no export of the kind about the unit holds, its ``days_text`` then too.
    """
    sql = sql_text("data", "queries/reconciled_side")
    with store.reading() as cursor:
        return docked_frame(cursor, sql, scope.document_number, scope.as_of, _known())


@board(
    page="两系统对账",
    title="差异经过",
    asks="一处差异何时发现、谁作了说明、何时更正",
    formula="发现、说明、收回说明、更正各一行，按时间先后。",
)
def history(store: Store, scope: Scope, difference_no: int) -> pd.DataFrame:
    """What became of one difference up to the day.

    Empty: no rows for a difference that was not known by then.
    """
    return store.query("difference_history", difference_no=difference_no, as_of=scope.as_of)
