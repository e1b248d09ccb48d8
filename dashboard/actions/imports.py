"""Bulk import: the actuals of many units from one file, each unit's as a new version of its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from dashboard.actions.received_files import keep_file
from dashboard.actions.report_events import require_open
from dashboard.actions.reports import read_forms
from dashboard.rights import OWN, reach, require
from data.apart import apart
from data.audit import Actor, LogEntry, append, digest, stamp
from data.errors import RefusedError
from data.intake.bulk import MONEY_ROW, KnownNames, Placed, RowFault, UnitKey, UnitRows, place_rows, read_unit
from data.intake.bulk_rows import read_bulk_rows
from data.intake.bulk_table import BulkTable, bulk_table
from data.intake.bulk_template import write_bulk_template
from data.intake.columns import COLUMNS
from data.intake.form import FilledEntry, FilledReport, ReportForm
from data.intake.points import MICRO
from data.store import Cursor, Store, sql_text
from data.unit_names import unit_finder
from metrics.boards.definition import Scope
from metrics.reasons import MissingWords, missing_words_by_unit
from metrics.refresh import refresh_scores

OUTCOMES = {"new": "新增", "changed": "更改", "withdrawn": "撤回", "unchanged": "未变", "rejected": "未导入"}
MAX_SHOWN = 1_000
ROW_COLUMNS = (
    "line_no", "document_number", "round_id", "recipient_id", "indicator_no", "row_outcome", "fault_code",
    "place_text", "sentence_text",
)
_ROW_SCHEMA = pa.schema([
    (name, pa.int32() if name in ("line_no", "indicator_no") else pa.string()) for name in ROW_COLUMNS
])
_NUMBERS = ("numerator", "denominator", "actual_value", "prior_value", "band_share", "paid_yuan")
_ENTRY_SCHEMA = pa.schema([
    ("row_no", pa.int32()), ("document_number", pa.string()), ("round_id", pa.string()),
    ("recipient_id", pa.string()), ("indicator_no", pa.int32()),
    # Numbers travel as they were written: the store alone makes decimals of them.
    *((name, pa.string()) for name in _NUMBERS),
    ("band", pa.int32()), ("is_not_applicable", pa.bool_()), ("evidence_text", pa.string()),
    ("deviation_reason", pa.string()), ("improvement_measure", pa.string()), ("place_text", pa.string()),
    ("claimed_micro", pa.int64()), ("is_blank", pa.bool_()), ("is_kept", pa.bool_()),
])


@dataclass(frozen=True)
class ImportReceipt:
    """What became of a file: of every row, and of every unit's report.

    ``entry`` is the line in the log; None where nothing was written: a dry run, or not one value is new.
    ``counts`` are rows by outcome: new, changed, withdrawn, unchanged, rejected. ``rows`` has one row per row of
    the file (``ROW_COLUMNS``). ``kept_count`` values are of indicators that are not in the file: they stay.
    ``unit_counts`` are reports: imported, unchanged, rejected.
    """

    file_name: str
    sha256: str
    entry: LogEntry | None
    counts: Mapping[str, int]
    unit_counts: Mapping[str, int]
    kept_count: int
    rows: pa.Table

    @property
    def row_count(self) -> int:
        """How many rows the file has."""
        return int(self.rows.num_rows)

    def rejected(self, limit: int = MAX_SHOWN) -> list[dict[str, Any]]:
        """The first rows that were not taken, with place and reason; ``counts`` has them all."""
        found = pc.equal(self.rows["row_outcome"], "rejected")
        return list(self.rows.filter(found).slice(0, limit).to_pylist())


@dataclass
class _Import:
    """A file on its way into the store: the reports that were read, and why the others are not taken."""

    table: BulkTable
    placed: Placed
    reports: dict[UnitKey, FilledReport]
    faults: list[RowFault]
    outcomes: dict[int, str] = field(default_factory=dict)

    def refuse(self, key: UnitKey, faults: Iterable[RowFault]) -> None:
        """Leave out a unit's whole report, and say why."""
        del self.reports[key]
        self.faults += faults

    def fault(self, key: UnitKey, code: str, sentence: str) -> list[RowFault]:
        """A fault of a whole report, told at each of its rows."""
        return [
            RowFault(row, code, place := self.table.place("recipient", row), f"{place} {sentence}")
            for row in self.placed.units[key].values()
        ]


@dataclass(frozen=True)
class _Written:
    """What a transaction wrote; with anything in ``lacking`` it must be dropped and done without those units."""

    at: datetime
    kept: Mapping[UnitKey, int]
    first_event_no: int
    lacking: Mapping[UnitKey, list[MissingWords]]
    counts: Mapping[str, Any]     # units that had reported and values of them before, all of them after


class _LackingWordsError(Exception):
    """Some units have to explain their figures first."""


def bulk_template_workbook(store: Store, document_number: str, round_id: str, recipient_id: str = "") -> bytes:
    """The template of a round, for one unit or for every unit that is asked to report."""
    with store.reading() as cursor:
        return write_bulk_template(read_forms(cursor, document_number, round_id, recipient_id).values())


def import_actuals(
    store: Store, actor: Actor, at: datetime, content: bytes, file_name: str, region_code: str, *,
    dry_run: bool = False,
) -> ImportReceipt:
    """Import a file's rows as new versions of the units' reports, in one transaction with one line in the log.

    A unit with a faulty row is not imported at all, for its report would be half; the others are. Indicators that
    are not in the file keep what the version before said. A unit whose every value is as before gets no version.

    Raises: RefusedError if the actor may not import; FileError or IntakeError if the file's rows cannot be told.
    """
    require(actor, "import_actuals", actor.recipient_id, needs_name=not dry_run)
    is_own = reach(actor.role, "action", "import_actuals") == OWN
    rows = apart(file_name, read_bulk_rows, content, file_name)
    found = _read(store, at, bulk_table(rows), actor.recipient_id if is_own else "")
    if dry_run:
        with store.rehearsal() as cursor:
            written = _write(cursor, actor, at, found, content, region_code)
        _refuse_lacking(found, written.lacking)
        return _receipt(found, None, written)
    while True:
        try:
            with store.transaction() as cursor:
                written = _write(cursor, actor, at, found, content, region_code)
                if written.lacking:
                    raise _LackingWordsError
                receipt = _receipt(found, None, written)
                if not written.kept:
                    return receipt
                receipt = replace(receipt, entry=_log(cursor, actor, written, receipt))
                cursor.lend("import_outcome", receipt.rows)
                cursor.run(sql_text("data", "writes/keep_import_rows"), {"entry_no": receipt.entry.entry_no})
                return receipt
        except _LackingWordsError:
            _refuse_lacking(found, written.lacking)


def _read(store: Store, at: datetime, table: BulkTable, own_recipient_id: str) -> _Import:
    """The reports that the rows make, judged by the forms that the units were asked to fill in."""
    with store.reading() as cursor:
        names, opens_on = _known_names(cursor, table, own_recipient_id)
        placed = place_rows(table, names)
        found = _Import(table, placed, {}, list(placed.faults))
        faulty = {placed.unit_of[fault.row] for fault in placed.faults}
        forms: dict[tuple[str, str], dict[str, ReportForm]] = {}
        for key, rows in placed.units.items():
            document_number, round_id, recipient_id = key
            if (document_number, round_id) not in opens_on or not recipient_id:
                continue
            if own_recipient_id not in ("", recipient_id):
                continue
            if (document_number, round_id) not in forms:
                forms[key[:2]] = read_forms(cursor, document_number, round_id, own_recipient_id)
            form = forms[key[:2]].get(recipient_id)
            if form is None:
                found.faults += found.fault(
                    key, "unit-without-task", "的单位不在这份文件的分配名单里，没有这一轮次的填报任务，请核对。"
                )
                continue
            if at.date() < (opens := opens_on[key[:2]]).date():
                found.faults += found.fault(
                    key, "round-not-open", f"的轮次从 {opens:%Y年%m月%d日} 起填报，还没有开始。"
                )
                continue
            report, faults = read_unit(UnitRows(table, rows), form)
            found.faults += faults
            if not faults and key not in faulty:
                found.reports[key] = report
    return found


def _known_names(
    cursor: Cursor, table: BulkTable, own_recipient_id: str
) -> tuple[KnownNames, dict[tuple[str, str], Any]]:
    """What the rows' keys are looked up in, and from when each round is open."""
    document_numbers = frozenset(cursor.query("notices")["document_number"])
    rounds: dict[tuple[str, str], str] = {}
    opens_on: dict[tuple[str, str], Any] = {}
    for number in {table.text("document_number", row) for row in range(len(table.lines))} & document_numbers:
        for row in cursor.query("rounds", document_number=number).itertuples():
            rounds[number, row.round_id] = rounds[number, row.round_name] = row.round_id
            opens_on[number, row.round_id] = row.opens_on
    names = KnownNames(
        document_numbers, lambda number, words: rounds.get((number, words), ""), unit_finder(cursor),
        own_recipient_id,
    )
    return names, opens_on


def _write(
    cursor: Cursor, actor: Actor, at: datetime, found: _Import, content: bytes, region_code: str
) -> _Written:
    """Write every report that says anything new, score it, and look for words that it lacks."""
    _refuse_closed(cursor, found)
    at = stamp(cursor, at)
    first_event_no = int(cursor.query("newest_event_no")["event_no"][0]) + 1
    cursor.lend("import_entry", _entry_table(found))
    cursor.run(sql_text("data", "writes/begin_import"))
    found.outcomes = {
        row["row_no"]: row["row_outcome"] for row in cursor.rows(sql_text("data", "queries/import_outcomes"))
    }
    cursor.run(sql_text("data", "writes/begin_import_reports"))
    versions = cursor.rows(sql_text("data", "queries/import_reports"))
    kept = {(row["document_number"], row["round_id"], row["recipient_id"]): row["kept_count"] for row in versions}
    if not kept:
        return _Written(at, kept, first_event_no, {}, {})
    table = found.table
    cursor.run(sql_text("data", "writes/keep_imported_reports"), {
        "file_name": table.file_name, "file_sha256": table.sha256, "filled_by": actor.name, "at": at,
        "submitted_by": actor.name,
    })
    cursor.run(sql_text("data", "writes/keep_imported_events"), {
        "first_event_no": first_event_no, "at": at, "done_by": actor.name,
    })
    cursor.run(sql_text("data", "writes/keep_imported_actuals"))
    cursor.run(sql_text("data", "writes/drop_imported_currents"))
    cursor.run(sql_text("data", "writes/move_imported_currents"))
    cursor.run(sql_text("data", "writes/keep_imported_currents"))
    keep_file(cursor, actor, at, table.file_name, content)
    lacking: dict[UnitKey, list[MissingWords]] = {}
    for document_number, round_id in sorted({key[:2] for key in kept}):
        units = [key[2] for key in kept if key[:2] == (document_number, round_id)]
        # One unit is scored alone; of many, all of the round at once: nothing is written where nothing changed.
        refresh_scores(cursor, document_number, round_id, at, region_code, units[0] if len(units) == 1 else "")
        words = missing_words_by_unit(cursor, Scope(document_number, round_id, at.date()))
        lacking |= {(document_number, round_id, unit): words[unit] for unit in units if unit in words}
    return _Written(at, kept, first_event_no, lacking, _counts(versions))


def _counts(versions: list[dict[str, Any]]) -> dict[str, Any]:
    """How many units had a report and how many values it held, before and after."""
    before = [row["previous_count"] for row in versions if row["previous_count"] is not None]
    return {
        "before": {"unit_count": len(before), "entries": sum(before)},
        "after": {"unit_count": len(versions), "entries": sum(row["new_count"] for row in versions)},
    }


def _refuse_closed(cursor: Cursor, found: _Import) -> None:
    """Leave out the units whose report is accepted or locked."""
    for document_number, round_id in {key[:2] for key in found.reports}:
        newest = cursor.rows(sql_text("data", "queries/newest_reports"), {
            "document_number": document_number, "round_id": round_id,
        })
        for row in newest:
            key = (document_number, round_id, row["recipient_id"])
            if key not in found.reports:
                continue
            try:
                require_open(row)
            except RefusedError as refused:
                found.refuse(key, found.fault(key, "report-closed", str(refused)))


def _refuse_lacking(found: _Import, lacking: Mapping[UnitKey, list[MissingWords]]) -> None:
    """Leave out the units whose figures have to be explained first, and say where the words are missing."""
    for key, missing in lacking.items():
        rows = found.placed.units[key]
        first = min(rows.values())
        found.refuse(key, [
            RowFault(
                row := rows.get(words.indicator_no, first), f"{name.replace('_', '-')}-missing",
                place := found.table.place(name, row),
                f"{place} 第{words.indicator_no}项“{words.short_name}”的{COLUMNS[name][1]}未填：{words.why}。",
            )
            for words in missing for name in words.fields
        ])


def _log(cursor: Cursor, actor: Actor, written: _Written, receipt: ImportReceipt) -> LogEntry:
    """One line for the whole import: the events of its versions are numbered without gaps, and one digest holds
    all that they say."""
    events = {
        "first_event_no": written.first_event_no, "last_event_no": written.first_event_no + len(written.kept) - 1,
    }
    subject = "、".join(sorted({f"{number} {round_id}" for number, round_id, _ in written.kept}))
    return append(cursor, actor, written.at, "import_actuals", subject, {
        **written.counts, "file": receipt.file_name, "sha256": receipt.sha256, "rows": dict(receipt.counts),
        "units": dict(receipt.unit_counts), "kept": receipt.kept_count, **events, **imported_digest(cursor, **events),
    })


def imported_digest(cursor: Cursor, first_event_no: int, last_event_no: int) -> dict[str, str]:
    """What the log keeps of the values of an import: one digest of all that its versions say."""
    rows = cursor.rows(sql_text("data", "queries/imported_values"), {
        "first_event_no": first_event_no, "last_event_no": last_event_no,
    })
    return {"values_sha256": digest(rows)}


def _entry_table(found: _Import) -> pa.Table:
    """The values of every report that is taken, row by row, to be lent to the store."""
    columns: dict[str, list[Any]] = {name: [] for name in _ENTRY_SCHEMA.names}
    for key, report in found.reports.items():
        rows = found.placed.units[key]
        entries: list[tuple[int, dict[str, Any]]] = [
            (entry.indicator_no, _values(entry)) for entry in report.entries
        ]
        if MONEY_ROW in rows:
            entries.append((MONEY_ROW, {"paid_yuan": report.paid_yuan, "is_kept": report.paid_yuan is not None}))
        for indicator_no, values in entries:
            values |= {"row_no": rows[indicator_no], "indicator_no": indicator_no}
            values["document_number"], values["round_id"], values["recipient_id"] = key
            for name, column in columns.items():
                column.append(values.get(name))
    for name in _NUMBERS:
        columns[name] = [None if number is None else f"{number:f}" for number in columns[name]]
    return pa.table(columns, _ENTRY_SCHEMA)


def _values(entry: FilledEntry) -> dict[str, Any]:
    words = {
        "evidence_text": entry.evidence_text, "deviation_reason": entry.deviation_reason,
        "improvement_measure": entry.improvement_measure,
    }
    return {
        **words,
        "numerator": entry.numerator, "denominator": entry.denominator, "actual_value": entry.value,
        "prior_value": entry.prior_value, "band": entry.band, "band_share": entry.band_share,
        "is_not_applicable": entry.is_not_applicable,
        "claimed_micro": None if entry.claimed_points is None else int(entry.claimed_points * MICRO),
        "place_text": "、".join(
            place for name, place in entry.places.items() if getattr(entry, name) not in (None, "")
        ),
        "is_blank": entry.is_blank,
        # Words beside an empty row score nothing, but they were sent and are kept.
        "is_kept": not entry.is_blank or any(words.values()),
    }


def _receipt(found: _Import, entry: LogEntry | None, written: _Written) -> ImportReceipt:
    imported = [key for key in written.kept if key in found.reports]
    rows = _outcome_table(found)
    told = Counter(rows["row_outcome"].to_pylist())
    units = {key for key in found.placed.units if key[2]}
    return ImportReceipt(
        found.table.file_name, found.table.sha256, entry, {name: told[name] for name in OUTCOMES},
        {
            "imported": len(imported), "unchanged": len(found.reports) - len(imported),
            "rejected": len(units - found.reports.keys()),
        },
        sum(written.kept[key] for key in imported), rows,
    )


def _outcome_table(found: _Import) -> pa.Table:
    """What became of each row; a row with several faults names them all."""
    faults: dict[int, list[RowFault]] = {}
    for fault in found.faults:
        faults.setdefault(fault.row, []).append(fault)
    faulty_lines: dict[UnitKey, list[int]] = {}
    for row in sorted(faults):
        faulty_lines.setdefault(found.placed.unit_of[row], []).append(found.table.lines[row])
    columns: list[list[Any]] = [[] for _ in ROW_COLUMNS]
    for row, (line, key, indicator_no) in enumerate(
        zip(found.table.lines, found.placed.unit_of, found.placed.indicator_of, strict=True)
    ):
        told = faults.get(row, [])
        if told:
            said = (
                "rejected", "、".join(dict.fromkeys(fault.code for fault in told)),
                "、".join(dict.fromkeys(fault.place for fault in told)), "".join(fault.sentence for fault in told),
            )
        elif key in found.reports:
            said = (found.outcomes[row], "", "", "")
        else:
            lines = faulty_lines[key]
            shown = "、".join(f"第{line}行" for line in lines[:3]) + (f"等 {len(lines)} 行" if len(lines) > 3 else "")
            said = ("rejected", "unit-not-imported", "", f"同一单位的{shown}有差错，整份没有导入，改好后一并导入。")
        for column, value in zip(columns, (line, *key, indicator_no, *said), strict=True):
            column.append(value)
    return pa.table(columns, _ROW_SCHEMA)
