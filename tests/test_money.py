"""Where the money is: every board of 资金流向 by hand, its page, and the reason of a rate over 100 %."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from builders import NUMBER, OFFICER, ROUND, UNITS, clerk, contents, form, is_whole_log, opened_store, rows, sign_in
from docking_builders import dock
from hypothesis import HealthCheck, given, settings, strategies
from streamlit.testing.v1 import AppTest

from dashboard import money_charts, money_sentences, money_tables, session
from dashboard.actions.rate_reasons import explain_rate
from dashboard.log_words import name_of
from dashboard.rights import COUNTY_APPROVER, LEADER, NotAllowedError
from data.errors import NotFoundError, RefusedError
from data.intake.cells import PAID
from data.intake.filled import check_cells
from data.store import Store
from metrics.boards import money
from metrics.boards.definition import Scope
from metrics.findings import find

APP = Path(session.__file__).parent / "app.py"
SQL = Path(money.__file__).parent.parent / "sql"
AT = datetime(2021, 12, 27, 12)
WHOLE = Decimal("29390000")     # what 轮台县 was handed down
MORE = Decimal("30000000")
DAY = date(2021, 12, 28)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened_store(tmp_path)


def scope(as_of: date = DAY) -> Scope:
    return Scope(NUMBER, ROUND, as_of)


def of(table: pd.DataFrame, recipient_id: str = "luntai") -> dict[str, Any]:
    (row,) = table[table["recipient_id"] == recipient_id].to_dict("records")
    return row


def paid(amount: Any, on: date = date(2021, 12, 24), **more: Any) -> dict[str, Any]:
    return {"amount_yuan": Decimal(str(amount)), "paid_on": on, **more}


def registered(amount: Any, on: date | None = date(2021, 12, 24), year: int = 2021, **more: Any) -> dict[str, Any]:
    return {"amount_yuan": Decimal(str(amount)), "registered_on": on, "dated_on": on, "fiscal_year": year, **more}


# The chain: what each step shows and what stays behind.

def test_each_step_is_the_sum_of_its_rows_and_what_came_back_is_taken_off(store):
    dock(store, "allotment", registered("29000000.01"))
    dock(store, "payment", paid(10_000), paid("500.55"), paid("-1000.05"), paid(7, recipient_id="bohu"))
    dock(store, "payout", {}, {"payout_state": "refunded"}, {"payout_state": "failed"}, {"payout_state": "pending"})

    found = of(money.chain(store, scope()))
    assert (found["allocated_yuan"], found["registered_yuan"], found["paid_yuan"], found["paid_out_yuan"]) == (
        29_390_000, 29_000_000.01, 9_500.50, 500)
    assert (found["unregistered_yuan"], found["unpaid_yuan"], found["not_paid_out_yuan"]) == (
        389_999.99, 28_990_499.51, 9_000.50)
    total = of(money.chain(store, scope()), "")
    assert (total["paid_yuan"], total["paid_unit_count"], total["unit_count"]) == (9_507.50, 12, 12)


def test_what_is_not_docked_is_empty_and_a_docked_step_without_rows_is_zero(store):
    dock(store, "payment", paid(5), recipient_id="luntai")
    dock(store, "allotment", registered(WHOLE))

    here, there = of(money.chain(store, scope())), of(money.chain(store, scope()), "bohu")
    assert (here["paid_yuan"], there["registered_yuan"]) == (5, 0)
    assert [pd.isna(here[name]) for name in ("paid_out_yuan", "not_paid_out_yuan")] == [True, True]
    assert [pd.isna(there[name]) for name in ("paid_yuan", "unpaid_yuan")] == [True, True]
    assert of(money.chain(store, scope()), "")["paid_unit_count"] == 1
    assert of(money.execution(store, scope()), "bohu")["execution_state"] == "not_docked"


def test_payouts_come_from_the_monitoring_system_only_where_the_other_has_none(store):
    dock(store, "payout", {"amount_yuan": Decimal(900)}, system="monitoring")
    assert (of(money.chain(store, scope()))["paid_out_yuan"],
            of(money.chain(store, scope()))["payout_system"]) == (900, "monitoring")

    dock(store, "payout", {})
    assert (of(money.chain(store, scope()))["paid_out_yuan"],
            of(money.chain(store, scope()))["payout_system"]) == (500, "integrated")


def test_other_money_and_later_rows_and_other_systems_do_not_count(store):
    dock(store, "payment", paid(1), paid(2, document_number="新财社〔2019〕9号"), paid(4, date(2021, 12, 29)))
    dock(store, "payment", paid(8), system="monitoring")
    dock(store, "allotment", registered(1), registered(2, None), registered(4, date(2021, 12, 29)))

    found = of(money.chain(store, scope()))
    assert (found["paid_yuan"], found["registered_yuan"]) == (1, 3), "what has no day was there with its export"


def test_as_of_a_past_day_the_export_of_then_counts(store):
    first = dock(store, "payment", paid(100, date(2021, 12, 1)), at=datetime(2021, 12, 10))
    dock(store, "payment", paid(300, date(2021, 12, 1)), at=datetime(2021, 12, 20), replaces=first)

    assert pd.isna(of(money.chain(store, scope(date(2021, 12, 9))))["paid_yuan"])
    assert of(money.chain(store, scope(date(2021, 12, 15))))["paid_yuan"] == 100
    assert of(money.chain(store, scope(date(2021, 12, 20))))["paid_yuan"] == 300


AMOUNTS = strategies.lists(strategies.decimals(-5_000, 50_000_000, places=2), max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(allotted=AMOUNTS, payments=AMOUNTS, payouts=AMOUNTS)
def test_the_parts_of_the_chain_add_up(tmp_path_factory, allotted, payments, payouts):
    store = opened_store(tmp_path_factory.mktemp("chain"))
    dock(store, "allotment", *(registered(amount) for amount in allotted))
    dock(store, "payment", *(
        paid(amount, payee_kind=kind, budget_item_code="2082102")
        for amount, kind in zip(payments, ("institution", "bank", "institution", "agency"), strict=False)
    ))
    dock(store, "payout", *({"amount_yuan": amount} for amount in payouts))

    row = {name: round(value * 100) for name, value in of(money.chain(store, scope())).items()
           if name.endswith("_yuan")}
    assert row["registered_yuan"] == sum(allotted) * 100
    stays = (row["unregistered_yuan"] + row["unpaid_yuan"] + row["to_institution_yuan"] + row["not_paid_out_yuan"])
    assert row["allocated_yuan"] == stays + row["paid_out_yuan"]

    lines = money.flow(store, scope())
    lines = lines[lines["recipient_id"] == "luntai"]
    assert (lines["amount_yuan"] > 0).all()
    for step, shown in (("registered", "registered_yuan"), ("paid", "paid_yuan"), ("paid_out", "paid_out_yuan")):
        into = lines.loc[lines["target_node"] == step, "amount_yuan"].sum()
        assert round(into * 100) == max(row[shown], 0)
        if step != "paid_out":
            assert round(lines.loc[lines["source_node"] == step, "amount_yuan"].sum() * 100) == round(into * 100)


# The rate, the calendar, the report.

def test_a_rate_over_all_of_it_is_given_only_with_its_reason(store):
    dock(store, "payment", paid(WHOLE), paid("0.01"))
    before = of(money.execution(store, scope()))
    assert (before["execution_state"], pd.isna(before["execution_rate"])) == ("over_unexplained", True)

    explain_rate(store, OFFICER, AT, NUMBER, "luntai", "动用2020年结转", MORE)

    after = of(money.execution(store, scope()))
    assert (after["execution_state"], after["execution_rate"] > 1, after["reason_text"]) == (
        "over_explained", True, "动用2020年结转")
    earlier = of(money.execution(store, scope(date(2021, 12, 26))))
    assert earlier["execution_state"] == "not_docked"

    dock(store, "payment", paid(MORE - WHOLE), file_name="又付.csv")
    beyond = of(money.execution(store, scope()))
    assert (beyond["execution_state"], pd.isna(beyond["execution_rate"])) == ("over_unexplained", True)


def test_a_month_s_share_is_given_up_to_the_sum_explained(store):
    dock(store, "payment", paid(MORE, date(2021, 11, 5)), paid("0.01", date(2021, 12, 5)))
    explain_rate(store, OFFICER, AT, NUMBER, "luntai", "上年结转", MORE + 1)
    explain_rate(store, OFFICER, AT, NUMBER, "luntai", "上年结转", MORE + Decimal("0.01"))
    with store.transaction() as cursor:
        cursor.run("UPDATE rate_reason SET explained_yuan = $most", {"most": MORE})

    months = money.by_month(store, scope())
    for unit in ("luntai", ""):
        mine = months[months["recipient_id"] == unit].set_index("month_on")["cumulative_share"]
        assert pd.notna(mine["2021-11-01"])
    assert pd.isna(months[months["recipient_id"] == "luntai"].set_index("month_on")["cumulative_share"]["2021-12-01"])


def test_exactly_all_of_it_needs_no_reason(store):
    dock(store, "payment", paid(WHOLE))

    found = of(money.execution(store, scope()))
    assert (found["execution_state"], found["execution_rate"]) == ("on_schedule", 1)


@pytest.mark.parametrize(
    ("year", "as_of", "elapsed", "whole"),
    [
        (2024, date(2024, 2, 29), 60, 366), (2024, date(2024, 12, 31), 366, 366), (2023, date(2023, 3, 1), 60, 365),
        (2023, date(2024, 1, 1), 365, 365), (2025, date(2024, 12, 31), 0, 365),
    ],
)
def test_the_share_of_the_year_gone(store, year, as_of, elapsed, whole):
    with store.transaction() as cursor:
        cursor.run("UPDATE notice SET fiscal_year = $year", {"year": year})
    dock(store, "payment", paid(1))

    found = of(money.execution(store, scope(as_of)))
    assert (found["elapsed_days"], found["year_days"]) == (elapsed, whole)
    assert found["elapsed_share"] == elapsed / whole


def test_exactly_in_step_with_the_calendar_is_not_behind(store):
    with store.transaction() as cursor:     # so that a day's share of it is a whole amount
        cursor.run("UPDATE allocation_line SET after_yuan = 36500 WHERE recipient_id = 'luntai'")
        lines = cursor.rows("SELECT COUNT(*) AS n FROM allocation_line WHERE recipient_id = 'luntai'")[0]["n"]
    dock(store, "payment", paid(36_200 * lines), at=datetime(2021, 12, 27))
    assert of(money.execution(store, scope()))["execution_state"] == "on_schedule"

    dock(store, "payment", paid("-0.01"), file_name="退.csv")
    assert of(money.execution(store, scope()))["execution_state"] == "behind"


def test_months_add_up_to_what_was_paid(store):
    dock(store, "payment", paid(100, date(2020, 12, 31)), paid(30, date(2021, 1, 31)), paid(-10, date(2021, 2, 1)))

    found = money.by_month(store, scope(date(2021, 12, 27)))
    mine = found[found["recipient_id"] == "luntai"].reset_index(drop=True)
    assert list(mine["paid_yuan"][:3]) == [30, -10, 0]
    assert list(mine["cumulative_yuan"][:3]) == [130, 120, 120]
    assert list(mine["elapsed_days"][:2]) == [31, 59]
    assert (len(mine), mine["end_on"].iloc[-1].date()) == (12, date(2021, 12, 27))


def test_each_account_has_its_own_sums(store):
    dock(store, "payment", paid(3), paid(4, budget_item_code="2296002"))

    found = money.by_item(store, scope())
    mine = found[found["recipient_id"] == "luntai"].set_index("budget_item_code")
    assert (mine.loc["2081902", "paid_yuan"], mine.loc["2296002", "paid_yuan"]) == (3, 4)
    assert (mine.loc["2296002", "item_use"], mine.loc["2081901", "paid_yuan"]) == ("other_fund", 0)
    assert mine["registered_yuan"].isna().all()


# What institutions may receive, and of what a list of persons is due.

def paid_to(kind: str, amount: Any, key: str, item: str = "2082102", **more: Any) -> dict[str, Any]:
    return paid(amount, payment_key=key, payee_kind=kind, payee_text=kind, budget_item_code=item, **more)


def test_what_was_paid_to_an_institution_is_where_it_should_be(store):
    dock(store, "payment", paid_to("institution", 700, "P2"), paid_to("institution", -100, "P3"),
         paid_to("institution", 40, "P4", "2081902"), paid_to("agency", 8, "P5"), paid_to("bank", 1000, "P6"))
    dock(store, "payout", {"payment_key": "P6", "amount_yuan": Decimal(990)},
         {"payment_key": "P2", "amount_yuan": Decimal(50)})

    found = of(money.chain(store, scope()))
    assert found["to_institution_yuan"] == 550, "50 of it went on to a person; 低保 does not belong there"
    assert (found["paid_out_yuan"], found["not_paid_out_yuan"]) == (1040, 40 + 8 + 10)
    assert of(money.chain(store, scope()), "")["to_institution_yuan"] == 550

    lines = money_tables.of_unit(money.flow(store, scope()), "luntai")
    out = lines[lines["source_node"] == "paid"].set_index("target_node")["amount_yuan"]
    assert dict(out) == {"at_institution": 550, "paid_out": 1040, "not_paid_out": 58}
    assert "付到供养、救助机构 0.055 万元，发放 0.104 万元。" in money_sentences.flow_sentence(lines)
    drawn = money_charts.flow_steps(lines).set_index("name")
    assert list(drawn.loc["付到机构", ["start_yuan", "amount_yuan"]]) == [0, 550]
    assert list(drawn.loc["发放", ["start_yuan", "amount_yuan"]]) == [550, 1040]
    assert list(drawn.loc["已付未发", ["start_yuan", "amount_yuan"]]) == [1590, 58], "at the end of what was paid"
    assert money_tables.steps(money_tables.of_unit(money.chain(store, scope()), "luntai"))[
        "付到供养、救助机构"].tolist() == ["0.055"]


def test_what_an_institution_got_is_known_without_any_list_of_persons(store):
    dock(store, "payment", paid_to("institution", 700, "P2"), paid_to("bank", 5, "P3"))

    found = of(money.chain(store, scope()))
    assert (found["to_institution_yuan"], pd.isna(found["not_paid_out_yuan"])) == (700, True)
    lines = money_tables.of_unit(money.flow(store, scope()), "luntai")
    out = lines[lines["source_node"] == "paid"].set_index("target_node")["amount_yuan"]
    assert dict(out) == {"at_institution": 700, "unknown_paid_out": 5}


# 分配进度, 支出进度, 短进度, 短支额, 挂接比例.

def test_progress_is_both_rates_and_what_is_short_of_the_calendar(store):
    dock(store, "allotment", registered(22_042_500))
    dock(store, "payment", paid(14_695_000))

    found = of(money.progress(store, scope(date(2021, 12, 28))))
    assert (found["registered_yuan"], found["allot_base_yuan"], found["allotted_rate"]) == (22_042_500, WHOLE, 0.75)
    assert (found["paid_yuan"], found["pay_base_yuan"], found["paid_rate"]) == (14_695_000, WHOLE, 0.5)
    assert found["unregistered_yuan"] == 7_347_500
    assert (found["due_parts"], found["due_whole"], pd.isna(found["line_month"])) == (362, 365, True)
    assert found["short_share"] == pytest.approx(0.5 - 362 / 365)
    assert found["short_yuan"] == -14_453_438.36        # 14,695,000 − 29,390,000 × 362 ÷ 365
    assert found["progress_state"] == "behind"

    shown = money_tables.progress(money_tables.of_unit(money.progress(store, scope()), "luntai")).iloc[0]
    assert list(shown)[1:8] == [
        "▲ 未达到", "75.0%（2,204.25／2,939）", "734.75", "50.0%（1,469.5／2,939）", "99.1%（362／365 天）",
        "−49.2", "−1,445.34",
    ]
    assert money_sentences.progress_sentence(money_tables.of_unit(money.progress(store, scope()), "luntai")) == (
        "分配进度 75.0%，未分配 734.75 万元；支出进度 50.0%，应达 99.1%，短 49.2 个百分点、1,445.34 万元。")
    total = of(money.progress(store, scope()), "")
    assert total["pay_base_yuan"] == total["allocated_yuan"] and total["paid_rate"] == pytest.approx(
        14_695_000 / float(total["pay_base_yuan"]))
    assert "12 个单位没有达到" in money_sentences.progress_sentence(money.progress(store, scope()))


def test_a_sum_and_its_base_are_of_the_same_units(store):
    dock(store, "payment", paid(14_695_000), recipient_id="luntai")
    dock(store, "allotment", registered(WHOLE))

    total = of(money.progress(store, scope()), "")
    assert (total["paid_yuan"], total["pay_base_yuan"], total["paid_rate"]) == (14_695_000, WHOLE, 0.5)
    assert total["allot_base_yuan"] == total["allocated_yuan"] > WHOLE


def test_without_a_base_there_is_no_rate_and_over_all_of_it_only_with_a_reason(store):
    with store.transaction() as cursor:
        cursor.run("UPDATE allocation_line SET after_yuan = 0 WHERE recipient_id = 'bohu'")
    dock(store, "allotment", registered(WHOLE + 10_000), registered(0, recipient_id="bohu"))
    dock(store, "payment", paid(WHOLE), paid(10_000))

    rates = ["allotted_rate", "paid_rate", "short_share", "short_yuan", "hooked_rate"]
    for unit, state in (("bohu", "no_money"), ("luntai", "over_unexplained")):
        found = of(money.progress(store, scope()), unit)
        assert (found["progress_state"], [name for name in rates if pd.notna(found[name])]) == (state, [])
    shown = money_tables.progress(money.progress(store, scope())).set_index("单位")
    assert shown.loc["轮台县", "分配进度（分配／下达）"] == "超过 100%，请核对（2,940／2,939）"
    assert shown.loc["轮台县", "支出进度（支付／下达）"] == "超过 100%，未说明原因（2,940／2,939）"
    assert "%" not in shown.loc["博湖县", "支出进度（支付／下达）"]

    explain_rate(store, OFFICER, AT, NUMBER, "luntai", "上年结转", MORE)
    assert of(money.progress(store, scope()))["paid_rate"] > 1


@pytest.mark.parametrize(("as_of", "parts", "whole", "month"), [
    (date(2021, 4, 29), 119, 365, None), (date(2021, 4, 30), 250_000, 1_000_000, 4),
    (date(2021, 10, 30), 600_000, 1_000_000, 8), (date(2021, 10, 31), 800_000, 1_000_000, 10),
    (date(2021, 12, 30), 800_000, 1_000_000, 10), (date(2021, 12, 31), 365, 365, None),
    (date(2022, 5, 1), 365, 365, None),
])
def test_what_is_due_is_the_newest_line_of_the_rules_in_force_or_the_calendar(store, as_of, parts, whole, month):
    with store.transaction() as cursor:
        for version, effective, lines in (
            ("早", date(2020, 1, 1), {4: 250_000, 8: 600_000, 10: 800_000}), ("晚", date(2030, 1, 1), {4: 990_000}),
        ):
            cursor.insert("rule_version", [{
                "rule_version": version, "profile_name": "四川2025", "effective_on": effective, "change_reason": "试",
                "adopted_at": datetime(2031, 1, 1), "adopted_by": "试",
            }])
            cursor.insert("rule_value", [{
                "rule_version": version, "rule_key": f"execution-milestone-{line:02d}", "value_micro": micro,
                "source_text": "试",
            } for line, micro in lines.items()])
        cursor.run("UPDATE rule_version SET effective_on = DATE '2019-01-01' WHERE rule_version NOT IN ('早', '晚')")
    dock(store, "payment", paid(14_695_000, date(2021, 3, 1)), at=datetime(2021, 4, 1))

    found = of(money.progress(store, scope(as_of)))
    assert (found["due_parts"], found["due_whole"]) == (parts, whole)
    assert found["line_month"] == month if month else pd.isna(found["line_month"])
    assert found["progress_state"] == ("on_schedule" if parts / whole <= 0.5 else "behind")
    shown = money_tables.progress(money.progress(store, scope(as_of)))["应达进度"].iloc[0]
    assert shown.endswith(f"（{month}月末的线）" if month else f"（{parts}／365 天）")


def test_the_share_of_payments_with_a_list_of_persons(store):
    dock(store, "payment", paid_to("bank", 1000, "P2"), paid_to("bank", 300, "P3"), paid_to("person", 200, "P4"),
         paid_to("institution", 9, "P5"), paid_to("company", 9, "P6"),
         paid_to("bank", 60, "P2", recipient_id="bohu"), paid_to("bank", -60, "P7", recipient_id="bohu"))
    dock(store, "payout", {"payment_key": "P2", "amount_yuan": Decimal(1200)},
         {"payment_key": "P3", "amount_yuan": Decimal(50), "payout_state": "refunded"},
         {"payment_key": "", "amount_yuan": Decimal(200)},
         {"payment_key": "P2", "amount_yuan": Decimal(60), "recipient_id": "bohu"})

    found = of(money.progress(store, scope()))
    assert (found["list_due_yuan"], found["hooked_yuan"], found["hooked_rate"]) == (1500, 1050, 0.7)
    there = of(money.progress(store, scope()), "bohu")
    assert (there["list_due_yuan"], there["hooked_yuan"], pd.isna(there["hooked_rate"])) == (0, 0, True)
    assert money_sentences.hook_sentence(money.progress(store, scope())) == (
        "付给个人和代发银行的 0.15 万元里，0.105 万元有发放明细，挂接比例 70.0%；"
        "没有挂齐的：轮台县 70.0%（差 0.045 万元）。")
    assert list(money_tables.hooks(money.progress(store, scope())).iloc[-1])[1:] == ["0.15", "0.105", "70.0%", "0.045"]


def test_lists_that_name_no_payment_hook_nothing_and_are_not_counted_as_missing(store):
    dock(store, "payment", paid_to("bank", 1000, "P2"))
    for rows_given in ((), ({"payment_key": "", "amount_yuan": Decimal(1000)},)):
        if rows_given:
            dock(store, "payout", *rows_given)
        found = of(money.progress(store, scope()))
        assert [pd.isna(found[name]) for name in ("list_due_yuan", "hooked_yuan", "hooked_rate")] == [True] * 3
        assert "算不出来" in money_sentences.hook_sentence(money.progress(store, scope()))


def test_all_that_is_due_and_there_names_nobody(store):
    dock(store, "payment", paid_to("bank", 1000, "P2"))
    dock(store, "payout", {"payment_key": "P2", "amount_yuan": Decimal(1000)})

    assert money_sentences.hook_sentence(money.progress(store, scope())).endswith("挂接比例 100.0%，全部挂齐。")


# What lies still, and how old it is.

@pytest.mark.parametrize(("as_of", "state", "idle"), [(date(2022, 2, 22), "moving", 0), (date(2022, 2, 23), "idle", 9)])
def test_exactly_the_limit_is_not_idle_and_a_day_more_is(store, as_of, state, idle):
    dock(store, "allotment", registered(10))
    dock(store, "payment", paid(1, date(2021, 12, 24)), at=datetime.combine(as_of, time(9)))

    found = of(money.idle(store, scope(as_of)))
    assert (found["idle_state"], found["idle_yuan"], found["idle_days"]) == (state, idle, 60 + (idle > 0))
    later = of(money.idle(store, scope(date(2022, 6, 30))))
    assert (later["idle_days"], later["known_to_on"].date()) == (found["idle_days"], as_of), "nothing is known after it"


def test_money_that_comes_back_is_no_use_of_money(store):
    dock(store, "allotment", registered(10_000, date(2021, 3, 1)))
    dock(store, "payment", paid(6_000, date(2021, 5, 1)), paid(-5_000, date(2021, 12, 1)))

    found = of(money.idle(store, scope()))
    assert (found["still_since_on"].date(), found["idle_days"], found["idle_yuan"]) == (date(2021, 5, 1), 240, 9_000)


@pytest.mark.parametrize("as_of", [date(2021, 12, 28), date(2022, 3, 1), date(2022, 12, 31), date(2023, 1, 1)])
@pytest.mark.parametrize("loaded_on", [date(2021, 12, 27), date(2022, 2, 1), date(2022, 12, 31)])
def test_the_checks_name_the_same_idle_and_old_money_as_the_boards(store, as_of, loaded_on):
    at = datetime.combine(min(loaded_on, as_of), time(9))
    dock(store, "allotment", registered(10_000, date(2021, 3, 1)), registered(700, date(2021, 12, 20)),
         registered(60, date(2020, 6, 1), 2020), registered(500, date(2021, 12, 20), recipient_id="bohu"),
         registered(40, date(2021, 12, 20), 2022, recipient_id="yuli"))
    dock(store, "payment", paid(6_030, date(2021, 5, 1)), paid(-6_000, date(2021, 12, 1)),
         paid(100, date(2021, 12, 22), recipient_id="bohu"), at=at)

    with store.reading() as cursor:
        found = find(cursor, NUMBER, scope(as_of).as_of, ("R13", "R14"))
    told = Counter[tuple[str, str]]()
    for each in found:
        told[(each.check.code, each.recipient_id)] += each.amount_yuan
    old = money.carryover(store, scope(as_of))
    old = old[(old["age_state"] == "surplus") & (old["balance_yuan"] > 0) & (old["recipient_id"] != "")]
    idle = money.idle(store, scope(as_of)).merge(old, on=["recipient_id", "fiscal_year"], how="left", indicator=True)
    idle = idle[(idle["idle_yuan"] > 0) & (idle["_merge"] == "left_only")]
    on_boards = {("R13", unit): amount for unit, amount in old.groupby("recipient_id")["balance_yuan"].sum().items()}
    on_boards |= {("R14", unit): amount for unit, amount in idle.groupby("recipient_id")["idle_yuan"].sum().items()}
    assert on_boards
    assert dict(told) == on_boards


def test_money_carried_into_a_later_year_is_as_old_as_its_notice(store):
    dock(store, "allotment", registered(10, date(2022, 1, 5), 2022), at=datetime(2023, 1, 9))
    dock(store, "payment", at=datetime(2023, 1, 9))

    found = of(money.carryover(store, scope(date(2023, 1, 9))))
    assert (found["fiscal_year"], found["age_years"], found["age_state"]) == (2022, 2, "surplus")


def test_the_oldest_is_used_first_and_the_last_payment_moves_all_that_is_left(store):
    dock(store, "allotment", registered(100, date(2020, 3, 1), 2020), registered(50, date(2021, 12, 1), 2021))
    dock(store, "payment", paid(70, date(2021, 10, 20)))

    found = money.idle(store, scope())
    mine = found[found["recipient_id"] == "luntai"].set_index("fiscal_year")
    assert list(mine["balance_yuan"].sort_index()) == [30, 50]
    assert mine.loc[2020, "still_since_on"].date() == date(2021, 10, 20)
    assert (mine.loc[2020, "idle_days"], mine.loc[2020, "idle_yuan"]) == (68, 30)
    assert (mine.loc[2021, "idle_days"], mine.loc[2021, "idle_state"]) == (26, "moving")


def test_payments_beyond_the_oldest_take_from_the_next(store):
    dock(store, "allotment", registered(100, date(2020, 3, 1), 2020), registered(50, date(2021, 12, 1), 2021))
    dock(store, "payment", paid(130), paid(-5))

    found = money.carryover(store, scope())
    mine = found[found["recipient_id"] == "luntai"].sort_values("fiscal_year")
    assert list(mine["balance_yuan"]) == [0, 25]


def test_without_a_day_and_without_payments_nothing_is_counted(store):
    dock(store, "allotment", registered(10, None))
    assert of(money.idle(store, scope()))["idle_state"] == "not_docked"

    dock(store, "payment")
    found = of(money.idle(store, scope()))
    assert (found["idle_state"], found["balance_yuan"], pd.isna(found["idle_days"])) == ("undated", 10, True)


@pytest.mark.parametrize(
    ("as_of", "age", "state"),
    [
        (date(2021, 12, 31), 0, "this_year"), (date(2022, 1, 1), 1, "carried_over"),
        (date(2022, 12, 31), 1, "carried_over"), (date(2023, 1, 1), 2, "surplus"),
    ],
)
def test_money_ages_at_new_year(store, as_of, age, state):
    dock(store, "allotment", registered(10))
    dock(store, "payment", at=datetime.combine(as_of, time(9)))

    found = of(money.carryover(store, scope(as_of)))
    assert (found["age_years"], found["age_state"], found["balance_yuan"]) == (age, state, 10)


LOTS = strategies.lists(
    strategies.tuples(
        strategies.integers(-300, 900), strategies.dates(date(2020, 1, 1), date(2022, 6, 30)),
    ), min_size=1, max_size=5,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lots=LOTS, payments=LOTS)
def test_what_is_left_is_what_a_person_counts_by_hand(tmp_path_factory, lots, payments):
    store = opened_store(tmp_path_factory.mktemp("left"))
    until = date(2022, 6, 30)
    dock(store, "allotment", *(registered(amount, on, on.year) for amount, on in lots))
    dock(store, "payment", *(paid(amount, on) for amount, on in payments), at=datetime.combine(until, time(9)))

    # One list in the order of use: each year's money without what was taken back of it, its oldest first.
    heap: dict[tuple[int, date], int] = {}
    used = sum(amount for amount, _ in payments)
    for year in sorted({on.year for _, on in lots}):
        taken = -sum(amount for amount, on in lots if on.year == year and amount < 0)
        for on in sorted({on for _, on in lots if on.year == year}):
            heap[year, on] = sum(amount for amount, day in lots if day == on and amount > 0)
            gone = min(taken, heap[year, on])
            heap[year, on], taken = heap[year, on] - gone, taken - gone
        used += taken
    for key in sorted(heap):
        gone = min(max(used, 0), heap[key])
        heap[key], used = heap[key] - gone, used - gone
    heap[max(heap)] -= min(used, 0)
    last = max((on for amount, on in payments if amount > 0), default=date.min)
    by_hand = {
        year: (
            sum(left for (of_year, _), left in heap.items() if of_year == year),
            sum(left for (of_year, on), left in heap.items() if of_year == year and (until - max(on, last)).days > 60),
        )
        for year in {year for year, _ in heap}
    }

    found = money.idle(store, scope(until))
    found = found[found["recipient_id"] == "luntai"].set_index("fiscal_year")
    assert {int(year): (row["balance_yuan"], row["idle_yuan"]) for year, row in found.iterrows()} == by_hand
    ages = money.carryover(store, scope(until))
    ages = ages[ages["recipient_id"] == "luntai"].set_index("fiscal_year")
    assert dict(ages["age_years"]) == {year: 2022 - min(year, 2021) for year in by_hand}
    assert dict(ages["balance_yuan"]) == {year: left for year, (left, _) in by_hand.items()}


def test_a_difference_of_days_is_a_number_on_every_engine():
    texts = {path.name: path.read_text(encoding="utf-8") for path in SQL.glob("*.sql")}

    days = re.compile(r"(CAST\()?([\w.]+_on - [\w.]+_on)( AS INTEGER\))?")
    found = {name: days.findall(text) for name, text in texts.items()}
    assert found["money_balance.sql"]
    assert [name for name, each in found.items() if not all(begin and end for begin, _, end in each)] == []


# Wrong uses.

@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"budget_item_code": "2296002"}, "item_other_fund"), ({"budget_item_code": "2032001"}, "item_suspect"),
        ({"budget_item_code": "2082501"}, "item_ask"), ({"budget_item_code": "2999999"}, "item_unknown"),
        ({"budget_item_code": "2080199"}, "item_ask"),
        ({"purpose_word": "手续费"}, "purpose_fee"), ({"purpose_word": "工作经费"}, "purpose_running_cost"),
        ({"purpose_word": "借款"}, "purpose_other"),
        ({"payee_kind": "agency", "payee_text": "民政局"}, "payee_agency"),
        ({"payee_kind": "agency", "payee_text": ""}, "payee_agency"),
        ({"payee_kind": "company", "payee_text": "公司"}, "payee_company"),
        ({"payee_kind": "other", "payee_text": "学校"}, "payee_other"),
        ({"payee_kind": "unknown", "payee_text": ""}, "payee_unknown"),
        ({"payee_kind": "institution", "payee_text": "敬老院"}, "payee_institution"),
    ],
)
def test_each_kind_of_wrong_use_is_told_with_its_rule_and_place(store, changes, kind):
    dock(store, "payment", paid(5), paid(40, **changes), paid(2, **changes), paid(-1, **changes))

    (found,) = money.wrong_use(store, scope()).to_dict("records")
    assert (found["recipient_id"], found["use_kind"], found["amount_yuan"]) == ("luntai", kind, 41)
    assert (found["place_text"], found["found_count"]) == ("《payment.csv》第 3 行等 3 行", 3)
    assert found["subject_text"].endswith("（付 42.00 元，已退 1.00 元）")
    assert found["source_text"]
    assert kind in money_tables.USE_WORDS


def test_the_first_line_is_the_smallest_number_and_not_the_first_word(store):
    fee = {"purpose_word": "手续费"}
    dock(store, "payment", paid(-1, **fee), *(paid(1, **fee) for _ in range(10)))

    (found,) = money.wrong_use(store, scope()).to_dict("records")
    assert found["place_text"] == "《payment.csv》第 3 行等 11 行", "what came back is not where to look first"


CHECK_OF_KIND = {
    "item_suspect": "P01", "item_other_fund": "P01", "item_unknown": "P01", "item_ask": "P02", "item_empty": "P03",
    "payee_agency": "P06", "payee_company": "P07", "payee_other": "P07", "payee_unknown": "P07",
    "purpose_fee": "P08",
    "purpose_running_cost": "P09", "purpose_other": "P10", "purpose_empty": "P11", "payee_institution": "P23",
    "payee_empty": "P24",
}


def test_the_board_and_the_checks_name_the_same_payments(store):
    dock(store, "payment", *(
        paid(10 ** place, **{"purpose_word": word, "payee_kind": payee, "payee_text": payee, "budget_item_code": item})
        for place, (word, payee, item) in enumerate((
            ("手续费", "agency", "2040101"), ("办公", "company", "2296002"), ("借款", "other", "2299999"),
            ("", "institution", "2081901"), ("", "", "2082502"), ("", "person", ""),
        ))
    ), paid(7, has_purpose=False), paid(50, purpose_word="工资"), paid(-50, purpose_word="工资"))

    on_board = money.wrong_use(store, scope())
    told = {(CHECK_OF_KIND[kind], text, amount) for kind, text, amount in zip(
        on_board["use_kind"], on_board["subject_text"], on_board["amount_yuan"], strict=True)}
    with store.reading() as cursor:
        found = find(cursor, NUMBER, scope().as_of, tuple(sorted(set(CHECK_OF_KIND.values()))))
    assert {each.check.code for each in found} == set(CHECK_OF_KIND.values())
    not_written = {"P03", "P11", "P24"}
    assert {(each.check.code, each.stated_text, each.amount_yuan)
            for each in found if each.check.code not in not_written} == told


def test_what_was_paid_back_whole_is_no_wrong_use(store):
    dock(store, "payment", paid(40, purpose_word="手续费"), paid(-40, purpose_word="手续费"))

    assert money.wrong_use(store, scope()).empty


def test_more_paid_than_registered_or_handed_down_is_told_once_each(store):
    dock(store, "allotment", registered(100))
    dock(store, "payment", paid(WHOLE), paid(1))

    found = money.wrong_use(store, scope()).set_index("use_kind")["amount_yuan"]
    assert dict(found) == {"over_allocated": 1, "over_registered": 29_389_901}


def test_a_unit_s_rows_are_those_of_its_figures_and_name_nobody(store):
    dock(store, "allotment", registered(WHOLE))
    dock(store, "payment", paid(5), paid(7, recipient_id="bohu"))
    dock(store, "payout", {}, {}, {"payout_state": "refunded"})

    found = money.unit_rows(store, scope(), "luntai")
    sums = found.groupby(["record_kind", "what_text"])["amount_yuan"].sum().to_dict()
    assert sums == {("allotment", "2021"): 29_390_000, ("payment", "person"): 5,
                    ("payout", "rural_allowance paid"): 1000, ("payout", "rural_allowance refunded"): 500}
    assert not [name for name in found.columns if "hash" in name]
    assert list(money_tables.unit_rows(found)["内容"]) != [] and "农村低保 已退回" in set(
        money_tables.unit_rows(found)["内容"])


# The reason of a rate over 100 %.

def test_a_reason_leaves_one_line_with_what_was_said_before(store):
    dock(store, "payment", paid(WHOLE), paid(1))
    explain_rate(store, clerk("luntai"), AT, NUMBER, "luntai", "　上年结转 ", MORE)
    explain_rate(store, OFFICER, AT, NUMBER, "luntai", "追加", MORE)
    explain_rate(store, OFFICER, AT, NUMBER, "luntai", "追加", MORE + 1)

    kept = rows(store, "SELECT * FROM rate_reason ORDER BY reason_no")
    assert [(row["reason_no"], row["reason_text"], row["explained_yuan"], row["entered_by"]) for row in kept] == [
        (1, "上年结转", MORE, "luntai审核人"), (2, "追加", MORE, OFFICER.name), (3, "追加", MORE + 1, OFFICER.name)]
    lines = rows(store, "SELECT * FROM audit_log WHERE action_name = 'explain_rate' ORDER BY entry_no")
    assert [line["subject_text"] for line in lines] == [f"{NUMBER} luntai"] * 3
    assert '"explained_yuan": "30000000"' in lines[0]["detail_json"]
    assert '"before": "上年结转"' in lines[1]["detail_json"] and '"after": "追加"' in lines[1]["detail_json"]
    assert [name_of(key, {}) for key in ("before", "after", "explained_yuan", "paid_yuan", "after_yuan")] == [
        "改前", "改后", "说明到的金额", "支付数（执行数）", "调整后"]
    assert is_whole_log(store)


@pytest.mark.parametrize(
    ("actor", "unit", "reason", "error", "said"),
    [
        (OFFICER, "luntai", "　", RefusedError, "没有写原因"),
        (OFFICER, "luntai", "长" * 2001, RefusedError, "上限"),
        (OFFICER, "luntai", "已说", RefusedError, "没有变化"),
        (OFFICER, "bohu", "多付", RefusedError, "博湖县的累计支付没有超过分配"),
        (OFFICER, "nobody", "多付", NotFoundError, "没有给这个单位资金"),
        (OFFICER, "", "多付", NotFoundError, "没有给这个单位资金"),
        (clerk("bohu"), "luntai", "多付", NotAllowedError, "本单位"),
    ],
)
def test_a_reason_that_says_nothing_is_refused_and_changes_nothing(store, actor, unit, reason, error, said):
    dock(store, "payment", paid(WHOLE), paid(1))
    explain_rate(store, OFFICER, AT, NUMBER, "luntai", "已说", MORE)
    before = contents(store)

    with pytest.raises(error, match=said):
        explain_rate(store, actor, AT, NUMBER, unit, reason, MORE)
    assert contents(store) == before


@pytest.mark.parametrize(
    ("most", "said"),
    [
        (None, "没有写金额"), (WHOLE, "没有超过分配"), (WHOLE + Decimal("0.5"), "小于系统里的累计支付"),
        (WHOLE * 100, "多半是把元填成了万元"),
    ],
)
def test_a_reason_up_to_a_sum_that_cannot_be_is_refused(store, most, said):
    dock(store, "payment", paid(WHOLE), paid(1))
    before = contents(store)

    with pytest.raises(RefusedError, match=said):
        explain_rate(store, OFFICER, AT, NUMBER, "luntai", "上年结转", most)
    assert contents(store) == before


def test_a_unit_without_docked_payments_says_it_before_it_reports(store):
    cells = {PAID: "2939.01"}
    (issue,) = check_cells(cells, form(store)).issues
    assert issue.code == "paid-above-after" and "“资金流向”页说明原因" in issue.sentence

    explain_rate(store, clerk("luntai"), AT, NUMBER, "luntai", "上年结转", Decimal("29390100"))

    checked = check_cells(cells, form(store))
    assert (checked.issues, checked.report.paid_yuan) == ((), Decimal("29390100"))
    (issue,) = check_cells({PAID: "2939.010001"}, form(store)).issues
    assert issue.code == "paid-above-after" and "只说明到 2,939.01 万元" in issue.sentence
    (issue,) = check_cells({PAID: "29390100"}, form(store)).issues
    assert issue.code == "paid-mixed-up" and "多半是把元填成了万元" in issue.sentence
    explain_rate(store, clerk("luntai"), AT, NUMBER, "luntai", "只到这里", WHOLE + 1)
    assert check_cells(cells, form(store)).issues, "what was said last counts"
    assert check_cells({PAID: "9999"}, form(store, "bohu")).issues, "another unit's reason is not its own"


# Words and figures.

@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        (None, "—"), (0, "0"), (202_510_000, "20,251"), (297_243, "29.72"), (4_720, "0.472"), (12.34, "0.0012"),
        (0.01, "0.000001"), (-1_500_000, "−150"), (-3, "−0.0003"), (10_000_000, "1,000"),
    ],
)
def test_no_remainder_reads_nothing(yuan, shown):
    assert money_tables.wan_exact(yuan) == shown


def test_the_sentence_names_whose_money_lies_how_long_and_how_much(store):
    assert "说不出" in money_sentences.first_sentence(money.idle(store, scope()))

    dock(store, "allotment", registered(WHOLE), registered(20_000, recipient_id="bohu"))
    dock(store, "payment")
    assert money_sentences.first_sentence(money.idle(store, scope())) == (
        "没有单位的钱闲置超过 60 天；轮台县还有 2,939 万元没有支付，已经 3 天没有动。支付数到 2021-12-27。")
    dock(store, "payment", at=datetime(2022, 3, 1, 9), file_name="3月.csv")
    assert money_sentences.first_sentence(money.idle(store, scope(date(2022, 3, 1)))) == (
        "轮台县的 2,939 万元闲着，最长 67 天没有支付；博湖县的 2 万元闲着，最长 67 天没有支付。"
        "一共 2 个单位 2,941 万元。界限为 60 天，支付数到 2022-03-01。")


def test_sums_on_screen_are_exact(store):
    parts = {"luntai": "8111.01", "bohu": "2732.46", "yuli": "1006.53"}     # as floats they are more than 11,850
    dock(store, "allotment", *(registered(amount, recipient_id=unit) for unit, amount in parts.items()))
    dock(store, "payment", at=datetime(2022, 3, 1, 9))

    assert float(sum(Decimal(amount) for amount in parts.values())) < sum(float(amount) for amount in parts.values())
    at = scope(date(2022, 3, 1))
    assert "一共 3 个单位 1.18 万元。" in money_sentences.first_sentence(money.idle(store, at))
    assert "结转 1.18 万元" in money_sentences.carryover_sentence(money.carryover(store, at))
    flow = money.flow(store, at)
    assert "登记了没有支付 1.18 万元" in money_sentences.flow_sentence(flow)
    assert ["未支付", "1.18"] in [list(told) for told in money_charts.flow_diagram(flow).data[0].customdata]


def test_the_diagram_and_the_sentence_tell_the_same(store):
    dock(store, "allotment", registered(20_000_000), recipient_id="luntai")
    dock(store, "payment", paid(25_000_000), recipient_id="luntai")
    flow = money_tables.of_unit(money.flow(store, scope()), "luntai")

    bars = money_charts.flow_diagram(flow).data[0]
    assert [tuple(told) for told in bars.customdata] == [
        ("分配", "2,939"), ("未登记", "939"), ("登记", "2,000"), ("前一步之外", "500"), ("支付", "2,500"),
        ("发放未对接", "2,500"),
    ]
    assert list(bars.base) == [0, 2000, 0, 2000, 0, 0]
    assert list(bars.x) == [2939, 939, 2000, 500, 2500, 2500]
    assert money_sentences.flow_sentence(flow) == (
        "分配 2,939 万元，登记 2,000 万元，支付 2,500 万元，发放 0 万元。其中还没有登记 939 万元；"
        "前一步之外（待核对）500 万元；后一步没有对接的画到“未对接”。")


# The page.

@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Open the page of a workspace with what is docked, as somebody of a role."""
    def opened(
        fill: Callable[[Store], None], role: str = LEADER, unit: str = "", address: dict[str, str] | None = None,
    ) -> AppTest:
        store = opened_store(tmp_path)
        fill(store)
        with store.transaction() as cursor:
            cursor.insert("workspace_setting", [{"setting_key": "demonstration_today", "setting_value": "2021-12-28"}])
        store.close()
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
        st.cache_resource.clear()
        st.cache_data.clear()
        sign_in(monkeypatch, role, unit)
        test = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in (address or {}).items():
            test.query_params[name] = value
        return test.switch_page("app_pages/money.py").run()

    yield opened
    st.cache_resource.clear()
    st.cache_data.clear()


def filled(store: Store) -> None:
    dock(store, "allotment", registered(WHOLE), *(registered(20_000, recipient_id=unit) for unit in UNITS))
    dock(store, "payment", paid(WHOLE), paid(5_000), paid(3_000, recipient_id="bohu", purpose_word="工作经费"))
    dock(store, "payout", {})


def html(test: AppTest) -> str:
    return "\n".join(each.proto.body for each in test.get("html"))


def test_without_exports_the_page_says_what_is_missing_and_shows_no_figures(page):
    test = page(lambda store: None)

    assert [error.value for error in test.exception] == []
    assert [warning.value[:13] for warning in test.warning] == [
        "还没有载入指标信息：登记、", "还没有载入支付信息：支付、", "还没有载入发放信息：发放和"]
    assert [each.value for each in test.subheader] == []


def test_the_page_tells_the_director_and_narrows_to_a_unit(page):
    test = page(filled)

    assert [error.value for error in test.exception] == []
    assert [each.value for each in test.warning] == []
    assert "闲置超过 60 天" in test.markdown[0].value
    shown = html(test)
    assert "分配进度（分配／下达）" in shown and "短支额" in shown and "挂接比例" in shown
    assert any("支出进度" in each.value for each in test.markdown)
    assert any("挂接比例" in each.value for each in test.markdown)
    assert "超过 100%，未说明原因" in shown and "博湖县" in shown and "国务院令第649号" in shown
    assert "逐行来源" not in [each.value for each in test.subheader]
    assert not list(test.text_area), "a director gives no reasons"

    test.selectbox(key="money_unit").set_value("bohu").run()
    assert [error.value for error in test.exception] == []
    assert "逐行来源" in [each.value for each in test.subheader]
    assert "尉犁县" not in html(test)
    assert "bohu" in test.query_params["unit"]


def test_a_link_opens_a_unit(page):
    test = page(filled, address={"unit": "bohu"})

    assert [error.value for error in test.exception] == []
    assert test.selectbox(key="money_unit").value == "bohu"
    assert "逐行来源" in [each.value for each in test.subheader]


def test_a_county_sees_only_itself_and_says_its_reason(page):
    test = page(filled, COUNTY_APPROVER, "luntai")

    assert [error.value for error in test.exception] == []
    assert "博湖县" not in html(test) and "轮台县" in html(test)
    assert not [box for box in test.selectbox if box.key == "money_unit"]

    test.text_area(key="money_reason").set_value("动用上年结转")
    test.text_input(key="money_reason_amount").set_value("29390500")
    next(button for button in test.button if button.label == "保存原因").click().run()
    assert any("多半是把元填成了万元" in error.value for error in test.error)

    test.text_area(key="money_reason").set_value("动用上年结转")
    test.text_input(key="money_reason_amount").set_value("2,939.5")
    next(button for button in test.button if button.label == "保存原因").click().run()
    assert [error.value for error in test.error] == []
    assert any("已保存" in done.value for done in test.success)
    assert "超过 100%，已说明" in html(test)
    assert "动用上年结转（到 2,939.5 万元）" in html(test)

    test.text_area(key="money_reason").set_value("动用上年结转")
    next(button for button in test.button if button.label == "保存原因").click().run()
    assert any("没有变化" in error.value for error in test.error)
