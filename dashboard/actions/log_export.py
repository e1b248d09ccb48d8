"""Hand out the log as a file; that it was handed out is itself on record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from dashboard.log_tables import search_words, words
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.log_file import write_csv, write_xlsx
from data.store import Store, sql_text
from metrics.boards.log import LogSearch

WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
EVERY = 2**31


@dataclass(frozen=True)
class ExportedLog:
    """A log as a file, how many entries are in it, and the entry that says so."""

    content: bytes
    row_count: int
    entry: LogEntry


def export_log(store: Store, actor: Actor, at: datetime, search: LogSearch, kind: str) -> ExportedLog:
    """The entries that fit a search as a CSV file or a workbook, the oldest first; a whole log can be verified.

    ``kind`` is csv or xlsx. The line about this export is not in the file.

    Raises: RefusedError if there is no such kind of file or nothing to hand out.
    """
    require(actor, "export_log")
    if kind not in WRITERS:
        raise RefusedError("办理记录只能导出为 CSV 或 Excel，请重新选择。")
    with store.transaction(is_shown=False) as cursor:
        found = cursor.rows(sql_text("data", "queries/log_entries"), {**asdict(search), "most": EVERY})
        if not found:
            raise RefusedError("没有符合条件的记录，没有可以导出的内容。请放宽条件。")
        recipients = cursor.query("recipients")
        units = dict(zip(recipients["recipient_id"], recipients["recipient_name"], strict=True))
        found.reverse()
        content = WRITERS[kind](found, [_said(words(row, units)) for row in found])
        entry = append(cursor, actor, stamp(cursor, at), "export_log", search_words(search, units), {
            "before": None, "after": {"kind": kind, "row_count": len(found), "last_hash": found[-1]["entry_hash"]},
        })
    return ExportedLog(content, len(found), entry)


def log_file_name(at: datetime, search: LogSearch, kind: str) -> str:
    """The name of an exported log: by the name it is known whether anything is left out."""
    part = "全部" if search.is_whole else "部分"
    return f"办理记录_{part}_{at:%Y-%m-%d}.{kind}"


def _said(said: dict[str, str]) -> dict[str, str]:
    """The columns for people: what the columns for checking have in codes."""
    return {name: said[name] for name in ("角色", "单位", "办理事项", "内容")}
