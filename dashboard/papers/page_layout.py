"""The page of an official paper after GB/T 9704: margins, grid, page numbers, what stands on every page."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt

# The fonts that official papers ask for. They may not be shipped: where one is missing the system takes another.
BODY_FONT, TITLE_FONT, HEADING_FONT, SUBHEADING_FONT, NUMBER_FONT = (
    "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
)
BODY_PT, LINE_PT = 16, 28
# 28 signs of 16 pt are wider than 156 mm: each stands a quarter of a point closer to the next, in 1/20 pt. A grid of
# signs would say the same, but programs read it differently.
_CLOSER = -5


def element(name: str, **attributes: str | int) -> Any:
    """An XML element of WordprocessingML: ``element("w:jc", val="both")``."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def set_font(run: Any, font: str, points: float, *, is_bold: bool = False) -> None:
    """The font of a run, by its name for Chinese signs too."""
    run.font.size, run.font.bold = Pt(points), is_bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{attribute}"), font)


def stand_closer(run: Any) -> None:
    """Let 28 signs of the body stand in a line."""
    properties = run._element.get_or_add_rPr()
    spacing = element("w:spacing", val=_CLOSER)
    size = properties.find(qn("w:sz"))
    properties.insert(list(properties).index(size), spacing)


def set_page(section: Section, *, is_landscape: bool) -> None:
    """A4 with the margins 37, 35, 28, 26 mm; a page across has them turned with the paper."""
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    width, height = (Mm(297), Mm(210)) if is_landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    # Turned to the left: what was on top is on the left.
    top, bottom, left, right = (26, 28, 37, 35) if is_landscape else (37, 35, 28, 26)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(16 if is_landscape else 23)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("w:docGrid", type="lines", linePitch=LINE_PT * 20))


def mark_pages(document: Document, section: Section, header: str) -> None:
    """「— 1 —」 outside on every page, and the words that no page may lack on top of it."""
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        properties = paragraph._element.get_or_add_pPr()
        properties.append(element("w:ind", **{f"{side}Chars": 100, side: 280}))
        properties.append(element("w:jc", val=side))
        _add_page_number(paragraph)
    for head in (section.header, section.even_page_header):
        head.is_linked_to_previous = False
        paragraph = head.paragraphs[0] if not head.paragraphs[0].text else head.add_paragraph()
        paragraph._element.get_or_add_pPr().append(element("w:jc", val="center"))
        if header:
            set_font(paragraph.add_run(header), HEADING_FONT, 10.5)


def _add_page_number(paragraph: Any) -> None:
    def run(text: str = "") -> Any:
        made = paragraph.add_run(text)
        set_font(made, NUMBER_FONT, 14)
        return made

    run("— ")
    run()._element.append(element("w:fldChar", fldCharType="begin"))
    instruction = element("w:instrText")
    instruction.text = "PAGE"
    run()._element.append(instruction)
    run()._element.append(element("w:fldChar", fldCharType="separate"))
    run("1")
    run()._element.append(element("w:fldChar", fldCharType="end"))
    run(" —")
