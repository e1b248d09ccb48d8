"""Hostile and awkward files made by hand, each by its name: refused with the sentence that helps, or read as meant."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from builders import NUMBER, ROUND, contents, opened_store
from export_builders import payment, workbook
from notice_builders import Table, as_docx, as_xls, as_xlsx
from security.doors import doors, filled_form, met, require_plain
from security.hostile_files import LAUGHS, OUTSIDE, RELATIONS, Sound, archive, parts

from data.errors import FileError
from data.files import FileKind, check_bytes
from data.intake.receipt_table import read_receipt_table
from data.notice.files import parse_document
from data.notice.reader import read_notice_bytes

WORDS = [
    "关于下达困难群众救助补助资金的通知", "巴财社〔2021〕96号", "附件1：资金分配表",
    Table("分配表", [["县市", "金额（万元）"], ["轮台县", "12"], ["和静县", "8"], ["合计", "20"]]),
]
HEADS = ["文号", "单位", "环节", "时间"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return opened_store(tmp_path_factory.mktemp("by-hand"))


@pytest.fixture(scope="module")
def ways(store):
    made, before = doors(store), contents(store)
    yield made
    assert contents(store) == before


def refused(ways, door: str, content: bytes, name: str) -> str:
    """The sentence that a file is refused with at a door."""
    found = met(ways[door], Sound(name, content))
    assert found.value is None, found.value
    require_plain(found, name)
    return " ".join((found.sentence, *found.cells))


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    held = parts(content)
    (name,) = [name for name in held if name.endswith(part)]
    assert old in held[name], held[name][:300]
    held[name] = held[name].replace(old, new, 1)
    return archive(held)


def sheet(*rows, name="表", **more) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        made = book.add_worksheet(name)
        for line, row in enumerate(rows):
            made.write_row(line, 0, row)
        for line in more.get("hidden_rows", ()):
            made.set_row(line, None, None, {"hidden": True})
        for area in more.get("merged", ()):
            made.merge_range(area, rows[1][0])
    return buffer.getvalue()


def test_a_zip_bomb_and_zips_in_zips(ways):
    bomb = archive({**parts(as_docx(WORDS)), "word/media/a.bin": b"\x00" * (121 << 20)})
    assert len(bomb) < 1 << 20
    for door, name in (("notice", "通知.docx"), ("evidence", "说明.docx")):
        assert "大小异常，已拒绝打开" in refused(ways, door, bomb, name)

    inner = archive({"a.zip": archive({"b.zip": archive({"c": b"\x00" * (4 << 20)})})})
    assert "压缩包，请解压后逐个上传" in refused(ways, "notice", inner, "包.zip")
    assert "内容却是普通压缩包" in refused(ways, "form", inner, "包.xlsx")
    held = archive({**parts(as_docx(WORDS)), "word/embeddings/a.zip": inner})     # never unpacked: the words are read
    assert read_notice_bytes(held, "通知.docx").document_number.value == NUMBER


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", [0, 3_000, 3_000_000])
@pytest.mark.parametrize("words", [OUTSIDE, LAUGHS], ids=["outside", "laughs"])
def test_entities_are_refused_wherever_they_are_declared(words, before, coding):
    xml = f'<?xml version="1.0" encoding="{coding}"?><!--{"x" * before}-->{words}<a>&x;&c;</a>'.encode(coding)
    made = archive({**parts(as_docx(WORDS)), "word/document.xml": xml}, zipfile.ZIP_STORED)

    with pytest.raises(FileError, match=r"含有不安全的内容（word/document\.xml），已拒绝打开"):
        check_bytes(made, "通知.docx")


def test_a_list_of_parts_without_end_is_refused_before_it_is_read(ways):
    entry = b"PK\x01\x02" + b"\x00" * 24 + struct.pack("<H", 1) + b"\x00" * 16 + b"a"
    made = b"PK\x03\x04" + entry * 400_000 + b"PK\x05\x06" + struct.pack(
        "<HHHHIIH", 0, 0, 3, 3, len(entry) * 400_000, 4, 0
    )

    assert "有 400000 个部件，超过 5000 个上限" in refused(ways, "evidence", made, "名册.xlsx")


def test_macros_are_asked_to_be_saved_away_and_never_run(ways, store):
    content = archive({**parts(filled_form(store)), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 90})

    assert "带宏的工作簿，请另存为 .xlsx" in refused(ways, "form", content, "轮台县.xlsm")
    assert met(ways["form"], Sound("轮台县.xlsx", content)).value is not None


def test_links_to_elsewhere_are_not_followed(ways, store):
    more = (
        f'<Relationship Id="rIdX" Type="{RELATIONS}/externalLink" Target="http://127.0.0.1:9/x" TargetMode="External"/>'
        "</Relationships>"
    )
    content = changed(as_docx(WORDS), "document.xml.rels", b"</Relationships>", more.encode())

    assert read_notice_bytes(content, "通知.docx").document_number.value == NUMBER


def test_a_formula_is_named_by_its_cell_and_a_text_like_one_stays_a_text(ways, store):
    rows = [HEADS, [NUMBER, "轮台县", "收文", "=NOW()"]]
    assert "看不懂" in refused(ways, "receipts", sheet(*rows), "登记.xlsx")
    typed = filled_form(store, L8="=HYPERLINK(\"http://evil.example\")")
    assert "L8" in refused(ways, "form", typed, "轮台县.xlsx")
    bulk = [["文号", "轮次", "单位", "序号", "分子", "分母"], [NUMBER, ROUND, "轮台县", 4, "=cmd|' /C calc'!A0", 9]]
    found = met(ways["bulk"], Sound("数据.xlsx", sheet(*bulk))).value
    assert "应填数字，现为“=cmd|' /C calc'!A0”" in found.rows.to_pylist()[0]["sentence_text"]


def test_a_million_empty_rows(ways):
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % no for no in range(5, 1_048_577))
    content = changed(as_xlsx(WORDS), "sheet2.xml", b"</sheetData>", rows + b"</sheetData>")
    read, plain = (met(ways["notice"], Sound("通知.xlsx", each)).value.notice for each in (content, as_xlsx(WORDS)))
    assert read.allocation_tables == plain.allocation_tables and read.findings == plain.findings

    lines = ",".join(["文号", "轮次", "单位", "序号", "分子", "分母"]) + f"\n{NUMBER},{ROUND},轮台县,4,9,10\n"
    found = met(ways["bulk"], Sound("数据.csv", lines.encode() + b",,,,,\n" * 1_048_576)).value
    assert found.row_count == 1


@pytest.mark.parametrize("door", ["notice", "form", "bulk", "receipts", "targets", "export"])
def test_a_cell_whose_place_is_disguised_is_refused_before_it_is_laid_out(ways, door):
    sound = next(sound for sound in ways[door].sounds if sound.suffix == ".xlsx")
    held = parts(sound.content)
    name = next(name for name in sorted(held) if "worksheets/" in name)
    far = b"<row r='1048576'><c r='&#88;FD1048576'><v>1</v></c></row></sheetData>"

    wide = held[name].decode().replace("UTF-8", "UTF-16").encode("utf-16")
    for xml in (held[name].replace(b"</sheetData>", far), wide):
        assert "已损坏或不完整" in refused(ways, door, archive({**held, name: xml}), sound.file_name)


@pytest.mark.parametrize("has_own_parts", [True, False], ids=["ten thousand parts", "one part"])
def test_ten_thousand_sheets(ways, store, has_own_parts):
    held = parts(filled_form(store))
    relations = held["xl/_rels/workbook.xml.rels"].decode()
    target = re.search(r'Target="([^"]*sheet1\.xml)"', relations)[1]
    listed = "".join(f'<sheet name="s{no}" sheetId="{no + 9}" r:id="x{no}"/>' for no in range(10_000))
    held["xl/workbook.xml"] = held["xl/workbook.xml"].replace(b"</sheets>", listed.encode() + b"</sheets>")
    if b"xmlns:r=" not in held["xl/workbook.xml"]:
        name = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        held["xl/workbook.xml"] = held["xl/workbook.xml"].replace(b"<workbook ", b"<workbook " + name + b" ", 1)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    more = "".join(
        f'<Relationship Id="x{no}" Type="{kind}" Target="{f"worksheets/s{no}.xml" if has_own_parts else target}"/>'
        for no in range(10_000)
    )
    held["xl/_rels/workbook.xml.rels"] = relations.replace("</Relationships>", more + "</Relationships>").encode()
    if has_own_parts:
        held |= {f"xl/worksheets/s{no}.xml": b"<worksheet/>" for no in range(10_000)}

    for door in ("form", "targets", "notice"):
        sentence = refused(ways, door, archive(held), "表.xlsx")
        assert ("个部件，超过 5000 个上限" if has_own_parts else "张工作表，超过 50 张上限") in sentence


@pytest.mark.parametrize("door", ["notice", "form", "bulk", "receipts", "targets", "evidence", "export"])
def test_cut_off_and_renamed_and_locked(ways, door):
    sound = next(sound for sound in ways[door].sounds if sound.suffix == ".xlsx")
    assert "已损坏或不完整" in refused(ways, door, sound.content[:len(sound.content) // 2], sound.file_name)
    assert "内容却是可执行程序" in refused(ways, door, b"MZ\x90\x00\x03" + b"\x00" * 90, "名册.xlsx")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 900
    assert "设有打开密码" in refused(ways, door, ole, "名册.xlsx")


@pytest.mark.parametrize("door", ["notice", "bulk", "receipts", "export"])
def test_texts_with_nul_bytes_and_broken_and_chinese_encodings(ways, door):
    sound = next(sound for sound in ways[door].sounds if sound.suffix in (".csv", ".txt"))
    words = sound.content.decode("utf-8-sig")
    place = len(words) // 2
    assert "空字节" in refused(ways, door, (words[:place] + "\x00" + words[place:]).encode(), sound.file_name)
    broken = words.encode().replace("台".encode(), "台".encode()[:2], 1) + b"\xff\xff"
    assert "无法识别的字符" in refused(ways, door, broken, sound.file_name)
    plain, chinese = (met(ways[door], Sound(sound.file_name, words.encode(code))) for code in ("utf-8", "gb18030"))
    assert plain.value is not None and chinese.value is not None
    for name in ("row_count", "counts", "read"):
        assert getattr(plain.value, name, None) == getattr(chinese.value, name, None)


def test_an_xls_of_1997_is_read_like_the_same_words_today_and_only_where_it_is_asked_for(ways):
    old, new = (read_notice_bytes(make(WORDS), f"通知.{kind}") for make, kind in ((as_xls, "xls"), (as_xlsx, "xlsx")))
    rows = [
        [(row.name, [cell.yuan for cell in row.cells]) for row in each.allocation_tables[0].rows] for each in (old, new)
    ]
    assert rows[0] == rows[1] and old.document_number.value == NUMBER
    for door in ("form", "bulk", "receipts", "targets", "export"):
        assert ".xlsx" in refused(ways, door, as_xls(WORDS), "名册.xls")
    assert "内容却是旧版 Excel 工作簿" in refused(ways, "form", as_xls(WORDS), "名册.xlsx")


def test_a_day_typed_as_a_day_is_read_and_its_number_is_told_from_it(ways):
    book = openpyxl.Workbook()
    book.active.append(HEADS)
    book.active.append([NUMBER, "轮台县", "收文", datetime(2021, 12, 22, 18)])
    buffer = io.BytesIO()
    book.save(buffer)
    assert read_receipt_table(buffer.getvalue(), "登记.xlsx")[0].happened_at == datetime(2021, 12, 22, 18)

    sentence = refused(ways, "receipts", sheet(HEADS, [NUMBER, "轮台县", "收文", 44561]), "登记.xlsx")
    assert "「表」!D2 的时间是数字 44561，像是表格里 2021-12-31 的序号，请把单元格格式改为日期" in sentence
    rows = [payment(支付日期=date(2021, 12, 24)), payment(支付明细主键="P2", 支付凭证号="V2", 支付日期=44561)]
    found = met(ways["export"], Sound("支付.xlsx", workbook(rows))).value
    assert found.read.row_count == 1
    assert [row["sentence_text"] for row in found.rejects] == [found.rejects[0]["sentence_text"]]
    assert "支付日期”不是日期" in found.rejects[0]["sentence_text"] and "44561" not in found.rejects[0]["sentence_text"]


def test_merged_cells_lose_no_row(ways):
    rows = [HEADS, [NUMBER, "轮台县", "收文", "2021-12-22 18:00"], [NUMBER, "", "收文", "2021-12-22 19:00"]]
    sentence = refused(ways, "receipts", sheet(*rows, merged=["B2:B3"]), "登记.xlsx")
    assert "「表」!B3 没有填单位" in sentence


def test_what_a_workbook_hides_is_read_or_named_never_lost_in_silence():
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(WORDS)))
    table = book["分配表"]
    at = next(row for row in range(1, 12) if table.cell(row, 1).value == "和静县")
    table.row_dimensions[at].hidden = True
    table.column_dimensions["B"].hidden = True
    book.create_sheet("底稿").append(["不下达", 1])
    book["底稿"].sheet_state = "veryHidden"
    buffer = io.BytesIO()
    book.save(buffer)

    notice = read_notice_bytes(buffer.getvalue(), "通知.xlsx")
    said = [finding.sentence for finding in notice.findings if finding.code == "hidden-in-file"]
    assert said == [
        f"「分配表」的第{at}行、B列是隐藏的，已经一并读入，请核对该不该算。",
        "工作表「底稿」是隐藏的，没有读，请核对里面有没有要下达的内容。",
    ]
    assert [row.name for row in notice.allocation_tables[0].rows] == ["轮台县", "和静县", "合计"]
    document = parse_document(check_bytes(as_xlsx(WORDS), "通知.xlsx", frozenset({FileKind.XLSX})))
    assert document.remarks == ()


def test_hidden_rows_of_tables_count_like_all_others(ways):
    rows = [HEADS, *([NUMBER, unit, "收文", "2021-12-22 18:00"] for unit in ("轮台县", "和静县", "博湖县"))]

    found = met(ways["receipts"], Sound("登记.xlsx", sheet(*rows, hidden_rows=[2]))).value

    assert found.counts["new"] == 3
