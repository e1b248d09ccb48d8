"""Cases of the checks over 预算指标: what is planted, what must be found of it, and what is no fault."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from check_builders import (
    ALLOTMENT,
    HOOKED_ALLOTMENT,
    PAYMENT,
    Case,
)

RECEIVED = (("received", date(2021, 12, 22), None),)
LATE = datetime(2022, 3, 15)

IMPORTED = (*RECEIVED, ("imported", date(2021, 12, 24), 29_390_000))
NAMELESS = {"document_number": "", "upper_document_number": "", "amount_yuan": 7}
SHORT = {"amount_yuan": 29_000_000}

CASES = [
    Case("R01", [
        ("R01", "luntai", "一体化系统预算指标合计", "2,900 万元", "2,939 万元", 390000, 1, "《allotment.csv》第 2 行"),
    ], {ALLOTMENT: [SHORT], HOOKED_ALLOTMENT: [SHORT]}),
    Case("R02", [
        ("R02", "luntai", "一体化系统预算指标合计", "2,939.00105 万元", "2,939 万元", Decimal("10.50"), 2,
         "《allotment.csv》第 2 行等 2 行"),
    ], {ALLOTMENT: [{}, {"amount_yuan": Decimal("10.50")}]}),
    Case("R03", [
        ("R03", "luntai", "一体化系统预算指标的标识", "没有标识", "01 中央直达资金", 29390000, 1,
         "《allotment.csv》第 2 行"),
    ], {ALLOTMENT: [{"marker_text": ""}]}),
    Case("R04", [
        ("R04", "luntai", "监控系统预算指标的标识", "03 省级直达资金", "01 中央直达资金", 29390000, 1,
         "《allotment.csv》第 2 行"),
    ], {HOOKED_ALLOTMENT: [{"marker_text": "03 省级直达资金"}]}),
    Case("R05", [
        ("R05", "luntai", "一体化系统预算指标", "没有登录", "2,939 万元，2021-12-27 及以前", 29390000, 1,
         "《allotment.csv》"),
    ], {ALLOTMENT: [], HOOKED_ALLOTMENT: []}, steps=RECEIVED, loaded_at=datetime(2021, 12, 28, 9)),
    Case("R06", [
        ("R06", "luntai", "预算指标登录日期", "2021-12-28", "2021-12-27 及以前（2021-12-22 收文）", 390000, 1,
         "《allotment.csv》第 3 行"),
    ], {
        ALLOTMENT: [SHORT, {"amount_yuan": 390_000, "registered_on": date(2021, 12, 28)}],
    }, steps=IMPORTED, loaded_at=datetime(2021, 12, 31, 9)),
    Case("R07", [
        ("R07", "luntai", "监控系统预算指标合计", "2,900 万元", "2,939 万元", 390000, 1, "《allotment.csv》第 2 行"),
    ], {HOOKED_ALLOTMENT: [SHORT]}),
    Case("R08", [
        ("R08", "luntai", "监控系统预算指标合计", "2,939.0005 万元", "2,939 万元", 5, 2,
         "《allotment.csv》第 2 行等 2 行"),
    ], {HOOKED_ALLOTMENT: [{}, {"amount_yuan": 5}]}, steps=RECEIVED),
    Case("R10", [
        ("R10", "luntai", "一体化系统预算指标文号", "空", "巴财社〔2021〕96号", 9, 1, "《allotment.csv》第 4 行"),
        ("R10", "luntai", "一体化系统预算指标文号", "96", "巴财社〔2021〕96号", 7, 1, "《allotment.csv》第 3 行"),
    ], {ALLOTMENT: [{}, {"document_number": "96", "amount_yuan": 7}, {**NAMELESS, "amount_yuan": 9}]}),
    Case("R11", [
        ("R11", "luntai", "预算指标科目", "1100248 社会保障和就业共同财政事权转移支付收入", "208 类下的支出科目",
         29390000, 1, "《allotment.csv》第 2 行"),
    ], {ALLOTMENT: [{"budget_item_code": "1100248"}]}, is_of_one_system=True),
    Case("R12", [
        ("R12", "luntai", "预算年度", "2020", "2021", 29390000, 1, "《allotment.csv》第 2 行"),
    ], {ALLOTMENT: [{"fiscal_year": 2020}]}, is_of_one_system=True),
    Case("R13", [
        ("R13", "luntai", "预算指标余额", "2021 年资金剩余 2,938.9 万元", "2022 年底以前用完", 29389000, 1,
         "《allotment.csv》第 2 行"),
    ], {PAYMENT: [{}]}, {PAYMENT: [{"amount_yuan": 29_390_000}]}, loaded_at=datetime(2023, 1, 9),
         as_of=datetime(2023, 1, 9)),
    Case("R14", [
        ("R14", "luntai", "预算指标余额", "剩余 2,938.9 万元，最长 81 天没有支付", "不超过 60 天", 29389000, 1,
         "《payment.csv》第 2 行"),
    ], {PAYMENT: [{}]}, {PAYMENT: [{"paid_on": date(2022, 3, 1)}]}, loaded_at=LATE, as_of=LATE),
    Case("R15", [
        ("R15", "luntai", "导入监控系统的金额", "监控系统 2,900 万元", "单位记录 2,939 万元（2021-12-24）", 390000, 1,
         "《allotment.csv》第 2 行"),
    ], {HOOKED_ALLOTMENT: [SHORT]}, steps=IMPORTED),
    Case("R16", [
        ("R16", "luntai", "导入监控系统的记录", "没有记录", "监控系统 2,939 万元", 29390000, 1,
         "《allotment.csv》第 2 行"),
    ], planted_steps=RECEIVED),
    Case("R17", [
        ("R17", "zhou-jiuzhuzhan", "已支付合计", "257.0001 万元", "不超过调整后 257 万元", 1, 1,
         "《payment.csv》第 3 行"),
    ], {PAYMENT: [{}, {"recipient_id": "zhou-jiuzhuzhan", "amount_yuan": 2_570_001}]},
         is_of_one_system=True),
]

# What looks like a fault and is none, or another check's, by what makes it so.
NO_FAULTS = {
    "the unit still has time": Case("R05", [], {ALLOTMENT: [], HOOKED_ALLOTMENT: []}, steps=RECEIVED),
    "in time on the last day": Case(
        "R06", [], {ALLOTMENT: [{"registered_on": date(2021, 12, 27)}]}, steps=IMPORTED,
    ),
    "a later transfer adds up to nothing": Case("R06", [], {ALLOTMENT: [
        {}, {"amount_yuan": -5, "registered_on": date(2021, 12, 28)},
        {"amount_yuan": 5, "registered_on": date(2021, 12, 28), "budget_item_code": "2081901"},
    ]}, steps=IMPORTED, loaded_at=datetime(2021, 12, 31, 9)),
    "registered after the monitoring export": Case("R07", [], {
        ALLOTMENT: [SHORT, {"amount_yuan": 390_000, "registered_on": date(2021, 12, 28)}],
        HOOKED_ALLOTMENT: [SHORT],
    }),
    "booked under what the notice adjusts": Case("R01", [], {ALLOTMENT: [
        {"document_number": "巴财社〔2021〕3号", "amount_yuan": 17_700_000},
        {"document_number": "巴财社〔2021〕40号", "amount_yuan": 11_690_000},
    ]}),
    "carried over into its year": Case(
        "R12", [], {ALLOTMENT: [{"fiscal_year": 2022, "registered_on": date(2022, 1, 4)}]},
        loaded_at=datetime(2022, 1, 5), as_of=datetime(2022, 1, 5),
    ),
    "carried over for the first year": Case("R13", [], {
        PAYMENT: [{"paid_on": date(2022, 12, 20)}],
    }, loaded_at=datetime(2022, 12, 31), as_of=datetime(2022, 12, 31)),
    "more than given is another's": Case(
        "R06", [], {ALLOTMENT: [{}, {"amount_yuan": 5, "registered_on": date(2021, 12, 28)}]}, steps=IMPORTED,
    ),
    "imported after the monitoring export": Case(
        "R15", [], {HOOKED_ALLOTMENT: [SHORT]}, steps=[*RECEIVED, ("imported", date(2021, 12, 28), 29_390_000)],
    ),
    "no number, another marker": Case("R10", [], {ALLOTMENT: [{}, {**NAMELESS, "marker_text": "03 省级直达资金"}]}),
    "no number, another account": Case("R10", [], {ALLOTMENT: [{}, {**NAMELESS, "budget_item_code": "2082502"}]}),
    "too much paid, and never cut": Case("R17", [], {PAYMENT: [{"amount_yuan": 29_390_001}]}),
    "carried over, and the export stops before the second year's end": Case(
        "R13", [], loaded_at=datetime(2022, 12, 30), as_of=datetime(2023, 1, 9),
    ),
    "a surplus is no idle money as well": Case("R14", [], loaded_at=datetime(2023, 1, 9), as_of=datetime(2023, 1, 9)),
    "nothing is known after the export": Case("R14", [], loaded_at=datetime(2022, 2, 22, 9), as_of=LATE),
    "idle until the last day of the limit": Case(
        "R14", [], loaded_at=datetime(2022, 2, 22, 9), as_of=datetime(2022, 2, 22, 9),
    ),
}
