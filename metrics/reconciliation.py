"""What the notice and the two systems disagree in, found anew whenever one of them changes."""

from __future__ import annotations

from datetime import datetime

from data.store import Cursor, sql_text, with_relations
from metrics.docking import receipt_relations
from metrics.limits import limit_sql

# The ways of telling the same money on both sides, in their order: metrics/sql/reconcile_pair.sql.
PASSES = range(1, 8)


def refresh_differences(cursor: Cursor, at: datetime) -> None:
    """Open what differs now, end what no longer does, and leave alone what is as before.

    Call it in the transaction that loads or withdraws an export or publishes a notice, after its rows are written.
    A difference that changes in anything but its places is another one: the old ends, the new one opens.
    """
    cursor.run(sql_text("data", "writes/begin_differences"))
    known = {"as_of": at}
    docked = _docked()

    loose = with_relations(sql_text("metrics", "reconcile_loose"), {
        **docked, "compared_line": sql_text("data", "queries/compared_line"),
    })
    cursor.run(f"INSERT INTO loose_line BY NAME {loose}", known)
    for pass_no in PASSES:
        pair = with_relations(
            sql_text("metrics", "reconcile_pair"), {"line_pass": f"SELECT {pass_no} AS pass_no"}
        )
        cursor.run(f"INSERT INTO line_pair BY NAME {pair}")

    payouts = {**docked, "comparable_payout": sql_text("data", "queries/comparable_payout")}
    uneven = with_relations(sql_text("data", "queries/uneven_payout"), payouts)
    cursor.run(f"INSERT INTO uneven_payout BY NAME {uneven}", known)
    lone = with_relations(sql_text("data", "queries/loose_payout"), payouts)
    cursor.run(f"INSERT INTO loose_payout BY NAME {lone}", known)

    place = sql_text("metrics", "reconcile_place")
    found: tuple[tuple[str, dict[str, datetime]], ...] = (
        (with_relations(sql_text("metrics", "reconcile_line"), {
            "told_line": sql_text("metrics", "reconcile_told"), "line_place": place,
        }), {}),
        (with_relations(sql_text("metrics", "reconcile_payout"), {
            "told_line": sql_text("metrics", "reconcile_person"), "line_place": place,
        }), {}),
        (with_relations(sql_text("metrics", "reconcile_notice"), {
            **docked,
            "noticed_money": sql_text("data", "queries/noticed_money"),
            "told_line": sql_text("metrics", "reconcile_noticed"), "line_place": place,
        }), known),
    )
    for select, parameters in found:
        cursor.run(f"INSERT INTO fresh_difference BY NAME {select}", parameters)

    told = sql_text("data", "queries/told_difference").rstrip().rstrip(";")
    cursor.run(f"CREATE OR REPLACE TEMP TABLE told_difference AS {told}")
    cursor.run(sql_text("data", "writes/mend_differences"), {"at": at})
    cursor.run(sql_text("data", "writes/open_differences"), {"at": at})


def _docked() -> dict[str, str]:
    """The docked rows that hold, of every published notice and of what it adjusts, and what units had to do when."""
    return {
        "monitor_limit": limit_sql(),
        **receipt_relations(),
        "current_export": sql_text("data", "queries/current_export"),
        "notice_document": sql_text("data", "queries/notice_document"),
        "fund_document": "SELECT DISTINCT document_number FROM notice_document",
        "export_cover": sql_text("data", "queries/export_cover"),
        "docked_allotment": sql_text("data", "queries/docked_allotment"),
        "docked_payment": sql_text("data", "queries/docked_payment"),
        "docked_payout": sql_text("data", "queries/docked_payout"),
    }
