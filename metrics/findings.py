"""The check catalogue over registration, payment, payout and reports: what each check finds in a notice's rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from time import perf_counter

from data.checks import Check, all_checks
from data.store import Cursor, sql_text
from metrics import law
from metrics.docking import build_relations
from metrics.law import LegalSource
from metrics.limits import LIMITS, Limit

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


@dataclass(frozen=True)
class CheckRun:
    """What one check found, and how long it took.

    Unit: seconds.
    """

    check: Check
    findings: list[Finding]
    seconds: float


def find(cursor: Cursor, document_number: str, as_of: datetime, codes: tuple[str, ...] = ()) -> list[Finding]:
    """What the checks find in a notice's docked rows and reports as known at a moment; all checks without codes.

    Every check's SQL reads the relations of ``metrics.docking`` and gives one row per thing found: recipient_id,
    subject_text, stated_text, expected_text, amount_yuan, found_count, place_text; no rows means pass.
    """
    return [finding for run in run_checks(cursor, document_number, as_of, codes) for finding in run.findings]


def run_checks(
    cursor: Cursor, document_number: str, as_of: datetime, codes: tuple[str, ...] = ()
) -> list[CheckRun]:
    """Run the checks over relations that are made once for all of them, in the order of their codes.

    The cursor keeps the relations as temporary tables, so it serves one run.
    """
    build_relations(cursor, document_number, as_of)
    runs = []
    for check in every_check():
        if codes and check.code not in codes:
            continue
        began = perf_counter()
        rows = cursor.rows(sql_text("data", f"checks/{check.name}"))
        runs.append(CheckRun(check, [Finding(check, **row) for row in rows], perf_counter() - began))
    return runs


def every_check() -> tuple[Check, ...]:
    """The whole catalogue, in the order of the families and codes."""
    return tuple(check for family in FAMILIES for check in all_checks(family))


def sources_of(check: Check) -> tuple[LegalSource, ...]:
    """The rules of the law book that a check's header names; none where it rests on the paper itself.

    Raises: AttributeError if the header names a constant that the law book does not have.
    """
    return tuple(getattr(law, name) for name in re.findall(r"metrics\.law\.([A-Z_]+)", check.source))


def limits_of(check: Check) -> tuple[Limit, ...]:
    """The bureau's own limits that a check's header names.

    Raises: KeyError if the header names a limit that there is not.
    """
    return tuple(LIMITS[name] for part in re.findall(r"metrics\.limits ([a-z_, ]+)", check.source)
                 for name in re.findall(r"[a-z_]+", part))
