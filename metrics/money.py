"""The relations that the money boards read: which docked rows count on a day, and what they come to at each step."""

from __future__ import annotations

from data.store import sql_text


def money_relations() -> dict[str, str]:
    """What is read after ``metrics.docking.docking_relations``, in an order that each can read those before it.

    ``money_step`` is the one place where rows become a unit's amounts.
    """
    return {
        "rate_limit": sql_text("metrics", "rate_limit"),
        "money_year": sql_text("data", "queries/money_year"),
        "money_payout": sql_text("metrics", "money_payout"),
        "money_handed": sql_text("metrics", "money_handed"),
        "money_sum": sql_text("metrics", "money_sum"),
        "money_step": sql_text("metrics", "money_step"),
        "money_month": sql_text("data", "queries/money_month"),
        "money_due": sql_text("data", "queries/money_due"),
    }
