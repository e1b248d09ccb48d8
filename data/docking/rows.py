"""The rows of an export, read in SQL: typed, persons hashed, and every row that cannot be read with its reasons.

Words that few rows share (units, document numbers, accounts, states) are looked up once each in Python; all else is
read by the macros of ``writes/begin_export_words.sql`` for whole columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from data.docking.export_file import LOST_DIGITS, StagedExport, broken_line
from data.docking.mapping import ExportMapping, PlacedFields, even
from data.docking.person_key import pads
from data.document_number import normalise
from data.errors import FileError
from data.reference import direct_fund_markers, payee_words, plain_name, purpose_words, resolve_recipient
from data.store import Cursor, StatementError, sql_text

MAX_KEPT_REJECTS = 10_000
MAX_COMBINATIONS = 50_000      # of words that few rows share
TABLES = {
    "allotment": "allotment", "payment": "payment", "payout": "payout", "standard": "benefit_standard",
    "stop": "payout_stop",
}
# What a whole export says of its units, whatever the period: a newer one takes its place.
FULL_STATES = frozenset({"allotment", "standard", "stop"})
# What a row is known by; no two rows of the current exports of a system may share it.
KEYS = {"allotment": "allotment_key", "payment": "payment_key", "payout": "payout_key"}

# How each field is read: the SQL of its value, where {c} is its trimmed cell and {f} the money's factor.
_LOOKED_UP = ("document_number", "upper_document_number", "budget_item_code", "marker_text")
_TEXTS = ("allotment_key", "payment_key", "payout_key", "voucher_no")
_READ = {
    **dict.fromkeys(_TEXTS, "LEFT(plain({c}), 60)"),
    "fiscal_year": "year_of({c})", "dated_on": "day_of({c})", "registered_on": "day_of({c})",
    "paid_on": "day_of({c})", "from_on": "day_of({c})", "stopped_on": "day_of({c})", "pay_month": "month_of({c})",
    "amount_yuan": "yuan_of({c}, {f})", "standard_yuan": "yuan_of({c}, {f})",
}
# The columns of each table beside export_no and line_no, and what stands there where the file has no such column.
_COLUMNS: dict[str, dict[str, str]] = {
    "allotment": {
        "allotment_key": "''", "document_number": "''", "upper_document_number": "''", "fiscal_year": "NULL",
        "dated_on": "NULL", "registered_on": "NULL", "recipient_id": "''", "budget_item_code": "''",
        "marker_text": "''", "amount_yuan": "NULL",
    },
    "payment": {
        "payment_key": "''", "voucher_no": "''", "allotment_key": "''", "document_number": "''",
        "fiscal_year": "NULL", "recipient_id": "''", "budget_item_code": "''", "marker_text": "''", "paid_on": "NULL",
        "amount_yuan": "NULL", "payee_kind": "''", "payee_text": "''", "payee_hash": "NULL", "account_hash": "NULL",
        "purpose_word": "''", "has_purpose": "FALSE",
    },
    "payout": {
        "payout_key": "''", "payment_key": "''", "document_number": "''", "recipient_id": "''",
        "budget_item_code": "''", "marker_text": "''", "aid_kind": "''", "pay_month": "NULL", "paid_on": "NULL",
        "amount_yuan": "NULL", "person_hash": "NULL", "is_person_no_valid": "FALSE", "account_hash": "NULL",
        "channel": "''", "payout_state": "''",
    },
    "standard": {
        "recipient_id": "''", "aid_kind": "''", "from_on": "NULL", "standard_yuan": "NULL", "is_fixed": "'0'",
    },
    "stop": {
        "recipient_id": "''", "person_hash": "NULL", "aid_kind": "''", "stopped_on": "NULL", "stop_word": "''",
    },
}
HASHING_KINDS = ("payment", "payout", "stop")
# Fields that a row is nothing without.
_ESSENTIAL = {
    "allotment": ("allotment_key", "fiscal_year", "amount_yuan"),
    "payment": ("payment_key", "paid_on", "amount_yuan"),
    "payout": ("payout_key", "aid_kind", "pay_month", "amount_yuan", "payout_state"),
    "standard": ("aid_kind", "from_on", "standard_yuan", "is_fixed"),
    "stop": ("person_no", "stopped_on", "stop_word"),
}
_DAY_OF_PERIOD = {"payment": "paid_on", "payout": "COALESCE(paid_on, pay_month)"}
_LONG_NUMBER = re.compile(r"\d{11,}")


@dataclass(frozen=True)
class RowScope:
    """Which rows an export may hold: of one unit or all (empty), of which days."""

    recipient_id: str
    period_from_on: date
    period_to_on: date


@dataclass(frozen=True)
class ReadRows:
    """What was read of an export into the temporary table ``export_row``: rows, left out as deleted, not readable."""

    row_count: int
    deleted_count: int
    rejected_count: int


def read_rows(
    cursor: Cursor, file: StagedExport, mapping: ExportMapping, placed: PlacedFields, person_key: bytes,
    scope: RowScope, ended: Iterable[int] = (),
) -> ReadRows:
    """Read every row into ``export_row``, with ``fault_text`` where it cannot be taken.

    ``ended`` are the exports that this one replaces: their keys may come again.

    Raises: FileError if the file is no table of as many columns as its head line.
    """
    kind = mapping.record_kind
    file.lend(cursor)
    cursor.run(sql_text("data", "writes/begin_export_words"))
    try:
        _lend_lookups(cursor, file, mapping, placed)
        cursor.run(
            f"CREATE OR REPLACE TEMP TABLE export_row AS {_typed_sql(file, mapping, placed, scope)}",
            pads(person_key) if kind in HASHING_KINDS else {},
        )
    except StatementError as error:
        raise FileError(
            f"《{file.file_name}》{broken_line(error)}的格数与首行不同，或引号不成对："
            "单元格内有逗号的请用引号括起来，重新导出后再上传。"
        ) from error
    # Rows keep the order of the file, so a row's place in the table is its line.
    cursor.run(sql_text("data", "writes/number_export_rows"), {"first_line": file.first_line})
    cursor.delete("export_row", "is_blank", True)
    if kind in KEYS:
        cursor.lend("lent_ended_export", pa.table({"export_no": pa.array(list(ended), pa.int64())}))
        cursor.run(_doubled_sql(kind), {"system_name": mapping.system_name, "record_kind": kind})
    return ReadRows(**cursor.rows(sql_text("data", "queries/export_row_counts"))[0])


def keep_rows(cursor: Cursor, kind: str, export_no: int) -> None:
    """Write the rows that could be read into their table."""
    columns = ", ".join(_COLUMNS[kind])
    cursor.run(
        f"INSERT INTO {TABLES[kind]} (export_no, line_no, {columns}) "
        f"SELECT $export_no, line_no, {columns} FROM export_row WHERE fault_text = '' AND NOT is_deleted "
        "ORDER BY line_no",
        {"export_no": export_no},
    )


def rejected_rows(cursor: Cursor, file: StagedExport, row_count: int, most: int) -> list[dict[str, Any]]:
    """The first rows that could not be taken: line_no, fault_code, place_text, sentence_text."""
    rejects = []
    for row in cursor.rows(sql_text("data", "queries/export_rejects"), {"most": most}):
        place = file.place_of(row["line_no"], row_count)
        rejects.append({
            "line_no": row["line_no"], "fault_code": row["fault_code"], "place_text": place,
            "sentence_text": f"{place}：{row['fault_text']}，请在导出系统中更正后重新导出。",
        })
    return rejects


def _cells_sql(file: StagedExport, fields: Mapping[str, int]) -> str:
    """The file's cells by field, as they stand, in the order of the file."""
    columns = ", ".join(f"COALESCE(c{place}, '') AS {name}_cell" for name, place in fields.items())
    return f"SELECT {columns} FROM ({file.source_sql})"


def _lend_lookups(cursor: Cursor, file: StagedExport, mapping: ExportMapping, placed: PlacedFields) -> None:
    """Look each word that few rows share up once: relations told_<field> of cell → value, NULL if it is unknown.

    Raises: FileError if they are not few: then a column stands under a wrong head.
    """
    units = [name for name in ("unit_name", "division_code") if name in placed.places]
    readers: dict[str, Callable[[str], str | None]] = {
        "document_number": _document_number, "upper_document_number": _document_number,
        "budget_item_code": _budget_item, "marker_text": _marker(),
        **{field: _word(found) for field, found in mapping.words.items()},
    }
    fields = [*units, *(field for field in readers if field in placed.places)]
    cells = _cells_sql(file, {field: placed.places[field] for field in fields})
    found = cursor.rows(f"SELECT DISTINCT * FROM ({cells}) LIMIT {MAX_COMBINATIONS + 1}")
    if len(found) > MAX_COMBINATIONS:
        raise FileError(
            f"《{file.file_name}》的单位、文号、科目、状态等列里不同的写法太多（超过 {MAX_COMBINATIONS:,} 种），"
            "像是列名与内容错位，请核对首行后重新导出。"
        )
    for field in fields[len(units):]:
        told = dict.fromkeys(row[f"{field}_cell"] for row in found)
        _lend_told(cursor, field, [{"cell": cell, "told": readers[field](_plain(cell))} for cell in told])
    known = _units(cursor)
    pairs = dict.fromkeys(tuple(row[f"{name}_cell"] for name in units) for row in found)
    _lend_told(cursor, "unit", [
        {"cell": "|".join(pair), "told": known(dict(zip(units, map(_plain, pair), strict=True)))} for pair in pairs
    ])


def _lend_told(cursor: Cursor, field: str, rows: list[dict[str, str | None]]) -> None:
    cursor.lend(f"told_{field}", pa.Table.from_pylist(rows, schema=pa.schema([
        ("cell", pa.string()), ("told", pa.string()),
    ])))


def _plain(cell: str) -> str:
    return cell.strip(" \t\u00a0\u3000'")


def _document_number(cell: str) -> str | None:
    """A document number as all are written here; what is none stays as it is, for a check to name."""
    try:
        return normalise(cell) if cell else ""
    except ValueError:
        return _harmless(cell)


def _budget_item(cell: str) -> str | None:
    code = cell.removesuffix(".0")
    return code if re.fullmatch(r"\d{0,12}", code) else None


def _marker() -> Callable[[str], str | None]:
    printed = {even(word): marker.printed for marker in direct_fund_markers()
               for word in (marker.code, marker.name, marker.printed)}

    def read(cell: str) -> str | None:
        return printed.get(even(cell)) or _harmless(cell)

    return read


def _word(found: Mapping[str, str]) -> Callable[[str], str | None]:
    values = {even(word): value for word, value in found.items()}
    return lambda cell: values.get(even(cell)) if cell else ""


def _harmless(cell: str) -> str | None:
    """Words that may be kept: a column in the wrong place could hold people's numbers."""
    return None if _LONG_NUMBER.search(cell) or len(cell) > 40 else cell


def _units(cursor: Cursor) -> Callable[[Mapping[str, str]], str | None]:
    """Which unit a name or a division code means; a name goes before, for institutions share the prefecture's code."""
    rows = cursor.rows(sql_text("data", "queries/recipients"))
    by_name = {plain_name(row[name]): row["recipient_id"] for row in rows for name in ("recipient_name", "short_name")}
    by_code = {row["division_code"]: row["recipient_id"] for row in rows if row["division_code"]}
    held = {row["recipient_id"] for row in rows}

    def find(cells: Mapping[str, str]) -> str | None:
        unit_name = cells.get("unit_name", "")
        unit = by_name.get(plain_name(unit_name))
        if unit is None and unit_name:
            told = resolve_recipient(unit_name)
            unit = told.recipient_id if told and told.recipient_id in held else None
        code = cells.get("division_code", "").removesuffix(".0")
        if unit is None and re.fullmatch(r"\d{6}(000)?", code):
            unit = by_code.get(code[:6])
        return unit

    return find


def _typed_sql(file: StagedExport, mapping: ExportMapping, placed: PlacedFields, scope: RowScope) -> str:
    """One SELECT over the file: every column of the table, is_deleted, is_blank, fault_code and fault_text."""
    kind, places = mapping.record_kind, placed.places
    units = {field.name: 10_000 if field.unit_text == "万元" else 1 for field in mapping.fields}
    worded = [field for field in (*_LOOKED_UP, *mapping.words) if field in places]
    unit_cell = " || '|' || ".join(f"{name}_cell" for name in ("unit_name", "division_code") if name in places)
    values = {
        "recipient_id": "told_unit.told", **{field: f"told_{field}.told" for field in worded},
        **{field: read.format(c=f"{field}_cell", f=units[field]) for field, read in _READ.items() if field in places},
        **_of_persons(places),
    }
    columns = {name: values.get(name, empty) for name, empty in _COLUMNS[kind].items()}
    deleted = "COALESCE(told_is_deleted.told = '1', FALSE)" if "is_deleted" in places else "FALSE"
    joins = " ".join(f"LEFT JOIN told_{field} ON told_{field}.cell = {field}_cell" for field in worded)
    # Read once and used several times.
    person = ""
    if "person_no" in places:
        number = "person_no_of(person_no_cell)"
        person = f", {number} AS person_words, TRY_CAST(LEFT({number}, 17) AS BIGINT) AS person_digits"
    kept_cells = ", ".join(f"{field}_cell" for field in places)
    typed = (
        f"SELECT {', '.join(f'{value} AS {name}' for name, value in columns.items())}, {deleted} AS is_deleted, "
        f"CONCAT({kept_cells}) = '' AS is_blank, {kept_cells} "
        f"FROM (SELECT *{person} FROM ({_cells_sql(file, places)})) "
        f"LEFT JOIN told_unit ON told_unit.cell = {unit_cell} {joins}"
    )
    faults = list(_faults(mapping, places, worded, scope))
    fault_code = " ".join(f"WHEN {test} THEN '{code}'" for code, test, _ in faults)
    fault_text = ", ".join(f"CASE WHEN {test} THEN '{words}' END" for _, test, words in faults)
    return (
        f"SELECT * EXCLUDE ({kept_cells}), COALESCE(CASE {fault_code} END, '') AS fault_code, "
        f"CONCAT_WS('；', {fault_text}) AS fault_text, CAST(0 AS BIGINT) AS line_no FROM ({typed})"
    )


def _faults(
    mapping: ExportMapping, places: Mapping[str, int], worded: Sequence[str], scope: RowScope
) -> Iterator[tuple[str, str, str]]:
    """What may be wrong with a row: code, the SQL that finds it, and the words; none repeats what a cell holds."""
    kind = mapping.record_kind
    titles = {field.name: field.heads[-1] for field in mapping.fields}
    yield "unknown-unit", "recipient_id IS NULL", "单位名称和区划代码都对不上已有的单位"
    for field in dict.fromkeys((*_ESSENTIAL[kind], *_READ, *worded)):
        cell, title = f"{field}_cell", titles.get(field, "")
        if field not in places:
            continue
        if field in _ESSENTIAL[kind]:
            yield "missing-value", f"{cell} = ''", f"没有填“{title}”"
        if field in worded and field in _COLUMNS[kind]:
            yield "unknown-word", f"{cell} <> '' AND {field} IS NULL", f"“{title}”的写法不认识"
        elif field in _TEXTS:
            yield "person-in-key", _holds_person(cell, places, scope), f"“{title}”里有姓名、证件号码或账号"
        elif field in _READ:
            reader = _READ[field].partition("_of")[0]
            yield f"wrong-{reader}", f"{cell} <> '' AND {field} IS NULL", f"“{title}”{_WRONG[reader]}"
        if field in _LOOKED_UP:
            test = f"{field} IS NOT NULL AND ({_holds_person(cell, places, scope)})"
            yield "person-in-key", test, f"“{title}”里有姓名、证件号码或账号"
    for field in ("person_no", "account_no", "payee_account"):
        if field in places:
            yield "lost-digits", f"STARTS_WITH({field}_cell, '{LOST_DIGITS}')", (
                f"“{titles[field]}”被表格软件存成了数字，末几位已经丢失"
            )
    if scope.recipient_id:
        yield "other-unit", f"recipient_id <> '{scope.recipient_id}'", "不是本次导出的单位"
    if kind in _DAY_OF_PERIOD:
        period = f"DATE '{scope.period_from_on}' AND DATE '{scope.period_to_on}'"
        yield "outside-period", f"{_DAY_OF_PERIOD[kind]} NOT BETWEEN {period}", "日期不在本次导出的期间内"


def _holds_person(cell: str, places: Mapping[str, int], scope: RowScope) -> str:
    """Whether a text that is kept holds what must not be kept: a cell of the row that names a person, or any number.

    A key made of division, day and serial has the form of a person's number; its day is no birthday of years ago.
    """
    fields = ("person_no", "account_no", "payee_account", "person_name", "payee_name")
    personal = [f"{name}_cell" for name in fields if name in places]
    number = f"REGEXP_EXTRACT({cell}, '{_PERSON_NUMBER}')"
    return " OR ".join((
        *(f"(LENGTH({other}) > 1 AND CONTAINS({cell}, {other}))" for other in personal),
        f"(LENGTH({cell}) >= 18 AND SUBSTR({number}, 7, 4) < '{scope.period_from_on.year - _OLDEST_KEY_YEARS}' "
        f"AND is_person_no({number}, TRY_CAST(LEFT({number}, 17) AS BIGINT)))",
    ))


_PERSON_NUMBER = "[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
_OLDEST_KEY_YEARS = 3


_WRONG = {"day": "不是日期", "month": "不是年月", "year": "不是年份", "yuan": "不是金额，或不是整数分"}


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
            values["account_hash"] = hashed(f"REPLACE(plain({field}_cell), ' ', '')")
    if "payee_name" in places:
        word = f"REGEXP_EXTRACT(payee_name_cell, '{_either(item.word for item in payee_words())}')"
        kinds = " ".join(f"WHEN '{item.word}' THEN '{item.payee_kind}'" for item in payee_words())
        own = "OR payee_name_cell = unit_name_cell" if "unit_name" in places else ""
        values["payee_kind"] = (
            f"CASE WHEN payee_name_cell = '' THEN '' WHEN {word} <> '' THEN CASE {word} {kinds} END "
            f"WHEN FALSE {own} THEN 'agency' ELSE 'person' END"
        )
        values["payee_text"] = word
        values["payee_hash"] = hashed("plain(payee_name_cell)")
    if "purpose" in places:
        harmless = _either(phrase for item in purpose_words() for phrase in item.harmless_in)
        doubtful = f"REGEXP_REPLACE(purpose_cell, '{harmless}', ' ', 'g')"
        values["purpose_word"] = f"REGEXP_EXTRACT({doubtful}, '{_either(item.word for item in purpose_words())}')"
        values["has_purpose"] = "REGEXP_MATCHES(purpose_cell, '[一-龥]')"
    return values


def _either(words: Iterable[str]) -> str:
    """A pattern of words; none of them holds a sign with a meaning."""
    return "|".join(re.escape(word) for word in words)


def _doubled_sql(kind: str) -> str:
    """Mark rows whose key came before, in this file or in another export that holds."""
    text = sql_text("data", "writes/mark_doubled_rows")
    return text.replace("row_key", KEYS[kind]).replace("docked_table", TABLES[kind])
