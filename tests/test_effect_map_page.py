"""花钱必问效 as people see it: the answer in words, the map and its replay, and nothing of others for a county."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from builders import NUMBER, ROUND, demo_folder, demo_store, opened_store, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import cost_charts, cost_tables, effect_charts, effect_tables, session
from dashboard.labels import EFFECT_MARKS
from dashboard.rights import COUNTY_REPORTER, PREFECTURE_OFFICER
from metrics.boards import accountability
from metrics.boards.definition import Scope
from metrics.boards.region import RegionTotal
from metrics.thresholds import MICRO

APP = Path(session.__file__).parent / "app.py"
SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def paths() -> pd.DataFrame:
    return accountability.effect_paths(demo_store(), SCOPE)


@pytest.fixture(scope="module")
def costs() -> pd.DataFrame:
    return accountability.cost_per_head(demo_store(), SCOPE)


def one_round(**changes) -> pd.DataFrame:
    """One unit of one round on the map, with some of it changed."""
    row = {
        "recipient_id": "a", "recipient_name": "甲县", "recipient_short_name": "甲", "round_no": 1, "round_id": "r1",
        "round_name": "第一轮", "period_end_on": date(2021, 6, 30), "rule_version": "2021-1", "is_reported": True,
        "effect_state": "effective", "paid_yuan": 50, "after_yuan": 100, "score_micro": 80 * MICRO,
        "scored_weight_micro": 90 * MICRO, "execution_micro": 500_000, "elapsed_micro": 495_890, "lead_micro": 4_110,
        "effect_micro": 888_888, "elapsed_tolerance_micro": 100_000, "effect_from_micro": 800_000,
    }
    return pd.DataFrame([{**row, **changes}])


# The figure.


def marks_of(figure) -> dict[str, int]:
    """How many units are drawn in each state, by its word."""
    return {trace.name: len(trace.x) for trace in figure.data if trace.name}


def names_of(figure) -> list[dict]:
    return [note.to_plotly_json() for note in figure.layout.annotations if note.showarrow]


@pytest.mark.parametrize("round_no", [1, 2, 3])
@pytest.mark.parametrize("unit", ["", "hejing"])
def test_every_unit_that_can_be_judged_is_drawn_and_named_and_no_other(paths, round_no, unit):
    figure = effect_charts.effect_map(paths, round_no, unit)
    now = paths[(paths["round_no"] == round_no) & (paths["effect_state"] != "unknown")]

    counts = now["effect_state"].value_counts()
    assert marks_of(figure) == {mark.word: counts[key] for key, mark in EFFECT_MARKS.items() if counts.get(key)}
    months = ["6月", "9月"][:round_no - 1] if unit else []
    assert sorted(note["text"] for note in names_of(figure)) == sorted([*now["recipient_short_name"], *months])


@pytest.mark.parametrize("width", [294, 640, 1100])
@pytest.mark.parametrize("round_no", [1, 2, 3])
def test_no_name_of_the_demonstration_covers_another(paths, round_no, width):
    """Measured from the finished figure: its axes, its margins, and where the words hang."""
    figure = effect_charts.effect_map(paths, round_no, "hejing")
    (x0, x1), (y0, y1) = figure.layout.xaxis.range, figure.layout.yaxis.range
    margin = figure.layout.margin
    height = figure.layout.height - margin.t - margin.b
    boxes = []
    for note in names_of(figure):
        x = (note["x"] - x0) / (x1 - x0) * width + note["ax"]
        y = (y1 - note["y"]) / (y1 - y0) * height + note["ay"]
        half = 6 * len(note["text"])
        boxes.append((x - half, y - 8, x + half, y + 8))

    assert [pair for pair in combinations(boxes, 2)
            if pair[0][0] < pair[1][2] and pair[1][0] < pair[0][2]
            and pair[0][1] < pair[1][3] and pair[1][1] < pair[0][3]] == []
    assert all(box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= height for box in boxes)


def test_the_axes_stay_where_they_are_through_the_replay(paths):
    figures = [effect_charts.effect_map(paths, number) for number in (1, 2, 3)]

    assert len({(figure.layout.xaxis.range, figure.layout.yaxis.range) for figure in figures}) == 1


def test_the_limits_are_those_of_the_round(paths):
    other = paths.assign(elapsed_tolerance_micro=50_000, effect_from_micro=905_000)

    for table, x, y, words in (
        (paths, -10, 80, ["钱的界限 慢 10 个百分点", "效的界限 80%"]),
        (other, -5, 90.5, ["钱的界限 慢 5 个百分点", "效的界限 90.5%"]),
    ):
        figure = effect_charts.effect_map(table, 3)
        money, effect = figure.layout.shapes
        assert (money.x0, effect.y0) == (x, y)
        assert [note.text for note in figure.layout.annotations if "界限" in note.text] == words


def test_without_limits_in_the_rules_no_line_is_drawn_but_that_of_the_calendar():
    figure = effect_charts.effect_map(
        one_round(elapsed_tolerance_micro=pd.NA, effect_from_micro=pd.NA, effect_state="unknown"), 1
    )

    assert [shape.x0 for shape in figure.layout.shapes] == [0]
    assert marks_of(figure) == {}


def test_the_way_is_broken_where_a_unit_was_not_there_and_is_nobody_s_without_a_name(paths):
    gap = paths.copy()
    gap.loc[(gap["recipient_id"] == "bohu") & (gap["round_no"] == 2), ["lead_micro", "effect_state"]] = [
        pd.NA, "unknown"
    ]

    ways, chosen = effect_charts.effect_map(gap, 3, "bohu").data[:2]

    # June, a break, December, a break: nothing joins the two.
    assert [None if pd.isna(value) else round(value, 1) for value in chosen.x] == [-4.6, None, -4.4, None]
    # 若羌县 is not on the map in December: its way up to September would end nowhere.
    assert sum(value is None for value in ways.x) == 10
    assert "若羌" not in str(effect_charts.effect_map(gap, 3).to_plotly_json())


def test_a_rate_far_over_the_whole_is_drawn_at_the_edge_with_its_figure():
    figure = effect_charts.effect_map(one_round(execution_micro=2_000_000, lead_micro=1_504_110), 1)

    (point,) = [trace.x[0] for trace in figure.data if trace.name]
    assert point == figure.layout.xaxis.range[1]
    assert names_of(figure)[0]["text"] == "甲（快 150，在图外）"


def test_of_many_units_the_chosen_the_worst_and_those_that_moved_are_named():
    def place(no: int) -> dict:
        state = "both_behind" if no >= 188 else "effective"
        return {
            "recipient_id": f"u{no}", "recipient_short_name": f"第{no}县", "effect_state": state,
            "before_state": "money_without_effect" if no in (50, 60) else state,
            "lead_micro": (200 - no) * 1000 - 100_000, "effect_micro": 999_000 - no * 1500,
        }

    many = pd.concat([one_round(**place(no)) for no in range(200)], ignore_index=True)

    figure = effect_charts.effect_map(many, 1, "u7")

    named = [note["text"] for note in names_of(figure)]
    assert sum(marks_of(figure).values()) == 200
    assert sorted(named) == sorted(f"第{no}县" for no in (7, 50, 60, *range(190, 200)))
    assert figure.layout.height < 1100
    assert "图上 200 个单位，只写出" in effect_tables.map_caption(many, 1)
    assert "只写出" not in effect_tables.map_caption(many.head(40), 1)


def test_where_there_is_no_room_the_last_to_be_named_go_without(monkeypatch):
    monkeypatch.setattr(effect_charts, "TALLEST_PLOT", effect_charts.LOWEST_PLOT)
    crowd = pd.concat([
        one_round(recipient_id=f"u{no}", recipient_short_name=f"很长很长很长很长的县名{no}") for no in range(40)
    ], ignore_index=True)

    named = [note["text"] for note in names_of(effect_charts.effect_map(crowd, 1))]

    assert 0 < len(named) < 40
    assert named == list(crowd["recipient_short_name"].head(len(named)))


def test_a_rate_over_the_whole_without_a_reason_is_named_and_not_drawn():
    now = one_round(execution_micro=pd.NA, lead_micro=pd.NA, paid_yuan=1_200_000, after_yuan=1_000_000)

    assert marks_of(effect_charts.effect_map(now, 1)) == {}
    assert effect_tables.not_drawn(now) == (
        "图中没有 甲县（累计支付 120 万元超过调整后金额 100 万元，没有说明原因），不画在零点。"
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_reported": False, "paid_yuan": None}, "没有填报"), ({"paid_yuan": None}, "没有填报支付数"),
        ({"after_yuan": 0}, "没有可以支付的金额"), ({}, "已评分值太少"),
    ],
)
def test_who_cannot_be_judged_is_told_why(changes, why):
    row = one_round(effect_state="unknown", **changes)

    assert effect_tables.why_unjudged(row.iloc[0].to_dict()) == why


def test_dots_are_ordered_by_value_with_the_median_and_shapes_for_what_is_asked(costs):
    rural = costs[costs["aid_kind"] == "rural_allowance"]
    figure = cost_charts.cost_dots(rural)

    assert list(figure.layout.yaxis.categoryarray)[-1] == "开发区"
    values = {unit: x for trace in figure.data if trace.name for unit, x in zip(trace.y, trace.x, strict=True)}
    drawn = [values[unit] for unit in figure.layout.yaxis.categoryarray]
    assert drawn == sorted(drawn, reverse=True) and len(drawn) == 10
    assert {trace.name: trace.marker.symbol for trace in figure.data if trace.name} == {
        "请核实": "triangle-up", "在通常范围": "circle",
    }
    (middle,) = [note.text for note in figure.layout.annotations]
    assert middle == f"中位数 {rural['median_yuan'].iloc[0]:,.2f} 元"
    assert cost_charts.cost_dots(costs[costs["aid_kind"] == "orphan"]).layout.xaxis.range[0] < 1180


# The words.


def test_floored_figures_never_read_as_a_limit_that_is_missed():
    assert [effect_tables.lead(micro) for micro in (-100_001, -100_000, -99_999, 0, 999, 50_000, None)] == [
        "−10.1", "−10.0", "−10.0", "0.0", "0.0", "+5.0", "—"
    ]


def test_the_answer_names_each_state_that_needs_somebody_first(paths):
    told = effect_tables.answer(effect_tables.of_round(paths, ROUND))

    assert [mark.word for mark, _ in told] == ["双滞后", "钱到效未到", "效先于钱", "无法判断", "有效"]
    assert told[0][1].startswith(
        "和静县：执行率 66.0%（2,742.3÷4,155 万元），比序时进度慢 32.4 个百分点；得分率 73.5%（66.18÷90.00 分）。"
    )
    assert told[3][1].startswith("若羌县（没有填报）")


def test_more_than_three_units_of_a_state_are_told_by_name(paths):
    now = effect_tables.of_round(paths, "2021-06").assign(effect_state="both_behind")

    ((_, words),) = effect_tables.answer(now)

    assert words.count("执行率") == 3
    assert all(name in words for name in now["recipient_name"])


def test_rounds_judged_by_other_limits_are_told(paths):
    mixed = paths.copy()
    mixed.loc[mixed["round_no"] == 1, ["effect_from_micro", "rule_version"]] = [700_000, "2020-1"]

    assert "各轮按本轮的界限判定" in effect_tables.map_caption(mixed, 3)
    assert "有效下限 70%（口径 2020-1 版）" in effect_tables.map_caption(mixed, 3)
    assert "各轮按本轮的界限判定" not in effect_tables.map_caption(paths, 3)


def test_the_whole_cost_of_a_point_has_both_sides_and_names_who_is_missing():
    total = RegionTotal(**{
        **dict.fromkeys(RegionTotal.__dataclass_fields__), "paid_yuan": 1_000_000.0, "score_micro": 80 * MICRO,
        "scored_weight_micro": 90 * MICRO, "silent_names": ("若羌县",),
    })

    assert cost_tables.whole_point_sentence(total) == (
        "全州累计支付 100 万元，已评指标得 80.00 分（已评分值 90.00 分），平均每分 1.25 万元。"
        "没有报支付数的若羌县不在其中。"
    )
    assert "算不出" in cost_tables.whole_point_sentence(None)


# The page.


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    def run(folder: Path, role: str = PREFECTURE_OFFICER, recipient_id: str = "", **address: str) -> AppTest:
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(folder))
        st.cache_resource.clear()
        st.cache_data.clear()
        sign_in(monkeypatch, role, recipient_id)
        test = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in address.items():
            test.query_params[name] = value
        return test.switch_page("app_pages/accountability.py").run()

    yield run
    st.cache_resource.clear()
    st.cache_data.clear()


def sent(test: AppTest) -> str:
    """All that the page sends to the browser, charts and options too."""
    drawn = [json.dumps(json.loads(chart.proto.spec), ensure_ascii=False) for chart in test.get("plotly_chart")]
    written = [
        str(getattr(element, "value", "")) + str(getattr(element.proto, "body", ""))
        for element in test.main if element.proto
    ]
    return " ".join([*drawn, *written])


def test_the_replay_moves_the_page_and_its_address(open_page):
    test = open_page(demo_folder())
    assert test.select_slider[0].value == ROUND
    names = accountability.effect_paths(demo_store(), SCOPE)["round_name"].unique()
    assert list(test.select_slider[0].options) == list(names)

    test.select_slider[0].set_value("2021-06").run()

    assert [error.value for error in test.exception] == []
    assert test.query_params["round"] == "2021-06"
    assert test.selectbox(key="scope_round").value == "2021-06"
    assert "这是第一轮，没有上一轮可比。" in sent(test)
    assert "若羌" in sent(test) and "图中没有" not in sent(test)


def test_the_address_chooses_round_unit_and_kind_of_aid(open_page):
    test = open_page(demo_folder(), round="2021-09", unit="hejing", aid="orphan")

    assert test.select_slider[0].value == "2021-09"
    assert test.selectbox(key="accountability_unit").value == "hejing"
    assert test.radio(key="accountability_aid").value == "orphan"
    assert "博湖县" in sent(test)
    assert "和静县走过的路：2021年6月（补报）效先于钱（比序时进度慢 16.6 个百分点，得分率 80.9%）" in sent(test)

    test.selectbox(key="accountability_unit").set_value("bohu").run()
    assert (test.query_params["unit"], test.query_params["round"]) == ("bohu", "2021-09")


def test_a_county_sees_its_own_way_and_nothing_of_others(open_page):
    test = open_page(demo_folder(), COUNTY_REPORTER, "hejing", unit="bohu")

    said = sent(test)
    assert [error.value for error in test.exception] == []
    assert "本单位 ■ 双滞后" in said and "和静县走过的路" in said
    units = demo_store().query("recipients")
    others = units[(units["recipient_id"] != "hejing") & ~units["recipient_id"].str.startswith("zhou-")]
    for column in ("recipient_name", "short_name"):
        assert [name for name in others[column] if name and name in said] == []
    drawn = [json.loads(chart.proto.spec) for chart in test.get("plotly_chart")]
    points = [len(trace["x"]) for trace in drawn[0]["data"] if trace.get("name")]
    assert points == [1]
    assert not [box for box in test.selectbox if box.key == "accountability_unit"]


def test_one_round_has_no_slider_and_nothing_docked_is_said(open_page, tmp_path):
    opened_store(tmp_path).close()

    test = open_page(tmp_path)

    assert [error.value for error in test.exception] == []
    assert not test.select_slider
    assert "没有能算的发放明细" in sent(test)
    assert "这一轮没有单位能画出来。" in sent(test)
