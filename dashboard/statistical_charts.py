"""The kinds of figure that pages share: bullet bars, dot plot, slope, small multiples. Each takes a table and draws it.

All are read without a legend: a row carries its name on the left and its words beside the mark. A state is a shape, a
word and a colour, as in ``labels``; where a value is missing the state's mark and the words stand in its place, and
nothing is drawn that could be read as zero. Rows keep the order in which they come: order them by what matters.
The page writes a sentence under each figure with ``st.caption``; it is also what a screen reader hears of the figure.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import charts, look
from dashboard.kept import kept
from dashboard.labels import SCORE_MARKS, Mark

# Pixels of a Chinese and of any other sign in the words on the right, for which as much room is kept as they need.
WIDE_SIGN, NARROW_SIGN = 12, 7
# How close two labels of a slope may stand, in pixels.
NEAREST_LABELS = 16


@kept
def bullet_bars(table: pd.DataFrame, marks: Mapping[str, Mark] = SCORE_MARKS) -> go.Figure:
    """Actual against target: a bar a row for what was reached, a tick across it for what was to be reached.

    Reads:  ``name``; ``actual`` and ``required``, numbers on one scale with zero in sight; ``state``, a key of
            ``marks``; ``words``, what stands at the end of the row, such as 「88.1%，目标 90%」.
    Empty:  without ``actual`` the row has the mark of its state instead of a bar; without ``required`` no tick.
    """
    table = table.reset_index(drop=True)
    actual, required = _numbers(table["actual"]), _numbers(table["required"])
    figure = go.Figure(go.Bar(
        x=actual, y=list(table.index), orientation="h", width=0.5, showlegend=False,
        marker={"color": [_mark(marks, state).colour for state in table["state"]]},
        customdata=_told(table), hovertemplate="%{customdata[0]}：%{customdata[1]}<extra></extra>",
    ))
    figure.add_scatter(
        x=required, y=list(table.index), mode="markers", showlegend=False, hoverinfo="skip",
        marker={"symbol": "line-ns", "size": 24, "line": {"width": 3, "color": look.INK}},
    )
    furthest = max(1e-9, *actual.fillna(0), *required.fillna(0)) if len(table) else 1.0
    least = min(0.0, *actual.fillna(0)) if len(table) else 0.0
    _missing(figure, table[actual.isna()], marks, furthest * 0.08)
    named_rows(figure, table)
    figure.update_xaxes(range=[least, furthest * 1.04], showgrid=False, showticklabels=False, zeroline=True,
                        zerolinecolor=look.INK)
    return figure


def dot_plot(
    table: pd.DataFrame, marks: dict[str, Mark], *, reference: float | None = None, reference_words: str = "",
    tick_format: str = ".0%",
) -> go.Figure:
    """One mark a row on a common scale, with a line for what all are held against; the scale need not begin at zero.

    Reads:  ``name``; ``value``; ``state``, a key of ``marks``; ``words``, what stands at the end of the row.
    Empty:  without ``value`` only the words stand in the row, with the mark of the state before them.
    """
    table = table.reset_index(drop=True)
    values = _numbers(table["value"])
    figure = go.Figure()
    for state in dict.fromkeys(table.loc[values.notna(), "state"]):
        mark, rows = _mark(marks, state), table[(table["state"] == state) & values.notna()]
        figure.add_scatter(
            x=values[rows.index], y=list(rows.index), mode="markers", showlegend=False,
            marker={"symbol": mark.symbol, "size": look.MARK_SIZE, "color": mark.colour,
                    "line": {"width": look.LINE_WIDTH, "color": mark.colour}},
            customdata=_told(rows), hovertemplate="%{customdata[0]}：%{customdata[1]}<extra></extra>",
        )
    known = [*values.dropna(), *([] if reference is None else [reference])] or [0.0, 1.0]
    low, high = min(known), max(known)
    room = max(high - low, abs(high) * 0.02, 1e-9)
    low, high = low - room * 0.1, high + room * 0.1
    named_rows(figure, table)
    if reference is not None:
        figure.add_vline(x=reference, line={"color": look.INK, "dash": "dot", "width": 1})
        figure.add_annotation(x=reference, y=1, yref="paper", yanchor="bottom", text=reference_words, showarrow=False,
                              font={"size": look.SMALL_SIZE, "color": look.MUTED})
        figure.update_layout(margin={"t": 26})
    figure.update_xaxes(range=[low, high], tickformat=tick_format, showgrid=False, zeroline=False, nticks=4,
                        tickfont={"color": look.MUTED})
    figure.update_yaxes(showgrid=True, gridcolor=look.GRID)
    _missing(figure, table[values.isna()], marks, low + (high - low) * 0.08)
    return figure


def dot_pairs(table: pd.DataFrame, marks: dict[str, Mark], *, tick_format: str = ".0%") -> go.Figure:
    """Two values a row, joined by a line: a ring for what is said, a mark for what is held against it.

    Reads:  ``name``; ``said`` and ``found``, both known; ``state``, a key of ``marks``; ``words`` at the row's end.
    """
    table = table.reset_index(drop=True)
    said, found = _numbers(table["said"]), _numbers(table["found"])
    figure = go.Figure()
    for place in table.index:
        figure.add_scatter(x=[found[place], said[place]], y=[place] * 2, mode="lines", showlegend=False,
                           line={"color": look.LINE, "width": 4}, hoverinfo="skip")
    figure.add_scatter(
        x=said, y=list(table.index), mode="markers", showlegend=False, hoverinfo="skip",
        marker={"symbol": "circle-open", "size": look.MARK_SIZE + 2, "color": look.INK,
                "line": {"width": look.LINE_WIDTH, "color": look.INK}},
    )
    states = [_mark(marks, state) for state in table["state"]]
    figure.add_scatter(
        x=found, y=list(table.index), mode="markers", showlegend=False, customdata=_told(table),
        marker={"symbol": [mark.symbol for mark in states], "size": look.MARK_SIZE - 2,
                "color": [mark.colour for mark in states]},
        hovertemplate="%{customdata[0]}：%{customdata[1]}<extra></extra>",
    )
    known = [*said, *found] or [0.0, 1.0]
    low, high = min(known), max(known)
    room = max(high - low, abs(high) * 0.02, 1e-9) * 0.1
    named_rows(figure, table)
    figure.update_xaxes(range=[low - room, high + room], tickformat=tick_format, showgrid=False, zeroline=False,
                        nticks=4, tickfont={"color": look.MUTED})
    figure.update_yaxes(showgrid=True, gridcolor=look.GRID)
    return figure


def slope(table: pd.DataFrame, before_name: str, after_name: str, marks: dict[str, Mark] | None = None) -> go.Figure:
    """Before and after: a line a row from the one to the other, named on the right, so that rank and change are seen.

    Reads:  ``name``; ``before`` and ``after`` on one scale; ``before_words`` and ``after_words``, the two as written;
            ``state``, a key of ``marks``, where marks are given.
    Empty:  a row that lacks one of the two has only the other's mark; one that lacks both is not drawn.
    """
    before, after = _numbers(table["before"]), _numbers(table["after"])
    table = table[before.notna() | after.notna()]
    known = [*before.dropna(), *after.dropna()] or [0.0, 1.0]
    low, span = min(known), max(max(known) - min(known), abs(max(known)) * 0.02, 1e-9)
    height = max(260, 26 * len(table) + 60)
    figure = go.Figure()
    for row, (start, end) in enumerate(zip(before[table.index], after[table.index], strict=True)):
        told = table.iloc[row]
        mark = _mark(marks, told["state"]) if marks else Mark("", "●", "circle", look.ACCENT)
        figure.add_scatter(
            x=[0, 1], y=[start, end], mode="lines+markers", showlegend=False, name=told["name"],
            line={"color": mark.colour, "width": look.LINE_WIDTH},
            marker={"symbol": mark.symbol, "size": 9, "color": mark.colour},
            hovertemplate=f"{told['name']}：{told['before_words']} → {told['after_words']}<extra></extra>",
        )
    for x, anchor, values, words in (
        (0, "right", before, table["before_words"]), (1, "left", after, table["name"] + " " + table["after_words"]),
    ):
        there = values[table.index].dropna()
        for index, place in _apart(there, span * 1.16 * NEAREST_LABELS / (height - 40)).items():
            figure.add_annotation(
                x=x, y=place, text=words[index], xanchor=anchor, xshift=8 if x else -8, showarrow=False,
                font={"size": look.SMALL_SIZE, "color": look.INK},
            )
    charts.plain(figure, height, showlegend=False)
    figure.update_xaxes(tickvals=[0, 1], ticktext=[before_name, after_name], range=[-0.45, 1.9], side="top",
                        showgrid=False, zeroline=False)
    figure.update_yaxes(visible=False, range=[low - span * 0.08, low + span * 1.08])
    figure.update_layout(margin={"t": 30})
    return figure


def small_multiples(
    table: pd.DataFrame, *, across: int = 3, tick_format: str = ".0%", x_format: str = "%-m月",
) -> go.Figure:
    """One small figure a name, all on the same two scales: a line, its last value written beside the name.

    Reads:  ``name``; ``at``, where the point stands along; ``value``; ``reference``, what it is held against, a dotted
            line; ``words``, what a point says when it is pointed at; ``end_words``, what stands after the name.
    Empty:  a value that is missing breaks the line; a name without any value keeps its place and says 「没有数据」.
    """
    names = list(dict.fromkeys(table["name"]))
    across = max(1, min(across, len(names)))
    rows = max(1, -(-len(names) // across))
    ends = [table.loc[table["name"] == name, "end_words"].iloc[-1] for name in names]
    figure = make_subplots(
        rows=rows, cols=across, shared_xaxes=True, shared_yaxes="all",
        subplot_titles=[f"{name} {end}" for name, end in zip(names, ends, strict=True)],
        vertical_spacing=0.28 / rows, horizontal_spacing=0.03,
    )
    values, reference = _numbers(table["value"]), _numbers(table["reference"])
    for number, name in enumerate(names):
        panel = table[table["name"] == name]
        at = {"row": number // across + 1, "col": number % across + 1}
        figure.add_scatter(
            x=panel["at"], y=reference[panel.index], mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": look.MUTED, "width": 1, "dash": "dot"}, **at,
        )
        own = values[panel.index]
        figure.add_scatter(
            x=panel["at"], y=own, mode="lines+markers", showlegend=False, text=panel["words"],
            line={"color": look.ACCENT, "width": look.LINE_WIDTH}, marker={"size": 4, "color": look.ACCENT},
            hovertemplate="%{text}<extra></extra>", **at,
        )
        if own.isna().all():
            figure.add_annotation(text="没有数据", x=0.5, y=0.5, xref="x domain", yref="y domain", showarrow=False,
                                  bgcolor=look.PAPER, font={"color": look.MUTED}, **at)
    charts.plain(figure, 150 * rows + 50)
    known = [0.0, *values.dropna(), *reference.dropna()]
    figure.update_yaxes(range=[min(known), max(known) * 1.05 or 1.0], nticks=4, tickformat=tick_format,
                        gridcolor=look.GRID, zeroline=False, tickfont={"color": look.MUTED})
    # Two places along, away from the edges, where on a phone they would run into the next figure's; the lowest figure
    # of each column tells them, also where the last row is not full.
    along = sorted(table["at"].unique())
    figure.update_xaxes(tickformat=x_format, showgrid=False, showticklabels=False, tickfont={"color": look.MUTED},
                        tickvals=sorted({along[len(along) // 4], along[len(along) * 3 // 4]}))
    figure.update_annotations(font={"size": look.SMALL_SIZE, "color": look.INK})
    for number in range(max(0, len(names) - across), len(names)):
        figure.update_xaxes(showticklabels=True, row=number // across + 1, col=number % across + 1)
    figure.update_layout(margin={"t": 28})
    return figure


def named_rows(figure: go.Figure, table: pd.DataFrame) -> None:
    """Names on the left, the words of each row at the right edge; the rows lie at 0, 1, 2 … with the first on top."""
    places = list(range(len(table)))
    for place, words in zip(places, table["words"], strict=True):
        figure.add_annotation(x=1, xref="paper", xanchor="left", xshift=look.MARGIN, y=place, text=words,
                              showarrow=False, font={"size": look.SMALL_SIZE, "color": look.INK})
    charts.plain(figure, look.ROW_HEIGHT * max(len(table), 1) + 40, showlegend=False)
    figure.update_yaxes(tickvals=places, ticktext=list(table["name"]), range=[len(table) - 0.5, -0.5], showgrid=False,
                        zeroline=False)
    room = max((sum(WIDE_SIGN if ord(sign) > 0xFF else NARROW_SIGN for sign in words) for words in table["words"]),
               default=0)
    figure.update_layout(margin={"r": room + 2 * look.MARGIN})


def _missing(figure: go.Figure, rows: pd.DataFrame, marks: dict[str, Mark], at: float) -> None:
    """The marks of rows without a value, at the foot of the scale; open shapes, so that none reads as a value."""
    found = [_mark(marks, state) for state in rows["state"]]
    figure.add_scatter(
        x=[at] * len(rows), y=list(rows.index), mode="markers", showlegend=False, cliponaxis=False,
        marker={"symbol": [mark.symbol for mark in found], "size": look.MARK_SIZE,
                "color": [mark.colour for mark in found],
                "line": {"width": look.LINE_WIDTH, "color": [mark.colour for mark in found]}},
        customdata=_told(rows), hovertemplate="%{customdata[0]}：%{customdata[1]}<extra></extra>",
    )


def _mark(marks: dict[str, Mark], state: object) -> Mark:
    return marks.get(str(state)) or Mark("", "○", "circle-open", look.QUIET)


def _told(rows: pd.DataFrame) -> list[list[str]]:
    return rows[["name", "words"]].astype(str).to_numpy().tolist()


def _numbers(column: pd.Series) -> pd.Series:
    """Decimals and missing values as doubles that a figure can place."""
    return pd.to_numeric(column.astype(object).where(column.notna(), None), errors="coerce").astype(float)


def _apart(places: pd.Series, nearest: float) -> dict[object, float]:
    """Where labels stand so that none covers another: in the order of their places, at least ``nearest`` apart."""
    ordered = places.sort_values(kind="stable")
    spread: list[float] = []
    for place in ordered:
        spread.append(max(float(place), spread[-1] + nearest) if spread else float(place))
    shift = sum(moved - float(place) for moved, place in zip(spread, ordered, strict=True)) / max(len(spread), 1)
    return {index: moved - shift for index, moved in zip(ordered.index, spread, strict=True)}


