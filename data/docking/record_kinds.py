"""What each kind of record holds: its table and columns, how its cells are read, what a row is nothing without."""

from __future__ import annotations

TABLES = {
    "allotment": "allotment", "payment": "payment", "payout": "payout", "standard": "benefit_standard",
    "stop": "payout_stop",
}
# What a whole export says of its units, whatever the period: a newer one takes its place.
FULL_STATES = frozenset({"allotment", "standard", "stop"})
# What a row is known by; no two rows of the current exports of a system may share it.
KEYS = {"allotment": "allotment_key", "payment": "payment_key", "payout": "payout_key"}

# How each field is read: the SQL of its value, where {c} is its trimmed cell and {f} the money's factor.
LOOKED_UP = ("document_number", "upper_document_number", "budget_item_code", "marker_text")
WORDED = ("is_deleted", "is_fixed", "aid_kind", "channel", "payout_state", "stop_word")
TEXTS = ("allotment_key", "payment_key", "payout_key", "voucher_no")
READ = {
    **dict.fromkeys(TEXTS, "LEFT({c}, 60)"),
    "fiscal_year": "year_of({c})", "dated_on": "day_of({c})", "registered_on": "day_of({c})",
    "paid_on": "day_of({c})", "from_on": "day_of({c})", "stopped_on": "day_of({c})", "pay_month": "month_of({c})",
    "amount_yuan": "yuan_of({c}, {f})", "standard_yuan": "yuan_of({c}, {f})",
}
# The columns of each table beside export_no and line_no, and what stands there where the file has no such column.
COLUMNS: dict[str, dict[str, str]] = {
    "allotment": {
        "allotment_key": "''", "document_number": "''", "upper_document_number": "''", "fiscal_year": "NULL",
        "dated_on": "NULL", "registered_on": "NULL", "recipient_id": "''", "budget_item_code": "''",
        "marker_text": "''", "amount_yuan": "NULL",
    },
    "payment": {
        "payment_key": "''", "voucher_no": "''", "allotment_key": "''", "document_number": "''",
        "fiscal_year": "NULL", "recipient_id": "''", "budget_item_code": "''", "marker_text": "''", "paid_on": "NULL",
        "amount_yuan": "NULL", "payee_kind": "''", "payee_text": "''", "payee_hash": "NULL", "account_hash": "NULL",
        "purpose_word": "''", "has_purpose": "FALSE",
    },
    "payout": {
        "payout_key": "''", "payment_key": "''", "document_number": "''", "recipient_id": "''",
        "budget_item_code": "''", "marker_text": "''", "aid_kind": "''", "pay_month": "NULL", "paid_on": "NULL",
        "amount_yuan": "NULL", "person_hash": "NULL", "is_person_no_valid": "FALSE", "account_hash": "NULL",
        "channel": "''", "payout_state": "''",
    },
    "standard": {
        "recipient_id": "''", "aid_kind": "''", "from_on": "NULL", "standard_yuan": "NULL", "is_fixed": "'0'",
    },
    "stop": {
        "recipient_id": "''", "person_hash": "NULL", "aid_kind": "''", "stopped_on": "NULL", "stop_word": "''",
    },
}
HASHING_KINDS = ("payment", "payout", "stop")
# Fields that a row is nothing without.
ESSENTIAL = {
    "allotment": ("allotment_key", "fiscal_year", "amount_yuan"),
    "payment": ("payment_key", "paid_on", "amount_yuan"),
    "payout": ("payout_key", "aid_kind", "pay_month", "amount_yuan", "payout_state"),
    "standard": ("aid_kind", "from_on", "standard_yuan", "is_fixed"),
    "stop": ("person_no", "stopped_on", "stop_word"),
}
DAY_OF_PERIOD = {"payment": "paid_on", "payout": "COALESCE(paid_on, pay_month)"}
