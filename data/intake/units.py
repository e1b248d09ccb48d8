"""The units of a prefecture as a bureau lists them: a table of names in CSV or Excel, every fault at once."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from data.archives import damage_as_file_error
from data.errors import CellIssue, FileError, IntakeError
from data.files import CheckedFile, FileKind, check_file, decode_text
from data.reference import plain_name, resolve_recipient
from data.sheets import check_sheet_area, check_sheet_sizes

COLUMNS = ("单位名称", "简称", "区划代码", "类别")
KINDS = {"县市": "county", "开发区": "development_zone", "州直单位": "institution"}
COLUMNS_SENTENCE = (
    f"第一行是列名 {'、'.join(COLUMNS)}；类别写{'、'.join(KINDS)}之一，简称最多 6 个字，区划代码为 6 位数字，没有的留空"
)
MAX_UNITS = 500
MAX_NAME_LENGTH, MAX_SHORT_NAME_LENGTH = 40, 6


@dataclass(frozen=True)
class ListedUnit:
    """One unit of the list; ``division_code`` is empty where there is none."""

    recipient_id: str
    name: str
    short_name: str
    kind: str
    division_code: str
    display_no: int


def read_units(path: Path) -> tuple[ListedUnit, ...]:
    """The units of a file, in its order, keyed as notices key them.

    Raises: FileError if it is no readable table of these columns; IntakeError with every fault and its row.
    """
    file = check_file(path, kinds=frozenset({FileKind.TEXT, FileKind.XLSX, FileKind.XLS}))
    rows = _sheet_rows(file) if file.kind is not FileKind.TEXT else _csv_rows(file)
    heads, *lines = rows or [[]]
    heads = [plain_name(head) for head in heads]
    missing = [name for name in COLUMNS if name not in heads]
    if missing:
        raise FileError(f"《{file.file_name}》首行缺少列 {'、'.join(missing)}：{COLUMNS_SENTENCE}。")
    doubled = [name for name in COLUMNS if heads.count(name) > 1]
    if doubled:
        raise FileError(f"《{file.file_name}》首行的列 {'、'.join(doubled)} 重复，请只留一列。")
    places = [heads.index(name) for name in COLUMNS]
    filled = [
        (number, [line[place] if place < len(line) else "" for place in places])
        for number, line in enumerate(lines, start=2) if any(cell.strip() for cell in line)
    ]
    if not filled:
        raise FileError(f"《{file.file_name}》里没有单位：{COLUMNS_SENTENCE}。")
    if len(filled) > MAX_UNITS:
        raise FileError(f"《{file.file_name}》有 {len(filled)} 个单位，超过 {MAX_UNITS} 个上限，请核对文件。")
    return _units(file.file_name, filled)


def _units(file_name: str, filled: list[tuple[int, list[str]]]) -> tuple[ListedUnit, ...]:
    units: list[ListedUnit] = []
    issues: list[CellIssue] = []
    seen: dict[str, int] = {}
    for number, cells in filled:
        name, short_name, code, kind = (plain_name(cell) for cell in cells)
        known = resolve_recipient(name)
        key = known.recipient_id if known else name
        faults = _faults(name, short_name, code, kind)
        for what, value in (("单位", key), ("区划代码 ", code)):
            if value and f"{what}{value}" in seen:
                shown = f"单位“{name}”" if what == "单位" else f"区划代码 {code}"
                faults.append(("duplicate", f"{shown}与第 {seen[what + value]} 行重复"))
            elif value:
                seen[what + value] = number
        issues += [CellIssue(fault, f"第 {number} 行", f"第 {number} 行：{sentence}。") for fault, sentence in faults]
        units.append(ListedUnit(
            key, known.name if known else name, short_name or (known.short_name if known else name[:6]),
            KINDS.get(kind, ""), code, len(units) + 1,
        ))
    if issues:
        raise IntakeError(file_name, issues)
    return tuple(units)


def _faults(name: str, short_name: str, code: str, kind: str) -> list[tuple[str, str]]:
    faults = []
    if not name or len(name) > MAX_NAME_LENGTH:
        faults.append(("unit-name", f"单位名称应为 1 至 {MAX_NAME_LENGTH} 个字"))
    if len(short_name) > MAX_SHORT_NAME_LENGTH:
        faults.append(("unit-short-name", f"简称“{short_name[:20]}”超过 {MAX_SHORT_NAME_LENGTH} 个字"))
    if code and not re.fullmatch(r"[0-9]{6}", code):
        faults.append(("division-code", f"区划代码“{code[:20]}”不是 6 位数字，没有代码的请留空"))
    if kind not in KINDS:
        faults.append(("unit-kind", f"类别“{kind[:20]}”不对，应为{'、'.join(KINDS)}之一"))
    return faults


def _csv_rows(file: CheckedFile) -> list[list[str]]:
    text = decode_text(file.content, file.file_name)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise FileError(f"《{file.file_name}》的引号不成对或格式不对，请另存为 CSV（UTF-8）后再试。") from error


def _sheet_rows(file: CheckedFile) -> list[list[str]]:
    """The first sheet; a code that was typed as a number reads without its decimal point."""
    with damage_as_file_error(file.file_name):
        if file.kind is FileKind.XLSX:
            check_sheet_sizes(file.content, file.file_name)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
        sheet = workbook.get_sheet_by_index(0)
        check_sheet_area(sheet.total_height, sheet.total_width, file.file_name, sheet.name)
        return [
            [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell) for cell in row]
            for row in sheet.to_python(skip_empty_area=False)
        ]
