"""How fast actuals become scores: region × round and the prefecture, beside a plain sum and beside the same rule in
pandas and Polars.

The floor sums every column that the rule reads, of the same table: what a scan costs at least. Each size is measured
in a process of its own, so that its memory is its own. The peers read the same rows from one Parquet file and so
does, beside them, the rule in SQL; they are skipped, and said to be, where they cannot be installed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from data.store import Cursor, Store, sql_text, with_relations
from metrics.rollup import region_score_sql
from metrics.scoring import SCORE_INPUT_COLUMNS, rule_relation, score_sql
from tests.bench.figures import hand_over, interleaved, note
from tests.bench.scoring_rows import INDICATORS, TABLE, kept_rows, written_parquet

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "build" / "bench-data"
PEERS = Path(__file__).parent / "peers"
MEMORY = "SET memory_limit = '1500MB'"
WORDS = ("document_number", "recipient_id", "round_id", "rule_version", "scored_kind")
DAYS = ("valid_from", "due_on", "done_on", "as_of_on")
TRUTHS = ("is_evidenced", "is_reported", "is_applicable")
# Points of each region in each round, over all its notices.
TOTALS = """
SELECT
    recipient_id,
    round_id,
    COUNT(state) AS row_count,
    SUM(score_micro) AS score_micro,
    SUM(CASE WHEN score_micro IS NOT NULL THEN weight_micro END) AS scored_weight_micro
FROM scored
GROUP BY recipient_id, round_id
"""
# What rollup_input has of each region's row; the bench's prefecture has one target for each indicator.
ROLLUP = f"""
SELECT
    i.document_number, i.round_id, i.indicator_no, i.recipient_id, i.valid_from, i.as_of_on, i.rule_version,
    k.rollup_method, k.entry_kind, s.state, i.scored_kind, i.bound AS own_bound, i.upper AS own_upper, i.numerator,
    i.denominator, i.value, i.prior_value, i.band, i.band_share, i.is_evidenced, i.allowed_days, i.taken_days, i.due_on,
    i.done_on, i.after_yuan, i.scored_kind AS region_scored_kind, i.scale AS region_scale,
    CAST(CASE WHEN i.scored_kind IN ('at_least', 'at_most', 'more_than', 'less_than', 'equal', 'range') THEN 90 END
        AS DECIMAL(18, 4)) AS region_bound,
    CAST(CASE WHEN i.scored_kind = 'range' THEN 98 END AS DECIMAL(18, 4)) AS region_upper, TRUE AS is_period_covered,
    DATE '2021-12-27' AS round_due_on, i.weight_micro
FROM notice_score AS s
JOIN notice_input AS i
    ON i.recipient_id = s.recipient_id AND i.indicator_no = s.indicator_no AND i.round_id = s.round_id
JOIN {INDICATORS} AS k ON k.indicator_no = i.indicator_no
"""


def floor_sql(source: str) -> str:
    """The sum of every column that the rule reads; of words their lengths, of days the last."""
    sums = [
        f"SUM(LENGTH({name}))" if name in WORDS else f"MAX({name})" if name in DAYS
        else f"SUM(CAST({name} AS INTEGER))" if name in TRUTHS else f"SUM({name})" for name in SCORE_INPUT_COLUMNS
    ]
    return f"SELECT {', '.join(sums)} FROM {source}"


def totals_sql(source: str) -> str:
    """Score every row and add to region × round, in one query."""
    scored = with_relations(score_sql(), {"score_input": f"SELECT * FROM {source}"})
    return f"SELECT COUNT(*), SUM(score_micro) FROM ({with_relations(TOTALS, {'scored': scored})})"


def score_with_prefecture(cursor: Cursor) -> int:
    """Score notice by notice: each region's points and the prefecture's own scores, from one reading of its rows."""
    cursor.run("CREATE OR REPLACE TEMP TABLE region_points (recipient_id TEXT, round_id TEXT, score_micro BIGINT)")
    count = 0
    region = region_score_sql("SELECT * FROM notice_rollup", rule_relation())
    for row in cursor.rows(f"SELECT DISTINCT document_number FROM {TABLE}"):
        cursor.run(
            f"CREATE OR REPLACE TEMP TABLE notice_input AS FROM {TABLE} WHERE document_number = $document_number", row
        )
        scored = with_relations(score_sql(), {"score_input": "SELECT * FROM notice_input"})
        cursor.run(
            "CREATE OR REPLACE TEMP TABLE notice_score AS SELECT document_number, round_id, recipient_id, "
            f"indicator_no, state, score_micro, weight_micro, NULL AS reviewed_micro FROM ({scored})"
        )
        points = with_relations(sql_text("metrics", "unit_points"), {"reviewed_score": "FROM notice_score"})
        cursor.run(f"INSERT INTO region_points SELECT recipient_id, round_id, score_micro FROM ({points})")
        cursor.run(f"CREATE OR REPLACE TEMP TABLE notice_rollup AS {ROLLUP}")
        count += len(cursor.rows(region))
    cursor.rows("SELECT recipient_id, round_id, SUM(score_micro) AS score_micro FROM region_points GROUP BY ALL")
    return count


def measured(rows: int, times: int) -> dict[str, Any]:
    """Measure one size in this process."""
    store = Store(kept_rows(DATA, rows))
    with store.reading() as cursor:
        cursor.run(MEMORY)
        seconds = interleaved({
            "floor": lambda: cursor.rows(floor_sql(TABLE)), "ours": lambda: cursor.rows(totals_sql(TABLE)),
        }, times)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        begun = time.perf_counter()
        region_rows = score_with_prefecture(cursor)
        seconds["prefecture"] = time.perf_counter() - begun
    store.close()
    return {**seconds, "peak_mib": round(peak), "region_rows": region_rows,
            "peak_mib_prefecture": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def apart(rows: int, times: int) -> dict[str, Any]:
    """Measure one size in a process of its own."""
    note(f"{rows:,} 行：准备数据")
    kept_rows(DATA, rows)
    note(f"{rows:,} 行：测量")
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.scoring", "--rows", str(rows), str(times)],
        cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return found


def main(*, is_small: bool) -> None:
    """Measure both sizes and the peers."""
    middle, large = (200_000, 1_000_000) if is_small else (10_000_000, 100_000_000)
    ten, hundred = apart(middle, 5), apart(large, 1 if not is_small else 3)
    figures = {
        "times_floor_10m": ten["ours"] / ten["floor"], "times_floor_100m": hundred["ours"] / hundred["floor"],
        "peak_mib_100m": hundred["peak_mib"], "seconds_10m": ten["prefecture"], "seconds_100m": hundred["prefecture"],
    }
    peers, why_not = compare_with_peers(middle)
    details: dict[str, Any] = {"10m": ten, "100m": hundred, "rows": [middle, large], "reasons": why_not}
    if peers:
        details["peers"] = peers
        figures |= {
            "pandas_over_ours": peers["pandas"] / peers["ours"], "equal_rows": peers["equal_rows"],
        }
        if "polars" in peers:
            figures["polars_over_ours"] = peers["polars"] / peers["ours"]
    hand_over(figures, details)


def compare_with_peers(rows: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Seconds of each program from the same file, and how many rows all agree on; and who could not be asked, why."""
    parquet = written_parquet(kept_rows(DATA, rows), rows)
    source = f"READ_PARQUET('{parquet}')"
    taken: dict[str, list[float]] = {"ours": [], "pandas": [], "polars": []}
    why_not: dict[str, str] = {}
    pythons = {"pandas": sys.executable}
    try:
        pythons["polars"] = polars_python()
    except subprocess.CalledProcessError as error:
        why_not["polars_over_ours"] = "没有装上 Polars：" + (error.stderr or "").strip().rpartition("\n")[2][:80]
    store = Store(None)
    with store.reading() as cursor:
        cursor.run(MEMORY)
        for _ in range(3):
            for name, python in pythons.items():
                taken[name].append(_asked(python, name, parquet)["seconds"])
            begun = time.perf_counter()
            cursor.rows(totals_sql(source))
            taken["ours"].append(time.perf_counter() - begun)
        note("逐行比较")
        scored = with_relations(score_sql(), {"score_input": f"SELECT * FROM {source}"})
        equal: list[int] = []
        for name, python in pythons.items():
            found = parquet.with_name(f"{parquet.stem}-{name}.parquet")
            _asked(python, name, parquet, found)
            equal.append(cursor.rows(
                f"SELECT COUNT(*) AS n FROM ({scored}) AS o JOIN READ_PARQUET('{found}') AS p "
                "ON p.document_number = o.document_number AND p.round_id = o.round_id "
                "AND p.recipient_id = o.recipient_id AND p.indicator_no = o.indicator_no AND p.state = o.state "
                "AND p.score_micro IS NOT DISTINCT FROM o.score_micro"
            )[0]["n"])
            found.unlink()
    store.close()
    medians = {name: sorted(each)[len(each) // 2] for name, each in taken.items() if each}
    return {**medians, "equal_rows": min(equal)}, why_not


def _asked(python: str, name: str, parquet: Path, written: Path | None = None) -> dict[str, Any]:
    done = subprocess.run(
        [python, str(PEERS / f"{name}_score.py"), str(parquet), *([str(written)] if written else [])],
        cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return found


def polars_python() -> str:
    """A Python that has Polars, in an environment of its own below build/.

    Raises: CalledProcessError where it cannot be installed.
    """
    folder = ROOT / "build" / "peers"
    if not (folder / "installed").exists():
        for command in (
            [sys.executable, "-m", "venv", str(folder)],
            [str(folder / "bin" / "pip"), "-q", "install", "--require-hashes", "-r", str(PEERS / "requirements.txt")],
        ):
            subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
        (folder / "installed").touch()
    return str(folder / "bin" / "python")


if __name__ == "__main__":
    if "--rows" in sys.argv:
        sys.stdout.write(json.dumps(measured(int(sys.argv[2]), int(sys.argv[3]))) + "\n")
    else:
        main(is_small="--small" in sys.argv)
