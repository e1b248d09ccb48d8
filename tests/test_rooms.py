"""The rooms: imports run dashboard → metrics → data, and each thing is done in one place only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("data", "metrics", "dashboard")  # each may import itself and those before it
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
TOP_LEVEL = {
    ".ci", ".gitignore", ".streamlit", "CHANGELOG.md", "LICENSE", "Makefile", "README.md",
    "dashboard", "data", "deploy", "metrics", "pyproject.toml", "requirements.lock", "requirements-audit.lock",
    "requirements-serve.lock", "requirements-spark.lock", "tests",
}  # fmt: skip
UNTRACKED = {".git", ".venv", "build", "workspace", "wenxiao.egg-info"}

SOURCES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
}
FILES = sorted(SOURCES)

KEPT = {
    node.name for tree in SOURCES.values() for node in tree.body
    if isinstance(node, ast.FunctionDef) and "kept" in {ast.unparse(each) for each in node.decorator_list}
}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def top_packages(tree: ast.AST) -> set[str]:
    return {name.split(".")[0] for name in imported(tree)}


def literal_texts(tree: ast.Module) -> list[str]:
    """Every string of a file that is not a docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def uses_streamlit_cache(tree: ast.AST) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in {"cache_data", "cache_resource"})
        or (isinstance(node, ast.alias) and node.name in {"cache_data", "cache_resource"})
        for node in ast.walk(tree)
    )


def test_every_room_has_files():
    assert {name.split("/")[0] for name in FILES} == set(ROOMS)


@pytest.mark.parametrize("name", FILES)
def test_imports_run_one_way(name):
    room = name.split("/")[0]
    upstairs = set(ROOMS[ROOMS.index(room) + 1 :])

    assert not top_packages(SOURCES[name]) & upstairs, f"{room}/ 不能引用 {upstairs}"


@pytest.mark.parametrize("name", FILES)
def test_only_the_store_talks_to_duckdb(name):
    assert name == "data/store.py" or "duckdb" not in top_packages(SOURCES[name])


@pytest.mark.parametrize("name", FILES)
def test_only_the_session_caches(name):
    assert name == "dashboard/session.py" or not uses_streamlit_cache(SOURCES[name])


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("dashboard/")])
def test_data_and_metrics_know_no_screen(name):
    assert not top_packages(SOURCES[name]) & {"streamlit", "plotly", "starlette", "uvicorn"}


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("metrics/")])
def test_metrics_touch_no_file_formats(name):
    formats = {"openpyxl", "docx", "pdfplumber", "python_calamine", "xlsxwriter"}

    assert not top_packages(SOURCES[name]) & formats


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("dashboard/")])
def test_dashboard_holds_no_sql(name):
    statement = re.compile(
        r"\bSELECT\b.+\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b", re.S
    )

    assert not [text for text in literal_texts(SOURCES[name]) if statement.search(text)]


@pytest.mark.parametrize("name", FILES)
def test_no_drawers(name):
    parts = {part.removesuffix(".py") for part in name.split("/")}

    assert not parts & DRAWERS, "按内容起名，不设杂物抽屉"


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("dashboard/app_pages/")])
def test_pages_read_from_top_to_bottom(name):
    tree = SOURCES[name]
    definitions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
    ]
    guards = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "__name__"]

    assert ast.get_docstring(tree), "页面的文件说明要写它回答什么问题"
    assert not definitions
    assert not guards


def test_no_legacy_pages_folder():
    # A folder of this name beside the entry script turns Streamlit's old menu on.
    assert not (ROOT / "dashboard" / "pages").exists()


def test_top_level_is_fixed():
    # Caches of tools (.mypy_cache, .ruff_cache, …) may lie around; anything else has to be decided.
    present = {path.name for path in ROOT.iterdir() if not path.name.endswith("_cache")}

    assert present - UNTRACKED - {".hypothesis"} <= TOP_LEVEL


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import duckdb", {"duckdb"}),
        ("def f():\n    from dashboard.session import store", {"dashboard"}),
        ("from data import store", {"data"}),
        ("import metrics.law as law", {"metrics"}),
    ],
)
def test_imports_are_seen_wherever_they_stand(text, found):
    assert top_packages(ast.parse(text)) == found


def test_sql_in_a_docstring_is_no_sql():
    tree = ast.parse('"""SELECT a FROM b"""\nname = f"SELECT {1} FROM c"')

    assert literal_texts(tree) == ["SELECT ", " FROM c"]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("dashboard/")])
def test_what_is_kept_is_not_changed(name):
    """Where one kept function takes another's result, it must not insert into it: both are shared."""
    for function in ast.walk(SOURCES[name]):
        if not isinstance(function, ast.FunctionDef):
            continue
        shared = {
            target.id for node in ast.walk(function) if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call) and ast.unparse(node.value.func).split(".")[-1] in KEPT
            for target in node.targets if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                written = {
                    ast.unparse(target.value) for target in targets if isinstance(target, ast.Subscript)
                }
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) \
                    and node.func.attr in {"insert", "append", "pop", "sort", "update", "setdefault", "extend"}:
                written = {ast.unparse(node.func.value)}
            else:
                continue
            assert not written & shared, f"{function.name}：{written & shared} 是共用的，不能改"
