"""One door for a notice in any format: guards first, then the reader for its kind.

Damaged bytes can end the process that reads them: what comes from outside is read through ``data.apart``.
"""

from __future__ import annotations

from pathlib import Path

from data.files import CheckedFile, FileKind, check_file
from data.notice.document import Document
from data.notice.docx import read_docx
from data.notice.pdf import read_pdf
from data.notice.text import read_text
from data.notice.xlsx import read_workbook

_READERS = {
    FileKind.TEXT: read_text,
    FileKind.DOCX: read_docx,
    FileKind.PDF: read_pdf,
    FileKind.XLSX: read_workbook,
    FileKind.XLS: read_workbook,
}


def open_document(path: Path, file_name: str | None = None) -> Document:
    """A notice file as lines and grids, whatever its format.

    ``file_name`` is the name that the person gave, where ``path`` is only a temporary copy.

    Raises: FileError with one sentence if the file cannot be read.
    """
    return parse_document(check_file(path, file_name))


def parse_document(file: CheckedFile) -> Document:
    """A notice that passed the guards as lines and grids.

    Raises: FileError with one sentence if its content is damaged.
    """
    return _READERS[file.kind](file)
