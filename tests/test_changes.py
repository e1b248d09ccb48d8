"""Which tables a statement names and writes to: none may be missed, or a page would show what is over."""

from __future__ import annotations

from importlib import resources

import duckdb
import pytest

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.imports import import_actuals
from dashboard.actions.tokens import NewToken, issue_token
from dashboard.rights import ADMINISTRATOR, COUNTY_APPROVER, PREFECTURE_OFFICER
from dashboard.workspace import read_settings
from data.audit import Actor
from data.changes import EVERYTHING, Changes, named, naming, targets, words
from data.store import Store, sql_text
from tests.builders import demo_folder, rows

WRITES = sorted(path.name.removesuffix(".sql") for path in resources.files("data").joinpath("sql", "writes").iterdir())
INSTALLER, OFFICER = Actor("安装人员", ADMINISTRATOR), Actor("社保科", PREFECTURE_OFFICER)
ROWS = "文号,轮次,单位,序号,全年执行数（万元）\n巴财社〔2021〕96号,2021-12,博湖县,0,600\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    copy = tmp_path_factory.mktemp("changes") / "wenxiao.duckdb"
    copy.write_bytes((demo_folder() / "wenxiao.duckdb").read_bytes())
    return Store(copy)


def contents(store: Store) -> dict[str, object]:
    """What is in each table, as a number that another content does not have."""
    return {
        row["table_name"]: rows(store, f"SELECT count(*), bit_xor(hash(t)) FROM {row['table_name']} AS t")
        for row in rows(store, "SELECT table_name FROM duckdb_tables() WHERE NOT temporary")
    }


@pytest.mark.parametrize("name", WRITES)
def test_every_write_names_the_tables_that_it_changes(store, name):
    """By DuckDB's own reading of the statement: what is prepared as an INSERT, UPDATE or DELETE has a target."""
    sql = sql_text("data", f"writes/{name}")
    kinds = {statement.type.name for statement in duckdb.extract_statements(sql)}

    assert EVERYTHING not in targets(sql)
    assert bool(targets(sql)) == bool(kinds & {"INSERT", "UPDATE", "DELETE", "MERGE_INTO"})


def test_what_an_action_changed_is_said_of_its_tables_and_of_no_other_table(store):
    settings = read_settings(store)
    at, region_code = settings.now(), settings.region_code
    for act in (
        lambda: add_account(store, INSTALLER, at, NewAccount("p.bohu", "程序", COUNTY_APPROVER, "bohu")),
        lambda: issue_token(store, INSTALLER, at, NewToken("导入", "p.bohu", ("actuals",), 30)),
        lambda: import_actuals(store, OFFICER, at, ROWS.encode(), "a.csv", region_code),
    ):
        before, version = contents(store), store.data_version
        did = act()
        after = contents(store)

        changed = {table for table in after if after[table] != before[table]}
        said = {table for table in after if store.last_change({table}) > version}
        assert changed and changed <= said, did
        assert "target" not in said


def test_a_view_stands_for_the_tables_of_its_views(store):
    for row in rows(store, "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal"):
        behind = store.tables({row["view_name"]})
        direct = store.tables(words(row["sql"]) - {row["view_name"]})
        assert behind and direct <= behind, row["view_name"]


def test_a_macro_stands_for_the_tables_that_it_reads(store):
    """The deadline of a duty hangs on the office hours, which no statement of a duty names."""
    assert store.tables({"clock_day"}) == {"office_hours"}
    assert "office_hours" in store.tables(words(sql_text("data", "queries/round_duty")))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("INSERT OR REPLACE INTO score BY NAME SELECT 1", {"score"}),
        ("INSERT INTO score SELECT 1; UPDATE report SET a = 1", {"score", "report"}),
        ("WITH x AS (SELECT 1) DELETE\n  FROM report USING x", {"report"}),
        ("MERGE INTO report USING x ON true WHEN MATCHED THEN UPDATE SET a = 1", {"report", "set"}),
        ("SELECT 'update' AS kind FROM report -- insert into score", set()),
        ("INSERT\nINTO \"score\" SELECT 1", {EVERYTHING}),
        ("TRUNCATE report", {EVERYTHING}),
        ("ALTER TABLE report ADD COLUMN a INTEGER", {EVERYTHING}),
        ("COPY report FROM 'file'", {EVERYTHING}),
    ],
)
def test_what_a_statement_writes_to(sql, expected):
    assert targets(sql) == expected


def test_words_of_a_statement_are_those_of_the_block_that_runs_it():
    with naming() as outer:
        named({"report"})
        with naming() as inner:
            named({"score"})
    named({"lost"})

    assert (outer, inner) == ({"report"}, {"score"})


def test_before_tables_are_known_everything_counts_as_none_and_a_change_of_everything_as_each():
    changes = Changes()
    changes.know(["report", "score"], [("shown", "SELECT * FROM inner_view"), ("inner_view", "SELECT * FROM score")])
    changes.note(3, {"score", "work_table"})

    assert changes.tables({"shown", "select"}) == {"score"}
    assert (changes.last({"score"}), changes.last({"report"})) == (3, 0)
    changes.note(4, {EVERYTHING})
    assert changes.last({"report"}) == 4
