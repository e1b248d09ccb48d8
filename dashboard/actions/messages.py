"""Where people are reached, tests, a second try — and what has to be told at once, kept with what causes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard.actions.accounts import account_row, require_standing
from dashboard.messages.channels import Channel, address_fault
from dashboard.messages.immediate import INQUIRY, INQUIRY_RETURNED, RETURNED
from dashboard.messages.letters import Letter, Line
from dashboard.messages.outbox import DIGEST, GIVEN_UP, TEST, WAITING, YESTERDAYS, Planned, keep_messages
from dashboard.messages.receivers import ORIGIN, Receiver
from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError
from data.store import Cursor, Store, sql_text

__all__ = [
    "INQUIRY", "INQUIRY_RETURNED", "RETURNED", "queue_immediate", "queue_test", "resend_message", "set_address",
    "set_own_address",
]

TEST_CLOSING = "这是一条测试消息，收到就说明这个渠道通了。"


def queue_immediate(cursor: Cursor, message_kind: str, recipient_id: str, cause_key: str, at: datetime) -> None:
    """Keep, inside the transaction of the action that causes it, what a unit's people have to be told at once.

    ``message_kind`` is returned (``cause_key`` the report_id), inquiry (its number) or inquiry_returned (its number
    and that of the step, so that a second return is told too). The worker makes the letters.
    """
    cause_no = int(cursor.query("newest_cause_no")["cause_no"][0]) + 1
    cursor.insert("message_cause", [{
        "cause_no": cause_no, "message_kind": message_kind, "recipient_id": recipient_id, "cause_key": cause_key,
        "caused_at": at, "told_at": None,
    }])


def set_own_address(
    store: Store, actor: Actor, at: datetime, channel: Channel, address: str, *, is_digest_on: bool = True
) -> LogEntry:
    """Keep where the person is reached on a channel and whether digests go there; an empty address takes it off.

    What is told at once comes to every address: a returned report and an inquiry run a clock. Whoever wants none of
    it takes the address off.

    Raises: RefusedError if the address is none, not of the bureau's domains, or nothing changes.
    """
    require(actor, "set_own_address")
    if not actor.account_id:
        raise RefusedError("没有账号，不能登记接收地址。请登录后办理。")
    with store.transaction() as cursor:
        return _set(cursor, actor, stamp(cursor, at), "set_own_address", actor.account_id, channel, address,
                    is_digest_on)


def set_address(
    store: Store, actor: Actor, at: datetime, account_id: str, channel: Channel, address: str, *,
    is_digest_on: bool = True,
) -> LogEntry:
    """As ``set_own_address``, for somebody else."""
    require(actor, "set_address")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        account_row(cursor, account_id)
        return _set(cursor, actor, stamp(cursor, at), "set_address", account_id, channel, address, is_digest_on)


def queue_test(store: Store, actor: Actor, at: datetime, channel: Channel) -> int:
    """Put a test message to the person's own address into the outbox, also in quiet hours; its number.

    Raises: RefusedError if there is no address, or the last test is less than a minute old.
    """
    require(actor, "send_test_message")
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        held = _addresses(cursor, actor.account_id).get(channel.key)
        if held is None:
            raise RefusedError(f"还没有在“{channel.title}”登记接收地址，请先登记。")
        line = Line("test", "note", "收到这条消息，不需要办理什么", "/messages")
        letter = Letter("问效：测试消息", (line,), TEST_CLOSING)
        own = Actor(actor.name, actor.role, actor.recipient_id, actor.account_id, ORIGIN)
        receiver = Receiver(actor.account_id, own, channel, "", held["mail_address"])
        kept = keep_messages(cursor, [Planned(receiver, TEST, f"{at:%Y-%m-%d %H:%M}", letter, at)], at)
        if not kept:
            raise RefusedError("一分钟内已经发过一条测试消息，请稍后再试。")
        append(cursor, actor, at, "send_test_message", channel.title, {"mail_address": held["mail_address"]})
    return kept[0]


def resend_message(store: Store, actor: Actor, at: datetime, message_no: int) -> LogEntry:
    """Let a message that was given up be tried again.

    Raises: RefusedError if there is none of that number that was given up, or it is a digest of a day that is over.
    """
    require(actor, "resend_message")
    with store.transaction() as cursor:
        require_standing(cursor, actor)
        at = stamp(cursor, at)
        found = cursor.rows(sql_text("data", "queries/message_of_number"), {"message_no": int(message_no)})
        if not found or found[0]["message_state"] != GIVEN_UP:
            raise RefusedError("这条消息不是没有送达的，不需要重新发送。请刷新页面。")
        if found[0]["message_kind"] == DIGEST and found[0]["cause_key"] != at.date().isoformat():
            raise RefusedError(f"不能重新发送：{YESTERDAYS}。")
        cursor.run(sql_text("data", "writes/resend_message"), {"message_no": int(message_no), "send_after": at})
        return append(cursor, actor, at, "resend_message", str(int(message_no)), {
            "before": {"message_state": GIVEN_UP}, "after": {"message_state": WAITING},
        })


def _set(
    cursor: Cursor, actor: Actor, at: datetime, action_name: str, account_id: str, channel: Channel, address: str,
    is_digest_on: bool,
) -> LogEntry:
    if channel.is_group:
        raise RefusedError(f"“{channel.title}”是群，没有个人的接收地址。")
    address = address.strip()
    fault = address_fault(channel, address) if address else ""
    if fault:
        raise RefusedError(f"{fault}。")
    held = _addresses(cursor, account_id).get(channel.key)
    before = None if held is None else {"mail_address": held["mail_address"], "is_digest_on": held["is_digest_on"]}
    after = {"mail_address": address, "is_digest_on": bool(is_digest_on)} if address else None
    if before == after:
        raise RefusedError("接收地址没有变化，不需要保存。")
    key = {"account_id": account_id, "channel_key": channel.key}
    if after is None:
        cursor.run(sql_text("data", "writes/drop_address"), key)
    else:
        cursor.run(sql_text("data", "writes/keep_address"), {
            **key, **after, "changed_at": at, "changed_by": actor.name,
        })
    return append(cursor, actor, at, action_name, account_id, {
        "channel_key": channel.title, "before": before, "after": after,
    })


def _addresses(cursor: Cursor, account_id: str) -> dict[str, dict[str, Any]]:
    rows = cursor.rows(sql_text("data", "queries/addresses_of"), {"account_id": account_id})
    return {row["channel_key"]: row for row in rows}
