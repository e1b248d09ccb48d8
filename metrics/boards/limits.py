"""依据与口径: the limits that the bureau monitors by, as they hold on a day, and every change of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from data.store import Store
from metrics import law
from metrics.boards.definition import board
from metrics.law import citation
from metrics.limits import LIMITS, Limit, own_values


@board(
    page="依据与口径",
    title="监控界限",
    asks="资金闲置多少天、收文几日内登录等监控界限现在是多少，可以改到多少，是什么意思，出自哪里，谁从哪天起改的",
    formula="每个界限一行，取统计截止日当天已经生效的最近一次设定，没有设定过的为程序自带的数；"
    "以后才生效的设定不影响这一天。这些界限只用于提示和核查，不影响得分。",
    sources=(law.OWN_SETTING_SOURCE,),
)
def limits(store: Store, as_of_on: date) -> pd.DataFrame:
    """Every limit of monitoring as it holds on a day.

    Shape:  one row per limit, in the order of the catalogue.
    Unit:   that of the limit, in ``unit``.
    Empty:  ``effective_on``, ``entered_at`` are None and the words about the change '' where the shipped value holds.
    """
    with store.reading() as cursor:
        own = {row["limit_key"]: row for row in own_values(cursor, as_of_on)}
    return pd.DataFrame([_row(limit, own.get(limit.key)) for limit in LIMITS.values()], dtype=object)


@board(
    page="依据与口径",
    title="监控界限的更改",
    asks="监控界限改过几次，每次改成多少，从哪天起，谁改的，为什么",
    formula="每次设定一行，最近办理的在前；设定不删除、不覆盖。",
    sources=(law.OWN_SETTING_SOURCE,),
)
def changes(store: Store) -> pd.DataFrame:
    """Every setting of a limit, the last one entered first; no rows while all are as shipped."""
    found = store.query("limit_changes")
    known = found[found["limit_key"].isin(list(LIMITS))]
    return known.assign(
        name=[LIMITS[key].name for key in known["limit_key"]], unit=[LIMITS[key].unit for key in known["limit_key"]]
    ).reset_index(drop=True)


def _row(limit: Limit, own: dict[str, Any] | None) -> dict[str, Any]:
    value = limit.value if own is None else int(own["set_value"])
    return {
        "key": limit.key,
        "name": limit.name,
        "value": value,
        "shipped_value": limit.value,
        "unit": limit.unit,
        "least": limit.least,
        "most": limit.most,
        "is_fixed": limit.is_fixed,
        "note": limit.note,
        "citation": citation(limit.source),
        "trust": limit.mark(value),
        "effective_on": None if own is None else own["effective_on"],
        "change_reason": "" if own is None else own["change_reason"],
        "entered_at": None if own is None else own["entered_at"],
        "entered_by": "" if own is None else own["entered_by"],
    }
