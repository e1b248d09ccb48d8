"""问效单: the states that one goes through, the steps that lead from one to the next, and the rules that propose one.

The program proposes and counts days; every step is taken and signed by a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data.store import Cursor, sql_text, with_relations
from metrics import law
from metrics.law import LegalSource
from metrics.limits import limit_sql
from metrics.scope import Scope

# The legal bases that a person may choose from, by their keys in the law book.
ACCOUNTABILITY = {key: source for key, source in law.ALL_SOURCES.items() if source in law.ACCOUNTABILITY_SOURCES}
CONSEQUENCE_BASES = {key: source for key, source in law.ALL_SOURCES.items() if source in law.CONSEQUENCE_SOURCES}
WHOLE_UNIT = 0      # the indicator_no of what is asked about the unit as a whole

AWAITING_ANSWER, ANSWERED, RECTIFYING, RECHECKING, REFERRED, CLOSED = (
    "awaiting_answer", "answered", "rectifying", "rechecking", "referred", "closed",
)
STATE_WORDS = {
    AWAITING_ANSWER: "待答复", ANSWERED: "已答复", RECTIFYING: "整改中", RECHECKING: "待复核", REFERRED: "提请问责",
    CLOSED: "销号",
}
# What can be done in a state: the answer to who tries something else.
NEXT_STEPS = {
    AWAITING_ANSWER: "正在等单位答复",
    ANSWERED: "单位已答复，等州级认定：认定正常的销号，认定属实的交办整改，答复不清的退回",
    RECTIFYING: "单位正在整改，等它报送整改结果",
    RECHECKING: "单位已报整改结果，等州级复核：销号，或者退回继续整改",
    REFERRED: "已提请问责，等登记处理结果",
    CLOSED: "已经销号",
}
UPHELD, NOT_UPHELD = "upheld", "not_upheld"
JUDGEMENT_WORDS = {UPHELD: "认定属实", NOT_UPHELD: "认定正常"}
REMIND, URGE, CIRCULATE, TALK = "remind", "urge", "circulate", "talk"
LADDER_WORDS = {REMIND: "提醒", URGE: "催办", CIRCULATE: "通报", TALK: "约谈"}
SUSPEND, RECOVER, NEXT_YEAR = "suspend", "recover", "next_year"
CONSEQUENCE_WORDS = {SUSPEND: "暂缓拨款", RECOVER: "收回", NEXT_YEAR: "下年因素"}
RETIRE, KEEP, RESTORE = "retire", "keep", "restore"
DECISION_WORDS = {RETIRE: "停用", KEEP: "继续使用", RESTORE: "恢复使用"}


@dataclass(frozen=True)
class Step:
    """One way on: from which states it leads to which; ``after`` is empty where the state stays.

    ``judgement`` is what the step decides about the matter itself; empty where it decides nothing.
    """

    key: str
    name: str
    before: tuple[str, ...]
    after: str
    judgement: str = ""

    def judgement_from(self, state: str) -> str:
        """What it decides about the matter when taken in a state: nothing where the unit owes its answer."""
        return "" if state == AWAITING_ANSWER else self.judgement

    def is_open_to(self, row: Mapping[Any, Any]) -> bool:
        """Whether it may be taken now; ``row`` is a row of the register.

        A unit that has not answered is referred only when its day is over.
        """
        is_in_state = row["inquiry_state"] in self.before
        is_early = row["inquiry_state"] == AWAITING_ANSWER and self.after == REFERRED and not row["is_overdue"]
        return is_in_state and not is_early


OPENED, EXTENDED, CIRCULATED, TALKED = "opened", "extended", "circulated", "talked"
STEPS = {
    step.key: step
    for step in (
        Step(OPENED, "开出", (), AWAITING_ANSWER),
        Step("answered", "答复", (AWAITING_ANSWER,), ANSWERED),
        Step("answer_returned", "退回答复", (ANSWERED,), AWAITING_ANSWER),
        Step("found_normal", "认定正常", (ANSWERED,), CLOSED, NOT_UPHELD),
        Step("rectification_ordered", "认定属实，交办整改", (ANSWERED,), RECTIFYING, UPHELD),
        Step("rectified", "报送整改结果", (RECTIFYING,), RECHECKING),
        Step("rectification_returned", "退回整改", (RECHECKING,), RECTIFYING),
        Step("rectification_accepted", "复核通过", (RECHECKING,), CLOSED),
        Step("referred", "提请问责", (AWAITING_ANSWER, ANSWERED, RECTIFYING, RECHECKING), REFERRED, UPHELD),
        Step("outcome_recorded", "登记处理结果", (REFERRED,), CLOSED),
        Step(EXTENDED, "延期", (AWAITING_ANSWER, RECTIFYING), ""),
        Step(CIRCULATED, "通报", (AWAITING_ANSWER, RECTIFYING), ""),
        Step(TALKED, "约谈", (AWAITING_ANSWER, RECTIFYING), ""),
    )
}
# By which recorded step the two upper rungs of the ladder are climbed.
LADDER_STEPS = {CIRCULATE: CIRCULATED, TALK: TALKED}


@dataclass(frozen=True)
class InquiryRule:
    """A rule that proposes: what it is called, how grave it is, what it would ask, and where it comes from.

    ``is_of_round`` is false for what does not belong to one reporting round: turned down in one, it stays so in all.
    ``is_slow`` is true where all checks have to run to know.
    """

    key: str
    name: str
    severity: str
    question: str
    source: LegalSource
    note: str
    is_of_round: bool = True
    is_slow: bool = False


_OWN = "何时提议由本单位设定，不是全国规定。"
RULES = {
    rule.key: rule
    for rule in (
        InquiryRule(
            "both_behind", "双滞后", "fatal",
            "资金支付落后于时间进度，绩效目标也没有实现。请说明资金没有支付、目标没有实现的原因，以及措施和完成日期。",
            law.DUAL_MONITORING_SOURCE, "执行率和得分率都低于口径里的界限时提议。" + _OWN,
        ),
        InquiryRule(
            "money_without_effect", "钱到效未到", "warning",
            "资金已按进度支付，绩效目标没有实现。请说明钱用在了哪里、效果为什么没有跟上，以及措施和完成日期。",
            law.ASK_FOR_EFFECT_SOURCE, "执行率达到而得分率低于口径里的界限时提议。" + _OWN,
        ),
        InquiryRule(
            "effect_ahead_of_money", "效先于钱", "warning",
            "填报的成效走在资金支付前面。请说明成效由哪些资金形成，并附能证明成效的材料。",
            law.DUAL_MONITORING_SOURCE, "得分率达到而执行率低于口径里的界限时提议核实。" + _OWN,
        ),
        InquiryRule(
            "off", "指标明显偏差", "warning",
            "该项指标明显低于目标。请说明原因、改进措施和预计达到目标的日期。",
            law.ASK_FOR_EFFECT_SOURCE, "本轮状态为明显偏差时提议，界限在口径里。" + _OWN,
        ),
        InquiryRule(
            "missed_twice", "连续两轮未达标", "fatal",
            "该项指标连续两轮没有达到目标。请说明上一轮的措施为什么没有见效，以及新的措施和完成日期。",
            law.ASK_FOR_EFFECT_SOURCE, "本轮和上一轮都为略有偏差或明显偏差时提议。" + _OWN,
        ),
        InquiryRule(
            "not_reported", "到期未填报", "fatal",
            "本轮数据到期没有填报。请说明原因，并在答复期限以前补报。",
            law.ASK_FOR_EFFECT_SOURCE, "截止日已过而没有报送时提议。" + _OWN,
        ),
        InquiryRule(
            "import_late", "导入逾期", "fatal",
            "资金指标和直达资金标识没有按时全部导入监控系统。请说明原因，并写明完成导入的日期。",
            law.COUNTY_IMPORT_SOURCE, "单位自己的时钟逾期时提议；原文对县市只说“及时”，工作日数是本单位设定。",
            is_of_round=False,
        ),
        InquiryRule(
            "import_empty", "导入为空", "fatal",
            "按期登记了导入，但没有导入金额。请核对监控系统，说明原因并补导。",
            law.SAME_DATA_SOURCE, "按期登记导入而金额为零时提议。" + _OWN, is_of_round=False,
        ),
        InquiryRule(
            "import_wrong", "导入有误", "fatal",
            "按期登记了导入，但金额或标识与文件不同。请核对监控系统，说明原因并更正。",
            law.SAME_DATA_SOURCE, "按期登记导入而金额或标识与文件不同时提议。" + _OWN, is_of_round=False,
        ),
        InquiryRule(
            "claim_above_evidence", "自报高于佐证", "fatal",
            "自报数高于发放明细或支付信息算得的数。请核对两边的数，说明差额的来历；填报有误的请更正。",
            law.ONE_CARD_SOURCE, "自报高于佐证、超出四舍五入误差时提议。" + _OWN,
        ),
        InquiryRule(
            "fatal_findings", "严重疑点", "fatal",
            "疑点核查列有严重疑点。请逐处核实：属实的写明整改办法和日期，不属实的说明理由并附凭据。",
            law.SEPARATE_FUND_SOURCE, "疑点核查中有标为严重的疑点时，每个单位合成一份提议。" + _OWN,
            is_of_round=False, is_slow=True,
        ),
        InquiryRule(
            "audit_rectification", "审计整改", "fatal",
            "本文件因审计整改调减本单位资金。请说明审计指出的问题、整改到哪一步、已经拨付的怎样处理，并附佐证。",
            law.AUDIT_RECTIFICATION_SOURCE, "正文写明审计整改、又调减了资金的单位提议一份，跟踪到销号。" + _OWN,
            is_of_round=False,
        ),
    )
}


def rule_name(rule_key: str) -> str:
    """A rule in words; 「自行开出」 where a person opened it freely.

    >>> rule_name("both_behind"), rule_name("")
    ('双滞后', '自行开出')
    """
    return RULES[rule_key].name if rule_key in RULES else "自行开出"


def inquiry_label(inquiry_no: int) -> str:
    """How an inquiry is called.

    >>> inquiry_label(3)
    '问效单第3号'
    """
    return f"问效单第{inquiry_no}号"


def inquiries_key(
    as_of: date | datetime, *, document_number: str = "", recipient_id: str = "", inquiry_no: int = 0
) -> dict[str, Any]:
    """The parameters of ``inquiry_now.sql`` and of what is made of it: of one notice, unit or inquiry, or all."""
    return {
        "document_number": document_number, "recipient_id": recipient_id, "inquiry_no": inquiry_no, "as_of": as_of,
    }


def standing_sql() -> str:
    """``inquiry_standing.sql`` over the store; its parameters are ``inquiries_key``."""
    return with_relations(sql_text("metrics", "inquiry_standing"), {
        "inquiry_now": sql_text("data", "queries/inquiry_now"),
        "inquiry_step_day": sql_text("data", "queries/inquiry_step_days"),
    })


def register_sql() -> str:
    """``inquiry_register.sql`` over the store; its parameters are ``inquiries_key``."""
    return with_relations(sql_text("metrics", "inquiry_register"), {
        "inquiry_standing": standing_sql(),
        "working_day": sql_text("data", "queries/own_working_days"),
        "monitor_limit": limit_sql(),
    })


def rule_records(cursor: Cursor, scope: Scope) -> list[dict[str, Any]]:
    """How often each rule was right, over all notices, and whether it is in use; in the order of ``RULES``.

    Shape: one row per rule. ``is_below_bar`` compares exactly: upheld × 100 < judged × the bar.
    """
    sql = with_relations(sql_text("metrics", "inquiry_rule_record"), {
        "inquiry_now": sql_text("data", "queries/inquiry_now"),
        "inquiry_dismissal_now": sql_text("data", "queries/inquiry_dismissals"),
    })
    counted = {row["rule_key"]: row for row in cursor.rows(sql, inquiries_key(scope.as_of))}
    limit = cursor.rows(limit_sql(), {"as_of": scope.as_of})[0]
    decided: dict[str, dict[str, Any]] = {}
    for change in cursor.rows(sql_text("data", "queries/inquiry_rule_changes"), {"as_of": scope.as_of}):
        decided.setdefault(change["rule_key"], change)
    return [_record(rule, counted.get(rule.key, {}), decided.get(rule.key), limit) for rule in RULES.values()]


def _record(
    rule: InquiryRule, counted: dict[str, Any], decided: dict[str, Any] | None, limit: dict[str, Any]
) -> dict[str, Any]:
    counts = {
        name: int(counted.get(name, 0))
        for name in ("raised_count", "upheld_count", "not_upheld_count", "waiting_count")
    }
    judged = counts["upheld_count"] + counts["not_upheld_count"]
    is_below = (
        judged >= limit["inquiry_least_judged"]
        and counts["upheld_count"] * 100 < judged * limit["inquiry_bar_percent"]
    )
    is_active = decided is None or decided["rule_decision"] != RETIRE
    # Kept on purpose, it asks again only when more has been judged.
    is_kept = decided is not None and decided["rule_decision"] != RETIRE and decided["judged_count"] >= judged
    return {
        "rule_key": rule.key, "rule_name": rule.name, **counts, "judged_count": judged,
        "bar_percent": limit["inquiry_bar_percent"], "least_judged": limit["inquiry_least_judged"],
        "is_below_bar": is_below, "is_active": is_active, "is_up_for_decision": is_below and is_active and not is_kept,
        "decided_text": "" if decided is None else decided["change_reason"],
        "decided_by": "" if decided is None else decided["changed_by"],
        "decided_at": None if decided is None else decided["changed_at"],
    }


def retired_rules(cursor: Cursor, scope: Scope) -> set[str]:
    """The rules that an officer took out of use and nobody restored, by the day."""
    newest: dict[str, str] = {}
    for change in cursor.rows(sql_text("data", "queries/inquiry_rule_changes"), {"as_of": scope.as_of}):
        newest.setdefault(change["rule_key"], change["rule_decision"])
    return {key for key, decision in newest.items() if decision == RETIRE}
