"""What an audit of the lock found: a sentence, and 1 where somebody has to act."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

# What pip-audit says when the index cannot be asked; anything else that it stumbles over is a fault of ours.
UNREACHABLE = re.compile(r"Connection|Timeout|timed out|Max retries|resolve|HTTPError|ServiceError|Proxy", re.I)


def accepted(text: str) -> dict[str, str]:
    """The numbers that somebody judged, with the reasons.

    Raises: ValueError on a line without a day or a reason.
    """
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            number, day, reason = line.split(maxsplit=2)
            date.fromisoformat(day)
            found[number] = reason
    return found


def judged(report: dict[str, Any], reasons: dict[str, str]) -> tuple[int, list[str]]:
    """The exit status and what to say of a whole report."""
    packages = [package for package in report["dependencies"] if "version" in package and "skip_reason" not in package]
    skipped = [package["name"] for package in report["dependencies"] if "skip_reason" in package]
    if not packages:
        return 0, [f"依赖核对没有做：这里的软件源不提供漏洞清单（{len(skipped)} 个依赖都没有查到）。"]
    lines, used = [], set()
    for package in packages:
        for fault in package["vulns"]:
            numbers = {fault["id"], *fault.get("aliases", ())}
            if numbers & reasons.keys():
                used |= numbers & reasons.keys()
                continue
            repaired = "、".join(fault.get("fix_versions", ())) or "还没有"
            lines.append(f"有漏洞：{package['name']} {package['version']} {fault['id']}，修好的版本：{repaired}")
    lines += [f"已不再报告，请从清单删去：{number}" for number in sorted(reasons.keys() - used)] if not skipped else []
    told = f"核对了 {len(packages)} 个依赖"
    told += f"，{len(skipped)} 个没有查到（{'、'.join(skipped)}）" if skipped else ""
    if lines:
        return 1, [*lines, f"{told}：升级后执行 make lock，或在 .ci/accepted-vulnerabilities.txt 写明为什么不要紧。"]
    return 0, [f"{told}，没有已知的漏洞" + (f"（{len(used)} 个已写明不要紧）。" if used else "。")]


def main(report: Path, told: Path, listed: Path, seconds: str) -> int:
    """Read the files and print what they come to."""
    try:
        reasons = accepted(listed.read_text(encoding="utf-8"))
    except ValueError as error:
        print(f"{listed} 有一行写得不对（编号 日期 理由）：{error}")
        return 1
    try:
        found = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        words = told.read_text(encoding="utf-8", errors="replace").strip()
        if UNREACHABLE.search(words):
            print(f"依赖核对没有做：连不上漏洞清单（{words.splitlines()[-1][:200]}）。")
            return 0
        print(f"依赖核对出错：{words[-2000:]}")
        return 1
    status, lines = judged(found, reasons)
    print(*lines[:-1], f"{lines[-1]}用时 {seconds} 秒。", sep="\n")
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]))
