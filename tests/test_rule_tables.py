"""The rule book on screen: what a field begins with, what was typed into it, what is said of a comparison."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from dashboard import rule_tables
from data.errors import RefusedError
from metrics.boards.basis import Consequence
from metrics.rule_changes import RuleBase, bases
from metrics.thresholds import ALL_THRESHOLDS, SHIPPED_VALUES

BASE = RuleBase("2021-1", "程序自带", SHIPPED_VALUES, {})


def test_an_untouched_form_changes_nothing():
    texts = {key: rule_tables.field_text(rule, BASE) for key, rule in rule_tables.editable().items()}

    assert texts["slightly-off-from"] == "80"
    assert texts["weight-output"] == "50"
    assert texts["execution-milestone-04"] == ""
    assert rule_tables.typed_changes(texts, BASE) == {}
    sichuan = bases([])["sichuan-2025"]
    texts = {key: rule_tables.field_text(rule, sichuan) for key, rule in rule_tables.editable().items()}
    assert texts["execution-milestone-04"] == "25"
    assert rule_tables.typed_changes(texts, sichuan) == {}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("slightly-off-from", "80.5", "0.805"), ("slightly-off-from", " 75% ", "0.75"), ("over-from", "150％", "1.5"),
        ("weight-output", "45 分", "45"), ("grade-good-from", "82.5", "82.5"), ("execution-milestone-04", "25", "0.25"),
        ("coverage-from", "0.0001", "0.000001"), ("weight-output", "-1", "-1"), ("over-from", "", None),
    ],
)
def test_what_is_typed_is_read_exactly(key, text, value):
    assert rule_tables.typed_changes({key: text}, BASE) == {key: None if value is None else Decimal(value)}


def test_every_field_that_holds_no_number_is_named():
    with pytest.raises(RefusedError) as refused:
        rule_tables.typed_changes({"over-from": "很多", "weight-output": "1e3", "grade-good-from": "80"}, BASE)

    assert str(refused.value).split("\n\n") == [
        "“超额过多的下限”填的“很多”不是数，请填数字，例如 130%。",
        "“产出指标分值”填的“1e3”不是数，请填数字，例如 50 分。",
    ]


def test_only_what_a_bureau_may_set_has_a_field():
    assert set(ALL_THRESHOLDS) - set(rule_tables.editable()) == {"administration-fee-cap"}


def test_the_sentence_counts_and_names_what_would_differ():
    cells = pd.DataFrame({
        "is_changed": [True, True, False], "is_state_changed": [True, False, False],
    }, dtype=object)
    units = pd.DataFrame({
        "recipient_name": ["轮台县", "博湖县"], "is_effect_state_changed": [True, False],
        "is_grade_changed": [False, False],
    }, dtype=object)
    found = Consequence(cells, units)

    assert rule_tables.consequence_sentence(found, "2022-1", "2021-1") == (
        "如果本轮按 2022-1 版口径：3 项里 2 项的状态、得分或分值不同，其中 1 项状态不同；"
        "五种状态不同的单位：1 个（轮台县）；等级不同的单位：没有。这里只作比较，本轮结果不变。"
    )
    assert "本轮正是按 2021-1 版计分的" in rule_tables.consequence_sentence(found, "2021-1", "2021-1")
    assert "还没有得分" in rule_tables.consequence_sentence(Consequence(cells.head(0), units), "2022-1", "2021-1")
