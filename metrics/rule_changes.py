"""A new version of the rule book: what it may start from, what must hold of its numbers, what it is called.

Limitations: a profile that rule_profiles.csv adds changes numbers only; a new kind of rule needs the program changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from data.errors import RefusedError
from data.reference import profile_rules
from metrics.rulebook import RuleVersion, in_force
from metrics.thresholds import (
    ALL_THRESHOLDS,
    BAND_PARTLY_FROM,
    BAND_REACHED_FROM,
    EXCELLENT_FROM,
    EXECUTION_CAP,
    EXECUTION_MILESTONES,
    EXECUTION_WEIGHT,
    FAIR_FROM,
    GOOD_FROM,
    MICRO,
    OUTCOME_WEIGHT,
    OUTPUT_WEIGHT,
    OVER_FROM,
    SATISFACTION_WEIGHT,
    SHIPPED_VALUES,
    SLIGHTLY_OFF_FROM,
    rule_words,
)

OWN_PROFILE = "本单位设定"
WEIGHTS = (EXECUTION_WEIGHT, OUTPUT_WEIGHT, OUTCOME_WEIGHT, SATISFACTION_WEIGHT)
MAX_REASON_LENGTH = 200
MAX_NAME_LENGTH = 20


@dataclass(frozen=True)
class RuleBase:
    """What a new version may start from: a version that is held, or a ready-made profile."""

    name: str
    profile_name: str
    values: Mapping[str, Decimal]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class RuleChange:
    """A new version as the bureau wants it.

    ``base`` is the name of a version or the key of a profile; ``changed`` holds the rules that differ from
    it, None for one that is left out. ``profile_name`` may stay empty.
    """

    base: str
    changed: Mapping[str, Decimal | None]
    effective_on: date
    reason: str
    profile_name: str = ""


def bases(held: Sequence[RuleVersion]) -> dict[str, RuleBase]:
    """What a new version may start from: every version, the newest first, then the ready-made profiles.

    A profile is the shipped version with some values replaced.
    """
    found = {
        rules.version: RuleBase(rules.version, rules.profile_name, rules.values, rules.sources) for rules in held
    }
    named: dict[str, str] = {}
    values: dict[str, dict[str, Decimal | None]] = {}
    sources: dict[str, dict[str, str]] = {}
    for row in profile_rules():
        named[row.profile_key] = row.profile_name
        values.setdefault(row.profile_key, {})[row.rule_key] = row.rule_value
        if row.rule_value != ALL_THRESHOLDS[row.rule_key].value:
            sources.setdefault(row.profile_key, {})[row.rule_key] = f"{row.profile_name}：{row.note}"
    return found | {
        key: RuleBase(key, name, _replaced(SHIPPED_VALUES, values[key]), sources.get(key, {}))
        for key, name in named.items()
    }


def plan_version(
    held: Sequence[RuleVersion], change: RuleChange, at: datetime, actor_name: str
) -> RuleVersion:
    """The version that a change makes of its base.

    Raises: RefusedError with one sentence for each fault of the change, all at once.
    """
    base = bases(held).get(change.base)
    if base is None:
        raise RefusedError(f"没有口径版本或方案“{change.base}”，请重新选择从哪一版改起。")
    unknown = [key for key in change.changed if key not in ALL_THRESHOLDS]
    if unknown:
        raise RefusedError(f"没有名为 {'、'.join(unknown)} 的口径参数，请在“依据与口径”页面核对。")
    values = _replaced(base.values, change.changed)
    faults = [*_faults_of_change(held, base, change, values), *faults_of(values)]
    if faults:
        raise RefusedError("\n\n".join(faults))
    version = _next_name(held, change.effective_on)
    is_own = any(base.values.get(key) != values.get(key) for key in ALL_THRESHOLDS)
    own = f"本单位设定（{version}）：{change.reason.strip()}"
    return RuleVersion(
        version,
        change.profile_name.strip() or (OWN_PROFILE if is_own else base.profile_name),
        change.effective_on,
        change.reason.strip(),
        at,
        actor_name,
        values,
        {
            key: base.sources.get(key, "") if base.values.get(key) == value
            else "" if value == ALL_THRESHOLDS[key].value else own
            for key, value in values.items()
        },
    )


def faults_of(values: Mapping[str, Decimal]) -> list[str]:
    """What is wrong with the numbers of a version, one sentence each; empty if they can be judged by."""
    faults = [
        f"“{rule.name}”不能空缺。"
        for rule in ALL_THRESHOLDS.values()
        if rule.is_editable and not rule.may_be_left_out and rule.key not in values
    ]
    faults += [
        f"“{ALL_THRESHOLDS[key].name}”须是最多六位小数的数。"
        for key, value in values.items() if not value.is_finite() or abs(value) >= MICRO or value * MICRO % 1
    ]
    # The other rules compare numbers: only once each of them is one.
    return faults or [*_faults_of_shares(values), *_faults_between(values)]


def _faults_of_shares(values: Mapping[str, Decimal]) -> list[str]:
    shares = [rule for key, rule in ALL_THRESHOLDS.items() if rule.unit == "比例" and key in values]
    return [
        f"“{rule.name}”是 {rule_words(values[rule.key], rule.unit)}，应在 0% 至 100% 之间。"
        for rule in shares
        if rule not in (OVER_FROM, SLIGHTLY_OFF_FROM) and not 0 <= values[rule.key] <= 1
    ] + [
        f"“{rule.name}”是 0%，等于没有这条界限，应高于 0%。"
        for rule in (EXECUTION_CAP,) if values[rule.key] == 0
    ]


def _faults_between(values: Mapping[str, Decimal]) -> list[str]:
    faults = []
    weights = [values[rule.key] for rule in WEIGHTS]
    if sum(weights) != 100:
        terms = "＋".join(rule_words(weight, "") for weight in weights)
        faults.append(f"四类分值 {terms}＝{rule_words(sum(weights, Decimal()), '')}，合计应为 100 分。")
    if any(weight <= 0 for weight in weights):
        faults.append("四类分值每一类都应大于 0 分。")
    if not 0 < values[SLIGHTLY_OFF_FROM.key] < 1:
        faults.append("“略有偏差的下限”应高于 0%、低于 100%：达到 100% 的已经达标。")
    # score.sql compares with seven digits: a ratio stays under ten.
    if not 1 < values[OVER_FROM.key] < 10:
        faults.append("“超额过多的下限”应高于 100%、低于 1000%。")
    excellent, good, fair = (values[rule.key] for rule in (EXCELLENT_FROM, GOOD_FROM, FAIR_FROM))
    if not 100 >= excellent > good > fair >= 0:
        faults.append(
            f"等级下限应从高到低、在 0 至 100 分之间，现在是优 {rule_words(excellent, '')}、良 {rule_words(good, '')}、"
            f"中 {rule_words(fair, '')}。"
        )
    if values[BAND_REACHED_FROM.key] <= values[BAND_PARTLY_FROM.key]:
        faults.append("定性指标“达成”的下限应高于“部分达成”的下限。")
    line = [(month, values[rule.key]) for month, rule in EXECUTION_MILESTONES.items() if rule.key in values]
    faults += [
        f"累计执行率下限 1–{later}月 {rule_words(after, '比例')} 低于 1–{month}月 {rule_words(before, '比例')}，"
        "累计数只能升不能降。"
        for (month, before), (later, after) in pairwise(line) if after < before
    ]
    return faults


def _faults_of_change(
    held: Sequence[RuleVersion], base: RuleBase, change: RuleChange, values: Mapping[str, Decimal]
) -> list[str]:
    faults = []
    for key, value in change.changed.items():
        rule = ALL_THRESHOLDS[key]
        if not rule.is_editable and base.values.get(key) != value:
            faults.append(f"“{rule.name}”还没有数字用到它，不能在这里修改。")
    in_use = in_force(held, change.effective_on)
    if change.effective_on < held[-1].effective_on:
        faults.append(
            f"生效日 {change.effective_on} 早于程序自带口径的生效日 {held[-1].effective_on}，请改为这一天或以后。"
        )
    elif values == in_use.values:
        faults.append(
            f"没有改动：从 {change.effective_on} 起本来就按 {in_use.version} 版计算，各项数值与它完全相同。"
        )
    if not change.reason.strip():
        faults.append("请写明修改理由，例如依据哪份文件。")
    elif len(change.reason.strip()) > MAX_REASON_LENGTH:
        faults.append(f"修改理由最多 {MAX_REASON_LENGTH} 个字，请写短一些。")
    if len(change.profile_name.strip()) > MAX_NAME_LENGTH:
        faults.append(f"口径名称最多 {MAX_NAME_LENGTH} 个字，请写短一些。")
    return faults


def _replaced(values: Mapping[str, Decimal], changed: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    return {key: value for key, value in {**values, **changed}.items() if value is not None}


def _next_name(held: Sequence[RuleVersion], effective_on: date) -> str:
    taken = [int(number) for rules in held for year, _, number in [rules.version.partition("-")]
             if year == str(effective_on.year)]
    return f"{effective_on.year}-{max(taken, default=0) + 1}"
