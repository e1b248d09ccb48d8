import re
from datetime import date
from decimal import Decimal

import pytest
from builders import NUMBER, ROUND, entry, opened_store, submit, upload
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.boards.definition import Scope
from metrics.explain import explain, show_number, show_share
from metrics.kept_scores import exact_scores
from metrics.score_states import MISSING_STATES
from metrics.scoring import score_rows
from metrics.thresholds import rule_row

DUE = date(2021, 12, 27)
AS_OF = date(2021, 12, 31)
NUMBERS = ("bound", "upper", "numerator", "denominator", "value", "prior_value", "band_share")


def sentence(text, kind, **values):
    row = {"recipient_id": "a", "indicator_no": 1, "round_id": "r", "scored_kind": kind, "scale": 1,
           "weight_micro": 3_000_000, "is_reported": True, "as_of_on": AS_OF}
    row.update({name: Decimal(str(value)) if name in NUMBERS and value is not None else value
                for name, value in values.items()})
    return explain({**row, **score_rows([row])[0], "target_text": text, "unit": values.get("unit", "")})


def rate(numerator, denominator):
    return sentence("≥90%", "at_least", scale=100, bound=90, numerator=numerator, denominator=denominator)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (rate(1102, 1250),
         "目标≥90%，实际 1,102/1,250＝88.16%，完成 97.96%，得 2.94/3.00 分；低于目标 1.84 个百分点。"),
        (rate(1125, 1250), "目标≥90%，实际 1,125/1,250＝90%，完成 100%，得 3.00/3.00 分；已达标。"),
        (rate(1150, 1250),
         "目标≥90%，实际 1,150/1,250＝92%，完成 102.22%，得 3.00/3.00 分；已达标，高于目标 2 个百分点。"),
        (rate(1500, 1250), "目标≥90%，实际 1,500/1,250＝120%，完成 133.33%，得 3.00/3.00 分；"
                           "已达标，完成远超目标，请核实目标是否定低。"),
        (rate(0, 0), "目标≥90%，应完成数和完成数都是零，本单位没有这项任务，不计分。"),
        (rate(5, 0), "目标≥90%，应完成数为零而完成数为 5，两数对不上，须由人判定，暂不计分。"),
        (rate(None, None), "目标≥90%，尚未填报，暂不计分，也不按零处理；请填报单位补报。"),
        (rate(5, None), "目标≥90%，完成数和应完成数只填了一个，须由人判定，暂不计分。"),
        (sentence("≤10万元", "at_most", bound=10, value=12, unit="万元"),
         "目标≤10万元，实际 12万元，完成 83.33%，得 2.50/3.00 分；差于目标 20%。"),
        (sentence("≤5%", "at_most", scale=100, bound=5, numerator=60, denominator=1000),
         "目标≤5%，实际 60/1,000＝6%，完成 83.33%，得 2.50/3.00 分；高于目标 1 个百分点。"),
        (sentence(">6次", "more_than", bound=6, value=6, unit="次"),
         "目标>6次，实际 6次，完成 99.99%，得 2.99/3.00 分；未达标。"),
        (sentence("18—54周岁", "range", bound=18, upper=54, value=60, unit="周岁"),
         "目标18—54周岁，实际 60周岁，完成 90%，得 2.70/3.00 分；差于目标 11.12%。"),
        (sentence("应保尽保", "full_coverage", numerator=1249, denominator=1250),
         "目标应保尽保，实际 1,249/1,250＝99.92%，完成 99.92%，得 2.99/3.00 分；低于目标 0.08 个百分点。"),
        (sentence("应保尽保", "full_coverage", numerator=1251, denominator=1250),
         "目标应保尽保，完成数 1,251 多于应完成数 1,250，须由人判定，暂不计分。"),
        (sentence("不低于上年", "not_below_last_year", value=630, prior_value=700, unit="元"),
         "目标不低于上年，本年 630元，上年 700元，完成 90%，得 2.70/3.00 分；差于上年要求 10%。"),
        (sentence("不低于上年", "not_below_last_year", value=630),
         "目标不低于上年，缺上年数，无法比较，暂不计分；请补填上年数。"),
        (sentence("适度提高", "increase_over_last_year", value=700, prior_value=700),
         "目标适度提高，本年 700，上年 700，完成 99.99%，得 2.99/3.00 分；与上年持平，没有达到要求的变化。"),
        (sentence("3个工作日内", "working_day_deadline", due_on=DUE, done_on=date(2021, 12, 28), allowed_days=3,
                  taken_days=4),
         "目标3个工作日内，2021年12月28日完成，用了 4 个工作日（时限 3 个工作日），得 2.25/3.00 分；逾期。"),
        (sentence("3个工作日内", "working_day_deadline", due_on=DUE, allowed_days=3),
         "目标3个工作日内，截止日2021年12月27日已过，尚无完成记录，得 0.00/3.00 分；逾期。"),
        (sentence("3个工作日内", "working_day_deadline", due_on=AS_OF, allowed_days=3),
         "目标3个工作日内，截止日2021年12月31日未到，暂不计分。"),
        (sentence("3个工作日内", "working_day_deadline", allowed_days=3),
         "目标3个工作日内，没有收文日期，算不出截止日，须由人判定，暂不计分。"),
        (sentence("12月27日前", "date_deadline", due_on=DUE, done_on=DUE),
         "目标12月27日前，2021年12月27日完成，截止日2021年12月27日，得 3.00/3.00 分；按期。"),
        (sentence("有所提升", "qualitative", band=1, band_share=95, is_evidenced=True),
         "目标有所提升，评定为“达成”，比例 95%，得 2.85/3.00 分；由人评定。"),
        (sentence("有所提升", "qualitative", band=1, band_share=95),
         "目标有所提升，没有佐证材料，须由人判定，暂不计分。"),
        (sentence("完善率", "other", value=1), "目标完善率，程序读不成可计算的要求，须由人判定，暂不计分。"),
        (sentence("完善率", "other", value=1, kind_reason="区域总量目标还没有分解到本单位"),
         "目标完善率，区域总量目标还没有分解到本单位，须由人判定，暂不计分。"),
        (sentence("有所提升", "qualitative", band=1, band_share="79.5", is_evidenced=True),
         "目标有所提升，所选档次“达成”与比例 79.5% 按本轮口径对不上，须由人判定，暂不计分。"),
        (sentence("有所提升", "qualitative", band=4, band_share=50, is_evidenced=True),
         "目标有所提升，所选档次“无此档次”与比例 50% 按本轮口径对不上，须由人判定，暂不计分。"),
        (sentence("≥90%", "at_least", bound=90, is_applicable=False), "目标≥90%，本单位本期不适用，不计分。"),
    ],
)
def test_sentences(said, expected):
    assert said == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(8996, 10000, "89.96%"), (89996, 100000, "89.99%"), (899999, 1000000, "89.99%")],
)
def test_what_misses_the_limit_never_reads_as_the_limit(numerator, denominator, shown):
    said = rate(numerator, denominator)

    assert f"＝{shown}" in said
    assert "完成 100%" not in said and "得 3.00/" not in said
    assert "低于目标 0.0" in said and "低于目标 0 " not in said


def test_a_band_is_held_against_the_rule_of_its_round():
    stricter = {**rule_row(), "rule_version": "2022-1", "band_reached_from_micro": 850_000}
    row = {"recipient_id": "a", "indicator_no": 1, "round_id": "r", "scored_kind": "qualitative", "band": 1,
           "band_share": Decimal(82), "is_evidenced": True, "is_reported": True, "weight_micro": 3_000_000,
           "as_of_on": AS_OF, "target_text": "有所提升"}

    by_shipped = explain({**row, **score_rows([row])[0]})
    by_stricter = explain({**row, **score_rows([row], stricter)[0]})

    assert by_shipped == "目标有所提升，评定为“达成”，比例 82%，得 2.46/3.00 分；由人评定。"
    assert by_stricter == "目标有所提升，所选档次“达成”与比例 82% 按本轮口径对不上，须由人判定，暂不计分。"


def test_another_version_of_the_rules_changes_no_word_of_a_score():
    other = {**rule_row(), "rule_version": "2022-1", "slightly_off_from_micro": 990_000}
    row = {"recipient_id": "a", "indicator_no": 1, "round_id": "r", "scored_kind": "at_least", "scale": 100,
           "bound": Decimal(90), "numerator": Decimal(1102), "denominator": Decimal(1250), "is_reported": True,
           "weight_micro": 3_000_000, "as_of_on": AS_OF, "target_text": "≥90%"}
    by_shipped, by_other = score_rows([row])[0], score_rows([row], other)[0]
    assert (by_shipped["state"], by_other["state"]) == ("slightly_off", "off")

    assert explain({**row, **by_shipped}) == explain({**row, **by_other})


@pytest.mark.parametrize(
    ("percent", "shown"),
    [("84.9999", "84.99"), ("79.9951", "79.99"), ("85", "85"), ("97.9555", "97.96"), ("129.996", "129.99")],
)
def test_a_share_reads_as_no_whole_percent_that_it_misses(percent, shown):
    # Whatever limit a version of the rule book sets, it is a whole percent.
    assert show_share(Decimal(percent)) == shown


def test_a_sentence_names_the_unit_s_own_target(tmp_path):
    store = opened_store(tmp_path)
    with store.transaction() as cursor:
        cursor.run(
            "UPDATE target SET target_text = '≥95%', bound = 95 WHERE indicator_no = 12 AND recipient_id = 'luntai'"
        )
    for unit in ("luntai", "yuli"):
        submit(store, upload(entry(12, numerator=90, denominator=100), recipient_id=unit))

    with store.reading() as cursor:
        said = {
            row["recipient_id"]: explain(row)
            for row in exact_scores(cursor, Scope(NUMBER, ROUND, date(2021, 12, 26))) if row["indicator_no"] == 12
        }

    assert said["luntai"].startswith("目标≥95%，实际 90/100＝90%，完成 94.74%，")
    assert said["yuli"].startswith("目标≥90%，实际 90/100＝90%，完成 100%，")


def test_what_exceeds_a_ceiling_never_reads_as_the_ceiling():
    said = sentence("≤5%", "at_most", scale=100, bound=5, numerator=50001, denominator=1000000)

    assert "＝5.01%" in said and "高于目标 0.01 个百分点" in said


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0", "0"), ("21980", "21,980"), ("-530", "-530"), ("12.5000", "12.5"), ("202510000", "2.0251亿"),
     ("99999999999999.9999", "999,999.9999亿"), ("0.00001", "不足0.0001")],
)
def test_numbers_are_short(number, shown):
    assert show_number(Decimal(number)) == shown


KINDS = ["at_least", "at_most", "more_than", "less_than", "equal", "range", "full_coverage", "not_below_last_year",
         "increase_over_last_year", "decrease_over_last_year", "working_day_deadline", "calendar_day_deadline",
         "date_deadline", "qualitative", "other"]
maybe = st.none() | st.decimals(-10**13, 10**13, places=4, allow_nan=False)
days = st.none() | st.dates(date(2021, 1, 1), date(2022, 12, 31))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries({
    "scored_kind": st.sampled_from(KINDS), "scale": st.sampled_from([1, 100, 1000]), "bound": maybe, "upper": maybe,
    "numerator": maybe, "denominator": maybe, "value": maybe, "prior_value": maybe,
    "band": st.none() | st.integers(0, 4), "band_share": st.none() | st.decimals(0, 100, places=4),
    "is_evidenced": st.booleans(), "allowed_days": st.none() | st.integers(0, 99),
    "taken_days": st.none() | st.integers(-1, 99), "due_on": days, "done_on": days, "is_reported": st.booleans(),
    "weight_micro": st.integers(0, 10**8),
}), min_size=1, max_size=30))
def test_every_score_has_a_plain_chinese_sentence(rows):
    rows = [{"recipient_id": "a", "indicator_no": number, "round_id": "r", "as_of_on": AS_OF, **row}
            for number, row in enumerate(rows)]

    for row, score in zip(rows, score_rows(rows), strict=True):
        said = explain({**row, **score, "target_text": "某目标"})

        assert said.endswith("。") and said.count("。") == 1
        assert not re.search(r"[A-Za-z_]", said)
        assert not re.search(r"\d{9}", said)
        assert ("分；" in said or score["weight_micro"] == 0) or score["state"] in MISSING_STATES
