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
    out = out.replace("==", "=")
    out = re.sub(r"百分之(百|[\d.]+|[一二三四五六七八九十零]+)", _percent, out)
    out = re.sub(r"([\d.]+|[一二三四五六七八九])成(?=以上|以下|左右|$)", _tenths, out)
    out = re.sub(r"(?<=\d)百分[比率]", "%", out)
    return out.strip("。;,、.")


def chinese_number(text: str) -> Decimal | None:
    """A number below a hundred in characters or digits; None if it is neither.

    >>> chinese_number("十五"), chinese_number("两"), chinese_number("3")
    (Decimal('15'), Decimal('2'), Decimal('3'))
    """
    if re.fullmatch(NUMBER, text):
        return Decimal(text.replace(",", ""))
    text = text.replace("两", "二")
    if text == "百":
        return Decimal(100)
    if len(text) == 1 and text in _DIGITS:
        return Decimal(_DIGITS.index(text))
    match = re.fullmatch(rf"([{_DIGITS}])?十([{_DIGITS}])?", text)
    if match is None:
        return None
    tens = _DIGITS.index(match[1]) if match[1] else 1
    ones = _DIGITS.index(match[2]) if match[2] else 0
    return Decimal(tens * 10 + ones)


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


def _unit_after(rest: str) -> tuple[str, str] | None:
    """The unit that a remainder begins with, and the words behind it."""
    bracket = re.match(r"\(([^()\d]{1,8})\)", rest)
    if bracket:
        return _tidy(bracket[1]), rest[bracket.end():]
    match = re.match(UNIT, rest)
    if match:
        tail = rest[match.end():]
        # %(百分比) says the unit twice.
        tail = re.sub(r"^\((?:百分比|%|百分率)\)", "", tail)
        return _tidy(match[0]), tail
    if not rest or re.match(r"[^\w一-鿿]|以[上下内]|及以|左右|之内|内$|至|到", rest):
        return "", rest
    # A counting word that the list does not know: short, and nothing behind it.
    is_word = re.fullmatch(r"[一-鿿/]{1,4}|[A-Za-z/]{1,4}", rest)
    if is_word and not re.search("的|了|成|制|覆盖|名次|到位", rest):
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
