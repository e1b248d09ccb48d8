"""Two days side by side: planted reports, receipts and misses between them, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest
from builders import NUMBER, REGION, ROUND, entry, import_all, opened_store, receive, submit, upload

from dashboard import comparison_tables, overview_charts
from dashboard.rights import NotAllowedError, read_board
from data.audit import Actor
from data.store import Store
from metrics.boards import comparison, overview
from metrics.boards.definition import Scope
from metrics.boards.overview import Money

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
THEN = date(2021, 12, 25)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """轮台县 reports 1,000 万元 on the 25th, then 2,000 on the 26th with a better rate; 博湖县 only on the 26th."""
    opened = opened_store(tmp_path_factory.mktemp("comparison"))
    receive(opened, happened_at=datetime(2021, 12, 22, 18))
    receive(opened, "bohu", happened_at=datetime(2021, 12, 23, 9))
    first, second = datetime(2021, 12, 25, 10), datetime(2021, 12, 26, 10)
    submit(opened, upload(entry(4, numerator=50, denominator=100), paid_wan="1000"), at=first)
    submit(opened, upload(entry(4, numerator=95, denominator=100), paid_wan="2000"), at=second)
    submit(opened, upload(entry(4, numerator=95, denominator=100), recipient_id="bohu", paid_wan="731"), at=second)
    import_all(opened, datetime(2021, 12, 27, 9))
    yield opened
    opened.close()


def side(store: Store) -> pd.DataFrame:
    return comparison.units(store, SCOPE, REGION, THEN).set_index("recipient_id", drop=False)


def test_each_side_is_what_its_own_day_says(store):
    found = side(store)
    for day, name in ((THEN, "then"), (SCOPE.as_of_on, "now")):
        alone = overview.units(store, Scope(NUMBER, ROUND, day), REGION).set_index("recipient_id")
        for column in comparison.SIDES:
            left, right = found[f"{column}_{name}"], alone.loc[found.index, column]
            assert ((left == right) | (left.isna() & right.isna())).all(), (column, name)
    assert list(found.index) == list(overview.units(store, SCOPE, REGION)["recipient_id"])


def test_money_before_and_after(store):
    found = side(store)

    assert (found.loc["luntai", "paid_yuan_then"], found.loc["luntai", "paid_yuan_now"]) == (10_000_000, 20_000_000)
    assert pd.isna(found.loc["bohu", "paid_yuan_then"]) and found.loc["bohu", "paid_yuan_now"] == 7_310_000
    assert found.loc["luntai", "clock_state_then"] == "not_due"
    assert found.loc["luntai", "clock_state_now"] == "on_time"


def test_the_states_that_differ_and_no_others(store):
    found = comparison.states(store, SCOPE, THEN)
    luntai = found[found["recipient_id"] == "luntai"].set_index("indicator_no")

    # 4 was missed and is met; 11, the import, was not due and is done in time; the others became due without a value.
    assert (luntai.loc[4, "state_then"], luntai.loc[4, "state_now"]) == ("off", "met")
    assert luntai.loc[11, "state_now"] == "met"
    assert (found["state_then"] != found["state_now"]).all()
    assert comparison.states(store, SCOPE, SCOPE.as_of_on).empty


def test_the_events_are_those_in_between_the_newest_first(store):
    found = comparison.events(store, SCOPE, THEN)

    assert list(zip(found["event_kind"], found["recipient_id"], strict=True)) == [
        ("receipt", "luntai"), ("report", "luntai"), ("report", "bohu"),
    ]
    assert found["report_version"].iloc[1] == 2
    assert comparison.events(store, SCOPE, SCOPE.as_of_on).empty
    # The other way round: the same days, the same events.
    other = comparison.events(store, Scope(NUMBER, ROUND, THEN), SCOPE.as_of_on)
    assert list(other["happened_at"]) == list(found["happened_at"])


def test_before_the_round_was_open_there_is_nothing_and_no_zero(store):
    found = comparison.units(store, SCOPE, REGION, date(2021, 12, 1))

    assert found["paid_yuan_then"].isna().all() and found["points_micro_then"].isna().all()
    assert set(comparison.states(store, SCOPE, date(2021, 12, 1))["state_then"]) == {""}


def test_a_county_compares_its_own_only(store):
    person = Actor("填报人", "county_reporter", "bohu")

    for board, asked in ((comparison.units, (SCOPE, REGION, THEN)), (comparison.states, (SCOPE, THEN)),
                         (comparison.events, (SCOPE, THEN))):
        assert set(read_board(store, person, board, *asked)["recipient_id"]) == {"bohu"}
    with pytest.raises(NotAllowedError):
        read_board(store, Actor("管理员", "administrator"), comparison.units, SCOPE, REGION, THEN)


# --- in words --------------------------------------------------------------------------------------------------------


def money(paid: int, reported: int, released: int = 100_000_000, base: int = 50_000_000) -> Money:
    return Money(Decimal(released), Decimal(base if reported else 0), Decimal(paid), 12, reported, ())


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (money(0, 0), money(0, 0), "12月25日和现在都没有单位填报支付数。"),
        (money(0, 0), money(20_000_000, 5),
         "12月25日还没有单位填报，现在 5 个单位填报，支付 2,000 万元，执行率 40.0%。"),
        (money(20_000_000, 5), money(20_000_000, 5), "支付没有变化，仍是 2,000 万元（5 个单位填报）。"),
        (money(20_000_000, 5), money(25_000_000, 6),
         "填报的单位 5 → 6 个，支付 2,000 → 2,500 万元（+500），执行率 40.0% → 50.0%。"),
        (money(20_000_000, 5), money(15_000_000, 5),
         "填报的单位 5 → 5 个，支付 2,000 → 1,500 万元（−500），执行率 40.0% → 30.0%。"),
    ],
)
def test_money_in_words(then, now, said):
    assert comparison_tables.money_sentence(then, now, "12月25日") == said


def test_states_in_words(store):
    units, states = side(store), comparison.states(store, SCOPE, THEN)

    said = comparison_tables.states_sentence(units, states)

    reached = int(states["state_now"].isin(("met", "over")).sum())
    assert f"{len(states)} 项指标状态变了，其中变为达标 {reached} 项" in said
    nothing = comparison_tables.states_sentence(units.iloc[0:0], states.iloc[0:0])
    assert nothing == "五种状态没有变化；指标状态没有变化。"


def test_a_changed_state_names_its_unit():
    units = pd.DataFrame({"recipient_name": ["和静县", "轮台县"], "effect_state_then": ["unknown", "effective"],
                          "effect_state_now": ["both_behind", "effective"]})

    said = comparison_tables.states_sentence(units, pd.DataFrame())

    assert said == "状态变化：和静县无法判断→双滞后；指标状态没有变化。"


def test_events_in_words(store):
    said = comparison_tables.events_sentence(comparison.events(store, SCOPE, THEN))

    assert said == "其间报送 2 份（轮台县、博湖县），登记导入监控系统 1 次（轮台县）。"
    empty = comparison.events(store, SCOPE, SCOPE.as_of_on)
    assert comparison_tables.events_sentence(empty) == "其间没有新的报送、登记和问效单。"


def test_the_table_has_the_changed_units_and_the_sentence_the_rest(store):
    units = side(store)
    changed = set(comparison_tables.changed_units(units)["recipient_id"])

    assert changed >= {"luntai", "bohu"} and "kuerle" not in changed
    assert "库尔勒市" in comparison_tables.rest_sentence(units)
    table = comparison_tables.unit_table(units, "round=r")
    assert '<span class="wx-then">1,000</span> → 2,000' in table
    assert '<span class="wx-then">—</span> → 731' in table


# --- drawn -----------------------------------------------------------------------------------------------------------

DRAWN = pd.DataFrame({
    "recipient_short_name": ["轮台", "博湖", "和静", "若羌"],
    "execution_rate_then": [0.5, None, 0.8, None], "execution_rate_now": [0.7, 0.9, 0.75, None],
    "points_micro_then": [80_000_000, 90_000_000, None, None],
    "points_micro_now": [85_000_000, 100_000_000, 70_000_000, None],
    "grade_then": ["good", None, None, None], "grade_now": ["good", None, "fair", None],
})


def test_a_unit_is_drawn_where_it_has_a_figure_and_joined_where_it_has_two():
    figure = overview_charts.before_after(DRAWN, "execution_rate", "前", "后")

    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [list(trace.x) for trace in lines] == [[0.5, 0.7], [0.8, 0.75]]
    (now,) = (trace for trace in figure.data if trace.name == "后")
    assert list(now.y) == ["轮台", "博湖", "和静"]
    # The figure beside the marks stands right of both.
    (told,) = (trace for trace in figure.data if trace.mode == "text")
    assert list(told.x) == [0.7, 0.9, 0.8] and [text.strip() for text in told.text] == ["70.0%", "90.0%", "75.0%"]


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("execution_rate", "执行率：1 个单位上升，1 个下降，0 个不变；变化最大的是轮台，50.0%→70.0%；"
         "博湖前一天还没有执行率，只画现在。"),
        # 博湖's points carry no grade: they rest on too little.
        ("points_micro", "得分：1 个单位上升，0 个下降，0 个不变；变化最大的是轮台，80.00→85.00；"
         "和静前一天还没有得分，只画现在。"),
    ],
)
def test_the_chart_in_words(measure, said):
    assert overview_charts.before_after_sentence(DRAWN, measure) == said


def test_nothing_to_compare_is_said():
    silent = DRAWN.iloc[3:]

    assert overview_charts.before_after_sentence(silent, "points_micro") == "两天都没有得分可比。"
    figure = overview_charts.before_after(silent, "points_micro", "前", "后")
    assert all(len(trace.x) == 0 for trace in figure.data)
