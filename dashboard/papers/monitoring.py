"""绩效运行监控情况表: what is done, what the year's end will bring, how likely the target is; of a unit and of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.papers.assessment import actual, level_cells, paid_words, rate_words, unit_remark
from dashboard.papers.content import NOTHING, Cell, Paper, Paragraph, Table, safe_name
from dashboard.papers.facts import Facts, Row, day_words
from metrics.boards.overview import names

TITLE = "绩效运行监控情况表"
WIDTHS = (20, 20, 40, 26, 34, 48, 37)


def unit_table(facts: Facts, recipient_id: str) -> Paper:
    """The monitoring table of one unit."""
    unit = facts.unit(recipient_id)
    (effect,) = facts.of_unit(facts.effects, recipient_id)
    notes = [
        f"资金按{facts.scope.document_number}，累计执行数为{facts.period_words}填报的累计支付数；"
        f"序时进度为数据截至日已过天数占全年天数的比例，{labels.percent(effect['elapsed_share'])}。",
        "全年预计完成情况按同一年度已填报各轮推算，完成目标可能性是推算的结果，由人判断；推算不改变任何得分。",
    ]
    if facts.forecasts.is_over:
        notes.append("数据已到年末，不再推算。")
    return Paper(
        title=f"{facts.fund_name}{TITLE}", subtitle=f"（{facts.year}年度　{unit['recipient_name']}）",
        blocks=(_unit_head(facts, unit, effect), _unit_indicators(facts, recipient_id), *_notes(notes)),
        is_landscape=True, as_of_on=facts.scope.as_of_on, is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name(TITLE, unit["recipient_name"], facts.round["round_name"]),
    )


def region_table(facts: Facts) -> Paper:
    """Every unit in one table: money, effect, both against the year gone."""
    released = facts.released
    notes = [
        f"累计执行数为{facts.period_words}填报的累计支付数；执行率＝累计执行数÷全年预算数，得分率＝已评指标得分÷已评指标分值。",
        f"合计的执行率只含已填报的单位，＝{labels.wan(released.paid_yuan)}÷{labels.wan(released.base_yuan)}。"
        if released.base_yuan else "还没有单位填报。",
    ]
    if released.silent_names:
        notes.append(f"没有填报支付数的单位：{'、'.join(released.silent_names)}，空缺不按 0 计。")
    notes.append("双监控状态由系统按口径提出，由人判断；年底预计按已填报各轮推算。")
    return Paper(
        title=f"{facts.fund_name}{TITLE}", subtitle=f"（{facts.year}年度　全部单位）",
        blocks=(_region_units(facts), *_notes(notes)), is_landscape=True, as_of_on=facts.scope.as_of_on,
        is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name(TITLE, "全部单位", facts.round["round_name"]),
    )


def _notes(lines: list[str]) -> tuple[Paragraph, ...]:
    first, *rest = lines
    return (
        Paragraph(f"注：1.{first}", style="note"),
        *(Paragraph(f"　　{number}.{line}", style="note") for number, line in enumerate(rest, start=2)),
    )


def _head(text: str, across: int = 1, down: int = 1) -> Cell:
    return Cell(text, across, down, is_head=True)


def _unit_head(facts: Facts, unit: Row, effect: Row) -> Table:
    money = facts.money_forecasts
    rows = facts.of_unit(money.table, str(unit["recipient_id"]))
    told = {} if money.is_over or not rows else rows[0]
    expected = str(told["sentence"] or f"不推算：{told['reason']}") if told else NOTHING
    lines = (
        (_head("项目名称"), Cell(facts.fund_name, 2), _head("资金文件"), Cell(facts.scope.document_number),
         _head("实施单位"), Cell(str(unit["recipient_name"]))),
        (_head("主管部门"), Cell(facts.labelled("各地主管部门", "地方主管部门", "主管部门"), 2), _head("监控轮次"),
         Cell(str(facts.round["round_name"])), _head("数据截至日"), Cell(day_words(facts.round["period_end_on"]))),
        (_head("项目资金\n（万元）", down=2), _head("年初预算数", 2), _head("全年预算数"), _head("累计执行数"),
         _head("执行率"), _head("全年预计执行情况")),
        (Cell(labels.wan(unit["before_yuan"]), 2, is_figure=True), Cell(labels.wan(unit["after_yuan"]), is_figure=True),
         Cell(paid_words(effect["paid_yuan"]), is_figure=True),
         Cell(rate_words(effect), is_figure=True), Cell(expected, is_left=len(expected) > 1)),
    )
    return Table("基本情况和资金", WIDTHS, lines, head_count=0, is_titled=False)


def _unit_indicators(facts: Facts, recipient_id: str) -> Table:
    rows = facts.of_unit(facts.assessed, recipient_id)
    forecasts = {row["indicator_no"]: row for row in facts.of_unit(facts.forecasts.table, recipient_id)}
    lines = [tuple(_head(name) for name in (
        "一级指标", "二级指标", "三级指标", "年度指标值", "累计完成情况", "全年预计完成情况\n和完成目标可能性",
        "偏差原因分析\n及纠偏措施",
    ))]
    for cells, row in zip(level_cells(rows), rows, strict=True):
        expected, remark = forecast_words(forecasts.get(row["indicator_no"])), unit_remark(row)
        lines.append((
            *cells, Cell(str(row["target_text"])), Cell(_now(row)), Cell(expected, is_left=len(expected) > 8),
            Cell(remark, is_left=len(remark) > 8),
        ))
    return Table("绩效指标", WIDTHS, tuple(lines), is_titled=False)


def _now(row: Mapping[str, Any]) -> str:
    """What is reached, and how that stands."""
    words = actual(row)
    mark = labels.SCORE_MARKS[row["state"]].word
    return words if mark in words else f"{words}\n（{mark}）"


def forecast_words(row: Mapping[str, Any] | None) -> str:
    """A forecast as the page 偏差跟踪 tells it; a dash where the year is over."""
    if row is None:
        return NOTHING
    if not row["sentence"]:
        return f"不推算：{row['reason']}"
    word = "达不到" if row["will_miss"] else "有风险" if row["is_at_risk"] else "预计达标"
    return f"{word}：{row['sentence']}"


def _region_units(facts: Facts) -> Table:
    effects = facts.effects
    missed = facts.missed["recipient_id"].value_counts()
    money = facts.money_forecasts
    expected = {} if money.is_over else {row["recipient_id"]: row for row in money.table.to_dict("records")}
    lines = [tuple(_head(name) for name in (
        "序号", "单位", "全年预算数", "累计执行数", "执行率", "序时进度", "得分率", "未达标\n指标（项）", "双监控状态",
        "年底预计\n未支付",
    ))]
    for number, row in enumerate(effects.to_dict("records"), start=1):
        left = expected.get(row["recipient_id"], {}).get("left_yuan")
        lines.append((
            Cell(str(number), is_figure=True), Cell(str(row["recipient_name"])),
            Cell(labels.wan(row["after_yuan"]), is_figure=True), Cell(paid_words(row["paid_yuan"]), is_figure=True),
            Cell(rate_words(row), is_figure=True),
            Cell(labels.percent(row["elapsed_share"]), is_figure=True),
            Cell(labels.percent(row["effect_rate"]), is_figure=True),
            Cell(str(int(missed.get(row["recipient_id"], 0))), is_figure=True),
            Cell(labels.marked(labels.EFFECT_MARKS, row["effect_state"])), Cell(labels.wan(left), is_figure=True),
        ))
    released = facts.released
    rate = labels.shown_rate(released.execution_rate, released.is_over_unexplained)
    waiting = [row["recipient_name"] for row in effects.to_dict("records") if pd.isna(row["paid_yuan"])]
    lines.append((
        Cell("合计", 2, is_head=True), Cell(labels.wan(released.released_yuan), is_figure=True),
        Cell(labels.wan(released.paid_yuan), is_figure=True), Cell(rate, is_figure=True), Cell(NOTHING), Cell(NOTHING),
        Cell(str(len(facts.missed)), is_figure=True),
        Cell(f"未填报：{names(waiting)}" if waiting else "全部已填报", 2),
    ))
    if not expected:     # the year is over: nothing is expected any more
        lines = [row[:-1] if len(row) == 10 else (*row[:-1], Cell(row[-1].text)) for row in lines]
    widths = (11, 41, 24, 24, 18, 18, 18, 18, 30, 23) if expected else (13, 45, 28, 28, 20, 22, 20, 21, 28)
    return Table("各单位执行和成效", widths, tuple(lines), unit_words="单位：万元", is_titled=False)


