"""The tables and sentences of 偏差跟踪: deviations, forecasts, changes of state, questions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.kept import kept
from metrics.boards.deviation import Cell
from metrics.boards.trend import YearEnd
from metrics.explain import show_number
from metrics.score_states import MISSED_STATES, REACHED_STATES

# A target that is a whole sentence is not repeated beside its bar.
SHORT_TARGET = 6
# So many equal changes of one unit at one moment are told in one line.
FOLD_FROM = 3


@kept
def first_line(scores: pd.DataFrame, ranking: pd.DataFrame, over: pd.DataFrame) -> str:
    """What is missed, what is too much, and what nobody has decided yet."""
    waiting = int((scores["state"].eq("needs_review") & scores["reviewed_micro"].isna()).sum())
    return (
        f"{len(ranking)} 项没有达到目标，{len(over)} 项超额过多；"
        f"{waiting} 项待人工判定，{int(scores['state'].eq('no_baseline').sum())} 项缺上年数。"
    )


@kept
def matrix_sentence(scores: pd.DataFrame) -> str:
    """How many cells of the matrix are in each state, and which unit misses most, in words from the same rows."""
    counts = scores["state"].value_counts()
    told = "，".join(f"{mark.word} {counts[state]} 项" for state, mark in labels.SCORE_MARKS.items() if state in counts)
    short = scores[scores["state"].isin(MISSED_STATES)]["recipient_name"].value_counts()
    most = f"；偏差最多的是{short.index[0]}，{short.iloc[0]} 项" if len(short) > 1 else ""
    return f"每格一个单位的一项指标：{told}{most}。"


@kept
def missed(table: pd.DataFrame) -> pd.DataFrame:
    """The missed indicators: how far off, whether it grows or shrinks, what the unit says."""
    rows = table.to_dict("records")
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "指标": table["short_name"],
        "状态": [labels.marked(labels.SCORE_MARKS, state) for state in table["state"]],
        "丢分": table["lost_micro"].astype(float) / 1e6,
        "偏差率": [_percent(row) for row in rows],
        "百分点": [_points(row) for row in rows],
        "较上轮": [change_words(micro) for micro in table["change_micro"]],
        "说明": [row["sentence"] + _elapsed(row) for row in rows],
        "单位所报原因和措施": [_explained(row) for row in rows],
    })


@kept
def over(table: pd.DataFrame) -> pd.DataFrame:
    """The indicators far over their target."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "指标": table["short_name"],
        "完成率": [labels.percent(micro / 1e6) for micro in table["attainment_micro"]],
        "较上轮": [change_words(micro) for micro in table["change_micro"]],
        "说明": table["sentence"],
        "单位所报原因": table["deviation_reason"].replace("", "未说明"),
    })


def change_words(micro: Any) -> str:
    """A change of attainment in percentage points, its direction as a word: 下降 6.8; a dash if unknown."""
    if micro is None or pd.isna(micro):
        return "—"
    if not int(micro):
        return "持平"
    points = _two(abs(Decimal(int(micro))) / 10_000)
    points = "不足 0.01" if points == "0.00" else points
    return f"{'↑ 上升' if micro > 0 else '↓ 下降'} {points}"


def _percent(row: dict[str, Any]) -> str:
    """The signed deviation, negative where the target is missed: −9.67%."""
    micro = row["deviation_micro"]
    return "—" if micro is None or pd.isna(micro) else f"{_signed(Decimal(int(micro)) / 10_000)}%"


def _points(row: dict[str, Any]) -> str:
    """The deviation of a rate in points, of ‰ in thousandths: −8.70."""
    micro = row["gap_points_micro"]
    return "—" if micro is None or pd.isna(micro) else _signed(Decimal(int(micro)) / 1_000_000)


def _elapsed(row: dict[str, Any]) -> str:
    """How a total stands against the share of the year gone; empty for everything else."""
    if row["elapsed_share"] is None or pd.isna(row["elapsed_share"]):
        return ""
    done, word = labels.percent(row["attainment_micro"] / 1e6), "落后于" if row["is_behind_time"] else "不落后于"
    return f"序时进度：全年已过 {labels.percent(row['elapsed_share'])}，完成 {done}，{word}序时。"


def _explained(row: dict[str, Any]) -> str:
    measure = f"措施：{row['improvement_measure']}" if row["improvement_measure"] else ""
    return "；".join(filter(None, [row["deviation_reason"] or "未说明", measure]))


def _signed(number: Decimal) -> str:
    return ("−" if number < 0 else "+" if number > 0 else "") + _two(abs(number))


def _two(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@kept
def cell_inputs(cell: Cell) -> pd.DataFrame:
    """What a score was made of: as two columns of words."""
    row = cell.row
    weight = row["weight_micro"]
    facts = {
        "指标值": row["target_text"],
        "计分方式": f"{labels.KIND_WORDS.get(row['scored_kind'], '')}"
        + (f"（{row['kind_reason']}）" if row["kind_reason"] else ""),
        row["numerator_label"] or "分子": _number(row["numerator"], row["unit_text"]),
        row["denominator_label"] or "分母": _number(row["denominator"], row["unit_text"]),
        "本年值": _number(row["value"], row["unit_text"]),
        "上年值": _number(row["prior_value"], row["unit_text"]),
        "自评／复算／复核": f"{labels.points(row['claimed_micro'])}／{labels.points(row['score_micro'], weight)}"
        f"／{labels.points(row['reviewed_micro'])}（分值 {labels.points(weight)}）",
        "复核理由": f"{row['review_reason']}（{row['reviewed_by']}）" if row["review_reason"] else "",
        "偏差率": "" if row["deviation_micro"] is None else _percent(row),
        "偏差（个千分点）" if row["scale"] == 1000 else "偏差（个百分点）":
        "" if row["gap_points_micro"] is None else _points(row),
        "较上轮": "" if row["change_micro"] is None else f"完成率{change_words(row['change_micro'])}"
        + (" 个百分点" if row["change_micro"] else ""),
        "序时进度": _elapsed(row).removeprefix("序时进度："),
        "佐证": row["evidence_text"],
        "偏差原因": row["deviation_reason"],
        "改进措施": row["improvement_measure"],
        "填报": f"{row['filled_by']}，{labels.moment(row['submitted_at'])}" if row["filled_by"] else "",
        "来自": f"《{row['file_name']}》{row['place_text']}" if row["file_name"] else "",
        "口径版本": row["rule_version"],
    }
    shown = {name: value for name, value in facts.items() if value}
    return pd.DataFrame({"项目": list(shown), "内容": list(shown.values())})


@kept
def target_rows(scores: pd.DataFrame, recipient_id: str) -> pd.DataFrame:
    """One unit's indicators beside their targets, for bullet bars: the share reached, the worst on top.

    Every target becomes what was to be reached and what was reached, so that all stand on one scale; what has no figure
    comes last with its state, and what does not apply to the unit is left out.
    """
    own = scores[(scores["recipient_id"] == recipient_id) & (scores["state"] != "not_applicable")]
    own = own.sort_values(["attainment_micro", "indicator_no"], na_position="last", kind="stable")
    return pd.DataFrame({
        "name": own["short_name"], "actual": own["attainment_micro"] / 1e6, "required": 1.0, "state": own["state"],
        "words": [_beside_target(row) for row in own.to_dict("records")],
    }).reset_index(drop=True)


def _beside_target(row: dict[str, Any]) -> str:
    mark = labels.SCORE_MARKS[row["state"]]
    target = f"，目标{row['target_text']}" if len(row["target_text"]) <= SHORT_TARGET else ""
    if pd.isna(row["attainment_micro"]):
        return f"{mark.shape} {mark.word}{target}"
    return f"{mark.shape} {labels.percent(row['attainment_micro'] / 1e6)}{target}"


@kept
def target_sentence(rows: pd.DataFrame) -> str:
    """What the bars of one unit show, in words, from the same rows."""
    known = rows[rows["actual"].notna()]
    short = known[known["actual"] < 1]
    words = f"{len(known)} 项有完成率，"
    words += (
        f"{len(short)} 项没有达到目标，最低的是{short['name'].iloc[0]}，完成 {labels.percent(short['actual'].iloc[0])}"
        if len(short) else "全部达到目标"
    )
    silent = rows.loc[rows["actual"].isna(), "name"]
    tail = f"；没有完成率的：{'、'.join(silent)}" if len(silent) else ""
    return f"条形是完成率（完成量÷应完成量），竖线是目标。{words}{tail}。"


def _number(number: Decimal | None, unit: str) -> str:
    return "" if number is None else f"{show_number(number)}{unit}"


@kept
def history_sentence(history: pd.DataFrame) -> str:
    """What the history chart shows, in words, from the same rows."""
    parts = [
        f"{row['round_name']} " + (
            f"完成 {labels.percent(row['attainment_micro'] / 1e6)}" if pd.notna(row["attainment_micro"])
            else (labels.SCORE_MARKS[row["state"]].word if row["state"] in labels.SCORE_MARKS else "没有数据")
        )
        for row in history.to_dict("records")
    ]
    return "，".join(parts) + "。"


@kept
def cell_forecast(found: YearEnd, recipient_id: str, indicator_no: int) -> str:
    """The forecast of one unit on one indicator, or why there is none."""
    if found.is_over:
        return "年底预计：年度已经结束，不再推算。"
    rows = found.table[
        (found.table["recipient_id"] == recipient_id) & (found.table["indicator_no"] == indicator_no)
    ]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    return f"年底预计：{row['sentence']}" if row["sentence"] else f"年底预计：不推算，{row['reason']}。"


@kept
def forecasts(table: pd.DataFrame) -> pd.DataFrame:
    """Where each indicator will stand at the end of the year; on a phone the sentence is still in sight."""
    return pd.DataFrame({
        "年底": ["■ 达不到" if misses else "▲ 有风险" if risky else "● 预计达标"
               for misses, risky in zip(table["will_miss"], table["is_at_risk"], strict=True)],
        "单位、指标与推算": table["recipient_name"] + " " + table["short_name"] + "：" + table["sentence"],
        "现在": [labels.marked(labels.SCORE_MARKS, state) for state in table["state"]],
    })


@kept
def forecast_sentence(found: YearEnd) -> str:
    """What the forecasts come to."""
    told = found.table[found.table["reason"] == ""]
    late = told[told["will_miss"].astype(bool)]
    fresh = int(late["state"].isin(REACHED_STATES).sum())
    return f"推算 {len(told)} 项，{len(late)} 项年底达不到目标" + (f"，其中 {fresh} 项现在还达标。" if fresh else "。")


@kept
def no_forecast_sentence(found: YearEnd) -> str:
    """Of what there is no forecast, and why; empty where everything has one."""
    counts = found.table.loc[found.table["reason"] != "", "reason"].value_counts()
    words = "，".join(f"{reason} {count} 项" for reason, count in counts.items())
    return f"没有推算的：{words}。" if words else ""


@kept
def money_forecasts(table: pd.DataFrame) -> pd.DataFrame:
    """Where the money of each unit will stand at the end of the year."""
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "推算": [f"{reason}。" if reason else sentence
               for sentence, reason in zip(table["sentence"], table["reason"], strict=True)],
        "年底预计未支付（万元）": [labels.wan(value) for value in table["left_yuan"]],
        "已支付（万元）": [labels.wan(value) for value in table["paid_yuan"]],
        "调整后（万元）": [labels.wan(value) for value in table["after_yuan"]],
    })


@kept
def state_changes(table: pd.DataFrame) -> pd.DataFrame:
    """The changes of state, the newest first; a whole form that lapsed or came in late is told in one line."""
    keys = ["happened_at", "recipient_name", "round_name", "causes"]
    rows: list[dict[str, Any]] = []
    for _, group in table.groupby(keys, sort=False):
        is_form = group["new_state"].eq("not_reported") | group["old_state"].eq("not_reported")
        if is_form.sum() >= FOLD_FROM:
            rows.append(_folded(group[is_form]))
            group = group[~is_form]
        rows += [_change(row) for row in group.to_dict("records")]
    return pd.DataFrame(rows, columns=["时间", "单位", "指标", "变化", "得分", "起因"])


def _folded(group: pd.DataFrame) -> dict[str, Any]:
    row = group.iloc[0].to_dict()
    counts = group["new_state"].value_counts()
    becomes = "，".join(f"{labels.marked(labels.SCORE_MARKS, state)} {count} 项" for state, count in counts.items())
    lapsed = set(counts.index) == {"not_reported"}
    return {
        **_change(row), "指标": f"{len(group)} 项", "得分": "—",
        "变化": f"到期没有填报：{becomes}" if lapsed else f"{labels.SCORE_MARKS['not_reported'].word} → {becomes}",
    }


def _change(row: dict[str, Any]) -> dict[str, Any]:
    old, new = (labels.marked(labels.SCORE_MARKS, row[name]) for name in ("old_state", "new_state"))
    points = f"{labels.points(row['old_micro'], row['weight_micro'])} → " \
             f"{labels.points(row['new_micro'], row['weight_micro'])}"
    turn = f"{old} → {new}" if old != new else f"{new}（状态不变）"
    return {
        "时间": labels.moment(row["happened_at"]),
        "单位": row["recipient_name"],
        "指标": row["short_name"],
        "变化": (f"{row['old_round_name']} " if row["old_round_name"] else "") + turn,
        "得分": points,
        "起因": _causes(row),
    }


def _causes(row: dict[str, Any]) -> str:
    """What differs between the two scores, and where to look it up."""
    causes = row["causes"]
    if causes == ("review",):
        return f"{labels.CAUSE_WORDS['review']}：{row['review_reason']}"
    where = row["round_name"]
    if "value_changed" in causes and pd.notna(row["report_version"]):
        where += f"第 {int(row['report_version'])} 版，{row['submitted_by']}"
    return f"{'、'.join(labels.CAUSE_WORDS[cause] for cause in causes)}：{where}"


@kept
def hints(table: pd.DataFrame) -> pd.DataFrame:
    """The questions to the units."""
    words = {"peers": "与其他单位比", "own": "与本单位以前各轮比"}
    return pd.DataFrame({
        "单位": table["recipient_name"],
        "指标": table["short_name"],
        "怎样比": table["against"].map(words),
        "请核实": table["sentence"],
    })
