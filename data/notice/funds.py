"""What the money is called, without year, batch, level and the act of handing it down."""

from __future__ import annotations

import re

from data.model import Reading
from data.notice.front import Front
from data.notice.numbers import chinese_number
from data.notice.wording import Wording

_VERB = (
    "提前下达|预下达|追加下达|分配下达|分解下达|清算下达|结算下达|调整下达|再次下达|继续下达|转下达|下达|拨付|预拨付|预拨|下拨|核拨|拨发|划拨|转拨|"
    "拨转|增拨|补拨|安排|追加|调整|调剂|分配|发放|清算|结算|核定|批复|收回|统筹|分解|提前告知|提前通知|告知|做好|明确|公布|公开|申报"
)
_ACT = re.compile(rf"(?:(?:预先?|提前|再次|继续)?(?:{_VERB})(?:及|和|并|、)?)+")
_YEAR = r"(?:(?:19|20)\d{2}|[二一][〇○零0O一二三四五六七八九]{3})(?:[-—–~至](?:19|20)?\d{2})?"
_PERIOD = (
    r"(?:年度|学年度?|年)(?:至(?:19|20)\d{2}年)?"
    r"(?:[春秋](?:季)?学?期?|上半年|下半年|第?[一二三四1-4]季度|\d{1,2}(?:[-—至~]\d{1,2})?月份?|采暖[期季]|冬春|年初)*"
)
_YEAR_HEAD = re.compile(rf"^[^()]*{_YEAR}{_PERIOD}")
_BATCH = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[批次]|首批|部分|新增|增量|剩余|本级|度|的|(?:提前下达|预拨|清算|结算)(?=.{6})|\d{1,2}月份?|[一二三四五六七八九]月份?)"
)
# 财政专项扶贫资金 is a name of its own: there only 中央 goes.
_CENTRAL = re.compile(
    r"^中央(?:财政(?!专项)|级财政|级|补助地方|对地方|下达)?(?!.{0,2}彩票公益金|预算内|专项彩票|财政彩票)"
)
_TWO_LEVELS = re.compile(
    r"^(?:中央|国家|省|自治区|市|州|县|区|地区)级?(?:财政)?(?:[、和及与](?:中央|国家|省|自治区|市|州|县|区|地区|本)级?(?:财政)?)+(?=.{4})"
)
_ONE_LEVEL = re.compile(r"^(?:省|自治区|市|州|县|区|镇)(?:本)?级(?!财政)(?=.{4})")
_RECIPIENT = re.compile(
    r"^(?:给?(?:你|我|各|有关)[\u4e00-\u9fff]{0,3}?(?:省|市|县|区|州|地|院|单位|局|们|校|镇|乡|街道)|有关[市县区]|各地)+(?:的)?"
)
_PLACE_BEFORE_LEVEL = re.compile(r"^[\u4e00-\u9fff]{2,6}[县市区州](?=中央|省级|自治区级|市级|县级)")
_FUND_END = (
    "(?:资金|经费|补助金?|救助[金费]|奖补|补贴|转移支付|专款|奖金|贴息|生活费|津贴|保障金|养老金|保险费|公益金|预算内投资|项目费)"
    "(?:资金|经费)?"
)
_NAME_END = re.compile(rf"^(?P<name>(?:[^()]|\([^()]*\))*(?:{_FUND_END}))(?P<bracket>\([^()]*\))?")
_TAIL = re.compile(
    r"(?:的?(?:分配|安排|下达|拨付|使用|发放|调整)*(?:方案|情况|计划|明细表?|名单|结果)|的?预算(?:\(拨款\))?|的?(?:预算)?指标|额度|任务计划|有关(?:事项|问题)|工作|的)+$"
)
_KIND = re.compile(r"(?:的)?(?:通知|公告公示|公示公告|公告|公示|通报|批复|复函|函|决定|意见)(?:\([^()]*\))?$")
_OF_A_SHEET = re.compile(r"(?:批复表|目标表|申报表|自评表)\((?P<name>[^()]{4,})\)$")
_CITED_TITLE = re.compile(r"《(?P<title>[^《》]*关于[^《》]*(?:通知|函|批复))》")
_IN_BODY = re.compile(
    rf"(?P<act>(?:{_VERB})的?(?:给?(?:你|各)[^,。;\d《》]{{0,8}}?|到)?)(?P<phrase>(?:中央|省|自治区|市|区|县)?(?:级)?(?:财政)?(?:{_YEAR}{_PERIOD})[^,。;:《》\n|]{{2,60}})"
)
_BROUGHT = re.compile(rf"[将把](?P<phrase>{_YEAR}{_PERIOD}[^,。;:《》\n|]{{2,60}}?(?:{_FUND_END}))")
_IN_BODY_NO_YEAR = re.compile(
    rf"(?:{_VERB})(?:给?(?:你|各)[^,。;\d《》]{{1,6}}?(?=[\u4e00-\u9fff]))?(?P<phrase>[^,。;:《》\n|\d]{{3,40}}?(?:{_FUND_END}))"
)
_ANY_YEAR_PHRASE = re.compile(rf"(?P<phrase>{_YEAR}{_PERIOD}[^,。;:《》\n|\d]{{2,40}}?(?:{_FUND_END}))")
_KEPT_BRACKET = re.compile(r"部分\)$")
_YEAR_OF_MONEY = re.compile(r"(?:19|20)\d\d年度?[^。;\n\d]{0,30}(?:资金|经费|补助|补贴)")
_YEAR_IN_TEXT = re.compile(r"(?P<year>(?:19|20)\d\d|二[〇○零0Oo][一二三四五六七八九〇○零]{2})(?:年|学年|[-—]20\d\d)")


def read_fund_name(wording: Wording, front: Front) -> Reading[str] | None:
    """The fund as the notice itself names it.

    Reads: the title; without one the words after 下达 in the body; last a cited title.
    Empty: no phrase that ends like a fund (资金, 经费, 补助, 转移支付 …).
    """
    if front.title:
        name = fund_of_title(front.title.value)
        if name:
            return Reading(name, front.title.printed, front.title.line_no)
    return (
        _fund_in_body(wording)
        or _fund_in_cited_title(wording)
        or _fund_anywhere(wording)
        or _project_of_sheet(wording)
    )


def read_fiscal_year(wording: Wording, front: Front, fund: Reading[str] | None) -> int | None:
    """The year of the money: in the title, else beside the fund's name; not the year of the paper."""
    texts = [front.title.value] if front.title else []
    texts += [fund.printed] if fund else []
    for shape in (_IN_BODY, _BROUGHT):
        texts += [match.group() for match in list(shape.finditer(wording.plain_flow))[:1]]
    texts += [match.group() for match in list(_YEAR_OF_MONEY.finditer(wording.plain_flow))[:1]]
    for text in texts:
        match = _YEAR_IN_TEXT.search(text.replace(" ", ""))
        year = chinese_number(match["year"]) if match else None
        if year:
            return year
    return None


def fund_of_title(title: str) -> str:
    """The fund in a title; empty if it names none.

    >>> fund_of_title("财政部关于下达深度贫困地区2020年中央对地方重点生态功能区转移支付预算的通知")
    '重点生态功能区转移支付'
    >>> fund_of_title("关于下达中央财政2018年第一批造林补贴资金的通知")
    '造林补贴资金'
    """
    sheet = _OF_A_SHEET.search(title)
    if sheet and not re.match(r"(?:19|20)\d\d年", sheet["name"]):
        return sheet["name"]
    phrase = title.rpartition("关于")[2] if "关于" in title else title
    phrase = _KIND.sub("", phrase)
    act = _ACT.match(phrase)
    return clean_fund(phrase[act.end() :] if act else phrase, may_lack_end=bool(act))


def clean_fund(phrase: str, *, may_lack_end: bool = False) -> str:
    """A fund's name without year, batch, level, recipient and tail.

    >>> clean_fund("2020年中央和省级水利发展资金分配情况")
    '水利发展资金'
    >>> clean_fund("2020年省级财政专项扶贫资金280万元")
    '省级财政专项扶贫资金'
    """
    text = re.sub(r"[\s\n]", "", phrase)
    text = re.sub(r"^(?:转发|印发)", "", text)
    text = _RECIPIENT.sub("", text)
    text = _YEAR_HEAD.sub("", text)
    match = _NAME_END.match(text)
    if match:
        bracket = match["bracket"] or ""
        text = match["name"] + (bracket if _KEPT_BRACKET.search(bracket) else "")
    elif may_lack_end:
        text = re.sub(r"\([^()]*\)$", "", _TAIL.sub("", text))
    else:
        return ""
    text = _without_head(text)
    return re.sub(r"\((?:第[^()]*批|[^()]*批次)\)", "", text) if len(text) >= 3 else ""


def _without_head(text: str) -> str:
    """Batch and level taken off the front, in whatever order they stand."""
    while True:
        shorter = text
        for head in (_RECIPIENT, _PLACE_BEFORE_LEVEL, _BATCH, _TWO_LEVELS, _CENTRAL, _ONE_LEVEL):
            shorter = head.sub("", shorter, count=1)
        if shorter == text or len(shorter) < 4:
            return text
        text = shorter


def _fund_in_body(wording: Wording) -> Reading[str] | None:
    text = wording.plain_flow
    with_year = sorted([*_IN_BODY.finditer(text), *_BROUGHT.finditer(text)], key=lambda match: match.start())
    for match in [*with_year, *_IN_BODY_NO_YEAR.finditer(text)]:
        # 下达我市的 is what came from above, not what this notice hands down.
        if re.match(r"给?我[省市县区州]", match["phrase"]):
            continue
        name = clean_fund(_until_amount(match["phrase"]))
        if name:
            return wording.reading(name, match.start("phrase"), match.end("phrase"))
    return None


def _fund_in_cited_title(wording: Wording) -> Reading[str] | None:
    for match in _CITED_TITLE.finditer(wording.flow):
        if not re.search(rf"关于(?:{_VERB})", match["title"]):
            continue
        name = fund_of_title(match["title"].replace("\n", ""))
        if name:
            return wording.reading(name, match.start("title"), match.end("title"))
    return None


def _fund_anywhere(wording: Wording) -> Reading[str] | None:
    for match in _ANY_YEAR_PHRASE.finditer(wording.plain_flow):
        name = clean_fund(match["phrase"])
        if name:
            return wording.reading(name, match.start("phrase"), match.end("phrase"))
    return None


def _project_of_sheet(wording: Wording) -> Reading[str] | None:
    """项目名称 of a target sheet that stands alone."""
    match = re.search(r"(?:项目|专项)名称[:|\n]+(?P<name>[^|\n]{3,60})", wording.flow)
    return wording.reading(match["name"], match.start("name"), match.end("name")) if match else None


def _until_amount(phrase: str) -> str:
    return re.split(
        r"\d+(?:\.\d+)?(?:万|亿)?元|万元|(?:专项|主要|统筹)?用于|给你|给予|如数|详见|随文|予以|转发",
        phrase.replace("\n", ""),
    )[0]
