"""How long one unit's report of 20 rows takes to submit into stores of one, ten and a hundred million scores.

What is timed is the action itself, as page, interface and command line call it: report, values, scores, totals, event
and log entry in one transaction, acknowledged when it is on disk. Each report is of another notice, spread over the
whole store. The store is copied before and the copy thrown away, so that each run finds the same.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from dashboard import demo
from dashboard.actions.reports import Upload, prepare_form, submit_report
from dashboard.rights import COUNTY_APPROVER
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.intake.example import example_figures
from data.intake.form import EntryKind, FilledEntry, FilledReport, FormRow, ReportForm
from data.store import Store
from tests.bench.big_store import DATA, ROUND, big_store, number_of
from tests.bench.figures import at_percent, hand_over, note

MILLION = 1_000_000
AT = datetime(2021, 12, 28, 12)
# Units whose December report nobody has accepted yet.
OPEN_UNITS = """
SELECT DISTINCT l.recipient_id
FROM allocation_line AS l
WHERE l.notice_key = notice_key($number) AND l.recipient_id NOT IN (
    SELECT r.recipient_id
    FROM report AS r
    JOIN report_event AS e ON e.notice_key = r.notice_key AND e.report_id = r.report_id
    WHERE r.notice_key = notice_key($number) AND r.round_id = $round_id AND e.report_state IN ('accepted', 'locked')
)
ORDER BY l.recipient_id
"""


def main() -> None:
    """Submit reports into each store and hand over the p95 of each."""
    is_small = "--small" in sys.argv
    sizes = {"1m": MILLION} if is_small else {"1m": MILLION, "10m": 10 * MILLION, "100m": 100 * MILLION}
    figures: dict[str, float] = {}
    details: dict[str, Any] = {"reports": {}}
    for size, rows in sizes.items():
        with tempfile.TemporaryDirectory(dir=DATA) as folder:
            store = Store(Path(shutil.copy(big_store(rows) / STORE_NAME, folder)))
            details["reports"][size] = found = measured(store, count=10 if is_small else 200)
            store.close()
        note(f"{size} {found}")
        figures[f"p95_ms_{size}"] = found["p95_ms"]
    hand_over(figures, details)


def measured(store: Store, count: int) -> dict[str, float]:
    """Milliseconds of so many submissions, after a few that warm the store up; processor time beside them."""
    with store.reading() as cursor:
        (held,) = cursor.rows("SELECT COUNT(*) AS n FROM notice")
        units = [row["recipient_id"] for row in cursor.rows(
            OPEN_UNITS, {"number": number_of(0), "round_id": ROUND}
        )]
    copies = held["n"] - 1
    taken: list[float] = []
    worked: list[float] = []
    for turn in range(count + 5):
        number, unit = number_of(turn * 7919 % copies), units[turn % len(units)]
        upload = filled(store, number, unit, turn)
        person = Actor("演示·审核人", COUNTY_APPROVER, unit, f"{unit}-shenhe", "网页 127.0.0.1")
        begun, busy = time.perf_counter(), time.process_time()
        done = submit_report(store, person, AT, upload, demo.REGION, statement="无")
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        assert (done.outcome, done.entry_count > 0) == ("submitted", True), done
    taken, worked = taken[5:], worked[5:]
    return {
        "p50_ms": at_percent(taken, 50), "p95_ms": at_percent(taken, 95), "most_ms": max(taken),
        "cpu_p50_ms": at_percent(worked, 50), "count": count,
    }


def filled(store: Store, number: str, unit: str, turn: int) -> Upload:
    """The unit's form with the figures of the filled example; the money differs from turn to turn."""
    form = prepare_form(store, number, ROUND, unit)
    entries = tuple(_entry(form, row) for row in form.rows)
    report = FilledReport(number, ROUND, unit, Decimal(10_000 + turn), entries, "张三")
    return Upload(report, f"{number}{unit}{turn}".encode(), "填报表.xlsx")


def _entry(form: ReportForm, row: FormRow) -> FilledEntry:
    figures, _ = example_figures(row, form, is_missed=False)
    numbers = {name: Decimal(str(value)) for name, value in figures.items() if isinstance(value, int | float)}
    if not numbers:
        return FilledEntry(row.indicator_no)
    if row.entry is EntryKind.QUALITATIVE:
        numbers = {"band": 1, "band_share": Decimal(100)}  # type: ignore[dict-item]
    return FilledEntry(
        row.indicator_no, **numbers, evidence_text="台账", deviation_reason="如实", improvement_measure="改进",  # type: ignore[arg-type]
        is_blank=False, places=dict.fromkeys(numbers, f"「填报表」!X{row.indicator_no}"),
    )


if __name__ == "__main__":
    main()
