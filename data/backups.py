"""Backups: a whole copy of a store beside a note of what it holds, proved when it is made and before it comes back.

A backup is two files of one name, ``.duckdb`` and ``.json``; the note is written last, so what has none was never
finished. The key of persons (``person.key``) is not in it: the two are to be kept apart.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from data.audit import find_break, logged
from data.errors import FileError, NotFoundError, RefusedError, TornStoreError, WenxiaoError
from data.store import Cursor, StatementError, Store

FOLDER_NAME = "backups"
PREFIX = "wenxiao-"


@dataclass(frozen=True)
class Backup:
    """What a backup holds, as its note says; ``made_at`` is Beijing time, the hash that of the last log entry."""

    path: Path
    made_at: datetime
    program_version: str
    schema_step: str
    sha256: str
    byte_count: int
    row_counts: dict[str, int]
    entry_count: int
    first_hash: str     # by which backups of one store are known among others
    last_hash: str
    log_fault: str      # where the log does not hold; empty if it does: a broken one is kept all the more

    @property
    def row_count(self) -> int:
        """The rows of all tables."""
        return sum(self.row_counts.values())


def write_backup(store: Store, folder: Path, at: datetime) -> Backup:
    """Copy a store as it is at one moment, others writing meanwhile; what was written is read again and proved.

    Raises: WenxiaoError if the folder cannot be written to or the disk is full.
    """
    path = folder / f"{PREFIX}{at:%Y%m%d-%H%M%S}.duckdb"
    unfinished = path.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            raise WenxiaoError(f"{path} 已经存在：同一秒内已经备份过一次，请稍后再试。")
        _drop(unfinished)
        store.copy_to(unfinished)
        unfinished.chmod(0o600)
        made = Backup(
            path, at, metadata.version("wenxiao"), sha256=_sha256(unfinished), byte_count=unfinished.stat().st_size,
            **_contents(unfinished),
        )
        _settle(unfinished, path)
        _write_note(made)
    except (OSError, StatementError) as error:
        raise WenxiaoError(
            f"没有备份成：不能写入 {folder}（没有写入的权限，或磁盘已满）。请腾出空间或换一个目录后再试。"
        ) from error
    finally:
        _drop(unfinished)
    return made


def backups(folder: Path) -> list[Backup]:
    """The finished backups of a folder, the newest first; their files are not read."""
    found = [_note(path) for path in folder.glob(f"{PREFIX}*.json")]
    return sorted((each for each in found if each), key=lambda each: each.made_at, reverse=True)


def drop_old(newest: Backup, keep: int) -> list[Path]:
    """Take away the oldest finished backups of the same store beyond so many; all else in the folder is left alone."""
    own = [each for each in backups(newest.path.parent) if each.first_hash == newest.first_hash][keep:]
    for old in own:
        # The note first: what is left of an interrupted drop is no backup.
        old.path.with_suffix(".json").unlink(missing_ok=True)
        old.path.unlink(missing_ok=True)
    return [old.path for old in own]


def prove_backup(path: Path) -> Backup:
    """Read a backup whole and hold it against its note.

    Raises: NotFoundError if file or note is not there; FileError if it is damaged or another than the note says.
    """
    if not path.is_file():
        raise NotFoundError(f"没有找到备份 {path}，请核对位置和名称。")
    told = _note(path.with_suffix(".json"))
    if told is None:
        raise NotFoundError(f"{path.name} 旁边没有可读的说明文件（同名的 .json）：它不是一份做完的备份。")
    if _sha256(path) != told.sha256:
        raise FileError(f"备份 {path.name} 与做的时候不一样：文件损坏或被改动过。请换一份备份。")
    found = _contents(path)
    if (found["row_counts"], found["last_hash"]) != (told.row_counts, told.last_hash):
        raise FileError(f"备份 {path.name} 里的内容与说明文件不符。请换一份备份。")
    return told


def restore_backup(backup: Path, store_path: Path, at: datetime) -> tuple[Backup, Path | None]:
    """Put a backup in the place of a store that nobody has open; what was there is kept beside it.

    Gives what came back and where the former store is now, None if there was none. Interrupted at any moment, either
    the former store or the backup is in place; what the former had not yet written into its file may then stand beside
    the name that it is kept under alone.

    Raises: as ``prove_backup``; WenxiaoError if the place cannot be written to.
    """
    held = prove_backup(backup)
    unfinished = store_path.with_name(f"{store_path.name}.part")
    former: Path | None = None
    try:
        store_path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup, unfinished)
        unfinished.chmod(0o600)
        if store_path.exists():
            former = _set_aside(store_path, at)
        _settle(unfinished, store_path)
    except OSError as error:
        raise WenxiaoError(
            f"没有恢复成：不能写入 {store_path.parent}（没有写入的权限，或磁盘已满）。原来的数据没有动。"
        ) from error
    finally:
        _drop(unfinished)
    return held, former


def cut_torn(store_path: Path, at: datetime) -> tuple[Path, int]:
    """Cut the damaged end off what was written ahead of a store's file; store and end as they were are kept beside it.

    Gives where the former store is now, and how many bytes were cut off.

    Raises: RefusedError if nothing is damaged; WenxiaoError if the place cannot be written to.
    """
    try:
        Store(store_path, is_copy=True).close()
    except TornStoreError as torn:
        position = torn.position
    else:
        raise RefusedError(f"{store_path} 没有损坏，不用截去什么。")
    ahead = store_path.with_name(f"{store_path.name}.wal")
    former = store_path.with_name(f"{store_path.stem}-before-salvage-{at:%Y%m%d-%H%M%S}{store_path.suffix}")
    whole = ahead.with_name(f"{ahead.name}.part")
    try:
        # Copies, no second names: the store goes on being written where it is.
        shutil.copyfile(store_path, former)
        shutil.copyfile(ahead, former.with_name(f"{former.name}.wal"))
        content = ahead.read_bytes()
        whole.write_bytes(content[:position])
        _settle(whole, ahead)
    except OSError as error:
        raise WenxiaoError(
            f"没有截成：不能写入 {store_path.parent}（没有写入的权限，或磁盘已满）。原来的数据没有动。"
        ) from error
    finally:
        _drop(whole)
    return former, len(content) - position


def _set_aside(store_path: Path, at: datetime) -> Path:
    """A second name for the former store, and for what it had not yet written into its file."""
    former = store_path.with_name(f"{store_path.stem}-before-restore-{at:%Y%m%d-%H%M%S}{store_path.suffix}")
    os.link(store_path, former)
    rest = store_path.with_name(f"{store_path.name}.wal")
    if rest.exists():
        os.replace(rest, former.with_name(f"{former.name}.wal"))
    return former


def _contents(path: Path) -> dict[str, Any]:
    """What the note of a copy says of what is in it; every value of every table is read for it."""
    with _read(path) as cursor:
        tables = [row["table_name"] for row in cursor.rows(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY table_name"
        )]
        counts = {
            # The sum of the digests reads each value; a count alone would not.
            table: cursor.rows(f"SELECT COUNT(*) AS n, SUM(CAST(HASH({table}) AS HUGEINT)) AS d FROM {table}")[0]["n"]
            for table in tables
        }
        log = logged(cursor)
        (step,) = cursor.rows("SELECT MAX(step_name) AS name FROM schema_step")
    hashes = [row["entry_hash"] for row in log] or [""]
    return {
        "schema_step": step["name"], "row_counts": counts, "entry_count": len(log),
        "first_hash": hashes[0], "last_hash": hashes[-1], "log_fault": str(find_break(log) or ""),
    }


@contextmanager
def _read(path: Path) -> Iterator[Cursor]:
    store = Store(path, is_copy=True)
    try:
        with store.reading() as cursor:
            yield cursor
    finally:
        store.close()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(unfinished: Path, path: Path) -> None:
    """Give a whole file its name, and have both on the disk."""
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _drop(unfinished: Path) -> None:
    """Take away what was not finished, and what the engine had written beside it."""
    for path in (unfinished, unfinished.with_name(f"{unfinished.name}.wal")):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _write_note(made: Backup) -> None:
    note = made.path.with_suffix(".json")
    unfinished = note.with_suffix(".json.part")
    told = {**asdict(made), "path": made.path.name, "made_at": made.made_at.isoformat()}
    unfinished.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    _settle(unfinished, note)


def _note(path: Path) -> Backup | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Backup(**{
            **told, "path": path.with_suffix(".duckdb"), "made_at": datetime.fromisoformat(told["made_at"]),
        })
    except (OSError, ValueError, KeyError, TypeError):
        return None
