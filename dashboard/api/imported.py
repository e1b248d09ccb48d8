"""The bulk import's file as programs send it, and what became of its rows as JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from dashboard.actions.imports import MAX_SHOWN, ImportReceipt
from dashboard.api.as_json import as_json, receipt_as_json
from dashboard.api.faults import UsageError

_NAMES = {
    "text/csv": "数据.csv", "application/vnd.apache.parquet": "数据.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "数据.xlsx",
}
MOST_COLUMNS = 40      # an import has half as many; each row would be as wide as all of them
_FORMS = "multipart/form-data（字段名 file）、text/csv、application/vnd.apache.parquet 或 application/json"


@dataclass(frozen=True)
class BulkFile:
    """A file of actuals as received, whatever way it was sent."""

    content: bytes
    name: str


async def read_bulk(request: Request) -> BulkFile:
    """The file of a form, a body that is the file itself, or JSON rows made into a CSV table.

    Raises: UsageError if it is none of these.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise UsageError("没有收到文件：表单里的文件字段应名为 file。")
            return BulkFile(await file.read(), file.filename or "数据.csv")
    content = await request.body()
    if kind in _NAMES:
        return BulkFile(content, _NAMES[kind])
    if kind == "application/json":
        return BulkFile(await run_in_threadpool(rows_as_csv, content), "数据.csv")
    raise UsageError(f"内容类型“{kind[:60]}”不能导入：请用 {_FORMS}。")


def rows_as_csv(content: bytes) -> bytes:
    """JSON rows as a CSV table, every number as it was written.

    Raises: UsageError if they are no rows.

    >>> rows_as_csv(b'{"rows": [{"a": 1.10, "b": null}, {"b": "x"}]}').decode()
    'a,b\\r\\n1.10,\\r\\n,x\\r\\n'
    """
    try:
        given = json.loads(content, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise UsageError("请求内容不是 JSON，请核对格式和编码。") from None
    rows = given.get("rows") if isinstance(given, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise UsageError("JSON 应写成 {\"rows\": [{…}, {…}]}，至少一行。")
    plain = (str, bool, type(None))
    wrong = [number for number, row in enumerate(rows) if not all(isinstance(v, plain) for v in row.values())]
    if wrong:
        raise UsageError(f"rows[{wrong[0]}] 的值只能是文字、数字、真假或 null。")
    names: dict[str, None] = {}
    for row in rows:
        names |= dict.fromkeys(row)
        if len(names) > MOST_COLUMNS:
            raise UsageError(f"JSON 各行的栏目合起来超过 {MOST_COLUMNS} 个：请只用导入表的栏目名。")
    out = io.StringIO()
    table = csv.DictWriter(out, list(names))
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode()


def _cell(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value or ""


def import_as_json(receipt: ImportReceipt, *, dry_run: bool, rows: bool) -> dict[str, Any]:
    """What became of a file: counts, the first rows that were not taken, or all rows, and the receipt."""
    is_written = receipt.entry is not None
    out = {
        "outcome": "dry_run" if dry_run else "imported" if is_written else "nothing_imported",
        "file_name": receipt.file_name, "sha256": receipt.sha256, "row_count": receipt.row_count,
        "counts": as_json(receipt.counts), "unit_counts": as_json(receipt.unit_counts),
        "kept_count": receipt.kept_count, "rejected": as_json(receipt.rejected(MAX_SHOWN)),
        "receipt": receipt_as_json(receipt.entry),
    }
    return {**out, "rows": as_json(receipt.rows.to_pylist())} if rows else out


_BINARY = {"schema": {"type": "string", "format": "binary", "title": "文件"}}
BULK_OPENAPI = {"requestBody": {"required": True, "content": {
    "multipart/form-data": {"schema": {
        "type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}},
    }},
    **dict.fromkeys(_NAMES, _BINARY),
    "application/json": {"schema": {
        "type": "object", "required": ["rows"],
        "properties": {"rows": {"type": "array", "items": {"type": "object"}, "title": "行"}},
    }},
}}}
