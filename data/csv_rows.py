"""A table of printed texts in a .csv file, as rows keyed by its head line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from pathlib import Path

from data.errors import FileError
from data.files import FileKind, check_file, decode_text

MAX_CSV_ROWS = 200_000
# A spreadsheet would take a cell that begins like this for a formula; some do so with the wide signs, too.
FORMULA_HEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("'a"), guarded("轮台县")
    ("'=1+1", "''a", '轮台县')
    """
    return f"'{cell}" if cell.startswith((*FORMULA_HEADS, "'")) else cell


def read_csv_rows(path: Path, required: Collection[str], optional: Collection[str] = ()) -> list[dict[str, str]]:
    """Every row below the head line; values as written, without the spaces around them.

    Shape:  one dictionary per line that holds anything, in the order of the file.
    Empty:  "" for an empty cell.
    Raises: FileError if it is no readable table, a required column is missing, a column is an optional or
            required one misspelt, or a row has more cells than the head.
    """
    file = check_file(path, kinds=frozenset({FileKind.TEXT}))
    text = decode_text(file.content, file.file_name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[dict[str, str]] = []
    try:
        head = [name.strip() for name in next(reader, [])]
        _check_head(head, required, optional, file.file_name)
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


def _check_head(
    head: list[str], required: Collection[str], optional: Collection[str], file_name: str
) -> None:
    known = [*required, *optional]
    # A misspelt column would be passed over in silence, and the row scored without it.
    absent = [name for name in known if name not in head]
    misspelt = [name for name in head if name not in known and any(_is_near(name, other) for other in absent)]
    if misspelt:
        raise FileError(
            f"《{file_name}》首行有看不懂的列 {'、'.join(misspelt)[:80]}："
            f"可用的列名是 {'、'.join(known)}，请改正后再算。"
        )
    missing = [name for name in required if name not in head]
    if missing:
        raise FileError(
            f"《{file_name}》首行缺少列 {'、'.join(missing)}：首行应是列名，现在是 {'、'.join(head)[:80] or '空行'}。"
        )
    doubled = sorted({name for name in head if name and head.count(name) > 1})
    if doubled:
        raise FileError(f"《{file_name}》首行的列 {'、'.join(doubled)} 重复，请只留一列。")


def _is_near(name: str, known: str) -> bool:
    """Whether a column's name differs from a known one by case, signs between words or one letter."""
    ours, theirs = (re.sub(r"[\W_]+", "", text.casefold()) for text in (name, known))
    if ours == theirs:
        return True
    # level1 is no misspelt level2.
    if re.sub(r"\D", "", ours) != re.sub(r"\D", "", theirs) or abs(len(ours) - len(theirs)) > 1:
        return False
    if len(ours) == len(theirs):
        differing = [place for place, sign in enumerate(ours) if sign != theirs[place]]
        swapped = len(differing) == 2 and sorted(ours) == sorted(theirs)
        return len(theirs) > 3 and (len(differing) == 1 or swapped)
    longer, shorter = sorted((ours, theirs), key=len, reverse=True)
    return any(longer[:place] + longer[place + 1:] == shorter for place in range(len(longer)))
