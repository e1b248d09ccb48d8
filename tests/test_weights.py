import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.weights import largest_remainder, printed_weight_micro, split_weights

FOUNDING = (
    [("产出指标", "")] * 14 + [("效益指标", "")] * 4 + [("满意度指标", "")] * 2
)


def test_founding_weights_sum_exactly():
    weights = split_weights(dict(enumerate(FOUNDING, start=1)))

    assert sum(weights.values()) == 90_000_000
    assert sum(weights[number] for number in range(1, 15)) == 50_000_000
    assert weights[1] == 3_571_429 and weights[14] == 3_571_428
    assert weights[15] == 7_500_000
    assert weights[19] == weights[20] == 5_000_000


def test_an_empty_dimension_gives_its_points_in_proportion():
    weights = split_weights({1: ("产出指标", ""), 2: ("效益指标", "")})

    assert weights == {1: 56_250_000, 2: 33_750_000}


def test_a_printed_weight_wins_and_the_rest_share_what_is_left():
    weights = split_weights({1: ("产出指标(50分)", "20"), 2: ("产出指标", ""), 3: ("产出指标", ""),
                             4: ("效益指标", "30分"), 5: ("满意度指标", "12.5")})

    assert weights == {1: 20_000_000, 2: 15_000_000, 3: 15_000_000, 4: 30_000_000, 5: 12_500_000}


def test_nothing_is_left_for_the_silent_where_printed_weights_take_all():
    assert split_weights({1: ("产出指标", "90"), 2: ("产出指标", "")}) == {1: 90_000_000, 2: 0}


def test_no_indicators_no_weights():
    assert split_weights({}) == {}


@pytest.mark.parametrize(
    ("text", "micro"),
    [("10", 10_000_000), ("１２．５分", 12_500_000), ("", None), ("十分", None), ("-3", None), ("NaN", None)],
)
def test_printed_weights(text, micro):
    assert printed_weight_micro(text) == micro


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=40))
def test_a_split_sums_exactly_and_is_fair(total, shares):
    parts = largest_remainder(total, shares)

    assert sum(parts) == total
    assert all(abs(part * sum(shares) - total * share) < sum(shares) for part, share in zip(parts, shares, strict=True))


def test_more_printed_than_there_is_leaves_nothing_and_no_debt():
    assert split_weights({1: ("产出指标", "95"), 2: ("产出指标", "")}) == {1: 95_000_000, 2: 0}


def test_the_largest_remainders_are_rounded_up():
    # 10/7, 20/7 and 40/7 leave 3/7, 6/7 and 5/7.
    assert largest_remainder(10, [1, 2, 4]) == [1, 3, 6]


def test_half_a_micro_point_goes_up():
    assert printed_weight_micro("0.0000005") == 1
