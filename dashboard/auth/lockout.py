"""Lock-out: after a few failures an account, and an address, has to wait; each further failure doubles the wait.

An attempt is counted before it is judged: many at the same time cannot slip by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard.auth.policy import Policy
from data.errors import RefusedError
from data.store import Cursor, Store, sql_text

FORGET_ALL_AFTER = timedelta(days=1)
ACCOUNT, ADDRESS, TOKEN = "账号", "地址", "令牌"


@dataclass(frozen=True)
class Subject:
    """What failures are counted for; many people may share an address, so it waits less and is forgiven sooner."""

    name: str
    title: str
    longest: timedelta
    forgotten_after: timedelta

    @property
    def key(self) -> str:
        """The name in the store; no account's name has a blank."""
        return self.name if self.title == ACCOUNT else f"{self.title} {self.name}"


def account_subject(name: str) -> Subject:
    """An account, or a name that no account has."""
    return Subject(name, ACCOUNT, timedelta(hours=1), FORGET_ALL_AFTER)


def address_subject(address: str) -> Subject:
    """An address in the network."""
    return Subject(address, ADDRESS, timedelta(minutes=15), timedelta(minutes=30))


def token_subject(address: str) -> Subject:
    """An address as the place that tokens are tried from: a program's expired token must not lock people out there."""
    return replace(address_subject(address), title=TOKEN)


class LockedError(RefusedError):
    """Too many failures; the sentence says how long to wait."""


def count_attempt(store: Store, subjects: tuple[Subject, ...], policy: Policy, at: datetime) -> int:
    """Count an attempt for its account and its address; how many the first one has now.

    Raises: LockedError while one of them has to wait; nothing is counted then.
    """
    with store.transaction(is_shown=False) as cursor:
        cursor.run(sql_text("data", "writes/forget_old_failures"), {"before": at - FORGET_ALL_AFTER})
        counts = []
        for subject in subjects:
            count, failed_at = _failures(cursor, subject, at)
            until = failed_at + wait_after(count, subject, policy) if failed_at else at
            if until > at:
                raise LockedError(_locked_sentence(subject, count, until - at))
            counts.append(count + 1)
        for subject, count in zip(subjects, counts, strict=True):
            _write(cursor, subject, count, at)
    return counts[0]


def take_back(store: Store, subjects: tuple[Subject, ...], at: datetime, *, is_success: bool) -> None:
    """Uncount an attempt that was right; a whole sign-in forgives its account all failures before."""
    with store.transaction(is_shown=False) as cursor:
        for number, subject in enumerate(subjects):
            count, failed_at = _failures(cursor, subject, at)
            count = 0 if is_success and number == 0 else max(0, count - 1)
            _write(cursor, subject, count, failed_at or at)


def wait_after(count: int, subject: Subject, policy: Policy) -> timedelta:
    """How long an account or address has to wait after so many failures."""
    if count < policy.lock_after:
        return timedelta(0)
    first = timedelta(minutes=policy.lock_minutes)
    doubling: int = 2 ** min(count - policy.lock_after, 20)
    return min(first * doubling, max(subject.longest, first))


def wait_words(wait: timedelta) -> str:
    """A wait as people say it, never shorter than it is.

    >>> wait_words(timedelta(seconds=41)), wait_words(timedelta(seconds=61)), wait_words(timedelta(hours=1))
    ('41 秒', '2 分钟', '60 分钟')
    """
    seconds = -(-wait // timedelta(seconds=1))
    return f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"


def _locked_sentence(subject: Subject, count: int, left: timedelta) -> str:
    if subject.title == ACCOUNT:
        return (f"这个登录名已连续 {count} 次没有登录成功，暂时锁定：请在 {wait_words(left)}后再试，"
                "忘记密码请联系系统管理员重设。")
    if subject.title == TOKEN:
        return f"这个网络地址已有 {count} 次用了不对的接口令牌，暂时锁定：请核对令牌，在 {wait_words(left)}后再试。"
    return f"您所在的网络地址已有 {count} 次没有登录成功，暂时锁定：请在 {wait_words(left)}后再试。"


def _failures(cursor: Cursor, subject: Subject, at: datetime) -> tuple[int, datetime | None]:
    found = cursor.rows(sql_text("data", "queries/sign_in_failure"), {"subject_text": subject.key})
    if not found or at - found[0]["failed_at"] >= subject.forgotten_after:
        return 0, None
    return int(found[0]["failure_count"]), found[0]["failed_at"]


def _write(cursor: Cursor, subject: Subject, count: int, at: datetime) -> None:
    cursor.delete("sign_in_failure", "subject_text", subject.key)
    if count:
        cursor.insert("sign_in_failure", [{"subject_text": subject.key, "failure_count": count, "failed_at": at}])
