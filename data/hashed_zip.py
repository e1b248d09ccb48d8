"""An archive that anybody can open: tables as Parquet, rules as SQL, files as received, and the hash of each.

The hashes stand in SHA256SUMS as ``sha256sum -c`` reads them, so that not even Wenxiao is needed to check them.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.archives import MAX_UNPACKED_RATIO, RATIO_FROM_BYTES, damage_as_file_error, damaged_sentence
from data.errors import FileError, WenxiaoError

SUMS_NAME = "SHA256SUMS"
RECEIVED = "received/"
MAX_UNPACKED_BYTES = 1 << 30
# One moment for every part, so that the bytes depend on the content alone.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Archive:
    """The content of an archive, each part by its path inside the zip; ``files`` stand under ``RECEIVED``."""

    tables: Mapping[str, pa.Table]
    texts: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)


def pack(archive: Archive) -> bytes:
    """The archive as a zip; the same content always gives the same bytes."""
    parts = {
        **{path: text.encode() for path, text in archive.texts.items()},
        **{path: _parquet(table) for path, table in archive.tables.items()},
        **archive.files,
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(parts.items()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for path, content in [*sorted(parts.items()), (SUMS_NAME, sums.encode())]:
            made.writestr(zipfile.ZipInfo(path, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write_whole(out: Path, content: bytes) -> None:
    """Write an archive; one that is there already is replaced only when the new one is whole.

    Nothing but an archive is ever replaced: a slip of the hand must not cost a bureau its store.

    Raises: WenxiaoError if the place cannot be written to.
    """
    if out.exists() and not (out.is_file() and zipfile.is_zipfile(out)):
        raise WenxiaoError(f"{out} 已经存在，而且不是档案，没有覆盖它。请换一个文件名。")
    unfinished = out.with_name(f"{out.name}.part")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, out)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise WenxiaoError(f"不能写入 {out}：目录不存在、没有写入的权限，或磁盘已满。请换一个可写的位置。") from error


def read_archive(path: Path) -> Archive:
    """Read an archive and hold every part against its hash.

    Raises: FileError if it is not one, is damaged, or a part differs from its hash; the first one is named.
    """
    if not path.is_file():
        raise FileError(f"没有找到 {path}，请核对档案的位置和名称。")
    with damage_as_file_error(path.name), zipfile.ZipFile(path) as opened:
        names = opened.namelist()
        if SUMS_NAME not in names:
            raise FileError(f"《{path.name}》不是问效的可复算档案：里面没有校验码清单 {SUMS_NAME}。")
        if len(set(names)) != len(names):
            raise FileError(f"《{path.name}》里有重名的文件，不能确定哪一个是原件，请重新导出。")
        lines = [line.split("  ", 1) for line in opened.read(SUMS_NAME).decode().split("\n") if line]
        stated = {path: digest for digest, path in lines}
        _check_names(path.name, set(stated), set(names) - {SUMS_NAME})
        _check_sizes(path.name, opened.infolist())
        parts = {name: opened.read(name) for name in stated}
    for name, content in parts.items():
        if hashlib.sha256(content).hexdigest() != stated[name]:
            raise FileError(f"《{path.name}》中的 {name} 与校验码不符：导出以后改动过，或传送中损坏。请重新索取原件。")
    # What was received may have any name and any content: it is never parsed here.
    own = {name: content for name, content in parts.items() if not name.startswith(RECEIVED)}
    tables = {name: content for name, content in own.items() if name.endswith(".parquet")}
    texts = {name: content for name, content in own.items() if name not in tables}
    try:
        return Archive(
            {name: pq.read_table(io.BytesIO(content)) for name, content in tables.items()},
            {name: content.decode() for name, content in texts.items()},
            {name: content for name, content in parts.items() if name not in own},
        )
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise FileError(damaged_sentence(path.name)) from error


def _check_sizes(file_name: str, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse by the declared sizes, beyond which zipfile never reads."""
    is_bomb = sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES or any(
        part.file_size > max(RATIO_FROM_BYTES, MAX_UNPACKED_RATIO * part.compress_size) for part in parts
    )
    if is_bomb:
        raise FileError(f"《{file_name}》解开后大得不合常理，不像问效的档案，没有读取。")


def _check_names(file_name: str, listed: set[str], held: set[str]) -> None:
    if missing := sorted(listed - held):
        raise FileError(f"《{file_name}》缺少 {missing[0]}：校验码清单里有，档案里没有。请重新索取原件。")
    if extra := sorted(held - listed):
        raise FileError(f"《{file_name}》多出 {extra[0]}：校验码清单里没有它，来历不明。请重新索取原件。")


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
