"""Many people read while some write, for minutes: no error, no lost write, no memory that only grows.

    python -m tests.faults.loading [--readers 200] [--writers 20] [--seconds 600]

Readers are open pages that click with three seconds to think (``tests.bench.sessions``); writers are programs of the
units whose report is open, which import a value every few seconds by the REST door. Afterwards every receipt is looked
for in the log, and the doctor examines the store.
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
import threading
import time
from dataclasses import dataclass, field
from itertools import cycle
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
from tests.bench.sessions import PEOPLE, THINK_SECONDS, person, warm
from tests.bench.tabs import Tab
from tests.builders import NUMBER

SAMPLE_SECONDS = 5.0
# A round that is open in the demonstration, and an indicator that takes a numerator and a denominator.
ROUND, INDICATOR_NO = "2021-12", 4
OPEN_UNITS = ("ruoqiang", "yanqi", "hejing", "bohu")     # those whose report of the round is not closed
PATIENCE = 60.0


@dataclass
class Written:
    """What the writers were told: receipts by their number, how long each write took, and what went wrong."""

    receipts: dict[int, str] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)


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


def write(address: str, unit: str, secret: str, seed: int, until: float, written: Written) -> None:
    """Import one value after another until the time is over."""
    dice = random.Random(seed)
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=address, headers=headers, timeout=PATIENCE, trust_env=False) as client:
        while time.monotonic() < until:
            time.sleep(dice.uniform(0.5, 1.5) * THINK_SECONDS)
            row = {
                "document_number": NUMBER, "round_id": ROUND, "recipient": unit, "indicator_no": INDICATOR_NO,
                "numerator": dice.randint(1, 9999), "denominator": 10_000, "deviation_reason": "核减",
                "improvement_measure": "补录",
            }
            begun = time.monotonic()
            try:
                answer = client.post("/api/v1/actuals", json={"rows": [row]})
            except httpx.HTTPError as error:
                with written.guard:
                    written.errors.append(f"{type(error).__name__}: {error}")
                continue
            with written.guard:
                written.taken.append(time.monotonic() - begun)
                _take(answer, written)


def _take(answer: httpx.Response, written: Written) -> None:
    if answer.status_code != 200:
        written.errors.append(f"{answer.status_code} {answer.text[:200]}")
        return
    receipt = answer.json()["receipt"]
    if receipt is None:
        written.refused += 1
    else:
        written.receipts[receipt["entry_no"]] = receipt["entry_hash"]


async def watch(server: Server, until: float, sizes: list[tuple[float, int]]) -> None:
    """Note the server's memory every few seconds."""
    begun = time.monotonic()
    while time.monotonic() < until:
        sizes.append((time.monotonic() - begun, server.resident_kib()))
        await asyncio.sleep(SAMPLE_SECONDS)


async def read(server: Server, readers: int, seconds: float, sizes: list[tuple[float, int]]) -> tuple[
    list[float], list[BaseException]
]:
    """So many open pages at work for so long: how long each click took, and what went wrong."""
    secrets = {account: server.sign_in(account) for account, _ in PEOPLE}
    await warm(server, PEOPLE, secrets)
    tabs = []
    for number in range(readers):
        account, pages = PEOPLE[number % len(PEOPLE)]
        tab = await Tab.connected(server, secrets[account])
        await tab.open(pages[0])
        tabs.append((tab, pages))
    taken: list[float] = []
    done = await asyncio.gather(
        watch(server, time.monotonic() + seconds, sizes),
        *(person(tab, pages, number, time.perf_counter() + seconds, taken) for number, (tab, pages) in enumerate(tabs)),
        return_exceptions=True,
    )
    for tab, _ in tabs:
        await tab.close()
    return taken, [each for each in done if isinstance(each, BaseException)]


def slope_kib_per_minute(sizes: list[tuple[float, int]]) -> float:
    """How fast the memory grows in the second half, when every board has been made once.

    >>> slope_kib_per_minute([(0, 10), (60, 500), (120, 502), (180, 504), (240, 506)])
    2.0
    """
    later = sizes[len(sizes) // 2:]
    found = statistics.linear_regression([seconds for seconds, _ in later], [size for _, size in later])
    return round(found.slope * 60, 1)


def load(workspace: Path, readers: int, writers: int, seconds: float) -> dict[str, Any]:
    """Run the load on a copy of a demonstration and prove the store afterwards; the figures.

    Raises: AssertionError if a receipt is not in the log or the doctor finds something.
    """
    with tempfile.TemporaryDirectory(prefix="wenxiao-load-") as temporary:
        folder = Path(shutil.copytree(workspace, Path(temporary) / "workspace"))
        secrets = give_tokens(folder)
        written = Written()
        sizes: list[tuple[float, int]] = []
        with running(folder) as server:
            until = time.monotonic() + seconds
            threads = [
                threading.Thread(target=write, args=(server.address, unit, secrets[unit], number, until, written))
                for number, unit in zip(range(writers), cycle(OPEN_UNITS), strict=False)
            ]
            for thread in threads:
                thread.start()
            taken, faults = asyncio.run(read(server, readers, seconds, sizes))
            for thread in threads:
                thread.join()
        opened = open_existing(folder)
        with opened.store.reading() as cursor:
            log = {
                row["entry_no"]: row["entry_hash"]
                for row in cursor.rows("SELECT entry_no, entry_hash FROM audit_log")
            }
        found = examine(opened)
        opened.store.close()
    lost = [number for number, held in written.receipts.items() if log.get(number) != held]
    assert not lost, f"receipts that are not in the log: {lost}"
    assert not found.fault_count, told_as_text(examination_as_json(found))
    return {
        "readers": readers, "writers": writers, "seconds": seconds, "clicks": len(taken),
        "writes": len(written.receipts), "refused": written.refused, "lost": len(lost),
        "errors": [*written.errors, *(f"{type(fault).__name__}: {fault}" for fault in faults)],
        **{f"read_p{percent}_ms": round(at_percent(taken, percent) * 1000) for percent in (50, 95, 99)},
        **{f"write_p{percent}_ms": round(at_percent(written.taken, percent) * 1000) for percent in (50, 95, 99)},
        "resident_mib": sizes[-1][1] >> 10, "slope_kib_per_minute": slope_kib_per_minute(sizes),
    }


def main(arguments: list[str]) -> None:
    """Run the load that is asked for, and print its figures as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=600.0)
    asked = parser.parse_args(arguments)
    note(f"{asked.readers} 人在看，{asked.writers} 个程序在写，{asked.seconds:.0f} 秒")
    figures = load(demonstration(), asked.readers, asked.writers, asked.seconds)
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
