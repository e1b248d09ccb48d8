"""Look a workspace over for faults that no page shows: references, sums, files, scores and the log."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.audit_archive import hold_against_log
from dashboard.workspace import Settings, Workspace, clock
from data.audit import first_break, stamp
from data.errors import WenxiaoError
from data.soundness import Examined, examine_tables, row_count
from data.store import Cursor
from metrics.evidence import first_unproved
from metrics.refresh import stale_scores

WHAT_TO_DO = (
    "请先停止办理，备份留下现状，再恢复最近一份核对无误的备份（写法见使用说明的“备份”），并把这份清单发给维护人员。"
)
AFTER_SECONDS = 20.0     # the first pages come first
MOST_SHOWN = 20     # places of one fault that are printed; all of them are counted
_LOG = logging.getLogger("wenxiao")


@dataclass(frozen=True)
class Examination:
    """What was found at a moment by the clock, thing by thing, and how many seconds it took."""

    at: datetime
    seconds: float
    examined: tuple[Examined, ...]

    @property
    def fault_count(self) -> int:
        """How many places do not hold."""
        return sum(len(each.faults) for each in self.examined)


def examine(workspace: Workspace) -> Examination:
    """Look everything over, as it is at one moment; others go on working meanwhile."""
    begun = time.monotonic()
    settings = workspace.settings
    with workspace.store.snapshot() as cursor:
        found = (*examine_tables(cursor), *_scores(cursor, settings), _chain(cursor), _recorded(cursor))
    return Examination(clock(), time.monotonic() - begun, found)


class Doctor:
    """Examines the workspace of a running server, one examination at a time, and keeps what was found last."""

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        """Nothing is examined yet."""
        self._workspace = workspace
        self._guard = threading.Lock()
        self.latest: Examination | None = None

    def examine(self) -> Examination:
        """Examine now; whoever asks while another examination runs is given that one's result."""
        waited_for = self.latest
        with self._guard:
            if self.latest is None or self.latest is waited_for:
                self.latest = examine(self._workspace())
                if self.latest.fault_count:
                    # The places may name units and files: they are on the page and in the command's answer.
                    _LOG.error("数据核对有不成立的：请看“运行状况”页，或执行 wenxiao doctor。", extra={
                        "fields": {"fault_count": self.latest.fault_count},
                    })
            return self.latest

    @contextmanager
    def on_duty(self, after_seconds: float = AFTER_SECONDS) -> Iterator[None]:
        """Examine once, some time after the server that the block runs was started."""
        stopped = threading.Event()

        def begin() -> None:
            if stopped.wait(after_seconds):
                return
            try:
                self.examine()
            except Exception:
                if not stopped.is_set():     # else the store was closed under the examination
                    _LOG.exception("数据核对没有做完")

        threading.Thread(target=begin, name="doctor", daemon=True).start()
        try:
            yield
        finally:
            stopped.set()


def examination_as_json(found: Examination) -> dict[str, Any]:
    """What was found, for a program: every fault, none left out."""
    return {
        "at": found.at.isoformat(), "seconds": round(found.seconds, 1), "fault_count": found.fault_count,
        "examined": [
            {"title": each.title, "row_count": each.row_count, "faults": list(each.faults)} for each in found.examined
        ],
    }


def told_as_text(told: Mapping[str, Any]) -> str:
    """``examination_as_json`` as a person reads it: a line a thing that was looked at, its faults below it."""
    lines = []
    for each in told["examined"]:
        faults = each["faults"]
        lines.append(f"{'不成立' if faults else '成立'}　{each['title']}（{each['row_count']:,} 行）")
        lines += [f"        {place}" for place in faults[:MOST_SHOWN]]
        if len(faults) > MOST_SHOWN:
            lines.append(f"        另有 {len(faults) - MOST_SHOWN} 处，加 --json 可列出全部")
    if not told["fault_count"]:
        return "\n".join([*lines, f"数据完好，用时 {told['seconds']} 秒。"])
    return "\n".join([*lines, f"有 {told['fault_count']} 处不成立。{WHAT_TO_DO}"])


def _scores(cursor: Cursor, settings: Settings) -> tuple[Examined, Examined]:
    at = stamp(cursor, settings.now())
    stale, unproved = [], []
    for row in cursor.table("round").sort_by([("document_number", "ascending"), ("round_id", "ascending")]).to_pylist():
        number, round_id = row["document_number"], row["round_id"]
        stale += [
            f"{number}，{round_id}，{place}"
            for place in stale_scores(cursor, number, round_id, at, settings.region_code)
        ]
        if sentence := first_unproved(cursor, number, round_id):
            unproved.append(f"{number}：{sentence}")
    count = row_count(cursor, "score")
    return (
        Examined("现在的得分与重新计算的相同", count, tuple(stale)),
        Examined("历次得分都能由登记的数按当时的口径算出", count, tuple(unproved)),
    )


def _chain(cursor: Cursor) -> Examined:
    broken = first_break(cursor)
    return Examined(
        "办理记录首尾相接，没有改动", row_count(cursor, "audit_log"), (str(broken),) if broken else ()
    )


def _recorded(cursor: Cursor) -> Examined:
    count = row_count(cursor, "report")
    title = "填报、导入和问效单都与办理记录相符"
    try:
        hold_against_log(cursor)
    except WenxiaoError as error:
        return Examined(title, count, (str(error),))
    return Examined(title, count)
