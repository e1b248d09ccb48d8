"""What the log calls a thing, and what it says of it, in Chinese: every key and every value that an action notes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from dashboard import labels
from dashboard.actions.imports import OUTCOMES
from dashboard.actions.tokens import SCOPES
from dashboard.auth.policy import POLICY_TITLES
from dashboard.mapping_tables import FIELD_WORDS, VALUE_WORDS
from dashboard.rights import ROLE_NAMES
from data.notice.corrections import FIELD_NAMES
from data.reference import glossary
from metrics.duties import STEP_WORDS, step_name
from metrics.explain import BAND_WORDS
from metrics.inquiries import (
    CONSEQUENCE_BASES,
    CONSEQUENCE_WORDS,
    DECISION_WORDS,
    JUDGEMENT_WORDS,
    RULES,
    STATE_WORDS,
    STEPS,
)
from metrics.law import TRUST_LABELS
from metrics.limits import LIMITS
from metrics.thresholds import ALL_THRESHOLDS

# What the log calls a thing, where the glossary has no word or a longer one.
NAMES = {
    **POLICY_TITLES,
    "difference": "差异",
    "paper": "公文报表", "files": "各份文件", "failures": "没有出具的单位", "as_of_on": "统计截止日",
    "inquiry_no": "问效单号",
    "after": "改后", "amount_yuan": "金额", "approval": "批准依据", "base": "改自", "before": "改前",
    "before_micro": "原复核得分",
    "replaced": "替换的导出", "deleted_count": "系统里已删除的行数", "heads": "表头", "words": "用词",
    "bureau_name": "单位全称", "byte_count": "文件大小", "changed": "改动", "changes": "改动数",
    "claimed_micro": "自评得分", "corrected": "更正为", "entries": "项数", "everywhere": "退出全部登录",
    "evidence": "佐证", "field": "栏目", "file": "文件",
    "file_count": "佐证材料数", "first_event_no": "经过起始号", "has_password": "有密码",
    "has_totp": "有动态口令", "how": "登录方式", "indicators": "指标数", "is_locked": "暂时锁定",
    "kept": "保留上一版的指标数", "kind": "格式", "last_event_no": "经过末尾号", "last_hash": "最后一条校验码",
    "line": "行号", "locked_seconds": "锁定时长", "marker": "标识", "outcome": "结果", "printed": "所印",
    "questions": "存疑的各项", "reason": "理由", "reasons": "各项理由", "recipient_id": "单位",
    "moved_unit_count": "截止日改变的单位数", "office_close": "下班时间", "office_close_source": "作息出处",
    "office_close_from": "下班时间生效日",
    "recomputed_micro": "复算得分", "region_code": "地区代码", "report_id": "填报", "rounds": "轮次",
    "row_count": "行数", "rows": "各种结果的行数", "scopes": "用途", "search": "查找条件", "sha256": "文件校验码",
    "state": "状态", "statement": "已知局限", "step": "环节", "unit_count": "单位数", "units": "各种结果的单位数",
    "proposing_rule": "提议规则", "is_active": "在用", "upheld_count": "认定属实的件数",
    "value": "本年值", "values_sha256": "数据校验码", "version": "版本", "wrong": "没有通过的原因",
}
STATES = {
    "submitted": "已报送", "returned": "已退回", "accepted": "已通过", "locked": "已锁定", "reopened": "已重新开放",
    "confirmed": "属实", "questioned": "存疑", "published": "发布", "replaced": "替换", "nothing_changed": "没有变化",
    "given_up": "没有送达", "waiting": "等待发送",
}
NUMBERED = tuple(f"-{number}" for number in range(2, 21))
# Words that stand for something under one key only.
VALUES = {
    "how": {
        "password": "密码", "code": "密码和动态口令", "demonstration": "演示身份", "oidc": "统一身份认证",
        "setup": "首次启用",
    },
    "wrong": {
        "password": "密码不对", "code": "动态口令不对", "disabled": "账号已停用", "oidc": "统一身份没有登记",
    },
    "trust": {mark.value: words for mark, words in TRUST_LABELS.items()},
    "kind": {"csv": "逗号分隔文本", "xlsx": "工作簿"},
    "role": ROLE_NAMES,
    "totp_roles": ROLE_NAMES,
    "scopes": SCOPES,
    # A notice may set several limits of one step: 报送（第2项）.
    "step": {f"{step}{number}": step_name(f"{step}{number}") for step in STEP_WORDS for number in ("", *NUMBERED)},
    "band": {str(band): word for band, word in BAND_WORDS.items()},
    "inquiry_state": STATE_WORDS,
    "inquiry_step": {key: step.name for key, step in STEPS.items()},
    "judgement": JUDGEMENT_WORDS,
    "consequence_kind": CONSEQUENCE_WORDS,
    "rule_decision": DECISION_WORDS,
    "proposing_rule": {key: rule.name for key, rule in RULES.items()},
    "legal_keys": {key: f"{source.title}{source.place}" for key, source in CONSEQUENCE_BASES.items()},
}
# What is counted, by outcome.
COUNTED = {"rows": OUTCOMES, "units": {"imported": "有变化", "unchanged": "没有变化", "rejected": "未导入"}}
UNITS_OF = {"locked_seconds": "秒", "byte_count": "字节"}
NONE = "无"


def subject_words(text: str, units: Mapping[str, str]) -> str:
    """What an action was about, units by their names."""
    if text in FIELD_NAMES:
        return str(FIELD_NAMES[text][2])
    if text in LIMITS:
        return LIMITS[text].name
    if text in RULES:
        return RULES[text].name
    named = {**units, "region": "州本级"}
    return " ".join(named.get(part, part) for part in text.split(" "))


def name_of(key: str, units: Mapping[str, str]) -> str:
    """What a thing is called; 「12 luntai」 is an indicator's number and a unit."""
    if key in ALL_THRESHOLDS:
        return ALL_THRESHOLDS[key].name
    if key in NAMES:
        return NAMES[key]
    if key.isdigit():
        return "累计支付" if key == "0" else f"第 {key} 项"
    return _glossary().get(key, subject_words(key, units))


def value_of(key: str, value: Any, units: Mapping[str, str]) -> str:
    """What is said of it; ``key`` is what it is called in the log, '' for a value that stands alone."""
    if value is None or value in ("", [], {}):
        return "不限" if key == "totp_roles" else NONE
    if isinstance(value, bool):
        return "是" if value else "否"
    if key in ("heads", "words") and isinstance(value, dict):
        return "，".join(f"{FIELD_WORDS.get(name, name)} {_mapped(each)}" for name, each in value.items())
    if key == "files" and isinstance(value, dict):
        return "、".join(value)
    if isinstance(value, dict):
        names = COUNTED.get(key, {})
        return "，".join(
            f"{names.get(name) or name_of(name, units)} {value_of(name, each, units)}" for name, each in value.items()
        )
    if isinstance(value, list):
        return "、".join(value_of(key, each, units) for each in value)
    text = str(value)
    if key in VALUES:
        return "、".join(VALUES[key].get(part, part) for part in text.split(","))
    if key in UNITS_OF:
        return f"{int(text):,} {UNITS_OF[key]}"
    if key.endswith("_micro"):
        return f"{labels.points(value)} 分"
    if key.endswith("_yuan"):
        return f"{labels.wan(value)} 万元"
    if key.endswith(("sha256", "_hash")):
        return text[:8]
    if key.endswith("report_id"):
        *place, version = text.split("|")
        return f"{subject_words(' '.join(place), units)} 第 {version} 版"
    return STATES.get(text, subject_words(text.replace("|", " "), units))


def _mapped(told: Any) -> str:
    """Heads of a field as they are; words of a system with what they mean."""
    if isinstance(told, dict):
        return "、".join(f"{word}为{VALUE_WORDS.get(value, value)}" for word, value in told.items())
    return "、".join(told) if isinstance(told, list) else str(told)


@cache
def _glossary() -> dict[str, str]:
    return {entry.identifier: entry.chinese for entry in glossary()}
