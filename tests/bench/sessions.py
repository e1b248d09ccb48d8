"""People at work at the same time: each opens pages and clicks, with three seconds to think, on one process or two.

Nobody's browser is part of it: what is measured is how long the server takes until a page is whole at the other end
of its websocket, and what it keeps in memory for each open page.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext

from tests.bench.figures import at_percent, hand_over, note
from tests.bench.serving import Server, replica_of, served
from tests.bench.tabs import Tab

THINK_SECONDS = 3.0
PARTS = 5
# Who is there: mostly county staff, as in a week of reports; each goes through these pages in turn.
PEOPLE = (
    *((f"{unit}-1", ("reporting", "deviation", "timeliness", "unit", "inquiries", "help")) for unit in (
        "kuerle", "luntai", "yuli", "ruoqiang", "qiemo", "yanqi", "hejing", "heshuo", "bohu",
    )),
    ("juzhang", ("overview", "region", "money", "accountability", "deviation", "unit")),
    ("shebaoke", ("overview", "checking", "timeliness", "money", "reconciliation", "findings")),
    ("shenjiju", ("overview", "basis", "deviation", "allocation", "payout", "help")),
)

Who = tuple[str, tuple[str, ...]]
FEW: tuple[Who, ...] = (("luntai-1", ("help", "reporting")), ("juzhang", ("allocation", "region")))


async def person(
    tab: Tab, pages: tuple[str, ...], seed: int, until: float, taken: list[float], think_seconds: float = THINK_SECONDS
) -> None:
    """Click until the time is over: another page, or another round of the same."""
    dice = random.Random(seed)
    await asyncio.sleep(dice.uniform(0, think_seconds))
    while time.perf_counter() < until:
        rounds = tab.selects.get("scope_round", ("", []))[1]
        if rounds and dice.random() < 0.5:
            seconds = await tab.choose("scope_round", dice.randrange(len(rounds)))
        else:
            seconds = await tab.go(dice.choice(pages))
        taken.append(seconds)
        await asyncio.sleep(dice.uniform(0.5, 1.5) * think_seconds)


async def at_work(
    servers: Sequence[Server], people: Sequence[Who], count: int, seconds: float
) -> list[float]:
    """So many people at work for so long: how long each click took.

    The first server is the main one, where all sign in; the people are spread over it and its replicas.
    """
    tabs = await open_tabs(servers, people, count)
    taken: list[float] = []
    used, begun = sum(server.processor_seconds() for server in servers), time.perf_counter()
    await asyncio.gather(*(
        person(tab, pages, number, begun + seconds, taken) for number, (tab, pages) in enumerate(tabs)
    ))
    busy = (sum(server.processor_seconds() for server in servers) - used) / (time.perf_counter() - begun)
    note(
        f"{count} 人：{len(taken)} 次，p50 {statistics.median(taken) * 1000:.0f}，"
        f"p95 {at_percent(taken, 95) * 1000:.0f}，"
        f"p99 {at_percent(taken, 99) * 1000:.0f} 毫秒，占 {busy:.2f} 核"
    )
    for tab, _ in tabs:
        await tab.close()
    return taken


async def open_tabs(
    servers: Sequence[Server], people: Sequence[Who], count: int
) -> list[tuple[Tab, tuple[str, ...]]]:
    """So many open pages on warm servers, spread over the people and the servers, each with what its person opens."""
    secrets = {account: servers[0].sign_in(account) for account, _ in people}
    for server in servers:
        await warm(server, people, secrets)
    tabs = []
    for number in range(count):
        account, pages = people[number % len(people)]
        tab = await Tab.connected(servers[number % len(servers)], secrets[account])
        await tab.open(pages[0])
        tabs.append((tab, pages))
    return tabs


async def kib_of_a_page(server: Server, people: Sequence[Who], count: int) -> float:
    """What an open page adds to the server's memory, in KiB: the slope over so many, opened in five parts.

    Not the difference of two moments: what the boards of the day and the allocator keep would be counted too.
    """
    secrets = {account: server.sign_in(account) for account, _ in people}
    await warm(server, people, secrets)
    tabs, sizes = [], []
    for number in range(count):
        account, pages = people[number % len(people)]
        tab = await Tab.connected(server, secrets[account])
        await tab.open(pages[0])
        tabs.append(tab)
        if len(tabs) % (count // PARTS) == 0:
            sizes.append((len(tabs), server.resident_kib()))
    for tab in tabs:
        await tab.close()
    slope = statistics.linear_regression([number for number, _ in sizes], [size for _, size in sizes]).slope
    note(f"{sizes}：每页 {slope:.0f} KiB")
    return slope


async def warm(server: Server, people: Sequence[Who], secrets: dict[str, str]) -> None:
    """Open every page in every round once: the boards are what they will be for the rest of the day."""
    for account, pages in people:
        tab = await Tab.connected(server, secrets[account])
        for page in pages:
            await tab.open(page)
            for place in range(len(tab.selects.get("scope_round", ("", []))[1])):
                await tab.choose("scope_round", place)
        await tab.close()


def main() -> None:
    """Measure 100 and 200 people, each on a server of its own, and 200 with a replica beside it."""
    is_small = "--small" in sys.argv
    people, seconds, share = (FEW, 10, 10) if is_small else (PEOPLE, 60, 1)
    figures: dict[str, float] = {}
    details: dict[str, object] = {}
    for count, has_replica in ((100, False), (200, False), (200, True)):
        with served() as main_server, replica_of(main_server) if has_replica else nullcontext() as replica:
            servers = [main_server, replica] if replica else [main_server]
            taken = asyncio.run(at_work(servers, people, count // share, seconds))
        key = f"{count}_replica" if has_replica else f"{count}"
        figures[f"p95_ms_{key}"] = round(at_percent(taken, 95) * 1000, 1)
        details[key] = {
            "clicks": len(taken),
            **{f"p{percent}_ms": round(at_percent(taken, percent) * 1000, 1) for percent in (50, 95, 99)},
        }
    with served() as server:
        figures["kib_per_session"] = round(asyncio.run(kib_of_a_page(server, people, 200 // share)))
    hand_over(figures, details)


if __name__ == "__main__":
    main()
