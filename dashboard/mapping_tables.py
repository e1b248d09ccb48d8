"""How exports are read, as people see and change it: fields, heads and words in Chinese."""

from __future__ import annotations

import re

import pandas as pd

from dashboard.kept import kept
from data.docking.mapping import ExportMapping, build_mapping

FIELD_WORDS = {
    "allotment_key": "预算指标主键", "payment_key": "支付主键", "payout_key": "发放主键", "voucher_no": "支付凭证号",
    "document_number": "本级指标文号", "upper_document_number": "上级指标文号", "fiscal_year": "预算年度",
    "dated_on": "发文日期", "registered_on": "登记日期", "division_code": "区划代码", "unit_name": "单位名称",
    "budget_item_code": "支出功能科目", "marker_text": "直达资金标识", "amount_yuan": "金额",
    "paid_on": "支付或发放日期",
    "payee_name": "收款人名称", "payee_account": "收款人账号", "purpose": "用途", "aid_kind": "救助类别",
    "pay_month": "发放月份", "person_name": "姓名", "person_no": "证件号码", "account_no": "银行账号",
    "channel": "发放方式", "payout_state": "发放状态", "from_on": "执行日期", "standard_yuan": "救助标准",
    "is_fixed": "是否定额", "stop_word": "停发原因", "stopped_on": "停发日期", "is_deleted": "是否删除",
}
VALUE_WORDS = {
    "urban_allowance": "城市低保", "rural_allowance": "农村低保", "extreme_hardship": "特困供养",
    "temporary_aid": "临时救助", "homeless_aid": "流浪乞讨救助", "orphan": "孤儿",
    "de_facto_orphan": "事实无人抚养儿童", "bank": "银行代发", "cash": "现金", "paid": "发放成功",
    "refunded": "退回", "failed": "失败", "pending": "待发放", "death": "死亡", "left": "不再符合条件",
    "moved": "迁出", "other": "其他", "1": "是", "0": "否",
}
FIELD_HEAD, REQUIRED_HEAD, HEADS_HEAD, UNIT_HEAD = "数据项", "必有", "表头（几个时用；隔开，前面的优先）", "单位"
VALUE_HEAD, WORDS_HEAD = "含义", "系统里的用词（几个时用；隔开）"
NO_UNIT = "—"
_PARTS = re.compile(r"[；;\n]")


@kept
def as_mapping(fields: pd.DataFrame, words: pd.DataFrame) -> ExportMapping:
    """The mapping that the boards tell, as the loader takes it."""
    return build_mapping(fields.to_dict("records"), words.to_dict("records"))


@kept
def field_table(mapping: ExportMapping) -> pd.DataFrame:
    """One row per field, with its heads in one cell."""
    return pd.DataFrame({
        FIELD_HEAD: [FIELD_WORDS.get(field.name, field.heads[-1]) for field in mapping.fields],
        REQUIRED_HEAD: ["是" if field.is_required else "" for field in mapping.fields],
        HEADS_HEAD: ["；".join(field.heads) for field in mapping.fields],
        UNIT_HEAD: [field.unit_text or NO_UNIT for field in mapping.fields],
    })


@kept
def word_table(mapping: ExportMapping) -> pd.DataFrame:
    """One row per field and meaning, with the system's words for it in one cell."""
    return pd.DataFrame([
        {FIELD_HEAD: FIELD_WORDS[name], VALUE_HEAD: VALUE_WORDS.get(value, value), WORDS_HEAD: "；".join(told)}
        for name, value, told in _meanings(mapping)
    ], columns=[FIELD_HEAD, VALUE_HEAD, WORDS_HEAD])


@kept
def typed_heads(mapping: ExportMapping, table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """What was typed into the table of fields: (field, head, unit), the best head first."""
    return [
        (field.name, head, "" if row[UNIT_HEAD] in (NO_UNIT, None) else row[UNIT_HEAD])
        for field, row in zip(mapping.fields, table.to_dict("records"), strict=True)
        for head in _parts(row[HEADS_HEAD])
    ]


@kept
def typed_words(mapping: ExportMapping, table: pd.DataFrame) -> list[tuple[str, str, str]]:
    """What was typed into the table of words: (field, word, value)."""
    return [
        (name, word, value)
        for (name, value, _), row in zip(_meanings(mapping), table.to_dict("records"), strict=True)
        for word in _parts(row[WORDS_HEAD])
    ]


@kept
def version_table(versions: pd.DataFrame) -> pd.DataFrame:
    """Who changed how an export is read, and why."""
    return pd.DataFrame({
        "版本": [f"第 {number} 版" for number in versions["mapping_version"]],
        "来源": versions["source_text"],
        "理由": versions["change_reason"],
        "采用人": versions["adopted_by"],
        "采用时间": [f"{moment:%Y-%m-%d}" for moment in versions["adopted_at"]],
    })


def _meanings(mapping: ExportMapping) -> list[tuple[str, str, list[str]]]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, told in mapping.words.items():
        for word, value in told.items():
            found.setdefault((name, value), []).append(word)
    return [(name, value, words) for (name, value), words in found.items()]


def _parts(cell: object) -> list[str]:
    return [part.strip() for part in _PARTS.split(str(cell or "")) if part.strip()]
