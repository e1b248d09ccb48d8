"""The working-day clock of every unit of a notice, counted by ``timeliness.sql``."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from data.store import Cursor, sql_text, with_relations


def clock_sql(moment: str = "$as_of") -> str:
    """``timeliness.sql`` over the store's receipts; wants $document_number, $region_code and the moment."""
    return with_relations(
        sql_text("metrics", "timeliness"),
        {
            "clock_input": sql_text("data", "queries/clock_input").replace("$as_of", moment),
            "working_day": sql_text("data", "queries/working_days"),
        },
    )


def clocks(cursor: Cursor, document_number: str, as_of: datetime, region_code: str) -> pd.DataFrame:
    """The clock of every unit of a notice, as known at ``as_of``.

    Shape:  one row per recipient; no row if the notice sets no working-day limit.
    Unit:   working days.
    """
    return cursor.frame(
        clock_sql(), {"document_number": document_number, "region_code": region_code, "as_of": as_of}
    )
