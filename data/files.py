"""Guards that every file passes before anyone parses it: is it there, is it what its name says, is it safe.

Shared by notices, filled reports and docked exports. Nothing here knows what the words in a file mean.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from data.archives import check_archive, check_part_count, damage_as_file_error, encrypted_sentence
from data.errors import FileError

MAX_FILE_BYTES = 20 * 1024 * 1024


class FileKind(StrEnum):
    """What a file is, judged by its bytes."""

    TEXT = "text"
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    XLS = "xls"
    PNG = "png"
    JPEG = "jpeg"


IMAGE_KINDS = frozenset({FileKind.PNG, FileKind.JPEG})
NOTICE_KINDS = frozenset(FileKind) - IMAGE_KINDS
EVIDENCE_KINDS = frozenset({FileKind.PDF, FileKind.DOCX, FileKind.XLSX, FileKind.TEXT}) | IMAGE_KINDS

_KIND_OF_SUFFIX = {
    ".txt": FileKind.TEXT,
    ".md": FileKind.TEXT,
    ".csv": FileKind.TEXT,
    ".docx": FileKind.DOCX,
    ".pdf": FileKind.PDF,
    ".xlsx": FileKind.XLSX,
    ".xls": FileKind.XLS,
    ".png": FileKind.PNG,
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
}
_SAVE_AS = {   # kinds that bureaux do send, and what to save them as
    ".doc": "旧版 Word 文件，请另存为 .docx 后再上传",
    ".wps": "WPS 文字文件，请另存为 .docx 后再上传",
    ".et": "WPS 表格文件，请另存为 .xlsx 后再上传",
    ".xlsm": "带宏的工作簿，请另存为 .xlsx 后再上传",
    ".xlsb": "二进制工作簿，请另存为 .xlsx 后再上传",
    ".ofd": "OFD 版式文件，请另存为 .pdf 或 .docx 后再上传",
    ".rtf": "RTF 文件，请另存为 .docx 后再上传",
    ".zip": "压缩包，请解压后逐个上传里面的文件",
    ".rar": "压缩包，请解压后逐个上传里面的文件",
    ".7z": "压缩包，请解压后逐个上传里面的文件",
    ".jpg": "图片，请换用文字版（.docx、.xlsx 或带文字的 .pdf）",
    ".jpeg": "图片，请换用文字版（.docx、.xlsx 或带文字的 .pdf）",
    ".png": "图片，请换用文字版（.docx、.xlsx 或带文字的 .pdf）",
}
_KIND_NAME = {
    FileKind.TEXT: "文本文件",
    FileKind.DOCX: "Word 文档",
    FileKind.PDF: "PDF 文件",
    FileKind.XLSX: "Excel 工作簿（.xlsx）",
    FileKind.XLS: "旧版 Excel 工作簿（.xls）",
    FileKind.PNG: "PNG 图片",
    FileKind.JPEG: "JPEG 图片",
}
_FOREIGN_HEADS = (   # bytes at the start → what a person calls it
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
    (b"GIF8", "GIF 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"{\\rtf", "RTF 文件"),
)
_IMAGE_HEADS = ((b"\x89PNG", FileKind.PNG), (b"\xff\xd8\xff", FileKind.JPEG))
_OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed the guards: its bytes, and its kind as the bytes say."""

    file_name: str
    kind: FileKind
    content: bytes
    sha256: str


def check_file(
    path: Path, file_name: str | None = None, kinds: frozenset[FileKind] = NOTICE_KINDS
) -> CheckedFile:
    """Read a file from disk and run every guard on it.

    ``file_name`` is the name that the person gave, where ``path`` is only a temporary copy.

    Raises: FileError with one sentence for the first guard that fails.
    """
    name = file_name or path.name
    return check_bytes(file_content(path, name), name, kinds)


def file_content(path: Path, name: str) -> bytes:
    """The bytes of a file on disk, unless it is larger than any file may be.

    Raises: FileError with one sentence if it is not there, is no file, is too large or cannot be read.
    """
    try:
        if not path.exists():
            raise FileError(f"找不到文件《{name}》，请检查文件名和所在文件夹后重新选择。")
        if not path.is_file():
            raise FileError(f"《{name}》不是一个文件（可能是文件夹），请选择具体的文件。")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise FileError(_too_large(name, size))
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise FileError(f"《{name}》无法读取，请检查是否正被其他程序占用、是否有读取权限。") from error


def check_bytes(
    content: bytes, file_name: str, kinds: frozenset[FileKind] = NOTICE_KINDS
) -> CheckedFile:
    """Run every guard on bytes that are already in memory, such as an upload.

    Raises: FileError with one sentence for the first guard that fails.
    """
    named = _named_kind(file_name, kinds)
    if not content:
        raise FileError(f"《{file_name}》是空文件（0 字节），请重新导出或换一个文件。")
    if len(content) > MAX_FILE_BYTES:
        raise FileError(_too_large(file_name, len(content)))
    found = _found_kind(content, file_name)
    if found is not named:
        is_text = found is FileKind.TEXT
        what = _text_name(content) if is_text else _KIND_NAME[found]
        raise FileError(_not_what_it_says(file_name, what, named))
    if named in (FileKind.DOCX, FileKind.XLSX):
        check_archive(content, file_name)
    return CheckedFile(file_name, named, content, hashlib.sha256(content).hexdigest())


def checked_sha256(content: bytes, file_name: str, kinds: frozenset[FileKind]) -> str:
    """The fingerprint of a file that is kept as it came: the guards are run, nothing is read.

    Raises: FileError with one sentence for the first guard that fails.
    """
    return check_bytes(content, file_name, kinds).sha256


def decode_text(content: bytes, file_name: str) -> str:
    """The words of a text file: UTF-8 with or without BOM, UTF-16 with BOM, or GB18030.

    Raises: FileError if the bytes are none of these, damaged UTF-8, or hold NUL.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        if b"\x00" in content:
            line_no = content.count(b"\n", 0, content.index(b"\x00")) + 1
            raise FileError(
                f"《{file_name}》第{line_no}行含有空字节，不是正常的文本文件，请重新导出为 UTF-8 文本。"
            )
        encodings = ["utf-8-sig"] if _is_mostly_utf8(content) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            line_no = content.count(b"\n", 0, error.start) + 1
        else:
            if "\x00" not in text:
                return text
            line_no = text.count("\n", 0, text.index("\x00")) + 1
    raise FileError(
        f"《{file_name}》第{line_no}行有无法识别的字符（文件损坏或编码不对），请另存为 UTF-8 文本后再上传。"
    )


def _too_large(file_name: str, size: int) -> str:
    shown, limit = f"{size / 1024 / 1024:.1f} MB", f"{MAX_FILE_BYTES // 1024 // 1024} MB"
    return f"《{file_name}》大小为 {shown}，超过 {limit} 上限，请去掉图片或拆分后再上传。"


def _named_kind(file_name: str, kinds: frozenset[FileKind]) -> FileKind:
    suffix = Path(file_name).suffix.lower()
    kind = _KIND_OF_SUFFIX.get(suffix)
    if kind in kinds:
        return kind
    accepted = "、".join(end for end, of in _KIND_OF_SUFFIX.items() if of in kinds)
    if suffix in _SAVE_AS:
        raise FileError(f"《{file_name}》是{_SAVE_AS[suffix]}。")
    shown = f"扩展名“{suffix}”" if suffix else "没有扩展名的文件"
    raise FileError(f"《{file_name}》的类型不能识别（{shown}），请上传 {accepted} 文件。")


def _not_what_it_says(file_name: str, what: str, named: FileKind) -> str:
    suffix = Path(file_name).suffix.lower()
    if named in IMAGE_KINDS:
        return f"《{file_name}》的扩展名是 {suffix}，内容却是{what}，请换一张真正的{_KIND_NAME[named]}再上传。"
    return (
        f"《{file_name}》的扩展名是 {suffix}，内容却是{what}，"
        f"请用 Office 或 WPS 打开后另存为真正的{_KIND_NAME[named]}再上传。"
    )


def _found_kind(content: bytes, file_name: str) -> FileKind:
    """What the bytes are; raises for kinds that are never accepted."""
    named = _KIND_OF_SUFFIX[Path(file_name).suffix.lower()]
    if content.startswith(b"PK"):
        return _archive_kind(content, file_name, named)
    if content.startswith(_OLE_HEAD):
        return _ole_kind(content, file_name, named)
    if b"%PDF-" in content[:1024]:
        return FileKind.PDF
    for head, kind in _IMAGE_HEADS:
        if content.startswith(head):
            return kind
    for head, what in _FOREIGN_HEADS:
        # Two letters prove nothing in a text: a program has NUL bytes soon after.
        if content.startswith(head) and (len(head) > 2 or b"\x00" in content[:4096]):
            raise FileError(_not_what_it_says(file_name, what, named))
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if named is not FileKind.TEXT and b"\x00" in content[:4096] and not is_utf16:
        raise FileError(_not_what_it_says(file_name, "无法识别的数据", named))
    return FileKind.TEXT


def _archive_kind(content: bytes, file_name: str, named: FileKind) -> FileKind:
    check_part_count(content, file_name)
    with damage_as_file_error(file_name), zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if any(part.flag_bits & 0x1 for part in archive.infolist()):
            raise FileError(encrypted_sentence(file_name))
    if "word/document.xml" in names:
        return FileKind.DOCX
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    if "xl/workbook.bin" in names:
        raise FileError(_not_what_it_says(file_name, "二进制工作簿（.xlsb）", named))
    raise FileError(_not_what_it_says(file_name, "普通压缩包", named))


def _ole_kind(content: bytes, file_name: str, named: FileKind) -> FileKind:
    """An OLE container names its streams in UTF-16; the names tell what it holds."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise FileError(encrypted_sentence(file_name))
    if holds("Workbook") or holds("Book"):
        return FileKind.XLS
    if holds("WordDocument"):
        raise FileError(_not_what_it_says(file_name, "旧版 Word 文件（.doc）", named))
    raise FileError(_not_what_it_says(file_name, "无法识别的旧版 Office 文件", named))


def _text_name(content: bytes) -> str:
    head = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").replace(b"\x00", b"").lower()
    if re.match(rb"<!doctype html|<html|<table|<meta|<head|<body", head) or b"<html" in head:
        return "网页（HTML）"
    if head.startswith(b"<?xml"):
        return "XML 文件"
    return "纯文本"


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether bytes that may not decode are UTF-8 with a few damaged ones.

    GB18030 would decode such a file to wrong characters without a word, so it must not be tried.
    """
    damaged = content.decode("utf-8", errors="replace")
    wrong = damaged.count("�")
    wide = sum(1 for character in damaged if "一" <= character <= "鿿")
    return wide > 10 * wrong
