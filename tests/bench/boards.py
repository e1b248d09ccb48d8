"""How long each board takes in a store of ten and of a hundred million scores: every board that the rights name.

Each is asked about a notice in the middle of the store, as a page asks it, and its whole result is counted: pages read
it cached, what is measured is the first reading after a change. What is asked of the whole store by its very question
(WHOLE) is left out and named.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard import demo
from dashboard.rights import rights
from dashboard.workspace import STORE_NAME
from data.store import Cursor, Store
from metrics.boards.log import LogSearch
from metrics.scope import Scope
from tests.bench.big_store import AS_OF, big_store, scope_in
from tests.bench.figures import at_percent, hand_over, note

MILLION = 1_000_000
UNIT = "luntai"
WHOLE = {"log.chain": "逐条重算整个记录的校验码"}


def main() -> None:
    """Measure every board at both sizes and hand over the slowest of each."""
    is_small = "--small" in sys.argv
    sizes = {"10m": MILLION} if is_small else {"10m": 10 * MILLION, "100m": 100 * MILLION}
    figures: dict[str, float] = {}
    details: dict[str, Any] = {"boards": {}, "reasons": {}, "left_out": WHOLE}
    for size, rows in sizes.items():
        store = Store(big_store(rows) / STORE_NAME)
        found = measured(store, times=3 if is_small else 20)
        store.close()
        details["boards"][size] = found
        slowest = max(found, key=lambda name: found[name]["p95_ms"])
        figures[f"worst_p95_ms_{size}"] = found[slowest]["p95_ms"]
        figures["board_count"] = len(found)
        limit = 20 if size == "10m" else 50
        slow = sorted(((each["p95_ms"], name) for name, each in found.items() if each["p95_ms"] > limit), reverse=True)
        if slow:
            details["reasons"][f"worst_p95_ms_{size}"] = f"{len(slow)} 个看板超过：" + "、".join(
                f"{name} {ms:.0f} 毫秒" for ms, name in slow[:8]
            )
    hand_over(figures, details)


def measured(store: Store, times: int) -> dict[str, dict[str, float]]:
    """Rows and milliseconds of every board, the slowest first.

    A reading that takes seconds is not repeated so often.
    """
    known = given(store)
    found = {}
    for kind, name in rights():
        if kind != "board" or name in WHOLE:
            continue
        board = board_of(name)
        arguments = arguments_of(board, known)
        board(store, *arguments)
        taken: list[float] = []
        worked = time.process_time()
        while len(taken) < times and sum(taken) < 5_000:
            begun = time.perf_counter()
            result = board(store, *arguments)
            taken.append((time.perf_counter() - begun) * 1000)
        found[name] = {
            "rows": row_count(result), "p50_ms": at_percent(taken, 50), "p95_ms": at_percent(taken, 95),
            "cpu_ms": (time.process_time() - worked) * 1000 / len(taken),
        }
        if found[name]["p95_ms"] > 20:
            note(f"{name} {found[name]['p95_ms']:.0f} 毫秒，{found[name]['rows']:.0f} 行")
    return dict(sorted(found.items(), key=lambda each: -each[1]["p95_ms"]))


def board_of(name: str) -> Callable[..., Any]:
    """The function of a board as the rights name it: standing.scores."""
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(f"metrics.boards.{module}"), function)  # type: ignore[no-any-return]


def given(store: Store) -> Mapping[str, Any]:
    """What boards are asked with, by the name of the argument: of a notice in the middle of the store."""
    scope = scope_in(store)
    with store.reading() as cursor:
        (asked,) = cursor.rows(
            "SELECT MIN(inquiry_no) AS inquiry_no FROM inquiry WHERE document_number = $number",
            {"number": scope.document_number},
        )
    return {
        "scope": scope, "document_number": scope.document_number, "region_code": demo.REGION,
        "recipient_id": UNIT, "indicator_no": 12, "today": AS_OF, "as_of_on": AS_OF,
        "compared_on": date(2021, 12, 26), "version": "2021-1", "version_a": "2021-1", "version_b": "2021-1",
        "search": LogSearch(), "entry_no": 1, "export_no": 1, "system_name": "integrated",
        "record_kind": "payment", "year": 2025, "difference_no": 1, "inquiry_no": asked["inquiry_no"],
        "evidence_no": _evidence(store, scope), "file_no": _inquiry_file(store),
    }


def _evidence(store: Store, scope: Scope) -> int:
    """The number of a piece of evidence of the unit: the demonstration has none."""
    with store.transaction() as cursor:
        if not cursor.rows("SELECT 1 FROM evidence_file WHERE evidence_no = 1"):
            cursor.insert("evidence_file", [{
                "evidence_no": 1, "document_number": scope.document_number, "round_id": scope.round_id,
                "recipient_id": UNIT, "indicator_no": 0, "file_name": "a.pdf", "file_sha256": _some_file(cursor),
                "added_at": scope.as_of, "added_by": "某人", "removed_at": None, "removed_by": "",
            }])
    return 1


def _inquiry_file(store: Store) -> int:
    with store.transaction() as cursor:
        if not cursor.rows("SELECT 1 FROM inquiry_file WHERE file_no = 901"):
            cursor.insert("inquiry_file", [{
                "file_no": 901, "step_no": 1, "inquiry_no": 1, "recipient_id": UNIT, "file_name": "a.pdf",
                "file_sha256": _some_file(cursor),
            }])
    return 901


def _some_file(cursor: Cursor) -> str:
    return str(cursor.rows("SELECT file_sha256 FROM received_file LIMIT 1")[0]["file_sha256"])


def arguments_of(board: Callable[..., Any], known: Mapping[str, Any]) -> tuple[Any, ...]:
    """A board's arguments; those with a default stay as they are, the unit apart."""
    return tuple(
        known.get(each.name, 1) for each in list(inspect.signature(board).parameters.values())[1:]
        if each.default is inspect.Parameter.empty or each.name == "recipient_id"
    )


def row_count(result: Any) -> int:
    """How many rows a result has: of its frames, or of its parts."""
    if isinstance(result, pd.DataFrame | list | tuple | dict):
        return len(result)
    if is_dataclass(result) and not isinstance(result, type):
        return sum(row_count(getattr(result, field.name)) for field in fields(result))
    return 1


if __name__ == "__main__":
    main()
