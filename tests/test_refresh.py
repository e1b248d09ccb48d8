"""The history of a score: spans that touch, never overlap, never repeat themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from builders import (
    NUMBER,
    OPENED_AT,
    REGION,
    ROUND,
    SUBMITTED_AT,
    demo_store,
    entry,
    import_all,
    opened_store,
    receive,
    rows,
    score_of,
    submit,
    upload,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.kept_scores import scores_sql
from metrics.refresh import refresh_scores

SCORE_COLUMNS = (
    "scored_kind", "state", "achieved", "required", "score_micro", "weight_micro", "attainment_micro",
    "deviation_micro", "gap_points_micro", "allowed_days", "taken_days", "due_on", "done_on", "report_id",
    "target_version", "rule_version",
)
END_OF_TIME = datetime(9999, 12, 31)
KEY = "document_number, round_id, recipient_id, indicator_no"
SPANS = f"""
SELECT *,
    LAG(valid_to) OVER span AS earlier_to,
    LEAD(valid_from) OVER span AS later_from,
    LAG(({', '.join(SCORE_COLUMNS)})) OVER span AS earlier_result,
    ({', '.join(SCORE_COLUMNS)}) AS result
FROM score
WINDOW span AS (PARTITION BY {KEY} ORDER BY valid_from, valid_to)
"""


def faults(store) -> dict[str, int]:
    """How many spans break each rule, and how many spans there are."""
    (found,) = rows(store, f"""
        SELECT
            COUNT(*) FILTER (valid_from >= valid_to) AS empty_spans,
            COUNT(*) FILTER (earlier_to > valid_from) AS overlaps,
            COUNT(*) FILTER (earlier_to < valid_from) AS gaps,
            COUNT(*) FILTER (earlier_to IS NOT NULL AND earlier_result IS NOT DISTINCT FROM result) AS repeats,
            COUNT(*) FILTER (later_from IS NULL AND valid_to <> $end) AS ended,
            COUNT(*) FILTER (earlier_to IS NULL AND valid_from <> r.opened_at) AS late_starts
        FROM ({SPANS}) JOIN round AS r USING (document_number, round_id)""", end=END_OF_TIME)
    return found


NONE = {"empty_spans": 0, "overlaps": 0, "gaps": 0, "repeats": 0, "ended": 0, "late_starts": 0}


@pytest.fixture(scope="module")
def demo():
    return demo_store()


def test_spans_never_overlap_and_leave_no_gap(demo):
    (count,) = rows(demo, f"SELECT COUNT(*) AS n, COUNT(DISTINCT ({KEY})) AS cells FROM score")

    assert faults(demo) == NONE
    assert count["cells"] == 3 * 12 * 20
    assert count["n"] > count["cells"], "a history of one span a cell tests nothing"


def test_at_the_moment_of_a_change_the_new_score_alone_holds(demo):
    moments = rows(demo, """
        SELECT round_id, valid_from FROM score JOIN round USING (document_number, round_id)
        WHERE valid_from > opened_at GROUP BY ALL ORDER BY COUNT(*) DESC LIMIT 6""")

    assert len(moments) == 6
    for moment in moments:
        with demo.reading() as cursor:
            scores = cursor.frame(scores_sql(), {
                "document_number": NUMBER, "round_id": moment["round_id"], "as_of": moment["valid_from"],
            })
        assert len(scores) == 240
        assert not scores.duplicated(["recipient_id", "indicator_no"]).any()


def test_every_score_of_a_report_is_of_the_version_that_counted(demo):
    wrong = rows(demo, """
        SELECT s.* FROM score AS s JOIN report AS r USING (report_id)
        WHERE s.valid_from < r.submitted_at OR s.recipient_id <> r.recipient_id OR s.round_id <> r.round_id""")
    assert wrong == []
    assert rows(demo, "SELECT 1 FROM score WHERE report_id IS NOT NULL LIMIT 1")


@pytest.mark.parametrize("recipient_id", ["", "luntai"])
@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=1), timedelta(days=5)])
def test_refreshing_again_with_nothing_changed_changes_nothing(tmp_path, recipient_id, later):
    store = opened_store(tmp_path)
    receive(store)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    before = rows(store, "SELECT * FROM score ORDER BY ALL")

    for _ in range(2):
        with store.transaction() as cursor:
            refresh_scores(cursor, NUMBER, ROUND, SUBMITTED_AT + later, REGION, recipient_id)

    assert rows(store, "SELECT * FROM score ORDER BY ALL") == before


def test_a_change_taken_back_at_the_same_moment_leaves_one_span(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    moment = SUBMITTED_AT + timedelta(hours=1)
    with store.transaction() as cursor:
        cursor.run("UPDATE actual_current SET numerator = 50 WHERE indicator_no = 4")
        refresh_scores(cursor, NUMBER, ROUND, moment, REGION, "luntai")
    assert score_of(store, 4, moment)["state"] == "off"
    with store.transaction() as cursor:
        cursor.run("UPDATE actual_current SET numerator = 94 WHERE indicator_no = 4")
        refresh_scores(cursor, NUMBER, ROUND, moment, REGION, "luntai")

    assert score_of(store, 4, moment)["state"] == "met"
    assert faults(store) == NONE


def test_a_later_deadline_known_beforehand_is_written_beforehand(tmp_path):
    """The unit's own deadline, 12-28, is another than the round's, 12-27."""
    store = opened_store(tmp_path)
    receive(store, happened_at=datetime(2021, 12, 23, 9))

    spans = rows(store, "SELECT state, valid_from, valid_to FROM score "
                 "WHERE recipient_id = 'luntai' AND indicator_no = 11 ORDER BY valid_from")

    assert [(row["state"], row["valid_from"]) for row in spans] == [
        ("needs_review", OPENED_AT), ("not_due", datetime(2021, 12, 23, 9)), ("off", datetime(2021, 12, 29)),
    ]


ACTS = st.lists(
    st.tuples(st.sampled_from(["report", "other report", "receive", "receive later", "import"]),
              st.integers(-60, 200)),
    min_size=1, max_size=6,
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_whatever_happens_in_whatever_order_the_spans_hold(acts, tmp_path_factory):
    store = opened_store(tmp_path_factory.mktemp("acts"))
    for act, hours in acts:
        # Clocks may go back: two people's computers, or the demonstration's fixed day.
        at = max(SUBMITTED_AT + timedelta(hours=hours), datetime(2021, 12, 25))
        if act == "receive":
            receive(store, at=at)
        elif act == "receive later":
            receive(store, happened_at=datetime(2021, 12, 23, 9), at=at)
        elif act == "import":
            import_all(store, datetime(2021, 12, 24, 9), at=at)
        else:
            count = 94 if act == "report" else 50
            submit(store, upload(entry(4, numerator=count, denominator=100)), at=at)
        assert faults(store) == NONE
    store.close()
