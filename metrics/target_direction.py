"""In which direction a printed target is scored, and the sentence that says why."""

from __future__ import annotations

import re

from metrics.target_dates import read_due
from metrics.target_kinds import Target, TargetKind
from metrics.target_numbers import FINEST_STEP, normalise

_MONEY_UNIT = re.compile(r"^(?:百|千|万|百万|千万|亿)?元|^(?:万|亿)(?:$|/)")
_COST_NAME = re.compile(r"成本|费用|经费(?!.{0,4}(?:到位|拨付|保障))|开支|造价|单价|价格|限价|控制数|控制额")
_MONEY_GIVEN = re.compile(
    r"投入|到位|补助|补贴|救助|发放|奖励|收入|产值|增收|销售|资助|供养|低保|抚恤|保障|完成投资|拨付"
)
_UNWANTED = re.compile(
    r"(?:事故|投诉|上访|信访|违规|违纪|差错|错误|逾期|拖欠|死亡|伤亡|失业|流失|损耗|损失|缺陷|超标|退回|返贫|辍学|漏检|发病|病死|"
    r"空置|结余|结转|负债|排放|能耗|案件发生)(?:发生)?(?:率|数|数量|次数|件数|起数|人数|量|资金率|资金量)?(?:\(.*\))?$"
    r"|(?:事故|投诉|疫情|案件).{0,6}发生(?:数|次数|率|起数)"
)
_HANDLED = re.compile(r"处理|处置|查处|办结|整改|核查|控制率|化解|报告|下降|减少|回复|答复|受理")
_CHANGE_UNITS = frozenset({"%", ""})


def scored_kind(target: Target, indicator_name: str, measure: str) -> tuple[TargetKind, str]:
    """The kind by which a target is scored, and one sentence that says why.

    A printed direction is kept. A bare number is a floor, unless the indicator is a cost or counts
    something unwanted: then it is a ceiling. A person can change the choice.

    Reads:  the parsed target, the indicator's name and its 二级指标 (数量指标, 成本指标 …).
    """
    due = read_due(normalise(target.text)) if target.kind is TargetKind.OTHER else None
    if due is not None and due.is_impossible:
        return target.kind, f"目标“{target.text}”写的日期在日历上不存在，由人判定。"
    if target.kind is TargetKind.OTHER:
        return target.kind, f"目标“{target.text}”读不成一个可计算的要求，由人判定。"
    numbers = [number for number in (target.bound, target.upper) if number is not None]
    if any(number != number.quantize(FINEST_STEP) for number in numbers):
        return TargetKind.OTHER, f"目标“{target.text}”的小数超过四位，无法精确比较，由人判定。"
    if target.kind is TargetKind.AT_LEAST and target.bound == 0:
        return TargetKind.OTHER, f"目标“{target.text}”不会有完不成的时候，由人判定。"
    if target.is_bare:
        return _bare(target, indicator_name, measure)
    if target.kind is TargetKind.AT_MOST and target.bound is None:
        return TargetKind.OTHER, f"目标“{target.text}”没有写出上限的数，由人判定。"
    is_change = target.kind in {TargetKind.INCREASE_OVER_LAST_YEAR, TargetKind.DECREASE_OVER_LAST_YEAR}
    if is_change and target.unit not in _CHANGE_UNITS:
        return TargetKind.OTHER, f"目标“{target.text}”写的是增减的数量，不是百分比，由人判定。"
    return target.kind, f"按目标原文“{target.text}”判定。"


def _bare(target: Target, indicator_name: str, measure: str) -> tuple[TargetKind, str]:
    is_money = bool(_MONEY_UNIT.search(target.unit))
    given = _MONEY_GIVEN.search(indicator_name)
    if target.bound == 0:
        # At least nothing could never be missed.
        return TargetKind.AT_MOST, f"“{target.text}”没有写方向；目标是 0，按“不超过”判定，可以更改。"
    printed = re.split(r"\d", normalise(target.text))[0]
    if _UNWANTED.search(printed) and not _HANDLED.search(indicator_name):
        return TargetKind.AT_MOST, f"“{target.text}”没有写方向；所数的越少越好，按“不超过”判定，可以更改。"
    if _UNWANTED.search(indicator_name) and not _HANDLED.search(indicator_name):
        return TargetKind.AT_MOST, f"“{target.text}”没有写方向；该指标越少越好，按“不超过”判定，可以更改。"
    if is_money and not given and (_COST_NAME.search(indicator_name) or "成本" in measure):
        return TargetKind.AT_MOST, f"“{target.text}”没有写方向；该指标是成本，按“不超过”判定，可以更改。"
    if is_money and given and _COST_NAME.search(indicator_name):
        return TargetKind.OTHER, f"“{target.text}”没有写方向；看不出是成本还是应给的钱，由人判定。"
    if is_money and re.search(r"预算(?:内|控制)|控制在", indicator_name):
        return TargetKind.AT_MOST, f"“{target.text}”没有写方向；该指标控制支出，按“不超过”判定，可以更改。"
    return TargetKind.AT_LEAST, f"“{target.text}”没有写方向，按“不少于”判定，可以更改。"
