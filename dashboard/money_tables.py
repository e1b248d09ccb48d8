"""Tables of the money's way from handing down to paying out, as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from dashboard import look
from dashboard.kept import kept
from dashboard.labels import Mark, full_day, marked, percent
from dashboard.reconciliation_tables import AID_WORDS, RECORD_WORDS

STEPS = {"allotment": "registered_yuan", "payment": "paid_yuan", "payout": "paid_out_yuan"}
EXECUTION_MARKS = {
    "over_unexplained": Mark("超过 100%，未说明原因", "■", "square", look.BAD),
    "behind": Mark("慢于序时", "▲", "triangle-up", look.CAUTION),
    "over_explained": Mark("超过 100%，已说明", "◆", "diamond", look.ACCENT),
    "on_schedule": Mark("不慢于序时", "●", "circle", look.GOOD),
    "no_money": Mark("没有资金", "－", "line-ew-open", look.QUIET),
    "not_docked": Mark("未对接", "☆", "star-open", look.OPEN),
}
PROGRESS_MARKS = {
    **EXECUTION_MARKS,
    "behind": Mark("未达到", "▲", "triangle-up", look.CAUTION),
    "on_schedule": Mark("已达到", "●", "circle", look.GOOD),
}
IDLE_MARKS = {
    "idle": Mark("闲置", "■", "square", look.BAD),
    "undated": Mark("没有登记日，数不出天数", "☆", "star-open", look.OPEN),
    "moving": Mark("未超过界限", "○", "circle-open", look.QUIET),
}
AGE_MARKS = {
    "surplus": Mark("应作结余资金", "■", "square", look.BAD),
    "carried_over": Mark("结转", "▲", "triangle-up", look.CAUTION),
    "this_year": Mark("当年", "○", "circle-open", look.QUIET),
}
USE_WORDS = {
    "item_suspect": "科目疑似错用", "item_other_fund": "其他资金的科目", "item_ask": "科目需要核实",
    "item_unknown": "科目不在目录里", "purpose_fee": "用途疑似手续费等", "purpose_running_cost": "用途疑似单位运转",
    "purpose_other": "用途疑似借款还款", "payee_agency": "收款人疑似单位账户", "payee_company": "收款人疑似公司",
    "payee_other": "收款人疑似其他单位", "payee_unknown": "收款人不明",
    "payee_institution": "低保金的收款人疑似机构",
    "over_allocated": "支付超过分配", "over_registered": "支付超过登记",
}
STATE_WORDS = {"paid": "已发放", "refunded": "已退回", "failed": "发放失败", "pending": "待发放"}
PAYEE_WORDS = {
    "person": "个人", "bank": "代发银行", "institution": "机构", "agency": "疑似单位账户", "company": "疑似公司",
    "other": "其他收款人", "unknown": "看不出是谁", "": "收款人未写明",
}
TOO_MUCH = EXECUTION_MARKS["over_unexplained"].word


def wan_exact(yuan: Any) -> str:
    """元 as 万元 in two decimals; below 1万元 in four, below 1元 in six, so that no remainder reads 0."""
    if yuan is None or pd.isna(yuan):
        return "—"
    amount = Decimal(str(yuan)) / 10_000
    places = "0.01" if abs(amount) >= 1 else "0.0001" if abs(amount) >= Decimal("0.0001") else "0.000001"
    text = f"{amount.quantize(Decimal(places)):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", "−")


def exact_sum(amounts: Iterable[Any]) -> Decimal:
    """The sum of amounts in 元 to the fen; what is missing is left out.

    >>> exact_sum([0.1, 0.2, None])
    Decimal('0.3')
    """
    return sum((Decimal(str(amount)) for amount in amounts if not pd.isna(amount)), Decimal(0))


@kept
def of_unit(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The rows of one unit; of every unit and their sum where none is named."""
    return table[table["recipient_id"] == unit].reset_index(drop=True) if unit else table


@kept
def is_docked(chain: pd.DataFrame) -> bool:
    """Whether any step of any unit is there."""
    return bool(chain[list(STEPS.values())].notna().any(axis=None))


@kept
def figures(chain: pd.DataFrame, execution: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """The four steps, each with what stays behind before it; of one row, a unit or all."""
    row, rate = chain.iloc[-1], execution.iloc[-1]
    counted = "" if int(row["unit_count"]) == 1 else f"，{int(row['paid_unit_count'])} 个单位已对接"
    shown = TOO_MUCH if rate["execution_state"] == "over_unexplained" else percent(rate["execution_rate"])
    return [
        ("分配", wan_exact(row["allocated_yuan"]), "万元", "通知的调整后金额"),
        ("登记", wan_exact(row["registered_yuan"]), "万元", f"未登记 {wan_exact(row['unregistered_yuan'])} 万元"),
        ("支付", wan_exact(row["paid_yuan"]), "万元",
         f"执行率 {shown}，序时进度 {percent(rate['elapsed_share'])}{counted}"),
        ("发放", wan_exact(row["paid_out_yuan"]), "万元",
         f"付到供养、救助机构 {wan_exact(row['to_institution_yuan'])} 万元，"
         f"已付未发 {wan_exact(row['not_paid_out_yuan'])} 万元"),
    ]


@kept
def steps(chain: pd.DataFrame) -> pd.DataFrame:
    """Every unit's steps, and what stays behind at each; in 万元."""
    return pd.DataFrame({
        "单位": chain["recipient_name"],
        "分配": chain["allocated_yuan"].map(wan_exact),
        "登记": chain["registered_yuan"].map(wan_exact),
        "支付": chain["paid_yuan"].map(wan_exact),
        "付到供养、救助机构": chain["to_institution_yuan"].map(wan_exact),
        "发放": chain["paid_out_yuan"].map(wan_exact),
        "未登记": chain["unregistered_yuan"].map(wan_exact),
        "未支付": chain["unpaid_yuan"].map(wan_exact),
        "已付未发": chain["not_paid_out_yuan"].map(wan_exact),
    })


@kept
def progress(table: pd.DataFrame) -> pd.DataFrame:
    """Every unit's rates with both their sides, against what is due; in 万元."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "状态": [marked(PROGRESS_MARKS, state) for state in table["progress_state"]],
        "分配进度（分配／下达）": [
            _with_sides(rate, part, whole, "超过 100%，请核对" if part > whole else "—")
            for rate, part, whole in zip(
                table["allotted_rate"], table["registered_yuan"], table["allot_base_yuan"], strict=True)
        ],
        "未分配": table["unregistered_yuan"].map(wan_exact),
        "支出进度（支付／下达）": [
            _with_sides(rate, part, whole, TOO_MUCH if state == "over_unexplained" else "—")
            for rate, part, whole, state in zip(
                table["paid_rate"], table["paid_yuan"], table["pay_base_yuan"], table["progress_state"], strict=True)
        ],
        "应达进度": [
            f"{percent(share)}（{int(parts)}／{int(whole)} 天）" if pd.isna(month)
            else f"{percent(share)}（{int(month)}月末的线）"
            for share, parts, whole, month in zip(
                table["due_share"], table["due_parts"], table["due_whole"], table["line_month"], strict=True)
        ],
        "短进度（百分点）": table["short_share"].map(signed_points),
        "短支额": table["short_yuan"].map(wan_exact),
    })


@kept
def hooks(table: pd.DataFrame) -> pd.DataFrame:
    """Of how much that every unit paid for persons there is a list of persons; in 万元."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "应挂接（分母）": table["list_due_yuan"].map(wan_exact),
        "已挂接（分子）": table["hooked_yuan"].map(wan_exact),
        "挂接比例": table["hooked_rate"].map(percent),
        "未挂接": [
            wan_exact(None if pd.isna(hooked) else exact_sum([due, -hooked]))
            for due, hooked in zip(table["list_due_yuan"], table["hooked_yuan"], strict=True)
        ],
    })


def _with_sides(rate: Any, part: Any, whole: Any, instead: str) -> str:
    """A rate with numerator and denominator; other words where there is no rate."""
    if pd.isna(part) or pd.isna(whole):
        return "—"
    return f"{instead if pd.isna(rate) else percent(rate)}（{wan_exact(part)}／{wan_exact(whole)}）"


def signed_points(share: Any) -> str:
    """A difference of shares in percentage points to a tenth.

    >>> signed_points(-0.0125), signed_points(0.2), signed_points(None)
    ('−1.3', '20.0', '—')
    """
    if share is None or pd.isna(share):
        return "—"
    tenth = Decimal(repr(float(share) * 100)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return "0.0" if not tenth else f"{tenth}".replace("-", "−")


@kept
def reported(table: pd.DataFrame) -> pd.DataFrame:
    """What every unit reports beside what the system says, and why a rate is over 100 %; in 万元."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "累计支付": table["paid_yuan"].map(wan_exact),
        "自报支付": table["reported_yuan"].map(wan_exact),
        "自报减系统": table["reported_difference_yuan"].map(wan_exact),
        "自报轮次": table["round_name"].fillna("").replace("", "—"),
        "超过 100% 的原因": [
            f"{reason}（到 {wan_exact(explained)} 万元）" if reason else "—"
            for reason, explained in zip(table["reason_text"].fillna(""), table["explained_yuan"], strict=True)
        ],
    })


@kept
def idle(table: pd.DataFrame) -> pd.DataFrame:
    """What is left of each year's money and how long it has lain, the idle first; in 万元."""
    left = table[table["balance_yuan"] > 0]
    return pd.DataFrame({
        "单位": left["recipient_name"],
        "预算年度": left["fiscal_year"].astype("Int64").astype(str),
        "状态": [marked(IDLE_MARKS, state) for state in left["idle_state"]],
        "闲置资金（万元）": left["idle_yuan"].map(wan_exact),
        "闲置天数": left["idle_days"].astype("Int64"),
        "结余（万元）": left["balance_yuan"].map(wan_exact),
        "登记（万元）": left["registered_yuan"].map(wan_exact),
        "从哪天起没有动": left["still_since_on"].map(full_day),
        "最近一次支付": left["last_paid_on"].map(full_day),
        "天数数到": left["known_to_on"].map(full_day),
    })


@kept
def carryover(table: pd.DataFrame) -> pd.DataFrame:
    """What is left by the age of its year; in 万元."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "预算年度": table["fiscal_year"].astype(str),
        "性质": [marked(AGE_MARKS, state) for state in table["age_state"]],
        "已过年数": table["age_years"].astype(int),
        "登记（万元）": table["registered_yuan"].map(wan_exact),
        "结余（万元）": table["balance_yuan"].map(wan_exact),
    })


@kept
def wrong_use(table: pd.DataFrame) -> pd.DataFrame:
    """Payments that look wrong, with the rule beside each."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "提示": table["use_kind"].map(USE_WORDS),
        "内容": table["subject_text"],
        "金额（万元）": table["amount_yuan"].map(wan_exact),
        "在哪里": table["place_text"].replace("", "—"),
        "依据": table["source_text"],
    })


@kept
def months(table: pd.DataFrame) -> pd.DataFrame:
    """A unit's payments, or all units', month by month, each share with both its sides; in 万元."""
    return pd.DataFrame({
        "月份": [f"{month:%Y-%m}" for month in table["month_on"]],
        "当月支付（万元）": table["paid_yuan"].map(wan_exact),
        "累计支付（分子，万元）": table["cumulative_yuan"].map(wan_exact),
        "分配（分母，万元）": table["allocated_yuan"].map(wan_exact),
        "累计占比": [
            TOO_MUCH if pd.isna(share) and cumulative > allocated else percent(share)
            for share, cumulative, allocated in zip(
                table["cumulative_share"], table["cumulative_yuan"], table["allocated_yuan"], strict=True)
        ],
        "序时进度": [percent(share) for share in table["elapsed_share"]],
    })


@kept
def items(table: pd.DataFrame) -> pd.DataFrame:
    """The seven accounts of this money, and others that something is booked to; in 万元."""
    return pd.DataFrame({
        "科目": table["budget_item_code"].replace("", "未填科目"),
        "名称": table["item_name"].replace("", "—"),
        "是否本资金科目": ["是" if use == "normal" else "■ 不是" for use in table["item_use"]],
        "登记（万元）": table["registered_yuan"].map(wan_exact),
        "支付（万元）": table["paid_yuan"].map(wan_exact),
        "发放（万元）": table["paid_out_yuan"].map(wan_exact),
    })


@kept
def unit_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the files behind a unit's figures; in 万元."""
    return pd.DataFrame({
        "环节": table["record_kind"].map(RECORD_WORDS),
        "日期": [
            f"{on:%Y-%m} 月份" if kind == "payout" else full_day(on)
            for on, kind in zip(table["happened_on"], table["record_kind"], strict=True)
        ],
        "内容": [_content(kind, text) for kind, text in zip(table["record_kind"], table["what_text"], strict=True)],
        "金额（万元）": table["amount_yuan"].map(wan_exact),
        "行数": table["found_count"].astype(int),
        "科目": table["budget_item_code"].replace("", "—"),
        "文号": table["document_number"].replace("", "—"),
        "标识": table["marker_text"].replace("", "—"),
        "在哪里": table["place_text"],
    })


def _content(kind: str, text: str) -> str:
    if kind == "allotment":
        return f"{text} 年预算"
    if kind == "payment":
        return PAYEE_WORDS.get(text, text)
    aid, _, state = text.rpartition(" ")
    return f"{AID_WORDS.get(aid, aid)} {STATE_WORDS.get(state, state)}"
