"""Many people read while some write, for minutes: no error, no lost write, no memory that only grows.

    python -m tests.faults.loading [--readers 200] [--writers 20] [--seconds 600]

Readers are open pages that click, each every twenty seconds (``tests.bench.sessions``); writers are programs of the
units whose report is open, which import a value by the REST door, each once a minute. Each of these writes makes every
board new and brings up every open page. Afterwards every receipt is looked for in the log, and the doctor examines the
store.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.tokens import NewToken, issue_token
from dashboard.doctor import examination_as_json, examine, told_as_text
from dashboard.rights import ADMINISTRATOR, COUNTY_APPROVER
from dashboard.workspace import open_existing
from data.audit import Actor
from tests.bench.figures import at_percent, note
from tests.bench.serving import Server, demonstration, running
from tests.bench.sessions import PEOPLE, open_tabs, person
from tests.bench.tabs import PATIENCE
from tests.builders import NUMBER

SAMPLE_SECONDS = 2.0
# A round that is open in the demonstration, and an indicator that takes a numerator and a denominator.
ROUND, INDICATOR_NO = "2021-12", 4
OPEN_UNITS = ("ruoqiang", "yanqi", "hejing", "bohu")     # those whose report of the round is not closed


@dataclass(frozen=True)
class Crowd:
    """How many are at work, for how many seconds, and how many seconds lie between what each of them does."""

    readers: int
    writers: int
    seconds: float
    read_every: float = 20.0
    write_every: float = 60.0


@dataclass
class Seen:
    """What readers and writers were told: seconds, receipts by their number, the server's memory, what went wrong."""

    receipts: dict[int, str] = field(default_factory=dict)
    clicks: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    sizes: list[tuple[float, int]] = field(default_factory=list)     # seconds from the start, KiB
    refused: int = 0
    errors: list[str] = field(default_factory=list)


def give_tokens(folder: Path) -> dict[str, str]:
    """An account and a token for a program of each unit; the secrets by unit."""
    workspace = open_existing(folder)
    store, at = workspace.store, workspace.settings.now()
    installer, secrets = Actor("安装人员", ADMINISTRATOR), {}
    for unit in OPEN_UNITS:
        account_id = f"program.{unit}"
        add_account(store, installer, at, NewAccount(account_id, f"程序 {unit}", COUNTY_APPROVER, unit))
        issued = issue_token(store, installer, at, NewToken("导入", account_id, ("actuals",), 30))
        secrets[unit] = issued.secret
    store.close()
    return secrets


async def write(address: str, unit: str, secret: str, seed: int, until: float, every: float, seen: Seen) -> None:
    """Import one value after another until the time is over."""
    dice = random.Random(seed)
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE, trust_env=False) as client:
        while True:
            await asyncio.sleep(dice.uniform(0.5, 1.5) * every)
            if time.perf_counter() >= until:
                return
            row = {
                "document_number": NUMBER, "round_id": ROUND, "recipient": unit, "indicator_no": INDICATOR_NO,
                "numerator": dice.randint(1, 9999), "denominator": 10_000, "deviation_reason": "核减",
                "improvement_measure": "补录",
            }
            begun = time.perf_counter()
            try:
                answer = await client.post("/api/v1/actuals", json={"rows": [row]})
            except httpx.HTTPError as error:
                seen.errors.append(f"{type(error).__name__}: {error}")
                continue
            seen.writes.append(time.perf_counter() - begun)
            _take(answer, seen)


def _take(answer: httpx.Response, seen: Seen) -> None:
    if answer.status_code != 200:
        seen.errors.append(f"{answer.status_code} {answer.text[:200]}")
        return
    receipt = answer.json()["receipt"]
    if receipt is None:
        seen.refused += 1
    else:
        seen.receipts[receipt["entry_no"]] = receipt["entry_hash"]


async def watch(server: Server, until: float, sizes: list[tuple[float, int]]) -> None:
    """Note the server's memory every few seconds."""
    begun = time.perf_counter()
    while time.perf_counter() < until:
        sizes.append((time.perf_counter() - begun, server.resident_kib()))
        await asyncio.sleep(SAMPLE_SECONDS)


async def at_work(server: Server, tokens: dict[str, str], crowd: Crowd, seen: Seen) -> None:
    """Let the crowd work, once all its pages are open."""
    tabs = await open_tabs([server], PEOPLE[:crowd.readers], crowd.readers)
    note("所有网页都已打开")
    until = time.perf_counter() + crowd.seconds
    done = await asyncio.gather(
        watch(server, until, seen.sizes),
        *(
            person(tab, pages, number, until, seen.clicks, crowd.read_every)
            for number, (tab, pages) in enumerate(tabs)
        ),
        *(
            write(server.address, unit, tokens[unit], number, until, crowd.write_every, seen)
            for number, unit in enumerate(islice(cycle(tokens), crowd.writers))
        ),
        return_exceptions=True,
    )
    closed = await asyncio.gather(*(tab.close() for tab, _ in tabs), return_exceptions=True)
    seen.errors += [f"{type(fault).__name__}: {fault}" for fault in (*done, *closed) if fault is not None]


def slope_kib_per_minute(sizes: list[tuple[float, int]]) -> float:
    """How fast the memory grows in the second half, when every board has been made once.

    >>> slope_kib_per_minute([(0, 10), (60, 500), (120, 502), (180, 504), (240, 506)])
    2.0
    """
    later = sizes[len(sizes) // 2:]
    found = statistics.linear_regression([seconds for seconds, _ in later], [size for _, size in later])
    return round(found.slope * 60, 1)


def load(workspace: Path, crowd: Crowd) -> dict[str, Any]:
    """Run the load on a copy of a demonstration and prove the store afterwards; the figures.

    Raises: AssertionError if a receipt is not in the log or the doctor finds something.
    """
    with tempfile.TemporaryDirectory(prefix="wenxiao-load-") as temporary:
        folder = Path(shutil.copytree(workspace, Path(temporary) / "workspace"))
        tokens = give_tokens(folder)
        seen = Seen()
        with running(folder) as server:
            asyncio.run(at_work(server, tokens, crowd, seen))
        opened = open_existing(folder)
        with opened.store.reading() as cursor:
            log = {
                row["entry_no"]: row["entry_hash"]
                for row in cursor.rows("SELECT entry_no, entry_hash FROM audit_log")
            }
        found = examine(opened)
        opened.store.close()
    lost = [number for number, held in seen.receipts.items() if log.get(number) != held]
    assert not lost, f"receipts that are not in the log: {lost}"
    assert not found.fault_count, told_as_text(examination_as_json(found))
    return {
        **asdict(crowd), "clicks": len(seen.clicks),
        "writes": len(seen.receipts), "refused": seen.refused, "lost": len(lost),
        "errors": seen.errors,
        **{f"read_p{percent}_ms": round(at_percent(seen.clicks, percent) * 1000) for percent in (50, 95, 99)},
        **{f"write_p{percent}_ms": round(at_percent(seen.writes, percent) * 1000) for percent in (50, 95, 99)},
        "resident_mib": seen.sizes[-1][1] >> 10, "slope_kib_per_minute": slope_kib_per_minute(seen.sizes),
    }


def main(arguments: list[str]) -> None:
    """Run the load that is asked for, and print its figures as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=600.0)
    asked = parser.parse_args(arguments)
    crowd = Crowd(asked.readers, asked.writers, asked.seconds)
    note(f"{crowd.readers} 人在看，{crowd.writers} 个程序在写，{crowd.seconds:.0f} 秒")
    figures = load(demonstration(), crowd)
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
