"""偏差跟踪: how far off and which way, against the round before, and each change of a state with its cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from builders import (
    NUMBER,
    OFFICER,
    OPENED_AT,
    REGION,
    REVIEWING,
    ROUND,
    UNITS,
    demo_store,
    entry,
    import_all,
    opened_store,
    plan,
    published_store,
    receive,
    submit,
    upload,
)

from dashboard import charts, deviation_tables, labels
from dashboard.actions.reviews import review_score
from dashboard.actions.rounds import open_round
from data.store import Store, sql_text, with_relations
from metrics.boards import changes, deviation, standing, trend
from metrics.boards.definition import Scope
from metrics.rulebook import held_versions, keep

JUNE = plan(round_id="2021-06", round_name="6月", period_end_on=date(2021, 6, 30), opens_on=date(2021, 12, 22),
            due_on=date(2021, 12, 24))
DAY = date(2021, 12, 28)
SCOPE = Scope(NUMBER, ROUND, DAY)
T = datetime(2021, 12, 26, 10)


def two_rounds(folder) -> Store:
    store = published_store(folder)
    open_round(store, OFFICER, OPENED_AT, NUMBER, JUNE, REGION)
    open_round(store, OFFICER, OPENED_AT + timedelta(seconds=1), NUMBER, plan(), REGION)
    return store


def ranked(store: Store, indicator_no: int, round_id: str = ROUND) -> dict[str, Any]:
    table = deviation.ranking(store, Scope(NUMBER, round_id, DAY))
    (row,) = table[(table["recipient_id"] == "luntai") & (table["indicator_no"] == indicator_no)].to_dict("records")
    return row


# --- the ranking ---------------------------------------------------------------------------------------------------


def test_a_deviation_has_its_sign_its_points_and_its_change(tmp_path):
    store = two_rounds(tmp_path)
    submit(store, upload(entry(4, numerator=81, denominator=100), round_id="2021-06"), at=datetime(2021, 12, 23))
    submit(store, upload(entry(4, numerator=72, denominator=100), entry(12, numerator=88, denominator=100)), at=T)

    row = ranked(store, 4)
    # 72 of 90 is 80%, 81 of 90 is 90%: ten points less; 18 points and 20% under the target.
    assert (row["attainment_micro"], row["change_micro"]) == (800_000, -100_000)
    assert (row["deviation_micro"], row["gap_points_micro"]) == (-200_000, -18_000_000)
    assert ranked(store, 4, "2021-06")["change_micro"] is None
    other = ranked(store, 12)
    assert other["change_micro"] != other["change_micro"], "nothing was reported in the round before"

    shown = deviation_tables.missed(deviation.ranking(store, SCOPE)).set_index("指标").loc["儿童保障覆盖率"]
    assert (shown["偏差率"], shown["百分点"], shown["较上轮"]) == ("−20.00%", "−18.00", "↓ 下降 10.00")
    assert shown["单位所报原因和措施"] == "未说明"


@pytest.mark.parametrize(
    ("micro", "words"),
    [(None, "—"), (float("nan"), "—"), (0, "持平"), (100_000, "↑ 上升 10.00"), (-50, "↓ 下降 0.01"),
     (-49, "↓ 下降 不足 0.01"), (12_345_678, "↑ 上升 1,234.57")],
)
def test_the_direction_of_a_change_is_a_word(micro, words):
    assert deviation_tables.change_words(micro) == words


@pytest.mark.parametrize(
    ("round_id", "value", "share", "is_behind"),
    [
        # 181 of 365 days: 49.589% of the year; of 10000 needed 4958 is behind, 4959 is not.
        ("2021-06", 4958, 181 / 365, True), ("2021-06", 4959, 181 / 365, False), (ROUND, 9000, 359 / 365, True),
    ],
)
def test_a_total_in_mid_year_stands_beside_the_share_of_the_year(tmp_path, round_id, value, share, is_behind):
    store = two_rounds(tmp_path)
    # More than last year: 9999.9999 is the bound, one step above it 10000.
    submit(store, upload(entry(2, value=value, prior_value="9999.9999"), entry(4, numerator=80, denominator=100),
                         round_id=round_id), at=T)

    row = ranked(store, 2, round_id)
    assert row["elapsed_share"] == pytest.approx(share)
    assert row["is_behind_time"] is is_behind
    assert ranked(store, 4, round_id)["elapsed_share"] != ranked(store, 4, round_id)["elapsed_share"], "a rate has none"
    cell = deviation.cell(store, Scope(NUMBER, round_id, DAY), "luntai", 2)
    words = dict(deviation_tables.cell_inputs(cell).itertuples(index=False, name=None))["序时进度"]
    assert words.startswith("全年已过 49.5%，完成 4" if round_id == "2021-06" else "全年已过 98.3%，完成 9")
    assert words.endswith("，落后于序时。" if is_behind else "，不落后于序时。")


def timed(score: dict[str, Any], elapsed_days: int = 182, year_days: int = 365) -> list[bool]:
    """A planted total through time_progress.sql: whether it is behind; nothing where it has no progress."""
    row = {"recipient_id": "luntai", "indicator_no": 2, "rollup_method": "sum", "scored_kind": "at_least",
           "achieved": Decimal(182), "required": Decimal(365), **score}
    types = {"indicator_no": "INTEGER", "achieved": "DECIMAL(38, 8)", "required": "DECIMAL(38, 8)"}
    sql = with_relations(sql_text("metrics", "time_progress"), {
        "score_of_round": "SELECT " + ", ".join(
            f"CAST(${name} AS {types.get(name, 'TEXT')}) AS {name}" for name in row
        ),
        "round_year": "SELECT $elapsed_days AS elapsed_days, $year_days AS year_days",
    })
    with Store(None).reading() as cursor:
        found = cursor.rows(sql, {**row, "elapsed_days": elapsed_days, "year_days": year_days})
    return [each["is_behind_time"] for each in found]


@pytest.mark.parametrize(
    ("score", "found"),
    [
        # 182 of 365 on the 182nd day is exactly in time; its share in millionths, 498630, would be too little.
        ({}, [False]),
        ({"achieved": Decimal("181.99999999")}, [True]),
        ({"achieved": Decimal("182.00000001")}, [False]),
        *(({"scored_kind": kind, "achieved": Decimal(181)}, [True])
          for kind in ("more_than", "not_below_last_year", "increase_over_last_year")),
        # 530 of at most 480: the pair is 480 of 530, 90.6% on half of the year, and no progress at all.
        *(({"scored_kind": kind, "achieved": Decimal(480), "required": Decimal(530)}, [])
          for kind in ("at_most", "less_than", "decrease_over_last_year", "equal", "range")),
        ({"rollup_method": "ratio", "achieved": Decimal(1)}, []),
        ({"achieved": None, "required": None}, []),
        ({"achieved": Decimal(0), "required": Decimal(0)}, []),
    ],
)
def test_only_a_total_to_be_reached_is_held_against_the_days_gone(score, found):
    assert timed(score) == found


def test_the_whole_year_leaves_no_progress_and_a_leap_year_has_a_day_more():
    assert timed({"achieved": Decimal(1)}, 365, 365) == []
    assert (timed({"required": Decimal(366)}, 182, 366), timed({"required": Decimal(366)}, 183, 366)) == (
        [False], [True],
    )
    assert timed({"achieved": Decimal("49999999999999.9999"), "required": Decimal("99999999999999.9999")}) == [False]


def test_what_a_reviewer_gave_is_what_was_lost(tmp_path):
    """Nr. 12 lost 10% of its weight by the rule and nr. 4 half; a reviewer leaves nr. 4 all but a tenth of a point."""
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=45, denominator=100), entry(12, numerator=81, denominator=100)), at=T)
    assert list(deviation.ranking(store, SCOPE)["indicator_no"]) == [4, 12]

    review_score(store, REVIEWING, T + timedelta(hours=1), NUMBER, ROUND, "luntai", 4, Decimal("3.471429"), "补齐佐证")

    table = deviation.ranking(store, SCOPE)
    assert list(zip(table["indicator_no"], table["lost_micro"], strict=True)) == [(12, 357_143), (4, 100_000)]
    assert table["sentence"].iloc[1].endswith("。复核后按 3.47 分计。")
    assert "复核后" not in table["sentence"].iloc[0]
    assert deviation.cell(store, SCOPE, "luntai", 4).sentence == table["sentence"].iloc[1]


def test_what_a_person_decided_waits_no_more(tmp_path):
    store = opened_store(tmp_path)
    with store.transaction() as cursor:
        cursor.run("UPDATE target SET scored_kind = 'other' WHERE indicator_no IN (4, 12)")
    submit(store, upload(entry(4, numerator=1, denominator=2), entry(12, numerator=1, denominator=2)), at=T)
    nothing = deviation.ranking(store, SCOPE)

    def first_line() -> str:
        return deviation_tables.first_line(standing.scores(store, SCOPE), nothing, nothing)

    before = int(first_line().partition("；")[2].partition(" ")[0])
    review_score(store, REVIEWING, T + timedelta(hours=1), NUMBER, ROUND, "luntai", 12, Decimal("1"), "入户核查")

    assert first_line() == f"0 项没有达到目标，0 项超额过多；{before - 1} 项待人工判定，0 项缺上年数。"


def test_at_the_end_of_the_year_no_time_is_left_to_wait_for(tmp_path):
    store = published_store(tmp_path)
    open_round(store, OFFICER, OPENED_AT, NUMBER, plan(period_end_on=date(2021, 12, 31)), REGION)
    submit(store, upload(entry(2, value=90, prior_value=100)), at=T)

    assert ranked(store, 2)["elapsed_share"] is None
    assert "序时" not in deviation_tables.missed(deviation.ranking(store, SCOPE))["说明"][0]


def test_the_cell_shows_the_three_scores(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=81, denominator=100)))
    cell = deviation.cell(store, SCOPE, "luntai", 4)

    cell.row.update(claimed_micro=3_500_000, reviewed_micro=3_000_000, review_reason="佐证不足", reviewed_by="李四")
    shown = dict(deviation_tables.cell_inputs(cell).itertuples(index=False, name=None))
    assert shown["自评／复算／复核"] == "3.50／3.21／3.00（分值 3.57）"
    assert shown["复核理由"] == "佐证不足（李四）"


def test_the_story_of_the_page_stays_unexplained():
    table = deviation.ranking(demo_store(), SCOPE)
    (row,) = table[(table["recipient_id"] == "qiemo") & (table["indicator_no"] == 12)].to_dict("records")

    assert (row["state"], row["deviation_reason"]) == ("slightly_off", "")
    # 81.3% against 88% in the round before, of 90%.
    assert row["change_micro"] == 903_419 - 977_818
    judged = table[(table["state"] == "off") & (table["entry_kind"] != "from_receipt")]
    assert len(judged) > 10
    assert (judged["deviation_reason"] != "").all()
    assert (judged["improvement_measure"] != "").all()


# --- changes of a state ----------------------------------------------------------------------------------------------


def told(store: Store, indicator_no: int, unit: str = "luntai", day: date = DAY) -> list[tuple[str, str, str, str]]:
    """(from, to, causes, the other round where it is one) of each change, the newest first."""
    table = changes.state_changes(store, Scope(NUMBER, ROUND, day), unit)
    table = table[table["indicator_no"] == indicator_no]
    table = table.assign(causes=table["causes"].map("、".join))
    return list(table[["old_state", "new_state", "causes", "old_round_name"]].itertuples(index=False, name=None))


def test_another_report_and_a_lapsed_deadline(tmp_path):
    store = two_rounds(tmp_path)
    submit(store, upload(entry(4, numerator=95, denominator=100), round_id="2021-06"), at=datetime(2021, 12, 23))
    assert told(store, 4, day=date(2021, 12, 27)) == [], "the first figure is no change"
    # Nothing of it was reported in either round: it lapses once.
    assert told(store, 5) == [("not_due", "not_reported", "time_passed", "")]

    submit(store, upload(entry(4, numerator=81, denominator=100)), at=T)
    submit(store, upload(entry(4, numerator=82, denominator=100)), at=T + timedelta(hours=1))
    submit(store, upload(entry(4, numerator=93, denominator=100)), at=T + timedelta(hours=2))
    assert told(store, 4) == [
        ("slightly_off", "met", "value_changed", ""), ("met", "slightly_off", "value_changed", "6月"),
    ]
    table = changes.state_changes(store, SCOPE, "luntai")
    newest = table[table["indicator_no"] == 4].iloc[0]
    assert (newest["happened_at"], newest["report_version"]) == (T + timedelta(hours=2), 3)
    # 82 of 90 of 25/7 points.
    assert (newest["old_micro"], newest["new_micro"]) == (3_253_969, 3_571_429)


def test_an_earlier_day_does_not_know_the_later_change(tmp_path):
    store = two_rounds(tmp_path)
    submit(store, upload(entry(4, numerator=95, denominator=100), round_id="2021-06"), at=datetime(2021, 12, 23))
    submit(store, upload(entry(4, numerator=81, denominator=100)), at=datetime(2021, 12, 28, 9))

    assert told(store, 4, day=date(2021, 12, 27)) == []
    assert told(store, 4) == [
        ("not_reported", "slightly_off", "value_changed", ""), ("met", "not_reported", "time_passed", "6月"),
    ]


def test_a_clock_that_lapses_and_a_receipt_that_ends_it(tmp_path):
    store = two_rounds(tmp_path)
    receive(store, happened_at=datetime(2021, 12, 22, 9))      # due on the 27th
    assert told(store, 11, day=date(2021, 12, 27)) == []
    assert told(store, 11) == [("not_due", "off", "time_passed", "")]

    import_all(store, datetime(2021, 12, 28, 10))               # a working day late: 3 of 4
    assert told(store, 11) == [("not_due", "off", "time_passed", "")]
    changed = changes.state_changes(store, SCOPE, "luntai")
    assert set(changed["causes"]) == {("time_passed",)}


EVENT = {
    "round_id": "a", "recipient_id": "luntai", "indicator_no": 4, "happened_at": T, "review_no": 0, "state": "met",
    "score_micro": 5, "weight_micro": 5, "report_id": "r1", "target_version": 1, "rule_version": "v1", "due_on": None,
    "done_on": None, "review_reason": "", "round_name": "6月", "period_end_on": date(2021, 6, 30),
    "recipient_name": "轮台县", "display_no": 1, "short_name": "率", "entry_kind": "ratio", "report_version": 1,
    "submitted_by": "张三", "reported_key": "95|100",
}
TYPES = {
    "happened_at": "TIMESTAMP", "due_on": "DATE", "done_on": "DATE", "period_end_on": "DATE", "score_micro": "BIGINT",
    "report_id": "TEXT", "report_version": "INTEGER", "reported_key": "TEXT",
}


def judged(*events: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Planted events through state_change.sql: (from, to, causes), the newest first."""
    selects, values = [], {}
    for number, event in enumerate(events):
        row = {**EVENT, "happened_at": T + timedelta(hours=number), **event}
        values.update({f"{name}_{number}": value for name, value in row.items()})
        selects.append("SELECT " + ", ".join(
            f"CAST(${name}_{number} AS {TYPES.get(name, 'BIGINT' if isinstance(value, int) else 'TEXT')}) AS {name}"
            for name, value in row.items()
        ))
    sql = with_relations(sql_text("metrics", "state_change"), {"score_event": " UNION ALL ".join(selects)})
    with Store(None).reading() as cursor:
        return [(row["old_state"], row["new_state"], row["causes"]) for row in cursor.rows(sql, values)]


OFF = {"state": "off", "score_micro": 2}


OTHER = {"report_id": "r2", "reported_key": "72|100"}


@pytest.mark.parametrize(
    ("event", "causes"),
    [
        ({}, "time_passed"),
        (OTHER, "value_changed"),
        # The same figures sent again changed nothing.
        ({"report_id": "r2"}, "time_passed"),
        ({"target_version": 2}, "target_changed"),
        ({"target_version": 2, "report_id": "r2"}, "target_changed"),
        ({"rule_version": "v2"}, "rule_changed"),
        ({"weight_micro": 6}, "rule_changed"),
        # What differs is named, all of it: nobody knows which of it did it.
        ({"rule_version": "v2", **OTHER}, "value_changed,rule_changed"),
        ({"target_version": 2, **OTHER}, "value_changed,target_changed"),
        ({"target_version": 2, "weight_micro": 6, **OTHER}, "value_changed,target_changed,rule_changed"),
        ({"review_no": 7, "target_version": 2, **OTHER}, "review"),
        # The due day of a round is its own: it is no receipt.
        ({"due_on": date(2021, 12, 27)}, "time_passed"),
        *(({**day, "entry_kind": "from_receipt", "report_id": None, "reported_key": None, **more}, causes)
          for day in ({"due_on": date(2021, 12, 27)}, {"done_on": date(2021, 12, 28)})
          for more, causes in (({}, "receipt_changed"), ({"target_version": 2}, "target_changed,receipt_changed"))),
    ],
)
@pytest.mark.parametrize("place", [{}, {"round_id": "b", "round_name": "9月", "period_end_on": date(2021, 9, 30)}])
def test_each_cause_is_told_within_a_round_and_between_rounds(event, place, causes):
    before = {"reported_key": None} if event.get("entry_kind") else {}

    assert judged(before, {**OFF, **event, **place}) == [("met", "off", causes)]
    assert set(labels.CAUSE_WORDS) == set(changes.CAUSES) >= set(causes.split(","))


def test_a_figure_taken_back_is_another_report_and_one_not_there_yet_is_none():
    absent = {"state": "not_reported", "score_micro": None, "report_id": None, "reported_key": None}

    assert judged({}, absent) == [("met", "not_reported", "value_changed")]
    assert judged({}, {**absent, "round_id": "b", "period_end_on": date(2021, 9, 30)}) == [
        ("met", "not_reported", "time_passed")
    ]


def test_a_new_version_of_the_rules_takes_no_blame_for_a_figure_that_fell(tmp_path):
    """81% against ≥90% after 95%: the version of the rules is another one, too."""
    store = published_store(tmp_path)
    open_round(store, OFFICER, OPENED_AT, NUMBER, JUNE, REGION)
    with store.transaction() as cursor:
        (shipped,) = held_versions(cursor)
        keep(cursor, replace(shipped, version="2021-2", effective_on=date(2021, 12, 1)))
    open_round(store, OFFICER, OPENED_AT + timedelta(seconds=1), NUMBER, plan(), REGION)
    submit(store, upload(entry(4, numerator=95, denominator=100), entry(12, numerator=95, denominator=100),
                         round_id="2021-06"), at=datetime(2021, 12, 23))
    submit(store, upload(entry(4, numerator=81, denominator=100), entry(12, numerator=95, denominator=100)), at=T)

    assert told(store, 4) == [("met", "slightly_off", "value_changed、rule_changed", "6月")]
    assert told(store, 12) == []
    table = changes.state_changes(store, SCOPE, "luntai")
    shown = deviation_tables.state_changes(table[table["indicator_no"] == 4])
    assert list(shown["起因"]) == ["填报数据变化、口径或分值调整：2021年12月第 1 版，luntai审核人"]


def test_what_is_no_change_of_a_state_is_not_told():
    nothing = {"score_micro": None, "report_id": None}

    assert judged({}) == []
    assert judged({}, {"score_micro": 4, **OTHER}) == []
    assert judged({"state": "not_due", **nothing}, {}) == []
    assert judged({"state": "needs_review", **nothing, "entry_kind": "from_receipt"}, {}) == []
    assert judged({}, {"state": "not_due", **nothing}, {"report_id": "r2"}) == []
    assert judged({}, {**OFF, "recipient_id": "bohu"}) == []
    assert judged({"state": "not_due", **nothing}, {"state": "not_reported", **nothing}) == [
        ("not_due", "not_reported", "time_passed")
    ]


def test_a_review_that_gives_other_points_is_told_and_one_that_agrees_is_not():
    assert judged({}, {"review_no": 1, "score_micro": 4}) == [("met", "met", "review")]
    assert judged({}, {"review_no": 1, "score_micro": 4}, {"review_no": 2, "score_micro": 5}) == [
        ("met", "met", "review"), ("met", "met", "review"),
    ]
    assert judged({}, {"review_no": 1, "score_micro": 5}) == []


def test_rounds_are_followed_by_their_periods_not_by_when_they_were_reported():
    june, september = {}, {"round_id": "b", "period_end_on": date(2021, 9, 30), **OFF}

    assert judged(september, june) == judged(june, september) == [("met", "off", "time_passed")]


def test_the_log_of_the_demonstration_is_short_and_newest_first():
    table = changes.state_changes(demo_store(), SCOPE)
    shown = deviation_tables.state_changes(table)

    assert list(table["happened_at"]) == sorted(table["happened_at"], reverse=True)
    assert (table["old_state"] != table["new_state"])[table["causes"] != ("review",)].all()
    assert {cause for causes in table["causes"] for cause in causes} <= set(changes.CAUSES)
    assert len(shown) < len(table) / 2, "a whole form that lapsed is one line"
    assert "到期没有填报：✕ 未填报 19 项" in set(shown.loc[shown["单位"] == "若羌县", "变化"])
    one = changes.state_changes(demo_store(), SCOPE, "qiemo")
    assert set(one["recipient_id"]) == {"qiemo"}
    of_payments = one.loc[one["indicator_no"] == 12, ["old_state", "new_state", "causes"]]
    assert of_payments.values.tolist() == [["met", "slightly_off", ("value_changed",)]]


# --- words and lines -----------------------------------------------------------------------------------------------


def test_each_round_of_the_history_is_said():
    cell = deviation.cell(demo_store(), SCOPE, "ruoqiang", 12)

    assert deviation_tables.history_sentence(cell.history) == (
        "2021年6月（补报） 完成 102.9%，2021年9月（补报） 完成 104.2%，2021年12月 未填报。"
    )


@pytest.mark.parametrize("day", [date(2021, 12, 22), date(2021, 12, 24), date(2021, 12, 28)])
def test_the_line_of_the_history_keeps_words_off_the_target_and_rounds_without_a_figure(day):
    for unit in ("ruoqiang", "qiemo"):
        history = deviation.cell(demo_store(), Scope(NUMBER, ROUND, day), unit, 12).history
        line = charts.history_line(history).data[0]

        shown = list(history["attainment_micro"])
        assert len(line.text) == len(shown) == 3
        for place, micro in zip(line.textposition, shown, strict=True):
            assert place == ("bottom center" if pd.notna(micro) and micro < 1_000_000 else "top center")


@pytest.mark.parametrize(
    ("unit", "indicator_no", "words"),
    [("qiemo", 12, "年底预计：按已有3轮数据推算"), ("qiemo", 15, "年底预计：不推算，定性指标由人评定等次。")],
)
def test_the_cell_says_its_forecast_or_why_there_is_none(unit, indicator_no, words):
    found = trend.year_end(demo_store(), SCOPE)

    assert deviation_tables.cell_forecast(found, unit, indicator_no).startswith(words)
    assert deviation_tables.cell_forecast(found, "wulumuqi", 12) == ""
    assert len(UNITS) == len(set(found.table["recipient_id"]))


def test_money_that_is_not_known_is_a_dash():
    table = trend.year_end_money(demo_store(), Scope(NUMBER, "2021-06", DAY)).table
    shown = deviation_tables.money_forecasts(table)

    assert set(shown["年底预计未支付（万元）"]) == {"—"}
    assert Decimal(shown["调整后（万元）"][0].replace(",", "")) == 20_251
    assert set(shown["推算"]) == {"只有一轮数据，推不出走势。"}
