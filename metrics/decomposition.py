"""A region's target decomposed to its units: what a unit's words mean beside the region's, and what they change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from metrics.indicators import REGION_ID, entry_of, is_to_be_decomposed, target_row
from metrics.target_kinds import Target, TargetKind
from metrics.targets import parse_target

NOT_ASSIGNED_TEXT = "不承担"

Row = Mapping[str, Any]
Key = tuple[int, str]     # indicator_no, recipient_id

_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
# What a target says of itself; the rest of its row says of what and of whom.
_TARGET_COLUMNS = (
    "target_text", "target_kind", "scored_kind", "kind_reason", "bound", "upper_bound", "scale", "target_unit",
)


@dataclass(frozen=True)
class TargetChange:
    """A target that gets new words: ``row`` holds them as they are scored, ``old_text`` is '' where there were none."""

    indicator_no: int
    recipient_id: str
    old_text: str
    target_version: int
    row: Row

    @property
    def key(self) -> Key:
        """Which target it is."""
        return self.indicator_no, self.recipient_id


@dataclass(frozen=True)
class TargetFault:
    """Why words cannot be a target of this recipient: a stable code and the second half of a sentence."""

    indicator_no: int
    recipient_id: str
    code: str
    words: str

    @property
    def key(self) -> Key:
        """Which target it is."""
        return self.indicator_no, self.recipient_id


def stated_text(target: Row) -> str:
    """A target's words for a person to change; '' where a total was not decomposed to the unit yet."""
    return "" if target["is_undecomposed"] else str(target["target_text"])


def plan_changes(
    current: Iterable[Row], texts: Mapping[Key, str]
) -> tuple[list[TargetChange], list[TargetFault]]:
    """What new words change, and every fault in them.

    Reads:  the rows of ``targets_of_notice``; a target without new words, or with empty ones, stays.
    Empty:  no changes where every text is already the target's own.
    Raises: KeyError if a text is for a target that is not among the rows.
    """
    by_indicator: dict[int, dict[str, Row]] = {}
    for row in current:
        by_indicator.setdefault(row["indicator_no"], {})[row["recipient_id"]] = row
    for indicator_no, recipient_id in texts:
        by_indicator[indicator_no][recipient_id]
    changes: list[TargetChange] = []
    faults: list[TargetFault] = []
    for number, targets in by_indicator.items():
        given = {unit: texts[number, unit].strip() for unit in targets if texts.get((number, unit), "").strip()}
        for found in _planned(targets, given) if given else ():
            (faults if isinstance(found, TargetFault) else changes).append(found)  # type: ignore[arg-type]
    return changes, faults


def _planned(targets: Mapping[str, Row], given: Mapping[str, str]) -> Iterator[TargetChange | TargetFault]:
    """The changes and faults of one indicator; a unit that keeps its words must still fit a changed region."""
    held = targets[REGION_ID]
    region: Row = held
    if given.get(REGION_ID, held["target_text"]) != held["target_text"]:
        row = _region_row(held, given[REGION_ID])
        if isinstance(row, str):
            yield TargetFault(held["indicator_no"], REGION_ID, "does-not-fit", row)
        elif row["target_text"] != held["target_text"]:
            region = row
            yield TargetChange(held["indicator_no"], REGION_ID, held["target_text"], held["target_version"], row)
    is_region_changed = region is not held
    is_total = is_to_be_decomposed(held) and region["scored_kind"] != TargetKind.OTHER
    for unit, target in targets.items():
        is_undecomposed = is_total and target["target_version"] == 1
        if unit == REGION_ID or (unit not in given and (is_undecomposed or not is_region_changed)):
            continue
        row = unit_row(held, region, given.get(unit) or target["target_text"], is_total=is_total)
        if isinstance(row, str):
            yield TargetFault(target["indicator_no"], unit, "does-not-fit", row)
        elif unit in given and (is_undecomposed or row["target_text"] != target["target_text"]):
            yield TargetChange(
                target["indicator_no"], unit, stated_text(target), target["target_version"], row
            )


def _region_row(held: Row, text: str) -> Row | str:
    """The region's new target: of the kind it had, so that the units go on reporting what they are asked for.

    One that no program could read before may become any that is reported in the same way.
    """
    if held["scored_kind"] != TargetKind.OTHER:
        return unit_row(held, held, text, is_total=False)
    row = target_row(held, text)
    asked = entry_of(parse_target(text, held["indicator_name"])).entry_kind
    if held["entry_kind"].endswith(asked):
        return row
    return f"的目标“{text}”要按另一种方式填报，与本指标现在的填报方式不同，请重新发布文件或换一种写法"


def unit_row(indicator: Row, region: Row, text: str, *, is_total: bool) -> Row | str:
    """A unit's target as it is scored, or why the words do not fit the region's: the second half of a sentence.

    A bare number takes the region's direction and unit: 120 beside ≥5000人次 is ≥120人次. The unit's target
    must be of the region's kind: ≥ stays ≥, words stay words.
    """
    if text == NOT_ASSIGNED_TEXT:
        if not is_total:
            return "填了“不承担”：只有各单位相加的总量目标可以不承担；没有这项业务的单位在填报表中选“不适用”"
        return _not_assigned(region)
    words = _completed(text, region)
    row = target_row(indicator, words)
    if row["target_unit"] != region["target_unit"] and row["bound"] is not None:
        return (
            f"的目标“{text}”计量单位是“{row['target_unit'] or '空白'}”，"
            f"应与区域目标“{region['target_text']}”相同（{region['target_unit'] or '不带单位'}）"
        )
    if row["bound"] is not None and row["bound"] < 0:
        return f"的目标“{text}”是负数，单位的目标应不小于 0"
    is_same = row["scored_kind"] == region["scored_kind"] and (
        row["scored_kind"] != TargetKind.OTHER or row["target_kind"] in (region["target_kind"], TargetKind.OTHER)
    )
    if is_same:
        return row
    if is_total and row["bound"] == 0:
        return f"的目标“{text}”是 0：没有这项任务的单位请填“{NOT_ASSIGNED_TEXT}”"
    if row["scored_kind"] == TargetKind.OTHER:
        return f"的目标“{text}”读不成与区域目标“{region['target_text']}”同类的要求，请照区域目标的写法填写"
    return f"的目标“{text}”与区域目标“{region['target_text']}”不是同一类要求，方向或写法不同，请照区域目标的写法填写"


def _completed(text: str, region: Row) -> str:
    """The words with the region's unit and, where they are only a number, with the region's words around it."""
    target = parse_target(text)
    unit = str(region["target_unit"])
    if target.bound is not None and target.upper is None and not target.unit and unit:
        with_unit = parse_target(text + unit)
        if with_unit.kind is not TargetKind.OTHER:
            target, text = with_unit, text + unit
    if not target.is_bare or target.unit != unit:
        return text
    return _in_words_of(region, target) or text


def _in_words_of(region: Row, target: Target) -> str:
    """The region's words with the target's number in them; '' where they do not hold exactly one."""
    printed = str(region["target_text"])
    if len(_NUMBER.findall(printed)) != 1 or target.bound is None:
        return ""
    number = f"{target.bound:f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return _NUMBER.sub(number, printed)


def _not_assigned(region: Row) -> Row:
    return {
        **{name: region[name] for name in _TARGET_COLUMNS},
        "target_text": NOT_ASSIGNED_TEXT,
        "target_kind": TargetKind.NOT_ASSIGNED.value,
        "scored_kind": TargetKind.NOT_ASSIGNED.value,
        "kind_reason": "区域总量目标没有分给本单位",
        "bound": None,
        "upper_bound": None,
        "target_due_on": None,
    }
