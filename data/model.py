"""What a fund notice says, as frozen values: every value keeps the words and the line it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """One line of a notice as the reader sees it; the number counts from 1.

    ``place`` says where a person finds it in the file: 第12行, 「分配表」第7行, 第3页第12行.
    """

    line_no: int
    text: str
    place: str


@dataclass(frozen=True)
class Reading(Generic[T]):
    """A value read from a notice, beside the printed words and their line."""

    value: T
    printed: str
    line_no: int


class Severity(StrEnum):
    """How much a finding weighs: fatal refuses the load, the others are shown."""

    FATAL = "fatal"
    WARNING = "warning"
    REPAIRED = "repaired"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """Something a person must know about what was read.

    ``code`` is stable and kebab-case (sum-differs, text-cut-off, cells-shifted, name-cut, blank-amount …);
    ``difference_yuan`` is filled where an identity does not hold.
    """

    code: str
    severity: Severity
    line_no: int | None
    sentence: str
    field_name: str = ""
    printed: str = ""
    read_as: str = ""
    difference_yuan: Decimal | None = None


class ColumnRole(StrEnum):
    """What a column of an allocation table holds."""

    BEFORE = "before"            # 调整前 of one source document
    ADJUSTMENT = "adjustment"    # 调整数 of one source document
    AFTER = "after"              # 调整后 of one source document
    TOTAL_BEFORE = "total_before"            # over all source documents
    TOTAL_ADJUSTMENT = "total_adjustment"
    TOTAL_AFTER = "total_after"
    SUBTOTAL = "subtotal"        # a sum of other columns
    PART = "part"                # money that is a part of a sum, or the only money column
    COUNT = "count"              # persons, standards, serial numbers: not money
    NOTE = "note"                # words


@dataclass(frozen=True)
class ColumnIdentity:
    """A sum that a table's heads state: Σ ``term_column_nos`` = ``column_no``, for every row."""

    column_no: int
    term_column_nos: tuple[int, ...]
    kind: str  # line (调整前＋调整数＝调整后), subtotal, total


@dataclass(frozen=True)
class AllocationColumn:
    """A column of an allocation table; ``name`` joins the head rows with a slash."""

    column_no: int
    name: str
    role: ColumnRole
    source_document: str = ""                # 文号 that the head names, normalised; empty if none
    stated_total_yuan: Decimal | None = None  # 「巴财社(2021)3号 11060万元」
    unit: str = ""                            # 万元, 元, 亿元; empty for counts and notes


class RowKind(StrEnum):
    """What a row of an allocation table stands for."""

    RECIPIENT = "recipient"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True)
class AllocationCell:
    """One number of a table: as printed, as a number, and in 元 where the column is money.

    An empty cell has ``number`` None: missing is not zero.
    """

    column_no: int
    printed: str
    number: Decimal | None
    yuan: Decimal | None
    line_no: int


@dataclass(frozen=True)
class AllocationRow:
    """One row of an allocation table."""

    row_no: int
    line_no: int
    kind: RowKind
    name: str            # as read: spaces inside the name removed
    printed_name: str
    cells: tuple[AllocationCell, ...]
    parent: str = ""     # the name of the group it stands under, where the table has one
    item: str = ""       # a project or institution named beside the unit


@dataclass(frozen=True)
class AllocationTable:
    """A table that says who gets how much."""

    table_no: int
    title: str
    line_no: int
    unit: str
    columns: tuple[AllocationColumn, ...]
    rows: tuple[AllocationRow, ...]
    identities: tuple[ColumnIdentity, ...]
    amount_column_no: int | None   # the column that is the money handed down
    is_cut_off: bool = False       # the text ends inside the table: sums cannot be proved
    is_prose: bool = False         # the list stands in a sentence, not in a table


@dataclass(frozen=True)
class TargetRow:
    """One third-level indicator of a target sheet."""

    indicator_no: int
    line_no: int
    dimension: str          # 一级指标 as it truly is: 产出指标
    measure: str            # 二级指标 as it truly is: 数量指标
    name: str               # 三级指标, repaired where a correction says so
    printed_name: str       # as printed, cut or not
    target_text: str        # 指标值 as printed
    printed_dimension: str = ""
    printed_measure: str = ""
    medium_term_target_text: str = ""
    weight_text: str = ""   # 分值 where the sheet prints it


@dataclass(frozen=True)
class TargetSheet:
    """区域绩效目标表: its head, its narrative, its indicators."""

    title: str
    line_no: int
    rows: tuple[TargetRow, ...]
    year: int | None = None
    region: str = ""
    project: str = ""
    head: tuple[tuple[str, str], ...] = ()   # 中央主管部门 → 民政部, in printed order
    annual_amount_yuan: Decimal | None = None
    annual_amount_line_no: int | None = None
    central_subsidy_yuan: Decimal | None = None
    local_subsidy_yuan: Decimal | None = None
    objectives: tuple[str, ...] = ()
    is_cut_off: bool = False


@dataclass(frozen=True)
class Deadline:
    """A time limit that a notice sets."""

    what: str
    counted_from: str       # 收到自治区财政调整资金文件; empty for a fixed date
    printed: str
    line_no: int
    working_days: int | None = None
    calendar_days: int | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class FundNotice:
    """A notice that hands money down, as read from one file. None means: the text does not say."""

    file_name: str
    file_sha256: str
    lines: tuple[Line, ...]
    document_number: Reading[str] | None = None
    other_own_numbers: tuple[Reading[str], ...] = ()
    title: Reading[str] | None = None
    issuer: Reading[str] | None = None
    issuer_header: Reading[str] | None = None
    dated_on: Reading[date] | None = None
    printed_on: Reading[date] | None = None
    published_on: Reading[date] | None = None
    addressees: Reading[str] | None = None
    copied_to: tuple[str, ...] = ()
    fund_name: Reading[str] | None = None
    fiscal_year: int | None = None
    amount_yuan: Reading[Decimal] | None = None        # the amount handed down, wherever it is stated
    is_body_amount_blank: bool = False                  # 「补助资金        万元」
    unit: Reading[str] | None = None                    # of the tables
    income_account: Reading[str] | None = None
    expenditure_account: Reading[str] | None = None
    direct_fund_marker: Reading[str] | None = None
    project_code: Reading[str] | None = None
    deadlines: tuple[Deadline, ...] = ()
    cites: tuple[Reading[str], ...] = ()
    annexes: tuple[str, ...] = ()
    allocation_tables: tuple[AllocationTable, ...] = ()
    target_sheet: TargetSheet | None = None
    is_cut_off: bool = False
    findings: tuple[Finding, ...] = field(default=())
