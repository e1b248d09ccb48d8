"""Limits of monitoring: how long money may lie, by which day it is paid out; each dated and with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from data.store import Cursor, sql_text
from metrics import law
from metrics.law import TRUST_LABELS, LegalSource, Trust, trust_label

OWN_MARK = "本单位设定"


@dataclass(frozen=True)
class Limit:
    """A limit that no score rests on: a bureau may set it anew at any time, unlike a rule of the rule book.

    ``unit`` is 天, 工作日, 日 (of a month), 年, 人, 件 or %. ``least`` and ``most`` bound what may be set; where they
    are one, the law fixes the number. ``is_cited`` is true where the source itself states the number.
    """

    key: str
    name: str
    value: int
    unit: str
    source: LegalSource
    note: str
    least: int
    most: int
    is_cited: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether the law fixes the number, so that no bureau may set it."""
        return self.least == self.most

    def mark(self, value: int) -> str:
        """How far a value can be relied on: as its source where that states it, else as what the bureau set."""
        if self.is_cited and value == self.value:
            return trust_label(self.source)
        unverified = TRUST_LABELS[Trust.UNVERIFIED]
        return unverified if unverified in self.note and value == self.value else OWN_MARK


LIMITS = {
    limit.key: limit
    for limit in (
        Limit("idle_days", "资金闲置天数", 60, "天", law.IDLE_MONEY_SOURCE,
              "登录指标后或最近一次支付后，余额超过这些天没有动的提示闲置；参照叶城县2025年的做法，不是全国规定。",
              1, 3660, is_cited=True),
        Limit("carryover_years", "结转转为结余的年数", 2, "年", law.CARRYOVER_SOURCE,
              "连续两年未用完的结转资金作为结余资金管理；年数由法律规定，不能更改。", 2, 2, is_cited=True),
        Limit("payout_day", "每月发放截止日", 10, "日", law.MONTHLY_PAYOUT_SOURCE,
              "当月待遇在这一日及以前到账为按时；条例只说按月发给，日期是惯例，出处待核。", 1, 28),
        Limit("register_days", "收文后登录指标的工作日数", 3, "工作日", law.COUNTY_IMPORT_SOURCE,
              "文件对县市只说“及时”，工作日数参照文件给州本级的时限，是本单位的管理要求。", 1, 60),
        Limit("hook_day", "支付导入监控系统的次月截止日", 3, "日", law.PAYMENT_HOOK_SOURCE,
              "上月的支付在次月这一日以前导入监控系统；这是系统惯例，不是规定。", 1, 28, is_cited=True),
        Limit("payout_gap_days", "支付到发放的天数", 30, "天", law.OWN_SETTING_SOURCE,
              "支付给代发银行后，超过这些天还没有发放明细的提示核对。", 1, 366),
        Limit("refund_days", "退回后重新发放的天数", 30, "天", law.OWN_SETTING_SOURCE,
              "银行退回后，超过这些天没有重新发放的提示核对。", 1, 366),
        Limit("account_persons", "一个账户收款的人数", 3, "人", law.OWN_SETTING_SOURCE,
              "同一个账户收的待遇超过这些人的提示核对；监护人、同户代收是正常的。", 1, 1000),
        Limit("release_days", "收文到下达的天数", 30, "天", law.RELEASE_LIMIT_SOURCE,
              "预算法的期限是自治区收到中央资金后对下的；州对县市没有查到单独的规定，这里参照，只作提示。",
              1, 366, is_cited=True),
        Limit("allocate_days", "登记到分配的天数", 7, "天", law.OWN_SETTING_SOURCE,
              "州本级登录上级指标后，超过这些天才分配到单位的提示；各地监控系统的天数没有公开。", 1, 366),
        Limit("append_days", "分配到追加的天数", 7, "天", law.OWN_SETTING_SOURCE,
              "文件成文后，单位超过这些天才登录追加的指标的提示；各地监控系统的天数没有公开。", 1, 366),
        Limit("inquiry_answer_days", "问效单的答复期限", 5, "工作日", law.OWN_SETTING_SOURCE,
              "开出问效单时默认的答复期限，开出的人可以另选；开出当日不计。", 1, 60),
        Limit("inquiry_rectify_days", "问效单的整改期限", 10, "工作日", law.OWN_SETTING_SOURCE,
              "交办整改时默认的期限，可以另选；四川省要求预警后10个工作日内处理，只见转述，这里参照。", 1, 120),
        Limit("inquiry_most_days", "问效单期限的上限", 30, "工作日", law.OWN_SETTING_SOURCE,
              "答复、整改和延期每次最多给这些工作日。", 1, 250),
        Limit("inquiry_remind_days", "问效单逾期提醒", 1, "工作日", law.OWN_SETTING_SOURCE,
              "到期后满这些工作日没有答复或整改的，该提醒。", 1, 120),
        Limit("inquiry_urge_days", "问效单逾期催办", 2, "工作日", law.OWN_SETTING_SOURCE,
              "到期后满这些工作日没有答复或整改的，该催办。", 1, 120),
        Limit("inquiry_circulate_days", "问效单逾期通报", 3, "工作日", law.OWN_SETTING_SOURCE,
              "到期后满这些工作日没有答复或整改的，该通报；通报由人办理和登记。", 1, 120),
        Limit("inquiry_talk_days", "问效单逾期约谈", 5, "工作日", law.OWN_SETTING_SOURCE,
              "到期后满这些工作日没有答复或整改的，该约谈；约谈由人办理和登记。", 1, 120),
        Limit("inquiry_bar_percent", "提议规则的属实率下限", 50, "%", law.OWN_SETTING_SOURCE,
              "规则提议的问效单中，认定属实的不足已认定的这个比例，提请决定是否停用这条规则。", 0, 100),
        Limit("inquiry_least_judged", "属实率起算的件数", 5, "件", law.OWN_SETTING_SOURCE,
              "一条规则已认定的问效单和不予开出的提议满这些件，才看属实率。", 1, 1000),
    )
}

# Those that say when a 问效单 is due, late or wrongly proposed; the others are read by checks.
INQUIRY_LIMITS = tuple(key for key in LIMITS if key.startswith("inquiry_"))


def limit_values(cursor: Cursor, as_of: date) -> dict[str, int]:
    """Every limit as it holds on a day: the bureau's newest value that is effective by then, else the shipped one."""
    own = {row["limit_key"]: row["set_value"] for row in own_values(cursor, as_of)}
    return {key: own.get(key, limit.value) for key, limit in LIMITS.items()}


def own_values(cursor: Cursor, as_of: date) -> list[dict[str, Any]]:
    """The values that the bureau set and that hold on a day, with since when, by whom and why."""
    return cursor.rows(sql_text("data", "queries/limit_values"), {"as_of": as_of})


def limit_sql() -> str:
    """The relation ``monitor_limit``: one row, one column a limit, as they hold on the day of $as_of."""
    columns = ",\n    ".join(
        f"COALESCE(MAX(CASE WHEN limit_key = '{key}' THEN set_value END), {limit.value}) AS {key}"
        for key, limit in LIMITS.items()
    )
    own = sql_text("data", "queries/limit_values").strip().rstrip(";")
    return f"SELECT\n    {columns}\nFROM (\n{own}\n)"
