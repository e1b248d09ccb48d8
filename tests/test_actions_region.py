"""What the prefecture enters itself: its own indicators and its own clock."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from builders import (
    MARKER,
    NUMBER,
    OFFICER,
    REGION,
    ROUND,
    clerk,
    contents,
    is_whole_log,
    opened_store,
    receive,
    rows,
    score_of,
)

from dashboard.actions.receipts import ReceiptEntry, record_receipt
from dashboard.actions.region import RegionValue, report_region_value, typed_number
from data.errors import RefusedError
from data.store import Store
from metrics.boards import region, standing, timeliness
from metrics.boards.definition import Scope
from metrics.indicators import REGION_ID

AT = datetime(2021, 12, 27, 10)
SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
GOOD = RegionValue(numerator=Decimal(95), denominator=Decimal(100), evidence_text="州民政局统计表")


@pytest.fixture
def store(tmp_path) -> Store:
    """The founding notice, with 4 (a rate), 2 (against last year) and 15 (in words) as the prefecture's own."""
    opened = opened_store(tmp_path)
    with opened.transaction() as cursor:
        cursor.run("UPDATE indicator SET rollup_method = 'prefecture' WHERE indicator_no IN (2, 4, 15)")
    return opened


def report(store: Store, given: RegionValue = GOOD, number: int = 4, **more) -> None:
    values = {"actor": OFFICER, "at": AT, "round_id": ROUND, **more}
    report_region_value(store, values["actor"], values["at"], NUMBER, values["round_id"], number, given)


def standing_of(store: Store, number: int, scope: Scope = SCOPE) -> dict:
    table = region.region_scores(store, scope, REGION)
    return table[table["indicator_no"] == number].iloc[0].to_dict()


def test_an_entry_is_judged_by_the_rule_of_the_round(store):
    before = standing_of(store, 4)
    assert (before["state"], before["score_micro"]) == ("not_reported", None)
    assert "州本级填报" in before["sentence"]

    report(store)

    after = standing_of(store, 4)
    assert (after["state"], after["numerator"], after["denominator"]) == ("met", 95, 100)
    assert after["score_micro"] == after["weight_micro"]
    assert "95/100＝95%" in after["sentence"]
    assert is_whole_log(store)


def test_the_newest_entry_counts_and_the_older_ones_stay(store):
    report(store)
    report(store, RegionValue(numerator=Decimal(80), denominator=Decimal(100), evidence_text="更正"),
           at=datetime(2021, 12, 28, 9))

    assert standing_of(store, 4)["numerator"] == 80
    assert standing_of(store, 4, Scope(NUMBER, ROUND, date(2021, 12, 27)))["numerator"] == 95
    assert list(region.own_entries(store, SCOPE)["numerator"]) == [80, 95]
    assert list(region.own_indicators(store, SCOPE)["indicator_no"]) == [2, 4, 15]


def test_words_need_a_band_and_last_year_may_be_missing(store):
    report(store, RegionValue(band=2, band_share=Decimal("79.99"), evidence_text="评定表"), 15)
    report(store, RegionValue(value=Decimal(100), evidence_text="台账"), 2)

    assert standing_of(store, 15)["state"] == "slightly_off"
    assert standing_of(store, 2)["state"] == "no_baseline"


@pytest.mark.parametrize(
    ("number", "given", "words"),
    [
        (4, RegionValue(numerator=Decimal(1)), ["没有填分母", "没有写佐证"]),
        (4, RegionValue(numerator=Decimal(-1), denominator=Decimal(0), evidence_text="表"), ["负数", "不能是零"]),
        (4, RegionValue(numerator=Decimal(10) ** 14, denominator=Decimal(1), evidence_text="表"), ["超出范围"]),
        (4, RegionValue(numerator=Decimal("0.00001"), denominator=Decimal(1), evidence_text="表"), ["超出范围"]),
        (15, RegionValue(band=1, band_share=Decimal("79.99"), evidence_text="表"), ["不在所选等次的范围内"]),
        (15, RegionValue(band=2, band_share=Decimal(80), evidence_text="表"), ["不在所选等次的范围内"]),
        (15, RegionValue(band=1, band_share=Decimal("100.01"), evidence_text="表"), ["不在所选等次的范围内"]),
        (15, RegionValue(band=4, band_share=Decimal(1), evidence_text="表"), ["等次不在列表中"]),
        (5, GOOD, ["由各单位填报后汇总"]),
        (11, GOOD, ["时效跟踪"]),
        (99, GOOD, ["没有第 99 项指标"]),
    ],
)
def test_a_wrong_entry_is_refused_with_all_its_faults_and_nothing_is_written(store, number, given, words):
    before = contents(store)

    with pytest.raises(RefusedError) as refused:
        report(store, given, number)

    assert [word for word in words if word not in str(refused.value)] == []
    assert contents(store) == before


@pytest.mark.parametrize(
    "more", [{"actor": clerk("luntai")}, {"actor": OFFICER.__class__("", OFFICER.role)}, {"round_id": "2030-01"}]
)
def test_only_an_officer_with_a_name_enters_for_an_open_round(store, more):
    before = contents(store)

    with pytest.raises(RefusedError):
        report(store, **more)

    assert contents(store) == before


@pytest.mark.parametrize(
    ("text", "number"), [("", None), (" 1,102 ", Decimal(1102)), ("88.16", Decimal("88.16")), ("-3", Decimal(-3))]
)
def test_numbers_are_read_as_typed(text, number):
    assert typed_number("分子", text) == number


@pytest.mark.parametrize("text", ["九十", "1.23456", "1e5", "90%", "1" * 15])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(RefusedError, match="分子"):
        typed_number("分子", text)


# --- the prefecture's own clock --------------------------------------------------------------------------------------


def own(store: Store, step: str, happened_at: datetime, **more) -> None:
    entry = ReceiptEntry(step, happened_at, **more)
    record_receipt(store, OFFICER, datetime(2021, 12, 28, 9), NUMBER, REGION_ID, entry, REGION)


def test_the_document_from_above_is_older_than_the_notice_and_starts_the_clock(store):
    assert region.region_clock(store, SCOPE, REGION)["clock_state"] == "no_receipt"
    assert standing_of(store, 11)["state"] == "needs_review"

    own(store, "received", datetime(2021, 12, 17, 9))        # a Friday: the third working day is Wednesday the 22nd

    clock = region.region_clock(store, SCOPE, REGION)
    assert (clock["due_on"], clock["clock_state"], clock["after_yuan"]) == (date(2021, 12, 22), "overdue", 202_510_000)
    assert standing_of(store, 11)["state"] == "off"
    own(store, "imported", datetime(2021, 12, 22, 9), amount_yuan=Decimal(202_510_000), marker_text=MARKER)
    assert region.region_clock(store, SCOPE, REGION)["clock_state"] == "on_time"
    assert standing_of(store, 11)["state"] == "met"
    assert is_whole_log(store)


def test_a_part_of_the_amount_is_not_the_whole_import(store):
    own(store, "received", datetime(2021, 12, 17, 9))
    own(store, "imported", datetime(2021, 12, 20, 9), amount_yuan=Decimal(202_509_999), marker_text=MARKER)

    assert region.region_clock(store, SCOPE, REGION)["clock_state"] == "on_time_wrong"
    assert standing_of(store, 11)["state"] == "off"


def test_the_prefecture_s_receipt_moves_no_unit_and_is_no_unit_s_business(store):
    receive(store)
    before = rows(store, "SELECT * FROM score ORDER BY ALL")

    own(store, "received", datetime(2021, 12, 17, 9))

    assert rows(store, "SELECT * FROM score ORDER BY ALL") == before
    assert score_of(store, 11, datetime(2021, 12, 28, 10))["due_on"] == date(2021, 12, 27)
    assert "region" not in set(standing.unit_clocks(store, SCOPE, REGION)["recipient_id"])
    assert "州本级" in set(timeliness.receipts(store, SCOPE)["recipient_name"])
    with pytest.raises(RefusedError):
        record_receipt(store, clerk("luntai"), datetime(2021, 12, 28, 9), NUMBER, REGION_ID,
                       ReceiptEntry("received", datetime(2021, 12, 17, 9)), REGION)


def test_nothing_is_imported_before_the_paper_came(store):
    own(store, "received", datetime(2021, 12, 17, 9))
    before = contents(store)

    with pytest.raises(RefusedError, match="早于收文时间"):
        own(store, "imported", datetime(2021, 12, 16, 9), amount_yuan=Decimal(202_510_000), marker_text=MARKER)
    with pytest.raises(RefusedError, match="晚于现在"):
        own(store, "imported", datetime(2021, 12, 29, 9))

    assert contents(store) == before
