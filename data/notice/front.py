"""The top of a notice: its title, the numbers that are its own, whom it addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from data.document_number import DocumentNumber, find_all, find_alone
from data.model import Reading
from data.notice.issuers import split_issuers
from data.notice.metadata import (
    NUMBER_LABELS,
    TITLE_LABELS,
    MetadataEntry,
    find_entries,
    is_metadata_line,
)
from data.notice.wording import EvenLine, Wording

_KINDS = "通知|公告公示|公示公告|公告|公示|通报|批复|复函|函|决定|意见|公开|请示|报告"
_TITLE_END = re.compile(rf"(?:的(?:{_KINDS})|情况(?:的)?(?:{_KINDS})|(?:{_KINDS}))(?:\([^()]*\))?$")
_TITLE_IN_TEXT = re.compile(
    rf"^(?P<title>[^,。;:《]{{0,40}}关于[^。;:《》]{{4,90}}?的(?:{_KINDS}))(?=[^》)〉])"
)
_APPROVAL_TITLE = re.compile(r"(?:批复表|申报表|自评表|分配表|公示表|计划表|明细表|目标表)(?:\([^()]*\))?$")
_YEAR_FIRST = re.compile(r"(?:[\u4e00-\u9fff]{2,20}[局厅部委办省市县区州乡镇])?(?:19|20)\d\d年")
_ADDRESSEE = re.compile(
    r"^(?P<names>[^。:;]{1,150}?(?:局|厅|残联|妇联|街道|村|集团|银行|兵团|农场|基地|馆|政府|办事处|单位|院|委员会|委|会|所|校|办|中心|公司|学校|分局|处|办公室|区|县|市|镇|乡|站|部门)"
    r"(?:\([^()]*\))?):"
)
_NOT_ADDRESSEE = re.compile(
    r"^(?:附件|抄送|单位|联系|预算单位|责任|主题|来源|发布|[一二三四五六七八九十]+、|\d)"
)
_AFTER_TITLE = re.compile(rf"的(?:{_KINDS})[(\[【]?$")
_OWN_BEFORE = re.compile(
    r"(?:(?:现|已|并|我局|我厅|我委)以|(?<!上级)(?<!省级)(?<!中央)(?<!来)(?:文号|文件号|文件编号|发文字号|文件字号)(?:为|是)?:?)$"
)
_FROM_ABOVE = re.compile(r"(?:上级|中央|国家|财政部|省|自治区|厅|部)[^,。;:]{0,14}以$")
_OWN_AFTER = re.compile(
    r"^(?:文件?|号文)?(?:对[^,。]{0,20})?(?:予以)?(?:分配|全部|全额|提前|予以|转|分解)*(?:下达|拨付|下拨|分配|安排|批复)"
)
_FILE_BEFORE = re.compile(
    r"(?:文件下载|原文下载|正文下载|文件原文|附件下载|相关附件|附件|下载)\d?[:：]?[^。:《》\n]{0,40}$"
)
_FILE_AFTER = re.compile(r"^[^。,;《》\n]{0,60}?\.(?:docx?|pdf|wps|ofd|xlsx?|ceb|zip|rar)", re.IGNORECASE)
_LONG = 60

_Test = Callable[[str, str], bool]


@dataclass(frozen=True)
class Front:
    """What stands above the body."""

    own_numbers: tuple[Reading[str], ...]
    damages: tuple[DocumentNumber, ...]
    title: Reading[str] | None
    addressees: Reading[str] | None
    head_lines: tuple[EvenLine, ...]


def read_front(wording: Wording, metadata: tuple[MetadataEntry, ...]) -> Front:
    """Title, own numbers and addressees.

    Empty: a text without a title line has no title, even where it cites titles; a number that the prose
    merely cites is never the own one.
    """
    head = _head_lines(wording)
    numbers = _own_numbers(wording, metadata, head)
    values = list(dict.fromkeys(reading.value for reading, _ in numbers))
    unique = [next(pair for pair in numbers if pair[0].value == value) for value in values]
    return Front(
        own_numbers=tuple(reading for reading, _ in unique),
        damages=tuple(number for _, number in unique if number.is_damaged),
        title=_title(head, wording, metadata),
        addressees=_addressees(wording, head),
        head_lines=tuple(head),
    )


def _head_lines(wording: Wording) -> list[EvenLine]:
    """The lines above the body, and the body's first line, which a page may have glued to them."""
    head: list[EvenLine] = []
    for line in wording.lines[:45]:
        head.append(line)
        if is_metadata_line(line):
            continue
        if _addressee(line.text) or _is_prose(line):
            break
    return head


def _is_prose(line: EvenLine) -> bool:
    text = line.tight
    if re.match(r"https?:", text):
        return False
    return (len(text) > _LONG and bool(re.search(r"[。,;]", text))) or bool(
        re.search(r"[^》]。|如下:$", text)
    )


def _addressee(text: str) -> re.Match[str] | None:
    match = _ADDRESSEE.match(text.replace(" ", ""))
    return match if match and not _NOT_ADDRESSEE.match(text) and "关于" not in match["names"] else None


def _addressees(wording: Wording, head: list[EvenLine]) -> Reading[str] | None:
    if not head:
        return None
    line = head[-1]
    match = _addressee(line.text)
    if match:
        return Reading(match["names"], line.as_printed(match["names"]), line.line_no)
    title = _TITLE_IN_TEXT.match(line.tight)
    if title:
        rest = line.tight[title.end() :]
        own = find_all(rest[:40])
        rest = rest[own[0].end :] if own and own[0].start < 4 else rest
        match = _addressee(rest)
        if match:
            return Reading(match["names"], match["names"], line.line_no)
    return None


def _title(
    head: list[EvenLine], wording: Wording, metadata: tuple[MetadataEntry, ...]
) -> Reading[str] | None:
    for place, line in enumerate(head):
        if re.match(r"https?:", line.text) or is_metadata_line(line):
            continue
        if place == len(head) - 1 and _addressee(line.text):
            break
        found = _title_from(head, place)
        if found:
            return _with_issuers_before(found, head, place)
    for entry in find_entries(metadata, TITLE_LABELS):
        value = entry.value.replace(" ", "")
        if _TITLE_END.search(value) or _APPROVAL_TITLE.search(value):
            return Reading(_spaced(value, entry.value), entry.value, entry.line.line_no)
    if not re.search(r"下达|拨付|下拨|安排", wording.plain_flow):
        for line in head[:4]:
            if _APPROVAL_TITLE.search(line.tight) and not is_metadata_line(line) and len(line.tight) > 8:
                return Reading(line.tight, line.printed.strip().strip("#|* "), line.line_no)
    return None


def _with_issuers_before(title: Reading[str], head: list[EvenLine], place: int) -> Reading[str]:
    """On a page put on one line the names of joint issuers were parted: 甲局 | 乙局关于…."""
    names: list[str] = []
    while place > 0 and head[place - 1].line_no == head[place].line_no:
        above = split_issuers(head[place - 1].text)
        if not above or not split_issuers(title.value.partition("关于")[0]):
            break
        names = above + names
        place -= 1
    return Reading(" ".join([*names, title.value]), title.printed, title.line_no) if names else title


def _title_from(head: list[EvenLine], place: int) -> Reading[str] | None:
    """The title that begins on this line, over up to three lines; None if none does."""
    line = head[place]
    text, printed = line.text, line.text
    glued = _TITLE_IN_TEXT.match(line.tight)
    if glued and place == len(head) - 1 and (len(line.tight) > glued.end() + 8):
        title = glued["title"]
        numbers = find_all(title)
        title = title[numbers[0].end :] if numbers and numbers[0].start == 0 else title
        return Reading(_spaced(title, title), line.as_printed(title), line.line_no)
    begins_below = split_issuers(text) and place + 1 < len(head) and head[place + 1].tight.startswith("关于")
    if not begins_below and not _may_begin_title(text):
        return None
    for following in [*head[place + 1 : place + 3], None]:
        tight = text.replace(" ", "")
        if _TITLE_END.search(_without_number(tight)) and _names_matter(tight):
            return Reading(_spaced(_without_number(tight), text), _printed(head, place, printed), line.line_no)
        if following is None or _addressee(following.text) or find_alone(following.text):
            return None
        begins_anew = "关于" in following.tight and "关于" in text
        if is_metadata_line(following) or re.search(r"[。;]", text) or begins_anew:
            return None
        text, printed = f"{text} {following.text}", f"{printed}\n{following.text}"
    return None


def _may_begin_title(text: str) -> bool:
    tight = text.replace(" ", "")
    begins = "关于" in tight[:45] or _YEAR_FIRST.match(tight)
    if re.search(r"[>:|]", tight.partition("关于")[0]):
        return False  # a path of links, a label
    return (
        bool(begins)
        and not re.match(r"[按依根据把为经一]|《|附", tight)
        and not re.search(r"《[^》]*关于", tight)
    )


def _names_matter(tight: str) -> bool:
    return len(tight) >= 8 and (
        "关于" in tight or bool(re.search(r"资金|经费|补助|补贴|转移支付|专款|预算", tight))
    )


def _spaced(tight: str, text: str) -> str:
    """A title with a space between the names of several issuers, as papers print it; no other space."""
    head, about, rest = tight.partition("关于")
    names = split_issuers(text.partition("关于")[0]) or split_issuers(head)
    return " ".join(names) + about + rest if len(names) > 1 else tight


def _without_number(tight: str) -> str:
    """A title without its own number in brackets behind it."""
    numbers = find_all(tight)
    if (
        numbers
        and tight[numbers[-1].end :].strip(")]】） ") == ""
        and _AFTER_TITLE.search(tight[: numbers[-1].start])
    ):
        return tight[: numbers[-1].start].rstrip("([【")
    return tight


def _printed(head: list[EvenLine], place: int, text: str) -> str:
    lines = head[place : place + text.count("\n") + 1]
    return "\n".join(line.printed.strip().strip("#|* ").strip() for line in lines)


def _own_numbers(
    wording: Wording, metadata: tuple[MetadataEntry, ...], head: list[EvenLine]
) -> list[tuple[Reading[str], DocumentNumber]]:
    """Where the text says which number is its own, strongest place first; a weaker place is not asked."""
    places = (
        _numbers_in_head(head),
        _numbers_in_metadata(metadata),
        _numbers_in_flow(wording, _is_said_to_be_own),
        _numbers_in_flow(wording, _names_a_file),
    )
    return next((found for found in places if found), [])


def _numbers_in_head(head: list[EvenLine]) -> list[tuple[Reading[str], DocumentNumber]]:
    found: list[tuple[Reading[str], DocumentNumber]] = []
    for line in head:
        alone = find_alone(line.text) if not is_metadata_line(line) else None
        if alone:
            found.append((Reading(alone.value, line.as_printed(alone.printed), line.line_no), alone))
            continue
        for number in find_all(line.tight):
            before, after = line.tight[: number.start], line.tight[number.end :]
            if not before and line is head[-1] and re.match(r"[^,。;《]{0,40}关于", after):
                found.append((Reading(number.value, line.as_printed(number.printed), line.line_no), number))
            if _AFTER_TITLE.search(before) and before.count("《") == before.count("》"):
                found.append((Reading(number.value, line.as_printed(number.printed), line.line_no), number))
    return found


def _numbers_in_metadata(metadata: tuple[MetadataEntry, ...]) -> list[tuple[Reading[str], DocumentNumber]]:
    found = []
    for entry in find_entries(metadata, NUMBER_LABELS):
        numbers = find_all(entry.value.replace(" ", ""))
        found += [(Reading(n.value, n.printed, entry.line.line_no), n) for n in numbers[:2]]
    return found


def _numbers_in_flow(wording: Wording, is_own: _Test) -> list[tuple[Reading[str], DocumentNumber]]:
    flow = wording.flow
    return [
        (wording.reading(number.value, number.start, number.end), number)
        for number in find_all(flow)
        if is_own(flow[max(0, number.start - 60) : number.start], flow[number.end : number.end + 80])
    ][:1]


def _is_said_to_be_own(before: str, after: str) -> bool:
    """现以…文下达; 资金文件号为:…; but 省财政厅以…文件下达我市 is the number from above."""
    if _FROM_ABOVE.search(before) and not re.search(r"我[局厅委]以$", before):
        return False
    if _OWN_BEFORE.search(before):
        return not re.match(r"(?:文件?)?(?:精神|要求|规定)", after)
    is_handed_down = _OWN_AFTER.match(after)
    if not re.search(r"(?<![所加予])以$", before) or not is_handed_down:
        return False
    return not re.match(r"给?我[省市县区州]", after[is_handed_down.end() :])


def _names_a_file(before: str, after: str) -> bool:
    """文件下载:渝财社〔2024〕22号.docx."""
    return bool(_FILE_BEFORE.search(before)) and bool(_FILE_AFTER.match(after))
