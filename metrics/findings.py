"""The check catalogue over registration, payment, payout and reports: what each check finds in a notice's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from data.checks import Check, all_checks
from data.store import Cursor, sql_text
from metrics.docking import docked_rows

# Registration, payment, payout, what units report.
FAMILIES = ("R", "P", "F", "S")


@dataclass(frozen=True)
class Finding:
    """One thing that a check found; the program proposes, a person decides.

    Unit:   元. ``amount_yuan`` is the money at stake.
    Empty:  ``recipient_id`` where it is about the prefecture, ``amount_yuan`` where no money is at stake;
            ``place_text`` where nothing was docked that could be named.
    """

    check: Check
    recipient_id: str
    subject_text: str
    stated_text: str
    expected_text: str
    amount_yuan: Decimal | None
    found_count: int
    place_text: str


def find(cursor: Cursor, document_number: str, as_of: datetime, codes: tuple[str, ...] = ()) -> list[Finding]:
    """What the checks find in a notice's docked rows and reports as known at a moment; all checks without codes.

    Every check's SQL reads the relations of ``metrics.docking`` and gives one row per thing found: recipient_id,
    subject_text, stated_text, expected_text, amount_yuan, found_count, place_text; no rows means pass.
    """
    return [
        Finding(check, **row)
        for family in FAMILIES
        for check in all_checks(family)
        if not codes or check.code in codes
        for row in docked_rows(cursor, sql_text("data", f"checks/{check.name}"), document_number, as_of)
    ]
