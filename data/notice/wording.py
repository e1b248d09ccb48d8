"""A notice's words made even: one script, one punctuation, no stray spaces, and the way back to the paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import opencc

from data.model import Line, Reading

T = TypeVar("T")

_EVEN = str.maketrans(
    "０１２３４５６７８９：；，（）［］！？＜＞％＝＋－．\u00a0\u3000\u2002\u2003\u2009\u200b\ufeff\r\t｜｢｣﹝﹞",
    "0123456789:;,()[]!?<>%=+-.        ||「」〔〕",
)
_PINYIN = re.compile(r"(?<=[\u4e00-\u9fff])[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿêɑɡ]{1,7}[)）]")
_TONES = re.compile(r"[(（][a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]*[)）]")
_FRAME = re.compile(r"^[\s|#*•·>\-]+(?=\S)|[\s|*]+$|^[\s|#*•·>\-]+$")
_LONGEST_PARAGRAPH, _FEWEST_SPACES = 160, 3
_TITLE_MARKS = re.compile(r"《[^《》]{0,160}(?:《[^《》]{0,120}》[^《》]{0,60})?》")


@dataclass(frozen=True)
class EvenLine:
    """A line in even wording; ``text`` keeps single spaces, ``tight`` has none."""

    line_no: int
    text: str
    printed: str

    @property
    def tight(self) -> str:
        """The text without any space."""
        return self.text.replace(" ", "")

    def as_printed(self, fragment: str) -> str:
        """A part of ``tight`` with the spaces and signs of the paper, where they can be found again."""
        loose = r"\s*".join(re.escape(character) for character in fragment if character != " ")
        match = re.search(loose, self.printed) or re.search(loose, self.text)
        return match.group() if match else fragment


class Wording:
    """The whole notice in even wording.

    ``lines`` are the lines that hold words, frames of pipes, bullets and markdown taken off; a page put on
    one line is several of them with one number.
    ``flow`` is everything without spaces, a line break where the paper has one; ``plain_flow`` is the
    same with every 《title》 blanked out, so that both have the same offsets.
    """

    def __init__(self, lines: tuple[Line, ...]) -> None:
        """Make the lines even and remember where every character of ``flow`` comes from."""
        is_mirror = _is_mirror(lines)
        self._printed = {line.line_no: line.text for line in lines}
        self.lines: list[EvenLine] = []
        flow: list[str] = []
        self._origins: list[tuple[int, int]] = []
        for line in lines:
            pairs = _even(line.text, is_mirror)
            text = re.sub(r" +", " ", _FRAME.sub("", "".join(character for character, _ in pairs))).strip()
            self.lines.extend(EvenLine(line.line_no, part, line.text) for part in _parts(text))
            for character, column in pairs:
                if character != " ":
                    flow.append(character)
                    self._origins.append((line.line_no, column))
            flow.append("\n")
            self._origins.append((line.line_no, len(line.text)))
        self.flow = "".join(flow)
        self.plain_flow = _TITLE_MARKS.sub(
            lambda match: "《" + "\u25a1" * (len(match[0]) - 2) + "》", self.flow
        )

    def reading(self, value: T, start: int, end: int) -> Reading[T]:
        """A value with the printed words and the line of ``flow[start:end]``."""
        return Reading(value, self.printed(start, end), self.line_no(start))

    def line_no(self, start: int) -> int:
        """The line of a place in ``flow``."""
        return self._origins[min(start, len(self._origins) - 1)][0]

    def printed(self, start: int, end: int) -> str:
        """The words of ``flow[start:end]`` as the paper prints them."""
        first_line, first_column = self._origins[start]
        last_line, last_column = self._origins[max(start, end - 1)]
        if first_line == last_line:
            return self._printed[first_line][first_column : last_column + 1].strip()
        parts = [self._printed[first_line][first_column:]]
        parts += [self._printed[no] for no in sorted(self._printed) if first_line < no < last_line]
        parts.append(self._printed[last_line][: last_column + 1])
        return " ".join(part.strip() for part in parts if part.strip())


def simplified_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines of a mirror in simplified characters without pinyin; any other notice's lines as they are."""
    if not _is_mirror(lines):
        return lines
    return tuple(Line(line.line_no, _simplified(_PINYIN.sub("", line.text)), line.place) for line in lines)


def _parts(text: str) -> list[str]:
    """A page that was put on one line, taken apart at its spaces; any other line as it is."""
    if len(text) <= _LONGEST_PARAGRAPH or text.count(" ") < _FEWEST_SPACES:
        return [text] if text else []
    # A figure belongs to the words before it, a whole date does not.
    is_date = r"(?!\d{4} ?年 ?\d{1,2} ?月 ?\d|\d{4}-)"
    whole = re.sub(rf"(?<=\d) (?=[年月日号万亿元])|(?<=[\u4e00-\u9fff〕\])]) (?=\d){is_date}", "", text)
    return [part for part in whole.split(" ") if part.strip("|")]


def _even(text: str, is_mirror: bool) -> list[tuple[str, int]]:
    """The even characters of a line, each with its column in the printed line."""
    skipped: set[int] = set()
    plain = text
    if is_mirror:
        for match in _PINYIN.finditer(text):
            skipped.update(range(match.start(), match.end()))
        plain = _simplified(text)
    return [
        (character, column)
        for column, character in enumerate(plain.translate(_EVEN))
        if column not in skipped
    ]


def _is_mirror(lines: tuple[Line, ...]) -> bool:
    """Whether a mirror turned the page into traditional characters or put pinyin after some of them.

    A few characters differ in every simplified text (乾县, 著作): only a text full of them is converted.
    """
    text = "".join(line.text for line in lines)[:6000]
    if len(_TONES.findall(text)) >= 2:
        return True
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    changed = sum(a != b for a, b in zip(text, _converter().convert(text), strict=False))
    return han > 0 and changed > han * 0.05


def _simplified(text: str) -> str:
    """Simplified characters, one for one, so that columns stay true."""
    converted = str(_converter().convert(text))
    if len(converted) == len(text):
        return converted
    single = [str(_converter().convert(character)) for character in text]
    return "".join(new if len(new) == 1 else old for old, new in zip(text, single, strict=True))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
