"""A store's share of the nation, and the nation made of it on DuckDB: the same figures as on the bureau's own pages."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders import NUMBER, OFFICER, REGION, ROUND, clerk, demo_folder, demo_store, opened_store, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nation_lake import INDICATORS, Size, equal_rows, make_nation

from dashboard.actions.lakes import push_to_lake
from dashboard.cli import run
from dashboard.nation_tables import nation_as_json, nation_as_text
from dashboard.rights import NotAllowedError
from dashboard.workspace import Settings
from data.errors import NotFoundError, RefusedError, WenxiaoError
from data.lake import LakeTable, parquet_files, push, pushed_files, pushes, scored, scored_rows
from data.reference import provinces
from data.store import Store, engine, sql_text, with_relations
from metrics.boards import region
from metrics.boards.definition import Scope
from metrics.engines import NO_JAVA, NO_PYSPARK, EngineError, engine_of
from metrics.lake import RELATIONS, STEPS, score_lake, store_tables
from metrics.nation import nation

AT = datetime(2021, 12, 28, 23, 59, 59)
OURS = Settings("巴州财政局", REGION, date(2021, 12, 28))
SCOPE = Scope(NUMBER, ROUND, AT.date())
KEYS = ("document_number", "round_id", "recipient_id", "indicator_no")
NATION_KEYS = ("year", "level", "province", "county_code", "fund_name")
SMALL = Size(counties=36, funds=3, rounds=6, provinces=2)


def score(lake: Path, out: Path | None = None) -> dict[str, int]:
    made = engine_of("duckdb", out or lake)
    try:
        return score_lake(lake, out or lake, made, AT)
    finally:
        made.close()


def result(lake: Path, name: str) -> Path:
    return lake / "scored" / scored(lake)["run"] / name


def keys_of(folder: Path) -> tuple[str, ...]:
    names = pq.read_schema(parquet_files(folder)[0]).names
    return tuple(name for name in KEYS if name in names) or NATION_KEYS


@pytest.fixture(scope="module")
def pushed(tmp_path_factory) -> Path:
    """A lake with the demonstration in it, scored."""
    lake = tmp_path_factory.mktemp("pushed")
    with demo_store().snapshot() as cursor:
        push(lake, REGION, list(store_tables(cursor, REGION, AT)), {"is_demonstration": True})
    score(lake)
    return lake


@pytest.fixture(scope="module")
def small_nation(tmp_path_factory) -> Path:
    """A made-up nation, scored."""
    lake = tmp_path_factory.mktemp("nation")
    make_nation(lake, SMALL)
    assert score(lake)["score"] == SMALL.rows
    return lake


# --- the same figures as at home -------------------------------------------------------------------------------


def test_units_have_the_totals_of_their_own_page(pushed):
    mine = {
        row["recipient_id"].removeprefix(f"{REGION}/"): row
        for row in scored_rows(pushed, "total").to_pylist() if row["round_id"] == ROUND
    }
    theirs = region.unit_totals(demo_store(), SCOPE).to_dict("records")

    assert len(theirs) == len(mine) == 12
    for row in theirs:
        same = {name: mine[row["recipient_id"]][name] for name in row if name != "recipient_name"}
        assert {**same, "recipient_id": row["recipient_id"]} == {k: v for k, v in row.items() if k != "recipient_name"}


def test_the_prefecture_has_the_roll_up_of_its_own_page(pushed):
    (total,) = scored_rows(pushed, "region_total").to_pylist()
    theirs = region.region_total(demo_store(), SCOPE, REGION)

    assert (total["round_id"], total["points_micro"], total["grade"], total["coverage_micro"]) == (
        ROUND, theirs.points_micro, theirs.grade, theirs.coverage_micro,
    )
    mine = {row["indicator_no"]: row for row in scored_rows(pushed, "region_score").to_pylist()}
    for row in region.region_scores(demo_store(), SCOPE, REGION).to_dict("records"):
        found = mine[row["indicator_no"]]
        assert (found["state"], found["score_micro"]) == (row["state"], row["score_micro"]), row["short_name"]


def test_every_score_is_the_one_that_the_store_keeps(pushed):
    kept = rows(
        demo_store(), "SELECT round_id, recipient_id, indicator_no, state, score_micro FROM score "
        "WHERE valid_from <= $at AND valid_to > $at", at=AT,
    )
    mine = scored_rows(pushed, "score").to_pylist()

    def named(row):
        recipient_id = row["recipient_id"].rpartition("/")[2]
        return row["round_id"], recipient_id, row["indicator_no"], row["state"], row["score_micro"]

    assert sorted(map(named, mine), key=str) == sorted(map(named, kept), key=str)


# --- pushing ---------------------------------------------------------------------------------------------------


def test_pushing_leaves_one_line_and_only_the_officer_may(tmp_path):
    store = opened_store(tmp_path)

    made = push_to_lake(store, OFFICER, AT, OURS, tmp_path / "lake")

    (line,) = rows(store, "SELECT * FROM audit_log ORDER BY entry_no DESC LIMIT 1")
    assert line["action_name"] == "push_to_lake" and line["entry_no"] == made.entry.entry_no
    assert json.loads(line["detail_json"])["after"]["row_count"] == sum(made.counts.values())
    assert pushes(tmp_path / "lake")[0]["bureau_name"] == "巴州财政局"
    with pytest.raises(NotAllowedError):
        push_to_lake(store, clerk("luntai"), AT, OURS, tmp_path / "lake")


def test_a_push_that_fails_leaves_no_line(tmp_path):
    store = opened_store(tmp_path)
    (tmp_path / "lake").write_text("a file, no folder")

    with pytest.raises(WenxiaoError, match="不能写入"):
        push_to_lake(store, OFFICER, AT, OURS, tmp_path / "lake")

    assert not rows(store, "SELECT * FROM audit_log WHERE action_name = 'push_to_lake'")


@pytest.mark.parametrize(
    ("settings_", "word"), [(Settings("", "", None), "区划代码"), (Settings("", "659900", None), "轮次")],
)
def test_what_is_no_part_of_the_nation_is_refused(tmp_path, settings_, word):
    with pytest.raises(RefusedError, match=word):
        push_to_lake(Store(None), OFFICER, AT, settings_, tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_no_person_and_no_text_that_somebody_wrote_is_pushed(pushed):
    written = {
        text for row in rows(
            demo_store(), "SELECT filled_by, submitted_by, file_name FROM report "
            "UNION SELECT evidence_text, deviation_reason, improvement_measure FROM actual"
        ) for text in row.values() if text and len(text) > 1
    }
    held = {
        str(value)
        for files in pushed_files(pushed).values() for file in files
        for row in pq.read_table(file, partitioning=None).to_pylist() for value in row.values()
    }

    assert len(written) > 20 and not written & held
    assert {name: pq.read_schema(files[0]).names for name, files in pushed_files(pushed).items()} == {
        name: list(columns) for name, columns in RELATIONS.items()
    }


def table(marker: int) -> list[LakeTable]:
    value = pa.table({"marker": pa.array([marker] * 3, pa.int64())})
    return [
        LakeTable(relation, value, year, "65")
        for relation in ("score_input", "unit_money") for year in ("2021", "2022")
    ] + [LakeTable("rule", value)]


def markers(lake: Path) -> list[int]:
    files = [file for paths in pushed_files(lake).values() for file in paths]
    assert len(files) == 5
    return [value for file in files for value in pq.read_table(file, partitioning=None)["marker"].to_pylist()]


def test_a_second_push_replaces_the_first_and_nobody_elses(tmp_path):
    push(tmp_path, "other", [LakeTable("rule", pa.table({"marker": [9]}))], {})
    for marker in (1, 2, 3):
        push(tmp_path, REGION, table(marker), {})

    (tmp_path / "pushed" / "other.json").unlink()
    assert set(markers(tmp_path)) == {3}
    # The files before stay for a run that reads them, those before these are gone.
    assert len(list(tmp_path.rglob(f"{REGION}-*.parquet"))) == 10
    push(tmp_path, REGION, table(3), {})
    assert len(list(tmp_path.rglob(f"{REGION}-*.parquet"))) == 5
    assert len(list(tmp_path.rglob("other-*.parquet"))) == 1


PUSHING = """
import sys
from itertools import count
from pathlib import Path
import pyarrow as pa
from data.lake import LakeTable, push
for marker in count(1):
    rows = pa.table({"marker": pa.array([marker] * 3, pa.int64())})
    parts = [(name, year, "65") for name in ("score_input", "unit_money") for year in ("2021", "2022")]
    tables = [LakeTable(name, rows, year, province) for name, year, province in [*parts, ("rule", "", "")]]
    push(Path(sys.argv[1]), "652800", tables, {})
    print(marker, flush=True)
"""


def test_a_killed_push_leaves_the_old_or_the_new_whole(tmp_path):
    for milliseconds in (0, 3, 7, 20, 50):
        pushing = subprocess.Popen([sys.executable, "-c", PUSHING, str(tmp_path)], stdout=subprocess.PIPE)
        acknowledged = int(pushing.stdout.readline())
        time.sleep(milliseconds / 1000)
        pushing.send_signal(signal.SIGKILL)
        acknowledged = int((pushing.stdout.read().split() or [acknowledged])[-1])
        pushing.wait()

        found = set(markers(tmp_path))
        assert len(found) == 1 and found <= {acknowledged, acknowledged + 1}


def test_a_file_that_is_gone_is_named(tmp_path):
    push(tmp_path, REGION, table(1), {})
    pushed_files(tmp_path)["rule"][0].unlink()

    with pytest.raises(NotFoundError, match=f"由 {REGION} 重新推送"):
        pushed_files(tmp_path)
    with pytest.raises(NotFoundError, match="没有推送过"):
        pushed_files(tmp_path / "nothing")
    for strange in (f"../rule/{REGION}-1.parquet", "rule/110100-1.parquet", f"review/{REGION}-1.parquet"):
        listed = {"store_id": REGION, "files": {"rule": [strange]}}
        (tmp_path / "pushed" / f"{REGION}.json").write_text(json.dumps(listed))
        with pytest.raises(WenxiaoError, match="不是它的文件"):
            pushed_files(tmp_path)
    (tmp_path / "pushed" / f"{REGION}.json").write_text("{")
    with pytest.raises(WenxiaoError, match="读不出"):
        pushed_files(tmp_path)


def test_two_bureaus_with_the_same_papers_stay_two(tmp_path):
    with demo_store().snapshot() as cursor:
        for store_id in (REGION, "110100"):
            push(tmp_path, store_id, list(store_tables(cursor, store_id, AT)), {})

    counts = score(tmp_path)

    found = nation(tmp_path)
    assert counts["total"] == 72 and found.whole["unit_count"] == 24
    assert [row["province_name"] for row in found.provinces] == ["北京", "新疆"]
    assert found.provinces[0]["score_micro"] == found.provinces[1]["score_micro"] == found.whole["score_micro"] // 2
    # A county is known by its code wherever it was pushed from; what is none stands for itself.
    assert len(found.counties) == 10 * 2 + 4


# --- the chain -------------------------------------------------------------------------------------------------


def test_every_kind_and_every_state_is_in_the_made_up_nation(small_nation):
    made = scored_rows(small_nation, "score").to_pandas()

    assert set(made["scored_kind"]) == {kind for kind, *_ in INDICATORS}
    assert set(made["state"]) == {
        "met", "over", "slightly_off", "off", "not_due", "not_reported", "no_baseline", "needs_review",
        "not_applicable",
    }
    assert set(scored_rows(small_nation, "effect").to_pandas()["effect_state"]) == {
        "effective", "money_without_effect", "effect_ahead_of_money", "both_behind", "unknown",
    }


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_nothing_inexact_is_written(small_nation, step):
    kinds = {str(field.type) for field in pq.read_schema(parquet_files(result(small_nation, step.name))[0])}

    assert not {kind for kind in kinds if kind.startswith(("double", "float"))}


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.integers(1, 7), st.integers(0, 10**6))
def test_results_do_not_depend_on_files_or_order(small_nation, tmp_path_factory, file_count, seed):
    lake = tmp_path_factory.mktemp("dealt")
    deal(small_nation, lake, file_count, random.Random(seed))

    score(lake)

    for step in STEPS:
        mine, theirs = result(lake, step.name), result(small_nation, step.name)
        same, most = equal_rows(mine, theirs, keys_of(theirs))
        assert same == most > 0, step.name


def deal(lake: Path, out: Path, file_count: int, order: random.Random) -> None:
    """The rows of a lake, dealt out into other files in another order."""
    tables = []
    for relation, files in pushed_files(lake).items():
        for part in sorted({file.parent for file in files}):
            held = pa.concat_tables(pq.read_table(f, partitioning=None) for f in files if f.parent == part)
            shuffled = held.take(order.sample(range(held.num_rows), held.num_rows))
            year, province = (
                ("", "") if relation == "rule" else (part.parent.name[5:], part.name.removeprefix("province="))
            )
            tables += [
                (number, LakeTable(relation, shuffled.slice(start, -(-held.num_rows // file_count)), year, province))
                for number, start in enumerate(range(0, held.num_rows, -(-held.num_rows // file_count)))
            ]
    for number in range(file_count):
        push(out, f"dealt-{number}", [made for place, made in tables if place == number], {})


def test_a_run_that_fails_leaves_the_results_before(small_nation, tmp_path):
    lake = Path(shutil.copytree(small_nation, tmp_path / "lake"))
    before = scored(lake)
    pushed_files(lake)["unit_money"][0].write_bytes(b"no table")

    with pytest.raises(EngineError, match="DuckDB"):
        score(lake)

    assert scored(lake) == before
    assert [path.name for path in (lake / "scored").iterdir()] == [before["run"]]


def over(name: str, **relations: str) -> list[dict]:
    with engine().reading() as cursor:
        return cursor.rows(with_relations(sql_text("metrics", name), relations))


@pytest.mark.parametrize(
    ("due_days", "shown"),
    [
        (("DATE '2021-09-30'", "DATE '2021-12-27'"), "b"),      # both are due: the newest
        (("DATE '2021-09-30'", "DATE '2021-12-28'"), "a"),      # due today is not over yet
        (("DATE '2021-12-28'", "DATE '2022-01-05'"), "b"),      # none is over: the newest
    ],
)
def test_the_newest_round_that_was_due_stands_for_its_notice(due_days, shown):
    listed = ", ".join(
        f"('n', '{name}', {due}, DATE '2021-{month}-25', DATE '2021-12-28')"
        for name, due, month in zip("ab", due_days, ("09", "12"), strict=True)
    )
    found = over("lake_shown_round", notice_round=(
        f"SELECT * FROM (VALUES {listed}) AS t(document_number, round_id, due_on, period_end_on, as_of_on)"
    ))

    assert [row["round_id"] for row in found] == [shown]


UNIT = {
    "year": "'2021'", "province": "'65'", "document_number": "'a'", "county_code": "'652822'",
    "county_name": "'轮台县'", "fund_name": "'救助'", "is_reported": "TRUE", "after_yuan": "100.00",
    "paid_yuan": "60.00", "total_score_micro": "90", "total_scored_weight_micro": "100",
    "total_weight_micro": "100", "grade": "'good'", "effect_state": "'effective'",
}
NULLED = {name: f"CAST(NULL AS {kind})" for name, kind in (
    ("paid_yuan", "DECIMAL(18, 2)"), ("grade", "VARCHAR"), ("fund_name", "VARCHAR"),
)}


def units(*changed: dict[str, str]) -> str:
    return " UNION ALL ".join(
        "SELECT " + ", ".join(f"{value} AS {name}" for name, value in {**UNIT, **changes}.items())
        for changes in changed
    )


def test_who_is_silent_is_in_no_rate_and_counted_beside_it():
    silent = {
        "is_reported": "FALSE", "paid_yuan": NULLED["paid_yuan"], "total_score_micro": "0",
        "total_scored_weight_micro": "0", "grade": NULLED["grade"], "effect_state": "'unknown'",
        "county_code": "'652823'", "county_name": "'尉犁县'",
    }
    over_paid = {"paid_yuan": "101.00", "county_code": "'652824'", "fund_name": NULLED["fund_name"]}
    found = over("nation", nation_unit=units({}, silent, over_paid))
    whole = next(row for row in found if row["level"] == "nation")
    alone = next(row for row in found if row["county_code"] == "652823")

    assert (whole["unit_count"], whole["silent_count"], whole["paying_count"], whole["over_count"]) == (3, 1, 2, 1)
    assert (whole["released_yuan"], whole["base_yuan"], whole["paid_yuan"]) == (300, 200, 161)
    assert (whole["score_micro"], whole["scored_weight_micro"], whole["weight_micro"]) == (180, 200, 300)
    assert (whole["good_count"], whole["ungraded_count"], whole["unknown_count"]) == (2, 1, 1)
    assert [alone[name] for name in ("base_yuan", "paid_yuan", "score_micro", "scored_weight_micro")] == [None] * 4
    # Units of no named fund are a fund of their own, not the whole.
    assert sorted(str(row["fund_name"]) for row in found if row["level"] == "fund") == ["None", "救助"]


def test_the_nation_sums_to_what_its_units_have(small_nation):
    found, unit_rows = nation(small_nation), scored_rows(small_nation, "nation_unit").to_pylist()
    of_year = [row for row in unit_rows if row["year"] == found.year]

    assert (found.year, found.years) == ("2022", ("2021", "2022"))
    assert found.whole["unit_count"] == len(of_year) == SMALL.counties * SMALL.funds
    for level, places in (("provinces", 2), ("counties", SMALL.counties), ("funds", SMALL.funds)):
        listed = getattr(found, level)
        assert len(listed) >= places or level == "counties"
        for name in ("unit_count", "silent_count", "score_micro", "scored_weight_micro", "paid_yuan"):
            assert sum(row[name] or 0 for row in listed) == found.whole[name], (level, name)
    assert len(found.silent) == found.whole["silent_count"] == sum(not row["is_reported"] for row in of_year) > 0
    shares = [row["score_share"] for row in found.counties]
    assert shares == sorted(shares)


def test_a_rate_over_the_whole_is_not_shown(small_nation):
    for row in nation(small_nation).counties:
        if row["execution_rate"] is not None:
            assert 0 <= row["execution_rate"] <= 1
            assert row["execution_rate"] == Decimal(row["paid_yuan"]) / Decimal(row["base_yuan"])


def test_a_year_that_is_not_there_is_named(small_nation):
    with pytest.raises(NotFoundError, match="2021、2022"):
        nation(small_nation, "2019")


def test_the_nation_in_words_and_as_json(pushed):
    found = nation(pushed)
    text, payload = nation_as_text(found), nation_as_json(found)

    assert "1 份未填报" in text and "若羌县（困难群众救助补助资金）" in text and "是演示数据" in text
    assert "执行率 87.7%（17,474.8÷19,912 万元，11 份）" in text
    assert json.loads(json.dumps(payload))["whole"]["paid_yuan"] == "174748000.00"


def test_the_commands_push_score_and_list(tmp_path, capsys):
    folder = Path(shutil.copytree(demo_folder(), tmp_path / "workspace"))
    lake = tmp_path / "lake"
    said = []
    for arguments in (
        ("lake", "push", "--workspace", folder, "--out", lake), ("score-lake", "--in", lake, "--out", lake),
        ("nation", "--lake", lake),
    ):
        assert run([*map(str, arguments), "--json"]) == 0
        said.append(json.loads(capsys.readouterr().out))

    assert said[0]["store_id"] == REGION and said[0]["receipt"].startswith("第 ")
    assert said[1]["rows"]["score"] == said[0]["rows"]["score_input"] > 0
    assert (said[2]["whole"]["unit_count"], said[2]["stores"][0]["is_demonstration"]) == (12, True)
    assert run(["nation", "--lake", str(tmp_path / "none")]) == 2
    assert "请先执行 wenxiao score-lake" in capsys.readouterr().err


def test_provinces_are_thirty_one():
    assert len({province.province_code for province in provinces()}) == len(provinces()) == 31


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["polars", "http://127.0.0.1", ""])
def test_an_unknown_engine_is_named(address, tmp_path):
    with pytest.raises(EngineError, match="没有引擎"):
        engine_of(address, tmp_path)


def test_without_pyspark_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)

    with pytest.raises(EngineError) as refused:
        engine_of("spark://127.0.0.1:7077", tmp_path)
    assert str(refused.value) == NO_PYSPARK


def test_without_java_it_says_how_to_get_it(tmp_path, monkeypatch):
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(EngineError) as refused:
        engine_of("spark://127.0.0.1:7077", tmp_path)
    assert str(refused.value) == NO_JAVA
