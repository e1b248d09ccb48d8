"""The simulated year of both systems: it adds up, pays on time and is read by the shipped mappings."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources

import pytest
from builders import NUMBER, demo_store

from dashboard.demo_docking import units_of
from dashboard.demo_exports import STANDARDS, Year, as_csv, in_monitoring, proved_by, simulated_year, spent_by
from dashboard.demo_exports import UnitMoney as Unit
from dashboard.demo_figures import Proved

EXPORTS = [
    *(("integrated", kind) for kind in ("allotment", "payment", "payout", "standard")),
    *(("monitoring", kind) for kind in ("allotment", "payment", "payout")),
]


@cache
def year() -> tuple[list[Unit], Year]:
    units = units_of(demo_store(), NUMBER)
    return units, simulated_year(units, NUMBER)


def summed(rows, unit, head):
    return sum((Decimal(row[head]) for row in rows if row["单位名称"] == unit.name), Decimal(0))


def test_every_unit_registers_its_money_and_pays_what_it_reports():
    units, made = year()

    assert len(units) == 12
    for unit in units:
        assert summed(made.allotment, unit, "指标金额") == unit.after_yuan
        assert summed(made.payment, unit, "实际支付金额") == spent_by(unit, 12)


def test_lists_add_up_to_their_payments():
    _, made = year()
    listed = defaultdict(Decimal)
    for row in made.payout:
        listed[row["支付明细主键"]] += Decimal(row["发放金额"])

    by_bank = {row["支付明细主键"]: row for row in made.payment if "代发" in row["收款人名称"]}
    assert set(listed) == set(by_bank)
    assert all(listed[key] == Decimal(row["实际支付金额"]) for key, row in by_bank.items())


def test_nobody_is_paid_twice_late_or_too_much():
    _, made = year()
    times = Counter((row["证件号码"], row["发放月份"], row["救助类别"]) for row in made.payout)

    assert set(times.values()) == {1}
    assert max(date.fromisoformat(row["发放日期"]).day for row in made.payout) <= 10
    for row in made.payout:
        most = STANDARDS.get(row["救助类别"])
        assert most is None or Decimal(row["发放金额"]) <= most[0]


def test_no_payment_is_older_or_larger_than_its_money():
    _, made = year()
    money = {row["指标主键"]: row for row in made.allotment}
    paid = defaultdict(Decimal)
    for row in made.payment:
        paid[row["指标主键"]] += Decimal(row["实际支付金额"])
        assert row["支付日期"] >= money[row["指标主键"]]["登记时间"]
        assert row["支出功能分类"] == money[row["指标主键"]]["支出功能分类"]

    assert all(amount <= Decimal(money[key]["指标金额"]) for key, amount in paid.items())


def paid_out(person, month="2021-05", day=10, kind="农村低保", **cells) -> dict[str, str]:
    return {
        "证件号码": person, "发放月份": month, "发放日期": f"{month}-{day:02d}", "救助类别": kind, "发放金额": "300.5",
        "发放方式": "一卡通", "发放状态": "成功", **cells,
    }


def test_a_clerk_counts_persons_once_a_month_and_money_once_a_payout():
    rows = [
        paid_out("甲"), paid_out("甲", day=20), paid_out("乙", day=11), paid_out("丙", 发放方式="现金"),
        paid_out("丁", 发放状态="退回"), paid_out("甲", kind="孤儿"), paid_out("戊", kind="临时救助", day=25),
        paid_out("戊", month="2021-04", kind="城市低保"), paid_out("己", month="2021-06"),
    ]

    yuan = Decimal("300.5")
    assert proved_by(rows, 5) == Proved(4, 6, bank_yuan=4 * yuan, allowance_yuan=5 * yuan, head_count=3, aid_count=1)
    assert proved_by(rows, 3) == Proved()


@pytest.mark.parametrize(("system", "kind"), EXPORTS)
def test_every_head_is_one_that_the_shipped_mapping_knows(system, kind):
    text = resources.files("data").joinpath("docking", "mappings.csv").read_text(encoding="utf-8")
    known = {
        row["head_text"] for row in csv.DictReader(text.splitlines())
        if (row["system_name"], row["record_kind"]) == (system, kind)
    }
    rows = getattr(year()[1], kind)
    rows = in_monitoring(kind, rows) if system == "monitoring" else rows

    assert set(rows[0]) <= known
    assert as_csv(rows[:2]).decode("utf-8-sig").splitlines()[0].split(",") == list(rows[0])
