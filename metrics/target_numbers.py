"""Numbers and units as notices print them: full-width signs, comparator words, brackets around units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SIGNS = {
    "≧": "≥", "⩾": "≥", "≮": "≥", "﹥": ">", "〉": ">", "≦": "≤", "⩽": "≤", "≯": "≤", "﹤": "<", "〈": "<",
    "═": "=", "﹦": "=", "﹪": "%", "〔": "(", "〕": ")", "【": "(", "】": ")", "—": "-", "–": "-", "－": "-",
    "−": "-", "‐": "-", "―": "-", "～": "~", "〜": "~", "∼": "~", "×": "*", "•": "·", "・": "·", "\ufeff": "",
}
# A cell that says more than this is no target and no actual value; a person reads it.
LONGEST_TEXT = 300
# The store keeps DECIMAL(18, 4).
LARGEST_NUMBER = Decimal(10) ** 14
FINEST_STEP = Decimal("0.0001")
_DIGITS = "零一二三四五六七八九"

_MEASURE_WORDS = (
    "平方公里", "平方千米", "平方米", "立方米", "万亩", "公顷", "公里", "千米", "毫米", "厘米", "日历天",
    "自然日", "工作日", "百分点", "课时", "学时", "小时", "分钟", "季度", "人数", "床位", "社区", "街道",
    "千瓦时", "千瓦", "公斤", "千克", "户", "人", "名", "个", "次", "场", "期", "批", "辆", "套", "台",
    "件", "条", "份", "篇", "家", "所", "座", "处", "项", "种", "只", "头", "株", "棵", "块", "张", "本",
    "册", "部", "间", "栋", "幢", "宗", "起", "例", "对", "组", "支", "队", "班", "位", "款", "类", "轮",
    "届", "艘", "架", "根", "盏", "幅", "面", "片", "眼", "口", "孔", "门", "级", "堂", "节", "集", "段",
    "副", "盒", "瓶", "箱", "袋", "具", "天", "日", "周", "月", "年", "秒", "分", "村", "镇", "乡", "县",
    "市", "倍", "度", "字", "床", "元", "角", "吨", "斤", "克", "米", "亩", "岁", "周岁", "㎡", "㎥", "℃",
    "%", "‰", "km", "KM", "Km", "kg", "KG", "m²", "m³", "m2", "m3", "m", "M", "t", "GB", "TB", "MW", "kW",
    "KW",
)
_WORD = "(?:" + "|".join(sorted((re.escape(word) for word in _MEASURE_WORDS), key=len, reverse=True)) + ")"
_ONE_UNIT = (
    rf"(?:(?:百|千|百万|千万|万|亿)?每?(?:人(?:天|日|月|年|次)|{_WORD}次|个(?:百分点|工作日|自然日|日历天|月|季度|小时|星期)|{_WORD})"
    r"|百万|千万|万|亿)"
)
UNIT = rf"{_ONE_UNIT}(?:[/·*、.](?:{_ONE_UNIT}))*"

NUMBER = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?"
_NUMBER = re.compile(rf"(?<![A-Za-z\d.])(?:{NUMBER})")

# What a year, a document or a law's name carries are digits, but not a target.
_NOT_A_QUANTITY = re.compile(
    r"\((?:19|20)\d{2}\)\d+号|《[^》]*》|(?:19|20)\d{2}年度?(?!\d|[底末内前]|第?[一二三四1-4]季)(?!-)"
)

_PER = re.compile(r"(?P<each>每人)?每个?(?P<period>季度|季|月|半年|年|周|星期|天|日|学期)[^每]{0,12}$")


@dataclass(frozen=True)
class Quantity:
    """One number of a text, with the words before and after it."""

    before: str
    number: Decimal
    unit: str
    after: str


def normalise(text: str) -> str:
    """One way of writing for signs that look different and mean the same; blanks are dropped.

    >>> normalise("＞＝ 95.00 （％）")
    '≥95.00(%)'
    """
    out = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)
    out = "".join(_SIGNS.get(sign, sign) for sign in out)
    out = re.sub(r"\s+", "", out)
    out = re.sub(r">=|=>|≥=|>或=", "≥", out)
    out = re.sub(r"<=|=<|≤=|<或=", "≤", out)
    out = re.sub(r"!=|<>", "≠", out.replace("==", "="))
    out = re.sub(r"百分之(百|[\d.]+|[一二两三四五六七八九十零百点]+)", _percent, out)
    out = re.sub(r"([\d.]+|[一二三四五六七八九])成(?=以上|以下|左右|$)", _tenths, out)
    out = re.sub(r"(?<=\d)百分[比率]", "%", out)
    # A dot in front may belong to .5, which is not 5.
    return out.lstrip("。;,、").rstrip("。;,、.")


def chinese_number(text: str) -> Decimal | None:
    """A number in characters, up to 亿, or in digits; None if it is neither, or not plainly one.

    「一千五」 may be 1500 or 1005 and is none.

    >>> chinese_number("十五"), chinese_number("三百二十"), chinese_number("九十五点五"), chinese_number("3")
    (Decimal('15'), Decimal('320'), Decimal('95.5'), Decimal('3'))
    """
    if re.fullmatch(NUMBER, text):
        return Decimal(text.replace(",", ""))
    if text == "百":
        return Decimal(100)
    whole, point, decimals = text.replace("两", "二").replace("〇", "零").partition("点")
    number = _whole_number(whole)
    if number is None or not point:
        return number
    if not re.fullmatch(f"[{_DIGITS}]{{1,4}}", decimals):
        return None
    return Decimal(f"{number}.{''.join(str(_DIGITS.index(sign)) for sign in decimals)}")


def _whole_number(text: str) -> Decimal | None:
    """亿 and 万 part the text; each part is below ten thousand and each smaller than the one before."""
    match = re.fullmatch(r"(?:([^亿万]+)亿)?(?:([^亿万]+)万)?([^亿万]*)", text)
    if match is None or not text:
        return None
    total = 0
    for part, size in zip(match.groups(), (10**8, 10**4, 1), strict=True):
        if not part:
            continue
        below = _below_ten_thousand(part, is_first=total == 0)
        if below is None:
            return None
        total += below * size
    return Decimal(total)


def _below_ten_thousand(text: str, *, is_first: bool) -> int | None:
    if not is_first:
        # 「一万五」 is 15000 by custom, 10005 by the letter.
        if len(text) == 1:
            return None
        text = text.removeprefix("零")
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS.index(text)
    digit = f"[{_DIGITS[1:]}]"
    ones = rf"(?:(?<=[十零])(?P<ones>{digit}))?"
    tens_form = rf"(?:(?P<t>{digit})?(?P<ten>十))?"
    match = re.fullmatch(rf"(?:(?P<k>{digit})千)?零?(?:(?P<h>{digit})百)?零?{tens_form}零?{ones}", text)
    if match is None or text.endswith("零"):
        return None
    tens = (_DIGITS.index(match["t"]) if match["t"] else 1) if match["ten"] else 0
    return sum(
        _DIGITS.index(match[name]) * size for name, size in (("k", 1000), ("h", 100), ("ones", 1)) if match[name]
    ) + 10 * tens


def without_years(text: str) -> str:
    """The text without years, document numbers and titles: digits that are no quantity."""
    return _NOT_A_QUANTITY.sub("", text)


def has_number(text: str) -> bool:
    """Whether the text prints a digit that could be a quantity."""
    return bool(re.search(r"\d", text))


def quantities(text: str) -> list[Quantity] | None:
    """Every number of a normalised text with its unit; None if a number's unit cannot be told."""
    found = []
    for match in _NUMBER.finditer(text):
        read = _unit_after(text[match.end():])
        if read is None:
            return None
        unit, after = read
        number = Decimal(match[0].replace(",", ""))
        found.append(Quantity(text[: match.start()], number, unit, after))
    return found


def unit_with_period(found: Quantity) -> str:
    """「每季度1次」 counts 次/季度: a period in front belongs to the unit; shares keep theirs."""
    per = _PER.search(found.before)
    if per is None or not found.unit or per["period"] in found.unit or re.search("[%‰]|百分点", found.unit):
        return found.unit
    period = "季度" if per["period"] == "季" else per["period"]
    if "/" in found.unit:
        return f"{found.unit}*{period}"
    return f"{found.unit}/人*{period}" if per["each"] else f"{found.unit}/{period}"


def _unit_after(rest: str) -> tuple[str, str] | None:
    """The unit that a remainder begins with, and the words behind it."""
    bracket = re.match(r"\((?!不?含)([^()\d]{1,8})\)", rest)
    if bracket:
        return _tidy(bracket[1]), rest[bracket.end():]
    match = re.match(UNIT, rest)
    if match:
        tail = rest[match.end():]
        # %(百分比) says the unit twice.
        tail = re.sub(r"^\((?:百分比|%|百分率)\)", "", tail)
        return _tidy(match[0]), tail
    if not rest or re.match(r"[^\w一-鿿]|以[上下内外]|及以|左右|之[内外]|内$|至|到|封顶|为", rest):
        return "", rest
    # A counting word that the list does not know: short, and nothing behind it.
    is_word = re.fullmatch(r"[一-鿿/]{1,4}|[A-Za-z/]{1,4}", rest)
    if is_word and not re.search("的|了|成|制|覆盖|名次|到位|^[多余来几]|[外限顶]$", rest):
        return rest, ""
    return None


def _tidy(unit: str) -> str:
    return "%" if unit in {"百分比", "百分率", "%"} else unit


def _percent(match: re.Match[str]) -> str:
    number = chinese_number(match[1])
    return match[0] if number is None else f"{number}%"


def _tenths(match: re.Match[str]) -> str:
    number = chinese_number(match[1])
    return match[0] if number is None else f"{number * 10}%"
