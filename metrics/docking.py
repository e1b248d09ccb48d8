"""The relations that boards and checks read docked rows through: one way to say which rows count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from data.document_number import notice_key
from data.reference import budget_items, purpose_words
from data.store import Cursor, sql_text, with_relations
from metrics.limits import limit_sql


def docking_relations(cursor: Cursor) -> dict[str, str]:
    """Every relation over docked rows, in an order that each can read those before it.

    Each says at the head of its file what a row of it is. They want $document_number and $as_of.
    """
    cursor.lend("lent_budget_item", pa.Table.from_pylist([
        {"code": item.code, "item_name": item.name, "item_level": item.level, "item_use": item.use}
        for item in budget_items()
    ]))
    cursor.lend("lent_purpose_word", pa.Table.from_pylist([
        {"purpose_word": word.word, "purpose_use": word.use} for word in purpose_words()
    ]))
    return {
        "asked": sql_text("data", "queries/asked"),
        "monitor_limit": limit_sql(),
        "budget_item": "SELECT * FROM lent_budget_item",
        "current_export": sql_text("data", "queries/current_export"),
        "export_cover": sql_text("data", "queries/export_cover"),
        "fund_document": sql_text("data", "queries/fund_document"),
        "unit_money": sql_text("data", "queries/unit_money"),
        "reported_money": sql_text("data", "queries/reported_money"),
        "docked_allotment": sql_text("data", "queries/docked_allotment"),
        "docked_payment": sql_text("data", "queries/docked_payment"),
        "docked_payout": sql_text("data", "queries/docked_payout"),
        "docked_standard": sql_text("data", "queries/docked_standard"),
        "docked_stop": sql_text("data", "queries/docked_stop"),
        "standard_in_force": sql_text("metrics", "standard_in_force"),
        "purpose_word": "SELECT * FROM lent_purpose_word",
        "notice_fact": sql_text("data", "queries/notice_fact"),
        "region_step": sql_text("data", "queries/region_step"),
        **receipt_relations(),
        "unit_export": sql_text("data", "queries/unit_export"),
        "counted_allotment": sql_text("data", "queries/counted_allotment"),
        "counted_payment": sql_text("data", "queries/counted_payment"),
        "told_marker": sql_text("data", "queries/told_marker"),
        "month_surplus": sql_text("data", "queries/month_surplus"),
        "newest_rate_reason": sql_text("data", "queries/newest_rate_reason"),
        "unit_docked": sql_text("data", "queries/unit_docked"),
        "reported_value": sql_text("data", "queries/reported_value"),
        "reported_paid": sql_text("data", "queries/reported_paid"),
        "money_docked": sql_text("metrics", "money_docked"),
        "money_allotment": sql_text("metrics", "money_allotment"),
        "money_payment": sql_text("metrics", "money_payment"),
        "money_doubt": sql_text("metrics", "money_doubt"),
        "money_balance": sql_text("metrics", "money_balance"),
        "aid_kind_name": sql_text("data", "queries/aid_kind_name"),
        "notice_payout": sql_text("data", "queries/notice_payout"),
        "evidence_day": "SELECT as_of_on AS until_on FROM asked",
        "payout_counted": sql_text("metrics", "payout_counted"),
        "payout_person_month": sql_text("metrics", "payout_person_month"),
        "payout_overdue": sql_text("metrics", "payout_overdue"),
        "payout_repeat": sql_text("metrics", "payout_repeat"),
        "payout_unpaid": sql_text("metrics", "payout_unpaid"),
        "payout_standard": sql_text("metrics", "payout_standard"),
        "payout_after_stop": sql_text("metrics", "payout_after_stop"),
        "gathered_unpaid": sql_text("data", "queries/gathered_unpaid"),
        "gathered_after_stop": sql_text("data", "queries/gathered_after_stop"),
    }


def receipt_relations() -> dict[str, str]:
    """When units received notices and had to register them, by the one clock of duties.

    They want $as_of and read ``monitor_limit``.
    """
    return {
        "register_clock": with_relations(sql_text("metrics", "duty_clock"), {
            "duty_input": sql_text("data", "queries/register_duty"),
            "working_day": sql_text("data", "queries/own_working_days"),
        }),
        "unit_receipt": sql_text("data", "queries/unit_receipt"),
    }


# Read where they stand: there may be ten million payouts, and a copy of them would fill the memory.
UNKEPT = ("docked_payout", "notice_payout", "payout_counted", "payout_person_month")


def build_relations(cursor: Cursor, document_number: str, as_of: datetime) -> None:
    """Make the relations once on a cursor, as temporary tables and views, for many rules that read them by name."""
    given = {"document_number": document_number, "notice_key": notice_key(document_number), "as_of": as_of}
    for name, text in docking_relations(cursor).items():
        kind = "VIEW" if name in UNKEPT else "TABLE"
        wanted = {key: value for key, value in given.items() if f"${key}" in text}
        cursor.run(f"CREATE OR REPLACE TEMP {kind} {name} AS\n{text.strip().rstrip(';')}", wanted)


def docked_rows(
    cursor: Cursor, sql: str, document_number: str, as_of: datetime, more: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The rows of a rule over docked rows, exact; ``more`` are relations of its own, read after the common ones."""
    text = with_relations(sql, {**docking_relations(cursor), **(more or {})})
    return cursor.rows(text, {"document_number": document_number, "as_of": as_of})


def docked_frame(
    cursor: Cursor, sql: str, document_number: str, as_of: datetime, more: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """As ``docked_rows``, for showing."""
    text = with_relations(sql, {**docking_relations(cursor), **(more or {})})
    return cursor.frame(text, {"document_number": document_number, "as_of": as_of})
