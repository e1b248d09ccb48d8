"""发放佐证: what payouts prove, beside what units claim, and which payouts need a look."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from data.store import Cursor, Store, sql_text
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.payout_claims import compare
from metrics.payouts import found_sql, payout_rows, person_labels

PAGE = "发放佐证"
# Whose figures stand in rates.
_HEADLINE_KEYS = {
    "on_time": "按时发放率", "bank_persons": "社会化发放率（按人）", "bank_money": "社会化发放率（按金额）",
    "execution_rate": "预算执行率",
}
_SUMMED = (
    "numerator", "denominator", "late_count", "failed_count", "pending_count", "not_due_count", "unknown_count",
    "no_person_count",
)
_RATE_COLUMNS = (
    "recipient_id", "recipient_name", "recipient_short_name", "display_no", "measure_key", "measure_title", "is_docked",
    "docked_count", *_SUMMED, "rate",
)
_HEAD_COLUMNS = (
    "recipient_id", "recipient_name", "recipient_short_name", "display_no", "aid_kind", "aid_name", "pay_month",
    "person_count", "paid_yuan",
)
_CLAIM_COLUMNS = (
    "recipient_id", "recipient_name", "recipient_short_name", "display_no", "indicator_no", "short_name", "measure_key",
    "measure_title", "figure", "count_word", "claimed_numerator", "claimed_denominator", "claimed_rate",
    "computed_numerator", "computed_denominator", "computed_rate", "head_month", "late_count", "failed_count",
    "pending_count", "not_due_count", "unknown_count", "no_person_count", "reason_text", "report_version",
    "numerator_gap", "denominator_gap", "gap_points", "claim_state", "size_points", "sentence",
)
_FOUND_COLUMNS = (
    "list_key", "recipient_id", "recipient_name", "display_no", "found_count", "across_count", "person_count",
    "stake_yuan",
)
_LINE_COLUMNS = (
    "list_key", "note_key", "recipient_id", "recipient_name", "display_no", "person_label", "aid_name", "pay_month",
    "paid_on", "amount_yuan", "stake_yuan", "standard_yuan", "stopped_on", "place_text",
)
_DOCKED_COLUMNS = (
    "recipient_id", "recipient_name", "recipient_short_name", "display_no", "payout_until_on", "has_payments",
    "has_standards", "has_stops", "unjudged_kind_count", "unjudged_aid_name", "unjudged_count",
)


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """Rows as they are: decimals stay exact."""
    return pd.DataFrame(rows, columns=list(columns))


@board(
    page=PAGE,
    title="对接情况",
    asks="哪些单位有发放、支付、救助标准、停发名单可以核对，到哪一天",
    formula="只看一体化系统中仍有效的导出。按月发放的类别当月没有登记救助标准的，不能核对金额，单列笔数，不算不符。",
    sources=(law.SAME_DATA_SOURCE,),
)
def docked(store: Store, scope: Scope) -> pd.DataFrame:
    """Which exports prove anything of each unit.

    Shape: one row per recipient, in printed order.
    Empty: ``payout_until_on`` is None where no export of payouts speaks of the unit.
    """
    with store.reading() as cursor:
        rows = payout_rows(cursor, sql_text("metrics", "payout_docked"), scope, scope.as_of_on)
    return _frame(rows, _DOCKED_COLUMNS)


@board(
    page=PAGE,
    title="三项比率",
    asks="按发放明细和支付信息算，按时发放率、社会化发放率、预算执行率各是多少，哪些没有计入",
    formula="按时发放率＝按时人次÷应发人次；人次按人、月份、类别去重，只算按月发放的类别；发放截止日当天及以前首次到账为按时，"
    "退回、失败、待发放而没有补发的计入应发；还没有到截止日又没有发的为未到期，两边都不计。"
    "社会化发放率＝通过银行发放的人数（金额）÷发放的人数（金额），领过现金的人不算，没有写发放方式的两边都不计。"
    "预算执行率＝支付之和÷调整后金额，超过100%的不写比率，见“资金流向”。没有证件号码的行不进人次、人数，另列行数。"
    "发放月份算到统计截止日为止；全州为已对接单位分子之和÷分母之和。得分不因此改变。",
    sources=(
        law.MONTHLY_PAYOUT_SOURCE, law.ONE_CARD_SOURCE, law.REAL_NAME_SOURCE, law.EXECUTION_RATE_SOURCE,
        law.CONFIDENTIALITY_SOURCE,
    ),
)
def rates(store: Store, scope: Scope) -> pd.DataFrame:
    """The rates that payouts and payments prove, with what is left out.

    Shape: one row per recipient and rate, in printed order; those with an empty ``recipient_id`` are the prefecture.
    Unit:  person-months, persons or 元; ``rate`` a ratio.
    Empty: numerator, denominator and rate are None where nothing is docked or due; the rate also above 1.
    """
    with store.reading() as cursor:
        rows = payout_rows(
            cursor, sql_text("metrics", "payout_measure"), scope, scope.as_of_on, tuple(_HEADLINE_KEYS)
        )
    units = [
        {**row, "measure_title": _HEADLINE_KEYS[row["measure_key"]], "docked_count": int(row["is_docked"])}
        for row in rows
    ]
    order = list(_HEADLINE_KEYS)
    units.sort(key=lambda row: (row["display_no"], order.index(row["measure_key"])))
    shown = [*units, *(_whole(key, units) for key in order)]
    return _frame([{**row, "rate": _rate(row)} for row in shown], _RATE_COLUMNS)


def _whole(key: str, units: list[dict[str, Any]]) -> dict[str, Any]:
    """The prefecture's row of one rate: of the units that have the figure."""
    mine = [row for row in units if row["measure_key"] == key]
    counted = [row for row in mine if row["denominator"] is not None]
    sums = {name: sum(row[name] for row in counted) if counted else None for name in _SUMMED[:2]}
    return {
        "recipient_id": "", "recipient_name": "全州", "recipient_short_name": "全州", "display_no": 0,
        "measure_key": key, "measure_title": _HEADLINE_KEYS[key], "is_docked": bool(counted),
        "docked_count": sum(row["docked_count"] for row in mine),
        **sums, **{name: sum(row[name] for row in mine) for name in _SUMMED[2:]},
    }


def _rate(row: dict[str, Any]) -> float | None:
    if not row["denominator"] or row["numerator"] > row["denominator"]:
        return None
    return float(row["numerator"] / row["denominator"])


@board(
    page=PAGE,
    title="各类各月人数",
    asks="每个月每类救助发给了多少人，多少钱",
    formula="按单位、类别、发放月份数不同的人，发放成功的才算；同一人在两个单位各算一次；没有证件号码的不在人数里。",
    sources=(law.MONTHLY_PAYOUT_SOURCE, law.REAL_NAME_SOURCE),
)
def heads(store: Store, scope: Scope) -> pd.DataFrame:
    """How many persons were paid, by unit, kind of aid and month.

    Shape: one row per recipient, kind and month with payouts, in printed order.
    Unit:  persons; 元.
    """
    with store.reading() as cursor:
        rows = payout_rows(cursor, sql_text("metrics", "payout_heads"), scope, scope.as_of_on)
    return _frame(rows, _HEAD_COLUMNS)


@board(
    page=PAGE,
    title="自报与佐证",
    asks="谁的自报与发放明细、支付信息对不上，差多少，说明了没有",
    formula="取本轮最新一版填报，与算到本轮截至日（晚于统计截止日的算到统计截止日）的发放、支付逐项比；"
    "哪些指标能这样比，由指标名称和计量单位按“佐证对照表”认定。人数取最近一个已到发放截止日的月份。"
    "金额按万元两位小数比，相差不超过50元为相符。差额＝自报－算得；原因取填报里的偏差原因，没有写的为“未说明”。"
    "只提示，不改变得分。",
    sources=(law.MONTHLY_PAYOUT_SOURCE, law.ONE_CARD_SOURCE, law.EXECUTION_RATE_SOURCE),
)
def beside_claims(store: Store, scope: Scope) -> pd.DataFrame:
    """Each claim that payouts or payments prove, the largest difference first.

    Shape: one row per recipient and indicator; ``indicator_no`` 0 is the money paid.
    Unit:  as ``metrics.payout_claims.compare``.
    """
    with store.reading() as cursor:
        claims = cursor.rows(sql_text("data", "queries/payout_claims"), scope.key)
        until_on = min(_period_end(cursor, scope), scope.as_of_on)
        computed = payout_rows(cursor, sql_text("metrics", "payout_measure"), scope, until_on)
    return _frame(compare(claims, computed), _CLAIM_COLUMNS)


def _period_end(cursor: Cursor, scope: Scope) -> date:
    rounds = cursor.rows(sql_text("data", "queries/rounds"), {"document_number": scope.document_number})
    ends = [row["period_end_on"] for row in rounds if row["round_id"] == scope.round_id]
    return ends[0] if ends else scope.as_of_on


@board(
    page=PAGE,
    title="需要核对的发放",
    asks="重复、退回未补、标准不符、停发后发放、没有证件号码的各有多少笔，涉及多少人、多少钱",
    formula="重复＝同一人同月同类发放成功不止一次（冲销抵减以后），首笔不算，跨单位的也算；一次性救助同日同额才算。"
    "退回未补＝退回或失败后超过规定天数没有补发。标准不符＝定额的不等、不定额的超过，金额为相差的部分。"
    "停发后发放＝停发当月以后的月份；死亡的在任何单位都算。没有证件号码含号码校验不过的，流浪乞讨人员除外。"
    "都是提示，由人核实。",
    sources=(
        law.AID_DUTY_SOURCE, law.MONTHLY_PAYOUT_SOURCE, law.REAL_NAME_SOURCE, law.WIDENED_SCOPE_SOURCE,
        law.OWN_SETTING_SOURCE,
    ),
)
def found(store: Store, scope: Scope) -> pd.DataFrame:
    """How many payouts need a look, by list and unit, those with the most money first.

    Unit: payouts, persons; 元.
    """
    with store.reading() as cursor:
        rows = payout_rows(cursor, found_sql(sql_text("metrics", "payout_found")), scope, scope.as_of_on)
    return _frame(rows, _FOUND_COLUMNS)


@board(
    page=PAGE,
    title="需要核对的发放在哪里",
    asks="每一笔在哪个文件的第几行，是谁（只有代号），多少钱",
    formula="每类每个单位最多列一百笔，跨单位的、金额大的在前，总数见“需要核对的发放”。"
    "人员只用代号，取自不可还原的编码，同一页里同一代号是同一个人；姓名、证件号码、账号没有保存。",
    sources=(law.CONFIDENTIALITY_SOURCE,),
)
def found_lines(store: Store, scope: Scope) -> pd.DataFrame:
    """Where the payouts that need a look stand.

    Shape: one row per list and payout, at most a hundred of each list and recipient.
    Unit:  元.
    Empty: ``standard_yuan``, ``stopped_on``, ``paid_on`` where the list has none.
    """
    with store.reading() as cursor:
        rows = payout_rows(cursor, found_sql(sql_text("metrics", "payout_found_list")), scope, scope.as_of_on)
    called = person_labels(row["person_hash"] for row in rows)
    return _frame([
        {
            **row, "person_label": called[row["person_hash"]],
            "place_text": f"《{row['file_name']}》第 {row['line_no']} 行",
        }
        for row in rows
    ], _LINE_COLUMNS)
