"""What the tests of the check catalogue share: a case of a check, and three questions that each case answers.

A case starts from faultless rows of 轮台县 in both systems and says what is planted instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from builders import NUMBER
from docking_builders import put

from data.checks import all_checks
from data.store import Cursor, Store, sql_text
from metrics.docking import docked_rows
from metrics.findings import find

OTHER_NUMBER = "巴财社〔2021〕77号"
LOADED_AT = datetime(2021, 12, 27, 9)
COLUMNS = (
    "recipient_id", "subject_text", "stated_text", "expected_text", "amount_yuan", "found_count", "place_text",
)

Change = dict[str, Any]
Rows = Mapping[tuple[str, str], Sequence[Change]]

INTEGRATED, MONITORING = "integrated", "monitoring"
ALLOTMENT, PAYMENT, PAYOUT = ("allotment", INTEGRATED), ("payment", INTEGRATED), ("payout", INTEGRATED)
HOOKED_ALLOTMENT, HOOKED_PAYMENT = ("allotment", MONITORING), ("payment", MONITORING)
FAULTLESS: Rows = {
    ALLOTMENT: [{}], HOOKED_ALLOTMENT: [{}], PAYMENT: [{}], HOOKED_PAYMENT: [{}], PAYOUT: [{}],
}


@dataclass(frozen=True)
class Report:
    """A unit's report of a round: ``values`` are indicator number → (numerator, denominator)."""

    round_id: str = "2021-12"
    paid_yuan: Any = 1000
    values: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    recipient_id: str = "luntai"


@dataclass(frozen=True)
class Case:
    """One planted fault: ``rows`` stand in the place of the faultless rows of their kind and system.

    ``right`` are faultless rows of its own. ``steps`` are what the unit recorded: (step, day, amount), ``region_steps``
    what the prefecture did; ``planted_region_steps`` stand in their place where the fault is planted. ``expected`` is
    every finding of the check's whole family: code, recipient, subject, stated, expected, amount, count, place.
    ``is_of_one_system``: the check minds the integrated system alone. ``reason_text`` is why more was paid than given,
    and ``explained_yuan`` up to how much.
    """

    code: str
    expected: Sequence[tuple[Any, ...]]
    rows: Rows = field(default_factory=dict)
    right: Rows = field(default_factory=dict)
    steps: Sequence[tuple[str, date, int | None]] = ()
    planted_steps: Sequence[tuple[str, date, int | None]] = ()
    region_steps: Sequence[tuple[str, date, int | None]] = ()
    planted_region_steps: Sequence[tuple[str, date, int | None]] | None = None
    reports: Sequence[Report] = ()
    planted_reports: Sequence[Report] | None = None
    loaded_at: datetime = LOADED_AT
    as_of: datetime = datetime(2022, 1, 5)
    is_of_one_system: bool = False
    reason_text: str = ""
    explained_yuan: Any = 29_390_001


def whole_family(store: Store, case: Case) -> list[tuple[Any, ...]]:
    """What all checks of the family find where the fault is planted: it has one owner."""
    codes = tuple(check.code for check in all_checks(case.code[0]))
    with _standing(store, case, is_planted=True) as cursor:
        return [
            (found.check.code, found.recipient_id, found.subject_text, found.stated_text, found.expected_text,
             found.amount_yuan, found.found_count, found.place_text)
            for found in find(cursor, NUMBER, case.as_of, codes)
        ]


def of_right_rows(store: Store, case: Case) -> list[tuple[Any, ...]]:
    """What the check finds in faultless rows, the planted ones in replaced exports and, if it minds one, the other."""
    with _standing(store, case, is_planted=False) as cursor:
        for (kind, system), changes in case.rows.items():
            number = put(cursor, kind, *changes, system=system, at=case.loaded_at)
            cursor.run(
                "UPDATE docked_export SET ended_at = $at, end_reason = '更正' WHERE export_no = $number",
                {"at": case.loaded_at, "number": number},
            )
            if case.is_of_one_system:
                rows = [{**each, f"{kind}_key": f"M-{place}"} for place, each in enumerate(changes)]
                put(cursor, kind, *rows, system=MONITORING, at=case.loaded_at)
        return _own_findings(cursor, case)


def of_planted_rows(store: Store, case: Case) -> list[tuple[Any, ...]]:
    """What the check alone finds in planted rows."""
    with _standing(store, case, is_planted=True) as cursor:
        return _own_findings(cursor, case)


def of_others_rows(store: Store, case: Case) -> list[tuple[Any, ...]]:
    """What the check finds in faultless rows where another notice has the planted ones."""
    with _standing(store, case, is_planted=False) as cursor:
        _put_elsewhere(cursor, case.rows, case.loaded_at)
        for step in case.planted_steps:
            record(cursor, *step, document_number=OTHER_NUMBER)
        for step in case.planted_region_steps or ():
            record(cursor, *step, document_number=OTHER_NUMBER, recipient_id="region")
        for report in case.planted_reports or ():
            submit(cursor, report, OTHER_NUMBER)
        return _own_findings(cursor, case)


def beside_others_rows(store: Store, case: Case) -> list[tuple[Any, ...]]:
    """What the check finds in planted rows where another notice has faultless ones, which mend nothing."""
    with _standing(store, case, is_planted=True) as cursor:
        _put_elsewhere(cursor, {key: {**FAULTLESS, **case.right}[key] for key in case.rows}, case.loaded_at)
        for report in case.reports:
            submit(cursor, report, OTHER_NUMBER)
        return _own_findings(cursor, case)


def without_export(store: Store, case: Case, export: tuple[str, str]) -> list[tuple[Any, ...]]:
    """What the check finds in planted rows where one system's export of one kind was never loaded."""
    with _standing(store, case, is_planted=True) as cursor:
        cursor.run(
            "DELETE FROM docked_export WHERE system_name = $system AND record_kind = $kind",
            {"system": export[0], "kind": export[1]},
        )
        return _own_findings(cursor, case)


def own_of(case: Case) -> list[tuple[Any, ...]]:
    """What the case expects of its own check."""
    return [expected for expected in case.expected if expected[0] == case.code]


@contextmanager
def _standing(store: Store, case: Case, *, is_planted: bool) -> Iterator[Cursor]:
    with store.rehearsal() as cursor:
        rows = {**FAULTLESS, **case.right, **(case.rows if is_planted else {})}
        for (kind, system), changes in rows.items():
            put(cursor, kind, *changes, system=system, at=case.loaded_at)
        for step in (*case.steps, *(case.planted_steps if is_planted else ())):
            record(cursor, *step)
        of_region = case.planted_region_steps
        for step in case.region_steps if of_region is None or not is_planted else of_region:
            record(cursor, *step, recipient_id="region")
        if case.reason_text:
            cursor.insert("rate_reason", [{
                "reason_no": 1, "document_number": NUMBER, "recipient_id": "luntai", "reason_text": case.reason_text,
                "explained_yuan": case.explained_yuan, "entered_at": case.as_of, "entered_by": "张三",
            }])
        planted = case.planted_reports
        for report in case.reports if planted is None or not is_planted else planted:
            submit(cursor, report)
        yield cursor


def _own_findings(cursor: Cursor, case: Case) -> list[tuple[Any, ...]]:
    (check,) = [check for check in all_checks(case.code[0]) if check.code == case.code]
    found = docked_rows(cursor, sql_text("data", f"checks/{check.name}"), NUMBER, case.as_of)
    return [(case.code, *(row[name] for name in COLUMNS)) for row in found]


def _put_elsewhere(cursor: Cursor, rows: Rows, at: datetime) -> None:
    """The rows under another notice, in exports of their own."""
    for (kind, system), changes in rows.items():
        cut = {"allotment": "upper_document_number", "payment": "allotment_key", "payout": "payment_key"}[kind]
        put(cursor, kind, *(
            {**each, "document_number": OTHER_NUMBER, f"{kind}_key": f"O-{place}", cut: ""}
            for place, each in enumerate(changes)
        ), system=system, at=at)


def record(
    cursor: Cursor, step: str, on: date, yuan: int | None, *, document_number: str = NUMBER,
    recipient_id: str = "luntai",
) -> None:
    """Record a step of a unit or of the prefecture, as the action does."""
    number = cursor.rows("SELECT COALESCE(MAX(receipt_no), 0) + 1 AS n FROM receipt")[0]["n"]
    at = datetime.combine(on, datetime.min.time())
    cursor.insert("receipt", [{
        "receipt_no": number, "document_number": document_number, "recipient_id": recipient_id, "receipt_step": step,
        "happened_at": at, "amount_yuan": yuan, "marker_text": "", "evidence_text": "", "recorded_at": at,
        "recorded_by": "张三",
    }])


def submit(cursor: Cursor, report: Report, document_number: str = NUMBER) -> None:
    """Put a report and its values into the store; 2021-11 is a round of its own, opened here."""
    if report.round_id != "2021-12":
        cursor.run(
            "INSERT INTO round BY NAME SELECT * REPLACE ('2021-11' AS round_id, '2021年11月' AS round_name, "
            "DATE '2021-11-30' AS period_end_on, DATE '2021-12-27' AS due_on) FROM round WHERE round_id = '2021-12' "
            "AND NOT EXISTS (FROM round WHERE round_id = '2021-11')"
        )
    key = f"{document_number}|{report.round_id}|{report.recipient_id}"
    cursor.insert("report", [{
        "report_id": key, "document_number": document_number, "round_id": report.round_id,
        "recipient_id": report.recipient_id, "report_version": 1, "paid_yuan": report.paid_yuan, "file_name": "a.xlsx",
        "file_sha256": key, "filled_by": "张三", "submitted_at": datetime(2021, 12, 26), "submitted_by": "张三",
    }])
    cursor.insert("actual", [
        {
            "report_id": key, "indicator_no": indicator_no, "numerator": top, "denominator": bottom,
            "actual_value": None, "prior_value": None, "band": None, "band_share": None, "is_not_applicable": False,
            "evidence_text": "", "deviation_reason": "", "improvement_measure": "", "place_text": "",
        }
        for indicator_no, (top, bottom) in report.values.items()
    ])
