"""The time limits that a notice sets: days from a receipt, or a date."""

from __future__ import annotations

import re
from datetime import date

from data.model import Deadline
from data.notice.numbers import chinese_number
from data.notice.wording import Wording

_NUMBER = r"(?P<number>\d{1,3}|[一二三四五六七八九十两]{1,3})"
_DAYS = re.compile(
    rf"(?:请|须|应|务必)?(?:于|在|自)?(?P<from>(?:收到|接到|收文|接文|下达|印发|发文)[^,。;|\n\d]{{0,24}}?)?(?:之日)?(?:起|后)?(?:的)?"
    rf"(?<![第月年\d]){_NUMBER}个?(?P<kind>工作日|自然日|日历日|日|天)(?:之内|以内|内|前)"
)
_DATE = re.compile(
    r"(?:请|须|应|务必)?(?:于|在)?(?:(?P<year>(?:19|20)\d\d)年|(?P<this>当年|今年|本年度?))?(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>3[01]|[12]\d|0?[1-9])日|(?P<end>底|末))"
    r"(?:[上下]午)?(?:\d{1,2}[时点:]\d{0,2}分?)?(?:下班)?(?:之前|以前|前)"
)
_ACTION = re.compile(
    "报|备案|完成|下达|拨付|分配|导入|登录|登记|支付|公示|公开|反馈|提交|录入|使用|发放|到位|分解|细化|落实|送|函告|支出|兑付"
)
_OBJECT_AFTER = re.compile(".*(?:制定|编制|填写|填报|形成|上报|报送|提交|做好|并将|将|把|及时)")
_LEAD = re.compile("^(?:请|你[省市县区州地局]|并|同时|务必|须|应|各地|及时|各[市县区州](?:[(（].{1,3}[)）])?)+")


def read_deadlines(wording: Wording, dated_on: date | None) -> tuple[Deadline, ...]:
    """Every time limit of the prose, and of table rows where a whole cell is one, in printed order.

    Empty: 及时 and 尽快 are no limits. A day without a year is the first one on or after the notice's own
    date; without that date it has no ``due_on``.
    """
    text = wording.plain_flow
    found: list[tuple[int, Deadline]] = []
    for shape in (_DAYS, _DATE):
        for match in shape.finditer(text):
            line_start = text.rfind("\n", 0, match.start()) + 1
            line_end = text.find("\n", match.end())
            line = text[line_start : line_end if line_end >= 0 else len(text)]
            if "|" in line.strip("|"):
                found.extend((match.start(), deadline) for deadline in _in_cells(line, match, wording))
                continue
            if not _ACTION.search(line):
                continue
            deadline = _deadline(match, _what(text, match), wording.line_no(match.start()), dated_on)
            found.append((match.start(), deadline))
    return tuple(deadline for _, deadline in sorted(found, key=lambda pair: pair[0]))


def _in_cells(line: str, match: re.Match[str], wording: Wording) -> list[Deadline]:
    """A target that is a limit, in a row of a target sheet: the cell before it says what for."""
    cells = [cell for cell in line.split("|") if cell]
    place = cells.index(match.group()) if match.group() in cells else 0
    deadline = (
        read_cell_deadline(cells[place - 1], match.group(), wording.line_no(match.start())) if place else None
    )
    return [deadline] if deadline else []


def read_cell_deadline(what: str, target_text: str, line_no: int) -> Deadline | None:
    """The time limit that a target states (收到自治区财政调整资金文件3个工作日内); None if it is none.

    >>> read_cell_deadline("信息全部导入监控系统", "收到自治区财政调整资金文件3个工作日内", 91).working_days
    3
    """
    text = re.sub(r"\s", "", target_text)
    match = _DAYS.search(text) or _DATE.search(text)
    return _deadline(match, what, line_no, None) if match else None


def _deadline(match: re.Match[str], what: str, line_no: int, dated_on: date | None) -> Deadline:
    groups = match.groupdict()
    if "kind" not in groups:
        return Deadline(what, "", match.group(), line_no, due_on=_due_on(groups, dated_on))
    number = chinese_number(groups["number"])
    is_working = groups["kind"] == "工作日"
    return Deadline(
        what=what,
        counted_from=re.sub(r"(?:之日|之后|后|起)+$", "", groups["from"] or ""),
        printed=match.group(),
        line_no=line_no,
        working_days=number if is_working else None,
        calendar_days=None if is_working else number,
    )


def _due_on(groups: dict[str, str | None], dated_on: date | None) -> date | None:
    month = int(groups["month"] or 0)
    year = int(groups["year"]) if groups["year"] else dated_on.year if dated_on else None
    if year is None:
        return None
    due = _day(year, month, groups["day"])
    if due and not groups["year"] and dated_on and due < dated_on and not groups["this"]:
        return _day(year + 1, month, groups["day"])
    return due


def _day(year: int, month: int, day: str | None) -> date | None:
    try:
        if day:
            return date(year, month, int(day))
        following = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    except ValueError:
        return None


def _what(text: str, match: re.Match[str]) -> str:
    """The duty: the clause without its limit; if the limit opens it, with the object of the clause before."""
    before = re.split(r"[,。;:\n]", text[max(0, match.start() - 80) : match.start()])
    after = re.split(r"[,。;\n]", text[match.end() : match.end() + 80])[0]
    head = before[-1]
    needs_object = not head.strip("并请须应于在") and after.startswith(("报", "上报", "送", "提交", "函"))
    if needs_object and len(before) > 1 and text[match.start() - len(head) - 1] == ",":
        head = _OBJECT_AFTER.sub("", before[-2])
    return _LEAD.sub("", f"{head}{after}").strip()
