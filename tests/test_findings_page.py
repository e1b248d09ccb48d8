"""The board of findings: the gravest first, what was not checked is no pass, a county sees its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from builders import NUMBER, clerk, opened_store
from check_builders import Report, record, submit
from docking_builders import dock, person

from dashboard import finding_tables
from dashboard.rights import read_board
from data.store import Store
from metrics.boards.findings import Judged, judged
from metrics.check_inputs import exports_of, region_steps_of
from metrics.finding_summary import catalogue, three_that_matter
from metrics.findings import every_check
from metrics.scope import Scope

SCOPE = Scope(NUMBER, "", date(2021, 12, 28))
DEAD = {"person_hash": person("已故"), "pay_month": date(2021, 10, 1), "paid_on": date(2021, 10, 8)}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Payouts and stops of all units, one person paid after death in two units; no list of standards, no payments."""
    opened = opened_store(tmp_path_factory.mktemp("findings"))
    dock(opened, "stop", {"person_hash": person("已故")})
    dock(opened, "payout", DEAD, {**DEAD, "recipient_id": "yuli", "aid_kind": "urban_allowance",
         "budget_item_code": "2081901", "amount_yuan": Decimal(25_000)}, file_name="=发放.csv")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def result(store: Store) -> Judged:
    return judged(store, SCOPE)


def test_the_gravest_and_dearest_come_first(result):
    first = result.found.iloc[0]

    assert (first["recipient_id"], first["code"], first["amount_yuan"]) == ("yuli", "F07", Decimal(25_000))
    assert list(result.found["severity"]) == sorted(
        result.found["severity"], key=["fatal", "warning", "note"].index
    )


def test_money_that_has_left_comes_before_what_is_booked_otherwise(tmp_path):
    store = opened_store(tmp_path)
    dock(store, "stop", {"person_hash": person("已故")})
    dock(store, "payout", DEAD)
    dock(store, "allotment", {"marker_text": "03 省级直达资金", "amount_yuan": Decimal(20_000_000)})

    found = judged(store, SCOPE).found
    fatal = found[found["severity"] == "fatal"]

    assert list(fatal["code"])[:2] == ["F07", "R04"]
    assert fatal["amount_yuan"].iloc[1] > fatal["amount_yuan"].iloc[0]
    assert [matter.code for matter in three_that_matter(judged(store, SCOPE))][:2] == ["F07", "R04"]


def test_three_that_matter_tell_unit_money_place_and_what_to_do(result):
    matters = three_that_matter(result)
    words = matters[0].sentence

    assert len({matter.code for matter in matters}) == len(matters) <= 3
    for part in ("尉犁县", "死亡以后仍在发放", "2.5 万元", "第 3 行", "请立即核对", "同类疑点另有 1 处"):
        assert part in words


def test_a_check_without_its_export_is_not_passed(result):
    table = catalogue(result).set_index("code")

    assert table.loc["F07", "check_state"] == "found"
    assert table.loc["F11", "check_state"] == "passed"
    assert {table.loc[code, "check_state"] for code in ("F05", "F13", "F15")} == {"not_checked"}
    assert table.loc["F05", "missing_exports"] == (("integrated", "standard"),)
    assert finding_tables.missing_words((("integrated", "standard"),), ()) == "缺少一体化系统救助标准导出，未核查"


YEAR = (date(2021, 1, 1), date(2021, 12, 27))
GAP = ((date(2021, 1, 1), date(2021, 6, 30)), (date(2021, 8, 1), date(2021, 12, 27)))
LATE_START = ((date(2021, 2, 1), date(2021, 12, 27)),)
SHORT = ((date(2021, 1, 1), date(2021, 9, 30)),)
PAID = {"paid_on": date(2021, 3, 8)}
LATER = {"paid_on": date(2021, 10, 8)}


@pytest.mark.parametrize(
    ("system", "periods", "gapped"),
    [
        ("integrated", (YEAR,), ()),
        ("integrated", ((date(2021, 1, 1), date(2021, 6, 30)), (date(2021, 7, 1), date(2021, 12, 27))), ()),
        ("integrated", GAP, ("P20", "P21", "R13", "R14", "S01")),
        ("integrated", LATE_START, ("P20", "P21", "R13", "R14", "S01")),
        ("integrated", SHORT, ("P22", "S01")),                    # what was imported in October cannot be compared
        ("monitoring", GAP, ("P22",)),
        ("monitoring", LATE_START, ("P22",)),
        ("monitoring", SHORT, ("P21",)),
    ],
)
def test_a_check_that_needs_days_that_nobody_told_is_not_passed(tmp_path, system, periods, gapped):
    store = opened_store(tmp_path)
    dock(store, "allotment", {}, recipient_id="luntai")
    sides = {"integrated": (YEAR,), "monitoring": (YEAR,), system: periods}
    for name, runs in sides.items():
        for place, period in enumerate(runs):
            lines = [{**row, "payment_key": f"{row['paid_on']}"} for row in (PAID, LATER)
                     if period[0] <= row["paid_on"] <= period[1]]
            dock(store, "payment", *lines, system=name, period=period, recipient_id="luntai", file_name=f"{place}.csv")
    with store.transaction() as cursor:
        submit(cursor, Report(paid_yuan=2000))

    result = read_board(store, clerk("luntai"), judged, SCOPE)
    own = result.checked.set_index("code")
    codes = ["P20", "P21", "P22", "R13", "R14", "S01"]
    assert {code for code in codes if own.loc[code, "gapped_exports"]} == set(gapped)
    assert {code for code in codes if own.loc[code, "check_state"] == "not_checked"} == set(gapped)
    assert not any(own.loc[codes, "missing_exports"])
    table = catalogue(result).set_index("code")
    assert {code for code in codes if table.loc[code, "check_state"] == "not_checked"} == set(gapped)
    assert ("缺一段日子" in finding_tables.catalogue(catalogue(result))) == bool(gapped)
    assert ("轮台县载入的导出缺一段日子" in finding_tables.not_loaded(result.checked)) == bool(gapped)


def test_a_gap_and_a_missing_export_are_told_apart():
    words = finding_tables.missing_words((("integrated", "standard"),), ("轮台县",), (("integrated", "payment"),))

    assert words == "轮台县缺少一体化系统救助标准导出，一体化系统支付信息导出缺一段日子，未核查"


def test_every_check_stands_in_the_catalogue(result):
    assert set(catalogue(result)["code"]) == {check.code for check in every_check()}
    assert all(exports_of(check) or region_steps_of(check) or check.code[0] == "S" for check in every_check())


def test_a_check_from_the_prefecture_s_step_is_not_passed_before_it_is_recorded(tmp_path):
    store = opened_store(tmp_path)
    dock(store, "allotment", {})

    before = judged(store, SCOPE)
    table = catalogue(before).set_index("code")
    assert table.loc["R18", ["check_state", "missing_exports"]].tolist() == ["not_checked", (("region", "registered"),)]
    assert table.loc["R20", "missing_exports"] == (("region", "received"),)
    assert table.loc["R19", "check_state"] == "passed"
    assert finding_tables.missing_words(table.loc["R20", "missing_exports"], ()) == "缺少州本级收文日期，未核查"
    assert finding_tables.not_loaded(before.checked).endswith(
        "读这些导出的检查没有核查，不算通过。还没有登记州本级收文日期、州本级登录指标日期；从这一天起算的检查没有核查，不算通过。"
    )

    with store.transaction() as cursor:
        record(cursor, "received", date(2021, 12, 20), None, recipient_id="region")
    after = judged(store, SCOPE)
    table = catalogue(after).set_index("code")
    assert table.loc[["R18", "R20"], "check_state"].tolist() == ["not_checked", "passed"]
    assert "收文日期" not in finding_tables.not_loaded(after.checked)


def test_what_is_lacking_is_said_together():
    missing = (("integrated", "allotment"), ("monitoring", "payment"), ("region", "registered"))

    assert finding_tables.missing_words(missing, ["轮台县"]) == (
        "轮台县缺少一体化系统预算指标信息、监控系统支付信息导出、州本级登录指标日期，未核查"
    )


def test_a_county_sees_its_own_only(store):
    own = read_board(store, clerk("luntai"), judged, SCOPE)

    assert set(own.found["recipient_id"]) == set(own.checked["recipient_id"]) == {"luntai"}


def test_no_cell_of_the_file_is_a_formula(result):
    rows = list(csv.reader(io.StringIO(finding_tables.csv_bytes(result.found).decode("utf-8-sig"))))

    assert tuple(rows[0]) == finding_tables.CSV_HEADS
    assert len(rows) == len(result.found) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
