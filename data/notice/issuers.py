"""Who a notice comes from: names of bureaus, alone on a line, side by side, or glued together."""

from __future__ import annotations

import re

_SUFFIX = "局|厅|部|委员会|委|办公室|领导小组|指挥部|政府|联合会|公署|管委会|供销社|总社|总工会|中心"
_DEPARTMENTS = (
    "财政|民政|卫生健康|卫生和计划生育|卫生计生|卫生|卫健|教育体育|教育和体育|教育|科教|"
    "农业农村和水利|农业农村|农业和农村|农业|农牧|水利|水务|林业和草原|林业|扶贫开发|扶贫|"
    "乡村振兴|人力资源和社会保障|人力资源社会保障|人社|医疗保障|住房和城乡建设|住房城乡建设|住建|"
    "城乡建设|建设|交通运输|交通|生态环境|环境保护|自然资源|国土资源|文化和旅游|文化广电和旅游|"
    "文化广电旅游体育|文化|体育|退役军人事务|应急管理|科学技术|科技|工业和信息化|经济和信息化|"
    "商务|发展和改革|发展改革|公安|司法|审计|统计|市场监督管理|粮食和物资储备|民族宗教事务|"
    "民族事务|中医药管理|妇女|残疾人|畜牧兽医|海洋与渔业|机关事务管理|社会事务管理|社会事务|"
    "社会发展"
)
_ENDS = "局|厅|部|委员会|委|办公室|联合会|管理局"
_LEVEL = "省|自治区|市|县|区|州|国家|中央|地区"
# Characters that close an annex title or a sentence and cannot be inside a place's name.
_PLACE = r"[^\W\da-zA-Z_表件案单册知章目标情况项款额用案告定]{2,8}?(?:省|市|县|区|州|盟|旗|兵团|街道)"
_GLUED = re.compile(
    rf"(?:(?:(?:{_PLACE}){{1,3}}|{_LEVEL})?(?:{_DEPARTMENTS})(?:{_ENDS})"
    rf"|{_PLACE}[\u4e00-\u9fff]{{2,8}}(?:领导小组|指挥部)(?:办公室)?){{1,4}}$"
)
_PROVINCE = re.compile(
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆"
)
_NOT_A_NAME = ("各", "有关", "附", "抄送", "按", "依", "根据", "经", "由")
_NEXT_NAME = re.compile(
    rf"(?<=[局厅部委会府室])(?=(?:{_LEVEL}|[\u4e00-\u9fff]{{2,8}}?(?:省|市|县|区|州|盟|旗))"
    rf"[\u4e00-\u9fff]{{0,12}}?(?:{_ENDS})|(?:财政|民政|教育|农业农村|水利)部)"
)
_NAME = re.compile(rf"^[\u4e00-\u9fff·“”()]{{2,28}}(?:{_SUFFIX})(?:\(章\)|\(盖章\))?$")


def split_issuers(text: str) -> list[str]:
    """The names in a text that holds nothing but names; empty if it holds anything else.

    >>> split_issuers("吴兴区财政局   吴兴区农业农村局")
    ['吴兴区财政局', '吴兴区农业农村局']
    >>> split_issuers("省财政厅省卫生健康委员会")
    ['省财政厅', '省卫生健康委员会']
    >>> split_issuers("漳平市脱贫攻坚战役指挥部办公室")
    ['漳平市脱贫攻坚战役指挥部办公室']
    >>> split_issuers("各区县财政局:")
    []
    """
    if text.rstrip().endswith(":"):
        return []
    tokens = _joined([token for token in re.split(r"[\s、,|]+", text.strip()) if token])
    if not tokens or not all(_NAME.match(token) for token in tokens):
        return []
    names = [name for token in tokens for name in _split_glued(re.sub(r"\((?:盖)?章\)$", "", token))]
    return [] if any(name.startswith(_NOT_A_NAME) for name in names) else names


def issuers_at_end(text: str) -> list[str]:
    """The names that end a text glued to what stands before them (…绩效目标表省财政厅2022年6月28日).

    >>> issuers_at_end("2.绩效目标表重庆市财政局")
    ['重庆市财政局']
    """
    match = _GLUED.search(text)
    if not match:
        return []
    found = match.group()
    province = _PROVINCE.search(found)
    if province and 0 < province.start() < 5:
        found = found[province.start() :]
    return _split_glued(found)


def issuers_of_title(title: str) -> list[str]:
    """The names before 关于 in a title."""
    head, about, _ = title.partition("关于")
    return split_issuers(head) if about and head.strip() else []


def _split_glued(text: str) -> list[str]:
    return [name for name in _NEXT_NAME.split(text) if name]


def _joined(tokens: list[str]) -> list[str]:
    """Tokens with spaced-out characters put together again (财 政 局)."""
    if len(tokens) > 2 and all(len(token) <= 2 for token in tokens):
        return ["".join(tokens)]
    return tokens
