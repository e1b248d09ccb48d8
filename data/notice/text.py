"""Plain text and Markdown → lines, numbered as an editor numbers them."""

from __future__ import annotations

import re

from data.files import CheckedFile, decode_text
from data.notice.document import Document
from data.notice.writing import DocumentWriter


def read_text(file: CheckedFile) -> Document:
    """The lines of a text file; blank lines count, so that 第12行 is where an editor shows it.

    Raises: FileError if the bytes are no text.
    """
    writer = DocumentWriter(file)
    text = decode_text(file.content, file.file_name)
    # Not str.splitlines: it also breaks at characters that no editor counts as an end of line.
    lines = re.split(r"\r\n|\r|\n", text)
    if lines and not lines[-1]:
        lines.pop()
    for line_no, line in enumerate(lines, start=1):
        writer.add_line(line, f"第{line_no}行")
    return writer.document()
