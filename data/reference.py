"""The reference tables (``data/reference/*.csv``): units, accounts, markers, words, regional holidays, profiles."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources
from typing import TypeVar

from data.errors import FileError

Row = TypeVar("Row")

TRUST_MARKS = frozenset("VSCDM")
RECIPIENT_KINDS = frozenset({"county", "development_zone", "institution"})
ENTRY_KINDS = frozenset({
    "ratio", "coverage", "value", "versus_prior", "ratio_versus_prior", "qualitative", "from_receipt",
})
PURPOSE_USES = frozenset({"fee", "running_cost", "other"})
PAYEE_KINDS = frozenset({"institution", "bank", "agency", "company", "other"})
PAYOUT_FIGURES = frozenset({"execution", "on_time", "bank_money", "bank_persons", "heads", "times", "persons"})
ROLLUP_METHODS = frozenset({"sum", "ratio", "weighted_mean", "unit_share", "all_hold", "prefecture"})


@dataclass(frozen=True)
class RegionalDay:
    """One day that a region's own arrangement changes: rest where the nation works, or the reverse.

    ``trust`` is one of V S C D M (read in the official text, second-hand, practice, derived, unverified).
    """

    region_code: str
    day: date
    is_working: bool
    name: str
    source: str
    trust: str


@dataclass(frozen=True)
class Recipient:
    """A unit that receives money; ``division_code`` is empty for an institution.

    ``tile_row`` and ``tile_column`` place it on the tile map, from 1; ``display_no`` is the printed order.
    """

    recipient_id: str
    name: str
    kind: str
    division_code: str
    parent_division_code: str
    aliases: tuple[str, ...]
    short_name: str
    tile_row: int
    tile_column: int
    source: str
    note: str
    display_no: int


@dataclass(frozen=True)
class BudgetItem:
    """An account code; ``use`` says what it means for this fund.

    income (收入科目), class and group (类、款), normal (正常支出), ask (要说明理由),
    suspect (疑似错用), other_fund (不是这笔资金), economic (经济分类).
    """

    code: str
    name: str
    level: str
    use: str
    trust: str
    source: str
    note: str


@dataclass(frozen=True)
class DirectFundMarker:
    """A value of the marker that follows the money (直达资金标识)."""

    code: str
    name: str
    trust: str
    source: str
    note: str

    @property
    def printed(self) -> str:
        """As a notice prints it: 01 中央直达资金."""
        return f"{self.code} {self.name}"


@dataclass(frozen=True)
class PurposeWord:
    """A word that the purpose of a payment of this fund should not hold; ``use`` is fee, running_cost or other.

    ``harmless_in``: phrases in which the word means something else, as 工资 in 工资卡.
    """

    word: str
    use: str
    harmless_in: tuple[str, ...]
    trust: str
    source: str


@dataclass(frozen=True)
class PayeeWord:
    """A word in a payee's name, and what the payee then is: institution, bank, agency, company or other.

    A name without any is a person's if it looks like one, and else unknown.
    """

    word: str
    payee_kind: str
    note: str


@dataclass(frozen=True)
class PayoutMeasure:
    """What the rows of payouts or payments prove, and of which indicators.

    ``name_holds``: every group must occur in the indicator's name, by one of its words; ``name_lacks``: no word may.
    ``units``: in which units of the indicator the figure can be held against it; ``aid_kinds`` is empty for money paid.
    """

    measure_key: str
    title: str
    figure: str
    name_holds: tuple[tuple[str, ...], ...]
    name_lacks: tuple[str, ...]
    aid_kinds: tuple[str, ...]
    units: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Province:
    """A province by the first two digits of every division code in it."""

    province_code: str
    name: str


@dataclass(frozen=True)
class GlossaryEntry:
    """One identifier and its Chinese word."""

    chinese: str
    identifier: str
    note: str


@dataclass(frozen=True)
class Term:
    """A word of the field as a user meets it, explained in plain words; ``pages`` are the pages where it stands.

    ``trust`` is one of V S C D M, as everywhere: M is shown as 出处待核.
    """

    term: str
    aliases: tuple[str, ...]
    explanation: str
    pages: tuple[str, ...]
    source: str
    trust: str


@dataclass(frozen=True)
class IndicatorEntry:
    """How an indicator of a known fund is headed, filled in and rolled up.

    Where there is one number, ``numerator_label`` is its label and ``denominator_label`` is empty.
    ``is_name_cut``: the only paper with this name cut it off, so that longer names may be it.
    """

    fund: str
    indicator_no: int
    indicator_name: str
    short_name: str
    entry_kind: str
    numerator_label: str
    denominator_label: str
    unit: str
    rollup_method: str
    is_name_cut: bool = False


@dataclass(frozen=True)
class ProfileRule:
    """One rule that a ready-made profile sets apart from the shipped rule book; None where it leaves the rule out.

    Unit: that of the rule (0.25 for 25%). ``note`` says where the value comes from.
    """

    profile_key: str
    profile_name: str
    rule_key: str
    rule_value: Decimal | None
    note: str


def _read(name: str, build: Callable[[int, dict[str, str]], Row]) -> tuple[Row, ...]:
    """Every row of one table, built; a fault names the file, the line and what to do."""
    text = resources.files("data").joinpath("reference", f"{name}.csv").read_text(encoding="utf-8-sig")
    rows = []
    for position, fields in enumerate(csv.DictReader(text.splitlines()), start=1):
        try:
            if None in fields or None in fields.values():
                raise ValueError("列数与表头不同")
            rows.append(build(position, {key: value.strip() for key, value in fields.items()}))
        except (KeyError, ValueError) as error:
            raise FileError(
                f"参考表 {name}.csv 第{position + 1}行读不懂（{error}）：请按表头更正这一行后重新启动。"
            ) from error
    return tuple(rows)


def _one_of(value: str, allowed: frozenset[str]) -> str:
    if value not in allowed:
        raise ValueError(f"“{value}”不在 {'、'.join(sorted(allowed))} 之中")
    return value


def _code(value: str, length: int) -> str:
    if not re.fullmatch(rf"\d{{{length}}}", value):
        raise ValueError(f"代码“{value}”不是{length}位数字")
    return value


def _flag(value: str) -> bool:
    return _one_of(value, frozenset({"0", "1"})) == "1"


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"“{value}”不是日期，应写成2025-06-06") from None


def _words(value: str) -> tuple[str, ...]:
    return tuple(word for word in value.split("、") if word)


def _choices(value: str) -> tuple[str, ...]:
    return tuple(word for word in value.split("|") if word)


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value) if value else None
    except InvalidOperation:
        raise ValueError(f"“{value}”不是数") from None


def _build_regional_day(_: int, row: dict[str, str]) -> RegionalDay:
    if not row["source"]:
        raise ValueError("没有写出处")
    return RegionalDay(
        region_code=_code(row["region_code"], 6),
        day=_day(row["day"]),
        is_working=_flag(row["is_working"]),
        name=row["name"],
        source=row["source"],
        trust=_one_of(row["trust"], TRUST_MARKS),
    )


def _build_recipient(position: int, row: dict[str, str]) -> Recipient:
    return Recipient(
        recipient_id=row["recipient_id"],
        name=row["name"],
        kind=_one_of(row["kind"], RECIPIENT_KINDS),
        division_code=_code(row["division_code"], 6) if row["division_code"] else "",
        parent_division_code=_code(row["parent_division_code"], 6),
        aliases=_words(row["aliases"]),
        short_name=row["short_name"],
        tile_row=int(row["tile_row"]),
        tile_column=int(row["tile_column"]),
        source=row["source"],
        note=row["note"],
        display_no=position,
    )


def _build_budget_item(_: int, row: dict[str, str]) -> BudgetItem:
    return BudgetItem(**{**row, "trust": _one_of(row["trust"], TRUST_MARKS)})


def _build_marker(_: int, row: dict[str, str]) -> DirectFundMarker:
    return DirectFundMarker(**{**row, "trust": _one_of(row["trust"], TRUST_MARKS)})


def _build_province(_: int, row: dict[str, str]) -> Province:
    return Province(_code(row["province_code"], 2), row["name"])


def _build_glossary_entry(_: int, row: dict[str, str]) -> GlossaryEntry:
    return GlossaryEntry(**row)


def _build_term(_: int, row: dict[str, str]) -> Term:
    if not row["explanation"] or not row["pages"]:
        raise ValueError("没有写解释或在哪一页")
    return Term(
        term=row["term"], aliases=tuple(filter(None, row["aliases"].split("、"))), explanation=row["explanation"],
        pages=tuple(row["pages"].split("、")), source=row["source"], trust=_one_of(row["trust"], TRUST_MARKS),
    )


def _build_indicator_entry(_: int, row: dict[str, str]) -> IndicatorEntry:
    return IndicatorEntry(
        fund=row["fund"],
        indicator_no=int(row["indicator_no"]),
        indicator_name=row["indicator_name"],
        short_name=row["short_name"],
        entry_kind=_one_of(row["entry_kind"], ENTRY_KINDS),
        numerator_label=row["numerator_label"],
        denominator_label=row["denominator_label"],
        unit=row["unit"],
        rollup_method=_one_of(row["rollup_method"], ROLLUP_METHODS),
        is_name_cut=_flag(row["is_name_cut"]),
    )


def _build_profile_rule(_: int, row: dict[str, str]) -> ProfileRule:
    if not row["note"]:
        raise ValueError("没有写出处")
    return ProfileRule(
        row["profile_key"], row["profile_name"], row["rule_key"], _number(row["rule_value"]), row["note"]
    )


def _build_purpose_word(_: int, row: dict[str, str]) -> PurposeWord:
    harmless_in = _choices(row["harmless_in"])
    if not all(row["word"] in phrase for phrase in harmless_in):
        raise ValueError(f"“{row['harmless_in']}”里要有“{row['word']}”")
    return PurposeWord(
        row["word"], _one_of(row["use"], PURPOSE_USES), harmless_in, _one_of(row["trust"], TRUST_MARKS), row["source"]
    )


def _build_payee_word(_: int, row: dict[str, str]) -> PayeeWord:
    return PayeeWord(row["word"], _one_of(row["payee_kind"], PAYEE_KINDS), row["note"])


def _build_payout_measure(_: int, row: dict[str, str]) -> PayoutMeasure:
    if not row["name_holds"]:
        raise ValueError("没有写指标名称应含的字")
    return PayoutMeasure(
        measure_key=row["measure_key"],
        title=row["title"],
        figure=_one_of(row["figure"], PAYOUT_FIGURES),
        name_holds=tuple(tuple(group.split("|")) for group in _words(row["name_holds"])),
        name_lacks=_choices(row["name_lacks"]),
        aid_kinds=_words(row["aid_kinds"]),
        units=_words(row["units"]),
        note=row["note"],
    )


@lru_cache(maxsize=1)
def regional_days() -> tuple[RegionalDay, ...]:
    """The regional arrangements on file; a year without rows is a year nobody has sourced."""
    return _read("regional_holidays", _build_regional_day)


@lru_cache(maxsize=1)
def recipients() -> tuple[Recipient, ...]:
    """The units of the prefecture, in the founding notice's order."""
    return _read("recipients", _build_recipient)


@lru_cache(maxsize=1)
def budget_items() -> tuple[BudgetItem, ...]:
    """The account codes that this fund meets."""
    return _read("budget_items", _build_budget_item)


@lru_cache(maxsize=1)
def direct_fund_markers() -> tuple[DirectFundMarker, ...]:
    """The known values of the marker."""
    return _read("direct_fund_markers", _build_marker)


@lru_cache(maxsize=1)
def purpose_words() -> tuple[PurposeWord, ...]:
    """Words that the purpose of a payment should not hold; the one that stands first in it counts."""
    return _read("purpose_words", _build_purpose_word)


@lru_cache(maxsize=1)
def payee_words() -> tuple[PayeeWord, ...]:
    """Words that tell an organisation's kind from its name; the one that stands last counts."""
    return _read("payee_words", _build_payee_word)


@lru_cache(maxsize=1)
def payout_measures() -> tuple[PayoutMeasure, ...]:
    """What payouts prove; the first measure that fits an indicator counts."""
    return _read("payout_measures", _build_payout_measure)


@lru_cache(maxsize=1)
def provinces() -> tuple[Province, ...]:
    """The 31 provinces, autonomous regions and municipalities that hand money down, by their code in GB/T 2260."""
    return _read("provinces", _build_province)


@lru_cache(maxsize=1)
def glossary() -> tuple[GlossaryEntry, ...]:
    """Every identifier of the product with its Chinese word; one row each."""
    return _read("glossary", _build_glossary_entry)


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """The words that users meet, in the order of the file, which is that of a first reading."""
    return _read("terms", _build_term)


@lru_cache(maxsize=1)
def indicator_entries() -> tuple[IndicatorEntry, ...]:
    """How the indicators of known funds are headed, filled in and rolled up."""
    return _read("indicator_short_names", _build_indicator_entry)


@lru_cache(maxsize=1)
def profile_rules() -> tuple[ProfileRule, ...]:
    """The ready-made profiles of the rule book, rule by rule; a bureau may add its own as rows."""
    return _read("rule_profiles", _build_profile_rule)


def plain_name(name: str) -> str:
    """A name with every space removed, also the full-width one.

    >>> plain_name("库尔勒　经济 开发区")
    '库尔勒经济开发区'
    """
    return re.sub(r"\s+", "", name)


@lru_cache(maxsize=1)
def _recipients_by_name() -> dict[str, Recipient]:
    return {name: unit for unit in recipients() for name in (unit.name, *unit.aliases)}


def resolve_recipient(name: str) -> Recipient | None:
    """The unit with this name or alias; None if no unit is called that, never a guess.

    >>> resolve_recipient("库尔勒经济开发区").name
    '库尔勒经济技术开发区'
    """
    return _recipients_by_name().get(plain_name(name))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name)


def find_indicator_entry(fund: str, indicator_name: str) -> IndicatorEntry | None:
    """What is on file for an indicator of a fund, found by its name, never by its number alone.

    Two notices number the same indicator differently, so only the name counts. Scans cut long names off:
    a name that is the beginning of one indicator only is taken for it.
    """
    wanted = _letters(indicator_name)
    known = [(entry, _letters(entry.indicator_name)) for entry in indicator_entries() if entry.fund in fund]
    for entry, name in known:
        if name == wanted:
            return entry
    begun = [
        entry
        for entry, name in known
        if _is_beginning(wanted, name) or (entry.is_name_cut and _is_beginning(name, wanted))
    ]
    return begun[0] if len(begun) == 1 else None


def _is_beginning(short: str, long: str) -> bool:
    # Eight characters: 「低保对象」 alone must not become 「低保对象人数」.
    return len(short) >= 8 and long.startswith(short)


def find_payout_measure(indicator_name: str, unit: str) -> PayoutMeasure | None:
    """What proves an indicator of this name that is reported in this unit; None where payouts do not.

    >>> find_payout_measure("低保资金社会化发放率", "万元").measure_key
    'bank_allowance_money'
    >>> find_payout_measure("救助对象对社会救助实施的满意度", "人") is None
    True
    """
    name = plain_name(indicator_name)
    for measure in payout_measures():
        holds = all(any(word in name for word in group) for group in measure.name_holds)
        if holds and unit in measure.units and not any(word in name for word in measure.name_lacks):
            return measure
    return None
