"""The demonstration's exports: the simulated year, with the faults that a director should see first planted in it."""

from __future__ import annotations

from decimal import Decimal

from dashboard.demo_exports import UnitMoney
from data.store import Store, sql_text


def units_of(store: Store, document_number: str) -> list[UnitMoney]:
    """The units of a published notice with the money of each document, in printed order."""
    with store.reading() as cursor:
        lines = cursor.rows(sql_text("data", "queries/allocation_lines"), {"document_number": document_number})
        recipients = cursor.rows(sql_text("data", "queries/recipients"))
    codes = {row["recipient_id"]: row["division_code"] or "" for row in recipients}
    of_unit: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    names = {}
    for line in lines:
        names[line["recipient_id"]] = line["recipient_name"]
        of_unit.setdefault(line["recipient_id"], {})[line["source_document"]] = (
            line["before_yuan"], line["adjustment_yuan"]
        )
    return [UnitMoney(key, names[key], codes[key], money) for key, money in of_unit.items()]
