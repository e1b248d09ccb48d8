"""The nation on a real Spark cluster: a master and two workers on loopback, one of them killed, equal to DuckDB."""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from nation_lake import Size, equal_rows, make_nation
from spark_cluster import Cluster, cluster, lacking

from data.lake import parquet_files, scored
from metrics.engines import EngineError, SparkEngine, engine_of
from metrics.lake import STEPS, score_lake
from tests.test_engines import keys_of

REASON = lacking()
if REASON and os.environ.get("WENXIAO_REQUIRE_SPARK"):
    raise RuntimeError(REASON)
pytestmark = [
    pytest.mark.spark, pytest.mark.skipif(bool(REASON), reason=REASON), pytest.mark.timeout(300),
]

SIZE = Size(counties=54, funds=6, rounds=6, provinces=2)
# A cluster of two small processes, and no long warming up for a few rows.
SETTINGS = {
    "spark.executor.memory": "512m", "spark.cores.max": "2", "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}
AT = datetime(2026, 1, 31)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


def kill_in_the_middle(running: Cluster, out: Path, killed: list[float]) -> None:
    """Kill a worker as soon as an executor writes the first rows of the first result."""
    waited_until = time.monotonic() + 200
    while time.monotonic() < waited_until:
        if any(out.glob("scored/*/score/_temporary/**/*.parquet")):
            running.kill_worker()
            killed.append(time.monotonic())
            return
        time.sleep(0.01)


def test_results_are_equal_to_duckdb_also_when_a_worker_is_killed(running, tmp_path):
    ours, theirs, lake = tmp_path / "duckdb", tmp_path / "spark", tmp_path / "lake"
    make_nation(lake, SIZE)
    duckdb = engine_of("duckdb", tmp_path)
    counts = score_lake(lake, ours, duckdb, AT)
    duckdb.close()
    killed: list[float] = []
    killer = threading.Thread(target=kill_in_the_middle, args=(running, theirs, killed), daemon=True)
    spark = SparkEngine(running.address, SETTINGS)
    try:
        waited_until = time.monotonic() + 60
        while spark.executor_count < 2 and time.monotonic() < waited_until:
            time.sleep(0.1)
        assert spark.executor_count == 2
        killer.start()
        assert score_lake(lake, theirs, spark, AT) == counts
    finally:
        spark.close()

    assert killed and running.workers[-1].poll() is not None and running.workers[0].poll() is None
    assert counts["score"] == SIZE.rows > 30_000
    for step in STEPS:
        mine, other = (folder / "scored" / scored(folder)["run"] / step.name for folder in (ours, theirs))
        same, most = equal_rows(mine, other, keys_of(mine))
        assert same == most == counts[step.name], step.name
    assert not list(theirs.rglob("_temporary"))
    assert parquet_files(theirs)


def test_a_cluster_that_is_not_there_is_told_in_one_sentence(tmp_path):
    with pytest.raises(EngineError, match=r"连不上 Spark 集群 spark://127\.0\.0\.1:1：请核对主机和端口"):
        engine_of("spark://127.0.0.1:1", tmp_path)
