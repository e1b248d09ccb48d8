"""总览: the director's two minutes — money, effect, clocks, every unit worst first, and what needs you today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import pandas as pd

from data.store import Store
from metrics import law
from metrics.boards.accountability import owed_answers
from metrics.boards.definition import Scope, board
from metrics.boards.deviation import ranking
from metrics.boards.duties import timeline
from metrics.boards.inquiries import register
from metrics.boards.region import unit_totals
from metrics.boards.reporting import duties
from metrics.boards.standing import scores, unit_clocks, unit_effects
from metrics.duties import LATE_STATES
from metrics.explain import OVER_UNEXPLAINED
from metrics.inquiries import CLOSED, LADDER_WORDS, STATE_WORDS, WHOLE_UNIT, inquiry_label
from metrics.rollup import money_totals_sql
from metrics.score_states import MISSED_STATES, REACHED_STATES

ATTENTION_COUNT = 5
# The five states, the gravest first; a unit that said nothing comes right after those that fail in both.
WORST_FIRST = ("both_behind", "unknown", "money_without_effect", "effect_ahead_of_money", "effective")
BEHIND_STATES = ("both_behind", "money_without_effect", "effect_ahead_of_money")

_UNIT_COLUMNS = [
    "recipient_id", "recipient_name", "recipient_short_name", "is_reported", "after_yuan", "paid_yuan",
    "execution_rate", "is_over_unexplained", "elapsed_share", "effect_state", "points_micro", "grade", "met_count",
    "missed_count", "silent_count", "indicator_count", "clock_state", "due_on", "late_days", "open_count",
    "overdue_count", "inquiry_no",
]


@dataclass(frozen=True)
class Money:
    """Money of a round: released to all units, paid by those that reported; 元.

    ``base_yuan`` is the denominator of the rate: the released money of the units that reported.
    """

    released_yuan: Decimal
    base_yuan: Decimal
    paid_yuan: Decimal
    unit_count: int
    reported_count: int
    silent_names: tuple[str, ...]
    is_over_unexplained: bool = False

    @property
    def execution_rate(self) -> float | None:
        """Paid ÷ released of the units that reported; None if nobody did, or over the whole without a reason."""
        is_shown = self.base_yuan > 0 and not self.is_over_unexplained
        return float(self.paid_yuan / self.base_yuan) if is_shown else None


@dataclass(frozen=True)
class Attention:
    """One sentence that says what needs a person today; ``page`` and ``recipient_id`` say where to go.

    ``inquiry_no`` is the open 问效单 about it; 0 where there is none.
    """

    sentence: str
    page: str
    recipient_id: str = ""
    indicator_no: int = 0
    inquiry_no: int = 0


@board(
    page="总览",
    title="资金",
    asks="下达了多少，已支付多少，执行率多少",
    formula="执行率＝已填报单位累计支付之和÷已填报单位调整后金额之和；未填报单位不进分子分母，另列名单。"
    "超过100%而有单位没有说明原因的，不列执行率。",
    sources=(law.EXECUTION_RATE_SOURCE, law.ROLL_UP_SOURCE),
)
def money(store: Store, scope: Scope) -> Money:
    """The round's money, summed on decimals; the units that are left out are named."""
    with store.reading() as cursor:
        row = cursor.rows(money_totals_sql(), scope.key)[0]
    effects = unit_effects(store, scope)
    silent = effects.loc[effects["paid_yuan"].isna(), "recipient_name"]
    return Money(**row, silent_names=tuple(silent))


@board(
    page="总览",
    title="效果",
    asks="全部单位×指标里，达标、偏差、未报各多少",
    formula="按每项指标的状态计数；总数＝单位数×指标数。",
)
def effect_counts(store: Store, scope: Scope) -> dict[str, int]:
    """How many unit × indicator cells are in each state; states that do not occur are absent."""
    return {str(state): int(n) for state, n in scores(store, scope)["state"].value_counts().items()}


@board(
    page="总览",
    title="时效",
    asks="按期、逾期、未到期各几个单位",
    formula="按“导入时钟”的状态计数。",
)
def clock_counts(store: Store, scope: Scope, region_code: str) -> dict[str, int]:
    """How many units are in each state of the import clock; states that do not occur are absent."""
    table = unit_clocks(store, scope, region_code)
    return {str(state): int(n) for state, n in table["clock_state"].value_counts().items()}


@board(
    page="总览",
    title="各单位一览",
    asks="每个单位的钱、效果、时限、问效单各怎样，哪个单位最要紧",
    formula="资金和五种状态见“五种状态”，得分和等级见“各单位总分与等级”，达标、未达标、未填报按“指标得分”的状态计数，时限见“导入时钟”，"
    "问效单数的是没有销号的，见“问效单台账”。"
    "最要紧的在前：依次看状态（双滞后、无法判断、钱到效未到、效先于钱、有效）、导入是否逾期或不实、得分从低到高。",
    sources=(law.EXECUTION_RATE_SOURCE, law.GRADE_SOURCE, law.ASK_FOR_EFFECT_SOURCE),
)
def units(store: Store, scope: Scope, region_code: str) -> pd.DataFrame:
    """Every unit in one row — money, effect, clock, open 问效单 — the worst first.

    Shape:  one row per recipient.
    Unit:   元; micro-points; ratios for showing only; working days.
    Empty:  rates, points and grade where nothing was reported or too little was scored; ``clock_state``, ``due_on``
            and ``late_days`` where the notice sets no limit or it cannot be counted; ``inquiry_no`` is 0 unless one
            问效单 alone is open.
    """
    effects = unit_effects(store, scope)
    totals = unit_totals(store, scope)[["recipient_id", "points_micro", "grade"]]
    clocks = unit_clocks(store, scope, region_code)[["recipient_id", "clock_state", "due_on", "late_days"]]
    table = effects.merge(totals, on="recipient_id", how="left").merge(clocks, on="recipient_id", how="left")
    table = table.merge(_state_counts(scores(store, scope)), on="recipient_id", how="left")
    table = table.merge(_open_inquiries(store, scope), on="recipient_id", how="left")
    counts = ["open_count", "overdue_count", "inquiry_no"]
    table[counts] = table[counts].fillna(0).astype(int)
    order = pd.DataFrame({
        "state": table["effect_state"].map({state: place for place, state in enumerate(WORST_FIRST)}),
        "clock": ~table["clock_state"].isin(LATE_STATES),
        # Points without a grade rest on too little to place a unit by.
        "points": table["points_micro"].where(table["grade"].notna()).astype("Float64").fillna(-1),
    }).sort_values(["state", "clock", "points"], kind="stable")
    return table.loc[order.index, _UNIT_COLUMNS].reset_index(drop=True)


def _open_inquiries(store: Store, scope: Scope) -> pd.DataFrame:
    """Of each unit that is asked about something: how many 问效单 are open and overdue, and which it is if one."""
    table = register(store, scope)
    table = table[table["inquiry_state"] != CLOSED]
    counts = pd.DataFrame({
        "recipient_id": table["recipient_id"], "open_count": 1, "overdue_count": table["is_overdue"].astype(int),
        "inquiry_no": table["inquiry_no"],
    }).groupby("recipient_id", as_index=False).agg(
        {"open_count": "sum", "overdue_count": "sum", "inquiry_no": "max"}
    )
    counts["inquiry_no"] = counts["inquiry_no"].where(counts["open_count"] == 1, 0)
    return counts


def _state_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Of each unit: how many of its indicators are reached, missed, silent, and how many there are."""
    state = table["state"]
    counts = pd.DataFrame({
        "recipient_id": table["recipient_id"], "met_count": state.isin(REACHED_STATES),
        "missed_count": state.isin(MISSED_STATES), "silent_count": state == "not_reported",
        "indicator_count": state != "not_applicable",
    })
    return counts.groupby("recipient_id", as_index=False).sum()


@board(
    page="总览",
    title="今天要办的事",
    asks="今天最需要过问的五件事，另有几份填报等着审核",
    formula="按次序取：问效单逾期、导入逾期或不实、到期未填报、退回未更正、双滞后、钱到效未到、其余单位丢分最多而没有说明原因的一项指标、未登记收文；同一件事合成一句，最多五句。"
    "已开问效单的写明到哪一步、何时到期、逾期该怎样催；双滞后、钱到效未到、丢分没有说明原因而没有开的，建议开出，由人决定。"
    "有填报等着审核的，末尾另加一句。",
    sources=(law.ASK_FOR_EFFECT_SOURCE,),
)
def attention(store: Store, scope: Scope, region_code: str) -> list[Attention]:
    """Up to five sentences, the most urgent first, and one on what waits for review; empty if nothing needs anybody."""
    clocks = unit_clocks(store, scope, region_code)
    effects = unit_effects(store, scope)
    reported = duties(store, scope)
    reported = reported[reported["round_id"] == scope.round_id]
    stuck = effects[effects["effect_state"].isin(("both_behind", "money_without_effect"))]
    table = register(store, scope)
    table = table[table["inquiry_state"] != CLOSED]
    asked = Asked(table)
    # Each part is asked only when those before it have left room; some would have a sentence for every unit.
    found = chain.from_iterable(part() for part in (
        lambda: _overdue_sentences(table),
        lambda: _clock_sentences(clocks),
        lambda: _silence_sentences(store, scope, effects, reported),
        lambda: _returned_sentences(reported, timeline(store, scope, region_code)),
        lambda: _state_sentences(effects, asked),
        lambda: _deviation_sentences(store, scope, set(stuck["recipient_id"]), asked),
        lambda: _receipt_sentences(clocks),
    ))
    # The reviewers' own desk comes beside the five, which all are about the units.
    return [*islice(found, ATTENTION_COUNT), *_review_sentences(reported)]


def names(units: list[str], most: int = 3) -> str:
    """A few names and how many more: 「且末县、和硕县等 5 个单位」."""
    if len(units) <= most:
        return "、".join(units)
    return f"{'、'.join(units[:most])}等 {len(units)} 个单位"


def _one(units: pd.DataFrame) -> str:
    """The unit that a link leads to: only where the sentence is about one."""
    return str(units["recipient_id"].iloc[0]) if len(units) == 1 else ""


def _wan(yuan: Any) -> str:
    return f"{Decimal(str(yuan)) / 10_000:,.2f}".rstrip("0").rstrip(".") + " 万元"


def _percent(share: float) -> str:
    """Cut off, so that it never reads as a limit that it does not reach."""
    return f"{int(Decimal(str(share)) * 1000) / 10:.1f}%"


def _rate(unit: pd.Series) -> str:
    return OVER_UNEXPLAINED if unit["is_over_unexplained"] else f" {_percent(unit['execution_rate'])}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _overdue_sentences(asked: pd.DataFrame) -> list[Attention]:
    """The 问效单 that are overdue, the longest first, in one sentence."""
    overdue = asked[asked["is_overdue"]].sort_values("late_days", ascending=False, kind="stable")
    if overdue.empty:
        return []
    rows = overdue.to_dict("records")
    told = "；".join(
        f"{row['recipient_name']}{row['indicator_short_name'] or ''}{_state_of(row)}" for row in rows[:2]
    )
    more = f"；另有 {len(rows) - 2} 份" if len(rows) > 2 else ""
    return [Attention(
        f"{len(rows)} 份问效单逾期未办：{told}{more}。", "inquiries", _one(overdue),
        inquiry_no=int(rows[0]["inquiry_no"]) if len(rows) == 1 else 0,
    )]


def _state_of(row: dict[Any, Any]) -> str:
    """How an open 问效单 stands: its step, its day, and which rung of the ladder is due."""
    head = f"{inquiry_label(row['inquiry_no'])}{STATE_WORDS[row['inquiry_state']]}"
    if pd.isna(row["due_on"]):
        return head
    if not row["is_overdue"]:
        return f"{head}，{_day(row['due_on'])}前应办"
    late = "，已过" if pd.isna(row["late_days"]) else f"，已逾期 {int(row['late_days'])} 个工作日"
    rung = f"，该{LADDER_WORDS[row['ladder_step']]}" if row["ladder_step"] else ""
    return f"{head}，{_day(row['due_on'])}到期{late}{rung}"


class Asked:
    """The open 问效单 by unit: what has been asked about a matter already."""

    def __init__(self, table: pd.DataFrame) -> None:
        """Group the open rows of the register once."""
        self._of_unit: dict[str, list[dict[Any, Any]]] = defaultdict(list)
        for row in table.to_dict("records"):
            self._of_unit[row["recipient_id"]].append(row)

    def about(self, recipient_id: str, indicator_no: int) -> tuple[str, int]:
        """The end of a sentence about a matter, and the number of its 问效单.

        Of an indicator its own 问效单, else that about the unit as a whole; of the unit any that is open.
        """
        mine = sorted(self._of_unit.get(recipient_id, []), key=lambda row: row["indicator_no"])
        if indicator_no != WHOLE_UNIT:
            own = [row for row in mine if row["indicator_no"] == indicator_no]
            mine = own or [row for row in mine if row["indicator_no"] == WHOLE_UNIT]
        if not mine:
            return "还没有开问效单，建议开出", 0
        return _state_of(mine[0]), int(mine[0]["inquiry_no"])


def _clock_sentences(clocks: pd.DataFrame) -> list[Attention]:
    late = clocks[clocks["clock_state"].isin(LATE_STATES) & clocks["done_on"].isna()]
    if late.empty:
        return []
    worst = late.sort_values("late_days", ascending=False, kind="stable")
    days = worst["late_days"].max()
    # Empty where the year of today has no published arrangement.
    longest = "天数待放假安排公布" if pd.isna(days) else f"最长 {int(days)} 个工作日"
    wrong = int(worst["clock_state"].isin(("on_time_empty", "on_time_wrong")).sum())
    tail = f"其中 {wrong} 个虽按期登记但内容为空或有误，" if wrong else ""
    return [Attention(
        f"{names(list(worst['recipient_name']))}指标导入监控系统已逾期，涉及 {_wan(worst['after_yuan'].sum())}，"
        f"{longest}，{tail}请今天催办。",
        "timeliness", _one(worst),
    )]


def _receipt_sentences(clocks: pd.DataFrame) -> list[Attention]:
    silent = clocks[clocks["clock_state"] == "no_receipt"]
    if silent.empty:
        return []
    return [Attention(
        f"{names(list(silent['recipient_name']))}还没有登记收文时间，{_wan(silent['after_yuan'].sum())}的导入时限无法计算，"
        "请今天补登。",
        "timeliness", _one(silent),
    )]


def _silence_sentences(
    store: Store, scope: Scope, effects: pd.DataFrame, reported: pd.DataFrame
) -> list[Attention]:
    owed = owed_answers(store, scope)
    silent = effects[~effects["is_reported"].astype(bool)]
    owing = owed[owed["recipient_id"].isin(silent["recipient_id"]) & (owed["silent_count"] > 0)]
    if owing.empty:
        return []
    due = f"{_day(reported['due_on'].iloc[0])}到期" if len(reported) else "到期"
    return [Attention(
        f"{names(list(owing['recipient_name']))}{int(owing['silent_count'].sum())} 项指标 {due}仍未填报，成效无法判断，"
        "请今天催报。",
        # Not where reports are made: a leader has no such page.
        "unit" if len(owing) == 1 else "accountability", _one(owing),
    )]


def _returned_sentences(reported: pd.DataFrame, owed: pd.DataFrame) -> list[Attention]:
    returned = reported[reported["report_state"] == "returned"]
    if returned.empty:
        return []
    waiting = owed[(owed["duty_kind"] == "return") & owed["done_on"].isna()]
    due = waiting.loc[waiting["recipient_id"].isin(returned["recipient_id"]), "due_on"].min()
    until = "" if pd.isna(due) else f"{_day(due)}前应重新报送，"
    return [Attention(
        f"{names(list(returned['recipient_name']))}的填报 {_day(returned['happened_at'].min())}被退回后还没有更正，"
        f"{until}请督促。",
        "checking", _one(returned),
    )]


def _review_sentences(reported: pd.DataFrame) -> list[Attention]:
    waiting = reported[reported["report_state"] == "submitted"]
    if waiting.empty:
        return []
    return [Attention(f"{len(waiting)} 份填报已报送、等着审核，请逐份核对。", "checking", _one(waiting))]


def _state_sentences(effects: pd.DataFrame, asked: Asked) -> list[Attention]:
    """One sentence a state: its worst unit with both figures, and the others by name."""
    out = []
    for state, words in (
        ("both_behind", "钱没花出去、效果也没达到"),
        ("money_without_effect", "钱已支付、效果没有跟上"),
    ):
        found = effects[effects["effect_state"] == state].sort_values("effect_rate", kind="stable")
        if found.empty:
            continue
        worst, others = found.iloc[0], list(found["recipient_name"].iloc[1:])
        more = f"；{names(others)}同此" if others else ""
        told, number = asked.about(worst["recipient_id"], WHOLE_UNIT)
        out.append(Attention(
            f"{worst['recipient_name']}执行率{_rate(worst)}、"
            f"得分率 {_percent(worst['effect_rate'])}，{words}；{told}{more}。",
            "accountability", _one(found), inquiry_no=number,
        ))
    return out


def _deviation_sentences(store: Store, scope: Scope, named: set[str], asked: Asked) -> Iterator[Attention]:
    """The worst unexplained miss of each unit that no sentence above has named; the clock has its own."""
    table = ranking(store, scope)
    open_rows = table[
        (table["deviation_reason"] == "")
        & (table["entry_kind"] != "from_receipt")
        & ~table["recipient_id"].isin(named)
    ].drop_duplicates("recipient_id")
    for row in open_rows.to_dict("records"):
        told, number = asked.about(row["recipient_id"], int(row["indicator_no"]))
        yield Attention(
            f"{row['recipient_name']}{row['short_name']} {row['short_sentence']}，尚未说明原因；{told}。",
            "deviation", row["recipient_id"], int(row["indicator_no"]), number,
        )
