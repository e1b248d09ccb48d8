"""Docked rows put straight into a store, for tests of what is made of them; the loader has tests of its own."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from builders import MARKER, NUMBER

from data.store import Cursor, Store

LOADED_AT = datetime(2021, 12, 27, 9)
TABLES = {
    "allotment": "allotment", "payment": "payment", "payout": "payout", "standard": "benefit_standard",
    "stop": "payout_stop",
}
ITEM = "2081902"


def person(name: str) -> uuid.UUID:
    """The hash that stands for a person in these tests."""
    return uuid.uuid5(uuid.NAMESPACE_OID, name)


def defaults(kind: str, system: str, line_no: int) -> dict[str, Any]:
    """A faultless row: 轮台县's money of the founding notice, one payment of it, one payout."""
    common: dict[str, Any] = {
        "document_number": NUMBER, "recipient_id": "luntai", "budget_item_code": ITEM, "marker_text": MARKER,
    }
    money: dict[str, dict[str, Any]] = {
        "allotment": {
            "allotment_key": f"Z{line_no}", **common,
            "upper_document_number": "新财社〔2021〕292号", "fiscal_year": 2021,
            "dated_on": date(2021, 12, 22), "registered_on": date(2021, 12, 24), "amount_yuan": Decimal("29390000"),
        },
        "payment": {
            "payment_key": f"P{line_no}", "voucher_no": f"V{line_no}", "allotment_key": "Z2", **common,
            "fiscal_year": 2021, "paid_on": date(2021, 12, 24), "amount_yuan": Decimal("1000"),
            "payee_kind": "person", "payee_text": "", "payee_hash": person(f"payee{line_no}"),
            "account_hash": person(f"account{line_no}"), "purpose_word": "", "has_purpose": True,
        },
        "payout": {
            "payout_key": f"F{line_no}", "payment_key": "P2", **common, "aid_kind": "rural_allowance",
            "pay_month": date(2021, 12, 1), "paid_on": date(2021, 12, 8), "amount_yuan": Decimal("500"),
            "person_hash": person(f"person{line_no}"), "is_person_no_valid": True,
            "account_hash": person(f"account{line_no}"), "channel": "bank", "payout_state": "paid",
        },
        "standard": {
            "recipient_id": "luntai", "aid_kind": "rural_allowance", "from_on": date(2021, 1, 1),
            "standard_yuan": Decimal("500"), "is_fixed": False,
        },
        "stop": {
            "recipient_id": "luntai", "person_hash": person(f"person{line_no}"), "aid_kind": "",
            "stopped_on": date(2021, 6, 30), "stop_word": "death",
        },
    }
    return money[kind]


def dock(
    store: Store, kind: str, *rows: dict[str, Any], system: str = "integrated", at: datetime = LOADED_AT,
    file_name: str = "", recipient_id: str = "", replaces: int | None = None, period: tuple[date, date] | None = None,
) -> int:
    """Put an export with these rows into the store, each with what differs from the faultless row; its number.

    It is of the year 2021 up to the day of loading unless another period is given.
    """
    with store.transaction() as cursor:
        return put(cursor, kind, *rows, system=system, at=at, file_name=file_name, recipient_id=recipient_id,
                   replaces=replaces, period=period)


def put(
    cursor: Cursor, kind: str, *rows: dict[str, Any], system: str = "integrated", at: datetime = LOADED_AT,
    file_name: str = "", recipient_id: str = "", replaces: int | None = None, period: tuple[date, date] | None = None,
) -> int:
    """As ``dock``, inside a transaction or rehearsal of the caller's."""
    from_on, to_on = period or (date(2021, 1, 1), max(date(2021, 12, 31), at.date()))
    number = cursor.rows("SELECT COALESCE(MAX(export_no), 0) AS n FROM docked_export")[0]["n"] + 1
    if replaces is not None:
        cursor.run(
            "UPDATE docked_export SET ended_at = $at, ended_by = '阿依古丽', end_reason = '更正', "
            "replaced_by_no = $number WHERE export_no = $replaces",
            {"at": at, "number": number, "replaces": replaces},
        )
    cursor.insert("docked_export", [{
        "export_no": number, "system_name": system, "record_kind": kind, "recipient_id": recipient_id,
        "period_from_on": from_on, "period_to_on": to_on,
        "mapping_key": f"{system}-{kind}", "mapping_version": 1, "file_name": file_name or f"{kind}.csv",
        "file_sha256": f"{number:064d}", "row_word": "行", "row_count": len(rows), "rejected_count": 0, "loaded_at": at,
        "loaded_by": "阿依古丽", "ended_at": None, "ended_by": "", "end_reason": "", "replaced_by_no": None,
    }])
    for line_no, changes in enumerate(rows, start=2):
        cursor.insert(TABLES[kind], [
            {"export_no": number, "line_no": line_no, **defaults(kind, system, line_no), **changes}
        ])
    return number
