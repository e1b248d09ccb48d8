"""Files from outside are read in a process of their own, which may die: one bad file must not stop the server.

Measured: a changed header byte of an .xls, or a false count in an .xlsx, makes a parser ask for so much memory that
the whole process is aborted; no exception can be caught. A worker reads one file after another and is replaced when
it has died, was killed for taking too long, or has grown. It is a program started afresh, never a copy of the server,
which has threads and holds the store.
"""

from __future__ import annotations

import atexit
import io
import logging
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from data.archives import damaged_sentence
from data.errors import FileError, RefusedError, WenxiaoError

P = ParamSpec("P")
T = TypeVar("T")

MAX_CPU_SECONDS = 60
MAX_SECONDS = 180                       # by the clock: others may keep the processor busy
MAX_QUEUE_SECONDS = 60
MAX_WORKERS = 3                         # at once; one of them is kept when there is nothing to read
MAX_MEMORY_BYTES = 2 * 1024**3          # of each
MAX_ANSWER_BYTES = 512 * 1024**2
SPENT_BYTES = 600 * 1024**2             # a worker that has held so much is not kept

DONE, REFUSED, EXHAUSTED, BROKEN = "done", "refused", "exhausted", "broken"
HEAD = struct.Struct(">?Q")             # whether the worker ends now, and how many bytes follow

_LOG = logging.getLogger("wenxiao")
_STARTED = "from data.apart_worker import main; main()"
_PLAIN = {("decimal", "Decimal"), *(("datetime", name) for name in ("date", "datetime", "time", "timedelta"))}


def apart(file_name: str, read: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What ``read`` makes of a file, in a worker: ``read`` is a function of a module, all else plain values.

    Raises: what ``read`` raises as FileError or IntakeError; FileError also if the worker dies of the file or takes
            too long; RefusedError if so many files are being read that this one's turn does not come.
    """
    request = pickle.dumps((read, given, named), pickle.HIGHEST_PROTOCOL)
    if not _POOL.slots.acquire(timeout=MAX_QUEUE_SECONDS):
        raise RefusedError(f"正在读的文件太多，《{file_name}》还没有读，什么也没有写入，请过几分钟再上传。")
    try:
        outcome, value = _POOL.ask(request, file_name)
    finally:
        _POOL.slots.release()
    if outcome == DONE:
        found: T = value
        return found
    if outcome == REFUSED:
        raise value
    if outcome == EXHAUSTED:
        raise FileError(_too_much(file_name))
    _LOG.error("读取文件时程序出错：%s", value)
    raise FileError(_broken(file_name))


def keep_ready() -> None:
    """Start a worker now, so that the first file need not wait for it."""
    _POOL.keep_ready()


class _Answer(pickle.Unpickler):
    """A worker's answer: values of ours and plain ones, and nothing that acts; the worker has met hostile bytes."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        """A class of this room that only holds values.

        Raises: pickle.UnpicklingError for anything else.
        """
        if (module_name, global_name) in _PLAIN:
            return super().find_class(module_name, global_name)
        if module_name.startswith("data.") and "." not in global_name:
            found = super().find_class(module_name, global_name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum | WenxiaoError)):
                return found
        raise pickle.UnpicklingError(f"{module_name}.{global_name}")


class _Worker:
    """One child process and the two pipes to it."""

    def __init__(self) -> None:
        rooms = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, [rooms, os.environ.get("PYTHONPATH", "")]))
        # Threads of libraries would each reserve memory, and be counted against the limit.
        few = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1") | {"MALLOC_ARENA_MAX": "2"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _STARTED], env={**os.environ, **few, "PYTHONPATH": path},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        self._is_late = False

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: bytes, file_name: str) -> tuple[bytes, bool]:
        """The answer, and whether the worker may be asked again.

        Raises: FileError if it dies, takes too long or answers too much; then it is gone.
        """
        watch = threading.Timer(MAX_SECONDS, self._end_late)
        watch.daemon = True
        watch.start()
        try:
            return self._asked(request, file_name)
        except (OSError, EOFError) as error:
            self.end()
            _LOG.warning("读取文件的进程结束：%s", self._process.returncode)
            # -24 is SIGXCPU: the processor's time is up.
            if self._is_late or self._process.returncode == -24:
                raise FileError(_too_long(file_name)) from error
            raise FileError(damaged_sentence(file_name)) from error
        finally:
            watch.cancel()

    def _asked(self, request: bytes, file_name: str) -> tuple[bytes, bool]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(HEAD.pack(False, len(request)) + request)
        self._process.stdin.flush()
        ends, size = HEAD.unpack(self._read(HEAD.size))
        if size > MAX_ANSWER_BYTES:
            self.end()
            raise FileError(_too_much(file_name))
        return self._read(size), not ends

    def _read(self, size: int) -> bytes:
        assert self._process.stdout
        found = self._process.stdout.read(size)
        if len(found) < size:
            raise EOFError
        return found

    def _end_late(self) -> None:
        self._is_late = True
        self._process.kill()

    def end(self) -> None:
        """Kill it and close the pipes; it holds nothing."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            with suppress(OSError):     # what was not sent cannot be sent any more
                pipe.close()
        self._process.wait()


class _Pool:
    """The workers: at most one waits, others are started as files come."""

    def __init__(self) -> None:
        self.slots = threading.BoundedSemaphore(MAX_WORKERS)
        self._lock = threading.Lock()
        self._waiting: _Worker | None = None

    def ask(self, request: bytes, file_name: str) -> tuple[str, Any]:
        """The answer of a worker, which is put back afterwards, or replaced: also if its answer is none of ours."""
        worker = self._taken()
        is_good = False
        try:
            answer, may_go_on = worker.ask(request, file_name)
            try:
                outcome, value = _Answer(io.BytesIO(answer)).load()
            except Exception as error:
                _LOG.error("读取文件的进程答得不对：%s", type(error).__name__)
                raise FileError(_broken(file_name)) from error
            is_good = may_go_on
            return outcome, value
        finally:
            self._put_back(worker, is_good=is_good)

    def keep_ready(self) -> None:
        """See that a worker waits."""
        with self._lock:
            if self._waiting is None or not self._waiting.is_alive:
                self._waiting = _Worker()

    def close(self) -> None:
        """End the worker that waits."""
        with self._lock:
            worker, self._waiting = self._waiting, None
        if worker is not None:
            worker.end()

    def _taken(self) -> _Worker:
        with self._lock:
            worker, self._waiting = self._waiting, None
        return worker if worker is not None and worker.is_alive else _Worker()

    def _put_back(self, worker: _Worker, *, is_good: bool) -> None:
        with self._lock:
            if is_good and self._waiting is None:
                self._waiting = worker
                return
        worker.end()
        self.keep_ready()


def _broken(file_name: str) -> str:
    return f"《{file_name}》读取时程序出错，没有收下，请把文件和时间告诉维护人员。"


def _too_long(file_name: str) -> str:
    return f"《{file_name}》读取超过 {MAX_CPU_SECONDS} 秒仍未完成，可能已损坏或内容过多，请另存或拆分后再上传。"


def _too_much(file_name: str) -> str:
    return f"《{file_name}》内容过多，读取它要用的内存超过上限，请删去多余的行列和图片，或拆分后再上传。"


_POOL = _Pool()
atexit.register(_POOL.close)
