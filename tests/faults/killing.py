"""Kill a process in which twenty people write, again and again, and prove after each time that nothing is wrong.

    python -m tests.faults.killing [--kills 300] [--seed 1]

Proved each time: the store opens by itself; every acknowledged entry is in the log with the hash that was
acknowledged; at most one entry a person is there without having been; the doctor finds nothing (references, sums,
scores equal to a fresh recomputation, reports and inquiries as the chained log says); every export is there whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.doctor import examination_as_json, examine, told_as_text
from dashboard.workspace import STORE_NAME, Workspace
from data.store import Store
from tests.builders import REGION, opened_store
from tests.faults.work import PEOPLE

ROOT = Path(__file__).parent.parent.parent
LONGEST = 3.0          # seconds of work before the kill, at most
FRESH_AFTER = 40       # kills, after which a new store is begun: else the doctor's time grows with the store


@dataclass
class Figures:
    """What a run of kills came to."""

    kills: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    unacknowledged: int = 0     # entries that were kept although the kill came before the word
    replayed: int = 0           # openings that had a write-ahead file to read
    slowest_opening: float = 0.0
    seconds: float = 0.0


class LostError(AssertionError):
    """Something acknowledged is not there, or something is there by half."""


def new_store(folder: Path) -> Path:
    """A store with the founding notice and an open round, as a bureau's own."""
    folder.mkdir(parents=True)
    store = opened_store(folder)
    with store.transaction() as cursor:
        cursor.delete("workspace_setting", "setting_key", "region_code")
        cursor.insert("workspace_setting", [{"setting_key": "region_code", "setting_value": REGION}])
    store.close()
    return folder / STORE_NAME


def working(path: Path, seed: int, *more: str) -> subprocess.Popen[bytes]:
    """The process in which everybody works."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.work", str(path), str(seed), *more], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))},
    )


def killed(path: Path, seed: int, seconds: float, *, is_at_work: bool = True) -> list[dict[str, Any]]:
    """Let everybody work for some time, kill the process, and give what had been acknowledged.

    The time counts from the first acknowledgement, or from the start where the kill may come before it.
    """
    process = working(path, seed)
    assert process.stdout is not None and process.stderr is not None
    first = process.stdout.readline()
    if is_at_work:
        first += process.stdout.readline()
    if not first:
        raise LostError(process.stderr.read().decode())
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest, errors = process.communicate()
    if process.returncode != -signal.SIGKILL:
        raise LostError(f"the process ended by itself: {errors.decode()}")
    if errors:
        raise LostError(errors.decode())
    # What stands behind the last line feed was cut off by the kill.
    return [json.loads(line) for line in (first + rest).rpartition(b"\n")[0].splitlines()]


def prove(path: Path, said: list[dict[str, Any]], entries_before: int, people: int = PEOPLE) -> int:
    """Open the store and prove it; how many entries of the log it has now.

    Raises: LostError with what is lost or half there.
    """
    store = Store(path)
    try:
        with store.reading() as cursor:
            log = {
                row["entry_no"]: row["entry_hash"]
                for row in cursor.rows("SELECT entry_no, entry_hash FROM audit_log")
            }
            halves = cursor.rows(HALF_EXPORTS)
        acknowledged = [line for line in said if "entry_no" in line]
        for line in acknowledged:
            if log.get(line["entry_no"]) != line["entry_hash"]:
                raise LostError(f"acknowledged and not there: {line}")
        if len(log) - entries_before - len(acknowledged) not in range(people + 1):
            raise LostError(f"{len(log)} entries, {entries_before} before, {len(acknowledged)} acknowledged")
        if halves:
            raise LostError(f"exports that are not whole: {halves}")
        found = examine(Workspace(path.parent, store))
        if found.fault_count:
            raise LostError(told_as_text(examination_as_json(found)))
        return len(log)
    finally:
        store.close()


# The rows of an export that were not rejected are all there, also when it was replaced.
HALF_EXPORTS = """
WITH kept AS (
    SELECT export_no, COUNT(*) AS row_count FROM payment GROUP BY ALL
    UNION ALL
    SELECT export_no, COUNT(*) AS row_count FROM payout GROUP BY ALL
)

SELECT e.export_no, e.row_count, COALESCE(k.row_count, 0) AS kept_count
FROM docked_export AS e
LEFT JOIN kept AS k ON k.export_no = e.export_no
WHERE e.row_count <> COALESCE(k.row_count, 0)
"""


def entry_count(path: Path) -> int:
    """How many entries the log of a store has."""
    store = Store(path)
    with store.reading() as cursor:
        (row,) = cursor.rows("SELECT COUNT(*) AS n FROM audit_log")
    store.close()
    return int(row["n"])


def kill_again_and_again(
    folder: Path, kills: int, seed: int, longest: float = LONGEST, *, is_told: bool = False
) -> Figures:
    """Kill the work so often, and prove the store each time.

    Raises: LostError at the first fault; the store stays where it is then.
    """
    figures, chance, begun = Figures(), random.Random(seed), time.monotonic()
    path, entries = Path(), 0
    for number in range(kills):
        if number % FRESH_AFTER == 0:
            path = new_store(folder / f"store-{number}")
            entries = entry_count(path)
        said = killed(path, seed * 1000 + number, chance.uniform(0.0, longest), is_at_work=number % 5 != 0)
        ahead = path.with_name(f"{path.name}.wal")
        figures.replayed += ahead.exists() and ahead.stat().st_size > 0
        opening = time.monotonic()
        Store(path).close()
        figures.slowest_opening = max(figures.slowest_opening, time.monotonic() - opening)
        before, entries = entries, prove(path, said, entries)
        acknowledged = [line["said"] for line in said if "entry_no" in line]
        figures.acknowledged.update(acknowledged)
        figures.unacknowledged += entries - before - len(acknowledged)
        figures.kills += 1
        if is_told:
            sys.stderr.write(f"{figures.kills}: {sum(figures.acknowledged.values())} acknowledged\n")
    figures.seconds = time.monotonic() - begun
    return figures


def main(arguments: list[str]) -> None:
    """Kill as often as is asked, and print the figures as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="wenxiao-kills-"))
    figures = kill_again_and_again(folder, asked.kills, asked.seed, is_told=True)
    shutil.rmtree(folder)
    sys.stdout.write(json.dumps({
        "kills": figures.kills, "acknowledged": sum(figures.acknowledged.values()),
        "by_deed": dict(sorted(figures.acknowledged.items())), "unacknowledged": figures.unacknowledged,
        "replayed": figures.replayed, "slowest_opening_seconds": round(figures.slowest_opening, 2),
        "seconds": round(figures.seconds), "lost": 0, "half": 0,
    }) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
