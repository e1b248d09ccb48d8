"""The target language, held against published targets (tests/corpus, from the bureaus named there)."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.target_numbers import chinese_number
from metrics.targets import TargetKind, parse_target, scored_kind, target_as_json

CORPUS = Path(__file__).parent / "corpus"
FLOOR = 0.97


def corpus(name):
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TARGETS = corpus("target_texts.csv")


@pytest.mark.parametrize("has_name", [True, False])
def test_published_targets_are_read(has_name):
    kinds = values = 0
    numbers = [row for row in TARGETS if row["value"]]
    for row in TARGETS:
        target = parse_target(row["target_text"], row["indicator"] if has_name else "")
        kinds += target.kind == row["kind"]
        if row["value"]:
            values += target.bound == Decimal(row["value"]) and target.unit == row["unit"]

    assert kinds / len(TARGETS) >= FLOOR
    assert values / len(numbers) >= FLOOR


def test_words_never_carry_a_bound():
    wordy = [row for row in TARGETS if not row["value"]]

    assert [row["target_text"] for row in wordy if parse_target(row["target_text"]).bound is not None] == []


FOUNDING = [
    ("应保尽保", "full_coverage", None), ("适度提高", "increase_over_last_year", None),
    ("应救尽救", "full_coverage", None), ("≥90%", "at_least", 90), ("≥85%", "at_least", 85),
    ("不低于上年", "not_below_last_year", None), ("≥92%", "at_least", 92),
    ("收到自治区财政调整资金文件3个工作日内", "working_day_deadline", 3), ("≥95%", "at_least", 95),
    ("有所提升", "qualitative", None), ("及时送返", "qualitative", None),
    ("进一步完善", "qualitative", None), ("≥88%", "at_least", 88),
]


@pytest.mark.parametrize(("text", "kind", "bound"), FOUNDING)
def test_founding_targets(text, kind, bound):
    target = parse_target(text)

    assert (target.kind, target.bound) == (kind, bound)


@pytest.mark.parametrize(
    ("text", "kind", "bound", "unit"),
    [
        ("＞＝９５．００（％）", "at_least", "95.00", "%"),
        (">= 530 元/人*月", "at_least", "530", "元/人*月"),
        ("90%以上（含）", "at_least", "90", "%"),
        ("百分之九十以上", "at_least", "90", "%"),
        ("达到90%", "at_least", "90", "%"),
        ("提高到95%", "at_least", "95", "%"),
        ("至少一次", "at_least", "1", "次"),
        ("城市、农村低保发放率≥90%", "at_least", "90", "%"),
        ("满意度≧90分", "at_least", "90", "分"),
        ("控制在5%以内", "at_most", "5", "%"),
        ("降至5%以下", "at_most", "5", "%"),
        ("≤2.8‰", "at_most", "2.8", "‰"),
        ("≤30天", "at_most", "30", "天"),
        ("24小时内", "at_most", "24", "小时"),
        ("不超预算", "at_most", None, ""),
        ("超过6次", "more_than", "6", "次"),
        ("小于5%", "less_than", "5", "%"),
        ("═100%", "equal", "100", "%"),
        ("1,102人", "equal", "1102", "人"),
        ("0起", "equal", "0", "起"),
        ("较上年下降5%", "decrease_over_last_year", "5", "%"),
        ("同比增长≥5%", "increase_over_last_year", "5", "%"),
        ("超上年2%", "increase_over_last_year", "2", "%"),
        ("≥上年值", "not_below_last_year", None, ""),
        ("不低于去年水平", "not_below_last_year", None, ""),
        ("较上年有所提升", "increase_over_last_year", None, ""),
        ("应享尽享", "full_coverage", None, ""),
        ("收到文件后三个工作日内", "working_day_deadline", "3", "个工作日"),
        ("收到资金后30日内下达", "calendar_day_deadline", "30", "日"),
        ("4个月", "calendar_day_deadline", "4", "个月"),
        ("12月底前", "date_deadline", None, ""),
        ("提高满意度", "qualitative", None, ""),
        ("健全制度", "qualitative", None, ""),
        ("按照财社〔2017〕58号文件执行", "qualitative", None, ""),
        ("满意度", "other", None, ""),
        ("约100人", "other", None, ""),
        ("约等于5", "other", None, ""),
        ("前3名", "other", None, ""),
        ("5A级景区", "other", None, ""),
        ("减少10人", "other", None, ""),
        ("杜绝1起事故", "other", None, ""),
        ("≥95%以下", "other", None, ""),
        ("不低于上年的95%", "other", None, ""),
        ("不高于上年", "other", None, ""),
        ("与上年持平", "other", None, ""),
        ("举办培训班2期,培训200人次", "other", None, ""),
        ("≥**%", "other", None, ""),
        ("", "other", None, ""),
    ],
)
def test_forms(text, kind, bound, unit):
    target = parse_target(text)

    assert (target.kind, target.bound, target.unit) == (kind, bound and Decimal(bound), unit)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("18—54周岁", 18, 54, "周岁"), ("80%-90%", 80, 90, "%"), ("≥80%且≤100%", 80, 100, "%"),
        ("10~20个", 10, 20, "个"), ("3至5次", 3, 5, "次"),
    ],
)
def test_ranges(text, low, high, unit):
    target = parse_target(text)

    assert (target.kind, target.bound, target.upper, target.unit) == (TargetKind.RANGE, low, high, unit)


@pytest.mark.parametrize("text", ["90%-80%", "≤80%-90%", "80%-90人"])
def test_no_range_is_guessed(text):
    assert parse_target(text).kind is TargetKind.OTHER


@pytest.mark.parametrize(
    ("text", "due_on"),
    [
        ("2021年12月31日", date(2021, 12, 31)),
        ("2021.1.1-12.31", date(2021, 12, 31)),
        ("2019年1月-2019年12月", date(2019, 12, 31)),
        ("2023.07-2024.01", date(2024, 1, 31)),
        ("12月底前", date(2022, 12, 31)),
        ("9月前", date(2022, 8, 31)),        # September is too late by the words
        ("1月前", date(2021, 12, 31)),
        ("11月底之前", date(2022, 11, 30)),
        ("2月", date(2022, 2, 28)),
        ("三季度末", date(2022, 9, 30)),
        ("年底前", date(2022, 12, 31)),
        ("每月10日前", None),               # recurring: no one date
    ],
)
def test_due_dates_in_a_round_of_2022(text, due_on):
    target = parse_target(text)

    assert (target.kind, target.due_on_in(2022)) == (TargetKind.DATE_DEADLINE, due_on)


def test_a_day_number_is_a_date_only_where_a_time_is_asked():
    assert parse_target("44,561", "任务完成时间").due_on == date(2021, 12, 31)
    assert parse_target("44,561", "养老金领取人数").bound == 44561


def test_days_are_counted_where_the_indicator_counts_days():
    assert parse_target("10天", "培训天数").kind is TargetKind.EQUAL
    assert parse_target("10天", "招投标需要的时间").kind is TargetKind.CALENDAR_DAY_DEADLINE


@pytest.mark.parametrize(
    "text", ["1" * 10_000, "≥" + "9" * 15, "2021年" * 5_000, "不低于上年" * 5_000, "有" * 9_000 + "，有所" * 3_000]
)
def test_a_text_without_end_is_left_to_a_person(text):
    assert parse_target(text).kind is TargetKind.OTHER


def test_json_keeps_whole_numbers_whole():
    assert target_as_json(parse_target("≥95.00(%)")) == {
        "text": "≥95.00(%)", "kind": "at_least", "value": 95, "unit": "%",
    }
    assert target_as_json(parse_target("≤2.8‰"))["value"] == 2.8
    assert target_as_json(parse_target("有所提升"))["value"] is None


@pytest.mark.parametrize(
    ("text", "name", "measure", "kind"),
    [
        ("63人", "扶助人数", "数量指标", "at_least"),
        ("45万元", "项目总成本", "成本指标", "at_most"),
        ("400元/人", "培训费用", "质量指标", "at_most"),
        ("10万元", "项目资金投入", "成本指标", "at_least"),   # money to be put in, not to be saved
        ("589元/人", "财政补助标准", "成本指标", "at_least"),  # a benefit
        ("0次", "重大食品安全责任事故发生数", "社会效益指标", "at_most"),
        ("100%", "投诉办结率", "质量指标", "at_least"),
        ("100%", "低保资金社会化发放率", "成本指标", "at_least"),
        ("=22个", "涉及乡镇街数量", "数量指标", "equal"),
        ("≤90万元", "项目总成本", "成本指标", "at_most"),
        ("不超预算", "成本控制", "成本指标", "other"),
        ("较上年增加5人", "人数", "数量指标", "other"),
        ("≥0.00001", "误差", "质量指标", "other"),  # finer than the store keeps
    ],
)
def test_direction_of_scoring(text, name, measure, kind):
    scored, reason = scored_kind(parse_target(text, name), name, measure)

    assert scored == kind
    assert text in reason and reason.endswith("。")


@pytest.mark.parametrize(
    ("text", "kind", "bound", "unit"),
    [
        ("未超过90", "at_most", "90", ""),
        ("不会超过90", "at_most", "90", ""),
        ("没有超过3起", "at_most", "3", "起"),
        ("未低于90%", "at_least", "90", "%"),
        ("5封顶", "at_most", "5", ""),
        ("以5万元为限", "at_most", "5", "万元"),
        ("≠0", "other", None, ""),
        ("!=0", "other", None, ""),
        ("不≥100", "other", None, ""),
        ("未达到90%", "other", None, ""),
        ("10%以外", "other", None, ""),
        ("比上年减少不超过5%", "other", None, ""),
        ("减少不超过5%", "other", None, ""),
        ("较上年增长≤5%", "other", None, ""),
        ("负增长5%以内", "other", None, ""),
        ("增长5%以内", "other", None, ""),
        ("应保尽保率≥90%", "at_least", "90", "%"),
        ("应保尽保100%", "full_coverage", None, ""),
        ("应保尽保90%", "other", None, ""),
        ("≥80%且<90%", "other", None, ""),
        (">80%且<90%", "other", None, ""),
        ("80%<X<90%", "other", None, ""),
        ("10-20人左右", "other", None, ""),
        ("不超过90%（不含）", "less_than", "90", "%"),
        ("90%以上（不含）", "more_than", "90", "%"),
        ("超过90%（含）", "at_least", "90", "%"),
        ("5（含）以上", "at_least", "5", ""),
        ("100多人", "other", None, ""),
        ("T+3", "other", None, ""),
        ("13月前", "other", None, ""),
        ("不允许超过5%", "at_most", "5", "%"),
        ("不要超过5次", "at_most", "5", "次"),
        ("严禁超过5次", "other", None, ""),
        ("未满90%", "other", None, ""),
        ("约≥90%", "other", None, ""),
        ("90%+", "other", None, ""),
        (".5", "other", None, ""),
        ("3次不等", "other", None, ""),
        ("90%(不含)以上", "more_than", "90", "%"),
        ("不早于12月31日", "other", None, ""),
        ("12月31日以后", "other", None, ""),
        ("不迟于12月31日", "date_deadline", None, ""),
        ("3个工作日后", "other", None, ""),
        ("未全覆盖", "other", None, ""),
        ("基本实现全覆盖", "other", None, ""),
        ("基本医疗保险全覆盖", "full_coverage", None, ""),
        ("未成年人应保尽保", "full_coverage", None, ""),
    ],
)
def test_what_turns_a_bound_round_is_heard(text, kind, bound, unit):
    target = parse_target(text)

    assert (target.kind, target.bound, target.unit) == (kind, bound and Decimal(bound), unit)


@pytest.mark.parametrize(
    ("text", "kind", "bound", "unit"),
    [
        ("百分之九十五点五", "equal", "95.5", "%"),
        ("百分之九十五点五以上", "at_least", "95.5", "%"),
        ("不少于三百人", "at_least", "300", "人"),
        ("≥一百人", "at_least", "100", "人"),
        ("不超过三次", "at_most", "3", "次"),
        ("两次以上", "at_least", "2", "次"),
        ("不少于一亿零五百万元", "at_least", "105000000", "元"),
        ("二级以上医院", "qualitative", None, ""),
        ("不少于三分之一", "qualitative", None, ""),
        ("三个月以上", "at_least", "3", "个月"),
        ("不少于三五人", "other", None, ""),
        ("≥一百多人", "other", None, ""),
        ("≥一千五人", "other", None, ""),  # 1500 or 1005
    ],
)
def test_numbers_in_characters(text, kind, bound, unit):
    target = parse_target(text)

    assert (target.kind, target.bound, target.unit) == (kind, bound and Decimal(bound), unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("每季度1次", "次/季度"), ("每月至少1次", "次/月"), ("每年≥2场", "场/年"), ("每人每月530元", "元/人*月"),
        ("1次/月", "次/月"), ("每月1次/人", "次/人*月"), ("每两年1次", ""),
    ],
)
def test_a_period_in_front_belongs_to_the_unit(text, unit):
    assert parse_target(text).unit == unit


@pytest.mark.parametrize("text", ["投诉0次", "0起", "0"])
def test_a_bare_zero_can_be_missed(text):
    target = parse_target(text)

    assert target.kind is TargetKind.EQUAL
    assert scored_kind(target, "", "数量指标")[0] is TargetKind.AT_MOST


def test_a_floor_of_nothing_is_left_to_a_person():
    assert scored_kind(parse_target("≥0次"), "", "")[0] is TargetKind.OTHER


@pytest.mark.parametrize("text", ["2021年2月30日前", "4月31日前"])
def test_a_day_that_does_not_exist_is_no_due_date(text):
    target = parse_target(text)

    assert target.kind is TargetKind.OTHER
    assert "不存在" in scored_kind(target, "", "")[1]


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text):
    target = parse_target(text)

    assert target.text == text
    assert target.kind in TargetKind
    assert scored_kind(target, text, "")[1].endswith("。")


@given(
    st.integers(0, 10**6), st.sampled_from(["≥", ">=", "不低于", "大于等于", "至少", "＞＝"]), st.sampled_from("人个%")
)
def test_every_way_to_say_at_least_is_the_same(number, sign, unit):
    target = parse_target(f"{sign}{number}{unit}")

    assert (target.kind, target.bound, target.unit) == (TargetKind.AT_LEAST, number, unit)


def test_a_bare_number_of_what_nobody_wants_is_a_ceiling():
    kind, why = scored_kind(parse_target("5起"), "信访投诉数", "数量指标")

    assert kind is TargetKind.AT_MOST
    assert "越少越好" in why


def test_separators_part_thousands_and_nothing_else():
    assert chinese_number("1,500") == 1500
