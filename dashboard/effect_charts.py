"""The map of money against effect: where every unit stands, and by which way it came there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts, labels, look
from dashboard.effect_tables import is_drawn, month_names, named_units, points_of_percent, rate
from dashboard.kept import kept
from dashboard.label_places import WIDE, Box, Label, Line, does_pass, place_labels
from dashboard.labels import EFFECT_MARKS

GRID = look.GRID
LIMIT = look.OPEN
# The plot itself on a telephone of 390 px, and a little less.
NARROWEST = 280
LEFT, RIGHT, TOP, BOTTOM = 50, 12, 30, 52
LOWEST_PLOT, TALLEST_PLOT, STRIP = 400, 1000, 28
FONT_SIZE, LINE = 12, 17
# Beyond this a unit is drawn at the edge and its figure written beside it, lest one hide all the others.
FARTHEST_LEAD = 50.0



@dataclass(frozen=True)
class Frame:
    """What the axes of the map show, in percentage points and percent, the same in every round of the replay."""

    low_x: float
    high_x: float
    low_y: float
    high_y: float

    def share(self, lead: float) -> float:
        """A lead as a share of the width."""
        return (lead - self.low_x) / (self.high_x - self.low_x)

    def pixel(self, rate: float, height: float) -> float:
        """An effect rate as pixels from above, between the two strips for the words of the areas."""
        return STRIP + (self.high_y - rate) / (self.high_y - self.low_y) * (height - 2 * STRIP)

    def whole_y(self, height: float) -> tuple[float, float]:
        """The ends of the axis with the two strips."""
        strip = (self.high_y - self.low_y) * STRIP / (height - 2 * STRIP)
        return self.low_y - strip, self.high_y + strip


@dataclass(frozen=True)
class Spot:
    """Where the effect limit has its words: left or right of a share of the width, above or below its line."""

    share: float
    is_leftward: bool
    is_above: bool

    def box(self, words: str, y: float) -> Box:
        """The rectangle of the words, the line being at ``y``."""
        reach = _words_width(words) + 3
        top = y - LINE - 2 if self.is_above else y + 2
        return Box(self.share, *((-reach, -3.0) if self.is_leftward else (3.0, reach)), top, top + LINE)


@dataclass(frozen=True)
class Limits:
    """The limits of a round's rules: how many points behind the calendar is borne, from which rate there is effect."""

    tolerance: float
    effect_from: float | None

    @property
    def effect_words(self) -> str:
        """The effect limit's name on its line."""
        return "" if self.effect_from is None else f"效的界限 {points_of_percent(self.effect_from)}%"


@kept
def effect_map(paths: pd.DataFrame, round_no: int, unit: str = "") -> go.Figure:
    """Money along, effect up, one marked and named point a unit, with its way through the rounds before.

    Units without both rates are not drawn: the page names them. ``unit`` is the one whose way stands out.
    """
    frame = _frame(paths)
    drawn = paths[is_drawn(paths) & (paths["round_no"] <= round_no)]
    now = drawn[drawn["round_no"] == round_no]
    figure = go.Figure()
    # A way without a name at its end would be nobody's: who is not drawn now has none, but for the chosen unit.
    others = drawn[drawn["recipient_id"].isin(set(now["recipient_id"]) - {unit})]
    for ways, is_chosen in ((others, False), (drawn[drawn["recipient_id"] == unit], True)):
        figure.add_trace(_trails(ways, frame, is_chosen=is_chosen))
    for state, mark in EFFECT_MARKS.items():
        points = now[now["effect_state"] == state]
        if points.empty:
            continue
        figure.add_scatter(
            x=_lead(points, frame), y=_rate(points), mode="markers", name=mark.word, cliponaxis=False,
            marker={"symbol": mark.symbol, "size": 12, "color": mark.colour, "line": {"width": 1, "color": look.PAPER}},
            hovertext=[
                f"{row['recipient_name']}　{mark.shape} {mark.word}<br>执行率 {rate(row['execution_micro'])}，"
                f"序时进度 {rate(row['elapsed_micro'])}<br>得分率 {rate(row['effect_micro'])}"
                for row in points.to_dict("records")
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    limits = _limits(paths[paths["round_no"] == round_no])
    spot = _free_spot(frame, pd.concat([others, drawn[drawn["recipient_id"] == unit]]), limits)
    height, names = _names(frame, drawn, round_no, unit, limits, spot)
    charts.plain(
        figure, height + TOP + BOTTOM, showlegend=False, shapes=_limit_lines(limits),
        annotations=[*names, *_area_names(), *_limit_names(frame, limits, spot)],
    )
    figure.update_layout(margin={"l": LEFT, "r": RIGHT, "t": TOP, "b": BOTTOM})
    title = {"font": {"size": 13}, "standoff": 8}
    leads = _lead_ticks(frame)
    figure.update_xaxes(
        title={"text": "执行率比序时进度快、慢（百分点）", **title}, range=[frame.low_x, frame.high_x],
        gridcolor=GRID, zeroline=True, zerolinecolor=charts.FAINT, zerolinewidth=1, automargin=False,
        tickvals=leads, ticktext=[f"{'+' if tick > 0 else '−' if tick < 0 else ''}{abs(tick)}" for tick in leads],
    )
    figure.update_yaxes(
        title={"text": "得分率（已评得分÷已评分值）", **title}, range=list(frame.whole_y(height)), gridcolor=GRID,
        zeroline=False, automargin=False, tickvals=_ticks(frame), ticktext=[f"{tick:g}%" for tick in _ticks(frame)],
    )
    return figure


def _frame(paths: pd.DataFrame) -> Frame:
    """Of all rounds, so that a unit that moves is seen to move."""
    drawn = paths[is_drawn(paths)]
    leads = [*(drawn["lead_micro"] / 10_000), *(-paths["elapsed_tolerance_micro"].fillna(0) / 10_000), 0.0]
    rates = [*(drawn["effect_micro"] / 10_000), *(paths["effect_from_micro"].dropna() / 10_000)]
    low_x, high_x = float(min(leads)), min(float(max(leads)), FARTHEST_LEAD)
    room = max(high_x - low_x, 10) * 0.06
    low_y = float(min(rates, default=80))
    return Frame(low_x - room, high_x + room, max(0.0, low_y - max(2.0, (100 - low_y) * 0.06)), 100.0)


def _ticks(frame: Frame) -> list[float]:
    step = 5 if frame.high_y - frame.low_y <= 40 else 10 if frame.high_y - frame.low_y <= 70 else 20
    return [value for value in range(0, 101, step) if value >= frame.low_y]


def _lead_ticks(frame: Frame) -> list[int]:
    span = frame.high_x - frame.low_x
    step = next(step for step in (2, 5, 10, 20, 50, 100, 1000) if span / step <= 7 or step == 1000)
    first = int(frame.low_x // step) + 1
    return [number * step for number in range(first, int(frame.high_x // step) + 1)]


def _lead(rows: pd.DataFrame, frame: Frame) -> list[float]:
    return [min(float(value) / 10_000, frame.high_x) for value in rows["lead_micro"]]


def _rate(rows: pd.DataFrame) -> list[float]:
    return [float(value) / 10_000 for value in rows["effect_micro"]]


def _trails(ways: pd.DataFrame, frame: Frame, *, is_chosen: bool) -> go.Scatter:
    """The ways of units through the rounds as one trace, broken between units and where one is not drawn."""
    colour = charts.INK if is_chosen else look.QUIET
    x: list[float | None] = []
    y: list[float | None] = []
    sizes: list[int] = []
    for _, way in ways.groupby("recipient_id", sort=False):
        way = way.sort_values("round_no")
        for _, piece in way.groupby(way["round_no"].diff().ne(1).cumsum()):
            x += [*_lead(piece, frame), None]
            y += [*_rate(piece), None]
            sizes += [8 if is_chosen else 5] * (len(piece) + 1)
    return go.Scatter(
        x=x, y=y, mode="lines+markers", hoverinfo="skip", showlegend=False, connectgaps=False,
        line={"color": colour, "width": 2.5 if is_chosen else 1},
        marker={"size": sizes, "color": colour, "symbol": "circle"},
    )


def _names(
    frame: Frame, drawn: pd.DataFrame, round_no: int, unit: str, limits: Limits, spot: Spot
) -> tuple[int, list[dict[str, Any]]]:
    """The names of units, and of the chosen unit's rounds; and the height of the plot that they need."""
    now = named_units(drawn[drawn["round_no"] == round_no], unit)
    before = drawn[(drawn["recipient_id"] == unit) & (drawn["round_no"] < round_no)]
    way = drawn[drawn["recipient_id"] == unit]
    while True:
        points = pd.concat([now, before])
        at = list(zip(_lead(points, frame), _rate(points), strict=True))
        names = [*(_unit_name(row) for row in now.to_dict("records")), *month_names(before["period_end_on"])]
        for height in range(LOWEST_PLOT, TALLEST_PLOT + 1, 60):
            labels = tuple(
                Label(round(frame.share(lead), 4), round(frame.pixel(effect, height), 1), _words_width(name), LINE)
                for (lead, effect), name in zip(at, names, strict=True)
            )
            places = place_labels(
                labels, _taken(frame, limits, spot, height), NARROWEST, height, _lines(frame, way, limits, height)
            )
            if places is not None:
                break
        if places is not None:
            break
        # Where even the tallest plot has no room for all, the last to be named go without.
        now = now.head(len(now) * 3 // 4)
        before = before if len(now) else before.head(0)
    return height, [
        {
            "x": x, "y": y, "ax": dx, "ay": dy, "text": name, "showarrow": True, "arrowhead": 0, "arrowwidth": 1,
            "arrowcolor": look.QUIET if hypot(*label.leader(dx, dy)) > label.clearance + 3 else look.CLEAR,
            "standoff": 7, "font": {"size": FONT_SIZE, "color": charts.INK if place < len(now) else LIMIT},
            "borderpad": 0,
        }
        for place, (label, name, (x, y), (dx, dy)) in enumerate(zip(labels, names, at, places, strict=True))
    ]


def _taken(frame: Frame, limits: Limits, spot: Spot, height: float) -> tuple[Box, ...]:
    """Where the words of the areas and of the effect limit stand."""
    strips = ((0.0, STRIP - 6.0), (height - STRIP + 6.0, float(height)))
    taken = [Box(side, -80 * side, 80 * (1 - side), *strip) for side in (0.0, 1.0) for strip in strips]
    if limits.effect_from is not None:
        taken.append(spot.box(limits.effect_words, frame.pixel(limits.effect_from, height)))
    return tuple(taken)


def _free_spot(frame: Frame, ways: pd.DataFrame, limits: Limits) -> Spot:
    """Where on its line the words of the effect limit meet the fewest units and ways."""
    ends = [(1.0, True), (0.0, False), *((frame.share(-limits.tolerance), leftward) for leftward in (False, True))]
    spots = [Spot(share, leftward, above) for share, leftward in ends for above in (True, False)]
    if limits.effect_from is None:
        return spots[0]
    y, words = frame.pixel(limits.effect_from, LOWEST_PLOT), limits.effect_words

    def met(spot: Spot) -> int:
        box = spot.box(words, y)
        count = 0 if box.is_inside(NARROWEST, LOWEST_PLOT) else len(ways) * 4
        for width in (NARROWEST, NARROWEST * WIDE):
            for _, way in ways.groupby("recipient_id", sort=False):
                at = [
                    (frame.share(lead) * width, frame.pixel(effect, LOWEST_PLOT))
                    for lead, effect in zip(_lead(way, frame), _rate(way), strict=True)
                ]
                left, right = box.share * width + box.left, box.share * width + box.right
                count += sum(left - 9 <= x <= right + 9 and box.top - 9 <= pixel <= box.bottom + 9 for x, pixel in at)
                count += sum(does_pass((*one, *other), box, width) for one, other in pairwise(at))
        return count

    return min(spots, key=met)


def _lines(frame: Frame, way: pd.DataFrame, limits: Limits, height: float) -> tuple[Line, ...]:
    """What names should not stand on: the two limits and the chosen unit's way."""
    at = [
        (frame.share(x), frame.pixel(y, height)) for x, y in zip(_lead(way, frame), _rate(way), strict=True)
    ]
    share = frame.share(-limits.tolerance)
    lines = [*((*one, *other) for one, other in pairwise(at)), (share, 0.0, share, float(height))]
    if limits.effect_from is not None:
        y = frame.pixel(limits.effect_from, height)
        lines.append((0.0, y, 1.0, y))
    return tuple(lines)


def _unit_name(row: dict[str, object]) -> str:
    lead = float(row["lead_micro"]) / 10_000      # type: ignore[arg-type]
    if lead <= FARTHEST_LEAD:
        return str(row["recipient_short_name"])
    return f"{row['recipient_short_name']}（快 {labels.count(round(lead))}，在图外）"


def _words_width(words: str) -> float:
    """About as wide as the words are drawn: a Chinese character is as wide as the font is high."""
    return 4 + sum(FONT_SIZE * (1.02 if ord(letter) > 0x2E80 else 0.62) for letter in words)


def _limits(of_round: pd.DataFrame) -> Limits:
    """The limits of a round's own rules."""
    tolerance, effect_from = of_round[["elapsed_tolerance_micro", "effect_from_micro"]].iloc[0]
    return Limits(
        0.0 if pd.isna(tolerance) else float(tolerance) / 10_000,
        None if pd.isna(effect_from) else float(effect_from) / 10_000,
    )


def _area_names() -> list[dict[str, Any]]:
    """Each state's word in its corner, in its shape and colour: the legend stands where the states are."""
    corners = {
        "effect_ahead_of_money": (0, 1), "effective": (1, 1), "both_behind": (0, 0), "money_without_effect": (1, 0),
    }
    return [
        {
            "xref": "paper", "yref": "paper", "x": x, "y": y, "showarrow": False,
            "text": f"{EFFECT_MARKS[state].shape} {EFFECT_MARKS[state].word}",
            "xanchor": "right" if x else "left", "yanchor": "top" if y else "bottom",
            "font": {"size": 12, "color": EFFECT_MARKS[state].colour},
        }
        for state, (x, y) in corners.items()
    ]


def _limit_lines(limits: Limits) -> list[dict[str, Any]]:
    line = {"color": LIMIT, "width": 1.2, "dash": "dash"}
    money = {"type": "line", "x0": -limits.tolerance, "x1": -limits.tolerance, "y0": 0, "y1": 1, "yref": "paper"}
    effect = {"type": "line", "y0": limits.effect_from, "y1": limits.effect_from, "x0": 0, "x1": 1, "xref": "paper"}
    return [{**each, "line": line} for each in (money, effect) if each["y0"] is not None]


def _limit_names(frame: Frame, limits: Limits, spot: Spot) -> list[dict[str, Any]]:
    """The limits in words: that of the money over its line, that of the effect on its line."""
    share = frame.share(-limits.tolerance)
    small = {"showarrow": False, "yanchor": "bottom", "font": {"size": 11.5, "color": LIMIT}}
    words = f"慢 {points_of_percent(limits.tolerance)} 个百分点" if limits.tolerance else "不慢于序时进度"
    names = [{
        **small, "x": -limits.tolerance, "y": 1, "yref": "paper", "text": f"钱的界限 {words}",
        "xanchor": "left" if share < 0.3 else "right" if share > 0.7 else "center",
    }]
    if limits.effect_from is not None:
        names.append({
            **small, "x": spot.share, "xref": "paper", "y": limits.effect_from, "text": limits.effect_words,
            "xanchor": "right" if spot.is_leftward else "left", "xshift": -3 if spot.is_leftward else 3,
            "yanchor": "bottom" if spot.is_above else "top",
        })
    return names
