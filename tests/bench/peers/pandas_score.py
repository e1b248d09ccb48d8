"""The rule of metrics/sql/score.sql in pandas and NumPy, on whole columns: ``pandas_score.py ROWS.parquet [SCORES]``.

Decimals are kept as whole numbers of their last place in 64 bits, so that comparisons are exact; a product that could
leave 64 bits stops the program. Prints JSON with the seconds from opening the file to the sums of region × round.
With a second name it writes state and points of each row instead.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SLIGHTLY_OFF, OVER, BAND_REACHED, BAND_PARTLY, MICRO = 800_000, 1_300_000, 800_000, 600_000, 1_000_000
PLACE = 10_000      # of a decimal with four places
KEYS = ["document_number", "recipient_id", "round_id", "indicator_no"]
NAMES = [*KEYS, "scored_kind", "scale", "bound", "upper", "numerator", "denominator", "value", "prior_value", "band",
         "band_share", "is_evidenced", "allowed_days", "taken_days", "due_on", "done_on", "as_of_on", "is_reported",
         "is_applicable", "weight_micro"]
STATES = ["not_applicable", "needs_review", "not_due", "not_reported", "no_baseline", "met", "slightly_off", "off",
          "over"]
NOT_APPLICABLE, NEEDS_REVIEW, NOT_DUE, NOT_REPORTED, NO_BASELINE, MET, SLIGHTLY, OFF, OVER_STATE = range(9)
JUDGED = -1


def number(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """A column as whole numbers, and where it has one; decimals in their last place, days since 1970."""
    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    held = ~array.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_decimal(array.type):
        halves = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset:2 * (array.offset + len(array))]
        return np.where(held, halves[::2], 0), held
    if pa.types.is_date(array.type):
        array = array.cast(pa.int32())
    return array.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False), held


def times(left: np.ndarray, right: np.ndarray | int) -> np.ndarray:
    """A product that stays in 64 bits."""
    most = float(np.abs(left).max(initial=0)) * float(np.abs(right).max(initial=0) if np.ndim(right) else abs(right))
    if most >= 2**62:
        raise OverflowError
    return left * right


def scored(table: pa.Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """State, points and whether there are any, of each row."""
    kind = table["scored_kind"].combine_chunks().dictionary_encode()
    kind = kind.combine_chunks() if isinstance(kind, pa.ChunkedArray) else kind
    words, code = kind.dictionary.to_pylist(), kind.indices.to_numpy()
    place = {word: at for at, word in enumerate(words)}

    def of(*names: str) -> np.ndarray:
        return np.isin(code, [place[name] for name in names if name in place])

    scale, _ = number(table["scale"])
    bound, has_bound = number(table["bound"])
    upper, has_upper = number(table["upper"])
    top, has_top = number(table["numerator"])
    below, has_below = number(table["denominator"])
    value, has_value = number(table["value"])
    prior, has_prior = number(table["prior_value"])
    band, has_band = number(table["band"])
    share, has_share = number(table["band_share"])
    allowed, has_allowed = number(table["allowed_days"])
    taken, has_taken = number(table["taken_days"])
    due, has_due = number(table["due_on"])
    done, has_done = number(table["done_on"])
    as_of, _ = number(table["as_of_on"])
    weight, _ = number(table["weight_micro"])
    evidenced, reported, applicable = (
        number(table[name])[0].astype(bool) for name in ("is_evidenced", "is_reported", "is_applicable")
    )
    counted = has_top | has_below
    date, qualitative, coverage = of("date_deadline"), of("qualitative"), of("full_coverage")
    deadline = of("working_day_deadline", "calendar_day_deadline") | date
    ranged, equal, kept = of("range"), of("equal"), of("not_below_last_year")
    rise, fall, more, less = (
        of("increase_over_last_year"), of("decrease_over_last_year"), of("more_than"), of("less_than")
    )
    versus = kept | rise | fall
    bounded = of("at_least", "at_most") | more | less | equal | ranged
    waits = has_due & (due >= as_of)
    wanted_band = np.where(share >= BAND_REACHED, 1, np.where(share >= BAND_PARTLY, 2, 3))
    hundred_million = 100_000_000 * PLACE
    late = deadline & ~has_done
    days = deadline & has_done & ~date
    rest = ~deadline & reported
    numbers = rest & ~qualitative
    past = numbers & (bounded | versus | coverage)

    # As in the rule: what stands first holds.
    conditions = [
        (~applicable | of("not_assigned"), NOT_APPLICABLE),
        (late & ~has_due, NEEDS_REVIEW), (late & waits, NOT_DUE), (late & ~reported, NOT_REPORTED), (late, JUDGED),
        (deadline & date & ~has_due, NEEDS_REVIEW), (deadline & date, JUDGED),
        (days & (~has_allowed | ~has_taken | (allowed < 0) | (taken < 0)), NEEDS_REVIEW), (days, JUDGED),
        (~reported & waits, NOT_DUE), (~reported, NOT_REPORTED),
        (qualitative & (~evidenced | ~has_band | ~has_share), NEEDS_REVIEW),
        (qualitative & ((band < 1) | (band > 3) | (share < 0) | (share > 100 * PLACE)), NEEDS_REVIEW),
        (qualitative & (band != wanted_band), NEEDS_REVIEW), (qualitative, JUDGED),
        (numbers & ~past, NEEDS_REVIEW),
        (past & ~counted & ~has_value, NOT_REPORTED),
        (past & counted & (~has_top | ~has_below | (top < 0) | (below < 0)), NEEDS_REVIEW),
        (past & counted & (below == 0) & (top == 0), NOT_APPLICABLE), (past & counted & (below == 0), NEEDS_REVIEW),
        (coverage & (~counted | (top > below)), NEEDS_REVIEW), (coverage, JUDGED),
        (versus & ~has_prior, NO_BASELINE),
        (fall & (prior == 0) & (np.where(has_top, top, value) <= 0), NEEDS_REVIEW),
        (versus & ~kept & has_bound
         & (counted | (prior <= 0) | (bound < 0) | (bound > MICRO * PLACE)), NEEDS_REVIEW),
        (fall & has_bound & (bound > 100 * PLACE), NEEDS_REVIEW),
        (versus & counted & (np.abs(prior) >= hundred_million), NEEDS_REVIEW), (versus, JUDGED),
        (~has_bound, NEEDS_REVIEW),
        (ranged & (~has_upper | (upper < bound)), NEEDS_REVIEW),
        (counted & (np.abs(bound) >= hundred_million), NEEDS_REVIEW),
        (counted & ranged & (upper >= hundred_million), NEEDS_REVIEW),
    ]
    missing = np.select([test for test, _ in conditions], [state for _, state in conditions], JUDGED)
    judged = missing == JUDGED
    plain = judged & ~deadline & ~qualitative

    # All from here on in the eighth place.
    sized = versus & has_bound & ~kept
    measured = np.select(
        [~plain, coverage, counted, sized],
        [0, times(np.where(plain, top, 0), PLACE), times(times(np.where(plain, top, 0), scale), PLACE),
         times(times(np.where(plain, value, 0), 100), PLACE)],
        times(np.where(plain, value, 0), PLACE),
    )
    factor = np.where(counted, below, PLACE)
    some_bound, some_prior = np.where(plain, bound, 0), np.where(plain, prior, 0)
    basis = np.select(
        [~plain, coverage, sized & rise, sized, versus],
        [0, times(np.where(plain, below, 0), PLACE), times(some_prior, 100 * PLACE + some_bound),
         times(some_prior, 100 * PLACE - some_bound), times(some_prior, factor)],
        times(some_bound, factor),
    )
    ceiling = times(np.where(plain & ranged, upper, 0), factor)
    step = np.where(counted, 1, PLACE)
    up, down = more | (rise & ~has_bound), less | (fall & ~has_bound)
    limit = np.where(down, basis - step, basis)
    downward = of("at_most") | less | fall
    from_nothing = up & (basis <= 0)
    one = PLACE * PLACE
    achieved = np.select(
        [qualitative, late, date, deadline, downward, from_nothing, equal, ranged & (measured > ceiling)],
        [share * PLACE, 0, np.where(done <= due, one, 0), allowed * one, limit, np.where(measured > basis, one, 0),
         np.minimum(measured, basis), ceiling], measured,
    )
    required = np.select(
        [qualitative, late | date, deadline, downward, from_nothing, up, equal, ranged & (measured >= basis)],
        [100 * one, one, np.maximum(taken, allowed) * one, np.maximum(measured, limit), one, basis + step,
         np.maximum(measured, basis), measured], basis,
    )
    is_met = achieved >= required
    ratio = np.zeros(len(code))
    np.divide(achieved, required, out=ratio, where=(required > 0) & (achieved > 0))
    ratio = np.where(required <= 0, is_met.astype(float), ratio)
    guess = np.floor(weight * ratio + 0.5).astype(np.int64)
    # The double may lie a hair beside an exact half: those rows are rounded by whole numbers of any size.
    doubtful = judged & ~is_met & (required > 0) & (achieved > 0)
    doubtful &= np.abs(weight * ratio + 0.5 - np.rint(weight * ratio + 0.5)) < 1e-5
    at = np.flatnonzero(doubtful)
    guess[at] = [
        (2 * int(w) * int(a) + int(r)) // (2 * int(r))
        for w, a, r in zip(weight[at], achieved[at], required[at], strict=True)
    ]
    score = np.where(is_met, weight, np.minimum(guess, weight - 1))
    common = np.gcd(OVER, MICRO), np.gcd(SLIGHTLY_OFF, MICRO)
    some = np.where(judged, achieved, 0), np.where(judged, required, 0)
    state = np.select(
        [~judged, qualitative, is_met & (required > 0) & (of("at_least") | more | rise)
         & (times(some[0], MICRO // common[0]) >= times(some[1], OVER // common[0])), is_met,
         times(some[0], MICRO // common[1]) >= times(some[1], SLIGHTLY_OFF // common[1])],
        [missing, np.select([band == 1, band == 2], [MET, SLIGHTLY], OFF), OVER_STATE, MET, SLIGHTLY], OFF,
    )
    return state, score, judged


def main(source: str, written: str | None) -> None:
    """Score the file; sum up, or write each row."""
    begun = time.perf_counter()
    table = pq.read_table(source, columns=NAMES)
    state, score, judged = scored(table)
    if written:
        rows = table.select(KEYS).append_column("state", pa.array(np.array(STATES, object)[state], pa.string()))
        pq.write_table(rows.append_column("score_micro", pa.array(score, mask=~judged)), written)
        sys.stdout.write(json.dumps({"rows": len(state)}) + "\n")
        return
    frame = pd.DataFrame({
        "recipient_id": table["recipient_id"].dictionary_encode().to_pandas(),
        "round_id": table["round_id"].dictionary_encode().to_pandas(),
        "score_micro": np.where(judged, score, 0), "rows": 1,
        "weight_micro": np.where(judged, number(table["weight_micro"])[0], 0),
    })
    sums = frame.groupby(["recipient_id", "round_id"], observed=True).sum()
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - begun, "groups": len(sums)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
