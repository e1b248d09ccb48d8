"""The bureau's rules of sign-in: limits of sessions, passwords, lock-out and second factor, kept as settings.

Each field of ``Policy`` is one ``setting_key`` of the workspace; a setting that is not there has the default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from dashboard.rights import ROLE_NAMES
from data.errors import RefusedError
from data.store import Store


@dataclass(frozen=True)
class Policy:
    """How strictly people are let in; 0 days or versions switch a rule off."""

    idle_minutes: int = 30
    absolute_hours: int = 10
    password_min_length: int = 10
    password_max_age_days: int = 90
    password_history: int = 5
    lock_after: int = 5
    lock_minutes: int = 1
    totp_roles: tuple[str, ...] = ()

    @property
    def idle(self) -> timedelta:
        """How long a session lives without activity."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def absolute(self) -> timedelta:
        """How long a session lives at all."""
        return timedelta(hours=self.absolute_hours)


# What a page calls each setting, and the least and most that is sensible.
POLICY_TITLES = {
    "idle_minutes": "多久不操作即退出（分钟）",
    "absolute_hours": "登录一次最长有效（小时）",
    "password_min_length": "密码最短长度（位）",
    "password_max_age_days": "密码有效期（天，0 为不限）",
    "password_history": "不得与最近几次密码相同（0 为不限）",
    "lock_after": "连续输错几次后锁定",
    "lock_minutes": "首次锁定时长（分钟，此后每次加倍）",
    "totp_roles": "必须使用动态口令的角色",
}
POLICY_LIMITS = {
    "idle_minutes": (5, 240),
    "absolute_hours": (1, 24),
    "password_min_length": (8, 64),
    "password_max_age_days": (0, 366),
    "password_history": (0, 24),
    "lock_after": (3, 10),
    "lock_minutes": (1, 30),
}


def read_policy(store: Store) -> Policy:
    """The rules as the workspace's settings say now; a setting that cannot be understood has its default."""
    kept = {row["setting_key"]: row["setting_value"] for row in store.query("workspace_settings").to_dict("records")}
    readable: dict[str, int | tuple[str, ...]] = {}
    for field in fields(Policy):
        if field.name in kept:
            try:
                readable |= {field.name: getattr(policy_of({field.name: kept[field.name]}), field.name)}
            except RefusedError:
                continue
    return Policy(**readable)  # type: ignore[arg-type]


def policy_of(texts: Mapping[str, str]) -> Policy:
    """Rules as typed or kept: numbers as digits, roles separated by commas; what is not named has its default.

    Raises: RefusedError with every fault at once.
    """
    values: dict[str, int | tuple[str, ...]] = {}
    faults = []
    for key, text in texts.items():
        if key == "totp_roles":
            roles = tuple(role.strip() for role in text.split(",") if role.strip())
            if set(roles) <= set(ROLE_NAMES):
                values[key] = roles
            else:
                faults.append(f"{POLICY_TITLES[key]}：没有这样的角色")
            continue
        least, most = POLICY_LIMITS[key]
        typed = text.strip()
        if typed.isascii() and typed.isdigit() and least <= int(typed[:9]) <= most:
            values[key] = int(typed)
        else:
            faults.append(f"{POLICY_TITLES[key]}应为 {least} 至 {most} 的整数")
    if faults:
        raise RefusedError("安全设置没有保存：" + "；".join(faults) + "。")
    return Policy(**values)  # type: ignore[arg-type]


def policy_as_texts(policy: Policy) -> dict[str, str]:
    """The rules as the settings keep them."""
    return {
        field.name: ",".join(value) if isinstance(value := getattr(policy, field.name), tuple) else str(value)
        for field in fields(Policy)
    }
