"""Where names stand in a figure so that none covers another, a mark, or the edge, however wide the screen is.

A figure is as wide as the screen, and only the browser knows how wide that is. A label hangs at a fixed distance in
pixels from its point, and the points move apart as the figure grows wider. So two boxes that stand beside each other
in the order of their points on the narrowest screen never meet on a wider one; boxes that stand above each other
never meet at all. Only such pairs are allowed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import hypot

GAP = 2
STEP_X, STEP_Y = 13, 10
FARTHEST_X = 170
# A leader that crosses a name or another leader costs as much as a detour of so many pixels.
CROSSING = 60
# Crossings are looked for on a telephone and on a desk screen; they are unsightly, not wrong.
WIDE = 3.6


@dataclass(frozen=True)
class Box:
    """A rectangle that hangs at a point: ``share`` of the width, and from there pixels; ``top`` counts from above."""

    share: float
    left: float
    right: float
    top: float
    bottom: float

    def is_apart(self, other: Box, width: float) -> bool:
        """Whether the two keep apart on a figure of this width and on every wider one."""
        if self.bottom + GAP <= other.top or other.bottom + GAP <= self.top:
            return True
        return self._is_before(other, width) or other._is_before(self, width)

    def _is_before(self, other: Box, width: float) -> bool:
        return self.share <= other.share and (
            self.share * width + self.right + GAP <= other.share * width + other.left
        )

    def is_inside(self, width: float, height: float) -> bool:
        """Whether it is whole within a figure of this width and within every wider one."""
        return (
            self.top >= 0 and self.bottom <= height
            and self.share * width + self.left >= 0 and self.right <= (1 - self.share) * width
        )


@dataclass(frozen=True)
class Label:
    """What is to be named: the point as a share of the width and pixels from above, the words' size in pixels."""

    share: float
    y: float
    width: float
    height: float
    clearance: float = 9

    @property
    def mark(self) -> Box:
        """The square of the point's mark."""
        half = self.clearance - GAP
        return Box(self.share, -half, half, self.y - half, self.y + half)

    def box(self, dx: float, dy: float) -> Box:
        """The rectangle of the words whose middle is so far from the point."""
        return Box(
            self.share, dx - self.width / 2, dx + self.width / 2,
            self.y + dy - self.height / 2, self.y + dy + self.height / 2,
        )

    def offsets(self, width: float, height: float) -> Iterator[tuple[float, float]]:
        """Where the middle of the words may be: beside the point first, then farther and farther away."""
        near_x, near_y = self.clearance + self.width / 2, self.clearance + self.height / 2
        yield from ((near_x, 0.0), (-near_x, 0.0), (0.0, near_y), (0.0, -near_y))
        across = [0.0, near_x, -near_x]
        across += [sign * (near_x + step) for step in range(STEP_X, FARTHEST_X, STEP_X) for sign in (1, -1)]
        # Flush with an edge, so that also a wide name near the edge has a place on every free line.
        across += [self.width / 2 - self.share * width, (1 - self.share) * width - self.width / 2]
        down = [0.0, *(sign * step for step in range(STEP_Y, int(height), STEP_Y) for sign in (1, -1))]
        yield from sorted(
            ((dx, dy) for dx, dy in product(across, down)), key=lambda at: (hypot(*self.leader(*at)), -at[0], at[1])
        )

    def leader(self, dx: float, dy: float) -> tuple[float, float]:
        """The way from the point to the nearest place on the rectangle of the words."""
        half_x, half_y = self.width / 2, self.height / 2
        return min(max(0.0, dx - half_x), dx + half_x), min(max(0.0, dy - half_y), dy + half_y)


Offset = tuple[float, float]
# From a share of the width and pixels from above to another such point.
Line = tuple[float, float, float, float]


@lru_cache(maxsize=256)
def place_labels(
    labels: tuple[Label, ...], taken: tuple[Box, ...], width: float, height: float, lines: tuple[Line, ...] = ()
) -> tuple[Offset, ...] | None:
    """How far from its point the middle of each label stands, in pixels to the right and down.

    The same labels always get the same places. No two labels overlap, none covers a mark or one of the ``taken``
    boxes, and each is whole within the figure, on every screen from ``width`` on. None where there is no room.
    ``lines`` are kept free as far as there is a place near by.

    >>> place_labels((Label(0.5, 50, 40, 16), Label(0.5, 50, 40, 16)), (), 200, 100)
    ((29.0, 0.0), (-29.0, 0.0))
    """
    fixed = [*taken, *(label.mark for label in labels)]
    placed: dict[int, Offset] = {}
    # The most crowded first: they have the least choice.
    for number in sorted(range(len(labels)), key=lambda n: (-_crowd(labels[n], labels, width), labels[n].y, n)):
        label = labels[number]
        best: tuple[float, Offset] | None = None
        for offset in label.offsets(width, height):
            length = hypot(*label.leader(*offset))
            if best and length >= best[0]:
                break
            box = label.box(*offset)
            if not box.is_inside(width, height) or not all(box.is_apart(other, width) for other in fixed):
                continue
            cost = length + CROSSING * _crossings(label, offset, labels, placed, lines, width)
            if best is None or cost < best[0]:
                best = cost, offset
        if best is None:
            return None
        placed[number] = best[1]
        fixed.append(label.box(*best[1]))
    return tuple(placed[number] for number in range(len(labels)))


def _crowd(label: Label, labels: Sequence[Label], width: float) -> int:
    """How many points are so near that their names would meet."""
    return sum(
        abs(label.y - other.y) < label.height and abs(label.share - other.share) * width < label.width
        for other in labels
    )


def _crossings(
    label: Label, offset: Offset, labels: Sequence[Label], placed: dict[int, Offset], lines: Sequence[Line],
    width: float,
) -> int:
    """How often a new leader and name would cross the leaders and names that stand already, and the lines."""
    count = 0
    for scale in (width, width * WIDE):
        mine, my_box = _segment(label, offset, scale), label.box(*offset)
        count += sum(does_pass((x * scale, y, to_x * scale, to_y), my_box, scale) for x, y, to_x, to_y in lines)
        for number, other_offset in placed.items():
            other = labels[number]
            theirs, their_box = _segment(other, other_offset, scale), other.box(*other_offset)
            count += (
                _do_cross(mine, theirs) or does_pass(mine, their_box, scale) or does_pass(theirs, my_box, scale)
            )
    return count


Segment = tuple[float, float, float, float]


def _segment(label: Label, offset: Offset, width: float) -> Segment:
    x = label.share * width
    dx, dy = label.leader(*offset)
    return x, label.y, x + dx, label.y + dy


def _do_cross(one: Segment, other: Segment) -> bool:
    def side(line: Segment, x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    return (
        side(one, *other[:2]) * side(one, *other[2:]) < 0 and side(other, *one[:2]) * side(other, *one[2:]) < 0
    )


def does_pass(line: Segment, box: Box, width: float) -> bool:
    """Whether a line, in pixels, crosses the edge of a box."""
    left, right = box.share * width + box.left, box.share * width + box.right
    edges = (
        (left, box.top, right, box.top), (left, box.bottom, right, box.bottom),
        (left, box.top, left, box.bottom), (right, box.top, right, box.bottom),
    )
    return any(_do_cross(line, edge) for edge in edges)
