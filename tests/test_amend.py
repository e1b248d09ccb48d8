"""Corrections by hand on a read notice, without a store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from data.checks import prove_notice
from data.errors import RefusedError
from data.model import FundNotice, Severity
from data.notice.amend import HEADER_FIELDS, HandCorrection, amend
from data.notice.reader import read_notice

FOUNDING = Path(__file__).parent / "notices" / "founding" / "notice.txt"


@pytest.fixture(scope="module")
def notice() -> FundNotice:
    return read_notice(FOUNDING)


def correction(field_name: str, corrected_text: str, **changes) -> HandCorrection:
    return HandCorrection(**{
        "line_no": 58, "field_name": field_name, "printed_text": "1770", "corrected_text": corrected_text,
        "correction_reason": "与纸质文件核对", "corrected_by": "阿依古丽", **changes,
    })


def place(notice: FundNotice, name: str, column_name: str) -> str:
    (table,) = notice.allocation_tables
    (row,) = [row for row in table.rows if row.name == name]
    (column,) = [column for column in table.columns if column.name == column_name]
    return f"cell:{table.table_no}:{row.row_no}:{column.column_no}"


def cells(notice: FundNotice) -> dict[tuple[str, int], tuple[str, Decimal | None]]:
    (table,) = notice.allocation_tables
    return {(row.name, cell.column_no): (cell.printed, cell.yuan) for row in table.rows for cell in row.cells}


def test_a_corrected_cell_changes_that_cell_alone_and_keeps_its_print(notice):
    (column,) = [c for c in notice.allocation_tables[0].columns if c.name == "调整合计"]
    amended = amend(notice, [correction(place(notice, "轮台县", "调整合计"), "2,940.5")])

    before, after = cells(notice), cells(amended)
    assert {key for key in after if after[key] != before[key]} == {("轮台县", column.column_no)}
    assert after["轮台县", column.column_no] == ("2939", Decimal("29405000.0"))
    assert cells(notice) == before, "the notice itself was changed"


def test_a_corrected_cell_is_proved_like_any_other(notice):
    assert all(identity.holds for identity in prove_notice(notice))
    amended = amend(notice, [correction(place(notice, "轮台县", "调整合计"), "2940")])

    assert any(not identity.holds for identity in prove_notice(amended))


def test_each_correction_is_a_finding_that_names_who_what_and_why(notice):
    amended = amend(notice, [correction(place(notice, "轮台县", "调整合计"), "2940"),
                             correction("title", "关于调整资金的通知", printed_text="", line_no=0)])

    added = amended.findings[len(notice.findings):]
    assert amended.findings[: len(notice.findings)] == notice.findings
    assert [(f.code, f.severity, f.line_no) for f in added] == [
        ("corrected-by-hand", Severity.REPAIRED, 58), ("corrected-by-hand", Severity.REPAIRED, None),
    ]
    assert added[0].sentence == "阿依古丽将“1770”更正为“2940”，理由：与纸质文件核对。"
    assert added[1].sentence.startswith("阿依古丽将“空白”更正为“关于调整资金的通知”")
    assert (added[0].printed, added[0].read_as) == ("1770", "2940")


@pytest.mark.parametrize(
    ("field_name", "text", "value"),
    [
        ("document_number", " 巴财社[2021]97号 ", "巴财社〔2021〕97号"),
        ("dated_on", "2021-12-23", date(2021, 12, 23)),
        ("fund_name", " 困难群众救助补助资金 ", "困难群众救助补助资金"),
        ("direct_fund_marker", "01 中央直达资金", "01 中央直达资金"),
    ],
)
def test_a_corrected_head_is_read_like_a_printed_one(notice, field_name, text, value):
    amended = amend(notice, [correction(field_name, text, printed_text="所印", line_no=5)])

    reading = getattr(amended, field_name)
    assert (reading.value, reading.printed, reading.line_no) == (value, "所印", 5)
    untouched = [name for name in HEADER_FIELDS if name != field_name]
    assert all(getattr(amended, name) == getattr(notice, name) for name in untouched)


def test_indicators_are_corrected_by_their_number(notice):
    amended = amend(notice, [correction("indicator_name:9", "核对机制比例"), correction("target_text:20", "≥90%")])

    rows = {row.indicator_no: row for row in amended.target_sheet.rows}
    assert (rows[9].name, rows[9].printed_name) == ("核对机制比例", notice.target_sheet.rows[8].printed_name)
    assert rows[20].target_text == "≥90%"
    changed = [row.indicator_no for row, old in zip(amended.target_sheet.rows, notice.target_sheet.rows, strict=True)
               if row != old]
    assert changed == [9, 20]


@pytest.mark.parametrize("text", [
    "12月", "1.2.3", "", "—", "NaN", "-Infinity", "1e999999999", "1e-999999999", "1" * 30, "0.0000001",
])
def test_what_is_no_amount_is_refused(notice, text):
    with pytest.raises(RefusedError, match=r"不是数字|位数太多"):
        amend(notice, [correction(place(notice, "轮台县", "调整合计"), text)])


@pytest.mark.parametrize(
    ("text", "yuan"), [("-530", -5_300_000), ("1，709", 17_090_000), ("０", 0), ("0.000001", "0.01")]
)
def test_what_is_an_amount_is_taken_exactly(notice, text, yuan):
    amended = amend(notice, [correction(place(notice, "州救助站", "调整小计"), text)])

    (column,) = [c for c in notice.allocation_tables[0].columns if c.name == "调整小计"]
    assert cells(amended)["州救助站", column.column_no][1] == Decimal(yuan)


@pytest.mark.parametrize(("name", "text"), [("dated_on", "2021年12月23日"), ("dated_on", "2021-02-30"),
                                            ("document_number", "第九十六号"), ("document_number", "")])
def test_what_is_no_date_or_number_is_refused(notice, name, text):
    with pytest.raises(RefusedError, match="请按") as refused:
        amend(notice, [correction(name, text)])
    assert str(refused.value).endswith("。")


def test_no_correction_is_no_change(notice):
    assert amend(notice, []) == notice


def test_a_doubt_about_a_cell_is_settled_by_its_correction_and_no_other(tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text(
        "某市财政局文件\n某财建〔2023〕45号\n关于下达2023年补助资金的通知\n各县财政局：\n下达补助资金1000万元。\n"
        "某市财政局\n2023年5月6日\n补助资金分配表\n单位：万元\n单位\t金额\n"
        "轮台县\t3O0\n尉犁县\t5l0\n和静县\t190\n合计\t1000\n", encoding="utf-8",
    )
    read = read_notice(path)
    doubts = [f for f in read.findings if f.code == "cell-unreadable" and f.severity is Severity.FATAL]
    assert len(doubts) == 2
    row = next(row for row in read.allocation_tables[0].rows if row.name == "轮台县")
    table = read.allocation_tables[0]

    mended = amend(read, [HandCorrection(
        row.line_no, f"cell:{table.table_no}:{row.row_no}:{table.amount_column_no}", "3O0", "300", "扫描误读", "王芳",
    )])

    left = [f.line_no for f in mended.findings if f.code == "cell-unreadable" and f.severity is Severity.FATAL]
    assert left == [line for line in (doubt.line_no for doubt in doubts) if line != row.line_no]
