"""Names in the first column of a table: a unit that receives money, or a word that sums others up."""

from __future__ import annotations

import re

from data.notice.figures import narrow, squeeze
from data.reference import resolve_recipient

_TOTAL_WORD = re.compile(
    r"^(?:(全?[省市县区州]|地方|各地|全国|本次|[一-龥]{0,6}[省市县区州级])?"
    r"(?:资金|金额|补助)?(合计|总计|共计|小计|总额|总金额)(?:金额|数|资金)?(\(.*\))?|全[省市县区州盟旗]|资金总额|金额总计"
    r"|.{1,14}(?:小计|合计|总计)):?$"
)
_UNIT_NAME = re.compile(r"^[一-龥]{1,20}(?:县|市|区|旗|州|镇|乡|街道|局|院|站|中心|学校|医院)$")
_NO_UNIT_NAME = re.compile(
    r"^(?:(?:各|受助|实施|承担|建设|所属|主管|项目|受益|补助|资金|使用|执行|填报|预算)*"
    r"(?:省|市|县|区|州|盟|旗|地|乡|镇|村|街道|地区|学校|医院|单位|局|院|站|中心|和|或|及|所在|、|/)*|自治区|自治州|兵团"
    r"|[省市县区州]本?级|.*(?:名称|合计|小计))$"
)


def is_total_word(text: str) -> bool:
    """Whether a row's name says that it sums others up: 合计, 地方合计, 小计.

    >>> is_total_word("合    计"), is_total_word("地方合计"), is_total_word("合计县")
    (True, True, False)
    """
    return bool(_TOTAL_WORD.match(squeeze(narrow(text))))


def is_unit_name(text: str) -> bool:
    """Whether words name a unit that may receive money, and are no head over such names.

    >>> [is_unit_name(name) for name in ("库尔勒市", "州救助站", "县市", "受助学校", "自治区", "合计")]
    [True, True, False, False, False, False]
    """
    words = squeeze(narrow(text))
    if resolve_recipient(words) is not None:
        return True
    return bool(_UNIT_NAME.match(words)) and not _NO_UNIT_NAME.match(words)
