"""Typed cells → a report's values, with every fault in them at once; the cells of a workbook and of a page alike."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from os import PathLike
from pathlib import Path

from data.errors import CellIssue, IntakeError
from data.files import FileKind, check_bytes, file_content
from data.intake.cells import FILLED_BY, HEAD_NAMES, PAID, Cells, CellSource, FormCells, Key, cells_of, shown_text
from data.intake.columns import (
    ACTUAL_FIELDS,
    ACTUAL_HEAD,
    COLUMNS,
    MAX_TEXT_LENGTH,
    NOT_APPLICABLE,
    TEXT_FIELDS,
    WAN,
    asked_fields,
)
from data.intake.form import BAND_LABELS, EntryKind, FilledEntry, FilledReport, FormRow, ReportForm
from data.intake.numbers import CellFault, label_unit, read_number
from data.intake.points import MICRO, to_micro
from data.intake.repairs import repaired_band, repaired_mark, repaired_number
from data.intake.sheet import open_sheet

__all__ = ["Checked", "FilledEntry", "FilledReport", "check_cells", "check_source", "read_cells", "read_filled"]

MAX_NAME_LENGTH = 50
FEN_PER_WAN = Decimal("0.000001")     # one 分 in 万元
# From so many times what was handed down on, 元 were typed for 万元; no reason given for a rate passes that.
MIXED_UP_TIMES = 100
MIXED_UP_WORDS = f"达到调整后金额的 {MIXED_UP_TIMES} 倍，多半是把元填成了万元，请换算成万元后重填"


def is_mixed_up(paid_yuan: Decimal, after_yuan: Decimal) -> bool:
    """Whether so much was typed of what was handed down that it was meant in 元; of nothing it cannot be told.

    >>> is_mixed_up(Decimal(2_939_000_000), Decimal(29_390_000)), is_mixed_up(Decimal(5), Decimal(0))
    (True, False)
    """
    return 0 < MIXED_UP_TIMES * after_yuan <= paid_yuan


@dataclass(frozen=True)
class Checked:
    """What typed cells say: the values that can be read, and every fault; a value with a fault is left out."""

    report: FilledReport
    issues: tuple[CellIssue, ...]

    @property
    def rejected(self) -> frozenset[int]:
        """The indicators that have a fault; 0 stands for the head of the form."""
        return frozenset(issue.key[1] for issue in self.issues if issue.key)


def read_filled(path: str | PathLike[str], form: ReportForm, file_name: str | None = None) -> FilledReport:
    """The values of a filled form, for the unit, round and notice it was written for.

    An indicator left blank is a state (未填报), not a fault.

    Unit:   money is read in 万元, as the sheet says, and kept in 元.
    Raises: FileError if the file cannot be opened; IntakeError with every fault at once.
    """
    name = file_name or Path(path).name
    return read_filled_bytes(file_content(Path(path), name), form, name)


def read_filled_bytes(content: bytes, form: ReportForm, file_name: str) -> FilledReport:
    """The values of a filled form that is already in memory, such as an upload.

    Raises: FileError if the file cannot be opened; IntakeError with every fault at once.
    """
    file = check_bytes(content, file_name, frozenset({FileKind.XLSX}))
    sheet = open_sheet(file, form)
    checked = _check(sheet, form, list(sheet.issues))
    if checked.issues:
        raise IntakeError(file.file_name, checked.issues)
    return checked.report


def read_cells(content: bytes, form: ReportForm, file_name: str) -> tuple[dict[Key, str], Checked]:
    """Every typed cell of a filled workbook, right or wrong, and what its cells say.

    Raises: FileError if the file cannot be opened; IntakeError if it is not this form, for then no cell
            can be trusted.
    """
    sheet = open_sheet(check_bytes(content, file_name, frozenset({FileKind.XLSX})), form)
    return cells_of(sheet, form), _check(sheet, form, list(sheet.issues))


def check_cells(cells: Cells, form: ReportForm) -> Checked:
    """What the cells of a page or a draft say: the same checks as for a workbook."""
    return _check(FormCells(cells), form, [])


def check_source(source: CellSource, form: ReportForm) -> Checked:
    """What any other source of typed cells says: the same checks as for a workbook."""
    return _check(source, form, [])


def _check(source: CellSource, form: ReportForm, issues: list[CellIssue]) -> Checked:
    reading = _Reading(source, form, issues)
    report = reading.report()
    return Checked(report, tuple(reading.issues))


class _Reading:
    """The faults that are found while a form is read."""

    def __init__(self, source: CellSource, form: ReportForm, issues: list[CellIssue]) -> None:
        self.issues = issues
        self._source = source
        self._form = form

    def report(self) -> FilledReport:
        form = self._form
        paid = self._paid_yuan()
        entries = tuple(
            self._entry(row) for row in form.rows if self._source.holds(row.indicator_no)
        )
        return FilledReport(
            form.document_number, form.round_id, form.recipient_id, paid, entries,
            self._text(FILLED_BY, HEAD_NAMES[FILLED_BY], MAX_NAME_LENGTH),
        )

    def _fault(self, code: str, key: Key, words: str, repair: str | None = None) -> None:
        where = self._source.place(key)
        self.issues.append(CellIssue(code, where, f"{where} {words}。", repair, key))

    def _paid_yuan(self) -> Decimal | None:
        wan = self._number(PAID, "全年执行数", frozenset({"万元"}), False)
        if wan is None:
            return None
        if wan % FEN_PER_WAN:
            self._fault("too-many-decimals", PAID, f"全年执行数“{wan:f}”万元精确到了分以下，最多六位小数")
            return None
        yuan, after, explained = wan * WAN, self._form.after_yuan, self._form.explained_yuan
        if is_mixed_up(yuan, after):
            self._fault("paid-mixed-up", PAID, f"全年执行数 {wan:,f} 万元，{MIXED_UP_WORDS}")
            return None
        if yuan > after and yuan > (explained or 0):
            said = f"（原因只说明到 {explained / WAN:,f} 万元）" if explained else ""
            self._fault(
                "paid-above-after", PAID,
                f"全年执行数 {wan:,f} 万元大于调整后金额 {after / WAN:,f} 万元{said}，请核对："
                "单位是万元，只填本文件资金的支出，不含上年结转和其他资金；确实超过的，先到“资金流向”页说明原因和金额，再报送",
            )
            return None
        return yuan

    def _entry(self, row: FormRow) -> FilledEntry:
        asked = asked_fields(row.entry)
        self._refuse_other_cells(row, asked)
        numbers: dict[str, Decimal | None] = {
            field: self._row_number(row, field) for field in asked
            if field in ACTUAL_FIELDS and field != "band"
        }
        band = self._band(row) if "band" in asked else None
        texts = {
            field: self._text((field, row.indicator_no), _named(row, field), MAX_TEXT_LENGTH)
            for field in asked if field in TEXT_FIELDS
        }
        is_not_applicable = self._is_not_applicable(row, asked, texts.get("evidence_text", ""))
        self._check_row(row, numbers, band, texts)
        claimed = self._claimed(row) if "claimed_points" in asked else None
        # Last year's value may have been written beforehand: alone it reports nothing.
        given = [field for field in numbers if field != "prior_value" and numbers[field] is not None]
        is_blank = not given and band is None and not is_not_applicable
        if claimed is not None:
            self._check_claim(row, is_blank, is_not_applicable, asked)
        return FilledEntry(
            row.indicator_no,
            numerator=numbers.get("numerator"),
            denominator=numbers.get("denominator"),
            value=numbers.get("value"),
            prior_value=numbers.get("prior_value"),
            band=band,
            band_share=numbers.get("band_share"),
            evidence_text=texts.get("evidence_text", ""),
            deviation_reason=texts.get("deviation_reason", ""),
            improvement_measure=texts.get("improvement_measure", ""),
            claimed_points=claimed,
            is_not_applicable=is_not_applicable,
            is_blank=is_blank,
            places={field: self._source.place((field, row.indicator_no)) for field in asked},
        )

    def _is_not_applicable(self, row: FormRow, asked: tuple[str, ...], evidence: str) -> bool:
        """Whether the unit says that it has no such business; then there is a reason and no figure."""
        if not asked:
            return False
        key = ("not_applicable", row.indicator_no)
        text = self._text(key, _named(row, "not_applicable"), MAX_TEXT_LENGTH)
        if not text:
            return False
        if text != NOT_APPLICABLE:
            self._fault(
                "unknown-applicability", key,
                f"第{row.indicator_no}项只能选“{NOT_APPLICABLE}”或留空，现为“{text[:20]}”", repaired_mark(text),
            )
            return False
        if not evidence:
            self._fault(
                "evidence-missing", ("evidence_text", row.indicator_no),
                f"{_named(row, 'evidence_text')}未填：选了“不适用”的指标要写明理由",
            )
        # Last year's value may have been written beforehand.
        filled = [name for name in asked if name in ACTUAL_FIELDS and name != "prior_value"
                  and self._is_filled(name, row)]
        if filled:
            self._fault(
                "figure-not-applicable", (filled[0], row.indicator_no),
                f"第{row.indicator_no}项选了“不适用”，又填了{COLUMNS[filled[0]][1]}，请清空其中一处",
            )
        return True

    def _claimed(self, row: FormRow) -> Decimal | None:
        """What the unit itself thinks it scores, to the micro-point."""
        key, name = ("claimed_points", row.indicator_no), _named(row, "claimed_points")
        points = self._number(key, name, frozenset({"分"}), False)
        if points is None:
            return None
        micro = to_micro(points, row.weight_micro)
        if isinstance(micro, CellFault):
            self._fault(micro.code, key, f"{name}{micro.words}，请改正")
            return None
        return micro / MICRO

    def _check_claim(
        self, row: FormRow, is_blank: bool, is_not_applicable: bool, asked: tuple[str, ...]
    ) -> None:
        """Points claimed for nothing could be compared with nothing, and would be lost without a word."""
        key, name = ("claimed_points", row.indicator_no), _named(row, "claimed_points")
        has_figure = any(
            self._is_filled(field, row) for field in asked if field in ACTUAL_FIELDS and field != "prior_value"
        )
        if is_not_applicable:
            self._fault(
                "figure-not-applicable", key,
                f"第{row.indicator_no}项选了“不适用”，又填了自评得分，请清空其中一处",
            )
        elif is_blank and not has_figure:
            self._fault("claim-without-figure", key, f"{name}已填，而{ACTUAL_HEAD}没有填，请补填，或清空自评得分")

    def _refuse_other_cells(self, row: FormRow, asked: tuple[str, ...]) -> None:
        """Something typed where this indicator asks for nothing would be lost without a word."""
        if row.entry is EntryKind.FROM_RECEIPT:
            return   # its cells are one merged cell with our own words in it
        for field in ACTUAL_FIELDS:
            key = (field, row.indicator_no)
            if field not in asked and not self._source.cell(key).is_empty:
                wanted = "、".join(COLUMNS[name][1] for name in asked if name in ACTUAL_FIELDS)
                self._fault(
                    "cell-not-asked", key,
                    f"{_named(row, field)}不用填，本指标只填{wanted}，请清空该单元格", "",
                )

    def _row_number(self, row: FormRow, field: str) -> Decimal | None:
        label = {"numerator": row.numerator_label, "denominator": row.denominator_label}.get(field, "")
        is_count = field in ("numerator", "denominator")
        is_rate = row.entry is EntryKind.RATIO_VERSUS_PRIOR and field == "prior_value"
        is_percentage = field == "band_share" or is_rate or (not is_count and row.unit in ("%", "％"))
        units = frozenset({row.unit, label_unit(label)} - {"", "%", "％"})
        return self._number((field, row.indicator_no), _named(row, field), units, is_percentage)

    def _number(
        self, key: Key, name: str, units: frozenset[str], is_percentage: bool
    ) -> Decimal | None:
        number = read_number(self._source.cell(key), units, is_percentage)
        if isinstance(number, CellFault):
            repair = repaired_number(shown_text(self._source.cell(key)), units, is_percentage)
            self._fault(number.code, key, f"{name}{number.words}", repair)
            return None
        return number

    def _text(self, key: Key, name: str, limit: int) -> str:
        typed = self._source.cell(key)
        if typed.is_error or (typed.formula and typed.value is None):
            self._fault("error-value", key, f"{name}是公式或错误值，请直接填文字")
            return ""
        text = shown_text(typed)
        if len(text) > limit:
            self._fault("text-too-long", key, f"{name}有 {len(text)} 字，超过 {limit} 字上限，请精简")
        return text

    def _band(self, row: FormRow) -> int | None:
        key = ("band", row.indicator_no)
        text = self._text(key, _named(row, "band"), MAX_TEXT_LENGTH)
        if not text:
            return None
        bands = {BAND_LABELS[band]: band for band in self._form.band_limits}
        if text not in bands:
            self._fault(
                "unknown-band", key,
                f"{_named(row, 'band')}应为{'、'.join(bands)}之一，现为“{text[:20]}”，请从下拉表中选择",
                repaired_band(text, tuple(bands)),
            )
        return bands.get(text)

    def _check_row(
        self, row: FormRow, numbers: dict[str, Decimal | None], band: int | None,
        texts: dict[str, str],
    ) -> None:
        match row.entry:
            case EntryKind.RATIO | EntryKind.COVERAGE:
                self._check_pair(row, numbers)
            case EntryKind.VERSUS_PRIOR:
                self._check_prior(row, numbers, "value")
            case EntryKind.RATIO_VERSUS_PRIOR:
                self._check_pair(row, numbers)
                self._check_prior(row, numbers, "numerator")
            case EntryKind.QUALITATIVE:
                self._check_band(row, band, numbers["band_share"], texts["evidence_text"])

    def _is_filled(self, field: str, row: FormRow) -> bool:
        """Whether something stands in the cell, be it right or wrong: a fault is named once."""
        return not self._source.cell((field, row.indicator_no)).is_empty

    def _check_pair(self, row: FormRow, numbers: dict[str, Decimal | None]) -> None:
        for field, other in (("numerator", "denominator"), ("denominator", "numerator")):
            if self._is_filled(other, row) and not self._is_filled(field, row):
                self._fault(
                    f"{field}-missing", (field, row.indicator_no),
                    f"{_named(row, field)}未填，而{COLUMNS[other][1]}已填，请补填，或把两格都清空",
                )
        numerator, denominator = numbers["numerator"], numbers["denominator"]
        if numerator is not None and denominator is not None and numerator > denominator:
            self._fault(
                "numerator-above-denominator", ("numerator", row.indicator_no),
                f"{_named(row, 'numerator')} {numerator:,f} 大于分母 {denominator:,f}，请核对两个数",
            )

    def _check_prior(
        self, row: FormRow, numbers: dict[str, Decimal | None], this_year: str
    ) -> None:
        prior = numbers["prior_value"]
        is_changed = prior is not None and prior != row.prior_value
        if is_changed and not self._is_filled(this_year, row):
            self._fault(
                f"{this_year}-missing", (this_year, row.indicator_no),
                f"{_named(row, this_year)}未填，而上年值已填，请补填，或把上年值恢复原样",
            )

    def _check_band(
        self, row: FormRow, band: int | None, share: Decimal | None, evidence: str
    ) -> None:
        has_band, has_share = self._is_filled("band", row), self._is_filled("band_share", row)
        if has_share and not has_band:
            self._fault("band-missing", ("band", row.indicator_no), f"{_named(row, 'band')}未选，请从下拉表中选择")
        if has_band and not has_share:
            span = f"（{self._form.band_span(band)}）" if band else ""
            self._fault(
                "band-share-missing", ("band_share", row.indicator_no),
                f"{_named(row, 'band_share')}未填，请填所选等次内的数{span}",
            )
        if has_band and not evidence:
            self._fault(
                "evidence-missing", ("evidence_text", row.indicator_no),
                f"{_named(row, 'evidence_text')}未填，请写明依据",
            )
        if band and share is not None and not self._form.holds_share(band, share):
            self._fault(
                "share-outside-band", ("band_share", row.indicator_no),
                f"{_named(row, 'band_share')} {share:f}% 不在“{BAND_LABELS[band]}”的区间"
                f" {self._form.band_span(band)}内，请改等次或比例",
            )


def _named(row: FormRow, field: str) -> str:
    """An indicator and its column as a sentence names them: 第3项“低保覆盖率”的分子."""
    return f"第{row.indicator_no}项“{row.short_name or row.name}”的{COLUMNS[field][1].removesuffix('（%）')}"
