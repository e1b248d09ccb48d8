"""Limits of monitoring: how long money may lie, by which day it is paid out. Each is a setting with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.store import Cursor
from metrics import law
from metrics.law import LegalSource


@dataclass(frozen=True)
class Limit:
    """A limit that no score rests on: a bureau may set it anew at any time, unlike a rule of the rule book.

    ``unit`` is 天, 工作日, 日 (of a month), 年, 万分之一 or 人. ``least`` and ``most`` bound what may be set.
    """

    key: str
    name: str
    value: int
    unit: str
    source: LegalSource
    note: str
    least: int
    most: int

    @property
    def setting_key(self) -> str:
        """The key in the workspace's settings under which the bureau's own value stands."""
        return f"limit_{self.key}"


LIMITS = {
    limit.key: limit
    for limit in (
        Limit("idle_days", "资金闲置天数", 60, "天", law.IDLE_MONEY_SOURCE,
              "登录指标后或最近一次支付后，余额超过这些天没有动的提示闲置。", 1, 3660),
        Limit("carryover_years", "结转转为结余的年数", 2, "年", law.CARRYOVER_SOURCE,
              "连续两年未用完的结转资金作为结余资金管理。", 1, 10),
        Limit("payout_day", "每月发放截止日", 10, "日", law.MONTHLY_PAYOUT_SOURCE,
              "当月待遇在这一日及以前到账为按时；条例只说按月发给，日期是惯例，出处待核。", 1, 28),
        Limit("register_days", "收文后登录指标的工作日数", 3, "工作日", law.COUNTY_IMPORT_SOURCE,
              "文件只说“及时”，这里参照3个工作日，是本单位的管理要求。", 1, 60),
        Limit("hook_day", "支付导入监控系统的次月截止日", 3, "日", law.PAYMENT_HOOK_SOURCE,
              "上月的支付在次月这一日以前导入监控系统；这是系统惯例，不是规定。", 1, 28),
        Limit("payout_gap_days", "支付到发放的天数", 30, "天", law.OWN_SETTING_SOURCE,
              "支付给代发银行后，超过这些天还没有发放明细的提示核对。", 1, 366),
        Limit("refund_days", "退回后重新发放的天数", 30, "天", law.OWN_SETTING_SOURCE,
              "银行退回后，超过这些天没有重新发放的提示核对。", 1, 366),
        Limit("account_persons", "一个账户收款的人数", 3, "人", law.OWN_SETTING_SOURCE,
              "同一个账户收的待遇超过这些人的提示核对；监护人、同户代收是正常的。", 1, 1000),
    )
}


def limit_values(settings: Mapping[str, str]) -> dict[str, int]:
    """Every limit as it stands: the bureau's own value where it set one, else the shipped one."""
    return {key: int(settings.get(limit.setting_key, limit.value)) for key, limit in LIMITS.items()}


def limit_sql(cursor: Cursor) -> str:
    """The relation ``monitor_limit``: one row, one column a limit, as they stand now."""
    found = cursor.query("workspace_settings")
    values = limit_values(dict(zip(found["setting_key"], found["setting_value"], strict=True)))
    return "SELECT " + ", ".join(f"{value} AS {key}" for key, value in values.items())
