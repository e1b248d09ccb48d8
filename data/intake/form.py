"""The report form of one unit in one round: what is asked, and what came back filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class EntryKind(StrEnum):
    """What a person types for an indicator."""

    RATIO = "ratio"                  # numerator and denominator
    COVERAGE = "coverage"            # 实保 and 应保: the same two cells
    VALUE = "value"                  # one number
    VERSUS_PRIOR = "versus_prior"    # this year's value and last year's
    RATIO_VERSUS_PRIOR = "ratio_versus_prior"  # this year's two counts and last year's rate in %
    QUALITATIVE = "qualitative"      # a band, a share inside it, evidence
    FROM_RECEIPT = "from_receipt"    # nothing: computed from receipt and import times


BAND_LABELS = {1: "达成预期", 2: "部分达成", 3: "未达成"}


@dataclass(frozen=True)
class FormRow:
    """One indicator of the form."""

    indicator_no: int
    dimension: str
    measure: str
    name: str
    short_name: str
    target_text: str
    unit: str
    entry: EntryKind
    weight_micro: int                    # the most that it can score in this round, micro-points
    numerator_label: str = ""
    denominator_label: str = ""
    prior_value: Decimal | None = None   # last year's value, written into its cell beforehand
    prior_round_text: str = ""           # what the last round reported, shown and not to be changed


@dataclass(frozen=True)
class ReportForm:
    """What one unit is asked to report for one round of one notice."""

    document_number: str
    round_id: str
    round_name: str
    period_end_on: date
    recipient_id: str
    recipient_name: str
    fund_name: str
    after_yuan: Decimal
    rows: tuple[FormRow, ...]
    band_limits: Mapping[int, tuple[Decimal, Decimal]]   # band → from and up to which share, in %
    explained_yuan: Decimal | None = None   # up to how much somebody has said why more was paid than handed down

    def holds_share(self, band: int, share: Decimal) -> bool:
        """Whether a share lies inside a band: the lower end does, the upper end only in the highest band."""
        low, high = self.band_limits[band]
        return low <= share < high or (share == high and self._is_highest(band))

    def band_span(self, band: int) -> str:
        """The limits of a band as a person reads them: 60%（含）—80%（不含）."""
        low, high = self.band_limits[band]
        return f"{low:f}%（含）—{high:f}%（{'含' if self._is_highest(band) else '不含'}）"

    def _is_highest(self, band: int) -> bool:
        return self.band_limits[band][1] == max(high for _, high in self.band_limits.values())


@dataclass(frozen=True)
class FilledEntry:
    """What was filled in for one indicator; None means the cell is empty, which is not zero.

    ``is_blank`` says that no number, no band and no 不适用 was given (未填报); words may still stand beside it.
    ``places`` maps a field's name to its cell: numerator → 「填报表」!I12.
    """

    indicator_no: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    prior_value: Decimal | None = None
    band: int | None = None
    band_share: Decimal | None = None    # in %, 0–100
    evidence_text: str = ""
    deviation_reason: str = ""
    improvement_measure: str = ""
    claimed_points: Decimal | None = None   # 自评得分, as exact as micro-points; empty is no claim, not zero
    is_not_applicable: bool = False      # the unit says, with a reason, that it has no such business
    is_blank: bool = True
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FilledReport:
    """A filled form without faults."""

    document_number: str
    round_id: str
    recipient_id: str
    paid_yuan: Decimal | None
    entries: tuple[FilledEntry, ...]
    filled_by: str


def unit_key(of: ReportForm | FilledReport) -> dict[str, str]:
    """Which unit's report of which round of which notice: the parameters of a query over it."""
    return {"document_number": of.document_number, "round_id": of.round_id, "recipient_id": of.recipient_id}


def unit_words(of: ReportForm | FilledReport) -> str:
    """The same as the log names it."""
    return " ".join(unit_key(of).values())
