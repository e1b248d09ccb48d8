"""Figures: each takes a board and draws it, nothing more."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import look
from dashboard.kept import kept
from dashboard.labels import (
    GRADE_WORDS,
    SCORE_MARKS,
    Mark,
    marked,
    percent,
    signed_wan,
    total_points,
    wan,
)

INK, FAINT, ACCENT, FONT = look.INK, look.LINE, look.ACCENT, look.FONT
CONFIG = {"displayModeBar": False, "displaylogo": False, "locale": "zh-CN"}
# Plotly reads tags and entities in every word it draws; these alone are our own.
_MARKUP = re.compile(r"<(?!br>|/?extra>)")
_ENTITY = re.compile(r"&(?=#|[A-Za-z]+;)")


class Written(go.Figure):
    """A figure that is written out as the page takes it, once: Plotly would check and copy it for every page."""

    def __init__(self, figure: go.Figure) -> None:
        """Write a figure out; nothing of it can be changed any more."""
        object.__setattr__(self, "written", as_text(json.loads(figure.to_json())))

    def to_dict(self) -> dict[str, Any]:
        """The figure as plain lists and words."""
        return dict(self.written)


def as_text(part: Any) -> Any:
    """A part of a figure with what would be a tag in a name or a sentence shown as it is written.

    >>> as_text({"y": ["<a href='//a'>县", "一行<br>两行", "R&amp;D"], "x": 3})
    {'y': ["&lt;a href='//a'>县", '一行<br>两行', 'R&amp;amp;D'], 'x': 3}
    """
    if isinstance(part, str):
        return _MARKUP.sub("&lt;", _ENTITY.sub("&amp;", part))
    if isinstance(part, list):
        return [as_text(each) for each in part]
    if isinstance(part, dict):
        # What a click gives back is compared, never drawn.
        return {name: each if name == "customdata" else as_text(each) for name, each in part.items()}
    return part


@kept
def written(figure: go.Figure) -> Written:
    """A figure as ``show`` hands it over."""
    return Written(figure)


def show(figure: go.Figure, beside: DeltaGenerator | None = None, **options: Any) -> Any:
    """Put a figure on the page, or into a part of it; what is chosen in it where ``options`` ask for that."""
    return (beside or st).plotly_chart(written(figure), config=CONFIG, theme=None, **options)     # type: ignore[union-attr]


def plain(figure: go.Figure, height: int, **layout: object) -> go.Figure:
    """The look of every figure: the font, no frame, nothing to drag."""
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        font={"family": FONT, "size": look.TEXT_SIZE, "color": INK},
        hoverlabel={"font": {"family": FONT, "size": look.TEXT_SIZE}},
        dragmode=False,
        **layout,
    )
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure


@kept
def adjustment_bars(units: pd.DataFrame) -> go.Figure:
    """Who gave and who got: one signed bar a unit, the largest gift on top."""
    table = units.dropna(subset=["adjustment_yuan"]).sort_values("adjustment_yuan", ascending=False)
    values = table["adjustment_yuan"].astype(float) / 10_000
    figure = go.Figure(go.Bar(
        y=table["recipient_short_name"], x=values, orientation="h",
        marker_color=[look.QUIET if v < 0 else ACCENT for v in values],
        text=[signed_wan(v) for v in table["adjustment_yuan"]], textposition="outside", cliponaxis=False,
        hovertemplate="%{y}：%{text} 万元<extra></extra>",
    ))
    reach = max(abs(values.min()), abs(values.max()), 1) * 1.5
    plain(figure, 36 * len(table) + 40, showlegend=False)
    figure.update_xaxes(range=[-reach, reach], zeroline=True, zerolinecolor=INK, showgrid=False,
                        showticklabels=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelposition="outside")
    return figure


@kept
def money_bars(units: pd.DataFrame) -> go.Figure:
    """The money of each unit after the adjustment, the largest on top."""
    table = units.sort_values("after_yuan", ascending=False)
    figure = go.Figure(go.Bar(
        y=table["recipient_short_name"], x=table["after_yuan"].astype(float) / 10_000, orientation="h",
        marker_color=ACCENT,
        text=[wan(v) for v in table["after_yuan"]], textposition="outside", cliponaxis=False,
        hovertemplate="%{y}：%{text} 万元<extra></extra>",
    ))
    plain(figure, 36 * len(table) + 40, showlegend=False)
    figure.update_xaxes(range=[0, float(table["after_yuan"].max()) / 10_000 * 1.2], showgrid=False,
                        showticklabels=False, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def state_bars(counts: dict[str, int]) -> go.Figure:
    """How many cells are in each state: one bar a state that occurs, named by shape and word, the most on top."""
    found = sorted(
        ((mark, counts[state]) for state, mark in SCORE_MARKS.items() if counts.get(state)),
        key=lambda pair: -pair[1],
    )
    values = [count for _, count in found]
    figure = go.Figure(go.Bar(
        y=[f"{mark.shape} {mark.word}" for mark, _ in found], x=values, orientation="h",
        marker_color=[mark.colour for mark, _ in found], text=[f"{count:,} 项" for count in values],
        textposition="outside", cliponaxis=False, hovertemplate="%{y}：%{text}<extra></extra>",
    ))
    plain(figure, 30 * max(len(found), 1) + 24, showlegend=False)
    figure.update_xaxes(range=[0, max([1, *values]) * 1.2], showgrid=False, showticklabels=False, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


# The name by which pages knew it while it was one bar cut into pieces.
state_strip = state_bars


@kept
def state_matrix(scores: pd.DataFrame) -> go.Figure:
    """Units across, indicators down, one marked cell each; a cell can be chosen."""
    figure = go.Figure()
    for state, mark in SCORE_MARKS.items():
        cells = scores[scores["state"] == state]
        if cells.empty:
            continue
        figure.add_scatter(
            x=cells["recipient_short_name"], y=_row_names(cells), mode="markers", name=mark.word,
            marker={"symbol": mark.symbol, "size": 12, "color": mark.colour,
                    "line": {"width": 1.5, "color": mark.colour}},
            customdata=cells[["recipient_id", "indicator_no"]].to_numpy(),
            hovertemplate="%{x} · %{y}<br>" + mark.word + "<extra></extra>",
        )
    units = scores.drop_duplicates("recipient_id").sort_values("display_no")["recipient_short_name"]
    rows = scores.drop_duplicates("indicator_no").sort_values("indicator_no")
    names = list(_row_names(rows))
    plain(
        figure, 30 * len(names) + 120, clickmode="event+select",
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0},
    )
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=list(units), side="top",
                        tickangle=-90, showgrid=True, gridcolor=look.GRID, range=[-0.6, len(units) - 0.4])
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names,
                        showgrid=True, gridcolor=look.GRID, range=[len(names) - 0.4, -0.6])
    return figure


def _row_names(table: pd.DataFrame) -> pd.Series:
    return table["indicator_no"].astype(str) + " " + table["short_name"]


@kept
def history_line(history: pd.DataFrame) -> go.Figure:
    """Attainment over the rounds; a round without a figure keeps its place and its mark."""
    known = history["attainment_micro"].notna()
    figure = go.Figure(go.Scatter(
        x=history["round_name"], y=(history["attainment_micro"] / 1e6).where(known), mode="lines+markers+text",
        line={"color": ACCENT, "width": 2},
        marker={"size": 11, "color": [_colour(SCORE_MARKS, s) for s in history["state"]],
                "symbol": [_symbol(SCORE_MARKS, s) for s in history["state"]]},
        text=[percent(v / 1e6) if pd.notna(v) else marked(SCORE_MARKS, s)
              for v, s in zip(history["attainment_micro"], history["state"], strict=True)],
        # Away from the line of the target, which would strike the words through.
        textposition=["bottom center" if pd.notna(v) and v < 1e6 else "top center"
                      for v in history["attainment_micro"]],
        cliponaxis=False,
        hovertemplate="%{x}：完成 %{text}<extra></extra>",
    ))
    missing = history[~known]
    if not missing.empty:
        figure.add_scatter(
            x=missing["round_name"], y=[1.0] * len(missing), mode="markers+text", showlegend=False,
            marker={"size": 12, "color": look.OPEN, "line": {"width": 2, "color": look.OPEN},
                    "symbol": [_symbol(SCORE_MARKS, s) for s in missing["state"]]},
            text=[marked(SCORE_MARKS, s) for s in missing["state"]], textposition="bottom center",
            hoverinfo="skip",
        )
    figure.add_hline(y=1, line={"color": INK, "dash": "dot", "width": 1})
    top = max(1.0, float((history["attainment_micro"] / 1e6).max()) if known.any() else 1.0)
    bottom = min(1.0, float((history["attainment_micro"] / 1e6).min()) if known.any() else 1.0)
    room = max(top - bottom, 0.1)
    plain(figure, 220, showlegend=False)
    figure.update_yaxes(tickformat=".0%", range=[max(0, bottom - room * 0.4), top + room * 0.5],
                        gridcolor=look.GRID, title=None)
    # On two lines, so that on a phone they still lie level.
    figure.update_xaxes(type="category", showgrid=False, range=[-0.5, len(history) - 0.5], tickangle=0,
                        tickvals=list(history["round_name"]),
                        ticktext=[name.replace("（", "<br>（") for name in history["round_name"]])
    return figure


def _colour(marks: dict[str, Mark], state: object) -> str:
    mark = marks.get(str(state))
    return mark.colour if mark else look.OPEN


def _symbol(marks: dict[str, Mark], state: object) -> str:
    mark = marks.get(str(state))
    return mark.symbol if mark else "circle-open"


@kept
def total_bars(units: pd.DataFrame) -> go.Figure:
    """Points out of 100 of each graded unit with its grade, the most on top; units without a grade are not drawn."""
    table = units[units["grade"].notna()]
    values = table["points_micro"].astype(float) / 1e6
    figure = go.Figure(go.Bar(
        y=table["recipient_name"], x=values, orientation="h", marker_color=ACCENT,
        text=[f"{total_points(micro)} {GRADE_WORDS[grade]}"
              for micro, grade in zip(table["points_micro"], table["grade"], strict=True)],
        textposition="outside", cliponaxis=False, hovertemplate="%{y}：%{text}<extra></extra>",
    ))
    plain(figure, 34 * max(len(table), 1) + 40, showlegend=False)
    figure.update_xaxes(range=[0, 140], showgrid=False, showticklabels=False, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure
