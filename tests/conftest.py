"""For all tests: what was not run is said at the end, beside the closing line."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest

SHARED_FOLDER = "WENXIAO_TESTS_FOLDER"


def pytest_configure(config: pytest.Config) -> None:
    """Make one folder for all workers of the run: what is costly to build is built once there.

    `make test` names one for both of its runs, and takes it away itself.
    """
    if not hasattr(config, "workerinput") and SHARED_FOLDER not in os.environ:
        os.environ[SHARED_FOLDER] = tempfile.mkdtemp(prefix="wenxiao-shared-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(SHARED_FOLDER), ignore_errors=True))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the browser, Spark and nginx tests that were left out and the reason; `-q` alone would hide both."""
    skipped = terminalreporter.stats.get("skipped", ())
    for mark, title in (("browser", "浏览器测试"), ("spark", "Spark 测试"), ("nginx", "网关测试")):
        left_out = [report for report in skipped if mark in report.keywords]
        if left_out:
            reason = left_out[0].longrepr[2] if isinstance(left_out[0].longrepr, tuple) else ""
            terminalreporter.section("没有运行的检验")
            terminalreporter.write_line(f"{title} {len(left_out)} 项。{reason.removeprefix('Skipped: ')}")
