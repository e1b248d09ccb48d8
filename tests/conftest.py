"""For all tests: what was not run is said at the end, beside the closing line."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the browser tests that were left out and the reason; `-q` alone would hide both."""
    skipped = terminalreporter.stats.get("skipped", ())
    left_out = [report for report in skipped if "browser" in report.keywords]
    if left_out:
        reason = left_out[0].longrepr[2] if isinstance(left_out[0].longrepr, tuple) else ""
        terminalreporter.section("没有运行的检验")
        terminalreporter.write_line(f"浏览器测试 {len(left_out)} 项。{reason.removeprefix('Skipped: ')}")
