"""Which papers there are: their names, whom they are about, how each is composed and written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dashboard.papers import assessment, circular, inquiries, monitoring, self_report, unit_notice
from dashboard.papers.content import Paper
from dashboard.papers.facts import Facts
from dashboard.papers.head import fill_head
from dashboard.papers.word import write_word
from dashboard.papers.workbook import write_workbook
from data.errors import RefusedError

WORD, EXCEL = "docx", "xlsx"
FORM_NAMES = {WORD: "Word", EXCEL: "Excel"}
UNIT, REGION, INQUIRY = "unit", "region", "inquiry"
MEDIA_TYPES = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Order:
    """Which paper, of which notice and round, as known at the end of which day, about whom, in which form."""

    paper: str
    document_number: str
    round_id: str
    as_of_on: date
    recipient_id: str = ""
    inquiry_no: int = 0
    form: str = WORD


@dataclass(frozen=True)
class PaperKind:
    """One paper: ``about`` is unit, region or inquiry."""

    title: str
    about: str
    compose: Callable[[Facts, Order], Paper]
    has_workbook: bool = False
    needs_round: bool = True


def _of_inquiry(
    compose: Callable[..., Paper]
) -> Callable[[Facts, Order], Paper]:
    return lambda facts, order: compose(facts, *inquiries.find_inquiry(facts, order.inquiry_no))


KINDS: dict[str, PaperKind] = {
    "unit-assessment": PaperKind(
        "绩效目标自评表", UNIT, lambda facts, order: assessment.unit_table(facts, order.recipient_id), True,
    ),
    "unit-report": PaperKind(
        "绩效自评报告", UNIT, lambda facts, order: self_report.unit_report(facts, order.recipient_id),
    ),
    "unit-monitoring": PaperKind(
        "绩效运行监控情况表", UNIT, lambda facts, order: monitoring.unit_table(facts, order.recipient_id), True,
    ),
    "unit-notice": PaperKind(
        "分送各单位的资金通知", UNIT, lambda facts, order: unit_notice.unit_notice(facts, order.recipient_id), True,
        needs_round=False,
    ),
    "circular": PaperKind("通报", REGION, lambda facts, _: circular.circular(facts), True),
    "region-assessment": PaperKind("区域绩效目标自评表", REGION, lambda facts, _: assessment.region_table(facts), True),
    "region-report": PaperKind("区域绩效自评报告", REGION, lambda facts, _: self_report.region_report(facts)),
    "region-monitoring": PaperKind(
        "绩效运行监控情况表（全部单位）", REGION, lambda facts, _: monitoring.region_table(facts), True,
    ),
    "rectification": PaperKind("整改通知书", INQUIRY, _of_inquiry(inquiries.rectification_notice), needs_round=False),
    "supervision": PaperKind("督办单", INQUIRY, _of_inquiry(inquiries.supervision_slip), needs_round=False),
}


def kind_of(order: Order) -> PaperKind:
    """The paper that is asked for, where it can be written in that form.

    Raises: RefusedError if there is no such paper, or not in that form.
    """
    kind = KINDS.get(order.paper)
    if kind is None:
        raise RefusedError(f"没有“{order.paper[:40]}”这种公文报表：可以是 {'、'.join(KINDS)}。")
    if order.form not in FORM_NAMES:
        raise RefusedError(f"公文报表只有 {WORD} 和 {EXCEL} 两种格式，没有“{order.form[:20]}”。")
    if order.form == EXCEL and not kind.has_workbook:
        raise RefusedError(f"{kind.title}不是表格，只有 Word 格式。")
    if kind.needs_round and not order.round_id:
        raise RefusedError(f"{kind.title}要有填报轮次：这份文件还没有开启填报轮次。")
    return kind


def compose(facts: Facts, order: Order) -> Paper:
    """What the paper says.

    Raises: RefusedError or NotFoundError with the reason, where it cannot be composed.
    """
    return kind_of(order).compose(facts, order)


def write(paper: Paper, form: str, template: bytes = b"") -> bytes:
    """The paper's bytes, an official one under the bureau's own red head where it has one."""
    if form == EXCEL:
        return write_workbook(paper)
    has_head = template and paper.is_official and paper.is_numbered
    return write_word(paper, fill_head(template, paper) if has_head else b"")
