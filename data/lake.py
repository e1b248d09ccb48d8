"""A lake of Parquet files that many bureaus push into and one nation is made of; where everything lies in it.

    lake/pushed/<store id>.json                                     which files of a store count, since when
    lake/<relation>/year=2021/province=65/<store id>-<hash>.parquet
    lake/rule/<store id>-<hash>.parquet                             the versions of the rules, of no single year
    lake/scored.json                                                which run of the scoring counts
    lake/scored/<run>/<result>/year=2021/province=65/*.parquet

What counts is what ``pushed/*.json`` and ``scored.json`` list: each is replaced in one step when all its files are
there, so that whoever reads sees the old whole or the new whole, and a killed push leaves the old one as it was.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.dataset as ds  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.errors import NotFoundError, WenxiaoError

PUSHED, SCORED = "pushed", "scored"
_NAME = re.compile(r"[0-9a-z][0-9a-z_-]*")


@dataclass(frozen=True)
class LakeTable:
    """Rows of one relation; ``year`` and ``province`` say under which part they lie, empty where under none."""

    relation: str
    rows: pa.Table
    year: str = ""
    province: str = ""

    @property
    def folder(self) -> str:
        """The part's folder, from the lake's root."""
        return f"{self.relation}/year={self.year}/province={self.province}" if self.year else self.relation


def push(lake: Path, store_id: str, tables: Sequence[LakeTable], told: Mapping[str, Any]) -> dict[str, int]:
    """Put a store's tables into a lake in place of those that it pushed before; how many rows of each relation.

    The files that are replaced stay until the next push: a run that has begun may still be reading them.

    Raises: WenxiaoError if the lake cannot be written to; ValueError if the id is no plain name.
    """
    if not _NAME.fullmatch(store_id):
        raise ValueError(store_id)
    files: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    with _as_sentence(lake):
        before = _read(lake / PUSHED / f"{store_id}.json")
        for table in tables:
            content = _parquet(table.rows)
            path = f"{table.folder}/{store_id}-{hashlib.sha256(content).hexdigest()[:16]}.parquet"
            _replace(lake / path, content)
            files.setdefault(table.relation, []).append(path)
            counts[table.relation] = counts.get(table.relation, 0) + table.rows.num_rows
        manifest = {"store_id": store_id, **told, "rows": counts, "files": files}
        _replace(lake / PUSHED / f"{store_id}.json", _json(manifest))
        kept = {path for listed in (files, before.get("files", {})) for paths in listed.values() for path in paths}
        for old in lake.glob(f"*/**/{store_id}-*.parquet"):
            relative = old.relative_to(lake).as_posix()
            if not relative.startswith(f"{SCORED}/") and relative not in kept:
                old.unlink(missing_ok=True)
    return counts


def pushes(lake: Path) -> list[dict[str, Any]]:
    """What each store said when it pushed, by store: who, when, which files, how many rows; empty for none."""
    return [_read(path) for path in sorted((lake / PUSHED).glob("*.json"))]


def pushed_files(lake: Path) -> dict[str, list[Path]]:
    """The files that count, by relation.

    Raises: NotFoundError if nothing was pushed into the folder, or a listed file is gone; WenxiaoError if a store
    lists what is not its own.
    """
    files: dict[str, list[Path]] = {}
    for told in pushes(lake):
        for relation, paths in told["files"].items():
            if strange := [path for path in paths if not _is_own(relation, told["store_id"], path)]:
                raise WenxiaoError(f"{told['store_id']} 的清单列有不是它的文件 {strange[0]}：请由该地重新推送。")
            files.setdefault(relation, []).extend(lake / path for path in paths)
    if not files:
        raise NotFoundError(f"{lake} 里没有推送过数据：请先在各地执行 wenxiao lake push。")
    _require_all(lake, files)
    return files


@contextmanager
def scoring(lake: Path, run: str) -> Iterator[Path]:
    """The folder that a run writes its results into; what is left of a run that fails is taken away.

    Raises: WenxiaoError if the lake cannot be written to.
    """
    folder = lake / SCORED / run
    with _as_sentence(lake):
        folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def keep_scored(lake: Path, run: str, told: Mapping[str, Any]) -> None:
    """Let a finished run count from now on; what is older than the one that it follows is taken away."""
    with _as_sentence(lake):
        before = _read(lake / f"{SCORED}.json").get("run")
        _replace(lake / f"{SCORED}.json", _json({"run": run, **told}))
        for old in (lake / SCORED).iterdir():
            if old.name < (before or run):      # their names are moments
                shutil.rmtree(old, ignore_errors=True)


def scored(lake: Path) -> dict[str, Any]:
    """What the run that counts said of itself.

    Raises: NotFoundError if nothing was scored yet.
    """
    found = _read(lake / f"{SCORED}.json")
    if not found:
        raise NotFoundError(f"{lake} 里还没有计算结果：请先执行 wenxiao score-lake。")
    return found


def scored_rows(lake: Path, result: str, **wanted: Any) -> pa.Table:
    """The rows of one result of the run that counts, those with the wanted values; year and province are texts.

    Raises: NotFoundError if nothing was scored yet, or the result is gone.
    """
    folder = lake / SCORED / scored(lake)["run"] / result
    files = parquet_files(folder)
    if not files:
        raise NotFoundError(f"{folder} 不在：计算结果不完整，请重新执行 wenxiao score-lake。")
    parts = pa.schema([("year", pa.string()), ("province", pa.string())])
    is_parted = any(file.parent != folder for file in files)
    return pq.read_table(
        folder, filters=[(name, "=", value) for name, value in wanted.items()] or None,
        partitioning=ds.partitioning(parts, flavor="hive") if is_parted else None,
    )


def parquet_files(folder: Path) -> list[Path]:
    """Every Parquet file below a folder, without what is still being written."""
    return [
        path for path in sorted(folder.rglob("*.parquet"))
        if not any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
    ]


def row_count(files: Sequence[Path]) -> int:
    """How many rows files have, by their own word."""
    return sum(pq.read_metadata(file).num_rows for file in files)


def _is_own(relation: str, store_id: str, path: str) -> bool:
    parts = path.split("/")
    return parts[0] == relation and ".." not in parts and parts[-1].startswith(f"{store_id}-")


def _require_all(lake: Path, files: Mapping[str, Sequence[Path]]) -> None:
    gone = next((path for paths in files.values() for path in paths if not path.is_file()), None)
    if gone is not None:
        raise NotFoundError(f"{gone.relative_to(lake)} 不在湖里：请由 {gone.name.rpartition('-')[0]} 重新推送。")


@contextmanager
def _as_sentence(lake: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WenxiaoError(f"不能写入 {lake}：目录不可用、没有写入的权限，或磁盘已满。请换一个可写的目录。") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise WenxiaoError(f"{path} 读不出：不是问效写的清单，或已损坏。请由该地重新推送，或重新计算。") from error
    return found


def _json(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole and on disk, then put it in place of what is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _parquet(rows: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(rows, buffer, compression="zstd")
    return buffer.getvalue()
