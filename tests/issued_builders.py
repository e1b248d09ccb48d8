"""What the tests of papers start from: the demonstration as facts, and documents read back as words and numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

import docx
import openpyxl
from builders import NUMBER, OFFICER, REGION, ROUND, demo_store
from docx.table import Table
from docx.text.paragraph import Paragraph

from dashboard.actions.issued_papers import Desk
from dashboard.papers.catalogue import Order
from dashboard.papers.facts import Facts
from dashboard.workspace import Settings
from data.store import Store
from metrics.boards.definition import Scope

DAY = date(2021, 12, 28)
AT = datetime(2021, 12, 28, 17)
DEMONSTRATION = Settings("巴州财政局", REGION, DAY)
OWN = Settings("巴州财政局", REGION, None)
SCOPE = Scope(NUMBER, ROUND, DAY)
DESK = Desk(DEMONSTRATION)


def order(paper: str, recipient_id: str = "", **changes: Any) -> Order:
    """An order of a paper on the December round of the demonstration."""
    return Order(**{
        "paper": paper, "document_number": NUMBER, "round_id": ROUND, "as_of_on": DAY, "recipient_id": recipient_id,
        **changes,
    })


@cache
def facts() -> Facts:
    """The demonstration's boards on its last day, each read once for all tests."""
    return Facts(demo_store(), SCOPE, DEMONSTRATION, OFFICER)


def facts_of(store: Store, *, round_id: str = "", day: date = DAY, settings: Settings = OWN) -> Facts:
    """The boards of another store."""
    return Facts(store, Scope(NUMBER, round_id, day), settings, OFFICER)


def opened(content: bytes) -> Any:
    """A Word document."""
    return docx.Document(io.BytesIO(content))


def pieces(content: bytes) -> Iterator[Paragraph | Table]:
    """The paragraphs and tables of a document in their order."""
    yield from opened(content).iter_inner_content()


def grid(table: Table) -> list[list[str]]:
    """The words of a table's cells as they stand in the file: one that covers several places stands once."""
    return [
        ["\n".join(Paragraph(p, table).text for p in cell.p_lst) for cell in row._tr.tc_lst if not _goes_on(cell)]
        for row in table.rows
    ]


def _goes_on(cell: Any) -> bool:
    return cell.vMerge == "continue"


def all_words(content: bytes) -> str:
    """Every word of a document but its headers and footers, tables too."""
    out = []
    for piece in pieces(content):
        out += ["\n".join(map("\t".join, grid(piece)))] if isinstance(piece, Table) else [piece.text]
    return "\n".join(out)


def sheets(content: bytes) -> Any:
    """A workbook."""
    return openpyxl.load_workbook(io.BytesIO(content))
