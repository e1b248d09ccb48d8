"""A server that is killed in the middle of its work has lost nothing it acknowledged and left nothing half."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders import NUMBER, entry, is_whole_log, rows, submit, upload

from dashboard.workspace import STORE_NAME
from data.store import Store

# Publishes, opens a round, then submits report after report; a line is an acknowledgement.
WORK = """
import sys
sys.path[:0] = sys.argv[2:]
from datetime import timedelta
from pathlib import Path

import builders
from dashboard.actions.rounds import open_round
from data.store import Store

store = Store(Path(sys.argv[1]))
print("start", flush=True)
published = builders.publish(store)
print("published", published.document_number, flush=True)
open_round(store, builders.OFFICER, builders.OPENED_AT, builders.NUMBER, builders.PLAN, builders.REGION)
print("opened", flush=True)
for number in range(1, 400):
    unit = builders.UNITS[number % 12]
    rows = [builders.entry(no, numerator=number, denominator=1000) for no in (1, 3, 4, 5, 9, 12, 13, 14)]
    at = builders.SUBMITTED_AT + timedelta(seconds=number)
    done = builders.submit(store, builders.upload(*rows, recipient_id=unit, paid_wan=number), at=at)
    print("report", unit, done.report_version, number, flush=True)
"""

# After which acknowledgement, and how many seconds later, the process is killed.
MOMENTS = [
    ("start", 0.0), ("start", 0.4), ("published", 0.0), ("published", 0.1),
    ("opened", 0.05), ("report kuerle-kaifaqu 1", 0.0), ("report luntai 1", 0.03), ("report kuerle-kaifaqu 2", 0.07),
]


def killed_at(path: Path, word: str, seconds: float) -> list[list[str]]:
    """Run the work, kill it at the moment; every acknowledgement that came out."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(path), str(Path(__file__).parent), str(Path(__file__).parent.parent)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        give_up = time.monotonic() + 60
        while not any(line.startswith(word) for line in said.decode().splitlines()):
            assert time.monotonic() < give_up, said
            if selector.select(timeout=1):
                chunk = os.read(process.stdout.fileno(), 4096)
                assert chunk, process.stderr.read().decode()
                said += chunk
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL
    # A line that was cut off by the kill is no acknowledgement.
    whole = (said + rest).rpartition(b"\n")[0]
    return [line.split() for line in whole.decode().splitlines()]


@pytest.mark.parametrize(("word", "seconds"), MOMENTS)
def test_nothing_acknowledged_is_lost_and_nothing_is_half(tmp_path, word, seconds):
    path = tmp_path / STORE_NAME
    acknowledged = killed_at(path, word, seconds)

    store = Store(path)

    kinds = [line[0] for line in acknowledged]
    counts = rows(store, """
        SELECT
            (SELECT COUNT(*) FROM notice) AS notices, (SELECT COUNT(*) FROM notice_line) AS lines,
            (SELECT COUNT(*) FROM allocation_line) AS money, (SELECT COUNT(*) FROM indicator) AS indicators,
            (SELECT COUNT(*) FROM target) AS targets, (SELECT COUNT(*) FROM recipient) AS units,
            (SELECT COUNT(*) FROM round) AS rounds,
            (SELECT COUNT(DISTINCT (recipient_id, indicator_no)) FROM score) AS scored""")[0]
    assert counts["notices"] >= kinds.count("published")
    assert counts["rounds"] >= kinds.count("opened")
    paper = (counts["lines"], counts["money"], counts["indicators"], counts["targets"], counts["units"])
    assert paper == ((100, 24, 20, 260, 12) if counts["notices"] else (0, 0, 0, 0, 0))
    assert counts["scored"] == counts["rounds"] * 240

    kept = {
        (row["recipient_id"], row["report_version"]): row for row in rows(store, """
            SELECT r.recipient_id, r.report_version, r.paid_yuan, r.file_sha256,
                COUNT(a.indicator_no) AS entries, MIN(a.numerator) AS least, MAX(a.numerator) AS most,
                (SELECT COUNT(*) FROM actual_current AS c WHERE c.report_id = r.report_id) AS current_entries,
                (SELECT COUNT(DISTINCT s.indicator_no) FROM score AS s WHERE s.report_id = r.report_id) AS scores,
                (SELECT COUNT(*) FROM received_file AS f WHERE f.file_sha256 = r.file_sha256) AS files
            FROM report AS r LEFT JOIN actual AS a ON a.report_id = r.report_id
            GROUP BY ALL""")
    }
    for _, unit, version, number in (line for line in acknowledged if line[0] == "report"):
        row = kept[unit, int(version)]
        assert (row["paid_yuan"], row["least"], row["most"]) == (int(number) * 10_000, int(number), int(number))
    newest = {unit: max(version for held, version in kept if held == unit) for unit, _ in kept}
    for (unit, version), row in kept.items():
        assert (row["entries"], row["scores"], row["files"]) == (8, 8, 1)
        assert row["current_entries"] == (8 if version == newest[unit] else 0)

    actions = [row["action_name"] for row in rows(store, "SELECT action_name FROM audit_log ORDER BY entry_no")]
    assert actions == (["publish_notice"] * counts["notices"] + ["open_round"] * counts["rounds"]
                       + ["submit_report"] * len(kept))
    assert is_whole_log(store)
    # At most the one action that was under way is there without having been acknowledged.
    assert len(actions) - len([kind for kind in kinds if kind != "start"]) in (0, 1)
    store.close()


def test_work_goes_on_after_the_kill(tmp_path):
    path = tmp_path / STORE_NAME
    killed_at(path, "opened", 0.0)

    store = Store(path)
    done = submit(store, upload(entry(4, numerator=94, denominator=100), recipient_id="zhou-fuliyuan"))

    assert done.report_version == 1
    assert rows(store, "SELECT document_number FROM notice") == [{"document_number": NUMBER}]
    assert is_whole_log(store)
    store.close()
