"""Checks over 预算指标, payments and reports: each passes what is right, names what is planted, minds no other row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import cases_of_payment
import cases_of_registration
import cases_of_reports
import cases_of_stages
import pytest
from builders import opened_store
from check_builders import (
    Case,
    beside_others_rows,
    of_others_rows,
    of_planted_rows,
    of_right_rows,
    own_of,
    whole_family,
    without_export,
)

from data.checks import all_checks
from data.store import Store
from metrics.check_inputs import exports_of

MODULES = {"R": (cases_of_registration, cases_of_stages), "P": (cases_of_payment,), "S": (cases_of_reports,)}
CASES = [case for modules in MODULES.values() for module in modules for case in module.CASES]
NO_FAULTS = [
    (words, case) for modules in MODULES.values() for module in modules for words, case in module.NO_FAULTS.items()
]
# What these find stands in the rows of one system: that the other's are not loaded undoes nothing of it.
OF_EACH_SYSTEM = ("R03", "R04", "R09", "R10", "P12", "P13", "P17")

each_case = pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = opened_store(tmp_path_factory.mktemp("checks"))
    yield store
    store.close()


@pytest.mark.parametrize("family", MODULES)
def test_every_check_has_a_case(family: str):
    assert [case.code for case in CASES if case.code[0] == family] == [check.code for check in all_checks(family)]


@pytest.mark.parametrize(("amount", "expected"), [
    ("40000000", "4,000 万元"), ("12345678900", "1,234,567.89 万元"), ("29390010.50", "2,939.00105 万元"),
    ("999.99", "0.099999 万元"), ("-500", "-0.05 万元"), ("-20000000.10", "-2,000.00001 万元"),
    ("9999999999999999.99", "999,999,999,999.999999 万元"), ("0", "0 万元"), (None, None),
])
def test_money_in_words_is_exact(store: Store, amount: str | None, expected: str | None):
    with store.reading() as cursor:
        sql = "SELECT wan_text(CAST($amount AS DECIMAL(18, 2))) AS words"
        (row,) = cursor.rows(sql, {"amount": amount and Decimal(amount)})

    assert row["words"] == expected


@each_case
def test_passes_on_what_is_right(store: Store, case: Case):
    assert of_right_rows(store, case) == []


@each_case
def test_names_what_is_planted_and_no_other_check_does(store: Store, case: Case):
    assert own_of(case)
    assert whole_family(store, case) == list(case.expected)


@each_case
def test_minds_no_row_of_another_notice(store: Store, case: Case):
    assert of_others_rows(store, case) == []
    assert beside_others_rows(store, case) == own_of(case)


@each_case
def test_finds_nothing_where_an_export_that_it_needs_was_never_loaded(store: Store, case: Case):
    (check,) = [check for check in all_checks(case.code[0]) if check.code == case.code]
    found = {export: without_export(store, case, export) for export in exports_of(check)}

    if case.code in OF_EACH_SYSTEM:
        assert sorted(found.values()) == [[], own_of(case)]
    else:
        assert found == {export: [] for export in found}


@pytest.mark.parametrize(
    "case", [case for _, case in NO_FAULTS], ids=[f"{case.code} {words}" for words, case in NO_FAULTS],
)
def test_says_nothing_of_what_is_no_fault_of_its_own(store: Store, case: Case):
    assert of_planted_rows(store, case) == []


@pytest.mark.parametrize(("code", "row"), cases_of_payment.DOUBTFUL.items(), ids=cases_of_payment.DOUBTFUL)
def test_money_that_came_back_in_part_is_taken_off(store: Store, code: str, row: dict[str, object]):
    back = {**row, "amount_yuan": Decimal("-400.50")}
    case = Case(code, [], {cases_of_payment.PAYMENT: [{}, row, back]}, cases_of_payment.OTHERS_ALLOTMENT)

    (found,) = of_planted_rows(store, case)
    assert found[5:7] == (Decimal("599.50"), 2)
    if code not in ("P12", "P13", "P14", "P15", "P16", "P19"):      # these state a marker, a key, a day or a year
        assert found[3].endswith("（付 1000.00 元，已退 400.50 元）")
