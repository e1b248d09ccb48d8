"""Hand out the archive that an auditor recomputes from; that it was handed out is on record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.audit_archive import archive_content
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.store import Store


@dataclass(frozen=True)
class ExportedArchive:
    """An archive, and the entry of the log that says it was handed out."""

    content: bytes
    entry: LogEntry


def export_archive(
    store: Store, actor: Actor, at: datetime, round_ids: Sequence[str] = ()
) -> ExportedArchive:
    """The archive of some rounds, or of all, as a zip. The line about this export is not in it.

    Raises: RefusedError if there is nothing to archive or a round does not exist.
    """
    require(actor, "export_archive")
    content = archive_content(store, at, round_ids)
    with store.transaction(is_shown=False) as cursor:
        entry = append(cursor, actor, stamp(cursor, at), "export_archive", " ".join(round_ids) or "全部轮次", {
            "before": None, "after": {"sha256": hashlib.sha256(content).hexdigest(), "byte_count": len(content)},
        })
    return ExportedArchive(content, entry)
