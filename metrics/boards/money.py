"""资金流向: where the money is between handing down and paying out, how long it lies, and where it should not be."""

from __future__ import annotations

import pandas as pd

from data.store import Store, sql_text
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.docking import docked_frame
from metrics.law import LegalSource, citation
from metrics.limits import LIMITS
from metrics.money import money_relations

PAGE = "资金流向"
# Which rows count, said once for all boards of the page.
COUNTED = (
    "只算到统计截止日已载入而且仍有效的导出，其中登记日、支付日、发放日不晚于统计截止日的行；"
    "没有日期的登记和发放按已载入计入；退款为负数，冲减支付。没有对接的为空，不是零。"
)

# By which rule each kind of wrong use is one.
USE_SOURCES: dict[str, LegalSource] = {
    "item_suspect": law.SEPARATE_FUND_SOURCE,
    "item_other_fund": law.SEPARATE_FUND_SOURCE,
    "item_ask": law.SEPARATE_BOOKS_SOURCE,
    "item_unknown": law.SEPARATE_BOOKS_SOURCE,
    "purpose_fee": law.NO_FEE_SOURCE,
    "purpose_running_cost": law.SEPARATE_FUND_SOURCE,
    "purpose_other": law.SEPARATE_FUND_SOURCE,
    "payee_agency": law.REAL_NAME_SOURCE,
    "payee_company": law.TO_OWN_ACCOUNT_SOURCE,
    "payee_other": law.TO_OWN_ACCOUNT_SOURCE,
    "payee_unknown": law.TO_OWN_ACCOUNT_SOURCE,
    "payee_institution": law.TO_OWN_ACCOUNT_SOURCE,
    "over_allocated": law.ALLOTMENT_CONTROL_SOURCE,
    "over_registered": law.ALLOTMENT_CONTROL_SOURCE,
}


def _frame(store: Store, scope: Scope, sql: str) -> pd.DataFrame:
    with store.reading() as cursor:
        return docked_frame(cursor, sql, scope.document_number, scope.as_of, money_relations())


@board(
    page=PAGE,
    title="资金各环节",
    asks="分配、登记、支付、付到机构、发放各多少，每一步留下多少",
    formula="分配为通知的调整后金额；登记、支付取一体化系统的预算指标和支付，支付为净额；发放取状态为已发放的明细，"
    "一体化系统没有发放明细的取监控系统并注明。未登记＝分配−登记，未支付＝登记−支付，"
    "已付未发＝支付−付到供养、救助机构−发放；低保金付给机构的、付给单位和公司的，没有发放明细就还算已付未发。"
    + COUNTED + "合计只加已对接的单位。",
    sources=(law.SAME_DATA_SOURCE, law.DIRECT_FUND_MARKER_SOURCE, law.PAYMENT_DUTY_SOURCE),
)
def chain(store: Store, scope: Scope) -> pd.DataFrame:
    """The money of every unit at each step, and what stays behind.

    Shape:  one row per recipient, in printed order; the last, with an empty ``recipient_id``, is all of them.
    Unit:   元; negative where a step shows more than the one before.
    Empty:  a step without an export is empty, and so is what stays behind beside it; ``payout_system`` then is ''.
    """
    return _frame(store, scope, sql_text("metrics", "money_chain"))


@board(
    page=PAGE,
    title="资金流向图",
    asks="钱从哪一步流到哪一步，停在哪里",
    formula="逐单位取前后两步中较小的一数为流到下一步的金额；前一步多出的留在这一步，下一步没有对接的列为未对接，"
    "下一步多出的列为“前一步之外（待核对）”；付到供养、救助机构的已经到位，其余的才流到发放；"
    "净额为负的按零画。" + COUNTED,
)
def flow(store: Store, scope: Scope) -> pd.DataFrame:
    """The lines of the diagram.

    Shape:  one row per recipient, source and target.
    Unit:   元, above 0.
    Empty:  no rows without any money.
    """
    return _frame(store, scope, sql_text("metrics", "money_flow"))


@board(
    page=PAGE,
    title="执行进度",
    asks="各单位执行率是多少，比序时进度快还是慢，与自报的相差多少",
    formula="执行率＝累计净支付÷分配；序时进度＝到统计截止日已过的天数÷全年天数，年度过后为全部；快慢为两者相差的百分点。"
    "超过 100% 而没有说明原因的，或者超过了说明到的金额的，不列执行率。"
    "自报数取最近一轮填报，与到该轮截至日的净支付相比。评分仍用自报数。"
    + COUNTED,
    sources=(law.EXECUTION_RATE_SOURCE, law.DRAW_DOWN_SOURCE),
)
def execution(store: Store, scope: Scope) -> pd.DataFrame:
    """The execution rate of every unit with both its sides, and what the unit reports beside it.

    Shape:  one row per recipient, in printed order; the last, with an empty ``recipient_id``, is all of them.
    Unit:   元; ratios for showing. ``execution_state``: on_schedule, behind, over_explained, over_unexplained,
            no_money, not_docked.
    Empty:  the rate where nothing is docked or handed down, or where it is over 100 % and nobody has said why.
    """
    return _frame(store, scope, sql_text("metrics", "money_execution"))


@board(
    page=PAGE,
    title="分配和支出进度",
    asks="下达的钱分配了多少、支出了多少，比应达进度短多少，应有发放明细的钱有多少挂上了明细",
    formula="分配进度＝（分配本级＋分配下级）÷下达，都取登记的预算指标；未分配＝下达−分配；支出进度＝累计净支付÷下达。"
    "应达进度为序时进度，口径版本里启用了逐月预警线的，取已经过去的最近一个有线的月份的线；年度过后为全部。"
    "短进度＝支出进度−应达进度，短支额＝短进度×下达，负数为短。"
    "挂接比例＝已挂接÷应挂接：应挂接是付给个人和代发银行的净额，已挂接是其中发放明细写明了这笔支付的金额。"
    "没有基数的、超过 100% 而没有说明原因的不列比率。" + COUNTED + "合计只加有数的单位，分子分母是同一些单位。",
    sources=(law.EXECUTION_RATE_SOURCE, law.DRAW_DOWN_SOURCE, law.REAL_NAME_SOURCE),
)
def progress(store: Store, scope: Scope) -> pd.DataFrame:
    """How far the money is allotted and paid, how far it should be, and how far payments have their lists.

    Shape:  one row per recipient, in printed order; the last, with an empty ``recipient_id``, is all of them.
    Unit:   元; ratios for showing. ``progress_state`` as the state of ``execution``, by the due share.
    Empty:  a rate without a base or an export, or over 100 % without a reason; ``line_month`` where the calendar
            speaks; what is hooked where no list names its payment.
    """
    return _frame(store, scope, sql_text("metrics", "money_progress"))


@board(
    page=PAGE,
    title="闲置资金",
    asks="哪个单位哪一年的钱闲着，多少天，多少钱",
    formula="结余＝登记−净支付，先登记的先用。一笔登记剩下的钱，从它的登记日与单位最近一次付出去的支付日中较晚的一日，"
    "数到支付信息的最后一天，以后付没付还不知道。退款只把钱退回来，不是用款，不重新起算。天数超过界限的计入闲置资金。"
    f"界限默认 {LIMITS['idle_days'].value} 天（两个月，参照新疆叶城县的做法），见“依据与口径”，可以修改，不是全国规定。"
    "与“疑点核查”的 R14 是同一个口径，满年限的那里归 R13。" + COUNTED,
    sources=(law.IDLE_MONEY_SOURCE, law.DRAW_DOWN_SOURCE),
)
def idle(store: Store, scope: Scope) -> pd.DataFrame:
    """Money that lies still, per unit and year of the allotment, the most first.

    Shape:  one row per recipient and fiscal year; one without a year for a unit with nothing registered.
    Unit:   元; days, the longest of the year's money, up to ``known_to_on``. ``idle_state``: idle, moving,
            undated, spent, no_money, not_docked.
    Empty:  balance and idle money where registrations or payments are not docked.
    """
    return _frame(store, scope, sql_text("metrics", "money_idle"))


@board(
    page=PAGE,
    title="结转结余",
    asks="剩下的钱是当年的、结转的，还是两年以上该作结余的",
    formula="结余按先登记先用分到各预算年度。年数从该笔的预算年度与通知年度中较早的一年，数到统计截止日；"
    "支付信息没有载到那天的，数到载到那天的次日。为零是当年，不到界限年数的是结转，达到的是结余资金。"
    "与“疑点核查”的 R13 是同一个口径。" + COUNTED,
    sources=(law.CARRYOVER_SOURCE, law.DRAW_DOWN_SOURCE),
)
def carryover(store: Store, scope: Scope) -> pd.DataFrame:
    """What is left, by the age of its fiscal year.

    Shape:  one row per recipient, fiscal year and age, then one per year and age with an empty ``recipient_id``.
    Unit:   元; years. ``age_state``: this_year, carried_over, surplus.
    Empty:  the balance where payments are not docked; no rows where nothing is registered.
    """
    return _frame(store, scope, sql_text("metrics", "money_carryover"))


@board(
    page=PAGE,
    title="疑似使用不当",
    asks="哪些支付用错了科目、用途或者付给了不该付的对象，支付超过了多少",
    formula="科目不是本资金七个项级科目；用途里有不应出现的词；收款人不是个人、供养机构或代发银行，或者名称看不出是谁，低保金的收款人名称里有机构的字样；"
    "累计支付大于分配或者大于登记的预算指标。同一单位同一事由的各行相加，退回的冲减，全部退回的不列，退回一部分的写明。"
    "与“疑点核查”里的支付检查是同一个口径；科目、用途、收款人没有写的，那里另列。只提示，由人核实。" + COUNTED,
    sources=tuple(dict.fromkeys(USE_SOURCES.values())),
)
def wrong_use(store: Store, scope: Scope) -> pd.DataFrame:
    """Payments that look like a wrong use, each with its money, its place and the rule.

    Shape:  one row per recipient, kind of wrong use and what it is about; no rows where nothing was found.
    Unit:   元.
    Empty:  ``place_text`` where the sum itself is too much.
    """
    table = _frame(store, scope, sql_text("metrics", "money_wrong_use"))
    table["source_text"] = [citation(USE_SOURCES[kind]) for kind in table["use_kind"]]
    return table


@board(
    page=PAGE,
    title="分月支付进度",
    asks="每个月支付了多少，累计到哪里，跟不跟得上序时进度",
    formula="月支付为当月净额，累计含以前年度；与分配之比对照当月末的序时进度。超过 100% 而没有说明原因的不列比率。"
    + COUNTED,
    sources=(law.DRAW_DOWN_SOURCE,),
)
def by_month(store: Store, scope: Scope) -> pd.DataFrame:
    """Payments per unit and month.

    Shape:  one row per recipient with payments docked and month; then one per month with an empty ``recipient_id``.
    Unit:   元; ratios for showing.
    Empty:  no rows without payments docked; ``cumulative_share`` as the rate of ``execution``.
    """
    return _frame(store, scope, sql_text("metrics", "money_by_month"))


@board(
    page=PAGE,
    title="按科目",
    asks="七个科目各登记、支付、发放多少",
    formula="按支出功能分类项级科目分别相加；七个科目之外的另列。" + COUNTED,
    sources=(law.SEPARATE_BOOKS_SOURCE,),
)
def by_item(store: Store, scope: Scope) -> pd.DataFrame:
    """Registered, paid and paid out per account.

    Shape:  one row per recipient and account; then one per account with an empty ``recipient_id`` for all units.
    Unit:   元.
    Empty:  a step without an export is empty.
    """
    return _frame(store, scope, sql_text("metrics", "money_by_item"))


@board(
    page=PAGE,
    title="逐行来源",
    asks="一个单位的数是从哪些行加出来的",
    formula="列出计入的预算指标、支付各行，新的在前；发放按月份、类别、状态合并，不列个人。" + COUNTED,
    sources=(law.CONFIDENTIALITY_SOURCE,),
)
def unit_rows(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """The docked rows behind one unit's figures, the newest first.

    Shape:  one row per registered row and payment; payouts one per month, kind of aid and state.
    Unit:   元.
    Empty:  no rows where nothing is docked.
    """
    table = _frame(store, scope, sql_text("metrics", "money_unit_row"))
    return table[table["recipient_id"] == recipient_id].reset_index(drop=True)
