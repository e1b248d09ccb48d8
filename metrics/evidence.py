"""What proves a result: recorded inputs, a version of the rules, and one SELECT that anybody can run.

Limitations: it is shown that the results follow from the recorded inputs. That the inputs are what a unit
             sent is shown by the files as received, whose hashes stand in the chained log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from data.store import Cursor, engine, sql_text, with_relations
from metrics.rollup import (
    effect_sql,
    region_score_sql,
    region_total_sql,
    rollup_input_sql,
    total_sql,
    unit_standing_sql,
)

# What names a row of an input or a result, as far as it has these columns.
KEY = ("document_number", "round_id", "recipient_id", "indicator_no", "valid_from")
RULE_FILES = (
    "score", "unit_points", "rollup_part", "rollup", "execution", "effect", "total", "region_standing",
    "region_coverage", "region_total",
)


@dataclass(frozen=True)
class Proof:
    """A result and the way to it: ``sql`` makes it of the SELECTs of its ``inputs``."""

    name: str
    title: str
    inputs: tuple[str, ...]
    sql: Callable[..., str]

    @property
    def text(self) -> str:
        """The SELECT over the Parquet files of an archive."""
        return self.sql(*(f"SELECT * FROM '{_input_file(name)}'" for name in self.inputs)).strip().rstrip(";") + "\n"


def _score_sql(score_input: str, rule: str) -> str:
    return with_relations(sql_text("metrics", "score"), {"score_input": score_input, "rule": rule})


def _input_file(name: str) -> str:
    return f"inputs/{name}.parquet"


PROOFS = (
    Proof("score", "各单位各项指标得分", ("score_input", "rule"), _score_sql),
    Proof("effect", "各单位五种状态", ("unit_standing", "rule"), effect_sql),
    Proof("total", "各单位总分与等级", ("unit_standing", "rule"), total_sql),
    Proof("region_score", "州级各项指标得分", ("rollup_input", "rule"), region_score_sql),
    Proof("region_total", "州级总分与等级", ("rollup_input", "unit_standing", "rule"), region_total_sql),
)


def rule_texts() -> dict[str, str]:
    """The rule files of this program by name, as an auditor reads them."""
    return {name: sql_text("metrics", name) for name in RULE_FILES}


def collect_results(
    cursor: Cursor, at: datetime, round_ids: Sequence[str], region_code: str
) -> dict[str, pa.Table]:
    """Inputs and results of some rounds (of all where none is named), as known at a moment.

    Shape: ``inputs/<relation>`` and ``results/<proof>`` as tables. Every score that was ever kept is in;
           what is made of the scores (totals, the prefecture) is that of the moment.
    Reads: the store's tables, or those of an archive that were lent under their names.
    """
    rounds = [
        {"document_number": row["document_number"], "round_id": row["round_id"]}
        for row in cursor.table("round").to_pylist() if not round_ids or row["round_id"] in round_ids
    ]

    def gather(sql: str, **more: Any) -> pa.Table:
        return _in_order(pa.concat_tables([cursor.arrow(sql, {**key, **more}) for key in rounds]))

    tables = {
        "inputs/score_input": gather(sql_text("data", "queries/score_evidence")),
        "inputs/unit_standing": gather(unit_standing_sql(), as_of=at),
        "inputs/rollup_input": gather(rollup_input_sql(), as_of=at, region_code=region_code),
        "inputs/rule": cursor.arrow(sql_text("data", "queries/rule")),
        "results/score": gather(sql_text("data", "queries/kept_scores")),
    }
    return tables | {f"results/{proof.name}": make(proof, tables) for proof in PROOFS[1:]}


def _in_order(table: pa.Table) -> pa.Table:
    """The rows by their key, so that the same content always gives the same archive."""
    return table.sort_by([(name, "ascending") for name in KEY if name in table.column_names])


def recompute_script() -> str:
    """The statements that recompute every result in a plain DuckDB shell and count what differs."""
    made = "".join(
        f"SET VARIABLE proof = (SELECT content FROM read_text('proofs/{proof.name}.sql'));\n"
        f"CREATE OR REPLACE TABLE re_{proof.name} AS FROM query(getvariable('proof'));\n"
        for proof in PROOFS
    )
    counted = "\nUNION ALL\n".join(
        f"SELECT '{proof.title}' AS 结果, (SELECT COUNT(*) FROM re_{proof.name}) AS 重新计算, "
        f"(SELECT COUNT(*) FROM 'results/{proof.name}.parquet') AS 所存, "
        f"(SELECT COUNT(*) FROM (FROM re_{proof.name} EXCEPT ALL FROM 'results/{proof.name}.parquet')) "
        f"+ (SELECT COUNT(*) FROM (FROM 'results/{proof.name}.parquet' EXCEPT ALL FROM re_{proof.name})) AS 不同"
        for proof in PROOFS
    )
    return f"{made}{counted};\n"


def first_unproved(cursor: Cursor, document_number: str, round_id: str) -> str:
    """The first score of a round that its recorded inputs do not give by the rule of its time; empty if all do."""
    key = {"document_number": document_number, "round_id": round_id}
    inputs = {
        "inputs/score_input": cursor.arrow(sql_text("data", "queries/score_evidence"), key),
        "inputs/rule": cursor.arrow(sql_text("data", "queries/rule")),
    }
    held = _in_order(cursor.arrow(sql_text("data", "queries/kept_scores"), key))
    return first_difference("score", held, make(PROOFS[0], inputs))


def first_difference(name: str, kept: pa.Table, made: pa.Table) -> str:
    """The first value of a table that is not as it was made anew, as a sentence; empty if all are."""
    key = [column for column in KEY if column in made.column_names] or made.column_names[:1]
    kept_by, made_by = ({tuple(row.get(k) for k in key): row for row in table.to_pylist()} for table in (kept, made))
    for place in sorted(made_by.keys() | kept_by.keys(), key=str):
        where = f"{name} 中 " + "，".join(f"{column} {value}" for column, value in zip(key, place, strict=True))
        if place not in kept_by:
            return f"{where} 一行缺少。"
        if place not in made_by:
            return f"{where} 一行没有来历。"
        for column in dict.fromkeys([*made.column_names, *kept.column_names]):
            held, due = kept_by[place].get(column), made_by[place].get(column)
            if held != due:
                return f"{where} 的 {column} 存为 {held}，重新得出的是 {due}。"
    if kept.num_rows != made.num_rows:
        return f"{name} 存有 {kept.num_rows} 行，重新得出 {made.num_rows} 行，有重复的行。"
    return ""


def make(proof: Proof, tables: Mapping[str, pa.Table]) -> pa.Table:
    """A proof's result, made of its inputs alone by the rules of this program."""
    text = proof.text
    for name in proof.inputs:
        text = text.replace(f"'{_input_file(name)}'", f"given_{name}")
    with engine().reading() as cursor:
        for name in proof.inputs:
            cursor.lend(f"given_{name}", tables[f"inputs/{name}"])
        return _in_order(cursor.arrow(text))
