"""The rule book's numbers: dated, sourced, and never called national where they are not."""

import re
from datetime import date
from decimal import Decimal

import pytest

from metrics import thresholds
from metrics.law import ALL_SOURCES, Trust
from metrics.thresholds import ALL_THRESHOLDS, EXECUTION_MILESTONES, Threshold, band_limits, rule_row, rule_words

COLOUR_LIMITS = [
    "slightly-off-from", "over-from", "elapsed-tolerance", "effect-from", "coverage-from", "dual-gap-limit",
    *(item.key for item in EXECUTION_MILESTONES.values()),
]


@pytest.mark.parametrize("key", sorted(ALL_THRESHOLDS))
def test_threshold_is_dated_named_and_sourced(key):
    item = ALL_THRESHOLDS[key]

    assert item.key == key
    assert item.name and item.note
    assert item.unit in {"分", "比例"}
    assert isinstance(item.value, Decimal)
    assert item.value > 0 or key == "administration-fee-cap", "零只能是“一分也不许”"
    assert date(2018, 1, 1) <= item.effective_on <= date(2025, 12, 31)
    assert item.source in ALL_SOURCES.values()
    assert item.unit != "比例" or item.value < 2


@pytest.mark.parametrize("key", COLOUR_LIMITS)
def test_no_limit_of_a_colour_is_called_national(key):
    item = ALL_THRESHOLDS[key]

    assert "不是" in item.note and "全国规定" in item.note


def test_every_threshold_is_on_the_list_once():
    constants = [value for value in vars(thresholds).values() if isinstance(value, Threshold)]

    assert len(ALL_THRESHOLDS) == len(constants) + len(EXECUTION_MILESTONES)


def test_dimension_weights_make_a_hundred():
    keys = ["weight-execution", "weight-output", "weight-outcome", "weight-satisfaction"]

    assert [ALL_THRESHOLDS[key].value for key in keys] == [10, 50, 30, 10]


def test_no_fee_may_be_taken_from_the_money():
    cap = ALL_THRESHOLDS["administration-fee-cap"]

    assert (cap.value, cap.unit, cap.is_in_use) == (0, "比例", False)
    assert "不得从救助资金中提取管理费" in cap.note
    # What was read forbids taking a fee from people; the rest is derived and says so.
    assert cap.source.quote == "不得向救助对象收取任何管理费用"
    assert cap.source.trust is Trust.SECOND_HAND and "推出" in cap.source.note


def test_grades_are_half_open_so_that_ninety_is_excellent():
    keys = ["grade-excellent-from", "grade-good-from", "grade-fair-from"]

    assert [ALL_THRESHOLDS[key].value for key in keys] == [90, 80, 60]
    assert all("含本数" in ALL_THRESHOLDS[key].note for key in keys)


def test_a_note_names_no_number_that_a_bureau_can_change():
    notes = {key: item.note for key, item in ALL_THRESHOLDS.items() if item.is_editable}

    assert [key for key, note in notes.items() if re.search(r"\d+(分|%|个)", note)] == []


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [("0.8", "比例", "80%"), ("0.805", "比例", "80.5%"), ("0", "比例", "0%"), ("1.3", "比例", "130%"),
     ("90", "分", "90 分"), ("33.3", "分", "33.3 分"), ("100", "", "100"), ("3", "工作日", "3 工作日")],
)
def test_a_value_is_shown_exactly(value, unit, words):
    assert rule_words(Decimal(value), unit) == words


def test_execution_milestones_are_an_optional_profile_of_sichuan():
    assert {month: str(item.value) for month, item in EXECUTION_MILESTONES.items()} == {
        4: "0.25", 6: "0.40", 8: "0.60", 10: "0.80",
    }
    assert all("默认不启用" in item.note for item in EXECUTION_MILESTONES.values())


def test_bands_join_without_gap_from_nothing_to_everything():
    limits = band_limits()

    assert limits == {1: (80, 100), 2: (60, 80), 3: (0, 60)}


def test_rule_row_is_integers_beside_the_version():
    row = rule_row()

    assert row == {
        "rule_version": "2021-1",
        "weight_execution_micro": 10_000_000,
        "execution_cap_micro": 1_000_000,
        "slightly_off_from_micro": 800_000,
        "over_from_micro": 1_300_000,
        "reason_required_below_micro": 800_000,
        "grade_excellent_from_micro": 90_000_000,
        "grade_good_from_micro": 80_000_000,
        "grade_fair_from_micro": 60_000_000,
        "band_reached_from_micro": 800_000,
        "band_partly_from_micro": 600_000,
        "elapsed_tolerance_micro": 100_000,
        "effect_from_micro": 800_000,
        "coverage_from_micro": 600_000,
        "dual_gap_limit_micro": 100_000,
        "execution_milestone_04_micro": None,
        "execution_milestone_06_micro": None,
        "execution_milestone_08_micro": None,
        "execution_milestone_10_micro": None,
    }
    assert {type(value) for value in row.values()} == {str, int, type(None)}
