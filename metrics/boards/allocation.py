"""资金分配: who got how much, what moved, and the proof that it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from data.checks import Identity, prove
from data.store import Store, sql_text
from metrics import law
from metrics.boards.definition import board


@dataclass(frozen=True)
class Flow:
    """What an adjustment moved: who gave, who got, and what came from outside; 元, signed."""

    given: tuple[tuple[str, Decimal], ...]
    got: tuple[tuple[str, Decimal], ...]
    unchanged: tuple[str, ...]

    @property
    def net_yuan(self) -> Decimal:
        """What the adjustment adds up to: money that came in from above, negative if it went back."""
        return sum((amount for _, amount in (*self.given, *self.got)), Decimal(0))


@board(
    page="资金分配",
    title="各单位资金",
    asks="每个单位调整前多少、调了多少、调整后多少",
    formula="逐单位把各来源文件的金额相加；调整前＋调整数＝调整后由核对规则 A01 证明。",
    sources=(law.ASK_FOR_EFFECT_SOURCE,),
)
def units(store: Store, document_number: str) -> pd.DataFrame:
    """Each unit's money over all source documents.

    Shape:  one row per recipient, in printed order.
    Unit:   元.
    Empty:  before and adjustment are empty where the notice hands money down without adjusting.
    """
    return store.query("allocation_units", document_number=document_number)


@dataclass(frozen=True)
class Totals:
    """What all units got together; 元. Before and adjustment are None where the notice does not adjust."""

    unit_count: int
    before_yuan: Decimal | None
    adjustment_yuan: Decimal | None
    after_yuan: Decimal | None


@board(
    page="资金分配",
    title="全部单位合计",
    asks="全部单位调整前、调整数、调整后各是多少",
    formula="各单位各来源文件的金额相加，按分精确计算。",
)
def totals(store: Store, document_number: str) -> Totals:
    """The sums over all units, added on decimals."""
    with store.reading() as cursor:
        row = cursor.rows(sql_text("data", "queries/allocation_totals"), {"document_number": document_number})[0]
    return Totals(**row)


@board(
    page="资金分配",
    title="按来源文件",
    asks="每个单位的钱来自哪些文件",
    formula="文件表头所列的每个来源文件一行：调整前、调整数、调整后。",
)
def sources(store: Store, document_number: str) -> pd.DataFrame:
    """Each unit's money per source document.

    Shape:  one row per recipient and source document, in printed order.
    Unit:   元.
    """
    return store.query("allocation_lines", document_number=document_number)


@board(
    page="资金分配",
    title="调整去向",
    asks="谁调减、谁调增，差额从哪里来",
    formula="调整数为负的单位是调出，为正的是调入；两者之和是上级净增（或净收回）的资金。",
)
def flow(store: Store, document_number: str) -> Flow:
    """Who gave and who got in the adjustment, largest first.

    Empty: both sides are empty where the notice adjusts nothing.
    """
    with store.reading() as cursor:
        rows = cursor.rows(
            sql_text("data", "queries/allocation_units"), {"document_number": document_number}
        )
    moved = [(row["recipient_name"], row["adjustment_yuan"]) for row in rows if row["adjustment_yuan"]]
    return Flow(
        given=tuple(sorted(((n, a) for n, a in moved if a < 0), key=lambda pair: pair[1])),
        got=tuple(sorted(((n, a) for n, a in moved if a > 0), key=lambda pair: -pair[1])),
        unchanged=tuple(row["recipient_name"] for row in rows if row["adjustment_yuan"] == 0),
    )


@board(
    page="资金分配",
    title="合计核对",
    asks="文件上的每一个合计是不是真的等于各分项之和",
    formula="每条核对规则（A01 至 A08）各算一次，列出所印数、计算数与是否相符。",
)
def proof(store: Store, document_number: str) -> list[Identity]:
    """Every sum that the paper states, beside what its parts add up to."""
    with store.reading() as cursor:
        return prove(cursor, document_number)


@board(
    page="资金分配",
    title="与前一文件相比",
    asks="这份文件比它所调整的文件，每个单位变了多少",
    formula="本文件列明的每个来源文件，其已发布金额与本文件所印调整前金额逐单位相减。",
)
def change_against_earlier(store: Store, document_number: str) -> pd.DataFrame:
    """What an amended notice's own table says per unit, beside what this notice says it said.

    Shape:  one row per recipient and source document that is itself published here.
    Unit:   元.
    Empty:  no rows where none of the source documents is published here.
    """
    return store.query("change_against_earlier", document_number=document_number)
