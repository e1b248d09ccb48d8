"""A receiver's digest of one day: what is overdue, due, waiting for them, or new — put together from their own boards.

Everything is read as ``read_board`` reads it, with the receiver's role and unit: what they cannot see on a page cannot
stand in their digest. A day on which nothing is to be said has none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.duty_tables import duty_name, lateness
from dashboard.messages.inquiry_lines import (
    inquiries_to_decide,
    inquiries_to_drive,
    own_inquiries,
    rules_up_for_decision,
)
from dashboard.messages.letters import MARK_WORDS, MOST_LINES, Letter, Line, counted_subject, page_path
from dashboard.messages.reading import Reading
from dashboard.rights import (
    ADMINISTRATOR,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    PREFECTURE_OFFICER,
    REVIEWER,
)
from data.audit import Actor
from metrics.boards import checking, duties, messages, overview, reporting
from metrics.duties import LATE_STATES
from metrics.indicators import REGION_ID

CLOSING = "这是问效每天一次的摘要，没有事项的日子不发；具体内容请登录后查看。"
# What is repeated every day until it is done; the rest is said when it is new.
_DAILY = ("overdue", "today", "soon", "waiting", "attention")


def compose(reading: Reading, actor: Actor, told: Collection[str] = (), name: str = "") -> Letter | None:
    """The digest of one receiver; None if there is nothing to say.

    ``told`` are the keys of the last digest that arrived: what is not among them is new. A key stands in every digest
    for as long as the matter is open, said or not, so that it is new once. ``name`` is whose digest it is.
    """
    found = [line for part in PARTS.get(actor.role, ()) for line in part(reading, actor)]
    said = []
    for line in found:
        if line.mark in _DAILY:
            said.append(line)
        elif line.key not in told:
            said.append(line if line.mark == "note" else replace(line, mark="new"))
    if not said:
        return None
    order = list(MARK_WORDS)
    said.sort(key=lambda line: order.index(line.mark))
    more = len(said) - MOST_LINES
    closing = (f"另有 {more} 件没有列出。" if more > 0 else "") + CLOSING
    subject = counted_subject(name or "州级", reading.today, said)
    return Letter(subject, tuple(said[:MOST_LINES]), closing, tuple(dict.fromkeys(line.key for line in found)))


def _own_duties(reading: Reading, actor: Actor) -> list[Line]:
    """What the unit owes in every notice, by its own clocks; and the receipts that no clock can run without."""
    owed = reading.read_own(actor, duties.calendar_entries, reading.today, reading.region_code)
    held = [_duty_line(reading, row) for row in owed.sort_values("due_on", kind="stable").to_dict("records")]
    history = reading.read(actor, duties.duty_history, reading.today, reading.region_code)
    silent = history[(history["duty_state"] == "no_receipt") & history["is_counted"].astype(bool)]
    silent = silent.drop_duplicates("document_number")
    return held + [
        Line(
            f"{row['document_number']}|{row['recipient_id']}|receipt", "waiting",
            f"登记{row['document_number']}的收文时间：没有登记，办理时限无法计算",
            page_path("timeliness", notice=row["document_number"]),
        )
        for row in silent.to_dict("records")
    ]


def _region_duties(reading: Reading, actor: Actor) -> list[Line]:
    """The prefecture's own duties."""
    owed = reading.read_own(actor, duties.calendar_entries, reading.today, reading.region_code, unit=REGION_ID)
    return [_duty_line(reading, row) for row in owed.to_dict("records")]


def _duty_line(reading: Reading, row: Mapping[str, Any]) -> Line:
    due_on = row["due_on"].date()
    if row["duty_state"] in LATE_STATES:
        mark = "overdue"
    elif due_on <= reading.today:
        mark = "today"
    elif due_on <= reading.soon_on:
        mark = "soon"
    else:
        mark = "waiting" if row["duty_kind"] == "return" else "open"
    again = {"on_time_empty": "重新登记（登记的导入内容为空）：", "on_time_wrong": "改正（登记的导入有误）："}
    text = (
        f"{again.get(row['duty_state'], '')}{duty_name(row)}（{row['document_number']}），"
        f"{labels.day(due_on)}截止{lateness(row)}"
    )
    number = row["document_number"]
    path = page_path("timeliness", notice=number)
    if row["duty_kind"] in ("round", "return"):
        path = page_path("reporting", notice=number, round=_round_of(row["duty_key"]))
    return Line(f"{number}|{row['recipient_id']}|{row['duty_key']}", mark, text, path)


def _round_of(duty_key: str) -> str:
    """The round of a duty to report or to answer.

    >>> _round_of("round-2021-12"), _round_of("return-2021-12-1")
    ('2021-12', '2021-12')
    """
    kind, _, rest = duty_key.partition("-")
    return rest.rpartition("-")[0] if kind == "return" else rest


def _waiting_drafts(reading: Reading, actor: Actor) -> list[Line]:
    """Drafts that somebody of the unit filled in and the approver has not submitted."""
    owed = reading.read_own(actor, reporting.my_duties, reading.today)
    return [
        Line(
            f"{row['document_number']}|{row['recipient_id']}|draft-{row['round_id']}", "waiting",
            f"审核并报送{row['round_name']}填报草稿（{row['document_number']}），{labels.day(row['due_on'])}截止",
            page_path("reporting", notice=row["document_number"], round=row["round_id"]),
        )
        for row in owed[owed["has_draft"].astype(bool)].to_dict("records")
    ]


def _reports_to_check(reading: Reading, actor: Actor) -> list[Line]:
    """The reports that wait for a reviewer, one line for each round."""
    lines = []
    for scope in reading.scopes(actor):
        table = reading.read(actor, checking.inbox, scope)
        waiting = table[table["report_state"] == "submitted"]
        if waiting.empty:
            continue
        days = int(waiting["waiting_days"].max())
        since = f"，最久的已等 {days} 天" if days > 0 else ""
        lines.append(Line(
            f"{scope.document_number}|check-{scope.round_id}", "waiting",
            f"审核{overview.names(list(waiting['recipient_name']))}的填报，共 {len(waiting)} 份"
            f"（{scope.document_number} {scope.round_id}）{since}",
            page_path("checking", notice=scope.document_number, round=scope.round_id),
        ))
    return lines


def _attention(reading: Reading, actor: Actor) -> list[Line]:
    """What the overview says needs somebody today; its link leads to the 问效单 where one is open about it."""
    return [
        Line(
            f"{scope.document_number}|{scope.round_id}|{found.page}|{found.recipient_id}|{found.indicator_no}",
            "attention", found.sentence,
            page_path(
                "inquiries" if found.inquiry_no else found.page, notice=scope.document_number, round=scope.round_id,
                unit=found.recipient_id, indicator=found.indicator_no, inquiry=found.inquiry_no,
            ),
        )
        for scope in reading.scopes(actor)
        for found in reading.read(actor, overview.attention, scope, reading.region_code)
    ]


def _officers_attention(reading: Reading, actor: Actor) -> list[Line]:
    """As ``_attention``, without the 问效单 that are overdue: ``inquiries_to_drive`` tells each of them."""
    return [line for line in _attention(reading, actor) if "|inquiries|" not in line.key]


def _failed_messages(reading: Reading, actor: Actor) -> list[Line]:
    """Messages that could not be delivered."""
    table: pd.DataFrame = reading.read(actor, messages.outbox)
    failed = table[table["message_state"] == "given_up"]
    if failed.empty:
        return []
    return [Line("messages|given_up", "waiting", f"处理 {len(failed)} 条没有送达的消息", page_path("messages"))]


# What each role is told, in the order of its day. An auditor has no duties here: no digest.
PARTS: dict[str, tuple[Callable[[Reading, Actor], list[Line]], ...]] = {
    COUNTY_REPORTER: (_own_duties, own_inquiries),
    COUNTY_APPROVER: (_own_duties, own_inquiries, _waiting_drafts),
    PREFECTURE_OFFICER: (
        _region_duties, inquiries_to_decide, inquiries_to_drive, _officers_attention, rules_up_for_decision,
    ),
    REVIEWER: (_reports_to_check, inquiries_to_decide),
    LEADER: (_attention,),
    ADMINISTRATOR: (_failed_messages,),
}
