"""How the running service is doing: facts, each with whether it is as it should be and what to do if not."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.doctor import Examination
from dashboard.workspace import clock
from data.store import Store
from metrics.working_days import LAST_YEAR

STARTED_AT = clock()     # this module is loaded when the server is
BACKUP_EVERY = timedelta(hours=26)     # one a day, and time to make it
STATES = {True: "✓ 正常", False: "！要处理", None: "—"}
FREE_BYTES = 2 * 1024**3
FREE_TIMES = 3     # an upgrade copies the store, and so does each backup beside it


@dataclass(frozen=True)
class Fact:
    """A fact of the service: in words, whether it is as it should be, and what to do where it is not.

    ``is_well`` is None where nobody can say yet, or where there is nothing to be well or not.
    """

    name: str
    words: str
    is_well: bool | None = None
    to_do: str = ""


def facts(
    store: Store, holdings: Mapping[str, Any], examined: Examination | None, today: date, *, is_demonstration: bool
) -> list[Fact]:
    """Everything that an administrator has to know, what needs somebody first.

    ``holdings`` is the row of the board ``service.holdings``; ``examined`` is None while the data are still examined.
    """
    found = [
        _examined(examined), _backup(holdings["last_backup_at"], holdings["last_backup_name"], is_demonstration),
        _disk(store), _messages(holdings), _holidays(today),
        Fact("程序", f"问效 {metadata.version('wenxiao')}，{STARTED_AT:%Y-%m-%d %H:%M} 启动，"
             f"内存 {_megabytes(_memory_bytes())}"),
        Fact("登录", f"{int(holdings['session_count'])} 个登录没有退出"),
    ]
    return sorted(found, key=_comes_later)


def _comes_later(fact: Fact) -> bool:
    return fact.is_well is not False


def headline(found: list[Fact], examined: Examination | None) -> str:
    """The first line of the page; nothing is called well that was not examined yet."""
    wrong = [fact.name for fact in found if fact.is_well is False]
    if wrong:
        return f"有 {len(wrong)} 项要处理：{'、'.join(wrong)}。"
    return "一切正常，没有要处理的事项。" if examined else "没有要处理的事项；数据还没有核对完。"


def fact_table(found: list[Fact]) -> pd.DataFrame:
    """The facts as a table."""
    return pd.DataFrame([
        {"项目": fact.name, "状态": STATES[fact.is_well], "现在": fact.words, "怎么办": fact.to_do}
        for fact in found
    ])


def examined_table(examined: Examination) -> pd.DataFrame:
    """What was examined, thing by thing."""
    return pd.DataFrame([
        {"核对什么": each.title, "行数": each.row_count,
         "结果": f"！{len(each.faults)} 处不成立" if each.faults else "✓ 成立"}
        for each in examined.examined
    ])


def fault_table(examined: Examination, most: int) -> pd.DataFrame:
    """The places that do not hold, at most so many of each thing."""
    return pd.DataFrame([
        {"核对什么": each.title, "哪里不成立": place} for each in examined.examined for place in each.faults[:most]
    ])


def _examined(examined: Examination | None) -> Fact:
    if examined is None:
        return Fact("数据核对", "启动后的核对还没有做完，几分钟后再看")
    count = examined.fault_count
    words = f"{examined.at:%m-%d %H:%M} 核对过，用时 {examined.seconds:.0f} 秒"
    if count:
        return Fact("数据核对", f"{words}，{count} 处不成立", False, "看下面的清单")
    return Fact("数据核对", f"{words}，全部成立", True)


def _backup(at: Any, name: Any, is_demonstration: bool) -> Fact:
    to_do = "用定时任务每天备份，写法见使用说明的“备份”"
    if is_demonstration:
        return Fact("备份", "演示数据不用备份")
    if pd.isna(at):
        return Fact("备份", "还没有备份过", False, to_do)
    is_fresh = clock() - at.to_pydatetime() <= BACKUP_EVERY
    return Fact("备份", f"最近一次 {at:%Y-%m-%d %H:%M}（{name}）", is_fresh, "" if is_fresh else to_do)


def _disk(store: Store) -> Fact:
    if store.path is None:
        return Fact("磁盘", "数据在内存里")
    own, free = store.byte_count, shutil.disk_usage(store.path.parent).free
    is_well = free >= max(FREE_BYTES, FREE_TIMES * own)
    return Fact(
        "磁盘", f"数据 {_megabytes(own)}，还空 {_megabytes(free)}", is_well,
        "" if is_well else "腾出空间或换大的磁盘：升级和备份都要先复制一份数据",
    )


def _messages(holdings: Mapping[str, Any]) -> Fact:
    given_up, waiting = int(holdings["given_up_count"]), int(holdings["waiting_count"])
    return Fact(
        "消息", f"等待发送 {waiting} 条，没有送达 {given_up} 条", not given_up,
        "到“消息提醒”看没有送达的原因" if given_up else "",
    )


def _holidays(today: date) -> Fact:
    is_well = today.year <= LAST_YEAR
    return Fact(
        "放假安排", f"已收到 {LAST_YEAR} 年及以前的", is_well,
        "" if is_well else f"升级程序：没有 {today.year} 年的放假安排，工作日时限算不准",
    )


def _memory_bytes() -> int:
    """What this process holds in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * 4096


def _megabytes(count: int) -> str:
    """A size as people say it.

    >>> _megabytes(3 * 1024**2), _megabytes(5 * 1024**3 // 2)
    ('3 MB', '2.5 GB')
    """
    return f"{count / 1024**3:.1f} GB" if count >= 1024**3 else f"{count / 1024**2:.0f} MB"
