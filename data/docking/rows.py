"""The rows of an export, read in SQL: typed, persons hashed, and every row that cannot be read with its reasons.

Words that few rows share are looked up once each in Python (``lookups``); all else is read by the macros of
``writes/begin_export_words.sql`` for whole columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from data.docking.export_file import StagedExport
from data.docking.lookups import lend_lookups, told_sql, unit_fields
from data.docking.mapping import ExportMapping, PlacedFields
from data.docking.person_key import pads
from data.docking.record_kinds import COLUMNS, HASHING_KINDS, KEYS, LOOKED_UP, READ, TABLES, TEXTS, WORDED
from data.docking.row_faults import PERSONAL, RowScope, holding_sql, numbers_sql, row_faults
from data.reference import payee_words, purpose_words
from data.store import Cursor, StatementError, sql_text

MAX_KEPT_REJECTS = 10_000
LINE, RECORD = "行", "条"


@dataclass(frozen=True)
class ReadRows:
    """What was read of an export into the temporary table ``export_row``: rows, left out as deleted, not readable."""

    row_count: int
    deleted_count: int
    rejected_count: int


def read_rows(
    cursor: Cursor, file: StagedExport, mapping: ExportMapping, placed: PlacedFields, person_key: bytes,
    scope: RowScope,
) -> str:
    """Read every row into ``export_row``, with ``fault_text`` where it cannot be taken.

    What its line_no counts: 行, the lines of the file, or 条, its rows where only they are sure (a cell holds a
    line break). Nothing is written but tables of the cursor's own.

    Raises: FileError if the file is no table of as many columns as its head line.
    """
    kind = mapping.record_kind
    file.lend(cursor)
    cursor.run(sql_text("data", "writes/begin_export_words"))
    try:
        lend_lookups(cursor, file, mapping, placed)
        cursor.run(
            f"CREATE OR REPLACE TEMP TABLE export_row AS {_typed_sql(file, mapping, placed, scope)}",
            pads(person_key) if kind in HASHING_KINDS else {},
        )
    except StatementError as error:
        raise file.broken(error) from error
    row_word = LINE
    if not file.has_sure_lines(cursor.rows("SELECT COUNT(*) AS n FROM export_row")[0]["n"]):
        row_word = RECORD
        cursor.run(sql_text("data", "writes/count_export_rows"))
    cursor.delete("export_row", "is_blank", True)
    if kind in KEYS:
        cursor.run(_of_kind(sql_text("data", "writes/mark_doubled_rows"), kind), {"row_word": row_word})
    return row_word


def mark_held_rows(cursor: Cursor, mapping: ExportMapping, ended: Iterable[int]) -> None:
    """Refuse each row of ``export_row`` whose key another export that holds has already.

    ``ended`` are the exports that this one replaces: their keys may come again.
    """
    kind = mapping.record_kind
    if kind in KEYS:
        cursor.lend("lent_ended_export", pa.table({"export_no": pa.array(list(ended), pa.int64())}))
        cursor.run(_of_kind(sql_text("data", "writes/mark_held_rows"), kind), {
            "system_name": mapping.system_name, "record_kind": kind,
        })


def count_rows(cursor: Cursor) -> ReadRows:
    """How many rows of ``export_row`` can be taken as it stands."""
    return ReadRows(**cursor.rows(sql_text("data", "queries/export_row_counts"))[0])


def keep_rows(cursor: Cursor, kind: str, export_no: int) -> None:
    """Write the rows that could be read into their table."""
    columns = ", ".join(COLUMNS[kind])
    cursor.run(
        f"INSERT INTO {TABLES[kind]} (export_no, line_no, {columns}) "
        f"SELECT $export_no, line_no, {columns} FROM export_row WHERE fault_text = '' AND NOT is_deleted "
        "ORDER BY line_no",
        {"export_no": export_no},
    )


def rejected_rows(cursor: Cursor, row_word: str, most: int) -> list[dict[str, Any]]:
    """The first rows that could not be taken: line_no, fault_code, place_text, sentence_text."""
    rejects = []
    for row in cursor.rows(sql_text("data", "queries/export_rejects"), {"most": most}):
        place = f"第{row['line_no']}{row_word}"
        rejects.append({
            "line_no": row["line_no"], "fault_code": row["fault_code"], "place_text": place,
            "sentence_text": f"{place}：{row['fault_text']}，请在导出系统中更正后重新导出。",
        })
    return rejects


def _of_kind(sql: str, kind: str) -> str:
    """A statement about rows that are known by a key, for one kind of them."""
    return sql.replace("row_key", KEYS[kind]).replace("docked_table", TABLES[kind])


def _typed_sql(file: StagedExport, mapping: ExportMapping, placed: PlacedFields, scope: RowScope) -> str:
    """One SELECT over the file: line_no, the table's columns, is_deleted, is_blank, fault_code and fault_text."""
    kind, places = mapping.record_kind, placed.places
    factors = {field.name: 10_000 if field.unit_text == "万元" else 1 for field in mapping.fields}
    worded = [field for field in (*LOOKED_UP, *WORDED) if field in places]
    unit_cell = " || '|' || ".join(f"{name}_cell" for name in unit_fields(places))
    values = {
        "recipient_id": "told_unit.told", **{field: f"told_{field}.told" for field in worded},
        **{field: read.format(c=f"{field}_cell", f=factors[field]) for field, read in READ.items() if field in places},
        **_of_persons(places),
    }
    columns = {name: values.get(name, empty) for name, empty in COLUMNS[kind].items()}
    deleted = "COALESCE(told_is_deleted.told = '1', FALSE)" if "is_deleted" in places else "FALSE"
    kept = [field for field in (*TEXTS, *LOOKED_UP) if field in places]
    # What a word of few has in it is found once for the word, not for each row.
    joins = " ".join(
        f"LEFT JOIN {numbers_sql(told_sql(field), {field: 'cell'}, scope) if field in LOOKED_UP else told_sql(field)} "
        f"AS told_{field} ON told_{field}.cell = {field}_cell" for field in worded
    )
    # Read once and used several times.
    once = [f"bare({field}_cell) AS {field}_bare" for field in PERSONAL if field in places]
    if "person_no" in places:
        once.append("person_no_of(person_no_cell) AS person_words")
    if "payee_name" in places:
        once.append(f"{_last_word_in(_PAYEE_NAME, [item.word for item in payee_words()])} AS payee_word")
    rows = f"(SELECT {', '.join(('*', *once))} FROM ({file.cells_sql(places)}))"
    if "person_no" in places:
        rows = f"(SELECT *, TRY_CAST(LEFT(person_words, 17) AS BIGINT) AS person_digits FROM {rows})"
    rows = numbers_sql(rows, {field: f"{field}_cell" for field in kept if field not in LOOKED_UP}, scope)
    cells = [f"{field}_cell" for field in places]
    holding = {f"{field}_holds": holding_sql(field, places, scope) for field in kept}
    told = {f"{field}_told": f"told_{field}.told" for field in worded}
    marks = {"is_deleted": deleted, "is_blank": f"CONCAT({', '.join(cells)}) = ''"}
    selected = (columns | told | holding | marks).items()
    typed = (
        f"SELECT line_no, {', '.join(f'{value} AS {name}' for name, value in selected)}, "
        f"{', '.join(cells)} FROM {rows} "
        f"LEFT JOIN {told_sql('unit')} AS told_unit ON told_unit.cell = {unit_cell} {joins}"
    )
    faults = list(row_faults(mapping, places, worded, scope))
    fault_code = " ".join(f"WHEN {test} THEN '{code}'" for code, test, _ in faults)
    fault_text = ", ".join(f"CASE WHEN {test} THEN '{words}' END" for _, test, words in faults)
    return (
        f"SELECT * EXCLUDE ({', '.join((*cells, *told, *holding))}), "
        f"COALESCE(CASE {fault_code} END, '') AS fault_code, CONCAT_WS('；', {fault_text}) AS fault_text FROM ({typed})"
    )


def _of_persons(places: Mapping[str, int]) -> dict[str, str]:
    """The columns that stand for persons: hashes and classes, never the words themselves."""
    def hashed(cell: str) -> str:
        return f"hashed({cell}, $inner_pad, $outer_pad)"

    values: dict[str, str] = {}
    if "person_no" in places:
        values |= {
            "person_hash": hashed("person_words"), "is_person_no_valid": "is_person_no(person_words, person_digits)",
        }
    for field in ("account_no", "payee_account"):
        if field in places:
            values["account_hash"] = hashed(f"{field}_bare")
    if "payee_name" in places:
        kinds = " ".join(f"WHEN '{item.word}' THEN '{item.payee_kind}'" for item in payee_words())
        own = "OR payee_name_cell = unit_name_cell" if "unit_name" in places else ""
        values["payee_kind"] = (
            f"CASE WHEN payee_name_cell = '' THEN '' WHEN payee_word <> '' THEN CASE payee_word {kinds} END "
            f"WHEN FALSE {own} THEN 'agency' WHEN REGEXP_MATCHES({_PAYEE_NAME}, '{_PERSON_NAME}') THEN 'person' "
            "ELSE 'unknown' END"
        )
        values["payee_text"] = "payee_word"
        values["payee_hash"] = hashed("payee_name_cell")
    if "purpose" in places:
        harmless = _either(phrase for item in purpose_words() for phrase in item.harmless_in)
        doubtful = f"REGEXP_REPLACE(purpose_cell, '{harmless}', ' ', 'g')"
        values["purpose_word"] = f"REGEXP_EXTRACT({doubtful}, '{_either(item.word for item in purpose_words())}')"
        values["has_purpose"] = "REGEXP_MATCHES(purpose_cell, '[一-龥]')"
    return values


_PAYEE_NAME = "REPLACE(REPLACE(payee_name_cell, ' ', ''), '　', '')"
# 2 to 4 signs, or parts joined by a dot: 买买提·艾力. Only a name that looks like a person's is taken for one.
_PERSON_NAME = r"^(?:\p{Han}{2,4}|\p{Han}{1,8}(?:[·•・‧∙．.]\p{Han}{1,8}){1,2})$"


def _last_word_in(name: str, words: Sequence[str]) -> str:
    """SQL for the word that a name ends in, or that stands nearest to its end; of two that end there, the longer.

    The end says what something is: 民政局敬老院 is a home, 敬老院 no 院, and 银行股份有限公司 a bank. A word of one
    sign does not count in a name of two: 王站 is a person.
    """
    def found(some: Iterable[str]) -> str:
        backwards = _either(word[::-1] for word in sorted(some, key=len, reverse=True))
        return f"REVERSE(REGEXP_EXTRACT(REVERSE({name}), '{backwards}'))"

    longer = [word for word in words if len(word) > 1]
    return f"(CASE WHEN LENGTH({name}) > 2 THEN {found(words)} ELSE {found(longer)} END)"


def _either(words: Iterable[str]) -> str:
    """A pattern of words; none of them holds a sign with a meaning."""
    return "|".join(re.escape(word) for word in words)
