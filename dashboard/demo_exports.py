"""A year of both systems' exports, simulated: what was registered, paid and paid out, and it all agrees.

Rows are dictionaries from the heads that the shipped mappings know to what would stand in the file. Nothing here is
left to chance; who wants a fault plants it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from itertools import count
from math import ceil

from dashboard.demo_figures import EXECUTION, FEN, Proved
from metrics.working_days import calendar_for

Row = dict[str, str]

FUND_YEAR = 2021
MARKER = "01 中央直达资金"
UPPER = "新财社〔2021〕292号"
REGION = "652800"
# When the money of each document was registered, and that of the notice itself.
REGISTERED_ON = {"巴财社〔2021〕3号": date(2021, 1, 4), "巴财社〔2021〕40号": date(2021, 3, 15)}
NOTICE_REGISTERED_ON = date(2021, 12, 24)
# What is spent of the money of earlier documents at most; the rest of a year's payments comes from the notice's own.
USUAL_SHARE = Decimal("0.985")
HOUSEHOLD_YUAN = 2400
ORPHAN_YUAN = 1180
ALLOWANCES = ("农村低保", "城市低保")
MONTHLY = (*ALLOWANCES, "孤儿")
# The last day of a month on which its money comes in time, as the limits have it.
PAYOUT_DAY = 10
BY_BANK, PAID = "一卡通", "成功"
STANDARDS = {"农村低保": (3000, "否"), "城市低保": (3200, "否"), "孤儿": (ORPHAN_YUAN, "是")}

# account → (kind of aid, share of a unit's money); without a kind the money goes to institutions, with no list.
Purposes = Mapping[str, tuple[str, Decimal]]
COUNTY: Purposes = {
    "2081902": ("农村低保", Decimal("0.55")), "2081901": ("城市低保", Decimal("0.15")),
    "2082102": ("", Decimal("0.15")), "2082001": ("临时救助", Decimal("0.10")), "2081001": ("孤儿", Decimal("0.05")),
}
PURPOSES: Mapping[str, Purposes] = {
    "kuerle-kaifaqu": {"2081902": ("农村低保", Decimal("0.8")), "2082001": ("临时救助", Decimal("0.2"))},
    "zhou-jiuzhuzhan": {"2082002": ("", Decimal(1))},
    "zhou-fuliyuan": {"2081001": ("", Decimal(1))},
}
INSTITUTIONS = {"2082102": "中心敬老院", "2082002": "精神卫生中心", "2081001": "人民医院"}
# Where what a notice adds is booked.
ADDED_TO = "2082102"


@dataclass(frozen=True)
class UnitMoney:
    """A unit and what each document gave it: before and adjustment, 元."""

    recipient_id: str
    name: str
    division_code: str
    of_document: Mapping[str, tuple[Decimal, Decimal]]

    @property
    def after_yuan(self) -> Decimal:
        """What it has in all."""
        return sum((before + change for before, change in self.of_document.values()), Decimal(0))

    @property
    def before_yuan(self) -> Decimal:
        """What it had before the adjustment, or has left of that where money was taken back."""
        return sum((before + min(change, Decimal(0)) for before, change in self.of_document.values()), Decimal(0))


@dataclass
class Year:
    """The rows of the integrated budget system by kind: allotment, payment, payout, standard, stop."""

    allotment: list[Row]
    payment: list[Row]
    payout: list[Row]
    standard: list[Row]
    stop: list[Row]


@dataclass
class _Allotment:
    key: str
    item: str
    document_number: str
    left: Decimal


def simulated_year(units: Sequence[UnitMoney], document_number: str) -> Year:
    """A year in which every unit pays each person through the bank, each month by the tenth."""
    year = Year([], [], [], _standards(units), [])
    numbers = count(1)
    for unit in units:
        pots = _register(year, unit, document_number)
        paid = Decimal(0)
        usual = (unit.before_yuan * USUAL_SHARE).quantize(FEN, ROUND_DOWN)
        for month in range(1, 13):
            target = min(spent_by(unit, month), usual)
            _pay_month(year, unit, pots, month, target - paid, numbers)
            paid = target
        rest = spent_by(unit, 12) - paid
        if rest > 0:
            _pay(year, unit, pots, ADDED_TO, "", NOTICE_REGISTERED_ON, rest, numbers)
    return year


def spent_by(unit: UnitMoney, month: int) -> Decimal:
    """What the unit had paid at the end of a month, month by month alike between June, September and December."""
    shares = [Decimal(0), *(Decimal(90 if share is None else share) for share in EXECUTION[unit.recipient_id])]
    ends = (0, 6, 9, 12)
    place = next(place for place in range(3) if month <= ends[place + 1])
    step = Decimal(month - ends[place]) / (ends[place + 1] - ends[place])
    share = shares[place] + (shares[place + 1] - shares[place]) * step
    return (unit.after_yuan * share / 100).quantize(Decimal(100), ROUND_DOWN)


def payout_day(month: int) -> date:
    """The first working day from the fifth of a month on."""
    calendar = calendar_for(REGION)
    day = date(FUND_YEAR, month, 5)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def _place(unit: UnitMoney) -> Row:
    return {"财政区划代码": (unit.division_code or REGION) + "000", "单位名称": unit.name}


def _register(year: Year, unit: UnitMoney, document_number: str) -> list[_Allotment]:
    """Register the money of each document by account, and the adjustments under the notice; what can be paid."""
    pots = []
    purposes = PURPOSES.get(unit.recipient_id, COUNTY)

    def add(number: str, item: str, amount: Decimal, on: date) -> None:
        key = f"Z{len(year.allotment) + 1:05d}"
        year.allotment.append({
            "指标主键": key, "本级指标文号": number, "上级指标文号": UPPER if number == document_number else "",
            "预算年度": str(FUND_YEAR), "发文时间": (on - timedelta(days=2)).isoformat(), "登记时间": on.isoformat(),
            **_place(unit), "支出功能分类": item, "直达资金标识": MARKER, "指标金额": str(amount), "是否删除": "否",
        })
        pots.append(_Allotment(key, item, number, amount))

    for number, (before, _) in unit.of_document.items():
        left = before
        for item, (_, share) in reversed(purposes.items()):
            amount = left if item == next(iter(purposes)) else (before * share).quantize(FEN)
            left -= amount
            if amount:
                add(number, item, amount, REGISTERED_ON[number])
    change = sum((change for _, change in unit.of_document.values()), Decimal(0))
    if change:
        add(document_number, ADDED_TO if ADDED_TO in purposes else next(iter(purposes)), change, NOTICE_REGISTERED_ON)
    return pots


def _pay_month(
    year: Year, unit: UnitMoney, pots: list[_Allotment], month: int, amount: Decimal, numbers: count[int]
) -> None:
    purposes = PURPOSES.get(unit.recipient_id, COUNTY)
    left = amount
    for item, (aid, share) in reversed(purposes.items()):
        part = left if item == next(iter(purposes)) else (amount * share).quantize(Decimal(1), ROUND_DOWN)
        if aid == "孤儿":
            part = part // ORPHAN_YUAN * ORPHAN_YUAN
        left -= part
        if part:
            _pay(year, unit, pots, item, aid, payout_day(month), part, numbers)


def _pay(
    year: Year, unit: UnitMoney, pots: list[_Allotment], item: str, aid: str, on: date, amount: Decimal,
    numbers: count[int],
) -> None:
    """Pay an amount out of the oldest money of an account: one payment an allotment, with its list of persons."""
    person = 0
    for pot in pots:
        part = min(pot.left, amount)
        if aid == "孤儿":
            part = part // ORPHAN_YUAN * ORPHAN_YUAN
        if pot.item != item or part <= 0:
            continue
        key = f"P{next(numbers):06d}"
        payee = "新疆农村信用合作联社代发户" if aid else f"{unit.name}{INSTITUTIONS[item]}"
        year.payment.append({
            "支付明细主键": key, "支付凭证号": f"V{key[1:]}", "指标主键": pot.key, "本级指标文号": pot.document_number,
            "预算年度": str(FUND_YEAR), **_place(unit), "支出功能分类": item, "直达资金标识": MARKER,
            "支付日期": on.isoformat(), "实际支付金额": str(part), "收款人名称": payee,
            "收款人账号": f"65{sum(map(ord, payee)) % 10**8:08d}000", "用途": f"{on.month}月{aid or '集中供养'}补助",
        })
        if aid:
            person = _pay_out(year, unit, pot, key, item, aid, on, part, person)
        pot.left -= part
        amount -= part
    if amount:
        raise ValueError(f"{unit.name} {item}: {amount} 元没有来源")


def _pay_out(
    year: Year, unit: UnitMoney, pot: _Allotment, payment_key: str, item: str, aid: str, on: date, amount: Decimal,
    person: int,
) -> int:
    """Hand a payment to persons; the number of the next person of the month."""
    each = ORPHAN_YUAN if aid == "孤儿" else HOUSEHOLD_YUAN
    heads = ceil(amount / each)
    share, more = divmod(int(amount * 100), heads)
    for step in range(heads):
        name, number = somebody(unit, item, person + step)
        fen = share + (1 if step < more else 0)
        year.payout.append({
            "发放明细主键": f"F{len(year.payout) + 1:07d}", "支付明细主键": payment_key,
            "本级指标文号": pot.document_number, **_place(unit), "支出功能分类": item, "直达资金标识": MARKER,
            "救助类别": aid, "发放月份": f"{on:%Y-%m}", "发放日期": on.isoformat(), "发放金额": str(Decimal(fen) / 100),
            "姓名": name, "证件号码": number, "银行账号": f"62{number[2:17]}{item[-2:]}", "发放方式": BY_BANK,
            "发放状态": PAID,
        })
    return person + heads


_FAMILY = "赵钱孙李周吴郑王冯陈买热阿艾吐古帕木依努"
_GIVEN = "明华丽强芳军敏杰静磊娜勇艳涛伟秀英斌霞平"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PURPOSE_NO = {"2081902": 1, "2081901": 2, "2082001": 3, "2081001": 4}


def somebody(unit: UnitMoney, item: str, person: int) -> tuple[str, str]:
    """An invented person's name and a valid number of theirs; each unit and account has people of its own."""
    day = date(1950, 1, 1) + timedelta(days=person * 7 % 18_000)
    serial = _PURPOSE_NO[item] * 200 + person // 2_000
    body = f"{unit.division_code or REGION}{day:%Y%m%d}{serial:03d}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
    return _FAMILY[person % 20] + _GIVEN[person // 20 % 20] + _GIVEN[person // 400 % 20], body + check


def _standards(units: Sequence[UnitMoney]) -> list[Row]:
    return [
        {
            **_place(unit), "救助类别": aid, "执行日期": f"{FUND_YEAR}-01-01", "救助标准": str(amount),
            "是否定额": is_fixed,
        }
        for unit in units for aid, (amount, is_fixed) in STANDARDS.items()
    ]


def proved_by(payouts: Sequence[Row], month: int) -> Proved:
    """What one unit's payouts prove by the end of a month, counted as its clerk would.

    Unit: as ``Proved``.
    """
    newest = f"{FUND_YEAR}-{month:02d}"
    rows = [row for row in payouts if row["发放月份"] <= newest]
    paid = [row for row in rows if row["发放状态"] == PAID]

    def person_months(of: Sequence[Row]) -> int:
        return len({(row["发放月份"], row["救助类别"], row["证件号码"]) for row in of if row["救助类别"] in MONTHLY})

    allowances = [row for row in paid if row["救助类别"] in ALLOWANCES]
    return Proved(
        on_time_count=person_months([row for row in paid if row["发放日期"] <= f"{row['发放月份']}-{PAYOUT_DAY}"]),
        due_count=person_months(rows),
        bank_yuan=sum((Decimal(row["发放金额"]) for row in allowances if row["发放方式"] == BY_BANK), Decimal(0)),
        allowance_yuan=sum((Decimal(row["发放金额"]) for row in allowances), Decimal(0)),
        head_count=len({row["证件号码"] for row in allowances if row["发放月份"] == newest}),
        aid_count=sum(row["救助类别"] == "临时救助" for row in paid),
    )


def in_monitoring(kind: str, rows: Sequence[Row]) -> list[Row]:
    """The same rows as the direct-fund monitoring system exports them: imported a day after they were registered."""
    if kind != "allotment":
        return [dict(row) for row in rows]
    return [
        {"导入时间" if head == "登记时间" else head: cell for head, cell in row.items()} for row in rows
    ]


def as_csv(rows: Sequence[Row], encoding: str = "utf-8-sig") -> bytes:
    """Rows as an export in CSV."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode(encoding)
