"""The scores of a round as they are kept, each with the review that counts for it."""

from __future__ import annotations

from typing import Any

from data.store import Cursor, sql_text, with_relations
from metrics.scope import Scope


def scores_sql() -> str:
    """One SELECT with a row per recipient and indicator of a round; its parameters are ``Scope.key``."""
    return with_relations(sql_text("data", "queries/scores"), {"counting_review": counting_reviews_sql()})


def review_log_sql() -> str:
    """One SELECT with a row per review of a round and whether it still counts; its parameters are ``Scope.key``."""
    return with_relations(sql_text("data", "queries/review_log"), {"counting_review": counting_reviews_sql()})


def score_events_sql() -> str:
    """One SELECT with a row per kept score and per review in all rounds of a notice."""
    return with_relations(sql_text("data", "queries/score_events"), {"counting_review": counting_reviews_sql()})


def counting_reviews_sql() -> str:
    """Every review with what a score has to agree with it in, and until when it is the newest."""
    return sql_text("data", "queries/counting_reviews")


def exact_scores(cursor: Cursor, scope: Scope, recipient_id: str = "") -> list[dict[str, Any]]:
    """The rows of ``scores_sql`` with exact decimals, for sentences; of one unit where one is named.

    Takes a cursor, so that a rehearsal sees what its own transaction wrote.
    """
    rows = cursor.rows(scores_sql(), scope.key)
    return [row for row in rows if not recipient_id or row["recipient_id"] == recipient_id]
