"""Corrections: applied while the paper reads as expected, a warning when it does not."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest

from data.errors import FileError
from data.model import Finding, FundNotice, Line, Severity, TargetRow, TargetSheet
from data.notice.corrections import CORRECTIONS, Correction, read_corrections, with_corrections
from data.notice.document import Document
from data.notice.files import open_document
from data.notice.reader import assemble, read_notice

NUMBER = "巴财社〔2021〕96号"
FOUNDING = Path(__file__).parent / "notices" / "founding" / "notice.txt"
FIX = Correction(NUMBER, 12, "name", "核对机制的县(市、", "核对机制的县(市、区)比例", "截断", "按上下文补全", "待核")


def notice_with(*rows: TargetRow) -> FundNotice:
    cut = Finding("name-cut", Severity.WARNING, rows[0].line_no, "中断") if rows else None
    return FundNotice("通知.txt", "0" * 64, (), target_sheet=TargetSheet("表", 1, rows) if rows else None,
                      findings=(cut,) if cut else ())


def row(name: str, line_no: int = 12, no: int = 1) -> TargetRow:
    return TargetRow(no, line_no, "产出指标", "质量指标", name, name, "≥92%")


def test_a_correction_repairs_the_name_and_keeps_the_print():
    notice = with_corrections(notice_with(row("核对机制的县(市、")), [FIX])

    (repaired,) = notice.target_sheet.rows
    assert (repaired.name, repaired.printed_name) == ("核对机制的县(市、区)比例", "核对机制的县(市、")
    (finding,) = notice.findings   # in the place of the warning that the name was cut
    assert (finding.code, finding.severity, finding.line_no) == ("name-cut", Severity.REPAIRED, 12)
    assert (finding.printed, finding.read_as) == (FIX.printed_text, FIX.corrected_text)
    assert "截断" in finding.sentence
    assert "待核" in finding.sentence


def test_a_correction_follows_its_words_to_another_line():
    notice = with_corrections(notice_with(row("别的指标"), row("核对机制的县(市、", line_no=40, no=2)), [FIX])

    assert [r.name for r in notice.target_sheet.rows] == ["别的指标", "核对机制的县(市、区)比例"]


@pytest.mark.parametrize("printed", ["核对机制的县(市、区)比例", "核对机制的县（市、", "核对机制"])
def test_other_words_are_not_corrected_but_said(printed):
    notice = with_corrections(notice_with(row(printed)), [FIX])

    assert notice.target_sheet.rows[0].name == printed
    finding = notice.findings[-1]
    assert (finding.code, finding.severity, finding.printed) == ("correction-unused", Severity.WARNING, printed)


def test_a_correction_without_a_sheet_is_said():
    assert [finding.code for finding in with_corrections(notice_with(), [FIX]).findings] == ["correction-unused"]


def test_twice_the_same_words_go_by_the_line():
    fix = dataclasses.replace(FIX, line_no=13)

    notice = with_corrections(notice_with(row(FIX.printed_text), row(FIX.printed_text, 13, 2)), [fix])

    assert [r.name for r in notice.target_sheet.rows] == [FIX.printed_text, FIX.corrected_text]


def test_the_founding_notice_is_repaired_in_three_cells():
    notice = read_notice(FOUNDING)
    rows = notice.target_sheet.rows

    assert rows[8].name == "建立社会救助家庭经济状况核对机制的县(市、区)比例"
    assert rows[8].printed_name == "建立社会救助家庭经济状况核对机制的县(市、"
    assert rows[9].name.startswith("孤儿、艾滋病病毒感染儿童、事实无人抚养儿童认定")
    assert rows[9].name != rows[9].printed_name
    assert (rows[17].measure, rows[17].printed_measure) == ("可持续影响指标", "持续影响指")
    repaired = [(f.code, f.line_no) for f in notice.findings if f.code in ("name-cut", "measure-damaged")]
    assert repaired == [("name-cut", 89), ("name-cut", 90), ("measure-damaged", 98)]


def test_another_reading_of_the_founding_notice_is_left_alone():
    document = open_document(FOUNDING)
    lines = tuple(Line(line.line_no, line.text.replace("抚养儿童认定\t", "抚养儿童认定率\t"), line.place)
                  for line in document.lines)

    notice = assemble(Document("通知.txt", "0" * 64, lines))

    assert notice.target_sheet.rows[9].name == "孤儿、艾滋病病毒感染儿童、事实无人抚养儿童认定率"
    assert [f.line_no for f in notice.findings if f.code == "correction-unused"] == [90]


def test_every_kept_correction_says_why_and_what_it_rests_on():
    for path in CORRECTIONS.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        for kept in rows:
            assert kept["document_number"] == path.stem
            assert kept["reason"] and kept["provenance"] and kept["status"]
            assert kept["printed_text"] != kept["corrected_text"]


def test_a_notice_without_a_file_has_no_corrections(tmp_path):
    assert read_corrections("川财社〔2022〕1号", tmp_path) == ()
    assert read_corrections("", tmp_path) == ()


@pytest.mark.parametrize("content", [
    "document_number,line_no,field_name,printed_text,corrected_text,reason,provenance,status\n甲,十,name,a,b,c,d,e\n",
    "document_number,line_no,field_name,printed_text,corrected_text,reason,provenance,status\n甲,1,colour,a,b,c,d,e\n",
    "document_number,line_no\n甲,1\n",
])
def test_a_broken_file_of_corrections_is_one_sentence(tmp_path, content):
    (tmp_path / "甲.csv").write_text(content, encoding="utf-8")

    with pytest.raises(FileError, match=r"更正表《甲\.csv》"):
        read_corrections("甲", tmp_path)
