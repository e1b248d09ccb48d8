"""Every SQL file says what it is, is called from Python, and lists the parameters that it takes."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from data.checks import sql_header
from metrics.findings import every_check, limits_of, sources_of

ROOT = Path(__file__).parent.parent
KEYS = {
    "data/sql/checks": ["check", "title", "severity", "grain", "unit", "params", "source"],
    "data/sql/queries": ["query", "asks", "grain", "unit", "params"],
    "data/sql/writes": ["write", "does", "grain", "unit", "params"],
    "metrics/sql": ["query", "asks", "grain", "unit", "params"],
}
SQL = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for folder in KEYS
    for path in sorted((ROOT / folder).glob("*.sql"))
}
CHECKS = sorted(name for name in SQL if name.startswith("data/sql/checks/"))
CALLED = sorted(set(SQL) - set(CHECKS))


def statement(text: str) -> str:
    """A file's text without its comments and quoted words."""
    without_comments = re.sub(r"--[^\n]*", "", text)
    return re.sub(r"'(?:[^']|'')*'", "''", without_comments)


@cache
def calls() -> set[str]:
    """The SQL files that Python names, as paths."""
    found: set[str] = set()
    for room in ("data", "metrics", "dashboard"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    found |= called_by(node)
    return found


def called_by(node: ast.Call) -> set[str]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    if name == "query" and words:
        return {f"data/sql/queries/{words[0]}.sql"}
    if name == "sql_text" and len(words) == 2:
        return {f"{words[0]}/sql/{words[1]}.sql"}
    return set()


def test_there_are_checks_queries_and_rules():
    assert {name.rsplit("/", 1)[0] for name in SQL} == set(KEYS)


@pytest.mark.parametrize("name", SQL)
def test_header_is_complete(name):
    header = sql_header(SQL[name])
    wanted = KEYS[name.rsplit("/", 1)[0]]

    assert [key for key in header if key in wanted] == wanted, "缺少或次序不对"
    assert [key for key in wanted if not header[key].strip()] == [], "有空项"


@pytest.mark.parametrize("name", SQL)
def test_file_carries_its_own_name(name):
    header = sql_header(SQL[name])
    stem = Path(name).stem

    if "check" in header:
        assert re.fullmatch(r"[ATRPFS]\d\d", header["check"])
        assert stem.startswith(f"{header['check'].lower()}_")
        assert header["severity"] in {"fatal", "warning", "note"}
    else:
        assert stem == header.get("query", header.get("write"))


@pytest.mark.parametrize("name", SQL)
def test_text_follows_the_style(name):
    assert SQL[name].rstrip().endswith(";")
    assert SQL[name].endswith("\n") and not SQL[name].endswith("\n\n")
    assert "!=" not in statement(SQL[name]), "写 <>，不写 !="
    assert "\t" not in SQL[name]


@pytest.mark.parametrize("name", SQL)
def test_parameters_are_the_listed_ones(name):
    listed = set(re.findall(r"\$(\w+)", sql_header(SQL[name])["params"]))
    used = set(re.findall(r"\$(\w+)", statement(SQL[name])))

    assert used == listed


@pytest.mark.parametrize("name", SQL)
def test_without_parameters_it_says_none(name):
    params = sql_header(SQL[name])["params"]

    assert ("$" in params) != params.startswith("none")


@pytest.mark.parametrize("name", CALLED)
def test_every_file_has_a_caller(name):
    assert name in calls(), "没有 Python 代码使用它"


def test_every_call_has_a_file():
    assert sorted(calls() - set(SQL)) == []


def test_check_codes_are_unique():
    codes = [sql_header(SQL[name])["check"] for name in CHECKS]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("check", every_check(), ids=lambda check: check.code)
def test_check_of_docked_rows_says_what_to_do_and_where_it_is_ordered(check):
    assert check.says and not check.says.endswith("。")
    # The names must be there: a misspelt one raises.
    assert sources_of(check)
    assert len(limits_of(check)) == check.source.count("metrics.limits")


@pytest.mark.parametrize(
    "check", [check for check in every_check() if check.code[0] in "FS"], ids=lambda check: check.code
)
def test_check_of_payouts_and_reports_asks_before_it_demands(check):
    asked = re.search("核对", check.says)
    demanded = re.search("追回|更正|补正|补导|补足|补齐|改发|改为|收回", check.says)

    assert asked
    assert demanded is None or asked.start() < demanded.start()


@pytest.mark.parametrize("check", every_check(), ids=lambda check: check.code)
def test_check_names_the_relations_that_it_reads(check):
    text = SQL[f"data/sql/checks/{check.name}.sql"]
    listed = re.search(r"reads (.*)", sql_header(text)["params"])

    assert listed is not None
    assert sorted(listed[1].split(", ")) == sorted(relations_read(text))


def relations_read(text: str) -> set[str]:
    """What a statement names behind FROM and JOIN that it does not make itself; EXTRACT(... FROM ...) names none."""
    words = re.sub(r"EXTRACT\([^()]*\)", "", statement(text))
    made = set(re.findall(r"(\w+) AS (?:NOT MATERIALIZED )?\(", words))
    return set(re.findall(r"\b(?:FROM|JOIN)\s+([a-z_]+)", words)) - made


def test_quoted_words_and_comments_are_no_statement():
    assert statement("SELECT '!=', $a -- $b\nFROM c;") == "SELECT '', $a \nFROM c;"
