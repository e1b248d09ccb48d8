"""An export of the two systems as programs and commands name it, and what became of it as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from dashboard.actions.docking import ExportPlan, LoadedExport
from dashboard.api.as_json import as_json, receipt_as_json
from dashboard.api.faults import UsageError
from dashboard.workspace import Workspace
from data.errors import NotFoundError
from data.unit_names import unit_finder


@dataclass(frozen=True)
class SentExport:
    """A file as received: on disk without a name, readable by its path while the request runs."""

    path: Path
    name: str
    sha256: str


async def read_sent(request: Request) -> AsyncIterator[SentExport]:
    """The file of a form, streamed to a file that no folder lists: it names persons.

    Raises: UsageError if there is none.
    """
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise UsageError("没有收到文件：请用 multipart/form-data，表单里的文件字段应名为 file。")
        yield await run_in_threadpool(_sent, file)


def _sent(file: UploadFile) -> SentExport:
    held: Any = file.file
    held.rollover()
    held.seek(0)
    return SentExport(
        Path(f"/proc/self/fd/{held.fileno()}"), file.filename or "导出", hashlib.file_digest(held, "sha256").hexdigest()
    )


EXPORT_OPENAPI = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {
    "type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}},
}}}}}


def export_plan(
    workspace: Workspace, system_name: str, record_kind: str, from_on: date | None, to_on: date | None, unit: str
) -> ExportPlan:
    """What a file is said to be; without a period this year up to today, without a unit every unit.

    Raises: NotFoundError if there is no such unit.
    """
    today = workspace.settings.today()
    return ExportPlan(
        system_name, record_kind, from_on or date(today.year, 1, 1), to_on or today, unit_id(workspace, unit)
    )


def unit_id(workspace: Workspace, unit: str) -> str:
    """The unit of a code or name; '' for none named.

    Raises: NotFoundError if there is none.
    """
    if not unit:
        return ""
    with workspace.store.reading() as cursor:
        found = unit_finder(cursor)(unit)
    if found:
        return found
    raise NotFoundError(f"没有“{unit[:40]}”这个单位，请写单位名单里的代码或名称。")


def export_as_json(loaded: LoadedExport) -> dict[str, Any]:
    """What became of an export: counts, sum, the first rows that were not taken, the receipt."""
    return {
        "outcome": loaded.outcome, "export_no": None if loaded.outcome == "dry_run" else loaded.export_no,
        "row_count": loaded.read.row_count, "rejected_count": loaded.read.rejected_count,
        "deleted_count": loaded.read.deleted_count, "replaced": list(loaded.ended),
        "replaced_row_count": loaded.ended_row_count, "file_name": loaded.file_name,
        "ignored_heads": list(loaded.ignored_heads), "amount_yuan": as_json(loaded.amount_yuan),
        "rejects": as_json([dict(row) for row in loaded.rejects]), "receipt": receipt_as_json(loaded.entry),
    }
