"""The block that a web page puts round a notice: 索引号, 文号, 发布机构, 成文日期, in whatever layout."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.notice.wording import EvenLine, Wording

_LABELS = (
    "索引号|主题分类|组配分类|体裁分类|信息分类|分类|服务对象|发布机构|发布单位|发布部门|"
    "发文机关|发文单位|发文部门|发布机关|制发机关|制定机关|印发机关|公开责任部门|责任部门|"
    "公开部门|公开单位|信息来源|来源|成文日期|成文时间|发文日期|发文时间|生成日期|生成时间|"
    "印发日期|签发日期|发布日期|公开日期|发布时间|公开时间|上传时间|更新时间|公开形式|公开方式|"
    "公开目录|公开时限|公开属性|公开范围|公文文号|文号|发文字号|文件编号|文件字号|文件号|"
    "发文文号|统一编号|文件名称|信息名称|名称|文件标题|标题|主题词|关键词|信息有效性|有效性|"
    "是否有效|效力状态|时效性|有效期|废止日期|失效日期|实施日期|生效日期|浏览次数|访问次数|"
    "点击数|点击次数|阅读次数|阅读|浏览|字号|字体|语种|公文种类|公文类型|载体类型|记录形式|"
    "内容概述|作者|编辑"
)
# Pages spread labels out: 索 引 号.
_SPACED = re.sub(r"(?<=[^|])(?=[^|])", " ?", _LABELS)
# A label begins a line or a cell, or follows a space; a colon, a cell border or a space follows it.
_LABEL = re.compile(rf"(?:^|(?<=[\s|\-•【\[]))(?P<label>{_SPACED})\s?(?P<sign>[:】\]]\s*\|?|\||(?=\s)|$)")

NUMBER_LABELS = ("文号", "发文字号", "文件编号", "文件字号", "文件号", "发文文号", "公文文号")
TITLE_LABELS = ("名称", "标题", "文件名称", "信息名称", "文件标题")
ISSUER_LABELS = (
    "发文机关", "发文单位", "发文部门", "制发机关", "制定机关", "印发机关", "发布机构", "发布单位",
    "发布部门", "发布机关", "公开责任部门", "责任部门", "公开部门", "公开单位",
)  # fmt: skip
DATED_LABELS = (
    "成文日期",
    "成文时间",
    "发文日期",
    "发文时间",
    "生成日期",
    "生成时间",
    "签发日期",
    "印发日期",
)
PUBLISHED_LABELS = ("发布日期", "发布时间", "公开日期", "公开时间", "上传时间", "更新时间")
_LONGEST_ROW = 120
_DEPTH = 40  # lines: the block stands above the notice


@dataclass(frozen=True)
class MetadataEntry:
    """One label of the block with its value in even wording."""

    label: str
    value: str
    line: EvenLine


def read_metadata(wording: Wording) -> tuple[MetadataEntry, ...]:
    """Every label with a value above the body; a label without a value is left out.

    Reads: the first lines; a value may stand on the line after its label (发文机关: / 市交通运输局).
    Empty: no block, no entries.
    """
    entries: list[MetadataEntry] = []
    waiting = ""
    for line in wording.lines[:_DEPTH]:
        labels = [match for match in _LABEL.finditer(line.text) if _is_label(match, line.text)]
        until_label = _value(line.text[: labels[0].start()] if labels else line.text)
        if waiting and until_label:
            entries.append(MetadataEntry(waiting, until_label, line))
        waiting = ""
        for place, match in enumerate(labels):
            end = labels[place + 1].start() if place + 1 < len(labels) else len(line.text)
            label = match["label"].replace(" ", "")
            value = _value(line.text[match.end() : end])
            if value:
                entries.append(MetadataEntry(label, value, line))
            elif end == len(line.text) and line.text.rstrip().endswith(":"):
                waiting = label
    return tuple(entries)


def find_entries(
    entries: tuple[MetadataEntry, ...], labels: tuple[str, ...] | list[str]
) -> list[MetadataEntry]:
    """The entries of these labels, in the order of the labels."""
    return [entry for label in labels for entry in entries if entry.label == label]


def is_metadata_line(line: EvenLine) -> bool:
    """Whether a line belongs to the block or to the page's frame around it."""
    labels = [match for match in _LABEL.finditer(line.text) if _is_label(match, line.text)]
    is_glued_page = len(line.text) > _LONGEST_ROW and "。" in line.text
    if is_glued_page and labels and labels[0].start() >= 8:
        return False  # a whole page on one line: its title stands before the first label
    return bool(labels) and (labels[0].start() < 8 or len(labels) > 1)


def _is_label(match: re.Match[str], text: str) -> bool:
    before = text[: match.start()].rstrip()
    if before.endswith(("项目", "单位", "学校", "机构")) and match["label"].replace(" ", "") == "名称":
        return False  # 项目 名称 is a head of a target sheet
    if re.match(r"[:】\]|]", match["sign"]):
        return True
    # Without a colon only in a line that is nothing but labels and values: 发布机构 县民政局.
    return match.start() == 0 or _LABEL.match(text) is not None


def _value(text: str) -> str:
    return text.strip(" |-•:,【】[]\n") if text.strip(" |-•:,") else ""
