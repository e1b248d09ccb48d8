"""What the server says of itself: one JSON object a line in a file that rotates, and short lines for systemd's journal.

No people's data. Of a fault its class and place are kept, never its message; of another library's line only words
that stand in that library's own source. The library's values stay out, and so does a line that it put together.
"""

from __future__ import annotations

import json
import linecache
import logging
import os
import re
import sys
import threading
import traceback
from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

import streamlit.logger

from dashboard.workspace import BEIJING

FOLDER_NAME, FILE_NAME = "logs", "wenxiao.log"
FILE_BYTES, OLDER_FILES = 10 * 1024 * 1024, 9      # 100 MB in all: weeks of a busy bureau
FIELDS = "fields"           # the ``extra`` of a record: what stands beside its words
OWN = "wenxiao"             # loggers of this name say only what this project wrote
_ROOT = Path(__file__).parent.parent
_PLACES = 6                 # innermost frames of a fault
_SHORTEST_WORDS = 10        # shorter words stand in any source by chance

REQUEST_NUMBER: ContextVar[str] = ContextVar("request_number", default="")


def _words(record: logging.LogRecord) -> str:
    """What happened, without values that come from people."""
    if record.name.split(".")[0] == OWN:
        return record.getMessage()
    text = str(record.msg).strip()
    is_source = len(text) >= _SHORTEST_WORDS and text in "".join(linecache.getlines(record.pathname))
    return text if is_source else ""


def _place(file: str, line: int | None, function: str = "") -> str:
    """A line of code: ours from the room on, others by the last parts of the path.

    >>> _place("/usr/lib/python3.11/json/decoder.py", 12, "decode")
    'python3.11/json/decoder.py:12 decode'
    """
    path = Path(file)
    shown = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else Path(*path.parts[-3:])
    return f"{shown.as_posix()}:{line} {function}".strip()


def _fault(error: BaseException) -> dict[str, object]:
    """The class and the place of a fault, and the classes of what led to it."""
    frames = traceback.extract_tb(error.__traceback__, limit=-_PLACES)
    out: dict[str, object] = {
        "class": type(error).__qualname__,
        "places": [_place(frame.filename, frame.lineno, frame.name) for frame in reversed(frames)],
    }
    causes, cause = [], error.__cause__ or error.__context__
    while cause is not None and len(causes) < _PLACES:
        causes.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    return out | ({"causes": causes} if causes else {})


def line_of(record: logging.LogRecord) -> dict[str, object]:
    """The object that stands for a record in the file."""
    number = REQUEST_NUMBER.get()
    out: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, BEIJING).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": _words(record),
        **({"place": _place(record.pathname, record.lineno)} if record.levelno >= logging.WARNING else {}),
        **({"request": number} if number else {}),
        **getattr(record, FIELDS, {}),
    }
    if record.exc_info and record.exc_info[1]:
        out["fault"] = _fault(record.exc_info[1])
    if not out["event"]:
        del out["event"]
    return out


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(line_of(record), ensure_ascii=False)


class _ShortLines(logging.Formatter):
    """For people who read the journal: one line, the words first."""

    def format(self, record: logging.LogRecord) -> str:
        line = line_of(record)
        fault = line.get("fault")
        parts = [str(line["time"])[:19].replace("T", " "), record.levelname, record.name]
        parts.append(re.sub(r"\s+", " ", str(line.get("event") or line.get("place", ""))))
        if isinstance(fault, dict):
            parts.append(f"（{fault['class']}，{(fault['places'] or [''])[0]}）")
        return " ".join(parts) + (f" 编号 {line['request']}" if "request" in line else "")


class LogFile(RotatingFileHandler):
    """A rotating file for its owner only. When it cannot be written the server goes on, and says so once."""

    def __init__(self, path: Path, file_bytes: int = FILE_BYTES, older_files: int = OLDER_FILES) -> None:
        """Name the file; it and its folder are made with the first line."""
        self._is_said = self._is_failed = False
        super().__init__(path, maxBytes=file_bytes, backupCount=older_files, encoding="utf-8", delay=True)

    def _open(self) -> TextIO:  # type: ignore[override]
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return open(handle, "a", encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; a new outage after one that ended is said again."""
        self._is_failed = False
        super().emit(record)
        self._is_said = self._is_said and self._is_failed

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Drop the line: a full disk must not stop the work."""
        error, self._is_failed = sys.exc_info()[1], True
        stream, self.stream = self.stream, None  # type: ignore[assignment]
        with suppress(OSError, ValueError):     # what could not be written would be tried again with the next line
            if stream:
                stream.close()
        if not self._is_said:
            self._is_said = True
            with suppress(OSError, ValueError):
                fault = type(error).__name__
                sys.stderr.write(f"日志写不进 {self.baseFilename}（{fault}），服务照常：请查磁盘和权限。\n")
                sys.stderr.flush()


def _is_told(record: logging.LogRecord) -> bool:
    """Libraries are heard from a warning upwards."""
    return record.levelno >= logging.WARNING or record.name.split(".")[0] == OWN


def _to_the_root(logger: logging.Logger) -> None:
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    logging.getLogger(OWN).error("一个线程意外结束", exc_info=ended.exc_value)


def _not_raised(told: sys.UnraisableHookArgs) -> None:
    logging.getLogger(OWN).error("一个错误没有人接", exc_info=told.exc_value)


def begin(path: Path) -> None:
    """From now on everything that this process logs goes to the file and, from a warning upwards, to stderr."""
    kept, journal = LogFile(path), logging.StreamHandler()
    kept.setFormatter(_JsonLines())
    journal.setFormatter(_ShortLines())
    journal.setLevel(logging.WARNING)
    for handler in (kept, journal):
        handler.addFilter(_is_told)
    logging.basicConfig(level=logging.WARNING, handlers=[kept, journal], force=True)
    logging.raiseExceptions = False
    logging.getLogger(OWN).setLevel(logging.INFO)
    logging.captureWarnings(True)
    # Streamlit gives each of its loggers a console of its own, those of modules loaded later too.
    streamlit.logger.setup_formatter = _to_the_root
    streamlit.logger.update_formatter()
    # What nobody catches would be printed with its message.
    threading.excepthook = _thread_ended
    sys.unraisablehook = _not_raised
