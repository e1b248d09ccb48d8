"""Formats whose parsers can be killed or kept busy for ever by damaged bytes, read in a process of their own.

Measured: a changed header byte of an .xls, or a false count in an .xlsx, makes the parser ask for so much memory
that the whole process is aborted; no exception can be caught. One bad upload must not stop the server.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

from data.archives import damaged_sentence
from data.errors import FileError
from data.files import CheckedFile, FileKind
from data.notice.document import Document
from data.notice.pdf import read_pdf
from data.notice.xlsx import read_workbook

MAX_SECONDS = 60
MAX_MEMORY_BYTES = 2 * 1024**3

_READERS = {FileKind.PDF: read_pdf, FileKind.XLS: read_workbook, FileKind.XLSX: read_workbook}


def read_apart(file: CheckedFile) -> Document:
    """A PDF or workbook as lines and grids, parsed in a child process with limits of time and memory.

    Raises: FileError if it is damaged, or takes longer than ``MAX_SECONDS``.
    """
    rooms = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [rooms, os.environ.get("PYTHONPATH", "")]))
    try:
        child = subprocess.run(
            [sys.executable, "-m", "data.notice.apart"],
            input=pickle.dumps(file),
            capture_output=True,
            timeout=MAX_SECONDS,
            env={**os.environ, "PYTHONPATH": path},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileError(
            f"《{file.file_name}》读取超过 {MAX_SECONDS} 秒仍未完成，可能已损坏，请另存或拆分后再上传。"
        ) from error
    if child.returncode != 0:
        raise FileError(damaged_sentence(file.file_name))
    answer = pickle.loads(child.stdout)
    if isinstance(answer, Document):
        return answer
    raise FileError(str(answer))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:   # Windows has no such limit; the process of its own still protects the server
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def _main() -> None:
    _limit_memory()
    file: CheckedFile = pickle.load(sys.stdin.buffer)
    answer: Document | str
    try:
        answer = _READERS[file.kind](file)
    except FileError as refused:
        answer = str(refused)
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _main()
