"""What growth costs, from ten thousand to a hundred million scores: time and bytes a row.

For each size: bytes a row of the store's file, of the scores and of the log alone, of the archive of everything; the
time that adding a row takes (a report of 20 rows submitted, by row) and reading one (the scores of one round). An
archive is put together notice by notice and round by round, so it is made of the two smaller stores only.
``growth_plot`` draws the series that stand in ``details``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dashboard.actions.archives import export_archive
from dashboard.demo import OFFICER
from dashboard.workspace import STORE_NAME
from data.store import Store
from metrics.boards.standing import scores
from tests.bench.big_store import DATA, big_store, scope_in
from tests.bench.figures import at_percent, hand_over, note
from tests.bench.submitting import AT, measured

SMALL = (10_000, 100_000)
MOST_ARCHIVED = 200_000
LARGE = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
BLOCK = 262_144     # bytes of a block of the store's file


def main() -> None:
    """Measure every size and hand over the last of each series."""
    sizes = SMALL if "--small" in sys.argv else LARGE
    series = []
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=DATA) as folder:
            store = Store(Path(shutil.copy(big_store(size) / STORE_NAME, folder)))
            series.append(grown(store, has_archive=size == sizes[0] or (sizes is LARGE and size < MOST_ARCHIVED)))
            store.close()
        note(f"{series[-1]}")
    archived = [each["archive_bytes"] for each in series if "archive_bytes" in each]
    hand_over(
        {"bytes_per_score_100m": series[-1]["store_bytes"], "bytes_per_archived_row": archived[-1]},
        {"series": series},
    )


def grown(store: Store, *, has_archive: bool) -> dict[str, Any]:
    """Bytes and milliseconds a row of one store; ``rows`` are its scores."""
    assert store.path is not None
    scope = scope_in(store)
    with store.reading() as cursor:
        (held,) = cursor.rows(
            "SELECT (SELECT COUNT(*) FROM score) AS scores, (SELECT COUNT(*) FROM audit_log) AS entries"
        )
        blocks = {table: len({row["block_id"] for row in cursor.rows(
            f"SELECT DISTINCT block_id FROM PRAGMA_STORAGE_INFO('{table}') WHERE persistent"
        )}) for table in ("score", "audit_log")}
    file_bytes = store.path.stat().st_size
    reading = []
    for _ in range(11):
        begun = time.perf_counter()
        shown = scores(store, scope)
        reading.append((time.perf_counter() - begun) * 1000 / len(shown))
    archived: dict[str, float] = {}
    if has_archive:
        begun = time.perf_counter()
        archive = export_archive(store, OFFICER, AT)
        archived = {
            "archive_ms": (time.perf_counter() - begun) * 1000 / held["scores"],
            "archive_bytes": len(archive.content) / held["scores"],
        }
    submitted = measured(store, count=20)
    return {
        "rows": held["scores"],
        "store_bytes": file_bytes / held["scores"],
        "score_bytes": blocks["score"] * BLOCK / held["scores"],
        "log_bytes": blocks["audit_log"] * BLOCK / held["entries"],
        **archived,
        "read_ms": at_percent(reading, 50),
        "submit_ms": submitted["p50_ms"] / 20,
    }


if __name__ == "__main__":
    main()
