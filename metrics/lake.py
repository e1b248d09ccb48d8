"""What a store pushes into a lake, and how the nation is made of it: the same rules, step by step.

The rules are the SQL files of this room as they judge a single bureau; which engine runs them is ``engines.py``'s
matter. A key of a store stands in the lake as ``<store id>/<key>``, so that two bureaus never share one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from data.lake import LakeTable, keep_scored, parquet_files, pushed_files, row_count, scoring
from data.store import Cursor, sql_text, with_relations
from metrics.engines import Engine
from metrics.evidence import PROOFS
from metrics.indicators import REGION_ID
from metrics.kept_scores import counting_reviews_sql
from metrics.rollup import region_total_of_score_sql, rollup_input_sql, unit_points_sql, unit_standing_sql
from metrics.scoring import INPUT_TYPES
from metrics.thresholds import rule_row

_KEYS = ("document_number", "recipient_id", "rule_version")
_YUAN, _VALUE = pa.decimal128(18, 2), pa.decimal128(18, 4)
_FIGURES = {
    name: INPUT_TYPES[name] for name in (
        "numerator", "denominator", "value", "prior_value", "band", "band_share", "is_evidenced", "allowed_days",
        "taken_days", "due_on", "done_on",
    )
}
_NOTICE_ROUND = {"document_number": pa.string(), "round_id": pa.string()}
# Every relation of the lake with the columns of its files and their types; ``rule`` alone lies under no year.
RELATIONS: dict[str, dict[str, pa.DataType]] = {
    "notice_round": {
        **_NOTICE_ROUND, "printed_number": pa.string(), "fund_name": pa.string(), "fiscal_year": pa.int32(),
        "period_end_on": pa.date32(), "due_on": pa.date32(), "as_of_on": pa.date32(),
    },
    "score_input": dict(INPUT_TYPES),
    "review": {
        **_NOTICE_ROUND, "recipient_id": pa.string(), "indicator_no": pa.int32(), "reviewed_micro": pa.int64(),
    },
    "unit_money": {
        **_NOTICE_ROUND, "recipient_id": pa.string(), "rule_version": pa.string(), "period_month": pa.int32(),
        "passed_month": pa.int32(), "is_reported": pa.bool_(), "after_yuan": _YUAN, "paid_yuan": _YUAN,
        "elapsed_days": pa.int32(), "year_days": pa.int32(), "county_code": pa.string(), "county_name": pa.string(),
    },
    "indicator": {
        **_NOTICE_ROUND, "indicator_no": pa.int32(), "valid_from": pa.timestamp("us"), "as_of_on": pa.date32(),
        "rule_version": pa.string(), "rollup_method": pa.string(), "entry_kind": pa.string(),
        "region_scored_kind": pa.string(), "region_scale": pa.int32(), "region_bound": _VALUE,
        "region_upper": _VALUE, "is_period_covered": pa.bool_(), "round_due_on": pa.date32(),
        "weight_micro": pa.int64(),
    },
    "region_entry": {
        **_NOTICE_ROUND, "indicator_no": pa.int32(), "state": pa.string(), "scored_kind": pa.string(),
        "own_bound": _VALUE, "own_upper": _VALUE, **_FIGURES,
    },
    "rule": {"rule_version": pa.string(), **{name: pa.int64() for name in rule_row() if name != "rule_version"}},
}


def store_tables(cursor: Cursor, store_id: str, at: datetime) -> Iterator[LakeTable]:
    """Everything of a store that the nation is made of, as known at a moment; no person is in it.

    Shape: a table per relation and year, all under the province of the store's region; relations without rows too.
    Reads: the store's id is its six-digit region code.
    Empty: nothing at all where no round is open.
    """
    rounds = cursor.rows(sql_text("data", "queries/lake_notice_round"), {"as_of": at})
    for year in sorted({row["fiscal_year"] for row in rounds}):
        gathered: dict[str, list[pa.Table]] = {name: [] for name in RELATIONS if name != "rule"}
        for row in (row for row in rounds if row["fiscal_year"] == year):
            gathered["notice_round"].append(
                pa.Table.from_pylist([row], schema=pa.schema(RELATIONS["notice_round"]))
            )
            key = {"document_number": row["document_number"], "round_id": row["round_id"], "as_of": at}
            for relation, (sql, names) in _pushed_sql().items():
                given = {**key, "region_code": store_id}
                gathered[relation].append(cursor.arrow(sql, {name: given[name] for name in names}))
        for relation, tables in gathered.items():
            rows = pa.concat_tables([_as_pushed(relation, table, store_id) for table in tables])
            yield LakeTable(relation, rows, str(year), store_id[:2])
    if rounds:
        yield LakeTable("rule", _as_pushed("rule", cursor.arrow(sql_text("data", "queries/rule")), store_id))


def _pushed_sql() -> dict[str, tuple[str, tuple[str, ...]]]:
    """How each relation is read of a store, for one notice and round, with the names of its parameters."""
    of_round = ("document_number", "round_id")
    reviewed = with_relations(
        sql_text("data", "queries/reviewed_score"), {"counting_review": counting_reviews_sql()}
    )
    rollup_input = {"rollup_input": rollup_input_sql()}
    return {
        "score_input": (with_relations(
            sql_text("data", "queries/lake_score_input"), {"score_evidence": sql_text("data", "queries/score_evidence")}
        ), (*of_round, "as_of")),
        "review": (
            with_relations(sql_text("data", "queries/lake_review"), {"reviewed_score": reviewed}), (*of_round, "as_of"),
        ),
        "unit_money": (with_relations(
            sql_text("data", "queries/lake_unit_money"), {"unit_standing": unit_standing_sql()}
        ), (*of_round, "as_of")),
        "indicator": (
            with_relations(sql_text("data", "queries/lake_indicator"), rollup_input),
            (*of_round, "as_of", "region_code"),
        ),
        "region_entry": (
            with_relations(sql_text("data", "queries/lake_region_entry"), rollup_input),
            (*of_round, "as_of", "region_code"),
        ),
    }


def _as_pushed(relation: str, table: pa.Table, store_id: str) -> pa.Table:
    """A table in the columns and types of its relation, in the order of its rows' keys, each key with the store's."""
    schema = pa.schema(RELATIONS[relation])
    columns = {
        name: _with_store(table[name], store_id) if name in _KEYS else table[name] for name in schema.names
    }
    order = [(name, "ascending") for name in (*_KEYS, "round_id", "indicator_no") if name in schema.names]
    return pa.table(columns).cast(schema).sort_by(order)


def _with_store(keys: pa.ChunkedArray, store_id: str) -> pa.ChunkedArray:
    """Keys as they stand in the lake; what is the prefecture itself keeps the name that the rules know it by."""
    named = pc.binary_join_element_wise(store_id, keys.cast(pa.string()), "/")
    return pc.if_else(pc.equal(keys, REGION_ID), keys, named)


@dataclass(frozen=True)
class Step:
    """One result of a run: a rule over what was pushed and the results before it."""

    name: str
    title: str
    inputs: tuple[str, ...]
    sql: Callable[..., str]
    is_parted: bool = True

    @property
    def text(self) -> str:
        """The SELECT, over relations named ``lake_<input>``; the parts that its rows lie under stand in it too."""
        made = self.sql(*(f"SELECT * FROM lake_{name}" for name in self.inputs)).strip().rstrip(";")
        if not self.is_parted:
            return made
        # Few rows beside many: the hint is a comment to an engine that needs none.
        return (
            f"SELECT /*+ BROADCAST(n) */ r.*, n.year, n.province\nFROM (\n{made}\n) AS r\n"
            "JOIN lake_notice_round AS n ON n.document_number = r.document_number AND n.round_id = r.round_id"
        )


def _standing_sql(score: str, review: str, unit_money: str) -> str:
    reviewed = with_relations(sql_text("metrics", "lake_reviewed_score"), {"score": score, "review": review})
    return with_relations(
        sql_text("metrics", "lake_standing"), {"unit_money": unit_money, "unit_points": unit_points_sql(reviewed)}
    )


def _shown_round_sql(notice_round: str) -> str:
    return with_relations(sql_text("metrics", "lake_shown_round"), {"notice_round": notice_round})


def _shown_standing_sql(unit_standing: str, notice_round: str) -> str:
    return with_relations(
        sql_text("metrics", "lake_shown_standing"),
        {"unit_standing": unit_standing, "shown_round": _shown_round_sql(notice_round)},
    )


def _rollup_input_sql(
    score_input: str, score: str, unit_money: str, indicator: str, region_entry: str, notice_round: str
) -> str:
    return with_relations(sql_text("metrics", "lake_rollup_input"), {
        "score_input": score_input, "score": score, "unit_money": unit_money, "indicator": indicator,
        "region_entry": region_entry, "shown_round": _shown_round_sql(notice_round),
    })


def _nation_unit_sql(total: str, effect: str, unit_money: str, notice_round: str) -> str:
    return with_relations(sql_text("metrics", "nation_unit"), {
        "total": total, "effect": effect, "unit_money": unit_money, "notice_round": notice_round,
        "shown_round": _shown_round_sql(notice_round),
    })


def _nation_sql(nation_unit: str) -> str:
    return with_relations(sql_text("metrics", "nation"), {"nation_unit": nation_unit})


def _proved(name: str) -> Step:
    """A result as an archive proves it, over the lake's relations."""
    (proof,) = (proof for proof in PROOFS if proof.name == name)
    return Step(proof.name, proof.title, proof.inputs, proof.sql)


STEPS = (
    _proved("score"),
    Step("unit_standing", "各单位的钱和分", ("score", "review", "unit_money"), _standing_sql),
    _proved("total"),
    _proved("effect"),
    Step(
        "rollup_input", "州级汇总的输入",
        ("score_input", "score", "unit_money", "indicator", "region_entry", "notice_round"), _rollup_input_sql,
    ),
    _proved("region_score"),
    Step("shown_standing", "代表轮次的各单位", ("unit_standing", "notice_round"), _shown_standing_sql),
    Step(
        "region_total", "州级总分与等级", ("region_score", "rollup_input", "shown_standing", "rule"),
        region_total_of_score_sql,
    ),
    Step("nation_unit", "全国各单位", ("total", "effect", "unit_money", "notice_round"), _nation_unit_sql),
    Step("nation", "全国、省、县、资金", ("nation_unit",), _nation_sql, is_parted=False),
)


def score_lake(
    source: Path, target: Path, engine: Engine, at: datetime, told: Sequence[Callable[[str, int], Any]] = ()
) -> dict[str, int]:
    """Make every result of what was pushed and let it count; how many rows of each.

    Reads:  ``told`` are called with the title and the rows of each result when it is there.
    Raises: NotFoundError if nothing was pushed; EngineError if the engine fails; the results before stay then.
    """
    run = f"{at:%Y%m%dT%H%M%S%f}"
    counts: dict[str, int] = {}
    for relation, files in pushed_files(source).items():
        engine.lend(f"lake_{relation}", source / relation, files)
    with scoring(target, run) as folder:
        for step in STEPS:
            engine.write(step.text, folder / step.name, is_parted=step.is_parted)
            files = parquet_files(folder / step.name)
            engine.lend(f"lake_{step.name}", folder / step.name, files)
            counts[step.name] = row_count(files)
            for tell in told:
                tell(step.title, counts[step.name])
        keep_scored(target, run, {"engine": engine.title, "made_at": at.isoformat(), "rows": counts})
    return counts
