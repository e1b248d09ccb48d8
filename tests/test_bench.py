"""The frame of the measurements: every goal once, each with what measures it; the README shows what was kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import README, kept, results, table, with_table
from tests.bench.figures import at_percent, interleaved
from tests.bench.goals import GROUPS, Goal, number

BENCH = Path(__file__).parent / "bench"


def test_every_group_has_what_measures_it_and_every_goal_stands_once():
    assert [group.name for group in GROUPS if not (BENCH / f"{group.name}.py").is_file()] == []
    for group in GROUPS:
        keys = [goal.key for goal in group.goals]
        assert len(keys) == len(set(keys)), group.name


@pytest.mark.parametrize(("goal", "reached", "missed", "words"), [
    (Goal("a", "甲", " 毫秒", most=50), 50, 50.1, "≤ 50 毫秒"),
    (Goal("b", "乙", " 倍", least=1.5), 1.5, 1.49, "≥ 1.5 倍"),
])
def test_a_goal_is_kept_at_its_limit_and_not_beyond(goal, reached, missed, words):
    assert goal.is_reached_by(reached) and not goal.is_reached_by(missed)
    assert goal.limit_words == words


def test_the_table_names_what_was_missed_and_why_and_what_was_not_measured():
    group = GROUPS[0]
    reached, missed = group.goals[:2]
    said = table({group.name: {
        "figures": {reached.key: 2, missed.key: 9}, "details": {"reasons": {missed.key: "磁盘太慢"}},
    }}).splitlines()

    lines = {line.split(" | ")[0].removeprefix("| "): line for line in said}
    assert lines[reached.words].endswith("| 2 倍 | ✓ |")
    assert lines[missed.words].endswith("| 9 倍 | ✗ 磁盘太慢 |")
    assert "没有测" in lines[group.goals[2].words]


def test_the_readme_shows_what_was_kept_and_every_miss_has_its_reason():
    readme = README.read_text(encoding="utf-8")

    assert with_table(readme, kept()) == readme, "请执行 wenxiao bench --readme"
    for group in GROUPS:
        found = kept().get(group.name, {})
        reasons = found.get("details", {}).get("reasons", {})
        for goal in group.goals:
            value = found.get("figures", {}).get(goal.key)
            assert value is None or goal.is_reached_by(value) or reasons.get(goal.key, goal.why_missed), goal.words


def test_figures():
    assert (number(1234567), number(12.345), number(0.01234), number(6), number(123.4)) == (
        "1,234,567", "12.3", "0.0123", "6", "123",
    )
    assert (at_percent([4, 1, 3, 2], 50), at_percent([4, 1, 3, 2], 95), at_percent([7], 99)) == (2, 4, 7)
    order: list[str] = []
    assert set(interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, times=2)) == {"a", "b"}
    assert order == ["a", "b", "a", "b"]


def test_the_command_shows_what_is_known_and_refuses_what_is_not():
    def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dashboard", "bench", *arguments], capture_output=True, encoding="utf-8",
            check=False, timeout=60,
        )

    assert bench("--show").stdout.startswith(table(results()))
    assert bench("没有的组").returncode == 2
