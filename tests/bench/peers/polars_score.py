"""The rule of metrics/sql/score.sql as lazy Polars expressions, streamed: ``polars_score.py ROWS.parquet [SCORES]``.

Decimals are taken as whole numbers of their last place, in 128 bits, so that every product and comparison is exact.
Prints JSON with the seconds from opening the file to the sums of region × round. With a second name it writes state
and points of each row instead.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import polars as pl

SLIGHTLY_OFF, OVER, BAND_REACHED, BAND_PARTLY, MICRO = 800_000, 1_300_000, 800_000, 600_000, 1_000_000
PLACE = 10_000      # of a decimal with four places
ONE = PLACE * PLACE
HUNDRED_MILLION = 100_000_000 * PLACE
KEYS = ["document_number", "recipient_id", "round_id", "indicator_no"]
DECIMALS = ("bound", "upper", "numerator", "denominator", "value", "prior_value", "band_share")

c = pl.col
big = pl.Int128


def whole(value: int) -> pl.Expr:
    """A number of 128 bits."""
    return pl.lit(value, dtype=big)


def first(*pairs: tuple[pl.Expr, pl.Expr], otherwise: pl.Expr) -> pl.Expr:
    """What stands behind the first test that holds."""
    made = pl.when(pairs[0][0]).then(pairs[0][1])
    for test, value in pairs[1:]:
        made = made.when(test).then(value)
    return made.otherwise(otherwise)


def missing() -> pl.Expr:
    """Why a row cannot be judged; null where it can."""
    na, review, not_due, silent, no_base = (
        pl.lit(word) for word in ("not_applicable", "needs_review", "not_due", "not_reported", "no_baseline")
    )
    waits = c("due_on").is_not_null() & (c("due_on") >= c("as_of_on"))
    band = first(
        (c("band_share") >= BAND_REACHED, pl.lit(1)), (c("band_share") >= BAND_PARTLY, pl.lit(2)), otherwise=pl.lit(3)
    )
    none = pl.lit(None, dtype=pl.String)
    late = first((c("due_on").is_null(), review), (waits, not_due), (~c("is_reported"), silent), otherwise=none)
    words = first(
        (~c("is_evidenced") | c("band").is_null() | c("band_share").is_null(), review),
        (~c("band").is_in([1, 2, 3]) | (c("band_share") < 0) | (c("band_share") > 100 * PLACE) | (c("band") != band),
         review), otherwise=none,
    )
    versus = first(
        (c("prior_value").is_null(), no_base),
        (c("fall") & (c("prior_value") == 0) & (pl.coalesce("numerator", "value") <= 0), review),
        (~c("kept") & c("bound").is_not_null() & (
            c("counted") | (c("prior_value") <= 0) | (c("bound") < 0) | (c("bound") > MICRO * PLACE)), review),
        (c("fall") & (c("bound") > 100 * PLACE), review),
        (c("counted") & (c("prior_value").abs() >= HUNDRED_MILLION), review), otherwise=none,
    )
    return first(
        (~c("is_applicable") | (c("scored_kind") == "not_assigned"), na),
        (c("deadline") & c("done_on").is_null(), late),
        (c("date"), first((c("due_on").is_null(), review), otherwise=none)),
        (c("deadline"), first((c("allowed_days").is_null() | c("taken_days").is_null(), review),
                              ((c("allowed_days") < 0) | (c("taken_days") < 0), review), otherwise=none)),
        (~c("is_reported") & waits, not_due), (~c("is_reported"), silent), (c("qualitative"), words),
        (~(c("bounded") | c("versus") | c("coverage")), review),
        (~c("counted") & c("value").is_null(), silent),
        (c("counted") & (c("numerator").is_null() | c("denominator").is_null()), review),
        (c("counted") & ((c("numerator") < 0) | (c("denominator") < 0)), review),
        (c("counted") & (c("denominator") == 0) & (c("numerator") == 0), na),
        (c("counted") & (c("denominator") == 0), review),
        (c("coverage"), first((~c("counted") | (c("numerator") > c("denominator")), review), otherwise=none)),
        (c("versus"), versus), (c("bound").is_null(), review),
        (c("ranged") & (c("upper").is_null() | (c("upper") < c("bound"))), review),
        (c("counted") & (c("bound").abs() >= HUNDRED_MILLION), review),
        (c("counted") & c("ranged") & (c("upper") >= HUNDRED_MILLION), review), otherwise=none,
    )


def scored(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with state and score_micro; everything counted in the eighth decimal place."""
    kind = c("scored_kind")
    nothing = pl.lit(None, dtype=big)
    rows = rows.with_columns(
        *(c(name).to_physical().cast(big) for name in DECIMALS), c("scale", "weight_micro").cast(big),
        deadline=kind.is_in(["working_day_deadline", "calendar_day_deadline", "date_deadline"]),
        date=kind == "date_deadline", qualitative=kind == "qualitative", coverage=kind == "full_coverage",
        ranged=kind == "range", equal=kind == "equal", kept=kind == "not_below_last_year",
        fall=kind == "decrease_over_last_year", rise=kind == "increase_over_last_year",
        versus=kind.is_in(["not_below_last_year", "increase_over_last_year", "decrease_over_last_year"]),
        bounded=kind.is_in(["at_least", "at_most", "more_than", "less_than", "equal", "range"]),
        downward=kind.is_in(["at_most", "less_than", "decrease_over_last_year"]),
        counted=c("numerator").is_not_null() | c("denominator").is_not_null(),
    ).with_columns(
        missing=missing(), sized=c("versus") & c("bound").is_not_null() & ~c("kept"),
        up=(kind == "more_than") | (c("rise") & c("bound").is_null()),
        down=(kind == "less_than") | (c("fall") & c("bound").is_null()),
        factor=pl.when("counted").then("denominator").otherwise(whole(PLACE)),
        step=pl.when("counted").then(whole(1)).otherwise(whole(PLACE)),
    ).with_columns(
        measured=first(
            (c("missing").is_not_null() | c("deadline") | c("qualitative"), nothing),
            (c("coverage"), c("numerator") * PLACE), (c("counted"), c("numerator") * c("scale") * PLACE),
            (c("sized"), c("value") * (100 * PLACE)), otherwise=c("value") * PLACE,
        ),
        basis=first(
            (c("coverage"), c("denominator") * PLACE),
            (c("sized") & c("rise"), c("prior_value") * (100 * PLACE + c("bound"))),
            (c("sized"), c("prior_value") * (100 * PLACE - c("bound"))),
            (c("versus"), c("prior_value") * c("factor")), otherwise=c("bound") * c("factor"),
        ),
        ceiling=c("upper") * c("factor"),
    ).with_columns(limit=pl.when("down").then(c("basis") - c("step")).otherwise("basis")).with_columns(
        achieved=first(
            (c("missing").is_not_null(), nothing), (c("qualitative"), c("band_share") * PLACE),
            (c("deadline") & c("done_on").is_null(), whole(0)),
            (c("date"), pl.when(c("done_on") <= c("due_on")).then(whole(ONE)).otherwise(whole(0))),
            (c("deadline"), c("allowed_days").cast(big) * ONE), (c("downward"), c("limit")),
            (c("up") & (c("basis") <= 0), pl.when(c("measured") > c("basis")).then(whole(ONE)).otherwise(whole(0))),
            (c("equal"), pl.min_horizontal("measured", "basis")),
            (c("ranged") & (c("measured") > c("ceiling")), c("ceiling")), otherwise=c("measured"),
        ),
        required=first(
            (c("missing").is_not_null(), nothing), (c("qualitative"), whole(100 * ONE)),
            (c("deadline") & (c("done_on").is_null() | c("date")), whole(ONE)),
            (c("deadline"), pl.max_horizontal("taken_days", "allowed_days").cast(big) * ONE),
            (c("downward"), pl.max_horizontal("measured", "limit")), (c("up") & (c("basis") <= 0), whole(ONE)),
            (c("up"), c("basis") + c("step")), (c("equal"), pl.max_horizontal("measured", "basis")),
            (c("ranged") & (c("measured") >= c("basis")), c("measured")), otherwise=c("basis"),
        ),
    ).with_columns(met=c("achieved") >= c("required"))
    # Rounded half up in whole numbers; a miss never rounds up to full marks.
    rounded = (2 * c("weight_micro") * c("achieved") + c("required")) // (2 * c("required"))
    return rows.with_columns(
        score_micro=first(
            (c("missing").is_not_null(), nothing), (c("met"), c("weight_micro")),
            ((c("required") <= 0) | (c("achieved") <= 0), whole(0)),
            otherwise=pl.min_horizontal(rounded, c("weight_micro") - 1),
        ).cast(pl.Int64),
        state=first(
            (c("missing").is_not_null(), c("missing")),
            (c("qualitative"), first((c("band") == 1, pl.lit("met")), (c("band") == 2, pl.lit("slightly_off")),
                                     otherwise=pl.lit("off"))),
            (c("met") & (c("required") > 0) & kind.is_in(["at_least", "more_than", "increase_over_last_year"])
             & (c("achieved") * MICRO >= c("required") * OVER), pl.lit("over")),
            (c("met"), pl.lit("met")), (c("achieved") * MICRO >= c("required") * SLIGHTLY_OFF, pl.lit("slightly_off")),
            otherwise=pl.lit("off"),
        ),
    )


def main(source: Path, written: Path | None) -> None:
    """Score the file; sum up, or write each row."""
    begun = time.perf_counter()
    rows = scored(pl.scan_parquet(source))
    if written:
        rows.select(*KEYS, "state", "score_micro").sink_parquet(written)
        sys.stdout.write("{}\n")
        return
    sums = rows.group_by("recipient_id", "round_id").agg(
        c("state").count(), c("score_micro").sum(),
        c("weight_micro").filter(c("score_micro").is_not_null()).cast(pl.Int64).sum().alias("scored_weight_micro"),
    ).collect(engine="streaming")
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - begun, "groups": sums.height}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
