"""Reading a table of actuals: every way it may be written, every fault with its place."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from data.errors import FileError, IntakeError
from data.intake.bulk import KnownNames, UnitRows, place_rows, read_unit
from data.intake.bulk_rows import MAX_BULK_ROWS
from data.intake.bulk_table import BulkTable, read_bulk_table
from data.intake.bulk_template import write_bulk_template
from data.intake.form import EntryKind, FormRow, ReportForm

NUMBER, ROUND = "巴财社〔2021〕96号", "2021-12"
HEAD = "文号,轮次,单位,序号,分子,分母,本年值,上年值,等次,档内完成比例,佐证说明,不适用,全年执行数"
KEYS = f"{NUMBER},{ROUND},轮台县"
NAMES = KnownNames(
    frozenset({NUMBER}), lambda number, words: ROUND if words in (ROUND, "2021年12月") else "",
    lambda words: {"轮台县": "luntai", "luntai": "luntai", "博湖县": "bohu"}.get(words, ""),
)
FORM = ReportForm(
    NUMBER, ROUND, "2021年12月", date(2021, 12, 25), "luntai", "轮台县", "补助资金", Decimal(29_390_000),
    tuple(
        FormRow(number, "产出", "数量", f"指标{number}", f"指标{number}", "≥90%", unit, kind, 3_000_000)
        for number, unit, kind in (
            (1, "%", EntryKind.RATIO), (2, "人", EntryKind.VERSUS_PRIOR), (3, "", EntryKind.QUALITATIVE),
            (4, "天", EntryKind.FROM_RECEIPT),
        )
    ),
    {1: (Decimal(80), Decimal(100)), 2: (Decimal(60), Decimal(80)), 3: (Decimal(0), Decimal(60))},
)


def csv(*lines: str, head: str = HEAD, encoding: str = "utf-8") -> BulkTable:
    return read_bulk_table("\n".join([head, *lines]).encode(encoding), "数据.csv")


def workbook(rows: list[list[object]], head: str = HEAD, **formats: str) -> bytes:
    """Rows as a workbook; ``formats`` gives the number format of a column letter."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("数据")
        styles = {ord(letter) - 65: book.add_format({"num_format": code}) for letter, code in formats.items()}
        for line, row in enumerate([head.split(","), *rows]):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(line, column, value, styles.get(column) if line else None)
    return buffer.getvalue()


def read(table: BulkTable, names: KnownNames = NAMES):
    """The report of the one unit in the table, and every fault as (code, place)."""
    placed = place_rows(table, names)
    faults = list(placed.faults)
    report = None
    for (_, _, unit), rows in placed.units.items():
        if unit == "luntai":
            report, found = read_unit(UnitRows(table, rows), FORM)
            faults += found
    return report, [(fault.code, fault.place) for fault in faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_encoding_that_offices_write(encoding):
    report, faults = read(csv(f"{KEYS},1,\"1,102\",1250", f"{KEYS},0,,,,,,,,,1000.5", encoding=encoding))

    assert faults == []
    (entry,) = report.entries
    assert (entry.numerator, entry.denominator, report.paid_yuan) == (1102, 1250, 10_005_000)


def test_parquet_with_identifiers_exact_decimals_and_bands_as_numbers():
    table = pa.table({
        "document_number": [NUMBER] * 4, "round_id": [ROUND] * 4, "recipient_id": ["luntai"] * 4,
        "indicator_no": [2, 3, 1, None],
        "actual_value": pa.array([Decimal("640.5000"), None, None, None], pa.decimal128(18, 4)),
        "band": [None, 1, None, None], "band_share": [None, 95.5, None, None],
        "evidence_text": [None, "回访", "没有这项业务", None], "not_applicable": [False, False, True, None],
        "paid_wan": [None, None, None, 12.5],
    })
    buffer = io.BytesIO()
    pq.write_table(table, buffer)

    report, faults = read(read_bulk_table(buffer.getvalue(), "数据.parquet"))

    assert faults == []
    one, two, three = report.entries
    assert (one.is_not_applicable, two.value, three.band, three.band_share) == (
        True, Decimal("640.5"), 1, Decimal("95.5")
    )
    assert report.paid_yuan == 125_000


def test_a_workbook_shows_what_it_shows():
    """A cell shown as 95% means 95 where per cent are asked; 2021-12 became a day; a formula counts by its result."""
    content = workbook([[NUMBER, date(2021, 12, 1), "luntai", 3, None, None, None, None, "达成预期", 0.95, "回访"]],
                       B="yyyy-mm", J="0%")
    report, faults = read(read_bulk_table(content, "数据.xlsx"))

    assert faults == []
    assert report.entries[0].band_share == 95


@pytest.mark.parametrize(
    ("value", "result", "code"),
    [("=1/0", "#DIV/0!", "error-value"), ("=A1", "", "formula-without-value"), ("九十", "九十", "text-in-number-cell"),
     (10**14, 0, "number-too-long"), (-1, 0, "negative-number")],
)
def test_a_cell_of_a_workbook_that_is_no_number_is_named_by_its_address(value, result, code):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, HEAD.split(","))
        sheet.write_row(2, 0, [NUMBER, ROUND, "轮台县", 2])       # an empty line above it
        if isinstance(value, str) and value.startswith("="):
            sheet.write_formula(2, 6, value, None, result)
        else:
            sheet.write(2, 6, value)

    assert read(read_bulk_table(buffer.getvalue(), "数据.xlsx"))[1] == [(code, "「数据」!G3")]


def test_all_faults_of_all_rows_are_told_at_once_with_their_places():
    _, faults = read(csv(
        f"巴财社〔2021〕97号,{ROUND},轮台县,1",
        f"{NUMBER},2022-03,轮台县,1",
        f"{NUMBER},{ROUND},无此县,1",
        f"{KEYS},一",
        f"{KEYS},99,1,2",
        f"{KEYS},1,3,2",
        f"{KEYS},1,1,2",
        f"{KEYS},4,1",
        f"{KEYS},2,,,7,,,,,,5",
        f"{KEYS},0,,,3,,,,,,2940",
        f"{KEYS},3,,,,,好,95",
    ))

    assert sorted(faults) == sorted([
        ("unknown-notice", "第2行“文号”"), ("unknown-round", "第3行“轮次”"), ("unknown-recipient", "第4行“单位”"),
        ("unknown-indicator", "第5行“序号”"), ("unknown-indicator", "第6行“序号”"), ("duplicate-row", "第8行“序号”"),
        ("cell-not-asked", "第9行“分子”"), ("cell-not-asked", "第10行“全年执行数”"),
        ("cell-not-asked", "第11行“本年值”"), ("paid-above-after", "第11行“全年执行数”"),
        ("numerator-above-denominator", "第7行“分子”"), ("unknown-band", "第12行“等次”"),
        ("evidence-missing", "第12行“佐证说明”"),
    ])


def test_a_name_beside_the_number_must_be_the_indicators_own():
    head = "文号,轮次,单位,序号,三级指标,分子,分母"
    assert read(csv(f"{KEYS},1,指标 1,1,2", head=head))[1] == []
    assert read(csv(f"{KEYS},1,指标2,1,2", head=head))[1] == [("indicator-changed", "第2行“三级指标”")]


def test_rows_of_another_unit_are_refused_to_a_unit():
    own = KnownNames(NAMES.document_numbers, NAMES.round_of, NAMES.recipient, "luntai")

    assert read(csv(f"{NUMBER},{ROUND},博湖县,1,1,2", f"{KEYS},1,1,2"), own)[1] == [
        ("other-recipient", "第2行“单位”")
    ]


def test_the_head_lines_faults_are_all_named():
    with pytest.raises(IntakeError) as refused:
        csv("1,2,3,4,5", head="文号,单位,分子,分子,备注")

    assert [issue.code for issue in refused.value.issues] == [
        "duplicate-column", "unknown-column", "missing-column", "missing-column",
    ]
    assert "备注" in refused.value.issues[1].sentence
    with pytest.raises(IntakeError, match="没有任何一列数据"):
        csv("1,2,3,4", head="文号,轮次,单位,序号")


def far_away() -> bytes:
    """A workbook with one cell at the end of the sheet, which would be laid out as seventeen thousand million."""
    source, out = io.BytesIO(workbook([["a"]])), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="A2"', b'r="XFD1048576"'))
    return out.getvalue()


def two_sheets() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("一").write(0, 0, "文号")
        book.add_worksheet("二").write(0, 0, "文号")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (far_away(), "数据.xlsx", "XFD1048576"),
        (two_sheets(), "数据.xlsx", "2 张工作表"),
        (b"PK\x03\x04 broken", "数据.xlsx", "数据.xlsx"),
        (b"PAR1 broken PAR1", "数据.parquet", "已损坏"),
        (HEAD.encode(), "数据.parquet", "内容却不是"),
        (HEAD.encode(), "数据.csv", "只有表头"),
        (b"", "数据.csv", "空文件"),
        (f'{HEAD}\n"a'.encode(), "数据.csv", "引号不成对"),
        ((HEAD + "\n,,,1" * (MAX_BULK_ROWS + 1)).encode(), "数据.csv", "拆分"),
    ],
    ids=["far cell", "two sheets", "broken xlsx", "broken parquet", "csv as parquet", "head only", "empty", "quote",
         "too long"],
)
def test_a_file_that_cannot_be_read_is_one_sentence(content, name, words):
    with pytest.raises(FileError) as refused:
        read_bulk_table(content, name)

    assert words in str(refused.value)
    assert str(refused.value).endswith("。")


def test_the_template_comes_back_as_it_was_handed_out():
    """Its blank rows are blank: filled in by hand it reads as any other file, 2021-12 still a round."""
    report, faults = read(read_bulk_table(write_bulk_template([FORM]), "模板.xlsx"))

    assert faults == []
    assert [entry.indicator_no for entry in report.entries] == [1, 2, 3]
    assert all(entry.is_blank for entry in report.entries)
