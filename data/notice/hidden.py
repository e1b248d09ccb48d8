"""What a workbook hides from whoever opens it: sheets that are not read, rows and columns that are."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from openpyxl.utils import get_column_letter

MAX_NAMED = 12      # places in one sentence
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HIDDEN = re.compile(rb"""<(?:\w+:)?(?:row|col)\s[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
_SETTING = re.compile(rb"""\b(r|min|max)=["'](\d{1,7})["']""")


def hidden_sheets_sentence(names: Sequence[str]) -> str:
    """That some sheets were passed over."""
    shown = "、".join(f"「{name}」" for name in names[:MAX_NAMED])
    return f"工作表{shown}是隐藏的，没有读，请核对里面有没有要下达的内容。"


def hidden_lines_sentence(sheet_name: str, rows: Sequence[int], columns: Sequence[int]) -> str:
    """That some rows and columns, which nobody sees who opens the sheet, were read all the same."""
    places = [f"第{row}行" for row in rows] + [f"{get_column_letter(column)}列" for column in columns]
    more = f"等 {len(places)} 处" if len(places) > MAX_NAMED else ""
    return f"「{sheet_name}」的{'、'.join(places[:MAX_NAMED])}{more}是隐藏的，已经一并读入，请核对该不该算。"


def hidden_lines(content: bytes) -> dict[str, tuple[set[int], set[int]]]:
    """The hidden rows and columns of each sheet of an .xlsx, by its name, counted from 1.

    Empty:  a sheet without any, or whose part cannot be found, is not in it.
    """
    found: dict[str, tuple[set[int], set[int]]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, part in _sheet_parts(archive):
            rows: set[int] = set()
            columns: set[int] = set()
            for tag in _HIDDEN.findall(archive.read(part)):
                settings = {key: int(number) for key, number in _SETTING.findall(tag)}
                if b"col" in tag[:8]:
                    columns.update(range(settings.get(b"min", 1), min(settings.get(b"max", 0), 16_384) + 1))
                elif b"r" in settings:
                    rows.add(settings[b"r"])
            if rows or columns:
                found[name] = (rows, columns)
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the part that holds it."""
    names = set(archive.namelist())
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        part = posixpath.normpath(posixpath.join("xl", targets.get(sheet.get(_RELATION), ""))).lstrip("/")
        if part in names:
            yield sheet.get("name", ""), part
