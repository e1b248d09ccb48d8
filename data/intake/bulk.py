"""The rows of a table of actuals → reports of units, or every fault with its line; a faulty unit stops no other.

What may stand in a cell is judged by the same rules as a filled form (``data.intake.filled``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from data.intake.bulk_table import EMPTY_CELL, KEY_FIELDS, VALUE_FIELDS, BulkTable
from data.intake.cells import Key
from data.intake.filled import check_source
from data.intake.form import EntryKind, FilledReport, ReportForm
from data.intake.numbers import TypedCell
from data.intake.sheet import same_words

UnitKey = tuple[str, str, str]      # document number, round, unit

MONEY_ROW = 0     # as an indicator's number: the row that carries the money


@dataclass(frozen=True)
class RowFault:
    """Why a row is not taken: a stable code, the place and the sentence."""

    row: int
    code: str
    place: str
    sentence: str


@dataclass(frozen=True)
class UnitRows:
    """The rows of one unit's report, as a source of typed cells; 0 is the row of the money."""

    table: BulkTable
    rows: Mapping[int, int]      # indicator_no → position in the table

    def holds(self, indicator_no: int) -> bool:
        """Whether the file has a row of the indicator."""
        return indicator_no in self.rows

    def cell(self, key: Key) -> TypedCell:
        """A cell as it was typed or written by a machine."""
        name, indicator_no = key
        row = self.rows.get(indicator_no)
        # The row of the money holds nothing but the money; who filled the file in is who imports it.
        if row is None or (indicator_no == MONEY_ROW and name != "paid"):
            return EMPTY_CELL
        return self.table.cell(name, row)

    def place(self, key: Key) -> str:
        """Where the cell stands in the file."""
        name, indicator_no = key
        return self.table.place(name, self.rows.get(indicator_no, 0))


@dataclass(frozen=True)
class Placed:
    """The rows of a file by report, and those that belong to none.

    ``unit_of`` and ``indicator_of`` say of each row where it belongs, as far as that could be read.
    """

    units: dict[UnitKey, dict[int, int]]
    unit_of: list[UnitKey]
    indicator_of: list[int | None]
    faults: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True)
class KnownNames:
    """What the keys of a row are looked up in; ``recipient`` and ``round_of`` give "" for what is not known."""

    document_numbers: frozenset[str]
    round_of: Callable[[str, str], str]
    recipient: Callable[[str], str]
    own_recipient_id: str = ""      # where set, rows of every other unit are refused


def place_rows(table: BulkTable, names: KnownNames) -> Placed:
    """Give every row to its unit's report; a row whose keys are wrong or doubled is a fault."""
    unit_of: list[UnitKey] = []
    indicator_of: list[int | None] = []
    placed = Placed({}, unit_of, indicator_of)
    for row in range(len(table.lines)):
        document, round_text, unit, number = (table.text(name, row) for name in KEY_FIELDS)
        round_id = names.round_of(document, round_text)
        recipient_id = names.recipient(unit)
        indicator_no = _number(number)
        key = (document, round_id or round_text, recipient_id)
        unit_of.append(key)
        indicator_of.append(indicator_no)

        def fault(code: str, name: str, words: str, row: int = row) -> None:
            where = table.place(name, row)
            placed.faults.append(RowFault(row, code, where, f"{where} {words}。"))

        if document not in names.document_numbers:
            fault("unknown-notice", "document_number", f"的文号“{document[:40]}”没有发布过，请核对文号，括号用〔〕")
        elif not round_id:
            fault("unknown-round", "round_id", f"的轮次“{round_text[:20]}”没有开启过，请核对，例如 2021-12")
        if not recipient_id:
            fault("unknown-recipient", "recipient", f"的单位“{unit[:40]}”不在单位名单里，请核对名称或代码")
        elif names.own_recipient_id and recipient_id != names.own_recipient_id:
            fault("other-recipient", "recipient", f"的单位是“{unit[:40]}”，只能导入本单位的数据，请删去该行")
        if indicator_no is None:
            fault("unknown-indicator", "indicator_no", f"的序号“{number[:20]}”不是指标的序号，请填整数")
            continue
        rows = placed.units.setdefault(key, {})
        if indicator_no in rows:
            other = rows[indicator_no]
            fault("duplicate-row", "indicator_no", f"与第{table.lines[other]}行是同一单位的同一指标，请只保留一行")
        else:
            rows[indicator_no] = row
    return placed


def _number(text: str) -> int | None:
    """An indicator's number; 0, also for an empty cell, is the row of the money."""
    if not text:
        return MONEY_ROW
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def check_rows(source: UnitRows, form: ReportForm) -> list[RowFault]:
    """What only a table of many units can have wrong: rows of unknown indicators, values where none is asked for."""
    known = {row.indicator_no: row for row in form.rows}
    table, faults = source.table, []
    for indicator_no, row in source.rows.items():
        def fault(code: str, name: str, words: str, row: int = row) -> None:
            where = table.place(name, row)
            faults.append(RowFault(row, code, where, f"{where} {words}。"))

        asked = known.get(indicator_no)
        if indicator_no == MONEY_ROW:
            for name in _filled(table, row, [name for name in VALUE_FIELDS if name != "paid"]):
                fault("cell-not-asked", name, "不用填：这是全年执行数一行（序号为 0 或空），请补上序号，或清空该单元格")
            continue
        if asked is None:
            fault("unknown-indicator", "indicator_no", f"的序号 {indicator_no} 不是这份文件的指标，请核对")
            continue
        if "name" in table.columns:
            printed = table.text("name", row)
            if printed and not same_words(printed, asked.name):
                fault("indicator-changed", "name", f"的三级指标应为“{asked.name}”，现为“{printed[:40]}”，请核对序号")
        refused = ["paid"] if asked.entry is not EntryKind.FROM_RECEIPT else list(VALUE_FIELDS)
        for name in _filled(table, row, refused):
            words = "全年执行数单独写一行，序号填 0" if name == "paid" else "本指标由收文、导入登记自动计算"
            fault("cell-not-asked", name, f"不用填：{words}，请清空该单元格")
    return faults


def _filled(table: BulkTable, row: int, names: Sequence[str]) -> list[str]:
    return [name for name in names if name in table.columns and not table.cell(name, row).is_empty]


def read_unit(source: UnitRows, form: ReportForm) -> tuple[FilledReport, list[RowFault]]:
    """One unit's report out of its rows, and every fault in them."""
    faults = check_rows(source, form)
    checked = check_source(source, form)
    # A fault of a row that is not there, such as the money's, is told at the unit's first row.
    first = min(source.rows.values())
    faults += [
        RowFault(source.rows.get(issue.key[1], first) if issue.key else first, issue.code, issue.place, issue.sentence)
        for issue in checked.issues
    ]
    return checked.report, faults
