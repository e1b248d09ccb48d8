"""The outbox at work: puts in what is to be told, and sends it, each message once.

A message is claimed in one transaction, sent outside of any, and marked in a second one. A process that is killed
before the claim or after the mark loses and doubles nothing. In between lies the one window that cannot be closed: the
other side has taken the message and the mark is not on disk yet. Such a message is sent again, because a reminder
twice does less harm than none; it is one at most, for one is sent at a time, and as a mail it carries the same
Message-ID, by which mail systems know it again.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from dashboard.messages import outbox
from dashboard.messages.channels import Channel, Post, address_fault, read_post
from dashboard.messages.delivery import NotDeliveredError, deliver
from dashboard.messages.digest import compose
from dashboard.messages.forms import plain
from dashboard.messages.hours import Hours, hours_of
from dashboard.messages.immediate import compose_at_once, is_stale
from dashboard.messages.letters import Letter, Line
from dashboard.messages.outbox import DIGEST, Planned
from dashboard.messages.reading import Compute, Reading
from dashboard.messages.receivers import receivers
from dashboard.workspace import Workspace
from data.errors import RefusedError, WenxiaoError
from data.store import Store, sql_text

EVERY_SECONDS = 30.0
STOP_SECONDS = 20.0
_LOG = logging.getLogger("wenxiao")
_ONE_AT_A_TIME = threading.Lock()     # the worker, a command and a page's test share one outbox


@dataclass(frozen=True)
class Done:
    """What one look at the outbox came to."""

    queued_count: int = 0
    sent_count: int = 0
    failed_count: int = 0


def send_messages(workspace: Workspace, post: Post, at: datetime | None = None) -> Done:
    """Put everything into the outbox that is to be told now, and send what is due.

    A demonstration sends nothing: its day stands still, and its people are not real.
    """
    settings = workspace.settings
    if settings.is_demonstration:
        return Done()
    at, store, region_code = at or settings.now(), workspace.store, settings.region_code
    with _ONE_AT_A_TIME:
        outbox.take_back(store)
        hours = hours_of(store, post, region_code, at.date())
        queued = _tell_causes(store, post, at, region_code, hours) + _make_digests(store, post, at, region_code, hours)
        sent, failed = _send_due(store, post, at, hours)
    return Done(queued, sent, failed)


def send_one(workspace: Workspace, post: Post, message_no: int, at: datetime | None = None) -> dict[str, Any]:
    """Send one message of the outbox now, if it may leave; its row as it stands then."""
    settings = workspace.settings
    if not settings.is_demonstration:
        at = at or settings.now()
        with _ONE_AT_A_TIME:
            hours = hours_of(workspace.store, post, settings.region_code, at.date())
            _send_due(workspace.store, post, at, hours, message_no)
    return outbox.message_row(workspace.store, message_no)


def reading_at(
    store: Store, at: datetime, region_code: str, hours: Hours, compute: Compute | None = None
) -> Reading:
    """What the messages of a moment are made from; ``compute`` as of ``Reading``."""
    tomorrow = datetime.combine(at.date() + timedelta(days=1), hours.opens_at)
    return Reading(store, at.date(), region_code, hours.next_open(tomorrow).date(), compute)


def planned_digests(store: Store, post: Post, at: datetime, region_code: str, hours: Hours) -> list[Planned]:
    """The digests of a day as they would be put into the outbox now."""
    reading = reading_at(store, at, region_code, hours)
    return [
        Planned(receiver, DIGEST, at.date().isoformat(), letter, at)
        for receiver in receivers(store, post) if receiver.wants_digest
        if (letter := compose(reading, receiver.actor, outbox.told_keys(store, receiver), receiver.name))
    ]


def planned_at_once(store: Store, post: Post, at: datetime, region_code: str, hours: Hours) -> dict[int, list[Planned]]:
    """What is to be told at once, by the number of its cause; an empty list where nobody is to be told."""
    with store.reading() as cursor:
        causes = cursor.rows(sql_text("data", "queries/message_causes"))
    if not causes:
        return {}
    reading, everybody = reading_at(store, at, region_code, hours), receivers(store, post)
    return {
        cause["cause_no"]: [] if is_stale(cause, at) else [
            Planned(receiver, cause["message_kind"], cause["cause_key"], letter, hours.next_open(at))
            for receiver in everybody if receiver.actor.recipient_id == cause["recipient_id"] != ""
            if (letter := compose_at_once(reading, receiver.actor, receiver.name, cause))
        ]
        for cause in causes
    }


def plan_messages(workspace: Workspace, post: Post, at: datetime | None = None) -> list[Planned]:
    """Everything that would be put into the outbox now; nothing is written."""
    settings = workspace.settings
    at, store, region_code = at or settings.now(), workspace.store, settings.region_code
    hours = hours_of(store, post, region_code, at.date())
    at_once = planned_at_once(store, post, at, region_code, hours)
    digests = planned_digests(store, post, at, region_code, hours) if _is_digest_due(store, post, at, hours) else []
    return [*(planned for messages in at_once.values() for planned in messages), *digests]


def planned_as_json(planned: list[Planned], post: Post) -> list[dict[str, Any]]:
    """Planned messages with their words, ready for JSON."""
    return [
        {
            "receiver": each.receiver.address or each.receiver.channel.title, "channel": each.receiver.channel.key,
            "kind": each.message_kind, "title": each.letter.subject, "text": plain(each.letter, post.address),
            "send_after": each.send_after.isoformat(sep=" "),
        }
        for each in planned
    ]


def try_channel(post: Post, channel: Channel, to: str, at: datetime, by: str) -> None:
    """Send a test message past the outbox, to see whether a channel works; anybody may be written to.

    Raises: NotDeliveredError with the reason; RefusedError if it has no address or one that is none.
    """
    fault = "" if channel.is_group else address_fault(channel, to)
    if fault:
        raise RefusedError(f"{fault}。")
    line = Line("test", "note", f"{by}在服务器上发出，收到就说明这个渠道通了", "/messages")
    letter = Letter("问效：测试消息", (line,), "不需要办理什么。")
    deliver(channel, to, letter, post.address, f"wenxiao-test-{at:%Y%m%d%H%M%S}-{secrets.token_hex(6)}")


@contextmanager
def posting(workspace: Callable[[], Workspace]) -> Iterator[None]:
    """Send messages from time to time while the block runs, where the workspace's file asks for it."""
    stop = threading.Event()
    worker = threading.Thread(target=_work, args=(workspace, stop), name="messages", daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(STOP_SECONDS)


def _work(workspace: Callable[[], Workspace], stop: threading.Event) -> None:
    said = ""
    while not stop.wait(EVERY_SECONDS):
        try:
            held = workspace()
            post = read_post(held.folder)
            if post and post.sent_by == "server":
                send_messages(held, post)
            said = ""
        except WenxiaoError as error:
            if str(error) != said:     # once, not twice a minute
                _LOG.warning("%s", error)
            said = str(error)
        except Exception:
            _LOG.exception("发送消息时程序出错")


def _tell_causes(store: Store, post: Post, at: datetime, region_code: str, hours: Hours) -> int:
    made = planned_at_once(store, post, at, region_code, hours)
    if not made:
        return 0
    with store.transaction(is_shown=False) as cursor:
        kept = outbox.keep_messages(cursor, chain.from_iterable(made.values()), at)
        for cause_no in made:
            cursor.run(sql_text("data", "writes/tell_cause"), {"cause_no": cause_no, "told_at": at})
    return len(kept)


def _make_digests(store: Store, post: Post, at: datetime, region_code: str, hours: Hours) -> int:
    """The digests of the day, all in one transaction: once, when their hour has come, on a working day."""
    if not _is_digest_due(store, post, at, hours):
        return 0
    made = planned_digests(store, post, at, region_code, hours)
    with store.transaction(is_shown=False) as cursor:
        kept = outbox.keep_messages(cursor, made, at)
        cursor.insert("message_day", [{
            "digest_on": at.date(), "made_at": at, "message_count": len(kept),
        }])
    return len(kept)


def _is_digest_due(store: Store, post: Post, at: datetime, hours: Hours) -> bool:
    is_time = hours.is_open(at) and at.time() >= post.digest_at
    return is_time and store.query("message_day", digest_on=at.date()).empty


def _send_due(store: Store, post: Post, at: datetime, hours: Hours, message_no: int = 0) -> tuple[int, int]:
    """Send one message after the other until none is due; how many left and how many did not."""
    began, sent, failed = time.monotonic(), 0, 0
    while claimed := outbox.claim(store, post, at, hours, message_no):
        try:
            deliver(claimed.receiver.channel, claimed.receiver.address, claimed.letter, post.address,
                    claimed.message_id)
            fault: Exception | None = None
        except Exception as error:
            fault = error
        # The clock goes on while others are sent; a demonstration's or a test's moment with it.
        moment = at + timedelta(seconds=int(time.monotonic() - began))
        if fault is None:
            outbox.mark_sent(store, claimed, moment)
            sent += 1
            continue
        failed += 1
        sentence, is_final = str(fault), False
        if isinstance(fault, NotDeliveredError):
            is_final = fault.is_final
        else:
            _LOG.error("发送第 %s 条消息时程序出错", claimed.row["message_no"], exc_info=fault)
            sentence = "发送时程序出错，详见服务日志"
        outbox.mark_failed(store, claimed, moment, hours, sentence, is_final=is_final)
    return sent, failed
