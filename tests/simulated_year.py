"""Faults planted in a year of both systems' exports, each told with the finding or difference that must come of it.

Kinds are those that auditors found or that running systems look for (the rules' own sources stand in the checks). Each
has a unit and a month of its own, so that what is found can be told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from dashboard.demo_exports import Row, UnitMoney, Year, in_monitoring, simulated_year

Change = Callable[["Books"], None]


@dataclass
class Books:
    """The year's rows of both systems, and what a unit reports where it is not just what was paid.

    ``claimed`` holds rates by the number of their indicator, as numerator and denominator; ``silent`` does not report.
    """

    integrated: Year
    monitoring: Year
    reported_yuan: dict[str, Decimal | None] = field(default_factory=dict)
    claimed: dict[str, dict[int, tuple[int, int]]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    def both(self, kind: str, name: str, month: str = "", item: str = "") -> list[tuple[Row, Row]]:
        """The rows of a unit, of a month and an account if asked for, in both systems."""
        pairs = zip(getattr(self.integrated, kind), getattr(self.monitoring, kind), strict=True)
        day = {"allotment": "登记时间", "payment": "支付日期", "payout": "发放月份"}[kind]
        asked = {"单位名称": name, day: month, "支出功能分类": item}
        return [pair for pair in pairs if all(pair[0][head].startswith(words) for head, words in asked.items())]

    def set(self, pairs: list[tuple[Row, Row]], **cells: str) -> None:
        """Write cells into rows of both systems, under the heads that each has."""
        assert pairs
        for pair in pairs:
            for row in pair:
                row.update({head: cell for head, cell in cells.items() if head in row})

    def add(self, kind: str, pair: tuple[Row, Row], **cells: str) -> None:
        """Add a copy of a row to both systems, with other cells."""
        getattr(self.integrated, kind).append({**pair[0], **cells})
        getattr(self.monitoring, kind).append({**pair[1], **cells})

    def drop(self, kind: str, pairs: list[tuple[Row, Row]]) -> None:
        """Take rows out of both systems."""
        assert pairs
        for year, place in ((self.integrated, 0), (self.monitoring, 1)):
            gone = {id(pair[place]) for pair in pairs}
            setattr(year, kind, [row for row in getattr(year, kind) if id(row) not in gone])


@dataclass(frozen=True)
class Plant:
    """A fault: what changes in the books, which checks must name the unit, which differences must open for it.

    A check that names another unit is written F02@bohu; one that finds the fault in both systems, or under both of two
    kinds of aid, stands twice.
    """

    name: str
    unit: str
    change: Change
    checks: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()

    @property
    def findings(self) -> Counter[tuple[str, str]]:
        """How often each check must find it: code and unit."""
        return Counter((code, unit or self.unit) for code, _, unit in (words.partition("@") for words in self.checks))


def clean_books(units: list[UnitMoney], document_number: str) -> Books:
    """A year that agrees everywhere."""
    year = simulated_year(units, document_number)
    return Books(year, Year(*(
        in_monitoring(kind, getattr(year, kind)) for kind in ("allotment", "payment", "payout")
    ), [], []))


def _payment(unit: str, month: str, item: str, **cells: str) -> Change:
    return lambda books: books.set(books.both("payment", unit, month, item)[:1], **cells)


def _payouts(unit: str, month: str, item: str, first: int, last: int, **cells: str) -> Change:
    return lambda books: books.set(books.both("payout", unit, month, item)[first:last], **cells)


def _allotment(unit: str, place: int, **cells: str) -> Change:
    return lambda books: books.set([books.both("allotment", unit)[place]], **cells)


def _more(unit: str, place: int, much: int) -> Change:
    def change(books: Books) -> None:
        pair = books.both("allotment", unit)[place]
        books.set([pair], 指标金额=str(Decimal(pair[0]["指标金额"]) + much))

    return change


def _shift(unit: str, month: str, item: str, much: int, place: int = 0) -> Change:
    """One payout higher and the next lower by as much, so that the payment still adds up."""
    def change(books: Books) -> None:
        rows = books.both("payout", unit, month, item)
        for pair, sign in ((rows[place], 1), (rows[place + 1], -1)):
            books.set([pair], 发放金额=str(Decimal(pair[0]["发放金额"]) + sign * much))

    return change


def _as_person(unit: str, month: str, item: str, place: int, other: tuple[str, str, str, int]) -> Change:
    """Pay a row to the person of another row."""
    def change(books: Books) -> None:
        theirs = books.both("payout", *other[:3])[other[3]][0]
        mine = books.both("payout", unit, month, item)[place]
        books.set([mine], **{head: theirs[head] for head in ("姓名", "证件号码", "银行账号")})

    return change


def _stop(unit: str, item: str, place: int, on: str, word: str) -> Change:
    def change(books: Books) -> None:
        row = books.both("payout", unit, "2021-12", item)[place][0]
        books.integrated.stop.append({
            "财政区划代码": row["财政区划代码"], "单位名称": unit, "姓名": row["姓名"], "证件号码": row["证件号码"],
            "救助类别": "", "停发日期": on, "停发原因": word,
        })

    return change


def _overpay(books: Books) -> None:
    last = books.both("payment", "库尔勒经济技术开发区")[-1]
    books.add("payment", last, 支付明细主键="P900001", 支付凭证号="V900001", 实际支付金额="50000",
              收款人名称="开发区中心敬老院", 支出功能分类="2082102")
    books.reported_yuan["kuerle-kaifaqu"] = None


def _refund(books: Books) -> None:
    last = books.both("payment", "库尔勒市", "2021-09", "2082102")[0]
    books.add("payment", last, 支付明细主键="P900002", 支付凭证号="V900002", 实际支付金额="-5000",
              支付日期="2021-09-20", 收款人名称="库尔勒市康宁养老院", 收款人账号="65000000000000001")


def _no_list(books: Books) -> None:
    key = books.both("payment", "尉犁县", "2021-08", "2082001")[0][0]["支付明细主键"]
    books.drop("payout", [pair for pair in books.both("payout", "尉犁县") if pair[0]["支付明细主键"] == key])


def _stand_still(books: Books) -> None:
    """Nothing is paid after September."""
    for month in ("2021-10", "2021-11", "2021-12"):
        books.drop("payment", books.both("payment", "州儿童福利院", month))


def _double_register(books: Books) -> None:
    books.add("allotment", books.both("allotment", "博湖县")[0], 指标主键="Z90001")


def _not_imported(books: Books) -> None:
    books.monitoring.allotment = [
        row for row in books.monitoring.allotment
        if not (row["单位名称"] == "且末县" and row["本级指标文号"].endswith("96号"))
    ]


def _not_hooked(books: Books) -> None:
    gone = {id(pair[1]) for pair in books.both("payment", "尉犁县", "2021-10", "2081902")}
    books.monitoring.payment = [row for row in books.monitoring.payment if id(row) not in gone]


def _only_monitoring(kind: str, unit: str, month: str, item: str, **cells: str) -> Change:
    def change(books: Books) -> None:
        books.both(kind, unit, month, item)[0][1].update(cells)

    return change


def _mistyped(books: Books) -> None:
    row = books.both("payment", "库尔勒市", "2021-05", "2081902")[0][1]
    row["实际支付金额"] = str(Decimal(row["实际支付金额"]) + 10_000)


def _more_in_monitoring(books: Books) -> None:
    last = books.both("allotment", "和静县")[0][1]
    books.monitoring.allotment.append({**last, "指标主键": "Z90002", "指标金额": "70000"})


def _voucher_again(books: Books) -> None:
    first = books.both("payment", "焉耆回族自治县", "2021-03", "2082102")[0]
    books.add("payment", first, 支付明细主键="P900003")


def _nothing_paid_out(books: Books) -> None:
    """One row of nothing, its money with the row before."""
    first, second = books.both("payout", "和静县", "2021-08", "2081902")[:2]
    both = Decimal(first[0]["发放金额"]) + Decimal(second[0]["发放金额"])
    books.set([first], 发放金额=str(both))
    books.set([second], 发放金额="0")


def _claimed(unit: str, **rates: tuple[int, int]) -> Change:
    """What a unit claims of indicators: n12=(7, 7)."""
    return lambda books: books.claimed.__setitem__(unit, {int(name[1:]): pair for name, pair in rates.items()})


def _reported(unit: str, amount: Decimal | None) -> Change:
    return lambda books: books.reported_yuan.__setitem__(unit, amount)


KUERLE, LUNTAI, YULI, RUOQIANG = "库尔勒市", "轮台县", "尉犁县", "若羌县"
QIEMO, YANQI, HEJING, HESHUO, BOHU = "且末县", "焉耆回族自治县", "和静县", "和硕县", "博湖县"

PLANTS = [
    # Registration.
    Plant("少登录，支付已超过", "ruoqiang", _more(RUOQIANG, 4, -400_000), ("R01", "R15", "P04"), ("amount",)),
    Plant("多登录十万元", "heshuo", _more(HESHUO, 4, 100_000), ("R02",), ("amount",)),
    Plant("指标没有标识", "bohu", _allotment(BOHU, 2, 直达资金标识=""), ("R03", "R03"), ("marker",)),
    Plant("指标标识不同", "yuli", _allotment(YULI, 1, 直达资金标识="03 省级直达资金"), ("R04", "R04"), ("marker",)),
    Plant("登录逾期", "yuli", _allotment(YULI, -1, 登记时间="2021-12-28"), ("R06",)),
    Plant("分配间隔较长", "luntai", _allotment(LUNTAI, -1, 发文时间="2021-12-28"), ("R18",)),
    Plant("登录两次", "bohu", _double_register, ("R02",), ("amount",)),
    Plant("文号没有汉字", "luntai", _allotment(LUNTAI, 0, 本级指标文号="2021-3"),
          ("R01", "R10", "R10", "R15", "P15"), ("amount",)),
    Plant("年度不对", "yanqi", _allotment(YANQI, -1, 预算年度="2020"), ("R12",)),
    Plant("登录到别的科目", "kuerle", _allotment(KUERLE, 9, 支出功能分类="2040101"), ("R11",)),
    Plant("资金闲置", "zhou-fuliyuan", _stand_still, ("R14",)),
    Plant("监控系统多出七万元", "hejing", _more_in_monitoring, ("R08",), ("extra", "amount")),
    # Payment.
    Plant("列支彩票公益金科目", "kuerle", _payment(KUERLE, "2021-02", "2082102", 支出功能分类="2296002"), ("P01",)),
    Plant("列支其他生活救助", "qiemo", _payment(QIEMO, "2021-02", "2082102", 支出功能分类="2082501"), ("P02",)),
    Plant("没有科目", "luntai", _payment(LUNTAI, "2021-02", "2082102", 支出功能分类=""), ("P03",)),
    Plant("转入民政局账户", "hejing", _payment(HEJING, "2021-02", "2082102", 收款人名称="和静县民政局"), ("P06",)),
    Plant("付给公司", "yuli", _payment(YULI, "2021-02", "2082102", 收款人名称="尉犁县某商贸有限公司"), ("P07",)),
    Plant("提取管理费", "bohu", _payment(BOHU, "2021-02", "2082102", 用途="2月管理费"), ("P08",)),
    Plant("用于办公", "ruoqiang", _payment(RUOQIANG, "2021-02", "2082102", 用途="购买办公用品"), ("P09",)),
    Plant("归还借款", "heshuo", _payment(HESHUO, "2021-02", "2082102", 用途="归还借款"), ("P10",)),
    Plant("没有用途", "yanqi", _payment(YANQI, "2021-02", "2082102", 用途=""), ("P11",)),
    Plant("支付没有标识", "bohu", _payment(BOHU, "2021-04", "2082102", 直达资金标识=""), ("P12", "P12")),
    Plant("支付标识不同", "heshuo",
          _payment(HESHUO, "2021-04", "2082102", 直达资金标识="03 省级直达资金"), ("P13", "P13")),
    Plant("指标查不到", "yuli", _payment(YULI, "2021-04", "2082102", 指标主键="Z99999"), ("P14",)),
    Plant("登录以前支付", "luntai", _payment(LUNTAI, "2021-01", "2082102", 支付日期="2021-01-02"), ("P16",)),
    Plant("退款没有重付", "kuerle", _refund, ("P20",)),
    Plant("低保金付给敬老院", "qiemo", _payment(QIEMO, "2021-04", "2081902", 收款人名称="且末县中心敬老院"), ("P23",)),
    Plant("没有收款人", "yanqi", _payment(YANQI, "2021-04", "2082102", 收款人名称=""), ("P24",)),
    Plant("支付超过下达", "kuerle-kaifaqu", _overpay, ("P05", "S04")),
    Plant("支付录错一万元", "kuerle", _mistyped, ("P22",), ("amount",)),
    Plant("支付日期不同", "luntai",
          _only_monitoring("payment", LUNTAI, "2021-05", "2081902", 支付日期="2021-05-17"), (), ("date",)),
    Plant("同一凭证付两次", "yanqi", _voucher_again, ("P18",)),
    Plant("列支别的年度", "heshuo", _payment(HESHUO, "2021-06", "2082102", 预算年度="2020"), ("P19",)),
    Plant("支付科目不同", "yanqi",
          _only_monitoring("payment", YANQI, "2021-05", "2081902", 支出功能分类="2081901"), (), ("account",)),
    # Payout.
    Plant("同月领两次", "yanqi",
          _as_person(YANQI, "2021-11", "2081902", 1, (YANQI, "2021-11", "2081902", 0)), ("F01",)),
    Plant("两个县都领", "heshuo",
          _as_person(HESHUO, "2021-03", "2081902", 0, (BOHU, "2021-03", "2081902", 0)),
          ("F02", "F02@bohu")),
    Plant("退回没有重发", "luntai", _payouts(LUNTAI, "2021-10", "2081902", 0, 3, 发放状态="退回"), ("F03",)),
    Plant("发放失败", "kuerle", _payouts(KUERLE, "2021-09", "2081902", 0, 2, 发放状态="失败"), ("F04",)),
    Plant("高于标准", "qiemo", _shift(QIEMO, "2021-05", "2081902", 1100), ("F05",)),
    Plant("孤儿不等于定额", "luntai", _shift(LUNTAI, "2021-05", "2081001", 20), ("F06",)),
    Plant("死亡后仍发放", "qiemo", _stop(QIEMO, "2081902", 5, "2021-08-31", "死亡"), ("F07",)),
    Plant("迁出后仍发放", "kuerle", _stop(KUERLE, "2081902", 7, "2021-09-30", "迁出"), ("F08",)),
    Plant("号码不对", "hejing", _payouts(HEJING, "2021-06", "2081902", 3, 4, 证件号码="652827190000000000"), ("F09",)),
    Plant("迟发", "yuli", _payouts(YULI, "2021-06", "2081902", 0, 3, 发放日期="2021-06-25"), ("F10",)),
    Plant("发现金", "bohu", _payouts(BOHU, "2021-06", "2081902", 0, 4, 发放方式="现金"), ("F11",)),
    Plant("一户领多人", "hejing",
          _payouts(HEJING, "2021-04", "2081902", 0, 5, 银行账号="6217000000000000019"), ("F12",)),
    Plant("没有挂接支付", "heshuo",
          _payouts(HESHUO, "2021-05", "2081902", 0, 1, 支付明细主键="P999999"), ("F13", "F14")),
    Plant("清单与支付不等", "ruoqiang",
          lambda books: books.set(books.both("payout", RUOQIANG, "2021-05", "2081902")[:1], 发放金额="1"), ("F14",)),
    Plant("没有清单", "yuli", _no_list, ("F15",)),
    Plant("发放没有标识", "luntai", _payouts(LUNTAI, "2021-07", "2081902", 0, 2, 直达资金标识=""), ("F16",)),
    Plant("月份在年度以前", "bohu", _payouts(BOHU, "2021-01", "2081902", 0, 1, 发放月份="2020-12"),
          ("F17", "F10")),
    Plant("两项互斥待遇", "kuerle",
          _as_person(KUERLE, "2021-07", "2081901", 0, (KUERLE, "2021-07", "2081902", 0)), ("F19", "F19")),
    Plant("类别与科目不符", "yanqi", _payouts(YANQI, "2021-06", "2081902", 0, 1, 救助类别="临时救助"), ("F20",)),
    Plant("发放零元", "hejing", _nothing_paid_out, ("F18", "F05")),
    Plant("发放数不同", "bohu",
          _only_monitoring("payout", BOHU, "2021-05", "2081902", 发放金额="1"), (), ("amount",)),
    # Reports.
    Plant("元和万元填混", "zhou-jiuzhuzhan", _reported("zhou-jiuzhuzhan", Decimal("236.44")), ("S05",)),
    Plant("每项都填满", "bohu", _claimed("bohu", n1=(9, 9), n4=(9, 9), n5=(8, 8), n12=(7, 7), n14=(6, 6)), ("S07",)),
    Plant("有失败却填满", "kuerle", _claimed("kuerle", n12=(7, 7)), ("S08",)),
    Plant("没有清单却填发放率", "zhou-fuliyuan", _claimed("zhou-fuliyuan", n12=(6, 7), n14=(5, 6)), ("S09",)),
    Plant("到期没有填报", "heshuo", lambda books: books.silent.add("heshuo"), ("S10",)),
    Plant("填报数差一百万", "luntai", _reported("luntai", Decimal(27_214_400)), ("S01",)),
    # These leave the monitoring system with fewer rows, so they come last.
    Plant("没有导入监控系统", "qiemo", _not_imported, ("R15",), ("missing", "amount")),
    Plant("没有导入支付", "yuli", _not_hooked, ("P21",), ("missing",)),
]
