"""Tables and sentences of money against effect, as people read them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.kept import kept
from dashboard.labels import EFFECT_HINTS, EFFECT_MARKS, Mark, percent, wan
from metrics.thresholds import MICRO

# What needs somebody, the gravest first; units that are as they should be need nobody.
NEEDY_STATES = ("both_behind", "money_without_effect", "effect_ahead_of_money", "unknown")
# Of more units than this only some are named on the map, the worst among them.
MOST_NAMED, WORST_NAMED = 40, 10
# So many units of a state are told with their figures, the others by name.
TOLD = 3

MOVE_WORDS = {
    "worse": "↘ 变差", "silenced": "✕ 本轮不能判断", "still_unknown": "✕ 仍不能判断", "sideways": "↔ 换了一头",
    "same": "→ 未变", "joined": "＋ 本轮加入", "told": "○ 本轮才能判断", "better": "↗ 变好",
}


def is_drawn(paths: pd.DataFrame) -> pd.Series:
    """Which rows have a place on the map: judged, and with both rates."""
    return paths["lead_micro"].notna() & paths["effect_micro"].notna() & (paths["effect_state"] != "unknown")


@kept
def of_round(paths: pd.DataFrame, round_id: str) -> pd.DataFrame:
    """The rows of one round."""
    return paths[paths["round_id"] == round_id].reset_index(drop=True)


def month_names(days: Iterable[date]) -> list[str]:
    """Rounds by the month that they reach to: 9月, with the year where there is more than one."""
    dates = [pd.Timestamp(day) for day in days]
    is_one_year = len({day.year for day in dates}) < 2
    return [f"{day.month}月" if is_one_year else f"{day.year}年{day.month}月" for day in dates]


def points_of_percent(value: float) -> str:
    """A number of points without needless zeros: 10, 7.5."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def rate(micro: Any) -> str:
    """Millionths as a percentage, floored; a dash if there are none."""
    return "—" if pd.isna(micro) else percent(int(micro) / MICRO)


def _tenths(micro: Any) -> int:
    """Millionths in tenths of a point, floored, as they are shown."""
    return int(micro) // 1000


def lead(micro: Any) -> str:
    """How far the money is ahead of the calendar, in signed points, floored: never as good as a limit missed."""
    if pd.isna(micro):
        return "—"
    return _signed(_tenths(micro))


def _signed(tenths: int) -> str:
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""
    return f"{sign}{abs(tenths) / 10:.1f}"


def lead_words(micro: Any) -> str:
    """The same in words: 比序时进度慢 32.4 个百分点."""
    tenths = _tenths(micro)
    if tenths == 0:
        return "与序时进度持平"
    return f"比序时进度{'快' if tenths > 0 else '慢'} {abs(tenths) / 10:.1f} 个百分点"


def why_unjudged(row: Mapping[str, Any]) -> str:
    """Why a unit has no place on the map."""
    if not row["is_reported"]:
        return "没有填报"
    if pd.isna(row["paid_yuan"]):
        return "没有填报支付数"
    if pd.isna(row["after_yuan"]) or row["after_yuan"] <= 0:
        return "没有可以支付的金额"
    if row["effect_state"] == "unknown":
        return "已评分值太少"
    return f"累计支付 {wan(row['paid_yuan'])} 万元超过调整后金额 {wan(row['after_yuan'])} 万元，没有说明原因"


def figures(row: Mapping[str, Any]) -> str:
    """Both rates of a unit, each with both its sides."""
    money = f"执行率 {rate(row['execution_micro'])}（{wan(row['paid_yuan'])}÷{wan(row['after_yuan'])} 万元）"
    effect = (
        f"得分率 {rate(row['effect_micro'])}（{labels.points(row['score_micro'])}÷"
        f"{labels.points(row['scored_weight_micro'])} 分）"
    )
    return f"{money}，{lead_words(row['lead_micro'])}；{effect}"


def _told(row: Mapping[str, Any]) -> str:
    if row["effect_state"] == "unknown" or pd.isna(row["lead_micro"]):
        return f"{row['recipient_name']}（{why_unjudged(row)}）"
    return f"{row['recipient_name']}：{figures(row)}"


@kept
def answer(now: pd.DataFrame) -> list[tuple[Mark, str]]:
    """One sentence for each state that has units, those that need somebody first."""
    found = []
    for state in NEEDY_STATES:
        units = now[now["effect_state"] == state].sort_values("effect_micro", kind="stable").to_dict("records")
        if units:
            more = [row["recipient_name"] for row in units[TOLD:]]
            words = "；".join(map(_told, units[:TOLD])) + (f"；还有{'、'.join(more)}" if more else "")
            found.append((EFFECT_MARKS[state], f"{words}。{EFFECT_HINTS[state]}。"))
    good = list(now.loc[now["effect_state"] == "effective", "recipient_name"])
    if good:
        found.append((EFFECT_MARKS["effective"], f"{len(good)} 个单位：{'、'.join(good)}。"))
    return found


@kept
def answer_list(sentences: Iterable[tuple[Mark, str]]) -> str:
    """The sentences as a list, each with its state as shape, word and colour."""
    items = "".join(
        f'<li><span class="wx-no" style="background:{mark.colour}">{mark.shape}</span>'
        f'<b style="color:{mark.colour}">{mark.word}</b>　{html.escape(words)}</li>'
        for mark, words in sentences
    )
    return f'<ul class="wx-list">{items}</ul>'


@kept
def own_sentence(row: Mapping[str, Any]) -> str:
    """How a unit itself stands, with its figures."""
    words = why_unjudged(row) if row["effect_state"] == "unknown" or pd.isna(row["lead_micro"]) else figures(row)
    return f"{labels.own_effect(row['effect_state'])}。{words}。"


@kept
def not_drawn(now: pd.DataFrame) -> str:
    """Which units the map leaves out, and why; empty if none."""
    left = now[~is_drawn(now)].to_dict("records")
    if not left:
        return ""
    told = "、".join(f"{row['recipient_name']}（{why_unjudged(row)}）" for row in left)
    return f"图中没有 {told}，不画在零点。"


@kept
def map_sentence(now: pd.DataFrame) -> str:
    """What the map shows, in words, from the same rows."""
    drawn = now[is_drawn(now)]
    if drawn.empty:
        return "这一轮没有单位能画出来。"
    counts = drawn["effect_state"].value_counts()
    parts = "，".join(f"{mark.word} {counts[state]} 个" for state, mark in EFFECT_MARKS.items() if counts.get(state))
    slow = drawn.loc[drawn["lead_micro"].astype(int).idxmin()]
    low = drawn.loc[drawn["effect_micro"].astype(int).idxmin()]
    return (
        f"图中 {len(drawn)} 个单位：{parts}。钱最慢的是{slow['recipient_name']}（{lead_words(slow['lead_micro'])}），"
        f"得分率最低的是{low['recipient_name']}（{rate(low['effect_micro'])}）。"
    )


@kept
def path_sentence(way: pd.DataFrame, round_no: int) -> str:
    """A unit's way on the map up to a round, in words; empty where it has not been in two rounds."""
    known = way[is_drawn(way) & (way["round_no"] <= round_no)].sort_values("round_no").to_dict("records")
    if len(known) < 2:
        return ""
    return f"{known[0]['recipient_name']}走过的路：" + "；".join(
        f"{row['round_name']}{EFFECT_MARKS[row['effect_state']].word}（{lead_words(row['lead_micro'])}，"
        f"得分率 {rate(row['effect_micro'])}）" for row in known
    ) + "。"


def named_units(now: pd.DataFrame, unit: str) -> pd.DataFrame:
    """The drawn units of a round that are named on the map, those that must be first; all where they are few.

    Of many the chosen one, the worst, and those that moved to another state, the worst first.
    """
    if len(now) <= MOST_NAMED:
        return now
    gravity = now["effect_state"].map({state: place for place, state in enumerate(NEEDY_STATES)})
    order = now.assign(gravity=gravity, sum_micro=now["lead_micro"] + now["effect_micro"])
    order = order.sort_values(["gravity", "sum_micro"], kind="stable")
    is_chosen = order["recipient_id"] == unit
    others = order[~is_chosen]
    rest = others.iloc[WORST_NAMED:]
    moved = rest[rest["before_state"].notna() & (rest["before_state"] != rest["effect_state"])]
    return pd.concat([order[is_chosen], others.head(WORST_NAMED), moved]).head(MOST_NAMED)[now.columns]


@kept
def map_caption(paths: pd.DataFrame, round_no: int) -> str:
    """How the map is to be read: what the axes show, and by which limits each round was judged."""
    shown = paths[paths["round_no"] <= round_no].drop_duplicates("round_id").sort_values("round_no")
    here = shown.iloc[-1]
    words = (
        f"横轴：执行率减序时进度（本轮 {rate(here['elapsed_micro'])}），零为正好跟上；"
        "纵轴不从零起。线是从前几轮走来的路，小点是前几轮的位置。"
    )
    count = int((is_drawn(paths) & (paths["round_no"] == round_no)).sum())
    if count > MOST_NAMED:
        words += (
            f"图上 {count} 个单位，只写出所选的单位、最要紧的 {WORST_NAMED} 个和状态有变化的，最多 {MOST_NAMED} 个；"
            "其余的把指针停在点上看。"
        )
    limits = [f"{row['round_name']} {_limit_words(row)}" for row in shown.to_dict("records")]
    if len({_limit_words(row) for row in shown.to_dict("records")}) > 1:
        return f"{words}各轮按本轮的界限判定：{'；'.join(limits)}。虚线是所看这一轮的界限。"
    return words


def _limit_words(row: Mapping[str, Any]) -> str:
    tolerance = 0.0 if pd.isna(row["elapsed_tolerance_micro"]) else int(row["elapsed_tolerance_micro"]) / 10_000
    effect = "没有有效下限" if pd.isna(row["effect_from_micro"]) else (
        f"有效下限 {points_of_percent(int(row['effect_from_micro']) / 10_000)}%"
    )
    return f"容许慢 {points_of_percent(tolerance)} 个百分点、{effect}（口径 {row['rule_version']} 版）"


@kept
def limit_caption(now: pd.DataFrame) -> str:
    """The limits of the round, and whose they are."""
    if now.empty:
        return ""
    return f"界限：{_limit_words(now.iloc[0].to_dict())}，都是本单位设定，不是全国规定，见“依据与口径”。"


@kept
def paths(table: pd.DataFrame) -> pd.DataFrame:
    """Every unit round by round, each rate with both its sides: the map and its trails as a table."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "轮次": table["round_name"],
        "状态": [labels.marked(EFFECT_MARKS, state) for state in table["effect_state"]],
        "累计支付（万元）": [wan(value) for value in table["paid_yuan"]],
        "调整后（万元）": [wan(value) for value in table["after_yuan"]],
        "执行率": [rate(value) for value in table["execution_micro"]],
        "序时进度": [rate(value) for value in table["elapsed_micro"]],
        "快慢（百分点）": [lead(value) for value in table["lead_micro"]],
        "已评得分": [labels.points(value) for value in table["score_micro"]],
        "已评分值": [labels.points(value) for value in table["scored_weight_micro"]],
        "得分率": [rate(value) for value in table["effect_micro"]],
    })


@kept
def movements(moves: pd.DataFrame) -> pd.DataFrame:
    """Who went from where to where, and what changed in between, in the order of the board."""
    return pd.DataFrame([
        {
            "单位": row["recipient_name"],
            "走向": MOVE_WORDS[row["move_kind"]],
            "从": labels.marked(EFFECT_MARKS, row["before_state"]) or "—",
            "到": labels.marked(EFFECT_MARKS, row["effect_state"]),
            "执行率": _from_to(row, "execution_micro", rate),
            "比序时进度快慢（百分点）": _from_to(row, "lead_micro", lead),
            "得分率": _from_to(row, "effect_micro", rate),
        }
        for row in moves.to_dict("records")
    ], columns=["单位", "走向", "从", "到", "执行率", "比序时进度快慢（百分点）", "得分率"])


def _from_to(row: Mapping[str, Any], name: str, shown: Any) -> str:
    """A figure in the round before and now, and how far it went, as the two are shown."""
    before = None if row["before_state"] in (None, "unknown") else row[f"before_{name}"]
    after = None if row["effect_state"] == "unknown" else row[name]
    words = f"{shown(before)} → {shown(after)}"
    if pd.isna(before) or pd.isna(after):
        return words if not (pd.isna(before) and pd.isna(after)) else "—"
    return f"{words}（{_signed(_tenths(after) - _tenths(before))}）"


@kept
def movement_sentence(moves: pd.DataFrame, every_round: pd.DataFrame) -> str:
    """The moves in words, the worst first; who reported only one of the two rounds is named."""
    if moves.empty:
        return "这是第一轮，没有上一轮可比。"
    rows = moves.to_dict("records")
    before_no = int(moves["round_no"].iloc[0]) - 1
    before_name = f"“{every_round.loc[every_round['round_no'] == before_no, 'round_name'].iloc[0]}”"
    parts = [
        part for kind, words in (("worse", "变差"), ("sideways", "换了一头"), ("better", "变好"))
        if (part := _moved(words, [row for row in rows if row["move_kind"] == kind]))
    ]
    still = [row for row in rows if row["move_kind"] == "same" and row["effect_state"] != "effective"]
    kept = sum(row["move_kind"] == "same" for row in rows) - len(still)
    if still:
        parts.append("仍没有到位的：" + "、".join(
            f"{row['recipient_name']}（{EFFECT_MARKS[row['effect_state']].word}）" for row in still
        ))
    if kept:
        parts.append(f"仍然有效 {kept} 个")
    found = f"与{before_name}相比：{'；'.join(parts)}。" if parts else f"与{before_name}相比，没有单位两轮都能判断。"
    return found + "".join(_once(rows, before_name))


def _moved(words: str, rows: list[dict[str, Any]]) -> str:
    if not rows:
        return ""
    told = "、".join(
        f"{row['recipient_name']}从“{EFFECT_MARKS[row['before_state']].word}”到“{EFFECT_MARKS[row['effect_state']].word}”"
        for row in rows
    )
    return f"{words} {len(rows)} 个——{told}"


def _once(rows: list[dict[str, Any]], before_name: str) -> Iterable[str]:
    """Who cannot be compared, and why."""
    def called(*, before: bool, now: bool) -> list[str]:
        return [
            row["recipient_name"] for row in rows
            if row["before_state"] is not None and row["before_is_reported"] is before and row["is_reported"] is now
        ]

    for who, words in (
        (called(before=True, now=False), f"只报过{before_name}，本轮没有填报，不能比较"),
        (called(before=False, now=True), f"{before_name}没有填报，只报过本轮，不能比较"),
        (called(before=False, now=False), "两轮都没有填报"),
        ([row["recipient_name"] for row in rows if row["move_kind"] == "joined"], "本轮才加入，没有上一轮"),
    ):
        if who:
            yield f"{'、'.join(who)}{words}。"
