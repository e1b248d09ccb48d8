"""Back a workspace up and take a backup back; both are on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard.rights import require
from dashboard.workspace import STORE_NAME, clock, open_existing
from data.audit import Actor, LogEntry, append, newest_entry, stamp
from data.backups import Backup, cut_torn, drop_old, restore_backup, write_backup
from data.errors import BusyStoreError, NotFoundError, RefusedError, WenxiaoError
from data.store import Store


@dataclass(frozen=True)
class MadeBackup:
    """A backup, the older ones that were taken away for it, and the entry of the log that says so."""

    backup: Backup
    dropped: tuple[Path, ...]
    entry: LogEntry


@dataclass(frozen=True)
class Restored:
    """What came back, where the former store is now (None if there was none), and the entry that says so."""

    backup: Backup
    former: Path | None
    entry: LogEntry


def make_backup(store: Store, actor: Actor, at: datetime, folder: Path, keep: int) -> MadeBackup:
    """Copy the store into a folder while others work, prove the copy, and keep so many of them.

    Raises: RefusedError if none would be kept; WenxiaoError if the folder cannot be written to.
    """
    require(actor, "make_backup")
    if keep < 1:
        raise RefusedError("至少要保留 1 份备份。")
    # By the clock, in a demonstration too: two backups of its one day must not have one name.
    made = write_backup(store, folder, clock())
    dropped = drop_old(made, keep)
    with store.transaction(is_shown=False) as cursor:
        entry = append(cursor, actor, stamp(cursor, at), "make_backup", made.path.name, {
            "before": None,
            "after": {"sha256": made.sha256, "byte_count": made.byte_count, "last_hash": made.last_hash},
        })
    return MadeBackup(made, tuple(dropped), entry)


def restore_workspace(backup: Path, actor: Actor, folder: Path) -> Restored:
    """Put a backup in the place of a workspace's store, which no server may have open; the former one is kept.

    Raises: BusyStoreError if a server runs; as ``data.backups.prove_backup``; WenxiaoError on a full disk.
    """
    require(actor, "restore_backup")
    with _nobody_else(folder / STORE_NAME):
        held, former = restore_backup(backup, folder / STORE_NAME, clock())
    workspace = open_existing(folder)
    try:
        with workspace.store.transaction() as cursor:
            entry = append(cursor, actor, stamp(cursor, workspace.settings.now()), "restore_backup", held.path.name, {
                "before": None, "after": {"sha256": held.sha256, "last_hash": held.last_hash},
            })
    finally:
        workspace.store.close()
    return Restored(held, former, entry)


@dataclass(frozen=True)
class Salvaged:
    """A store without its damaged end: what was cut off, the last entry that is there, and the entry that says so."""

    former: Path
    cut_byte_count: int
    last_entry_no: int
    last_happened_at: datetime | None
    entry: LogEntry


def salvage_workspace(actor: Actor, folder: Path) -> Salvaged:
    """Cut the damaged end off a workspace's store, which no server can have open; the former one is kept.

    Raises: NotFoundError if there is no store; RefusedError if nothing is damaged; WenxiaoError on a full disk.
    """
    require(actor, "salvage_store")
    path = folder / STORE_NAME
    if not path.is_file():
        raise NotFoundError(f"{folder} 里没有问效的数据（{STORE_NAME}），请核对目录。")
    former, cut_byte_count = cut_torn(path, clock())
    workspace = open_existing(folder)
    try:
        with workspace.store.transaction() as cursor:
            last = newest_entry(cursor)
            entry = append(cursor, actor, stamp(cursor, workspace.settings.now()), "salvage_store", former.name, {
                "before": None, "after": {"byte_count": cut_byte_count},
            })
    finally:
        workspace.store.close()
    return Salvaged(
        former, cut_byte_count, last["entry_no"] if last else 0, last["happened_at"] if last else None, entry
    )


@contextmanager
def _nobody_else(path: Path) -> Iterator[None]:
    """Hold the former store, so that no server opens it meanwhile; one that is damaged nobody can open."""
    try:
        store = Store(path, is_copy=True) if path.exists() else None
    except BusyStoreError as error:
        raise BusyStoreError(f"{path.parent} 的服务正在运行：请先停止服务，再恢复备份。") from error
    except WenxiaoError:
        store = None
    try:
        yield
    finally:
        if store:
            store.close()
