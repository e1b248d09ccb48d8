"""Measure and print every figure beside its goal: ``wenxiao bench`` runs this file.

Each group runs in a process of its own: ``python -m tests.bench.scoring`` prints its JSON alone. What was measured is
kept in build/bench, group by group, so that a long group may be run on another day; ``--keep`` writes it into
tests/bench/measured.json, from which the README's table and plot are made.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.goals import GROUPS, Goal, Group, number

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "build" / "bench"
KEPT = Path(__file__).parent / "measured.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


def main(arguments: list[str]) -> int:
    """Run the groups that were asked for, then print all that is known."""
    parser = argparse.ArgumentParser(prog="wenxiao bench", description="测量速度，每个数与目标并列。")
    parser.add_argument("groups", nargs="*", metavar="组", help="、".join(f"{g.name} {g.title}" for g in GROUPS))
    parser.add_argument("--small", action="store_true", help="行数少得多，几分钟量完，只看程序能不能跑通")
    parser.add_argument("--show", action="store_true", help="不测量，只列出已有的结果")
    parser.add_argument("--keep", action="store_true", help="把已有的结果写进 measured.json，供 README 使用")
    parser.add_argument("--readme", action="store_true", help="由 measured.json 重写 README 里的表")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    asked = parser.parse_args(arguments)
    unknown = set(asked.groups) - {group.name for group in GROUPS}
    if unknown:
        parser.error(f"没有这一组：{'、'.join(sorted(unknown))}")
    failed = []
    if not asked.show and not asked.readme:
        for group in GROUPS:
            if (not asked.groups or group.name in asked.groups) and not measure(group, is_small=asked.small):
                failed.append(group.title)
    found = results()
    if asked.keep:
        KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if asked.readme:
        README.write_text(with_table(README.read_text(encoding="utf-8"), kept()), encoding="utf-8")
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) if asked.json else table(found))
    sys.stdout.write("\n" + "".join(f"没有测成：{title}\n" for title in failed))
    return 1 if failed else 0


def measure(group: Group, *, is_small: bool) -> bool:
    """Run one group and keep what it found; False where it failed, which it says itself."""
    sys.stderr.write(f"== {group.title}\n")
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{group.name}", *(["--small"] if is_small else [])],
        cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=False,
    )
    if done.returncode:
        return False
    found = json.loads(done.stdout.strip().rpartition("\n")[2])
    found |= {
        "measured_on": date.today().isoformat(), "seconds": round(time.perf_counter() - begun),
        "machine": f"{os.cpu_count()} 核 {platform.machine()}", "is_small": is_small,
        "load_before": round(os.getloadavg()[2], 1),
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{group.name}{'-small' if is_small else ''}.json").write_text(
        json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return True


def results() -> dict[str, Any]:
    """The newest full results, from build/bench where they are there, else as they were kept."""
    found = kept()
    for group in GROUPS:
        path = RESULTS / f"{group.name}.json"
        if path.exists():
            found[group.name] = json.loads(path.read_text(encoding="utf-8"))
    return found


def kept() -> dict[str, Any]:
    """The results that the README shows."""
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def with_table(readme: str, found: dict[str, Any]) -> str:
    """The README with its table made anew; what was never measured is named below it."""
    before, _, rest = readme.partition(BEGIN)
    missing = "；".join(group.title for group in GROUPS if group.name not in found)
    named = f"\n这一版还没有量过：{missing}。\n" if missing else ""
    measured = f"{table(found, is_short=True)}\n" if found else ""
    return f"{before}{BEGIN}\n{measured}{named}{END}{rest.partition(END)[2]}"


def table(found: dict[str, Any], *, is_short: bool = False) -> str:
    """Every goal with what was measured, as a Markdown table; a short one leaves out groups without figures."""
    lines = ["| 项目 | 目标 | 实测 | |", "| --- | --- | ---: | --- |"]
    for group in GROUPS:
        if is_short and group.name not in found:
            continue
        lines.append(f"| **{group.title}**{_when(found.get(group.name, {}))} | | | |")
        figures = found.get(group.name, {}).get("figures", {})
        reasons = found.get(group.name, {}).get("details", {}).get("reasons", {})
        lines.extend(_line(goal, figures.get(goal.key), reasons.get(goal.key, "")) for goal in group.goals)
    return "\n".join(lines)


def _when(measured: dict[str, Any]) -> str:
    """The day of a measurement, and how busy the machine was before: of a busy one times say less than counts."""
    if "measured_on" not in measured:
        return ""
    return f"（{measured['measured_on']}，量前 15 分钟负载 {measured['load_before']}）"


def _line(goal: Goal, value: float | None, reason: str) -> str:
    if value is None:
        return f"| {goal.words} | {goal.limit_words} | 没有测 | {reason or goal.why_missed} |"
    has_limit = goal.most is not None or goal.least is not None
    mark = "" if not has_limit else "✓" if goal.is_reached_by(value) else f"✗ {reason or goal.why_missed}"
    return f"| {goal.words} | {goal.limit_words} | {number(value)}{goal.unit} | {mark} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
