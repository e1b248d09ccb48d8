"""依据与口径 explains every figure on every page: each board is defined, each rate by its two sides."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

import dashboard
from metrics.boards import basis
from metrics.boards.definition import BOARDS

FOLDER = Path(dashboard.__file__).parent
FILES = {
    path.relative_to(FOLDER).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted([*FOLDER.glob("*.py"), *FOLDER.glob("app_pages/*.py")])
}
PAGES = [name for name in FILES if name.startswith("app_pages/")]
DEFINITIONS = {definition.name: definition for definition in basis.board_definitions()}
# 完成率, 执行率, 偏差率, 得分率 …: two characters that say of what, not 按比率 or 分子分母的比率.
RATE = re.compile(r"(?:完成|执行|偏差|得分|支付|支出|发放|按期|覆盖|救助)率")


def imported(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for, as module.name."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def read_through_session(tree: ast.AST) -> list[str]:
    """The functions that a file gives to ``read``, as module.name; what is no plain name stays as its code."""
    names = imported(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("session.read", "read") and node.args:
            head, _, rest = ast.unparse(node.args[0]).partition(".")
            found.append(f"{names.get(head, head)}.{rest}".rstrip("."))
    return found


@pytest.mark.parametrize("name", [name for name, tree in FILES.items() if read_through_session(tree)])
def test_whatever_a_page_reads_is_a_board_with_its_definition(name):
    for path in read_through_session(FILES[name]):
        module, _, function = path.rpartition(".")
        assert module.startswith("metrics.boards."), f"{path} 不是看板"
        assert callable(getattr(importlib.import_module(module), function))
        assert path.removeprefix("metrics.boards.") in DEFINITIONS, f"{path} 没有写怎样算"


def test_every_page_reads_its_figures():
    reading = {name for name in PAGES if read_through_session(FILES[name])}

    assert len(reading) >= 8
    # The help has no figures, the state of the service is that of the moment; the wall shows those of the overview,
    # through a view of its own.
    assert set(PAGES) - reading == {"app_pages/help.py", "app_pages/screen.py", "app_pages/status.py"}


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_a_definition_says_what_each_rate_divides_by_what(name):
    definition = DEFINITIONS[name]
    said = definition.asks + definition.formula
    for rate in sorted(set(RATE.findall(said))):
        assert defines(definition.formula, rate) or any(
            defines(BOARDS[other].formula, rate)
            for other in BOARDS if f"“{BOARDS[other].title}”" in definition.formula
        ), f"“{definition.title}”没有写明{rate}是什么除以什么，也没有指到写明的表"


def defines(formula: str, rate: str) -> bool:
    """Whether a formula gives a rate as a division, 率＝甲÷乙 or 率（甲÷乙）."""
    return bool(re.search(rf"{rate}(?:＝|（)[^；。，]*÷", formula))


@pytest.mark.parametrize(
    ("formula", "is_defined"),
    [("执行率＝支付÷调整后金额。", True), ("执行率（支付÷金额）不低于下限。", True), ("按执行率排列。", False),
     ("执行率＝见附表；得分÷分值。", False), ("得分率＝得分÷分值，按执行率排列。", False)],
)
def test_a_rate_is_defined_only_by_a_division_of_its_own(formula, is_defined):
    assert defines(formula, "执行率") is is_defined
