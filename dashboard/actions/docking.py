"""Load an export of one of the two systems, or withdraw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from dashboard.rights import ALL, OWN, ROLE_NAMES, reach, require
from data.audit import Actor, LogEntry, append, stamp
from data.docking.export_file import StagedExport, staged
from data.docking.mapping import (
    RECORD_KINDS,
    SYSTEMS,
    ExportMapping,
    export_title,
    keep_shipped_mappings,
    mapping_in_force,
    place_fields,
)
from data.docking.person_key import fingerprint
from data.docking.person_words import shown_name
from data.docking.record_kinds import FULL_STATES
from data.docking.row_faults import RowScope
from data.docking.rows import (
    MAX_KEPT_REJECTS,
    ReadRows,
    count_rows,
    keep_rows,
    mark_held_rows,
    read_rows,
    rejected_rows,
)
from data.errors import CellIssue, IntakeError, RefusedError
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
    the exports that this one replaces, of ``ended_row_count`` rows. ``file_name`` is the file's as it is kept, without
    long numbers. ``amount_yuan`` is the sum of the rows taken, None where they are no money.
    """

    outcome: str
    export_no: int
    read: ReadRows
    ended: tuple[int, ...]
    ignored_heads: tuple[str, ...]
    amount_yuan: Decimal | None
    rejects: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    entry: LogEntry | None = None
    ended_row_count: int = 0
    file_name: str = ""


@dataclass(frozen=True)
class _Read:
    """A file whose rows stand in ``export_row``, how they were read, and what their line_no counts."""

    file: StagedExport
    plan: ExportPlan
    mapping: ExportMapping
    ignored_heads: tuple[str, ...]
    row_word: str


def load_export(
    store: Store, actor: Actor, at: datetime, person_key: bytes, source: Path | bytes, file_name: str,
    plan: ExportPlan, *, dry_run: bool = False, may_shrink: bool = True,
) -> LoadedExport:
    """Load a file's rows in one transaction; a newer export of the same or more takes the place of earlier ones.

    The same file as the same export again changes nothing, unless how it is read has changed since, or rows had
    stayed out. Rows that cannot be read stay out, each with its line. The bytes of the file are not kept: they name
    persons. Others write on while the file is read; only what follows waits for them and they for it. Unless it
    ``may_shrink`` an export of less than half the rows of those that it replaces is refused.

    Raises: RefusedError if the actor may not, the plan makes no sense, or the export is older than another one that
    holds or covers only part of it; FileError or IntakeError if the file cannot be read or its heads do not fit.
    """
    require(actor, "load_export", plan.recipient_id, needs_name=not dry_run)
    _require_sense(plan, at)
    file_name = shown_name(file_name)
    with staged(source, file_name) as file, store.reading() as cursor:
        with store.snapshot() as known:
            _require_known(known, person_key, plan)
            mapping = mapping_in_force(known, plan.system_name, plan.record_kind)
            if not dry_run and (same := _same_export(known, file, plan, mapping)):
                return same
        read = _read(cursor, person_key, file, plan, mapping)
        if dry_run:
            return _shown(_checked(cursor, actor, read))
        with store.transaction(on=cursor):
            return _shown(
                # Somebody else may have loaded the same meanwhile.
                _same_export(cursor, file, plan, mapping) or _kept(
                    cursor, actor, at, person_key, read, may_shrink=may_shrink
                )
            )


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


def _require_known(cursor: Cursor, person_key: bytes, plan: ExportPlan) -> None:
    """The unit is one of the workspace's, and the key the one that the store's persons were hashed with, if any.

    Another key would make strangers of them all.
    """
    if _kept_key(cursor) not in (None, fingerprint(person_key)):
        raise RefusedError(
            "人员密钥文件与数据库里的数据不是一对，什么也没有载入：请从备份恢复原来的密钥文件；"
            "换了密钥，同一个人前后就对不上了。"
        )
    if plan.recipient_id and plan.recipient_id not in set(cursor.query("recipients")["recipient_id"]):
        raise RefusedError("没有这个单位，请重新选择导出的单位范围。")


def _kept_key(cursor: Cursor) -> str | None:
    settings = cursor.query("workspace_settings").set_index("setting_key")["setting_value"].to_dict()
    return settings.get(KEY_SETTING)


def _read(
    cursor: Cursor, person_key: bytes, file: StagedExport, plan: ExportPlan, mapping: ExportMapping
) -> _Read:
    """Read the rows into ``export_row``; nothing is written."""
    placed = place_fields(mapping, file.heads, file.file_name)
    scope = RowScope(plan.recipient_id, plan.period_from_on, plan.period_to_on)
    return _Read(file, plan, mapping, placed.ignored, read_rows(cursor, file, mapping, placed, person_key, scope))


def _checked(cursor: Cursor, actor: Actor, read: _Read) -> LoadedExport:
    """What would become of the rows that were read, with every reject that is kept; nothing is written."""
    ended = _replaced(cursor, actor, read.plan)
    ended_row_count = sum(row["row_count"] for row in _current(cursor, read.plan) if row["export_no"] in ended)
    mark_held_rows(cursor, read.mapping, ended)
    counts = count_rows(cursor)
    rejects = rejected_rows(cursor, read.row_word, MAX_KEPT_REJECTS)
    if not counts.row_count:
        if not rejects:
            raise RefusedError(f"《{read.file.file_name}》没有一行可以载入，什么也没有改变。只有表头，没有数据。")
        raise IntakeError(read.file.file_name, [
            CellIssue(row["fault_code"], row["place_text"], row["sentence_text"]) for row in rejects[:MAX_SHOWN]
        ], counts.rejected_count - len(rejects[:MAX_SHOWN]))
    amount = None
    if read.plan.record_kind in ("allotment", "payment", "payout"):
        amount = cursor.rows(sql_text("data", "queries/export_row_amount"))[0]["amount_yuan"]
    return LoadedExport(
        "dry_run", 0, counts, tuple(ended), read.ignored_heads, amount, rejects, ended_row_count=ended_row_count,
        file_name=read.file.file_name,
    )


def _kept(
    cursor: Cursor, actor: Actor, at: datetime, person_key: bytes, read: _Read, *, may_shrink: bool
) -> LoadedExport:
    """Write the rows that were read, end the exports that they replace, reconcile anew and log it."""
    _require_known(cursor, person_key, read.plan)
    checked, plan, file = _checked(cursor, actor, read), read.plan, read.file
    if not may_shrink and checked.read.row_count * 2 < checked.ended_row_count:
        raise RefusedError(
            f"这份导出只有 {checked.read.row_count:,} 行，要替换的第 {'、'.join(map(str, checked.ended))} 次导出有 "
            f"{checked.ended_row_count:,} 行，少了一半以上，什么也没有写入。"
            "请核对文件是否完整；确实要替换的，请加 --yes。"
        )
    if _kept_key(cursor) is None:
        cursor.insert("workspace_setting", [{
            "setting_key": KEY_SETTING, "setting_value": fingerprint(person_key),
        }])
    keep_shipped_mappings(cursor)
    at = stamp(cursor, at)
    number = int(cursor.query("newest_export_no")["export_no"][0]) + 1
    keep_rows(cursor, plan.record_kind, number)
    for earlier in checked.ended:
        _end(cursor, actor, at, earlier, "由更新的导出替换", number)
    cursor.insert("docked_export", [{
        "export_no": number, "system_name": plan.system_name, "record_kind": plan.record_kind,
        "recipient_id": plan.recipient_id, "period_from_on": plan.period_from_on, "period_to_on": plan.period_to_on,
        "mapping_key": read.mapping.key, "mapping_version": read.mapping.version, "file_name": file.file_name,
        "file_sha256": file.sha256, "row_word": read.row_word, "row_count": checked.read.row_count,
        "rejected_count": checked.read.rejected_count, "loaded_at": at, "loaded_by": actor.name, "ended_at": None,
        "ended_by": "", "end_reason": "", "replaced_by_no": None,
    }])
    cursor.insert("docked_reject", [{"export_no": number, **reject} for reject in checked.rejects])
    refresh_differences(cursor, at)
    entry = append(cursor, actor, at, "load_export", export_title(plan.system_name, plan.record_kind), {
        "export_no": number, "file": file.file_name, "sha256": file.sha256,
        "recipient_id": plan.recipient_id, "period_from_on": plan.period_from_on,
        "period_to_on": plan.period_to_on, "before": {"replaced": list(checked.ended)}, "after": {
            "row_count": checked.read.row_count, "rejected_count": checked.read.rejected_count,
            "deleted_count": checked.read.deleted_count,
        },
    })
    return replace(checked, outcome="loaded", export_no=number, entry=entry)


def _shown(loaded: LoadedExport) -> LoadedExport:
    return replace(loaded, rejects=tuple(loaded.rejects[:MAX_SHOWN]))


def _current(cursor: Cursor, plan: ExportPlan) -> list[dict[str, Any]]:
    return cursor.rows(sql_text("data", "queries/exports_of_kind"), {
        "system_name": plan.system_name, "record_kind": plan.record_kind,
    })


def _same_export(
    cursor: Cursor, file: StagedExport, plan: ExportPlan, mapping: ExportMapping
) -> LoadedExport | None:
    """The export that holds and is this very file as this very export, read in the same way and to the last row.

    None if there is none. Where rows stayed out, a unit or another export may have been at fault that is mended now.
    """
    asked = (file.sha256, plan.recipient_id, plan.period_from_on, plan.period_to_on, mapping.version, 0)
    names = ("file_sha256", "recipient_id", "period_from_on", "period_to_on", "mapping_version", "rejected_count")
    for row in _current(cursor, plan):
        if tuple(row[name] for name in names) == asked:
            counts = ReadRows(row["row_count"], 0, 0)
            return LoadedExport(
                "nothing_changed", row["export_no"], counts, (), (), None, file_name=file.file_name
            )
    return None


def _replaced(cursor: Cursor, actor: Actor, plan: ExportPlan) -> list[int]:
    """The exports whose place this one takes.

    Raises: RefusedError if it covers only part of one, or is older than one that says how things stand.
    """
    ended = []
    is_state = plan.record_kind in FULL_STATES
    for row in _current(cursor, plan):
        if row["recipient_id"] and plan.recipient_id and row["recipient_id"] != plan.recipient_id:
            continue
        starts, ends = row["period_from_on"], row["period_to_on"]
        if not is_state and (ends < plan.period_from_on or starts > plan.period_to_on):
            continue
        whose = "全部单位" if not row["recipient_id"] else "这个单位"
        # A unit's people learn nothing of the files of others.
        file = "" if actor.recipient_id not in ("", row["recipient_id"]) else f"《{row['file_name']}》，"
        said = f"第 {row['export_no']} 次导出（{file}{whose}，{starts:%Y-%m-%d} 至 {ends:%Y-%m-%d}）"
        is_period_covered = is_state or (plan.period_from_on <= starts and plan.period_to_on >= ends)
        if plan.recipient_id not in ("", row["recipient_id"]) or not is_period_covered:
            raise RefusedError(
                f"与{said}只有一部分重叠，请导出同样或更大的范围来替换它，或{_withdrawing(actor, row)}。"
            )
        if is_state and plan.period_to_on < ends:
            raise RefusedError(
                f"这份导出截至 {plan.period_to_on:%Y-%m-%d}，比现在有效的{said}旧，不能替换它："
                f"请重新导出到 {ends:%Y-%m-%d} 或以后；确实要改用这一份的，{_withdrawing(actor, row)}。"
            )
        ended.append(row["export_no"])
    return ended


def _withdrawing(actor: Actor, row: Mapping[str, Any]) -> str:
    """How an export gets out of the way: the actor withdraws it, or asks those who may."""
    allowed = reach(actor.role, "action", "withdraw_export")
    if allowed == ALL or (allowed == OWN and row["recipient_id"] == actor.recipient_id):
        return "先撤回那一次"
    roles = "、".join(name for role, name in ROLE_NAMES.items() if reach(role, "action", "withdraw_export") == ALL)
    return f"请{roles}撤回那一次（由{row['loaded_by']}载入）"


def _end(
    cursor: Cursor, actor: Actor, at: datetime, export_no: int, reason: str, replaced_by_no: int | None
) -> None:
    cursor.run(sql_text("data", "writes/end_export"), {
        "export_no": export_no, "at": at, "ended_by": actor.name, "end_reason": reason,
        "replaced_by_no": replaced_by_no,
    })
