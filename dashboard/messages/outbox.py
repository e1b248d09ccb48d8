"""The outbox in the store: what is to be sent, claimed by one sender at a time, with what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.messages.channels import Post
from dashboard.messages.hours import Hours
from dashboard.messages.letters import Letter, lines_as_json, lines_of_json
from dashboard.messages.receivers import Receiver, receiver_of
from data.store import Cursor, Store, sql_text

DIGEST, TEST = "digest", "test"
WAITING, SENT, GIVEN_UP, DROPPED = "waiting", "sent", "given_up", "dropped"
# After each failed attempt the next one waits longer; after the last it is given up, and the administrator is told.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
INTERRUPTED = "上次发送时程序中断，重新发送"
YESTERDAYS = "当天没有发出，以后一天的摘要为准"
NO_CHANNEL = "这个渠道已经不在设置里"
NO_RECEIVER = "账号已停用，或已经没有接收地址"
OTHER_VIEW = "接收人的角色或单位已经改变"


@dataclass(frozen=True)
class Planned:
    """A message that is to be: for whom, of what kind and cause, since when it may leave."""

    receiver: Receiver
    message_kind: str
    cause_key: str
    letter: Letter
    send_after: datetime


@dataclass(frozen=True)
class Claimed:
    """A message that nobody else sends now, and where it goes."""

    row: dict[str, Any]
    receiver: Receiver

    @property
    def letter(self) -> Letter:
        """What it says, as it was put in."""
        row = self.row
        return Letter(row["title_text"], lines_of_json(row["lines_json"]), row["closing_text"])

    @property
    def message_id(self) -> str:
        """By what a mail system knows it again: the same at every attempt, another for every message."""
        row = self.row
        words = (row["receiver_key"], row["channel_key"], row["message_kind"], row["cause_key"], str(row["made_at"]))
        return f"wenxiao-{row['message_no']}-{hashlib.sha256('|'.join(words).encode()).hexdigest()[:24]}"


def keep_messages(cursor: Cursor, planned: Iterable[Planned], at: datetime) -> list[int]:
    """Put messages into the outbox inside the caller's transaction; their numbers.

    The outbox has each receiver, channel, kind and cause once: a second one of the same is left out.
    """
    newest = int(cursor.query("newest_message_no")["message_no"][0])
    kept: list[int] = []
    for each in planned:
        message_no = newest + len(kept) + 1
        if _keep(cursor, each, message_no, at):
            kept.append(message_no)
    return kept


def _keep(cursor: Cursor, planned: Planned, message_no: int, at: datetime) -> bool:
    receiver, letter = planned.receiver, planned.letter
    count = cursor.run(sql_text("data", "writes/keep_message"), {
        "message_no": message_no, "message_kind": planned.message_kind, "receiver_key": receiver.key,
        "channel_key": receiver.channel.key, "cause_key": planned.cause_key, "role": receiver.actor.role,
        "recipient_id": receiver.actor.recipient_id, "title_text": letter.subject,
        "lines_json": lines_as_json(letter.lines), "closing_text": letter.closing,
        "keys_json": json.dumps(letter.keys, ensure_ascii=False), "made_at": at, "send_after": planned.send_after,
    })
    return count > 0


def told_keys(store: Store, receiver: Receiver) -> set[str]:
    """What was open for a receiver in the last digest that reached it on this channel."""
    with store.reading() as cursor:
        rows = cursor.rows(sql_text("data", "queries/told_keys"), {
            "receiver_key": receiver.key, "channel_key": receiver.channel.key,
        })
    return set(json.loads(rows[0]["keys_json"])) if rows else set()


def take_back(store: Store) -> None:
    """Let what stands in the middle wait again: nobody sends now, so a process was killed there."""
    with store.transaction(is_shown=False) as cursor:
        cursor.run(sql_text("data", "writes/take_back_messages"), {"fault_text": INTERRUPTED})


def claim(store: Store, post: Post, at: datetime, hours: Hours, message_no: int = 0) -> Claimed | None:
    """The next message that is due, claimed; those that must not leave any more are dropped on the way."""
    with store.transaction(is_shown=False) as cursor:
        while found := cursor.rows(sql_text("data", "queries/message_to_send"), {
            "at": at, "is_open": hours.is_open(at), "message_no": message_no,
        }):
            row = found[0]
            receiver, why = _receiver_now(cursor, post, row, at)
            if receiver is None:
                _end(cursor, row, DROPPED, fault_text=why)
                continue
            cursor.run(sql_text("data", "writes/begin_sending"), {"message_no": row["message_no"], "tried_at": at})
            return Claimed({**row, "attempt_count": row["attempt_count"] + 1}, receiver)
    return None


def mark_sent(store: Store, claimed: Claimed, at: datetime) -> None:
    """Keep that the other side has taken a message."""
    with store.transaction(is_shown=False) as cursor:
        _end(cursor, claimed.row, SENT, sent_at=at, sent_to_text=claimed.receiver.address)


def mark_failed(
    store: Store, claimed: Claimed, at: datetime, hours: Hours, sentence: str, *, is_final: bool = False
) -> None:
    """Keep why a message did not leave, and when it is tried again; a test is not, its person tries anew."""
    row, attempts = claimed.row, claimed.row["attempt_count"]
    is_over = is_final or attempts > len(RETRY_AFTER) or row["message_kind"] == TEST
    # What is given up stands in the administrator's digest.
    with store.transaction(is_shown=is_over) as cursor:
        if is_over:
            _end(cursor, row, DROPPED if row["message_kind"] == TEST else GIVEN_UP, fault_text=sentence)
        else:
            again = hours.next_open(at + RETRY_AFTER[attempts - 1])
            _end(cursor, row, WAITING, send_after=again, fault_text=sentence)


def message_row(store: Store, message_no: int) -> dict[str, Any]:
    """One message with what became of it."""
    with store.reading() as cursor:
        return cursor.rows(sql_text("data", "queries/message_of_number"), {"message_no": message_no})[0]


def _receiver_now(
    cursor: Cursor, post: Post, row: dict[str, Any], at: datetime
) -> tuple[Receiver | None, str]:
    """Where a message goes now, or why it goes nowhere: what was made of one view is not sent to another."""
    if row["message_kind"] == DIGEST and row["cause_key"] != at.date().isoformat():
        return None, YESTERDAYS
    if row["channel_key"] not in post.channels:
        return None, NO_CHANNEL
    receiver = receiver_of(cursor, post, row["receiver_key"], post.channels[row["channel_key"]])
    if receiver is None:
        return None, NO_RECEIVER
    if (receiver.actor.role, receiver.actor.recipient_id) != (row["role"], row["recipient_id"]):
        return None, OTHER_VIEW
    return receiver, ""


def _end(
    cursor: Cursor, row: dict[str, Any], message_state: str, *, send_after: datetime | None = None,
    sent_at: datetime | None = None, sent_to_text: str = "", fault_text: str = "",
) -> None:
    cursor.run(sql_text("data", "writes/end_sending"), {
        "message_no": row["message_no"], "message_state": message_state, "send_after": send_after or row["send_after"],
        "sent_at": sent_at, "sent_to_text": sent_to_text, "fault_text": fault_text,
    })
