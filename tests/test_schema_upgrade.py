"""A store kept from an earlier release opens with everything it had."""

from __future__ import annotations

import lzma
from datetime import datetime
from pathlib import Path

from builders import NUMBER, REGION, rows

from dashboard.workspace import STORE_NAME, open_workspace
from metrics.refresh import refresh_scores

STORES = Path(__file__).parent / "stores"
SCORES = "SELECT * FROM score ORDER BY document_number, round_id, recipient_id, indicator_no, valid_from"


def test_a_store_of_step_001_keeps_every_score_and_scores_on(tmp_path):
    (tmp_path / STORE_NAME).write_bytes(lzma.decompress((STORES / "step_001_demo.duckdb.xz").read_bytes()))
    store = open_workspace(tmp_path).store

    before = rows(store, SCORES)
    # Counted in the store before the upgrade: spans, and the micro-points of all of them.
    assert (len(before), sum(row["score_micro"] or 0 for row in before)) == (1840, 3451095144)
    assert rows(store, "SELECT DISTINCT rule_version FROM round") == [{"rule_version": "2021-1"}]
    assert rows(store, "SELECT COUNT(*) AS n FROM target WHERE recipient_id = 'region'") == [{"n": 20}]

    with store.transaction() as cursor:
        for round_id in ("2021-06", "2021-09", "2021-12"):
            refresh_scores(cursor, NUMBER, round_id, datetime(2021, 12, 28, 23), REGION)
    assert rows(store, SCORES) == before, "what was recorded scores as before"
