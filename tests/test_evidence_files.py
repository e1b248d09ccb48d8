"""Evidence: what may be attached, to what, by whom; removed on record; read by the own unit and the prefecture."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import docx
import pytest
from builders import (
    NUMBER,
    OFFICER,
    REVIEWING,
    ROUND,
    SUBMITTED_AT,
    clerk,
    contents,
    entry,
    form,
    is_whole_log,
    opened_store,
    rows,
    submit,
    upload,
)

from dashboard.actions.evidence_files import MAX_FILES, attach_evidence, remove_evidence
from dashboard.actions.report_events import add_event
from dashboard.rights import COUNTY_REPORTER, read_board
from data.audit import Actor
from data.errors import FileError, NotFoundError, RefusedError
from data.files import MAX_FILE_BYTES
from metrics.boards import reporting
from metrics.boards.definition import Scope

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40
PDF = b"%PDF-1.7\n%" + bytes(range(128, 160))
LATER = SUBMITTED_AT + timedelta(hours=1)
REPORTER = Actor("李强", COUNTY_REPORTER, "luntai")
SCOPE = Scope(NUMBER, ROUND, LATER.date())


@pytest.fixture
def store(tmp_path):
    return opened_store(tmp_path)


def word() -> bytes:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


def attach(store, content=PNG, name="入户照片.png", indicator_no=4, actor=REPORTER, at=SUBMITTED_AT):
    return attach_evidence(store, actor, at, form(store), indicator_no, content, name)


@pytest.mark.parametrize(
    ("name", "content"),
    [("照片.png", PNG), ("照片.JPG", JPEG), ("台账.pdf", PDF), ("说明.docx", word()), ("说明.txt", "核查".encode())],
    ids=["png", "jpg", "pdf", "docx", "txt"],
)
def test_a_file_is_kept_as_it_came(store, name, content):
    done = attach(store, content, name)

    (held,) = reporting.evidence(store, SCOPE, "luntai").to_dict("records")
    assert (held["evidence_no"], held["indicator_no"], held["file_name"], held["added_by"]) == (1, 4, name, "李强")
    assert held["byte_count"] == len(content)
    assert reporting.evidence_content(store, SCOPE, "luntai", 1) == content
    assert done.outcome == "attached" and str(done.receipt).startswith("第 ")
    assert is_whole_log(store)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("照片.png", b"MZ\x90\x00" + b"\x00" * 90, "内容却是可执行程序，请换一张真正的PNG 图片"),
        ("照片.png", JPEG, "内容却是JPEG 图片"), ("台账.pdf", PNG, "内容却是PNG 图片"),
        ("照片.gif", b"GIF89a", "类型不能识别"),
        ("旧.xls", b"1", "类型不能识别"), ("包.zip", b"PK", "压缩包"), ("空.png", b"", "空文件"),
        ("大.png", PNG + bytes(MAX_FILE_BYTES), "超过 20 MB 上限"),
    ],
    ids=["program", "other-image", "image-as-pdf", "gif", "xls", "zip", "empty", "large"],
)
def test_what_is_not_what_it_says_is_refused(store, name, content, sentence):
    before = contents(store)

    with pytest.raises(FileError, match=sentence):
        attach(store, content, name)

    assert contents(store) == before


def test_the_same_file_again_changes_nothing_but_beside_another_indicator_it_does(store):
    attach(store)
    before = contents(store)

    again = attach(store, name="另一个名字.png", at=LATER)

    assert (again.evidence_no, again.outcome, again.receipt) == (1, "nothing_changed", None)
    assert contents(store) == before
    assert attach(store, indicator_no=0).evidence_no == 2
    assert len(rows(store, "SELECT * FROM received_file WHERE file_name LIKE '%.png'")) == 1


def test_a_removed_file_stays_on_record_and_may_come_back(store):
    attach(store)

    remove_evidence(store, clerk("luntai"), LATER, form(store), 1)

    (held,) = reporting.evidence(store, SCOPE, "luntai").to_dict("records")
    assert (held["removed_at"], held["removed_by"]) == (LATER, "luntai审核人")
    assert reporting.evidence_content(store, SCOPE, "luntai", 1) == PNG
    with pytest.raises(NotFoundError, match="可能已经移除"):
        remove_evidence(store, REPORTER, LATER, form(store), 1)
    assert attach(store, at=LATER).evidence_no == 2


def test_the_log_says_how_many_files_stood_before_and_after(store):
    attach(store)
    attach(store, PDF, "台账.pdf")
    remove_evidence(store, REPORTER, LATER, form(store), 1)

    lines = rows(store, "SELECT detail_json FROM audit_log WHERE action_name LIKE '%evidence' ORDER BY entry_no")
    counts = [
        (detail["before"]["file_count"], detail["after"]["file_count"])
        for detail in (json.loads(line["detail_json"]) for line in lines)
    ]
    assert counts == [(0, 1), (1, 2), (2, 1)]


def test_a_report_takes_twenty_files(store):
    for number in range(MAX_FILES):
        attach(store, PNG + bytes([number]))

    with pytest.raises(RefusedError, match="已有 20 个佐证材料"):
        attach(store, PNG + b"another")
    remove_evidence(store, REPORTER, LATER, form(store), 1)
    assert attach(store, PNG + b"another").outcome == "attached"


@pytest.mark.parametrize("name", ["张三652801195001018006.txt", "联系13999012345.txt", "名" * 121 + ".txt"])
def test_a_name_that_is_a_persons_or_too_long_is_kept_nowhere(store, name):
    before = contents(store)

    with pytest.raises(RefusedError, match=r"^文件名.*改[短名]后再附。$"):
        attach(store, "核查".encode(), name)

    assert contents(store) == before


def test_an_indicator_that_is_not_asked_is_refused(store):
    with pytest.raises(RefusedError, match="第99项不在本轮填报表里"):
        attach(store, indicator_no=99)


@pytest.mark.parametrize("actor", [Actor("张三", COUNTY_REPORTER, "kuerle"), OFFICER, REVIEWING])
def test_others_neither_attach_nor_remove(store, actor):
    attach(store)
    before = contents(store)

    for act in (lambda: attach(store, PDF, "台账.pdf", actor=actor),
                lambda: remove_evidence(store, actor, LATER, form(store), 1)):
        with pytest.raises(RefusedError):
            act()

    assert contents(store) == before


@pytest.mark.parametrize("state", ["accepted", "locked"])
def test_a_closed_report_keeps_its_evidence_as_it_is(store, state):
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    attach(store)
    with store.transaction() as cursor:
        add_event(cursor, OFFICER, LATER, f"{NUMBER}|{ROUND}|luntai|1", state)

    for act in (lambda: attach(store, PDF, "台账.pdf"),
                lambda: remove_evidence(store, REPORTER, LATER, form(store), 1)):
        with pytest.raises(RefusedError, match="不能再改"):
            act()


def test_the_content_goes_to_the_own_unit_and_the_prefecture_only(store):
    attach(store)
    other = Actor("张三", COUNTY_REPORTER, "kuerle")

    for actor in (REPORTER, OFFICER, REVIEWING):
        assert read_board(store, actor, reporting.evidence_content, SCOPE, "luntai", 1) == PNG
    with pytest.raises(RefusedError, match="只能查看本单位"):
        read_board(store, other, reporting.evidence_content, SCOPE, "luntai", 1)
    with pytest.raises(NotFoundError):
        read_board(store, other, reporting.evidence_content, SCOPE, "kuerle", 1)
