"""The process that reads files for ``data.apart``: one request, one answer, until the server closes the pipe."""

from __future__ import annotations

import gc
import io
import os
import pickle
import resource
import signal
import sys
import time
import traceback
from enum import Enum
from importlib import import_module
from typing import IO, Any

from data.apart import BROKEN, DONE, EXHAUSTED, HEAD, MAX_CPU_SECONDS, MAX_MEMORY_BYTES, REFUSED, SPENT_BYTES
from data.errors import FileError, IntakeError

# What reads files, loaded before the first one comes.
_READERS = (
    "data.notice.reader", "data.intake.filled", "data.intake.bulk_table", "data.intake.decomposition",
    "data.intake.receipt_table", "data.docking.export_workbook",
)
_LOWER = 5      # pages come before files


def main() -> None:
    """Answer requests until there are no more, or until so much memory was held that another should go on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)    # Ctrl+C is the server's
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):     # a parser that prints must not speak into an answer
        os.dup2(nothing, standard)
    os.nice(_LOWER)
    for name in _READERS:
        import_module(name)
    gc.freeze()     # what was loaded stays: the collector need not look at it for every file
    _limit()
    while _serve(requests, answers):
        pass


def _serve(requests: IO[bytes], answers: IO[bytes]) -> bool:
    """Answer one request; whether to wait for another."""
    head = requests.read(HEAD.size)
    if len(head) < HEAD.size:
        return False
    _, size = HEAD.unpack(head)
    read, given, named = pickle.loads(requests.read(size))
    _limit_time()
    answer = _answer(read, given, named)
    has_grown = _most_held() > SPENT_BYTES
    try:
        answers.write(HEAD.pack(has_grown, len(answer)) + answer)
        answers.flush()
    except OSError:     # the server is gone
        return False
    return not has_grown


def _answer(read: Any, given: Any, named: Any) -> bytes:
    try:
        return _packed(DONE, read(*given, **named))
    except (FileError, IntakeError) as refused:
        return _packed(REFUSED, refused)
    except (MemoryError, RecursionError):
        return _packed(EXHAUSTED, None)
    except Exception as error:
        # Where, and never what: the message may repeat what stands in the file.
        last = traceback.extract_tb(error.__traceback__)[-1]
        return _packed(BROKEN, f"{type(error).__name__}，{os.path.basename(last.filename)} 第 {last.lineno} 行")


def _packed(outcome: str, value: Any) -> bytes:
    answer = io.BytesIO()
    _Pickler(answer, pickle.HIGHEST_PROTOCOL).dump((outcome, value))
    return answer.getvalue()


class _Pickler(pickle.Pickler):
    """Writes a member of an enumeration as its class and its value.

    Earlier releases of Python 3.11 write it as a call of ``getattr``, which no answer may hold.
    """

    def reducer_override(self, obj: Any) -> Any:
        """How an object is made again; everything but a member as always."""
        return (type(obj), (obj.value,)) if isinstance(obj, Enum) else NotImplemented


def _most_held() -> int:
    """The most bytes that this process has held at once.

    Not ``ru_maxrss``, which begins with what the server held when it started this process.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            (line,) = (each for each in status if each.startswith("VmHWM:"))
    except (OSError, ValueError):       # another system than Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return int(line.split()[1]) * 1024


def _limit() -> None:
    """No more memory than a file is worth, no file written, no image of the memory left behind."""
    for kind, most in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    sys.dont_write_bytecode = True


def _limit_time() -> None:
    """The processor's time for one file; what the files before took does not count."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + MAX_CPU_SECONDS, hard))
