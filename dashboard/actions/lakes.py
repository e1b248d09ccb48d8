"""Push what the nation is made of into a lake; that it was pushed, and where to, is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from dashboard.rights import require
from dashboard.workspace import Settings
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.lake import push
from data.store import Store
from metrics.lake import store_tables


@dataclass(frozen=True)
class PushedLake:
    """How many rows of each relation were pushed, and the entry of the log that says so."""

    counts: dict[str, int]
    entry: LogEntry


def push_to_lake(store: Store, actor: Actor, at: datetime, settings: Settings, lake: Path) -> PushedLake:
    """Put this workspace's share of the nation into a lake, in place of what it pushed before.

    Scores, money, targets and rules of every round are pushed, as known now; no person, no file and no name of one.

    Raises: RefusedError if the workspace has no region or no round; WenxiaoError if the lake cannot be written to.
    """
    require(actor, "push_to_lake")
    if not settings.region_code:
        raise RefusedError("还没有设定区划代码，在全国的数据里认不出是哪里：请先执行 wenxiao serve --region 设定。")
    with store.snapshot() as cursor:
        tables = list(store_tables(cursor, settings.region_code, at))
    if not tables:
        raise RefusedError("还没有开启过填报轮次，没有可以推送的数据。")
    told = {
        "bureau_name": settings.bureau_name, "pushed_at": at.isoformat(), "version": metadata.version("wenxiao"),
        "is_demonstration": settings.is_demonstration,
    }
    # The line and the files come together: a push that fails leaves no line, and none is put without one.
    with store.transaction(is_shown=False) as cursor:
        entry = append(cursor, actor, stamp(cursor, at), "push_to_lake", str(lake), {
            "before": None,
            "after": {"region_code": settings.region_code, "row_count": sum(t.rows.num_rows for t in tables)},
        })
        counts = push(lake, settings.region_code, tables, told)
    return PushedLake(counts, entry)
