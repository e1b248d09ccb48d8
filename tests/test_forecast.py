"""The forecast of the year's end: exact on a line, inside its interval, silent where a line says nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from builders import NUMBER, OFFICER, OPENED_AT, REGION, UNITS, demo_store, entry, plan, published_store, submit, upload
from hypothesis import given
from hypothesis import strategies as st

from dashboard.actions.rounds import open_round
from metrics.boards import trend
from metrics.boards.definition import Scope
from metrics.forecast import (
    NO_FORECAST,
    Goal,
    forecast_sentence,
    goal_of,
    is_at_risk,
    is_rate,
    measured,
    project,
)
from metrics.target_kinds import TargetKind

VALUE = st.integers(0, 10_000).map(lambda tenths: Fraction(tenths, 10))
POINTS = st.dictionaries(st.integers(1, 364), VALUE, min_size=2, max_size=8).map(lambda known: list(known.items()))


@given(st.fractions(-9, 9, max_denominator=99), VALUE, st.sets(st.integers(1, 364), min_size=2, max_size=8))
def test_a_straight_line_is_followed_exactly(slope, start, days):
    found = project([(day, start + slope * day) for day in days], 365)

    assert found.value == start + slope * 365
    assert (found.low, found.high) == ((None, None) if len(days) == 2 else (found.value, found.value))
    assert found.round_count == len(days)


@given(POINTS, st.randoms(use_true_random=False))
def test_the_interval_holds_the_value_in_any_order_of_the_rounds(points, random):
    found = project(points, 365)
    shuffled = points[:]
    random.shuffle(shuffled)

    assert project(shuffled, 365) == found
    if len(points) > 2:
        assert found.low <= found.value <= found.high
    else:
        assert found.low is found.high is None


@given(POINTS)
def test_what_only_grows_ends_no_lower_than_its_last_round(points):
    rising = list(zip(sorted(day for day, _ in points), sorted(value for _, value in points), strict=True))
    found = project(rising, 365)

    if found.low is not None:
        assert found.low >= min(value for _, value in rising)
        assert found.high >= rising[-1][1]
    falling = project([(day, -value) for day, value in rising], 365)
    assert falling.value == -found.value


@given(POINTS)
def test_a_rate_stays_between_nothing_and_all(points):
    found = project(points, 365, Fraction(0), Fraction(100))

    assert all(0 <= end <= 100 for end in (found.low, found.value, found.high) if end is not None)


def test_one_wild_round_does_not_turn_the_line():
    steady = [(30, Fraction(10)), (60, Fraction(20)), (90, Fraction(30)), (120, Fraction(40)), (150, Fraction(50))]
    wild = [*steady[:2], (90, Fraction(900)), *steady[3:]]

    assert project(wild, 180).value == project(steady, 180).value == 60
    assert project(wild, 180).high > 60


def test_by_hand():
    # Slopes 0.5, 0.25 and 1/3 a day; the middle one, 1/3; what remains: 90 − 100/3, 140 − 200/3, 190 − 400/3.
    found = project([(100, Fraction(90)), (200, Fraction(140)), (400, Fraction(190))], 500)

    assert found.value == Fraction(500, 3) + Fraction(170, 3)
    assert (found.low, found.high) == (190 + Fraction(100, 4), 140 + 150)


@pytest.mark.parametrize("points", [[], [(181, Fraction(5))], [(181, Fraction(5)), (181, Fraction(7))]])
def test_fewer_than_two_days_are_no_trend(points):
    assert project(points, 365) is None


def test_two_rounds_on_one_day_count_as_their_middle():
    points = [(100, Fraction(10)), (100, Fraction(20)), (200, Fraction(25))]

    assert project(points, 300) == project([(100, Fraction(15)), (200, Fraction(25))], 300)


def row(kind: str, **values: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("bound", "upper", "numerator", "denominator", "value", "prior_value"))
    given_values = {name: Decimal(str(value)) for name, value in values.items()}
    return {"scored_kind": kind, "scale": 1, **empty, **given_values}


@pytest.mark.parametrize(
    ("target", "prior", "goal"),
    [
        (row("at_least", bound=90), None, Goal(low=Fraction(90))),
        (row("more_than", bound=90), None, Goal(low=Fraction(90), is_strict=True)),
        (row("at_most", bound=5), None, Goal(high=Fraction(5))),
        (row("less_than", bound=5), None, Goal(high=Fraction(5), is_strict=True)),
        (row("range", bound=5, upper=8), None, Goal(Fraction(5), Fraction(8))),
        (row("range", bound=5), None, None),
        (row("not_below_last_year"), Decimal(560), Goal(low=Fraction(560))),
        (row("increase_over_last_year"), Decimal(560), Goal(low=Fraction(560), is_strict=True)),
        (row("increase_over_last_year", bound=5), Decimal(200), Goal(low=Fraction(210))),
        (row("decrease_over_last_year"), Decimal(560), Goal(high=Fraction(560), is_strict=True)),
        (row("decrease_over_last_year", bound=10), Decimal(200), Goal(high=Fraction(180))),
        (row("increase_over_last_year", bound=5), None, None),
        (row("increase_over_last_year", bound=5), Decimal(0), None),
        (row("decrease_over_last_year", bound=5), Decimal(-1), None),
        (row("increase_over_last_year"), Decimal(0), Goal(low=Fraction(0), is_strict=True)),
        (row("at_least"), None, None),
    ],
)
def test_what_a_target_asks_for(target, prior, goal):
    assert goal_of(target, prior) == goal


def test_every_kind_of_target_has_a_goal_or_a_reason():
    with_numbers = {
        kind.value for kind in TargetKind if goal_of(row(kind.value, bound=5, upper=9), Decimal(5)) is not None
    }

    assert with_numbers == {
        "at_least", "at_most", "more_than", "less_than", "range", "not_below_last_year", "increase_over_last_year",
        "decrease_over_last_year",
    }
    assert with_numbers | set(NO_FORECAST) == {kind.value for kind in TargetKind}
    assert not with_numbers & set(NO_FORECAST)


@pytest.mark.parametrize(
    ("values", "value", "share"),
    [
        ({"numerator": 1102, "denominator": 1250, "scale": 100}, Fraction("88.16"), True),
        ({"numerator": 3, "denominator": 1000, "scale": 1000}, Fraction(3), True),
        ({"numerator": 3, "denominator": 0}, None, True),
        ({"numerator": 3}, None, True),
        ({"value": 63}, Fraction(63), False),
        ({"value": 88, "scale": 100}, Fraction(88), True),
        ({}, None, False),
    ],
)
def test_what_was_measured(values, value, share):
    given_row = row("at_least", bound=90, **values)

    assert (measured(given_row), is_rate(given_row)) == (value, share)


@pytest.mark.parametrize(
    ("points", "goal", "unit", "sentence"),
    [
        ({181: 92, 273: 88, 359: "81.3"}, Goal(low=Fraction(90)), "%",
         "按已有3轮数据推算，年底约 80.9%（80.8%—84.0%），将低于目标 9.1 个百分点"),
        ({100: 80, 200: 85}, Goal(low=Fraction(90)), "%",
         "按已有2轮数据推算，年底约 93.2%（只有两轮，不给区间），预计达标"),
        ({65: 10, 165: 20, 265: 30}, Goal(high=Fraction(39)), "人次",
         "按已有3轮数据推算，年底约 40 人次（40 人次—40 人次），将高于目标 1 人次"),
        ({65: 10, 165: 20, 265: 30}, Goal(low=Fraction(40), is_strict=True), "人次",
         "按已有3轮数据推算，年底约 40 人次（40 人次—40 人次），将停在界限上，没有达到要求"),
        ({65: 10, 165: 20, 265: 30}, Goal(low=Fraction(40)), "",
         "按已有3轮数据推算，年底约 40（40—40），预计达标"),
        ({65: 1, 165: 2, 265: 4}, Goal(low=Fraction(5)), "‰",
         "按已有3轮数据推算，年底约 5.5‰（4.0‰—6.0‰），预计达标，但区间有一部分达不到目标"),
        # A hair below never reads as reached.
        ({165: "89.99", 265: "89.99"}, Goal(low=Fraction(90)), "%",
         "按已有2轮数据推算，年底约 89.9%（只有两轮，不给区间），将低于目标 0.1 个百分点"),
        ({165: "5.01", 265: "5.01"}, Goal(high=Fraction(5)), "%",
         "按已有2轮数据推算，年底约 5.1%（只有两轮，不给区间），将高于目标 0.1 个百分点"),
    ],
)
def test_the_sentence(points, goal, unit, sentence):
    projection = project([(day, Fraction(value)) for day, value in points.items()], 365)

    assert forecast_sentence(projection, goal, unit) == sentence
    assert is_at_risk(projection, goal) or "一部分" not in sentence


# --- the boards ----------------------------------------------------------------------------------------------------

ROUNDS = {"2021-06": date(2021, 6, 30), "2021-09": date(2021, 9, 30), "2021-12": date(2021, 12, 25)}


def open_rounds(store, **periods: date) -> None:
    for number, (round_id, period_end_on) in enumerate({**ROUNDS, **periods}.items()):
        open_round(store, OFFICER, OPENED_AT + timedelta(seconds=number), NUMBER, plan(
            round_id=round_id, round_name=round_id, period_end_on=period_end_on, opens_on=date(2021, 12, 22),
        ), REGION)


@pytest.fixture
def store(tmp_path):
    """Three rounds of one unit: indicator 4 falls from 100% by 10 points a round, 13 rises, money grows evenly."""
    store = published_store(tmp_path)
    open_rounds(store)
    for number, round_id in enumerate(ROUNDS):
        submit(store, upload(
            entry(4, numerator=100 - 10 * number, denominator=100),
            entry(13, numerator=95 + number, denominator=100),
            entry(6, value=600, prior_value=560), entry(1, numerator=9, denominator=10),
            entry(9, numerator=1, denominator=1),
            round_id=round_id, paid_wan=1000 + 500 * number,
        ), at=datetime(2021, 12, 26, 10, number))
    return store


def of(found: trend.YearEnd, indicator_no: int, unit: str = "luntai") -> dict[str, Any]:
    table = found.table
    (told,) = table[(table["recipient_id"] == unit) & (table["indicator_no"] == indicator_no)].to_dict("records")
    return told


def seen(round_id: str, day: date = date(2021, 12, 28)) -> Scope:
    return Scope(NUMBER, round_id, day)


def test_the_board_tells_what_will_be_missed_first(store):
    found = trend.year_end(store, seen("2021-12"))

    assert (found.year_end_on, found.is_over) == (date(2021, 12, 31), False)
    first = found.table.iloc[0]
    assert (first["recipient_id"], first["indicator_no"], first["will_miss"]) == ("luntai", 4, True)
    # Days 181, 273, 359: slopes −10/92, −20/178, −10/86; the middle one is −20/178.
    slope = Fraction(-20, 178)
    left = sorted([100 - slope * 181, 90 - slope * 273, 80 - slope * 359])[1]
    shown = float(left + slope * 365)
    assert shown == pytest.approx(79.3258, abs=0.0001)
    assert first["sentence"].startswith("按已有3轮数据推算，年底约 79.3%（")
    assert first["sentence"].endswith("将低于目标 10.7 个百分点。")
    assert not of(found, 13)["will_miss"]
    assert not of(found, 6)["will_miss"]
    assert "（600 元/人·月—600 元/人·月），预计达标" in of(found, 6)["sentence"]


@pytest.mark.parametrize(
    ("indicator_no", "reason"),
    [
        (1, "应保尽保、全覆盖的要求每一轮都要做到"), (9, "每个单位只填有或没有"), (15, "定性指标由人评定等次"),
        (11, "时限指标按日期判定"), (5, "还没有填报数据"),
    ],
)
def test_where_there_is_no_forecast_the_board_says_why(store, indicator_no, reason):
    told = of(trend.year_end(store, seen("2021-12")), indicator_no)

    assert (told["reason"], told["sentence"]) == (reason, "")


def test_with_two_rounds_there_is_no_interval_and_with_one_no_forecast(store):
    assert "（只有两轮，不给区间）" in of(trend.year_end(store, seen("2021-09")), 4)["sentence"]
    assert of(trend.year_end(store, seen("2021-06")), 4)["reason"] == "只有一轮数据，推不出走势"


def test_after_the_year_there_is_nothing_to_forecast(store):
    open_round(store, OFFICER, datetime(2021, 12, 27), NUMBER, plan(
        round_id="2021-13", round_name="年终", period_end_on=date(2021, 12, 31), due_on=date(2022, 1, 5),
    ), REGION)

    for board in (trend.year_end, trend.year_end_money):
        found = board(store, seen("2021-13"))
        assert found.is_over
        assert found.table.empty


def test_the_money_of_those_who_stated_it_in_every_round(store):
    submit(store, upload(recipient_id="bohu", round_id="2021-12", paid_wan=100), at=datetime(2021, 12, 26, 11))

    found = trend.year_end_money(store, seen("2021-12"))

    total, luntai = found.table.iloc[0], of_money(found, "luntai")
    assert total["recipient_name"] == "合计（1 个单位）"
    assert (total["after_yuan"], total["paid_yuan"]) == (29_390_000, 20_000_000)
    assert total["sentence"] == luntai["sentence"]
    assert "离全部支付还差" in luntai["sentence"]
    # Slopes 500/92, 1000/178, 500/86 万元 a day; the middle one is 1000/178.
    slope = Fraction(1000, 178)
    paid = sorted([1000 - slope * 181, 1500 - slope * 273, 2000 - slope * 359])[1] + slope * 365
    assert luntai["left_yuan"] == pytest.approx(float((2939 - paid) * 10_000), abs=1)
    assert "博湖县" in found.left_out
    assert len(found.left_out) == len(UNITS) - 1
    assert of_money(found, "bohu")["reason"] == "只有一轮数据，推不出走势"
    assert of_money(found, "yuli")["reason"] == "还没有填报支付数"


def of_money(found: trend.YearEnd, unit: str) -> dict[str, Any]:
    (told,) = found.table[found.table["recipient_id"] == unit].to_dict("records")
    return told


def test_the_demonstration_forecasts_what_it_can_and_says_why_not():
    table = trend.year_end(demo_store(), seen("2021-12")).table

    assert len(table) == 240
    assert ((table["sentence"] != "") != (table["reason"] != "")).all()
    told = table[table["reason"] == ""]
    assert list(told["will_miss"].astype(int)) == sorted(told["will_miss"].astype(int), reverse=True)
    assert of(trend.year_end(demo_store(), seen("2021-12")), 12, "qiemo")["sentence"] == (
        "按已有3轮数据推算，年底约 80.9%（80.8%—84.0%），将低于目标 9.1 个百分点。"
    )


def test_what_stands_on_a_bound_reaches_it_unless_the_bound_is_strict():
    five = Fraction(5)

    assert [Goal(low=five).gap(five), Goal(high=five).gap(five), Goal(five, five).gap(five)] == [None, None, None]
    assert Goal(high=five, is_strict=True).gap(five) == 0
    assert Goal(high=five).gap(Fraction(51, 10)) == Fraction(1, 10)
