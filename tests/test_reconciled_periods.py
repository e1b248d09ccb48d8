"""Systems are compared, and checks find, only on days of which the exports tell; what nobody told is not missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from builders import NUMBER, ROUND, opened_store, publish, receive, rows
from check_builders import Report, record, submit
from docking_builders import person, put

from dashboard import reconciliation_tables
from data.store import Cursor, Store
from metrics.boards import reconciliation
from metrics.boards.definition import Scope
from metrics.findings import find
from metrics.reconciliation import refresh_differences

AT = datetime(2021, 12, 27, 10)
LATE = datetime(2022, 3, 15)
YEAR = (date(2021, 1, 1), date(2021, 12, 27))
OCTOBER = {"paid_on": date(2021, 10, 8)}
DECEMBER = {"paid_on": date(2021, 12, 8)}
WHOLE = Decimal("29390000")


def days(first: tuple[int, int], last: tuple[int, int], year: int = 2021) -> tuple[date, date]:
    return date(year, *first), date(year, *last)


ONLY_DECEMBER = days((12, 1), (12, 27))
TO_NOVEMBER = days((1, 1), (11, 30))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = opened_store(tmp_path_factory.mktemp("periods"))
    yield store
    store.close()


@pytest.fixture
def cursor(store: Store) -> Iterator[Cursor]:
    with store.rehearsal() as cursor:
        yield cursor


def hook(cursor: Cursor, kind: str, *changes: dict[str, Any], **more: Any) -> None:
    put(cursor, kind, *changes, system="monitoring", **more)


def told(cursor: Cursor, at: datetime = AT) -> list[tuple[str, str, str]]:
    """Kind, unit and right side of every difference that is open."""
    refresh_differences(cursor, at)
    found = cursor.rows("SELECT * FROM difference WHERE mended_at IS NULL ORDER BY difference_no")
    return [(row["difference_kind"], row["recipient_id"], row["right_source"]) for row in found]


def found(cursor: Cursor, *codes: str, as_of: datetime = datetime(2022, 1, 5)) -> list[tuple[str, str, str]]:
    return [(one.check.code, one.subject_text, one.stated_text) for one in find(cursor, NUMBER, as_of, codes)]


def test_months_that_the_other_system_does_not_tell_of_are_not_missing(cursor):
    put(cursor, "payment", OCTOBER, DECEMBER, {**DECEMBER, "amount_yuan": Decimal(7)}, period=YEAR)
    hook(cursor, "payment", DECEMBER, period=ONLY_DECEMBER)

    assert told(cursor) == [("missing", "luntai", "monitoring")]
    (row,) = cursor.rows("SELECT left_yuan FROM difference")
    assert row["left_yuan"] == 7, "October is not asked about, December is"


@pytest.mark.parametrize(("periods", "expected"), [
    ([ONLY_DECEMBER], []),
    ([days((1, 1), (9, 30)), ONLY_DECEMBER], []),                    # a gap where the month should be
    ([days((10, 2), (12, 27))], []),                                 # the month not whole
    ([days((1, 1), (10, 31))], []),                                  # its last day to import not told of
    ([days((1, 1), (10, 15)), days((10, 16), (12, 27))], ["2021年10月支付合计"]),
    ([days((10, 1), (10, 31)), days((11, 1), (11, 30)), ONLY_DECEMBER], ["2021年10月支付合计"]),
    ([YEAR], ["2021年10月支付合计"]),
])
def test_a_month_is_missed_only_where_it_is_told_whole(cursor, periods, expected):
    put(cursor, "payment", OCTOBER, DECEMBER, period=YEAR)
    for place, period in enumerate(periods):
        hook(cursor, "payment", *([DECEMBER] if place == len(periods) - 1 else []), period=period)

    assert [subject for _, subject, _ in found(cursor, "P21")] == expected


@pytest.mark.parametrize(("periods", "expected"), [
    ([ONLY_DECEMBER], []),
    ([days((1, 1), (10, 20)), days((11, 1), (12, 27))], []),
    ([days((1, 1), (6, 30)), days((7, 1), (12, 27))], ["2021年10月支付合计"]),
])
def test_a_month_is_only_in_monitoring_where_the_other_tells_of_it_whole(cursor, periods, expected):
    hook(cursor, "payment", OCTOBER, DECEMBER, period=YEAR)
    for place, period in enumerate(periods):
        put(cursor, "payment", *([DECEMBER] if place == len(periods) - 1 else []), period=period)

    assert [subject for _, subject, _ in found(cursor, "P22")] == expected


def test_monthly_exports_agree_with_one_of_the_year(cursor):
    put(cursor, "payment", OCTOBER, DECEMBER, period=YEAR)
    hook(cursor, "payment", OCTOBER, period=TO_NOVEMBER)
    hook(cursor, "payment", DECEMBER, period=ONLY_DECEMBER)

    assert told(cursor) == []
    assert found(cursor, "P21", "P22") == []


def test_each_unit_is_asked_by_its_own_exports(cursor):
    bohu = {"recipient_id": "bohu"}
    put(cursor, "payment", OCTOBER, {**OCTOBER, **bohu}, {**DECEMBER, **bohu}, period=YEAR)
    hook(cursor, "payment", period=YEAR, recipient_id="bohu")
    hook(cursor, "payment", period=ONLY_DECEMBER, recipient_id="luntai")

    assert told(cursor) == [("missing", "bohu", "monitoring")] * 2


def test_payouts_are_asked_by_their_day(cursor):
    december = {"person_hash": person("甲")}
    november = {"pay_month": date(2021, 11, 1), "paid_on": date(2021, 12, 3)}
    october = {"pay_month": date(2021, 10, 1), "paid_on": date(2021, 10, 8)}
    put(cursor, "payout", november, october, december, period=YEAR)
    hook(cursor, "payout", december, period=ONLY_DECEMBER)

    assert told(cursor) == [("missing", "luntai", "monitoring")]
    (row,) = cursor.rows("SELECT pay_month FROM difference")
    assert row["pay_month"] == date(2021, 11, 1), "November's was paid in December"


def test_a_payout_is_placed_in_the_file_where_it_stands(cursor):
    pending = {"payout_state": "pending"}
    put(cursor, "payout", pending, pending, {"paid_on": date(2021, 11, 8)}, file_name="乙.csv", period=TO_NOVEMBER)
    put(cursor, "payout", {}, file_name="甲.csv", period=ONLY_DECEMBER)
    hook(cursor, "payout", {"aid_kind": "orphan"}, period=YEAR)
    refresh_differences(cursor, AT)

    (row,) = cursor.rows("SELECT left_place_text FROM difference WHERE difference_kind = 'missing'")
    assert row["left_place_text"] == "《乙.csv》第 4 行、《甲.csv》第 2 行"


def test_an_export_older_than_the_notice_tells_nothing_of_it(tmp_path: Path):
    store = Store(tmp_path / "new.duckdb")
    with store.transaction() as cursor:
        for system in ("integrated", "monitoring"):
            # Its earlier money is booked under a document that this notice adjusts.
            earlier = {"document_number": "巴财社〔2021〕3号", "marker_text": "", "amount_yuan": Decimal(9)}
            put(cursor, "allotment", earlier, system=system, at=datetime(2021, 12, 21), period=days((1, 1), (12, 21)))
    publish(store)

    assert rows(store, "SELECT * FROM difference") == []


def test_a_notice_is_asked_about_when_the_unit_had_to_have_registered(store: Store, tmp_path: Path):
    own = opened_store(tmp_path)
    receive(own, "luntai", happened_at=datetime(2021, 12, 23, 18))       # due on 12-28
    receive(own, "bohu", happened_at=datetime(2021, 12, 22, 18))         # due on 12-27
    with own.transaction() as cursor:
        put(cursor, "allotment", {"recipient_id": "luntai", "amount_yuan": Decimal(1), "marker_text": ""})
        first = told(cursor)
    with own.transaction() as cursor:
        cursor.run("UPDATE docked_export SET ended_at = loaded_at")
        put(cursor, "allotment", {"recipient_id": "luntai", "amount_yuan": Decimal(1), "marker_text": ""},
            at=datetime(2021, 12, 28, 9))
        second = told(cursor, datetime(2021, 12, 28, 10))

    assert ("missing", "bohu", "integrated") in first
    assert not [kind for kind, unit, _ in first if unit == "luntai"], "nor is what it registered extra"
    assert sorted(kind for kind, unit, _ in second if unit == "luntai") == ["amount", "marker"]


@pytest.mark.parametrize(("late", "hooked", "expected"), [
    ({"registered_on": date(2021, 12, 26)}, [], []),
    ({"registered_on": date(2021, 12, 24)}, [], ["missing"]),
    ({"registered_on": None, "dated_on": None}, [], ["missing"]),
    ({"registered_on": date(2021, 12, 26)}, [{"allotment_key": "另"}], []),
    ({"registered_on": date(2021, 12, 26)}, [{"amount_yuan": Decimal(1)}], ["amount"]),
    ({"registered_on": date(2021, 12, 26)}, [{"amount_yuan": Decimal(1), "allotment_key": "另"}], ["extra"]),
])
def test_what_was_registered_after_the_other_export_is_not_missing(cursor, late, hooked, expected):
    put(cursor, "allotment", late)
    hook(cursor, "allotment", *hooked, period=days((1, 1), (12, 25)))

    refresh_differences(cursor, AT)
    between = "SELECT difference_kind FROM difference WHERE left_source <> 'notice'"
    assert [row["difference_kind"] for row in cursor.rows(between)] == expected


def test_the_import_of_what_was_registered_before_is_not_extra(cursor):
    put(cursor, "allotment", {"registered_on": date(2021, 12, 23)}, period=days((1, 1), (12, 24)))
    hook(cursor, "allotment", {"registered_on": date(2021, 12, 27)})

    refresh_differences(cursor, AT)
    assert cursor.rows("SELECT * FROM difference WHERE left_source <> 'notice' AND recipient_id = 'luntai'") == []


def test_accounts_are_compared_unit_by_unit(cursor):
    bohu = {"recipient_id": "bohu"}
    put(cursor, "payment", {}, bohu)
    hook(cursor, "payment", {"budget_item_code": "2081901"}, recipient_id="luntai")
    hook(cursor, "payment", {**bohu, "budget_item_code": ""}, recipient_id="bohu")
    other = {**bohu, "person_hash": person("乙")}
    put(cursor, "payout", {}, other)
    hook(cursor, "payout", {"budget_item_code": "2081901"}, recipient_id="luntai")
    hook(cursor, "payout", {**other, "budget_item_code": ""}, recipient_id="bohu")

    assert told(cursor) == [("account", "luntai", "monitoring")] * 2


@pytest.mark.parametrize(("periods", "expected"), [
    ([YEAR], ["S01"]),
    ([days((1, 1), (6, 30)), days((7, 1), (12, 27))], ["S01"]),
    ([ONLY_DECEMBER], []),                                               # what was paid before is not known
    ([days((1, 1), (6, 30)), days((8, 1), (12, 27))], []),
    ([days((1, 1), (12, 24))], []),                                      # the round ends on the 25th
])
def test_a_report_is_held_against_payments_told_from_the_first_day(cursor, periods, expected):
    for place, period in enumerate(periods):
        put(cursor, "payment", *([DECEMBER] if place == len(periods) - 1 else []), period=period)
    submit(cursor, Report(paid_yuan=5000))

    assert [code for code, _, _ in found(cursor, "S01", as_of=datetime(2021, 12, 27, 12))] == expected


@pytest.mark.parametrize(("code", "at"), [("R13", datetime(2023, 1, 9)), ("R14", LATE)])
@pytest.mark.parametrize(("is_whole", "from_on"), [(True, date(2021, 1, 1)), (False, date(2021, 2, 1))])
def test_what_is_left_is_known_only_from_payments_of_every_day(cursor, code, at, is_whole, from_on):
    put(cursor, "allotment", {}, at=at)
    put(cursor, "payment", {}, at=at, period=(from_on, at.date()))

    assert [code for code, _, _ in found(cursor, code, as_of=at)] == ([code] if is_whole else [])


def test_too_much_paid_is_too_much_whatever_else_was_paid(cursor):
    put(cursor, "payment", {"amount_yuan": WHOLE + 1}, period=ONLY_DECEMBER)

    assert [code for code, _, _ in found(cursor, "P05")] == ["P05"]


@pytest.mark.parametrize(("from_on", "expected"), [(date(2021, 7, 1), ["P20"]), (date(2021, 8, 1), [])])
def test_a_refund_may_have_been_paid_again_in_a_gap(cursor, from_on, expected):
    refund = {"amount_yuan": Decimal(-1000), "paid_on": date(2021, 6, 28)}
    put(cursor, "payment", refund, period=days((1, 1), (6, 30)))
    put(cursor, "payment", period=(from_on, date(2021, 12, 27)))

    assert [code for code, _, _ in found(cursor, "P20")] == expected


def blank(cursor: Cursor) -> None:
    cursor.run(
        "UPDATE allocation_line SET after_yuan = NULL WHERE recipient_id = 'luntai' AND line_no = "
        "(SELECT MIN(line_no) FROM allocation_line WHERE recipient_id = 'luntai')"
    )


def test_a_blank_in_the_paper_is_neither_extra_nor_zero(cursor):
    blank(cursor)
    put(cursor, "allotment", {})
    hook(cursor, "allotment", {})
    put(cursor, "payment", {"amount_yuan": WHOLE + 1})

    kinds = [(kind, side) for kind, unit, side in told(cursor) if unit == "luntai"]
    assert kinds == [("unstated", "integrated"), ("unstated", "monitoring")]
    assert found(cursor, "R01", "R02", "R07", "R08", "P05", "R17") == []


def test_a_blank_is_told_in_words_and_weighs_what_is_registered(tmp_path: Path):
    own = opened_store(tmp_path)
    with own.transaction() as cursor:
        blank(cursor)
        put(cursor, "allotment", {})
        refresh_differences(cursor, AT)
    scope = Scope(NUMBER, ROUND, date(2021, 12, 28))
    known = reconciliation.differences(own, scope)
    row = known[known["difference_kind"] == "unstated"].iloc[0].to_dict()

    assert (row["recipient_id"], row["stake_yuan"]) == ("luntai", 29390000)
    assert reconciliation_tables.yuan(row["gap_yuan"]) == "—"
    assert reconciliation_tables.what(row) == "通知没有写金额"
    page = reconciliation_tables.differences(known[known["difference_kind"] == "unstated"])
    assert "没有写金额" in page and "<b>没有</b>" not in page
    sides = reconciliation.sides(own, scope).set_index(["recipient_id", "record_kind"])
    assert pd.isna(sides.loc[("luntai", "allotment"), "notice_yuan"])


def test_a_unit_that_has_nothing_registered_and_nothing_stated_differs_in_nothing(cursor):
    blank(cursor)
    put(cursor, "allotment", {"recipient_id": "bohu"})
    record(cursor, "received", date(2021, 12, 22), None)

    assert [kind for kind, unit, _ in told(cursor) if unit == "luntai"] == []


def test_sides_of_other_days_are_told_before_the_figures(tmp_path: Path):
    own = opened_store(tmp_path)
    with own.transaction() as cursor:
        put(cursor, "payment", OCTOBER, DECEMBER, period=YEAR)
        hook(cursor, "payment", period=days((1, 1), (6, 30)), recipient_id="luntai")
        hook(cursor, "payment", DECEMBER, period=ONLY_DECEMBER, recipient_id="luntai")
        hook(cursor, "payment", period=days((1, 1), (11, 30)), recipient_id="bohu")
        hook(cursor, "payment", period=ONLY_DECEMBER, recipient_id="bohu")
        refresh_differences(cursor, AT)
    sides = reconciliation.sides(own, Scope(NUMBER, ROUND, date(2021, 12, 28)))

    assert len(sides) == 36, "several periods are one row"
    assert reconciliation_tables.other_days(sides) == [
        "轮台县：支付信息，一体化系统的导出是 2021-01-01 至 2021-12-27，监控系统的是 2021-01-01 至 2021-06-30、"
        "2021-12-01 至 2021-12-27，只比较两边都有的日子。"
    ]
    luntai = sides[(sides["recipient_id"] == "luntai") & (sides["record_kind"] == "payment")]
    assert luntai[["integrated_yuan", "monitoring_yuan"]].values.tolist() == [[2000, 1000]]
    assert "比较过的部分一致" in reconciliation_tables.sides(luntai)
