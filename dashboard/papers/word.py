"""A paper as a Word document in the official layout, after the bureau's own red head where there is one."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Pt

from dashboard.papers.content import (
    LANDSCAPE_MM,
    PORTRAIT_MM,
    Block,
    Cell,
    Heading,
    NewPage,
    Paper,
    Paragraph,
    Table,
    printable,
)
from dashboard.papers.fixed_bytes import fixed_zip
from dashboard.papers.page_layout import (
    BODY_FONT,
    BODY_PT,
    HEADING_FONT,
    LINE_PT,
    SUBHEADING_FONT,
    TITLE_FONT,
    element,
    mark_pages,
    set_font,
    set_page,
    stand_closer,
)

AUTHOR = "问效"
_TWIPS_PER_MM = 1440 / 25.4
_SIGN = BODY_PT * 20      # one sign of the body, in twips
_NOTE_PT, _IMPRINT_PT = 10.5, 14
_THICK, _THIN = 8, 6      # rules of the imprint, in 1/8 pt


def write_word(paper: Paper, head: bytes = b"") -> bytes:
    """The document; ``head`` is the bureau's own red head, already filled in, that the paper is put under.

    The same paper always gives the same bytes.
    """
    document = Document(io.BytesIO(head) if head else None)
    _set_properties(document, paper)
    style = document.styles["Normal"]
    style.font.size = Pt(BODY_PT)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{attribute}"), BODY_FONT)
    if not head:
        set_page(document.sections[0], is_landscape=paper.is_landscape)
    mark_pages(document, document.sections[0], paper.header)
    writer = _Writer(document, is_landscape=paper.is_landscape)
    if paper.is_official and paper.is_numbered and not head:
        writer.plain_head(paper)
    writer.title(paper)
    if paper.addressees:
        writer.paragraph(f"{paper.addressees}：", is_indented=False)
    writer.blocks(paper.blocks)
    if paper.annexes:
        writer.annex_list(paper.annexes)
    if paper.is_official:
        writer.signature(paper)
        if paper.is_numbered:
            writer.imprint(paper)
    writer.blocks(paper.annex_blocks)
    writer.end()
    buffer = io.BytesIO()
    document.save(buffer)
    return fixed_zip(buffer.getvalue())


def _set_properties(document: DocumentType, paper: Paper) -> None:
    moment = datetime.combine(paper.as_of_on, time())
    properties = document.core_properties
    properties.author = properties.last_modified_by = AUTHOR
    properties.title, properties.comments, properties.keywords = printable(paper.title)[:255], "", ""
    properties.created = properties.modified = moment
    properties.revision = 1


class _Writer:
    """Puts blocks at the end of a document, one after the other."""

    def __init__(self, document: DocumentType, *, is_landscape: bool) -> None:
        self._document = document
        self._is_landscape = is_landscape
        # A new document begins with an empty paragraph where its template has one; ours has none.
        self._body = document.element.body

    def blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Heading):
                font = HEADING_FONT if block.level == 1 else SUBHEADING_FONT
                self.paragraph(block.text, font=font, keeps_next=True)
            elif isinstance(block, Paragraph):
                self._styled(block)
            elif isinstance(block, Table):
                self.table(block)
            else:
                self.new_page(block)

    def _styled(self, block: Paragraph) -> None:
        if block.style == "note":
            self.paragraph(block.text, points=_NOTE_PT, is_indented=False, line_pt=16)
        elif block.style == "annex":
            self.paragraph(block.text, font=HEADING_FONT, is_indented=False, keeps_next=True)
        elif block.style == "title":
            self.paragraph(block.text, font=TITLE_FONT, points=22, align="center", line_pt=34, keeps_next=True)
        elif block.style == "centre":
            self.paragraph(block.text, align="center", keeps_next=True)
        else:
            self.paragraph(block.text, filled=block.filled)

    def paragraph(
        self, text: str, *, font: str = BODY_FONT, points: float = BODY_PT, align: str = "both",
        is_indented: bool = True, line_pt: float = LINE_PT, keeps_next: bool = False, filled: str = "",
        right_signs: float = 0, before_pt: float = 0,
    ) -> Any:
        """One paragraph; the indent is said in signs and in twips, for programs that know only one of them."""
        made = self._document.add_paragraph()
        properties = made._element.get_or_add_pPr()
        if keeps_next:
            properties.append(element("w:keepNext"))
        if line_pt != LINE_PT:
            properties.append(element("w:snapToGrid", val=0))
        spacing = {"before": round(before_pt * 20), "after": 0, "line": round(line_pt * 20), "lineRule": "exact"}
        properties.append(element("w:spacing", **spacing))
        if is_indented and align == "both":
            properties.append(element("w:ind", firstLineChars=200, firstLine=round(points * 40)))
        elif right_signs:
            properties.append(element("w:ind", rightChars=round(right_signs * 100), right=round(right_signs * _SIGN)))
        properties.append(element("w:jc", val=align))
        before, mark, after = text.partition(filled) if filled else (text, "", "")
        for words, is_filled in ((before, False), (mark, True), (after, False)):
            if words:
                run = made.add_run(printable(words))
                set_font(run, font, points)
                run.font.underline = is_filled or None
                if points == BODY_PT:
                    stand_closer(run)
        return made

    def plain_head(self, paper: Paper) -> None:
        """Where the bureau has no red head of its own: a place for the number, and nothing that looks like one."""
        number = paper.own_number or f"　　　〔{paper.as_of_on.year}〕　　号"
        self.paragraph(number, align="center", is_indented=False)
        self.paragraph("", is_indented=False)

    def title(self, paper: Paper) -> None:
        size, line = (22, 34) if paper.is_official else (20, 32)
        self.paragraph(paper.title, font=TITLE_FONT, points=size, align="center", line_pt=line, keeps_next=True)
        if paper.subtitle:
            self.paragraph(paper.subtitle, font=SUBHEADING_FONT, points=14, align="center", line_pt=22, keeps_next=True)
        if paper.is_official:
            self.paragraph("", is_indented=False)

    def annex_list(self, annexes: tuple[str, ...]) -> None:
        self.paragraph("", is_indented=False)
        if len(annexes) == 1:
            self.paragraph(f"附件：{annexes[0]}")
            return
        for number, name in enumerate(annexes, start=1):
            self.paragraph(f"附件：{number}.{name}" if number == 1 else f"　　　{number}.{name}")

    def signature(self, paper: Paper) -> None:
        """Who signs, above the day, whose place ends four signs from the margin."""
        day = paper.dated_words or f"{paper.as_of_on.year}年　月　日"
        self.paragraph("", is_indented=False, keeps_next=True)
        self.paragraph("", is_indented=False, keeps_next=True)
        middle = max(0.0, 4 + (_width(day) - _width(paper.sender)) / 2)
        self.paragraph(paper.sender, align="right", is_indented=False, right_signs=middle, keeps_next=True)
        self.paragraph(day, align="right", is_indented=False, right_signs=4)

    def imprint(self, paper: Paper) -> None:
        """版记: copied to, printed by and when, between rules."""
        self.paragraph("", is_indented=False)
        year = paper.as_of_on.year
        printed = paper.printed_words or f"{year}年　月　日印发"
        width = LANDSCAPE_MM if self._is_landscape else PORTRAIT_MM
        lines = [(f"抄送：{paper.copied_to}。", "")] if paper.copied_to else []
        lines.append((paper.sender, printed))
        table = element("w:tbl")
        properties = element("w:tblPr")
        properties.append(element("w:tblW", w=round(width * _TWIPS_PER_MM), type="dxa"))
        borders = element("w:tblBorders")
        for side, size in (("top", _THICK), ("bottom", _THICK), ("insideH", _THIN)):
            borders.append(element(f"w:{side}", val="single", sz=size, space=0, color="000000"))
        properties.append(borders)
        properties.append(element("w:tblLayout", type="fixed"))
        table.append(properties)
        table.append(_grid((width - 65, 65)))
        for left, right in lines:
            row = element("w:tr")
            row.append(_row_properties())
            cells = [(left, 2, "left")] if not right else [(left, 1, "left"), (right, 1, "right")]
            for text, across, align in cells:
                cell = element("w:tc")
                share = width if across == 2 else 65 if align == "right" else width - 65
                cell.append(_cell_properties(share, across, ""))
                cell.append(self._cell_paragraph(text, BODY_FONT, _IMPRINT_PT, align, indent=280))
                row.append(cell)
            table.append(row)
        self._add(table)

    def table(self, table: Table) -> None:
        """A table with its name and unit above it; its head rows stand again on every page."""
        if table.is_titled:
            self.paragraph(table.name, font=HEADING_FONT, points=14, align="center", line_pt=26, keeps_next=True)
        if table.unit_words:
            self.paragraph(
                table.unit_words, points=_NOTE_PT, align="right", is_indented=False, line_pt=18, keeps_next=True
            )
        made = element("w:tbl")
        properties = element("w:tblPr")
        properties.append(element("w:tblW", w=round(sum(table.widths_mm) * _TWIPS_PER_MM), type="dxa"))
        properties.append(element("w:jc", val="center"))
        borders = element("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(element(f"w:{side}", val="single", sz=4, space=0, color="000000"))
        properties.append(borders)
        properties.append(element("w:tblLayout", type="fixed"))
        margins = element("w:tblCellMar")
        for side in ("left", "right"):
            margins.append(element(f"w:{side}", w=57, type="dxa"))
        properties.append(margins)
        made.append(properties)
        made.append(_grid(table.widths_mm))
        for row in self._rows(table):
            made.append(row)
        self._add(made)
        # Two tables without a paragraph between them would be one.
        self.paragraph("", points=2, is_indented=False, line_pt=4)

    def _rows(self, table: Table) -> Iterable[Any]:
        places = {(row_no, column_no): cell for row_no, column_no, cell in table.placed()}
        below = {
            (row_no + step, column_no): cell
            for (row_no, column_no), cell in places.items() for step in range(1, cell.down)
        }
        for row_no in range(len(table.rows)):
            row = element("w:tr")
            row.append(_row_properties(is_head=row_no < table.head_count))
            column_no = 0
            while column_no < len(table.widths_mm):
                cell = places.get((row_no, column_no)) or below[row_no, column_no]
                width = sum(table.widths_mm[column_no:column_no + cell.across])
                is_first = (row_no, column_no) in places
                merge = ("restart" if is_first else "continue") if cell.down > 1 else ""
                made = element("w:tc")
                made.append(_cell_properties(width, cell.across, merge))
                for words in (cell.text.split("\n") if is_first else [""]):
                    made.append(self._table_words(
                        words, cell, table.points, keeps_next=row_no == len(table.rows) - 2,
                    ))
                row.append(made)
                column_no += cell.across
            yield row

    def _table_words(self, words: str, cell: Cell, points: float, *, keeps_next: bool) -> Any:
        """A line of a cell; the last row of a table never stands alone on a page."""
        font = HEADING_FONT if cell.is_head else BODY_FONT
        align = "left" if cell.is_left else "center"
        return self._cell_paragraph(words, font, points, align, keeps_next=keeps_next)

    def _cell_paragraph(
        self, text: str, font: str, points: float, align: str, indent: int = 0, *, keeps_next: bool = False
    ) -> Any:
        """A paragraph for a cell: off the grid of the page, lines as high as their words."""
        made = self._document.add_paragraph()
        properties = made._element.get_or_add_pPr()
        if keeps_next:
            properties.append(element("w:keepNext"))
        properties.append(element("w:snapToGrid", val=0))
        properties.append(element("w:spacing", before=20, after=20, line=240, lineRule="auto"))
        if indent:
            side = "left" if align == "left" else "right"
            properties.append(element("w:ind", **{f"{side}Chars": 100, side: indent}))
        properties.append(element("w:jc", val=align))
        if text:
            set_font(made.add_run(printable(text)), font, points)
        else:
            marks = element("w:rPr")
            marks.append(element("w:sz", val=round(points * 2)))
            properties.append(marks)
        self._body.remove(made._element)
        return made._element

    def new_page(self, page: NewPage) -> None:
        section = self._document.add_section(WD_SECTION.NEW_PAGE)
        set_page(section, is_landscape=page.is_landscape)
        self._is_landscape = page.is_landscape

    def _add(self, made: Any) -> None:
        self._body.insert(list(self._body).index(self._body.sectPr), made)

    def end(self) -> None:
        """A document may not end with a table: the last paragraph is as small as can be."""
        if self._body.sectPr.getprevious().tag == qn("w:tbl"):
            self.paragraph("", points=1, is_indented=False, line_pt=1)


def _grid(widths_mm: Iterable[float]) -> Any:
    grid = element("w:tblGrid")
    for width in widths_mm:
        grid.append(element("w:gridCol", w=round(width * _TWIPS_PER_MM)))
    return grid


def _row_properties(*, is_head: bool = False) -> Any:
    properties = element("w:trPr")
    properties.append(element("w:cantSplit"))
    if is_head:
        properties.append(element("w:tblHeader"))
    return properties


def _cell_properties(width_mm: float, across: int, merge: str) -> Any:
    properties = element("w:tcPr")
    properties.append(element("w:tcW", w=round(width_mm * _TWIPS_PER_MM), type="dxa"))
    if across > 1:
        properties.append(element("w:gridSpan", val=across))
    if merge:
        properties.append(element("w:vMerge", val=merge))
    properties.append(element("w:vAlign", val="center"))
    return properties


def _width(words: str) -> float:
    """How wide words are, in signs: a digit takes half of one."""
    return sum(0.5 if sign.isascii() else 1 for sign in words)


