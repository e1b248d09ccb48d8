"""Cases of the checks over reports: what is planted, what must be found of it, and what is no fault."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from builders import UNITS
from check_builders import (
    PAYMENT,
    PAYOUT,
    Case,
    Report,
    Rows,
)
from docking_builders import person

NOON = datetime(2021, 12, 27, 12)     # the last day of the round: whoever has not reported is not late yet
SAID = (Report(),)
REFUNDED_FIRST = {"payout_state": "refunded", "person_hash": person("退回"), "paid_on": date(2021, 12, 6)}
PAID_AGAIN = {"person_hash": person("退回"), "paid_on": date(2021, 12, 10)}
REFUNDED: Rows = {PAYOUT: [{"payout_state": "refunded"}]}
RATES = {4: (9, 9), 5: (8, 8), 12: (7, 7), 14: (6, 6), 19: (5, 5)}
MIXED = {**RATES, 19: (4, 5)}

OTHERS = tuple(Report(paid_yuan=0, recipient_id=unit) for unit in UNITS if unit != "luntai")
NOVEMBER = {"paid_on": date(2021, 11, 8)}
PAID_BACK = {PAYMENT: [{**NOVEMBER, "amount_yuan": 1500}, {"amount_yuan": -500}]}
PAID_OUT = {"pay_month": date(2021, 11, 1), "paid_on": date(2021, 11, 8)}

CASES = [
    Case("S01", [
        ("S01", "luntai", "2021年12月填报的已支付", "0.1 万元", "一体化系统截至 2021-12-25 0.2 万元", 1000, 1,
         "《payment.csv》"),
    ], {PAYMENT: [{"amount_yuan": 2000}]}, reports=SAID, as_of=NOON, is_of_one_system=True),
    Case("S02", [
        ("S02", "luntai", "2021年12月填报的已支付", "0.1 万元", "不少于2021年11月的 0.15 万元", 500, 1,
         "2021年12月填报表"),
    ], right=PAID_BACK, reports=[*SAID, Report("2021-11", 1000)],
         planted_reports=[*SAID, Report("2021-11", 1500)], as_of=NOON),
    Case("S03", [
        ("S03", "luntai", "2021年12月填报的已支付", "2,939.0001 万元", "不超过下达 2,939 万元", 1, 1,
         "2021年12月填报表"),
    ], reports=SAID, planted_reports=[Report(paid_yuan=29_390_001)], loaded_at=datetime(2021, 12, 24),
         as_of=NOON),
    Case("S04", [
        ("S04", "luntai", "2021年12月填报的已支付", "没有填", "一体化系统截至 2021-12-25 0.1 万元", 1000, 1,
         "《payment.csv》"),
    ], {PAYMENT: [{}]}, {PAYMENT: []}, reports=[Report(paid_yuan=None)], as_of=NOON,
         is_of_one_system=True),
    Case("S05", [
        ("S05", "luntai", "2021年12月填报的已支付", "0.1 万元", "一体化系统截至 2021-12-25 0.00001 万元",
         Decimal("999.90"), 1, "《payment.csv》"),
    ], {PAYMENT: [{"amount_yuan": Decimal("0.10")}]}, reports=SAID, as_of=NOON, is_of_one_system=True),
    Case("S06", [
        ("S06", "luntai", "2021年12月填报", "5 项数据与2021年11月完全相同", "按本轮实际填报", None, 5,
         "2021年12月填报表"),
    ], right={PAYMENT: [NOVEMBER], PAYOUT: [PAID_OUT]}, as_of=NOON,
         reports=[Report(values=MIXED), Report("2021-11", 1000, {**MIXED, 4: (8, 9)})],
         planted_reports=[Report(values=MIXED), Report("2021-11", 1000, MIXED)]),
    Case("S07", [
        ("S07", "luntai", "2021年12月填报", "5 项比率都是 100%", "按名册实际填报", None, 5, "2021年12月填报表"),
    ], reports=[Report(values=MIXED)], planted_reports=[Report(values=RATES)], as_of=NOON),
    Case("S08", [
        ("S08", "luntai", "2021年12月填报的按时发放率", "100%", "发放明细里退回或失败、没有按时补发 2 笔", 1000, 2,
         "《payout.csv》第 2 行等 2 行"),
    ], {PAYOUT: [
        {"payout_state": "refunded"}, REFUNDED_FIRST, {**PAID_AGAIN, "paid_on": date(2021, 12, 11)}, {},
    ]}, reports=[Report(values={12: (7, 7)})], as_of=NOON,
         is_of_one_system=True),
    Case("S09", [
        ("S09", "luntai", "2021年12月填报的按时发放率、社会化发放率", "已填报，没有发放明细",
         "有截至 2021-12-25 的发放明细", None, 2, "《payout.csv》"),
    ], {PAYOUT: []}, reports=[Report(values={12: (6, 7), 14: (5, 6)})], as_of=NOON),
    Case("S10", [
        ("S10", "luntai", "2021年12月填报", "没有报送", "2021-12-27 及以前报送", None, 1, ""),
    ], reports=[*OTHERS, *SAID], planted_reports=OTHERS, as_of=datetime(2021, 12, 28)),
]

# What looks like a fault and is none, or another check's, by what makes it so.
NO_FAULTS = {
    "less than the form's own unit": Case("S01", [], reports=[Report(paid_yuan=Decimal("1099.99"))], as_of=NOON),
    "paid after the period": Case(
        "S01", [], {PAYMENT: [{}, {"paid_on": date(2021, 12, 26)}]}, reports=SAID, as_of=NOON,
    ),
    "more than given, and what was paid is known": Case(
        "S03", [], reports=[Report(paid_yuan=29_390_001)], as_of=NOON,
    ),
    "more than given, with a reason": Case("S03", [], reports=[Report(paid_yuan=29_390_001)], as_of=NOON,
                                           loaded_at=datetime(2021, 12, 24), reason_text="上年结转一并支付"),
    "another rate": Case("S08", [], REFUNDED, reports=[Report(values={14: (6, 6)})], as_of=NOON),
    "not claimed to be whole": Case("S08", [], REFUNDED, reports=[Report(values={12: (6, 7)})], as_of=NOON),
    "paid again by the payout day": Case(
        "S08", [], {PAYOUT: [REFUNDED_FIRST, PAID_AGAIN]}, reports=[Report(values={12: (7, 7)})], as_of=NOON,
    ),
    "aid that no payout day is set for": Case("S08", [], {
        PAYOUT: [{"payout_state": "refunded", "aid_kind": "temporary_aid"}],
    }, reports=[Report(values={12: (7, 7)})], as_of=NOON),
    "refunded after the period": Case("S08", [], {
        PAYOUT: [{"payout_state": "refunded", "paid_on": date(2021, 12, 26)}],
    }, reports=[Report(values={12: (7, 7)})], as_of=NOON),
    "the list is older than the period": Case("S09", [], {PAYOUT: []}, reports=[Report(values={12: (6, 7)})],
                                              as_of=NOON, loaded_at=datetime(2021, 12, 24)),
    "nobody claimed to be paid": Case("S09", [], {PAYOUT: []}, reports=[Report(values={12: (0, 7)})], as_of=NOON),
    "four whole rates": Case(
        "S07", [], reports=[Report(values={4: (9, 9), 5: (8, 8), 12: (7, 7), 14: (6, 6)})], as_of=NOON,
    ),
    "two figures as before": Case("S06", [], right={PAYMENT: [NOVEMBER]}, as_of=NOON, reports=[
        Report(values={4: (9, 9), 5: (8, 8)}), Report("2021-11", 1000, {4: (9, 9), 5: (8, 8)}),
    ]),
}
