"""A table of printed texts in a .csv file, as rows keyed by its head line."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from pathlib import Path

from data.errors import FileError
from data.files import FileKind, check_file, decode_text

MAX_CSV_ROWS = 200_000


def read_csv_rows(path: Path, required: Collection[str]) -> list[dict[str, str]]:
    """Every row below the head line; values as written, without the spaces around them.

    Shape:  one dictionary per line that holds anything, in the order of the file.
    Empty:  "" for an empty cell.
    Raises: FileError if it is no readable table, a required column is missing, or a row has more cells than
            the head.
    """
    file = check_file(path, kinds=frozenset({FileKind.TEXT}))
    text = decode_text(file.content, file.file_name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[dict[str, str]] = []
    try:
        head = [name.strip() for name in next(reader, [])]
        _check_head(head, required, file.file_name)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(head):
                raise FileError(
                    f"《{file.file_name}》第{reader.line_num}行有 {len(cells)} 格，比表头的 {len(head)} 格多："
                    "单元格内有逗号的，请用引号括起来。"
                )
            if len(rows) == MAX_CSV_ROWS:
                raise FileError(f"《{file.file_name}》超过 {MAX_CSV_ROWS} 行，请拆分后再算。")
            padded = [*cells, *[""] * (len(head) - len(cells))]
            rows.append({name: cell.strip() for name, cell in zip(head, padded, strict=True)})
    except csv.Error as error:
        raise FileError(
            f"《{file.file_name}》第{reader.line_num}行的引号不成对或格式不对，请另存为 CSV（UTF-8）后再试。"
        ) from error
    return rows


def _check_head(head: list[str], required: Collection[str], file_name: str) -> None:
    missing = [name for name in required if name not in head]
    if missing:
        raise FileError(
            f"《{file_name}》首行缺少列 {'、'.join(missing)}：首行应是列名，现在是 {'、'.join(head)[:80] or '空行'}。"
        )
    doubled = sorted({name for name in head if name and head.count(name) > 1})
    if doubled:
        raise FileError(f"《{file_name}》首行的列 {'、'.join(doubled)} 重复，请只留一列。")
