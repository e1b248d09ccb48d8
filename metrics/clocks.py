"""The working-day clock of every unit of a notice: the duty of importing, which is scored."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from data.store import Cursor, sql_text, with_relations
from metrics.duties import limit_sql


def clock_sql(moment: str = "$as_of") -> str:
    """``timeliness.sql`` over the store's limits; wants $document_number, $region_code and the moment."""
    duty = limit_sql().replace("$recipient_id", "''").replace("$as_of", moment)
    return with_relations(sql_text("metrics", "timeliness"), {"duty": duty})


def clocks(cursor: Cursor, document_number: str, as_of: datetime, region_code: str) -> pd.DataFrame:
    """The clock of every unit of a notice, as known at ``as_of``.

    Shape:  one row per recipient; no row if the notice sets no working-day limit.
    Unit:   working days.
    """
    return cursor.frame(
        clock_sql(), {"document_number": document_number, "region_code": region_code, "as_of": as_of}
    )
