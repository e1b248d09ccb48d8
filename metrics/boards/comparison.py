"""总览: what changed between two days — money, points, states, and what was reported and recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from data.store import Store
from metrics.boards.definition import Scope, board
from metrics.boards.inquiries import register
from metrics.boards.overview import units as units_now
from metrics.boards.reporting import duties
from metrics.boards.standing import scores
from metrics.boards.timeliness import receipts

SIDES = ("paid_yuan", "execution_rate", "is_over_unexplained", "points_micro", "grade", "effect_state", "clock_state")
EVENT_KINDS = ("report", "receipt", "inquiry_opened", "inquiry_closed")

_EVENT_COLUMNS = ["recipient_id", "recipient_name", "happened_at", "event_kind", "step", "report_version", "inquiry_no"]


@board(
    page="总览",
    title="两日对比：各单位",
    asks="与另一天相比，每个单位的支付、得分、状态从什么变成了什么",
    formula="同一份文件、同一轮次，按两个统计截止日各取一次“各单位一览”，逐单位并排；两天都没有数的为空，不按零计。",
)
def units(store: Store, scope: Scope, region_code: str, compared_on: date) -> pd.DataFrame:
    """Every unit on the other day and on the day of the scope, in the order of the latter.

    Shape:  one row per recipient; each of ``SIDES`` twice, with ``_then`` of the other day and ``_now``.
    Unit:   as in 各单位一览.
    Empty:  a side is empty where nothing was known on its day.
    """
    now = units_now(store, scope, region_code)
    then = units_now(store, replace(scope, as_of_on=compared_on), region_code)
    names = ["recipient_id", "recipient_name", "recipient_short_name"]
    both = now[[*names, *SIDES]].rename(columns={name: f"{name}_now" for name in SIDES}).merge(
        then[["recipient_id", *SIDES]].rename(columns={name: f"{name}_then" for name in SIDES}),
        on="recipient_id", how="left",
    )
    return both[[*names, *(f"{name}_{side}" for name in SIDES for side in ("then", "now"))]]


@board(
    page="总览",
    title="两日对比：指标状态",
    asks="与另一天相比，哪些指标从什么状态变成了什么状态",
    formula="同一单位同一指标，按两个统计截止日各取一次“指标得分”，状态不同的列出。",
)
def states(store: Store, scope: Scope, compared_on: date) -> pd.DataFrame:
    """The indicators whose state differs between the two days, in printed order.

    Shape:  one row per recipient and indicator.
    Unit:   micro-points as they count, with the review.
    Empty:  points in the missing states; ``state_then`` is '' where the round was not open.
    """
    sides = ["state", "final_micro"]
    key = ["recipient_id", "indicator_no"]
    now = scores(store, scope)[[*key, "recipient_name", "short_name", *sides]]
    then = scores(store, replace(scope, as_of_on=compared_on))[[*key, *sides]]
    both = now.merge(then, on=key, how="left", suffixes=("_now", "_then"))
    both["state_then"] = both["state_then"].fillna("")
    for side in ("now", "then"):
        both[f"final_micro_{side}"] = both[f"final_micro_{side}"].astype("Int64")
    return both[both["state_now"] != both["state_then"]].reset_index(drop=True)


@board(
    page="总览",
    title="两日对比：办理",
    asks="两天之间，哪些单位报送了填报，登记了收文、导入等环节，哪些问效单开出、销号",
    formula="报送取两日之间的最新一版，登记取两日之间登记的各条，问效单取开出和销号的时间；前一日当天以后、后一日当天为止的计入。",
)
def events(store: Store, scope: Scope, compared_on: date) -> pd.DataFrame:
    """What was reported and recorded after the earlier day and by the end of the later one, the newest first.

    Shape:  one row per event; ``event_kind`` is one of ``EVENT_KINDS``.
    Empty:  ``step`` except of receipts, ``report_version`` except of reports, ``inquiry_no`` except of inquiries.
    """
    early, late = sorted((scope, replace(scope, as_of_on=compared_on)), key=lambda side: side.as_of_on)
    reported = duties(store, late)
    reported = reported[reported["round_id"] == scope.round_id]
    asked = register(store, late)
    # What happens at the same moment keeps this order: a 问效单 is closed after it was opened.
    table = pd.concat([
        _events(asked[asked["closed_at"].notna()], "inquiry_closed", {"closed_at": "happened_at"}),
        _events(asked, "inquiry_opened", {"opened_at": "happened_at"}),
        _events(reported, "report", {"submitted_at": "happened_at"}),
        _events(receipts(store, late), "receipt", {"recorded_at": "happened_at", "receipt_step": "step"}),
    ])
    table["happened_at"] = pd.to_datetime(table["happened_at"])
    table = table[table["happened_at"] > early.as_of]
    return table.sort_values("happened_at", ascending=False, kind="stable", ignore_index=True)


def _events(table: pd.DataFrame, event_kind: str, names: dict[str, str]) -> pd.DataFrame:
    """What one table tells as events; when it was put on record counts, not when the unit says it was done."""
    told = table.drop(columns="happened_at", errors="ignore").rename(columns=names).assign(event_kind=event_kind)
    return told.reindex(columns=_EVENT_COLUMNS).astype(object)
