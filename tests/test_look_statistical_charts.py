"""The figures that pages share: what is missing is not drawn as zero, rows keep their order, labels stand apart."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard import labels, statistical_charts

TABLE = pd.DataFrame({
    "name": ["和静县", "轮台县", "州儿童福利院"],
    "actual": [0.7345, 1.2, None],
    "required": [0.9, 0.9, 0.9],
    "state": ["off", "over", "not_reported"],
    "words": ["73.4%，目标 90%", "120%，目标 90%", "✕ 未填报"],
})


def annotations(figure):
    return [note.text for note in figure.layout.annotations]


def test_bullet_bars_show_actual_and_target_on_one_scale_from_zero():
    figure = statistical_charts.bullet_bars(TABLE, labels.SCORE_MARKS)
    bars, ticks, _missing = figure.data

    assert list(bars.x)[:2] == [0.7345, 1.2]
    assert list(ticks.x) == [0.9, 0.9, 0.9]
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.xaxis.range[1] > 1.2
    assert list(figure.layout.yaxis.ticktext) == ["和静县", "轮台县", "州儿童福利院"]
    assert annotations(figure) == list(TABLE["words"])


def test_bullet_bars_draw_no_bar_for_what_is_missing():
    bars, _, missing = statistical_charts.bullet_bars(TABLE, labels.SCORE_MARKS).data

    assert pd.isna(bars.x[2])
    assert list(missing.marker.symbol) == [labels.SCORE_MARKS["not_reported"].symbol]


def test_bullet_bars_keep_a_negative_value_in_sight():
    figure = statistical_charts.bullet_bars(TABLE.assign(actual=[-0.2, 1.0, 1.0]), labels.SCORE_MARKS)

    assert figure.layout.xaxis.range[0] == -0.2


def test_dot_plot_gives_each_state_its_own_shape():
    figure = statistical_charts.dot_plot(
        TABLE.rename(columns={"actual": "value"}), labels.SCORE_MARKS, reference=0.9, reference_words="要求 90%"
    )
    off, over, missing = figure.data

    assert (off.marker.symbol, over.marker.symbol) == ("square", "diamond")
    assert list(missing.marker.symbol) == ["x-thin-open"]
    assert "要求 90%" in annotations(figure)
    assert figure.layout.xaxis.range[0] < 0.7345
    assert figure.layout.xaxis.range[1] > 1.2


def test_slope_leaves_out_a_row_without_both_values_and_spreads_labels():
    table = pd.DataFrame({
        "name": ["甲", "乙", "丙"], "before": [0.9, 0.9, None], "after": [0.5, 0.9, None],
        "before_words": ["90%", "90%", "—"], "after_words": ["50%", "90%", "—"], "state": ["off", "met", "off"],
    })
    figure = statistical_charts.slope(table, "九月", "十二月", labels.SCORE_MARKS)

    assert [line.name for line in figure.data] == ["甲", "乙"]
    before = [note.y for note in figure.layout.annotations if note.x == 0]
    share = abs(before[0] - before[1]) / (figure.layout.yaxis.range[1] - figure.layout.yaxis.range[0])
    assert share * (figure.layout.height - 40) == pytest.approx(statistical_charts.NEAREST_LABELS)


def test_small_multiples_share_both_scales_and_say_what_is_missing():
    months = pd.to_datetime(["2021-01-01", "2021-06-01", "2021-12-01"])
    table = pd.concat([
        pd.DataFrame({
            "name": name, "at": months, "value": values, "reference": [0.1, 0.5, 1.0], "words": "一句", "end_words": end
        })
        for name, values, end in (("甲", [0.1, 0.4, 1.2], "120%"), ("乙", [None] * 3, "未填报"))
    ], ignore_index=True)

    figure = statistical_charts.small_multiples(table)

    assert annotations(figure) == ["甲 120%", "乙 未填报", "没有数据"]
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range
    assert figure.layout.yaxis.range[0] == 0


@pytest.mark.parametrize("draw", [statistical_charts.bullet_bars, statistical_charts.dot_plot])
def test_an_empty_table_is_an_empty_figure(draw):
    empty = TABLE.rename(columns={"actual": "value"} if draw is statistical_charts.dot_plot else {}).head(0)

    assert annotations(draw(empty, labels.SCORE_MARKS)) == []
