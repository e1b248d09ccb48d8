"""What messages are made from: every board of a day computed once, and cut for each receiver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.rights import board_name, of_actor, require_board
from data.audit import Actor
from data.store import Store
from metrics.boards import papers, reporting
from metrics.boards.definition import Scope

Compute = Callable[[Callable[..., Any], tuple[Any, ...]], Any]
# A round that ended so long ago is looked at when somebody opens it, not every morning.
RECENT = timedelta(days=60)


@dataclass
class Reading:
    """What all digests of a day are made from: each board is computed once, then cut for each receiver.

    ``soon_on`` is the next working day: what is due by then is said today. ``compute`` gives a board's whole result
    where somebody keeps it already.
    """

    store: Store
    today: date
    region_code: str
    soon_on: date
    compute: Compute | None = None
    _found: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def read(self, actor: Actor, board: Callable[..., Any], *arguments: Any) -> Any:
        """A board as far as the receiver may see it.

        Raises: RefusedError as ``read_board``.
        """
        require_board(actor, board, *arguments)
        key = (board_name(board), *arguments)
        if key not in self._found:
            made = self.compute(board, arguments) if self.compute else board(self.store, *arguments)
            self._found[key] = made
        return of_actor(actor, board, arguments, self._found[key])

    def read_own(self, actor: Actor, board: Callable[..., Any], *arguments: Any, unit: str = "") -> pd.DataFrame:
        """The rows of the receiver's unit, or of ``unit``, out of a board that is computed for all units at once.

        For boards whose last argument is ``recipient_id``: one for each unit would be one query for each receiver.
        """
        table = self.read(actor, board, *arguments, "")
        return table[table["recipient_id"] == (unit or actor.recipient_id)].reset_index(drop=True)

    def scopes(self, actor: Actor) -> list[Scope]:
        """The newest round of each notice, unless it ended long ago."""
        found = []
        for number in self.read(actor, papers.notices)["document_number"]:
            rounds = self.read(actor, reporting.rounds, number)
            if len(rounds) and rounds["due_on"].iloc[0].date() >= self.today - RECENT:
                found.append(Scope(number, rounds["round_id"].iloc[0], self.today))
        return found
