"""Money against effect round by round: every move between states, what is missing, and what a person or point costs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pandas as pd
import pyarrow as pa
import pytest
from builders import (
    NUMBER,
    OFFICER,
    REGION,
    ROUND,
    demo_store,
    entry,
    opened_store,
    plan,
    published_store,
    rows,
    submit,
    upload,
)
from docking_builders import dock, person

from dashboard import cost_tables, effect_tables
from dashboard.actions.rate_reasons import explain_rate
from dashboard.actions.rounds import open_round
from data.store import Store, sql_text, with_relations
from metrics.boards import accountability, overview, standing
from metrics.boards.definition import Scope
from metrics.outliers import modified_z
from metrics.thresholds import MICRO

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
STATES = accountability.EFFECT_STATES
LEVEL = {"effective": 2, "money_without_effect": 1, "effect_ahead_of_money": 1, "both_behind": 0}
RULES = {"2021-1": (100_000, 800_000), "2021-2": (50_000, 900_000)}


# Who went from where to where, over planted states.


def standing_in(round_no: int, recipient_id: str, effect_state: str, **changes) -> dict:
    return {
        "round_id": f"r{round_no}", "recipient_id": recipient_id, "rule_version": "2021-1", "weight_micro": 90 * MICRO,
        "is_reported": effect_state != "unknown", "after_yuan": Decimal(100), "paid_yuan": Decimal(50),
        "elapsed_days": 100, "year_days": 365, "score_micro": 80 * MICRO, "scored_weight_micro": 90 * MICRO,
        "effect_state": effect_state, "is_over_unexplained": False, **changes,
    }


def moved(*planted: dict) -> list[dict]:
    """The planted standings through effect_path.sql, in the order that it gives them."""
    units = sorted({row["recipient_id"] for row in planted})
    tables = {
        "effect_of_round": list(planted),
        "effect_round": [
            {"round_id": f"r{no}", "round_no": no, "round_name": f"第{no}轮", "period_end_on": date(2021, no * 3, 30)}
            for no in sorted({int(row["round_id"][1:]) for row in planted})
        ],
        "unit_money": [
            {"recipient_id": key, "recipient_name": key, "recipient_short_name": key, "display_no": no}
            for no, key in enumerate(units)
        ],
        "rule": [
            {"rule_version": version, "elapsed_tolerance_micro": tolerance, "effect_from_micro": effect}
            for version, (tolerance, effect) in RULES.items()
        ],
    }
    with Store(None).reading() as cursor:
        for name, table in tables.items():
            cursor.lend(f"planted_{name}", pa.Table.from_pylist(table))
        relations = {name: f"SELECT * FROM planted_{name}" for name in tables}
        return cursor.rows(with_relations(sql_text("metrics", "effect_path"), relations))


def expected_move(before: str, now: str) -> str:
    if "unknown" in (before, now):
        return {(True, True): "still_unknown", (True, False): "told", (False, True): "silenced"}[
            before == "unknown", now == "unknown"
        ]
    if before == now:
        return "same"
    change = LEVEL[now] - LEVEL[before]
    return "sideways" if change == 0 else "worse" if change < 0 else "better"


@pytest.mark.parametrize(("before", "now"), list(product(STATES, STATES)))
def test_every_pair_of_states_is_one_kind_of_move(before, now):
    first, second = moved(standing_in(1, "a", before), standing_in(2, "a", now))

    assert (first["move_kind"], first["before_state"]) == ("", None)
    assert (second["before_state"], second["effect_state"]) == (before, now)
    assert second["move_kind"] == expected_move(before, now)
    assert second["move_kind"] in accountability.MOVE_KINDS


def test_the_worst_move_comes_first():
    moves = {
        "fell_by_two": ("effective", "both_behind"), "fell_to_behind": ("money_without_effect", "both_behind"),
        "fell_by_one": ("effective", "effect_ahead_of_money"), "silent": ("effective", "unknown"),
        "never": ("unknown", "unknown"), "turned": ("money_without_effect", "effect_ahead_of_money"),
        "stays_behind": ("both_behind", "both_behind"), "stays_half": ("effect_ahead_of_money",) * 2,
        "tells": ("unknown", "both_behind"), "rises": ("both_behind", "effective"), "good": ("effective", "effective"),
    }
    # Planted the other way round, so that the order is not that of the rows.
    planted = [
        standing_in(no, unit, state) for unit, states in reversed(moves.items()) for no, state in enumerate(states, 1)
    ]

    found = [row["recipient_id"] for row in moved(*planted) if row["round_no"] == 2]

    assert found == list(moves)


def test_the_round_before_is_the_one_before_also_where_the_unit_was_silent_there():
    found = moved(
        standing_in(1, "a", "effective"), standing_in(2, "a", "unknown"), standing_in(3, "a", "both_behind"),
    )

    assert [row["move_kind"] for row in found] == ["", "silenced", "told"]
    assert [row["before_is_reported"] for row in found] == [None, True, False]


@pytest.mark.parametrize("planted_before", [
    (),                                                                            # no row at all
    (standing_in(1, "b", "unknown", weight_micro=0, is_reported=False),),          # a row, and nothing to report
])
def test_a_unit_that_joins_later_has_no_round_before(planted_before):
    found = moved(
        standing_in(1, "a", "effective"), standing_in(2, "a", "effective"), *planted_before,
        standing_in(2, "b", "both_behind"),
    )

    joined = next(row for row in found if row["recipient_id"] == "b" and row["round_no"] == 2)
    assert (joined["move_kind"], joined["before_state"], joined["before_is_reported"]) == ("joined", None, None)


def test_a_unit_whose_every_indicator_does_not_apply_was_there():
    found = moved(
        standing_in(1, "a", "unknown", weight_micro=0, scored_weight_micro=0, score_micro=0, is_reported=True),
        standing_in(2, "a", "effective"),
    )

    assert found[-1]["move_kind"] == "told"


def test_each_round_carries_the_limits_of_its_own_rules():
    found = moved(standing_in(1, "a", "effective"), standing_in(2, "a", "effective", rule_version="2021-2"))

    limits = [(row["elapsed_tolerance_micro"], row["effect_from_micro"]) for row in found]
    assert limits == [RULES["2021-1"], RULES["2021-2"]]


@pytest.mark.parametrize(
    ("paid", "explained", "is_over"),
    [(100, None, False), (100.01, None, True), (120, 120, False), (120.01, 120, True), (None, None, False)],
)
def test_a_rate_over_the_whole_needs_its_reason(paid, explained, is_over):
    given = {
        "effect": [{"recipient_id": "a", "paid_yuan": paid and Decimal(str(paid))}],
        "unit_money": [{"recipient_id": "a", "after_yuan": Decimal(100)}],
        "newest_rate_reason": [
            {"recipient_id": "a" if explained else "b", "explained_yuan": Decimal(explained or 999)}
        ],
    }
    with Store(None).reading() as cursor:
        for name, table in given.items():
            cursor.lend(f"planted_{name}", pa.Table.from_pylist(table))
        relations = {name: f"SELECT * FROM planted_{name}" for name in given}
        relations["effect"] = "SELECT recipient_id, CAST(paid_yuan AS DECIMAL(18, 2)) AS paid_yuan FROM planted_effect"
        relations["rate_limit"] = sql_text("metrics", "rate_limit")
        (row,) = cursor.rows(with_relations(sql_text("metrics", "effect_shown"), relations))

    assert row["is_over_unexplained"] is is_over


# The boards, through the same doors as the pages.


@pytest.fixture
def two_rounds(tmp_path) -> Store:
    """The December round, and one of November that was opened after it."""
    store = opened_store(tmp_path)
    late = plan(
        round_id="2021-11", round_name="2021年11月（补报）", period_end_on=date(2021, 11, 30),
        opens_on=date(2021, 12, 24), due_on=date(2021, 12, 27),
    )
    open_round(store, OFFICER, datetime(2021, 12, 24, 9), NUMBER, late, REGION)
    yield store
    store.close()


def test_a_round_counts_from_the_day_it_was_opened_and_in_the_order_of_its_period(two_rounds):
    early = accountability.effect_paths(two_rounds, Scope(NUMBER, ROUND, date(2021, 12, 23)))
    later = accountability.effect_paths(two_rounds, SCOPE)

    assert set(early["round_id"]) == {ROUND}
    assert list(later["round_id"][:2]) == ["2021-11", ROUND]
    assert list(later["round_no"][:2]) == [1, 2]
    assert accountability.movements(two_rounds, Scope(NUMBER, ROUND, date(2021, 12, 23))).empty
    assert accountability.movements(two_rounds, Scope(NUMBER, "2021-11", date(2021, 12, 28))).empty
    assert set(accountability.movements(two_rounds, SCOPE)["move_kind"]) == {"still_unknown"}


def test_who_reported_one_round_only_is_named(two_rounds):
    submit(two_rounds, upload(entry(4, numerator=9, denominator=10), paid_wan=1000, round_id="2021-11"))
    submit(two_rounds, upload(entry(4, numerator=9, denominator=10), paid_wan=600, recipient_id="bohu"))

    moves = accountability.movements(two_rounds, SCOPE)
    said = effect_tables.movement_sentence(moves, accountability.effect_paths(two_rounds, SCOPE))

    assert "轮台县只报过“2021年11月（补报）”，本轮没有填报，不能比较。" in said
    assert "博湖县“2021年11月（补报）”没有填报，只报过本轮，不能比较。" in said
    assert "两轮都没有填报" in said and "若羌县" in said.split("只报过本轮，不能比较。")[1]


def test_the_first_round_has_nothing_to_compare_with(tmp_path):
    store = opened_store(tmp_path)

    moves = accountability.movements(store, SCOPE)

    assert moves.empty
    assert effect_tables.movement_sentence(moves, accountability.effect_paths(store, SCOPE)) == (
        "这是第一轮，没有上一轮可比。"
    )


def test_without_a_round_there_are_no_paths(tmp_path):
    store = published_store(tmp_path)

    assert accountability.effect_paths(store, Scope(NUMBER, "", date(2021, 12, 28))).empty


def test_a_rate_over_the_whole_is_shown_when_it_is_explained(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=9, denominator=10), paid_wan=3000))     # of 2,939

    def luntai() -> pd.Series:
        return accountability.effect_paths(store, SCOPE).set_index("recipient_id").loc["luntai"]

    assert pd.isna(luntai()["execution_micro"]) and pd.isna(luntai()["lead_micro"])
    assert luntai()["is_over_unexplained"]
    explain_rate(store, OFFICER, datetime(2021, 12, 27, 9), NUMBER, "luntai", "上年结转一并支付", Decimal(30_000_000))
    assert luntai()["execution_micro"] == 30_000_000 * MICRO // 29_390_000


def test_every_board_holds_back_a_rate_over_the_whole_until_it_is_explained(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=9, denominator=10), paid_wan=3000))     # of 2,939

    def luntai() -> list[pd.Series]:
        boards = standing.unit_effects(store, SCOPE), overview.units(store, SCOPE, REGION)
        return [board.set_index("recipient_id").loc["luntai"] for board in boards]

    for row in luntai():
        assert (row["is_over_unexplained"], pd.isna(row["execution_rate"])) == (True, True)
        assert row["paid_yuan"] == 30_000_000
    assert luntai()[0]["effect_state"] == "unknown" and luntai()[0]["is_money_moving"]
    explain_rate(store, OFFICER, datetime(2021, 12, 27, 9), NUMBER, "luntai", "上年结转一并支付", Decimal(30_000_000))
    for row in luntai():
        assert (row["is_over_unexplained"], row["execution_rate"]) == (False, pytest.approx(3000 / 2939))


def test_rates_are_cut_off_so_that_none_reads_as_a_limit_that_it_misses(tmp_path):
    store = opened_store(tmp_path)
    # 359 ÷ 365 less ten points of 29,390,000 元 is 25,967,876.7123 元: one fen under.
    submit(store, upload(entry(4, numerator=9, denominator=10), paid_wan="2596.787671"))

    row = accountability.effect_paths(store, SCOPE).set_index("recipient_id").loc["luntai"]

    exact = Fraction("25967876.71") / 29_390_000 - Fraction(359, 365)
    assert exact < Fraction(-1, 10)
    assert row["lead_micro"] == -100_001
    assert effect_tables.lead_words(row["lead_micro"]) == "比序时进度慢 10.1 个百分点"


def recomputed(round_id: str, period_end_on: date) -> pd.DataFrame:
    """Every unit of a round of the demonstration, from the raw tables by other means than the rules' SQL."""
    store = demo_store()
    at = SCOPE.as_of
    reports = pd.DataFrame(rows(store, "SELECT * FROM report WHERE round_id = $round", round=round_id))
    newest = reports.sort_values("report_version").groupby("recipient_id").tail(1).set_index("recipient_id")
    scores = pd.DataFrame(rows(
        store, "SELECT * FROM score WHERE round_id = $round AND valid_from <= $at AND valid_to > $at",
        round=round_id, at=at,
    ))
    for review in rows(store, "SELECT * FROM review ORDER BY review_no"):
        same = (
            (scores["report_id"] == review["report_id"]) & (scores["indicator_no"] == review["indicator_no"])
            & (scores["target_version"] == review["target_version"])
            & (scores["weight_micro"] == review["weight_micro"])
        )
        scores.loc[same, "score_micro"] = review["reviewed_micro"]
    after = pd.DataFrame(rows(store, "SELECT recipient_id, after_yuan FROM allocation_line")).groupby("recipient_id")
    elapsed = Fraction(period_end_on.timetuple().tm_yday, 365)
    found = {}
    for unit, money in after["after_yuan"].sum().items():
        own = scores[scores["recipient_id"] == unit]
        scored = own[own["score_micro"].notna()]
        weight, whole = int(scored["weight_micro"].sum()), int(own.loc[own["state"] != "not_applicable",
                                                                      "weight_micro"].sum())
        points = int(scored["score_micro"].sum())
        paid = newest["paid_yuan"].get(unit)
        is_known = paid is not None and not pd.isna(paid) and weight * 10 >= whole * 6
        lead = Fraction(paid) / Fraction(money) - elapsed if is_known else None
        state = "unknown"
        if lead is not None:
            state = {
                (True, True): "effective", (True, False): "money_without_effect",
                (False, True): "effect_ahead_of_money", (False, False): "both_behind",
            }[lead >= Fraction(-1, 10), points * 10 >= weight * 8]
        found[unit] = {
            "effect_state": state, "lead_micro": None if lead is None else lead * MICRO // 1,
            "effect_micro": points * MICRO // weight if weight else None,
        }
    return pd.DataFrame.from_dict(found, orient="index")


def test_the_paths_of_the_demonstration_are_those_that_the_raw_tables_give():
    paths = accountability.effect_paths(demo_store(), SCOPE)
    ends = paths.drop_duplicates("round_id").set_index("round_id")["period_end_on"]

    assert list(ends.index) == ["2021-06", "2021-09", "2021-12"]
    assert len(paths) == 36
    for round_id, end in ends.items():
        again = recomputed(round_id, end)
        for row in paths[paths["round_id"] == round_id].to_dict("records"):
            told = again.loc[row["recipient_id"]]
            for name in ("lead_micro", "effect_micro"):
                assert (pd.isna(row[name]) and pd.isna(told[name])) or row[name] == told[name], (round_id, row)
            assert row["effect_state"] == told["effect_state"], (round_id, row)


def test_the_moves_of_the_demonstration():
    moves = accountability.movements(demo_store(), SCOPE)

    assert list(moves["recipient_id"][:4]) == ["yanqi", "ruoqiang", "hejing", "heshuo"]
    assert list(moves["move_kind"][:4]) == ["worse", "silenced", "same", "same"]
    assert set(moves["move_kind"][4:]) == {"same"} and set(moves["effect_state"][4:]) == {"effective"}
    shown = effect_tables.movements(moves).iloc[0]
    assert shown["得分率"] == "81.0% → 77.2%（−3.8）"
    assert shown["比序时进度快慢（百分点）"] == "+4.2 → −0.4（−4.6）"
    # Too little of it was scored: a rate of hundred would mislead.
    assert effect_tables.movements(moves).iloc[1]["得分率"] == "97.8% → —"


# What a person and month cost.


def payouts(unit: str, *amounts: int | str, kind: str = "rural_allowance", **more) -> list[dict]:
    return [
        {"recipient_id": unit, "aid_kind": kind, "amount_yuan": Decimal(amount), **more,
         "person_hash": person(f"{unit}{kind}{place}")}
        for place, amount in enumerate(amounts)
    ]


def cost(store: Store, unit: str, kind: str = "rural_allowance", scope: Scope = SCOPE) -> dict:
    table = accountability.cost_per_head(store, scope)
    (row,) = table[(table["recipient_id"] == unit) & (table["aid_kind"] == kind)].to_dict("records")
    return row


@pytest.fixture
def store(tmp_path):
    held = opened_store(tmp_path)
    yield held
    held.close()


def test_a_head_costs_the_money_over_the_person_months(store):
    one = person("one")
    dock(
        store, "payout",
        *payouts("luntai", 400, 500, 600),
        # The same person twice in a month is one person-month; in another month another one.
        {"person_hash": one, "amount_yuan": Decimal(300)}, {"person_hash": one, "amount_yuan": Decimal(100)},
        {"person_hash": one, "amount_yuan": Decimal(250), "pay_month": date(2021, 11, 1), "paid_on": date(2021, 11, 8)},
        # On neither side: taken back whole, came back, not yet paid, nobody's, a kind of its own.
        {"person_hash": person("back"), "amount_yuan": Decimal(500)},
        {"person_hash": person("back"), "amount_yuan": Decimal(-500)},
        {"payout_state": "refunded"}, {"payout_state": "pending", "paid_on": None},
        {"person_hash": None, "amount_yuan": Decimal(90)},
        *payouts("luntai", 1180, kind="orphan"),
    )

    row = cost(store, "luntai")

    assert (row["paid_yuan"], row["person_month_count"]) == (Decimal("2150.00"), 5)
    assert row["per_head_yuan"] == 430
    assert (row["unnamed_count"], row["unnamed_yuan"]) == (1, Decimal("90.00"))
    assert (row["first_month"], row["last_month"]) == (date(2021, 11, 1), date(2021, 12, 1))
    assert row["cost_state"] == "few"
    assert pd.isna(row["median_yuan"])
    assert cost(store, "luntai", "orphan")["per_head_yuan"] == 1180
    assert cost(store, "bohu")["cost_state"] == "none"


def test_a_unit_of_which_no_export_speaks_is_not_docked(store):
    dock(store, "payout", *payouts("luntai", 500), recipient_id="luntai")

    assert cost(store, "luntai")["cost_state"] == "few"
    assert cost(store, "bohu")["cost_state"] == "not_docked"
    assert "没有对接发放明细" in cost_tables.cost_sentence(accountability.cost_per_head(store, SCOPE))


def test_nothing_docked_is_no_rows(store):
    assert accountability.cost_per_head(store, SCOPE).empty


def test_a_head_is_held_against_the_standards_of_its_own_months(store):
    """400 of 500 in November and 600 of 700 in December: 1,000 of 1,200; October has no standard yet."""
    one = person("one")
    dock(
        store, "standard", {"from_on": date(2021, 11, 1), "standard_yuan": Decimal(500)},
        {"from_on": date(2021, 12, 1), "standard_yuan": Decimal(700)},
        {"recipient_id": "bohu", "standard_yuan": Decimal(9)},
    )
    dock(store, "payout", *(
        {"person_hash": one, "pay_month": date(2021, month, 1), "paid_on": date(2021, month, 8),
         "amount_yuan": Decimal(amount)} for month, amount in ((10, 300), (11, 400), (12, 600))
    ))

    row = cost(store, "luntai")

    assert (row["person_month_count"], row["standard_count"]) == (3, 2)
    assert row["standard_yuan"] == 600
    assert row["standard_share"] == pytest.approx(1000 / 1200)
    assert row["is_fixed"] is False


def test_months_after_the_round_are_not_counted(store):
    dock(store, "payout", *payouts("luntai", 500),
         *payouts("luntai", 900, pay_month=date(2022, 1, 1), paid_on=date(2021, 12, 25)))

    assert cost(store, "luntai")["paid_yuan"] == 500


def test_who_stands_apart_is_asked_and_nobody_else(store):
    """Six units of 20 person-months: 500, 501, 502, 503, 504 and 460; beside five others 460 is far off."""
    of_unit = {"luntai": 500, "bohu": 501, "yuli": 502, "qiemo": 503, "heshuo": 504, "ruoqiang": 460}
    dock(store, "payout", *(row for unit, amount in of_unit.items() for row in payouts(unit, *[amount] * 20)),
         *payouts("hejing", *[90] * 19))

    table = accountability.cost_per_head(store, SCOPE).set_index("recipient_id")

    assert list(table.index[:7]) == ["heshuo", "qiemo", "yuli", "bohu", "luntai", "ruoqiang", "hejing"]
    assert list(table.index[table["is_unlike"]]) == ["ruoqiang"]
    others = [Fraction(amount) for amount in (500, 501, 502, 503, 504)]
    assert table.loc["ruoqiang", "distance"] == pytest.approx(float(modified_z(Fraction(460), others)))
    assert (table["median_yuan"].iloc[0], table["median_unit_count"].iloc[0]) == (501.5, 6)
    assert table.loc["luntai", "median_share"] == pytest.approx(500 / 501.5)
    # Nineteen person-months are shown, and compared with nobody.
    assert (table.loc["hejing", "cost_state"], table.loc["hejing", "is_unlike"]) == ("few", False)
    said = cost_tables.cost_sentence(accountability.cost_per_head(store, SCOPE))
    assert "若羌县 460.00 元（9,200.00÷20）与其余单位的中位数相差较大，请核实" in said


@pytest.mark.parametrize(("count", "median"), [(4, None), (5, 502.0)])
def test_of_too_few_units_there_is_no_median(store, count, median):
    units = ("luntai", "bohu", "yuli", "qiemo", "heshuo")[:count]
    dock(store, "payout", *(
        row for place, unit in enumerate(units) for row in payouts(unit, *[500 + place] * 20)
    ))

    found = cost(store, "luntai")["median_yuan"]

    assert (pd.isna(found) and median is None) or found == median


def test_the_heads_of_the_demonstration_are_those_of_the_raw_payouts():
    table = accountability.cost_per_head(demo_store(), SCOPE)
    raw = pd.DataFrame(rows(
        demo_store(),
        "SELECT p.* FROM payout AS p JOIN docked_export AS e ON e.export_no = p.export_no "
        "WHERE e.system_name = 'integrated' AND e.ended_at IS NULL AND payout_state = 'paid' "
        "AND paid_on <= DATE '2021-12-25' AND pay_month <= DATE '2021-12-25'",
    ))
    raw["amount_yuan"] = raw["amount_yuan"].map(Fraction)
    heads = raw.groupby(["recipient_id", "aid_kind", "pay_month", "person_hash"])["amount_yuan"].sum()
    again = heads[heads > 0].groupby(level=[0, 1]).agg(["sum", "count"])

    known = table[table["person_month_count"] > 0].set_index(["recipient_id", "aid_kind"])
    assert sorted(known.index) == sorted(again.index)
    for key, row in again.iterrows():
        assert (Fraction(known.loc[key, "paid_yuan"]), known.loc[key, "person_month_count"]) == tuple(row)
    assert set(table.loc[table["is_unlike"], "recipient_id"]) == {"kuerle-kaifaqu", "ruoqiang"}


# What a point cost.


def test_a_point_costs_the_money_over_the_points():
    table = accountability.cost_per_point(demo_store(), SCOPE).set_index("recipient_id")

    row = table.loc["hejing"]
    assert row["yuan_per_point"] == pytest.approx(float(row["paid_yuan"]) / (row["score_micro"] / MICRO))
    assert row["before_yuan_per_point"] == pytest.approx(
        float(row["before_paid_yuan"]) / (row["before_score_micro"] / MICRO)
    )
    assert pd.isna(table.loc["ruoqiang", "yuan_per_point"])
    assert len(table) == 12
