"""What may be wrong with a row of an export, as SQL that finds it and words that say it; no cell is repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from data.docking.export_file import LOST_DIGITS
from data.docking.mapping import ExportMapping
from data.docking.record_kinds import DAY_OF_PERIOD, ESSENTIAL, LOOKED_UP, READ, TEXTS

_WRONG = {"day": "不是日期", "month": "不是年月", "year": "不是年份", "yuan": "不是金额，或不是整数分"}
_PERSON_NUMBER = "[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
_OLDEST_KEY_YEARS = 3


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

    The SQL reads each placed field's <field>_cell and value, and the <field>_told of each field that is ``worded``.
    """
    kind = mapping.record_kind
    titles = {field.name: field.heads[-1] for field in mapping.fields}
    yield "unknown-unit", "recipient_id IS NULL", "单位名称和区划代码都对不上已有的单位"
    for field in dict.fromkeys((*ESSENTIAL[kind], *READ, *worded)):
        cell, title = f"{field}_cell", titles.get(field, "")
        if field not in places:
            continue
        if field in ESSENTIAL[kind]:
            yield "missing-value", f"{cell} = ''", f"没有填“{title}”"
        if field in worded:
            yield "unknown-word", f"{cell} <> '' AND {field}_told IS NULL", f"“{title}”的写法不认识"
        elif field in TEXTS:
            yield "person-in-key", _holds_person(cell, places, scope), f"“{title}”里有姓名、证件号码或账号"
        elif field in READ:
            reader = READ[field].partition("_of")[0]
            yield f"wrong-{reader}", f"{cell} <> '' AND {field} IS NULL", f"“{title}”{_WRONG[reader]}"
        if field in LOOKED_UP:
            test = f"{field}_told IS NOT NULL AND ({_holds_person(cell, places, scope)})"
            yield "person-in-key", test, f"“{title}”里有姓名、证件号码或账号"
    for field in (*TEXTS, "person_no", "account_no", "payee_account"):
        if field in places:
            yield "lost-digits", f"STARTS_WITH({field}_cell, '{LOST_DIGITS}')", (
                f"“{titles[field]}”被存成了数字，末几位已经丢失"
            )
    if scope.recipient_id:
        yield "other-unit", f"recipient_id <> '{scope.recipient_id}'", "不是本次导出的单位"
    if kind in DAY_OF_PERIOD:
        period = f"DATE '{scope.period_from_on}' AND DATE '{scope.period_to_on}'"
        yield "outside-period", f"{DAY_OF_PERIOD[kind]} NOT BETWEEN {period}", "日期不在本次导出的期间内"


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
