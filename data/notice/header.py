"""Head and body of a notice as facts: everything that stands outside its tables."""

from __future__ import annotations

import re
from dataclasses import replace

from data.document_number import DocumentNumber, find_all
from data.model import Finding, FundNotice, Reading, Severity
from data.notice.accounts import read_accounts
from data.notice.amounts import BodyAmount, read_amount
from data.notice.deadlines import read_deadlines
from data.notice.document import Document
from data.notice.front import read_front
from data.notice.funds import read_fiscal_year, read_fund_name
from data.notice.metadata import read_metadata
from data.notice.signature import Signature, read_signature
from data.notice.wording import Wording

_UNIT = re.compile(r"(?:金额)?单位[:(](?:人民币)?(?P<unit>亿元|万元|千元|百元|元)")
_UNIT_IN_HEAD = re.compile(r"[(/](?P<unit>亿元|万元|元)\)")
_ANNEX_HEAD = re.compile(r"^附(?:件|表)(?:\d{1,2})?:(?P<first>.+)$")
_ANNEX_NEXT = re.compile(r"^(?P<no>\d{1,2})[.、.](?P<name>.{4,})$")
_OPEN_END = re.compile(r"[、,(]$")


def read_header(document: Document) -> FundNotice:
    """The notice with every fact of head and body, each with its printed words and its line; no tables yet.

    Reads: the lines of a document of any format; traditional characters and pinyin of mirrors are read as
           simplified characters, ``printed`` keeps what the page shows where the words are quoted.
    Unit:  元.
    Empty: what the text does not say is None; nothing is inferred from the tables.
    """
    wording = Wording(document.lines)
    metadata = read_metadata(wording)
    front = read_front(wording, metadata)
    signature = read_signature(wording, metadata, front)
    accounts = read_accounts(wording)
    body = read_amount(wording)
    fund = read_fund_name(wording, front)
    own = front.own_numbers
    cited = _cited(wording, {number.value for number in own})
    return FundNotice(
        document.file_name,
        document.file_sha256,
        document.lines,
        document_number=own[0] if own else None,
        other_own_numbers=own[1:],
        title=front.title,
        issuer=signature.issuer,
        issuer_header=signature.issuer_header,
        dated_on=signature.dated_on,
        printed_on=signature.printed_on,
        published_on=signature.published_on,
        addressees=front.addressees,
        copied_to=signature.copied_to,
        fund_name=fund,
        fiscal_year=read_fiscal_year(wording, front, fund),
        amount_yuan=body.amount,
        is_body_amount_blank=body.blank is not None,
        unit=_unit(wording),
        income_account=accounts.income,
        expenditure_account=accounts.expenditure,
        direct_fund_marker=accounts.direct_fund_marker,
        project_code=accounts.project_code,
        deadlines=read_deadlines(wording, signature.dated_on.value if signature.dated_on else None),
        cites=tuple(wording.reading(number.value, number.start, number.end) for number in cited),
        annexes=_annexes(wording),
        is_cut_off=_is_cut_off(wording),
        findings=_findings(wording, signature, body, [*front.damages, *cited]),
    )


def _cited(wording: Wording, own: set[str]) -> list[DocumentNumber]:
    """Every other 文号, once each, in printed order."""
    found: dict[str, DocumentNumber] = {}
    for number in find_all(wording.flow):
        printed = wording.printed(number.start, number.end)
        # The space in 小计数 巴财社〔2021〕3号 was dropped with the others; 湘 财社指 is one mark.
        glued = re.match(r"[\u4e00-\u9fff]{2,} (?=[\u4e00-\u9fff]{2})", printed)
        tail = find_all(printed[glued.end() :]) if glued else []
        number = replace(number, value=tail[0].value) if tail else number
        if number.value not in own:
            found.setdefault(number.value, number)
    return list(found.values())


def _unit(wording: Wording) -> Reading[str] | None:
    for shape in (_UNIT, _UNIT_IN_HEAD):
        match = shape.search(wording.flow)
        if match:
            return wording.reading(match["unit"], match.start("unit"), match.end("unit"))
    return None


def _annexes(wording: Wording) -> tuple[str, ...]:
    """The list of annexes under the body, as printed, without the word 附件."""
    for place, line in enumerate(wording.lines):
        match = _ANNEX_HEAD.match(line.text.replace(" :", ":").replace("附 件", "附件"))
        if not match:
            continue
        first = match["first"].strip()
        annexes = [first]
        for following in wording.lines[place + 1 : place + 12]:
            following_match = _ANNEX_NEXT.match(following.text)
            if not following_match or int(following_match["no"]) != len(annexes) + 1:
                break
            annexes.append(following.text)
        if re.match(r"1[.、]", first) or len(annexes) == 1:
            return tuple(annexes)
    return ()


def _is_cut_off(wording: Wording) -> bool:
    """The last words stop inside a sentence."""
    return bool(wording.lines) and bool(_OPEN_END.search(wording.lines[-1].tight))


def _findings(
    wording: Wording, signature: Signature, body: BodyAmount, numbers: list[DocumentNumber]
) -> tuple[Finding, ...]:
    findings = [
        Finding(
            code="number-damaged",
            severity=Severity.REPAIRED,
            line_no=_line_of(wording, number.printed),
            sentence=(
                f"文号“{number.printed}”有残缺（{number.damage}），按 {number.value} 读取，请对照原件核对。"
            ),
            field_name="document_number",
            printed=number.printed,
            read_as=number.value,
        )
        for number in numbers
        if number.is_damaged
    ]
    if body.blank:
        findings.append(
            Finding(
                code="blank-amount",
                severity=Severity.WARNING,
                line_no=body.blank.line_no,
                sentence=f"正文第{body.blank.line_no}行的金额为空（“{body.blank.printed}”），金额以分配表为准，请核对。",
                field_name="amount_yuan",
                printed=body.blank.printed,
            )
        )
    if signature.is_dated_by_page and signature.dated_on:
        findings.append(
            Finding(
                code="dated-by-page",
                severity=Severity.NOTE,
                line_no=signature.dated_on.line_no,
                sentence="正文没有成文日期，暂以网页发布日期代替，请对照原件更正。",
                field_name="dated_on",
                printed=signature.dated_on.printed,
                read_as=signature.dated_on.value.isoformat(),
            )
        )
    return tuple(findings)


def _line_of(wording: Wording, printed: str) -> int | None:
    place = wording.flow.find(re.sub(r"\s", "", printed))
    return wording.line_no(place) if place >= 0 else None
