"""文号: issuer mark, year, serial; found in running text, damaged or not, and written in one way."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_HAN = "\u4e00-\u9fff\u3007"
_OPENERS = re.escape("〔﹝[［【〖(（{｛「〈<")
_CLOSERS = re.escape("〕﹞]］】〗)）}｝」〉>")
_SUBJECTS = "财社农教建预行企综库指资金经外债监科"  # 黑财指(社)〔2020〕12号 writes the division in brackets
_MARK = rf"(?P<mark>(?:[{_HAN}]|(?<=[{_HAN}])[(（][{_SUBJECTS}]{{1,2}}[)）]){{2,24}})"
_YEAR = r"(?P<year>(?:1\s?9|2\s?0)\s?\d\s?\d)\s*年?"
_SERIAL = r"\s*第?\s*(?P<serial>\d(?:\s?\d){0,4})(?P<more>(?:\s*、\s*\d{1,4})*)\s*号"
_WHOLE = re.compile(rf"{_MARK}\s*[{_OPENERS}]\s*{_YEAR}\s*[{_CLOSERS}]{_SERIAL}")
_NO_CLOSER = re.compile(rf"{_MARK}\s*[{_OPENERS}]\s*{_YEAR}{_SERIAL}")
_NO_OPENER = re.compile(rf"{_MARK}\s*{_YEAR}\s*[{_CLOSERS}]{_SERIAL}")
_NO_SIGN = re.compile(
    rf"{_MARK}\s*[{_OPENERS}]\s*{_YEAR}\s*[{_CLOSERS}]\s*第?\s*(?P<serial>\d{{1,4}})(?![\d.年万元亿月号])"
)
_SHAPES = (
    (_WHOLE, ""),
    (_NO_CLOSER, "年份后的括号缺失"),
    (_NO_OPENER, "年份前的括号缺失"),
    (_NO_SIGN, "缺“号”字"),
)

# Words that stand before a number and are no part of an issuer mark.
_STOP_WORDS = re.compile(
    "通知|办法|意见|根据|依据|按照|依照|遵照|参照|对照|关于|以及|文件编号|文件字号|发文字号|文件号|文号|编号|字号|"
    "文件|下载|附件|公告|公示|批复|方案|规定|细则|要求|精神|下达|下发|印发|转发|执行|落实|严格|结合|收到|通过|"
    "详见|随同|其中|资金|预算|指标(?=.)|号文|原文|标题|名称|规划|纲要|决定|条例|部门|我局|我厅|贵局|贵厅|"
    "上级|本级|省级|市级|县级|区级|中央|现以|现按|现依|已以|曾以|此前|以下|简称|调整|收回|废止|替代|撤销"
)
# One-character words: cut only where what is left still looks like a mark (京财经二 keeps its 经).
_STOP_CHARACTERS = re.compile("[按依据以为将把由从见与及和或并则即在对的持凭因该此号]|经(?![开济二一三建])")
_ORGANS = (
    "财政办发民教卫农林水建扶人社国交文商科工贸医保环资土残审税监食药体广旅"
    "海渔粮能军退应乡委党组宣统法司公安函编预企综"
)
_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_LONGEST_MARK = 8
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵黔粤青藏川宁琼滇陇秦"


@dataclass(frozen=True)
class DocumentNumber:
    """A 文号 found in a text: normalised, as printed, where, and what is broken about it.

    ``damage`` is empty for a sound number, else a few Chinese words (年份后的括号缺失).
    """

    value: str
    printed: str
    start: int
    end: int
    damage: str = ""

    @property
    def is_damaged(self) -> bool:
        """Whether the number had to be repaired to be read."""
        return bool(self.damage)


def find_all(text: str) -> list[DocumentNumber]:
    """Every 文号 in a text, in printed order.

    Empty: a number without an issuer mark (〔2020〕5号) is not one; a decree (国务院令649号) is not one.

    >>> [number.value for number in find_all("关于下达资金的通知吉财社〔2022〕456号各市")]
    ['吉财社〔2022〕456号']
    >>> [(n.value, n.damage) for n in find_all("实施方案的通知(吴农〔20235号)")]
    [('吴农〔2023〕5号', '年份后的括号缺失')]
    """
    plain = text.translate(_FULL_WIDTH_DIGITS)
    found: list[DocumentNumber] = []
    for shape, damage in _SHAPES:
        for match in shape.finditer(plain):
            if any(match.start("year") < other.end and other.start < match.end() for other in found):
                continue
            found.extend(_numbers_from(match, text, damage))
    return sorted(found, key=lambda number: number.start)


def normalise(text: str) -> str:
    """The 文号 in a short text, written 巴财社〔2021〕96号; spaces inside the mark are dropped.

    Raises: ValueError if the text holds no 文号.

    >>> normalise("武财 行[2015] 3 2号")
    '武财行〔2015〕32号'
    """
    found = find_all(re.sub(r"\s+", "", text))
    if not found:
        raise ValueError(f"“{text}”不是文号：应形如 巴财社〔2021〕96号。")
    return found[0].value


def find_alone(text: str) -> DocumentNumber | None:
    """The 文号 that fills a whole line, brackets and date around it aside; the mark may hold spaces.

    >>> find_alone("常 建〔2006〕40号").value
    '常建〔2006〕40号'
    >>> find_alone("巴财社(2021)3号 11060万元") is None
    True
    """
    tight = re.sub(r"\s+", "", text)
    found = find_all(tight)
    if len(found) != 1:
        return None
    rest = tight[: found[0].start] + tight[found[0].end :]
    rest = re.sub(r"\d{4}[-.年]\d{1,2}[-.月]\d{1,2}日?", "", rest)
    return found[0] if not re.search(rf"[{_HAN}\d]", rest) else None


def _numbers_from(match: re.Match[str], text: str, damage: str) -> list[DocumentNumber]:
    """One number, or several that share mark and year (新财社〔2021〕3、4号)."""
    mark = _issuer_mark(match["mark"], text[: match.start()].rstrip()[-1:])
    if not mark:
        return []
    start = match.end("mark") - len(mark)
    year = re.sub(r"\s", "", match["year"])
    more = match.groupdict().get("more") or ""
    serials = [re.sub(r"\s", "", serial).lstrip("0") for serial in (match["serial"] + more).split("、")]
    mark = mark.replace("（", "(").replace("）", ")")
    printed = text[start : match.end()]
    return [
        DocumentNumber(f"{mark}〔{year}〕{serial}号", printed, start, match.end(), damage)
        for serial in serials
        if serial
    ]


def _issuer_mark(run: str, before: str) -> str:
    """The issuer mark at the end of a run of characters; empty if there is none."""
    cut = max((word.end() for word in _STOP_WORDS.finditer(run) if word.end() < len(run)), default=0)
    run = run[cut:].lstrip("年月日")
    for stop in reversed(list(_STOP_CHARACTERS.finditer(run))):
        # 和财社〔2020〕5号 is 和田's; after another number or a title the same 和 joins two numbers.
        begins_text = stop.start() == 0 and cut == 0 and before not in tuple("号》)）”")
        if _looks_like_mark(run[stop.end() :]) and not (begins_text and stop.group() in "和从"):
            run = run[stop.end() :]
            break
    if len(run) > _LONGEST_MARK:
        shorter = re.search(rf"[{_PROVINCES}国][^省市县区]{{1,6}}$", run)
        run = shorter.group() if shorter else ""
    return run if _looks_like_mark(run) else ""


def _looks_like_mark(run: str) -> bool:
    return 2 <= len(run) <= _LONGEST_MARK + 2 and any(character in _ORGANS for character in run)


def notice_key(document_number: str) -> int:
    """The number by which the store finds the rows of a notice: year, serial and nine digits of a fingerprint.

    The macro of the same name in the store makes the same number in SQL.

    >>> notice_key("巴财社〔2021〕96号") // 10**9
    2021000096
    """
    whole = document_number.partition("|")[0]
    found = re.search(r"([12][0-9]{3})[^0-9]+([0-9]{1,6})", whole)
    year, serial = (int(found[1]), int(found[2])) if found else (0, 0)
    digest = hashlib.md5(whole.encode(), usedforsecurity=False).digest()
    return year * 10**15 + serial * 10**9 + int.from_bytes(digest[8:], "little") % 10**9
