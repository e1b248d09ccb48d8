"""Outlier hints: robust, the same in any order and any scale, a question and never a score."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from builders import NUMBER, ROUND, UNITS, contents, demo_store, entry, opened_store, submit, upload
from hypothesis import given
from hypothesis import strategies as st

from metrics.boards import hints
from metrics.boards.definition import Scope
from metrics.outliers import LEAST_CASES, LEAST_PEERS, LEAST_ROUNDS, find_outlier, modified_z

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
RATE = st.integers(0, 1000).map(lambda tenths: Fraction(tenths, 10))
RATES = st.lists(RATE, min_size=1, max_size=15)


def fractions(*numbers: float) -> list[Fraction]:
    return [Fraction(str(number)) for number in numbers]


@pytest.mark.parametrize(
    ("value", "others", "z"),
    [
        # Median 3, distances 2 1 0 1 2, their median 1.
        (3, (1, 2, 3, 4, 5), 0),
        (8, (1, 2, 3, 4, 5), Fraction("0.6745") * 5),
        (-2, (1, 2, 3, 4, 5), Fraction("0.6745") * -5),
        # More than half alike: median distance 0, mean distance (0+0+0+0+10)/5 = 2.
        (95, (90, 90, 90, 90, 80), Fraction(5) / (2 * Fraction("1.253314"))),
        (90, (90, 90, 90), 0),
        (91, (90, 90, 90), None),
    ],
)
def test_the_modified_z_score_by_hand(value, others, z):
    assert modified_z(Fraction(value), fractions(*others)) == z


def test_without_others_nothing_is_usual():
    with pytest.raises(ValueError, match="others"):
        modified_z(Fraction(1), [])
    assert find_outlier(Fraction(1), [], LEAST_PEERS) is None


@given(RATE, RATES, st.randoms(use_true_random=False))
def test_the_order_of_the_others_does_not_matter(value, others, random):
    shuffled = others[:]
    random.shuffle(shuffled)

    assert modified_z(value, shuffled) == modified_z(value, others)


@given(RATE, RATES, st.integers(-50, 50), st.integers(1, 99).map(lambda hundredths: Fraction(hundredths, 100)))
def test_shift_and_scale_do_not_matter_and_a_mirror_turns_the_sign(value, others, shift, scale):
    z = modified_z(value, others)

    assert modified_z(value * scale + shift, [other * scale + shift for other in others]) == z
    assert modified_z(-value, [-other for other in others]) == (None if z is None else -z)


@given(RATE, st.integers(0, 30))
def test_all_equal_is_never_a_hint(rate, count):
    assert find_outlier(rate, [rate] * count, LEAST_PEERS) is None


@given(RATE, st.lists(st.integers(88, 92).map(Fraction), min_size=1, max_size=15))
def test_a_hint_is_far_and_has_enough_others(value, others):
    found = find_outlier(value, others, LEAST_PEERS)
    z = modified_z(value, others)

    is_far = abs(value - sorted(others)[len(others) // 2]) > 6 and (z is None or abs(z) > Fraction("3.5"))
    assert found is not None or not (is_far and len(others) >= LEAST_PEERS)
    if found:
        assert found.other_count == len(others) >= LEAST_PEERS
        assert abs(found.value - found.median) >= 5
        assert found.distance == z
        assert z is None or abs(z) > Fraction("3.5")


@pytest.mark.parametrize(
    ("value", "others", "is_hint"),
    [
        (83, (90, 90.5, 89.5, 90, 91), True),          # 7 points, 0.6745 × 7 ÷ 0.5 = 9.4
        (85, (90, 90.5, 89.5, 90, 91), True),          # exactly 5 points
        (85.1, (90, 90.5, 89.5, 90, 91), False),       # however alike the others are
        (83, (90, 90.5, 89.5, 90), False),             # four peers
        (60, (90, 70, 50, 80, 40, 95), False),         # all of them scattered
        (85, (90, 90, 90, 90, 90), True),              # the others all equal
    ],
)
def test_what_is_a_hint_at_just_under_and_just_over_each_limit(value, others, is_hint):
    assert (find_outlier(Fraction(str(value)), fractions(*others), LEAST_PEERS) is not None) is is_hint


def test_a_rate_is_held_against_the_other_units_of_the_round(tmp_path):
    store = opened_store(tmp_path)
    units = UNITS[:10]
    for unit, count in zip(units, (90, 91, 92, 91, 90, 92, 91, 90, 91, 83), strict=True):
        few = {"numerator": count // 10, "denominator": LEAST_CASES - 1}
        submit(store, upload(entry(19, numerator=count, denominator=100), entry(20, **few), recipient_id=unit))
    before = contents(store)

    table = hints.outliers(store, SCOPE)

    # Of fewer than twenty cases one more or less is a distance by itself: indicator 20 asks nothing.
    assert table[["recipient_id", "indicator_no", "against"]].values.tolist() == [["bohu", 19, "peers"]]
    assert table["sentence"][0] == (
        "博湖县政策知晓率 83.0%，其余 9 个单位中位数 91.0%，相差较大，请核实数据是否有误？"
    )
    assert contents(store) == before


def test_a_rate_is_held_against_the_units_own_earlier_rounds():
    own = [Fraction(rate) for rate in (90, 91, 90, 92)]

    assert find_outlier(Fraction(70), own, LEAST_ROUNDS) is not None
    assert find_outlier(Fraction(70), own[:3], LEAST_ROUNDS) is None


def test_the_demonstration_asks_the_units_that_stand_apart():
    table = hints.outliers(demo_store(), SCOPE)

    assert {"hejing", "yanqi"} <= set(table["recipient_id"])
    assert "heshuo" not in set(table["recipient_id"])
    assert table["sentence"].str.endswith("请核实数据是否有误？").all()
    assert list(table["distance"]) == sorted(table["distance"], reverse=True)


def test_where_nobody_reported_nothing_is_asked(tmp_path):
    assert hints.outliers(opened_store(tmp_path), SCOPE).empty


def test_the_cutoff_itself_is_no_outlier():
    """The usual distance of these is 6.745 ÷ 0.6745 = 10: 35 away is exactly 3.5 of it."""
    others = [Fraction(number) for number in ("-6.745", "-6.745", "0", "6.745", "6.745")]

    assert find_outlier(Fraction(35), others, 5) is None
    assert find_outlier(Fraction("35.0001"), others, 5) is not None
