"""The nation on a Spark cluster: one and two workers, one of them killed, beside DuckDB, row for row.

Run:  .venv/bin/python -m tests.bench.spark [--small] [--only 10m|100m]

A cluster of standalone workers on this machine, each with one core and at most 3 GiB. Seconds are of ``score_lake``
whole: from the pushed files to every result written, without the start of the cluster. The made-up lakes and the
results of DuckDB stay in build/bench-data for another day; those of Spark are compared and removed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from data.lake import parquet_files, scored
from metrics.engines import Engine, SparkEngine, engine_of
from metrics.lake import STEPS, score_lake
from tests.bench.figures import hand_over, note
from tests.nation_lake import Size, equal_rows, make_nation
from tests.spark_cluster import Cluster, cluster, lacking

DATA = Path(__file__).parent.parent.parent / "build" / "bench-data" / "spark"
SIZES = {"10m": Size(rounds=2), "100m": Size(rounds=20)}
SMALL = Size(counties=36, funds=3, rounds=2, provinces=2)
SETTINGS = {"spark.executor.memory": "2g", "spark.driver.memory": "1g"}
SMALL_SETTINGS = {
    "spark.executor.memory": "512m", "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}
KEYS = ("document_number", "round_id", "recipient_id", "indicator_no")
NATION_KEYS = ("year", "level", "province", "county_code", "fund_name")


def main(arguments: list[str]) -> None:
    """Measure and hand over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--only", choices=sorted(SIZES))
    asked = parser.parse_args(arguments)
    if lacking():
        raise SystemExit(lacking())
    figures: dict[str, float] = {}
    details: dict[str, Any] = {"core_of_a_worker": 1, "memory_of_a_worker": "3 GiB"}
    if asked.small:
        _measure_small(figures, details)
    else:
        for name in (asked.only,) if asked.only else SIZES:
            _measure(name, figures, details)
    hand_over(figures, details)


def _measure_small(figures: dict[str, float], details: dict[str, Any]) -> None:
    """One cluster, one run with both workers and one in which a worker is killed: does it work at all."""
    folder = _fresh(DATA / "small")
    lake, ours = folder / "lake", folder / "duckdb"
    make_nation(lake, SMALL)
    details["seconds_small_duckdb"] = _duckdb(lake, ours)
    with cluster(folder / "cluster") as running:
        spark = engine_of(running.address, folder, {**SMALL_SETTINGS, "spark.cores.max": "2"})
        figures["seconds_10m_2_workers"] = _spark(spark, lake, folder / "two")
        figures["equal_rows_10m"] = _equal(ours, folder / "two", details)
        _killed(spark, running, lake, folder / "killed")
        figures["equal_rows_killed"] = _equal(ours, folder / "killed", details)
        spark.close()


def _measure(name: str, figures: dict[str, float], details: dict[str, Any]) -> None:
    lake, ours = DATA / name / "lake", DATA / name / "duckdb"
    if not (lake / "pushed" / "nation.json").exists():
        note(f"writing {SIZES[name].rows:,} rows")
        make_nation(_fresh(lake), SIZES[name])
    details[f"rows_{name}"] = SIZES[name].rows
    details[f"lake_mib_{name}"] = sum(file.stat().st_size for file in parquet_files(lake)) >> 20
    if not (ours / "seconds.txt").exists():
        note(f"DuckDB, {SIZES[name].rows:,} rows")
        seconds = _duckdb(lake, _fresh(ours))
        (ours / "seconds.txt").write_text(str(seconds), encoding="ascii")
    details[f"seconds_{name}_duckdb"] = float((ours / "seconds.txt").read_text(encoding="ascii"))
    for workers in (2, 1):
        note(f"Spark, {workers} worker(s), {SIZES[name].rows:,} rows")
        folder = _fresh(DATA / name / f"spark-{workers}")
        with cluster(folder / "cluster", workers, "3g") as running:
            spark = SparkEngine(running.address, {**SETTINGS, "spark.cores.max": str(workers)})
            while spark.executor_count < workers:       # begin only when every worker has given its executor
                time.sleep(0.1)
            steps: dict[str, float] = {}
            figures[f"seconds_{name}_{workers}_worker{'s' * (workers > 1)}"] = _spark(spark, lake, folder, steps)
            details[f"steps_{name}_{workers}"] = steps
            note(f"comparing: {steps}")
            equal = _equal(ours, folder, details)
            if workers == 2:
                details[f"equal_rows_{name}"] = equal
                if name == "10m":
                    figures["equal_rows_10m"] = equal
                    note("killing a worker in the middle")
                    killed = _fresh(DATA / name / "killed")
                    details["seconds_10m_killed"] = _killed(spark, running, lake, killed)
                    figures["equal_rows_killed"] = _equal(ours, killed, details)
                    shutil.rmtree(killed)
            spark.close()
        shutil.rmtree(folder)


def _duckdb(lake: Path, out: Path) -> float:
    out.mkdir(parents=True, exist_ok=True)
    duckdb = engine_of("duckdb", out)
    begun = time.perf_counter()
    score_lake(lake, out, duckdb, datetime.now())
    seconds = time.perf_counter() - begun
    duckdb.close()
    return round(seconds, 1)


def _spark(spark: Engine, lake: Path, out: Path, steps: dict[str, float] | None = None) -> float:
    """How long a whole run takes; ``steps`` takes the seconds at which each result was there."""
    begun = time.perf_counter()

    def tell(title: str, _: int) -> None:
        if steps is not None:
            steps[title] = round(time.perf_counter() - begun, 1)

    score_lake(lake, out, spark, datetime.now(), [tell])
    return round(time.perf_counter() - begun, 1)


def _killed(spark: Engine, running: Cluster, lake: Path, out: Path) -> float:
    """A run in which the last worker is killed once it writes rows; how long it takes all the same."""
    killed: list[bool] = []
    is_over = threading.Event()

    def kill() -> None:
        while not is_over.is_set():
            if any(out.glob("scored/*/score/_temporary/**/*.parquet")):
                running.kill_worker()
                killed.append(True)
                return
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        seconds = _spark(spark, lake, out)
    finally:
        is_over.set()
        killer.join()
    if not killed:
        raise RuntimeError("no worker was killed")
    return seconds


def _equal(ours: Path, theirs: Path, details: dict[str, Any]) -> int:
    """The rows of ``score`` that are the same; every other result must be the same whole.

    Raises: RuntimeError naming a result that differs.
    """
    same_scores = 0
    for step in STEPS:
        mine, other = (folder / "scored" / scored(folder)["run"] / step.name for folder in (ours, theirs))
        names = pq.read_schema(parquet_files(mine)[0]).names
        same, most = equal_rows(mine, other, tuple(key for key in KEYS if key in names) or NATION_KEYS)
        details.setdefault("equal", {})[step.name] = f"{same} of {most}"
        if step.name == "score":
            same_scores = same
        elif same != most:
            raise RuntimeError(f"{step.name}: {same} of {most}")
    return same_scores


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main(sys.argv[1:])
