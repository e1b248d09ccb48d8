"""Under which accounts the money is booked, its direct-fund marker, its project code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.model import Reading
from data.notice.wording import Wording

_OPEN, _CLOSE = "“\"「『‘'＂", "”\"」』’'＂"
_CODE = r"(?P<code>[12]\d{2}(?:\d{2}){0,2})"
# A Chinese 一 stands for a dash (2130505一生产发展), but 一般 is a word.
_DASH = r"(?:[类款项]|一(?![般事次])|[\-—–―_:、.．~～\s])*"
_NAME = r"[\u4e00-\u9fff()、“”·\d]"
_QUOTED = re.compile(rf"[{_OPEN}](?P<inside>[^{_OPEN}{_CLOSE}。;]{{2,60}})[{_CLOSE}]")
_CODE_FIRST = re.compile(rf"^第?{_CODE}(?!\d){_DASH}(?P<name>.*)$", re.DOTALL)
_NAME_FIRST = re.compile(rf"^(?P<name>[\u4e00-\u9fff][^\d]*?)[(\-—–:]?{_CODE}(?:[类款项])?\)?$")
_CODE_BEFORE_QUOTE = re.compile(rf"(?<!\d)第?{_CODE}[类款项]?(?:科目)?(?:级科目)?[:—\-]?$")
_BY_LEVELS = re.compile(
    rf"[{_OPEN}]?(?P<class>[12]\d\d){_DASH}[^\d。;,]{{2,30}}?[{_CLOSE}]?类[{_OPEN},、]*(?P<item>\d\d){_DASH}[^\d。;,]{{2,30}}?[{_CLOSE}]?款"
    rf"(?:[{_OPEN},、]*(?P<leaf>\d\d){_DASH}(?P<name>[^\d。;,]{{2,30}}?)[{_CLOSE}]?项)"
)
_BARE = re.compile(
    rf"(?:列支?入?|计入|记入|科目|和|及|、)[^。;,\d\n|{_OPEN}]{{0,24}}?(?:(?:19|20)\d\d年度?[^。;,\d\n|{_OPEN}]{{0,40}}?)?"
    rf"第?{_CODE}(?!\d|[.,]\d|年|万|元|亿|号|人|个|户){_DASH}(?P<name>{_NAME}*?)?(?=科目|项级|功能|支出科目|预算科目|[,。;)\n{_OPEN}{_CLOSE}]|[类款项](?:科目)?|$)"
)
_TABLE_HEAD = re.compile(rf"^{_CODE}(?!\d){_DASH}(?P<name>[\u4e00-\u9fff()、]{{2,40}})$")
_BOOKED_BEFORE = re.compile(
    r"(?:列支?入?|增列|计入|记入|列报|科目为?:?|增加|核增)(?:《[^》]*》|[^。;“”\"]){0,24}$"
)
_BOOKED_AFTER = re.compile(r"^(?:[类款项]|预算|支出|收入|功能|经济|项级)*(?:科目|指标|支出)")
_BOILERPLATE = re.compile(
    r"^(?:(?:19|20)\d\d年?度?)?(?:《?政府(?:预算)?收支分类科目》?|政府支出功能分类科目|支出功能分类科目|预算科目)(?=.)"
)
_ECONOMIC = re.compile(r"经济(?:分类)?(?:科目)?[^。;,]{0,12}$")

_MARKER_NAMES = {"01": "中央直达资金", "03": "省级直达资金"}  # the two the notices print; 四平 2022
_MARKER = re.compile(
    rf"(?<!\d)(?P<code>0\d{{1,2}})[{_CLOSE}{_OPEN}\-—–一:、()]*(?P<name>(?:中央|省级?|自治区|市级|州级|县级|地方|参照|一般|特殊|财政|对应|其他)*直达资金)"
)
_MARKER_NAME_FIRST = re.compile(rf"(?P<name>(?:中央|省级|参照)+直达资金)[{_OPEN}(:]*(?P<code>0\d)(?!\d)")
_MARKER_CODE = re.compile(
    rf"直达[^。;]{{0,30}}?标[识志](?:代码|编码|码)?(?:统一|均)?(?:为|是|:|选择)[{_OPEN}]?(?P<code>0\d{{1,2}})(?!\d)"
)
_MARKER_NAME = re.compile(
    rf"标[识志](?:统一|均)?(?:为|是|:)[{_OPEN}](?P<name>[\u4e00-\u9fff]{{2,12}})[{_CLOSE}]"
)
_TRACED = re.compile(
    rf"[{_OPEN}](?P<name>追踪)[{_CLOSE}]标[识志]"
)  # since 2025 in the place of the direct-fund marker
_DIRECT = re.compile(
    r"(?:纳入|列入|属于?|为|作为|实行|按照?|是)[^。;,]{0,12}?直达(?:资金|机制|管理|监控|范围|支付)|资金直达机制管理|直达资金管理"
)
_PROJECT_CODE = re.compile(
    rf"项目(?:代码|编码|编号)(?:为|是)?[:{_OPEN}(]*(?P<code>[A-Za-z]?\d[A-Za-z0-9]{{6,}})"
)


@dataclass(frozen=True)
class Accounts:
    """Where the money is booked; values are written 「code name」, several joined by a semicolon."""

    income: Reading[str] | None = None
    expenditure: Reading[str] | None = None
    direct_fund_marker: Reading[str] | None = None
    project_code: Reading[str] | None = None


@dataclass(frozen=True)
class _Account:
    code: str
    name: str
    start: int
    end: int
    is_income: bool

    @property
    def value(self) -> str:
        return f"{self.code} {self.name}".strip()


def read_accounts(wording: Wording) -> Accounts:
    """Income and expenditure account, marker and project code as the prose states them.

    Reads: codes that begin with 1 as income, with 2 as expenditure by function; 3… and 5… are economic
    accounts and left out. A name without a code counts where the sentence says that it is an account.
    Empty: a notice that only says 详见附件 has none; a table head with a code is asked last.
    """
    accounts = _accounts(wording)
    income = [account for account in accounts if account.is_income]
    expenditure = [account for account in accounts if not account.is_income]
    code = _PROJECT_CODE.search(wording.flow)
    return Accounts(
        income=_joined(wording, income),
        expenditure=_joined(wording, expenditure) or _from_table_head(wording),
        direct_fund_marker=_marker(wording),
        project_code=wording.reading(code["code"], code.start("code"), code.end("code")) if code else None,
    )


def _accounts(wording: Wording) -> list[_Account]:
    text = wording.plain_flow
    found: list[_Account] = []
    for match in _BY_LEVELS.finditer(text):
        code = match["class"] + match["item"] + match["leaf"]
        found.append(_Account(code, _name(match["name"]), match.start(), match.end(), code[0] == "1"))
    for match in _QUOTED.finditer(text):
        account = _quoted_account(text, match)
        if account and not _overlaps(account, found):
            found.append(account)
    for match in _BARE.finditer(text):
        account = _account(match["code"], match["name"] or "", match.start("code"), match.end())
        before = re.split(r"[。;\n]", text[max(0, match.start("code") - 120) : match.start("code")])[-1]
        says_account = re.search(r"列|科目|计入|记入", before) and (
            account.name or "科目" in text[match.end() :][:8]
        )
        if says_account and not _overlaps(account, found) and not _ECONOMIC.search(before):
            found.append(account)
    return sorted(found, key=lambda account: account.start)


def _quoted_account(text: str, match: re.Match[str]) -> _Account | None:
    inside = _BOILERPLATE.sub("", match["inside"].replace("\n", ""))
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 16]
    for shape in (_CODE_FIRST, _NAME_FIRST):
        coded = shape.match(inside)
        if coded and not re.match(r"年|万|元", coded["name"]):
            return _account(coded["code"], coded["name"], match.start(), match.end())
    outside = _CODE_BEFORE_QUOTE.search(before)
    if outside and not _ECONOMIC.search(before[: outside.start()]):
        return _account(outside["code"], inside, match.start() - len(outside.group()), match.end())
    if re.search(r"\d|直达|标识|[,:]", inside) or _ECONOMIC.search(before):
        return None
    if _BOOKED_BEFORE.search(before) and _BOOKED_AFTER.match(after):
        is_income = bool(re.search(r"收入列?[^。;,支]*$", before)) and inside.endswith("收入")
        return _Account("", _name(inside), match.start(), match.end(), is_income)
    return None


def _account(code: str, name: str, start: int, end: int) -> _Account:
    return _Account(code, _name(name), start, end, code.startswith("1"))


def _name(text: str) -> str:
    name = re.sub(r"\s", "", text).strip("-—–―:、.“”\"' ")
    return re.sub(r"(?:支出)?(?:功能分类)?科目$", "", name)


def _overlaps(account: _Account, others: list[_Account]) -> bool:
    return any(account.start < other.end and other.start < account.end for other in others)


def _joined(wording: Wording, accounts: list[_Account]) -> Reading[str] | None:
    if not accounts:
        return None
    # A code said twice is one account; the fuller wording wins.
    by_key: dict[str, _Account] = {}
    for account in accounts:
        key = account.code or account.name
        if key not in by_key or len(account.name) > len(by_key[key].name):
            by_key[key] = account
    kept = list(by_key.values())
    if any(account.code for account in kept):
        kept = [account for account in kept if account.code]
    value = "; ".join(account.value for account in kept)
    printed = "; ".join(wording.printed(account.start, account.end) for account in kept)
    return Reading(value, printed, wording.line_no(kept[0].start))


def _from_table_head(wording: Wording) -> Reading[str] | None:
    for line in wording.lines:
        match = _TABLE_HEAD.match(line.tight)
        if match and match["code"].startswith("2") and len(match["code"]) >= 5:
            return Reading(f"{match['code']} {_name(match['name'])}", line.text, line.line_no)
    return None


def _marker(wording: Wording) -> Reading[str] | None:
    """01 中央直达资金; 直达资金 alone where the money is called so without a code."""
    text = wording.flow
    for shape in (_MARKER, _MARKER_NAME_FIRST):
        match = shape.search(text)
        if match:
            return wording.reading(f"{match['code']} {match['name']}", match.start(), match.end())
    match = _MARKER_CODE.search(text)
    if match:
        name = _MARKER_NAMES.get(match["code"], "")
        return wording.reading(f"{match['code']} {name}".strip(), match.start("code"), match.end("code"))
    match = _MARKER_NAME.search(text) or _TRACED.search(text)
    if match:
        return wording.reading(match["name"], match.start("name"), match.end("name"))
    for match in _DIRECT.finditer(wording.plain_flow):
        clause = re.split(r"[,。;:\n]", wording.plain_flow[: match.start()][-30:])[-1]
        if not re.search(r"不|非|未|除外", clause + match.group()):
            return wording.reading("直达资金", match.start(), match.end())
    return None
