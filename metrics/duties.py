"""Every duty of every unit with its own clock, counted by ``duty_clock.sql``: limits, rounds, returned reports."""

from __future__ import annotations

from data.store import sql_text, with_relations
from metrics import law

# How long a unit may take to answer for a returned report: this product's own setting, no rule of law.
ANSWER_WORKING_DAYS = 5
ANSWER_SOURCE = law.OWN_SETTING_SOURCE

# What is wrong or missing now, the gravest first; then what nobody can count yet.
LATE_STATES = ("overdue", "on_time_empty", "on_time_wrong", "late")
UNKNOWN_STATES = ("no_receipt", "not_published", "no_day")
OPEN_STATES = ("overdue", "on_time_empty", "on_time_wrong", "not_due")

_NO_WORKING_DAYS = """
SELECT CAST(NULL AS DATE) AS calendar_day, 0 AS ordinal, 0 AS next_ordinal, FALSE AS is_working WHERE FALSE
"""


def limit_sql() -> str:
    """``duty_clock.sql`` over the limits of notices alone; wants what ``duty_sql`` wants."""
    return _judged(_limit_duty_sql())


def duty_sql() -> str:
    """``duty_clock.sql`` over everything that is owed; wants $document_number, $recipient_id, $region_code, $as_of."""
    return _judged(with_relations(
        sql_text("data", "queries/duty_input"),
        {"limit_duty": _limit_duty_sql(), "duty_setting": f"SELECT {ANSWER_WORKING_DAYS} AS answer_days"},
    ))


def _limit_duty_sql() -> str:
    return with_relations(
        sql_text("data", "queries/limit_duty"), {"deadline_step": sql_text("metrics", "deadline_step")}
    )


def _judged(duty_input: str) -> str:
    return with_relations(
        sql_text("metrics", "duty_clock"),
        {"duty_input": duty_input, "working_day": sql_text("data", "queries/working_days")},
    )
