"""A server on a copy of the demonstration, in a process of its own, and what that process used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import note
from tests.server_builders import browser, secret_of, sign_in

ROOT = Path(__file__).parent.parent.parent
DEMONSTRATION = ROOT / "build" / "bench-data" / "demo"


@dataclass(frozen=True)
class Server:
    """A running server: its process and its port."""

    pid: int
    port: int
    folder: Path

    @property
    def address(self) -> str:
        """What a browser is given."""
        return f"http://127.0.0.1:{self.port}"

    def processor_seconds(self) -> float:
        """What the process has used so far, all threads, the ended ones too; to the nanosecond."""
        # The kernel's number of another process's clock: clock_getcpuclockid(3).
        return time.clock_gettime((~self.pid << 3) | 2)

    def resident_kib(self) -> int:
        """Its memory now."""
        text = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        assert found
        return int(found[1])

    def sign_in(self, account: str) -> str:
        """Enter as one of the demonstration's people; the cookie's secret."""
        with browser(self.port) as client:
            answer = sign_in(client, account)
            assert answer.status_code == 303, answer.text
            return secret_of(client)


def demonstration() -> Path:
    """The demonstration as ``make run`` builds it, built once for all groups."""
    if not DEMONSTRATION.exists():
        note("正在建立演示数据（只在首次进行）")
        building = DEMONSTRATION.with_name("demo.new")
        shutil.rmtree(building, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "dashboard", "demo", str(building)], cwd=ROOT, check=True, stdout=2)
        building.rename(DEMONSTRATION)
    return DEMONSTRATION


@contextmanager
def served(workspace: Path | None = None) -> Iterator[Server]:
    """A server on a copy of a workspace, of the demonstration where none is named."""
    with tempfile.TemporaryDirectory(prefix="wenxiao-bench-") as folder:
        copy = Path(shutil.copytree(workspace or demonstration(), Path(folder) / "workspace"))
        with running(copy) as server:
            yield server


@contextmanager
def replica_of(server: Server) -> Iterator[Server]:
    """A read replica beside a server."""
    with running(server.folder, "--replica") as replica:
        yield replica


@contextmanager
def running(folder: Path, *more: str) -> Iterator[Server]:
    """A server on a workspace as it stands there."""
    command = [sys.executable, "-m", "dashboard", "serve", "--workspace", str(folder), "--port", "0", *more]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", env=os.environ)
    try:
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, line
        yield Server(process.pid, int(found[1]), folder)
    finally:
        process.terminate()
        process.wait(20)
