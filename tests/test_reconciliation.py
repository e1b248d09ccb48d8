"""What the notice and the two systems disagree in: every kind by hand, and what stays true of any export."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from builders import NUMBER, OFFICER, ROUND, clerk, contents, is_whole_log, opened_store, publish, rows
from docking_builders import dock, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import reconciliation_tables
from dashboard.actions.differences import explain_difference
from dashboard.rights import NotAllowedError, read_board
from data.errors import RefusedError
from data.store import Store
from metrics.boards import reconciliation
from metrics.boards.definition import Scope
from metrics.reconciliation import refresh_differences

AT = datetime(2021, 12, 27, 10)
LATER = datetime(2021, 12, 28, 10)
SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
OTHER_ITEM = "2081901"
ONE_FEN = Decimal("1000.01")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened_store(tmp_path)


def refresh(store: Store, at: datetime = AT) -> None:
    with store.transaction() as cursor:
        refresh_differences(cursor, at)


def open_ones(store: Store, *, with_notice: bool = False) -> list[dict[str, Any]]:
    found = rows(store, "SELECT * FROM difference WHERE mended_at IS NULL ORDER BY difference_no")
    return [row for row in found if with_notice or row["left_source"] != "notice"]


def told(store: Store) -> list[tuple[Any, ...]]:
    names = ("difference_kind", "left_yuan", "right_yuan", "left_text", "right_text")
    return sorted((tuple(row[name] for name in names) for row in open_ones(store)), key=repr)


def sided(store: Store, kind: str, left: list[dict[str, Any]], right: list[dict[str, Any]]) -> None:
    dock(store, kind, *left, file_name="左.csv")
    dock(store, kind, *right, system="monitoring", file_name="右.csv")
    refresh(store)


DAY = "2021-12-24"
THOUSAND = Decimal(1000)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([{}], [{}], []),
        ([{}, {}], [{}, {}], []),
        ([{"payment_key": "甲"}], [{"payment_key": "乙"}], []),     # the systems number lines each for itself
        ([{}], [{"marker_text": ""}], [("marker", THOUSAND, THOUSAND, "01 中央直达资金", "")]),
        ([{}], [{"marker_text": "", "payment_key": "X"}], [("marker", THOUSAND, THOUSAND, "01 中央直达资金", "")]),
        ([{}], [{"budget_item_code": OTHER_ITEM}], [("account", THOUSAND, THOUSAND, "2081902", "2081901")]),
        ([{}], [{"budget_item_code": OTHER_ITEM, "marker_text": ""}],
         [("marker", THOUSAND, THOUSAND, "01 中央直达资金，科目 2081902", "，科目 2081901")]),
        ([{}], [{"amount_yuan": ONE_FEN}], [("amount", THOUSAND, ONE_FEN, DAY, DAY)]),
        ([{}], [{"amount_yuan": ONE_FEN, "payment_key": "X"}], [("amount", THOUSAND, ONE_FEN, DAY, DAY)]),
        ([{}], [{"paid_on": date(2021, 12, 25)}], [("date", THOUSAND, THOUSAND, DAY, "2021-12-25")]),
        ([{}], [{"paid_on": date(2021, 12, 25), "payment_key": "X"}],
         [("date", THOUSAND, THOUSAND, DAY, "2021-12-25")]),
        ([{}, {"amount_yuan": Decimal(7)}], [{}], [("missing", Decimal(7), None, DAY, "")]),
        ([{}], [{}, {"amount_yuan": Decimal(7)}], [("extra", None, Decimal(7), "", DAY)]),
        ([{}, {}], [{}], [("missing", THOUSAND, None, DAY, "")]),    # equal amounts are counted, not collapsed
        ([{}], [{}, {}], [("extra", None, THOUSAND, "", DAY)]),
        # Booked in two lines there and one here: the sums agree.
        ([{"amount_yuan": Decimal(600)}, {"amount_yuan": Decimal(400)}], [{"payment_key": "合"}], []),
        # The same key with other amounts that cancel out.
        ([{"amount_yuan": Decimal(110)}, {"amount_yuan": Decimal(90)}],
         [{"amount_yuan": Decimal(100)}, {"amount_yuan": Decimal(100)}],
         [("amount", Decimal(110), Decimal(100), DAY, DAY), ("amount", Decimal(90), Decimal(100), DAY, DAY)]),
        # Half of it under another marker.
        ([{}, {"amount_yuan": Decimal(5)}], [{}, {"amount_yuan": Decimal(5), "marker_text": ""}],
         [("marker", Decimal(5), Decimal(5), "01 中央直达资金", "")]),
        # Of another document or unit: another money.
        ([{}], [{"recipient_id": "bohu"}], [("extra", None, THOUSAND, "", DAY), ("missing", THOUSAND, None, DAY, "")]),
        # Not this bureau's notice at all.
        ([{}], [{}, {"document_number": "新财社〔2020〕1号"}], []),
    ],
)
def test_payments_beside_each_other(store, left, right, expected):
    # A line with an account on each side, so that accounts are compared.
    common = {"amount_yuan": Decimal(1), "payment_key": "共", "paid_on": date(2021, 12, 1)}
    sided(store, "payment", [*left, common], [*right, common])

    assert told(store) == sorted(expected, key=repr)


def test_what_names_no_account_is_not_compared_by_account(store):
    sided(store, "payment", [{}, {}], [{"budget_item_code": ""}, {"budget_item_code": ""}])

    assert told(store) == []


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ([{}], []),
        ([{"marker_text": "02 参照直达"}], ["marker"]),
        ([{"dated_on": date(2021, 12, 23)}], ["date"]),
        ([{"dated_on": None}], []),     # not told is not different
        ([{"amount_yuan": Decimal("29390000.01")}], ["amount"]),
        ([{"budget_item_code": OTHER_ITEM}], ["account"]),
        ([{}, {"amount_yuan": Decimal(1)}], ["extra"]),
    ],
)
def test_allotments_beside_each_other(store, right, expected):
    sided(store, "allotment", [{}], right)

    assert [row["difference_kind"] for row in open_ones(store)] == expected


def told_payouts(store: Store) -> list[tuple[Any, ...]]:
    names = ("difference_kind", "left_yuan", "right_yuan", "left_count", "right_count", "left_text", "right_text")
    return sorted((tuple(row[name] for name in names) for row in open_ones(store)), key=repr)


FIVE = Decimal(500)
EIGHTH = {"paid_on": date(2021, 12, 8)}
NINTH = {"paid_on": date(2021, 12, 9)}
UNNAMED = {"person_hash": None}


def test_payouts_are_compared_by_month_and_kind_of_aid(store):
    november = {"pay_month": date(2021, 11, 1)}
    sided(
        store, "payout",
        [{}, {}, {"payout_state": "refunded"}, november, {"aid_kind": "orphan"}],
        [{}, {"amount_yuan": Decimal(501)}, november, november, {"aid_kind": "orphan", "marker_text": ""}],
    )

    found = {(str(r["pay_month"]), r["aid_kind"], r["difference_kind"]):
             (r["left_yuan"], r["right_yuan"], r["left_count"], r["right_count"]) for r in open_ones(store)}
    assert found == {
        ("2021-12-01", "rural_allowance", "amount"): (500, 501, 1, 1),
        ("2021-11-01", "rural_allowance", "extra"): (None, 500, None, 1),
        ("2021-12-01", "orphan", "marker"): (500, 500, 1, 1),
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("payout_key = 'M' || payout_key", []),
        ("line_no = 1003 - line_no", []),
        ("amount_yuan = 600 WHERE line_no = 7", [("amount", FIVE, Decimal(600), 1, 1, "", "")]),
        ("person_hash = $other WHERE line_no = 7", [("extra", None, FIVE, None, 1, "", ""),
                                                    ("missing", FIVE, None, 1, None, "", "")]),
        ("paid_on = '2021-12-09' WHERE line_no = 7", [("date", FIVE, FIVE, 1, 1, "2021-12-08", "2021-12-09")]),
        ("payout_state = 'refunded' WHERE line_no = 7", [("missing", FIVE, None, 1, None, "", "")]),
        ("marker_text = '' WHERE line_no = 7", [("marker", FIVE, FIVE, 1, 1, "01 中央直达资金", "")]),
        ("budget_item_code = '2081901' WHERE line_no = 7", [("account", FIVE, FIVE, 1, 1, "2081902", "2081901")]),
        # What one has too much the other has too little: the sums agree, and none of it cancels out.
        ("amount_yuan = CASE line_no WHEN 7 THEN 600 WHEN 8 THEN 400 ELSE 500 END",
         [("amount", FIVE, Decimal(400), 1, 1, "", ""), ("amount", FIVE, Decimal(600), 1, 1, "", "")]),
        ("paid_on = NULL WHERE line_no = 7", []),                # not told is not different
        ("paid_on = NULL", []),
        ("person_hash = NULL", []),                               # no names at all: sums and counts are compared
        ("person_hash = NULL, paid_on = '2021-12-09'", []),
        ("person_hash = NULL, amount_yuan = CASE line_no WHEN 7 THEN 600 ELSE 500 END",
         [("amount", FIVE, Decimal(600), 1, 1, "", "")]),
    ],
)
def test_one_person_among_a_thousand_is_told(store, change, expected):
    for system in ("integrated", "monitoring"):
        number = dock(store, "payout", {**EIGHTH, "payout_state": "pending"}, system=system, file_name=f"{system}.csv")
        with store.transaction() as cursor:
            cursor.run(
                "INSERT INTO payout SELECT payout.* REPLACE (n AS line_no, 'F' || n AS payout_key, "
                "'paid' AS payout_state, CAST(MD5('人' || n) AS UUID) AS person_hash) "
                "FROM payout, RANGE(3, 1003) AS r(n) WHERE export_no = $number",
                {"number": number},
            )
    with store.transaction() as cursor:
        given = {"other": person("别人")} if "$other" in change else {}
        where = " AND " if "WHERE" in change else " WHERE "
        cursor.run(f"UPDATE payout SET {change}{where}export_no = 2", given)
    refresh(store)

    assert told_payouts(store) == expected
    if expected and "person_hash = NULL" not in change:
        assert {row["left_place_text"] for row in open_ones(store)} <= {
            "", "《integrated.csv》第 7 行", "《integrated.csv》第 8 行",
        }


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        # One person, paid in two parts there and at once here; paid twice there and once here.
        ([{"amount_yuan": Decimal(300)}, {"amount_yuan": Decimal(200)}], [{}], []),
        ([{}, {}], [{}], [("missing", FIVE, None, 1, None, "", "")]),
        ([{}, NINTH], [NINTH], [("missing", FIVE, None, 1, None, "", "")]),
        ([{}, {"amount_yuan": Decimal(200), **NINTH}], [{"amount_yuan": Decimal(200)}, NINTH],
         [("date", Decimal(700), Decimal(700), 2, 2, "2021-12-08 至 2021-12-09", "2021-12-08 至 2021-12-09")]),
        ([{}, {**UNNAMED}], [{}, {**UNNAMED, "payout_key": "另"}], []),
        ([{}, {**UNNAMED}, {**UNNAMED}], [{}, {**UNNAMED}], [("missing", FIVE, None, 1, None, "", "")]),
        ([{}, {"recipient_id": "bohu"}], [{}], [("missing", FIVE, None, 1, None, "", "")]),
        ([{}], [{}, {"document_number": "新财社〔2020〕1号"}], []),
    ],
)
def test_payouts_of_one_person(store, left, right, expected):
    same = {"person_hash": person("同一人")}
    sided(store, "payout", [{**same, **row} for row in left], [{**same, **row} for row in right])

    assert told_payouts(store) == expected


def test_places_of_persons_name_three_lines_on_both_sides(store):
    sided(store, "payout", [{}] * 5, [{"amount_yuan": Decimal(501)}] * 4 + [{}])

    (row,) = open_ones(store)
    assert (row["left_yuan"], row["right_yuan"], row["left_count"], row["right_count"]) == (2000, 2004, 4, 4)
    assert row["left_place_text"] == "《左.csv》第 2 行、第 3 行、第 4 行等 4 行"
    assert row["right_place_text"] == "《右.csv》第 2 行、第 3 行、第 4 行等 4 行"


def test_each_system_is_held_against_the_notice(store):
    dock(store, "allotment", {"amount_yuan": Decimal(1)}, {"recipient_id": "bohu", "marker_text": "",
         "amount_yuan": Decimal("7310000")}, {"recipient_id": "nobody"}, file_name="左.csv")
    refresh(store)

    found = {row["recipient_id"]: row for row in open_ones(store, with_notice=True)}
    assert {row["right_source"] for row in found.values()} == {"integrated"}, "监控系统 was never loaded"
    assert (found["luntai"]["difference_kind"], found["luntai"]["left_yuan"], found["luntai"]["right_yuan"]) == (
        "amount", 29390000, 1)
    assert found["luntai"]["left_place_text"] == "文件第 58 行"
    assert found["luntai"]["right_place_text"] == "《左.csv》第 2 行"
    assert (found["bohu"]["difference_kind"], found["bohu"]["right_text"]) == ("marker", "")
    assert (found["nobody"]["difference_kind"], found["nobody"]["left_yuan"]) == ("extra", None)
    assert found["hejing"]["difference_kind"] == "missing"
    assert len(found) == 13


def test_without_an_export_of_one_side_nothing_is_missing_but_a_sentence(store):
    dock(store, "payment", {}, {})
    dock(store, "payment", {"recipient_id": "bohu"}, system="monitoring", recipient_id="bohu")
    refresh(store)

    assert told(store) == [("extra", None, THOUSAND, "", DAY)], "of 博湖县 alone both systems tell something"
    sides = reconciliation.sides(store, SCOPE).set_index(["recipient_id", "record_kind"])
    luntai = sides.loc[("luntai", "payment")]
    assert (luntai["integrated_yuan"], pd.isna(luntai["monitoring_yuan"])) == (2000, True)


def test_places_name_three_lines_and_more_than_twenty_are_one(store):
    sided(store, "payment", [{} for _ in range(25)], [{"amount_yuan": Decimal(1), "paid_on": date(2021, 1, 1)}])

    missing = next(row for row in open_ones(store) if row["difference_kind"] == "missing")
    assert (missing["left_yuan"], missing["left_count"]) == (24000, 24)
    assert missing["left_place_text"] == "《左.csv》第 3 行、第 4 行、第 5 行等 24 行"


LINES = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 3), st.sampled_from(["01 中央直达资金", ""]),
              st.sampled_from(["2081902", OTHER_ITEM])),
    min_size=2, max_size=8,
)


def lines_of(drawn: list[tuple[int, int, str, str]]) -> list[dict[str, Any]]:
    return [
        {"payment_key": f"K{no}", "amount_yuan": Decimal(amount * 100), "paid_on": date(2021, 12, day),
         "marker_text": marker, "budget_item_code": item}
        for no, (amount, day, marker, item) in enumerate(drawn)
    ]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return opened_store(tmp_path_factory.mktemp("shared"))


def compare(store: Store, left: list[dict[str, Any]], right: list[dict[str, Any]]) -> list[str]:
    with store.rehearsal() as cursor:
        for system, lines in (("integrated", left), ("monitoring", right)):
            _dock_in(cursor, system, lines)
        refresh_differences(cursor, AT)
        return [row["difference_kind"] for row in cursor.rows("SELECT * FROM difference")]


def _dock_in(cursor: Any, system: str, lines: list[dict[str, Any]]) -> None:
    class Held:
        """The cursor as a store, so that the rows of the builder are dropped with it."""

        def transaction(self) -> Any:
            from contextlib import nullcontext
            return nullcontext(cursor)

    dock(Held(), "payment", *lines, system=system)  # type: ignore[arg-type]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=LINES, order=st.randoms(use_true_random=False), own_keys=st.booleans())
def test_equal_exports_in_any_order_do_not_differ(shared, drawn, order, own_keys):
    left = lines_of(drawn)
    right = [{**line, **({"payment_key": f"M{no}"} if own_keys else {})} for no, line in enumerate(left)]
    order.shuffle(right)

    assert compare(shared, left, right) == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=LINES, order=st.randoms(use_true_random=False), at=st.integers(0, 7), change=st.sampled_from(
    ["missing", "extra", "amount", "date", "marker"]))
def test_one_line_removed_or_changed_is_one_difference(shared, drawn, order, at, change):
    left = lines_of(drawn)
    right = [dict(line) for line in left]
    line = right[at % len(right)]
    if change == "missing":
        right.remove(line)
    elif change == "extra":
        right.append({**line, "payment_key": "多"})
    else:
        line.update({
            "amount": {"amount_yuan": line["amount_yuan"] + Decimal("0.01")},
            "date": {"paid_on": date(2021, 12, 20)}, "marker": {"marker_text": "03 省级直达资金"},
        }[change])
    order.shuffle(right)

    assert compare(shared, left, right) == [change]


def test_refreshing_again_changes_nothing(store):
    sided(store, "payment", [{}, {"amount_yuan": Decimal(7)}, {"amount_yuan": Decimal(7)}], [{}])
    before = contents(store)

    refresh(store, LATER)

    assert contents(store) == before
    assert len(told(store)) == 2, "two equal differences stay two"


def test_a_corrected_export_mends_and_yesterday_stays_readable(store):
    dock(store, "payment", {})
    wrong = dock(store, "payment", {"amount_yuan": ONE_FEN}, system="monitoring")
    refresh(store)
    explain_difference(store, OFFICER, AT, 1, "四舍五入")
    dock(store, "payment", {}, system="monitoring", at=LATER, replaces=wrong)
    refresh(store, LATER)

    yesterday = reconciliation.differences(store, Scope(NUMBER, ROUND, date(2021, 12, 27)))
    assert list(yesterday["difference_state"]) == ["explained"]
    assert yesterday["gap_yuan"].round(2).tolist() == [0.01]
    assert list(reconciliation.differences(store, SCOPE)["difference_state"]) == ["mended"]
    assert reconciliation.differences(store, Scope(NUMBER, ROUND, date(2021, 12, 26))).empty
    assert list(reconciliation.history(store, SCOPE, 1)["event_kind"]) == ["opened", "explained", "mended"]
    with pytest.raises(RefusedError, match="已经更正"):
        explain_difference(store, OFFICER, LATER, 1, "再说一遍")


def test_an_explanation_lapses_when_the_difference_changes(store):
    dock(store, "payment", {})
    wrong = dock(store, "payment", {"amount_yuan": ONE_FEN}, system="monitoring")
    refresh(store)
    explain_difference(store, OFFICER, AT, 1, "四舍五入")
    dock(store, "payment", {"amount_yuan": Decimal(900)}, system="monitoring", at=LATER, replaces=wrong)
    refresh(store, LATER)

    found = reconciliation.differences(store, SCOPE).set_index("difference_no")
    assert found["difference_state"].to_dict() == {2: "open", 1: "mended"}


def test_an_explanation_stays_while_only_places_change(store):
    dock(store, "payment", {})
    wrong = dock(store, "payment", {"amount_yuan": ONE_FEN}, system="monitoring")
    refresh(store)
    explain_difference(store, OFFICER, AT, 1, "四舍五入")
    dock(store, "payment", {"amount_yuan": ONE_FEN, "payment_key": "P2"}, system="monitoring", at=LATER,
         replaces=wrong, file_name="新.csv")
    refresh(store, LATER)

    assert list(reconciliation.differences(store, SCOPE)["difference_state"]) == ["explained"]


def test_notes_are_kept_taken_back_and_logged(store):
    sided(store, "payment", [{}, {}], [{}])
    explain_difference(store, clerk("luntai"), AT, 1, " 在途 ")
    for note, reason, words in (("在途", "", "没有变化"), ("", "", "写明理由"), ("长" * 3000, "", "不能超过")):
        with pytest.raises(RefusedError, match=words):
            explain_difference(store, clerk("luntai"), AT, 1, note, reason)
    explain_difference(store, OFFICER, LATER, 1, "", "查明不是在途")

    assert [row["note_text"] for row in rows(store, "SELECT * FROM difference_note ORDER BY note_no")] == ["在途", ""]
    assert list(reconciliation.differences(store, SCOPE)["difference_state"]) == ["open"]
    assert is_whole_log(store)
    with pytest.raises(RefusedError, match="没有第 9 处"):
        explain_difference(store, OFFICER, AT, 9, "不存在")


def test_a_unit_explains_and_reads_its_own_only(store):
    sided(store, "payment", [{}, {"recipient_id": "bohu"}, {"recipient_id": "bohu", "amount_yuan": Decimal(3)}],
          [{"recipient_id": "bohu"}])
    numbers = {row["recipient_id"]: row["difference_no"] for row in open_ones(store)}

    with pytest.raises(NotAllowedError):
        explain_difference(store, clerk("luntai"), AT, numbers["bohu"], "别人的")
    own = read_board(store, clerk("luntai"), reconciliation.differences, SCOPE)
    assert set(own["recipient_id"]) == {"luntai"}
    summed = reconciliation.summary(store, SCOPE)
    assert summed.set_index("recipient_id")["stake_yuan"].to_dict() == {"bohu": 3, "luntai": 1000}
    sides = reconciliation.sides(store, SCOPE).set_index(["recipient_id", "record_kind"])
    assert sides.loc[("bohu", "payment"), "open_count"] == 1


def test_publishing_compares_what_is_loaded_already(tmp_path):
    store = Store(tmp_path / "new.duckdb")
    dock(store, "allotment", {"amount_yuan": Decimal(1)}, at=datetime(2021, 12, 22, 10))
    publish(store)

    assert "amount" in {row["difference_kind"] for row in open_ones(store, with_notice=True)}


WHOLE = Decimal(29390000)
BLANK = {"marker_text": ""}


@pytest.mark.parametrize(
    ("left", "right", "counted", "followed"),
    [
        # One cause, seen from the other system and from the notice.
        ([{}], [{"amount_yuan": WHOLE - 990000}], 990000, 1),
        ([{"amount_yuan": WHOLE + 990000}], [{}], 990000, 1),
        ([{}], [BLANK], WHOLE, 1),
        # Both systems lack it.
        ([{"amount_yuan": WHOLE - 7}], [{"amount_yuan": WHOLE - 7}], 7, 1),
        # In two lines, on another day.
        ([{"amount_yuan": WHOLE - 30}, {"amount_yuan": Decimal(10), "dated_on": date(2021, 12, 23)},
          {"amount_yuan": Decimal(20), "dated_on": date(2021, 12, 24)}], [{"amount_yuan": WHOLE - 30}], 30, 1),
        # Two causes: the most that any comparison sees.
        ([{"amount_yuan": WHOLE - 10}], [{"amount_yuan": WHOLE - 30}], 30, 0),
        # Off to both sides by as much: two causes, though the sums are alike.
        ([{"amount_yuan": WHOLE + 10}], [{"amount_yuan": WHOLE - 10}], 20, 0),
        # Two causes in one comparison: what is there has another marker, and five are not there.
        ([{}], [{"amount_yuan": WHOLE - 5, **BLANK}], WHOLE, 1),
    ],
)
def test_money_that_several_comparisons_tell_of_is_counted_once(store, left, right, counted, followed):
    for system, lines in (("integrated", left), ("monitoring", right)):
        dock(store, "allotment", *lines, system=system, recipient_id="luntai")
    refresh(store)

    found = reconciliation.differences(store, SCOPE)
    assert found["counted_yuan"].sum() == counted == reconciliation.summary(store, SCOPE)["stake_yuan"].sum()
    assert found["cause_no"].notna().sum() == followed
    assert f"涉及 {reconciliation_tables.wan(counted)} 万元" in reconciliation_tables.first_sentence(found)


def test_what_follows_from_another_difference_stands_after_it_and_says_so(store):
    dock(store, "allotment", {}, {"recipient_id": "bohu", "amount_yuan": Decimal(7310000)})
    dock(store, "allotment", {"amount_yuan": WHOLE - 990000}, {"recipient_id": "bohu", "amount_yuan": Decimal(7309000)},
         system="monitoring")
    refresh(store)

    found = reconciliation.differences(store, SCOPE)
    found = found[found["recipient_id"].isin(["luntai", "bohu"])]
    assert list(zip(found["recipient_id"], found["left_source"], strict=True)) == [
        ("luntai", "integrated"), ("luntai", "notice"), ("bohu", "integrated"), ("bohu", "notice"),
    ]
    first = found["difference_no"].iloc[0]
    assert reconciliation_tables.differences(found).count(f"与第 {first} 处同一原因") == 1
    assert reconciliation_tables.first_sentence(found).startswith(
        "有 4 处差异待处理（其中 2 处与别处同一原因），涉及 99.1 万元，同一笔钱只计一次："
    )


def test_an_explanation_of_one_leaves_the_money_to_the_other(store):
    dock(store, "allotment", {}, recipient_id="luntai")
    dock(store, "allotment", {"amount_yuan": WHOLE - 990000}, system="monitoring", recipient_id="luntai")
    refresh(store)
    number = next(row["difference_no"] for row in open_ones(store))
    explain_difference(store, OFFICER, AT, number, "月底导入")

    found = reconciliation.differences(store, SCOPE)
    assert found[found["difference_state"] == "open"]["counted_yuan"].tolist() == [990000]
    assert found["cause_no"].isna().all()
