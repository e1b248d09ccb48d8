"""Cases of the checks over payments: what is planted, what must be found of it, and what is no fault."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from check_builders import (
    ALLOTMENT,
    HOOKED_PAYMENT,
    PAYMENT,
    Case,
    Rows,
)
from docking_builders import person

AGENCY = {"payee_kind": "agency", "payee_text": "民政局"}
COMPANY = {"payee_kind": "company", "payee_text": "公司"}
NOT_TOLD = {"payee_kind": "unknown", "payee_text": ""}
HOME = {"payee_kind": "institution", "payee_text": "敬老院"}
SAME = {"voucher_no": "V7", "payee_hash": person("同一人"), "account_hash": person("同一账户")}
UNKNOWN = {**SAME, "payee_hash": None, "account_hash": None}
REFUND = {"amount_yuan": -1000, "payee_hash": person("payee2"), "paid_on": date(2021, 12, 25)}
SPRING = datetime(2022, 2, 10)
NOVEMBER = {"paid_on": date(2021, 11, 8), "allotment_key": ""}
SEVEN = {**NOVEMBER, "payment_key": "P7", "amount_yuan": 7}
REPAID = {**REFUND, "amount_yuan": 1000, "paid_on": date(2022, 1, 4), "fiscal_year": 2022}
TO_ANOTHER = {**REPAID, "payee_hash": person("别人")}


def wrong(**changes: Any) -> Rows:
    """One payment of the integrated system, told apart from the faultless one."""
    return {PAYMENT: [changes]}


CASES = [
    Case("P01", [
        ("P01", "luntai", "支付科目", "2040201 公共安全支出", "208 类下本资金的七个项级科目", 1000, 1,
         "《payment.csv》第 4 行"),
        ("P01", "luntai", "支付科目", "2296002 用于社会福利的彩票公益金支出", "208 类下本资金的七个项级科目", 1000, 1,
         "《payment.csv》第 2 行"),
    ], {PAYMENT: [{"budget_item_code": "2296002"}, {}, {"budget_item_code": "2040201"}]},
         is_of_one_system=True),
    Case("P02", [
        ("P02", "luntai", "支付科目", "2082502 其他农村生活救助", "208 类下本资金的七个项级科目", 1000, 1,
         "《payment.csv》第 2 行"),
    ], wrong(budget_item_code="2082502"), is_of_one_system=True),
    Case("P03", [
        ("P03", "luntai", "支付科目", "空", "208 类下本资金的七个项级科目", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(budget_item_code=""), is_of_one_system=True),
    Case("P04", [
        ("P04", "luntai", "已支付合计", "0.1 万元", "不超过已登录 0.05 万元", 500, 1, "《payment.csv》第 2 行"),
    ], {ALLOTMENT: [{"amount_yuan": 500}]}),
    Case("P05", [
        ("P05", "luntai", "已支付合计", "2,939.0001 万元", "不超过下达 2,939 万元", 1, 1, "《payment.csv》第 2 行"),
    ], wrong(amount_yuan=29_390_001), is_of_one_system=True),
    Case("P06", [
        ("P06", "luntai", "收款人", "名称含“民政局”", "救助对象本人、监护人、供养机构或代发银行", 1005, 2,
         "《payment.csv》第 2 行等 2 行"),
        ("P06", "luntai", "收款人", "支付单位自己", "救助对象本人、监护人、供养机构或代发银行", 1000, 1,
         "《payment.csv》第 4 行"),
    ], {PAYMENT: [AGENCY, {**AGENCY, "amount_yuan": 5}, {**AGENCY, "payee_text": ""}]}, is_of_one_system=True),
    Case("P07", [
        ("P07", "luntai", "收款人", "名称含“公司”", "救助对象本人、监护人、供养机构或代发银行", 1000, 1,
         "《payment.csv》第 2 行"),
        ("P07", "luntai", "收款人", "名称含“学校”", "救助对象本人、监护人、供养机构或代发银行", 1000, 1,
         "《payment.csv》第 3 行"),
        ("P07", "luntai", "收款人", "名称看不出是个人还是单位", "救助对象本人、监护人、供养机构或代发银行", 1000, 1,
         "《payment.csv》第 4 行"),
    ], {PAYMENT: [COMPANY, {"payee_kind": "other", "payee_text": "学校"}, NOT_TOLD]}, is_of_one_system=True),
    Case("P08", [
        ("P08", "luntai", "支付用途", "用途含“管理费”", "用于救助对象", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(purpose_word="管理费"), is_of_one_system=True),
    Case("P09", [
        ("P09", "luntai", "支付用途", "用途含“工作经费”", "用于救助对象", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(purpose_word="工作经费"), is_of_one_system=True),
    Case("P10", [
        ("P10", "luntai", "支付用途", "用途含“借款”", "用于救助对象", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(purpose_word="借款"), is_of_one_system=True),
    Case("P11", [
        ("P11", "luntai", "支付用途", "没有写", "写明救助项目和月份", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(has_purpose=False), is_of_one_system=True),
    Case("P12", [
        ("P12", "luntai", "一体化系统支付的标识", "没有标识", "01 中央直达资金", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(marker_text="")),
    Case("P13", [
        ("P13", "luntai", "监控系统支付的标识", "02 中央参照直达资金", "01 中央直达资金", 1000, 1,
         "《payment.csv》第 2 行"),
    ], {HOOKED_PAYMENT: [{"marker_text": "02 中央参照直达资金"}]}),
    Case("P14", [
        ("P14", "luntai", "支付所用指标", "Z99", "预算指标里有这个主键", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(allotment_key="Z99"), is_of_one_system=True),
    Case("P15", [
        ("P15", "luntai", "支付所用指标", "Z3 属于尉犁县，巴财社〔2021〕96号", "本单位、巴财社〔2021〕96号", 1000, 1,
         "《payment.csv》第 2 行"),
    ], {
        ALLOTMENT: [{}, {"recipient_id": "yuli", "amount_yuan": 7}], PAYMENT: [{"allotment_key": "Z3"}],
    }),
    Case("P16", [
        ("P16", "luntai", "指标 Z2 的支付日期", "2021-12-23", "2021-12-24 及以后", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(paid_on=date(2021, 12, 23)), is_of_one_system=True),
    Case("P18", [
        ("P18", "luntai", "支付凭证 V7", "同一账户 1000.00 元付了 2 次", "一次", 1000, 2,
         "《payment.csv》第 2 行、《payment.csv》第 3 行"),
    ], {PAYMENT: [SAME, SAME]}, is_of_one_system=True),
    Case("P19", [
        ("P19", "luntai", "支付的预算年度", "2020 年度，支付于 2021-12-24", "预算年度与支付日期同一年", 1000, 1,
         "《payment.csv》第 2 行"),
    ], wrong(fiscal_year=2020), is_of_one_system=True),
    Case("P20", [
        ("P20", "luntai", "退回的支付 P3", "2021-12-25 退回 1000.00 元，没有重新支付", "30 天内重新支付", 1000, 1,
         "《payment.csv》第 3 行"),
    ], {PAYMENT: [{}, REFUND, TO_ANOTHER], HOOKED_PAYMENT: [{}, REFUND, TO_ANOTHER]},
         {PAYMENT: [{}, REFUND, REPAID]},
         loaded_at=SPRING, as_of=SPRING),
    Case("P21", [
        ("P21", "luntai", "2021年11月支付合计", "监控系统 0.0007 万元", "一体化系统 0.1007 万元", 1000, 1,
         "《payment.csv》第 3 行"),
    ], {PAYMENT: [{}, NOVEMBER, SEVEN], HOOKED_PAYMENT: [{}, SEVEN]}),
    Case("P22", [
        ("P22", "luntai", "2021年11月支付合计", "监控系统 0.0012 万元", "一体化系统 0.0007 万元", 5, 1,
         "《payment.csv》第 3 行"),
    ], {HOOKED_PAYMENT: [{}, {**NOVEMBER, "amount_yuan": 5}, SEVEN], PAYMENT: [{}, SEVEN]}),
    Case("P23", [
        ("P23", "luntai", "农村最低生活保障金支出的收款人", "名称含“敬老院”", "低保对象本人或代发银行", 1000, 1,
         "《payment.csv》第 2 行"),
    ], wrong(**HOME), is_of_one_system=True),
    Case("P24", [
        ("P24", "luntai", "收款人", "空", "写明收款人", 1000, 1, "《payment.csv》第 2 行"),
    ], wrong(payee_kind="", payee_hash=None), is_of_one_system=True),
]

# What makes a payment doubtful, by the check that minds it; the same row below 0 is money that came back.
DOUBTFUL: dict[str, dict[str, Any]] = {
    "P01": {"budget_item_code": "2296002"}, "P02": {"budget_item_code": "2082502"}, "P03": {"budget_item_code": ""},
    "P06": AGENCY, "P07": COMPANY, "P08": {"purpose_word": "管理费"}, "P09": {"purpose_word": "工作经费"},
    "P10": {"purpose_word": "借款"}, "P11": {"has_purpose": False}, "P12": {"marker_text": ""},
    "P13": {"marker_text": "02 中央参照直达资金"}, "P19": {"fiscal_year": 2020}, "P14": {"allotment_key": "Z99"},
    "P15": {"allotment_key": "Z3"}, "P16": {"paid_on": date(2021, 12, 23)}, "P23": HOME,
    "P24": {"payee_kind": "", "payee_hash": None},
}
OTHERS_ALLOTMENT: Rows = {ALLOTMENT: [{}, {"recipient_id": "yuli", "amount_yuan": 7}]}

# What looks like a fault and is none, or another check's, by what makes it so.
NO_FAULTS = {
    **{
        f"the money came back whole, {code}": Case(
            code, [], {PAYMENT: [{}, row, {**row, "amount_yuan": -600}, {**row, "amount_yuan": -400}]},
            OTHERS_ALLOTMENT,
        )
        for code, row in DOUBTFUL.items()
    },
    **{
        f"more came back than was paid, {code}": Case(code, [], {PAYMENT: [{}, {**row, "amount_yuan": -5}]},
                                                     OTHERS_ALLOTMENT)
        for code, row in DOUBTFUL.items()
    },
    "more than given, with a reason": Case("P05", [], wrong(amount_yuan=29_390_001), reason_text="上年结转一并支付"),
    "less than was explained": Case(
        "P05", [], wrong(amount_yuan=29_390_001), reason_text="上年结转", explained_yuan=30_000_000,
    ),
    "all that was given": Case("P05", [], wrong(amount_yuan=29_390_000)),
    "an institution from its own account": Case(
        "P23", [], wrong(**HOME, budget_item_code="2082102"),
    ),
    "a school is no institution of aid": Case("P23", [], wrong(payee_kind="other", payee_text="学校")),
    "a bank that hands on": Case("P23", [], wrong(payee_kind="bank", payee_text="农村信用合作联社")),
    "too much paid after a cut is another's": Case(
        "P05", [], {PAYMENT: [{}, {"recipient_id": "zhou-jiuzhuzhan", "amount_yuan": 2_570_001}]},
    ),
    "twice without a voucher": Case("P18", [], {PAYMENT: [{**SAME, "voucher_no": ""}, {**SAME, "voucher_no": ""}]}),
    "refunded twice": Case("P18", [], {PAYMENT: [{**SAME, "amount_yuan": -1}, {**SAME, "amount_yuan": -1}]}),
    "payees that nobody knows": Case("P18", [], {PAYMENT: [UNKNOWN, UNKNOWN]}),
    "the month is not exported whole": Case("P22", [], {HOOKED_PAYMENT: [{}, {"amount_yuan": 5}]}),
    "one voucher, two payees": Case("P18", [], {PAYMENT: [{"voucher_no": "V7"}, {"voucher_no": "V7"}]}),
    "one voucher, two allotments": Case("P18", [], {PAYMENT: [SAME, {**SAME, "allotment_key": ""}]}),
    "paid after the allotments were exported": Case(
        "P14", [], wrong(allotment_key="Z99", paid_on=date(2021, 12, 28)),
    ),
    "the month's last day to import has not come": Case("P21", [], {HOOKED_PAYMENT: []}),
    "refunded, and time is left": Case("P20", [], {PAYMENT: [{}, REFUND], HOOKED_PAYMENT: [{}, REFUND]}),
}
