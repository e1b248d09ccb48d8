"""Words, shapes and numbers on screen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest
from plotly.validator_cache import ValidatorCache

from dashboard import labels
from data.checks import all_checks
from data.intake.form import EntryKind
from data.model import Severity
from data.notice.amend import HEADER_FIELDS
from data.notice.rows import FIELD_NAMES
from data.reference import recipients
from metrics.boards.accountability import EFFECT_STATES
from metrics.duties import LATE_STATES, OPEN_STATES, STEP_WORDS, UNKNOWN_STATES
from metrics.targets import TargetKind

MARKS = {
    "score": labels.SCORE_MARKS, "clock": labels.CLOCK_MARKS, "effect": labels.EFFECT_MARKS,
    "duty": labels.DUTY_MARKS, "owed": labels.OWED_MARKS, "step": labels.STEP_MARKS,
    "report": labels.REPORT_MARKS, "verdict": labels.VERDICT_MARKS,
}


@pytest.mark.parametrize("marks", MARKS.values(), ids=list(MARKS))
def test_a_state_is_told_by_word_and_shape_alone(marks):
    assert len({mark.word for mark in marks.values()}) == len(marks)
    assert len({mark.shape for mark in marks.values()}) == len(marks)
    assert all(len(mark.shape) == 1 for mark in marks.values())


@pytest.mark.parametrize("marks", MARKS.values(), ids=list(MARKS))
def test_a_shape_is_one_that_charts_can_draw(marks):
    known = ValidatorCache.get_validator("scatter.marker", "symbol").values

    assert {mark.symbol for mark in marks.values()} <= set(known)


def test_every_state_that_code_can_give_has_its_mark():
    assert set(EFFECT_STATES) == set(labels.EFFECT_MARKS) == set(labels.EFFECT_HINTS)
    assert set(LATE_STATES) < set(labels.CLOCK_MARKS)
    assert {*LATE_STATES, *OPEN_STATES, *UNKNOWN_STATES, "on_time"} == set(labels.OWED_MARKS)
    assert set(STEP_WORDS) == set(labels.STEP_MARKS)
    assert all(mark.word == STEP_WORDS[step] for step, mark in labels.STEP_MARKS.items())


def test_every_kind_has_its_word():
    assert set(labels.KIND_WORDS) == {kind.value for kind in TargetKind}
    assert set(labels.ENTRY_WORDS) == {kind.value for kind in EntryKind}
    assert set(labels.SEVERITY_WORDS) == {severity.value for severity in Severity}
    assert set(labels.KIND_OF_UNIT_WORDS) >= {unit.kind for unit in recipients()}
    assert {*FIELD_NAMES, *HEADER_FIELDS} <= set(labels.FIELD_WORDS)
    assert {check.severity for check in all_checks()} <= set(labels.SEVERITY_WORDS)


@pytest.mark.parametrize("yuan", [None, pd.NA, float("nan"), pd.NaT])
def test_missing_money_is_a_dash_and_never_zero(yuan):
    assert labels.wan(yuan) == labels.signed_wan(yuan) == labels.percent(yuan) == labels.points(yuan) == "—"


@pytest.mark.parametrize(
    ("yuan", "text", "signed"),
    [
        (Decimal("202510000.00"), "20,251", "+20,251"),
        (297_200, "29.72", "+29.72"),
        (297_000.0, "29.7", "+29.7"),
        (-5_300_000, "-530", "−530"),
        (1_280_000, "128", "+128"),
        (0, "0", "0"),
        (-1, "0", "0"),
        (100, "0.01", "+0.01"),
    ],
)
def test_money_reads_in_wan(yuan, text, signed):
    assert (labels.wan(yuan), labels.signed_wan(yuan)) == (text, signed)


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0.8996, "89.9%"), (0.9, "90.0%"), (0.89999999, "89.9%"), (1, "100.0%"), (0, "0.0%"), (1.2345, "123.4%"),
     (Decimal("0.9999"), "99.9%"), (0.29, "29.0%")],
)
def test_a_rate_is_floored_so_that_it_never_reads_better_than_it_is(rate, text):
    assert labels.percent(rate) == text


@pytest.mark.parametrize(
    ("micro", "weight", "text"),
    [(3_571_428, 3_571_428, "3.57"), (2_999_999, 3_000_000, "2.99"), (3_000_000, 3_000_000, "3.00"),
     (2_938_667, 3_000_000, "2.94"), (0, 3_000_000, "0.00"), (7_500_000, None, "7.50")],
)
def test_points_are_rounded_and_a_miss_never_reads_full_marks(micro, weight, text):
    assert labels.points(micro, weight) == text


def test_days_and_moments():
    moment = datetime(2021, 12, 7, 9, 5)

    assert labels.day(date(2021, 12, 7)) == "12月7日"
    assert labels.moment(moment) == "12月7日 09:05"
    assert labels.full_day(moment) == "2021-12-07"
    assert labels.day(None) == labels.moment(pd.NaT) == labels.full_day(None) == "—"


def test_a_state_without_a_mark_is_left_blank():
    assert labels.marked(labels.SCORE_MARKS, "met") == "● 达标"
    assert labels.marked(labels.SCORE_MARKS, "unheard of") == ""
