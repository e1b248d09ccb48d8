"""The rule book's numbers: each dated, with its source; every one of them can be changed by an issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from metrics import law
from metrics.law import LegalSource

RULE_VERSION = "2021-1"
RULE_EFFECTIVE_ON = date(2021, 1, 1)

MICRO = 1_000_000

RuleRow = dict[str, str | int | None]


@dataclass(frozen=True)
class Threshold:
    """One limit or weight of the rule book.

    ``unit`` is 分 (points of 100) or 比例 (0.80 for 80%). No national statute sets any of them; what one sets, such
    as the years of a carryover, stands in ``metrics.limits``. ``is_shipped`` is false where the shipped version
    leaves the rule out and a profile or a bureau brings it in. ``is_in_use`` is false where no figure rests on it
    yet, whatever the version.
    """

    key: str
    name: str
    value: Decimal
    unit: str
    effective_on: date
    source: LegalSource
    note: str
    is_shipped: bool = True
    is_in_use: bool = True

    @property
    def micro(self) -> int:
        """The value in millionths, for SQL that knows integers only."""
        return int(self.value * MICRO)

    @property
    def column(self) -> str:
        """The rule's column in the relation ``rule``."""
        return self.key.replace("-", "_") + "_micro"

    @property
    def is_editable(self) -> bool:
        """Whether a bureau may set it; what no figure rests on it may not."""
        return self.is_in_use

    @property
    def may_be_left_out(self) -> bool:
        """Whether a version of the rule book can do without it; the other rules every figure needs."""
        return not self.is_shipped


def _own(
    key: str, name: str, value: str, unit: str, source: LegalSource, note: str, *, is_in_use: bool = True
) -> Threshold:
    return Threshold(key, name, Decimal(value), unit, RULE_EFFECTIVE_ON, source, note, is_in_use=is_in_use)


EXECUTION_WEIGHT = _own(
    "weight-execution", "预算执行率分值", "10", "分", law.WEIGHT_SOURCE, "如有特殊情况可以调整，须写明理由。"
)
EXECUTION_CAP = _own(
    "execution-cap", "执行率计分上限", "1.00", "比例", law.EXECUTION_SCORE_SOURCE,
    "执行率得分最高不超过分值；支付数超过调整后金额的，须先核对，不能报送。",
)
OUTPUT_WEIGHT = _own(
    "weight-output", "产出指标分值", "50", "分", law.WEIGHT_SOURCE, "没有该类指标时，分值按比例分给其他各类。"
)
OUTCOME_WEIGHT = _own(
    "weight-outcome", "效益指标分值", "30", "分", law.WEIGHT_SOURCE,
    "没有该类指标时，分值按比例分给其他各类。",
)
SATISFACTION_WEIGHT = _own(
    "weight-satisfaction", "满意度指标分值", "10", "分", law.WEIGHT_SOURCE,
    "没有该类指标时，分值按比例分给其他各类。",
)

SLIGHTLY_OFF_FROM = _own(
    "slightly-off-from", "略有偏差的下限", "0.80", "比例", law.OWN_SETTING_SOURCE,
    "未达标但完成率不低于此数为略有偏差，低于此数为明显偏差；本单位设定，不是全国规定。",
)
OVER_FROM = _own(
    "over-from", "超额过多的下限", "1.30", "比例", law.OVER_FULFILMENT_SOURCE,
    "完成率达到此数时提示“目标是否定低”，不自动扣分；本单位设定，不是全国规定。",
)

REASON_REQUIRED_BELOW = _own(
    "reason-required-below", "必须写明偏差原因的界限", "0.80", "比例", law.SELF_ASSESSMENT_FORM_SOURCE,
    "完成率低于此数，或达到超额过多的下限，不写明原因（未达标的还要写改进措施）不能报送；界限是本单位设定。",
)

EXCELLENT_FROM = _own("grade-excellent-from", "优的下限", "90", "分", law.GRADE_SOURCE, "含本数：正好等于下限为优。")
GOOD_FROM = _own("grade-good-from", "良的下限", "80", "分", law.GRADE_SOURCE, "含本数，不到优的下限。")
FAIR_FROM = _own(
    "grade-fair-from", "中的下限", "60", "分", law.GRADE_SOURCE, "含本数，不到良的下限；低于此数为差。"
)

BAND_REACHED_FROM = _own(
    "band-reached-from", "定性指标“达成”的下限", "0.80", "比例", law.QUALITATIVE_BAND_SOURCE,
    "含本数及以上。",
)
BAND_PARTLY_FROM = _own(
    "band-partly-from", "定性指标“部分达成”的下限", "0.60", "比例", law.QUALITATIVE_BAND_SOURCE,
    "含本数，不到“达成”的下限；低于此数为“未达成且效果较差”。",
)

ELAPSED_TOLERANCE = _own(
    "elapsed-tolerance", "执行率落后序时进度的容许差", "0.10", "比例", law.OWN_SETTING_SOURCE,
    "执行率比序时进度低出此数以内不算落后；本单位设定，不是全国规定。",
)
EFFECT_FROM = _own(
    "effect-from", "判为有效的得分率下限", "0.80", "比例", law.OWN_SETTING_SOURCE,
    "已评指标得分÷已评指标分值；所取的数与“良”的下限相当，本单位设定，不是全国规定。",
)
COVERAGE_FROM = _own(
    "coverage-from", "可以判断一个单位的最低填报分值占比", "0.60", "比例", law.OWN_SETTING_SOURCE,
    "已评指标分值占应评分值低于此数时为“无法判断”；本单位设定，不是全国规定。",
)
DUAL_GAP_LIMIT = _own(
    "dual-gap-limit", "目标完成与预算执行的差距", "0.10", "比例", law.SICHUAN_GAP_SOURCE,
    "得分率与执行率相差超过此数提示；参照四川2025年的做法，不是新疆或全国规定。",
)

ADMINISTRATION_FEE_CAP = _own(
    "administration-fee-cap", "从救助资金中提取管理费的上限", "0", "比例", law.NO_FEE_SOURCE,
    "不得从救助资金中提取管理费；导入支付明细以后才能逐笔核对。", is_in_use=False,
)


def _milestone(month: int, value: str) -> Threshold:
    return Threshold(
        f"execution-milestone-{month:02d}", f"1–{month}月累计执行率下限", Decimal(value), "比例",
        date(2025, 9, 24), law.SICHUAN_MILESTONE_SOURCE,
        "可选的“四川2025”预警线，默认不启用，不是新疆或全国规定。",
        is_shipped=False,
    )


# The optional profile 四川2025, by the month at whose end it is looked at.
EXECUTION_MILESTONES = MappingProxyType({
    4: _milestone(4, "0.25"),
    6: _milestone(6, "0.40"),
    8: _milestone(8, "0.60"),
    10: _milestone(10, "0.80"),
})

ALL_THRESHOLDS = MappingProxyType({
    value.key: value
    for value in [*list(globals().values()), *EXECUTION_MILESTONES.values()]
    if isinstance(value, Threshold)
})

SHIPPED_VALUES: Mapping[str, Decimal] = MappingProxyType({
    key: rule.value for key, rule in ALL_THRESHOLDS.items() if rule.is_shipped
})


def rule_words(value: Decimal, unit: str) -> str:
    """A rule's value as people write it, exactly.

    >>> rule_words(Decimal("0.8"), "比例"), rule_words(Decimal("0.125"), "比例"), rule_words(Decimal(90), "分")
    ('80%', '12.5%', '90 分')
    """
    if unit == "比例":
        return f"{(value * 100).normalize():f}%"
    return f"{value.normalize():f} {unit}".strip()


def band_limits(values: Mapping[str, Decimal] = SHIPPED_VALUES) -> dict[int, tuple[Decimal, Decimal]]:
    """From and up to which share a qualitative indicator is in band 1 达成, 2 部分达成, 3 未达成.

    Unit:   percent, 0–100. The lower end belongs to the band; the upper one only in band 1.
    Source: metrics.law.QUALITATIVE_BAND_SOURCE.

    >>> [(band, int(lower), int(upper)) for band, (lower, upper) in band_limits().items()]
    [(1, 80, 100), (2, 60, 80), (3, 0, 60)]
    """
    reached, partly = values[BAND_REACHED_FROM.key] * 100, values[BAND_PARTLY_FROM.key] * 100
    return {1: (reached, Decimal(100)), 2: (partly, reached), 3: (Decimal(0), partly)}


# The rules that SQL judges by, in the order of the relation ``rule``.
SQL_RULES = (
    EXECUTION_WEIGHT, EXECUTION_CAP, SLIGHTLY_OFF_FROM, OVER_FROM, REASON_REQUIRED_BELOW, EXCELLENT_FROM,
    GOOD_FROM, FAIR_FROM, BAND_REACHED_FROM, BAND_PARTLY_FROM, ELAPSED_TOLERANCE, EFFECT_FROM, COVERAGE_FROM,
    DUAL_GAP_LIMIT, *EXECUTION_MILESTONES.values(),
)


def rule_row(version: str = RULE_VERSION, values: Mapping[str, Decimal] | None = None) -> RuleRow:
    """One version of the rule book as a row for ``metrics/sql``: integers only, so that every engine compares alike.

    Unit:  millionths (800000 for 80%, 10000000 for 10 points).
    Empty: None where the version does not use the rule. Without ``values`` the shipped version.
    """
    given = SHIPPED_VALUES if values is None else values
    return {
        "rule_version": version,
        **{rule.column: int(given[rule.key] * MICRO) if rule.key in given else None for rule in SQL_RULES},
    }
