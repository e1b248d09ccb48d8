"""A table of receipts (文号, 单位, 环节, 时间 …) as a CSV or Excel file → its rows, or every fault with its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from data.archives import damage_as_file_error
from data.errors import CellIssue, FileError, IntakeError
from data.files import CheckedFile, FileKind, check_bytes, decode_text
from data.intake.numbers import CellFault, TypedCell, read_number
from data.reference import plain_name
from data.sheets import PLAIN_WORKBOOK, check_sheet_area, check_sheet_sizes

SHEET_NAME = "办理登记"
HEADS = {
    "document_number": "文号", "recipient": "单位", "step": "环节", "happened_at": "时间", "amount": "金额（万元）",
    "marker": "标识", "evidence": "凭证",
}
KEY_FIELDS = ("document_number", "recipient", "step", "happened_at")
MAX_RECEIPT_ROWS = 1_000
MAX_WORDS = 2_000

_MOMENT = re.compile(
    r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[T ]*(\d{1,2})[:时](\d{1,2})分?(?::(\d{1,2}))?)?"
)


@dataclass(frozen=True)
class ReceiptRow:
    """One row as written: words for its keys, a moment, an amount in 元; ``letters`` say where its fields stand.

    ``faults`` are what is wrong with its cells; then some of its fields may be empty.
    """

    line_no: int
    sheet_name: str
    letters: dict[str, str]
    document_number: str
    recipient: str
    step: str
    happened_at: datetime | None
    amount_yuan: Decimal | None
    marker_text: str
    evidence_text: str
    faults: tuple[CellIssue, ...] = ()

    def place(self, name: str) -> str:
        """Where a field stands, as a person finds it: 「办理登记」!D3, or 第3行“时间”."""
        return _place(self.sheet_name, self.letters, self.line_no, name)


def read_receipt_table(content: bytes, file_name: str) -> list[ReceiptRow]:
    """The rows of a file, in its order; their keys are words that the caller knows how to look up.

    A row keeps the faults of its cells, so that the caller can tell them together with what it finds itself.

    Raises: FileError if it is no readable table of at most 1,000 rows; IntakeError with every fault of its head line.
    """
    file = check_bytes(content, file_name, frozenset({FileKind.TEXT, FileKind.XLSX}))
    sheet_name, rows = _sheet(file) if file.kind is FileKind.XLSX else ("", _lines(file))
    head = rows[0][1] if rows else []
    letters = _letters(head, file_name)
    held = [(line_no, cells) for line_no, cells in rows[1:] if any(str(cell).strip() for cell in cells)]
    if not held:
        raise FileError(f"《{file_name}》只有表头，没有数据，请填写后再上传。")
    if len(held) > MAX_RECEIPT_ROWS:
        raise FileError(f"《{file_name}》有 {len(held)} 行，超过 {MAX_RECEIPT_ROWS} 行上限，请拆分后再上传。")
    read = []
    for line_no, cells in held:
        given = {
            name: cells[ord(letter) - ord("A")] if ord(letter) - ord("A") < len(cells) else ""
            for name, letter in letters.items()
        }
        read.append(_row(given, line_no, sheet_name, letters))
    return read


def write_receipt_template(units: Sequence[tuple[str, str]]) -> bytes:
    """The empty table, with one row begun for each document number and unit."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN_WORKBOOK) as book:
        sheet = book.add_worksheet(SHEET_NAME)
        bold = book.add_format({"bold": True, "bg_color": "#E9EFF6"})
        text = book.add_format({"num_format": "@"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, (name, head) in enumerate(HEADS.items()):
            width = {"document_number": 22, "recipient": 22, "happened_at": 20, "evidence": 28}.get(name, 16)
            sheet.set_column(column, column, width, moment if name == "happened_at" else None)
            sheet.write(0, column, head, bold)
        sheet.freeze_panes(1, 2)
        for line, (document_number, recipient_name) in enumerate(units, start=1):
            sheet.write_string(line, 0, document_number, text)
            sheet.write_string(line, 1, recipient_name, text)
    return buffer.getvalue()


def _sheet(file: CheckedFile) -> tuple[str, list[tuple[int, list[Any]]]]:
    check_sheet_sizes(file.content, file.file_name)
    with damage_as_file_error(file.file_name):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    check_sheet_area(len(rows), max((len(row) for row in rows), default=0), file.file_name, sheet.name)
    return sheet.name, list(enumerate(rows, start=1))


def _lines(file: CheckedFile) -> list[tuple[int, list[Any]]]:
    reader = csv.reader(io.StringIO(decode_text(file.content, file.file_name), newline=""), strict=True)
    try:
        return [(reader.line_num, list(cells)) for cells in reader]
    except csv.Error as error:
        raise FileError(
            f"《{file.file_name}》第{reader.line_num}行的引号不成对或格式不对，请另存为 CSV（UTF-8）后再试。"
        ) from error


def _letters(head: Sequence[Any], file_name: str) -> dict[str, str]:
    """The column letter of each field; every fault of the head line at once."""
    known = {_even(words): name for name, words in HEADS.items()}
    letters: dict[str, str] = {}
    issues = []
    for column, words in enumerate(head):
        name = known.get(_even(str(words)))
        where = f"首行第{column + 1}列"
        if not str(words).strip():
            continue
        if name is None or column >= 26:
            issues.append(CellIssue(
                "unknown-column", where,
                f"{where}“{str(words).strip()[:40]}”不是登记表的列，请改正列名或删去该列。可用的列名：{'、'.join(HEADS.values())}。",
            ))
        elif name in letters:
            issues.append(CellIssue("duplicate-column", where, f"{where}“{words}”重复，请只留一列。"))
        else:
            letters[name] = chr(ord("A") + column)
    issues += [
        CellIssue("missing-column", "首行", f"首行缺少“{HEADS[name]}”一列，请补上。")
        for name in KEY_FIELDS if name not in letters
    ]
    if issues:
        raise IntakeError(file_name, issues)
    return letters


def _even(words: str) -> str:
    return re.sub(r"\(万元\)$", "", plain_name(words).replace("（", "(").replace("）", ")"))


def _row(given: dict[str, Any], line_no: int, sheet_name: str, letters: dict[str, str]) -> ReceiptRow:
    issues: list[CellIssue] = []

    def fault(code: str, name: str, words: str) -> None:
        where = _place(sheet_name, letters, line_no, name)
        issues.append(CellIssue(code, where, f"{where} {words}。"))

    words = {name: str(given.get(name, "")).strip() for name in HEADS}
    for name in KEY_FIELDS:
        if not words[name]:
            fault("cell-missing", name, f"没有填{HEADS[name]}，请补上")
    for name in ("marker", "evidence"):
        if len(words[name]) > MAX_WORDS:
            fault("text-too-long", name, f"超过 {MAX_WORDS} 字，请缩短")
    moment = _moment(given.get("happened_at", ""))
    if words["happened_at"] and moment is None:
        day = _day_of_serial(given.get("happened_at"))
        number = words["happened_at"].removesuffix(".0")[:20]
        fault("not-a-moment", "happened_at", (
            f"的时间是数字 {number}，像是表格里 {day} 的序号，请把单元格格式改为日期，核对后另存"
            if day else f"的时间“{words['happened_at'][:30]}”看不懂，请写成 2021-12-27 16:30"
        ))
    amount: Decimal | None = None
    read = read_number(TypedCell(given.get("amount")), frozenset({"万元"}), False)
    if isinstance(read, CellFault):
        fault(read.code, "amount", read.words)
    elif read is not None:
        amount = read * 10_000
        if amount != amount.quantize(Decimal("0.01")):
            fault("amount-too-fine", "amount", f"的金额 {read} 万元不到一分钱，最多六位小数")
    return ReceiptRow(
        line_no, sheet_name, letters, words["document_number"], words["recipient"], words["step"], moment, amount,
        words["marker"], words["evidence"], tuple(issues),
    )


def _moment(value: Any) -> datetime | None:
    """A typed moment; a day without a time begins at midnight."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0, tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    found = _MOMENT.fullmatch(str(value).strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups(default="0"))
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


def _day_of_serial(value: Any) -> date | None:
    """The day that a spreadsheet may mean by a number; not taken for it, for some count four years less.

    >>> _day_of_serial(44561.0), _day_of_serial("2021")
    (datetime.date(2021, 12, 31), None)
    """
    number = re.fullmatch(r"(\d{5})(?:\.\d+)?", str(value).strip())
    return date(1899, 12, 30) + timedelta(days=int(number[1])) if number else None


def _place(sheet_name: str, letters: dict[str, str], line_no: int, name: str) -> str:
    if sheet_name:
        return f"「{sheet_name}」!{letters.get(name, 'A')}{line_no}"
    return f"第{line_no}行“{HEADS[name]}”"
