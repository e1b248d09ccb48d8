"""What a run of all checks comes to: the catalogue with how each check came out, and the three that matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from metrics.boards.findings import SEVERITIES, STATES, Judged

MATTER_COUNT = 3


@dataclass(frozen=True)
class Matter:
    """One thing that a director should see first, in a sentence; the rest says where to go."""

    sentence: str
    recipient_id: str
    code: str
    severity: str


def catalogue(result: Judged) -> pd.DataFrame:
    """Every check with how it came out over the units of a result: those that found something first.

    Shape:  one row per check; ``missing_exports`` and ``gapped_exports`` say what ``missing_units`` lack (all: ()).
    Unit:   元; ``amount_yuan`` is None where no money is at stake.
    """
    if result.checked.empty:
        return pd.DataFrame(columns=["code", "check_state"])
    rows = []
    for code, of_check in result.checked.groupby("code", sort=False):
        found = result.found[result.found["code"] == code]
        lacking = of_check[of_check["missing_exports"].map(bool) | of_check["gapped_exports"].map(bool)]
        first = of_check.iloc[0]
        all_lack = len(lacking) == len(of_check)
        state = "found" if len(found) else "not_checked" if all_lack else "passed"
        amounts = [amount for amount in found["amount_yuan"] if amount is not None]
        rows.append({
            **{name: first[name] for name in ("code", "title", "severity", "says", "source_text", "trust")},
            "check_state": state,
            "finding_count": len(found),
            "unit_count": found["recipient_id"].nunique(),
            "amount_yuan": sum(amounts, Decimal(0)) if amounts else None,
            **{
                name: tuple(sorted({export for exports in lacking[name] for export in exports}))
                for name in ("missing_exports", "gapped_exports")
            },
            "missing_units": () if all_lack else tuple(lacking["recipient_name"]),
        })
    order = {state: place for place, state in enumerate(STATES)}
    rows.sort(key=lambda row: (order[row["check_state"]], SEVERITIES.index(row["severity"]), row["code"]))
    return pd.DataFrame(rows, dtype=object)


def three_that_matter(result: Judged) -> list[Matter]:
    """The first three things found, each of another check: who, what, how much, which line, and what to do now."""
    matters = []
    for code in list(dict.fromkeys(result.found["code"]))[:MATTER_COUNT]:
        rows = result.found[result.found["code"] == code].to_dict("records")
        matters.append(_matter(rows[0], rows[1:]))
    return matters


def _matter(row: dict[str, Any], others: list[dict[str, Any]]) -> Matter:
    amount = "" if row["amount_yuan"] is None else f"，涉及 {_money(row['amount_yuan'])}"
    place = f"，见{_short_place(row['place_text'])}" if row["place_text"] else ""
    same = ""
    if others:
        units = len({other["recipient_id"] for other in others} - {row["recipient_id"]})
        same = f"同类疑点另有 {len(others)} 处" + (f"，在另外 {units} 个单位" if units else "") + "。"
    sides = f"{row['subject_text']}，{row['stated_text']}（应为：{row['expected_text']}）"
    return Matter(
        f"{row['recipient_name']}　{row['title']}：{sides}{amount}{place}。{row['says']}。{same}",
        row["recipient_id"], row["code"], row["severity"],
    )


def _money(amount: Decimal) -> str:
    """Money in 万元 to the fen where it is much, else in 元: 「29.72 万元」, 「1,500 元」."""
    if abs(amount) >= 10_000:
        return f"{amount / 10_000:,.6f}".rstrip("0").rstrip(".") + " 万元"
    return f"{amount:,.2f}".removesuffix(".00") + " 元"


def _short_place(place: str) -> str:
    """A place with its first three lines only: the page has them all."""
    return re.sub(r"第 (\d+、\d+、\d+)、[\d、]+ 行(等 \d+ 行)?", r"第 \1 行等", place)
