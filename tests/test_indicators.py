"""From printed targets to what is asked and scored."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data.intake.form import EntryKind
from data.model import FundNotice, Reading, TargetRow, TargetSheet
from data.notice.reader import read_notice
from metrics.indicators import JUDGED, entry_of, is_to_be_decomposed, plan_indicators, plan_targets
from metrics.targets import TargetKind, parse_target

FOUNDING = Path(__file__).parent / "notices" / "founding" / "notice.txt"
MICRO = 1_000_000
PUBLISHED = datetime(2021, 12, 22, 16)


@pytest.fixture(scope="module")
def founding() -> list[dict]:
    return list(plan_indicators(read_notice(FOUNDING)))


def notice(*targets: tuple[str, str, str], fund: str = "") -> FundNotice:
    """A notice of another fund with (name, target text, printed weight) under 产出指标."""
    rows = tuple(
        TargetRow(no, 10 + no, "产出指标", "数量指标", name, name, text, weight_text=weight)
        for no, (name, text, weight) in enumerate(targets, start=1)
    )
    return FundNotice("x.txt", "0" * 64, (), target_sheet=TargetSheet("表", 1, rows),
                      fund_name=Reading(fund, fund, 1) if fund else None)


def test_the_founding_indicators_are_asked_as_their_targets_want(founding):
    kinds = {row["indicator_no"]: row["entry_kind"] for row in founding}

    assert kinds == {
        1: "coverage", 2: "versus_prior", 3: "coverage", 4: "ratio", 5: "ratio", 6: "versus_prior",
        7: "versus_prior", 8: "versus_prior", 9: "ratio", 10: "ratio_versus_prior", 11: "from_receipt", 12: "ratio",
        13: "ratio", 14: "ratio", 15: "qualitative", 16: "qualitative", 17: "ratio", 18: "qualitative", 19: "ratio",
        20: "ratio",
    }
    assert {row["dimension"] for row in founding} == {"产出指标", "效益指标", "满意度指标"}


def test_the_founding_weights_add_up_within_each_dimension(founding):
    sums: dict[str, int] = {}
    for row in founding:
        sums[row["dimension"]] = sums.get(row["dimension"], 0) + row["weight_micro"]

    assert sums == {"产出指标": 50 * MICRO, "效益指标": 30 * MICRO, "满意度指标": 10 * MICRO}
    assert all(row["is_default_weight"] for row in founding)


def test_rates_name_both_of_their_counts(founding):
    for row in founding:
        if row["entry_kind"] in ("ratio", "coverage", "ratio_versus_prior"):
            assert row["numerator_label"], row["indicator_no"]
            assert row["denominator_label"], row["indicator_no"]
    assert {row["entry_kind"] for row in founding} <= {kind.value for kind in EntryKind}


@pytest.mark.parametrize(
    ("name", "text", "entry_kind", "rollup"),
    [
        ("资金拨付率", "≥95%", "ratio", "ratio"),
        ("培训人次", "≥1000人次", "value", "sum"),
        ("应保尽保率", "应保尽保", "coverage", "ratio"),
        ("补助标准", "不低于上年", "versus_prior", "all_hold"),
        ("投诉率", "比上年降低", "versus_prior", "all_hold"),
        ("资金下达时限", "收到文件后5个工作日内", "from_receipt", "prefecture"),
        ("群众生活水平", "有所提升", "qualitative", "weighted_mean"),
        ("完工时间", "2021年12月31日前", "qualitative", "weighted_mean"),
    ],
)
def test_an_unknown_indicator_is_asked_as_its_target_wants(name, text, entry_kind, rollup):
    (row,) = plan_indicators(notice((name, text, "")))

    assert (row["entry_kind"], row["rollup_method"]) == (entry_kind, rollup)
    assert row["short_name"] == name[:8]


def test_every_kind_of_target_has_a_way_to_be_reported():
    for kind in TargetKind:
        texts = {"working_day_deadline": "3个工作日内", "full_coverage": "应保尽保"}
        target = parse_target(texts.get(kind.value, "≥90%"), "指标")
        entry = entry_of(target.__class__(**{**target.__dict__, "kind": kind}))
        assert entry.entry_kind in {each.value for each in EntryKind}, kind


def test_the_target_decides_over_a_known_name():
    fund = "困难群众救助补助资金"
    (known,) = plan_indicators(notice(("临时救助人次", "适度提高", ""), fund=fund))
    (counted,) = plan_indicators(notice(("临时救助人次", "≥1000人次", ""), fund=fund))

    assert (known["entry_kind"], counted["entry_kind"]) == ("versus_prior", "value")
    assert counted["unit_text"] == "人次"


def test_printed_weights_are_kept_and_said_to_be_printed():
    rows = list(plan_indicators(notice(("甲", "≥90%", "30"), ("乙", "≥90%", "20"))))

    assert rows[0]["weight_micro"] * 2 == rows[1]["weight_micro"] * 3
    assert [row["is_default_weight"] for row in rows] == [False, False]


def test_a_notice_without_a_target_sheet_has_no_indicators():
    assert list(plan_indicators(FundNotice("x.txt", "0" * 64, ()))) == []


def test_every_unit_gets_every_target_as_printed(founding):
    targets = list(plan_targets(founding, ["luntai", "bohu"], PUBLISHED, "阿依古丽", "巴财社〔2021〕96号"))

    assert len(targets) == 60
    assert {(row["indicator_no"], row["recipient_id"]) for row in targets} == {
        (number, unit) for number in range(1, 21) for unit in ("region", "luntai", "bohu")
    }
    (four,) = [row for row in targets if row["indicator_no"] == 4 and row["recipient_id"] == "bohu"]
    assert (four["target_kind"], four["scored_kind"], four["bound"], four["scale"]) == (
        "at_least", "at_least", Decimal(90), 100
    )
    assert (four["target_version"], four["valid_from_on"], four["changed_by"]) == (1, PUBLISHED.date(), "阿依古丽")
    assert (four["change_reason"], four["approval_text"]) == ("下达文件所印", "巴财社〔2021〕96号")


def test_last_years_rate_is_read_in_percent(founding):
    (ten,) = [row for row in plan_targets(founding, ["bohu"], PUBLISHED, "", "")
             if row["indicator_no"] == 10 and row["recipient_id"] == "bohu"]

    assert (ten["scored_kind"], ten["scale"]) == ("not_below_last_year", 100)


def test_what_a_program_cannot_judge_is_left_to_a_person():
    rows = list(plan_indicators(notice(("完工时间", "2021年12月31日前", ""), ("满意", "有所提升", ""))))
    targets = plan_targets(rows, ["bohu"], PUBLISHED, "", "")
    kinds = [row["scored_kind"] for row in targets if row["recipient_id"] == "bohu"]

    assert kinds == ["other", "qualitative"]
    assert TargetKind.QUALITATIVE in JUDGED


def test_a_total_of_the_region_is_no_units_target_until_it_is_decomposed():
    rows = list(plan_indicators(notice(("救助人次", "≥5000人次", ""))))
    kinds = {row["recipient_id"]: row["scored_kind"] for row in plan_targets(rows, ["bohu"], PUBLISHED, "", "")}

    assert kinds == {"region": "at_least", "bohu": "other"}


def test_only_a_reported_sum_is_a_total_to_be_decomposed():
    kinds = [("sum", "value"), ("sum", "versus_prior"), ("weighted_mean", "value")]

    assert [is_to_be_decomposed({"rollup_method": method, "entry_kind": kind}) for method, kind in kinds] == [
        True, False, False]
