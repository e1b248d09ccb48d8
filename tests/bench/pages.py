"""What a rerun of every page costs the server's processor, warm: one tab, one page at a time.

Wall time would measure who else is busy; the process's own clock does not.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import Collection

from dashboard.menu import ENTRIES
from dashboard.rights import NOTHING, reach
from tests.bench.browser import first_visits
from tests.bench.figures import hand_over, note
from tests.bench.serving import Server, served
from tests.bench.tabs import Tab

ROLES = {
    "leader": "juzhang", "prefecture_officer": "shebaoke", "reviewer": "jixiaoke", "county_reporter": "luntai-1",
    "county_approver": "luntai-2", "administrator": "xinxike", "auditor": "shenjiju",
}
SETTLED = 0.02     # seconds after the last message in which the script's thread ends


async def page_cost(server: Server, secret: str, page: str, times: int) -> list[float]:
    """The milliseconds of the server's processor for each rerun of one page, warm."""
    tab = await Tab.connected(server, secret)
    await tab.open(page)
    for _ in range(3):
        await tab.rerun()
    costs = []
    for _ in range(times):
        await asyncio.sleep(SETTLED)
        before = server.processor_seconds()
        await tab.rerun()
        await asyncio.sleep(SETTLED)
        costs.append((server.processor_seconds() - before) * 1000)
    await tab.close()
    return costs


async def measured(server: Server, roles: Collection[str], times: int) -> dict[str, dict[str, float]]:
    """The median of every page for every role that has it."""
    found: dict[str, dict[str, float]] = {}
    for role in roles:
        secret = server.sign_in(ROLES[role])
        for entry in ENTRIES:
            if reach(role, "page", entry.name) != NOTHING:
                costs = await page_cost(server, secret, entry.name, times)
                found.setdefault(entry.name, {})[role] = round(statistics.median(costs), 1)
        note(f"{role} 量完")
    return found


def main() -> None:
    """Measure and hand over; a small run measures the role with the most pages and the administrator only."""
    is_small = "--small" in sys.argv
    with served() as server:
        roles = ("prefecture_officer", "administrator") if is_small else tuple(ROLES)
        found = asyncio.run(measured(server, roles, 3 if is_small else 15))
        _, _, loaded = first_visits(server, 1)
    worst = {page: max(each.values()) for page, each in found.items()}
    for page, value in sorted(worst.items(), key=lambda pair: -pair[1]):
        note(f"{page:16}{value:6.1f} {found[page]}")
    hand_over(
        {"worst_p50_ms": max(worst.values()), "page_count": len(found), "first_load_kib": round(loaded)},
        {"milliseconds": found},
    )


if __name__ == "__main__":
    main()
