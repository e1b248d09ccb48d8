"""How a system's export is read: which head means which field, in which unit, and what its words are called here."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from data.docking.person_words import shown_name
from data.errors import CellIssue, FileError, IntakeError
from data.store import Cursor, sql_text

SYSTEMS = {"integrated": "一体化系统", "monitoring": "监控系统"}
RECORD_KINDS = {
    # 指标信息 alone would be taken for performance indicators.
    "allotment": "预算指标信息", "payment": "支付信息", "payout": "发放信息", "standard": "救助标准",
    "stop": "停发名单",
}
# Without one of these a row belongs to no unit.
UNIT_FIELDS = ("unit_name", "division_code")
SHIPPED = "程序自带"


@dataclass(frozen=True)
class ExportField:
    """A field of an export: the heads it may stand under, the best first; ``unit_text`` is 元, 万元 or empty."""

    name: str
    heads: tuple[str, ...]
    unit_text: str
    is_required: bool


@dataclass(frozen=True)
class ExportMapping:
    """One version of how one kind of export of one system is read.

    ``words`` maps each field that holds words to what each word is called here.
    """

    key: str
    version: int
    system_name: str
    record_kind: str
    fields: tuple[ExportField, ...]
    words: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class PlacedFields:
    """Where each field stands in a file: its column's position; ``ignored`` are heads that nothing is read from."""

    places: Mapping[str, int]
    ignored: tuple[str, ...]


def export_title(system_name: str, record_kind: str) -> str:
    """What people call an export.

    >>> export_title("integrated", "payment")
    '一体化系统支付信息'
    """
    return f"{SYSTEMS[system_name]}{RECORD_KINDS[record_kind]}"


def even(words: object) -> str:
    """A head or word without spaces, width and case.

    >>> even(" Bgt_Id　")
    'bgt_id'
    """
    return "".join(unicodedata.normalize("NFKC", str(words)).casefold().split())


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("data").joinpath("docking", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def build_mapping(fields: Sequence[Mapping[str, Any]], words: Iterable[Mapping[str, Any]]) -> ExportMapping:
    """A mapping out of its rows: one per field and head, one per field and word."""
    first = fields[0]
    heads: dict[str, list[str]] = {}
    for row in fields:
        heads.setdefault(row["field_name"], []).append(row["head_text"])
    of_field = {row["field_name"]: row for row in reversed(fields)}
    told: dict[str, dict[str, str]] = {}
    for row in words:
        told.setdefault(row["field_name"], {})[row["word_text"]] = row["value_text"]
    return ExportMapping(
        first["mapping_key"], int(first["mapping_version"]), first["system_name"], first["record_kind"],
        tuple(
            ExportField(name, tuple(found), of_field[name]["unit_text"], bool(int(of_field[name]["is_required"])))
            for name, found in heads.items()
        ),
        told,
    )


@lru_cache(maxsize=1)
def shipped_mappings() -> dict[str, ExportMapping]:
    """The mappings that the program brings along, by their keys."""
    fields, words = _table("mappings"), _table("words")
    return {
        key: build_mapping(
            [row for row in fields if row["mapping_key"] == key], [row for row in words if row["mapping_key"] == key]
        )
        for key in dict.fromkeys(row["mapping_key"] for row in fields)
    }


def keep_shipped_mappings(cursor: Cursor) -> None:
    """Write the shipped mappings into a store that lacks them; versions are only ever added."""
    held = {row["mapping_key"] for row in cursor.rows(sql_text("data", "queries/docking_versions"))}
    for key, mapping in shipped_mappings().items():
        if key not in held:
            keep_mapping(cursor, mapping, datetime(2021, 1, 1), SHIPPED, SHIPPED, "程序自带的对照表")


def keep_mapping(
    cursor: Cursor, mapping: ExportMapping, at: datetime, actor_name: str, source: str, reason: str
) -> None:
    """Write a version of a mapping."""
    key = {"mapping_key": mapping.key, "mapping_version": mapping.version}
    cursor.insert("docking_version", [{
        **key, "system_name": mapping.system_name, "record_kind": mapping.record_kind, "source_text": source,
        "change_reason": reason, "adopted_at": at, "adopted_by": actor_name,
    }])
    cursor.insert("docking_field", [
        {**key, "field_name": field.name, "head_text": head, "unit_text": field.unit_text,
         "is_required": field.is_required}
        for field in mapping.fields for head in field.heads
    ])
    cursor.insert("docking_word", [
        {**key, "field_name": name, "word_text": word, "value_text": value}
        for name, words in mapping.words.items() for word, value in words.items()
    ])


def mapping_in_force(cursor: Cursor, system_name: str, record_kind: str) -> ExportMapping:
    """The newest version of how a kind of export is read; the shipped one where the store holds none yet.

    Raises: FileError if the system has no such export.
    """
    key = f"{system_name}-{record_kind}"
    fields = cursor.rows(sql_text("data", "queries/docking_fields"), {"mapping_key": key})
    if fields:
        return build_mapping(fields, cursor.rows(sql_text("data", "queries/docking_words"), {"mapping_key": key}))
    if key not in shipped_mappings():
        raise FileError(
            f"{SYSTEMS.get(system_name, system_name)}没有“{RECORD_KINDS.get(record_kind, record_kind)}”这种导出，"
            "请重新选择来源系统和数据类别。"
        )
    return shipped_mappings()[key]


def place_fields(mapping: ExportMapping, heads: Sequence[object], file_name: str) -> PlacedFields:
    """Find the columns of a file's head line; of several heads of one field the best one counts.

    Raises: IntakeError with every required field that is missing and every head that stands twice.
    """
    issues: list[CellIssue] = []
    columns: dict[str, int] = {}
    for place, words in enumerate(heads):
        head = even(words)
        if head and head in columns:
            issues.append(CellIssue(
                # Never its words: a file without heads begins with a person.
                "duplicate-column", "首行", f"首行第{place + 1}列与第{columns[head] + 1}列的列名相同，请只留一列。"
            ))
        columns.setdefault(head, place)
    places = {}
    for field in mapping.fields:
        found = next((columns[even(head)] for head in field.heads if even(head) in columns), None)
        if found is not None:
            places[field.name] = found
        elif field.is_required:
            issues.append(_missing(mapping, field.heads))
    if not any(name in places for name in UNIT_FIELDS):
        issues.append(_missing(mapping, [field.heads[0] for field in mapping.fields if field.name in UNIT_FIELDS]))
    if issues:
        raise IntakeError(file_name, issues)
    used = set(places.values())
    ignored = (str(head).strip() for place, head in enumerate(heads) if place not in used)
    return PlacedFields(places, tuple(shown_name(head) for head in ignored if head))


def _missing(mapping: ExportMapping, heads: Sequence[str]) -> CellIssue:
    title = export_title(mapping.system_name, mapping.record_kind)
    return CellIssue(
        "missing-column", "首行",
        f"首行缺少“{'”或“'.join(heads)}”一列。请核对是不是{title}的导出；列名不同的，请在“系统对接”的对照表中补上。",
    )


def guess_mapping(mappings: Iterable[ExportMapping], heads: Sequence[object]) -> ExportMapping | None:
    """The mapping that most heads of a file belong to, all required ones among them; None if none fits."""
    best: tuple[int, ExportMapping] | None = None
    for mapping in mappings:
        try:
            count = len(place_fields(mapping, heads, "").places)
        except IntakeError:
            continue
        if best is None or count > best[0]:
            best = (count, mapping)
    return best[1] if best else None
