"""What may be wrong with a row of an export, as SQL that finds it and words that say it; no cell is repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from data.docking.export_workbook import LOST_DIGITS
from data.docking.lookups import TWO_UNITS
from data.docking.mapping import ExportMapping
from data.docking.person_words import MOBILE_NUMBER, SHORT_NUMBER, person_number
from data.docking.record_kinds import DAY_OF_PERIOD, ESSENTIAL, LOOKED_UP, READ, TEXTS

_WRONG = {"day": "不是日期", "month": "不是年月", "year": "不是年份", "yuan": "不是金额，或不是整数分"}
_PERSONAL_WORDS = "里有姓名、证件号码、账号或手机号码"
_OLDEST_KEY_YEARS = 3
_MAX_YUAN = 10**13
# What a row says of persons, and how long a word of it must be to be looked for in what is kept.
PERSONAL = {"person_no": 6, "account_no": 6, "payee_account": 6, "person_name": 2, "payee_name": 2}


@dataclass(frozen=True)
class RowScope:
    """Which rows an export may hold: of one unit or all (empty), of which days."""

    recipient_id: str
    period_from_on: date
    period_to_on: date


def row_faults(
    mapping: ExportMapping, places: Mapping[str, int], worded: Sequence[str], scope: RowScope
) -> Iterator[tuple[str, str, str]]:
    """Each fault's code, the SQL that finds it, and its words.

    The SQL reads each placed field's <field>_cell and value, the <field>_told of each field that is ``worded``, and the
    <field>_holds of each text that is kept.
    """
    kind = mapping.record_kind
    titles = {field.name: field.heads[-1] for field in mapping.fields}
    yield "unknown-unit", "recipient_id IS NULL", "单位名称和区划代码都对不上已有的单位"
    yield "two-units", f"recipient_id = '{TWO_UNITS}'", "单位名称和区划代码说的不是同一个单位"
    for field in dict.fromkeys((*ESSENTIAL[kind], *READ, *worded)):
        cell, title = f"{field}_cell", titles.get(field, "")
        if field not in places:
            continue
        if field in ESSENTIAL[kind]:
            is_missing = "person_hash IS NULL" if field == "person_no" else f"{cell} = ''"
            yield "missing-value", is_missing, f"没有填“{title}”"
        if field in worded:
            yield "unknown-word", f"{cell} <> '' AND {field}_told IS NULL", f"“{title}”的写法不认识"
        elif field in TEXTS:
            yield "person-in-key", f"{field}_holds", f"“{title}”{_PERSONAL_WORDS}"
        elif field in READ:
            reader = READ[field].partition("_of")[0]
            yield f"wrong-{reader}", f"{cell} <> '' AND {field} IS NULL", f"“{title}”{_WRONG[reader]}"
        if field in LOOKED_UP:
            test = f"{field}_told IS NOT NULL AND {field}_holds"
            yield "person-in-key", test, f"“{title}”{_PERSONAL_WORDS}"
        if field == "pay_month":
            # As a number 2021.10 loses its last digit.
            yield "unclear-month", f"REGEXP_FULL_MATCH({cell}, '[0-9]{{4}}\\.1')", (
                f"“{title}”分不清是1月还是10月，请写成 2021-10 的样子"
            )
        if field in ("amount_yuan", "standard_yuan"):
            yield "too-much", f"ABS({field}) > {_MAX_YUAN}", f"“{title}”超过十万亿元"
    for field in (*TEXTS, "person_no", "account_no", "payee_account"):
        if field in places:
            yield "lost-digits", f"STARTS_WITH({field}_cell, '{LOST_DIGITS}')", (
                f"“{titles[field]}”被存成了数字，末几位已经丢失"
            )
    if scope.recipient_id:
        test = f"recipient_id NOT IN ('{scope.recipient_id}', '{TWO_UNITS}')"
        yield "other-unit", test, "不是本次导出的单位"
    if kind in DAY_OF_PERIOD:
        period = f"DATE '{scope.period_from_on}' AND DATE '{scope.period_to_on}'"
        yield "outside-period", f"{DAY_OF_PERIOD[kind]} NOT BETWEEN {period}", "日期不在本次导出的期间内"


def numbers_sql(relation: str, cells: Mapping[str, str], scope: RowScope) -> str:
    """A relation with what ``holding_sql`` needs of each text that is kept: the even form of its cell, and what in it
    has the form of a person's number. Each step stands over the one before, which else is written out at each use.
    """
    first, last = _doubtful_years(scope)
    late = person_number(f"(?:{'|'.join(str(year) for year in range(first, last + 1))})")
    steps: list[list[str]] = [[], [], [], []]
    for field, cell in cells.items():
        even, said = f"{field}_even", f"{field}_said"
        steps[0].append(f"bare({cell}) AS {even}")
        # Numbers stand for themselves among blanks, too, where the even form would join them.
        steps[1].append(f"CASE WHEN {even} = {cell} THEN {cell} ELSE {even} || '|' || UPPER({cell}) END AS {said}")
        steps[2] += (
            f"CASE WHEN LENGTH({said}) >= 18 THEN REGEXP_EXTRACT({said}, '{late}') ELSE '' END AS {field}_late",
            f"CASE WHEN LENGTH({said}) >= 15 THEN REGEXP_EXTRACT({said}, '{SHORT_NUMBER}', 1) ELSE '' END "
            f"AS {field}_short",
        )
        steps[3].append(f"TRY_CAST(LEFT({field}_late, 17) AS BIGINT) AS {field}_digits")
    for step in steps:
        relation = f"(SELECT {', '.join(('*', *step))} FROM {relation})"
    return relation


def holding_sql(field: str, places: Mapping[str, int], scope: RowScope) -> str:
    """Whether a text that is kept holds what must not be kept: a cell of the row that names a person, or any number.

    A key made of division, day and serial has the form of a person's number. So a number is one if its day is a
    birthday of years ago or it ends in X; of later days if the check digit is right and the day not of the period.
    """
    first, last = _doubtful_years(scope)
    said, late, short = f"{field}_said", f"{field}_late", f"{field}_short"
    ago = "|".join(("19[0-9]{2}", *(str(year) for year in range(2000, first))))
    surely = f"{person_number(f'(?:{ago})')}|{MOBILE_NUMBER}"
    return " OR ".join((
        *(f"(LENGTH({other}_bare) >= {least} AND CONTAINS({said}, {other}_bare))"
          for other, least in PERSONAL.items() if other in places),
        f"(LENGTH({said}) >= 11 AND REGEXP_MATCHES({said}, '{surely}'))",
        f"({short} <> '' AND '20' || SUBSTR({short}, 7, 2) NOT BETWEEN '{first}' AND '{last}')",
        f"({late} <> '' AND (RIGHT({late}, 1) = 'X' OR (is_person_no({late}, {field}_digits) "
        f"AND SUBSTR({late}, 7, 8) NOT BETWEEN '{scope.period_from_on:%Y%m%d}' AND '{scope.period_to_on:%Y%m%d}')))",
    ))


def _doubtful_years(scope: RowScope) -> tuple[int, int]:
    """The years whose days stand in keys more often than they are birthdays."""
    return scope.period_from_on.year - _OLDEST_KEY_YEARS, scope.period_to_on.year
