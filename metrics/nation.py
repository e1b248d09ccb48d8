"""全国: how far the nation, its provinces, counties and funds have come, read from what a run left in a lake.

Nothing is judged here: every figure was made by ``metrics/sql/nation.sql`` on whichever engine. What did not report is
in no rate, and is counted and named beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.errors import NotFoundError
from data.lake import pushes, scored, scored_rows
from data.reference import provinces

Row = dict[str, Any]
NO_FUND = "（没有写明资金名称）"


@dataclass(frozen=True)
class Nation:
    """The nation in one year of the budget.

    Shape:  one row per province, county (or unit that is none) and fund with money of that year; a unit is counted
            once per notice. Provinces and counties have the worst first, those without a score last; funds the most
            money first. ``silent`` is one row per unit and notice that did not report.
    Unit:   元 and micro-points, exact; ``score_share`` and ``execution_rate`` are ratios beside both their sides.
    Empty:  ``score_share`` is None where nothing was scored; ``execution_rate`` where nobody reported a payment,
            and over the whole, which is never shown without its reason (``over_count`` units paid more than they got).
    """

    year: str
    years: tuple[str, ...]
    engine: str
    made_at: str
    stores: tuple[Row, ...]
    whole: Row
    provinces: tuple[Row, ...]
    counties: tuple[Row, ...]
    funds: tuple[Row, ...]
    silent: tuple[Row, ...]


def nation(lake: Path, year: str = "") -> Nation:
    """The tables of a year, the newest where none is asked for.

    Raises: NotFoundError if nothing was scored yet or the year is not in the lake.
    """
    told = scored(lake)
    rows = [_shown(row) for row in scored_rows(lake, "nation").to_pylist()]
    years = tuple(sorted({row["year"] for row in rows}))
    chosen = year or (years[-1] if years else "")
    if chosen not in years:
        raise NotFoundError(f"湖里没有 {chosen} 年的数据：有 {'、'.join(years) or '零'} 年。")
    by_level = {
        level: [row for row in rows if row["year"] == chosen and row["level"] == level]
        for level in ("nation", "province", "county", "fund")
    }
    silent = scored_rows(lake, "nation_unit", year=chosen, is_reported=False).to_pylist()
    return Nation(
        chosen, years, told["engine"], told["made_at"],
        tuple({name: store.get(name) for name in ("store_id", "bureau_name", "pushed_at", "is_demonstration")}
              for store in pushes(lake)),
        by_level["nation"][0],
        _in_order(by_level["province"], _worst_first),
        _in_order(by_level["county"], _worst_first),
        _in_order(by_level["fund"], lambda row: (-(row["released_yuan"] or 0), row["fund_name"])),
        tuple(sorted(map(_named_unit, silent), key=lambda row: tuple(map(str, row.values())))),
    )


def _in_order(rows: Iterable[Row], key: Callable[[Row], Any]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=key))


def _worst_first(row: Row) -> tuple[Any, ...]:
    share = row["score_share"]
    return (share is None, share or 0, row["province"], row["county_code"] or "")


def _shown(row: Row) -> Row:
    """A row with its names and its two ratios; for showing and for the order only, nothing is judged by them."""
    is_over = row["paid_yuan"] is not None and row["paid_yuan"] > row["base_yuan"]
    return {
        **row,
        "province_name": _province(row["province"]) if row["province"] else None,
        "fund_name": (row["fund_name"] or NO_FUND) if row["level"] == "fund" else None,
        "score_share": _ratio(row["score_micro"], row["scored_weight_micro"]),
        "execution_rate": None if is_over else _ratio(row["paid_yuan"], row["base_yuan"]),
    }


def _named_unit(row: Row) -> Row:
    return {
        "province_name": _province(row["province"]), "county_code": row["county_code"],
        "county_name": row["county_name"], "printed_number": row["printed_number"],
        "fund_name": row["fund_name"] or NO_FUND, "round_id": row["round_id"],
    }


def _province(code: str) -> str:
    return next((province.name for province in provinces() if province.province_code == code), code)


def _ratio(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if part is not None and whole else None
