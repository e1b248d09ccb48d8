"""The sums that the heads of an allocation table state: 合计, 小计, 调整前＋调整数＝调整后."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from data.model import AllocationColumn, ColumnIdentity, ColumnRole
from data.notice.figures import squeeze

Path = tuple[str, ...]
Figures = Sequence[Decimal | None]

SUM_WORDS = re.compile(
    r"^(合计|总计|共计|小计|总额|小计数|合计数|总数|资金合计|金额合计|合计金额|资金总额|总金额|补助合计)$"
)
_OF_WHICH = re.compile(r"^其中")


def identities_of(columns: Sequence[AllocationColumn], paths: Sequence[Path], rows: Sequence[Figures]
                  ) -> tuple[ColumnIdentity, ...]:
    """The sums that the heads state.

    A sum word over columns of one kind is taken at its word only where at least half of the rows bear it out
    (three rows or more): 合计 may also stand over money that the table does not print.
    """
    roles = {column.role for column in columns}
    if ColumnRole.BEFORE in roles and ColumnRole.AFTER in roles:
        return _adjustment_identities(columns, paths)
    money = {c.column_no for c in columns if c.role not in (ColumnRole.COUNT, ColumnRole.NOTE)}
    stated: dict[int, ColumnIdentity] = {}
    for identity in [*sums_of(paths), *sums_of(paths, with_asides=True)]:
        terms = tuple(term for term in identity.term_column_nos if term in money)
        if identity.column_no in money and identity.column_no not in stated and terms:
            whole = replace(identity, term_column_nos=terms)
            if _is_borne_out(whole, rows):
                stated[identity.column_no] = whole
    return tuple(stated[number] for number in sorted(stated))


def _is_borne_out(identity: ColumnIdentity, rows: Sequence[Figures]) -> bool:
    tested = [row for row in rows if row[identity.column_no - 1] is not None]
    holding = sum(1 for row in tested if holds(identity, row))
    return len(tested) < 3 or 2 * holding >= len(tested)


def holds(identity: ColumnIdentity, row: Figures) -> bool:
    """Whether a row's figures add up; an empty cell adds nothing."""
    total = row[identity.column_no - 1]
    terms = [row[term - 1] for term in identity.term_column_nos]
    return total is not None and total == sum((term for term in terms if term is not None), Decimal(0)) \
        and any(term is not None for term in terms)


def _adjustment_identities(columns: Sequence[AllocationColumn], paths: Sequence[Path]
                           ) -> tuple[ColumnIdentity, ...]:
    by_role: dict[ColumnRole, list[int]] = {}
    for column in columns:
        by_role.setdefault(column.role, []).append(column.column_no)
    found = []
    lines: dict[Path, dict[ColumnRole, int]] = {}
    for column, path in zip(columns, paths, strict=True):
        if column.role in (ColumnRole.BEFORE, ColumnRole.ADJUSTMENT, ColumnRole.AFTER):
            lines.setdefault(path[:-1], {})[column.role] = column.column_no
    for line in lines.values():
        if len(line) == 3:
            found.append(ColumnIdentity(line[ColumnRole.AFTER],
                                        (line[ColumnRole.BEFORE], line[ColumnRole.ADJUSTMENT]), "line"))
    totals = {role: by_role[role][0] for role in by_role
              if role in (ColumnRole.TOTAL_BEFORE, ColumnRole.TOTAL_ADJUSTMENT, ColumnRole.TOTAL_AFTER)}
    for total, part in ((ColumnRole.TOTAL_BEFORE, ColumnRole.BEFORE),
                        (ColumnRole.TOTAL_ADJUSTMENT, ColumnRole.ADJUSTMENT),
                        (ColumnRole.TOTAL_AFTER, ColumnRole.AFTER)):
        if total in totals and by_role.get(part):
            found.append(ColumnIdentity(totals[total], tuple(by_role[part]), "total"))
    if len(totals) == 3:
        found.append(ColumnIdentity(totals[ColumnRole.TOTAL_AFTER],
                                    (totals[ColumnRole.TOTAL_BEFORE], totals[ColumnRole.TOTAL_ADJUSTMENT]),
                                    "total"))
    return tuple(found)


def sums_of(paths: Sequence[Path], *, with_asides: bool = False) -> list[ColumnIdentity]:
    """The sums that words like 合计 and 小计 state over their neighbours.

    其中 names parts of the column before and is left out, unless it names the parts of the sum itself.

    >>> [i.term_column_nos for i in sums_of([("合计",), ("甲", "小计"), ("甲", "一"), ("乙",)])]
    [(2, 4), (3,)]
    """
    found = []
    for at, path in enumerate(paths, start=1):
        if not SUM_WORDS.match(squeeze(path[-1])):
            continue
        terms = _terms(paths, at, with_asides) or _terms(paths, at, True)
        if terms:
            found.append(ColumnIdentity(at, tuple(terms), "subtotal" if path[:-1] else "total"))
    return found


def _terms(paths: Sequence[Path], sum_no: int, with_asides: bool) -> list[int]:
    parent = paths[sum_no - 1][:-1]
    terms: list[int] = []
    seen: set[Path] = set()
    for number, path in enumerate(paths, start=1):
        words = path[len(parent):]
        if number == sum_no or path[: len(parent)] != parent or not words:
            continue
        if not with_asides and any(_OF_WHICH.match(word) for word in words):
            continue
        branch = path[: len(parent) + 1]
        if len(words) == 1:
            terms.append(number)
        elif branch not in seen:
            seen.add(branch)
            terms += _sum_or_leaves(paths, branch)
    return terms


def _sum_or_leaves(paths: Sequence[Path], branch: Path) -> list[int]:
    inside = [(at, path) for at, path in enumerate(paths, start=1) if path[: len(branch)] == branch]
    own_sum = [at for at, path in inside if len(path) == len(branch) + 1 and SUM_WORDS.match(squeeze(path[-1]))]
    return own_sum or [at for at, path in inside if not any(_OF_WHICH.match(w) for w in path[len(branch):])]
