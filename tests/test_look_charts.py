"""Figures and the sentences under them, which are also what a screen reader hears: both from the same rows."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from dashboard import charts, deviation_tables, labels, look, money_charts, payout_charts, tables

UNITS = pd.DataFrame({
    "recipient_name": ["和静县", "州救助站", "轮台县"], "recipient_short_name": ["和静", "救助站", "轮台"],
    "after_yuan": [Decimal(41_550_000), Decimal(2_570_000), Decimal(29_390_000)],
    "adjustment_yuan": [Decimal(990_000), Decimal(-5_300_000), Decimal(0)],
})
SCORES = pd.DataFrame({
    "recipient_id": ["luntai"] * 4 + ["hejing"], "recipient_name": ["轮台县"] * 4 + ["和静县"],
    "indicator_no": [1, 4, 11, 12, 4], "short_name": ["低保", "儿童保障", "导入时限", "按时发放", "儿童保障"],
    "state": ["met", "off", "no_baseline", "not_applicable", "slightly_off"],
    "attainment_micro": pd.array([1_000_000, 789_999, None, None, 999_999], dtype="Int64"),
    "target_text": ["应保尽保", "≥90%", "收到文件3个工作日内", "≥90%", "≥90%"],
})


def test_bars_of_states_are_named_and_ordered():
    bars = charts.state_bars({"met": 151, "off": 22, "not_due": 0, "not_reported": 1_020}).data[0]

    assert list(bars.y) == ["✕ 未填报", "● 达标", "■ 明显偏差"]
    assert list(bars.text) == ["1,020 项", "151 项", "22 项"]
    assert list(bars.x) == [1020, 151, 22]


def test_what_is_taken_away_is_no_fault():
    bars = charts.adjustment_bars(UNITS).data[0]

    assert list(bars.y) == ["和静", "轮台", "救助站"]
    assert list(bars.text) == ["+99", "0", "−530"]
    assert bars.marker.color[-1] == look.QUIET


def test_the_sentences_of_the_allocation():
    assert tables.money_sentence(UNITS) == "合计 7,351 万元；和静县最多，4,155 万元，占 56.5%；州救助站最少，257 万元。"
    assert tables.money_sentence(UNITS.head(1)) == "合计 4,155 万元；和静县最多，4,155 万元，占 100.0%。"
    assert tables.money_sentence(UNITS.head(0)) == "没有资金。"
    assert tables.adjustment_sentence(UNITS) == "1 个单位调增，共 99 万元；1 个单位调减，共 530 万元；1 个单位不变。"


def test_a_unit_stands_beside_its_targets_the_worst_first():
    rows = deviation_tables.target_rows(SCORES, "luntai")

    assert list(rows["name"]) == ["儿童保障", "低保", "导入时限"]
    assert list(rows["words"]) == ["■ 78.9%，目标≥90%", "● 100.0%，目标应保尽保", "◇ 缺上年数"]
    assert list(rows["required"]) == [1, 1, 1]
    assert deviation_tables.target_sentence(rows) == (
        "条形是完成率（完成量÷应完成量），竖线是目标。2 项有完成率，1 项没有达到目标，最低的是儿童保障，完成 78.9%；"
        "没有完成率的：导入时限。"
    )


def test_a_share_just_below_its_target_is_not_said_to_reach_it():
    rows = deviation_tables.target_rows(SCORES, "hejing")

    assert rows["words"].tolist() == ["▲ 99.9%，目标≥90%"]
    assert "1 项没有达到目标" in deviation_tables.target_sentence(rows)
    assert "全部达到目标" in deviation_tables.target_sentence(rows.assign(actual=1.0))


def test_the_matrix_says_its_counts_and_who_misses_most():
    assert deviation_tables.matrix_sentence(SCORES) == (
        "每格一个单位的一项指标：达标 1 项，略有偏差 1 项，明显偏差 1 项，缺上年数 1 项，不适用 1 项；"
        "偏差最多的是轮台县，1 项。"
    )
    assert deviation_tables.matrix_sentence(SCORES.head(3)).endswith("缺上年数 1 项。")


def test_what_stays_behind_hangs_at_the_end_of_the_step_before():
    flow = pd.DataFrame([
        ("allocated", "registered", 90), ("allocated", "unregistered", 10), ("registered", "paid", 60),
        ("registered", "unpaid", 30), ("elsewhere", "paid", 5), ("paid", "at_institution", 15),
        ("paid", "paid_out", 40), ("paid", "not_paid_out", 10),
    ], columns=["source_node", "target_node", "amount_yuan"])

    steps = money_charts.flow_steps(flow)

    assert steps[["name", "start_yuan", "amount_yuan"]].to_numpy().tolist() == [
        ["分配", 0, 100], ["未登记", 90, 10], ["登记", 0, 90], ["未支付", 60, 30],
        ["前一步之外", 60, 5], ["支付", 0, 65], ["付到机构", 0, 15], ["已付未发", 55, 10], ["发放", 15, 40],
    ]


def test_no_money_is_an_empty_figure():
    nothing = pd.DataFrame(columns=["source_node", "target_node", "amount_yuan"])

    assert money_charts.flow_diagram(nothing).layout.annotations == ()


def test_a_claim_stands_beside_its_evidence_in_words_too():
    claims = pd.DataFrame({
        "recipient_short_name": ["且末", "若羌"], "claimed_rate": [0.813, None], "computed_rate": [0.7404, 0.9],
        "claim_state": ["claimed_more", "no_claim"],
    })
    figure = payout_charts.rate_dots(claims)

    assert [note.text for note in figure.layout.annotations] == ["自报 81.3%，佐证 74.0%"]
    assert list(figure.data[-1].marker.symbol) == ["square"]


def test_heads_are_counted_from_zero_and_only_what_matters_is_written():
    heads = pd.DataFrame({
        "aid_name": ["孤儿"] * 5, "pay_month": pd.date_range("2021-01-01", periods=5, freq="MS"),
        "person_count": [608, 610, 1_657, 500, 549],
    })
    figure = payout_charts.head_bars(heads)

    assert list(figure.data[0].text) == ["608", "", "1,657", "500", "549"]
    assert list(figure.data[0].customdata) == ["608", "610", "1,657", "500", "549"]
    assert figure.layout.yaxis.range[0] == 0
    assert list(figure.layout.xaxis.tickvals) == ["2021-01", "2021-03", "2021-05"]


def test_points_beside_a_grade_are_floored_and_counts_have_separators():
    assert labels.total_points(89_999_999) == "89.99"
    assert labels.count(57_528) == "57,528"
    assert labels.count(None) == "—"
    assert [labels.yuan(amount) for amount in (Decimal("2395.7"), -12_345.678, None)] == ["2,395.70", "−12,345.68", "—"]


@pytest.mark.parametrize("name", ["state_strip", "money_bars", "adjustment_bars", "total_bars", "history_line"])
def test_the_names_that_pages_know_stay(name):
    assert callable(getattr(charts, name))
