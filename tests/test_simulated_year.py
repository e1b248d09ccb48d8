"""A year of both systems is loaded: every planted fault is found, and nothing else is."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from decimal import Decimal
from functools import cache

import pytest
from builders import MARKER, NUMBER, OFFICER, entry, opened_store, receive, rows, session_folder, submit, upload
from simulated_year import PLANTS, Plant, clean_books

from dashboard.actions.docking import ExportPlan, load_export
from dashboard.demo_docking import PERIOD, units_of
from dashboard.demo_exports import as_csv
from data.store import Store
from metrics.findings import find
from metrics.indicators import REGION_ID

AT = datetime(2021, 12, 28, 9)
NOW = datetime(2021, 12, 28, 23, 59)
KEY = bytes(32)
STANDARD = entry(6, value=600, prior_value=560)
PERIOD_TO = (PERIOD[0], AT.date())


@pytest.fixture(scope="module")
def received(tmp_path_factory):
    """The founding notice, received and imported by every unit in time; the round of December open."""
    folder = tmp_path_factory.mktemp("year")
    store = opened_store(folder)
    units = units_of(store, NUMBER)
    # The document from above, two days before the notice.
    for step, hour in (("received", 11), ("registered", 15)):
        receive(store, REGION_ID, happened_at=datetime(2021, 12, 20, hour), step=step)
    for unit in units:
        receive(store, unit.recipient_id, happened_at=datetime(2021, 12, 22, 17))
        receive(store, unit.recipient_id, happened_at=datetime(2021, 12, 24, 15), step="imported",
                amount_yuan=unit.after_yuan, marker_text=MARKER)
    path = store.path
    store.close()
    return path, units


def loaded(received, name: str, plants: list[Plant]) -> Store:
    """A store with both systems' year and the units' reports of December, after the plants."""
    path, units = received
    store = Store(shutil.copy(path, session_folder() / f"{name}.duckdb"))
    books = clean_books(units, NUMBER)
    for plant in plants:
        plant.change(books)
    for unit in units:
        paid = sum((
            Decimal(row["实际支付金额"]) for row in books.integrated.payment
            if row["单位名称"] == unit.name and row["支付日期"] <= "2021-12-25"
        ), Decimal(0))
        amount = books.reported_yuan.get(unit.recipient_id, paid)
        paid_wan = None if amount is None else amount / 10_000
        rates = [
            entry(number, numerator=part, denominator=whole)
            for number, (part, whole) in books.claimed.get(unit.recipient_id, {}).items()
        ]
        if unit.recipient_id not in books.silent:
            submit(store, upload(STANDARD, *rates, recipient_id=unit.recipient_id, paid_wan=paid_wan))
    for system, year in (("integrated", books.integrated), ("monitoring", books.monitoring)):
        for kind in ("allotment", "payment", "payout", "standard", "stop"):
            made = getattr(year, kind)
            if made:
                done = load_export(store, OFFICER, AT, KEY, as_csv(made), f"{system}-{kind}.csv",
                                   ExportPlan(system, kind, *PERIOD_TO))
                assert done.read.rejected_count == 0, done.rejects[:3]
    return store


@cache
def found_in(store: Store) -> Counter:
    with store.reading() as cursor:
        return Counter((finding.check.code, finding.recipient_id) for finding in find(cursor, NUMBER, NOW))


def differences_in(store: Store) -> set[tuple[str, str]]:
    open_now = rows(store, "SELECT difference_kind, recipient_id FROM difference WHERE mended_at IS NULL")
    return {(row["difference_kind"], row["recipient_id"]) for row in open_now}


def test_a_year_that_agrees_raises_nothing(received):
    store = loaded(received, "agreed", [])

    assert found_in(store) == Counter()
    assert differences_in(store) == set()
    store.close()


@pytest.fixture(scope="module")
def planted(received):
    store = loaded(received, "planted", PLANTS)
    yield store
    store.close()


def test_there_are_many_kinds_of_faults():
    assert len({plant.name for plant in PLANTS}) == len(PLANTS) >= 25


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.name for plant in PLANTS])
def test_every_planted_fault_is_found(planted, plant):
    assert plant.findings or plant.differences
    assert plant.findings - found_in(planted) == Counter()
    assert {(kind, plant.unit) for kind in plant.differences} - differences_in(planted) == set()


def test_nothing_else_is_flagged(planted):
    assert found_in(planted) == sum((plant.findings for plant in PLANTS), Counter())
    planned = {(kind, plant.unit) for plant in PLANTS for kind in plant.differences}
    assert differences_in(planted) - planned == set()
