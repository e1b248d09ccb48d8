"""Set a limit of monitoring anew from a day on: what was shown for earlier days stays as it was."""

from __future__ import annotations

from datetime import date, datetime

from dashboard.actions.differences import require_no_numbers
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import NotFoundError, RefusedError
from data.intake.columns import MAX_TEXT_LENGTH
from data.store import Cursor, Store, sql_text
from metrics.limits import LIMITS, Limit, limit_values

# Of each pair the first is never more than the second: a default above the most would refuse every opening, and the
# rungs of the ladder are climbed one after the other.
ASCENDING = (
    ("inquiry_answer_days", "inquiry_most_days"), ("inquiry_rectify_days", "inquiry_most_days"),
    ("inquiry_remind_days", "inquiry_urge_days"), ("inquiry_urge_days", "inquiry_circulate_days"),
    ("inquiry_circulate_days", "inquiry_talk_days"),
)


def change_limit(
    store: Store, actor: Actor, at: datetime, key: str, value: int, reason: str, effective_on: date
) -> LogEntry:
    """Let a limit have another value from a day on; earlier values stay on record and hold for the days before.

    Raises: NotFoundError if there is no such limit; RefusedError with everything that is wrong at once: a number that
            the law fixes, a value out of bounds or of order, no reason, one too long or with a person's number, or
            nothing that changes.
    """
    require(actor, "change_limit")
    if key not in LIMITS:
        raise NotFoundError(f"没有名为“{key}”的监控界限，请在“依据与口径”页面核对。")
    limit, reason = LIMITS[key], reason.strip()
    require_no_numbers(reason)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        before = limit_values(cursor, effective_on)[key]
        faults = _faults(limit, before, value, reason, effective_on)
        faults += _order_faults(cursor, key, value, effective_on)
        if faults:
            raise RefusedError(f"“{limit.name}”不能这样改：" + "；".join(faults) + "。")
        newest = cursor.rows(sql_text("data", "queries/newest_limit_no"))[0]["newest_limit_no"]
        cursor.insert("limit_value", [{
            "limit_no": newest + 1, "limit_key": key, "set_value": value, "effective_on": effective_on,
            "change_reason": reason, "entered_at": at, "entered_by": actor.name,
        }])
        return append(cursor, actor, at, "change_limit", key, {
            "before": {"set_value": f"{before} {limit.unit}"}, "after": {"set_value": f"{value} {limit.unit}"},
            "effective_on": effective_on, "reason": reason,
        })


def _faults(limit: Limit, before: int, value: int, reason: str, effective_on: date) -> list[str]:
    if limit.is_fixed:
        return [f"{limit.value} {limit.unit}由法律规定"]
    faults = []
    if not limit.least <= value <= limit.most:
        faults.append(f"{value} {limit.unit}超出范围，应在 {limit.least} 至 {limit.most} {limit.unit}之间")
    elif value == before:
        faults.append(f"没有改动，{effective_on} 起本来就是 {value} {limit.unit}")
    if not reason:
        faults.append("没有写理由，请写明为什么改、依据哪份文件")
    elif len(reason) > MAX_TEXT_LENGTH:
        faults.append(f"理由有 {len(reason)} 字，超过 {MAX_TEXT_LENGTH} 字上限，请精简")
    return faults


def _order_faults(cursor: Cursor, key: str, value: int, effective_on: date) -> list[str]:
    """Which other limits a value would stand above or below, on its first day or until it is set anew."""
    pairs = [pair for pair in ASCENDING if key in pair]
    if not pairs:
        return []
    changes = cursor.rows(sql_text("data", "queries/limit_changes"))
    until = min((row["effective_on"] for row in changes if row["limit_key"] == key
                 and row["effective_on"] > effective_on), default=date.max)
    days = {effective_on, *(row["effective_on"] for row in changes if effective_on < row["effective_on"] < until)}
    faults: dict[tuple[str, str], str] = {}
    for day in sorted(days):
        values = {**limit_values(cursor, day), key: value}
        for low, high in pairs:
            if values[low] > values[high]:
                faults.setdefault((low, high), (
                    f"{day} 起“{LIMITS[low].name}”会是 {values[low]} {LIMITS[low].unit}，"
                    f"超过“{LIMITS[high].name}”的 {values[high]} {LIMITS[high].unit}"
                ))
    return list(faults.values())
