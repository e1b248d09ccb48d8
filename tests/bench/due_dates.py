"""How long the due dates of a million receipts take: one join with the table of counted days.

Run it by hand: .venv/bin/python tests/bench/due_dates.py
"""

from __future__ import annotations

import sys
import time

from data.store import Store, sql_text, with_relations
from metrics.counted_days import keep_calendar

ROWS = 1_000_000
REGION = "652800"
# Receipts on every day of 2018–2025 in turn, with limits of 1 to 20 working days.
RECEIPTS = f"""
SELECT
    DATE '2018-01-01' + CAST(i % 2900 AS INTEGER) AS received_on,
    1 + i % 20 AS working_day_count
FROM RANGE({ROWS}) AS r (i)
"""
DUE = """
SELECT
    COUNT(due.calendar_day) AS counted,
    MAX(due.calendar_day) AS latest
FROM receipt_day AS r
JOIN working_day AS d ON d.calendar_day = r.received_on
LEFT JOIN working_day AS due ON due.is_working AND due.ordinal = d.ordinal + r.working_day_count
"""


def main() -> None:
    """Count the due dates of all rows and print how long it took."""
    store = Store(None)
    with store.transaction() as cursor:
        keep_calendar(cursor, REGION)
    sql = with_relations(DUE, {"receipt_day": RECEIPTS, "working_day": sql_text("data", "queries/working_days")})
    with store.reading() as cursor:
        begun = time.perf_counter()
        (found,) = cursor.rows(sql, {"region_code": REGION})
        seconds = time.perf_counter() - begun
    sys.stdout.write(f"{ROWS:,} 行，{found['counted']:,} 个截止日，最晚 {found['latest']}，用时 {seconds:.2f} 秒\n")


if __name__ == "__main__":
    main()
