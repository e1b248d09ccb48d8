"""The demonstration's exports: the simulated year, with the faults that a director should see first planted in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from dashboard.actions.docking import ExportPlan, load_export
from dashboard.demo_exports import (
    ADDED_TO,
    ALLOWANCES,
    REGISTERED_ON,
    Row,
    UnitMoney,
    Year,
    as_csv,
    in_monitoring,
    proved_by,
)
from dashboard.demo_figures import MONTH_OF_ROUND, RECEIPTS, Proved
from data.audit import Actor
from data.docking.mapping import RECORD_KINDS, SYSTEMS
from data.reference import resolve_recipient
from data.store import Store, sql_text

EXPORTED_AT = datetime(2021, 12, 28, 8)
PERIOD = (date(2021, 1, 1), date(2021, 12, 27))


def dock_year(store: Store, actor: Actor, person_key: bytes, integrated: Year, monitoring: Year) -> None:
    """Load the year's exports of both systems as the prefecture's officer would."""
    for system_name, year in (("integrated", integrated), ("monitoring", monitoring)):
        for record_kind, title in RECORD_KINDS.items():
            rows = getattr(year, record_kind)
            if rows:
                load_export(
                    store, actor, EXPORTED_AT, person_key, as_csv(rows), f"{SYSTEMS[system_name]}{title}_模拟.csv",
                    ExportPlan(system_name, record_kind, *PERIOD),
                )


def units_of(store: Store, document_number: str) -> list[UnitMoney]:
    """The units of a published notice with the money of each document, in printed order."""
    with store.reading() as cursor:
        lines = cursor.rows(sql_text("data", "queries/allocation_lines"), {"document_number": document_number})
        recipients = cursor.rows(sql_text("data", "queries/recipients"))
    codes = {row["recipient_id"]: row["division_code"] or "" for row in recipients}
    of_unit: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    names = {}
    for line in lines:
        names[line["recipient_id"]] = line["recipient_name"]
        of_unit.setdefault(line["recipient_id"], {})[line["source_document"]] = (
            line["before_yuan"], line["adjustment_yuan"]
        )
    return [UnitMoney(key, names[key], codes[key], money) for key, money in of_unit.items()]


def proved_at(payouts: list[Row]) -> dict[tuple[str, str], Proved]:
    """What the payouts prove by the end of each round: (recipient, round) → counts; who pays nobody is not in it."""
    of_unit = defaultdict(list)
    for row in payouts:
        of_unit[row["单位名称"]].append(row)
    return {
        (_key_of(name), round_id): proved_by(rows, month)
        for name, rows in of_unit.items() for round_id, month in MONTH_OF_ROUND.items()
    }


def told(year: Year) -> tuple[Year, Year]:
    """The year as each system exports it, integrated and monitoring, with the stories of the demonstration."""
    _pay_late(year.payout)
    _pay_in_cash(year.payout)
    _pay_own_account(year.payment)
    _pay_the_dead(year)
    _pay_twice(year.payout)
    _refund(year.payout)
    _spend_on_office(year.payment)
    monitoring = Year(
        in_monitoring("allotment", year.allotment), in_monitoring("payment", year.payment),
        in_monitoring("payout", year.payout), [], [],
    )
    monitoring.allotment = _imported(monitoring.allotment)
    _leave_out_and_mistype(monitoring.payment)
    return year, monitoring


# Of a hundred payouts so many came after the payout day: up to June, up to September, up to December.
USUALLY_LATE = (7, 4, 2)
LATE_SHARE = {
    "库尔勒市": USUALLY_LATE, "轮台县": USUALLY_LATE, "尉犁县": USUALLY_LATE, "若羌县": USUALLY_LATE,
    "和硕县": USUALLY_LATE, "博湖县": USUALLY_LATE,
    "且末县": (14, 28, 51), "焉耆回族自治县": (14, 32, 64), "和静县": (15, 29, 46),
}
LATE_DAY = 20
# Of a hundred payouts of 低保 so many were in cash, in the same months.
CASH_SHARE = {"焉耆回族自治县": (18, 36, 30), "和静县": (20, 31, 50)}
OWN_ACCOUNT = ("和静县", "和静县民政局", ("2021-11", "2021-12"))
DEAD = ("且末县", "2021-08-31", 3)
TWICE = ("焉耆回族自治县", "2021-11", 12)
REFUNDED = ("轮台县", "2021-10", 5)
OFFICE = ("若羌县", "2021-08", "8月工作经费")
NOT_HOOKED = ("尉犁县", "2021-12")
MISTYPED = ("库尔勒市", "2021-09", Decimal(10_000))


def _of(rows: list[Row], name: str, month: str, head: str) -> list[Row]:
    return [row for row in rows if row["单位名称"] == name and row[head].startswith(month)]


def _pay_late(payouts: list[Row]) -> None:
    for place, row in enumerate(payouts):
        # 37 and 100 have no common divisor: the late ones are spread over months and kinds alike.
        if place * 37 % 100 < _share_of(LATE_SHARE, row):
            row["发放日期"] = f"{row['发放月份']}-{LATE_DAY}"


def _pay_in_cash(payouts: list[Row]) -> None:
    for place, row in enumerate(row for row in payouts if row["救助类别"] in ALLOWANCES):
        # As above, but not the same ones.
        if place * 61 % 100 < _share_of(CASH_SHARE, row):
            row["发放方式"], row["银行账号"] = "现金", ""


def _share_of(shares: Mapping[str, tuple[int, int, int]], row: Row) -> int:
    month = int(row["发放月份"][-2:])
    ends = enumerate(MONTH_OF_ROUND.values())
    return shares.get(row["单位名称"], (0, 0, 0))[next(place for place, end in ends if month <= end)]


def _pay_own_account(payments: list[Row]) -> None:
    name, payee, months = OWN_ACCOUNT
    for month in months:
        for row in _of(payments, name, month, "支付日期"):
            if row["支出功能分类"] == ADDED_TO:
                row["收款人名称"] = payee


def _pay_the_dead(year: Year) -> None:
    name, stopped_on, most = DEAD
    month = _of(year.payout, name, "2021-09", "发放月份")
    for row in [row for row in month if row["救助类别"] == "农村低保"][:most]:
        year.stop.append({
            "财政区划代码": row["财政区划代码"], "单位名称": name, "姓名": row["姓名"], "证件号码": row["证件号码"],
            "救助类别": "", "停发日期": stopped_on, "停发原因": "死亡",
        })


def _pay_twice(payouts: list[Row]) -> None:
    name, month, most = TWICE
    rows = [row for row in _of(payouts, name, month, "发放月份") if row["救助类别"] == "农村低保"]
    for first, second in list(zip(rows[::2], rows[1::2], strict=False))[:most]:
        for head in ("姓名", "证件号码", "银行账号"):
            second[head] = first[head]


def _refund(payouts: list[Row]) -> None:
    name, month, most = REFUNDED
    for row in _of(payouts, name, month, "发放月份")[:most]:
        row["发放状态"] = "退回"


def _spend_on_office(payments: list[Row]) -> None:
    name, month, purpose = OFFICE
    _of(payments, name, month, "支付日期")[0]["用途"] = purpose


def _imported(allotments: list[Row]) -> list[Row]:
    """What each unit imported, when, and under which marker, as its receipts say."""
    kept = []
    for row in allotments:
        story = RECEIPTS[_key_of(row["单位名称"])]
        if row["本级指标文号"] in REGISTERED_ON:
            row["直达资金标识"] = story.marker
        elif not story.imported_at or not story.imported_share:
            continue
        else:
            row["导入时间"] = story.imported_at.date().isoformat()
        kept.append(row)
    return kept


def _key_of(name: str) -> str:
    unit = resolve_recipient(name)
    assert unit is not None
    return unit.recipient_id


def _leave_out_and_mistype(payments: list[Row]) -> None:
    name, month = NOT_HOOKED
    for row in _of(payments, name, month, "支付日期"):
        payments.remove(row)
    name, month, much = MISTYPED
    row = _of(payments, name, month, "支付日期")[0]
    row["实际支付金额"] = str(Decimal(row["实际支付金额"]) + much)
