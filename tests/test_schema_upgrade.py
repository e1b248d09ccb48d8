"""A store kept from an earlier release opens with everything it had."""

from __future__ import annotations

import lzma
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from builders import NUMBER, OFFICER, REGION, is_whole_log, rows

from dashboard.actions.rules import adopt_rules
from dashboard.workspace import STORE_NAME, open_workspace
from data.audit import append
from data.store import Store
from metrics.refresh import refresh_scores
from metrics.rule_changes import RuleChange
from metrics.rulebook import held_versions
from metrics.thresholds import SHIPPED_VALUES

STORES = Path(__file__).parent / "stores"
SCORES = "SELECT * FROM score ORDER BY document_number, round_id, recipient_id, indicator_no, valid_from"


def kept_store(folder: Path, step: str) -> Store:
    """A store that an earlier release made, opened by this one."""
    (folder / STORE_NAME).write_bytes(lzma.decompress((STORES / f"{step}_demo.duckdb.xz").read_bytes()))
    return open_workspace(folder).store


@pytest.mark.parametrize("step", ["step_001", "step_002", "step_003"])
def test_a_kept_store_has_every_score_and_scores_on(tmp_path, step):
    store = kept_store(tmp_path, step)

    before = rows(store, SCORES)
    # Counted in the store before the upgrade: spans, and the micro-points of all of them.
    assert (len(before), sum(row["score_micro"] or 0 for row in before)) == (1840, 3451095144)
    assert rows(store, "SELECT DISTINCT rule_version FROM round") == [{"rule_version": "2021-1"}]
    assert rows(store, "SELECT COUNT(*) AS n FROM target WHERE recipient_id = 'region'") == [{"n": 20}]

    with store.transaction() as cursor:
        for round_id in ("2021-06", "2021-09", "2021-12"):
            refresh_scores(cursor, NUMBER, round_id, datetime(2021, 12, 28, 23), REGION)
    assert rows(store, SCORES) == before, "what was recorded scores as before"


def test_a_kept_rule_book_is_changed_without_what_is_none_of_it_any_more(tmp_path):
    store = kept_store(tmp_path, "step_003")
    kept = rows(store, "SELECT rule_key FROM rule_value WHERE rule_key IN ('idle-months', 'carryover-years')")
    assert len(kept) == 2

    change = RuleChange("2021-1", {"grade-good-from": Decimal("82.5")}, date(2022, 1, 1), "评议")
    assert adopt_rules(store, OFFICER, datetime(2021, 12, 29), change) == "2022-1"
    with store.reading() as cursor:
        newest = held_versions(cursor)[0].values
    assert newest == {**SHIPPED_VALUES, "grade-good-from": Decimal("82.5")}


def test_a_store_of_step_002_keeps_its_reports_its_reviews_and_its_log(tmp_path):
    store = kept_store(tmp_path, "step_002")

    reports = rows(store, "SELECT report_id, submitted_at, submitted_by FROM report ORDER BY submitted_at, report_id")
    events = rows(store, "SELECT report_id, report_state, happened_at, done_by FROM report_event ORDER BY event_no")
    assert [(e["report_id"], e["happened_at"], e["done_by"]) for e in events] == [
        (r["report_id"], r["submitted_at"], r["submitted_by"]) for r in reports
    ]
    # Counted in the store before the upgrade.
    assert (len(reports), {event["report_state"] for event in events}) == (35, {"submitted"})
    assert rows(store, "SELECT COUNT(*) AS n FROM review") == [{"n": 3}]

    (newest,) = rows(store, "SELECT entry_no, entry_hash FROM audit_log ORDER BY entry_no DESC LIMIT 1")
    assert (newest["entry_no"], newest["entry_hash"][:16]) == (61, "5af7fe29c0341fe3")
    assert is_whole_log(store)
    with store.transaction() as cursor:
        append(cursor, OFFICER, datetime(2021, 12, 29), "open_round", "2022-01", {})
    assert is_whole_log(store), "the chain goes on from the entries of before"


def test_who_recorded_a_step_of_an_older_store_is_read_from_its_log(tmp_path):
    path = tmp_path / STORE_NAME
    path.write_bytes(lzma.decompress((STORES / "step_003_demo.duckdb.xz").read_bytes()))
    with duckdb.connect(str(path)) as older:
        # As if a unit's own person had recorded the first step.
        entry_no, subject, happened_at = older.execute(
            "SELECT entry_no, subject_text, happened_at FROM audit_log WHERE action_name = 'record_receipt' ORDER BY 1"
        ).fetchone()
        unit = subject.split(" ")[1]
        older.execute("UPDATE audit_log SET actor_recipient_id = ? WHERE entry_no = ?", [unit, entry_no])

    found = rows(open_workspace(tmp_path).store, "FROM receipt ORDER BY receipt_no")
    assert [
        (row["recipient_id"], row["recorded_at"]) for row in found if row["actor_recipient_id"] != ""
    ] == [(unit, happened_at)]
    assert len(found) > 12
