"""Reviews: who may decide which points, what then counts, and when a review stops holding."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from builders import (
    NUMBER,
    OFFICER,
    REGION,
    REVIEWING,
    ROUND,
    SUBMITTED_AT,
    clerk,
    contents,
    demo_store,
    entry,
    form,
    is_whole_log,
    opened_store,
    rows,
    score_of,
    sign_in,
    submit,
    upload,
)
from streamlit.testing.v1 import AppTest

from dashboard import review_tables, session
from dashboard.actions.report_events import add_event
from dashboard.actions.reports import rehearse
from dashboard.actions.reviews import prefilled_points, read_points, review_score
from dashboard.actions.targets import TargetPlan, decompose_targets
from data.audit import Actor
from data.errors import RefusedError
from metrics.boards import reviews, standing
from metrics.boards.definition import Scope
from metrics.refresh import refresh_scores
from metrics.three_scores import NEEDS

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 26))
REVIEWED_AT = SUBMITTED_AT + timedelta(hours=2)
# The weight of 按时发放率 (target ≥90%): 50 points on 14 indicators. 81/100 is 90 % of the target.
WEIGHT, RECOMPUTED = 3_571_428, 3_214_285
FIGURES = {"numerator": 81, "denominator": 100}


def reported(tmp_path, *entries):
    store = opened_store(tmp_path)
    submit(store, upload(*(entries or (entry(12, **FIGURES, claimed_points=Decimal("3.5")),))))
    return store


def review(store, points="3", reason="入户核查 20 户", *, no=12, unit="luntai", at=REVIEWED_AT, actor=REVIEWING,
           **more):
    return review_score(store, actor, at, NUMBER, ROUND, unit, no, Decimal(points), reason, **more)


def value(store, no=12, unit="luntai", scope=SCOPE):
    table = reviews.three_scores(store, scope)
    (row,) = table[(table["recipient_id"] == unit) & (table["indicator_no"] == no)].to_dict("records")
    return row


def effect(store, unit="luntai"):
    table = standing.unit_effects(store, SCOPE).set_index("recipient_id")
    return int(table.loc[unit, "score_micro"]), int(table.loc[unit, "scored_weight_micro"])


def test_a_claim_is_kept_beside_the_recomputed_score(tmp_path):
    store = reported(tmp_path)

    assert rows(store, "SELECT indicator_no, claimed_micro FROM actual") == [
        {"indicator_no": 12, "claimed_micro": 3_500_000}
    ]
    row = value(store)
    assert (row["claimed_micro"], row["score_micro"], row["final_micro"]) == (3_500_000, RECOMPUTED, RECOMPUTED)
    assert (row["claim_difference_micro"], row["need"]) == (RECOMPUTED - 3_500_000, "different")
    assert row["sentence"] == "自评 3.50 分，复算 3.21 分，少 0.29 分：完成率 90% 未达标，按比例计分。"
    assert pd.isna(row["reviewed_micro"]) and pd.isna(row["review_difference_micro"])


def test_no_claim_is_no_zero(tmp_path):
    nothing = entry(20, numerator=80, denominator=100, claimed_points=Decimal(0))
    store = reported(tmp_path, entry(12, **FIGURES), nothing)

    kept = {row["indicator_no"]: row["claimed_micro"] for row in rows(store, "SELECT * FROM actual")}
    assert kept == {12: None, 20: 0}
    assert pd.isna(value(store)["claim_difference_micro"])
    assert value(store, 20)["sentence"].startswith("自评 0.00 分，复算 ")


def test_the_weight_of_the_round_is_on_the_form(tmp_path):
    weights = {row.indicator_no: row.weight_micro for row in form(opened_store(tmp_path)).rows}

    assert weights[12] == WEIGHT and sum(weights.values()) == 90_000_000


def test_the_preview_shows_the_claim(tmp_path):
    given = upload(entry(12, **FIGURES, claimed_points=Decimal("3.5")))

    found = rehearse(opened_store(tmp_path), clerk("luntai"), SUBMITTED_AT, given, "652800")

    assert {row["indicator_no"]: row["claimed_micro"] for row in found}[12] == 3_500_000


def test_a_review_counts_in_totals_and_is_logged_with_all_three_scores(tmp_path):
    store = reported(tmp_path)
    assert effect(store) == (RECOMPUTED, WEIGHT)

    done = review(store)

    assert done.outcome == "reviewed"
    assert done.sentence == (
        "自评 3.50 分，复算 3.21 分，少 0.29 分：完成率 90% 未达标，按比例计分；"
        "复核 3.00 分，再少 0.21 分：理由“入户核查 20 户”（古丽娜，12月26日）。"
    )
    assert effect(store) == (3_000_000, WEIGHT)
    row = value(store)
    assert (row["reviewed_micro"], row["final_micro"], row["score_micro"]) == (3_000_000, 3_000_000, RECOMPUTED)
    assert (row["need"], row["sentence"]) == ("", done.sentence)
    # The recomputed score itself stays as it is.
    assert score_of(store, 12, REVIEWED_AT)["score_micro"] == RECOMPUTED
    (line,) = rows(store, "SELECT * FROM audit_log WHERE action_name = 'review_score'")
    assert line["actor_name"] == "古丽娜" and '"claimed_micro": 3500000' in line["detail_json"]
    assert '"recomputed_micro": 3214285, "report_id"' in line["detail_json"]
    assert '"reviewed_micro": 3000000' in line["detail_json"]
    assert is_whole_log(store)


def test_the_page_of_an_earlier_day_knows_no_later_review(tmp_path):
    store = reported(tmp_path)

    review(store, at=REVIEWED_AT + timedelta(days=1))

    assert value(store)["final_micro"] == RECOMPUTED
    assert value(store, scope=Scope(NUMBER, ROUND, date(2021, 12, 27)))["final_micro"] == 3_000_000


def test_reviewing_again_replaces_and_recomputed_points_take_it_back(tmp_path):
    store = reported(tmp_path)
    review(store)
    review(store, "2.5", "又少了一半佐证", at=REVIEWED_AT + timedelta(minutes=1))
    assert value(store)["final_micro"] == 2_500_000

    back = review(store, "3.214285", "佐证补齐", at=REVIEWED_AT + timedelta(minutes=2))

    assert back.sentence.endswith("复核 3.21 分，与复算一致：理由“佐证补齐”（古丽娜，12月26日）。")
    assert effect(store) == (RECOMPUTED, WEIGHT)
    log = reviews.review_log(store, SCOPE)
    assert list(log["review_state"]) == ["counts", "replaced", "replaced"]
    assert list(log["reviewed_micro"]) == [RECOMPUTED, 2_500_000, 3_000_000]


def test_what_changes_nothing_writes_nothing(tmp_path):
    store = reported(tmp_path)
    before = contents(store)

    assert review(store, "3.214285").outcome == "nothing_changed"
    assert contents(store) == before

    review(store)
    after = contents(store)
    assert review(store, at=REVIEWED_AT + timedelta(hours=1)).outcome == "nothing_changed"
    assert contents(store) == after


def test_a_value_that_waits_can_be_confirmed_as_it_is(tmp_path):
    band = {"band": 1, "band_share": 92, "evidence_text": "入户回访记录"}
    store = reported(tmp_path, entry(15, **band), entry(12, numerator=100, denominator=100))
    assert value(store, 15)["need"] == "qualitative"
    points = prefilled_points(value(store, 15))

    assert points == "6.90"
    assert review(store, points, "与记录一致", no=15).outcome == "reviewed"
    assert value(store, 15)["need"] == ""


def test_a_person_may_deduct_where_far_too_much_was_done(tmp_path):
    store = reported(tmp_path, entry(20, numerator=88, denominator=100), entry(2, value=200, prior_value=100))
    assert (value(store, 2)["state"], value(store, 2)["need"]) == ("over", "over")
    assert value(store, 2)["final_micro"] == value(store, 2)["weight_micro"]

    review(store, "3.2", "目标按上年数定低了", no=2)

    assert value(store, 2)["final_micro"] == 3_200_000
    assert value(store, 2)["state"] == "over"


def test_words_the_program_cannot_judge_get_points_from_a_person(tmp_path):
    store = reported(tmp_path)
    with store.transaction() as cursor:
        cursor.run("UPDATE target SET scored_kind = 'other', kind_reason = '分母没有写明' WHERE indicator_no = 12")
    submit(store, upload(entry(12, **FIGURES, claimed_points=Decimal(3))), at=SUBMITTED_AT + timedelta(minutes=1))
    row = value(store)
    assert (row["state"], row["need"], effect(store)) == ("needs_review", "undecided", (0, 0))
    assert row["sentence"] == "自评 3.00 分，没有复算得分：分母没有写明，须由人判定。"
    assert prefilled_points(row) == ""

    review(store, "2.75")

    assert value(store)["final_micro"] == 2_750_000
    assert effect(store) == (2_750_000, WEIGHT)


def test_a_new_version_of_the_report_ends_the_review(tmp_path):
    store = reported(tmp_path)
    review(store)

    submit(store, upload(entry(12, numerator=81, denominator=100, evidence_text="补了材料")),
           at=REVIEWED_AT + timedelta(hours=1))

    row = value(store)
    assert (row["final_micro"], row["need"]) == (RECOMPUTED, "lapsed")
    assert row["sentence"].endswith("；原复核已失效，请重新复核。")
    assert list(reviews.review_log(store, SCOPE)["review_state"]) == ["lapsed"]
    assert effect(store) == (RECOMPUTED, WEIGHT)
    # To confirm the new figures is a review of its own, even with the points that the rule gives.
    assert review(store, "3.214285", at=REVIEWED_AT + timedelta(hours=2)).outcome == "reviewed"
    assert value(store)["need"] == ""
    assert list(reviews.review_log(store, SCOPE)["review_state"]) == ["counts", "lapsed"]


def test_a_new_target_ends_the_review_made_against_the_old_one(tmp_path):
    """81% of ≥90% got 3 points from a person; of ≥100% the rule gives 0.81 × 3.571428, and nobody saw that."""
    store = reported(tmp_path)
    review(store)
    raised = TargetPlan(NUMBER, {(12, "luntai"): "≥100%"}, date(2021, 12, 1), "按批复调整", "会议纪要〔2021〕8号")

    decompose_targets(store, OFFICER, REVIEWED_AT + timedelta(hours=1), raised, REGION)

    row = value(store)
    assert (row["final_micro"], row["need"]) == (2_892_857, "lapsed") and pd.isna(row["reviewed_micro"])
    assert row["sentence"].endswith("；原复核已失效，请重新复核。")
    assert effect(store) == (2_892_857, WEIGHT)
    assert list(reviews.review_log(store, SCOPE)["review_state"]) == ["lapsed"]
    assert list(reviews.review_log(store, SCOPE)["weight_micro"]) == [WEIGHT]
    # A review of the new target counts again, and another unit's change is none of this one's.
    assert review(store, at=REVIEWED_AT + timedelta(hours=2), seen_target_version=2).outcome == "reviewed"
    assert effect(store) == (3_000_000, WEIGHT)
    other = TargetPlan(NUMBER, {(12, "bohu"): "≥95%"}, date(2021, 12, 1), "按批复调整", "会议纪要〔2021〕9号")
    decompose_targets(store, OFFICER, REVIEWED_AT + timedelta(hours=3), other, REGION)
    assert list(reviews.review_log(store, SCOPE)["review_state"]) == ["counts", "lapsed"]
    assert effect(store) == (3_000_000, WEIGHT)


def test_points_out_of_another_weight_end_with_it(tmp_path):
    store = reported(tmp_path)
    review(store)

    with store.transaction() as cursor:
        cursor.run("UPDATE round_weight SET weight_micro = 2500000 WHERE indicator_no = 12")
        refresh_scores(cursor, NUMBER, ROUND, REVIEWED_AT + timedelta(hours=1), REGION)

    # 0.9 × 2.5 points; the three points would be more than the whole weight.
    assert (value(store)["final_micro"], value(store)["need"]) == (2_250_000, "lapsed")
    assert effect(store) == (2_250_000, 2_500_000)
    (line,) = reviews.review_log(store, SCOPE).to_dict("records")
    assert (line["review_state"], line["reviewed_micro"], line["weight_micro"]) == ("lapsed", 3_000_000, WEIGHT)


def test_what_was_withdrawn_cannot_be_reviewed_again(tmp_path):
    store = reported(tmp_path)
    review(store)
    submit(store, upload(entry(20, numerator=9, denominator=10)), at=REVIEWED_AT + timedelta(hours=1))

    row = value(store)
    assert row["sentence"].endswith("；原复核已失效。")
    with pytest.raises(RefusedError, match="没有可以复核的数据"):
        review(store, at=REVIEWED_AT + timedelta(hours=2))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"points": "3.58"}, "3.58 分大于该指标的分值 3.571428 分，请填 0 至 3.571428 之间的数"),
        ({"points": "-0.01"}, "是负数“-0.01”"),
        ({"points": "NaN"}, "不是有效的数字"),
        ({"points": "1e999999"}, "大于该指标的分值|位数过多"),
        ({"points": "1.1234567"}, "最多六位小数"),
        ({"reason": "  "}, "请写明复核理由"),
        ({"reason": "长" * 501}, "超过 500 字上限"),
        ({"no": 1}, "没有可以复核的数据"),
        ({"no": 11}, "由收文和导入时间计算，不作复核"),
        ({"no": 99}, "没有找到"),
        ({"unit": "yuli"}, "没有可以复核的数据"),
        ({"actor": Actor("", REVIEWING.role)}, "没有办事人姓名"),
        ({"actor": clerk("luntai")}, "不能办理这一步"),
        ({"seen_report_id": "旧的一版"}, "刚刚报送了新的一版"),
        ({"seen_target_version": 2}, "目标刚刚调整过"),
    ],
)
def test_refusals_write_nothing(tmp_path, more, words):
    store = reported(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError, match=words):
        review(store, **more)

    assert contents(store) == before


@pytest.mark.parametrize(
    ("unit_says", "words"),
    [
        ({"is_not_applicable": True, "evidence_text": "没有这项业务"}, "不适用"),
        ({"value": 1000}, "缺上年数"),
    ],
)
def test_what_is_missing_cannot_be_reviewed(tmp_path, unit_says, words):
    store = reported(tmp_path, entry(8, **unit_says), entry(12, **FIGURES))

    with pytest.raises(RefusedError, match=words):
        review(store, no=8)


def test_points_are_kept_to_the_micro_point(tmp_path):
    store = reported(tmp_path, entry(1, numerator=1, denominator=2))
    weight = int(value(store, 1)["weight_micro"])
    assert weight == 3_571_429

    review(store, "3.57", no=1)
    assert value(store, 1)["final_micro"] == 3_570_000
    review(store, "3.571429", no=1, at=REVIEWED_AT + timedelta(minutes=1))
    assert value(store, 1)["final_micro"] == weight


@pytest.mark.parametrize(("typed", "points"), [("3.5", "3.5"), ("３．５分", "3.5"), (" 0 ", "0")])
def test_points_as_people_type_them(typed, points):
    assert read_points(typed) == Decimal(points)


@pytest.mark.parametrize(("typed", "words"), [("", "请填写复核得分"), ("满分", "应填数字"), ("80%", "百分比")])
def test_what_is_no_points(typed, words):
    with pytest.raises(RefusedError, match=words):
        read_points(typed)


def test_sums_hold_only_what_is_comparable(tmp_path):
    store = reported(
        tmp_path,
        entry(12, **FIGURES, claimed_points=Decimal("3.5")),
        entry(20, numerator=88, denominator=100, claimed_points=Decimal("5")),
        entry(19, numerator=1, denominator=1),
        entry(8, value=1000, claimed_points=Decimal("2")),
    )
    review(store, "3")

    sums = reviews.unit_sums(store, SCOPE).set_index("recipient_id")

    mine = sums.loc["luntai"]
    assert (mine["comparable_count"], mine["different_count"]) == (2, 1)
    assert (mine["claimed_micro"], mine["recomputed_micro"]) == (8_500_000, RECOMPUTED + 5_000_000)
    assert mine["claim_difference_micro"] == RECOMPUTED - 3_500_000
    assert (mine["unclaimed_count"], mine["unscored_claim_count"]) == (1, 1)
    assert (mine["reviewed_count"], mine["review_difference_micro"]) == (1, 3_000_000 - RECOMPUTED)
    assert (mine["scored_count"], mine["final_micro"]) == (3, 3_000_000 + 5_000_000 + 5_000_000)
    silent = sums.loc["yuli"]
    assert silent["comparable_count"] == 0 and silent["claimed_micro"] is pd.NA and silent["final_micro"] is pd.NA


def test_the_table_begins_with_what_presses_most():
    table = reviews.three_scores(demo_store(), Scope(NUMBER, ROUND, date(2021, 12, 28)))
    places = [(*NEEDS, "").index(need) for need in table["need"]]

    assert len(table) == 240 and places == sorted(places)
    differing = table[table["need"] == "different"]
    assert list(differing["claim_difference_micro"].abs()) == sorted(
        differing["claim_difference_micro"].abs(), reverse=True
    )


def test_the_page_says_first_what_differs_and_what_waits(tmp_path):
    band = {"band": 1, "band_share": 92, "evidence_text": "有"}
    store = reported(
        tmp_path, entry(12, **FIGURES, claimed_points=Decimal("3.5")), entry(15, **band),
        entry(2, value=200, prior_value=100),
    )
    table = reviews.three_scores(store, SCOPE)

    assert review_tables.first_line(table) == (
        "**1 项自评与复算不一致（两个得分都有的共 1 项）；2 项待人判定或复核：超额过多 1 项，定性 1 项。**"
    )
    assert review_tables.unclaimed_line(table) == "另有 2 项有复算得分而没有填自评，涉及 1 个单位；不按 0 分比较。"


@pytest.mark.parametrize(("micro", "shown"), [(-170_000, "−0.17"), (200_000, "+0.20"), (0, "0.00"), (-40, "−0.00004")])
def test_differences_carry_their_sign(micro, shown):
    assert review_tables.signed(micro) == shown


def test_the_demonstration_has_three_reviews_that_hold():
    log = reviews.review_log(demo_store(), Scope(NUMBER, ROUND, date(2021, 12, 28)))

    assert list(log["review_state"]) == ["counts"] * 3
    assert sorted(log["recipient_id"]) == ["hejing", "kuerle-kaifaqu", "luntai"]
    assert reviews.review_log(demo_store(), Scope(NUMBER, ROUND, date(2021, 12, 27))).empty


def test_a_review_lies_never_before_the_report_it_looked_at(tmp_path):
    store = reported(tmp_path)

    review(store, at=datetime(2021, 12, 1))

    (kept,) = rows(store, "SELECT reviewed_at FROM review")
    assert kept["reviewed_at"] == SUBMITTED_AT


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The page 复核评分 of a workspace with one report in it."""
    store = reported(tmp_path, entry(12, **FIGURES, claimed_points=Decimal("3.5")), entry(8, value=1000))
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": "bureau_name", "setting_value": "巴州财政局"},
            {"setting_key": "region_code", "setting_value": "652800"},
            {"setting_key": "demonstration_today", "setting_value": "2021-12-26"},
        ])
    store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))

    def opened(**address):
        sign_in(monkeypatch, REVIEWING.role)
        test = AppTest.from_file(str(Path(session.__file__).parent / "app.py"), default_timeout=60)
        for name, value in address.items():
            test.query_params[name] = value
        return test.switch_page("app_pages/reviews.py").run()

    for cached in (st.cache_resource, st.cache_data):
        cached.clear()
    yield opened
    for cached in (st.cache_resource, st.cache_data):
        cached.clear()


def test_the_page_keeps_a_review_and_says_what_it_did(page):
    test = page()
    assert [error.value for error in test.exception] == []
    assert "1 项自评与复算不一致" in test.markdown[0].value
    # What presses most is chosen beforehand, with the points that count now.
    assert (test.selectbox(key="reviews_unit").value, test.selectbox(key="reviews_indicator").value) == ("luntai", 12)
    assert test.text_input[0].value == "3.214285"

    test.button[0].click().run()
    assert [error.value for error in test.error] == ["请写明复核理由：看了什么材料，为什么给这个分。"]

    test.text_input[0].set_value("3.1")
    test.text_area[0].set_value("入户核查 20 户")
    test.button[0].click().run()

    assert [error.value for error in [*test.exception, *test.error]] == []
    done = test.success[-1]
    assert done.value.startswith("已保存 轮台县“")
    assert "复核 3.10 分，再少 0.11 分：理由“入户核查 20 户”（阿依古丽，" in done.value and "回执 第 " in done.value
    assert test.text_input[0].value == "3.10"
    assert test.markdown[0].value.startswith("**1 项自评与复算不一致（两个得分都有的共 1 项）；0 项")


def test_the_page_refuses_what_cannot_be_reviewed_and_says_what_to_do(page):
    test = page(unit="luntai", indicator="8")

    assert [error.value for error in test.exception] == []
    assert [info.value for info in test.info] == [
        "这项指标没有可以复核的数据：缺上年数，无法比较，暂不计分；请补填上年数。"
    ]
    assert not test.button


def test_a_version_that_came_in_after_the_page_was_drawn_is_not_reviewed_unseen(page):
    test = page()
    store = session.workspace().store
    submit(store, upload(entry(12, numerator=99, denominator=100)), at=datetime(2021, 12, 26, 12))

    test.text_input[0].set_value("3.1")
    test.text_area[0].set_value("入户核查 20 户")
    test.button[0].click().run()

    assert len(test.error) == 1 and "刚刚报送了新的一版" in test.error[0].value
    assert rows(store, "SELECT * FROM review") == []


def test_a_locked_report_is_said_to_be_locked_and_offers_no_form(page):
    test = page()
    store = session.workspace().store
    with store.transaction() as cursor:
        report = cursor.rows("SELECT report_id FROM report WHERE recipient_id = 'luntai'")[0]
        add_event(cursor, OFFICER, datetime(2021, 12, 26, 12), report["report_id"], "locked")

    test.run()

    assert [error.value for error in [*test.exception, *test.error]] == []
    assert "已锁定" in test.info[0].value and "重新开放" in test.info[0].value
    assert not test.button


def test_the_page_of_an_earlier_day_offers_no_form(page):
    test = page(as_of="2021-12-25")

    assert [error.value for error in test.exception] == []
    assert not test.button
