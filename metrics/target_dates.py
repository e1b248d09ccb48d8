"""Due dates and time limits as targets print them: 12月底前, 2021.1.1-12.31, 3个工作日内, 4个月."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from metrics.target_numbers import chinese_number

# Excel counts days from here; 44561 is 2021-12-31.
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(36526, 73051)  # 2000-01-01 to 2099-12-31
_TIME_NAME = re.compile(r"时间|时限|期限|日期|周期|进度|及时|截止|何时")
_COUNTED_NAME = re.compile(r"天数|日数|月数|年限|寿命|时长|次数|数量|课时|学时|人天|工期.*率|频")

_YEAR = r"(?P<{0}y>(?:19|20)\d{{2}})"
_POINT = (
    r"(?:" + _YEAR + r"[年.\-/])?(?P<{0}m>0?[1-9]|1[0-2])"
    r"(?:月份?(?P<{0}md>\d{{1,2}})[日号]?|[.\-/](?P<{0}d>\d{{1,2}})[日号]?"
    r"|月份?(?P<{0}part>底|末|中旬|上旬|下旬)?)"
)
_YEAR_MONTH = (
    _YEAR + r"(?:年|[.\-/])(?P<{0}m>0?[1-9]|1[0-2])(?:月份?)?(?P<{0}part>底|末|中旬|上旬|下旬)?"
)
_BEFORE_WORDS = r"(?P<head>[^\d%≥≤<>=]{0,14}?)"
_AFTER_WORDS = r"(?P<tail>[^\d%≥≤<>=]{0,16})"
_TO = r"(?:-+|~|至|到)"

_POINT_FORMS = [_POINT, _YEAR_MONTH]
_SINGLE = [re.compile(_BEFORE_WORDS + form.format("b") + _AFTER_WORDS) for form in _POINT_FORMS]
_PERIOD = [
    re.compile(
        f"{_BEFORE_WORDS}(?:{start.format('a')}|\\d{{1,2}}(?:月份?)?){_TO}{end.format('b')}{_AFTER_WORDS}"
    )
    for start in _POINT_FORMS for end in _POINT_FORMS
]
_YEAR_ONLY = re.compile(
    r"(?:于|在|截至|到|至)?(?:(?P<y>(?:19|20)\d{2})年?|当年|本年|今年|年)?(?:年|度|年度)*(?P<part>底|末|内|终)?(?:之?前|以前)?"
    r"(?:全部|全面|按期|按时)?(?:完成|到位|完工|竣工|发放到位|支付完毕|发放完毕|拨付到位)?"
)
_QUARTER = re.compile(
    _BEFORE_WORDS + r"(?:(?P<y>(?:19|20)\d{2})年)?第?(?P<q>[一二三四1-4])季度(?:底|末|内)?" + _AFTER_WORDS
)
_RECURRING = re.compile(r"每个?(?:年|月|季度?|周).{0,4}?\d{1,2}[日号](?:之?前|以前|内)?")

_COUNT = r"(?P<count>\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3})"
_WORKING_DAYS = re.compile(_COUNT + r"(?P<unit>个?工作日)")
_CALENDAR_LIMIT = re.compile(
    _COUNT + r"(?P<unit>个?日历天|个?自然日|天|日|个?月|个?星期|周|个季度|年)(?:之|以)?内"
)
_BARE_LIMIT = re.compile(_COUNT + r"(?P<unit>个?日历天|个?自然日|天|日|个月|个星期|周)")


@dataclass(frozen=True)
class Due:
    """A fixed due date; ``on`` needs a printed year, ``month`` and ``day`` are enough for a round's year.

    ``year_shift`` is -1 for 1月前, which ends in the year before. ``is_impossible`` marks 2月30日.
    """

    on: date | None = None
    month: int | None = None
    day: int | None = None
    year_shift: int = 0
    is_impossible: bool = False


def read_due(text: str, indicator_name: str = "") -> Due | None:
    """The end of a period or the last day in time; None if the text is no date.

    「9月前」 is read by its words: September is too late, August is not.

    >>> read_due("2021.1.1-12.31").on
    datetime.date(2021, 12, 31)
    """
    if _RECURRING.match(text):
        return Due()
    serial = _excel_serial(text)
    if serial is not None and _TIME_NAME.search(indicator_name):
        return Due(on=serial, month=serial.month, day=serial.day)
    if re.fullmatch(r"\d+\.\d+", text) and not re.fullmatch(r"20\d{2}\.(0[1-9]|1[0-2])", text):
        return None  # 12.5 is a number
    if re.fullmatch(r"\d{1,2}[-/~]\d{1,2}", text):
        return None  # 5-10 is a range
    for form in _PERIOD + _SINGLE:
        match = form.fullmatch(text)
        if match and _is_plain(match):
            return _due(match)
    return _quarter(text) or _year_only(text)


def read_limit(text: str, indicator_name: str = "") -> tuple[str, Decimal, str] | None:
    """A time limit as (``working`` or ``calendar``, count, printed unit); None if there is none.

    >>> read_limit("收到自治区财政调整资金文件3个工作日内")
    ('working', Decimal('3'), '个工作日')
    """
    if re.search(r"[,，;；]", text) and len(re.findall(r"\d+", text)) > 1:
        return None
    if re.search(r"[≥>]|不少于|不低于|以上|至少|大于|超过(?!\d)", text):
        return None
    for kind, form, whole in (
        ("working", _WORKING_DAYS, False),
        ("calendar", _CALENDAR_LIMIT, False),
        ("calendar", _BARE_LIMIT, True),
    ):
        match = form.fullmatch(text) if whole else form.search(text)
        if match is None:
            continue
        if whole and _COUNTED_NAME.search(indicator_name):
            return None
        rest = text[: match.start()] + text[match.end():]
        count = chinese_number(match["count"])
        if count is not None and not re.search(r"\d", rest):
            if kind == "calendar" and not whole and re.search(r"[≤<=]", rest):
                return None
            return kind, count, match["unit"]
    return None


def due_in_year(due: Due, year: int) -> date | None:
    """The due date in the year of a round, where the text prints no year of its own."""
    if due.on is not None:
        return due.on
    if due.month is None:
        return None
    return _last_day(year + due.year_shift, due.month, due.day)


def _is_plain(match: re.Match[str]) -> bool:
    """Not 「3月培训…」 words that carry another meaning, not a unit behind a number."""
    words = match.groupdict()
    tail = words.get("tail") or ""
    has_month_word = "月" in match[0]
    is_dotted = bool(words.get("by")) or bool(words.get("ay"))
    if not has_month_word and not is_dotted:
        return False
    return not re.match(r"[元人个次/]", tail)


def _due(match: re.Match[str]) -> Due:
    words = match.groupdict()
    year_text = words.get("by") or words.get("ay")
    month = int(words["bm"])
    day_text = words.get("bmd") or words.get("bd")
    part = words.get("bpart")
    day = int(day_text) if day_text else {"上旬": 10, "中旬": 20}.get(part or "")
    tail = words.get("tail") or ""
    shift = 0
    if day is None and part is None and re.match(r"之?前|以前", tail):
        month, shift = (12, -1) if month == 1 else (month - 1, 0)
    year = int(year_text) if year_text else None
    on = _last_day(year + shift, month, day) if year else None
    # Without a printed year 2月29日 may exist; 2020 had one.
    is_impossible = _last_day(year + shift if year else 2020, month, day) is None
    return Due(on=on, month=month, day=day, year_shift=shift, is_impossible=is_impossible)


def _quarter(text: str) -> Due | None:
    match = _QUARTER.fullmatch(text)
    if match is None:
        return None
    number = chinese_number(match["q"])
    month = 3 * int(number or 4)
    return Due(on=_last_day(int(match["y"]), month, None) if match["y"] else None, month=month)


def _year_only(text: str) -> Due | None:
    match = _YEAR_ONLY.fullmatch(text)
    if match is None or not (match["y"] or (match["part"] and "年" in text)):
        return None
    if match["y"] and not match["part"] and "年" not in text:
        return None  # 2021 alone is a number
    return Due(on=date(int(match["y"]), 12, 31) if match["y"] else None, month=12)


def _excel_serial(text: str) -> date | None:
    if not re.fullmatch(r"\d{2},?\d{3}", text):
        return None
    days = int(text.replace(",", ""))
    return _EXCEL_DAY_ZERO + timedelta(days=days) if days in _EXCEL_DAYS else None


def _last_day(year: int, month: int, day: int | None) -> date | None:
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, last)
    return date(year, month, day) if 1 <= day <= last else None
