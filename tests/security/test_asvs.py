"""The table of OWASP ASVS 5.0.0: each item once, said whether it is met, and the test that shows it there is."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TABLE = Path(__file__).parent / "asvs.csv"
STATES = {"满足", "部分满足", "未满足", "由网关", "由部署", "不适用"}
# The chapters that are walked through. V15 (how it is written) and V17 (WebRTC) are not.
CHAPTERS = {f"V{number}" for number in (*range(1, 15), 16)}
# What no test can show: a page of the manual, or that something is not there at all.
BY_READING = re.compile(
    r"README|本表|没有|不用|不作|不执行|不由|rights\.csv|passwords\.py|通行|argon2|编码|urlencode|只在|时限|服务日志|处数"
)


@cache
def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_each_item_stands_once_in_its_order():
    numbers = [row["编号"] for row in rows()]

    assert [number for number, count in Counter(numbers).items() if count > 1] == []
    assert all(re.fullmatch(r"V\d+\.\d+\.\d+", number) for number in numbers)
    assert numbers == sorted(numbers, key=lambda number: tuple(map(int, number[1:].split("."))))
    assert {number.split(".")[0] for number in numbers} == CHAPTERS


def test_each_item_says_how_it_stands():
    for row in rows():
        assert row["结论"] in STATES and row["级别"] in ("1", "2"), row
        assert row["章"] and row["要求"] and row["怎样做到或为什么"], row


def test_each_named_test_is_there():
    for row in rows():
        if row["检验"]:
            path, _, name = row["检验"].partition("::")
            assert name in named_in(path), row["检验"]


def test_what_is_met_is_shown_by_a_test_or_can_be_read():
    bare = [
        row["编号"] for row in rows()
        if row["结论"] == "满足" and not row["检验"] and not BY_READING.search(row["怎样做到或为什么"])
    ]
    assert bare == []


def test_what_is_not_met_is_named():
    """A change of this list is a decision: it stands in README, for who puts the program on a server."""
    assert {row["编号"] for row in rows() if row["结论"] == "未满足"} == {"V5.4.3", "V6.2.5", "V6.2.10", "V6.2.12"}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for words in ("病毒", "泄露密码", "字符种类", "定期改密码"):
        assert words in readme, words
