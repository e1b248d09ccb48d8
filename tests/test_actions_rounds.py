"""Opening a round: every unit then owes a report, and time alone turns not due into not reported."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from builders import (
    NUMBER,
    OFFICER,
    OPENED_AT,
    REGION,
    ROUND,
    contents,
    is_whole_log,
    opened_store,
    plan,
    published_store,
    rows,
)

from dashboard.actions.rounds import open_round
from data.errors import RefusedError
from data.store import Store
from metrics.boards import overview, reporting
from metrics.boards.definition import Scope


def test_opening_a_round_scores_every_unit_on_every_indicator(tmp_path):
    store = opened_store(tmp_path)

    at_opening = rows(store, "SELECT * FROM score WHERE valid_from = $at", at=OPENED_AT)
    assert len(at_opening) == 12 * 20
    assert {(row["recipient_id"], row["indicator_no"]) for row in at_opening} == {
        (row["recipient_id"], row["indicator_no"])
        for row in rows(store, "SELECT * FROM target WHERE recipient_id <> 'region'")
    }
    assert {row["score_micro"] for row in at_opening} == {None}, "nobody reported, so nothing may be scored"
    assert is_whole_log(store)


def test_before_the_due_date_not_due_and_after_it_not_reported_by_time_alone(tmp_path):
    store = opened_store(tmp_path)

    def states(day: int) -> dict[str, int]:
        return overview.effect_counts(store, Scope(NUMBER, ROUND, date(2021, 12, day)))

    # 240 cells; the clock of indicator 11 has no receipt to run from.
    assert states(26) == {"not_due": 228, "needs_review": 12}
    assert states(27) == {"not_due": 228, "needs_review": 12}, "the due day itself is in time"
    assert states(28) == {"not_reported": 228, "needs_review": 12}
    assert states(21) == {}


def test_the_turn_comes_at_midnight_after_the_due_day(tmp_path):
    store = opened_store(tmp_path)

    (turn,) = rows(store, "SELECT DISTINCT valid_from FROM score WHERE state = 'not_reported'")
    assert turn["valid_from"] == datetime(2021, 12, 28)


def test_duties_follow_the_same_day(tmp_path):
    store = opened_store(tmp_path)

    def duty_states(day: int) -> set[str]:
        return set(reporting.duties(store, Scope(NUMBER, ROUND, date(2021, 12, day)))["duty_state"])

    assert (duty_states(27), duty_states(28)) == ({"not_due"}, {"overdue"})
    assert duty_states(21) == set(), "a round that is not open yet asks for nothing"


def test_a_round_is_opened_once(tmp_path):
    store = opened_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError, match=f"轮次 {ROUND} 已经开启"):
        open_round(store, OFFICER, OPENED_AT, NUMBER, plan(round_name="又一次"), REGION)
    assert contents(store) == before


def test_a_second_round_stands_beside_the_first(tmp_path):
    store = opened_store(tmp_path)
    open_round(
        store, OFFICER, OPENED_AT, NUMBER,
        plan(round_id="2021-09", round_name="2021年9月", period_end_on=date(2021, 9, 30)), REGION,
    )

    assert list(reporting.rounds(store, NUMBER)["round_id"]) == [ROUND, "2021-09"]


def test_a_notice_that_is_not_published_has_no_rounds():
    store = Store(None)
    before = contents(store)

    with pytest.raises(RefusedError, match=r"巴财社〔2021〕96号 还没有发布，请先在“资金文件”中发布。"):
        open_round(store, OFFICER, OPENED_AT, NUMBER, plan(), REGION)
    assert contents(store) == before


def test_a_round_due_before_it_opens_is_refused(tmp_path):
    store = published_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError, match="截止日早于开始日"):
        open_round(store, OFFICER, OPENED_AT, NUMBER, plan(due_on=date(2021, 12, 24)), REGION)
    assert contents(store) == before
    open_round(store, OFFICER, OPENED_AT, NUMBER, plan(due_on=date(2021, 12, 25)), REGION)


@pytest.mark.parametrize(
    "changes",
    [{"round_id": "../../x"}, {"round_id": "2021 10"}, {"round_id": ""}, {"round_name": "\u202eabc"},
     {"round_name": "十月\n"}, {"round_name": "  "}, {"round_name": "十\x00月"}],
)
def test_a_name_that_cannot_be_shown_or_kept_as_a_file_is_refused(tmp_path, changes):
    store = published_store(tmp_path)

    with pytest.raises(RefusedError, match="轮次"):
        open_round(store, OFFICER, OPENED_AT, NUMBER, plan(**changes), REGION)
