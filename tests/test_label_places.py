"""Names on a figure: none covers another, a mark or the edge, on a telephone and on any wider screen."""

from __future__ import annotations

from itertools import combinations, count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.label_places import Box, Label, place_labels

NARROWEST = 280
WIDTHS = (280, 301, 420, 777, 1100, 1900)
HEIGHT = 400
TAKEN = (Box(0.0, 0, 80, 0, 22), Box(1.0, -80, 0, 0, 22), Box(1.0, -106, -2, 200, 217))

LABELS = st.lists(
    st.builds(
        Label,
        share=st.integers(0, 100).map(lambda hundredths: hundredths / 100), y=st.integers(10, HEIGHT - 10),
        width=st.sampled_from([28, 40, 52, 76, 120]), height=st.just(17),
    ),
    max_size=14,
).map(tuple)
# As on the real map: nearly all in one corner.
CLUSTERED = st.lists(
    st.builds(
        Label,
        share=st.integers(85, 97).map(lambda hundredths: hundredths / 100), y=st.integers(40, 80),
        width=st.sampled_from([28, 40, 52]), height=st.just(17),
    ),
    min_size=8, max_size=14,
).map(tuple)

Rectangle = tuple[float, float, float, float]


def at_width(box: Box, width: float) -> Rectangle:
    return box.share * width + box.left, box.top, box.share * width + box.right, box.bottom


def do_overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def grown(labels: tuple[Label, ...], taken: tuple[Box, ...] = TAKEN):
    """The places, on a figure that grows until there is room."""
    for height in count(HEIGHT, 60):
        places = place_labels(labels, taken, NARROWEST, height)
        if places is not None:
            return places, height
    raise AssertionError


@settings(max_examples=12, deadline=None)
@given(labels=LABELS | CLUSTERED)
def test_on_every_screen_no_name_covers_anything(labels):
    places, height = grown(labels)

    for width in WIDTHS:
        names = [at_width(label.box(*place), width) for label, place in zip(labels, places, strict=True)]
        assert not [pair for pair in combinations(names, 2) if do_overlap(*pair)]
        for left, top, right, bottom in names:
            assert left >= -1e-6 and top >= 0 and right <= width + 1e-6 and bottom <= height
        marks = [at_width(label.mark, width) for label in labels]
        assert not [(name, mark) for name in names for mark in marks if do_overlap(name, mark)]
        assert not [(name, box) for name in names for box in TAKEN if do_overlap(name, at_width(box, width))]


@settings(max_examples=10, deadline=None)
@given(labels=LABELS)
def test_the_same_labels_get_the_same_places(labels):
    first = grown(labels)
    place_labels.cache_clear()

    assert grown(labels) == first


def test_fourteen_units_on_one_point_all_get_a_name():
    places, height = grown(tuple(Label(0.95, 60, 52, 17) for _ in range(14)))

    assert len(set(places)) == 14
    assert height < 1000


def test_a_name_stands_beside_its_mark_where_there_is_room():
    (right,) = place_labels((Label(0.5, 100, 40, 17),), (), NARROWEST, HEIGHT)
    (left,) = place_labels((Label(1.0, 100, 40, 17),), (), NARROWEST, HEIGHT)

    assert right == (29.0, 0.0)
    assert left == (-29.0, 0.0)


def test_a_name_keeps_off_a_line_where_another_place_is_near():
    label = Label(0.5, 100, 40, 17)

    (place,) = place_labels((label,), (), NARROWEST, HEIGHT, ((0.5, 100, 1.0, 100),))

    assert place == (-29.0, 0.0)


@pytest.mark.parametrize(
    ("one", "other", "is_apart"),
    [
        (Box(0.2, 0, 30, 0, 10), Box(0.2, 0, 30, 12, 20), True),       # one above the other
        (Box(0.2, 0, 30, 0, 10), Box(0.2, 0, 30, 11, 20), False),      # nearer than the gap
        (Box(0.2, 0, 20, 0, 10), Box(0.8, -35, -5, 0, 10), True),      # 20 to 40 and 45 to 75
        (Box(0.2, 30, 60, 0, 10), Box(0.5, -60, -30, 0, 10), False),   # apart here, and not on three times the width
        (Box(0.2, 0, 30, 0, 10), Box(0.2, 32, 60, 0, 10), True),       # at one point, side by side on every screen
    ],
)
def test_boxes_keep_apart_only_if_they_do_so_on_wider_screens_too(one, other, is_apart):
    assert one.is_apart(other, 100) is other.is_apart(one, 100) is is_apart


def test_without_room_there_is_no_place():
    assert place_labels((Label(0.5, 10, 300, 17),), (), NARROWEST, HEIGHT) is None
