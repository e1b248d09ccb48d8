"""Passwords: how they are kept (argon2id), how they are compared, and which ones are refused."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboard.auth.policy import Policy

MAX_LENGTH = 128
KINDS_WANTED = 3

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
# Each comparison takes 64 MiB and a fifth of a second: many at once must wait, not fell the machine.
_AT_ONCE = threading.BoundedSemaphore(2)

# What remains of a password when digits and signs around it are taken off and look-alikes are read as letters.
_COMMON_CORES = frozenset({
    "a", "aa", "aaa", "ab", "abc", "abcd", "abcde", "abcdef", "qwe", "qwer", "qwert", "qwerty", "qwertyuiop", "asd",
    "asdf", "asdfgh", "asdfghjkl", "zxc", "zxcv", "zxcvbn", "zxcvbnm", "pass", "passw", "passwd", "password",
    "mypassword", "newpassword", "admin", "administrator", "root", "user", "guest", "test", "tester", "demo", "login",
    "welcome", "hello", "letmein", "changeme", "default", "secret", "master", "system", "manager", "server", "iloveyou",
    "sunshine", "princess", "dragon", "monkey", "football", "baseball", "superman", "trustno", "wenxiao", "woaini",
    "woaiwojia", "wodemima", "mima", "zhongguo", "china", "beijing", "xinjiang", "bazhou", "kuerle", "korla",
    "caizheng", "caizhengju", "minzheng", "minzhengju", "czj", "mzj", "jixiao", "wang", "zhang", "li", "liu", "chen",
})
_COMMON = frozenset({
    "1qazxsw2", "1qaz2wsx", "1qaz2wsx3edc", "1q2w3e4r", "1q2w3e4r5t", "q1w2e3r4", "q1w2e3r4t5", "zaq12wsx",
    "qazwsxedc", "1a2b3c4d", "a1b2c3d4", "abc123abc", "5201314", "aini1314",
})
_LOOK_ALIKES = str.maketrans({"@": "a", "0": "o", "$": "s", "3": "e", "1": "i", "!": "i"})
_SIGNS_AS_DIGITS = str.maketrans(")!@#$%^&*(", "0123456789")


def _read(password: str) -> str:
    """A password as compared: the same character typed in two ways is the same password."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """What the store keeps of a password; takes about a fifth of a second."""
    with _AT_ONCE:
        return _HASHER.hash(_read(password))


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe(32))


def is_password(kept_hash: str, password: str) -> bool:
    """Whether a password is the kept one; an account without a password takes the same time."""
    kept = kept_hash or _nobodys_hash()
    with _AT_ONCE:
        try:
            _HASHER.verify(kept, _read(password[: 2 * MAX_LENGTH]))
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept_hash)


def is_outdated(kept_hash: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept_hash)


def password_faults(
    password: str, names: Iterable[str], former_hashes: Iterable[str], policy: Policy
) -> list[str]:
    """Everything that speaks against a new password; empty if it may be taken.

    ``names`` are the person's own; ``former_hashes`` the present password's and the last ones'.
    """
    faults = []
    if not policy.password_min_length <= len(password) <= MAX_LENGTH:
        faults.append(f"要有 {policy.password_min_length} 至 {MAX_LENGTH} 位，现在是 {len(password)} 位")
    if _kind_count(password) < KINDS_WANTED:
        faults.append("大写字母、小写字母、数字、其他字符四类中至少要有三类")
    plain = _read(password).lower()
    if any(len(name) > 1 and _read(name).lower() in plain for name in names):
        faults.append("不能含有登录名或姓名")
    if is_common(password):
        faults.append("太常见，容易被猜中")
    # Comparing is slow: only for a password that stands otherwise.
    if not faults and any(is_password(kept, password) for kept in former_hashes):
        faults.append(f"不能与现在的密码或最近 {policy.password_history} 次用过的密码相同")
    return faults


def _kind_count(password: str) -> int:
    tests = (
        any(letter.isupper() for letter in password),
        any(letter.islower() for letter in password),
        any(letter.isdigit() for letter in password),
        any(not letter.isupper() and not letter.islower() and not letter.isdigit() for letter in password),
    )
    return sum(tests)


def is_common(password: str) -> bool:
    """Whether a password is one of those that are tried first.

    >>> is_common("Admin@123456"), is_common("P@ssw0rd2021"), is_common("1qaz@WSX3edc"), is_common("Aa123456789")
    (True, True, True, True)
    >>> is_common("Tarim-7-Poplar")
    False
    """
    plain = _read(password).lower()
    edges = "0123456789!@#$%^&*()-_=+[]{};:'\",.<>/?\\|`~ "
    cores = {plain.strip(edges), plain.translate(_LOOK_ALIKES).strip(edges), plain.strip(edges).translate(_LOOK_ALIKES)}
    few = len(set(plain)) < 5
    return few or bool(cores & _COMMON_CORES) or "" in cores or plain.translate(_SIGNS_AS_DIGITS) in _COMMON
