"""The end of a notice: who signs, on which day, who prints, who gets a copy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from data.model import Reading
from data.notice.front import Front
from data.notice.issuers import issuers_at_end, issuers_of_title, split_issuers
from data.notice.metadata import (
    DATED_LABELS,
    ISSUER_LABELS,
    PUBLISHED_LABELS,
    MetadataEntry,
    find_entries,
    is_metadata_line,
)
from data.notice.numbers import CHINESE_DATE, NUMERAL_DATE, find_date
from data.notice.wording import EvenLine, Wording

_AFTER_DATE = re.compile(r"^[)\]】]?(?:\(?此件|\(?本件|附件|$|\(|抄送|信息公开|。?$|责任编辑|相关附件)")
_GLUED_DATE = re.compile(rf"(?<=[局厅部委会室府组])(?:{CHINESE_DATE}|{NUMERAL_DATE})(?!印发|发布)")
_PUBLISHED = re.compile(r"(?:发布(?:日期|时间)|公开(?:日期|时间)|发表时间|来源|浏览|点击|访问|字体|阅读)")
_ANNEX = re.compile(r"^附(?:件|表)\s*\d*\s*:?$")


@dataclass(frozen=True)
class Signature:
    """Who and when, as the end of the notice, its head and its page say it."""

    issuer: Reading[str] | None = None
    issuer_header: Reading[str] | None = None
    dated_on: Reading[date] | None = None
    printed_on: Reading[date] | None = None
    published_on: Reading[date] | None = None
    copied_to: tuple[str, ...] = ()
    is_dated_by_page: bool = False  # no date of the notice itself: the page's publishing date stands in


@dataclass(frozen=True)
class _Signed:
    """A date with the names above or before it; ``place`` counts lines of words."""

    dated_on: Reading[date]
    issuer: Reading[str] | None
    place: int


def read_signature(wording: Wording, metadata: tuple[MetadataEntry, ...], front: Front) -> Signature:
    """Issuer and dates.

    Reads: the signature first, then the head, the title, the block of the page; the date of signing wins over
    成文日期 of the block, and that over the publishing date.
    Empty: a notice that nobody signs and no block names has no issuer.
    """
    signed = _signed(wording, front)
    published = _published(wording, metadata)
    block_date = _entry_date(metadata, DATED_LABELS)
    head_date = _head_date(front)
    dated = (signed.dated_on if signed else None) or head_date or block_date
    issuer = (
        (signed.issuer if signed else None)
        or _issuer_below_body(wording, front)
        or _issuer_in_head(front)
        or _issuer_in_title(front)
        or _issuer_in_block(metadata)
    )
    return Signature(
        issuer=issuer,
        issuer_header=_issuer_header(front),
        dated_on=dated or published,
        printed_on=_printed_on(wording),
        published_on=published,
        copied_to=_copied_to(wording),
        is_dated_by_page=dated is None and published is not None,
    )


def _signed(wording: Wording, front: Front) -> _Signed | None:
    """The signature: a date alone, behind names, or glued to names; one with names wins over a bare date."""
    found: list[_Signed] = []
    first_body = len(front.head_lines)
    lines = wording.lines
    for place, line in enumerate(lines):
        is_of_page = is_metadata_line(line) and place < first_body
        if place + 1 < first_body or is_of_page or "印发" in line.tight:
            continue
        signed = _date_line(lines, place) or _glued_date(line, place)
        if signed:
            found.append(signed)
    named = [signed for signed in found if signed.issuer]
    if named:
        return named[0]
    return found[0] if found else None


def _date_line(lines: list[EvenLine], place: int) -> _Signed | None:
    line = lines[place]
    found = find_date(line.tight, may_run_together=len(line.tight) < 40)
    if not found:
        return None
    dated_on, start, end = found
    rest = line.tight[end:]
    if not _AFTER_DATE.match(rest) or (start and not split_issuers(_before_date(line.text))):
        return None
    reading = Reading(dated_on, line.as_printed(line.tight[start:end]), line.line_no)
    if start:
        names = split_issuers(_before_date(line.text))
        return _Signed(reading, Reading("、".join(names), _before_date(line.text), line.line_no), place)
    return _Signed(reading, _names_above(lines, place), place)


def _before_date(text: str) -> str:
    return re.split(r"(?:19|20) ?\d ?\d|二 ?[○〇零OoО0◯]", text, maxsplit=1)[0].strip()


def _names_above(lines: list[EvenLine], place: int) -> Reading[str] | None:
    """The lines of names right above a date; each line may hold several."""
    names: list[str] = []
    top = place
    while top > 0 and place - top < 6:
        above = split_issuers(lines[top - 1].text)
        if not above:
            break
        names = above + names
        top -= 1
    if names:
        printed = "\n".join(line.printed.strip() for line in lines[top:place])
        return Reading("、".join(dict.fromkeys(names)), printed, lines[top].line_no)
    above_line = lines[place - 1].tight if place else ""
    glued = issuers_at_end(above_line)
    if glued and above_line[: -len("".join(glued))].endswith(("表", "件", "。", ")", "知", "章", "单")):
        return Reading("、".join(glued), "".join(glued), lines[place - 1].line_no)
    return None


def _glued_date(line: EvenLine, place: int) -> _Signed | None:
    for match in _GLUED_DATE.finditer(line.tight):
        names = issuers_at_end(line.tight[: match.start()])
        found = find_date(match.group())
        if names and found:
            reading = Reading(found[0], match.group(), line.line_no)
            return _Signed(reading, Reading("、".join(names), "".join(names), line.line_no), place)
    return None


def _head_date(front: Front) -> Reading[date] | None:
    """A date beside the own number under the title ([财预〔2020〕49号] [2020-06-05])."""
    own_lines = {number.line_no for number in front.own_numbers}
    for line in front.head_lines:
        if line.line_no in own_lines and not is_metadata_line(line) and len(line.tight) < _SHORT:
            found = find_date(line.tight)
            if found:
                return Reading(found[0], line.tight[found[1] : found[2]], line.line_no)
    return None


_SHORT = 50


def _entry_date(metadata: tuple[MetadataEntry, ...], labels: tuple[str, ...]) -> Reading[date] | None:
    for entry in find_entries(metadata, labels):
        found = find_date(entry.value.replace(" ", "T"), may_run_together=True)
        if found:
            return Reading(found[0], entry.value, entry.line.line_no)
    return None


def _published(wording: Wording, metadata: tuple[MetadataEntry, ...]) -> Reading[date] | None:
    entry = _entry_date(metadata, PUBLISHED_LABELS)
    if entry:
        return entry
    for line in wording.lines:
        if _PUBLISHED.search(line.tight) and len(line.tight) < _SHORT * 2:
            found = find_date(line.text.replace(" ", "T")) or find_date(line.tight)
            if found and found[1] < 20:
                return Reading(found[0], line.text, line.line_no)
    return None


def _printed_on(wording: Wording) -> Reading[date] | None:
    for line in wording.lines:
        if re.search(r"印(?:发|制|送)$", line.tight) or re.search(r"\d日?印发", line.tight):
            found = find_date(line.tight)
            if found:
                return Reading(found[0], line.as_printed(line.tight[found[1] :]), line.line_no)
    return None


def _issuer_below_body(wording: Wording, front: Front) -> Reading[str] | None:
    """Names that close a notice without a date: right under prose, before any annex."""
    lines = wording.lines
    for place in range(len(front.head_lines), len(lines)):
        if _ANNEX.match(lines[place].tight):
            break
        names = split_issuers(lines[place].text)
        above = lines[place - 1].tight
        is_under_prose = len(above) > 15 or re.match(r"附|[一二三四五六七八九十]+、", above)
        if names and is_under_prose and "|" not in above:
            return Reading("、".join(names), lines[place].printed.strip(), lines[place].line_no)
    return None


def _issuer_in_head(front: Front) -> Reading[str] | None:
    """Names above the own numbers (two bureaus, two numbers)."""
    own = {number.line_no for number in front.own_numbers}
    names: list[str] = []
    first: EvenLine | None = None
    for line in front.head_lines:
        if line.line_no in own and names and first:
            return Reading("、".join(dict.fromkeys(names)), first.printed.strip(), first.line_no)
        found = split_issuers(re.sub(r"文件$", "", line.text))
        names, first = (names + found, first or line) if found else ([], None)
    return None


def _issuer_in_title(front: Front) -> Reading[str] | None:
    if not front.title:
        return None
    names = issuers_of_title(front.title.value)
    return Reading("、".join(names), front.title.printed, front.title.line_no) if names else None


def _issuer_in_block(metadata: tuple[MetadataEntry, ...]) -> Reading[str] | None:
    for entry in find_entries(metadata, ISSUER_LABELS):
        names = split_issuers(entry.value)
        if names:
            return Reading("、".join(names), entry.value, entry.line.line_no)
    return None


def _issuer_header(front: Front) -> Reading[str] | None:
    """The red head: 新疆巴音郭楞蒙古自治州财政局文件."""
    for line in front.head_lines:
        if line.tight.endswith("文件") and split_issuers(line.text.removesuffix("文件")):
            return Reading(line.tight, line.as_printed(line.tight), line.line_no)
    return None


def _copied_to(wording: Wording) -> tuple[str, ...]:
    for line in wording.lines:
        match = re.match(r"(?:抄送|抄报)(?:单位)?:(.+)", line.tight)
        if match:
            return tuple(name for name in re.split(r"[、,;]", match[1].rstrip("。.")) if name)
    return ()
