"""What payouts prove: the relations over them that boards read, and how a person is called without a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pyarrow as pa  # type: ignore[import-untyped]

from data.reference import payout_measures
from data.store import Cursor, sql_text, with_relations
from metrics.docking import docking_relations
from metrics.scope import Scope

SHORTEST_LABEL = 4


# Each rule wants a few of the millions of payouts.
_UNKEPT = ("docked_payout", "notice_payout")


def payout_rows(
    cursor: Cursor, sql: str, scope: Scope, until_on: date, measure_keys: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The rows of a rule over the payouts of a notice, exact, counted up to the end of ``until_on``.

    ``measure_keys`` are the measures that are wanted; all without them.
    """
    cursor.lend("lent_payout_measure_kind", pa.Table.from_pylist([
        {"measure_key": measure.measure_key, "figure": measure.figure, "aid_kind": kind}
        for measure in payout_measures() if not measure_keys or measure.measure_key in measure_keys
        for kind in measure.aid_kinds or ("",)
    ]))
    relations = {
        **docking_relations(cursor),
        "payout_measure_kind": "SELECT * FROM lent_payout_measure_kind",
        "evidence_day": sql_text("data", "queries/evidence_day"),
    }
    return cursor.rows(with_relations(sql, relations, _UNKEPT), {
        "document_number": scope.document_number, "as_of": scope.as_of, "until_on": until_on,
    })


def found_sql(rule: str) -> str:
    """A rule over the payouts that need a look, with the relation that gathers them."""
    return with_relations(rule, {"payout_found_line": sql_text("metrics", "payout_found_line")})


def person_labels(hashes: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """What each person is called within one list: 「人员 ab12」, longer only where two begin alike.

    >>> one, other = UUID("ab120000-0000-0000-0000-000000000000"), UUID("ab121000-0000-0000-0000-000000000000")
    >>> list(person_labels([one, other, None]).values())
    ['人员 ab120', '人员 ab121', '没有证件号码']
    """
    known = sorted({each.hex: each for each in hashes if each is not None}.items())
    labels: dict[UUID | None, str] = {}
    for place, (text, each) in enumerate(known):
        beside = [known[other][0] for other in (place - 1, place + 1) if 0 <= other < len(known)]
        length = max([SHORTEST_LABEL, *(_common(text, other) + 1 for other in beside)])
        labels[each] = f"人员 {text[:length]}"
    return {**labels, None: "没有证件号码"}


def _common(text: str, other: str) -> int:
    """How many letters two hashes begin alike with."""
    return next((place for place, (a, b) in enumerate(zip(text, other, strict=True)) if a != b), len(text))
