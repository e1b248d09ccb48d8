"""A real standalone Spark cluster on loopback: a master and worker processes, each killed at the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from metrics.engines import NO_JAVA, NO_PYSPARK, has_java

START_SECONDS = 60.0


def lacking() -> str:
    """Why no cluster can be started here; empty if one can."""
    if find_spec("pyspark") is None:
        return NO_PYSPARK
    return "" if has_java() else NO_JAVA


@dataclass(frozen=True)
class Cluster:
    """A running cluster; each worker is a process group of its own, its executors with it."""

    address: str
    workers: tuple[subprocess.Popen[bytes], ...]

    def kill_worker(self) -> None:
        """Kill the last worker and its executors, as a power cut would."""
        _kill(self.workers[-1])


@contextmanager
def cluster(folder: Path, workers: int = 2, worker_memory: str = "600m") -> Iterator[Cluster]:
    """Start a master and workers of one core each; everything is gone when the block ends.

    Raises: RuntimeError with the end of its log if a process does not come up in time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port, started = _free_port(), []
    address = f"spark://127.0.0.1:{port}"
    try:
        started.append(_start(folder, "master", "org.apache.spark.deploy.master.Master", "--port", str(port)))
        _wait_for_port(port, started[0], folder / "master.log")
        for number in range(workers):
            name = f"worker-{number}"
            started.append(_start(
                folder, name, "org.apache.spark.deploy.worker.Worker", "--cores", "1", "--memory", worker_memory,
                "--work-dir", str(folder / name), address,
            ))
        yield Cluster(address, tuple(started[1:]))
    finally:
        for process in reversed(started):
            _kill(process)


def _start(folder: Path, name: str, java_class: str, *arguments: str) -> subprocess.Popen[bytes]:
    found = find_spec("pyspark")
    assert found is not None and found.origin is not None
    home = Path(found.origin).parent
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOCAL_DIRS": str(scratch), "SPARK_LOG_DIR": str(folder), "SPARK_PID_DIR": str(folder),
    }
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), java_class, "--host", "127.0.0.1", "--webui-port", "0", *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True,
        )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    waited_until = time.monotonic() + START_SECONDS
    while time.monotonic() < waited_until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-2000:])


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
