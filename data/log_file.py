"""The log as a file, to keep elsewhere and to check without the store: every field of every entry, the oldest first."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from data.archives import damage_as_file_error
from data.csv_rows import guarded
from data.errors import FileError, RefusedError
from data.files import FileKind, check_file, decode_text
from data.sheets import PLAIN_WORKBOOK

# What the hash of an entry is made of, and the hashes: a file with these columns can be checked.
FIELDS = {
    "entry_no": "编号",
    "happened_at": "时间",
    "actor_name": "姓名",
    "origin_text": "来自",
    "subject_text": "对象",
    "account_id": "账号",
    "actor_role": "角色代码",
    "actor_recipient_id": "单位代码",
    "action_name": "事项代码",
    "detail_json": "内容（原样）",
    "previous_hash": "前一条校验码",
    "entry_hash": "校验码",
}
LONGEST_CELL = 32_767


def write_csv(rows: Sequence[Mapping[str, Any]], words: Sequence[Mapping[str, str]]) -> bytes:
    """Entries as a CSV file that a spreadsheet opens; ``words`` are further columns for people, row by row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_heads(words))
    writer.writerows([guarded(cell) for cell in _cells(row, said)] for row, said in zip(rows, words, strict=True))
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Sequence[Mapping[str, Any]], words: Sequence[Mapping[str, str]]) -> bytes:
    """Entries as a workbook, every cell as text.

    Raises: RefusedError if a text is longer than a cell takes: it would be cut off.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN_WORKBOOK) as workbook:
        sheet = workbook.add_worksheet("办理记录")
        bold = workbook.add_format({"bold": True})
        for column, head in enumerate(_heads(words)):
            sheet.write_string(0, column, head, bold)
        for number, (row, said) in enumerate(zip(rows, words, strict=True), start=1):
            for column, cell in enumerate(_cells(row, said)):
                if len(cell) > LONGEST_CELL:
                    raise RefusedError(f"第 {row['entry_no']} 条的内容太长，表格的一格放不下，请改用 CSV 导出。")
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(FIELDS), 18)
    return buffer.getvalue()


def read_log(path: Path) -> list[dict[str, Any]]:
    """The entries of an exported log, in the order of the file.

    Raises: FileError if it is no readable file, or lacks a column that the hashes are made of.
    """
    file = check_file(path, kinds=frozenset({FileKind.TEXT, FileKind.XLSX}))
    if file.kind is FileKind.XLSX:
        with damage_as_file_error(file.file_name):
            book = openpyxl.load_workbook(io.BytesIO(file.content), read_only=True)
            table = [["" if cell is None else str(cell) for cell in row]
                     for row in book.worksheets[0].iter_rows(values_only=True)]
    else:
        text = decode_text(file.content, file.file_name)
        table = [[_unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline="")) if row]
    head = table[0] if table else []
    if absent := [name for name in FIELDS.values() if name not in head]:
        raise FileError(f"《{file.file_name}》不是导出的办理记录：没有“{absent[0]}”一列。")
    places = {field: head.index(name) for field, name in FIELDS.items()}
    rows: list[dict[str, Any]] = []
    for line, cells in enumerate(table[1:], start=2):
        padded = [*cells, *[""] * (len(head) - len(cells))]
        row: dict[str, Any] = {field: padded[place] for field, place in places.items()}
        if not row["entry_no"].isdecimal():
            raise FileError(f"《{file.file_name}》第 {line} 行的编号“{row['entry_no'][:20]}”不是数，这一行被改动过。")
        rows.append({**row, "entry_no": int(row["entry_no"])})
    return rows


def _heads(words: Sequence[Mapping[str, str]]) -> list[str]:
    return [*FIELDS.values(), *(words[0] if words else ())]


def _cells(row: Mapping[str, Any], said: Mapping[str, str]) -> list[str]:
    return [*(str(row[name]) for name in FIELDS), *said.values()]


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell
