"""Boards over the demonstration, and each judging rule over planted rows around its limits."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from builders import NUMBER, REGION, ROUND, demo_store, entry, import_all, opened_store, receive, rows, submit, upload

import dashboard
import metrics.boards
from dashboard.menu import ENTRIES
from data.store import Store
from metrics.boards import (
    accountability,
    allocation,
    basis,
    deviation,
    overview,
    papers,
    reporting,
    standing,
    timeliness,
)
from metrics.boards.definition import BOARDS, Scope
from metrics.rollup import effect_sql
from metrics.scoring import rule_relation
from metrics.thresholds import COVERAGE_FROM, EFFECT_FROM, ELAPSED_TOLERANCE, MICRO

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
PAGES_FOLDER = Path(dashboard.__file__).parent / "app_pages"
BOARD_MODULES = {
    module.name: import_module(f"metrics.boards.{module.name}")
    for module in pkgutil.iter_modules(metrics.boards.__path__)
}


@pytest.fixture(scope="module")
def demo() -> Store:
    return demo_store()


# --- definitions ---------------------------------------------------------------------------------------------


def public_functions(module) -> list[str]:
    return [
        name for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


# They are no boards: one gives the words of others, one lists the boards themselves.
NO_BOARDS = {"overview.names", "basis.board_definitions", "definition.board"}


def test_every_public_function_of_a_board_module_is_a_board_with_its_definition():
    functions = {f"{name}.{each}" for name, module in BOARD_MODULES.items() for each in public_functions(module)}

    assert functions - NO_BOARDS == set(BOARDS)
    assert functions >= NO_BOARDS


@pytest.mark.parametrize("name", sorted(BOARDS))
def test_a_definition_is_in_chinese_and_complete(name):
    board = BOARDS[name]

    for text in (board.page, board.title, board.asks, board.formula):
        assert re.search(r"[\u4e00-\u9fff]", text), text
    assert board.formula.endswith("。")
    assert not board.title.endswith("。")


def test_titles_are_not_used_twice_on_a_page():
    titles = [(board.page, board.title) for board in BOARDS.values()]

    assert len(titles) == len(set(titles))
    assert {board.name for board in basis.board_definitions()} == set(BOARDS)


@pytest.mark.parametrize("path", sorted(PAGES_FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_every_board_that_a_page_asks_for_is_there(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "metrics.boards"
        for alias in node.names
    }
    asked = {
        f"{imported[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported
    }

    assert asked - NO_BOARDS <= set(BOARDS)
    assert asked or path.stem in ("notices", "screen", "help"), "a page that asks for no board shows nothing"


def test_every_page_of_a_definition_is_in_the_navigation():
    assert {board.page for board in BOARDS.values()} <= {entry.title for entry in ENTRIES}


# --- money -----------------------------------------------------------------------------------------------------


def test_money_is_exact_and_leaves_silent_units_out_of_both_sides(demo):
    money = overview.money(demo, SCOPE)

    assert money.released_yuan == Decimal("202510000.00")
    assert money.base_yuan == Decimal("202510000.00") - Decimal("3390000.00")
    assert money.silent_names == ("若羌县",)
    assert (money.unit_count, money.reported_count) == (12, 11)
    paid = rows(demo, "SELECT SUM(paid_yuan) AS paid FROM report WHERE round_id = $round", round=ROUND)[0]["paid"]
    assert money.paid_yuan == paid
    assert money.execution_rate == pytest.approx(float(paid / money.base_yuan))
    assert {type(value) for value in (money.released_yuan, money.base_yuan, money.paid_yuan)} == {Decimal}


def test_nobody_reported_is_no_rate_and_not_zero(tmp_path):
    money = overview.money(opened_store(tmp_path), SCOPE)

    assert (money.reported_count, money.paid_yuan, money.base_yuan) == (0, 0, 0)
    assert money.execution_rate is None
    assert len(money.silent_names) == 12


def test_a_report_without_the_money_is_silent_about_the_money(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=9, denominator=10)))
    submit(store, upload(entry(4, numerator=9, denominator=10), recipient_id="bohu", paid_wan="0"))

    money = overview.money(store, SCOPE)

    assert money.reported_count == 1
    assert money.base_yuan == Decimal("7310000.00")
    assert money.execution_rate == 0
    assert "轮台县" in money.silent_names
    assert "博湖县" not in money.silent_names


def test_sums_of_fen_are_exact(tmp_path):
    store = opened_store(tmp_path)
    for unit, wan in (("luntai", "0.000001"), ("bohu", "700.123456"), ("yuli", "0.1")):
        submit(store, upload(recipient_id=unit, paid_wan=wan))

    assert overview.money(store, SCOPE).paid_yuan == Decimal("7002234.57")


# --- money against effect ---------------------------------------------------------------------------------------

AFTER = Decimal(10_000_000)
YEAR, HALF = 365, 73 * 2        # 146 ÷ 365 = 40% of the year
WEIGHT = 90 * MICRO


def judged(**changes) -> dict:
    """One planted unit through effect.sql: 40% of the year, 10% tolerance, so money is due from 30%."""
    unit = {
        "document_number": NUMBER, "round_id": ROUND, "period_month": 5, "passed_month": 4,
        "recipient_id": "luntai", "rule_version": "2021-1", "is_reported": True,
        "after_yuan": AFTER, "paid_yuan": AFTER * 3 / 10,
        "elapsed_days": HALF, "year_days": YEAR, "score_micro": WEIGHT * 8 // 10, "scored_weight_micro": WEIGHT,
        "weight_micro": WEIGHT, **changes,
    }
    types = {"document_number": "TEXT", "round_id": "TEXT", "recipient_id": "TEXT", "rule_version": "TEXT",
             "is_reported": "BOOLEAN", "after_yuan": "DECIMAL(18,2)", "paid_yuan": "DECIMAL(18,2)"}
    cells = ", ".join(f"CAST(${name} AS {types.get(name, 'BIGINT')}) AS {name}" for name in unit)
    sql = effect_sql(f"SELECT {cells}", rule_relation())
    with Store(None).reading() as cursor:
        (row,) = cursor.rows(sql, unit)
    return row


def test_the_planted_limits_are_those_of_the_rule_book():
    assert (ELAPSED_TOLERANCE.value, EFFECT_FROM.value, COVERAGE_FROM.value) == (
        Decimal("0.10"), Decimal("0.80"), Decimal("0.60")
    )


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "effective"),                                                     # both exactly at their limit
        ({"paid_yuan": Decimal("2999999.99")}, "effect_ahead_of_money"),       # one fen under
        ({"paid_yuan": Decimal("3000000.01")}, "effective"),
        ({"score_micro": WEIGHT * 8 // 10 - 1}, "money_without_effect"),       # one micro-point under
        ({"score_micro": WEIGHT * 8 // 10 + 1}, "effective"),
        ({"paid_yuan": Decimal("2999999.99"), "score_micro": WEIGHT * 8 // 10 - 1}, "both_behind"),
        ({"paid_yuan": 0, "score_micro": 0}, "both_behind"),                   # zero was reported
        ({"paid_yuan": None}, "unknown"),                                      # nothing was
        ({"after_yuan": 0, "paid_yuan": 0}, "unknown"),
        ({"after_yuan": -1}, "unknown"),
        ({"after_yuan": None}, "unknown"),
        # Judged from 60% of the weight on.
        ({"scored_weight_micro": WEIGHT * 6 // 10, "score_micro": WEIGHT * 6 // 10}, "effective"),
        ({"scored_weight_micro": WEIGHT * 6 // 10 - 1, "score_micro": WEIGHT * 6 // 10 - 1}, "unknown"),
        ({"scored_weight_micro": WEIGHT * 6 // 10 + 1, "score_micro": WEIGHT * 6 // 10 + 1}, "effective"),
        ({"scored_weight_micro": 0, "score_micro": 0, "weight_micro": 0}, "unknown"),
        # Before a tenth of the year is gone no money is late.
        ({"paid_yuan": 0, "elapsed_days": 36}, "effective"),
        ({"paid_yuan": 0, "elapsed_days": 37}, "effect_ahead_of_money"),
        # The whole year: 90% is due.
        ({"paid_yuan": AFTER * 9 / 10, "elapsed_days": 365}, "effective"),
        ({"paid_yuan": AFTER * 9 / 10 - 1, "elapsed_days": 365}, "effect_ahead_of_money"),
        ({"paid_yuan": AFTER * 9 / 10, "elapsed_days": 366, "year_days": 366}, "effective"),
        ({"paid_yuan": AFTER * 2}, "effective"),
    ],
)
def test_the_five_states_at_just_under_and_just_over_each_limit(changes, state):
    assert judged(**changes)["effect_state"] == state


@pytest.mark.parametrize(
    ("paid", "micro"),
    [(None, None), (0, 0), (AFTER, 10 * MICRO), (AFTER * 2, 10 * MICRO), (AFTER / 3, 3_333_333),
     (AFTER - Decimal("0.01"), 10 * MICRO - 1), (AFTER * 97 / 100, 9_700_000)],
)
def test_the_execution_score_is_the_share_paid_of_ten_points(paid, micro):
    assert judged(paid_yuan=paid)["execution_score_micro"] == micro


def test_each_unit_of_the_demonstration_has_one_state(demo):
    effects = standing.unit_effects(demo, SCOPE)
    counts = accountability.state_counts(demo, SCOPE)

    assert len(effects) == 12
    assert list(counts) == list(accountability.EFFECT_STATES)
    assert sum(counts.values()) == 12
    assert list(effects.loc[effects["effect_state"] == "unknown", "recipient_name"]) == ["若羌县"]
    assert effects.set_index("recipient_id").loc["ruoqiang", "execution_rate"] != 0
    assert effects["elapsed_share"].iloc[0] == pytest.approx(359 / 365)


# --- who owes an answer ------------------------------------------------------------------------------------------


def test_what_is_owed_is_a_report_or_a_reason_and_nothing_else(tmp_path):
    store = opened_store(tmp_path)
    miss = {"numerator": 75, "denominator": 100}     # 83.3% of the target: slightly off, may be sent without a reason
    submit(store, upload(
        entry(4, **miss), entry(5, **miss, deviation_reason="部分儿童随父母外出"),
        entry(12, numerator=9, denominator=10), entry(6, value=600),
    ))

    owed = accountability.owed_answers(store, Scope(NUMBER, ROUND, date(2021, 12, 26))).set_index("recipient_id")

    # Before the due date only what was reported can owe a reason.
    assert list(owed.index) == ["luntai"]
    luntai = owed.loc["luntai"]
    assert (luntai["missed_count"], luntai["unexplained_count"], luntai["baseline_count"]) == (2, 1, 1)
    assert (luntai["silent_count"], luntai["owed_count"]) == (0, 2)

    later = accountability.owed_answers(store, SCOPE).set_index("recipient_id")
    assert len(later) == 12
    assert (later.loc["bohu", "silent_count"], later.loc["bohu", "missed_count"]) == (19, 0)
    assert later.loc["luntai", "silent_count"] == 15
    assert list(later["owed_count"]) == sorted(later["owed_count"], reverse=True)


def test_a_late_import_owes_no_reason_that_the_form_cannot_take(tmp_path):
    store = opened_store(tmp_path)
    receive(store, happened_at=datetime(2021, 12, 22, 9))
    submit(store, upload(*(entry(no, is_not_applicable=True, evidence_text="无") for no in range(1, 21) if no != 11)))

    assert deviation.ranking(store, SCOPE)["indicator_no"].tolist() == [11]
    assert "luntai" not in set(accountability.owed_answers(store, SCOPE)["recipient_id"])


def test_nobody_owes_anything_before_anything_is_due(tmp_path):
    assert accountability.owed_answers(opened_store(tmp_path), Scope(NUMBER, ROUND, date(2021, 12, 26))).empty


# --- attention ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_id", ["2021-06", "2021-09", "2021-12"])
@pytest.mark.parametrize("day", [22, 24, 26, 27, 28])
def test_attention_is_at_most_five_and_leads_somewhere(demo, round_id, day):
    found = overview.attention(demo, Scope(NUMBER, round_id, date(2021, 12, day)), REGION)

    assert len([item for item in found if "等着审核" not in item.sentence]) <= 5
    assert len({item.sentence for item in found}) == len(found)
    for item in found:
        assert item.sentence.endswith("。")
        assert (PAGES_FOLDER / f"{item.page}.py").exists()


def test_attention_is_ordered_by_urgency(demo):
    found = overview.attention(demo, SCOPE, REGION)

    assert [(item.page, item.recipient_id) for item in found] == [
        ("inquiries", "heshuo"), ("timeliness", ""), ("unit", "ruoqiang"), ("checking", "yanqi"),
        ("accountability", "hejing"), ("checking", ""),
    ]
    # How far a 问效单 about a matter has come stands behind the semicolon; see test_overview.
    assert [item.sentence.split("；")[0] for item in found] == [
        "1 份问效单逾期未办：和硕县问效单第2号待答复，12月23日到期，已逾期 3 个工作日，该通报。",
        "库尔勒经济技术开发区、且末县、和静县等 4 个单位指标导入监控系统已逾期，涉及 7,646 万元，最长 1 个工作日，"
        "其中 2 个虽按期登记但内容为空或有误，请今天催办。",
        "若羌县19 项指标 12月27日到期仍未填报，成效无法判断，请今天催报。",
        "焉耆回族自治县的填报 12月28日被退回后还没有更正，1月5日前应重新报送，请督促。",
        "和静县执行率 66.0%、得分率 73.5%，钱没花出去、效果也没达到",
        "2 份填报已报送、等着审核，请逐份核对。",
    ]


def test_attention_is_empty_where_nothing_needs_anybody(tmp_path):
    store = opened_store(tmp_path)
    units = [row["recipient_id"] for row in rows(store, "SELECT recipient_id FROM recipient")]
    for unit in units:
        receive(store, unit)

    assert overview.attention(store, Scope(NUMBER, ROUND, date(2021, 12, 26)), REGION) == []


def test_a_late_import_that_is_done_needs_nobody_any_more(tmp_path):
    store = opened_store(tmp_path)
    for row in rows(store, "SELECT recipient_id FROM recipient WHERE recipient_id <> 'luntai'"):
        receive(store, row["recipient_id"], happened_at=datetime(2021, 12, 27, 9))
    receive(store)
    at_28 = Scope(NUMBER, ROUND, date(2021, 12, 28))

    def clock_sentences() -> list[str]:
        return [item.sentence for item in overview.attention(store, at_28, REGION) if item.page == "timeliness"]

    assert clock_sentences() == ["轮台县指标导入监控系统已逾期，涉及 2,939 万元，最长 1 个工作日，请今天催办。"]
    import_all(store, datetime(2021, 12, 28, 10))
    assert clock_sentences() == []


def test_names_are_few_and_the_rest_is_counted():
    assert overview.names(["甲", "乙", "丙"]) == "甲、乙、丙"
    assert overview.names(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等 4 个单位"


# --- deviation, allocation, papers ----------------------------------------------------------------------------------


def test_the_ranking_holds_every_miss_and_only_misses(demo):
    table = deviation.ranking(demo, SCOPE)
    counts = overview.effect_counts(demo, SCOPE)

    assert len(table) == counts["off"] + counts["slightly_off"]
    assert sum(counts.values()) == 240
    assert list(table["lost_micro"]) == sorted(table["lost_micro"], reverse=True)
    assert (table["lost_micro"] > 0).all()
    assert len(deviation.over_fulfilled(demo, SCOPE)) == counts["over"]


def test_one_cell_shows_its_line_its_figures_and_its_history(demo):
    cell = deviation.cell(demo, SCOPE, "qiemo", 12)

    # The year's person-months, 81.3% in time by the unit's own words.
    assert (cell.row["numerator"], cell.row["denominator"]) == (Decimal(6_777), Decimal(8_335))
    assert (cell.row["achieved"], cell.row["required"]) == (Decimal(677_700), Decimal(750_150))
    assert cell.row["state"] == "slightly_off"
    assert "6,777/8,335" in cell.sentence
    assert "按时发放率" in cell.printed_line
    assert list(cell.history["round_id"]) == ["2021-06", "2021-09", "2021-12"]
    assert list(cell.history["state"]) == ["met", "slightly_off", "slightly_off"]


def test_a_cell_that_is_not_there_is_none(demo):
    assert deviation.cell(demo, SCOPE, "qiemo", 99) is None
    assert deviation.cell(demo, SCOPE, "wulumuqi", 12) is None


def test_the_flow_of_the_founding_adjustment(demo):
    flow = allocation.flow(demo, NUMBER)

    assert flow.given == (("州救助站", Decimal("-5300000.00")),)
    assert flow.net_yuan == Decimal("50000.00")
    assert flow.got[0] == ("库尔勒市", Decimal("1280000.00"))
    assert len(flow.got) == 9
    assert set(flow.unchanged) == {"库尔勒经济技术开发区", "州儿童福利院"}


def test_every_printed_sum_of_the_founding_notice_holds(demo):
    proof = allocation.proof(demo, NUMBER)

    assert len(proof) > 50
    assert all(identity.holds for identity in proof)


def test_units_and_sources_tell_the_same_money(demo):
    units = allocation.units(demo, NUMBER)
    sources = allocation.sources(demo, NUMBER)

    assert (len(units), len(sources)) == (12, 24)
    assert units["after_yuan"].sum() == sources["after_yuan"].sum() == 202_510_000
    assert list(units["recipient_name"])[:2] == ["库尔勒市", "库尔勒经济技术开发区"]


def test_duties_count_the_first_report_and_show_the_newest(demo):
    duties = reporting.duties(demo, SCOPE)

    assert len(duties) == 36
    late = duties[duties["duty_state"] == "late"]
    assert set(late["recipient_id"]) == {"bohu", "hejing"}
    assert list(duties.loc[duties["duty_state"] == "overdue", "recipient_id"]) == ["ruoqiang"]


def test_the_limit_of_the_founding_notice_and_its_line(demo):
    limit = timeliness.limit(demo, NUMBER)

    assert (limit.working_days, limit.line_no) == (3, 91)
    assert limit.printed == "收到自治区财政调整资金文件3个工作日内"
    assert timeliness.limit(demo, "没有这份文件") is None


def test_the_clock_table_begins_with_the_late_ones(demo):
    table = timeliness.clock_table(demo, SCOPE, REGION)

    assert len(table) == 12
    order = list(dict.fromkeys(table["clock_state"]))
    assert order.index("overdue") < order.index("late") < order.index("on_time")
    assert table.loc[table["clock_state"] == "no_receipt", "counted"].tolist() == [""]


def test_papers_show_what_was_read_and_printed(demo):
    assert len(papers.indicators(demo, NUMBER)) == 20
    assert papers.indicators(demo, NUMBER)["weight_micro"].sum() == 90 * MICRO
    assert len(papers.findings(demo, NUMBER)) == 10
    fields = papers.fields(demo, NUMBER).set_index("field_name")
    assert fields.loc["document_number", ["value_text", "line_no"]].tolist() == [NUMBER, 5]
    assert papers.lines(demo, NUMBER)["line_no"].is_monotonic_increasing
    assert papers.notices(demo)["document_number"].tolist() == [NUMBER]


def test_an_empty_store_has_empty_boards():
    store = Store(None)

    assert papers.notices(store).empty
    assert reporting.rounds(store, NUMBER).empty
    assert standing.scores(store, SCOPE).empty
    assert allocation.units(store, NUMBER).empty
    assert allocation.proof(store, NUMBER) == []


def test_the_basis_lists_every_source_and_limit(demo):
    limits = basis.limits(demo, "2021-1")

    assert {"citation", "quote", "trust"} <= set(basis.sources().columns)
    assert (limits["citation"] != "").all()
    assert EFFECT_FROM.name in set(limits["name"])
