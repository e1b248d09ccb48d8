"""Where things stand on the sheet 填报表: one place for the writer and the reader of the form."""

from __future__ import annotations

from data.intake.form import EntryKind

SHEET_NAME = "填报表"
GUIDE_NAME = "填写说明"
FORMAT_MARK = "wenxiao-report/1"
EXAMPLE_MARK = "wenxiao-example/1"     # of a filled example, which is never taken in
EXAMPLE_SUFFIX = "（示例）"             # behind the name of each of its sheets
WAN = 10_000

CODE_ROW = 1          # hidden: format, document number, round, unit
FACTS_ROW = 3
MONEY_ROW = 4
HEAD_ROW = 6          # two rows: 实际完成值 spans six columns
FIRST_ROW = 8

PAID_CELL = "K4"
FILLED_BY_CELL = "O4"
DOCUMENT_CELL, RECIPIENT_CELL, ROUND_CELL = "C3", "G3", "K3"

# field → column letter, head, width in characters
COLUMNS: dict[str, tuple[str, str, float]] = {
    "indicator_no": ("A", "序号", 5),
    "dimension": ("B", "一级指标", 11),
    "measure": ("C", "二级指标", 10),
    "name": ("D", "三级指标", 30),
    "target_text": ("E", "指标值（目标）", 13),
    "unit": ("F", "计量单位", 9),
    "labels": ("G", "填写口径", 22),
    "prior_round_text": ("H", "上轮填报", 12),
    "numerator": ("I", "分子", 10),
    "denominator": ("J", "分母", 10),
    "value": ("K", "本年值", 10),
    "prior_value": ("L", "上年值", 10),
    "band": ("M", "等次", 10),
    "band_share": ("N", "档内完成比例（%）", 9),
    "evidence_text": ("O", "佐证说明", 22),
    "deviation_reason": ("P", "偏差原因", 18),
    "improvement_measure": ("Q", "改进措施", 18),
    "not_applicable": ("R", "不适用", 8),
    "weight": ("S", "分值", 9),
    "claimed_points": ("T", "自评得分", 10),
}
LAST_LETTER = "T"
# A form that was handed out before these columns existed ends at 不适用 and is still read.
LATER_FIELDS = ("weight", "claimed_points")
NOT_APPLICABLE = "不适用"
ACTUAL_HEAD = "实际完成值"
ACTUAL_FIELDS = ("numerator", "denominator", "value", "prior_value", "band", "band_share")
TEXT_FIELDS = ("evidence_text", "deviation_reason", "improvement_measure")
MAX_TEXT_LENGTH = 2_000

_ACTUAL_FIELDS_OF = {
    EntryKind.RATIO: ("numerator", "denominator"),
    EntryKind.COVERAGE: ("numerator", "denominator"),
    EntryKind.VALUE: ("value",),
    EntryKind.VERSUS_PRIOR: ("value", "prior_value"),
    EntryKind.RATIO_VERSUS_PRIOR: ("numerator", "denominator", "prior_value"),
    EntryKind.QUALITATIVE: ("band", "band_share"),
    EntryKind.FROM_RECEIPT: (),
}


def asked_fields(entry: EntryKind) -> tuple[str, ...]:
    """The fields that a person fills in for this kind of entry."""
    if entry is EntryKind.FROM_RECEIPT:
        return ()
    return (*_ACTUAL_FIELDS_OF[entry], *TEXT_FIELDS, "claimed_points")


def cell(field: str, row_no: int) -> str:
    """The address of a field in a row: I12."""
    return f"{COLUMNS[field][0]}{row_no}"


def place(address: str) -> str:
    """An address as a person reads it: 「填报表」!I12."""
    return f"「{SHEET_NAME}」!{address}"
