"""绩效目标自评表: of a unit, and of the prefecture with every unit rolled up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.papers.content import NOTHING, Block, Cell, Paper, Paragraph, Table, gap, safe_name, typed
from dashboard.papers.facts import Facts, Row, day_words, is_missing, total_words
from dashboard.region_tables import missing_words
from metrics.boards.overview import names
from metrics.law import TRUST_LABELS, Trust
from metrics.score_states import MISSED_STATES

WIDTHS = (20, 23, 45, 27, 38, 16, 19, 37)
_ROOM = "　" * 8     # for a person to write in
_TO_FILL_IN = ("填报单位（盖章）：", "填报人：", "联系电话：", "填报日期：　　年　　月　　日")
UNVERIFIED = TRUST_LABELS[Trust.UNVERIFIED]
HEADS = (
    "一级指标", "二级指标", "三级指标", "年度指标值（A）", "实际完成值（B）", "分值", "得分",
    "偏差原因分析\n及改进措施",
)
# The form's own notes, as domain.md §3 keeps them: nobody has held them against the official form.
FORM_NOTES = (
    "资金使用单位按项目绩效目标填报，主管部门汇总时按区域绩效目标填报。",
    "其他资金包括与本项目资金一并使用的自有资金、社会资金，以及以前年度的结转结余资金等。",
    "全年执行数是按照国库集中支付制度要求支付形成的实际支出。",
    "定量指标由资金使用单位填写本单位实际完成数；财政和主管部门汇总时，绝对值直接累加计算，相对值按照资金额度加权平均计算。",
    "定性指标按完成情况分为三档：达成预期指标、部分达成预期指标并具有一定效果、未达成预期指标且效果较差，"
    "分别按 100%—80%（含）、80%—60%（含）、60%—0% 填写完成比例。",
)


def unit_table(facts: Facts, recipient_id: str) -> Paper:
    """The self-assessment table of one unit."""
    unit = facts.unit(recipient_id)
    title = f"{facts.fund_name}绩效目标自评表"
    return Paper(
        title=title, subtitle=f"（{facts.year}年度　{unit['recipient_name']}）",
        blocks=unit_blocks(facts, recipient_id), is_landscape=True, as_of_on=facts.scope.as_of_on,
        is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name("绩效目标自评表", unit["recipient_name"], facts.round["round_name"]),
    )


def region_table(facts: Facts) -> Paper:
    """The self-assessment table of the prefecture."""
    return Paper(
        title=f"{facts.fund_name}区域绩效目标自评表", subtitle=f"（{facts.year}年度　全部单位汇总）",
        blocks=region_blocks(facts), is_landscape=True, as_of_on=facts.scope.as_of_on,
        is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name("区域绩效目标自评表", facts.round["round_name"]),
    )


def unit_blocks(facts: Facts, recipient_id: str) -> tuple[Block, ...]:
    """The two tables of one unit and their notes."""
    unit = facts.unit(recipient_id)
    rows = facts.of_unit(facts.assessed, recipient_id)
    (total,) = facts.of_unit(facts.unit_totals, recipient_id)
    (effect,) = facts.of_unit(facts.effects, recipient_id)
    money = (
        labels.wan(unit["before_yuan"]), labels.wan(total["after_yuan"]), paid_words(total["paid_yuan"]),
        labels.points(total["execution_weight_micro"]), rate_words(effect),
        labels.points(total["execution_score_micro"], total["execution_weight_micro"]),
    )
    notes = [_money_note(facts)]
    if total["paid_yuan"] is None:
        notes.append("本轮没有填报全年执行数，执行率和它的得分空缺，不按 0 计。")
    notes.append(_score_note())
    return (
        head_table(facts, unit["recipient_name"], money),
        indicator_table(
            [(row, unit_remark(row)) for row in rows],
            _total_row(total["total_weight_micro"], total["total_score_micro"], total["total_scored_weight_micro"],
                       total_words(total["points_micro"], total["grade"])),
        ),
        *_notes(notes),
    )


def region_blocks(facts: Facts) -> tuple[Block, ...]:
    """The two tables of the prefecture and their notes."""
    total = facts.region_total
    money = (
        labels.wan(facts.money.before_yuan), labels.wan(facts.money.after_yuan), paid_words(total.paid_yuan),
        labels.points(total.execution_weight_micro), labels.shown_rate(total.execution_rate, total.is_over_unexplained),
        labels.points(total.execution_score_micro, total.execution_weight_micro),
    )
    notes = [_money_note(facts)]
    if total.silent_names:
        notes.append(
            f"全年执行数和执行率只含已填报的单位，执行率＝{labels.wan(total.paid_yuan)}÷{labels.wan(total.base_yuan)}；"
            f"没有报支付数的单位：{'、'.join(total.silent_names)}。"
        )
    notes += [_score_note(), *filter(None, [missing_words(total)])]
    rows = [{str(name): value for name, value in row.items()} for row in facts.region_scores.to_dict("records")]
    return (
        head_table(facts, f"{len(facts.units)} 个单位（{facts.scope.document_number} 所列）", money),
        indicator_table(
            [(row, region_remark(facts, row)) for row in rows],
            _total_row(total.weight_micro, total.score_micro, total.scored_weight_micro,
                       total_words(total.points_micro, total.grade)),
        ),
        *_notes(notes),
    )


def paid_words(paid_yuan: Any) -> str:
    """Paid money as the screen shows it; 未填报 where nobody said."""
    return "未填报" if paid_yuan is None or pd.isna(paid_yuan) else labels.wan(paid_yuan)


def rate_words(effect: Row) -> str:
    """A unit's execution rate; one over 100 % is not shown without its reason."""
    return labels.shown_rate(effect["execution_rate"], bool(effect["is_over_unexplained"]))


def head_table(facts: Facts, unit_name: str, money: Sequence[str]) -> Table:
    """Project, unit, money and the year's objective; stands on the same columns as the indicators."""
    def head(text: str, across: int = 1, down: int = 1) -> Cell:
        return Cell(text, across, down, is_head=True)

    def words(text: str, across: int = 1) -> Cell:
        return Cell(text, across)

    def figures(values: Iterable[str]) -> tuple[Cell, ...]:
        return tuple(Cell(value, is_figure=True) for value in values)

    objective = str(facts.sheet["annual_objective"]) if facts.sheet else gap("年度总体目标")
    rows = (
        (head("项目名称"), words(facts.fund_name, 3), head("资金文件"), words(facts.scope.document_number, 3)),
        (head("主管部门"), words(facts.labelled("各地主管部门", "地方主管部门", "主管部门"), 3), head("实施单位"),
         words(unit_name, 3)),
        (head("填报轮次"), words(facts.period_words, 3), head("统计截止日"), words(day_words(facts.scope.as_of_on), 3)),
        (head("项目资金\n（万元）", down=4), head("", 1), head("年初预算数"), head("全年预算数（A）"),
         head("全年执行数（B）"), head("分值"), head("执行率\n（B/A）"), head("得分")),
        (head("年度资金总额"), *figures(money)),
        (head("其中：中央\n财政资金"), *figures((*money[:3], NOTHING, money[4], NOTHING))),
        (head("地方资金、\n其他资金"), Cell(gap("地方资金、其他资金，没有的写 0，并重算年度资金总额"), 6)),
        (head("年度总体\n目标", down=2), head("预期目标", 3), head("实际完成情况", 4)),
        (Cell(objective, 3, is_left=True), Cell(gap("对照总体目标，写明全年实际完成情况"), 4)),
    )
    return Table("基本情况和资金", WIDTHS, rows, head_count=0, is_titled=False)


def indicator_table(rows: Sequence[tuple[Mapping[str, Any], str]], last: tuple[Cell, ...]) -> Table:
    """The indicators under their dimension and measure, and the total."""
    head = tuple(Cell(name, is_head=True) for name in HEADS)
    lines = [head]
    for cells, (row, remark) in zip(level_cells([row for row, _ in rows]), rows, strict=True):
        score = row["final_micro"] if "final_micro" in row else row["score_micro"]
        weight = row["weight_micro"]
        lines.append((
            *cells, Cell(str(row["target_text"])), Cell(actual(row)), Cell(labels.points(weight), is_figure=True),
            Cell(labels.points(score, weight), is_figure=True), Cell(remark, is_left=len(remark) > 8),
        ))
    return Table("绩效指标", WIDTHS, (*lines, last), is_titled=False)


def level_cells(rows: Sequence[Mapping[str, Any]]) -> list[tuple[Cell, ...]]:
    """The cells of the first three columns: a dimension and a measure stand once beside all their indicators."""
    cells: list[tuple[Cell, ...]] = []
    for _, of_dimension in groupby(rows, lambda row: row["dimension"]):
        group = list(of_dimension)
        first: tuple[Cell, ...] = (Cell(str(group[0]["dimension"]), down=len(group)),)
        for _, of_measure in groupby(group, lambda row: row["measure"]):
            part = list(of_measure)
            second: tuple[Cell, ...] = (Cell(str(part[0]["measure"]), down=len(part)),)
            for row in part:
                cells.append((*first, *second, Cell(f"{row['indicator_no']}.{row['indicator_name']}", is_left=True)))
                first = second = ()
    return cells


def actual(row: Mapping[str, Any]) -> str:
    """What was reached; where there is nothing, the state in a word."""
    mark = labels.SCORE_MARKS[row["state"]]
    if not row["actual_text"]:
        return mark.word
    return f"{row['actual_text']}\n（{mark.word}）" if is_missing(row["state"]) else str(row["actual_text"])


def unit_remark(row: Mapping[str, Any]) -> str:
    """What the unit says of a target that it missed; a named gap where it said nothing."""
    reason, measure = typed(row["deviation_reason"]), typed(row["improvement_measure"])
    said = "；".join(filter(None, (reason, f"措施：{measure}" if measure else "")))
    if row["state"] in MISSED_STATES:
        return said or gap("偏差原因和改进措施")
    if row["state"] == "over":
        return said or gap("超额完成较多的原因")
    return said or NOTHING


def region_remark(facts: Facts, row: Row) -> str:
    """Which units miss the indicator, and who is not in the figure."""
    units = facts.assessed[facts.assessed["indicator_no"] == row["indicator_no"]]
    missing = list(units.loc[units["state"].isin(MISSED_STATES), "recipient_name"])
    parts = []
    if row["state"] in MISSED_STATES and missing:
        parts.append(f"未达到目标：{names(missing)}")
    if row["left_out"]:
        parts.append(f"未计入：{names(list(row['left_out']))}")
    if row["state"] == "needs_review" and not row["actual_text"]:
        parts.append(str(row["sentence"]))
    return "；".join(parts) or NOTHING


def _total_row(weight: Any, score: Any, scored_weight: Any, words: str) -> tuple[Cell, ...]:
    return (
        Cell("总分", 5, is_head=True), Cell(labels.points(weight), is_figure=True),
        Cell(labels.points(score), is_figure=True),
        Cell(f"已评分值 {labels.points(scored_weight)} 分，{words}", is_left=True),
    )


def _money_note(facts: Facts) -> str:
    return (
        f"资金按{facts.scope.document_number}：年初预算数取文件所列调整前金额，全年预算数（A）取调整后金额，"
        f"全年执行数（B）取{facts.period_words}填报的累计支付数。年度资金总额目前只含文件下达的资金。"
    )


def _score_note() -> str:
    return "得分有复核的取复核得分，没有的由系统按填报数和本轮口径复算；写着状态、没有得分的不计入总分，不按 0 分计。"


def _notes(own: Iterable[str]) -> tuple[Paragraph, ...]:
    lines = [*own, *(f"{note}（{UNVERIFIED}）" for note in FORM_NOTES)]
    return (
        Paragraph(f"注：1.{lines[0]}", style="note"),
        *(Paragraph(f"　　{number}.{line}", style="note") for number, line in enumerate(lines[1:], start=2)),
        Paragraph(_ROOM.join(_TO_FILL_IN), style="note"),
    )
