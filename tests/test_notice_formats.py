"""The founding notice says the same in every format; damaged files say one sentence."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest
import xlsxwriter
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from notice_builders import FOUNDING, Table, as_docx, as_xls, as_xlsx, founding_blocks

from data.apart import apart
from data.errors import FileError
from data.files import check_bytes
from data.notice.document import Document
from data.notice.files import open_document, parse_document
from data.notice.reader import assemble

FOUNDING_PDF = Path(__file__).parent / "notices" / "founding.pdf"
TRUTH = json.loads(FOUNDING.with_name("expected.json").read_text(encoding="utf-8"))
BLOCKS = founding_blocks()
FILES = {
    "通知.docx": as_docx(BLOCKS),
    "通知.xlsx": as_xlsx(BLOCKS),
    "通知.xls": as_xls(BLOCKS),
    "通知.pdf": FOUNDING_PDF.read_bytes(),
}


def opened(content: bytes, file_name: str) -> Document:
    return apart(file_name, parse_document, check_bytes(content, file_name))


def plain(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(params=FILES)
def founding(request) -> Document:
    return opened(FILES[request.param], request.param)


def test_every_format_has_the_two_tables_of_the_paper(founding):
    tables = [block for block in BLOCKS if isinstance(block, Table)]

    assert [[[plain(cell.text) for cell in row] for row in grid.rows] for grid in founding.grids] == [
        [[plain(text) for text in row] for row in table.rows] for table in tables
    ]


def test_the_allocation_rows_are_those_of_the_truth(founding):
    rows = [[cell.text for cell in row] for row in founding.grids[0].rows[2:]]

    assert rows[0][1:] == ["小计", *map(str, TRUTH["total_row"]["columns"].values())]
    assert [row[1:] for row in rows[1:]] == [
        [line["region"], *map(str, line["columns"].values())] for line in TRUTH["allocations"]
    ]


def test_the_indicators_are_those_of_the_truth(founding):
    rows = [[cell.text for cell in row] for row in founding.grids[1].rows[-20:]]

    assert [(row[3], row[4]) for row in rows] == [
        (row["indicator"], row["target_text"]) for row in TRUTH["targets"]
    ]


def understood(value):
    """What a notice says, without where it stands: places and spacing differ from format to format."""
    if isinstance(value, dict):
        return {key: understood(part) for key, part in value.items() if key not in WHERE}
    if isinstance(value, list | tuple):
        return [understood(part) for part in value]
    return plain(value) if isinstance(value, str) else value


WHERE = {
    "file_name", "file_sha256", "lines", "line_no", "annual_amount_line_no", "findings",
    "printed_dimension", "printed_measure",   # the text has cells that slipped; the merged cells do not
}


def test_every_format_gives_the_same_notice(founding):
    assert understood(asdict(assemble(founding))) == understood(asdict(assemble(open_document(FOUNDING))))


def test_merged_heads_go_on_and_plain_cells_do_not(founding):
    head, under = founding.grids[0].rows[:2]

    assert [cell.is_continued for cell in head] == [False] * 4 + [True, True, False, True, True, False, False]
    assert [cell.is_continued for cell in under] == [True] * 3 + [False] * 6 + [True, True]


def test_the_words_outside_the_tables_are_those_of_the_text(founding):
    in_grids = {row[0].line_no for grid in founding.grids for row in grid.rows}
    words = "".join(plain(line.text) for line in founding.lines if line.line_no not in in_grids)

    assert words == "".join(plain(block) for block in BLOCKS if isinstance(block, str))


def test_every_cell_stands_on_the_line_that_it_names(founding):
    texts = {line.line_no: plain(line.text) for line in founding.lines}

    assert [line.line_no for line in founding.lines] == list(range(1, len(founding.lines) + 1))
    for grid in founding.grids:
        assert len({len(row) for row in grid.rows}) == 1
        assert grid.line_no == grid.rows[0][0].line_no
        for row in grid.rows:
            for cell in row:
                assert plain(cell.text) in texts[cell.line_no]


def test_places_are_what_a_person_would_look_for():
    def place(file_name: str, words: str) -> str:
        return next(line.place for line in opened(FILES[file_name], file_name).lines if words in line.text)

    assert place("通知.xlsx", "轮台县") == "「分配表」第8行"
    assert place("通知.docx", "轮台县") == "第1个表格第6行"
    assert place("通知.docx", "各县市财政局") == "第4段"
    assert place("通知.pdf", "轮台县") == "第2页表格第6行"


def test_a_text_file_keeps_its_own_line_numbers(tmp_path):
    document = open_document(FOUNDING)
    lines = FOUNDING.read_text(encoding="utf-8").split("\n")

    assert [line.text for line in document.lines] == lines[:len(document.lines)]
    assert not any(lines[len(document.lines):])
    assert document.lines[60].place == "第61行"
    assert document.grids == ()


def test_line_ends_are_those_of_an_editor():
    document = opened("甲\r\n乙\u2028丙\r丁\n\n戊".encode(), "a.txt")

    assert [line.text for line in document.lines] == ["甲", "乙\u2028丙", "丁", "", "戊"]


def test_numbers_dates_and_rates_are_written_as_the_sheet_shows_them():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("表")
        rate = book.add_format({"num_format": "0.0%"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["整", "小", "噪", "字", "负"])
        sheet.write_row(1, 0, [1709.0, 12.5, 0.1 + 0.2, "007", -530])
        sheet.write(2, 0, 0.9, rate)
        sheet.write_datetime(2, 1, datetime(2021, 12, 22), day)
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
        sheet.write(2, 3, 1e20)
        sheet.write(2, 4, "甲\n乙")

    rows = opened(buffer.getvalue(), "a.xlsx").grids[0].rows

    assert [cell.text for cell in rows[1]] == ["1709", "12.5", "0.3", "007", "-530"]
    assert [cell.text for cell in rows[2]] == ["90%", "2021-12-22", "#DIV/0!", "1" + "0" * 20, "甲\n乙"]


def test_hidden_sheets_stay_hidden_and_a_new_title_begins_a_new_table():
    book = openpyxl.Workbook()
    sheet = book.active
    first = [["甲表"], ["县", "金额"], ["轮台县", 1], [None, None], ["尉犁县", 2]]
    second = [["乙表"], ["县", "人数"], ["和静县", 3]]
    for row in [*first, [], *second]:
        sheet.append(row)
    book.create_sheet("底稿").append(["不要看", 1])
    book["底稿"].sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)

    document = opened(buffer.getvalue(), "a.xlsx")

    assert [[row[0].text for row in grid.rows] for grid in document.grids] == [
        ["县", "轮台县", "尉犁县"], ["县", "和静县"],
    ]
    assert not any("不要看" in line.text for line in document.lines)


def test_word_order_revisions_and_controls():
    document = docx.Document()
    document.add_paragraph("前")
    document.add_table(1, 2).cell(0, 1).text = "格"
    paragraph = document.add_paragraph("后")
    xml = paragraph._p
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    for part in (
        f"<w:del {space}><w:r><w:delText>删</w:delText></w:r></w:del>",
        f"<w:moveFrom {space}><w:r><w:t>移走</w:t></w:r></w:moveFrom>",
        f"<w:ins {space}><w:r><w:t>增</w:t></w:r></w:ins>",
        f"<w:r {space}><w:br/><w:t>折行</w:t></w:r>",
    ):
        xml.append(docx.oxml.parse_xml(part))
    control = docx.oxml.parse_xml(
        f"<w:sdt {space}><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    xml.addnext(control)
    buffer = io.BytesIO()
    document.save(buffer)

    lines = [line.text for line in opened(buffer.getvalue(), "a.docx").lines]

    assert lines == ["前", "\t格", "后增", "折行", "控件"]


def blank_pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 50, 50)
    return bytes(pdf.output())


def empty_workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def small_pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=10)
    pdf.cell(0, 10, "notice 96", new_x="LMARGIN", new_y="NEXT")
    with pdf.table() as table:
        for row in (("a", "b"), ("1", "2")):
            table.row(row)
    return bytes(pdf.output())


def numbered_pdf() -> bytes:
    """Two pages with a page number each; a paragraph and a table go on over the page."""
    pdf = FPDF()
    pdf.set_auto_page_break(False)
    pdf.set_font("helvetica", size=10)
    for page_no in (1, 2):
        pdf.add_page()
        if page_no == 2:
            pdf.set_xy(10, 10)
            pdf.cell(0, 6, "of the long paragraph.", new_x="LMARGIN", new_y="NEXT")
            pdf.cell(0, 6, "30", new_x="LMARGIN", new_y="NEXT")
        for line_no in range(3 if page_no == 1 else 0):
            words = ("a full line of words that the width of the page has broken " * 3)[:105]
            pdf.cell(0, 6, f"{line_no} {words}", new_x="LMARGIN", new_y="NEXT")
        pdf.set_xy(90, 285)
        pdf.cell(0, 6, f"- {page_no} -")
    return bytes(pdf.output())


def test_page_numbers_are_left_out_and_a_paragraph_goes_on_over_the_page():
    lines = opened(numbered_pdf(), "a.pdf").lines

    assert len(lines) == 2
    assert lines[0].text.startswith("0 a full line") and lines[0].text.endswith("of the long paragraph.")
    assert (lines[0].place, lines[1].text, lines[1].place) == ("第1页第1行", "30", "第2页第2行")


def locked_pdf() -> bytes:
    pdf = FPDF()
    pdf.set_encryption("owner", "user")
    pdf.add_page()
    pdf.set_font("helvetica")
    pdf.cell(0, 10, "secret")
    return bytes(pdf.output())


@pytest.mark.parametrize(
    ("file_name", "content", "sentence"),
    [
        ("扫描.pdf", blank_pdf(), "没有可读取的文字层"),
        ("密.pdf", locked_pdf(), "设有打开密码"),
        ("断.pdf", b"%PDF-1.7\n%%EOF", "已损坏|没有可读取的文字层"),
        ("图.docx", as_docx([]), "里没有文字"),
        ("空.xlsx", empty_workbook(), "工作表里没有内容"),
    ],
    ids=["a scan", "a password", "no pages", "no paragraphs", "no cells"],
)
def test_files_without_words_say_so(file_name, content, sentence):
    with pytest.raises(FileError, match=sentence):
        opened(content, file_name)


SEEDS = {
    "a.docx": as_docx(["通知", Table("表", [["县", "金额"], ["轮台县", "1"]], [(0, 0, 1, 0)])]),
    "a.xlsx": as_xlsx(["附件1:", Table("表", [["县", "金额"], ["轮台县", "1"]], [(0, 0, 1, 0)])]),
    "a.xls": as_xls(["附件1:", Table("表", [["县", "金额"], ["轮台县", "1"]], [(0, 0, 1, 0)])]),
    "a.pdf": small_pdf(),
    "a.txt": "附件1:\n县\t金额\n轮台县\t1\n".encode(),
}


def repacked(content: bytes, chosen: int, spoil) -> bytes:
    """One part spoiled but its checksum right, so that the parser itself meets the damage."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for no, part in enumerate(old.infolist()):
            is_chosen = no == chosen % len(old.infolist())
            new.writestr(part.filename, spoil(old.read(part)) if is_chosen else old.read(part))
    return buffer.getvalue()


def spoiled(content: bytes, seed: int) -> bytes:
    """A few bytes changed, cut out or doubled."""
    chance = random.Random(seed)
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        if not changed:
            break
        place = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                del changed[place:place + chance.randint(1, 40)]
            case 2:
                changed[place:place] = changed[place:place + chance.randint(1, 40)]
            case 3:
                changed[place:place + 4] = chance.randbytes(4)
    return bytes(changed)


@pytest.mark.parametrize("file_name", SEEDS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), inside=st.booleans())
def test_whatever_the_bytes_only_a_sentence_escapes(file_name, seed, inside):
    content = SEEDS[file_name]
    if inside and file_name.endswith("x"):
        content = repacked(content, seed, lambda part: spoiled(part, seed) if seed % 5 else part[:seed % 997])
    else:
        content = spoiled(content, seed)

    try:
        document = opened(content, file_name)
    except FileError as refused:
        assert "《a." in str(refused) and str(refused).endswith("。")
    else:
        assert [line.line_no for line in document.lines] == list(range(1, len(document.lines) + 1))


def test_a_false_count_does_not_take_the_process_down():
    content = SEEDS["a.xlsx"]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = [part.filename for part in book.infolist()].index("xl/sharedStrings.xml")
    count = b'uniqueCount="99999999999"'
    false = repacked(content, strings, lambda part: re.sub(rb'uniqueCount="\d+"', count, part))

    with pytest.raises(FileError, match="已损坏"):
        opened(false, "a.xlsx")


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=300),
    head=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>"]),
    file_name=st.sampled_from(sorted(SEEDS)),
)
def test_random_bytes_never_escape(content, head, file_name):
    try:
        opened(head + content, file_name)
    except FileError as refused:
        assert str(refused).endswith("。")
