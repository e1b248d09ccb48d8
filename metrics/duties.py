"""Every duty of every unit with its own clock, counted by ``duty_clock.sql``: limits, rounds, returned reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from data.store import Cursor, sql_text, with_relations
from metrics import law
from metrics.docking import docked_rows

# How long a unit may take to answer for a returned report: this product's own setting, no rule of law.
ANSWER_WORKING_DAYS = 5
ANSWER_SOURCE = law.OWN_SETTING_SOURCE

# Each step in words; a second limit of the same step in one notice is the step 「reported-2」.
STEP_WORDS = {
    "received": "收到文件", "registered": "登录指标", "marked": "标识登录", "imported": "导入监控系统",
    "reported": "报送", "answered": "答复", "allocated": "分解下达", "paid": "拨付", "published": "公开",
    "finished": "办结",
}

# What is wrong or missing now, the gravest first; then what nobody can count yet.
LATE_STATES = ("overdue", "on_time_empty", "on_time_wrong", "late")
UNKNOWN_STATES = ("no_receipt", "not_published", "no_day")
OPEN_STATES = ("overdue", "on_time_empty", "on_time_wrong", "not_due")

# Rounds are due on the day that is set for them: no working days are counted.
_NO_WORKING_DAYS = """
SELECT CAST(NULL AS DATE) AS calendar_day, 0 AS ordinal, 0 AS next_ordinal, FALSE AS is_working
WHERE FALSE
"""


def step_name(step: str) -> str:
    """A step in words.

    >>> step_name("imported"), step_name("reported-2")
    ('导入监控系统', '报送（第2项）')
    """
    name, _, number = step.partition("-")
    return STEP_WORDS[name] + (f"（第{number}项）" if number else "")


def limit_steps(cursor: Cursor, document_number: str) -> pd.DataFrame:
    """The steps that a notice's own limits ask for besides the way of its import, in printed order.

    Shape: one row per limit: ``step``, ``what_text``, ``printed_text``, ``line_no``.
    """
    sql = with_relations(sql_text("data", "queries/limit_steps"), {"deadline_step": _deadline_step_sql()})
    return cursor.frame(sql, {"document_number": document_number})


def docked_imports(cursor: Cursor, document_number: str, as_of: datetime) -> dict[str, dict[str, Any]]:
    """What the monitoring system's export says of the import of each unit that it speaks of, exact.

    It is evidence beside the record, which alone counts; ``evidence_state`` is whole, or why it proves nothing.
    """
    rows = docked_rows(cursor, sql_text("metrics", "docked_import"), document_number, as_of)
    return {row["recipient_id"]: row for row in rows}


def duty_sql() -> str:
    """``duty_clock.sql`` over everything that is owed.

    Wants $document_number and $recipient_id ('' for all), $region_code and $as_of, as the two below.
    """
    relations = {
        "limit_duty": _limit_duty_sql(),
        "round_duty": sql_text("data", "queries/round_duty"),
        "return_duty": with_relations(
            sql_text("data", "queries/return_duty"),
            {"duty_setting": f"SELECT {ANSWER_WORKING_DAYS} AS answer_days"},
        ),
    }
    return _judged(with_relations(sql_text("data", "queries/duty_input"), relations))


def limit_sql() -> str:
    """``duty_clock.sql`` over the limits of notices alone."""
    return _judged(_limit_duty_sql())


def round_sql(rounds: str) -> str:
    """The SELECT ``rounds`` (one row per notice, round and unit) with the state of each report's clock.

    Wants $document_number, $recipient_id and $as_of; no region, for a round is due on a day.
    """
    judged = with_relations(
        sql_text("metrics", "duty_clock"),
        {"duty_input": sql_text("data", "queries/round_duty"), "working_day": _NO_WORKING_DAYS},
    )
    return with_relations(sql_text("metrics", "duty"), {"duties": rounds, "judged": judged})


def _limit_duty_sql() -> str:
    return with_relations(sql_text("data", "queries/limit_duty"), {"deadline_step": _deadline_step_sql()})


def _deadline_step_sql() -> str:
    return with_relations(
        sql_text("metrics", "deadline_step"), {"printed_limit": sql_text("data", "queries/printed_limits")}
    )


def _judged(duty_input: str) -> str:
    return with_relations(
        sql_text("metrics", "duty_clock"),
        {"duty_input": duty_input, "working_day": sql_text("data", "queries/working_days")},
    )
