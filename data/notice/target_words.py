"""The words of a target sheet: 一级指标, 二级指标, the heads of its columns and of its upper part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.notice.figures import narrow, squeeze

_SCORE = r"(\(?\d{1,3}分\)?)?"
_DIMENSION = re.compile(
    rf"^(预期|项目|年度|绩效)?(产出|效益|效果|满意度|完成|投入|管理|过程|决策|成本|影响力?|履职效能|可持续发展能力?)(指标)?{_SCORE}$"
)
_MEASURE = re.compile(
    rf"^((数量|质量|时效|成本|进度|经济成本|社会成本|生态环境成本|([经济社会生态环境、和与]+)效益|可持续影响|可持续发展|预算)"
    rf"(或.{{1,12}})?(指标)?|[一-龥]{{0,10}}满意度指标|预算.{{0,14}}控制指标)(\(.{{1,24}}\))?{_SCORE}$"
)
_KIND = (
    (re.compile(r"满意度"), "满意度指标"),
    (re.compile(r"效益|效果|影响|可持续"), "效益指标"),
    (re.compile(r"数量|质量|时效|成本|产出|完成|进度|预算"), "产出指标"),
)
_WHOLE_MEASURES = (
    "数量指标", "质量指标", "时效指标", "成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标",
    "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标", "服务对象满意度指标", "社会公众满意度指标",
)
_HEAD_WORD = re.compile(
    r"^(绩效指标|年度绩效指标|[一二三]级指标|(年度|计划|绩效|目标)?指标(目标)?值?.{0,16}|目标值.{0,10}|年度目标值|分值|权重|备注|(绩效)?指标性质"
    r"|(绩效)?(计量|度量)单位|指标解释|评分标准|指标说明|性质|单位)$"
)
_STEM = re.compile(
    r"^([一二三]级|(预期|项目)?(产出|效益|效果|完成|满意度|成本)|数量|质量|时效|(经济|社会|生态环境)成本|(经济|社会|生态)效?益?|可持续(影响)?"
    r"|服务对象(满意度)?|社会公众|受益对象|绩效)$"
)
_LABEL = re.compile(
    r"^(项目名称|专项名称|资金名称|项目编码|预算单位:?.*|实施单位.*|.{0,12}财政部门|.{0,10}主管部门.{0,6}|资金情况.*|项目资金.*|资金总额.*"
    r"|年度(资金)?(总额|金额).*|年度总额.*|其中[::].*|(中央|地方|省级|市级|县级)(财政)?(补助|资金)|其他资金.*|地方资金.*"
    r"|.{0,16}[((]万?元[))]|(年度)?总体目标|年度目标|绩效目标|项目属性|实施期限?|项目期)$"
)
_OBJECTIVE_LABEL = re.compile(r"^((年度)?总体目标|年度目标|绩效目标)$")
_PANEL_LABEL = re.compile(r"^(中期|年度|年初|实施期|总体|长期).{0,6}目标(\(.*\))?$")


def plain(text: str) -> str:
    """A cell's words without spaces, in half-width signs."""
    return squeeze(narrow(text))


def is_stem(text: str) -> bool:
    """Whether a cell is the first line of a level word that goes on in the next: 社会效益, 服务对象."""
    return bool(_STEM.match(plain(text)))


def is_head_word(text: str) -> bool:
    """Whether a cell is a head of the indicator columns: 二级指标, 指标值."""
    return bool(_HEAD_WORD.match(plain(text)))


def is_label(text: str) -> bool:
    """Whether a cell of the upper part names the cell behind it: 中央主管部门."""
    return bool(_LABEL.match(plain(text)))


def is_objective_label(text: str) -> bool:
    """Whether a cell stands before the narrative: 年度总体目标."""
    return bool(_OBJECTIVE_LABEL.match(plain(text)))


def is_panel_label(text: str) -> bool:
    """Whether a cell heads one of two panels: 中期滚动目标, 年度目标."""
    return bool(_PANEL_LABEL.match(plain(text)))


def is_measure(text: str) -> bool:
    """Whether a cell is a 二级指标 word.

    >>> is_measure("社会效益"), is_measure("服务对象满意度指标"), is_measure("群众满意度")
    (True, True, False)
    """
    return bool(_MEASURE.match(plain(text)))


def is_whole_measure(text: str) -> bool:
    """Whether a cell is a fixed 二级指标 word that no indicator bears as its name."""
    return plain(text) in _WHOLE_MEASURES


def is_dimension(text: str, following: Sequence[str]) -> bool:
    """Whether a cell is a 一级指标 word; 成本指标 and 满意度指标 are one only above a 二级指标 word.

    >>> is_dimension("成本指标", ["低保资金社会化发放率", "≥90%"]), is_dimension("成本指标", ["经济成本指标", "甲"])
    (False, True)
    """
    words = plain(text)
    if not _DIMENSION.match(words):
        return False
    if is_measure(words):
        return bool(following) and is_measure(following[0])
    return True


def damaged_measure(text: str) -> str:
    """The 二级指标 word of which a cell has lost a few characters; empty if none.

    >>> damaged_measure("持续影响指"), damaged_measure("政策知晓率")
    ('可持续影响指标', '')
    """
    words = plain(text)
    if len(words) < 4 or is_measure(words):
        return ""
    found = [whole for whole in _WHOLE_MEASURES if words in whole and len(words) >= len(whole) - 3]
    return found[0] if len(found) == 1 else ""


def kind_of(text: str) -> str:
    """The 一级指标 that a word belongs to: 产出指标, 效益指标, 满意度指标; empty if unknown."""
    words = plain(text)
    return next((kind for pattern, kind in _KIND if pattern.search(words)), "")
