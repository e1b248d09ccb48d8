"""The guards: every bad file ends in one sentence that says what, where and what to do."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter

from data.archives import MAX_UNPACKED_BYTES, check_archive, check_streams
from data.errors import FileError
from data.files import MAX_FILE_BYTES, FileKind, check_bytes, check_file, decode_text
from data.sheets import check_sheet_sizes

XLSX_ONLY = frozenset({FileKind.XLSX})


def workbook(**cells) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for cell, value in cells.items():
            sheet.write(cell, value)
    return buffer.getvalue()


def archive(parts: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return buffer.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + stream.encode("utf-16-le") + b"\x00" * 512


@pytest.mark.parametrize(
    ("file_name", "content", "sentence"),
    [
        ("空.txt", b"", "《空.txt》是空文件（0 字节），请重新导出或换一个文件。"),
        ("表", b"a", "没有扩展名的文件"),
        ("表.dat", b"a", "（扩展名“.dat”），请上传 .txt、.md、.csv、.docx、.pdf、.xlsx、.xls 文件。"),
        ("旧.doc", b"a", "《旧.doc》是旧版 Word 文件，请另存为 .docx 后再上传。"),
        ("表.et", b"a", "WPS 表格文件，请另存为 .xlsx"),
        ("病毒.xlsx", b"MZ\x90\x00\x03" + b"\x00" * 60, "扩展名是 .xlsx，内容却是可执行程序"),
        ("图.pdf", b"\x89PNG\r\n\x1a\n\x00", "内容却是PNG 图片"),
        ("字.docx", "通知".encode(), "《字.docx》的扩展名是 .docx，内容却是纯文本"),
        ("字.docx", "通知".encode("utf-16"), "内容却是纯文本"),
        ("导出.xls", b"<html><table></table></html>", "《导出.xls》的扩展名是 .xls，内容却是网页（HTML）"),
        ("导出.xls", b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "内容却是XML 文件"),
        ("新.xls", workbook(A1=1), "扩展名是 .xls，内容却是Excel 工作簿（.xlsx）"),
        ("新.docx", workbook(A1=1), "扩展名是 .docx，内容却是Excel 工作簿（.xlsx）"),
        ("包.xlsx", archive({"a.txt": b"1"}), "内容却是普通压缩包"),
        ("文.txt", b"%PDF-1.7 ...", "扩展名是 .txt，内容却是PDF 文件"),
        ("密.xlsx", ole("EncryptedPackage"), "《密.xlsx》设有打开密码，系统无法读取，请取消密码"),
        ("密.docx", ole("EncryptedPackage"), "设有打开密码"),
        ("旧.xlsx", ole("Workbook"), "扩展名是 .xlsx，内容却是旧版 Excel 工作簿（.xls）"),
        ("旧.xls", ole("WordDocument"), "内容却是旧版 Word 文件（.doc）"),
        ("断.xlsx", workbook(A1=1)[:900], "《断.xlsx》已损坏或不完整"),
        ("断.docx", b"PK\x03\x04", "已损坏或不完整"),
        ("乱.xlsx", b"\x01\x02\x00\x03" * 20, "内容却是无法识别的数据"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_bad_files_are_refused_with_one_sentence(file_name, content, sentence):
    with pytest.raises(FileError) as refused:
        check_bytes(content, file_name)

    assert sentence in str(refused.value)
    assert str(refused.value).endswith("。") and str(refused.value).count("。") == 1


def test_size_is_named_and_the_limit_itself_passes():
    with pytest.raises(FileError, match=r"大小为 20\.0 MB，超过 20 MB 上限"):
        check_bytes(b"a" * (MAX_FILE_BYTES + 1), "大.txt")
    assert check_bytes(b"a" * MAX_FILE_BYTES, "大.txt").kind is FileKind.TEXT


def test_disk_faults_are_sentences(tmp_path):
    with pytest.raises(FileError, match=r"找不到文件《无\.txt》"):
        check_file(tmp_path / "无.txt")
    (tmp_path / "夹.txt").mkdir()
    with pytest.raises(FileError, match="不是一个文件"):
        check_file(tmp_path / "夹.txt")
    with pytest.raises(FileError, match=r"无法读取|找不到"):
        check_file(tmp_path / "a\x00b.txt")


def test_the_name_that_the_person_gave_counts_not_the_temporary_one(tmp_path):
    (tmp_path / "upload-7").write_bytes("通知".encode())

    checked = check_file(tmp_path / "upload-7", "通知.txt")

    assert (checked.file_name, checked.kind) == ("通知.txt", FileKind.TEXT)
    assert len(checked.sha256) == 64


def test_kinds_are_a_choice_of_the_caller():
    with pytest.raises(FileError, match=r"请上传 \.xlsx 文件"):
        check_bytes(b"a", "通知.txt", XLSX_ONLY)


def test_zip_bombs_are_refused_by_what_they_declare():
    parts = {"xl/workbook.xml": b"<a/>", "xl/sheet.xml": b"\x00" * (MAX_UNPACKED_BYTES + 1)}

    with pytest.raises(FileError, match="大小异常，已拒绝打开"):
        check_bytes(archive(parts), "炸.xlsx")
    with pytest.raises(FileError, match="大小异常"):   # small enough, but 1,000 times what it packs to
        check_archive(archive({"a": b"\x00" * (8 << 20)}), "炸.xlsx")
    check_archive(archive({"a": b"\x00" * (3 << 20)}), "好.xlsx")


def test_a_part_that_lies_about_its_size_is_damage():
    honest = archive({"xl/workbook.xml": b"<a/>" * 50_000})
    place = honest.rindex(b"PK\x01\x02")
    lying = honest[:place + 24] + struct.pack("<I", 10) + honest[place + 28:]

    with pytest.raises(FileError, match="已损坏"):
        check_bytes(lying, "谎.xlsx")


def test_a_wrong_byte_deep_in_a_part_is_damage():
    whole = archive({"xl/workbook.xml": b"<a>" + b"x" * 10_000 + b"</a>"}, zipfile.ZIP_STORED)

    with pytest.raises(FileError, match="已损坏"):
        check_bytes(whole.replace(b"xx</a>", b"xy</a>"), "错.xlsx")
    assert check_bytes(whole, "对.xlsx").kind is FileKind.XLSX


def test_entity_bombs_are_refused():
    bomb = archive({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'})

    with pytest.raises(FileError, match="不安全的内容"):
        check_bytes(bomb, "炸.xlsx")


def test_pdf_streams_are_measured_before_a_parser_unpacks_them():
    packed = zlib.compress(b"\x00" * (MAX_UNPACKED_BYTES + 1))

    with pytest.raises(FileError, match="解压后超过 120 MB"):
        check_streams(b"%PDF-1.4\nstream\r\n" + packed + b"\nendstream", "炸.pdf")
    check_streams(b"%PDF-1.4\nstream\n" + zlib.compress(b"a" * 1000) + b"\nendstream", "好.pdf")


@pytest.mark.parametrize(("cell", "is_refused"), [("A20000", False), ("A20001", True), ("XFD1", True)])
def test_a_stray_cell_far_away_is_refused(cell, is_refused):
    content = workbook(A1=1, **{cell: 1})

    if is_refused:
        with pytest.raises(FileError, match="请删去多余的空行空列"):
            check_sheet_sizes(content, "远.xlsx")
    else:
        check_sheet_sizes(content, "远.xlsx")


def test_coloured_empty_cells_do_not_make_a_sheet_large():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        grey = book.add_format({"bg_color": "gray"})
        sheet = book.add_worksheet()
        sheet.write_blank("A1048576", None, grey)
        sheet.write("A1", 1)

    check_sheet_sizes(buffer.getvalue(), "色.xlsx")


def test_too_many_sheets():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for _ in range(51):
            book.add_worksheet()

    with pytest.raises(FileError, match="有 51 张工作表，超过 50 张上限"):
        check_sheet_sizes(buffer.getvalue(), "多.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_every_usual_encoding(encoding):
    text = "巴财社〔2021〕96号\r\n库尔勒市"

    assert decode_text(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a\nb\x00c", "第2行含有空字节"),
        (b"\xff\xff\xff\xff", "第1行有无法识别的字符"),
        # One lost byte in a UTF-8 file: GB18030 would read the rest as wrong characters.
        ("第一行\n困难群众救助补助资金分配表\n合计".encode().replace(b"\xa5", b""), "第2行有无法识别的字符"),
        (b"\xff\xfea", "无法识别的字符"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_is_no_text_names_the_line(content, sentence):
    with pytest.raises(FileError, match=sentence):
        decode_text(content, "a.txt")
