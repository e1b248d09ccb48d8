"""What the tests of 问效单 start from: one opened at 和静县, brought into each state by the people whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from builders import NUMBER, OFFICER, REGION, REVIEWING, ROUND, clerk, opened_store, rows

from dashboard.actions.inquiries import InquiryPlan, OpenedInquiry, open_inquiry
from dashboard.actions.inquiry_steps import (
    answer_inquiry,
    order_rectification,
    record_outcome,
    refer_inquiry,
    report_rectification,
)
from data.audit import Actor
from data.store import Store
from metrics.inquiries import ANSWERED, AWAITING_ANSWER, CLOSED, RECHECKING, RECTIFYING, REFERRED
from metrics.scope import Scope

UNIT = "hejing"
APPROVER = clerk(UNIT)
AT = datetime(2021, 12, 23, 10)
SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
PAPER = ("佐证.txt", "支付凭证".encode())
BASIS = "aid-duty"


def inquiry_plan(**changes: Any) -> InquiryPlan:
    """A question of a person's own to 和静县 as a whole, with some of it changed."""
    return InquiryPlan(**{
        "document_number": NUMBER, "round_id": ROUND, "recipient_id": UNIT, "indicator_no": 0,
        "question_text": "资金为什么没有支付？", "fact_text": "执行率 66.0%，序时进度 98.3%。", **changes,
    })


def ask(store: Store, at: datetime = AT, actor: Actor = OFFICER, **changes: Any) -> OpenedInquiry:
    """Open one."""
    return open_inquiry(store, actor, at, inquiry_plan(**changes), REGION)


def newest_step(store: Store, inquiry_no: int = 1) -> int:
    """What somebody sees who looks now."""
    found = rows(store, "SELECT MAX(step_no) AS n FROM inquiry_event WHERE inquiry_no = $no", no=inquiry_no)
    return int(found[0]["n"] or 0)


def answer(store: Store, at: datetime = AT, *, actor: Actor = APPROVER, inquiry_no: int = 1, **changes: Any) -> Any:
    """Answer for the unit, with a file."""
    return answer_inquiry(store, actor, at, inquiry_no, **{
        "reason": "乡镇名册没有核完", "measure": "月底前核完发放", "files": [PAPER],
        "seen_step_no": newest_step(store, inquiry_no), **changes,
    })


def order(store: Store, at: datetime = AT, *, actor: Actor = REVIEWING, inquiry_no: int = 1, **changes: Any) -> Any:
    """Find the matter to be so and have it put right."""
    return order_rectification(store, actor, at, inquiry_no, REGION, **{
        "words": "核完名册，补发到人", "owner": "王局长", "seen_step_no": newest_step(store, inquiry_no), **changes,
    })


def rectify(store: Store, at: datetime = AT, *, actor: Actor = APPROVER, inquiry_no: int = 1, **changes: Any) -> Any:
    """Report it put right, without a file."""
    return report_rectification(store, actor, at, inquiry_no, **{
        "words": "已补发 1,200 人次", "gap": "银行回单下周才有", "seen_step_no": newest_step(store, inquiry_no),
        **changes,
    })


def refer(store: Store, at: datetime = AT, *, actor: Actor = OFFICER, inquiry_no: int = 1, **changes: Any) -> Any:
    """Hand it on for accountability."""
    return refer_inquiry(store, actor, at, inquiry_no, **{
        "words": "逾期不答复", "legal_keys": [BASIS], "seen_step_no": newest_step(store, inquiry_no), **changes,
    })


def outcome(store: Store, at: datetime = AT, *, actor: Actor = OFFICER, inquiry_no: int = 1, **changes: Any) -> Any:
    """Record what came of it."""
    return record_outcome(store, actor, at, inquiry_no, **{
        "words": "通报批评", "paper": "巴纪函〔2021〕1号", "paper_on": at.date(),
        "seen_step_no": newest_step(store, inquiry_no), **changes,
    })


WAYS: dict[str, tuple[Callable[..., Any], ...]] = {
    AWAITING_ANSWER: (ask,),
    ANSWERED: (ask, answer),
    RECTIFYING: (ask, answer, order),
    RECHECKING: (ask, answer, order, rectify),
    REFERRED: (ask, answer, refer),
    CLOSED: (ask, answer, refer, outcome),
}


def store_in(folder: Path, state: str) -> Store:
    """A store with one inquiry in a state."""
    store = opened_store(folder)
    for step in WAYS[state]:
        step(store)
    return store
