"""What payouts prove, by hand: rates and heads at their borders, claims beside them, the payouts that need a look."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from builders import NUMBER, OFFICER, ROUND, clerk, entry, opened_store, submit, upload
from docking_builders import dock, person

from dashboard.payout_tables import across, beside, claims, first_sentence, lines, missing, rates
from dashboard.rights import read_board
from data.reference import find_payout_measure, payout_measures
from metrics.boards import payout
from metrics.payout_claims import compare
from metrics.payouts import person_labels
from metrics.scope import Scope

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 31))
ONE, TWO = person("one"), person("two")


@pytest.fixture
def store(tmp_path):
    held = opened_store(tmp_path)
    yield held
    held.close()


def on(day: date) -> Scope:
    return Scope(NUMBER, ROUND, day)


def rate(store, key="on_time", unit="luntai", scope=SCOPE):
    table = payout.rates(store, scope)
    return table[(table["recipient_id"] == unit) & (table["measure_key"] == key)].iloc[0]


def sides(row) -> tuple:
    return row["numerator"], row["denominator"]


def claim(store, indicator_no, unit="luntai", scope=SCOPE):
    table = payout.beside_claims(store, scope)
    return table[(table["recipient_id"] == unit) & (table["indicator_no"] == indicator_no)].iloc[0]


def found(store, key, unit="luntai", scope=SCOPE) -> tuple[int, Decimal]:
    table = payout.found(store, scope)
    rows = table[(table["list_key"] == key) & (table["recipient_id"] == unit)]
    return (int(rows["found_count"].sum()), sum(rows["stake_yuan"], Decimal(0)))


# On time.


@pytest.mark.parametrize(
    ("changes", "as_of", "expected"),
    [
        ({"paid_on": date(2021, 12, 10)}, date(2021, 12, 31), (1, 1)),      # the payout day itself
        ({"paid_on": date(2021, 12, 11)}, date(2021, 12, 31), (0, 1)),
        ({"paid_on": date(2021, 11, 28)}, date(2021, 12, 31), (1, 1)),      # ahead
        ({"payout_state": "pending", "paid_on": None}, date(2021, 12, 9), (None, None)),     # not due yet
        ({"payout_state": "pending", "paid_on": None}, date(2021, 12, 10), (0, 1)),   # the day has come and gone
        ({"paid_on": date(2021, 12, 8)}, date(2021, 12, 9), (1, 1)),        # paid before it was due
        ({"paid_on": None}, date(2021, 12, 31), (None, None)),              # nobody wrote the day down
        ({"payout_state": "refunded"}, date(2021, 12, 31), (0, 1)),
        ({"payout_state": "failed"}, date(2021, 12, 31), (0, 1)),
        ({"person_hash": None}, date(2021, 12, 31), (None, None)),
        ({"aid_kind": "temporary_aid"}, date(2021, 12, 31), (None, None)),  # no monthly aid
        ({"pay_month": date(2022, 1, 1)}, date(2021, 12, 31), (None, None)),     # next year's month
        ({"pay_month": date(2022, 1, 1), "paid_on": date(2021, 12, 31)}, date(2022, 1, 1), (1, 1)),
        ({"document_number": "新财社〔2020〕1号"}, date(2021, 12, 31), (None, None)),       # other money
    ],
)
def test_a_month_is_paid_on_time_by_its_payout_day(store, changes, as_of, expected):
    dock(store, "payout", changes, at=datetime(2021, 12, 1))

    assert sides(rate(store, scope=on(as_of))) == expected


def test_who_is_left_out_is_named(store):
    dock(
        store, "payout", {"person_hash": None}, {"paid_on": None}, {"payout_state": "failed"},
        {"payout_state": "pending"}, {"paid_on": date(2021, 12, 20)}, {},
    )

    row = rate(store)

    assert sides(row) == (1, 4)
    assert [row[name] for name in ("late_count", "failed_count", "pending_count", "unknown_count", "no_person_count")
            ] == [1, 1, 1, 1, 1]
    assert row["rate"] == 0.25


def test_the_first_success_counts_and_a_month_counts_once_a_kind(store):
    dock(
        store, "payout",
        {"person_hash": ONE, "payout_state": "refunded", "paid_on": date(2021, 12, 5)},
        {"person_hash": ONE, "paid_on": date(2021, 12, 10)},
        {"person_hash": ONE, "paid_on": date(2021, 12, 20)},
        {"person_hash": ONE, "aid_kind": "orphan", "paid_on": date(2021, 12, 11)},
        {"person_hash": ONE, "pay_month": date(2021, 11, 1), "paid_on": date(2021, 12, 1)},
    )

    assert sides(rate(store)) == (1, 3)


def test_what_was_paid_and_taken_back_is_not_paid(store):
    dock(store, "payout", {"person_hash": ONE}, {"person_hash": ONE, "amount_yuan": Decimal(-500)}, {})

    assert sides(rate(store)) == (1, 2)
    assert sides(rate(store, "bank_money")) == (500, 500)


def test_the_prefecture_is_the_sum_of_its_units(store):
    dock(store, "payout", {}, {"paid_on": date(2021, 12, 30)}, {"recipient_id": "bohu"}, {"recipient_id": "yuli"})

    assert sides(rate(store, unit="")) == (3, 4)
    assert rate(store, unit="")["docked_count"] == 12


def test_payouts_that_both_systems_hold_count_once(store):
    dock(store, "payout", {})
    dock(store, "payout", {}, system="monitoring")

    assert sides(rate(store)) == (1, 1)


# Through a bank.


def test_who_ever_had_cash_is_not_paid_through_a_bank(store):
    dock(
        store, "payout", {"person_hash": ONE}, {"person_hash": ONE, "channel": "cash", "aid_kind": "orphan"},
        {"person_hash": TWO, "amount_yuan": Decimal("700.10")}, {"channel": ""}, {"payout_state": "refunded"},
    )

    assert sides(rate(store, "bank_persons")) == (1, 2)
    assert rate(store, "bank_persons")["unknown_count"] == 1
    assert sides(rate(store, "bank_money")) == (Decimal("1200.10"), Decimal("1700.10"))


# Execution.


def test_execution_is_payments_over_the_allocated_money(store):
    dock(store, "payment", {"amount_yuan": Decimal(14695000)}, {"amount_yuan": Decimal(1), "paid_on": date(2022, 1, 1)})

    row = rate(store, "execution_rate")

    assert (*sides(row), row["rate"]) == (14695000, 29390000, 0.5)
    assert sides(rate(store, "execution_rate", scope=on(date(2022, 1, 1)))) == (14695001, 29390000)


def test_a_rate_over_one_waits_for_its_reason(store):
    dock(store, "payment", {"amount_yuan": Decimal(30000000)})

    row = rate(store, "execution_rate")

    assert row["rate"] is None or row["rate"] != row["rate"]
    assert "超过 100%，见资金流向" in set(rates(payout.rates(store, SCOPE))["算得"])
    assert "超过100%（3,000/2,939万元）" in claim(store, 0)["sentence"]


def test_what_is_not_docked_is_no_zero(store):
    assert sides(rate(store)) == sides(rate(store, "execution_rate")) == (None, None)
    assert [sentence[:9] for sentence in missing(payout.docked(store, SCOPE))] == [
        "还没有载入发放信息", "还没有载入支付信息", "还没有载入救助标准", "还没有载入停发名单",
    ]
    assert claim(store, 12)["claim_state"] == "not_docked"
    assert first_sentence(payout.beside_claims(store, SCOPE)) == "还没有能与自报比较的佐证。"


# Heads.


def test_heads_are_persons_paid_by_kind_and_month(store):
    dock(
        store, "payout", {"person_hash": ONE}, {"person_hash": ONE}, {"person_hash": TWO}, {"payout_state": "failed"},
        {"person_hash": ONE, "pay_month": date(2021, 11, 1)}, {"aid_kind": "orphan"}, {"person_hash": None},
    )

    table = payout.heads(store, SCOPE)

    assert {(row["aid_name"], row["pay_month"].month): (row["person_count"], row["paid_yuan"])
            for row in table.to_dict("records")} == {
        ("农村低保", 11): (1, 500), ("农村低保", 12): (2, 1500), ("孤儿", 12): (1, 500),
    }


# Claims beside the evidence.


def report(store, *entries, **more):
    return submit(store, upload(*entries, **more))


def test_a_claim_above_the_evidence_is_told_in_persons_and_points(store):
    dock(store, "payout", *({} for _ in range(9)), {"paid_on": date(2021, 12, 11)})
    report(store, entry(12, numerator=10, denominator=10))

    row = claim(store, 12)

    assert (row["claim_state"], row["numerator_gap"], row["gap_points"]) == ("claimed_more", 1, 10)
    assert row["sentence"] == (
        "轮台县按时发放率：自报 100%（10/10），发放明细算得 90%（9/10），自报高出 10 个百分点、1 人次；没有说明原因。"
    )
    assert first_sentence(payout.beside_claims(store, SCOPE)).startswith(
        "1 个单位 1 项自报与佐证对不上，其中 1 项没有说明原因。差得最多的：轮台县按时发放率"
    )


def test_the_unit_s_own_words_explain_a_difference(store):
    dock(store, "payout", {}, {})
    report(store, entry(12, numerator=1, denominator=2, deviation_reason="银行系统升级。", improvement_measure="补发"))

    row = claim(store, 12)

    assert (row["claim_state"], row["gap_points"], row["reason_text"]) == ("claimed_less", -50, "银行系统升级。")
    assert row["sentence"].endswith("自报低了 50 个百分点、1 人次；单位说明：银行系统升级。")


def test_the_same_rate_of_other_counts_is_not_the_same(store):
    dock(store, "payout", {}, {})
    report(store, entry(12, numerator=4, denominator=4))

    row = claim(store, 12)

    assert row["claim_state"] == "other_counts"
    assert "比率相同，相差 2 人次、分母多报 2 人次" in row["sentence"]


def test_money_is_compared_in_the_unit_of_the_report(store):
    dock(store, "payout", {"amount_yuan": Decimal(120000)}, {"channel": "cash", "amount_yuan": Decimal(80000)},
         {"aid_kind": "orphan", "amount_yuan": Decimal(900000)})
    report(store, entry(14, numerator=16, denominator=20), paid_wan="12.34")
    dock(store, "payment", {"amount_yuan": Decimal("123449.99")})

    row = claim(store, 14)

    assert row["claimed_numerator"] == 160000
    assert (row["computed_numerator"], row["computed_denominator"]) == (120000, 200000)
    assert "自报高出 20 个百分点、4 万元" in row["sentence"]
    assert claim(store, 0)["claim_state"] == "agrees"


@pytest.mark.parametrize(("paid", "state"), [("123450", "agrees"), ("123450.01", "claimed_less"),
                                             ("123350", "agrees"), ("123349.99", "claimed_more")])
def test_what_a_report_rounds_off_is_no_difference(store, paid, state):
    dock(store, "payment", {"amount_yuan": Decimal(paid)})
    report(store, paid_wan="12.34")

    assert claim(store, 0)["claim_state"] == state


def test_a_claim_is_held_against_the_end_of_its_period(store):
    dock(store, "payment", {"paid_on": date(2021, 12, 25), "amount_yuan": Decimal(10000)},
         {"paid_on": date(2021, 12, 26), "amount_yuan": Decimal(10000)})
    report(store, paid_wan=1)

    assert claim(store, 0)["claim_state"] == "agrees"


def test_heads_are_those_of_the_newest_month_that_is_due(store):
    dock(store, "payout", {}, {"aid_kind": "urban_allowance"}, {"person_hash": ONE, "pay_month": date(2021, 11, 1)},
         {"person_hash": ONE, "aid_kind": "urban_allowance"}, {"person_hash": ONE}, at=datetime(2021, 12, 1))
    report(store, entry(1, numerator=5, denominator=5))

    row = claim(store, 1)

    assert (row["computed_numerator"], row["head_month"], row["claim_state"]) == (3, date(2021, 12, 1), "claimed_more")
    assert "发放明细（2021年12月）算得 3 人，自报高出 2 人" in row["sentence"]
    assert claim(store, 1, scope=on(date(2021, 12, 9)))["computed_numerator"] == 1


def test_times_of_temporary_aid_are_counted_by_payout(store):
    dock(store, "payout", *({"aid_kind": "temporary_aid", "person_hash": ONE} for _ in range(3)),
         {"aid_kind": "temporary_aid", "pay_month": date(2020, 12, 1)})
    report(store, entry(2, value=3, prior_value=2))

    assert claim(store, 2)["claim_state"] == "agrees"


def test_what_was_not_reported_is_told_apart(store):
    dock(store, "payout", {})

    assert claim(store, 12)["claim_state"] == "no_claim"
    assert claim(store, 12)["sentence"] == "轮台县按时发放率：没有填报；发放明细算得 100%（1/1）。"


def test_the_score_is_not_touched_and_the_newest_version_counts(store):
    report(store, entry(12, numerator=10, denominator=10))
    submit(store, upload(entry(12, numerator=1, denominator=1)), at=datetime(2021, 12, 27, 10))
    with store.reading() as cursor:
        before = cursor.rows("SELECT * FROM score ORDER BY ALL")
    dock(store, "payout", {"paid_on": date(2021, 12, 20)})
    with store.reading() as cursor:
        assert cursor.rows("SELECT * FROM score ORDER BY ALL") == before

    assert claim(store, 12)["claimed_numerator"] == 1
    assert beside(payout.beside_claims(store, SCOPE), "luntai")[12] == "0%（0/1） ■ 自报偏高"


def test_rates_come_before_counts_and_the_largest_first():
    def pair(no, name, unit, claimed, computed):
        key = find_payout_measure(name, unit)
        common = {"recipient_id": f"u{no}", "recipient_name": f"单位{no}", "recipient_short_name": "", "display_no": no}
        return (
            {**common, "indicator_no": no, "indicator_name": name, "short_name": name, "unit_text": unit, "value": None,
             "numerator": claimed[0], "denominator": claimed[1], "is_not_applicable": False, "deviation_reason": "",
             "report_version": 1},
            {**common, "measure_key": key.measure_key, "figure": key.figure, "is_docked": True, "head_month": None,
             "numerator": computed[0], "denominator": computed[1], "late_count": 0, "failed_count": 0,
             "pending_count": 0, "not_due_count": 0, "unknown_count": 0, "no_person_count": 0},
        )

    ten = Decimal(10)
    made = [
        pair(1, "低保对象人数", "人", (ten, None), (Decimal(1), None)),
        pair(2, "按时发放率", "人次", (ten, ten), (Decimal(9), ten)),
        pair(3, "按时发放率", "人次", (Decimal(5), ten), (ten, ten)),
        pair(4, "按时发放率", "人次", (ten, ten), (ten, ten)),
    ]

    found_rows = compare([one for one, _ in made], [other for _, other in made])

    assert [row["indicator_no"] for row in found_rows] == [3, 2, 1, 4]


# Which indicators are proved.


@pytest.mark.parametrize(
    ("name", "unit", "key"),
    [
        ("困难群众基本生活救助和孤儿基本生活费按时发放率", "人次", "on_time"),
        ("低保资金社会化发放率", "万元", "bank_allowance_money"),
        ("低保资金社会化发放率", "人", "bank_allowance_persons"),
        ("社会化发放率", "万元", "bank_money"),
        ("低保对象人数", "人", "heads_allowance"),
        ("城市低保人数", "人", "heads_urban"),
        ("农村最低生活保障人数", "人", "heads_rural"),
        ("特困人员救助供养人数", "人", "heads_hardship"),
        ("孤儿人数", "人", "heads_orphan"),
        ("事实无人抚养儿童人数", "人", "heads_de_facto"),
        ("临时救助人次", "人次", "times_temporary"),
        ("预算执行率", "%", "execution_rate"),
        ("临时救助水平", "元/人次", None),
        ("求助的流浪乞讨人员救助率", "人次", None),
        ("孤儿、艾滋病病毒感染儿童、事实无人抚养儿童认定准确率", "人", None),
        ("按时发放率", "个", None),
    ],
)
def test_an_indicator_is_proved_by_its_words_and_its_unit(name, unit, key):
    measure = find_payout_measure(name, unit)

    assert (measure.measure_key if measure else None) == key


def test_every_measure_is_named_once():
    keys = [measure.measure_key for measure in payout_measures()]

    assert len(keys) == len(set(keys)) > 10


# Payouts that need a look.


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"person_hash": ONE}, {"person_hash": ONE}, {"person_hash": ONE, "amount_yuan": Decimal(70)}], (2, 570)),
        ([{"person_hash": ONE}, {"person_hash": ONE, "aid_kind": "orphan"}], (0, 0)),    # two kinds of aid
        ([{"person_hash": ONE}, {"person_hash": ONE, "pay_month": date(2021, 11, 1)}], (0, 0)),
        ([{"person_hash": ONE}, {"person_hash": ONE, "payout_state": "refunded"}], (0, 0)),
        ([{"person_hash": None}, {"person_hash": None}], (0, 0)),
        ([{"person_hash": ONE}, {"person_hash": TWO}], (0, 0)),
    ],
)
def test_the_same_aid_paid_again_is_a_duplicate(store, rows, expected):
    dock(store, "payout", *rows)

    assert found(store, "duplicate") == expected


def test_a_duplicate_across_units_names_both_only_to_the_prefecture(store):
    dock(store, "payout", {"person_hash": ONE}, {"person_hash": ONE, "recipient_id": "bohu", "amount_yuan": Decimal(80),
                                                 "paid_on": date(2021, 12, 9)})

    whole = read_board(store, OFFICER, payout.found_lines, SCOPE)
    own = read_board(store, clerk("luntai"), payout.found_lines, SCOPE)

    assert list(across(whole)["单位"]) == ["轮台县、博湖县"]
    assert list(across(whole)["除首笔外（元）"]) == ["80.00"]
    assert found(store, "duplicate", "bohu") == (1, 80) and found(store, "duplicate") == (0, 0)
    assert set(own["recipient_id"]) == {"luntai"}
    assert list(lines(own, "duplicate")["提示"]) == ["首笔，另一单位也发了"]
    assert "博湖" not in str(own.to_dict("records"))


@pytest.mark.parametrize(
    ("rows", "as_of", "expected"),
    [
        ([{"payout_state": "refunded"}], date(2022, 1, 7), (0, 0)),           # the last day
        ([{"payout_state": "refunded"}], date(2022, 1, 8), (1, 500)),
        ([{"payout_state": "failed"}], date(2022, 1, 8), (1, 500)),
        ([{"payout_state": "pending", "paid_on": None}], date(2022, 3, 1), (0, 0)),
        ([{"payout_state": "refunded", "person_hash": ONE}, {"person_hash": ONE, "paid_on": date(2022, 1, 7)}],
         date(2022, 3, 1), (0, 0)),
        ([{"payout_state": "refunded", "person_hash": ONE}, {"person_hash": TWO}], date(2022, 3, 1), (1, 500)),
        ([{"payout_state": "refunded", "person_hash": ONE}, {"person_hash": ONE, "aid_kind": "orphan"}],
         date(2022, 3, 1), (1, 500)),
    ],
)
def test_a_refund_that_is_not_paid_again_in_time(store, rows, as_of, expected):
    dock(store, "payout", *rows)

    assert found(store, "refund", scope=on(as_of)) == expected


@pytest.mark.parametrize(
    ("standard", "amount", "month", "expected"),
    [
        ({}, 500, date(2021, 12, 1), (0, 0)),
        ({}, "500.01", date(2021, 12, 1), (1, Decimal("0.01"))),
        ({}, 400, date(2021, 12, 1), (0, 0)),
        ({"is_fixed": True}, 400, date(2021, 12, 1), (1, 100)),
        ({"from_on": date(2021, 12, 1)}, 600, date(2021, 12, 1), (1, 100)),     # in force on the month's first day
        ({"from_on": date(2021, 12, 2)}, 600, date(2021, 12, 1), (0, 0)),
        ({"recipient_id": "bohu"}, 600, date(2021, 12, 1), (0, 0)),
        ({"aid_kind": "orphan"}, 600, date(2021, 12, 1), (0, 0)),
    ],
)
def test_an_amount_is_held_against_the_standard_in_force(store, standard, amount, month, expected):
    dock(store, "standard", standard)
    dock(store, "payout", {"amount_yuan": Decimal(amount), "pay_month": month})

    assert found(store, "standard") == expected


def test_without_a_standard_it_is_named_once(store):
    dock(store, "standard", {"aid_kind": "orphan"})
    dock(store, "payout", {}, {}, {"aid_kind": "orphan"}, {"aid_kind": "temporary_aid"})

    assert found(store, "standard") == (0, 0)
    assert "轮台县的农村低保等没有登记当月的救助标准，2 笔发放没有核对金额。" in missing(payout.docked(store, SCOPE))


@pytest.mark.parametrize(
    ("stop", "month", "expected"),
    [
        ({"stopped_on": date(2021, 12, 1)}, date(2021, 12, 1), (0, 0)),      # the month itself
        ({"stopped_on": date(2021, 11, 30)}, date(2021, 12, 1), (1, 500)),
        ({"stopped_on": date(2020, 12, 31)}, date(2021, 1, 1), (1, 500)),    # over the year's end
        ({"aid_kind": "orphan", "stop_word": "left"}, date(2021, 12, 1), (0, 0)),
        ({"recipient_id": "bohu", "stop_word": "moved"}, date(2021, 12, 1), (0, 0)),
        ({"recipient_id": "bohu", "stop_word": "death"}, date(2021, 12, 1), (1, 500)),
    ],
)
def test_nothing_is_paid_for_a_month_after_the_stop(store, stop, month, expected):
    dock(store, "stop", {"person_hash": ONE, **stop})
    dock(store, "payout", {"person_hash": ONE, "pay_month": month})

    assert found(store, "stopped") == expected


def test_rows_without_a_valid_number_are_listed_by_line(store):
    dock(store, "payout", {"person_hash": None, "is_person_no_valid": False}, {"is_person_no_valid": False}, {},
         {"aid_kind": "homeless_aid", "person_hash": None, "is_person_no_valid": False}, file_name="一月.csv")

    table = lines(payout.found_lines(store, SCOPE), "no_person")

    assert found(store, "no_person") == (2, 1000)
    assert sorted(table["在哪里"]) == ["《一月.csv》第 2 行", "《一月.csv》第 3 行"]
    assert sorted(table["提示"]) == ["号码校验不过", "没有号码"]


# Whose they are, and in which order.


def test_a_person_s_label_is_as_short_as_it_can_be():
    first, second, third = (UUID(f"{text:0<32}") for text in ("ab12c", "ab12d", "00ff"))

    assert person_labels([first, second, third]) == {
        first: "人员 ab12c", second: "人员 ab12d", third: "人员 00ff", None: "没有证件号码",
    }


def test_no_board_gives_a_hash_away(store):
    dock(store, "payout", {"person_hash": ONE}, {"person_hash": ONE})

    table = payout.found_lines(store, SCOPE)

    assert len(table) == 2
    assert ONE.hex not in str(table.to_dict("records")).replace("-", "")
    assert str(ONE) not in str(table.to_dict("records"))


def test_neither_the_order_of_rows_nor_the_cut_into_files_matters(tmp_path_factory):
    dice = random.Random(5)
    people = [person(f"p{number}") for number in range(6)]
    made = [
        {
            "payout_key": f"K{number}", "person_hash": dice.choice([*people, None]),
            "aid_kind": dice.choice(["rural_allowance", "orphan", "temporary_aid"]),
            "pay_month": date(2021, dice.choice([10, 11, 12]), 1), "paid_on": date(2021, 12, dice.choice([5, 10, 20])),
            "amount_yuan": Decimal(dice.choice([400, 500, 600])), "channel": dice.choice(["bank", "cash", ""]),
            "payout_state": dice.choice(["paid", "paid", "refunded", "pending"]),
            "recipient_id": dice.choice(["luntai", "bohu"]),
        }
        for number in range(80)
    ]
    shuffled = dice.sample(made, len(made))

    def figures(*files):
        store = opened_store(tmp_path_factory.mktemp("order"))
        for rows in files:
            dock(store, "payout", *rows)
        dock(store, "standard", {}, {"recipient_id": "bohu", "is_fixed": True})
        shown = [board(store, SCOPE).drop(columns=["person_label"], errors="ignore")
                 for board in (payout.rates, payout.heads, payout.beside_claims)]
        told = payout.found(store, SCOPE)
        total = {
            key: (int(rows["found_count"].sum()), sum(rows["stake_yuan"])) for key, rows in told.groupby("list_key")
        }
        store.close()
        return [table.to_dict("records") for table in shown], total

    whole = figures(made)

    assert whole[1]["duplicate"][0] > 3
    assert str(figures(shuffled)) == str(whole)
    assert str(figures(made[:37], made[37:])) == str(whole)


def test_a_unit_s_people_see_their_own_rows_only(store):
    dock(store, "payout", {"person_hash": ONE}, {"person_hash": ONE}, {"recipient_id": "bohu", "paid_on": None})

    for board in (payout.docked, payout.rates, payout.heads, payout.beside_claims, payout.found, payout.found_lines):
        seen = read_board(store, clerk("luntai"), board, SCOPE)

        assert set(seen["recipient_id"]) == {"luntai"}, board.__name__
        assert "博湖" not in str(seen.to_dict("records"))


def test_an_empty_table_is_no_fault(store):
    table = payout.beside_claims(store, SCOPE)

    assert set(claims(table)["比较"]) == {"☆ 没有载入"}
    assert payout.heads(store, SCOPE).empty
    assert payout.found(store, SCOPE).empty
    assert payout.found_lines(store, SCOPE).empty
