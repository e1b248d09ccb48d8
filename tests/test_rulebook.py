"""Versions of the rule book: what they hold, which one a round takes, which numbers are refused."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from builders import NUMBER, ROUND, contents, demo_store, entry, opened_store, rows, submit, upload
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import NotFoundError, RefusedError
from data.reference import profile_rules
from data.store import Store
from metrics.boards import basis
from metrics.boards.definition import Scope
from metrics.law import citation
from metrics.rule_changes import WEIGHTS, RuleChange, bases, faults_of, plan_version
from metrics.rulebook import RuleVersion, held_versions, in_force, keep, keep_shipped, version_named, versions
from metrics.scoring import rule_row
from metrics.thresholds import ALL_THRESHOLDS, EXECUTION_MILESTONES, GOOD_FROM, SHIPPED_VALUES, SQL_RULES

ROOT = Path(__file__).parent.parent
AT = datetime(2021, 12, 28, 9)
SHIPPED = RuleVersion(
    "2021-1", "程序自带", date(2021, 1, 1), "程序自带的口径", datetime(2021, 1, 1), "程序自带", SHIPPED_VALUES
)
MILESTONES = {f"execution-milestone-{month:02d}": value for month, value in
              ((4, Decimal("0.25")), (6, Decimal("0.40")), (8, Decimal("0.60")), (10, Decimal("0.80")))}


def change(
    base: str = "2021-1", on: date = date(2022, 1, 1), reason: str = "测试", **changed: str | None
) -> RuleChange:
    """A change whose rules are named with underscores: grade_good_from="75"."""
    values = {key.replace("_", "-"): None if value is None else Decimal(value) for key, value in changed.items()}
    return RuleChange(base, values, on, reason)


def faults(given_change: RuleChange, *held: RuleVersion) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        plan_version([*held, SHIPPED], given_change, AT, "张三")
    return str(refused.value).split("\n\n")


def planned(given_change: RuleChange, *held: RuleVersion) -> RuleVersion:
    return plan_version([*held, SHIPPED], given_change, AT, "张三")


# --- what a store holds ----------------------------------------------------------------------------------------


def test_a_store_keeps_the_shipped_version_once_with_every_value_and_source():
    store = Store(None)
    for _ in range(2):
        with store.transaction() as cursor:
            keep_shipped(cursor)

    (held,) = versions(store)
    assert (held.version, held.profile_name, held.effective_on) == ("2021-1", "程序自带", date(2021, 1, 1))
    assert dict(held.values) == dict(SHIPPED_VALUES)
    assert held.sources["grade-good-from"] == citation(GOOD_FROM.source)
    assert not set(MILESTONES) & set(held.values)


def test_the_newest_version_that_is_effective_by_a_day_is_in_force():
    def version(name: str, on: date, adopted: int) -> RuleVersion:
        return RuleVersion(name, "某方案", on, "测试", datetime(2021, 12, adopted), "张三", SHIPPED_VALUES)

    store = Store(None)
    with store.transaction() as cursor:
        keep_shipped(cursor)
        for rules in (version("2023-1", date(2023, 1, 1), 1), version("2022-1", date(2022, 1, 1), 2),
                      version("2022-2", date(2022, 1, 1), 2)):
            keep(cursor, rules)
    held = versions(store)

    assert [rules.version for rules in held] == ["2023-1", "2022-2", "2022-1", "2021-1"]
    assert {on.isoformat(): in_force(held, on).version for on in (
        date(2019, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1),
    )} == {"2019-01-01": "2021-1", "2021-12-31": "2021-1", "2022-01-01": "2022-2", "2022-12-31": "2022-2",
           "2023-01-01": "2023-1"}


def test_a_version_that_is_not_held_is_not_guessed():
    with pytest.raises(NotFoundError, match="没有口径版本“1999-1”"):
        version_named([SHIPPED], "1999-1")


def test_the_relation_rule_has_the_columns_of_the_row_that_python_makes(tmp_path):
    store = opened_store(tmp_path)
    with store.reading() as cursor:
        (row,) = cursor.rows((ROOT / "data/sql/queries/rule.sql").read_text(encoding="utf-8"))

    assert row == rule_row()
    assert [rule.column for rule in SQL_RULES] == list(row)[1:]


# --- profiles ---------------------------------------------------------------------------------------------------


def test_sichuan_2025_is_on_file_with_its_lines_and_its_gap():
    sichuan = {row.rule_key: row.rule_value for row in profile_rules() if row.profile_name == "四川2025"}

    assert sichuan == {**MILESTONES, "dual-gap-limit": Decimal("0.10")}
    assert all(row.rule_key in ALL_THRESHOLDS for row in profile_rules())


def test_every_profile_on_file_can_be_adopted_as_it_stands():
    profiles = {row.profile_key for row in profile_rules()}

    for key in profiles:
        rules = planned(change(key))
        assert rules.profile_name == bases([SHIPPED])[key].profile_name
        assert faults_of(rules.values) == []


def test_a_profile_is_the_shipped_version_with_some_values_replaced():
    rules = planned(change("sichuan-2025", on=date(2025, 9, 24)))

    assert rules.version == "2025-1"
    assert dict(rules.values) == {**SHIPPED_VALUES, **MILESTONES}


# --- planning a version ------------------------------------------------------------------------------------------


def test_a_version_is_named_by_the_year_it_begins_in_and_its_number_there():
    first = planned(change(on=date(2022, 7, 1), grade_good_from="75"))
    tenth = RuleVersion(**{**first.__dict__, "version": "2022-9"})

    assert first.version == "2022-1"
    assert planned(change(on=date(2022, 8, 1), grade_good_from="76"), tenth, first).version == "2022-10"
    assert planned(change(on=date(2021, 6, 1), grade_good_from="76"), tenth, first).version == "2021-2"


def test_a_changed_value_is_the_bureaus_own_and_the_others_keep_their_sources():
    first = planned(change(reason="按县里意见放宽", grade_good_from="75"))
    second = planned(change("2022-1", on=date(2023, 1, 1), reason="改超额", over_from="1.5"), first)
    back = planned(change("2023-1", on=date(2024, 1, 1), reason="改回", over_from="1.3"), second, first)

    assert first.profile_name == "本单位设定"
    assert first.sources["grade-good-from"] == "本单位设定（2022-1）：按县里意见放宽"
    assert second.sources["grade-good-from"] == "本单位设定（2022-1）：按县里意见放宽"
    assert second.sources["over-from"] == "本单位设定（2023-1）：改超额"
    assert back.sources["over-from"] == ""       # the rule book's own value has the rule book's own source
    assert planned(RuleChange("2021-1", {"over-from": Decimal("1.5")}, date(2022, 1, 1), "测试", "巴州2022")
                   ).profile_name == "巴州2022"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"weight_output": "49"}, "四类分值 10＋49＋30＋10＝99，合计应为 100 分。"),
        ({"weight_output": "50.000001"}, "四类分值 10＋50.000001＋30＋10＝100.000001，合计应为 100 分。"),
        ({"weight_execution": "0", "weight_output": "60"}, "四类分值每一类都应大于 0 分。"),
        ({"slightly_off_from": "1"}, "“略有偏差的下限”应高于 0%、低于 100%：达到 100% 的已经达标。"),
        ({"slightly_off_from": "0"}, "“略有偏差的下限”应高于 0%、低于 100%：达到 100% 的已经达标。"),
        ({"execution_cap": "0"}, "“执行率计分上限”是 0%，等于没有这条界限，应高于 0%。"),
        ({"over_from": "1e30"}, "“超额过多的下限”须是最多六位小数的数。"),
        ({"slightly_off_from": "-0.1"}, "“略有偏差的下限”应高于 0%、低于 100%：达到 100% 的已经达标。"),
        ({"over_from": "1"}, "“超额过多的下限”应高于 100%、低于 1000%。"),
        ({"over_from": "10"}, "“超额过多的下限”应高于 100%、低于 1000%。"),
        ({"grade_good_from": "90"}, "等级下限应从高到低、在 0 至 100 分之间，现在是优 90、良 90、中 60。"),
        ({"grade_excellent_from": "100.5"}, "等级下限应从高到低、在 0 至 100 分之间，现在是优 100.5、良 80、中 60。"),
        ({"grade_fair_from": "-1"}, "等级下限应从高到低、在 0 至 100 分之间，现在是优 90、良 80、中 -1。"),
        ({"band_partly_from": "0.8"}, "定性指标“达成”的下限应高于“部分达成”的下限。"),
        ({"band_reached_from": "1.01"}, "“定性指标“达成”的下限”是 101%，应在 0% 至 100% 之间。"),
        ({"execution_milestone_04": "0.4", "execution_milestone_08": "0.3"},
         "累计执行率下限 1–8月 30% 低于 1–4月 40%，累计数只能升不能降。"),
        ({"execution_milestone_04": "1.2"}, "“1–4月累计执行率下限”是 120%，应在 0% 至 100% 之间。"),
        ({"coverage_from": "-0.01"}, "“可以判断一个单位的最低填报分值占比”是 -1%，应在 0% 至 100% 之间。"),
        ({"dual_gap_limit": "1.5"}, "“目标完成与预算执行的差距”是 150%，应在 0% 至 100% 之间。"),
        ({"effect_from": None}, "“判为有效的得分率下限”不能空缺。"),
        ({"effect_from": "0.1234567"}, "“判为有效的得分率下限”须是最多六位小数的数。"),
        ({"effect_from": "NaN"}, "“判为有效的得分率下限”须是最多六位小数的数。"),
        ({"administration_fee_cap": "0.1"}, "“从救助资金中提取管理费的上限”还没有数字用到它，不能在这里修改。"),
    ],
)
def test_each_fault_is_one_sentence(changed, fault):
    assert faults(change(**changed)) == [fault]


@pytest.mark.parametrize(
    "changed",
    [
        {"weight_output": "45", "weight_outcome": "35"}, {"slightly_off_from": "0.999999"}, {"over_from": "1.000001"},
        {"grade_excellent_from": "100"}, {"grade_fair_from": "0"}, {"band_reached_from": "1"},
        {"band_partly_from": "0"}, {"coverage_from": "0"}, {"execution_milestone_06": "0"},
        {"execution_milestone_04": "0.4", "execution_milestone_10": "0.4"},
    ],
)
def test_numbers_at_their_limits_are_taken(changed):
    wanted = {key.replace("_", "-"): Decimal(value) for key, value in changed.items()}

    assert dict(planned(change(**changed)).values) == {**SHIPPED_VALUES, **wanted}


def test_all_faults_are_said_at_once():
    found = faults(RuleChange(
        "2021-1", {"weight-output": Decimal(40), "over-from": Decimal("0.9"), "grade-good-from": Decimal(95)},
        date(2020, 12, 31), " ",
    ))

    assert len(found) == 5
    words = ["生效日", "理由", "分值", "超额", "等级"]
    assert [word in text for word, text in zip(words, found, strict=True)] == [True] * 5
    assert all(text.endswith("。") for text in found)


def test_a_version_that_changes_nothing_is_refused():
    adopted = planned(change(grade_good_from="75"))

    assert faults(change()) == ["没有改动：从 2022-01-01 起本来就按 2021-1 版计算，各项数值与它完全相同。"]
    assert faults(change(grade_good_from="80")) == faults(change())
    # By another way to the same numbers.
    (fault,) = faults(change(on=date(2023, 1, 1), grade_good_from="75"), adopted)
    assert "本来就按 2022-1 版计算" in fault
    # Going back to an older version is a change, and so is an earlier first day.
    assert planned(change(on=date(2023, 1, 1)), adopted).values == SHIPPED_VALUES
    assert planned(change("2022-1", on=date(2021, 7, 1)), adopted).version == "2021-2"


def test_unknown_bases_and_rules_are_refused():
    assert faults(change("1999-1")) == ["没有口径版本或方案“1999-1”，请重新选择从哪一版改起。"]
    assert faults(change(no_such_rule="1")) == ["没有名为 no-such-rule 的口径参数，请在“依据与口径”页面核对。"]


def test_a_milestone_is_left_out_again_by_none():
    sichuan = planned(change("sichuan-2025", on=date(2025, 9, 24)))
    without = planned(change("2025-1", on=date(2026, 1, 1), execution_milestone_04=None), sichuan)

    assert set(sichuan.values) - set(without.values) == {"execution-milestone-04"}


@cache
def empty_store() -> Store:
    return Store(None)


@settings(deadline=None)
@given(st.dictionaries(
    st.sampled_from([key for key, rule in ALL_THRESHOLDS.items() if rule.is_editable]),
    st.one_of(st.none(), st.decimals(-2, 120, places=3)), min_size=1, max_size=6,
))
def test_whatever_is_taken_can_be_judged_by_and_is_read_back_as_it_was(changed):
    try:
        rules = planned(RuleChange("2021-1", changed, date(2022, 1, 1), "测试"))
    except RefusedError as refused:
        assert all(text.endswith("。") for text in str(refused).split("\n\n"))
        return
    assert sum(rules.values[rule.key] for rule in WEIGHTS) == 100
    assert rules.values["slightly-off-from"] < 1 < rules.values["over-from"]
    assert rules.values["grade-excellent-from"] > rules.values["grade-good-from"] > rules.values["grade-fair-from"]
    with empty_store().rehearsal() as cursor:
        keep(cursor, rules)
        (held,) = held_versions(cursor)
    assert dict(held.values) == dict(rules.values)


# --- boards ------------------------------------------------------------------------------------------------------


@pytest.fixture
def store_of_versions(tmp_path) -> Store:
    store = opened_store(tmp_path)
    sichuan = planned(change("sichuan-2025", on=date(2025, 9, 24), reason="参照四川"))
    with store.transaction() as cursor:
        keep(cursor, sichuan)
        keep(cursor, planned(change("2025-1", on=date(2026, 1, 1), reason="放宽良", grade_good_from="75"), sichuan))
    return store


def test_versions_stand_the_newest_first_with_the_rounds_that_use_them(store_of_versions):
    table = basis.versions(store_of_versions)

    assert table["rule_version"].tolist() == ["2026-1", "2025-1", "2021-1"]
    assert table["round_count"].tolist() == [0, 0, 1]
    assert table["profile_name"].tolist() == ["本单位设定", "四川2025", "程序自带"]


def test_limits_say_value_since_when_from_where_and_how_far_to_trust_it(store_of_versions):
    shipped = basis.limits(store_of_versions, "2021-1").set_index("key")
    newest = basis.limits(store_of_versions, "2026-1").set_index("key")

    assert list(shipped.index) == list(ALL_THRESHOLDS)
    assert shipped.loc["grade-good-from", ["value", "trust", "use_state"]].tolist() == [80, "出处待核", "in_use"]
    assert newest.loc["grade-good-from", ["value", "trust", "citation", "effective_on"]].tolist() == [
        75, "本单位设定", "本单位设定（2026-1）：放宽良", date(2026, 1, 1)
    ]
    # Taken over from the version before, since when it holds.
    assert newest.loc["execution-milestone-04", "effective_on"] == date(2025, 9, 24)
    assert newest.loc["administration-fee-cap", ["effective_on", "use_state"]].tolist() == [
        date(2021, 1, 1), "not_yet"
    ]
    assert shipped.loc["execution-milestone-04", ["value", "effective_on", "use_state"]].tolist() == [
        None, None, "left_out"
    ]
    assert newest.loc["execution-milestone-04", "use_state"] == "in_use"


def test_the_difference_names_only_what_differs_and_is_mirrored(store_of_versions):
    there = basis.difference(store_of_versions, "2021-1", "2026-1")
    back = basis.difference(store_of_versions, "2026-1", "2021-1")

    assert there.set_index("key")["old_value"].to_dict() == {"grade-good-from": 80, **dict.fromkeys(MILESTONES)}
    assert there.set_index("key")["new_value"].to_dict() == {"grade-good-from": 75, **MILESTONES}
    assert back["old_value"].tolist() == there["new_value"].tolist()
    assert basis.difference(store_of_versions, "2025-1", "2025-1").empty


@pytest.mark.parametrize("board", [basis.limits, lambda store, name: basis.difference(store, "2021-1", name)])
def test_an_unknown_version_is_said(store_of_versions, board):
    with pytest.raises(NotFoundError, match="没有口径版本“1999-1”"):
        board(store_of_versions, "1999-1")


# --- consequence -------------------------------------------------------------------------------------------------

# 轮台县 got 2939 万元 and paid 2351.2, so 8.00 of 10 points of execution.
LATER = Scope(NUMBER, ROUND, date(2021, 12, 28))


def reported_store(folder: Path) -> Store:
    """轮台县 reported two indicators, everything else of its form is not applicable; no clock runs."""
    store = opened_store(folder)
    rest = [entry(no, is_not_applicable=True, evidence_text="无") for no in range(1, 21) if no not in (4, 5, 11)]
    submit(store, upload(
        entry(4, numerator=81, denominator=100),        # ≥90%: 90% of the target
        entry(5, numerator=120, denominator=100),       # ≥85%: 141.17% of it
        *rest, paid_wan="2351.2",
    ))
    return store


def adopted(store: Store, rules: RuleVersion) -> str:
    with store.transaction() as cursor:
        keep(cursor, rules)
    return rules.version


def cells_of(store: Store, version: str) -> dict[int, dict]:
    table = basis.consequence(store, LATER, version).cells
    return table[table["recipient_id"] == "luntai"].set_index("indicator_no").to_dict("index")


def test_its_own_version_changes_nothing_in_any_round_of_the_demonstration():
    for round_id in ("2021-06", "2021-09", "2021-12"):
        found = basis.consequence(demo_store(), Scope(NUMBER, round_id, date(2021, 12, 28)), "2021-1")

        assert (len(found.cells), len(found.units)) == (240, 12)
        assert not found.cells["is_changed"].any()
        assert not found.units["is_changed"].any()
        assert found.cells["new_final_micro"].tolist() == found.cells["old_final_micro"].tolist()


def test_other_limits_move_states_and_no_points(tmp_path):
    store = reported_store(tmp_path)
    version = adopted(store, planned(change(slightly_off_from="0.95", over_from="1.5", effect_from="0.97")))

    cells = cells_of(store, version)
    assert (cells[4]["old_state"], cells[4]["new_state"]) == ("slightly_off", "off")
    assert (cells[5]["old_state"], cells[5]["new_state"]) == ("over", "met")
    assert cells[4]["old_final_micro"] == cells[4]["new_final_micro"] == 3_214_286   # 3.571429 × 0.9
    assert [no for no, cell in cells.items() if cell["is_changed"]] == [4, 5]
    units = basis.consequence(store, LATER, version).units.set_index("recipient_id")
    # 6.785715 of 7.142858 points is 95.0%: above 80%, below 97%.
    assert units.loc["luntai", ["old_effect_state", "new_effect_state"]].tolist() == [
        "effect_ahead_of_money", "both_behind"
    ]
    assert not units.loc["luntai", "is_points_micro_changed"]
    assert not units.drop("luntai")["is_changed"].any()


def test_other_weights_move_points_and_grades_through_the_same_rule(tmp_path):
    store = reported_store(tmp_path)
    version = adopted(store, planned(change(
        weight_execution="40", weight_output="20", grade_excellent_from="92", grade_good_from="85",
    )))

    cells = cells_of(store, version)
    # 14 indicators share the points of 产出: 50 ÷ 14 and 20 ÷ 14.
    assert (cells[4]["old_weight_micro"], cells[4]["new_weight_micro"]) == (3_571_429, 1_428_572)
    assert (cells[4]["old_final_micro"], cells[4]["new_final_micro"]) == (3_214_286, 1_285_715)
    unit = basis.consequence(store, LATER, version).units.set_index("recipient_id").loc["luntai"]
    # 14.785715 of 7.142858 + 10 is 86.2499998%, 34.714287 of 2.857144 + 40 is 81.0000008%: floored.
    assert (unit["old_points_micro"], unit["new_points_micro"]) == (86_249_999, 81_000_000)
    assert (unit["old_grade"], unit["new_grade"]) == ("good", "fair")


def test_what_a_reviewer_decided_keeps_its_share_of_the_weight(tmp_path):
    store = reported_store(tmp_path)
    (report,) = rows(store, "SELECT DISTINCT report_id FROM score WHERE report_id IS NOT NULL")
    with store.transaction() as cursor:
        cursor.insert("review", [{
            "review_no": 1, "document_number": NUMBER, "round_id": ROUND, "recipient_id": "luntai", "indicator_no": 4,
            "report_id": report["report_id"], "target_version": 1, "weight_micro": 3_571_429,
            "reviewed_micro": 1_000_000, "review_reason": "佐证不足",
            "reviewed_at": datetime(2021, 12, 27, 9), "reviewed_by": "张三",
        }])
    version = adopted(store, planned(change(weight_execution="40", weight_output="20")))

    cell = cells_of(store, version)[4]
    assert (cell["old_final_micro"], cell["new_final_micro"]) == (1_000_000, 400_000)    # × 1428572 ÷ 3571429


def test_a_consequence_writes_nothing_and_needs_an_open_round(tmp_path):
    store = reported_store(tmp_path)
    version = adopted(store, planned(change(over_from="1.5")))
    before = contents(store)

    basis.consequence(store, LATER, version)
    early = basis.consequence(store, Scope(NUMBER, ROUND, date(2021, 12, 21)), version)

    assert contents(store) == before
    assert early.cells.empty
    with pytest.raises(NotFoundError):
        basis.consequence(store, LATER, "1999-1")


# --- in use ------------------------------------------------------------------------------------------------------


def test_a_rule_is_in_use_exactly_where_a_figure_rests_on_it():
    judging = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "metrics/sql").glob("*.sql"))
    statements = re.sub("--.*", "", judging)
    weights = {"weight-output", "weight-outcome", "weight-satisfaction"}      # metrics/weights.py splits them

    resting = {key for key, rule in ALL_THRESHOLDS.items() if re.search(rf"\b{rule.column}\b", statements)} | weights
    assert {key for key, rule in ALL_THRESHOLDS.items() if rule.is_in_use} == resting
    assert len(EXECUTION_MILESTONES) == 4
