"""Twenty people at work on one store until they are killed: they submit, review, return, record and load.

    python -m tests.faults.work <store> <seed>

Every line on standard output is an acknowledgement: what was done, and the number and the hash of its entry in the
log. A line that is not whole is none. Refusals are part of the work and acknowledge nothing.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from dashboard.actions.checking import confirm_rest, return_report
from dashboard.actions.receipts import ReceiptEntry, record_receipt
from dashboard.actions.report_events import newest_version
from dashboard.actions.reviews import review_score
from data.audit import LogEntry
from data.errors import RefusedError, UnwrittenError
from data.store import Store
from tests.builders import (
    MARKER,
    NUMBER,
    OFFICER,
    REGION,
    REVIEWING,
    ROUND,
    SUBMITTED_AT,
    UNITS,
    clerk,
    entry,
    submit,
    upload,
)
from tests.export_builders import load, payment, payout

PEOPLE = 20
RATED = (1, 3, 4, 5, 9, 12, 13, 14)     # indicators that take a numerator and a denominator
_SPEAKING = threading.Lock()
_MOMENTS = count(1)

Deed = Callable[[Store, random.Random, int], LogEntry | None]


def main(arguments: list[str]) -> None:
    """Let everybody work until the process is killed, or for the seconds that are given."""
    path, seed = Path(arguments[0]), int(arguments[1])
    seconds = float(arguments[2]) if len(arguments) > 2 else None
    store = Store(path)
    stop = threading.Event()
    people = [
        threading.Thread(target=work, args=(store, person, random.Random(seed * PEOPLE + person), stop), daemon=True)
        for person in range(PEOPLE)
    ]
    say({"said": "start"})
    for person in people:
        person.start()
    stop.wait(seconds)
    stop.set()
    for person in people:
        person.join()
    store.close()
    say({"said": "end"})


def work(store: Store, person: int, chance: random.Random, stop: threading.Event) -> None:
    """Do one thing after another, and say each that was acknowledged."""
    deed = DEEDS[person] if person < len(DEEDS) else submits
    while not stop.is_set():
        try:
            made = deed(store, chance, person)
        except RefusedError:
            continue
        except UnwrittenError:
            say({"said": "full"})
            stop.wait(0.05)
            continue
        if made is not None:
            say({"said": deed.__name__, "entry_no": made.entry_no, "entry_hash": made.entry_hash})


def say(told: dict[str, Any]) -> None:
    """One whole line, at once."""
    with _SPEAKING:
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def moment() -> datetime:
    """The next moment of the work; some lie before the one that was recorded last, as a clock that was set back."""
    number = next(_MOMENTS)
    return SUBMITTED_AT + timedelta(seconds=number if number % 17 else -3600)


def submits(store: Store, chance: random.Random, person: int) -> LogEntry | None:
    """A county reports eight rates and what it paid."""
    rows = [entry(no, numerator=chance.randint(1, 999), denominator=1000) for no in RATED]
    given = upload(*rows, recipient_id=UNITS[person % len(UNITS)], paid_wan=chance.randint(1, 2000))
    return submit(store, given, at=moment()).receipt


def reviews(store: Store, chance: random.Random, _: int) -> LogEntry | None:
    """A reviewer gives other points to a value."""
    given = Decimal(chance.randint(0, 100)) / 100
    reason = f"抽查第 {chance.randint(1, 10**9)} 份凭证"
    unit, indicator_no = chance.choice(UNITS), chance.choice(RATED)
    return review_score(store, REVIEWING, moment(), NUMBER, ROUND, unit, indicator_no, given, reason).entry


def checks(store: Store, chance: random.Random, _: int) -> LogEntry | None:
    """A reviewer confirms what is left of a report, or sends it back."""
    unit = chance.choice(UNITS)
    with store.reading() as cursor:
        newest = newest_version(cursor, NUMBER, ROUND, unit)
    if newest is None:
        return None
    seen = newest["report_id"]
    if chance.random() < 0.5:
        return confirm_rest(store, REVIEWING, moment(), NUMBER, ROUND, unit, seen_report_id=seen)
    return return_report(store, REVIEWING, moment(), NUMBER, ROUND, unit, "请附拨款凭证", seen_report_id=seen)


def records(store: Store, chance: random.Random, _: int) -> LogEntry | None:
    """A county notes the day on which it received the money."""
    unit = chance.choice(UNITS)
    received = ReceiptEntry(
        "imported", datetime(2021, 12, 24, chance.randint(8, 18)), Decimal(chance.randint(1, 99) * 10_000), MARKER,
        f"第 {chance.randint(1, 10**9)} 号",
    )
    return record_receipt(store, clerk(unit), moment(), NUMBER, unit, received, REGION)


def loads(store: Store, chance: random.Random, person: int) -> LogEntry | None:
    """Somebody loads the day's export of payments or payouts, some rows of which are refused."""
    kind, make, key = ("payment", payment, "支付明细主键") if person % 2 else ("payout", payout, "发放明细主键")
    amount = "实际支付金额" if person % 2 else "发放金额"
    rows = [
        make(**{key: f"{person}-{number}", amount: "x" if number % 9 == 8 else str(chance.randint(1, 5000))})
        for number in range(chance.randint(5, 60))
    ]
    done = load(
        store, *rows, kind=kind, actor=OFFICER, at=moment(), start=date(2021, 1, 1),
        end=date(2021, 12, chance.randint(24, 30)),
    )
    return done.entry


DEEDS: tuple[Deed, ...] = (
    *(submits,) * 9, reviews, reviews, reviews, checks, checks, records, records, loads, loads, loads, loads,
)

if __name__ == "__main__":
    main(sys.argv[1:])
