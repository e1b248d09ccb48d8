"""Containers and damage: prove that a zip or a PDF unpacks to a bearable size before a parser sees it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from data.errors import FileError, WenxiaoError

MAX_UNPACKED_BYTES = 120 * 1024 * 1024     # a 20 MB workbook of real rows unpacks to less
MAX_UNPACKED_RATIO = 200                   # looked at only where a part unpacks to more than RATIO_FROM_BYTES
RATIO_FROM_BYTES = 4 * 1024 * 1024
MAX_ARCHIVE_PARTS = 5_000
_PART_ENTRY = b"PK\x01\x02"     # begins each entry of a zip's list of parts
# Office never writes a document type; it is only good for entity bombs and for reading files of the server.
_UNSAFE = tuple(
    words.encode(code) for words in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_LONGEST_UNSAFE = max(map(len, _UNSAFE))


@contextmanager
def damage_as_file_error(file_name: str) -> Iterator[None]:
    """Turn whatever a parser throws at damaged bytes into one sentence; nothing else may escape.

    Raises: FileError instead of anything the block raised; a WenxiaoError passes as it is.
    """
    try:
        yield
    except (WenxiaoError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:   # a Rust panic is not an Exception
        if "password" in f"{type(error).__name__} {error}".lower():
            raise FileError(encrypted_sentence(file_name)) from error
        raise FileError(damaged_sentence(file_name)) from error


def encrypted_sentence(file_name: str) -> str:
    """What to say of a file that asks for a password."""
    return f"《{file_name}》设有打开密码，系统无法读取，请取消密码后另存再上传。"


def damaged_sentence(file_name: str) -> str:
    """What to say of a file that no parser can make sense of."""
    return f"《{file_name}》已损坏或不完整，无法打开，请用原来的软件打开后另存，或重新下载后再上传。"


def check_archive(content: bytes, file_name: str) -> None:
    """Prove that a zip container is whole and unpacks to a bearable size, before a parser sees it.

    The declared sizes are looked at first; then every part is unpacked once and compared with its
    checksum, because a parser outside Python would not stop at the declared size.

    Raises: FileError if it is damaged, encrypted, or a zip bomb.
    """
    with damage_as_file_error(file_name), zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        _check_declared_sizes(parts, file_name)
        for part in parts:
            with archive.open(part) as stream:
                before = b""
                # A comment of any length may stand before a document type: the whole part is looked through.
                while chunk := stream.read(1 << 20):
                    seen = before + chunk
                    if any(words in seen for words in _UNSAFE):
                        raise FileError(
                            f"《{file_name}》含有不安全的内容（{part.filename[:80]}），已拒绝打开，"
                            "请用 Office 或 WPS 另存后再上传。"
                        )
                    before = chunk[-_LONGEST_UNSAFE:]


def check_part_count(content: bytes, file_name: str) -> None:
    """Refuse a zip of so many parts that their list alone would take minutes, before it is read.

    Raises: FileError if there are too many.
    """
    count = content.count(_PART_ENTRY)
    if count > MAX_ARCHIVE_PARTS:
        raise FileError(
            f"《{file_name}》有 {count} 个部件，超过 {MAX_ARCHIVE_PARTS} 个上限，大小异常，已拒绝打开，"
            "请删去多余的工作表、图片后另存再上传。"
        )


def check_streams(content: bytes, file_name: str) -> None:
    """Prove that no compressed stream of a PDF unpacks to more than a bearable size.

    Raises: FileError if one does.
    """
    unpacked, view = 0, memoryview(content)   # a view: slicing bytes would copy the rest for every stream
    for found in re.finditer(rb"stream\r?\n", content):
        try:
            unpacker = zlib.decompressobj()
            unpacked += len(unpacker.decompress(view[found.end():], MAX_UNPACKED_BYTES + 1))
        except zlib.error:
            continue
        if unpacked > MAX_UNPACKED_BYTES:
            limit = MAX_UNPACKED_BYTES // 1024 // 1024
            raise FileError(
                f"《{file_name}》解压后超过 {limit} MB，大小异常，已拒绝打开，请重新导出后再上传。"
            )


def _check_declared_sizes(parts: list[zipfile.ZipInfo], file_name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    is_bomb = (
        unpacked > MAX_UNPACKED_BYTES
        or any(
            part.file_size > RATIO_FROM_BYTES
            and part.file_size > MAX_UNPACKED_RATIO * max(part.compress_size, 1)
            for part in parts
        )
    )
    if is_bomb:
        raise FileError(
            f"《{file_name}》解压后有 {unpacked / 1024 / 1024:.0f} MB、{len(parts)} 个部件，大小异常，"
            "已拒绝打开，请删去多余的空行、图片后另存再上传。"
        )
