"""How figures are measured and handed over: interleaved, several times, the median; one JSON object a group."""

from __future__ import annotations

import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def hand_over(figures: Mapping[str, float], details: Mapping[str, Any] | None = None) -> None:
    """Print what a group measured as the last line of its output: figures by the key of their goal, and details."""
    sys.stdout.write(json.dumps({"figures": dict(figures), "details": dict(details or {})}, ensure_ascii=False) + "\n")


def interleaved(tasks: Mapping[str, Callable[[], Any]], times: int = 5) -> dict[str, float]:
    """The median seconds of each task, run in turn so that a busy moment hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(times):
        for name, task in tasks.items():
            begun = time.perf_counter()
            task()
            taken[name].append(time.perf_counter() - begun)
    return {name: statistics.median(each) for name, each in taken.items()}


def at_percent(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of the values do not exceed.

    >>> at_percent([4, 1, 3, 2], 50), at_percent([4, 1, 3, 2], 95)
    (2, 4)
    """
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def note(text: str) -> None:
    """Say on standard error how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
