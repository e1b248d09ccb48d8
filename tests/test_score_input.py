"""What the scoring rule is given of a unit: its own report of this round, the target and the weight in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from builders import NUMBER, OFFICER, OPENED_AT, REGION, ROUND, entry, opened_store, plan, rows, submit, upload

from dashboard.actions.rounds import open_round
from data.store import Store, sql_text, with_relations
from metrics.indicators import REGION_ID

PERIOD_END = date(2021, 12, 25)
MOMENT = """SELECT TIMESTAMP '2021-12-26' AS valid_from, DATE '2021-12-26' AS as_of_on,
    TIMESTAMP '9999-12-31' AS valid_to"""
CLOCK = """SELECT 'luntai' AS recipient_id, 3 AS allowed_days, 4 AS taken_days, DATE '2021-12-24' AS due_on,
    DATE '2021-12-25' AS done_on"""
# A rate, last year's standard, the import by the clock, and words.
RATE, STANDARD, IMPORT, WORDS = 4, 2, 11, 15


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two rounds; 轮台县 has reported in December and in January, 博湖县 in December, each with other figures."""
    store = opened_store(tmp_path_factory.mktemp("reported"))
    later = plan(round_id="2022-01", round_name="2022年1月", period_end_on=date(2022, 1, 25),
                 opens_on=date(2022, 1, 25), due_on=date(2022, 1, 28))
    open_round(store, OFFICER, OPENED_AT, NUMBER, later, REGION)
    submit(store, upload(
        entry(RATE, numerator=94, denominator=100), entry(STANDARD, value=700, prior_value=680),
        entry(WORDS, band=1, band_share=90, evidence_text="文件"), entry(12, is_not_applicable=True),
        entry(16, band=1, band_share=90, evidence_text=""),
    ))
    submit(store, upload(entry(RATE, numerator=95, denominator=100), round_id="2022-01"), at=datetime(2022, 1, 26))
    submit(store, upload(entry(RATE, numerator=91, denominator=100), recipient_id="bohu"))
    yield store
    store.close()


def inputs(store: Store, recipient_id: str = "luntai", round_id: str = ROUND) -> dict[int, dict[str, Any]]:
    """The rows of score_input of one unit, by indicator; each indicator once."""
    sql = with_relations(sql_text("data", "queries/score_input"), {"clock": CLOCK, "moment": MOMENT})
    found = rows(store, sql, document_number=NUMBER, round_id=round_id, recipient_id=recipient_id)
    by_number = {row["indicator_no"]: row for row in found}
    assert len(by_number) == len(found), "an indicator of a unit is judged once"
    return by_number


def test_each_unit_is_judged_by_its_own_report_of_the_round(reported: Store) -> None:
    assert [inputs(reported, *whose)[RATE]["numerator"] for whose in (
        ("luntai", ROUND), ("luntai", "2022-01"), ("bohu", ROUND), ("yuli", ROUND))] == [94, 95, 91, None]
    assert [inputs(reported, unit)[RATE]["is_reported"] for unit in ("luntai", "bohu", "yuli")] == [True, True, False]


def test_this_year_and_last_year_keep_their_columns(reported: Store) -> None:
    row = inputs(reported)[STANDARD]

    assert (row["value"], row["prior_value"]) == (700, 680)


def test_evidence_is_words_and_not_a_blank(reported: Store) -> None:
    found = inputs(reported)

    assert (found[WORDS]["is_evidenced"], found[16]["is_evidenced"], found[18]["is_evidenced"]) == (True, False, False)
    assert (found[16]["band"], found[16]["band_share"]) == (1, 90)


def test_what_does_not_apply_is_said_and_the_rest_applies(reported: Store) -> None:
    found = inputs(reported)

    assert [number for number, row in found.items() if not row["is_applicable"]] == [12]
    assert len(found) == 20


def test_the_clock_judges_the_import_and_nothing_else(reported: Store) -> None:
    found = inputs(reported)

    assert (found[IMPORT]["due_on"], found[IMPORT]["done_on"]) == (date(2021, 12, 24), date(2021, 12, 25))
    assert (found[IMPORT]["allowed_days"], found[IMPORT]["taken_days"]) == (3, 4)
    assert found[RATE]["due_on"] == date(2021, 12, 27)
    # No report is needed for what the receipts say.
    assert inputs(reported, "yuli")[IMPORT]["is_reported"]


def test_everybody_means_the_units_and_not_the_prefecture(reported: Store) -> None:
    sql = with_relations(sql_text("data", "queries/score_input"), {"clock": CLOCK, "moment": MOMENT})
    found = rows(reported, sql, document_number=NUMBER, round_id=ROUND, recipient_id="")

    assert len(found) == 240
    assert REGION_ID not in {row["recipient_id"] for row in found}


@pytest.fixture
def opened(tmp_path: Any) -> Iterator[Store]:
    store = opened_store(tmp_path)
    yield store
    store.close()


def change_target(store: Store, version: int, bound: int, valid_from_on: date) -> None:
    """A further version of 轮台县's target of the rate."""
    with store.transaction() as cursor:
        cursor.run(
            "INSERT INTO target BY NAME SELECT * REPLACE ($version AS target_version, $bound AS bound, "
            "$valid_from_on AS valid_from_on) FROM target "
            "WHERE indicator_no = $number AND recipient_id = 'luntai' AND target_version = 1",
            {"version": version, "bound": Decimal(bound), "valid_from_on": valid_from_on, "number": RATE},
        )


@pytest.mark.parametrize(
    ("first_day", "bound"), [(PERIOD_END, 95), (date(2021, 12, 26), 90), (date(2021, 12, 1), 95)]
)
def test_a_changed_target_holds_from_the_period_that_its_first_day_ends(
    opened: Store, first_day: date, bound: int
) -> None:
    change_target(opened, 2, 95, first_day)

    assert inputs(opened)[RATE]["bound"] == bound


def test_of_several_changes_the_newest_in_force_holds(opened: Store) -> None:
    for version, bound, day in ((2, 91, 1), (3, 92, 2), (4, 93, 31)):
        change_target(opened, version, bound, date(2021, 12, day))

    row = inputs(opened)[RATE]

    assert (row["bound"], row["target_version"]) == (92, 3)
    assert inputs(opened, "bohu")[RATE]["bound"] == 90


def test_the_first_target_holds_for_periods_before_its_notice(opened: Store) -> None:
    with opened.transaction() as cursor:
        cursor.run("UPDATE round SET period_end_on = DATE '2021-09-30'")
    found = inputs(opened)

    assert found[RATE]["bound"] == 90
    # The clock of the notice did not run yet.
    assert [number for number, row in found.items() if not row["is_applicable"]] == [IMPORT]


def test_a_clock_applies_from_the_day_of_its_notice(opened: Store) -> None:
    (notice,) = rows(opened, "SELECT dated_on FROM notice")
    with opened.transaction() as cursor:
        cursor.run("UPDATE round SET period_end_on = $day", {"day": notice["dated_on"]})

    assert inputs(opened)[IMPORT]["is_applicable"]


def test_the_weight_is_the_rounds_own(opened: Store) -> None:
    with opened.transaction() as cursor:
        cursor.run(
            "INSERT INTO round_weight SELECT document_number, '2021-11', indicator_no, 7, notice_key FROM round_weight"
        )
        cursor.run("UPDATE round_weight SET weight_micro = 5 WHERE round_id = $round", {"round": ROUND})

    assert {row["weight_micro"] for row in inputs(opened).values()} == {5}

    with opened.transaction() as cursor:
        cursor.run("DELETE FROM round_weight WHERE round_id = $round", {"round": ROUND})
    assert inputs(opened) == {}, "another round's weights are no weights"
