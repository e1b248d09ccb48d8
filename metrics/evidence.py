"""What proves a result: recorded inputs, a version of the rules, and one SQL text that anybody can run.

Limitations: it is shown that the results follow from the recorded inputs. That the inputs are what a unit
             sent is shown by the files as received, whose hashes stand in the chained log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from data.store import Cursor, Store, sql_text, with_relations

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Proof:
    """A result and the way to it.

    ``inputs`` are recorded relations; ``steps`` are files of metrics/sql by the relation that each makes,
    in order, the last one being the result. ``key`` names a row of the result.
    """

    name: str
    title: str
    inputs: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    key: tuple[str, ...]


PROOFS = (
    Proof(
        "score", "各单位各项指标得分", ("score_input", "rule"), (("score", "score"),),
        ("document_number", "round_id", "recipient_id", "indicator_no", "valid_from"),
    ),
)
SQL_FILES = tuple(dict.fromkeys(file for proof in PROOFS for _, file in proof.steps))


def rule_texts() -> dict[str, str]:
    """The rule files of this program by name, as they go into an archive."""
    return {name: sql_text("metrics", name) for name in SQL_FILES}


def proof_sql(proof: Proof, texts: Mapping[str, str]) -> str:
    """One SELECT over a proof's inputs that makes its result."""
    *before, (_, last) = proof.steps
    if not before:
        return texts[last]
    return with_relations(texts[last], {relation: texts[file] for relation, file in before})


def collect_results(cursor: Cursor, at: datetime, round_ids: Sequence[str]) -> dict[str, pa.Table]:
    """Inputs and results of some rounds (of all where none is named), as known at a moment.

    Shape: ``inputs/<relation>`` and ``results/<proof>`` as tables. Every score that was ever kept is in.
    """
    def gather(sql: str) -> pa.Table:
        return pa.concat_tables([
            cursor.arrow(sql, {"document_number": "", "round_id": round_id}) for round_id in round_ids or [""]
        ])

    return {
        "inputs/score_input": gather(sql_text("data", "queries/score_evidence")),
        "inputs/rule": cursor.arrow(sql_text("data", "queries/rule")),
        "results/score": gather(sql_text("data", "queries/kept_scores")),
    }


def first_difference(proof: Proof, tables: Mapping[str, pa.Table], texts: Mapping[str, str]) -> str:
    """The first value of a result that does not follow from its inputs, as a sentence; empty if all do."""
    with Store(None).reading() as cursor:
        for name in proof.inputs:
            cursor.lend(name, tables[f"inputs/{name}"])
        made = cursor.rows(proof_sql(proof, texts))
        cursor.lend("kept", tables[f"results/{proof.name}"])
        kept = cursor.rows("FROM kept")
    made_by, kept_by = ({tuple(row[k] for k in proof.key): row for row in rows} for rows in (made, kept))
    for key in sorted(made_by.keys() | kept_by.keys(), key=str):
        place = "，".join(f"{name} {value}" for name, value in zip(proof.key, key, strict=True))
        if key not in kept_by:
            return f"{proof.title}：{place} 可以算出，结果表里却没有。"
        if key not in made_by:
            return f"{proof.title}：{place} 在结果表里，却算不出来。"
        for column, value in kept_by[key].items():
            if made_by[key].get(column) != value:
                return f"{proof.title}：{place} 的 {column} 存为 {value}，重新计算为 {made_by[key].get(column)}。"
    if len(made) != len(kept):
        return f"{proof.title}：结果表有 {len(kept)} 行，重新计算得 {len(made)} 行，有重复的行。"
    return ""
