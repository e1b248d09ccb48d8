"""绩效自评报告: sentences with figures from the boards, and a named gap wherever only a person can write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.papers.assessment import UNVERIFIED, rate_words, region_blocks, region_remark, unit_blocks
from dashboard.papers.content import Block, Heading, NewPage, Paper, Paragraph, closed, gap, safe_name, typed
from dashboard.papers.facts import Facts, Row, day_words, is_missing, total_words
from metrics.boards.overview import names
from metrics.score_states import MISSED_STATES, REACHED_STATES


def unit_report(facts: Facts, recipient_id: str) -> Paper:
    """The report of one unit, with its self-assessment table as annex."""
    unit = facts.unit(recipient_id)
    name = str(unit["recipient_name"])
    (total,) = facts.of_unit(facts.unit_totals, recipient_id)
    (effect,) = facts.of_unit(facts.effects, recipient_id)
    rows = facts.of_unit(facts.assessed, recipient_id)
    blocks: list[Block] = [
        Heading("一、绩效目标分解下达情况"),
        Heading("（一）资金下达情况。", 2),
        Paragraph(_released(facts, unit)),
        Paragraph(_received(facts, recipient_id)),
        Heading("（二）绩效目标分解情况。", 2),
        Paragraph(_targets(facts, recipient_id)),
        Heading("二、绩效目标完成情况分析"),
        Heading("（一）资金投入和管理情况。", 2),
        Paragraph(f"1.资金到位情况。{gap('资金实际到位金额、到位时间和到位率')}"),
        Paragraph(f"2.资金执行情况。{_execution(facts, total, effect)}"),
        Paragraph(f"3.资金管理情况。{gap('分配、拨付、使用、核算和监督情况，以及发现的问题')}"),
        Heading("（二）总体绩效目标完成情况。", 2),
        Paragraph(_overall(facts, total, rows)),
        Paragraph(gap("对照年度总体目标，逐条写明完成情况")),
        Heading("（三）各项绩效指标完成情况。", 2),
        *_indicators(rows),
        Heading("三、偏离绩效目标的原因和下一步改进措施"),
        *_reasons(rows),
        *_rest(),
    ]
    return Paper(
        title=f"{name}{facts.year}年度{facts.fund_name}绩效自评报告", blocks=tuple(blocks), is_official=True,
        is_numbered=False,
        sender=_signing(unit), annexes=("绩效目标自评表",),
        annex_blocks=(NewPage(is_landscape=True), Paragraph("附件", style="annex"),
                      Paragraph(f"{facts.fund_name}绩效目标自评表", style="title"), *unit_blocks(facts, recipient_id)),
        as_of_on=facts.scope.as_of_on, is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name("绩效自评报告", name, facts.round["round_name"]),
    )


def region_report(facts: Facts) -> Paper:
    """The report of the prefecture, with the rolled-up table as annex."""
    total = facts.region_total
    rows = [{str(name): value for name, value in row.items()} for row in facts.region_scores.to_dict("records")]
    blocks: list[Block] = [
        Heading("一、绩效目标分解下达情况"),
        Heading("（一）资金下达情况。", 2),
        Paragraph(
            f"{facts.basis}向 {len(facts.units)} 个单位下达{facts.fund_name} {labels.wan(facts.money.after_yuan)} 万元"
            f"{_adjusted(facts.money.before_yuan, facts.money.adjustment_yuan)}。"
        ),
        Paragraph(_region_received(facts)),
        Heading("（二）绩效目标分解情况。", 2),
        Paragraph(_sheet_words(facts) + gap("上级绩效目标下达和本级分解下达到各单位的时间、文号")),
        Heading("二、绩效目标完成情况分析"),
        Heading("（一）资金投入和管理情况。", 2),
        Paragraph(f"1.资金到位情况。{gap('资金实际到位金额、到位时间和到位率')}"),
        Paragraph(f"2.资金执行情况。{_region_execution(facts)}"),
        Paragraph(f"3.资金管理情况。{gap('分配、拨付、使用、核算和监督情况，以及发现的问题')}"),
        Heading("（二）总体绩效目标完成情况。", 2),
        Paragraph(
            f"截至{facts.period_words}，汇总各单位填报，{total_words(total.points_micro, total.grade)}；"
            f"{len(rows)} 项指标中达标 {total.met_count} 项，未达标 {total.missed_count} 项，"
            f"暂不能判定 {total.unknown_count} 项。{_left_out(total.silent_names)}"
        ),
        Paragraph(gap("对照年度总体目标，逐条写明完成情况")),
        Heading("（三）各项绩效指标完成情况。", 2),
        *_indicators(rows),
        Heading("三、偏离绩效目标的原因和下一步改进措施"),
        *_region_reasons(facts, rows),
        *_rest(),
    ]
    return Paper(
        title=f"{facts.year}年度{facts.fund_name}区域绩效自评报告", blocks=tuple(blocks), is_official=True,
        is_numbered=False,
        sender=facts.sender, annexes=("区域绩效目标自评表",),
        annex_blocks=(NewPage(is_landscape=True), Paragraph("附件", style="annex"),
                      Paragraph(f"{facts.fund_name}区域绩效目标自评表", style="title"), *region_blocks(facts)),
        as_of_on=facts.scope.as_of_on, is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name("区域绩效自评报告", facts.round["round_name"]),
    )


def _signing(unit: Row) -> str:
    """The unit itself: its name where it is an institution, a gap for which of its bureaux where it is a county."""
    name = str(unit["recipient_name"])
    return name if unit["recipient_kind"] == "institution" else f"{name}{gap('填报部门')}"


def _adjusted(before_yuan: Any, adjustment_yuan: Any) -> str:
    if pd.isna(before_yuan) or pd.isna(adjustment_yuan) or before_yuan is None or adjustment_yuan is None:
        return ""
    return f"（调整前 {labels.wan(before_yuan)} 万元，调整数 {labels.signed_wan(adjustment_yuan)} 万元）"


def _released(facts: Facts, unit: Row) -> str:
    return (
        f"根据{facts.basis}，{facts.year}年下达{unit['recipient_name']}{facts.fund_name} "
        f"{labels.wan(unit['after_yuan'])} 万元{_adjusted(unit['before_yuan'], unit['adjustment_yuan'])}。"
    )


def _received(facts: Facts, recipient_id: str) -> str:
    rows = [row for row in facts.of_unit(facts.timeline, recipient_id) if row["duty_kind"] == "import"]
    imported = next((row for row in rows if row["step"] == "imported"), None)
    if imported is None:
        return f"{gap('收到文件、登录指标、导入直达资金监控系统的时间')}"
    received, done = imported["counted_from_on"], imported["done_on"]
    words = [f"{day_words(received)}收到文件" if pd.notna(received) else gap("收到文件的日期")]
    state = labels.OWED_MARKS[imported["duty_state"]].word
    if pd.notna(imported["due_on"]):
        words.append(f"应于{day_words(imported['due_on'])}前将指标信息导入直达资金监控系统")
    words.append(f"{day_words(done)}全部导入（{state}）" if pd.notna(done) else f"截至统计截止日：{state}")
    return "，".join(words) + "。"


def _region_received(facts: Facts) -> str:
    counts = facts.clocks["clock_state"].value_counts()
    words = "，".join(
        f"{mark.word} {counts[state]} 个" for state, mark in labels.CLOCK_MARKS.items() if counts.get(state)
    )
    return f"各单位将指标信息导入直达资金监控系统的情况：{words}。" if words else gap("指标导入直达资金监控系统的情况")


def _sheet_words(facts: Facts) -> str:
    if facts.indicators.empty:
        return "文件没有绩效目标表。"
    counts = facts.indicators["measure"].value_counts(sort=False)
    listed = "、".join(f"{measure} {count} 项" for measure, count in counts.items())
    return f"区域绩效目标表列三级指标 {len(facts.indicators)} 项，其中{listed}。"


def _targets(facts: Facts, recipient_id: str) -> str:
    own = facts.of_unit(facts.targets, recipient_id)
    changed = sum(row["target_version"] > 1 for row in own)
    waiting = sum(bool(row["is_undecomposed"]) for row in own)
    words = _sheet_words(facts)
    if changed:
        words += f"其中 {changed} 项已给本单位单独定目标，其余执行区域目标。"
    elif own:
        words += "各项指标执行区域绩效目标表所列的指标值。"
    if waiting:
        words += f"{waiting} 项总量指标尚未分解到本单位。"
    return words + gap("本单位将目标分解到下级和项目的情况")


def _execution(facts: Facts, total: Row, effect: Row) -> str:
    if total["paid_yuan"] is None:
        return f"本轮尚未填报全年执行数。{gap('全年执行数和执行率')}"
    return (
        f"截至{facts.period_words}，累计支付 {labels.wan(total['paid_yuan'])} 万元，全年预算数"
        f" {labels.wan(total['after_yuan'])} 万元，执行率 {rate_words(effect)}"
        f"（{labels.wan(total['paid_yuan'])}÷{labels.wan(total['after_yuan'])}），"
        f"得 {labels.points(total['execution_score_micro'], total['execution_weight_micro'])} 分"
        f"（分值 {labels.points(total['execution_weight_micro'])} 分）。"
    )


def _region_execution(facts: Facts) -> str:
    total = facts.region_total
    if total.paid_yuan is None:
        return f"本轮还没有单位填报全年执行数。{gap('全年执行数和执行率')}"
    rate = labels.shown_rate(total.execution_rate, total.is_over_unexplained)
    return (
        f"截至{facts.period_words}，已填报单位累计支付 {labels.wan(total.paid_yuan)} 万元，其全年预算数"
        f" {labels.wan(total.base_yuan)} 万元，执行率 {rate}"
        f"（{labels.wan(total.paid_yuan)}÷{labels.wan(total.base_yuan)}），"
        f"得 {labels.points(total.execution_score_micro, total.execution_weight_micro)} 分"
        f"（分值 {labels.points(total.execution_weight_micro)} 分）。{_left_out(total.silent_names)}"
    )


def _left_out(silent: Sequence[str]) -> str:
    return f"没有报支付数的单位：{'、'.join(silent)}，未计入。" if silent else ""


def _overall(facts: Facts, total: Row, rows: Sequence[Row]) -> str:
    met = sum(row["state"] in REACHED_STATES for row in rows)
    missed = sum(row["state"] in MISSED_STATES for row in rows)
    rest = len(rows) - met - missed
    tail = f"，没有得分（未填报、未到期、缺上年数、待人工判定或不适用） {rest} 项" if rest else ""
    return (
        f"截至{facts.period_words}，{len(rows)} 项指标中达标 {met} 项，未达标 {missed} 项{tail}；"
        f"得 {labels.points(total['total_score_micro'])} 分，"
        f"已评分值 {labels.points(total['total_scored_weight_micro'])} 分，"
        f"{total_words(total['points_micro'], total['grade'])}。"
    )


def _indicators(rows: Iterable[Mapping[str, Any]]) -> Iterable[Block]:
    measure, number = "", 0
    for row in rows:
        if row["measure"] != measure:
            measure, number = str(row["measure"]), number + 1
            yield Paragraph(f"{number}.{measure}。")
        yield Paragraph(f"（{row['indicator_no']}）{row['indicator_name']}：{row['sentence']}")


def _reasons(rows: Sequence[Mapping[str, Any]]) -> Iterable[Block]:
    missed = [row for row in rows if row["state"] in MISSED_STATES]
    if not missed:
        yield Paragraph("本轮没有未达到目标的指标。")
    for number, row in enumerate(missed, start=1):
        reason = typed(row["deviation_reason"]) or gap("偏差原因")
        measure = typed(row["improvement_measure"]) or gap("改进措施")
        yield Paragraph(f"{number}.{row['indicator_name']}。偏差原因：{closed(reason)}改进措施：{closed(measure)}")
    unknown = [row["short_name"] for row in rows if is_missing(row["state"]) and row["state"] != "not_applicable"]
    if unknown:
        yield Paragraph(f"还没有得分的指标：{'、'.join(unknown)}。{gap('没有得分的原因和补报时间')}")


def _region_reasons(facts: Facts, rows: Sequence[Row]) -> Iterable[Block]:
    missed = [row for row in rows if row["state"] in MISSED_STATES]
    if not missed:
        yield Paragraph("汇总后没有未达到目标的指标。")
    for number, row in enumerate(missed, start=1):
        units = facts.assessed[
            (facts.assessed["indicator_no"] == row["indicator_no"]) & facts.assessed["state"].isin(MISSED_STATES)
        ]
        said = [
            f"{unit['recipient_name']}：{closed(typed(unit['deviation_reason']))}"
            for unit in units.to_dict("records") if typed(unit["deviation_reason"])
        ]
        silent = [
            str(unit["recipient_name"]) for unit in units.to_dict("records") if not typed(unit["deviation_reason"])
        ]
        words = f"{number}.{row['indicator_name']}。{region_remark(facts, row)}。"
        words += f"单位所报原因：{''.join(said)}" if said else ""
        words += f"{names(silent)}没有说明原因。" if silent else ""
        yield Paragraph(words + gap("综合原因和改进措施"))


def _rest() -> tuple[Block, ...]:
    return (
        Heading("四、绩效自评结果应用和公开情况"),
        Paragraph(f"{gap('自评结果拟怎样应用、是否公开')}（本部分出处：{UNVERIFIED}）"),
    )
