"""The checks over payouts to persons: silent on a faultless year, exact on planted rows, deaf to other money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import NUMBER, ROUND, opened_store
from docking_builders import dock, person

from data.checks import all_checks
from data.store import Store
from metrics.boards.payout import rates
from metrics.check_inputs import exports_of
from metrics.findings import Finding, find
from metrics.scope import Scope

CODES = tuple(check.code for check in all_checks("F"))
OTHER_NUMBER = "巴财社〔2020〕11号"
FAULTLESS, PLANTED, REPLACED = datetime(2021, 12, 27, 12), datetime(2021, 12, 30, 12), datetime(2021, 12, 31, 12)
PLANTED_AT, REPLACED_AT = datetime(2021, 12, 28, 9), datetime(2021, 12, 31, 9)
OCTOBER = {"pay_month": date(2021, 10, 1), "paid_on": date(2021, 10, 8)}
SEPTEMBER = {"pay_month": date(2021, 9, 1), "paid_on": date(2021, 9, 8)}
URBAN = {"aid_kind": "urban_allowance", "budget_item_code": "2081901"}
ORPHAN = {"aid_kind": "orphan", "budget_item_code": "2081001", "amount_yuan": Decimal(1000)}
ONCE = {"aid_kind": "temporary_aid", "budget_item_code": "2082001"}
STREET = {"aid_kind": "homeless_aid", "budget_item_code": "2082002"}
EXTREME = {"aid_kind": "extreme_hardship", "budget_item_code": "2082101"}
RURAL_NAME, URBAN_NAME, ORPHAN_NAME = "农村低保：2021年10月", "城市低保：2021年10月", "孤儿：2021年10月"


@dataclass(frozen=True)
class Expected:
    """What a check says of planted rows; ``lines`` are of the payout file unless ``place`` says it otherwise."""

    subject: str
    amount: int | Decimal | None
    lines: str
    count: int = 1
    unit: str = "luntai"
    place: str = ""


@dataclass(frozen=True)
class Plant:
    """Rows with one fault, each with what differs from a faultless payout of October, and what must be said."""

    rows: tuple[dict[str, Any], ...]
    expected: tuple[Expected, ...]
    paid_yuan: int | None = None


PLANTS = {
    "F01": Plant(
        ({"person_hash": person("重复")}, {"person_hash": person("重复"), "paid_on": date(2021, 10, 9)}),
        (Expected(RURAL_NAME, 500, "3"),),
    ),
    "F02": Plant(
        ({"person_hash": person("两地")},
         {"person_hash": person("两地"), "recipient_id": "yuli", "paid_on": date(2021, 10, 9)}),
        (Expected(RURAL_NAME, None, "2"), Expected(RURAL_NAME, 500, "3", unit="yuli")),
    ),
    "F03": Plant(({"payout_state": "refunded"},), (Expected(RURAL_NAME, 500, "2"),)),
    "F04": Plant(
        ({"payout_state": "failed"}, {"payout_state": "pending", "paid_on": None}),
        (Expected(RURAL_NAME, 1000, "2、3", 2),),
    ),
    "F05": Plant(({"amount_yuan": Decimal("700.5")},), (Expected(RURAL_NAME, Decimal("200.5"), "2"),)),
    "F06": Plant(
        ({**ORPHAN, "amount_yuan": Decimal(900)}, {**ORPHAN, "amount_yuan": Decimal(1300)}),
        (Expected(ORPHAN_NAME, 400, "2、3", 2),),
    ),
    "F07": Plant(
        ({"person_hash": person("已故"), "recipient_id": "yuli"},),
        (Expected(RURAL_NAME, 500, "2", unit="yuli"),),
    ),
    "F08": Plant(({"person_hash": person("迁出")},), (Expected(RURAL_NAME, 500, "2"),)),
    "F09": Plant(
        ({"person_hash": None}, {"is_person_no_valid": False}), (Expected(RURAL_NAME, 1000, "2、3", 2),),
    ),
    "F10": Plant(({"paid_on": date(2021, 10, 11)},), (Expected(RURAL_NAME, 500, "2"),)),
    "F11": Plant(({"channel": "cash"},), (Expected(RURAL_NAME, 500, "2"),)),
    "F12": Plant(
        tuple({"account_hash": person("一个账户")} for _ in range(4)),
        (Expected("收款账户", 2000, "2、3、4、5", 4),),
    ),
    "F13": Plant(
        ({"payment_key": ""}, {"payment_key": "没有这笔"}), (Expected(RURAL_NAME, 1000, "2、3", 2),),
    ),
    "F14": Plant(({},), (
        Expected("支付 P-F14", 100, "", place="《F14-支付.csv》第 2 行；《F14.csv》第 2 行起"),
    ), paid_yuan=600),
    "F15": Plant((), (Expected("支付给代发银行", 600, "", place="《F15-支付.csv》第 2 行"),), paid_yuan=600),
    "F16": Plant(
        ({"marker_text": ""}, {"marker_text": "03 省级直达资金"}),
        (Expected(RURAL_NAME, 500, "2"), Expected(RURAL_NAME, 500, "3")),
    ),
    "F17": Plant(
        ({"pay_month": date(2020, 12, 1), "paid_on": date(2020, 12, 9)}, {"pay_month": date(2022, 2, 1)}),
        (Expected("农村低保：2020年12月", 500, "2"), Expected("农村低保：2022年2月", 500, "3")),
    ),
    "F18": Plant(
        ({"amount_yuan": Decimal(0)}, {"amount_yuan": Decimal(-500)}),
        (Expected(RURAL_NAME, 500, "2、3", 2),),
    ),
    "F19": Plant(
        ({"person_hash": person("两项")}, {"person_hash": person("两项"), **URBAN}),
        (Expected(RURAL_NAME, 500, "2"), Expected(URBAN_NAME, 500, "3")),
    ),
    "F20": Plant(({"budget_item_code": "2081901"},), (Expected(RURAL_NAME, 500, "2"),)),
}


def payouts(name: str, rows: tuple[dict[str, Any], ...], **more: Any) -> list[dict[str, Any]]:
    """Rows of October, each person and account their own unless a row says otherwise."""
    return [
        {
            "payment_key": f"P-{name}", "person_hash": person(f"{name}-{line}"),
            "account_hash": person(f"{name}-account-{line}"), **OCTOBER, **row, **more,
        }
        for line, row in enumerate(rows, start=2)
    ]


def payment(name: str, rows: list[dict[str, Any]], paid_yuan: int | None = None, **more: Any) -> dict[str, Any]:
    """The payment to the bank that a list of payouts belongs to."""
    listed = sum(row.get("amount_yuan", Decimal(500)) for row in rows if row["payment_key"] == f"P-{name}")
    return {
        "payment_key": f"P-{name}", "payee_kind": "bank", "paid_on": date(2021, 10, 7),
        "amount_yuan": Decimal(listed if paid_yuan is None else paid_yuan), **more,
    }


def faultless(store: Store) -> None:
    """A year without a fault, with the rows that look like one."""
    dock(store, "allotment", {})
    rows = payouts("无误", (
        {},
        # On the payout day itself; the month of the stop itself; another unit's stop for another reason.
        {"paid_on": date(2021, 10, 10)},
        {"person_hash": person("已故"), "pay_month": date(2021, 6, 1), "paid_on": date(2021, 6, 8)},
        {"person_hash": person("迁出"), "recipient_id": "yuli", **SEPTEMBER},
        {"person_hash": person("迁出"), **ONCE, "amount_yuan": Decimal(2000)},
        # Came back and was paid again, late for that reason; came back lately; waits for its day.
        {"person_hash": person("退回"), "payout_state": "refunded"},
        {"person_hash": person("退回"), "paid_on": date(2021, 10, 25)},
        {"pay_month": date(2021, 12, 1), "paid_on": date(2021, 12, 8), "payout_state": "refunded"},
        {"pay_month": date(2021, 12, 1), "paid_on": None, "payout_state": "pending"},
        # Aid that is given once, twice in one month; people from the street: in cash, without papers.
        {"person_hash": person("临时"), **ONCE},
        {"person_hash": person("临时"), **ONCE, "paid_on": date(2021, 10, 20)},
        {**STREET, "channel": "cash", "person_hash": None, "account_hash": None, "paid_on": date(2021, 10, 30)},
        # The fixed amount; the standard that rose in July; a later month of the same person.
        ORPHAN,
        {**URBAN, "amount_yuan": Decimal(620)},
        {"person_hash": person("无误-2"), "pay_month": date(2021, 11, 1), "paid_on": date(2021, 11, 8)},
        # Three in one account; five in an institution's.
        *({"account_hash": person("同户")} for _ in range(3)),
        *({**EXTREME, "account_hash": person("机构")} for _ in range(5)),
        # A child of two kinds that go together.
        {"person_hash": person("孩子"), **ORPHAN},
        {"person_hash": person("孩子"), **URBAN},
    ))
    dock(store, "payout", *rows)
    dock(store, "payment", payment("无误", rows), {
        "payment_key": "P-近日", "payee_kind": "bank", "paid_on": date(2021, 12, 10),
    }, {"payment_key": "P-个人", "paid_on": date(2021, 1, 10)})
    dock(
        store, "standard", {}, {"aid_kind": "urban_allowance", "standard_yuan": Decimal(600)},
        {"aid_kind": "urban_allowance", "from_on": date(2021, 7, 1), "standard_yuan": Decimal(620)},
        {"aid_kind": "orphan", "standard_yuan": Decimal(1000), "is_fixed": True},
    )
    dock(store, "stop", {"person_hash": person("已故")}, {
        "person_hash": person("迁出"), "aid_kind": "rural_allowance", "stop_word": "moved",
    })
    # The other system's copy is compared elsewhere; a fault of it is no fault of the payout.
    dock(store, "payout", *payouts("监控", ({"person_hash": person("重复")}, {"marker_text": "", "channel": "cash"})),
         system="monitoring")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The faultless year; a day later one file per planted fault; two days later other money's rows instead."""
    opened = opened_store(tmp_path_factory.mktemp("payout"))
    faultless(opened)
    for code, plant in PLANTS.items():
        for kind, file_name in (("payout", f"{code}.csv"), ("payment", f"{code}-支付.csv")):
            planted, other = (
                payouts(code, plant.rows, **more) if kind == "payout"
                else [payment(code, payouts(code, plant.rows), plant.paid_yuan, **more)]
                for more in ({}, {"document_number": OTHER_NUMBER})
            )
            number = dock(opened, kind, *planted, at=PLANTED_AT, file_name=file_name)
            dock(opened, kind, *other, at=REPLACED_AT, file_name=file_name, replaces=number)
    yield opened
    opened.close()


def found_at(store: Store, at: datetime) -> dict[str, list[Finding]]:
    with store.reading() as cursor:
        found = find(cursor, NUMBER, at, CODES)
    return {code: [finding for finding in found if finding.check.code == code] for code in CODES}


@pytest.fixture(scope="module")
def faultless_findings(store: Store) -> dict[str, list[Finding]]:
    return found_at(store, FAULTLESS)


@pytest.fixture(scope="module")
def planted_findings(store: Store) -> dict[str, list[Finding]]:
    return found_at(store, PLANTED)


@pytest.fixture(scope="module")
def replaced_findings(store: Store) -> dict[str, list[Finding]]:
    return found_at(store, REPLACED)


def test_every_check_has_its_planted_rows():
    assert tuple(PLANTS) == CODES


@pytest.mark.parametrize("code", CODES)
def test_faultless_payouts_pass(faultless_findings, code):
    assert faultless_findings[code] == []


@pytest.mark.parametrize("code", CODES)
def test_planted_rows_are_named_with_place_and_money_and_nothing_else(planted_findings, code):
    told = [
        (one.recipient_id, one.subject_text, one.amount_yuan, one.found_count, one.place_text)
        for one in planted_findings[code]
    ]

    assert told == [
        (one.unit, one.subject, one.amount, one.count, one.place or f"《{code}.csv》第 {one.lines} 行")
        for one in PLANTS[code].expected
    ]


@pytest.mark.parametrize("code", CODES)
def test_both_sides_and_what_to_do_are_told(planted_findings, code):
    for finding in planted_findings[code]:
        assert finding.stated_text and finding.expected_text and finding.check.says


@pytest.mark.parametrize("code", CODES)
def test_other_moneys_rows_and_replaced_exports_are_left_alone(replaced_findings, code):
    assert replaced_findings[code] == []


@pytest.mark.parametrize("check", all_checks("F"), ids=CODES)
def test_nothing_is_found_where_an_export_that_the_check_needs_was_never_loaded(store, check):
    for system, kind in exports_of(check):
        with store.rehearsal() as cursor:
            cursor.run("DELETE FROM docked_export WHERE system_name = $system AND record_kind = $kind",
                       {"system": system, "kind": kind})

            assert find(cursor, NUMBER, PLANTED, (check.code,)) == [], (system, kind)


@pytest.mark.parametrize(("first_paid_on", "expected"), [
    (date(2021, 12, 8), []),
    (date(2021, 12, 11), ["首次到账最晚 2021-12-11，最长逾期 1 天"]),
])
def test_the_first_payment_of_a_month_says_whether_it_is_late(empty, first_paid_on, expected):
    dock(empty, "payout", {"person_hash": person("补发"), "paid_on": first_paid_on},
         {"person_hash": person("补发"), "paid_on": date(2021, 12, 20)})

    assert told(empty, "F10", FAULTLESS) == expected


def test_whoever_is_late_is_late_in_the_rate_as_well(empty):
    dock(empty, "payout", {}, {"paid_on": date(2021, 12, 11)}, {"paid_on": date(2021, 12, 21)})
    table = rates(empty, Scope(NUMBER, ROUND, FAULTLESS.date()))
    row = table[(table["recipient_id"] == "luntai") & (table["measure_key"] == "on_time")].iloc[0]

    assert [finding.found_count for finding in found_at(empty, FAULTLESS)["F10"]] == [row["late_count"]] == [2]
    assert told(empty, "F10", FAULTLESS) == ["首次到账最晚 2021-12-21，最长逾期 11 天"]


# What is known only up to the day that the other export reaches.


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    opened = opened_store(tmp_path)
    yield opened
    opened.close()


def told(store: Store, code: str, at: datetime) -> list[str]:
    return [finding.stated_text for finding in found_at(store, at)[code]]


@pytest.mark.parametrize(("paid_on", "expected"), [
    (date(2021, 10, 20), ["没有写支付 0 笔，找不到支付 1 笔"]),
    (date(2021, 10, 21), []),
])
def test_a_payout_is_looked_up_in_payments_that_reach_its_day(empty, paid_on, expected):
    dock(empty, "payment", {"paid_on": date(2021, 10, 7)}, at=datetime(2021, 10, 20, 9))
    dock(empty, "payout", {**OCTOBER, "paid_on": paid_on, "payment_key": "没有这笔"})

    assert told(empty, "F13", FAULTLESS) == expected


@pytest.mark.parametrize(("loaded_on", "expected"), [
    (datetime(2021, 11, 6, 9), []),
    (datetime(2021, 11, 7, 9), ["1 笔支付没有发放明细，最长已过 31 天"]),
])
def test_a_list_of_persons_is_missed_in_payouts_that_reach_past_the_limit(empty, loaded_on, expected):
    dock(empty, "payment", {"payee_kind": "bank", "paid_on": date(2021, 10, 7)})
    dock(empty, "payout", {"payment_key": "P99"}, at=loaded_on)

    assert told(empty, "F15", FAULTLESS) == expected
