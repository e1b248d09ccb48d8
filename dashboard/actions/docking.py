"""Load an export of one of the two systems, or withdraw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.docking.export_file import StagedExport, staged
from data.docking.mapping import (
    RECORD_KINDS,
    SYSTEMS,
    export_title,
    keep_shipped_mappings,
    mapping_in_force,
    place_fields,
)
from data.docking.person_key import fingerprint
from data.docking.rows import (
    FULL_STATES,
    MAX_KEPT_REJECTS,
    ReadRows,
    RowScope,
    keep_rows,
    read_rows,
    rejected_rows,
)
from data.errors import RefusedError
from data.intake.columns import MAX_TEXT_LENGTH
from data.store import Cursor, Store, sql_text
from metrics.reconciliation import refresh_differences

KEY_SETTING = "person_key_fingerprint"
MAX_SHOWN = 200


@dataclass(frozen=True)
class ExportPlan:
    """What a file is said to be: which system's, of which kind, of one unit or all (empty), of which days."""

    system_name: str
    record_kind: str
    period_from_on: date
    period_to_on: date
    recipient_id: str = ""


@dataclass(frozen=True)
class LoadedExport:
    """What became of a file: loaded, dry_run or nothing_changed.

    ``rejects`` are the first rows that were not taken, with place and reason; ``read`` has the counts. ``ended`` are
    the exports that this one replaces. ``amount_yuan`` is the sum of the rows taken, None where they are no money.
    """

    outcome: str
    export_no: int
    read: ReadRows
    ended: tuple[int, ...]
    ignored_heads: tuple[str, ...]
    amount_yuan: Decimal | None
    rejects: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    entry: LogEntry | None = None


def load_export(
    store: Store, actor: Actor, at: datetime, person_key: bytes, source: Path | bytes, file_name: str,
    plan: ExportPlan, *, dry_run: bool = False,
) -> LoadedExport:
    """Load a file's rows in one transaction; a newer export of the same or more takes the place of earlier ones.

    The same file as the same export again changes nothing. Rows that cannot be read stay out, each with its line.
    The bytes of the file are not kept: they name persons.

    Raises: RefusedError if the actor may not, the plan makes no sense, or the export covers only part of another one
    that holds; FileError or IntakeError if the file cannot be read or its heads do not fit.
    """
    require(actor, "load_export", plan.recipient_id, needs_name=not dry_run)
    _require_sense(plan, at)
    with staged(source, file_name) as file:
        if dry_run:
            with store.rehearsal() as cursor:
                return replace(_load(cursor, actor, at, person_key, file, plan), outcome="dry_run")
        with store.transaction() as cursor:
            same = _same_export(cursor, file, plan)
            if same is not None:
                return same
            loaded = _load(cursor, actor, at, person_key, file, plan)
            at = stamp(cursor, at)
            refresh_differences(cursor, at)
            entry = append(cursor, actor, at, "load_export", export_title(plan.system_name, plan.record_kind), {
                "export_no": loaded.export_no, "file": file.file_name, "sha256": file.sha256,
                "recipient_id": plan.recipient_id, "period_from_on": plan.period_from_on,
                "period_to_on": plan.period_to_on, "before": {"replaced": list(loaded.ended)}, "after": {
                    "row_count": loaded.read.row_count, "rejected_count": loaded.read.rejected_count,
                    "deleted_count": loaded.read.deleted_count,
                },
            })
            return replace(loaded, entry=entry)


def withdraw_export(store: Store, actor: Actor, at: datetime, export_no: int, reason: str) -> LogEntry:
    """End an export that should not have been loaded; its rows stay readable as of earlier days.

    Raises: RefusedError if there is no such export, it has ended already, or no reason is given.
    """
    require(actor, "withdraw_export", actor.recipient_id)
    with store.reading() as cursor:
        found = cursor.rows(sql_text("data", "queries/export_of_number"), {"export_no": export_no})
    require(actor, "withdraw_export", found[0]["recipient_id"] if found else "")
    reason = reason.strip()
    if not reason or len(reason) > MAX_TEXT_LENGTH:
        raise RefusedError(f"撤回一次导出要写明理由，不超过 {MAX_TEXT_LENGTH} 字。")
    with store.transaction() as cursor:
        held = cursor.rows(sql_text("data", "queries/export_of_number"), {"export_no": export_no})
        if not held or held[0]["ended_at"] is not None:
            raise RefusedError(f"第 {export_no} 次导出不存在，或已经被替换、撤回，请刷新页面。")
        at = stamp(cursor, at)
        _end(cursor, actor, at, export_no, reason, None)
        refresh_differences(cursor, at)
        plan = held[0]
        return append(
            cursor, actor, at, "withdraw_export", export_title(plan["system_name"], plan["record_kind"]),
            {"export_no": export_no, "file": plan["file_name"], "reason": reason,
             "before": {"row_count": plan["row_count"]}, "after": {"row_count": 0}},
        )


def _require_sense(plan: ExportPlan, at: datetime) -> None:
    if plan.system_name not in SYSTEMS or plan.record_kind not in RECORD_KINDS:
        raise RefusedError("请选择来源系统和数据类别。")
    if plan.period_from_on > plan.period_to_on:
        raise RefusedError("期间的起日晚于止日，请更正。")
    if plan.period_to_on > at.date():
        raise RefusedError("期间的止日晚于今天，请更正为导出当日或以前。")


def _load(
    cursor: Cursor, actor: Actor, at: datetime, person_key: bytes, file: StagedExport, plan: ExportPlan
) -> LoadedExport:
    _require_key(cursor, person_key)
    units = cursor.query("recipients")["recipient_id"]
    if plan.recipient_id and plan.recipient_id not in set(units):
        raise RefusedError("没有这个单位，请重新选择导出的单位范围。")
    keep_shipped_mappings(cursor)
    mapping = mapping_in_force(cursor, plan.system_name, plan.record_kind)
    placed = place_fields(mapping, file.heads, file.file_name)
    ended = _replaced(cursor, plan)
    scope = RowScope(plan.recipient_id, plan.period_from_on, plan.period_to_on)
    read = read_rows(cursor, file, mapping, placed, person_key, scope, ended)
    every = read.row_count + read.deleted_count + read.rejected_count
    rejects = rejected_rows(cursor, file, every, MAX_KEPT_REJECTS)
    if not read.row_count:
        first = rejects[0]["sentence_text"] if rejects else "只有表头，没有数据。"
        raise RefusedError(f"《{file.file_name}》没有一行可以载入，什么也没有改变。{first}")
    at = stamp(cursor, at)
    number = int(cursor.query("newest_export_no")["export_no"][0]) + 1
    keep_rows(cursor, plan.record_kind, number)
    for earlier in ended:
        _end(cursor, actor, at, earlier, "由更新的导出替换", number)
    cursor.insert("docked_export", [{
        "export_no": number, "system_name": plan.system_name, "record_kind": plan.record_kind,
        "recipient_id": plan.recipient_id, "period_from_on": plan.period_from_on, "period_to_on": plan.period_to_on,
        "mapping_key": mapping.key, "mapping_version": mapping.version, "file_name": file.file_name,
        "file_sha256": file.sha256, "row_count": read.row_count, "rejected_count": read.rejected_count,
        "loaded_at": at, "loaded_by": actor.name, "ended_at": None, "ended_by": "", "end_reason": "",
        "replaced_by_no": None,
    }])
    cursor.insert("docked_reject", [{"export_no": number, **reject} for reject in rejects])
    amount = None
    if plan.record_kind in ("allotment", "payment", "payout"):
        amount = cursor.rows(sql_text("data", "queries/export_row_amount"))[0]["amount_yuan"]
    return LoadedExport(
        "loaded", number, read, tuple(ended), placed.ignored, amount, tuple(rejects[:MAX_SHOWN]),
    )


def _require_key(cursor: Cursor, person_key: bytes) -> None:
    """The store knows the key that its persons were hashed with; another one would make strangers of them all."""
    mine = fingerprint(person_key)
    held = cursor.query("workspace_settings").set_index("setting_key")["setting_value"].to_dict().get(KEY_SETTING)
    if held is None:
        cursor.insert("workspace_setting", [{"setting_key": KEY_SETTING, "setting_value": mine}])
    elif held != mine:
        raise RefusedError(
            "人员密钥文件与数据库里的数据不是一对，什么也没有载入：请从备份恢复原来的密钥文件；"
            "换了密钥，同一个人前后就对不上了。"
        )


def _current(cursor: Cursor, plan: ExportPlan) -> list[dict[str, Any]]:
    return cursor.rows(sql_text("data", "queries/exports_of_kind"), {
        "system_name": plan.system_name, "record_kind": plan.record_kind,
    })


def _same_export(cursor: Cursor, file: StagedExport, plan: ExportPlan) -> LoadedExport | None:
    """The export that holds and is this very file as this very export; None if there is none."""
    for row in _current(cursor, plan):
        if (row["file_sha256"], row["recipient_id"], row["period_from_on"], row["period_to_on"]) == (
            file.sha256, plan.recipient_id, plan.period_from_on, plan.period_to_on
        ):
            read = ReadRows(row["row_count"], 0, row["rejected_count"])
            return LoadedExport("nothing_changed", row["export_no"], read, (), (), None)
    return None


def _replaced(cursor: Cursor, plan: ExportPlan) -> list[int]:
    """The exports whose place this one takes.

    Raises: RefusedError if it covers only part of one.
    """
    ended = []
    is_state = plan.record_kind in FULL_STATES
    for row in _current(cursor, plan):
        if row["recipient_id"] and plan.recipient_id and row["recipient_id"] != plan.recipient_id:
            continue
        starts, ends = row["period_from_on"], row["period_to_on"]
        if not is_state and (ends < plan.period_from_on or starts > plan.period_to_on):
            continue
        is_unit_covered = plan.recipient_id in ("", row["recipient_id"])
        is_period_covered = is_state or (plan.period_from_on <= starts and plan.period_to_on >= ends)
        if not (is_unit_covered and is_period_covered):
            whose = "全部单位" if not row["recipient_id"] else "这个单位"
            raise RefusedError(
                f"与第 {row['export_no']} 次导出（《{row['file_name']}》，{whose}，"
                f"{starts:%Y-%m-%d} 至 {ends:%Y-%m-%d}）只有一部分重叠，"
                "请导出同样或更大的范围来替换它，或先撤回那一次。"
            )
        ended.append(row["export_no"])
    return ended


def _end(
    cursor: Cursor, actor: Actor, at: datetime, export_no: int, reason: str, replaced_by_no: int | None
) -> None:
    cursor.run(sql_text("data", "writes/end_export"), {
        "export_no": export_no, "at": at, "ended_by": actor.name, "end_reason": reason,
        "replaced_by_no": replaced_by_no,
    })
