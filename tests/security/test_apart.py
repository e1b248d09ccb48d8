"""The process that reads files: it may die of one, be killed, or grow; the next file is read all the same."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import time
from enum import Enum
from pathlib import Path

import pytest

from data import apart as module
from data.apart import DONE, apart
from data.apart_worker import _packed
from data.errors import CellIssue, FileError, IntakeError, RefusedError
from data.files import FileKind, checked_sha256

TEXT = frozenset({FileKind.TEXT})
BUSY = """
import resource, time
resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1, resource.getrlimit(resource.RLIMIT_CPU)[1]))
while True:
    pass
"""


def still_reads() -> int:
    """That a file is read; the process that did."""
    assert len(apart("好.txt", checked_sha256, "通知".encode(), "好.txt", TEXT)) == 64
    return apart("好.txt", os.getpid)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import os; os.abort()", "《坏.xlsx》已损坏或不完整"),
        (BUSY, "《坏.xlsx》读取超过 60 秒仍未完成"),
        ("b'x' * (3 << 30)", "《坏.xlsx》内容过多，读取它要用的内存超过上限"),
    ],
    ids=["dies", "busy", "memory"],
)
def test_whatever_ends_it_is_one_sentence_and_the_next_file_is_read(code, sentence):
    with pytest.raises(FileError) as refused:
        apart("坏.xlsx", exec, code)

    assert sentence in str(refused.value) and str(refused.value).endswith("。")
    assert still_reads() != os.getpid()


def test_what_waits_for_ever_is_ended_by_the_clock(monkeypatch):
    monkeypatch.setattr(module, "MAX_SECONDS", 0.5)
    began = time.monotonic()

    with pytest.raises(FileError, match="仍未完成"):
        apart("坏.pdf", time.sleep, 600)

    assert time.monotonic() - began < 60
    monkeypatch.undo()
    still_reads()


def test_a_process_that_has_grown_is_replaced_and_a_good_one_kept():
    first = still_reads()
    assert still_reads() == first

    assert apart("大.xlsx", exec, "x = b'x' * (700 << 20)") is None

    assert still_reads() != first


def test_a_large_server_keeps_its_worker_too():
    """What the server holds is not what the worker has held, though the kernel counts it so at first."""
    told = subprocess.run(
        [sys.executable, "-c", (
            "import os; held = b'x' * (700 << 20)\n"
            "from data.apart import apart\n"
            "print(apart('a.txt', os.getpid) == apart('a.txt', os.getpid))"
        )],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )

    assert told.stdout.strip() == "True"


def test_it_writes_no_file(tmp_path, caplog):
    with pytest.raises(FileError, match="程序出错"):
        apart("坏.docx", exec, f"open({str(tmp_path / 'a')!r}, 'w').write('秘密' * 9999)")

    assert not any(path.stat().st_size for path in tmp_path.iterdir())
    assert "秘密" not in caplog.text and "OSError" in caplog.text


def test_our_own_faults_say_so_without_what_stands_in_the_file(caplog):
    with pytest.raises(FileError, match="程序出错，没有收下，请把文件和时间告诉维护人员。") as refused:
        apart("表.xlsx", int, "身份证号")

    assert "身份证号" not in str(refused.value) + caplog.text
    assert "ValueError" in caplog.text


@pytest.mark.parametrize("code", ["__import__('pathlib').Path('/')", "__import__('data.store').store.Store", "print"])
def test_an_answer_holds_nothing_that_acts(code):
    before = still_reads()

    with pytest.raises(FileError, match="程序出错"):
        apart("坏.xlsx", eval, code)

    assert still_reads() != before       # who answers so is not asked again


def test_faults_come_back_with_everything_that_they_list():
    issues = [CellIssue("a", "「填报表」!F12", f"第{number}处。", "1", ("value", number)) for number in range(3)]
    for refused in (IntakeError("表.xlsx", issues, 7), IntakeError("表.xlsx", issues), IntakeError("表.xlsx", ())):
        found = pickle.loads(pickle.dumps(refused))

        assert (str(found), found.issues, found.count) == (str(refused), refused.issues, refused.count)


def test_when_too_many_are_read_the_next_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(module, "MAX_QUEUE_SECONDS", 0.05)
    taken = [module._POOL.slots.acquire(blocking=False) for _ in range(module.MAX_WORKERS)]
    try:
        assert all(taken)
        with pytest.raises(RefusedError, match=r"《表\.xlsx》还没有读，什么也没有写入，请过几分钟再上传。"):
            apart("表.xlsx", os.getpid)
    finally:
        for _ in taken:
            module._POOL.slots.release()


def test_no_action_opens_an_office_file_in_the_server():
    """The doors name the readers only to hand them over: nothing else of the dashboard calls one."""
    root = Path(__file__).parent.parent.parent / "dashboard"
    readers = (
        "read_notice", "read_notice_bytes", "read_filled", "read_filled_bytes", "read_cells", "read_bulk_rows",
        "read_bulk_table", "read_receipt_table", "read_decomposition", "read_decomposition_bytes", "checked_sha256",
        "read_export_workbook", "CalamineWorkbook", "pdfplumber",
    )
    call = re.compile(rf"\b(?:{'|'.join(readers)})\(")
    found = [path.name for path in root.rglob("*.py") if call.search(path.read_text(encoding="utf-8"))]

    assert not found, "先交给 data.apart"


class Old(Enum):
    """Written as releases of Python 3.11 before 3.11.4 write every member."""

    ONE = "one"

    def __reduce_ex__(self, _protocol):
        """As a call."""
        return getattr, (type(self), "ONE")


def test_a_member_of_an_enumeration_is_no_call_whatever_python_makes_of_it():
    assert b"getattr" in pickle.dumps(Old.ONE)

    answer = _packed(DONE, Old.ONE)

    assert b"getattr" not in answer
    assert pickle.loads(answer) == (DONE, Old.ONE)
