"""Numbers and money units as notices print them: 1,200.50, －530, 3亿元."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

YUAN_PER_UNIT = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}

_UNIT_WORD = r"(百万元|亿元|万元|千元|元)"
_STATED_UNIT = re.compile(r"单位:?(?:人民币)?" + _UNIT_WORD)
_BRACKETED_UNIT = re.compile(r"[(,](?:单位:)?" + _UNIT_WORD + r"[),]?(?!/)")
_AMOUNT_UNIT = re.compile(r"\d\s*(百万元|亿元|万元|千元|元)(?!/)")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# A mark at a figure points to a note under the table; narrowed, it would become a digit: 300① is not 3001.
_MARK = re.compile(r"(?:[①-⑳⑴-⒇❶-❿¹²³⁰-⁹*＊※†]+|[(（〔［\[]?注\d{0,2}[)）〕］\]]?|[［\[]\d{1,2}[］\]])$")
_CIRCLED = re.compile(r"^[①-⑳⑴-⒇❶-❿]|[①-⑳⑴-⒇❶-❿](?=[百万亿千]*元?$)")
_MINUS = re.compile(r"^(?:[▲△]-?|减少?|核减|调减|扣减)(?=\d)")
# A year in brackets, (2021), is no negative amount.
_BRACKETED = re.compile(r"\((?!(?:19|20)\d\d\))(\d[\d,]*(?:\.\d+)?)\)")
_BROKEN = re.compile(
    r"#[A-Z/0]+[!?]?|\(\d{4}\)|(?=.*\d)[\dOoIlSsBZzD|,.，。·'‘’`*?？+\-_~～ ]+"
    r"|[零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]{2,}(?:[元万亿]*[整正]?)"
)
_NO_FIGURE = {"", "-", "--", "—", "——", "/", "\\", "无", "·"}


def narrow(text: str) -> str:
    """Turn full-width digits, signs and brackets into half-width ones; words stay as they are.

    >>> narrow("(2021)－3％")
    '(2021)-3%'
    """
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-")


def squeeze(text: str) -> str:
    """Take every space out of a cell, the wide and the non-breaking ones too.

    >>> squeeze("合    计")
    '合计'
    """
    return re.sub(r"[\s\u3000\u200b\ufeff]+", "", text)


def parse_number(text: str) -> Decimal | None:
    """Read a cell as a number.

    Unit:  the number as printed; a unit behind it is dropped, see ``cell_unit``.
    Empty: None for words, blanks and dashes; never 0.

    >>> parse_number("1,200.50"), parse_number("−530"), parse_number("—")
    (Decimal('1200.50'), Decimal('-530'), None)
    """
    words = squeeze(narrow(without_mark(text)))
    if words in _NO_FIGURE:
        return None
    words = _signed(words.removesuffix(cell_unit(words)))
    if not _NUMBER.fullmatch(words):
        return None
    try:
        return Decimal(words.replace(",", ""))
    except InvalidOperation:
        return None


def without_mark(text: str) -> str:
    """Take the mark of a footnote off a figure: 300①, 300*, 300[1], 300（注1）.

    >>> without_mark("300①"), without_mark("注1")
    ('300', '注1')
    """
    tight = squeeze(text)
    bare = _CIRCLED.sub("", _MARK.sub("", tight))
    return bare if bare != tight and re.search(r"\d", bare) else text


def is_marked(text: str) -> bool:
    """Whether a figure carries the mark of a footnote."""
    return parse_number(text) is not None and without_mark(text) != text


def is_negative_by_sign(text: str) -> bool:
    """Whether a figure is negative by the signs of accounts: (500), ▲200, 减500."""
    words = squeeze(narrow(without_mark(text)))
    return parse_number(text) is not None and _signed(words.removesuffix(cell_unit(words))) != \
        words.removesuffix(cell_unit(words))


def _signed(words: str) -> str:
    found = _BRACKETED.fullmatch(words)
    return "-" + found.group(1) if found else _MINUS.sub("-", words)


def is_unreadable(text: str) -> bool:
    """Whether a cell stands for a figure that cannot be read: 3O0, 叁佰, #REF!.

    >>> [is_unreadable(text) for text in ("3O0", "叁佰", "#REF!", "300", "—", "合计", "一")]
    [True, True, True, False, False, False, False]
    """
    words = squeeze(narrow(text))
    return words not in _NO_FIGURE and parse_number(text) is None and bool(_BROKEN.fullmatch(words))


def is_like_figure(text: str) -> bool:
    """Whether a cell stands where a figure belongs: a number, a dash, one that cannot be read."""
    return parse_number(text) is not None or is_unreadable(text) or is_no_figure(text)


def is_no_figure(text: str) -> bool:
    """Whether a cell says that there is nothing: a blank, a dash."""
    return squeeze(narrow(text)) in _NO_FIGURE


def cell_unit(text: str) -> str:
    """Name the money unit that a cell carries behind its number; empty if none."""
    words = squeeze(narrow(text))
    found = [unit for unit in YUAN_PER_UNIT if words.endswith(unit) and words[0] in "+-0123456789(▲△减核调扣"]
    return max(found, key=len) if found else ""


def stated_unit(text: str) -> str:
    """Read 「单位:万元」 out of a line; empty if it states none."""
    found = _STATED_UNIT.search(squeeze(narrow(text)))
    return found.group(1) if found else ""


def bracketed_unit(text: str) -> str:
    """Read the unit in a column head, 「市级资金(万元)」; empty if it states none."""
    found = _BRACKETED_UNIT.search(squeeze(narrow(text)))
    return found.group(1) if found else ""


def amount_unit(text: str) -> str:
    """Read the unit behind the first amount of a sentence; empty if it has no amount."""
    found = _AMOUNT_UNIT.search(narrow(text))
    return found.group(1) if found else ""


def to_yuan(number: Decimal | None, unit: str) -> Decimal | None:
    """Turn a number in a money unit into 元; None where the number or its unit is unknown."""
    if number is None or unit not in YUAN_PER_UNIT:
        return None
    return number * YUAN_PER_UNIT[unit]
