"""What a paper says, before it is Word or Excel: headings, paragraphs, tables, figures as the screen shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from data.docking.person_words import HIDDEN, holds_number

DEMONSTRATION = "演示数据：填报数为模拟，不是实际结果，不得作为公文使用"
DRAFT = "草稿"
PORTRAIT_MM, LANDSCAPE_MM = 156, 225     # between the margins of an official page
NOTHING = "—"

_GAP = re.compile("（请补写：([^）]*)）")
_LONG_DIGITS = re.compile(r"\d{8,}[Xx]?")
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def gap(what: str) -> str:
    """A place where a person must write: named, never filled by the program."""
    return f"（请补写：{what}）"


def typed(words: object) -> str:
    """What a person typed, on one line, without what could be a person's number.

    >>> typed("见 652801195001018006 的\\n材料")
    '见 ※ 的 材料'
    """
    text = re.sub(r"\s*\n\s*", " ", str(words or "")).strip()
    return _LONG_DIGITS.sub(HIDDEN, text) if holds_number(text) else text


def closed(words: str) -> str:
    """Words as a sentence that ends.

    >>> closed("已完成"), closed("已完成。")
    ('已完成。', '已完成。')
    """
    return words if words.endswith(("。", "）", "！", "？")) else f"{words}。"


def printable(text: str) -> str:
    """Words without the signs that no document may hold."""
    return _NOT_PRINTABLE.sub("", text)


@dataclass(frozen=True)
class Cell:
    """One cell of a table; ``is_figure`` makes it a number in Excel where its words are one."""

    text: str
    across: int = 1
    down: int = 1
    is_figure: bool = False
    is_head: bool = False
    is_left: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is printed; a row leaves out the places that a cell above or before it covers.

    ``widths_mm`` are those of the columns; the first ``head_count`` rows stand again on every page.
    """

    name: str
    widths_mm: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head_count: int = 1
    unit_words: str = ""
    is_titled: bool = True
    points: float = 10.5

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """Every cell with its row and column, counted from 0.

        Raises: ValueError if a row does not fill the table's columns.
        """
        covered: set[tuple[int, int]] = set()
        for row_no, row in enumerate(self.rows):
            column_no = 0
            for cell in row:
                while (row_no, column_no) in covered:
                    column_no += 1
                yield row_no, column_no, cell
                covered |= {
                    (row_no + below, column_no + beside) for below in range(cell.down) for beside in range(cell.across)
                }
            if any((row_no, place) not in covered for place in range(len(self.widths_mm))):
                raise ValueError(f"{self.name}: {row_no}")


@dataclass(frozen=True)
class Heading:
    """一、 (level 1) or （一） (level 2)."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Words of the body; what stands in ``filled`` was put in by the program and is underlined.

    ``style`` is body, note (small, under a table), annex (附件1 above an annex), title or centre.
    """

    text: str
    filled: str = ""
    style: str = "body"


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page of its own, upright or across."""

    is_landscape: bool = False


Block = Heading | Paragraph | Table | NewPage


@dataclass(frozen=True)
class Paper:
    """A whole paper.

    An official one has a sender and a place for its day, and unless it only goes along with another paper a number
    and an imprint; a form has none of them.
    ``own_number`` is the number that the paper already bears: the copy of a notice has its notice's.
    """

    title: str
    blocks: tuple[Block, ...]
    file_name: str
    as_of_on: date
    is_demonstration: bool
    subtitle: str = ""
    is_official: bool = False
    is_numbered: bool = True
    is_landscape: bool = False
    is_draft: bool = True
    addressees: str = ""
    sender: str = ""
    copied_to: str = ""
    annexes: tuple[str, ...] = ()
    own_number: str = ""
    dated_words: str = ""
    printed_words: str = ""
    annex_blocks: tuple[Block, ...] = field(default=())

    @property
    def header(self) -> str:
        """What stands on top of every page."""
        words = (DRAFT if self.is_draft else "", DEMONSTRATION if self.is_demonstration else "")
        return "　　".join(filter(None, words))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in order: what a workbook takes over."""
        return tuple(block for block in (*self.blocks, *self.annex_blocks) if isinstance(block, Table))

    @property
    def gaps(self) -> tuple[str, ...]:
        """What a person still has to write, each once, in order."""
        cells = [cell.text for table in self.tables for row in table.rows for cell in row]
        blocks = (*self.blocks, *self.annex_blocks)
        words = [block.text for block in blocks if isinstance(block, Heading | Paragraph)]
        texts = (*words, *cells, self.addressees, self.sender, self.copied_to)
        return tuple(dict.fromkeys(found for text in texts for found in _GAP.findall(text)))


def safe_name(*parts: str) -> str:
    """A file's name of Chinese words that every system takes; at most 80 signs.

    >>> safe_name("通报", "巴财社〔2021〕96号", "../轮台:县")
    '通报_巴财社〔2021〕96号_轮台县'
    """
    words = "_".join(filter(None, parts))
    return re.sub(r"[^\w〔〕（）()\-]", "", words)[:80].strip("_") or "公文"
