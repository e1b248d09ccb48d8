"""What an audit of the dependencies comes to: found, accepted, no longer found, not asked at all."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

CI = Path(__file__).parent.parent / ".ci"
_spec = importlib.util.spec_from_file_location("read_audit", CI / "read_audit.py")
read_audit = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(read_audit)

FAULT = {"id": "PYSEC-2026-7", "aliases": ["CVE-2026-1111"], "fix_versions": ["2.1"], "description": "…"}


def report(*faults: dict[str, Any], skipped: tuple[str, ...] = ()) -> dict[str, Any]:
    whole = [{"name": "six", "version": "1.17.0", "vulns": []}, {"name": "httpx", "version": "2.0", "vulns": [*faults]}]
    return {"dependencies": [*whole, *({"name": name, "skip_reason": "not found"} for name in skipped)], "fixes": []}


def test_nothing_found_is_said_with_its_number():
    assert read_audit.judged(report(), {}) == (0, ["核对了 2 个依赖，没有已知的漏洞。"])


def test_a_vulnerability_fails_and_says_what_repairs_it():
    status, lines = read_audit.judged(report(FAULT), {})

    assert status == 1
    assert lines[0] == "有漏洞：httpx 2.0 PYSEC-2026-7，修好的版本：2.1"


@pytest.mark.parametrize("number", ["PYSEC-2026-7", "CVE-2026-1111"])
def test_an_accepted_one_passes_by_any_of_its_numbers(number):
    assert read_audit.judged(report(FAULT), {number: "only its server"})[0] == 0


def test_an_acceptance_that_nothing_needs_fails():
    status, lines = read_audit.judged(report(), {"PYSEC-2020-1": "old"})

    assert status == 1 and lines[0] == "已不再报告，请从清单删去：PYSEC-2020-1"
    assert read_audit.judged(report(skipped=("duckdb",)), {"PYSEC-2020-1": "old"})[0] == 0    # may be of the skipped


def test_what_could_not_be_looked_up_is_named():
    assert read_audit.judged(report(skipped=("duckdb",)), {})[1] == [
        "核对了 2 个依赖，1 个没有查到（duckdb），没有已知的漏洞。"
    ]


def test_a_mirror_without_the_list_is_no_audit():
    """pip-audit ends with 0 there: every package is skipped."""
    nothing = {"dependencies": [{"name": "six", "skip_reason": "not found"}], "fixes": []}

    status, lines = read_audit.judged(nothing, {})
    assert status == 0 and "没有做" in lines[0]


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        ("pip_audit._service.interface.ConnectionError: Could not connect to PyPI", 0, "没有做：连不上"),
        ("error: unrecognized arguments: --requirment", 1, "依赖核对出错"),
    ],
)
def test_a_network_fault_is_no_vulnerability_but_a_fault_of_ours_is_one(tmp_path, capsys, told, status, words):
    (tmp_path / "told").write_text(told)
    (tmp_path / "listed").write_text("")

    assert read_audit.main(tmp_path / "none.json", tmp_path / "told", tmp_path / "listed", "3") == status
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("line", ["PYSEC-2026-7", "PYSEC-2026-7 2026-11-30", "PYSEC-2026-7 soon because"])
def test_an_acceptance_needs_a_day_and_a_reason(tmp_path, capsys, line):
    (tmp_path / "listed").write_text(f"# head\n{line}\n")
    (tmp_path / "report").write_text(json.dumps(report(FAULT)))

    assert read_audit.main(tmp_path / "report", tmp_path / "told", tmp_path / "listed", "3") == 1
    assert "写得不对" in capsys.readouterr().out


def test_the_list_that_is_shipped_can_be_read():
    read_audit.accepted((CI / "accepted-vulnerabilities.txt").read_text(encoding="utf-8"))
