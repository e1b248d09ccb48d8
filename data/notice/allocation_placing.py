"""Cells that a text has dropped: put back where the sums that the heads state leave exactly one place."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from data.model import ColumnIdentity
from data.notice.allocation_body import Body, BodyRow
from data.notice.allocation_sums import Figures, holds
from data.notice.document import GridCell
from data.notice.figures import parse_number

_MOST_PLACEMENTS = 20_000


def placed(body: Body, identities: Sequence[ColumnIdentity], total_at: int | None) -> Body:
    """Put the cells of short rows into their columns, where exactly one way makes every sum hold.

    Reads:  the sums that the heads state, then the total row's figures for what they leave open.
    Empty:  cells that could stand in several columns stay empty, and the row is not complete.
    """
    rows = list(body.rows)
    short = [at for at, row in enumerate(rows) if not row.is_complete]
    if not short or len(short) == len(rows):
        return body
    ways = {at: list(_placements(rows[at], identities)) for at in short}
    ways = _fitting_totals(rows, ways, total_at)
    for at in short:
        choices = ways[at]
        if len(choices) == 1:
            rows[at] = replace(rows[at], values=choices[0], is_complete=True, is_placed=True)
        else:
            agreed = tuple(cell if choices and all(way[no] == cell for way in choices) else None
                           for no, cell in enumerate(choices[0] if choices else rows[at].values))
            rows[at] = replace(rows[at], values=agreed)
    return replace(body, rows=tuple(rows))


def _placements(row: BodyRow, identities: Sequence[ColumnIdentity]) -> Iterator[tuple[GridCell | None, ...]]:
    cells = [cell for cell in row.values if cell is not None]
    width = len(row.values)
    for columns in itertools.combinations(range(width), len(cells)):
        values: list[GridCell | None] = [None] * width
        for column, cell in zip(columns, cells, strict=True):
            values[column] = cell
        figures = [None if cell is None else parse_number(cell.text) for cell in values]
        if identities and all(holds(identity, figures) or _is_blank(identity, figures) for identity in identities):
            yield tuple(values)


def _is_blank(identity: ColumnIdentity, figures: Figures) -> bool:
    return all(figures[number - 1] is None for number in (identity.column_no, *identity.term_column_nos))


Ways = dict[int, list[tuple[GridCell | None, ...]]]


def _fitting_totals(rows: Sequence[BodyRow], ways: Ways, total_at: int | None) -> Ways:
    if total_at is None or total_at in ways or all(len(choices) == 1 for choices in ways.values()):
        return ways
    size = 1
    for choices in ways.values():
        size *= max(1, len(choices))
    if size > _MOST_PLACEMENTS or any(not choices for choices in ways.values()):
        return ways
    total = rows[total_at].figures
    fixed = [row.figures for at, row in enumerate(rows) if at != total_at and at not in ways]
    fitting = [combination for combination in itertools.product(*ways.values())
               if _adds_up(total, [*fixed, *([None if c is None else parse_number(c.text) for c in way]
                                             for way in combination)])]
    if not fitting:
        return ways
    return {at: list(dict.fromkeys(combination[no] for combination in fitting))
            for no, at in enumerate(ways)}


def _adds_up(total: Figures, rows: Sequence[Figures]) -> bool:
    return all((figure or Decimal(0)) == sum((row[at] or Decimal(0) for row in rows), Decimal(0))
               for at, figure in enumerate(total))
