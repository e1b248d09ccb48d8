"""The same SQL on DuckDB or on a Spark cluster: an engine reads Parquet files and writes Parquet files, no more.

What is asked of an engine is only what both share (``metrics/sql`` keeps to that), so that the results are equal to
the last micro-point. DuckDB is faster as long as one machine holds the data; Spark is for what it does not hold.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from data.errors import WenxiaoError
from data.store import StatementError, Store

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DUCKDB = "duckdb"
EXECUTOR_WAIT_SECONDS = 60.0
CONNECT_SECONDS = 5.0
NO_PYSPARK = "没有安装 PySpark，不能在 Spark 上计算：请执行 pip install 'wenxiao[spark]'，或改用 --engine duckdb。"
NO_JAVA = (
    "没有找到 Java，不能在 Spark 上计算：请安装 Java 17（Debian：apt-get install openjdk-17-jre-headless），"
    "或设 JAVA_HOME，或改用 --engine duckdb。"
)


class EngineError(WenxiaoError):
    """An engine is not there, or could not carry out what it was asked."""


class Engine(Protocol):
    """What runs the rules over files."""

    title: str

    def lend(self, name: str, folder: Path, files: Sequence[Path]) -> None:
        """Let SQL read files under a name; ``year=`` and ``province=`` below the folder are columns, as texts."""

    def write(self, sql: str, folder: Path, *, is_parted: bool) -> None:
        """Write the rows of a SELECT as Parquet files, parted by its columns year and province if asked.

        Raises: EngineError if the engine fails; what is in the folder then does not count.
        """

    def close(self) -> None:
        """Let go of everything."""


def engine_of(address: str, scratch: Path, settings: Mapping[str, str] | None = None) -> Engine:
    """The engine of an address: ``duckdb``, or ``spark://host:port`` of a standalone cluster.

    ``scratch`` takes what does not fit into the memory; ``settings`` are Spark's own.

    Raises: EngineError for another address, and if PySpark, Java, the cluster or its workers are not there.
    """
    if address == DUCKDB:
        return DuckDBEngine(scratch)
    if address.startswith("spark://"):
        return SparkEngine(address, settings or {})
    raise EngineError(f"没有引擎“{address[:40]}”：可以是 duckdb，或 spark://主机:端口。")


class DuckDBEngine:
    """DuckDB in this process."""

    title = "DuckDB"

    def __init__(self, scratch: Path) -> None:
        """A store of its own in memory, so that no other reader feels its settings."""
        self._store = Store(None)
        self._reading = self._store.reading()
        self._cursor = self._reading.__enter__()
        self._cursor.run(f"SET temp_directory = {_quoted(str(scratch / '.duckdb'))}")
        self._cursor.run("SET preserve_insertion_order = false")

    def lend(self, name: str, folder: Path, files: Sequence[Path]) -> None:
        """See ``Engine``; the folder is only asked for by others, each file's path names its parts."""
        listed = ", ".join(_quoted(str(file)) for file in files)
        self._run(
            name, f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM "
            f"read_parquet([{listed}], hive_partitioning = {_is_parted(folder, files)}, hive_types_autocast = false)"
        )

    def write(self, sql: str, folder: Path, *, is_parted: bool) -> None:
        """See ``Engine``."""
        options = "FORMAT parquet, COMPRESSION zstd" + (", PARTITION_BY (year, province)" if is_parted else "")
        folder.mkdir(parents=True, exist_ok=True)
        out = folder if is_parted else folder / "part-0.parquet"
        self._run(folder.name, f"COPY (\n{sql}\n) TO {_quoted(str(out))} ({options})")

    def close(self) -> None:
        """See ``Engine``."""
        self._reading.__exit__(None, None, None)
        self._store.close()

    def _run(self, what: str, statement: str) -> None:
        try:
            self._cursor.run(statement)
        except StatementError as error:
            raise EngineError(f"DuckDB 没有办成“{what}”：{_first_line(error)}") from error


class SparkEngine:
    """A standalone Spark cluster, driven from this process; the lake lies where every worker sees it too."""

    title = "Spark"

    def __init__(self, address: str, settings: Mapping[str, str]) -> None:
        """Join the cluster and wait until it has given at least one executor."""
        self._session = _session(address, settings)

    @property
    def executor_count(self) -> int:
        """How many executors the cluster has given."""
        return _executor_count(self._session)

    def lend(self, name: str, folder: Path, files: Sequence[Path]) -> None:
        """See ``Engine``."""
        with _as_engine_error(name):
            frame = self._session.read.option("basePath", _address(folder)).parquet(*map(_address, files))
            frame.createOrReplaceTempView(name)

    def write(self, sql: str, folder: Path, *, is_parted: bool) -> None:
        """See ``Engine``."""
        with _as_engine_error(folder.name):
            writer = self._session.sql(sql).write
            (writer.partitionBy("year", "province") if is_parted else writer).parquet(_address(folder))

    def close(self) -> None:
        """See ``Engine``."""
        self._session.stop()


# Equal to DuckDB: strict casts, no zone, parts as texts. The rest keeps a small cluster from being asked too much.
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


def _session(address: str, settings: Mapping[str, str]) -> SparkSession:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError(NO_PYSPARK) from error
    if not has_java():
        raise EngineError(NO_JAVA)
    host = _reached(address)
    builder = SparkSession.builder.master(address).appName("wenxiao")
    if host.startswith("127.") or host == "localhost":
        settings = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", **settings}
    for key, value in {**_SETTINGS, **settings}.items():
        builder = builder.config(key, value)
    logging.getLogger("py4j").setLevel(logging.ERROR)
    # PySpark warns of pandas 3, which nothing here hands it.
    with _as_engine_error("连接集群"), warnings.catch_warnings(action="ignore"):
        session = builder.getOrCreate()
    try:
        _wait_for_executors(session, address)
    except EngineError:
        session.stop()
        raise
    return session


def has_java() -> bool:
    """Whether Spark will find a Java to run on."""
    home = os.environ.get("JAVA_HOME")
    return (Path(home) / "bin" / "java").is_file() if home else shutil.which("java") is not None


def _reached(address: str) -> str:
    """The host of the first master that can be reached; Spark itself would try for minutes.

    Raises: EngineError if none can.
    """
    for place in address.removeprefix("spark://").split(","):
        host, _, port = place.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=CONNECT_SECONDS):
                return host
        except (OSError, ValueError, OverflowError):
            continue
    raise EngineError(f"连不上 Spark 集群 {address}：请核对主机和端口，确认主节点已启动。")


def _executor_count(session: SparkSession) -> int:
    context: Any = session.sparkContext._jsc.sc()
    return int(context.getExecutorMemoryStatus().size()) - 1     # the driver itself is one


def _wait_for_executors(session: SparkSession, address: str) -> None:
    waited_until = time.monotonic() + EXECUTOR_WAIT_SECONDS
    while not _executor_count(session):
        if time.monotonic() > waited_until:
            raise EngineError(
                f"Spark 集群 {address} 没有可用的工作节点：请确认工作节点已启动，内存和核数够用"
                "（可用 --set spark.executor.memory=1g 调小）。"
            )
        time.sleep(0.2)


@contextmanager
def _as_engine_error(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:      # py4j, Spark and Java each have their own
        if isinstance(error, EngineError):
            raise
        raise EngineError(f"Spark 没有办成“{what}”：{_first_line(error)}") from error


def _address(path: Path) -> str:
    # As Hadoop reads it: a quoted sign would be taken as it stands.
    return f"file://{path.absolute()}"


def _is_parted(folder: Path, files: Sequence[Path]) -> str:
    return "true" if any(file.parent != folder for file in files) else "false"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
